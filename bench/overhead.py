"""What the product adds to a bare diffusers script: `python -m bench.overhead [--runs 20] [--people 1 4 16]`.

The same weights are painted in turn, so that all ways meet the same machine, by

- *script*: diffusers (for Easel's own painter `bench.plain`), written as its docs write it, in its own process;
- *script, sped up*: the same under bfloat16 where the processor has it, convolutions laid out by channels;
- *engine*: the engine in this process, with a stopwatch between its parts;
- *queue*: the studio: words judged, job queued, claimed by a worker process, painted, judged, saved in SQLite;
- *turn*: a sentence to the agent with the language model that ships, until the picture is there.

Two painters: Easel's own, and a pipeline of SDXL's class with random weights that takes some tenths of a second.
Then: from Stop until the job has ended, and until the next job has begun; how long 1, 4 and 16 people wait who ask at
once; models swapped because memory holds only one, their files in the system's cache or not; the worker's memory.
Everything is kept in `bench/results/overhead.jsonl`.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Generator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from agent.events import Failed, PictureReady, Refused, ToolFinished, ToolStarted
from agent.llm import chat_model
from agent.turn import Agent
from bench.figures import Figures
from bench.pipelines import build, forget
from bench.plain import PlainPainter
from models.engine import Engine
from models.place import Place
from models.presets import PRESETS_FILE, Preset, Presets
from models.recipe import Operation, Recipe
from models.weights import EMBEDDED, seal
from storage.library import Library
from storage.records import Session
from tools.intake import encode_png, thumbnail
from tools.safety import PixelFilter, WordFilter
from tools.settings import PresetChoice, Settings
from tools.studio import Studio
from tools.worker import Supervisor

CPU = torch.device("cpu")
GOAL = "at most 3 % or 15 ms"
REPLICA = """
[{name}.painter]
title = "a pipeline of SDXL's class"
folder = "{folder}"
pipeline = "StableDiffusionXLPipeline"
operations = ["generate"]
dtype = "{dtype}"
steps = 4
guidance = 0.0
extents = {{ square = [{side}, {side}] }}
multiple = 8
min_side = 64
max_side = 1024
licence = "none"
commercial = true
parameters = 0.1
memory = 1.0
"""


def sentences() -> Generator[str]:
    """Ever new ones, as the word filter remembers those it has seen."""
    parts = [["red", "blue", "green", "yellow"], ["fox", "dog", "cat", "horse", "owl"], ["snow", "park", "forest"]]
    for number in itertools.count():
        for colour, thing, place in itertools.product(*parts):
            yield f"a {colour} {thing} in the {place}" + f" with {number} trees" * (number > 0)


# --- the scripts ---


class Script:
    """diffusers as its docs write it, or with what they advise for speed on a processor."""

    def __init__(self, preset: Preset, sped_up: bool) -> None:
        self._preset, self._place = preset, Place(CPU, torch.float32)
        if sped_up:
            self._place = Place.for_preset(preset.model_copy(update={"dtype": "auto"}), CPU)
        if preset.loader == "easel":
            self._plain: PlainPainter | None = PlainPainter(EMBEDDED / "painter")
            convolving: list[Any] = [self._plain.renderer]
        else:
            from diffusers import DiffusionPipeline

            self._plain = None
            self._pipeline: Any = DiffusionPipeline.from_pretrained(str(preset.folder))
            self._pipeline.set_progress_bar_config(disable=True)
            convolving = [self._pipeline.unet, self._pipeline.vae]
        for network in convolving if sped_up else ():
            network.to(memory_format=torch.channels_last)

    def paint(self, words: str, seed: int) -> Image.Image:
        with self._place.computing():
            if self._plain:
                return self._plain.paint(words, self._preset.steps or 1, seed)
            extent = self._preset.extent()
            return self._pipeline(
                words,
                num_inference_steps=self._preset.steps,
                guidance_scale=self._preset.guidance,
                width=extent.width,
                height=extent.height,
                generator=torch.Generator().manual_seed(seed),
            ).images[0]


class Aside:
    """A script in a process of its own, as a person would run it: its threads wait as torch lets them by default,
    awake for a while, whatever the product and this bench ask of theirs."""

    def __init__(self, preset: Preset, sped_up: bool) -> None:
        self._process = ProcessPoolExecutor(1, get_context("spawn"), _begin, (preset, sped_up))
        with _awake():
            self._process.submit(int).result()  # only now does the process begin

    def seconds(self, words: str, seed: int) -> float:
        """How long it paints."""
        return self._process.submit(_paint, words, seed).result()

    def close(self) -> None:
        self._process.shutdown()


@contextmanager
def _awake() -> Generator[None]:
    """Processes begun meanwhile let threads spin as long as GNU OpenMP does where nothing is asked of it."""
    before, os.environ["GOMP_SPINCOUNT"] = os.environ["GOMP_SPINCOUNT"], "300000"  # goes before OMP_WAIT_POLICY
    try:
        yield
    finally:
        os.environ["GOMP_SPINCOUNT"] = before


_scripts: list[Script] = []  # of a process aside, its only one


def _begin(preset: Preset, sped_up: bool) -> None:
    _scripts.append(Script(preset, sped_up))


def _paint(words: str, seed: int) -> float:
    began = time.perf_counter()
    _scripts[0].paint(words, seed)
    return time.perf_counter() - began


# --- the product ---


@dataclass(frozen=True)
class House:
    """The product, put together as `ui.wiring` does, but with a presets file of the bench's own."""

    library: Library
    presets: Presets
    studio: Studio
    agent: Agent
    supervisor: Supervisor | None

    def session(self, name: str) -> Session:
        return self.library.create_session(self.library.user(name).id, name)


@contextmanager
def opened(folder: Path, presets_file: Path, preset: str) -> Generator[House]:
    settings = Settings(data=folder, device="cpu", preset=PresetChoice(generate=preset))
    presets = Presets.load(presets_file)
    with (
        Library.open(settings.library) as library,
        Supervisor(library, settings, presets=presets_file) as supervisor,
    ):
        studio = Studio(library, settings, presets, WordFilter(), supervisor=supervisor)
        yield House(
            library, presets, studio, Agent(library, studio, presets, settings, chat_model(settings)), supervisor
        )


def recipe(preset: Preset, words: str, seed: int, steps: int | None = None) -> Recipe:
    return Recipe(
        operation=Operation.GENERATE,
        prompt=words,
        preset=preset.name,
        seed=seed,
        extent=preset.extent(),
        steps=steps or preset.steps,
        guidance=preset.guidance,
    )


@dataclass
class Times:
    """Seconds of every run, by what they were spent on."""

    seconds: dict[str, list[float]] = field(default_factory=dict[str, list[float]])

    def add(self, what: str, seconds: float) -> None:
        self.seconds.setdefault(what, []).append(seconds)

    @contextmanager
    def of(self, what: str) -> Generator[None]:
        began = time.perf_counter()
        yield
        self.add(what, time.perf_counter() - began)


def by_parts(engine: Engine, one: Recipe, times: Times, library: Library, session: Session) -> None:
    """The engine's part and the worker's, one after the other in this process."""
    marks: list[float] = []

    def report(_part: float, text: str, _preview: Image.Image | None) -> None:
        if text.startswith("step"):
            marks.append(time.perf_counter())

    began = time.perf_counter()
    picture = engine.run(one, (), None, report, lambda: False)
    ended = time.perf_counter()
    times.add("engine", ended - began)
    if marks:
        times.add("part: words read and steps", marks[-1] - began)
        times.add("part: decode", ended - marks[-1])
    with times.of("part: pixels judged"):
        verdict = PixelFilter(painted=True).check(picture)
    with times.of("part: described"):
        engine.describe(one, picture)
    with times.of("part: PNG"):
        data = encode_png(picture)
    with times.of("part: thumbnail"):
        small = thumbnail(picture)
    from storage.records import NewPicture

    kept = engine.signed(one).model_dump(mode="json")
    new = NewPicture(data, "image/png", *picture.size, small, kept, one.prompt, (), (verdict,), "")
    with times.of("part: store"):
        library.add_picture(session.id, None, new)


async def queued(house: House, session: Session, one: Recipe, times: Times | None, key: str) -> float:
    """Seconds until the picture is saved, by way of the queue."""
    began = time.perf_counter()
    seen = False

    def progress(job: Any, _fraction: float, _text: str) -> None:
        nonlocal seen
        if times and not seen and house.library.preview(job.id) is not None:
            seen = True
            times.add("to the first preview", time.perf_counter() - began)

    async for _ in house.studio.make(
        [one], session_id=session.id, turn_id=None, parents=(), caption=one.prompt, key=key, on_progress=progress
    ):
        pass
    return time.perf_counter() - began


async def turn(house: House, words: str, times: Times) -> float:
    """Seconds from the sentence until the picture is announced; in a new session, where nothing can be edited."""
    session = house.session(words)
    began = time.perf_counter()
    took = 0.0
    async for event in house.agent.run_turn(session, f"draw {words}"):
        if isinstance(event, ToolStarted):
            times.add("part: agent decides", time.perf_counter() - began)
        if isinstance(event, PictureReady):
            took = time.perf_counter() - began
        if isinstance(event, ToolFinished) and event.error:
            raise SystemExit(f"“draw {words}”: {event.error}")
        if isinstance(event, Failed | Refused):
            raise SystemExit(f"“draw {words}”: {event.reason}")
    if not took:
        raise SystemExit(f"No picture came of “draw {words}”.")
    return took


async def side_by_side(figures: Figures, house: House, preset: Preset, runs: int) -> None:
    scripts = {"script": Aside(preset, False), "script, sped up": Aside(preset, True)}
    engine, times, words = Engine(house.presets, "cpu"), Times(), sentences()
    session = house.session("side by side")
    for run in range(runs + 2):  # the first two warm everything up
        if run == 2:
            times.seconds.clear()
        said = next(words)
        for name, script in scripts.items():
            times.add(name, script.seconds(said, run))
        with times.of("part: words judged"):
            house.studio.words.check(said)
        by_parts(engine, recipe(preset, said, run), times, house.library, session)
        times.add("queue", await queued(house, session, recipe(preset, next(words), run), times, f"run {run}"))
        times.add("turn", await turn(house, next(words), times))
    for script in scripts.values():
        script.close()
    for what, seconds in times.seconds.items():
        figures.timed(f"{preset.name}: {what}", seconds)
    _overheads(figures, preset, times.seconds)


def _overheads(figures: Figures, preset: Preset, seconds: dict[str, list[float]]) -> None:
    """Medians of the differences between neighbours in time."""
    for way in ("engine", "queue", "turn"):
        for script in ("script", "script, sped up"):
            over = [mine - bare for mine, bare in zip(seconds[way], seconds[script], strict=True)]
            middle, bare = statistics.median(over), statistics.median(seconds[script])
            about = {"percent": 100 * middle / bare, "goal": GOAL}
            figures.add(f"{preset.name}: {way} over {script}", 1000 * middle, "ms", runs=len(over), **about)


async def stopping(figures: Figures, house: House, preset: Preset, runs: int) -> None:
    """From Stop in the middle of a request for pictures of many steps, until its jobs have ended."""
    session = house.session("stopping")
    ended: list[float] = []
    for run in range(runs):
        # Eight, and not alike, so that also a tiny network has to do for a while.
        asked = [recipe(preset, "a fox", run, steps=200 - number) for number in range(8)]
        begun = asyncio.Event()

        def progress(_job: Any, fraction: float, _text: str, begun: asyncio.Event = begun) -> None:
            if fraction > 0:
                begun.set()

        async def make(asked: list[Recipe] = asked, progress: Callable[..., None] = progress, run: int = run) -> None:
            made: AsyncIterator[Any] = house.studio.make(
                asked, session_id=session.id, turn_id=None, parents=(), caption="", key=f"{run}", on_progress=progress
            )
            async for _ in made:
                pass
            raise SystemExit("All pictures came before Stop.")

        task = asyncio.create_task(make())
        await asyncio.wait_for(begun.wait(), 120)
        began = time.perf_counter()
        task.cancel()
        await asyncio.wait([task])
        ended.append(time.perf_counter() - began)
    figures.timed(f"{preset.name}: Stop to the job's end", ended)


async def crowd(figures: Figures, house: House, preset: Preset, people: int, rounds: int) -> None:
    """So many people ask at once, each for one picture after the other."""
    words = sentences()
    sessions = [house.session(f"person {number} of {people}") for number in range(people)]
    waits: list[list[float]] = [[] for _ in sessions]

    async def one_person(number: int) -> None:
        for turn_number in range(rounds):
            asked = recipe(preset, next(words), 100 * number + turn_number)
            waits[number].append(await queued(house, sessions[number], asked, None, f"{people} {turn_number}"))

    began = time.perf_counter()
    await asyncio.gather(*(one_person(number) for number in range(people)))
    took = time.perf_counter() - began
    named = f"{preset.name}, {people} {'people' if people > 1 else 'person'}"
    figures.timed(f"{named}: sentence to picture", [wait for mine in waits for wait in mine])
    figures.add(f"{named}: pictures", people * rounds / took, "pictures/s")
    if people > 1:
        means = [statistics.mean(mine) for mine in waits]
        figures.add(f"{named}: who waits longest, over who waits shortest", max(means) / min(means), "×")


async def beside_a_crowd(figures: Figures, house: House, preset: Preset) -> None:
    """One person asks for 16 pictures at once, another then for one: fair is to wait for one or two of them."""
    words, greedy, modest = sentences(), house.session("greedy"), house.session("modest")
    many = [recipe(preset, next(words), seed) for seed in range(16)]

    async def ask_for_many() -> float:
        began = time.perf_counter()
        making = house.studio.make(
            many, session_id=greedy.id, turn_id=None, parents=(), caption="", key="many", on_progress=lambda *_: None
        )
        async for _ in making:
            pass
        return time.perf_counter() - began

    task = asyncio.create_task(ask_for_many())
    await asyncio.sleep(0.5)
    alone = await queued(house, modest, recipe(preset, next(words), 99), None, "one")
    figures.add(f"{preset.name}: one picture asked for behind 16 of another person", alone / (await task), "of theirs")


def swapping(figures: Figures, presets: Presets, kept: Sequence[Preset], runs: int) -> None:
    """Two painters in memory for one: from the recipe to the picture, when the other one was painted with before."""
    engine = Engine(presets, "cpu", memory=max(preset.memory for preset in kept))
    for cold in (False, True):
        times = Times()
        for run in range(runs):
            for preset in kept:
                if cold and preset.folder:
                    forget(preset.folder)
                with times.of(preset.name):
                    engine.run(recipe(preset, "a fox", run), (), None, lambda *_: None, lambda: False)
        for name, seconds in times.seconds.items():
            files = "read from the disk" if cold else "in the system's cache"
            figures.timed(f"{name}: swapped in and painted with, files {files}", seconds)


def peak(pid: int | None) -> float:
    """The most memory that a process had, in GiB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 2**20


def replica(folder: Path, side: int, scale: Any, numbers: Mapping[str, str]) -> Path:
    """Writes the random pipeline and a presets file that names it, once for each kind of numbers; gives the file.

    Args:
        folder: Where both are written.
        side: Of the pictures, in pixels.
        scale: As `bench.pipelines.build` takes it.
        numbers: The presets' dtypes by their names.
    """
    weights = folder / "weights"
    build("sdxl", scale, CPU, torch.float32).save_pretrained(weights, safe_serialization=True)
    seal(weights)
    file = folder / "presets.toml"
    shipped = PRESETS_FILE.read_text(encoding="utf-8").replace('"embedded/', f'"{EMBEDDED.as_posix()}/')
    ours = (
        REPLICA.format(name=name, folder=weights.as_posix(), side=side, dtype=dtype) for name, dtype in numbers.items()
    )
    file.write_text("".join((shipped, *ours)), encoding="utf-8")
    return file


async def measure(asked: argparse.Namespace, figures: Figures, folder: Path) -> None:
    file = replica(folder, asked.side, asked.scale, {"replica": "auto"})
    presets = Presets.load(file)
    painters = [presets.for_operation(Operation.GENERATE, name) for name in asked.only]
    for preset in painters:
        with opened(folder / preset.name, file, preset.name) as house:
            await side_by_side(figures, house, preset, asked.runs)
            for people in asked.people:
                await crowd(figures, house, preset, people, asked.rounds)
            await beside_a_crowd(figures, house, preset)
            if preset.loader == "diffusers":  # Easel's own takes one step
                await stopping(figures, house, preset, asked.runs)
            worker = house.supervisor and house.supervisor.pid
            figures.add(f"{preset.name}: the worker's memory at most", peak(worker), "GiB")
    if len(painters) > 1:
        swapping(figures, presets, painters, max(asked.runs // 4, 1))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20, help="of each way, in turn (default: %(default)s)")
    parser.add_argument("--people", type=int, nargs="*", default=[1, 4, 16], help="who ask at once")
    parser.add_argument("--rounds", type=int, default=3, help="pictures for each of them (default: %(default)s)")
    parser.add_argument("--only", nargs="+", choices=["embedded", "replica"], default=["embedded", "replica"])
    parser.add_argument("--scale", choices=["small", "tiny"], default="small", help="of the random pipeline")
    parser.add_argument("--side", type=int, default=256, help="of its pictures, in pixels (default: %(default)s)")
    parser.add_argument("--results", type=Path, help="another folder for the figures")
    asked = parser.parse_args(arguments)
    figures = Figures("overhead", asked.results)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(asked, figures, Path(folder)))
    print(figures.table())


if __name__ == "__main__":
    main()
