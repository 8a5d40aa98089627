"""How the files of an inventory look as sheets of a workbook: a row a record, flat columns.

A record with a list of its own (an exit and its lines) takes a row for each item. Row numbers
of a sheet and line numbers of the files made from it are the same, so that a fault names the
row that people see.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from netops.errors import InputError, Place, Sentence
from netops.inventory.columns import CSV_COLUMNS
from netops.plainyaml import flow

YAML_COLUMNS: dict[str, tuple[str, ...]] = {
    "address_plan.yaml": ("prefix", "class", "owner", "source", "status"),
    "exits.yaml": ("id", "government", "name", "department", "pools", "device", "interface",
                   "carrier"),
    "exemptions.yaml": ("number", "rule", "subject_kind", "subject_id", "reason", "relief", "exit",
                        "approver", "begin", "end"),
    "applications.yaml": ("id", "name", "tier", "prefix", "government", "levels", "vpn", "status"),
    "private_networks.yaml": ("id", "name", "owner", "state", "sensitive", "prefixes", "end"),
    "credentials.yaml": ("name", "kind", "username", "secret", "privacy", "auth_protocol",
                         "privacy_protocol"),
    "inventory.yaml": ("province", "title", "invented", "source"),
}  # fmt: skip

LIST_KEY = {
    "address_plan.yaml": "prefixes",
    "exits.yaml": "exits",
    "exemptions.yaml": "exemptions",
    "applications.yaml": "applications",
    "private_networks.yaml": "private_networks",
}

KNOWN_HOSTS = "known_hosts"

_LISTS = frozenset({"pools", "levels", "prefixes"})
_SWITCHES = frozenset({"invented", "sensitive"})
_SEPARATORS = re.compile(r"[\s,;，、；]+")


def sheet_columns() -> dict[str, tuple[str, ...]]:
    """Return every sheet's name (the file's without its ending) and its columns."""
    made = {name.removesuffix(".csv"): columns for name, columns in CSV_COLUMNS.items()}
    made |= {name.removesuffix(".yaml"): columns for name, columns in YAML_COLUMNS.items()}
    made[KNOWN_HOSTS] = ("key",)
    return made


def yaml_text(file: str, rows: Sequence[dict[str, str]]) -> str:
    """Write the YAML file that a sheet describes, each record at the line of its row."""
    numbered = [(number, row) for number, row in enumerate(rows, start=2) if any(row.values())]
    if file == "inventory.yaml":
        return _head(numbered)
    if file == "credentials.yaml":
        records = _credentials(numbered)
    elif file == "exits.yaml":
        records = {number: f"- {flow(item)}" for number, item in _exits(numbered)}
    else:
        make = _exemption if file == "exemptions.yaml" else _typed
        records = {number: f"- {flow(make(row))}" for number, row in numbered}
    key = LIST_KEY.get(file, "credentials")
    if not records:
        return f"{key}: {'[]' if file in LIST_KEY else '{}'}\n"
    lines = [f"{key}:"]
    for number, record in records.items():
        lines += [""] * (number - 1 - len(lines))
        lines.append(record)
    return "\n".join(lines) + "\n"


def _head(rows: Sequence[tuple[int, dict[str, str]]]) -> str:
    if len(rows) > 1:
        raise _refusal("inventory", rows[1][0], "The sheet describes one inventory.")
    head = {"schema": "netops/inventory/1", **(_typed(rows[0][1]) if rows else {})}
    return "".join(f"{name}: {flow(value)}\n" for name, value in head.items())


def _credentials(rows: Sequence[tuple[int, dict[str, str]]]) -> dict[int, str]:
    made: dict[int, str] = {}
    names: set[str] = set()
    for number, row in rows:
        if row["name"] in names:
            cause = Sentence("The credential “{name}” stands twice.", name=row["name"])
            raise _refusal("credentials", number, cause)
        names.add(row["name"])
        made[number] = f"  {flow(row['name'])}: {flow(_typed(row, 'name'))}"
    return made


def _refusal(sheet: str, row: int, cause: str) -> InputError:
    return InputError(cause, remedy="Remove or correct this row.", place=Place(sheet, row))


def _typed(row: dict[str, str], *without: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, text in row.items():
        if name in without or text == "":
            continue
        if name in _LISTS:
            made[name] = [part for part in _SEPARATORS.split(text) if part]
        elif name in _SWITCHES and text.lower() in ("true", "false"):
            made[name] = text.lower() == "true"
        else:
            made[name] = text
    return made


def _exits(rows: Sequence[tuple[int, dict[str, str]]]) -> list[tuple[int, dict[str, Any]]]:
    """Join the rows of an exit; what stands in a later row too must be what the first says."""
    made: dict[str, tuple[int, dict[str, Any]]] = {}
    for number, row in rows:
        own = _typed(row, "device", "interface", "carrier")
        _first, item = made.setdefault(row["id"], (number, dict(own)))
        for name, value in own.items():
            if item.get(name) != value:
                cause = Sentence("The row says another “{name}” of the same exit.", name=name)
                raise _refusal("exits", number, cause)
        line = {name: row[name] for name in ("device", "interface", "carrier") if row[name]}
        if line:
            item.setdefault("lines", []).append(line)
    return list(made.values())


def _exemption(row: dict[str, str]) -> dict[str, Any]:
    made = _typed(row, "subject_kind", "subject_id")
    made["subject"] = {"kind": row["subject_kind"], "id": row["subject_id"]}
    return made


def from_yaml(file: str, document: Any) -> list[dict[str, str]]:  # noqa: ANN401 - a YAML document
    """Return the flat rows of a YAML document; the inverse of ``yaml_text``."""
    if not isinstance(document, dict):
        return []
    if file == "inventory.yaml":
        return [_flat(file, {k: v for k, v in document.items() if k != "schema"})]
    if file == "credentials.yaml":
        items = document.get("credentials") or {}
        return [_flat(file, {"name": name, **body}) for name, body in items.items()]
    items = document.get(LIST_KEY[file]) or []
    if file == "exits.yaml":
        return [
            _flat(file, {**item, **line}) for item in items for line in (item.get("lines") or [{}])
        ]
    return [_flat(file, {**item, **_subject(item)}) for item in items]


def _subject(item: dict[str, Any]) -> dict[str, Any]:
    subject = item.get("subject") or {}
    return {f"subject_{name}": value for name, value in subject.items()}


def _flat(file: str, item: dict[str, Any]) -> dict[str, str]:
    made = {}
    for name in YAML_COLUMNS[file]:
        value = item.get(name)
        if isinstance(value, list):
            made[name] = " ".join(str(part) for part in value)
        elif isinstance(value, bool):
            made[name] = str(value).lower()
        else:
            made[name] = "" if value is None else str(value)
    return made
