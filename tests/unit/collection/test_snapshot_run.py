"""A whole run: streamed to disk, resumable, not slowed by hanging devices; import of a folder."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from nornir.core import Nornir
from nornir.core.task import Result, Task
from nornir.plugins.runners import SerialRunner
from simulated_net import FAST, ROUTES, VERSION, Net, Start, personality

from netops.collection.contact import Turn
from netops.collection.handmade import command_of, expand, import_folder
from netops.collection.nornir_inventory import NetopsInventory
from netops.collection.pace import Pace
from netops.collection.run import Options, SnapshotOutcome, run_snapshot
from netops.drivers.way import Way
from netops.errors import InputError, UsageError
from netops.evidence import (
    DeviceRecord,
    Outcome,
    SnapshotReader,
    Workspace,
    export_snapshot,
    verify,
)
from netops.facts.device import Contact
from netops.lab.model import Behaviour
from netops.platforms.registry import platform
from netops.reading import read_device, read_snapshot

VRP = platform("huawei_vrp")


def take(net: Net, workspace: Workspace, **options: object) -> SnapshotOutcome:
    chosen = Options(jobs=4, snmp=False, limits=FAST)
    return run_snapshot(
        net.inventory(), net.folder, workspace, replace(chosen, **options)  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_run_records_every_device_and_verifies(start_net: Start, tmp_path: Path) -> None:
    net = start_net(personality("a", 1), personality("b", 2, Behaviour(ssh="refuse_login")))

    outcome = take(net, Workspace(tmp_path))

    assert (outcome.asked, outcome.answered, outcome.is_full) == (2, 1, False)
    assert outcome.contacts == Counter({Contact.ANSWERED: 1, Contact.LOGIN_REFUSED: 1})
    assert verify(outcome.path) == ()
    facts = {f.device: f for f in read_snapshot(SnapshotReader(outcome.path))}
    assert len(facts["a"].routes[("", 4)].rows) == 2
    assert not facts["b"].routes


def test_only_chosen_devices_are_asked(start_net: Start, tmp_path: Path) -> None:
    net = start_net(personality("a", 1), personality("b", 2))

    outcome = take(net, Workspace(tmp_path), devices=("b",))

    assert SnapshotReader(outcome.path).devices == ("b",)
    assert net.logins == {"b": 1}


def test_a_run_over_nobody_is_wrong_use(start_net: Start, tmp_path: Path) -> None:
    net = start_net(personality("a", 1))

    with pytest.raises(UsageError, match="No device"):
        take(net, Workspace(tmp_path), devices=())


class _Interrupted(BaseException):
    """Stands for Ctrl+C."""


class _InterruptsAfter:
    def __init__(self, count: int) -> None:
        self.left = count

    def begin(self, snapshot: str, total: int) -> None:
        self.snapshot = (snapshot, total)

    def advance(self, record: DeviceRecord) -> None:  # noqa: ARG002 - the form of a watcher
        self.left -= 1
        if self.left == 0:
            raise _Interrupted


def test_a_run_cut_short_resumes_with_what_is_missing(start_net: Start, tmp_path: Path) -> None:
    net = start_net(*(personality(f"d{n}", n) for n in range(8)))
    workspace = Workspace(tmp_path)
    options = Options(jobs=1, snmp=False, limits=FAST)
    with pytest.raises(_Interrupted):
        run_snapshot(net.inventory(), net.folder, workspace, options, _InterruptsAfter(3))
    (cut,) = workspace
    done = set(cut.devices)
    assert not cut.is_complete
    assert 3 <= len(done) < 8
    net.logins.clear()

    outcome = take(net, workspace, resume=cut.id)

    assert outcome.id == cut.id
    assert outcome.is_full
    assert net.logins == {f"d{n}": 1 for n in range(8) if f"d{n}" not in done}


def test_a_resume_with_nothing_missing_asks_nobody_and_warns_of_nothing(
    start_net: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    net = start_net(personality("d0", 0))
    workspace = Workspace(tmp_path)
    whole = take(net, workspace)
    (whole.path / "manifest.json").unlink()
    net.logins.clear()

    outcome = take(net, workspace, resume=whole.id)

    assert outcome.is_full
    assert net.logins == {}
    assert caplog.messages == []


def test_hanging_devices_do_not_hold_the_places_of_good_ones(
    start_net: Start, tmp_path: Path
) -> None:
    hanging = [personality(f"h{n}", n, Behaviour(ssh="hang")) for n in range(6)]
    good = [personality(f"g{n}", 100 + n) for n in range(6)]
    net = start_net(*hanging, *good)
    ended: dict[str, float] = {}

    class Watch:
        def begin(self, snapshot: str, total: int) -> None:
            self.began = (time.monotonic(), snapshot, total)

        def advance(self, record: DeviceRecord) -> None:
            ended[record.device] = time.monotonic() - self.began[0]

    limits = replace(FAST, silence_s=8.0)
    options = Options(jobs=2, snmp=False, limits=limits)
    run_snapshot(net.inventory(), net.folder, Workspace(tmp_path), options, Watch())

    assert max(ended[f"g{n}"] for n in range(6)) < min(ended[f"h{n}"] for n in range(6))


def test_a_fault_of_ours_on_one_device_is_told_and_ends_nothing(
    start_net: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = start_net(personality("a", 1), personality("b", 2))
    from netops.collection import run  # noqa: PLC0415 - the module that is altered

    honest = run.collect

    def broken(device: object, *rest: object) -> DeviceRecord:
        if getattr(device, "id", "") == "a":
            raise ZeroDivisionError
        return honest(device, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "collect", broken)

    outcome = take(net, Workspace(tmp_path))

    assert outcome.contacts == Counter({Contact.ANSWERED: 1, Contact.UNUSABLE: 1})
    assert [f.split(":")[0] for f in outcome.faults] == ["a"]
    assert not outcome.is_full


class Waits(Turn):
    """A turn that counts how often it was made to wait."""

    def __init__(self) -> None:
        super().__init__(threading.Semaphore(0), threading.Event())
        self.count = 0

    def waited(self, seconds: float) -> None:
        """Count."""
        self.count += 1
        super().waited(seconds)


def test_log_ins_are_spread_over_time() -> None:
    pace = Pace(overall=0, per_domain=20)
    of_one, of_another = Waits(), Waits()
    begin = time.monotonic()

    for _ in range(4):
        pace.wait("county", of_one)
    spent = time.monotonic() - begin
    pace.wait("another", of_another)

    assert spent >= 0.15
    assert of_one.count > 0
    assert of_another.count == 0


def test_our_inventory_serves_nornir_with_strict_host_keys(start_net: Start) -> None:
    net = start_net(personality("a", 1))
    (net.folder / "known_hosts").write_text(net.inventory().known_hosts)
    found = NetopsInventory(net.folder, records=net.inventory()).load()

    host = found.hosts["a"]
    netmiko = host.get_connection_parameters("netmiko")
    napalm = host.get_connection_parameters("napalm")
    assert (netmiko.platform, netmiko.password) == ("huawei_vrp", "made-up")
    assert netmiko.extras is not None
    assert netmiko.extras["ssh_strict"] is True
    assert netmiko.extras["alt_key_file"] == str(net.folder / "known_hosts")
    assert napalm.platform == "netops_vrp"
    assert [g.name for g in host.groups] == ["g430000", "province"]


@pytest.mark.parametrize(
    ("transport", "ssh"), [("ssh", "modern"), ("ssh", "legacy"), ("telnet", "modern")]
)
def test_napalm_goes_the_way_that_the_inventory_names(
    start_net: Start, caplog: pytest.LogCaptureFixture, transport: str, ssh: str
) -> None:
    net = start_net(personality("a", 1))
    records = net.inventory(transport=transport, ssh=ssh)
    host = NetopsInventory(net.folder, records=records).load().hosts["a"]
    extras = host.get_connection_parameters("napalm").extras
    assert extras is not None

    way = Way.of(str(host.hostname), extras["optional_args"])

    device = records.devices["a"]
    known = str(net.folder / "known_hosts")
    assert way == Way(device.host, device.port, transport, ssh == "legacy", True, known)
    assert caplog.messages == []


def test_our_connection_answers_in_somebodys_own_nornir_script(start_net: Start) -> None:
    net = start_net(personality("a", 1))
    found = NetopsInventory(net.folder, records=net.inventory()).load()

    def ask(task: Task) -> Result:
        session = task.host.get_connection("netops", task.nornir.config)
        return Result(task.host, result=session.ask("display version").raw)

    with Nornir(found, runner=SerialRunner()) as nornir:
        result = nornir.run(ask)

    assert b"Version 5.170" in result["a"].result


def _folder(tmp_path: Path, **files: str) -> Path:
    home = tmp_path / "county" / "a"
    home.mkdir(parents=True)
    for name, text in files.items():
        (home / name.replace("__", ".")).write_text(text)
    return home.parent


def test_text_collected_by_hand_is_a_snapshot_like_any_other(
    start_net: Start, tmp_path: Path
) -> None:
    net = start_net(personality("a", 1))
    folder = _folder(
        tmp_path,
        display_version__txt=VERSION,
        display_ip_routing_table__txt=f"<R1>display ip routing-table\n{ROUTES}<R1>",
        display_device__txt="",
        holiday__jpg="?",
    )

    found = import_folder(folder, net.inventory(), net.folder, Workspace(tmp_path / "ws"))

    assert found.contacts == {"a": Contact.ANSWERED}
    assert found.passed_over == ("a/holiday.jpg",)
    assert verify(found.path) == ()
    record = SnapshotReader(found.path).read("a")
    outcomes = {o.command: o.outcome for o in record.observations}
    assert outcomes["display device"] is Outcome.NO_ECHO, "an empty file is no answer"
    facts = read_device(record)
    assert facts.identity is not None
    assert facts.identity.model == "AR2220E"
    assert len(facts.routes[("", 4)].rows) == 2


def test_a_log_of_a_whole_session_is_taken_apart(start_net: Start, tmp_path: Path) -> None:
    net = start_net(personality("a", 1))
    log = (
        "Info: last login\n<R1>screen-length 0 temporary\n<R1>dis ver\n" + VERSION
        + "<R1>display ip routing-table\n" + ROUTES + "<R1>quit\n"
    )  # fmt: skip
    folder = _folder(tmp_path, session__log=log)

    found = import_folder(folder, net.inventory(), net.folder, Workspace(tmp_path / "ws"))

    record = SnapshotReader(found.path).read("a")
    assert [o.command for o in record.observations] == [
        "display version", "display ip routing-table"
    ]  # fmt: skip
    assert len(read_device(record).routes[("", 4)].rows) == 2


def test_an_answer_that_a_log_breaks_off_is_no_answer(start_net: Start, tmp_path: Path) -> None:
    net = start_net(personality("a", 1))
    folder = _folder(tmp_path, log__txt="<R1>display ip routing-table\n" + ROUTES)

    found = import_folder(folder, net.inventory(), net.folder, Workspace(tmp_path / "ws"))

    (only,) = SnapshotReader(found.path).read("a").observations
    assert only.outcome is Outcome.NO_PROMPT
    assert found.contacts == {"a": Contact.UNUSABLE}


def test_a_folder_of_an_unknown_device_is_refused(start_net: Start, tmp_path: Path) -> None:
    net = start_net(personality("b", 1))
    folder = _folder(tmp_path, display_version__txt=VERSION)

    with pytest.raises(InputError, match="no device “a”"):
        import_folder(folder, net.inventory(), net.folder, Workspace(tmp_path / "ws"))


def test_an_exported_snapshot_comes_back_with_the_same_facts(
    start_net: Start, tmp_path: Path
) -> None:
    net = start_net(personality("a", 1))
    workspace = Workspace(tmp_path / "ws")
    taken = SnapshotReader(take(net, workspace, snmp=True).path)
    export_snapshot(taken, tmp_path / "out")

    found = import_folder(tmp_path / "out", net.inventory(), net.folder, workspace)

    before = read_device(taken.read("a"))
    after = read_device(SnapshotReader(found.path).read("a"))
    states = {a.command: a.state for a in before.answers}
    assert {a.command: a.state for a in after.answers} == states
    assert after.routes[("", 4)].rows == before.routes[("", 4)].rows
    assert after.snmp is not None
    assert before.snmp is not None
    assert after.snmp.answered is before.snmp.answered is True


@pytest.mark.parametrize(
    ("stem", "command"),
    [
        ("display_version", "display version"),
        ("Display-Version", "display version"),
        ("display ip routing-table", "display ip routing-table"),
        ("display_ip_routing_table_vpn-instance_GOV_A", 
         "display ip routing-table vpn-instance GOV_A"),
        ("dis ver", "display version"),
        ("notes", None),
    ],
)  # fmt: skip
def test_a_file_name_names_its_command(stem: str, command: str | None) -> None:
    assert command_of(stem, VRP) == command


def test_an_abbreviation_of_two_commands_is_not_guessed() -> None:
    assert expand("dis", VRP) is None
    assert expand("d v", VRP) != "reboot"


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    code = (
        "import sys, netops.cli.snapshot; "
        "print([m for m in ('paramiko','nornir','pysnmp','netmiko','napalm','asyncssh') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    assert done.stdout == "[]\n"
