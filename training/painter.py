"""Trains the painter and the editor that ship with Easel: one network, from nothing but the scenes of
`training.scenes`.

The network says the clean picture along a rectified flow in the latents of `PatchAutoencoder`. Its
input has 96 channels: 48 of the noisy picture, 48 of a picture to edit, zeros where there is none. So two in three
samples teach painting (caption → picture) and the others editing (picture and instruction → picture), and captions
are sometimes left out for classifier-free guidance. Words reach it as MiniLM's token states, padded to 32 tokens
with zeros (`CaptionEncoder`), by cross-attention and, pooled, beside the time.

Beside the picture the network learns what the picture shows: a small head (`Reading`, thrown away afterwards) says
from its inner state which thing in which colour is at each place, and which part of it (after Yu et al. 2024, arXiv
2410.06940, with labels in the place of another network's features). Names are so tied to places long before shapes are.

Samples come from a pool that is renewed a little at every step, so that drawing scenes and reading captions costs a
tenth of the time. The budget is wall-clock time: the learning rate holds, then falls to nothing at its end.
Everything needed to go on after a stop is in checkpoints/painter/; loss goes to TensorBoard there. Exporting writes
models/embedded/painter and models/embedded/editor.

    python -m training.painter --minutes 95          # train (or go on), then export
    python -m training.painter --minutes 60 --start models/embedded    # go on from the shipped weights
    python -m training.painter --export              # export the last checkpoint
    python -m training.painter --smoke --out FOLDER  # a tiny run of seconds, to see that all parts fit
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    StableDiffusionInstructPix2PixPipeline,
    StableDiffusionPipeline,
)
from diffusers.models.attention_processor import AttnProcessor
from PIL import Image, ImageDraw
from safetensors.torch import save_file
from torch import multiprocessing

from models.autoencoder import PATCH, PatchAutoencoder
from models.painter import EMBEDDED, LATENT_CHANNELS, MAX_TOKENS, EditorUNet, PainterUNet, text_parts
from models.weights import seal
from training import scenes

CHECKPOINTS = Path("checkpoints/painter")
PAINTED = 0.65  # the part of the samples that teaches painting, the others teach editing
AVERAGED = 4  # steps between two contributions to the averaged weights
SHARD_BYTES = 12_000_000  # of weights in one file


@dataclass(frozen=True)
class Plan:
    """The settings of a run. Sizes of pools are for 128×128; the wide and tall pictures have an eighth of it each."""

    minutes: float = 95.0
    batch: int = 12
    pool: int = 384
    renewed: int = 5  # samples of a pool drawn anew at each step
    channels: tuple[int, ...] = (128, 160, 224)
    rate: float = 5e-4
    warmup: int = 100  # steps
    hold: float = 0.6  # the part of the budget after which the learning rate falls
    average: float = 0.999  # decay of the averaged weights
    fitted: int = 600  # pictures for the principal components
    seed: int = 20
    reading: float = 0.1  # weight of what the picture shows, beside the picture
    smoke: bool = False


SMOKE = Plan(minutes=0.05, batch=4, pool=16, renewed=2, channels=(32, 32, 32), warmup=2, fitted=40, smoke=True)


def build_unet(channels: tuple[int, ...]) -> EditorUNet:
    """The editor's network, untrained. No attention at the outermost level, where it costs most and gives least."""
    unet = EditorUNet(
        sample_size=16,
        in_channels=2 * LATENT_CHANNELS,
        out_channels=2 * LATENT_CHANNELS,
        layers_per_block=1,
        block_out_channels=channels,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        mid_block_type=None,  # the lowest level has attention on both sides; 7 MB less to ship
        cross_attention_dim=384,
        attention_head_dim=8,
        addition_embed_type="text",  # the whole caption also joins the time, which sets places and light early
        addition_embed_type_num_heads=8,
    )
    torch.nn.init.zeros_(unet.conv_out.weight)  # so that the first answer is the built-in guess
    # Without fused kernels, which are slower for so few tokens: 35 samples a second instead of 28 (one core, bfloat16).
    unet.set_attn_processor(AttnProcessor())
    return unet


SHOWN = (len(scenes.things()) + 1, len(scenes.COLOURS) + 2, len(scenes.SIDES) + 1, 2)  # numbers for `Reading`


def build_head(channels: tuple[int, ...]) -> torch.nn.Module:
    """What `Reading` says the labels with, untrained. A block's answer has no scale of its own, so it is given one."""
    return torch.nn.Sequential(
        torch.nn.GroupNorm(32, channels[1]), torch.nn.SiLU(), torch.nn.Conv2d(channels[1], sum(SHOWN), 1)
    )


class Reading:
    """What each square of the picture shows, said by a head from a network's inner state; see the module's text."""

    def __init__(self, unet: EditorUNet, head: torch.nn.Module) -> None:
        self.head = head
        self._state = torch.zeros(0)
        # The last block whose answer still becomes shapes in a block after it.
        unet.up_blocks[-2].register_forward_hook(self._keep)

    def _keep(self, _block: torch.nn.Module, _inputs: Any, answer: torch.Tensor) -> None:
        self._state = answer

    def loss(self, labels: torch.Tensor) -> torch.Tensor:
        """Of the last forward pass, against labels (n, 5, H, W): thing, colour, side, part across and down."""
        thing, colour, side, part = self.head(self._state.float()).split(SHOWN, 1)
        there = (labels[:, 0] > 0).float()
        named = torch.nn.functional.cross_entropy(thing, labels[:, 0].long(), reduction="none")
        others = sum(
            torch.nn.functional.cross_entropy(said, labels[:, i].long(), reduction="none")
            for i, said in ((1, colour), (2, side))
        )
        placed = (part - labels[:, 3:]).square().sum(1)
        return (named * (0.3 + there) + there * (others + 4 * placed)).mean()


def tensor_of(picture: Image.Image) -> torch.Tensor:
    """A picture as (3, H, W) in -1…1."""
    return torch.from_numpy(np.asarray(picture).copy()).permute(2, 0, 1).float() / 127.5 - 1


def drawn(plan: Plan) -> torch.Tensor:
    """The pictures that the autoencoder is fitted to, (n, 3, H, W) in -1…1."""
    rng = random.Random(plan.seed)
    return torch.stack([tensor_of(scenes.render(scenes.invent(rng))) for _ in range(plan.fitted)])


@torch.no_grad()
def fidelity(vae: PatchAutoencoder, plan: Plan) -> float:
    """The autoencoder's peak signal-to-noise ratio in dB, on pictures that it was not fitted to."""
    pictures = drawn(replace(plan, seed=plan.seed + 2))
    error = (vae.decode(vae.encode(pictures).latents).sample.clamp(-1, 1) - pictures).square().mean()
    return float(10 * torch.log10(4 / error))


@torch.no_grad()
def measure(unet: EditorUNet, vae: PatchAutoencoder, plan: Plan) -> None:
    """Set the deviations of latents and of edits, from drawn examples."""
    rng = random.Random(plan.seed + 1)
    before = [scenes.invent(rng) for _ in range(plan.fitted // 2)]
    after = [scenes.edit(scene, rng)[0] for scene in before]
    first, second = (
        vae.encode(torch.stack([tensor_of(scenes.render(s)) for s in part])).latents for part in (before, after)
    )
    unet.spread.copy_(torch.cat([first, second]).square().mean((0, 2, 3)).sqrt())
    unet.change.copy_((second - first).square().mean((0, 2, 3)).sqrt())


class Words:
    """Captions to MiniLM's token states (n, 32, 384)."""

    def __init__(self) -> None:
        self.tokenizer, self.encoder = text_parts()
        self.nothing = self([""])[0]

    @torch.no_grad()
    def __call__(self, captions: list[str]) -> torch.Tensor:
        read = self.tokenizer(
            captions, padding="max_length", max_length=MAX_TOKENS, truncation=True, return_tensors="pt"
        )
        with torch.autocast("cpu", torch.bfloat16):
            return self.encoder(read.input_ids, attention_mask=read.attention_mask)[0].to(torch.bfloat16)


def labels_of(scene: scenes.Scene, extent: tuple[int, int]) -> torch.Tensor:
    """What the picture of a scene shows, (5, H/8, W/8), as `Reading.loss` takes it."""
    found = scenes.labels(scene, extent)
    sides = np.searchsorted(np.array([0, *scenes.SIDES]), found.side)
    return torch.from_numpy(np.stack([found.thing, found.colour, sides, *found.part]).astype(np.float32))


@dataclass(frozen=True)
class Batch:
    """What the network learns from at once: latents of the target and of the picture to edit, token states, labels."""

    target: torch.Tensor
    source: torch.Tensor
    states: torch.Tensor
    labels: torch.Tensor


class Pool:
    """Samples of one picture size, renewed in turn: latents, latents to edit (or zeros), token states, labels."""

    def __init__(self, plan: Plan, extent: tuple[int, int], vae: PatchAutoencoder, words: Words, seed: int) -> None:
        self.extent, self.vae, self.words = extent, vae, words
        self.random, self.torch = random.Random(seed), torch.Generator().manual_seed(seed)
        whole = max(plan.batch, plan.pool if extent == scenes.EXTENTS[0] else plan.pool // 8)
        grid = (LATENT_CHANNELS, extent[1] // PATCH, extent[0] // PATCH)
        self.target = torch.zeros(whole, *grid, dtype=torch.bfloat16)
        self.source = torch.zeros(whole, *grid, dtype=torch.bfloat16)
        self.states = torch.zeros(whole, MAX_TOKENS, 384, dtype=torch.bfloat16)
        self.labels = torch.zeros(whole, 5, *grid[1:])
        self.edits = torch.zeros(whole, dtype=torch.bool)
        self.next, self.size = 0, whole
        while self.next + 64 < whole:
            self.renew(64)
        self.renew(whole - self.next)

    def _sample(self) -> tuple[scenes.Scene, scenes.Scene | None, str]:
        """The scene to arrive at, the one to start from if it is an edit, and the words."""
        scene = scenes.invent(self.random)
        if self.random.random() < PAINTED:
            return scene, None, scenes.caption(scene, self.random)
        target, instruction = scenes.edit(scene, self.random)
        return target, scene, instruction

    def renew(self, count: int) -> None:
        """Replace the oldest `count` samples."""
        made = [self._sample() for _ in range(count)]
        places = [(self.next + i) % self.size for i in range(count)]
        edits = [i for i, (_, source, _) in enumerate(made) if source is not None]
        self.target[places] = self._latents([target for target, _, _ in made])
        self.source[places] = 0
        if edits:
            self.source[[places[i] for i in edits]] = self._latents(
                [source for _, source, _ in made if source is not None]
            )
        self.labels[places] = torch.stack([labels_of(target, self.extent) for target, _, _ in made])
        self.edits[places] = torch.tensor([source is not None for _, source, _ in made])
        self.states[places] = self.words([text for _, _, text in made])
        self.next = (self.next + count) % self.size

    @torch.no_grad()
    def _latents(self, drawn: list[scenes.Scene]) -> torch.Tensor:
        pictures = torch.stack([tensor_of(scenes.render(scene, self.extent)) for scene in drawn])
        return self.vae.encode(pictures).latents.to(torch.bfloat16)

    def draw(self, count: int) -> Batch:
        """A batch at random, some captions left out, some sources made a little noisy.

        The noise is there because the editor will be given painted pictures, which are less clean than drawn ones.
        """
        chosen = torch.randint(self.size, (count,), generator=self.torch)
        target, source, states = self.target[chosen].float(), self.source[chosen].float(), self.states[chosen].clone()
        silent = torch.rand(count, generator=self.torch) < 0.09
        states[silent] = self.words.nothing
        edits = self.edits[chosen] & (torch.rand(count, generator=self.torch) < 0.35)
        amount = edits * torch.rand(count, generator=self.torch) * 0.25
        noise = torch.randn(source.shape, generator=self.torch)
        return Batch(target, source + amount[:, None, None, None] * noise, states.float(), self.labels[chosen])


def flow_loss(unet: Any, batch: Batch) -> torch.Tensor:
    """Squared error of the velocity on the straight way from picture (0) to noise (1), at logit-normal times.

    Times lean towards noise: neighbouring patches tell so much of the strong components that nine parts of noise in ten
    still show where the sky ends, and only what is decided before that is decided by the words. `scheduler` takes its
    steps there too (a shift of 6, as in Esser et al. 2024, arXiv 2403.03206).

    The network says the clean picture; its error over the time is the velocity's. Strong components count for more,
    half-way to how much they count in pixels: counted alike, the forty weak ones, which are mostly texture, hold most
    of the loss, and shapes are learnt late. The network is told the time as 0–1000.
    """
    target = batch.target
    moment = torch.sigmoid(1.2 * torch.randn(len(target)) + 0.8)
    part = moment[:, None, None, None]
    noisy = (1 - part) * target + part * torch.randn_like(target)
    with torch.autocast("cpu", torch.bfloat16):
        said = unet(torch.cat([noisy, batch.source], 1), moment * 1000, batch.states, return_dict=False)[0]
    spread = unet.spread.reshape(1, -1, 1, 1)
    return (((said - target) / part.clamp_min(0.05)).square() * (spread / spread.mean())).mean()


class Run:
    """What a training is made of: shared weights, averaged weights, optimiser, progress. Goes on from the folder's
    checkpoint if there is one.

    `unet`, `average`, the optimiser's moments and `clock` (steps taken, seconds used) lie in shared memory, so that
    several processes can work on them. They are only touched under `lock`.
    """

    def __init__(self, plan: Plan, folder: Path, start: Path | None = None) -> None:
        """`start` is a folder with an exported `editor`, whose weights are taken where there is no checkpoint yet."""
        torch.manual_seed(plan.seed)
        self.plan, self.folder = plan, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.unet = build_unet(plan.channels).share_memory()
        self.average = build_unet(plan.channels).requires_grad_(False).eval().share_memory()
        self.average.load_state_dict(self.unet.state_dict())
        self.head = build_head(plan.channels).share_memory()
        self.moments = [
            {
                "step": torch.zeros(()).share_memory_(),
                "exp_avg": torch.zeros_like(p).share_memory_(),
                "exp_avg_sq": torch.zeros_like(p).share_memory_(),
            }
            for p in self.learning()
        ]
        self.clock = torch.zeros(2, dtype=torch.float64).share_memory_()
        self.lock = multiprocessing.get_context("spawn").Lock()
        kept = torch.load(folder / "last.pt", weights_only=True) if (folder / "last.pt").exists() else None
        if kept is None and start is not None:
            self.unet.load_state_dict(EditorUNet.from_pretrained(start / "editor/unet").float().state_dict())
            self.average.load_state_dict(self.unet.state_dict())
            self.vae = PatchAutoencoder.from_pretrained(start / "editor/vae").eval().requires_grad_(False)
            self.fidelity = fidelity(self.vae, plan)
        elif kept is None:
            self.vae = PatchAutoencoder(latent_channels=LATENT_CHANNELS).eval().requires_grad_(False)
            self.vae.fit(drawn(plan))
            self.fidelity = fidelity(self.vae, plan)
            measure(self.unet, self.vae, plan)
            self.average.load_state_dict(self.unet.state_dict())
        else:
            self.vae, self.fidelity = (
                PatchAutoencoder(latent_channels=LATENT_CHANNELS).eval().requires_grad_(False),
                kept["fidelity"],
            )
            self._restore(kept)

    def _restore(self, kept: dict[str, Any]) -> None:
        self.unet.load_state_dict(kept["unet"])
        self.head.load_state_dict(kept["head"])
        self.average.load_state_dict(kept["average"])
        self.vae.load_state_dict(kept["vae"])
        for ours, theirs in zip(self.moments, kept["moments"], strict=True):
            for name, value in ours.items():
                value.copy_(theirs[name])
        self.clock.copy_(torch.tensor([kept["step"], kept["seconds"]]))

    def learning(self) -> list[torch.nn.Parameter]:
        """All that is trained, in the order of `moments`."""
        return [*self.unet.parameters(), *self.head.parameters()]

    @property
    def step(self) -> int:
        return int(self.clock[0])

    @property
    def seconds(self) -> float:
        return float(self.clock[1])

    @property
    def finished(self) -> bool:
        return self.seconds > self.plan.minutes * 60

    def save(self) -> None:
        """Write the checkpoint beside the old one, then put it in its place."""
        with self.lock:
            state = {
                "unet": self.unet.state_dict(),
                "head": self.head.state_dict(),
                "average": self.average.state_dict(),
                "vae": self.vae.state_dict(),
                "moments": self.moments,
                "step": self.step,
                "seconds": self.seconds,
                "fidelity": self.fidelity,
                "plan": json.dumps(asdict(self.plan)),
            }
            torch.save(state, self.folder / "next.pt")
        (self.folder / "next.pt").replace(self.folder / "last.pt")

    def rate(self) -> float:
        """The learning rate now: warm-up by steps, then by the time that is gone."""
        gone = min(1.0, self.seconds / (self.plan.minutes * 60))
        falling = max(0.0, (gone - self.plan.hold) / (1 - self.plan.hold))
        return (
            self.plan.rate
            * min(1.0, (self.step + 1) / self.plan.warmup)
            * (0.5 + 0.5 * math.cos(math.pi * falling) + 0.005)
        )


class Worker:
    """One process's part of a run: its own copy of the network, and pools of its own.

    A batch's gradient is taken on the copy, then applied to the shared weights under the lock, and the copy is
    renewed. With two workers a gradient is at most about a step old. One thread a worker: threads that wait for each
    other at every layer lose most of their time as soon as anything else uses the machine (measured here: 20 samples
    a second with one thread, 3 with two).
    """

    def __init__(self, run: Run, number: int) -> None:
        self.run, seed = run, run.plan.seed + 1000 * number + run.step * 10
        torch.manual_seed(seed)
        self.random, words = random.Random(seed), Words()
        extents = scenes.EXTENTS[:1] if run.plan.smoke else scenes.EXTENTS
        self.pools = [Pool(run.plan, extent, run.vae, words, seed + i) for i, extent in enumerate(extents)]
        self.copy = build_unet(run.plan.channels)
        self.copy.load_state_dict(run.unet.state_dict())
        self.reading = Reading(self.copy, build_head(run.plan.channels))
        self.reading.head.load_state_dict(run.head.state_dict())
        self.own = [*self.copy.parameters(), *self.reading.head.parameters()]
        self.optimiser = torch.optim.AdamW(
            run.learning(), run.plan.rate, betas=(0.9, 0.99), weight_decay=0.01, fused=True
        )
        for weight, moments in zip(run.learning(), run.moments, strict=True):
            self.optimiser.state[weight] = moments

    def advance(self) -> tuple[float, float]:
        """One step on a batch, mostly of square pictures, an eighth of them wide or tall.

        Returns the losses of the picture and of what it shows.
        """
        run, plan = self.run, self.run.plan
        pool = self.random.choices(self.pools, (14, 1, 1)[: len(self.pools)])[0]
        pool.renew(plan.renewed)
        batch = pool.draw(plan.batch)
        loss = flow_loss(self.copy, batch)
        shown = self.reading.loss(batch.labels)
        (loss + plan.reading * shown).backward()
        torch.nn.utils.clip_grad_norm_(self.own, 1.0)
        with run.lock, torch.no_grad():
            for group in self.optimiser.param_groups:
                group["lr"] = run.rate()
            everything = run.learning()
            for shared, own in zip(everything, self.own, strict=True):
                shared.grad = own.grad
            self.optimiser.step()
            run.clock[0] += 1
            if run.step % AVERAGED == 0:
                decay = min(plan.average**AVERAGED, (1 + run.step) / (40 + run.step))
                torch._foreach_lerp_(list(run.average.parameters()), list(run.unet.parameters()), 1 - decay)
            torch._foreach_copy_(self.own, everything)
        for own in self.own:
            own.grad = None
        return float(loss.detach()), float(shown.detach())


def _help(run: Run, number: int) -> None:
    """A further process: works until the run is finished or its parent is gone."""
    torch.set_num_threads(1)
    parent, worker = os.getppid(), Worker(run, number)
    while not run.finished and os.getppid() == parent:
        worker.advance()


def train(plan: Plan, folder: Path, workers: int = 1, start: Path | None = None) -> Run:
    """Train until the budget of minutes is used, the time of earlier runs in this folder included."""
    from torch.utils.tensorboard import SummaryWriter

    run, log = Run(plan, folder, start), SummaryWriter(str(folder / "log"))
    multiprocessing.set_sharing_strategy("file_system")  # thousands of shared tensors would use up the open files
    helpers = [
        multiprocessing.get_context("spawn").Process(target=_help, args=(run, n), daemon=True)
        for n in range(1, workers)
    ]
    for helper in helpers:
        helper.start()
    worker = Worker(run, 0)
    print(
        f"{sum(p.numel() for p in run.unet.parameters()) / 1e6:.1f} M parameters, "
        f"autoencoder {run.fidelity:.1f} dB, from step {run.step}",
        flush=True,
    )
    means, taken, before, first = np.zeros(2), 0, run.seconds, run.step
    started = kept = shown = time.monotonic()
    while not run.finished:
        losses = worker.advance()
        taken += 1
        means += (0.02 if taken > 50 else 1 / taken) * (np.array(losses) - means)
        now = time.monotonic()
        run.clock[1] = before + now - started
        if taken % 20 == 0:
            log.add_scalar("loss", means[0], run.step * plan.batch)
            log.add_scalar("reading", means[1], run.step * plan.batch)
            speed = (run.step - first) * plan.batch / (now - started)
            print(
                f"{run.seconds / 60:6.1f} min  step {run.step}  samples {run.step * plan.batch}  "
                f"loss {means[0]:.4f}  reading {means[1]:.4f}  {speed:.1f}/s",
                flush=True,
            )
        if now - kept > 240:
            run.save()
            kept = now
        if not plan.smoke and now - shown > 900:
            show(run, folder / f"sheet-{run.step:06d}.png")
            shown = now
    for helper in helpers:
        helper.join()
    log.close()
    run.save()
    return run


# --- looking and shipping ---

PROMPTS = (
    "a red fox in the snow",
    "a cat on the beach at night",
    "two dogs in the forest",
    "a blue car in the city",
    "a boat left of a lighthouse",
    "a rocket in space",
    "a big elephant in the desert",
    "three sunflowers in a meadow",
    "a castle in the mountains at sunset",
    "a whale underwater",
    "a cat wearing a hat",
    "a green dragon in a thunderstorm",
    "a small house in the snow at night",
    "a robot on a yellow background",
    "a bird above a tree",
    "a pencil sketch of a horse",
)
INSTRUCTIONS = (
    "make it night",
    "make it blue",
    "put it on the beach",
    "add a dog on the left",
    "replace it with a panda",
    "make it rain",
    "remove it",
    "make it pixel art",
)


def scheduler() -> DPMSolverMultistepScheduler:
    """The sampler both pipelines ship with. New noise at each step lets it leave a blurred beginning behind."""
    return DPMSolverMultistepScheduler(
        prediction_type="sample", use_flow_sigmas=True, flow_shift=6.0, algorithm_type="sde-dpmsolver++"
    )


def pipelines(run: Run) -> tuple[StableDiffusionPipeline, StableDiffusionInstructPix2PixPipeline]:
    """The stock pipelines around the averaged weights of a run."""
    tokenizer, encoder = text_parts()
    parts: dict[str, Any] = {
        "vae": run.vae,
        "text_encoder": encoder,
        "tokenizer": tokenizer,
        "safety_checker": None,
        "feature_extractor": None,
        "requires_safety_checker": False,
    }
    painter = StableDiffusionPipeline(unet=PainterUNet.of(run.average), scheduler=scheduler(), **parts)
    editor = StableDiffusionInstructPix2PixPipeline(unet=run.average, scheduler=scheduler(), **parts)
    for pipeline in (painter, editor):
        pipeline.set_progress_bar_config(disable=True)
    return painter, editor


def show(run: Run, file: Path) -> None:
    """A sheet of painted prompts, then of the first two edited by each instruction."""
    painter, editor = pipelines(run)
    rng = torch.Generator().manual_seed(1)
    painted: list[Image.Image] = painter(
        list(PROMPTS), num_inference_steps=20, guidance_scale=4.0, generator=rng
    ).images
    sheet = Image.new("RGB", (8 * 134, 4 * 150), "white")
    draw = ImageDraw.Draw(sheet)
    edited: list[Image.Image] = []
    for source in (painted[0], scenes.render(scenes.invent(random.Random(8)))):
        edited += editor(
            list(INSTRUCTIONS),
            image=[source] * len(INSTRUCTIONS),
            num_inference_steps=20,
            guidance_scale=4.0,
            image_guidance_scale=1.3,
            generator=rng,
        ).images
    for i, (picture, text) in enumerate(
        zip([*painted, *edited], [*PROMPTS, *INSTRUCTIONS, *INSTRUCTIONS], strict=True)
    ):
        x, y = i % 8 * 134, i // 8 * 150
        sheet.paste(picture, (x, y))
        draw.text((x, y + 130), text[:26], fill="black")
    sheet.save(file)


def export(run: Run, folder: Path) -> None:
    """Write the averaged weights as the folders `painter` and `editor`: 16-bit floats, in files of at most 12 MB."""
    painter, editor = folder / "painter", folder / "editor"
    parts = {
        "text_encoder": ["transformers", "BertModel"],  # given by `text_parts`, a subclass
        "tokenizer": ["transformers", "BertTokenizer"],
        "vae": ["models.autoencoder", "PatchAutoencoder"],
    }
    for place, pipeline, unet in (
        (painter, "StableDiffusionPipeline", "PainterUNet"),
        (editor, "StableDiffusionInstructPix2PixPipeline", "EditorUNet"),
    ):
        run.vae.save_pretrained(place / "vae")
        scheduler().save_pretrained(place / "scheduler")
        (place / "unet").mkdir(exist_ok=True)
        index: dict[str, Any] = {
            "_class_name": pipeline,
            "_diffusers_version": "0.42.1",
            "feature_extractor": [None, None],
            "image_encoder": [None, None],
            "requires_safety_checker": False,
            "safety_checker": [None, None],
            "scheduler": ["diffusers", "DPMSolverMultistepScheduler"],
            "unet": ["models.painter", unet],
            **parts,
        }
        (place / "model_index.json").write_text(json.dumps(index, indent=2) + "\n")
    run.average.save_config(editor / "unet")
    PainterUNet.of(run.average).save_config(painter / "unet")
    _save_shards(run.average, editor / "unet")
    for place in (painter, editor):
        seal(place)


def _save_shards(unet: EditorUNet, folder: Path) -> None:
    for old in folder.glob("*.safetensors*"):
        old.unlink()
    shards: list[dict[str, torch.Tensor]] = [{}]
    filled = 0
    for name, value in unet.state_dict().items():
        half = value.to(torch.float16).contiguous()
        if filled + half.nbytes > SHARD_BYTES:
            shards.append({})
            filled = 0
        shards[-1][name] = half
        filled += half.nbytes
    places: dict[str, str] = {}
    for number, shard in enumerate(shards, 1):
        file = f"diffusion_pytorch_model-{number:05d}-of-{len(shards):05d}.safetensors"
        save_file(shard, folder / file, metadata={"format": "pt"})
        places |= dict.fromkeys(shard, file)
    size = sum(value.nbytes for shard in shards for value in shard.values())
    index = {"metadata": {"total_size": size}, "weight_map": places}
    (folder / "diffusion_pytorch_model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--minutes",
        type=float,
        default=Plan.minutes,
        help="wall-clock budget of all runs in this folder together (default: %(default)s)",
    )
    parser.add_argument("--workers", type=int, default=2, help="processes, of one thread each (default: %(default)s)")
    parser.add_argument(
        "--folder", type=Path, default=CHECKPOINTS, help="where checkpoints and logs are (default: %(default)s)"
    )
    parser.add_argument("--out", type=Path, default=EMBEDDED, help="where to export to (default: models/embedded)")
    parser.add_argument("--export", action="store_true", help="train nothing: export the last checkpoint")
    parser.add_argument(
        "--sheet", type=Path, help="train nothing: paint the sample sheet of the last checkpoint into this file"
    )
    parser.add_argument(
        "--start", type=Path, help="begin with the exported weights in this folder, not from nothing (models/embedded)"
    )
    parser.add_argument("--smoke", action="store_true", help="a tiny network for a few seconds")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    plan = SMOKE if asked.smoke else Plan(minutes=asked.minutes)
    if asked.sheet:
        show(Run(plan, asked.folder), asked.sheet)
        return
    run = Run(plan, asked.folder) if asked.export else train(plan, asked.folder, asked.workers, asked.start)
    export(run, asked.out)


if __name__ == "__main__":
    main()
