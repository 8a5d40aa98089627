"""Secrets in files encrypted with age: decrypted by the program ``age``, to its standard output.

The secret is never in arguments, environment or a file; the identity stays where it is.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

from netops.errors import Place, SecretError, Sentence

IDENTITY = "NETOPS_AGE_IDENTITY"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_PATIENCE_S = 30


def decrypted(path: Path, name: str) -> str:
    """Return the secret in the file at ``path``, which the inventory calls ``name``."""
    place = Place(name)
    program, identity = _program(), _identity()
    try:
        done = subprocess.run(
            [program, "--decrypt", "--identity", str(identity), "--", str(path.resolve())],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=True,
            start_new_session=True,
        )
        secret = done.stdout.decode().rstrip("\r\n")
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        # Without the cause: it would hold what the program has printed.
        raise SecretError(
            "The age file of a secret cannot be decrypted.",
            remedy=Sentence("Try by hand: age --decrypt --identity ${name} FILE", name=IDENTITY),
            place=place,
        ) from None
    if not secret:
        raise SecretError(
            "The age file of a secret is empty.", remedy="Encrypt the secret anew.", place=place
        )
    return secret


def _program() -> str:
    found = shutil.which("age")
    if found is None:
        raise SecretError(
            "A secret is encrypted with age, and the program age is not installed.",
            remedy="Install age, or give the secret another way (env:, file:, keyring:).",
        )
    return found


def _identity() -> Path:
    value = os.environ.get(IDENTITY)
    if not value:
        raise SecretError(
            Sentence("The environment variable {name} is not set.", name=IDENTITY),
            remedy="Set it to the path of the identity file of age.",
        )
    path = Path(value).absolute()
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise SecretError(
            "The identity file of age cannot be read.",
            remedy=Sentence("Look at {name}.", name=IDENTITY),
            place=Place(value),
        ) from error
    if mode & _OTHERS:
        raise SecretError(
            "The identity file of age can be read by others.",
            remedy=Sentence("Run: chmod 600 {name}", name=value),
            place=Place(value),
        )
    return path
