"""Teaches the shipped painter what places indoors look like at night and at sunset: `python -m training.hours`.

    python -m training.hours --minutes 75            # train (or go on), then export into models/embedded/painter
    python -m training.hours --measure               # train nothing: how near the shipped ones are to the drawn ones

Only how backdrops are read is learnt, and the grids of those places, which all their views share; the others stay. And
of that only what was not there: at every other place and hour all shall stay what it is, so that the weights that it
begins with are the teacher there.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Collection, Iterator
from itertools import product
from pathlib import Path

import torch
from torch import nn

from models.kinds import DARK_AT_NIGHT
from models.rendering.autoencoder import PATCH
from models.rendering.layout import Maps, draw
from models.rendering.renderer import GRID, Backdrops, Renderer, laid
from training import scenes
from training.layouts import layout_of, world
from training.loop import DEVICE, Loop, computing, options, ship
from training.painter import as_patches

CHECKPOINTS = Path("checkpoints/hours")
LATE = 16  # pictures of a step at an hour that is new, of
BATCH = 32
MEASURED = 7  # of what is not plain, one view in so many is not learnt from, but measured with


def late() -> Iterator[scenes.Scene]:
    """Every place indoors at every hour but by day, in every style and view, with nothing in it."""
    for place, light, style, seed in product(
        sorted(DARK_AT_NIGHT), scenes.LIGHTS[1:], scenes.STYLES, range(scenes.VIEWS)
    ):
        yield scenes.Scene(place, (), "none", light, "clear", style, seed)


def known(rng: random.Random, count: int) -> Maps:
    """Maps of pictures without things at places, hours, weathers, styles and views that the shipped weights know."""
    counts = (len(world().places), len(world().lights), len(world().weathers), len(world().styles), scenes.VIEWS)
    abouts = list[tuple[int, ...]]()
    dark = {world().places.index(place) for place in DARK_AT_NIGHT}
    outdoors = {world().places.index(place) for place in scenes.OUTDOORS}
    while len(abouts) < count:
        place, light, weather, *rest = (rng.randrange(many) for many in counts)
        if place in outdoors:
            abouts.append((place, light, weather, *rest))
        elif place not in dark or rng.random() < 0.7:
            abouts.append((place, 0, 0, *rest))
    maps = draw([layout_of(scenes.Scene("room", (), "none"))] * count, 16, 16)
    maps.about[:] = torch.tensor(abouts)
    return maps


def rows_of(places: Collection[str]) -> torch.Tensor:
    """Which rows of the backdrops' table of places belong to some of these."""
    names, squares = world().places, GRID**2
    return torch.tensor([name in places for name in names]).repeat_interleave(squares)


class Taught(nn.Module):
    """Backdrops, and what they lay behind and before everything as one picture."""

    def __init__(self, backdrops: Backdrops) -> None:
        super().__init__()
        self.backdrops = backdrops

    def forward(self, about: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Pictures as patches (n, 16, 16, 3 × 256) in -1…1, and all that the backdrops give."""
        behind, before = self.backdrops(about, 16, 16)
        pixels = 3 * PATCH**2
        picture = laid(behind[..., :pixels], before[..., :pixels], before[..., pixels:])
        return picture, torch.cat([behind, before], -1)


def main() -> None:
    parser = options(__doc__, 75, CHECKPOINTS)
    parser.add_argument("--measure", action="store_true", help="train nothing: measure the pictures of places indoors")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(8)
    start = asked.start or asked.out
    renderer = Renderer.load(start / "unet")
    grids = {
        table: renderer.backdrops.get_parameter(table).detach().half().clone() for table in ("places", "grids", "again")
    }
    renderer = renderer.float().to(DEVICE)
    teacher = Taught(copy.deepcopy(renderer.backdrops)).requires_grad_(False).eval()
    for table in ("grids", "again"):
        renderer.backdrops.get_parameter(table).requires_grad_(False)
    late_rows = rows_of(DARK_AT_NIGHT)

    def of_late_places(slope: torch.Tensor) -> torch.Tensor:
        return slope * late_rows.to(slope.device)[:, None]

    renderer.backdrops.places.register_hook(of_late_places)
    new = [scene for number, scene in enumerate(late()) if not asked.smoke or number % 48 == 0]
    pictures = torch.stack([as_patches(scenes.render(scene)) for scene in new])
    abouts = draw([layout_of(scene) for scene in new], 16, 16).about
    held = torch.tensor([number % MEASURED == 3 and scene.style != "plain" for number, scene in enumerate(new)])

    def nearness(taught: nn.Module) -> float:
        """In dB, of what was held apart."""
        painted, wanted = taught(abouts[held].to(DEVICE))[0].clamp(-1, 1), pictures[held].to(DEVICE) / 127.5 - 1
        return float(10 * torch.log10(4 / (painted - wanted).square().mean()))

    if asked.measure:
        print(f"places indoors late, views and styles apart: as drawn {nearness(teacher):.1f} dB")
        return
    minutes = 0.1 if asked.smoke else asked.minutes
    loop = Loop(Taught(renderer.backdrops), asked.folder, minutes, 1e-3, hold=0.3, accumulate=asked.accumulate)
    rng = random.Random(loop.step + 1)
    learnt = (~held).nonzero()[:, 0].tolist()
    missed = torch.ones(len(new))  # what is missed most is seen most
    seen = known(random.Random(5), 256).about.to(DEVICE)

    def loss() -> torch.Tensor:
        chosen = rng.choices(learnt, missed[learnt].tolist(), k=LATE)
        about = torch.cat([abouts[chosen], known(rng, BATCH - LATE).about]).to(DEVICE)
        with computing():
            picture, given = loop.network(about)
            _, taught = teacher(about[LATE:])
        wanted = pictures[chosen].to(DEVICE) / 127.5 - 1
        pixels = 3 * PATCH**2
        stays = (given[LATE:] - taught).square()
        off = (picture[:LATE] - wanted).square().mean((1, 2, 3))
        missed[chosen] = off.detach().float().cpu() + 1e-4
        return off.mean() + 4 * stays[..., :pixels].mean() + stays[..., pixels:].mean()

    @torch.no_grad()
    def check() -> str:
        moved = (loop.average(seen)[0].clamp(-1, 1) - teacher(seen)[0].clamp(-1, 1)).square().mean()
        same = f"all else as it was {10 * torch.log10(4 / moved):.1f} dB"
        return f"places indoors late, views and styles apart: as drawn {nearness(loop.average):.1f} dB; {same}"

    if not asked.export:
        loop.run(loss, check)
    renderer.backdrops.load_state_dict(loop.average.backdrops.state_dict())
    renderer.half()
    grids["places"][late_rows] = renderer.backdrops.places.detach()[late_rows].cpu()
    for table, values in grids.items():  # to the bit: what is nearly 0 would become 0
        renderer.backdrops.get_parameter(table).data.copy_(values)
    ship(renderer, asked.out, "unet")


if __name__ == "__main__":
    main()
