"""A thousand saved configurations of 6,000 lines: imported, read, judged; beside ciscoconfparse2.

Each differs from the others: ports, lists, routes and accounts are drawn by the device's number.
The peer is installed from the package index into an environment of its own, and only parses: it
knows nothing of defaults, and of Comware's lines without a parent. It is given fewer texts, and
what they took is scaled up; where it cannot be installed its row is left out.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tests.bench.measuring import Figure, measured, netops
from tests.support.few_hosts import _EMPTY, _HEADER, _SAMPLE

_LINES = 6000
_PEER_TEXTS = 10
_PEER = """\
import sys, time
from ciscoconfparse2 import CiscoConfParse
begin = time.process_time()
for path in sys.argv[1:]:
    CiscoConfParse(path, syntax="ios", ignore_blank_lines=False)
print(time.process_time() - begin)
"""
_SHARE_OF_PORTS, _SHARE_OF_LISTS = 0.6, 0.9
_CHECKS = 60


def _vrp(number: int) -> Iterator[str]:
    """Yield the configuration of a switch; it ends where the caller stops, before ``_VRP_END``."""
    yield from (
        "!Software Version V200R019C10SPC500", "#", f"sysname CITY{number % 90:02}-S{number}", "#",
        "vlan batch 10 to 209", "#", "telnet server disable", "#",
        "info-center loghost source LoopBack0", f"info-center loghost 192.0.2.{number % 250}", "#",
        "acl number 2000", " rule 5 permit source 192.0.2.0 0.0.0.255", " rule 10 deny", "#",
        "aaa", " authentication-scheme default",
        f" local-user ops{number} password irreversible-cipher $1a$k{number}$j8Hq$",
        f" local-user ops{number} privilege level 15",
        f" local-user ops{number} service-type terminal ssh", "#",
    )  # fmt: skip
    for port in range(1, round(_LINES * _SHARE_OF_PORTS / 9)):
        yield from (
            f"interface GigabitEthernet0/{port // 48}/{port % 48}",
            f" description to-dept-{number}-{port}",
            " port link-type access" if port % 5 else " port link-type trunk",
            f" port default vlan {10 + (port + number) % 200}",
            " stp edged-port enable",
            " storm-control broadcast min-rate 1000 max-rate 2000",
            " dhcp snooping enable",
            " port-security enable" if port % 7 else " undo lldp enable",
            "#",
        )
    yield from _lists(number, "acl number", "rule {n} permit tcp source {s} destination {d}")


def _comware(number: int) -> Iterator[str]:
    """Yield the configuration of the other vendor's switch."""
    yield from (
        "#", " version 7.1.070, Release 6312P02", "#", f" sysname CITY{number % 90:02}-S{number}",
        "#", " ssh server enable", " ssh server acl 2000", "#", " password-control enable", "#",
        "acl basic 2000", " rule 0 permit source 192.0.2.0 0.0.0.255", "#",
        f"local-user ops{number} class manage", f" password hash $h$6$k{number}$j8Hq==",
        " service-type ssh terminal", " authorization-attribute user-role network-admin", "#",
    )  # fmt: skip
    for port in range(1, round(_LINES * _SHARE_OF_PORTS / 8)):
        yield from (
            f"interface GigabitEthernet1/{port // 48}/{port % 48}",
            " port link-mode bridge",
            f" description to-dept-{number}-{port}",
            f" port access vlan {10 + (port + number) % 200}",
            " broadcast-suppression 5",
            " stp edged-port",
            " dot1x" if port % 7 else " undo lldp enable",
            "#",
        )
    yield from _lists(number, "acl advanced", "rule {n} permit tcp source {s} destination {d}")


def _lists(number: int, opener: str, form: str) -> Iterator[str]:
    for name in range(3000, 4000):
        yield f"{opener} {name}"
        for rule in range(1, 40):
            source = f"10.{number % 250}.{(name + rule) % 250}.0 0.0.0.255"
            target = f"198.51.{rule}.{number % 250} 0 destination-port eq {443 + rule}"
            yield " " + form.format(n=5 * rule, s=source, d=target)
        yield " rule 1000 deny ip"
        yield "#"


_VRP_END = ("#", "user-interface con 0", " authentication-mode aaa", "user-interface vty 0 4",
            " acl 2000 inbound", " authentication-mode aaa", " idle-timeout 5 0",
            " protocol inbound ssh", "#", "return")  # fmt: skip
_COMWARE_END = ("#", "line vty 0 63", " authentication-mode scheme", " idle-timeout 5 0",
                " protocol inbound ssh", "#", "return")  # fmt: skip


def text_of(number: int) -> tuple[str, str, str]:
    """Return the platform, the version display and the configuration of device ``number``."""
    end: tuple[str, ...]
    if number % 2:
        shown = "H3C Comware Software, Version 7.1.070, Release 6312P02\n"
        body, end = _comware(number), _COMWARE_END
        platform = "h3c_comware"
    else:
        shown = "VRP (R) software, Version 5.170 (S5700 V200R019C10SPC500)\n"
        body, end = _vrp(number), _VRP_END
        platform = "huawei_vrp"
    lines = (*islice(body, _LINES - len(end)), *end)
    return platform, shown, "\n".join(lines) + "\n"


def _write(folder: Path, count: int) -> tuple[Path, Path]:
    """Write an inventory of ``count`` devices and the folder of their texts."""
    inventory, texts = folder / "inventory", folder / "texts"
    shutil.copytree(_SAMPLE, inventory)
    for name, text in _EMPTY.items():
        (inventory / name).write_text(text, encoding="utf-8")
    rows = []
    for number in range(count):
        platform, shown, configuration = text_of(number)
        address = f"10.{number // 62500}.{number // 250 % 250}.{number % 250 + 1}"
        rows.append(
            f"S{number},S{number},N-430102,core,{platform},{address},,,ssh,modern,,bench,,,,\n"
        )
        place = texts / f"S{number}"
        place.mkdir(parents=True)
        (place / "display version.txt").write_text(shown, encoding="utf-8")
        (place / "display current-configuration.txt").write_text(configuration, encoding="utf-8")
    secret = 'credentials:\n  bench: {kind: ssh, username: bench, secret: "env:NETOPS_BENCH"}\n'
    (inventory / "credentials.yaml").write_text(secret, encoding="utf-8")
    (inventory / "devices.csv").write_text(_HEADER + "".join(rows), encoding="utf-8")
    return inventory, texts


def many_configurations(runs: int, count: int = 1000) -> list[Figure]:
    """Import the texts once, judge them ``runs`` times, and let the peer parse some of them."""
    bench = f"baseline-{count}-texts"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        inventory, texts = _write(folder, count)
        place = ["--workspace", str(folder / "workspace")]
        brought = netops("snapshot", "import", texts, "--inventory", inventory, *place)
        result = folder / "result.json"
        ran = [
            netops("baseline", "judge", "--profile", "mlps-l3", "--format", "json", "--output",
                   result, "--yes", *place)
            for _ in range(runs)
        ]  # fmt: skip
        _hold(result, count)
        figures = [
            Figure(bench, "import", (brought.wall_s,), "s"),
            Figure(bench, "read and judge", tuple(one.wall_s for one in ran), "s", "<= 30",
                   lambda v: v <= 30),
            Figure(bench, "CPU a configuration", tuple(one.cpu_s / count * 1000 for one in ran),
                   "ms", "<= 60", lambda v: v <= 60),
            Figure(bench, "largest process", tuple(one.rss_mb for one in ran), "MB"),
        ]  # fmt: skip
        return [*figures, *_peer(bench, folder, texts, count)]


def _hold(result: Path, count: int) -> None:
    """Refuse a figure of a run that did not judge everything."""
    found = json.loads(result.read_text(encoding="utf-8"))
    checks = {one["check"] for row in found["subjects"] for one in row.get("checks", ())}
    if found["coverage"]["answered"] != count or len(checks) < _CHECKS:
        raise RuntimeError(f"{found['coverage']['answered']} devices, {len(checks)} checks")


def _peer(bench: str, folder: Path, texts: Path, count: int) -> Iterator[Figure]:
    home = folder / "peer"
    made = measured([sys.executable, "-m", "venv", str(home)])
    python = home / "bin" / "python"
    if made.code or measured([str(python), "-m", "pip", "install", "-q", "ciscoconfparse2"]).code:
        return
    some = sorted(texts.glob("*/display current-configuration.txt"))[:_PEER_TEXTS]
    ran = subprocess.run(
        [python, "-c", _PEER, *some], capture_output=True, text=True, check=False, cwd=folder
    )
    if ran.returncode == 0:
        each = float(ran.stdout.split()[-1]) / len(some)
        yield Figure(bench, f"ciscoconfparse2: parsing alone, scaled from {len(some)}",
                     (each * count,), "s")  # fmt: skip
