"""The first tables: users, sessions, turns, messages, pictures, jobs and feedback.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    people_and_sessions()
    turns_and_messages()
    pictures()
    verdicts_and_jobs()


def people_and_sessions() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("name", name="uq_users_name"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("updated", sa.DateTime, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("branched_from", sa.String(64)),
        sa.Column("next_handle", sa.Integer, nullable=False),
        sa.Column("served", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        points_to("sessions", "user_id", "users.id"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("target_id", sa.String(64), nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.CheckConstraint("value IN (-1, 1)", name="ck_feedback_value"),
        points_to("feedback", "session_id", "sessions.id"),
    )


def turns_and_messages() -> None:
    op.create_table(
        "turns",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("finished", sa.DateTime),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
        sa.CheckConstraint("state IN ('running', 'done', 'stopped', 'failed')", name="ck_turns_state"),
    )
    op.create_table(
        "session_turns",
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("turn_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "number", name="pk_session_turns"),
        sa.UniqueConstraint("session_id", "turn_id", name="uq_session_turns_session_id_turn_id"),
        points_to("session_turns", "session_id", "sessions.id"),
        points_to("session_turns", "turn_id", "turns.id"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("turn_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("tool_call_id", sa.Text),
        sa.Column("pictures", sa.JSON, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("turn_id", "position", name="uq_messages_turn_id_position"),
        sa.CheckConstraint("role IN ('person', 'assistant', 'tool')", name="ck_messages_role"),
        points_to("messages", "turn_id", "turns.id"),
    )
    op.create_table(
        "tool_calls",
        sa.Column("message_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("args", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("message_id", "position", name="pk_tool_calls"),
        points_to("tool_calls", "message_id", "messages.id"),
    )


def pictures() -> None:
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_blobs"),
    )
    op.create_table(
        "thumbnails",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_thumbnails"),
        points_to("thumbnails", "sha256", "blobs.sha256"),
    )
    op.create_table(
        "pictures",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("turn_id", sa.String(64)),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("recipe", sa.JSON, nullable=False),
        sa.Column("caption", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pictures"),
        sa.CheckConstraint("width > 0 AND height > 0", name="ck_pictures_size"),
        points_to("pictures", "turn_id", "turns.id"),
        points_to("pictures", "sha256", "blobs.sha256", ondelete=None),
    )
    op.create_table(
        "session_pictures",
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("handle", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("picture_id", sa.String(64), nullable=False),
        sa.Column("turn_number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "handle", name="pk_session_pictures"),
        sa.UniqueConstraint("session_id", "picture_id", name="uq_session_pictures_session_id_picture_id"),
        sa.CheckConstraint("handle > 0", name="ck_session_pictures_handle"),
        points_to("session_pictures", "session_id", "sessions.id"),
        points_to("session_pictures", "picture_id", "pictures.id"),
    )
    op.create_table(
        "picture_parents",
        sa.Column("picture_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("parent_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("picture_id", "position", name="pk_picture_parents"),
        points_to("picture_parents", "picture_id", "pictures.id"),
        points_to("picture_parents", "parent_id", "pictures.id", ondelete=None),
    )


def verdicts_and_jobs() -> None:
    op.create_table(
        "verdicts",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(64)),
        sa.Column("turn_id", sa.String(64)),
        sa.Column("picture_id", sa.String(64)),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("rule", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("rewording", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_verdicts"),
        sa.CheckConstraint("action IN ('allow', 'review', 'block')", name="ck_verdicts_action"),
        sa.CheckConstraint("stage IN ('words', 'pixels')", name="ck_verdicts_stage"),
        sa.CheckConstraint("coalesce(session_id, turn_id, picture_id) IS NOT NULL", name="ck_verdicts_anchor"),
        points_to("verdicts", "session_id", "sessions.id"),
        points_to("verdicts", "turn_id", "turns.id"),
        points_to("verdicts", "picture_id", "pictures.id"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("turn_id", sa.String(64)),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("recipe", sa.JSON, nullable=False),
        sa.Column("parents", sa.JSON, nullable=False),
        sa.Column("caption", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("owner", sa.String),
        sa.Column("lease_until", sa.DateTime),
        sa.Column("progress", sa.Float, nullable=False),
        sa.Column("progress_text", sa.Text, nullable=False),
        sa.Column("stop_requested", sa.Boolean, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("fixable", sa.Boolean, nullable=False),
        sa.Column("picture_id", sa.String(64)),
        sa.Column("verdict_id", sa.String(64)),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("finished", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("session_id", "key", name="uq_jobs_session_id_key"),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'blocked', 'failed', 'stopped')", name="ck_jobs_state"
        ),
        points_to("jobs", "session_id", "sessions.id"),
        points_to("jobs", "turn_id", "turns.id"),
        points_to("jobs", "picture_id", "pictures.id", ondelete=None),
        points_to("jobs", "verdict_id", "verdicts.id", ondelete=None),
    )
    op.create_table(
        "previews",
        sa.Column("job_id", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("job_id", name="pk_previews"),
        points_to("previews", "job_id", "jobs.id"),
    )


def points_to(table: str, column: str, target: str, ondelete: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete=ondelete)
