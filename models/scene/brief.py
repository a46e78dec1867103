"""Orders of a few words ("all blue", "swap", "close up", "the seal instead of the surfer"), in the words that are
obeyed."""

from __future__ import annotations

from collections.abc import Callable

from models.english.naming import COLOUR_WORDS, Names, with_article
from models.english.patterns import NUMERALS, any_of, regex
from models.english.trades import trade_in
from models.kinds import SORTS
from models.rendering.layout import Layout, World
from models.scene.wardrobe import is_clothing

_PLEASE = r"(?: (?:now|then|again|too|a bit|more))*\W*"
_MAKE = r"\W*(?:(?:now|and|can you|could you|just|make|turn|paint|dye|colou?r|have|put|bring|move|get) )*"
_ALL = r"(?:it|them|these|those|everything|every(?:one|body)|all(?: of (?:it|them))?|both(?: of them)?|the two)"
_ALL_DYED = regex(
    rf"{_MAKE}(?:(?:it|them|these|those) )?(?:everything|every(?:one|body)|all(?: of (?:it|them))?|both(?: of them)?) "
    rf"(?:in )?(?P<hue>{COLOUR_WORDS}){_PLEASE}"
)
_SAME_SIZE = "make them the same size"
_IN_FULL = {
    regex(rf"{_MAKE}(?:{_ALL} )*(?:look )?(?:much |a bit |way )?(?:bigger|larger){_PLEASE}"): "zoom in",
    regex(rf"{_MAKE}(?:{_ALL} )*(?:look )?(?:much |a bit |way )?smaller{_PLEASE}"): "zoom out",
    regex(rf"{_MAKE}(?:{_ALL} )*(?:(?:a|an|in) )?(?:extreme )?close[- ]?up(?: shot| view)?{_PLEASE}"): "zoom in",
    regex(
        rf"{_MAKE}(?:{_ALL} )*(?:closer together|nearer (?:to )?each other|(?:stand )?next to each other){_PLEASE}"
    ): "move them closer together",
    regex(
        rf"{_MAKE}(?:{_ALL} )*(?:all |both )?(?:(?:in |of )?the )?same size|{_MAKE}(?:{_ALL} )*as big as each other"
    ): _SAME_SIZE,
    regex(rf"{_MAKE}(?:swap|switch|exchange)(?: around)?{_PLEASE}"): "swap them",
}
"""What is said of several things together, by itself."""
_ALONE = regex(
    rf"{_MAKE}(?:the |my )?(?P<what>[\w' -]+?) (?:alone|by (?:it|him|her)self|on (?:its|his|her) own){_PLEASE}"
)
_SKY = regex(rf"{_MAKE}(?:the )?sky{_PLEASE}")
_VAGUE = regex(
    rf"{_MAKE}(?:without|(?:remove|delete|erase|lose|take away) (?:everything|all) else|everything else|the rest|less"
    r"|fewer|more|delete|remove)\W*"
)
_TURNED = regex(
    rf"{_MAKE}(?:[\w' ]+ )?(?:fac(?:e|es|ing)|look(?:s|ing)?|turn(?:s|ed|ing)?) (?:to )?"
    rf"(?:the )?(?:(?:left|right)(?:wards?| side)?|(?:the )?other way|away|around){_PLEASE}"
)
_SO_MANY = regex(rf"{_MAKE}(?P<number>{NUMERALS}|10|[2-9]){_PLEASE}")
_INSTEAD = regex(rf"{_MAKE}(?P<what>[\w' -]+?) instead of (?:the|that|this|his|her) (?P<whom>[\w' -]+?){_PLEASE}")
_ONLY_INSTEAD = regex(rf"{_MAKE}(?P<what>(?:an? )?[\w' -]+?) instead{_PLEASE}")
_BEARD = regex(
    r"\W*(?:(?:and|now|but|also)\W+)*"
    r"(?:(?:he|the [\w-]+|my [\w-]+)(?:['’]s| is)?|give (?:him|the [\w-]+)|with)"
    r"(?: (?:should|must|has|have|needs|wants|wears|got|bald|and|with))* (?:an? )?"
    rf"(?:(?:{COLOUR_WORDS}|long|short|big|bushy|full) )*beard(?:(?:,| and| with)+ (?P<rest>.+?))?{_PLEASE}"
)
_SHAVEN = ("man", "old man")
_WHOSE = regex(r"^(?:the|my|that|this|those|these|our|an?|his|her|its|their) ")
_AMOUNT = regex(rf"(?:(?:the|an?|some|another|{NUMERALS}|\d+) )?(?:(?!the\b)[\w-]+ ){{0,2}}")
_WHOM = {"his": "him", "her": "her", "its": "it", "their": "them"}
_NEW = any_of("add|an?|another|more|also|with|new|second")


def in_full(text: str, before: Layout, world: World, names: Names) -> str:
    """An order of a word or two in full, of a picture that shows `before`; any other as it is, and "" for one that
    leaves open what is to be done, or nobody could."""
    kinds = {one.thing for one in before.things if not is_clothing(one.thing, world)}
    there = {said.thing for said in names.said(text)} <= kinds and not _NEW.search(text)
    if _VAGUE.fullmatch(text) or (there and _TURNED.fullmatch(text)):
        return ""
    if len(before.things) > 1 and (found := _ALL_DYED.fullmatch(text)):
        return f"make them all {found['hue']}"
    if len(kinds) == 1 and (found := _SO_MANY.fullmatch(text)):
        return f"make it {found['number']}"
    order = next((order for said, order in _IN_FULL.items() if said.fullmatch(text)), "") if len(kinds) > 1 else ""
    if order:
        alike = len({one.side for one in before.things if one.thing in kinds}) == 1
        return "" if order == _SAME_SIZE and alike else order
    found = _ALONE.fullmatch(text)
    if found and any(
        said.thing in kinds and (said.start, said.end) == (0, len(found["what"])) for said in names.said(found["what"])
    ):
        return f"only the {found['what']}"
    return "in the sky" if _SKY.fullmatch(text) else text


def bearded(text: str, before: Layout, world: World) -> str:
    """ "He has a grey beard and glasses", of the one man whom a picture shows, as an order for a man who has one; any
    other words as they are."""
    found, men = _BEARD.fullmatch(text), [one for one in before.things if world.things[one.thing] in _SHAVEN]
    if not found or len(men) != 1:
        return text
    rest = f". give the bearded man {found['rest']}" if found["rest"] else ""
    return f"swap the {world.things[men[0].thing]} for a bearded man{rest}"


def put_instead(text: str, before: Layout, world: World, names: Names) -> str:
    """ "The seal instead of the surfer" as "remove the surfer", where a picture shows both, and "a basketball instead"
    as an exchange for what is of its sort; any other words, and those that want another seal, as they are."""
    there = {one.thing for one in before.things}
    if (found := _ONLY_INSTEAD.fullmatch(text)) and len(new := names.said(found["what"])) == 1:
        kinds = [world.things[thing] for thing in there if _are_alike(thing, new[0].thing, world)]
        if new[0].thing not in there and not new[0].many and len(kinds) == 1:
            what = found["what"].removeprefix("a ").removeprefix("an ")
            return f"replace the {names.own(kinds[0], many=True)} with {with_article(what)}"
    found = _INSTEAD.fullmatch(text)
    if not found or _NEW.search(text):
        return text
    what, whom = names.said(found["what"]), names.said(found["whom"])
    if len(what) != 1 or len(whom) != 1 or not {what[0].thing, whom[0].thing} <= there:
        return text
    return f"remove the {found['whom']}"


def _are_alike(one: int, other: int, world: World) -> bool:
    """Whether two things are of one sort."""
    return any({world.things[one], world.things[other]} <= sort for sort in SORTS.values())


def put_in(text: str, names: Names, shows: Callable[[str], bool]) -> str:
    """What words want in the place of something that is not there as what they add: "add a frog" for "replace the
    wizard with a frog"; any other words as they are.

    Args:
        text: An instruction.
        names: Of the painter's things.
        shows: Whether words may mean something in the picture.
    """
    trade = trade_in(text)
    new = names.said(trade.new) if trade and trade.alone else []
    if not trade or not new or not _AMOUNT.fullmatch(trade.new[: new[0].start]) or shows(_WHOSE.sub("", trade.old)):
        return text
    whose = trade.old.partition(" ")[0].lower()
    brings = f"give {_WHOM[whose]}" if whose in _WHOM else "add"
    return f"{brings} {regex('^the').sub('a', trade.new)}"
