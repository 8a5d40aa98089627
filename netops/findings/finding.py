"""One finding: what it says, about whom, and the lines that show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from netops.findings.verdicts import Severity, Verdict
from netops.gm import sm3_hex
from netops.i18n import Lang


@dataclass(frozen=True, slots=True)
class Text:
    """A user-facing text in both languages."""

    zh: str
    en: str

    def to_json(self) -> dict[str, str]:
        """Return ``{"zh": …, "en": …}``."""
        return {"zh": self.zh, "en": self.en}

    def in_lang(self, lang: Lang) -> str:
        """Return the text in ``lang``."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a finding is about: kind (government, department, device, link …), id, name."""

    kind: str
    id: str
    name: str = ""

    def to_json(self) -> dict[str, str]:
        """Return the subject as the JSON of design §4 has it."""
        return {"kind": self.kind, "id": self.id, "name": self.name}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which lines of which observation show it."""

    observation: str
    digest: str
    device: str
    command: str
    lines: tuple[int, int]

    def to_json(self) -> dict[str, Any]:
        """Return the evidence as the JSON of design §4 has it."""
        return {
            "observation": self.observation,
            "digest": self.digest,
            "device": self.device,
            "command": self.command,
            "lines": list(self.lines),
        }


@lru_cache(maxsize=8192)
def _digest(parts: str) -> str:
    """Return the SM3 of a finding's parts; its id is asked for several times."""
    return sm3_hex(parts.encode())


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not met, partly met or unknown, with its evidence.

    ``identity`` holds what makes the finding itself beside rule and subject (for exits:
    device, family, mechanism), so that its id is the same in every run.
    """

    rule: str
    subject: Subject
    verdict: Verdict
    severity: Severity
    message: Text
    expected: dict[str, Any] = field(default_factory=dict)
    observed: dict[str, Any] = field(default_factory=dict)
    affected: tuple[str, ...] = ()
    cause: str | None = None
    evidence: tuple[Evidence, ...] = ()
    standards: tuple[str, ...] = ()
    exemption: str | None = None
    remedy: Text | None = None
    identity: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """SM3 over rule, subject and identity, 64 hexadecimal digits."""
        return _digest("\x1f".join((self.rule, self.subject.kind, self.subject.id, *self.identity)))

    def to_json(self) -> dict[str, Any]:
        """Return the finding as the JSON of design §4 has it."""
        return {
            "id": self.id,
            "rule": self.rule,
            "subject": self.subject.to_json(),
            "verdict": self.verdict.value,
            "severity": self.severity.value,
            "message": self.message.to_json(),
            "expected": self.expected,
            "observed": self.observed,
            "affected": list(self.affected),
            "cause": self.cause,
            "evidence": [item.to_json() for item in self.evidence],
            "standards": list(self.standards),
            "exemption": self.exemption,
            "remedy": None if self.remedy is None else self.remedy.to_json(),
        }
