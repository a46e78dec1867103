"""Where words put one thing by another: on it, above or below it, at its side for it to hold, on its nose, at its neck.

A planner that draws places puts what is new where there is room. "On the elephant" says more than that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from models.english.naming import Said, colours_in
from models.english.patterns import NUMERALS, any_of, regex
from models.kinds import ALIVE, BEINGS, CARRIED, HANDY, MOST, STRAPPED
from models.rendering.layout import SIDES, Layout, Placed, World
from models.scene.arranging import fitting, put_behind, shared, shifted, within
from models.scene.believable import proportion
from models.scene.flanks import flanking, sided
from models.scene.hats import put_on_head
from models.scene.members import member, which_in
from models.scene.placing import Tie, is_beside, settled, stands_so
from models.scene.pushes import STAYS
from models.scene.seats import SEATS, Seats, centred_under, instead
from models.scene.wardrobe import (
    dressed,
    dressed_in,
    is_a_face,
    is_clothing,
    is_garment,
    is_on_a_face,
    on_body,
    on_nose,
)
from models.things import what_is

_STANDS = (
    r"(?:(?!(?:and|or|with|but|not|no|nor|without|of|in|on|onto|into|at|near|by|from|for|over|under|above|below|left|right"
    r"|to the|between|behind|beside|next|like|as|than|instead|where|an?|the|my|his|her|its|their)\b)[\w'’-]+\s+){0,4}"
)  # what stands, sits, flies or should be moved there
_WAYS = {
    "on": r"(?:up )?on(?: the)? top(?: of)?|atop|up on|onto|on|rid(?:es|ing)(?: on)?|driv(?:es|ing)",
    "above": "above|over",
    "below": "under|underneath|beneath|below",
    "left": "(?:on|to|at) the left(?: hand)?(?: side)? (?:of|from)|left (?:of|from)",
    "in": "in|inside|into",
    "right": "(?:on|to|at) the right(?: hand)?(?: side)? (?:of|from)|right (?:of|from)",
    "before": "in front of",
    "behind": "behind|in back of",
    "beside": "next to|beside|alongside|by the side of",
}
_WAY = "|".join(f"(?P<{name}>{words})" for name, words in _WAYS.items())
_WHOM = (
    r"(?P<whom>(?:its|his|her|their|the) (?:back|head|shoulders?|nose)|it|him|her|them|both(?: of them)?|each other"
    r"|that|this|those|every(?:thing|one|body)|(?:them )?all(?: of them)?|the (?:rest|others))"
)
_NO_NOUN = r"(?=\W*(?:$|[.,;!?]|(?:please|pls|too|as|now|and|in|at|with|then|but)\b))"
_PART_OF = (
    r"(?:(?:the |his |her |its )?(?:roof|back|head|shoulders?|edge|tip|nose|hood|bonnet|deck|lap|branch(?:es)?) of\s+)?"
)
_BY_A_NAME = regex(
    rf"\s*(?:,\s*)?{_STANDS}(?:{_WAY})\s+{_PART_OF}(?:(?:an?|the|that|this|his|her|its|their|my|our|one|some|of)\s+)*"
    r"(?:(?!(?:and|or|with|of)\b)[\w-]+\s+){0,2}$",
)
_BY_A_WORD = regex(rf"\s*(?:,\s*)?{_STANDS}(?:{_WAY})\s+{_WHOM}{_NO_NOUN}")
_ON_TOP = regex(
    rf"\s*(?:,\s*)?{_STANDS}(?:(?P<on>on(?: the)? top|up top|(?:riding|driving|aboard)(?: it| him| her| them)?)"
    r"|(?P<above>above|overhead)|(?P<below>underneath|below|under|beneath))\s*"
    r"(?:$|[.,;!?]|(?:please|pls|too|as well|now|and|with|then|but)\b)",
)
_AT_A_SIDE = regex(
    rf"\s*(?:,\s*)?{_STANDS}(?:(?:looks?|look(?:ing)?) at \w+ )?"
    r"(?:(?:(?:on|to|at|from) )?(?:(?P<whose>his|her|its|their)|the) |(?:on|to|at) )?"
    r"(?:(?:all the )?way |far |very )?(?P<side>left|right)(?:[ -]?hand)?(?: side)?"
    r"(?=\W*(?:$|[.,;!?(]|(?:please|pls|too|as well|now|and|with|then|like|\w{3,}ing)\b))",
)
_SENT_ASIDE = regex(
    r"\s*,?\s*(?:(?:should|must|could|goes|go|is|are|be|stands?|sits?|belongs?) )*(?:(?:on|to|at) (?:the )?)?(?:far )?"
    r"(?:left|right)\b",
)
_AHEAD_OF_IT = regex(
    r"(?:^|[,.;:(]|\b(?:and|with|then|also|add|put)\b)\s*(?:(?:on|to|at) )?"
    r"(?:(?P<whose>his|her|its|their)|the)?\s*(?:far )?(?P<side>left|right)(?:[ -]hand)?(?: side)?"
    r"(?: of (?P<whom>it|him|her|them))?,?\s+(?:(?:there(?:'s| is| are)?|is|are|stands?|sits?|goes|i want|add|put)\s+)?"
    rf"(?:an?|his|her|some|one|{NUMERALS})\s+(?:[\w-]+\s+){{0,2}}$",
)
_LEFT_TO_RIGHT = any_of("(?:from )?(?:the )?left to (?:the )?right")
_FAR = regex(r"[^,.;]{0,20}\b(?:(?:far|very) (?:left|right)|(?:left|right)most)\b")
_IN_THE_MIDDLE = regex(
    rf"\s*(?:,\s*)?{_STANDS}(?:(?:in|at) )?(?:the )?(?:very |dead )?(?:middle|cent(?:er|re))"
    r"(?! of (?:them|those|these|the (?:two|three|others|rest)|both|it\b|him|her))\b",
)
_OPENS = rf"(?:^|[,.;]|\b(?:and|then|so|but)\b)\W*(?:{_WAY})\s+"
_STANDS_THERE = (
    r"(?:(?:i|we) (?:wish|want|need|'?d like|would like)(?: to (?:have|see))?"
    r"|there(?:'s|s| is| are| should be)|is|are|sits?|stands?|lies|lie|flies|fly|hangs?|rides?|goes|comes)\s+"
    rf"(?:(?:an?|the|his|her|some|one|{NUMERALS})\s+)*(?:[\w-]+\s+)?"
)
_STANDS_UNDER = regex(rf"\s*,?\s*{_STANDS_THERE}|\s+(?:an?|some|one|{NUMERALS})\s+(?:[\w-]+\s+)?")
_UNDER_A_NAME = regex(rf"{_OPENS}(?:(?:an?|the|that|his|her|its|my)\s+)?(?:[\w-]+\s+)?$")
_UNDER_A_WORD = regex(rf"{_OPENS}(?P<whom>it|him|her|them)\s+{_STANDS_THERE}$")
_WITH = regex(r"\s+(?:with|in|wearing|w) (?:(?:an?|the|his|her) )?(?:[\w-]+ ){0,2}")
_INSIDE = regex(r"\s+in\b")
_AND = regex(r"\s*(?:,|and|&|with)\s*(?:and )?(?:(?:an?|the|his|her|my) )?(?:[\w-]+ )?")
_ON_NEW = regex(
    r"\W*(?:(?:and|now|then|put|place|set|sit|seat|have|let|make|can|could|should|would) )*"
    r"(?:(?:it|he|she|they|him|her|them|the [\w-]+|one of (?:them|the [\w-]+)) )?(?:(?:should|could|can|must) )?"
    rf"{_STANDS}(?:on(?: top of)?|onto|rid(?:ing|es?)(?: on)?|driv(?:ing|es?)) "
    r"(?:(?:an?|some|another|the) )?(?:[\w-]+ )?",
)
_GIVEN = any_of(
    r"(?:gives?|giving|hand|gets?|got|hold(?:s|ing)?|carr(?:y|ies|ying)|eat(?:s|ing)?|drink(?:s|ing)?|grab(?:s|bing)?"
    r"|wav(?:es?|ing)|sip(?:s|ping)?|toot(?:s|ing)?|blow(?:s|ing)?|strum(?:s|ming)?|munch(?:es|ing)?|nibbl(?:es?|ing)"
    r"|lick(?:s|ing)?|chew(?:s|ing)?|hug(?:s|ging)?|clutch(?:es|ing)?|swing(?:s|ing)?|lift(?:s|ing)?|play(?:s|ing)|read(?:s|ing))"
)
_ROUND_A_NECK = "(?:on|at|from|around|round|about) (?:the |his |her |its |their )?(?:neck|chest)"
_HANDS = (
    r"(?:(?:is|sits?|lies|rests|sleeps|goes|should be) )?"
    r"(?:(?:in|into|to|at|on) (?:(?:the|his|her|its|their|one) )?(?:[\w-]+(?:['’]?s)? )?"
    r"(?:hands?(?! side)|paws?|arms?|claws?|mouth|beak)"
    rf"|(?:hang\w* )?{_ROUND_A_NECK}\b)"
)
_HOLDS_IT = r"(?:he|she|it|they)(?:'s|s| is| are)? (?:hold|carry|eat|drink|clutch|hugg)(?:ing|s)? (?:it|them|one)"
IN_HAND = regex(rf"\s*,?\s*(?:{_HANDS}|{_HOLDS_IT})\b")
"""What says, behind a name, that somebody holds it."""
_AT_THE_NECK = any_of(_ROUND_A_NECK)
_PUT = any_of(
    r"put|mov\w*|plac\w*|bring|set|have|want\w*|stands?|sits?|let|shift|push|send|hide|park",
    end=r" (?:[\w-]+ ){0,3}$",
)
_ALONE = regex(r"\W*(?:(?:and|no|now|then|so|the|my|his|her|their|our|that) )*(?:[\w-]+ )?")
_ENDS = regex(r"\W*(?:(?:now|then|instead|too|again)\W*)*")
_NO_MORE = regex(rf"{_ENDS.pattern}(?:$|[,.;!?]|(?:and|so|but|with)\b)")
_ELSEWHERE = any_of(r"""
    left|right|next|beside|near|by|under\w*|below|behind|between|above|over|on|in|at|onto|into|inside|to|around|front
    ground|floor|background|sky|everywhere|from|and|swap\w*|instead|replac\w*|turn\w*|chang\w*
""")
_FOR_SOMEBODY = regex(r"\s*(?:for|to) (?:the|that|his|her|my|our)\b")
_HELD_BY = any_of(r"(?:hold(?:s|ing)?|carr(?:y|ies|ying)) (?:the|that|his|her|its)", end=r"\s*$")
_HAS = any_of("wear(?:s|ing)?|with|has|have|having|in|and|puts? on|sporting|rocking|got")
_EACH = any_of(r"each|both|all|every\w*|them|they|scarves|scarfs|ties|(?<!pair of )(?<!some )(?<!her )(?<!his )ribbons")
_HOLDS = regex(
    rf"[^.;:]*?(?:\b(?:with|has|have|having|got|w)|\+|(?P<given>{_GIVEN.pattern}))\s+"
    r"(?:(?:an?|the|his|her|its|some|one|big|little)\s+)*(?:[\w-]+\s+){0,2}",
)
_COMES_WITH = regex(r"^\W*(?:(?:and|but|also|now) )*(?:with|w/?) (?:an?|the|his|her|its|one|some) (?:\w+ )?$")
_CARRIES = any_of("hold(?:s|ing)?|carr(?:y|ies|ying)|hug(?:s|ging)?|clutch(?:es|ing)?|lift(?:s|ing)?")
_HAS_IT = any_of("has|have|having|got|needs?|carries")
_ALL = ("every", "all", "them all", "the rest", "the others")
_PUT_THE = any_of("(?:put|place|give|move) (?:the|that|his|her|its)", end=r" (?:[\w-]+ )?$")
_HANDED_TO = regex(r" (?:on|onto|to)(?: the)? (?:head of )?(?:the |that |his |her )?")
_PUSHES = any_of(
    r"mov\w*|shift\w*|scoot\w*|nudg\w*|slid\w*|push\w*|drag\w*|pull\w*|bring|scooch|more|further|farther|bit|little|over"
    r"|too|so|budge\w*|steps?|hop"
)
_ON_HIM = {f"{whose} {part}" for whose in ("its", "his", "her", "their") for part in ("back", "shoulder", "shoulders")}
_REST, _ITS = "rest", frozenset({"", "it", "its", "that", "this"})
_WHOSE = any_of("it|he|she|him|her|them|they|both|all|everyone|everybody")
_CHEST = 0.65  # how far down a scarf is on who is drawn with a body
_HIGH = 0.5  # what belongs higher on a face is worn on the nose, the rest at the neck
_NECK = (0.3, 0.55)  # how far across and down that is of who is drawn from the side
# The side of what is worn by a face, or by somebody from the side, or is held, in that of who has it.
_WORN, _SLIM, _HELD, _AROUND = 0.55, 0.4, 0.6, 0.95
_SIDES = {"left": "leftmost", "right": "rightmost", "above": "highest", "below": "lowest", "middle": "middle"}
"""The ways that are settled at last, all together; the second where words put something by nothing that they name."""
_MANY = 4  # from so many of a kind on they are not put elsewhere together
_RIDES = 1.5  # the largest side of what stands on another, in that one's: a house behind a cat does not
_OVER = 0.4  # the part of what is held that lies over who holds it
_SMALLER = 0.05  # of who holds it may be hidden for a step in the size of what is held
_ONE_OF_THE = any_of("one of (?:the|those|these|your)", end=r" (?:[\w-]+ )?$")
_ROW = 1.2  # the sides of a row on a thing together, in that thing's, at most
_SMALL = 0.7  # the side of what is put on a thing, in that thing's, at most


def related(
    text: str,
    said: Sequence[Said],
    layout: Layout,
    before: Layout,
    seats: Seats,
) -> Layout:
    """The layout after an edit, with things where its words put them by others.

    Args:
        text, said: The words, and the names in them.
        layout, before: After the edit and before it; of a new picture the latter has no things.
        seats: Of the picture.
    """
    world, squares = seats.world, seats.squares
    old = {one.thing for one in before.things}
    dresses, held, ties = list[tuple[Placed, Placed]](), list[tuple[Placed, Placed]](), list[Tie]()
    there = {one.thing for one in layout.things}
    said = [one for one in said if one.thing in there | old]
    orders = {one: _ordered(text, one, said, world, old=bool(old)) for one in said}
    for cake, candle in pairwise(said):  # "a cake with candles on a table"
        lit = world.things[cake.thing] == "cake" and world.things[candle.thing] == "candle"
        if lit and _WITH.fullmatch(text[cake.end : candle.start]):
            orders[candle] = None
    under = {found[1] for found in orders.values() if found and found[0] in ("on", "in")}
    ways, several = sided(text, said), sum(order is not None for order in orders.values())
    layout = _mounted(text, said, _landed(layout, before, world, squares), before, seats)
    for one in _anchors_first(orders):
        moved = _moved(text, one, layout, before)
        if not moved or world.is_worn(one.thing):
            continue
        found = orders[one]
        stays = any(STAYS.match(text, other.end) for other in said if other is not one)
        pushed = _PUSHES.search(text) or (several < 2 and (stays or not _SENT_ASIDE.match(text, one.end)))
        if found and found[1] == _REST and one.thing in old and pushed and not ways:
            found = None  # "scoot the rocket to the left" is no place, but a way
        holder = None if found and found[1] in _ON_HIM else _holder(text, one, said, layout, world)
        whose = _owner(text, one, said, layout, before, world) or holder
        if holder and found and found[1] == _REST:  # "a woman with a basket in the middle"
            ties.append(Tie(holder.thing, 1, _SIDES[found[0]], _rest(layout, {holder.thing, one.thing}, world)))
        found = None if holder else found
        if whose and is_garment(one.thing, world) and is_a_face(whose.thing, world):
            dresses += [(whose, each) for each in moved]
        elif whose and (not found or is_clothing(one.thing, world) or world.things[one.thing] in STRAPPED):
            every = [other for other in layout.things if other.thing == whose.thing]
            many = is_clothing(one.thing, world) and len(every) > 1 and _EACH.search(text)
            if many and len(moved) < len(every):
                more = [replace(moved[0]) for _ in range(min(len(every) - len(moved), MOST - len(layout.things)))]
                layout, moved = replace(layout, things=(*layout.things, *more)), [*moved, *more]
            pair = is_garment(one.thing, world)  # of shoes
            held += zip(every if many else [whose] * (len(moved) if pair else 1), moved, strict=False)
        elif found:
            way, named = found
            anchors = [o for o in _anchors(text, named, one, said, layout, before, world) if o not in moved]
            if way == "below" and len(anchors) == 1 and seats.is_roof(anchors[0].thing):
                beside = [
                    o for o in _with_them(text, one, said, layout, before, anchors[0].thing) if o.thing not in old
                ]
                moved = [*(o for o in beside if not (o in anchors or o in moved)), *moved]
                if not old:
                    layout, anchors = seats.in_the_middle(layout, anchors[0], len(moved))
                for number, each in enumerate(moved):
                    layout = seats.put_under(layout, each, anchors[0], (number, len(moved)))
                continue
            if way in ("before", "behind", "beside"):
                came = one.thing not in old
                if not old or not anchors or not (came or _is_put(text, one, said, world)):
                    continue
                if way == "beside" and came and (support := _shared_support(anchors, layout, seats)):
                    way, anchors = "on", [support]
                else:  # what comes next to a thing or behind it a planner puts well
                    layout = _put_by(way, moved, anchors, layout, seats, came=came)
                    continue
            if way in _SIDES:
                if named == _REST and way in ("left", "right") and old and one.thing not in old and several < 2:
                    continue  # what comes "on the left" moves nothing aside
                if (
                    named == _REST
                    and several < 2
                    and any(seats.support(each, layout) for each in moved if each.thing in old)
                ):
                    continue  # what is on a table goes to its end
                kinds = frozenset(anchor.thing for anchor in anchors) - {one.thing}
                ties.append(Tie(one.thing, len(moved), _SIDES[way] if named == _REST else way, kinds))
                continue
            seat = bool(anchors) and seats.holds(anchors[0].thing)
            # "In the garden" says nothing of what is by what, and nine on a hill are no pile on one.
            perch = bool(anchors) and seats.bears(one.thing, anchors[0].thing)
            table = bool(anchors) and seats.is_table(anchors[0].thing)
            if not anchors or (way == "in" and not (seat or perch)) or (len(moved) > _MANY and not (seat or table)):
                continue
            beside = _with_them(text, one, said, layout, before, anchors[0].thing)
            beside = beside if seat or not old else [o for o in beside if o.thing not in old]
            moved = [*(o for o in beside if not (o in anchors or o in moved or o.thing in under)), *moved]
            others = [o for o in layout.things if not (o in moved or o in anchors or is_clothing(o.thing, world))]
            riders = [o for o in others if o.side < anchors[0].side and stands_so(o, anchors[:1], "on")]
            lit = any(world.things[o.thing] == "cake" for o in moved)
            behind = len(moved) // 2 if table and len(moved) > _MANY else 0  # so many in a second row
            row = moved[behind:]
            if not old and several == 1 and all(lit and world.things[o.thing] == "candle" for o in others):
                layout, anchors = seats.in_the_middle(layout, anchors[0], len(row))
            if not riders:
                layout, anchors = seats.wide(layout, anchors)
            if (seat or behind) and not riders:
                comes = bool(old) and anchors[0].thing not in old
                layout, anchors = seats.roomy(layout, anchors[0], row, comes=comes)
            for at, each in enumerate(moved):
                place = (at, behind) if at < behind else (at - behind, len(row))
                most = 1.0 if each in before.things or not old else _SMALL
                most = min(most, seats.share(each.thing, anchors[0].thing), 1 / len(row) if seat else 1.0)
                most = min(most, _ROW / len(row)) if len(row) > 1 else most
                most = most if each in before.things else min(most, proportion(each, anchors[0], world))
                if behind:  # all of a kind are as large as each other
                    alike = min(o.side for o in moved if o.thing == each.thing)
                    most = min(most, alike / max(o.side for o in anchors))
                if not all(anchor in layout.things for anchor in anchors):  # one made room
                    kinds = {anchor.thing for anchor in anchors}
                    anchors = [o for o in layout.things if o.thing in kinds and o not in moved][: len(anchors)]
                if not (each in before.things and stands_so(each, anchors, "on")):
                    layout = seats.put_on(layout, each, anchors, place, most, riders, back=at < behind)
    if _LEFT_TO_RIGHT.search(text):
        meant = [one.thing for one in reversed(said) if one.thing in there and not is_clothing(one.thing, world)]
        row = [*dict.fromkeys(meant)][::-1]
        ties += [Tie(then, 1, "right", frozenset({one})) for one, then in pairwise(row)]
    for whose, each in held:  # by where they are now
        same = [one for one in layout.things if one.thing == whose.thing]
        if same and each in layout.things:
            at_neck = world.things[each.thing] == "medal" or _AT_THE_NECK.search(text) is not None
            layout = had(layout, each, whose if whose in same else same[0], world, squares, at_neck=at_neck)
    for whose in dict.fromkeys(whose for whose, _ in dresses):
        same = [one for one in layout.things if one.thing == whose.thing]
        if same:
            now = whose if whose in same else same[0]  # who sits on something by now
            new = [each for wearer, each in reversed(dresses) if wearer == whose and each in layout.things]
            garments = dict.fromkeys([*dressed_in(layout, now, world), *new])
            layout = dressed(layout, now, [*garments], world, squares)
    far = [one.thing for one in said if _FAR.match(text, one.end)]
    pairs = {frozenset((whose.thing, each.thing)) for whose, each in held}
    layout = settled(layout, _told_apart(ties, far), before, world, squares, pairs)
    layout = _handed_on(text, said, layout, before, world, squares)
    if layout == before:
        return before
    worn = [one for one in layout.things if is_on_a_face(one.thing, world)]
    return replace(layout, things=(*(one for one in layout.things if one not in worn), *worn))


def _told_apart(ties: Sequence[Tie], far: Collection[int]) -> list[Tie]:
    """The ties, where several are on one side by no other side of each other, but for what is far over there."""
    sides = {way: {tie.thing for tie in ties if tie.way == way} for way in ("leftmost", "rightmost")}
    return [
        replace(tie, others=tie.others - sides.get(tie.way, set())) if tie.thing not in far else tie for tie in ties
    ]


def _handed_on(
    text: str, said: Sequence[Said], layout: Layout, before: Layout, world: World, squares: tuple[int, int]
) -> Layout:
    """The layout after "put the hat on the dog", of a hat that somebody else wears."""
    for one, then in pairwise(said):
        worn = [other for other in layout.things if other.thing == one.thing]
        heads = [other for other in layout.things if other.thing == then.thing and not is_clothing(then.thing, world)]
        handed = world.is_worn(one.thing) and len(heads) == 1 and _PUT_THE.search(text[: one.start])
        if (
            handed
            and any(o.thing == one.thing for o in before.things)
            and _HANDED_TO.fullmatch(text[one.end : then.start])
        ):
            layout = replace(layout, things=tuple(other for other in layout.things if other not in worn[1:]))
            layout = put_on_head(layout, worn[0], heads[0], world, squares)
    return layout


def _landed(layout: Layout, before: Layout, world: World, squares: tuple[int, int]) -> Layout:
    """The layout with what stood on a thing that is gone on the ground where that stood."""
    now, old = {one.thing for one in layout.things}, {one.thing for one in before.things}
    new = [one for one in layout.things if one.thing not in old]  # what took its place
    for gone in (one for one in before.things if one.thing not in now and not any(map(one.over, new))):
        for one in layout.things:
            stood = one in before.things and not is_clothing(one.thing, world) and stands_so(one, [gone], "on")
            aside = abs(2 * (one.column - gone.column) + one.side - gone.side)
            least = gone.side / (2 if world.things[one.thing] in ALIVE else 4)
            if stood and aside <= gone.side / 2 and least <= one.side <= _RIDES * gone.side:
                down = min(squares[1], gone.row + gone.side) - one.side - one.row
                layout = shifted(layout, one.thing, 0, down, *squares)
    return layout


def _mounted(text: str, said: Sequence[Said], layout: Layout, before: Layout, seats: Seats) -> Layout:
    """The layout after "on a sofa", with who is there on what is new."""
    world, old = seats.world, {one.thing for one in before.things}
    new = [one for one in said if one.thing not in old and _ON_NEW.fullmatch(text[: one.start])]
    under = [one for one in layout.things if new and one.thing == new[0].thing]
    named = [one.thing for one in said if one.thing in old]
    riders = [one for one in layout.things if one.thing in (named or old) and not is_clothing(one.thing, world)]
    if not named:
        riders = [one for one in riders if not seats.holds(one.thing)]
        riders = [one for one in riders if world.things[one.thing] in ALIVE] or riders
    return seats.slid_under(layout, under[0], riders[0]) if len(under) == len(riders) == 1 else layout


def _moved(text: str, one: Said, layout: Layout, before: Layout) -> list[Placed]:
    """What a name means that may be put elsewhere: the new things of its kind, else the only one there was, or all;
    one of several where words say so."""
    here = [thing for thing in layout.things if thing.thing == one.thing]
    if _ONE_OF_THE.search(text[: one.start]):
        return here[-1:]
    old = Counter(thing.thing for thing in before.things)[one.thing]
    return here[old:] or (here if len(here) == 1 or (one.many and len(here) < _MANY) else [])


def _shared_support(anchors: Sequence[Placed], layout: Layout, seats: Seats) -> Placed | None:
    """What things all stand or sit on; None where that is the ground."""
    under = [seats.support(anchor, layout) for anchor in anchors]
    supports = {o for anchor, o in zip(anchors, under, strict=True) if anchor not in under}  # of "them"
    return supports.pop() if len(supports) == 1 else None


def _put_by(
    way: str, moved: Sequence[Placed], anchors: Sequence[Placed], layout: Layout, seats: Seats, *, came: bool
) -> Layout:
    """The layout with things in front of the largest of others, or one that was there behind it or next to it."""
    largest = max(anchors, key=lambda anchor: anchor.side)
    if way == "before":
        for each in moved:
            layout = seats.put_before(layout, each, largest, comes=came)
        return layout
    if came or not moved:
        return layout
    if way == "behind":
        return put_behind(layout, moved[0], largest, *seats.squares)
    return seats.put_beside(layout, moved[0], largest)


def _is_put(text: str, one: Said, said: Sequence[Said], world: World) -> bool:
    """Whether words put a thing that is there and not worn by another, and do not say by that which thing they mean:
    "the dog next to the ball should be brown"."""
    if is_clothing(one.thing, world):
        return False
    after = next((other for other in said if other.start >= one.end), None)
    ahead = text[: one.start]
    put = _PUT.search(ahead) or _ALONE.fullmatch(ahead)
    return put is not None and _NO_MORE.match(text, after.end if after else one.end) is not None


def only_puts(text: str, said: Sequence[Said], layout: Layout, world: World) -> bool:
    """Whether words only put a thing that is there next to another, behind or in front of it: nothing else moves."""
    if len(said) != 2 or any(sum(one.thing == there.thing for there in layout.things) != 1 for one in said):
        return False
    found = _ordered(text, said[0], said, world, old=True)
    put = found is not None and found[0] in ("before", "behind", "beside") and found[1] == said[1].thing
    return put and _is_put(text, said[0], said, world) and _ENDS.fullmatch(text, said[1].end) is not None


def _ordered(
    text: str, one: Said, said: Sequence[Said], world: World, *, old: bool = False
) -> tuple[str, int | str] | None:
    """The way in which a name is put by something, and by what: the number of a thing, or a pronoun; "" for whatever
    there is."""
    start, other = one.end, next((other for other in said if other.start >= one.end), None)
    theirs = other and (is_clothing(other.thing, world) or world.things[other.thing] in HANDY)
    inside = other and world.things[other.thing] in SEATS and _INSIDE.match(text, start)  # "kittens in a basket"
    dressed_so = other and theirs and not inside and _WITH.fullmatch(text[start : other.start])
    if other and dressed_so:  # "a girl in a hat on a horse"
        start, other = other.end, next((third for third in said if third.start >= other.end), None)
    behind = text[start:]
    if IN_HAND.match(behind):
        return None
    if other and (found := _BY_A_NAME.fullmatch(text[start : other.start])):
        return _way_in(found), other.thing
    if found := _BY_A_WORD.match(behind):
        return _way_in(found), found["whom"].lower()
    if found := _ON_TOP.match(behind):
        way = _way_in(found)
        return way, "" if way == "on" or old else _REST
    under = next((before for before in reversed(said) if before.end <= one.start), None)
    stands = under and _STANDS_UNDER.fullmatch(text[under.end : one.start])
    if under and stands and (found := _UNDER_A_NAME.search(text[: under.start])):  # "on the camel there's a man"
        return _way_in(found), under.thing
    if found := _UNDER_A_WORD.search(text[: one.start]):  # "above it flies a dove"
        return _way_in(found), found["whom"].lower()
    alone = behind[: other.start - start] if other else behind
    if found := _AHEAD_OF_IT.search(text[: one.start]):  # "to the left a factory", "right of it a tree"
        return found["side"].lower(), (found["whom"] or found["whose"] or _REST).lower()
    if _IN_THE_MIDDLE.match(alone):
        return "middle", _REST
    if one.thing in (ways := sided(text, said)):
        return ways[one.thing], _REST
    if not flanking(text, said) and (found := _AT_A_SIDE.match(alone)):
        return found["side"].lower(), (found["whose"] or _REST).lower()
    return None


def put_already(text: str, said: Sequence[Said], layout: Layout, world: World) -> int | None:
    """The number of what words put where it stands already; None where they put nothing anywhere, or one thing
    elsewhere.

    Args:
        text, said: The words, and the names in them.
        layout: What there is.
    """
    shown = {one.thing for one in layout.things}
    here, put = [one for one in said if one.thing in shown], list[int]()
    for one in here:
        if not (found := _ordered(text, one, here, world, old=True)):
            continue
        way, named = found
        moved = _moved(text, one, layout, layout)
        anchors = [o for o in _anchors(text, named, one, here, layout, layout, world) if o not in moved]
        if way == "beside":
            stands = bool(anchors) and all(any(is_beside(each, anchor) for anchor in anchors) for each in moved)
        else:
            known = bool(anchors) and (way == "on" or way in _SIDES)
            stands = known and all(stands_so(each, anchors, way) for each in moved)
        if not moved or not stands:
            return None
        put.append(one.thing)
    return put[0] if put else None


def _anchors_first(orders: Mapping[Said, tuple[str, int | str] | None]) -> list[Said]:
    """The names, each behind that of what it is on: of "a bird on a cat on a dog" the dog, the cat, the bird."""
    under = dict[int, int]()
    said = list(orders)
    for number, (one, found) in enumerate(orders.items()):
        if found and found[0] in ("on", "in"):
            last = said[number - 1].thing if number and found[1] in _ITS else None
            anchor = found[1] if isinstance(found[1], int) else last
            if anchor is not None and anchor != one.thing:
                under.setdefault(one.thing, anchor)

    def depth(thing: int) -> int:
        seen, deep = {thing}, 0
        while (thing := under.get(thing, thing)) not in seen:
            seen.add(thing)
            deep += 1
        return deep

    order = list(reversed(said))
    order.sort(key=lambda one: depth(one.thing))
    return order


def _with_them(text: str, one: Said, said: Sequence[Said], layout: Layout, before: Layout, under: int) -> list[Placed]:
    """Who is named before a name, joined to it: the boy of "a boy and a girl on a sofa"; but nobody who is named before
    what they are on ("a bench and a pond, two ducks on the pond")."""
    others = list[Placed]()
    for other, after in reversed([*pairwise(said[: said.index(one) + 1])]):
        if other.thing == under or not _AND.fullmatch(text[other.end : after.start]):
            break
        others = [*_moved(text, other, layout, before), *others]
    return others


def _way_in(found: re.Match[str]) -> str:
    return next(name for name, way in found.groupdict().items() if way and name in _WAYS)


def _rest(layout: Layout, but: Collection[int], world: World) -> frozenset[int]:
    """The numbers of all other things but clothes."""
    return frozenset(o.thing for o in layout.things if o.thing not in but and not is_clothing(o.thing, world))


def _anchors(
    text: str, named: int | str, moved: Said, said: Sequence[Said], layout: Layout, before: Layout, world: World
) -> list[Placed]:
    """The things that a name, or a word that stands for them, means by which another is to be."""
    if isinstance(named, int):
        kind = [one for one in layout.things if one.thing == named]
        singled = member(which, kind) if (which := which_in(text)) else None
        hues = [hue for one in said if one.thing == named for hue in _hues_before(text, one, world)]
        coloured = [one for one in kind if one.colour in hues] if len(kind) > 1 else []
        return [singled] if singled else (coloured or kind)[:1]
    if named == _REST or named.startswith(_ALL):
        return [one for one in layout.things if one.thing != moved.thing and not is_clothing(one.thing, world)]
    kinds = {one.thing for one in before.things if not is_clothing(one.thing, world)}
    there = [one for one in layout.things if one.thing in kinds and one.thing != moved.thing]
    earlier = [o.thing for o in said if o.end <= moved.start and not is_clothing(o.thing, world)]
    if named.startswith(("them", "those", "both", "their")):
        return there or [one for one in layout.things if one.thing in [*dict.fromkeys(earlier[::-1])][:2]]
    anything = named.partition(" ")[0] in _ITS
    if earlier or not before.things:  # the last that was named
        somebody = [thing for thing in earlier if world.things[thing] in ALIVE]
        likely = [t for t in somebody if not world.is_somebody(t) or world.may_be(t, named)] or somebody
        spoken = earlier if anything else likely
        there = [one for one in layout.things if spoken and one.thing == spoken[-1]][:1] or (
            there if before.things else []
        )
    if not anything:
        there = [one for one in there if world.things[one.thing] in ALIVE] or there
    return there if len(there) == 1 else [max(there, key=lambda one: one.side)] if there else []


def _hues_before(text: str, one: Said, world: World) -> list[int]:
    """The colour that stands before a name; none where none does."""
    return [hue for word in text[: one.start].split()[-1:] for hue in colours_in(word, world.colours)]


def _owner(text: str, one: Said, said: Sequence[Said], layout: Layout, before: Layout, world: World) -> Placed | None:
    """Who is to wear or hold a thing that is new, or to be handed one that is there: who is named before it, or behind
    it, or the only one there."""
    name, ahead = world.things[one.thing], text[: one.start]
    worn = what_is(name).worn == "face" or is_garment(one.thing, world) or (bool(before.things) and name in STRAPPED)
    had = _HAS.search(ahead) if worn and not before.things else worn or _GIVEN.search(ahead)
    in_hand = IN_HAND.match(text, one.end)
    had = had or (world.things[one.thing] in HANDY and bool(before.things) and _HAS_IT.search(ahead))
    had = had or (bool(before.things) and (in_hand or _is_for_somebody(text, one, said, world)))
    comes_with = bool(before.things) and world.things[one.thing] in HANDY and _COMES_WITH.search(ahead)
    carried = bool(before.things) and world.things[one.thing] in CARRIED and not _ELSEWHERE.search(text)
    had = had or comes_with or carried
    others = [thing for thing in layout.things if not is_clothing(thing.thing, world)]
    old = {thing.thing for thing in before.things}
    taken = _HELD_BY.search(ahead) or in_hand
    if not had or (one.thing in old and not taken):
        return None
    others = [thing for thing in others if thing.thing != one.thing]
    there = [thing for thing in others if thing.thing in old]
    there = (in_hand and [thing for thing in there if world.things[thing.thing] in ALIVE]) or there
    named = [other.thing for other in said if other.thing != one.thing]
    if worn:  # "a cat with a scarf", both of them new
        last = [other.thing for other in said if other.end <= one.start and not is_clothing(other.thing, world)]
        last = [thing for thing in last if world.things[thing] in ALIVE][-1:] or last[-1:]
        there += [thing for thing in others if thing not in there and thing.thing in last]
    meant = [thing for name in named for thing in there if thing.thing == name]
    elsewhere = old | {other.thing for other in said if other.start > one.start and not worn}
    if meant or (
        not (in_hand or _WHOSE.search(text))
        and any(thing in elsewhere and not is_clothing(thing, world) for thing in named)
    ):
        return meant[0] if meant else None
    alive = [thing for thing in there if world.things[thing.thing] in ALIVE]
    if comes_with and len({thing.thing for thing in alive}) == 1:  # "with a megaphone", of a rooster on a clock
        return alive[0]
    if carried and not (comes_with or _WHOSE.search(text)):
        somebody = [thing for thing in there if world.is_somebody(thing.thing) or world.things[thing.thing] in BEINGS]
        return somebody[0] if len(somebody) == 1 else None
    if not there or not (worn or taken or _WHOSE.search(text) or len({thing.thing for thing in there}) == 1):
        return None
    dressed = [one for one in layout.things if one in before.things and is_clothing(one.thing, world)]

    def likely(one: Placed) -> tuple[bool, bool, bool, bool, int]:
        seat, face = world.things[one.thing] in SEATS, worn and is_a_face(one.thing, world)
        return world.may_be(one.thing, text), any(map(one.over, dressed)), face, not seat, one.side

    return max((worn and alive) or there, key=likely)


def _is_for_somebody(text: str, one: Said, said: Sequence[Said], world: World) -> bool:
    """Whether a name stands before "for the girl", or "for grandma"."""
    after = next((other for other in said if other.start >= one.end), None)
    return _FOR_SOMEBODY.match(text, one.end) is not None or (
        after is not None
        and world.things[after.thing] in ALIVE
        and re.fullmatch(r"\s*(?:for|to)\s+", text[one.end : after.start], re.IGNORECASE) is not None
    )


def _holder(text: str, one: Said, said: Sequence[Said], layout: Layout, world: World) -> Placed | None:
    """Who comes with a thing in hand: the man of "a man with a briefcase"."""
    name, before = world.things[one.thing], [other for other in said if other.end <= one.start]
    last = before[-1] if before else None
    if last and {name, world.things[last.thing]} <= HANDY and _AND.fullmatch(text[last.end : one.start]):
        return _holder(text, last, said, layout, world)  # "with a sword and a shield"
    alive = [other for other in before if world.things[other.thing] in ALIVE]
    if not alive:
        return None
    found = _HOLDS.fullmatch(text[alive[-1].end : one.start])
    if name in ALIVE and not (found and found["given"] and _CARRIES.fullmatch(found["given"])):
        return None
    between = before[before.index(alive[-1]) + 1 :]
    with_it = found and (
        found["given"] or (name in HANDY and all(world.things[other.thing] in SEATS for other in between))
    )
    if not with_it and not IN_HAND.match(text, one.end):
        return None
    return next((other for other in layout.things if other.thing == alive[-1].thing), None)


def had(
    layout: Layout, one: Placed, whose: Placed, world: World, squares: tuple[int, int], *, at_neck: bool = False
) -> Layout:
    """The layout with a thing on the nose, at the neck or at the side of another."""
    it = what_is(world.things[one.thing])
    down = it.middle or (what_is("scarf").middle if at_neck else None)
    side = fitting(whose.side * (_WORN if down else _HELD))
    if it.around:
        side = fitting(_AROUND * whose.side)
    elif down and down > _HIGH and not is_a_face(whose.thing, world):  # of who is drawn with a body
        down, side = _CHEST, fitting(_WORN * whose.side)
    if down and down <= _HIGH and not it.around:
        return instead(layout, one, within(on_nose(one, whose, world), *squares))
    if down and what_is(world.things[whose.thing]).drawn == "sideways":
        across, down = (place * whose.side for place in _NECK)
        side = fitting(_SLIM * whose.side)
        column, row = round(whose.column + across - side / 2), round(whose.row + down - side / 2)
        now = replace(one, side=side, column=column, row=row)
        return instead(layout, one, within(now, *squares))
    if down:
        middle = whose.row + down * whose.side
        now = replace(one, side=side, column=centred_under(whose, side), row=round(middle - side / 2))
        return instead(layout, one, within(now, *squares))
    if is_garment(one.thing, world):  # on somebody who is drawn as a whole
        pair = sorted((o for o in layout.things if o.thing == one.thing), key=lambda o: o.column)
        side = fitting(whose.side * (_WORN if len(pair) == 1 else _SLIM))
        aside = round(side * (pair.index(one) - (len(pair) - 1) / 2))
        row = round(whose.row + on_body(one.thing, world) * whose.side - side / 2)
        return instead(
            layout, one, within(replace(one, side=side, column=centred_under(whose, side) + aside, row=row), *squares)
        )
    up = it.held_up
    foot = min(squares[1], whose.row + (whose.side if up is None else max(round(up * whose.side), side - whose.row)))
    over = round(_OVER * side)
    beside = (whose.column + whose.side - over, whose.column - side + over)
    ways = [replace(one, side=side, column=column, row=foot - side) for column in beside]
    if up is not None and whose.row >= side - 1:
        ways.append(replace(one, side=side, column=centred_under(whose, side), row=whose.row + 1 - side))
    others = [other for other in layout.things if other not in (one, whose)]
    ways = [way for way in ways if way.column >= 0 and way.column + side <= squares[0]]
    ways = ways or [_at_the_edge(one, whose, side, foot, squares)]
    others = [other for other in others if not other.over(whose) or other.side < whose.side]  # but what they are on
    now = min(ways, key=lambda way: sum(shared(way, other) for other in others))
    if up is None and any(world.things[o.thing] in HANDY and 2 * shared(now, o) > side**2 for o in others):
        now = replace(now, row=max(0, now.row - side))  # above what that hand holds
    return instead(layout, one, now)


def _at_the_edge(one: Placed, whose: Placed, side: int, foot: int, squares: tuple[int, int]) -> Placed:
    """What somebody holds who leaves no room beside: at an edge of the picture, smaller where it would hide much."""
    ways = [
        replace(one, side=smaller, column=column, row=foot - smaller)
        for smaller in SIDES
        if smaller <= side
        for column in (squares[0] - smaller, 0)
    ]
    steps = SIDES.index(side)
    return min(ways, key=lambda way: shared(way, whose) / whose.side**2 + _SMALLER * (steps - SIDES.index(way.side)))
