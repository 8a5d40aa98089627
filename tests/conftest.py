"""Tests read English texts, whatever the language of the machine that runs them."""

from __future__ import annotations

import os

os.environ["NETOPS_LANG"] = "en"
