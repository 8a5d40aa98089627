"""What ``snapshot take --active`` asks from each vantage point: data from the inventory.

From a machine of ours: reach to all devices, paths to a bounded sample, egress for every source,
family and protocol. A device's own commands are slow and burden it, so it is asked little. What
is left out is said in a note. No socket.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address
from itertools import product

from netops.inventory.model import Device, Inventory, Reflector, Vantage
from netops.probing.egress import Errand
from netops.probing.vantage import Orders, PathOrder, ReachOrder

Address = IPv4Address | IPv6Address
MOST_PATHS = 24
MOST_PATHS_OF_DEVICE = 4
MOST_TARGETS_OF_DEVICE = 16


def orders_for(vantage: Vantage, inventory: Inventory) -> Orders:
    """Return what to ask from ``vantage``."""
    if vantage.kind == "device":
        return _of_device(vantage, inventory)
    targets = tuple(device.address for device in inventory.devices.values())
    paths = _sampled(inventory, MOST_PATHS)
    notes = []
    if len(paths) < len(targets):
        notes.append(f"paths are traced to {len(paths)} targets of {len(targets)}")
    return Orders(
        reach=tuple(
            ReachOrder(some, source)
            for source in _sources(vantage)
            if (some := _of_family(targets, source))
        ),
        paths=tuple(
            PathOrder(some, source)
            for source in _sources(vantage)
            if (some := _of_family(paths, source))
        ),
        errands=tuple(errands_for(vantage.sources, inventory.probing.reflectors.values())),
        notes=tuple(notes),
    )


def errands_for(
    sources: Sequence[Address], reflectors: Iterable[Reflector], protocols: Sequence[str] = ()
) -> Iterable[Errand]:
    """Yield an egress question for every source, reflector address, and protocol it speaks."""
    for reflector in reflectors:
        spoken = [one for one in _protocols(reflector) if not protocols or one in protocols]
        direct = [one for one in spoken if one != "dns"]
        for address, source in product(reflector.addresses, sources or (None,)):
            if source is None or source.version == address.version:
                for protocol in direct:
                    yield Errand(reflector, protocol, address.version, address, source)
        if "dns" in spoken:
            # The resolver is the system's; whichever family it uses, the reflector sees it.
            family = reflector.addresses[0].version
            yield Errand(reflector, "dns", family, None, None)


def _protocols(reflector: Reflector) -> Iterable[str]:
    yield from ("tcp", "udp")
    if reflector.http_port is not None:
        yield "http"
    if reflector.zone:
        yield "dns"


def _sources(vantage: Vantage) -> tuple[Address | None, ...]:
    return vantage.sources or (None,)


def _of_family(targets: Iterable[Address], source: Address | None) -> tuple[Address, ...]:
    return tuple(one for one in targets if source is None or one.version == source.version)


def _reflector_addresses(inventory: Inventory) -> tuple[Address, ...]:
    reflectors = inventory.probing.reflectors.values()
    return tuple(address for one in reflectors for address in one.addresses)


def _one_a_family(inventory: Inventory) -> tuple[Address, ...]:
    """Return the first address of each reflector and family: a device's traces take long."""
    first: dict[tuple[str, int], Address] = {}
    for reflector in inventory.probing.reflectors.values():
        for address in reflector.addresses:
            first.setdefault((reflector.id, address.version), address)
    return tuple(first.values())


def _sampled(inventory: Inventory, most: int) -> tuple[Address, ...]:
    """Return reflectors, then exits' devices, then others spread evenly over the inventory."""
    lines = [line.device for one in inventory.exits.values() for line in one.lines]
    first = [*_reflector_addresses(inventory)]
    first += [inventory.devices[name].address for name in lines if name in inventory.devices]
    chosen = list(dict.fromkeys(first))[:most]
    others = [d.address for d in inventory.devices.values() if d.address not in chosen]
    left = most - len(chosen)
    if len(others) <= left:
        return (*chosen, *others)
    return (*chosen, *(others[len(others) * n // left] for n in range(left)))


def _of_device(vantage: Vantage, inventory: Inventory) -> Orders:
    device = inventory.devices.get(vantage.device or "")
    if device is None:
        return Orders(notes=("the device is not in the inventory",))
    near = _near(device, inventory)
    targets = tuple(dict.fromkeys((*_reflector_addresses(inventory), *near)))
    asked = targets[:MOST_TARGETS_OF_DEVICE]
    paths = tuple(dict.fromkeys((*_one_a_family(inventory), *near)))[:MOST_PATHS_OF_DEVICE]
    known = len(inventory.devices) + len(_reflector_addresses(inventory))
    return Orders(
        reach=tuple(
            ReachOrder(some, source, vpn=_vpn(source, inventory))
            for source in _sources(vantage)
            if (some := _of_family(asked, source))
        ),
        paths=tuple(
            PathOrder(some, source, vpn=_vpn(source, inventory))
            for source in _sources(vantage)
            if (some := _of_family(paths, source))
        ),
        notes=(f"a device's own commands were put to {len(asked)} targets of {known}",),
    )


def _near(device: Device, inventory: Inventory) -> tuple[Address, ...]:
    """Return the addresses of linked neighbours, then of the superiors' devices."""
    ends = [
        end.device
        for link in inventory.links_of.get(device.id, ())
        for end in (link.a, link.b)
        if end is not None and end.device != device.id
    ]
    above = [
        other.id
        for code in inventory.superiors(device.government)
        for other in inventory.devices_of.get(code, ())
    ]
    names = dict.fromkeys((*ends, *above))
    return tuple(inventory.devices[name].address for name in names if name in inventory.devices)


def _vpn(source: Address | None, inventory: Inventory) -> str:
    """Return the private instance that ``source`` belongs to, "" for the public area."""
    if source is None:
        return ""
    for department in inventory.departments.values():
        for subnet in department.subnets:
            if source.version == subnet.prefix.version and source in subnet.prefix:
                return subnet.vpn
    return ""
