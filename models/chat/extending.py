"""More of a picture: "make it wider", "extend it to the left", "some space at the top for text", "16:9".

Who says so wants what lies beyond the picture's edges, and nothing of it cut away.
"""

from __future__ import annotations

import re

from models.chat.conversation import Action, Scene, it_of
from models.chat.lines import line_of
from models.english.patterns import regex
from models.english.politeness import bare

_ORDER = ("left", "right", "top", "bottom")
_PICTURE = (
    r"(?:it|this|that|#\d+|(?:the |this |that |my )?(?:first |second |third |last |whole |entire )?"
    r"(?:picture|image|pic|photo|drawing|painting|scene|canvas|frame|view|background|one|thing))"
)
_SIDE = (
    r"(?P<side>left|right|top|bottom|up(?:wards?)?|down(?:wards?)?|above|below|sides|(?:both|all|every|each)(?: the)? "
    r"(?:sides?|directions?|edges?)|(?:all )?around(?: (?:it|them|him|her|the \w+))?|outwards?|left and right"
    r"|top and bottom|everywhere)"
)
_THERE = rf"(?:(?:to|on|at|in|towards?) )?(?:the |its )?{_SIDE}(?: (?:side|edge|part|end))?(?: of {_PICTURE})?"
_SOME = r"(?:(?:a (?:little )?(?:bit|lot)|some|much|lots|way|any|a little)(?: of)? )?"
_LITTLE = r"(?: (?:a (?:little )?(?:bit|lot)|some|more|further|out|too|again|also))*"
_SURROUNDINGS = (
    rf"(?:of (?:{_PICTURE}|what(?:'?s| is| lies) (?:around|outside|beyond|next to) {_PICTURE}|the (?:surroundings?|area"
    r"|environment|scenery|world)(?: around (?:it|them|him|her|the \w+))?))"
)
_SHOW = r"(?:show|see|let me see|let'?s see|give|i want to see|i(?:'d| would) like to see)(?: me| us)?"
_WISHES = (
    rf"(?:extend|expand|outpaint|un-?crop|continue) {_PICTURE}{_LITTLE}(?: {_THERE})?{_LITTLE}",
    rf"(?:extend|expand|outpaint)(?: {_THERE})?",
    rf"(?P<wide>widen {_PICTURE}{_LITTLE}|make {_PICTURE} {_SOME}(?:wider|broader)(?: {_THERE})?)",
    rf"(?P<tall>make (?:the |this |that )(?:picture|image|pic|photo|canvas|frame|drawing) {_SOME}(?:taller|higher))",
    rf"(?:{_PICTURE}|\d{{1,2}})(?: (?:please|pls|but))*,? {_SOME}(?:(?P<wide>wider|broader)|(?P<tall>taller|higher))",
    rf"{_SHOW} {_SOME}more {_SURROUNDINGS}(?: {_THERE})?",
    rf"{_SHOW} {_SOME}more {_THERE}",
    rf"(?:(?:add|leave|give|make|put|i need|we need|it needs|needs?|i want|with|have|show)(?: me| us| it)? )?{_SOME}"
    rf"(?:(?:more|extra|empty|free|blank) )?(?:space|room|background|margin) {_THERE}"
    r"(?: (?:for|so|where|to)\b[^,;.]*)?",
    rf"(?:(?:show|add|give|i want|i need|with|need|needs|let'?s have)(?: me| us| it)? )?{_SOME}more "
    r"(?:of the )?(?P<sky>sky|ground|floor|foreground)(?: (?:at|on|above|below|over)\b.*)?",
)
_WISHED = [regex(wish) for wish in _WISHES]
_SHAPE = r"portrait|vertical|tall|landscape|horizontal|wide|widescreen|\d{1,2}(?:[:/]| by )\d{1,2}"
_FORMAT = r"(?: (?:format|orientation|mode|picture|image|version|shape|ratio|aspect|aspect ratio))"
_SHAPED = [
    regex(form)
    for form in (
        rf"(?:make|turn|change|convert|do|have|get|need|want|i need|i want|put|show) {_PICTURE} "
        rf"(?:(?:a (?:bit|little)|more) )?(?:(?:in|into|to|as|for) )?(?:an? )?(?P<shape>{_SHAPE}){_FORMAT}*",
        rf"(?:in|into|as|to) (?:an? )?(?P<shape>{_SHAPE}){_FORMAT}*",
        rf"(?P<shape>{_SHAPE}){_FORMAT}+",
        r"(?P<shape>\d{1,2}:\d{1,2})",
    )
]
_CUT = regex(
    r"(?<!without )(?<!not )(?<!n't )(?<!no )"
    r"\b(?:crop\w*|rcop|corp|crpo|copr|down to|cut\w*|trim\w*|chop\w*|clip\w*|slice\w*|keep|only|half|part)\b",
)
_SHAPES = frozenset("portrait vertical tall landscape horizontal wide widescreen 16:9 9:16 3:2 2:3 4:3 3:4".split())


def extended(scene: Scene, action: Action) -> Action | None:
    """The wish for more of a picture, whatever it was taken for; None where it is no such wish."""
    said, changes = bare(scene.said), action.name in ("edit_image", "adjust_image", "upscale_image", "vary_image")
    image = action.args["image"] if changes else it_of(scene)
    if not image:
        return None
    if found := next(filter(None, (wish.fullmatch(said) for wish in _WISHED)), None):
        return _extend(image, _where(found))
    if found := next(filter(None, (form.fullmatch(said) for form in _SHAPED)), None):
        return _shaped(scene, image, found["shape"].lower().replace(" by ", ":").replace("/", ":"))
    amount = str(action.args.get("amount", ""))
    named = re.search(rf"\b(?:{_SHAPE}|wider|broader|taller)\b", said, re.IGNORECASE)
    if action.args.get("operation") == "crop" and amount in _SHAPES and named and not _CUT.search(said):
        wider = re.search(r"\b(?:wid|broad)\w*", said, re.IGNORECASE) and amount not in said
        return _shaped(scene, image, "wide" if wider else amount)
    return None


def _extend(image: int, to: str) -> Action:
    return Action("extend_image", {"image": image, "to": to})


def _where(found: re.Match[str]) -> str:
    """The sides, or the format, of a wish."""
    groups = found.groupdict()
    said = (groups.get("side") or "").lower()
    if not said and groups.get("sky"):
        return "top" if groups["sky"].lower() == "sky" else "bottom"
    if groups.get("wide") and not said:
        return "wide"
    if groups.get("tall"):
        return "tall"
    sides = {"left": "left", "right": "right", "top": "top|up|above", "bottom": "bottom|down|below"}
    named = [side for side in _ORDER if re.search(rf"\b(?:{sides[side]})", said)]
    if named:
        return " and ".join(named)
    return "both sides" if re.search(r"\b(?:both|sides)\b", said) and "all" not in said else "all sides"


def _shaped(scene: Scene, image: int, shape: str) -> Action:
    """A format: in numbers, or of an upload, a cut of what lies the other way."""
    picture = scene.on_shelf(image)
    uploaded = any(one.kind == "upload" for one in scene.shelf if one.handle in line_of(scene, image))
    size = re.fullmatch(r"(\d+)\D+(\d+)", picture.size) if picture else None
    numbers = re.fullmatch(r"(\d+):(\d+)", shape)
    across = int(numbers[1]) - int(numbers[2]) if numbers else -1 if shape in ("portrait", "vertical", "tall") else 1
    if size and (numbers or uploaded) and across * (int(size[1]) - int(size[2])) < 0:
        named = {"vertical": "portrait", "tall": "portrait", "horizontal": "landscape", "wide": "landscape"}
        return Action("adjust_image", {"image": image, "operation": "crop", "amount": named.get(shape, shape)})
    return _extend(image, shape)
