"""A session's last service is told by its place among them all, not by a clock, which may be put back.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    sessions = sa.table("sessions", sa.column("id"), sa.column("served"))
    connection = op.get_bind()
    served = sa.select(sessions.c.id).where(sessions.c.served.is_not(None)).order_by(sessions.c.served, sessions.c.id)
    in_order = connection.execute(served).scalars().all()
    op.drop_column("sessions", "served")
    op.add_column("sessions", sa.Column("served", sa.Integer))
    for number, session_id in enumerate(in_order, start=1):
        connection.execute(sessions.update().where(sessions.c.id == session_id).values(served=number))
    op.create_index("ix_sessions_served", "sessions", ["served"])
