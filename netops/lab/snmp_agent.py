"""A device's SNMP agent: one datagram in, one out.

Knows v2c and v3 messages, discovery and the time window. Knows no sockets: the server hands
it datagrams. What a community or user must not have gets silence or a report, never rows.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from functools import lru_cache

from netops.lab.model import Personality, SnmpUser
from netops.lab.snmp_ber import (
    NULL,
    OCTETS,
    SEQUENCE,
    BerError,
    Oid,
    Reader,
    integer,
    object_id,
    tlv,
)
from netops.lab.snmp_mib import END_OF_MIB_VIEW, Mib, MibShelf
from netops.lab.snmp_usm import DIGESTS, UserKeys

SILENT_SSH = frozenset({"hang", "hang_before_banner", "drop", "down"})
"""Faults that a device shows on SNMP too."""
SILENT_SNMP = frozenset({"hang", "drop", "no_snmp"})

_GET, _GET_NEXT, _RESPONSE, _SET, _GET_BULK, _REPORT = 0xA0, 0xA1, 0xA2, 0xA3, 0xA5, 0xA8
_REQUESTS = (_GET, _GET_NEXT, _SET, _GET_BULK)
_V2C, _V3 = 1, 3
_NOT_WRITABLE = 17
_TOO_MANY_VARIABLES = 256
_LARGEST = 8192
_SMALLEST = 484
_OVERHEAD = 160
_AUTH, _PRIVACY, _REPORTABLE = 1, 2, 4
_USM = 3
_WINDOW_S = 150
_USM_STATS: Oid = (1, 3, 6, 1, 6, 3, 15, 1, 1)
_UNSUPPORTED_LEVEL, _NOT_IN_WINDOW, _UNKNOWN_USER, _UNKNOWN_ENGINE, _WRONG_DIGEST = 1, 2, 3, 4, 5
_DECRYPTION = 6
_NULL_VALUE = tlv(NULL, b"")
_ENTERPRISES = {"huawei_vrp": 2011, "h3c_comware": 25506}
_NET_SNMP = 8072


@dataclass(frozen=True, slots=True)
class Request:
    """A decoded PDU. ``first`` and ``second`` are non-repeaters and repetitions of a bulk."""

    kind: int
    number: int
    first: int
    second: int
    oids: tuple[Oid, ...]

    @classmethod
    def read(cls, reader: Reader) -> Request:
        """Decode the PDU that comes next."""
        kind, body = reader.element()
        if kind not in _REQUESTS:
            raise BerError(f"PDU {kind:#x}")
        number, first, second = body.integer(), body.integer(), body.integer()
        oids: list[Oid] = []
        rows = body.enter(SEQUENCE)
        while not rows.is_done and len(oids) < _TOO_MANY_VARIABLES:
            oids.append(rows.enter(SEQUENCE).object_id())
        return cls(kind, number, first, second, tuple(oids))


@dataclass(frozen=True, slots=True)
class Secured:
    """The header of a v3 message. ``digest_at`` is where its digest stands in the datagram."""

    number: int
    largest: int
    flags: int
    engine: bytes
    boots: int
    seconds: int
    user: bytes
    digest: bytes
    digest_at: int
    salt: bytes

    @classmethod
    def read(cls, message: Reader) -> Secured:
        """Decode global data and security parameters; ``message`` then stands at the data."""
        head = message.enter(SEQUENCE)
        number, largest, flags = head.integer(), head.integer(), head.octets()
        if head.integer() != _USM or len(flags) != 1:
            raise BerError("security model")
        usm = message.enter(OCTETS).enter(SEQUENCE)
        engine, boots, seconds, user = usm.octets(), usm.integer(), usm.integer(), usm.octets()
        digest = usm.enter(OCTETS)
        salt = usm.octets()
        return cls(
            number, largest, flags[0], engine, boots, seconds, user, digest.rest(), digest.at, salt
        )


class SnmpAgent:
    """Answers for one device."""

    def __init__(
        self, personality: Personality, shelf: MibShelf, began: float | None = None
    ) -> None:
        self._personality = personality
        self._shelf = shelf
        self._began = time.time() if began is None else began
        self.engine = engine_id(personality)
        behaviour = personality.behaviour
        self._is_silent = behaviour.ssh in SILENT_SSH or behaviour.snmp in SILENT_SNMP

    def respond(self, datagram: bytes) -> bytes | None:
        """Return the answer to ``datagram``, or None where a device keeps silent."""
        if self._is_silent or self._personality.snmp_user is None:
            return None
        try:
            return self._respond(datagram, self._personality.snmp_user)
        except (BerError, OverflowError, ValueError, IndexError):
            return None

    def _respond(self, datagram: bytes, user: SnmpUser) -> bytes | None:
        message = Reader.of(datagram).enter(SEQUENCE)
        version = message.integer()
        if version == _V2C and user.version == "v2c":
            return self._respond_v2c(message, user)
        if version == _V3 and user.version == "v3":
            return self._respond_v3(datagram, message, user)
        return None

    def _respond_v2c(self, message: Reader, user: SnmpUser) -> bytes | None:
        community = message.octets()
        if community != user.name.encode():
            return None
        answer = self._perform(Request.read(message), _LARGEST)
        return tlv(SEQUENCE, integer(_V2C) + tlv(OCTETS, community) + answer)

    def _respond_v3(self, datagram: bytes, message: Reader, user: SnmpUser) -> bytes | None:
        head = Secured.read(message)
        if refused := self._refusal(head, user):
            return self._report(head, refused)
        keys = _keys(user, DIGESTS[len(head.digest)], self.engine)
        if not keys.is_signed(datagram, head.digest_at, head.digest):
            return self._report(head, _WRONG_DIGEST)
        if head.boots != self._boots or abs(head.seconds - self._seconds) > _WINDOW_S:
            return self._report(head, _NOT_IN_WINDOW, keys)
        try:
            scoped = self._open(message, head, keys)
        except (BerError, ValueError):
            return self._report(head, _DECRYPTION)
        scoped.octets()
        context = scoped.octets()
        limit = max(_SMALLEST, min(_LARGEST, head.largest))
        answer = self._perform(Request.read(scoped), limit)
        return self._seal(head, self._scope(answer, context), keys, _AUTH | _PRIVACY)

    def _refusal(self, head: Secured, user: SnmpUser) -> int:
        """Return the counter of what is wrong before any key is needed, 0 for nothing."""
        if head.engine != self.engine:
            return _UNKNOWN_ENGINE
        if head.user != user.name.encode():
            return _UNKNOWN_USER
        if head.flags & (_AUTH | _PRIVACY) != _AUTH | _PRIVACY:
            return _UNSUPPORTED_LEVEL
        return 0 if len(head.digest) in DIGESTS else _WRONG_DIGEST

    def _open(self, message: Reader, head: Secured, keys: UserKeys) -> Reader:
        secret = message.octets()
        text = keys.decrypt(secret, head.boots, head.seconds, head.salt)
        return Reader.of(text).enter(SEQUENCE)

    @property
    def _boots(self) -> int:
        """Number of boots; the second of the start grows with every start of a laboratory."""
        return int(self._began) & 0x7FFFFFFF

    @property
    def _seconds(self) -> int:
        return max(0, int(time.time() - self._began))

    def _report(self, head: Secured, counter: int, keys: UserKeys | None = None) -> bytes | None:
        if not head.flags & _REPORTABLE:
            return None
        row = tlv(SEQUENCE, object_id((*_USM_STATS, counter, 0)) + integer(1, 0x41))
        pdu = tlv(_REPORT, integer(0) + integer(0) + integer(0) + tlv(SEQUENCE, row))
        return self._seal(head, self._scope(pdu, b""), keys, 0 if keys is None else _AUTH)

    def _scope(self, pdu: bytes, context: bytes) -> bytes:
        return tlv(SEQUENCE, tlv(OCTETS, self.engine) + tlv(OCTETS, context) + pdu)

    def _seal(self, head: Secured, scoped: bytes, keys: UserKeys | None, flags: int) -> bytes:
        boots, seconds = self._boots, self._seconds
        salt, size = b"", 0
        if flags & _PRIVACY and keys is not None:
            secret, salt = keys.encrypt(scoped, boots, seconds)
            scoped = tlv(OCTETS, secret)
        if flags & _AUTH:
            size = len(head.digest)
        usm = b"".join(
            (
                tlv(OCTETS, self.engine),
                integer(boots),
                integer(seconds),
                tlv(OCTETS, head.user),
                tlv(OCTETS, bytes(size)),
                tlv(OCTETS, salt),
            )
        )
        head_data = tlv(
            SEQUENCE,
            integer(head.number) + integer(65507) + tlv(OCTETS, bytes((flags,))) + integer(_USM),
        )
        security = tlv(OCTETS, tlv(SEQUENCE, usm))
        message = tlv(SEQUENCE, integer(_V3) + head_data + security + scoped)
        if keys is None or not size:
            return message
        # The digest field ends before the salt, and both stand before the scoped PDU.
        at = len(message) - len(scoped) - len(tlv(OCTETS, salt)) - size
        return message[:at] + keys.sign(message, size) + message[at + size :]

    def _perform(self, request: Request, limit: int) -> bytes:
        """Return the response PDU, no longer than a message of ``limit`` octets allows."""
        mib = self._shelf.of(self._personality)
        if request.kind == _SET:
            rows = [tlv(SEQUENCE, object_id(oid) + _NULL_VALUE) for oid in request.oids]
            return _pdu(request.number, rows, _NOT_WRITABLE)
        if request.kind == _GET:
            rows = [tlv(SEQUENCE, object_id(oid) + mib.get(oid)) for oid in request.oids]
        elif request.kind == _GET_NEXT:
            rows = [_row(*mib.after(oid)) for oid in request.oids]
        else:
            rows = _bulk(mib, request, limit - _OVERHEAD)
        return _pdu(request.number, rows)


def _row(oid: Oid, value: bytes) -> bytes:
    return tlv(SEQUENCE, object_id(oid) + value)


def _pdu(number: int, rows: list[bytes], error: int = 0) -> bytes:
    status = integer(error) + integer(1 if error else 0)
    return tlv(_RESPONSE, integer(number) + status + tlv(SEQUENCE, b"".join(rows)))


def _bulk(mib: Mib, request: Request, room: int) -> list[bytes]:
    """Rows of a GETBULK: stops at the end of all columns or when the message is full."""
    single = max(0, request.first)
    rows = [_row(*mib.after(oid)) for oid in request.oids[:single]]
    room -= sum(map(len, rows))
    columns = list(request.oids[single:])
    for _ in range(max(0, request.second)):
        found = [mib.after(oid) for oid in columns]
        more = [_row(*pair) for pair in found]
        room -= sum(map(len, more))
        if room < 0 or not columns:
            break
        rows += more
        columns = [oid for oid, _ in found]
        if all(value == END_OF_MIB_VIEW for _, value in found):
            break
    return rows


@lru_cache(maxsize=256)
def _keys(user: SnmpUser, digest: str, engine: bytes) -> UserKeys:
    return UserKeys.derive((user.auth_key, user.priv_key), digest, engine)


def engine_id(personality: Personality) -> bytes:
    """Engine id of RFC 3411: vendor's enterprise number and octets drawn from the device id."""
    vendor = _ENTERPRISES.get(personality.platform, _NET_SNMP)
    digest = hashlib.sha256(personality.device.encode()).digest()
    return (0x80000000 | vendor).to_bytes(4, "big") + b"\x05" + digest[:8]
