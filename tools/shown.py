"""What pictures show, against what was asked of the painter: what nobody asked for, and what found no room.

A painter that describes its pictures says what they show (`Picture.shows`): things, then after a semicolon the
surroundings ("red fox, 2 × hat; meadow, night").
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence, Set
from functools import cache
from itertools import combinations, pairwise

from models.carried import things_in
from models.english.insides import brought_inside, inside
from models.english.naming import AGE, Names, Said, nearest_backdrop
from models.english.nouns import nouns_in
from models.english.numbers import number_of
from models.english.patterns import NUMERALS, any_of, regex
from models.english.spelling import Spelling, one_away
from models.english.styles import unknown_style
from models.english.subjects import mooded, told, unaddressed
from models.english.trades import trade_in
from models.english.weathers import weathers_in
from models.kinds import ALIVE, BEINGS, DARK_AT_NIGHT, HATS, LACKING, MOST, PEOPLE, SORTS, sort_of
from models.minilm import tokenizer
from models.rendering.layout import NO_SKY
from models.scene.figures import drawn_as, figures_in, one_by_one
from models.scene.parts import broken_parts, hued_parts, parts_in, without_parts
from models.things import having, what_is
from tools.meaning import sentence_vectors

_RELATED = 0.4  # cosine of sentence vectors: "kitten" to "cat" is 0.8, "ferrari" to "car" 0.6, "wombat" to "beaver" 0.2
_LIKE = 0.48  # the same, below which a picture shows nothing like a noun that has no name here
_DEFINITE = regex(
    r"\b(?:the|that|this|those|these|his|her|its|their|my|both|all)\s+"
    rf"(?:(?!(?:an?|some|have|has|with|of|on|in|{NUMERALS}|\d+)\b)[\w'-]+\s+){{0,2}}$"
)
"""What is there already, as it is before its name."""
_SIZES = re.compile(r"^(?:(?:very|little|small|tiny|big|large|huge|giant|nice|cute)\s+)+(?=\w)", re.IGNORECASE)
_NO_THING = any_of(
    r"""
    pictures?|images?|pics?|photos?|photographs?|drawings?|paintings?|sketch(?:es)?|cartoons?|comics?|illustrations?|art|pages?
    version|style|scenes?|backgrounds?|backdrops?|foregrounds?|bg|view|close-?up|shot|frame|icon|sprite|logo|mascot
    sides?|left|right|middle|cent(?:er|re)|top|bottom|front|back|corners?|edges?|ends?|distance|horizon|sky|skies|air
    ground|floor|walls?|roof|ceiling|water|land|earth|space|room|place|spot|rows?|line|circle|half|whole|rest|end|outside
    hands?|arms?|paws?|heads?|feet|foot|legs?|nose|face|mouth|eyes?|ears?|hair|neck|shoulders?|tail|wings?|beard|smile
    colou?rs?|tones?|shades?|light|lights|lighting|shadows?|glow|mood|vibe|feel|look|effect|texture|pattern|detail\w*
    dozens?|hundreds?|bit|lot|lots|little|few|more|ones?|other|others|another|kinds?|sorts?|types?|pairs?|couple|group|bunch|number|set
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
_STAND_INS = any_of(
    """
    hot air balloon|pirate ship|viking ship|cello|double bass|clarinet|oboe|ukulele|throne|stool|armchair|knight|samurai
    pelican|woodpecker|hummingbird|toucan|seagull|gull|sea gull|walrus|dragonfly|porcupine|coyote|cheetah|panther|slug
    wasp|bulldozer|excavator|digger|eiffel tower|colosseum|museum|gondola|lightsaber|pistol|bonsai|fern
    """,
    end=r"(?:e?s)?$",
)
"""Names under which the painter draws something else that is only near: no other words for the same thing."""
_STATES = {
    "sleeping": ("sleeping|asleep|napping|snoozing|dozing", ALIVE),
    "angry": ("angry|furious|mad(?! about)|grumpy", ALIVE - BEINGS),
    "sad": ("sad|unhappy", ALIVE - BEINGS),
    "crying": ("crying|weeping|tearful", ALIVE - BEINGS),
    "scared": ("scared|frightened|terrified", ALIVE - BEINGS),
    "dancing": ("dancing", ALIVE - {"dancer"}),
    "swimming": ("swimming", ALIVE),
    "jumping": ("jumping|leaping", ALIVE - {"dolphin"}),
    "knitting": ("knitting", PEOPLE),
    "fat": ("fat|chubby|obese", ALIVE),
    "wet": ("wet|soaked", ALIVE - having("swims")),
    "dead": ("dead|leafless", ALIVE - BEINGS | SORTS["tree"]),
    "broken": ("broken|smashed|shattered|cracked", None),
    "burning": ("burning|on fire|in flames", None),
    "melting": ("melting", None),
    "old": ("old|vintage|rusty", SORTS["vehicle"]),
    "wooden": ("wooden", SORTS["vehicle"] | SORTS["boat"]),
}
"""How things may be that no picture of them shows here: the words for it, and whose; None is all but what is alight."""
_STATE_AHEAD, _STATE_BEHIND = (
    {state: regex(pattern.format(words)) for state, (words, _) in _STATES.items()}
    for pattern in (
        r"(?P<no>\b(?:not|never|no longer|less)(?: (?:an?|so|too|very|that|really|all that))* )?"
        r"\b(?:{})(?:,? (?!(?:and|or|with|in|on|at)\b)[\w-]+)?\s+$",
        r"(?P<no>)(?: (?:that|who|which))?(?: is| are)? (?:{})\b(?! (?:over|bag|pool|bags|pools|onto|off|into)\b)",
    )
)
_STATE_SAID = any_of("|".join(words for words, _ in _STATES.values()))
_WATER = {"sea", "underwater", "beach", "pond", "bowl", "bathtub"}
_SHOWN_BY = {"burning": {"fire"}, "swimming": _WATER, "wet": _WATER | {"rain", "storm"}}
"""What shows such a state all the same."""
_CALLED = {"sleeping", "sad", "crying"}
"""With what names begin that mean whoever is not so: a "crying baby"."""
_OF = re.compile(r" of (?:[\w-]+ ?){1,2}", re.IGNORECASE)
_FAR = 2  # squares, from which on a thing is elsewhere
_Placed = tuple[str, int, int, int]  # name, side, column and row
_SIZE_SAID = any_of(
    r"(?:bigg|larg|small|tall|short|tini)er|big|small|huge|tiny|giant|twice|half|grow\w*|shrink\w*|enlarge"
)
_SIDE_SAID = any_of(r"""
    left|right|up|down|top|bottom|middle|cent(?:er|re)|corner|higher|lower|closer|nearer|beside|next to|move\w*
""")
_TOLD = 6  # changes in a sentence, at most
_MORE = any_of("add|more|another|extra|additional")
_ADDS = any_of("add|put|place|bring|another")
_OUGHT = regex(r"\s+(?:should|must|can|could|will|would|needs?)\b")
_SHOWN_AS = LACKING | {
    noun: frozenset(shown)
    for nouns, shown in (
        ("field pasture", ("meadow", "farm", "savanna")),
        ("lawn", ("garden", "park", "meadow")),
        ("camp campsite", ("tent",)),
        ("band", ("guitar", "drum", "singer", "saxophone", "trumpet")),
    )
    for noun in nouns.split()
}
"""What people ask for and the small painter has no name for, with what shows it or something of the kind."""
_FACE = any_of(
    r"(?:(?:make|have|let) (?:(?:the|his|her|my|that|this) [\w-]+|him|her|it|them|everyone|everybody)"
    r"(?: (?:look|be|to))?"
    r"|(?:is|are|looks?|should be|must be|should look|needs to be))(?: (?:very|so|more|really|a bit|all))? "
    r"(?P<look>smil(?:e|es|ing)|frown(?:ing)?|laugh(?:ing)?|grin(?:ning)?|wink(?:ing)?|cry(?:ing)?|angry|sad|happy|happier"
    r"|surprised|scared|sleepy|tired|bored|excited|cheerful|grumpy)",
    end=r"(?=\s*(?:$|[,.;!?]|(?:and|but|please|pls|too|now|with|while)\b))",
)
"""A look of somebody that words want of a change, who is drawn with one look only."""
_TAKES = any_of("no|not|without|remove|delete|erase|lose|rid|instead|replace|swap|change|turn")


def unasked(prompt: str, shown: Sequence[str]) -> list[str]:
    """Things that pictures show though the prompt does not name them and no word of it is near to them: what the
    painter took for what it does not know. Of what the prompt names besides it is told for what it came.

    Args:
        prompt: What was asked.
        shown: What each picture shows.
    """
    prompt = _in_things(_put_right(prompt, shown))
    stand_ins, by_name = _stand_ins(prompt), _named(one_by_one(prompt))
    named = (by_name | drawn_as(prompt, Names.shipped())) - stand_ins.keys()
    things = {thing for one in shown for thing in _counts(one) if not any(thing.endswith(name) for name in named)}
    for_want = {_bare(thing) for thing in things} & stand_ins.keys()
    words = re.findall(r"[^\W_]+", prompt.lower())
    if not things or not words:
        return []
    known = [word for word in words if word in _vocabulary() or word.removesuffix("s") in _vocabulary()]
    said = [*known, *(f"{first} {second}" for first, second in pairwise(known)), " ".join(known)]
    vectors = sentence_vectors([*sorted(things), *said])
    alike = (vectors[: len(things)] @ vectors[len(things) :].T).max(1)
    strange = [
        thing for thing, near in zip(sorted(things), alike, strict=True) if near < _RELATED or _bare(thing) in for_want
    ]
    return [f"{one} for the {stand_ins[_bare(one)]}" if _bare(one) in for_want & by_name else one for one in strange]


def _stands_in(prompt: str, said: Said) -> bool:
    """Whether a name is one under which something else is drawn."""
    return _STAND_INS.search(prompt[: said.end]) is not None


def _named(prompt: str) -> set[str]:
    """The things that a prompt names by names of their own."""
    names = Names.shipped()
    return {names.own_of(one.thing) for one in names.said(prompt) if not _stands_in(prompt, one)}


def _stand_ins(prompt: str) -> dict[str, str]:
    """The things that come for want of those that a prompt names, with the words that name these."""
    names = Names.shipped()
    said = [*figures_in(prompt, names), *((one, names.own_of(one.thing)) for one in names.said(prompt))]
    return {kind: prompt[one.start : one.end] for one, kind in said if _stands_in(prompt, one)}


def not_avoided(avoid: str, shown: Sequence[str]) -> list[str]:
    """Things that pictures show though they were to be without them, and parts that belong to what they show.

    Args:
        avoid: What was not to be there.
        shown: What each picture shows.
    """
    unwanted = Names.shipped().things(avoid)
    there = {_bare(thing) for one in shown for thing in _counts(one)}
    return sorted({*(there & unwanted), *(one for one in unwanted if having("hat", one) & there)}) + (
        parts_in(avoid, there)
    )


@cache
def _vocabulary() -> frozenset[str]:
    """The words that are whole to the network that likens them; any other is near to whatever begins as it does."""
    return frozenset(tokenizer().get_vocab())


def _put_right(prompt: str, shown: Sequence[str]) -> str:
    """What was asked, with what was typed wrong as the names that it is near to: of what pictures show, and of what is
    shown by something else."""
    kinds = {kind for one in shown for kind in kinds_shown(one)}
    around = (word for one in shown for words in _surroundings(one) for word in words.split())
    right = _vocabulary() | Names.shipped().words
    known = [*around, *sorted(Names.shipped().words_for(kinds)), *_SHOWN_AS]
    return Spelling(known, right, {}).corrected(prompt)


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
    prompt = AGE.sub("", unaddressed(_put_right(prompt, (shows, before))))
    if "hat" in kinds_shown(shows) and (other := next((one for one in sorted(HATS) if one in prompt.lower()), "")):
        clauses.append(f"the small painter has no {other}, a plain hat is the nearest")
    hue, near = nearest_backdrop(prompt)
    if hue not in ("", "gray") and f"{near} background" in _surroundings(shows):
        clauses.append(f"the small painter has no {hue} background, a {near} one is the nearest")
    what, place = inside(prompt)
    if place and place == _surroundings(shows)[0]:
        clauses.append(f"the small painter has no {what} from inside, a {place} is the nearest")
        prompt = brought_inside(prompt)
    parts, broken = ([] if before else some(prompt, Names.shipped()) for some in (hued_parts, broken_parts))
    prompt = prompt if before else without_parts(prompt, Names.shipped())
    full = kinds_shown(shows).total() >= MOST  # what it lacks is left out
    states = [] if before else _states_unshown(prompt, shows)
    none = [*([] if full and not trade_in(prompt) else _absent(prompt, shows, before)), *_unshown(prompt, shows)]
    if none := [*(one for one in none if not (states and _STATE_SAID.search(one))), *broken]:
        clauses.append(f"it shows no {' and no '.join(none)}")
    clauses += states
    if still := _still_there(prompt, shows, before):
        clauses.append(f"the {still} is still there")
    if parts:
        clauses.append(f"the small painter gives no part a colour of its own: {', '.join(parts)}")
    if before and (face := _FACE.search(prompt)):
        clauses.append(f"the small painter draws each thing as a whole and cannot make it “{face['look']}”")
    if _keeps_its_moon(shows, before):
        clauses.append("a clear night has a moon of its own")
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


def moves_beside(said: str, before: str, after: str) -> str:
    """What an edit that changed other things, too, made larger or smaller or put elsewhere of what its words name,
    where they speak of sizes or sides ("dog larger").

    Args:
        said: The words.
        before, after: The layouts that the two pictures carry.
    """
    names = Names.shipped()
    named = frozenset[str]().union(*(sort_of(names.own_of(one.thing)) for one in names.said(said)))
    told = list[str]()
    was, now = map(things_in, (before, after))
    for kind in sorted(named):
        old, new = ([one for one in things if _bare(one[0]) == kind] for things in (was, now))
        if len(old) != 1 or len(new) != 1 or old[0][1:] == new[0][1:]:
            continue
        how = _moved(old[0], new[0])
        if (_SIZE_SAID if old[0][1] != new[0][1] else _SIDE_SAID).search(said) and "a little" not in how:
            told.append(f"{kind} {how}")
    return ", ".join(told[:_TOLD])


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
    return f"{count:,} {thing.removesuffix(bare)}{Names.shipped().own(bare, many=True) if known else bare}"


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
    names = Names.shipped()
    said, seen = names.said(prompt), {_surroundings(shows)[0]} | _seen(shows)
    figures = figures_in(prompt, names)
    missing = [
        prompt[one.start : one.end]
        for one, who in figures
        if who
        and not sort_of(who) & seen
        and not _NO_THING.fullmatch(prompt[one.start : one.end])
        and not _TAKES.search(prompt[: one.start])
    ]
    known = [*said, *(one for one, _ in figures)]
    plain = _in_things(prompt)
    strange = list[str]()
    for noun in nouns_in(prompt):
        head = noun.text.rpartition(" ")[2].lower()
        start = noun.end - len(head)
        of_it = _OF.match(prompt, noun.end)  # "a glass of lemonade"
        named = any(one.start < (of_it.end() if of_it else noun.end) and start < one.end for one in known)
        if (
            named
            or number_of(head)
            or _NO_THING.fullmatch(head)
            or head not in plain.lower()
            or _TAKES.search(prompt[: noun.start])
        ):
            continue
        swapped = [one for one in one_away(head) if sorted(one) == sorted(head)]  # "filed" is an English word, too
        if any(seen & (_lacking_like(one) or set()) for one in (head, *swapped)):
            continue
        if {*weathers_in(head)} & {*_surroundings(shows)}:
            continue
        strange.append(_SIZES.sub("", noun.text))
    if not strange:
        return missing
    meant = {names.own_of(one.thing) for one in said}.difference(*map(names.things, strange))  # and nothing else
    there = [*(one for one in _counts(shows) if _bare(one) not in meant), *_surroundings(shows)]
    vectors = sentence_vectors([*strange, *(noun.rpartition(" ")[2] for noun in strange), *there])
    alike = (vectors[: 2 * len(strange)] @ vectors[2 * len(strange) :].T).max(1)
    near = alike.reshape(2, -1).max(0)
    return missing + [
        noun
        for noun, how_near in zip(strange, near, strict=True)
        if how_near < _LIKE or any(_lacking_like(one.lower()) is not None for one in (noun, noun.rpartition(" ")[2]))
    ]


def _states_unshown(prompt: str, shows: str) -> list[str]:
    """How the things of a new picture were to be and are not, in clauses ("the cat is not sleeping")."""
    names, seen = Names.shipped(), {*_surroundings(shows), *kinds_shown(shows)}
    told, every = list[str](), names.said(prompt)
    for one in every:
        kind, called = names.own_of(one.thing), prompt[one.start : one.end].lower()
        if sum(names.own_of(other.thing) == kind for other in every) > 1:
            continue  # "an old car and a new car"
        for state, (words, whose) in _STATES.items():
            may = not what_is(kind).alight if whose is None else kind in whose
            there = kind in seen and may and not _SHOWN_BY.get(state, set()) & seen
            named = called.split()[0] in _CALLED & {*words.split("|")}
            said = _STATE_AHEAD[state].search(prompt[: one.start]) or _STATE_BEHIND[state].match(prompt, one.end)
            if there and (named or (said and not said["no"])):
                who = called.partition(" ")[2] if named else called
                told.append(f"the {who} {'are' if names.is_many(prompt, one) else 'is'} not {state}")
    return told[:1]


def _lacking_like(noun: str) -> frozenset[str] | None:
    """What shows something like a noun that the painter has nothing for; None for any other noun."""
    return _SHOWN_AS.get(noun, _SHOWN_AS.get(noun.removesuffix("s")))


def _absent(prompt: str, shows: str, before: str) -> list[str]:
    """What was asked for by a name that the painter knows, or spoken of as if it were there, was not there before, and
    did not come."""
    names, seen, around = Names.shipped(), _seen(shows) | _seen(before), shows.rpartition(";")[2]
    trade = trade_in(prompt) if before else None
    trades = trade.new if trade and names.nouns(trade.old) else ""
    absent = list[str]()
    nouns = names.nouns(prompt)
    spoken_of = [one for one in names.said(prompt) if one in nouns or _OUGHT.match(prompt, one.end)]
    for one in names.nouns(trades)[:1] if trades else spoken_of:
        kind, ahead = names.own_of(one.thing), prompt[: one.start]
        meant = trades or not before
        if not meant and _DEFINITE.search(ahead):
            meant = not (what_is(kind).scenery or (kind in PEOPLE and seen & PEOPLE) or _is_some(kind, seen))
        elif not meant:
            meant = _ADDS.search(ahead) is not None
        if (
            (sort_of(kind) | _sort_called(prompt[one.start : one.end])) & seen
            or kind in around
            or (kind == "moon" and "full moon" in seen)
            or (kind == "star" and _is_starry(shows))
            or (kind == "fire" and "fireplace" in seen)
            or what_is(kind).draws
            or not meant
            or (not trades and _TAKES.search(ahead))
        ):
            continue
        absent.append((trades or prompt)[one.start : one.end])
    return absent


def _seen(shows: str) -> set[str]:
    """What a picture shows; who rides as one thing is seen, and what is ridden."""
    seen = {*kinds_shown(shows)}
    return seen | PEOPLE | {"horse"} if "jockey" in seen else seen


def _sort_called(word: str) -> frozenset[str]:
    """The things of the sort that a word is for, though it names one of them first: daisies are flowers."""
    return SORTS.get(word.lower(), SORTS.get(word.lower().removesuffix("s"), frozenset()))


def _is_starry(shows: str) -> bool:
    """Whether a picture has the sky of a night in it."""
    place, *around = _surroundings(shows)
    return "night" in around and place not in NO_SKY | DARK_AT_NIGHT


def _is_some(kind: str, seen: Set[str]) -> bool:
    """Whether a name may mean one of the things that are shown: "the truck", of a fire truck."""
    return any(one.endswith(f" {kind}") for one in seen)


def _still_there(prompt: str, shows: str, before: str) -> str:
    """What was to give way to another thing, and did not; "" where it did."""
    names, there, was = Names.shipped(), kinds_shown(shows), kinds_shown(before)
    trade = trade_in(prompt) if before else None
    if not trade or not (came := {one.thing for one in names.nouns(trade.new)}):
        return ""
    for one in names.nouns(trade.old)[:1]:
        kind = names.own_of(one.thing)
        if one.thing not in came and there[kind] >= was[kind] > 0:
            return trade.old[one.start : one.end]
    return ""


def _keeps_its_moon(shows: str, before: str) -> bool:
    """Whether a moon went from a night's sky, where every backdrop has another."""
    was, now = (kinds_shown(one).keys() & {"moon", "full moon"} for one in (before, shows))
    _, *around = _surroundings(shows)
    return bool(was and not now) and around == ["night"] and _is_starry(shows)


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
