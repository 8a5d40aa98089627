"""Disjoint paths and single points on small graphs whose answer one can see."""

from __future__ import annotations

import pytest

from netops.topology import count_disjoint_paths, find_single_points

LADDER = [("p1", "p2"), ("c1", "c2"), ("p1", "c1"), ("p2", "c2"), ("c1", "k"), ("c2", "k")]


@pytest.mark.parametrize(
    ("edges", "group", "count"),
    [
        (LADDER, ["c1", "c2"], 2),
        (LADDER, ["k"], 2),
        ([*LADDER, ("k", "t")], ["t"], 1),
        ([edge for edge in LADDER if edge != ("p2", "c2")], ["k"], 1),
        ([edge for edge in LADDER if "k" not in edge], ["k"], 0),
        (LADDER, ["p1"], 3),
    ],
)
def test_paths_share_no_device_between_the_group_and_the_core(
    edges: list[tuple[str, str]], group: list[str], count: int
) -> None:
    assert count_disjoint_paths(edges, ["p1", "p2"], {"g": group}, 3) == {"g": count}


def test_more_than_two_paths_are_counted_too() -> None:
    edges = [(p, m) for p, m in (("p1", "a"), ("p2", "b"), ("p3", "c"))]
    edges += [("a", "k"), ("b", "k"), ("c", "k")]

    assert count_disjoint_paths(edges, ["p1", "p2", "p3"], {"g": ["k"]}, 3) == {"g": 3}
    assert count_disjoint_paths(edges, ["p1", "p2", "p3"], {"g": ["k"]}, 2) == {"g": 2}


def test_a_detour_through_an_own_device_is_no_second_path() -> None:
    edges = [("p1", "k1"), ("k1", "t"), ("k1", "k2"), ("t", "k2")]

    assert count_disjoint_paths(edges, ["p1"], {"g": ["k1", "k2"]}, 2) == {"g": 1}


def test_single_points_count_whom_they_would_cut_off() -> None:
    links = {f"{a}-{b}": (a, b) for a, b in [*LADDER, ("k", "t"), ("k", "u")]}

    found = find_single_points(links, ["p1", "p2"], {"t": "T", "u": "U"})

    assert found == {"k": 2, "k-t": 1, "k-u": 1}


def test_parallel_links_are_no_single_point_but_their_device_is() -> None:
    links = {"1": ("p1", "k"), "2": ("k", "t"), "3": ("k", "t")}

    assert find_single_points(links, ["p1"], {"t": "T"}) == {"k": 1, "1": 1, "p1": 1}
