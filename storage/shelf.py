"""Pictures, their bytes and their verdicts.

Bytes are kept once under their SHA-256 and checked against it on every read. Listing pictures never touches bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, literal, or_, select, update

from storage.errors import Damaged, NotFound
from storage.records import NewPicture, Picture, TurnState, Verdict
from storage.rows import AnyRow, AnySelect, held_session, new_id, now, picture_ids, running_turn, session_row
from storage.tables import (
    blobs,
    picture_parents,
    pictures,
    session_pictures,
    session_turns,
    sessions,
    thumbnails,
    turns,
    verdicts,
)


def add(tx: Connection, session_id: str, turn_id: str | None, new: NewPicture) -> Picture:
    """Store a picture as `keep` does, and read it as it is listed."""
    _, handle = keep(tx, session_id, turn_id, new)
    return one(tx, session_id, handle)


def keep(tx: Connection, session_id: str, turn_id: str | None, new: NewPicture) -> tuple[str, int]:
    """Store a picture with bytes, thumbnail, parents and verdicts; gives its id and its handle, the session's next."""
    session = held_session(tx, session_id)
    turn_number = _turn_number(tx, session_id, turn_id)
    parents = picture_ids(tx, session_id, new.parents)
    picture_id, handle = new_id(), session.next_handle
    tx.execute(
        insert(pictures).values(
            id=picture_id,
            turn_id=turn_id,
            sha256=_kept_bytes(tx, new.data, new.thumbnail),
            media_type=new.media_type,
            width=new.width,
            height=new.height,
            recipe=dict(new.recipe),
            caption=new.caption,
            shows=new.shows,
            created=now(tx),
        )
    )
    tx.execute(
        insert(session_pictures).values(
            session_id=session_id, handle=handle, picture_id=picture_id, turn_number=turn_number
        )
    )
    for position, parent_id in enumerate(parents):
        tx.execute(insert(picture_parents).values(picture_id=picture_id, position=position, parent_id=parent_id))
    for verdict in new.verdicts:
        add_verdict(tx, session_id, turn_id, verdict, new.caption, picture_id)
    tx.execute(update(sessions).where(sessions.c.id == session_id).values(next_handle=handle + 1, updated=now(tx)))
    return picture_id, handle


def _turn_number(tx: Connection, session_id: str, turn_id: str | None) -> int:
    """The turn that a new picture goes with when someone branches.

    An upload between turns goes with the next one, so that what a turn of any session inherits is the same however
    it is reached.
    """
    if turn_id is not None:
        return running_turn(tx, turn_id, session_id).number
    last = tx.execute(
        select(session_turns.c.number, turns.c.state)
        .join(turns, turns.c.id == session_turns.c.turn_id)
        .where(session_turns.c.session_id == session_id)
        .order_by(session_turns.c.number.desc())
        .limit(1)
    ).first()
    if last is None:
        return 1
    return last.number if last.state == TurnState.RUNNING else last.number + 1


def _kept_bytes(tx: Connection, data: bytes, thumbnail: bytes) -> str:
    digest = sha256(data).hexdigest()
    if tx.execute(select(blobs.c.sha256).where(blobs.c.sha256 == digest)).first() is None:
        tx.execute(insert(blobs).values(sha256=digest, size=len(data), data=data))
        tx.execute(insert(thumbnails).values(sha256=digest, digest=sha256(thumbnail).hexdigest(), data=thumbnail))
    return digest


def pixels(tx: Connection, digest: str) -> bytes:
    data = tx.execute(select(blobs.c.data).where(blobs.c.sha256 == digest)).scalar()
    return _checked(data, digest, digest, "picture")


def thumbnail(tx: Connection, digest: str) -> bytes:
    row = tx.execute(select(thumbnails.c.data, thumbnails.c.digest).where(thumbnails.c.sha256 == digest)).first()
    return _checked(row.data if row else None, row.digest if row else "", digest, "thumbnail")


def _checked(data: bytes | None, expected: str, digest: str, what: str) -> bytes:
    if data is None:
        raise NotFound(f"There is no {what} with the SHA-256 {digest}.")
    if sha256(data).hexdigest() != expected:
        raise Damaged(f"The {what} with the SHA-256 {digest} is damaged on the disk; restore a backup.")
    return data


def of_session(tx: Connection, session_id: str) -> list[Picture]:
    return _read(tx, _Reading.of(_listed().where(session_pictures.c.session_id == session_id)))


def count_shared(tx: Connection, session_id: str) -> int:
    mine = select(session_pictures.c.picture_id).where(session_pictures.c.session_id == session_id)
    others = session_pictures.c.session_id != session_id, session_pictures.c.picture_id.in_(mine)
    return tx.execute(select(func.count(session_pictures.c.picture_id.distinct())).where(*others)).scalar_one()


def one(tx: Connection, session_id: str, handle: int) -> Picture:
    (picture_id,) = picture_ids(tx, session_id, [handle])
    return _read(tx, _ONE, {"session_id": session_id, "picture_id": picture_id})[0]


def ancestors(tx: Connection, session_id: str, handle: int) -> list[Picture]:
    """The picture and all that it was made from, each once, by handle: parents come before what was made from them."""
    (picture_id,) = picture_ids(tx, session_id, [handle])
    line = select(literal(picture_id).label("id")).cte("line", recursive=True)
    line = line.union(select(picture_parents.c.parent_id).where(picture_parents.c.picture_id == line.c.id))
    here = session_pictures.c.session_id == session_id, session_pictures.c.picture_id.in_(select(line.c.id))
    return _read(tx, _Reading.of(_listed().where(*here)))


def by_id(tx: Connection, user_id: str, picture_id: str) -> Picture:
    """The picture as the user's oldest session that shows it lists it."""
    row = tx.execute(
        select(session_pictures.c.session_id, session_pictures.c.handle)
        .join(sessions, sessions.c.id == session_pictures.c.session_id)
        .where(session_pictures.c.picture_id == picture_id, sessions.c.user_id == user_id)
        .order_by(sessions.c.created, sessions.c.id)
        .limit(1)
    ).first()
    if row is None:
        raise NotFound(f"There is no picture {picture_id}.")
    return one(tx, row.session_id, row.handle)


def newest(tx: Connection, user_id: str, limit: int, words: Sequence[str] = ()) -> list[Picture]:
    """The user's pictures over all sessions, the newest first; one in several branches as the oldest lists it."""
    about = pictures.c.caption + " " + pictures.c.shows
    rows = tx.execute(
        select(session_pictures.c.session_id, session_pictures.c.handle, pictures.c.id)
        .join(pictures, pictures.c.id == session_pictures.c.picture_id)
        .join(sessions, sessions.c.id == session_pictures.c.session_id)
        .where(sessions.c.user_id == user_id, *(about.icontains(word, autoescape=True) for word in words))
        .order_by(pictures.c.created.desc(), pictures.c.id, sessions.c.created, sessions.c.id)
    )
    places: dict[str, tuple[str, int]] = {}
    for row in rows:
        if len(places) == limit:
            break
        places.setdefault(row.id, (row.session_id, row.handle))
    by_session: dict[str, list[int]] = defaultdict(list)
    for session_id, handle in places.values():
        by_session[session_id].append(handle)
    found: dict[tuple[str, int], Picture] = {}
    for session_id, handles in by_session.items():
        here = session_pictures.c.session_id == session_id, session_pictures.c.handle.in_(handles)
        found.update(
            {(session_id, picture.handle): picture for picture in _read(tx, _Reading.of(_listed().where(*here)))}
        )
    return [found[place] for place in places.values()]


def _listed() -> AnySelect:
    return select(session_pictures.c.session_id, session_pictures.c.handle, session_pictures.c.picture_id)


@dataclass(frozen=True)
class _Reading:
    """The statements that read pictures, however many there are."""

    pictures: AnySelect
    parents: AnySelect
    verdicts: AnySelect

    @staticmethod
    def of(listed: AnySelect) -> _Reading:
        places, parent = listed.cte("places"), session_pictures.alias("parent")
        here = and_(parent.c.picture_id == picture_parents.c.parent_id, parent.c.session_id == places.c.session_id)
        return _Reading(
            select(places.c.session_id, places.c.handle, pictures)
            .join(pictures, pictures.c.id == places.c.picture_id)
            .order_by(places.c.session_id, places.c.handle),
            select(places.c.session_id, places.c.picture_id, parent.c.handle)
            .join(picture_parents, picture_parents.c.picture_id == places.c.picture_id)
            .join(parent, here)
            .order_by(picture_parents.c.position),
            select(verdicts)
            .where(verdicts.c.picture_id.in_(select(places.c.picture_id)))
            .order_by(verdicts.c.created, verdicts.c.id),
        )


# Asked for every picture; to build such statements takes longer than to run them.
_ONE = _Reading.of(
    _listed().where(
        session_pictures.c.session_id == bindparam("session_id"),
        session_pictures.c.picture_id == bindparam("picture_id"),
    )
)


def _read(tx: Connection, reading: _Reading, values: Mapping[str, Any] | None = None) -> list[Picture]:
    """Pictures by handle; `values` are those that the statements leave open."""
    parents: dict[tuple[str, str], list[int]] = defaultdict(list)
    for session_id, picture_id, handle in tx.execute(reading.parents, values):
        parents[session_id, picture_id].append(handle)
    judged: dict[str, list[Verdict]] = defaultdict(list)
    for row in tx.execute(reading.verdicts, values):
        judged[row.picture_id].append(verdict_of(row))
    return [
        Picture(
            id=row.id,
            session_id=row.session_id,
            turn_id=row.turn_id,
            handle=row.handle,
            sha256=row.sha256,
            width=row.width,
            height=row.height,
            media_type=row.media_type,
            recipe=row.recipe,
            parents=tuple(parents[row.session_id, row.id]),
            caption=row.caption,
            created=row.created,
            verdicts=tuple(judged[row.id]),
            shows=row.shows,
        )
        for row in tx.execute(reading.pictures, values)
    ]


def add_verdict(
    tx: Connection,
    session_id: str,
    turn_id: str | None,
    verdict: Verdict,
    subject: str,
    picture_id: str | None = None,
) -> str:
    """Store a verdict with its picture, else its turn, else its session, whichever a branch would inherit."""
    verdict_id = new_id()
    anchored = picture_id is not None or turn_id is not None
    tx.execute(
        insert(verdicts).values(
            id=verdict_id,
            session_id=None if anchored else session_id,
            turn_id=turn_id,
            picture_id=picture_id,
            action=verdict.action,
            stage=verdict.stage,
            category=verdict.category,
            score=verdict.score,
            rule=verdict.rule,
            reason=verdict.reason,
            rewording=verdict.rewording,
            subject=subject,
            created=now(tx),
        )
    )
    return verdict_id


def add_verdict_alone(tx: Connection, session_id: str, turn_id: str | None, verdict: Verdict, subject: str) -> None:
    """Store a verdict without a picture, once its session and turn are known to exist."""
    session_row(tx, session_id)
    listed = (session_turns.c.session_id == session_id, session_turns.c.turn_id == turn_id)
    if turn_id is not None and tx.execute(select(session_turns.c.number).where(*listed)).first() is None:
        raise NotFound(f"There is no turn {turn_id} in this session.")
    add_verdict(tx, session_id, turn_id, verdict, subject)


def verdicts_of(tx: Connection, session_id: str) -> list[Verdict]:
    """Every decision of the session, inherited ones included, in order of time."""
    its_turns = select(session_turns.c.turn_id).where(session_turns.c.session_id == session_id)
    its_pictures = select(session_pictures.c.picture_id).where(session_pictures.c.session_id == session_id)
    rows = tx.execute(
        select(verdicts)
        .where(
            or_(
                verdicts.c.session_id == session_id,
                verdicts.c.turn_id.in_(its_turns),
                verdicts.c.picture_id.in_(its_pictures),
            )
        )
        .order_by(verdicts.c.created, verdicts.c.id)
    )
    return [verdict_of(row) for row in rows]


def verdict_of(row: AnyRow) -> Verdict:
    return Verdict(
        action=row.action,
        stage=row.stage,
        category=row.category,
        score=row.score,
        rule=row.rule,
        reason=row.reason,
        rewording=row.rewording,
    )


def drop_unlisted(tx: Connection) -> None:
    """Delete what no session lists any more: turns with their messages, pictures, and bytes without a picture.

    What points to something goes before it: a server looks at references while a statement still deletes.
    """
    listed_picture = select(session_pictures.c.picture_id).where(session_pictures.c.picture_id == pictures.c.id)
    unlisted = select(pictures.c.id).where(~listed_picture.exists())
    tx.execute(delete(picture_parents).where(picture_parents.c.picture_id.in_(unlisted)))
    tx.execute(delete(pictures).where(~listed_picture.exists()))
    listed_turn = select(session_turns.c.turn_id).where(session_turns.c.turn_id == turns.c.id)
    tx.execute(delete(turns).where(~listed_turn.exists()))
    used = select(pictures.c.id).where(pictures.c.sha256 == blobs.c.sha256)
    tx.execute(delete(blobs).where(~used.exists()))
