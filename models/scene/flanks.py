"""One of a kind on the left and one on the right: "a tree on the left and one on the right", "candles on each side"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.english.naming import Said
from models.english.patterns import any_of, regex
from models.kinds import MOST
from models.rendering.layout import SIDES, Layout, Placed, World
from models.scene.arranging import HIDDEN, with_room
from models.scene.believable import looms

_NARROWEST = 4  # squares of what stands at a side, where the middle has no more to spare
_BEHIND = 0.375  # of the width, at most, for what is much larger in life than the middle and may reach behind that
_SIDE = r"(?:on|at|to|by) (?:the|its|his|her|their) (?:far |very )?{way}(?:[ -]hand)?(?: side)?"
_EACH_SIDE = any_of(
    r"(?:(?:on|at|to|by) )?(?:each|both|either|the two|two)(?: of (?:the|its|his|her|their))? (?:sides?|ends?)"
)
_AT_A_SIDE = regex(
    r"\W*(?:(?:goes|go|is|are|stands|should be|must be|to|on|at|over|the|its|far|very)\b\W*)*(?P<way>left|right)\b"
    r"(?:[ -]hand)?(?: side)?(?! of)"
    r"(?=\W*(?:$|and\b|with\b|plus\b|please\b|pls\b|the\b|an?\b|\w+ (?:to|on|at|right|left)\b))",
)
_NEXT, _A = regex(r"\s*[,;:]"), regex(r"\W*an?\b")
_ONE_AND_ONE = tuple(
    regex(
        rf"[^,.;]{{0,12}}?\b{_SIDE.format(way=first)}\W+(?:and |plus |with |& )*"
        r"(?:(?:the )?other|one|another(?: one)?|the same|(?P<named>an?|another|one)(?: [\w-]+){1,3}?) "
        rf"{_SIDE.format(way=then)}\b",
    )
    for first, then in (("left", "right"), ("right", "left"))
)


def sided(text: str, said: Sequence[Said]) -> dict[int, str]:
    """The sides that words give to two things by name: "the cat on the left and the dog on the right", "cat left, dog
    right"; none where they say so of one, or of both the same."""
    ways: dict[int, str] = {}
    for one, behind in zip(said, [*(other.start for other in said[1:]), len(text)], strict=False):
        between = text[one.end : behind]
        found = _AT_A_SIDE.match(between)
        if found and not (_NEXT.match(between) and _A.match(between, found.end())):  # "a train, to the left a factory"
            ways[one.thing] = found["way"].lower()
    return ways if sorted(ways.values()) == ["left", "right"] else {}


def stood_aside(layout: Layout, ways: Mapping[int, str], world: World, squares: tuple[int, int]) -> Layout:
    """The layout with two things at the sides that `sided` says; as it is where it does not show one of each, or they
    are there."""
    there = {way: [one for one in layout.things if one.thing == thing] for thing, way in ways.items()}
    if [len(ones) for ones in there.values()] != [1, 1]:
        return layout
    (left,), (right,) = there["left"], there["right"]
    middle = 2 * left.column + left.side, 2 * right.column + right.side
    if middle[0] <= squares[0] <= middle[1]:
        others = [one for one in layout.things if not (one.over(left) or one.over(right))]  # but what they wear or hold
        between = [2 * one.column + one.side for one in others]
        if all(middle[0] < one < middle[1] for one in between):
            return layout
    return _flanked(layout, left, right, world, squares)


def flanking(text: str, said: Sequence[Said]) -> Said | None:
    """The name of what words want one of on the left and one on the right; None where they want no such thing."""
    for number, one in enumerate(said):
        others = [other for other in said[number + 1 :] if other.thing != one.thing]
        for pattern in _ONE_AND_ONE:
            found = pattern.match(text, one.end)
            if not found or any(other.start < found.end() for other in others):
                continue
            if not found["named"] or any(one.end < other.start < found.end() for other in said):
                return one
    if found := _EACH_SIDE.search(text):
        return next((one for one in reversed(said) if one.end <= found.start()), None)
    return None


def flanked(text: str, said: Sequence[Said], layout: Layout, world: World, squares: tuple[int, int]) -> Layout:
    """The layout with a thing on either side of the rest, as far as the list has room, where words want it so.

    Args:
        text, said: The words, and the names in them.
        layout: Shows one or two of that thing.
        world: The names of things.
        squares: How many columns and rows the picture has.
    """
    named = flanking(text, said)
    ones = [one for one in layout.things if named and one.thing == named.thing][:2]
    if not ones or len(layout.things) - len(ones) + 2 > MOST:
        return layout
    if len(ones) < 2:
        ones.append(replace(ones[0]))
        layout = replace(layout, things=(*layout.things, ones[1]))
    return _flanked(layout, ones[0], ones[1], world, squares)


def _flanked(layout: Layout, left: Placed, right: Placed, world: World, squares: tuple[int, int]) -> Layout:
    """The layout with two of its things at the edges, no larger than the rest leaves room for, which makes some; or
    behind the rest where that is much smaller in life."""
    others = [one for one in layout.things if one is not left and one is not right]
    behind = bool(others) and all(looms(one, other, world) for one in (left, right) for other in others)
    room = max(_NARROWEST, (squares[0] - max((one.side for one in others), default=0)) // 2)
    flanks = list[Placed]()
    for one in (left, right):
        least, most = (room, int(_BEHIND * squares[0])) if behind else (0, room)
        side = max(known for known in SIDES if known <= min(max(one.side, least), max(most, room)))
        foot = one.row + one.side
        flanks.append(replace(one, side=side, row=foot - side, column=0 if one is left else squares[0] - side))
    if behind:
        highest = min(one.row + one.side for one in others)
        flanks = [replace(one, row=max(0, min(one.row, highest - 1 - one.side))) for one in flanks]
        layout = replace(layout, things=(*flanks, *others))
        return _between(layout, len(flanks), flanks, squares) if len(others) == 1 else layout
    layout = replace(layout, things=(*others, *flanks))
    for number, one in enumerate(others):
        if any(one.over(flank) for flank in flanks):
            layout = _between(layout, number, flanks, squares)
    return layout


def _between(layout: Layout, number: int, flanks: Sequence[Placed], squares: tuple[int, int]) -> Layout:
    """The layout with one of its things in the middle, if it is alone there, else where there is room."""
    if len(layout.things) == len(flanks) + 1:
        one = layout.things[number]
        moved = replace(one, column=(squares[0] - one.side) // 2)
        return layout.but(number, moved)
    return with_room(layout, number, HIDDEN, *squares)
