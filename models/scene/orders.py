"""Orders that need no plan: larger or smaller, aside, one more, this for that, in blue, away with it or the rain.

Only what is said plainly, and of things by their names or by words that are like one of these alone ("bird", of the
parrot that is there), is obeyed; everything else is for the planner (`models.scene.planner`). Some orders are so plain
that they come before it (`Orders.obeyed`); others could be meant otherwise and come where it brought nothing new
(`Orders.pushed`) or found nothing to change (`Orders.at_last`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import replace
from itertools import pairwise

from models.english.naming import COLOUR_WORDS, HUES, JOINS, Names, Said, colours_in
from models.english.numbers import number_of
from models.english.patterns import NUMERALS, any_of, regex
from models.english.weathers import sends_away, trades, weathers_in
from models.kinds import MOST
from models.rendering.layout import Layout, Placed, World
from models.scene.arranging import (
    HIDDEN,
    counted,
    exchanged,
    mirrored,
    on_a_head,
    resized,
    shared,
    shifted,
    sized,
    with_room,
    zoomed,
    zoomed_on,
)
from models.scene.believable import feet_of
from models.scene.comparisons import compared
from models.scene.counts import (
    ONLY_SO_MANY,
    Count,
    enough_of,
    fewest_of,
    more_of,
    number_of_them,
    total_of,
    wanted_at,
)
from models.scene.dyes import DYEING, IN_COLOURS, TURNED_DOWN, Dyer
from models.scene.flanks import sided, stood_aside
from models.scene.hearing import Heard
from models.scene.members import without_place
from models.scene.placing import stands_so
from models.scene.planner import Planner
from models.scene.pushes import Resize, Shift, push_meant, push_of, too_far, what_is_pushed
from models.scene.removals import ALL_BUT, LEAVES, TAKING, removed, spared
from models.scene.wardrobe import is_clothing

_NEW_SIDE, _BESIDE = 5, 0.1  # of what is added without the planner: its side in squares, and how much may hide of it
_ADDS = any_of("add|more|another|extra|additional|further|also|of (?:the|them|these|those)")
# What says that something else is wanted, or more than this.
_OTHERWISE = any_of(rf"""
    and|then|also|plus|but|new|remove|delete|without|replace|swap|change|turn|flip|rotate|paint|colou?r|wear\w*|instead|not
    behind|between|in front|beside|next to|near|than|of the|of it|as well|put (?:an?|some|{NUMERALS})
    face|facing|looking (?:at|left|right|up|down|away)|(?:(?<!left[ -])(?<!right[ -])hand|eye|arm|leg|head|ear)s?
    hair|tail|nose|mouth
""")
_ADD = any_of("add")
_IT = any_of("it|he|she|him|her|they|them|this|that|the one")
_OTHER_SIDE = any_of("(?:to|on|onto) the (?:other|opposite) side", end=r"\b(?P<of> of)?")
_SOMEBODY = any_of("him|her|he|she")
_SENT_AWAY = any_of(rf"""
    remov\w*|delet\w*|erase\w*|rid of|away with|without (?!touching)|no more|vanish\w*|disappear\w*|gone
    lose(?! (?:some )?weight)|(?:{NUMERALS}|another|more) (?!(?:to|of|toward))|replac\w*|swap\w*
    instead of|turn (?:it|him|her|the \w+) into
""")
_BRINGS = any_of(
    r"add|and|with|plus|also|gives?|put|wear\w*|instead of|into|holding|has|have|needs?|wants?|draw|paint|by",
    end=rf"(?: (?:him|her|it|them))?(?: (?:an?|the|some|another|one|{NUMERALS}|\d|his|her))?(?: \w+)?\s*$",
)
_SOME_OF = any_of("some|several|a few|many|lots of|more", end=r"\s+(?:\w+\s+)?$")
_ONE_OF_THOSE = any_of(r"(?:one|an?|single|1) of (?:the|those|these|your|his|her|my)", end=r"\s+(?:\w+\s+)?$")
_NEW_ONE = (
    rf"(?: (?:him|her|it|them|(?:the|my|his) \w+))?(?: (?:an?|some|another|one|{NUMERALS}|\d))?"
    r"(?: (?!(?:the|my|his|her|that|its|and|with|on|in|at|to|of)\b)\w+){0,3}\s*$"
)
_ADDED = any_of(
    "add|and|with|more|plus|also|gives?|put|hold(?:s|ing)?|carr(?:y|ies|ying)|has|have|needs?|wants?|gets?|got|wear(?:s|ing)?"
    "|draw|paint|include",
    end=_NEW_ONE,
)
_PART = regex(
    rf"[,;]\s*(?:and |then |plus )?(?:(?:an?|some|one|{NUMERALS}|his|her) )?(?:(?!(?:no|not|without|the)\b)[\w-]+ )?$",
)  # where a part of a list begins
_WITH_A = regex(r"\s+(?:with|holding|carrying|eating|riding)\s+(?:an?|some|his|her|their|its)\s+(?:[\w-]+\s+)?", re.I)
_ADDS_ONE = any_of(
    "add|include|another|one more", end=r"(?: an?| another| one more)?\s+(?:(?!(?:the|to|of)\b)[\w-]+\s+)?$"
)
_BEFORE_ONE = regex(rf"\W*(?:(?:and|also|plus|an?|some|one|{NUMERALS}|\d)\s+)*(?:[\w-]+[?.!]\W*)?")
_COMES_WITH = regex(
    r"(?:\s+(?:yes|ok|okay|then|too))?\s*(?:,\s*)?(?:\+|&|\b(?:with|w|and|plus|holding|carrying|riding|wearing)\b)"
)
_ON_A = any_of("on|onto", end=r" (?:an?|the|his|her) (?:\w+ )?$")  # that the place changes too is no reason
_BY_A_NEW = any_of(
    "in|on|onto|under|behind|beside|near|by|next to|in front of|above|over", end=r" (?:an?|some|another) (?:\w+ )?$"
)  # "add an owl in a tree"
_LIKENED = any_of("than|like|as|not|no|without|of", end=r"(?: (?:an?|the|some|any|my|his|her))?(?: \w+)? $")
# What stands before, between and after the names of a thing and of another in its place.
_ARTICLE = r"\W*(?:(?:an?|the|my|his|her|that|this|some)\W+(?:[\w-]+\W+)?)?$"
_TRADE = any_of("swap|exchange|trade|switch|replace|change|turn", end=r"\b[^.;!?]*$")
_FOR = regex(rf"\W*(?:for|with|to|into|by){_ARTICLE}")
_RATHER = regex(rf"\W*(?:rather than|instead of|in place of|not|>|[^.;!?]*\b(?:better|nicer) than){_ARTICLE}")
_ANOTHER_ONE, _NOT = regex(r"\b(?:an?|another|one more)\W+(?:[\w-]+\W+)?$"), any_of("not|than|but")
_FURTHER = regex(r"\b(?:and|then|also|plus)\b|[,;.!]\s*(?:in|at|on|by|make|with|set)\b")
_NO = any_of("no|not", end=_ARTICLE)
_BUT = regex(rf"\s*[,;]?\s*(?:but|rather|make it)?{_ARTICLE}")
_WHERE = regex(r"[^.;!?]*\b(?:in|where|at)\s+(?:the|my|his|her|that)\s+$")
_STANDS = regex(r"\s+(?:spot|place|stead|is|was|stands?|sits?)\b")
_OUT = regex(r"\W*(?:is |goes )?out\W+(?:and )?(?:an?|the)?\W*$")
_IN = regex(r"\W+(?:is |comes |goes )?in\b")
_ONE_AND_OTHER = regex(r"\bone\b(?! of)(?P<one>[^.;!?]*?)\b(?:other|another|one|second)\b(?P<other>[^.;!?]*)")
_NEARER_BY = 1.4  # so many times larger is what a picture is zoomed in on
_CENTRED = 1.5  # squares by which what is in the middle may be off it
_ASIDE, _CLEAR = 0.2, 0.2  # of the picture's width, twice the way of what is aside from its middle; of two sides
_DEEPER = 2  # rows by which what goes aside may come nearer, or go farther off
_IN_THE_MIDDLE = any_of(
    r"(?:in|to|into|at) the (?:very )?(?:middle|cent(?:re|er))(?: of (?:it|the (?:picture|image|scene)))?",
    end=r"\W*(?:instead\W*)?$",
)
_A_NEW_ONE = any_of("add|an?|another|some|more", end=r"\s+(?:\w+\s+)?$")
_STEPS = 4  # squares by which a thing goes farther from another, or nearer to it
_FARTHER = any_of(r"(?:too|so) (?:close|near) to|(?:further|farther)(?: away)? from|away from")
_NEARER = any_of(r"(?:closer|nearer)(?: up)? to|too far (?:away )?from")
_A_BIT = "(?:please|pls|a (?:little )?bit|a little|more|much|slightly|now|on it|on them)"
_ZOOM = regex(
    rf"\W*(?:(?:can|could) (?:you|u|we) )?(?:{_A_BIT} )*"
    r"(?:(?P<nearer>zoom in|(?:come |get )?closer(?: up)?|nearer)"
    r"|zoom out|(?:further|farther) (?:away|out|back)|pull back|step back|from (?:further|farther) away)"
    rf"(?: {_A_BIT})*\W*",
)
_ZOOM_ON = regex(
    r"\W*(?:(?:can|could|now|and|you|u|we)\W+)*"
    r"(?:zoom(?:ed|ing)?(?: way| right| more| closer)? (?:in )?(?:on|to|into|onto)"
    r"|(?:(?:come|get|go|move) )?(?:much |a bit |a little )?closer (?:up )?(?:on|to|of)"
    r"|(?:do |make |give me )?(?:an? )?close[- ]?up (?:shot |view |picture )?(?:of|on)|focus (?:more )?on)\s+"
    r"(?:the |his |her |its |that |just )*(?P<what>[\w' -]+?)(?: more| a bit)*\W*",
)
_ONE_BECOMES = regex(
    r"(?:make|turn|change|swap|replace|let|have)\b[^.;!?]*?"
    r"\bone(?: of (?:them|the \w+(?: \w+)?)|(?! (?:more|of|an?|to|into|for|with)\b) \w+)?\W+"
    r"(?:(?:in)?to|for|with|by|be|become)?\W*(?:(?:to be|be) )?an? (?P<what>[\w' -]+?)(?: instead)*\W*",
)
_SAME_SIZE = any_of(r"(?:make|have|with|all|both|them|be|are|of|in) (?:[\w ]+ )?the same size")
_SOME_DYED = regex(
    r"\W*(?:(?:now|and|can you|could you|just|only|i|i'd like to|let|let's|but)\W+)*"
    r"(?:(?P<verb>make|turn|paint|dye|colou?r|want|have) )?(?:just |only )?"
    rf"(?:a single|(?P<number>one|[1-9]|{NUMERALS})|(?(verb)(?:another|the other)|(?!)))"
    r"(?: of (?:them|those|these|the)\b)?(?: (?!more\b)[\w'-]+){0,2}?"
    rf"(?: (?:should|must|could|can|has to|needs to))?(?: in| to| is)?(?: be)? (?P<hue>{COLOUR_WORDS})"
    rf"(?:,? (?:and|but)?\W*(?:the |all )?(?:others?|rest)(?: ones?)?(?: all| in| are| is)? (?P<rest>{COLOUR_WORDS}))?"
    r"(?: instead| too)*\W*"
)
_SWAPPED = any_of(r"""
    (?:swap|switch|trade|change|exchange)(?: (?:them|em|the two|both|their|(?:the )?(?:side|place|position|spot)s?))+
    (?:swap|switch|exchange) (?:the |my )?[\w ]{2,30} and (?:the |my )?[\w ]{2,30}
    the other way (?:a?round|about)
""")
_DYES_SWAPPED = any_of("(?:swap|switch|trade|exchange)(?: (?:around|their|the|both|all))* colou?rs")
_LIKE_ANOTHER = regex(
    r"\W*(?:make|paint|turn|colou?r|dye)? ?(?P<what>.+?)(?: (?:have|be|in|with|to|match|should|must))*"
    r" (?:the )?(?:same )?colou?r (?:as|of|like) (?P<whose>.+?)\W*"
)  # "make the ducks the same colour as the swan"
_TWO_SWAPPED = regex(r"\W*(?:(?:now|and)\W+)*(?:swap|switch|exchange) the (?:two )?\w+s(?: around)?\W*")
_EXACTLY = any_of("exactly|precisely|in total|altogether")
_ONLY_THESE = any_of(r"all|every\w*|only|just|nothing|rest|else|others?|them|they|those|these|alone")
_SOME = any_of("one of|only one|just one|(?:the )?(?:first|second|third|last|left|right|other|rest)")
_UNDYED = any_of("(?:normal|natural|original|usual|real|own|true) colou?rs?")
_THAT = any_of("the|his|her|my|our|their|all|both|those|these", end=r"\s+(?:\w+\s+)?$")
_DYEING = any_of(DYEING)
_GONE = any_of("gone|out|away|off|can go|goes?|clear|empty|kill|bin|drop|hide|wipe")
_LEFT = regex(
    r".*\b(?:only|just|nothing but) (?:the |an? |my )?(?P<what>[\w -]+?)(?:['’]?s| is| are)? (?:left|remains?)\W*",
)
_SO_MANY = any_of(f"one|{NUMERALS}|[1-9]")
_ONLY = regex(
    r"(?:.*[.;:!,])?\W*(?:just|only|keep only|leave only|nothing but) (?:the |an? |my )?(?P<what>[\w' -]+)\W*",
)


def order_of(instruction: str) -> Resize | Shift | Count | None:
    """What an instruction plainly asks for, of whatever thing it names; None where it asks for something else."""
    if total := total_of(instruction):
        return total
    if _OTHERWISE.search(instruction):
        return None
    if counts := more_of(instruction):
        return counts[0] if len(counts) == 1 else None
    if _ADD.search(instruction):
        return None
    return push_of(instruction)


def _zoom_in(instruction: str) -> float:
    """By how much an instruction wants all of a picture nearer; 0 where it does not speak of that."""
    found = _ZOOM.fullmatch(instruction)
    return 0.0 if not found else _NEARER_BY if found["nearer"] else 0.7


def _with_room_for(thing: int, layout: Layout, squares: tuple[int, int]) -> Layout:
    """The layout where what a thing would hide has made room."""
    for number, one in enumerate(layout.things):
        hidden = max((shared(one, other) for other in layout.things if other.thing == thing), default=0)
        if one.thing != thing and hidden > HIDDEN * one.side**2:
            layout = with_room(layout, number, HIDDEN, *squares)
    return layout


def _shown(thing: int, layout: Layout) -> Layout:
    """The layout with the one thing of a kind before all others, where smaller ones that are not on it hide most of it;
    else as it is."""
    mine = [one for one in layout.things if one.thing == thing]
    at = layout.things.index(mine[0])
    covers = [one for one in layout.things[at + 1 :] if one.row + one.side > mine[0].row + mine[0].side / 2]
    hidden = sum(shared(mine[0], other) for other in covers)
    if len(mine) > 1 or hidden <= HIDDEN * mine[0].side ** 2:
        return layout
    return replace(layout, things=(*(one for one in layout.things if one.thing != thing), *mine))


def _aside_by(layout: Layout, thing: int, right: int, down: int, world: World, squares: tuple[int, int]) -> Layout:
    """The layout with the things of one kind so many squares farther on; what stands in their way makes room where they
    go as far as they can."""
    if abs(right) <= squares[0]:
        return _shown(thing, shifted(layout, thing, right, down, *squares))
    mine = [one for one in layout.things if one.thing == thing]
    free = _free_aside(layout, mine[0], 1 if right > 0 else -1, world, squares) if len(mine) == 1 else None
    if free is not None:
        return shifted(layout, thing, free.column - mine[0].column, free.row - mine[0].row, *squares)
    return _with_room_for(thing, shifted(layout, thing, right, down, *squares), squares)


def _free_aside(layout: Layout, one: Placed, way: int, world: World, squares: tuple[int, int]) -> Placed | None:
    """The place for a thing on a side of the picture, or of what it is on (-1 is the left), where it hides little and
    nothing makes room for it, beyond the others if there is one; None where there is none, or it is alone with what
    stands there."""
    others = [o for o in layout.things if o is not one and not (o.side < one.side and on_a_head(o, [one]))]
    under = next((o for o in others if o.side > one.side and stands_so(one, [o], "on") and o.over(one)), None)
    left, width = (under.column, under.side) if under else (0, squares[0])
    others, foot = [o for o in others if o is not under], one.row + one.side
    feet = None if under else feet_of(one, layout, world, squares[1])
    highest, lowest = feet or (foot, foot)

    def off(put: Placed, other: Placed) -> float:
        return way * (put.column + put.side / 2 - other.column - other.side / 2)

    ways = [
        replace(one, column=column, row=low - one.side)
        for low in {foot, *range(max(highest - 1, foot - _DEEPER), min(lowest, foot + _DEEPER) + 1)}
        for column in range(left, left + width - one.side + 1)
        if way * (2 * (column - left) + one.side - width) >= _ASIDE * width
    ]
    ways = [put for put in ways if all(shared(put, o) <= HIDDEN * min(put.side, o.side) ** 2 for o in others)]
    beyond = [put for put in ways if all(off(put, o) >= _CLEAR * (put.side + o.side) for o in others)]
    ways = beyond or (ways if under or len(others) > 1 else [])
    return max(ways, key=lambda put: way * put.column - 2 * abs(put.row - one.row), default=None)


def _in_weather(layout: Layout, weather: int) -> Layout:
    place, light, _, style = layout.about
    return replace(layout, about=(place, light, weather, style))


def _in_colours(layout: Layout, thing: int, colours: Iterable[int]) -> Layout:
    """The layout with each of a kind in the next of as many colours."""
    dyes = iter(colours)
    things = (replace(one, colour=next(dyes)) if one.thing == thing else one for one in layout.things)
    return replace(layout, things=tuple(things))


def _colours_of(things: Iterable[Placed]) -> dict[int, list[int]]:
    """The colours of the things of each kind."""
    colours: dict[int, list[int]] = {}
    for one in things:
        colours.setdefault(one.thing, []).append(one.colour)
    return colours


class Orders:
    """Obeys plain orders in a world of things with names. Where there is nothing to obey, or nobody to do it, a layout
    stays as it is."""

    def __init__(self, planner: Planner, names: Names) -> None:
        self._world, self._names, self._nearest = planner.world, names, planner.nearest
        self._dyer = Dyer(planner.world.colours)
        colour = f"(?:{'|'.join((*filter(None, planner.world.colours), *HUES))})"
        self._each = regex(
            rf"\b(?:one|another|the (?:other|second|third|last))(?: (?!(?:{colour})\b)[\w]+){{0,2}}?"
            rf" (?P<hue>{colour})\b",
        )
        self._all_in = regex(rf"make them all (?P<hue>{colour})")
        self._listed = regex(
            rf"[,:(]?\s*(?:(?:should|must|could) be |are |be )?(?:in |coloured |colored |one )?"
            rf"(?:{colour}(?:(?:,|\s|\band\b|&|\bone\b|\bthe other\b)+{colour})+"
            r"|(?P<any>(?:in )?(?:all |many )?(?:different|various|assorted|all|many|several|rainbow) colou?rs))",
        )
        self._some_of_them = regex(
            rf"\b(?P<number>one|{NUMERALS}|[1-9]) (?:of (?:them|those|these|the \w+))?,?\W*"
            rf"(?:in |is |are |should be |being )?(?P<some>{colour})\b\W*(?:and |but )?"
            rf"(?:the )?(?:rest|others?|other \w+)(?: ones?)?(?: of them)?\W*(?:in |is |are )?(?P<rest>{colour})\b",
        )
        self._listed_ahead = regex(rf"{colour}(?:(?:,|\s|\band\b|&)+{colour})+\s+$")
        self._one_of_them = regex(
            rf"\W*(?:(?:but|and|with) )?one of (?:them|those|these) (?:(?:is|being|in) )?(?P<colour>{colour})\b",
        )

    def _some_and_the_rest(self, text: str, before: Layout) -> Layout:
        """The layout after "two of them yellow, the rest blue"."""
        found = self._some_of_them.search(text)
        kinds = Counter(one.thing for one in before.things)
        if not found or not kinds:
            return before
        (thing, count), number = kinds.most_common(1)[0], number_of(found["number"])
        if count <= number or sum(other == count for other in kinds.values()) > 1:
            return before
        some, rest = (colours_in(found[part], self._world.colours)[0] for part in ("some", "rest"))
        return _in_colours(before, thing, [some] * number + [rest] * (count - number))

    def obeyed(self, heard: Heard, before: Layout, squares: tuple[int, int]) -> Layout:
        """The layout after an order that is plain."""
        instruction = heard.text
        if (dyed := self._some_and_the_rest(instruction, before)) != before:
            return dyed
        if all_in := self._all_in.fullmatch(instruction):
            [hue] = colours_in(all_in["hue"], self._world.colours)
            return replace(before, things=tuple(replace(one, colour=hue) for one in before.things))
        if (by_other := compared(instruction, heard.said, before, squares)) != before:
            return by_other
        if sends_away(instruction, self._world.weathers[before.about[2]]):
            return _in_weather(before, self._world.weathers.index("clear"))
        if sends_away(instruction, self._world.lights[before.about[1]]):
            return replace(before, about=(before.about[0], self._world.lights.index("day"), *before.about[2:]))
        but = ALL_BUT.fullmatch(instruction)
        if but and (dyed := self._all_dyed(instruction, but, before)) != before:
            return dyed
        gone = but and (but["gone"] or LEAVES.search(instruction) or _GONE.search(instruction))
        if (left := self._left(instruction, before, ALL_BUT if gone else _LEFT)) != before:
            return left
        if factor := _zoom_in(instruction):
            return zoomed(before, factor, *squares)
        for move in (self._apart, self._across, self._aside, self._centred, self._evened):
            if (moved := move(heard, before, squares)) != before:
                return moved
        for order in (
            self._each_dyed,
            self._called_dyed,
            self._dyes_swapped,
            self._dyed_like,
            self._some_dyed,
            self._dyed_apart,
            self._one_traded,
            self._traded,
        ):
            if (obeyed := order(heard, before)) != before:
                return obeyed
        if not _DYES_SWAPPED.search(instruction) and (swapped := self._swapped(heard, before, squares)) != before:
            return swapped
        instruction = without_place(instruction)
        order, there = order_of(instruction), {one.thing for one in before.things}
        meant = heard.named
        if not meant and (_IT.search(instruction) or isinstance(order, Count) or too_far(instruction)):
            meant = frozenset(thing for thing in there if not is_clothing(thing, self._world))
        meant &= there
        if order is None or len(meant) != 1:
            return before
        (thing,) = meant
        match order:
            case Resize(factor):
                return resized(before, thing, factor, *squares)
            case Shift(right, down):
                return _aside_by(before, thing, right, down, self._world, squares)
            case Count(times, more):
                count = round(times * sum(one.thing == thing for one in before.things)) + more
                colour = self._dyer.of(instruction, heard.said).wished[0] or None if heard.said else None
                return counted(before, thing, count, colour, *squares)

    def zoomed_on(self, text: str, said: Sequence[Said], before: Layout, squares: tuple[int, int]) -> Layout:
        """The layout after "zoom in on the boat"."""
        there = {one.thing for one in before.things}
        meant = [one.thing for one in said if one.thing in there] if _ZOOM_ON.fullmatch(text) else []
        return zoomed_on(before, meant[0], _NEARER_BY, *squares) if len(meant) == 1 == len(said) else before

    def _all_dyed(self, instruction: str, spared: re.Match[str], before: Layout) -> Layout:
        """The layout after "all pink except the note"."""
        there, hues = {one.thing for one in before.things}, colours_in(instruction, self._world.colours)
        but = {self.there(said.thing, there) for said in self._names.said(spared["what"])} & there
        if spared["gone"] or len(hues) != 1 or not but:
            return before
        dyed = (one if one.thing in but else replace(one, colour=hues[0]) for one in before.things)
        return replace(before, things=tuple(dyed))

    def weather_traded(self, text: str, layout: Layout) -> Layout:
        """The layout in fine weather, where words want something in the place of its weather."""
        if not trades(text, self._world.weathers[layout.about[2]]):
            return layout
        return _in_weather(layout, self._world.weathers.index("clear"))

    def _centred(self, heard: Heard, before: Layout, squares: tuple[int, int]) -> Layout:
        """The layout with the one thing that words put in the middle there, what stood there in its place."""
        mine = [n for n, one in enumerate(before.things) if heard.said and one.thing == heard.said[0].thing]
        if not _IN_THE_MIDDLE.search(heard.text) or len(heard.said) != 1 or len(mine) != 1:
            return before
        one, middle = before.things[mine[0]], squares[0] / 2
        off = {n: abs(other.column + other.side / 2 - middle) for n, other in enumerate(before.things)}
        nearest = min(off, key=off.__getitem__)
        if off[mine[0]] <= _CENTRED or _A_NEW_ONE.search(heard.text[: heard.said[0].start]):
            return before
        if nearest != mine[0] and off[nearest] <= _CENTRED and not self._world.is_worn(before.things[nearest].thing):
            return exchanged(before, mine[0], nearest, squares)
        return _with_room_for(
            one.thing, shifted(before, one.thing, round(middle - one.side / 2) - one.column, 0, *squares), squares
        )

    def _each_dyed(self, heard: Heard, before: Layout) -> Layout:
        """The layout after "make one cat black and one orange", from left to right."""
        counts = Counter(one.thing for one in before.things)
        named = [thing for thing in dict.fromkeys(said.thing for said in heard.said) if counts[thing] > 1]
        several = named or [thing for thing, count in counts.items() if count > 1]
        hues = [colours_in(found["hue"], self._world.colours) for found in self._each.finditer(heard.text)]
        if len(several) != 1 or len({said.thing for said in heard.said}) > 1 or not 1 < len(hues) <= counts[several[0]]:
            return before
        mine = sorted(
            (n for n, t in enumerate(before.things) if t.thing == several[0]), key=lambda n: before.things[n].column
        )
        things = list(before.things)
        for n, hue in zip(mine, hues, strict=False):
            things[n] = replace(things[n], colour=hue[0]) if len(hue) == 1 else things[n]
        return replace(before, things=tuple(things))

    def _called_dyed(self, heard: Heard, before: Layout) -> Layout:
        """The layout after "make the blue balloons green", the red ones as they were."""
        dyes = self._dyer.of(heard.text, heard.said)
        if len(heard.said) != 1 or not heard.said[0].many or not (dyes.called[0] and dyes.wished[0]):
            return before
        called = (heard.said[0].thing, dyes.called[0])
        dyed = (replace(o, colour=dyes.wished[0]) if (o.thing, o.colour) == called else o for o in before.things)
        return replace(before, things=tuple(dyed))

    def _dyes_swapped(self, heard: Heard, before: Layout) -> Layout:
        """The layout after "swap their colours", of two things or two kinds, each of one colour."""
        bare = [one for one in before.things if not is_clothing(one.thing, self._world)]
        named = [one for one in before.things if one.thing in heard.named]
        some = named if len({one.thing for one in named}) == 2 else bare
        dyes = {(one.thing, one.colour) for one in some}
        if not _DYES_SWAPPED.search(heard.text) or len(dyes) != 2:
            return before
        (_, first), (_, second) = dyes
        other = {first: second, second: first}
        return replace(
            before, things=tuple(replace(o, colour=other[o.colour]) if o in some else o for o in before.things)
        )

    def _dyed_like(self, heard: Heard, before: Layout) -> Layout:
        """The layout after "make the ducks the same colour as the swan", which keeps its own."""
        found, there = _LIKE_ANOTHER.fullmatch(heard.text), {one.thing for one in before.things}
        what, whose = (
            {self.there(said.thing, there) for said in self._names.said(found[part])} & there if found else set[int]()
            for part in ("what", "whose")
        )
        hues = {one.colour for one in before.things if one.thing in whose}
        if len(what) != 1 or len(whose) != 1 or what == whose or len(hues) != 1:
            return before
        [hue] = hues
        return replace(before, things=tuple(replace(o, colour=hue) if o.thing in what else o for o in before.things))

    def _some_dyed(self, heard: Heard, before: Layout) -> Layout:
        """The layout after "make one duck yellow", "two ducks should be red" or "one red and the others blue"."""
        found, counts = _SOME_DYED.fullmatch(heard.text), Counter(one.thing for one in before.things)
        named = {said.thing for said in heard.said}
        several = [thing for thing, count in counts.items() if count > 1 and thing in (named or counts)]
        if not found or len(several) != 1 or len(named) > 1:
            return before
        [hue] = colours_in(found["hue"], self._world.colours)
        rest = colours_in(found["rest"], self._world.colours) if found["rest"] else []
        here = sorted((one for one in before.things if one.thing == several[0]), key=lambda one: one.column)
        left = sorted((one for one in here if one.colour != hue), key=lambda one: one.colour > 0)  # those undyed first
        number = number_of(found["number"] or "one")
        dyed = {id(one): rest[0] for one in here if rest} | {id(one): hue for one in (left or here)[:number]}
        return replace(
            before, things=tuple(replace(one, colour=dyed.get(id(one), one.colour)) for one in before.things)
        )

    def _dyed_apart(self, heard: Heard, before: Layout) -> Layout:
        """The layout after "all different colours", of several of one kind."""
        counts, named = Counter(one.thing for one in before.things), {said.thing for said in heard.said}
        several = [thing for thing, count in counts.items() if count > 1 and thing in (named or counts)]
        if not IN_COLOURS.search(heard.text) or len(several) != 1 or len(named) > 1 or _ADDS.search(heard.text):
            return before
        return _in_colours(before, several[0], range(1, counts[several[0]] + 1))

    def _aside(self, heard: Heard, before: Layout, squares: tuple[int, int]) -> Layout:
        """The layout with two things of which words send one to the left and one to the right."""
        ways = sided(heard.text, heard.said)
        named = {one.thing for one in heard.said}
        return stood_aside(before, ways, self._world, squares) if named == ways.keys() else before

    def _across(self, heard: Heard, before: Layout, squares: tuple[int, int]) -> Layout:
        """The layout with a thing on the other side of the picture, or of another thing."""
        found = _OTHER_SIDE.search(heard.text)
        there = [one for said in heard.said for one in before.things if one.thing == said.thing]
        if found and not there and _SOMEBODY.search(heard.text):
            there = [one for one in before.things if self._world.is_somebody(one.thing)]
        if not found or len(there) != (2 if found["of"] else 1):
            return before
        moved, mark = there[0], there[-1]
        column = squares[0] - moved.side - moved.column
        if found["of"]:
            column = mark.column + mark.side if moved.column < mark.column else mark.column - moved.side
        layout = shifted(before, moved.thing, column - moved.column, 0, *squares)
        return _with_room_for(moved.thing, layout, squares)

    def cleared(self, heard: Heard, layout: Layout, before: Layout) -> Layout:
        """The layout after an edit without what words send away by name; and if it brings nothing new, with all else
        that was there."""
        there = Counter(one.thing for one in before.things)
        gone = {
            thing
            for said in removed(heard.text, heard.said)
            if there[thing := self.there(said.thing, there)] == 1 or (there[thing] and said.many)
        }
        if not gone:
            return layout
        now = Counter(one.thing for one in layout.things)
        lost = [one for one in before.things if one.thing not in heard.named | gone and not now[one.thing]]
        if _ONLY_THESE.search(heard.text) or now.keys() - there.keys():
            lost = []
        kept = tuple(one for one in layout.things if one.thing not in gone)
        layout, asked = replace(layout, things=(*lost, *kept)), self._names.counted(heard.text)
        for thing in now.keys() & there.keys() - asked.keys() - gone:  # nothing comes in the place of what goes
            if now[thing] > there[thing] and not _ADDS.search(heard.text):
                layout = counted(layout, thing, there[thing], None, 0, 0)
        return layout

    def at_last(self, heard: Heard, before: Layout, squares: tuple[int, int]) -> Layout:
        """The layout after what an instruction may mean if nothing else is found in it: only these, so many of them, in
        another colour, without what it names first after a word that takes away."""
        instruction, there = heard.text, Counter(one.thing for one in before.things)
        if (left := self._left(instruction, before, _ONLY)) != before:
            return left
        if weather := self._weather(instruction, before):
            return _in_weather(before, weather)
        if (dyed := self._dyed(heard, before)) != before:
            return dyed
        if found := TAKING.search(instruction):
            named = [said for said in heard.said if said.start >= found.end() and said.thing in there][:1]
            gone = [said.thing for said in named if not wanted_at(instruction, said, there[said.thing])]
            return replace(before, things=tuple(one for one in before.things if one.thing not in gone))
        for thing, ((_, number), *more) in self._names.counted(instruction).items():
            if thing in there and heard.named == frozenset((thing,)) and number > 1 and not more:
                return counted(before, thing, number, None, *squares)
        return before

    def pushed(self, heard: Heard, before: Layout, squares: tuple[int, int]) -> Layout:
        """The layout with a thing larger, smaller or aside, or fewer of a kind, where words that bring nothing new
        say so in whatever manner ("teeny mouse", "too far left", "one is enough")."""
        there = {one.thing for one in before.things}
        own = [replace(said, thing=self.there(said.thing, there)) for said in heard.said]
        brought = any(
            s.thing not in there and (not heard.text[: s.start].strip() or _BRINGS.search(heard.text[: s.start]))
            for s in own
        )
        if brought or colours_in(heard.text, self._world.colours) or _SENT_AWAY.search(heard.text):
            return before
        alone = {one.thing for one in before.things if not self._world.is_worn(one.thing)}
        own = [said for said in own if said.thing in there]
        if (fewer := self._fewer(heard.text, {said.thing for said in own}, before, squares)) != before:
            return fewer
        thing = what_is_pushed(heard.text, own) if own else alone.pop() if len(alone) == 1 else None
        if thing is None:
            return before
        match push_meant(heard.text):
            case Resize(factor):
                return resized(before, thing, factor, *squares)
            case Shift(right, down):
                return _aside_by(before, thing, right, down, self._world, squares)
            case None:
                return before

    def _fewer(self, text: str, said: Set[int], before: Layout, squares: tuple[int, int]) -> Layout:
        """The layout with as many as words call enough of the kind that they name, or of the only one of several."""
        there = Counter(one.thing for one in before.things)
        several = [thing for thing, count in there.items() if count > 1 and (thing in said or said.isdisjoint(there))]
        wanted = enough_of(text)
        if not wanted or len(several) != 1:
            return before
        return counted(before, several[0], wanted, None, *squares) if wanted < there[several[0]] else before

    def there(self, thing: int, there: Collection[int]) -> int:
        """The one thing of those that another name may mean ("truck", of a semi truck; "bird", of a parrot), else that
        of the name."""
        if thing in there:
            return thing
        name = self._world.things[thing]
        kinds = [other for other in there if self._world.things[other].endswith(f" {name}")]
        if len(kinds) == 1:
            return kinds[0]
        near = self._nearest(thing, there)
        return thing if near is None else near

    def _left(self, instruction: str, before: Layout, pattern: re.Pattern[str]) -> Layout:
        """The layout with only the things that a pattern finds."""
        if ONLY_SO_MANY.search(instruction):
            return before
        found = pattern.fullmatch(instruction)
        there = {one.thing for one in before.things}
        only = {self.there(said.thing, there) for said in self._names.said(found["what"])} if found else set[int]()
        kept = tuple(one for one in before.things if one.thing in only)
        return replace(before, things=kept) if kept else before

    def spares_all(self, instruction: str, before: Layout) -> bool:
        """Whether what words want to be left is all that there is, or is not there at all."""
        found, stays = ALL_BUT.fullmatch(instruction), spared(instruction, self._names.said(instruction))
        if not found or not stays or _SO_MANY.search(found["what"]):
            return False
        return self._left(instruction, before, ALL_BUT) == before

    def _weather(self, instruction: str, before: Layout) -> int:
        """The weather that is named beside the one there is ("not just rain, a storm"); 0 for none."""
        named, there = weathers_in(instruction), self._world.weathers[before.about[2]]
        others = [name for name in named if name != there]
        return self._world.weathers.index(others[0]) if there in named and len(others) == 1 else 0

    def as_many(self, heard: Heard, layout: Layout, squares: tuple[int, int], before: Layout | None = None) -> Layout:
        """The layout with as many of each thing as words ask for, of those that it shows at all; where they ask for
        some in different colours ("one white sheep, one black sheep"), in these. Given the layout `before` an edit, of
        those that were there only as many as a number says that is not of more."""
        asked = self._names.counted(heard.text)
        new = before is None or all(one.thing != said.thing for said in heard.said[:1] for one in before.things)
        if not asked and new and heard.said and (number := number_of_them(heard.text)):  # "apples, four of them"
            asked = {heard.said[0].thing: [(heard.said[0], number)]}
        old = Counter(one.thing for one in before.things) if before else Counter[int]()
        by_number = {
            thing: wanted
            for said in heard.said
            if (there := old[thing := self.there(said.thing, old)])
            and (wanted := wanted_at(heard.text, said, there)) is not None
        }
        for thing, wanted in by_number.items():
            if before:
                here = {(one.side, one.column, one.row) for one in layout.things if one.thing == thing}
                were = [one for one in before.things if one.thing == thing]
                gone = [one for one in were if (one.side, one.column, one.row) not in here]
                things = list(layout.things)
                for one in gone[: max(0, wanted - len(here))]:
                    things.insert(before.things.index(one), one)
                layout = replace(layout, things=tuple(things[:MOST]))
            layout = counted(layout, thing, wanted, None, *squares)
        dyed = before is not None and _SOME_DYED.fullmatch(heard.text)  # so many of them, not in all
        for thing in () if dyed else asked.keys() - by_number:
            one_more = asked[thing][0][1] == 1 or _ADDS.search(heard.text)  # or, "a dog", this one
            if thing in old and one_more and not _EXACTLY.search(heard.text):
                continue
            colours = [self.colour_of(heard.text, said) for said, _ in asked[thing]]
            if len(colours) == 1:
                layout = counted(layout, thing, asked[thing][0][1], colours[0], *squares)
            elif None not in colours and len(set(colours)) == len(colours):
                layout = counted(layout, thing, sum(number for _, number in asked[thing]), None, *squares)
                dyes = iter(
                    [colour for colour, (_, number) in zip(colours, asked[thing], strict=True) for _ in range(number)]
                )
                things = (replace(one, colour=next(dyes) or 0) if one.thing == thing else one for one in layout.things)
                layout = replace(layout, things=tuple(things))
        return layout

    def several(self, heard: Heard, layout: Layout, squares: tuple[int, int]) -> Layout:
        """The layout of a request with at least two of what it names as many, more of "lots of cats", and each of
        several in its own colour where colours are listed behind them ("three balloons, red, blue and green")."""
        asked = self._names.counted(heard.text)
        for said in heard.said:
            here = sum(one.thing == said.thing for one in layout.things)
            fewest = max(fewest_of(heard.text, said), len(self._colours_listed(heard.text[said.end :], ())))
            if 0 < here < fewest and said.thing not in asked and self._is_plural(heard.text, said):
                layout = counted(layout, said.thing, fewest, None, *squares)
        return self.in_listed_colours(heard, layout)

    def in_listed_colours(self, heard: Heard, layout: Layout) -> Layout:
        """The layout with each of several in its own colour where words list colours behind their name."""
        for said in heard.said:
            here = [one for one in layout.things if one.thing == said.thing]
            ahead = self._listed_ahead.search(heard.text[: said.start])
            listed = colours_in(ahead.group(), self._world.colours) if ahead else []
            colours = self._colours_listed(heard.text[said.end :], here) or listed
            if len(here) > 1 and len(colours) == len(here):
                layout = _in_colours(layout, said.thing, colours)
        kinds, colours = Counter(one.thing for one in layout.things), colours_in(heard.text, self._world.colours)
        several = [thing for thing, number in kinds.items() if number > 1]
        if not heard.said and len(several) == 1 and 1 < len(colours) == kinds[several[0]]:  # "red, blue and green"
            layout = _in_colours(layout, several[0], colours)
        return layout

    def _is_plural(self, text: str, said: Said) -> bool:
        """Whether a name is one for many of a thing that has another for one, and not in "one of those hats"."""
        own = self._world.things[said.thing]
        several = self._names.is_many(text, said) and self._names.own(own, many=True) != own
        several = several or (said.many and _SOME_OF.search(text[: said.start]) is not None)  # "some fish"
        return several and not _ONE_OF_THOSE.search(text[: said.start])

    def _colours_listed(self, behind: str, here: Sequence[Placed]) -> list[int]:
        """The colours of things of a kind as the words behind their name list them; none, or too few, where they do
        not."""
        if one := self._one_of_them.match(behind):
            [colour] = colours_in(one["colour"], self._world.colours)
            return [colour, *(0 if other.colour == colour else other.colour for other in here[1:])]
        found = self._listed.match(behind)
        if found and found["any"]:
            return list(range(1, len(here) + 1))
        return colours_in(found.group(), self._world.colours) if found else []

    def _traded(self, heard: Heard, before: Layout) -> Layout:
        """The layout with another thing in the place of one: "swap the dog for a cat", "a cat, not a dog"."""
        instruction, there = heard.text, {one.thing for one in before.things}
        for one, other in pairwise(heard.said):
            ahead, between = instruction[: one.start], instruction[one.end : other.start]
            if _RATHER.fullmatch(between) or (_WHERE.fullmatch(between) and _STANDS.match(instruction[other.end :])):
                new, old = one, other
            elif (
                (_OUT.fullmatch(between) and _IN.match(instruction[other.end :]))
                or (_TRADE.search(ahead) and _FOR.fullmatch(between))
                or (_NO.search(ahead) and _BUT.fullmatch(between))
            ):
                old, new = one, other
            else:
                continue
            further = _FURTHER.search(instruction[max(one.end, other.end) :])
            another = (
                old.thing != new.thing and _ANOTHER_ONE.search(instruction[: new.start]) and not _NOT.search(between)
            )  # "swap the dog for a cat", of a dog and a cat
            if old.thing in there and (another or new.thing not in there) and not further:
                colour = self.colour_of(instruction, new) or 0
                traded = (
                    replace(t, thing=new.thing, colour=colour) if t.thing == old.thing else t for t in before.things
                )
                return replace(before, things=tuple(traded))
        return before

    def _one_traded(self, heard: Heard, before: Layout) -> Layout:
        """The layout with another thing in the place of one of several: "make one of the robots a dog"."""
        found, there = _ONE_BECOMES.fullmatch(heard.text), Counter(one.thing for one in before.things)
        new = self._names.said(found["what"]) if found else []
        several = [thing for thing, count in there.items() if count > 1]
        if len(new) != 1 or not several or not found:
            return before
        named, near = [said.thing for said in heard.said if said.thing in several], self._nearest(new[0].thing, several)
        old = named[:1] or ([near] if near is not None else several)
        if len(old) != 1 or new[0].thing in there:
            return before
        number = next(n for n, one in enumerate(before.things) if one.thing == old[0])
        colour = self._dyer.before(found["what"][: new[0].start]) or 0
        became = replace(before.things[number], thing=new[0].thing, colour=colour)
        return before.but(number, became)

    def _swapped(self, heard: Heard, before: Layout, squares: tuple[int, int]) -> Layout:
        """The layout with two things in each other's places: the two that are named, or that there are."""
        pair = [one for one in before.things if not self._world.is_worn(one.thing)]
        named = heard.named & {one.thing for one in pair}
        alike = [n for n, one in enumerate(before.things) if one.thing in named]
        if len(named) == 1 and len(alike) == 2 and _TWO_SWAPPED.fullmatch(heard.text):
            return exchanged(before, alike[0], alike[1], squares)
        persons = [one for one in pair if self._world.is_somebody(one.thing)]
        if len(persons) == 2 and named <= {one.thing for one in persons}:
            pair, named = persons, set()
        pair = [one for one in pair if one.thing in named] if len(named) == 2 else pair
        if len(named) == 2 < len(pair) and _SWAPPED.search(heard.text):
            return mirrored(before, pair)
        pair = sorted(pair, key=lambda one: -one.side)
        if len(pair) > 2 and pair[1].side > pair[2].side:
            pair = pair[:2]
        if not _SWAPPED.search(heard.text) or len(pair) != 2 or len(named) == 1:
            return before
        first, second = (before.things.index(one) for one in pair)
        return exchanged(before, first, second, squares)

    def _evened(self, heard: Heard, before: Layout, squares: tuple[int, int]) -> Layout:
        """The layout with all things, or with those that are named, in the same size."""
        if not _SAME_SIZE.search(heard.text):
            return before
        bare = [n for n, one in enumerate(before.things) if not is_clothing(one.thing, self._world)]
        named = [n for n in bare if before.things[n].thing in heard.named]
        some = named if len(named) > 1 else bare
        sides = sorted(before.things[n].side for n in some)
        return sized(before, dict.fromkeys(some, sides[(len(sides) - 1) // 2]), *squares) if len(some) > 1 else before

    def _apart(self, heard: Heard, before: Layout, squares: tuple[int, int]) -> Layout:
        """The layout with one thing farther from another, or nearer to it: "the deer is too close to the house"."""
        far, near = _FARTHER.search(heard.text), _NEARER.search(heard.text)
        there = [one for said in heard.said for one in before.things if one.thing == said.thing]
        if not (far or near) or len(there) != 2 or there[0].thing == there[1].thing:
            return before
        moved, mark = there
        way = 1 if 2 * moved.column + moved.side >= 2 * mark.column + mark.side else -1
        return shifted(before, moved.thing, way * (_STEPS if far else -_STEPS), 0, *squares)

    def added(self, heard: Heard, layout: Layout, before: Layout, squares: tuple[int, int]) -> Layout:
        """The layout with what words bring by name and nothing else has brought, where there is room on the ground; if
        nothing changed so far also with what they only name, and if nothing came or went with what they name first."""
        last, same = layout == before, layout.kinds == before.kinds
        gone = {said.thing for said in removed(heard.text, heard.said)}
        nouns, listed = self._names.nouns(heard.text), -1
        for said in heard.said if last and len(heard.said) == 1 else (said for said in heard.said if said in nouns):
            ahead = heard.text[: said.start]
            first = same and said is heard.said[0] and (layout.about == before.about or _ON_A.search(ahead))
            bare = last or first
            joined = 0 <= listed < said.start and JOINS.fullmatch(heard.text[listed : said.start])
            part = (before.things and not last and _PART.search(ahead)) or joined
            new_one = [one for one in heard.said if one.end <= said.start][-1:]
            comes = (  # "a girl with an ice cream"
                new_one
                and self._world.shows(layout, new_one[0].thing)
                and not self._world.shows(before, new_one[0].thing)
                and _WITH_A.fullmatch(heard.text[new_one[0].end : said.start])
            )
            put_by = before.things and _BY_A_NEW.search(ahead)
            leads = said is heard.said[0] and _BEFORE_ONE.fullmatch(ahead) and _COMES_WITH.match(heard.text, said.end)
            brought = part or comes or put_by or leads or (bare and not _LIKENED.search(ahead)) or _ADDED.search(ahead)
            listed = said.end if brought else -1
            there = any(self._world.shows(shown, said.thing) for shown in (before, layout))
            hue = self.colour_of(heard.text, said)
            if hue and there and _ADDS_ONE.search(ahead):  # a white pawn, of a black one that is there
                there = any((one.thing, one.colour) == (said.thing, hue) for one in layout.things)
            if brought and not (there or said.thing in gone or TAKING.search(ahead)) and len(layout.things) < MOST:
                new = Placed(said.thing, hue or 0, _NEW_SIDE, (squares[0] - _NEW_SIDE) // 2, squares[1] - _NEW_SIDE - 1)
                layout = with_room(replace(layout, things=(*layout.things, new)), -1, _BESIDE, *squares)
        return layout

    def _dyed(self, heard: Heard, before: Layout) -> Layout:
        """The layout with a thing in the one colour that an instruction names and does not turn down."""
        there = {one.thing for one in before.things}
        text = self._dyer.of_things(heard.text)
        spoken_of = [said for said in heard.said if _THAT.search(heard.text[: said.start])]
        if LEAVES.search(text) or (spoken_of and not any(self.there(s.thing, there) in there for s in spoken_of)):
            return before
        kinds, wanted = (heard.named & there) or there, colours_in(TURNED_DOWN.sub("", text), self._world.colours)
        if _UNDYED.search(text):
            wanted = [0]
        named = colours_in(text, self._world.colours)
        if not heard.named & there and len(named) == 2:  # "not purple, green", of the purple one
            old = [one for one in before.things if one.colour in named]
            kinds = {one.thing for one in old} if len({one.colour for one in old}) == 1 else kinds
            wanted = [colour for colour in named if colour not in {one.colour for one in old}]
        called = {self.colour_of(heard.text, said) for said in heard.said if said.thing in kinds} - {None}
        meant = [one for one in before.things if one.thing in kinds and one.colour in (called or {one.colour})]
        if meant and len(wanted) > 1:  # "repaint the blue car white"
            wanted = [colour for colour in wanted if colour not in called]
        if len(kinds) != 1 or len(wanted) != 1:
            return before
        dyed = (replace(one, colour=wanted[0]) if one in meant else one for one in before.things)
        return replace(before, things=tuple(dyed))

    def bound(self, heard: Heard, layout: Layout, before: Layout | None = None) -> Layout:
        """The layout where things have the colours that words give them by name; and where they give every colour of
        the sentence so, nothing else is dyed: of "a grey cat with a blue ball" the ball is not grey."""
        dyes, old = self._dyer.of(heard.text, heard.said), before.things if before else ()
        was, now = (_colours_of(things) for things in (old, layout.things))
        given, loose = dict[int, set[int]](), set(dyes.loose)
        for said, wished, called in zip(heard.said, dyes.wished, dyes.called, strict=True):
            thing = said.thing if said.thing in now else self.there(said.thing, was.keys() & now.keys())
            given.setdefault(thing, set()).add(wished or (0 if thing in was else called))
            if wished and thing not in now:
                loose.add(wished)
        unsaid = loose or (not any(dyes.wished) and _DYEING.search(heard.text))
        # Of several that are there, or of one with another beside it, the others may keep their colour.
        some = _SOME.search(heard.text) or _SOME_DYED.fullmatch(heard.text)
        many = set[int]() if some else {said.thing for said in heard.said if said.many}
        every = {t for t in was if len(now.get(t, ())) == 1 or (t in many and len(now.get(t, ())) == len(was[t]))}
        others = {said.thing for said in heard.said if _ADDS_ONE.search(heard.text[: said.start])}
        called = {
            said.thing for said, wished, hue in zip(heard.said, dyes.wished, dyes.called, strict=True) if wished and hue
        }
        every -= {thing for thing in called if len({*was.get(thing, ())}) > 1}  # "make the blue balloons green"
        things = list(layout.things)
        for n, one in enumerate(things):
            if one in old and one.thing in others:
                continue
            colours, before_it = given.get(one.thing, {0}) - {0} or {0}, set(was.get(one.thing, ()))
            if len(colours) > 1:
                colours = colours - before_it  # "make the red car blue"
            if len(colours) != 1:
                continue
            (colour,) = colours
            if colour and (one.thing in every or not before_it):
                things[n] = one if one.colour in loose else replace(one, colour=colour)
            elif not (colour or unsaid or one in old) and len(before_it) < 2:
                things[n] = replace(one, colour=before_it.pop() if before_it else 0)
        pairs = [kind for kind, colours in now.items() if len(colours) == 2 == len(was.get(kind, ()))]
        if len(pairs) == 1 and (found := _ONE_AND_OTHER.search(heard.text)):
            wanted = [colours_in(found[part], self._world.colours) for part in ("one", "other")]
            if all(len(colours) == 1 for colours in wanted):
                dyed = iter(wanted)
                things = [replace(t, colour=next(dyed)[0]) if t.thing == pairs[0] else t for t in things]
        return replace(layout, things=tuple(things))

    def colour_of(self, text: str, said: Said) -> int | None:
        """The colour that words give a thing: one that stands before its name."""
        return self._dyer.before(text[: said.start])
