"""The names of things in sentences: which things, where they stand, one or many.

A planner's folder has all names that it was trained on (`NAMES`), of each thing its own first. MiniLM finds
a "pup" like a dog by itself, but a "telly" like nothing; and code that counts or compares needs to know a name when it
sees one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from models.english.numbers import NUMBER, number_of
from models.english.patterns import NUMERALS, regex
from models.english.plurals import learners_plural_of, plural_of
from models.weights import EMBEDDED

NAMES = "names.json"  # beside the networks
SHIPPED = EMBEDDED / "painter"
HUES = {
    other: colour
    for colour, others in {
        "red": "scarlet crimson ruby maroon burgundy",
        "green": "emerald lime mint olive teal",
        "blue": "azure navy turquoise indigo cobalt",
        "purple": "violet lilac lavender mauve",
        "pink": "magenta fuchsia",
        "brown": "tan beige",
        "grey": "gray silver",
        "black": "charcoal ebony",
        "white": "ivory cream",
        "golden": "gold",
        "orange": "amber ginger",
        "yellow": "mustard",
    }.items()
    for other in others.split()
}
"""What else the colours of the world are called."""
COLOURS = "|".join(dict.fromkeys(HUES.values()))
"""The colours of the world, for patterns."""
COLOUR_WORDS = f"{COLOURS}|{'|'.join(HUES)}"
"""All words for colours, for patterns."""

_BACKDROP_HUE = regex(
    rf"\b(?P<ahead>golden|{'|'.join(HUES)}) (?:back ?(?:ground|drop)|bg)\b|\b(?:back ?(?:ground|drop)|bg)"
    rf"(?: (?:in|is|to|a|should|must|be|colou?r|the|more))* (?P<behind>golden|{'|'.join(HUES)})\b"
)
_ORANGE = {"tangerine": [("orange", "oranges")]}  # the name of a thing where it is not that of a colour

_ONE = frozenset({"a", "an", "another"})
_A_NUMBER = regex(rf"\b{NUMBER}\b")
_FOR_ONE = 20
"""Numbers above it that stand by a name for one are none of it: "a 1950 car", "a cake, 40"."""
_PART = regex(r"[,.;:!?()/+\n]")
_ARTICLE = regex(r"\ban?\s+$")
_COUNTED = regex(
    rf"\b(?P<number>an? (?:pair|couple) of|{NUMBER}|an?|another)\s+"
    rf"(?:(?!(?:of|years?|an?|another|{NUMBER})\b)[\w-]+\s+){{0,2}}$",
)
_COUNTED_BEHIND = regex(
    r"(?:(?:\s+(?!(?:and|or|with|but)\b)[\w'-]+){0,3}(?=\s*[,.;:!]))?\s*[,.;:(!]*\s*"
    rf"(?:(?:like|say|maybe|about|total of|make (?:it|that|them)|i (?:want|need)|x|×)\s*)*"
    rf"(?!one\b)(?P<number>{NUMBER})\)?"
    r"(?:\s+(?:of (?:them|em|those|these)|altogether|in all|in total|all told|pieces|please|pls|i think|i guess))*"
    r"\W*(?:$|[,.;!?)])",
)  # "bats, like 3", "bees x3", "cows. three of them"
_AGED = rf"(?:{NUMBER}|\d+)"
_YEARS = r"(?:[ -](?:years?|yrs?|months?))?(?:[ -]olds?)?"
_NO_NOUN = r"(?=\W*$|[.,;!?]| (?:today|now|soon|tomorrow|this|next|on|in|at|with|who|has|is)\b)"
AGE = regex(
    rf"\b(?:(?:(?:s?he|who|that)(?:['’]?s| is) )?(?:aged? {_AGED}{_YEARS}(?: and)?"
    rf"|(?:turn(?:s|ing)|becom(?:es|ing)) {_AGED}{_YEARS}(?: and\b|{_NO_NOUN}))"
    rf"|(?:(?:s?he|who)(?:['’]?s| is)|(?P<who>my \w+) is) (?:only |just |now )?{_AGED}{_YEARS}"
    r"(?: and\b(?! (?:my|our|his|her|an?|the)\b)|(?= and\b| today| now|[.,;!?]|$))"
    rf"|{_AGED}[ -](?:years?|yrs?|months?)[ -]olds?)(?!\w)",
)
"""How old somebody is, which says how many of nothing there are."""
_AGAIN = regex(r"(?:[\s,&+]|\b(?:and|n|plus|an?|another|one|one more)\b)+")
_GOES_ON = regex(r"\s+(?!(?:and|n|plus|or|too|please|pls)\b)\w")
_AN = regex(r"\b(?:an?|one)\s+$")
_OF = regex(r"\b(?:of|all|both|every|each|some|many|more|several|few|no)\b[^,.;]*$")
_NOUN_BEFORE = regex(
    r"(?:^|[,;.!?:+&/]|\b(?:an?|the|some|wears?|wearing|my|your|his|her|their|our|"
    rf"one|{NUMERALS}|another|[1-9]|and|with|has|have|of))\s*"
    r"(?:[\w'-]+\s+){0,3}$",
)
_TO_SOMEBODY = regex(r"\b(?:gives?|giving|gets?|hands?|buys?|brings?|lends?)\b[^.,;]*$")
_NOUN_AFTER = regex(
    r"\s*(?:$|[^\w\s'-]|(?:and|or|with|in|on|at|by|near|beside|next|under|above|below|over|behind|who|that|which|is|are|as"
    r"|left|right|comes?|goes|sits?|stands?|flies|walks?|runs?|jumps?|swims?|sleeps?"
    r"|too|please|pls|for|from|to|there|here|round|out|outside|together|into|inside|against|between|around|everywhere"
    rf"|{NUMERALS}|\w+ing)\b)",
)
_AN_ORANGE = regex(
    r"(?:(?:\b(?:an?|another|the|this|that|each|every|his|her|my)|(?:^|[,;&]\s*|\b(?:and|with|add)\s+)(?:one|1))\s+"
    r"(?:(?:big|large|huge|giant|small|little|tiny|ripe|fresh|juicy|sweet|round|whole|peeled|single|nice)\s+)*"
    r"|\b(?:apple|banana|pear|peach|lemon|mango|grape|strawberry|cherry|plum|kiwi)(?:e?s)?\s*(?:,|&|and)\s*(?:and )?)$",
)
_BY_COLOURS = regex(
    rf"\b(?:{COLOUR_WORDS})(?: (?:one|ones))?\W+(?:(?:and|or|then)\W+)?$"
    rf"|^\W+(?:(?:and|or|to|for|into|with|by)\W+)?(?:(?:an?|the|one)\W+)?(?:{COLOUR_WORDS})\b",
)
_BY_SHADES = regex(rf"\b(?:{COLOUR_WORDS})s\W+(?:and\W+)?$|^\W+(?:and\W+)?(?:{COLOUR_WORDS})s\b")
_CHANGED = regex(r"\s+(?:bigger|smaller|larger|away|off|gone)\b")
_TOGETHER = regex(r"\s+(?:(?P<two>duo|couple|pair|twins)|trio|triplets)\b")
_BEGINS = regex(r"(?:^|[,;.]|\band)\s*$")
_HUE_BEHIND = regex(
    rf"\s+(?P<hue>{COLOUR_WORDS})(?=\s*(?:$|[,;.]|and\b))(?!\s*(?:[,&/]|and\b)\s*(?:and )?(?:{COLOUR_WORDS})\b)"
)
JOINS = regex(
    rf"\s*(?:,|&|\+|;|\b(?:and|plus|n)\b)+\s*(?:and )?(?:(?:an?|some|{NUMERALS}|his|her|\d) )?(?:[\w-]+ )?",
)
"""What stands between two names of a list."""


def nearest_backdrop(text: str) -> tuple[str, str]:
    """The colour that words give a background and none has ("beige"), and the nearest that one has; empty for none."""
    found = _BACKDROP_HUE.search(text)
    word = (found["ahead"] or found["behind"]).lower() if found else ""
    hue = HUES.get(word, word)
    return word, "yellow" if hue == "golden" else hue


def as_text(called: Mapping[str, Sequence[Sequence[str]]]) -> str:
    """Names as the file NAMES has them: of each thing a list, behind "=" a plural that the rules do not make."""
    lists = {
        own: [one if many == plural_of(one) else f"{one}={many}" for one, many in pairs]
        for own, pairs in called.items()
    }
    lines = (f"{json.dumps(own)}: {json.dumps(names, ensure_ascii=False)}" for own, names in lists.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _of_text(text: str) -> dict[str, list[tuple[str, str]]]:
    """What `as_text` wrote."""
    split = {own: [name.partition("=") for name in names] for own, names in json.loads(text).items()}
    return {own: [(one, many or plural_of(one)) for one, _, many in names] for own, names in split.items()}


@dataclass(frozen=True)
class Said:
    """A name in a text: the number of its thing, where it begins and ends, and whether it may mean many."""

    thing: int
    start: int
    end: int
    many: bool


class Names:
    """See the module's text.

    Args:
        things: The things' own names, in the order of their numbers.
        called: Of things, by their own names, pairs of a name for one and for many.
    """

    def __init__(self, things: Sequence[str], called: Mapping[str, Sequence[Sequence[str]]]) -> None:
        known: dict[tuple[str, ...], tuple[int, bool]] = {}
        self._own = [tuple(called.get(name, ((name, name),))[0]) for name in things]
        every_name = [(*called.get(name, ((name, name),)), *_ORANGE.get(name, ())) for name in things]
        read = [[(_words(one), _words(many)) for one, many in pairs] for pairs in every_name]
        for number, pairs in (
            *((number, pairs[:1]) for number, pairs in enumerate(read)),
            *((number, pairs[1:]) for number, pairs in enumerate(read)),
        ):
            for one, many in pairs:
                known.setdefault(one, (number, one == many))  # one sheep is called as many are
                known.setdefault(many, (number, True))
        self._known = known
        every = [pair for pairs in read for pair in pairs]
        self._plural = {many for one, many in every if one != many}
        for one, _ in every:  # "two deers", "3 fishes", "mouses"
            many = (*one[:-1], learners_plural_of(one[-1]))
            if many not in known:
                known[many] = (known[one][0], True)
                self._plural.add(many)
        ones = [(one, number) for number, pairs in enumerate(read) for one, _ in pairs]
        self._plural.difference_update(one for one, number in ones if not known[one][1] or known[one][0] == number)
        self._longest = max(map(len, self._known), default=0)

    @classmethod
    def load(cls, folder: Path, things: Sequence[str]) -> Names:
        return cls(things, _of_text((folder / NAMES).read_text("utf-8")))

    @classmethod
    @lru_cache
    def shipped(cls) -> Names:
        """Those of the painter that ships with Easel."""
        return cls.load(SHIPPED, list(json.loads((SHIPPED / NAMES).read_text("utf-8"))))

    @property
    def words(self) -> frozenset[str]:
        """Every word of every name."""
        return frozenset(word for name in self._known for word in name)

    def words_for(self, things: Container[str]) -> frozenset[str]:
        """Every word of every name of things, which are given by their own."""
        return frozenset(word for name, (one, _) in self._known.items() if self.own_of(one) in things for word in name)

    def said(self, text: str) -> list[Said]:
        """The names in a text, the longest at each place ("wizard hat" is no wizard), in order."""
        found, tokens = list[Said](), list(re.finditer(r"[^\W_]+(?:['’-][^\W_]+)*", text.lower()))
        at = 0
        while at < len(tokens):
            near = tokens[at : at + self._longest]
            gaps = (text[one.end() : then.start()] for one, then in pairwise(near))
            joined = next((n for n, gap in enumerate(gaps, 1) if _PART.search(gap)), len(near))
            words = [token.group() for token in near[:joined]]
            length, known = next(self._at(words), (1, None))
            if known is not None:
                found.append(Said(known[0], tokens[at].start(), tokens[at + length - 1].end(), known[1]))
            at += length
        behind = [*(then.start for then in found[1:]), len(text) + 1]  # a lavender dress is no flower
        return [one for one, at in zip(found, behind, strict=False) if not self._is_hue_of(text, one, at)]

    def _is_hue_of(self, text: str, one: Said, behind: int) -> bool:
        """Whether a name is the colour of what is named right behind it; an orange is one unless an article or other
        fruit stands before it, no noun behind it and no other colour near it."""
        name, rest = text[one.start : one.end].lower(), text[one.end :]
        if name == "oranges":
            return any(map(_BY_SHADES.search, (text[: one.start], rest)))
        if name != "orange":
            return name in HUES and text[one.end : behind] == " "
        found = _AN_ORANGE.search(text[: one.start])
        if found is None or not (_NOUN_AFTER.match(rest) or _CHANGED.match(rest)):
            return True
        return any(map(_BY_COLOURS.search, (text[: found.start()], rest)))

    def things(self, text: str) -> set[str]:
        """The own names of the things that a text names."""
        return {self._own[said.thing][0] for said in self.said(text)}

    def plain(self, text: str) -> str:
        """The text with each noun that is a name replaced by the thing's own: "a tree" for "an oak"."""
        nouns = self.nouns(text)
        for one in reversed(self.said(text)):
            own = self._own[one.thing]
            called = text[one.start : one.end]
            if one not in nouns and own[0] not in _ORANGE:
                continue
            if _words(called) in map(_words, own):
                continue
            before, article = text[: one.start], _ARTICLE.search(text[: one.start])
            name = own[one.many]
            if article and not one.many:
                before = f"{text[: article.start()]}{with_article(name).removesuffix(name)}"
            text = before + name + ("'s" if called.endswith(("'s", "’s")) else "") + text[one.end :]
        return text

    def in_full(self, text: str) -> str:
        """The text with things that are named before by all of their name for "the gate", of a torii gate."""
        for one in self.said(text):
            *_, last = text[one.start : one.end].split()
            if len(text[one.start : one.end].split()) > 1 and not self.said(last):
                again = regex(rf"\b(?P<the>the|that|this) {re.escape(last)}\b")
                text = text[: one.end] + again.sub(rf"\g<the> {text[one.start : one.end]}", text[one.end :])
        return text

    def in_numbers(self, text: str) -> str:
        """The text with a number for what it names again and again: "a sheep, a sheep and a sheep"."""
        rows = list[list[Said]]()
        for one in self.said(text):
            last = rows[-1][-1] if rows else None
            again = last and one.thing == last.thing and not self.is_many(text, last)
            if last and again and text[last.end : one.start] == " ":  # "mushroom mushroom", but no "double decker bus"
                again = text[last.start : last.end].lower() == text[one.start : one.end].lower()
            if last and again and _AGAIN.fullmatch(text[last.end : one.start]):
                rows[-1].append(one)
            else:
                rows.append([one])
        for row in reversed([row for row in rows if len(row) > 1]):
            if len(row) == 2 and self._is_said_anew(text, *row):
                continue
            ahead = _AN.sub("", text[: row[0].start])
            text = f"{ahead}{len(row)} {self._own[row[0].thing][1]}{text[row[-1].end :]}"
        return text

    def _is_said_anew(self, text: str, one: Said, then: Said) -> bool:
        """Whether a name behind a comma is the same thing's, to say more of it or to say it plainly: "a clock, clock
        right", "a bonfire, fire"."""
        again = text[one.start : one.end].lower() == text[then.start : then.end].lower()
        return text[one.end : then.start] == ", " and (not again or _GOES_ON.match(text, then.end) is not None)

    def in_a_list(self, text: str) -> str:
        """The text with commas between three or more names that follow each other bare: "laptop keyboard mouse"."""
        rows = list[list[Said]]()
        for one in self.said(text):
            if rows and text[rows[-1][-1].end : one.start] == " ":
                rows[-1].append(one)
            else:
                rows.append([one])
        for row in reversed([row for row in rows if len({one.thing for one in row}) > 2]):
            listed = ", ".join(text[one.start : one.end] for one in row)
            text = text[: row[0].start] + listed + text[row[-1].end :]
        return text

    def hues_first(self, text: str) -> str:
        """The text with each colour that follows a name before it: "a black pawn, a white pawn" for "pawn black, pawn
        white"."""
        for one in reversed(self.said(text)):
            if found := _HUE_BEHIND.match(text, one.end):
                ahead, alone = text[: one.start], _BEGINS.search(text[: one.start]) and not one.many
                called = f"{found['hue']} {text[one.start : one.end]}"
                text = f"{ahead}{with_article(called) if alone else called}{text[found.end() :]}"
        return text

    def own_of(self, number: int) -> str:
        """The own name of the thing of a number."""
        return self._own[number][0]

    def own(self, thing: str, *, many: bool) -> str:
        """A thing's own name, or that for many of it."""
        return next(pair for pair in self._own if pair[0] == thing)[many]

    def _at(self, words: Sequence[str]) -> Iterator[tuple[int, tuple[int, bool]]]:
        """The names that words begin with, the longest first."""
        for length in range(len(words), 0, -1):
            *before, last = words[:length]
            for word in dict.fromkeys((last, re.sub(r"['’]s$|['’]$", "", last))):
                if known := self._known.get(_words(" ".join((*before, word)))):
                    yield length, known

    def within(self, name: str) -> list[int]:
        """The things of which a longer name has the name in it: the tree of "christmas tree"."""
        words = name.split()
        parts = (" ".join(words[at:end]) for at in range(len(words)) for end in range(at + 1, len(words) + 1))
        return [said.thing for part in parts if part != name for said in self.said(part)]

    def counted(self, text: str) -> dict[int, list[tuple[Said, int]]]:
        """How many of things a text asks for ("two cats and a dog"): each place where a number stands before a name or
        closes what is said behind it ("bats, like 3"), and names for one that stand alone ("dog on a sofa")."""
        counts: dict[int, list[tuple[Said, int]]] = {}
        every, ages = self.said(text), [age.span() for age in AGE.finditer(text)]
        for said in every:
            found = _COUNTED.search(text[: said.start].lower())
            if found and any(start <= found.start("number") < end for start, end in ages):
                found = None
            if found and any(one.many and found.end("number") < one.start < said.start for one in every):
                found = None  # of "two dogs chasing a ball" there are two dogs
            if not found and (found := _COUNTED_BEHIND.match(text, said.end)):
                found = found if not any(said.end <= one.start < found.start("number") for one in every) else None
            if found and not said.many and number_of(found["number"]) > _FOR_ONE:
                found = None
            if not found and (together := _TOGETHER.match(text, said.end)):  # "a raccoon trio"
                counts.setdefault(said.thing, []).append((said, 2 if together["two"] else 3))
                continue
            if found and not (found["number"] in _ONE and self.is_many(text, said)):  # "a vase with sunflowers"
                number = found["number"].lower()
                wanted = 2 if number.endswith("of") else 1 if number in _ONE else number_of(number)
                counts.setdefault(said.thing, []).append((said, wanted))
            elif (
                not said.many
                and sum(other.thing == said.thing for other in every) == 1
                and not _OF.search(text[: said.start])
            ):
                counts[said.thing] = [(said, 1)]
        return counts

    def at_most(self, text: str, most: int) -> str:
        """The text with that number where it asks for more of a thing: "10 cats" for "fifty cats"."""
        many = {number for places in self.counted(text).values() for _, number in places if number > most}
        return _A_NUMBER.sub(lambda found: str(most) if number_of(found[0]) in many else found[0], text)

    def is_many(self, text: str, said: Said) -> bool:
        """Whether a name is for many of a thing that has another for one ("cherries", not "sheep")."""
        return said.many and _words(text[said.start : said.end]) in self._plural

    def nouns(self, text: str) -> list[Said]:
        """The names that stand as nouns: "a sweet for the cat" has one in "sweet", "a sweet cat" and "a dragon guards"
        have not in "sweet" and "guards"."""
        every = self.said(text)
        verbs = [
            one
            for before, one in pairwise(every)
            if one.many and text[before.end : one.start] == " " and not _TO_SOMEBODY.search(text[: one.start])
        ]
        nouns = [said for said in every if said not in verbs and _NOUN_BEFORE.search(text[: said.start])]
        before_verbs = {verb.start - 1 for verb in verbs}
        return [said for said in nouns if said.end in before_verbs or _NOUN_AFTER.match(text[said.end :])]


def with_article(name: str) -> str:
    """A name for one ("a fox", "an owl")."""
    return f"an {name}" if name[0].lower() in "aeiou" else f"a {name}"


def colours_in(text: str, colours: Sequence[str]) -> list[int]:
    """The numbers of the colours that a text names, each once, in order."""
    words = (HUES.get(word, word) for word in re.findall(r"\w+", text.lower()))
    return list(dict.fromkeys(colours.index(word) for word in words if word in colours))


def _words(name: str) -> tuple[str, ...]:
    if name.replace(" ", "").isalnum():  # as nearly all of ten thousand are
        return tuple(name.lower().split())
    return tuple(re.findall(r"[^\W_]+(?:['’][^\W_]+)*", name.lower()))
