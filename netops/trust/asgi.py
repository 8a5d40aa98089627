"""The same answers as an ASGI application, for a site that has an ASGI server in front already.

``uvicorn --factory netops.trust.asgi:from_environment`` (or any other ASGI server) serves the
authority of ``NETOPS_CA_HOME``; ``NETOPS_CA_PASSPHRASE_FILE`` names the file of its passphrase.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from netops.errors import AuthorityError, Sentence
from netops.gm.ocsp import LONGEST_REQUEST
from netops.trust.http_answer import Counter, Said

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_HOME, _PASSPHRASE = "NETOPS_CA_HOME", "NETOPS_CA_PASSPHRASE_FILE"


def application(counter: Counter) -> Application:
    """Return an ASGI 3 application that answers at ``counter``."""

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            counter.close()
        elif scope["type"] == "http":
            await _send(send, await _said(counter, scope, receive))
        else:
            raise ValueError(f"not spoken here: {scope['type']}")

    return answer


def from_environment() -> Application:
    """Return the application of the authority that the environment names."""
    from netops.trust.desk import open_counter  # noqa: PLC0415 - a site's process opens it once

    named = {name: os.environ.get(name, "") for name in (_HOME, _PASSPHRASE)}
    missing = [name for name, value in named.items() if not value]
    if missing:
        raise AuthorityError(
            Sentence("{name} is not set.", name=missing[0]),
            remedy="Name the authority's folder and the file of its passphrase.",
        )
    return application(open_counter(Path(named[_HOME]), Path(named[_PASSPHRASE])))


async def _live(receive: Receive, send: Send) -> None:
    """Tell the server that all is ready, and wait until it ends."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _said(counter: Counter, scope: Message, receive: Receive) -> Said:
    if scope["method"] == "GET":
        return counter.get(scope.get("raw_path") or scope["path"].encode())
    if scope["method"] != "POST":
        return Said(405)
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return Said(400)
        body += message.get("body", b"")
        if len(body) > LONGEST_REQUEST:
            return Said(413)
        if not message.get("more_body", False):
            return counter.post(bytes(body))


async def _send(send: Send, said: Said) -> None:
    told = (("Content-Type", said.kind), ("Content-Length", str(len(said.body))), *said.caching)
    # A server writes its own Date.
    headers = [(k.lower().encode(), v.encode()) for k, v in told if k != "Date"]
    await send({"type": "http.response.start", "status": said.status, "headers": headers})
    await send({"type": "http.response.body", "body": said.body})
