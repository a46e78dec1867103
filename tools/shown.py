"""What pictures show, against what was asked of the painter: what nobody asked for, and what found no room.

A painter that describes its pictures says what they show (`Picture.shows`): things, then after a semicolon the
surroundings ("red fox, 2 × hat; meadow, night").
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import combinations, pairwise

from models.carried import things_in
from models.english.naming import Names
from models.english.nouns import nouns_in
from models.english.patterns import NUMERALS, any_of, regex
from models.english.styles import unknown_style
from models.english.subjects import mooded, told
from models.minilm import tokenizer
from models.rendering.kinds import HATS, LACKING, MOST, sort_of
from models.scene.figures import drawn_as, figures_in
from tools.meaning import sentence_vectors

_RELATED = 0.4  # cosine of sentence vectors: "kitten" to "cat" is 0.8, "ferrari" to "car" 0.6, "wombat" to "beaver" 0.2
_LIKE = 0.48  # the same, below which a picture shows nothing like a noun that has no name here
_TRADED = regex(
    r"(?:.*\b)?(?:replace|swap|exchange|trade|(?:turn|change)(?=.* into\b))\b(?P<old>.+?)"
    r"\b(?:with|for|by|into)\b(?P<new>.+)"
    r"|.*\binstead of (?:the |that |my )?(?P<gone>[\w'-]+(?: [\w'-]+)?)[\s,;:-]+(?P<came>(?:an?|some|two|three) .+)"
    r"|(?P<rather>.+?)\b(?:instead of|rather than|in place of)\b(?P<than>.+)",
    re.IGNORECASE | re.DOTALL,
)
_DEFINITE = regex(
    r"\b(?:the|that|this|those|these|his|her|its|their|my|both|all)\s+"
    rf"(?:(?!(?:an?|some|have|has|with|of|on|in|{NUMERALS}|\d+)\b)[\w'-]+\s+){{0,2}}$"
)
"""What is there already, as it is before its name."""
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
    brother|sister|aunt|uncle|cousin|neighbou?r|boss|teacher|kids?|children|child|toddler|teen\w*|lady|gentleman
    missing|way|time|times|days?|nights?|morning|evening|afternoon|noon|midnight|dawn|dusk|sunset|sunrise|hour|moment|today
    weather|winter|summer|autumn|fall|spring|storm|rain|snow|fog|mist|sun|sunshine|sunny|cloudy|stormy|rainy|snowy|foggy
    tiny|small|smaller|big|bigger|large|larger|huge|tall|taller|short|high|higher|low|lower|closer|nearer|further|old|new
    dark|darker|bright|brighter|happy|sad|cute|nice|funny|scary|pretty|beautiful|fancy|modern|vintage|simple|empty|full
    white|black|red|blue|green|yellow|orange|pink|purple|brown|gr[ea]y|golden?|silver|beige|turquoise|pastel|watercolou?r
    birthday|party|wedding|christmas|halloween|easter|holiday|card|invitation|poster|cover|story|book cover|newsletter
    """
)
_OF = re.compile(r" of (?:[\w-]+ ?){1,2}", re.IGNORECASE)
_FAR = 2  # squares, from which on a thing is elsewhere
_Placed = tuple[str, int, int, int]  # name, side, column and row
_TOLD = 6  # changes in a sentence, at most
_MORE = any_of("add|more|another|extra|additional")
_ADDS = any_of("add|put|place|bring|another")
_MEANS = frozenset({"pencil", "pen", "crayon", "paintbrush"})
"""With what a picture may be drawn, which it need not show."""
_TAKES = any_of("no|not|without|remove|delete|erase|lose|rid|instead|replace|swap|change|turn")


def unasked(prompt: str, shown: Sequence[str]) -> list[str]:
    """Things that pictures show though the prompt does not name them and no word of it is near to them: what the
    painter took for what it does not know.

    Args:
        prompt: What was asked.
        shown: What each picture shows.
    """
    prompt = _in_things(prompt)
    named = Names.shipped().things(prompt) | drawn_as(prompt, Names.shipped())
    things = {thing for one in shown for thing in _counts(one) if not any(thing.endswith(name) for name in named)}
    words = re.findall(r"[^\W_]+", prompt.lower())
    if not things or not words:
        return []
    known = [word for word in words if word in _vocabulary() or word.removesuffix("s") in _vocabulary()]
    said = [*known, *(f"{first} {second}" for first, second in pairwise(known)), " ".join(known)]
    vectors = sentence_vectors([*sorted(things), *said])
    alike = (vectors[: len(things)] @ vectors[len(things) :].T).max(1)
    return [thing for thing, near in zip(sorted(things), alike, strict=True) if near < _RELATED]


def not_avoided(avoid: str, shown: Sequence[str]) -> list[str]:
    """Things that pictures show though they were to be without them.

    Args:
        avoid: What was not to be there.
        shown: What each picture shows.
    """
    unwanted = Names.shipped().things(avoid)
    return sorted({_bare(thing) for one in shown for thing in _counts(one)} & unwanted)


@cache
def _vocabulary() -> frozenset[str]:
    """The words that are whole to the network that likens them; any other is near to whatever begins as it does."""
    return frozenset(tokenizer().get_vocab())


def left_out(prompt: str, shows: str, before: str = "") -> str:
    """What a picture lacks of what was asked for, as it is full or the painter has none, in a clause; "" where nothing.

    Args:
        prompt: What was asked.
        shows: What the picture shows.
        before: What the picture that was changed showed; empty for a new one.
    """
    if not shows:  # nobody has looked
        return ""
    clauses = list[str]()
    if "hat" in kinds_shown(shows) and (other := next((one for one in sorted(HATS) if one in prompt.lower()), "")):
        clauses.append(f"the small painter has no {other}, a plain hat is the nearest")
    full = kinds_shown(shows).total() >= MOST  # what it lacks is left out
    if none := [*([] if full and not _trade(prompt)[1] else _absent(prompt, shows, before)), *_unshown(prompt, shows)]:
        clauses.append(f"it shows no {' and no '.join(none)}")
    if still := _still_there(prompt, shows, before):
        clauses.append(f"the {still} is still there")
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


def moves(before: str, after: str) -> str:
    """What an edit made larger or smaller, or put elsewhere ("cake larger, dog moved to the left", "dog and boy changed
    places"); "" where nothing of that, or where other things are shown than before.

    Args:
        before, after: The layouts that the two pictures carry.
    """
    was, now = Counter(things_in(before)), Counter(things_in(after))
    old, new = list((was - now).elements()), list((now - was).elements())
    if sorted(one[0] for one in old) != sorted(one[0] for one in new):
        return ""
    pairs = list[tuple[_Placed, _Placed]]()
    for one in old:  # of several of a kind, each is the nearest
        then = min((other for other in new if other[0] == one[0]), key=lambda other: math.dist(_at(one), _at(other)))
        pairs.append((one, then))
        new.remove(then)
    told = Counter[tuple[str, str]]()
    sizes = {(then[1] > one[1]) - (then[1] < one[1]) for one, then in pairs}
    if len(pairs) == was.total() > 1 and (sizes == {1} or sizes == {-1}):
        return f"everything {'larger' if 1 in sizes else 'smaller'}"
    traded = _traded(pairs)
    for one, then in pairs:
        if one not in traded:
            told[one[0], _moved(one, then)] += 1
    clauses = [f"{traded[0][0]} and {traded[1][0]} changed places"] if traded else []
    clauses += [f"{_many(thing, count)} {how}" for (thing, how), count in told.items()]
    return ", ".join(clauses[:_TOLD])


def _at(one: _Placed) -> tuple[float, float]:
    """The middle of a thing, in squares."""
    _, side, column, row = one
    return column + side / 2, row + side / 2


def _traded(pairs: Sequence[tuple[_Placed, _Placed]]) -> list[_Placed]:
    """Two things of different kinds that stand where the other stood, as they were before; none where none do."""
    for (one, then), (other, later) in combinations(pairs, 2):
        far = math.dist(_at(one), _at(other)) / 2
        if one[0] != other[0] and math.dist(_at(then), _at(other)) < far > math.dist(_at(later), _at(one)):
            return [one, other]
    return []


def _moved(one: _Placed, then: _Placed) -> str:
    """What became of a thing: its size, or else where it went."""
    if one[1] != then[1]:
        return "larger" if then[1] > one[1] else "smaller"
    (x, y), (right, down) = _at(one), _at(then)
    across, along = abs(right - x), abs(down - y)
    way = ("to the right" if right > x else "to the left") if across >= along else ("down" if down > y else "up")
    return f"moved {way}" if max(across, along) >= _FAR else f"moved a little {way}"


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
    names, seen = Names.shipped().said(prompt), {_surroundings(shows)[0], *kinds_shown(shows)}
    figures = figures_in(prompt, Names.shipped())
    missing = [
        prompt[one.start : one.end]
        for one, who in figures
        if who
        and not sort_of(who) & seen
        and not _NO_THING.fullmatch(prompt[one.start : one.end])
        and not _TAKES.search(prompt[: one.start])
    ]
    names += [one for one, _ in figures]
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
        return missing
    there = [*_counts(shows), *_surroundings(shows)]
    vectors = sentence_vectors([*strange, *(noun.rpartition(" ")[2] for noun in strange), *there])
    alike = (vectors[: 2 * len(strange)] @ vectors[2 * len(strange) :].T).max(1)
    near = alike.reshape(2, -1).max(0)
    return missing + [
        noun
        for noun, how_near in zip(strange, near, strict=True)
        if how_near < _LIKE or noun.lower() in LACKING or noun.lower().removesuffix("s") in LACKING
    ]


def _trade(prompt: str) -> tuple[str, str]:
    """What words want gone and what in its place; twice "" where nothing is to be exchanged."""
    found = _TRADED.fullmatch(prompt)
    old, new, gone, came, rather, than = found.groups("") if found else ("",) * 6
    return old or gone or than, new or came or rather


def _absent(prompt: str, shows: str, before: str) -> list[str]:
    """What was asked for by a name that the painter knows, was not there before, and did not come."""
    names, seen, around = Names.shipped(), {*kinds_shown(shows), *kinds_shown(before)}, shows.rpartition(";")[2]
    old, new = _trade(prompt) if before else ("", "")
    trades = new if names.nouns(old) else ""
    absent = list[str]()
    for one in names.nouns(trades)[:1] if trades else names.nouns(prompt):
        kind, ahead = names.own_of(one.thing), prompt[: one.start]
        meant = trades or not before or (_ADDS.search(ahead) and not _DEFINITE.search(ahead))
        if (
            sort_of(kind) & seen
            or kind in around
            or kind in _MEANS
            or not meant
            or (not trades and _TAKES.search(ahead))
        ):
            continue
        absent.append((trades or prompt)[one.start : one.end])
    return absent


def _still_there(prompt: str, shows: str, before: str) -> str:
    """What was to give way to another thing, and did not; "" where it did."""
    old, new = _trade(prompt) if before else ("", "")
    names, there, was = Names.shipped(), kinds_shown(shows), kinds_shown(before)
    came = {one.thing for one in names.nouns(new)}
    for one in names.nouns(old)[:1] if came else []:
        kind = names.own_of(one.thing)
        if one.thing not in came and there[kind] >= was[kind] > 0:
            return old[one.start : one.end]
    return ""


def _lacking(prompt: str, shows: str, before: str) -> list[str]:
    """What a full picture lacks ("2 × cat", "barn")."""
    there, old = kinds_shown(shows), kinds_shown(before)
    lit = there["candle"] if there["cake"] == 1 else 0  # which are a part of it
    if max(there.total() - lit, lit + 1) < MOST or (before and _TAKES.search(prompt)):
        return []
    names, prompt = Names.shipped(), _in_things(prompt)
    asked = Counter[str]()
    definite = {one for one in names.said(prompt) if before and _DEFINITE.search(prompt[: one.start])}
    for thing, places in names.counted(prompt).items():
        asked[names.own_of(thing)] += sum(number for one, number in places if one not in definite)
    for one in names.said(prompt):
        name = names.own_of(one.thing)
        asked[name] = max(asked[name], 0 if one in definite else 1)
    adds, lacking = before and _MORE.search(prompt), list[str]()
    around = shows.rpartition(";")[2]
    for name, number in asked.items():
        now, then = (sum(kinds[kind] for kind in sort_of(name)) for kinds in (there, old))
        lacks = number - (now - then if adds else now)
        if lacks > 0 and name not in around and not (before and number == 1 and then):
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


def kinds_shown(shows: str) -> Counter[str]:
    """How many of each thing, in whatever colour, a picture shows."""
    kinds = Counter[str]()
    for thing, number in _counts(shows).items():
        kinds[_bare(thing)] += number
    return kinds
