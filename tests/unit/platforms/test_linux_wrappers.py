"""Lists of libwrap as hosts_access(5) has them: is SSH let in from some places alone?"""

from __future__ import annotations

import pytest
from host_texts import file, values


@pytest.mark.parametrize(
    ("allow", "deny", "limits"),
    [
        ("sshd: 192.0.2.0/24", "ALL: ALL", True),
        ("SSHD : 192.0.2.0/24 : ALLOW", "all : all", True),
        ("in.ftpd, sshd: .example.org", "sshd, in.ftpd: ALL", True),
        ("sshd: [2001:db8::]/64", "ALL: ALL", True),
        ("sshd: 192.0.2.1 \\\n  192.0.2.2", "ALL: ALL", True),
        ("sshd: 192.0.2.0/24\nsshd: ALL: DENY", "", True),
        ("", "sshd: ALL EXCEPT 192.0.2.0/24", True),
        ("sshd: 192.0.2.0/24", "ALL EXCEPT in.ftpd: ALL", True),
        ("sshd: 192.0.2.0/24", "", False),
        ("sshd: 192.0.2.0/24", "# ALL: ALL", False),
        ("sshd: 192.0.2.0/24", "ALL EXCEPT sshd: ALL", False),
        ("sshd: 192.0.2.0/24", "ALL: PARANOID", False),
        ("sshd: 192.0.2.0/24", "in.ftpd: ALL", False),
        ("sshd: 192.0.2.0/24\nALL: ALL", "ALL: ALL", False),
        ("sshd: ALL EXCEPT 198.51.100.7", "ALL: ALL", False),
        ("sshd: *", "ALL: ALL", False),
        ("sshd: 0.0.0.0/0.0.0.0", "ALL: ALL", False),
        ("sshd: LOCAL, KNOWN", "ALL: ALL", False),
        ("in.ftpd: 192.0.2.0/24", "ALL: ALL", False),
        ("sshd: 192.0.2.0/24: DENY", "ALL: ALL", False),
        ("", "ALL: ALL", False),
    ],
)
def test_ssh_is_limited_where_some_are_let_in_and_all_others_kept_out(
    allow: str, deny: str, limits: object
) -> None:
    text = file("/etc/hosts.allow", allow) + file("/etc/hosts.deny", deny) + "=say libwrap yes\n"
    assert values(reach=text)["reach.wrappers_limit_ssh"] is limits
