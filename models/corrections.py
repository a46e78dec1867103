"""What code knows better than the network: calls that a sentence plainly does not mean become those that it does.

The network learnt from a generator, in whose sentences "make the fox larger" may call a picture by what it shows.
People who type that mean the fox. Each rule here is narrow: one action, no picture called by number or place, words
that are common; everything else stays as it was decided.
"""

from __future__ import annotations

import re
from typing import Any

from models.conversation import Action, Scene, it_of, last_batch, named, telling
from models.lines import line_of, newest_showing, shown_in
from models.politeness import BEFORE, ENDING, MAY_I, OPENING, POLITE
from models.tidying import tidied

_BACK_TO = re.compile(
    rf"{BEFORE}(?:let'?s |i(?:'d| would)? (?:want|like) to |{MAY_I})"
    r"(?:(?:go|get|switch|return|jump|move|come) |take (?:me|us) )?back to "
    r"(?:#\s*\d+|(?:picture|image|pic|number|version|drawing) #?\d+"
    r"|(?:the|that|my) (?:\w+ ){0,2}(?:one|picture|image|pic|version|drawing|upload|photo|painting)\b[^,;:]*"
    r"|(?:the|that|my) (?:very )?(?:first|second|third|fourth|fifth|last|previous|original|other))"
    rf"\W*(?:(?:{POLITE}|again)\W*)*",
    re.IGNORECASE,
)
_AND_MORE = re.compile(r"\b(?:and|but|then|make|add|give|put|turn|change)\b", re.IGNORECASE)
_SIZE = re.compile(
    r"\b(?:bigger|larger|smaller|tinier|huge|tiny|(?:too|so|as) (?:big|large|small)|shrink|grow)\b", re.IGNORECASE
)
_OF_PICTURES = re.compile(
    r"[#\d%]|\b(?:it|its|that|this|those|these|they|them|one|ones|picture|pictures|image|images|photo|photos|pic|pics|drawing"
    r"|painting|version|versions|variation|result|upload|first|second|third|fourth|fifth|last|latest|newest|previous|other"
    r"|original|all|both|every\w*|times|twice|double|half|resolution|pixels?|hd|poster|print\w*|enlarge|upscale|upres|blow"
    r"|sharp\w*|detail\w*|wall|screen|size)\b",
    re.IGNORECASE,
)
_POINTING = re.compile(r"\b(?:that|this|these|those) (?=([\w'-]+))", re.IGNORECASE)
_SAME_BUT = re.compile(
    r"\W*(?:(?:the|do the|make the) )?(?:very |exact )?same(?: (?:thing|one|picture|image|again|scene))?\W+"
    r"(?:(?:but|only|just|except)(?: now)?\W+|(?=(?:with|without|in|at|as) ))(?P<change>.+)",
    re.IGNORECASE | re.DOTALL,
)
_ONE_OF = re.compile(
    r"\b(?:make|turn|paint|colou?r|give|put|change|dye|let|move|remove)\b.*\bone of "
    r"(?:them|the (?!(?:pictures|images|photos|pics|versions|variations)\b)\w+)\b",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(r"(?:at|in|on|with|without|during|under)(?: [\w'-]+){1,3}\W*", re.IGNORECASE)
_SHOWN_AGAIN = re.compile(
    r"(?:(?:i(?:'d| would)? (?:want|like|need) to|let'?s|let me|can i|may i) )?"
    r"(?:show|see|view|display|open|bring|get|go|return|back|switch|take|undo|revert)\b"
    r"(?!.*\b(?:what|which|how|who|why|when|details?|properties|info\w*|recipe|prompt|seed|size|colou?rs?)\b)",
    re.IGNORECASE | re.DOTALL,
)
_DRAWABLE = re.compile(
    r"(?:i(?:'d| would)? (?:need|want|like)|make(?: me)?|gimme|give me|need|want|design|create|do) (?:me )?"
    r"(?P<what>(?:an?|some|another) (?:[\w'-]+ ){0,3}(?:card|postcard|invitation|invite|poster|flyer|leaflet|banner"
    r"|logo|icon|sticker|cover|wallpaper|backdrop|avatar|illustration|cartoon|comic|meme|map|pattern|sign|label|mascot|tattoo"
    r"|t-?shirt|mural|stamp|emblem|badge|coat of arms|bookmark|calendar|storyboard|mockup)\b.*)",
    re.IGNORECASE,
)
_MADE_OF_IT = re.compile(
    r"(?:make|do|create|turn|draw|paint) (?:an?|some) (?:[\w-]+ ){1,3}(?:of|from|out of) (?:it|this|that|#\d+)",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"(?:make (?:it|this) \S.*|add (?:my|an?|the|some|more|text|two|three) .+|(?:put|write|paint|draw) [\"“'‘].+"
    r"|(?:put|write|paint|draw) .+ (?:on|onto|at|in|under|above|across|over)"
    r" (?:it|the|this|that|her|his|top|bottom)\b.*)",
    re.IGNORECASE,
)
_OUTWARDS = re.compile(
    r"\b(?:zoom(?:ed|ing)? out|pull back|further away|farther away|extend|expand|uncrop|outpaint|more space)\b",
    re.IGNORECASE,
)
_COLOURS = frozenset(
    "red orange yellow green blue purple pink brown black white grey gray golden silver big small little dark".split()
)
_OF_ALL = frozenset("colour color light lighting contrast everything whole thing scene shot tone background".split())
_AS_WELL = re.compile(r"\b(?:too(?! \w)|also|as well|same|likewise|again)\b", re.IGNORECASE)
_MOVED = re.compile(
    r"(?:move|shift|slide|push|nudge|put|place) (?!.*(?:turn|rotat|tilt|spin|side|\d)).+"
    r"|(?:a (?:little )?bit )?(?:more )?(?:to the )?(?:left|right)(?: a (?:little )?bit)?",
    re.IGNORECASE,
)
_SLIGHTLY = re.compile(r"\b(?:a (?:little )?bit|a little|slightly|a tad|a touch)\b", re.IGNORECASE)
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
_PART_TOO = re.compile(
    r"(?:the |that |his |her |its |their )?(?P<what>[\w'-]+(?: [\w'-]+)?) (?:is|are|looks?|seems?)"
    r" (?:\w+ )?too (?:dark|bright|light|pale|dull|dim|colou?rful)\b.*",
    re.IGNORECASE,
)
_OTHER_ONE = re.compile(r"(?:and |now |ok )?(?:make |paint |turn )?the other(?: one)?\b.*", re.IGNORECASE)
_ONE_OF_MANY = re.compile(
    r"\bone of (?:them|the|those|these)\b"
    r"|\bthe (?:left|right|first|second|big|bigger|small|smaller) (?!picture|image)\w+",
    re.IGNORECASE,
)
_SHAPED = re.compile(
    r"make (?:it|this) (?:a (?:bit|little) )?(?:in |into )?(?:an? )?"
    r"(portrait|vertical|tall|landscape|horizontal|wide|wider|widescreen|square)"
    r"(?: (?:format|orientation|mode|picture|image|version|shape))?",
    re.IGNORECASE,
)
_SHAPES = {
    "vertical": "portrait", "tall": "portrait", "horizontal": "landscape", "wide": "landscape", "wider": "landscape",
    "widescreen": "16:9",
}  # fmt: skip
_AGAIN = re.compile(
    r"(?:(?:do|make|draw|paint|try) (?:the|that|my) (?P<what>[\w' -]{2,40}?) (?:again|once more|one more time)"
    r"|(?:redo|repaint|redraw) (?:the|that|my) (?P<other>[\w' -]{2,40}?))"
    r"(?:[\s,]+(?:but|only|just|except|this time)\b|(?=[\s,]+(?:with|without|in|at|as|on)\b))+[\s,]+(?P<change>.+)",
    re.IGNORECASE | re.DOTALL,
)
_TOLD = re.compile(r"(?:but )?i (?:said|told you|did say|asked for|meant) (?P<what>.+)", re.IGNORECASE)
_TRIED = re.compile(
    r"(?:(?:i(?:'d| would) (?:like|love) to |let me |let'?s )?(?:try|see|have|do)) (?:it|this|that)"
    r"(?: again)? (?P<what>(?:with|without|in|at|as|on) .+)",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"(?:take (?P<what>.+) (?:away|off|out)|(?:the )?[\w' -]+ (?:away|off|gone))(?: then)?", re.IGNORECASE
)
_AS_BIG = re.compile(
    r"(?:make|paint|have) the (?P<what>[\w'-]+) (?:about )?(?:twice|double|half|\w+ times) (?:as|the) \w+.*",
    re.IGNORECASE,
)
_THEM = re.compile(r"\bmake them (?:\w+ )?(?:smaller|bigger|larger)\b", re.IGNORECASE)
_FOUND_BAD = re.compile(
    r"(?:that|the|this|his|her|its|their|my) [\w' -]+ (?:is|are|was|were|looks?) [^.,;!?]+[.,;!?]+\s+[^.;!?]+",
    re.IGNORECASE,
)
_NOT_SO_BIG = re.compile(
    r"(?:not (?:that|so|as)|(?:way |far |much |a bit )?too) (?:big|large|huge|small|tiny)\b.*", re.IGNORECASE
)
_ONLY = re.compile(r"(?:just|only) (?P<what>(?:the|an?|one|my) [\w'-]+(?: [\w'-]+)?)", re.IGNORECASE)
_OF_ME = re.compile(
    r"(?:turn|change|transform|convert|morph) (?:me|us|myself) into .+"
    r"|.*\b(?:picture|image|portrait|photo|drawing|painting|cartoon|caricature|sketch) of (?:me|us|myself)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_NEEDS_A_PHOTO = "I cannot see you: drop a photo here (PNG, JPEG or WebP), and tell me what to make of it."
_MORE = re.compile(r"\b(?:and|then|plus|also)\b|[&,;]|\. ", re.IGNORECASE)
_ELSEWHEN = re.compile(
    r"\b(?:back|before|after|earlier|old|older|undo|instead of|again|redo|retry|another|once more|mean|meant)\b"
    r"|\b(?:no|nope|not)\b\W*,",
    re.IGNORECASE,
)
_THE = re.compile(
    r"\b(?:the|that|this|those|these|his|her|its|their|my|an?) (?=([\w'-]+(?: [\w'-]+){0,2}))", re.IGNORECASE
)
_PLACED = re.compile(
    r"\b(?:on|of|in|at|by|behind|under|over|above|below|near|beside|next to|in front of)\s+$", re.IGNORECASE
)
_STATED = re.compile(
    r"\b(?:(?:the|no|without(?: the| any)?|less|fewer) (?P<what>[\w'-]+(?: [\w'-]+)?)"
    r"|(?:make|have) (?:it|that|this) (?:\d|two|three|four|five|six) (?P<many>[\w'-]+))",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"\b(?:love\w*|lik\w+|nice\w*|great|good|cool|cute|perfect\w*|best|better|awesome|amazing|beautiful|wow|fab\w*|brilliant"
    r"|happy|sweet|works?|right|thank\w*|ye\w+|haha\w*|lol|funny|excellent|superb|pretty|gorgeous|sick|fire|wicked)\b",
    re.IGNORECASE,
)
_DRAWN = re.compile(
    r"(?:show|give|draw|make) me (?P<what>an? (?!(?:look|glimpse|peek|moment|second|version|variation)\b).+)",
    re.IGNORECASE,
)
_COMPLAINT = re.compile(
    r"(?:i|i'm|there|there's|that's|it's|is|are|why|what|the|that|this|those|these|his|her|its|their|my|an?)\b",
    re.IGNORECASE,
)
_ITS_ORDER = re.compile(
    r"(?:[,.;:!?-]+\s*|\b(?:and|but|so)\s+)"
    r"(?:(?:then|please|pls|just|now|so|and|but|can you|could you|let'?s|maybe)\s+)*"
    r"(?:take|get rid of|remove|lose|delete|ditch|drop|erase|scrap|make|turn|paint|colou?r|dye|give|move|put|swap"
    r"|replace|change|push|pull|shift|fix|straighten|hide|add|let|have|draw|bring|place)"
    r" (?:it|them|him|her)\b[^.;!?]*\W*$",
    re.IGNORECASE,
)


def corrected(scene: Scene, action: Action) -> Action:
    """The action, or what the sentence means instead.

    Every action is `tidied`; the rest is for a turn's first one only, as later ones are for `needless`.
    """
    action = tidied(scene, action)
    if not scene.steps and (wanted := _refused(scene, action)):
        return wanted
    if not scene.steps and not scene.shelf and action.name == "generate_image" and _OF_ME.fullmatch(_said(scene)):
        return Action(text=_NEEDS_A_PHOTO)
    if scene.steps or not scene.shelf:
        return action
    if ordered := _its_order(scene, action):
        return ordered
    if back := gone_back_to(scene, action):
        return Action("look_at_image", {"image": back})
    if wanted := _misheard(scene, action):
        return wanted
    for rule in (
        _thing_resized,
        _widened,
        _too_much,
        _the_other,
        _same_but,
        _again_but,
        _told_again,
        _done_already,
        _fragment,
        _one_of_them,
        _newest_of_its_line,
        _rather_it,
        _by_its_thing,
        _where_it_is,
        _asked,
    ):
        if better := rule(scene, action):
            return better
    return action


def _refused(scene: Scene, action: Action) -> Action | None:
    """ "I need a birthday card", "make a cartoon of it", "add my name": what is asked for is a picture, or a change."""
    if action.name or not action.text.startswith("I only make and change pictures"):
        return None
    said = _said(scene)
    if scene.shelf and (_MADE_OF_IT.fullmatch(said) or _ADDED.fullmatch(said)):
        return _edit(it_of(scene), said)
    found = _DRAWABLE.fullmatch(said)
    return Action("generate_image", {"prompt": found["what"]}) if found else None


def _misheard(scene: Scene, action: Action) -> Action | None:
    """ "Red hat" of a picture with a hat is no praise, and "show me a fox" asks for a new one."""
    said, it = _said(scene), it_of(scene)
    praised = not action.name and action.text.startswith("I am glad")
    if praised and not _PRAISE.search(scene.said) and telling(said) & shown_in(scene, it):
        return _edit(it, said)
    found = _DRAWN.fullmatch(said)
    looks = action.name == "look_at_image" and not action.args.get("question")
    return Action("generate_image", {"prompt": found["what"]}) if looks and found and "again" not in said else None


def _widened(scene: Scene, action: Action) -> Action | None:
    """ "Zoom out" is no cut, "move it left" no turn, "rotate it a bit" no right angle, and "portrait" is a shape."""
    said, operation = _said(scene), action.args.get("operation")
    if found := _SHAPED.fullmatch(said):
        shape = _SHAPES.get(found[1].lower(), found[1].lower())
        return Action("adjust_image", {"image": it_of(scene), "operation": "crop", "amount": shape})
    if action.name == "adjust_image" and operation in ("crop", "rotate", "resize") and _OUTWARDS.search(said):
        return _edit(action.args["image"], said)
    if operation == "rotate" and _MOVED.fullmatch(said):
        return _edit(action.args["image"], said)
    if operation == "rotate" and _SLIGHTLY.search(said) and not re.search(r"\d", said):
        left = str(action.args.get("amount", "")).startswith("-")
        return Action(action.name, {**action.args, "amount": "-10" if left else "10"})
    return None


def _too_much(scene: Scene, action: Action) -> Action | None:
    """ "No, that's too dark" asks for more light, whatever was asked for before, "the toes are too dark" for an edit."""
    operation, amount = str(action.args.get("operation", "")), str(action.args.get("amount", ""))
    if operation not in _TOO_MUCH or amount[:1] not in ("+", "-"):
        return None
    part = _PART_TOO.fullmatch(_said(scene))
    if part and not _OF_PICTURES.search(part["what"]) and telling(part["what"]) - _OF_ALL:
        return _edit(it_of(scene), _said(scene))
    way = "-" if amount[0] == "+" else "+"
    wrong = _TOO_MUCH if way == "-" else _TOO_LITTLE
    if not re.search(rf"\btoo (?:\w+ )?(?:{wrong[operation]})\b", scene.said, re.IGNORECASE):
        return None
    return Action(action.name, {**action.args, "amount": way + amount[1:]})


def _the_other(scene: Scene, action: Action) -> Action | None:
    """ "The other one white" after "make one of them black": not another picture is meant, but the other in this."""
    before = scene.past[-1].said if scene.past else ""
    if action.name != "edit_image" or not _OTHER_ONE.fullmatch(_said(scene)) or not _ONE_OF_MANY.search(before):
        return None
    return None if last_batch(scene.shelf) else _edit(it_of(scene), _said(scene))


def _edit(image: int, instruction: str) -> Action:
    return Action("edit_image", {"image": image, "instruction": instruction})


def _said(scene: Scene) -> str:
    """The sentence without its politeness."""
    return ENDING.sub("", OPENING.sub("", scene.said))


def _thing_resized(scene: Scene, action: Action) -> Action | None:
    """ "Make the cat bigger": not the picture is meant, but what it shows."""
    resizes = action.name == "upscale_image" or action.args.get("operation") == "resize"
    alone = not last_batch(scene.shelf)
    if resizes and (_NOT_SO_BIG.fullmatch(_said(scene)) or (alone and _THEM.search(scene.said))):
        return _edit(it_of(scene), _said(scene))
    if resizes and (found := _AS_BIG.fullmatch(_said(scene))):
        shown = [
            image for image in (it_of(scene), action.args["image"]) if telling(found["what"]) & shown_in(scene, image)
        ]
        return _edit(shown[0], _said(scene)) if shown else None
    first = _MORE.split(_said(scene))[0].strip()  # what comes after "and" is another step's
    if not resizes or not _SIZE.search(first):
        return None
    for handle in (it_of(scene), action.args["image"]):
        shown = shown_in(scene, handle)
        if telling(first) & shown and not _OF_PICTURES.search(_unpointed(first, shown)):
            return _edit(handle, first)
    return None


def _unpointed(said: str, shown: frozenset[str]) -> str:
    """The words without "that" before a thing that is shown: "that hat" calls no picture."""
    return _POINTING.sub(lambda found: "" if telling(found[1]) & shown else found[0], said)


def _newest_of_its_line(scene: Scene, action: Action) -> Action | None:
    """ "Without the hat", said of a picture whose first caption speaks of it: what it has become since is meant."""
    it, image = it_of(scene), action.args.get("image")
    changes = action.name in ("edit_image", "adjust_image", "upscale_image", "vary_image")
    if not changes or image == it or image not in line_of(scene, it) or _OF_PICTURES.search(scene.said):
        return None
    if _ELSEWHEN.search(scene.said):
        return None
    return Action(action.name, {**action.args, "image": it})


def _rather_it(scene: Scene, action: Action) -> Action | None:
    """ "Red hat", said of a cat with a hat though there is a red fox: but for colours, "it" has more of the words."""
    it, image = it_of(scene), action.args.get("image")
    changes = action.name in ("edit_image", "adjust_image") and not _AS_WELL.search(scene.said)
    if not changes or image == it or _OF_PICTURES.search(scene.said) or _ELSEWHEN.search(scene.said):
        return None
    said = telling(scene.said) - _COLOURS
    if len(said & shown_in(scene, it)) <= len(said & shown_in(scene, action.args["image"])):
        return None
    return Action(action.name, {**action.args, "image": it})


def _by_its_thing(scene: Scene, action: Action) -> Action | None:
    """ "Make the hat red", said of a cat with a hat though there is a red fox: the colour is no reason to ask which."""
    words = telling(scene.said)
    if action.name != "ask_user" or not words & _COLOURS or _OF_PICTURES.search(scene.said):
        return None
    shown = {image for word in words - _COLOURS if (image := newest_showing(scene, {word}))}
    return _edit(shown.pop(), _said(scene)) if len(shown) == 1 else None


def _where_it_is(scene: Scene, action: Action) -> Action | None:
    """ "No snow", said where the last picture shows none and one before it does: that one is meant."""
    it, stated = it_of(scene), [*_STATED.finditer(scene.said)]
    if (
        action.name != "edit_image"
        or action.args.get("image") != it
        or _OF_PICTURES.search(_STATED.sub("", scene.said))
    ):
        return None
    nouns = telling(" ".join(found["what"] or found["many"] for found in stated))
    if not nouns or nouns & shown_in(scene, it):
        return None
    elsewhere = {image for noun in nouns if (image := newest_showing(scene, {noun}))}
    return Action(action.name, {**action.args, "image": elsewhere.pop()}) if len(elsewhere) == 1 else None


def _its_order(scene: Scene, action: Action) -> Action | None:
    """ "I don't like the hat, take it off": the order begins with what it is about, and goes where that is shown."""
    said = ENDING.sub("", scene.said)
    found = _ITS_ORDER.search(said)
    resized = action.name == "upscale_image" or action.args.get("operation") in ("resize", "crop")
    if not found or not (action.name in ("edit_image", "look_at_image") or resized or "can't delete" in action.text):
        return None
    if not _COMPLAINT.match(OPENING.sub("", said)):
        return None
    before, instruction = said[: found.start()], str(action.args.get("instruction", ""))
    things = sorted(_THE.finditer(before), key=lambda the: (_PLACED.search(before[: the.start()]) is None, the.start()))
    for the in reversed(things):
        for noun in (telling(word) for word in the[1].split()):
            it, meant = it_of(scene), action.args.get("image")
            there = [image for image in (meant, it) if isinstance(image, int) and noun & shown_in(scene, image)]
            if image := next(iter(there), newest_showing(scene, noun)):
                whole = said[the.start() :]
                return None if len(instruction) >= len(whole) else _edit(image, whole)
    return None


def _same_but(scene: Scene, action: Action) -> Action | None:
    """ "The same but with a fox" of a picture that was edited: what was painted first is not its caption, so that only
    an edit keeps it."""
    found = _SAME_BUT.fullmatch(_said(scene))
    it = next((picture for picture in scene.shelf if picture.handle == it_of(scene)), None)
    if not found or it is None or it.kind in ("picture", "upload"):
        return None
    # "The same with the fox" does what was done to another picture; "with a fox" is another change.
    new = re.match(r"(?:with )?an? ", found["change"], re.IGNORECASE)
    copied = action.name == "edit_image" and new and action.args["instruction"] not in scene.said
    if action.name != "generate_image" and not copied:
        return None
    return _edit(it.handle, ENDING.sub("", found["change"]))


def _again_but(scene: Scene, action: Action) -> Action | None:
    """ "Do the fox again but in summer": the picture that is named is meant, not the last one."""
    found = _AGAIN.fullmatch(_said(scene))
    handle = newest_showing(scene, telling(found["what"] or found["other"])) if found else 0
    it = next((picture for picture in scene.shelf if picture.handle == handle), None)
    if not found or it is None or action.name not in ("generate_image", "edit_image", "vary_image"):
        return None
    if it.kind != "picture":
        return _edit(handle, found["change"])
    return Action("generate_image", {"prompt": f"{it.caption}, {found['change']}"})


def _told_again(scene: Scene, action: Action) -> Action | None:
    """ "I said no hat", "just the fox": no question about the picture that shows it, but an order."""
    said = _said(scene)
    told, it = _TOLD.fullmatch(said), it_of(scene)
    if action.name not in ("look_at_image", "generate_image"):
        return None
    if tried := _TRIED.fullmatch(said):
        return _edit(it, tried["what"])
    if action.name == "look_at_image" and _AWAY.fullmatch(said):
        return _edit(it, said)
    if not (found := told or _ONLY.fullmatch(said)):
        return None
    words, instruction = telling(found["what"]), found["what"] if told else said
    return _edit(it if words & shown_in(scene, it) else newest_showing(scene, words) or it, instruction)


def _done_already(scene: Scene, action: Action) -> Action | None:
    """ "Too many, just one", said of a picture with candles: what was done to it is not to be done once more."""
    instruction, image = str(action.args.get("instruction", "")), action.args.get("image")
    done = any(p.handle == image and p.kind == "edit" and p.caption == instruction for p in scene.shelf)
    if action.name != "edit_image" or not done or telling(instruction) & telling(scene.said):
        return None
    return None if _ELSEWHEN.search(scene.said) or _AS_WELL.search(scene.said) else _edit(it_of(scene), _said(scene))


def _fragment(scene: Scene, action: Action) -> Action | None:
    """ "How about at night", "that table is ugly. marble please": so little is no picture to paint, but a change."""
    prompt = str(action.args.get("prompt", ""))
    if action.name != "generate_image":
        return None
    if _FOUND_BAD.fullmatch(_said(scene)) and len(prompt.split()) <= 3:
        return _edit(it_of(scene), _said(scene))
    return _edit(it_of(scene), prompt) if _FRAGMENT.fullmatch(prompt) else None


def _one_of_them(scene: Scene, action: Action) -> Action | None:
    """ "Make one of them pink" where one picture is spoken of: things in it are meant."""
    alone = not last_batch(scene.shelf) or any(picture.selected for picture in scene.shelf)
    if action.name not in ("ask_user", "edit_image") or not alone or not _ONE_OF.search(scene.said):
        return None
    return _edit(it_of(scene), _said(scene))


def _asked(scene: Scene, action: Action) -> Action | None:
    """ "Describe it", "how big is it": the sentence itself is the question; without one a picture is shown again."""
    if action.name != "look_at_image" or action.args.get("question") or _SHOWN_AGAIN.match(_said(scene)):
        return None
    return Action(action.name, {**action.args, "question": _said(scene)})


def gone_back_to(scene: Scene, action: Action) -> int:
    """The picture that a sentence only goes back to ("back to the one before the hat"), 0 if it asks for more.

    The one that it calls by number or place, else the one that was to be changed. What the shelf alone decides is for
    `models.returning`.
    """
    if scene.steps or not _BACK_TO.fullmatch(scene.said) or _AND_MORE.search(scene.said):
        return 0
    called = [handle for handle, (number, place, _) in named(scene).items() if handle and (number or place)]
    meant = called[0] if len(called) == 1 else action.args.get("image", 0)
    return meant if isinstance(meant, int) else 0


def needless(scene: Scene, action: Action) -> bool:
    """Whether a call has no place in its turn: it was made already, or it goes one picture too far.

    Too far is the same call on yet another picture where the sentence calls two or more by number or place ("the last
    two", "#1 and #3", "all") and this is none of them.
    """
    if not scene.steps or not action.name:
        return False
    if any((step.name, step.args) == (action.name, action.args) for step in scene.steps):
        return True
    image = action.args.get("image")
    row = {handle for handle, (number, place, _) in named(scene).items() if handle and (number or place)}
    made = {handle for step in scene.steps for handle in step.pictures}
    again = all((step.name, _but_image(step.args)) == (action.name, _but_image(action.args)) for step in scene.steps)
    return again and len(row) > 1 and image is not None and image not in row | made


def _but_image(args: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in args.items() if name != "image"}
