"""Findings in groups that a person can work through: one rule, one kind of cause.

The same unknown cause for many governments is one group of short rows; what was found is a
card each. Refuses to leave anything out without saying how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from netops.findings import Finding, Text, Verdict
from netops.reports.causes import Cause, cause_of, word_of
from netops.reports.order import worst_first
from netops.reports.words import RULES, plain


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one rule and verdict, and for unknowns of one cause; worst first.

    ``hidden`` more of the group were left out of a page.
    """

    rule: str
    verdict: Verdict
    word: str
    findings: tuple[Finding, ...]
    hidden: int = 0

    @property
    def count(self) -> int:
        """How many findings belong to the group, shown or not."""
        return len(self.findings) + self.hidden

    @property
    def key(self) -> str:
        """A name for links within a page."""
        return f"g-{self.rule}-{self.verdict}-{self.word}".rstrip("-").replace(".", "-")

    @property
    def cause(self) -> Cause | None:
        """Why it is unknown and what would decide it; None for what was found."""
        return cause_of(self.word) if self.verdict is Verdict.UNKNOWN else None

    @property
    def title(self) -> Text:
        """The rule in words, with the cause of unknowns."""
        rule = plain(RULES.get(self.rule), self.rule)
        if self.cause is None:
            return rule
        why = self.cause.title
        return Text(f"{rule.zh}：{why.zh}", f"{rule.en}: {why.en}")

    @property
    def mechanisms(self) -> dict[str, int]:
        """How often each mechanism of an exit occurs among the findings shown."""
        named = (f.observed.get("mechanism") for f in self.findings)
        return dict(Counter(str(name) for name in named if name).most_common())


def group_findings(findings: Iterable[Finding]) -> list[Group]:
    """Return the groups, the worst finding's group first, larger groups of unknowns first."""
    found: dict[tuple[str, Verdict, str], list[Finding]] = {}
    for finding in worst_first(findings):
        word = word_of(finding) if finding.verdict is Verdict.UNKNOWN else ""
        found.setdefault((finding.rule, finding.verdict, word), []).append(finding)
    groups = [Group(*key, tuple(members)) for key, members in found.items()]
    sure = [group for group in groups if group.verdict is not Verdict.UNKNOWN]
    unsure = [group for group in groups if group.verdict is Verdict.UNKNOWN]
    return [*sure, *sorted(unsure, key=lambda g: (-g.count, g.rule, g.word))]


def cut_to(groups: Iterable[Group], cards: int, rows: int) -> list[Group]:
    """Keep the first ``cards`` findings and ``rows`` unknowns; each group says what is hidden."""
    made = []
    left = {False: cards, True: rows}
    for group in groups:
        is_unknown = group.verdict is Verdict.UNKNOWN
        shown = group.findings[: left[is_unknown]]
        left[is_unknown] -= len(shown)
        made.append(replace(group, findings=shown, hidden=len(group.findings) - len(shown)))
    return made
