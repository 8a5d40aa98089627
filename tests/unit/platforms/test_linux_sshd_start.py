"""What the SSH server is told by its unit goes before its file, as systemd and sshd take it."""

from __future__ import annotations

import pytest
from host_texts import file, values

MAIN = file("/etc/ssh/sshd_config", "MaxAuthTries 3")
DEFAULT = "/etc/default/ssh"
POLICY = "/etc/crypto-policies/back-ends/opensshserver.config"


def unit(*lines: str, name: str = "/usr/lib/systemd/system/ssh.service") -> str:
    """Return a unit with these lines in ``[Service]``."""
    return file(name, "\n".join(("[Unit]", "Description=x", "[Service]", *lines)))


def drop_in(*lines: str, name: str = "10.conf", unit: str = "ssh") -> str:
    """Return a drop-in of the site."""
    return file(f"/etc/systemd/system/{unit}.service.d/{name}", "\n".join(("[Service]", *lines)))


PACKAGED = unit("EnvironmentFile=-/etc/default/ssh", "ExecStart=/usr/sbin/sshd -D $SSHD_OPTS")


def test_the_first_of_two_words_counts() -> None:
    options = 'SSHD_OPTS="-o MaxAuthTries=8 -oMaxAuthTries=2"'
    found = values(sshd=MAIN + PACKAGED + file(DEFAULT, options))
    assert found["sshd.maxauthtries"] == 8


def test_a_file_that_the_unit_does_not_name_says_nothing() -> None:
    bare = unit("ExecStart=/usr/sbin/sshd -D $SSHD_OPTS")
    found = values(sshd=MAIN + bare + file(DEFAULT, "SSHD_OPTS=-oMaxAuthTries=8"))
    assert found["sshd.maxauthtries"] == 3


def test_an_empty_word_takes_files_and_variables_back() -> None:
    more = drop_in("EnvironmentFile=", "Environment=SSHD_OPTS=-oMaxAuthTries=9", "Environment=")
    found = values(sshd=MAIN + PACKAGED + more + file(DEFAULT, "SSHD_OPTS=-oMaxAuthTries=8"))
    assert found["sshd.maxauthtries"] == 3


def test_a_drop_in_by_the_other_name_of_the_unit_counts_in_the_order_of_names() -> None:
    first = drop_in("ExecStart=", "ExecStart=/usr/sbin/sshd -D -o MaxAuthTries=7", name="20.conf")
    second = drop_in("ExecStart=", "ExecStart=/usr/sbin/sshd -D", name="30.conf", unit="sshd")
    assert values(sshd=MAIN + PACKAGED + second + first)["sshd.maxauthtries"] == 3


def test_the_unit_of_the_site_goes_before_the_packaged_one() -> None:
    own = unit("ExecStart=/usr/sbin/sshd -D -oMaxAuthTries=6",
               name="/etc/systemd/system/ssh.service")  # fmt: skip
    assert values(sshd=MAIN + PACKAGED + own)["sshd.maxauthtries"] == 6


@pytest.mark.parametrize(
    "line",
    [
        "ExecStart=/usr/sbin/sshd -D -f/etc/ssh/other",
        "ExecStart=/bin/sh -c 'exec /usr/sbin/sshd -D'",
        "EnvironmentFile=/srv/elsewhere",
        "ExecStart=",
    ],
)
def test_what_cannot_be_followed_leaves_the_settings_unsaid(line: str) -> None:
    assert "sshd.maxauthtries" not in values(sshd=MAIN + PACKAGED + drop_in(line))


def test_a_drop_in_without_its_unit_leaves_the_settings_unsaid() -> None:
    assert "sshd.maxauthtries" not in values(sshd=MAIN + drop_in("Restart=always"))


def test_without_a_unit_the_usual_variables_count() -> None:
    policy = file(POLICY, "CRYPTO_POLICY='-oCiphers=aes256-ctr -oMACs=hmac-sha2-256'")
    found = values(sshd=MAIN + policy)
    assert found["sshd.ciphers"] == ("aes256-ctr",)
    assert found["sshd.macs"] == ("hmac-sha2-256",)


def test_a_unit_in_the_other_folder_of_libraries_is_the_unit() -> None:
    other = unit("ExecStart=/usr/sbin/sshd -D -oMaxAuthTries=6",
                 name="/lib/systemd/system/ssh.service")  # fmt: skip
    assert values(sshd=MAIN + other)["sshd.maxauthtries"] == 6


def test_a_port_of_the_command_line_is_the_port() -> None:
    found = values(sshd=MAIN + PACKAGED + file(DEFAULT, "SSHD_OPTS=-p 2222"))
    assert found["sshd.port"] == ("2222",)


def test_what_the_daemon_is_told_is_what_a_match_block_loosens() -> None:
    main = file("/etc/ssh/sshd_config", "PermitRootLogin yes\nMatch User a\nPermitRootLogin yes")
    found = values(sshd=main + PACKAGED + file(DEFAULT, "SSHD_OPTS=-oPermitRootLogin=no"))
    assert found["sshd.permitrootlogin"] == "no"
    assert found["sshd.loosened_keys"] == ("permitrootlogin",)


def test_a_count_of_nought_cuts_at_once_before_release_8_2() -> None:
    main = file("/etc/ssh/sshd_config", "ClientAliveInterval 300\nClientAliveCountMax 0")
    older = "=run ssh -V\n|OpenSSH_7.4p1, OpenSSL 1.0.2k-fips  26 Jan 2017\n=rc 0\n"
    assert values(sshd=older + main)["sshd.longest_idle_s"] == 300
    assert values(sshd=older.replace("7.4", "8.2") + main)["sshd.longest_idle_s"] == 0
