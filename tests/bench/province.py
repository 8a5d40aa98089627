"""Benches of a whole province, and of what an audit costs without any device."""

from __future__ import annotations

import tempfile
from pathlib import Path

import yaml

from tests.bench.measuring import ROOT, Figure, Ran, netops

SPEC = ROOT / "playbooks" / "specs" / "all.yaml"
_FINE = (0, 1, 3)
"""A province with planted faults: an audit that finds them ends with 1, a gap is 3."""


def whole_province(runs: int) -> list[Figure]:
    """Laboratory, snapshot, both audits, report: what a user waits for, and what it costs."""
    found = [_round() for _ in range(runs)]
    bench = "whole province"
    steps = ("snapshot", "connectivity", "exits", "report")
    count = found[0][1]

    def client_ms(steps_taken: dict[str, Ran]) -> float:
        return 1000 * sum(steps_taken[s].cpu_s for s in steps) / count

    return [
        Figure(bench, "snapshot to HTML", tuple(sum(s[n].wall_s for n in steps) for s, *_ in found),
               "s", "60 - 120", lambda v: v <= 120),
        *(Figure(bench, f"{n}, CPU", tuple(s[n].cpu_s for s, *_ in found), "s") for n in steps),
        Figure(bench, "client CPU a device", tuple(client_ms(s) for s, *_ in found), "ms",
               "<= 30", lambda v: v <= 30),
        Figure(bench, "most memory", tuple(max(s[n].rss_mb for n in steps) for s, *_ in found),
               "MB", "<= 400", lambda v: v <= 400),
        Figure(bench, "largest page", tuple(page for *_, page in found), "MB",
               "<= 3", lambda v: v <= 3),
    ]  # fmt: skip


def _round() -> tuple[dict[str, Ran], int, float]:
    with tempfile.TemporaryDirectory() as name:
        lab, work, out = (Path(name) / part for part in ("lab", "work", "report"))
        _checked(netops("lab", "plan", SPEC, "--out", lab))
        _checked(netops("lab", "up", lab))
        place = ("--workspace", work)
        taken: dict[str, Ran] = {}
        try:
            taken["snapshot"] = _checked(
                netops("snapshot", "take", "--inventory", lab / "inventory", *place)
            )
        finally:
            netops("lab", "down", lab)
        taken["connectivity"] = _checked(netops("audit", "connectivity", *place))
        taken["exits"] = _checked(netops("audit", "exits", *place))
        taken["report"] = _checked(netops("report", "build", "--output", out, *place))
        devices = (lab / "inventory" / "devices.csv").read_text().splitlines()
        count = sum(1 for line in devices if not line.startswith(("#", "id,")))
        largest = max(page.stat().st_size for page in out.rglob("*.html")) / 1e6
    return taken, count, largest


def _checked(ran: Ran) -> Ran:
    if ran.code not in _FINE:
        raise RuntimeError(f"a step of the bench ended with {ran.code}")
    return ran


def audit_of_large_tables(runs: int) -> list[Figure]:
    """``audit exits`` over a province with 500 routes a device, from raw text and from cache."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name) / "work"
        count = _snapshot_of_large_tables(Path(name), work)
        raw, cached = [], []
        for _ in range(runs):
            for entry in (work / "cache").rglob("*"):
                if entry.is_file():
                    entry.unlink()
            raw.append(_checked(netops("audit", "exits", "--workspace", work)))
            cached.append(_checked(netops("audit", "exits", "--workspace", work)))
    bench = f"audit, {count} x 500 routes"
    return [
        Figure(bench, "from raw text, CPU", tuple(r.cpu_s for r in raw), "s",
               "<= 20", lambda v: v <= 20),
        Figure(bench, "from cache, CPU", tuple(r.cpu_s for r in cached), "s",
               "<= 5", lambda v: v <= 5),
        Figure(bench, "from raw text, memory", tuple(r.rss_mb for r in raw), "MB",
               "<= 400", lambda v: v <= 400),
        Figure(bench, "from cache, memory", tuple(r.rss_mb for r in cached), "MB",
               "<= 400", lambda v: v <= 400),
    ]  # fmt: skip


def _snapshot_of_large_tables(folder: Path, work: Path) -> int:
    """Write a snapshot of rendered text, without a socket."""
    from offline_lab import record_of  # noqa: PLC0415

    from netops import inventory  # noqa: PLC0415 - only this bench needs the laboratory
    from netops.evidence.writer import SnapshotWriter  # noqa: PLC0415
    from netops.facts.device import Contact  # noqa: PLC0415
    from netops.lab.inventory_writer import write  # noqa: PLC0415
    from netops.lab.plan import plan  # noqa: PLC0415
    from netops.lab.spec_file import load_spec  # noqa: PLC0415

    spec = {**yaml.safe_load(SPEC.read_text(encoding="utf-8")), "routes_per_device": 500}
    path = folder / "spec.yaml"
    path.write_text(yaml.safe_dump(spec), encoding="utf-8")
    world = plan(load_spec(path))
    write(world, folder)
    home = folder / "inventory"
    registered = inventory.load(home)
    silent = {"": Contact.ANSWERED, "slow": Contact.ANSWERED}
    with SnapshotWriter.create(
        work / "snapshots", home, registered.digest, tuple(registered.devices)
    ) as writer:
        for model in world.models():
            contact = silent.get(world.behaviour(model.id).ssh, Contact.HUNG)
            writer.add(record_of(model, contact))
        writer.finish()
    return len(registered.devices)


def help_page(runs: int) -> list[Figure]:
    """``netops --help``."""
    found = [netops("--help") for _ in range(max(runs, 5))]
    return [
        Figure("netops --help", "CPU", tuple(r.cpu_s for r in found), "s", "<= 0.3",
               lambda v: v <= 0.3)
    ]  # fmt: skip
