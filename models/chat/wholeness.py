"""Descriptions and changes that are whole: what a sentence names beside what was pointed at is part of the same wish.

"So a kitchen and a chef and he's got some um broccoli" is one picture, however it is spoken. The network points at the
part that looks most like a description; things that are named before or behind it, with no order of their own, belong
to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from models.chat.conversation import Action, Scene, it_of, telling
from models.english.naming import COLOUR_WORDS, Names
from models.english.patterns import NUMERALS, STATES, any_of, regex
from models.english.politeness import CHATTER, ENDING, OPENING, bare, goes_on
from models.scene.homes import places

SEVERAL = any_of(r"""
    pictures?|pics?|images?|photos?|paintings?|drawings?|sketch(?:es)?|versions?|variations?|variants?|options?|alternatives?
    takes|renders?|each|separate\w*|another (?:one|with|of)|second one|other one|first(?:ly)?|second(?:ly)?|third|next
    new one|results?|(?<!\()[\da-h](?=\))|same|both|together|one with|front of|inside of
    (?:one|two|three|four|five|six) of an?|(?:two|three|four|\d) more|then the
""")
"""What may speak of several pictures."""
ORDERED = any_of(r"""
    upscale\w*|enlarge\w*|upres|crop\w*|trim\w*|cut|rotate\w*|flip\w*|mirror\w*|sharpen\w*|crisp\w*|blur\w*|resiz\w+
    brighten\w*|darken\w*|contrast|saturat\w+|gr[ea]yscale|pixels?|resolution|seed|preset|style|format|aspect
    wide\w*|square\w*|tall|portrait|landscape|\d+ ?[:x×] ?\d+|strength
    draw\w*|paint\w*|make|create|generate|show|render\w*|sketch|illustrate|design|do|try|use|using|want|need|give|can|could
    add|bring|gen|after (?:that|this)|afterwards
    remove|turn|change|put|replace|swap|find|search|look|check|undo|is it|are they|what|which|why|how|who
    stick|chuck|pop|throw|blow|bump|conjure|whip|knock|rustle|cook|get me|(?:i'?d|would|we'?d) like
""")  # asks for something of its own
LEFT_OUT = any_of(r"""
    no|not|without|w/o|never|none|nor|minus|except|instead|cannot|sans|free|avoid\w*|any
    (?:is|are|was|were|do|does|did|ca|could|would|should|wo|has|have|had|must|need|ai)n['’]?t
    for|because|cause|cuz|since|as(?! well)|loves?|likes?|hates?|named|called|wants?|went|sent|spent|meant
    my|our|your|his|her|their|from|by|than|about
""")  # keeps a name out of a picture, or may do so
_FILLERS = any_of(r"""
    um+|uh+|er+m*|like|you know|i mean|sort of|kind of|maybe|perhaps|of course|right|well|yeah|oh|okay|ok|so
""")
AROUND = any_of(
    "|".join(sorted(places()))
    + r"|(?:at|by|around|towards?|this) (?:night|dusk|dawn|sun ?set|sun ?rise|noon|midnight|evening)|night ?time"
    rf"|(?:{COLOUR_WORDS}) (?:background|backdrop|bg)|moonlit|rainy|snowy|foggy|stormy|misty|winter|(?:in"
    rf"|with) (?:the )?(?:snow|rain|fog|dark)"
)  # where and when a picture is
_LAST = regex(
    r"(?<!\d)(?:[.,;:!?…]+|\s-+\s)\s*(?:(?:so|ok|okay|then|just|maybe|rather|well|a|an)\s+)*"
    r"(?:(?:s?he|it|they)(?:['’]s| has| have)(?: got)? "
    r"|(?:ours|it|they|his|hers|mine|s?he)(?:['’]s| is| are| should be) )?"
    r"(?P<what>[\w'-]+(?: [\w'-]+){0,3}?)"
    r"(?: (?:then|too|instead))*\W*$"
)
_HOW = regex(rf"(?:{COLOUR_WORDS})|(?:{NUMERALS}|one|\d{{1,2}})|bigger|smaller|larger|tinier|shrink|grow|xl|tiny|huge")
_ADDRESSED = regex(r",\s*(?:honey|sugar|sweets|sweetie|pumpkin|duck|chief|captain|boss|doc|doctor|chef|robot)\W*$")
"""Names of things by which people call whom they talk to."""
_BEFORE_IT = regex(rf"(?:(?:{NUMERALS}|one|\d{{1,2}}|an?|the) )?(?:(?:{COLOUR_WORDS}|old|young|big|small|little) )?")
_NEXT = regex(r"(?:[.;!]|\b(?:and|now|then)\b)\s*$")
_PLACE_BEHIND = regex(rf"[\s.,;]+(?:for |(?:on |in |at )?(?:an? |the )?)(?:{AROUND.pattern})(?=\W*$)")
_IT_IS = regex(r"^it(?:['’]?s| is| was)\b")
STATED = any_of(rf"{STATES.pattern}|would|gets?|just|nobody|i|im|theyre")
_BREAK, _SEVERAL_THINGS = regex(r"(?<=[.:!?])\s+"), 2
_REASON = regex(
    r"[,.;]\s*(?:(?:goes|matches|suits|fits)\b"
    r"|(?:it|he|she|that) (?!is|has|was|needs|wants|wears|holds|gets|does)\w+s\b)"
)
_IS_SO = regex(r"\s+(?:is|are|was|were|has|have|had|would|looks?|seems?|needs?|wants?|will|can|could|does|do|did)\b")
"""Behind a name that begins a clause of its own."""
_NEEDS = regex(r"\b(?:needs|means)\b")
_SO_NOW = regex(r"\b(?:now|then|please|pls)\W*$|^\W*(?:dear|hi|hey|hello)\b[^,!]*[,!]\s*$")
_OF_THE_PICTURE = regex(
    r"\s*(?:in|on|of|from) (?:the|this|that|my) (?:artwork|picture|painting|photo|image|drawing)\W*$"
)
_APART = regex(r"[:!?]|(?<!\.)\.\s|\b(?:scratch that|no wait|i mean)\b")


def completed(scene: Scene, action: Action) -> Action:
    """A turn's first request or change with all that its sentence names for it, otherwise the action as it is."""
    what = {"generate_image": "prompt", "edit_image": "instruction"}.get(action.name)
    if scene.steps or not what or SEVERAL.search(scene.said):
        return action
    said, given = scene.said, str(action.args[what])
    part = _pointed(said, given)
    if not part:
        return action
    options = [str(value).lower() for name, value in action.args.items() if name != what]
    start, end = part
    if goes_on(said, end):
        return Action(action.name, {**action.args, what: said[start:]})
    if what == "prompt":
        start, end = min([start, *_ahead(said, start, options)]), max([end, *_behind(said, end, options)])
    elif action.args["image"] == it_of(scene) and not _calls(scene, said[:start] + said[end:]):
        asked = _ADDRESSED.sub("", said)
        behind = (
            at
            for at in _behind(asked, end, options)
            if not (_IS_SO.match(said, at) or any(s.search(said[end:at]) for s in (STATED, _REASON)))
        )
        end = max([end, *behind, _end_of_last(asked, end)])
        ahead = OPENING.sub("", said[:start])
        if Names.shipped().nouns(ahead) and not any(sort.search(ahead) for sort in (STATED, _APART, ORDERED, _SO_NOW)):
            start -= len(ahead)
    if what == "prompt" and not scene.shelf and (place := _PLACE_BEHIND.match(said[end:])):
        end += len(place[0])
    told = _told_before(said[:start]) if what == "prompt" and not scene.shelf else ""
    if told:
        return Action(action.name, {**action.args, what: told + ENDING.sub("", said[start:end]).rstrip(" ,;")})
    if (start, end) == part:
        return action
    return Action(action.name, {**action.args, what: ENDING.sub("", said[start:end]).rstrip(" ,;")})


def _end_of_last(said: str, end: int) -> int:
    """Where a last fragment ends that says how, how many or what is meant by a change: "that kimono is ugly. lilac",
    "worms everywhere, the goose likes them. four"; 0 where the sentence does not end so."""
    found = _LAST.search(ENDING.sub("", said), end)
    if not found or ORDERED.search(said, end, found.start("what")):
        return 0
    what = found["what"].strip()
    return found.end("what") if _HOW.fullmatch(what) or _is_thing(what) else 0


def _is_thing(text: str) -> bool:
    """Whether a text is a thing with what is said of it in a word or two, and nothing else."""
    names = Names.shipped().said(text)
    return len(names) == 1 and names[0].end == len(text) and _BEFORE_IT.fullmatch(text[: names[0].start]) is not None


def in_own_words(scene: Scene) -> Action | None:
    """The change that a painter has just refused, in all the words of its sentence: "bunny cant reach the flower" was
    no order, but "… cuz its too tall, make that less big" is.

    None where it had all of them, or where it was not the turn's only call.
    """
    last = scene.steps[-1]
    said, given = bare(scene.said), str(last.args.get("instruction", ""))
    whole = len(said.split()) <= len(given.split())
    if last.name != "edit_image" or len(scene.steps) > 1 or whole or not _pointed(said, given):
        return None
    return Action(last.name, {**last.args, "instruction": said})


def _calls(scene: Scene, rest: str) -> bool:
    """Whether words beside a change name what some picture is called by: they may say which picture is meant."""
    return any(telling(rest) & telling(picture.caption) for picture in scene.shelf)


def _pointed(said: str, given: str) -> tuple[int, int] | None:
    """Where a prompt or an instruction begins and ends, if its words stand in the sentence in order."""
    if (at := said.lower().find(given.lower())) >= 0:
        return at, at + len(given)
    at, starts = 0, -1
    for word in (word.strip(",.;") for word in given.split()):
        found = regex(rf"(?<!\w){re.escape(word)}(?!\w)").search(said, at)
        if not found:
            return None
        starts = found.start() if starts < 0 else starts
        at = found.end()
    return (starts, at) if starts >= 0 else None


def _behind(said: str, end: int, options: Sequence[str]) -> Iterator[int]:
    """Up to where what follows belongs to the description."""
    rest, begins = _OF_THE_PICTURE.sub("", CHATTER.sub("", ENDING.sub("", said[end:]))), 0
    for one in Names.shipped().nouns(rest):
        orders = _NEXT.search(rest[: one.start]) and ORDERED.match(rest, one.start)  # "… for a sign. mirror that"
        if (
            orders
            or _else(rest[begins : one.start])
            or any(option in rest[begins : one.end].lower() for option in options)
        ):
            return
        begins = one.end
        yield end + one.end
    if begins and not _else(rest[begins:]):
        yield end + len(rest)


def _ahead(said: str, start: int, options: Sequence[str]) -> Iterator[int]:
    """From where what stands before belongs to the description."""
    opened = OPENING.match(said)
    begins = opened.end() if opened else 0
    ahead = said[begins:start]
    for one in Names.shipped().nouns(ahead):
        if any(option in ahead[: one.end].lower() for option in options):
            continue
        near = " ".join(ahead[: one.start].split()[-3:])
        if not (_else(ahead[one.end :]) or _APART.search(ahead[one.end :]) or LEFT_OUT.search(near)):
            before = ahead[: one.start]
            whole = not (_else(before) or _APART.search(before))
            yield begins + (0 if whole else _article_before(ahead, one.start))


def _else(text: str) -> bool:
    """Whether a text asks for something of its own, or keeps something out."""
    plain = _FILLERS.sub(" ", text)
    return bool(ORDERED.search(text) or LEFT_OUT.search(plain))


def _told_before(ahead: str) -> str:
    """The sentences of a first request, before what was pointed at, that name what is to be seen, or where; "" for
    fewer than two things and no place."""
    parts = [ENDING.sub("", part).strip(" .,;:!?") for part in _BREAK.split(OPENING.sub("", ahead))]
    parts = [part for part in parts if not (_else(part) or _NEEDS.search(part) or STATED.search(_IT_IS.sub("", part)))]
    named = {part: {one.thing for one in Names.shipped().nouns(part)} for part in parts}
    around = [part for part in parts if AROUND.search(part)]
    if not around and len(set[int]().union(*named.values())) < _SEVERAL_THINGS:
        return ""
    return "".join(f"{part}, " for part in parts if named[part] or part in around)


def _article_before(text: str, at: int) -> int:
    """Where what is said of a name begins: its article and what stands between."""
    found = re.search(rf"(?:\b(?:an?|the|some|{NUMERALS}|\d+)\s+)?(?:[\w'-]+\s+){{0,2}}$", text[:at])
    return found.start() if found else at
