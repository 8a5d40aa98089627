"""All sections of the program, in the order run: what matters most comes first."""

from __future__ import annotations

from netops.platforms.linux_host.baseline import (
    accounts,
    audit,
    logs,
    machine,
    pam,
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
from netops.platforms.settings import Section

_MINE = (
    *machine.SECTIONS, *updates.SECTIONS, *sshd.SECTIONS, *pam.SECTIONS, *passwords.SECTIONS,
    *accounts.SECTIONS, *sudo.SECTIONS, *rights.SECTIONS, *shell.SECTIONS, *audit.SECTIONS,
    *logs.SECTIONS, *running.SECTIONS, *reach.SECTIONS, *protection.SECTIONS,
)  # fmt: skip

_PRODUCTS: tuple[Section, ...] = products.SECTIONS

SECTIONS = (
    *(section for section in _MINE if not section.optional),
    *_PRODUCTS,
    *(section for section in _MINE if section.optional),
)
