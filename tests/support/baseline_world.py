"""A graded object of two hosts, five items and a few checks, by hand: nothing of policies/."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from ipaddress import ip_address

from netops.addressing import AddressPlan
from netops.baseline import Choice, judge_baseline
from netops.divisions import Level
from netops.facts.answers import AnswerState, CommandAnswer
from netops.facts.device import Contact
from netops.facts.settings import AssetFacts, ComponentFacts, Setting, Value
from netops.facts.source import Source
from netops.findings import Judged, Severity, SubjectRow, Text
from netops.inventory.graded import Confirmation, GradedObject
from netops.inventory.model import Device, Exemption, Government, Inventory
from netops.policy.baseline import (
    Auto,
    Check,
    Cover,
    FactKind,
    FactType,
    HighRiskCase,
    Item,
    ItemClass,
    Leaf,
    Parameter,
    Profile,
    Reference,
    Remedy,
    RemedyCommands,
    RuleSet,
)

DAY = date(2026, 6, 30)
DIGEST = "sm3:" + "a" * 64


def text(word: str) -> Text:
    """Return a text that is the same in both languages."""
    return Text(word, word)


def item(name: str, number: str, auto: Auto = Auto.MACHINE, of: ItemClass = ItemClass.CES) -> Item:
    """Return an item that stands at level 2 (7.…) and level 3 (8.…)."""
    return Item(name, of, text(name), text(name), {2: f"7.{number}", 3: f"8.{number}"}, auto)


ITEMS = {
    one.id: one
    for one in (
        item("ces.login", "1.4.1.a"),
        item("ces.lock", "1.4.1.b"),
        item("ces.wire", "1.4.1.c"),
        item("ces.people", "1.4.11.a", Auto.PERSON),
        item("pes.place", "1.1.1.a", Auto.PERSON, ItemClass.PES),
    )
}


def fact(
    name: str, kind: FactType, *commands: str, keyed: bool = False, unit: str = ""
) -> FactKind:
    """Return the kind of a setting of Linux."""
    return FactKind("linux", name, kind, commands, text(name), keyed, unit)


FACTS = {
    (one.component, one.name): one
    for one in (
        fact("sshd.permitrootlogin", FactType.TEXT, "baseline/sshd"),
        fact("sshd.maxauthtries", FactType.INTEGER, "baseline/sshd"),
        fact("account.max_days", FactType.INTEGER, "baseline/shadow", keyed=True, unit="days"),
        fact("net.telnet", FactType.BOOLEAN, "baseline/listeners"),
        fact("pam.deny", FactType.INTEGER, "baseline/pam", "baseline/faillock"),
    )
}


def check(name: str, covers: tuple[Cover, ...], expect: Leaf, **more: object) -> Check:
    """Return a check of Linux."""
    made = Check(
        name, text(name), "linux", covers, Severity.HIGH, expect,
        Remedy(text(f"mend {name}"), (RemedyCommands(("set it",), "low"),)),
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


CHECKS = {
    one.id: one
    for one in (
        check("root-login", (Cover("ces.login", (2, 3)),),
              Leaf("sshd.permitrootlogin", "eq", "no", "not_met"), high_risk=("2025:6.4.1.1",)),
        check("password-age", (Cover("ces.login", (2, 3)),),
              Leaf("account.max_days", "le", Reference("days"), "not_met"),
              parameters={"days": Parameter(90, "lower", "usual", "sample", "days")}),
        check("lock-out", (Cover("ces.lock", (2, 3), part=False),),
              Leaf("pam.deny", "between", (1, 5), "not_met"), high_risk=("2025:6.4.1.9",)),
        check("no-telnet", (Cover("ces.wire", (2, 3), part=False),),
              Leaf("net.telnet", "eq", value=False, missing="met")),
    )
}  # fmt: skip
CASES = {
    one.key: one
    for one in (
        HighRiskCase("6.4.1.1", "2025", text("weak secrets"), (2, 3, 4), text("t"), ("ces.login",),
                     relief=text("local only"), major_hazard=True),
        HighRiskCase("6.4.1.2", "2025", text("clear text"), (2, 3, 4), text("t"), ("ces.wire",),
                     relief=text("two factors"), major_hazard=True),
        HighRiskCase("6.4.1.9", "2025", text("no lock"), (2, 3, 4), text("t"), ("ces.lock",)),
    )
}  # fmt: skip
RULES = RuleSet(
    items=ITEMS,
    facts=FACTS,
    checks=CHECKS,
    profiles={f"mlps-l{n}": Profile(f"mlps-l{n}", text(f"level {n}"), n, tuple(CHECKS)) for n in (2, 3)}
    | {"strict": Profile("strict", text("strict"), 3, tuple(CHECKS), parameters={
        "password-age": {"days": Parameter(30, "lower", "site", "site", "days")}})}
    | {"narrow": Profile("narrow", text("narrow"), 3, ("no-telnet",))},
    high_risk=CASES,
    digest=DIGEST,
    clauses={clause: (one.id, n) for one in ITEMS.values() for n, clause in one.clauses.items()},
)  # fmt: skip

GOOD: dict[tuple[str, str], Value] = {
    ("sshd.permitrootlogin", ""): "no",
    ("sshd.maxauthtries", ""): 4,
    ("account.max_days", "root"): 90,
    ("account.max_days", "ann"): 60,
    ("net.telnet", ""): False,
    ("pam.deny", ""): 5,
}
COMMANDS = (
    "baseline/sshd",
    "baseline/shadow",
    "baseline/listeners",
    "baseline/pam",
    "baseline/faillock",
)


def host(name: str, number: int, department: str | None = None) -> Device:
    """Return a registered Linux host of the county."""
    address = ip_address(f"192.0.2.{number}")
    return Device(name, name, "N-1", "430102", "host", "linux_host", address, str(address),
                  department=department)  # fmt: skip


def inventory(
    *,
    exemptions: tuple[Exemption, ...] = (),
    confirmations: tuple[Confirmation, ...] = (),
    devices: tuple[str, ...] = ("h1", "h2"),
) -> Inventory:
    """Return a county with hosts h1, h2 (of the object at level 3) and h3 (of none)."""
    return Inventory(
        province="430000",
        title="",
        governments={"430102": Government("430102", "丙县", Level.COUNTY, None, 1)},
        nodes={},
        devices={f"h{n}": host(f"h{n}", n) for n in (1, 2, 3)},
        links={},
        departments={},
        exits={},
        plan=AddressPlan(()),
        exemptions=exemptions,
        graded={"oa": GradedObject("oa", "办公系统", "430102", 3, 2, "备001", devices)},
        confirmations=confirmations,
    )


def facts_of(
    device: str,
    changed: dict[tuple[str, str], Value | None] | None = None,
    states: dict[str, AnswerState] | None = None,
) -> AssetFacts:
    """Return what a good host says; ``None`` takes a setting away."""
    values: dict[tuple[str, str], Value | None] = {**GOOD, **(changed or {})}
    where = {name: kind.commands[0] for (_, name), kind in FACTS.items()}
    settings = tuple(
        Setting(name, value, key, Source(f"{device}#{where[name]}", 3, 3))
        for (name, key), value in values.items()
        if value is not None
    )
    answers = tuple(
        CommandAnswer(command, (states or {}).get(command, AnswerState.UNDERSTOOD),
                      f"{device}#{command}", DIGEST, 10, first=1, last=10)
        for command in COMMANDS
    )  # fmt: skip
    component = ComponentFacts("linux", "", "debian", "12", settings)
    return AssetFacts(device, "linux_host", Contact.ANSWERED, "", (component,), answers)


def judged(
    facts: dict[str, AssetFacts] | None = None,
    known: Inventory | None = None,
    choice: Choice | None = None,
    day: date = DAY,
) -> Judged:
    """Judge the world; hosts that are not named are good, h3 was not asked."""
    given = {"h1": facts_of("h1"), "h2": facts_of("h2"), **(facts or {})}
    return judge_baseline(known or inventory(), given, RULES, choice or Choice(), day)


def row(made: Judged, name: str) -> SubjectRow:
    """Return the row of that id."""
    return next(one for one in made.subjects if one.id == name)


def exemption(rule: str, kind: str, name: str, **more: object) -> Exemption:
    """Return an exemption of June 2026."""
    made = Exemption("2026-1", rule, kind, name, "reason", "office", date(2026, 6, 1), DAY)
    return replace(made, **more)  # type: ignore[arg-type]
