"""The text side of the simulated laboratory: a device model in, the device's answers out.

Knows which module speaks for which platform. Refuses to know how an audit reads the text: no
parser is imported here, so that a misreading on either side shows.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from netops.errors import LaboratoryError, Sentence
from netops.lab.model import DeviceModel

PLATFORMS = ("huawei_vrp", "h3c_comware", "frr", "linux_host")


def render_answers(model: DeviceModel) -> dict[str, str]:
    """Return whole command line → printed text (no echo, no prompt) of one device.

    A command that this platform or release does not know is absent. A text that is not empty
    ends with a line feed; ``""`` means that the device prints nothing.
    """
    if model.platform not in PLATFORMS:
        raise LaboratoryError(
            Sentence(
                "Device {id} is of platform {platform!r}, which the laboratory does not speak.",
                id=model.id,
                platform=model.platform,
            ),
            remedy=Sentence("Use one of: {values}.", values=", ".join(PLATFORMS)),
        )
    module = import_module(f"{__name__}.{model.platform}")
    render = cast("Callable[[DeviceModel], dict[str, str]]", module.render)
    return render(model)
