"""One interactive command line: learns the prompt, sends admitted lines, reads whole answers.

The one place that writes to a device. An answer must begin with the echo of its command and
end in exactly one prompt; anything else is an outcome of its own, never an empty answer.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Protocol

from netops.collection.contact import ContactError, Limits, Silence, Turn
from netops.collection.guard import AdmittedLine
from netops.evidence.observation import Outcome
from netops.facts.device import Contact
from netops.platforms.base import Platform
from netops.reading.cleaning import echo_lines
from netops.text import decode, shown_line, shown_lines

_CHUNK = 1 << 16
_TAIL = 4096
_HEAD = 4096
_SLICE_S = 1.0
_SETTLE_S = 0.05
_GRACE_S = 1.0
_KEPT_OF_FLOOD = 1 << 16
_QUESTION = re.compile(r"(?:\[y/n[^\]]{0,20}\]|\(y/n\)|password|continue\?)\s*:?\s*", re.IGNORECASE)
_PASSWORD = re.compile(r"passw|口令|密码", re.IGNORECASE)


class Channel(Protocol):
    """What a shell needs of SSH or telnet. ``recv`` raises TimeoutError, b"" means closed."""

    def send(self, data: bytes, /) -> int:
        """Send some octets; return how many were taken."""
        ...

    def recv(self, count: int, /) -> bytes:
        """Return up to ``count`` octets."""
        ...

    def recv_ready(self) -> bool:
        """Whether octets wait."""
        ...

    def settimeout(self, seconds: float, /) -> None:
        """Set how long ``recv`` waits."""
        ...

    def close(self) -> None:
        """Close."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one line, as it came."""

    outcome: Outcome
    raw: bytes
    elapsed_s: float
    detail: str = ""


class Shell:
    """A command line over a channel. After a reply that is not ACCEPTED it is of no more use."""

    def __init__(
        self, channel: Channel, platform: Platform, limits: Limits, turn: Turn, newline: str = "\n"
    ) -> None:
        self._channel = channel
        self._platform = platform
        self._limits = limits
        self._turn = turn
        self._newline = newline
        self._prompt = ""
        self._host: str | None = None
        self._is_confirmed = False

    @property
    def prompt(self) -> str:
        """The prompt as learnt."""
        return self._prompt

    def start(self) -> None:
        """Wait for the first prompt, or raise ``ContactError``; questions are not answered."""
        seen = bytearray()
        deadline = self._turn.now() + self._limits.login_s
        while True:
            ready = self._find_prompt(seen) or self._looks_like_question(seen)
            chunk = self._receive(_SETTLE_S if ready else deadline - self._turn.now())
            if chunk:
                seen += chunk
                self._refuse_flood(seen)
            elif chunk == b"":
                raise ContactError(Contact.DROPPED, "it closed the session at log-in")
            elif self._find_prompt(seen):
                self._learn(self._find_prompt(seen))
                return
            else:
                self._refuse_question(seen)
                if not ready or self._turn.now() >= deadline:
                    raise self._no_prompt(seen)

    def _refuse_flood(self, seen: bytearray) -> None:
        if len(seen) > self._limits.banner_octets:
            raise ContactError(Contact.UNUSABLE, "its banner does not end")

    @staticmethod
    def _no_prompt(seen: bytearray) -> ContactError:
        if seen.strip():
            return ContactError(Contact.UNUSABLE, "no prompt after log-in")
        return ContactError(Contact.HUNG, "nothing came after log-in")

    def _find_prompt(self, seen: bytearray) -> str:
        line = _last_line(seen, 0)
        return line.strip() if self._match(line) else ""

    def _match(self, line: str) -> re.Match[str] | None:
        pattern = self._platform.prompt
        return pattern.fullmatch(line) or pattern.fullmatch(line.strip())

    def _learn(self, prompt: str) -> None:
        self._prompt = prompt.strip()
        match = self._match(self._prompt)
        self._host = match["host"] if match and "host" in match.re.groupindex else None

    @staticmethod
    def _looks_like_question(seen: bytearray) -> bool:
        line = _last_line(seen, 0)
        return len(line) < _HEAD and _QUESTION.search(line[-40:]) is not None

    def _refuse_question(self, seen: bytearray) -> None:
        """Stop at a question. It is never answered: an answer might change the device."""
        text = "\n".join(shown_lines(decode(bytes(seen[-_TAIL:])))).strip()
        asked = any(pattern.search(text) for pattern in self._platform.questions)
        if not asked and not self._looks_like_question(seen):
            return
        last = text.rsplit("\n", 1)[-1].strip()[:120]
        if _PASSWORD.search(text[-600:]):
            raise ContactError(Contact.PASSWORD_EXPIRED, f"it asks: {last}")
        raise ContactError(Contact.UNUSABLE, f"it asks, and is not answered: {last}")

    def ask(self, line: AdmittedLine) -> Reply:
        """Send one line and read its whole answer."""
        began = time.monotonic()
        exchange = _Exchange(line.text)
        outcome, detail = self._exchange(exchange, line)
        raw = bytes(exchange.seen)
        if outcome is Outcome.TOO_LONG:
            detail = f"{detail}; the first {_KEPT_OF_FLOOD} of {len(raw)} octets are kept"
            raw = raw[:_KEPT_OF_FLOOD]
        return Reply(outcome, raw, round(time.monotonic() - began, 4), detail)

    def _exchange(self, exchange: _Exchange, line: AdmittedLine) -> tuple[Outcome, str]:
        deadline = self._turn.now() + self._limits.answer_s
        try:
            self._put((line.text + self._newline).encode())
            while True:
                over = exchange.is_over
                chunk = self._receive(_GRACE_S if over else self._limits.silence_s)
                if chunk is None:
                    return self._at_silence(exchange, is_over=over)
                if chunk == b"":
                    return Outcome.CLOSED, "it closed the session"
                exchange.seen += chunk
                if self._is_done(exchange):
                    return self._verdict(exchange)
                ended = self._beyond(exchange, deadline)
                if ended:
                    return ended
        except OSError as error:
            return Outcome.CLOSED, f"the connection broke: {type(error).__name__}"

    def _beyond(self, exchange: _Exchange, deadline: float) -> tuple[Outcome, str] | None:
        if len(exchange.seen) > self._limits.answer_octets:
            return Outcome.TOO_LONG, "the answer does not end"
        if exchange.pages > self._limits.pages:
            return Outcome.TOO_LONG, "the pager does not end"
        if self._turn.now() > deadline:
            return Outcome.TIMED_OUT, "the answer took too long"
        return None

    def _is_done(self, exchange: _Exchange) -> bool:
        """Whether prompt and echo are there; answers the pager on the way."""
        tail = _last_line(exchange.seen, exchange.page_at)
        pager = self._platform.pager.search(tail)
        if pager is not None and not tail[pager.end() :].strip():
            exchange.page_at = len(exchange.seen)
            exchange.pages += 1
            exchange.is_over = False
            self._put(b" ")
            return False
        self._confirm(exchange)
        exchange.is_over = self._is_prompt(tail) or self._is_prompt_written_on(exchange)
        return exchange.is_over and exchange.has_echo() and not self._channel.recv_ready()

    def _confirm(self, exchange: _Exchange) -> None:
        """Learn the prompt again where the echo stands behind another one.

        A banner may hold a line that looks like a prompt; the echo of the first command
        stands behind the true one.
        """
        if self._is_confirmed or not exchange.has_echo():
            return
        self._is_confirmed = True
        for line in shown_lines(decode(bytes(exchange.seen[:_HEAD]))):
            before = line.rstrip().removesuffix(exchange.command)
            if before != line.rstrip() and before.strip() and self._match(before):
                self._learn(before)

    def _is_prompt(self, line: str) -> bool:
        text = line.strip()
        if text == self._prompt:
            return True
        match = self._match(line) if self._host is not None else None
        return match is not None and match["host"] == self._host

    def _is_prompt_written_on(self, exchange: _Exchange) -> bool:
        """Whether a log line was printed behind the prompt, which nobody prints again.

        vtysh does so where a command took more than five seconds.
        """
        if not exchange.seen.endswith(b"\n") or not self._prompt:
            return False
        last = _last_line(exchange.seen[-_TAIL:].rstrip(b"\r\n"), 0)
        behind = last.removeprefix(self._prompt).strip()
        return behind != last.strip() and any(
            noise.search(behind) for noise in self._platform.line_noise
        )

    def _at_silence(self, exchange: _Exchange, *, is_over: bool) -> tuple[Outcome, str]:
        if is_over and not exchange.has_echo():
            return Outcome.NO_ECHO, "a prompt came, but not the echo of the command"
        if is_over:
            return self._verdict(exchange)
        if exchange.seen and not exchange.is_bare():
            return Outcome.NO_PROMPT, "the answer did not end in a prompt"
        return Outcome.TIMED_OUT, "no answer came"

    def _verdict(self, exchange: _Exchange) -> tuple[Outcome, str]:
        prompt = self._prompt.encode()
        inner = sum(exchange.seen.count(b"\n" + prompt + end) for end in (b"\r", b"\n"))
        if inner:
            return Outcome.NO_PROMPT, "more than one prompt came"
        return Outcome.ACCEPTED, ""

    def _receive(self, patience: float) -> bytes | None:
        """Return octets, b"" when the peer closed, None after ``patience`` seconds of silence."""
        if patience <= 0:
            return None
        silence = Silence(self._turn, patience, _SLICE_S)
        self._turn.step_aside()
        while True:
            self._channel.settimeout(silence.slice())
            try:
                chunk = self._channel.recv(_CHUNK)
            except TimeoutError:
                if silence.is_too_long():
                    return None
            else:
                self._turn.go_on()
                return chunk

    def _put(self, data: bytes) -> None:
        while data:
            sent = self._channel.send(data)
            if sent <= 0:
                raise ConnectionError("closed while sending")
            data = data[sent:]

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()


class _Exchange:
    """What came so far for one command."""

    __slots__ = ("_echoed", "command", "is_over", "page_at", "pages", "seen")

    def __init__(self, command: str) -> None:
        self.command = command
        self.seen = bytearray()
        self.pages = 0
        self.page_at = 0
        """Where text begins that the pager has not seen."""
        self.is_over = False
        """Whether a prompt stands at the end, be the echo there or not."""
        self._echoed = False

    def has_echo(self) -> bool:
        """Whether the echo of the command stands at the head of what came."""
        if not self._echoed:
            head = bytes(self.seen[: _HEAD + len(self.command)])
            complete = shown_lines(decode(head))[:-1]
            self._echoed = echo_lines(complete, self.command) > 0
        return self._echoed

    def is_bare(self) -> bool:
        """Whether nothing but the echo came."""
        if len(self.seen) > _HEAD or not self.has_echo():
            return False
        lines = shown_lines(decode(bytes(self.seen)))
        return not any(line.strip() for line in lines[echo_lines(lines, self.command) :])


def _last_line(seen: bytearray, begin: int) -> str:
    """Return what the last line shows, from ``begin`` at the earliest."""
    start = max(begin, len(seen) - _TAIL, seen.rfind(b"\n", max(begin, len(seen) - _TAIL)) + 1)
    return shown_line(decode(bytes(seen[start:])).rstrip("\r"))
