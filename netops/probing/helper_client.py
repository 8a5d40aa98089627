"""Asks the probe helper for sockets: starts it, checks that it is there, ends it.

Knows the command by which the site lets it start (sudo, or an interpreter with a file
capability); refuses to look for a way of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import socket
import subprocess
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from netops.errors import ProbeError, Sentence
from netops.probing.helper import HELLO, MOST_BYTES

SETTING = "NETOPS_PROBE_HELPER"
_DEADLINE_S = 15.0


def helper_command(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return the command that the site installed; empty if it installed none."""
    try:
        return tuple(shlex.split(environment.get(SETTING, "")))
    except ValueError as error:
        raise ProbeError(
            Sentence("{setting} is no command: {why}.", setting=SETTING, why=error),
            remedy=Sentence("Write the program and its arguments as for a shell."),
        ) from error


class ProbeHelper:
    """A running helper. A context manager; also ends when this process does."""

    def __init__(self, link: socket.socket, process: subprocess.Popen[bytes]) -> None:
        self.link = link
        self._process = process

    @property
    def process_id(self) -> int:
        """The process that was started: the helper, or sudo before it."""
        return self._process.pid

    @classmethod
    def start(cls, command: Sequence[str]) -> Self:
        """Start the helper by this command.

        Raises:
            ProbeError: it does not start, or lacks the privilege.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(_DEADLINE_S)
        with theirs:
            try:
                process = subprocess.Popen(
                    list(command), stdin=theirs.fileno(), stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE, start_new_session=True,
                )  # fmt: skip
            except OSError as error:
                ours.close()
                raise _no_helper(error.strerror or str(error)) from error
        made = cls(ours, process)
        try:
            made._expect_hello()
        except BaseException:
            made.close()
            raise
        return made

    def _expect_hello(self) -> None:
        if self._receive()[0] != HELLO:
            raise _no_helper(self._complaint())

    def icmp_socket(self, family: int) -> socket.socket:
        """Return a raw ICMP socket of family 4 or 6.

        Raises:
            ProbeError: the helper is gone or refuses.
        """
        try:
            self.link.send(json.dumps({"ask": "icmp", "family": family}).encode())
        except OSError as error:
            raise _no_helper(error.strerror or str(error)) from error
        answer, descriptors = self._receive()
        if len(descriptors) == 1:
            return socket.socket(fileno=descriptors[0])
        for descriptor in descriptors:
            os.close(descriptor)
        raise _no_helper(answer[:MOST_BYTES].decode("ascii", "replace"))

    def _receive(self) -> tuple[bytes, list[int]]:
        try:
            said, descriptors, _, _ = socket.recv_fds(self.link, MOST_BYTES, 1)
        except OSError as error:
            raise _no_helper(error.strerror or str(error)) from error
        return said, descriptors

    def _complaint(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            _, complaint = self._process.communicate(timeout=_DEADLINE_S)
            return complaint[:MOST_BYTES].decode("utf-8", "replace").strip() or "it ended"
        return "it does not answer"

    def close(self) -> None:
        """Hang up; the helper then ends by itself."""
        self.link.close()
        try:
            self._process.wait(_DEADLINE_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(PermissionError):
                self._process.kill()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _no_helper(why: str) -> ProbeError:
    return ProbeError(
        Sentence("The probe helper cannot be used: {why}.", why=why.rstrip(".")),
        remedy=Sentence("Try the command in NETOPS_PROBE_HELPER by hand; docs/probing.md has it."),
    )
