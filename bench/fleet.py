"""What Ray costs and gives: `python -m bench.fleet` prints it side by side with the plain worker, in one run.

The replicas paint flat colours (a dry run), so what is measured is everything but painting: the queue, the lease, the
way to the replica and back, the judgement, PNG and the transaction. Both get the same jobs, in one session,
after a few to warm up, by turns: a machine that is busy is so for both. The last line compares the two ways in which a
picture could travel.
"""

from __future__ import annotations

import argparse
import io
import pickle
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np
from PIL import Image

from models.recipe import Extent, Operation, Recipe
from storage.library import Library
from storage.records import JobState
from tools.intake import encode_png
from tools.settings import RayCluster, Settings
from tools.worker import Supervisor


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.fleet", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="rounds of 20 jobs, by turns")
    rounds = parser.parse_args().rounds
    print(f"{20 * rounds} jobs of 256×256, dry run      jobs/s   ms a job   beside it")
    for replicas in (1, 2):
        plain, fleet = side_by_side(rounds, replicas)
        print(f"{'plain worker':<33}{1 / plain:>7.1f}{1000 * plain:>11.1f}{1:>10.2f} ×")
        name = f"Ray, {replicas} replica{'s' * (replicas > 1)}"
        print(f"{name:<33}{1 / fleet:>7.1f}{1000 * fleet:>11.1f}{plain / fleet:>10.2f} ×", flush=True)
    raw, png = travelling()
    print(
        f"a 1024×1024 picture as PNG instead of raw pixels: {png[0] / raw[0]:.0f} × the time to pack and unpack, "
        f"{png[1] / raw[1]:.2f} × the bytes"
    )


def side_by_side(rounds: int, replicas: int) -> tuple[float, float]:
    """Seconds a job, the median of the rounds: the plain worker's, and Ray's."""
    ray = RayCluster(replicas=replicas, cpus=0.5)
    with working("process", ray) as plain, working("ray", ray) as fleet:
        took = [(plain(20), fleet(20)) for _ in range(rounds)]
    return median(one for one, _ in took), median(other for _, other in took)


@contextmanager
def working(workers: Literal["process", "ray"], ray: RayCluster) -> Generator[Callable[[int], float]]:
    """A library with its workers, warm. Gives what makes so many jobs and tells the seconds for each."""
    with TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), workers=workers, ray=ray)
        with Library.open(settings.library) as library, Supervisor(library, settings, dry_run=True) as supervisor:
            session = library.create_session(library.user("bench").id, "bench")
            seeds = count()

            def make(jobs: int) -> float:
                began = time.perf_counter()
                made(library, session.id, list(islice(seeds, jobs)))
                return (time.perf_counter() - began) / jobs

            while supervisor.state != "ready":
                supervisor.check()
                time.sleep(0.05)
            make(4)
            yield make


def made(library: Library, session_id: str, seeds: Sequence[int]) -> None:
    """Queues a job for each seed and waits until all are done."""
    recipes = [recipe(seed).model_dump(mode="json") for seed in seeds]
    for queued in library.enqueue(session_id, None, recipes, (), "", f"{seeds}"):
        while (job := library.job(queued.id)).state in (JobState.QUEUED, JobState.RUNNING):
            time.sleep(0.02)
        assert job.state is JobState.DONE, job


def recipe(seed: int) -> Recipe:
    return Recipe(
        operation=Operation.GENERATE, prompt="a fox", preset="embedded", seed=seed, extent=Extent(256, 256), steps=1
    )


def travelling() -> tuple[tuple[float, int], tuple[float, int]]:
    """Seconds to pack and unpack a picture, and its bytes: raw pixels, and PNG."""
    ramp = np.add.outer(np.arange(1024), np.arange(1024))[..., None] // np.array([8, 11, 16])
    noise = np.random.default_rng(1).integers(0, 12, (1024, 1024, 3))
    picture = Image.fromarray((ramp + noise).clip(0, 255).astype(np.uint8))

    def timed(pack: Callable[[Image.Image], bytes], unpack: Callable[[bytes], Image.Image]) -> tuple[float, int]:
        began = time.perf_counter()
        for _ in range(5):
            packed = pack(picture)
            unpack(packed).load()
        return (time.perf_counter() - began) / 5, len(packed)

    return timed(pickle.dumps, pickle.loads), timed(encode_png, lambda data: Image.open(io.BytesIO(data)))


if __name__ == "__main__":
    main()
