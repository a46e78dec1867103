"""Trains the painter's network, `models.painter.Renderer`: layouts to pictures, from the scenes of `training.scenes`.

    python -m training.painter --minutes 100           # train (or go on), then export into models/embedded/painter
    python -m training.painter --start models/embedded/painter     # go on from the shipped weights
    python -m training.painter --export                # export the last checkpoint
    python -m training.painter --smoke --out FOLDER    # seconds, to see that all parts fit

The network says the clean picture along a rectified flow in the latents of `PatchAutoencoder`. Half of the samples
teach painting (layout → picture), the others editing (picture, what stays of it, layout → picture). Samples come from
a pool that is renewed a little at every step, so that drawing scenes takes a tenth of the time.
"""

from __future__ import annotations

import json
import random
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from diffusers import DPMSolverMultistepScheduler
from PIL import Image

from models.autoencoder import PATCH, PatchAutoencoder
from models.eye import tensor_of
from models.layout import Layout, Maps, draw, kept
from models.painter import LATENT_CHANNELS, Renderer
from training import scenes
from training.layouts import layout_of, world
from training.loop import DEVICE, Loop, Ring, computing, options, ship

CHECKPOINTS = Path("checkpoints/renderer")
PAINTED = 0.55  # the part of the samples that teaches painting, the others teach editing
MISSED = 0.12  # of edits: a thing that the eye did not see
BATCH, RENEWED = 16, 5  # samples of a step, samples drawn anew for it
POOL = 512  # samples of square pictures; of wide and tall ones an eighth of it each
FITTED = 1200  # pictures for the principal components
STEPS = 2  # of the sampler, for the pictures that are looked at while it trains
LOOKS = 15.0  # minutes in which it first learns what things look like


@dataclass(frozen=True)
class Sample:
    """Latents to arrive at and to start from (zeros when painting), what stays, and the layout."""

    target: torch.Tensor
    source: torch.Tensor
    stays: torch.Tensor
    layout: Layout


class Pool:
    """Samples of one picture size, renewed in turn."""

    def __init__(self, extent: tuple[int, int], vae: PatchAutoencoder, size: int, seed: int) -> None:
        self.extent, self.vae = extent, vae
        self.squares = (extent[0] // PATCH, extent[1] // PATCH)
        self.random, self.torch = random.Random(seed), torch.Generator().manual_seed(seed)
        self.ring = Ring(lambda: [self._sample()], size)

    def _sample(self) -> Sample:
        scene = scenes.invent(self.random)
        if self.random.random() < PAINTED:
            target = self._latents(scene)
            layout = layout_of(scene, self.extent)
            return Sample(target, torch.zeros_like(target), torch.zeros(1, *target.shape[1:]), layout)
        after, _ = scenes.edit(scene, self.random)
        old, new = layout_of(scene, self.extent), layout_of(after, self.extent)
        same = [thing for thing in old.things if thing in new.things]
        if same and self.random.random() < MISSED:
            missed = self.random.choice(same)
            old, new = (replace(x, things=tuple(t for t in x.things if t != missed)) for x in (old, new))
        stays = kept(draw([old], *self.squares), draw([new], *self.squares))[0]
        return Sample(self._latents(after), self._latents(scene), stays, new)

    @torch.no_grad()
    def _latents(self, scene: scenes.Scene) -> torch.Tensor:
        return self.vae.encode(tensor_of(scenes.render(scene, self.extent))[None]).latents[0].to(torch.bfloat16)

    def draw(self, count: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, Maps]:
        """Targets, sources, what stays, and maps of samples at random.

        Some sources are a little noisy: the painter will edit painted pictures, which are less clean than drawn ones.
        """
        chosen = self.random.choices(self.ring.samples, k=count)
        target, source, stays = (
            torch.stack([getattr(one, name) for one in chosen]).float() for name in ("target", "source", "stays")
        )
        amount = (torch.rand(count, generator=self.torch) - 0.6).clamp_min(0) * 0.5
        given = (source.abs().amax((1, 2, 3)) > 0).float()
        source += (amount * given)[:, None, None, None] * torch.randn(source.shape, generator=self.torch)
        maps = draw([one.layout for one in chosen], *self.squares)
        return target.to(DEVICE), source.to(DEVICE), stays.to(DEVICE), maps.to(DEVICE)


def flow_loss(
    network: Renderer, target: torch.Tensor, source: torch.Tensor, stays: torch.Tensor, maps: Maps
) -> torch.Tensor:
    """Squared error of the clean picture on the straight way from it (time 0) to noise (time 1), over the time.

    Half of the times are near 1, where layout and network alone decide what the picture shows: whoever begins wrong
    there does not recover. The others are logit-normal. Strong components count for more, half-way to how much they
    count in pixels: counted alike, the weak ones, which are mostly texture, hold most of the loss.
    """
    moment = torch.sigmoid(1.2 * torch.randn(len(target), device=target.device) + 0.2)
    early = 1 - 0.1 * torch.rand_like(moment)
    moment = torch.where(torch.rand_like(moment) < 0.5, early, moment)
    part = moment[:, None, None, None]
    noisy = (1 - part) * target + part * torch.randn_like(target)
    with computing():
        said = network(noisy, moment, maps, source, stays)
    spread = network.spread.reshape(1, -1, 1, 1)
    return ((said - target).square() / part.clamp_min(0.1) * (spread / spread.mean())).mean()


# --- what things look like, learnt first ---

CROWD = 384  # pixels a side of a picture full of things
_SPACING = 96  # pixels between them: room for the largest


def crowd(rng: random.Random) -> scenes.Scene:
    """A scene with sixteen things that do not overlap, in some light, weather and style."""
    items: list[scenes.Item] = []
    for spot in range((CROWD // _SPACING) ** 2):
        one = scenes.invent(rng)
        while not one.items:
            one = scenes.invent(rng)
        side = rng.choice(scenes.SIDES)
        room = _SPACING - side
        x = spot % (CROWD // _SPACING) * _SPACING + side / 2 + rng.randint(0, room // PATCH) * PATCH
        y = spot // (CROWD // _SPACING) * _SPACING + side / 2 + rng.randint(0, room // PATCH) * PATCH
        items.append(scenes.Item(one.items[0].thing, x / CROWD, y / CROWD, side / CROWD, one.items[0].colour))
    return replace(scenes.invent(rng), items=tuple(items), arrangement="none")


def learn_looks(network: Renderer, vae: PatchAutoencoder, minutes: float) -> None:
    """Teach the network what things look like, by crowds, before it learns to paint pictures.

    Only `Looks` is trained, without the rest of the network: so it sees a thousand things a second, not fifty.
    """
    rng = random.Random(network.config.things)
    looks = network.looks[0]
    optimiser = torch.optim.AdamW(looks.parameters(), 2e-3, (0.9, 0.99), weight_decay=0.0, fused=True)
    pool: list[tuple[torch.Tensor, Layout]] = []
    began = time.monotonic()
    told, losses, step = began, list[float](), 0
    while (gone := (time.monotonic() - began) / (60 * minutes)) < 1:
        for _ in range(2 if len(pool) >= 96 else 8):
            scene = crowd(rng)
            picture = tensor_of(scenes.render(scene, (CROWD, CROWD)))
            with torch.no_grad():
                made = (vae.encode(picture[None]).latents[0], layout_of(scene, (CROWD, CROWD)))
            pool = [*pool[-95:], made]
        chosen = rng.choices(pool, k=8)
        maps = draw([layout for _, layout in chosen], CROWD // PATCH, CROWD // PATCH).to(DEVICE)
        target = torch.stack([latents for latents, _ in chosen]).to(DEVICE)
        with computing():
            _, expected, belief = network.expected(maps)
        spread = network.spread.reshape(1, -1, 1, 1)
        error = ((belief * expected - target).square() / spread).mean(1, keepdim=True)
        loss = error[maps.ids[:, 0, :1] > 0].mean()
        loss.backward()
        optimiser.param_groups[0]["lr"] = 2e-3 * min(1.0, (step + 1) / 100, 3 * (1 - gone) + 0.02)
        optimiser.step()
        optimiser.zero_grad()
        step += 1
        losses.append(float(loss.detach()))
        if time.monotonic() - told > 60:
            print(f"looks {gone * minutes:5.1f} min  step {step}  loss {sum(losses) / len(losses):.4f}", flush=True)
            told, losses = time.monotonic(), []


# --- the parts that are measured, not trained ---


def drawn(count: int, seed: int) -> torch.Tensor:
    """Pictures of scenes, (n, 3, 128, 128) in -1…1."""
    rng = random.Random(seed)
    return torch.stack([tensor_of(scenes.render(scenes.invent(rng))) for _ in range(count)])


@torch.no_grad()
def fidelity(vae: PatchAutoencoder, pictures: torch.Tensor) -> float:
    """The autoencoder's peak signal-to-noise ratio in dB."""
    error = (vae.decode(vae.encode(pictures).latents).sample.clamp(-1, 1) - pictures).square().mean()
    return float(10 * torch.log10(4 / error))


def autoencoder(folder: Path, fitted: int, start: Path | None = None) -> PatchAutoencoder:
    """The run's autoencoder, fitted when the run began, or that of the shipped weights it started from."""
    if not (folder / "vae").exists() and start:
        shutil.copytree(start / "vae", folder / "vae")
    elif not (folder / "vae").exists():
        fresh = PatchAutoencoder(latent_channels=LATENT_CHANNELS)
        fresh.fit(drawn(fitted, 20))
        fresh.save_pretrained(folder / "vae")
    return PatchAutoencoder.from_pretrained(folder / "vae").eval().requires_grad_(False)


@torch.no_grad()
def measure(network: Renderer, vae: PatchAutoencoder, count: int) -> None:
    """Set the deviations of latents and of edits, from drawn examples."""
    rng = random.Random(21)
    before = [scenes.invent(rng) for _ in range(count)]
    after = [scenes.edit(scene, rng)[0] for scene in before]
    first, second = (
        vae.encode(torch.stack([tensor_of(scenes.render(s)) for s in part])).latents for part in (before, after)
    )
    network.spread.copy_(torch.cat([first, second]).square().mean((0, 2, 3)).sqrt())
    network.change.copy_((second - first).square().mean((0, 2, 3)).sqrt())


def build(small: bool = False) -> Renderer:
    """The painter's network of this world, untrained; a tiny one to try things out."""
    names = world()
    about = tuple(len(table) for table in names.about)
    channels = (32, 32, 32) if small else (96, 128, 192)
    return Renderer(len(names.things), len(names.colours), about, channels)


# --- looking and shipping ---


def sheet(network: Renderer, vae: PatchAutoencoder, file: Path) -> None:
    """Drawn scenes that were kept from training above, the same layouts painted below."""
    rng = random.Random(4)
    wanted = [scenes.invent(rng, held=True) for _ in range(16)]
    made = paint(network, vae, [layout_of(scene) for scene in wanted])
    picture = Image.new("RGB", (8 * 132, 4 * 132), "white")
    for i, (scene, painted) in enumerate(zip(wanted, made, strict=True)):
        x, y = i % 8 * 132, i // 8 * 264
        picture.paste(scenes.render(scene), (x, y))
        picture.paste(painted, (x, y + 132))
    picture.save(file)


@torch.no_grad()
def paint(network: Renderer, vae: PatchAutoencoder, layouts: list[Layout]) -> list[Image.Image]:
    """Square pictures of layouts."""
    noise = scheduler()
    noise.set_timesteps(STEPS)
    maps = draw(layouts, 16, 16).to(DEVICE)
    rng = torch.Generator().manual_seed(1)
    latents = torch.randn(len(layouts), LATENT_CHANNELS, 16, 16, generator=rng).to(DEVICE)
    nothing, stays = torch.zeros_like(latents), torch.zeros_like(latents[:, :1])
    for moment in noise.timesteps:
        with computing():
            clean = network(latents, moment.expand(len(layouts)).to(DEVICE) / 1000, maps, nothing, stays)
        latents = noise.step(clean, moment, latents).prev_sample
    return vae.pictures(latents)


def scheduler() -> DPMSolverMultistepScheduler:
    """The sampler that the pipeline ships with."""
    return DPMSolverMultistepScheduler(prediction_type="sample", use_flow_sigmas=True, flow_shift=3.0)


def export(network: Renderer, vae: PatchAutoencoder, folder: Path) -> None:
    """Write network, autoencoder, scheduler and index of the pipeline in `folder`; planner and eye have their own."""
    vae.save_pretrained(folder / "vae")
    scheduler().save_pretrained(folder / "scheduler")
    index: dict[str, Any] = {
        "_class_name": "ScenePipeline",
        "_diffusers_version": "0.42.1",
        "eye": ["models.eye", "Eye"],
        "planner": ["models.planner", "Planner"],
        "scheduler": ["diffusers", "DPMSolverMultistepScheduler"],
        "text_encoder": ["transformers", "BertModel"],  # given by `text_parts`, a subclass
        "tokenizer": ["transformers", "BertTokenizer"],
        "unet": ["models.painter", "Renderer"],
        "vae": ["models.autoencoder", "PatchAutoencoder"],
    }
    (folder / "model_index.json").write_text(json.dumps(index, indent=2) + "\n")
    ship(network, folder, "unet")


def main() -> None:
    parser = options(__doc__, 100, CHECKPOINTS)
    parser.add_argument("--sheet", type=Path, help="train nothing: paint the last checkpoint's samples into this file")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(20)
    asked.folder.mkdir(parents=True, exist_ok=True)
    vae = autoencoder(asked.folder, 40 if asked.smoke else FITTED, asked.start)
    loop = Loop(build(asked.smoke), asked.folder, 0.03 if asked.smoke else asked.minutes, 6e-4)
    if asked.start:
        loop.begin(Renderer.from_pretrained(asked.start / "unet"))
    if asked.sheet:
        sheet(loop.average, vae, asked.sheet)
        return
    if not asked.export:
        if loop.step == 0 and not asked.start:
            measure(loop.network, vae, 20 if asked.smoke else 400)
            learn_looks(loop.network, vae, 0.02 if asked.smoke else LOOKS)
            loop.average.load_state_dict(loop.network.state_dict())
        _train(loop, vae, asked.smoke)
    export(loop.average, vae, asked.out)


def _train(loop: Loop[Renderer], vae: PatchAutoencoder, smoke: bool) -> None:
    print(f"autoencoder {fidelity(vae, drawn(20 if smoke else 200, 22)):.1f} dB", flush=True)
    size = BATCH if smoke else POOL
    extents = scenes.EXTENTS[:1] if smoke else scenes.EXTENTS
    pools = [Pool(e, vae, size if i == 0 else size // 8, loop.step + i + 1) for i, e in enumerate(extents)]
    rng = random.Random(loop.step)

    def step() -> torch.Tensor:
        pool = rng.choices(pools, (14, 1, 1)[: len(pools)])[0]
        pool.ring.renew(RENEWED)
        return flow_loss(loop.network, *pool.draw(BATCH))

    def look() -> str:
        file = loop.folder / f"sheet-{loop.step:06d}.png"
        sheet(loop.average, vae, file)
        return f"see {file}"

    loop.run(step, look)


if __name__ == "__main__":
    main()
