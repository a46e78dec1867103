"""The same for several pictures: "brighten all of them", "saturation up on 2, 3 and 5", "the last three twice as big".

The pictures that a sentence speaks of stand in a row. Its one call is made for each of them, in that order, and for
none besides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.chat.called import pointed_at_in
from models.chat.conversation import (
    Action,
    Scene,
    Step,
    batch_of,
    but_image,
    closing_of,
    it_of,
    named,
    places_in,
    telling,
)
from models.chat.ellipsis import single
from models.chat.lines import around_in, counts_in, describes, line_of, newest_of, shown_in
from models.english.numbers import number_of
from models.english.patterns import NUMERALS, regex
from models.english.pictures import PICTURE, PICTURES
from models.english.politeness import bare

_PICTURES = rf"(?:{PICTURES}|sketches|results|ones)"
_ALL = regex(
    rf"\b(?:(?:all|every one|each)(?: of)? (?:(?:the|these|those|my|our|your) )?(?:(?:\d|{NUMERALS}) )?{_PICTURES}"
    rf"|(?:every|each)(?: single)? (?:picture|image|pic|photo)|every one of my {_PICTURES}"
    r"|(?:whole|entire|full|complete) (?:set|gallery|batch|collection|shelf|series|range))\b",
)
_ALL_OF_THEM = regex(
    r"\b(?:whole|entire|full|complete) (?:lot|bunch)\b"
    r"|\b(?:all|every one|each) of (?:them|these|those)\b|\b(?:them|these|those) all\b"
    r"|\b(?:every|each)(?: single)? one\b"
    r"|(?<!after )(?<!at )(?<!of )(?<!that's )(?<!thats )(?<!that is )(?<!thanks for )(?<!thank you for )\ball\b"
    r"(?=\s*(?:[,;:.!?]|$)|\s+(?:is|are|need|look)\b)",
)
"""What may be things in a picture, where a change is wanted."""
_THEM = regex(
    r"\b(?:rotate|turn|flip|mirror|crop|trim|enlarge|upscale|brighten|darken|lighten|sharpen|blur|resize|shrink"
    r"|saturate|desaturate|vary) (?:them|these|those)\b"
)
_OF_A_THING = rf"(?! (?:(?:of )?(?:the|my|these|those) )?(?!(?:{_PICTURES}|as|[2-8]|{NUMERALS})\b)[a-z'-]+s\b)"
"""Behind a word for several: they are not things, such as "both ears"."""
_THE_TWO = regex(
    rf"\b(?:(?:both|(?:them|those|these) two)\b{_OF_A_THING}"
    r"(?! (?!of (?:them|those|these)\b|black and white\b)(?:an? |the )?[\w'-]+ (?:[\w'-]+ )?and\b))"
)
_CALLS_ONE = regex(rf"#\d|\b(?:one|first|second|third|last|{PICTURE})\b")
_CAME = regex(
    r"(?<!after )(?<!at )(?<!thanks for )(?<!thank you for )"
    rf"\b(?:both|them|th[eo]se|all(?! (?:the best|right|good|well|night|day)\b)|each|every(?: one)?|th[eo]se two)\b"
    rf"{_OF_A_THING}"
)
_IT = regex(r"\bit\b(?! (?:to|for|with|on|in) (?:both|all|each|every|them|th[eo]se)\b)")
_TAKES_ALL_BUT = regex(
    r"\b(?:remove|delete|erase|clear|lose|ditch|hide|drop|get rid of|take (?:away|out)?)\b[^.;!?]*\b(?:all|every\w*)\b"
)
"""What is in a picture, all of it but for something."""
_END = r"first|last|newest|latest|most recent|oldest"
_FEW = regex(
    rf"\bthe (?:(?P<end>{_END}) (?P<many>[2-8]|{NUMERALS})|(?P<so_many>[2-8]|{NUMERALS}) (?P<that_end>{_END}))\b"
    rf"(?P<sure> (?:of them|{_PICTURES}|with|in|on|to|by|should|need|are|look)\b|(?! [a-z]))?",
)
_JOINT = r"\s*(?:,|;|&|\+|(?:,\s*)?\b(?:and|n|plus)\b)\s*(?:(?:also|number|no\.?|picture)\s+)?"
_ORDINAL = "(?:the )?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|[1-8](?:st|nd|rd|th))"
_PLACES = regex(
    rf"\b{_ORDINAL}(?:{_JOINT}{_ORDINAL})+(?: (?:ones?|{PICTURE}|{PICTURES}))?"
    r"(?=\s*(?:$|[,.;:!?]|(?:in|on|at|with|as|to|by|should|need|are|look|[a-z]+er)\b))"
)
_NUMBERS = regex(
    rf"(?:(?P<sure>#|\b(?:{_PICTURES[3:-1]}|numbers|nos\.?)\s+#?)|\b(?:on|in|for|of|to|both)\s+)"
    rf"\d{{1,3}}(?:{_JOINT}#?\d{{1,3}})+\b(?![%:x×])",
)
_FROM_TO = regex(
    rf"(?:^|#|\b(?:{PICTURES}|numbers|from|for|on|of) #?)(?P<first>\d{{1,2}}) ?"
    r"(?:to|through|-|–) ?#?(?P<last>\d{1,2})\b(?![%:x×])"
)
_BUT = regex(
    rf"\b(?:all|every one|everything|each|(?:every|each) (?:{PICTURE}))(?: of (?:them|these|those))?(?: (?:the "
    rf"|my )?{_PICTURES})?,? "
    r"(?:but|except(?: for)?|besides|apart from) (?P<this>#?\d+|(?:the |my |that )?[\w' -]{2,25}?)"
    rf"(?: (?:one|{PICTURE}))?(?=\s*(?:$|[,.;!?]| (?:in|on|at|with|as|to|should|by)\b)| (?:dark|bright|small|larg"
    rf"|bigg|sharp))",
)
_OF_A_KIND = regex(
    rf"\b(?:(?P<both>both)|all|the (?P<many>[2-8]|{NUMERALS}))(?: of)?(?: (?:the|my|those|these))? "
    rf"(?P<what>(?!(?:with|in|on|at|of|to|the|and|from|by|as)\b)[a-z'-]+(?: (?!{_PICTURES}\b)[a-z'-]+)??(?:"
    rf"(?<=[^s])s|men|children| {_PICTURES}))(?![\w'-])(?! (?:that )?(?:i|you|we|people|they)\b)",
)
_SURROUNDS = regex(r"(?:in|at|on|with|as|under|by)\b")
_IN_ALL = regex(r"\bthe (?P<what>[\w'-]+)\b.*\b(?:in|on|for) (?:all|each|every one) of (?:them|these|those)\b")
_PANELS = regex(
    rf"\W*(?:(?:draw|paint|make|create|me|i want|i need)\W+)*(?:an? )?(?:comic(?: strip)?|story(?:board)?|strip)"
    rf" (?:in|with|of) (?P<many>[2-6]|{NUMERALS}) (?:panels|pictures|scenes|frames|images)\s*[:,-]\s*(?P<told>.+)"
)
_NEXT_PANEL = regex(r"\s*[,;.]\s*(?:and |then )*|\s*\n\s*")
_THEN = regex(
    r"\b(?:then|after|afterwards|next|finally|also|once|when|step)\b|->|[.;]\s*(?!(?:both|all|them|they|these"
    r"|those|each)\b)\w",
)
_VERSIONS = regex(
    r"(?:(?:make|do|i want|i need|give me|create|paint|show me)\W+)?(?:me )?(?:(?:an?|one|the)\W+)?"
    r"(?!(?:small|big|large|wide|tall|square|short|long|new|old|first|second|last|other|same|another|different|further|more)\w*\b)(?P<one>[a-z]+)"
    r"(?: version(?:,? and|,| \+| &) (?:(?:an?|one|the) )?| and (?:an?|one) )"
    r"(?P<other>[a-z]+) versions?(?: of (?:it|this|that))?"
)
_ASKED_FOR = r"(?:(?:can you|could you|show|make|do|give|paint|draw|try|let me see)\W+)*(?:me\W+)?"
_AT = r"(?:(?:at|in|by|during|with) )"
_EITHER = regex(
    rf"{_ASKED_FOR}(?:(?:it|this|that) )?{_AT}?(?P<one>[a-z]+),? (?:or|and) {_AT}?(?P<other>[a-z]+)\W+{_ASKED_FOR}"
    r"both(?: of them)?"
    rf"|{_ASKED_FOR}(?:it|this|that) {_AT}(?P<first>[a-z]+) and {_AT}(?P<second>[a-z]+)"
)
_NEVER_TOGETHER = [
    regex(r"(?:mid)?night|day(?:time|light)?|sunset|sunrise|dusk|dawn|morning|noon|evening"),
    regex("spring|summer|autumn|fall|winter"),
    regex("(?:rain|snow|fog|storm)y?|sunshine|sunny|foggy"),
]
_UNDO_BOTH = regex(
    r"\W*(?:no\W+)*(?:undo|revert|cancel|discard|roll ?back|take back) (?:both|them|th[eo]se|all)"
    r"(?: of (?:them|th[eo]se))?(?: (?:changes|edits|again))*\W*"
)
_CALLS = frozenset({"edit_image", "adjust_image", "upscale_image", "vary_image", "extend_image"})


def row_of(scene: Scene, *, changes: bool) -> list[int]:
    """The handles of the pictures that a sentence speaks of together, in their order; none where it does not.

    `changes`: what is wanted is a change of what is seen, so that "all of them" may be things in a picture.
    """
    handles = sorted(picture.handle for picture in scene.shelf)
    if (found := _FROM_TO.search(scene.said)) and int(found["first"]) < int(found["last"]):
        numbers = [*range(int(found["first"]), int(found["last"]) + 1)]
        return numbers if set(numbers) <= set(handles) else []
    if (found := _NUMBERS.search(scene.said)) and (found["sure"] is not None or not changes):
        numbers = [int(number) for number in re.findall(r"\d+", found[0])]
        return numbers if set(numbers) <= set(handles) and len(set(numbers)) == len(numbers) else []
    row = batch_of(scene) or handles
    if found := _BUT.search(scene.said):
        return [] if _TAKES_ALL_BUT.search(scene.said) else _but(scene, row, found["this"])
    if kind := _of_a_kind(scene):
        return kind[1]
    if (found := _FEW.search(scene.said)) and (found["sure"] is not None or not changes):
        many, end = found["many"] or found["so_many"], (found["end"] or found["that_end"]).lower()
        number = number_of(many)
        return [] if number > len(row) else row[:number] if end in ("first", "oldest") else row[-number:]
    places = _PLACES.search(scene.said)
    if places and places_in(scene.said.lower(), len(row)) == places_in(places[0].lower(), len(row)):
        it, called = scene.on_shelf(it_of(scene)), named(scene)
        things = changes and row == handles and it and max(counts_in(it).values(), default=0) > 1
        placed = sorted(handle for handle, (_, place, _) in called.items() if handle and place)
        return [] if things or called[0][1] else placed
    if len(scene.came) > 1 and _CAME.search(scene.said) and not _IT.search(scene.said):
        return row
    if (found := _THE_TWO.search(scene.said)) and not _CALLS_ONE.search(scene.said):
        return [] if _shown_somewhere(scene, scene.said[: found.start()]) else _the_two(scene, row, changes=changes)
    of_them = _ALL_OF_THEM.search(scene.said) and (not changes or row != handles)
    of_them = of_them or (not changes and _THEM.search(scene.said))
    return row if _ALL.search(scene.said) or of_them else []


def _shown_somewhere(scene: Scene, said: str) -> bool:
    """Whether words name something that a picture shows."""
    return any(telling(said) & shown_in(scene, picture.handle) for picture in scene.shelf)


def _the_two(scene: Scene, row: Sequence[int], *, changes: bool) -> list[int]:
    """The two pictures that "both" speaks of: those made, or spoken of, together last, else the newest of the last two
    lines; none where "both" may be two things in the picture in front."""
    it = scene.on_shelf(it_of(scene))
    if it is None or (changes and counts_in(it).total() > 1):
        return []
    before = [handle for step in scene.past[-1].steps for handle in step.pictures] if scene.past else []
    newest = sorted({newest_of(scene, min(line_of(scene, picture.handle))) for picture in scene.shelf})
    return next((two for two in (sorted(set(before)), list(row), newest[-2:]) if len(two) == 2), [])


def panels_of(said: str) -> list[Action]:
    """The calls for "a comic in 3 panels: …", a clause each; none where there are not so many clauses."""
    found = _PANELS.fullmatch(said)
    told = [clause.strip() for clause in _NEXT_PANEL.split(found["told"].strip(" .!"))] if found else []
    many = found["many"].lower() if found else ""
    number = number_of(many)
    return [Action("generate_image", {"prompt": clause}) for clause in told] if number == len(told) else []


def next_panel(scene: Scene) -> Action | None:
    """The call for the next of them; None where there is none."""
    due = panels_of(scene.said)[len(scene.steps) :]
    return due[0] if due else None


def of_each(scene: Scene, action: Action) -> Action | None:
    """The call for the next picture of the row, whatever was decided; None where one call is not what is asked."""
    call = scene.steps[0] if scene.steps else action
    if call.name not in _CALLS or "image" not in call.args or _THEN.search(scene.said):
        return None
    row = row_of(scene, changes=call.name == "edit_image")
    due = row[len(scene.steps) :]
    if len(row) <= 1 or not due or not _alike(scene.steps, row):
        return None
    if action.name and (action.name, but_image(action.args)) != (call.name, but_image(call.args)):
        return None
    args = {**call.args, "image": due[0]}
    if (kind := _of_a_kind(scene)) and not scene.steps and "instruction" in args:
        args["instruction"] = _of_one(str(args["instruction"]), kind[0])
    return Action(call.name, args)


def _of_one(instruction: str, several: str) -> str:
    """What is wanted of several things, said of one: "in the snow" of "all the robots in the snow"."""
    if not instruction.lower().startswith(several.lower()):
        return instruction
    rest = instruction[len(several) :].strip()
    noun = single(several.split()[-1])
    return rest if _SURROUNDS.match(rest) else f"the {noun} {rest}"


def _but(scene: Scene, row: Sequence[int], this: str) -> list[int]:
    """The pictures of a row but for one, that is called by number, place or words; none where it is not known."""
    said = this.lower().removeprefix("the ")
    ends = {"last": len(row) - 1, "latest": len(row) - 1, "newest": len(row) - 1, "middle": len(row) // 2}
    at = {ends[said]} if said in ends else places_in(said, len(row))
    if said.strip("#").isdigit():
        gone = {int(said.strip("#"))}
    elif at:
        gone = {row[place] for place in at if place < len(row)}
    else:
        gone = {pointed_at_in(scene, f"the {said} one")}
    return [handle for handle in row if handle not in gone] if gone <= set(row) else []


def _of_a_kind(scene: Scene) -> tuple[str, list[int]] | None:
    """The pictures that show what a sentence has all of, and its words for them: "both hat pictures", "all the robots",
    "the three castles", "the cat … in all of them"; none where several stand in the one in front."""
    for found in (*_OF_A_KIND.finditer(scene.said), *_IN_ALL.finditer(scene.said)):
        it, words, groups = scene.on_shelf(it_of(scene)), telling(found["what"]), found.groupdict()
        if it is None or not words or any(telling(kind) & words and many > 1 for kind, many in counts_in(it).items()):
            continue
        fits = [one for one in sorted(scene.shelf, key=lambda p: p.handle) if describes(scene, found["what"], one)]
        many = str(groups.get("many") or "").lower()
        number = 2 if groups.get("both") else number_of(many)
        begun = [one for one in fits if not one.parents]
        fits = begun if number and len(fits) > number else fits
        if len(fits) > 1 and len(fits) == (number or len(fits)):
            return found[0], [one.handle for one in fits]
    return None


def of_versions(scene: Scene, _action: Action) -> Action | None:
    """ "Winter version and summer version", "night or day? show me both", said of one picture: both are made of it, one
    after the other."""
    found = _VERSIONS.fullmatch(bare(scene.said)) or _either(scene.said)
    it = scene.on_shelf(it_of(scene))
    if not found or it is None or any(step.failed for step in scene.steps):
        return None
    has = around_in(it) | ({"day"} if it.shows and not around_in(it) & {"night", "sunset"} else set())
    due = [one for one in filter(None, found.groups()) if one.lower() not in has][len(scene.steps) :]
    return Action.edit(it_of(scene), f"make it {due[0]}") if due else Action(text=closing_of(scene))


def both_undone(scene: Scene) -> Action | None:
    """ "Undo both" after the same for several pictures: each is shown as it was, one after the other."""
    changed = [step for step in scene.past[-1].steps if step.name in _CALLS and step.pictures] if scene.past else []
    before = list(dict.fromkeys(int(step.args["image"]) for step in changed))
    if not _UNDO_BOTH.fullmatch(scene.said) or len(before) < 2 or any(set(one.pictures) & {*before} for one in changed):
        return None
    due = before[len(scene.steps) :]
    return Action("look_at_image", {"image": due[0]}) if due else Action(text=closing_of(scene))


def _either(said: str) -> re.Match[str] | None:
    """Two hours, seasons or weathers of which a sentence wants to see both."""
    found = _EITHER.fullmatch(bare(said))
    names = [*filter(None, found.groups())] if found else []
    return found if any(all(map(kind.fullmatch, names)) for kind in _NEVER_TOGETHER) else None


def done_for_each(scene: Scene) -> bool:
    """Whether a turn did the same for every picture of its row."""
    row = row_of(scene, changes=bool(scene.steps) and scene.steps[0].name == "edit_image")
    return len(row) > 1 and len(scene.steps) == len(row) and _alike(scene.steps, row) and not _THEN.search(scene.said)


def _alike(steps: Sequence[Step], row: Sequence[int]) -> bool:
    """Whether all steps are one call, for the first pictures of the row."""
    calls = [(step.name, but_image(step.args)) for step in steps]
    return calls == calls[:1] * len(calls) and [step.args.get("image") for step in steps] == list(row[: len(steps)])
