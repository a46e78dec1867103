"""The layout of a picture: what is where, in which colour, in which place, light, weather and style.

It stands between words and pixels. `models.scene.planner` turns words into one, `models.painter` paints one,
`models.rendering.eye` reads one off a picture. Everything is counted in squares of sixteen pixels, the patches of
`PatchAutoencoder`; numbers become words only through a `World`, the names that a set of weights was trained with.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from models.kinds import PEOPLE
from models.things import what_is

SIDES = (3, 4, 5, 6, 8, 10, 12)  # of things, in squares
_SEEN = 0.3  # of a thing, from which on it is seen in what a crop left
_EVEN, WIDEST = 4, 32  # squares of which the sides of a painted picture are multiples, and most of them
DEPTH = 4  # things that may overlap in one square and are still seen

NO_SKY = frozenset({"underwater", "cave", "space"})  # places outdoors without one
_NO_SUCH = {
    "dog": "hot dog",
    "bear": "teddy bear",
    "mouse": "computer mouse",
    "wheel": "ferris wheel",
}  # what has another's name in its own and is none
_SHE, _HE = frozenset({"she", "her", "hers"}), frozenset({"he", "him", "his"})


@dataclass(frozen=True)
class Placed:
    """One thing: number of its name and of its colour in the world (colour 0: as it is), side and upper left corner
    in squares. The corner may lie outside the picture."""

    thing: int
    colour: int
    side: int
    column: int
    row: int

    def over(self, other: Placed) -> bool:
        """Whether the two boxes share a square."""
        return (
            self.column < other.column + other.side
            and other.column < self.column + self.side
            and self.row < other.row + other.side
            and other.row < self.row + self.side
        )


@dataclass(frozen=True)
class Window:
    """What a crop left of a picture of so many columns and rows of `squares`: the edges of that, left, top, right and
    bottom, in squares."""

    squares: tuple[int, int]
    box: tuple[float, float, float, float]

    def is_possible(self) -> bool:
        """Whether a picture that the painter paints was cropped so: anybody may have written this in a file."""
        (columns, rows), (left, top, right, bottom) = self.squares, self.box
        known = all(0 < side <= WIDEST and side % _EVEN == 0 for side in self.squares)
        return known and 0 <= left < right <= columns and 0 <= top < bottom <= rows

    def shows(self, one: Placed) -> bool:
        """Whether enough of a thing is left to be seen."""
        left, top, right, bottom = self.box
        across = min(right, one.column + one.side) - max(left, one.column)
        down = min(bottom, one.row + one.side) - max(top, one.row)
        return min(across, down) > 0 and across * down >= _SEEN * one.side**2

    def fitted(self, one: Placed) -> Placed:
        """A thing where it is seen whole, as large as there is room."""
        left, top, right, bottom = (round(edge) for edge in self.box)
        side = max((side for side in SIDES if side <= min(one.side, right - left, bottom - top)), default=SIDES[0])
        column, row = one.column + (one.side - side) // 2, one.row + one.side - side
        return replace(
            one, side=side, column=max(left, min(column, right - side)), row=max(top, min(row, bottom - side))
        )


@dataclass(frozen=True)
class Layout:
    """A whole picture. `about` holds the numbers of place, light, weather and style; later things lie in front.
    `view` is the number of one of the place's backdrops: where its hills, houses and clouds are. Of a picture that is
    `mirrored`, things stand where they are seen, but they and the backdrop look as in a mirror; of one that was
    cropped, all is where it was before, and the `window` is what is left of it."""

    about: tuple[int, int, int, int]
    things: tuple[Placed, ...] = ()
    view: int = 0
    mirrored: bool = False
    window: Window | None = None

    def but(self, number: int, one: Placed) -> Layout:
        """The layout with another thing in the place of one (by its place in the list)."""
        return replace(self, things=(*self.things[:number], one, *self.things[number + 1 :]))

    def new_since(self, before: Layout) -> list[Placed]:
        """Things of which there are more than before, those of each kind that come last."""
        more = Counter(one.thing for one in self.things) - Counter(one.thing for one in before.things)
        return [one for kind, count in more.items() for one in [t for t in self.things if t.thing == kind][-count:]]

    def new_kinds_since(self, before: Layout) -> set[int]:
        """The things of which there was none before, by their numbers."""
        return {one.thing for one in self.things} - {one.thing for one in before.things}

    def extended(
        self, squares: tuple[int, int], margins: tuple[float, float, float, float]
    ) -> tuple[Layout, tuple[int, int]]:
        """The layout of a larger picture, and its columns and rows.

        Args:
            squares: The columns and rows of this one, where nothing was cropped.
            margins: What is added (left, top, right, bottom), in fractions of what is seen.
        """
        whole, box = (self.window.squares, self.window.box) if self.window else (squares, (0, 0, *squares))
        across, down = box[2] - box[0], box[3] - box[1]
        columns, rows = (
            max(_EVEN, _EVEN * round(side / _EVEN))
            for side in (across * (1 + margins[0] + margins[2]), down * (1 + margins[1] + margins[3]))
        )
        right = round(margins[0] * across - box[0])
        lowest = max((one.row + one.side for one in self.things), default=0)
        below = max(round(lowest * rows / whole[1]) - lowest, -min((one.row for one in self.things), default=0))
        moved = (replace(one, column=one.column + right, row=one.row + below) for one in self.things)
        there = tuple(one for one in moved if one.column + one.side > 0 and one.column < columns)
        return replace(self, things=there, window=None), (columns, rows)

    def seen(self) -> Layout:
        """The layout with what is seen of it."""
        return self if self.window is None else replace(self, things=tuple(filter(self.window.shows, self.things)))

    @property
    def kinds(self) -> list[tuple[int, int]]:
        """The names and colours of the things, wherever they are, in order of their numbers."""
        return sorted((one.thing, one.colour) for one in self.things)


@dataclass(frozen=True)
class World:
    """The names behind the numbers of a layout. `colours[0]` is the thing as it is and has no name."""

    things: tuple[str, ...]
    colours: tuple[str, ...]
    places: tuple[str, ...]
    lights: tuple[str, ...]
    weathers: tuple[str, ...]
    styles: tuple[str, ...]

    @property
    def about(self) -> tuple[tuple[str, ...], ...]:
        """Names of what `Layout.about` numbers, in its order."""
        return self.places, self.lights, self.weathers, self.styles

    @property
    def words(self) -> tuple[str, ...]:
        """Each word of the names once, in lower case, and the plurals of things."""
        things = " ".join(f"{name} {name}s {name}es" if name.isalpha() else name for name in self.things)
        others = " ".join(name for names in (self.colours, *self.about) for name in names)
        return tuple(dict.fromkeys(f"{things} {others}".lower().split()))

    def shows(self, layout: Layout, thing: int) -> bool:
        """Whether a layout shows a thing, or one that is called after it ("sun hat" for "hat"), or such a place."""
        name = _words(self.things[thing])
        shown = (self.places[layout.about[0]], *(self.things[one.thing] for one in layout.things))
        return any(name <= _words(other) and _NO_SUCH.get(self.things[thing]) != other for other in shown)

    def is_worn(self, thing: int) -> bool:
        """Whether a thing is for heads."""
        return what_is(self.things[thing]).worn == "head"

    def is_somebody(self, thing: int) -> bool:
        """Whether a thing is a person."""
        return self.things[thing] in PEOPLE

    def may_be(self, thing: int, text: str) -> bool:
        """Whether a thing is somebody whom a text may speak of: "she" is no bearded man, "he" no bride."""
        pronoun, words = what_is(self.things[thing]).pronoun, set(re.findall(r"\w+", text.lower()))
        she, he = not words.isdisjoint(_SHE), not words.isdisjoint(_HE)
        wrong = she != he and pronoun == ("he" if she else "she")
        return (self.is_somebody(thing) or pronoun == "she") and not wrong

    def new(self, layout: Layout, before: Layout) -> list[str]:
        """The names of what a layout shows and the one before did not: things, and place, light, weather and style."""
        more = Counter(one.thing for one in layout.things) - Counter(one.thing for one in before.things)
        about = zip(self.about, layout.about, before.about, strict=True)
        return [self.things[number] for number in more] + [names[now] for names, now, old in about if now != old]

    def said(self, layout: Layout) -> str:
        """The layout in words: "red fox, 2 × hat; meadow, night, snow"."""
        counts = Counter(f"{self.colours[t.colour]} {self.things[t.thing]}".strip() for t in layout.seen().things)
        things = [name if count == 1 else f"{count} × {name}" for name, count in counts.items()]
        place, light, weather, style = (names[number] for names, number in zip(self.about, layout.about, strict=True))
        around = [place, *(word for word in (light, weather, style) if word not in ("day", "clear", "plain"))]
        return "; ".join(filter(None, [", ".join(things), ", ".join(around)]))

    def written(self, layout: Layout, squares: tuple[int, int]) -> str:
        """A layout for a picture of so many columns and rows, as text that `read` reads in any world with its names."""
        things = [(self.colours[t.colour], self.things[t.thing], t.side, t.column, t.row) for t in layout.things]
        about = [names[number] for names, number in zip(self.about, layout.about, strict=True)]
        told = {"squares": squares, "about": about, "view": layout.view, "things": things}
        told |= {"mirrored": True} if layout.mirrored else {}
        told |= {"squares": layout.window.squares, "window": layout.window.box} if layout.window else {}
        return json.dumps(told)

    def read(self, text: str, squares: tuple[int, int]) -> Layout | None:
        """The layout that was `written`; None where the text is none, or of another world than this, or of another size
        though nothing was cropped."""
        try:
            found = json.loads(text)
            about = [names.index(name) for names, name in zip(self.about, found["about"], strict=True)]
            place, light, weather, style = about
            things = tuple(
                Placed(self.things.index(name), self.colours.index(colour), SIDES[SIDES.index(side)], int(x), int(y))
                for colour, name, side, x, y in found["things"]
            )
            columns, rows = found["squares"]
            window = None
            if "window" in found:
                left, top, right, bottom = map(float, found["window"])
                window = Window((int(columns), int(rows)), (left, top, right, bottom))
                if not window.is_possible():
                    return None
            mirrored = bool(found.get("mirrored"))
            layout = Layout((place, light, weather, style), things, int(found["view"]), mirrored, window)
        except (ValueError, TypeError, KeyError):
            return None
        return layout if window or (columns, rows) == squares else None


def _words(name: str) -> set[str]:
    """The words of a name, in the singular."""
    return {re.sub(r"(?<=ss)es$|(?<=x)es$|(?<!s)s$", "", word) for word in name.split()}


@dataclass(frozen=True)
class Maps:
    """Layouts drawn as maps of squares, for networks to read.

    `ids` (n, DEPTH, 3, rows, columns): thing from 1, colour from 1, number in SIDES from 1, of the front thing's box
    and of the one behind it; zeros where there is none. `parts` (n, DEPTH, 2, rows, columns): the square's middle
    within the box, 0–1 across and down. `about` (n, 5): place, light, weather, style, view.
    """

    ids: torch.Tensor
    parts: torch.Tensor
    about: torch.Tensor

    def to(self, device: torch.device) -> Maps:
        return Maps(self.ids.to(device), self.parts.to(device), self.about.to(device))

    def __getitem__(self, chosen: torch.Tensor) -> Maps:
        return Maps(self.ids[chosen], self.parts[chosen], self.about[chosen])


def draw(layouts: Sequence[Layout], columns: int, rows: int) -> Maps:
    """The maps of layouts for pictures of `columns` × `rows` squares."""
    ids = torch.zeros(len(layouts), DEPTH, 3, rows, columns, dtype=torch.long)
    parts = torch.zeros(len(layouts), DEPTH, 2, rows, columns)
    for number, layout in enumerate(layouts):
        for one in layout.things:
            left, top = max(0, one.column), max(0, one.row)
            right, bottom = min(columns, one.column + one.side), min(rows, one.row + one.side)
            if left >= right or top >= bottom:
                continue
            here = (number, slice(None), slice(None), slice(top, bottom), slice(left, right))
            ids[here] = ids[here].roll(1, 0)
            parts[here] = parts[here].roll(1, 0)
            kind = torch.tensor([one.thing + 1, one.colour + 1, SIDES.index(one.side) + 1])
            ids[number, 0, :, top:bottom, left:right] = kind[:, None, None]
            parts[number, 0, 0, top:bottom, left:right] = (torch.arange(left, right) - one.column + 0.5) / one.side
            parts[number, 0, 1, top:bottom, left:right] = ((torch.arange(top, bottom) - one.row + 0.5) / one.side)[
                :, None
            ]
    return Maps(ids, parts, torch.tensor([(*layout.about, layout.view) for layout in layouts]).reshape(-1, 5))


def kept(before: Maps, after: Maps) -> torch.Tensor:
    """Squares (n, 1, rows, columns) of an edit that stay as they were: 1 where nothing changes within a square of it.

    A thing's shadow and soft edge reach a little beyond its box; where place, light, weather, style or view change,
    nothing stays.
    """
    same = (before.ids == after.ids).flatten(1, 2).all(1, keepdim=True)
    same = same & (before.parts == after.parts).flatten(1, 2).all(1, keepdim=True)
    near = torch.nn.functional.max_pool2d((~same).float(), 3, 1, 1) == 0
    everywhere = (before.about == after.about).all(1).reshape(-1, 1, 1, 1)
    return (near & everywhere).float()
