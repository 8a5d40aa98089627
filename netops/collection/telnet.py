"""A small telnet client (RFC 854): enough to log in to a device that has nothing better.

Refuses every option but the two that make a character terminal. Its use is a finding of its
own elsewhere: the password travels in clear text.
"""

from __future__ import annotations

import re
import select
import socket

from netops.collection.contact import ContactError, Limits, Turn
from netops.collection.ssh import HEIGHT, WIDTH
from netops.facts.device import Contact
from netops.text import decode, shown_lines

_IAC, _DONT, _DO, _WONT, _WILL, _SB, _SE = 255, 254, 253, 252, 251, 250, 240
_ECHO, _GO_AHEAD, _WINDOW = 1, 3, 31
_COMMAND = 3
_LOGIN = re.compile(r"(?:user ?name|login|用户名)\s*[:：]\s*$", re.IGNORECASE)
_PASSWORD = re.compile(r"(?:password|口令|密码)\s*[:：]\s*$", re.IGNORECASE)
_REFUSED = re.compile(
    r"(?:login incorrect|authentication fail|login failed|login invalid|access denied"
    r"|password error|password is invalid|error: fail)",
    re.IGNORECASE,
)
_SLICE_S = 0.5
_TAIL = 600
_SETTLE_S = 0.3


class TelnetChannel:
    """A byte channel without telnet's commands in it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._pending = b""
        self._ahead = b""

    def send(self, data: bytes) -> int:
        """Send octets, 255 doubled."""
        self._sock.sendall(data.replace(b"\xff", b"\xff\xff"))
        return len(data)

    def recv(self, count: int) -> bytes:
        """Return octets of text; options are answered on the way."""
        if self._ahead:
            text, self._ahead = self._ahead, b""
            return text
        while True:
            data = self._sock.recv(count)
            if not data:
                return b""
            text = self._text(self._pending + data)
            if text:
                return text

    def push_back(self, data: bytes) -> None:
        """Give back what was read too far."""
        self._ahead = data + self._ahead

    def recv_ready(self) -> bool:
        """Whether octets wait."""
        return bool(self._ahead) or bool(select.select([self._sock], [], [], 0)[0])

    def settimeout(self, seconds: float) -> None:
        """Set how long ``recv`` waits."""
        self._sock.settimeout(seconds)

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()

    def _text(self, data: bytes) -> bytes:
        text = bytearray()
        at = 0
        while at < len(data):
            mark = data.find(_IAC, at)
            if mark < 0:
                text += data[at:]
                at = len(data)
                break
            text += data[at:mark]
            taken = self._take(data, mark, text)
            if not taken:
                at = mark
                break
            at = mark + taken
        self._pending = data[at:][:_TAIL]
        return bytes(text)

    def _take(self, data: bytes, mark: int, text: bytearray) -> int:
        """Take one telnet command at ``mark``; return its length, 0 when it is not whole yet."""
        if len(data) < mark + 2:
            return 0
        verb = data[mark + 1]
        if verb == _IAC:
            text.append(_IAC)
            return 2
        if verb == _SB:
            end = data.find(bytes((_IAC, _SE)), mark + 2)
            return 0 if end < 0 else end + 2 - mark
        if verb not in (_DO, _DONT, _WILL, _WONT):
            return 2
        if len(data) < mark + _COMMAND:
            return 0
        self._answer(verb, data[mark + 2])
        return _COMMAND

    def _answer(self, verb: int, option: int) -> None:
        if verb == _WILL:
            reply = _DO if option in (_ECHO, _GO_AHEAD) else _DONT
        elif verb == _DO:
            reply = _WILL if option in (_GO_AHEAD, _WINDOW) else _WONT
        else:
            return
        self._sock.sendall(bytes((_IAC, reply, option)))
        if verb == _DO and option == _WINDOW:
            size = WIDTH.to_bytes(2) + HEIGHT.to_bytes(2)
            size = size.replace(b"\xff", b"\xff\xff")
            self._sock.sendall(bytes((_IAC, _SB, _WINDOW)) + size + bytes((_IAC, _SE)))


class TelnetLogin:
    """The dialogue before the shell: user name and password, each once."""

    def __init__(self, channel: TelnetChannel, limits: Limits, turn: Turn) -> None:
        self._channel = channel
        self._limits = limits
        self._turn = turn
        self._deadline = self._turn.now() + limits.login_s

    def log_in(self, username: str, password: str) -> None:
        """Log in once, or raise ``ContactError``."""
        text = self._until_asked()
        if _LOGIN.search(text):
            self._say(username)
            text = self._until_asked()
        if _LOGIN.search(text):
            raise ContactError(Contact.LOGIN_REFUSED, "it asked for the user name twice")
        self._say(password)
        self._after_password()

    def _say(self, word: str) -> None:
        self._channel.send(word.encode() + b"\r\n")

    def _until_asked(self) -> str:
        seen = b""
        while True:
            text = "\n".join(shown_lines(decode(seen[-_TAIL:]))).rstrip()
            if _LOGIN.search(text) or _PASSWORD.search(text):
                return text
            seen = (seen + self._receive(self._turn.now() >= self._deadline))[-2 * _TAIL :]

    def _after_password(self) -> None:
        """Look at what follows, and leave it to the shell unless it is a refusal."""
        seen = b""
        quiet_since = self._turn.now()
        while self._turn.now() - quiet_since < _SETTLE_S or not seen.strip():
            piece = self._receive(self._turn.now() >= self._deadline, slice_s=0.1)
            if piece:
                seen += piece
                quiet_since = self._turn.now()
            text = "\n".join(shown_lines(decode(seen[-_TAIL:]))).rstrip()
            if _REFUSED.search(text) or _LOGIN.search(text):
                raise ContactError(Contact.LOGIN_REFUSED, "the device refused the log-in")
            if len(seen) > _TAIL:
                break
        self._channel.push_back(seen)

    def _receive(self, late: bool, slice_s: float = _SLICE_S) -> bytes:  # noqa: FBT001 - one caller
        if late:
            raise ContactError(Contact.HUNG, "no log-in question came")
        self._channel.settimeout(slice_s)
        try:
            data = self._channel.recv(1 << 14)
        except TimeoutError:
            self._turn.waited(self._limits.login_s - (self._deadline - self._turn.now()))
            return b""
        except OSError as error:
            raise ContactError(Contact.DROPPED, "it closed the connection at log-in") from error
        if not data:
            raise ContactError(Contact.DROPPED, "it closed the connection at log-in")
        return data
