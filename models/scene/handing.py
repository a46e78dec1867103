"""Each of several gets one: "give them umbrellas", "hand everyone a balloon", "two kids with flags".

A planner brings one of what is given, or several in a heap. Whoever is spoken of wears or holds one of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.english.naming import Said
from models.english.numbers import number_of
from models.english.patterns import NUMERALS, any_of, regex
from models.kinds import ALIVE, HANDY, MOST
from models.rendering.layout import Layout, Placed, World
from models.scene.arranging import on_a_head
from models.scene.candles import crowd
from models.scene.hats import put_on_head
from models.scene.relations import had
from models.scene.seats import Seats

_ALL_OF = r"them(?: (?:all|both|each))?|each(?: (?:one|of them|person|kid|child|animal))?|both(?: of them)?|all of them"
_GET = r"(?:get|have|hold|carry|wear|need|want)s?"
_GIVEN = any_of(
    rf"""
    (?:give|hand|get|bring|lend|buy)s? (?:{_ALL_OF}|every\w*|every (?:one|person|kid|child))
    (?:let|make|have) (?:{_ALL_OF}|every\w*) (?:hold|carry|have|wear|wave|eat)
    (?:they|both|all of them|each of them|every\w*) (?:(?:should|could|must|can|need to|all|each|both) )*{_GET}
    (?:an?|the|some) [\w-]+(?: [\w-]+)? (?:for|to) (?:each|both|every\w*|all of them|them all|them)
""",
    end=r"\b",
)
_GIVEN_EACH = any_of(rf"(?:give|hand|get|bring|buy)s? (?:{_ALL_OF}) (?:an?|some|one|his|her|their)")
_GIVEN_TO = regex(
    r"\b(?:give|hand|get|bring)s? (?:all |both |each of )?(?:of )?(?:the|those|these|my|our) (?:[\w-]+ ){1,5}$",
)
_EACH = any_of(r"each|both|every\w*|all")
_COME_WITH = regex(
    r"\s+(?:(?:(?:are|is|were|that|who|all|each|both|standing|walking|sitting|playing|dancing|in \w+|\w+ing) ){0,3})"
    r"(?:with|hold\w*|carry\w*|wav\w*|eat\w*|under|wear\w*) (?:(?:an?|the|their|some|big|little|own) )*(?:[\w-]+ )?",
)
_NUMBER = regex(rf"\b(?P<number>{NUMERALS}|[2-9])\s+(?:[\w-]+ )?$")
_A = regex(r"\b(?:an?|the|one|another)\s+(?:[\w-]+ ){0,2}$")


def handed(text: str, said: Sequence[Said], layout: Layout, before: Layout, seats: Seats) -> Layout:
    """The layout with one of what words give to several for each of them, worn or held.

    Args:
        text, said: The words, and the names in them.
        layout, before: After a change and before it; of a new picture the latter has no things.
        seats: Of the picture.
    """
    world = seats.world
    for one in said:
        new = [thing for thing in layout.things if thing.thing == one.thing and thing not in before.things]
        fits = world.things[one.thing] in HANDY or world.is_worn(one.thing) or _GIVEN_EACH.search(text)
        if not new or not fits:
            continue
        group = _receivers(text, one, said, layout, before, world)
        if len(group) < 2 or not _as_many(text, one, len(group)):
            continue
        old = [thing for thing in layout.things if thing.thing == one.thing and thing in before.things]
        group = [each for each in group if not any(_has(each, thing, world) for thing in old)]
        missing = min(len(group) - len(new), MOST - crowd(layout, world))
        more = [replace(new[0]) for _ in range(max(0, missing))]
        given = [*new, *more][: len(group)]
        layout = replace(layout, things=tuple(thing for thing in layout.things if thing not in new))
        for each, whose in zip(given, group, strict=False):  # one after the other, so that the next finds room
            layout = replace(layout, things=(*layout.things, each))
            if world.is_worn(one.thing):
                layout = put_on_head(layout, each, whose, world, seats.squares)
            else:
                layout = had(layout, each, whose, world, seats.squares)
    return layout


def _has(whose: Placed, thing: Placed, world: World) -> bool:
    """Whether somebody wears a thing, or holds it."""
    return on_a_head(thing, [whose]) if world.is_worn(thing.thing) else thing.over(whose)


def _receivers(
    text: str, one: Said, said: Sequence[Said], layout: Layout, before: Layout, world: World
) -> list[Placed]:
    """Who gets one each, from left to right; nobody where words do not say so of several."""
    there = [thing for thing in (before if before.things else layout).things if world.things[thing.thing] in ALIVE]
    there = sorted((thing for thing in there if thing in layout.things), key=lambda thing: thing.column)
    people = [thing for thing in there if world.is_somebody(thing.thing)]
    named = {other.thing for other in said if world.things[other.thing] in ALIVE and other.thing != one.thing}
    ahead = [other for other in said if other.end <= one.start and world.things[other.thing] in ALIVE]
    if not before.things:
        many = bool(ahead) and (ahead[-1].many or len(ahead) > 1)
        with_it = many and _COME_WITH.fullmatch(text[ahead[-1].end : one.start])
        kinds = {other.thing for other in ahead}
        return [thing for thing in there if thing.thing in kinds] if with_it else []
    if _GIVEN.search(text):
        chosen = [thing for thing in there if thing.thing in named]
        return chosen if len(chosen) > 1 else people if len(people) > 1 else there
    if ahead and _GIVEN_TO.search(text[: one.start]) and (ahead[-1].many or len(ahead) > 1):
        return [thing for thing in there if thing.thing in {other.thing for other in ahead}]
    return []


def _as_many(text: str, one: Said, many: int) -> bool:
    """Whether what is given may be one for each: "balloons", or "a balloon" for each."""
    number = _NUMBER.search(text[: one.start])
    if number and text[number.start() :].lower().split()[0] not in ("all", "both"):
        return number_of(number["number"]) == many
    return one.many or not _A.search(text[: one.start]) or _EACH.search(text) is not None
