"""What sentences open and end with that asks for nothing, as parts of regular expressions that ignore case."""

from __future__ import annotations

from models.english.patterns import regex

POLITE = "please|pls|plz|kindly|thanks|thank you|thx"
OPENERS = f"{POLITE}|ok|okay|now|hmm+|oh|ah|and|so|well|hey|hi|wait|actually|sorry|nice|great|cool|cute|i think"
MAY_I = r"(?:(?:can|could|would|will|shall|may) (?:you|u|we|i)\W+(?:(?:please|pls)\W+)?)?"

BEFORE = rf"\W*(?:(?:{OPENERS}|no|nah|nope|ugh+|meh|argh+|bah|damn|sigh|yikes|oops|nevermind|never mind)\W+)*"
"""Before a form that says all: "no, wait, …"."""

OPENING = regex(rf"^\W*(?:(?:{OPENERS})\W+)*{MAY_I}")
"""Before any request; not "no", which may take something away ("no snow")."""

ENDING = regex(rf"[\s,]*(?:\b(?:{POLITE})\b[\s,]*)*[\s.!?]*$")

_THANKS = (
    r"innit|kindly|ty(?:vm|sm)?|th(?:an)?x|thn?ks|plz|pls|tia|asap|lolz?|rofl|lmao|haha+|hehe+|xx+|okay{2,}|okk+|yaar"
    r"|bhai(?:ya)?|haan|shukriya|m8|bruh|real quick|(?:as )?(?:quick|quickly|fast|soon) as (?:you|u) (?:can|like)"
    r"|fast fast|right now please"
    r"|(?:cheers|thanks|ta)(?: (?:mate|love|dude|pal|bro|guv|big ears|so much|a lot|very much|a bunch|a million"
    r"|ever so|heaps))?"
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


def bare(said: str) -> str:
    """A sentence without its politeness."""
    return ENDING.sub("", OPENING.sub("", said))
