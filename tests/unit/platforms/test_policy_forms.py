"""How a policy is applied is told with it: what takes it away again differs."""

from __future__ import annotations

import pytest

from netops.facts.policy_routes import PolicyRoute
from netops.platforms.answer import Answer
from netops.platforms.h3c_comware.config.parse import parse_configuration as comware
from netops.platforms.huawei_vrp.config import parse_configuration as vrp

_VRP = """\
#
vlan 10
{vlan}
#
traffic classifier any operator or
 if-match any
#
traffic behavior out
 redirect ip-nexthop 203.0.113.1
#
traffic policy P match-order config
 classifier any behavior out
#
{top}
#
interface GigabitEthernet0/0/1
 ip address 10.0.0.1 255.255.255.0
{port}
#
interface Vlanif10
 ip address 10.0.1.1 255.255.255.0
#
return
"""


@pytest.mark.parametrize(
    ("places", "form"),
    [
        ({"port": " traffic-policy P inbound"}, "traffic interface"),
        ({"vlan": " traffic-policy P inbound"}, "traffic vlan"),
        ({"top": "traffic-policy P global inbound"}, "traffic global"),
        ({"top": "traffic-policy P global inbound", "port": " traffic-policy P inbound"},
         "traffic mixed"),
    ],
)  # fmt: skip
def test_a_traffic_policy_tells_the_view_that_applies_it(places: dict[str, str], form: str) -> None:
    text = _VRP.format(**{"vlan": " description x", "top": "#", "port": " #", **places})

    parsed = vrp(Answer.of(text, "display current-configuration"))

    assert [f.form for f in parsed.facts if isinstance(f, PolicyRoute)] == [form]


_COMWARE = """\
#
vlan 10
#
traffic classifier any operator and
 if-match acl 3000
#
traffic behavior out
 redirect next-hop 203.0.113.1
#
qos policy P
 classifier any behavior out
#
{top}
#
interface Vlan-interface10
 ip address 10.0.1.1 255.255.255.0
{vlan}
#
interface GigabitEthernet1/0/1
 port link-mode bridge
 port access vlan 10
{port}
#
return
"""


@pytest.mark.parametrize(
    ("places", "form"),
    [
        ({"vlan": " qos apply policy P inbound"}, "qos"),
        ({"port": " qos apply policy P inbound"}, "qos mixed"),
        ({"top": "qos apply policy P global inbound"}, "qos global"),
        ({"top": "qos vlan-policy P vlan 10 inbound"}, "qos vlan"),
    ],
)
def test_a_quality_policy_tells_the_statement_that_applies_it(
    places: dict[str, str], form: str
) -> None:
    text = _COMWARE.format(**{"vlan": " mtu 1500", "top": "#", "port": " undo shutdown", **places})

    parsed = comware(Answer.of(text, "display current-configuration"))

    assert {f.form for f in parsed.facts if isinstance(f, PolicyRoute)} == {form}
