"""Who proves what to a routing neighbour: the line's own word, the area's, and who has none."""

from __future__ import annotations

from netops.facts.settings import Value
from netops.platforms.base import Answer
from netops.platforms.kin.draft import Draft
from netops.platforms.kin.filters import Filters
from netops.platforms.kin.layout import Notation, build
from netops.platforms.kin.ports import Ports
from netops.platforms.kin.routing import Routing

_AREA = "ospf 1\n area 0.0.0.0\n  {}network 10.0.0.0 0.0.0.255\n#\n"
_LINE = "interface GigabitEthernet0/0/{n}\n ip address 10.0.0.{n} 255.255.255.252\n{rest}#\n"


def authentication(text: str) -> dict[str, Value]:
    """Read interfaces and processes of a text as both platforms do."""
    answer = Answer.of(f"{text}\nreturn\n", "display current-configuration", "o1")
    ports, routing = Ports(), Routing()
    filters = Filters(step=5, first=0, fold=False)
    for root in build(answer, Notation()).roots:
        words = root.words
        if words[0] == "interface":
            ports.read(root, words[1], filters)
        elif words[0] == "ospf":
            routing.ospf(root, words)
        elif words[0] == "bgp":
            routing.bgp(root)
    draft = Draft(answer)
    routing.write(draft, ports.speakers)
    return {s.key: s.value for s in draft.settings if s.name == "routing.authentication"}


def test_a_line_that_switches_authentication_off_stands_beside_its_area() -> None:
    area = _AREA.format("authentication-mode md5 1 cipher x\n  ")
    follower = _LINE.format(n=1, rest="")
    loose = _LINE.format(n=2, rest=" ospf authentication-mode null\n")
    assert authentication(area + follower + loose) == {
        "ospf 1 area 0.0.0.0": "md5",
        "ospf 1 area 0.0.0.0 GigabitEthernet0/0/2": "none",
    }


def test_an_area_that_no_line_follows_says_nothing() -> None:
    area = _AREA.format("authentication-mode simple cipher x\n  ")
    strong = _LINE.format(n=1, rest=" ospf authentication-mode hmac-sha256 1 cipher x\n")
    assert authentication(area + strong) == {
        "ospf 1 area 0.0.0.0 GigabitEthernet0/0/1": "hmac-sha256"
    }


def test_a_line_that_is_shut_or_silent_has_no_neighbour() -> None:
    area = _AREA.format("")
    assert authentication(area + _LINE.format(n=1, rest="")) == {
        "ospf 1 area 0.0.0.0 GigabitEthernet0/0/1": "none"
    }
    assert authentication(area + _LINE.format(n=1, rest=" shutdown\n")) == {}
    silent = area.replace(" area", " silent-interface GigabitEthernet0/0/1\n area")
    assert authentication(silent + _LINE.format(n=1, rest="")) == {}


def test_a_peer_that_is_ignored_is_none_and_a_password_taken_back_is_gone() -> None:
    text = (
        "bgp 64512\n peer 192.0.2.1 as-number 64513\n peer 192.0.2.1 password cipher x\n"
        " undo peer 192.0.2.1 password\n peer 192.0.2.2 as-number 64514\n peer 192.0.2.2 ignore\n"
        " peer 192.0.2.3 as-number 64515\n peer 192.0.2.3 password cipher x"
    )
    assert authentication(text) == {"bgp 192.0.2.1": "none", "bgp 192.0.2.3": "md5"}
