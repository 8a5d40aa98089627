"""Our SNMP messages before an agent that is not ours (pysnmp's), and before hostile datagrams."""

from __future__ import annotations

import asyncio
import random
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

import pytest
from pysnmp.carrier.asyncio.dgram import udp
from pysnmp.entity import config, engine
from pysnmp.entity.rfc3413 import cmdrsp, context
from simulated_net import personality

from netops.collection import snmp_message as message
from netops.collection.contact import Limits, Turn
from netops.collection.snmp import Questions
from netops.collection.snmp_exchange import Plain, Post, Secure, SnmpError
from netops.collection.snmp_rows import END, OCTETS, MessageError, Varbinds, dotted, encoded
from netops.collection.snmp_security import (
    AUTH,
    PRIVACY,
    Engine,
    StrangerError,
    User,
    ask_name,
)
from netops.evidence.observation import Outcome
from netops.lab.model import SnmpUser
from netops.lab.snmp_agent import SnmpAgent as LabAgent
from netops.lab.snmp_mib import MibShelf

LIMITS = Limits(snmp_s=2.0, snmp_retries=0)
PASSWORDS = ("auth-made-up", "priv-made-up")
SYS_DESCR = encoded("1.3.6.1.2.1.1.1")


@contextmanager
def foreign_agent(auth: str, privacy: str) -> Iterator[int]:
    """Run pysnmp's own command responder; yield its port."""
    loop = asyncio.new_event_loop()
    ports: list[int] = []
    ready = threading.Event()
    served: list[engine.SnmpEngine] = []

    async def serve() -> None:
        agent = engine.SnmpEngine()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            ports.append(probe.getsockname()[1])
        transport = udp.UdpAsyncioTransport().open_server_mode(("127.0.0.1", ports[0]))
        config.add_transport(agent, udp.DOMAIN_NAME, transport)
        config.add_v3_user(
            agent, "monitor", AUTH[auth], PASSWORDS[0], PRIVACY[privacy], PASSWORDS[1]
        )
        config.add_vacm_user(agent, 3, "monitor", "authPriv", (1, 3, 6, 1, 2, 1))
        config.add_v1_system(agent, "area", "made-up-community")
        config.add_vacm_user(agent, 2, "area", "noAuthNoPriv", (1, 3, 6, 1, 2, 1))
        cmdrsp.BulkCommandResponder(agent, context.SnmpContext(agent))
        await asyncio.sleep(0)
        served.append(agent)
        ready.set()

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(serve(), loop).result(10)
    assert ready.wait(10)
    try:
        yield ports[0]
    finally:
        asyncio.run_coroutine_threadsafe(_end(served[0]), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(agent: engine.SnmpEngine) -> None:
    """Close an agent and let its loop see to what is left."""
    agent.close_dispatcher()
    tasks = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)


def post(port: int) -> Post:
    return Post("127.0.0.1", port, LIMITS, Turn.alone())


@pytest.mark.parametrize(
    ("auth", "privacy"),
    [("md5", "des"), ("sha", "aes128"), ("sha256", "aes128"), ("sha512", "aes256"),
     ("sha224", "aes192"), ("sha384", "3des")],
)  # fmt: skip
def test_a_foreign_agent_understands_every_protocol(auth: str, privacy: str) -> None:
    user = User.of("monitor", PASSWORDS, (auth, privacy))
    with foreign_agent(auth, privacy) as port, closing(post(port)) as way:
        told = Secure(way, user).bulk((SYS_DESCR,), (encoded("1.3.6.1.2.1.1"),), 3)

    rows = list(told.texts())
    assert rows[0][:2] == ("1.3.6.1.2.1.1.1.0", "str")
    assert "PySNMP" in rows[0][2]
    assert [row[0] for row in rows[1:]] == [f"1.3.6.1.2.1.1.{n}.0" for n in (1, 2, 3)]


def test_a_foreign_agent_understands_v2c() -> None:
    with foreign_agent("sha256", "aes128") as port, closing(post(port)) as way:
        rows = Plain(way, b"made-up-community").bulk((SYS_DESCR,), (), 0)

    assert b"PySNMP" in bytes(rows.values[0] or b"")


def test_a_wrong_password_is_told_as_such() -> None:
    user = User.of("monitor", ("not-this-one", PASSWORDS[1]), ("sha256", "aes128"))
    with (
        foreign_agent("sha256", "aes128") as port,
        closing(post(port)) as way,
        pytest.raises(SnmpError, match="refused the digest") as caught,
    ):
        Secure(way, user).bulk((SYS_DESCR,), (), 0)

    assert caught.value.outcome is Outcome.CLOSED


def test_an_unknown_user_is_told_as_such() -> None:
    user = User.of("stranger", PASSWORDS, ("sha256", "aes128"))
    with (
        foreign_agent("sha256", "aes128") as port,
        closing(post(port)) as way,
        pytest.raises(SnmpError, match="does not know the user"),
    ):
        Secure(way, user).bulk((SYS_DESCR,), (), 0)


@dataclass
class Told:
    """A conversation that answers from a table, so many rows in one response."""

    rows: dict[str, str]
    room: int
    questions: int = 0

    def bulk(self, once: Sequence[bytes], columns: Sequence[bytes], repetitions: int) -> Varbinds:
        self.questions += 1
        known = sorted(self.rows, key=lambda oid: tuple(map(int, oid.split("."))))
        found = Varbinds()

        def after(oid: str) -> str:
            place = tuple(map(int, oid.split(".")))
            return next((k for k in known if tuple(map(int, k.split("."))) > place), "")

        def tell(oid: str) -> None:
            found.names.append(encoded(oid or "1.3"))
            found.kinds.append(OCTETS if oid else END)
            found.values.append(self.rows[oid].encode() if oid else None)

        for name in once:
            tell(after(dotted(name)))
        at = list(map(dotted, columns))
        for _ in range(repetitions):
            at = [after(oid) if oid else "" for oid in at]
            for oid in at:
                tell(oid)
        return found.part(0, self.room)


@pytest.mark.parametrize("room", [10_000, 23, 11])
def test_tables_are_whole_however_little_fits_into_a_response(room: int) -> None:
    rows = {f"1.3.6.1.2.1.1.{n}.0": "x" for n in (1, 3, 5)}
    rows |= {f"1.3.6.1.2.1.2.2.1.{c}.{i}": f"{c}/{i}" for c in (2, 7, 8) for i in range(1, 40)}
    rows |= {f"1.3.6.1.2.1.4.20.1.2.192.0.2.{i}": "1" for i in range(1, 4)}
    rows["1.3.6.1.2.1.4.24.7.1.7.1.4.0.0.0.0.0.2.0.0.1.4.192.0.2.1"] = "1"
    rows["1.3.6.1.2.1.99.1"] = "beyond"

    told = Questions(Told(rows, room)).ask()

    found = {table.command: table.raw.decode().count('"str"') for table in told}
    assert found == {
        "snmp system": 3, "snmp interfaces": 117, "snmp addresses": 3, "snmp default-routes": 1,
    }  # fmt: skip
    assert {table.outcome for table in told} == {Outcome.ACCEPTED}


def test_an_agent_that_repeats_itself_is_left() -> None:
    class Mill:
        def bulk(self, *_: object) -> Varbinds:
            self.count = getattr(self, "count", 0) + 1
            names = [encoded(f"1.3.6.1.2.1.2.2.1.2.{self.count}.{n}") for n in range(30)]
            return Varbinds(names, bytearray([OCTETS]) * 30, [b"x"] * 30)

    told = Questions(Mill()).ask()

    assert {t.outcome for t in told if t.command != "snmp system"} == {Outcome.TOO_LONG}


def _sealed_answer() -> tuple[Engine, bytes]:
    """Return an engine and the sealed answer that a simulated agent gives to it."""
    device = personality("d", 1)
    agent = LabAgent(replace(device, snmp_user=SnmpUser("v3", "monitor", *PASSWORDS)), MibShelf())
    told = agent.respond(ask_name(7))
    assert told is not None
    user = User.of("monitor", PASSWORDS, ("sha256", "aes128"))
    known = Engine.of(user, message.read_frame(told))
    answer = agent.respond(known.seal(8, message.bulk(9, (SYS_DESCR,), (), 0)))
    assert answer is not None
    return known, answer


def test_no_datagram_does_more_than_being_refused() -> None:
    known, answer = _sealed_answer()
    assert known.open(answer, message.read_frame(answer)).number == 9
    dice = random.Random(4)  # noqa: S311 - the same damage each time
    refused = 0
    for _ in range(4000):
        wrong = bytearray(answer)
        for _ in range(dice.randint(1, 3)):
            wrong[dice.randrange(len(wrong))] = dice.randrange(256)
        data = bytes(wrong[: dice.choice((len(wrong), dice.randrange(1, len(wrong))))])
        if data == answer:
            continue
        try:
            known.open(data, message.read_frame(data))
        except (MessageError, StrangerError):
            refused += 1

    assert refused > 3900, "a signed message that was altered is nobody's answer"


def test_an_answer_of_long_ago_is_not_believed() -> None:
    known, answer = _sealed_answer()
    known.boots += 1

    with pytest.raises(StrangerError):
        known.open(answer, message.read_frame(answer))


def test_an_unsigned_answer_is_not_believed() -> None:
    known, answer = _sealed_answer()
    bare = replace(message.read_frame(answer), flags=0, digest=b"", salt=b"")
    said = message.scoped(known.name, message.bulk(1, (), (), 0).replace(b"\xa5", b"\xa2", 1))

    with pytest.raises(StrangerError):
        known.open(b"", replace(bare, data=said))
