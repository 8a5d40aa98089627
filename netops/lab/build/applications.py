"""The vertical applications: 26 from the centre, 14 from the province, as categories.

Names follow the categories of the plans; prefixes and levels are samples.
"""

from __future__ import annotations

from netops.divisions import Level
from netops.facts.routes import StaticRoute
from netops.inventory.model import Application
from netops.lab.build import addresses as plan
from netops.lab.build.net import Net, Router

_CENTRE = (
    "财政（金财）", "审计（金审）", "税务（金税）", "海关（金关）", "宏观经济（金宏）",
    "社会保障（金保）", "自然资源（金土）", "农业（金农）", "水利（金水）", "质量监督（金质）",
    "公共安全（金盾）", "应急管理", "生态环境", "交通运输", "卫生健康", "民政", "教育", "统计",
    "市场监管", "发展改革", "信访", "文化旅游", "人口基础库", "法人基础库", "信用信息",
    "公共资源交易",
)  # fmt: skip
_PROVINCE = (
    "政务服务", "协同办公", "数据共享交换", "政府网站集约化", "精准扶贫", "医疗保障",
    "城乡建设", "安全生产", "食品药品", "网格化管理", "电子监察", "12345热线", "视频共享",
    "农产品追溯",
)  # fmt: skip


def add_applications(net: Net) -> None:
    """Place every application at the province core and note who must reach it."""
    province = next(iter(net.seats.values()))
    listed: list[tuple[str, str, tuple[Level, ...]]] = [
        *((name, "centre", (Level.CITY,)) for name in _CENTRE),
        *((name, "province", (Level.CITY, Level.COUNTY)) for name in _PROVINCE),
    ]
    for number, (name, tier, levels) in enumerate(listed):
        made = Application(
            id=f"A-{number + 1:02d}",
            name=name,
            tier=tier,
            prefix=plan.application_net(number),
            government=province.code,
            levels=levels,
        )
        net.applications[made.id] = made
    _serve(net, [net.routers[r] for r in province.routers])


def _serve(net: Net, core: list[Router]) -> None:
    seat = net.seats[core[0].government]
    network = plan.centre_net(seat)
    servers = network.network_address + 4
    for router in core:
        port = router.new_port("centre", "application servers")
        port.give(plan.host(network, router.number))
        port.far = servers
        router.statics.extend(
            StaticRoute("", a.prefix, servers, port.name, preference=router.preference("static"))
            for a in net.applications.values()
        )
