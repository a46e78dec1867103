"""The planner: words to a layout, or a layout and an instruction to another layout.

A small transformer reads the caption's token states (MiniLM's, from `models.scene.captions`), the layout before an
edit, the region that was marked and the size of the picture, and writes the layout one value at a time: place, light,
weather, style, then thing, colour, side and middle of every thing, or the end. What kind of value stands at a position
is fixed, so every answer is a layout. Each value is drawn from what the network holds possible; a generator makes that
repeatable. (Layouts before pixels as in Feng et al. 2023, arXiv 2305.15393, here with a network of some megabytes.)

Two things need not be learnt. What became of the things before an edit is written in their order, each in the place of
its own, gone or not, and what is new behind them: to keep a thing is to copy what stands there. And which thing a word
means MiniLM knows: the writer points at words, as in See et al. 2017 (arXiv 1704.04368), takes the things whose names
are like them, and knows which words it has used.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import torch
from torch import nn

from models.kinds import MOST
from models.minilm import attend, join_heads, split_heads
from models.rendering.layout import SIDES, Layout, Placed, World
from models.scene.captions import MAX_TOKENS
from models.scene.formats import Format
from models.stored import Stored, remembered

_ABOUT, _EACH = 4, 5  # values before the things, values of a thing
LENGTH = _ABOUT + MOST * _EACH + 1
_OUTSIDE = 24  # half squares by which a middle may lie outside
_STRANGE = 4.0  # by how much the logarithm of the probability of a place falls where its things are not at home
_LIKE, _NAMED = 0.45, 0.75  # cosines from which on a word may mean a thing, and from which on it does
_SURE = 0.3  # how boldly at most things and colours are drawn
_LEAD = 0.1  # of the likest of several things over the next
_SPOTS = 128  # half squares across and down that have a number


def _spot(place: int) -> int:
    """The number of a place across or down, in half squares from the edge."""
    return min(max(place + _OUTSIDE, 0), _SPOTS - 1)


def _followers(before: Sequence[Placed], after: Sequence[Placed]) -> list[Placed | None]:
    """What became of each thing before, None where it is gone; then what is new."""
    left, found = list(after), list[Placed | None]([None] * len(before))
    for same in (_as_it_was, _in_its_place, _of_its_look, _of_its_kind):
        for number, old in enumerate(before):
            new = next((one for one in left if same(old, one)), None) if found[number] is None else None
            if new is not None:
                found[number] = new
                left.remove(new)
    return [*found, *left]


def _as_it_was(old: Placed, new: Placed) -> bool:
    return old == new


def _in_its_place(old: Placed, new: Placed) -> bool:
    return (old.side, old.column, old.row) == (new.side, new.column, new.row)


def _of_its_look(old: Placed, new: Placed) -> bool:
    return (old.thing, old.colour) == (new.thing, new.colour)


def _of_its_kind(old: Placed, new: Placed) -> bool:
    return old.thing == new.thing


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

    def over(self, across: float, down: float) -> Region:
        """The same part of a picture that is so many times narrower and lower."""
        left, top = int(self.left / across), int(self.top / down)
        return Region(left, top, max(left + 1, round(self.right / across)), max(top + 1, round(self.bottom / down)))

    def holds(self, thing: Placed) -> bool:
        """Whether the middle of a thing lies in it."""
        across, down = thing.column + thing.side / 2, thing.row + thing.side / 2
        return self.left <= across < self.right and self.top <= down < self.bottom

    def held(self, things: Sequence[Placed]) -> tuple[Placed, ...]:
        """Of these things those that it holds; or else the one of which it covers most, if that is a quarter at least
        of the thing or of the region."""

        def covered(one: Placed) -> int:
            across = min(self.right, one.column + one.side) - max(self.left, one.column)
            down = min(self.bottom, one.row + one.side) - max(self.top, one.row)
            return max(0, across) * max(0, down)

        if inside := tuple(one for one in things if self.holds(one)):
            return inside
        room = (self.right - self.left) * (self.bottom - self.top)
        most = max(things, key=covered, default=None)
        return (most,) if most and 4 * covered(most) >= min(most.side**2, room) else ()

    def fitted(self, thing: Placed) -> Placed:
        """The thing where it does not reach beyond the region, smaller if it must be."""
        room = min(self.right - self.left, self.bottom - self.top)
        side = max((side for side in SIDES if side <= min(room, thing.side)), default=SIDES[0])
        column = min(max(thing.column + (thing.side - side) // 2, self.left), max(self.left, self.right - side))
        row = min(max(thing.row + thing.side - side, self.top), max(self.top, self.bottom - side))
        return replace(thing, side=side, column=column, row=row)


@dataclass(frozen=True)
class Told:
    """What the planner was told, read once for a whole answer.

    Attributes:
        memory: What the writer looks at (n, m, width).
        empty: Which of it is padding (n, m).
        old: The numbers of the layouts before (n, k), zeros behind; `memory` has them behind the words.
        words: The captions' words (n, tokens, width).
        alike: How like each word is to each thing's name (n, tokens, things + 1); the first, the end's, is 0.
    """

    memory: torch.Tensor
    empty: torch.Tensor
    old: torch.Tensor
    words: torch.Tensor
    alike: torch.Tensor

    @property
    def silent(self) -> torch.Tensor:
        """Which of the tokens are padding (n, tokens)."""
        return self.empty[:, : self.words.shape[1]]

    @property
    def beside(self) -> torch.Tensor:
        """What was read of each of the numbers before (n, k, width), zeros behind."""
        tokens, numbers = self.words.shape[1], self.old.shape[1]
        return self.memory[:, tokens : tokens + numbers] * (self.old > 0)[..., None]


def _some(mask: torch.Tensor) -> torch.Tensor | None:
    """The mask if it marks anything: to check one, torch imports a library of symbols, for a second."""
    return mask if mask.any() else None


class Planner(Stored):
    """See the module's text.

    The names are the world's; width, readers and writers (layers) and heads are the transformer's. Only in places that
    are `outdoors` (None: in all) are light and weather seen; elsewhere they are always the first.
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
        outdoors: Sequence[str] | None = None,
    ) -> None:
        super().__init__()
        self.world = World(*(tuple(n) for n in (things, colours, places, lights, weathers, styles)))
        self._indoors = [name not in outdoors for name in places] if outdoors is not None else [False] * len(places)
        kinds = (*(len(n) for n in self.world.about), len(things) + 2, len(colours), len(SIDES), _SPOTS, _SPOTS)
        # Number of the first value of each kind; 0 begins a layout. A thing's first value is the end, its last "gone".
        self.first = [1 + sum(kinds[:i]) for i in range(len(kinds) + 1)]
        self.vocabulary = nn.Embedding(self.first[-1], width)
        self.positions = nn.Parameter(torch.zeros(LENGTH, width))
        # Of words: an adjective belongs to what stands after it.
        self.order = nn.Parameter(torch.zeros(MAX_TOKENS, width))
        self.roles = nn.Parameter(torch.zeros(3 + 6, width))  # words, layout before, written; region and size
        # Each word with the two before and after it: what is red is told by what stands beside "red".
        self.words = nn.Conv1d(states, width, 5, padding=2)
        # What the states of each thing's name are, to find the words that mean it; how sharply, and what that tells.
        self.names = nn.Parameter(torch.zeros(len(things) + 1, states))
        self.sharpness, self.hearing = nn.Parameter(torch.tensor(12.0)), nn.Parameter(torch.tensor(0.0))
        self.mention = nn.Linear(2, width)
        # Of a thing that is written, the words that mean it; beside a value, what was read of the value before.
        self.echo = nn.Parameter(torch.tensor(0.3))
        self.beside = nn.Linear(width, width, bias=False)
        # Which word the next thing is pointed at; how much a name like it counts, and how much that it was used.
        self.seeking, self.sought = nn.Linear(width, width), nn.Linear(width, width)
        self.pointing, self.used = nn.Parameter(torch.tensor(6.0)), nn.Linear(width, 1)
        for silent in (self.beside.weight, self.used.weight, self.used.bias):
            nn.init.zeros_(silent)
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
        self.keep = nn.Linear(width, 1)
        nn.init.zeros_(self.keep.weight)
        nn.init.zeros_(self.keep.bias)

    def kind_at(self, position: int) -> int:
        """What kind of value stands at a position: 0–3 place, light, weather, style; 4–8 the values of a thing."""
        return position if position < _ABOUT else _ABOUT + (position - _ABOUT) % _EACH

    @property
    def _gone(self) -> int:
        """Number of the value that says that a thing is gone."""
        return self.first[_ABOUT + 1] - 1

    def numbers(self, layout: Layout, before: Layout | None = None) -> list[int]:
        """The values of a layout as numbers, the end included; things beyond `MOST` are left out.

        With the layout before an edit, what became of its things stands in their places, and what is new behind them.
        """
        first = self.first
        olds = before.things[:MOST] if before else ()
        numbers = [first[i] + value for i, value in enumerate(layout.about)]
        for place, one in enumerate(_followers(olds, layout.things)[:MOST]):
            numbers += self._of_thing(one) if one else [self._gone, *self._of_thing(olds[place])[1:]]
        return [*numbers, first[_ABOUT]]

    def _of_thing(self, one: Placed) -> list[int]:
        middle = (_spot(2 * corner + one.side) for corner in (one.column, one.row))
        values = (one.thing + 1, one.colour, SIDES.index(one.side), *middle)
        return [self.first[_ABOUT + i] + value for i, value in enumerate(values)]

    def layout(self, numbers: Sequence[int]) -> Layout:
        """The layout that numbers say; what follows the end is not read."""
        values = [number - self.first[self.kind_at(i)] for i, number in enumerate(numbers)]
        things: list[Placed] = []
        for start in range(_ABOUT, len(values) - _EACH + 1, _EACH):
            thing, colour, number, across, down = values[start : start + _EACH]
            if thing == 0:
                break
            if numbers[start] == self._gone:
                continue
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
    ) -> Told:
        """Read what is told.

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
        tokens, silent = states.shape[1], states.abs().amax(-1) == 0
        said = self.words(states.to(self.words.weight.dtype).transpose(1, 2)).transpose(1, 2)
        said = said + self.order[:tokens] + self.roles[0]
        words = nn.functional.layer_norm(said, said.shape[-1:])
        alike = self._alike(states)
        earlier = self.vocabulary(old)
        if longest > _ABOUT + _EACH:
            earlier = self._whole(earlier, self._mentions(old, words, alike))
        earlier = earlier + self.positions[:longest] + self.roles[1]
        empty = torch.cat([silent, old == 0, torch.zeros(len(marked), 6, dtype=torch.bool, device=device)], 1)
        memory = self.reader(torch.cat([said, earlier, around], 1), src_key_padding_mask=_some(empty))
        return Told(memory, empty, old, words, alike)

    def _alike(self, states: torch.Tensor) -> torch.Tensor:
        """How like each word is to each thing's name (n, tokens, things + 1); the first, the end's, is 0."""
        silent = states.abs().amax(-1) == 0
        names = nn.functional.normalize(self.names[1:], dim=-1)
        alike = nn.functional.normalize(states.to(names.dtype), dim=-1) @ names.T
        return nn.functional.pad(alike.masked_fill(silent[..., None], -1), (1, 0))

    def named(self, states: torch.Tensor, whole: Sequence[bool]) -> list[int]:
        """The things that a caption (1, tokens, 768) names for sure by words that are `whole`, in the words' order; of
        names that follow each other ("wizard hat") the last."""
        with torch.autocast(states.device.type, enabled=False):
            like, things = self._alike(states)[0].max(-1)
        sure = [bool(near >= _NAMED) and all_of_it for near, all_of_it in zip(like, whole, strict=True)]
        said = [thing - 1 if known else None for thing, known in zip(things.tolist(), sure, strict=True)]
        last = (one for one, after in zip(said, [*said[1:], None], strict=True) if after in (None, one))
        return list(dict.fromkeys(one for one in last if one is not None))

    def nearest(self, thing: int, others: Collection[int]) -> int | None:
        """The one of other things whose name is most like a thing's ("bird", of a parrot and a palm tree); None where
        none is, or several are."""
        names = nn.functional.normalize(self.names[1:].detach(), dim=-1)
        near = sorted(((float(names[thing] @ names[other]), other) for other in set(others)), reverse=True)
        sure = near and near[0][0] >= _LIKE and (len(near) == 1 or near[0][0] - near[1][0] >= _LEAD)
        return near[0][1] if sure else None

    def indoors(self, place: int) -> bool:
        """Whether a place is indoors: no weather is seen there, and of hours the planner knows nothing."""
        return self._indoors[place]

    def likeness(self, states: torch.Tensor) -> list[float]:
        """How like the likest word of a caption (1, tokens, 768) is to the name of each thing, a cosine."""
        with torch.autocast(states.device.type, enabled=False):
            return self._alike(states)[0, :, 1:].amax(0).tolist()

    def _mentions(self, old: torch.Tensor, words: torch.Tensor, alike: torch.Tensor) -> torch.Tensor:
        """Of each thing of the layouts before how surely the words mean it, and the words that do (n, things, width).

        Without this the network would have to learn of every thing which word means it; by the states of MiniLM a
        "pup" is near to the dog from the start.
        """
        thing = self.things_of(old[:, : (old.shape[1] - _ABOUT) // _EACH * _EACH + _ABOUT], _ABOUT)
        there = (thing > 0)[..., None]
        heard, near = self._heard(thing, alike)
        best = near.amax(-1)
        others = torch.eye(best.shape[1], dtype=torch.bool, device=best.device) | ~there.transpose(1, 2)
        lead = best - best[:, None].expand_as(others).masked_fill(others, 0).amax(-1)
        said = heard.to(words.dtype) @ words
        return (self.mention(torch.stack([best, lead], -1)) + self.hearing * said) * there

    def things_of(self, numbers: torch.Tensor, start: int) -> torch.Tensor:
        """The numbers of things from 1 in every fifth place from a start (n, things); 0 for what is none."""
        thing = numbers[:, start::_EACH] - self.first[_ABOUT]
        return thing.where((thing > 0) & (thing < len(self.names)), 0)

    def _heard(self, thing: torch.Tensor, alike: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """For each thing (n, things) how far each word is meant (n, things, tokens), in sum 1, and how like it is."""
        near = alike.gather(2, thing[:, None].expand(-1, alike.shape[1], -1)).transpose(1, 2)
        return (near * self.sharpness).softmax(-1), near

    def echoed(self, thing: torch.Tensor, told: Told) -> tuple[torch.Tensor, torch.Tensor]:
        """The words that mean things that are written (n, things, width), and how far each word is used by that."""
        heard, _ = self._heard(thing, told.alike)
        heard = heard * (thing > 0)[..., None]
        return self.echo * (heard.to(told.words.dtype) @ told.words), heard

    def _pointed(self, out: torch.Tensor, used: torch.Tensor, told: Told) -> torch.Tensor:
        """What the names of things say for each (n, things, things + 1), where the writer puts out `out` (n, things,
        width) and words were used so far (n, things, tokens)."""
        at = self.seeking(out) @ self.sought(told.words).transpose(1, 2) / out.shape[-1] ** 0.5
        at = (at + self.used(out) * used).masked_fill(told.silent[:, None], -torch.inf).float().softmax(-1)
        return self.pointing * (at @ (told.alike - told.alike.mean(-1, keepdim=True)).float())

    @staticmethod
    def _whole(values: torch.Tensor, mentions: torch.Tensor) -> torch.Tensor:
        """The values (n, length, width) of layouts, to each value of a thing added what the thing is and how it is
        mentioned: so that words find it by name and know the rest of it at once."""
        head, rest = values[:, :_ABOUT], values[:, _ABOUT:]
        things = rest.shape[1] // _EACH
        each, end = rest.split((things * _EACH, rest.shape[1] - things * _EACH), 1)
        each = each.unflatten(1, (things, _EACH))
        return torch.cat([head, (each + each.mean(2, keepdim=True) + mentions[:, :, None]).flatten(1, 2), end], 1)

    def write(self, written: torch.Tensor, told: Told) -> torch.Tensor:
        """Scores (n, length, values) of what follows each of the numbers written so far (n, length)."""
        length = written.shape[1]
        inputs = self.vocabulary(written) + self.positions[:length] + self.roles[2]
        inputs = inputs + nn.functional.pad(self.beside(told.beside), (0, 0, 0, length))[:, :length]
        echo, heard = self.echoed(self.things_of(written, _ABOUT + 1), told)
        inputs[:, _ABOUT + 1 :: _EACH] += echo
        used = nn.functional.pad(heard.cumsum(1), (0, 0, 1, 0))
        mask = torch.ones(length, length, dtype=torch.bool, device=written.device).triu(1)
        out = self.writer(inputs, told.memory, tgt_mask=mask, memory_key_padding_mask=_some(told.empty))
        return self.scores(out, told, used)

    def scores(self, out: torch.Tensor, told: Told, used: torch.Tensor, position: int = 0) -> torch.Tensor:
        """Scores (n, length, values) for what the writer puts out (n, length, width) from a position on.

        Most of an edit is to keep what was there: the network says how far it holds to the value before. `used` is how
        far each word was used before each thing that begins among these (n, things, tokens).
        """
        out, length = self.norm(out), out.shape[1]
        scores = out @ self.vocabulary.weight.T
        kept = nn.functional.pad(told.old, (0, max(0, position + length - told.old.shape[1])))
        kept = kept[:, position : position + length, None]
        scores = scores.scatter_add(-1, kept, self.keep(out).to(scores.dtype))
        start, first = (_ABOUT - position) % _EACH if position > _ABOUT else _ABOUT - position, self.first[_ABOUT]
        if start >= length:
            return scores
        begun = out[:, start::_EACH]
        named = self._pointed(begun, used[:, : begun.shape[1]], told).to(scores.dtype)
        scores[:, start::_EACH, first : first + len(self.names)] += named
        return scores

    def loss(self, numbers: torch.Tensor, told: Told) -> torch.Tensor:
        """Mean surprise at the values of layouts (n, length), zeros after the end; each among its own kind only."""
        begun = torch.cat([torch.zeros_like(numbers[:, :1]), numbers[:, :-1]], 1)
        scores = self.write(begun, told).float()
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
        sweeping: bool = True,
        generator: torch.Generator | None = None,
        boldness: float = 0.7,
        homely: frozenset[int] | None = None,
    ) -> Layout:
        """A layout for one caption or instruction.

        Args:
            states: Its token states (1, tokens, 768).
            extent: Columns and rows of the picture.
            before: The layout to edit.
            region: Where the change should happen.
            avoided: Numbers of things that must not appear.
            shunned: Numbers of places that must not be chosen.
            sweeping: Whether things may go that no word is like, though the words name others.
            generator: Draws the values; on the CPU.
            boldness: 0 takes the likeliest value each time, 1 draws as the network believes.
            homely: Numbers of the places to choose from where the words name none; None for all.
        """
        form, shown = Format.of(extent), before
        if before is not None and self._indoors[before.about[0]]:  # it has never read of an hour there
            before = replace(before, about=(before.about[0], 0, 0, before.about[3]))
        if form.planned != extent:
            before = before and form.shrunk(before)
            region = region and region.over(*form.factors)
        # One value at a time is so little work that finding smaller numbers for it takes longer than the work.
        with torch.autocast(states.device.type, enabled=False):
            told = self.read(states.to(self.words.weight.dtype), [form.planned], [before], [region])
            writing, numbers = Writing(self, told), list[int]()
            things = before.things[:MOST] if before else ()
            olds = _ABOUT + _EACH * len(things)
            staying = frozenset[int]() if sweeping else self._unnamed(things, told.alike[0].amax(0))
            for position in range(LENGTH):
                kind = self.kind_at(position)
                low, high = self.first[kind], self.first[kind + 1]
                scores = writing.after(numbers[-1] if numbers else 0)[low:high].float().cpu()
                if position == 0:
                    scores[list(shunned)] = -torch.inf
                    if homely is not None:
                        scores[[place for place in range(len(scores)) if place not in homely]] -= _STRANGE
                if position in (1, 2) and self._indoors[numbers[0] - self.first[0]]:
                    scores[1:] = -torch.inf
                if kind == _ABOUT:
                    scores[[thing + 1 for thing in avoided]] = -torch.inf
                    scores[0 if position < olds else -1] = -torch.inf  # first what became of all
                    if (position - _ABOUT) // _EACH in staying:
                        scores[-1] = -torch.inf
                    if position == LENGTH - 1:
                        break
                bold = boldness if kind < _ABOUT or kind > _ABOUT + 1 else min(boldness, _SURE)
                likely = (scores / max(bold, 1e-3)).softmax(0)
                likely[likely < 0.1 * likely.max()] = 0
                numbers.append(low + int(torch.multinomial(likely, 1, generator=generator)))
                if kind == _ABOUT and numbers[-1] == low:
                    break
        planned = self.layout(numbers)
        return planned if form.planned == extent else form.grown(planned, shown)

    @staticmethod
    def _unnamed(things: Sequence[Placed], like: torch.Tensor) -> frozenset[int]:
        """Places of things that words do not mean; none where the words name nothing else for sure.

        Args:
            things: Of the layout before.
            like: How like a word is to each thing's name at most (things + 1,).
        """
        others = like.clone()
        others[[one.thing + 1 for one in things]] = 0
        if others.max() < _NAMED:
            return frozenset()
        return frozenset(place for place, one in enumerate(things) if like[one.thing + 1] < _LIKE)


class Writing:
    """One layout being written, value by value: what `Planner.write` computes, with the keys and values of what was
    written and read kept.

    Args:
        planner: Whose writer writes.
        told: As `Planner.read` gives it for one caption.
    """

    def __init__(self, planner: Planner, told: Told) -> None:
        self._planner, self._told, self._position = planner, told, 0
        self._layers = [cast(nn.TransformerDecoderLayer, layer) for layer in planner.writer.layers]
        self._there = None if _some(told.empty) is None else ~told.empty[:, None, None]
        self._sources = [_projected(told.memory, layer.multihead_attn)[1:] for layer in self._layers]
        self._written: list[tuple[torch.Tensor, torch.Tensor] | None] = [None] * len(self._layers)
        self._beside = planner.beside(told.beside)
        self._used = torch.zeros_like(told.alike[:, None, :, 0])

    def after(self, number: int) -> torch.Tensor:
        """Scores (values,) of what follows a number that follows those given before."""
        planner, position = self._planner, self._position
        x = planner.vocabulary.weight[number] + planner.positions[position] + planner.roles[2]
        x = x[None, None]
        if position < self._beside.shape[1]:
            x = x + self._beside[:, position : position + 1]
        if position and planner.kind_at(position - 1) == _ABOUT:
            thing = planner.things_of(torch.tensor([[number]], device=x.device), 0)
            echo, heard = planner.echoed(thing, self._told)
            x, self._used = x + echo, self._used + heard
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
        return planner.scores(x, self._told, self._used, position)[0, 0]


def _projected(x: torch.Tensor, attention: nn.MultiheadAttention, parts: int = 3) -> list[torch.Tensor]:
    """Queries, and keys and values where three parts are asked for: n × heads × length × width / heads each."""
    count = parts * attention.embed_dim
    projected = nn.functional.linear(x, attention.in_proj_weight[:count], attention.in_proj_bias[:count])
    return [split_heads(part, attention.num_heads) for part in projected.chunk(parts, -1)]
