"""Scenes of the probe helper, played inside closed namespaces by test_probe_helper.py."""

from __future__ import annotations

import json
import os
import socket
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from closed_network import ip

from netops.errors import ProbeError
from netops.probing.helper_client import ProbeHelper
from netops.probing.icmp import icmp_sweep
from netops.probing.options import SweepOptions
from netops.probing.privilege import _capset, capabilities
from netops.probing.sockets import Access, allowed

COMMAND = [sys.executable, "-m", "netops.probing.helper"]


def _status(process: int) -> dict[str, str]:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def sweep_without_privilege() -> dict[str, Any]:
    """The helper keeps one capability; this process then gives up all of its own."""
    ip("link set lo up")
    with ProbeHelper.start(COMMAND) as helper:
        status = _status(helper.process_id)
        _capset(0)
        mine, ways = capabilities(), allowed()
        targets = [ip_address("127.0.0.9"), ip_address("::1")]
        found = icmp_sweep(targets, SweepOptions(rounds=2, interval_s=0, helper=helper))
    return {
        "helper": [status[name] for name in ("CapPrm", "CapEff", "CapBnd", "NoNewPrivs")],
        "mine": sorted(mine),
        "ways": [len(ways[4]), len(ways[6])],
        "received": [e.received for e in found],
        "gone": not Path(f"/proc/{helper.process_id}").exists(),
    }


def as_another_user() -> list[Any]:
    """Started by a user who is not root: this process takes an ordinary number first."""
    ip("link set lo up")
    with ProbeHelper.start(COMMAND) as helper:
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
        try:
            icmp_sweep([ip_address("127.0.0.1")], SweepOptions(access=Access.RAW))
            refused = False
        except ProbeError:
            refused = True
        found = icmp_sweep([ip_address("127.0.0.1")], SweepOptions(rounds=1, helper=helper))
        return [os.getuid(), refused, found[0].received]


def bad_requests() -> list[Any]:
    with ProbeHelper.start(COMMAND) as helper:
        said = []
        for request in (
            b"{}", b"\xff\xfe", b"[" * 500, b'{"ask": "packet", "family": 4}',
            b'{"ask": "icmp", "family": 17}', b'{"ask": "icmp", "family": true}',
            b'{"ask": "icmp", "family": 4, "more": 1}', b'{"ask": "icmp", "family": [4]}',
        ):  # fmt: skip
            helper.link.send(request)
            answer, descriptors, _, _ = socket.recv_fds(helper.link, 512, 4)
            said.append([json.loads(answer)["ok"], len(descriptors)])
        with helper.icmp_socket(4) as opened:
            said.append([str(opened.type.name), opened.proto])
    return said
