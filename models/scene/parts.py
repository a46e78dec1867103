"""Parts of things, which the small painter draws with the whole only: no tail to take off, no hair of another colour.

"Make her eyes green" means the girl's, so that none should come beside her, "remove the dog's tail" is no wish to be
rid of the dog, and "a house with a red door" is no house and a door.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from models.english.naming import COLOUR_WORDS, Names, Said
from models.english.patterns import NUMERALS, any_of, regex
from models.kinds import ALIVE, SORTS
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
_ALSO = {  # what a request may give, but a change of it means the whole
    SORTS["building"]: any_of("roofs?|walls?|shutters?"),
    SORTS["vehicle"]: any_of("doors?|windows?|roofs?"),
    SORTS["boat"]: any_of("sails?|masts?|oars?|funnels?"),
}
_HAS = regex(
    rf",?\s*(?P<joint>\b(?:with|has|having|w|and)|,)\s+(?P<part>(?:(?:an?|the|its|his|her|their|some|{NUMERALS}|\d)\s+)?"
    r"(?:(?!(?:with|and|or|in|on|at|of|to|by|for|from|an?|the|his|her|its)\b)[\w-]+\s+){0,2}(?P<what>[\w-]+))"
    r"(?=\s*(?:$|[.,;!?]|(?:and|with|in|on|at|by|under|near|next|behind|beside|that|which|who|for|during)\b))",
)
_HUE, _ITS = any_of(COLOUR_WORDS), regex("^(?:an?|the|its|his|her|their|some) ")
_AND = regex(r"^,?\s+and\b")
_OF_ITS_OWN = any_of("spare|extra|another|separate|loose|second")
_WHEEL = any_of("an? (?:wheel|tyre|tire)")
_BROKEN = any_of("broken|smashed|shattered|cracked")
_AS_DRAWN = any_of(r"""
    (?:man|woman|boy|girl): brown hair
    house: (?:brown doors?|(?:red|orange) roofs?)
    (?:car|truck|bus|bicycle|motorcycle|tractor): black (?:wheels?|tyres?|tires?)
    pig: pink .+|elephant: gr[ae]y .+|lion: orange manes?
    (?:tree|palm tree|pine tree|christmas tree): brown (?:trunks?|branch|branches)
    .+: green (?:stems?|stalks?)
""")
"""Parts in the colours that they have anyway, by what has them."""
_SMOKE = regex(r",? (?:with|and) smoke (?:\w+ing )?(?:up )?(?:out of|from) (?:an?|the|its) chimneys?\b")
_TAKEN_OFF = regex(
    r"\W*(?:remove|delete|erase|lose|ditch|take (?:off|away|out)|get rid of) (?:(?:the|that|my) )?[\w -]+?['’]s "
    r"(?P<what>[\w-]+(?: [\w-]+)?)\W*"
)  # "remove the dog's collar"
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
    taken = _TAKEN_OFF.fullmatch(text)
    return taken["what"] if taken and said and all(one.end < taken.start("what") for one in said) else ""


def without_parts(request: str, names: Names) -> str:
    """A request without the parts of what it names, which come with the whole: "a house with a red door"."""
    request = _SMOKE.sub("", request)
    for found, owner in reversed(_parts_in(request, names)):
        behind = request[found.end() :]
        then = next((names.own_of(one.thing) for one in names.said(behind)), "")
        if found["joint"].lower() not in ("and", ",") and then not in ALIVE | {owner}:
            behind = _AND.sub(" with", behind)  # "with red hair and a blue dress"
        request = request[: found.start()] + behind
    return request


def hued_parts(request: str, names: Names) -> list[str]:
    """The parts to which a request gives a colour of their own: "red door"."""
    parts = ((_ITS.sub("", found["part"]), owner) for found, owner in _parts_in(request, names))
    return [
        part
        for part, owner in parts
        if (hue := _HUE.search(part)) and not _AS_DRAWN.fullmatch(f"{owner}: {part[hue.start() :]}")
    ]


def broken_parts(request: str, names: Names) -> list[str]:
    """The parts that a request wants broken: "broken window"."""
    parts = (_ITS.sub("", found["part"]) for found, _ in _parts_in(request, names))
    return [part for part in parts if _BROKEN.search(part)]


def _parts_in(request: str, names: Names) -> list[tuple[re.Match[str], str]]:
    """Where a request gives a part ("with a red door", "and a chimney") to what is named before it, and to what."""
    parts, owner, end = list[tuple[re.Match[str], str]](), "", -1
    for found in _HAS.finditer(request):
        listed = found["joint"].lower() in ("and", ",")
        if not listed:
            ahead = [one for one in names.said(request) if one.end <= found.start()]
            owner = names.own_of(ahead[-1].thing) if ahead else ""
        elif found.start() != end:  # of another list
            owner = ""
        end, what = found.end(), found["what"]
        own = _OF_ITS_OWN.search(found["part"]) or (listed and _WHEEL.match(found["part"]))
        of_it = (some for table in (_OF_WHAT, _ALSO) for owners, some in table.items() if owner in owners)
        if not own and any(some.fullmatch(what) for some in of_it):
            parts.append((found, owner))
    return parts


def parts_in(text: str, shown: Collection[str]) -> list[str]:
    """The words of a text for parts of things, of which it names no others, that are drawn with the whole only."""
    found = (parts.fullmatch(text.strip(" .")) for owners, parts in _OF_WHAT.items() if owners & {*shown})
    return [one[0] for one in found if one]
