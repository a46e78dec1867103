"""Sentences about the newest picture that were taken for others, or for wishes for others.

"Two more aliens" of a picture with one asks for no variations, "take away the woman" for no older picture without
her, as what was changed since would be lost, and "put a candle on the middle one" of three cupcakes is about them.
"""

from __future__ import annotations

from models.chat.conversation import Action, Scene, it_of, telling
from models.chat.lines import shown_in
from models.english.naming import Names
from models.english.patterns import NUMERALS, regex
from models.english.politeness import bare

_MORE_OF = regex(
    rf"(?:and |add |with )?(?:{NUMERALS}|[2-9]|10|some|a few|a couple(?: of)?|many|lots) more "
    r"(?P<what>[\w'-]+(?: [\w'-]+)?)",
)
_TAKES = r"(?:take(?: away| out| off)?|remove|delete|erase|lose|get rid of|no more|without) (?:the|that|his|her)"
_AWAY_WITH = regex(rf"{_TAKES} (?P<what>[\w' -]+?)(?: (?:away|off|out))?(?: again)?")
_NOT_NEEDED = regex(
    r"(?:i|we|they|he|she|it) (?:do(?:es)?n'?t|do(?:es)? not|no longer) needs? "
    r"(?:the|that|his|her|its|their|an?) (?P<what>[\w' -]+?)(?: any ?more| any longer| now)?",
)
_THE_ONE_BEFORE = regex(
    r"(?:back to )?(?:the|that) (?:one|picture|version|image) before(?: that)?\s*,?\s*(?:but|only|and) (?P<rest>.+)",
)
_TAKES_AND = regex(rf"{_TAKES} (?P<what>[\w' -]+?)(?: (?:away|off|out))?(?P<again> again)?(?:,| and|, and) .+")
_TOO = regex(
    r"(?:(?:can|could|may) (?:i|we|you) (?:also )?(?:have|get|add|put)|(?:i|we)(?: also)? (?:want|need|'?d like)"
    rf"|and|also|maybe|how about|with)?\s*(?P<what>(?:an?|some|{NUMERALS}|[2-9]) .+?) (?:too|as well|also)",
)


def aimed(scene: Scene, action: Action) -> Action | None:
    """What a sentence about the newest picture asks for; None where it was rightly taken, or is none."""
    said, it = bare(scene.said), it_of(scene)
    picture = scene.on_shelf(it)
    if picture is None:
        return None
    if action.name == "vary_image" and (found := _MORE_OF.fullmatch(said)) and Names.shipped().said(found["what"]):
        return Action.edit(it, said if said.lower().startswith(("add", "with")) else f"add {said}")
    if action.name == "look_at_image" and (found := _AWAY_WITH.fullmatch(said) or _NOT_NEEDED.fullmatch(said)):
        goes, back = telling(found["what"]), action.args["image"]
        asked = "question" in action.args  # looked at, and not gone back to
        if goes and goes <= shown_in(scene, it) and (asked or back not in picture.parents):
            return Action.edit(it, said)
    if action.name == "edit_image" and picture.parents and (found := _THE_ONE_BEFORE.fullmatch(said)):
        return Action.edit(picture.parents[0], found["rest"])
    if (
        action.name == "generate_image"
        and (found := _TOO.fullmatch(scene.said.strip(" .!?")))
        and Names.shipped().said(found["what"])
    ):
        return Action.edit(it, f"add {found['what']}")
    if action.name == "edit_image" and action.args["image"] != it and (found := _TAKES_AND.fullmatch(said)):
        goes = telling(found["what"])
        if goes and goes <= shown_in(scene, it):
            return Action.edit(it, said.replace(found["again"] or "", "", 1))
    return None
