"""What if a declared exit went away: who takes over in the model, and who is cut off."""

from __future__ import annotations

from exits_world import CITY, COUNTY, DAY, World, build_world, outside_line

from netops.exits import withdraw_exit


def ask(world: World, name: str) -> dict:
    """Withdraw an exit in the model."""
    return withdraw_exit(world.inventory(), world.facts(), (world.policy_of(), DAY), name)


def named(rows: list[dict]) -> set[str]:
    """Return the departments of a list."""
    return {row["department"] for row in rows}


def test_who_has_nothing_else_is_cut_off_and_nobody_above_is_touched() -> None:
    told = ask(build_world(), f"E-{COUNTY}")
    assert named(told["cut_off"]) == {"D-K1", "D-T1"}
    assert told["taken_over"] == []
    assert told["unaffected"] == 2
    assert told["lines"] == ["K1 GigabitEthernet0/0/9"]


def test_a_floating_route_takes_over_and_is_named() -> None:
    world = build_world()
    carrier = outside_line(world.routers["K1"], 8, "GigabitEthernet0/0/8")
    world.routers["K1"].static("0.0.0.0/0", carrier, "GigabitEthernet0/0/8", preference=200)
    told = ask(world, f"E-{COUNTY}")
    assert named(told["taken_over"]) == {"D-K1", "D-T1"}
    assert told["taken_over"][0]["by"] == ["K1 GigabitEthernet0/0/8"]
    assert told["taken_over"][0]["exits"] == []
    (point,) = told["latent_exits"]
    assert point["mechanism"] == "static_default"
    assert point["departments"] == ["D-K1", "D-T1"]


def test_a_superiors_exit_that_takes_over_is_named_as_legal() -> None:
    world = build_world()
    world.routers["K1"].static("0.0.0.0/0", "10.0.2.1", "GigabitEthernet0/0/2", preference=200)
    told = ask(world, f"E-{COUNTY}")
    assert told["taken_over"][0]["exits"] == [f"E-{CITY}"]
    assert told["latent_exits"] == []


def test_an_outside_address_with_nothing_leading_into_it_takes_nothing_over() -> None:
    world = build_world()
    world.routers["K1"].port("GigabitEthernet0/0/8", "198.51.100.34/30")
    assert named(ask(world, f"E-{COUNTY}")["cut_off"]) == {"D-K1", "D-T1"}


def test_the_real_state_is_judged_as_before() -> None:
    world = build_world()
    before = world.judge().strengths()
    ask(world, f"E-{COUNTY}")
    assert world.judge().strengths() == before
