"""A host's packet filter: what becomes of a new connection to it, by either version of addresses.

Follows nftables from each chain of the input through the chains that it calls; of iptables it
knows the chain INPUT alone, and what the usual programs hang into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from netops.platforms.linux_host.baseline.plain import words
from netops.platforms.linux_host.baseline.sheet import Piece

_TABLE = re.compile(r"table (ip6?|inet) (\S{1,100}) \{")
_CHAIN = re.compile(r"chain (\S{1,200}) \{")
_HOOK = re.compile(r"type filter hook input\b.{0,80}?(?:\bpolicy (drop|accept))?;?\s*$")
_NOISE = re.compile(
    r"\bcounter(?: packets \d{1,20} bytes \d{1,20})?|\blog(?: (?:prefix \"[^\"]{0,200}\"|level \w+"
    r"|flags [\w ,]+|group \d+))*|\bcomment \"[^\"]{0,300}\""
)
_NEW = re.compile(r"ct state (?:\{ ?)?[\w, ]{0,80}\bnew\b[\w, ]{0,80}(?: ?\})?")
_ALL_OF_TCP = re.compile(
    r"(?:meta l4proto|ip protocol|ip6 nexthdr) (?:tcp|\{[^}]{0,100}\btcp\b[^}]{0,100}\})"
    r"|tcp dport [01]-65535|tcp dport != \S+"
)
_SOURCES = re.compile(r"ip6? saddr (?:\{ ?([^}]{1,900}?) ?\}|([0-9a-fA-F:.]{2,45}/[0-9]{1,3}))")
_TO_ME = re.compile(r"ip6? daddr (?!22[4-9]\.|23\d\.|ff|\S{1,40}\.255$|[!{])[0-9a-fA-F:.]{2,45}")
_CARD = re.compile(r"(?:meta )?iif(?:name)? (?:!= )?(?:\"[^\"]{1,20}\"|\w\S{0,19})")
"""Whether what lies behind a card of the network is the world or a room, no rule tells."""
_VERSION = re.compile(r"meta nfproto ipv([46])")
_CALL = re.compile(r"(.{0,200}?)\b(jump|goto) (\S{1,200})")
_MAPPED = re.compile(r"ct state vmap \{[^}]{0,300}\bnew : accept\b[^}]{0,300}\}")
_FIRST = re.compile(r"tcp flags (?:syn / [\w,]{1,40}|& \([^)]{1,60}\) == syn|syn|== syn)")
"""The first packet of a connection."""
_OFTEN = re.compile(r"limit rate \d{1,9} ?\S{1,20}(?: burst \d{1,9} \w{1,10})?")
_DPORT = re.compile(r"tcp dport (\{[^}]{0,400}\}|\S+)")
_SOURCE = re.compile(r"\bip6? saddr (?!!=|0\.0\.0\.0/0|::/0)")
_INSIDE = re.compile(
    r"\biif(?:name)? \"?(?:lo|docker|br-|veth|virbr|vnet|wg|tun|tap|lxc|cni|cali|podman|cilium"
    r"|flannel|kube|tailscale|zt)"
)
_OTHER = re.compile(r"\b(?:udp|icmp|icmpv6|igmp|ipv6-icmp|esp|ah|vrrp|ospf|dccp|sctp|tcp sport)\b")
_OLD = re.compile(r"ct state (?!.*\bnew\b)")
_SERVICES = {"ssh": 22, "http": 80, "https": 443, "telnet": 23, "ftp": 21}
_USUAL_CHAINS = ("ufw-", "ufw6-", "INPUT_", "f2b-", "fail2ban-", "KUBE-", "cali-", "DOCKER")
_IPT_PORTS = re.compile(r"--dports? (\S{1,200})")
_IPT_ALL = re.compile(
    r"(?:-p (?:tcp|all))? ?(?:-m tcp)? ?(?:--tcp-flags \S{1,40} SYN)?"
    r" ?(?:-m limit --limit \S{1,20})? ?(?:--limit-burst \d{1,9})?"
)
_IPT_CARD = re.compile(r"(?:! )?-i (\S{1,20})(?: -p (?:tcp|all)(?: -m tcp)?)?")
_IPT_STATE = re.compile(r"--(?:ct)?state (\S{1,100})")
_IPT_SOURCE = re.compile(r"(?:^| )-s (?!0\.0\.0\.0/0|::/0)\S")
_EVERYTHING = (_NEW, _ALL_OF_TCP, _FIRST, _OFTEN)
_DEEPEST, _MOST = 12, 5_000
OPEN, SHUT, NONE, UNKNOWN = "accept", "drop", "none", "?"


@dataclass(slots=True)
class _Chain:
    """The rules of a chain; ``policy`` where packets for the host come in here."""

    family: str
    rules: list[str] = field(default_factory=list)
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """What filters say of new connections: by version of addresses, and of SSH."""

    policies: dict[int, str]
    ssh_from_some: bool
    ssh_from_all: bool


def of_nft(piece: Piece, ports: frozenset[int]) -> Filter:
    """Return what nftables does."""
    chains = dict(_chains(piece))
    decided = {version: _combined(chains, version) for version in (4, 6)}
    rules = [rule for chain in chains.values() for rule in chain.rules]
    ways = [way for rule in rules if (way := _nft_ssh(rule, ports))]
    return Filter(decided, "some" in ways, "all" in ways)


def has_iptables(piece: Piece) -> bool:
    """Whether nftables shows what iptables would: then it is judged there, with all its chains."""
    return any(re.match(r"\s*chain INPUT \{", text) for _, text in piece.lines)


def _chains(piece: Piece) -> Iterator[tuple[tuple[str, str], _Chain]]:
    family = table = ""
    dormant, depth = False, 0
    chain: _Chain | None = None
    for _, text in piece.lines[:_MOST]:
        bare = text.strip()
        found = _TABLE.match(bare)
        if found is not None:
            family, table, dormant, depth = found[1], found[2], False, 0
            continue
        dormant = dormant or (chain is None and bare.startswith("flags ") and "dormant" in bare)
        named = _CHAIN.match(bare)
        if named is not None and depth == 0:
            chain, depth = _Chain(family), 1
            if not dormant:
                yield (f"{family} {table}", named[1]), chain
        elif chain is not None:
            depth += bare.count("{") - bare.count("}")
            hook = _HOOK.match(bare)
            if hook is not None:
                chain.policy = hook[1] or OPEN
            elif depth > 0 and bare:
                chain.rules.append(_NOISE.sub("", bare[:1_000]).strip())
            if depth <= 0:
                chain, depth = None, 0


def _combined(chains: dict[tuple[str, str], _Chain], version: int) -> str:
    """Return what all chains of the input come to: a packet has to pass every one of them."""
    said = [
        _decision(chains, key, version, 0) or chain.policy
        for key, chain in chains.items()
        if chain.policy and chain.family in {"inet", "ip6" if version == 6 else "ip"}  # noqa: PLR2004 - IPv6
    ]
    return next((word for word in (SHUT, UNKNOWN, OPEN) if word in said), NONE)


def _decision(
    chains: dict[tuple[str, str], _Chain], key: tuple[str, str], version: int, depth: int
) -> str:
    """Return what a chain's first rule for everything does; empty: none is for everything."""
    chain = chains.get(key)
    if chain is None or depth > _DEEPEST:
        return ""
    for rule in chain.rules:
        bare = _of_version(rule, version)
        if bare == "return":
            return ""
        call = _CALL.fullmatch(bare)
        if call is not None and _is_for_all(call[1].strip()):
            said = _decision(chains, (key[0], call[3]), version, depth + 1)
        else:
            said = _verdict(bare)
        if said or (call is not None and call[1] == "" and call[2] == "goto"):
            return said
    return ""


def _verdict(rule: str) -> str:
    """Return what a rule does to everything; empty: it has a condition."""
    if rule == "drop" or rule.startswith("reject"):
        return SHUT
    if _MAPPED.fullmatch(rule):
        return OPEN
    if not rule.endswith("accept"):
        return ""
    condition = rule.removesuffix("accept").strip()
    return OPEN if _is_for_all(condition) else UNKNOWN if _is_by_card(condition) else ""


def _of_version(rule: str, version: int) -> str:
    """Return a rule without the words that only name this version; empty: it is the other's."""
    found = _VERSION.match(rule)
    if found is not None:
        return rule[found.end() :].strip() if int(found[1]) == version else ""
    other = "ip " if version == 6 else "ip6 "  # noqa: PLR2004 - IPv6
    return "" if rule.startswith(other) else rule


def _is_for_all(condition: str) -> bool:
    """Whether a condition keeps nobody out who opens a connection by TCP."""
    if not condition or any(pattern.fullmatch(condition) for pattern in _EVERYTHING):
        return True
    named = _SOURCES.fullmatch(condition)
    return named is not None and _is_everywhere(named[1] or named[2])


def _is_everywhere(sources: str) -> bool:
    """Whether networks make up all addresses together."""
    try:
        networks = [ip_network(text.strip(), strict=False) for text in sources.split(",")]
    except ValueError:
        return False
    old = collapse_addresses(n for n in networks if isinstance(n, IPv4Network))
    new = collapse_addresses(n for n in networks if isinstance(n, IPv6Network))
    return any(n.prefixlen == 0 for n in old) or any(n.prefixlen == 0 for n in new)


def _is_by_card(condition: str) -> bool:
    """Whether everything is let in that comes by a card, which is no inner one, or to an address.

    Multicast and broadcast are no addresses by which a service is reached.
    """
    if _TO_ME.fullmatch(condition):
        return True
    return _CARD.fullmatch(condition) is not None and not _INSIDE.search(condition)


def _nft_ssh(rule: str, ports: frozenset[int]) -> str:
    if not re.search(r"\baccept\b", rule) or _INSIDE.search(rule) or _OLD.match(rule):
        return ""
    named = _DPORT.search(rule)
    if named is not None and not _names(named[1].strip("{} "), ports, "-"):
        return ""
    if named is None and _OTHER.search(rule):
        return ""
    is_plain = _is_for_all(rule.rpartition("accept")[0].strip())
    if named is None and not is_plain and not _SOURCE.search(rule) and "iif" not in rule:
        return ""
    sources = _SOURCES.search(rule)
    everywhere = sources is not None and _is_everywhere(sources[1] or sources[2])
    return "some" if _SOURCE.search(rule) and not everywhere else "all"


def _names(text: str, ports: frozenset[int], dash: str) -> bool:
    """Whether a list of ports may hold one of ours; a named set may."""
    for part in text.replace(" ", ",").split(","):
        low, _, high = part.partition(dash)
        first = _SERVICES.get(low, int(low) if low.isascii() and low.isdigit() else None)
        last = int(high) if high.isascii() and high.isdigit() else first
        if part and first is None:
            if not part[:1].isalpha():
                return True
        elif first is not None and any(first <= port <= (last or first) for port in ports):
            return True
    return False


def of_iptables(piece: Piece, version: int, ports: frozenset[int]) -> Filter:
    """Return what the chain INPUT does."""
    policy, decided = "", ""
    ways: set[str] = set()
    for _, text in piece.lines[:_MOST]:
        parts = words(text)
        if parts[:2] == ["-P", "INPUT"]:
            policy = policy or "".join(parts[2:3]).lower()
        elif parts[:2] == ["-A", "INPUT"]:
            decided = decided or _iptables_rule(parts)
            ways.add(_iptables_ssh(text[:1_000], parts, ports))
    found = decided or policy or NONE
    return Filter({version: found}, "some" in ways, "all" in ways)


def _iptables_rule(parts: list[str]) -> str:
    """Return what a rule does to everything; empty: it has a condition."""
    bare = " ".join(p for p in parts[2:] if p not in {"-s", "-d", "0.0.0.0/0", "::/0"})
    bare = re.sub(r"-m comment --comment (?:\"[^\"]{0,300}\"|\S+) ?", "", bare)
    found = re.match(r"(.*?)-[jg] (\S+)", bare)
    if found is None:
        return ""
    condition, target = found[1].strip(), found[2]
    state = _IPT_STATE.search(condition)
    if state is not None and "NEW" in state[1].split(","):
        condition = re.sub(r"-m (?:state|conntrack) --(?:ct)?state \S+", "", condition).strip()
    is_all = _IPT_ALL.fullmatch(condition) is not None
    if target == "ACCEPT" and is_all:
        return OPEN
    if condition:
        card = _IPT_CARD.fullmatch(condition)
        is_outer = card is not None and not _INSIDE.search(f"iif {card[1]}")
        return UNKNOWN if target == "ACCEPT" and is_outer else ""
    if target in {"DROP", "REJECT"}:
        return SHUT
    is_known = target in {"LOG", "NFLOG", "MARK", "RETURN"} or target.startswith(_USUAL_CHAINS)
    return "" if is_known else UNKNOWN


def _iptables_ssh(text: str, parts: list[str], ports: frozenset[int]) -> str:
    if "-j ACCEPT" not in text or "-i lo " in text or "-p udp" in text or "icmp" in text:
        return ""
    state = _IPT_STATE.search(text)
    if state is not None and "NEW" not in state[1].split(","):
        return ""
    named = _IPT_PORTS.search(text)
    if named is not None and not _names(named[1], ports, ":"):
        return ""
    has_source = _IPT_SOURCE.search(text) is not None
    if named is None and not has_source and _iptables_rule(parts) != OPEN:
        return ""
    return "some" if has_source else "all"
