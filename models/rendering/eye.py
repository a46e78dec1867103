"""The eye: a picture to its layout, by two small networks.

The first says for every square whether a thing is there, how large that is and which part of it the square shows; what
enough squares agree on is a box. The second looks at each box, stretched to one size, and names thing and colour.
It knows the things of its world only; in a photograph it finds what looks like one of them, usually nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import nn

from models.rendering.autoencoder import PATCH
from models.rendering.layout import SIDES, Layout, Placed
from models.rendering.unet import UNet
from models.stored import Stored, remembered

_SURE = 0.18  # of a box's squares must say the same place, weighted by how sure they are
_KNOWN = 0.5  # from which a square has a vote
CROP = 48  # pixels a side at which boxes are named
_GUESSES = 40  # at what is in a box
_DOUBT = 0.04  # from which a place, light, weather or style is not ruled out


def tensor_of(picture: Image.Image) -> torch.Tensor:
    """A picture as (3, H, W) in -1…1."""
    return torch.from_numpy(np.asarray(picture.convert("RGB")).copy()).permute(2, 0, 1).float() / 127.5 - 1


class Namer(nn.Module):
    """Names what is in boxes: scores of thing and of colour."""

    def __init__(self, things: int, colours: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 64, 4, stride=4),
            nn.SiLU(),
            nn.Conv2d(64, 128, 3, padding=1),
            nn.GroupNorm(16, 128),
            nn.SiLU(),
            nn.Conv2d(128, 192, 3, stride=2, padding=1),
            nn.GroupNorm(16, 192),
            nn.SiLU(),
            nn.Conv2d(192, 192, 3, stride=2, padding=1),
            nn.GroupNorm(16, 192),
            nn.SiLU(),
            nn.Flatten(),
            nn.Linear(192 * 9, 512),
            nn.LayerNorm(512),
            nn.SiLU(),
        )
        self.thing, self.colour = nn.Linear(512, things), nn.Linear(512, colours)

    def forward(self, crops: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Scores (n, things) and (n, colours) of crops (n, 3, CROP, CROP) in -1…1."""
        seen = self.body(crops.to(next(self.parameters()).dtype))
        return self.thing(seen), self.colour(seen)


class Eye(Stored):
    """See the module's text.

    Args:
        things, colours: How many the world has.
        about: How many places, lights, weathers and styles.
        channels: Of the levels of the network that looks at squares.
    """

    @remembered
    def __init__(
        self, things: int, colours: int, about: Sequence[int], channels: Sequence[int] = (96, 128, 192)
    ) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 96, 16, stride=8, padding=4)  # over pictures of half the size
        self.unet = UNet(96, 160, channels)
        self.sizes = (2, len(SIDES), 2)
        self.squares = nn.Conv2d(160, sum(self.sizes), 1)
        self.whole = nn.Linear(2 * 160, sum(about))
        self.namer = Namer(things, colours)
        self.counts = tuple(about)

    def forward(self, pictures: torch.Tensor) -> tuple[tuple[torch.Tensor, ...], tuple[torch.Tensor, ...]]:
        """Of pictures (n, 3, H, W) in -1…1, sides multiples of 64.

        Returns:
            Scores of a thing being there (no, yes), of its side, and the place within it, each (n, …, H/16, W/16); and
            scores of place, light, weather and style, each (n, …).
        """
        small = nn.functional.avg_pool2d(pictures, PATCH // 8)
        stem = nn.functional.silu(self.stem(small.to(next(self.parameters()).dtype)))
        seen = nn.functional.silu(self.unet(stem, 0))
        squares = self.squares(seen).split(self.sizes, 1)
        whole = self.whole(torch.cat([seen.mean((2, 3)), seen.amax((2, 3))], 1)).split(self.counts, 1)
        return squares, whole

    @torch.no_grad()
    def look(self, picture: torch.Tensor) -> Glance:
        """What a picture (3, H, W) may show."""
        squares, whole = self(picture[None])
        there, sides, parts = (part[0].float().cpu() for part in squares)
        things = [self.guesses(picture, beside(box)) for box in boxes_of(there.softmax(0)[1], sides.softmax(0), parts)]
        around = [_likely(scores[0].float().softmax(0), _DOUBT) for scores in whole]
        return Glance(around, sorted(things, key=lambda guesses: -guesses[0].side))

    @torch.no_grad()
    def guesses(self, picture: torch.Tensor, boxes: Sequence[Box]) -> list[Placed]:
        """Things that may stand in one of these boxes of a picture (3, H, W), the surest first."""
        named, coloured = self.namer(crops(picture, boxes))
        sure, colours = named.float().softmax(1).cpu(), coloured.argmax(1).tolist()
        best = sure.flatten().topk(min(_GUESSES, sure.numel())).indices.tolist()
        spots = (divmod(number, sure.shape[1]) for number in best)
        return [Placed(thing, colours[spot], *boxes[spot]) for spot, thing in spots]


@dataclass(frozen=True)
class Glance:
    """What a picture may show: for place, light, weather and style the numbers that are not ruled out, and for every
    box guesses at the thing in it, always the surest first."""

    around: list[list[int]]
    things: list[list[Placed]]

    @property
    def layout(self) -> Layout:
        """All that is surest."""
        place, light, weather, style = (numbers[0] for numbers in self.around)
        return Layout((place, light, weather, style), tuple(guesses[0] for guesses in self.things))


def _likely(chances: torch.Tensor, least: float) -> list[int]:
    """Numbers of the chances that are at least as high as the least, and of the highest; that comes first."""
    order = chances.argsort(descending=True).tolist()
    return [number for number in order if number == order[0] or chances[number] >= least]


Box = tuple[int, int, int]
"""Side, column and row in squares."""


def beside(box: Box, reach: int = 1) -> list[Box]:
    """The box, and all that lie up to `reach` squares beside it and have one of so many next sides."""
    side, column, row = box
    number = SIDES.index(side)
    steps = sorted(range(-reach, reach + 1), key=abs)
    found: list[Box] = []
    for other in SIDES[max(0, number - reach) : number + reach + 1]:
        left, top = column + (side - other) // 2, row + (side - other) // 2
        found += [(other, left + x, top + y) for x in steps for y in steps]
    return found


def crops(picture: torch.Tensor, boxes: Sequence[Box]) -> torch.Tensor:
    """The boxes of a picture (3, H, W), stretched to (n, 3, CROP, CROP); what is beyond the picture is its edge."""
    beyond = max(SIDES) * PATCH
    padded = nn.functional.pad(picture[None], (beyond,) * 4, mode="replicate")
    cut: list[torch.Tensor] = []
    for side, column, row in boxes:
        left, top, size = column * PATCH + beyond, row * PATCH + beyond, side * PATCH
        piece = padded[..., top : top + size, left : left + size]
        cut.append(nn.functional.interpolate(piece.float(), (CROP, CROP), mode="bilinear", antialias=True))
    return torch.cat(cut)


def boxes_of(there: torch.Tensor, sides: torch.Tensor, parts: torch.Tensor) -> list[Box]:
    """The boxes that enough squares agree on: each square with a thing says how large that is and where its middle is.

    Args:
        there: How sure each square is to show a thing (rows, columns).
        sides: How sure it is of each side (sides, rows, columns).
        parts: The place within the thing (2, rows, columns), 0–1.
    """
    rows, columns = there.shape
    row, column = (there > _KNOWN).nonzero().unbind(1)
    sure, said, part = there[row, column], sides[:, row, column], parts[:, row, column]
    spots = torch.stack([column, row]) + 0.5
    side = torch.tensor(SIDES)[said.argmax(0)]
    middle = spots + (0.5 - part) * side
    apart = (middle[:, :, None] - middle[:, None]).abs().amax(0)
    near = apart <= side[:, None] / 3
    boxes: list[Box] = []
    left = torch.ones(len(sure), dtype=torch.bool)
    while left.any():
        first = int(((near & left).float() @ sure * left).argmax())
        group = near[first] & left
        left &= ~group
        size = SIDES[int(said[:, group].sum(1).argmax())]
        across, down = ((spots + (0.5 - part) * size)[:, group].median(1).values - size / 2).round().int().tolist()
        inside = (min(columns, across + size) - max(0, across)) * (min(rows, down + size) - max(0, down))
        if float(sure[group].sum()) >= _SURE * max(1, inside):
            boxes.append((size, across, down))
        left[first] = False
    return boxes
