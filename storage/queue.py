"""The queue: the jobs table, with leases, fenced attempts and fairness between sessions.

A job is queued, claimed by a worker (running), and ends once: done, blocked, failed or stopped. A claim is a lease. A
worker that stops reporting loses it, the next claim has a higher `attempt`, and whatever the old attempt still sends
is refused. After two attempts the job fails with a reason. A job whose turn has ended, or that was asked to stop,
never becomes a picture.

Sessions are served in turn, and each session's jobs in their order. A worker may prefer a job whose model it has
loaded, so that two people with different models do not have gigabytes swapped for every picture; whoever is passed
over for that is passed over `PASSES` times at most. Jobs that one pass of the worker makes together count as one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice, zip_longest
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.errors import LostLease, NotFound
from storage.records import Job, JobState, NewPicture, TurnState, Verdict
from storage.rows import AnyRow, AnySelect, held_session, hold_session_of, new_id, now, picture_ids, running_turn
from storage.shelf import add_verdict, keep, verdict_of
from storage.tables import jobs, previews, session_pictures, sessions, turns, verdicts

ATTEMPTS = 2
PASSES = 4
"""How often a waiting job may be passed over because another one's model is loaded. Between two people with different
models at least five passes then share a swap of gigabytes, and nobody waits for more than four. Passes are counted and
not seconds, so that the bound is the same for slow models and quick ones, and a place in the line can be told."""
GAVE_UP = (
    "The program that paints stopped twice while making this picture; see with `easel doctor` whether the disk is "
    "full, or ask for a smaller one."
)

# By the job's own turn: every report asks it, and a list of all turns that ever ended would be read each time.
_unwanted = or_(
    jobs.c.stop_requested,
    select(turns.c.id).where(turns.c.id == jobs.c.turn_id, turns.c.state != TurnState.RUNNING).correlate(jobs).exists(),
)


def enqueue(
    tx: Connection,
    session_id: str,
    turn_id: str | None,
    recipes: Sequence[Mapping[str, Any]],
    parents: Sequence[int],
    caption: str,
    key: str,
    judged: Sequence[tuple[Verdict, str]] = (),
) -> list[Job]:
    held_session(tx, session_id)
    keys = [f"{key}/{number}" for number in range(len(recipes))]
    known = dict(
        tx.execute(select(jobs.c.key, jobs.c.id).where(jobs.c.session_id == session_id, jobs.c.key.in_(keys))).all()
    )
    new = [(name, recipe) for name, recipe in zip(keys, recipes, strict=True) if name not in known]
    if new:
        if turn_id is not None:
            running_turn(tx, turn_id, session_id)
        picture_ids(tx, session_id, parents)
        for verdict, subject in judged:
            add_verdict(tx, session_id, turn_id, verdict, subject)
    moment = now(tx)
    for number, (name, recipe) in enumerate(new):
        known[name] = new_id()
        tx.execute(
            insert(jobs).values(
                id=known[name],
                session_id=session_id,
                turn_id=turn_id,
                key=name,
                recipe=dict(recipe),
                parents=list(parents),
                caption=caption,
                state=JobState.QUEUED,
                attempt=0,
                progress=0.0,
                progress_text="",
                stop_requested=False,
                fixable=False,
                created=moment + number * timedelta(microseconds=1),  # they are served in this order
            )
        )
    return [one(tx, known[name]) for name in keys]


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
    return tx.execute(_ANY, {"moment": now(tx)}).first() is not None


Able = Callable[[Mapping[str, Any]], bool]
"""Whether a worker can make what a recipe says."""


def _anything(_recipe: Mapping[str, Any]) -> bool:
    return True


def something_fits(tx: Connection, able: Able) -> bool:
    """Whether a claim would have anything to do for a worker that is not able to make everything."""
    moment = {"moment": now(tx)}
    past_help = tx.execute(_ANY_PAST_HELP, moment).first()
    return past_help is not None or any(able(row.recipe) for row in tx.execute(_HEADS, moment))


def claim(
    tx: Connection, owner: str, lease_seconds: float, warm: Collection[str] = (), able: Able = _anything
) -> Job | None:
    moment = now(tx)
    waiting = _waiting(moment)
    if tx.execute(_ANY_PAST_HELP, {"moment": moment}).first():
        _end(tx, _unlocked(and_(waiting, _unwanted)), JobState.STOPPED)
        _end(tx, _unlocked(and_(waiting, jobs.c.attempt >= ATTEMPTS)), JobState.FAILED, error=GAVE_UP)
    heads = [_Waiter(*row) for row in tx.execute(_HEADS, {"moment": moment}) if able(row.recipe)]
    while heads:
        place = _next(heads, warm)
        if _hold(tx, heads[place], waiting):
            if place:
                over = _unlocked(jobs.c.id.in_([head.id for head in heads[:place]]))
                tx.execute(update(jobs).where(over).values(passed=jobs.c.passed + 1))
            return _take(tx, heads[place], owner, lease_seconds)
        del heads[place]
    return None


def _hold(tx: Connection, waiter: _Waiter, waiting: ColumnElement[bool]) -> bool:
    """Keep others from changing a waiting job and its session until the transaction ends.

    False where somebody is writing to them this instant: it can wait a moment.
    """
    held = tx.execute(
        select(jobs.c.id)
        .join(sessions, sessions.c.id == jobs.c.session_id)
        .where(jobs.c.id == waiter.id, waiting)
        .with_for_update(of=[jobs, sessions], skip_locked=True)
    )
    return held.first() is not None


def alike(tx: Connection, like: Callable[[Mapping[str, Any]], bool], most: int) -> list[_Waiter]:
    """Queued jobs whose recipe is `like` another one, in the order in which they would be served.

    A job that was tried before is not among them: if it is what ended its worker, it must not end others' jobs too.
    """
    lines = _lines(tx, and_(jobs.c.state == JobState.QUEUED, jobs.c.attempt == 0, ~_unwanted))
    in_turn = (waiter for places in zip_longest(*lines) for waiter in places if waiter is not None)
    return list(islice((waiter for waiter in in_turn if like(waiter.recipe)), most))


def claim_alike(
    tx: Connection, owner: str, lease_seconds: float, like: Callable[[Mapping[str, Any]], bool], most: int
) -> list[Job]:
    queued = jobs.c.state == JobState.QUEUED
    held = [waiter for waiter in alike(tx, like, most) if _hold(tx, waiter, queued)]
    return [_take(tx, waiter, owner, lease_seconds) for waiter in held]


def wanted(tx: Connection) -> list[str]:
    """Names of the presets that waiting jobs want, the one that is wanted first in front."""
    lines = _lines(tx, and_(_waiting(now(tx)), ~_unwanted))
    return list(dict.fromkeys(waiter.preset for line in lines for waiter in line if waiter.preset))


@dataclass(frozen=True)
class _Waiter:
    """A waiting job, as far as the order of serving asks."""

    id: str
    session_id: str
    recipe: Mapping[str, Any]
    passed: int

    @property
    def preset(self) -> str:
        return self.recipe.get("preset", "")


def _lines(tx: Connection, which: ColumnElement[bool]) -> list[list[_Waiter]]:
    """The waiting jobs of each session, oldest first; the session that was served longest ago first."""
    lines: dict[str, list[_Waiter]] = {}
    for row in tx.execute(_in_order(jobs, which)):
        lines.setdefault(row.session_id, []).append(_Waiter(*row))
    return list(lines.values())


def _in_order(source: FromClause, which: ColumnElement[bool]) -> AnySelect:
    """What a `_Waiter` knows of jobs; the session that was served longest ago first, in each the oldest."""
    return (
        select(source.c.id, source.c.session_id, source.c.recipe, source.c.passed)
        .join(sessions, sessions.c.id == source.c.session_id)
        .where(which)
        .order_by(sessions.c.served.asc().nulls_first(), source.c.created, source.c.id)
    )


def _first_of_each(which: ColumnElement[bool]) -> AnySelect:
    """The first of each of the `_lines`, without reading the others."""
    oldest = func.row_number().over(partition_by=jobs.c.session_id, order_by=(jobs.c.created, jobs.c.id))
    numbered = select(jobs, oldest.label("number")).where(which).subquery()
    return _in_order(numbered, numbered.c.number == 1)


def _next(heads: Iterable[_Waiter], warm: Collection[str]) -> int:
    """Which session's first job is served: one whose model is loaded or that has waited enough, else the first.

    A job that was passed over `PASSES` times is never passed over again, whatever stands before it.
    """
    return next((place for place, head in enumerate(heads) if head.preset in warm or head.passed >= PASSES), 0)


# A number, no time: once the clock is put back, who was served before would wait for everybody else.
_AFTER_ALL = select(func.coalesce(func.max(sessions.alias("others").c.served), 0) + 1).scalar_subquery()


def _take(tx: Connection, waiter: _Waiter, owner: str, lease_seconds: float) -> Job:
    _change(
        tx,
        jobs.c.id == waiter.id,
        state=JobState.RUNNING,
        owner=owner,
        attempt=jobs.c.attempt + 1,
        lease_until=now(tx) + timedelta(seconds=lease_seconds),
        progress=0.0,
        progress_text="",
    )
    tx.execute(update(sessions).where(sessions.c.id == waiter.session_id).values(served=_AFTER_ALL))
    return one(tx, waiter.id)


def _waiting(moment: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    expired = and_(jobs.c.state == JobState.RUNNING, jobs.c.lease_until < moment)
    return or_(jobs.c.state == JobState.QUEUED, expired)


# Asked for every picture; to build such statements takes longer than to run them. `moment` is when.
_MOMENT: BindParameter[datetime] = bindparam("moment", type_=jobs.c.lease_until.type)
_ANY = select(jobs.c.id).where(_waiting(_MOMENT)).limit(1)
_ANY_PAST_HELP = select(jobs.c.id).where(_waiting(_MOMENT), or_(_unwanted, jobs.c.attempt >= ATTEMPTS)).limit(1)
_HEADS = _first_of_each(_waiting(_MOMENT))


def places(tx: Connection) -> dict[str, int]:
    """How many pictures are painted or begun before each queued one, when nothing else is asked for meanwhile.

    What is loaded is not known here: the models of the running jobs are taken to be. Some may begin together.
    """
    lines = _lines(tx, and_(jobs.c.state == JobState.QUEUED, ~_unwanted))
    recipes = tx.execute(select(jobs.c.recipe).where(jobs.c.state == JobState.RUNNING)).scalars().all()
    served = _served(lines, {recipe.get("preset", "") for recipe in recipes})
    return {job_id: place for place, job_id in enumerate(served, len(recipes))}


def _served(lines: Iterable[Iterable[_Waiter]], warm: Collection[str]) -> Iterator[str]:
    """Serves the lines as `claim` would, with one model loaded at a time."""
    waiting = [deque(line) for line in lines]
    while waiting:
        place = _next([line[0] for line in waiting], warm)
        for line in waiting[:place]:
            line[0] = replace(line[0], passed=line[0].passed + 1)
        line = waiting.pop(place)
        served = line.popleft()
        yield served.id
        if served.preset not in warm:
            warm = {served.preset}
        if line:
            waiting.append(line)


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


def complete(tx: Connection, job_id: str, attempt: int, new: NewPicture) -> int | None:
    """Save the picture and give its handle, or, when nobody wants it any more, end the job as stopped and give None."""
    hold_session_of(tx, select(jobs.c.session_id).where(jobs.c.id == job_id))  # before the job, as everywhere
    row = _current(tx, job_id, attempt)
    if row.unwanted:
        _end(tx, jobs.c.id == job_id, JobState.STOPPED)
        return None
    picture_id, handle = keep(tx, row.session_id, row.turn_id, replace(new, parents=tuple(row.parents)))
    _end(tx, jobs.c.id == job_id, JobState.DONE, picture_id=picture_id, progress=1.0)
    return handle


def answer(tx: Connection, job_id: str, attempt: int, text: str) -> None:
    """End a job that looks at a picture: what was seen is the last that is told of it."""
    row = _current(tx, job_id, attempt)
    if row.unwanted:
        _end(tx, jobs.c.id == job_id, JobState.STOPPED)
    else:
        _end(tx, jobs.c.id == job_id, JobState.DONE, progress=1.0, progress_text=text)


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
    theirs = or_(jobs.c.owner == owner, jobs.c.owner.startswith(f"{owner}/", autoescape=True))
    held = and_(jobs.c.state == JobState.RUNNING, theirs)
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
