"""A real sshd on loopback, scanned as a person does: `snapshot take --baseline`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import SMALL, Ended, netops
from real_host import PASSWORD, RealHost, may_start

from netops.evidence.observation import DeviceRecord
from netops.evidence.workspace import Workspace
from netops.facts.answers import AnswerState
from netops.facts.device import Contact
from netops.facts.settings import AssetFacts
from netops.reading.settings import read_settings

MOST_OCTETS = 250_000
NOISE = (
    "echo 'netops-evidence 1'; echo '[shadow'; echo '|root:yescrypt:1:1:1:1::'; echo ']shadow'\n"
)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHost]:
    """Start a host that is weak in known places."""
    may_start()
    made = RealHost(tmp_path_factory.mktemp("host"))
    made.prepare()
    made.write("ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin no\n"
               "MaxAuthTries 3\nMatch User look\n\tPermitEmptyPasswords yes\n")  # fmt: skip
    made.write("ssh/sshd_config.d/10-cloud.conf", "PermitRootLogin yes\n")
    made.write("sudoers", "root ALL=(ALL) ALL\n@includedir /etc/sudoers.d\n")
    made.write("sudoers.d/look", "look ALL=(ALL) NOPASSWD: ALL\n")
    (made.etc / "sudoers").chmod(0o440)
    (made.etc / "sudoers.d").chmod(0o750)
    made.write("rsyslog.conf", 'action(type="omfwd" target="192.0.2.50"\n port="514")\n')
    made.write("issue", '=HYPERLINK("http://192.0.2.1")\x1b[2J\n]banners\npassword=hunter2\n')
    made.write("profile.d/tmout.sh", "TMOUT=600\nreadonly TMOUT\nexport TMOUT\n")
    (made.home / ".bashrc").write_text(NOISE)
    made.start()
    yield made
    made.stop()


def taken(host: RealHost, tmp_path: Path, account: str) -> tuple[Ended, DeviceRecord]:
    inventory = host.inventory(tmp_path / "inventory", SMALL, account)
    ended = netops("snapshot", "take", "--baseline", "--inventory", inventory, "--workspace",
                   tmp_path / "ws", "--filter", "device=H1", "--quiet",
                   environ={"NETOPS_AUDIT": PASSWORD})  # fmt: skip
    return ended, Workspace(tmp_path / "ws").resolve(ended.out.strip()).read("H1")


def named(facts: AssetFacts) -> dict[str, Any]:
    linux = next(c for c in facts.components if c.component == "linux")
    return {f"{s.name}[{s.key}]" if s.key else s.name: s.value for s in linux.settings}


def test_root_sees_what_is_weak(host: RealHost, tmp_path: Path) -> None:
    ended, record = taken(host, tmp_path, "root")

    assert (ended.code, record.contact) == (0, Contact.ANSWERED)
    assert sum(len(o.raw) for o in record.observations) < MOST_OCTETS
    facts = read_settings(record)
    found = named(facts)
    assert found["collector.root"] is True
    assert found["sshd.permitrootlogin"] == "yes"
    assert found["sshd.maxauthtries"] == 3
    assert found["sshd.loosened"] == ("permitemptypasswords yes (Match User look)",)
    assert found["sudo.nopasswd_all"] == ("look",)
    assert found["account.usable_hash[look]"] == "sha512"
    assert found["account.max_days[root]"] == 99_999
    assert found["log.targets"] == ("192.0.2.50",)
    assert (found["shell.tmout_s"], found["shell.tmout_readonly"]) == (600, True)
    assert found["account.superusers"] == ("root",)
    assert "account.password[netops]" not in found


def test_no_secret_and_no_forged_section_is_kept(host: RealHost, tmp_path: Path) -> None:
    _, record = taken(host, tmp_path, "root")

    text = b"".join(o.raw for o in record.observations)
    assert b"saltsalt" not in text
    assert b"hunter2" not in text
    assert PASSWORD.encode() not in text
    shadow = next(o.raw for o in record.observations if o.command == "baseline/shadow")
    assert b"root:yescrypt" not in shadow
    banners = next(o.raw for o in record.observations if o.command == "baseline/banners")
    assert b"|]banners\n" in banners


def test_an_ordinary_user_says_what_was_refused(host: RealHost, tmp_path: Path) -> None:
    _, record = taken(host, tmp_path, "look")

    facts = read_settings(record)
    assert record.contact is Contact.ANSWERED
    assert facts.state_of("baseline/shadow") is AnswerState.REFUSED
    refused = {a.command for a in facts.answers if a.state is AnswerState.REFUSED}
    # What lies in /etc/sudoers.d is not seen; the modes of all other files are.
    assert {"baseline/shadow", "baseline/sudoers", "baseline/dropins"} <= refused
    assert not refused & {
        f"baseline/{name}" for name in ("kernel", "shell", "modes", "pam", "sshd")
    }
    found = named(facts)
    assert found["file.mode[/etc/passwd]"] == "0644"
    assert found["collector.root"] is False
    assert found["sshd.permitrootlogin"] == "yes"
    assert not [name for name in found if name.startswith(("account.password", "sudo."))]


@pytest.mark.parametrize(
    ("command", "contact"),
    [("/bin/date", Contact.UNUSABLE), ("/usr/bin/yes", Contact.UNUSABLE)],
)
def test_a_forced_command_is_no_evidence(tmp_path: Path, command: str, contact: Contact) -> None:
    may_start()
    forced = RealHost(tmp_path / "forced", address="127.77.31.2")
    forced.folder.mkdir()
    forced.prepare()
    forced.daemon(f"ForceCommand {command}")
    forced.start()
    try:
        ended, record = taken(forced, tmp_path, "root")
    finally:
        forced.stop()

    assert (ended.code, record.contact, record.observations) == (3, contact, ())


def test_nothing_is_left_on_the_host(host: RealHost, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in host.etc.rglob("*") if path.is_file()}
    homes = sorted(path.name for path in host.home.iterdir())

    taken(host, tmp_path, "root")

    assert sorted(path.name for path in host.home.iterdir()) == homes
    assert {p: p.stat().st_mtime_ns for p in host.etc.rglob("*") if p.is_file()} == before
