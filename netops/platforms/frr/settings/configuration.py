"""``show running-config`` as settings. What the host decides (SSH, accounts, time) is not in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from netops.facts.settings import Value
from netops.platforms.answer import Answer
from netops.platforms.frr.settings.peers import Peers
from netops.platforms.kin import keychains
from netops.platforms.kin.draft import Draft
from netops.platforms.kin.layout import (
    Layout,
    Notation,
    Statement,
    build,
    is_flat,
    number_of,
    split,
)
from netops.platforms.kin.terminals import seconds

_NOTATION = Notation(
    mark="!",
    comments="!#",
    end="end",
    opening="frr version ",
    closing=frozenset({"exit", "exit-vrf", "exit-address-family", "exit-vnc", "exit-route-map"}),
)
_EXEC_TIMEOUT = 600
_MOST = 64
_LEVELS = ("emergencies", "alerts", "critical", "errors", "warnings", "notifications",
           "informational", "debugging")  # fmt: skip
_KINDS = {"access-list": "access-list", "prefix-list": "prefix-list", "route-map": "route-map",
          "as-path": "filter-list", "distribute-list": "access-list",
          "filter-list": "filter-list"}  # fmt: skip


@dataclass(slots=True)
class Reading:
    """What the statements said."""

    peers: Peers = field(default_factory=Peers)
    values: dict[str, tuple[Value, int]] = field(default_factory=dict)
    lists: dict[tuple[str, str], tuple[int, list[str]]] = field(default_factory=dict)
    bound: list[tuple[str, str, str, int]] = field(default_factory=list)
    vty: tuple[int, dict[str, tuple[Value, int]]] = (0, {})
    destinations: dict[str, tuple[str, int]] = field(default_factory=dict)
    means: set[str] = field(default_factory=set)
    discards: dict[str, int] = field(default_factory=dict)
    leads_out: int = 0
    release: tuple[int, int] | None = None
    announced: int = 0
    """The line by which others are told that the way out is here."""


def lay_out(answer: Answer) -> tuple[Layout, str, str]:
    """Lay the text out; return the version too, and what is wrong with the text, if anything."""
    layout = build(answer, _NOTATION)
    version = ""
    for root in layout.roots:
        if root.text.startswith("frr version "):
            version = root.text.split(" ")[2][:40]
            break
    if not version:
        return layout, "", "no FRR configuration"
    if not layout.complete:
        return layout, version, "no end: the capture is cut"
    if layout.again:
        return layout, version, "several configurations in one answer"
    if is_flat(layout):
        return layout, version, "the indentation is lost: nobody knows what belongs to what"
    return layout, version, ""


def read_configuration(answer: Answer, layout: Layout) -> Draft:
    """Read every statement and write the settings."""
    reading = Reading()
    for root in layout.roots:
        words = root.words
        reader = _READERS.get(words[0])
        if reader is not None:
            reader(reading, root, words)
    draft = Draft(answer)
    _write(reading, draft)
    keychains.settle(draft, layout, needs_algorithm=False)
    return draft


def _secret(words: list[str]) -> str:
    """The form of a password: ``8`` before it marks a hash."""
    if not words:
        return "none"
    return "hash" if words[0] == "8" and len(words) > 1 else "plain"


def _password(reading: Reading, root: Statement, words: list[str]) -> None:
    reading.values["vty.secret"] = (_secret(words[1:]), root.line)


def _enable(reading: Reading, root: Statement, words: list[str]) -> None:
    if words[1:2] == ["password"]:
        reading.values["enable.secret"] = (_secret(words[2:]), root.line)


_SINCE = (7, 4)
"""The release from which on outside neighbours need a policy, but for those of data centres."""


def _frr(reading: Reading, _root: Statement, words: list[str]) -> None:
    """Read ``frr version N`` and ``frr defaults PROFILE``: what is not written follows them."""
    if words[1:2] == ["version"] and len(words) > 2:  # noqa: PLR2004 - the number
        numbers = [number_of(part, 1000) for part in words[2].split(".")[:2]]
        if len(numbers) == len(_SINCE) and None not in numbers:
            reading.release = numbers[0] or 0, numbers[1] or 0
    elif words[1:] == ["defaults", "datacenter"]:
        reading.peers.asks_by_default = False
    elif words[1:] == ["defaults", "traditional"] and reading.release is not None:
        reading.peers.asks_by_default = reading.release >= _SINCE


def _service(reading: Reading, root: Statement, words: list[str]) -> None:
    if words[1:] == ["password-encryption"]:
        reading.values["frr.password_encryption"] = (True, root.line)


def _log(reading: Reading, root: Statement, words: list[str]) -> None:
    """Read ``log syslog|file|stdout …``, ``log commands``, ``log timestamp precision N``."""
    topic = words[1] if len(words) > 1 else ""
    if topic in {"syslog", "file", "stdout", "monitor"}:
        level = next((word for word in words[2:] if word in _LEVELS), "debugging")
        reading.destinations[topic] = (level, root.line)
    elif topic == "commands":
        reading.values["log.commands"] = (True, root.line)
    elif words[1:3] == ["timestamp", "precision"] and len(words) > 3:  # noqa: PLR2004 - the number
        number = number_of(words[3], 12)
        if number is not None:
            reading.values["log.timestamp_precision"] = (number, root.line)


def _no(reading: Reading, root: Statement, words: list[str]) -> None:
    """Read what was switched off; a later ``no`` overrules an earlier line."""
    if words[1:] == ["service", "password-encryption"]:
        reading.values["frr.password_encryption"] = (False, root.line)
    elif words[1:2] == ["log"] and len(words) > 2:  # noqa: PLR2004 - the destination
        reading.destinations.pop(words[2], None)
        reading.values.pop("log.commands" if words[2] == "commands" else "", None)
    elif words[1:3] == ["ip", "route"] and len(words) > 3:  # noqa: PLR2004 - the prefix
        reading.discards.pop(words[3], None)
    elif words[1:2] == ["password"]:
        reading.values.pop("vty.secret", None)
    elif words[1:3] == ["enable", "password"]:
        reading.values.pop("enable.secret", None)


_LINE_WORDS = {"exec-timeout": "idle", "access-class": "acl"}


def _line(reading: Reading, root: Statement, _words: list[str]) -> None:
    """Read ``line vty``; a second block goes on with the first."""
    found = dict(reading.vty[1])
    for child in root.below:
        parts = child.words
        if parts[0] == "exec-timeout":
            timeout = seconds(parts[1:])
            if timeout is not None:
                found["idle"] = (timeout, child.line)
        elif parts[0] == "access-class" and len(parts) > 1:
            found["acl"] = (parts[1], child.line)
            reading.bound.append(("access-list", parts[1], "vty", child.line))
        elif parts[:2] == ["ipv6", "access-class"] and len(parts) > 2:  # noqa: PLR2004 - the list
            found["acl6"] = (parts[2], child.line)
            reading.bound.append(("ipv6 access-list", parts[2], "vty", child.line))
        elif parts[0] == "no" and parts[1:2] and parts[1] in _LINE_WORDS:
            found.pop(_LINE_WORDS[parts[1]], None)
        elif parts in (["login"], ["no", "login"]):
            found["asked"] = (len(parts) == 1, child.line)
    reading.vty = (root.line, found)


def _list(reading: Reading, root: Statement, words: list[str]) -> None:
    """Read one row of a list: ``access-list N [seq S] permit …``, ``ip prefix-list N …``."""
    family = ""
    if words[0] in {"ip", "ipv6"}:
        family = "ipv6 " if words[0] == "ipv6" else ""
        words = words[1:]
    elif words[0] == "bgp":
        words = words[1:]
    if len(words) < 3 or words[0] not in {"access-list", "prefix-list", "as-path"}:  # noqa: PLR2004
        return
    if words[0] == "as-path":
        words = words[1:]
        family, kind = "", "filter-list"
    else:
        kind = _KINDS[words[0]]
    _, rows = reading.lists.setdefault((family + kind, words[1]), (root.line, []))
    rows.append(" ".join(words[2:])[:200])


def _ip(reading: Reading, root: Statement, words: list[str]) -> None:
    if words[1:2] != ["route"]:
        _list(reading, root, words)
    elif words[0] == "ip" and len(words) > 3 and words[3].lower() in _NOWHERE:  # noqa: PLR2004
        reading.discards[words[2]] = root.line
    elif words[:3] == ["ip", "route", "0.0.0.0/0"] and "vrf" not in words:
        reading.leads_out = reading.leads_out or root.line


_NOWHERE = frozenset({"null0", "blackhole", "reject"})


def _route_map(reading: Reading, root: Statement, words: list[str]) -> None:
    if len(words) < 2:  # noqa: PLR2004 - keyword and name
        return
    rows = reading.lists.setdefault(("route-map", words[1]), (root.line, []))[1]
    asks = any(child.text.startswith(("match ", "call ")) for child in root.below)
    rows.append(" ".join(words[2:3] if asks else [*words[2:3], "any"])[:200])
    for child in root.below:
        parts = child.words
        if parts[0] == "match" and "prefix-list" in parts[:-1]:
            family = "ipv6 " if parts[1] == "ipv6" else ""
            reading.bound.append(
                (f"{family}prefix-list", parts[-1], f"route-map {words[1]}", child.line)
            )
        elif parts[:3] == ["match", "ip", "address"] and len(parts) == 4:  # noqa: PLR2004 - a list
            reading.bound.append(("access-list", parts[3], f"route-map {words[1]}", child.line))


def _router(reading: Reading, root: Statement, words: list[str]) -> None:
    lines = [child for each in root.below for child in (each, *each.below)]
    reading.announced = reading.announced or next(
        (child.line for child in lines if _announces(child.text)), 0
    )
    if words[1:2] == ["bgp"]:
        reading.peers.bgp(root, words)
    elif words[1:2] == ["ospf"]:
        reading.peers.ospf(root)
    elif words[1:2] == ["isis"]:
        reading.peers.isis.read(root, words[1:])
    elif words[1:2] == ["rip"]:
        reading.peers.rip(root)


def _announces(text: str) -> bool:
    return "default-originate" in text or text.startswith("default-information originate")


def _interface(reading: Reading, root: Statement, words: list[str]) -> None:
    reading.peers.interface(root, words)
    if any(child.text.startswith("vrrp ") for child in root.below):
        reading.means.add("vrrp")


def _bfd(reading: Reading, _root: Statement, _words: list[str]) -> None:
    reading.means.add("bfd")


_READERS: Mapping[str, Callable[[Reading, Statement, list[str]], None]] = {
    "access-list": _list,
    "bfd": _bfd,
    "bgp": _list,
    "enable": _enable,
    "frr": _frr,
    "interface": _interface,
    "ip": _ip,
    "ipv6": _ip,
    "line": _line,
    "log": _log,
    "no": _no,
    "password": _password,
    "route-map": _route_map,
    "router": _router,
    "service": _service,
}


def _write(reading: Reading, draft: Draft) -> None:
    asked, line = reading.vty[1].get("asked", (True, 0))
    if not asked:
        reading.values["vty.secret"] = ("not_asked", line)
    for name, form in (("vty.secret", "none"), ("enable.secret", "none")):
        draft.put(name, *reading.values.pop(name, (form, 0)))
    draft.put("frr.password_encryption",
              *reading.values.pop("frr.password_encryption", (False, 0)))  # fmt: skip
    draft.put("log.commands", *reading.values.pop("log.commands", (False, 0)))
    precision = reading.values.pop("log.timestamp_precision", (0, 0))
    draft.put("log.timestamp_precision", *precision)
    draft.put("log.destinations", tuple(sorted(reading.destinations)))
    for name, (level, line) in reading.destinations.items():
        draft.put("log.level", level, line, key=name)
    _write_vty(reading, draft)
    reading.peers.open_filters.update(
        (kind.removeprefix("ipv6 "), name)
        for (kind, name), (_, rows) in reading.lists.items()
        if _lets_all_pass(rows)
    )
    reading.peers.write(draft)
    _write_lists(reading, draft)
    is_exit = bool(reading.leads_out and reading.announced)
    draft.put("exit.announced", is_exit, reading.announced if is_exit else 0)
    places = list(reading.discards.values()) or [0]
    draft.put("routing.discards", tuple(reading.discards)[:_MOST], min(places), max(places))
    if reading.peers.links or reading.peers.peers:
        draft.put("redundancy.means", tuple(sorted(reading.means)))


def _write_vty(reading: Reading, draft: Draft) -> None:
    where, found = reading.vty
    draft.put("vty.idle_timeout_s", *found.get("idle", (_EXEC_TIMEOUT, where)), key="vty")
    for topic, kind in (("acl", "access-list"), ("acl6", "ipv6 access-list")):
        if topic in found:
            wanted, line = found[topic]
            draft.put(f"vty.{topic}_state", _state(reading, kind, str(wanted)), line, key="vty")


def _state(reading: Reading, kind: str, name: str) -> str:
    """What binding a list to the lines achieves.

    Without one nothing is said: the options of the daemons decide who reaches them.
    """
    found = reading.lists.get((kind, name))
    if found is None:
        return "undefined"
    for row in found[1]:
        words = _row(row)
        if words[1:2] in (["any"], ["0.0.0.0/0"], ["::/0"]) or words[2:] == [_EVERY_BIT]:
            return "open" if words[0] == "permit" else "restricting"
    return "restricting"


_EVERY_BIT = "255.255.255.255"
"""The wildcard of a numbered list that lets every source pass."""


def _row(text: str) -> list[str]:
    """The words of a row behind its number."""
    words = [word for word in split(text) if word != "ip"]
    return words[2:] if words[:1] == ["seq"] else words


_ALL = (["any"], [".*"], ["0.0.0.0/0", "le", "32"], ["::/0", "le", "128"])


def _lets_all_pass(rows: list[str]) -> bool:
    """Whether the first row permits every route: such a filter filters nothing."""
    words = _row(rows[0]) if rows else []
    return words[:1] == ["permit"] and words[1:] in _ALL


def _write_lists(reading: Reading, draft: Draft) -> None:
    """Write which lists are bound and not there, and which are there and not bound."""
    bound = list(reading.bound)
    for topic, name, place, line in reading.peers.lists:
        bound.append((_KINDS.get(topic, topic), name, place, line))
    used: set[tuple[str, str]] = set()
    for kind, name, place, line in bound:
        keys = [key for key in ((kind, name), (f"ipv6 {kind}", name)) if key in reading.lists]
        used.update(keys)
        state = "defined" if keys else "undefined"
        draft.put("acl.binding", state, line, key=f"{place}: {name}")
    spoken = {key[1] for key in used}
    for key, (line, _rows) in reading.lists.items():
        if key not in used and key[1] not in spoken:
            draft.put("acl.unused", value=True, first=line, key=" ".join(key))
