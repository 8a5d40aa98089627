# ruff: noqa: UP006, UP031, UP035, UP041, UP045, PTH123 - it must run on Python 3.6
"""Measures from a probe host and says what it saw, a JSON line for each job.

Sent as it stands to ``python3 -I -`` on the host, and imported here by the local vantage point:
so it needs nothing but Python 3.6 and its library, writes no file and holds no secret. It passes
the octets of questions and answers on and cannot tell a right answer from a wrong one.
"""

import base64
import errno
import json
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from typing import Any, Dict, List, Optional, Tuple

_MOST_DATAGRAMS = 8
_GRACE_S = 0.2
_MOST_OCTETS = 8192
_AT_ONCE = 64
_SILENT_HOPS = 5
_LOCAL_FAULTS = (errno.EADDRNOTAVAIL, errno.EACCES, errno.EPERM, errno.EADDRINUSE, errno.EMFILE)
_RECVERR = {4: (socket.IPPROTO_IP, 11), 6: (socket.IPPROTO_IPV6, 25)}
_HOPS = {4: (socket.IPPROTO_IP, 2), 6: (socket.IPPROTO_IPV6, 16)}
_ICMP = {4: (socket.IPPROTO_ICMP, 8, 0), 6: (58, 128, 129)}
"""Protocol, type of an echo request, of an echo reply."""

Job = Dict[str, Any]


def run(text: str) -> None:
    """Do the jobs in ``text`` (base64 of JSON) and print what came; end by itself in time."""
    order = json.loads(base64.b64decode(text).decode("ascii"))
    signal.alarm(int(order["deadline_s"]))
    jobs, began = order["jobs"], time.monotonic()
    for job in jobs:
        after = time.monotonic() - began
        for result in _DOERS[job["do"]](job):
            result["after_s"] = round(after, 3)
            sys.stdout.write(json.dumps(result, sort_keys=True) + "\n")
            sys.stdout.flush()
    sys.stdout.write(json.dumps({"end": len(jobs)}) + "\n")
    sys.stdout.flush()


def _family(address: str) -> int:
    return 6 if ":" in address else 4


def _socket(job: Job, target: str, kind: int, protocol: int = 0) -> socket.socket:
    family = socket.AF_INET6 if _family(target) == 6 else socket.AF_INET  # noqa: PLR2004 - IPv6
    sock = socket.socket(family, kind, protocol)
    try:
        if job.get("source"):
            sock.bind((job["source"], 0))
    except OSError:
        sock.close()
        raise
    return sock


def _fault(error: OSError, job: Job) -> Dict[str, Any]:
    """Say whether the machine could not ask at all, or the network gave nothing."""
    local = error.errno in _LOCAL_FAULTS
    if error.errno == errno.EADDRNOTAVAIL and not job.get("source"):
        local = False
    text = "nothing came in time" if isinstance(error, socket.timeout) else str(error.strerror)
    return {"answers": [], "error": text, "local": local}


def carry(job: Job) -> List[Dict[str, Any]]:
    """Take a question to a reflector and bring back whatever comes, as it comes."""
    try:
        result = _CARRIERS[job["protocol"]](job)
    except OSError as error:
        result = _fault(error, job)
    result["id"] = job["id"]
    return [result]


def _stream(job: Job, octets: bytes) -> bytes:
    """Send octets by TCP and return what came until the end, the limit or the time-out."""
    end = time.monotonic() + job["timeout_s"]
    sock = _socket(job, job["target"], socket.SOCK_STREAM)
    came = b""
    try:
        sock.settimeout(job["timeout_s"])
        sock.connect((job["target"], job["port"]))
        sock.sendall(octets)
        while len(came) < job["limit"]:
            left = end - time.monotonic()
            if left <= 0:
                break
            sock.settimeout(left)
            piece = sock.recv(min(4096, job["limit"] - len(came)))
            if not piece:
                break
            came += piece
    except OSError:
        if not came:
            raise
    finally:
        sock.close()
    return came


def _by_stream(job: Job) -> Dict[str, Any]:
    came = _stream(job, bytes.fromhex(job["question"]))
    error = "" if came else "it closed without an answer"
    return {"answers": [came.hex()] if came else [], "error": error, "local": False}


def _by_datagram(job: Job) -> Dict[str, Any]:
    answers = _datagrams(job, bytes.fromhex(job["question"]))
    error = "" if answers else "nothing came in time"
    return {"answers": [one.hex() for one in answers], "error": error, "local": False}


def _datagrams(job: Job, octets: bytes) -> List[bytes]:
    """Send a datagram, once more at half time, and return those that came back."""
    now = time.monotonic()
    end, again = now + job["timeout_s"], now + job["timeout_s"] / 2
    answers: List[bytes] = []
    sock = _socket(job, job["target"], socket.SOCK_DGRAM)
    try:
        sock.connect((job["target"], job["port"]))
        sock.send(octets)
        while time.monotonic() < end and len(answers) < _MOST_DATAGRAMS:
            limit = min(end, again) if again else end
            sock.settimeout(max(0.001, limit - time.monotonic()))
            try:
                answers.append(sock.recv(job["limit"]))
                end, again = min(end, time.monotonic() + _GRACE_S), 0
            except socket.timeout:
                if again:
                    sock.send(octets)
                again = 0
    except OSError:
        if not answers:
            raise
    finally:
        sock.close()
    return answers


def _by_dns(job: Job) -> Dict[str, Any]:
    """Ask a resolver; an answer that was cut is asked for again by TCP."""
    if not job.get("target"):
        job = dict(job, target=_resolver())
    if not job["target"]:
        return {"answers": [], "error": "this host names no resolver", "local": True}
    question = bytes.fromhex(job["question"])
    answers = _datagrams(job, question)
    if any(len(one) > 2 and one[2] & 2 for one in answers):  # noqa: PLR2004 - the flag TC
        framed = _stream(job, struct.pack(">H", len(question)) + question)
        answers = [framed[2:]] if len(framed) > 2 else []  # noqa: PLR2004 - the length before it
    error = "" if answers else "nothing came in time"
    found = {"answers": [one.hex() for one in answers], "error": error, "local": False}
    found["resolver"] = job["target"]
    return found


def _resolver() -> str:
    try:
        with open("/etc/resolv.conf", encoding="ascii", errors="replace") as stream:
            found = re.search(
                r"^nameserver[ \t]+([0-9a-fA-F.:]{2,45})", stream.read(), re.MULTILINE
            )
    except OSError:
        return ""
    return found.group(1) if found else ""


_CARRIERS = {"tcp": _by_stream, "http": _by_stream, "udp": _by_datagram, "dns": _by_dns}


def _result(job: Job, target: str, sent: int, times: List[float], error: str) -> Dict[str, Any]:
    return {
        "id": job["id"],
        "target": target,
        "sent": sent,
        "round_trips_ms": [round(one * 1000, 3) for one in times],
        "error": error,
    }


def echo(job: Job) -> List[Dict[str, Any]]:
    """Probe every target so many times, spread by the pace; a refusal over TCP is an answer."""
    if job["protocol"] == "tcp":
        return [_knock(job, target) for target in job["targets"]]
    made: List[Dict[str, Any]] = []
    for family in (4, 6):
        targets = [one for one in job["targets"] if _family(one) == family]
        if targets:
            made += _ping_all(job, family, targets)
    return made


def _knock(job: Job, target: str) -> Dict[str, Any]:
    times: List[float] = []
    sent, reason = 0, ""
    for _ in range(job["count"]):
        time.sleep(1.0 / job["pace"])
        began = time.monotonic()
        try:
            sock = _socket(job, target, socket.SOCK_STREAM)
        except OSError as error:
            return _result(job, target, 0, [], str(error.strerror))
        try:
            sent += 1
            sock.settimeout(job["timeout_s"])
            fault = sock.connect_ex((target, job["port"]))
            if fault in (0, errno.ECONNREFUSED):
                times.append(time.monotonic() - began)
            else:
                reason = os.strerror(fault)
        finally:
            sock.close()
    return _result(job, target, sent, times, reason)


def _ping_all(job: Job, family: int, targets: List[str]) -> List[Dict[str, Any]]:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            sock = _socket(job, targets[0], kind, _ICMP[family][0])
        except OSError as error:
            if job.get("source") and error.errno == errno.EADDRNOTAVAIL:
                return [_result(job, one, 0, [], str(error.strerror)) for one in targets]
            continue
        try:
            return _Pinging(job, family, sock).run(targets)
        finally:
            sock.close()
    return [_ping_command(job, family, one) for one in targets]


class _Pinging:
    """Echo requests to many targets on one socket: of datagrams, or raw where only root may ask.

    A raw one hears all that comes to the machine, IPv4 with its header: ours is told by its mark.
    """

    def __init__(self, job: Job, family: int, sock: socket.socket) -> None:
        self.job = job
        self.family = family
        self.sock = sock
        self.mark = os.getpid() & 0xFFFF if sock.type == socket.SOCK_RAW else 0
        self.has_head = family == 4 and sock.type == socket.SOCK_RAW  # noqa: PLR2004 - IPv4
        self.pending: Dict[int, Tuple[str, float]] = {}
        self.times: Dict[str, List[float]] = {}
        self.errors: Dict[str, str] = {}
        self.sent: Dict[str, int] = {}

    def run(self, targets: List[str]) -> List[Dict[str, Any]]:
        number = 0
        for _ in range(self.job["count"]):
            began = time.monotonic()
            for target in targets:
                number = (number + 1) & 0xFFFF
                self._send(target, number)
                self._listen(1.0 / self.job["pace"])
            self._listen(max(0.0, self.job["gap_s"] - (time.monotonic() - began)))
        end = time.monotonic() + self.job["timeout_s"]
        while self.pending and time.monotonic() < end:
            self._listen(end - time.monotonic())
        return [
            _result(self.job, one, self.sent.get(one, 0), self.times.get(one, []),
                    self.errors.get(one, ""))
            for one in targets
        ]  # fmt: skip

    def _send(self, target: str, number: int) -> None:
        kind, mark = _ICMP[self.family][1], self.mark
        head = struct.pack(">BBHHH", kind, 0, 0, mark, number)
        body = struct.pack(">BBHHH", kind, 0, _sum(head + b"netops!!"), mark, number)
        self.sent[target] = self.sent.get(target, 0) + 1
        self.pending[number] = (target, time.monotonic())
        try:
            self.sock.sendto(body + b"netops!!", (target, 0))
        except OSError as error:
            del self.pending[number]
            self.errors[target] = str(error.strerror)
            if error.errno in _LOCAL_FAULTS:
                self.sent[target] -= 1

    def _listen(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while True:
            left = max(0.0, end - time.monotonic())
            if not select.select([self.sock], [], [], left)[0]:
                return
            try:
                data, name = self.sock.recvfrom(2048)
            except OSError:
                continue
            if self.has_head and data:
                data = data[(data[0] & 15) * 4 :]
            if len(data) >= 8 and data[0] == _ICMP[self.family][2]:  # noqa: PLR2004 - ICMP's head
                mark, number = struct.unpack(">HH", data[4:8])
                if not self.mark or mark == self.mark:
                    self._take(number, name[0].split("%")[0])

    def _take(self, number: int, address: str) -> None:
        target, at = self.pending.get(number, ("", 0.0))
        if target and _packed(target) == _packed(address):
            del self.pending[number]
            self.times.setdefault(target, []).append(time.monotonic() - at)


def _packed(address: str) -> bytes:
    family = socket.AF_INET6 if _family(address) == 6 else socket.AF_INET  # noqa: PLR2004 - IPv6
    return socket.inet_pton(family, address)


def _sum(data: bytes) -> int:
    total: int = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def _ping_command(job: Job, family: int, target: str) -> Dict[str, Any]:
    """Let the host's own ping ask, which has the privilege that we lack."""
    count = int(job["count"])
    line = ["ping", "-%d" % family, "-n", "-c", str(count), "-i", "0.2", "-W",
            str(int(job["timeout_s"]) or 1)]  # fmt: skip
    if job.get("source"):
        line += ["-I", job["source"]]
    try:
        done = subprocess.run(
            [*line, target], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=count * (job["timeout_s"] + 1), check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return _result(job, target, 0, [], "no ICMP socket and no ping here")
    text = done.stdout[:65536].decode("ascii", "replace")
    times = [float(one) / 1000 for one in re.findall(r"time[=<]([0-9.]{1,12}) ?ms", text)]
    sent = re.search(r"(\d{1,6}) packets transmitted", text)
    if sent is None:
        return _result(
            job, target, 0, [], text.strip().split("\n")[-1][:200] or "ping said nothing"
        )
    return _result(job, target, int(sent.group(1)), times[:count], "")


def trace(job: Job) -> List[Dict[str, Any]]:
    """Trace to every target with a constant flow, a few at once."""
    made: List[Dict[str, Any]] = []
    targets = job["targets"]
    for at in range(0, len(targets), _AT_ONCE):
        made += _trace_some(job, targets[at : at + _AT_ONCE])
    return made


def _trace_some(job: Job, targets: List[str]) -> List[Dict[str, Any]]:
    walks = [_Walk(job, target) for target in targets]
    poller = select.poll()
    by_number = {one.number: one for one in walks if one.number >= 0}
    for number in by_number:
        poller.register(number, select.POLLIN | select.POLLERR)
    while any(not one.is_over for one in walks):
        now = time.monotonic()
        for one in walks:
            one.step(now)
            time.sleep(0)
        waits = [one.at + job["timeout_s"] - now for one in walks if not one.is_over]
        if not waits:
            break
        for number, _ in poller.poll(max(1, int(1000 * min(waits)))):
            by_number[number].hear()
    for one in walks:
        one.close()
    return [one.result() for one in walks]


class _Walk:
    """One trace: a socket, so one flow; the next distance is asked when the last has answered."""

    def __init__(self, job: Job, target: str) -> None:
        self.job = job
        self.target = target
        self.family = _family(target)
        self.ttl, self.tries, self.silent = 0, 0, 0
        self.at = 0.0
        self.heard = True
        self.hops: List[Tuple[List[str], List[float]]] = []
        self.reached = self.is_over = False
        self.error = ""
        self.sock: Optional[socket.socket] = None
        self.number = -1
        try:
            self._open()
        except OSError as error:
            self.error, self.is_over = str(error.strerror), True

    def _open(self) -> None:
        self.sock = _socket(self.job, self.target, socket.SOCK_DGRAM)
        self.number = self.sock.fileno()
        level, option = _RECVERR[self.family]
        self.sock.setsockopt(level, option, 1)
        self.sock.setblocking(False)
        self.sock.connect((self.target, self.job["port"]))

    def step(self, now: float) -> None:
        """Ask the next distance, or the same again, if it is time to."""
        if self.is_over or (not self.heard and now < self.at + self.job["timeout_s"]):
            return
        if self.heard or self.tries >= self.job["tries"]:
            self.silent = 0 if self.heard else self.silent + 1
            if self.reached or self.ttl >= self.job["hops"] or self.silent > _SILENT_HOPS:
                self.is_over = True
                return
            self.ttl, self.tries = self.ttl + 1, 0
            self.hops.append(([], []))
        self._ask()

    def _ask(self) -> None:
        self.tries, self.heard, self.at = self.tries + 1, False, time.monotonic()
        if self.sock is None:
            return
        level, option = _HOPS[self.family]
        try:
            self.sock.setsockopt(level, option, self.ttl)
            self.sock.send(struct.pack(">B", self.ttl) + b"netops trace padding")
        except OSError as error:
            # A refusal that came meanwhile is told by the next call; it is read from the queue.
            if error.errno not in (errno.ECONNREFUSED, errno.EHOSTUNREACH):
                self.error, self.is_over = str(error.strerror), True

    def hear(self) -> None:
        """Take what came: complaints of routers on the way, or an answer of the target."""
        if self.sock is None:
            return
        try:
            while True:
                data, more, _, _ = self.sock.recvmsg(512, 512, 0x2000)  # MSG_ERRQUEUE
                for level, kind, body in more:
                    if (level, kind) == _RECVERR[self.family] and len(body) >= 24:  # noqa: PLR2004
                        self._complaint(data, body)
        except OSError:
            pass
        try:
            self.sock.recv(512)
            self._note(self.ttl, self.target, True)
        except OSError:
            pass

    def _complaint(self, data: bytes, body: bytes) -> None:
        origin, kind, code = struct.unpack("BBB", body[4:7])
        if origin not in (2, 3):
            self.error = os.strerror(struct.unpack("I", body[:4])[0])
            return
        packed = body[20:24] if self.family == 4 else body[24:40]  # noqa: PLR2004 - IPv4
        family = socket.AF_INET if self.family == 4 else socket.AF_INET6  # noqa: PLR2004 - IPv4
        address = socket.inet_ntop(family, packed)
        ttl = struct.unpack("B", data[:1])[0] if data else self.ttl
        passing = kind == (11 if self.family == 4 else 3)  # noqa: PLR2004 - time exceeded
        if not passing and packed != _packed(self.target):
            self.error, self.is_over = "unreachable (%d/%d) says %s" % (kind, code, address), True
        self._note(ttl, address, packed == _packed(self.target))

    def _note(self, ttl: int, address: str, reached: bool) -> None:  # noqa: FBT001 - Python 3.6
        if not 1 <= ttl <= len(self.hops):
            return
        addresses, times = self.hops[ttl - 1]
        if address not in addresses:
            addresses.append(address)
        if ttl == self.ttl and not self.heard:
            times.append(time.monotonic() - self.at)
            self.heard = True
        self.reached = self.reached or reached

    def close(self) -> None:
        """Let go of the socket."""
        if self.sock is not None:
            self.sock.close()

    def result(self) -> Dict[str, Any]:
        """Return what was seen; distances behind the last answer are left out."""
        last = max([n for n, hop in enumerate(self.hops, 1) if hop[0]] or [0])
        hops = [
            {"ttl": n, "addresses": hop[0], "round_trips_ms": [round(t * 1000, 3) for t in hop[1]]}
            for n, hop in enumerate(self.hops[:last], 1)
        ]
        return {"id": self.job["id"], "target": self.target, "hops": hops,
                "reached": self.reached, "sent": self.ttl, "error": self.error}  # fmt: skip


_DOERS = {"carry": carry, "echo": echo, "trace": trace}
