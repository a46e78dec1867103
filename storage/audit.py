"""`verify`: everything that must agree, looked at, and every disagreement told in a sentence.

A database's own check does not see a flipped byte inside a picture; the SHA-256 does, so every byte is read.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from storage import shelf
from storage.database import Database
from storage.errors import StorageError, Unreachable
from storage.records import JobState, VerifyReport
from storage.rows import AnySelect, spoken
from storage.tables import (
    blobs,
    jobs,
    messages,
    picture_parents,
    pictures,
    previews,
    session_pictures,
    session_turns,
    sessions,
    thumbnails,
    turns,
)

Guard = Callable[[], AbstractContextManager[None]]
"""Turns the database's own complaints into `StorageError`s."""


def verify(tx: Connection, database: Database) -> VerifyReport:
    def guard() -> AbstractContextManager[None]:
        return database.guarded(tx)

    faults: list[str] = []
    own = database.integrity_faults, database.foreign_key_faults
    for check in (*own, _orphans, _handles, _parents, _turns, _messages, _jobs):
        with _noted(faults, guard):
            faults.extend(check(tx))
    with _noted(faults, guard):
        faults.extend(_bytes(tx, guard))
    counts = {"pictures": 0, "sessions": 0, "turns": 0}
    for table in (pictures, sessions, turns):
        with _noted(faults, guard):
            counts[table.name] = tx.execute(select(func.count()).select_from(table)).scalar_one()
    return VerifyReport(**counts, faults=tuple(dict.fromkeys(faults)))


@contextmanager
def _noted(faults: list[str], guard: Guard) -> Generator[None]:
    try:
        with guard():
            yield
    except Unreachable:  # not a fault of what is kept, and nothing more can be read
        raise
    except StorageError as error:
        faults.append(str(error))


def _bytes(tx: Connection, guard: Guard) -> Iterator[str]:
    """One blob at a time, so that memory does not grow with the library."""
    for digest in tx.execute(select(blobs.c.sha256).order_by(blobs.c.sha256)).scalars().all():
        for read in (shelf.pixels, shelf.thumbnail):
            try:
                with guard():
                    read(tx, digest)
            except Unreachable:
                raise
            except StorageError as error:
                yield f"{error} {_listed(tx, digest)}".rstrip()


def _listed(tx: Connection, digest: str) -> str:
    """In which sessions a person meets these bytes."""
    rows = tx.execute(
        select(session_pictures.c.handle, session_pictures.c.session_id)
        .join(pictures, pictures.c.id == session_pictures.c.picture_id)
        .where(pictures.c.sha256 == digest)
        .order_by(session_pictures.c.session_id, session_pictures.c.handle)
    ).all()
    places = " and ".join(f"#{handle} of session {session_id}" for handle, session_id in rows)
    return f"It is {places}." if places else ""


def _orphans(tx: Connection) -> Iterator[str]:
    for what, chosen in (
        ("Turn {} is in no session.", _without(turns.c.id, session_turns.c.turn_id)),
        ("Picture {} is in no session.", _without(pictures.c.id, session_pictures.c.picture_id)),
        ("The bytes {} belong to no picture.", _without(blobs.c.sha256, pictures.c.sha256)),
        ("The picture bytes {} have no thumbnail.", _without(blobs.c.sha256, thumbnails.c.sha256)),
    ):
        for found in tx.execute(chosen).scalars():
            yield what.format(found)


def _without(column: Any, mention: Any) -> AnySelect:
    return select(column).where(~select(mention).where(mention == column).exists())


def _handles(tx: Connection) -> Iterator[str]:
    rows = tx.execute(
        select(session_pictures.c.session_id, session_pictures.c.handle)
        .join(sessions, sessions.c.id == session_pictures.c.session_id)
        .where(or_(session_pictures.c.handle >= sessions.c.next_handle, session_pictures.c.handle < 1))
    )
    for session_id, handle in rows:
        yield f"Session {session_id} has a picture #{handle} beyond its next number."


def _parents(tx: Connection) -> Iterator[str]:
    """Whoever lists a picture lists its parents, with smaller handles, and the turn it came from."""
    parent = session_pictures.alias("parent")
    rows = tx.execute(
        select(session_pictures.c.session_id, session_pictures.c.handle)
        .join(picture_parents, picture_parents.c.picture_id == session_pictures.c.picture_id)
        .outerjoin(
            parent,
            and_(
                parent.c.session_id == session_pictures.c.session_id,
                parent.c.picture_id == picture_parents.c.parent_id,
                parent.c.handle < session_pictures.c.handle,
            ),
        )
        .where(parent.c.handle.is_(None))
    )
    for session_id, handle in rows:
        yield f"Session {session_id} lacks a parent of its picture #{handle}."
    rows = tx.execute(
        select(session_pictures.c.session_id, session_pictures.c.handle)
        .join(pictures, pictures.c.id == session_pictures.c.picture_id)
        .outerjoin(
            session_turns,
            and_(
                session_turns.c.session_id == session_pictures.c.session_id,
                session_turns.c.turn_id == pictures.c.turn_id,
                session_turns.c.number == session_pictures.c.turn_number,
            ),
        )
        .where(pictures.c.turn_id.is_not(None), session_turns.c.turn_id.is_(None))
    )
    for session_id, handle in rows:
        yield f"Session {session_id} lacks the turn that made its picture #{handle}."


def _turns(tx: Connection) -> Iterator[str]:
    rows = tx.execute(
        select(
            session_turns.c.session_id, func.count(), func.min(session_turns.c.number), func.max(session_turns.c.number)
        ).group_by(session_turns.c.session_id)
    )
    for session_id, count, first, last in rows:
        if (first, last) != (1, count):
            yield f"The turns of session {session_id} are not numbered from 1 to {count}."


def _messages(tx: Connection) -> Iterator[str]:
    rows = tx.execute(
        select(messages.c.turn_id, func.count(), func.min(messages.c.position), func.max(messages.c.position)).group_by(
            messages.c.turn_id
        )
    )
    for turn_id, count, first, last in rows:
        if (first, last) != (1, count):
            yield f"The messages of turn {turn_id} are not numbered from 1 to {count}."
    known: dict[str, set[int]] = {}
    for session_id, handle in tx.execute(select(session_pictures.c.session_id, session_pictures.c.handle)):
        known.setdefault(session_id, set()).add(handle)
    shown = tx.execute(
        select(messages.c.pictures, session_turns.c.session_id, session_turns.c.number).join(
            session_turns, session_turns.c.turn_id == messages.c.turn_id
        )
    )
    for handles, session_id, number in shown:
        if missing := set(handles) - known.get(session_id, set()):
            yield f"Turn {number} of session {session_id} shows {spoken(missing)}, which the session does not have."


def _jobs(tx: Connection) -> Iterator[str]:
    picture_amiss = (jobs.c.state == JobState.DONE) != jobs.c.picture_id.is_not(None)
    verdict_amiss = (jobs.c.state == JobState.BLOCKED) != jobs.c.verdict_id.is_not(None)
    chosen = select(jobs.c.id, jobs.c.state, jobs.c.recipe, verdict_amiss).where(or_(picture_amiss, verdict_amiss))
    for job_id, state, recipe, anyway in tx.execute(chosen):
        # Asked here: a server looks into no JSON with a NUL in it, such as a pasted question's.
        if anyway or not _ends_with_words(recipe):
            yield f"Job {job_id} is {state}, which does not fit its picture or verdict."
    rows = tx.execute(select(jobs.c.id).join(previews).where(jobs.c.state != JobState.RUNNING)).scalars()
    for job_id in rows:
        yield f"Job {job_id} has ended or waits, but has a preview."


def _ends_with_words(recipe: Any) -> bool:
    return isinstance(recipe, dict) and recipe.get("operation") == "look"
