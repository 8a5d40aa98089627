"""FRR text of a model: it parses back to the model, and holds lines as a real router prints."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from kernel_models import frr_router
from rendered import Rendered

from netops.facts.answers import AnswerState
from netops.facts.redundancy import VrrpState
from netops.facts.routes import RouteTable, VpnInstance
from netops.lab.render import render_answers
from netops.platforms.frr import PLATFORM

REPLAY = Path(__file__).parents[2] / "replay" / "frr"


RENDERED = Rendered(PLATFORM)


def _tables(answers: dict[str, str], command: str) -> dict[tuple[str, int], list[Any]]:
    facts = RENDERED.parse(answers, command).facts
    assert all(isinstance(fact, RouteTable) for fact in facts)
    return {(t.vpn, t.family): [row._replace(line=0, last=0) for row in t.rows] for t in facts}


def test_every_bulk_command_is_answered() -> None:
    answers = render_answers(frr_router())
    assert {c.text for c in PLATFORM.first_commands()} <= set(answers)


def test_routes_come_back_per_vrf_and_family() -> None:
    model = frr_router()
    answers = render_answers(model)
    tables = _tables(answers, "show ip route vrf all json")
    tables |= _tables(answers, "show ipv6 route vrf all json")
    assert tables == model.routes


def test_interfaces_and_what_hangs_on_them_come_back() -> None:
    model = frr_router()
    answers = render_answers(model)
    command = "show interface vrf all json"
    assert RENDERED.facts(answers, command, type(model.interfaces[0])) == model.interfaces
    assert RENDERED.facts(answers, command, type(model.tunnels[0])) == model.tunnels
    assert RENDERED.facts(answers, command, type(model.dialers[0])) == model.dialers
    assert RENDERED.facts(answers, command, type(model.cellular[0])) == model.cellular


def test_the_configuration_holds_what_no_table_shows() -> None:
    model = frr_router()
    answers = render_answers(model)
    command = "show running-config"
    assert RENDERED.facts(answers, command, type(model.statics[0])) == model.statics
    assert RENDERED.facts(answers, command, type(model.policy_routes[0])) == model.policy_routes
    assert RENDERED.facts(answers, command, VpnInstance) == model.vpn_instances
    assert [acl.name for acl in RENDERED.facts(answers, command, type(model.acls[0]))] == [
        "pbr-map OUT seq 20"
    ]
    groups = [replace(group, state=VrrpState.UNKNOWN) for group in model.vrrp]
    assert RENDERED.facts(answers, command, type(model.vrrp[0])) == groups


def test_peers_vpn_routes_and_groups_come_back_from_their_displays() -> None:
    model = frr_router()
    answers = render_answers(model)
    summary = "show bgp vrf all summary json"
    peers = [replace(peer, router_id="192.0.2.100") for peer in model.bgp_peers]
    assert RENDERED.facts(answers, summary, type(model.bgp_peers[0])) == peers
    kind = type(model.vpn_routes[0])
    found = RENDERED.facts(answers, "show bgp ipv4 vpn json", kind)
    found += RENDERED.facts(answers, "show bgp ipv6 vpn json", kind)
    assert found == model.vpn_routes
    assert RENDERED.facts(answers, "show vrrp json", type(model.vrrp[0])) == model.vrrp


def test_configured_peers_are_those_of_the_display() -> None:
    answers = render_answers(frr_router())
    peers = RENDERED.facts(answers, "show running-config", type(frr_router().bgp_peers[0]))
    assert [(str(p.address), p.remote_as, p.vpn, p.address_family, p.enabled) for p in peers] == [
        ("192.0.2.2", "64500", "", "ipv4", True),
        ("2001:db8:1::2", "64500", "", "ipv6", True),
        ("203.0.113.66", "64502", "gov", "ipv4", False),
    ]


def test_a_floating_static_stands_in_the_configuration_alone() -> None:
    answers = render_answers(frr_router())
    assert "ip route 0.0.0.0/0 203.0.113.2 200" in answers["show running-config"].splitlines()
    assert "203.0.113.2" not in answers["show ip route vrf all json"]


def test_an_active_static_route_stands_in_the_configuration_unasked() -> None:
    model = frr_router()
    model.statics = []
    lines = render_answers(model)["show running-config"].splitlines()
    assert "ip route 0.0.0.0/0 198.51.100.2" in lines
    assert " ip route 10.20.0.0/16 203.0.113.66" in lines
    assert "ip route 10.12.0.0/16 203.0.113.66 nexthop-vrf gov" in lines


def test_a_route_has_the_keys_of_a_real_router() -> None:
    text = render_answers(frr_router())["show ip route vrf all json"]
    first, _ = json.JSONDecoder().raw_decode(text)
    entry = first["0.0.0.0/0"][0]
    assert entry["selected"] is True
    assert entry["internalNextHopNum"] == 2
    assert entry["nexthops"][1] == {
        "flags": 3, "fib": True, "ip": "198.51.100.2", "afi": "ipv4", "interfaceIndex": 4,
        "interfaceName": "eth1", "active": True, "weight": 1,
    }  # fmt: skip
    assert text.splitlines()[:4] == ["{", '  "0.0.0.0/0":[', "    {", '      "prefix":"0.0.0.0/0",']


def test_a_router_without_bgp_says_that_the_daemon_does_not_run() -> None:
    model = frr_router()
    model.bgp_peers, model.vpn_routes, model.vpn_instances = [], [], []
    text = render_answers(model)["show bgp vrf all summary json"]
    assert text == "bgpd is not running\n"
    states = [state for pattern, state in PLATFORM.refusals if pattern.search(text)]
    assert states == [AnswerState.NOT_SUPPORTED]


def test_vrfs_are_listed_as_zebra_lists_them() -> None:
    assert render_answers(frr_router())["show vrf"] == "vrf gov id 101 table 1001\n"


def _recorded(name: str) -> dict[str, Any]:
    text = (REPLAY / name / "frr_8_4_4.raw").read_text(encoding="utf-8")
    found: dict[str, Any] = json.JSONDecoder().raw_decode(text)[0]
    return found


def test_routes_and_interfaces_use_only_keys_that_a_real_router_prints() -> None:
    answers = render_answers(frr_router())
    decode = json.JSONDecoder().raw_decode
    mine = decode(answers["show ip route vrf all json"])[0]
    real = _recorded("show_ip_route_vrf_all_json")
    entries = [[e for same in table.values() for e in same] for table in (mine, real)]
    assert {key for e in entries[0] for key in e} <= {key for e in entries[1] for key in e}
    hops = [{key for e in es for hop in e["nexthops"] for key in hop} for es in entries]
    assert hops[0] - {"recursive"} <= hops[1]
    links = decode(answers["show interface vrf all json"])[0]
    known = {key for link in _recorded("show_interface_vrf_all_json").values() for key in link}
    assert {key for link in links.values() for key in link} - {"vtepRemoteIp"} <= known


def test_tables_beside_main_are_listed_and_those_of_policy_maps_printed() -> None:
    answers = render_answers(frr_router())
    summary = answers["show zebra router table summary"].splitlines()
    assert [line.split() for line in summary[2:]][-1][3:5] == ["IPv4", "unicast"]
    tables = [line for line in answers if line.startswith("show ip route table ")]
    assert tables
    for line in tables:
        (table,) = RENDERED.parse(answers, line).facts
        assert table.vpn == f"table {line.split()[4]}"
        assert {row.protocol for row in table.rows} == {"pbr"}
