"""Where things stand in a picture once it is known which: in believable sizes and places, in ranks, behind or between
others, aside, far off, in the sky; what a change leaves alone stays where it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from models.english.naming import Names
from models.english.patterns import any_of, regex
from models.english.weathers import says, weathers_in
from models.rendering.layout import SIDES, Layout, Placed, World
from models.scene.arranging import (
    COVERED,
    HIDDEN,
    hiding,
    in_ranks,
    in_size,
    put_aside,
    raised,
    shared,
    sized,
    stood_behind,
    stood_between,
    with_room,
)
from models.scene.believable import (
    SIZED,
    believable,
    by_distance,
    evened,
    fliers,
    ground_of,
    in_proportion,
    looms,
    set_back,
)
from models.scene.clearing import ASIDE
from models.scene.flanks import flanking
from models.scene.hearing import Heard
from models.scene.placing import on_its_seat, stands_so
from models.scene.wardrobe import is_clothing
from models.things import having

_ALIKE = 0.75  # of the side of those of its kind: what comes to them is that large at least
_CROWD = 5  # things that stand in ranks where the planner piles them up
_CLIMBS = 0.4  # of the height of a picture over which the feet of a kind are spread: more is no ground
_AFLOAT = frozenset({"sky", "space", "underwater"})
_ALOFT = having("sky")
UPON = any_of(r"""
    wear\w*|on|onto|in|into|inside|behind|front|between|under|over|above|below|with|hold\w*|rid\w*|put|gives?|gets?|hat|cap
    crown|helmet|instead|replace|swap|turn|for
""")
"""What may put something new on, in or by what is there, or say what for."""
_ANOTHER_SIZE = any_of(
    r"(?:another|a second|one more) (?:(?P<smaller>smaller|tiny|little|small|baby|mini)|bigger|larger|big|huge|giant)"
)
_MORE = regex(r"\b(?:and|then|also|plus)\b|[,;.&]\W*\w")
_BEHIND = any_of("behind|in the back(?:ground)?")
_OVER = any_of("over|above")
_ABOVE_A_PLACE = any_of(
    r"(?:over|above) (?:an?|the|my|our) (?:[\w-]+ )?"
    r"(?:city|town|village|sea|ocean|beach|forest|woods|jungle|mountains?|hills|desert|fields?|farm|meadow|park|road)"
)
_FAR_UP = 6  # squares of the side of what flies over one, at most
_BETWEEN = any_of("between")
_BEFORE = any_of("in front of")
_DISTANT = any_of("(?:in|into) the (?:far )?distance|far (?:away|off)|on the horizon")
_DISTANCE = 0.6  # of the side of what is far off, in that of what is near
_ON_A_SIDE = any_of(r"(?:(?:on|at|to|from) the (?:far |very )?|far )(?P<side>left|right)(?: side| hand side)?(?! of)")
_ON_SOMETHING = regex(
    r"\s+(?:on|onto|at|to)(?: the)?(?: (?:very )?top of| tip of)?\s+(?:the|his|her|its|my|an?)\b"
    r"(?! (?:(?:far|very|top|upper|other) )*(?:left|right|top|side|corner)\b(?! (?!hand|side|of|corner|and|in)\w))",
    re.I,
)
_ON_A_TABLE = any_of(r"(?:up)?on(?: top of)? (?:an?|the|his|her|their|my|our) (?:[\w-]+ ){0,2}table")
_AT_THE_TOP = any_of("at the (?:very )?top(?! of)")


def arranged(heard: Heard, layout: Layout, world: World, squares: tuple[int, int], *, sky: bool) -> Layout:
    """The layout of a new picture with all that is not worn in believable sizes and places.

    Args:
        sky: Whether the place has one.
    """
    return evened(heard, _arranged(heard, layout, world, squares, sky=sky), world, squares)


def _arranged(heard: Heard, layout: Layout, world: World, squares: tuple[int, int], *, sky: bool) -> Layout:
    worn = [is_clothing(one.thing, world) for one in layout.things]
    free = [n for n, on_somebody in enumerate(worn) if not on_somebody]
    layout = believable(heard, layout, free, world, squares)
    if any(worn):  # what somebody wears is meant to hide some of them
        return layout
    ranked = layout if _ON_A_TABLE.search(heard.text) else _in_ranks(heard.text, layout, world, squares, sky)
    if ranked != layout:
        return in_proportion(ranked, free, world, squares, shrinks=True)
    for number in range(len(layout.things)):
        layout = with_room(layout, number, COVERED, *squares)
    return by_distance(layout)


def _in_ranks(text: str, layout: Layout, world: World, squares: tuple[int, int], sky: bool) -> Layout:
    """The layout with what does not belong in the sky in ranks, where it was piled up or climbs the walls."""
    high = _aloft({one.thing for one in layout.things}, world, _ALOFT | fliers(text)) if sky else set[int]()
    low = replace(layout, things=tuple(one for one in layout.things if one.thing not in high))
    afloat = world.places[layout.about[0]] in _AFLOAT
    feet = dict[int, list[int]]()
    for one in low.things:
        feet.setdefault(one.thing, []).append(one.row + one.side)
    climbs = any(len(some) >= _CROWD and max(some) - min(some) > _CLIMBS * squares[1] for some in feet.values())
    if len(low.things) < _CROWD or (hiding(low) <= HIDDEN and (afloat or not climbs)):
        return layout
    ranked = in_ranks(low, *squares, afloat=afloat)
    return replace(layout, things=(*ranked.things, *(one for one in layout.things if one.thing in high)))


def _aloft(things: Collection[int], world: World, names: Collection[str] = _ALOFT) -> set[int]:
    """Those of things that belong in the sky."""
    return {thing for thing in things if world.things[thing] in names}


def stood_as_said(
    text: str, layout: Layout, names: Names, world: World, squares: tuple[int, int], *, sky: bool
) -> Layout:
    """The layout of a new picture with what belongs there in the sky, and things behind others where words say so."""
    high = _aloft({one.thing for one in layout.things}, world) if sky else set[int]()
    over = [names.said(text[found.end() :])[:1] for found in _OVER.finditer(text)]
    high -= {said.thing for some in over for said in some}  # "a cow jumping over the moon"
    if sky and _ABOVE_A_PLACE.search(text):
        fly = {n: one for n, one in enumerate(layout.things) if world.things[one.thing] in fliers(text)}
        layout = sized(layout, {n: min(one.side, _FAR_UP) for n, one in fly.items()}, *squares)
        high |= {one.thing for one in fly.values()}
    layout = stood_behind(raised(layout, high, *squares), _behind(text, names), *squares)
    return layout if ASIDE.search(text) or SIZED.search(text) else _arched(layout, world, squares)


def _arched(layout: Layout, world: World, squares: tuple[int, int]) -> Layout:
    """The layout of a new picture with a rainbow from the ground to the right edge, where the half that it is drawn as
    ends, behind all."""
    bows = [one for one in layout.things if world.things[one.thing] == "rainbow"]
    ground = ground_of(layout, world, squares[1])
    if len(bows) != 1 or ground is None:
        return layout
    side = max(side for side in SIDES if side <= min(max(ground, SIDES[0]), squares[0]))
    bow = replace(bows[0], side=side, column=squares[0] - side + 1, row=ground - side)
    return replace(layout, things=(bow, *(one for one in layout.things if one is not bows[0])))


def _behind(text: str, names: Names) -> frozenset[int]:
    """The things that words put behind others: "a castle behind a fox", "a fox with a castle behind it", "a fox in
    front of a castle"."""
    behind = _BEHIND.search(text)
    found = behind or _BEFORE.search(text)
    if not found:
        return frozenset()
    ahead = names.said(text[: found.start()])
    first, then = [said.thing for said in ahead], [said.thing for said in names.said(text[found.end() :])]
    if not behind:
        first, then = then, first
    elif not then and ahead and not text[ahead[-1].end : found.start()].strip():  # "with a castle behind it"
        first, then = first[-1:], first[:-1]
    return frozenset(first) - frozenset(then) if then else frozenset()


def settled(heard: Heard, layout: Layout, before: Layout, world: World, squares: tuple[int, int]) -> Layout:
    """The layout with what a change only brings in believable sizes and places beside what was there."""
    if Counter(before.things) - Counter(layout.things):
        return layout
    after = believable(heard, layout, _brought(layout, before, world), world, squares)
    return still_aside(heard.text, layout, after, squares)


def still_aside(text: str, layout: Layout, after: Layout, squares: tuple[int, int]) -> Layout:
    """A layout after things in it were moved for room or looks; those that crossed the middle are back at their side,
    where words speak of one: a planner that was told "left" has put them there."""
    if not ASIDE.search(text) or len(layout.things) != len(after.things):
        return after
    things = list(after.things)
    for number, (old, new) in enumerate(zip(layout.things, after.things, strict=True)):
        was, now = (2 * one.column + one.side - squares[0] for one in (old, new))
        if old.thing == new.thing and was * now < 0:
            column = old.column + (old.side - new.side) // 2
            things[number] = replace(new, column=max(0, min(column, squares[0] - new.side)))
    return replace(after, things=tuple(things))


def _brought(layout: Layout, before: Layout, world: World) -> list[int]:
    """The places in the list of what was not there before and is not worn."""
    added = Counter(layout.things) - Counter(before.things)
    return [n for n, one in enumerate(layout.things) if one in added and not is_clothing(one.thing, world)]


def put_as_said(
    heard: Heard, layout: Layout, before: Layout, world: World, squares: tuple[int, int], *, sky: bool
) -> Layout:
    """The layout after a change with what is new behind or between others, on a side, smaller, far off or aloft, where
    words say so, and behind what stands nearer."""
    new = layout.new_kinds_since(before)
    if new and (found := _BEHIND.search(heard.text)):
        after = next((said.thing for said in heard.said if said.start >= found.end()), None)
        bows = [one for one in before.things if world.things[one.thing] == "rainbow" and one in layout.things]
        rest = replace(layout, things=tuple(one for one in layout.things if one not in bows))
        rest = stood_behind(rest, new, *squares, [one for one in before.things if one.thing == after])
        layout = replace(rest, things=(*bows, *rest.things))  # which is behind all
        if not _MORE.search(heard.text):
            about = _around_as_said(heard.text, layout, before, world)
            layout = replace(layout, about=about)  # "with X behind" asks for a place, or for a thing
    if found := _BETWEEN.search(heard.text):
        ahead = [said.thing for said in heard.said if said.end <= found.start()][-1:]
        layout = stood_between(layout, new or set(ahead))
    if new and (found := _ON_A_SIDE.search(heard.text)) and not flanking(heard.text, heard.said):
        aside = _put_there(found, new, heard)
        far = [one for one in layout.things if one.thing in aside]
        near = [o for o in layout.things if o not in far and all(looms(one, o, world) for one in far)]
        layout = _put_aside(layout, aside, near, found["side"].lower(), squares)
        layout = replace(layout, things=(*(one for one in layout.things if one not in near), *near))
    layout = _another_size(heard.text, layout, before, squares)
    layout = _as_large(heard.text, layout, before, squares)
    layout = _as_large_as_each_other(heard.text, layout, before, world, squares)
    if _DISTANT.search(heard.text):
        layout = _far_off(layout, layout.new_since(before), squares)
    came = layout.new_since(before)
    more = {one.thing for one in came} if sky else set[int]()
    if not SIZED.search(heard.text):
        layout = _wide_rainbow(
            _stars_small(layout, came, world), came, world, squares, stays=ASIDE.search(heard.text) is not None
        )
    more -= {said.thing for said in heard.said if _ON_SOMETHING.match(heard.text, said.end)}  # a star on a tree
    top = _AT_THE_TOP.search(heard.text)
    if aloft := _put_there(top, new, heard) if top else _aloft(more, world):
        layout = still_aside(heard.text, layout, raised(layout, aloft, *squares), squares)
    alone, came = not (UPON.search(heard.text) or aloft), layout.new_since(before)
    brought = [n for n in _brought(layout, before, world) if not alone or layout.things[n] in came]
    return set_back(layout, brought, world, every=alone)


def _around_as_said(text: str, layout: Layout, before: Layout, world: World) -> tuple[int, int, int, int]:
    """The surroundings before, but for a place, an hour and a weather that came and that words say: "in front of a
    castle in the desert at night"."""
    place, light, weather, style = before.about
    there, hour, sky, _ = layout.about
    if re.search(rf"\b(?:in|on|at) (?:(?:an?|the) )?{re.escape(world.places[there])}\b", text, re.IGNORECASE):
        place = there
    light = hour if says(text, world.lights[hour]) else light
    weather = sky if world.weathers[sky] in weathers_in(text) else weather
    return place, light, weather, style


def _put_aside(
    layout: Layout, kinds: set[int], near: Collection[Placed], side: str, squares: tuple[int, int]
) -> Layout:
    """The layout with things of some numbers on a side; those of them that are on others of them go along."""
    some = [one for one in layout.things if one.thing in kinds]
    under = {one: next((o for o in some if o is not one and stands_so(one, [o], "on")), None) for one in some}
    bases = [one for one in some if under[one] is None]
    moved = put_aside(layout, {one.thing for one in bases}, side, *squares, near)
    now = dict(zip(layout.things, moved.things, strict=True))
    for one, base in under.items():
        if base is not None and now[one] == one:
            over, down = now[base].column - base.column, now[base].row - base.row
            now[one] = replace(one, column=one.column + over, row=one.row + down)
    return replace(moved, things=tuple(now[one] for one in layout.things))


def _put_there(found: re.Match[str], new: set[int], heard: Heard) -> set[int]:
    """Which of the new things words put in a place: those named between the last place and this one, else all."""
    places = [other.end() for form in (_ON_A_SIDE, _AT_THE_TOP) for other in form.finditer(heard.text)]
    since = max((end for end in places if end <= found.start()), default=0)
    return {said.thing for said in heard.said if since <= said.start < found.start()} & new or new


def _another_size(text: str, layout: Layout, before: Layout, squares: tuple[int, int]) -> Layout:
    """The layout after "another smaller mammoth", with the new one smaller than those that were there."""
    if not (found := _ANOTHER_SIZE.search(text)):
        return layout
    factor, old = (0.5 if found["smaller"] else 1.6), {one.thing: one.side for one in before.things}
    new = (one for one in layout.new_since(before) if one.thing in old)
    sized = {one: in_size(one, old[one.thing] * factor, *squares) for one in new}
    return replace(layout, things=tuple(sized.get(one, one) for one in layout.things))


def _as_large(text: str, layout: Layout, before: Layout, squares: tuple[int, int]) -> Layout:
    """The layout with more of a kind about as large as those that there were, where words say nothing of sizes."""
    old = {one.thing: one for one in before.things}
    for one in layout.new_since(before) if not SIZED.search(text) else ():
        if old.get(one.thing) in layout.things and one.side < _ALIKE * old[one.thing].side and one in layout.things:
            number = layout.things.index(one)
            large = layout.but(number, in_size(one, old[one.thing].side, *squares))
            layout = with_room(large, number, HIDDEN, *squares)
    return layout


def _as_large_as_each_other(
    text: str, layout: Layout, before: Layout, world: World, squares: tuple[int, int]
) -> Layout:
    """The layout with several of a kind that came about as large as each other, where words say nothing of sizes."""
    came = layout.new_since(before) if not SIZED.search(text) else []
    for kind in {one.thing for one in came if not is_clothing(one.thing, world)}:
        some = sorted((one for one in came if one.thing == kind), key=lambda one: one.side)
        usual = some[(len(some) - 1) // 2].side
        for one in some:
            if not _ALIKE <= one.side / usual <= 1 / _ALIKE and one in layout.things:
                number = layout.things.index(one)
                layout = with_room(layout.but(number, in_size(one, usual, *squares)), number, HIDDEN, *squares)
    return layout


def _stars_small(layout: Layout, came: Collection[Placed], world: World) -> Layout:
    """The layout with several stars that came no larger than they must be."""
    stars = [one for one in came if world.things[one.thing] == "star"]
    small = {one: replace(one, side=SIDES[0]) for one in stars} if len(stars) > 1 else {}
    return replace(layout, things=tuple(small.get(one, one) for one in layout.things))


def _wide_rainbow(
    layout: Layout, came: Collection[Placed], world: World, squares: tuple[int, int], *, stays: bool
) -> Layout:
    """The layout with a rainbow that came as wide as half the picture, high up and behind all, where most is seen; on
    its side where it `stays`."""
    for bow in came:
        if world.things[bow.thing] != "rainbow" or bow.side >= squares[0] // 2 or bow not in layout.things:
            continue
        side = max(side for side in SIDES if side <= max(min(squares) // 2, SIDES[0]))
        rest = [one for one in layout.things if one is not bow]
        ways = (replace(bow, side=side, column=column, row=1) for column in range(squares[0] - side + 1))
        middle = (squares[0] - bow.side) / 2
        edge = 0 if bow.column < middle else squares[0] - side
        wide = min(
            (way for way in ways if not stays or way.column == edge),
            key=lambda way: (sum(shared(way, one) for one in rest), abs(way.column - bow.column)),
        )
        layout = replace(layout, things=(wide, *rest))
    return layout


def _far_off(layout: Layout, some: Collection[Placed], squares: tuple[int, int]) -> Layout:
    """The layout with some of its things smaller, and behind the others."""
    far = [in_size(one, _DISTANCE * one.side, *squares) for one in layout.things if one in some]
    return replace(layout, things=(*far, *(one for one in layout.things if one not in some)))


def on_their_seats(heard: Heard, before: Layout, squares: tuple[int, int]) -> Layout | None:
    """The layout with those whom words put on a side, and who sit beside others on the same, on that side of it; None
    where nobody does."""
    layout = None
    for found in _ON_A_SIDE.finditer(heard.text):
        ahead = [said.thing for said in heard.said if said.end <= found.start()]
        layout = on_its_seat(layout or before, ahead[-1], found["side"].lower(), squares) if ahead else None
        if layout is None:
            return None
    return layout
