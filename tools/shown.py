"""What pictures show, against what was asked of the painter: what nobody asked for, and what found no room.

A painter that describes its pictures says what they show (`Picture.shows`): things, then after a semicolon the
surroundings ("red fox, 2 × hat; meadow, night").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from models.english.naming import Names
from models.english.nouns import nouns_in
from models.english.patterns import any_of
from models.english.styles import unknown_style
from models.english.subjects import mooded, told
from models.rendering.kinds import HATS, LACKING, MOST
from tools.meaning import sentence_vectors

_RELATED = 0.4  # cosine of sentence vectors: "kitten" to "cat" is 0.8, "ferrari" to "car" 0.6, "wombat" to "beaver" 0.2
_LIKE = 0.48  # the same, below which a picture shows nothing like a noun that has no name here
_SIZES = re.compile(r"^(?:(?:very|little|small|tiny|big|large|huge|giant|nice|cute)\s+)+(?=\w)", re.IGNORECASE)
_NO_THING = any_of(
    r"""
    pictures?|images?|pics?|photos?|photographs?|drawings?|paintings?|sketch(?:es)?|cartoons?|comics?|illustrations?|art
    version|style|scenes?|backgrounds?|backdrops?|foregrounds?|bg|view|close-?up|shot|frame|icon|sprite|logo|mascot
    sides?|left|right|middle|cent(?:er|re)|top|bottom|front|back|corners?|edges?|ends?|distance|horizon|sky|skies|air
    ground|floor|walls?|roof|ceiling|water|land|earth|space|room|place|spot|rows?|line|circle|half|whole|rest|end|outside
    hands?|arms?|paws?|heads?|feet|foot|legs?|nose|face|mouth|eyes?|ears?|hair|neck|shoulders?|tail|wings?|beard|smile
    colou?rs?|tones?|shades?|light|lights|lighting|shadows?|glow|mood|vibe|feel|look|effect|texture|pattern|detail\w*
    bit|lot|lots|little|few|more|ones?|other|others|another|kinds?|sorts?|types?|pairs?|couple|group|bunch|number|set
    thing|things|stuff|something|anything|everything|everyone|somebody|people|persons?|animals?|friends?|family|guys?
    husband|wife|dad|daddy|father|mum|mom|mummy|mother|grandma|grandpa|gran|nan|son|grandson|daughter|granddaughter
    brother|sister|aunt|uncle|cousin|neighbou?r|boss|teacher|groom|kids?|children|child|toddler|teen\w*|lady|gentleman
    missing|way|time|times|days?|nights?|morning|evening|afternoon|noon|midnight|dawn|dusk|sunset|sunrise|hour|moment|today
    weather|winter|summer|autumn|fall|spring|storm|rain|snow|fog|mist|sun|sunshine|sunny|cloudy|stormy|rainy|snowy|foggy
    tiny|small|smaller|big|bigger|large|larger|huge|tall|taller|short|high|higher|low|lower|closer|nearer|further|old|new
    dark|darker|bright|brighter|happy|sad|cute|nice|funny|scary|pretty|beautiful|fancy|modern|vintage|simple|empty|full
    white|black|red|blue|green|yellow|orange|pink|purple|brown|gr[ea]y|golden?|silver|beige|turquoise|pastel|watercolou?r
    birthday|party|wedding|christmas|halloween|easter|holiday|card|invitation|poster|cover|story|book cover|newsletter
    """
)
_OF = re.compile(r" of (?:[\w-]+ ?){1,2}", re.IGNORECASE)
_TOLD = 6  # changes in a sentence, at most
_MORE = any_of("add|more|another|extra|additional")
_TAKES = any_of("no|not|without|remove|delete|erase|lose|rid|instead|replace|swap|change|turn")


def unasked(prompt: str, shown: Sequence[str]) -> list[str]:
    """Things that pictures show though the prompt does not name them and no word of it is near to them: what the
    painter took for what it does not know.

    Args:
        prompt: What was asked.
        shown: What each picture shows.
    """
    prompt = _in_things(prompt)
    named = Names.shipped().things(prompt)
    things = {thing for one in shown for thing in _counts(one) if not any(thing.endswith(name) for name in named)}
    words = re.findall(r"[^\W_]+", prompt.lower())
    if not things or not words:
        return []
    said = [*words, *(f"{first} {second}" for first, second in pairwise(words)), prompt]
    vectors = sentence_vectors([*sorted(things), *said])
    alike = (vectors[: len(things)] @ vectors[len(things) :].T).max(1)
    return [thing for thing, near in zip(sorted(things), alike, strict=True) if near < _RELATED]


def left_out(prompt: str, shows: str, before: str = "") -> str:
    """What a picture lacks of what was asked for, as it is full or the painter has none, in a clause; "" where nothing.

    Args:
        prompt: What was asked.
        shows: What the picture shows.
        before: What the picture that was changed showed; empty for a new one.
    """
    clauses = list[str]()
    if "hat" in _kinds(shows) and (other := next((one for one in sorted(HATS) if one in prompt.lower()), "")):
        clauses.append(f"the small painter has no {other}, a plain hat is the nearest")
    if none := _unshown(prompt, shows):
        clauses.append(f"it shows no {' and no '.join(none)}")
    if lacking := _lacking(prompt, shows, before):
        clauses.append(f"a picture holds {MOST} things at most; left out: {', '.join(lacking)}")
    return "; ".join(clauses)


def changes(before: str, after: str) -> str:
    """What an edit changed of what a picture shows ("red fox → blue fox, giraffe added, now night"); "" where nothing
    that this says, as for what was moved, or where one of the two is unknown."""
    if not before or not after:
        return ""
    was, now = _counts(before), _counts(after)
    gone, new = was - now, now - was
    told = list[str]()
    for one in sorted(gone, key=_bare):  # what is another colour now
        for other in sorted(new, key=_bare):
            count = min(gone[one], new[other])
            if count and _bare(one) == _bare(other):
                told.append(f"{_many(one, count)} → {_many(other, count)}")
                gone[one] -= count
                new[other] -= count
    told += [f"{_many(one, count)} gone" for one, count in gone.items() if count]
    told += [f"{_many(one, count)} added" for one, count in new.items() if count]
    (place, *around), (then, *others) = (_surroundings(shows) for shows in (after, before))
    told += [f"{then} → {place}"] if place != then else []
    told += [f"now {one}" for one in around if one not in others]
    told += [f"{one} gone" for one in others if one not in around]
    return ", ".join([*told[:_TOLD], *([f"and {len(told) - _TOLD} more"] if len(told) > _TOLD else [])])


def _many(thing: str, count: int) -> str:
    """So many of a thing ("fox", "3 red foxes")."""
    if count == 1:
        return thing
    bare = _bare(thing)
    known = bare in Names.shipped().things(bare)
    return f"{count} {thing.removesuffix(bare)}{Names.shipped().own(bare, many=True) if known else bare}"


def _bare(thing: str) -> str:
    """A thing without its colour."""
    return next(iter(sorted(Names.shipped().things(thing), key=len, reverse=True)), thing)


def _surroundings(shows: str) -> list[str]:
    """The place, light, weather and style that a picture shows, the place first, those that are as usual left out."""
    return re.split(r"[;,]\s*", shows.rpartition(";")[2].strip())


def other_style(prompt: str) -> str:
    """That a painter has not the style that was asked for, in a clause; "" where none was that it has not."""
    style, painted = unknown_style(prompt)
    return style and f"the small painter has no style “{style}”" + (f", {painted} is the nearest" if painted else "")


def _unshown(prompt: str, shows: str) -> list[str]:
    """What was asked for and the picture has nothing like ("bench", "watering can")."""
    if not shows:
        return []
    names, seen = Names.shipped().said(prompt), {_surroundings(shows)[0], *_kinds(shows)}
    plain = _in_things(prompt)
    strange = list[str]()
    for noun in nouns_in(prompt):
        head = noun.text.rpartition(" ")[2].lower()
        start = noun.end - len(head)
        of_it = _OF.match(prompt, noun.end)  # "a glass of lemonade"
        named = any(said.start < (of_it.end() if of_it else noun.end) and start < said.end for said in names)
        if named or _NO_THING.fullmatch(head) or head not in plain.lower() or _TAKES.search(prompt[: noun.start]):
            continue
        if (known := LACKING.get(head, LACKING.get(head.removesuffix("s")))) is not None and seen & known:
            continue
        strange.append(_SIZES.sub("", noun.text))
    if not strange:
        return []
    there = [*_counts(shows), *_surroundings(shows)]
    vectors = sentence_vectors([*strange, *(noun.rpartition(" ")[2] for noun in strange), *there])
    alike = (vectors[: 2 * len(strange)] @ vectors[2 * len(strange) :].T).max(1)
    near = alike.reshape(2, -1).max(0)
    return [
        noun
        for noun, how_near in zip(strange, near, strict=True)
        if how_near < _LIKE or noun.lower() in LACKING or noun.lower().removesuffix("s") in LACKING
    ]


def _lacking(prompt: str, shows: str, before: str) -> list[str]:
    """What a full picture lacks ("2 × cat", "barn")."""
    there, old = _kinds(shows), _kinds(before)
    lit = there["candle"] if there["cake"] == 1 else 0  # which are a part of it
    if max(there.total() - lit, lit + 1) < MOST or (before and _TAKES.search(prompt)):
        return []
    names, prompt = Names.shipped(), _in_things(prompt)
    asked = Counter[str]()
    for thing, places in names.counted(prompt).items():
        asked[names.own_of(thing)] += sum(number for _, number in places)
    for name in names.things(prompt):
        asked[name] = max(asked[name], 1)
    adds, lacking = before and _MORE.search(prompt), list[str]()
    around = shows.rpartition(";")[2]
    for name, number in asked.items():
        lacks = number - (there[name] - old[name] if adds else there[name])
        if lacks > 0 and name not in around and not (before and number == 1 and name in old):
            lacking.append(_many(name, lacks))
    return lacking


def _in_things(prompt: str) -> str:
    """What was asked, with what has one name ("a zoo", "christmassy") in the things that it means."""
    names = Names.shipped()
    return mooded(told(prompt, names, ()), names)


def _counts(shows: str) -> Counter[str]:
    """How many of each thing, in its colour, a picture shows."""
    counts = Counter[str]()
    for one in filter(None, shows.rpartition(";")[0].split(", ")):
        number, _, thing = one.rpartition(" × ")
        counts[thing] += int(number or 1)
    return counts


def _kinds(shows: str) -> Counter[str]:
    """How many of each thing, in whatever colour, a picture shows."""
    kinds = Counter[str]()
    for thing, number in _counts(shows).items():
        kinds[_bare(thing)] += number
    return kinds
