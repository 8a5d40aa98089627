"""The one error tree.

    NetopsError                  exit 2, unless a class says otherwise
    ├── UsageError      E100     the command was used wrongly
    ├── ConfigError     E200     configuration of the tool itself
    ├── InputError      E300     a file given to us cannot be used
    │   ├── InventoryError E310  an inventory (all faults at once)
    │   ├── PolicyError    E320  a policy (RulesError: a folder of rules, all faults at once)
    │   ├── SnapshotError  E330  a snapshot is missing, unfinished or changed
    │   ├── SpecError      E340  a laboratory specification
    │   └── ProfileError   E350  a certificate profile
    ├── SecretError     E400     a credential reference cannot be resolved
    ├── GuardError      E500     a command that is not read-only
    ├── LaboratoryError E600     the laboratory could not do what was asked
    ├── CryptoError    E700      a key, signature or cryptographic library cannot be used
    ├── AuthorityError E710      a certification authority could not do what was asked
    ├── JournalError   E720      the log of acts cannot be written, or was changed
    └── ProbeError     E800      this machine cannot send or receive the probes that were asked

A device that does not answer is a result, never one of these. Raise at the place that
knows; the command line translates once into a sentence and an exit code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self


class Sentence(str):
    """A sentence that remembers its template and values, so that the edge can translate it.

    It *is* its English text; whoever raises an error needs to know nothing of languages. A
    value that is a ``Sentence`` itself is translated too. Constant texts need no wrapping.
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Make the English text; without values braces stand for themselves."""
        made = super().__new__(cls, template.format(**values) if values else template)
        made.template = template
        made.values = values
        return made


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the user's own files: what they open to mend it."""

    file: str
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        text = self.file if self.line is None else f"{self.file}:{self.line}"
        return text if self.field is None else f"{text}: {self.field}"


class NetopsError(Exception):
    """Base of everything we raise on purpose: a cause, a remedy and, where known, a place."""

    code: ClassVar[str] = "E000"
    exit_code: ClassVar[int] = 2

    def __init__(self, cause: str, *, remedy: str, place: Place | None = None) -> None:
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy
        self.place = place

    @property
    def sentence(self) -> Sentence:
        """The cause as a sentence that may stand in another: constant texts are translated too."""
        return self.cause if isinstance(self.cause, Sentence) else Sentence(self.cause)

    def __str__(self) -> str:
        where = "" if self.place is None else f"{self.place}: "
        return f"{where}{self.cause} {self.remedy} [{self.code}]"


class UsageError(NetopsError):
    """The command was used wrongly."""

    code = "E100"


class ConfigError(NetopsError):
    """The configuration of the tool itself cannot be used."""

    code = "E200"


class InputError(NetopsError):
    """A file that was given to us cannot be used."""

    code = "E300"


class PolicyError(InputError):
    """A policy file cannot be used."""

    code = "E320"


class SnapshotError(InputError):
    """A snapshot is missing, unfinished, or not what its manifest says."""

    code = "E330"


class SpecError(InputError):
    """A laboratory specification cannot be used."""

    code = "E340"


class ProfileError(InputError):
    """A certificate profile cannot be used."""

    code = "E350"


class SecretError(NetopsError):
    """A credential reference cannot be resolved. The message never holds the secret."""

    code = "E400"


class GuardError(NetopsError):
    """A command was refused because it is not known to be read-only."""

    code = "E500"


class LaboratoryError(NetopsError):
    """The laboratory could not do what was asked."""

    code = "E600"


class CryptoError(NetopsError):
    """A key, a signature, or the library that computes with them cannot be used."""

    code = "E700"


class AuthorityError(NetopsError):
    """A certification authority could not, or must not, do what was asked."""

    code = "E710"


class JournalError(NetopsError):
    """The log of acts cannot be written or was changed; what it would record must not happen."""

    code = "E720"


class ProbeError(NetopsError):
    """This machine cannot send or receive the probes that were asked."""

    code = "E800"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a user's input. ``warning`` faults do not stop the work."""

    kind: str
    place: Place
    cause: str
    remedy: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.cause} {self.remedy} [{self.kind}]"


class InventoryError(InputError):
    """An inventory cannot be used; holds every fault, not only the first."""

    code = "E310"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        first = faults[0]
        super().__init__(_counted(faults), remedy=first.remedy, place=first.place)
        self.faults = faults


class RulesError(PolicyError):
    """A folder of rules cannot be used; holds every fault of every file."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        first = faults[0]
        super().__init__(_counted(faults), remedy=first.remedy, place=first.place)
        self.faults = faults


def _counted(faults: tuple[Fault, ...]) -> str:
    first = faults[0].cause
    if len(faults) == 1:
        return first
    return Sentence("{first} (+{more})", first=first, more=len(faults) - 1)
