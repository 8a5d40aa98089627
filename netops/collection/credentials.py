"""Resolves references to secrets when needed: ``env:``, ``file:``, ``keyring:``, ``age:``.

A secret is never part of a message, a representation or a file that we write.
"""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

from netops.collection.age import decrypted
from netops.errors import Place, SecretError, Sentence
from netops.inventory.model import Credential, Inventory

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Secrets:
    """The secrets of one inventory, each resolved at its first use and then kept in memory."""

    def __init__(self, inventory: Inventory, folder: Path) -> None:
        self._credentials = inventory.credentials
        self._folder = folder
        self._known: dict[str, str] = {}
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Secrets({len(self._credentials)} credentials)"

    def credential(self, name: str) -> Credential:
        """Return the credential of that name."""
        found = self._credentials.get(name)
        if found is None:
            raise SecretError(
                Sentence("The inventory has no credential named {name!r}.", name=name),
                remedy="Add it to credentials.yaml.",
                place=Place("credentials.yaml", field=name),
            )
        return found

    def resolve(self, reference: str) -> str:
        """Return the secret that ``reference`` names."""
        with self._lock:
            if reference not in self._known:
                self._known[reference] = resolve_reference(reference, self._folder)
            return self._known[reference]


def resolve_reference(reference: str, folder: Path) -> str:
    """Return the secret that ``reference`` names; a ``file:`` counts from ``folder``."""
    kind, _, name = reference.partition(":")
    if kind == "env":
        return _from_environment(name)
    if kind == "file":
        return _from_file(folder / name, name)
    if kind == "keyring":
        return _from_keyring(name)
    if kind == "age":
        return decrypted(folder / name, name)
    raise SecretError(
        "A secret is not given as a reference.",
        remedy="Write env:NAME, file:PATH, keyring:SERVICE/NAME or age:PATH.",
        place=Place("credentials.yaml"),
    )


def _from_environment(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise SecretError(
            Sentence("The environment variable {name} is not set.", name=name),
            remedy="Set it and run again.",
        )
    return value


def _from_file(path: Path, name: str) -> str:
    place = Place(name)
    try:
        with path.open(encoding="utf-8") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            text = stream.read()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretError(
            "The file of a secret cannot be read.",
            remedy="Give its path relative to the inventory.",
            place=place,
        ) from error
    if mode & _OTHERS:
        raise SecretError(
            "The file of a secret can be read by others.",
            remedy=Sentence("Run: chmod 600 {name}", name=name),
            place=place,
        )
    return text.rstrip("\r\n")


def _from_keyring(name: str) -> str:
    service, _, account = name.rpartition("/")
    try:
        import keyring  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise SecretError(
            "A secret lies in a keyring, and keyring support is not installed.",
            remedy="Install netops-extranet[keyring].",
        ) from error
    value = keyring.get_password(service, account)
    if value is None:
        raise SecretError(
            Sentence("The keyring holds nothing under {name}.", name=name),
            remedy="Store the secret there first.",
        )
    return str(value)
