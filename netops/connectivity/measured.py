"""What packets showed of each government: echoes and paths, beside what the routes promise.

Knows measurements and whose addresses they went to. Refuses to make a verdict of silence alone:
where packets and tables deny each other, nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from netops.connectivity.network import Network
from netops.connectivity.standing import Standing
from netops.connectivity.walks import follow
from netops.facts.measurements import Address, Echoes, Measurements, Path, Reach
from netops.findings import Verdict

FAILS_ALL_THE_SAME = "measured_fails"
WORKS_ALL_THE_SAME = "measured_works"

_ANSWERS = (Reach.WORKS, Reach.FLAPS)


@dataclass(frozen=True, slots=True)
class Series:
    """Echoes to a router, with the governments at both ends.

    ``about`` is the government whose way to the core they went, "" where they went none.
    """

    echoes: Echoes
    here: str
    there: str
    about: str
    from_department: bool


@dataclass(frozen=True, slots=True)
class Traced:
    """A path to a router: the devices that answered, and those that no table promised.

    ``promised`` None: a device on the way gave no table, so that nothing can be compared.
    """

    path: Path
    government: str
    devices: tuple[str, ...]
    stray: tuple[str, ...]
    promised: bool | None

    @property
    def hidden(self) -> int:
        """How many hops did not answer."""
        return sum(not hop.addresses for hop in self.path.hops)


class Measured:
    """The measurements of one snapshot, by government."""

    def __init__(self, network: Network, active: Measurements) -> None:
        self._network = network
        self._active = active
        self.series = tuple(self._series())
        self.paths = tuple(self._paths())

    @property
    def is_empty(self) -> bool:
        """Whether nothing was measured that this audit can use."""
        return not (self.series or self.paths)

    def of(self, government: str) -> list[Series]:
        """Return the echoes that went over a government's way to the core."""
        return [s for s in self.series if s.about == government]

    def reach(self, government: str) -> Reach | None:
        """Return what the echoes of a government say together; None where none was sent.

        One answer is enough to work: what is lost to others is a matter of quality.
        """
        found = {s.echoes.reach for s in self.of(government)} - {Reach.NOT_MEASURED}
        return next((r for r in (Reach.WORKS, Reach.FLAPS, Reach.FAILS) if r in found), None)

    def _router_at(self, address: Address) -> str | None:
        device = self._network.owner_of.get(int(address))
        known = None if device is None else self._network.inventory.devices.get(device)
        return None if known is None or known.department is not None else known.id

    def _home(self, vantage: str) -> tuple[str, bool]:
        """Return the government of a vantage point, and whether it stands in a department."""
        point = self._active.vantages.get(vantage)
        inventory = self._network.inventory
        department = inventory.departments.get(point.department or "") if point else None
        if department is not None:
            return department.government, True
        if point is not None and point.device is not None:
            return self._network.government_of(point.device), False
        return inventory.province, False

    def _series(self) -> Iterator[Series]:
        core = self._network.inventory.province
        for echoes in self._active.echoes:
            device = self._router_at(echoes.target)
            if device is None:
                continue
            here, from_department = self._home(echoes.vantage)
            there = self._network.government_of(device)
            about = there if here == core else here if there == core else ""
            yield Series(echoes, here, there, about, from_department)

    def _paths(self) -> Iterator[Traced]:
        for path in self._active.paths:
            device = self._router_at(path.target)
            if device is not None and path.target.version == 4:  # noqa: PLR2004 - as the walks
                yield self._traced(path, device)

    def _traced(self, path: Path, device: str) -> Traced:
        network = self._network
        owners = (
            network.owner_of.get(int(address)) for hop in path.hops for address in hop.addresses
        )
        devices = tuple(dict.fromkeys(name for name in owners if name is not None))
        starts = self._starts(path.vantage)
        way = follow(network, starts, int(path.target), device)
        stray = tuple(sorted(set(devices) - way.devices))
        known = way.is_known and bool(starts)
        return Traced(
            path,
            network.government_of(device),
            devices,
            stray if known else (),
            not stray if known else None,
        )

    def _starts(self, vantage: str) -> tuple[str, ...]:
        """Return the devices at which packets of a vantage point may begin.

        A host whose own table was read begins on itself; one that was not, at any device of its
        government, a department's own ones too.
        """
        network = self._network
        point = self._active.vantages.get(vantage)
        own = None if point is None else point.device
        is_router = point is not None and point.kind == "device"
        if own is not None and (is_router or network.table(own) is not None):
            return (own,)
        home, from_department = self._home(vantage)
        if not from_department:
            return network.routers_of(home)
        return tuple(device.id for device in network.inventory.devices_of.get(home, ()))


def contradicted(
    standings: Mapping[str, Standing], measured: Measured
) -> dict[str, tuple[Standing, Reach]]:
    """Return the standings that packets deny, with what the packets said.

    A cut is denied as a whole by an answer from the government at its root.
    """
    found: dict[str, tuple[Standing, Reach]] = {}
    for code, standing in standings.items():
        reach = measured.reach(code)
        root = (standing.cause or "").partition(":")[2]
        at_root = measured.reach(root) if root in standings else None
        if standing.verdict is Verdict.MET and reach is Reach.FAILS:
            found[code] = (standing, reach)
        elif standing.verdict is Verdict.NOT_MET:
            heard = next((r for r in (reach, at_root) if r in _ANSWERS), None)
            if heard is not None:
                found[code] = (standing, heard)
    return found


def unsettled(
    standings: Mapping[str, Standing], denied: Mapping[str, tuple[Standing, Reach]]
) -> dict[str, Standing]:
    """Return the standings with what is denied made unknown."""
    causes = {Verdict.MET: FAILS_ALL_THE_SAME, Verdict.NOT_MET: WORKS_ALL_THE_SAME}
    return {
        code: replace(standing, verdict=Verdict.UNKNOWN, cause=causes[standing.verdict])
        if code in denied
        else standing
        for code, standing in standings.items()
    }


def strays(paths: Iterable[Traced]) -> dict[str, list[Traced]]:
    """Return the paths over devices that no table promised, by government."""
    found: dict[str, list[Traced]] = {}
    for traced in paths:
        if traced.stray:
            found.setdefault(traced.government, []).append(traced)
    return found
