"""What the parts of storage share: new ids, the time, and look-ups that fail with a sentence.

Functions here and in `chats`, `shelf`, `queue`, `audit` and `export` take an open connection as `tx` and never begin
or end a transaction; `Library` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, groupby
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, select, update

from storage.errors import NotFound, TurnEnded, UnknownHandle
from storage.records import TurnState
from storage.tables import session_pictures, session_turns, sessions, turns

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]

LARGEST_HANDLE = 2**31 - 1


def new_id() -> str:
    return uuid4().hex


CLOCK = "easel clock"


@dataclass
class Clock:
    """How far the database's clock is ahead of this machine's; a server's connections carry one as `info[CLOCK]`."""

    ahead: timedelta = timedelta()


def now(tx: Connection) -> datetime:
    """The time, as every program on this database tells it."""
    clock: Clock | None = tx.info.get(CLOCK)
    return datetime.now(UTC) + clock.ahead if clock else datetime.now(UTC)


def session_row(tx: Connection, session_id: str) -> AnyRow:
    """The session, whoever owns it."""
    return _found(tx, select(sessions).where(sessions.c.id == session_id), session_id)


def held_session(tx: Connection, session_id: str) -> AnyRow:
    """The session; until the transaction ends, nobody else changes it or what it lists.

    Whatever numbers, adds or ends something in a session calls this before it reads what it decides by.
    """
    chosen = select(sessions).where(sessions.c.id == session_id)
    return _found(tx, chosen.with_for_update(key_share=True), session_id)


def hold_session_of(tx: Connection, found: AnySelect) -> None:
    """Hold, as `held_session` does, the session whose id a query finds first, if any."""
    chosen = select(sessions.c.id).where(sessions.c.id == found.limit(1).scalar_subquery())
    tx.execute(chosen.with_for_update(key_share=True))


def _found(tx: Connection, chosen: AnySelect, session_id: str) -> AnyRow:
    row = tx.execute(chosen).first()
    if row is None:
        raise NotFound(f"There is no session {session_id}.")
    return row


def touch(tx: Connection, session_id: str) -> None:
    """Bring the session to the top of its user's list."""
    tx.execute(update(sessions).where(sessions.c.id == session_id).values(updated=now(tx)))


def running_turn(tx: Connection, turn_id: str, session_id: str | None = None) -> AnyRow:
    """The turn with its number and its session, which is held: a running turn is listed by exactly one.

    Raises:
        NotFound: There is no such turn (its session was deleted), or it is not the session's.
        TurnEnded: It is done, stopped or failed.
    """
    if session_id is None:  # else the caller holds it already
        hold_session_of(tx, select(session_turns.c.session_id).where(session_turns.c.turn_id == turn_id))
    row = tx.execute(
        select(turns, session_turns.c.session_id, session_turns.c.number)
        .join(session_turns, session_turns.c.turn_id == turns.c.id)
        .where(turns.c.id == turn_id)
    ).first()
    if row is None and session_id is None:
        raise NotFound("This session was deleted; nothing was added to it.")
    if row is None or session_id not in (None, row.session_id):
        raise NotFound(f"There is no turn {turn_id} in this session.")
    if row.state != TurnState.RUNNING:
        raise TurnEnded(f"Turn {row.number} has ended ({row.state}); nothing was added to it.")
    return row


def picture_ids(tx: Connection, session_id: str, handles: Sequence[int]) -> list[str]:
    """The ids behind a session's handles, in the order asked.

    Raises:
        UnknownHandle: The session has no picture of one of the numbers.
    """
    if not handles:
        return []
    listed = select(session_pictures.c.handle, session_pictures.c.picture_id).where(
        session_pictures.c.session_id == session_id
    )
    asked = [handle for handle in handles if 0 < handle <= LARGEST_HANDLE]  # what a column can be compared with
    known: dict[int, str] = {
        row.handle: row.picture_id for row in tx.execute(listed.where(session_pictures.c.handle.in_(asked)))
    }
    for handle in handles:
        if handle not in known:
            there = spoken(row.handle for row in tx.execute(listed))
            raise UnknownHandle(f"There is no picture #{handle} in this session; it has {there}.")
    return [known[handle] for handle in handles]


def spoken(handles: Iterable[int]) -> str:
    """Handles as people write them: `#1 to #4, #7`."""
    counter = count()
    runs = [list(run) for _, run in groupby(sorted(handles), key=lambda handle: handle - next(counter))]
    return ", ".join(f"#{run[0]}" if len(run) == 1 else f"#{run[0]} to #{run[-1]}" for run in runs) or "no pictures yet"
