"""How fast the bigger presets are on a GPU, with random weights of their full size: `make bench-gpu`.

    python -m bench.gpu [--only sdxl-turbo sdxl flux2-klein z-image-turbo realesrgan swap] [--runs 20] [--minutes 60]
    python -m bench.gpu --scale tiny      every line of it on a processor, with networks of a few layers, in a minute

A network's speed does not depend on what its weights say, so nothing is downloaded (`bench.pipelines` says where the
shapes come from). For each model, on the same weights and in turn:

- *script*: the pipeline as its docs call it, in bfloat16;
- *script, sped up*: the same with every speed-up that diffusers' docs name: channels last, joined projections, cuDNN's
  attention, compiled networks;
- *Easel*: the engine, with what a loaded pipeline gets by itself (`models.speedups`).

Medians and 95th percentiles, beside the goals; the floor, which is the script's arithmetic (torch's count) at the speed
of a large bfloat16 product on the same card; how far the picture of each speed-up alone, and of float8 products, is
from that of plain bfloat16 (PSNR); memory; pictures a second in batches; then the whole product, with a worker on its
queue: a turn, 1, 4 and 16 people at once, Stop. `swap` loads a preset from files of full size while another one has to
go. A part that would begin after `--minutes` is left out, and says so. Each figure is kept at once in
`bench/results/gpu.jsonl`.
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from bench import overhead
from bench.figures import Figures
from bench.pipelines import Scale, build, forget
from models.diffusion import Diffusion
from models.engine import Engine
from models.place import Place
from models.presets import Preset, Presets
from models.recipe import Extent, Operation, Recipe
from models.speedups import compile_networks, drop_unread_layers, fuse_projections
from models.upscaler import Upscaler
from tools.safety import PixelFilter
from tools.worker import Worker

WORDS = "a red fox in the snow"
NUMBERS = torch.bfloat16
FLOAT8 = torch.float8_e4m3fn


@dataclass(frozen=True)
class Case:
    """A model, the side of its pictures in pixels, and the goals on one H200 in milliseconds."""

    preset: str
    side: int
    goal: float
    edit_goal: float | None = None


CASES = (
    Case("sdxl-turbo", 512, 12),
    Case("sdxl", 1024, 90),
    Case("flux2-klein", 1024, 400, edit_goal=800),
    Case("z-image-turbo", 1024, 1000),
)
SHIPPED = {"sdxl": "sdxl-lightning"}
"""Whose settings a case takes where no preset has its name."""
ENLARGING = Case("realesrgan", 512, 25)
EVERYTHING = (*(case.preset for case in CASES), ENLARGING.preset, "swap")


class Bench:
    """What all parts share: the device, the scale, the figures, and the time that is left."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self.device = torch.device("cuda" if asked.scale == "full" else "cpu")
        self.scale: Scale = asked.scale
        self.runs: int = asked.runs
        self.people: list[int] = asked.people
        self.figures = Figures("gpu", asked.results)
        self._ends = time.monotonic() + 60 * asked.minutes

    @property
    def full(self) -> bool:
        return self.scale == "full"

    def has_time_for(self, part: str) -> bool:
        if time.monotonic() < self._ends:
            return True
        print(f"Left out, because the time is over: {part}", flush=True)
        return False

    def wait(self) -> None:
        """Until the device has done what it was told."""
        if self.full:
            torch.cuda.synchronize()

    def timed(self, work: Callable[[], Any]) -> float:
        self.wait()
        began = time.perf_counter()
        work()
        self.wait()
        return time.perf_counter() - began

    def in_turn(self, ways: Mapping[str, Callable[[int], Any]], named: str, **about: Any) -> dict[str, float]:
        """Runs all ways in turn, the first time apart, and keeps each one's figures; gives the medians in seconds."""
        for name, way in ways.items():
            first = self.timed(lambda way=way: way(0))
            self.figures.add(f"{named}: {name}, first picture", first, "s")
            self.record(way)
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for run in range(self.runs):
            for name, way in ways.items():
                seconds[name].append(self.timed(lambda way=way, run=run: way(run)))
        return {name: self.figures.timed(f"{named}: {name}", took, **about) for name, took in seconds.items()}

    def record(self, way: Callable[[int], Any]) -> None:
        """A second run, in which CUDA graphs are recorded."""
        if self.full:
            way(1)

    def clear(self) -> None:
        gc.collect()
        torch.compiler.reset()
        if self.full:
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()

    def peak_speed(self) -> float:
        """Arithmetic operations a second in a large product in bfloat16."""
        side = 8192 if self.full else 256
        a, b = (torch.randn(side, side, device=self.device, dtype=NUMBERS) for _ in range(2))
        took = [self.timed(lambda: a @ b) for _ in range(20)]
        return 2 * side**3 / min(took)


# --- the ways ---


def preset_of(case: Case, bench: Bench) -> Preset:
    """The shipped preset; where the scale is small, in sizes that fit."""
    named = SHIPPED.get(case.preset, case.preset)
    preset = Presets.load().for_operation(Operation.GENERATE, named).model_copy(update={"lora": ()})
    if bench.full:
        return preset
    small = Extent(64, 64)
    return preset.model_copy(update={"extents": {"square": small}, "min_side": 32, "max_side": 256})


def twin(pipeline: Any) -> Any:
    """A pipeline of its own on the same weights in the same memory, so that one can be changed without the other."""
    kept: dict[int, Any] = {}
    for network in _networks(pipeline).values():
        kept |= {id(one): nn.Parameter(one.data, requires_grad=False) for one in network.parameters()}
        kept |= {id(one): one.detach() for one in network.buffers()}
    made = copy.copy(pipeline)
    for name, network in _networks(pipeline).items():
        setattr(made, name, copy.deepcopy(network, kept))
    made.scheduler = type(pipeline.scheduler).from_config(pipeline.scheduler.config)
    return made


def _networks(pipeline: Any) -> dict[str, nn.Module]:
    return {name: part for name, part in pipeline.components.items() if isinstance(part, nn.Module)}


def called(pipeline: Any, preset: Preset, **options: Any) -> Callable[[int], list[Image.Image]]:
    """A pipeline called as its docs do, with a seed."""
    extent = preset.extent()
    if preset.guidance is not None:
        options["guidance_scale"] = preset.guidance

    def paint(seed: int) -> list[Image.Image]:
        return pipeline(
            prompt=WORDS,
            num_inference_steps=preset.steps,
            width=extent.width,
            height=extent.height,
            generator=torch.Generator("cpu").manual_seed(seed),
            **options,
        ).images

    return paint


def laid_out(pipeline: Any) -> None:
    for network in _networks(pipeline).values():
        if any(isinstance(part, nn.Conv2d) for part in network.modules()):
            network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def joined(pipeline: Any) -> None:
    for network in _networks(pipeline).values():
        fuse_projections(network)


def attending(pipeline: Any) -> None:
    """cuDNN's attention, where the class lets one choose."""
    network = getattr(pipeline, "transformer", None) or pipeline.unet
    network.set_attention_backend("_native_cudnn" if torch.cuda.is_available() else "native")


def compiled(pipeline: Any) -> None:
    """As diffusers' docs advise: repeated blocks of transformers, else the UNet and the decoder as CUDA graphs."""
    network = getattr(pipeline, "transformer", None)
    how: dict[str, Any] = {"fullgraph": True} if torch.cuda.is_available() else {"backend": "eager"}
    if network is not None:
        network.compile_repeated_blocks(**how)
        return
    graphs = {"mode": "reduce-overhead"} if torch.cuda.is_available() else {}
    pipeline.unet.compile(**how, **graphs)
    pipeline.vae.decode = torch.compile(pipeline.vae.decode, **how, **graphs)


class Float8Linear(nn.Module):
    """A linear layer that multiplies in float8, scaled by the largest value of each tensor."""

    def __init__(self, plain: nn.Linear) -> None:
        super().__init__()
        weight, self.weight_scale = _as_float8(plain.weight.data)
        self.weight, self.bias = nn.Buffer(weight), plain.bias

    def forward(self, x: Tensor) -> Tensor:
        rows, scale = _as_float8(x.reshape(-1, x.shape[-1]))
        each = F.ScalingType.TensorWise
        made = F.scaled_mm(
            rows, self.weight.t(), scale, each, self.weight_scale, each, bias=self.bias, output_dtype=x.dtype
        )
        return made.reshape(*x.shape[:-1], -1)


def _as_float8(values: Tensor) -> tuple[Tensor, Tensor]:
    scale = values.abs().max().float().clamp(min=1e-12) / torch.finfo(FLOAT8).max
    return (values.float() / scale).to(FLOAT8), scale


def in_float8(pipeline: Any) -> None:
    """The large products of the network that is called in every step."""
    network = getattr(pipeline, "transformer", None) or pipeline.unet
    for place, layer in list(network.named_modules()):
        # Embeddings of time and size are a row each, and pipelines ask for their widths.
        if "embed" in place or not isinstance(layer, nn.Linear) or layer.in_features % 16 or layer.out_features % 16:
            continue
        network.set_submodule(place, Float8Linear(layer))


SPEED_UPS: Mapping[str, Callable[[Any], None]] = {
    "channels last": laid_out,
    "joined projections": joined,
    "cuDNN's attention": attending,
    "compiled": compiled,
    "float8": in_float8,
}
DOCUMENTED = ("channels last", "joined projections", "cuDNN's attention", "compiled")


# --- one model ---


def decibels(made: Image.Image, plain: Image.Image) -> float:
    """PSNR; 99 for the same picture."""
    a, b = (np.asarray(one, np.float64) for one in (made, plain))
    if b.std() < 1:
        raise SystemExit("The random weights paint one flat colour, which says nothing; choose another seed.")
    return float(min(10 * np.log10(255**2 / max(((a - b) ** 2).mean(), 1e-9)), 99.0))


def wish(preset: Preset, seed: int, operation: Operation = Operation.GENERATE) -> Recipe:
    return Recipe(
        operation=operation,
        prompt=WORDS,
        preset=preset.name,
        seed=seed,
        extent=preset.extent(),
        steps=preset.steps,
        guidance=preset.guidance,
    )


def engine_of(pipeline: Any, preset: Preset, bench: Bench) -> Engine:
    """The product's engine, with a pipeline that is loaded already."""
    place = Place(bench.device, NUMBERS, compiles=bench.full)
    drop_unread_layers(pipeline)
    painter = Diffusion(pipeline, place, preset)
    if not bench.full:  # the way of compiling, without a compiler
        compile_networks(pipeline, list(_networks(pipeline).values()), mode=None, backend="eager")
    engine = Engine(Presets({preset.label: preset}), str(bench.device), memory=1e6)
    engine.keep(preset, painter)
    return engine


def run(engine: Engine, recipe: Recipe, *inputs: Image.Image) -> Image.Image:
    return engine.run(recipe, inputs, None, lambda *_: None, lambda: False)


def measure(case: Case, bench: Bench) -> None:
    """All figures of one model."""
    preset = preset_of(case, bench)
    bench.clear()
    script = build(case.preset, bench.scale, bench.device, NUMBERS)
    sped_up = twin(script)
    for name in DOCUMENTED:
        SPEED_UPS[name](sped_up)
    engine = engine_of(twin(script), preset, bench)
    named, goal = f"{case.preset} {preset.extent()}, {preset.steps} steps", {"goal": case.goal}
    with torch.no_grad():
        ways: dict[str, Callable[[int], Any]] = {
            "script": called(script, preset),
            "script, sped up": called(sped_up, preset),
            "Easel": lambda seed: run(engine, wish(preset, seed)),
        }
        middle = bench.in_turn(ways, named, **goal)
        _against(bench, named, middle)
        _floor(bench, named, ways["script"], middle)
        if case.edit_goal:
            shown = Image.effect_noise(preset.extent(), 50).convert("RGB")
            ways = {
                "script": called(script, preset, image=shown),
                "script, sped up": called(sped_up, preset, image=shown),
                "Easel": lambda seed: run(engine, wish(preset, seed, Operation.EDIT), shown),
            }
            named = f"{named}, edit of one picture"
            middle = bench.in_turn(ways, named, goal=case.edit_goal)
            _against(bench, named, middle)
            _floor(bench, named, ways["script"], middle)
        _memory(bench, case, {"script": called(script, preset), "Easel": lambda s: run(engine, wish(preset, s))})
        _batches(bench, case, preset, {"script": script, "script, sped up": sped_up})
        del sped_up
        if bench.has_time_for(f"{case.preset}: PSNR of each speed-up"):
            _each(bench, case, preset, script)
    if bench.has_time_for(f"{case.preset}: the whole product"):
        asyncio.run(product(bench, preset, engine))


def _against(bench: Bench, named: str, middle: Mapping[str, float]) -> None:
    for script in ("script", "script, sped up"):
        over = 1000 * (middle["Easel"] - middle[script])
        percent = over / middle[script] / 10
        bench.figures.add(f"{named}: Easel over {script}", over, "ms", percent=percent, goal=overhead.GOAL)


def _floor(bench: Bench, named: str, script: Callable[[int], Any], middle: Mapping[str, float]) -> None:
    with FlopCounterMode(display=False) as counter:
        script(0)
    floor = counter.get_total_flops() / bench.peak_speed()
    bench.figures.add(f"{named}: arithmetic", counter.get_total_flops() / 1e12, "TFLOP")
    bench.figures.add(f"{named}: floor", 1000 * floor, "ms")
    bench.figures.add(f"{named}: Easel over the floor", middle["Easel"] / floor, "×")


def _memory(bench: Bench, case: Case, ways: Mapping[str, Callable[[int], Any]]) -> None:
    """What painting takes besides the weights, of which there are some twice here."""
    for name, way in ways.items() if bench.full else ():
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        way(0)
        bench.wait()
        bench.figures.add(
            f"{case.preset}: {name}, to work in", (torch.cuda.max_memory_allocated() - before) / 2**30, "GiB"
        )


def _batches(bench: Bench, case: Case, preset: Preset, pipelines: Mapping[str, Any]) -> None:
    for size in (1, 2, 4, 8) if bench.full else (1, 8):
        for name, pipeline in pipelines.items():
            if not bench.has_time_for(f"{case.preset}: {name}, batch of {size}"):
                return
            paint = called(pipeline, preset, num_images_per_prompt=size)
            paint(0)
            bench.record(paint)
            took = min(bench.timed(lambda paint=paint, n=n: paint(n)) for n in range(3 if bench.full else 1))
            bench.figures.add(f"{case.preset}: {name}, batch of {size}", size / took, "pictures/s")


def _each(bench: Bench, case: Case, preset: Preset, script: Any) -> None:
    """Each speed-up alone: the picture beside that of plain bfloat16, and the time."""
    plain = called(script, preset)(1)[0]
    for name, change in SPEED_UPS.items():
        if not bench.has_time_for(f"{case.preset}: {name} alone"):
            return
        changed = twin(script)
        change(changed)
        paint = called(changed, preset)
        made = paint(1)[0]
        bench.record(paint)
        about = {"decibels": decibels(made, plain)}
        took = [bench.timed(lambda paint=paint, n=n: paint(n)) for n in range(max(bench.runs // 4, 1))]
        bench.figures.timed(f"{case.preset}: script with {name} alone", took, **about)
        del changed, paint


# --- the whole product ---


@contextmanager
def serving(preset: Preset, engine: Engine) -> Generator[overhead.House]:
    """The product with a worker in a thread of this process, where the weights are."""
    from agent.llm import chat_model
    from agent.turn import Agent
    from storage.library import Library
    from tools.safety import WordFilter
    from tools.settings import PresetChoice, Settings
    from tools.studio import Studio

    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder) / "easel.db") as library:
        presets = Presets({one.label: one for one in (*Presets.load(), preset)})
        settings = Settings(data=Path(folder), preset=PresetChoice(generate=preset.name))
        studio = Studio(library, settings, presets, WordFilter())
        agent = Agent(library, studio, presets, settings, chat_model(settings))
        leave = threading.Event()
        worker = Worker(library, engine, PixelFilter(painted=True), "bench", 600.0)
        thread = threading.Thread(target=worker.serve, args=(leave,))
        thread.start()
        try:
            yield overhead.House(library, presets, studio, agent, None)
        finally:
            leave.set()
            thread.join()


async def product(bench: Bench, preset: Preset, engine: Engine) -> None:
    with serving(preset, engine) as house:
        session, times, words = house.session("one person"), overhead.Times(), overhead.sentences()
        for number in range(bench.runs + 2):
            if number == 2:
                times.seconds.clear()
            asked = overhead.recipe(preset, next(words), number)
            times.add("queue", await overhead.queued(house, session, asked, times, f"{number}"))
            times.add("turn", await overhead.turn(house, next(words), times))
        for what, seconds in times.seconds.items():
            bench.figures.timed(f"{preset.name}: {what}", seconds)
        for people in bench.people:
            await overhead.crowd(bench.figures, house, preset, people, rounds=2)
        await overhead.beside_a_crowd(bench.figures, house, preset)
        if (preset.steps or 1) > 1:
            await overhead.stopping(bench.figures, house, preset, bench.runs)


# --- enlarging ---


def enlarge(bench: Bench) -> None:
    """Real-ESRGAN's network, read from a file as every upscaler is, beside the network called as its docs do."""
    from safetensors.torch import save_file
    from spandrel import ModelLoader
    from spandrel.architectures.ESRGAN.__arch.RRDB import RRDBNet

    preset = Presets.load().for_operation(Operation.UPSCALE, ENLARGING.preset)
    side = ENLARGING.side if bench.full else 48
    torch.manual_seed(7)
    # The class's defaults, 64 filters in 23 blocks, are RealESRGAN_x4plus (Wang et al. 2021).
    network = RRDBNet() if bench.full else RRDBNet(num_filters=16, num_blocks=1)
    for weight in network.parameters():
        if weight.dim() > 1:  # as torch makes them, one flat colour comes out
            nn.init.kaiming_normal_(weight, a=0.2)
    bench.clear()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / preset.file
        save_file(network.state_dict(), file)
        plain: Any = ModelLoader(bench.device).load_from_file(file).eval()
        half = plain.model.to(NUMBERS)
        upscaler = Upscaler.load(file, Place.for_preset(preset, bench.device))
    engine = Engine(Presets({preset.label: preset}), str(bench.device), memory=1e6)
    engine.keep(preset, upscaler)
    small = Image.effect_noise((side, side), 50).convert("RGB")
    recipe = Recipe(operation=Operation.UPSCALE, preset=preset.name, extent=Extent(4 * side, 4 * side), scale=4)

    @torch.no_grad()
    def script(_seed: int) -> Image.Image:
        pixels = torch.from_numpy(np.asarray(small).copy()).to(bench.device).permute(2, 0, 1)[None].to(NUMBERS) / 255
        large = half(pixels)[0].clamp(0, 1)
        return Image.fromarray((large.float() * 255).round().to(torch.uint8).permute(1, 2, 0).cpu().numpy())

    named = f"{ENLARGING.preset} {side} to {4 * side}"
    ways: dict[str, Callable[[int], Any]] = {"script": script, "Easel": lambda _: run(engine, recipe, small)}
    middle = bench.in_turn(ways, named, goal=ENLARGING.goal)
    _floor(bench, named, script, middle)
    bench.figures.add(f"{named}: Easel beside plain bfloat16", decibels(ways["Easel"](0), script(0)), "dB")


# --- models that take turns ---


def swap(bench: Bench) -> None:
    """A preset from files of full size in the place of another, by a process that finds them in the hub's cache."""
    preset = Presets.load().for_operation(Operation.GENERATE, "sdxl-turbo")
    with tempfile.TemporaryDirectory() as cache:
        home = Path(cache) / f"models--{(preset.hub or '').replace('/', '--')}"
        files = home / "snapshots" / ("0" * 40)
        made = build("sdxl-turbo", bench.scale, bench.device, NUMBERS)
        made.save_pretrained(files, safe_serialization=True, variant=preset.variant)
        del made
        bench.clear()
        (home / "refs").mkdir()
        (home / "refs" / "main").write_text("0" * 40, encoding="utf-8")
        command = [sys.executable, "-m", "bench.gpu", "--swap-in", str(files), "--scale", bench.scale]
        environment = {**os.environ, "HF_HUB_CACHE": cache, "HF_HUB_OFFLINE": "1"}
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout
    for what, seconds in json.loads(said.splitlines()[-1]).items():
        bench.figures.timed(f"sdxl-turbo in the place of another: {what}", seconds, unit="s")


def swap_in(files: Path, bench: Bench) -> None:
    """What `swap` has measured: seconds from the recipe to the picture, as JSON."""
    presets = Presets.load()
    large, small = preset_of(CASES[0], bench), presets.for_operation(Operation.GENERATE, "embedded")
    large = large.model_copy(update={"accept_licence": False, "draft_with": "", "speed_ups": ()})
    engine = Engine(Presets({one.label: one for one in (large, small)}), str(bench.device), memory=large.memory)
    took: dict[str, list[float]] = {"files in the system's cache": [], "files read from the disk": [], "loaded": []}
    run(engine, wish(large, 0))
    for number in range(4):
        for what in ("files in the system's cache", "files read from the disk"):
            run(engine, wish(small, number))
            if what.endswith("disk"):
                forget(files)
            took[what].append(bench.timed(lambda n=number: run(engine, wish(large, n))))
        took["loaded"].append(bench.timed(lambda n=number: run(engine, wish(large, n))))
    print(json.dumps(took))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=EVERYTHING, default=EVERYTHING, metavar="PART")
    parser.add_argument("--scale", choices=["full", "small", "tiny"], default="full", help="full needs a GPU")
    parser.add_argument("--runs", type=int, default=20, help="of each way, in turn (default: %(default)s)")
    parser.add_argument("--people", type=int, nargs="*", default=[1, 4, 16], help="who ask at once")
    parser.add_argument("--minutes", type=float, default=60, help="no part begins later (default: %(default)s)")
    parser.add_argument("--results", type=Path, help="another folder for the figures")
    parser.add_argument("--swap-in", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.scale == "full" and not torch.cuda.is_available():
        raise SystemExit("There is no GPU that torch can use here; --scale tiny tries everything on the processor.")
    bench = Bench(asked)
    if asked.swap_in:
        swap_in(asked.swap_in, bench)
        return
    # Where the scale is small, compiling is asked for and not done: to trace the networks would take longer than to
    # run them, and a test of `models.speedups` does it.
    with nullcontext() if bench.full else torch.compiler.set_stance("force_eager"):
        for case in CASES:
            if case.preset in asked.only and bench.has_time_for(case.preset):
                measure(case, bench)
        if ENLARGING.preset in asked.only and bench.has_time_for(ENLARGING.preset):
            enlarge(bench)
        if "swap" in asked.only and bench.has_time_for("swap"):
            swap(bench)
    print(bench.figures.table())


if __name__ == "__main__":
    main()
