"""From a host's answered sections to its components; a section that is not whole shows nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from netops.facts.answers import AnswerState
from netops.facts.settings import ComponentFacts, Setting, SettingsRead
from netops.platforms.answer import Answer
from netops.platforms.linux_host.baseline import (
    accounts,
    audit,
    logs,
    machine,
    passwords,
    products,
    protection,
    reach,
    rights,
    running,
    shell,
    sshd,
    sudo,
    updates,
)
from netops.platforms.linux_host.baseline.sheet import Sheet, UnreliableError, sheets_of

Reader = Callable[[Mapping[str, Sheet]], Iterator[Setting]]
ProductReader = Callable[[Mapping[str, Sheet]], tuple[ComponentFacts, ...]]
States = dict[str, tuple[AnswerState, str]]

_READERS: tuple[Reader, ...] = (
    machine.read, updates.read, sshd.read, passwords.read, accounts.read, sudo.read, rights.read,
    shell.read, audit.read, logs.read, running.read, reach.read, protection.read,
)  # fmt: skip
_PRODUCTS: tuple[ProductReader, ...] = (products.read,)
"""Databases, caches and web servers on the host: components of their own."""
LINUX = "linux"


def read_host(answers: Mapping[str, Answer]) -> SettingsRead:
    """Return all components' settings, and the states of sections that tell too little."""
    sheets = sheets_of(dict(answers))
    states: States = {}
    usable: dict[str, Sheet] = {}
    for name, sheet in sheets.items():
        trouble = sheet.trouble()
        if trouble is None:
            usable[name] = sheet
        else:
            states[f"baseline/{name}"] = trouble
    if not sheets:
        return SettingsRead()
    settings: list[Setting] = []
    for reader in _READERS:
        settings.extend(_guarded(reader, usable, states))
    family, version = machine.family_and_version(sheets.get("system"))
    component = ComponentFacts(LINUX, "", family, version, tuple(settings))
    products = (found for reader in _PRODUCTS for found in _of_product(reader, sheets, states))
    return SettingsRead((component, *products), (), states)


def _of_product(
    reader: ProductReader, sheets: Mapping[str, Sheet], states: States
) -> tuple[ComponentFacts, ...]:
    """Run one reader; it gets all sheets: a product whose settings are refused is still there."""
    try:
        return reader(sheets)
    except UnreliableError as error:
        states[f"baseline/{error.section}"] = AnswerState.NOT_UNDERSTOOD, error.detail
        return ()


def _guarded(reader: Reader, usable: Mapping[str, Sheet], states: States) -> list[Setting]:
    """Run one reader; what it cannot rely on becomes the state of the section it names."""
    found: list[Setting] = []
    while True:
        found = []
        try:
            found.extend(reader(usable))
        except UnreliableError as error:
            states[f"baseline/{error.section}"] = AnswerState.NOT_UNDERSTOOD, error.detail
            usable = {name: sheet for name, sheet in usable.items() if name != error.section}
        else:
            return found
