"""SSH without a thread of its own: new keys, broken packets, jump hosts, what wakes a reader."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import asyncssh
import pytest
from simulated_net import FAST, KEY, Start, personality

import netops.lab.server
from netops.collection import ssh
from netops.collection.channel import Inbox
from netops.collection.contact import ContactError, Turn
from netops.collection.device_reader import collect
from netops.collection.keyscan import scan_keys
from netops.collection.pace import Pace
from netops.collection.session import Access, open_session
from netops.collection.wire import Packets, Wire
from netops.evidence.observation import Outcome
from netops.facts.device import Contact
from netops.lab.model import Behaviour
from netops.lab.ssh import options

LONG = "".join(f"line {number} of a long answer\r\n" for number in range(4000))


def _said(start_net: Start) -> str:
    one = replace(personality("d", 1), answers={"display version": LONG})
    net = start_net(one)
    access = Access.of(net.inventory(), net.folder, FAST)
    said = ""
    with open_session(access.inventory.devices["d"], access) as session:
        for _ in range(3):
            reply = session.ask("display version")
            assert reply.outcome is Outcome.ACCEPTED
            said = reply.raw.decode()
    return said


def test_a_session_outlives_new_keys_that_we_ask_for(
    start_net: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = []
    trigger = Packets._trigger_rekey  # type: ignore[attr-defined]

    def counted(self: Packets) -> None:
        rounds.append(1)
        trigger(self)

    monkeypatch.setattr(Packets, "REKEY_PACKETS", 12)
    monkeypatch.setattr(Packets, "_trigger_rekey", counted)

    assert "line 3999 of a long answer" in _said(start_net)
    assert len(rounds) > 1


def test_a_session_outlives_new_keys_that_the_device_asks_for(
    start_net: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def often(*arguments: object) -> asyncssh.SSHServerConnectionOptions:
        made = options(*arguments)  # type: ignore[arg-type]
        made.rekey_bytes = 20_000
        return made

    send_kexinit = asyncssh.SSHServerConnection._send_kexinit

    def counted(self: asyncssh.SSHServerConnection) -> None:
        asked.append(1)
        send_kexinit(self)

    monkeypatch.setattr(netops.lab.server, "options", often)
    monkeypatch.setattr(asyncssh.SSHServerConnection, "_send_kexinit", counted)

    assert "line 3999 of a long answer" in _said(start_net)
    assert len(asked) > 2


@pytest.mark.parametrize(
    ("cipher", "mac"),
    [
        ("aes128-gcm@openssh.com", "hmac-sha2-256"),
        ("aes256-ctr", "hmac-sha2-256"),
        ("aes128-ctr", "hmac-sha2-512-etm@openssh.com"),
    ],
)
def test_each_kind_of_packet_is_read(
    start_net: Start, monkeypatch: pytest.MonkeyPatch, cipher: str, mac: str
) -> None:
    monkeypatch.setattr(ssh, "_MODERN_CIPHERS", (cipher,))
    monkeypatch.setattr(ssh, "_MODERN_MACS", (mac,))
    ssh._algorithms.cache_clear()
    try:
        assert "line 3999 of a long answer" in _said(start_net)
    finally:
        ssh._algorithms.cache_clear()


@pytest.fixture
def speaking() -> Iterator[object]:
    """Return a function that starts a server which says some octets and then nothing."""
    open_ones: list[socket.socket] = []

    def serve(octets: bytes, *, ends: bool = False) -> tuple[str, int]:
        listener = socket.create_server(("127.0.0.1", 0))
        open_ones.append(listener)

        def say() -> None:
            peer, _ = listener.accept()
            open_ones.append(peer)
            peer.sendall(octets)
            if ends:
                peer.shutdown(socket.SHUT_WR)

        threading.Thread(target=say, daemon=True).start()
        host, port = listener.getsockname()
        return host, port

    yield serve
    for sock in open_ones:
        sock.close()


@pytest.mark.parametrize(
    ("octets", "ends", "contact", "detail"),
    [
        (b"SSH-2.0-x\r\n\x00\x00\x01\x00\x04\x14", False, Contact.HUNG, "rest of a packet"),
        (b"SSH-2.0-x\r\n", False, Contact.HUNG, "key exchange"),
        (b"hello\r\nSSH-2.", False, Contact.HUNG, "key exchange"),
        (b"SSH-2.0-x\r\n\xff\xff\xff\xff" + b"x" * 40, False, Contact.DROPPED, "SSHException"),
        (b"SSH-2.0-x\r\n\x00\x00\x01\x00\x04\x14", True, Contact.DROPPED, "EOFError"),
        (b"HTTP/1.0 400 Bad Request\r\n\r\n", True, Contact.DROPPED, "version line|EOFError"),
        (b"nothing\r\n" * 9_000, False, Contact.DROPPED, "version line"),
        (b"SSH-2.0-\xff\xfe\r\n", False, Contact.DROPPED, "version line"),
    ],
)
def test_what_is_no_key_exchange_ends_with_a_reason(
    speaking: object, octets: bytes, *, ends: bool, contact: Contact, detail: str
) -> None:
    host, port = speaking(octets, ends=ends)  # type: ignore[operator]
    turn = Turn.alone()
    limits = replace(FAST, login_s=0.6, silence_s=0.6)
    sock = ssh.open_socket(host, port, limits, turn)

    with (
        contextlib.closing(ssh.open_transport(sock, (), limits, turn, legacy=False)) as transport,
        pytest.raises(ContactError, match=detail) as caught,
    ):
        ssh.host_key(transport)

    assert caught.value.contact is contact


def test_keys_are_scanned_through_jump_hosts(start_net: Start) -> None:
    jumps = [replace(personality(n, i), platform="linux_host") for n, i in (("j1", 5), ("j2", 6))]
    net = start_net(*jumps, personality("a", 1), personality("b", 2, Behaviour(ssh="down")))
    inventory = net.inventory()
    places = dict(inventory.devices)
    for name in ("a", "b"):
        places[name] = replace(places[name], via=("j1", "j2"))
    access = Access.of(replace(inventory, devices=places), net.folder, FAST)

    found = list(scan_keys([places["a"], places["b"], places["j1"]], access))

    public = " ".join(KEY.export_public_key().decode().split()[:2])
    assert found[0].line == f"[{places['a'].host}]:{places['a'].port} {public}"
    assert (found[1].line, found[1].detail[:11]) == (None, "unreachable")
    assert found[2].line == f"[{places['j1'].host}]:{places['j1'].port} {public}"
    assert net.logins == {"j1": 1, "j2": 1}, "the device behind was not logged in to"


def test_a_scan_sends_no_password_to_a_jump_host_whose_key_is_not_approved(
    start_net: Start,
) -> None:
    net = start_net(replace(personality("j", 5), platform="linux_host"), personality("a", 1))
    inventory = replace(net.inventory(via=()), known_hosts="")
    device = replace(inventory.devices["a"], via=("j",))

    (found,) = scan_keys([device], Access.of(inventory, net.folder, FAST))

    assert found.line is None
    assert "jump host j: host_key_unknown" in found.detail
    assert net.logins == {}


def test_an_answer_that_stops_within_a_packet_is_silence(
    start_net: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = replace(personality("d", 1), answers={"display version": LONG})
    net = start_net(one)
    access = Access.of(net.inventory(), net.folder, replace(FAST, silence_s=0.5))
    fill = Wire.fill

    def cut(wire: Wire, seconds: float) -> bool:
        # Once the answer comes, its first hundred octets are all that ever arrives.
        if wire.has_held:
            time.sleep(seconds)
            return False
        came = fill(wire, seconds)
        if len(wire._held) > 1000:
            wire._held = wire._held[:100]
        return came

    with open_session(access.inventory.devices["d"], access) as session:
        monkeypatch.setattr(Wire, "fill", cut)
        reply = session.ask("display version")

    assert reply.outcome is Outcome.TIMED_OUT


def test_whole_lines_are_not_worth_a_look_and_a_prompt_is() -> None:
    inbox = Inbox()

    inbox.feed(b"display version\r\n")
    assert not inbox.is_worth_reading
    assert inbox.read_ready()
    inbox.feed(b"<R1>")
    assert inbox.is_worth_reading
    assert inbox.read(100) == b"display version\r\n<R1>"
    assert not inbox.read_ready()
    inbox.close()
    assert inbox.is_worth_reading, "the end is news"


def test_a_flood_of_lines_is_looked_at() -> None:
    inbox = Inbox()

    inbox.feed(b"line\r\n" * 200_000)

    assert inbox.is_worth_reading


def test_one_device_costs_one_thread(start_net: Start) -> None:
    net = start_net(personality("d", 1))
    access = Access.of(net.inventory(), net.folder, FAST)
    before = threading.active_count()

    with open_session(access.inventory.devices["d"], access) as session:
        assert "Huawei" in session.ask("display version").raw.decode()
        assert threading.active_count() == before
    record = collect(access.inventory.devices["d"], access, Turn.alone(), Pace())
    assert record.contact is Contact.ANSWERED
