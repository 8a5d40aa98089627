"""Which devices a command is about: ``--filter KEY=VALUE``, the same words everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from netops.errors import UsageError
from netops.i18n import _

if TYPE_CHECKING:
    from netops.inventory.model import Device, Inventory

Filters = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        help=_("KEY=VALUE, all must hold: kind (host, network), device, government, under, level, "
               "platform, role."),
    ),
]  # fmt: skip
_KEYS = ("kind", "device", "government", "under", "level", "platform", "role")
_KINDS = ("host", "network")
_HOST = "linux_host"


def chosen_devices(records: Inventory, filters: list[str] | None) -> tuple[str, ...] | None:
    """Return the devices for which every filter holds; None where there is no filter."""
    if not filters:
        return None
    tests = [_condition(text) for text in filters]
    return tuple(
        device.id
        for device in records.devices.values()
        if all(_holds(records, device, key, value) for key, value in tests)
    )


def _condition(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or key not in _KEYS or (key == "kind" and value not in _KINDS):
        raise UsageError(
            _("“{text}” is not a filter.").format(text=text),
            remedy=_("Write KEY=VALUE with one of: {keys}.").format(
                keys=", ".join(("kind=host", "kind=network", *_KEYS[1:]))
            ),
        )
    return key, value


def _holds(records: Inventory, device: Device, key: str, value: str) -> bool:
    if key == "under":
        return value == device.government or value in records.superiors(device.government)
    if key == "level":
        return str(records.governments[device.government].level.value) == value
    return bool(_plain(device)[key] == value)


def _plain(device: Device) -> dict[str, str]:
    return {
        "kind": "host" if device.platform == _HOST else "network",
        "device": device.id,
        "government": device.government,
        "platform": device.platform,
        "role": device.role,
    }
