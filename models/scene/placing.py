"""Things moved until all stand where words put them: left or right of others, above or below, in the middle.

Words put several things at once ("to the left a factory, to the right a crane, a lantern above the gate"); moved one
after the other, each would push away what the last had put right. So all is tried together, a thing at a time, until
nothing gets better: what stands wrong costs most, then what hides another, then every square that a thing moves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from models.kinds import ALIVE, HANDY
from models.rendering.layout import SIDES, Layout, Placed, World
from models.scene.arranging import exchanged, shared
from models.scene.wardrobe import dressed_in, is_clothing, is_on_a_face

_WRONG, _HIDES, _MOVES, _SHRINKS = 20.0, 14.0, 0.25, 2.5  # the costs: a square off, a whole thing, a square, a step
_STAYS, _WAS_THERE = 3.0, 8.0  # and so many times these of what others are put by, of what something new comes to
_AMONG = ("leftmost", "rightmost", "highest", "lowest", "middle")  # of all that there is
_UPRIGHT = ("above", "below", "highest", "lowest")
_SWEEPS = 8
_CLEAR = 0.2  # of the sides of two things together, by which their middles are apart where one is on a side of all
_OFF_MIDDLE = 1.5  # squares that what is in the middle may be off it
_UPON = 0.8  # the part of a thing, from above, in which what is on it ends
_HELD = 0.3  # the part of what is held that lies over who holds it, at least


@dataclass(frozen=True)
class Tie:
    """Where things are to be: the last so many of a number, the way ("left", "right", "above", "below" of the things of
    other numbers; "leftmost", "rightmost", "highest", "lowest" among them; "middle")."""

    thing: int
    count: int
    way: str
    others: frozenset[int] = frozenset()


def stands_so(one: Placed, others: Sequence[Placed], way: str) -> bool:
    """Whether a thing is on a side of others, above or below them, or on them."""
    if way != "on":
        return _off(one, others, way, 0) <= 0
    across, foot = one.column + one.side / 2, one.row + one.side
    left, right, top, ground = _around(others)
    if not left <= across <= right:
        return False
    if len(others) > 1 and abs(across - (left + right) / 2) > (right - left) / 4:
        return False
    return top < foot <= top + _UPON * (ground - top)


def is_beside(one: Placed, other: Placed) -> bool:
    """Whether a thing stands at a side of another, near it and on the same ground."""
    gap = max(one.column - other.column - other.side, other.column - one.column - one.side)
    return -1 <= gap <= 1 and abs(one.row + one.side - other.row - other.side) <= 2


def on_its_seat(layout: Layout, thing: int, side: str, squares: tuple[int, int]) -> Layout | None:
    """The layout with one that sits beside others on the same seat at their left or right; None where none does."""
    things = layout.things
    n = next((n for n, one in enumerate(things) if one.thing == thing), None)
    if n is None or sum(one.thing == thing for one in things) > 1:
        return None
    one, sign = things[n], 1 if side == "left" else -1
    seats = [seat for seat in things if _sits(one, seat)]
    beside = [m for m, other in enumerate(things) if m != n and any(_sits(other, seat) for seat in seats)]
    if not beside:
        return None
    m = min(beside, key=lambda m: sign * things[m].column)
    return exchanged(layout, n, m, squares) if sign * (one.column - things[m].column) > 0 else layout


def settled(
    layout: Layout,
    ties: Sequence[Tie],
    before: Layout,
    world: World,
    squares: tuple[int, int],
    pairs: Collection[frozenset[int]] = (),
) -> Layout:
    """The layout with its things where ties say, as far as there is a way; as it is where all stand so.

    Args:
        layout: What there is. What is worn, held or sat upon goes along.
        ties: Where things are to be.
        before: What an edit began with: that is moved and shrunk less readily than what is new.
        world: The names of things.
        squares: How many columns and rows the picture has.
        pairs: The numbers of who holds something, and of this.
    """
    things = list(layout.things)
    bound = [one for tie in ties for one in _bound(tie, things)]
    if not bound or all(_off(things[n], [things[o] for o in by], way, squares[0]) <= 0 for n, way, by in bound):
        return layout
    rows = [[n for n, _ in _ones(tie, things)] for tie in ties if tie.count > 1]
    for row in rows:
        _in_a_row(things, row, squares[0])
    apart = {frozenset((n, o)) for n, way, by in bound if way not in _AMONG for o in by}
    apart |= {frozenset(two) for two in combinations({n for n, _, _ in bound}, 2)}  # each has a place of its own
    groups = _groups(replace(layout, things=tuple(things)), apart, rows, pairs, world)
    bound = [(n, way, by - group) for n, way, by in bound for group in groups if n in group]
    bound = [(n, way, by) for n, way, by in bound if by or way == "middle"]
    begun, old = list(things), {one.thing for one in before.things}
    stays = _STAYS if all(one.thing in old for one in things) else _WAS_THERE
    by_it = {o for _, way, by in bound if way not in _AMONG for o in by}
    order = sorted(groups, key=lambda group: (not any(n in group for n, _, _ in bound), not group.isdisjoint(by_it)))

    def searched(things: list[Placed]) -> list[Placed]:
        for resizes in (False, True):  # what is made smaller at once never finds that the others could move
            for _ in range(_SWEEPS):
                then = list(things)
                for group in order:
                    upright = any(way in _UPRIGHT and (n in group or by & group) for n, way, by in bound)
                    tied = any(n in group or by & group for n, _, by in bound)
                    ways = list(_ways(things, begun, group, squares, upright=upright, resizes=resizes and tied))
                    things = min(ways, key=lambda way: _cost(way, begun, group, bound, old, stays, squares))
                if things == then:
                    break
        return things

    def wrong(things: Sequence[Placed]) -> float:
        return sum(max(0.0, _off(things[n], [things[o] for o in by], way, squares[0])) for n, way, by in bound)

    found = searched(things)
    if wrong(found) > 0:  # who has to pass others finds no way that is better at every step
        found = min((found, searched(_in_order(begun, groups, bound, squares[0]))), key=wrong)
    return replace(layout, things=tuple(found))


def _in_order(
    things: Sequence[Placed],
    groups: Sequence[frozenset[int]],
    bound: Sequence[tuple[int, str, frozenset[int]]],
    columns: int,
) -> list[Placed]:
    """The things with their groups side by side from left to right as they are bound, evenly."""
    ahead = {(n, o) for n, way, by in bound if way in ("left", "leftmost") for o in by}
    ahead |= {(o, n) for n, way, by in bound if way in ("right", "rightmost") for o in by}
    rank = dict.fromkeys(range(len(things)), 0)
    for _ in things:
        for one, then in ahead:
            rank[then] = max(rank[then], min(rank[one] + 1, len(things)))
    row = sorted(groups, key=lambda group: (max(rank[n] for n in group), min(things[n].column for n in group)))
    placed = list(things)
    for number, group in enumerate(row):
        left, right, _, _ = _around([things[n] for n in group])
        over = round((number + 0.5) * columns / len(row) - (left + right) / 2)
        over = max(-left, min(over, columns - right))
        for n in group:
            placed[n] = replace(things[n], column=things[n].column + over)
    return placed


def _bound(tie: Tie, things: Sequence[Placed]) -> Iterator[tuple[int, str, frozenset[int]]]:
    """The things that a tie means, each with the way and with what it is put by, as places in the list."""
    ones = [n for n, _ in _ones(tie, things)]
    others = frozenset(n for n, one in enumerate(things) if one.thing in tie.others and n not in ones)
    if tie.way in _AMONG:  # the sofa that they sit on is beside nobody
        others = frozenset(o for o in others if not any(_sits(things[n], things[o]) for n in ones))
    if others or tie.way == "middle":
        yield from ((n, tie.way, others) for n in ones)


def _sits(one: Placed, other: Placed) -> bool:
    """Whether one thing stands, or somebody sits, on another."""
    return one is not other and one.over(other) and stands_so(one, [other], "on")


def _ones(tie: Tie, things: Sequence[Placed]) -> list[tuple[int, Placed]]:
    return [(n, one) for n, one in enumerate(things) if one.thing == tie.thing][-tie.count :]


def _in_a_row(things: list[Placed], row: Sequence[int], columns: int) -> None:
    """Put several of a kind side by side, no wider together than half of the picture, about where they are."""
    side = max(side for side in SIDES if side <= max(SIDES[0], min(things[row[0]].side, columns // (2 * len(row)))))
    foot = max(things[n].row + things[n].side for n in row)
    middle = sum(things[n].column + things[n].side / 2 for n in row) / len(row)
    first = max(0, min(round(middle - side * len(row) / 2), columns - side * len(row)))
    for number, n in enumerate(row):
        things[n] = replace(things[n], side=side, column=first + number * side, row=foot - side)


def _groups(
    layout: Layout,
    apart: set[frozenset[int]],
    rows: Sequence[Sequence[int]],
    pairs: Collection[frozenset[int]],
    world: World,
) -> list[frozenset[int]]:
    """The places in the list of what goes together: who wears, holds or sits on something, and this; and a row."""
    things, groups = layout.things, [{n} for n in range(len(layout.things))]

    def by_words(two: tuple[int, int]) -> bool:
        """Whether words put the two together: in a row, or one in the other's hand."""
        n, o = two
        held = things[n].over(things[o]) and frozenset((things[n].thing, things[o].thing)) in pairs
        return held or any(n in row and o in row for row in rows)

    for n, o in sorted(combinations(range(len(things)), 2), key=by_words, reverse=True):
        if not by_words((n, o)) and (frozenset((n, o)) in apart or not _together(things[n], things[o], layout, world)):
            continue
        one, other = (next(group for group in groups if place in group) for place in (n, o))
        if one is not other and not any(frozenset((a, b)) in apart for a in one for b in other):
            groups.remove(other)
            one |= other
    return [frozenset(group) for group in groups]


def _together(one: Placed, other: Placed, layout: Layout, world: World) -> bool:
    for a, b in ((one, other), (other, one)):
        if is_clothing(b.thing, world):
            continue
        if is_clothing(a.thing, world):
            if (is_on_a_face(a.thing, world) and a.over(b)) or a in dressed_in(layout, b, world):
                return True
        elif world.things[a.thing] in HANDY and world.things[b.thing] in ALIVE:
            if shared(a, b) >= _HELD * a.side**2:
                return True
        elif _sits(a, b) and abs(2 * (a.column - b.column) + a.side - b.side) <= b.side:
            return True
    return False


def _ways(
    things: list[Placed],
    begun: Sequence[Placed],
    group: frozenset[int],
    squares: tuple[int, int],
    *,
    upright: bool,
    resizes: bool,
) -> Iterator[list[Placed]]:
    """All ways to move a group, and to make it smaller if it is one thing; the way it is first."""
    yield things
    some = [things[n] for n in group]
    left, right, top, foot = _around(some)
    for down in range(-top, squares[1] - foot + 1) if upright else (0,):
        for over in range(-left, squares[0] - right + 1):
            moved = list(things)
            for n in group:
                moved[n] = replace(things[n], column=things[n].column + over, row=things[n].row + down)
            yield moved
            if len(group) > 1 or not resizes:
                continue
            (n,) = group
            for side in [side for side in SIDES if side < moved[n].side and side >= begun[n].side / 2][-2:]:
                smaller, now = list(moved), moved[n]
                room = now.side - side
                for column in {now.column, now.column + room // 2, now.column + room}:
                    smaller[n] = replace(now, side=side, column=column, row=now.row + room)
                    yield list(smaller)


def _cost(
    things: Sequence[Placed],
    begun: Sequence[Placed],
    group: frozenset[int],
    bound: Sequence[tuple[int, str, frozenset[int]]],
    old: Collection[int],
    stays: float,
    squares: tuple[int, int],
) -> float:
    """What a way costs, as far as it is the group's doing."""
    cost = 0.0
    for n, way, by in bound:
        if n in group or by & group:
            off = _off(things[n], [things[o] for o in by], way, squares[0])
            cost += _WRONG * (off + 0.5 if off > 0 else 0)
    for n in group:
        now, then = things[n], begun[n]
        anchors = any(n in by for _, way, by in bound if way not in _AMONG)
        times = stays if now.thing in old else _STAYS if anchors else 1
        cost += times * _MOVES * (abs(now.column - then.column) + abs(now.row + now.side - then.row - then.side))
        cost += times * _SHRINKS * abs(SIDES.index(now.side) - SIDES.index(then.side))
        for o, other in enumerate(things):
            if o not in group and (both := shared(now, other)):
                hidden = both / min(now.side, other.side) ** 2
                meant = now.thing in old and other.thing in old
                was = shared(then, begun[o]) / min(then.side, begun[o].side) ** 2 if meant else 0
                more = max(0.0, hidden - was)
                cost += _HIDES * (more + more**2) / 2  # of two that hide it, each hides as little as the other
    return cost


def _off(one: Placed, others: Sequence[Placed], way: str, columns: int) -> float:
    """By how many squares a thing is not where it should be; 0 or less where it is."""
    across = one.column + one.side / 2
    if way == "middle":
        return abs(across - columns / 2) - _OFF_MIDDLE
    if way in _AMONG:  # by their middles: what stands on a side of all need not be beside them
        aside = way in ("leftmost", "rightmost")
        sign = 1 if way in ("leftmost", "highest") else -1
        own = across if aside else one.row + one.side / 2
        return max(
            sign * (own - (other.column if aside else other.row) - other.side / 2)
            + (_CLEAR * (one.side + other.side) if aside else 0.25)
            for other in others
        )
    left, right, top, ground = _around(others)
    aside = max(0.0, left - across, across - right)
    if len(others) > 1:  # and not above one of them only
        aside = max(0.0, abs(across - (left + right) / 2) - 0.5)
    match way:
        case "left":
            return across - left + 0.25
        case "right":
            return right - across + 0.25
        case "above":
            return max(0.0, one.row + one.side - top - 1) + aside
        case _:
            return max(0.0, (top + ground) / 2 - one.row) + aside


def _around(things: Sequence[Placed]) -> tuple[int, int, int, int]:
    """The left, right, upper and lower edge of things."""
    return (
        min(one.column for one in things),
        max(one.column + one.side for one in things),
        min(one.row for one in things),
        max(one.row + one.side for one in things),
    )
