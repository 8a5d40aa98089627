"""What Alembic runs: the migrations, inside the transaction that it is handed."""

from __future__ import annotations

from alembic import context

from netops.trust.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
