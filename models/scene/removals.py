"""Which things words send away: "no hat", "take the wolf out", "the bin can go", "hat and scarf gone"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.english.naming import COLOUR_WORDS, Said
from models.english.patterns import any_of, regex
from models.english.sizes import HUGE, LARGE

TAKING = any_of(rf"""
    no|not(?! (?:(?:so |too |quite |really )?sure|only|(?:the|an?) (?:best|good|great|nice))\b)|without|bye
    do without|dispense with|free (?:\w+ ){{0,3}}of|remove|delete|erase|hide|lose|ditch|drop|rid|off
    away|out|fewer|minus|slay|banish|stop(?! sign)|scratch(?= (?:the|that|those|this)\b)
    less(?! (?:{LARGE}|{HUGE}|\w+y|\w+(?:ful|ive|ous|ing|ed|ish|ic|al)|cute|dark
    |bright|sad|weird|mean|evil|intense|plain|fat|thin|wild|serious)\b)
    don'?t|isn'?t|doesn'?t|shouldn'?t
""")
"""What takes something away."""
LEAVES = any_of(
    r"remove|delete|erase|lose|take away|take out|take (?:the|that|those|this|his|her) (?:\w+ ){1,3}(?:out|away|off)"
    r"|forget(?: about)?(?= (?:the|that|those|this)\b)"
    "|get rid of|ditch|scrap|scratch(?= (?:the|that|those|this)\\b)"
)
"""Verbs that send something away and mean nothing else."""
ALL_BUT = regex(
    r".*?\b(?:all|every(?:thing|one|body)?|the (?:rest|others?|lot))\b"
    r"(?!(?:['’]?s| is| are| looks?| seems?) (?:all |just |really |quite |so |very )*(?:fine|good|great|nice|ok|okay"
    r"|well|right|perfect|lovely)\b).*?"
    r"\b(?:but|except|apart from|bar|save|other than|besides)(?: for)? "
    r"(?P<what>(?:the |that |my |his |her )?[\w' -]+?(?:(?:,|\band\b) (?:the )?[\w' -]+?)*)"
    r"(?P<gone> (?:is |are )?(?:gone|out|away|off|can go|goes?|removed|deleted|should go))?\W*",
)
"""All but what is named behind it."""
TAKES_ONLY = regex(
    r"\W*(?:(?:just|now|and|then) )*(?:remove|delete|erase|lose|take (?:away|out|off)|get rid)"
    r"(?: now)*\W*",
)
"""An order to take away, without a word of what."""
_ARTICLE = (
    r"(?:(?:the|that|this|those|these|his|her|its|their|my|our|your|any|all|of|both|poor|stupid|silly|ugly)\s+)*$"
)
_WITHOUT = any_of(
    r"""
    no(?: more)?|without(?: any)?|w/o|minus|remov(?:e|ing)|delet(?:e|ing)|erase|hide|los(?:e|ing)|ditch|scrap|bin|banish
    forget(?: about)?
    scratch|(?:get|getting|be|got) (?:rid|shot) of|(?:away|out) with|(?:good)?bye(?: bye)?|say (?:good)?bye to
    free (?:\w+ ){0,3}of|cut(?: out)?|shoo|drop|kill|kick|dump|trash|evict|omit|skip|exclude|nope (?:on|to)
    (?:take|taking|throw|throwing|chuck|kick|leave|leaving|cut|clear|wipe|cross|edit) (?:out|away|off)
    needs? no|(?:do|does|did)n'?t (?:want|need)(?: any| no)?|don'?t like|hate|(?:i'?d )?rather not have
    """,
    end=rf"\s+{_ARTICLE}",
)
"""Verbs and the like that send away what is named behind them."""
_NO = any_of(r"no(?: more)?|without(?: any)?", end=r"\s+$")  # "no hat on the boy"
_TAKES = any_of(
    "tak(?:e|es|ing)|throw|chuck|kick|leav(?:e|ing)|send|get|put|clear|cut|wipe|move|have|want|let",
    end=rf"\s+{_ARTICLE}",
)
"""Verbs that do so with `_AWAY` behind the name."""
_AWAY = regex(
    r"(?:['’]?s\b)?\s*(?:away|out|off)\b(?!\s+(?:to|into|in|on|onto|at|from|the)\b)"
    r"(?!\s+of\s+(?!(?:here|there|it|this|(?:the |my )?(?:pic\w*|scene|image|frame|shot|photo|sight))\b))",
)
_ELSEWHERE = (
    r"(?!\s+(?:to|into|in|on|onto|at|up|down|left|right|an?|the|over|there|back|further|more|between|under|with|alone|it|as"
    r"|(?:and )?(?:sit|stand|lie|ride|sleep|swim|fly|play|hide|live)|next|beside|behind|closer|higher|lower"
    rf"|through|across|around|along|past|for|home|by|{COLOUR_WORDS}|\w+ing)\b)"
)
_MUST = r"(?:must|should|can|may|could|shall|ha(?:s|ve|d) to|needs? to|got(?:ta| to)|ought to|(?:wi|['’])ll have to)"
_GOES = regex(
    r"(?:['’]?s\b)?\s*(?:"
    r"(?:out|off|away)\s*(?:$|[.,;!?]|(?:please|pls|and|n)\b)"
    r"|(?:,?\s*(?:too|also|please|pls|just|really|then|now|is|are|was|were|(?:(?:should|must|shall|can|to) )?be)\s+)*"
    rf"(?:gone|removed|deleted|vanish\w*|disappear\w*|not (?:needed|wanted)|isn'?t needed|goes"
    rf"|{_MUST}\s+(?:(?:please|really|just|also) )?(?:go|leave)|['’]?s (?:got|gotta) to go)\b{_ELSEWHERE}"
    r"|(?:shouldn'?t|should not|doesn'?t|does not|don'?t) (?:be (?:there|here|anywhere|in (?:it|there|this))|belong)"
    r")",
)
"""What says behind a name that it goes."""
_LIST = regex(r"\s*(?:,?\s*(?:and|or|nor)|&|\+)\s*(?:(?:the|that|his|her|its|their|my|our|any|no)\s+)?")
_ENDS = regex(r"(?:['’]s)?\s*(?:$|[.,;!?)]|(?:and|or|please|pls|too|as well|from|in|at|on)\b)")
# What follows a name that is not sent away: "no the fly is too big", "i don't like the dragon so close".
_SAID_OF = regex(r"(?:['’]s)?\s+(?:is|are|was|were|in|on|so|as|to be|like|looks?|should|needs?|that|which)\b")
_OWNER = regex(r".*(?:['’]s|s['’])")
_OWNED = regex(r"\s+(?!(?:and|or|from|in|at|on|off|out|away|too|now|please|pls)\b)[a-z]")
_THEM = r"(?:it|him|her|them|that|those|this)"
_IT_GOES = any_of(rf"""
    (?:take|get|cut|throw|wipe|chuck|kick|send|put) {_THEM}(?: right)? (?:out|off|away)
    (?:lose|remove|delete|erase|ditch|bin|banish|scrap|skip) {_THEM}(?! \w*(?:hat|cap|snow|rain))
    (?:away|out|off) with {_THEM}|get (?:rid|shot) of {_THEM}
""")
_SOME = regex(r"\b(?:one|two|some|half|few)(?: of)?(?: the| those| these)?(?: two| three| four)?\s+$")
_BESIDE = any_of("next to|beside|near|by|on|in|under|over|behind|with", end=r"\s+(?:\w+\s+)?$")
_KEEPS = any_of(r"don'?t|do not|never|no need to|not to|not", end=r"\s+(?:\w+\s+){0,2}$")


def removed(text: str, said: Sequence[Said]) -> list[Said]:
    """Of the names in a text those whose things it sends away."""
    gone, listed, owner = list[Said](), False, False
    for n, one in enumerate(said):
        ahead, behind = text[: one.start], text[one.end :]
        joined = n > 0 and _LIST.fullmatch(text[said[n - 1].end : one.start]) is not None
        without = _before(_WITHOUT, ahead) and (_NO.search(ahead) is not None or not _SAID_OF.match(behind))
        without = without or (owner and len(text[said[n - 1].end : one.start].split()) < 2)
        owns = _OWNER.fullmatch(text[one.start : one.end]) and _OWNED.match(behind)  # "remove the girl's hat"
        owner = without and owns is not None
        listed = not _SOME.search(ahead) and (
            (without and not owner)
            or (_before(_TAKES, ahead) and _AWAY.match(behind) is not None)
            or _GOES.match(behind) is not None
            or (listed and joined and _ENDS.match(behind) is not None)
        )
        if listed:
            gone.append(one)
            if joined and _GOES.match(behind):  # "bone and ball away"
                gone.append(said[n - 1])
    for found in _IT_GOES.finditer(text):
        spoken_of = [one for one in said if one.end <= found.start() and not _BESIDE.search(text[: one.start])]
        if spoken_of and not _KEEPS.search(text[: found.start()]):
            gone.append(spoken_of[-1])
    return gone


def spared(text: str, said: Sequence[Said]) -> list[Said]:
    """Of the names in a text those whose things stay where it sends all others away ("remove all but the cat")."""
    found = ALL_BUT.fullmatch(text)
    if not found or not (found["gone"] or LEAVES.search(text[: found.start("what")])):
        return []
    return [one for one in said if one.start >= found.start("what")]


def _before(verb: re.Pattern[str], words: str) -> bool:
    """Whether a verb stands at the end of the words before a name, and is meant."""
    found = verb.search(words)
    return found is not None and not _KEEPS.search(words[: found.start()])
