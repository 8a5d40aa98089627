"""``netops`` and ``python -m netops``: the command line, loaded only where it is wanted.

Processes that a command begins pass through here too, and need no command line.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from netops.cli.app import main as run  # noqa: PLC0415 - see above

    run()


if __name__ == "__main__":
    main()
