"""What Match blocks of the SSH server loosen for those whom they fit, and whom it lets in at all.

Knows ranks of values, looser and tighter. Refuses to tell whom a block fits: it counts for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from netops.facts.settings import Setting
from netops.facts.source import Source
from netops.platforms.linux_host.baseline.plain import number, words

Match = tuple[str, dict[str, tuple[str, Source]]]
"""The criteria of a block, and its own values."""
SAME = {"without-password": "prohibit-password"}
_RANKS = {"no": 0, "forced-commands-only": 1, "prohibit-password": 2, "yes": 3}
_YES_LOOSENS = {
    "passwordauthentication", "permitemptypasswords", "x11forwarding", "hostbasedauthentication",
    "allowtcpforwarding", "gatewayports", "permittunnel", "kbdinteractiveauthentication",
}  # fmt: skip
_LEVELS = ("quiet", "fatal", "error", "info", "verbose", "debug", "debug1", "debug2", "debug3")
_TIME = re.compile(r"(?:[0-9]{1,9}[smhdwSMHDW]?){1,8}")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_IDLE = ("clientaliveinterval", "clientalivecountmax")
_MOST_OF_ANYBODY = {"maxauthtries": "sshd.most_auth_tries", "maxsessions": "sshd.most_sessions"}


def seconds(text: str) -> int | None:
    """Return the seconds of a time as sshd writes it (``2m``, ``1h30m``, ``90``)."""
    if not _TIME.fullmatch(text):
        return None
    parts = re.findall(r"([0-9]{1,9})([smhdwSMHDW]?)", text)
    return sum(int(count) * _UNITS[unit.lower()] for count, unit in parts)


def factors(text: str) -> int:
    """Return how many different methods the shortest of the ways in asks for."""
    return min((len({m.partition(":")[0] for m in one.split(",")}) for one in words(text)),
               default=1)  # fmt: skip


def loosened(
    matches: Sequence[Match], usual_of: Callable[[str], str], main: Source
) -> Iterator[Setting]:
    """Yield what blocks loosen, in words and by keyword."""
    loose = sorted(
        (key, f"{key} {text} (Match {criteria})"[:200])
        for criteria, block in matches
        for key, (text, _) in block.items()
        if _is_looser(key, text.lower(), usual_of(key).lower())
    )
    yield Setting("sshd.loosened", tuple(text for _, text in loose), source=main)
    keys = tuple(sorted({key for key, _ in loose}))
    yield Setting("sshd.loosened_keys", keys, source=main)


def for_anybody(
    matches: Sequence[Match], usual_of: Callable[[str], str], main: Source, *, cuts_at_zero: bool
) -> Iterator[Setting]:
    """Yield the most that anybody is granted: by the global value or by a block."""
    for key, name in _MOST_OF_ANYBODY.items():
        found = [(number(usual_of(key)), main)]
        found += [(number(block[key][0]), block[key][1]) for _, block in matches if key in block]
        if all(count is not None for count, _ in found):
            most, source = max(found, key=lambda one: one[0] or 0)
            yield Setting(name, most or 0, source=source)
    levels = [(usual_of("loglevel"), main)]
    levels += [block["loglevel"] for _, block in matches if "loglevel" in block]
    least, source = min(levels, key=lambda one: _level(one[0]))
    yield Setting("sshd.least_log_level", least.lower(), source=source)
    cuts = [(_idle(usual_of, {}, cuts_at_zero=cuts_at_zero), main)]
    for _, block in matches:
        own = [block[key][1] for key in _IDLE if key in block]
        cut = _idle(usual_of, block, cuts_at_zero=cuts_at_zero)
        cuts += [(cut, source) for source in own[:1]]
    if all(cut is not None for cut, _ in cuts):
        longest, source = max(cuts, key=lambda one: one[0] or float("inf"))
        yield Setting("sshd.longest_idle_s", longest or 0, source=source)


def _level(text: str) -> int:
    return _LEVELS.index(text.lower()) if text.lower() in _LEVELS else -1


def _idle(
    usual_of: Callable[[str], str], block: Mapping[str, tuple[str, Source]], *, cuts_at_zero: bool
) -> int | None:
    """Return after how long a silent session ends; nought: never."""
    every, times = (block[key][0] if key in block else usual_of(key) for key in _IDLE)
    interval, count = seconds(every), number(times)
    if interval is None or count is None:
        return None
    return interval if count == 0 and cuts_at_zero else interval * count


def limited(matches: Sequence[Match], users: list[str]) -> bool:
    """Return whether everybody may come from some addresses alone; a Match may say otherwise."""
    lists = [users, *(words(block["allowusers"][0]) for _, block in matches
                      if "allowusers" in block)]  # fmt: skip
    return all(users and all(map(_has_an_address, users)) for users in lists)


def _has_an_address(user: str) -> bool:
    """Whether a pattern of ``AllowUsers`` names an address that is not just any."""
    _, sign, address = user.rpartition("@")
    return bool(sign) and bool(address.strip("*?.:")) and not address.endswith("/0")


def _is_looser(key: str, text: str, usual: str) -> bool:
    text, usual = SAME.get(text, text), SAME.get(usual, usual)
    if key in _YES_LOOSENS:
        return text not in {"no", usual}
    compare = _LOOSENS.get(key)
    return compare is not None and compare(text, usual)


def _is_longer(mine: int | None, theirs: int | None) -> bool:
    """Whether a time or count is larger, or nought, which switches the cut-off off."""
    return mine is not None and bool(theirs) and (mine == 0 or mine > (theirs or 0))


_LOOSENS: Mapping[str, Callable[[str, str], bool]] = {
    "permitrootlogin": lambda text, usual: _RANKS.get(text, 3) > _RANKS.get(usual, 3),
    "ignorerhosts": lambda text, usual: text == "no" and usual != "no",
    "maxauthtries": lambda text, usual: (number(text) or 0) > (number(usual) or 6),
    "loglevel": lambda text, usual: _level(text) < _level(usual),
    "maxsessions": lambda text, usual: (number(text) or 0) > (number(usual) or 0),
    "clientaliveinterval": lambda text, usual: _is_longer(seconds(text), seconds(usual)),
    "clientalivecountmax": lambda text, usual: _is_longer(number(text), number(usual)),
    "authenticationmethods": lambda text, usual: (
        usual not in {"", "any"} and factors(text) < factors(usual)
    ),
}
