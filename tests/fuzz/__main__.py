"""Fuzzes one reader under atheris: ``python -m tests.fuzz KIND FOLDER [options of libFuzzer]``.

Begins from a good object of that kind and keeps what it learns in FOLDER. A reader answers, or
refuses with one of our own errors; anything else is a fault, and so is a mutant whose signature
is believed though what it signs is not what was signed.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import atheris

with atheris.instrument_imports(include=["netops"]):
    from gm_objects import KEY, PROVIDER, good_objects

    from netops.errors import CryptoError, NetopsError
    from netops.gm.certificate import Certificate
    from netops.gm.ocsp import Reply
    from netops.gm.request import Request
    from netops.gm.revocation import RevocationList
    from netops.gm.signed import Fit, Signed

_SIGNED = {
    "certificate": Certificate.from_der,
    "request": Request.from_der,
    "list": RevocationList.from_der,
    "reply": Reply.from_der,
}


def _signed(kind: str, data: bytes) -> Signed | None:
    if kind not in _SIGNED:
        return None
    try:
        found: Signed | None = _SIGNED[kind](data).signed
    except CryptoError:
        return None
    return found


class Fuzz:
    """Feeds one reader."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._good, self._use = good_objects()[kind]
        signed = _signed(kind, self._good)
        self._contents = None if signed is None else signed.contents

    def __call__(self, data: bytes) -> None:
        with suppress(NetopsError):
            self._use(data)
        found = _signed(self._kind, data)
        if found is not None and found.fit(PROVIDER, KEY.point) is not Fit.BAD:
            assert found.contents == self._contents, "a forgery is believed"


def main() -> None:
    """Fuzz until libFuzzer's own options end it."""
    kind, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "good").write_bytes(good_objects()[kind][0])
    atheris.Setup([sys.argv[0], *sys.argv[3:], str(folder)], Fuzz(kind))
    atheris.Fuzz()


main()
