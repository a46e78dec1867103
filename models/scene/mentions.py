"""Things that a request names more than once: again, and still one, or another of the kind.

Who says "a turtle, turtle on a skateboard" speaks of one turtle, and who says "a red car and a blue car" of two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from models.english.naming import Names, Said
from models.english.patterns import NUMERALS, any_of, regex
from models.rendering.layout import Placed
from models.scene.dyes import Dyer

_BREAK = regex(r"[.;:!?\n—–=]|\b(?:er|i mean|ok|okay|no|so|just|let'?s say)\b")  # behind which it is said anew
_ONE_MORE = any_of(rf"an?|another|one|other|second|third|more|also|{NUMERALS}|[1-9]", end=r"\s+(?:[\w'-]+\s+){0,2}$")
_KIND = any_of("an?", end=r"\s+(?P<kind>[\w'-]+)\s+$")  # "a small fox"
_SEVERAL = any_of("another|others?|both|each|every|all|pair|twins?|group")


def once_each(text: str, said: Sequence[Said], things: Sequence[Placed], names: Names, dyer: Dyer) -> list[Placed]:
    """The things of a new picture without a second of what its words name again and mean the same by.

    Args:
        text, said: The words, and the names in them.
        things: What was planned.
        names: What things are called.
        dyer: Knows the colours that words give.
    """
    asked = names.counted(text)
    most = dict[int, int]()
    for thing, number in Counter(one.thing for one in said).items():
        mentions = [one for one in said if one.thing == thing]
        counted = sum(wanted for _, wanted in asked.get(thing, ())) > len(mentions)
        if number > 1 and not (counted or _SEVERAL.search(text) or any(names.is_many(text, one) for one in mentions)):
            most[thing] = 1 + sum(_is_another(text, one, then, names, dyer) for one, then in pairwise(mentions))
    kept, there = list[Placed](), Counter[int]()
    for one in sorted(things, key=lambda one: not one.colour):  # of two, the one that words have dyed
        there[one.thing] += 1
        if there[one.thing] <= most.get(one.thing, len(things)):
            kept.append(one)
    return sorted(kept, key=things.index)


def _is_another(text: str, one: Said, then: Said, names: Names, dyer: Dyer) -> bool:
    """Whether a name means another thing than the same thing's last name did."""
    between = text[one.end : then.start]
    if len({dyer.before(text[: name.start]) for name in (one, then)} - {None}) > 1:
        return True
    if _BREAK.search(between):
        kinds = [_KIND.search(text[: name.start]) for name in (one, then)]
        return all(kinds) and len({found["kind"].lower() for found in kinds if found}) > 1
    if _ONE_MORE.search(between):
        return True
    words = [text[name.start : name.end].lower() for name in (one, then)]
    return words[0] != words[1] and words[1] != names.own_of(then.thing)
