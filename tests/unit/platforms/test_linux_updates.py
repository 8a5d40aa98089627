"""Who installs updates, as apt and dnf are told; apt's own answer was the truth of each."""

from __future__ import annotations

import pytest
from host_texts import file, values

STAMPS = (
    "=run date +%s\n|1700000000\n=rc 0\n=run stat\n|644 0 0 1 1699990000 regular file|/x\n=rc 0\n"
)
ON = 'APT::Periodic::Unattended-Upgrade "1";'
PARTS = "/etc/apt/apt.conf.d/"
HAS = "=run packages\n|ii  unattended-upgrades 2.9\n=rc 0\n"
LACKS = "=run packages\n|ii  openssh-server 1:9.2\n=rc 0\n"


def automatic(*files: str, packages: str = HAS) -> object:
    """Return whether updates come in by themselves."""
    return values(updates=STAMPS + "".join(files), packages=packages)["update.automatic"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ON, True),
        ('apt::periodic::unattended-upgrade "7d";', True),
        ('APT::Periodic { Unattended-Upgrade "1"; };', True),
        ('APT { Periodic { Unattended-Upgrade "always"; }; };', True),
        ('APT\n{\n Periodic\n {\n  Unattended-Upgrade "1";\n };\n};', True),
        ('APT {\n Periodic {\n  // "x" {\n  Unattended-Upgrade "1";\n };\n};', True),
        ('APT::Periodic::Unattended-Upgrade "0";', False),
        (ON + '\nAPT::Periodic::Enable "0";', False),
        ("//" + ON + "\n#" + ON, False),
        ("/* " + ON + "\n" + ON + "\n*/", False),
        ('Acquire::http::Proxy "http://192.0.2.1/"; ' + ON, True),
        ('Other { Periodic { Unattended-Upgrade "1"; }; };', False),
        ("", False),
        ("}" * 50 + "/*" * 500 + "{" * 50, False),
    ],
)
def test_settings_of_apt_mean_what_apt_takes(text: str, said: object) -> None:
    assert automatic(file(PARTS + "20auto-upgrades", text)) is said


def test_the_last_file_counts_and_the_main_one_comes_last() -> None:
    off = 'APT::Periodic::Unattended-Upgrade "0";'
    assert automatic(file(PARTS + "99site", off), file(PARTS + "20auto-upgrades", ON)) is False
    assert automatic(file("/etc/apt/apt.conf", off), file(PARTS + "99site", ON)) is False
    assert automatic(file(PARTS + "99site.dpkg-old", off), file(PARTS + "20auto-upgrades", ON))


def test_settings_of_a_package_that_is_gone_do_nothing() -> None:
    assert automatic(file(PARTS + "20auto-upgrades", ON), packages=LACKS) is False


def test_dnf_installs_only_where_it_is_told_to() -> None:
    text = "[commands]\napply_updates = {}\n"
    path = "/etc/dnf/automatic.conf"
    assert automatic(file(path, text.format("yes")), packages=LACKS) is True
    assert automatic(file(path, text.format("no")), packages=LACKS) is False
