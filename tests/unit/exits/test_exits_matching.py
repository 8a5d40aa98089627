"""Access lists against sources: yes, no, and what cannot be reduced to prefixes."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from netops.exits.matching import ANY, UNMATCHED, Match, Source, bounds, match_acl
from netops.facts.policy_routes import Acl, AclRule

SOURCE = bounds(ip_network("10.4.0.0/24"))
SAME = ip_network("10.4.0.0/24")
HALF = ip_network("10.4.0.0/25")
OTHER = ip_network("10.5.0.0/24")


@pytest.mark.parametrize(
    ("rules", "source", "expected"),
    [
        ((AclRule(True, SAME),), SOURCE, Match.YES),
        ((AclRule(True, HALF),), SOURCE, Match.MAYBE),
        ((AclRule(True, OTHER),), SOURCE, Match.NO),
        ((AclRule(False, SAME), AclRule(True)), SOURCE, Match.NO),
        ((AclRule(False, HALF), AclRule(True)), SOURCE, Match.MAYBE),
        ((AclRule(True, HALF), AclRule(True)), SOURCE, Match.YES),
        ((AclRule(True, HALF), AclRule(False)), SOURCE, Match.MAYBE),
        ((AclRule(False, HALF), AclRule(False)), SOURCE, Match.NO),
        ((AclRule(False, SAME, opaque=True), AclRule(True)), SOURCE, Match.MAYBE),
        ((AclRule(True, protocol="udp"),), SOURCE, Match.MAYBE),
        ((AclRule(True, protocol="ip"),), SOURCE, Match.YES),
        ((AclRule(True, SAME),), ANY, Match.MAYBE),
        ((AclRule(True),), ANY, Match.YES),
        ((AclRule(True, SAME),), UNMATCHED, Match.NO),
        ((AclRule(True),), UNMATCHED, Match.YES),
        ((AclRule(True, None, OTHER),), SOURCE, Match.MAYBE),
        ((), SOURCE, Match.NO),
    ],
)
def test_an_access_list_permits_surely_perhaps_or_not(
    rules: tuple[AclRule, ...], source: Source, expected: Match
) -> None:
    assert match_acl(Acl("2000", rules=rules), source, None) is expected


def test_a_destination_is_matched_where_it_is_known() -> None:
    acl = Acl("3000", rules=(AclRule(True, None, OTHER),))

    assert match_acl(acl, SOURCE, bounds(OTHER)[0]) is Match.YES
    assert match_acl(acl, SOURCE, SOURCE[0]) is Match.NO
