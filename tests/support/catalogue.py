"""The Chinese catalogue: finds every text in the code, writes the .po and the .mo.

``python tests/support/catalogue.py`` brings ``netops.po`` up to date (new texts untranslated,
texts that are gone dropped) and compiles it. Neither file holds dates or line numbers, so that
they change only when texts do.
"""

from __future__ import annotations

import ast
import inspect
import io
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import typer
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "netops" / "locale" / "zh" / "LC_MESSAGES"
PO, MO = FOLDER / "netops.po", FOLDER / "netops.mo"

_ERRORS = frozenset(
    f"{name}Error"
    for name in ("Usage", "Config", "Input", "Policy", "Snapshot", "Spec", "Secret", "Guard",
                 "Laboratory", "Netops", "Probe", "Crypto", "Authority", "Journal", "Profile")
)  # fmt: skip
_PLACEHOLDER = re.compile(r"\{(\w+)(?:![rs])?(?::[^}]*)?\}")


class PlainCatalogue(Catalog):
    """A catalogue whose header says only what gettext needs, and no dates."""

    mime_headers = [  # type: ignore[assignment] # noqa: RUF012 - takes the place of a property
        ("Language", "zh"),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
    ]


@cache
def texts_of_the_code() -> set[str]:
    """Return every English text of ours that a user may read on the command line."""
    found: set[str] = set()
    for path in sorted((ROOT / "netops").rglob("*.py")):
        found.update(_texts(ast.parse(path.read_text(encoding="utf-8"))))
    return found


@cache
def texts_of_typer() -> set[str]:
    """Return the texts that Typer itself asks gettext for."""
    found: set[str] = set()
    for path in sorted(Path(typer.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in ("_", "ngettext"):
                found.update(_constants(node.args))
    return found


def _texts(tree: ast.Module) -> Iterator[str]:
    named = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    registered = {node.id for call in ast.walk(tree) for node in _registered_by(call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            said = (named.get(getattr(arg, "id", ""), arg) for arg in _said_by(node))
            yield from _constants(list(said))
        elif isinstance(node, ast.FunctionDef) and (
            node.name in registered or any(map(_is_command, node.decorator_list))
        ):
            yield inspect.cleandoc(ast.get_docstring(node) or "")


def _said_by(call: ast.Call) -> list[ast.expr]:
    """Return the arguments of a call that people read."""
    name = _name(call.func)
    if name in ("_", "Sentence", "unknown"):
        # ``unknown(records, row, field, what, file)`` names a kind of record by one word.
        return call.args[3:4] if name == "unknown" else call.args[:1]
    if name in _ERRORS:
        return [*call.args[:1], *(k.value for k in call.keywords if k.arg == "remedy")]
    if name in ("refusal", "PlainYamlError"):
        return call.args[1:3]
    if name == "Key":
        # The form that a setting has (netops.cli.settings).
        return call.args[1:2]
    if name == "Fault" or (name in ("add", "warn") and len(call.args) == 4):
        return call.args[2:4]
    return []


def _constants(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.IfExp):
            yield from _constants([node.body, node.orelse])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield node.value


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _registered_by(node: ast.AST) -> Iterator[ast.Name]:
    """Yield the functions that ``app.command(…)(function)`` makes commands."""
    if isinstance(node, ast.Call) and _is_command(node.func):
        yield from (arg for arg in node.args if isinstance(arg, ast.Name))


def _is_command(node: ast.AST) -> bool:
    """Whether a decorator makes a command whose docstring is its help."""
    return (
        isinstance(node, ast.Call)
        and _name(node.func) == "command"
        and not any(keyword.arg == "help" for keyword in node.keywords)
    )


def translations() -> dict[str, str]:
    """Return what the .po holds, untranslated texts with an empty string."""
    with PO.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale="zh") if m.id}


def placeholders(text: str) -> set[str]:
    """Return the names in braces that ``format`` fills in."""
    return set(_PLACEHOLDER.findall(text))


def po_bytes(catalogue: Catalog) -> bytes:
    """Return the text form."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, no_location=True, sort_output=True)
    return out.getvalue().rstrip() + b"\n"


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return the compiled form."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def catalogue_of(known: dict[str, str]) -> Catalog:
    """Return a catalogue of every text in the code, translated as far as ``known`` goes."""
    head = "# Chinese texts of netops. Bring up to date: python tests/support/catalogue.py"
    catalogue = PlainCatalogue(locale="zh", header_comment=head, fuzzy=False)
    for text in sorted(texts_of_the_code() | texts_of_typer()):
        catalogue.add(text, known.get(text, ""))
    return catalogue


def write(known: dict[str, str]) -> list[str]:
    """Write both files from ``known``; return the texts that are not translated."""
    catalogue = catalogue_of(known)
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po_bytes(catalogue))
    MO.write_bytes(mo_bytes(catalogue))
    return sorted(text for text in texts_of_the_code() if not known.get(text))


if __name__ == "__main__":
    missing = write(translations() if PO.exists() else {})
    sys.stdout.writelines(f"not translated: {text!r}\n" for text in missing)
    sys.exit(1 if missing else 0)
