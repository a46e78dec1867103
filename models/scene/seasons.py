"""What a season or a feast brought goes when another comes: no sunflower in the snow, no ghost at Christmas."""

from __future__ import annotations

from dataclasses import replace

from models.english.naming import Names
from models.english.patterns import regex
from models.english.subjects import brought_by, season_in
from models.rendering.layout import Layout, World

SEASONS = ("spring", "summer", "autumn", "winter", "halloween", "christmas", "easter", "valentine")
_INSTEAD = regex(r"\b(?:instead|same|version|rather than|no longer|any ?more)\b")
_GREEN = frozenset({"spring", "summer", "autumn"})  # those without snow


def out_of_season(instruction: str, layout: Layout, world: World, names: Names) -> Layout:
    """The layout without what the season or the feast before brought, where an instruction brings another.

    A picture does not tell who wanted its things. So snow goes, and autumn's orange trees with their leaves; other
    things go only where words say "instead" or the like, and where the picture shows all that the season brings.
    """
    coming = season_in(instruction, names)
    if not coming:
        return layout
    place, light, weather, style = layout.about
    shown, orange = {world.things[one.thing] for one in layout.things}, world.colours.index("orange")
    turned = [one for one in layout.things if world.things[one.thing] == "tree" and one.colour == orange]
    over, gone = set[str](), set[str]()
    for season in SEASONS:
        leaves = season == "autumn" and bool(turned)
        brought = {"maple leaf"} if leaves else brought_by(season, names)
        if season != coming and brought <= shown and (leaves or _INSTEAD.search(instruction)):
            over.add(season)
            gone |= brought
    gone -= brought_by(coming, names)
    things = tuple(one for one in layout.things if world.things[one.thing] not in gone)
    if "autumn" in over:
        things = tuple(replace(one, colour=0) if one in turned else one for one in things)
    if "halloween" in over and things and world.lights[light] == "night":
        light = world.lights.index("day")
    if coming in _GREEN and world.weathers[weather] == "snow":
        weather = world.weathers.index("clear")
    return replace(layout, about=(place, light, weather, style), things=things or layout.things)
