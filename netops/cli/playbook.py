"""``netops playbook run``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netops.errors import UsageError
from netops.i18n import _, language

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _noun() -> None:
    """Keep ``run`` a verb of its own."""


@app.command()
def run(
    playbook: Annotated[Path, typer.Argument(help=_("Playbook file."))],
    settings: Annotated[
        list[str] | None, typer.Option("--set", help=_("NAME=VALUE of a variable; repeatable."))
    ] = None,
) -> None:
    """Run the steps of a playbook; 0 only if each ended with the code that was expected."""
    from netops.playbooks import Step, load_playbook, run_playbook  # noqa: PLC0415 - heavy

    def tell(step: Step, command: tuple[str, ...]) -> None:
        typer.echo(f"\n== {step.title[language()]}\n   netops {' '.join(command)}", err=True)

    results = run_playbook(load_playbook(playbook), _variables(settings or []), tell)
    wrong = [result for result in results if not result.is_right]
    for result in wrong:
        typer.echo(
            _("Step “{title}” ended with {code}, expected {expected}.").format(
                title=result.step.title[language()],
                code=result.code,
                expected=" / ".join(str(code) for code in result.expected) or "-",
            ),
            err=True,
        )
    if not wrong:
        typer.echo(_("Every step ended as expected."), err=True)
    raise typer.Exit(1 if wrong else 0)


def _variables(settings: list[str]) -> dict[str, str]:
    pairs = {}
    for setting in settings:
        name, separator, value = setting.partition("=")
        if not separator:
            raise UsageError(
                _("“{text}” is not NAME=VALUE.").format(text=setting),
                remedy=_("Write it like --set spec=FILE."),
            )
        pairs[name] = value
    return pairs
