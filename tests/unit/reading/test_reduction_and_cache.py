"""Which rows a judgement can need, and facts kept between audits."""

from __future__ import annotations

import os
import pickle
from ipaddress import IPv4Address, IPv4Interface, IPv6Interface, IPv6Network, ip_network
from pathlib import Path

import pytest

from netops.addressing import AddressClass, AddressPlan, PlannedPrefix
from netops.facts.answers import AnswerState, CommandAnswer
from netops.facts.device import Contact, DeviceFacts
from netops.facts.interfaces import AddressOrigin, Interface, InterfaceAddress
from netops.facts.routes import RouteRow, RouteTable, StaticRoute
from netops.facts.source import Source
from netops.facts.system import ConfigLine, Configuration
from netops.reading import FactCache, RouteFilter
from netops.reading import cache as cache_module
from netops.reading.reduction import reduce_tables

PLAN = AddressPlan((PlannedPrefix(ip_network("10.0.0.0/8"), AddressClass.PRIVATE),))


def row(prefix: str, hop: str = "", protocol: str = "ospf") -> RouteRow:
    network = ip_network(prefix)
    first = int(network.network_address)
    return RouteRow(network.version, first, network.prefixlen, protocol, 10, 1, hop, "GE0/0/0")


def kept(rows: list[RouteRow], *wanted: str, hops: tuple[str, ...] = ()) -> list[str]:
    tables = {("", 4): RouteTable("", 4, tuple(rows))}
    choice = RouteFilter(PLAN, [IPv4Address(text) for text in wanted])
    found = reduce_tables(tables, choice, [IPv4Address(text) for text in hops])
    return [str(IPv4Address(r.network)) + f"/{r.length}" for r in found[("", 4)].rows]


ROWS = [row("0.0.0.0/0"), row("10.1.0.0/16"), row("10.1.2.0/24"), row("10.9.9.0/24"),
        row("203.0.113.0/24"), row("10.7.7.7/32", protocol="direct")]  # fmt: skip


def test_rows_outside_the_plan_and_own_rows_always_stay() -> None:
    assert kept(ROWS) == ["0.0.0.0/0", "203.0.113.0/24", "10.7.7.7/32"]


def test_every_row_that_covers_a_wanted_address_stays() -> None:
    assert kept(ROWS, "10.1.2.3") == [
        "0.0.0.0/0", "10.1.0.0/16", "10.1.2.0/24", "203.0.113.0/24", "10.7.7.7/32",
    ]  # fmt: skip


def test_rows_that_resolve_a_next_hop_stay_however_deep() -> None:
    rows = [row("0.0.0.0/0", "10.9.9.1", "ibgp"), row("10.9.9.0/24", "10.1.2.1", "ibgp"),
            row("10.1.2.0/24", "10.2.2.2"), row("10.3.0.0/16", "10.2.2.2")]  # fmt: skip

    assert kept(rows) == ["0.0.0.0/0", "10.9.9.0/24", "10.1.2.0/24"]


def test_next_hops_that_a_configuration_names_are_resolved_too() -> None:
    assert "10.1.2.0/24" in kept(ROWS, hops=("10.1.2.9",))


def facts() -> DeviceFacts:
    v6 = InterfaceAddress(IPv6Interface("2001:db8::1/64"))
    v4 = InterfaceAddress(IPv4Interface("192.0.2.1/24"), AddressOrigin.DHCP)
    config = Configuration((ConfigLine("mtu 1500", ("interface GE0/0/0",), 3),), complete=True)
    return DeviceFacts(
        "d",
        "frr",
        Contact.ANSWERED,
        interfaces=(Interface("GE0/0/0", link_up=True, addresses=(v4, v6)),),
        routes={("", 4): RouteTable("", 4, tuple(ROWS), "d#2")},
        statics=(StaticRoute("", IPv6Network("::/0"), None, source=Source("d#3", 4, 4)),),
        configuration=config,
        answers=(CommandAnswer("show ip route", AnswerState.UNDERSTOOD, "d#2", "sm3:x", 9),),
    )


def test_facts_come_back_as_they_went_in(tmp_path: Path) -> None:
    FactCache(tmp_path).put("sm3:a", facts(), "choice")

    again = FactCache(tmp_path)
    assert again.get("sm3:a", "choice") == facts()
    assert type(again.get("sm3:a", "choice").routes[("", 4)].rows[0]) is RouteRow  # type: ignore[union-attr]
    assert again.get("sm3:a", "other") is None
    assert again.get("sm3:b", "choice") is None


def _entry(folder: Path) -> Path:
    (path,) = (p for p in folder.rglob("*") if p.is_file() and p.name != "key")
    return path


def test_an_entry_that_was_altered_is_not_believed(tmp_path: Path) -> None:
    cache = FactCache(tmp_path)
    cache.put("sm3:a", facts())
    data = bytearray(_entry(tmp_path).read_bytes())
    data[-3] ^= 1
    _entry(tmp_path).write_bytes(bytes(data))

    assert cache.get("sm3:a") is None


def test_entries_sealed_with_another_key_are_not_opened(tmp_path: Path) -> None:
    FactCache(tmp_path).put("sm3:a", facts())
    (tmp_path / "key").unlink()

    assert FactCache(tmp_path).get("sm3:a") is None


def test_a_key_that_others_can_read_is_replaced(tmp_path: Path) -> None:
    FactCache(tmp_path).put("sm3:a", facts())
    (tmp_path / "key").chmod(0o644)

    assert FactCache(tmp_path).get("sm3:a") is None
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


class Trap:
    """Something that would run a command when it is unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, ("trapped",)


def test_even_a_rightly_sealed_entry_runs_no_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cache = FactCache(tmp_path / "cache")
    body = pickle.dumps(Trap())
    name = cache_module._name("sm3:a", "")
    cache._pack("").put(name, cache._seal(name, body) + body)

    assert cache.get("sm3:a") is None
    assert not (tmp_path / "trapped").exists()


def test_one_row_of_ipv6_stays_for_each_interface_that_carries_any() -> None:
    """Whether a port carries IPv6 at all decides whether the family is judged there."""
    plan = AddressPlan((PlannedPrefix(ip_network("2001:db8::/32"), AddressClass.PRIVATE),))
    rows = [
        row("fe80::/10", protocol="direct")._replace(interface="Vlanif10"),
        row("2001:db8:1::/48")._replace(interface="Vlanif10"),
        row("2001:db8:2::/48")._replace(interface="Vlanif10"),
        row("2001:db8:3::/48")._replace(interface="Vlanif20", active=False),
        row("2001:db8:4::/48")._replace(interface=""),
    ]
    found = reduce_tables({("", 6): RouteTable("", 6, tuple(rows))}, RouteFilter(plan, []), [])
    assert list(found[("", 6)].rows) == rows[:2]
