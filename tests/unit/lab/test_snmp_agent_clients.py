"""Clients that we did not write, pysnmp and net-snmp, walk a simulated device."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator

import pytest
from lab_serving import COMMUNITY, SNMP_ROWS, USER_V3, Lab, misbehaving, personality, serving
from outside_judges import judge
from pysnmp.hlapi.v3arch.asyncio import (
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    UsmUserData,
    bulk_walk_cmd,
    get_cmd,
    usmAesCfb128Protocol,
    usmHMAC192SHA256AuthProtocol,
    usmHMACSHAAuthProtocol,
)

from netops.lab.snmp_mib import parse_oid

ORDERED = [".".join(map(str, oid)) for oid in sorted(map(parse_oid, SNMP_ROWS))]
V2C = CommunityData(COMMUNITY.name, mpModel=1)  # noqa: S508 - v2c is played too


def v3(**changes: object) -> UsmUserData:
    parts: dict[str, object] = {
        "userName": USER_V3.name,
        "authKey": USER_V3.auth_key,
        "privKey": USER_V3.priv_key,
        "authProtocol": usmHMAC192SHA256AuthProtocol,
        "privProtocol": usmAesCfb128Protocol,
    }
    return UsmUserData(**{**parts, **changes})  # noqa: S509 - both keys are in parts


@contextlib.asynccontextmanager
async def asking(lab: Lab) -> AsyncIterator[tuple[SnmpEngine, UdpTransportTarget]]:
    """Open an engine and its target, and close both in the loop that they belong to."""
    engine = SnmpEngine()
    try:
        yield engine, await UdpTransportTarget.create(lab.agent_at(), timeout=2, retries=0)
    finally:
        engine.close_dispatcher()
        await asyncio.sleep(0)


def walk(lab: Lab, user: object) -> list[tuple[str, str]]:
    """Walk everything with GETBULK."""

    async def rows() -> list[tuple[str, str]]:
        root = ObjectType(ObjectIdentity("1.3.6.1.2.1"))
        found = []
        async with asking(lab) as (engine, target):
            async for error, status, _, variables in bulk_walk_cmd(
                *(engine, user, target, ContextData(), 0, 4, root),
                lexicographicMode=True,
                lookupMib=False,
            ):
                assert not status, status.prettyPrint()
                if error:
                    raise ConnectionError(str(error))
                found += [(str(name), value.prettyPrint()) for name, value in variables]
        return found

    return asyncio.run(rows())


@pytest.mark.parametrize(
    "user",
    [V2C, v3(), v3(authProtocol=usmHMACSHAAuthProtocol)],
    ids=["v2c", "v3-sha256", "v3-sha1"],
)
def test_pysnmp_walks_every_row_in_order(user: object) -> None:
    mine = COMMUNITY if user is V2C else USER_V3
    with serving(personality(snmp_user=mine)) as lab:
        rows = walk(lab, user)
    assert [name for name, _ in rows] == ORDERED
    values = dict(rows)
    assert values["1.3.6.1.2.1.1.5.0"] == "CITY07-R1"
    assert values["1.3.6.1.2.1.2.2.1.5.1"] == "4294967295"
    assert values["1.3.6.1.2.1.31.1.1.1.6.1"] == "18446744073709551615"
    assert values["1.3.6.1.2.1.4.20.1.1.192.0.2.1"] == "192.0.2.1"


@pytest.mark.parametrize(
    ("user", "complaint"),
    [
        (v3(authKey="another-passphrase"), "Wrong SNMP PDU digest"),
        (v3(privKey="another-passphrase"), "decrypt|Ciphering|parse|No SNMP response"),
        (v3(userName="stranger"), "Unknown USM user"),
    ],
)
def test_a_wrong_v3_user_gets_a_report_and_no_row(user: object, complaint: str) -> None:
    with (
        serving(personality(snmp_user=USER_V3)) as lab,
        pytest.raises(ConnectionError, match=complaint),
    ):
        walk(lab, user)


@pytest.mark.parametrize(
    "device",
    [
        personality(snmp_user=USER_V3),
        misbehaving(snmp="hang"),
        misbehaving(snmp="drop"),
        misbehaving("hang"),
        misbehaving("drop"),
    ],
)
def test_silence_is_what_strangers_and_hanging_devices_give(device: object) -> None:
    with (
        serving(device) as lab,  # type: ignore[arg-type]
        pytest.raises(ConnectionError, match="No SNMP response"),
    ):
        walk(lab, V2C)


def test_a_device_without_snmp_has_no_agent_socket() -> None:
    with serving(misbehaving(snmp="no_snmp")) as lab:
        assert lab.stations["r1"].snmp is None


def test_pysnmp_reads_single_rows_and_the_absence_of_one() -> None:
    async def ask(lab: Lab) -> list[str]:
        names = ("1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.5.7", "1.3.6.1.9.9.0")
        objects = [ObjectType(ObjectIdentity(name)) for name in names]
        async with asking(lab) as (engine, target):
            error, status, _, rows = await get_cmd(
                engine, V2C, target, ContextData(), *objects, lookupMib=False
            )
        assert error is None
        assert not status
        return [value.__class__.__name__ for _, value in rows]

    with serving(personality()) as lab:
        assert asyncio.run(ask(lab)) == ["OctetString", "NoSuchInstance", "NoSuchObject"]


V2C_WORDS = ("-v2c", "-c", COMMUNITY.name)
V3_WORDS = (
    *("-v3", "-l", "authPriv", "-u", USER_V3.name),
    *("-a", "SHA-256", "-A", USER_V3.auth_key, "-x", "AES", "-X", USER_V3.priv_key),
)


@pytest.mark.parametrize("program", ["snmpwalk", "snmpbulkwalk"])
@pytest.mark.parametrize("words", [V2C_WORDS, V3_WORDS], ids=["v2c", "v3"])
def test_net_snmp_walks_every_row(program: str, words: tuple[str, ...]) -> None:
    user = COMMUNITY if words is V2C_WORDS else USER_V3
    with serving(personality(snmp_user=user)) as lab:
        host, port = lab.agent_at()
        done = subprocess.run(
            [judge(program), "-On", "-Oq", *words, f"{host}:{port}", "1.3.6.1.2.1"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
    lines = done.stdout.splitlines()
    assert [line.split()[0].lstrip(".") for line in lines[: len(ORDERED)]] == ORDERED
    assert ".1.3.6.1.2.1.1.5.0 CITY07-R1" in [line.replace('"', "") for line in lines]
