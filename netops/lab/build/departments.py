"""Draws the departments of each government: class, subnets, where they join, which VPN.

Knows classes A, B, D and F. Class C comes only with an innocent and is made there.
"""

from __future__ import annotations

from collections.abc import Mapping

from netops.facts.routes import VpnInstance
from netops.lab.build import addresses as plan
from netops.lab.build.net import Net, PlannedDepartment, Router, Seat, Virtual

_NAMES = (
    "财政局", "人力资源和社会保障局", "自然资源局", "生态环境局", "住房和城乡建设局", "交通运输局",
    "水利局", "农业农村局", "商务局", "文化旅游广电局", "卫生健康局", "退役军人事务局",
    "应急管理局", "审计局", "市场监督管理局", "统计局", "医疗保障局", "乡村振兴局", "信访局",
    "城市管理局", "林业局", "教育局", "科学技术局", "民政局", "司法局", "档案馆",
    "机关事务管理局", "政务服务中心", "发展和改革委员会", "工业和信息化局",
)  # fmt: skip
_CLASSES = ("A", "B", "B", "B", "D", "F")
_VPNS = ("finance", "audit", "health", "civil", "water", "statistics")
_VPN_NUMBER = 100
_VIRTUAL_SHARE = 0.25
_EXCLUDING = ("huawei_vrp", "h3c_comware")
"""Platforms on which an exit can leave sources out by its access list, as class A needs."""
_WITH_VPN = ("huawei_vrp", "h3c_comware")
_SILENT_ON_VRRP = "linux_host"
"""A platform of which no command tells who is master: it shares no gateway here."""


def draw_departments(net: Net, private_first: frozenset[str], named: Mapping[str, str]) -> None:
    """Give every government its departments.

    ``private_first`` are governments whose first department must have a private network;
    ``named`` maps department ids to a class that a fault asks of them.
    """
    for seat in net.seats.values():
        count = net.spec.departments[seat.level]
        for number in range(count):
            made = PlannedDepartment(
                id=f"D-{seat.code}-{number + 1:02d}",
                government=seat.code,
                name=seat.division.name + _NAMES[number % len(_NAMES)] + _round(number),
                access_class="",
                exit=net.owner_seat(seat.code).exit,
            )
            wanted = named.get(made.id, "")
            if not wanted and number == 0 and seat.code in private_first:
                wanted = "D"
            made.access_class = wanted or _draw_class(net, seat, made.id)
            if made.access_class == "A":
                made.exit = None
            net.departments[made.id] = made
            seat.departments.append(made.id)
            _join_public(net, seat, made, number)
            if made.access_class == "D":
                _join_private(net, seat, made)
    _share_targets(net)


def _round(number: int) -> str:
    turn = number // len(_NAMES)
    return "" if turn == 0 else f"（{turn + 1}）"


def _draw_class(net: Net, seat: Seat, name: str) -> str:
    allowed = list(_CLASSES)
    exit_router = net.first_router(net.owner_seat(seat.code).code)
    if exit_router.platform not in _EXCLUDING:
        allowed = [c for c in allowed if c != "A"]
    if net.first_router(seat.code).platform not in _WITH_VPN:
        allowed = [c for c in allowed if c != "D"]
    return net.dice("class", name).choice(allowed)


def _join_public(net: Net, seat: Seat, made: PlannedDepartment, number: int) -> None:
    dice = net.dice("join", made.id)
    network = plan.department_net(net, seat, number)
    made.public.append(network)
    shares = dice.random() < _VIRTUAL_SHARE
    makes = {net.routers[r].platform for r in seat.routers}
    made.is_virtual = (
        shares
        and len(seat.routers) > 1
        and _SILENT_ON_VRRP not in makes
        and not net.spec.on_routers
    )
    routers = [net.routers[r] for r in seat.routers[: 2 if made.is_virtual else 1]]
    for place, router in enumerate(routers):
        port = router.new_port("lan", made.id)
        port.give(plan.host(network, 2 + place if made.is_virtual else 1))
        made.owners.append((router.id, port.name))
        if made.is_virtual:
            router.virtuals.append(
                Virtual(port.name, 1 + number % 255, network.network_address + 1)
            )
    if seat.has_ipv6 and made.access_class != "A":
        network6 = plan.department_net6(seat, number)
        made.public.append(network6)
        routers[0].ports[made.owners[0][1]].give(plan.host(network6, 1))


def _join_private(net: Net, seat: Seat, made: PlannedDepartment) -> None:
    router = net.first_router(seat.code)
    vpn = net.dice("vpn", made.id).choice(_VPNS)
    network = plan.private_net(sum(len(d.private) for d in net.departments.values()))
    made.private.append((network, vpn))
    port = router.new_port("lan", f"{made.id} {vpn}")
    port.vpn = vpn
    port.give(plan.host(network, 1))
    made.private_owner = (router.id, port.name)
    ensure_instance(router, vpn)


def ensure_instance(router: Router, name: str) -> None:
    """Configure an application's VPN instance on a router, once."""
    if any(v.name == name for v in router.vpn_instances):
        return
    number = _VPN_NUMBER + (_VPNS.index(name) if name in _VPNS else 90 + len(name))
    target = f"65000:{number}"
    router.vpn_instances.append(
        VpnInstance(
            name,
            4,
            rd=f"{router.loopback}:{number}",
            import_targets=(target,),
            export_targets=(target,),
        )
    )


def _share_targets(net: Net) -> None:
    """List each instance's ports, now that all are joined."""
    for router in net.routers.values():
        router.vpn_instances = [
            VpnInstance(
                v.name,
                v.family,
                v.rd,
                v.import_targets,
                v.export_targets,
                tuple(p.name for p in router.ports.values() if p.vpn == v.name),
            )
            for v in router.vpn_instances
        ]
