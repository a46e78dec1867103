"""The same for several pictures: "brighten all of them", "saturation up on 2, 3 and 5", "the last three twice as big".

The pictures that a sentence speaks of stand in a row. Its one call is made for each of them, in that order, and for
none besides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.chat.conversation import Action, Scene, Step, but_image, last_batch
from models.english.patterns import NUMBER_WORDS, NUMERALS, regex

_PICTURES = r"(?:pictures|images|pics|pix|photos|paintings|drawings|sketches|versions|variations|results|ones)"
_ALL = regex(
    rf"\b(?:(?:all|every one|each)(?: of)? (?:(?:the|these|those|my|our|your) )?(?:(?:\d|{NUMERALS}) )?{_PICTURES}"
    rf"|(?:every|each)(?: single)? (?:picture|image|pic|photo)|every one of my {_PICTURES}"
    r"|(?:whole|entire|full|complete) (?:set|gallery|batch|collection|shelf|series|range))\b",
)
_ALL_OF_THEM = regex(
    r"\b(?:whole|entire|full|complete) (?:lot|bunch)\b"
    r"|\b(?:all|every one|each) of (?:them|these|those)\b|\b(?:them|these|those) all\b"
    r"|\b(?:every|each)(?: single)? one\b"
    r"|(?<!after )(?<!at )(?<!of )(?<!that's )(?<!thats )(?<!that is )\ball\b"
    r"(?=\s*(?:[,;:.!?]|$)|\s+(?:is|are|need|look)\b)",
)
"""What may be things in a picture, where a change is wanted."""
_THEM = regex(
    r"\b(?:rotate|turn|flip|mirror|crop|trim|enlarge|upscale|brighten|darken|lighten|sharpen|blur|resize|shrink"
    r"|saturate|desaturate|vary) (?:them|these|those)\b"
)
_END = r"first|last|newest|latest|most recent|oldest"
_FEW = regex(
    rf"\bthe (?:(?P<end>{_END}) (?P<many>[2-8]|{NUMERALS})|(?P<so_many>[2-8]|{NUMERALS}) (?P<that_end>{_END}))\b"
    rf"(?P<sure> (?:of them|{_PICTURES}|with|in|on|to|by|should|need|are|look)\b|(?! [a-z]))?",
)
_JOINT = r"\s*(?:,|;|&|\+|(?:,\s*)?\b(?:and|n|plus)\b)\s*(?:(?:also|number|no\.?|picture)\s+)?"
_NUMBERS = regex(
    rf"(?:(?P<sure>#|\b(?:{_PICTURES[3:-1]}|numbers|nos\.?)\s+#?)|\b(?:on|in|for|of|to|both)\s+)"
    rf"\d{{1,3}}(?:{_JOINT}#?\d{{1,3}})+\b(?![%:x×])",
)
_FROM_TO = regex(
    r"(?:^|#|\b(?:pictures|images|numbers|from|for|on|of) #?)(?P<first>\d{1,2}) ?"
    r"(?:to|through|-|–) ?#?(?P<last>\d{1,2})\b(?![%:x×])"
)
_THEN = regex(
    r"\b(?:then|after|afterwards|next|finally|also|once|when|step)\b|->|[.;]\s*(?!(?:both|all|them|they|these|those|each)\b)\w",
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
    row = last_batch(scene.shelf) or handles
    if (found := _FEW.search(scene.said)) and (found["sure"] is not None or not changes):
        many, end = found["many"] or found["so_many"], (found["end"] or found["that_end"]).lower()
        number = int(many) if many.isdigit() else NUMBER_WORDS[many.lower()]
        return [] if number > len(row) else row[:number] if end in ("first", "oldest") else row[-number:]
    of_them = _ALL_OF_THEM.search(scene.said) and (not changes or row != handles)
    of_them = of_them or (not changes and _THEM.search(scene.said))
    return row if _ALL.search(scene.said) or of_them else []


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
    return Action(call.name, {**call.args, "image": due[0]})


def done_for_each(scene: Scene) -> bool:
    """Whether a turn did the same for every picture of its row."""
    row = row_of(scene, changes=bool(scene.steps) and scene.steps[0].name == "edit_image")
    return len(row) > 1 and len(scene.steps) == len(row) and _alike(scene.steps, row) and not _THEN.search(scene.said)


def _alike(steps: Sequence[Step], row: Sequence[int]) -> bool:
    """Whether all steps are one call, for the first pictures of the row."""
    calls = [(step.name, but_image(step.args)) for step in steps]
    return calls == calls[:1] * len(calls) and [step.args.get("image") for step in steps] == list(row[: len(steps)])
