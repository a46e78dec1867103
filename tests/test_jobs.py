"""The queue: what is claimed, by whom, how often, and what becomes of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from keeping import ALLOW, BLOCK, count, new_file, new_picture, new_session, raw, turn_with_pictures
from sqlalchemy import Connection, Engine, event

from storage.database import Place, open_database
from storage.errors import LostLease, NotFound, UnknownHandle
from storage.library import Library
from storage.queue import PASSES
from storage.records import Job, JobState, Session, Turn, TurnState
from storage.rows import CLOCK, Clock

LONG = 3600.0
OVER = -1.0  # a lease that has run out already


@pytest.fixture
def library(place: Place) -> Iterator[Library]:
    with Library.open(place) as opened:
        yield opened
        assert opened.verify().faults == ()


@pytest.fixture
def session(library: Library) -> Session:
    return new_session(library)


@pytest.fixture
def turn(library: Library, session: Session) -> Turn:
    return library.begin_turn(session.id, "draw a fox")


def queued(library: Library, session: Session, key: str, turn: Turn | None = None, preset: str = "") -> Job:
    [job] = library.enqueue(session.id, turn and turn.id, [{"prompt": key, "preset": preset}], [], key, key)
    return job


def claimed(library: Library, owner: str = "worker", lease: float = LONG, warm: Sequence[str] = ()) -> Job:
    job = library.claim(owner, lease, warm)
    assert job is not None
    return job


def test_a_job_comes_back_as_it_was_queued(library: Library, session: Session) -> None:
    turn_with_pictures(library, session, "fox")
    turn = library.begin_turn(session.id, "more")
    [job] = library.enqueue(session.id, turn.id, [{"prompt": "night", "seed": 3}], [1], "night", "key")
    assert (job.state, job.attempt, job.recipe, job.parents, job.caption, job.turn_id) == (
        JobState.QUEUED,
        0,
        {"prompt": "night", "seed": 3},
        (1,),
        "night",
        turn.id,
    )
    assert library.job(job.id) == job


def test_the_same_key_is_the_same_job_even_when_it_has_ended(library: Library, session: Session, turn: Turn) -> None:
    job = queued(library, session, "key", turn)
    assert queued(library, session, "key", turn).id == job.id
    library.complete(job.id, claimed(library).attempt, new_picture("fox"))
    library.finish_turn(turn.id, TurnState.DONE)
    again = queued(library, session, "key", turn)
    assert (again.id, again.state, again.picture) == (job.id, JobState.DONE, 1)
    assert library.claim("worker", LONG) is None
    other = queued(library, new_session(library), "key")
    assert other.id != job.id


def test_the_pictures_of_a_request_are_served_in_their_order(library: Library, session: Session) -> None:
    jobs = library.enqueue(session.id, None, [{"seed": seed} for seed in range(12)], [], "fox", "key")
    assert [claimed(library).id for _ in jobs] == [job.id for job in jobs]
    assert [job.recipe["seed"] for job in jobs] == list(range(12))
    again = library.enqueue(session.id, None, [{"seed": seed} for seed in range(14)], [], "fox", "key")
    assert [job.id for job in again[:12]] == [job.id for job in jobs]
    assert [claimed(library).id for _ in range(2)] == [job.id for job in again[12:]]


def test_of_a_request_with_an_unknown_parent_nothing_is_kept(library: Library, session: Session) -> None:
    judged = [(ALLOW, "a fox")]
    with pytest.raises(UnknownHandle):
        library.enqueue(session.id, None, [{}, {}], [1], "fox", "key", judged)
    assert library.claim("worker", LONG) is None and library.verdicts(session.id) == []
    turn_with_pictures(library, session, "fox")
    of_pictures = len(library.verdicts(session.id))
    for _ in range(2):  # the same request again is nothing new
        library.enqueue(session.id, None, [{}, {}], [1], "fox", "key", judged)
        assert len(library.verdicts(session.id)) == of_pictures + 1


def test_a_claim_gives_the_oldest_job_once(library: Library, session: Session, place: Place) -> None:
    first, second = queued(library, session, "first"), queued(library, session, "second")
    with Library.open(place) as other:
        job = claimed(library, "one")
        assert (job.id, job.attempt, job.owner, job.state) == (first.id, 1, "one", JobState.RUNNING)
        assert claimed(other, "two").id == second.id
        assert library.claim("one", LONG) is None


@pytest.mark.parametrize("warm", [[], ["flux"], ["sdxl"]])
def test_sessions_are_served_in_turn(library: Library, warm: list[str]) -> None:
    """With one preset it is nothing to the order what is loaded."""
    greedy, modest, late = new_session(library), new_session(library), new_session(library)
    for number in range(4):
        queued(library, greedy, f"greedy {number}", preset="flux")
    queued(library, modest, "modest 0", preset="flux")
    queued(library, modest, "modest 1", preset="flux")
    order = [claimed(library, warm=warm).caption for _ in range(3)]
    queued(library, late, "late 0", preset="flux")
    order += [claimed(library, warm=warm).caption for _ in range(4)]
    assert order == ["greedy 0", "modest 0", "greedy 1", "late 0", "modest 1", "greedy 2", "greedy 3"]


def test_who_was_served_while_the_clock_was_ahead_waits_no_longer_than_others(place: Place) -> None:
    database = open_database(place, busy_timeout=5)

    def put_clock(tx: Connection, hours: float) -> None:
        tx.info.setdefault(CLOCK, Clock()).ahead = timedelta(hours=hours)

    with Library(database) as library:
        early, busy = new_session(library), new_session(library)
        queued(library, early, "first")
        database.write(put_clock, 1)
        assert claimed(library).session_id == early.id
        database.write(put_clock, 0)
        queued(library, early, "second")
        for number in range(3):
            queued(library, busy, f"{number}")
        assert [claimed(library).session_id for _ in range(3)] == [busy.id, early.id, busy.id]


def test_a_loaded_model_is_not_swapped_between_every_two_jobs(library: Library) -> None:
    """Two people with a model each: the model changes once, where fair turns alone would change it every time."""
    mine, yours = new_session(library), new_session(library)
    for number in range(3):
        queued(library, mine, f"mine {number}", preset="flux")
        queued(library, yours, f"yours {number}", preset="sdxl")
    order, warm = list[str](), ["flux"]
    for _ in range(6):
        job = claimed(library, warm=warm)
        warm = [job.recipe["preset"]]
        order.append(job.caption)
    assert order == ["mine 0", "mine 1", "mine 2", "yours 0", "yours 1", "yours 2"]


def test_a_stream_of_jobs_for_the_loaded_model_holds_nobody_off_longer_than_the_bound(library: Library) -> None:
    busy, others = new_session(library), [new_session(library) for _ in range(2)]
    waiting = {queued(library, other, f"other {number}", preset="sdxl").id for number, other in enumerate(others)}
    overtaken = 0
    while waiting:
        queued(library, busy, f"busy {overtaken}", preset="flux")
        job = claimed(library, warm=["flux"])
        overtaken += bool(waiting - {job.id}) and job.recipe["preset"] == "flux"
        waiting.discard(job.id)
        assert overtaken <= PASSES
    assert overtaken == PASSES


def test_jobs_of_one_session_keep_their_order_whatever_is_loaded(library: Library, session: Session) -> None:
    first = queued(library, session, "first", preset="sdxl")
    second = queued(library, session, "second", preset="flux")
    assert [claimed(library, warm=["flux"]).id for _ in range(2)] == [first.id, second.id]


@pytest.mark.parametrize("presets", [["flux"], ["flux", "sdxl"], ["flux", "sdxl", "sana"]])
def test_jobs_ahead_counts_down_to_the_claim(library: Library, presets: list[str]) -> None:
    """For a worker that keeps one model; which one, the running job tells."""
    sessions = [new_session(library) for _ in range(3)]
    numbers = [0, 1, 0, 1, 0, 2, 1, 1]
    jobs = [
        queued(library, sessions[number], f"{i}", preset=presets[(number + i // 4) % len(presets)])
        for i, number in enumerate(numbers)
    ]
    waiting, warm = {job.id for job in jobs}, list[str]()
    running: Job | None = None
    while waiting:
        ahead = library.places()
        assert sorted(ahead.values()) == list(range(bool(running), len(waiting) + bool(running)))
        job = claimed(library, warm=warm)
        assert ahead[job.id] == bool(running)
        assert job.id not in library.places()
        waiting.remove(job.id)
        if running is not None:
            library.complete(running.id, running.attempt, new_picture(running.caption))
        running, warm = job, [job.recipe["preset"]]


def test_jobs_that_go_along_come_from_all_sessions_in_their_turn(library: Library) -> None:
    mine, yours = new_session(library), new_session(library)
    for number in range(3):
        queued(library, mine, f"mine {number}", preset="flux")
    queued(library, yours, "other", preset="sdxl")
    for number in range(2):
        queued(library, yours, f"yours {number}", preset="flux")
    leader = claimed(library)
    taken = library.claim_alike("worker", LONG, of_preset("flux"), 3)
    assert [job.caption for job in (leader, *taken)] == ["mine 0", "mine 1", "yours 0", "mine 2"]
    assert {(job.state, job.owner, job.attempt) for job in taken} == {(JobState.RUNNING, "worker", 1)}
    assert library.claim_alike("worker", LONG, of_preset("sana"), 3) == []
    assert claimed(library).caption == "other"


def test_only_what_was_never_tried_and_is_still_wanted_goes_along(library: Library, session: Session) -> None:
    tried, stopped, running, fresh = (queued(library, session, key, preset="flux") for key in "abcd")
    assert claimed(library, "dead").id == tried.id
    library.request_stop(stopped.id)
    assert claimed(library, "living").id == running.id
    library.release("dead")
    assert [job.id for job in library.claim_alike("living", LONG, of_preset("flux"), 8)] == [fresh.id]
    assert claimed(library).id == tried.id


def test_what_waiting_jobs_want_is_known(library: Library) -> None:
    mine, yours = new_session(library), new_session(library)
    queued(library, mine, "one", preset="flux")
    queued(library, mine, "two", preset="sdxl")
    gone = queued(library, yours, "three", preset="sana")
    queued(library, yours, "four", preset="sdxl")
    library.request_stop(gone.id)
    assert library.wanted_presets() == ["flux", "sdxl"]
    claimed(library)
    assert library.wanted_presets() == ["sdxl"]


def of_preset(preset: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda recipe: recipe["preset"] == preset


def test_a_report_renews_the_lease_and_tells_of_a_stop(library: Library, session: Session) -> None:
    job = queued(library, session, "fox")
    claimed(library, lease=OVER)
    assert library.report(job.id, 1, 0.5, "step 2 of 4", b"preview", LONG) is False
    seen = library.job(job.id)
    assert (seen.progress, seen.progress_text, library.preview(job.id)) == (0.5, "step 2 of 4", b"preview")
    assert library.claim("other", LONG) is None
    assert library.report(job.id, 1, 0.75, "step 3 of 4") is False
    assert library.preview(job.id) == b"preview"
    library.request_stop(job.id)
    assert library.report(job.id, 1, 1.0, "step 4 of 4") is True


def test_a_lost_lease_gives_the_job_once_more_and_then_fails_it_with_a_reason(
    library: Library, session: Session
) -> None:
    job = queued(library, session, "fox")
    first = claimed(library, "one", OVER)
    library.report(job.id, 1, 0.5, "half", b"preview", OVER)
    second = claimed(library, "two", OVER)
    assert (first.attempt, second.attempt, second.id, second.owner) == (1, 2, job.id, "two")
    assert (second.progress, second.progress_text, library.preview(job.id)) == (0.0, "", None)
    assert library.claim("three", LONG) is None
    failed = library.job(job.id)
    assert (failed.state, failed.fixable) == (JobState.FAILED, False)
    assert failed.error is not None and "stopped twice" in failed.error and "disk" in failed.error


ENDS: dict[str, tuple[Callable[[Library, str, int], object], JobState]] = {
    "complete": (lambda library, job, attempt: library.complete(job, attempt, new_picture("fox")), JobState.DONE),
    "block": (lambda library, job, attempt: library.block(job, attempt, BLOCK), JobState.BLOCKED),
    "fail": (lambda library, job, attempt: library.fail(job, attempt, "no weights", True), JobState.FAILED),
    "stopped": (lambda library, job, attempt: library.stopped(job, attempt), JobState.STOPPED),
}


@pytest.mark.parametrize("end", ENDS)
def test_every_end_is_final_and_takes_the_preview_away(library: Library, session: Session, end: str) -> None:
    job = queued(library, session, "fox")
    claimed(library)
    library.report(job.id, 1, 0.5, "half", b"preview")
    finish, state = ENDS[end]
    finish(library, job.id, 1)
    ended = library.job(job.id)
    assert (ended.state, ended.lease_until, library.preview(job.id)) == (state, None, None)
    for again, _ in ENDS.values():
        with pytest.raises(LostLease):
            again(library, job.id, 1)
    with pytest.raises(LostLease):
        library.report(job.id, 1, 0.9, "late", b"preview")
    library.request_stop(job.id)
    library.release("worker")
    assert library.claim("worker", LONG) is None
    assert library.job(job.id) == ended


@pytest.mark.parametrize("end", ENDS)
def test_an_old_attempt_can_end_nothing_and_saves_nothing(
    library: Library, session: Session, place: Place, end: str
) -> None:
    job = queued(library, session, "fox")
    claimed(library, "one", OVER)
    claimed(library, "two")
    with pytest.raises(LostLease, match="Attempt 1 no longer holds"):
        ENDS[end][0](library, job.id, 1)
    with pytest.raises(LostLease):
        library.report(job.id, 1, 0.5, "half", b"preview")
    assert (count(place, "pictures"), count(place, "blobs"), count(place, "verdicts")) == (0, 0, 0)
    ENDS[end][0](library, job.id, 2)
    assert library.job(job.id).state == ENDS[end][1]


def test_a_done_job_and_its_picture_appear_together_with_the_jobs_own_parents(library: Library) -> None:
    session = new_session(library)
    turn_with_pictures(library, session, "fox")
    turn = library.begin_turn(session.id, "night")
    [job] = library.enqueue(session.id, turn.id, [{}], [1], "night", "key")
    claimed(library)
    handle = library.complete(job.id, 1, replace(new_picture("night"), parents=(), caption="night fox"))
    picture = library.picture(session.id, handle)
    assert (picture.handle, picture.parents, picture.turn_id, picture.caption) == (2, (1,), turn.id, "night fox")
    assert picture.verdicts == (ALLOW,)
    done = library.job(job.id)
    assert (done.state, done.picture, done.progress) == (JobState.DONE, 2, 1.0)


def test_a_blocked_job_keeps_the_verdict_and_no_pixels(library: Library, session: Session, place: Place) -> None:
    job = queued(library, session, "fox")
    claimed(library)
    library.block(job.id, 1, BLOCK)
    assert library.job(job.id).verdict == BLOCK
    assert library.verdicts(session.id) == [BLOCK]
    assert (library.pictures(session.id), count(place, "blobs")) == ([], 0)


def test_a_queued_job_stops_at_once_and_a_running_one_never_becomes_a_picture(
    library: Library, session: Session, place: Place
) -> None:
    first, second = queued(library, session, "first"), queued(library, session, "second")
    claimed(library)
    library.request_stop(second.id)
    assert library.job(second.id).state == JobState.STOPPED
    library.request_stop(first.id)
    assert library.job(first.id).stop_requested
    with pytest.raises(LostLease, match="was stopped"):
        library.complete(first.id, 1, new_picture("fox"))
    assert library.job(first.id).state == JobState.STOPPED
    assert (library.pictures(session.id), count(place, "blobs")) == ([], 0)


@pytest.mark.parametrize("state", [TurnState.DONE, TurnState.STOPPED, TurnState.FAILED])
def test_no_job_of_an_ended_turn_is_painted(library: Library, session: Session, turn: Turn, state: TurnState) -> None:
    running, waiting = queued(library, session, "running", turn), queued(library, session, "waiting", turn)
    claimed(library)
    library.finish_turn(turn.id, state)
    assert library.job(waiting.id).state == JobState.STOPPED
    assert library.report(running.id, 1, 0.5, "half") is True
    with pytest.raises(LostLease):
        library.complete(running.id, 1, new_picture("fox"))
    assert library.claim("worker", LONG) is None
    assert library.pictures(session.id) == []


def test_a_stopped_job_whose_worker_is_gone_is_not_given_again(library: Library, session: Session) -> None:
    job = queued(library, session, "fox")
    claimed(library, lease=OVER)
    library.request_stop(job.id)
    assert library.job(job.id).state == JobState.STOPPED
    assert library.claim("other", LONG) is None


def test_a_dead_workers_jobs_are_free_at_once(library: Library, session: Session) -> None:
    job, stopped = queued(library, session, "fox"), queued(library, session, "hen")
    mine = claimed(library, "dead")
    claimed(library, "dead")
    other = queued(library, session, "dog")
    claimed(library, "living")
    library.report(mine.id, 1, 0.5, "half", b"preview")
    library.request_stop(stopped.id)
    library.release("dead")
    assert library.preview(job.id) is None
    assert library.job(stopped.id).state == JobState.STOPPED
    assert library.job(other.id).owner == "living"
    again = claimed(library, "dead too")
    assert (again.id, again.attempt) == (job.id, 2)
    with pytest.raises(LostLease):
        library.complete(job.id, 1, new_picture("fox"))
    library.release("dead too")
    assert library.job(job.id).state == JobState.FAILED


def test_the_jobs_of_a_dead_workers_parts_are_free_with_it(library: Library, session: Session) -> None:
    for owner in ("dead/0", "dead/1", "deadly/0"):
        queued(library, session, owner)
        claimed(library, owner)
    library.release("dead/1")
    assert claimed(library, "living").recipe["prompt"] == "dead/1"
    library.release("dead")
    assert claimed(library, "living").recipe["prompt"] == "dead/0"
    assert library.claim("living", LONG) is None


def test_deleting_the_session_takes_the_job_from_its_worker(library: Library, session: Session) -> None:
    job = queued(library, session, "fox")
    claimed(library)
    library.report(job.id, 1, 0.5, "half", b"preview")
    library.delete_session(session.user_id, session.id)
    with pytest.raises(LostLease):
        library.complete(job.id, 1, new_picture("fox"))
    with pytest.raises(NotFound):
        library.job(job.id)
    assert library.preview(job.id) is None


def test_polling_an_empty_queue_does_not_wait_for_writers(library: Library, place: Place) -> None:
    with raw(place) as other:
        other.script("BEGIN IMMEDIATE" if isinstance(place, Path) else "BEGIN; LOCK TABLE jobs IN EXCLUSIVE MODE")
        began = time.monotonic()
        assert library.claim("worker", LONG) is None
        assert time.monotonic() - began < 1


def test_what_a_worker_writes_all_the_time_reads_no_turns_but_its_own(tmp_path: Path) -> None:
    said: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        said.append((statement, parameters))

    place = new_file(tmp_path / "data" / "easel.db")
    with Library.open(place) as library:
        session = new_session(library)
        turn = library.begin_turn(session.id, "draw a fox")
        queued(library, session, "fox", turn)
        event.listen(Engine, "before_cursor_execute", hear)
        try:
            job = claimed(library)
            library.report(job.id, 1, 0.5, "half")
            library.complete(job.id, 1, new_picture("fox"))
        finally:
            event.remove(Engine, "before_cursor_execute", hear)
    with raw(place) as file:
        plans = [
            row[3]
            for statement, parameters in said
            if statement.startswith(("SELECT", "UPDATE"))
            for row in file.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert len(said) > 10 and "SCAN turns" not in plans


# The same facts in any order: the queue against a plain model of it


@dataclass
class Known:
    """What the model knows about a job."""

    session: int
    turn: str | None
    order: int
    preset: str
    state: JobState = JobState.QUEUED
    attempt: int = 0
    owner: str = ""
    expired: bool = False
    stop: bool = False
    passed: int = 0


class Queue(RuleBasedStateMachine):
    """Every rule does one thing to the real queue and to the model, which must then agree."""

    library: Library
    jobs = Bundle("jobs")
    leases = st.sampled_from([LONG, OVER])
    workers = st.sampled_from(["one", "two"])
    places = st.integers(0, 2)
    presets = st.sampled_from(["flux", "sdxl"])

    @initialize()
    def begin(self) -> None:
        self.sessions = [new_session(self.library) for _ in range(3)]
        self.turns = [self.library.begin_turn(session.id, "draw").id for session in self.sessions]
        self.running_turns = set(self.turns)
        self.known: dict[str, Known] = {}
        self.served: dict[int, int] = {}
        self.pictures = [0, 0, 0]
        self.clock = 0

    @rule(target=jobs, place=places, in_turn=st.booleans(), preset=presets)
    def enqueue(self, place: int, in_turn: bool, preset: str) -> str:
        self.clock += 1
        turn = self.turns[place] if in_turn else None
        [job] = self.library.enqueue(
            self.sessions[place].id, turn, [{"preset": preset}], [], "fox", f"key {self.clock}"
        )
        self.known[job.id] = Known(place, turn, self.clock, preset)
        return job.id

    @rule(owner=workers, lease=leases, warm=st.lists(presets, max_size=1))
    def claim(self, owner: str, lease: float, warm: list[str]) -> None:
        for job in self.known.values():
            if self.waits(job) and self.unwanted(job):
                job.state = JobState.STOPPED
            elif self.waits(job) and job.attempt == 2:
                job.state = JobState.FAILED
        heads = [line[0] for line in self.lines(self.waits)]
        first = [id_ for id_ in heads if self.known[id_].preset in warm or self.known[id_].passed == PASSES]
        wanted = (first or heads or [None])[0]
        given = self.library.claim(owner, lease, warm)
        assert (given and given.id) == wanted
        if given is not None:
            for passed in heads[: heads.index(given.id)]:
                self.known[passed].passed += 1
            self.took(given, owner, lease)

    @rule(owner=workers, lease=leases, preset=presets, most=st.integers(1, 3))
    def claim_alike(self, owner: str, lease: float, preset: str, most: int) -> None:
        lines = self.lines(lambda job: job.state == JobState.QUEUED and not job.attempt and not self.unwanted(job))
        in_turn = [id_ for places in zip_longest(*lines) for id_ in places if id_]
        wanted = [id_ for id_ in in_turn if self.known[id_].preset == preset][:most]
        given = self.library.claim_alike(owner, lease, of_preset(preset), most)
        assert [job.id for job in given] == wanted
        for job in given:
            self.took(job, owner, lease)

    def lines(self, which: Callable[[Known], bool]) -> list[list[str]]:
        """The jobs of each session in their order, the session that was served longest ago first."""
        by_session: dict[int, list[str]] = {}
        for id_, job in sorted(self.known.items(), key=lambda item: item[1].order):
            if which(job):
                by_session.setdefault(job.session, []).append(id_)
        return sorted(
            by_session.values(),
            key=lambda line: (self.served.get(self.known[line[0]].session, 0), self.known[line[0]].order),
        )

    def took(self, given: Job, owner: str, lease: float) -> None:
        self.clock += 1
        job = self.known[given.id]
        self.served[job.session] = self.clock
        job.state, job.owner, job.expired = JobState.RUNNING, owner, lease == OVER
        job.attempt += 1
        assert given.attempt == job.attempt

    @rule(id_=jobs, attempt=st.integers(0, 2), lease=leases)
    def report(self, id_: str, attempt: int, lease: float) -> None:
        job = self.known[id_]
        if self.holds(job, attempt):
            assert self.library.report(id_, attempt, 0.5, "half", b"preview", lease) == self.unwanted(job)
            job.expired = lease == OVER
        else:
            with pytest.raises(LostLease):
                self.library.report(id_, attempt, 0.5, "half", b"preview", lease)

    @rule(id_=jobs, attempt=st.integers(0, 2), end=st.sampled_from(sorted(ENDS)))
    def end(self, id_: str, attempt: int, end: str) -> None:
        job, (finish, state) = self.known[id_], ENDS[end]
        dropped = end == "complete" and self.unwanted(job)
        if self.holds(job, attempt) and not dropped:
            finish(self.library, id_, attempt)
            job.state = state
            self.pictures[job.session] += state == JobState.DONE
        else:
            with pytest.raises(LostLease):
                finish(self.library, id_, attempt)
            if self.holds(job, attempt):
                job.state = JobState.STOPPED

    @rule(id_=jobs)
    def request_stop(self, id_: str) -> None:
        self.library.request_stop(id_)
        self.stop(self.known[id_])

    @rule(owner=workers)
    def release(self, owner: str) -> None:
        self.library.release(owner)
        for job in self.known.values():
            if job.state == JobState.RUNNING and job.owner == owner:
                job.state = JobState.FAILED if job.attempt == 2 else JobState.QUEUED
                if self.unwanted(job):
                    job.state = JobState.STOPPED

    @rule(place=places, state=st.sampled_from([TurnState.DONE, TurnState.STOPPED]))
    def next_turn(self, place: int, state: TurnState) -> None:
        ended = self.turns[place]
        self.library.finish_turn(ended, state)
        self.running_turns.discard(ended)
        for job in self.known.values():
            if job.turn == ended:
                self.stop(job)
        self.turns[place] = self.library.begin_turn(self.sessions[place].id, "more").id
        self.running_turns.add(self.turns[place])

    @invariant()
    def agrees(self) -> None:
        for id_, job in getattr(self, "known", {}).items():
            seen = self.library.job(id_)
            assert (seen.state, seen.attempt) == (job.state, job.attempt)
            assert job.passed <= PASSES
            assert (seen.picture is not None) == (job.state == JobState.DONE)
            if job.state != JobState.RUNNING:
                assert self.library.preview(id_) is None

    def teardown(self) -> None:
        for session, pictures in zip(self.sessions, self.pictures, strict=True):
            assert len(self.library.pictures(session.id)) == pictures
        assert self.library.verify().faults == ()
        for session in self.sessions:
            self.library.delete_session(session.user_id, session.id)

    def waits(self, job: Known) -> bool:
        return job.state == JobState.QUEUED or (job.state == JobState.RUNNING and job.expired)

    def unwanted(self, job: Known) -> bool:
        return job.stop or (job.turn is not None and job.turn not in self.running_turns)

    def holds(self, job: Known, attempt: int) -> bool:
        return job.state == JobState.RUNNING and job.attempt == attempt

    def stop(self, job: Known) -> None:
        if self.waits(job):
            job.state = JobState.STOPPED
        elif job.state == JobState.RUNNING:
            job.stop = True


def run_queue(library: Library, examples: int, steps: int) -> None:
    machine = type("QueueOnLibrary", (Queue,), {"library": library})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_queue_agrees_with_a_plain_model_whatever_happens_in_whatever_order(library: Library) -> None:
    run_queue(library, examples=8, steps=20)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_queue_agrees_with_a_plain_model_for_long(library: Library) -> None:
    run_queue(library, examples=100, steps=50)
