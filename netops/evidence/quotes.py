"""Quotes the lines that an evidence names, from the text as it was sealed."""

from __future__ import annotations

from netops.errors import SnapshotError
from netops.evidence.observation import DeviceRecord
from netops.evidence.reader import SnapshotReader
from netops.findings import Evidence
from netops.text import decode, shown_lines


class Quotes:
    """Reads observations on demand; keeps the last device, since findings come in runs."""

    def __init__(self, reader: SnapshotReader, most: int) -> None:
        self._reader = reader
        self._most = most
        self._device = ""
        self._texts: dict[str, list[str]] = {}

    def lines(self, evidence: Evidence) -> list[str]:
        """Return at most ``most`` of the lines named; none where the snapshot has lost them."""
        if evidence.device != self._device:
            self._device = evidence.device
            self._texts = {}
        if evidence.observation not in self._texts:
            self._texts[evidence.observation] = self._read(evidence)
        first, last = evidence.lines
        return self._texts[evidence.observation][max(first - 1, 0) : last][: self._most]

    def _record(self, name: str) -> DeviceRecord:
        """Return the record of a device, or of a vantage point where no device has the name."""
        if name in self._reader.vantages and name not in self._reader.devices:
            return self._reader.read_probes(name)
        return self._reader.read(name)

    def _read(self, evidence: Evidence) -> list[str]:
        try:
            record = self._record(evidence.device)
        except SnapshotError:
            return []
        for observation in record.observations:
            if observation.id == evidence.observation and observation.source != "snmp":
                return shown_lines(decode(observation.raw))
        return []
