"""How each platform talks around its answers: prompts, pager, refusals, log-in texts.

Vendor knowledge as data for the simulated devices. It knows no command's output; those are
rendered elsewhere. Written from the vendors' references, not from our own parsers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Dialect:
    """One platform's manners. Lines of texts end in a line feed; the session adds the return.

    Templates: ``{name}`` host name, ``{user}``, ``{line}`` the command, ``{now}`` the time.
    ``settings`` are commands without effect on the answers, with what the device prints.
    ``privileged`` are the beginnings of commands that a low-privilege account is refused.
    ``question`` is asked before the first prompt when the password has expired;
    ``question_is_final`` means that no answer leads to a prompt. ``unix_lines``: without a
    terminal, lines end in a line feed alone.
    """

    prompt: str
    banner: str
    unknown: str
    forbidden: str
    privileged: tuple[str, ...]
    leave: tuple[str, ...]
    pager: str = ""
    erase: str = ""
    paging_off: Mapping[str, str] = field(default_factory=dict)
    paging_refusal: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    view_enter: Mapping[str, str] = field(default_factory=dict)
    view_leave: tuple[str, ...] = ()
    view_prompt: str = ""
    question: str = ""
    question_is_final: bool = False
    has_caret: bool = False
    unix_lines: bool = False
    unknown_status: int = 0


def _erasure(columns: int) -> str:
    return f"\x1b[{columns}D{' ' * columns}\x1b[{columns}D"


_VRP = Dialect(
    prompt="<{name}>",
    banner=(
        "\nInfo: The max number of VTY users is 8, the number of current VTY users online is 1,"
        " and total number of terminal users is 1.\n"
        "      The current login time is {now}.\n"
    ),
    unknown="Error: Unrecognized command found at '^' position.\n",
    forbidden=(
        "Error: You do not have permission to run the command or the command is incomplete.\n"
    ),
    privileged=(
        "display current-configuration",
        "display saved-configuration",
        "display snmp-agent",
        "display local-user",
        "display ssh server",
        "display info-center",
    ),
    leave=("quit", "exit"),
    pager="  ---- More ----",
    erase=_erasure(16),
    paging_off={
        "screen-length 0 temporary": (
            "Info: The configuration takes effect on the current user terminal interface only.\n"
        ),
    },
    paging_refusal="Error: Unrecognized command found at '^' position.\n",
    settings={"undo terminal monitor": "Info: Current terminal monitor is off.\n"},
    view_enter={"system-view": "Enter system view, return user view with Ctrl+Z.\n"},
    view_leave=("quit", "return"),
    view_prompt="[{name}]",
    question=(
        "Warning: The initial password poses security risks.\n"
        "The password needs to be changed. Change now? [Y/N]:"
    ),
    has_caret=True,
)

_COMWARE = Dialect(
    prompt="<{name}>",
    banner=(
        "\n" + "*" * 78 + "\n"
        "* Copyright (c) 2004-2021 New H3C Technologies Co., Ltd. All rights reserved.*\n"
        "* Without the owner's prior written consent,                                 *\n"
        "* no decompiling or reverse-engineering shall be allowed.                    *\n"
        + "*" * 78
        + "\n\n"
    ),
    unknown=" % Unrecognized command found at '^' position.\n",
    forbidden="Permission denied.\n",
    privileged=(
        "display current-configuration",
        "display saved-configuration",
        "display snmp-agent",
        "display local-user",
        "screen-length",
    ),
    leave=("quit", "exit"),
    pager="  ---- More ----",
    erase=_erasure(42),
    paging_off={"screen-length disable": ""},
    paging_refusal="Permission denied.\n",
    settings={
        "undo terminal monitor": "The current terminal is disabled to display logs.\n",
    },
    view_enter={"system-view": "System View: return to User View with Ctrl+Z.\n"},
    view_leave=("quit", "return"),
    view_prompt="[{name}]",
    question=(
        "First login or password reset. For security reason, you need to change your password."
        " Please enter your password.\nold password:"
    ),
    question_is_final=True,
    has_caret=True,
)

_FRR = Dialect(
    prompt="{name}# ",
    banner="\nHello, this is FRRouting (version 8.4.4).\n\n",
    unknown="% Unknown command: {line}\n",
    forbidden="% Command not allowed: {line}\n",
    privileged=("show running-config",),
    leave=("quit", "exit"),
    pager=" --More-- ",
    erase="\r          \r",
    paging_off={"terminal length 0": ""},
    paging_refusal="% Unknown command: {line}\n",
    settings={"enable": "", "terminal paging": ""},
    unix_lines=True,
)

_LINUX = Dialect(
    prompt="{user}@{name}:~$ ",
    banner="Linux {name} 6.1.0-18-amd64 #1 SMP x86_64\n\nLast login: {now} from 127.0.0.1\n",
    unknown="-bash: {line}: command not found\n",
    forbidden="Operation not permitted (you must be root)\n",
    privileged=("sudo ", "nft ", "wg ", "iptables", "ip6tables", "conntrack"),
    leave=("exit", "logout"),
    unix_lines=True,
    unknown_status=127,
)

DIALECTS: Mapping[str, Dialect] = {
    "huawei_vrp": _VRP,
    "h3c_comware": _COMWARE,
    "frr": _FRR,
    "linux_host": _LINUX,
}

TRICKY_BANNER = (
    "\n# # # # # # # # # # # # # # # # # # # # # #\n"
    "<NOTICE>\n"
    "[Authorised users only]> press any key #\n"
    "<{name}> is monitored; continue? [yes/no] is not asked here.\n"
    "root@console:~$ \n"
    "未经授权禁止登录 >\n"
    "---- More ---- is printed on page two of this notice.\n"
)
"""A notice full of what prompts and questions are made of; the real prompt comes after it."""
