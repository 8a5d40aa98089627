"""Redirection by QoS: classifier, behaviour, policy and where the policy is applied.

A policy on a switch port redirects what enters the VLAN behind that port, so the VLAN's
routed interface is named beside the port.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netops.facts.policy_routes import Acl, AclRule, PolicyRoute
from netops.platforms.h3c_comware.config.interfaces import interface_name
from netops.platforms.h3c_comware.config.policy import Ways
from netops.platforms.h3c_comware.config.tree import Node
from netops.platforms.h3c_comware.config.words import Context, Words
from netops.platforms.h3c_comware.names import full_interface
from netops.platforms.h3c_comware.sheet import address_of

_MAX_VLAN = 4094


def read_redirects(context: Context) -> None:
    """Yield a ``PolicyRoute`` per redirecting pair of classifier and behaviour of a policy."""
    matches = {v.words[2]: v for v in context.tree.views("traffic classifier ") if v.words[2:]}
    behaviours = {
        v.words[2]: _ways(v) for v in context.tree.views("traffic behavior ") if v.words[2:]
    }
    used = _used(context)
    for view in context.tree.views("qos policy "):
        name = view.words[2]
        found: list[PolicyRoute] = []
        places = tuple(dict.fromkeys(place for place, _ in used.get(name, ())))
        forms = {form for _, form in used.get(name, ())}
        form = next(iter(forms)) if len(forms) == 1 else "qos mixed"
        for order, pair in enumerate(view.under("classifier "), start=1):
            words = Words(pair.words)
            classifier, behaviour = words.after("classifier"), words.after("behavior")
            ways = behaviours.get(behaviour or "")
            if ways is None:
                continue
            base = PolicyRoute(name, order, interfaces=places, form=form, source=context.at(pair))
            for acl, family in _acls(context, matches.get(classifier or "")):
                matching = replace(base, acl=acl, family=family)
                found.extend(_of_family(ways, matching))
        redirecting = [n for n, route in enumerate(found) if route.permit]
        context.facts.extend(found[: redirecting[-1] + 1] if redirecting else ())


def _of_family(ways: Ways, base: PolicyRoute) -> Iterator[PolicyRoute]:
    """Yield where a pair sends packets; one that sends them nowhere keeps them from later ones."""
    if not (ways.next_hops or ways.out or ways.vpn is not None):
        yield replace(base, permit=False)
        return
    hops = [hop for hop in ways.next_hops if hop.version == base.family]
    if hops or ways.out or ways.vpn is not None:
        yield from Ways(hops, [], ways.out, None, ways.vpn).routes(base)


def _ways(view: Node) -> Ways:
    ways = Ways()
    for node in view.under("redirect "):
        words = Words(node.words[1:])
        if words.skip("interface"):
            ways.out = full_interface(words.take())
        elif words.skip("access-vpn"):
            words.skip("vpn-instance")
            ways.vpn = words.take()
        elif words.skip("next-hop", "ipv6"):
            while words:
                if words.skip("vpn-instance"):
                    ways.vpn = words.take()
                elif words.skip("track"):
                    words.take()
                elif (hop := address_of(words.take())) is not None:
                    ways.next_hops.append(hop)
    return ways


def _acls(context: Context, view: Node | None) -> list[tuple[str | None, int]]:
    """Return the lists of a classifier: its own, or one made of them that may match.

    Of several conditions that must all hold, and of conditions that are no lists, the made
    list keeps what is known of addresses and is opaque beyond that.
    """
    if view is None:
        return [(None, 4)]
    found: list[tuple[str, int]] = []
    is_odd = False
    for node in view.under("if-match "):
        words = Words(node.words[1:])
        if words.skip("acl"):
            family = 6 if words.skip("ipv6") else 4
            words.skip("name", "number")
            found.append((words.take(), family))
        elif not words.skip("any"):
            is_odd = True
    either = "or" in view.words[3:]
    if not found and not is_odd:
        return [(None, 4), (None, 6)]
    if not found or (either and is_odd):
        return [*found, (_made(context, view, None), 4)]
    if either or (len(found) == 1 and not is_odd):
        return [*found]
    return [(_made(context, view, found[0]), found[0][1])]


def _made(context: Context, view: Node, of: tuple[str, int] | None) -> str:
    """Yield a list that may match what the list ``of`` permits, or anything; return its name."""
    name = f"classifier {view.words[2]}"
    at = context.at(view, whole=True)
    lists = {(f.name, f.family): f for f in context.facts if isinstance(f, Acl)}
    family = of[1] if of else 4
    if (name, family) in lists:
        return name
    known = lists.get(of) if of else None
    rules = tuple(replace(rule, opaque=True) for rule in known.rules) if known else ()
    rules = rules or (AclRule(permit=True, opaque=True, at=at),)
    context.facts.append(Acl(name, family, rules, at))
    return name


def _used(context: Context) -> dict[str, list[tuple[str, str]]]:
    """Return for each policy its places, and by which statement it comes to each."""
    found: dict[str, list[tuple[str, str]]] = {}
    views = {interface_name(v): v for v in context.tree.views("interface ")}
    for name, view in views.items():
        for node in view.under("qos apply policy "):
            if node.words[-1] == "inbound":
                places = found.setdefault(node.words[3], [])
                places.append((name, "qos"))
                places.extend((v, "qos port") for v in _vlan_interfaces(view) if v in views)
    for node in context.tree.nodes:
        if node.text.startswith("qos apply policy ") and node.words[4:] == ["global", "inbound"]:
            places = found.setdefault(node.words[3], [])
            places.extend((name, "qos global") for name in views)
        elif node.text.startswith("qos vlan-policy ") and node.words[-1] == "inbound":
            names = [f"Vlan-interface{number}" for number in _vlans(node.words[4:-1])]
            places = found.setdefault(node.words[2], [])
            places.extend((name, "qos vlan") for name in names if name in views)
    return found


def _vlan_interfaces(view: Node) -> list[str]:
    """Name the routed interfaces behind a switch port."""
    numbers: list[int] = []
    for node in view.children:
        words = node.words
        if node.text.startswith(("port access vlan ", "port trunk permit vlan ",
                                 "port hybrid vlan ", "port trunk pvid vlan ")):  # fmt: skip
            numbers.extend(_vlans(words[words.index("vlan") + 1 :]))
    return [f"Vlan-interface{number}" for number in dict.fromkeys(numbers)]


def _vlans(words: list[str]) -> list[int]:
    """Read ``10 20 to 30 all``."""
    found: list[int] = []
    for at, word in enumerate(words):
        if word == "all":
            return list(range(1, _MAX_VLAN + 1))
        if not word.isdecimal() or int(word[:5]) > _MAX_VLAN:
            continue
        begin = found[-1] + 1 if at and words[at - 1] == "to" and found else int(word)
        found.extend(range(begin, int(word) + 1))
    return found
