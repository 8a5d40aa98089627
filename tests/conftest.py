"""Tests read English texts, whatever the language of the machine that runs them."""

from __future__ import annotations

import os

from hypothesis import settings

# No test is a stopwatch: on a busy machine an example may wait for its turn.
settings.register_profile("netops", deadline=None)
settings.load_profile("netops")

os.environ["NETOPS_LANG"] = "en"

pytest_plugins = ("authority_stores",)
