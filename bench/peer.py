"""Easel beside InvokeAI, each a server with a queue and a gallery, on the same weights:
`python -m bench.peer ENVIRONMENT [--runs 20] [--people 1 4 16]`.

ENVIRONMENT is a Python environment in which InvokeAI is installed (`python -m venv E && E/bin/pip install InvokeAI`):
it needs other versions than Easel, so it runs in processes of its own. Nothing is fetched: the weights are a small
pipeline of SDXL's class with random numbers (`bench.pipelines`), which both read from the same folder.

In turn, so that all meet the same machine: the script as diffusers' docs write it, Easel's queue (words judged, job
claimed by the worker process, painted, judged, saved in SQLite) and InvokeAI's (graph enqueued over HTTP, run, saved in
its SQLite and folder), until the picture is stored. Easel runs in float32, as InvokeAI does on a processor, and in
the numbers that it would choose itself. Then several pictures asked for at once, and from the start of each server
until its first picture. InvokeAI is asked every `LOOK` seconds whether it has finished. Kept in
`bench/results/peer.jsonl`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.figures import Figures
from bench.overhead import Aside, House, Times, opened, queued, recipe, replica, sentences
from models.presets import Preset, Presets
from models.recipe import Operation

LOOK = 0.01
STEPS = 4
NUMBERS = {"float32": "float32", "own": "auto"}
"""Easel's presets on the same weights, and their numbers."""


class InvokeAI:
    """A running server with one model, over HTTP."""

    def __init__(self, address: str, weights: Path, side: int) -> None:
        self._address, self._side = address, side
        self._call("/api/v1/app/version")
        self._call(f"/api/v2/models/install?source={weights}&inplace=true", {})
        while not (models := self._call("/api/v2/models/")["models"]):
            time.sleep(LOOK)
        self._model = {name: models[0][name] for name in ("key", "hash", "name", "base", "type")}

    def version(self) -> str:
        return str(self._call("/api/v1/app/version")["version"])

    async def queued(self, words: str, seed: int) -> float:
        """Seconds until the picture is stored."""
        began = time.perf_counter()
        batch = {"batch": {"graph": self._graph(words, seed), "runs": 1}}
        made = await asyncio.to_thread(self._call, "/api/v1/queue/default/enqueue_batch", batch)
        while True:
            item = await asyncio.to_thread(self._call, f"/api/v1/queue/default/i/{made['item_ids'][0]}")
            if item["status"] == "completed":
                return time.perf_counter() - began
            if item["status"] in ("failed", "canceled"):
                raise SystemExit(f"InvokeAI painted nothing: {item['error_message']}")
            await asyncio.sleep(LOOK)

    def _graph(self, words: str, seed: int) -> dict[str, Any]:
        """Text to picture, as its page wires it: nodes, and from where to where values go."""
        size = {f"{what}_{way}": self._side for what in ("original", "target") for way in ("width", "height")}
        nodes: dict[str, dict[str, Any]] = {
            "model": {"type": "sdxl_model_loader", "model": self._model},
            "positive": {"type": "sdxl_compel_prompt", "prompt": words, "style": words, **size},
            "negative": {"type": "sdxl_compel_prompt", "prompt": "", "style": "", **size},
            "noise": {"type": "noise", "seed": seed, "width": self._side, "height": self._side, "use_cpu": True},
            "denoise": {"type": "denoise_latents", "steps": STEPS, "cfg_scale": 1, "scheduler": "euler"},
            "decode": {"type": "l2i"},
        }
        edges = [
            *((("model", field), (text, field)) for text in ("positive", "negative") for field in ("clip", "clip2")),
            (("model", "unet"), ("denoise", "unet")),
            (("model", "vae"), ("decode", "vae")),
            *(((text, "conditioning"), ("denoise", f"{text}_conditioning")) for text in ("positive", "negative")),
            (("noise", "noise"), ("denoise", "noise")),
            (("denoise", "latents"), ("decode", "latents")),
        ]
        return {
            "id": "text to picture",
            "nodes": {name: {"id": name, **fields} for name, fields in nodes.items()},
            "edges": [
                {"source": {"node_id": a, "field": of}, "destination": {"node_id": b, "field": to}}
                for (a, of), (b, to) in edges
            ],
        }

    def _call(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self._address + path, data, {"content-type": "application/json"})
        with urllib.request.urlopen(asked, timeout=600) as answer:
            return json.loads(answer.read() or "null")


@contextmanager
def serving(environment: Path, folder: Path, weights: Path, side: int) -> Generator[InvokeAI]:
    """InvokeAI's server, with its data in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = ("schema_version: 4.0.3", "host: 127.0.0.1", f"port: {port}", "device: cpu", "")
    (folder / "invokeai.yaml").write_text("\n".join(settings), encoding="utf-8")
    with (folder / "server.log").open("w") as log:
        usual = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "GOMP_", "PYTHON"))}
        command = [environment / "bin" / "invokeai-web", "--root", folder]
        server = subprocess.Popen(command, env=usual | {"HF_HUB_OFFLINE": "1"}, stdout=log, stderr=log)
    try:
        while True:
            try:
                peer = InvokeAI(f"http://127.0.0.1:{port}", weights, side)
                break
            except OSError:  # it does not listen yet
                if server.poll() is not None:
                    raise SystemExit((folder / "server.log").read_text(encoding="utf-8")[-2000:]) from None
                time.sleep(LOOK)
        yield peer
    finally:
        server.terminate()
        server.wait(60)


async def in_turn(
    figures: Figures, houses: dict[str, House], ours: dict[str, Preset], peer: InvokeAI, runs: int
) -> None:
    """One picture at a time, each way after the other; what each takes as a share of InvokeAI's, run by run."""
    script, times, words = Aside(ours["float32"], False), Times(), sentences()
    sessions = {name: house.session("in turn") for name, house in houses.items()}
    for run in range(runs + 2):  # the first two warm everything up
        if run == 2:
            times.seconds.clear()
        times.add("script", script.seconds(next(words), run))
        for name, house in houses.items():
            asked = recipe(ours[name], next(words), run)
            times.add(f"Easel, {NUMBERS[name]}", await queued(house, sessions[name], asked, None, f"run {run}"))
        times.add("InvokeAI", await peer.queued(next(words), run))
    script.close()
    for what, seconds in times.seconds.items():
        figures.timed(what, seconds)
    theirs = times.seconds.pop("InvokeAI")
    for what, seconds in times.seconds.items():
        shares = sorted(one / other for one, other in zip(seconds, theirs, strict=True))
        figures.add(f"{what} over InvokeAI", shares[len(shares) // 2], "×", runs=len(shares))


async def at_once(
    figures: Figures, houses: dict[str, House], ours: dict[str, Preset], peer: InvokeAI, people: int, rounds: int
) -> None:
    """So many people ask at once, each for one picture after the other."""
    words = sentences()

    async def all_of(name: str) -> float:
        house = houses.get(name)

        async def one_person(number: int) -> None:
            session = house and house.session(f"person {number} of {people}")
            for turn in range(rounds):
                seed = 100 * number + turn
                if house and session:
                    asked = recipe(ours[name], next(words), seed)
                    await queued(house, session, asked, None, f"{people} {turn}")
                else:
                    await peer.queued(next(words), seed)

        began = time.perf_counter()
        await asyncio.gather(*(one_person(number) for number in range(people)))
        return people * rounds / (time.perf_counter() - began)

    speeds = {name: await all_of(name) for name in (*houses, "InvokeAI")}
    for name, speed in speeds.items():
        told = f"Easel, {NUMBERS[name]}" if name in NUMBERS else name
        figures.add(f"{told}, {people} at once", speed, "pictures/s", over_invokeai=speed / speeds["InvokeAI"])


async def measure(asked: argparse.Namespace, figures: Figures, folder: Path) -> None:
    file, weights = replica(folder, asked.side, "peer", NUMBERS), folder / "weights"
    ours = {name: Presets.load(file).for_operation(Operation.GENERATE, name) for name in NUMBERS}
    began = time.perf_counter()
    with serving(asked.environment, folder / "invokeai", weights, asked.side) as peer:
        await peer.queued("a fox", 1)
        about = {"invokeai": peer.version()}
        figures.add("InvokeAI, from its start to the first picture", time.perf_counter() - began, "s", **about)
        began = time.perf_counter()
        with opened(folder / "float32", file, "float32") as first, opened(folder / "own", file, "own") as second:
            houses = {"float32": first, "own": second}
            await queued(first, first.session("first"), recipe(ours["float32"], "a fox", 1), None, "first")
            figures.add("Easel, from its start to the first picture", time.perf_counter() - began, "s")
            await in_turn(figures, houses, ours, peer, asked.runs)
            for people in asked.people:
                await at_once(figures, houses, ours, peer, people, asked.rounds)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("environment", type=Path, help="a Python environment with InvokeAI")
    parser.add_argument("--runs", type=int, default=20, help="of each way, in turn (default: %(default)s)")
    parser.add_argument("--people", type=int, nargs="*", default=[1, 4, 16], help="who ask at once")
    parser.add_argument("--rounds", type=int, default=2, help="pictures for each of them (default: %(default)s)")
    parser.add_argument("--side", type=int, default=256, help="of the pictures, in pixels (default: %(default)s)")
    parser.add_argument("--results", type=Path, help="another folder for the figures")
    asked = parser.parse_args(arguments)
    if not (asked.environment / "bin" / "invokeai-web").exists():
        parser.error(
            f"{asked.environment} has no bin/invokeai-web; install InvokeAI there, or name another environment."
        )
    figures = Figures("peer", asked.results)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(asked, figures, Path(folder)))
    print(figures.table())


if __name__ == "__main__":
    main()
