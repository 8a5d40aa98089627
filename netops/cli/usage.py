"""What the command line itself says: usage lines, headings, wrong options, in the user's language.

Typer asks gettext for some of its words and prints the others in English; those are said here.
Knows Typer's errors by what they carry. Refuses to know any command.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from netops.i18n import _, spoken

if TYPE_CHECKING:
    from netops.errors import Sentence


class _Spoken:
    """The usage line and the option ``--help`` in the user's language."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - Typer's own
        """Write ``Usage: …`` as the user says it."""
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]  # of the base beside
        prefix = _("Usage: ")
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=prefix)

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own
        """Return ``--help`` with its help said in the user's language."""
        option = super().get_help_option(ctx)  # type: ignore[misc]  # of the base beside
        if option is not None:
            option.help = _("Show this message and exit.")
        return option


class Command(_Spoken, TyperCommand):
    """A command that speaks the user's language."""


class Group(_Spoken, TyperGroup):
    """A noun that speaks the user's language."""


def speak(group: typer.Typer) -> None:
    """Let every command and noun below ``group`` speak the user's language."""
    for command in group.registered_commands:
        command.cls = Command
        command.options_metavar = _("[OPTIONS]")
    own = [group.info, *group.registered_groups]
    if group.registered_callback is not None:
        own.append(group.registered_callback)
    for info in own:
        info.cls = Group
        info.options_metavar = _("[OPTIONS]")
        info.subcommand_metavar = _("COMMAND [ARGS]...")
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            speak(inner.typer_instance)


def translate_completion(command: Any) -> None:  # noqa: ANN401 - Typer's own
    """Say what the options of the shell's completion do, which Typer adds by itself."""
    said = {
        "install_completion": _("Install completion for the current shell."),
        "show_completion": _(
            "Show completion for the current shell, to copy it or to change the installation."
        ),
    }
    for option in command.params:
        if option.name in said:
            option.help = said[option.name]


def lines_of(error: Any) -> Iterator[str]:  # noqa: ANN401 - any of Typer's errors
    """Yield what is to be told of a wrong use: the usage line, where to look, what is wrong."""
    ctx = getattr(error, "ctx", None)
    if ctx is not None:
        yield from ctx.get_usage().splitlines()
        if ctx.command.get_help_option(ctx) is not None:
            words = f"{ctx.command_path} {ctx.help_option_names[0]}"
            yield _("Try '{words}' for help.").format(words=words)
        yield ""
    yield f"{_('Error')}: {_cause(error)}"


def _cause(error: Any) -> str:  # noqa: ANN401 - any of Typer's errors
    for name, say in _SAYINGS:
        if any(kind.__name__ == name for kind in type(error).__mro__):
            return say(error)
    return _known(error.format_message())


def _no_such_option(error: Any) -> str:  # noqa: ANN401 - NoSuchOption
    text = _("No such option: {name}.").format(name=_shown(error.option_name))
    near = ", ".join(sorted(error.possibilities or ()))
    return text if not near else text + _(" Did you mean: {names}?").format(names=near)


def _missing(error: Any) -> str:  # noqa: ANN401 - MissingParameter
    words = {"argument": _("Missing argument {name}."), "option": _("Missing option {name}.")}
    kind = error.param_type or getattr(error.param, "param_type_name", "")
    return words.get(kind, words["argument"]).format(name=_hint(error))


def _bad_value(error: Any) -> str:  # noqa: ANN401 - BadParameter
    return _("Invalid value for {name}: {reason}").format(
        name=_hint(error), reason=spoken(_reason(error))
    )


def _reason(error: Any) -> Sentence | str:  # noqa: ANN401 - BadParameter
    """Say why a value does not do: a word that is none of a list, or pydantic's finding."""
    from netops.policy.wording import one_of, reason_of  # noqa: PLC0415 - heavy, and seldom needed

    choice = _CHOICE.search(error.message)
    if choice is not None:
        return one_of(choice[1], _QUOTED.findall(choice[2]))
    found = getattr(error.__cause__, "errors", None)
    if found is not None:
        return reason_of(dict(found(include_url=False)[0]))
    return _known(error.message)


def _hint(error: Any) -> str:  # noqa: ANN401 - BadParameter
    hint = error.param_hint
    if hint is None and error.param is not None:
        hint = error.param.get_error_hint()
    if isinstance(hint, Sequence) and not isinstance(hint, str):
        hint = " / ".join(repr(part) for part in hint)
    return hint or ""


def _known(message: str) -> str:
    """Translate one of Typer's fixed sentences; what is none of them stays as it is."""
    for pattern, template in _fixed().items():
        found = pattern.fullmatch(message)
        if found is not None:
            return template.format(**found.groupdict())
    return message


def _fixed() -> Mapping[re.Pattern[str], str]:
    return {
        re.compile(r"Got unexpected extra argument(?:s|\(s\))? \((?P<words>.*)\)", re.DOTALL): _(
            "Got unexpected extra arguments: {words}."
        ),
        re.compile(r"Option (?P<name>.*) does not take a value\."): _(
            "Option {name} does not take a value."
        ),
        re.compile(r"Option (?P<name>.*) requires an argument\."): _(
            "Option {name} requires a value."
        ),
        re.compile(r"Option (?P<name>.*) requires (?P<count>\d+) arguments\."): _(
            "Option {name} requires {count} values."
        ),
        re.compile(r"Argument (?P<name>.*) takes (?P<count>\d+) values\."): _(
            "Argument {name} takes {count} values."
        ),
    }


_CHOICE = re.compile(r"'(.*)' is not one of (.*)\.$", re.DOTALL)
_QUOTED = re.compile(r"'([^']*)'")
_SAYINGS = (
    ("NoSuchOption", _no_such_option),
    ("MissingParameter", _missing),
    ("BadParameter", _bad_value),
)
"""Errors by name, the most special first: Typer keeps its classes to itself."""


def _shown(name: str) -> str:
    from netops.text import one_line  # noqa: PLC0415 - seldom needed

    return one_line(name)
