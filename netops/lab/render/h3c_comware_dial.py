"""Comware: PPPoE sessions, DHCP leases and mobile modems.

Knows what a dialled way out shows of itself. Refuses to know translation.
"""

from __future__ import annotations

from netops.facts.access import Cellular, DhcpLease, Dialer, PppoeSession
from netops.lab.render.h3c_comware_spelling import Comware, fit, short
from netops.lab.render.notation import MASKS, lines, mac_of, trailing_number

_STATES = {"padi": "PADI SENT", "padr": "PADR SENT", "session": "SESSION"}


def answers(device: Comware) -> dict[str, str]:
    """Return the answers about dialled ways out."""
    leases = [_lease(device, lease) for lease in device.scene.model.dhcp]
    more = [
        [*block, f" Default router: {lease.gateway}", " DNS servers: 192.0.2.53"]
        if lease.gateway
        else block
        for block, lease in zip(leases, device.scene.model.dhcp, strict=True)
    ]
    return {
        "display pppoe-client session summary": _pppoe(device),
        "display dhcp client": lines(*(line for block in leases for line in block)),
        "display dhcp client verbose": lines(*(line for block in more for line in block)),
        "display cellular": lines(*(x for c in device.scene.model.cellular for x in _modem(c))),
        "display dialer": lines(*(line for d in device.scene.model.dialers for line in _dialer(d))),
    }


def _pppoe(device: Comware) -> str:
    out = ["Bundle ID    Interface    VA          RemoteMAC      LocalMAC       State"]
    for index, session in enumerate(device.scene.model.pppoe):
        out.append(_session(device, session, index))
    return lines(*out)


def _session(device: Comware, session: PppoeSession, index: int) -> str:
    bundle = trailing_number(session.dialer or "Dialer0")
    state = "SESSION" if session.is_up else _STATES.get(session.state, "IDLE")
    local = mac_of(device.scene.model.id, session.interface)
    remote = mac_of("carrier", session.interface) if session.is_up else "0000-0000-0000"
    port = fit(short(session.interface), 13)
    return f"{bundle:<7}{1:<6d}{port}{f'VA{index}':<12}{remote:<15}{local:<15}{state}"


def _lease(device: Comware, lease: DhcpLease) -> list[str]:
    out = [f"{lease.interface} DHCP client information:", f" Current state: {lease.state.upper()}"]
    if lease.address is None:
        return out
    interface = device.scene.by_name.get(lease.interface)
    length = 24
    for address in (interface.addresses or ()) if interface else ():
        if address.interface.ip == lease.address:
            length = address.interface.network.prefixlen
    return [
        *out,
        f" Allocated IP: {lease.address} {MASKS[length]}",
        " Allocated lease: 259200 seconds, T1: 129600 seconds, T2: 226800 seconds",
        f" DHCP server: {lease.gateway or lease.address}",
    ]


def _modem(modem: Cellular) -> list[str]:
    is_up = bool(modem.is_connected)
    return [
        f"{modem.name}:",
        "  Hardware Information:",
        "    Model: EC25",
        "    Modem Status: Online",
        "  Profile Information:",
        "    Profile Index: 1",
        "  Network Information:",
        f"    Current Service Status: Service {'available' if is_up else 'unavailable'}",
        "    Current Service: Combined",
        f"    Packet Service: {'Attached' if is_up else 'Detached'}",
        f"    Packet Session Status: {'Active' if is_up else 'Inactive'}",
        f"    Current Network Connection: {modem.network or 'LTE'}",
        "  Radio Information:",
        "    Current RSSI: -75 dBm",
        "  Modem Security Information:",
        "    PIN Verification: Disabled",
        "    PIN Status: Ready",
    ]


def _dialer(dialer: Dialer) -> list[str]:
    return [
        f"{dialer.name}:",
        "  Dialer Timers(in seconds):",
        "    Auto-dial: 300       Compete: 20            Enable: 5",
        "    Idle: 0              Wait-for-Carrier: 60",
        "  Total Channels: 1",
        f"  Free Channels: {0 if dialer.is_connected else 1}",
    ]
