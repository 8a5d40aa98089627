"""Takes secrets out of configuration lines before anything else sees them.

Knows the written forms of secrets and the words that stand before them. Masks rather once
too often: a masked word can be asked for again, a leaked one cannot be called back.
"""

from __future__ import annotations

import re

MASK = "******"

_ENCODED = re.compile(
    r"%\^%#.*?%\^%#|%#%#.*?%#%#|%\$%\$.*?%\$%\$|%@%@.*?%@%@|%@%#.*?%@%#|%\+%##.*?%\+%#|\$1[a-e]\$\S+"
)
_OPENER = re.compile(r"%\^%#|%#%#|%\$%\$|%@%[@#]")

_MAY_HOLD = re.compile(
    r"%|\$1|cipher|simple|plain|key|password|communi|md5|sha|hmac|psk|phrase|securityname|des"
    r"|aes|wep|pin"
)
"""Most lines hold none of these, and one search is cheaper than five."""

_FORM = r"(?:irreversible-cipher|cipher|simple|plain)"
_AFTER_FORM = re.compile(rf"(?<![\w-])({_FORM}\s+)(?!{_FORM}\b)(\S+)")
_AFTER_WORD = re.compile(
    r"(?<![\w-])((?:shared-key|pre-shared-key|key-string|authentication-key|pass-phrase|psk|key|md5"
    r"|sha1?|sha2-\d+|hmac-\S+|des56|3des|3des168|aes128|aes192|aes256|securityname|wep-\d+|pin)\s+)"
    rf"(?!(?:{_FORM}|\d{{1,3}}|privacy-mode|acl|params|hex|no-|authentication-mode)(?:\s|$))(\S+)"
)
_PASSWORD = re.compile(
    r"(?<![\w-])(password\s+)(?!(?:irreversible-cipher|cipher|simple|plain|policy|alert|expire|history|"
    r"complexity|min-length|length|change|control|recovery|level|aging|modify)\b|-)(\S+)"
)
_COMMUNITY = re.compile(r"(snmp-agent community (?:read|write|complexity-\S+)\s+)(?!cipher\b)(\S+)")
_LISTS_OF_ALGORITHMS = re.compile(
    r"\s*(?:ssh (?:server|client)|ssl|dh|pki|ike|ipsec|rsa)\b(?!.*\bkey\s)"
)


def mask(line: str) -> str:
    """Return the line with every secret replaced.

    >>> mask("local-user u password irreversible-cipher $1c$ab$cd$")
    'local-user u password irreversible-cipher ******'
    """
    if not _MAY_HOLD.search(line):
        return line
    text = _ENCODED.sub(MASK, line) if "%" in line or "$1" in line else line
    if _LISTS_OF_ALGORITHMS.match(text):
        return text
    text = _AFTER_FORM.sub(rf"\1{MASK}", text)
    text = _AFTER_WORD.sub(rf"\1{MASK}", text)
    text = _PASSWORD.sub(rf"\1{MASK}", text)
    return _COMMUNITY.sub(rf"\1{MASK}", text)


def is_cut_in_secret(line: str) -> bool:
    """Whether a terminal broke this line inside an encoded secret (an opener without closer)."""
    at = 0
    while found := _OPENER.search(line, at):
        closed = line.find(found[0], found.end())
        if closed < 0:
            return True
        at = closed + len(found[0])
    return False
