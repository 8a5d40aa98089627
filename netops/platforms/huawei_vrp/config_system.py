"""The device's own settings in the configuration: name, accounts, SNMP, time servers."""

from __future__ import annotations

import re
from typing import Any

from netops.facts.source import Source
from netops.facts.system import Identity, LocalUser, NtpServer, SnmpAgent
from netops.platforms.huawei_vrp.config_draft import Draft
from netops.platforms.huawei_vrp.config_tree import Node
from netops.platforms.huawei_vrp.scan import to_address, to_int

_RELEASE = re.compile(r"(?:!Software Version |\[)(V\d{3}R\d{3}[^\s\]]*)\]?")


def release_line(draft: Draft, node: Node) -> bool:
    """Read the first line, ``!Software Version …`` or ``[V200R…]``; False for another."""
    found = _RELEASE.match(node.text)
    if found:
        draft.facts.append(Identity(vendor="Huawei", release=found[1], source=draft.at(node)))
    return found is not None or node.text.startswith("!")


def sysname(draft: Draft, node: Node, words: list[str]) -> None:
    """Read the host name."""
    if words:
        draft.facts.append(Identity(hostname=words[0], source=draft.at(node)))
    else:
        draft.skip(node)


def ntp(draft: Draft, node: Node, words: list[str]) -> None:
    """Read ``ntp-service unicast-server`` and ``ntp unicast-server``."""
    if not words or words[0] not in {"unicast-server", "unicast-peer"}:
        return
    rest = words[2:] if words[1:2] in (["ipv6"], ["domain"], ["ip"]) else words[1:]
    if not rest:
        draft.skip(node)
        return
    vpn = rest[rest.index("vpn-instance") + 1] if "vpn-instance" in rest[:-1] else ""
    draft.facts.append(
        NtpServer(to_address(rest[0]) or rest[0], vpn, "authentication-keyid" in rest,
                  draft.at(node))
    )  # fmt: skip


def snmp(draft: Draft, node: Node, words: list[str]) -> None:
    """Gather ``snmp-agent …``; communities are counted, never kept."""
    agent: dict[str, Any] = draft.snmp
    agent.setdefault("first", node.line)
    agent["last"] = node.line
    agent["enabled"] = True
    if words[:1] == ["community"]:
        agent["communities"] = agent.get("communities", 0) + 1
    elif words[:1] == ["sys-info"] and len(words) > 2:  # noqa: PLR2004 - key and value
        if words[1] == "version":
            versions = ["v1", "v2c", "v3"] if "all" in words else words[2:]
            agent["versions"] = [*agent.get("versions", []), *versions]
        elif words[1] in {"contact", "location"}:
            agent[words[1]] = " ".join(words[2:])


def undo(draft: Draft, node: Node, words: list[str]) -> None:
    """Read the ``undo`` statements that matter: the SNMP agent and its versions."""
    if words == ["snmp-agent"]:
        draft.snmp.update(off=True, last=node.line)
        draft.snmp.setdefault("first", node.line)
    elif words[:3] == ["snmp-agent", "sys-info", "version"]:
        draft.snmp.setdefault("without", []).extend(words[3:])
        draft.snmp.setdefault("first", node.line)
        draft.snmp["last"] = node.line


def aaa(draft: Draft, node: Node, _words: list[str]) -> None:
    """Read the accounts of an ``aaa`` block, of routers (``local-user``) and firewalls."""
    users: dict[str, dict[str, Any]] = {}
    for child in node.children:
        words = child.words
        if words[0] == "local-user" and len(words) > 1:
            user = users.setdefault(words[1], {"first": child.line})
            user["last"] = child.line
            _user(user, words[2:])
        elif words[0] == "manager-user" and len(words) > 1 and child.children:
            user = users.setdefault(words[-1], {"first": child.line})
            user["last"] = child.last
            for grandchild in child.children:
                _user(user, grandchild.words)
    for name, user in users.items():
        draft.facts.append(
            LocalUser(
                name=name,
                level=user.get("level"),
                services=tuple(user.get("services", ())),
                role=user.get("role"),
                source=draft.answer.at(user["first"], user["last"]),
            )
        )


def _user(user: dict[str, Any], words: list[str]) -> None:
    """Read one statement of an account; several may stand on a line."""
    if "level" in words[:-1]:
        user["level"] = to_int(words[words.index("level") + 1])
    if words[:1] == ["service-type"]:
        user["services"] = words[1:]
    elif words[:1] in (["user-group"], ["role"]) and len(words) > 1:
        user["role"] = words[1]


def resolve(draft: Draft) -> None:
    """Make the one fact of the SNMP agent, if the text speaks of it at all."""
    agent = draft.snmp
    if not agent:
        return
    without = set(agent.get("without", ()))
    versions = dict.fromkeys(v for v in agent.get("versions", ()) if v not in without)
    source: Source = draft.answer.at(agent["first"], agent["last"])
    enabled = bool(agent.get("enabled")) and not agent.get("off")
    draft.facts.append(
        SnmpAgent(enabled, tuple(versions), agent.get("contact"), agent.get("location"),
                  agent.get("communities", 0), source)
    )  # fmt: skip
