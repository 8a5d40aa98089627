"""Scenes of egress behind real routers, played inside closed namespaces."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

from closed_network import chain

from netops.evidence import measurement
from netops.inventory.model import Reflector
from netops.probing.egress import Errand, probe_egress
from netops.probing.exchanges import Interview
from netops.probing.local import LocalVantage
from netops.probing.remote import program
from netops.probing.vantage import Manner, Orders, ReachOrder

KEY = "a key of the scenes, 32 octets.."
OUTSIDE = ("198.18.0.80", "2001:db8:4::2")
TRANSLATES = """
table ip n {
  chain p {
    type nat hook postrouting priority 100
    oifname lower masquerade
  }
}
"""
DROPS = """
table inet f {
  chain f {
    type filter hook forward priority 0
    drop
  }
}
"""
DROPS_HALF = """
table ip q {
  chain f {
    type filter hook forward priority 0
    icmp type echo-request numgen inc mod 2 == 0 drop
  }
}
"""


def nft(namespace: str, rules: str) -> None:
    """Load rules in a router."""
    words = ["ip", "netns", "exec", namespace, "nft", "-f", "-"]
    subprocess.run(words, input=rules, text=True, check=True)


@contextmanager
def reflector() -> Iterator[Reflector]:
    """Run the reflector as its own command behind three routers."""
    words = ["ip", "netns", "exec", "end", "env", f"K={KEY}", sys.executable, "-m", "netops",
             "probe", "reflector", "serve", "--id", "R-1", "--key", "env:K", "--port", "7007",
             "--http-port", "80"]  # fmt: skip
    for address in OUTSIDE:
        words += ["--listen", address]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        said = running.stderr.readline()
        assert "198.18.0.80" in said, said
        try:
            yield Reflector("R-1", tuple(ip_address(a) for a in OUTSIDE), 7007, "", 80)
        finally:
            running.terminate()


def through_nat() -> list[list[Any]]:
    """Ask by every protocol and family, before and after an exit translates addresses."""
    chain()
    found = []
    asking = Interview("R-1", KEY.encode())
    with reflector() as one:
        for translated in (False, True):
            if translated:
                nft("three", TRANSLATES)
            for address in one.addresses:
                for protocol in ("tcp", "udp", "http"):
                    errand = Errand(one, protocol, address.version, address)
                    egress = probe_egress(errand, asking)
                    found.append([translated, protocol, address.version, egress.state,
                                  str(egress.seen)])  # fmt: skip
    return found


def by_the_program() -> dict[str, Any]:
    """Let the program of probe hosts measure along the chain, by sockets without privilege."""
    chain()
    order = {"targets": ["198.18.0.1", "2001:db8:4::2"], "timeout_s": 1.0, "source": None}
    more = {"id": 1, "protocol": "icmp", "count": 4, "pace": 1000, "gap_s": 0.05}
    traced = program.trace({**order, "id": 0, "port": 33434, "tries": 2, "hops": 30})
    echoed = program.echo({**order, **more})
    nft("two", DROPS)
    cut = program.trace({**order, "id": 0, "port": 33434, "tries": 1, "hops": 30, "timeout_s": 0.2})
    lost = program.echo({**order, **more, "timeout_s": 0.3})
    return {
        "paths": [[hop["addresses"] for hop in one["hops"]] for one in traced],
        "reached": [one["reached"] for one in traced],
        "echoes": [[one["sent"], len(one["round_trips_ms"])] for one in echoed],
        "cut": [[hop["addresses"] for hop in one["hops"]] for one in cut],
        "cut reached": [one["reached"] for one in cut],
        "lost": [[one["sent"], len(one["round_trips_ms"])] for one in lost],
    }


def flapping() -> list[Any]:
    """Probe through a router that drops every second echo."""
    chain()
    nft("two", DROPS_HALF)
    point = LocalVantage("V", Manner(count=6, timeout_s=0.5))
    record = point.measure(Orders(reach=(ReachOrder((ip_address("198.18.0.1"),)),)))
    (one,) = record.observations
    echoes = measurement.decode(one.raw)
    return [str(getattr(echoes, "reach", "")), getattr(echoes, "sent", 0)]
