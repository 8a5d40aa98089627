"""From the record of one device to its facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.facts.answers import AnswerState, CommandAnswer
from netops.facts.device import Contact, DeviceFacts
from netops.platforms.base import Platform
from netops.platforms.registry import platform as registered
from netops.reading.merging import merge
from netops.reading.reduction import RouteKeep, reduce_tables
from netops.reading.snmp import read_snmp
from netops.reading.understanding import understand

SNMP = "snmp"


def read_device(
    record: DeviceRecord,
    *,
    platform_of: Callable[[str], Platform] = registered,
    keep: RouteKeep | None = None,
) -> DeviceFacts:
    """Return everything understood of one device; ``keep`` reduces its routing tables."""
    platform = platform_of(record.platform)
    understood = [understand(o, platform) for o in best_of(record.observations)]
    snmp, snmp_answers = read_snmp(
        [o for o in record.observations if o.source == SNMP], platform.full_interface
    )
    # What was cut or not understood is no ground for any verdict, so its facts are not handed on.
    merged = merge(
        one.parsed.facts for one in understood if one.answer.state is AnswerState.UNDERSTOOD
    )
    if keep is not None:
        merged["routes"] = reduce_tables(merged["routes"], keep, _hops(merged))
    return DeviceFacts(
        device=record.device,
        platform=record.platform,
        contact=record.contact,
        detail=record.detail,
        snmp=snmp,
        answers=(*(one.answer for one in understood), *_missing(record, platform), *snmp_answers),
        unread=tuple(line for one in understood for line in one.parsed.unread),
        **merged,
    )


def _missing(record: DeviceRecord, platform: Platform) -> Iterator[CommandAnswer]:
    """Yield a row for every command that an audit needs and that nobody put to the device."""
    asked = {observation.command for observation in record.observations}
    if record.contact is Contact.ANSWERED:
        for command in platform.first_commands():
            if command.needed_by and command.text not in asked:
                yield CommandAnswer(
                    command.text, AnswerState.NOT_ASKED, needed_by=command.needed_by
                )


def best_of(observations: Iterable[Observation]) -> Iterable[Observation]:
    """Choose one observation a command: an accepted one, else the last try."""
    chosen: dict[str, Observation] = {}
    for observation in observations:
        if observation.source == SNMP:
            continue
        known = chosen.get(observation.command)
        if known is None or known.outcome is not Outcome.ACCEPTED:
            chosen[observation.command] = observation
    return chosen.values()


def _hops(merged: dict[str, Any]) -> Iterator[IPv4Address | IPv6Address]:
    """Yield the addresses that a judgement may look up in this device's tables by itself."""
    for static in merged.get("statics", ()):
        if static.next_hop is not None:
            yield static.next_hop
    for policy in merged.get("policy_routes", ()):
        yield from policy.next_hops
    for route in merged.get("vpn_routes", ()):
        yield route.next_hop
    for peer in merged.get("bgp_peers", ()):
        yield peer.address
    for tunnel in merged.get("tunnels", ()):
        if tunnel.peer is not None:
            yield tunnel.peer
