"""The files of each node: translation, SSH and SNMP servers, the script that starts it.

Every node gets a folder ``/run/lab/NODE`` in the laboratory's own mounts. Knows which programs
a node runs. Refuses to know routing (``frr_config``) and how the namespaces are made (``inside``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from netops.addressing import Network
from netops.lab import inventory_rows as rows
from netops.lab.build import addresses as plan
from netops.lab.build.net import Net, Router
from netops.lab.faults.by_department import INSIDE
from netops.lab.keys import host_key, secret
from netops.lab.routers import frr_config
from netops.lab.routers.bare import bare_batch, bare_lines, is_bare
from netops.lab.routers.fabric import OUTSIDE_ROLES, Fabric
from netops.lab.routers.own_nodes import ROOM, frr_lines, own_node, pools_at

_SSH_PORT, _SNMP_PORT = 22, 161
_V4 = 4
_POLICY_TABLE = 100
_INSIDE_RULES, _OUTSIDE_RULES = 1000, 2000


@dataclass(frozen=True, slots=True)
class NodeFiles:
    """What a node needs: configuration files by name, FRR's by name, the shell lines to start."""

    node: str
    files: dict[str, str] = field(default_factory=dict)
    frr: str = ""
    start: tuple[str, ...] = ()


def files_of(fabric: Fabric, node: str) -> NodeFiles:
    """Return the files of one node."""
    router = fabric.router(node)
    if router is not None:
        return _device(fabric, router)
    lines, frr = own_node(fabric, node)
    return NodeFiles(node, frr=frr, start=(*_common(node), *lines))


def _common(hostname: str) -> Iterator[str]:
    """Yield what every namespace starts with: its name, forwarding, no filters on sources."""
    yield f"hostname {hostname}"
    for path, value in (
        ("ipv4/ip_forward", 1),
        ("ipv6/conf/all/forwarding", 1),
        ("ipv6/conf/all/accept_dad", 0),
        ("ipv6/conf/default/accept_dad", 0),
        ("ipv4/conf/all/rp_filter", 0),
        ("ipv4/conf/default/rp_filter", 0),
        ("ipv4/fib_multipath_hash_policy", 1),
        ("ipv4/icmp_ratelimit", 0),
        ("ipv6/icmp/ratelimit", 0),
        ("ipv4/ping_group_range", "0 0"),
    ):
        yield f"echo {value} > /proc/sys/net/{path}"
    yield "for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $f; done"
    yield "for f in /proc/sys/net/ipv6/conf/eth*/accept_dad; do [ ! -e $f ] || echo 0 > $f; done"


def _device(fabric: Fabric, router: Router) -> NodeFiles:
    name = router.id
    files = {
        "kind": "host" if router.platform == "linux_host" else "frr",
        "right": _right(fabric, name),
        "sshd_config": _sshd(fabric, name),
        "host_key": _host_key(fabric, name),
        "nft": _translation(fabric.net, router),
        "snmpd.conf": _snmpd(fabric.net, router),
        "links": "".join(f"link set {port} up\n" for port in dict.fromkeys(("lo", *router.ports))),
    }
    start = [*_common(router.hostname), f"ip -batch {ROOM}/{name}/links",
             f"nft -f {ROOM}/{name}/nft"]  # fmt: skip
    start += _agent_lines(fabric, name)
    frr = ""
    if router.role == "host":
        start += ("echo 0 > /proc/sys/net/ipv4/ip_forward", *_host_lines(router))
    elif is_bare(fabric.net, router):
        files["routes"] = bare_batch(fabric.world, router)
        start += (*bare_lines(), f"ip -batch {ROOM}/{name}/routes", *_rule_lines(router))
    else:
        frr = frr_config.router_config(fabric.world, router)
        start += frr_lines(name, frr_config.daemons(fabric.world, router))
        if router.platform == "linux_host":
            start += _rule_lines(router)
    start.append(f"/usr/sbin/sshd -f {ROOM}/{name}/sshd_config -E {ROOM}/{name}/sshd.log")
    return NodeFiles(name, files, frr, tuple(start))


def _right(fabric: Fabric, name: str) -> str:
    low = fabric.world.planted.behaviours.get(name) == "low_privilege"
    return "low" if low else "full"


def _host_lines(router: Router) -> Iterator[str]:
    """Yield addresses and routes of a host that runs no routing daemon."""
    for port in router.ports.values():
        for item in port.addresses:
            yield f"ip address add {item.interface} dev {port.name}"
    for static in router.statics:
        family = "-4" if static.prefix.version == _V4 else "-6"
        via = f"via {static.next_hop} " if static.next_hop is not None else ""
        out = router.ports.get(static.interface or "")
        if out is not None and out.state is not None and not out.state[1]:
            continue
        yield f"ip {family} route add {static.prefix} {via}dev {static.interface} proto static"


def _rule_lines(router: Router) -> Iterator[str]:
    """Yield the policy rules of a Linux router: what goes inside stays with the table."""
    for number, policy in enumerate(router.policy_routes):
        family = "-4" if policy.family == _V4 else "-6"
        inside = INSIDE if policy.family == _V4 else (plan.IPV6_PLAN,)
        table = _POLICY_TABLE + number
        for source in policy.sources or ():
            for prefix in inside:
                rule = f"from {source} to {prefix} lookup main pref {_INSIDE_RULES + number}"
                yield f"ip {family} rule add {rule}"
            rule = f"from {source} lookup {table} pref {_OUTSIDE_RULES + number}"
            yield f"ip {family} rule add {rule}"
        for hop in policy.next_hops:
            yield f"ip {family} route add default via {hop} table {table} proto static"


def _agent_lines(fabric: Fabric, name: str) -> Iterator[str]:
    """Yield what starts the SNMP agent, which takes its time and is not waited for."""
    if fabric.world.planted.behaviours.get(name) != "no_snmp":
        yield (
            f"SNMP_PERSISTENT_DIR={ROOM}/{name}/snmp MIBS='' "
            f"snmpd -f -C -c {ROOM}/{name}/snmpd.conf -Lf {ROOM}/{name}/snmpd.log &"
        )


def _sshd(fabric: Fabric, name: str) -> str:
    lines = [
        f"Port {_SSH_PORT}",
        f"HostKey {ROOM}/{name}/host_key",
        "PidFile none",
        "UsePAM no",
        "UseDNS no",
        "PermitRootLogin yes",
        "PasswordAuthentication yes",
        "KbdInteractiveAuthentication no",
        "PubkeyAuthentication no",
        "PrintMotd no",
        "PrintLastLog no",
        "MaxStartups 100:30:200",
        "MaxSessions 50",
        "AcceptEnv LANG",
        "StrictModes no",
    ]
    if fabric.world.planted.behaviours.get(name) == "refuse_login":
        lines.append(f"DenyUsers {rows.USERNAME}")
    return "\n".join([*lines, ""])


def _host_key(fabric: Fabric, name: str) -> str:
    changed = fabric.world.planted.behaviours.get(name) == "changed_host_key"
    key = host_key(fabric.world.spec.seed, f"{name} changed" if changed else name, is_rsa=False)
    return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()


def _snmpd(net: Net, router: Router) -> str:
    seed = net.spec.seed
    lines = [f"agentAddress udp:{_SNMP_PORT}", f"sysName {router.hostname}"]
    if rows.snmp_version(net, router) == "v2c":
        lines.append(f"rocommunity {secret(seed, 'snmp-community')}")
    else:
        keys = f"SHA-256 {secret(seed, 'snmp-auth')} AES {secret(seed, 'snmp-privacy')}"
        lines += [f"createUser {rows.SNMP_USER} {keys}", f"rouser {rows.SNMP_USER} priv"]
    return "\n".join([*lines, ""])


def _translation(net: Net, router: Router) -> str:
    """Return the nftables rules: whatever leaves by an outside port takes an outside address."""
    pools = {
        (device, port): pools_at(made, device)
        for made in net.exits.values()
        for device, port, _ in made.lines
        if made.pools
    }
    v4: list[str] = []
    v6: list[str] = []
    for port in router.ports.values():
        if port.role not in OUTSIDE_ROLES:
            continue
        pool = pools.get((router.id, port.name))
        if port.address(4) is not None:
            v4.append(f'  oifname "{port.name}" {_snat(pool)}')
        if port.address(6) is not None:
            v6.append(f'  oifname "{port.name}" masquerade')
    return "".join(_table(family, rules) for family, rules in (("ip", v4), ("ip6", v6)) if rules)


def _snat(pools: list[Network] | None) -> str:
    if not pools:
        return "masquerade"
    return f"snat to {pools[0][1]}-{pools[0][-2]}"


def _table(family: str, rules: list[str]) -> str:
    head = "  type nat hook postrouting priority srcnat; policy accept;"
    return "\n".join(
        [f"table {family} nat {{", " chain postrouting {", head, *rules, " }", "}", ""]
    )
