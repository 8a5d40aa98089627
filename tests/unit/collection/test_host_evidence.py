"""What a host's run becomes: observations, refusals, breaks, hosts that run something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import SMALL, netops

from netops.collection import host_evidence
from netops.collection.bundle import Bounds
from netops.collection.contact import ContactError, Turn
from netops.collection.device_reader import collect_baseline
from netops.collection.guard import AdmittedBundle
from netops.collection.pace import Pace
from netops.collection.run import Options, run_snapshot
from netops.collection.session import Access
from netops.collection.shell import Reply
from netops.evidence.observation import DeviceRecord, Outcome
from netops.evidence.workspace import Workspace
from netops.evidence.writer import SnapshotWriter
from netops.facts.answers import AnswerState
from netops.facts.device import Contact
from netops.inventory import load
from netops.inventory.model import Device
from netops.reading.settings import read_settings

WHOLE = (
    b"netops-evidence 1\n[system\n=file /etc/os-release\n|ID=debian\n=rc 0\n]system\n"
    b"[shadow\n=refused /etc/shadow\n]shadow\n[none_of_ours\n=rc 0\n]none_of_ours\n"
    b"netops-evidence end\n"
)
Answering = Callable[[Reply | ContactError], DeviceRecord]


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    """Write an inventory with a Linux host in it."""
    rows = (SMALL / "devices.csv").read_text().splitlines()
    folder = tmp_path / "inventory"
    folder.mkdir()
    for path in SMALL.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    rows.append("H1,host,N-430000,host,linux_host,10.255.0.9,127.0.1.9,2209,ssh,modern,,audit,,,,")
    (folder / "devices.csv").write_text("\n".join(rows) + "\n")
    return folder


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch, inventory: Path) -> Answering:
    """Ask one host that answers with the reply given."""
    records = load(inventory)

    def ask(reply: Reply | ContactError) -> DeviceRecord:
        def run(
            device: Device, access: Access, bundle: AdmittedBundle, bounds: Bounds, turn: Turn
        ) -> Reply:
            assert device.id == "H1"
            assert access.inventory is records
            assert bundle.line == "sh -s"
            assert bounds.octets < 10_000_000
            assert isinstance(turn, Turn)
            if isinstance(reply, ContactError):
                raise reply
            return reply

        monkeypatch.setattr(host_evidence, "run_bundle", run)
        access = Access.of(records, inventory)
        return collect_baseline(records.devices["H1"], access, Turn.alone(), Pace(0, 0))

    return ask


def test_sections_become_observations_and_refusals_stay_refusals(answering: Answering) -> None:
    record = answering(Reply(Outcome.ACCEPTED, b"motd\n" + WHOLE, 1.0, ""))

    assert (record.contact, record.notes) == (Contact.ANSWERED, ())
    assert [o.command for o in record.observations] == ["baseline/system", "baseline/shadow"]
    facts = read_settings(record)
    assert facts.components[0].family == "debian"
    assert facts.state_of("baseline/shadow") is AnswerState.REFUSED
    assert facts.state_of("baseline/sshd") is AnswerState.NOT_ASKED


def test_a_run_that_breaks_off_keeps_what_was_whole(answering: Answering) -> None:
    cut = WHOLE[: WHOLE.index(b"]shadow")]

    record = answering(Reply(Outcome.TIMED_OUT, cut, 90.0, "it did not end in time"))

    assert record.contact is Contact.ANSWERED
    assert [o.outcome for o in record.observations] == [Outcome.ACCEPTED, Outcome.TIMED_OUT]
    assert read_settings(record).state_of("baseline/shadow") is AnswerState.ERROR
    assert record.notes == ("the evidence is not whole: it did not end in time",)


@pytest.mark.parametrize(
    ("reply", "contact", "word"),
    [
        (Reply(Outcome.ACCEPTED, b"Sun Nov 22 04:14:19 UTC 2026\n", 0.1, ""),
         Contact.UNUSABLE, "it ran something else"),
        (Reply(Outcome.ACCEPTED, b"\x1b[2J\x1b]0;x\x07This account is closed.\n", 0.1, ""),
         Contact.UNUSABLE, "This account is closed."),
        (Reply(Outcome.TOO_LONG, b"y\n" * 1000, 0.1, "the answer does not end"),
         Contact.UNUSABLE, "does not end"),
        (Reply(Outcome.TIMED_OUT, b"", 90.0, "it did not end in time"), Contact.HUNG, "in time"),
        (Reply(Outcome.CLOSED, b"", 0.1, "it ended with status 127: sh: not found"),
         Contact.DROPPED, "127"),
        (Reply(Outcome.ACCEPTED, b"netops-evidence 1\nnetops-evidence failed: this host has no awk\n",
               0.1, ""), Contact.UNUSABLE, "no awk"),
        (Reply(Outcome.CLOSED, b"", 0.1, "it ended with status 1: Password change required but no "
               "TTY available."), Contact.PASSWORD_EXPIRED, "change required"),
        (ContactError(Contact.LOGIN_REFUSED, "wrong password"), Contact.LOGIN_REFUSED, "wrong"),
    ],
)  # fmt: skip
def test_a_host_that_runs_something_else_gives_no_evidence(
    answering: Answering, reply: Reply | ContactError, contact: Contact, word: str
) -> None:
    record = answering(reply)

    assert record.contact is contact
    assert record.observations == ()
    assert word in record.detail
    assert "\x1b" not in record.detail


def test_the_collectors_file_is_imported_from_a_folder_and_by_itself(
    inventory: Path, tmp_path: Path
) -> None:
    home = tmp_path / "sent" / "H1"
    home.mkdir(parents=True)
    (home / "evidence.txt").write_bytes(WHOLE.replace(b"\n", b"\r\n"))
    arguments = ("--inventory", inventory, "--workspace", tmp_path / "ws")

    folder = netops("snapshot", "import", tmp_path / "sent", *arguments)
    single = netops("snapshot", "import", home / "evidence.txt", "--device", "H1", *arguments)
    without = netops("snapshot", "import", home / "evidence.txt", *arguments)
    strange = netops("snapshot", "import", home / "evidence.txt", "--device", "H9", *arguments)

    assert (folder.code, single.code, without.code, strange.code) == (0, 0, 2, 2)
    assert "--device" in without.err
    assert "H9" in strange.err
    for ended in (folder, single):
        record = Workspace(tmp_path / "ws").resolve(ended.out.strip()).read("H1")
        commands = [o.command for o in record.observations]
        assert commands == ["baseline/system", "baseline/shadow"]
        assert record.observations[0].source == "file"


def test_a_program_that_was_changed_is_sent_to_nobody(
    inventory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netops.collection.guard._COLLECTORS", frozenset())

    ended = netops("snapshot", "take", "--baseline", "--inventory", inventory,
                   "--workspace", tmp_path / "ws", environ={"NETOPS_AUDIT": "x"})  # fmt: skip

    assert ended.code != 0
    assert "not the one that was reviewed" in ended.err
    assert "Traceback" not in ended.err
    assert not list((tmp_path / "ws").glob("snapshots/*"))


def test_a_resumed_run_asks_as_it_was_begun(
    inventory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = load(inventory)
    place = Workspace(tmp_path / "ws")
    options = Options(devices=("H1",), baseline=True, walk=True)
    with SnapshotWriter.create(
        place.snapshots, inventory, records.digest, ("H1",), (), options.manner
    ) as begun:
        name = begun.id
    asked: list[bool] = []

    def ask(device: Device, *_rest: object, walk: bool) -> DeviceRecord:
        asked.append(walk)
        return DeviceRecord(device.id, device.platform, Contact.ANSWERED)

    monkeypatch.setattr("netops.collection.run.collect_baseline", ask)
    outcome = run_snapshot(records, inventory, place, Options(resume=name))

    assert (outcome.id, outcome.answered, asked) == (name, 1, [True])
