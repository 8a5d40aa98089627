"""The probe helper: ``python -m netops.probing.helper``, the one process with CAP_NET_RAW.

Knows how to open raw ICMP sockets and hands them to whoever started it, over the Unix socket
that is its standard input. Refuses every other request; keeps no other privilege.
"""

from __future__ import annotations

import json
import os
import socket
import stat
import sys
from typing import Final

from netops.probing.privilege import keep_only_net_raw

HELLO: Final = b'{"netops_probe_helper": 1}'
MOST_BYTES: Final = 512
_MOST_REQUESTS: Final = 1000
_KINDS: Final = {
    4: (socket.AF_INET, socket.IPPROTO_ICMP),
    6: (socket.AF_INET6, socket.IPPROTO_ICMPV6),
}


def serve(link: socket.socket) -> None:
    """Answer requests until the other side hangs up."""
    link.send(HELLO)
    for _ in range(_MOST_REQUESTS):
        request = link.recv(MOST_BYTES)
        if not request:
            return
        _answer(link, request)


def _answer(link: socket.socket, request: bytes) -> None:
    family = asked_family(request)
    if family is None:
        link.send(json.dumps({"ok": False, "why": "not a request that is served"}).encode())
        return
    domain, protocol = _KINDS[family]
    try:
        opened = socket.socket(domain, socket.SOCK_RAW, protocol)
    except OSError as error:
        link.send(json.dumps({"ok": False, "why": error.strerror}).encode())
        return
    with opened:
        socket.send_fds(link, [json.dumps({"ok": True}).encode()], [opened.fileno()])


def asked_family(request: bytes) -> int | None:
    """Return the family of a request for an ICMP socket; None for anything else."""
    try:
        asked = json.loads(request)
    except (ValueError, RecursionError):
        return None
    if not isinstance(asked, dict) or set(asked) != {"ask", "family"} or asked["ask"] != "icmp":
        return None
    family = asked["family"]
    return family if type(family) is int and family in _KINDS else None


def main() -> int:
    """Give privilege away, then serve; 2 if either is not possible."""
    if not stat.S_ISSOCK(os.fstat(0).st_mode):
        sys.stderr.write("The probe helper is started by netops; its input is a socket.\n")
        return 2
    try:
        keep_only_net_raw(os.environ)
    except OSError as error:
        sys.stderr.write(f"The probe helper cannot keep CAP_NET_RAW alone: {error.strerror}\n")
        return 2
    with socket.socket(fileno=0) as link:
        try:
            serve(link)
        except (ConnectionError, KeyboardInterrupt):
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
