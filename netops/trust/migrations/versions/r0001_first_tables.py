"""The first form: certificates, and whole lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "certificates",
        sa.Column("authority", sa.String(16), primary_key=True),
        sa.Column("serial", sa.String(40), primary_key=True),
        sa.Column("profile", sa.String(32), nullable=False),
        sa.Column("subject", sa.LargeBinary, nullable=False),
        sa.Column("subject_text", sa.String, nullable=False),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("tbs", sa.String(64), nullable=False),
        sa.Column("der", sa.LargeBinary),
        sa.Column("not_before", sa.DateTime, nullable=False),
        sa.Column("not_after", sa.DateTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("intended_at", sa.DateTime, nullable=False),
        sa.Column("revoked_at", sa.DateTime),
        sa.Column("reason", sa.Integer),
    )
    op.create_index("certificates_request", "certificates", ["request", "profile"])
    op.create_index("certificates_state", "certificates", ["authority", "state"])
    op.create_table(
        "lists",
        sa.Column("authority", sa.String(16), primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("this_update", sa.DateTime, nullable=False),
        sa.Column("next_update", sa.DateTime, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
    )
