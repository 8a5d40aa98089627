"""Checks what a batch brings in and what it made, where it pays in a process of its own.

Requests are read strictly, held to a profile and verified; signatures are verified by the second
implementation. That is half of what a certificate costs. Threads would share one interpreter and
wait for each other, so a large batch is checked by a process beside the one that signs. It is
given requests, a profile and finished certificates, knows neither key nor store, and ends when
whoever began it does.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Self, TypeVar

from netops.errors import AuthorityError, NetopsError, Sentence
from netops.gm.choice import default_provider, second_provider
from netops.gm.curve import Point
from netops.gm.provider import Provider
from netops.gm.request import Request
from netops.gm.signed import Fit, Signed
from netops.trust.drafting import Applied, apply_profile
from netops.trust.profile import Profile

MANY = 1024
"""Requests from which a process of its own pays for its start."""
_END_S = 5

T = TypeVar("T")
Answer = Callable[[], T]
"""What was asked before is answered when this is called; answers are taken as they were asked."""


def check(provider: Provider, profile: Profile, der: bytes) -> Applied | NetopsError:
    """Return what may be certified on a request, or why nothing."""
    try:
        request = Request.from_der(der)
        applied = apply_profile(request, profile)
        request.check(provider)
    except NetopsError as error:
        return error
    return applied


def check_again(point: Point, der: bytes, name: Sentence) -> None:
    """Let the second implementation verify what was signed, before anybody gets it."""
    if Signed.from_der(der, name).fit(second_provider(), point) is not Fit.GOOD:
        raise AuthorityError(
            "The second implementation refuses a signature of the authority's key.",
            remedy="Stop issuing; check the library (netops doctor) and the machine's memory.",
        )


@dataclass(frozen=True, slots=True)
class _Work:
    """What the checks of one batch need: the profile, and whose signatures they are."""

    provider: Provider
    profile: Profile
    point: Point

    def requests(self, ders: Sequence[bytes]) -> list[Applied | NetopsError]:
        return [check(self.provider, self.profile, der) for der in ders]

    def signatures(self, ders: Sequence[bytes]) -> None:
        for der in ders:
            check_again(self.point, der, Sentence("certificate"))


class Checker:
    """The checks of one batch; those of a large one are made beside this process.

    Whatever the other process cannot tell (a refusal, a bad signature, its own end) is found out
    here once more, with its reason.
    """

    def __init__(self, provider: Provider, profile: Profile, point: Point, size: int) -> None:
        self._work = _Work(provider, profile, point)
        self._beside = _Beside(profile, point) if size >= MANY else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._beside is not None:
            self._beside.close()

    def requests(self, ders: Sequence[bytes]) -> Answer[list[Applied | NetopsError]]:
        """Begin to check requests; the answer is what may be certified on each, or why nothing."""
        told = self._ask("requests", ders)

        def answer() -> list[Applied | NetopsError]:
            found = told()
            if found is None:
                return self._work.requests(ders)
            return [one or self._work.requests([d])[0] for d, one in zip(ders, found, strict=True)]

        return answer

    def signatures(self, ders: Sequence[bytes]) -> Answer[None]:
        """Begin to verify certificates again; one that is bad makes the answer raise."""
        told = self._ask("signatures", ders)

        def answer() -> None:
            if told() is not True:
                self._work.signatures(ders)

        return answer

    def _ask(self, kind: str, ders: Sequence[bytes]) -> Answer[Any]:
        if self._beside is None or not self._beside.is_ready:
            return lambda: None
        return self._beside.ask(kind, ders)


class _Beside:
    """The other process, and the line to it. Every loss of it is told as None."""

    def __init__(self, profile: Profile, point: Point) -> None:
        context = get_context("spawn")  # a fork would copy the authority's key
        self._line, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_serve, args=(theirs, profile, point), daemon=True
        )
        with suppress(OSError):  # no process to be had: its line ends at once
            self._process.start()
        theirs.close()
        self._has_begun = False

    @property
    def is_ready(self) -> bool:
        """Whether it answers: it takes its time to begin."""
        if not self._has_begun:
            with suppress(OSError, EOFError):
                self._has_begun = self._line.poll() and bool(self._line.recv())
        return self._has_begun

    def ask(self, kind: str, ders: Sequence[bytes]) -> Answer[Any]:
        with suppress(OSError):
            self._line.send((kind, list(ders)))
        return self._told

    def _told(self) -> Any:  # noqa: ANN401 - what was asked tells which
        try:
            return self._line.recv()
        except (OSError, EOFError):
            self._line.close()
            return None

    def close(self) -> None:
        self._line.close()
        if self._process.pid is not None:
            self._process.join(_END_S)
            self._process.kill()
            self._process.join()


def _serve(line: Connection, profile: Profile, point: Point) -> None:
    """Answer until the other side is gone; a request that is refused is told as None."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other side decides when this ends
    work = _Work(default_provider(), profile, point)
    with suppress(EOFError, OSError):
        line.send(True)
        while True:
            line.send(_answered(work, *line.recv()))


def _answered(work: _Work, kind: str, ders: Sequence[bytes]) -> list[Applied | None] | bool:
    if kind == "requests":
        return [one if isinstance(one, Applied) else None for one in work.requests(ders)]
    try:
        work.signatures(ders)
    except NetopsError:
        return False
    return True
