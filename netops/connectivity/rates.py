"""Rates of connectivity per level (design §3: counts over one denominator)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from netops.connectivity.network import Network
from netops.connectivity.redundancy import Joined
from netops.connectivity.standing import Standing
from netops.divisions import Level
from netops.findings import Rate, Text, Verdict, judge_rate
from netops.inventory.model import Government
from netops.policy.model import Policy

CONNECTED = Text(
    zh="已证实联通的政府数 ÷ 登记的政府数；下限=已证实，上限=登记数减去已证实不通",
    en="governments proven connected ÷ governments registered; ceiling = registered − proven cut",
)
REDUNDANT = Text(
    zh="不相交路径数达到登记要求的政府数 ÷ 登记的政府数（仅供参考，不判定）",
    en="governments with as many disjoint paths as registered ÷ governments registered "
    "(information, not judged)",
)


def make_rates(
    network: Network,
    standings: Mapping[str, Standing],
    joined: Mapping[str, Joined],
    policy: Policy,
) -> Iterator[Rate]:
    """Yield both rates for each level that has governments."""
    for level in Level:
        governments = network.inventory.registered(level)
        if governments:
            yield _connected(network, level, governments, standings, policy)
            yield _redundant(network, level, governments, standings, joined)


def _connected(
    network: Network,
    level: Level,
    governments: tuple[Government, ...],
    standings: Mapping[str, Standing],
    policy: Policy,
) -> Rate:
    lists = _sort(governments, lambda g: _verdict(standings, g))
    met, cut = len(lists["met"]), len(lists["not_met"])
    total = len(governments)
    closure = _closure(network, governments)
    target = policy.target("connectivity.connected", level)
    counts = (total, met, met, total - cut, 0)
    verdict = Verdict.NOT_APPLICABLE
    if target is not None:
        verdict = judge_rate(counts, target.value, closure, policy.closure)
    nodes = {node.government for node in network.inventory.nodes.values()}
    return Rate(
        id="connectivity.connected",
        scope=level,
        denominator=total,
        floor=met,
        reported=met,
        ceiling=total - cut,
        declared=sum(1 for g in governments if g.code in nodes),
        target=None if target is None else target.value,
        plan=None if target is None else target.plan,
        closure=closure,
        verdict=verdict,
        formula=CONNECTED,
        sample=target is not None and target.status == "sample",
        lists={"not_met": lists["not_met"], "unknown": lists["unknown"]},
    )


def _redundant(
    network: Network,
    level: Level,
    governments: tuple[Government, ...],
    standings: Mapping[str, Standing],
    joined: Mapping[str, Joined],
) -> Rate:
    def verdict(government: Government) -> Verdict:
        paths = joined.get(government.code)
        if paths is None:
            return Verdict.UNKNOWN
        if paths.possible < paths.asked or _verdict(standings, government) is Verdict.NOT_MET:
            return Verdict.NOT_MET
        sure = paths.sure >= paths.asked
        met = sure and _verdict(standings, government) is Verdict.MET
        return Verdict.MET if met else Verdict.UNKNOWN

    lists = _sort(governments, verdict)
    met, total = len(lists["met"]), len(governments)
    return Rate(
        id="connectivity.redundant",
        scope=level,
        denominator=total,
        floor=met,
        reported=met,
        ceiling=total - len(lists["not_met"]),
        closure=_closure(network, governments),
        formula=REDUNDANT,
        lists={"not_met": lists["not_met"], "unknown": lists["unknown"]},
    )


def _sort(
    governments: tuple[Government, ...], verdict: Callable[[Government], Verdict]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {"met": [], "not_met": [], "unknown": []}
    for government in governments:
        found[verdict(government).value].append(government.code)
    return {name: tuple(codes) for name, codes in found.items()}


def _verdict(standings: Mapping[str, Standing], government: Government) -> Verdict:
    standing = standings.get(government.code)
    return Verdict.UNKNOWN if standing is None else standing.verdict


def _closure(network: Network, governments: tuple[Government, ...]) -> Fraction:
    devices = [name for g in governments for name in network.routers_of(g.code)]
    understood = sum(1 for name in devices if network.has_tables(name))
    return Fraction(understood, len(devices)) if devices else Fraction(0)
