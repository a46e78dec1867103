"""kill -9 of the program or of its worker, at random moments of a chat: nothing that was acknowledged is ever lost."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from house import FixedPixels, FixedWords
from keeping import in_process

from agent.events import Done, PictureReady
from agent.scripted import ScriptedChat
from agent.turn import Agent
from models.presets import Presets
from storage.library import Library
from storage.records import TurnState
from tools.settings import Settings
from tools.studio import Studio
from tools.worker import Supervisor


def chat(pipe: Connection, folder: Path) -> None:
    """A chat that never ends, to be killed: real library, worker process, studio and agent; scripted words, flat
    pictures.

    Says what is acknowledged to a person, the moment it is: `picture` (handle) with its `sha256`, `turn` (number) with
    its `state`, and who is to be killed, `worker` (its process id).
    """
    settings = Settings(data=folder)
    with Library.open(settings.library) as library:
        library.recover()
        with Supervisor(library, settings, dry_run=True) as supervisor:
            asyncio.run(_turns(pipe, library, settings, supervisor))


async def _turns(pipe: Connection, library: Library, settings: Settings, supervisor: Supervisor) -> None:
    user = library.user("me")
    known = library.sessions(user.id)
    session = known[0] if known else library.create_session(user.id, "killed")
    studio = Studio(library, settings, Presets.load(), FixedWords(), FixedPixels(), supervisor)
    while True:
        newest = max((picture.handle for picture in library.pictures(session.id)), default=0)
        script: list[Any] = [("generate_image", {"prompt": f"fox {newest}", "count": 2})]
        if newest:
            script.append(("edit_image", {"image": newest, "instruction": "make it night"}))
        rotated = {"image": newest + 1, "operation": "rotate", "amount": "90"}
        script.append([("upscale_image", {"image": newest + 1, "scale": 2}), ("adjust_image", rotated)])
        agent = Agent(library, studio, Presets.load(), settings, ScriptedChat(script=[*script, "Here they are."]))
        async for event in agent.run_turn(session, f"go on after {newest}"):
            if isinstance(event, PictureReady):
                pipe.send({"picture": event.picture.handle, "sha256": event.picture.sha256})
            elif isinstance(event, Done):
                pipe.send({"turn": event.number, "state": event.state})
            pipe.send({"worker": supervisor.pid or 0})


@dataclass
class Acknowledged:
    """What the program said was kept, over all its lives."""

    pictures: dict[int, str] = field(default_factory=dict[int, str])
    turns: dict[int, str] = field(default_factory=dict[int, str])
    worker: int = 0

    def take(self, pipe: Connection) -> None:
        said = pipe.recv()
        if "picture" in said:
            self.pictures[said["picture"]] = said["sha256"]
        elif "turn" in said:
            self.turns[said["turn"]] = said["state"]
        self.worker = said.get("worker", self.worker)


def live(folder: Path, kept: Acknowledged, rng: random.Random) -> None:
    """One life: the worker is killed some words into the chat, the program some words later, both at odd moments."""
    program, pipe = in_process(chat, folder)
    try:
        for _ in range(rng.randint(1, 16)):
            kept.take(pipe)
        time.sleep(rng.random() * 0.3)
        if kept.worker:
            with suppress(ProcessLookupError):
                os.kill(kept.worker, signal.SIGKILL)
        for _ in range(rng.randint(0, 24)):
            kept.take(pipe)
        time.sleep(rng.random() * 0.3)
        assert program.is_alive(), "the program ended by itself"
    finally:
        program.kill()
        program.join()
    with suppress(EOFError, ConnectionResetError):  # the kill may cut the last word
        while True:
            kept.take(pipe)


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_fifty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    import_module("agent.conversing")  # once for all lives
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
