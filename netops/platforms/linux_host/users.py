"""Accounts of a Linux host: ``getent passwd`` and ``getent group``.

Knows who may log in and who belongs to a group that distributions let become root. Refuses to
know more: the rules of sudo itself are in files that are not read.
"""

from __future__ import annotations

import re

from netops.facts.answers import AnswerState, UnreadLine
from netops.facts.system import LocalUser
from netops.platforms.answer import Answer, Parsed

ROOT, ADMINISTRATOR, USER = "root", "administrator", "user"
"""Roles: uid 0; member of such a group; everybody else with a login shell."""

_ADMIN_GROUPS = frozenset({"sudo", "wheel", "admin"})
_LONGEST = 20_000
_ACCOUNT = re.compile(r"([^:\s]{1,64}):[^:]*:(\d{1,10}):\d{1,10}:[^:]*:[^:]*:([^:]*)")
_GROUP = re.compile(r"([^:\s]{1,64}):[^:]*:\d{1,10}:([^:]*)")
_NO_SHELL = re.compile(r"(?:/usr)?/s?bin/(?:nologin|false|sync|true)|/sbin/(?:halt|shutdown)")


def parse_accounts(answer: Answer) -> Parsed:
    """Read the accounts that may log in; services without a shell are no accounts here."""
    facts: list[LocalUser] = []
    unread: list[UnreadLine] = []
    for number, text in _lines(answer):
        match = _ACCOUNT.fullmatch(text[:_LONGEST])
        if match is None:
            unread.append(UnreadLine(text[:200], answer.at(number)))
        elif not _NO_SHELL.fullmatch(match[3]):
            is_root = int(match[2]) == 0
            role = ROOT if is_root else None
            facts.append(LocalUser(match[1], role=role, source=answer.at(number)))
    state = AnswerState.UNDERSTOOD if facts else AnswerState.NOT_UNDERSTOOD
    return Parsed(tuple(facts), tuple(unread), state)


def parse_groups(answer: Answer) -> Parsed:
    """Read who may become root by a group."""
    facts: dict[str, LocalUser] = {}
    unread: list[UnreadLine] = []
    for number, text in _lines(answer):
        match = _GROUP.fullmatch(text[:_LONGEST])
        if match is None:
            unread.append(UnreadLine(text[:200], answer.at(number)))
        elif match[1] in _ADMIN_GROUPS:
            for name in filter(None, match[2].split(",")):
                user = LocalUser(name, role=ADMINISTRATOR, source=answer.at(number))
                facts.setdefault(name, user)
    return Parsed(tuple(facts.values()), tuple(unread))


def _lines(answer: Answer) -> list[tuple[int, str]]:
    return [(number, text.strip()) for number, text in answer.lines if text.strip()]
