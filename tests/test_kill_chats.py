"""kill -9 of the program or of its worker, at random moments of a chat: nothing that was acknowledged is ever lost."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO

import pytest

from storage.library import Library
from storage.records import TurnState

PROGRAM = Path(__file__).with_name("chatting_program.py")


@dataclass
class Acknowledged:
    """What the program said was kept, over all its lives."""

    pictures: dict[int, str] = field(default_factory=dict[int, str])
    turns: dict[int, str] = field(default_factory=dict[int, str])
    worker: int = 0

    def take(self, line: str) -> None:
        with suppress(ValueError):  # the kill may cut the last line
            said = json.loads(line)
            if "picture" in said:
                self.pictures[said["picture"]] = said["sha256"]
            elif "turn" in said:
                self.turns[said["turn"]] = said["state"]
            self.worker = said.get("worker", self.worker)


def read(pipe: IO[str], lines: Queue[str]) -> None:
    for line in pipe:
        lines.put(line)


def live(folder: Path, kept: Acknowledged, rng: random.Random) -> None:
    """One life: the worker is killed some lines into the chat, the program some lines later, both at odd moments."""
    program = subprocess.Popen(
        [sys.executable, str(PROGRAM), str(folder)],
        cwd=PROGRAM.parents[1],
        env={**os.environ, "PYTHONPATH": str(PROGRAM.parents[1])},
        stdout=subprocess.PIPE,
        text=True,
    )
    lines: Queue[str] = Queue()
    assert program.stdout is not None
    Thread(target=read, args=(program.stdout, lines), daemon=True).start()
    try:
        for _ in range(rng.randint(1, 16)):
            kept.take(lines.get(timeout=120))
        time.sleep(rng.random() * 0.3)
        if kept.worker:
            with suppress(ProcessLookupError):
                os.kill(kept.worker, signal.SIGKILL)
        for _ in range(rng.randint(0, 24)):
            kept.take(lines.get(timeout=120))
        time.sleep(rng.random() * 0.3)
    finally:
        program.kill()
        program.wait()
    while True:
        try:
            kept.take(lines.get(timeout=0.3))
        except Empty:
            return


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_fifty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    rng, kept = random.Random(50), Acknowledged()
    for _ in range(25):
        live(tmp_path, kept, rng)
        check(tmp_path, kept)
    assert len(kept.pictures) > 20 and len(kept.turns) >= 3, "the lives were too short to prove anything"


def check(folder: Path, kept: Acknowledged) -> None:
    with Library.open(folder / "easel.db") as library:
        library.recover()
        report = library.verify()
        assert report.faults == ()
        [session] = library.sessions(library.user("me").id)
        pictures = {picture.handle: picture.sha256 for picture in library.pictures(session.id)}
        assert kept.pictures.items() <= pictures.items()
        turns = {turn.number: turn.state for turn in library.turns(session.id)}
        assert {number: TurnState(state) for number, state in kept.turns.items()}.items() <= turns.items()
        assert TurnState.RUNNING not in turns.values()
