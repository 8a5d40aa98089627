"""The devices of a planned laboratory as the server plays them.

Answers are rendered when a device is first asked and kept for the devices asked last, so that a
whole province needs little memory.
"""

from __future__ import annotations

from _collections_abc import dict_items, dict_keys, dict_values
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from netops.lab import inventory_rows as rows
from netops.lab.broken import read_broken
from netops.lab.build.net import Router
from netops.lab.keys import host_key, private_pem, secret
from netops.lab.model import Personality, SnmpUser
from netops.lab.plan import World, plan
from netops.lab.render import render_answers
from netops.lab.render.snmp import snmp_rows
from netops.lab.spec_file import load_spec

_V = TypeVar("_V")
_ROOM = 300
_SSH_PORT, _SNMP_PORT = 22, 161


def personalities(directory: Path) -> Iterator[Personality]:
    """Yield what the server needs of every device of the laboratory in ``directory``."""
    world = plan(load_spec(directory / "spec.yaml"), read_broken(directory))
    for router in world.net.routers.values():
        yield _personality(world, router)


def _personality(world: World, router: Router) -> Personality:
    seed = world.spec.seed
    behaviour = world.behaviour(router.id)
    is_rsa = "legacy_kex" in world.quirks(router.id)
    contradicts = router.id in world.planted.contradicting
    return Personality(
        device=router.id,
        platform=router.platform,
        hostname=router.hostname,
        address=rows.transport_address(router),
        ssh_port=_SSH_PORT,
        snmp_port=_SNMP_PORT,
        username=rows.USERNAME,
        password=secret(seed, "ssh"),
        host_key_pem=private_pem(host_key(seed, router.id, is_rsa=is_rsa)),
        answers=Lazy(f"{router.id} cli", lambda: render_answers(world.model(router.id))),
        snmp_rows=Lazy(
            f"{router.id} snmp",
            lambda: snmp_rows(world.model(router.id), contradicts=contradicts),
        ),
        snmp_user=_snmp_user(world, router),
        behaviour=behaviour,
    )


def _snmp_user(world: World, router: Router) -> SnmpUser:
    seed = world.spec.seed
    if rows.snmp_version(world.net, router) == "v2c":
        return SnmpUser("v2c", secret(seed, "snmp-community"))
    return SnmpUser("v3", rows.SNMP_USER, secret(seed, "snmp-auth"), secret(seed, "snmp-privacy"))


class Lazy(dict[str, _V]):
    """A mapping made when it is first looked into, and forgotten when others are wanted.

    The dictionary itself stays empty: what it shows lies on a shelf shared by all.
    """

    def __init__(self, name: str, make: Callable[[], dict[str, _V]]) -> None:
        super().__init__()
        self._name = name
        self._make = make

    def _made(self) -> dict[str, _V]:
        made: dict[str, _V] | None = _SHELF.get(self._name)
        if made is None:
            made = _SHELF[self._name] = self._make()
            while len(_SHELF) > _ROOM:
                _SHELF.popitem(last=False)
        else:
            _SHELF.move_to_end(self._name)
        return made

    def __getitem__(self, key: str) -> _V:
        return self._made()[key]

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - as dict has it
        """Return a value, or ``default``."""
        return self._made().get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self._made()

    def __iter__(self) -> Iterator[str]:
        return iter(self._made())

    def __len__(self) -> int:
        return len(self._made())

    def __bool__(self) -> bool:
        return True

    def keys(self) -> dict_keys[str, _V]:
        """Return the keys."""
        return self._made().keys()

    def values(self) -> dict_values[str, _V]:
        """Return the values."""
        return self._made().values()

    def items(self) -> dict_items[str, _V]:
        """Return the items."""
        return self._made().items()


_SHELF: OrderedDict[str, Any] = OrderedDict()
