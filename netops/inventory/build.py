"""Turns records into the nouns of the model and hands them to the checks.

Knows which column feeds which field. Refuses to know what nouns mean to one another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from netops.addressing import AddressClass, AddressPlan, PlannedPrefix
from netops.divisions import Level
from netops.errors import Sentence
from netops.inventory.checks import run_checks
from netops.inventory.columns import PLATFORMS, ROLES
from netops.inventory.fields import Fields
from netops.inventory.graded_file import build_confirmations, build_graded
from netops.inventory.model import (
    AccessClass,
    Application,
    Area,
    Credential,
    Department,
    Device,
    Exemption,
    Exit,
    ExitLine,
    Government,
    GovernmentStatus,
    Inventory,
    Link,
    LinkEnd,
    LinkKind,
    Node,
    PrivateNetwork,
    SnmpAccess,
    Subnet,
)
from netops.inventory.probing_file import build_probing
from netops.inventory.tables import Faults, Row

_T = TypeVar("_T")


class Builder:
    """Collects the records of all files, then builds and checks the inventory."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.fields = Fields(faults)
        self.rows: dict[str, tuple[Row, ...]] = {}
        self.yaml: dict[str, Row | None] = {}
        self.places: dict[tuple[str, str], Row] = {}
        self.broken: dict[str, tuple[Row, ...]] = {}
        self.confirmation_rows: tuple[Row, ...] = ()

    def take_rows(self, file: str, rows: tuple[Row, ...], broken: tuple[Row, ...] = ()) -> None:
        """Keep the rows of a CSV file, and those of which only the name can be told."""
        self.rows[file] = rows
        self.broken[file] = broken

    def take_yaml(self, file: str, top: Row | None) -> None:
        """Keep the top mapping of a YAML file."""
        self.yaml[file] = top

    def build(self, known_hosts: str, digest: str) -> Inventory:
        """Build what can be built; every record that cannot is a fault already."""
        top = self.yaml["inventory.yaml"]
        province, title, invented = self._head(top)
        confirmed, self.confirmation_rows = build_confirmations(
            self.yaml.get("confirmations.yaml"), self.fields
        )
        inventory = Inventory(
            province=province,
            title=title,
            governments=self._keyed("governments.csv", "code", "government", self._government),
            nodes=self._keyed("nodes.csv", "id", "node", self._node),
            devices=self._keyed("devices.csv", "id", "device", self._device),
            links=self._keyed("links.csv", "id", "link", self._link),
            departments=self._departments(),
            exits=self._listed("exits.yaml", "exits", "exit", self._exit),
            plan=self._plan(),
            applications=self._listed(
                "applications.yaml", "applications", "application", self._application
            ),
            private_networks=self._listed(
                "private_networks.yaml", "private_networks", "private_network", self._private
            ),
            exemptions=tuple(
                self._listed("exemptions.yaml", "exemptions", "exemption", self._exemption).values()
            ),
            credentials=self._credentials(),
            known_hosts=known_hosts,
            digest=digest,
            invented=invented,
            probing=build_probing(self.yaml.get("probing.yaml"), self.fields, self._collect),
            graded=build_graded(self.yaml.get("graded.yaml"), self.fields, self._collect),
            confirmations=confirmed,
        )
        run_checks(inventory, self)
        return inventory

    def row_of(self, kind: str, key: str) -> Row:
        """Return the record that a noun was built from."""
        return self.places[(kind, key)]

    def has_row(self, kind: str, key: str) -> bool:
        """Whether a record of that name stands in the files, be it faulty or not."""
        return (kind, key) in self.places

    def _head(self, top: Row | None) -> tuple[str, str, bool]:
        if top is None:
            return "", "", False
        self.fields.only(top, ("schema", "province", "title", "invented", "source"))
        if top.text("schema") != "netops/inventory/1":
            self.faults.add(
                "bad_schema",
                top.place("schema"),
                Sentence("The schema “{text}” is not known.", text=top.text("schema")),
                "Write `schema: netops/inventory/1`.",
            )
        province = self.fields.required(top, "province")
        return province, self.fields.required(top, "title"), self.fields.flag(top, "invented")

    def _keyed(
        self, file: str, key: str, kind: str, make: Callable[[Row], _T | None]
    ) -> dict[str, _T]:
        for row in self.broken.get(file, ()):
            self.places.setdefault((kind, row.text(key)), row)
        return self._collect(self.rows[file], key, kind, make)

    def _listed(
        self, file: str, name: str, kind: str, make: Callable[[Row], _T | None]
    ) -> dict[str, _T]:
        top = self.yaml[file]
        if top is None:
            return {}
        self.fields.only(top, (name,))
        key = "number" if kind == "exemption" else "id"
        return self._collect(tuple(self.fields.rows(top, name)), key, kind, make)

    def _collect(
        self, rows: tuple[Row, ...], key: str, kind: str, make: Callable[[Row], _T | None]
    ) -> dict[str, _T]:
        made: dict[str, _T] = {}
        for row in rows:
            name = self.fields.required(row, key)
            if not name:
                continue
            if (kind, name) in self.places:
                first = self.places[(kind, name)].line
                self.faults.add(
                    "duplicate_id",
                    row.place(key),
                    Sentence("“{name}” stands already at line {line}.", name=name, line=first),
                    "Give each record an id of its own.",
                )
                continue
            self.places[(kind, name)] = row
            value = make(row)
            if value is not None:
                made[name] = value
        return made

    def _government(self, row: Row) -> Government | None:
        level = self.fields.choice(row, "level", Level)
        status = self.fields.choice(row, "status", GovernmentStatus)
        exits = self.fields.number(row, "exits_allowed", (0, 9), 0)
        if level is None or status is None or exits is None:
            return None
        return Government(
            row.text("code"),
            self.fields.required(row, "name"),
            level,
            row.text("parent") or None,
            exits,
            status,
        )

    def _node(self, row: Row) -> Node:
        paths = self.fields.number(row, "disjoint_paths", (1, 9), 1)
        return Node(
            row.text("id"), self.fields.required(row, "government"), row.text("site"), paths or 1
        )

    def _device(self, row: Row) -> Device | None:
        self.fields.file_id(row, "id")
        self.fields.host(row)
        address = self.fields.address(row, "address")
        platform = self.fields.word(row, "platform", PLATFORMS)
        role = self.fields.word(row, "role", ROLES)
        transport = self.fields.word(row, "transport", ("ssh", "telnet"), "ssh")
        port = self.fields.number(row, "port", (1, 65535), 23 if transport == "telnet" else 22)
        node = self.places.get(("node", self.fields.required(row, "node")))
        if address is None:
            return None
        return Device(
            id=row.text("id"),
            name=row.text("name") or row.text("id"),
            node=row.text("node"),
            government=node.text("government") if node else "",
            role=role,
            platform=platform,
            address=address,
            host=row.text("host") or str(address),
            port=port or 22,
            transport=transport,
            ssh=self.fields.word(row, "ssh", ("modern", "legacy"), "modern"),
            via=tuple(v for v in row.text("via").split(";") if v),
            credential=self.fields.required(row, "credential"),
            snmp=self._snmp(row),
            department=row.text("department") or None,
        )

    def _snmp(self, row: Row) -> SnmpAccess | None:
        version = self.fields.word(row, "snmp", ("v2c", "v3"), "")
        if not version:
            return None
        port = self.fields.number(row, "snmp_port", (1, 65535), 161)
        return SnmpAccess(version, port or 161, self.fields.required(row, "snmp_credential"))

    def _link(self, row: Row) -> Link | None:
        kind = self.fields.choice(row, "kind", LinkKind)
        a = LinkEnd(self.fields.required(row, "a_device"), self.fields.required(row, "a_interface"))
        b = LinkEnd(row.text("b_device"), row.text("b_interface"))
        capacity = self.fields.number(row, "capacity_mbps", (1, 10_000_000), None)
        if kind is None:
            return None
        far = b if b.device or b.interface else None
        return Link(row.text("id"), kind, a, far, row.text("carrier"), capacity)

    def _departments(self) -> dict[str, Department]:
        subnets: dict[str, list[Subnet]] = {}
        for row in self.rows["subnets.csv"]:
            prefix = self.fields.prefix(row, "prefix", row.text("prefix"))
            area = self.fields.choice(row, "area", Area)
            if prefix is None or area is None:
                continue
            owner = self.fields.required(row, "department")
            key = f"{owner} {prefix} {row.text('vpn')}"
            if ("subnet", key) in self.places:
                self.faults.add(
                    "duplicate_prefix",
                    row.place("prefix"),
                    Sentence(
                        "The subnet {prefix} of “{owner}” stands twice.", prefix=prefix, owner=owner
                    ),
                    "Remove one of the rows.",
                )
                continue
            self.places[("subnet", key)] = row
            subnets.setdefault(owner, []).append(Subnet(owner, prefix, area, row.text("vpn")))

        def make(row: Row) -> Department | None:
            access = self.fields.choice(row, "access_class", AccessClass)
            if access is None:
                return None
            return Department(
                row.text("id"),
                self.fields.required(row, "government"),
                self.fields.required(row, "name"),
                access,
                row.text("exit") or None,
                tuple(subnets.get(row.text("id"), ())),
            )

        return self._keyed("departments.csv", "id", "department", make)

    def _exit(self, row: Row) -> Exit:
        self.fields.only(row, ("id", "government", "name", "department", "lines", "pools"))
        lines = []
        for line in self.fields.rows(row, "lines"):
            self.fields.only(line, ("device", "interface", "carrier"))
            lines.append(
                ExitLine(
                    self.fields.required(line, "device"),
                    self.fields.required(line, "interface"),
                    line.text("carrier"),
                )
            )
        pools = [self.fields.prefix(row, "pools", text) for text in self.fields.texts(row, "pools")]
        return Exit(
            row.text("id"),
            self.fields.required(row, "government"),
            row.text("name"),
            tuple(lines),
            tuple(p for p in pools if p is not None),
            row.text("department") or None,
        )

    def _plan(self) -> AddressPlan:
        top = self.yaml["address_plan.yaml"]
        planned = []
        if top is not None:
            self.fields.only(top, ("prefixes",))
            for row in self.fields.rows(top, "prefixes"):
                self.fields.only(row, ("prefix", "class", "owner", "source", "status"))
                prefix = self.fields.prefix(row, "prefix", row.text("prefix"))
                kind = self.fields.choice(row, "class", AddressClass)
                if prefix is not None and kind is not None:
                    self.places[("planned", str(prefix))] = row
                    planned.append(
                        PlannedPrefix(
                            prefix, kind, row.text("owner"), row.text("source"), row.text("status")
                        )
                    )
        return AddressPlan(tuple(planned))

    def _application(self, row: Row) -> Application | None:
        self.fields.only(
            row, ("id", "name", "tier", "prefix", "government", "levels", "vpn", "status")
        )
        prefix = self.fields.prefix(row, "prefix", row.text("prefix"))
        levels = [level for level in self.fields.texts(row, "levels") if self._is_level(row, level)]
        if prefix is None:
            return None
        return Application(
            row.text("id"),
            self.fields.required(row, "name"),
            self.fields.word(row, "tier", ("centre", "province")),
            prefix,
            self.fields.required(row, "government"),
            tuple(Level(level) for level in levels),
            row.text("vpn"),
            row.text("status") or "sample",
        )

    def _is_level(self, row: Row, text: str) -> bool:
        if text in tuple(Level):
            return True
        self.faults.add(
            "unknown_value",
            row.place("levels"),
            Sentence("“{text}” is not a level.", text=text),
            Sentence("Use: {values}.", values=", ".join(Level)),
        )
        return False

    def _private(self, row: Row) -> PrivateNetwork:
        self.fields.only(row, ("id", "name", "owner", "state", "sensitive", "prefixes", "end"))
        prefixes = [
            self.fields.prefix(row, "prefixes", t) for t in self.fields.texts(row, "prefixes")
        ]
        return PrivateNetwork(
            row.text("id"),
            self.fields.required(row, "name"),
            row.text("owner"),
            self.fields.word(row, "state", ("keep", "migrating", "migrated", "closed")),
            self.fields.flag(row, "sensitive"),
            tuple(p for p in prefixes if p is not None),
            self.fields.day(row, "end") if row.text("end") else None,
        )

    def _exemption(self, row: Row) -> Exemption | None:
        self.fields.only(
            row,
            ("number", "rule", "subject", "reason", "relief", "exit", "approver", "begin", "end"),
        )
        begin, end = self.fields.day(row, "begin"), self.fields.day(row, "end")
        subject = row.values.get("subject")
        if not isinstance(subject, Row):
            self.faults.add(
                "missing_value",
                row.place("subject"),
                "The subject is not given.",
                "Write `subject: {kind: department, id: …}`.",
            )
            return None
        if begin is None or end is None:
            return None
        return Exemption(
            row.text("number"),
            self.fields.required(row, "rule"),
            self.fields.required(subject, "kind"),
            self.fields.required(subject, "id"),
            self.fields.required(row, "reason"),
            self.fields.required(row, "approver"),
            begin,
            end,
            row.text("relief") or None,
            row.text("exit") or None,
        )

    def _credentials(self) -> dict[str, Credential]:
        top = self.yaml["credentials.yaml"]
        listed = top.values.get("credentials") if top is not None else None
        made: dict[str, Credential] = {}
        if not isinstance(listed, Row):
            return made
        for name, row in listed.values.items():
            if not isinstance(row, Row):
                continue
            self.fields.only(
                row, ("kind", "username", "secret", "privacy", "auth_protocol", "privacy_protocol")
            )
            self.places[("credential", name)] = row
            made[name] = Credential(
                name,
                self.fields.word(row, "kind", ("ssh", "snmp_v2c", "snmp_v3")),
                row.text("username"),
                row.text("secret"),
                row.text("privacy"),
                row.text("auth_protocol"),
                row.text("privacy_protocol"),
            )
        return made
