"""The first form of a device's file, ``netops/device/1``: read for ever, written no more.

An observation a line behind the head, its raw text inside the JSON (base64 where it is not
UTF-8). Believes nothing: what is not whole raises ``ValueError``, ``KeyError`` or ``TypeError``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

SCHEMA = "netops/device/1"

Row = dict[str, Any]


def rows_of(head: Row, body: bytes) -> list[tuple[Row, bytes]]:
    """Return what is told of each observation, and its raw octets."""
    rows = [_row(line) for line in body.decode().split("\n") if line]
    if head["observations"] != len(rows):
        raise ValueError("head and rows disagree")
    return rows


def _row(line: str | bytes) -> tuple[Row, bytes]:
    row = json.loads(line)
    if "base64" in row:
        return row, base64.b64decode(row["base64"], validate=True)
    return row, str(row["raw"]).encode()


def first_damaged(body: bytes, fits: Callable[[Row, bytes], bool]) -> str:
    """Name the first observation that is not whole or does not fit; "" where each one does."""
    last = ""
    for line in body.split(b"\n"):
        try:
            row, raw = _row(line)
            last = str(row["id"])
            if not fits(row, raw):
                return last
        except (ValueError, KeyError, TypeError, RecursionError):
            return _next_id(last)
    return ""


def _next_id(last: str) -> str:
    """Return the id behind ``last``: observations are numbered as they came."""
    name, _, number = last.rpartition("#")
    return f"{name}#{int(number) + 1}" if number.isdecimal() else ""
