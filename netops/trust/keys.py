"""Keys of an authority at rest, and the passphrases that open them.

A key file is PEM around an encrypted PKCS#8; a passphrase comes from a file that nobody else may
read, never from an argument or the environment.
"""

from __future__ import annotations

import stat
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from pathlib import Path

from netops.errors import CryptoError, Place, SecretError, Sentence
from netops.gm import pkcs8
from netops.gm.curve import Point
from netops.gm.identity import signing_digest
from netops.gm.provider import KeyHandle, Provider
from netops.gm.sm3 import sm3_hex
from netops.gm.spki import spki_der
from netops.trust.home import write_durably

_LINE = 64
ENCRYPTED_KEY = "ENCRYPTED PRIVATE KEY"
CERTIFICATE = "CERTIFICATE"
REQUEST = "CERTIFICATE REQUEST"
LIST = "X509 CRL"


def read_passphrase(path: Path) -> bytes:
    """Return the first line of ``path``, which nobody else may read."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SecretError(
                "Others may read the file of the passphrase.",
                remedy=Sentence("chmod 600 {path}", path=path),
                place=Place(str(path)),
            )
        with path.open("rb") as stream:
            found = stream.readline(4096).rstrip(b"\r\n")
    except OSError as error:
        raise SecretError(
            Sentence("The file of the passphrase cannot be read: {reason}.", reason=error.strerror),
            remedy="Name a file with --passphrase-file.",
            place=Place(str(path)),
        ) from error
    if not found:
        raise SecretError(
            "The passphrase is empty.",
            remedy="Write one into the first line of the file.",
            place=Place(str(path)),
        )
    return found


def save_key(path: Path, provider: Provider, key: KeyHandle, passphrase: bytes) -> None:
    """Write a key under a passphrase, for its owner alone."""
    kept = pkcs8.encrypt(provider.export(key), passphrase)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(path, to_pem(kept, ENCRYPTED_KEY), 0o600)


def load_key(path: Path, provider: Provider, passphrase: bytes) -> KeyHandle:
    """Read a key; a file that is missing, damaged or of another passphrase is told apart."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SecretError(
            Sentence("The key cannot be read: {reason}.", reason=error.strerror),
            remedy="Bring the key back from where it is kept.",
            place=Place(str(path)),
        ) from error
    try:
        return provider.load(pkcs8.decrypt(from_pem(raw, ENCRYPTED_KEY), passphrase))
    except CryptoError as error:
        error.place = Place(str(path))
        raise


def key_digest(point: Point) -> str:
    """Return what tells a public key apart on record: SM3 of its SubjectPublicKeyInfo."""
    return sm3_hex(spki_der(point))


def to_pem(der: bytes, label: str) -> bytes:
    """Return ``der`` as PEM (RFC 7468)."""
    text = b64encode(der).decode()
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()


def from_pem(raw: bytes, *labels: str) -> bytes:
    """Return the first object of one of ``labels`` in ``raw``, or ``raw`` where it is DER."""
    found = all_from_pem(raw, *labels)
    if not found:
        raise CryptoError(
            Sentence("The file holds no {label}.", label=labels[0]),
            remedy="Name a file in PEM or DER.",
        )
    return found[0]


def all_from_pem(raw: bytes, *labels: str) -> tuple[bytes, ...]:
    """Return every object of ``labels`` in ``raw``; what is not PEM at all is taken as DER."""
    if b"-----BEGIN " not in raw:
        return (raw,) if raw[:1] == b"\x30" else ()
    found: list[bytes] = []
    for part in raw.split(b"-----BEGIN ")[1:]:
        label, _, rest = part.partition(b"-----")
        name = label.decode("ascii", "replace")
        body, end, _ = rest.partition(b"-----END " + label + b"-----")
        if name not in labels and name != f"NEW {labels[0]}":
            continue
        try:
            if not end:
                raise ValueError("the end line is missing")  # noqa: TRY301 - told as any other fault of the form
            found.append(b64decode(b"".join(body.split()), validate=True))
        except (ValueError, NotBase64) as error:
            raise CryptoError(
                Sentence("The {label} is not valid PEM.", label=name),
                remedy="Name a file in PEM or DER that is whole.",
            ) from error
    return tuple(found)


class KeySigner:
    """Signs heads of the journal with the authority's key (SM2 with SM3, standard identifier)."""

    def __init__(self, provider: Provider, key: KeyHandle, name: str) -> None:
        self._provider = provider
        self._key = key
        self.name = name

    def sign(self, message: bytes) -> bytes:
        """Return the DER signature over ``message``."""
        digest = signing_digest(self._key.point, message)
        return self._provider.sign_digest(self._key, digest).der
