"""Has new signers of status certified before those in office expire, while others are answered.

A server runs for longer than its signer's certificate lives, and the authority may get a new key
meanwhile. The authority is opened anew for it, in a thread: nobody waits for that.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

from netops.errors import NetopsError, Place, SecretError
from netops.gm.certificate import Certificate
from netops.trust.authority import Authority
from netops.trust.keys import CERTIFICATE, from_pem, read_passphrase
from netops.trust.responder import Desk, appoint, former_desks

_AGAIN = timedelta(minutes=5)
"""So long after an attempt that failed there is none."""

Open = Callable[[], AbstractContextManager[Authority]]


def desks_of(authority: Authority, passphrase: bytes) -> tuple[tuple[Desk, ...], list[str]]:
    """Appoint who answers for each key of an opened authority; return also who stays silent."""
    own = Desk(authority.certificate, appoint(authority))
    former, silent = former_desks(authority, passphrase)
    return (own, *former), silent


@dataclass(slots=True)
class Appointer:
    """Appoints by opening the authority again: with the passphrase of the same file.

    ``tell`` hears why an attempt failed; there is another, and who is asked after the last signer
    expired says that one may try later.
    """

    certificate: Path
    open: Open
    passphrase_file: Path
    tell: Callable[[NetopsError | OSError], None]
    _running: Thread | None = None
    _made: tuple[Desk, ...] | None = None
    _not_before: datetime | None = None
    _seen: int = 0

    def look(self, desks: tuple[Desk, ...], at: datetime) -> tuple[Desk, ...]:
        """Return the desks to answer at from now on; waits for nothing."""
        if self._made is not None:
            made, self._made = self._made, None
            return made
        is_running = self._running is not None and self._running.is_alive()
        waits = self._not_before is not None and at < self._not_before
        if not (is_running or waits) and self._is_due(desks, at):
            self._not_before = at + _AGAIN
            self._running = Thread(target=self._appoint, daemon=True)
            self._running.start()
        return desks

    def _is_due(self, desks: tuple[Desk, ...], at: datetime) -> bool:
        return any(at >= _middle(one.signer.certificate) for one in desks) or self._has_new_key(
            desks[0].issuer
        )

    def _has_new_key(self, issuer: Certificate) -> bool:
        try:
            state = self.certificate.stat().st_mtime_ns
            if state == self._seen:
                return False
            found = Certificate.from_der(from_pem(self.certificate.read_bytes(), CERTIFICATE))
        except (OSError, NetopsError):
            return False  # it is being replaced, or health tells of it
        if found.der == issuer.der:
            self._seen = state
        return found.der != issuer.der

    def _appoint(self) -> None:
        try:
            if not self.passphrase_file.is_file():
                raise SecretError(
                    "The passphrase cannot be read once more.",
                    remedy="Start `netops ca ocsp serve` again before its signer expires.",
                    place=Place(str(self.passphrase_file)),
                )
            passphrase = read_passphrase(self.passphrase_file)
            with self.open() as authority:
                self._made, _ = desks_of(authority, passphrase)
        except (NetopsError, OSError) as error:
            self.tell(error)


def _middle(certificate: Certificate) -> datetime:
    return certificate.not_before + (certificate.not_after - certificate.not_before) / 2
