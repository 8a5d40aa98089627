"""Exit judgement of a nation: one province, whole and read, and as many moved copies as wanted.

A copy has other division codes and other addresses everywhere, so nothing of one province leads
into another; the prefixes it moves to are only numbers here and belong to whoever owns them.
"""

from __future__ import annotations

import gc
import io
import json
import pickle
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
)
from pathlib import Path
from typing import Any

import yaml

from netops import exits, inventory
from netops.addressing import AddressPlan
from netops.facts.device import DeviceFacts
from netops.facts.routes import RouteRow
from netops.inventory.model import Inventory
from netops.policy import load_policy
from netops.reading import cache, collector_off
from tests.bench.measuring import ROOT, Figure

SPEC = ROOT / "playbooks" / "specs" / "all.yaml"
_COPIES = (1, 5, 19)
"""Of some 2,200 devices each."""
_ROUTES = 500
_HOME = "43"
_CODES = (11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 44)
"""Division codes that the copies take."""
_FIRST = {10: 10, 59: 40, 100: 70, 172: 100, 198: 130}
"""First octets that a copy moves, and from where on: the number of the copy is added."""
_IPV6, _IPV6_STEP = 0x240B_8000, 107
_IN_TEXT = re.compile(
    r"(?<![\d.:a-f])(?P<octet>10|59|100|172|198)\.(?=\d+\.\d+\.\d+)"
    r"|(?<![\da-f:.])(?P<six>240b:8000)(?=:)"
    r"|(?<![\w-])(?P<named>[AP]-)(?=\d\d(?!\d))"
    rf"|(?<![\d.:a-f]){_HOME}(?=\d{{4}}(?:\d{{3}})?(?:\d{{3}})?(?!\d))"
)
_DAY = date(2026, 11, 21)
_LENGTH = 4


@dataclass(frozen=True)
class Move:
    """How one copy differs: its number, and the code that stands for the province's."""

    number: int
    code: str

    def text(self, words: str) -> str:
        """Move addresses and division codes in a text."""
        return _IN_TEXT.sub(self._found, words)

    def _found(self, found: re.Match[str]) -> str:
        if found["octet"]:
            return f"{self._octet(int(found['octet']))}."
        if found["six"]:
            top = _IPV6 + (self.number << _IPV6_STEP - 96)
            return f"{top >> 16:x}:{top & 0xFFFF:x}"
        if found["named"]:
            return f"{found['named']}{self.number or ''}"
        return self.code

    def _octet(self, octet: int) -> int:
        return _FIRST[octet] + self.number if octet in _FIRST else octet

    def address(self, family: int, value: int) -> int:
        """Move an address given as a number."""
        if family == 4:
            return self._octet(value >> 24) << 24 | value & 0xFFFFFF
        return value + (self.number << _IPV6_STEP) if value >> 96 == _IPV6 else value


class Copier:
    """Copies facts, or an inventory, with everything in them moved."""

    def __init__(self, move: Move) -> None:
        self._move = move
        self._text = lru_cache(maxsize=None)(move.text)
        self._kinds: dict[type[Any], Callable[[Any], Any]] = {
            str: self._text,
            tuple: lambda found: tuple(map(self, found)),
            frozenset: lambda found: frozenset(map(self, found)),
            dict: lambda found: {self(key): self(value) for key, value in found.items()},
            RouteRow: self._row,
            AddressPlan: lambda plan: AddressPlan(self(plan.prefixes)),
            **dict.fromkeys((IPv4Address, IPv6Address), self._address),
            **dict.fromkeys(
                (IPv4Network, IPv6Network, IPv4Interface, IPv6Interface), self._network
            ),
        }

    def __call__(self, found: Any) -> Any:  # noqa: ANN401 - facts are made of many kinds
        kind = type(found)
        copy = self._kinds.get(kind)
        if copy is not None:
            return copy(found)
        if is_dataclass(kind):
            return kind(*(self(getattr(found, f.name)) for f in fields(kind)))
        return kind._make(map(self, found)) if hasattr(kind, "_make") else found

    def _row(self, row: RouteRow) -> RouteRow:
        return RouteRow._make(
            [row.family, self._move.address(row.family, row.network), *map(self, row[2:])]
        )

    def _address(self, address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
        return type(address)(self._move.address(address.version, int(address)))

    def _network(self, network: Any) -> Any:  # noqa: ANN401 - four classes
        address = network.ip if hasattr(network, "ip") else network.network_address
        length = network.network.prefixlen if hasattr(network, "ip") else network.prefixlen
        return type(network)((self._move.address(network.version, int(address)), length))


def exits_of_a_nation(runs: int) -> list[Figure]:
    """Judge the exits of ever more devices, from facts that were read before."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        registered, facts = _read_province(home / "province")
        found: dict[int, list[dict[str, float]]] = {}
        for copies in _COPIES:
            work = home / f"nation-{copies}"
            write_nation(registered, facts, copies, work)
            found[copies * len(facts)] = [_judged(work) for _ in range(runs)]
    figures = [figure for count, ran in found.items() for figure in _figures(count, ran)]
    (few, least), *_, (many, most) = found.items()
    kib = [
        1024 * (m["rss_mb"] - o["rss_mb"]) / (many - few) for o, m in zip(least, most, strict=True)
    ]
    return [*figures, Figure("a nation", "memory for a device more", tuple(kib), "KiB")]


def _figures(count: int, ran: list[dict[str, float]]) -> Iterator[Figure]:
    bench = f"exits of {count} devices"

    def all_of(name: str, scale: float = 1.0) -> tuple[float, ...]:
        return tuple(scale * one[name] for one in ran)

    yield Figure(bench, "facts unpickled, CPU", all_of("read_s"), "s")
    yield Figure(bench, "judgement, CPU", all_of("judge_s"), "s")
    yield Figure(bench, "judgement, CPU a device", all_of("judge_s", 1e3 / count), "ms")
    yield Figure(bench, "memory with facts", all_of("facts_mb"), "MB")
    yield Figure(bench, "most memory", all_of("rss_mb"), "MB", "<= 2048", lambda v: v <= 2048)


def _judged(work: Path) -> dict[str, float]:
    """Judge in a process of its own and return what it took."""
    ran = subprocess.run(
        [sys.executable, "-m", __name__, str(work)], cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def _read_province(folder: Path) -> tuple[Inventory, dict[str, DeviceFacts]]:
    """Plan the province with large tables, and read all its devices."""
    from offline_lab import facts_of  # noqa: PLC0415 - the judging process does without

    from netops.lab.inventory_writer import write  # noqa: PLC0415
    from netops.lab.plan import plan  # noqa: PLC0415
    from netops.lab.spec_file import load_spec  # noqa: PLC0415

    folder.mkdir()
    spec = {**yaml.safe_load(SPEC.read_text(encoding="utf-8")), "routes_per_device": _ROUTES}
    path = folder / "spec.yaml"
    path.write_text(yaml.safe_dump(spec), encoding="utf-8")
    world = plan(load_spec(path))
    write(world, folder)
    registered = inventory.load(folder / "inventory")
    return registered, facts_of(world, registered)


def write_nation(
    registered: Inventory, facts: dict[str, DeviceFacts], copies: int, work: Path
) -> None:
    """Write the inventory of so many provinces, and all facts in the form of the cache."""
    moves = [Move(0, _HOME), *(Move(n, str(code)) for n, code in enumerate(_CODES, start=1))]
    copiers = [Copier(move) for move in moves[:copies]]
    whole = _joined([copier(registered) for copier in copiers])
    work.mkdir()
    (work / "inventory").write_bytes(pickle.dumps(whole))
    with (work / "facts").open("wb") as stream:
        for copier in copiers:
            for found in facts.values():
                body = cache._pickle(copier(found))
                stream.write(len(body).to_bytes(_LENGTH, "big") + body)


def _joined(provinces: list[Inventory]) -> Inventory:
    """Make one inventory of several; the loader would refuse more than one province."""
    first = provinces[0]
    tables: dict[str, Any] = {
        field.name: {key: row for one in provinces for key, row in getattr(one, field.name).items()}
        for field in fields(first)
        if isinstance(getattr(first, field.name), dict)
    }
    prefixes = dict.fromkeys(prefix for one in provinces for prefix in one.plan.prefixes)
    return replace(
        first,
        **tables,
        plan=AddressPlan(tuple(prefixes)),
        exemptions=tuple(e for one in provinces for e in one.exemptions),
    )


def main(work: Path) -> None:
    """Read the facts as an audit does, judge, print what it took."""
    whole: Inventory = pickle.loads((work / "inventory").read_bytes())  # noqa: S301 - our own
    policy = load_policy(ROOT / "policies" / "province.yaml")
    begin = time.process_time()
    with collector_off():
        facts = {found.device: found for found in _facts(work / "facts")}
    gc.freeze()
    if facts.keys() != whole.devices.keys():
        raise RuntimeError("facts are missing")
    read, facts_mb = time.process_time(), _most_memory()
    with collector_off():
        judged = exits.judge_exits(whole, facts, policy, _DAY)
    took = {
        "read_s": read - begin,
        "judge_s": time.process_time() - read,
        "facts_mb": facts_mb,
        "rss_mb": _most_memory(),
        "findings": len(judged.findings),
    }
    sys.stdout.write(json.dumps(took) + "\n")


def _facts(path: Path) -> Iterator[DeviceFacts]:
    with path.open("rb") as stream:
        while length := int.from_bytes(stream.read(_LENGTH), "big"):
            yield cache._Unpickler(io.BytesIO(stream.read(length))).load()


def _most_memory() -> float:
    """Return the most memory of this process, in MB; what its parent held does not count."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]))
