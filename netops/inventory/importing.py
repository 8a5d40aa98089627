"""Brings in an inventory from a workbook or a folder: checked first, then written whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from netops.inventory.columns import CSV_COLUMNS, OPTIONAL_YAML_FILES, YAML_FILES
from netops.inventory.list_file import alone
from netops.inventory.loader import load
from netops.inventory.model import Inventory
from netops.inventory.workbook import import_workbook


def import_inventory(source: Path, out: Path, *, dry_run: bool = False) -> Inventory:
    """Check ``source`` and write it to ``out``.

    Whatever is wrong is found before the first file of ``out`` is touched. What a workbook has no
    sheet for stays there as it is, and is checked together with what comes in.
    """
    with tempfile.TemporaryDirectory(prefix="netops-import-") as name:
        folder = Path(name)
        kept: list[str] = []
        if source.is_dir():
            _copy(source, folder)
        else:
            import_workbook(source, folder)
            kept = [file for file in OPTIONAL_YAML_FILES if (out / file).is_file()]
            for file in kept:
                shutil.copyfile(out / file, folder / file)
        inventory = load(folder)
        if not dry_run:
            _replace(folder, out, kept)
        return inventory


def _copy(source: Path, folder: Path) -> None:
    for file in (*CSV_COLUMNS, *YAML_FILES, *OPTIONAL_YAML_FILES, "known_hosts"):
        if (source / file).is_file():
            shutil.copyfile(source / file, folder / file)


def _replace(folder: Path, out: Path, kept: list[str]) -> None:
    """Put the checked files in place; what else lies in ``out``, and ``kept``, is left alone.

    All copies are on the disk before the first old file is replaced, so that a full disk leaves
    the old inventory whole.
    """
    out.mkdir(parents=True, exist_ok=True)
    files = sorted(file for file in folder.iterdir() if file.name not in kept)
    copies = {out / f".{file.name}.{os.getpid()}.tmp": file for file in files}
    with alone(out):
        try:
            for temporary, file in copies.items():
                shutil.copyfile(file, temporary)
            for temporary, file in copies.items():
                temporary.replace(out / file.name)
        finally:
            for temporary in copies:
                temporary.unlink(missing_ok=True)
