"""Which picture is meant where the network took another: the newest of its line, "it", or the one with the thing.

Each rule gives the action that a sentence means instead of the one that was decided, or None.
"""

from __future__ import annotations

import re

from models.chat.conversation import Action, Scene, but_image, called_in, it_of, last_batch, named, places_in, telling
from models.chat.ellipsis import repeated
from models.chat.exactness import OF_PICTURES
from models.chat.lines import line_of, newest_showing, several_in, shown_in
from models.chat.returning import chooses
from models.english.patterns import NUMERALS, regex
from models.english.politeness import ENDING, bare

_SAME_BUT = regex(
    r"\W*(?:(?:the|do the|make the) )?(?:very |exact )?same(?: (?:thing|one|picture|image|again|scene))?\W+"
    r"(?:(?:but|only|just|except)(?: now)?\W+|(?=(?:with|without|in|at|as) ))(?P<change>.+)",
    re.IGNORECASE | re.DOTALL,
)
_WITHOUT_IT = regex(
    r"(?:[\w' ,-]*\W)?(?:without|w/o|minus|sans) (?:the |that |those |his |her |any )?(?P<what>[\w' -]+?)"
    r"(?: please| pls| now| this time| too)*"
    r"(?:[\s,;.:–-]+(?:(?:because|cause|as|since) )?(?:i|she|he|it|they|we|that|there|you)\b[^,;.!?]*)?\W*",
)
_TRADED = regex(r"\b(?:instead of|rather than|in place of)\b")
_COLOURS = frozenset(
    "red orange yellow green blue purple pink brown black white grey gray golden silver big small little dark".split()
)
_AS_WELL = regex(r"\b(?:too(?! \w)|also|as well|same|likewise|again)\b")
_OTHER_ONE = regex(r"(?:and |now |ok )?(?:make |paint |turn )?the other(?: one)?\b.*")
_ONE_OF_MANY = regex(
    r"\bone of (?:them|the|those|these)\b"
    r"|\bthe (?:left|right|first|second|big|bigger|small|smaller) (?!picture|image)\w+",
)
_AT_A_SIDE = regex(r"\bthe (?:(?:left|right)(?:most)? one|one on the (?:far )?(?:left|right))\b")
_AGAIN = regex(
    r"(?:(?:do|make|draw|paint|try) (?:the|that|my) (?P<what>[\w' -]{2,40}?) (?:again|once more|one more time)"
    r"|(?:redo|repaint|redraw) (?:the|that|my) (?P<other>[\w' -]{2,40}?))"
    r"(?:[\s,]+(?:but|only|just|except|this time)\b|(?=[\s,]+(?:with|without|in|at|as|on)\b))+[\s,]+(?P<change>.+)",
    re.IGNORECASE | re.DOTALL,
)
_ELSEWHEN = regex(
    r"\b(?:back|before|after|earlier|old|older|undo|instead of|again|redo|retry|another|once more|mean|meant|revert"
    r"|beginning|prior|previous|reattempt|pre-?\w+)\b|\b(?:no|nope|not)\b\W*,",
)
_DEFINITE = regex(
    r"[#\d]|\b(?:the|that|this|those|these|his|her|its|their|my|our|your|he|she|him|they|them|it|ones?|both|all|other|others"
    r"|each|every|first|second|third|last|again|also|too|same|back|before|earlier|rather|instead|pictures?|pics?|images?|photos?|versions?)\b"
)
"""What may speak of a picture, or of something in one."""
_STATED = regex(
    r"\b(?:(?:the|no|without(?: the| any)?|less|fewer) (?P<what>[\w'-]+(?: [\w'-]+)?)"
    rf"|(?:make|have) (?:it|that|this) (?:\d|{NUMERALS}) (?P<many>[\w'-]+))",
)
_BOTH = regex(r"\bboth\b(?! (?:of )?(?:the |these |those |my )?(?:pictures|images|photos|pics|versions|ones))")
_SEVERAL = regex(
    r"[\d&,;:/+]|\b(?:and|n|plus|also|too|as well|then (?=\w)|(?<!after )(?<!at )all|both|each|every\w*|th?em|these"
    r"|those|others?|rest|lot|whole|set|pair|batch|stack|two|three|four|five|six|seven|eight|pictures|images|photos|pics"
    r"|versions|variations|ones|next to)\b",
)
_SAME_WORDS = 9  # of a sentence that asks for nothing but the same again
_SHORT = 6  # words of a sentence that orders one thing
_TWO = regex(r"\b(?:two|2|a (?:pair|couple) of) [a-z'-]+")
_UNKNOWN = regex(r"(?:I see|There is) no (?:picture with )?(?P<thing>[\w' -]+?)(?: picture)?\. Which one")
_ASKED_ABOUT = regex(r"What should change in #(\d+)\?", re.NOFLAG)
_AFRESH = regex(r"\b(?:draw|paint|generate|create|new|another|instead|never ?mind|forget)\b")
_PICTURE = r"(?:one|picture|image|pic|photo|painting|drawing)"
_HERE = rf"\b(?:(?:this|that|the)(?: {_PICTURE})? here(?: one)?|the current {_PICTURE})\b"
_POINTED = regex(_HERE)
_AT_IT = regex(rf"\s*\b(?:in|on|to|into|onto|for|of|from) {_HERE}")
_ANY = regex(
    r"(?:\b(?:vary|crop|keep|rotate|turn|flip|mirror|upscale|enlarge|shrink|resize|blur|sharpen|brighten|darken|edit"
    r"|change|variations?|versions?|half|part)\b.*\b(?:an?|some|any) (?:picture|image|pic|photo)"
    r"|^(?:a|some) (?:picture|image|pic|photo) (?:is|looks|needs))\b"
    r"(?! (?:of|with|from|that|where|about|i|you|called|showing))",
)
_AGAIN_SO = r"(?:the )?same(?: thing)?|that|this|it|also|plus|again|likewise|ditto|and|now|how about|what about"
_SAME_TOO = regex(
    r"(?:(?:please|and|now|then|ok|well|um+|so|do|apply|repeat|again|also|plus|likewise|ditto)\W+)*"
    rf"(?:(?:the )?exact(?:ly)? )?(?:{_AGAIN_SO})\b.*|.*\b(?:too|as well|also|likewise|next)",
)
_CHANGES = regex(
    r"(?!.*\b(?:ones?|pictures?|images?|photos?|pics?)\b)"
    r"(?:make|let|have|give|put|add|turn|paint|colou?r|dye|move|remove|take|swap|change|replace|the|his|her|its)\b",
)


def asked_about(scene: Scene, action: Action) -> Action | None:
    """An answer to "What should change in #1?" is about #1, unless it calls another by number or place."""
    before = scene.past[-1].steps[-1:] if scene.past else ()
    asked = _ASKED_ABOUT.fullmatch(str(before[0].args.get("question", ""))) if before else None
    if not asked or action.name not in ("edit_image", "generate_image") or scene.on_shelf(int(asked[1])) is None:
        return None
    if (
        called_in(scene)
        or action.args.get("image") == int(asked[1])
        or action.args.keys() - {"image", "instruction", "prompt", "strength"}
        or (action.name == "generate_image" and _AFRESH.search(scene.said))
    ):
        return None
    return Action.edit(int(asked[1]), str(action.args.get("instruction", action.args.get("prompt"))))


def pointed_at(scene: Scene, action: Action) -> Action | None:
    """ "Put a hat on this one here": the picture in front, which is no part of the instruction."""
    if "image" not in action.args or called_in(scene) or len(_POINTED.findall(scene.said)) != 1:
        return None
    args = {**action.args, "image": it_of(scene)}
    if action.name == "edit_image":
        args["instruction"] = _POINTED.sub("it", _AT_IT.sub("", str(args["instruction"])))
    return Action(action.name, args) if args != action.args else None


def any_picture(scene: Scene, action: Action) -> Action | None:
    """ "Crop a picture", where there are several: which one is asked."""
    handles = sorted(picture.handle for picture in scene.shelf)
    if (
        action.name == "edit_image"
        or "image" not in action.args
        or len(handles) < 2
        or not _ANY.search(bare(scene.said))
    ):
        return None
    return Action("ask_user", {"question": "Which one do you mean?", "choices": [f"#{handle}" for handle in handles]})


def the_same_too(scene: Scene, action: Action) -> Action | None:
    """ "And the same for #3", of what was just done: in every other respect it is the same call."""
    steps = scene.past[-1].steps if scene.past else ()
    if len(steps) != 1 or steps[0].name != action.name or "image" not in action.args or action.name == "edit_image":
        return None
    before = but_image(steps[0].args)
    if action.args["image"] in (steps[0].args.get("image"), *steps[0].pictures) or but_image(action.args) == before:
        return None
    short = len(scene.said.split()) <= _SAME_WORDS and _SAME_TOO.fullmatch(bare(scene.said))
    return Action(action.name, {"image": action.args["image"], **before}) if short else None


def the_other(scene: Scene, action: Action) -> Action | None:
    """ "The other one white" after "make one of them black": not another picture is meant, but the other in this."""
    before = scene.past[-1].said if scene.past else ""
    if action.name != "edit_image" or not _OTHER_ONE.fullmatch(bare(scene.said)) or not _ONE_OF_MANY.search(before):
        return None
    return None if last_batch(scene.shelf) else Action.edit(it_of(scene), bare(scene.said))


def at_a_side(scene: Scene, action: Action) -> Action | None:
    """ "The left one golden", said of a picture that stands alone: none is to the left, but a thing in it."""
    said = _AT_A_SIDE.search(scene.said)
    if action.name != "edit_image" or not said or last_batch(scene.shelf):
        return None
    if action.args["image"] != it_of(scene) or said.group().lower() in str(action.args["instruction"]).lower():
        return None
    return Action.edit(it_of(scene), bare(scene.said))


def both_in_it(scene: Scene) -> bool:
    """Whether "both" are two of a kind in the picture, and no two pictures."""
    it = it_of(scene)
    two = several_in(scene, it, "2") or bool(_TWO.search(" ".join(_captions(scene, it))))
    return bool(_BOTH.search(scene.said)) and len(last_batch(scene.shelf)) != 2 and two


def both_of_them(scene: Scene, action: Action) -> Action | None:
    """ "Both with hats", said of a picture of two cats: no other picture is meant."""
    if action.name != "edit_image" or not both_in_it(scene):
        return None
    short = len(scene.said.split()) <= _SHORT and "both" not in str(action.args["instruction"]).lower()
    return Action.edit(it_of(scene), bare(scene.said)) if short or action.args["image"] != it_of(scene) else None


def one_only(scene: Scene, action: Action) -> bool:
    """Whether a sentence that asks for an edit speaks of one picture: none but the one that was edited is meant."""
    before = [handle for turn in scene.past[-1:] for step in turn.steps for handle in step.pictures]
    batch = last_batch(scene.shelf) or (before if len(before) > 1 else [])
    several = _SEVERAL.search(bare(scene.said)) is not None and not both_in_it(scene)
    return action.name == "edit_image" and not several and action.args.get("image") not in batch


def _captions(scene: Scene, handle: int) -> list[str]:
    """What was asked for of a picture that nothing looked at, from its line."""
    it = scene.on_shelf(handle)
    if it is None or it.shows:
        return []
    return [picture.caption for picture in scene.shelf if picture.handle in line_of(scene, handle)]


def of_its_things(scene: Scene, action: Action) -> Action | None:
    """ "Make the dog sit", said of a picture that shows one though its caption says "retriever": no reason to ask."""
    unknown = _UNKNOWN.match(str(action.args.get("question", ""))) if action.name == "ask_user" else None
    thing = telling(unknown["thing"]) if unknown else frozenset[str]()
    it = it_of(scene)
    if not thing or not thing <= shown_in(scene, it) or not _CHANGES.match(bare(scene.said)):
        return None
    return Action.edit(it, bare(scene.said))


def newest_of_its_line(scene: Scene, action: Action) -> Action | None:
    """ "Without the hat", said of a picture whose first caption speaks of it: what it has become since is meant."""
    it, image = it_of(scene), action.args.get("image")
    changes = action.name in ("edit_image", "adjust_image", "upscale_image", "vary_image")
    if not changes or image == it or image not in line_of(scene, it) or OF_PICTURES.search(scene.said):
        return None
    picture = scene.on_shelf(it)
    beside = telling(scene.said) - telling(str(action.args.get("instruction", "")))
    taken_back = picture is not None and image in picture.parents and beside & telling(picture.caption)
    if _ELSEWHEN.search(scene.said) or taken_back:
        return None
    return Action(action.name, {**action.args, "image": it})


def of_what_was_made(scene: Scene, action: Action) -> Action | None:
    """ "Square and without the alien": the second change is one of what the first made, not of what that was made
    from."""
    changes = action.name in ("edit_image", "adjust_image", "upscale_image", "vary_image")
    last = scene.steps[-1] if scene.steps else None
    if changes and last is not None and len(last.pictures) > 1 and action.args["image"] in last.pictures:
        places = places_in(scene.said.lower(), len(last.pictures))
        if len(places) == 1 and (place := min(places)) < len(last.pictures):  # "and upscale the third one"
            return Action(action.name, {**action.args, "image": last.pictures[place]})
    if not changes or last is None or len(last.pictures) != 1 or OF_PICTURES.search(scene.said):
        return None
    image, of = action.args["image"], last.args.get("image")
    again = action.name == last.name and action.args == last.args  # which is not needed
    if again or of is None or image not in line_of(scene, of) or _ELSEWHEN.search(scene.said):
        return None
    return Action(action.name, {**action.args, "image": last.pictures[0]})


def without_what_it_shows(scene: Scene, action: Action) -> Action | None:
    """ "And now w/o the turtle", where the network only did again what was done before, or went back to where more is
    lost than that."""
    found, it = _WITHOUT_IT.fullmatch(bare(scene.said)), scene.on_shelf(it_of(scene))
    if not found or it is None or not (what := telling(found["what"])) <= shown_in(scene, it.handle):
        return None
    if action.name == "look_at_image" and not action.args.get("question"):
        back = action.args["image"]
        if back in it.parents and not what <= shown_in(scene, back):
            return action
    elif action.name != "edit_image" or telling(str(action.args["instruction"])) & telling(scene.said):
        return None
    return Action.edit(it.handle, f"remove the {found['what']}")


def rather_it(scene: Scene, action: Action) -> Action | None:
    """ "Red hat", said of a cat with a hat though there is a red fox: but for colours, "it" has more of the words."""
    it, image = it_of(scene), action.args.get("image")
    changes = action.name in ("edit_image", "adjust_image") and not _AS_WELL.search(scene.said)
    if not changes or image == it or OF_PICTURES.search(scene.said) or _ELSEWHEN.search(scene.said):
        return None
    wanted = str(action.args.get("instruction", scene.said))
    if not telling(wanted) & telling(scene.said):  # what was done before, to another picture
        return None
    said, whole = telling(wanted) - _COLOURS, telling(scene.said) - _COLOURS
    shown, other = shown_in(scene, it), shown_in(scene, action.args["image"])
    here, there, calls_other = said & shown, said & other, (whole - said) & other - shown
    if not here or len(here) < len(there) or calls_other or (len(here) == len(there) and here != there):
        return None
    return Action(action.name, {**action.args, "image": it})


def none_other(scene: Scene, action: Action) -> Action | None:
    """ "Oops i meant a fox" of the newest of several cats: where nothing is said of another picture, "it" is meant."""
    it, image = it_of(scene), int(action.args.get("image") or 0)
    changes = action.name in ("edit_image", "adjust_image", "upscale_image")
    asked = any(step.name == "ask_user" for turn in scene.past[-1:] for step in turn.steps)
    if not changes or asked or image in (0, it) or image in line_of(scene, it) or _DEFINITE.search(scene.said):
        return None
    said = telling(scene.said)
    if any(named(scene).get(image, ())) or said & shown_in(scene, image) - shown_in(scene, it):
        return None
    if not telling(str(action.args.get("instruction", ""))) & said:
        return None
    return Action(action.name, {**action.args, "image": it})


def by_its_thing(scene: Scene, action: Action) -> Action | None:
    """ "Make the hat red", said of a cat with a hat though there is a red fox: the colour is no reason to ask which."""
    words = telling(scene.said)
    if action.name != "ask_user" or not words & _COLOURS or OF_PICTURES.search(scene.said):
        return None
    shown = {image for word in words - _COLOURS if (image := newest_showing(scene, {word}))}
    return Action.edit(shown.pop(), bare(scene.said)) if len(shown) == 1 else None


def where_it_is(scene: Scene, action: Action) -> Action | None:
    """ "No snow", said where the last picture shows none and one before it does: that one is meant."""
    it, stated = it_of(scene), [*_STATED.finditer(scene.said)]
    if action.name != "edit_image" or action.args.get("image") != it or OF_PICTURES.search(_STATED.sub("", scene.said)):
        return None
    stated = [found for found in stated if found[0].lower() in str(action.args["instruction"]).lower()]
    nouns = telling(" ".join(found["what"] or found["many"] for found in stated))
    if not nouns or nouns & shown_in(scene, it):
        return None
    elsewhere = {image for noun in nouns if (image := newest_showing(scene, {noun}))}
    if len(elsewhere) != 1 or elsewhere & line_of(scene, it):  # what is gone since may be wanted again, here
        return None
    return Action(action.name, {**action.args, "image": elsewhere.pop()})


def same_but(scene: Scene, action: Action) -> Action | None:
    """ "The same but with a fox" of a picture that was edited: what was painted first is not its caption, so that only
    an edit keeps it."""
    found = _SAME_BUT.fullmatch(bare(scene.said))
    it = scene.on_shelf(it_of(scene))
    if not found or it is None or (it.kind in ("picture", "upload") and not _TRADED.search(found["change"])):
        return None
    # "The same with the fox" does what was done to another picture; "with a fox" is another change.
    new = re.match(r"(?:with )?an? ", found["change"], re.IGNORECASE)
    copied = action.name == "edit_image" and new and action.args["instruction"] not in scene.said
    if action.name != "generate_image" and not copied:
        return None
    return Action.edit(it.handle, ENDING.sub("", found["change"]))


def again_but(scene: Scene, action: Action) -> Action | None:
    """ "Do the fox again but in summer": the picture that is named is meant, not the last one."""
    found = _AGAIN.fullmatch(bare(scene.said))
    handle = newest_showing(scene, telling(found["what"] or found["other"])) if found else 0
    it = scene.on_shelf(handle)
    if not found or it is None or action.name not in ("generate_image", "edit_image", "vary_image"):
        return None
    if it.kind != "picture":
        return Action.edit(handle, found["change"])
    if action.args.get("negative_prompt"):
        return None
    return Action("generate_image", {"prompt": f"{it.caption}, {found['change']}"})


def done_already(scene: Scene, action: Action) -> Action | None:
    """ "Too many, just one", said of a picture with candles: what was done to it is not to be done once more; nor is
    what was done before where a picture is only chosen ("the swans one, that's the winner")."""
    if action.name != "edit_image" or _ELSEWHEN.search(scene.said) or _AS_WELL.search(scene.said):
        return None
    instruction, image = str(action.args["instruction"]), scene.on_shelf(action.args["image"])
    done = image is not None and image.kind == "edit" and image.caption == instruction
    if telling(instruction) & telling(scene.said):
        return None
    if (done or repeated(scene, action)) and chooses(scene.said):
        return Action("look_at_image", {"image": action.args["image"]})
    return Action.edit(it_of(scene), bare(scene.said)) if done else None
