"""Users, sessions, turns and messages.

A session lists its turns; a branch lists the same turns up to one of them and goes on by itself. A turn runs, takes
messages, and ends once; then it never changes. A session runs one turn at a time. A running turn names its owner (the
presence of the program that runs it): when that program dies, the turn is found and closed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, literal, or_, select, update

from storage.errors import NotFound, TurnEnded, TurnRunning
from storage.queue import stop_jobs_of_turn
from storage.records import SELECTED, Activity, Feedback, Message, Session, ToolCall, Turn, TurnState, User, title_of
from storage.rows import AnyRow, held_session, new_id, now, picture_ids, running_turn, session_row, touch
from storage.shelf import drop_unlisted
from storage.tables import (
    feedback,
    jobs,
    messages,
    session_pictures,
    session_turns,
    sessions,
    tool_calls,
    turns,
    users,
)

INTERRUPTED = "Easel was closed before this turn had finished; what was saved until then is here."

Alive = Callable[[str], bool]
"""Whether the program of that presence still runs."""


def user_named(tx: Connection, name: str) -> User | None:
    row = tx.execute(select(users.c.id, users.c.name).where(users.c.name == name)).first()
    return None if row is None else User(id=row.id, name=row.name)


def create_user(tx: Connection, name: str) -> User:
    if (known := user_named(tx, name)) is not None:
        return known
    user = User(id=new_id(), name=name)
    tx.execute(insert(users).values(id=user.id, name=user.name, created=now(tx)))
    return user


def create_session(tx: Connection, user_id: str, title: str, session_id: str | None) -> Session:
    if tx.execute(select(users.c.id).where(users.c.id == user_id)).first() is None:
        raise NotFound(f"There is no user {user_id}.")
    if session_id is not None and _exists(tx, session_id):
        return session(tx, user_id, session_id)
    moment = now(tx)
    session_id = session_id or new_id()
    tx.execute(
        insert(sessions).values(
            id=session_id,
            user_id=user_id,
            title=title,
            created=moment,
            updated=moment,
            settings={},
            next_handle=1,
        )
    )
    return session(tx, user_id, session_id)


def _exists(tx: Connection, session_id: str) -> bool:
    return tx.execute(select(sessions.c.id).where(sessions.c.id == session_id)).first() is not None


def session(tx: Connection, user_id: str, session_id: str) -> Session:
    row = session_row(tx, session_id)
    if row.user_id != user_id:
        raise NotFound(f"There is no session {session_id}.")
    return _session(row)


def _session(row: AnyRow) -> Session:
    return Session(
        id=row.id,
        user_id=row.user_id,
        title=row.title,
        created=row.created,
        updated=row.updated,
        settings=row.settings,
        branched_from=row.branched_from,
    )


SEARCHED_CHARS = 200
"""Of a longer search the rest is left out: no database compares any length."""


def sessions_of(tx: Connection, user_id: str, search: str, limit: int, before: datetime | None) -> list[Session]:
    chosen = select(sessions).where(sessions.c.user_id == user_id)
    if before is not None:
        chosen = chosen.where(sessions.c.updated < before)
    for word in search[:SEARCHED_CHARS].split():
        said = (
            select(messages.c.id)
            .join(session_turns, session_turns.c.turn_id == messages.c.turn_id)
            .where(session_turns.c.session_id == sessions.c.id, messages.c.role != "tool")  # those nobody sees
            .where(messages.c.text.icontains(word, autoescape=True))
        )
        chosen = chosen.where(or_(sessions.c.title.icontains(word, autoescape=True), said.exists()))
    rows = tx.execute(chosen.order_by(sessions.c.updated.desc(), sessions.c.id).limit(limit))
    return [_session(row) for row in rows]


def rename_session(tx: Connection, user_id: str, session_id: str, title: str) -> Session:
    session(tx, user_id, session_id)
    tx.execute(update(sessions).where(sessions.c.id == session_id).values(title=title))
    return session(tx, user_id, session_id)


def update_settings(tx: Connection, user_id: str, session_id: str, changes: Mapping[str, Any]) -> Session:
    held_session(tx, session_id)
    merged = {**session(tx, user_id, session_id).settings, **changes}
    kept = {name: value for name, value in merged.items() if value is not None}
    tx.execute(update(sessions).where(sessions.c.id == session_id).values(settings=kept))
    return session(tx, user_id, session_id)


def delete_session(tx: Connection, user_id: str, session_id: str) -> None:
    session(tx, user_id, session_id)
    tx.execute(delete(jobs).where(jobs.c.session_id == session_id))  # first: they point to pictures and verdicts
    tx.execute(delete(sessions).where(sessions.c.id == session_id))
    drop_unlisted(tx)


def drop_empty_session(tx: Connection, user_id: str, session_id: str) -> bool:
    held_session(tx, session_id)
    session(tx, user_id, session_id)
    for listing in (session_turns, session_pictures):
        if tx.execute(select(listing.c.session_id).where(listing.c.session_id == session_id).limit(1)).first():
            return False
    tx.execute(delete(sessions).where(sessions.c.id == session_id))
    return True


def branch(tx: Connection, user_id: str, turn_id: str, title: str) -> Session:
    origin = tx.execute(
        select(sessions, session_turns.c.number, turns.c.state)
        .join(session_turns, session_turns.c.session_id == sessions.c.id)
        .join(turns, turns.c.id == session_turns.c.turn_id)
        .where(turns.c.id == turn_id, sessions.c.user_id == user_id)
        .order_by(sessions.c.created, sessions.c.id)
        .limit(1)
    ).first()
    if origin is None:
        raise NotFound(f"There is no turn {turn_id}.")
    if origin.state == TurnState.RUNNING:
        raise TurnRunning(f"Turn {origin.number} is still running; wait until it has ended, or stop it, then branch.")
    new = create_session(tx, user_id, title or origin.title, None)
    _inherit(tx, origin, new.id)
    settings = {name: value for name, value in origin.settings.items() if name != SELECTED}  # it may not be there
    last = tx.execute(
        select(func.coalesce(func.max(session_pictures.c.handle), 0)).where(session_pictures.c.session_id == new.id)
    ).scalar_one()
    tx.execute(
        update(sessions)
        .where(sessions.c.id == new.id)
        .values(branched_from=turn_id, settings=settings, next_handle=last + 1)
    )
    return session(tx, user_id, new.id)


def _inherit(tx: Connection, origin: AnyRow, new_session_id: str) -> None:
    """List the origin's turns and pictures, up to its row's turn number, in the new session too."""
    for listing, limit in (
        (session_turns, session_turns.c.number),
        (session_pictures, session_pictures.c.turn_number),
    ):
        columns = [column for column in listing.c if column.name != "session_id"]
        inherited = select(literal(new_session_id), *columns).where(
            listing.c.session_id == origin.id, limit <= origin.number
        )
        tx.execute(insert(listing).from_select(["session_id", *(column.name for column in columns)], inherited))


def begin_turn(tx: Connection, session_id: str, text: str, owner: str, alive: Alive, turn_id: str | None) -> Turn:
    held_session(tx, session_id)
    turn_id = turn_id or new_id()
    if tx.execute(select(turns.c.id).where(turns.c.id == turn_id)).first() is not None:
        raise TurnEnded("That was sent already; nothing was begun twice.")
    for row in _running(tx, session_id):
        if row.owner is not None and alive(row.owner):
            raise TurnRunning(f"The session is still busy with turn {row.number}; wait until it has ended, or stop it.")
        _close(tx, row.id, TurnState.FAILED, INTERRUPTED)
    number = tx.execute(
        select(func.coalesce(func.max(session_turns.c.number), 0) + 1).where(session_turns.c.session_id == session_id)
    ).scalar_one()
    tx.execute(insert(turns).values(id=turn_id, state=TurnState.RUNNING, created=now(tx), owner=owner))
    tx.execute(insert(session_turns).values(session_id=session_id, number=number, turn_id=turn_id))
    if (title := title_of(text)) and _may_be_called(tx, session_id, number):
        tx.execute(update(sessions).where(sessions.c.id == session_id).values(title=title))
    append(tx, turn_id, [Message(role="person", text=text)])
    return turns_of(tx, session_id, turn_id)[0]


def _may_be_called(tx: Connection, session_id: str, number: int) -> bool:
    """Whether a session's title is for its turn of this number to give: nobody has named it, and nothing is painted."""
    title = session_row(tx, session_id).title
    if not title:
        return True
    listed = select(session_pictures.c.handle).where(session_pictures.c.session_id == session_id).limit(1)
    if tx.execute(listed).first() is not None:
        return False
    before = (
        select(messages.c.text)
        .join(session_turns, session_turns.c.turn_id == messages.c.turn_id)
        .where(session_turns.c.session_id == session_id, session_turns.c.number == number - 1)
        .where(messages.c.position == 1)
    )
    text = tx.execute(before).scalar()
    return text is not None and title == title_of(text)


def append(tx: Connection, turn_id: str, new: Sequence[Message]) -> list[Message]:
    return _append(tx, running_turn(tx, turn_id).session_id, turn_id, new)


def append_late(tx: Connection, session_id: str, turn_id: str, new: Sequence[Message]) -> list[Message]:
    held_session(tx, session_id)
    return _append(tx, session_id, turn_id, new)


def _append(tx: Connection, session_id: str, turn_id: str, new: Sequence[Message]) -> list[Message]:
    last = tx.execute(
        select(func.coalesce(func.max(messages.c.position), 0)).where(messages.c.turn_id == turn_id)
    ).scalar_one()
    for position, message in enumerate(new, start=last + 1):
        picture_ids(tx, session_id, message.pictures)
        _insert_message(tx, turn_id, position, message)
    touch(tx, session_id)
    return messages_of(tx, session_id, turn_id)[last:]


def _insert_message(tx: Connection, turn_id: str, position: int, message: Message) -> None:
    message_id = message.id or new_id()
    tx.execute(
        insert(messages).values(
            id=message_id,
            turn_id=turn_id,
            position=position,
            role=message.role,
            text=message.text,
            tool_call_id=message.tool_call_id,
            pictures=list(message.pictures),
            created=now(tx),
        )
    )
    for call_position, call in enumerate(message.tool_calls):
        tx.execute(
            insert(tool_calls).values(
                message_id=message_id, position=call_position, call_id=call.id, name=call.name, args=dict(call.args)
            )
        )


def finish_turn(
    tx: Connection, turn_id: str, state: TurnState, error: str | None, last_messages: Sequence[Message]
) -> Turn:
    turn = running_turn(tx, turn_id)
    append(tx, turn_id, last_messages)
    _close(tx, turn_id, state, error)
    return turns_of(tx, turn.session_id, turn_id)[0]


def _close(tx: Connection, turn_id: str, state: TurnState, error: str | None) -> None:
    stop_jobs_of_turn(tx, turn_id)
    tx.execute(
        update(turns).where(turns.c.id == turn_id).values(state=state, finished=now(tx), error=error, owner=None)
    )


def interrupted(tx: Connection, alive: Alive) -> list[Turn]:
    """Running turns whose program is gone."""
    dead = [row for row in _running(tx) if row.owner is None or not alive(row.owner)]
    return [turns_of(tx, row.session_id, row.id)[0] for row in dead]


def close_interrupted(tx: Connection, alive: Alive) -> list[Turn]:
    found = interrupted(tx, alive)
    for turn in found:
        _close(tx, turn.id, TurnState.FAILED, INTERRUPTED)
    return [turns_of(tx, turn.session_id, turn.id)[0] for turn in found]


def _running(tx: Connection, session_id: str | None = None) -> Sequence[AnyRow]:
    chosen = (
        select(turns.c.id, turns.c.owner, session_turns.c.session_id, session_turns.c.number)
        .join(session_turns, session_turns.c.turn_id == turns.c.id)
        .where(turns.c.state == TurnState.RUNNING)
    )
    if session_id is not None:
        chosen = chosen.where(session_turns.c.session_id == session_id)
    return tx.execute(chosen.order_by(turns.c.created, turns.c.id)).all()


def is_running(tx: Connection, turn_id: str) -> bool:
    return tx.execute(select(turns.c.state).where(turns.c.id == turn_id)).scalar() == TurnState.RUNNING


def activity(tx: Connection, session_ids: Collection[str]) -> dict[str, Activity]:
    running = select(session_turns.c.session_id).join(turns, turns.c.id == session_turns.c.turn_id)
    running = running.where(turns.c.state == TurnState.RUNNING, session_turns.c.session_id.in_(session_ids))
    busy = set(tx.execute(running).scalars())
    rows = tx.execute(select(sessions.c.id, sessions.c.updated).where(sessions.c.id.in_(session_ids)))
    return {row.id: Activity(row.updated, row.id in busy) for row in rows}


def turns_of(tx: Connection, session_id: str, turn_id: str | None = None) -> list[Turn]:
    chosen = (
        select(turns, session_turns.c.number)
        .join(session_turns, session_turns.c.turn_id == turns.c.id)
        .where(session_turns.c.session_id == session_id)
        .order_by(session_turns.c.number)
    )
    if turn_id is not None:
        chosen = chosen.where(turns.c.id == turn_id)
    return [
        Turn(
            id=row.id,
            session_id=session_id,
            number=row.number,
            state=TurnState(row.state),
            created=row.created,
            finished=row.finished,
            error=row.error,
        )
        for row in tx.execute(chosen)
    ]


def messages_of(tx: Connection, session_id: str, turn_id: str | None = None) -> list[Message]:
    its_turns = [session_turns.c.session_id == session_id]
    if turn_id is not None:
        its_turns.append(session_turns.c.turn_id == turn_id)
    listed = and_(*its_turns)
    rows = tx.execute(
        select(messages)
        .join(session_turns, session_turns.c.turn_id == messages.c.turn_id)
        .where(listed)
        .order_by(session_turns.c.number, messages.c.position)
    ).all()
    calls = _calls_by_message(
        tx.execute(
            select(tool_calls)
            .join(messages, messages.c.id == tool_calls.c.message_id)
            .join(session_turns, session_turns.c.turn_id == messages.c.turn_id)
            .where(listed)
            .order_by(tool_calls.c.position)
        )
    )
    return [
        Message(
            role=row.role,
            text=row.text,
            tool_calls=tuple(calls[row.id]),
            tool_call_id=row.tool_call_id,
            pictures=tuple(row.pictures),
            id=row.id,
            turn_id=row.turn_id,
            position=row.position,
            created=row.created,
        )
        for row in rows
    ]


def _calls_by_message(rows: Iterable[AnyRow]) -> Mapping[str, list[ToolCall]]:
    calls: dict[str, list[ToolCall]] = defaultdict(list)
    for row in rows:
        calls[row.message_id].append(ToolCall(id=row.call_id, name=row.name, args=row.args))
    return calls


def upsert_feedback(tx: Connection, new: Feedback) -> Feedback:
    held_session(tx, new.session_id)
    values: dict[str, Any] = {"target_id": new.target_id, "value": new.value, "comment": new.comment}
    if not tx.execute(update(feedback).where(_thumb(new.session_id, new.target_id)).values(**values)).rowcount:
        tx.execute(insert(feedback).values(id=new_id(), session_id=new.session_id, created=now(tx), **values))
    return next(thumb for thumb in feedback_of(tx, new.session_id) if thumb.target_id == new.target_id)


def delete_feedback(tx: Connection, session_id: str, target_id: str) -> None:
    if not tx.execute(delete(feedback).where(_thumb(session_id, target_id))).rowcount:
        raise NotFound(f"There is no feedback on {target_id}.")


def _thumb(session_id: str, target_id: str) -> ColumnElement[bool]:
    return and_(feedback.c.session_id == session_id, feedback.c.target_id == target_id)


def feedback_of(tx: Connection, session_id: str) -> list[Feedback]:
    rows = tx.execute(
        select(feedback).where(feedback.c.session_id == session_id).order_by(feedback.c.created, feedback.c.id)
    )
    return [
        Feedback(id=row.id, session_id=row.session_id, target_id=row.target_id, value=row.value, comment=row.comment)
        for row in rows
    ]
