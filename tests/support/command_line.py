"""Runs ``netops`` as a person does, in this process: arguments in, code and both streams out."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from netops.cli.app import main

SMALL = Path(__file__).parents[1] / "data" / "inventory_small"
QUIET = {"NO_COLOR": "1", "NETOPS_LANG": "en", "COLUMNS": "300", "TERM": "dumb"}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def netops(*arguments: str | Path, environ: dict[str, str] | None = None, typed: str = "") -> Ended:
    """Run one command in the current folder, without the settings of whoever runs the tests."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    kept = {name: text for name, text in os.environ.items() if not name.startswith("NETOPS_")}
    words = ["netops", *(str(argument) for argument in arguments)]
    streams = {"argv": words, "stdout": out, "stderr": err, "stdin": io.StringIO(typed)}
    with (
        mock.patch.dict(os.environ, {**kept, "HOME": "", "XDG_CONFIG_HOME": "", **QUIET,
                                     **(environ or {})}, clear=True),
        mock.patch.multiple(sys, **streams),
    ):  # fmt: skip
        code = _ended()
    texts = [stream.buffer.getvalue().decode() for stream in (_flushed(out), _flushed(err))]
    return Ended(code, *texts)


def _flushed(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    stream.flush()
    return stream


def _ended() -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    raise AssertionError("the command did not end")
