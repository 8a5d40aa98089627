"""Says which numbers of a report were samples, with the values that were used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from netops.divisions import Level
from netops.findings import AuditResult
from netops.i18n import Lang
from netops.inventory.model import Inventory
from netops.policy.model import Policy, Quality
from netops.reports.html.phrases import PHRASES, SAMPLES
from netops.reports.words import LEVELS, RATES, STRENGTHS, plain, share

_SAMPLE = "sample"
_HOUR = timedelta(hours=1)


def sample_lines(
    inventory: Inventory, results: tuple[AuditResult, ...], policy: Policy | None, lang: Lang
) -> list[str]:
    """Return a line for each value that no standard, plan or site gave."""
    names = dict.fromkeys(n for r in results for n in r.provenance.policy_samples)
    return [
        *(_of_policy(name, policy, lang) for name in names),
        *_of_inventory(inventory, lang),
    ]


def _of_policy(name: str, policy: Policy | None, lang: Lang) -> str:
    _, _, rest = name.partition("target.")
    if rest:
        rate, _, scope = rest.rpartition(".")
        word = plain(RATES.get(rate), rate).in_lang(lang)
        return f"{PHRASES['target'].in_lang(lang)} · {word} · {LEVELS[Level(scope)].in_lang(lang)}"
    word = plain(SAMPLES.get(name), name).in_lang(lang)
    value = "" if policy is None else _value(name.partition(".")[2], policy, lang)
    return f"{word}: {value}" if value else word


def _value(name: str, policy: Policy, lang: Lang) -> str:
    told = _VALUES.get(name)
    return str(getattr(policy, name, "")) if told is None else told(policy, lang)


def _closure(policy: Policy, _lang: Lang) -> str:
    return share(policy.closure.numerator, policy.closure.denominator)


def _strength(policy: Policy, lang: Lang) -> str:
    return STRENGTHS[policy.minimum_strength].in_lang(lang)


def _anchors(policy: Policy, _lang: Lang) -> str:
    return ", ".join(str(anchor) for anchor in policy.anchors)


def _tolerated(policy: Policy, lang: Lang) -> str:
    tolerated = policy.tolerated_unknown
    given = (f"{LEVELS[level].in_lang(lang)} {tolerated[level]}" for level in tolerated)
    return ", ".join(given) or "0"


def _term(policy: Policy, _lang: Lang) -> str:
    return "" if policy.evidence_valid_for is None else f"{policy.evidence_valid_for // _HOUR} h"


def _thresholds(policy: Policy, _lang: Lang) -> str:
    return ", ".join(_of_quality(quality) for quality in policy.quality)


_VALUES: Mapping[str, Callable[[Policy, Lang], str]] = {
    "closure": _closure,
    "minimum_strength": _strength,
    "anchors": _anchors,
    "tolerated_unknown": _tolerated,
    "evidence_valid_for": _term,
    "quality": _thresholds,
}


def _of_quality(quality: Quality) -> str:
    """Return round trip, jitter and loss of a segment."""
    loss = float(100 * quality.loss)
    trip, jitter = float(quality.round_trip_ms), float(quality.jitter_ms)
    return f"{quality.segment.value} {trip:g} ms / {jitter:g} ms / {loss:g} %"


def _of_inventory(inventory: Inventory, lang: Lang) -> Iterator[str]:
    prefixes = [p.prefix for p in inventory.plan.prefixes if p.status == _SAMPLE]
    if prefixes:
        yield f"{PHRASES['sample_plan'].in_lang(lang)}: {', '.join(str(p) for p in prefixes)}"
    count = sum(a.status == _SAMPLE for a in inventory.applications.values())
    if count:
        yield PHRASES["sample_applications"].in_lang(lang).format(n=count)
