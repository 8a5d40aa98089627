"""A folder in which an authority lives, and the lock that lets one process act at a time.

HOME/ca.yaml         what it is: authorities, profiles, addresses, intervals
HOME/keys/           root.key, sub.key: PKCS#8 under a passphrase; root.key may leave
HOME/public/         root.pem, sub.pem, chain.pem, lists: everything that may be published
HOME/profiles/       the profiles it issues by, copied when it was made
HOME/store.db        every serial and certificate, before and after it was signed
HOME/journal/        who did what
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from netops.errors import AuthorityError, Place, Sentence
from netops.policy.strict import AUTHORITY, read_strict

SCHEMA: Final = "netops/ca/1"
_ADDRESS = re.compile(r"(https?|ldaps?|ftp)://[!-~]+")
_PATIENCE_S = 60.0
_POLL_S = 0.02


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Addresses(_Strict):
    """Where relying parties find lists, status and the issuer's certificate; empty: nowhere."""

    crl: str = ""
    delta: str = ""
    ocsp: str = ""
    issuer: str = ""


NO_ADDRESSES = Addresses()


class Settings(_Strict):
    """``ca.yaml``: what the authority is and how it keeps its lists."""

    schema_: Literal["netops/ca/1"] = Field(alias="schema")
    name: str
    kind: Literal["both", "root_only", "external_root"]
    addresses: Addresses = NO_ADDRESSES
    crl_hours: Annotated[int, Field(ge=1, le=24 * 366)] = 24
    arl_days: Annotated[int, Field(ge=1, le=732)] = 180
    delta_hours: Annotated[int, Field(ge=1, le=24 * 31)] = 1
    crl_partitions: Annotated[int, Field(ge=1, le=1024)] = 1
    ignore_nonces: bool = False
    back_step_seconds: Annotated[int, Field(ge=0, le=3600)] = 60
    store: str = ""
    signer: Literal["libcrypto", "gmssl-pyx"] = "libcrypto"


def check_settings(settings: Settings, place: Place | None = None) -> Settings:
    """Refuse what no form tells: addresses that are none, a password, a quicker root, and such."""
    url = settings.store
    authority = url.partition("://")[2].partition("/")[0]
    addresses = settings.addresses
    told = (addresses.crl, addresses.delta, addresses.ocsp, addresses.issuer)
    if wrong := [one for one in told if one and not _ADDRESS.fullmatch(one)]:
        cause = Sentence("“{text}” is no address such as http://HOST/PATH in ASCII", text=wrong[0])
    elif settings.crl_partitions > 1 and not addresses.crl:
        cause = Sentence("lists in parts need an address (addresses.crl)")
    elif ":" in authority.partition("@")[0] or "password=" in url:
        cause = Sentence("a password must not stand here; name a file with ?passfile=")
    elif url and not url.startswith("postgresql+psycopg://"):
        cause = Sentence("only postgresql+psycopg:// is known")
    elif settings.kind == "root_only" and settings.signer != "libcrypto":
        cause = Sentence("the key of a root is held by libcrypto alone")
    else:
        return settings
    raise AuthorityError(
        Sentence("The settings cannot be used: {reason}.", reason=cause),
        remedy="See docs/certificates.md.",
        place=place,
    )


@dataclass(frozen=True, slots=True)
class Home:
    """The paths of an authority's folder."""

    path: Path

    @property
    def settings_file(self) -> Path:
        """``ca.yaml``."""
        return self.path / "ca.yaml"

    @property
    def keys(self) -> Path:
        """The folder of encrypted private keys."""
        return self.path / "keys"

    @property
    def public(self) -> Path:
        """What may be published."""
        return self.path / "public"

    @property
    def profiles(self) -> Path:
        """The profiles it issues by."""
        return self.path / "profiles"

    @property
    def store(self) -> Path:
        """The database of serials and certificates."""
        return self.path / "store.db"

    @property
    def journal(self) -> Path:
        """The folder of the journal."""
        return self.path / "journal"

    @property
    def next(self) -> Path:
        """What a rollover prepares."""
        return self.path / "next"

    def key_file(self, authority: str) -> Path:
        """The key of ``root`` or ``sub``."""
        return self.keys / f"{authority}.key"

    def certificate_file(self, authority: str) -> Path:
        """The certificate of ``root`` or ``sub``."""
        return self.public / f"{authority}.pem"

    @property
    def is_made(self) -> bool:
        """Whether a ceremony was completed here: its last step writes ``ca.yaml``."""
        return self.settings_file.is_file()

    def settings(self) -> Settings:
        """Read ``ca.yaml``; refuse where no authority lives, or where its record is lost.

        No new record is begun in place of one that is lost: its revocations would be forgotten.
        """
        if not self.is_made:
            raise AuthorityError(
                "No authority lives in this folder.",
                remedy="Make one: netops ca init --home DIR --name NAME.",
                place=Place(str(self.path)),
            )
        found, _ = read_strict(self.settings_file, Settings, AUTHORITY)
        if not found.store and not self.store.exists():
            raise AuthorityError(
                "The record of the authority is not here.",
                remedy="Bring it back from the copy: netops ca restore.",
                place=Place(str(self.store)),
            )
        return check_settings(found, Place(str(self.settings_file)))

    @contextmanager
    def held(self, patience_s: float = _PATIENCE_S) -> Iterator[None]:
        """Act alone in this folder; wait for another process at most ``patience_s`` seconds."""
        self.path.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _take(handle, self.path, time.monotonic() + patience_s)
            yield
        finally:
            os.close(handle)


def _take(handle: int, path: Path, until: float) -> None:
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        if time.monotonic() > until:
            raise AuthorityError(
                "Another process acts for this authority and does not end.",
                remedy="Wait for it, or find out what it does.",
                place=Place(str(path / "lock")),
            )
        time.sleep(_POLL_S)


def write_durably(path: Path, data: bytes | Iterable[bytes], mode: int = 0o644) -> None:
    """Write ``data`` under its name only once it is on the disk; an older file stays till then."""
    write_whole(path, data, mode, durably=True)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Bring the names in a folder to the disk."""
    folder = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_whole(
    path: Path, data: bytes | Iterable[bytes], mode: int = 0o644, *, durably: bool = False
) -> None:
    """Write ``data``, which may come in pieces, under its name at once: nobody reads half of it.

    Not ``durably``: for copies of what is on the disk elsewhere.
    """
    name = os.fspath(path)
    # What a crash or a stranger left there may be open to others, or lead elsewhere.
    Path(f"{name}.part").unlink(missing_ok=True)
    handle = os.open(f"{name}.part", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        for piece in (data,) if isinstance(data, bytes) else data:
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(handle, rest) :]
        if durably:
            os.fsync(handle)
    except OSError as error:
        error.filename = name  # which the system does not say of a full disk
        with suppress(OSError):
            Path(f"{name}.part").unlink()
        raise
    finally:
        os.close(handle)
    Path(f"{name}.part").replace(name)
