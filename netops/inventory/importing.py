"""Brings in an inventory from a workbook or a folder: checked first, then written whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from netops.inventory.columns import CSV_COLUMNS, OPTIONAL_YAML_FILES, YAML_FILES
from netops.inventory.loader import load
from netops.inventory.model import Inventory
from netops.inventory.workbook import import_workbook


def import_inventory(source: Path, out: Path | None) -> Inventory:
    """Check ``source`` and write it to ``out`` (None: only check).

    Whatever is wrong is found before the first file of ``out`` is touched.
    """
    with tempfile.TemporaryDirectory(prefix="netops-import-") as name:
        folder = Path(name)
        if source.is_dir():
            _copy(source, folder)
        else:
            import_workbook(source, folder)
        inventory = load(folder)
        if out is not None:
            _replace(folder, out)
        return inventory


def _copy(source: Path, folder: Path) -> None:
    for file in (*CSV_COLUMNS, *YAML_FILES, *OPTIONAL_YAML_FILES, "known_hosts"):
        if (source / file).is_file():
            shutil.copyfile(source / file, folder / file)


def _replace(folder: Path, out: Path) -> None:
    """Put the checked files in place; what else lies in ``out`` is left alone.

    All copies are on the disk before the first old file is replaced, so that a full disk leaves
    the old inventory whole.
    """
    out.mkdir(parents=True, exist_ok=True)
    copies = {out / f".{file.name}.{os.getpid()}.tmp": file for file in sorted(folder.iterdir())}
    try:
        for temporary, file in copies.items():
            shutil.copyfile(file, temporary)
        for temporary, file in copies.items():
            temporary.replace(out / file.name)
    finally:
        for temporary in copies:
            temporary.unlink(missing_ok=True)
