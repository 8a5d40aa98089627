"""Odd protocols, questions with a borrowed source, and captures held against one another."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from scapy.all import (
    ICMP,
    IP,
    TCP,
    UDP,
    ICMPv6EchoReply,
    ICMPv6EchoRequest,
    IPv6,
    L3RawSocket,
    PcapReader,
    Raw,
    conf,
    send,
    sniff,
    sr,
)

_MOST_PACKETS = 500_000
_MOST_PROTOCOLS = 32
_MOST_ECHOES = 10
_MOST_SECONDS = 300.0
_LEAST_PAYLOAD = 8
_UNREACHABLE, _NO_PROTOCOL = 3, 2

conf.verb = 0
Order = dict[str, Any]


def odd_protocols(order: Order) -> list[dict[str, Any]]:
    """Ask ``target`` by IP protocols beside TCP, UDP and ICMP; say what each came to."""
    target, wait = str(order["target"]), min(float(order["wait_s"]), _MOST_SECONDS)
    numbers = [int(one) for one in order["protocols"]][:_MOST_PROTOCOLS]
    if target.startswith("127."):
        conf.L3socket = L3RawSocket
    questions = [IP(dst=target, proto=number) / Raw(b"netops!!") for number in numbers]
    answered, _ = sr(questions, timeout=wait, retry=1)
    found: dict[int, dict[str, Any]] = {}
    for question, answer in answered:
        found[question.proto] = {"answer": _meaning(answer), "from": answer.src}
    return [{"protocol": n, **found.get(n, {"answer": "none", "from": None})} for n in numbers]


def _meaning(answer: Any) -> str:  # noqa: ANN401 - a packet
    if ICMP in answer and answer[ICMP].type == _UNREACHABLE:
        code = answer[ICMP].code
        return "protocol_unreachable" if code == _NO_PROTOCOL else f"unreachable_{code}"
    return "reply"


def borrow(order: Order) -> dict[str, Any]:
    """Ask ``target`` as if ``source`` did: whoever stands at ``source`` sees the answer come out.

    ``token`` (hexadecimal) goes along, so that the answer is known for this question's.
    """
    target, source = str(order["target"]), str(order["source"])
    token = bytes.fromhex(order["token"])
    count = min(int(order["count"]), _MOST_ECHOES)
    number = int.from_bytes(token[:2], "big")
    if ":" in target:
        asked = IPv6(src=source, dst=target) / ICMPv6EchoRequest(id=number, data=token)
    else:
        asked = IP(src=source, dst=target) / ICMP(id=number) / Raw(token)
    send([asked] * count)
    return {"sent": count}


def watch(order: Order) -> list[dict[str, Any]]:
    """Listen for answers that carry ``token``; say from which address each seems to come."""
    token = bytes.fromhex(order["token"])
    seconds = min(float(order["seconds"]), _MOST_SECONDS)
    found: list[dict[str, Any]] = []

    def take(packet: Any) -> None:  # noqa: ANN401 - as scapy hands it
        if _is_reply(packet) and token in bytes(packet):
            layer = packet[IPv6] if IPv6 in packet else packet[IP]
            interface = str(getattr(packet, "sniffed_on", None) or "")
            found.append({"from": layer.src, "to": layer.dst, "interface": interface,
                          "at": time.time(), "ttl": getattr(layer, "ttl", None)})  # fmt: skip

    sniff(filter="icmp or icmp6", prn=take, store=False, timeout=seconds,
          count=0, stop_filter=lambda _: len(found) >= _MOST_ECHOES)  # fmt: skip
    return found


def _is_reply(packet: Any) -> bool:  # noqa: ANN401 - as scapy hands it
    return (ICMP in packet and packet[ICMP].type == 0) or ICMPv6EchoReply in packet


def compare(order: Order) -> list[dict[str, Any]]:
    """Find packets of the capture ``inside`` again in ``outside`` by their payload.

    Says for each inside source and destination behind which source it was seen outside, how
    often, and how often not at all.
    """
    seen: dict[bytes, str] = {}
    for source, destination, digest in _payloads(str(order["outside"])):
        seen.setdefault(digest + destination.encode(), source)
    counts: Counter[tuple[str, str, str | None]] = Counter()
    for source, destination, digest in _payloads(str(order["inside"])):
        counts[source, destination, seen.get(digest + destination.encode())] += 1
    return [
        {"inside": inside, "destination": destination, "outside": outside, "packets": number}
        for (inside, destination, outside), number in sorted(counts.items(), key=str)
    ]


def _payloads(path: str) -> Iterator[tuple[str, str, bytes]]:
    """Yield source, destination and digest of every packet with enough payload to know it by."""
    with PcapReader(path) as capture:
        for number, packet in enumerate(capture):
            if number >= _MOST_PACKETS:
                raise ValueError("the capture is too large")
            layer = packet.getlayer(IP) or packet.getlayer(IPv6)
            if layer is None:
                continue
            inner = next((packet[kind] for kind in (TCP, UDP, ICMP) if kind in packet), layer)
            payload = bytes(inner.payload)
            if len(payload) >= _LEAST_PAYLOAD:
                yield layer.src, layer.dst, hashlib.sha256(payload).digest()


DOERS: dict[str, Callable[[Order], Any]] = {
    "odd_protocols": odd_protocols,
    "borrow": borrow,
    "watch": watch,
    "compare": compare,
}
