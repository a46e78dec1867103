"""Sentences whose form alone says what they ask for, so that the network need not be asked.

"Show me the first one", "back to the castle", "the second was better", "start over", "what's the seed of #2", "put the
cat from #2 into #5": each form has to fit the whole sentence, but for politeness around it.
"""

from __future__ import annotations

import re

from models.chat.conversation import SAVED, Action, Scene, called_in, it_of, named
from models.chat.returning import returned_to
from models.english.patterns import regex
from models.english.politeness import BEFORE, MAY_I, POLITE

_PLACES = "first|second|third|fourth|fifth|sixth|seventh|eighth"
_ONE = (
    r"(?:#\s*\d+|(?:picture|image|pic|photo|number|version|drawing|no\.?) ?#?\d+"
    rf"|(?:the|that|my) (?:very )?(?:{_PLACES})"
    r"(?: (?:one|picture|image|pic|photo|version|drawing|painting|variation))?)"
)
_NUMBER = r"(?:#\s*|(?:picture|image|pic|photo|number|no\.?) ?#?)"
_BEHIND = rf"(?:\W+(?:{POLITE}|again|then|instead|more|better|best|now)\b)*\W*"


def _form(pattern: str) -> re.Pattern[str]:
    return regex(f"{BEFORE}{MAY_I}(?:{pattern}){_BEHIND}")


_CHOSEN = _form(
    r"(?:(?:show|give)(?: me)?|revert to|display|view|open|see|let me see|bring (?:up|back)|pick|choose|select|use|take"
    r"|keep|(?:let'?s )?go with|let'?s (?:use|take)|i(?:'ll| will) (?:take|use|keep|pick|go with)"
    r"|i(?:'d)? (?:prefer|preferred)) "
    rf"(?:{_ONE}|(?P<newest>the (?:last|latest|newest))(?: (?:one|picture|image|pic|photo))?)"
)
_BETTER = _form(
    rf"(?:{_ONE}|(?:{_PLACES})(?: one)?) (?:was|is|looks?|looked) (?:the |much |way |a lot |actually )?"
    "(?:better|best|nicer|nicest)"
    rf"|{_ONE} (?:was|is) (?:my |the |our )?(?:favou?rite|winner|best)"
    r"(?:\W+(?:(?:let'?s|so|i'?ll|please) )*(?:go|stick|continue) with (?:that|it)(?: one)?)?"
)
_OVER = _form(
    r"(?:(?:let'?s )?(?:start|begin) (?:over|again|anew|afresh|from scratch)|from scratch|reset|(?:a )?new picture"
    r"|(?:let'?s (?:do|make|try|draw) )?something (?:new|(?:completely |entirely )?different))"
)
_ASKED = _form(
    r"(?:what(?:'?s| is| was)|which is|tell me|show me|give me) (?:the|its) "
    r"(?:seed|prompt|recipe|size|resolution|dimensions|settings)"
    rf"(?: (?:of|for|from|in) (?:it|this|that|this one|this picture|{_ONE}))?"
    r"|what(?:'?s| has| is)? (?:changed|different)(?: here| now)?|what did you change"
)
_JOINED = _form(
    r"(?:merge|combine|blend|mix|fuse|join|put together"
    r"|(?:put|place|set|bring)(?=.* (?:side by side|next to each|beside each|together|into one))) "
    r"(?:(?P<two>both|them|the two|these two|those two)"
    rf"|{_NUMBER}?(?P<one>\d+) (?:and|&|with|into) {_NUMBER}?(?P<other>\d+))"
    r"(?: (?:of them|pictures|images|together|into one|side by side|(?:next to|beside) each other))*"
)
_FROM = regex(
    rf"\b(?:put|add|place|take|use|copy|move|bring)\b.* (?:from|of|in) {_NUMBER}(?P<other>\d+) "
    rf"(?:and (?:put|add|place) (?:it|him|her|them) )?(?:in|into|onto|on|to) {_NUMBER}(?P<one>\d+)\b",
)
_BEST = _form(
    r"which (?:one |picture |version |of (?:them|these|those|the two) )?"
    r"(?:(?:do|would|did) you (?:like|prefer|choose|pick)(?: (?:the )?(?:best|most|better|more))?"
    r"|(?:is|looks|do you think (?:is|looks)) (?:the )?(?:better|best|nicer|nicest|prettier|prettiest)"
    r"|is your favou?rite)"
    r"|what(?:'?s| is) your favou?rite(?: one| picture)?"
)
_NO_TASTE = "I have no taste of my own: say which one you like, and I go on from it."
_SAVE = _form(r"(?:save|download|export)(?: (?:it|this|that|the (?:picture|image)))?(?: (?:as|to) (?:a )?[\w.-]+)?")
_LEAVES = (
    r"(?:gtg|g2g|(?:i )?(?:have to|got to|gotta|need to|must) go(?: now)?|i'?m off|bye(?:[ -]?bye)?|good ?bye|cya|ttyl)"
)
_MEETS = (
    r"(?:(?:see|talk to|speak to) (?:you|ya|u)|good ?night)"
    r"(?: (?:later|soon|tomorrow|tonight|next (?:week|time)|again))*"
)
_BYE = _form(rf"(?:{_LEAVES}|(?:{_LEAVES}\W+)?{_MEETS})(?:,? easel)?[^\w.!?]*")
_NOTHING_AFTER_ALL = regex(
    r".*\w.*?[\s,.;:!?…-]+(?:never ?mind(?: (?:that|it|me))?|nvm|forget (?:it|that|about it)"
    r"|(?:no|nah|nope|actually|wait|sorry)\b(?:(?! (?:add|put|give|make|draw|paint)\b)[^.!?]){0,30}?[\s,.;:!?…-]+"
    r"(?:leave it|scrap (?:it|that)|scratch that|ignore that|cancel that))(?: then| please)?\W*",
    re.IGNORECASE | re.DOTALL,
)
"""A wish that is taken back with the last words."""
_RENAME = _form(r"rename (?:this|the|my) (?:session|chat|conversation)(?: (?:to|as) .+)?")
_WHAT_TO_SHOW = Action(
    "ask_user", {"question": "What should the picture show?", "choices": ["an animal", "a place", "a person"]}
)
_IDEAS = _form(
    r"what (?:else )?(?:can|could|should|do) (?:i|we|you)(?: know how to)? (?:else )?"
    r"(?:add|change|draw|paint|do (?:with|to) (?:it|this|that))(?: (?:to|in) (?:it|this|that|the picture))?(?: else)?"
    r"|(?:(?:do you have|have you|got|give me|i need) )?(?:any|some|a few|more) (?:ideas?|suggestions?|inspiration)"
    r"(?: for (?:it|this|me|a picture))?|what (?:do|would) you (?:suggest|recommend)|(?:suggest|recommend) something"
    r"|i have no ideas?(?: what to (?:draw|paint|add))?"
)
_OF_WHAT_TO_DRAW = (
    "Animals, people, vehicles, food, plants, buildings: say what and where, such as “a fox in the snow” or “two cats "
    "on a sofa at night”."
)
_OF_WHAT_TO_CHANGE = "Try “add a hat”, “make it night”, “in the rain”, “on a beach” or “as a watercolour”."
_TO_DRAW = regex(r"\b(?:draw|paint)\b")
_COMPARED = _form(
    r"compare\b.*|(?:what(?:'?s| is| are)?|tell me|show me)(?: the)? (?:differen(?:ces?|t)|changed)"
    r" (?:between|from|to|with|since|in)\b.*"
)
_RETRY = _form(r"(?:(?:and )?(?:once more|again)|(?:re)?try(?: (?:it|that))?(?: again| once more)?|redo it)")
_RENAMED = (
    "A session is renamed in the sidebar of the page: open the menu beside its name. In a terminal there is “easel "
    "sessions rename”."
)


def wish_of(scene: Scene) -> Action | None:
    """What a sentence asks for by its form; None where the network has to be asked."""
    said = scene.said
    if _OVER.fullmatch(said):
        return _WHAT_TO_SHOW
    if _RETRY.fullmatch(said) and not returned_to(scene) and (wish := _tried_again(scene)):
        return wish
    if _BYE.fullmatch(said):
        return Action(text="All right.")
    if _NOTHING_AFTER_ALL.fullmatch(said):
        return Action(text="All right, nothing is changed.")
    if _SAVE.fullmatch(said):
        return Action(text=SAVED)
    if _RENAME.fullmatch(said):
        return Action(text=_RENAMED)
    if _BEST.fullmatch(said):
        return Action(text=_NO_TASTE)
    if _IDEAS.fullmatch(said):
        new = not scene.shelf or _TO_DRAW.search(said)
        return Action(text=_OF_WHAT_TO_DRAW if new else _OF_WHAT_TO_CHANGE)
    if not scene.shelf or _pending(scene):
        return None
    if (found := _CHOSEN.fullmatch(said)) and found["newest"]:
        return Action("look_at_image", {"image": max(picture.handle for picture in scene.shelf)})
    if found or _BETTER.fullmatch(said):
        return Action("look_at_image", {"image": image}) if (image := _called(scene)) else None
    if _ASKED.fullmatch(said):
        return Action("look_at_image", {"image": _called(scene) or it_of(scene), "question": said.strip(" .!?")})
    if _COMPARED.fullmatch(said) and (told := _side_by_side(scene)):
        return Action(text=told)
    if image := returned_to(scene):
        return Action("look_at_image", {"image": image})
    return _together(scene)


def _side_by_side(scene: Scene) -> str:
    """What the pictures show that a sentence compares, one with "it" where it calls no other; "" where that is not
    known."""
    called = called_in(scene)
    handles = sorted({*called} if len(called) > 1 else {*called, it_of(scene)})
    pictures = [one for handle in handles if (one := scene.on_shelf(handle)) is not None and one.shows]
    if len(pictures) < 2 or len(pictures) < len(handles):
        return ""
    return " ".join(f"#{one.handle} shows {one.shows.replace('; ', ' – ')}." for one in pictures)


def _tried_again(scene: Scene) -> Action | None:
    """What is tried again: the call that came to nothing; where nothing was made yet, what to make is asked."""
    last = scene.past[-1].steps[-1:] if scene.past else ()
    if last and last[0].failed:
        return Action(last[0].name, dict(last[0].args))
    it = scene.on_shelf(it_of(scene))
    if it is None:
        return _WHAT_TO_SHOW
    if it.kind != "upload":
        return None
    choices = ["make it brighter", "crop it square", "enlarge it"]
    return Action("ask_user", {"question": f"What should change in #{it.handle}?", "choices": choices})


def _pending(scene: Scene) -> bool:
    """Whether the sentence may be the answer to a question about what to do it to."""
    last = scene.past[-1] if scene.past else None
    return last is not None and (any(step.name == "ask_user" for step in last.steps) or "Which one" in last.answered)


def _called(scene: Scene) -> int:
    """The one picture that is called by number or place, else 0."""
    called = [handle for handle, (number, place, _) in named(scene).items() if number or place]
    return called[0] if len(called) == 1 else 0


def _together(scene: Scene) -> Action | None:
    """An edit that takes something from another picture."""
    known = sorted(picture.handle for picture in scene.shelf)
    if (found := _JOINED.fullmatch(scene.said)) and found["two"]:
        if len(known) < 2:
            return None
        one, other = known[-2:]
    elif found or (found := _FROM.search(scene.said)):
        one, other = int(found["one"]), int(found["other"])
    else:
        return None
    if one == other or not {one, other} <= set(known):
        return None
    said = scene.said.strip(" .!?")
    return Action("edit_image", {"image": one, "instruction": said, "references": [other]})
