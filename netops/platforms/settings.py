"""How a platform shows its settings to a baseline: which commands, or one program for a host.

Commands and programs are the package's own; nothing of ``policies/`` or a site adds one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netops.facts.settings import SettingsRead

if TYPE_CHECKING:
    from netops.platforms.answer import Answer


@dataclass(frozen=True, slots=True)
class Section:
    """A named part of a host's program. ``script`` is POSIX sh, reads only and prints.

    The observation of a section has ``baseline/NAME`` as its command. ``octets`` bounds what is
    kept of its output.
    """

    name: str
    script: str
    octets: int = 20_000
    optional: bool = False
    """Run only where asked for: a host that was not asked it is no less understood."""
    shared: tuple[str, ...] = ()
    """Texts that several sections rely on; each is run once, before the first of them."""

    @property
    def command(self) -> str:
        """The command that the section's observation and ``policies/evidence`` name."""
        return f"baseline/{self.name}"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a platform offers to a baseline.

    ``read`` gets the cleaned, accepted answers by command and returns effective settings. A
    device is asked ``commands`` one by one (each also in ``Platform.commands``); a host runs the
    program of all ``sections`` once.
    """

    read: Callable[[Mapping[str, Answer]], SettingsRead]
    commands: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    program: Callable[[], bytes] | None = None
    """Renders the one program of ``sections``; the guard admits it by its digest."""
