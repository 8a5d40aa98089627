"""A kernel's table to the outside that no shown rule leads into: suspected, never proven."""

from __future__ import annotations

from exits_world import World, build_world

from netops.facts.policy_routes import UNSEEN_RULE, Acl, AclRule, PolicyRoute

ISP, WAN = "203.0.113.1", "eth8"
NAME = "rule into table 100, not shown"


def _table(world: World, hop: str, line: str) -> None:
    router = world.routers["T1"]
    router.platform = "frr"
    router.row("0.0.0.0/0", hop, line, vpn="table 100", protocol="kernel")
    router.add("policy_routes", PolicyRoute(NAME, 100, acl=NAME, table="100", form=UNSEEN_RULE))
    router.add("acls", Acl(NAME, 4, (AclRule(permit=True, opaque=True),)))


def test_a_table_with_a_way_out_is_a_latent_policy_route() -> None:
    world = build_world()
    world.routers["T1"].port(WAN, "203.0.113.2/30")
    _table(world, ISP, WAN)

    seen = world.judge()

    assert seen.points() == {("T1", "policy_route", "ipv4", True)}
    assert seen.strength("430121100") == "suspected"
    assert seen.strength("D-T1") == "consistent"


def test_a_table_that_leads_where_all_packets_go_is_nothing() -> None:
    world = build_world()
    default = next(r for r in world.routers["T1"].rows[("", 4)] if not r.length)
    _table(world, default.next_hop, default.interface)

    seen = world.judge()

    assert seen.points() == set()
    assert seen.strength("430121100") == "consistent"
