"""Local accounts: the form of the secret, rights and services. The secret itself never leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netops.facts.settings import Value
from netops.platforms.kin.draft import UNKNOWN, UNKNOWN_TEXT, Draft

MANAGEMENT = frozenset({"telnet", "ssh", "terminal", "ftp", "http", "https", "web", "api", "pad"})
_FORMS: Mapping[str, str] = {
    "irreversible-cipher": "hash",
    "hash": "hash",
    "cipher": "reversible",
    "simple": "plain",
    "plain": "plain",
}
NO_SECRET = "none"  # noqa: S105 - the word for an account without a secret
FOR_EVER = 1_000_000_000
"""Seconds that stand for a lock that only an administrator takes away."""
_HASHED = ("$1a$", "$1b$", "$1c$", "$1d$", "$h$")


@dataclass(slots=True)
class Account:
    """A local account. ``secret`` is a form; None where the text cannot tell."""

    name: str
    first: int
    last: int
    secret: str | None = NO_SECRET
    level: int | None = None
    administrator: bool | None = None
    services: tuple[str, ...] = ()
    enabled: bool = True
    network: bool = False
    scheme: str = ""
    """The scheme that it is asked by, where that is its own."""
    idle_timeout_s: int | None = None
    """After how long its sessions end, where that is its own; it stands over the line's."""

    @property
    def manages(self) -> bool:
        """Whether it may manage the device; one without a service cannot log in yet."""
        return not self.network and (not self.services or bool(MANAGEMENT & set(self.services)))


def secret_form(words: list[str]) -> str:
    """Return the form of a secret from the words behind ``password``.

    >>> secret_form(["irreversible-cipher", "…"]), secret_form(["simple", "…"])
    ('hash', 'plain')
    """
    word = words[0] if words else ""
    form = _FORMS.get(word)
    secret = words[1] if form is not None and len(words) > 1 else word
    if not secret:
        return NO_SECRET
    if form != "plain" and secret.startswith(_HASHED):
        return "hash"
    return form or "plain"


def write(draft: Draft, accounts: Iterable[Account]) -> None:
    """Write the settings of accounts that manage the device."""
    for account in accounts:
        place = account.first, account.last, account.name
        if not account.manages:
            draft.put("network_account.secret", account.secret, *place)
            continue
        draft.put("account.name", account.name.lower(), *place)
        draft.put("account.enabled", account.enabled, *place)
        draft.put("account.secret", account.secret or UNKNOWN_TEXT, *place)
        draft.put("account.level", account.level, *place)
        rights: Value = UNKNOWN if account.administrator is None else account.administrator
        draft.put("account.administrator", rights, *place)
        draft.put("account.services", account.services, *place)
        draft.put("account.idle_timeout_s", account.idle_timeout_s, *place)
