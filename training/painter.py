"""Trains the painter's network, `models.rendering.renderer.Renderer`: layouts to pictures, from the scenes of
`training.scenes`.

    python -m training.painter --minutes 100           # train (or go on), then export into models/embedded/painter
    python -m training.painter --start models/embedded/painter     # go on from the shipped weights
    python -m training.painter --export                # export the last checkpoint
    python -m training.painter --smoke --out FOLDER    # seconds, to see that all parts fit

First its layers alone learn what things and places look like: what a layout's layers show, laid over each other, should
be the drawn picture, pixel by pixel. Then the whole network learns to say the clean picture along a rectified flow in
the latents of `PatchAutoencoder`. Half of those samples teach painting (layout → picture), the others editing (picture,
what stays of it, layout → picture). Samples come from pools that are renewed a little at every step, so that drawing
scenes takes a tenth of the time.
"""

from __future__ import annotations

import copy
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from models.painter import noise_times, towards
from models.rendering.autoencoder import PATCH, PatchAutoencoder
from models.rendering.eye import tensor_of
from models.rendering.layout import Layout, Maps, draw, kept
from models.rendering.renderer import LATENT_CHANNELS, Renderer
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
LAYERS = 0.4  # part of the minutes in which it first learns what things and places look like
BUSY = (1536, 48)  # pictures kept and used a step for that


@dataclass(frozen=True)
class Sample:
    """Latents to arrive at and to start from (zeros when painting), what stays, and the layout."""

    target: torch.Tensor
    source: torch.Tensor
    stays: torch.Tensor
    layout: Layout


class Pool:
    """Samples of one picture size, renewed in turn.

    Args:
        extent: Width and height of the pictures, in pixels.
        vae: Whose latents they are.
        size: How many are kept.
        seed: Of what is drawn.
        invent: Draws a scene.
    """

    def __init__(
        self,
        extent: tuple[int, int],
        vae: PatchAutoencoder,
        size: int,
        seed: int,
        invent: Callable[[random.Random], scenes.Scene] = scenes.invent,
    ) -> None:
        self.extent, self.vae, self.invent = extent, vae, invent
        self.squares = (extent[0] // PATCH, extent[1] // PATCH)
        self.random, self.torch = random.Random(seed), torch.Generator().manual_seed(seed)
        self.ring = Ring(lambda: [self._sample()], size)

    def _sample(self) -> Sample:
        scene = self.invent(self.random)
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
        return self.vae.encode(tensor_of(scenes.render(scene, self.extent))[None])[0].to(torch.bfloat16)

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


# --- what things and places look like, learnt first ---

_ROOM = ((48, 1), (64, 2), (80, 2), (96, 4), (128, 3), (160, 2), (192, 2))  # sides of things, and how often


def busy(rng: random.Random) -> scenes.Scene:
    """A scene with as many things as found room in eight tries."""
    scene, items = scenes.invent(rng), list[scenes.Item]()
    taken = list[tuple[int, int, int]]()
    for _ in range(8):
        one = scenes.invent(rng)
        side = rng.choices([side for side, _ in _ROOM], [often for _, often in _ROOM])[0]
        left, top = (rng.randint(0, (256 - side) // PATCH) * PATCH for _ in range(2))
        if one.items and all(
            left >= x + size or x >= left + side or top >= y + size or y >= top + side for x, y, size in taken
        ):
            taken.append((left, top, side))
            middle = ((left + side / 2) / 256, (top + side / 2) / 256)
            items.append(scenes.Item(one.items[0].thing, *middle, side / 256, one.items[0].colour))
    return replace(scene, items=tuple(items), arrangement="none")


def _often_busy(rng: random.Random) -> scenes.Scene:
    return busy(rng) if rng.random() < 0.6 else scenes.invent(rng)


def as_patches(picture: Image.Image) -> torch.Tensor:
    """An RGB picture as patches (rows, columns, 3 × 256) of bytes."""
    values = torch.from_numpy(np.array(picture))
    return values.unflatten(0, (-1, PATCH)).unflatten(2, (-1, PATCH)).permute(0, 2, 4, 1, 3).flatten(2)


class Busy:
    """Drawn pictures as patches (16, 16, 3 × 256) of bytes, with their layouts; by default half of them busy.

    Args:
        size: How many are kept.
        seed: Of what is drawn.
        invent: Draws a scene.
    """

    def __init__(self, size: int, seed: int, invent: Callable[[random.Random], scenes.Scene] = _often_busy) -> None:
        self.random, self.invent = random.Random(seed), invent
        self.ring = Ring(lambda: [self._made()], size)

    def _made(self) -> tuple[torch.Tensor, Layout]:
        scene = self.invent(self.random)
        return as_patches(scenes.render(scene)), layout_of(scene)

    def draw(self, count: int) -> tuple[torch.Tensor, Maps]:
        """Patches in -1…1 and maps of pictures at random."""
        chosen = self.random.choices(self.ring.samples, k=count)
        patches = torch.stack([patches for patches, _ in chosen]).to(DEVICE)
        return patches / 127.5 - 1, draw([layout for _, layout in chosen], 16, 16).to(DEVICE)


class Layers(torch.nn.Module):
    """The renderer's layers alone: so they see ten times as many pictures as with the rest of it."""

    def __init__(self, renderer: Renderer) -> None:
        super().__init__()
        self.looks, self.backdrops = renderer.looks, renderer.backdrops


def learn_layers(network: Renderer, folder: Path, minutes: float, smoke: bool = False) -> None:
    """Teach the renderer what things and places look like, before it learns to paint: the collage of a layout should
    be the picture, pixel by pixel."""
    loop = Loop(Layers(network), folder, minutes, 2e-3, hold=0.4)
    pool = Busy(BUSY[1] if smoke else BUSY[0], loop.step + 1)
    whole = copy.deepcopy(network).eval()
    whole.looks, whole.backdrops = loop.average.looks, loop.average.backdrops
    seen, layouts = Busy(64, 7).draw(64)

    def loss() -> torch.Tensor:
        pool.ring.renew(12)
        patches, maps = pool.draw(BUSY[1])
        with computing():
            canvas, _ = network.collage(maps)
        return (canvas - patches).square().mean()

    @torch.no_grad()
    def check() -> str:
        error = (whole.collage(layouts)[0].clamp(-1, 1) - seen).square().mean()
        return f"collages of other scenes {10 * torch.log10(4 / error):.1f} dB"

    loop.run(loss, check)
    network.looks.load_state_dict(loop.average.looks.state_dict())
    network.backdrops.load_state_dict(loop.average.backdrops.state_dict())


# --- the parts that are measured, not trained ---


def drawn(count: int, seed: int) -> torch.Tensor:
    """Pictures of scenes, (n, 3, 256, 256) in -1…1."""
    rng = random.Random(seed)
    return torch.stack([tensor_of(scenes.render(scenes.invent(rng))) for _ in range(count)])


@torch.no_grad()
def fidelity(vae: PatchAutoencoder, pictures: torch.Tensor) -> float:
    """The autoencoder's peak signal-to-noise ratio in dB."""
    error = (vae.decode(vae.encode(pictures)).clamp(-1, 1) - pictures).square().mean()
    return float(10 * torch.log10(4 / error))


def autoencoder(folder: Path, fitted: int, start: Path | None = None) -> PatchAutoencoder:
    """The run's autoencoder, fitted when the run began, or that of the shipped weights it started from."""
    if not (folder / "vae").exists() and start:
        shutil.copytree(start / "vae", folder / "vae")
    elif not (folder / "vae").exists():
        fresh = PatchAutoencoder(latent_channels=LATENT_CHANNELS)
        fresh.fit(drawn(fitted, 20))
        fresh.save(folder / "vae")
    return PatchAutoencoder.load(folder / "vae").requires_grad_(False)


@torch.no_grad()
def measure(network: Renderer, vae: PatchAutoencoder, count: int) -> None:
    """Set how far latents are from their mean and from the collage, from drawn examples."""
    rng = random.Random(21)
    some = [scenes.invent(rng) for _ in range(count)]
    latents = vae.encode(torch.stack([tensor_of(scenes.render(scene)) for scene in some])).to(DEVICE)
    expected, _ = network.expected(draw([layout_of(scene) for scene in some], 16, 16).to(DEVICE))
    network.spread.copy_(latents.square().mean((0, 2, 3)).sqrt())
    network.miss.copy_((latents - expected).square().mean((0, 2, 3)).sqrt())


def build(vae: PatchAutoencoder, small: bool = False) -> Renderer:
    """The painter's network of this world for latents of an autoencoder, untrained; a tiny one to try things out."""
    names = world()
    about = tuple(len(table) for table in names.about)
    channels = (32, 32, 32) if small else (96, 128, 160)
    network = Renderer(len(names.things), len(names.colours), about, scenes.VIEWS, channels)
    network.analysis.copy_(vae.analysis.weight.flatten(1))
    network.offset.copy_(vae.analysis.bias)
    return network


# --- looking and shipping ---


def sheet(network: Renderer, vae: PatchAutoencoder, file: Path) -> None:
    """Drawn scenes that were kept from training above, the same layouts painted below."""
    rng = random.Random(4)
    wanted = [scenes.invent(rng, held=True) for _ in range(16)]
    made = paint(network, vae, [layout_of(scene) for scene in wanted])
    picture = Image.new("RGB", (8 * 260, 4 * 260), "white")
    for i, (scene, painted) in enumerate(zip(wanted, made, strict=True)):
        x, y = i % 8 * 260, i // 8 * 520
        picture.paste(scenes.render(scene), (x, y))
        picture.paste(painted, (x, y + 260))
    picture.save(file)


@torch.no_grad()
def paint(network: Renderer, vae: PatchAutoencoder, layouts: list[Layout]) -> list[Image.Image]:
    """Square pictures of layouts."""
    maps = draw(layouts, 16, 16).to(DEVICE)
    rng = torch.Generator().manual_seed(1)
    latents = torch.randn(len(layouts), LATENT_CHANNELS, 16, 16, generator=rng).to(DEVICE)
    nothing, stays = torch.zeros_like(latents), torch.zeros_like(latents[:, :1])
    for now, then in pairwise(noise_times(STEPS)):
        with computing():
            clean = network(latents, torch.full((len(layouts),), now, device=DEVICE), maps, nothing, stays)
        latents = towards(clean, latents, now, then)
    return vae.pictures(latents)


def export(network: Renderer, vae: PatchAutoencoder, folder: Path) -> None:
    """Write network and autoencoder into the pipeline's `folder`; planner and eye have their own trainings."""
    vae.save(folder / "vae")
    ship(network, folder, "unet")


def main() -> None:
    parser = options(__doc__, 100, CHECKPOINTS)
    parser.add_argument("--sheet", type=Path, help="train nothing: paint the last checkpoint's samples into this file")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(20)
    asked.folder.mkdir(parents=True, exist_ok=True)
    vae = autoencoder(asked.folder, 40 if asked.smoke else FITTED, asked.start)
    minutes = 0.05 if asked.smoke else asked.minutes
    network = build(vae, asked.smoke).to(DEVICE)
    begun = asked.start or asked.export or asked.sheet or (asked.folder / "last.pt").exists()
    if not begun:
        learn_layers(network, asked.folder / "layers", LAYERS * minutes, asked.smoke)
        measure(network, vae, 20 if asked.smoke else 400)
    loop = Loop(network, asked.folder, (1 - LAYERS) * minutes, 6e-4, accumulate=asked.accumulate)
    if asked.start:
        loop.begin(Renderer.load(asked.start / "unet"))
    if asked.sheet:
        sheet(loop.average, vae, asked.sheet)
        return
    if not asked.export:
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
