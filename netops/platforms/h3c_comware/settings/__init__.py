"""What a baseline is told of a Comware device: effective settings, defaults by version."""

from __future__ import annotations

from netops.platforms.h3c_comware.settings.read import BASELINE

__all__ = ["BASELINE"]
