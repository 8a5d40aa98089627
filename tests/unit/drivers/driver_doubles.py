"""Doubles in NAPALM's usual form: a line that answers from files, and drivers bound to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napalm.base.test.double import BaseTestDouble
from napalm.base.test.getters import BaseTestGetters

from netops.drivers.driver import NetopsDriver


class AnswersFromFiles(BaseTestDouble):
    """No device: the text of ``mocked_data/<test>/<case>/<command>.txt``."""

    def send_command(self, command: str) -> str:
        """Return the file whose name is the command, as NAPALM writes it."""
        text = self.read_txt_file(self.find_file(f"{self.sanitize_text(command)}.txt"))
        return str(text)


def bound_to(driver: type[NetopsDriver], double: type[AnswersFromFiles]) -> type[NetopsDriver]:
    """Return ``driver`` with a double in place of its line."""

    class Patched(driver):  # type: ignore[valid-type,misc]
        def __init__(
            self,
            hostname: str,
            username: str,
            password: str,
            timeout: int = 60,
            optional_args: dict[str, Any] | None = None,
        ) -> None:
            super().__init__(hostname, username, password, timeout, optional_args)
            self.patched_attrs = ["device"]
            self.device = double()

        def open(self) -> None:
            """Stay with the double."""

        def close(self) -> None:
            """Keep the double."""

    return Patched


def only(*kept: str) -> Callable[[type], type]:
    """Drop the tests of getters that the platform does not answer: a skip would say nothing."""

    def choose(cls: type) -> type:
        for name in dir(BaseTestGetters):
            if name.startswith("test_") and name.removeprefix("test_") not in kept:
                setattr(cls, name, None)
        return cls

    return choose
