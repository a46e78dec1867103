"""The tables, as the newest migration leaves them. `docs/schema.md` is printed from here.

Three ideas hold it together. *Point and branch*: a turn or a picture is written once and never changed; a session
lists the ones it shows (`session_turns`, `session_pictures`), so a branch is a new list over the same rows, and
deleting a session deletes what no list mentions any more. *Bytes once*: pixels are kept under their SHA-256 in
`blobs`. *The jobs table is the queue.*

Column types are portable: text, whole numbers, floats, JSON, bytes and UTC times.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect


class UtcTime(TypeDecorator[datetime]):
    """An aware `datetime`, kept as naive UTC because not every dialect keeps the offset."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Words(TypeDecorator[str]):
    """Text that people or language models wrote: what UTF-8 or a server cannot hold becomes `?`.

    Lone surrogates come from broken JSON escapes, NUL from pasted binary; neither means anything to a reader.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else value.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")


class Name(Words):
    """An id or digest. Those that come from outside, in an address for instance, may be any text; they find nothing."""

    impl = String
    cache_ok = True


class Values(TypeDecorator[Any]):
    """JSON. What is no JSON although Python writes it, NaN and the infinities, becomes null."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return finite(value)


def finite(value: Any) -> Any:
    """The same value with None for every number that JSON does not have."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [finite(part) for part in value]
    return value


Id = Name(64)
Digest = Name(64)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _points_to(target: str, *, cascade: bool = True) -> ForeignKey:
    return ForeignKey(target, ondelete="CASCADE" if cascade else None)


def _needed(name: str, kind: Any, *arguments: Any, **options: Any) -> Column[Any]:
    return Column(name, kind, *arguments, nullable=False, **options)


users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    _needed("name", Words, unique=True, comment="what the person is called when signing in"),
    _needed("created", UtcTime),
    comment="Who owns sessions.",
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    _needed("user_id", Id, _points_to("users.id")),
    _needed("title", Words),
    _needed("created", UtcTime),
    _needed("updated", UtcTime, comment="last message or picture; the sidebar's order"),
    _needed("settings", Values),
    Column("branched_from", Id, comment="turn of another session that this one starts from"),
    _needed("next_handle", Integer, comment="number of the next picture; only grows, so no handle is used twice"),
    Column("served", Integer, comment="grows with each job that a worker takes of any; the queue is fair by this"),
    Index("ix_sessions_user_id_updated", "user_id", "updated"),
    Index("ix_sessions_served", "served"),
    comment="Saved chats.",
)

turns = Table(
    "turns",
    metadata,
    Column("id", Id, primary_key=True),
    _needed("state", String(16), comment="running, done, stopped or failed"),
    _needed("created", UtcTime),
    Column("finished", UtcTime),
    Column("error", Words, comment="why it failed, one sentence"),
    Column("owner", Id, comment="presence of the program that runs it; if that is gone, the turn was interrupted"),
    CheckConstraint("state IN ('running', 'done', 'stopped', 'failed')", name="state"),
    Index("ix_turns_state", "state"),
    comment="One message of the person and everything it caused. Unchanged once ended.",
)

session_turns = Table(
    "session_turns",
    metadata,
    Column("session_id", Id, _points_to("sessions.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False, comment="from 1, without gaps"),
    _needed("turn_id", Id, _points_to("turns.id")),
    UniqueConstraint("session_id", "turn_id"),
    Index("ix_session_turns_turn_id", "turn_id"),
    comment="The turns a session shows. A branch lists the turns of its origin.",
)

messages = Table(
    "messages",
    metadata,
    Column("id", Id, primary_key=True),
    _needed("turn_id", Id, _points_to("turns.id")),
    _needed("position", Integer, comment="from 1 within the turn"),
    _needed("role", String(16), comment="person, assistant or tool"),
    _needed("text", Words),
    Column("tool_call_id", Words, comment="the call that a tool message answers"),
    _needed("pictures", Values, comment="handles that the message shows"),
    _needed("created", UtcTime),
    UniqueConstraint("turn_id", "position"),
    CheckConstraint("role IN ('person', 'assistant', 'tool')", name="role"),
    comment="All that is needed to rebuild the agent's state.",
)

tool_calls = Table(
    "tool_calls",
    metadata,
    Column("message_id", Id, _points_to("messages.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _needed("call_id", Words, comment="the provider's id"),
    _needed("name", Words),
    _needed("args", Values),
    comment="Tool calls as the language model wrote them.",
)

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", Digest, primary_key=True),
    _needed("size", Integer, comment="in bytes"),
    _needed("data", LargeBinary),
    comment="Encoded pictures, each once however many pictures show it.",
)

thumbnails = Table(
    "thumbnails",
    metadata,
    Column("sha256", Digest, _points_to("blobs.sha256"), primary_key=True, comment="of the picture"),
    _needed("digest", Digest, comment="SHA-256 of the thumbnail itself"),
    _needed("data", LargeBinary, comment="a small WebP"),
    comment="Small pictures for shelves, one per blob.",
)

pictures = Table(
    "pictures",
    metadata,
    Column("id", Id, primary_key=True),
    Column("turn_id", Id, _points_to("turns.id"), comment="empty for an upload between turns"),
    _needed("sha256", Digest, _points_to("blobs.sha256", cascade=False)),
    _needed("media_type", String(64)),
    _needed("width", Integer, comment="in pixels"),
    _needed("height", Integer, comment="in pixels"),
    _needed("recipe", Values, comment="the complete, replayable request"),
    _needed("caption", Words),
    _needed("shows", Words, server_default="", comment="what was seen in it, in words; empty where nothing looked"),
    _needed("created", UtcTime),
    CheckConstraint("width > 0 AND height > 0", name="size"),
    Index("ix_pictures_sha256", "sha256"),
    Index("ix_pictures_turn_id", "turn_id"),
    comment="Stored images. Unchanged once written.",
)

session_pictures = Table(
    "session_pictures",
    metadata,
    Column("session_id", Id, _points_to("sessions.id"), primary_key=True),
    Column("handle", Integer, primary_key=True, autoincrement=False, comment="the #3 that people write"),
    _needed("picture_id", Id, _points_to("pictures.id")),
    _needed("turn_number", Integer, comment="the turn that brought it; an upload between turns goes with the next"),
    UniqueConstraint("session_id", "picture_id"),
    CheckConstraint("handle > 0", name="handle"),
    Index("ix_session_pictures_picture_id", "picture_id"),
    comment="The pictures a session shows, by handle. A branch lists the pictures of its origin.",
)

picture_parents = Table(
    "picture_parents",
    metadata,
    Column("picture_id", Id, _points_to("pictures.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _needed("parent_id", Id, _points_to("pictures.id", cascade=False)),
    Index("ix_picture_parents_parent_id", "parent_id"),
    comment="What a picture was made from, in order.",
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("session_id", Id, _points_to("sessions.id"), comment="only where there is neither turn nor picture"),
    Column("turn_id", Id, _points_to("turns.id")),
    Column("picture_id", Id, _points_to("pictures.id")),
    _needed("action", String(16), comment="allow, review or block"),
    _needed("stage", String(16), comment="words or pixels"),
    _needed("category", String(32)),
    _needed("score", Float),
    _needed("rule", String, comment="name and version of the filter"),
    _needed("reason", Words),
    _needed("rewording", Words),
    _needed("subject", Words, comment="the words that were judged, or what the pixels were made from"),
    _needed("created", UtcTime),
    CheckConstraint("action IN ('allow', 'review', 'block')", name="action"),
    CheckConstraint("stage IN ('words', 'pixels')", name="stage"),
    CheckConstraint("coalesce(session_id, turn_id, picture_id) IS NOT NULL", name="anchor"),
    Index("ix_verdicts_session_id", "session_id"),
    Index("ix_verdicts_turn_id", "turn_id"),
    Index("ix_verdicts_picture_id", "picture_id"),
    comment="Every safety decision.",
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Id, primary_key=True),
    _needed("session_id", Id, _points_to("sessions.id")),
    Column("turn_id", Id, _points_to("turns.id")),
    _needed("key", String, comment="idempotency key: the same key in a session is the same job"),
    _needed("recipe", Values),
    _needed("parents", Values, comment="handles"),
    _needed("caption", Words),
    _needed("state", String(16), comment="queued, running, done, blocked, failed or stopped"),
    _needed("attempt", Integer, comment="fencing token: grows with each claim"),
    _needed("passed", Integer, server_default="0", comment="how often another one's loaded model was preferred"),
    Column("owner", String, comment="the worker that has it"),
    Column("lease_until", UtcTime, comment="after this the job may be claimed by another worker"),
    _needed("progress", Float, comment="0 to 1"),
    _needed("progress_text", Words),
    _needed("stop_requested", Boolean),
    Column("error", Words),
    _needed("fixable", Boolean, comment="whether the language model may try again with other arguments"),
    Column("picture_id", Id, _points_to("pictures.id", cascade=False)),
    Column("verdict_id", Id, _points_to("verdicts.id", cascade=False)),
    _needed("created", UtcTime),
    Column("finished", UtcTime),
    UniqueConstraint("session_id", "key"),
    CheckConstraint("state IN ('queued', 'running', 'done', 'blocked', 'failed', 'stopped')", name="state"),
    Index("ix_jobs_state", "state"),
    Index("ix_jobs_turn_id", "turn_id"),
    Index("ix_jobs_picture_id", "picture_id"),
    Index("ix_jobs_verdict_id", "verdict_id"),
    comment="The queue.",
)

previews = Table(
    "previews",
    metadata,
    Column("job_id", Id, _points_to("jobs.id"), primary_key=True),
    _needed("data", LargeBinary, comment="a small JPEG or PNG"),
    comment="What a running job looks like so far. Gone when the job ends.",
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Id, primary_key=True),
    _needed("session_id", Id, _points_to("sessions.id")),
    _needed("target_id", Id, comment="a message or a picture"),
    _needed("value", Integer, comment="1 or -1"),
    _needed("comment", Words),
    _needed("created", UtcTime),
    CheckConstraint("value IN (-1, 1)", name="value"),
    Index("ix_feedback_session_id", "session_id"),
    comment="Thumbs.",
)
