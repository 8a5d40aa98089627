"""Measures speed against peers and targets: ``python -m tests.bench``. Never fails a test run.

Peers run interleaved over the same simulated devices; what is printed are medians and spreads
with the target beside each figure. See docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from tests.bench import (
    authority,
    baseline,
    collecting,
    configurations,
    judging,
    nation,
    probing,
    province,
    snmp,
    status,
)
from tests.bench.measuring import Figure, table

BENCHES: dict[str, Callable[[argparse.Namespace], list[Figure]]] = {
    "nornir": lambda o: collecting.against_nornir_netmiko(o.devices, o.runs),
    "netmiko": lambda o: collecting.against_netmiko(o.devices, o.runs),
    "hanging": lambda o: collecting.hanging(o.devices, o.runs),
    "province": lambda o: province.whole_province(o.runs),
    "audit": lambda o: province.audit_of_large_tables(o.runs),
    "icmp": lambda o: probing.icmp(o.runs),
    "tcp": lambda o: probing.tcp(o.runs),
    "traceroute": lambda o: probing.traceroute(o.runs),
    "ca-signing": lambda o: authority.signing(o.runs),
    "ca-durable": lambda o: authority.durable(o.runs),
    "ca-list": lambda o: authority.million(o.runs),
    "baseline-host": lambda o: baseline.one_host(o.runs),
    "baseline-products": lambda o: baseline.five_products(o.runs),
    "baseline-judge": lambda o: judging.one_host(o.runs),
    "baseline-hosts": lambda o: baseline.many_hosts(o.runs),
    "baseline-texts": lambda o: configurations.many_configurations(o.runs),
    "snmp": lambda o: snmp.walk(o.runs),
    "nation": lambda o: nation.exits_of_a_nation(o.runs),
    "ca-status": lambda o: status.answers(o.runs),
    "help": lambda o: province.help_page(o.runs),
}


def main() -> int:
    """Run the benches that were asked for and print their table; 0 whatever they find."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=BENCHES, help="may be given again")
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    figures: list[Figure] = []
    for name in options.only or BENCHES:
        sys.stderr.write(f"{name} …\n")
        figures += BENCHES[name](options)
    load = os.getloadavg()[0]
    sys.stdout.write(f"{os.cpu_count()} cores, load at the end {load:.1f}, {options.runs} runs\n\n")
    sys.stdout.write(table(figures) + "\n")
    if options.json:
        rows = [{k: v for k, v in asdict(f).items() if k != "meets"} | {"median": f.median,
                 "met": f.is_met} for f in figures]  # fmt: skip
        options.json.write_text(json.dumps(rows, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
