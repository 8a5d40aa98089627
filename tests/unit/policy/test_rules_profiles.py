"""Profiles over one another: tighter is allowed, looser needs an exemption's number."""

from __future__ import annotations

from pathlib import Path

import pytest
from rule_folders import PROFILE, put, write_rules

from netops.policy.baseline import Literals, examine_rules, load_rules
from netops.policy.baseline.profiles import is_as_tight
from netops.policy.baseline.values import Tighter

HEAD = """\
schema: netops/profile/1
name: {name}
title: {{zh: 本地, en: Site}}
level: {level}
"""
SET = """\
parameters:
  linux-root-login:
    {name}: {{value: {value}, source: our rules, status: site{more}}}
"""


def site_profile(name: str, body: str, level: int = 3) -> str:
    """Return the text of a site's profile."""
    return HEAD.format(name=name, level=level) + body


def lay(tmp_path: Path, text: str, name: str = "mlps-l3") -> tuple[Path, Path]:
    """Write our rules and a site's profile; return both folders."""
    site = tmp_path / "site"
    put(site, f"profiles/{name}.yaml", text)
    return write_rules(tmp_path / "ours"), site


@pytest.mark.parametrize(
    ("before", "after", "tighter", "expected"),
    [
        (90, 90, "none", True),
        (90, 60, "lower", True),
        (90, 91, "lower", False),
        (8, 10, "higher", True),
        (8, 7, "higher", False),
        (8, 10, "none", False),
        (("a", "b"), ("a",), "fewer", True),
        (("a",), ("a", "b"), "fewer", False),
        (("a",), ("a", "b"), "more", True),
        (("a", "b"), ("b",), "more", False),
        ("sha512", "yescrypt", "higher", False),
    ],
)
def test_which_of_two_values_asks_more(
    before: Literals, after: Literals, tighter: Tighter, *, expected: bool
) -> None:
    assert is_as_tight(before, after, tighter) is expected


def test_a_site_tightens_a_threshold_of_our_profile_under_its_own_name(tmp_path: Path) -> None:
    body = SET.format(name="days", value=60, more="")
    ours, site = lay(tmp_path, site_profile("mlps-l3", body))

    rules = load_rules(ours, [site])
    profile, check = rules.profiles["mlps-l3"], rules.checks["linux-root-login"]

    assert profile.parameter(check, "days").value == 60
    assert profile.parameter(check, "days").source == "our rules"
    assert profile.parameter(check, "allowed").value == ("no", "prohibit-password")
    assert profile.checks == ("linux-root-login",)


def test_a_looser_threshold_is_refused(tmp_path: Path) -> None:
    body = SET.format(name="days", value=365, more="")
    ours, site = lay(tmp_path, site_profile("mlps-l3", body))

    faults = examine_rules(ours, [site])[1]

    assert [(fault.kind, fault.place.line) for fault in faults] == [("looser", 7)]
    assert "exemption" in faults[0].remedy


def test_a_looser_threshold_with_an_exemption_carries_its_number(tmp_path: Path) -> None:
    body = SET.format(name="days", value=365, more=", exemption: EX-7")
    ours, site = lay(tmp_path, site_profile("mlps-l3", body))

    rules = load_rules(ours, [site])
    parameter = rules.profiles["mlps-l3"].parameter(rules.checks["linux-root-login"], "days")

    assert (parameter.value, parameter.exemption) == (365, "EX-7")


def test_what_was_tightened_beneath_cannot_be_loosened_above(tmp_path: Path) -> None:
    ours, site = lay(tmp_path, site_profile("mlps-l3", SET.format(name="days", value=30, more="")))
    body = "extends: mlps-l3\n" + SET.format(name="days", value=60, more="")
    put(site, "profiles/city.yaml", site_profile("city", body))

    assert [f.kind for f in examine_rules(ours, [site])[1]] == ["looser"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (SET.format(name="weeks", value=3, more=""), "parameter_undefined"),
        (SET.format(name="days", value="ninety", more=""), "wrong_type"),
        (SET.format(name="days", value="true", more=""), "wrong_type"),
        (SET.format(name="days", value=60, more="").replace("root-login", "rot-login"),
         "unknown_check"),
        ("checks: {include: [sshd-*]}\n", "unknown_check"),
        ("checks: {items: [ces.identity.q]}\n", "unknown_item"),
        ("checks: {exclude: [{id: linux-rot-login, exemption: EX-1}]}\n", "unknown_check"),
        ("checks: {exclude: [{id: linux-root-login}]}\n", "bad_field"),
    ],
)  # fmt: skip
def test_a_profile_that_names_what_is_not_there_is_refused(
    tmp_path: Path, body: str, kind: str
) -> None:
    ours, site = lay(tmp_path, site_profile("mlps-l3", body))

    assert [fault.kind for fault in examine_rules(ours, [site])[1]] == [kind]


@pytest.mark.parametrize(
    ("body", "level", "kind"),
    [
        ("", 3, "bad_profile"),
        ("extends: nothing\nchecks: {include: ['*']}\n", 3, "bad_profile"),
        ("extends: city\nchecks: {include: ['*']}\n", 3, "bad_profile"),
        ("extends: mlps-l3\n", 2, "looser"),
    ],
)
def test_a_profile_must_ask_something_and_no_less_than_what_it_extends(
    tmp_path: Path, body: str, level: int, kind: str
) -> None:
    ours, site = lay(tmp_path, site_profile("city", body, level), "city")

    assert [fault.kind for fault in examine_rules(ours, [site])[1]] == [kind]


def test_a_check_left_out_by_an_exemption_is_not_asked_and_is_named(tmp_path: Path) -> None:
    body = "extends: mlps-l3\nchecks: {exclude: [{id: linux-root-login, exemption: EX-3}]}\n"
    ours, site = lay(tmp_path, site_profile("city", body), "city")

    profile = load_rules(ours, [site]).profiles["city"]

    assert profile.checks == ()
    assert [(left.check, left.exemption) for left in profile.excluded] == [
        ("linux-root-login", "EX-3")
    ]


def test_a_profile_asks_only_checks_that_prove_something_at_its_level(tmp_path: Path) -> None:
    profile = PROFILE.replace("level: 3", "level: 1")

    assert load_rules(write_rules(tmp_path, profile=profile)).profiles["mlps-l3"].checks == ()


def test_a_profile_may_choose_by_item(tmp_path: Path) -> None:
    one = PROFILE.replace('include: ["*"]', "items: [ces.identity.a]")
    other = PROFILE.replace('include: ["*"]', "items: [ces.identity.d]")

    chosen = load_rules(write_rules(tmp_path / "a", profile=one)).profiles["mlps-l3"]
    unchosen = load_rules(write_rules(tmp_path / "b", profile=other)).profiles["mlps-l3"]

    assert (chosen.checks, unchosen.checks) == (("linux-root-login",), ())


def loosened(tmp_path: Path) -> tuple[Path, Path]:
    """Return our rules and a site's that loosens a threshold and leaves a check out."""
    body = SET.format(name="days", value=365, more=", exemption: EX-7")
    ours, site = lay(tmp_path, site_profile("mlps-l3", body))
    out = "extends: mlps-l3\nchecks: {exclude: [{id: linux-root-login, exemption: EX-3}]}\n"
    put(site, "profiles/city.yaml", site_profile("city", out))
    return ours, site


def test_a_profile_names_every_exemption_it_leans_on(tmp_path: Path) -> None:
    ours, site = loosened(tmp_path)
    profiles = load_rules(ours, [site]).profiles

    assert profiles["mlps-l3"].exemptions == (("EX-7", "linux-root-login"),)
    assert profiles["city"].exemptions == (
        ("EX-3", "linux-root-login"),
        ("EX-7", "linux-root-login"),
    )


def test_without_its_exemption_a_threshold_is_what_it_was(tmp_path: Path) -> None:
    ours, site = loosened(tmp_path)
    rules = load_rules(ours, [site])
    profile, check = rules.profiles["mlps-l3"], rules.checks["linux-root-login"]

    refused = profile.granted(lambda _number, _check: False)

    assert refused.parameter(check, "days").value == 90
    assert refused.exemptions == ()
    assert profile.granted(lambda _number, _check: True) is profile


def test_without_its_exemption_a_check_left_out_is_asked_again(tmp_path: Path) -> None:
    ours, site = loosened(tmp_path)
    rules = load_rules(ours, [site])
    check = rules.checks["linux-root-login"]

    half = rules.profiles["city"].granted(lambda number, _check: number == "EX-7")

    assert (half.checks, half.excluded) == (("linux-root-login",), ())
    assert half.parameter(check, "days").value == 365


def test_what_one_exemption_loosened_does_not_slide_on(tmp_path: Path) -> None:
    ours, site = loosened(tmp_path)
    body = "extends: mlps-l3\n" + SET.format(name="days", value=400, more="")
    put(site, "profiles/town.yaml", site_profile("town", body))

    assert [f.kind for f in examine_rules(ours, [site])[1]] == ["looser"]


@pytest.mark.parametrize(("value", "exemption"), [(180, "EX-7"), (90, ""), (60, "")])
def test_tightened_again_it_needs_the_exemption_only_while_it_is_loose(
    tmp_path: Path, value: int, exemption: str
) -> None:
    ours, site = loosened(tmp_path)
    body = "extends: mlps-l3\n" + SET.format(name="days", value=value, more="")
    put(site, "profiles/town.yaml", site_profile("town", body))
    rules = load_rules(ours, [site])

    set_so = rules.profiles["town"].parameter(rules.checks["linux-root-login"], "days")

    assert (set_so.value, set_so.exemption) == (value, exemption)
    assert set_so.strict == (90 if exemption else None)


@pytest.mark.parametrize("value", [0, -1, 1000, 100_000])
@pytest.mark.parametrize("more", ["", ", exemption: EX-1"])
def test_a_value_that_nobody_can_mean_is_refused_with_an_exemption_too(
    tmp_path: Path, value: int, more: str
) -> None:
    body = SET.format(name="days", value=value, more=more)
    ours, site = lay(tmp_path, site_profile("mlps-l3", body))

    (fault,) = examine_rules(ours, [site])[1]

    assert (fault.kind, fault.place.line) == ("out_of_bounds", 7)
    assert f"“{value}” does not lie between 1 and 999" in fault.cause


@pytest.mark.parametrize("value", [1, 90])
def test_the_bounds_themselves_may_be_asked_for(tmp_path: Path, value: int) -> None:
    body = SET.format(name="days", value=value, more="")
    ours, site = lay(tmp_path, site_profile("mlps-l3", body))

    assert examine_rules(ours, [site])[1] == ()
