"""What the tests of engine, worker and studio share: filters with a fixed answer, a library with a session, workers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from models.recipe import Extent, Operation, Recipe
from storage.library import Library
from storage.records import Job, JobState, Session, Verdict
from tools.worker import Judge, Worker

if TYPE_CHECKING:
    from models.engine import Runs


class FixedPixels:
    """A pixel filter that always answers the same."""

    def __init__(self, verdict: Verdict | None = None) -> None:
        self.verdict = verdict or Verdict("allow", "pixels", rule="fixed/1")

    def check(self, image: Image.Image, also: Sequence[str] = ()) -> Verdict:
        del image
        return self.verdict


class FixedWords:
    """A word filter that blocks one word."""

    def __init__(self, blocked: str = "forbidden") -> None:
        self.blocked = blocked

    def check(self, text: str, context: Sequence[str] = (), *, source: str = "", without: str = "") -> Verdict:
        if self.blocked in " ".join((*context, source, text, without)):
            return Verdict("block", "words", "violence", 1.0, "fixed/1", "That word is not painted.", "a red fox")
        return Verdict("allow", "words", rule="fixed/1")


NUDE = Verdict("block", "pixels", "sexual", 0.9, "fixed/1", "The picture shows nudity.", "a portrait")


@dataclass(frozen=True)
class Place:
    """An open library with one session of one user."""

    library: Library
    session: Session
    data: Path

    def enqueue(self, recipe: Recipe, session: Session | None = None, key: str = "") -> Job:
        key = key or f"{time.monotonic_ns()}"
        where = (session or self.session).id
        [job] = self.library.enqueue(where, None, [recipe.model_dump(mode="json")], (), recipe.prompt, key)
        return job

    def wait(self, job: Job, until: Callable[[Job], bool] | None = None, seconds: float = 90.0) -> Job:
        """The job, once it has ended (or `until` says so)."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            now = self.library.job(job.id)
            if (until or ended)(now):
                return now
            time.sleep(0.01)
        raise AssertionError(f"after {seconds} s the job is still {self.library.job(job.id)}")


def ended(job: Job) -> bool:
    return job.state not in (JobState.QUEUED, JobState.RUNNING)


def open_place(folder: Path) -> Place:
    library = Library.open(folder / "easel.db")
    return Place(library, library.create_session(library.user("me").id, "a test"), folder)


@contextmanager
def working(
    place: Place, engine: Runs, verdict: Verdict | None = None, seconds: float = 60.0, judge: Judge | None = None
) -> Iterator[None]:
    """A worker in a thread of this process."""
    leave = threading.Event()
    worker = Worker(place.library, engine, judge or FixedPixels(verdict), "in a thread", seconds)
    thread = threading.Thread(target=worker.serve, args=(leave,))
    thread.start()
    try:
        yield
    finally:
        leave.set()
        thread.join()


SQUARE = Extent(256, 256)


def fox(seed: int = 1, steps: int = 4, extent: Extent = SQUARE) -> Recipe:
    """A recipe for the embedded painter."""
    return Recipe(
        operation=Operation.GENERATE,
        prompt="a red fox in the snow",
        preset="embedded",
        seed=seed,
        extent=extent,
        steps=steps,
    )
