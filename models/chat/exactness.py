"""Exact changes or edits: "make the cat bigger", "zoom out", "move it left", "too dark".

A picture can be enlarged, cut, turned and made darker exactly, and what it shows can be edited; the same words may ask
for either. Each rule here gives the action that a sentence means instead of the one that was decided, or None.
"""

from __future__ import annotations

import re

from models.chat.conversation import Action, Scene, batch_of, it_of, telling
from models.chat.lines import kinds_in, shown_in
from models.english.patterns import regex
from models.english.politeness import bare

_SIZE = regex(r"\b(?:bigger|larger|smaller|tinier|huge|tiny|(?:too|so|as) (?:big|large|small)|shrink|grow)\b")
OF_PICTURES = regex(
    r"[#\d%]|\.(?:jpe?g|png|webp)\b|\b(?:number (?:one|two|three|four|five|six|seven|eight)"
    r"|it|its|that|this|those|these|they|them|one|ones|picture|pictures|image|images|photo|photos|pic|pics|drawing"
    r"|painting|version|versions|variation|result|upload|first|second|third|fourth|fifth|last|latest|newest|previous|other"
    r"|original|earlier|all|both|every\w*|times|twice|double|half|resolution|pixels?|hd|poster|print\w*|canvas|enlarge|upscale"
    r"|upres|blow(?! out)|illustration|sketch|render\w*|artwork"
    r"|sharp\w*|detail\w*|wall|screen|size)\b",
)
_POINTING = regex(r"\b(?:that|this|these|those) (?=([\w'-]+))")
_OUTWARDS = regex(
    r"\b(?:zoom(?:ed|ing)? out|pull back|further away|farther away|extend|expand|uncrop|outpaint|more space)\b",
)
_CLOSER = regex(
    r"\b(?:zoom(?:ed|ing)? in (?:on|to|onto)|close[- ]?up (?:of|on)|focus(?:ed)? on|closer to"
    r"|(?:only|just) (?:see|show|have|keep)|(?:see|show) (?:only|just)) (?:the |his |her |my |that )?"
    r"(?P<what>[\w' -]+?)(?: more| now)*\W*$",
)
_OF_ALL = frozenset("colour color light lighting contrast everything whole thing scene shot tone background".split())
_MOVED = regex(
    r"(?:move|shift|slide|push|nudge|put|place) (?!.*(?:turn|rotat|tilt|spin|side|\d)).+"
    r"|(?:a (?:little )?bit )?(?:more )?(?:to the )?(?:left|right)(?: a (?:little )?bit)?",
)
_SLIGHTLY = regex(r"\b(?:a (?:little )?bit|a little|slightly|a tad|a touch)\b")
_TOO_MUCH = {
    "brightness": r"bright|light|pale|white|overexposed|washed out",
    "contrast": r"contrasty|harsh|much contrast",
    "saturation": r"colou?rful|saturated|vivid|garish|much colou?r",
}
_TOO_LITTLE = {
    "brightness": r"dark|dim|gloomy|black|murky|underexposed",
    "contrast": r"flat|soft|little contrast",
    "saturation": r"pale|dull|grey|gray|washed out|faded|little colou?r",
}
_BY_DAY = regex(r"\b(?:daylight|day ?time|midday|night ?time)\b(?! (?:one|picture|version|shot|photo))")
_PART_TOO = regex(
    r"(?:the |that |his |her |its |their )?(?P<what>[\w'-]+(?: [\w'-]+)?) (?:is|are|looks?|seems?)"
    r" (?:\w+ )?too (?:dark|bright|light|pale|dull|dim|colou?rful)\b.*",
)
_SQUARE = regex(
    r"(?:(?:make|do|have) (?:it|this)|(?:can|could) (?:you|we|i) (?:do|make|have) (?:it|this)) (?:in |into )?(?:an? )?"
    r"square(?: (?:format|mode|picture|image|version|shape))?",
)
_RATIO = regex(r"(?<![\d:.])(?:16:9|9:16|4:3|3:4|3:2|2:3|5:4|4:5|21:9|9:21|2:1|1:2|16:10|10:16|2\.35:1)(?![\d:])")
"""Shapes that people call by their numbers; any other such pair is an hour ("a clock at 10:30")."""
_AS_BIG = regex(
    r"(?:make|paint|have) the (?P<what>[\w'-]+) (?:about )?(?:twice|double|half|\w+ times) (?:as|the) \w+.*",
)
_FAR_TOO_BIG = regex(
    r"(?:the|that|this|his|her|its|their|my) (?P<what>[\w'-]+(?: [\w'-]+)?)(?: is| are| looks?|'s)\b[^.;!?]*"
    r"[,.;!?]\s*make (?:it|him|her|them)\b[^.;!?]*",
)
_THING_SCALED = regex(
    r"(?:[^,.;!?]*[,.;!?] (?:so )?)?"
    r"(?:scale (?:up|down)|enlarge|shrink|(?:up|down)size|(?:reduce|increase) the size of) "
    r"(?:the|my|that|his|her|its|their) (?P<what>[\w'-]+(?: [\w'-]+){0,2}?)"
    r"(?: (?:by \d+ ?(?:%|percent)|up|down|a (?:little )?(?:bit|lot)|slightly|more))*(?:,.*)?"
)
_THEM = regex(r"\bmake them (?:\w+ )?(?:smaller|bigger|larger)\b")
_NOT_SO_BIG = regex(
    r"(?:not (?:that|so|as)|(?:way |far |much |a bit )?too) (?:big|large|huge|small|tiny)\b"
    r"(?!.*\b(?:for (?:my|our|the|an?)|\d ?x|x ?\d|half|double|percent|pixels?)\b|.*%).*"
)
_MORE = regex(r"\b(?:and|then|plus|also)\b|[&,;]|\. ")

_ONLY_TOO = regex(
    r"(?:(?:but|no|sorry)\W+)?"
    r"(?:(?:it|that|this|the (?:picture|image|room|whole thing))(?:'s| is|s| looks?| seems?) )?"
    r"(?:(?:a bit|way|far|still|just|all) )*too (?P<how>dark|dim|gloomy|murky|bright|light)",
)
_WHERE_IS = regex(
    r"where(?:'s| is|s) (?:the|my|that) (?P<what>[\w -]{2,25}?)\W+"
    r"(?:(?:i |we )?can(?:'t|t|not) see (?:it|him|her)\W+)?(?:please |pls |can you )?make (?:it|him|her|that) "
    r"(?:a (?:bit|lot) )?(?:much )?(?P<size>bigger|larger|smaller)\W*$",
)


_BACKWARDS = regex(r"\b(?:left|anti|counter|ccw|widdershins|backwards?|minus|negative|other way)|-\s?\d")
_BLURRED = regex(
    r"\b(?:out of focus|(?:is|are|looks?|it'?s|too|very|so|way|quite|rather|kind ?of|kinda|all|bit)\s(?:\w+\s)?"
    r"(?:blurry|blurred|fuzzy))\b",
)
_MADE_SO = regex(r"\b(?:make|made|want\w*|more|add|let|turn|put|give|should|background|blur|throw)\b")
_PART = r"(?:left|right|top|bottom|upper|lower)(?:[ -]hand)? (?:half|side|part|third|corner)"
_PART_LIT = regex(
    rf"\b{_PART}\b.*\b(?:darker|brighter|lighter|duller)\b|\b(?:dark|bright|light)en\b.*\b{_PART}\b",
)
_CUT = regex(r"\b(?:crop\w*|cut|trim\w*|chop|remove|lose|keep|only|just|away|off)\b")
_WHOLE_ONLY = "I make whole pictures darker or brighter, no part of one. Say “darker” for all of it."


def right_way(scene: Scene, action: Action) -> Action:
    """An exact change the way round that was said: "60 degrees" is clockwise, and who finds a picture blurry wants it
    sharper; and a new picture in the shape that was said in numbers."""
    operation, amount = action.args.get("operation"), str(action.args.get("amount", ""))
    if operation == "rotate" and amount.startswith("-") and not _BACKWARDS.search(scene.said):
        return Action(action.name, {**action.args, "amount": amount[1:]})
    if operation == "blur" and _BLURRED.search(scene.said) and not _MADE_SO.search(scene.said):
        return Action(
            action.name,
            {name: value for name, value in {**action.args, "operation": "sharpen"}.items() if name != "amount"},
        )
    shaped = action.name == "generate_image" and "aspect" in action.args  # not "…, then trim it to 16:9"
    ratio = _RATIO.search(scene.said) if shaped else None
    return Action(action.name, {**action.args, "aspect": ratio[0]}) if ratio else action


def widened(scene: Scene, action: Action) -> Action | None:
    """ "Zoom out" is no cut, nor "zoom in on the boat" a blind one, "move it left" no turn, "rotate it a bit" no right
    angle, and "square" is a shape."""
    said, operation = bare(scene.said), action.args.get("operation")
    if _SQUARE.fullmatch(said):
        return Action("adjust_image", {"image": it_of(scene), "operation": "crop", "amount": "square"})
    if action.name == "adjust_image" and operation in ("crop", "rotate", "resize") and _OUTWARDS.search(said):
        return Action.edit(action.args["image"], said)
    if operation == "crop" and (found := _CLOSER.search(said)):
        what = telling(found["what"])
        if what and what <= shown_in(scene, action.args["image"]):
            return Action.edit(action.args["image"], f"zoom in on the {found['what'].strip()}")
    if operation == "rotate" and _MOVED.fullmatch(said):
        return Action.edit(action.args["image"], said)
    if operation == "rotate" and _SLIGHTLY.search(said) and not re.search(r"\d", said):
        left = str(action.args.get("amount", "")).startswith("-")
        return Action(action.name, {**action.args, "amount": "-10" if left else "10"})
    return None


def part_lit(scene: Scene, action: Action) -> Action | None:
    """ "Make the left half darker" cuts nothing away, nor is it said of the whole picture."""
    operation = action.args.get("operation")
    lit = _PART_LIT.search(scene.said) and not _CUT.search(scene.said)
    return Action(text=_WHOLE_ONLY) if lit and operation in ("crop", *_TOO_MUCH) else None


def too_dark_inside(scene: Scene, action: Action) -> Action | None:
    """ "It's too dark", where it is not night in the picture: no hour would change that."""
    found = _ONLY_TOO.fullmatch(bare(scene.said)) if action.name == "edit_image" else None
    if not found or shown_in(scene, it_of(scene)) & {"night", "sunset", "storm", "fog", "rain"}:
        return None
    amount = "+20" if found["how"].lower() in ("dark", "dim", "gloomy", "murky") else "-20"
    return Action("adjust_image", {"image": it_of(scene), "operation": "brightness", "amount": amount})


def too_much(scene: Scene, action: Action) -> Action | None:
    """ "No, that's too dark" asks for more light, whatever was asked before; "the toes are too dark" and "too dark, i
    want daylight" are edits."""
    operation, amount = str(action.args.get("operation", "")), str(action.args.get("amount", ""))
    if operation not in _TOO_MUCH or amount[:1] not in ("+", "-"):
        return None
    if operation == "brightness" and _BY_DAY.search(scene.said):
        return Action.edit(action.args["image"], bare(scene.said))
    part = _PART_TOO.fullmatch(bare(scene.said))
    if part and not OF_PICTURES.search(part["what"]) and telling(part["what"]) - _OF_ALL:
        return Action.edit(it_of(scene), bare(scene.said))
    way = "-" if amount[0] == "+" else "+"
    wrong = _TOO_MUCH if way == "-" else _TOO_LITTLE
    if not re.search(rf"\btoo (?:\w+ )?(?:{wrong[operation]})\b", scene.said, re.IGNORECASE):
        return None
    return Action(action.name, {**action.args, "amount": way + amount[1:]})


def thing_resized(scene: Scene, action: Action) -> Action | None:
    """ "Make the cat bigger": not the picture is meant, but what it shows."""
    resizes = action.name == "upscale_image" or action.args.get("operation") == "resize"
    alone = not batch_of(scene)
    if resizes and (_NOT_SO_BIG.fullmatch(bare(scene.said)) or (alone and _THEM.search(scene.said))):
        return Action.edit(it_of(scene), bare(scene.said))
    if resizes and (found := _THING_SCALED.fullmatch(bare(scene.said))):
        what, it = telling(found["what"]), scene.on_shelf(it_of(scene))
        if it is not None and len(kinds_in(it)) > 1 and what and what <= shown_in(scene, it.handle):
            return Action.edit(it.handle, bare(scene.said))
    if resizes and (found := _AS_BIG.fullmatch(bare(scene.said))):
        shown = [
            image for image in (it_of(scene), action.args["image"]) if telling(found["what"]) & shown_in(scene, image)
        ]
        return Action.edit(shown[0], bare(scene.said)) if shown else None
    if resizes and (found := _FAR_TOO_BIG.match(bare(scene.said))):
        shown = telling(found["what"]) & shown_in(scene, it_of(scene))
        return Action.edit(it_of(scene), found[0]) if shown else None
    if resizes and (found := _WHERE_IS.match(bare(scene.said))):  # "where is the crab? make it bigger"
        shown = telling(found["what"]) & shown_in(scene, it_of(scene))
        order = f"make the {found['what']} {found['size']}"
        return Action.edit(it_of(scene), order) if shown else None
    first = _MORE.split(bare(scene.said))[0].strip()  # what comes after "and" is another step's
    if not resizes or not _SIZE.search(first):
        return None
    both = (it_of(scene), action.args["image"])
    for handle in sorted(both, key=lambda one: -len(telling(first) & shown_in(scene, one))):
        shown = shown_in(scene, handle)
        if telling(first) & shown and not OF_PICTURES.search(_unpointed(first, shown)):
            return Action.edit(handle, first)
    return None


def _unpointed(said: str, shown: frozenset[str]) -> str:
    """The words without "that" before a thing that is shown: "that hat" calls no picture."""
    return _POINTING.sub(lambda found: "" if telling(found[1]) & shown else found[0], said)
