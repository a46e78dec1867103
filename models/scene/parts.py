"""Parts of things, which the small painter draws with the whole only: no tail to take off, no hair of another colour.

"Make her eyes green" means the girl's, so that none should come beside her, and "remove the dog's tail" is no wish to
be rid of the dog.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from models.english.naming import Said
from models.english.patterns import any_of
from models.rendering.kinds import ALIVE, SORTS
from models.rendering.layout import World

_OF_WHAT = {
    ALIVE: any_of(r"""
        hair|eyes?|eyebrows?|eyelashes|ears?|noses?|snouts?|mouths?|lips?|teeth|tongues?|cheeks?|beards?|moustaches?
        mustaches?|whiskers|horns?|antlers?|tusks?|manes?|tails?|wings?|fins?|beaks?|claws?|paws?|hoof|hooves|legs?|arms?
        hands?(?![- ](?:drawn|sketch\w*|paint\w*|written|made|held))
        feet|fingers?|fingernails|nails|necks?|freckles|muscles|fangs|shoulders?|expressions?
    """),
    SORTS["vehicle"]: any_of("wheels?|tyres?|tires?|headlights?|engines?"),
    SORTS["building"]: any_of("doors?|windows?|chimneys?"),
    SORTS["plant"] | SORTS["flower"]: any_of("petals?|stems?|stalks?"),
    SORTS["tree"]: any_of("branch|branches|trunks?"),
}
_AT = any_of(  # which says where: "a ring on her hand"
    "on|in|into|at|by|from|to|behind|over|under|around|between|with|near",
    end=r"\s+(?:(?:the|that|each|both|one of|his|her|its|their|my|an?)\s+)?(?:[\w-]+(?:['’]s|s['’]?)\s+)?"
    r"(?:(?:left|right)\s+)?$",
)
_WHOSE = any_of(r"the|his|her|its|their|[\w-]+['’]s|[\w-]+s['’]", end=r"\s+(?:[\w-]+\s+)?$")
_A = any_of("an?|another|some|two|three|more|add", end=r"\s+(?:[\w-]+\s+)?$")


def part_of(text: str, said: Sequence[Said], shown: Collection[int], world: World) -> str:
    """The word for a part of what is shown that an instruction gives, changes or takes away, "" where it does no such
    thing: it brings what has a name, or says where.

    Args:
        said: The names in the instruction.
        shown: The kinds of things that the picture shows.
    """
    there = {world.things[thing] for thing in shown}
    for owners, parts in _OF_WHAT.items():
        for found in parts.finditer(text) if owners & there else ():
            ahead = text[: found.start()]
            named = [one for one in said if one.start <= found.start() < one.end]
            if any(one.thing in shown or (one.start, one.end) != found.span() for one in named):
                continue  # it is there itself, or a "chicken leg"
            brought = [
                one for one in said if one not in named and (one.thing not in shown or _A.search(text[: one.start]))
            ]
            if not (brought or _AT.search(ahead) or (named and not _WHOSE.search(ahead))):
                return found[0]
    return ""
