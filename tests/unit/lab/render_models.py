"""Small parts of device models for the tests of rendered text."""

from __future__ import annotations

from ipaddress import ip_address, ip_interface, ip_network

from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.neighbours import BgpPeer
from netops.facts.routes import RouteRow
from netops.facts.system import Identity
from netops.lab.model import DeviceModel

POOL = ((ip_address("198.51.100.10"), ip_address("198.51.100.14")),)
ANY = ip_network("0.0.0.0/0")
NE = ("V800R012C10SPC300", "NE40E-X8A")
AR = ("V300R022C00SPC100", "AR617VW")


def address(text: str, origin: AddressOrigin = AddressOrigin.CONFIGURED) -> InterfaceAddress:
    """Make an address with its length."""
    return InterfaceAddress(ip_interface(text), origin)


def port(name: str, *addresses: InterfaceAddress, vpn: str = "", up: bool = True) -> Interface:
    """Make an interface that nobody shut."""
    return Interface(name, admin_up=True, link_up=up, protocol_up=up, addresses=addresses, vpn=vpn)


def row(prefix: str, protocol: str, hop: str, interface: str, pre: int = 0) -> RouteRow:
    """Make a row of a routing table."""
    net = ip_network(prefix)
    first = int(net.network_address)
    return RouteRow(net.version, first, net.prefixlen, protocol, pre, 0, hop, interface)


def vrp_router(release: str = "V300R022C00SPC100", model: str = "AR617VW") -> DeviceModel:
    """Make a VRP device that has nothing yet."""
    version = "8.180" if release.startswith("V800") else "5.170"
    identity = Identity("R1", "Huawei", model, version, release, "2102350001", 273_660)
    return DeviceModel("r1", "huawei_vrp", identity)


def peers() -> list[BgpPeer]:
    """Make a public, an idle, a VPNv4 and a customer peer."""
    mine = {"local_as": "64510", "router_id": "10.255.0.12"}
    return [
        BgpPeer(
            ip_address("192.0.2.9"), "64501", "established", received=12, uptime="731h02m", **mine
        ),
        BgpPeer(ip_address("192.0.2.13"), "64502", "idle", **mine),
        BgpPeer(
            ip_address("10.255.0.1"), "64510", "established", address_family="vpnv4",
            received=37, **mine,
        ),
        BgpPeer(
            ip_address("10.40.12.2"), "64520", "established", vpn="gov-ext", received=3,
            uptime="0016h20m", **mine,
        ),
    ]  # fmt: skip


def comware_router(
    version: str = "7.1.064", release: str = "Release 0821P16", model: str = "MSR3610"
) -> DeviceModel:
    """Make a Comware device that has nothing yet."""
    identity = Identity("R1", "H3C", model, version, release, "219801A0X0", 1_915_740)
    return DeviceModel("r1", "h3c_comware", identity)
