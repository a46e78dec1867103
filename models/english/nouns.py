"""What words speak of: the nouns of a sentence, found by the words that lead to them and end them.

No tagger of parts of speech: people's wishes are short, and what they want drawn stands behind "a", a number or a
place ("a pond with three lily pads", "under the bench").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.english.patterns import NUMERALS, any_of, regex

_WORD = regex(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
_LEADS = any_of(rf"an?|some|several|few|many|another|{NUMERALS}|\d+|his|her|its|their|my|more")
_BARE_LEADS = any_of("with|add|put|and|plus")
_BARE_PLURAL = regex(r"(?!(?:always|perhaps|sometimes|besides|towards|afterwards|clothes)\b)[a-z]{3,}(?<![sui])s")
_THIRD_PERSON = regex(r"[a-z]{3,}(?<![sua])s")
_PLACES = any_of("in|on|under|behind|beside|near|by|at|from|into|onto|over|below|above|inside|of|between|with")
_ENDS = any_of(
    r"""
    an?|the|this|that|these|those|and|or|but|with|without|in|on|under|behind|beside|near|by|at|from|into|onto|over|below
    above|inside|of|to|for|between|around|through|across|along|next|against|as|than|like|so|if|when|while|where|who|which
    is|are|was|were|be|been|has|have|had|do|does|did|could|should|would|will|may|might|must|it|he|she|they|we|you|i
    him|them|us|me|his|her|its|their|my|your|our|w|n|u|insted|rides|plays?|comes?|round|back|shld|please|pls|too|also|now
    then|instead|again|not|no|up|down|out|off|away|there|here|just|only|all|both|each|every|very|more|less|most|somewhere
    looking|wearing|holding|standing|sitting|lying|flying|riding|eating|drinking|playing|running|walking|swimming
    sleeping(?! bag)|chasing|watching|made|full|facing|being|doing|left|right|together|everywhere|nearby|outside|upside
    half|actually|make|makes|there'?s|that'?s|it'?s|enter|arrive|appear
""",
    end=r"\Z",
)
_NO_VERB = any_of(r"""
    living|dining|sitting|waiting|meeting|washing|sewing|rocking|fishing|watering|wedding|king|ring|wing|string|swing
    spring|evening|morning|ceiling|building|painting|pudding|dumpling|duckling|earring|viking|starling|icing|stocking
""")
"""What ends like a doing and is none: "a cosy living room"."""
_ASKS = regex(r"\s+(?:you|u|we|i|it|he|she|they)\b")
_ONE = frozenset({"a", "an", "another"})
_MOST = 4  # words of a noun and what tells of it


@dataclass(frozen=True)
class Noun:
    """A noun with what stands before it ("old watering can"), and where it is in the text."""

    text: str
    start: int
    end: int


def nouns_in(text: str) -> list[Noun]:
    """The nouns that words lead to, in order; "with", "add", "put" and, behind another noun, "and" lead to those
    that are many ("with fireworks")."""
    words, found = list(_WORD.finditer(text)), list[Noun]()
    for n, word in enumerate(words):
        leads = _LEADS.fullmatch(word.group()) is not None
        the = word.group().lower() in ("the", "that") and n > 0 and _PLACES.fullmatch(words[n - 1].group()) is not None
        goes_on = word.group().lower() != "and" or (found and found[-1].end == words[n - 1].end())
        bare = not (leads or the) and _BARE_LEADS.fullmatch(word.group()) is not None and goes_on
        if not (leads or the or bare):
            continue
        some = list[re.Match[str]]()
        for other in words[n + 1 : n + 1 + _MOST]:
            doing = some and other.group().endswith("ing") and not _NO_VERB.fullmatch(other.group())
            if not other.group()[0].isalpha() or _ENDS.match(other.group()) or doing:
                break
            if other.group() == "can" and _ASKS.match(text, other.end()):
                break
            some.append(other)
        if len(some) > 1 and word.group().lower() in _ONE and _THIRD_PERSON.fullmatch(some[-1].group()):
            some.pop()  # "an orc enters"
        if bare and not (some and _BARE_PLURAL.fullmatch(some[-1].group())):
            continue
        if some and not any(one.start == some[0].start() for one in found):
            found.append(Noun(text[some[0].start() : some[-1].end()], some[0].start(), some[-1].end()))
    return found
