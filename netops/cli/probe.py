"""``netops probe``: measure reach, paths and egress by hand; run a reflector."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netops.cli import probe_crafted
from netops.cli.addresses import read_address
from netops.cli.options import Form, FormOption, Quiet
from netops.errors import UsageError
from netops.i18n import _

if TYPE_CHECKING:
    from netops.facts.measurements import Address, Measurements
    from netops.inventory.model import Inventory, Vantage
    from netops.probing.run import Field
    from netops.probing.sockets import SocketGiver
    from netops.probing.vantage import Manner, Orders

app = typer.Typer(no_args_is_help=True)
reflector_app = typer.Typer(no_args_is_help=True)
app.add_typer(reflector_app, name="reflector", help=_("The service on the internet side."))
DEFAULT_INVENTORY = Path("inventory")
LOCAL = "local"


class Protocol(StrEnum):
    """How a reflector is asked."""

    TCP = "tcp"
    UDP = "udp"
    HTTP = "http"
    DNS = "dns"


Targets = Annotated[
    list[str], typer.Argument(help=_("Addresses, or ids of devices in the inventory."))
]
From = Annotated[
    str, typer.Option("--from", help=_("Vantage point of the inventory; local: this machine."))
]
Folder = Annotated[Path, typer.Option("--inventory", help=_("Inventory folder."))]
Source = Annotated[
    str | None, typer.Option("--source", help=_("Source address; left out: the vantage's own."))
]
Count = Annotated[int, typer.Option("--count", min=1, max=1000, help=_("Probes a target."))]
PaceOption = Annotated[
    int | None,
    typer.Option("--pace", min=1, max=100_000, help=_("Packets a second (default: inventory's).")),
]
Timeout = Annotated[
    float, typer.Option("--wait", min=0.05, max=60, help=_("Seconds to wait for an answer."))
]


@app.command()
def reach(
    targets: Targets,
    vantage: From = LOCAL,
    inventory: Folder = DEFAULT_INVENTORY,
    source: Source = None,
    port: Annotated[
        int | None, typer.Option("--tcp", min=1, max=65535, help=_("Ask this TCP port, not ICMP."))
    ] = None,
    count: Count = 3,
    pace: PaceOption = None,
    wait: Timeout = 1.0,
    form: FormOption = Form.TABLE,
) -> None:
    """Probe targets repeatedly: works, flaps or fails, loss and round trips."""
    from netops.probing.vantage import Manner, Orders, ReachOrder  # noqa: PLC0415 - heavy

    asking = _Asking(inventory, vantage, pace)
    addresses = asking.addresses(targets)
    orders = Orders(
        reach=tuple(
            ReachOrder(some, origin, port)
            for origin in asking.origins(source)
            if (some := _of_family(addresses, origin))
        )
    )
    manner = Manner(count=count, pace=asking.pace, timeout_s=wait)
    _tell(asking.measure(orders, manner), form)


@app.command()
def path(
    targets: Targets,
    vantage: From = LOCAL,
    inventory: Folder = DEFAULT_INVENTORY,
    source: Source = None,
    flows: Annotated[
        int, typer.Option("--flows", min=1, max=64, help=_("Traces of different flows a target."))
    ] = 1,
    pace: PaceOption = None,
    wait: Timeout = 1.0,
    form: FormOption = Form.TABLE,
) -> None:
    """Trace paths with a constant flow identifier, so that one trace is one path."""
    from netops.probing.vantage import Manner, Orders, PathOrder  # noqa: PLC0415 - heavy

    asking = _Asking(inventory, vantage, pace)
    addresses = asking.addresses(targets)
    orders = Orders(
        paths=tuple(
            PathOrder(some, origin)
            for origin in asking.origins(source)
            if (some := _of_family(addresses, origin))
        )
    )
    manner = Manner(pace=asking.pace, timeout_s=wait, flows=flows)
    _tell(asking.measure(orders, manner), form)


@app.command()
def egress(
    vantage: From = LOCAL,
    inventory: Folder = DEFAULT_INVENTORY,
    source: Source = None,
    reflectors: Annotated[
        list[str] | None, typer.Option("--reflector", help=_("Reflector's id (default: all)."))
    ] = None,
    protocols: Annotated[
        list[Protocol] | None, typer.Option("--protocol", help=_("Default: all it speaks."))
    ] = None,
    form: FormOption = Form.TABLE,
) -> None:
    """Ask reflectors from where they are asked: the address behind which a source leaves."""
    from netops.probing.plan import errands_for  # noqa: PLC0415 - heavy
    from netops.probing.vantage import Manner, Orders  # noqa: PLC0415 - heavy

    asking = _Asking(inventory, vantage, None)
    known = asking.inventory.probing.reflectors
    chosen = _known(reflectors or list(known), known)
    if not chosen:
        raise UsageError(
            _("The inventory names no reflector."),
            remedy=_("Add one to probing.yaml, and run it with `netops probe reflector serve`."),
        )
    origins = tuple(one for one in asking.origins(source) if one is not None)
    words = [one.value for one in protocols or []]
    orders = Orders(errands=tuple(errands_for(origins, [known[one] for one in chosen], words)))
    _tell(asking.measure(orders, Manner()), form)


def _known(names: Sequence[str], known: object) -> list[str]:
    for name in names:
        if name not in known:  # type: ignore[operator]  # a mapping
            raise UsageError(
                _("The inventory has no reflector “{name}”.").format(name=name),
                remedy=_("See probing.yaml."),
            )
    return list(names)


@reflector_app.command()
def serve(
    listen: Annotated[
        list[str], typer.Option("--listen", help=_("Address of this machine; repeat for more."))
    ],
    name: Annotated[str, typer.Option("--id", help=_("The reflector's id in the inventory."))],
    key: Annotated[
        str, typer.Option("--key", help=_("Reference to the key: env:NAME or file:PATH."))
    ],
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help=_("For TCP and UDP."))],
    http_port: Annotated[
        int | None, typer.Option("--http-port", min=1, max=65535, help=_("For HTTP."))
    ] = None,
    dns_port: Annotated[
        int | None, typer.Option("--dns-port", min=1, max=65535, help=_("For DNS."))
    ] = None,
    zone: Annotated[str, typer.Option("--zone", help=_("DNS zone that it answers for."))] = "",
    *,
    quiet: Quiet = False,
) -> None:
    """Answer who asks with the address seen, authenticated; until it is interrupted."""
    from netops.collection.credentials import resolve_reference  # noqa: PLC0415 - heavy
    from netops.probing.messages import key_octets  # noqa: PLC0415 - heavy
    from netops.probing.reflector.server import Listen, run  # noqa: PLC0415 - heavy
    from netops.probing.reflector.service import Service  # noqa: PLC0415 - heavy

    if bool(zone) != (dns_port is not None):
        raise UsageError(
            _("--zone and --dns-port belong together."), remedy=_("Give both, or neither.")
        )
    octets = key_octets(resolve_reference(key, Path.cwd()), name)
    addresses = tuple(read_address(text) for text in listen)
    service = Service(name, octets, zone.rstrip(".").lower())

    def ready() -> None:
        if not quiet:
            typer.echo(
                _("Reflector {name} listens at {places}.").format(
                    name=name, places=", ".join(f"{one} {port}" for one in addresses)
                ),
                err=True,
            )

    run(service, Listen(addresses, port, http_port, dns_port), ready)
    if not quiet:
        for word, number in sorted(service.counts.items()):
            typer.echo(f"{word}: {number}", err=True)


class _Asking:
    """The inventory in use, the vantage point, and how to resolve what a person wrote.

    Measuring between addresses from this machine needs no inventory; all else does.
    """

    def __init__(self, folder: Path, vantage: str, pace: int | None) -> None:
        from netops.inventory import load  # noqa: PLC0415 - heavy
        from netops.inventory.model import Vantage  # noqa: PLC0415 - heavy

        self._folder = folder
        self._is_given = folder != DEFAULT_INVENTORY or folder.is_dir()
        self.inventory = load(folder) if self._is_given else _nobody()
        self.pace = pace or self.inventory.probing.pace
        known = self.inventory.probing.vantages
        if vantage not in known and vantage != LOCAL:
            raise UsageError(
                _("The inventory has no vantage point “{name}”.").format(name=vantage),
                remedy=_("Name one of probing.yaml: {names}.").format(
                    names=", ".join([*known, LOCAL])
                ),
            )
        self._vantage: Vantage = known.get(vantage) or Vantage(LOCAL, "local")

    def addresses(self, texts: Sequence[str]) -> tuple[Address, ...]:
        """Return the addresses of targets."""
        devices = self.inventory.devices
        return tuple(
            devices[text].address if text in devices else read_address(text)
            for text in dict.fromkeys(texts)
        )

    def origins(self, source: str | None) -> tuple[Address | None, ...]:
        """Return the addresses to ask from."""
        if source is not None:
            return (read_address(source),)
        return self._vantage.sources or (None,)

    def measure(self, orders: Orders, manner: Manner) -> Measurements:
        """Carry out the orders at the vantage point and read what came."""
        from netops.probing.run import open_field  # noqa: PLC0415 - heavy
        from netops.reading.measurements import measurements_of  # noqa: PLC0415 - heavy

        with (
            helper() as giver,
            contextlib.closing(
                open_field(self.inventory, self._folder, manner, giver)
            ) as measuring,
        ):
            _say_gaps(measuring)
            record = measuring.point(self._vantage).measure(orders)
        for note in record.notes:
            typer.echo(note, err=True)
        return measurements_of([record], self.inventory)


def _say_gaps(measuring: Field) -> None:
    for gap in measuring.gaps:
        typer.echo(gap, err=True)


def _nobody() -> Inventory:
    from netops.addressing import AddressPlan  # noqa: PLC0415 - heavy
    from netops.inventory.model import Inventory  # noqa: PLC0415 - heavy

    return Inventory("", "", {}, {}, {}, {}, {}, {}, AddressPlan(()))


@contextlib.contextmanager
def helper() -> Iterator[SocketGiver | None]:
    """Start the helper that the site installed for raw sockets, if it installed one."""
    from netops.probing.helper_client import ProbeHelper, helper_command  # noqa: PLC0415 - heavy

    command = helper_command()
    if not command:
        yield None
        return
    with ProbeHelper.start(command) as giver:
        yield giver


def _of_family(addresses: tuple[Address, ...], source: Address | None) -> tuple[Address, ...]:
    return tuple(one for one in addresses if source is None or one.version == source.version)


def _tell(found: Measurements, form: Form) -> None:
    from netops.cli.probe_output import exit_code, print_json, print_tables  # noqa: PLC0415 - heavy

    show: Callable[[Measurements], None] = print_json if form is Form.JSON else print_tables
    show(found)
    raise typer.Exit(exit_code(found))


app.add_typer(probe_crafted.app)
reflector_app.add_typer(probe_crafted.watch_app)
