"""Findings of what packets showed and no other finding says, and of what contradicts itself.

Knows testimonies. Refuses to weigh: that was done before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from netops.exits.findings import ONE_EXIT, Context, family_name
from netops.exits.testimony import Testimony, Weight
from netops.facts.source import NOWHERE
from netops.findings import Evidence, Finding, Severity, Text, Verdict

MEASURED = "exits.measured"
CONTRADICTION = "exits.contradiction"
MOST_EVIDENCE = 12

WORDS: Mapping[str, Text] = {
    "unknown_address": Text(
        "从{0}出网，任何登记出口都没有这个地址", "left by {0}, an address of no registered exit"
    ),
    "other_exit": Text("从不允许的出口出网（{0}）", "left by an exit that is not allowed ({0})"),
    "left_elsewhere": Text(
        "在到达允许的出口之前离开本网（下一跳{0}）", "left the net before an allowed exit (at {0})"
    ),
    "private_area": Text(
        "专用网络的报文到达了互联网（{0}）",
        "packets of a private network reached the internet ({0})",
    ),
    "class": Text(
        "A类单位的报文到达了互联网（{0}）", "packets of class A reached the internet ({0})"
    ),
    "forged": Text("反射器应答的认证码不符", "an answer that the reflector did not authenticate"),
    "replayed": Text("收到重放的反射器应答", "a replayed answer of a reflector"),
    "answers_differ": Text(
        "对同一来源的测量互相矛盾（{0}）", "measurements of one source deny each other ({0})"
    ),
    "off_the_ways": Text(
        "报文经过不在模型合法路径上的设备{0}", "packets passed {0}, which is on no way of the model"
    ),
    "not_mapped": Text(
        "路径上的地址{0}在规划内但不属于任何已采集设备",
        "a hop {0} inside the plan belongs to no device that was read",
    ),
}
_OTHER = Text("{0}", "{0}")

Group = tuple[str, Weight, str, int, str]


def witnessed_findings(
    context: Context, heard: Iterable[Testimony], digests: Mapping[str, str]
) -> dict[Testimony, Finding]:
    """Return the finding of every testimony, one for all of a government that say the same."""
    groups: dict[Group, list[Testimony]] = {}
    for testimony in heard:
        key = (
            testimony.about.government,
            testimony.weight,
            testimony.word,
            testimony.family,
            testimony.seen,
        )
        groups.setdefault(key, []).append(testimony)
    found: dict[Testimony, Finding] = {}
    for members in groups.values():
        finding = _finding(context, members, digests)
        found.update(dict.fromkeys(members, finding))
    return found


def _finding(context: Context, members: list[Testimony], digests: Mapping[str, str]) -> Finding:
    first = members[0]
    is_hard = first.weight is Weight.COUNTER
    subject = context.subject(first.about.government)
    word = WORDS.get(first.word, _OTHER)
    names = sorted({t.about.department for t in members if t.about.department is not None})
    family = family_name(first.family)
    shown_zh = "、".join(names) or "本级设备"
    shown_en = ", ".join(names) or "its own devices"
    said = Text(word.zh.format(first.seen), word.en.format(first.seen))
    family_word = "IPv4" if family == "ipv4" else "IPv6"
    return Finding(
        rule=MEASURED if is_hard else CONTRADICTION,
        subject=subject,
        verdict=Verdict.NOT_MET if is_hard else Verdict.PARTLY_MET,
        severity=Severity.HIGH if is_hard else Severity.MEDIUM,
        message=Text(
            zh=f"{subject.name or first.about.government}：实测{shown_zh}（{family_word}）"
            f"{said.zh}。",
            en=f"{subject.name or first.about.government}: measured of {shown_en}"
            f" ({family_word}): {said.en}.",
        ),
        observed={
            "class": first.kind.value,
            "word": first.word,
            "family": family,
            "seen": first.seen or None,
            "exit": first.exit,
            "protocols": sorted({t.protocol for t in members}),
            "vantages": sorted({t.vantage for t in members}),
        },
        affected=tuple(names),
        cause=first.word,
        evidence=_evidence(members, digests),
        standards=ONE_EXIT,
        identity=(first.weight.value, first.word, family, first.seen),
    )


def _evidence(members: Iterable[Testimony], digests: Mapping[str, str]) -> tuple[Evidence, ...]:
    """Quote the observations that are sealed; one that is not proves nothing."""
    found: dict[Evidence, None] = {}
    for testimony in members:
        source = testimony.source
        digest = digests.get(source.observation, "")
        if source == NOWHERE or not digest:
            continue
        lines = (source.first, source.last)
        found[Evidence(source.observation, digest, testimony.vantage, testimony.command, lines)] = (
            None
        )
    return tuple(found)[:MOST_EVIDENCE]
