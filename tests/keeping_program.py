"""Real programs that write to a library without pause, to be killed: `keeping_program.py chat|work FILE NAME`."""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from keeping import new_picture, place_of

from storage.errors import LostLease
from storage.library import Library
from storage.records import JobState, Message, TurnState


def acknowledge(**what: Any) -> None:
    """Say, only after the Library has returned, what must now be there for ever."""
    print(json.dumps(what), flush=True)


def chat(library: Library, session_id: str) -> None:
    """What a web app does, without pause: turns, messages, uploads, jobs."""
    library.recover()
    while True:
        turn = library.begin_turn(session_id, "draw a fox")
        acknowledge(turn=turn.id, state="running")
        upload = library.add_picture(session_id, turn.id, new_picture(turn.id, size=random.choice([200, 60_000])))
        acknowledge(picture=upload.handle, sha256=upload.sha256)
        [job] = library.enqueue(session_id, turn.id, [{"prompt": turn.id}], [upload.handle], "fox", turn.id)
        acknowledge(job=job.id)
        (answer,) = library.append(turn.id, Message("assistant", "painting", pictures=(upload.handle,)))
        acknowledge(message=answer.id)
        deadline = time.monotonic() + random.uniform(0, 0.1)
        while library.job(job.id).state in (JobState.QUEUED, JobState.RUNNING) and time.monotonic() < deadline:
            time.sleep(0.005)
        ended = library.finish_turn(turn.id, TurnState.DONE, messages=[Message("assistant", "done")])
        acknowledge(turn=ended.id, state="done")


def work(library: Library, owner: str) -> None:
    """What a worker does: claim, report with previews, complete."""
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
        acknowledge(picture=picture.handle, sha256=picture.sha256, done=job.id)


if __name__ == "__main__":
    role, file, name = sys.argv[1:]
    with Library.open(place_of(file)) as opened:
        (chat if role == "chat" else work)(opened, name)
