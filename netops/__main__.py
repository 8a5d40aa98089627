"""``python -m netops`` is the command ``netops``."""

from netops.cli.app import main

if __name__ == "__main__":
    main()
