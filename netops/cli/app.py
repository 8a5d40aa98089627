"""The command ``netops``: noun, then verb. Translates errors once into a sentence and a code.

Heavy libraries are imported inside commands, so that ``netops --help`` answers at once.
"""

from __future__ import annotations

import errno
import inspect
import io
import os
import sys
import traceback

import typer
from typer import TyperException

from netops import __version__
from netops.cli import (
    audit,
    baseline,
    ca,
    doctor,
    exemption,
    inventory,
    lab,
    playbook,
    probe,
    report,
    settings,
    snapshot,
    usage,
)
from netops.cli.options import shortened
from netops.errors import InventoryError, NetopsError, RulesError
from netops.i18n import _, refusal, told

WRONG_INPUT = 2
INTERNAL_ERROR = 70
INTERRUPTED = 130
READER_GONE = 141
"""128 + SIGPIPE, as shells count, like 128 + SIGINT above it."""

app = typer.Typer(
    name="netops",
    help=_("Audits of a government extranet: connectivity, internet exits, configuration."),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(inventory.app, name="inventory", help=_("Governments, devices, links, exits."))
app.add_typer(exemption.app, name="exemption", help=_("Exemptions and their dates."))
app.add_typer(lab.app, name="lab", help=_("The laboratory: a simulated province."))
app.add_typer(snapshot.app, name="snapshot", help=_("Collect, keep, verify, compare evidence."))
app.add_typer(probe.app, name="probe", help=_("Measure the network itself with packets."))
app.add_typer(audit.app, name="audit", help=_("Judge a snapshot."))
app.add_typer(
    baseline.app, name="baseline", help=_("Tiered protection: judge hosts and devices by clause.")
)
app.add_typer(ca.app, name="ca", help=_("A certification authority for SM2 certificates."))
app.add_typer(report.app, name="report", help=_("Reports that people can send."))
app.add_typer(playbook.app, name="playbook", help=_("Run the steps of a playbook."))
app.command("doctor", help=_("Say what this machine can and cannot do."))(doctor.doctor)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - the form of an option's callback
    if wanted:
        typer.echo(f"netops {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: bool = typer.Option(
        False,
        "--version",
        help=_("Print the version."),
        is_eager=True,
        callback=_show_version,
    ),
) -> None:
    """Hold the options that stand before the noun."""


def _translate_help(group: typer.Typer) -> None:
    """Let commands that take their help from the docstring say it in the user's language."""
    for command in group.registered_commands:
        if command.help is None and command.callback is not None:
            command.help = _(inspect.getdoc(command.callback) or "")
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            _translate_help(inner.typer_instance)


_translate_help(app)
usage.speak(app)


def main() -> None:
    """Run the command line and exit with the code of design §4."""
    try:
        _write_any_character()
        code = _run()
    except NetopsError as error:
        _tell(error)
        code = error.exit_code
    except TyperException as error:
        code = _usage(error)
    except typer.Abort:
        code = INTERRUPTED
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = _reader_gone()
    except SystemExit as end:
        # Typer's own answer to a closed pipe is 1, which means `not_met` here.
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        code = _reader_gone()
    except OSError as error:
        code = _system(error)
    except Exception as error:  # noqa: BLE001 - the one place where a fault of ours becomes code 70
        code = _internal(error)
    sys.exit(code)


def _run() -> int:
    """Run the command with the settings in force; what it printed has left when this returns."""
    command = typer.main.get_command(app)
    usage.translate_completion(command)
    given = settings.defaults(settings.load(), command)
    code = command.main(prog_name="netops", standalone_mode=False, default_map=given)
    if sys.stdout is not None:
        sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _write_any_character() -> None:
    """Let no name stop the output: what the terminal's character set lacks is shown escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _reader_gone() -> int:
    """Nothing is left to say, and nobody to hear (`| head`).

    Not 0: a judgement that was cut off must not pass for one that is met.
    """
    _drop_output()
    return READER_GONE


def _drop_output() -> None:
    """Send what is left in the buffer nowhere, so that the interpreter does not try again."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _tell(error: NetopsError) -> None:
    if not isinstance(error, InventoryError | RulesError):
        _say(told(error))
        return
    for fault in error.faults[:_SCREEN]:
        _say(told(fault))
    if (more := len(error.faults) - _SCREEN) > 0:
        rest = (
            _("… and {n} more: `netops inventory check` lists all.")
            if isinstance(error, InventoryError)
            else _("… and {n} more: `netops baseline lint` lists all.")
        )
        _say(rest.format(n=more))


_SCREEN = 20
"""Faults that are told at once."""


def _say(text: str) -> None:
    """Say one line on stderr; what it quotes of a file may be long, or written for a terminal."""
    typer.echo(shortened(text), err=True)


def _usage(error: TyperException) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        # A noun alone asks what it can do; what it is told was made as help is.
        typer.echo(error.format_message(), err=True)
        return WRONG_INPUT
    for line in usage.lines_of(error):
        _say(line)
    return WRONG_INPUT


def _system(error: OSError) -> int:
    """Say what the machine refused: a file or folder of the user's, or its disk."""
    if error.errno not in _REFUSALS:
        return _internal(error)
    if error.filename is None:
        _drop_output()
    # Of a copy, what is full is where it goes, not where it is from.
    name = error.filename if error.filename2 is None else error.filename2
    place = _("output") if name is None else os.fsdecode(name)
    _say(
        _("{place}: It cannot be read or written: {reason}. Look at the path, its permissions "
          "and the space left. [E300]").format(place=place, reason=refusal(error.strerror)),
    )  # fmt: skip
    return WRONG_INPUT


_REFUSALS = frozenset({
    errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST,
    errno.ENOTEMPTY, errno.ENAMETOOLONG, errno.ELOOP, errno.EROFS, errno.ENOSPC, errno.EDQUOT,
    errno.EFBIG, errno.EIO, errno.EXDEV, errno.ENXIO, errno.EMFILE, errno.ENFILE,
})  # fmt: skip
"""What a machine answers about paths, permissions and space. All else is a fault of ours."""


def _internal(error: Exception) -> int:
    _say(
        _("Internal error: {error}. This is a fault of netops; run again with NETOPS_DEBUG=1 "
          "and report what it prints.").format(error=f"{type(error).__name__}: {error}"),
    )  # fmt: skip
    if os.environ.get("NETOPS_DEBUG"):
        traceback.print_exception(error)
    return INTERNAL_ERROR
