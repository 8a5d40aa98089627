"""Vertical applications: does a route lead from a government to where the application is served?

Filters are not looked at here: a route that exists may still be closed by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from netops.connectivity.network import Network
from netops.connectivity.standing import Standing
from netops.connectivity.walks import walk
from netops.findings import Verdict
from netops.inventory.model import Application

NO_ROUTE = "no_route"
ON_THE_WAY = "tables_missing_on_the_way"


@dataclass(frozen=True, slots=True)
class Service:
    """The verdict on one pair (application, government).

    ``cause`` is the government's own where that is not known to be connected; ``grounds`` are
    the devices of it that were read, ``unread`` those on the way without which nobody can say.
    """

    application: Application
    government: str
    verdict: Verdict
    cause: str | None = None
    unread: frozenset[str] = frozenset()
    grounds: tuple[str, ...] = ()


def judge_services(network: Network, standings: Mapping[str, Standing]) -> Iterator[Service]:
    """Judge every application for every government that must reach it."""
    for application in network.inventory.applications.values():
        for code, standing in standings.items():
            government = network.inventory.governments[code]
            if government.level not in application.levels or code == application.government:
                continue
            yield _judge(network, application, standing)


def _judge(network: Network, application: Application, standing: Standing) -> Service:
    code = standing.government
    if standing.verdict is Verdict.NOT_MET:
        return Service(application, code, Verdict.NOT_MET, standing.cause)
    grounds = [name for name in network.routers_of(code) if network.has_tables(name)]
    if not grounds:
        return Service(application, code, Verdict.UNKNOWN, standing.cause or "tables_missing")
    target = target_of(application)
    ways = [walk(network, name, target, _serves(network, application)) for name in grounds]
    if any(way.arrived and not way.trusted for way in ways):
        return Service(application, code, Verdict.MET)
    unread = frozenset(name for way in ways for name in way.trusted)
    if unread:
        return Service(application, code, Verdict.UNKNOWN, ON_THE_WAY, unread)
    return Service(application, code, Verdict.NOT_MET, NO_ROUTE, grounds=tuple(grounds))


def target_of(application: Application) -> int:
    """Return the address that is looked for: the first of the application's prefix."""
    return int(application.prefix.network_address) + 1


def _serves(network: Network, application: Application) -> Callable[[str], bool]:
    """Return a question: does a device hold the application's prefix as its own?"""
    target = target_of(application)
    length = application.prefix.prefixlen

    def holds(device: str) -> bool:
        table = network.table(device)
        if table is None or network.government_of(device) != application.government:
            return False
        return any(
            row.length >= length and not row.blackhole and row.protocol in ("direct", "static")
            for row in table.match(target)
        )

    return holds
