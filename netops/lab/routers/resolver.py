"""The departments' own resolvers: one on each host, at 127.0.0.1, in one process for all.

Each asks the zone's server from its own host, so that its questions leave by the department's
way out. Any other name, it says at once, is not there. Knows no other server, keeps nothing.
"""

from __future__ import annotations

import ctypes
import select
import socket
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from netops.lab.build.reflectors import ADDRESSES, ZONE
from netops.probing import dns_wire

_PORT = 53
_HERE = ("127.0.0.1", _PORT)
_SERVER = (ADDRESSES[0], _PORT)
_WAIT_S = 1.5
_LARGEST = 4096
_CLONE_NEWNET = 0x40000000

Asking = Callable[[bytes], bytes]


def enter(node: str) -> None:
    """Move this thread into the network of a node."""
    with Path(f"/run/netns/{node}").open("rb") as place:
        if ctypes.CDLL(None, use_errno=True).setns(place.fileno(), _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), node)


def serve(node: str, listening: threading.Semaphore) -> None:
    """Answer a host's questions, one after the other, for ever."""
    enter(node)
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(_HERE)
    streams = socket.create_server(_HERE)
    listening.release()
    while True:
        ready, _, _ = select.select([datagrams, streams], [], [])
        try:
            if datagrams in ready:
                question, caller = datagrams.recvfrom(_LARGEST)
                datagrams.sendto(answered(question, _by_datagram), caller)
            if streams in ready:
                _one_stream(streams)
        except (OSError, struct.error):
            # A caller or the net gave up: it hears nothing, as behind any resolver.
            continue


def answered(question: bytes, ask: Asking) -> bytes:
    """Return the answer to a question: the server's for its zone, else that there is no such."""
    try:
        read = dns_wire.read_question(question)
    except dns_wire.NotDnsError:
        return b""
    if read.name == ZONE or read.name.endswith(f".{ZONE}"):
        return ask(question)
    return dns_wire.write_answer(read, code=dns_wire.NAME_ERROR)


def _one_stream(streams: socket.socket) -> None:
    connection, _ = streams.accept()
    with connection:
        connection.settimeout(_WAIT_S)
        connection.sendall(_framed(answered(_unframed(connection), _by_stream)))


def _by_datagram(question: bytes) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(_WAIT_S)
        asking.connect(_SERVER)
        asking.send(question)
        return asking.recv(_LARGEST)


def _by_stream(question: bytes) -> bytes:
    with socket.create_connection(_SERVER, _WAIT_S) as asking:
        asking.sendall(_framed(question))
        return _unframed(asking)


def _framed(message: bytes) -> bytes:
    return struct.pack(">H", len(message)) + message


def _unframed(stream: socket.socket) -> bytes:
    with stream.makefile("rb") as reader:
        (length,) = struct.unpack(">H", reader.read(2))
        return reader.read(length)


def main(nodes: list[str]) -> int:
    """Run as ``resolver NODE…`` inside a laboratory: say ``ready``, then serve."""
    listening = threading.Semaphore(0)
    for node in nodes:
        threading.Thread(target=serve, args=(node, listening), daemon=True).start()
    for _ in nodes:
        listening.acquire()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
