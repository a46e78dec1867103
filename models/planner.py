"""The planner: words to a layout, or a layout and an instruction to another layout.

A small transformer reads the caption's token states (MiniLM's, from `text_parts`), the layout before an edit, the
region that was marked and the size of the picture, and writes the layout one value at a time: place, light, weather,
style, then thing, colour, side, column and row of every thing, or the end. What kind of value stands at a position is
fixed, so every answer is a layout. Each value is drawn from what the network holds possible; a generator makes that
repeatable. (Layouts before pixels as in Feng et al. 2023, arXiv 2305.15393, here with a network of some megabytes.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import nn

from models.layout import SIDES, Layout, Placed, World

MOST = 6  # things in a layout
_WORDS = 32  # tokens of a caption at most
_ABOUT, _EACH = 4, 5  # values before the things, values of a thing
LENGTH = _ABOUT + MOST * _EACH + 1
_OUTSIDE = 12  # squares by which a corner may lie outside
_SPOTS = 64  # columns and rows that have a number


@dataclass(frozen=True)
class Region:
    """A marked part of a picture in squares; the right and lower edges are outside it."""

    left: int
    top: int
    right: int
    bottom: int


class Planner(ModelMixin, ConfigMixin):
    """See the module's text.

    The names are the world's; width, readers and writers (layers) and heads are the transformer's.
    """

    @register_to_config
    def __init__(
        self,
        things: Sequence[str],
        colours: Sequence[str],
        places: Sequence[str],
        lights: Sequence[str],
        weathers: Sequence[str],
        styles: Sequence[str],
        states: int = 384,
        width: int = 256,
        readers: int = 2,
        writers: int = 3,
        heads: int = 8,
    ) -> None:
        super().__init__()
        self.world = World(*(tuple(n) for n in (things, colours, places, lights, weathers, styles)))
        kinds = (*(len(n) for n in self.world.about), len(things) + 1, len(colours), len(SIDES), _SPOTS, _SPOTS)
        # Number of the first value of each kind; 0 begins a layout. A thing's first value is the end.
        self.first = [1 + sum(kinds[:i]) for i in range(len(kinds) + 1)]
        self.vocabulary = nn.Embedding(self.first[-1], width)
        self.positions = nn.Parameter(torch.zeros(LENGTH, width))
        self.order = nn.Parameter(torch.zeros(_WORDS, width))  # of words: an adjective belongs to what stands after it
        self.roles = nn.Parameter(torch.zeros(3 + 6, width))  # words, layout before, written; region and size
        self.words = nn.Linear(states, width)
        nn.init.normal_(self.vocabulary.weight, std=0.02)
        nn.init.normal_(self.positions, std=0.02)
        nn.init.normal_(self.order, std=0.02)
        nn.init.normal_(self.roles, std=0.02)
        settings: dict[str, Any] = {"batch_first": True, "norm_first": True, "dropout": 0.0, "activation": "gelu"}
        self.reader = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(width, heads, 4 * width, **settings), readers, enable_nested_tensor=False
        )
        self.writer = nn.TransformerDecoder(nn.TransformerDecoderLayer(width, heads, 4 * width, **settings), writers)
        self.norm = nn.LayerNorm(width)

    def kind_at(self, position: int) -> int:
        """What kind of value stands at a position: 0–3 place, light, weather, style; 4–8 the values of a thing."""
        return position if position < _ABOUT else _ABOUT + (position - _ABOUT) % _EACH

    def numbers(self, layout: Layout) -> list[int]:
        """The values of a layout as numbers, the end included; things beyond the sixth are left out."""
        first = self.first
        numbers = [first[i] + value for i, value in enumerate(layout.about)]
        for one in layout.things[:MOST]:
            spots = (min(max(spot + _OUTSIDE, 0), _SPOTS - 1) for spot in (one.column, one.row))
            values = (one.thing + 1, one.colour, SIDES.index(one.side), *spots)
            numbers += [first[_ABOUT + i] + value for i, value in enumerate(values)]
        return [*numbers, first[_ABOUT]]

    def layout(self, numbers: Sequence[int]) -> Layout:
        """The layout that numbers say; what follows the end is not read."""
        values = [number - self.first[self.kind_at(i)] for i, number in enumerate(numbers)]
        things: list[Placed] = []
        for start in range(_ABOUT, len(values) - _EACH + 1, _EACH):
            thing, colour, side, column, row = values[start : start + _EACH]
            if thing == 0:
                break
            things.append(Placed(thing - 1, colour, SIDES[side], column - _OUTSIDE, row - _OUTSIDE))
        place, light, weather, style = values[:_ABOUT]
        return Layout((place, light, weather, style), tuple(things))

    def read(
        self,
        states: torch.Tensor,
        extents: Sequence[tuple[int, int]],
        before: Sequence[Layout | None],
        regions: Sequence[Region | None],
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """What the writer looks at, (n, m, width), and which of it is padding (n, m).

        Args:
            states: The captions' token states (n, tokens, 384), zeros where padding stands.
            extents: Columns and rows of the pictures.
            before: The layouts to edit, None where a picture is painted.
            regions: Where the change should happen, or None.
        """
        device, first = states.device, self.first
        olds = [self.numbers(layout) if layout else [] for layout in before]
        longest = max(map(len, olds))
        old = torch.tensor([[*numbers, *[0] * (longest - len(numbers))] for numbers in olds], device=device).long()
        marked: list[list[int]] = []
        for extent, region in zip(extents, regions, strict=True):
            edges = (region.left, region.top, region.right, region.bottom) if region else (-_OUTSIDE,) * 4
            edges = (min(max(edge + _OUTSIDE, 0), _SPOTS - 1) for edge in (*edges, *extent))
            marked.append([first[_ABOUT + 3 + i % 2] + edge for i, edge in enumerate(edges)])
        spots = self.vocabulary(torch.tensor(marked, device=device)) + self.roles[3:]
        said = self.words(states.to(self.words.weight.dtype)) + self.order[: states.shape[1]] + self.roles[0]
        earlier = self.vocabulary(old) + self.positions[:longest] + self.roles[1]
        empty = torch.cat(
            [
                states.abs().amax(-1) == 0,
                old == 0,
                torch.zeros(len(marked), 6, dtype=torch.bool, device=device),
            ],
            1,
        )
        memory = torch.cat([said, earlier, spots], 1)
        return self.reader(memory, src_key_padding_mask=empty), empty

    def write(self, written: torch.Tensor, memory: torch.Tensor, empty: torch.Tensor) -> torch.Tensor:
        """Scores (n, length, values) of what follows each of the numbers written so far (n, length)."""
        length = written.shape[1]
        inputs = self.vocabulary(written) + self.positions[:length] + self.roles[2]
        mask = torch.ones(length, length, dtype=torch.bool, device=written.device).triu(1)
        out = self.writer(inputs, memory, tgt_mask=mask, memory_key_padding_mask=empty)
        return self.norm(out) @ self.vocabulary.weight.T

    def loss(self, numbers: torch.Tensor, memory: torch.Tensor, empty: torch.Tensor) -> torch.Tensor:
        """Mean surprise at the values of layouts (n, length), zeros after the end; each among its own kind only."""
        begun = torch.cat([torch.zeros_like(numbers[:, :1]), numbers[:, :-1]], 1)
        scores = self.write(begun, memory, empty).float()
        limits = torch.full_like(scores[0], -1e4)
        for position in range(scores.shape[1]):
            kind = self.kind_at(position)
            limits[position, self.first[kind] : self.first[kind + 1]] = 0
        return nn.functional.cross_entropy((scores + limits).flatten(0, 1), numbers.flatten(), ignore_index=0)

    @torch.no_grad()
    def plan(
        self,
        states: torch.Tensor,
        extent: tuple[int, int],
        before: Layout | None = None,
        region: Region | None = None,
        avoided: frozenset[int] = frozenset(),
        shunned: frozenset[int] = frozenset(),
        generator: torch.Generator | None = None,
        boldness: float = 0.7,
    ) -> Layout:
        """A layout for one caption or instruction.

        Args:
            states: Its token states (1, tokens, 384).
            extent: Columns and rows of the picture.
            before: The layout to edit.
            region: Where the change should happen.
            avoided: Numbers of things that must not appear.
            shunned: Numbers of places that must not be chosen.
            generator: Draws the values; on the CPU.
            boldness: 0 takes the likeliest value each time, 1 draws as the network believes.
        """
        memory, empty = self.read(states, [extent], [before], [region])
        numbers: list[int] = []
        for position in range(LENGTH):
            kind = self.kind_at(position)
            begun = torch.tensor([[0, *numbers]], device=states.device)
            low, high = self.first[kind], self.first[kind + 1]
            scores = self.write(begun, memory, empty)[0, -1, low:high].float().cpu()
            if position == 0:
                scores[list(shunned)] = -torch.inf
            if kind == _ABOUT:
                scores[[thing + 1 for thing in avoided]] = -torch.inf
                if position == LENGTH - 1:
                    break
            likely = (scores / max(boldness, 1e-3)).softmax(0)
            likely[likely < 0.1 * likely.max()] = 0
            numbers.append(low + int(torch.multinomial(likely, 1, generator=generator)))
            if kind == _ABOUT and numbers[-1] == low:
                break
        return self.layout(numbers)
