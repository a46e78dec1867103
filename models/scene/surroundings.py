"""Place, light and weather of pictures, as far as words say them plainly: what a planner makes of "in the garden", "the
sun is setting" or "on the pond" is now and then another place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from models.english.naming import Names
from models.english.patterns import any_of
from models.english.weathers import says, weathers_in
from models.rendering.layout import NO_SKY, Layout, World
from models.scene.believable import WATERS
from models.scene.hearing import Heard
from models.scene.homes import homely
from models.scene.plainly import moves
from models.scene.removals import TAKING

_SETS = any_of(
    r"sun\b(?:'s| is| was)? ?(?:about to |just |slowly )?(?:sets?|setting|go(?:es|ing)? down|sink\w*)"
    r"|(?:early|first thing)(?: in the)? morning|day ?break|first light|crack of dawn"
)
_MOON = any_of("(?:full|crescent|half|new|the) moon|moon(?= and stars| is (?:up|out|shining|full|rising))")
_BY_DAY = any_of(
    r"(?:on|over|across|to|around|landing) the moon|day\w*|sun\w*|dawn|dusk|morning|afternoon|evening|noon"
)
_MIDNIGHT = any_of("mid-?night|night-?time|moonlit|moonlight|at night|by night")
_WHERE = r"\b(?:in|on|at|inside|into|through|across|to|of|over(?! the moon)) (?:an?|the|some|my|our) (?:[\w-]+ )?"
_INDOORS = any_of(r"halls?|inside|indoors|in (?:an?|the|his|her|my|our) (?:[\w-]+ )?castle|throne|banquet|palace")
_AFLOAT_HERE = any_of("(?:on|in|into|out on|out at|out to) (?:the )?(?:water|sea|ocean|waves?)|at sea")
_ON_A_POND = any_of("(?:on|in|into|by|near|next to) (?:the|an?|his|her|their) (?:pond|lake|river|stream)")


class Surroundings:
    """See the module's text.

    Args:
        world, names: The painter's.
        indoors: Whether a place, by its number, is indoors.
    """

    def __init__(self, world: World, names: Names, indoors: Callable[[int], bool]) -> None:
        self._world, self._names, self._indoors = world, names, indoors

    def has_sky(self, layout: Layout) -> bool:
        """Whether a picture has a sky."""
        place = layout.about[0]
        return not (self._indoors(place) or self._world.places[place] in NO_SKY)

    def homes(self, prompt: str, heard: Heard) -> frozenset[int]:
        """The places where what words name is at home; none indoors where they speak of a weather or of the sun."""
        world = self._world
        named = [said.thing for said in (*heard.said, *self._names.said(prompt))] or heard.sure
        homes = homely(world.places, [world.things[thing] for thing in named])
        sky = weathers_in(heard.text) or any(said.search(heard.text) for said in (_SETS, _MOON, _MIDNIGHT))
        if not sky:
            return homes
        outside = (frozenset(n for n in some if not self._indoors(n)) for some in (homes, homely(world.places, ())))
        return next(filter(None, outside))

    def shunned(self, text: str) -> frozenset[int]:
        """For who does not ask for one: the plain backgrounds, as a place is nicer, and halls."""
        plain, inside = "background" in text.lower(), _INDOORS.search(text)
        return frozenset(
            number
            for number, name in enumerate(self._world.places)
            if (name.endswith("background") and not plain) or (name.endswith("hall") and not inside)
        )

    def named(self, heard: Heard, layout: Layout) -> tuple[int, int, int, int]:
        """Place, light, weather and style, with the one place that words name after "in", "at" and the like."""
        places, said = self._world.places, heard.text.lower()
        named = [n for n, name in enumerate(places) if re.search(rf"{_WHERE}{re.escape(name)}\b", said)]
        named = [n for n in named if not any(places[n] in places[other].split() for other in named if other != n)]
        place, light = named[0] if len(named) == 1 else layout.about[0], layout.about[1]
        if light == 0 and _MOON.search(heard.text) and not _BY_DAY.search(heard.text):
            light = self._world.lights.index("night")
        return self.lit(heard.text, (place, light, *layout.about[2:]))

    def lit(self, text: str, about: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        """The same, at sunset where words say that the sun sets, and without hour or weather indoors."""
        place, light, weather, style = about
        if self._indoors(place):
            return place, 0, 0, style
        night = _MIDNIGHT.search(text) and not TAKING.search(text)
        for said, name in ((_SETS.search(text), "sunset"), (night, "night")):
            if said and name in self._world.lights:
                light = self._world.lights.index(name)
        return place, light, weather, style

    def under_its_sky(self, heard: Heard, before: Layout) -> Layout:
        """The layout at the one hour, or in the one weather, that words name and that it has not."""
        world, (place, light, weather, style) = self._world, before.about
        if TAKING.search(heard.text) or self._indoors(place) or heard.said:
            return before
        hours = [n for n, name in enumerate(world.lights) if name != world.lights[light] and says(heard.text, name)]
        weathers = [n for n in map(world.weathers.index, weathers_in(heard.text)) if n != weather]
        if len(hours) + len(weathers) != 1:
            return before
        return replace(before, about=(place, *(hours or [light]), *(weathers or [weather]), style))

    def kept(self, heard: Heard, layout: Layout, before: Layout) -> Layout:
        """The layout after a change, in the place before where words only put something on its water, or on a pond."""
        there = self._world.places[before.about[0]] in WATERS
        afloat = (_AFLOAT_HERE if there else _ON_A_POND).search(heard.text)
        if afloat and (layout.new_since(before) or (moves(heard.text) and len(before.things) > 1)):
            return replace(layout, about=before.about)  # a duck on a pond takes no farm away
        return layout
