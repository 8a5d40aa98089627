"""Reads a snapshot device by device; a file that is not what the manifest says is refused.

Holds one record at a time. Refuses to know what an answer means.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from netops.errors import Place, Sentence, SnapshotError
from netops.evidence import codec, layout
from netops.evidence.observation import DeviceRecord
from netops.gm import sm3_hex


class SnapshotReader:
    """A snapshot on disk, complete or not (``is_complete``)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._meta = layout.load_shaped(path / layout.META, layout.META_SHAPE)
        if self._meta.get("schema") != layout.META_SCHEMA:
            raise SnapshotError(
                "The folder is not a snapshot of a known form.",
                remedy=Sentence("Expected {schema}.", schema=layout.META_SCHEMA),
                place=Place(str(path / layout.META), field="schema"),
            )

    @property
    def id(self) -> str:
        """The snapshot's id."""
        return str(self._meta["id"])

    @property
    def begin(self) -> str:
        """When it was begun, ISO 8601 with zone."""
        return str(self._meta["begin"])

    @property
    def end(self) -> str:
        """When it was finished; empty while it is not."""
        return str(self.manifest["end"]) if self.is_complete else ""

    @property
    def asked(self) -> tuple[str, ...]:
        """The devices that this snapshot was to ask."""
        return tuple(self._meta["asked"])

    @property
    def asked_vantages(self) -> tuple[str, ...]:
        """The vantage points from which this snapshot was to measure."""
        return tuple(self._meta.get("vantages", ()))

    @property
    def inventory_digest(self) -> str:
        """Digest of the inventory that it was taken with."""
        return str(self._meta["inventory"])

    @property
    def inventory_path(self) -> Path:
        """The copy of the inventory inside the snapshot."""
        return self.path / layout.INVENTORY

    @property
    def is_complete(self) -> bool:
        """Whether the manifest was written."""
        return (self.path / layout.MANIFEST).is_file()

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The manifest of a complete snapshot."""
        return layout.load_shaped(self.path / layout.MANIFEST, layout.MANIFEST_SHAPE)

    @cached_property
    def digest(self) -> str:
        """``sm3:`` and the digest of the manifest; empty for an unfinished snapshot."""
        if not self.is_complete:
            return ""
        return "sm3:" + sm3_hex((self.path / layout.MANIFEST).read_bytes())

    @cached_property
    def devices(self) -> tuple[str, ...]:
        """The devices that have a file, in the order of the inventory, then by name.

        What a manifest names has had one: if it is gone, whoever reads the device is told so, and
        nobody takes it for a device that was not asked.
        """
        present = self._named(layout.DEVICES)
        ordered = [device for device in self.asked if device in present]
        return (*ordered, *sorted(present.difference(ordered)))

    @cached_property
    def vantages(self) -> tuple[str, ...]:
        """The vantage points that have a file, by name; or had one, as with the devices."""
        return tuple(sorted(self._named(layout.PROBES)))

    def _named(self, folder: str) -> set[str]:
        """Return whose files are in a folder, or are missing there."""
        names = {path.name for path in (self.path / folder).glob(f"*{layout.SUFFIX}")}
        if self.is_complete:
            sealed = (str(name).rpartition("/") for name in self.manifest["files"])
            names |= {name for place, _slash, name in sealed if place == folder}
        return {layout.device_of(name) for name in names}

    def device_bytes(self, device: str) -> bytes:
        """Return a device's file, held against the manifest where there is one."""
        return self._bytes(layout.DEVICES, device)

    def _bytes(self, folder: str, device: str) -> bytes:
        name = f"{folder}/{layout.file_name(device)}"
        path = self.path / name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise self._absent(name, device) from error
        if self.is_complete and self._sealed(name) != sm3_hex(data):
            raise SnapshotError(
                Sentence(
                    "The file of device {device} is not what the manifest says.", device=device
                ),
                remedy="Run `netops snapshot verify`; restore the snapshot from a good copy.",
                place=Place(str(path)),
            )
        return data

    def _absent(self, name: str, device: str) -> SnapshotError:
        """Say what a file that cannot be read means: evidence that is lost, or none at all."""
        place = Place(str(self.path / name))
        if self.is_complete and self._sealed(name):
            return SnapshotError(
                Sentence("The file of device {device} is missing or cannot be read.",
                         device=device),
                remedy="Run `netops snapshot verify`; restore the snapshot from a good copy.",
                place=place,
            )  # fmt: skip
        return SnapshotError(
            Sentence("Snapshot {id} holds nothing of device {device}.", id=self.id, device=device),
            remedy="See `netops snapshot show` for the devices it holds.",
            place=place,
        )

    def _sealed(self, name: str) -> str:
        entry = self.manifest.get("files", {}).get(name, {})
        return str(entry.get("sm3", ""))

    def device_digest(self, device: str) -> str:
        """Return the SM3 of a device's file as sealed, or as it is while unfinished."""
        sealed = ""
        if self.is_complete:
            sealed = self._sealed(f"{layout.DEVICES}/{layout.file_name(device)}")
        return sealed or sm3_hex(self.device_bytes(device))

    def read(self, device: str) -> DeviceRecord:
        """Return the record of one device."""
        return self._read(layout.DEVICES, device)

    def read_probes(self, vantage: str) -> DeviceRecord:
        """Return what was measured from one vantage point."""
        return self._read(layout.PROBES, vantage)

    def probes(self) -> Iterator[DeviceRecord]:
        """Yield what was measured, a vantage point at a time."""
        for vantage in self.vantages:
            yield self.read_probes(vantage)

    def _read(self, folder: str, device: str) -> DeviceRecord:
        record = codec.decode(self._bytes(folder, device), is_sealed=self.is_complete)
        if record.device != device:
            raise SnapshotError(
                Sentence(
                    "The file of device {device} holds the record of {other}.",
                    device=device,
                    other=record.device,
                ),
                remedy="Restore the snapshot from a good copy.",
                place=Place(str(self.path / folder / layout.file_name(device))),
            )
        return record

    def __iter__(self) -> Iterator[DeviceRecord]:
        """Yield the records one by one; only one is in memory at a time."""
        for device in self.devices:
            yield self.read(device)
