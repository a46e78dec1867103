"""A first request, gathered: what its sentence names apart from the description that was pointed at.

"On a jungle river I'd like a canoe", "a bread, a croissant, one of those twisted things, all on white", "xmas overlay:
santa, presents x2": whoever asks for a first picture wants to see all that they name, wherever it stands, unless they
keep it out or talk of something else. A clause that is not part of the description comes to it where it is bare: a
place or an hour, a thing without a verb, an item of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from models.chat.conversation import Action, Scene
from models.chat.wholeness import AROUND, LEFT_OUT, ORDERED, SEVERAL, STATED
from models.english.naming import Names
from models.english.patterns import NUMERALS, any_of, regex
from models.english.politeness import ENDING, OPENING

_BETWEEN = regex(r"\s*(?:[,;:!?\n]+|\.+(?=\s|$)|\.{2,}|\s[-–—]+\s)\s*")
_NOT = any_of(r"""
    no|not|without|w/o|never|none|nor|minus|except|avoid\w*|nope|sans|leave|negative
    (?:do|ca|wo|is|are|should|does|did)n['’]?t
""")
_NOT_BEHIND = regex(r"[\w' -]+ (?:no|nope|nah|not)\b(?: really)?")
_NO_WAIT = regex(r"(?:no|nah|nope|wait|sorry|or rather|rather)+")
_GOES_ON = regex(r"(?:and|or|plus|n|with|in)\b|[&+(]")
_JOINT = regex(r"\s+(?:and|n|with|w|plus)$|\s*[&+]$")
_NOTHING_OF = regex(r"(?:no|not|without)\s+")
_TELLS = any_of(r"""
    i|i['’]\w+|we|we['’]\w+|you|you['’]\w+|he|she|they|my|our|your|me|us|went|used|called|named|thanks|hello|hi
""")
_FILLING = any_of(r"""
    of course|obviously|please|pls|plz|i think|i guess|i suppose|i mean|maybe|perhaps|then|too|so|and|but|um+|uh+|hm+
    well|whatever|lol|yeah|oh|like|or|that sort of thing|you know|fine
""")
_HOW = regex(r"(?:very |quite )?\w+ly|quick|fast")
_GOOD_NIGHT = regex(r"(?:good ?)?night(?:[ -]?night)?")
_HOURS = r"\b(?:night|dusk|dawn|sun ?set|sun ?rise|midnight|rain|snow|fog|storm)\b"
_ONLY_AROUND = regex(
    rf"(?:(?:all|set|somewhere|just|or) )*(?:(?:on|in|at|by|with) )?(?:\w+['’]s )?(?:(?:an?|the"
    rf"|some) )?(?:(?:plain|simple|dark|clear) )*"
    rf"(?:(?:{AROUND.pattern}|{_HOURS})[\s,]*)+(?:setting|scene|vibes?|theme|background|backdrop"
    rf"|behind(?: (?:it|them))?)?",
)
_WISHES = (
    r"(?:i(?:['’]?d| would)?(?: really)? (?:like|love|want|need|fancy)|(?:can|could|would|will) (?:you|u|i|we)"
    r"|please|pls"
    r"|draw|paint|make|show me|give me|let there be)\b"
)
_PLACE_FIRST = regex(
    r"\W*(?:(?:so|and|now|hi|hello|hey|well)\W+)*"
    r"(?P<where>(?:in|on|at|by|inside|under|near|along|over|up in|deep in) (?!(?:my|our|your"
    r"|order)\b)[\w' -]+?),?\s+(?="
    rf"{_WISHES})",
)
_STYLED = any_of(r"""
    styles?|styled|in the manner|look of|like an?|as an?|made of|out of|aesthetic|vibes?|themed?|in (?!an?\b)\w+
""")
_THERE = regex(r"\s+there$")
_WHERE = regex(r"\b(?:by|at|in|on|near|under|beside|outside|inside|along|beneath) (?:the|an?|our|that|this) [\w' -]+$")
_BEFORE_A_NAME = regex(
    rf"(?:(?:and|plus|then|with|also|maybe) )*(?:(?:an?|the|some|another|one|{NUMERALS}|\d+) )?(?:(?!(?:an?"
    rf"|the|in|on|at|of|by|with)\b)[\w-]+ ){{0,2}}",
)
_BEHIND_A_NAME = regex(
    r"(?:\s*(?:x ?\d+|×\s?\d+|\(\d+\)|\d+|(?:(?:on|to|at) the )?(?:left|right)(?: side)?|behind|above|below"
    r"|in front|too"
    r"|also|as well|please))*",
)
_SO_MANY = regex(rf"(?:like |say |maybe )?(?:\d{{1,2}}|{NUMERALS})(?: of (?:them|those|these|'?em))?")
_FIRST_OF_A_LIST = regex(
    r":\s*(?P<first>(?:[\w'-]+ ){0,2}[\w'-]+)(?:,|\s+(?:and|n)\b|\s*[&+])\s*(?:(?:and|an?|some) )*$"
)
_LED_UP_TO = regex(r"[^:]*, (?:that['’]?s|that is|which is|as we|so we) [^:]*:\s+(?P<list>[^:]+,[^:]+)")
_A_LIST = regex(r"(?P<between>[^:]*):\s+(?P<list>[^:.!?]+)\W*$")
_WORD = regex(r"\w+(?:['’-]\w+)*")
_OF_A_LIST, _SHORT = 2, 6


@dataclass(frozen=True)
class _Run:
    """An unbroken part of a description: where it begins and ends in the sentence, and ends in the description."""

    start: int
    end: int
    until: int


@dataclass(frozen=True)
class _Clause:
    """What stands between two marks of a sentence, and the mark before it."""

    text: str
    start: int
    end: int
    mark: str


def gathered(scene: Scene, action: Action) -> Action:
    """A first request with all that its sentence wants to be seen, otherwise the action as it is."""
    if scene.shelf or scene.steps or action.name != "generate_image" or SEVERAL.search(scene.said):
        return action
    said, prompt = ENDING.sub("", scene.said), str(action.args["prompt"])
    runs = _runs(said, prompt)
    if not runs:
        return action
    if found := _list_behind(said, prompt, runs):
        return Action(action.name, {**action.args, "prompt": found})
    styled = _STYLED.search(said) or not Names.shipped().said(str(action.args.get("style", "")))
    wishes = action.args.keys() - ({"prompt", "negative_prompt"} if styled else {"prompt", "negative_prompt", "style"})
    options = [str(action.args[name]).lower() for name in wishes]
    more = [*_ahead(said, runs), *_within(said, runs), *_behind(said, runs)]
    more = [(at, text) for at, text in more if not any(option in text.lower() for option in options)]
    args = {**action.args, "prompt": _placed(said, _with(prompt, runs, more), runs)}
    told = " ".join(text for _, text in more).lower()
    shown = [name for name in ("negative_prompt", "style") if str(args.get(name, "\n")).lower() in told]
    return Action(action.name, {name: value for name, value in args.items() if name not in shown})


def _runs(said: str, prompt: str) -> list[_Run]:
    """The unbroken parts of a description; none where they do not stand in the sentence in order."""
    words, runs, at = list(_WORD.finditer(prompt)), list[_Run](), 0
    while words:
        for many in range(len(words), 0, -1):
            text = r"\W+".join(re.escape(word[0]) for word in words[:many])
            if found := re.compile(rf"(?<!\w){text}(?!\w)", re.IGNORECASE).search(said, at):
                break
        else:
            return []
        runs.append(_Run(found.start(), found.end(), words[many - 1].end()))
        at, words = found.end(), words[many:]
    return runs


def _clauses(said: str, start: int, end: int) -> list[_Clause]:
    """The clauses of a part of a sentence that are not empty."""
    found, at, mark = list[_Clause](), start, ""
    for between in [*_BETWEEN.finditer(said, start, end), None]:
        stop = between.start() if between else end
        if said[at:stop].strip():
            found.append(_Clause(said[at:stop].strip(), at, stop, mark))
        at, mark = (between.end(), between[0].strip()) if between else (end, "")
    return found


def _ahead(said: str, runs: Sequence[_Run]) -> Iterator[tuple[int, str]]:
    """What stands before the description and belongs to it."""
    opened = OPENING.match(said)
    ahead = said[opened.end() if opened else 0 : runs[0].start]
    if (found := _PLACE_FIRST.match(ahead)) and _shows(found["where"]):
        yield 0, found["where"]
    clauses = _clauses(ahead, 0, len(ahead))
    listed = all(is_a_name(clause.text) and ahead[clause.end :].startswith(".") for clause in clauses)
    for clause in clauses:
        if is_around(clause.text) and not (found and clause.text in found[0]):
            yield 0, _FILLING.sub("", clause.text).strip()
        elif listed or (ahead.rstrip().endswith(clause.text) and is_bare(_JOINT.sub("", clause.text))):
            yield 0, _JOINT.sub("", clause.text)
    first = _FIRST_OF_A_LIST.search(ahead)
    if first and not (
        ORDERED.search(first["first"]) or LEFT_OUT.search(first["first"]) or STATED.search(first["first"])
    ):
        yield 0, first["first"]


def _within(said: str, runs: Sequence[_Run]) -> Iterator[tuple[int, str]]:
    """What was left out between parts of the description, and is an item of its list."""
    for number, (one, then) in enumerate(pairwise(runs), 1):
        clauses = _clauses(said, one.end, then.start)
        for clause in clauses:
            if _NO_WAIT.fullmatch(clause.text) and clause != clauses[-1]:
                yield number, clause.text
            elif clause == clauses[-1] and _NOTHING_OF.fullmatch(said[clause.start : then.start]):
                yield number, f"{clause.text} "  # "house. no house just mushrooms", of which the "no" was left out
            elif _NOT.search(clause.text):
                break
            elif _is_item(clause.text, listed=clause.start > one.end and clause.end < then.start):
                yield number, clause.text


def _is_item(text: str, *, listed: bool) -> bool:
    """Whether a clause between parts of a description is one of its things; what commas part need not be known."""
    plain = _FILLING.sub("", text).strip()
    if any(sort.search(plain) for sort in (ORDERED, LEFT_OUT, STATED, _TELLS)):
        return False
    known = bool(Names.shipped().said(plain))
    listed = listed and not _HOW.fullmatch(plain)
    return known or (listed and 0 < len(plain.split()) <= _SHORT and not _TELLS.search(text))


def _behind(said: str, runs: Sequence[_Run]) -> Iterator[tuple[int, str]]:
    """What stands behind the description and belongs to it."""
    last, named = runs[-1].end, False
    for clause in _clauses(said, last, len(said)):
        if ORDERED.search(clause.text):
            return
        if _GOOD_NIGHT.fullmatch(clause.text) and clause.mark not in (",", ""):
            return
        if is_around(clause.text):
            yield len(runs), _FILLING.sub("", clause.text).strip()
        elif _NOT.search(clause.text):
            if not _NOT_BEHIND.fullmatch(clause.text):
                return
        elif clause.start > last and (is_bare(clause.text) or (named and _SO_MANY.fullmatch(clause.text))):
            named = True
            yield len(runs), clause.text


def is_a_name(said: str) -> bool:
    """Whether a text is the name of a thing and nothing else ("moai")."""
    return any(one.start == 0 and one.end == len(said) for one in Names.shipped().said(said))


def is_around(text: str) -> bool:
    """Whether a clause is a place or an hour and nothing else."""
    return _ONLY_AROUND.fullmatch(_FILLING.sub("", text).strip()) is not None


def is_bare(text: str) -> bool:
    """Whether a clause is a thing, with what is said of how many there are and where, and nothing else."""
    names = Names.shipped().said(text)
    if (
        not names
        or not _BEFORE_A_NAME.fullmatch(text[: names[0].start])
        or any(sort.search(text) for sort in (_TELLS, LEFT_OUT, STATED))
    ):
        return False
    return _BEHIND_A_NAME.fullmatch(text, names[-1].end) is not None


def _shows(text: str) -> bool:
    """Whether words name something that a picture can show."""
    return bool(AROUND.search(text) or Names.shipped().said(text))


def _list_behind(said: str, prompt: str, runs: Sequence[_Run]) -> str:
    """The list behind a colon where the description that was pointed at only leads up to it; "" for none."""
    if found := _LED_UP_TO.fullmatch(prompt):
        return found["list"]
    found, names = _A_LIST.match(said, runs[-1].end), Names.shipped()
    if not found or ORDERED.search(found["list"]) or _NOT.search(found["list"]):
        return ""
    things = {one.thing for one in names.nouns(found["list"])}
    leads = STATED.search(found["between"]) or not names.said(prompt)
    return found["list"] if leads and len(things) >= _OF_A_LIST else ""


def _placed(said: str, prompt: str, runs: Sequence[_Run]) -> str:
    """ "We sat by the lighthouse. Paint two people there": there is where was said."""
    if not _THERE.search(prompt):
        return prompt
    for clause in reversed(_clauses(said, 0, runs[0].start)):
        if (found := _WHERE.search(clause.text)) and _shows(found[0]):
            return _THERE.sub(f" {found[0]}", prompt)
    return prompt


def _with(prompt: str, runs: Sequence[_Run], more: Sequence[tuple[int, str]]) -> str:
    """A description with what belongs before, between and behind its parts."""
    for at in range(len(runs), -1, -1):
        texts = [text for place, text in more if place == at]
        if not texts:
            continue
        joined = ", ".join(texts)
        if at == 0:
            prompt = f"{joined}, {prompt}"
        else:
            end = runs[at - 1].until
            rest = prompt[end:].lstrip(" ,;.")
            mark = " " if _GOES_ON.match(joined) else ", "
            prompt = (
                prompt[:end].rstrip(" ,;.")
                + mark
                + joined
                + ("" if not rest else f"{rest}" if joined.endswith(" ") else f", {rest}")
            )
    return prompt
