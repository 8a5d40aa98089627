"""How contact with a device ends: over real SSH sockets to simulated devices."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest
from simulated_net import FAST, ROUTES, VERSION, Net, Start, personality

from netops.collection.contact import ContactError, StoppedError, Turn
from netops.collection.device_reader import collect
from netops.collection.hostkeys import HostKeys
from netops.collection.pace import Pace
from netops.collection.session import Access, open_session
from netops.collection.snmp import SnmpAgent
from netops.errors import GuardError
from netops.evidence.observation import DeviceRecord, Outcome
from netops.facts.device import Contact
from netops.inventory.model import Inventory
from netops.lab.model import Behaviour
from netops.reading import read_device


def read(net: Net, device: str = "d", *, snmp: bool = False, **changes: object) -> DeviceRecord:
    return read_in(net.inventory(**changes), net.folder, device, snmp=snmp)


def read_in(inventory: Inventory, folder: Path, device: str, *, snmp: bool = False) -> DeviceRecord:
    access = Access.of(inventory, folder, FAST)
    try:
        agent = SnmpAgent(access.secrets, FAST) if snmp else None
        return collect(inventory.devices[device], access, Turn.alone(), Pace(), agent)
    finally:
        access.close()


def answer(record: DeviceRecord, command: str) -> str:
    (raw,) = [o.raw for o in record.observations if o.command == command]
    return raw.decode().replace("\r\n", "\n")


def test_a_good_device_gives_whole_answers_in_one_session(start_net: Start) -> None:
    net = start_net(personality("d", 1))

    record = read(net)

    assert record.contact is Contact.ANSWERED
    assert {o.outcome for o in record.observations} == {Outcome.ACCEPTED}
    assert answer(record, "display version") == f"display version\n{VERSION}<R1>"
    assert net.logins == {"d": 1}


@pytest.mark.parametrize("quirk", ["tricky_banner", "paging_refused", "wrapped_prompt"])
def test_a_quirk_changes_nothing_in_what_is_understood(start_net: Start, quirk: str) -> None:
    plain, odd = personality("plain", 1), personality("odd", 2, Behaviour(quirks=(quirk,)))
    many = "\r\n".join(f"line {n}" for n in range(60))
    odd = replace(odd, hostname="R1", answers={**odd.answers, "display clock": many})
    plain = replace(plain, answers=odd.answers)
    net = start_net(plain, odd)

    first, second = (read_device(read(net, name)) for name in ("plain", "odd"))

    assert second.contact is Contact.ANSWERED
    assert [(a.command, a.state, a.lines) for a in second.answers] == [
        (a.command, a.state, a.lines) for a in first.answers
    ]
    assert second.routes[("", 4)].rows == first.routes[("", 4)].rows


def test_a_refused_paging_command_is_noted(start_net: Start) -> None:
    net = start_net(personality("d", 1, Behaviour(quirks=("paging_refused",))))

    assert "paging refused" in read(net).notes


@pytest.mark.parametrize(
    ("behaviour", "contact"),
    [
        ("hang", Contact.HUNG),
        ("hang_before_banner", Contact.HUNG),
        ("drop", Contact.DROPPED),
        ("refuse_login", Contact.LOGIN_REFUSED),
        ("endless_pager", Contact.UNUSABLE),
        ("flood", Contact.UNUSABLE),
        ("changed_host_key", Contact.HOST_KEY_CHANGED),
        ("down", Contact.UNREACHABLE),
    ],
)
def test_a_bad_device_is_a_result(start_net: Start, behaviour: str, contact: Contact) -> None:
    record = read(start_net(personality("d", 1, Behaviour(ssh=behaviour))))

    assert record.contact is contact
    assert not [o for o in record.observations if o.outcome is Outcome.ACCEPTED]
    assert not read_device(record).routes


def test_a_question_at_log_in_is_not_answered(start_net: Start) -> None:
    record = read(start_net(personality("d", 1, Behaviour(quirks=("password_expiry",)))))

    assert record.contact is Contact.PASSWORD_EXPIRED
    assert "Change now? [Y/N]" in record.detail


def test_a_refused_log_in_is_tried_once(start_net: Start) -> None:
    tries: list[str] = []
    net = start_net(personality("d", 1))
    (net.folder / "secrets" / "ssh").write_text("wrong\n")
    door = "netops.lab.ssh.Door.validate_password"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door, lambda _door, _user, password: tries.append(password))
        record = read(net)

    assert record.contact is Contact.LOGIN_REFUSED
    assert tries == ["wrong"]


def test_a_changed_key_stops_before_the_password_and_before_snmp(start_net: Start) -> None:
    passwords: list[str] = []
    net = start_net(personality("d", 1, Behaviour(ssh="changed_host_key")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("netops.lab.ssh.Door.begin_auth", lambda *_: passwords.append("asked"))
        record = read(net, snmp=True)

    assert record.contact is Contact.HOST_KEY_CHANGED
    assert passwords == []
    assert record.observations == ()


def test_an_unpinned_key_stops_the_session(start_net: Start) -> None:
    net = start_net(personality("d", 1))
    inventory = replace(net.inventory(), known_hosts="")

    record = read_in(inventory, net.folder, "d", snmp=True)

    assert record.contact is Contact.HOST_KEY_UNKNOWN
    assert "SHA256:" in record.detail
    assert record.observations == ()


def test_a_flood_is_cut_and_says_so(start_net: Start) -> None:
    record = read(start_net(personality("d", 1, Behaviour(ssh="flood"))))

    (only,) = record.observations
    assert only.outcome is Outcome.TOO_LONG
    assert len(only.raw) == 1 << 16
    assert "the first 65536 of" in only.detail


def test_garbage_is_kept_and_never_understood(start_net: Start) -> None:
    facts = read_device(read(start_net(personality("d", 1, Behaviour(ssh="garbage")))))

    states = {a.command: str(a.state) for a in facts.answers}
    assert states["display version"] == "not_understood"
    assert states["display ip routing-table"] == "not_understood"


def test_a_truncated_table_is_not_understood(start_net: Start) -> None:
    facts = read_device(read(start_net(personality("d", 1, Behaviour(ssh="truncated")))))

    states = {a.command: str(a.state) for a in facts.answers}
    assert states["display ip routing-table"] == "not_understood"


@pytest.fixture(scope="module")
def rsa_key() -> str:
    key = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    return key.export_private_key().decode()


@pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")
@pytest.mark.parametrize(
    ("setting", "contact"), [("legacy", Contact.ANSWERED), ("modern", Contact.UNUSABLE)]
)
def test_old_algorithms_open_for_legacy_devices_only(
    start_net: Start, rsa_key: str, setting: str, contact: Contact
) -> None:
    old = personality("d", 1, Behaviour(quirks=("legacy_kex",)))
    net = start_net(replace(old, host_key_pem=rsa_key))

    assert read(net, ssh=setting).contact is contact


def test_missing_credentials_are_a_result_and_name_no_secret(start_net: Start) -> None:
    net = start_net(personality("d", 1))
    (net.folder / "secrets" / "ssh").chmod(0o644)

    record = read(net)

    assert record.contact is Contact.NO_CREDENTIALS
    assert "chmod 600" in record.detail
    assert "made-up" not in record.detail


def test_snmp_gives_the_second_source(start_net: Start) -> None:
    facts = read_device(read(start_net(personality("d", 1)), snmp=True))

    assert facts.snmp is not None
    assert facts.snmp.answered
    assert [(i.name, i.oper_up, [str(a) for a in i.addresses]) for i in facts.snmp.interfaces] == [
        ("GigabitEthernet0/0/0", True, ["10.1.1.2"]), ("GigabitEthernet0/0/1", False, []),
    ]  # fmt: skip
    assert [(str(r.prefix), str(r.next_hop), r.if_index) for r in facts.snmp.default_routes] == [
        ("0.0.0.0/0", "10.1.1.1", 1)
    ]


def test_snmp_answers_where_ssh_refuses(start_net: Start) -> None:
    record = read(start_net(personality("d", 1, Behaviour(ssh="refuse_login"))), snmp=True)

    facts = read_device(record)
    assert facts.contact is Contact.LOGIN_REFUSED
    assert facts.snmp is not None
    assert facts.snmp.answered


def test_a_silent_agent_is_no_answer(start_net: Start) -> None:
    record = read(start_net(personality("d", 1, Behaviour(snmp="hang"))), snmp=True)

    facts = read_device(record)
    assert facts.contact is Contact.ANSWERED
    assert facts.snmp is not None
    assert not facts.snmp.answered


def test_devices_are_reached_through_a_chain_of_jump_hosts(start_net: Start) -> None:
    jumps = [replace(personality(n, i), platform="linux_host") for n, i in (("j1", 5), ("j2", 6))]
    net = start_net(*jumps, personality("a", 1), personality("b", 2))
    inventory = net.inventory()
    devices = dict(inventory.devices)
    for name in ("a", "b"):
        devices[name] = replace(devices[name], via=("j1", "j2"))
    inventory = replace(inventory, devices=devices)
    access = Access.of(inventory, net.folder, FAST)

    records = [collect(devices[n], access, Turn.alone(), Pace()) for n in ("a", "b")]
    access.close()

    assert [record.contact for record in records] == [Contact.ANSWERED, Contact.ANSWERED]
    assert net.logins == {"j1": 1, "j2": 1, "a": 1, "b": 1}


def test_a_jump_host_with_a_wrong_key_lets_nobody_through(start_net: Start) -> None:
    jump = replace(personality("j", 5, Behaviour(ssh="changed_host_key")), platform="linux_host")
    net = start_net(jump, personality("a", 1))

    record = read(net, "a", via=("j",))

    assert record.contact is Contact.UNREACHABLE
    assert "host_key_changed" in record.detail
    assert net.logins == {}


def test_a_session_refuses_every_line_that_is_not_read_only(start_net: Start) -> None:
    net = start_net(personality("d", 1))
    inventory = net.inventory()
    access = Access.of(inventory, net.folder, FAST)

    with open_session(inventory.devices["d"], access) as session:
        for line in ("system-view", "display version\nreboot", "display version | include x"):
            with pytest.raises(GuardError):
                session.ask(line)
        assert session.ask("display ip routing-table").raw.decode().count("10.0.0.0/8") == 1
        assert ROUTES.count("10.0.0.0/8") == 1


def test_a_session_that_was_silent_once_holds_no_place_while_it_waits() -> None:
    places = threading.Semaphore(0)
    turn = Turn(places, threading.Event())

    turn.step_aside()
    turn.waited(0.05)
    assert not places.acquire(blocking=False), "a short silence changes nothing"
    turn.waited(0.2)
    assert places.acquire(blocking=False)
    places.release()
    turn.go_on()
    assert not places.acquire(blocking=False), "it works with a place"
    turn.step_aside()
    assert places.acquire(blocking=False), "and waits without one"
    turn.give_back()
    assert not places.acquire(blocking=False), "each place is given back once only"


def test_a_session_that_waits_for_a_place_ends_with_the_run() -> None:
    places, stop = threading.Semaphore(0), threading.Event()
    turn = Turn(places, stop)
    turn.give_back()
    assert places.acquire(blocking=False), "another has the place now"
    stop.set()

    with pytest.raises(StoppedError):
        turn.go_on()


def test_an_open_port_that_is_no_ssh_is_a_result(start_net: Start) -> None:
    net = start_net(personality("d", 1, Behaviour(ssh="hang_before_banner")))
    access = Access.of(net.inventory(), net.folder, FAST)

    with pytest.raises(ContactError) as caught:
        open_session(net.inventory().devices["d"], access)

    assert caught.value.contact is Contact.HUNG


def test_a_key_that_changes_in_mid_run_takes_back_what_was_heard(start_net: Start) -> None:
    net = start_net(personality("d", 1, Behaviour(ssh="drop")))
    inventory = net.inventory()
    access = Access.of(inventory, net.folder, FAST)
    checks = iter((True, False))

    class KeysThatChange(HostKeys):
        def check(self, host: str, port: int, kind: str, blob: bytes) -> None:
            super().check(host, port, kind, blob if next(checks) else b"another")

    access = replace(access, keys=KeysThatChange(access.keys.keys))

    record = collect(inventory.devices["d"], access, Turn.alone(), Pace())

    assert record.contact is Contact.HOST_KEY_CHANGED
    assert record.observations == ()
