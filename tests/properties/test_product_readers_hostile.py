"""Readers of databases and web servers never crash, whatever a host prints."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netops.platforms.answer import Answer
from netops.platforms.linux_host.baseline import products
from netops.platforms.linux_host.baseline.sheet import Sheet

NAMES = tuple(section.name for section in products.SECTIONS)
LINES = st.one_of(
    st.sampled_from([
        "=say none", "=say instance /a", "=say instance default", "=file /a", "=file /a/conf/server.xml",
        "=file live/settings", "=file live/roles", "=file live/accounts", "=say main /a", "=say hba /a",
        "=say version nginx version: nginx/1.2", "=say aclfile /a", "=say process root a:1", "=say log ",
        "=say log 640 x", "=say version v=", "=say process ", "=refused x", "=cut", "|}", "|http {",
        "|server {", "|;", "|{", '|"', "|listen;", "|include /a;", "|include /a", "|!include /a",
        "|include = '/a'", "|user", "|user default on >", "|<a>", "|</a>", "|local all all peer",
    ]),
    st.text(max_size=40).map(lambda text: "|" + text.replace("\n", " ")),
)  # fmt: skip


@given(st.lists(LINES, max_size=30))
def test_no_text_of_a_host_breaks_a_reader(lines: list[str]) -> None:
    text = "\n".join(["=say instance /a", *lines])
    sheets = {name: Sheet.of(name, Answer.of(text, name, "o")) for name in NAMES}
    for component in products.read(sheets):
        assert component.component
        assert all(setting.name.startswith(component.component) for setting in component.settings)
