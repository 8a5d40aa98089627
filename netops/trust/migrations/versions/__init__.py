"""One file a step: Alembic reads them by their names, nobody imports them."""
