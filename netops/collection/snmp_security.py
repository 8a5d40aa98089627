"""The user-based security of SNMP v3 over pysnmp's own services: keys, digests, encryption.

The cryptography is pysnmp's; what is ours is that a password is stretched over its megabyte
once a run and not once a device, and the rules of RFC 3414 for a manager: no answer is believed
that is not signed, encrypted and of the engine's present time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from pyasn1.type.univ import OctetString
from pysnmp.hlapi.v3arch import asyncio as snmp
from pysnmp.proto.error import StatusInformation
from pysnmp.proto.secmod.rfc3414.service import SnmpUSMSecurityModel

from netops.collection import snmp_message as message
from netops.collection.snmp_message import Frame, Pdu
from netops.collection.snmp_rows import MessageError, dotted

AUTH = {
    "md5": snmp.USM_AUTH_HMAC96_MD5,
    "sha": snmp.USM_AUTH_HMAC96_SHA,
    "sha1": snmp.USM_AUTH_HMAC96_SHA,
    "sha224": snmp.USM_AUTH_HMAC128_SHA224,
    "sha256": snmp.USM_AUTH_HMAC192_SHA256,
    "sha384": snmp.USM_AUTH_HMAC256_SHA384,
    "sha512": snmp.USM_AUTH_HMAC384_SHA512,
}
PRIVACY = {
    "des": snmp.USM_PRIV_CBC56_DES,
    "3des": snmp.USM_PRIV_CBC168_3DES,
    "aes": snmp.USM_PRIV_CFB128_AES,
    "aes128": snmp.USM_PRIV_CFB128_AES,
    "aes192": snmp.USM_PRIV_CFB192_AES,
    "aes256": snmp.USM_PRIV_CFB256_AES,
}
_WINDOW_S = 150
_LONGEST_ENGINE = 32
_STATS = "1.3.6.1.6.3.15.1.1."
_NOT_IN_TIME = "2"
_REPORTS = {
    "1": "the agent does not do authentication with privacy for this user",
    "2": "the agent's clock does not hold",
    "3": "the agent does not know the user",
    "4": "the agent does not know its own engine",
    "5": "the agent refused the digest",
    "6": "the agent could not decrypt",
}


class RefusedError(Exception):
    """The agent said why it gives no rows."""


class OutOfTimeError(Exception):
    """The agent signed that its time is another one; ask again with it."""


class StrangerError(Exception):
    """A message that nobody who has the keys wrote for us; waited on as if it had not come."""


@dataclass(frozen=True, slots=True)
class User:
    """A user whose passwords were stretched already."""

    name: bytes
    auth: tuple[int, ...]
    privacy: tuple[int, ...]
    auth_key: Any
    privacy_key: Any

    @staticmethod
    def of(name: str, passwords: tuple[str, str], protocols: tuple[str, str]) -> User:
        """Stretch both passwords: costly, so once a credential."""
        auth, privacy = AUTH[protocols[0]], PRIVACY[protocols[1]]
        auth_key = _auth(auth).hash_passphrase(OctetString(passwords[0].encode()))
        privacy_key = _privacy(privacy).hash_passphrase(
            auth, OctetString(passwords[1].encode())
        )  # fmt: skip
        return User(name.encode(), auth, privacy, auth_key, privacy_key)


@dataclass(slots=True)
class Engine:
    """One agent's engine as it told its name and time, and the user's keys for it alone."""

    user: User
    name: bytes
    boots: int
    seconds: int
    heard: float
    _auth_key: Any = None
    _privacy_key: Any = None

    @staticmethod
    def of(user: User, told: Frame) -> Engine:
        """Make it from the answer to a discovery, which is not signed."""
        if not 1 <= len(told.engine) <= _LONGEST_ENGINE:
            raise MessageError("name of an engine")
        engine = Engine(user, told.engine, told.boots, told.seconds, time.monotonic())
        name = OctetString(told.engine)
        engine._auth_key = _auth(user.auth).localize_key(user.auth_key, name)
        engine._privacy_key = _privacy(user.privacy).localize_key(
            user.auth, user.privacy_key, name
        )  # fmt: skip
        return engine

    def seal(self, number: int, pdu: bytes) -> bytes:
        """Return the datagram that carries ``pdu``, encrypted and signed."""
        seconds = self.seconds + int(time.monotonic() - self.heard)
        data, salt = _privacy(self.user.privacy).encrypt_data(
            self._privacy_key, (self.boots, seconds, None), message.scoped(self.name, pdu)
        )
        auth = _auth(self.user.auth)
        whole = message.framed(
            Frame(
                number=number,
                flags=message.AUTHENTICATED | message.PRIVATE | message.REPORTABLE,
                engine=self.name,
                boots=self.boots,
                seconds=seconds,
                user=self.user.name,
                digest=bytes(auth.digest_length),
                salt=bytes(salt),
                data=bytes(data),
            )
        )
        return bytes(auth.authenticate_outgoing_message(self._auth_key, whole))

    def open(self, datagram: bytes, frame: Frame) -> Pdu:
        """Return what a datagram says, or raise: refused, out of time, or not for us."""
        signed = bool(frame.flags & message.AUTHENTICATED)
        if signed:
            self._check(datagram, frame)
        if not frame.flags & message.PRIVATE:
            return self._report(message.read_scoped(frame.data), frame, signed=signed)
        if not signed:
            raise StrangerError
        pdu = message.read_scoped(self._decrypt(frame))
        return pdu if pdu.kind == message.RESPONSE else self._report(pdu, frame, signed=True)

    def _check(self, datagram: bytes, frame: Frame) -> None:
        if frame.engine != self.name or frame.user != self.user.name:
            raise StrangerError
        auth = _auth(self.user.auth)
        if len(frame.digest) != auth.digest_length:
            raise StrangerError
        try:
            auth.authenticate_incoming_message(
                self._auth_key, OctetString(frame.digest), datagram
            )  # fmt: skip
        except StatusInformation as error:
            raise StrangerError from error

    def _decrypt(self, frame: Frame) -> bytes:
        """Decrypt an answer of the engine's present time."""
        past = frame.boots < self.boots or (
            frame.boots == self.boots and frame.seconds < self.seconds - _WINDOW_S
        )
        if past:
            raise StrangerError
        try:
            text = _privacy(self.user.privacy).decrypt_data(
                self._privacy_key,
                (frame.boots, frame.seconds, OctetString(frame.salt)),
                OctetString(frame.data),
            )
        except StatusInformation as error:
            raise StrangerError from error
        return bytes(text)

    def _report(self, pdu: Pdu, frame: Frame, *, signed: bool) -> Pdu:
        """Believe of an unsigned report only that there will be no rows."""
        if pdu.kind != message.REPORT or not pdu.rows.names:
            raise StrangerError
        reason = dotted(pdu.rows.names[0]).removeprefix(_STATS).split(".")[0]
        if reason == _NOT_IN_TIME and signed:
            self.boots, self.seconds, self.heard = frame.boots, frame.seconds, time.monotonic()
            raise OutOfTimeError
        raise RefusedError(_REPORTS.get(reason, "the agent sent a report"))


def ask_name(number: int) -> bytes:
    """Return the datagram that asks an engine for its name and time."""
    empty = Frame(number, message.REPORTABLE, b"", 0, 0, b"")
    return message.framed(replace(empty, data=message.discovery(number)))


def _auth(service: tuple[int, ...]) -> Any:  # noqa: ANN401 - an untyped package
    return SnmpUSMSecurityModel.AUTH_SERVICES[service]


def _privacy(service: tuple[int, ...]) -> Any:  # noqa: ANN401 - an untyped package
    return SnmpUSMSecurityModel.PRIV_SERVICES[service]
