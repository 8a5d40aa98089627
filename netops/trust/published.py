"""Public keys whose private keys everybody can read: nothing is certified for them.

CA/Browser Forum Baseline Requirements §6.1.1.3 (5): a request is refused where a method is known
to find its private key with ease. Reading it in a standard is one.
"""

from __future__ import annotations

from netops.gm.curve import Point

_PRINTED = {
    # GB/T 32918.5-2017 annex A: the signature's example, d = 3945208F…
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020":
        "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13",
    # annex B: both sides of the key exchange, d = 81EB26E9… and 78512991…
    "160e12897df4edb61dd812feb96748fbd3ccf4ffe26aa6f6db9540af49c94232":
        "4a7dad08bb9a459531694beb20aa489d6649975e1bfcf8c4741b78b4b223007f",
    "6ae848c57c53c7b1b5fa99eb2286af078ba64c64591b8b566f7357d576f16dfb":
        "ee489d771621a27b36c5c7992062e9cd09a9264386f3fbea54dff69305621c4d",
    # d = 1: the base point itself
    "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7":
        "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0",
}  # fmt: skip
"""Both coordinates."""
_POINTS = frozenset(bytes.fromhex(x + y) for x, y in _PRINTED.items())


def is_published(point: Point) -> bool:
    """Whether the private key of ``point`` is printed in a standard, or is 1."""
    return point.raw in _POINTS
