"""Masks secrets in lines of a configuration; form and position of the rest stay.

Errs on the side of masking: a word after ``cipher``, ``simple``, ``hash`` or ``plain`` is
always taken for a secret.
"""

from __future__ import annotations

import re

MASK = "******"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            r"((?:\b(?:cipher|simple|hash|plain|plain-text|ciphertext|md5-hash|sm4-cipher)\s+)+)"
            r"(?!authentication-mode\b|privacy-mode\b)(\S+)"
        ),
        r"(\bsnmp-agent community (?:read|write)\s+)(?!simple\b|cipher\b)(\S+)",
        r"(\bsnmp-agent community\s+)(?!read\b|write\b|simple\b|cipher\b)(\S+)",
        r"(\bsecurityname\s+)(?!cipher\b|simple\b)(\S+)",
        (
            r"(\b(?:authentication-mode|privacy-mode)\s+(?:md5|sha\d*|aes\d*|3des|des56|hmac-[\w-]+)\s+)"
            r"(?!cipher\b|simple\b|privacy-mode\b|\d{1,3}\s+\S)(\S+)"
        ),
        (
            r"(\b(?:password|passphrase|preshared-key|pre-shared-key|shared-key|secret|key-string"
            r"|auth-key|community-string)\s+)"
            r"(?!cipher\b|simple\b|hash\b|plain\b|irreversible|local-user\b|key\b|address\b|hostname\b"
            r"|control\b|recovery\b|pass-phrase\b|raw-key\b|ascii\b|aging\b|length\b|composition\b)"
            r"(\S+)"
        ),
        r"(\bkey\s+(?:authentication|accounting|authorization)\s+)(?!cipher\b|simple\b)(\S+)",
        (
            r"(^\s*key\s+(?!cipher\b|simple\b|authentication\b|accounting\b|authorization\b|\d+\s*$))"
            r"(\S+)"
        ),
        r"(\b(?:pass-phrase|raw-key|ascii|hex-key)\s+)(?!cipher\b|simple\b)(\S+)",
        r"(\$[a-z0-9]\$)(\S+)",
    )
)
_PLAIN_KEY_WORDS = frozenset({"cipher", "simple", "hash", "plain", MASK})


_SUSPICIOUS = re.compile(
    r"cipher|simple|hash|plain|community|securityname|-mode|pass|key|secret|\$", re.IGNORECASE
)
"""Lines without any of these hold no secret: most lines of a configuration."""


def mask(line: str) -> str:
    """Return ``line`` with every secret replaced."""
    if _SUSPICIOUS.search(line) is None:
        return line
    for pattern in _PATTERNS:
        line = pattern.sub(_hidden, line)
    return line


def _hidden(match: re.Match[str]) -> str:
    return match[0] if match[2].lower() in _PLAIN_KEY_WORDS else match[1] + MASK
