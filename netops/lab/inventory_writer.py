"""Writes a world to a folder: inventory with secrets, normalised specification, answer key.

The same world gives the same bytes. Secrets are files of mode 0600, made from the seed.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from netops.inventory.columns import CSV_COLUMNS
from netops.lab import inventory_rows as rows
from netops.lab.build.divisions import PACKAGED
from netops.lab.build.reflectors import REFLECTOR_SECRET
from netops.lab.keys import host_key, public_line, secret
from netops.lab.plan import World
from netops.lab.spec_text import DIVISIONS, spec_text

_PROBING = "probing.yaml"
SECRETS = ("ssh", "snmp-community", "snmp-auth", "snmp-privacy")
_NOTE = "# An invented network on real divisions, planned by `netops lab plan`. Do not edit.\n"


def write(world: World, directory: Path) -> None:
    """Write ``inventory/``, ``spec.yaml`` and ``truth.json`` into ``directory``."""
    inventory = directory / "inventory"
    write_records(world, inventory, _NOTE, rows.credentials())
    _write_csv(
        inventory / "governments.csv",
        _NOTE,
        CSV_COLUMNS["governments.csv"],
        rows.governments(world.net),
    )
    _write_secrets(world, inventory / "secrets")
    if world.spec.has_probes:
        _write_yaml(inventory / _PROBING, _NOTE, rows.probing(world.net))
    else:
        (inventory / _PROBING).unlink(missing_ok=True)
    _write_spec(world, directory)
    write_key(world, directory / "truth.json")


def write_key(world: World, place: Path) -> None:
    """Write the answer key of a world; a reader sees the old one or the new one."""
    draft = place.with_name(f".{place.name}.new")
    text = json.dumps(world.truth, ensure_ascii=False, indent=1)
    draft.write_text(f"{text}\n", encoding="utf-8")
    draft.replace(place)


def write_records(world: World, inventory: Path, note: str, credentials: Mapping[str, Any]) -> None:
    """Write the records of the network, under ``note``; no governments, no secrets."""
    inventory.mkdir(parents=True, exist_ok=True)
    net = world.net
    for name, lines in (
        ("nodes.csv", rows.nodes(net)),
        ("devices.csv", rows.devices(world)),
        ("links.csv", rows.links(net)),
        ("departments.csv", rows.departments(net)),
        ("subnets.csv", rows.subnets(net)),
    ):
        _write_csv(inventory / name, note, CSV_COLUMNS[name], lines)
    for name, mapping in (
        ("inventory.yaml", rows.head(net)),
        ("address_plan.yaml", rows.address_plan()),
        ("exits.yaml", rows.exits(net)),
        ("exemptions.yaml", rows.exemptions(net)),
        ("applications.yaml", rows.applications(net)),
        ("private_networks.yaml", rows.private_networks(net)),
        ("credentials.yaml", credentials),
    ):
        _write_yaml(inventory / name, note, mapping)
    (inventory / "known_hosts").write_text(_known_hosts(world), encoding="utf-8")


def _write_csv(path: Path, note: str, columns: tuple[str, ...], lines: Iterable[rows.Row]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(lines)
    path.write_text(note + text.getvalue(), encoding="utf-8")


def _write_yaml(path: Path, note: str, mapping: Mapping[str, Any]) -> None:
    text = yaml.dump(
        mapping,
        Dumper=yaml.CSafeDumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=100,
    )
    path.write_text(note + text, encoding="utf-8")


def _known_hosts(world: World) -> str:
    lines = []
    for router in world.net.routers.values():
        if "telnet" in world.quirks(router.id):
            continue
        is_rsa = "legacy_kex" in world.quirks(router.id)
        key = public_line(host_key(world.spec.seed, router.id, is_rsa=is_rsa))
        on_routers = world.spec.on_routers
        host = router.loopback if on_routers else rows.transport_address(router)
        lines.append(f"{host} {key}\n")
    return "".join(lines)


def _write_secrets(world: World, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    (folder / REFLECTOR_SECRET).unlink(missing_ok=True)
    for name in (*SECRETS, *((REFLECTOR_SECRET,) if world.spec.has_probes else ())):
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(folder / name, flags, 0o600), "w", encoding="utf-8") as file:
            file.write(secret(world.spec.seed, name) + "\n")
        (folder / name).chmod(0o600)


def _write_spec(world: World, directory: Path) -> None:
    """Write the specification, with the list of divisions beside it where it is not ours."""
    source = world.spec.divisions
    is_own = source is not None and source != PACKAGED
    if source is not None and is_own:
        target = directory / DIVISIONS
        if source != target.resolve():
            shutil.copyfile(source, target)
    text = spec_text(world.spec, divisions=DIVISIONS if is_own else None)
    (directory / "spec.yaml").write_text(text, encoding="utf-8")
