"""One measurement as a JSON document (``netops/measurement/1``), and back.

What probing makes and a snapshot keeps. Decoding believes nothing: a document that is not of
the form raises ``ValueError``; times carry a zone, addresses are addresses.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from netops.facts.measurements import Echoes, Egress, EgressState, Hop, Path

SCHEMA = "netops/measurement/1"
Measurement = Echoes | Path | Egress
_MOST_ANSWERS = 100_000
_MOST_HOPS = 255


def encode(value: Measurement, exchange: Mapping[str, Any] | None = None) -> bytes:
    """Return the document of a measurement; ``exchange`` keeps the octets that went and came."""
    document = {"schema": SCHEMA, **_fields(value)}
    if exchange is not None:
        document["exchange"] = dict(exchange)
    return json.dumps(document, ensure_ascii=False, sort_keys=True).encode()


def _fields(value: Measurement) -> dict[str, Any]:
    common = {
        "vantage": value.vantage,
        "protocol": value.protocol,
        "at": value.at.isoformat(),
        "source": _text(value.source),
        "detail": value.detail,
    }
    if isinstance(value, Echoes):
        return common | {
            "kind": "echoes",
            "target": str(value.target),
            "port": value.port,
            "sent": value.sent,
            "round_trips_ms": list(value.round_trips_ms),
        }
    if isinstance(value, Path):
        hops = [
            {"ttl": hop.ttl, "addresses": [str(one) for one in hop.addresses],
             "round_trips_ms": list(hop.round_trips_ms)}
            for hop in value.hops
        ]  # fmt: skip
        return common | {
            "kind": "path",
            "target": str(value.target),
            "flow": value.flow,
            "reached": value.reached,
            "hops": hops,
        }
    return common | {
        "kind": "egress",
        "reflector": value.reflector,
        "family": value.family,
        "state": value.state.value,
        "seen": _text(value.seen),
        "seen_port": value.seen_port,
    }


def _text(address: IPv4Address | IPv6Address | None) -> str | None:
    return None if address is None else str(address)


def decode(raw: bytes) -> Measurement:
    """Return the measurement in a document, or raise ``ValueError``."""
    try:
        document = json.loads(raw)
        if document["schema"] != SCHEMA:
            raise ValueError("another schema")
        return _MAKERS[document["kind"]](document)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a measurement") from error


def _echoes(document: dict[str, Any]) -> Echoes:
    sent, times = _whole(document["sent"]), _times(document["round_trips_ms"])
    if len(times) > sent:
        raise ValueError("more answers than questions")
    return Echoes(
        vantage=_word(document["vantage"]),
        target=ip_address(_word(document["target"])),
        protocol=_word(document["protocol"]),
        sent=sent,
        round_trips_ms=times,
        at=_moment(document["at"]),
        source=_address(document["source"]),
        port=_port(document["port"]),
        detail=_word(document["detail"]),
    )


def _path(document: dict[str, Any]) -> Path:
    hops = document["hops"]
    if not isinstance(hops, list) or len(hops) > _MOST_HOPS:
        raise ValueError("hops")
    return Path(
        vantage=_word(document["vantage"]),
        target=ip_address(_word(document["target"])),
        protocol=_word(document["protocol"]),
        flow=_whole(document["flow"]),
        hops=tuple(
            Hop(
                _whole(hop["ttl"]),
                tuple(ip_address(_word(one)) for one in hop["addresses"]),
                _times(hop["round_trips_ms"]),
            )
            for hop in hops
        ),
        reached=document["reached"] is True,
        at=_moment(document["at"]),
        source=_address(document["source"]),
        detail=_word(document["detail"]),
    )


def _egress(document: dict[str, Any]) -> Egress:
    state, seen = EgressState(document["state"]), _address(document["seen"])
    if (state is EgressState.CONFIRMED) != (seen is not None):
        raise ValueError("only a confirmed answer names an address")
    family = _whole(document["family"])
    if family not in (4, 6):
        raise ValueError("family")
    return Egress(
        vantage=_word(document["vantage"]),
        reflector=_word(document["reflector"]),
        family=family,
        protocol=_word(document["protocol"]),
        state=state,
        at=_moment(document["at"]),
        source=_address(document["source"]),
        seen=seen,
        seen_port=_port(document["seen_port"]),
        detail=_word(document["detail"]),
    )


_MAKERS: Mapping[str, Callable[[dict[str, Any]], Measurement]] = {
    "echoes": _echoes,
    "path": _path,
    "egress": _egress,
}


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is wanted")  # noqa: TRY004 - one kind of error for all that is wrong
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("a count is wanted")
    return value


def _port(value: object) -> int | None:
    return None if value is None else _whole(value)


def _times(value: object) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) > _MOST_ANSWERS:
        raise ValueError("a list of times is wanted")
    made = tuple(float(one) for one in value)
    if not all(math.isfinite(one) and one >= 0 for one in made):
        raise ValueError("a time is wanted")
    return made


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_word(value))
    if moment.tzinfo is None:
        raise ValueError("a time without zone")
    return moment


def _address(value: object) -> IPv4Address | IPv6Address | None:
    return None if value is None else ip_address(_word(value))
