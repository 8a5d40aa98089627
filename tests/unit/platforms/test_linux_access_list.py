"""PAM's list of who may come from where, as access.conf(5) has it: is everybody limited?"""

from __future__ import annotations

import pytest

from netops.platforms.linux_host.baseline.access_list import limits_everybody


@pytest.mark.parametrize(
    "rules", [("+:ALL:192.0.2.0/24", "-:ALL:ALL"), ("-:ALL:ALL EXCEPT 192.0.2.0/24",)]
)
def test_everybody_is_limited_where_nobody_comes_from_the_world(rules: tuple[str, ...]) -> None:
    assert limits_everybody(rules)


@pytest.mark.parametrize(
    "rules",
    [
        ("+:ALL:ALL EXCEPT 192.0.2.0/24", "-:ALL:ALL"),  # the world but one network
        ("+:root:ALL", "-:ALL:ALL"),
        ("-:ALL EXCEPT root:ALL",),
        ("+:ALL:192.0.2.0/24",),  # who fits none comes in
        (),
    ],
)
def test_nobody_is_limited_by_a_list_that_lets_somebody_in_from_the_world(
    rules: tuple[str, ...],
) -> None:
    assert not limits_everybody(rules)
