"""The tool's own settings: flag > ``NETOPS_*`` > ``./netops.toml`` > user's > system's file.

Knows six keys and to which options they are a default; an unknown key is an error. Imported
before everything else of the command line, because the language is one of them.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netops.errors import ConfigError, Place, Sentence

SYSTEM = Path("/etc/netops/netops.toml")
NAME = "netops.toml"
_MOST_BYTES = 64 << 10
_MOST_JOBS = 1000
_LEAST_TIMEOUT_S = 0.5


@dataclass(frozen=True, slots=True)
class Key:
    """A setting: how its value is read, which form the message asks for, what a variable holds."""

    read: Callable[[Any, Path], object]
    form: str
    of_text: Callable[[str], object] = str


def _path(value: Any, folder: Path) -> str:  # noqa: ANN401 - whatever the file holds
    """Read a path; a relative one counts from the folder of the file that names it."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ValueError
    return str(folder / Path(value).expanduser())


def _language(value: Any, _folder: Path) -> str:  # noqa: ANN401 - whatever the file holds
    if value not in ("zh", "en"):
        raise ValueError
    return str(value)


def _jobs(value: Any, _folder: Path) -> int:  # noqa: ANN401 - whatever the file holds
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST_JOBS:
        raise ValueError
    return value


def _timeout(value: Any, _folder: Path) -> float:  # noqa: ANN401 - whatever the file holds
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError  # noqa: TRY004 - one kind of error for all that is no value
    if not _LEAST_TIMEOUT_S <= value < float("inf"):
        raise ValueError
    return float(value)


KEYS: Mapping[str, Key] = {
    "workspace": Key(_path, "Write the path of a folder in quotes."),
    "lang": Key(_language, "Use zh or en."),
    "policy": Key(_path, "Write the path of a file in quotes."),
    "inventory": Key(_path, "Write the path of a folder in quotes."),
    "jobs": Key(_jobs, "Write a whole number from 1 to 1000.", int),
    "timeout": Key(_timeout, "Write seconds, at least 0.5.", float),
}

_NOUNS: Mapping[str, Mapping[str, str]] = {
    "inventory": {"folder": "inventory", "jobs": "jobs"},
    "exemption": {"folder": "inventory"},
    "snapshot": {"workspace": "workspace", "inventory": "inventory", "jobs": "jobs",
                 "timeout": "timeout"},
    "probe": {"inventory": "inventory"},
    "audit": {"workspace": "workspace", "policy": "policy", "lang": "lang"},
    "report": {"workspace": "workspace", "policy": "policy", "lang": "lang"},
}  # fmt: skip
"""Noun → parameter of its commands → key. An audit judges by the snapshot's own inventory, so
``inventory`` is no default of its ``--inventory``, which overrides that one."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force and the files that were read, the strongest first."""

    values: Mapping[str, object]
    files: tuple[Path, ...]


def load() -> Settings:
    """Read environment and files; raise ConfigError with the file, line and key at fault."""
    values: dict[str, object] = {}
    read: list[Path] = []
    for path in reversed(tuple(_files())):
        found = _read(path)
        if found is not None:
            values |= found
            read.insert(0, path)
    return Settings({**values, **_environment()}, tuple(read))


def settle_language() -> None:
    """Let the language of a flag or file hold for this process; ``load`` tells of faults later.

    Help and wrong use are told before any command reads its options, so the flag is looked for
    here.
    """
    named = _language_flag(sys.argv[1:])
    if named is not None:
        os.environ["NETOPS_LANG"] = named
    if os.environ.get("NETOPS_LANG"):
        return
    try:
        lang = load().values.get("lang")
    except ConfigError:
        return
    if lang is not None:
        os.environ["NETOPS_LANG"] = str(lang)


def _language_flag(words: Sequence[str]) -> str | None:
    """Return the language that ``--lang`` names on the command line, if it is one of ours."""
    found = None
    for at, word in enumerate(words):
        if word == "--":
            break
        name, _sign, value = word.partition("=")
        if name == "--lang":
            given = value or next(iter(words[at + 1 : at + 2]), "")
            found = given if given in ("zh", "en") else found
    return found


def defaults(settings: Settings, command: Any) -> dict[str, Any]:  # noqa: ANN401 - Typer's own group
    """Return what is in force as the ``default_map`` of ``command``: noun → verb → parameter."""
    made = {}
    for noun, parameters in _NOUNS.items():
        given = {
            parameter: settings.values[key]
            for parameter, key in parameters.items()
            if key in settings.values
        }
        made[noun] = _spread(command.commands[noun], given)
    return made


def _spread(command: Any, given: Mapping[str, object]) -> dict[str, Any]:  # noqa: ANN401 - as above
    """Give every verb below ``command`` the defaults."""
    inner = getattr(command, "commands", None)
    if inner is None:
        return dict(given)
    return {name: _spread(verb, given) for name, verb in inner.items()}


def _files() -> Iterator[Path]:
    yield Path(NAME)
    named = os.environ.get("XDG_CONFIG_HOME", "")
    home = os.environ.get("HOME", "")
    if named or home:
        yield (Path(named) if named else Path(home) / ".config") / "netops" / NAME
    yield SYSTEM


def _environment() -> dict[str, object]:
    made: dict[str, object] = {}
    for name, key in KEYS.items():
        variable = f"NETOPS_{name.upper()}"
        text = os.environ.get(variable, "")
        if text:
            made[name] = _value(key, _of_text(key, text), Path(), Place(variable))
    return made


def _of_text(key: Key, text: str) -> object:
    """Return what a variable means; a text that means nothing is refused like any other value."""
    try:
        return key.of_text(text)
    except ValueError:
        return text


def _read(path: Path) -> dict[str, object] | None:
    text = _text(path)
    if text is None:
        return None
    import tomllib  # noqa: PLC0415 - keeps --help fast

    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        raise ConfigError(
            "The settings are not TOML.",
            remedy="Mend the syntax at this line: `key = value`, texts in quotes.",
            place=Place(str(path), int(line[1]) if line else None),
        ) from error
    made: dict[str, object] = {}
    for name, value in document.items():
        place = Place(str(path), _line(text, name), name)
        key = KEYS.get(name)
        if key is None:
            raise ConfigError(
                Sentence("The key “{name}” is not known.", name=name),
                remedy=Sentence("Use only: {values}.", values=", ".join(KEYS)),
                place=place,
            )
        made[name] = _value(key, value, path.parent, place)
    return made


def _text(path: Path) -> str | None:
    """Return the text of a settings file; None where there is none."""
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigError(
            Sentence("The settings cannot be read: {reason}.", reason=error.strerror),
            remedy="Mend its permissions, or remove it.",
            place=Place(str(path)),
        ) from error
    if len(data) > _MOST_BYTES:
        raise ConfigError(
            "The settings are larger than 64 KiB.",
            remedy="Settings are a few lines; check that this is the right file.",
            place=Place(str(path)),
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            "The settings are not UTF-8 text.",
            remedy="Save the file as UTF-8.",
            place=Place(str(path), data.count(b"\n", 0, error.start) + 1),
        ) from error


def _value(key: Key, value: Any, folder: Path, place: Place) -> object:  # noqa: ANN401 - whatever the file holds
    try:
        return key.read(value, folder)
    except (ValueError, RuntimeError) as error:
        raise ConfigError(
            Sentence("“{text}” cannot be used here.", text=str(value)[:80]),
            remedy=key.form,
            place=place,
        ) from error


def _line(text: str, name: str) -> int | None:
    """Return the line that begins with the key or its table; None where it is written otherwise."""
    found = re.search(rf"^[ \t\[]*[\"']?{re.escape(name)}[\"']?[ \t]*[=.\]]", text, re.MULTILINE)
    return None if found is None else text.count("\n", 0, found.start()) + 1
