"""Why an edit changed nothing, in a sentence: it is so already, or stands there, there is no such thing, no room, or
nothing known."""

from __future__ import annotations

from collections.abc import Sequence

from models.english.naming import COLOUR_WORDS, Said, colours_in, with_article
from models.english.patterns import NUMERALS, any_of, regex
from models.english.politeness import without_fillers
from models.english.styles import unknown_style, without_style
from models.english.weathers import says, weathers_in
from models.kinds import MOST
from models.rendering.layout import Layout
from models.scene.candles import crowd
from models.scene.counts import leaves_any, wanted_at
from models.scene.dyes import TURNED_DOWN, dyed_around
from models.scene.hearing import Hearing
from models.scene.parts import part_of
from models.scene.plainly import complained_of
from models.scene.pushes import at_its_end, size_meant, too_far
from models.scene.relations import put_already
from models.scene.removals import TAKING, removed, spared
from models.scene.rewording import JUST_THE
from models.scene.whom import somebody_meant

_CALLED = {"clear": "fine weather", "plain": "a flat drawing", "black and white": "black and white only"}
_WRITING = any_of(r"""
    (?:put|add|include|insert|place|print) (?:(?:the|some|a|my|his|her|our|this) )?(?:words?|text|caption|title|name)
    (?:put|add|include|insert|place|print) (?:(?:the|some|a|my|his|her|our|this) )?(?:letters?|numbers|message|slogan)
    (?:put|add|place|print) (?:an? |the )?(?:number |big )?\d+ (?:on|onto|in|to) (?:it|the|this|that|his|her)
    write|writing|spell\w*|(?<!\bwithout )(?<!\bwas )(?<!\bon )(?<!\bjust )(?<!\bam )saying
    (?:that|which|it|signs?|banners?|cards?|cakes?|shirts?|flags?|boards?|bubbles?|labels?) says?(?! so\b| in\b)
    with the (?:words?|text|caption|title|message)
""")
_TO_WRITE = regex(
    r"[\s,;]*(?:\b(?:that|which|and|with|it|should|to|please|can|could|you"
    r"|a (?:sign|text|caption|title|banner|speech bubble))[\s,;]*)+$",
)
_REALISTIC = any_of(r"(?:photo ?)?realis\w*|photograph\w*|photo|3 ?d|lifelike|like real")
_CLOUDS = any_of("clouds?")
_OUTSIDE = any_of(
    r"night\w*|nite|day\w*|morning|noon|midnight|evening|dusk|dawn|sunset|sunrise|rain\w*|snow\w*|fog\w*|mist\w*"
    r"|storm\w*|thunder\w*|sunny|dark\w*"
)
_HUE = any_of(COLOUR_WORDS)
_CALLED_SO = 0.6  # the cosine from which on words may mean a place
_SPOKEN_OF = any_of("the|that|those|these|his|her|its|their|my|our|all|both|no|any|too many", end=r"\s+(?:\w+\s+)?$")
_MORE = any_of(f"more|another|extra|{NUMERALS}|[2-9]")
_BRINGS = regex(r"^\W*(?:and|add|plus|also|with|put|an?|another)\b")


def why_unchanged(prompt: str, layout: Layout, hear: Hearing) -> str:
    """Why a painter changes nothing in a picture.

    Args:
        prompt: What was asked.
        layout: What the picture shows.
        hear: What understands words about the painter's world.
    """
    return known_reason(prompt, layout, hear) or _can_only(f"cannot do “{prompt}”")


def known_reason(prompt: str, layout: Layout, hear: Hearing) -> str:
    """Why nothing can change in a picture, where there is a reason, so that it is no use to try; else "". The arguments
    are as for `why_unchanged`."""
    text = hear.put_right(without_fillers(prompt))
    said = hear.names.said(text)
    if part := part_of(text, said, {one.thing for one in layout.things}, hear.planner.world):
        return (
            f"The small painter draws each thing as a whole and cannot change “{part}” alone; change the whole thing, "
            "or choose another preset."
        )
    style, _ = unknown_style(prompt)
    if style and not hear.names.said(without_style(text)):
        return (
            f"The small painter has no style “{style}”; it draws flat or in "
            f"{', '.join(hear.planner.world.styles[1:])}: name one of these, or choose another preset."
        )
    unknown = hear.unknown(prompt)
    if not unknown and (nothing := _nothing_to_change(prompt, text, layout, hear)):
        return nothing
    if _REALISTIC.search(prompt):
        return _can_only("paints nothing realistic")
    if wants_writing(prompt):
        return _can_only("writes no words or numbers")
    return unknown and _can_only(f"knows nothing like “{unknown}”{hear.nearest(unknown)}")


def _nothing_to_change(prompt: str, text: str, layout: Layout, hear: Hearing) -> str:
    """Why there is nothing to change though all that words name is known; `text` is the prompt put right."""
    world, said = hear.planner.world, hear.names.said(text)
    somebody = [] if said else somebody_meant(text, {one.thing for one in layout.things}, world)
    if len(somebody) > 1 and size_meant(text):
        whom = " or ".join(f"the {world.things[one]}" for one in somebody)
        return f"Nothing would change: name whom you mean, {whom}."
    if lacked := spares_nothing(text, layout, hear):
        return f"Nothing would change: the picture has no {lacked} that could stay; name something that it shows."
    complains = complained_of(prompt, hear.names)
    for one in said[:1]:
        there = sum(other.thing == one.thing for other in layout.things)
        many = hear.names.own(world.things[one.thing], many=there > 1)
        if there and complains and not complains.many:
            return f"The small painter draws {with_article(many)} so; ask for another version, or name another thing."
        if there and complains:
            return f"Nothing would change: the picture shows {there} {many}; say how many more you want."
        if there and len({other.thing for other in said}) == 1 and wanted_at(text, one, there) == there:
            return f"Nothing would change: the picture shows {there} {many} already."
    if (put := put_already(text, said, layout, world)) is not None:
        return f"Nothing would change: the {world.things[put]} is there already."
    if leaves_any(text):
        return "Nothing would change: the picture shows no more of one kind alone; name what is to stay."
    only = JUST_THE.match(text)
    if (only or spared(text, said)) and {one.thing for one in said} >= {one.thing for one in layout.things}:
        return "Nothing would change: the picture shows nothing else."
    if there := already(prompt, layout, hear):
        return f"Nothing would change: the picture shows {there} already."
    if dyed := _dyed_already(text, said, layout, hear):
        return f"Nothing would change: {dyed} already."
    if (thing := at_its_end(text, said, layout)) is not None:
        size = "smaller" if (pushed := size_meant(text)) and pushed.factor < 1 else "larger"
        return f"Nothing would change: the {world.things[thing]} cannot be any {size}."
    if is_full(prompt, layout, hear):
        return f"The picture is full: it holds {MOST} things at most; take one away first."
    if too_far(text) and not any(world.shows(layout, one.thing) for one in said):
        return "Nothing would change: the picture shows several things; name the one that is to move."
    if too_far(text):
        return f"Nothing would change: the {world.things[said[0].thing]} cannot go any farther that way."
    if not said and (around := dyed_around(text)):
        return f"Nothing would change: the small painter paints places as a whole and cannot colour the {around} alone."
    indoors = hear.planner.indoors(layout.about[0])
    if _CLOUDS.search(prompt) and not indoors:
        return "Nothing would change: the small painter paints the sky as a whole, and clouds of its own stay in it."
    if lacked := lacking(prompt, layout, hear):
        return f"Nothing would change: the picture has no {lacked} that could be changed."
    if indoors and _OUTSIDE.search(prompt):
        return "Nothing would change: the picture is of a place indoors, where no weather is seen."
    return ""


def _can_only(but: str) -> str:
    return (
        f"The small painter {but}. It adds, removes, exchanges, recolours, resizes and moves whole things, and changes "
        "the place, the time of day, the weather and the style; name one of these, or choose another preset."
    )


def spares_nothing(text: str, layout: Layout, hear: Hearing) -> str:
    """What all else is to go but for, where a layout has none of it ("chickens"); "" where something stays."""
    things, stays = hear.planner.world.things, spared(text, hear.names.said(text))
    there = {things[one.thing] for one in layout.things}
    if any(f" {kind}".endswith(f" {things[one.thing]}") for one in stays for kind in there):
        return ""
    return hear.names.own(things[stays[0].thing], many=True) if stays else ""


def already(prompt: str, layout: Layout, hear: Hearing) -> str:
    """The hour, weather, style, place or thing that words want and a layout has ("day", "the beach", "a fox"), "" for
    none."""
    world, words = hear.planner.world, TURNED_DOWN.sub("", hear.put_right(prompt))
    if TAKING.search(words):
        return ""
    about = [names[number] for names, number in zip(world.about, layout.about, strict=True)]
    weathers = weathers_in(words)
    if found := next((name for name in about if name in weathers or says(words, name)), ""):
        return f"the {found}" if found == about[0] else _CALLED.get(found, found)
    said = hear.names.said(without_writing(words))
    if not said or not _BRINGS.match(words) or not all(world.shows(layout, one.thing) for one in said):
        return ""
    return with_article(world.things[said[0].thing])


def _dyed_already(text: str, said: Sequence[Said], layout: Layout, hear: Hearing) -> str:
    """What has the one colour that words want ("the house is red"); "" where something has another."""
    world, wanted = hear.planner.world, colours_in(text, hear.planner.world.colours)
    named = {one.thing for one in said}
    meant = [one for one in layout.things if not named or one.thing in named]
    if len(wanted) != 1 or not meant or any(one.colour != wanted[0] for one in meant):
        return ""
    kinds = {one.thing for one in meant}
    what = hear.names.own(world.things[meant[0].thing], many=len(meant) > 1) if len(kinds) == 1 else "things"
    return f"the {what} {'is' if len(meant) == 1 else 'are'} {world.colours[wanted[0]]}"


def wants_its_place(prompt: str, layout: Layout, hear: Hearing) -> bool:
    """Whether words want the place that a layout shows, and nothing else: who asks for a kitchen does not see in this
    view of one what they meant."""
    places = hear.planner.world.places
    place = places[layout.about[0]]
    if place.endswith("background") or hear.unknown(prompt) or _HUE.search(prompt) or hear.names.said(prompt):
        return False
    if already(prompt, layout, hear) == f"the {place}":
        return True
    return hear.alike(prompt, place) >= max(_CALLED_SO, hear.alike(prompt, *places))  # "the woods"


def is_full(prompt: str, layout: Layout, hear: Hearing) -> bool:
    """Whether a layout has as many things as it may have, and words name one that it has not, or want more."""
    text = hear.put_right(prompt)
    said = hear.names.said(text)
    more = bool(said) and _MORE.search(text) is not None
    world = hear.planner.world
    return crowd(layout, world) >= MOST and (more or any(not world.shows(layout, s.thing) for s in said))


def lacking(prompt: str, layout: Layout, hear: Hearing) -> str:
    """What words would change, move or take away and a layout has not ("tree"), "" for nothing."""
    text, world = hear.put_right(prompt), hear.planner.world
    said = hear.names.said(text)
    gone = removed(text, said)
    known = gone or [one for one in said if _SPOKEN_OF.search(text[: one.start])]
    shown = any(world.shows(layout, one.thing) for one in gone or said)
    return "" if not known or shown else world.things[known[0].thing]


def wants_writing(text: str) -> bool:
    """Whether words ask for written ones, which no painter of scenes has."""
    return _WRITING.search(text) is not None


def without_writing(text: str) -> str:
    """The words without those that are to be written, and what leads to them: "a cake that says hooray" is a cake."""
    found = _WRITING.search(text)
    return _TO_WRITE.sub("", text[: found.start()]).strip() if found else text
