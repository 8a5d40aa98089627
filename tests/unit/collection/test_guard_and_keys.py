"""What stands before a device: the guard, host keys, credentials. And nothing goes around it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import netops
from netops.collection.contact import ContactError
from netops.collection.credentials import Secrets
from netops.collection.guard import (
    AdmittedBundle,
    AdmittedLine,
    ReadOnlyGuard,
    admit_bundle,
)
from netops.collection.hostkeys import HostKeys
from netops.errors import GuardError, InputError, SecretError
from netops.facts.device import Contact
from netops.inventory.model import Credential, Inventory
from netops.platforms import registry

HOME = Path(netops.__file__).parent
KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIBcyTS4WcyQmAhsbrYfn9FDQ8G38rJFkQR2Mk0bHkq0L"
OTHER = "AAAAC3NzaC1lZDI1NTE5AAAAIHkAhsbrYfn9FDQ8G38rJFkQR2Mk0bHkq0LcyTS4Wcy"


@pytest.mark.parametrize("name", registry.NAMES)
def test_every_command_of_every_platform_passes(name: str) -> None:
    platform = registry.platform(name)
    guard = ReadOnlyGuard(platform)

    for line in (*platform.paging_off, *(c.text for c in platform.first_commands())):
        assert guard.admit(line).text == line


@pytest.mark.parametrize(
    "line",
    [
        "system-view", "reboot", "save", "reset saved-configuration", "quit", "",
        "display version\n", "display version\rreboot", "display version;reboot",
        "display version | include x", "display version > flash:/x", "display version `id`",
        "display version $(id)", "display version\x1b[A", "display\u202eversion",
        " display version", "display version extra", "undo screen-length", "display version && id",
        "display ip routing-table vpn-instance GOV reboot",
        "display ip routing-table vpn-instance " + "x" * 400,
    ],
)  # fmt: skip
def test_everything_else_is_refused(line: str) -> None:
    with pytest.raises(GuardError, match="was not sent"):
        ReadOnlyGuard(registry.platform("huawei_vrp")).admit(line)


def test_a_name_from_device_text_passes_as_one_word_only() -> None:
    guard = ReadOnlyGuard(registry.platform("huawei_vrp"))

    assert guard.admit("display ip routing-table vpn-instance GOV_A-1").text.endswith("GOV_A-1")


def test_nobody_but_the_guard_makes_an_admitted_line() -> None:
    with pytest.raises(TypeError):
        AdmittedLine("reboot", object())


SENDERS = {
    "send", "sendall", "sendto", "exec_command", "send_command", "send_command_timing",
    "send_config_set", "write_channel", "invoke_shell", "exec_module",
}  # fmt: skip
ALLOWED = {
    ("collection/bundle.py", "_run", "exec_command"),
    ("collection/bundle.py", "_run", "sendall"),
    ("collection/shell.py", "_put", "send"),
    ("collection/transport.py", "invoke_shell", "invoke_shell"),
    ("collection/transport.py", "send", "send"),
    ("collection/wire.py", "send", "send"),
    ("collection/wire.py", "write_all", "send"),
    ("collection/snmp_exchange.py", "ask", "send"),
    ("collection/ssh.py", "open_shell", "invoke_shell"),
    ("collection/telnet.py", "send", "sendall"),
    ("collection/telnet.py", "_answer", "sendall"),
    ("collection/telnet.py", "_say", "send"),
}
"""The admitted program of a host, the one place, the opening of the shell, telnet's own framing and its log-in, paramiko's
packets, and SNMP's questions, which are GETBULK and the discovery of an engine alone."""
RAW = {"netmiko", "paramiko", "socket", "nornir_netmiko", "asyncssh", "telnetlib", "subprocess"}


def test_the_program_for_hosts_is_the_one_that_was_reviewed() -> None:
    program = (HOME / "probing" / "remote" / "program.py").read_bytes()

    bundle = admit_bundle(program, "e30=")

    assert bundle.line == "python3 -I -"
    assert bundle.text == program + b'\nrun("e30=")\n'


@pytest.mark.parametrize(
    ("change", "order"),
    [
        (b"#", "e30="),
        (b"", ""),
        (b"", 'x")\nimport os\n("'),
        (b"", "e30=\n"),
        (b"", "A" * (1 << 21)),
    ],
)
def test_any_other_program_or_order_is_refused(change: bytes, order: str) -> None:
    program = (HOME / "probing" / "remote" / "program.py").read_bytes() + change

    with pytest.raises(GuardError, match="was not sent to a host"):
        admit_bundle(program, order)


def test_nobody_but_the_guard_makes_an_admitted_bundle() -> None:
    with pytest.raises(TypeError):
        AdmittedBundle("python3 -I -", b"", object())


def test_what_a_host_is_sent_is_an_admitted_bundle() -> None:
    tree = ast.parse((HOME / "collection" / "bundle.py").read_text())

    sent = [
        ast.unparse(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in SENDERS
    ]

    assert sorted(sent) == ["bundle.line", "bundle.text"]


def _calls(path: Path) -> set[tuple[str, str, str]]:
    found = set()
    name = path.relative_to(HOME).as_posix()
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            found |= {
                (name, function.name, node.func.attr)
                for node in ast.walk(function)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in SENDERS
            }
    return found


def test_no_other_place_in_the_field_sends_to_a_device() -> None:
    files = [p for room in ("collection", "drivers", "platforms", "reading")
             for p in (HOME / room).rglob("*.py")]  # fmt: skip

    calls = set().union(*(_calls(path) for path in files))

    through_sessions = {c for c in calls if c[0].startswith("drivers/") and c[2] == "send_command"}
    assert calls - through_sessions == ALLOWED


def test_drivers_hold_nothing_that_could_send_past_a_session() -> None:
    imported = {
        name.split(".")[0]
        for path in (HOME / "drivers").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }

    assert imported & RAW == set()


def test_the_drivers_reach_a_device_through_a_session_only() -> None:
    tree = ast.parse((HOME / "drivers" / "way.py").read_text())
    (line,) = (
        node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "GuardedLine"
    )
    (send,) = (
        node
        for node in line.body
        if isinstance(node, ast.FunctionDef) and node.name == "send_command"
    )

    asked = [ast.unparse(n.func) for n in ast.walk(send) if isinstance(n, ast.Call)]

    assert "self._session.ask" in asked


def test_what_the_shell_sends_is_an_admitted_line_or_a_blank() -> None:
    tree = ast.parse((HOME / "collection" / "shell.py").read_text())

    arguments = [
        ast.unparse(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "self._put"
    ]

    assert sorted(arguments) == ["(line.text + self._newline).encode()", "b' '"]


def test_snmp_knows_no_way_to_set() -> None:
    set_request = 0xA3
    texts = [path.read_text() for path in (HOME / "collection").glob("snmp*.py")]
    numbers = {
        node.value
        for text in texts
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, int)
    }

    assert texts
    assert 0xA5 in numbers, "GETBULK is there to be found"
    assert set_request not in numbers
    assert not [w for t in texts for w in ("set_cmd", "SetCommand", "setCmd") if w in t]


def test_the_pinned_key_is_accepted() -> None:
    keys = HostKeys.parse(f"[127.0.0.2]:4022,gate ssh-ed25519 {KEY} comment\n# nothing\n\n")

    (blob,) = keys.of("127.0.0.2", 4022)["ssh-ed25519"]
    keys.check("127.0.0.2", 4022, "ssh-ed25519", blob)
    keys.check("gate", 22, "ssh-ed25519", blob)


def test_another_key_or_another_kind_of_key_is_a_change() -> None:
    keys = HostKeys.parse(f"[127.0.0.2]:4022 ssh-ed25519 {KEY}\n")

    for kind in ("ssh-ed25519", "ssh-rsa"):
        with pytest.raises(ContactError) as caught:
            keys.check("127.0.0.2", 4022, kind, b"another")
        assert caught.value.contact is Contact.HOST_KEY_CHANGED


def test_a_key_of_another_port_is_unknown_here() -> None:
    keys = HostKeys.parse(f"[127.0.0.2]:4022 ssh-ed25519 {KEY}\n")

    with pytest.raises(ContactError) as caught:
        keys.check("127.0.0.2", 4023, "ssh-ed25519", b"x")
    assert caught.value.contact is Contact.HOST_KEY_UNKNOWN


@pytest.mark.parametrize(
    "line", ["|1|abc=|def= ssh-rsa " + KEY, "@revoked h ssh-rsa " + KEY, "h ssh-rsa", "h x !!"]
)
def test_lines_that_cannot_be_held_to_are_refused_with_their_number(line: str) -> None:
    with pytest.raises(InputError, match="known_hosts:2"):
        HostKeys.parse(f"# first\n{line}\n")


def secrets(folder: Path) -> Secrets:
    empty: dict[str, object] = {}
    inventory = Inventory("430000", "", {}, {}, {}, {}, {}, {}, plan=None,  # type: ignore[arg-type]
                          credentials={"a": Credential("a", "ssh", "me", "env:X")}, **empty)  # type: ignore[arg-type]  # fmt: skip
    return Secrets(inventory, folder)


def test_a_secret_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETOPS_TEST_SECRET", "made-up")

    assert secrets(tmp_path).resolve("env:NETOPS_TEST_SECRET") == "made-up"
    with pytest.raises(SecretError, match="NETOPS_ABSENT is not set"):
        secrets(tmp_path).resolve("env:NETOPS_ABSENT")


def test_a_secret_file_must_be_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "ssh"
    path.write_text("made-up\n")
    path.chmod(0o640)

    with pytest.raises(SecretError, match="read by others"):
        secrets(tmp_path).resolve("file:ssh")
    path.chmod(0o600)
    assert secrets(tmp_path).resolve("file:ssh") == "made-up"


def test_a_literal_secret_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SecretError) as caught:
        secrets(tmp_path).resolve("literal-made-up")
    assert "literal-made-up" not in str(caught.value)


def test_an_unknown_credential_is_named(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="'b'"):
        secrets(tmp_path).credential("b")
    assert secrets(tmp_path).credential("a").username == "me"
