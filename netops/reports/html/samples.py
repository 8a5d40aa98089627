"""Says which numbers of a report were samples, with the values that were used."""

from __future__ import annotations

from collections.abc import Iterator

from netops.divisions import Level
from netops.findings import AuditResult
from netops.i18n import Lang
from netops.inventory.model import Inventory
from netops.policy.model import Policy
from netops.reports.html.phrases import PHRASES, SAMPLES
from netops.reports.words import LEVELS, RATES, STRENGTHS, plain, share

_SAMPLE = "sample"


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
    if name == "closure":
        return share(policy.closure.numerator, policy.closure.denominator)
    if name == "minimum_strength":
        return STRENGTHS[policy.minimum_strength].in_lang(lang)
    if name == "anchors":
        return ", ".join(str(anchor) for anchor in policy.anchors)
    if name == "tolerated_unknown":
        tolerated = policy.tolerated_unknown
        given = (f"{LEVELS[level].in_lang(lang)} {tolerated[level]}" for level in tolerated)
        return ", ".join(given) or "0"
    return str(getattr(policy, name, ""))


def _of_inventory(inventory: Inventory, lang: Lang) -> Iterator[str]:
    prefixes = [p.prefix for p in inventory.plan.prefixes if p.status == _SAMPLE]
    if prefixes:
        yield f"{PHRASES['sample_plan'].in_lang(lang)}: {', '.join(str(p) for p in prefixes)}"
    count = sum(a.status == _SAMPLE for a in inventory.applications.values())
    if count:
        yield PHRASES["sample_applications"].in_lang(lang).format(n=count)
