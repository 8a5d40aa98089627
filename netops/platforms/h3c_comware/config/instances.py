"""VPN instances as configured: distinguisher, targets per family, members."""

from __future__ import annotations

from netops.facts.routes import VpnInstance
from netops.platforms.h3c_comware.config.interfaces import binding, interface_name
from netops.platforms.h3c_comware.config.tree import Node
from netops.platforms.h3c_comware.config.words import Context

_FAMILY_VIEWS = {
    4: ("address-family ipv4", "ipv4-family"),
    6: ("address-family ipv6", "ipv6-family"),
}
_DIRECTIONS = {"import-extcommunity": "import", "export-extcommunity": "export"}


def read_instances(context: Context) -> None:
    """Yield a ``VpnInstance`` per instance, and one more where IPv6 is used in it."""
    members, families = _members(context)
    for view in context.tree.views("ip vpn-instance "):
        name = view.words[2]
        for family in (4, 6):
            sub_view = _sub_view(view, family)
            if family == 6 and sub_view is None and (name, 6) not in families:  # noqa: PLR2004
                continue
            imports, exports = _targets(view, sub_view)
            context.facts.append(
                VpnInstance(
                    name=name,
                    family=family,
                    rd=_distinguisher(view, sub_view),
                    import_targets=imports,
                    export_targets=exports,
                    interfaces=tuple(members.get(name, ())),
                    source=context.at(view, whole=True),
                )
            )


def _members(context: Context) -> tuple[dict[str, list[str]], set[tuple[str, int]]]:
    members: dict[str, list[str]] = {}
    families: set[tuple[str, int]] = set()
    for view in context.tree.views("interface "):
        vpn = binding(view)
        if not vpn:
            continue
        members.setdefault(vpn, []).append(interface_name(view))
        if any(view.under("ipv6 address ")):
            families.add((vpn, 6))
    for node in context.tree.views("ipv6 route-static vpn-instance "):
        families.add((node.words[3], 6))
    return members, families


def _sub_view(view: Node, family: int) -> Node | None:
    for child in view.children:
        if child.text.startswith(_FAMILY_VIEWS[family]):
            return child
    return None


def _distinguisher(view: Node, sub_view: Node | None) -> str | None:
    for place in (sub_view, view):
        for node in place.under("route-distinguisher ") if place else ():
            return node.words[1]
    return None


def _targets(view: Node, sub_view: Node | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read targets; those of a family's own view replace the common ones."""
    nodes = list(sub_view.under("vpn-target ")) if sub_view else []
    nodes = nodes or list(view.under("vpn-target "))
    found: dict[str, list[str]] = {"import": [], "export": []}
    for node in nodes:
        words = node.words[1:]
        direction = _DIRECTIONS.get(words[-1].lower()) if words else None
        values = [word for word in words if ":" in word]
        for kind in ("import", "export") if direction is None else (direction,):
            found[kind].extend(v for v in values if v not in found[kind])
    return tuple(found["import"]), tuple(found["export"])
