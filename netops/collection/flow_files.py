"""Files of flow records or NAT logs that somebody exported, taken into a snapshot as they are.

Knows nothing of their form: what they hold is for reading to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from netops.collection.artefact import now
from netops.errors import InputError, Place, Sentence
from netops.evidence.observation import DeviceRecord, Observation, Outcome
from netops.facts.device import Contact

FLOWS = "flows"
_MOST_OCTETS = 256 << 20
"""All files together: a snapshot keeps them whole, and verifying reads them whole."""


def flow_record(paths: Sequence[Path]) -> DeviceRecord:
    """Return the files as observations of the vantage ``flows``, named by their names."""
    began = now()
    left = _MOST_OCTETS
    observations: list[Observation] = []
    for path in dict.fromkeys(paths):
        raw = _read(path, left)
        left -= len(raw)
        observations.append(
            Observation(
                id=f"{FLOWS}#{len(observations) + 1}",
                device=FLOWS,
                command=f"{FLOWS} {path.name}",
                source="file",
                at=began,
                elapsed_s=0.0,
                outcome=Outcome.ACCEPTED,
                raw=raw,
            )
        )
    return DeviceRecord(
        device=FLOWS,
        platform="probe",
        contact=Contact.ANSWERED,
        began=began,
        ended=now(),
        observations=tuple(observations),
    )


def _read(path: Path, left: int) -> bytes:
    try:
        with path.open("rb") as stream:
            raw = stream.read(left + 1)
    except OSError as error:
        raise InputError(
            Sentence("The flow records cannot be read: {reason}.", reason=error.strerror),
            remedy="Name files that you may read.",
            place=Place(str(path)),
        ) from error
    if len(raw) > left:
        raise InputError(
            "The flow records are larger than 256 MiB together.",
            remedy="Export a shorter time; a few hours show every exit that is in use.",
            place=Place(str(path)),
        )
    return raw
