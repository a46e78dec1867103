"""Place, light and weather of pictures, as far as words say them plainly: what a planner makes of "in the garden", "the
sun is setting" or "on the pond" is now and then another place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from models.english.naming import Names
from models.english.patterns import any_of, regex
from models.english.weathers import says, weathers_in
from models.kinds import DARK_AT_NIGHT
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
_MOON = any_of(
    r"(?:full|crescent|half|new|the) moon|a moon(?= (?:over|above|behind|in the sky)\b)"
    "|moon(?= and stars| is (?:up|out|shining|full|rising))"
)
_ON_THE_MOON = any_of(
    r"(?:on|across) (?:\w+ ){0,2}moon|moon ?(?:walk\w*|base|landing|rock|surface|dust|scape|buggy|rover)|lunar\w*|luna"
)
_BY_DAY = any_of(
    r"(?:on|over|across|to|around|landing) the moon|day\w*|sun\w*|dawn|dusk|morning|afternoon|evening|noon"
)
_MIDNIGHT = any_of("mid-?night|night-?time|moonlit|moonlight|at night|by night|night sky|starry(?!-)|starlit")
_AT_THE_MOON = any_of(
    r"(?:at|in front of|before|under|beneath|below|against|towards?|past) (?:the|an?) (?:\w+ )?moon"
    r"(?! (?:base|landing|rover|buggy))"
)
"""What only looks at a moon, or is seen against it."""
_WEATHER = any_of(
    r"(?:snowy|rainy|foggy|misty|stormy|snowing|raining)(?! (?:boots?|coats?|globes?|tyres?|owls?))"
    r"|in the (?:snow|rain|fog|mist|storm)|thunderstorm|blizzard"
)
"""What says the weather plainly: a snowman, or what is wet, does not."""
_NIGHT = r"night(?! (?:lights?|lamps?|stands?|tables?|gowns?|caps?|owls?|clubs?)\b)"
_LATE_INSIDE = {
    "night": any_of(rf"""
        (?:at|by|make it|is|it'?s|late|dark|last|one|that|this|the|to|into|be|a) {_NIGHT}
        night[ -]?time|nite|mid-?night|moonlit|moonlight
        (?:make|turn|switch|put|keep|leave) (?:it|(?:all )?the lights?) (?:dark|off|out)|lights? (?:off|out)
        in the dark|(?:is|it'?s|getting|make it|so|a|all) (?:\w+ )?dark(?:er)?(?= (?:out|in)side|\W*$)|night outside
        dark (?:(?:living ?|bed)?room|kitchen|library|hall|cave|house)
    """),
    "sunset": any_of("sun ?set|dusk|twilight|evening|sun ?rise|dawn"),
    "day": any_of(r"""
        day(?:time|light)?|morning|noon|midday|afternoon|sunny|sunshine|lights? on
        (?:make|turn|switch|put) (?:it|the lights?) (?:bright|on)
    """),
}
"""What hours are called where one is indoors; "dark" may be a colour there."""
_NIGHT_ALONE = regex(r"(?:make it |now |and |but |turn it (?:in)?to )*night(?: now| instead)?")
_WHERE = r"\b(?:in|on|at|inside|into|through|across|to|of|over(?! the moon)) (?:an?|the|some|my|our) (?:[\w-]+ )?"
_INDOORS = any_of(r"halls?|inside|indoors|in (?:an?|the|his|her|my|our) (?:[\w-]+ )?castle|throne|banquet|palace")
_AFLOAT_HERE = any_of("(?:on|in|into|out on|out at|out to) (?:the )?(?:water|sea|ocean|waves?)|at sea")
_ON_A_POND = any_of("(?:on|in|into|by|near|next to) (?:the|an?|his|her|their) (?:pond|lake|river|stream)")
_FLAT = "(?:stickers?|logos?|icons?|emojis?|badges?|emblems?|clip ?art|cards?|invitations?|invites?)"
_NOT_FLAT = (
    r" (?:games?|tables?|tricks?|players?|shops?|readers?|dealers?|designers?|makers?|collectors?|collections?|pillows?"
    r"|box(?:es)?|albums?|holders?|on (?:an?|the|his|her|my) (?!(?:\w+ )*(?:background|theme)))\b"
)
"""What makes of a card a thing that is somewhere: "a card dealer", "a card on a table"."""
_IS_FLAT = regex(
    r"^\W*(?:(?:can you|could you|i want|i need|make|draw|create|design|paint|give|me|us)\s+)*"
    r"(?:(?:an?|the|my|our|some|two|three)\s+)?"
    r"(?:(?!(?:an?|the|with|of|on|in|at|and|for|is|has|holding|playing|plays?|reading|writing|sending|giving|collects?|makes?|draws?)\b)"
    rf"[\w'’-]+\s+){{0,4}}?{_FLAT}\b(?!{_NOT_FLAT})"
    rf"|\b(?:as|for) (?:an?|my|our) (?:[\w'’-]+ ){{0,3}}{_FLAT}\W*$|\b{_FLAT} style\b"
)
_BY_HOUR = any_of(rf"day ?time|{_NIGHT}|evening|morning|sunny|snowy?|rain\w*|storm\w*|fog\w*|sky|outside|outdoors")
_IN_A_BOWL = any_of(r"in(?:side)? (?:an?|the|its|his|her|my) (?:[\w-]+ )?(?P<what>bowl|jar|vase|bathtub|saucepan)")

About = tuple[int, int, int, int]


class Surroundings:
    """See the module's text.

    Args:
        world, names: The painter's.
        indoors: Whether a place, by its number, is indoors.
    """

    def __init__(self, world: World, names: Names, indoors: Callable[[int], bool]) -> None:
        self._world, self._names, self._indoors = world, names, indoors

    def is_flat(self, prompt: str) -> bool:
        """Whether a request is for a card, a sticker or the like, and names no place, hour or weather."""
        about = (self._world.places, self._world.lights[1:], self._world.weathers[1:])
        named = any(re.search(rf"\b{re.escape(name)}\b", prompt, re.IGNORECASE) for names in about for name in names)
        around = any(said.search(prompt) for said in (_SETS, _MIDNIGHT, _INDOORS, _BY_HOUR))
        return _IS_FLAT.search(prompt) is not None and not (named or around)

    def has_sky(self, layout: Layout) -> bool:
        """Whether a picture has a sky."""
        place = layout.about[0]
        return not (self._indoors(place) or self._world.places[place] in NO_SKY)

    def homes(self, prompt: str, heard: Heard) -> frozenset[int]:
        """The places where what words name is at home, none indoors where they speak of a weather or of the sun."""
        world = self._world
        named = [said.thing for said in (*heard.said, *self._names.said(prompt))] or heard.sure
        homes = homely(world.places, [world.things[thing] for thing in named])
        if holder := _IN_A_BOWL.search(heard.text):  # and not under water
            homes = frozenset(filter(self._indoors, homely(world.places, [holder["what"]])))
        sky = weathers_in(heard.text) or any(said.search(heard.text) for said in (_SETS, _MOON))
        if not sky and not _MIDNIGHT.search(heard.text):
            return homes

        def fits(place: int) -> bool:
            named = world.places[place] in heard.text.lower()
            return named or not self._indoors(place) or (not sky and world.places[place] in DARK_AT_NIGHT)

        fitting = (frozenset(filter(fits, some)) for some in (homes, homely(world.places, ())))
        return next(filter(None, fitting))

    def shunned(self, text: str, *, flat: bool = False) -> frozenset[int]:
        """For who does not ask for one: the plain backgrounds, as a place is nicer, halls, the ground of a moon that is
        named beside other things, and the sea around a pond; of what is flat, all but the plain backgrounds."""
        if flat:
            return frozenset(n for n, name in enumerate(self._world.places) if not name.endswith("background"))
        plain, inside, said = "background" in text.lower(), _INDOORS.search(text), self._names.said(text)
        beside = self._only_sees_the_moon(text) or (len(said) > 1 and not _ON_THE_MOON.search(text))
        pond = any(self._names.own_of(one.thing) == "pond" for one in said)
        return frozenset(
            number
            for number, name in enumerate(self._world.places)
            if (name.endswith("background") and not plain)
            or (name.endswith("hall") and not inside)
            or (name == "moon" and beside)
            or (name in WATERS and pond and name not in text.lower())
        )

    def _only_sees_the_moon(self, text: str) -> bool:
        """Whether a moon that words name is in a sky, and not the ground."""
        return _AT_THE_MOON.search(text) is not None and not _ON_THE_MOON.search(text)

    def named(self, heard: Heard, layout: Layout, *, flat: bool = False) -> tuple[int, int, int, int]:
        """Place, light, weather and style, with the one place that words name after "in", "at" and the like, and the
        weather that they name plainly; what is flat has neither hour nor weather."""
        if flat:
            return layout.about[0], 0, 0, layout.about[3]
        places, said = self._world.places, heard.text.lower()
        named = [n for n, name in enumerate(places) if re.search(rf"{_WHERE}{re.escape(name)}\b", said)]
        named = [n for n in named if not any(places[n] in places[other].split() for other in named if other != n)]
        named = [n for n in named if places[n] != "moon" or not self._only_sees_the_moon(said)]
        place, light = named[0] if len(named) == 1 else layout.about[0], layout.about[1]
        if light == 0 and _MOON.search(heard.text) and not _BY_DAY.search(heard.text):
            light = self._world.lights.index("night")
        weather, style = layout.about[2:]
        outside = not self._indoors(place) and places[place] not in NO_SKY
        if weather == 0 and outside and (found := _WEATHER.search(heard.text)):
            said_so = [self._world.weathers.index(one) for one in weathers_in(found[0]) if one in self._world.weathers]
            weather = said_so[0] if len(said_so) == 1 else weather
        return self.lit(heard.text, (place, light, weather, style))

    def lit(self, text: str, about: About, before: About | None = None) -> About:
        """The same, at sunset where words say that the sun sets. Indoors there is no weather, and the hour is the one
        that words say, or else that before."""
        place, light, weather, style = about
        if self._indoors(place):
            was = before[1] if before and before[0] == place else 0
            return place, self._hour_inside(text, place, was), 0, style
        night = _MIDNIGHT.search(text) and not TAKING.search(text)
        for said, name in ((_SETS.search(text), "sunset"), (night, "night")):
            if said and name in self._world.lights:
                light = self._world.lights.index(name)
        return place, light, weather, style

    def _hour_inside(self, text: str, place: int, was: int) -> int:
        """The hour that words say of a place indoors."""
        if self._world.places[place] not in DARK_AT_NIGHT:
            return 0
        said = [name for name, words in _LATE_INSIDE.items() if words.search(text)]
        if _NIGHT_ALONE.fullmatch(text.strip(" .!")):
            said = ["night"]
        hours = [name for name in said if name in self._world.lights]
        return self._world.lights.index(hours[0]) if len(hours) == 1 else was

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

    def homed(self, heard: Heard, layout: Layout, before: Layout) -> Layout:
        """The layout after a change of a picture on a plain background that an hour or a weather took to a place: to
        one where what it shows is at home, unless words name a place."""
        world, now = self._world, layout.about[0]
        plain = [world.places[about[0]].endswith("background") for about in (before.about, layout.about)]
        if plain != [True, False] or world.places[now] in heard.text.lower():
            return layout
        homes = homely(world.places, [world.things[one.thing] for one in layout.things])
        outside = sorted(place for place in homes if not self._indoors(place))
        if now in homes or not outside:
            return layout
        return replace(layout, about=(outside[0], *layout.about[1:]))

    def kept(self, heard: Heard, layout: Layout, before: Layout) -> Layout:
        """The layout after a change, in the place before where words only put something on its water, or on a pond."""
        there = self._world.places[before.about[0]] in WATERS
        afloat = (_AFLOAT_HERE if there else _ON_A_POND).search(heard.text)
        if afloat and (layout.new_since(before) or (moves(heard.text) and len(before.things) > 1)):
            return replace(layout, about=before.about)  # a duck on a pond takes no farm away
        return layout
