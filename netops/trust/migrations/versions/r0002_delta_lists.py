"""Delta lists: which whole list one amends, when a hold was taken back; numbers after 2038."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what delta lists need; what was released before is on no delta, so it needs no date."""
    op.add_column("certificates", sa.Column("released_at", sa.DateTime))
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("lists", sa.Column("base", number))
    if op.get_bind().dialect.name != "sqlite":  # whose integers have 64 bits as they are
        op.alter_column("lists", "number", type_=sa.BigInteger(), existing_nullable=False)
