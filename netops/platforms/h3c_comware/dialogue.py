"""How a Comware device talks: prompts, pager, refusals, questions, its own log lines."""

from __future__ import annotations

import re

from netops.facts.answers import AnswerState

PROMPT = re.compile(r"[\0\s]*(?:RBM_[PS])?<(?P<host>[^<>\r\n]{1,64})>[\x07\s]*")
"""User view only: a session never enters another view."""

PAGER = re.compile(r"\s*-{2,}\s*more\s*-{2,}\s*", re.IGNORECASE)

PAGING_OFF = ("screen-length disable",)
"""Needs network-admin: a read-only account is refused and must page."""

REFUSALS = tuple(
    (re.compile(pattern, re.IGNORECASE), state)
    for pattern, state in (
        (r"^ ?% ?Unrecognized command found at '\^' position\.", AnswerState.NOT_SUPPORTED),
        (r"^ ?% ?Too many parameters found at '\^' position\.", AnswerState.NOT_SUPPORTED),
        (r"^ ?% ?Wrong parameter found at '\^' position\.", AnswerState.NOT_SUPPORTED),
        (r"^ ?% ?Incomplete command found at '\^' position\.", AnswerState.ERROR),
        (r"^ ?% ?Ambiguous command found at '\^' position\.", AnswerState.ERROR),
        (r"^\s*% ?Permission denied\.?\s*$", AnswerState.REFUSED),
        (r"^\s*Permission denied\.?\s*$", AnswerState.REFUSED),
        (r"^\s*Error: .*(?:authori[sz]ation|privilege|not authori[sz]ed)", AnswerState.REFUSED),
        (r"^\s*Command authorization (?:failed|denied).*", AnswerState.REFUSED),
        (r"^ ?% ?The VPN[- ]instance .*does not exist", AnswerState.NOT_SUPPORTED),
        (r"^\s*The specified VPN[- ]instance does not exist", AnswerState.NOT_SUPPORTED),
    )
)

QUESTIONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r".*\[Y/N(?::[YN])?\]\s*:?\s*$",
        r".*\(Y/N\)\s*[:?]?\s*$",
        r"\s*Press Y or ENTER to continue, N to exit\.\s*",
        r".*you need to change your password.*",
        r".*your password has expired.*",
        r"\s*(?:old|new|confirm(?: new)?) ?(?:password)? *:\s*$",
        r"\s*Please (?:enter|input) (?:your|the|a) (?:old |new )?password *:?\s*$",
    )
)
"""Asked at login; whoever meets one ends the session: the account needs attention."""

LINE_NOISE = (
    re.compile(r"^[%#*][A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d:\d{3} \d{4} \S.{0,80}? \w+/\d+/\w+:.*$"),
)
