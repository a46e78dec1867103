"""The queue: the jobs table, with leases, fenced attempts and fairness between sessions.

A job is queued, claimed by a worker (running), and ends once: done, blocked, failed or stopped. A claim is a lease. A
worker that stops reporting loses it, the next claim has a higher `attempt`, and whatever the old attempt still sends
is refused. After two attempts the job fails with a reason. A job whose turn has ended, or that was asked to stop,
never becomes a picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from storage.errors import LostLease, NotFound
from storage.records import Job, JobState, NewPicture, Picture, TurnState, Verdict
from storage.rows import AnyRow, held_session, hold_session_of, new_id, now, picture_ids, running_turn
from storage.shelf import add, add_verdict, verdict_of
from storage.tables import jobs, previews, session_pictures, sessions, turns, verdicts

ATTEMPTS = 2
GAVE_UP = "The program that paints stopped twice while making this picture; try again, or ask for a smaller one."

_unwanted = or_(
    jobs.c.stop_requested,
    # Without the first half this would be NULL, neither true nor false, for a job that belongs to no turn.
    and_(jobs.c.turn_id.is_not(None), jobs.c.turn_id.in_(select(turns.c.id).where(turns.c.state != TurnState.RUNNING))),
)


def enqueue(
    tx: Connection,
    session_id: str,
    turn_id: str | None,
    recipe: Mapping[str, Any],
    parents: Sequence[int],
    caption: str,
    key: str,
) -> Job:
    held_session(tx, session_id)
    same = tx.execute(select(jobs.c.id).where(jobs.c.session_id == session_id, jobs.c.key == key)).scalar()
    if same is not None:
        return one(tx, same)
    if turn_id is not None:
        running_turn(tx, turn_id, session_id)
    picture_ids(tx, session_id, parents)
    job_id = new_id()
    tx.execute(
        insert(jobs).values(
            id=job_id,
            session_id=session_id,
            turn_id=turn_id,
            key=key,
            recipe=dict(recipe),
            parents=list(parents),
            caption=caption,
            state=JobState.QUEUED,
            attempt=0,
            progress=0.0,
            progress_text="",
            stop_requested=False,
            fixable=False,
            created=now(tx),
        )
    )
    return one(tx, job_id)


def one(tx: Connection, job_id: str) -> Job:
    row = tx.execute(select(jobs).where(jobs.c.id == job_id)).first()
    if row is None:
        raise NotFound(f"There is no job {job_id}.")
    return Job(
        id=row.id,
        session_id=row.session_id,
        turn_id=row.turn_id,
        recipe=row.recipe,
        parents=tuple(row.parents),
        caption=row.caption,
        state=JobState(row.state),
        attempt=row.attempt,
        created=row.created,
        owner=row.owner,
        lease_until=row.lease_until,
        progress=row.progress,
        progress_text=row.progress_text,
        stop_requested=row.stop_requested,
        error=row.error,
        fixable=row.fixable,
        picture=_handle(tx, row),
        verdict=_verdict(tx, row),
    )


def _handle(tx: Connection, row: AnyRow) -> int | None:
    if row.picture_id is None:
        return None
    return tx.execute(
        select(session_pictures.c.handle).where(
            session_pictures.c.session_id == row.session_id, session_pictures.c.picture_id == row.picture_id
        )
    ).scalar()


def _verdict(tx: Connection, row: AnyRow) -> Verdict | None:
    if row.verdict_id is None:
        return None
    return verdict_of(tx.execute(select(verdicts).where(verdicts.c.id == row.verdict_id)).one())


def something_waits(tx: Connection) -> bool:
    """Whether a claim would have anything to do; a cheap look before taking the writer's place."""
    return tx.execute(select(jobs.c.id).where(_waiting(now(tx))).limit(1)).first() is not None


def claim(tx: Connection, owner: str, lease_seconds: float) -> Job | None:
    moment = now(tx)
    waiting = _waiting(moment)
    _end(tx, _unlocked(and_(waiting, _unwanted)), JobState.STOPPED)
    _end(tx, _unlocked(and_(waiting, jobs.c.attempt >= ATTEMPTS)), JobState.FAILED, error=GAVE_UP)
    row = tx.execute(
        select(jobs.c.id, jobs.c.session_id)
        .join(sessions, sessions.c.id == jobs.c.session_id)
        .where(waiting)
        .order_by(sessions.c.served.asc().nulls_first(), jobs.c.created, jobs.c.id)
        .limit(1)
        .with_for_update(of=[jobs, sessions], skip_locked=True)  # whose session is being written to can wait a moment
    ).first()
    if row is None:
        return None
    _change(
        tx,
        jobs.c.id == row.id,
        state=JobState.RUNNING,
        owner=owner,
        attempt=jobs.c.attempt + 1,
        lease_until=moment + timedelta(seconds=lease_seconds),
        progress=0.0,
        progress_text="",
    )
    tx.execute(update(sessions).where(sessions.c.id == row.session_id).values(served=moment))
    return one(tx, row.id)


def _waiting(moment: datetime) -> ColumnElement[bool]:
    expired = and_(jobs.c.state == JobState.RUNNING, jobs.c.lease_until < moment)
    return or_(jobs.c.state == JobState.QUEUED, expired)


def ahead(tx: Connection, job_id: str) -> int:
    """How many pictures are painted or begun before this one, when nothing else is asked for meanwhile."""
    mine = one(tx, job_id)
    if mine.state != JobState.QUEUED:
        return 0
    rows = tx.execute(
        select(jobs.c.id, jobs.c.session_id)
        .join(sessions, sessions.c.id == jobs.c.session_id)
        .where(jobs.c.state == JobState.QUEUED, ~_unwanted)
        .order_by(sessions.c.served.asc().nulls_first(), jobs.c.created, jobs.c.id)
    ).all()
    lines: dict[str, list[str]] = defaultdict(list)  # the order of the sessions is the order of their turn to be served
    for row in rows:
        lines[row.session_id].append(row.id)
    running = tx.execute(select(func.count()).where(jobs.c.state == JobState.RUNNING)).scalar_one()
    return running + _before(lines, mine)


def _before(lines: Mapping[str, Sequence[str]], mine: Job) -> int:
    """Sessions are served in turn, one job each: count what comes before my place in my session's line."""
    place = lines[mine.session_id].index(mine.id) if mine.id in lines.get(mine.session_id, ()) else 0
    before, served_earlier = 0, True
    for session_id, line in lines.items():
        if session_id == mine.session_id:
            served_earlier = False
            before += place
        else:
            before += min(len(line), place + served_earlier)
    return before


def report(
    tx: Connection, job_id: str, attempt: int, progress: float, text: str, preview: bytes | None, lease_seconds: float
) -> bool:
    row = _current(tx, job_id, attempt)
    tx.execute(
        update(jobs)
        .where(jobs.c.id == job_id)
        .values(progress=progress, progress_text=text, lease_until=now(tx) + timedelta(seconds=lease_seconds))
    )
    if preview is not None:
        tx.execute(delete(previews).where(previews.c.job_id == job_id))
        tx.execute(insert(previews).values(job_id=job_id, data=preview))
    return row.unwanted


def preview(tx: Connection, job_id: str) -> bytes | None:
    return tx.execute(select(previews.c.data).where(previews.c.job_id == job_id)).scalar()


def complete(tx: Connection, job_id: str, attempt: int, new: NewPicture) -> Picture | None:
    """Save the picture, or, when nobody wants it any more, end the job as stopped and give None."""
    hold_session_of(tx, select(jobs.c.session_id).where(jobs.c.id == job_id))  # before the job, as everywhere
    row = _current(tx, job_id, attempt)
    if row.unwanted:
        _end(tx, jobs.c.id == job_id, JobState.STOPPED)
        return None
    picture = add(tx, row.session_id, row.turn_id, replace(new, parents=tuple(row.parents)))
    _end(tx, jobs.c.id == job_id, JobState.DONE, picture_id=picture.id, progress=1.0)
    return picture


def block(tx: Connection, job_id: str, attempt: int, verdict: Verdict) -> None:
    row = _current(tx, job_id, attempt)
    verdict_id = add_verdict(tx, row.session_id, row.turn_id, verdict, row.caption)
    _end(tx, jobs.c.id == job_id, JobState.BLOCKED, verdict_id=verdict_id)


def fail(tx: Connection, job_id: str, attempt: int, error: str, fixable: bool) -> None:
    _current(tx, job_id, attempt)
    _end(tx, jobs.c.id == job_id, JobState.FAILED, error=error, fixable=fixable)


def stopped(tx: Connection, job_id: str, attempt: int) -> None:
    _current(tx, job_id, attempt)
    _end(tx, jobs.c.id == job_id, JobState.STOPPED)


def request_stop(tx: Connection, job_id: str) -> None:
    one(tx, job_id)
    _stop(tx, jobs.c.id == job_id)


def stop_jobs_of_turn(tx: Connection, turn_id: str) -> None:
    _stop(tx, jobs.c.turn_id == turn_id)


def _stop(tx: Connection, which: ColumnElement[bool]) -> None:
    _end(tx, and_(which, _waiting(now(tx))), JobState.STOPPED)
    tx.execute(update(jobs).where(which, jobs.c.state == JobState.RUNNING).values(stop_requested=True))


def release(tx: Connection, owner: str) -> None:
    held = and_(jobs.c.state == JobState.RUNNING, jobs.c.owner == owner)
    _end(tx, and_(held, _unwanted), JobState.STOPPED)
    _end(tx, and_(held, jobs.c.attempt >= ATTEMPTS), JobState.FAILED, error=GAVE_UP)
    _change(tx, held, state=JobState.QUEUED, owner=None, lease_until=None)


def _current(tx: Connection, job_id: str, attempt: int) -> AnyRow:
    """The job, if this attempt still holds it; until the transaction ends, it does."""
    row = tx.execute(
        select(jobs, _unwanted.label("unwanted"))
        .where(jobs.c.id == job_id, jobs.c.attempt == attempt, jobs.c.state == JobState.RUNNING)
        .with_for_update(of=jobs)
    ).first()
    if row is None:
        raise LostLease(f"Attempt {attempt} no longer holds job {job_id}; nothing of it was saved.")
    return row


def _end(tx: Connection, which: ColumnElement[bool], state: JobState, **values: Any) -> None:
    _change(tx, which, state=state, finished=now(tx), lease_until=None, **values)


def _change(tx: Connection, which: ColumnElement[bool], **values: Any) -> None:
    """Change jobs that cease to run, or begin to, and drop their previews: of the same jobs, whatever others do."""
    changed = tx.execute(update(jobs).where(which).values(**values).returning(jobs.c.id)).scalars().all()
    if changed:
        tx.execute(delete(previews).where(previews.c.job_id.in_(changed)))


def _unlocked(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Those of the jobs that nobody is changing this instant, on databases where several programs write at once."""
    return jobs.c.id.in_(select(jobs.c.id).where(which).with_for_update(skip_locked=True))
