"""Certificates found by key, by age, by state in order; when a revocation's reason was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from netops.gm.certificate import Certificate
from netops.gm.sm3 import sm3_hex

revision = "0003"
down_revision = "0002"

_AT_ONCE = 1000


def upgrade() -> None:
    """Add columns and indexes, and fill them from what is on record."""
    op.add_column("certificates", sa.Column("reason_at", sa.DateTime))
    op.add_column("certificates", sa.Column("key", sa.String(64)))
    op.execute("UPDATE certificates SET reason_at = revoked_at WHERE revoked_at IS NOT NULL")
    _fill_keys(op.get_bind())
    op.drop_index("certificates_state", "certificates")
    op.create_index("certificates_state", "certificates", ["authority", "state", "serial"])
    op.create_index("certificates_key", "certificates", ["key"])
    op.create_index("certificates_intended", "certificates", ["intended_at"])


def _fill_keys(connection: sa.Connection) -> None:
    """Give each certificate its key, some at a time by serial number: there may be millions."""
    table = sa.table(
        "certificates", sa.column("authority"), sa.column("serial"), sa.column("der"),
        sa.column("key"),
    )  # fmt: skip
    this = sa.tuple_(table.c.authority, table.c.serial)
    asked = (
        sa.select(table.c.authority, table.c.serial, table.c.der)
        .where(table.c.der.is_not(None), this > sa.tuple_(sa.bindparam("a"), sa.bindparam("s")))
        .order_by(table.c.authority, table.c.serial)
        .limit(_AT_ONCE)
    )
    given = (
        table.update()
        .where(table.c.authority == sa.bindparam("a"), table.c.serial == sa.bindparam("s"))
        .values(key=sa.bindparam("k"))
    )
    last = {"a": "", "s": ""}
    while rows := connection.execute(asked, last).all():
        found = [{"a": row.authority, "s": row.serial, "k": _key(row.der)} for row in rows]
        connection.execute(given, found)
        last = {"a": rows[-1].authority, "s": rows[-1].serial}


def _key(der: bytes) -> str:
    return sm3_hex(Certificate.from_der(der).spki)
