"""Where things are at home: which place a picture may have where its words name none.

A planner draws what words leave open as it was taught, and it was taught with every thing in every place: a lighthouse
in a cave is as good to it as one by the sea. People expect the latter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.things import having, what_is

_ANYWHERE = ("meadow", "park", "garden", "forest", "beach", "city", "road", "room")


def homely(places: Sequence[str], things: Iterable[str]) -> frozenset[int]:
    """The numbers of the places where the first of things is at home, and as many of the others as may be: a boat comes
    before the man in it, the tree before the book under it: what is large in life before what is small, then what has
    few homes. Of things that are nowhere in particular, everyday places."""
    homes, lived = frozenset[str](), [one for one in map(what_is, things) if one.homes]
    for one in sorted(lived, key=lambda one: (-(one.rank or 0), len(one.homes))):
        homes = homes & one.homes or homes or one.homes
    return frozenset(number for number, name in enumerate(places) if name in (homes or _ANYWHERE))


def places() -> frozenset[str]:
    """Every place where something is at home."""
    return frozenset[str]().union(*(what_is(name).homes for name in having("homes")))
