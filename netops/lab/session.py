"""One SSH session with a simulated device: from the banner to the last prompt.

Knows the order of things in a log-in and in an answer. The text of answers comes from the
personality, manners from the dialect, misbehaviour from ``behaviours``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

import asyncssh

from netops.lab.behaviours import Play, delay_of, is_refused, play
from netops.lab.console import Console, Hangup
from netops.lab.dialects import DIALECTS, TRICKY_BANNER, Dialect
from netops.lab.model import Personality


class DeviceSession(asyncssh.SSHServerSession[bytes]):
    """A shell or a single command on one device."""

    def __init__(self, personality: Personality) -> None:
        self._personality = personality
        self._dialect: Dialect = DIALECTS[personality.platform]
        self._quirks = personality.behaviour.quirks
        self._pages = bool(self._dialect.pager)
        self._is_in_view = False
        self._has_terminal = False
        self._command: str | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """Remember the channel."""
        self._channel = chan
        self._console = Console(chan, wraps="wrapped_prompt" in self._quirks)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncssh's form
        """Stop whatever is being printed."""
        if self._task is not None:
            self._task.cancel()

    def pty_requested(
        self,
        term_type: str,  # noqa: ARG002 - asyncssh's form
        term_size: tuple[int, int, int, int],  # noqa: ARG002 - as above
        term_modes: Mapping[int, int],  # noqa: ARG002 - as above
    ) -> bool:
        """Grant a terminal; its size changes nothing here."""
        self._has_terminal = True
        return True

    def shell_requested(self) -> bool:
        """Grant a shell."""
        return True

    def exec_requested(self, command: str) -> bool:
        """Grant a single command."""
        self._command = command
        return True

    def session_started(self) -> None:
        """Begin to talk."""
        self._console.unix_lines = self._dialect.unix_lines and not self._has_terminal
        self._task = asyncio.get_running_loop().create_task(self._run())

    def data_received(self, data: bytes, datatype: int | None) -> None:  # noqa: ARG002 - as above
        """Take what was typed."""
        self._console.feed(data)

    def eof_received(self) -> bool:
        """Let what is being printed finish."""
        self._console.end_input()
        return True

    def pause_writing(self) -> None:
        """Stop printing: the peer does not read."""
        self._console.hold()

    def resume_writing(self) -> None:
        """Print again."""
        self._console.release()

    async def _run(self) -> None:
        status = 0
        try:
            if self._command is None:
                await self._shell()
            else:
                status = await self._single(self._command)
            await self._console.flush()
        except Hangup:
            pass
        self._channel.exit(status)

    async def _shell(self) -> None:
        if not await self._greet():
            return
        while True:
            line = " ".join((await self._console.prompt(self._prompt())).split())
            if not self._is_in_view and line in self._dialect.leave:
                return
            if line:
                await self._console.flush()
                await self._answer(line)

    async def _single(self, command: str) -> int:
        """Answer an exec request: every line of it, without echo, prompt and pager."""
        self._pages = False
        status = 0
        for line in command.splitlines():
            known = command in self._personality.answers
            status = await self._answer(command if known else " ".join(line.split()))
            if known:
                break
        return status

    async def _greet(self) -> bool:
        """Print the log-in texts; return whether they lead to a prompt."""
        if "tricky_banner" in self._quirks:
            await self._print(self._filled(TRICKY_BANNER))
        if "password_expiry" in self._quirks and self._dialect.question:
            question = "\r\n" + self._dialect.question.replace("\n", "\r\n")
            answer = await self._console.prompt(question)
            if self._dialect.question_is_final or answer.strip().upper() != "N":
                return False
        await self._print(self._filled(self._dialect.banner))
        return True

    def _prompt(self) -> str:
        dialect = self._dialect
        return self._filled(dialect.view_prompt if self._is_in_view else dialect.prompt)

    def _filled(self, template: str, line: str = "") -> str:
        now = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S%z")
        words = {"name": self._personality.hostname, "user": self._personality.username}
        return template.format(**words, line=line, now=f"{now[:-2]}:{now[-2:]}")

    async def _answer(self, line: str) -> int:
        """Answer one command; return the exit status it would have."""
        behaviour, dialect = self._personality.behaviour, self._dialect
        if behaviour.ssh == "hang":
            await asyncio.Event().wait()
        if delay := delay_of(behaviour):
            await asyncio.sleep(delay)
        if is_refused(behaviour, dialect, line):
            await self._print(self._filled(dialect.forbidden, line))
            return 1
        if self._changes_view(line) or await self._sets(line):
            return 0
        text = self._personality.answers.get(line)
        if text is None:
            await self._refuse_unknown(dialect.unknown, line)
            return dialect.unknown_status
        await self._show(play(behaviour, text, f"{self._personality.device} {line}"))
        return 0

    def _changes_view(self, line: str) -> bool:
        """Leave the configuration view; nothing can be configured in it."""
        if self._is_in_view and line in self._dialect.view_leave:
            self._is_in_view = False
            return True
        return False

    async def _sets(self, line: str) -> bool:
        """Answer a command that sets something of the session."""
        dialect = self._dialect
        if line in dialect.paging_off:
            if "paging_refused" in self._quirks:
                await self._refuse_unknown(dialect.paging_refusal, line)
            else:
                self._pages = False
                await self._print(dialect.paging_off[line])
            return True
        if line in dialect.view_enter:
            self._is_in_view = True
        settings = {**dialect.settings, **dialect.view_enter}
        if line not in settings:
            return False
        await self._print(settings[line])
        return True

    async def _refuse_unknown(self, template: str, line: str) -> None:
        if self._dialect.has_caret and "'^'" in template:
            await self._print(" " * len(self._prompt()) + "^\n")
        await self._print(self._filled(template, line))

    async def _print(self, text: str) -> None:
        await self._console.write(text.replace("\n", "\r\n").encode())

    async def _show(self, plan: Play) -> None:
        pages = self._pages if plan.paging is None else plan.paging
        if pages and self._dialect.pager and self._command is None:
            pager, erase = self._dialect.pager, self._dialect.erase
            await self._console.page(plan.lines, pager, erase, stops=plan.may_stop)
        else:
            for piece in plan.lines:
                await self._console.write(piece)
        if plan.ends_in_drop:
            await self._console.flush()
            self._channel.get_connection().abort()
            raise Hangup
