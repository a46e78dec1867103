"""A sentence without what it takes back: "a wheelbarrow.. no, a bucket" is a bucket, and "at a lake. no lake? savanna
then" is a savanna.

Who talks corrects themselves, or says what will do where something is not to be had. What was said first goes, with
its article, and what is meant stands in its place, so that whoever reads on need know nothing of it. A sentence is left
alone unless a thing, a place or an hour follows at once that can take the place of what stands before.
"""

from __future__ import annotations

import re

from models.chat.wholeness import AROUND, ORDERED
from models.english.naming import COLOUR_WORDS, Names
from models.english.patterns import NUMERALS, STATES, any_of, regex

_MARK = r"(?:\s*[,.;:!?…(–—-]+\s*|\s+)"
_STRONG = r"\s*[,.;:!?…(–—-]+\s*"
_LEAD = (
    r"(?:(?:ok|okay|right|well|so|then|fine|just|hm+|alright|instead|rather|better|only|simply|in that case|lol|oh)\b"
    r"[\s,]*)*"
)
_END = r"\s*(?:[?.,!;:)…–—-]+\s*|\s(?=(?:so|then|ok|okay|just|well|but)\b))"
_YOU_LACK = (
    r"(?:(?:but|oh|which|that|no|i (?:guess|know|bet))\s+)*"
    r"(?:you (?:(?:do|have|wo|would|['’]d)(?:n['’]?t| not)?|['’]d not|lack)(?: (?:have|know|do|got|paint|draw))*"
    r"(?: (?:it|that|one|those|them|any|em|this|[\w-]+s))?(?: (?:do you|i bet|i know|i guess))*"
    r"|(?:is |are )?(?:n['’]?t|not) (?:available|there|possible|a thing|to be had)(?: i (?:know|guess))?"
    r"|do (?:you|u) (?:have|do|know) (?:it|one|any|those|them|[\w-]+s))"
)
_TAKES_BACK = r"(?:no(?!\.\s?\d)|nah|forget (?:it|that)|scrap (?:it|that)|scratch that|never ?mind|nvm)"
_CORRECTIONS = [
    regex(
        rf"{_MARK}(?:(?:ok|oh|but|well) )?no (?P<again>[\w'-]+)(?: (?:huh|i guess|is (?:ok|fine)|then"
        rf"|tho))*{_END}{_LEAD}"
    ),
    regex(rf"{_MARK}{_YOU_LACK}{_END}{_LEAD}"),
    regex(rf"{_MARK}(?:(?:oh|hm+|or|um+|uh+|ah)\W+)*{_TAKES_BACK}(?:\W+(?:no|wait))*\s*[,.!:;…–—-]+\s*{_LEAD}"),
    regex(rf"{_STRONG}(?:(?:oh|hm+|or|um+|uh+|ah)\W+)*no (?=(?:an?|just|better|rather|only|{NUMERALS})\b){_LEAD}"),
    regex(rf"{_MARK}or (?:rather|better)(?: still| yet)?,?\s+(?=[\w'-]){_LEAD}"),
    regex(rf"{_STRONG}(?:well|rather|i mean),?\s+(?=(?:an?|the|any|just (?:an?|the)) ){_LEAD}"),
    regex(rf"{_STRONG}(?:well|i mean),?\s+(?=[\w'-]+(?: [\w'-]+)?(?: then)?\s*(?:[,.!]|$))"),
]
_OTHER_HUE = regex(
    rf"\b(?:{COLOUR_WORDS})(?P<what> [\w'-]+(?: [\w'-]+)?)\s*[,.;!?…–-]+\s*(?:(?:oh|um+|hm+)\W+)*"
    r"(?:no(?:\W+wait)?|wait(?:\W+no)?|actually|i mean(?:t)?|or rather|scratch that)\W+"
    rf"(?:(?:no|make (?:it|that)|in|rather)\W+)*(?:an? )?(?P<now>{COLOUR_WORDS})(?: one)?"
    r"(?= (?:please|pls)|\W*$|\s*[,.;!])"
)
_OTHER_NUMBER = regex(
    rf"\b(?:{NUMERALS}|[2-9]) (?P<what>[a-z' -]+?)\s*[.,;!-][\s.,;!-]*"
    rf"(?:(?:no|wait|actually|sorry|make (?:it|that))[\s,]+)+(?P<now>{NUMERALS}|[2-9])(?=\W*$)",
)  # "two houses. no, three"
_RETYPED = regex(r"\s?\.{2,}\s*(?=(?:(?:an?|the) )?[\w'-]+(?: [\w'-]+)?\s*(?:[,.;]|$))")
_WILL_DO = regex(
    rf"{_STRONG}(?:but |well |or )?(?P<meant>(?:(?:an?|any|full) )?[\w'-]+(?: [\w'-]+){{0,2}}?)"
    r" (?:will (?:have to )?(?:do|serve|work)|works|(?:(?:is|would be)(?: also)?|also) (?:ok|okay|good|fine"
    r"|near enough)"
    r"|ok|fine)(?: too| also| as well| then| po)*(?P<behind>\s*(?:$|[,.;!)–—-]+\s*))",
)
_THEN = regex(
    r"\A([^,.;!?]*?),? (?:then|so|it is then|instead|lol|yes|will do|works|(?:is )?(?:ok|okay|fine|enough|good)"
    r"|is nicer)"
    r"(?=\s*(?:$|[,.;!?]))",
)
_PREPOSITION = "in|on|at|with|w|by|under|of|off|to|up|into|onto|from|near|behind|beside|above|below|for"
_STOPS = any_of(rf"""
    {_PREPOSITION}|and|n|or|plus|is|are|was|has|have|had|holds?|wears?|gets?|it|him|her|them|me|us|a|an|the|some|there|here
    put|add|give|make|draw|paint|want|show|like|need|be|also|as|then|but|both|please|pls|ok|okay|oh|hm+|no|nah|sorry|well|left
    right|middle|first|last|yes|not|so|too|ideal|say|says|said|all|every\w+|nothing|\w+ly
""")
_DOING = regex(r"\w+ing")
_ARTICLE = rf"(?:an?|the|some|any|another|one|two|{NUMERALS}|\d+|his|her|their|its|my|our|your)"
_IS_ARTICLE = regex(_ARTICLE)
_AN_ARTICLE = regex(rf"^(?:{_ARTICLE}) ")
_BROKEN_OFF = regex(r"(?:\s+(?:an?|the|of|off|with|in|on|at|for))+$")
_A_NAME = regex(rf"(?:{_ARTICLE} )?(?:(?!(?:{_PREPOSITION}|and|an?|the|you|i|it|is|are|not|no)\b)[\w'-]+ ){{0,2}}")
_PLACED = regex(rf"(?:{_PREPOSITION}) (?:{_ARTICLE} )?")
_ENDS_PLACING = regex(rf"(?:\b(?:{_PREPOSITION}) )+$")
_ASKED = regex(r"\?\W*(?:no|nah)\b")
_OF_PLACES = regex(r"\b(?:in|on|at|by) $")
_ENDS_AROUND = regex(rf"{AROUND.pattern}\s*$")
_BY_IT = regex(rf"\s+(?:{_PREPOSITION}|next to|in front of|on top of) (?:it|him|her|them)$")
_FIRST = regex(r"[,.;:!?]")
_ALSO_NOT = regex(r"(?:skip|scrap|drop|leave|forget)\b|[^,.;!?]* no\s*(?:$|[,.;!?])")
_REFUSED = any_of(r"no|not|without|says?|said|\w+n['’]t|dont|doesnt|cant|wont")
_ASKS = regex(r"(?:where|what|who|how|why|which)\b(?! about)")
_WISHED = regex(r"(?:^|[,.;:!?]\s*)[^,.;:!?]+ would (?:be|have been) (?:ideal|nice|lovely|best|great|perfect|good)$")
_WORD = regex(r"[\w'’-]+")
_WORDS, _FEW = 3, 5  # of a name with what is said of it: without an article before, and with one


_FORBIDS = regex(
    r"\s*(?:(?:just|but|and)\W+)*"
    r"(?:do ?n['o’]?t|do not|never|(?:i|you) (?:would|should|must)(?:n['’]?t| not))"
    r" (?:ever )?(?:remove|delete|erase|lose|touch|change|take (?:away|out|off)|get rid of)"
    r" (?:(?:the|my|his|her|its|their|that|any|this) )?[\w'-]+(?: [\w'-]+)?\s*"
    r"(?:$|[.!]+$|[,.;!]+\s*(?:(?:but|and|just|only|instead)\b\s*)*|\s(?:but|and|just)\s+)"
)
"""What must not be done to something, before what is to be done."""


_ONCE_MORE = any_of(rf"""
    {AROUND.pattern}|{COLOUR_WORDS}|sunny|clear|cloudy|day|daytime|daylight|morning|night|midnight|noon|midday|evening
    dusk|dawn|sun ?set|sun ?rise|rain|raining|snow|snowing|fog|foggy|storm|dark|bright|spring|summer|autumn
    (?:small|larg|bigg|tini|bright|dark|tall|short)er
""")
_AS_IT_WAS = regex(
    rf"\W*(?:(?:and|now|then|ok|okay|so|but|well)\W+)*(?:back to )?(?P<what>{_ONCE_MORE.pattern}) (?:again|once more)"
    r"(?:\W*(?:please|pls|plz|thanks))?\W*"
)
"""What was before is wanted once more, which is said whole without "again": no picture and no change of then is."""


def settled(said: str) -> str:
    """The sentence without what it takes back or forbids, else as it is."""
    if found := _AS_IT_WAS.fullmatch(said):
        return found["what"]
    said = _OTHER_NUMBER.sub(lambda found: f"{found['now']} {found['what']}", said)
    if found := _FORBIDS.match(said):
        return settled(said[found.end() :]) if said[found.end() :].strip() else "keep it like that"
    said = _recoloured(said)
    for correction in (*_CORRECTIONS, _WILL_DO, _RETYPED):
        for found in correction.finditer(said):
            if (new := _instead(said, found)) is not None:
                return settled(new)
    return said


def _recoloured(said: str) -> str:
    """ "Purple brolly. no wait, black": the colour that is meant, where the other was said."""
    return _OTHER_HUE.sub(lambda found: f"{found['now']}{found['what']}", said, count=1)


def _instead(said: str, found: re.Match[str]) -> str | None:
    """The sentence with what follows a correction in place of what stands before it; None where neither is a name."""
    groups = found.groupdict()
    before, after = _BROKEN_OFF.sub("", said[: found.start()]), said[found.end() :]
    if "meant" in groups:
        after = groups["meant"].removesuffix("'s") + groups["behind"].replace(")", "") + after
    if found.re.pattern == _RETYPED.pattern and not _is_retyped(before, after):
        return None
    first = _FIRST.split(after)[0]
    if (by_it := _BY_IT.search(before)) and not _PLACED.search(first):  # "a van behind it, or better a bus"
        before, after = before[: by_it.start()], f"{first.rstrip()}{by_it[0]}{after[len(first) :]}"
    clause = _clause(before)
    asked = "again" not in groups and _ASKED.search(found[0]) is not None
    start = clause if asked else _replaced(before, groups.get("again"))
    if start < 0 or not before[start:].strip() or not _meant(after) or _ALSO_NOT.match(after):
        return None
    told = before[start:]
    if not asked and (
        _REFUSED.search(before, clause, start) or _ASKS.match(before, clause) or _stated(before[clause:start], told)
    ):
        return None
    after = _THEN.sub(r"\1", after)
    first = _FIRST.split(after)[0]
    if not asked and (STATES.search(first) or (_ENDS_AROUND.search(told) and not AROUND.search(first))):
        return None
    if (once := _begun(before, after, clause)) >= 0 and once < start:
        return before[:once] + after
    placed = _ENDS_PLACING.search(before[:start])
    if _PLACED.match(after):
        return before[: placed.start() if placed else start] + after
    if placed and _OF_PLACES.search(before[:start]) and _PLACED.search(first, 1):
        return before[:clause] + (" " if clause else "") + after  # "stag on the hill, well a deer in the mountains"
    beside = "again" in groups and before[start - 1 : start] == " " and _ends_named(before[: start - 1])
    return before[: start - 1] + ", " + after if beside else before[:start] + after


def _is_retyped(before: str, after: str) -> bool:
    """Whether a word is given up for another: one that is not known ("an easel.. picture"), or a part of it."""
    old, new = _WORD.findall(before)[-1:], _WORD.findall(_FIRST.split(after)[0])
    if not old or not new:
        return False
    one, then = old[0].lower(), new[-1].lower()
    return not Names.shipped().said(one) or one.endswith(then) or then.endswith(one) or one.rstrip("s") == then


def _ends_named(text: str) -> bool:
    """Whether a text ends with a thing or a place."""
    return _ENDS_AROUND.search(text) is not None or any(one.end == len(text) for one in Names.shipped().said(text))


def _stated(ahead: str, told: str) -> bool:
    """Whether a clause says how something is, so that what stands last in it is none of the picture's things."""
    return STATES.search(ahead) is not None and not (_AN_ARTICLE.match(told) or Names.shipped().said(told))


def _clause(text: str) -> int:
    """Where the last clause of a text begins."""
    at = max(text.rfind(mark) for mark in ",.;:!?()\n") + 1
    return at + len(text[at:]) - len(text[at:].lstrip())


def _replaced(before: str, again: str | None) -> int:
    """Where what is taken back begins; -1 for nowhere."""
    if wished := _WISHED.search(before):
        return _clause(before[: wished.end()])
    start = _last_name(before)
    if again is None or start < 0:
        return start
    *_, last = _WORD.finditer(before)
    if last[0].lower().rstrip("s") != again.lower().rstrip("s"):
        return -1
    return start if _AN_ARTICLE.match(before[start:]) else last.start()


def _begun(before: str, after: str, clause: int) -> int:
    """Where a clause begins to say what is said anew: "parrot on a pirate, no, parrot on a man"; -1 for nowhere."""
    if _PLACED.match(after):
        return -1
    head = _WORD.search(_AN_ARTICLE.sub("", after))
    once = head and re.compile(rf"\b{re.escape(head[0])}\b", re.IGNORECASE).search(before, clause)
    return max(_last_name(before[: once.end()]), clause) if once else -1


def _meant(text: str) -> bool:
    """Whether a text begins with a thing, a place or an hour."""
    placed = _PLACED.match(text)
    begins = text[placed.end() :] if placed else text
    if ORDERED.match(begins):
        return False
    named, around = Names.shipped().said(begins)[:1], AROUND.search(begins)
    starts = [one.start for one in named] + ([around.start()] if around else [])
    return any(_A_NAME.fullmatch(begins[:start]) for start in starts)


def _last_name(before: str) -> int:
    """Where the last few words of a text begin that may be a name, with its article; -1 for none."""
    words = list(_WORD.finditer(before, _clause(before)))[::-1]
    if not words or _STOPS.fullmatch(words[0][0]):
        return -1
    for many, word in enumerate(words[1:_FEW], 1):
        if _IS_ARTICLE.fullmatch(word[0]):
            further = [later[0].lower() for later in words[many + 1 : many + 2]]
            return _last_name(before[: word.start() - 4]) if further == ["of"] else word.start()
        if word[0].lower() != "of" and _STOPS.fullmatch(word[0]):
            break
    start = words[0].start()
    for word in words[1:_WORDS]:
        if _STOPS.fullmatch(word[0]) or _DOING.fullmatch(word[0]):
            break
        start = word.start()
    return start
