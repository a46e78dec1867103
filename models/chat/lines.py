"""Lines of pictures: what each was made from, and what it shows, by its line's captions and by what was seen in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from models.chat.conversation import Scene, ShelfPicture, it_of, telling
from models.english.naming import COLOUR_WORDS, COLOURS
from models.english.patterns import any_of, regex
from models.english.trades import trade_in
from models.english.weathers import says

_GONE = regex(r"\b(?:remove|take|without|no|rid|erase|delete|lose|minus|hide)\b")


_NUMBER_AND_COLOUR = regex(rf"^(?:\d+ × )?(?:(?:{COLOURS}) )?", re.NOFLAG)


def line_of(scene: Scene, handle: int) -> frozenset[int]:
    """A picture and all that it was made from, as far as the shelf shows them."""
    pictures = {picture.handle: picture for picture in scene.shelf}
    line, edge = set[int](), [handle]
    while edge:
        at = edge.pop()
        if at in pictures and at not in line:
            line.add(at)
            edge += pictures[at].parents
    return frozenset(line)


def shown_in(scene: Scene, handle: int) -> frozenset[str]:
    """The words of a picture's caption and of those that it was made from, less what a change took away; and of what
    was seen in it."""
    line = line_of(scene, handle)
    shown = frozenset[str]()
    for picture in sorted(scene.shelf, key=lambda p: p.handle):
        if picture.handle in line:
            edit, caption = picture.kind == "edit", picture.caption
            if edit and (trade := trade_in(caption)):
                shown = shown - telling(trade.old) | telling(trade.new)
            else:
                shown = shown - telling(caption) if edit and _GONE.search(caption) else shown | telling(caption)
    looked_at = [p.handle for p in scene.shelf if p.handle in line and p.shows]
    return shown | _seen_in(scene, max(looked_at, default=handle))


def _seen_in(scene: Scene, handle: int) -> frozenset[str]:
    """The words of what was seen in a picture; none where nothing looked."""
    picture = scene.on_shelf(handle)
    return telling(picture.shows) if picture else frozenset()


def kinds_in(picture: ShelfPicture) -> list[str]:
    """The things that were seen in a picture: "fox" and "hat" where it shows "red fox, 2 × hat; meadow"."""
    things = picture.shows.rpartition(";")[0].split(",")
    return [kind for thing in things if (kind := _NUMBER_AND_COLOUR.sub("", thing.strip()))]


def counts_in(picture: ShelfPicture) -> Counter[str]:
    """How many of each thing, in whatever colour, were seen in a picture."""
    things = [thing.strip() for thing in picture.shows.rpartition(";")[0].split(",") if thing.strip()]
    counts = Counter[str]()
    for thing in things:
        number, _, _ = thing.rpartition(" × ")
        counts[_NUMBER_AND_COLOUR.sub("", thing)] += int(number or 1)
    return counts


def several_in(scene: Scene, handle: int, many: str = r"\d+") -> bool:
    """Whether a picture shows several of a kind; as many as that pattern says."""
    picture = scene.on_shelf(handle)
    return picture is not None and re.search(rf"\b{many} × ", picture.shows) is not None


def newest_of(scene: Scene, handle: int) -> int:
    """The newest picture that was made from this one, or from one that was, and so on; itself where there is none."""
    return max((p.handle for p in scene.shelf if handle in line_of(scene, p.handle)), default=handle)


def newest_showing(scene: Scene, words: Collection[str]) -> int:
    """The newest picture that shows all these things; 0 where there is none, or where several lines do.

    What was seen in a picture counts for more than captions: of a car that was painted over, they name both colours.
    """
    wanted, handles = frozenset(words), [picture.handle for picture in scene.shelf if words]
    seen = [handle for handle in handles if wanted <= (_seen_in(scene, handle) or shown_in(scene, handle))]
    fitting = seen or [handle for handle in handles if wanted <= shown_in(scene, handle)]
    begun = {min(line_of(scene, handle)) for handle in fitting}
    return max(fitting) if len(begun) == 1 else 0


_TRAIT = any_of(
    rf"{COLOUR_WORDS}|left\w*|right\w*|middle|cent\w+|top|bottom|upper|lower|big\w*|small\w*|tall\w*|short\w*|larg\w+|tiny"
    "|little|old|new|dark|bright|other|same|next|whole|only|off|out"
)
"""What tells things in a picture apart more often than pictures."""
_WEATHER = {
    "foggy": "fog", "misty": "fog", "rainy": "rain", "snowy": "snow", "stormy": "storm", "thunderstorm": "storm",
}  # fmt: skip
_HOURS = frozenset({"night", "sunset"})


def describes(scene: Scene, what: str, picture: ShelfPicture) -> bool:
    """Whether words say what a picture shows, be it a thing, a place, an hour, a weather or a style."""
    words = {_WEATHER.get(word, word) for word in telling(what)}
    around = around_in(picture)
    if any(says(word, "day") for word in words) and around & _HOURS:
        return False
    rest = {word for word in words if not any(says(word, name) for name in (*around, "day"))}
    return rest <= (_seen_in(scene, picture.handle) or shown_in(scene, picture.handle))


def called_by(scene: Scene, what: str) -> int:
    """The picture that a name for one calls ("beach", "foggy", "cat", "daytime"); 0 where none is, or several are.

    By place, hour, weather or style "it", else the newest, as pictures go on showing these; by things `newest_showing`;
    by what was asked for the newest whose surroundings are still those. What was enlarged is left out.
    """
    words = {_WEATHER.get(word, word) for word in telling(what)}
    if all(_TRAIT.fullmatch(word) for word in words):
        return 0
    pictures = [picture for picture in scene.shelf if picture.kind != "upscale"]
    around = {picture.handle: around_in(picture) for picture in pictures if picture.shows}
    names = {name for shown in around.values() for name in shown if any(says(word, name) for word in words)}
    by_day = any(says(word, "day") for word in words)
    if names or by_day:
        rest = {word for word in words if not any(says(word, name) for name in (*names, "day"))}
        fits = [
            handle
            for handle, shown in around.items()
            if names <= shown and not (by_day and shown & _HOURS) and rest <= shown_in(scene, handle)
        ]
        return it if (it := it_of(scene)) in fits else max(fits, default=0)
    if any(words <= (_seen_in(scene, one.handle) or shown_in(scene, one.handle)) for one in scene.shelf):
        newest = scene.on_shelf(newest_showing(scene, words))
        enlarged = newest is not None and newest.kind == "upscale" and scene.on_shelf(newest.parents[0]) is not None
        return 0 if newest is None else newest.parents[0] if enlarged else newest.handle
    so = max((picture.handle for picture in pictures if words <= telling(picture.caption)), default=0)
    begun = around.get(so)
    return max((one for one in around if begun and around[one] == begun and so in line_of(scene, one)), default=so)


def around_in(picture: ShelfPicture) -> frozenset[str]:
    """The place, hour, weather and style that were seen in a picture, those left out that are as usual."""
    return frozenset(filter(None, picture.shows.rpartition(";")[2].strip().split(", ")))
