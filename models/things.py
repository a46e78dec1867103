"""What each thing of the small painter's world is: a row each in `things.toml`, which nothing else in the code repeats.

`what_is("balloon").flies` asks for one thing, `having("flies")` which things it is so of.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_FILE = Path(__file__).with_name("things.toml")


class Thing(NamedTuple):
    """What a thing is; what its row says nothing of is as here.

    Attributes:
        rank: How large it is in life, from 0 (an ant) to 7 (a castle); None for what has no size of its own (a heart).
        homes: The places where it is, where words name none; everyday ones where it has none.
        sorts: What it is one of (`models.kinds.SORTS`); "animal", "person" and "being" are alive.
        pronoun: "she" or "he", of whom the other is never said.
        hat: What of those that are worn on heads it is drawn with.
        drawn: "face" of whom no more is seen than that, or as far as the shoulders; "sideways" of whose head is at the
            left; "" for all else.
        head: Where the head is, in parts of the whole, where it is elsewhere than that of others who are drawn so: its
            middle from the left, its top and its eyes from above, and the side of a hat, or of glasses, that it wears.
        handy: "held" of what somebody who comes with it has in a hand ("a man with a briefcase"); "carried" of what of
            that is for whoever is there, when it comes and words say no more; "strapped" of what of that is worn,
            though it is drawn beside somebody.
        held_up: How far down who holds it its foot is, where it is held up.
        worn: Where it is worn: on the "head", on the "face" (the nose, or the neck), or below it on "body", "legs" or
            "feet".
        middle: How far down from the top of a face its middle belongs, of what is worn on one.
        lenses: How far down in it those are, where that is not its middle.
        around: Whether it is worn around the head, and as wide.
        seat: Whether somebody or something is in it, or sits on it.
        many: Whether it is a seat for several who are alive.
        deep: The part of it over which what is on it ends.
        wide: Squares of its side, at least, where something is put on it.
        share: The side of what is in it, in its own, at most.
        holds: Whether it may be full of things.
        bears: Whether things stand on it in rows.
        perch: Whether animals sit in it as in a tree, and stand before it.
        roof: Whether things stand under it, and not below it in the picture.
        beside: Whether it is on a box, or beside a plate, rather than in it.
        flies: Whether it is in the air whatever words say.
        walks: Whether it is a bird and never in the air.
        climbs: Whether it may be on a wall.
        sails: Whether it is on the water where a place has some.
        swims: Whether it is always wet.
        sky: Whether it belongs in the sky.
        hangs: Whether it hangs on a wall.
        backdrop: Whether it stands at the edge of the ground, behind what is smaller.
        scenery: Whether a place may show it without its being one of the picture's things.
        alight: Whether it burns or shines.
        furniture: Whether somebody sits there under a parasol, not under an umbrella.
        pied: Whether it is black and white anyway.
        draws: Whether a picture may be drawn with it, which need not show it.
    """

    rank: int | None = None
    homes: frozenset[str] = frozenset()
    sorts: frozenset[str] = frozenset()
    pronoun: str = ""
    hat: str = ""
    drawn: str = ""
    head: Sequence[float] = ()
    handy: str = ""
    held_up: float | None = None
    worn: str = ""
    middle: float | None = None
    lenses: float = 0.5
    around: bool = False
    seat: bool = False
    many: bool = False
    deep: float | None = None
    wide: int = 0
    share: float = 1.0
    holds: bool = False
    bears: bool = False
    perch: bool = False
    roof: bool = False
    beside: bool = False
    flies: bool = False
    walks: bool = False
    climbs: bool = False
    sails: bool = False
    swims: bool = False
    sky: bool = False
    hangs: bool = False
    backdrop: bool = False
    scenery: bool = False
    alight: bool = False
    furniture: bool = False
    pied: bool = False
    draws: bool = False


_NOTHING = Thing()


def what_is(name: str) -> Thing:
    """What a thing is; one that has no row is nothing in particular."""
    return _things().get(name, _NOTHING)


@cache
def having(what: str, *values: str) -> frozenset[str]:
    """The things whose rows say something of an attribute of `Thing`; with values, those that have one of them.

    Raises:
        AttributeError: There is no such attribute.
    """
    getattr(_NOTHING, what)
    told = ((name, row[what]) for name, row in _rows().items() if what in row)
    return frozenset(
        name
        for name, said in told
        if not values or (said in values if isinstance(said, str) else not said.isdisjoint(values))
    )


@cache
def _things() -> Mapping[str, Thing]:
    return {name: Thing(**row) for name, row in _rows().items()}


@cache
def _rows() -> Mapping[str, Mapping[str, Any]]:
    """What the file says of each thing."""
    file = tomllib.loads(_FILE.read_text(encoding="utf-8"))

    @cache
    def listed(names: str) -> frozenset[str]:
        return frozenset(one for name in names.split(", ") for one in file["places"].get(name, name).split(", "))

    return {
        name: {what: listed(said) if what in ("homes", "sorts") else said for what, said in row.items()}
        for name, row in file["things"].items()
    }
