"""The fleet: the same queue, with painters in Ray's processes. One Ray for the module; processes are really killed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from house import Place, ended, fox, open_place
from pydantic import SecretStr
from replicas import make_replicas
from test_worker import alive, kill, wait_for

from models.recipe import Extent, Recipe
from storage.library import Library
from storage.records import JobState
from tools.settings import RayCluster, Settings
from tools.worker import Supervisor

ROOT = Path(__file__).parents[1]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # Ray alone takes a minute to start where the machine is busy


@dataclass(frozen=True)
class Running:
    """Easel with two replicas of the embedded family, and what the tests need of it."""

    library: Library
    supervisor: Supervisor

    def place(self) -> Place:
        """A session of its own."""
        session = self.library.create_session(self.library.user("me").id, "a test")
        return Place(self.library, session, Path(self.library.name).parent)

    def replicas(self) -> list[int]:
        """The process ids of the replicas that live now."""
        return [pid for pid in tree(self.supervisor.pid) if command(pid).startswith("ray::ServeReplica:easel-embedded")]


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def tree(pid: int | None) -> Iterator[int]:
    """A process's children, their children, and so on."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in task.read_text().split()]
        except OSError:  # the thread has ended meanwhile
            continue
        for child in children:
            yield child
            yield from tree(child)


def settings(folder: Path, **ray: object) -> Settings:
    cluster = RayCluster.model_validate({"replicas": 2, "cpus": 0.5, **ray})
    return Settings(data=folder, device="cpu", threads=1, workers="ray", ray=cluster)


@pytest.fixture(scope="module")
def presets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = make_replicas(tmp_path_factory.mktemp("replicas"))
    # The replicas' eye takes seconds to tell what noise shows.
    file.write_text(file.read_text(encoding="utf-8").replace("describes = true\n", ""), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def running(presets: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    folder = tmp_path_factory.mktemp("fleet") / "data"
    library = open_place(folder).library
    with Supervisor(library, settings(folder), presets=presets) as supervisor:
        wait_for(lambda: supervisor.state in ("ready", "dead"), 240)
        assert supervisor.failure is None
        yield Running(library, supervisor)
        processes = list(tree(supervisor.pid))
    assert processes
    wait_for(lambda: not any(map(alive, processes)), 20)
    library.close()


def test_no_part_of_ray_reports_to_its_makers(running: Running) -> None:
    # Those that name themselves ("ray::…") write over the environment that /proc shows; they have it from the raylet.
    parts = [pid for pid in tree(running.supervisor.pid) if "/ray/" in command(pid)]
    told = {command(pid): Path(f"/proc/{pid}/environ").read_text(encoding="utf-8").split("\0") for pid in parts}
    assert any("/raylet\0" in part for part in told) and any("/gcs_server\0" in part for part in told)
    assert [part for part, one in told.items() if "RAY_USAGE_STATS_ENABLED=0" not in one] == []


def test_progress_and_previews_arrive_and_stop_comes_within_a_step(running: Running) -> None:
    place = running.place()
    job = place.enqueue(fox(steps=200))
    place.wait(job, lambda now: ended(now) or place.library.preview(job.id) is not None)
    preview = place.library.preview(job.id)
    assert preview is not None and preview.startswith(b"\x89PNG")
    assert " of 200" in place.library.job(job.id).progress_text
    began = time.monotonic()
    place.library.request_stop(job.id)
    stopped = place.wait(job)
    assert stopped.state is JobState.STOPPED and stopped.progress < 1
    assert time.monotonic() - began < 3  # a step of the replica takes a few hundredths of a second
    done = place.wait(place.enqueue(fox()))
    assert done.state is JobState.DONE
    weights = place.library.picture(place.session.id, 1).recipe["weights"]
    assert len(weights) == 64


def test_what_a_replica_refuses_arrives_with_its_own_sentence(running: Running) -> None:
    place = running.place()
    fixable = place.wait(place.enqueue(fox(extent=Extent(100, 100))))
    assert fixable.state is JobState.FAILED and fixable.fixable
    assert (fixable.error or "").startswith("embedded cannot paint 100×100")
    final = place.wait(place.enqueue(fox().model_copy(update={"weights": "0" * 64})))
    assert final.state is JobState.FAILED and not final.fixable
    assert (final.error or "").startswith("This recipe was made with other weights of embedded")
    unknown = place.wait(place.enqueue(fox().model_copy(update={"preset": "dall-e"})))
    assert unknown.fixable and "There is no preset “dall-e”" in (unknown.error or "")


def test_sessions_are_served_in_turn(running: Running) -> None:
    mine, theirs = running.place(), running.place()
    holding = [mine.enqueue(fox(steps=steps)) for steps in (199, 200)]  # both replicas are busy while the queue fills
    for job in holding:
        mine.wait(job, lambda now: now.progress > 0)
    jobs = [mine.enqueue(fox(seed, 2 + seed)) for seed in range(12)]  # no two have as many steps: none go together
    other = theirs.enqueue(fox(99, 2))
    assert all(not ended(mine.library.job(job.id)) for job in holding)
    for job in (*holding, *jobs, other):
        mine.wait(job)
    made = [*mine.library.pictures(mine.session.id), *mine.library.pictures(theirs.session.id)]
    recipes = [Recipe.model_validate(p.recipe) for p in sorted(made, key=lambda p: p.created)]
    order = [recipe.seed for recipe in recipes if recipe.steps < 199]
    assert order.index(99) <= 2  # it is claimed before all that wait; those begun beside it may end before it


def test_of_two_hundred_jobs_none_is_lost_or_made_twice_while_replicas_are_killed(running: Running) -> None:
    places = [running.place() for _ in range(4)]
    jobs = [place.enqueue(fox(seed, 8), key=f"{seed}") for seed in range(50) for place in places]
    over = threading.Event()
    killed: list[int] = []

    def kill_again_and_again() -> None:
        while not over.wait(random.uniform(0.5, 2)):
            living = running.replicas()
            if len(killed) < 6 and len(living) == 2:
                killed.append(random.choice(living))
                kill(killed[-1])

    killer = threading.Thread(target=kill_again_and_again)
    killer.start()
    try:
        ended_jobs = [running.place().wait(job, seconds=200) for job in jobs]
    finally:
        over.set()
        killer.join()
    assert len(set(killed)) >= 3
    states = Counter(job.state for job in ended_jobs)
    assert set(states) <= {JobState.DONE, JobState.FAILED} and states[JobState.DONE] >= 200 - len(killed) // 2
    for job in ended_jobs:
        assert job.state is JobState.DONE or (job.attempt == 2 and "stopped twice" in (job.error or ""))
    for place in places:
        handles = [picture.handle for picture in place.library.pictures(place.session.id)]
        done = [job.picture for job in ended_jobs if job.session_id == place.session.id and job.picture is not None]
        assert sorted(handles) == sorted(done)  # each job its own picture, and no picture more
    assert any(job.attempt == 2 and job.state is JobState.DONE for job in ended_jobs)
    assert running.library.verify().faults == ()
    assert running.supervisor.restarts == 0


def test_a_job_whose_replica_died_twice_fails_and_the_next_one_is_made(running: Running) -> None:
    place = running.place()
    job = place.enqueue(fox(steps=200))
    for attempt in (1, 2):
        place.wait(job, lambda now, wanted=attempt: now.attempt == wanted and now.progress > 0.01)
        for pid in running.replicas():
            kill(pid)
    failed = place.wait(job)
    assert failed.state is JobState.FAILED and "stopped twice" in (failed.error or "")
    assert place.wait(place.enqueue(fox())).state is JobState.DONE


def test_another_family_is_started_when_it_is_asked_for_and_says_what_it_misses(running: Running) -> None:
    place = running.place()
    job = place.enqueue(fox(extent=Extent(512, 512)).model_copy(update={"preset": "sd-turbo"}))
    starting = place.wait(job, lambda now: ended(now) or now.progress_text == "starting a painter of sd-turbo")
    assert not ended(starting)
    missing = place.wait(job)
    assert missing.state is JobState.FAILED and not missing.fixable
    assert "easel models pull sd-turbo" in (missing.error or "")


def test_a_killed_dispatcher_takes_its_ray_along_and_is_replaced(running: Running) -> None:
    place = running.place()
    job = place.enqueue(fox(steps=200))
    place.wait(job, lambda now: now.progress > 0.01)
    painters, processes = running.replicas(), list(tree(running.supervisor.pid))
    kill(running.supervisor.pid)
    wait_for(lambda: place.library.job(job.id).state is JobState.QUEUED, 5)  # no lease has to run out
    wait_for(lambda: not any(map(alive, painters)), 20)
    wait_for(lambda: not any(map(alive, processes)), 120)  # Ray's agents look for their parent once a minute
    done = place.wait(job, seconds=200)
    assert done.state is JobState.DONE and done.attempt == 2
    assert running.supervisor.state == "ready"


# --- what cannot be started ------------------------------------------------------------------------------------------


def words_of_a_worker(folder: Path, **environment: str) -> str:
    """What a worker that cannot start says last."""
    known = os.environ | {"EASEL_DATA": str(folder), "EASEL_WORKERS": "ray", "PYTHONPATH": str(ROOT)} | environment
    done = subprocess.run(
        [sys.executable, "-m", "tools.worker"], cwd=ROOT, env=known, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 3, done.stderr
    return done.stdout.strip()


def test_a_second_fleet_waits_for_a_busy_painter_and_does_not_end_it(
    presets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ray
    from ray import serve

    from tools.fleet import Fleet

    known = settings(tmp_path, replicas=1)
    ray.init("local", include_dashboard=False, object_store_memory=100 * 2**20, _node_ip_address="127.0.0.1")
    try:
        serve.start(proxy_location="Disabled")
        painter = Fleet(known, presets).family("embedded", lambda *_: None, lambda: False)
        monkeypatch.setattr("tools.fleet.START_SECONDS", 0.5)
        streaming = painter.options(stream=True, multiplexed_model_id="embedded")
        painting = iter(streaming.paint.remote([fox(steps=200)], (), None))
        next(painting)
        told: list[str] = []
        Fleet(known, presets).family("embedded", lambda _part, words, _preview: told.append(words), lambda: False)
        assert "waiting for a painter of embedded" in told
        *_, [made] = painting
        assert made.picture.size == fox().extent
        assert [one.status.value for one in serve.status().applications.values()] == ["RUNNING"]
    finally:
        ray.shutdown()


def test_without_ray_a_worker_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "ray").mkdir()
    (tmp_path / "ray/__init__.py").write_text("raise ModuleNotFoundError(\"No module named 'ray'\")\n")
    said = words_of_a_worker(tmp_path / "data", PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert said.startswith("failed EASEL_WORKERS=ray needs Ray Serve") and "pip install '.[ray]'" in said


def test_a_cluster_that_does_not_answer_is_named(tmp_path: Path) -> None:
    said = words_of_a_worker(tmp_path / "data", EASEL_RAY__ADDRESS="127.0.0.1:9")
    assert said.startswith("failed Ray at 127.0.0.1:9 cannot be used")


def test_a_painter_without_its_gpu_is_told_at_once(tmp_path: Path) -> None:
    said = words_of_a_worker(tmp_path / "data", EASEL_RAY__GPUS="64")
    assert said.startswith("failed Ray has no room for a painter of embedded: it asks for 1 processors and 64 GPUs")


def test_a_replica_is_told_no_secret(tmp_path: Path) -> None:
    from tools.fleet import told

    known = json.loads(told(Settings(data=tmp_path, device="cuda:1", llm_key=SecretStr("secret"))))
    assert known == {"data": str(tmp_path), "device": "cuda:0", "threads": 0, "offline": True, "compile": False}


def test_a_plain_worker_knows_no_ray() -> None:
    code = "import sys, tools.worker, tools.studio; print('ray' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
