"""Who proves what to a routing neighbour: the line's own word, the area's, and who has none."""

from __future__ import annotations

import pytest

from netops.facts.settings import Setting, Value
from netops.platforms.answer import Answer
from netops.platforms.kin.draft import Draft
from netops.platforms.kin.filters import Filters
from netops.platforms.kin.layout import Notation, build
from netops.platforms.kin.ports import Ports
from netops.platforms.kin.routing import Routing, Speaker

_AREA = "ospf 1\n area 0.0.0.0\n  {}network 10.0.0.0 0.0.0.255\n#\n"
_LINE = "interface GigabitEthernet0/0/{n}\n ip address 10.0.0.{n} 255.255.255.252\n{rest}#\n"


def authentication(text: str) -> dict[str, Value]:
    """How each neighbourhood of a text proves itself."""
    return {s.key: s.value for s in _settings(text) if s.name == "routing.authentication"}


def _settings(text: str) -> list[Setting]:
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
        elif words[0] == "isis":
            routing.isis(root, words)
        elif words[0] == "rip":
            routing.rip(root)
        elif words[0] == "mpls":
            routing.mpls(root, words)
    draft = Draft(answer)
    routing.write(draft, ports.speakers, vrrp=2)
    return draft.settings


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


_ISIS = "interface GigabitEthernet0/0/1\n isis enable 1\n{line}#\nisis 1\n{process}#\n"


def isis(line: str = "", process: str = "") -> Value:
    return authentication(_ISIS.format(line=line, process=process))["isis GigabitEthernet0/0/1"]


def test_each_level_that_is_spoken_must_be_signed() -> None:
    area, domain = " area-authentication-mode md5 x\n", " domain-authentication-mode simple x\n"
    assert isis() == "none"
    assert isis(process=area) == "none"
    assert isis(process=area + domain) == "simple"
    assert isis(process=" is-level level-1\n" + area) == "md5"
    assert isis(process=" is-level level-2\n" + area) == "none"
    assert isis(" isis circuit-level level-2\n", domain) == "simple"
    assert isis(process=area + domain + " undo domain-authentication-mode\n") == "none"


def test_what_a_line_signs_stands_over_its_process_level_by_level() -> None:
    domain = " domain-authentication-mode md5 x\n"
    assert isis(" isis authentication-mode keychain k\n") == "keychain"
    assert isis(" isis authentication-mode simple x level-1\n", domain) == "simple"
    assert isis(" isis authentication-mode md5 x level-1\n") == "none"


def test_a_network_of_rip_is_classful_unless_it_has_a_wildcard() -> None:
    line = "interface G{n}\n ip address {a} 255.255.255.0\n#\n"
    lines = "".join(
        line.format(n=n, a=a)
        for n, a in enumerate(("10.9.1.1", "172.16.9.1", "192.168.1.1", "192.168.2.1"))
    )
    both = "rip 1\n network 10.0.0.0\n network 192.168.1.0\n#\n"
    assert set(authentication(lines + both)) == {"rip G0", "rip G2"}
    assert set(authentication(lines + "rip 1\n network 172.16.0.0\n#\n")) == {"rip G1"}
    assert set(authentication(lines + "rip 1\n network 10.9.0.0 0.0.255.255\n#\n")) == {"rip G0"}
    assert len(authentication(lines + "rip 1\n network 0.0.0.0\n#\n")) == 4
    assert authentication(lines + "rip 1\n network x\n network\n#\n") == {}


def test_labels_are_guarded_where_all_peers_have_a_password_and_unknown_for_some() -> None:
    line = "interface G{n}\n mpls\n mpls ldp\n#\n"
    two = line.format(n=1) + line.format(n=2)
    assert authentication(two + "mpls ldp\n#\n") == {"ldp": "none"}
    one = "mpls ldp\n md5-password cipher 192.0.2.1 x\n#\n"
    assert authentication(two + one) == {"ldp": ("unknown",)}
    assert authentication(line.format(n=1) + one) == {"ldp": "md5"}
    assert authentication(two + "mpls ldp\n md5-password cipher all x\n#\n") == {"ldp": "md5"}
    every = "mpls ldp\n authentication key-chain all name k\n#\n"
    assert authentication(two + every) == {"ldp": "keychain"}
    assert authentication("mpls ldp\n#\n") == {}


def test_a_line_that_is_shut_has_no_neighbour_of_any_kind() -> None:
    shut = (
        "interface G1\n shutdown\n ip address 10.0.0.1 255.255.255.0\n isis enable 1\n mpls ldp\n"
        " ospfv3 1 area 0\n#\nrip 1\n network 10.0.0.0\n#\nmpls ldp\n#\n"
    )
    assert authentication(shut) == {}


def isis_apart(line: str, process: str) -> dict[str, Value]:
    """What hello packets and what link state packets prove, by key."""
    settings = _settings(_ISIS.format(line=line, process=process))
    return {s.key: s.value for s in settings if s.name.startswith("isis.")}


def test_hello_packets_are_told_apart_from_those_of_area_and_domain() -> None:
    hello = " isis authentication-mode md5 x\n"
    area = " area-authentication-mode hmac-sha256 key-id 1 cipher x\n"
    assert isis_apart(hello, area) == {
        "GigabitEthernet0/0/1": "md5",
        "1 level-1": "hmac-sha256",
        "1 level-2": "none",
    }
    assert isis_apart("", " is-level level-1\n" + area) == {
        "GigabitEthernet0/0/1": "none",
        "1 level-1": "hmac-sha256",
    }
    assert isis_apart(" isis silent\n", area) == {}


def test_what_is_signed_and_not_checked_proves_nothing() -> None:
    area, domain = " area-authentication-mode md5 x", " domain-authentication-mode md5 x"
    both = f"{area}\n{domain}\n"
    assert isis(process=f"{area} all-send-only\n{domain}\n") == "none"
    assert isis(process=f"{area} snp-packet send-only\n{domain}\n") == "md5"
    assert isis(process=f"{both} domain-authentication send-only\n") == "none"
    assert isis(" isis authentication-mode md5 x send-only\n", both) == "md5"
    assert isis_apart(" isis authentication-mode md5 x send-only\n", both) == {
        "GigabitEthernet0/0/1": "none",
        "1 level-1": "md5",
        "1 level-2": "md5",
    }
    assert isis(" isis authentication-mode md5 x\n isis authentication send-only level-2\n") == (
        "none"
    )


@pytest.mark.parametrize(
    ("line", "usual", "kind"),
    [
        ("", 2, "md5"), ("", 3, "none"), ("", None, ("unknown",)),
        (" vrrp version 2\n", 3, "md5"), (" vrrp version 3\n", 2, "none"),
        (" vrrp version v3\n", None, "none"),
    ],
)  # fmt: skip
def test_a_key_of_vrrp_acts_in_version_2_alone(line: str, usual: int | None, kind: Value) -> None:
    speaker = Speaker("Vlanif1", 1)
    for text in (line, "vrrp vrid 1 virtual-ip 192.0.2.1", "vrrp vrid 1 authentication-mode md5 x",
                 "vrrp ipv6 vrid 2 virtual-ip FE80::1 link-local"):  # fmt: skip
        if words := text.split():
            speaker.read(words, 1)
    draft = Draft(Answer.of("#", "c", "o1"))
    Routing().write(draft, [speaker], vrrp=usual)
    assert [(one.key, one.value) for one in draft.settings] == [("Vlanif1 1", kind)]
    assert speaker.stands_in
