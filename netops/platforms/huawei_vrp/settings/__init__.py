"""What a baseline is told of a VRP device: effective settings, defaults by family and release."""

from __future__ import annotations

from netops.platforms.huawei_vrp.settings.read import BASELINE

__all__ = ["BASELINE"]
