"""A simulated device behaves on its terminal as the vendor's devices do."""

from __future__ import annotations

import paramiko
import pytest
from lab_serving import (
    CONFIG_TEXT,
    VERSION_TEXT,
    Terminal,
    logged_in,
    personality,
    serving,
)

from netops.lab.model import Behaviour, Personality

PROMPT = "<CITY07-R1>"


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def test_an_answer_is_echo_text_and_one_prompt() -> None:
    with serving(personality()) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        banner = terminal.until(PROMPT)
        answer = terminal.ask("display version")
    assert "Info: The max number of VTY users is 8" in banner
    assert answer == f"display version\r\n{crlf(VERSION_TEXT)}{PROMPT}"


def test_an_empty_answer_is_echo_and_prompt_alone() -> None:
    with serving(personality()) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        assert terminal.ask("display nat session") == f"display nat session\r\n{PROMPT}"


def test_long_answers_page_after_24_lines_and_erase_the_pause() -> None:
    lines = crlf(CONFIG_TEXT).splitlines(keepends=True)
    erase = "\x1b[16D" + " " * 16 + "\x1b[16D"
    with serving(personality()) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        first = terminal.ask("display current-configuration", "  ---- More ----")
        terminal.type(" ")
        second = terminal.until("  ---- More ----")
        terminal.type("\n")
        third = terminal.until("  ---- More ----")
        terminal.type("q")
        last = terminal.until(PROMPT)
    assert first == ("display current-configuration\r\n" + "".join(lines[:24]) + "  ---- More ----")
    assert second == erase + "".join(lines[24:48]) + "  ---- More ----"
    assert third == erase + lines[48] + "  ---- More ----"
    assert last == erase + PROMPT


def test_comware_erases_42_columns_and_has_no_word_for_paging_off() -> None:
    device = personality(platform="h3c_comware")
    with serving(device) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        terminal.ask("display current-configuration", "  ---- More ----")
        terminal.type("q")
        stopped = terminal.until(PROMPT)
        off = terminal.ask("screen-length disable")
        whole = terminal.ask("display current-configuration")
    assert stopped == "\x1b[42D" + " " * 42 + "\x1b[42D" + PROMPT
    assert off == f"screen-length disable\r\n{PROMPT}"
    assert whole == "display current-configuration\r\n" + crlf(CONFIG_TEXT) + PROMPT


def test_paging_can_be_turned_off_as_vrp_says_it() -> None:
    with serving(personality()) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        off = terminal.ask("screen-length 0 temporary")
        whole = terminal.ask("display current-configuration")
    assert "takes effect on the current user terminal interface only." in off
    assert whole == "display current-configuration\r\n" + crlf(CONFIG_TEXT) + PROMPT


@pytest.mark.parametrize(
    ("platform", "prompt", "answer"),
    [
        (
            "huawei_vrp",
            "<CITY07-R1>",
            "           ^\r\nError: Unrecognized command found at '^' position.\r\n",
        ),
        (
            "h3c_comware",
            "<CITY07-R1>",
            "           ^\r\n % Unrecognized command found at '^' position.\r\n",
        ),
        ("frr", "CITY07-R1# ", "% Unknown command: nonsense\r\n"),
        ("linux_host", "audit@CITY07-R1:~$ ", "-bash: nonsense: command not found\r\n"),
    ],
)
def test_an_unknown_command_gets_the_vendors_refusal(
    platform: str, prompt: str, answer: str
) -> None:
    with serving(personality(platform=platform)) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(prompt)
        assert terminal.ask("nonsense", prompt) == f"nonsense\r\n{answer}{prompt}"


def test_type_ahead_is_echoed_behind_the_next_prompt() -> None:
    with serving(personality()) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        terminal.type("display nat session\rdisplay nat session\r\ndisplay version\n")
        seen = terminal.until(f"minutes\r\n{PROMPT}")
    assert seen == (
        f"display nat session\r\n{PROMPT}display nat session\r\n{PROMPT}"
        f"display version\r\n{crlf(VERSION_TEXT)}{PROMPT}"
    )


def test_the_configuration_view_changes_the_prompt_and_takes_no_configuration() -> None:
    with serving(personality()) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        terminal.ask("system-view", "[CITY07-R1]")
        refused = terminal.ask("interface LoopBack9", "[CITY07-R1]")
        assert terminal.ask("return") == f"return\r\n{PROMPT}"
    assert "Unrecognized command" in refused


def test_quit_ends_the_session() -> None:
    with serving(personality()) as lab, logged_in(lab) as client:
        terminal = Terminal(client)
        terminal.until(PROMPT)
        terminal.type("quit\n")
        with pytest.raises(EOFError, match="quit"):
            terminal.until(PROMPT)


def test_a_single_command_answers_without_echo_prompt_and_pager() -> None:
    with serving(personality()) as lab, logged_in(lab) as client:
        _, output, _ = client.exec_command("display current-configuration", timeout=10)
        assert output.read().decode() == crlf(CONFIG_TEXT)
        assert output.channel.recv_exit_status() == 0


def test_an_unknown_single_command_on_linux_ends_127() -> None:
    with serving(personality(platform="linux_host")) as lab, logged_in(lab) as client:
        _, output, _ = client.exec_command("nonsense", timeout=10)
        assert output.read().decode() == "-bash: nonsense: command not found\n"
        assert output.channel.recv_exit_status() == 127


def test_every_log_in_is_counted_for_its_device_and_no_failed_one() -> None:
    refusing = personality(
        device="r2", address="127.7.0.2", behaviour=Behaviour(ssh="refuse_login")
    )
    devices: tuple[Personality, ...] = (personality(), refusing)
    with serving(*devices) as lab:
        for _ in range(2):
            with logged_in(lab) as client:
                Terminal(client).until(PROMPT)
        with pytest.raises(Exception, match="Authentication failed"), logged_in(lab, "r2"):
            pass
        assert lab.logins == ["r1", "r1"]


def test_several_lines_in_one_request_are_answered_in_turn() -> None:
    device = personality(platform="linux_host", answers={"hostname": "h1\n", "id -u": "1000\n"})
    with serving(device) as lab, logged_in(lab) as client:
        _, output, _ = client.exec_command("hostname\nid -u", timeout=10)
        assert output.read() == b"h1\n1000\n"


def test_a_linux_host_is_a_jump_host_to_the_laboratory_and_to_nothing_else() -> None:
    jump = personality(device="h1", address="127.7.0.9", platform="linux_host")
    with serving(personality(), jump) as lab, logged_in(lab, "h1") as client:
        transport = client.get_transport()
        assert transport is not None
        inner = transport.open_channel("direct-tcpip", lab.at("r1"), ("127.0.0.1", 0), timeout=10)
        assert inner.recv(8) == b"SSH-2.0-"
        with pytest.raises(paramiko.ChannelException):
            transport.open_channel("direct-tcpip", ("192.0.2.1", 22), ("127.0.0.1", 0), timeout=10)
