"""Access lists as configured, in the spellings of V5, early V7 and late V7."""

from __future__ import annotations

from netops.facts.policy_routes import Acl, AclRule
from netops.platforms.h3c_comware.acl_rules import is_furniture, read_rule
from netops.platforms.h3c_comware.config.tree import Node
from netops.platforms.h3c_comware.config.words import Context, Words

_KINDS = frozenset({"number", "basic", "advanced"})
_NO_PREFIXES = frozenset({"mac", "user-defined", "wlan", "link", "interface"})
_FIRST_MAC, _LAST_LAYER3 = 4000, 3999
_SETTINGS = frozenset({"logging", "trap", "copy", "hardware-mode", "hardware-resource"})


def read_acls(context: Context) -> None:
    """Yield every list of IPv4 and IPv6; one with a number and a name under both."""
    for view in context.tree.views("acl "):
        words = Words(view.words[1:])
        family = 6 if words.skip("ipv6") else 4
        if words.peek() in _NO_PREFIXES | _SETTINGS:
            continue
        names = _names(words)
        if not names:
            if not _is_layer2(view):
                context.unread.append(view)
            continue
        rules = _rules(context, view, family)
        for name in names:
            context.facts.append(Acl(name, family, rules, context.at(view, whole=True)))


def _names(words: Words) -> tuple[str, ...]:
    words.skip(*_KINDS)
    found = []
    if words.peek().isdecimal():
        number = words.take()
        if int(number[:9]) > _LAST_LAYER3:
            return ()
        found.append(number)
    name = words.after("name")
    return (*found, name) if name else tuple(found)


def _is_layer2(view: Node) -> bool:
    return any(word.isdecimal() and int(word[:9]) >= _FIRST_MAC for word in view.words)


def _rules(context: Context, view: Node, family: int) -> tuple[AclRule, ...]:
    rules = []
    for node in view.children:
        rule = read_rule(node.text, family, context.at(node))
        if rule is not None:
            rules.append(rule)
        elif not is_furniture(node.text):
            context.unread.append(node)
    return tuple(rules)
