"""From the rows that SNMP gave (stored as JSON) to facts of the second source.

Rows are ``[oid, type, value]`` with dotted OIDs. What does not fit is left out: this source
can refute but never confirm, so less of it proves less.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from netops.evidence.observation import Observation, Outcome
from netops.facts.answers import AnswerState, CommandAnswer
from netops.facts.device import SnmpFacts
from netops.facts.snmp import SnmpInterface, SnmpRoute, SnmpSystem
from netops.facts.source import Source

SYS_DESCR, SYS_UPTIME, SYS_NAME = (f"1.3.6.1.2.1.1.{n}.0" for n in (1, 3, 5))
IF_DESCR, IF_ADMIN, IF_OPER = (f"1.3.6.1.2.1.2.2.1.{n}." for n in (2, 7, 8))
IP_ADDRESS = "1.3.6.1.2.1.4.20.1.2."
CIDR_ROUTE = "1.3.6.1.2.1.4.24.4.1.5."
INET_ROUTE = "1.3.6.1.2.1.4.24.7.1.7."
_UP = "1"
_WIDTH = {1: 4, 2: 16}
"""InetAddressType → octets of an address."""


@dataclass(slots=True)
class _Rows:
    """The rows of all SNMP observations by OID, each with the observation it came in."""

    values: dict[str, tuple[str, str]] = field(default_factory=dict)

    def below(self, prefix: str) -> Iterator[tuple[str, str, Source]]:
        """Yield (index, value, source) of the rows of one column."""
        for oid, (value, observation) in self.values.items():
            if oid.startswith(prefix):
                yield oid[len(prefix) :], value, Source(observation)


def read_snmp(
    observations: Iterable[Observation], full_interface: Callable[[str], str]
) -> tuple[SnmpFacts | None, tuple[CommandAnswer, ...]]:
    """Return the facts (None where SNMP was not asked) and a row for each table asked."""
    rows, answers = _Rows(), []
    for observation in observations:
        state, detail = _take(rows, observation)
        answers.append(
            CommandAnswer(
                command=observation.command,
                state=state,
                observation=observation.id,
                digest=observation.sealed or observation.digest,
                detail=detail,
            )
        )
    if not answers:
        return None, ()
    answered = any(answer.state is AnswerState.UNDERSTOOD for answer in answers)
    facts = SnmpFacts(
        answered=answered,
        system=_system(rows),
        interfaces=tuple(_interfaces(rows, full_interface)),
        default_routes=tuple(_routes(rows)),
    )
    return facts, tuple(answers)


def _take(rows: _Rows, observation: Observation) -> tuple[AnswerState, str]:
    if observation.outcome is not Outcome.ACCEPTED:
        return AnswerState.ERROR, observation.detail or observation.outcome.value
    try:
        listed = json.loads(observation.raw)["rows"]
        rows.values.update((str(oid), (str(value), observation.id)) for oid, _, value in listed)
    except (ValueError, KeyError, TypeError):
        return AnswerState.NOT_UNDERSTOOD, "not a document of SNMP rows"
    return AnswerState.UNDERSTOOD, ""


def _system(rows: _Rows) -> SnmpSystem | None:
    name = rows.values.get(SYS_NAME)
    if name is None:
        return None
    description, _ = rows.values.get(SYS_DESCR, ("", ""))
    uptime, _ = rows.values.get(SYS_UPTIME, ("0", ""))
    seconds = int(uptime) / 100 if uptime.isascii() and uptime.isdigit() else 0.0
    return SnmpSystem(name[0], description, seconds, Source(name[1]))


def _interfaces(rows: _Rows, full: Callable[[str], str]) -> Iterator[SnmpInterface]:
    admin = {index: value for index, value, _ in rows.below(IF_ADMIN)}
    oper = {index: value for index, value, _ in rows.below(IF_OPER)}
    addresses: dict[str, list[IPv4Address | IPv6Address]] = {}
    for text, index, _ in rows.below(IP_ADDRESS):
        address = _address(text)
        if address is not None:
            addresses.setdefault(index, []).append(address)
    for index, name, source in rows.below(IF_DESCR):
        if index.isdigit() and index in admin and index in oper:
            yield SnmpInterface(
                index=int(index),
                name=full(name),
                admin_up=admin[index] == _UP,
                oper_up=oper[index] == _UP,
                addresses=tuple(addresses.get(index, ())),
                source=source,
            )


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _routes(rows: _Rows) -> Iterator[SnmpRoute]:
    for index, value, source in rows.below(CIDR_ROUTE):
        parts = index.split(".")
        hop = _address(".".join(parts[9:13]))
        if parts[:8] == ["0"] * 8 and hop is not None and value.isdigit():
            yield SnmpRoute(IPv4Network("0.0.0.0/0"), hop, int(value), source)
    for index, value, source in rows.below(INET_ROUTE):
        route = _inet_route(index)
        if route is not None and value.isdigit():
            yield SnmpRoute(route[0], route[1], int(value), source)


def _inet_route(
    index: str,
) -> tuple[IPv4Network | IPv6Network, IPv4Address | IPv6Address] | None:
    """Take a default row's index apart: type, length, prefix, length, policy, type, length, hop."""
    try:
        numbers = [int(part) for part in index.split(".")]
        width = _WIDTH[numbers[0]]
        policy = 3 + width
        hop_at = policy + 1 + numbers[policy]
        hop_width = _WIDTH[numbers[hop_at]]
        hop = ip_address(bytes(numbers[hop_at + 2 : hop_at + 2 + hop_width]))
    except (ValueError, KeyError, IndexError):
        return None
    if numbers[1] != width or any(numbers[2 : 3 + width]):
        return None
    return (IPv4Network("0.0.0.0/0") if width == _WIDTH[1] else IPv6Network("::/0")), hop
