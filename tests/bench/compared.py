"""What our scan, Lynis and OpenSCAP say of the same hosts: where they agree, where they differ.

Run as root: ``python -m tests.bench.compared [HOST…]``. Each host is a Debian root with a script
of ``tests/targets/compared/`` done to it. Ends with 1 where two differ and nobody has written down
why. OpenSCAP has no CIS profiles for Debian 12: the content for Ubuntu 22.04 is used, with its
platform condition taken out; rules that walk over the file system are skipped.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from netops.baselines import run_case
from netops.policy.baseline import RuleSet, load_rules
from tests.bench.baseline import PLATFORM, PROFILE, RULE, WALKS
from tests.bench.measuring import ROOT
from tests.support.brief_hosts import show
from tests.support.real_targets import JUDGES, root_folder

HOSTS = ("hardened", "default", "weak", "products")
_FOLDER = ROOT / "tests/targets/compared"
_CONTENT = "usr/share/xml/scap/ssg/content/ssg-ubuntu2204-ds.xml"
_WORDS = {"met": "+", "not_met": "-", "not_applicable": "0", "unknown": "?"}
_AFTER = """
/usr/sbin/sshd
cd /root/out
lynis audit system --quick --quiet --no-colors --logfile lynis.log --report-file lynis.dat
oscap xccdf eval --profile {profile} {skipped} /root/content.xml > oscap.txt 2> oscap.err
true
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What a check of ours and rules of others ask in common; why they may differ."""

    check: str
    oscap: tuple[str, ...]
    lynis: str
    because: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answers:
    """One question on one host, by the three; a blank where nothing of theirs asks it."""

    ours: str
    oscap: str
    lynis: str

    def differing(self) -> Iterator[str]:
        """Yield whose answer is another one than ours, where both have one."""
        for who, said in (("oscap", self.oscap), ("lynis", self.lynis)):
            if {self.ours, said} == {"+", "-"}:
                yield who


def questions() -> list[Question]:
    """Return the mapping that was written by hand."""
    rows = yaml.safe_load((_FOLDER / "mapping.yaml").read_text(encoding="utf-8"))
    return [
        Question(r["check"], tuple(r.get("oscap", ())), r.get("lynis", ""), r.get("because", {}))
        for r in rows
    ]


def ask(host: str, scratch: Path, rules: RuleSet) -> tuple[dict[str, Answers], dict[str, str]]:
    """Make a host, let the three look at it; return answers by check, and theirs by rule."""
    root, folder = root_folder(JUDGES), scratch / host
    folder.mkdir(parents=True)
    content = (root / _CONTENT).read_text(encoding="utf-8")
    (folder / "content.xml").write_text(PLATFORM.sub("", content), encoding="utf-8")
    common = (_FOLDER.parent / "hosts/common.sh").read_text(encoding="utf-8")
    settle = common + (_FOLDER / f"{host}.sh").read_text(encoding="utf-8")
    skipped = " ".join(f"--skip-rule {RULE}{rule}" for rule in WALKS)
    shown = show(root, folder, settle, _AFTER.format(profile=PROFILE, skipped=skipped))
    scap = dict(_of_oscap((shown.out / "oscap.txt").read_bytes()))
    report = (shown.out / "lynis.dat").read_text(encoding="utf-8", errors="replace")
    found = {
        one.check: Answers(
            _WORDS[run_case(rules, rules.checks[one.check], shown.case).verdict.value],
            _together([scap.get(rule, "") for rule in one.oscap]),
            _of_lynis(report, one.lynis),
        )
        for one in questions()
    }
    return found, scap


def _of_oscap(raw: bytes) -> Iterator[tuple[str, str]]:
    rule = ""
    for line in raw.decode("utf-8", "replace").replace("\r", "").split("\n"):
        word, _, rest = line.partition("\t")
        if word == "Rule":
            rule = rest.removeprefix(RULE)
        elif word == "Result" and rule:
            yield rule, rest
            rule = ""


def _together(said: list[str]) -> str:
    if not said:
        return " "
    return "-" if "fail" in said else "+" if set(said) == {"pass"} else "?"


def _of_lynis(report: str, wanted: str) -> str:
    """Return what a test came to: a suggestion of it with the word is a weakness found."""
    test, _, word = wanted.partition("|")
    if not test:
        return " "
    said = re.findall(
        rf"^(?:suggestion|warning)\[\]={re.escape(test)}\|(.*)$", report, re.MULTILINE
    )
    if any(word.lower() in text.lower() for text in said):
        return "-"
    done = re.search(r"^tests_executed=(.*)$", report, re.MULTILINE)
    return "+" if done is not None and test in done[1].split("|") else "?"


def main(hosts: tuple[str, ...]) -> int:
    """Print the table; return how it ended."""
    rules = load_rules(ROOT / "policies")
    asked = questions()
    with tempfile.TemporaryDirectory() as scratch:
        seen = {host: ask(host, Path(scratch), rules) for host in hosts}
    print(f"{'ours OpenSCAP Lynis':36}" + "".join(f"{host:12}" for host in hosts))
    for one in asked:
        rows = [seen[host][0][one.check] for host in hosts]
        cells = [f"{a.ours} {a.oscap} {a.lynis} {'*' if [*a.differing()] else ' '}" for a in rows]
        print(f"{one.check:36}" + "".join(f"{cell:12}" for cell in cells))
    return _tell(asked, {host: found for host, (found, _) in seen.items()}, rules, seen)


def _tell(
    asked: list[Question], found: Mapping[str, Mapping[str, Answers]], rules: RuleSet,
    seen: Mapping[str, tuple[dict[str, Answers], dict[str, str]]],
) -> int:  # fmt: skip
    """Print how often they agree, every difference with its reason, and what one alone asks."""
    unexplained = 0
    for who in ("oscap", "lynis"):
        pairs = [
            (host, one, answer) for host, answers in found.items() for one in asked
            if {(answer := answers[one.check]).ours, getattr(answer, who)} <= {"+", "-"}
        ]  # fmt: skip
        differing = [(host, one) for host, one, answer in pairs if who in answer.differing()]
        print(f"\n{who}: {len(pairs)} answers of both, {len(pairs) - len(differing)} the same")
        for one in asked:
            where = [host for host, other in differing if other is one]
            if where:
                why = one.because.get(who, "")
                unexplained += not why
                print(f"  {one.check} on {', '.join(where)}: {why or 'NOT EXPLAINED'}")
    linux = {c.id for c in rules.checks.values() if c.component == "linux"}
    theirs = {rule for _, scap in seen.values() for rule in scap}
    mapped = {rule for one in asked for rule in one.oscap}
    print(f"\nonly ours: {len(linux - {one.check for one in asked})} of {len(linux)} checks")
    print(f"only OpenSCAP: {len(theirs - mapped)} of {len(theirs)} rules")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:]) or HOSTS))
