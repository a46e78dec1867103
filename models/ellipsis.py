"""What a short sentence leaves out because the turn before said it: "get rid of it", "no, smaller", "and another one".

Each rule gives the action that a sentence means instead of the one that was decided, or None. The turn before is the
last one that changed a picture.
"""

from __future__ import annotations

import re

from models.conversation import Action, Scene, it_of, last_batch, telling
from models.lines import line_of, shown_in
from models.politeness import bare

_NO_THING = (
    r"(?!(?:bit|little|lot|way|top|bottom|left|right|middle|side|corner|background|foreground|picture|image|ones?|other"
    r"|same|sky|ground|style|colou?r|size|half|more|less|whole|rest|instead|too)\b)"
)
_BORDER = "(?:on|in|at|to|of|and|is|are|should|must|needs?|for|with|next|by|near|under|above|behind|into|from)"
_A_THING = re.compile(
    rf"\b(?:an?|the|another|some|my|his|her|its|their|that|one|two|three|four|more|bigger|smaller|no) (?!(?:an?|the)\b)"
    rf"(?P<what>(?:(?!(?:{_BORDER}|an?|the)\b){_NO_THING}[\w'-]+ )?(?!{_BORDER}\b){_NO_THING}[\w'-]+)"
    rf"(?=\s*(?:$|[,.;!?]|(?:{_BORDER}|an?|the|off|out|away|bigger|smaller|larger|more|please|pls|too|instead|better|over"
    r"|up|down|left|right|\w+ing|\w+er)\b))",
    re.IGNORECASE,
)
_WELL = (
    r"(?:(?:never ?mind|nah|no|nope|actually|hmm+|ugh|wait|oh|on second thou?ghts?|forget it|nvm|i changed my mind|ok"
    r"|then|now|and|also|plus|still|great|nice|cool|perfect)\W+)*"
)
_PLEASE = r"(?: (?:please|pls|too|then|still|again|than that))*"
_IT_AWAY = re.compile(
    rf"{_WELL}(?:(?:just|please|then|let'?s|i want to|can we|i'd) )*"
    r"(?:(?P<order>(?:get rid of|remove|delete|erase|lose|ditch|drop|scrap|bin|hide|take out|move|shift) )"
    r"(?:it|that|him|her|them|this)\b(?P<behind>(?: [\w']+){0,4})"
    r"|(?P<take>take )(?:it|that|him|her|them|this)(?P<away> (?:away|off|out)(?: again| then)?))",
    re.IGNORECASE,
)
_SIZE_ONLY = re.compile(
    rf"{_WELL}(?:not enough\W+)?(?:(?:even|much|way|a (?:little )?(?:bit|touch)|far|lots?|slightly"
    rf"|make (?:it|him|her|them)) )*(?P<size>bigger|larger|smaller|tinier|taller|shorter){_PLEASE}",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"\b(?:big|bigger|large|larger|small|smaller|tiny|tinier|huge|shrink|grow|enlarge|tall\w*|size)\b", re.IGNORECASE
)
_ANOTHER = re.compile(rf"{_WELL}(?:add )?(?:another(?: one)?|one more){_PLEASE}", re.IGNORECASE)
_ONE_THERE = re.compile(
    rf"{_WELL}(?:add )?(?:one|another(?: one)?|one more) "
    r"(?P<where>(?:on|in|at|by|near|next to|behind|under|above|below|over|beside|to) .+)",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"(?P<verb>.*?\b(?:add|put|place|draw|paint|give|with|stick|have|want|need)\b(?: (?:him|her|it|them))?)"
    r" (?:an?|one|some|another) (?P<what>[\w'-]+"
    r"(?: (?!(?:on|in|at|to|by|near|next|behind|under|above|below|over|beside|with|and)\b)[\w'-]+)?)(?P<where> .+)?",
    re.IGNORECASE,
)
_WHERE_IS = re.compile(
    r"(?:(?:and|but|so|hey|ok)\W+)*where(?:'?s| is| are| did| has) (?P<what>(?:the|my|his|her|their) [\w' -]{2,40}?)"
    r"(?: (?:go|gone|now|then|tho|though))*\W*",
    re.IGNORECASE,
)
_ANOTHER_THING = re.compile(
    r"(?:another|one more|a second|two more) (?!(?:one|picture|image|version|variation|try|time|go|of|pic|photo)\b)"
    r"[\w'-]+(?: [\w'-]+){0,2}",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"(?:(?:ew+|yuck|gross|ugh|nah|nope|no|hmm+|actually|please|just)\W+)*"
    r"(?P<order>(?:delete|remove|erase|get rid of|lose|add|put|give|take off|take away|without|make the|make it|swap"
    r"|turn the|replace) .+)",
    re.IGNORECASE,
)
_THE_COLOURED = re.compile(
    r"\b(?:the|that) (?P<colour>red|orange|yellow|green|blue|purple|pink|brown|black|white|gr[ea]y|golden?|silver)"
    r" one\b",
    re.IGNORECASE,
)
_OF_PICTURES = re.compile(r"\d|\b(?:times|crop|both|two|picture|image|version|photo|upscale|enlarge)\b", re.IGNORECASE)
_NOT_THE_PICTURE = re.compile(
    rf"{_WELL}(?:i (?:meant|mean)\W+)?(?:not|i (?:don'?t|didn'?t) mean) (?:the |this )?(?:whole |entire )?"
    r"(?:picture|image|photo|thing)\W+(?:but )?(?:i (?:meant|mean) )?(?:just |only )?(?:the|my) "
    r"(?P<thing>[\w'-]+(?: [\w'-]+)?)",
    re.IGNORECASE,
)
_SHORT = 8  # words of an instruction of which the first thing is what it is about
_THE_MEMBER = re.compile(r"\bthe (?:left|right|middle|first|second|third|last)(?:most)? one\b", re.IGNORECASE)


def thing_spoken_of(scene: Scene, action: Action) -> Action | None:
    """ "Get rid of it" after "add a whale": the whale, and not the picture; "no, smaller" after "bigger skateboard"."""
    if action.name not in ("edit_image", "look_at_image", "upscale_image", "adjust_image") and action.name:
        return None
    said, it = bare(scene.said), it_of(scene)
    before = _instruction_before(scene, it)
    thing = _thing_in(before)
    if thing and (found := _IT_AWAY.fullmatch(said)):
        order, behind = found["order"] or found["take"], found["behind"] or found["away"] or ""
        return Action.edit(it, f"{order}the {thing}{behind}")
    if thing and _SIZE.search(before) and (found := _SIZE_ONLY.fullmatch(said)):
        return Action.edit(it, f"make the {thing} {found['size']}")
    return None


def one_more(scene: Scene, action: Action) -> Action | None:
    """ "And another one", "one on the left" after "add a boat": another boat, beside the first."""
    it, said = it_of(scene), bare(scene.said)
    again, there = _ANOTHER.fullmatch(said), _ONE_THERE.fullmatch(said)
    added = _ADDED.fullmatch(_instruction_before(scene, it)) if again or there else None
    if not added or action.name not in ("edit_image", "generate_image", "vary_image", "ask_user", ""):
        return None
    where = f" {there['where']}" if there else added["where"] or ""
    return Action.edit(it, f"{added['verb']} another {added['what']}{where}")


def rather_this(scene: Scene, action: Action) -> Action | None:
    """ "Another bird" after "a blue one": what is said now, and not once more what was said before."""
    said, instruction = bare(scene.said), str(action.args.get("instruction", ""))
    if action.name != "edit_image" or not _ANOTHER_THING.fullmatch(said) or telling(instruction) & telling(said):
        return None
    return Action.edit(it_of(scene), f"add {said}")


def ordered(scene: Scene, action: Action) -> Action | None:
    """ "Delete the crown", "ew no, without pineapple": an order, and no question about the picture."""
    found = orders(scene.said)
    if action.name != "look_at_image" or not action.args.get("question") or not found:
        return None
    return Action.edit(it_of(scene), found)


def orders(said: str) -> str:
    """The order that a sentence is, "" for none."""
    found = _ORDERED.fullmatch(bare(said))
    return found["order"] if found and "?" not in said else ""


def coloured_one(scene: Scene, action: Action) -> Action | None:
    """ "Make the black one bigger", said of one picture with several things: one of these."""
    short = len(scene.said.split()) <= _SHORT and not _OF_PICTURES.search(scene.said)
    alone = short and not last_batch(scene.shelf) and len(scene.shelf) > 0
    shown = _THE_COLOURED.search(scene.said)
    asks = action.name == "ask_user" and str(action.args.get("question", "")).startswith(
        ("There is no", "Which one", "I see no")
    )
    if not alone or not shown or not (asks or action.name in ("upscale_image", "adjust_image")):
        return None
    others = [picture for picture in scene.shelf if picture.handle not in line_of(scene, it_of(scene))]
    if any(shown["colour"].lower() in telling(picture.caption) for picture in others):
        return None
    return Action.edit(it_of(scene), bare(scene.said))


def not_the_picture(scene: Scene, action: Action) -> Action | None:
    """ "No, not the picture, the car" after "bigger": what was done to the picture was meant for a thing in it."""
    found = _NOT_THE_PICTURE.fullmatch(bare(scene.said))
    step = next((step for turn in scene.past[-1:] for step in turn.steps), None)
    if not found or step is None or step.name not in ("upscale_image", "adjust_image") or "image" not in step.args:
        return None
    wanted, thing = bare(scene.past[-1].said), found["thing"]
    if size := _SIZE_ONLY.fullmatch(wanted):
        return Action.edit(step.args["image"], f"make the {thing} {size['size']}")
    order, said_it = re.subn(r"\b(?:it|that)\b", f"the {thing}", wanted)
    return Action.edit(step.args["image"], order if said_it else f"make the {thing} {wanted}")


def asked_where(scene: Scene, action: Action) -> Action | None:
    """ "Where's the table?" asks where the picture shows one, and else wants it."""
    found = _WHERE_IS.fullmatch(bare(scene.said))
    if action.name != "edit_image" or not found or "where" not in str(action.args["instruction"]).lower():
        return None
    it, what = it_of(scene), found["what"]
    if telling(what) <= shown_in(scene, it):
        return Action("look_at_image", {"image": it, "question": bare(scene.said)})
    return Action.edit(it, what)


def member_meant(scene: Scene, action: Action) -> Action | None:
    """ "Only the middle one red": no region of the picture, but one of the things in it."""
    if action.name != "edit_image" or "region" not in action.args or not _THE_MEMBER.search(scene.said):
        return None
    return Action.edit(action.args["image"], bare(scene.said))


def _instruction_before(scene: Scene, it: int) -> str:
    """What the last turn that changed a picture wanted of "it"; "" where it was no edit, or of another picture."""
    for turn in reversed(scene.past[-3:]):
        for step in reversed([step for step in turn.steps if not step.failed]):
            if step.name == "edit_image":
                made = step.pictures[-1] if step.pictures else step.args.get("image")
                return str(step.args.get("instruction", "")) if made == it else ""
            if step.name in ("generate_image", "vary_image", "adjust_image", "upscale_image"):
                return ""
    return ""


def _thing_in(instruction: str) -> str:
    """The first thing that a short instruction names with an article, "" for none."""
    found = _A_THING.search(instruction) if len(instruction.split()) <= _SHORT else None
    return found["what"].lower() if found else ""
