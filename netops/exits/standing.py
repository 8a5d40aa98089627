"""Where a government stands once packets have spoken, of its departments and of its own devices.

Knows the model's strength and the weighed departments. Refuses to weigh a packet.
"""

from __future__ import annotations

from collections.abc import Sequence

from netops.exits.active import CLASS
from netops.exits.ground import Stand
from netops.exits.proof import Proof, counts_for_government
from netops.exits.strengths import DepartmentResult
from netops.exits.testimony import About, Testimony, Weight
from netops.findings import Strength, worst


def stand_of(
    proof: Proof, code: str, modelled: Strength, results: Sequence[DepartmentResult]
) -> Stand:
    """Judge a government by its model, its packets and its departments.

    ``results`` are its departments and those of governments below that depend on its exit.
    """
    own = proof.of_government(code)
    counted = [r for r in results if counts_for_government(r.department)]
    proven = sum(r.strength is Strength.PROVEN for r in counted)
    heard = [*own, *(t for r in results for t in r.testimonies)]
    found = {modelled}
    if any(t.weight is Weight.COUNTER for t in heard):
        found.add(Strength.VIOLATED)
    if any(t.weight is Weight.DOUBT and t.word != CLASS for t in heard):
        found.add(Strength.SUSPECTED)
    strength = worst(found)
    gaps: tuple[str, ...] = ()
    if strength is Strength.CONSISTENT and proven and proven == len(counted):
        gaps = proof.ground_of(About(code)).gaps
        strength = strength if gaps else Strength.PROVEN
    return Stand(strength, len(counted), proven, own, gaps)


def is_explained(testimony: Testimony, result: DepartmentResult) -> bool:
    """Whether another finding of a department says already what a testimony showed."""
    if testimony.weight is Weight.DOUBT:
        return testimony.word == CLASS and result.cause == CLASS
    known = set(testimony.points) & set(result.bad)
    return bool(known) or (testimony.exit is not None and bool(result.foreign))
