"""Who may reach a host's management: its packet filter, libwrap's files, PAM's access list.

Knows nftables and iptables as they print themselves. Refuses to prove that a rule set is tight:
it says what the policy is and whether SSH is limited by source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from netops.facts.settings import Setting
from netops.platforms.linux_host.baseline.plain import statements, words
from netops.platforms.linux_host.baseline.sheet import Piece, Sheet
from netops.platforms.settings import Section

SECTIONS = (
    Section(
        "filter",
        """
run nft list ruleset
run iptables -S INPUT
run ip6tables -S INPUT
""",
        40_000,
    ),
    Section(
        "reach",
        r"""
show /etc/hosts.allow /etc/hosts.deny /etc/security/access.conf
pick 'service|source|rule|target|port' /etc/firewalld/zones/*.xml
pick 'pam_access' /etc/pam.d/sshd /etc/pam.d/login /etc/pam.d/password-auth
command -v ldd >/dev/null 2>&1 && run ldd /usr/sbin/sshd
""",
        30_000,
    ),
)

_INPUT = re.compile(r"hook input\b.{0,60}\bpolicy (drop|accept)")
_CLOSES = re.compile(r"[ \t]*(?:counter packets \d{1,20} bytes \d{1,20} )?(?:drop|reject)\b")
_OPENS = re.compile(r"[ \t]*(?:counter packets \d{1,20} bytes \d{1,20} )?accept[ \t]*$")
_TCP_IPT = re.compile(r"-A INPUT -p tcp (?:-m tcp )?-j ACCEPT")
_SSH_NFT = re.compile(r"\btcp dport (?:\{[^}]{0,200}\b(?:22|ssh)\b[^}]{0,200}\}|22\b|ssh\b)")
_SOURCE_NFT = re.compile(r"\bip6? saddr (?!0\.0\.0\.0/0|::/0)")
_SSH_IPT = re.compile(r"--dports? (?:\S{0,60},)?(?:22|ssh)\b")
_SOURCE_IPT = re.compile(r"(?:^| )-s (?!0\.0\.0\.0/0|::/0)\S")


def read(sheets: Mapping[str, Sheet]) -> Iterator[Setting]:
    """Yield the policy of the filter and what limits SSH."""
    sheet = sheets.get("filter")
    if sheet is not None:
        yield from _filter(sheet)
    sheet = sheets.get("reach")
    if sheet is not None:
        yield from _reach(sheet)


def _filter(sheet: Sheet) -> Iterator[Setting]:
    nft, ipt = sheet.run("nft"), sheet.run("iptables")
    if nft is None and ipt is None:
        if all(p.kind == "missing" for p in sheet.pieces):
            place = sheet.pieces[0].at()
            yield Setting("filter.input_policy", "none", source=place)
            yield Setting("filter.ssh_limited", value=False, source=place)
        return
    policies, limits, opens = set[str](), False, False
    for piece in (p for p in (nft, ipt, sheet.run("ip6tables")) if p is not None):
        found, limited, is_open = _nft(piece) if piece is nft else _iptables(piece)
        policies |= found
        limits, opens = limits or limited, opens or is_open
    place = (nft or ipt or sheet.pieces[0]).at()
    policy = "drop" if "drop" in policies else "accept" if policies else "none"
    yield Setting("filter.input_policy", policy, source=place)
    is_limited = limits and not opens and policy == "drop"
    yield Setting("filter.ssh_limited", is_limited, source=place)


def _nft(piece: Piece) -> tuple[set[str], bool, bool]:
    policies, limited, is_open = set[str](), False, False
    policy, is_decided, is_input = "", False, False
    for _, text in piece.lines:
        match = _INPUT.search(text[:400])
        if match is not None:
            policy, is_decided, is_input = match[1], False, True
        elif is_input and text.strip().startswith("}"):
            policies.add(policy)
            is_input = False
        # The first rule without a condition decides; the policy is for what no rule took.
        elif is_input and not is_decided and (_CLOSES.match(text) or _OPENS.match(text)):
            policy, is_decided = "drop" if _CLOSES.match(text) else "accept", True
        if _SSH_NFT.search(text[:1_000]) and "accept" in text:
            has_source = _SOURCE_NFT.search(text[:1_000]) is not None
            limited, is_open = limited or has_source, is_open or not has_source
    return policies, limited, is_open


def _iptables(piece: Piece) -> tuple[set[str], bool, bool]:
    policy, is_decided, limited, is_open = "", False, False, False
    for _, text in piece.lines:
        parts = words(text)
        if parts[:2] == ["-P", "INPUT"] and len(parts) > 2:  # noqa: PLR2004 - fields
            policy = policy or parts[2].lower()
        decision = None if is_decided else _of_all(parts)
        if decision is not None:
            policy, is_decided = decision, True
        is_ssh = _SSH_IPT.search(text[:1_000]) is not None or _TCP_IPT.fullmatch(text) is not None
        if is_ssh and "-j ACCEPT" in text:
            has_source = _SOURCE_IPT.search(text[:1_000]) is not None
            limited, is_open = limited or has_source, is_open or not has_source
    return {policy} - {""}, limited, is_open


def _of_all(parts: list[str]) -> str | None:
    """Return what a rule without a condition does to everything; None: it has a condition."""
    if parts[:2] != ["-A", "INPUT"]:
        return None
    bare = [p for p in parts[2:] if p not in {"-s", "-d", "0.0.0.0/0", "::/0"}]
    if bare[:2] == ["-j", "ACCEPT"]:
        return "accept"
    return "drop" if bare[:2] in (["-j", "DROP"], ["-j", "REJECT"]) else None


def _reach(sheet: Sheet) -> Iterator[Setting]:
    place = sheet.pieces[0].at()
    linked = sheet.run("ldd")
    wraps = linked is not None and any("libwrap" in text for _, text in linked.lines)
    if linked is not None:
        yield Setting("reach.sshd_uses_wrappers", wraps, source=linked.at())
    deny, allow = sheet.file("/etc/hosts.deny"), sheet.file("/etc/hosts.allow")
    denies = deny is not None and any(
        re.match(r"(?:ALL|sshd)[ \t]*:[ \t]*ALL", bare, re.IGNORECASE)
        for _, bare in statements(deny)
    )
    names = allow is not None and any(
        re.match(r"sshd[ \t]*:(?![ \t]*ALL)", bare, re.IGNORECASE) for _, bare in statements(allow)
    )
    yield Setting("reach.wrappers_limit_ssh", wraps and denies and names, source=place)
    access = sheet.file("/etc/security/access.conf")
    used = any(
        "pam_access" in bare for p in sheet.files("/etc/pam.d/") for _, bare in statements(p)
    )
    rules = list(statements(access)) if access is not None else []
    closes = any(re.fullmatch(r"-[ \t]*:[ \t]*ALL.*:[ \t]*ALL", bare) for _, bare in rules)
    yield Setting("reach.pam_access", used and closes, source=place)
