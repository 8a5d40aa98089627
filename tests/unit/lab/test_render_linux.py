"""Linux text of a model: it parses back to the model, and has the shape of the real programs."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

from kernel_models import linux_host, row
from rendered import Rendered

from netops.facts.answers import AnswerState
from netops.facts.nat import NatSessions
from netops.facts.policy_routes import PolicyRoute
from netops.facts.routes import RouteTable, VpnInstance
from netops.facts.source import NOWHERE
from netops.facts.system import Identity
from netops.lab.render import render_answers
from netops.platforms.linux_host import PLATFORM

REPLAY = Path(__file__).parents[2] / "replay" / "linux_host"
ADDRESSES = "ip -j -d address show"


RENDERED = Rendered(PLATFORM)


def _tables(answers: dict[str, str], command: str) -> dict[tuple[str, int], list[Any]]:
    facts = [f for f in RENDERED.parse(answers, command).facts if isinstance(f, RouteTable)]
    return {(t.vpn, t.family): [one._replace(line=0) for one in t.rows] for t in facts}


def test_every_bulk_command_and_followup_is_answered() -> None:
    answers = render_answers(linux_host())
    assert {c.text for c in PLATFORM.first_commands()} <= set(answers)
    followups = PLATFORM.followups({ADDRESSES: RENDERED.parse(answers, ADDRESSES)})
    assert followups == ("ip -4 -j route show vrf gov", "ip -6 -j route show vrf gov")
    assert set(followups) <= set(answers)


def test_links_and_what_hangs_on_them_come_back() -> None:
    model = linux_host()
    answers = render_answers(model)
    found = {i.name: i for i in RENDERED.facts(answers, ADDRESSES, type(model.interfaces[0]))}
    assert found == {i.name: i for i in model.interfaces}
    assert RENDERED.facts(answers, ADDRESSES, type(model.dhcp[0])) == model.dhcp
    assert RENDERED.facts(answers, ADDRESSES, type(model.dialers[0])) == model.dialers
    assert RENDERED.facts(answers, ADDRESSES, type(model.cellular[0])) == model.cellular
    assert RENDERED.facts(answers, ADDRESSES, VpnInstance) == model.vpn_instances


def test_tunnels_come_back_with_their_peers() -> None:
    model = linux_host()
    answers = render_answers(model)
    kind = type(model.tunnels[0])
    assert RENDERED.facts(answers, "wg show all endpoints", kind) == model.tunnels[:1]
    links = RENDERED.facts(answers, ADDRESSES, kind)
    assert links == [replace(model.tunnels[0], peer=None), model.tunnels[1]]


def test_routes_come_back_by_table_and_vrf() -> None:
    model = linux_host()
    answers = render_answers(model)
    tables = _tables(answers, "ip -4 -j route show table all")
    tables |= _tables(answers, "ip -6 -j route show table all")
    tables |= _tables(answers, "ip -4 -j route show vrf gov")
    assert tables.pop(("table 1001", 4)) == model.routes[("gov", 4)]
    assert tables == model.routes


def test_rules_translations_and_their_lists_come_back() -> None:
    model = linux_host()
    answers = render_answers(model)
    assert RENDERED.facts(answers, "ip -j rule show", PolicyRoute) == model.policy_routes
    assert RENDERED.facts(answers, "ip -6 -j rule show", PolicyRoute) == []
    nft = "nft -j list ruleset"
    assert RENDERED.facts(answers, nft, type(model.nat_rules[0])) == model.nat_rules
    acls = RENDERED.facts(answers, "ip -j rule show", type(model.acls[0]))
    acls += RENDERED.facts(answers, nft, type(model.acls[0]))
    plain = [replace(a, rules=tuple(replace(r, at=NOWHERE) for r in a.rules)) for a in acls]
    assert plain == model.acls


def test_small_answers_come_back() -> None:
    model = linux_host()
    answers = render_answers(model)
    count = "cat /proc/sys/net/netfilter/nf_conntrack_count"
    assert RENDERED.facts(answers, count, NatSessions) == [NatSessions(23)]
    neighbours = RENDERED.facts(answers, "ip -j neigh show", type(model.neighbours[0]))
    assert neighbours == model.neighbours
    lldp = "lldpcli show neighbors -f json"
    assert RENDERED.facts(answers, lldp, type(model.lldp[0])) == model.lldp
    assert RENDERED.facts(answers, "chronyc -n tracking", type(model.ntp)) == [model.ntp]
    assert RENDERED.facts(answers, "hostname", Identity) == [Identity("host-1")]
    assert RENDERED.facts(answers, "cat /proc/uptime", Identity) == [Identity(uptime_s=86400)]


def test_a_policy_by_next_hop_gets_a_table_of_its_own() -> None:
    model = linux_host()
    model.policy_routes = [
        PolicyRoute("out", 700, sources=(ip_network("10.40.1.0/28"),),
                    next_hops=(ip_address("192.168.31.1"),))
    ]  # fmt: skip
    answers = render_answers(model)
    (rule,) = RENDERED.facts(answers, "ip -j rule show", PolicyRoute)
    assert (rule.node, rule.table, rule.vpn) == (700, "100", "table 100")
    tables = _tables(answers, "ip -4 -j route show table all")
    way = row("0.0.0.0/0", "static", "192.168.31.1", "eth1")
    assert way in tables[("table 100", 4)]


def test_an_empty_list_is_printed_as_iproute2_prints_it() -> None:
    model = linux_host()
    model.neighbours = []
    assert render_answers(model)["ip -j neigh show"] == "[ ]\n"


def test_a_masquerade_has_the_keys_of_a_real_ruleset() -> None:
    items = json.loads(render_answers(linux_host())["nft -j list ruleset"])["nftables"]
    rule = next(item["rule"] for item in items if "rule" in item)
    assert (rule["family"], rule["table"], rule["chain"]) == ("ip", "nat", "postrouting")
    assert rule["expr"][0] == {
        "match": {"op": "==", "left": {"meta": {"key": "oifname"}}, "right": "eth1"}
    }
    assert rule["expr"][-1] == {"masquerade": None}


def test_a_host_without_a_clock_service_says_so() -> None:
    model = linux_host()
    model.ntp = None
    text = render_answers(model)["chronyc -n tracking"]
    states = [state for pattern, state in PLATFORM.refusals if pattern.search(text)]
    assert states == [AnswerState.NOT_SUPPORTED]


def test_links_and_routes_use_only_keys_that_the_real_programs_print() -> None:
    answers = render_answers(linux_host())
    for command in (ADDRESSES, "ip -4 -j route show table all", "ip -j rule show"):
        folder = REPLAY / command.replace(" ", "_")
        real = json.loads((folder / "debian_12.raw").read_text(encoding="utf-8"))
        mine = json.loads(answers[command])
        allowed = {key for entry in real for key in entry} | {"master", "l3mdev"}
        assert {key for entry in mine for key in entry} <= allowed
