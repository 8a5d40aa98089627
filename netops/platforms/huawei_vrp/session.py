"""How the platform talks: prompts, pager, refusals, questions, log lines in between."""

from __future__ import annotations

import re

from netops.facts.answers import AnswerState

PROMPT = re.compile(
    r"(?:HRP_[A-Z]{1,2})?"
    r"(?:<(?=[^<>]*>)|\[(?=[^\[\]]*\])(?!V\d{3}R\d{3}C)[~*]?)"
    r"(?P<host>[\w/.:\-]{1,255})[>\]][ ]*"
)
"""``<R1>``, ``[R1]``, ``[~R1-100GE1/0/1]``, ``HRP_M<FW1>``; not ``[V200R009C00SPC500]``, which
is the first line of a configuration."""

PAGER = re.compile(r"[ ]*---- ?More ?(?:\([^)\r\n]{0,80}\) ?)?----")

_ERROR = r"(?m)^\s*(?:Error(?:\[\d+\])?\s*:\s*|%\s*)"

REFUSALS = (
    (
        re.compile(
            _ERROR + r"(?:Unrecognized command|Incomplete command|Wrong parameter"
            r"|Too many parameters|Ambiguous command)"
        ),
        AnswerState.NOT_SUPPORTED,
    ),
    (
        # "…permission … or the command is incomplete" may be either; refused is the safe half.
        re.compile(
            _ERROR + r"(?:You do not have permission|No permission|Failed to pass the author"
            r"|Permission denied|The command is not authorized)",
            re.IGNORECASE,
        ),
        AnswerState.REFUSED,
    ),
    (
        re.compile(
            _ERROR + r"[^\r\n]{0,120}?"
            r"(?:not enabled|not configured|not running|disabled|not exist|not support)",
            re.IGNORECASE,
        ),
        AnswerState.NOT_SUPPORTED,
    ),
    # "Error: 0" counts frames of a radio.
    (re.compile(r"(?m)^\s*Error(?:\[\d+\])?\s*:(?!\s*\d+\s*$)"), AnswerState.ERROR),
)

QUESTIONS = (
    re.compile(r"The password needs to be changed", re.IGNORECASE),
    re.compile(r"password (?:is|has) already expired|password has expired", re.IGNORECASE),
    re.compile(r"An initial (?:username and )?password (?:is|are) required", re.IGNORECASE),
    re.compile(r"Please configure the login password", re.IGNORECASE),
    re.compile(r"Do you want to stop Auto-Config", re.IGNORECASE),
    re.compile(r"^\s*Please choose", re.IGNORECASE | re.MULTILINE),
    re.compile(
        r"(?:\[Y/N(?:/C)?\]|\(y/n\)(?:\[[yn]\])?|\[Yes/All/No/Cancel\])\s*:?\s*\Z", re.IGNORECASE
    ),
)

LINE_NOISE = (
    re.compile(r"%(?:%\d\d[A-Z]|[A-Z][a-z]{2} {1,2}\d{1,2} \d{4} ).*"),
    re.compile(r"[A-Z][a-z]{2} {1,2}\d{1,2} \d{4} \d\d:\d\d:\d\d\S{0,12} \S{1,80} %%\d\d[A-Z].*"),
    re.compile(r"#[A-Z][a-z]{2} {1,2}\d{1,2} \d{4} .*"),
    re.compile(
        r"Info: The configuration takes effect on the current user terminal interface only\.\s*"
    ),
)

PAGING_OFF = ("screen-length 0 temporary",)
