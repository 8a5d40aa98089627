"""Both audits against the answer key of small laboratories, without sockets.

Every mechanism on every platform, latent and not, in every family it has; every innocent on
every platform; and specifications drawn at random from fixed seeds. What the audits say must be
what the key says, subject by subject, rate by rate, exit point by exit point.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from answer_key import differences
from offline_lab import audits_of

from netops.lab.spec import FAMILIES, INNOCENTS, LATENT_BY_NATURE, MECHANISMS, PLATFORMS

DATA = Path(__file__).parents[1] / "data"
SMALL, WIDE = (str(DATA / name) for name in ("lab_divisions.csv", "lab_divisions_wide.csv"))
COUNTY, TOWNSHIP = "430211", "430211001"
ROUTING = ("huawei_vrp", "h3c_comware", "frr")
NEVER_LATENT = ("policy_route", "vpn_leak")
BY_DEPARTMENT = ("dual_homed_host", "policy_route", "vpn_leak")
UNSEEN = ("linux_host", "isp_bgp", True)
"""The one exit that a readable device does not show: a host names no routing daemon's peers."""


def specification(platform: str, *faults: dict[str, Any], seed: int = 5) -> dict[str, Any]:
    return {
        "seed": seed,
        "province": "430000",
        "divisions": SMALL,
        "departments": {"province": 1, "city": 1, "county": 3, "township": 1},
        "platforms": {
            "province": "huawei_vrp",
            "city": "h3c_comware",
            "county": platform,
            "township": "frr",
        },
        "faults": list(faults),
    }


def exit_fault(mechanism: str, at: str = COUNTY, **more: object) -> dict[str, Any]:
    return {"kind": "exit", "mechanism": mechanism, "at": at, **more}


def variants() -> list[tuple[str, str, bool | None]]:
    """Return (mechanism, family, latent); latent None: what it is by nature."""
    made: list[tuple[str, str, bool | None]] = []
    for mechanism in MECHANISMS:
        for family in FAMILIES[mechanism]:
            made.append((mechanism, family, None))
            if mechanism not in (*NEVER_LATENT, *LATENT_BY_NATURE):
                made.append((mechanism, family, True))
    return made


def assert_agrees(spec: dict[str, Any]) -> dict[str, Any]:
    """Run both audits; return the answer key."""
    truth, audits = audits_of(spec)
    found = {name: differences(truth, document) for name, document in audits.items()}
    assert found == {"connectivity": [], "exits": []}
    return truth


def points(truth: dict[str, Any], code: str) -> list[tuple[str, str, bool, bool]]:
    found = truth["exits"][code]["found"]
    return [(p["mechanism"], p["family"], p["latent"], p["observable"]) for p in found]


def ids(value: object) -> str:
    return {True: "latent", None: "natural"}.get(value, str(value))  # type: ignore[call-overload]


def with_platforms() -> list[Any]:
    """Return (mechanism, family, latent, platform) of every case."""
    return [(*v, p) for v in variants() for p in PLATFORMS]


@pytest.mark.parametrize(("mechanism", "family", "latent", "platform"), with_platforms(), ids=ids)
def test_the_audits_find_each_mechanism_as_the_key_has_it(
    platform: str,
    mechanism: str,
    family: str,
    latent: bool | None,  # noqa: FBT001 - a column of the table of cases
) -> None:
    more: dict[str, object] = {"family": family} | ({"latent": latent} if latent else {})
    seed = 3 if family == "ipv6" else 5  # with 3, the county has IPv6
    truth = assert_agrees(specification(platform, exit_fault(mechanism, **more), seed=seed))
    is_latent = bool(latent) or mechanism in LATENT_BY_NATURE
    is_seen = (platform, mechanism, is_latent) != UNSEEN
    assert (mechanism, family, is_latent, is_seen) in points(truth, COUNTY)
    assert truth["exits"][COUNTY]["strength"] == ("suspected" if is_latent else "violated")


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    ("mechanism", "family", "latent"),
    [v for v in variants() if v[0] not in BY_DEPARTMENT],
    ids=ids,
)
def test_the_audits_find_each_mechanism_on_the_one_router_of_a_township(
    platform: str,
    mechanism: str,
    family: str,
    latent: bool | None,  # noqa: FBT001 - a column of the table of cases
) -> None:
    """A township has no exit of its own; an active one there is a violation of its county too."""
    more: dict[str, object] = {"family": family} | ({"latent": latent} if latent else {})
    spec = specification("huawei_vrp", exit_fault(mechanism, TOWNSHIP, **more))
    spec["platforms"]["township"] = platform
    truth = assert_agrees(spec)
    is_latent = bool(latent) or mechanism in LATENT_BY_NATURE
    expected = "suspected" if is_latent else "violated"
    assert truth["exits"][TOWNSHIP]["strength"] == expected
    if family == "ipv4":
        assert truth["exits"][COUNTY]["strength"] == expected


@pytest.mark.parametrize("by", ["static", "route_target"])
@pytest.mark.parametrize("platform", ROUTING)
def test_a_leak_is_found_however_it_is_configured(platform: str, by: str) -> None:
    truth = assert_agrees(specification(platform, exit_fault("vpn_leak", by=by)))
    assert truth["departments"][f"D-{COUNTY}-01"]["strength"] == "violated"


@pytest.mark.parametrize("at", ["430211-R2", "430200", "430000"])
@pytest.mark.parametrize("mechanism", ["static_default", "split_default", "floating_static",
                                       "isp_bgp", "tunnel"])  # fmt: skip
def test_an_exit_on_a_second_router_or_a_higher_level_agrees(mechanism: str, at: str) -> None:
    assert_agrees(specification("h3c_comware", exit_fault(mechanism, at)))


REFUSED = {"kind": "device", "behaviour": "low_privilege", "at": COUNTY}


@pytest.mark.parametrize(
    ("platform", "mechanism"),
    [(p, m) for p in PLATFORMS for m in MECHANISMS],
)
def test_what_shows_of_an_exit_where_the_configuration_is_refused(
    platform: str, mechanism: str
) -> None:
    more = {"by": "static"} if mechanism == "vpn_leak" else {}
    fault = exit_fault(mechanism, family=FAMILIES[mechanism][0], **more)
    assert_agrees(specification(platform, fault, REFUSED))


@pytest.mark.parametrize(
    ("platform", "behaviour"),
    [
        # Not those on which SNMP still tells the default row: no agent is asked here.
        *(("huawei_vrp", b) for b in ("garbage", "hang", "changed_host_key")),
        *(("linux_host", b) for b in ("garbage", "truncated", "drop")),
        *((p, "truncated") for p in ROUTING),
    ],
)
def test_an_exit_on_a_device_that_cannot_be_read_is_not_observable(
    platform: str, behaviour: str
) -> None:
    spoiled = {"kind": "device", "behaviour": behaviour, "at": COUNTY}
    truth = assert_agrees(specification(platform, exit_fault("static_default"), spoiled))
    assert points(truth, COUNTY) == [("static_default", "ipv4", False, False)]
    assert truth["exits"][COUNTY]["strength"] == "unknown"


@pytest.mark.parametrize("innocent", INNOCENTS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_no_audit_reports_an_innocent(platform: str, innocent: str) -> None:
    spec = specification(platform)
    spec["platforms"] = dict.fromkeys(("province", "city", "county", "township"), platform)
    spec["innocents"] = [innocent]
    if platform in ("frr", "linux_host") and innocent == "nat_between_vpns":
        # Translation between instances is planted where a vendor's text shows it.
        spec["platforms"]["city"] = "huawei_vrp"
    truth, audits = audits_of(spec)
    assert [differences(truth, document) for document in audits.values()] == [[], []]
    assert [document["verdict"] for document in audits.values()] == ["met", "met"]
    assert [document["findings"] for document in audits.values()] == [[], []]
    assert [row["kind"] for row in truth["innocents"]] == [innocent]


def test_all_innocents_at_once_beside_exits_are_told_apart() -> None:
    spec = specification("huawei_vrp", exit_fault("static_default"), seed=11)
    spec |= {"divisions": WIDE, "innocents": list(INNOCENTS)}
    truth = assert_agrees(spec)
    assert points(truth, COUNTY) == [("static_default", "ipv4", False, True)]


def drawn(seed: int) -> dict[str, Any]:
    """Return a specification that nobody chose."""
    dice = random.Random(seed)  # noqa: S311 - a plan

    def shares() -> dict[str, float]:
        names = dice.sample(ROUTING, 2)
        share = dice.choice([0.3, 0.5, 0.7])
        return {names[0]: share, names[1]: round(1 - share, 2)}

    uplinks = {level: dice.choice([1, 2]) for level in ("city", "county", "township")}
    return {
        "seed": seed,
        "province": "430000",
        "divisions": WIDE,
        "departments": {
            "province": dice.choice([3, 8]),
            "city": dice.choice([2, 5]),
            "county": dice.choice([1, 3]),
            "township": dice.choice([0, 1]),
        },
        "platforms": {
            "province": dice.choice(ROUTING),
            "city": shares(),
            "county": shares(),
            "township": dice.choice(PLATFORMS),
        },
        "uplinks": uplinks,
        "routes_per_device": dice.choice([0, 10]),
        "random_faults": {
            "exits": dice.choice([1, 3]),
            "nodes": dice.choice([0, 2]),
            "devices": dice.choice([0, 1]),
        },
        "innocents": dice.sample(["ha_pair", "two_carriers", "public_block", "cgn_in_plan"],
                                 dice.choice([0, 2])),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(24))
def test_a_specification_drawn_at_random_agrees(seed: int) -> None:
    assert_agrees(drawn(seed))
