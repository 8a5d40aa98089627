"""Prompts and echoes that stay in a text when a person pastes it from a terminal.

Knows the prompts that VRP and Comware share; a live answer has lost them before it is parsed.
"""

from __future__ import annotations

import re

_PASTED = re.compile(
    r"[ \0]{0,4}(?:(?:HRP|RBM)_[A-Z]{1,2})?"
    r"(?:<[\w.:/-]{1,64}>|\[(?!V\d{3}R)[~*]?[\w.:/-]{1,64}\])"
    r"[ ]*(?:(?:dis|disp|displa?y?|show)\b[^<>]{0,200})?"
)


def is_pasted(line: str) -> bool:
    """Whether a line is a prompt, alone or with a command that displays something.

    >>> is_pasted("<R1>dis ip routing-table"), is_pasted("[V200R009C00SPC500]")
    (True, False)
    """
    return _PASTED.fullmatch(line) is not None
