"""Trains the eye, `models.rendering.eye.Eye`: pictures of `training.scenes`, and what is where in them.

    python -m training.eye --minutes 50                # train (or go on), then export into models/embedded/painter
    python -m training.eye --export                    # export the last checkpoint
    python -m training.eye --smoke --out FOLDER        # seconds, to see that all parts fit

Pictures are shown as they are drawn, and as painting and storing leave them: through the autoencoder, a little noisy,
paler or darker, saved as JPEG, enlarged and shrunk.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn.functional import cross_entropy

from models.rendering.autoencoder import PATCH, PatchAutoencoder
from models.rendering.eye import Eye, crops, tensor_of
from models.rendering.layout import SIDES
from models.weights import EMBEDDED
from training import scenes
from training.layouts import agrees, layout_of, world
from training.loop import DEVICE, Loop, Ring, computing, options, ship

CHECKPOINTS = Path("checkpoints/eye")
BATCH, RENEWED, POOL = 12, 4, 512
CROPS, CROP_POOL = 128, 4096  # boxes named a step, boxes kept
CROWD = 768  # pixels a side of a picture full of things
_SPACING = 192  # pixels between them: room for the largest


@dataclass(frozen=True)
class Seen:
    """A picture (3, H, W), for each square thing, side and part (4, H/16, W/16) as `scenes.labels` has them, and place,
    light, weather, style."""

    picture: torch.Tensor
    labels: torch.Tensor
    about: torch.Tensor


class Pool:
    """Labelled pictures of one size, renewed in turn."""

    def __init__(self, extent: tuple[int, int], vae: PatchAutoencoder, size: int, seed: int) -> None:
        self.extent, self.vae = extent, vae
        self.random, self.numbers = random.Random(seed), np.random.default_rng(seed)
        self.ring = Ring(lambda: [self._sample()], size)

    def _sample(self) -> Seen:
        scene = scenes.invent(self.random)
        found = scenes.labels(scene, self.extent)
        sides = np.searchsorted(np.array([0, *scenes.SIDES]), found.side)
        labels = torch.from_numpy(np.stack([found.thing, sides, *found.part]).astype(np.float32))
        picture = tensor_of(self.wear(scenes.render(scene, self.extent)))
        return Seen(picture.to(torch.bfloat16), labels, torch.tensor(layout_of(scene, self.extent).about))

    @torch.no_grad()
    def wear(self, picture: Image.Image) -> Image.Image:
        """The picture as painting and storing may leave it."""
        rng = self.random
        if rng.random() < 0.5:
            latents = self.vae.encode(tensor_of(picture)[None])
            latents += rng.uniform(0, 0.15) * torch.randn(latents.shape)
            picture = self.vae.pictures(latents)[0]
        if rng.random() < 0.25:
            larger = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)
            picture = larger.resize(picture.size, Image.Resampling.BOX)
        if rng.random() < 0.3:
            values = np.asarray(picture, dtype=np.float32)
            values = values * rng.uniform(0.85, 1.15) + rng.uniform(-12, 12)
            values += rng.uniform(0, 8) * self.numbers.standard_normal(values.shape)
            picture = Image.fromarray(values.clip(0, 255).astype(np.uint8))
        if rng.random() < 0.25:
            stored = io.BytesIO()
            picture.save(stored, "JPEG", quality=rng.randint(40, 95))
            picture = Image.open(stored).convert("RGB")
        return picture

    def draw(self, count: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Pictures, labels and surroundings of samples at random."""
        chosen = self.random.choices(self.ring.samples, k=count)
        pictures, labels, about = (
            torch.stack([getattr(one, name) for one in chosen]) for name in ("picture", "labels", "about")
        )
        return pictures.float().to(DEVICE), labels.to(DEVICE), about.to(DEVICE)


def loss_of(eye: Eye, pictures: torch.Tensor, labels: torch.Tensor, about: torch.Tensor) -> torch.Tensor:
    """The eye's surprise at where things are, at side and place within them, and at the surroundings."""
    with computing():
        (thing, side, part), whole = eye(pictures)
    there = labels[:, 0] > 0
    loss = cross_entropy(thing.float(), there.long())
    if there.any():
        ours, theirs = (part.float().permute(0, 2, 3, 1)[there], labels[:, 2:].permute(0, 2, 3, 1)[there])
        size = theirs.new_tensor((0, *SIDES))[labels[:, 1][there].long()]
        # In squares, at most about one: a corner is rounded to the nearest.
        off = torch.nn.functional.smooth_l1_loss(ours * size[:, None], theirs * size[:, None], beta=0.3)
        sides = cross_entropy(side.float().permute(0, 2, 3, 1)[there], labels[:, 1][there].long() - 1)
        loss = loss + 0.3 * sides + 0.3 * off
    return loss + 0.1 * sum(cross_entropy(scores.float(), about[:, i]) for i, scores in enumerate(whole))


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


class Crops:
    """Boxes cut out of crowds, with the numbers of thing and colour; renewed as they are drawn.

    Args:
        worn: Leaves the pictures as painting and storing may.
        size: How many boxes are kept.
        seed: Of what is drawn.
        crowd: Draws a scene of CROWD pixels a side.
    """

    def __init__(
        self, worn: Pool, size: int, seed: int, crowd: Callable[[random.Random], scenes.Scene] = crowd
    ) -> None:
        self.worn, self.random, self.crowd = worn, random.Random(seed), crowd
        self.ring = Ring(self._made, size)

    def _made(self) -> list[tuple[torch.Tensor, int, int]]:
        scene = self.crowd(self.random)
        size = (CROWD, CROWD)
        picture = tensor_of(self.worn.wear(scenes.render(scene, size)))
        things = layout_of(scene, size).things
        # Sketches and pictures in black and white do not show the colour: none is learnt from them.
        grey = scene.style in ("sketch", "black and white")
        cut = crops(picture, [(t.side, t.column, t.row) for t in things]).to(torch.bfloat16)
        return [(one, t.thing, -100 if grey else t.colour) for one, t in zip(cut, things, strict=True)]

    def draw(self, count: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Crops, things and colours at random; two crowds are renewed first."""
        self.ring.renew(2)
        pictures, things, colours = zip(*self.random.choices(self.ring.samples, k=count), strict=True)
        return torch.stack(pictures).float().to(DEVICE), torch.tensor(things), torch.tensor(colours)


def naming_loss(eye: Eye, pictures: torch.Tensor, things: torch.Tensor, colours: torch.Tensor) -> torch.Tensor:
    """The eye's surprise at the names and colours of boxes."""
    with computing():
        named, coloured = eye.namer(pictures)
    shades = cross_entropy(coloured.float(), colours.to(DEVICE), ignore_index=-100)
    return cross_entropy(named.float(), things.to(DEVICE)) + 0.5 * shades


def build(small: bool = False) -> Eye:
    """The eye of this world, untrained; a tiny one to try things out."""
    names = world()
    about = tuple(len(table) for table in names.about)
    return Eye(len(names.things), len(names.colours), about, (32, 32, 32) if small else (96, 128, 192))


def right(eye: Eye, count: int, seed: int = 9) -> str:
    """How often the layout read off a drawn scene kept from training agrees with it: things, all, each surrounding."""
    rng = random.Random(seed)
    wanted = [scenes.invent(rng, held=True) for _ in range(count)]
    read = [eye.look(tensor_of(scenes.render(scene)).to(DEVICE)).layout for scene in wanted]
    truth = [layout_of(scene) for scene in wanted]
    names = sum(
        sorted(t.thing for t in a.things) == sorted(t.thing for t in b.things) for a, b in zip(read, truth, strict=True)
    )
    whole = sum(agrees(a, b) for a, b in zip(read, truth, strict=True))
    about = [sum(a.about[i] == b.about[i] for a, b in zip(read, truth, strict=True)) for i in range(4)]
    around = ", ".join(f"{name} {of}" for name, of in zip(("place", "light", "weather", "style"), about, strict=True))
    return f"of {count}: things {names}, wholly {whole}, {around}"


def export(eye: Eye, folder: Path) -> None:
    """Write the eye, in 16-bit floats, as the part `eye` of the pipeline in `folder`."""
    ship(eye, folder, "eye")


def main() -> None:
    parser = options(__doc__, 50, CHECKPOINTS)
    parser.add_argument("--vae", type=Path, default=EMBEDDED / "painter" / "vae", help="the painter's autoencoder")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(5)
    loop = Loop(
        build(asked.smoke), asked.folder, 0.03 if asked.smoke else asked.minutes, 8e-4, accumulate=asked.accumulate
    )
    if asked.start:
        loop.begin(Eye.load(asked.start / "eye"))
    if not asked.export:
        vae = PatchAutoencoder.load(asked.vae).requires_grad_(False)
        extents = scenes.EXTENTS[:1] if asked.smoke else scenes.EXTENTS
        size = BATCH if asked.smoke else POOL
        pools = [Pool(e, vae, size if i == 0 else size // 8, loop.step + i + 1) for i, e in enumerate(extents)]
        boxes = Crops(pools[0], 64 if asked.smoke else CROP_POOL, loop.step + 9)
        rng = random.Random(loop.step)

        def step() -> torch.Tensor:
            pool = rng.choices(pools, (14, 1, 1)[: len(pools)])[0]
            pool.ring.renew(RENEWED)
            return loss_of(loop.network, *pool.draw(BATCH)) + naming_loss(loop.network, *boxes.draw(CROPS))

        loop.run(step, lambda: right(loop.average, 4 if asked.smoke else 200))
    export(loop.average, asked.out)


if __name__ == "__main__":
    main()
