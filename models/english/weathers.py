"""Hours, weathers and styles in sentences: which they name, and which weather they want to be rid of."""

from __future__ import annotations

import re

from models.english.patterns import any_of, regex

_AWAY = any_of(
    r"""
    no(?: more)?|stop|stopped|clear(?:ed)?(?: away| off| up)?|get rid of|lose|remove|delete|enough|without|away with
    take (?:away|out|off)|end|ditch|hate
    """,
    end=r"\b(?: (?:with|of|all|the|that|this|it|from|any|so much|is|has))* (?P<what>\w+)",
)
_WEATHERS = {
    "rain": regex(r"(?:rain\w*|drizzle|shower|downpour|wet)s?$"),
    "snow": regex(r"(?:snow(?:y|ing|fall|flakes?)?|blizzard|sleet)$"),
    "fog": regex(r"(?:fog|mist|haze|smog)\w*$"),
    "storm": regex(r"(?:storm\w*|thunder\w*|lightning|tempest|hurricane)$"),
}
_HOURS = {
    hour: regex(rf"(?:{called})(?= sky\b|\W*$|[,.;!]| (?:and|but|now|any ?more|thing|please|pls|then)\b)")
    for hour, called in (("night", "night(?:time)?"), ("sunset", "sun ?set|dusk"))
}
_IN_PLACE_OF = any_of(
    "instead of|rather than|in place of", end=r"(?: (?:the|this|that|all|any|so|much|a))* (?P<what>\w+)"
)

_ALSO = {
    "day": any_of(r"day(?:time|light)?|morning|noon|midday"),
    "night": any_of(r"night\w*|nite|midnight|dark"),
    "sunset": any_of("sunset|dusk|evening|dawn|sunrise"),
    "clear": any_of("sunny|clear|no clouds"),
    "plain": any_of("cartoon|flat"),
}
"""What else hours, fine weather and flat drawings are called in orders."""


def sends_away(instruction: str, around: str) -> bool:
    """Whether an instruction wants no more of a weather or an hour ("no more snow, i'm cold", "no night")."""
    found = [*_AWAY.finditer(instruction)]
    if hour := _HOURS.get(around):
        return any(hour.match(instruction, one.start("what")) for one in found)
    weather = _WEATHERS.get(around)
    return weather is not None and any(weather.match(one["what"].lower()) for one in found)


def weathers_in(text: str) -> list[str]:
    """The weathers that words name."""
    words = re.findall(r"\w+", text.lower())
    return [name for name, pattern in _WEATHERS.items() if any(map(pattern.match, words))]


def trades(text: str, weather: str) -> bool:
    """Whether words want something in the place of a weather ("sunset instead of the storm")."""
    pattern, found = _WEATHERS.get(weather), _IN_PLACE_OF.search(text)
    return pattern is not None and found is not None and pattern.match(found["what"].lower()) is not None


def says(text: str, name: str) -> bool:
    """Whether words name an hour, fine weather, a style or a place, however it is called."""
    return _ALSO.get(name, any_of(re.escape(name))).search(text) is not None
