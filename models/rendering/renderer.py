"""The renderer: a layout to a picture, by diffusion over layers that were learnt.

`Looks` and `Backdrops` hold what things and places look like, as grids of numbers; a collage of them is the picture
that a layout lets expect. `Renderer` takes the noise out of latents around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import nn

from models.rendering.autoencoder import PATCH
from models.rendering.layout import DEPTH, SIDES, Maps
from models.rendering.unet import UNet
from models.stored import Stored, remembered

LATENT_CHANNELS = 192
_FINE, _COARSE = 12, 6  # texels a side of a thing's two looks: for sides from 6 squares, and for smaller ones
_LOOK, _OWN = 24, 16  # numbers in a texel of these, and in one that belongs to one side alone
_QUICK = 8.0  # times a texel's numbers as they are kept: each is met rarely, so it should learn in larger steps
GRID, _PLACE = 16, 48  # texels a side of a backdrop, numbers in one
_FOLDED = 20  # rows of a picture up to which its backdrop is not stretched
_AGAIN = 8  # squares after which flakes, stars and windows come again
_TOLD = 32  # numbers that a layer tells the network besides its colours
_PIXELS = PATCH**2


def _layers(*widths: int) -> nn.Sequential:
    """Linear layers with SiLU between them."""
    parts: list[nn.Module] = []
    for given, made in pairwise(widths):
        parts += [nn.Linear(given, made), nn.SiLU()]
    return nn.Sequential(*parts[:-1])


class Looks(nn.Module):
    """What each thing looks like, learnt: grids of numbers for every thing, read where the layout places it.

    (Neural textures, after Thies et al. 2019, arXiv 1904.12356.) Every thing has a fine grid and a coarse one, read at
    four points of a square, and for each of SIDES a grid of its own; what is read is joined with colour, side, place
    within the thing, light, weather and style, and becomes the colours of the square's pixels and how far each hides
    what is behind.
    """

    def __init__(self, things: int, colours: int, about: Sequence[int]) -> None:
        super().__init__()
        self.fine = nn.Parameter(0.1 * torch.randn(things * _FINE**2, _LOOK) / _QUICK)
        self.coarse = nn.Parameter(0.1 * torch.randn(things * _COARSE**2, _LOOK) / _QUICK)
        self.own = nn.Parameter(torch.zeros(things * sum(side**2 for side in SIDES), _OWN))
        self.colour = nn.Embedding(colours, 32)
        self.side = nn.Embedding(len(SIDES), 16)
        self.about = nn.ModuleList(nn.Embedding(count, 32) for count in about)
        self.mix = _layers(4 * _LOOK + _OWN + 48 + 10 + 32, 384, 384, 4 * _PIXELS + _TOLD)

    def forward(
        self, thing: torch.Tensor, colour: torch.Tensor, side: torch.Tensor, part: torch.Tensor, about: torch.Tensor
    ) -> torch.Tensor:
        """Of m squares colours (3 × 256), opacity (256, a logit) and what else they tell (32), one after the other.

        Args:
            thing, colour, side: Numbers (m,), the side's in SIDES.
            part: The square's middle within the thing (m, 2), 0–1.
            about: `Maps.about` of the squares' pictures (m, 5).
        """
        sides = torch.tensor(SIDES, device=part.device)[side]
        read = torch.where(
            (sides >= 6)[:, None],
            self._texels(self.fine, _FINE, thing, part, sides),
            self._texels(self.coarse, _COARSE, thing, part, sides),
        )
        waves = torch.cat([part, *((part * 6.2832 * k + o).sin() for k in (0.5, 1) for o in (0, 1.5708))], 1)
        around = torch.stack([table(about[:, i]) for i, table in enumerate(self.about)]).sum(0)
        own = _QUICK * nn.functional.embedding(self._numbers(thing, part, side), self.own)
        joined = torch.cat([read, own, self.colour(colour), self.side(side), around, waves], 1)
        return self.mix(joined.to(self.fine.dtype)).float()

    @staticmethod
    def _numbers(thing: torch.Tensor, part: torch.Tensor, side: torch.Tensor) -> torch.Tensor:
        """Rows of `own` for squares."""
        squares = torch.tensor([each**2 for each in SIDES], device=part.device)
        sides = torch.tensor(SIDES, device=part.device)[side]
        column, row = (part * sides[:, None]).long().unbind(1)
        return thing * int(squares.sum()) + (squares.cumsum(0) - squares)[side] + row * sides + column

    @staticmethod
    def _texels(
        looks: torch.Tensor, size: int, thing: torch.Tensor, part: torch.Tensor, sides: torch.Tensor
    ) -> torch.Tensor:
        """Four points of each square, a quarter of a square from its middle, between their nearest texels."""
        quarter = 0.25 / sides
        corners = torch.tensor(((-1, -1), (1, -1), (-1, 1), (1, 1)), device=part.device)
        spots = (part[:, None] + corners * quarter[:, None, None]) * size - 0.5
        return _QUICK * _between(looks, size, thing[:, None], spots).flatten(1)


def _between(grids: torch.Tensor, size: int, number: torch.Tensor, spots: torch.Tensor) -> torch.Tensor:
    """What lies between the texels of square grids: (…, numbers), for numbers of grids (…) and spots (…, 2)."""
    low = spots.floor().clamp(0, size - 2)
    rest = (spots - low).clamp(0, 1)
    chosen, weights = list[torch.Tensor](), list[torch.Tensor]()
    for x, y in ((0, 0), (1, 0), (0, 1), (1, 1)):
        chosen.append((number * size + low[..., 1].long() + y) * size + low[..., 0].long() + x)
        weights.append((rest[..., 0] if x else 1 - rest[..., 0]) * (rest[..., 1] if y else 1 - rest[..., 1]))
    index, weight = torch.stack(chosen, -1), torch.stack(weights, -1)
    read = nn.functional.embedding_bag(
        index.flatten(0, -2), grids, mode="sum", per_sample_weights=weight.flatten(0, -2).to(grids.dtype)
    )
    return read.reshape(*index.shape[:-1], grids.shape[1])


class Backdrops(nn.Module):
    """What each view of each place looks like, and what falls in front of everything, learnt in the same way.

    A place has a grid of a square picture's 16×16 squares, and for each view another, added to it; and a view has a
    small one that is laid over the picture again and again. Between texels a hill is a blur, so that other formats show
    a part of the square picture, or go on behind its edges as in a mirror (`folded`). Only much higher ones stretch it.
    """

    def __init__(self, about: Sequence[int], views: int) -> None:
        super().__init__()
        places, *others = about
        self.views = views
        self.places = nn.Parameter(0.1 * torch.randn(places * GRID**2, _PLACE) / _QUICK)
        self.grids = nn.Parameter(torch.zeros(places * views * GRID**2, _PLACE))
        self.again = nn.Parameter(0.1 * torch.randn(views * _AGAIN**2, 8) / _QUICK)
        self.about = nn.ModuleList(nn.Embedding(count, 32) for count in others)
        self.behind = _layers(_PLACE + 8 + 32 + 2, 320, 320, 3 * _PIXELS + _TOLD)
        self.before = _layers(8 + 32, 64, 64, 4 * _PIXELS)
        last = self.before[-1]
        assert isinstance(last, nn.Linear)
        nn.init.constant_(last.bias, -1.0)  # so that the first veil is thin

    def forward(self, about: torch.Tensor, rows: int, columns: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Backdrops (n, rows, columns, 3 × 256 + 32) and veils (n, rows, columns, 4 × 256) for `Maps.about`."""
        stretched = rows > _FOLDED
        height, width = rows if stretched else GRID, max(columns, GRID) if stretched else GRID
        down, across = (torch.arange(count, device=about.device) for count in (height, width))
        spots = torch.stack(torch.meshgrid(down, across, indexing="ij")[::-1], -1)
        part = (spots + 0.5) / torch.tensor((width, height), device=about.device)
        shape = (len(about), height, width)
        place, view = (about[:, i, None, None].expand(shape) for i in (0, 4))
        texels = (part * GRID - 0.5).expand(*shape, 2)
        grid = _between(self.places, GRID, place, texels)
        grid = grid + _between(self.grids, GRID, place * self.views + view, texels)
        around = torch.stack([table(about[:, i + 1]) for i, table in enumerate(self.about)]).sum(0)[:, None, None]
        parts = (_QUICK * grid, self._strewn(about, height, width), around, part.to(grid.dtype))
        behind = self.behind(torch.cat([each.expand(*shape, -1) for each in parts], -1)).float()
        before = torch.cat([self._strewn(about, rows, columns), around.expand(-1, rows, columns, -1)], -1)
        return folded(folded(behind, 2, columns), 1, rows), self.before(before).float()

    def _strewn(self, about: torch.Tensor, rows: int, columns: int) -> torch.Tensor:
        down, across = (torch.arange(count, device=about.device) for count in (rows, columns))
        again = (about[:, 4, None, None] * _AGAIN + down[:, None] % _AGAIN) * _AGAIN + across % _AGAIN
        return _QUICK * nn.functional.embedding(again, self.again)


def folded(squares: torch.Tensor, way: int, count: int) -> torch.Tensor:
    """Backdrops (n, rows, columns, 3 × 256 + more) with `count` squares down (way 1) or across (way 2).

    Fewer are those of the middle. What is missing is what lies before an edge, mirrored; at which edge how much of it,
    is such that the least is seen twice: half a window, or a second moon.
    """
    size = squares.shape[way]
    missing = count - size
    if missing <= 0:
        return squares.narrow(way, -missing // 2, count)
    pixels, told = squares.split((3 * _PIXELS, squares.shape[-1] - 3 * _PIXELS), -1)
    patches = pixels.unflatten(-1, (3, PATCH, PATCH))
    looked = patches[:, : squares.shape[1] // 3] if way == 2 else patches  # across, the sky: ground may well go on
    seen = looked.detach().diff(dim=way + 3).abs().sum((3 - way, 3, 4, 5))  # (n, size): how much there is to see
    first = torch.stack([seen[:, :k].sum(1) + seen[:, size - missing + k :].sum(1) for k in range(missing + 1)], 1)
    index = torch.arange(count, device=squares.device) - first.argmin(1, keepdim=True)  # (n, count)
    mirrored = (index < 0) | (index >= size)
    index = torch.where(index < 0, -1 - index, index)
    index = torch.where(index >= size, 2 * size - 1 - index, index)
    around = (-1, count, 1, 1) if way == 1 else (-1, 1, count, 1)
    index = index.reshape(around).expand(*(count if i == way else n for i, n in enumerate(squares.shape)))
    flipped = torch.cat([patches.flip(way + 3).flatten(3), told], -1)
    return torch.where(mirrored.reshape(around), flipped.gather(way, index), squares.gather(way, index))


def laid(below: torch.Tensor, colours: torch.Tensor, opacity: torch.Tensor) -> torch.Tensor:
    """Pixels (…, 3 × 256) with others over them, which hide them as far as the opacity (…, 256), a logit, says."""
    hidden = opacity.sigmoid().unsqueeze(-2)
    return below.unflatten(-1, (3, -1)).lerp(colours.unflatten(-1, (3, -1)), hidden).flatten(-2)


class Renderer(Stored):
    """A UNet that takes noise out of latents, told by a layout what they should show.

    A good guess is built in, so that it need only learn what that guess misses. Layers that were learnt, a backdrop,
    the things on it and what falls before them, are laid over each other pixel by pixel (`collage`); where a picture
    is edited, what stays of it takes their place. Around this guess a Wiener filter of every latent number removes
    noise; `spread` and `miss` hold how far latents usually are from their mean and from the guess, one number a
    channel (preconditioning as in Karras et al. 2022, arXiv 2206.00364, here a channel at a time). The network answers
    with two numbers for each latent: what to add to the guess, and by which factor (as a logarithm) the usual miss is
    to be taken smaller or larger at this place. So it can say "nothing is here but flat sky" or "nothing changes here"
    without copying noise through all its layers.

    Args:
        things, colours: How many the world has.
        about: How many places, lights, weathers and styles.
        views: How many backdrops each place has.
        channels: Of the UNet's levels.
        layers: Blocks a level.
    """

    spread: torch.Tensor
    miss: torch.Tensor
    analysis: torch.Tensor
    offset: torch.Tensor

    @remembered
    def __init__(
        self,
        things: int,
        colours: int,
        about: Sequence[int],
        views: int,
        channels: Sequence[int] = (96, 128, 160),
        layers: int = 1,
    ) -> None:
        super().__init__()
        self.colours, self.views = colours, views
        self.looks, self.backdrops = Looks(things, colours, about), Backdrops(about, views)
        unet = UNet(3 * LATENT_CHANNELS + 2 * _TOLD + 3, 2 * LATENT_CHANNELS, channels, layers)
        nn.init.zeros_(unet.conv_out.weight)  # so that the first answer is the built-in guess
        self.unet: nn.Module = unet
        self.surroundings = nn.ModuleList(nn.Embedding(count, 4 * channels[0]) for count in about)
        self.register_buffer("spread", torch.ones(LATENT_CHANNELS))
        self.register_buffer("miss", torch.ones(LATENT_CHANNELS))
        self.register_buffer("analysis", torch.zeros(LATENT_CHANNELS, 3 * _PIXELS))
        self.register_buffer("offset", torch.zeros(LATENT_CHANNELS))

    def forward(
        self, noisy: torch.Tensor, time: torch.Tensor, maps: Maps, source: torch.Tensor, stays: torch.Tensor
    ) -> torch.Tensor:
        """The clean latents (n, 192, rows, columns).

        Args:
            noisy: Latents of that shape on the straight way from picture (time 0) to noise (time 1).
            time: (n,).
            maps: What the picture should show.
            source: Latents of the picture to edit, or zeros where there is none.
            stays: (n, 1, rows, columns), 1 where that picture should stay as it is.
        """
        noisy, source = noisy.float(), source.float()
        part = time.float().reshape(-1, 1, 1, 1)
        overall = self.spread.float().reshape(1, -1, 1, 1)
        deviation = self.miss.float().reshape(1, -1, 1, 1)
        total = ((1 - part).square() * deviation.square() + part.square()).sqrt()
        expected, told = self.expected(maps)
        guess = stays * source + (1 - stays) * expected
        off = noisy - (1 - part) * guess
        rows, columns = noisy.shape[-2:]
        down = torch.linspace(-1, 1, rows, device=noisy.device)[:, None].expand(rows, columns)
        across = torch.linspace(-1, 1, columns, device=noisy.device).expand(rows, columns)
        spots = torch.stack([down, across]).expand(len(noisy), 2, rows, columns)
        # Noise comes in as small as what it tells: at time 1 the network sees the layout alone.
        heard = (1 - part) * deviation / total * (off / total)
        inputs = torch.cat([heard, source / overall, expected / overall, told, stays, spots], 1)
        about = torch.stack([table(maps.about[:, i]) for i, table in enumerate(self.surroundings)]).sum(0)
        said = self.unet(inputs.to(about.dtype), time * 1000, about)
        added, factor = said.float().chunk(2, 1)
        local = (deviation * factor.clamp(-5, 2).exp()).square()
        filtered = local * (1 - part) / ((1 - part).square() * local + part.square() + 1e-8) * off
        return guess + filtered + deviation * part / total * added

    def collage(self, maps: Maps) -> tuple[torch.Tensor, torch.Tensor]:
        """The layers laid over each other: pixels (n, rows, columns, 3 × 256) in -1…1, a patch's as `PatchAutoencoder`
        orders them, and what the backdrop and the thing in front tell the network (n, rows, columns, 64)."""
        canvas, told, veil = self.backdrop(maps)
        front = torch.zeros_like(told)
        for depth in reversed(range(DEPTH)):
            canvas, front = self.lay(canvas, front, maps, depth)
        return laid(canvas, *veil), torch.cat([told, front], -1)

    def backdrop(self, maps: Maps) -> tuple[torch.Tensor, torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
        """The pixels (n, rows, columns, 3 × 256) behind all things and what they tell (…, 32), and the veil before
        them: colours (…, 3 × 256) and opacity (…, 256)."""
        behind, before = self.backdrops(maps.about, *maps.ids.shape[-2:])
        canvas, told = behind.split((3 * _PIXELS, _TOLD), -1)
        colours, opacity = before.split((3 * _PIXELS, _PIXELS), -1)
        return canvas, told, (colours, opacity)

    def lay(
        self, canvas: torch.Tensor, told: torch.Tensor, maps: Maps, depth: int
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Pixels (n, rows, columns, 3 × 256) with the things of one depth over them, and what these tell (…, 32)."""
        there = maps.ids[:, depth, 0] > 0
        if not there.any():
            return canvas, told
        colours, opacity, said = self.things(maps, depth)
        return canvas.index_put((there,), laid(canvas[there], colours, opacity)), told.index_put((there,), said)

    def things(self, maps: Maps, depth: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Of the m squares where a thing stands at a depth its colours (m, 3 × 256) and opacity (m, 256), and what it
        tells (m, 32), one square after the other."""
        there = maps.ids[:, depth, 0] > 0
        numbers = (maps.ids[:, depth].permute(0, 2, 3, 1)[there] - 1).unbind(1)
        part, about = maps.parts[:, depth].permute(0, 2, 3, 1)[there], maps.about[there.nonzero()[:, 0]]
        colours, opacity, told = self.looks(*numbers, part, about).split((3 * _PIXELS, _PIXELS, _TOLD), -1)
        return colours, opacity, told

    def expected(self, maps: Maps) -> tuple[torch.Tensor, torch.Tensor]:
        """Latents of the collage (n, 192, rows, columns), and what it tells besides (n, 64, …)."""
        canvas, told = self.collage(maps)
        latents = canvas @ self.analysis.float().T + self.offset.float()
        return latents.permute(0, 3, 1, 2), told.permute(0, 3, 1, 2)
