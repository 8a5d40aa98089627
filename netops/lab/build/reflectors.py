"""The addresses of the reflector that stands on the internet side, and where it listens.

Knows what the inventory says of it. Refuses to know its protocol.
"""

from __future__ import annotations

from typing import Any

REFLECTOR = "reflector-1"
REFLECTOR_SECRET = "reflector"  # noqa: S105 - the name of a file
PORT, HTTP_PORT, DNS_PORT = 7007, 8080, 53
ZONE = "reflect.example"

ADDRESSES = (
    "203.0.113.10",
    "2001:db8:ffff::10",
    "198.51.100.10",
    "192.0.2.10",
    "2001:db8:f000::10",
)
"""One service under several addresses, both families first: an exit for single destinations is
seen only from where its prefix is asked."""


def reflectors(*, with_zone: bool) -> list[dict[str, Any]]:
    """Return the reflector as ``probing.yaml`` has it.

    Its zone is known inside a closed laboratory only: elsewhere a question for it would go to
    the resolver of this machine.
    """
    zone = {"dns_port": DNS_PORT, "zone": ZONE} if with_zone else {}
    return [
        {
            "id": REFLECTOR,
            "addresses": list(ADDRESSES),
            "port": PORT,
            "http_port": HTTP_PORT,
            **zone,
            "key": f"file:secrets/{REFLECTOR_SECRET}",
        }
    ]
