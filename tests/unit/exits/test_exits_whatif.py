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


def provider(world: World, name: str = "K1") -> str:
    """Give a router a provider's session whose default its table shows without selecting it."""
    carrier = outside_line(world.routers[name], 8, "GigabitEthernet0/0/8")
    more = {"protocol": "ebgp", "preference": 255, "active": False}
    world.routers[name].row("0.0.0.0/0", carrier, "GigabitEthernet0/0/8", **more)
    return carrier


def test_a_default_that_a_table_shows_unselected_is_selected_and_takes_over() -> None:
    world = build_world()
    provider(world)
    told = ask(world, f"E-{COUNTY}")
    assert named(told["taken_over"]) == {"D-K1", "D-T1"}
    assert told["taken_over"][0]["by"] == ["K1 GigabitEthernet0/0/8"]
    assert [point["line"] for point in told["latent_exits"]] == ["GigabitEthernet0/0/8"]
    assert told["may_take_over"] == []


def test_who_followed_the_lost_default_falls_back_on_what_their_table_shows() -> None:
    world = build_world()
    provider(world, "T1")
    told = ask(world, f"E-{COUNTY}")
    assert {row["department"]: row["by"] for row in told["taken_over"]} == {
        "D-T1": ["T1 GigabitEthernet0/0/8"]
    }
    assert named(told["cut_off"]) == {"D-K1"}


def test_a_neighbour_with_another_exit_may_tell_its_default_by_the_protocol_they_speak() -> None:
    """K1 learns routes from C1 by BGP; whether C1 would tell it a default, no fact says."""
    world = build_world()
    world.routers["K1"].row(
        "10.0.0.0/8", "10.0.2.1", "GigabitEthernet0/0/2", protocol="ebgp", preference=255
    )
    told = ask(world, f"E-{COUNTY}")
    assert named(told["cut_off"]) == {"D-K1", "D-T1"}
    assert told["may_take_over"] == [
        {
            "department": name,
            "family": "ipv4",
            "by": ["C1 GigabitEthernet0/0/9"],
            "exits": [f"E-{CITY}"],
        }
        for name in ("D-K1", "D-T1")
    ]


def test_without_a_protocol_between_them_no_neighbour_takes_over() -> None:
    assert ask(build_world(), f"E-{COUNTY}")["may_take_over"] == []


def test_an_undeclared_exit_behind_a_neighbour_is_named_as_one_that_may_take_over() -> None:
    world = build_world()
    carrier = outside_line(world.routers["T1"], 8, "GigabitEthernet0/0/8")
    world.routers["T1"].static("0.0.0.0/0", carrier, "GigabitEthernet0/0/8", preference=200)
    world.routers["K1"].row(
        "10.4.0.0/24", "10.0.3.2", "GigabitEthernet0/0/2", protocol="ospf", preference=10
    )
    told = ask(world, f"E-{COUNTY}")
    assert named(told["taken_over"]) == {"D-T1"}
    assert [(row["department"], row["by"]) for row in told["may_take_over"]] == [
        ("D-K1", ["T1 GigabitEthernet0/0/8"])
    ]
