"""NAPALM's ``ping`` and ``traceroute`` in the shapes of its models.

Pure functions over what the platform read. A measurement that was not made is an error, never a
loss; what a platform's fixed line cannot do is refused, never left out in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from statistics import fmean, pstdev
from typing import Any

from netops.facts.measurements import Address, Echoes, Path, Reach
from netops.text import one_line

Shape = dict[str, Any]
NAPALM_DEFAULTS: Mapping[str, object] = {
    "ttl": 255,
    "timeout": 2,
    "size": 100,
    "source_interface": "",
}
"""Only these pass: the lines that are sent have no place for others."""

_SILENT = "*"
_UNTOLD = -1.0


def failure(reason: str) -> Shape:
    """Shape a measurement that was not made."""
    return {"error": one_line(reason)}


def unsettable(options: Mapping[str, object]) -> str:
    """Name the options that a caller set and no line can carry; "" where there are none."""
    strange = [name for name, value in options.items() if value != NAPALM_DEFAULTS[name]]
    if not strange:
        return ""
    return f"{', '.join(strange)}: not settable, the line that is sent is fixed"


def address_of(text: str) -> Address | None:
    """Return an address; names are not resolved."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def shape_of(found: Echoes | Path | str) -> Shape:
    """Shape what a device saw, or the reason why it was not asked.

    Times are milliseconds. Of a ping they are 0.0 where nothing came back; a silent hop of a
    trace is ``*`` and -1.0.
    """
    match found:
        case Echoes():
            return _ping(found)
        case Path():
            return _trace(found)
    return failure(found)


def _ping(echoes: Echoes) -> Shape:
    if echoes.reach is Reach.NOT_MEASURED:
        return failure(echoes.detail)
    times = echoes.round_trips_ms
    return {
        "success": {
            "probes_sent": echoes.sent,
            "packet_loss": echoes.sent - echoes.received,
            "rtt_min": min(times, default=0.0),
            "rtt_max": max(times, default=0.0),
            "rtt_avg": round(fmean(times), 3) if times else 0.0,
            "rtt_stddev": round(pstdev(times), 3) if times else 0.0,
            "results": [{"ip_address": str(echoes.target), "rtt": time} for time in times],
        }
    }


def _trace(path: Path) -> Shape:
    if not path.hops:
        return failure(path.detail)
    found = {}
    for hop in path.hops:
        texts, times = [str(address) for address in hop.addresses], list(hop.round_trips_ms)
        if len(texts) == 1:
            texts *= len(times)
        elif len(texts) != len(times):
            # Which of the times is whose is not told.
            times = [_UNTOLD] * len(texts)
        pairs = list(zip(texts, times, strict=True)) or [(_SILENT, _UNTOLD)]
        found[hop.ttl] = {
            "probes": {
                number: {"rtt": time, "ip_address": text, "host_name": text}
                for number, (text, time) in enumerate(pairs, start=1)
            }
        }
    return {"success": found}
