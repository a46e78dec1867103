"""Which picture is meant where the network took another: the newest of its line, "it", or the one with the thing.

Each rule gives the action that a sentence means instead of the one that was decided, or None.
"""

from __future__ import annotations

import re

from models.chat.conversation import (
    Action,
    Scene,
    asks_for,
    batch_of,
    but_image,
    called_in,
    it_of,
    places_in,
    telling,
)
from models.chat.ellipsis import repeated, single
from models.chat.exactness import OF_PICTURES
from models.chat.lines import called_by, counts_in, line_of, newest_showing, several_in, shown_in
from models.chat.returning import chooses
from models.english.naming import COLOUR_WORDS, Names, with_article
from models.english.patterns import NUMERALS, regex
from models.english.pictures import PICTURE, PICTURES
from models.english.politeness import ENDING, bare
from models.english.subjects import brought_by, season_in
from models.scene.removals import spared
from models.scene.seasons import SEASONS

_SAME_BUT = regex(
    r"\W*(?:(?:the|do the|make the) )?(?:very |exact )?same(?: (?:thing|one|picture|image|again|scene))?\W+"
    r"(?:(?:but|only|just|except)(?: now)?\W+|(?=(?:with|without|in|at|as) ))(?P<change>.+)",
    re.IGNORECASE | re.DOTALL,
)
_WITHOUT_IT = regex(
    r"(?:(?:[\w' ,-]*\W)?(?:without|w/o|minus|sans)"
    r"|(?:(?:actually|but|and|now|ok|then)\W+)*no(?: more|\W+not)?) "
    r"(?:the |that |those |his |her |any )?(?P<what>[\w' -]+?)"
    r"(?: please| pls| now| this time| too)*"
    r"(?:[\s,;.:–-]+(?:(?:because|cause|as|since) )?(?:i|she|he|it|they|we|that|there|you)\b[^,;.!?]*)?\W*",
)
_TRADED = regex(r"\b(?:instead of|rather than|in place of)\b")
_QUALITIES = frozenset((*COLOUR_WORDS.split("|"), "big", "small", "little", "dark"))
_COLOURED_THING = regex(rf"\bthe (?P<what>(?:{COLOUR_WORDS}) [\w'-]+)")
_AS_WELL = regex(r"\b(?:too(?! \w)|also|as well|same|likewise|again)\b")
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
_SOMEWHERE = (
    r"(?:(?:far|very|upper|lower|top|bottom)\W+)*(?:left|right|top|bottom|middle|cent(?:er|re)|corner|side|edge|front"
    r"|back|background|foreground|distance|horizon)\b"
)
_STATED = regex(
    rf"\b(?:(?:the(?! {_SOMEWHERE})|no|without(?: the| any)?|less|fewer) (?P<what>[\w'-]+(?: [\w'-]+)?)"
    rf"|(?:make|have) (?:it|that|this) (?:\d|{NUMERALS}) (?P<many>[\w'-]+))",
)
_BOTH = regex(r"\bboth\b(?! (?:of )?(?:the |these |those |my )?(?:pictures|images|photos|pics|versions|ones))")
_BOTH_OF = regex(r"(?:(?:make|turn|paint|dye|give) )?both (?:of )?(?:the )?(?P<what>[\w'-]+s)\b")
_SEVERAL = regex(
    r"[\d&,;:/+]|\b(?:and|n|plus|also|too|as well|then (?=\w)|(?<!after )(?<!at )all|both|each|every\w*|th?em|these"
    r"|those|others?|rest|lot|whole|set|pair|batch|stack|two|three|four|five|six|seven|eight|pictures|images"
    r"|photos|pics"
    r"|versions|variations|ones|next to)\b",
)
_SHORT = 6  # words of a sentence that orders one thing
_TWO = regex(r"\b(?:two|2|a (?:pair|couple) of) [a-z'-]+")
_UNKNOWN = regex(r"(?:I see|There is) no (?:picture with )?(?P<thing>[\w' -]+?)(?: picture)?\. Which one")
_ASKED_ABOUT = regex(r"What should change in #(\d+)\?", re.NOFLAG)
_AFRESH = regex(r"\b(?:draw|paint|generate|create|new|another|instead|never ?mind|forget)\b")
_PICTURE = f"(?:one|{PICTURE})"
_HERE = rf"\b(?:(?:this|that|the)(?: {_PICTURE})? here(?: one)?|the current {_PICTURE})\b"
_POINTED = regex(_HERE)
_AT_IT = regex(rf"\s*\b(?:in|on|to|into|onto|for|of|from) {_HERE}")
_ANY = regex(
    r"(?:\b(?:vary|crop|keep|rotate|turn|flip|mirror|upscale|enlarge|shrink|resize|blur|sharpen|brighten|darken|edit"
    r"|change|variations?|versions?|half|part)\b.*\b(?:an?|some|any) (?:picture|image|pic|photo)"
    r"|^(?:a|some) (?:picture|image|pic|photo) (?:is|looks|needs))\b"
    r"(?! (?:of|with|from|that|where|about|i|you|called|showing))",
)
_IT_ALONE = regex(rf"\bit\b|\b(?:this|that)(?: {_PICTURE}\b|(?=\W*$))")
_DRAWN_LIKE = regex(
    rf"(?:draw|paint|make|create)(?: me)? (?P<what>(?:an?|some|{NUMERALS}|\d) [\w' -]+?) (?:just )?like "
    rf"(?:it|(?:this|that)(?: {_PICTURE})?)"
)
_AGAIN_SO = r"(?:the )?same(?: thing)?|that|this|it|also|plus|again|likewise|ditto|and|now|how about|what about"
_SAME_TOO = regex(
    r"(?:(?:and|now|then|so|do|apply|repeat|again|also|plus|likewise|ditto)\W+)*"
    rf"(?:(?:the )?exact(?:ly)? )?(?:{_AGAIN_SO})\b.*|.*\b(?:too|as well|also|likewise|next)",
)
_ONCE_MORE = regex(
    r"\b(?:too|also|as well|same|again|likewise|ditto|and|now|next|do|this|it|that|how about|what about|more|plus"
    r"|all|each"
    r"|both|every\w*|them|others?|rest|meant?|\d ?x|twice)\b"
)
_QUESTION = regex(r"\?|^\W*(?:is|are|does|do|why|what|which|who|how)\b")
_TIMES = regex(r"\b\d ?x\b|\btwice\b")
_NOT_THAT = regex(r"\bnot (?:that|this) one\b|\bof (?:them|those|these)\b")
_POINTS = regex(
    r"(?:(?:no|not (?:that|this) one|none of (?:them|those|these))\W+)?"
    r"(?:(?:i(?:'ll| will|'d)? )?(?:like|love|prefer|take|pick|choose|want|go with|(?:go )?back to|let'?s (?:take"
    r"|go with)) )?"
    r"(?:(?:#|number |no\.? )?(?P<number>\d{1,2})|(?:(?:the|that|my) )?(?:very )?(?:first|second|third|fourth"
    r"|fifth|sixth|last|latest"
    rf"|newest|left|right|middle)(?: {_PICTURE})?)(?: (?:most|best|more|better|again|instead|of (?:them"
    rf"|those)))*",
)
_TOO = regex(
    r"(?P<make>make )?(?:the |my )?(?P<what>[\w'-]+) (?P<how>(?:in|at|with|as|on|under) .+|[\w'-]+) (?:too"
    r"|as well|also)"
)
_CHANGES = regex(
    r"(?!.*\b(?:ones?|pictures?|images?|photos?|pics?)\b)"
    r"(?:make|let|have|give|put|add|turn|paint|colou?r|dye|move|remove|take|swap|change|replace|the|his|her|its)\b",
)


_A_PICTURE = regex(rf"[#\d]|\b(?:ones?|{PICTURE}|{PICTURES})\b")
_MORE_THAN_THAT = regex(r"[,;:]|[.!?]\s|\b(?:and|with|but|then|instead|keep)\b")
"""What makes of the order of a season more than that."""
_HERE_TOO = regex(r"(?: (?:there|here|too|also|as well|(?:to|in|on|into) (?:it|this|that|there|here)))+")
_BRINGS = regex(
    r"(?:(?:and|now|then|also)\W+)*"
    r"(?:(?:add|put|place|bring|move|copy|draw|paint|include)(?: (?:there|here|in|also))*"
    r"|(?:give|get) (?:it|him|her|them|this)) "
    r"(?P<whole>(?:an?|some|(?P<the>the|that|my)) (?P<what>(?:(?!(?:in|on|at|to|into|onto|next|with|beside|behind"
    r"|before|under|over|above|below|by|near|for|from|of|there|here|too|also|as|between|around|please|pls)\b)"
    r"[\w',&-]+ ?)+))(?<! )(?P<where> .+)?"
)
"""What comes to a picture, and where."""
_DRAWS = regex(r"(?:(?:and|now|then|also)\W+)*(?:draw|paint)\b")
_TAKEN_OVER = regex(
    r"(?:(?:and|now)\W+)*(?:take|get|grab|cut|copy|use) (?:the|that|my) (?P<what>[\w'-]+(?: [\w'-]+)?) "
    r"(?:from|out of|of|in) .+?(?:,? and(?: then)?|,? then|,) (?:put|place|set|add|bring|move) (?:it|him|her|them) "
    r"(?P<where>(?:in|on|into|onto|to|at|next to|beside|with|by|behind|under) .+)"
)
"""What is taken from one picture to where another is."""
_UNCLEAR = "I did not understand that. Tell me what to draw or what to change."
_SAME_WORDS = 9  # of a sentence that asks for nothing but the same again


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


def one_of_those_that_came(scene: Scene, action: Action) -> Action | None:
    """ "Make it brighter", which came with several uploads: which of them is asked."""
    came = scene.together
    called = called_in(scene) not in ([], [*scene.came])  # which "all the best!" calls too
    if len(came) < 2 or "image" not in action.args or called or not _IT_ALONE.search(scene.said):
        return None
    *others, last = (f"#{handle}" for handle in came)
    ones = (*others, last, f"{', '.join(others)} and {last}")
    choices = [_IT_ALONE.sub(one, bare(scene.said), count=1) for one in ones]
    return Action("ask_user", {"question": "Which one do you mean?", "choices": choices})


def drawn_like_it(scene: Scene, action: Action) -> Action | None:
    """ "Draw a dog like this one", of a picture that shows none: a new picture, and no variation of it."""
    found = _DRAWN_LIKE.fullmatch(bare(scene.said)) if action.name == "vary_image" else None
    if not found or not Names.shipped().said(found["what"]):
        return None
    shown = telling(found["what"]) & shown_in(scene, int(action.args["image"]))
    return None if shown else Action("generate_image", {"prompt": found["what"]})


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


def both_in_it(scene: Scene) -> bool:
    """Whether "both" are two of a kind in the picture, and no two pictures."""
    it = it_of(scene)
    two = several_in(scene, it, "2") or bool(_TWO.search(" ".join(_captions(scene, it))))
    return bool(_BOTH.search(scene.said)) and len(batch_of(scene)) != 2 and two


def both_of_them(scene: Scene, action: Action) -> Action | None:
    """ "Both with hats", said of a picture of two cats: no other picture is meant."""
    if action.name == "edit_image" and (found := _BOTH_OF.match(bare(scene.said))) and not both_in_it(scene):
        pairs = [p.handle for p in scene.shelf if counts_in(p)[single(found["what"].lower())] == 2]
        return Action.edit(pairs[0], bare(scene.said)) if len(pairs) == 1 else None
    if action.name != "edit_image" or not both_in_it(scene):
        return None
    short = len(scene.said.split()) <= _SHORT and "both" not in str(action.args["instruction"]).lower()
    return Action.edit(it_of(scene), bare(scene.said)) if short or action.args["image"] != it_of(scene) else None


def one_only(scene: Scene, action: Action) -> bool:
    """Whether a sentence that asks for an edit speaks of one picture: none but the one that was edited is meant."""
    before = [handle for turn in scene.past[-1:] for step in turn.steps for handle in step.pictures]
    batch = batch_of(scene) or (before if len(before) > 1 else [])
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
    elif action.name == "edit_image":
        instruction = str(action.args["instruction"])
        once_more = instruction.lower() not in scene.said.lower() and "no " not in instruction
        if telling(instruction) & telling(scene.said) and not (once_more and _done_before(scene, instruction)):
            return None
    elif action.name != "look_at_image" or _QUESTION.search(scene.said):
        return None
    return Action.edit(it.handle, f"remove the {found['what']}")


def _done_before(scene: Scene, instruction: str) -> bool:
    """Whether an earlier turn asked for an edit in these words."""
    return any(step.args.get("instruction") == instruction for turn in scene.past for step in turn.steps)


def rather_it(scene: Scene, action: Action) -> Action | None:
    """ "Red hat", said of a cat with a hat though there is a red fox: but for colours, "it" has more of the words."""
    it, image = it_of(scene), action.args.get("image")
    changes = action.name in ("edit_image", "adjust_image") and not _AS_WELL.search(scene.said)
    if not changes or image == it or OF_PICTURES.search(scene.said) or _ELSEWHEN.search(scene.said):
        return None
    wanted = str(action.args.get("instruction", scene.said))
    if not telling(wanted) & telling(scene.said):  # what was done before, to another picture
        return None
    said, whole = telling(wanted) - _QUALITIES, telling(scene.said) - _QUALITIES
    shown, other = shown_in(scene, it), shown_in(scene, action.args["image"])
    here, there, calls_other = said & shown, said & other, (whole - said) & other - shown
    picture, coloured = scene.on_shelf(action.args["image"]), _COLOURED_THING.search(wanted)
    if picture and coloured and re.search(rf"\b{coloured['what'].lower()}\b", picture.shows):
        return None  # "the white cat", which stands there
    if not here or len(here) < len(there) or calls_other or (len(here) == len(there) and here != there):
        return None
    return Action(action.name, {**action.args, "image": it})


def by_its_thing(scene: Scene, action: Action) -> Action | None:
    """ "Make the hat red", said of a cat with a hat though there is a red fox: the colour is no reason to ask which."""
    words = telling(scene.said)
    if action.name != "ask_user" or not words & _QUALITIES or OF_PICTURES.search(scene.said):
        return None
    shown = {image for word in words - _QUALITIES if (image := newest_showing(scene, {word}))}
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


def all_but(scene: Scene, action: Action) -> Action | None:
    """ "Remove all but the cat": said of the picture in front if it shows one, else of the newest that does."""
    said = bare(scene.said)
    stays = telling(" ".join(said[one.start : one.end] for one in spared(said, Names.shipped().said(said))))
    if action.name != "edit_image" or not stays or _A_PICTURE.search(said):
        return None
    it = it_of(scene)
    return Action.edit(it if stays & shown_in(scene, it) else newest_showing(scene, stays) or it, said)


def brought(scene: Scene, action: Action) -> Action | None:
    """ "Add a cat", said of a picture without one though another shows it: what is to come calls no picture, if nothing
    else does."""
    said, it, image = bare(scene.said), it_of(scene), int(action.args.get("image") or 0)
    looks = action.name == "look_at_image" and not action.args.get("question")
    asked = any(step.name == "ask_user" for turn in scene.past[-1:] for step in turn.steps)
    found = _BRINGS.fullmatch(said)
    if not found or asked or image in (0, it) or not (looks or action.name == "edit_image"):
        return None
    elsewhere = found["the"] and found["where"] and not _HERE_TOO.fullmatch(found["where"])
    if elsewhere or called_in(scene) or _A_PICTURE.search(said):
        return None
    if found["the"] and telling(found["what"]) <= shown_in(scene, it):
        return Action("look_at_image", {"image": it}) if _DRAWS.match(said) else Action.edit(it, said)
    ties = telling(said) & (shown_in(scene, image) - shown_in(scene, it))
    if not ties <= telling(found["what"]):
        return None
    if found["the"]:
        return Action.edit(it, f"add {_as_shown(scene, found['what'])}")
    return Action.edit(it, f"add {found['whole']}" if looks else str(action.args["instruction"]))


def after_a_season(scene: Scene, action: Action) -> Action:
    """ "Make it autumn" of a picture that was made spring: autumn instead, which takes along what spring brought,
    unless words of its line name something that a season brings."""
    order, names = str(action.args.get("instruction", "")), Names.shipped()
    coming = season_in(order, names)
    if action.name != "edit_image" or not coming or _MORE_THAN_THAT.search(order):
        return action
    line = line_of(scene, int(action.args["image"]))
    captions = [picture.caption for picture in scene.shelf if picture.handle in line]
    wanted = set(names.things(". ".join(captions)))
    before = {season_in(caption, names) for caption in captions} - {coming, ""}
    if not before or any(wanted & brought_by(season, names) for season in SEASONS):
        return action
    return Action.edit(int(action.args["image"]), f"{order.rstrip(' .!')} instead")


def _as_shown(scene: Scene, what: str) -> str:
    """A thing with the colour in which the newest picture of it shows it: "a yellow bus"."""
    picture = scene.on_shelf(newest_showing(scene, telling(what)))
    things = picture.shows.rpartition(";")[0].split(", ") if picture else []
    return with_article(next((one for one in things if telling(what) <= telling(one) and "×" not in one), what.strip()))


def carried(scene: Scene, action: Action) -> Action | None:
    """ "Take the bus from the first one and put it on the moon", "put the bus on the moon": the picture where a thing
    is to be gets one as it is shown elsewhere."""
    said, image = bare(scene.said), int(action.args.get("image") or 0)
    if action.name != "edit_image":
        return None
    if found := _TAKEN_OVER.fullmatch(said):
        thing, there = telling(found["what"]), telling(found["where"])
        shown = {picture.handle: shown_in(scene, picture.handle) for picture in scene.shelf}
        hosts = [handle for handle in sorted(shown) if there & shown[handle] and not thing & shown[handle]]
        host = max(reversed(hosts), key=lambda handle: len(there & shown[handle]), default=0)
        return Action.edit(host, f"put {_as_shown(scene, found['what'])} {found['where']}") if host else None
    found = _BRINGS.fullmatch(str(action.args["instruction"]))
    if not found or not found["the"] or telling(found["what"]) & shown_in(scene, image):
        return None
    other = newest_showing(scene, telling(found["what"]))
    if not other or image in line_of(scene, other) or other in line_of(scene, image):
        return None
    where = found["where"] or ""
    if where and not (_HERE_TOO.fullmatch(where) or telling(where) & shown_in(scene, image)):
        return None  # "move it to the left", which is said of the picture that shows it
    return Action.edit(image, f"add {_as_shown(scene, found['what'])}{where}")


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


def not_once_more(scene: Scene, action: Action) -> Action | None:
    """ "The second of them" after "three variations", "the first try" after "make it red": who only points at a picture
    wants to see it, and not the last call made once more; "the house at sunset too" tells what is wanted itself."""
    asking = scene.past and any(step.name == "ask_user" for step in scene.past[-1].steps)
    last = scene.past[-1].steps[-1] if scene.past and scene.past[-1].steps else None
    if last is None or asking or "image" not in action.args or action.name in ("look_at_image", "extend_image"):
        return None
    said, instruction = bare(scene.said), str(action.args.get("instruction", ""))
    if action.name == "edit_image":
        done = {step.args.get("prompt") for step in scene.past[-1].steps}
        if not (repeated(scene, action) or instruction in done) or telling(instruction) & telling(said):
            return None
    elif _TIMES.search(said) or asks_for(said, str(action.args.get("operation", action.name))):
        return None
    if (found := _TOO.fullmatch(said)) and (image := called_by(scene, found["what"])):
        return Action.edit(image, found["how"] if not found["make"] else f"make the {found['what']} {found['how']}")
    points = _POINTS.fullmatch(said)
    if not points and (action.name != last.name or _ONCE_MORE.search(_NOT_THAT.sub("", said))):
        return None
    if points and points["number"] and scene.on_shelf(int(points["number"])):
        return Action("look_at_image", {"image": int(points["number"])})
    [image, *others] = called_in(scene) or [action.args["image"]]
    return Action("look_at_image", {"image": action.args["image"] if others else image})


def only_points(said: str) -> bool:
    """Whether a sentence is no more than a picture's number or place."""
    return _POINTS.fullmatch(bare(said)) is not None


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
    said = bare(scene.said)
    meant = Action.edit(it_of(scene), said) if said else Action(text=_UNCLEAR)
    return meant if done else None
