"""The command line: arguments, wiring, exit codes; a file a noun."""

from netops.cli.settings import settle_language
from netops.i18n import bind

settle_language()
# Typer asks for its own words ("Options", "Usage") when it is imported, which comes after this.
bind()
