"""The worker and its supervisor: real processes, a real queue, tiny replicas of the models."""

from __future__ import annotations

import fcntl
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from house import NUDE, FixedPixels, Place, ended, fox, open_place, working
from PIL import Image, ImageChops
from replica_pipelines import build
from replicas import make_replicas

from models.engine import Engine, Report, Stop
from models.errors import OutOfMemory, Stopped
from models.flat import FlatEngine
from models.presets import PRESETS_FILE, Presets
from models.recipe import Extent, Recipe
from storage.errors import Busy, DiskFull, StorageError
from storage.library import Library
from storage.records import Job, JobState, NewPicture, Verdict
from tools.errors import NoWorker
from tools.settings import Settings
from tools.worker import BATCH, Supervisor, makes_here

ROOT = Path(__file__).parents[1]


@pytest.fixture
def place(tmp_path: Path) -> Generator[Place]:
    opened = open_place(tmp_path / "data")
    yield opened
    opened.library.close()


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_replicas(tmp_path_factory.mktemp("replicas"))


@pytest.fixture(scope="module")
def engine(replicas: Path) -> Engine:
    return Engine(Presets.load(replicas), "cpu", threads=1)


@contextmanager
def supervised(place: Place, replicas: Path, *, dry_run: bool = False, device: str = "cpu") -> Generator[Supervisor]:
    """A worker in a process of its own, ready or waiting."""
    settings = Settings(data=place.data, device=device, threads=1)
    with Supervisor(place.library, settings, dry_run=dry_run, presets=replicas) as supervisor:
        wait_for(lambda: supervisor.state in ("ready", "waiting", "dead"))
        yield supervisor


def wait_for(fact: Callable[[], bool], seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    """Whether a process runs (one that has ended and is not yet collected does not)."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


# --- one worker, in a thread -----------------------------------------------------------------------------------------


def test_a_job_becomes_a_picture_with_recipe_and_verdict(place: Place, engine: Engine) -> None:
    with working(place, engine):
        job = place.wait(place.enqueue(fox()))
    assert job.state is JobState.DONE and job.picture == 1
    picture = place.library.picture(place.session.id, 1)
    recipe = Recipe.model_validate(picture.recipe)
    assert (picture.width, picture.height) == (256, 256) == tuple(recipe.extent)
    assert recipe == engine.signed(fox()) and recipe.weights
    assert [verdict.rule for verdict in picture.verdicts] == ["fixed/1"]


def test_the_same_recipe_is_stored_as_the_same_bytes(place: Place, engine: Engine) -> None:
    with working(place, engine):
        jobs = [place.wait(place.enqueue(fox(seed))) for seed in (1, 1, 2)]
    hashes = [place.library.picture(place.session.id, job.picture or 0).sha256 for job in jobs]
    assert hashes[0] == hashes[1] != hashes[2]


def test_blocked_pixels_leave_no_picture_and_store_the_verdict(place: Place) -> None:
    with working(place, FlatEngine(), NUDE):
        job = place.wait(place.enqueue(fox()))
    assert job.state is JobState.BLOCKED and job.verdict == NUDE and job.picture is None
    assert place.library.pictures(place.session.id) == [] and place.library.preview(job.id) is None
    assert place.library.verdicts(place.session.id) == [NUDE]


def test_two_sessions_are_served_in_turn(place: Place) -> None:
    other = place.library.create_session(place.library.user("you").id, "another")
    mine = [place.enqueue(fox(seed)) for seed in (1, 2, 3)]
    theirs = place.enqueue(fox(4), other)
    with working(place, FlatEngine()):
        for job in (*mine, theirs):
            place.wait(job)
    made = [*place.library.pictures(place.session.id), *place.library.pictures(other.id)]
    order = [Recipe.model_validate(p.recipe).seed for p in sorted(made, key=lambda p: p.created)]
    assert order.index(4) == 1


def test_stop_comes_within_a_step_and_the_worker_goes_on(place: Place, engine: Engine) -> None:
    with working(place, engine):
        job = place.enqueue(fox(steps=200))
        place.wait(job, lambda now: now.progress > 0.02)
        began = time.monotonic()
        place.library.request_stop(job.id)
        stopped = place.wait(job)
        took = time.monotonic() - began
        assert place.wait(place.enqueue(fox())).state is JobState.DONE
    assert stopped.state is JobState.STOPPED and stopped.progress < 1
    assert took < 3, took  # a step of the replica takes a few hundredths of a second
    assert len(place.library.pictures(place.session.id)) == 1


def test_a_job_whose_session_is_deleted_ends_at_once_and_the_worker_goes_on(
    place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    engine, other = Together(), place.library.create_session(place.library.user("you").id, "another")
    jobs = [place.enqueue(fox(seed), other) for seed in range(2)]
    with working(place, engine):
        wait_for(lambda: all(place.library.job(job.id).progress for job in jobs))
        place.library.delete_session(other.user_id, other.id)
        assert place.wait(place.enqueue(fox(9)), seconds=20).state is JobState.DONE  # nobody has let the pass go on
    assert "There is no job" not in capfd.readouterr().err


def test_a_fault_beside_a_job_is_logged_once_and_stop_is_heard_after_it(
    place: Place, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    report, faults = Library.report, [RuntimeError("malformed")] * 3

    def faulty(library: Library, *args: Any, **kwargs: Any) -> bool:
        if faults:
            raise faults.pop()
        return report(library, *args, **kwargs)

    monkeypatch.setattr(Library, "report", faulty)
    monkeypatch.setattr("tools.worker.RENEW_SECONDS", 0)
    jobs = [place.enqueue(fox(seed)) for seed in range(2)]
    with working(place, Together()):
        wait_for(lambda: not faults)
        for job in jobs:
            place.library.request_stop(job.id)
        assert states(place, jobs) == [JobState.STOPPED] * 2
    assert capfd.readouterr().err.count("RuntimeError: malformed") <= 2  # once for each job


def test_a_preview_appears_and_goes_with_the_job(place: Place, engine: Engine) -> None:
    with working(place, engine):
        job = place.enqueue(fox(steps=100))
        place.wait(job, lambda now: ended(now) or place.library.preview(job.id) is not None)
        preview = place.library.preview(job.id)
        assert preview is not None and preview.startswith(b"\x89PNG")
        place.library.request_stop(job.id)
        place.wait(job)
    assert place.library.preview(job.id) is None


def test_a_preview_that_is_blocked_is_not_shown(place: Place, engine: Engine) -> None:
    with working(place, engine, NUDE):
        job = place.enqueue(fox(steps=40))
        seen: list[bytes | None] = []
        place.wait(job, lambda now: bool(seen.append(place.library.preview(job.id))) or ended(now))
    assert set(seen) == {None}


def test_the_first_verdict_that_holds_back_a_preview_is_stored(place: Place) -> None:
    class Previewing(FixedPixels):
        """Blocks what is as small as a preview."""

        def check(self, image: Image.Image, also: Sequence[str] = ()) -> Verdict:
            return NUDE if image.width < 64 else super().check(image)

    class Telling(FlatEngine):
        def run(self, recipe: Recipe, inputs: Any, mask: Any, report: Report, stop: Stop) -> Image.Image:
            for step in range(4):
                report(step / 4, "painting", Image.new("RGB", (8, 8), "red"))
                time.sleep(0.2)
            return super().run(recipe, inputs, mask, report, stop)

    with working(place, Telling(), judge=Previewing()):
        job = place.wait(place.enqueue(fox()))
    assert job.state is JobState.DONE
    assert [verdict.action for verdict in place.library.verdicts(place.session.id)] == ["block", "allow"]


def test_what_cannot_be_made_fails_with_its_sentence(place: Place, engine: Engine) -> None:
    with working(place, engine):
        job = place.wait(place.enqueue(fox().model_copy(update={"preset": "dall-e"})))
    assert job.state is JobState.FAILED and job.fixable and "There is no preset “dall-e”" in (job.error or "")


@pytest.mark.parametrize(
    ("operation", "preset", "offline", "here"),
    [
        ("generate", "embedded", True, True),
        ("generate", "flux2-klein", True, False),
        ("generate", "flux2-klein", False, True),  # it is fetched
        ("generate", "nobody", False, False),
        ("sculpt", "embedded", False, False),
    ],
)
def test_a_machine_makes_what_it_has_the_weights_of_or_fetches(
    operation: str, preset: str, offline: bool, here: bool
) -> None:
    assert makes_here(Presets.load(), offline)({"operation": operation, "preset": preset}) is here


def test_a_picture_that_cannot_be_described_is_kept_all_the_same(place: Place) -> None:
    class Blind(FlatEngine):
        def describe(self, recipe: Recipe, picture: Image.Image) -> str:
            raise MemoryError("no room for the eye")

    with working(place, Blind()):
        assert place.wait(place.enqueue(fox(1))).state is JobState.DONE
    assert place.library.picture(place.session.id, 1).shows == ""


def test_a_fault_in_the_engine_fails_its_job_and_not_the_worker(place: Place) -> None:
    class Faulty(FlatEngine):
        def run(self, recipe: Recipe, *others: object) -> Image.Image:
            if recipe.seed == 1:
                raise ZeroDivisionError("division by zero")
            return super().run(recipe, *others)  # type: ignore[arg-type]

    with working(place, Faulty()):
        job = place.wait(place.enqueue(fox(1)))
        assert place.wait(place.enqueue(fox(2))).state is JobState.DONE
    assert job.state is JobState.FAILED and "ZeroDivisionError: division by zero" in (job.error or "")


def test_a_job_that_takes_too_long_fails_with_the_limit(place: Place, engine: Engine) -> None:
    with working(place, engine, seconds=0.3):
        job = place.wait(place.enqueue(fox(steps=200)))
    assert job.state is JobState.FAILED and "longer than the 0.3 seconds" in (job.error or "")


def test_a_worker_that_leaves_gives_its_job_back(place: Place, engine: Engine) -> None:
    with working(place, engine):
        job = place.enqueue(fox(steps=200))
        place.wait(job, lambda now: now.progress > 0.02)
    given_back = place.library.job(job.id)
    assert given_back.state is JobState.QUEUED and given_back.owner is None


# --- a library that cannot be written --------------------------------------------------------------------------------

FULL = DiskFull("The disk that holds easel.db is full; nothing was changed. Free some space and try again.")


class Refusing(Library):
    """Refuses to end a job with a picture, or with a reason, as often as it is told."""

    refused: str
    completing: list[StorageError]
    failing: list[StorageError]

    def complete(self, job_id: str, attempt: int, new: NewPicture) -> int:
        if job_id == self.refused and self.completing:
            raise self.completing.pop()
        return super().complete(job_id, attempt, new)

    def fail(self, job_id: str, attempt: int, error: str, fixable: bool = False) -> None:
        if self.failing:
            raise self.failing.pop()
        super().fail(job_id, attempt, error, fixable)


@pytest.fixture
def refusing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[tuple[Place, Refusing]]:
    monkeypatch.setattr("tools.worker.SAVE_SECONDS", 1.0)
    with Refusing.open(tmp_path / "easel.db") as library:
        assert isinstance(library, Refusing)
        library.completing, library.failing = [], []
        yield Place(library, library.create_session(library.user("me").id, "a test"), tmp_path), library


class Counting(FlatEngine):
    """Counts what it paints."""

    painted = 0

    def run(self, *given: Any) -> Image.Image:
        self.painted += 1
        return super().run(*given)


def test_a_picture_that_cannot_be_saved_for_a_moment_is_saved_and_not_painted_again(
    refusing: tuple[Place, Refusing],
) -> None:
    place, library = refusing
    jobs, engine = [place.enqueue(fox(seed)) for seed in range(3)], Counting()
    library.refused, library.completing = jobs[0].id, [Busy("Another program holds the database.")] * 2
    with working(place, engine):
        assert states(place, jobs) == [JobState.DONE] * 3
    assert engine.painted == 3 and [place.library.job(job.id).attempt for job in jobs] == [1] * 3


def test_a_picture_that_cannot_be_saved_at_all_fails_with_that_reason_and_others_of_its_pass_are_saved(
    refusing: tuple[Place, Refusing],
) -> None:
    place, library = refusing
    jobs, engine = [place.enqueue(fox(seed)) for seed in range(3)], Counting()
    library.refused, library.completing, library.failing = jobs[0].id, [FULL] * 99, [FULL]
    with working(place, engine):
        place.wait(jobs[0], lambda now: ended(now) or now.progress_text == str(FULL))
        assert not ended(place.library.job(jobs[0].id))  # meanwhile the person reads what it waits for
        assert states(place, jobs) == [JobState.FAILED, JobState.DONE, JobState.DONE]
    assert engine.painted == 3 and place.library.job(jobs[0].id).error == str(FULL)


def test_a_job_of_which_nothing_can_be_written_leaves_the_others_of_its_pass_alone(
    refusing: tuple[Place, Refusing],
) -> None:
    place, library = refusing
    jobs = [place.enqueue(fox(seed)) for seed in range(3)]
    library.refused, library.completing, library.failing = jobs[0].id, [FULL] * 99, [FULL] * 99
    with working(place, FlatEngine()):
        assert states(place, jobs[1:]) == [JobState.DONE] * 2
    assert [place.library.job(job.id).attempt for job in jobs] == [1] * 3


# --- several jobs in one pass ----------------------------------------------------------------------------------------


class Together(FlatEngine):
    """Shows a preview of every picture of a pass, then waits until it may finish, or none of them is wanted."""

    def __init__(self) -> None:
        self.passes: list[int] = []
        self.go = threading.Event()

    def run_batch(
        self, recipes: Sequence[Recipe], reports: Sequence[Report], stops: Sequence[Stop]
    ) -> list[Image.Image | Stopped]:
        self.passes.append(len(recipes))
        for recipe, report in zip(recipes, reports, strict=True):
            report(0.5, "step 1 of 2", Image.new("RGB", (8, 8), (recipe.seed, 0, 0)))
        while not self.go.wait(0.01) and not all(stop() for stop in stops):
            pass
        return super().run_batch(recipes, reports, stops)


class Blocks(FixedPixels):
    """Blocks the flat picture of one recipe and allows every other."""

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self.blocked = FlatEngine().run(recipe, (), None, lambda *_: None, lambda: False)

    def check(self, image: Image.Image, also: Sequence[str] = ()) -> Verdict:
        return NUDE if image.tobytes() == self.blocked.tobytes() else super().check(image)


def states(place: Place, jobs: Sequence[Job]) -> list[JobState]:
    return [place.wait(job).state for job in jobs]


def test_four_pictures_of_one_person_are_made_in_one_pass_with_four_previews(place: Place) -> None:
    engine, jobs = Together(), [place.enqueue(fox(seed)) for seed in range(4)]
    with working(place, engine):
        wait_for(lambda: all(place.library.preview(job.id) for job in jobs))
        assert len({place.library.preview(job.id) for job in jobs}) == 4
        assert {place.library.job(job.id).progress_text for job in jobs} == {"step 1 of 2"}
        engine.go.set()
        assert states(place, jobs) == [JobState.DONE] * 4
    assert engine.passes == [4]
    made = [place.library.picture(place.session.id, place.library.job(job.id).picture or 0) for job in jobs]
    assert [Recipe.model_validate(picture.recipe).seed for picture in made] == [0, 1, 2, 3]


def test_a_pass_takes_what_goes_together_from_every_session_and_no_more_than_its_bound(place: Place) -> None:
    other = place.library.create_session(place.library.user("you").id, "another")
    mine = [place.enqueue(fox(seed)) for seed in range(BATCH)]
    larger = place.enqueue(fox(extent=Extent(128, 128)), other)
    theirs = place.enqueue(fox(99), other)
    engine = Together()
    engine.go.set()
    with working(place, engine):
        assert states(place, [*mine, larger, theirs]) == [JobState.DONE] * (BATCH + 2)
    assert engine.passes == [BATCH]
    last = max(mine, key=lambda job: place.library.job(job.id).created)
    made = sorted(place.library.pictures(place.session.id), key=lambda picture: picture.created)
    assert made[-1].handle == place.library.job(last.id).picture  # theirs took its place in the pass


def test_one_stopped_member_of_a_pass_leaves_the_others_alone(place: Place) -> None:
    engine, jobs = Together(), [place.enqueue(fox(seed)) for seed in range(3)]
    with working(place, engine):
        place.wait(jobs[1], lambda now: now.progress > 0)
        place.library.request_stop(jobs[1].id)
        time.sleep(1)  # every job is looked at within three looks
        engine.go.set()
        assert states(place, jobs) == [JobState.DONE, JobState.STOPPED, JobState.DONE]
    assert engine.passes == [3] and len(place.library.pictures(place.session.id)) == 2


def test_a_pass_of_which_nothing_is_wanted_any_more_ends(place: Place) -> None:
    engine, jobs = Together(), [place.enqueue(fox(seed)) for seed in range(3)]
    with working(place, engine):
        place.wait(jobs[0], lambda now: now.progress > 0)
        for job in jobs:
            place.library.request_stop(job.id)
        assert states(place, jobs) == [JobState.STOPPED] * 3


def test_one_blocked_member_of_a_pass_leaves_the_others_alone(place: Place) -> None:
    engine, jobs = Together(), [place.enqueue(fox(seed)) for seed in range(3)]
    engine.go.set()
    with working(place, engine, judge=Blocks(fox(0))):
        assert states(place, jobs) == [JobState.BLOCKED, JobState.DONE, JobState.DONE]
    assert engine.passes == [3] and place.library.job(jobs[0].id).verdict == NUDE


def test_a_member_that_another_worker_took_over_is_that_ones(place: Place) -> None:
    engine, jobs = Together(), [place.enqueue(fox(seed)) for seed in range(3)]
    with working(place, engine):
        wait_for(lambda: all(place.library.job(job.id).progress for job in jobs))
        place.library.report(jobs[1].id, 1, 0.5, "its worker is silent", lease_seconds=-1)
        taken = place.library.claim("another", 60)
        assert taken is not None and taken.id == jobs[1].id
        engine.go.set()
        assert states(place, [jobs[0], jobs[2]]) == [JobState.DONE] * 2
        assert place.library.job(jobs[1].id) == taken
        assert len(place.library.pictures(place.session.id)) == 2


@pytest.mark.parametrize("error", [OutOfMemory("too little memory"), ZeroDivisionError("division by zero")])
def test_the_members_of_a_pass_that_fails_are_made_one_by_one_and_only_what_is_at_fault_fails(
    place: Place, error: Exception
) -> None:
    class Small(FlatEngine):
        def run_batch(self, *others: object) -> list[Image.Image | Stopped]:
            raise error

        def run(self, recipe: Recipe, *others: object) -> Image.Image:
            if recipe.seed == 1:
                raise error
            return super().run(recipe, *others)  # type: ignore[arg-type]

    jobs = [place.enqueue(fox(seed)) for seed in range(3)]
    with working(place, Small()):
        assert states(place, jobs) == [JobState.DONE, JobState.FAILED, JobState.DONE]
    assert str(error) in (place.library.job(jobs[1].id).error or "")


def test_the_time_for_a_picture_begins_when_its_weights_are_fetched(place: Place) -> None:
    class Fetching(FlatEngine):
        def run(self, recipe: Recipe, inputs: object, mask: object, report: Report, stop: Stop) -> Image.Image:
            report(0.0, "fetching what it needs, 1% of all", None)
            time.sleep(0.6)
            assert not stop()
            report(0.0, "loading the painter", None)
            if recipe.seed == 2:
                time.sleep(0.6)
                raise Stopped("Painting was stopped.") if stop() else AssertionError("it had no more time")
            return super().run(recipe, inputs, mask, report, stop)  # type: ignore[arg-type]

    with working(place, Fetching(), seconds=0.3):
        assert place.wait(place.enqueue(fox(1))).state is JobState.DONE
        job = place.wait(place.enqueue(fox(2)))
    assert "longer than the 0.3 seconds" in (job.error or "")


def test_a_pass_has_the_time_that_its_pictures_would_have_one_by_one(place: Place) -> None:
    engine, jobs = Together(), [place.enqueue(fox(seed)) for seed in range(3)]
    with working(place, engine, seconds=0.5):
        assert states(place, jobs) == [JobState.FAILED] * 3
    ended = [place.library.job(job.id) for job in jobs]
    assert all("longer than the 0.5 seconds" in (job.error or "") for job in ended)


def test_a_worker_that_leaves_gives_back_a_whole_pass_and_what_was_tried_is_made_alone(place: Place) -> None:
    engine, jobs = Together(), [place.enqueue(fox(seed)) for seed in range(3)]
    with working(place, engine):
        place.wait(jobs[0], lambda now: now.progress > 0)
    assert [(place.library.job(job.id).state, place.library.job(job.id).attempt) for job in jobs] == [
        (JobState.QUEUED, 1)
    ] * 3
    with working(place, engine):
        assert states(place, jobs) == [JobState.DONE] * 3
    assert engine.passes == [3] and len(place.library.pictures(place.session.id)) == 3


def test_a_worker_keeps_its_model_while_somebody_waits_for_it_and_hears_what_comes_next(place: Place) -> None:
    class OneModel(FlatEngine):
        def __init__(self) -> None:
            self.order = list[str]()
            self.expected = list[list[str]]()

        @property
        def loaded(self) -> tuple[str, ...]:
            return tuple(f"{preset}.painter" for preset in self.order[-1:])

        def expect(self, names: Sequence[str]) -> None:
            self.expected.append(list(names))

        def together(self, one: Recipe, other: Recipe) -> bool:
            return False

        def run(self, recipe: Recipe, *others: object) -> Image.Image:
            self.order.append(recipe.preset)
            return super().run(recipe, *others)  # type: ignore[arg-type]

    other = place.library.create_session(place.library.user("you").id, "another")
    jobs: list[Job] = []
    for seed in range(3):
        jobs.append(place.enqueue(fox(seed).model_copy(update={"preset": "flux2-klein"})))
        jobs.append(place.enqueue(fox(seed).model_copy(update={"preset": "z-image"}), other))
    with working(place, engine := OneModel()):
        assert states(place, jobs) == [JobState.DONE] * 6
    assert engine.order == ["flux2-klein"] * 3 + ["z-image"] * 3
    assert engine.expected[0] == ["z-image", "flux2-klein"] and engine.expected[-1] == []


TINY = """
[tiny.painter]
title = "a replica of Stable Diffusion"
folder = "{folder}"
pipeline = "StableDiffusionPipeline"
operations = ["generate"]
dtype = "float32"
guidance = 5.0
extents = {{ square = [64, 64] }}
multiple = 8
min_side = 32
max_side = 256
licence = "Apache-2.0"
commercial = true
parameters = 0.001
memory = 0.1
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A presets file with a diffusers pipeline that paints noise."""
    folder = tmp_path_factory.mktemp("tiny")
    file = folder / "presets.toml"
    file.write_text(TINY.format(folder=build("StableDiffusionPipeline", folder)), encoding="utf-8")
    return file


def noise(seed: int, steps: int) -> Recipe:
    return fox(seed, steps, Extent(64, 64)).model_copy(update={"preset": "tiny", "guidance": 5.0})


@pytest.mark.usefixtures("every_preview")
@pytest.mark.slow
def test_a_real_pipeline_paints_four_jobs_in_one_pass_as_it_would_paint_them_alone(place: Place, tiny: Path) -> None:
    class Counting(Engine):
        passes: tuple[int, ...] = ()

        def run_batch(
            self, recipes: Sequence[Recipe], reports: Sequence[Report], stops: Sequence[Stop]
        ) -> list[Image.Image | Stopped]:
            self.passes += (len(recipes),)
            return super().run_batch(recipes, reports, stops)

    engine = Counting(Presets.load(tiny), "cpu", 1)
    jobs = [place.enqueue(noise(seed, 60)) for seed in range(4)]
    with working(place, engine):
        wait_for(lambda: all(place.library.preview(job.id) for job in jobs))
        place.library.request_stop(jobs[2].id)
        ends = states(place, jobs)
    assert ends == [JobState.DONE, JobState.DONE, JobState.STOPPED, JobState.DONE] and engine.passes == (4,)
    for handle, seed in enumerate((0, 1, 3), 1):
        stored = place.library.picture(place.session.id, handle)
        made = Image.open(io.BytesIO(place.library.pixels(stored.sha256)))
        alone = engine.run(noise(seed, 60), (), None, lambda *_: None, lambda: False)
        assert max(high for _, high in ImageChops.difference(made, alone).getextrema()) <= 2


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_worker_killed_in_the_middle_of_a_pass_loses_and_doubles_nothing(place: Place, tiny: Path) -> None:
    jobs = [place.enqueue(noise(seed, 100)) for seed in range(3)]
    with supervised(place, tiny) as supervisor:
        wait_for(lambda: all(place.library.job(job.id).progress > 0.02 for job in jobs), 300)
        assert {place.library.job(job.id).state for job in jobs} == {JobState.RUNNING}
        kill(supervisor.pid)
        ended = [place.wait(job, seconds=300) for job in jobs]
    assert [(job.state, job.attempt) for job in ended] == [(JobState.DONE, 2)] * 3
    made = [Recipe.model_validate(picture.recipe).seed for picture in place.library.pictures(place.session.id)]
    assert sorted(made) == [0, 1, 2] and place.library.verify().faults == ()


# --- a worker process ------------------------------------------------------------------------------------------------


def test_a_dry_run_paints_a_flat_picture_and_says_so(place: Place, replicas: Path) -> None:
    with supervised(place, replicas, dry_run=True):
        job = place.wait(place.enqueue(fox()))
    assert job.state is JobState.DONE
    picture = place.library.picture(place.session.id, 1)
    assert picture.recipe["preset"] == "flat" and picture.recipe["weights"] == ""


@pytest.mark.parametrize("device", ["cpu", "auto"])
def test_a_dry_run_shares_its_folder_with_nobody(place: Place, replicas: Path, device: str) -> None:
    with supervised(place, replicas, dry_run=True), supervised(place, replicas, device=device) as second:
        wait_for(lambda: second.state == "dead")
        with pytest.raises(NoWorker, match="a dry run cannot share"):
            second.check()


def test_a_worker_that_cannot_start_gives_a_reason(place: Place, tmp_path: Path) -> None:
    with supervised(place, tmp_path / "no-presets.toml") as supervisor:
        wait_for(lambda: supervisor.state == "dead")
        with pytest.raises(NoWorker, match=r"no-presets\.toml"):
            supervisor.check()


@pytest.mark.parametrize(
    ("device", "sentence"),
    [
        ("nonsense", "EASEL_DEVICE=nonsense is no device that torch finds here"),
        ("openvino:tpu", "OpenVINO finds no device “tpu” for EASEL_DEVICE=openvino:tpu"),
    ],
)
def test_a_worker_without_its_device_ends_and_says_so(place: Place, replicas: Path, device: str, sentence: str) -> None:
    with supervised(place, replicas, device=device) as supervisor:
        wait_for(lambda: supervisor.state == "dead")
        with pytest.raises(NoWorker, match=sentence):
            supervisor.check()
        assert supervisor.restarts == 0 and supervisor.pid is None


@pytest.mark.slow
def test_a_killed_worker_is_replaced_and_its_job_finished(place: Place, replicas: Path) -> None:
    with supervised(place, replicas) as supervisor:
        job = place.enqueue(fox(steps=100))
        place.wait(job, lambda now: now.progress > 0.02)
        kill(supervisor.pid)
        done = place.wait(job)
        assert done.state is JobState.DONE and done.attempt == 2 and supervisor.restarts == 1
    assert place.library.verify().faults == ()


@pytest.mark.slow
def test_a_job_whose_worker_died_twice_fails_with_a_reason(place: Place, replicas: Path) -> None:
    with supervised(place, replicas) as supervisor:
        job = place.enqueue(fox(steps=200))
        for attempt in (1, 2):
            place.wait(job, lambda now, wanted=attempt: now.attempt == wanted and now.progress > 0.01)
            kill(supervisor.pid)
        failed = place.wait(job)
        assert failed.state is JobState.FAILED and "stopped twice" in (failed.error or "")
        assert place.wait(place.enqueue(fox())).state is JobState.DONE  # the third worker serves the next job


@pytest.mark.slow
def test_a_worker_leaves_within_a_step_when_its_parent_is_killed(place: Place, replicas: Path) -> None:
    data = place.data
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(data), str(replicas)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    job = place.enqueue(fox(steps=200))
    place.wait(job, lambda now: now.progress > 0.01)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_for(lambda: not alive(worker), 10)
    given_back = place.library.job(job.id)
    assert given_back.state is JobState.QUEUED and given_back.attempt == 1


PARENT = """
import sys, time
from pathlib import Path
from storage.library import Library
from tools.settings import Settings
from tools.worker import Supervisor
settings = Settings(data=Path(sys.argv[1]), device="cpu", threads=1)
with Supervisor(Library.open(settings.library), settings, presets=Path(sys.argv[2])) as supervisor:
    while supervisor.state != "ready":
        time.sleep(0.05)
    print(supervisor.pid, flush=True)
    time.sleep(600)
"""


@pytest.mark.slow
def test_who_waits_for_an_easel_that_was_put_aside_reads_so(place: Place) -> None:
    lock = place.data / "worker-cpu.lock"
    lock.write_text("worker-1 123")
    with lock.open("r+") as first, ExitStack() as ends:
        fcntl.flock(first, fcntl.LOCK_EX)
        second = ends.enter_context(supervised(place, PRESETS_FILE, dry_run=True))
        assert (second.state, second.awaited) == ("waiting", None)
        os.utime(lock, (0, 0))
        wait_for(lambda: second.awaited is not None)
        assert "another Easel (process 123)" in (second.awaited or "")
        os.utime(lock)  # it goes on
        wait_for(lambda: second.awaited is None)
        fcntl.flock(first, fcntl.LOCK_UN)
        wait_for(lambda: second.state == "ready")
        assert lock.read_text().endswith(f" {os.getpid()}")


def test_a_second_easel_waits_for_the_first_and_then_takes_over(place: Place, replicas: Path) -> None:
    with supervised(place, replicas) as first, supervised(place, replicas) as second:
        assert (first.state, second.state) == ("ready", "waiting")
        assert place.wait(place.enqueue(fox(1))).state is JobState.DONE
        first.stop()
        wait_for(lambda: second.state == "ready")
        assert place.wait(place.enqueue(fox(2))).state is JobState.DONE
