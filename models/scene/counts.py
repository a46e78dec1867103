"""Numbers in sentences: so many of a kind, so many more or fewer, twice as many, "one is enough"."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from models.english.naming import Names, Said
from models.english.numbers import NUMBER, number_of
from models.english.patterns import any_of, regex
from models.rendering.layout import Layout, World

_NUMBER = rf"(?:a couple|{NUMBER})"
_TOTAL = any_of(
    rf"""
    x ?(?P<fold>10|[2-9])
    (?:i|we) (?:want|wanted|need|needed|meant) (?P<want>{_NUMBER})\W*$
    make (?:it|them|that|those) (?P<made>{_NUMBER})(?: of (?:th?em|those|these))?\W*$
    (?P<number>{_NUMBER})\b(?: of (?:th?em|those|these)(?: actually)?\W*$
    |.*\b(?:altogether|in total|total|all in all)|.*,? not (?:just |only )?{_NUMBER}
    | (?:is|are|would be|will be) (?:enough|plenty|fine))
""",
    end=r"(?:\b|$)",
)
_ENOUGH = "(?:at most|max|tops|left|enough|do|plenty)"
_AT_MOST = any_of(rf"""
    (?:only|just|leave|keep|but) (?:the |a |me )?(?P<kept>{_NUMBER}|single)
    (?P<left>{_NUMBER}|a single)(?: \w+)?(?: is| are|'ll| will| would| should)?(?: be)? {_ENOUGH}
""")
_OF_THEM = any_of(rf"(?P<number>{_NUMBER}) of (?:th?em|those|these)")
_AND_NAME = r"\s+(?:(?!and\b)[\w'-]+\s+)?$"
_MORE_OF = any_of(
    rf"""
    (?P<number>{_NUMBER}) (?:more|extra|additional)|another|an (?:extra|additional)
    (?P<some>more|extra)
    """,
    end=_AND_NAME,
)
_DOWN_TO = any_of(
    rf"(?:change|turn|cut|reduce|bring) (?:it|them|that|those)(?: down)? (?:in)?to (?P<number>{_NUMBER})", end=_AND_NAME
)
_NUMBERED = any_of(
    rf"(?P<only>(?:only|just)(?: the)? )?(?P<number>{_NUMBER})(?P<fewer> (?:fewer|less))?", end=_AND_NAME
)
_FEWER_BEHIND = regex(r"\s+(?:fewer|less)\b")
_SO_MANY_BEHIND = regex(
    rf"\W*(?:please\W+)?(?:like|say|maybe|just|only|exactly|i (?:want|need)|make (?:it|that)|so it'?s)\W+"
    rf"(?P<number>{_NUMBER})\b"
    r"\W*(?:in (?:all|total)|of them)?\W*$",
)
_TOO_MANY = any_of("too many|not (?:so|that|this) many", end=_AND_NAME)
_NOTHING = regex(r"\W*(?:(?:now|here|there|in it)\W*)*")
_SHOULD_BE = regex(
    rf"\s+(?:should|must|has to|needs to|can|ought to) be (?:only|just|exactly) (?P<number>{_NUMBER})\W*$"
)
_ONLY_BEHIND = regex(r"\s+(?:only|(?:is|are|will be|would be) (?:enough|plenty)|(?:will|would) do)\b")
_LESS_BY = any_of(
    rf"(?:remove|take away|lose|delete|drop|minus|erase) (?P<number>{_NUMBER})(?: of the)?", end=_AND_NAME
)
ONLY_SO_MANY = any_of(rf"(?:only|just) (?:(?:leave|keep|want|need) )?{_NUMBER}", end=r"(?! of\b)\s+[a-z]")
"""What says how many of something there are, and nothing of all else."""
_NO_MORE = any_of("no|not|without|remove|lose|delete|drop", end=r"\s+(?:[\w'-]+\s+){0,2}$")
_CROWD_OF = any_of(
    r"many|(?:a |whole |the )?(?:lots?|loads?|tons?|heaps?|piles?|dozens?|hundreds?|thousands?|swarms?|flocks?|herds?"
    r"|crowds?|bunch(?:es)?|plenty|school|pack|army) of|full of|filled with|covered (?:in|with|by)|surrounded by"
    r"|(?:fill|cover) (?:it|the [\w]+(?: [\w]+)?) (?:with|in)|countless|so many|too many",
    end=r"(?: (?:the|these))?\s+(?:(?!and\b)[\w'-]+\s+){0,2}$",
)
_FEW_OF = any_of("several|a few|few|group of", end=r"\s+(?:(?!and\b)[\w'-]+\s+){0,2}$")
_EVERYWHERE = regex(r"(?: \w+ing)?,? (?:everywhere|all over|all around|as far as|wherever you look|in every corner)\b")
_MANY, _SOME = 5, 3
_ORDINALS = {"second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_ORDINAL = any_of(rf"(?<!the )(?<!that )(?<!my )(?P<number>{'|'.join(_ORDINALS)})", end=_AND_NAME)
_TAKEN = any_of(
    rf"(?:remove|take away|take|eat|lose|delete|drop|erase) (?P<number>{_NUMBER})(?: of (?:th?em|those|these))?"
    "(?: away| out)?",
    end=r"\W*$",
)
_EXTRA = any_of(rf"(?P<number>{_NUMBER}) (?:more|extra|additional|further)")
_COUNTS = {
    (2, 0): any_of(r"doubled?(?! (?:\w+ )?(?:size|height))|twice as many"),
    (3, 0): any_of("triple|tripled|three times as many"),
    (0.5, 0): any_of("halve|halved|half as many|half of (?:them|the)"),
    (1, 1): any_of("another|an extra|a second|a third|a fourth"),
    (1, -1): any_of("(?:one|1) (?:less|fewer|too many)"),
}


_PRONOUN = regex("(?:of )?(?:them|those|these|it)")
_SOME_GO = regex(
    rf"\W*(?:(?:and|but|now|also) )*(?P<number>{_NUMBER}) (?:of (?:the|those|these) )?"
    r"(?P<what>(?:[\w'-]+ ){0,2}?[\w'-]+) "
    r"(?:(?:can|must|should|could|may|has|have|needs?|to|is|are|be|just|please|he|she|it|they|i|we) )*"
    r"(?:go(?:es|ne)?|away|out|lose[sd]?|lost|delete[sd]?|removed?|vanish(?:es)?|disappears?|too many)\W*$"
)
_SO_MANY_OF = regex(
    rf"\W*(?:(?:i|we|you|they|feel|think|want|need|like|would|should|be|there|put|have|give|me|us|let|make|it|add|maybe|ok)"
    rf"\b['’]?s?\W+)*(?P<number>{_NUMBER}) of (?:those|these|them|the) (?P<what>(?:[\w'-]+ )?[\w'-]+)"
    r"(?: (?:now|instead|then|in a row|(?:would|will|should) (?:be|make|look|do)\b.*))?\W*$"
)
_ONLY_OF_ALL = regex(
    rf"\W*(?:(?:ok|so|and|but|now|maybe|i|we|want|need|leave|keep) )*(?:only|just)(?: (?:leave|keep|want|need))? "
    rf"(?P<number>{_NUMBER})(?: of (?:th?em|those|these))?(?: left| (?:is|are) (?:enough|plenty))?\W*"
)
_SO_MANY_INSTEAD = regex(rf"\W*(?P<number>{_NUMBER}) (?P<what>(?:[\w'-]+ )?[\w'-]+) (?:instead|rather)\W*$")
_HALF = any_of(r"""
    half as many|half of (?:them|those|these)|half the (?:number|amount)
    half of the [\w-]+ (?:away|gone|can go|should go)
    (?:fewer|less|not so many|too many)\b.*\bhalf
""")


@dataclass(frozen=True)
class Count:
    """So many times as many, and so many more."""

    times: float
    more: int


def total_of(instruction: str) -> Count | None:
    """How many an instruction wants in all, or without so many, whatever else it says; None where it says none."""
    if found := _TAKEN.search(instruction):
        return Count(1, -number_of(found["number"]))
    if found := _TOTAL.search(instruction):
        return Count(0, number_of(found["fold"] or found["want"] or found["made"] or found["number"]))
    return None


def more_of(instruction: str) -> list[Count]:
    """How many more an instruction may want, or times as many: one, where it is plain."""
    if found := _EXTRA.search(instruction):
        return [Count(1, number_of(found["number"]))]
    return [Count(*count) for count, pattern in _COUNTS.items() if pattern.search(instruction)]


def wanted_at(text: str, said: Said, there: int) -> int | None:
    """How many of a kind words want by a number at its name, where so many are there; None where they do not say."""
    ahead, behind = text[: said.start], text[said.end :]
    if said.many and (found := _SO_MANY_BEHIND.match(behind)):  # "more stars!! like six"
        return number_of(found["number"])
    if found := _SHOULD_BE.match(behind):  # "the cat should be only one"
        return number_of(found["number"])
    if _TOO_MANY.search(ahead) and _NOTHING.fullmatch(behind):
        return max(1, there // 2)
    if found := _LESS_BY.search(ahead):
        return max(0, there - number_of(found["number"]))
    if _NO_MORE.search(ahead):
        return None
    if (found := _MORE_OF.search(ahead)) and (said.many or not found["some"]):  # "a more friendly dog" is still one
        return there + number_of(found["number"] or "one")
    if found := _ORDINAL.search(ahead):
        return max(there, _ORDINALS[found["number"].lower()])
    if found := _DOWN_TO.search(ahead):
        return number_of(found["number"])
    if found := _NUMBERED.search(ahead):
        number = number_of(found["number"])
        if found["fewer"] or _FEWER_BEHIND.match(behind):
            return max(0, there - number)
        if found["only"] or _ONLY_BEHIND.match(behind):
            return number
    return None


def enough_of(text: str) -> int:
    """How many words call enough ("just one", "two will do"); 0 where they do not say."""
    found = _AT_MOST.search(text)
    word = (found["kept"] or found["left"]).lower() if found else ""
    return 1 if word.endswith("single") else number_of(word) if word else 0


def fewest_of(text: str, said: Said) -> int:
    """How many at least a name for many of a thing means: two, or more where words speak of a few or of a crowd."""
    ahead = text[: said.start]
    if _CROWD_OF.search(ahead) or _EVERYWHERE.match(text, said.end):
        return _MANY
    return _SOME if _FEW_OF.search(ahead) else 2


def recounted(text: str, before: Layout, world: World, names: Names) -> str:
    """Words that let so many of a kind go, or half of them ("one camel gone", "half as many balloons", "too many
    cats"), or want more of it ("three of those heads"), as a plain order, "" where there are so many; any other as they
    are."""
    there = Counter(one.thing for one in before.things)
    named = names.said(text)
    ahead, behind = (text[: named[0].start], text[named[0].end :]) if len(named) == 1 else ("", "")
    over = _TOO_MANY.search(ahead) and (_NOTHING.fullmatch(behind) or _SO_MANY_BEHIND.match(behind))
    if over or _SHOULD_BE.match(behind):
        thing = named[0].thing
        wanted = wanted_at(text, named[0], there[thing]) or 0
        many = names.own(world.things[thing], many=wanted > 1)
        return f"only {wanted} {many}" if 0 < wanted < there[thing] else ""
    several = [thing for thing, count in there.items() if count > 1]
    if found := _ONLY_OF_ALL.fullmatch(text):  # "only three of them"
        number, fewer = number_of(found["number"]), several if len(several) == 1 else list(there)
        if len(fewer) != 1 or there[fewer[0]] <= number:
            return ""
        return f"only {number} {names.own(world.things[fewer[0]], many=number > 1)}"
    if (found := _TAKEN.search(text)) and len(several) == 1 and not named:  # "take two out", of six eggs
        fewer = number_of(found["number"]) < there[several[0]]
        return f"remove {found['number']} {names.own(world.things[several[0]], many=True)}" if fewer else text
    if found := _SOME_GO.match(text):
        named = [said.thing for said in names.said(found["what"])]
        named = several if not named and _PRONOUN.fullmatch(found["what"]) else named
        if len(named) == 1 and there[named[0]] > number_of(found["number"]):
            return f"remove {found['number']} {world.things[named[0]]}"
    for found, fewer in ((_SO_MANY_OF.match(text), False), (_SO_MANY_INSTEAD.match(text), True)):
        named = {said.thing for said in names.said(found["what"])} if found else set[int]()
        number = number_of(found["number"]) if found else 0
        if len(named) == 1 and (many := there[thing := min(named)]) and (many > number if fewer else many < number):
            return f"only {number} {names.own(world.things[thing], many=number > 1)}"
    if _HALF.search(text):
        named = [said.thing for said in names.said(text) if said.thing in several] or several
        if len(named) == 1:
            number = max(1, there[named[0]] // 2)
            return f"only {number} {names.own(world.things[named[0]], many=number > 1)}"
    return text


def leaves_any(text: str) -> bool:
    """Whether words say how many are to be left, and not of what ("only one of them")."""
    return _ONLY_OF_ALL.fullmatch(text) is not None


def number_of_them(text: str) -> int:
    """The number of "four of them"; 0 where there is none."""
    found = _OF_THEM.search(text)
    return number_of(found["number"]) if found else 0
