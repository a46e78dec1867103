"""The planner: words to a layout, or a layout and an instruction to another layout.

A small transformer reads the caption's token states (MiniLM's, from `models.captions`), the layout before an edit, the
region that was marked and the size of the picture, and writes the layout one value at a time: place, light, weather,
style, then thing, colour, side and middle of every thing, or the end. What kind of value stands at a position is
fixed, so every answer is a layout. Each value is drawn from what the network holds possible; a generator makes that
repeatable. (Layouts before pixels as in Feng et al. 2023, arXiv 2305.15393, here with a network of some megabytes.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import torch
from torch import nn

from models.layout import SIDES, Layout, Placed, World
from models.minilm import attend, join_heads, split_heads
from models.stored import Stored, remembered

MOST = 6  # things in a layout
_WORDS = 32  # tokens of a caption at most
_ABOUT, _EACH = 4, 5  # values before the things, values of a thing
LENGTH = _ABOUT + MOST * _EACH + 1
_OUTSIDE = 24  # half squares by which a middle may lie outside
_SPOTS = 128  # half squares across and down that have a number


def _spot(place: int) -> int:
    """The number of a place across or down, in half squares from the edge."""
    return min(max(place + _OUTSIDE, 0), _SPOTS - 1)


def _waves(count: int, width: int) -> torch.Tensor:
    """Sines and cosines (count, width) of numbers, their lengths from 4 to 4 × count."""
    lengths = 4 * count ** torch.linspace(0, 1, width // 2)
    angles = torch.arange(count)[:, None] * (2 * torch.pi / lengths)
    return torch.cat([angles.sin(), angles.cos()], 1)


@dataclass(frozen=True)
class Region:
    """A marked part of a picture in squares; the right and lower edges are outside it."""

    left: int
    top: int
    right: int
    bottom: int

    def holds(self, thing: Placed) -> bool:
        """Whether the middle of a thing lies in it."""
        across, down = thing.column + thing.side / 2, thing.row + thing.side / 2
        return self.left <= across < self.right and self.top <= down < self.bottom

    def fitted(self, thing: Placed) -> Placed:
        """The thing where it does not reach beyond the region, smaller if it must be."""
        room = min(self.right - self.left, self.bottom - self.top)
        side = max((side for side in SIDES if side <= min(room, thing.side)), default=SIDES[0])
        column = min(max(thing.column + (thing.side - side) // 2, self.left), max(self.left, self.right - side))
        row = min(max(thing.row + thing.side - side, self.top), max(self.top, self.bottom - side))
        return replace(thing, side=side, column=column, row=row)


def _some(mask: torch.Tensor) -> torch.Tensor | None:
    """The mask if it marks anything: to check one, torch imports a library of symbols, for a second."""
    return mask if mask.any() else None


class Planner(Stored):
    """See the module's text.

    The names are the world's; width, readers and writers (layers) and heads are the transformer's.
    """

    @remembered
    def __init__(
        self,
        things: Sequence[str],
        colours: Sequence[str],
        places: Sequence[str],
        lights: Sequence[str],
        weathers: Sequence[str],
        styles: Sequence[str],
        states: int = 768,
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
        # Each word with the two before and after it: what is red is told by what stands beside "red".
        self.words = nn.Conv1d(states, width, 5, padding=2)
        # What the states of each thing's name are, to find the words that mean it; how sharply, and what that tells.
        self.names = nn.Parameter(torch.zeros(len(things) + 1, states))
        self.sharpness, self.hearing = nn.Parameter(torch.tensor(12.0)), nn.Parameter(torch.tensor(0.0))
        self.mention = nn.Linear(2, width)
        nn.init.normal_(self.vocabulary.weight, std=0.02)
        with torch.no_grad():  # spots that lie near each other begin alike
            for first in self.first[-3:-1]:
                self.vocabulary.weight[first : first + _SPOTS] = _waves(_SPOTS, width) * 0.03
        nn.init.normal_(self.mention.weight, std=0.04)  # as loud as all else that an embedding says
        nn.init.zeros_(self.mention.bias)
        nn.init.normal_(self.positions, std=0.02)
        nn.init.normal_(self.order, std=0.02)
        nn.init.normal_(self.roles, std=0.02)
        settings: dict[str, Any] = {"batch_first": True, "norm_first": True, "dropout": 0.0, "activation": "gelu"}
        self.reader = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(width, heads, 4 * width, **settings), readers, enable_nested_tensor=False
        )
        self.writer = nn.TransformerDecoder(nn.TransformerDecoderLayer(width, heads, 4 * width, **settings), writers)
        self.norm = nn.LayerNorm(width)
        self.keep = nn.Linear(width, 2)
        nn.init.zeros_(self.keep.weight)
        nn.init.zeros_(self.keep.bias)

    def kind_at(self, position: int) -> int:
        """What kind of value stands at a position: 0–3 place, light, weather, style; 4–8 the values of a thing."""
        return position if position < _ABOUT else _ABOUT + (position - _ABOUT) % _EACH

    def numbers(self, layout: Layout) -> list[int]:
        """The values of a layout as numbers, the end included; things beyond the sixth are left out."""
        first = self.first
        numbers = [first[i] + value for i, value in enumerate(layout.about)]
        for one in layout.things[:MOST]:
            middle = (_spot(2 * corner + one.side) for corner in (one.column, one.row))
            values = (one.thing + 1, one.colour, SIDES.index(one.side), *middle)
            numbers += [first[_ABOUT + i] + value for i, value in enumerate(values)]
        return [*numbers, first[_ABOUT]]

    def layout(self, numbers: Sequence[int]) -> Layout:
        """The layout that numbers say; what follows the end is not read."""
        values = [number - self.first[self.kind_at(i)] for i, number in enumerate(numbers)]
        things: list[Placed] = []
        for start in range(_ABOUT, len(values) - _EACH + 1, _EACH):
            thing, colour, number, across, down = values[start : start + _EACH]
            if thing == 0:
                break
            side = SIDES[number]
            column, row = ((middle - _OUTSIDE - side) // 2 for middle in (across, down))
            things.append(Placed(thing - 1, colour, side, column, row))
        place, light, weather, style = values[:_ABOUT]
        return Layout((place, light, weather, style), tuple(things))

    def read(
        self,
        states: torch.Tensor,
        extents: Sequence[tuple[int, int]],
        before: Sequence[Layout | None],
        regions: Sequence[Region | None],
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """What the writer looks at, (n, m, width), which of it is padding (n, m), and the numbers before (n, k).

        Args:
            states: The captions' token states (n, tokens, 768), zeros where padding stands.
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
            spots = (_spot(2 * edge) for edge in (*edges, *extent))
            marked.append([first[_ABOUT + 3 + i % 2] + spot for i, spot in enumerate(spots)])
        around = self.vocabulary(torch.tensor(marked, device=device)) + self.roles[3:]
        said = self.words(states.to(self.words.weight.dtype).transpose(1, 2)).transpose(1, 2)
        said = said + self.order[: states.shape[1]] + self.roles[0]
        earlier = self.vocabulary(old)
        if longest > _ABOUT + _EACH:
            earlier = self._whole(earlier, self._mentions(old, states, said))
        earlier = earlier + self.positions[:longest] + self.roles[1]
        empty = torch.cat(
            [
                states.abs().amax(-1) == 0,
                old == 0,
                torch.zeros(len(marked), 6, dtype=torch.bool, device=device),
            ],
            1,
        )
        memory = torch.cat([said, earlier, around], 1)
        return self.reader(memory, src_key_padding_mask=_some(empty)), empty, old

    def _mentions(self, old: torch.Tensor, states: torch.Tensor, said: torch.Tensor) -> torch.Tensor:
        """Of each thing of the layouts before how surely the words mean it, and the words that do (n, things, width).

        Without this the network would have to learn 550 times which word means which thing; by the states of MiniLM a
        "pup" is near to the dog from the start.
        """
        thing = (old[:, _ABOUT::_EACH] - self.first[_ABOUT])[:, : (old.shape[1] - _ABOUT) // _EACH]
        there = (thing > 0)[..., None]
        names = nn.functional.normalize(self.names[thing.clamp(0, len(self.names) - 1)], dim=-1)
        words = nn.functional.normalize(states.to(names.dtype), dim=-1)
        alike = (names @ words.transpose(1, 2)).masked_fill((states.abs().amax(-1) == 0)[:, None], -1)
        best = alike.amax(-1)
        others = torch.eye(best.shape[1], dtype=torch.bool, device=best.device) | ~there.transpose(1, 2)
        lead = best - best[:, None].expand_as(others).masked_fill(others, 0).amax(-1)
        said = nn.functional.layer_norm(said, said.shape[-1:])
        heard = (alike * self.sharpness).softmax(-1).to(said.dtype) @ said
        return (self.mention(torch.stack([best, lead], -1)) + self.hearing * heard) * there

    @staticmethod
    def _whole(values: torch.Tensor, mentions: torch.Tensor) -> torch.Tensor:
        """The values (n, length, width) of layouts, to each value of a thing added what the thing is and how it is
        mentioned: so that words find it by name and know the rest of it at once."""
        head, rest = values[:, :_ABOUT], values[:, _ABOUT:]
        things = rest.shape[1] // _EACH
        each, end = rest.split((things * _EACH, rest.shape[1] - things * _EACH), 1)
        each = each.unflatten(1, (things, _EACH))
        return torch.cat([head, (each + each.mean(2, keepdim=True) + mentions[:, :, None]).flatten(1, 2), end], 1)

    def write(
        self, written: torch.Tensor, memory: torch.Tensor, empty: torch.Tensor, old: torch.Tensor
    ) -> torch.Tensor:
        """Scores (n, length, values) of what follows each of the numbers written so far (n, length); the others are as
        `read` gives them.

        Most of an edit is to keep what was there: the network says how far it holds to the value that stood at this
        place before, and to that of the next thing, which comes here where one was removed.
        """
        length = written.shape[1]
        inputs = self.vocabulary(written) + self.positions[:length] + self.roles[2]
        mask = torch.ones(length, length, dtype=torch.bool, device=written.device).triu(1)
        return self.scores(self.writer(inputs, memory, tgt_mask=mask, memory_key_padding_mask=_some(empty)), old)

    def scores(self, out: torch.Tensor, old: torch.Tensor, position: int = 0) -> torch.Tensor:
        """Scores (n, length, values) for what the writer puts out (n, length, width) from a position on."""
        out, length = self.norm(out), out.shape[1]
        scores = out @ self.vocabulary.weight.T
        kept = nn.functional.pad(old, (0, max(0, position + length + _EACH - old.shape[1])))[:, position:]
        kept = torch.stack([kept[:, :length], kept[:, _EACH : length + _EACH]], -1)
        return scores.scatter_add(-1, kept, self.keep(out).to(scores.dtype))

    def loss(self, numbers: torch.Tensor, memory: torch.Tensor, empty: torch.Tensor, old: torch.Tensor) -> torch.Tensor:
        """Mean surprise at the values of layouts (n, length), zeros after the end; each among its own kind only."""
        begun = torch.cat([torch.zeros_like(numbers[:, :1]), numbers[:, :-1]], 1)
        scores = self.write(begun, memory, empty, old).float()
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
            states: Its token states (1, tokens, 768).
            extent: Columns and rows of the picture.
            before: The layout to edit.
            region: Where the change should happen.
            avoided: Numbers of things that must not appear.
            shunned: Numbers of places that must not be chosen.
            generator: Draws the values; on the CPU.
            boldness: 0 takes the likeliest value each time, 1 draws as the network believes.
        """
        # One value at a time is so little work that finding smaller numbers for it takes longer than the work.
        with torch.autocast(states.device.type, enabled=False):
            writing = Writing(self, *self.read(states.to(self.words.weight.dtype), [extent], [before], [region]))
            numbers: list[int] = []
            for position in range(LENGTH):
                kind = self.kind_at(position)
                low, high = self.first[kind], self.first[kind + 1]
                scores = writing.after(numbers[-1] if numbers else 0)[low:high].float().cpu()
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


class Writing:
    """One layout being written, value by value: what `Planner.write` computes, with the keys and values of what was
    written and read kept.

    Args:
        planner: Whose writer writes.
        memory, empty, old: As `Planner.read` gives them for one caption.
    """

    def __init__(self, planner: Planner, memory: torch.Tensor, empty: torch.Tensor, old: torch.Tensor) -> None:
        self._planner, self._old, self._position = planner, old, 0
        self._layers = [cast(nn.TransformerDecoderLayer, layer) for layer in planner.writer.layers]
        self._there = None if _some(empty) is None else ~empty[:, None, None]
        self._sources = [_projected(memory, layer.multihead_attn)[1:] for layer in self._layers]
        self._written: list[tuple[torch.Tensor, torch.Tensor] | None] = [None] * len(self._layers)

    def after(self, number: int) -> torch.Tensor:
        """Scores (values,) of what follows a number that follows those given before."""
        planner, position = self._planner, self._position
        x = planner.vocabulary.weight[number] + planner.positions[position] + planner.roles[2]
        x = x[None, None]
        for i, layer in enumerate(self._layers):
            query, key, value = _projected(layer.norm1(x), layer.self_attn)
            if (written := self._written[i]) is not None:
                key, value = torch.cat([written[0], key], 2), torch.cat([written[1], value], 2)
            self._written[i] = key, value
            x = x + layer.self_attn.out_proj(join_heads(attend(query, key, value, None)))
            query, (key, value) = _projected(layer.norm2(x), layer.multihead_attn, parts=1)[0], self._sources[i]
            x = x + layer.multihead_attn.out_proj(join_heads(attend(query, key, value, self._there)))
            x = x + layer.linear2(nn.functional.gelu(layer.linear1(layer.norm3(x))))
        self._position += 1
        return planner.scores(x, self._old, position)[0, 0]


def _projected(x: torch.Tensor, attention: nn.MultiheadAttention, parts: int = 3) -> list[torch.Tensor]:
    """Queries, and keys and values where three parts are asked for: n × heads × length × width / heads each."""
    count = parts * attention.embed_dim
    projected = nn.functional.linear(x, attention.in_proj_weight[:count], attention.in_proj_bias[:count])
    return [split_heads(part, attention.num_heads) for part in projected.chunk(parts, -1)]
