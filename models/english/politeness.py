"""What sentences open and end with that asks for nothing.

Who talks says "um", "ok so just", "lol" and "ta mate" around what is wanted. `without_fillers` leaves out what is
surely no more than that where a sentence is first heard: of chat in `models.chat.decider`, of the painter in
`models.scene.composer`. What may mean something stays: "no", "again", "instead", "also", and "then", "so", "well",
"just" or "mate" unless an order beside them tells that they are fillers; where it is not sure, all stays.

The rest are parts of regular expressions, which ignore case.
"""

from __future__ import annotations

import re

from models.english.naming import Names
from models.english.patterns import regex

POLITE = "please|pls|plz|kindly|thanks|thank you|thx"
OPENERS = f"{POLITE}|ok|okay|now|hmm+|oh|ah|and|so|well|hey|hi|wait|actually|sorry|nice|great|cool|cute|i think"
MAY_I = r"(?:(?:can|could|would|will|shall|may) (?:you|u|we|i)\W+(?:(?:please|pls)\W+)?)?"

BEFORE = rf"\W*(?:(?:{OPENERS}|no|nah|nope|ugh+|meh|argh+|bah|damn|sigh|yikes|oops|nevermind|never mind)\W+)*"
"""Before a form that says all: "no, wait, …"."""

OPENING = regex(rf"^\W*(?:(?:{OPENERS})\W+)*{MAY_I}")
"""Before any request; not "no", which may take something away ("no snow")."""

ENDING = regex(rf"[\s,]*(?:\b(?:{POLITE})\b[\s,]*)*[\s.!?]*$")

_CLOSERS = (
    r"kindly|pl[sz]+|ty(?:vm|sm)?|th(?:an)?x|thn?ks|tia|lol[ol]*z?|rofl|lmao|haha+|hehe+|xx+|innit|okay{2,}|okk+|yaar"
    r"|bhai(?:ya)?|haan|shukriya|m8|bruh|bruv"
    r"|(?:cheers|thanks|ta)(?: (?:mate|love|dude|pal|bro|guv|big ears|so much|a lot|very much|a bunch|a million"
    r"|ever so|heaps))?|(?:please (?:and )?)?thank (?:you|u)(?: (?:so|very) much| ever so| kindly| in advance)?"
    r"|if you please|(?:please|pl[sz]) (?:and|n|&) (?:ty|thanks|thx|ta)"
)
_THANKS = (
    rf"{_CLOSERS}|asap|real quick|(?:as )?(?:quick|quickly|fast|soon) as (?:you|u) (?:can|like)"
    r"|fast fast|right now please"
    r"|thank(?:s|ing)? (?:you|u)(?: (?:so|very) much| ever so| kindly| in (?:advance|anticipation))?"
    r"|if (?:it'?s |at all )?poss(?:ible)?|if (?:you|u) (?:can|could|would|please|may|don'?t mind)"
    r"|when (?:you|u) (?:can|get a (?:sec\w*|chance))|(?:no|in no) (?:rush|hurry)|fingers crossed|can'?t wait"
    r"|so excited|take your time"
)
_ADDRESSED = (
    r"cheers|ta|mate|matey|bro|dude|buddy|pal|fam|folks|boss|chief|captain|sir|madam|ma'?am|sweetie|darling|dear|dearie"
    r"|hun|hon|babe|guv|sweetheart|my (?:friend|man|guy|dear)|old (?:bean|chap|boy|friend|sport)|champ|easel|huh|yeah"
    r"|eh|ok|okay|warmly"
    r"|(?:kind )?regards|sincerely"
)
_THE_BEST = r"(?:you(?:'?re| are)?|u(?: r)?|ur)(?: (?:an?|the|my|so|such|such an?|simply|truly|really))* [a-z]+"
_GLAD = (
    r"i(?:['’]?d|['’]?ll|['’]?m| am| would| will)(?: (?:be|really|very|so|much|forever|ever|always))*"
    r" (?:grateful|thankful|happy|glad|obliged|delighted|thrilled|excited|over the moon|appreciate(?: (?:it|that))?"
    r"|love it|owe (?:you|u)(?: one)?)(?: if (?:you|u) (?:can|could|would|did))?"
)
_WRITTEN = r"(?<!named)(?<!called)(?<!say)(?<!says)(?<!said)(?<!saying)(?<!reads)(?<!reading)(?<!words)(?<!you can)"
CHATTER = regex(
    rf"{_WRITTEN}(?:[\s,.!?;-]+(?:(?:{_THANKS})|(?<=[,.!?;] )(?:{_ADDRESSED}|{_THE_BEST}|{_GLAD})))+[\s,.!?]*$",
)
"""Thanks, forms of address and good wishes behind a request: ", old bean", ". you're a star", ", i'd be grateful"."""

_MATE = "mate|matey|bro|dude|dawg|yaar|buddy|pal|fam|guv|luv"
_SPOKEN_TO = rf"{_MATE}|there|again|easel|robot|bot|computer|machine|ai|man|guys|you|all|folks|team|friend"
_PRAISE = (
    r"(?:(?:so|very|really|that'?s|how) )*"
    r"(?:great|nice|cool|cute|perfect|lovely|awesome|amazing|brilliant|beautiful|funny)"
)
_APART = r"(?:\s*[,.;:!…]+\s*|\s+(?:[-–—]+\s+)?)(?=[^\s,.;:!?…–—-])"
_ORDER = (
    r"(?=(?:(?:can|could|would|will|shall|may) (?:you|u|ya|we|i)|let'?s|let me|i(?:'d|'ll| would| will| want| need)"
    r"|make|turn|put|give|add|remove|delete|erase|lose|get|take|go|undo|redo|revert|swap|replace|change"
    r"|switch|draw|dye|(?:re)?colou?r|move|shift|push|pull|slide|shrink|enlarge|upscale|set|bring|drop|ditch|hide|crop"
    r"|trim|rotate|flip|mirror|zoom|blur|sharpen|brighten|darken|lighten|write|throw|stick|place|start|save|describe"
    r"|compare|combine|merge|mix|join|try|stop|(?:what['’]?s?|which|how|where|why|who)\b(?! about)(?!\W*$))\b)"
)
_CLAUSE = (
    rf"(?:{_ORDER}|(?=(?:paint|show|see|keep|leave|use|pick|choose|back to|do|don['’]?t|is|are"
    r"|it|he|she|they|you|u|this|that|the|i|we)\b|#\d))"
)
_SURE = (
    r"u+m+|u+h+(?!\W+oh\b)|hm+|please|pl[sz]+|btw|tbh|(?:ok|okay|okie?)(?=\s*[,.!;:…-]|\s+(?:so|now|then|but|and"
    r"|just|no|ok|okay|yeah|yes|u+m+|lol|haha|please|pls|great|cool|nice)\b)"
)
"""Before anything."""
_MAYBE = (
    r"e+r+m*|mm+|lol[ol]*|lmao|haha+|hehe+|kindly|literally|basically|honestly|abeg|a+h+|ok|okay|okie?"
    r"|o+h+(?! (?:no|my|dear|well)\b)"
)
"""Where they are apart, or before an order or the beginning of a clause: not "ER nurse", "lol emoji", "OK corral"."""
_FIRST = rf"(?:{_CLAUSE}|(?=(?:an?|no|not|but|and|so|then|now|just|maybe|actually|can|could|him|her|them|{_SURE})\b))"
_OPENER = regex(
    rf"\s*(?:(?:{_SURE}){_APART}|(?:{_MAYBE})(?:\s*[,.!;:…]+\s*(?=\w)|{_APART}{_FIRST})"
    rf"|(?:(?:so|well|then|{_SURE}|{_MAYBE}){_APART}){{1,9}}{_CLAUSE}"
    rf"|(?:(?:so|well|now|then|and|just|maybe|perhaps|actually|sorry|wait|yeah|yes|yep|{_SURE}|{_MAYBE}){_APART}"
    rf"|(?:right|fine|alright|thanks|thank you|thx|{_PRAISE})\s*[,.!]+\s*){{1,9}}{_ORDER}"
    rf"|(?:hey|hi|hello|yo)(?: (?:{_SPOKEN_TO}))?(?:\s*[,.!]+\s*(?=[#\w])|{_APART}{_CLAUSE})"
    rf"|(?:{_MATE})(?:\s*[,.!]+\s*(?=[#\w])|{_APART}{_ORDER}))"
    rf"|(?P<kept>(?!\s*so {_PRAISE}\b)\s*(?:(?:no+|nah|nope|but|and|also|so|now|then|well|wait|actually"
    r"|sorry)\b[\s,.;:!…–-]+|(?:(?:can|could|would|will|shall|may) (?:you|u|ya|we|i)|let'?s)\s+))(?=\S)"
)
_CLOSER = regex(
    r"(?<!write)(?<!read)(?<!you can)(?<!many)(?<!sincere)(?<!no)(?<!nah)(?<![\s,.!;…(-])"
    rf"(?P<gap>[\s,.!;…(-]+)(?:(?P<polite>please|{_CLOSERS})|(?P<called>{_MATE})"
    r"|(?:(?<=[,.!;])|(?<=[,.!;]\s))(?P<dear>love|dear|hun|hon|babe|ok|okay|yeah|huh|eh|easel))(?P<end>[\s.,!?…)]*)$"
)
_LONGEST = 80
"""Letters and signs of the longest closer."""
_BELONGS = regex(
    r"(?:\b(?:an?|the|his|her|its|their|my|your|our|another|of|for|with|and|or|from|beside|near|into|between|signed|say"
    r"|says|said|saying|reads|reading|named|called|name(?:'s|s)? (?:is|are)"
    r"|an?(?: (?:very|big|huge|giant|little|small|massive|heartfelt|warm|simple|great))+"
    r"|(?:add|put|insert|include|print|with|have|has)\b.* the (?:words?|letters?))|['’]s|[&+:/=])\s*$"
)
"""Before what is no closer: "the cat's mate", "a cup of ta", "a big thank you"."""
_DETERMINED = regex(
    r".*\b(?P<by>an?|the|his|its|their|my|your|our|another|some|no|one|two|three|with|and|or|of|as|to|for|like|into|from|by)"
    r"\s+(?P<what>\S.*)$"
)
_ENDED = regex(
    r"\b(?:it|him|her|them|this|that|these|those|me|us|(?<!add )(?<!want )(?<!draw )(?<!with )one|ones"
    r"|all|both|each|again|back|over|out|off|away|up|down|here|there|now|instead|too|more|less|left|right|side|undo|redo|revert|upscale|flip|mirror|rotate|crop|sharpen"
    rf"|(?P<polite>please|ok|okay|yeah|{_CLOSERS}))$|[\"”»\d]$"
)
"""Behind such a word stands no noun that it belongs to."""
_WANTS = regex(
    rf"(?!\w+,)\W*(?:(?:no+|nah|nope|but|and|also|so|now|then|well|wait|actually|sorry)\W+)*(?:(?P<asks>what|which|how|where|why"
    rf"|who|when)\b|{_ORDER}|{_CLAUSE}|(?:no|not|only|just)\b)"
)
_OF_A_PICTURE = regex(r"\b(?:background|pictures?|pics?|images?|photos?|sky|colou?rs?|size|seed|style)\b")
_PRONOUN = regex(r"\b(?:it|him|her|them|that|this|me)\b")
_ENDS_A_CLAUSE = regex(r"[,.;!]")
_FOR_SOMEBODY = regex(r"\W*(?:give|find|get|bring)\b")
_LEADS = regex(r"[\s:&+'’]*(?:(?:and|with|beside|of|from|for|s|an?|the|his|her|its|their|my|big)\b[\s&+'’]*)*")
_SHORT = regex(r"(?:please|pl[sz]+|ty(?:vm|sm)|th(?:an)?x|thn?ks|tia)\b")
"""What nobody writes on a card, if not straight behind "says"."""
_WRITES = regex(
    r"\b(?:say\w*|said|reads?|reading|writ\w+|text|words?|captions?|lettering|titled?|prints?|signs?|labels?|banner|named"
    r"|called|signed|spell\w*|(?:love|greetings|kisses) from)\b[^\"“”«»]*$"
)
"""Words that may go on to the end; those in quotation marks end there."""
_NOTHING = regex(
    r"\W*(?:(?:so|well|now|then|and|just|maybe|right|fine|actually|sorry|wait|again|please|ok|okay|hey|hi|hello|yes|yeah"
    rf"|very|cool|great|nice|good|perfect|lovely|cute|awesome|amazing|brilliant|{_SURE}|{_MAYBE}|{_MATE}|{_CLOSERS})\b\W*)*"
)


def without_fillers(said: str) -> str:
    """A sentence without what is surely no more than a filler before and behind it: "get rid of it" for "um, get rid of
    it lol"; as it is where nothing else is said, and where the words may be a part of what is wanted."""
    text, kept = said, ""
    while opener := _OPENER.match(text):
        text, kept = text[opener.end() :], kept + (opener["kept"] or "")
    text = kept + text
    while (closer := _CLOSER.search(text, max(0, len(text) - _LONGEST))) and not _keeps(text, closer):
        text = text[: closer.start()] + closer["end"].strip(" ,)")
    return said if _NOTHING.fullmatch(text) else text


def without_chatter(text: str) -> str:
    """A text without what `CHATTER` finds behind it, where that is not wanted."""
    found = CHATTER.search(text)
    closer = found and _CLOSER.match(text, found.start())
    return text[: found.start()] if found and not (closer and _keeps(text, closer)) else text


def goes_on(text: str, at: int) -> bool:
    """Whether what stands from a place on looks like a closer and is wanted: "a card that says good luck[ mate]"."""
    closer = _CLOSER.search(text, at)
    if not closer or not _LEADS.fullmatch(text, at, closer.start()) or _ENDS_A_CLAUSE.search(closer["gap"]):
        return False
    return _keeps(text, closer)


def _keeps(text: str, closer: re.Match[str]) -> bool:
    """Whether the last words of a text are wanted: "a fox and its mate", "write good luck mate", "a cool dude"."""
    before, polite = text[: closer.start()], (closer["polite"] or "").lower()
    short = _SHORT.match(polite) is not None
    if (
        ("(" in closer["gap"]) != (")" in closer["end"])
        or _BELONGS.search(before)
        or (_WRITES.search(text) and not short)
    ):
        return True
    if closer["dear"]:
        return _WANTS.match(before) is None
    if closer["gap"].strip() or short:
        return False
    if closer["called"] or polite in ("ty", "ta", "cheers"):
        named = (closer["called"] or closer["polite"]).istitle() and not before.istitle()
        return named or (before.endswith("ing") if polite else not _is_whole(before, closer["called"]))
    return False


def _is_whole(before: str, called: str) -> bool:
    """Whether words end before a form of address: "add a whale" before "mate", not "add a surfer" before "dude"."""
    ended, wants = _ENDED.search(before), _WANTS.match(before)
    if ended and (wants or ended["polite"] or ended[0].lower() in ("one", "ones")):
        return True
    if not wants or wants["asks"]:
        return wants is not None
    if not (phrase := _DETERMINED.match(before)):
        return _PRONOUN.search(before) is not None
    if _OF_A_PICTURE.search(phrase["what"]):
        return True
    nouns = Names.shipped().said(phrase["what"])
    if not nouns or nouns[-1].end < len(phrase["what"]):
        return bool(nouns)
    address = called.lower() in ("mate", "matey", "yaar", "guv", "luv", "fam") and not _FOR_SOMEBODY.match(before)
    return address or phrase["by"].lower() == "the"


def bare(said: str) -> str:
    """A sentence without its politeness."""
    return ENDING.sub("", OPENING.sub("", said))
