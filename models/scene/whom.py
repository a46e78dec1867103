"""Whom "him" and "her" mean, and whose hat is spoken of."""

from __future__ import annotations

from collections.abc import Collection

from models.english.patterns import NUMERALS, any_of, regex
from models.kinds import ALIVE
from models.rendering.layout import Layout, Placed, World
from models.scene.arranging import on_a_head

_SOMEBODY = regex(rf"^(?!.*\b(?:them|they|the|an?|that|{NUMERALS})\b).*\b(?:him|hes?|shes?|her)\b")
_WHOSE = any_of(
    r"(?P<whose>his|her|its|(?:the|my|that) (?P<who>[\w-]+(?: [\w-]+)?)['’]s) "
    r"(?P<what>(?:[\w-]+ )?(?:hat|cap|crown|helmet))",
    end=r"\b(?! (?:of|off)\b)",
)


def somebody_meant(text: str, shown: Collection[int], world: World) -> list[int]:
    """The numbers of those who are shown and whom "him" or "her" may mean in words that speak of nothing else: one,
    where it is plain; none where nobody is spoken of so."""
    if not _SOMEBODY.search(text):
        return []
    alive = [thing for thing in shown if world.things[thing] in ALIVE]
    people = [thing for thing in alive if world.may_be(thing, text)]
    return sorted(alive if len(alive) == 1 or not people else people)


def hat_of_its_owner(text: str, before: Layout, world: World) -> str:
    """Words that speak of somebody's hat where a picture shows two of the kind, with the one that is on that head ("the
    red hat" or "the left hat", for "her hat")."""
    found = _WHOSE.search(text)
    hats = [one for one in before.things if found and world.things[one.thing] == found["what"].lower()]
    if not found or len(hats) != 2:
        return text
    owners = [one for one in before.things if _may_own(one, found["who"] or found["whose"], world)]
    worn = [hat for hat in hats if on_a_head(hat, owners)]
    if len(worn) != 1:
        return text
    if hats[0].colour != hats[1].colour and worn[0].colour:
        which = world.colours[worn[0].colour]
    else:
        which = "left" if worn[0] is min(hats, key=lambda hat: hat.column) else "right"
    return f"{text[: found.start()]}the {which} {found['what']}{text[found.end() :]}"


def _may_own(one: Placed, who: str, world: World) -> bool:
    name = world.things[one.thing]
    return name in ALIVE and (world.may_be(one.thing, who) if who.lower() in ("his", "her") else name == who.lower())
