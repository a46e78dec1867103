"""What words mean of what a picture shows: things by their sort, and what is put by what.

"The bird" is the flamingo that is there, "the child" the baby. "She should be carrying it" and "no, ON the horse"
speak of things that are there and of where they belong; said plainly, by their names, they are orders like others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection

from models.english.naming import COLOUR_WORDS, HUES, Names, Said, colours_in
from models.english.patterns import NUMERALS, any_of, regex
from models.kinds import ALIVE, HANDY, SORTS
from models.rendering.layout import Layout, World
from models.scene.wardrobe import is_clothing

_THE = any_of("the|that|this", end=r" (?:(?:poor|silly|little|big|whole|same) )?$")
_OF_HIS = regex(r"['’]s$")
_SORT = regex(
    rf"\b(?P<the>(?:the|that|this|those|these) (?:(?:poor|silly|little|big) )?)"
    rf"(?P<sort>{'|'.join(SORTS)})(?P<many>e?s)?\b"
    r"(?!['’-]| (?:house|food|bath|cage|pot|shop|store|feed|seed|juice|salad|park|door|roof|window)\b)",
)
_ALREADY = any_of(rf"""
    add|another|more|new|second|also|both|each|all|every\w*|(?<!the )one|{NUMERALS}|swap\w*|switch\w*|replac\w*
    trade\w*|turn\w*|chang\w*|becom\w*|remov\w*|delet\w*|los[et]|gone|away|without|between|other
    (?:big|larg|small|tall|tini|dark|bright|light)(?:g?er)|too|colou?r\w*|why|what|how
""")
_CONTRAST = regex(r"[,;.]?\s*\b(?:rather than|instead of|and not|not)\b.*$", re.IGNORECASE | re.DOTALL)
_PLEASE = regex(
    r"(?:\W+(?:silly|dear|love|obviously|ofc|of course|duh|though|tho|then|now|instead|you know|man|i think|i said"
    r"|tbh))+\W*$",
)
_NO = regex(r"^\W*(?:(?:no+|nah|nope|but|and|so|well|now|surely|silly)\b\W*)+")
_WAYS = {
    "on": r"(?:up )?on(?: the)? top(?: of)?|atop|up on|onto|on(?: the)?(?: (?:back|roof|edge) of)?|rid(?:es|ing)|rode"
    r"|driv(?:es|ing)",
    "in": "in|inside|into",
    "left of": "(?:(?:on|to|at) the )?left(?: hand)?(?: side)? (?:of|from)",
    "right of": "(?:(?:on|to|at) the )?right(?: hand)?(?: side)? (?:of|from)",
    "above": "above|over",
    "below": "under|underneath|beneath|below",
}
_WAY = "|".join(f"(?P<{name.replace(' ', '_')}>{words})" for name, words in _WAYS.items())
_BY_A_NAME = regex(rf"\b(?:{_WAY})\s+(?:(?:the|that|this|his|her|its|their|my)\s+)?$")
_BY_A_WORD = regex(rf"\b(?:{_WAY})\s+(?P<whom>it|him|her|there|(?:his|her) (?:head|back|shoulders?|nose|lap))\W*$")
_INSIDE = regex(r"^\W*(?:(?:sitting|standing|lying|sit|all|both|they(?:'re| are)?|now|and|but)\s+)*inside\W*$")
_HELD = regex(
    r"\b(?:(?!huge\b)(?:hold|carry|clutch|grip|hug|cuddl|gripp|hugg|carri)(?:s|e|es|ing|ed)?|held"
    r"|(?:in|into|to|at) (?:(?:his|her|its|their|the|one) )?(?:[\w'’]+ )?"
    r"(?:hands?|arms?|paws?|lap|claws?|fists?|mouth|beak))\b",
)
_GIVEN = regex(
    r"\b(?:gives?|gived|gave|hand(?:s|ed)?|pass(?:es|ed)?|lends?|throws?)\s+(?:(?P<whom>him|her|it)|the)\b",
)
_WEARS = any_of("wears?|wearing|gets?|has|have|puts on|takes|needs")
_WEARS_IT = any_of("(?:wears?|wearing|have|has|gets?|puts? on) (?:it|them|those|that|this)")
_ANOTHER = regex(r"\b(?:an?|some)\s+(?:[\w-]+\s+)?$")
_CAN = regex(
    r"\W*(?:(?:so|then|and) )?(?:he|she|it) (?:can|could) (?:(?P<on>ride(?: on)?|sit on|drive)|have|hold|wear|carry) "
    r"(?P<what>.+)",
)
_THE_ONE = any_of("the (?P<which>left|right|middle|first|second|third|last) one", end=r"\b(?! of)")
_ONE_SHOULD_BE = regex(
    r"\b(?:one of (?:them|the [\w-]+) (?:should|must|could|can) be|make one of (?:them|the [\w-]+)) "
    r"(?P<who>an? (?:(?:little|old|young) )?(?:wom[ae]n|man|girl|boy|lady|guy|child|kid|baby|granny|grand\w+))$",
)
_THEM_IN_COLOURS = regex(r"\bthem\b(?= (?:all )?(?:in )?(?:different|various|many|several|assorted) colou?rs)")
_INTO_THE_SKY = regex(
    r"\b(?:put|place|set|have) (?P<what>(?:the|that|his|her|my) [\w -]+?) (?:up )?(?:in|into|to|up in) the "
    r"(?:sky|air)\b",
)
_THE_HUE = regex(
    r"\b(?P<ahead>on|onto|with|to|by|near|beside|behind|under|over|of|for|remove|delete|erase|lose|move|make|shrink"
    rf"|enlarge) the (?P<hue>{COLOUR_WORDS})(?: one)?(?=\W*(?:$|[.,;!?]|(?:and|please|pls|too|is|should|bigger|smaller"
    r"|larger|away|to|on|into|left|right)\b))",
)  # "a cherry on the blue", "make the red one bigger"
_BOTTLE = regex(r"(?<!wine )(?<!beer )(?<!champagne )(?<!baby )(?<!water )\bbottle\b(?! of)")


def as_shown(
    text: str, before: Layout, world: World, names: Names, nearest: Callable[[int, Collection[int]], int | None]
) -> str:
    """The words with what they speak of as there, by the name that it has here: "the child", of a baby.

    Args:
        text: An instruction.
        before: What the picture shows.
        world, names: The painter's.
        nearest: Of things that are there the one that a thing's name is most like, or None.
    """
    shown = {one.thing for one in before.things}
    somebody = [thing for thing in shown if world.is_somebody(thing)]
    for said in reversed(names.said(text)):
        if said.thing in shown or not _THE.search(text[: said.start]):
            continue
        of_it = [thing for thing in shown if world.things[thing].endswith(f" of {text[said.start : said.end]}")]
        meant = of_it[0] if len(of_it) == 1 else None if said.many else nearest(said.thing, shown)
        if world.is_somebody(said.thing):
            meant = somebody[0] if len(somebody) == 1 else meant if meant in somebody else None
        if meant is not None:
            whose = "'s" if _OF_HIS.search(text[said.start : said.end]) else ""
            text = text[: said.start] + world.things[meant] + whose + text[said.end :]
    return text


def by_sort(text: str, before: Layout, world: World, names: Names) -> str:
    """The words with things that they call by their sort, or by none, by their names: "the bird", of a flamingo, "the
    left one", "one of them" or "them", where there are several of one kind only; what is there and should be in the
    sky moves to the top, and beside a baby a bottle is one for it."""
    counts = Counter(one.thing for one in before.things)
    several = [thing for thing, count in counts.items() if count > 1]
    if len(several) == 1:
        own = world.things[several[0]]
        text = _THE_ONE.sub(rf"the \g<which> {own}", text)
        many = names.own(own, many=True)
        text = _THEM_IN_COLOURS.sub(f"the {many}", _ONE_SHOULD_BE.sub(rf"replace one of the {many} with \g<who>", text))
    text = _THE_HUE.sub(lambda found: _of_its_hue(found, before, world), text)
    if any(counts[one.thing] for one in names.said(text)):
        text = _INTO_THE_SKY.sub(r"move \g<what> far up", text)
    if any(world.things[one.thing] == "baby" for one in before.things):
        text = _BOTTLE.sub("baby bottle", text)
    return _SORT.sub(lambda found: _of_its_sort(found, before, world, names), text)


def _of_its_hue(found: re.Match[str], before: Layout, world: World) -> str:
    """ "On the blue" as "on the blue cupcake", where only a cupcake is blue."""
    [hue] = colours_in(found["hue"], world.colours)
    kinds = {one.thing for one in before.things if one.colour == hue}
    return f"{found['ahead']} the {found['hue']} {world.things[kinds.pop()]}" if len(kinds) == 1 else found[0]


def _of_its_sort(found: re.Match[str], before: Layout, world: World, names: Names) -> str:
    """ "The bird" as "the flamingo", where this is the only one there and nothing is called so."""
    shown = {world.things[one.thing] for one in before.things}
    sort = found["sort"].lower()
    meant = shown & SORTS[sort]
    if sort in shown or len(meant) != 1 or (found["many"] and sort == "shoes"):
        return found[0]
    return found["the"] + names.own(meant.pop(), many=bool(found["many"]))


def who_can(wish: str, spoken_of: str, before: Layout, world: World, names: Names) -> str:
    """ "She can ride a turtle" as "put the mermaid on a turtle", "he can have the bow" as "give the elf the bow": of
    who was spoken of, or is the one there who is not named; any other wish as it is."""
    if not (found := _CAN.match(wish)):
        return wish
    named = {said.thing for said in names.said(found["what"])}
    alive = {one.thing for one in before.things if one.thing not in named and world.things[one.thing] in ALIVE}
    who = spoken_of if spoken_of in ALIVE else world.things[min(alive)] if len(alive) == 1 else ""
    if not who:
        return wish
    return f"put the {who} on {found['what']}" if found["on"] else f"give the {who} {found['what']}"


def put_plainly(text: str, before: Layout, world: World, names: Names) -> str:
    """A wish that only puts what is there by what is there, or in somebody's hands, as a plain order; any other as it
    is.

    Args:
        text: A wish.
        before: What the picture shows.
        world, names: The painter's.
    """
    plain = _PLEASE.sub("", _CONTRAST.sub("", _NO.sub("", text))).strip(" ,.!?")
    plain = f"{plain} it" if _INSIDE.fullmatch(plain) else plain
    said, there = names.said(plain), Counter(one.thing for one in before.things)
    colours = {*filter(None, world.colours), *HUES}
    if _ALREADY.search(plain) or not colours.isdisjoint(re.findall(r"\w+", plain.lower())):
        return text
    if any(
        "'" in plain[one.start : one.end] or there[one.thing] != 1 or _ANOTHER.search(plain[: one.start])
        for one in said
    ):
        return text
    if len(said) == 2 and _WEARS.search(plain[said[0].end : said[1].start]) and is_clothing(said[1].thing, world):
        return f"put the {world.things[said[1].thing]} on the {world.things[said[0].thing]}"
    worn = {one.thing for one in before.things if is_clothing(one.thing, world)}
    if len(said) == 1 and len(worn) == 1 and _WEARS_IT.search(plain, said[0].end):
        return f"put the {world.things[worn.pop()]} on the {world.things[said[0].thing]}"
    told = _held(plain, said, there, world) or _placed(plain, said, there, world)
    return told or text


def _held(text: str, said: list[Said], there: Counter[int], world: World) -> str:
    """ "She'd be carrying it" as "the fairy is holding the tooth"; "" where nobody is to hold anything."""
    found, given = _HELD.search(text), _GIVEN.search(text)
    if not (found or given):
        return ""
    alive = [one.thing for one in said if world.things[one.thing] in ALIVE]
    if given:
        giver = [one.thing for one in said if one.thing in alive and one.end <= given.start()]
        others = _alone(
            Counter(thing for thing in there.elements() if thing not in giver), world, lambda name: name in ALIVE
        )
        alive = others if given["whom"] else [thing for thing in alive if thing not in giver]
    handed = [one.thing for one in said if world.things[one.thing] not in ALIVE]
    if not alive:
        alive = _alone(there, world, lambda name: name in ALIVE)
    if not handed:
        handed = _alone(there, world, lambda name: name in HANDY) or _alone(
            there, world, lambda name: name not in ALIVE
        )
    if len(alive) != 1 or len(handed) != 1 or is_clothing(handed[0], world):
        return ""
    return f"the {world.things[alive[0]]} is holding the {world.things[handed[0]]}"


def _placed(text: str, said: list[Said], there: Counter[int], world: World) -> str:
    """ "He might sit on the books" as "put the owl on the stack of books"; "" where nothing is put by anything."""
    if not said or len(said) > 2:
        found, by = _BY_A_WORD.search(text), None
    else:
        by = said[-1]
        found = _BY_A_NAME.search(text[: by.start]) if not text[by.end :].strip() else None
        if not found:
            found, by = _BY_A_WORD.search(text), None
    if not found:
        return ""
    way = next(name for name in _WAYS if found[name.replace(" ", "_")])
    ahead = [one.thing for one in said if one is not by and one.end <= found.start()]
    if by is None:
        others = [thing for thing in there if thing not in ahead and not is_clothing(thing, world)]
        somebody = found["whom"].lower() != "it"
        marks = [thing for thing in others if world.things[thing] in ALIVE] if somebody else others
        marks = marks if len(marks) == 1 or somebody else [t for t in others if world.things[t] not in ALIVE]
    else:
        marks = [by.thing]
    if len(marks) != 1:
        return ""
    rest = Counter(thing for thing in there.elements() if thing != marks[0])
    put = ahead[-1:] or _alone(rest, world, lambda name: name in ALIVE)
    if len(ahead) > 1 or len(put) != 1 or put[0] == marks[0] or is_clothing(put[0], world):
        return ""
    return f"put the {world.things[put[0]]} {way} the {world.things[marks[0]]}"


def _alone(there: Counter[int], world: World, fits: Callable[[str], bool]) -> list[int]:
    """The one thing there that fits, and no clothes; none where several do."""
    found = [thing for thing in there if fits(world.things[thing]) and not is_clothing(thing, world)]
    return found if len(found) == 1 and there[found[0]] == 1 else []
