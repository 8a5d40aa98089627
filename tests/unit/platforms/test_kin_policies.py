"""What classifier, behaviour and policy together let pass, on VRP and on Comware."""

from __future__ import annotations

import pytest
from test_comware_settings import read as read_comware
from test_vrp_settings import read, values

from netops.facts.settings import Value

LISTS = (
    "acl number 3001\n"
    " rule 5 permit tcp destination-port eq 445\n"
    "acl number 3002\n"
    " rule 5 permit tcp source 192.0.2.0 0.0.0.255 destination 198.51.100.7 0"
    " destination-port eq 443\n"
    "acl number 3003\n"
    " rule 5 permit ip\n"
    "acl number 3004\n"
    " rule 5 deny tcp destination-port eq 445\n"
    " rule 10 permit ip\n"
)
PORT = "interface GigabitEthernet0/0/1\n traffic-policy p inbound\n"
CLASSES = (
    "traffic classifier bad operator or\n if-match acl 3001\n"
    "traffic classifier good operator or\n if-match acl 3002\n"
    "traffic classifier rest operator or\n if-match acl 3003\n"
    "traffic classifier mixed operator or\n if-match acl 3004\n"
    "traffic classifier all operator or\n if-match any\n"
    "traffic classifier marked operator or\n if-match dscp ef\n"
)
DROP = "traffic behavior drop\n deny\n"
PASS = "traffic behavior pass\n permit\n"
LEAD = "traffic behavior lead\n redirect ip-nexthop 192.0.2.9\n"
FACTS = ("acl.ends_in_deny", "acl.any_any", "acl.coarse_permits")


def judged(pairs: str, more: str = "") -> dict[str, Value]:
    """Read a VRP policy ``p`` of these pairs; what is said of it, by fact."""
    policy = "traffic policy p match-order config\n" + "".join(
        f" classifier {one} behavior {other}\n"
        for one, other in (p.split() for p in pairs.split(","))
    )
    found = read(f"{LISTS}{CLASSES}{DROP}{PASS}{LEAD}{policy}{more or PORT}")
    return {
        name: values(found, name)["traffic-policy p"]
        for name in FACTS
        if "traffic-policy p" in values(found, name)
    }


@pytest.mark.parametrize(
    ("pairs", "ends", "everything", "coarse"),
    [
        ("bad drop", False, (), ()),
        ("good pass,rest drop", True, (), ()),
        ("good pass,all drop", True, (), ()),
        ("all pass,rest drop", False, ("all",), ("all",)),
        ("bad drop,rest pass", False, ("rest 5",), ("rest 5",)),
        # A rule ``deny`` of the list drops whatever the behaviour says.
        ("mixed pass", False, ("mixed 10",), ("mixed 10",)),
        ("mixed drop", True, (), ()),
        # What else a condition selects is not known.
        ("marked drop", "unknown", (), ()),
        ("marked pass,rest drop", True, "unknown", "unknown"),
        ("marked drop,rest pass", "unknown", ("rest 5",), ("rest 5",)),
    ],
)
def test_a_policy_filters_by_what_its_pairs_do_together(
    pairs: str, ends: Value, everything: Value, coarse: Value
) -> None:
    assert judged(pairs) == dict(zip(FACTS, (ends, everything, coarse), strict=True))


def test_a_policy_that_drops_nothing_is_no_filter() -> None:
    assert judged("good lead,rest pass") == {}


def test_a_rule_that_denies_below_another_action_is_judged_unknown() -> None:
    assert judged("mixed lead") == dict.fromkeys(FACTS, "unknown")


def test_a_policy_that_is_bound_nowhere_filters_nothing() -> None:
    assert judged("bad drop", "interface GigabitEthernet0/0/1\n ip address 192.0.2.1 30\n") == {}


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ("traffic-policy p global inbound\n", "global inbound: traffic-policy p"),
        ("vlan 10\n traffic-policy p outbound\n", "vlan 10 outbound: traffic-policy p"),
        (PORT, "GigabitEthernet0/0/1 inbound: traffic-policy p"),
        ("interface Eth-Trunk7.11\n bas\n #\n  traffic-policy p inbound\n #\n#\n",
         "Eth-Trunk7.11 inbound: traffic-policy p"),
    ],
)  # fmt: skip
def test_a_policy_acts_on_ports_vlans_and_the_whole_device(place: str, key: str) -> None:
    assert judged("bad drop", place)["acl.ends_in_deny"] is False
    body = f"{LISTS}{CLASSES}{DROP}traffic policy p\n classifier bad behavior drop\n{place}"
    assert values(read(body), "acl.binding")[key] == "defined"


def test_a_policy_that_is_not_there_is_undefined_and_one_without_pairs_empty() -> None:
    found = values(read(f"traffic policy q\n{PORT}{PORT.replace('p in', 'q in')}"), "acl.binding")
    assert found == {
        "GigabitEthernet0/0/1 inbound: traffic-policy p": "undefined",
        "GigabitEthernet0/0/1 inbound: traffic-policy q": "empty",
    }


def test_a_list_that_a_classifier_names_and_that_is_not_there_is_undefined() -> None:
    body = (
        "traffic classifier c operator or\n if-match acl 3999\ntraffic behavior b\n deny\n"
        f"traffic policy p\n classifier c behavior b\n{PORT}"
    )
    found = read(body)
    assert values(found, "acl.binding")["classifier c: 3999"] == "undefined"
    assert values(found, "acl.ends_in_deny") == {"traffic-policy p": False}


@pytest.mark.parametrize(
    ("operator", "conditions", "ends"),
    [
        (" operator or", " if-match acl 3003\n if-match dscp ef\n", True),
        (" operator and", " if-match acl 3003\n if-match dscp ef\n", "unknown"),
        (" operator and", " if-match acl 3001\n if-match dscp ef\n", False),
        (" type or", " if-match acl 3003\n if-match dscp ef\n", True),
        (" operator and", " if-match any\n if-match acl 3003\n", True),
        (" operator and", " if-match acl 3001\n if-match acl 3003\n", "unknown"),
        ("", " if-match acl 3003\n if-match dscp ef\n", "unknown"),
        ("", " if-match acl 3003\n", True),
        ("", "", "unknown"),
        (" operator or", " if-match not acl 3001\n", "unknown"),
    ],
)
def test_conditions_are_joined_by_the_operator(operator: str, conditions: str, ends: Value) -> None:
    body = (
        f"{LISTS}{DROP}traffic classifier c{operator}\n{conditions}"
        f"traffic policy p\n classifier c behavior drop\n{PORT}"
    )
    assert values(read(body), "acl.ends_in_deny") == {"traffic-policy p": ends}


def test_the_order_is_that_of_ranks_and_unknown_where_the_device_chooses() -> None:
    pairs = (
        " classifier rest behavior drop precedence 10\n classifier all behavior pass precedence 5\n"
    )
    body = f"{LISTS}{CLASSES}{DROP}{PASS}traffic policy p{{}}\n{{}}{PORT}"
    assert values(read(body.format("", pairs)), "acl.ends_in_deny") == {"traffic-policy p": False}
    plain = " classifier rest behavior drop\n classifier all behavior pass\n"
    assert values(read(body.format("", plain)), "acl.ends_in_deny") == {"traffic-policy p": True}
    found = read(body.format(" match-order auto", plain))
    assert values(found, "acl.ends_in_deny") == {"traffic-policy p": "unknown"}
    assert values(found, "acl.shadowed")["traffic-policy p"] == "unknown"


def test_a_classifier_that_an_earlier_one_leaves_nothing_to_is_shadowed() -> None:
    body = (
        f"{LISTS}{CLASSES}{DROP}{PASS}traffic policy p\n classifier all behavior pass\n"
        f" classifier bad behavior drop\n{PORT}"
    )
    assert values(read(body), "acl.shadowed")["traffic-policy p"] == ("bad 5<all",)


def test_what_the_switch_over_skips_is_not_known_to_be_dropped() -> None:
    body = (
        f"{LISTS}{CLASSES}traffic behavior b\n permit\n rule-deny skip-action\n"
        f"traffic policy p\n classifier mixed behavior b\n{PORT}"
    )
    assert values(read(body), "acl.ends_in_deny") == {"traffic-policy p": "unknown"}


def test_each_family_is_judged_by_its_own_lists() -> None:
    body = (
        "acl ipv6 number 3001\n rule 5 permit ipv6\nacl number 3001\n rule 5 permit tcp\n"
        "traffic classifier six operator or\n if-match ipv6 acl 3001\n"
        "traffic classifier four operator or\n if-match acl 3001\n"
        f"{DROP}traffic policy p\n classifier six behavior drop\n classifier four behavior drop\n"
        f"{PORT}"
    )
    assert values(read(body), "acl.ends_in_deny") == {
        "traffic-policy p": False,
        "ipv6 traffic-policy p": True,
    }


def test_a_list_beside_a_policy_that_denies_the_rest_is_not_failed_for_its_end() -> None:
    lists = LISTS + "acl number 3005\n rule 5 permit tcp\n rule 10 deny ip\n"
    body = f"{lists}{CLASSES}{DROP}traffic policy p\n classifier {{}} behavior drop\n{PORT}"
    both = body + " traffic-filter inbound acl {}\n"
    assert values(read(both.format("rest", "3001")), "acl.ends_in_deny") == {
        "3001": "unknown",
        "traffic-policy p": True,
    }
    assert values(read(both.format("bad", "3005")), "acl.ends_in_deny") == {
        "3005": True,
        "traffic-policy p": "unknown",
    }
    elsewhere = body.format("rest") + " traffic-filter outbound acl 3001\n"
    assert values(read(elsewhere), "acl.ends_in_deny")["3001"] is False


def test_a_single_rule_that_filters_says_nothing_of_its_list() -> None:
    lists = "acl number 3005\n rule 5 deny tcp\n rule 10 deny ip\n"
    port = "interface GigabitEthernet0/0/1\n traffic-filter inbound acl 3005{}\n"
    whole, part = read(lists + port.format("")), read(lists + port.format(" rule 5"))
    assert values(whole, "acl.ends_in_deny") == {"3005": True}
    assert values(part, "acl.ends_in_deny") == {"3005": "unknown"}


def test_what_secures_traffic_is_a_filter_too() -> None:
    lists = "acl number 3005\n rule 5 deny tcp\n"
    port = "interface GigabitEthernet0/0/1\n traffic-secure inbound acl 3005\n"
    assert values(read(lists + port), "acl.ends_in_deny") == {"3005": False}
    everywhere = "traffic-secure vlan 10 inbound acl 3005\n"
    assert values(read(lists + everywhere), "acl.ends_in_deny") == {"3005": False}


COMWARE = (
    "acl advanced 3001\n rule 0 permit tcp destination-port eq 445\n"
    "acl advanced 3003\n rule 0 permit ip\n"
    "acl advanced 3004\n rule 0 permit tcp destination-port eq 443\n rule 5 deny ip\n"
    "traffic classifier bad operator and\n if-match acl 3001\n"
    "traffic classifier rest operator and\n if-match acl 3003\n"
    "traffic classifier mixed operator and\n if-match acl 3004\n"
    "traffic behavior drop\n filter deny\n"
    "traffic behavior pass\n filter permit\n accounting packet\n"
)


@pytest.mark.parametrize(
    ("pairs", "ends", "everything"),
    [
        ("bad drop", False, ()),
        ("rest drop", True, ()),
        ("bad pass,rest drop", True, ()),
        # One series drops what a rule ``deny`` names, another passes on to the next classifier.
        ("mixed drop", "unknown", ()),
        ("mixed pass,rest drop", True, "unknown"),
    ],
)
@pytest.mark.parametrize(
    "place",
    [
        "interface GigabitEthernet1/0/1\n qos apply policy p inbound\n",
        "qos apply policy p global inbound\n",
        "qos vlan-policy p vlan 2 to 5 inbound\n",
    ],
)
def test_a_policy_of_comware_leaves_rules_that_deny_open(
    pairs: str, ends: Value, everything: Value, place: str
) -> None:
    policy = "qos policy p\n" + "".join(
        f" classifier {one} behavior {other}\n"
        for one, other in (p.split() for p in pairs.split(","))
    )
    found = read_comware(f"{COMWARE}{policy}{place}")
    assert values(found, "acl.ends_in_deny") == {"qos policy p": ends}
    assert values(found, "acl.any_any") == {"qos policy p": everything}


def test_a_policy_of_the_control_plane_filters_nothing_that_passes() -> None:
    body = f"{COMWARE}qos policy p\n classifier bad behavior drop\n"
    found = read_comware(body + "control-plane slot 1\n qos apply policy p inbound\n")
    assert values(found, "acl.ends_in_deny") == {}


def test_more_rules_than_there_is_time_for_are_judged_unknown() -> None:
    rules = "".join(f" rule {n} permit ip source 192.0.2.{n % 250} 0\n" for n in range(1, 2000))
    lists = f"acl number 3100\n{rules}traffic classifier many operator or\n if-match acl 3100\n"
    pairs = " classifier many behavior drop\n"
    text = (
        lists
        + DROP
        + "".join(
            f"traffic policy p{n}\n{pairs}interface GigabitEthernet0/0/{n}\n"
            f" traffic-policy p{n} inbound\n"
            for n in range(30)
        )
    )
    found = values(read(text), "acl.ends_in_deny")
    assert found["traffic-policy p0"] is False
    assert found["traffic-policy p29"] == "unknown"
    assert len(found) == 30


def test_a_name_in_quotation_marks_may_hold_blanks() -> None:
    body = (
        f'{LISTS}traffic classifier "the rest" operator or\n if-match acl 3003\n'
        'traffic behavior "drop it"\n deny\ntraffic policy "at the edge"\n'
        ' classifier "the rest" behavior "drop it"\n'
        'interface GigabitEthernet0/0/1\n traffic-policy "at the edge" inbound\n'
    )
    found = values(read(body), "acl.ends_in_deny")
    assert found == {'traffic-policy "at the edge"': True}
