"""`kill -9` at any moment loses nothing that was acknowledged, and the next start carries on."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from hashlib import sha256
from multiprocessing.connection import Connection, wait
from typing import Any

import pytest
from keeping import in_process, new_picture, new_session

from storage.database import Place
from storage.errors import LostLease
from storage.library import Library
from storage.records import JobState, Message, TurnState


def chat(pipe: Connection, place: Place, session_id: str) -> None:
    """What a web app does, without pause: turns, messages, uploads, jobs. What it says must be there for ever."""
    with Library.open(place) as library:
        library.recover()
        while True:
            turn = library.begin_turn(session_id, "draw a fox")
            pipe.send({"turn": turn.id, "state": "running"})
            upload = library.add_picture(session_id, turn.id, new_picture(turn.id, size=random.choice([200, 60_000])))
            pipe.send({"picture": upload.handle, "sha256": upload.sha256})
            [job] = library.enqueue(session_id, turn.id, [{"prompt": turn.id}], [upload.handle], "fox", turn.id)
            pipe.send({"job": job.id})
            (answer,) = library.append(turn.id, Message("assistant", "painting", pictures=(upload.handle,)))
            pipe.send({"message": answer.id})
            deadline = time.monotonic() + random.uniform(0, 0.1)
            while library.job(job.id).state in (JobState.QUEUED, JobState.RUNNING) and time.monotonic() < deadline:
                time.sleep(0.005)
            ended = library.finish_turn(turn.id, TurnState.DONE, messages=[Message("assistant", "done")])
            pipe.send({"turn": ended.id, "state": "done"})


def work(pipe: Connection, place: Place, owner: str) -> None:
    """What a worker does: claim, report with previews, complete."""
    with Library.open(place) as library:
        while True:
            job = library.claim(owner, 0.5)
            if job is None:
                time.sleep(0.005)
                continue
            try:
                for step in range(3):
                    library.report(job.id, job.attempt, step / 3, f"step {step}", b"preview" * 500)
                handle = library.complete(job.id, job.attempt, new_picture(f"{job.id} painted", size=30_000))
                picture = library.picture(job.session_id, handle)
            except LostLease:
                continue
            pipe.send({"picture": picture.handle, "sha256": picture.sha256, "done": job.id})


class Program:
    """A real process of `chat` or `work`, and what it has acknowledged."""

    def __init__(self, does: Callable[[Connection, Place, str], None], place: Place, name: str) -> None:
        self._process, self.pipe = in_process(does, place, name)
        self.acknowledged: list[dict[str, Any]] = []

    def hear(self) -> None:
        self.acknowledged.append(self.pipe.recv())

    def kill(self) -> list[dict[str, Any]]:
        assert self._process.is_alive(), "the program ended by itself"
        self._process.kill()
        self._process.join()
        try:
            while True:
                self.hear()
        except (EOFError, ConnectionResetError):  # the last word may be cut off
            return self.acknowledged


def hear(programs: list[Program], seconds: float) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        ready = wait([program.pipe for program in programs], left)
        for program in programs:
            if program.pipe in ready:
                program.hear()


def check(library: Library, session_id: str, acknowledged: list[dict[str, Any]]) -> None:
    assert library.verify().faults == ()
    shelf = {picture.handle: picture for picture in library.pictures(session_id)}
    states = {turn.id: turn.state for turn in library.turns(session_id)}
    messages = {message.id for message in library.messages(session_id)}
    for what in acknowledged:
        if "picture" in what:
            assert shelf[what["picture"]].sha256 == what["sha256"]
            assert sha256(library.pixels(what["sha256"])).hexdigest() == what["sha256"]
        if "message" in what:
            assert what["message"] in messages
        if "job" in what:
            assert library.job(what["job"]).id == what["job"]
        if "done" in what:
            assert library.job(what["done"]).picture == what["picture"]
    ended = {what["turn"] for what in acknowledged if what.get("state") == "done"}
    for turn in (what["turn"] for what in acknowledged if "turn" in what):
        assert states[turn] == TurnState.DONE if turn in ended else states[turn] in (TurnState.RUNNING, TurnState.DONE)


def kill_again_and_again(place: Place, times: int) -> None:
    with Library.open(place) as library:
        session = new_session(library)
    for number in range(times):
        chatting, working = Program(chat, place, session.id), Program(work, place, f"worker {number}")
        chatting.hear()
        hear([chatting, working], random.uniform(0, 0.6))
        acknowledged = [*chatting.kill(), *working.kill()]
        with Library.open(place) as library:
            check(library, session.id, acknowledged)
            library.release(f"worker {number}")
            assert len(library.recover()) <= 1
            assert all(turn.state != TurnState.RUNNING for turn in library.turns(session.id))
            if number % 5 == 4 or number == times - 1:  # it reads all that is kept, and did so before
                assert library.verify().faults == ()


def test_nothing_acknowledged_is_lost_when_web_app_and_worker_are_killed(place: Place) -> None:
    kill_again_and_again(place, times=3)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_nothing_acknowledged_is_lost_in_fifty_kills(place: Place) -> None:
    kill_again_and_again(place, times=50)


def test_a_killed_programs_turn_is_closed_and_a_living_programs_turn_is_not(place: Place) -> None:
    with Library.open(place) as library:
        killed, living = new_session(library), new_session(library)
        turn = library.begin_turn(living.id, "still painting")
        program = Program(chat, place, killed.id)
        program.hear()
        begun = program.kill()[0]
        with Library.open(place) as other:
            assert [closed.state for closed in other.recover()] in ([TurnState.FAILED], [])
            assert [seen.state for seen in other.turns(living.id)] == [TurnState.RUNNING]
        assert all(seen.state != TurnState.RUNNING for seen in library.turns(killed.id))
        assert library.turns(killed.id)[0].id == begun["turn"]
        library.finish_turn(turn.id, TurnState.DONE)
