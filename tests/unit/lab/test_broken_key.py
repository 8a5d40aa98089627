"""The key of a laboratory in which something is broken: what audits say of what is left of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from answer_key import differences
from offline_lab import audit, facts_of, inventory_of

from netops.lab.breaking import has_key
from netops.lab.broken import Broken, Orders, resolve
from netops.lab.plan import plan
from netops.lab.spec import Spec
from netops.lab.spec_file import load_spec

CITY = "430900"
TEXT: dict[str, Any] = {
    "schema": "netops/lab/1",
    "seed": 11,
    "province": "430000",
    "scope": {"cities": [CITY]},
    "townships_per_county": 2,
    "departments": {"province": 1, "city": 2, "county": 1, "township": 0},
    "platforms": {"province": "frr", "city": "frr", "county": "frr", "township": "frr"},
    "uplinks": {"city": 2, "county": 2, "township": 1},
    "faults": [
        {"kind": "exit", "mechanism": "floating_static", "at": f"{CITY}-R1"},
        {"kind": "exit", "mechanism": "static_default", "at": "430902-R1"},
    ],
    "innocents": ["ha_pair", "two_carriers", "exempt_department"],
}


@pytest.fixture(scope="module")
def spec() -> Spec:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "spec.yaml"
        path.write_text(yaml.safe_dump(TEXT), encoding="utf-8")
        return load_spec(path)


def compared(spec: Spec, broken: Broken) -> list[str]:
    """Hold both audits of the broken laboratory against its key."""
    world = plan(spec, broken)
    registered = inventory_of(plan(spec))
    facts = facts_of(world, registered)
    return [
        line
        for name in ("connectivity", "exits")
        for line in differences(world.truth, audit(name, registered, facts))
    ]


@pytest.mark.parametrize(
    "orders",
    [
        Orders(exits=[f"E-{CITY}"]),
        Orders(exits=["E-430902"]),
        Orders(exits=["E-430000"]),
        Orders(nodes=["430921-R1"]),
        Orders(links=["W-430921-1", "W-430921-2"]),
    ],
)
def test_audits_of_what_is_left_agree_with_the_key_of_what_is_left(
    spec: Spec, orders: Orders
) -> None:
    assert compared(spec, resolve(plan(spec).net, orders)) == []


def test_an_exit_that_waits_is_told_as_the_one_that_carries(spec: Spec) -> None:
    net = plan(spec).net
    whole, left = plan(spec).truth, plan(spec, resolve(net, Orders(exits=[f"E-{CITY}"]))).truth
    point = {"device": f"{CITY}-R1", "family": "ipv4", "observable": True}
    assert whole["exits"][CITY]["found"] == [
        {**point, "mechanism": "floating_static", "latent": True}
    ]
    assert left["exits"][CITY]["found"] == [
        {**point, "mechanism": "static_default", "latent": False}
    ]
    assert whole["departments"][f"D-{CITY}-01"]["strength"] == "consistent"
    assert left["departments"][f"D-{CITY}-01"] == {"strength": "violated", "exit": None}


def test_a_withdrawn_exit_that_nothing_replaces_leaves_nobody_a_way_out(spec: Spec) -> None:
    net = plan(spec).net
    left = plan(spec, resolve(net, Orders(exits=["E-430921"]))).truth
    assert left["departments"]["D-430921-01"] == {"strength": "suspected", "exit": None}


def test_no_key_tells_of_a_cut_between_two_routers_of_a_government(spec: Spec) -> None:
    net = plan(spec).net
    assert not has_key(net, Broken(links=(f"I-{CITY}",)))
    assert has_key(net, Broken(("430921-R1",), ("W-430921-1",)))
