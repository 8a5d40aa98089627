"""What a driver that only reads answers to NAPALM's calls that would change a device.

Each refusal is a ``NapalmException`` and a ``NotImplementedError``, so that callers of either
habit meet it.
"""

from __future__ import annotations

from typing import NoReturn

from napalm.base.exceptions import CommandErrorException, NapalmException


class ReadOnlyError(NapalmException, NotImplementedError):  # type: ignore[misc]  # napalm is untyped
    """The call would change a device, or belongs to a change."""


class NotToldError(CommandErrorException, NotImplementedError):  # type: ignore[misc]  # as above
    """No read-only command of the platform tells this."""


def _refuse(call: str) -> NoReturn:
    raise ReadOnlyError(
        f"{call} was refused: netops drivers only read and never hold a candidate configuration."
    )


class Refusing:
    """Refuses every call of ``NetworkDriver`` that loads, compares, commits or rolls back."""

    def load_template(
        self,
        template_name: str,  # noqa: ARG002 - NAPALM's form
        template_source: str | None = None,  # noqa: ARG002 - as above
        template_path: str | None = None,  # noqa: ARG002 - as above
        **template_vars: object,  # noqa: ARG002 - as above
    ) -> None:
        """Refuse."""
        _refuse("load_template")

    def load_replace_candidate(
        self,
        filename: str | None = None,  # noqa: ARG002 - NAPALM's form
        config: str | None = None,  # noqa: ARG002 - as above
    ) -> None:
        """Refuse."""
        _refuse("load_replace_candidate")

    def load_merge_candidate(
        self,
        filename: str | None = None,  # noqa: ARG002 - NAPALM's form
        config: str | None = None,  # noqa: ARG002 - as above
    ) -> None:
        """Refuse."""
        _refuse("load_merge_candidate")

    def compare_config(self) -> str:
        """Refuse: an empty difference would say that a candidate was compared."""
        _refuse("compare_config")

    def commit_config(
        self,
        message: str = "",  # noqa: ARG002 - NAPALM's form
        revert_in: int | None = None,  # noqa: ARG002 - as above
    ) -> None:
        """Refuse."""
        _refuse("commit_config")

    def confirm_commit(self) -> None:
        """Refuse."""
        _refuse("confirm_commit")

    def has_pending_commit(self) -> bool:
        """Refuse: whether somebody else's commit is pending is not read."""
        _refuse("has_pending_commit")

    def discard_config(self) -> None:
        """Refuse."""
        _refuse("discard_config")

    def rollback(self) -> None:
        """Refuse."""
        _refuse("rollback")
