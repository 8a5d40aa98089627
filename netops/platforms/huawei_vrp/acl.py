"""Access lists: the one grammar of a rule, and ``display acl all``.

What cannot be reduced to prefixes (ports, time ranges, wildcards with holes, words we do not
know) makes a rule opaque: it "may match", and is never left out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from netops.facts.policy_routes import Acl, AclRule
from netops.facts.source import Source
from netops.platforms.answer import Answer, Parsed
from netops.platforms.huawei_vrp.scan import Scan, to_int, to_ipv4

_RULE = re.compile(r"\s*rule(?: (\d{1,10}))?(?: name \S+)? (permit|deny)\b(.*)$")
_MATCHED = re.compile(r"\(\d+ (?:times matched|match(?:es)?)\)\s*$")
_COMMENT = re.compile(r"\s*rule(?: \d{1,10})? (?:description|remark)\b")
_HARMLESS = frozenset({"logging", "counting", "log", "statistics"})
_ENDS = ("source", "destination")
_EVERY = frozenset({"ip", "ipv6"})


@lru_cache(maxsize=1 << 12)
def to_network(address: str, wildcard: str) -> tuple[IPv4Network | None, bool] | None:
    """Read address and wildcard: the smallest prefix that holds them, and whether that is exact.

    >>> to_network("192.0.2.5", "0.0.0.3")
    (IPv4Network('192.0.2.4/30'), True)
    """
    base = to_ipv4(address)
    mask = to_ipv4("0.0.0.0" if wildcard == "0" else wildcard)  # noqa: S104 - a wildcard
    if base is None or mask is None:
        return None
    bits = int(mask)
    length = 32 - bits.bit_length()
    exact = bits == (1 << bits.bit_length()) - 1
    network = IPv4Network((int(base) >> (32 - length) << (32 - length), length))
    return (network if length else None), exact


def _match(words: list[str]) -> tuple[IPv4Network | IPv6Network | None, bool, int] | None:
    """Read what follows ``source`` or ``destination``: (network, exact, words used)."""
    if not words:
        return None
    if words[0] == "any":
        return None, True, 1
    if ":" in words[0] or "/" in words[0]:
        pair = "/" not in words[0] and len(words) > 1 and words[1].isdecimal()
        try:
            network = ip_network("/".join(words[:2]) if pair else words[0], strict=False)
        except ValueError:
            return None
        return network, True, 1 + pair
    found = to_network(words[0], words[1]) if len(words) > 1 else None
    return (*found, 2) if found else None


def parse_rule(line: str, where: Source) -> AclRule | None:
    """Read one rule; None when the line is none."""
    found = _RULE.match(_MATCHED.sub("", line))
    if found is None:
        return None
    words = found[3].split()
    protocol: str | None = None
    if words and words[0] not in _ENDS and words[0] not in _HARMLESS:
        said = words.pop(0).lower()
        protocol = None if said in _EVERY else said
    opaque = False
    ends: dict[str, IPv4Network | IPv6Network | None] = {}
    while words:
        word = words.pop(0)
        match = _match(words) if word in _ENDS else None
        if match is not None:
            ends[word], exact, used = match
            opaque = opaque or not exact
            del words[:used]
        elif word not in _HARMLESS:
            opaque = True
    return AclRule(
        permit=found[2] == "permit",
        source=ends.get("source"),
        destination=ends.get("destination"),
        protocol=protocol,
        number=to_int(found[1] or ""),
        opaque=opaque,
        at=where,
    )


def is_rule_comment(line: str) -> bool:
    """Whether the line only comments on a rule."""
    return _COMMENT.match(line) is not None


_TITLE = re.compile(
    r"\s*(?:Basic|Advanced|Advance|Ethernet frame|Link|L2|User|User-defined|Simple|Interface|MPLS"
    r"|ARP|UCL|Ucl-group)(?: (IPv6))? ACL (?:named )?(.+?), ?(\d+) rules?\b",
    re.IGNORECASE,
)
_HEADINGS = re.compile(
    r"\s*(?:Total (?:quantity of )?nonempty acl6? number|Acl6?'s step is|ACL6?'s step is|step \d"
    r"|description |Info: |Acl's |match-order|The ACL)",
    re.IGNORECASE,
)


def acl_names(text: str) -> tuple[str, ...]:
    """Return the names of a list's title: its number, its name, or both."""
    words = [word for word in text.replace(",", " ").split() if word not in {"name", "number"}]
    numbers = [word for word in words if word.isdecimal()]
    names = [word for word in words if not word.isdecimal()]
    return tuple(dict.fromkeys(numbers[-1:] + names[:1])) or (text,)


def parse_acls(answer: Answer) -> Parsed:
    """Read ``display acl [ipv6] all``. A list with number and name is a fact under each."""
    scan = Scan(answer)
    lists: list[tuple[tuple[str, ...], int, list[AclRule], int, int]] = []
    for number, line in scan.lines():
        title = _TITLE.match(line)
        rule = parse_rule(line, answer.at(number)) if lists else None
        if title:
            family = 6 if title[1] else 4
            lists.append((acl_names(title[2]), family, [], number, int(title[3][:6])))
        elif rule is not None:
            lists[-1][2].append(rule)
        elif not _HEADINGS.match(line) and not (lists and is_rule_comment(line)):
            scan.skip(number, line)
    for names, family, rules, first, _ in lists:
        last = rules[-1].at.last if rules else first
        scan.facts.extend(Acl(name, family, tuple(rules), answer.at(first, last)) for name in names)
    short = [names[0] for names, _, rules, _, count in lists if len(rules) < count]
    return scan.done(f"rules missing: {', '.join(short)}"[:200] if short else "")
