"""The worker and its supervisor: real processes, a real queue, tiny replicas of the models."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from house import NUDE, FixedPixels, Place, ended, fox, open_place
from PIL import Image
from replicas import make_replicas

from models.engine import Engine, Runs
from models.flat import FlatEngine
from models.presets import Presets
from models.recipe import Recipe
from storage.records import JobState, Verdict
from tools.errors import NoWorker
from tools.settings import Settings
from tools.worker import Supervisor, Worker

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
def working(place: Place, engine: Runs, verdict: Verdict | None = None, seconds: float = 60.0) -> Generator[None]:
    """A worker in a thread of this process."""
    leave = threading.Event()
    worker = Worker(place.library, engine, FixedPixels(verdict), "in a thread", seconds)
    thread = threading.Thread(target=worker.serve, args=(leave,))
    thread.start()
    try:
        yield
    finally:
        leave.set()
        thread.join()


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


def test_what_cannot_be_made_fails_with_its_sentence(place: Place, engine: Engine) -> None:
    with working(place, engine):
        job = place.wait(place.enqueue(fox().model_copy(update={"preset": "dall-e"})))
    assert job.state is JobState.FAILED and job.fixable and "There is no preset “dall-e”" in (job.error or "")


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


# --- a worker process ------------------------------------------------------------------------------------------------


def test_a_dry_run_paints_a_flat_picture_and_says_so(place: Place, replicas: Path) -> None:
    with supervised(place, replicas, dry_run=True):
        job = place.wait(place.enqueue(fox()))
    assert job.state is JobState.DONE
    picture = place.library.picture(place.session.id, 1)
    assert picture.recipe["preset"] == "flat" and picture.recipe["weights"] == ""


def test_a_dry_run_shares_its_folder_with_nobody(place: Place, replicas: Path) -> None:
    with supervised(place, replicas, dry_run=True), supervised(place, replicas) as second:
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
def test_a_second_easel_waits_for_the_first_and_then_takes_over(place: Place, replicas: Path) -> None:
    with supervised(place, replicas) as first, supervised(place, replicas) as second:
        assert (first.state, second.state) == ("ready", "waiting")
        assert place.wait(place.enqueue(fox(1))).state is JobState.DONE
        first.stop()
        wait_for(lambda: second.state == "ready")
        assert place.wait(place.enqueue(fox(2))).state is JobState.DONE
