"""Each fault word and quirk shows on the wire what it promises, and only that."""

from __future__ import annotations

import resource
import socket
import struct
import time
from pathlib import Path

import asyncssh
import paramiko
import pytest
from lab_serving import (
    CONFIG_TEXT,
    VERSION_TEXT,
    Terminal,
    logged_in,
    misbehaving,
    pem,
    personality,
    serving,
)

from netops.errors import LaboratoryError
from netops.lab.behaviours import play
from netops.lab.model import Behaviour
from netops.lab.server import LabServer, bind

PROMPT = "<CITY07-R1>"
PAUSE = "  ---- More ----"


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def test_a_slow_device_answers_each_command_late() -> None:
    with serving(misbehaving("slow", delay_s=0.3)) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        begin = time.monotonic()
        assert terminal.ask("display version").endswith(crlf(VERSION_TEXT) + PROMPT)
        assert time.monotonic() - begin >= 0.3


def test_a_hanging_device_logs_in_echoes_and_never_answers() -> None:
    with serving(misbehaving("hang")) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        terminal.type("display version\n")
        assert terminal.until("\n") == "display version\r\n"
        terminal.channel.settimeout(0.5)
        with pytest.raises(TimeoutError):
            terminal.channel.recv(1)
        assert lab.logins == ["r1"]


def test_a_device_can_hang_before_its_version_line() -> None:
    with (
        serving(misbehaving("hang_before_banner")) as lab,
        socket.create_connection(lab.at(), timeout=5) as sock,
    ):
        sock.sendall(b"SSH-2.0-client\r\n")
        sock.settimeout(0.5)
        with pytest.raises(TimeoutError):
            sock.recv(1)


def test_a_dropping_device_cuts_the_line_in_the_middle_of_an_answer() -> None:
    with serving(misbehaving("drop")) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        with pytest.raises((EOFError, OSError)) as cut:
            terminal.ask("display version")
        assert "minutes" not in str(cut.value)
        assert PROMPT not in str(cut.value)


def test_a_changed_host_key_is_not_the_pinned_one_and_stays_the_same() -> None:
    device = misbehaving("changed_host_key")
    pinned = asyncssh.import_private_key(device.host_key_pem).public_data
    shown = []
    with serving(device) as lab:
        for _ in range(2):
            with logged_in(lab) as client:
                transport = client.get_transport()
                assert transport is not None
                shown.append(transport.get_remote_server_key().asbytes())
    assert shown[0] != pinned
    assert shown[0] == shown[1]


@pytest.mark.parametrize("number", range(20))
def test_the_lines_of_garbage_end_where_a_terminal_ends_them(number: int) -> None:
    """A pager may stand between any two of them; after a lone return it would overwrite one."""
    lines = list(play(Behaviour(ssh="garbage"), "", f"device {number}").lines)
    assert len(lines) > 10
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in lines)
    assert any(b"\r" in line[:-2] for line in lines)


def test_garbage_holds_octets_that_are_no_text_and_a_prompt_at_its_end() -> None:
    with serving(misbehaving("garbage")) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        terminal.ask("screen-length 0 temporary")
        terminal.type("display version\n")
        seen = b""
        while not seen.endswith(PROMPT.encode()):
            seen += terminal.channel.recv(65536)
    assert b"\x9b31m" in seen
    assert b"Huawei" not in seen
    with pytest.raises(UnicodeDecodeError):
        seen.decode()


def test_a_truncated_configuration_has_no_return_but_a_prompt() -> None:
    with serving(misbehaving("truncated")) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        terminal.ask("screen-length 0 temporary")
        answer = terminal.ask("display current-configuration")
    body = answer.removeprefix("display current-configuration\r\n").removesuffix(f"\r\n{PROMPT}")
    assert 0 < len(body) < len(crlf(CONFIG_TEXT)) * 2 // 3
    assert crlf(CONFIG_TEXT).startswith(body)


def test_an_endless_pager_pages_though_paging_is_off_and_cannot_be_stopped() -> None:
    with serving(misbehaving("endless_pager")) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        terminal.ask("screen-length 0 temporary")
        terminal.ask("display version", PAUSE)
        for key in (" ", "q", "\x03") * 20:
            terminal.type(key)
            terminal.until(PAUSE)


def resident_kib() -> int:
    """Return the memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1024


def test_a_flood_is_made_as_it_is_read_and_never_held() -> None:
    taken = 0
    with serving(misbehaving("flood")) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        before = most = resident_kib()
        terminal.type("display version\n")
        while taken < 32 << 20:
            taken += len(terminal.channel.recv(1 << 20))
            most = max(most, resident_kib())
    assert most - before < 16 << 10, f"{most - before} KiB more for {taken >> 20} MiB"


def test_a_flood_waits_for_a_reader_that_has_stopped() -> None:
    other = personality(device="r2", address="127.7.0.2")
    with (
        serving(misbehaving("flood"), other) as lab,
        logged_in(lab) as flooded,
        logged_in(lab, "r2") as client,
    ):
        stuck = Terminal(flooded)
        stuck.until(PROMPT)
        before = resident_kib()
        stuck.type("display version\n")
        terminal = Terminal(client)
        terminal.until(PROMPT)
        for _ in range(100):
            terminal.ask("display version")
        assert resident_kib() - before < 24 << 10


def test_a_low_privilege_account_reads_state_but_not_the_configuration() -> None:
    with serving(misbehaving("low_privilege")) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        assert terminal.ask("display version").endswith(crlf(VERSION_TEXT) + PROMPT)
        refused = terminal.ask("display current-configuration")
    assert "Error: You do not have permission to run the command" in refused
    assert "sysname" not in refused


def test_an_expired_password_asks_before_the_prompt_and_takes_no_for_an_answer() -> None:
    device = misbehaving(quirks=("password_expiry",))
    with serving(device) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        question = terminal.until("Change now? [Y/N]:")
        assert PROMPT not in question
        assert PROMPT in terminal.ask("N")


def test_a_tricky_banner_holds_what_prompts_are_made_of() -> None:
    with serving(misbehaving(quirks=("tricky_banner",))) as lab, logged_in(lab) as client:
        banner = Terminal(client).until(f".\r\n{PROMPT}")
    for trap in ("<NOTICE>\r\n", "any key #\r\n", "\r\n<CITY07-R1> is", ":~$ \r\n", " >\r\n"):
        assert trap in banner


def test_a_refused_paging_command_leaves_the_pager_on() -> None:
    with serving(misbehaving(quirks=("paging_refused",))) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        assert "Error: Unrecognized command" in terminal.ask("screen-length 0 temporary")
        terminal.ask("display current-configuration", PAUSE)


def test_a_wrapped_echo_holds_a_blank_and_a_cursor_left() -> None:
    with serving(misbehaving(quirks=("wrapped_prompt",))) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        answer = terminal.ask("display ip routing-table vpn-instance GOV")
    # The prompt takes 11 columns, so the break of column 40 comes after 29 characters.
    assert answer.startswith("display ip routing-table vpn- \x1b[1Dinstance GOV\r\n")


@pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")
def test_legacy_devices_offer_ssh_rsa_with_sha1_only() -> None:
    device = personality(host_key_pem=pem("ssh-rsa"), behaviour=Behaviour(quirks=("legacy_kex",)))
    with serving(device) as lab:
        with logged_in(lab) as client:
            transport = client.get_transport()
            assert transport is not None
            assert transport.host_key_type == "ssh-rsa"
        modern_only = {
            "disabled_algorithms": {
                "kex": ["diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1"],
            }
        }
        with pytest.raises(paramiko.SSHException), logged_in(lab, **modern_only):
            pass


def test_a_device_that_is_down_refuses_the_connection() -> None:
    station = bind(misbehaving("down"))
    assert station.ssh is None
    assert station.snmp is None


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"address": "192.0.2.1"}, "is not in 127.0.0.0/8"),
        ({"address": "0.0.0.0"}, "is not in 127.0.0.0/8"),  # noqa: S104 - must be refused
        ({"platform": "unheard"}, "platform unheard"),
        ({"behaviour": Behaviour(ssh="sulk")}, "behaviour sulk"),
        ({"behaviour": Behaviour(quirks=("sulk",))}, "quirk sulk"),
        ({"behaviour": Behaviour(quirks=("legacy_kex",))}, "no RSA key"),
    ],
)
def test_what_cannot_be_played_is_refused_before_anything_listens(
    changes: dict[str, object], cause: str
) -> None:
    with pytest.raises(LaboratoryError, match=cause):
        bind(personality(**changes))


class _ElsewhereSocket:
    """A connection that came in at an address outside 127/8."""

    def __init__(self) -> None:
        self.closed = False

    def getsockname(self) -> tuple[str, int]:
        return ("192.0.2.1", 40000)

    def close(self) -> None:
        self.closed = True


class _ElsewhereListener:
    def __init__(self) -> None:
        self.waiting = [_ElsewhereSocket()]
        self.came = list(self.waiting)

    def accept(self) -> tuple[_ElsewhereSocket, str]:
        if not self.waiting:
            raise BlockingIOError
        return self.waiting.pop(), "peer"


def test_a_connection_at_another_address_is_closed_before_the_banner() -> None:
    server = LabServer.of([personality()])
    listener = _ElsewhereListener()
    try:
        server._accept(server.stations[0], listener)  # type: ignore[arg-type]
        assert [sock.closed for sock in listener.came] == [True]
        assert not server._tasks
    finally:
        for station in server.stations:
            station.close()


def test_a_client_that_resets_in_the_middle_harms_nobody() -> None:
    with serving(personality()) as lab:
        for _ in range(3):
            sock = socket.create_connection(lab.at(), timeout=5)
            sock.recv(4)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.close()
        with logged_in(lab) as client:
            Terminal(client).until(PROMPT)
