"""A laboratory comes up whole, says how it is, and leaves nothing behind."""

from __future__ import annotations

import csv
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest
from lab_serving import Terminal

from netops.errors import LaboratoryError
from netops.lab import control
from netops.lab.state import LabState, ProcessMark, living, read_state, state_directory

SIZE = 5
COLUMNS = (
    "id,name,node,role,platform,address,host,port,transport,ssh,via,credential,"
    "snmp,snmp_port,snmp_credential,department"
)
START = control.Start(source="lab_source:personalities", deadline_s=60)


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a planned laboratory of five devices and one that the plan left out as down."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    inventory = tmp_path / "inventory"
    inventory.mkdir()
    (tmp_path / "SIZE").write_text(str(SIZE), encoding="utf-8")
    rows = [
        f"r{n},名{n},n,core,huawei_vrp,198.51.100.{n},127.8.0.{n + 1},,ssh,modern,,c,v2c,,s,"
        for n in range(SIZE + 1)
    ]
    text = "\n".join(("# an invented network", COLUMNS, *rows))
    (inventory / "devices.csv").write_text(f"{text}\n", encoding="utf-8")
    (inventory / "known_hosts").write_text(
        "# pinned\n127.8.0.1 ssh-ed25519 AAAApinned\n[127.8.0.5]:22 ssh-ed25519 AAAAother note\n",
        encoding="utf-8",
    )
    yield tmp_path
    control.down(tmp_path)


def running(directory: Path) -> LabState:
    state = read_state(directory)
    assert state is not None
    return state


def devices(directory: Path) -> dict[str, dict[str, str]]:
    lines = (directory / "inventory" / "devices.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# an invented network"
    return {row["id"]: row for row in csv.DictReader(lines[1:])}


def wait_until_dead(marks: tuple[ProcessMark, ...]) -> None:
    end = time.monotonic() + 10
    while living(marks):
        assert time.monotonic() < end, "processes outlive the laboratory"
        time.sleep(0.02)


def test_it_is_up_when_every_device_that_should_answer_does(lab: Path) -> None:
    status = control.up(lab, START)
    assert status.condition == "up"
    assert status.state is not None
    assert [mark.role for mark in status.state.processes] == ["supervisor", "server", "server"]
    assert [mark.devices for mark in status.state.servers] == [3, 2]
    assert status.sessions == dict.fromkeys(("r0", "r1", "r2", "r3", "r4"), 0)
    for endpoint in status.state.endpoints:
        if endpoint.greets:
            assert endpoint.ssh_port is not None
            with socket.create_connection((endpoint.address, endpoint.ssh_port), 5) as sock:
                assert sock.recv(8) == b"SSH-2.0-"


def test_drawn_ports_stand_in_the_inventory(lab: Path) -> None:
    state = control.up(lab, START).state
    assert state is not None
    rows = devices(lab)
    for endpoint in state.endpoints:
        row = rows[endpoint.device]
        assert row["host"] == endpoint.address
        assert int(row["port"]) > 1024
        assert int(row["snmp_port"]) > 1024
        if endpoint.ssh_port is not None:
            assert int(row["port"]) == endpoint.ssh_port
            assert int(row["snmp_port"]) == endpoint.snmp_port
    lines = (lab / "inventory" / "known_hosts").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# pinned"
    assert f"[127.8.0.1]:{rows['r0']['port']} ssh-ed25519 AAAApinned" in lines
    assert f"[127.8.0.5]:{rows['r4']['port']} ssh-ed25519 AAAAother note" in lines
    missing = [line for line in lines if line.startswith("[127.8.0.4]:")]
    assert len(missing) == 1
    assert missing[0].split()[1] == "ssh-ed25519"


@pytest.mark.parametrize("device", ["r1", "r5"])
def test_a_device_that_is_down_has_a_port_where_nothing_listens(lab: Path, device: str) -> None:
    control.up(lab, START)
    row = devices(lab)[device]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((row["host"], int(row["port"])), 5)


def test_log_ins_are_counted_across_the_processes(lab: Path) -> None:
    control.up(lab, START)
    rows = devices(lab)
    for device in ("r3", "r4", "r4"):
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # noqa: S507 - loopback only
        client.connect(
            rows[device]["host"],
            int(rows[device]["port"]),
            username="audit",
            password="lab-password",
            look_for_keys=False,
            allow_agent=False,
        )
        Terminal(client).until("<CITY07-R1>")
        client.close()
    expected = {"r0": 0, "r1": 0, "r2": 0, "r3": 1, "r4": 2}
    assert control.status(lab).sessions == expected


def test_down_ends_every_process_and_may_be_said_twice(lab: Path) -> None:
    state = control.up(lab, START).state
    assert state is not None
    assert len(living(state.processes)) == 3
    assert control.down(lab) is True
    assert living(state.processes) == ()
    assert control.down(lab) is False
    assert control.status(lab).condition == "down"


def test_servers_die_with_a_killed_supervisor_and_the_state_is_seen_as_stale(lab: Path) -> None:
    state = control.up(lab, START).state
    assert state is not None
    state.supervisor.send(signal.SIGKILL)
    wait_until_dead(state.processes)
    assert control.status(lab).condition == "stale"
    assert control.up(lab, START).condition == "up"


def test_a_killed_server_is_written_down_and_not_started_again(lab: Path) -> None:
    state = control.up(lab, START).state
    assert state is not None
    state.servers[0].send(signal.SIGKILL)
    wait_until_dead(state.servers[:1])
    end = time.monotonic() + 10
    while not running(lab).servers[0].ended and time.monotonic() < end:
        time.sleep(0.02)
    status = control.status(lab)
    assert status.condition == "degraded"
    assert [mark.ended for mark in running(lab).servers] == ["signal 9", ""]
    assert control.down(lab) is True
    assert living(state.processes) == ()


def test_a_state_of_another_process_with_the_same_id_is_stale_and_harmless(lab: Path) -> None:
    state_directory(lab).mkdir()
    mine = ProcessMark(os.getpid(), 1, "supervisor")
    document = {
        "schema": "netops/lab-state/1",
        "phase": "serving",
        "supervisor": {"pid": mine.pid, "started": 1, "role": "supervisor"},
        "servers": [],
        "endpoints": [],
    }
    place = state_directory(lab) / "laboratory.json"
    place.write_text(json.dumps(document), encoding="utf-8")
    assert control.status(lab).condition == "stale"
    assert control.down(lab) is False
    assert not place.exists()


def test_a_second_up_is_refused_while_the_first_lives(lab: Path) -> None:
    control.up(lab, START)
    with pytest.raises(LaboratoryError, match="is up or coming up already"):
        control.up(lab, START)
    assert control.status(lab).condition == "up"


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("lab_source:broken", r"address 192\.0\.2\.1 is not in 127\.0\.0\.0/8"),
        ("lab_source:absent", "personalities of the laboratory cannot be made"),
    ],
)
def test_what_cannot_come_up_says_why_and_leaves_nothing(
    lab: Path, source: str, cause: str
) -> None:
    with pytest.raises(LaboratoryError, match=cause):
        control.up(lab, control.Start(source=source, deadline_s=30))
    assert control.status(lab).condition == "down"


def test_a_folder_without_a_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LaboratoryError, match="holds no planned laboratory"):
        control.up(tmp_path)


def test_the_supervisor_holds_no_stream_of_its_caller(lab: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from netops.lab import control;"
        f"control.up(Path(sys.argv[1]), control.{START!r}); print('up')"
    )
    # Would wait until the laboratory ends if anything in it kept our pipe.
    done = subprocess.run(
        [sys.executable, "-c", program, str(lab)], capture_output=True, timeout=60, check=True
    )
    assert done.stdout == b"up\n"
    null = Path(os.devnull).stat()
    for mark in running(lab).processes:
        for stream in (0, 1):
            assert Path(f"/proc/{mark.pid}/fd/{stream}").stat().st_rdev == null.st_rdev


def test_what_is_served_again_is_found_at_the_same_ports(lab: Path) -> None:
    """Also a device that is down meanwhile keeps the port at which it will be."""
    control.up(lab, START)
    first, known = devices(lab), (lab / "inventory" / "known_hosts").read_text(encoding="utf-8")
    endpoint = next(one for one in running(lab).endpoints if one.greets)
    assert endpoint.ssh_port is not None
    # A session that the laboratory ends leaves its port waiting, as any server's does.
    with socket.create_connection((endpoint.address, endpoint.ssh_port)) as session:
        assert session.recv(4) == b"SSH-"
        control.down(lab)
    control.up(lab, control.Start(source=START.source, deadline_s=60, again=True))
    again = devices(lab)
    assert [row["port"] for row in again.values()] == [row["port"] for row in first.values()]
    assert [r["snmp_port"] for r in again.values()] == [r["snmp_port"] for r in first.values()]
    assert (lab / "inventory" / "known_hosts").read_text(encoding="utf-8") == known


def test_a_port_that_somebody_took_meanwhile_is_drawn_anew(lab: Path) -> None:
    control.up(lab, START)
    row = devices(lab)["r0"]
    control.down(lab)
    with socket.create_server((row["host"], int(row["port"]))):
        control.up(lab, control.Start(source=START.source, deadline_s=60, again=True))
        assert devices(lab)["r0"]["port"] != row["port"]
