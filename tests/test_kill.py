"""`kill -9` at any moment loses nothing that was acknowledged, and the next start carries on."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from keeping import new_session

from storage.database import Place
from storage.library import Library
from storage.records import TurnState

ROOT = Path(__file__).parents[1]
PROGRAM = [sys.executable, str(ROOT / "tests" / "keeping_program.py")]
CHAT, WORK = [*PROGRAM, "chat"], [*PROGRAM, "work"]


class Program:
    """A real process of `chat` or `work`, and what it has acknowledged."""

    def __init__(self, command: list[str], place: Place, name: str) -> None:
        self._process = subprocess.Popen([*command, str(place), name], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        self._lines.extend(self._process.stdout)

    def wait_for_first_word(self) -> None:
        while not self._lines:
            assert self._process.poll() is None, "the program ended by itself"
            time.sleep(0.01)

    def kill(self) -> list[dict[str, Any]]:
        assert self._process.poll() is None, "the program ended by itself"
        self._process.kill()
        self._process.wait()
        self._reader.join()
        whole = [line for line in self._lines if line.endswith("\n")]
        return [json.loads(line) for line in whole]


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
        chatting, working = Program(CHAT, place, session.id), Program(WORK, place, f"worker {number}")
        chatting.wait_for_first_word()
        time.sleep(random.uniform(0, 1.5))
        acknowledged = [*chatting.kill(), *working.kill()]
        with Library.open(place) as library:
            check(library, session.id, acknowledged)
            library.release(f"worker {number}")
            assert len(library.recover()) <= 1
            assert all(turn.state != TurnState.RUNNING for turn in library.turns(session.id))
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
        program = Program(CHAT, place, killed.id)
        program.wait_for_first_word()
        begun = program.kill()[0]
        with Library.open(place) as other:
            assert [closed.state for closed in other.recover()] in ([TurnState.FAILED], [])
            assert [seen.state for seen in other.turns(living.id)] == [TurnState.RUNNING]
        assert all(seen.state != TurnState.RUNNING for seen in library.turns(killed.id))
        assert library.turns(killed.id)[0].id == begun["turn"]
        library.finish_turn(turn.id, TurnState.DONE)
