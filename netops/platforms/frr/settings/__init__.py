"""What a baseline is told of an FRR router: what its running configuration makes effective."""

from __future__ import annotations

from netops.platforms.frr.settings.read import BASELINE

__all__ = ["BASELINE"]
