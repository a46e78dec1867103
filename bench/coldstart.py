"""How long a cold worker takes until its first picture: `python -m bench.coldstart [--runs 3] [--command]`.

A worker process is started on a new data folder in which one picture is waiting, and measured until the picture is
saved, judged and all; so is a process that paints the same words with plain diffusers (`bench.plain`), in turn, and
one that only imports torch. What is cold is the processes: files that were read before may be in the machine's memory.
With `--command` also what a person waits who types `easel draw`: its own start and the word filter's included; no
language model is asked.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.figures import Figures
from models.presets import Presets
from models.recipe import Operation, Recipe
from storage.library import Library
from storage.records import JobState

WORDS = "a red fox in the snow"
PLAIN = f"""
from bench.plain import PlainPainter
from models.weights import EMBEDDED
PlainPainter(EMBEDDED / "painter").paint({WORDS!r}, 1, 1)
"""


def worker(folder: Path) -> float:
    """Seconds from the start of a worker until the waiting picture is saved."""
    preset = Presets.load().for_operation(Operation.GENERATE, "embedded")
    asked = {"prompt": WORDS, "seed": 1, "preset": preset.name, "steps": preset.steps, "extent": preset.extent()}
    recipe = Recipe.model_validate({"operation": Operation.GENERATE, **asked})
    with Library.open(folder / "easel.db") as library:
        session = library.create_session(library.user("me").id, WORDS)
        [job] = library.enqueue(session.id, None, [recipe.model_dump(mode="json")], (), WORDS, "bench")
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.worker", "--data", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            while (now := library.job(job.id)).state in (JobState.QUEUED, JobState.RUNNING):
                if process.poll() is not None:
                    assert process.stderr is not None
                    raise SystemExit(f"The worker ended: {process.stderr.read().decode()}")
                time.sleep(0.01)
            took = time.perf_counter() - began
        finally:
            process.terminate()
            process.wait()
    if now.state is not JobState.DONE:
        raise SystemExit(f"No picture was made: {now}")
    return took


def plain(_folder: Path) -> float:
    """Seconds of a process that paints the same with diffusers and transformers."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", PLAIN], check=True, capture_output=True)
    return time.perf_counter() - began


def floor(_folder: Path) -> float:
    """Seconds of a process that only imports torch, without which no worker paints."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch"], check=True, capture_output=True)
    return time.perf_counter() - began


def command(folder: Path) -> float:
    """Seconds of `easel draw` as a person types it."""
    began = time.perf_counter()
    easel = Path(sys.executable).parent / "easel"
    drawing = [easel, "draw", WORDS, "--out", str(folder / "fox.png")]
    subprocess.run(drawing, check=True, capture_output=True, env={**os.environ, "EASEL_DATA": str(folder)})
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--command", action="store_true", help="also `easel draw`")
    asked = parser.parse_args()
    ways: dict[str, Callable[[Path], float]] = {
        "worker, to its first picture": worker,
        "plain diffusers": plain,
        "import torch": floor,
    }
    if asked.command:
        ways["easel draw"] = command
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(asked.runs):
        for name, way in ways.items():
            with tempfile.TemporaryDirectory() as folder:
                took[name].append(way(Path(folder)))
    figures = Figures("coldstart")
    for name, seconds in took.items():
        figures.timed(name, seconds, unit="s")
        print(f"{name}: {statistics.median(seconds):.1f} s ({min(seconds):.1f} to {max(seconds):.1f})", flush=True)


if __name__ == "__main__":
    main()
