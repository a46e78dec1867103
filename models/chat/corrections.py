"""What code knows better than the network: calls that a sentence plainly does not mean become those that it does.

The network learnt from a generator, in whose sentences "make the fox larger" may call a picture by what it shows.
People who type that mean the fox. Each rule here is narrow: one action, no picture called by number or place, words
that are common; everything else stays as it was decided. Which picture is meant has a module of its own
(`models.chat.picture_meant`), and so has whether a change is an exact one (`models.chat.exactness`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from models.chat import each, ellipsis, exactness, picture_meant, requested
from models.chat.aimed import aimed
from models.chat.conversation import Action, Scene, batch_of, but_image, called_in, it_of, telling
from models.chat.extending import extended
from models.chat.gathered import gathered, is_a_name, is_around, is_bare
from models.chat.lines import counts_in, kinds_in, line_of, newest_of, newest_showing, several_in, shown_in
from models.chat.returning import chooses, undoes
from models.chat.tidying import tidied, unpadded
from models.chat.wholeness import SEVERAL, completed
from models.english.naming import COLOUR_WORDS, Names, with_article
from models.english.patterns import NUMERALS, any_of, regex
from models.english.politeness import BEFORE, CHATTER, ENDING, MAY_I, POLITE, bare
from models.scene.removals import TAKES_ONLY

_BACK_TO = regex(
    rf"{BEFORE}(?:let'?s |i(?:'d| would)? (?:want|like) to |{MAY_I})"
    r"(?:(?:go|get|switch|return|jump|move|come) |take (?:me|us) )?back to "
    r"(?:#\s*\d+|(?:picture|image|pic|number|version|drawing) #?\d+"
    r"|(?:the|that|my) (?:\w+ ){0,2}(?:one|picture|image|pic|version|drawing|upload|photo|painting)\b[^,;:]*"
    r"|(?:the|that|my) (?:very )?(?:first|second|third|fourth|fifth|last|previous|original|other))"
    rf"\W*(?:(?:{POLITE}|again)\W*)*",
)
_AND_MORE = regex(r"\b(?:and|but|then|make|add|give|put|turn|change)\b")
_ONE_OF = regex(
    r"\b(?:make|turn|paint|colou?r|give|put|change|dye|let|move|remove)\b.*\bone of "
    r"(?:them|the (?!(?:pictures|images|photos|pics|versions|variations)\b)\w+)\b",
)
_PICTURES = regex(r"\b(?:pictures|images|photos|pics|versions|variations)\b")
_THAN_THE_OTHER = regex(r"\bone\b.+\bthan the others?\b")
_BIG_ONE = regex(r"\bthe (?:big|small|tall|short|larg|littl|fat|thin)\w* one\b")
_AT_A_SIDE = regex(
    r"[^;]*\bthe (?:(?:left|right|middle)(?:most)? one"
    r"|one (?:in|on|at) the (?:far )?(?:left|right|middle|cent(?:er|re)))\b[^;]*"
)
_THE_MEMBER = regex(r"\bthe (?:left|right|middle|first|second|third|last)(?:most)? one\b")
_ON_THE_MEMBER = regex(
    r"(?:(?:and|now|then)\W+)*(?:put|add|give|place|make|paint|colou?r|draw) "
    r"(?:.*[^,.;] )?the (?:first|second|third|last) one\b(?! of\b).*"
)
_OTHER_ONE = regex(r"(?:and |now |ok )?(?:make |paint |turn )?the other(?: one)?\b.*")
_ONE_OF_MANY = regex(
    r"\bone of (?:them|the|those|these)\b"
    r"|\bthe (?:left|right|first|second|big|bigger|small|smaller) (?!picture|image)\w+",
)
_THE_COLOURED = regex(rf"\b(?:the|that) (?P<colour>{COLOUR_WORDS}) one\b")
_OF_PICTURES = regex(r"\d|\b(?:times|crop|both|two|picture|image|version|photo|upscale|enlarge)\b")
_FRAGMENT = regex(r"(?:at|in|on|with|without|during|under)(?: [\w'-]+){1,3}\W*")
_SHOWN_AGAIN = regex(
    r"(?:(?:i(?:'d| would)? (?:want|like|need) to|let'?s|let me|can i|may i) )?"
    r"(?:show|see|view|display|open|bring|get|go|return|back|switch|take|undo|revert)\b"
    r"(?!.*\b(?:what|which|how|who|why|when|details?|properties|info\w*|recipe|prompt|seed|size|colou?rs?)\b)",
    re.IGNORECASE | re.DOTALL,
)
_CAN_RIDE = regex(
    r"[^,.;!?]+, (?:so |then )?(?:he|she|it|they) (?:can|could) (?:have|ride|hold|wear|carry|drive|sit)\b[^,.;!?]+",
)
_I_WANT = regex(
    rf"\W+(?P<many>(?:i (?:want|need)|like|say|make (?:it|that)) (?:{NUMERALS}|[2-9]|10))(?: of them)*\W*",
)
_ANOTHER = regex(r"^(?:an?|another|(?:a )?second|(?:a )?third|one more) ")
_TOLD = regex(r"(?:(?:but|oops|oh|sorry|ah|wait)\W+)*i (?:said|told you|did say|asked for|meant) (?P<what>.+)")
_A_PICTURE = regex(r"#\d|\b(?:picture|image|pic|photo|number|one)\b")
_FEW_WORDS = 4  # of what was told before; more describe a picture
_TRIED = regex(
    r"(?:(?:i(?:'d| would) (?:like|love) to |let me |let'?s )?(?:try|see|have|do)) (?:it|this|that)"
    r"(?: again)? (?P<what>(?:with|without|in|at|as|on) .+)",
)
_AWAY = regex(
    r"(?:take .+ (?:away|off|out)|(?!(?:where|what|why|is|are|has|have)\b)(?:the )?[\w' -]+ (?:away|off|gone))"
    r"(?: then)?"
)
_LIST_BEHIND = regex(
    r"(?:(?:no|nah|nope|sorry)\W+)*"
    r"(?:(?P<other>(?:it'?s |do it |i meant )?(?:the )?other way(?: (?:a?round|about))?)"
    r"|(?P<what>[^:;.!?]*\border\b[^:;.!?]*?))(?: (?:please|pls))?\s*:\s*(?P<list>[^:;!?]+)"
)
_ONLY = regex(r"(?:just|only) (?P<what>(?:the|an?|one|my) [\w'-]+(?: [\w'-]+)?)")
_OF_ME = regex(
    r"(?:turn|change|transform|convert|morph) (?:me|us|myself) into .+"
    r"|.*\b(?:picture|image|portrait|photo|drawing|painting|cartoon|caricature|sketch) of (?:me|us|myself)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_PICTURE_OF = regex(
    r"(?:.*\b)?(?:picture|image|drawing|painting|photo|pic|sketch) of "
    r"(?P<what>(?!(?:something|anything|whatever|it|that|this|me|us|myself)\b)[\w'-]+ [\w'-]+.*)",
    re.IGNORECASE | re.DOTALL,
)
_LOVED = regex(
    r".*\b(?:loves?|likes?|wants?|adores?|(?:is|are|'?s|'?m|am) (?:(?:really|so|totally|very) )?(?:crazy about"
    r"|mad about|obsessed with|into|fond of|a (?:big |huge )?fan of)) (?!(?:it|this|that|them|you|pictures?|art)\b)"
    r"(?P<what>[\w' -]{2,40}?)(?: (?:so much|a lot))?[\s,.;:!-]+"
    r"(?:(?:so|and|please|pls)\s+)*(?:(?:can|could|would|will) (?:you|u) |please |pls )(?:(?:please|pls) )?"
    r"(?:paint|draw|make|do|create|show)(?: (?:him|her|me|us|them))? (?P<one>one|some|it|them|a few|a couple)\b"
    r"(?! (?:more|less|look|into|of|in|on|with)\b)[^.!?]*\W*",
)
_FOR_WHO_LOVES = regex(
    r".*\b(?:picture|image|drawing|painting|something|present|gift) (?:for|to give) (?:my|our|an?) .*"
    r"\b(?:loves?|likes?|adores?) (?:nothing (?:more|better) than )?(?P<what>(?!nothing\b)[\w' -]{2,40}?)"
    r"(?: (?:so much|a lot|most))?"
    r"(?: (?:but|and (?:hates?|dislikes?|fears?|can['’]?t|cannot|does|doesn['’]?t|is|has|never))\b.*)?"
)
_NEEDS_A_PHOTO = "I cannot see you: drop a photo here (PNG, JPEG or WebP), and tell me what to make of it."
_THE = regex(r"\b(?:the|that|this|those|these|his|her|its|their|my|an?) (?!(?:an?|the)\b)")
_DRAW_VERBS = r"draw|paint|make|create|generate|show|do|sketch|depict|illustrate|render|try|then|afterwards?|another"
_ORDERS_ONE = regex(rf"\b(?:{_DRAW_VERBS})\b|[.;!?]\s+\w|\n")
_DRAW_IT = regex(rf"\b(?:{_DRAW_VERBS})\b[^,.;]{{0,20}}$")
_SKY = (
    r"(?:thunder|snow|rain)?storms?|rain|snow|fog|mist|night(?:time)?|sunset|sunrise|dusk|dawn|midnight|day(?:light|time)"
    r"|(?:morning|evening|winter|summer) (?:sun(?:shine|light)?|light)|sunshine|sunlight|moonlight"
)
_SKY_ONLY = regex(
    r"(?:(?:and|now|then|so|also|make it|with|how about|i want)\W+)*"
    r"(?:more [a-z]+[,.!]+ )?(?:(?:an?|the|some|lots of|more|proper) )?(?:[a-z]+ ){0,2}?"
    rf"(?:{_SKY})(?:,? (?:and |in )?(?:the )?(?:middle of the )?(?:{_SKY}))*",
)
_ONE_PLACE = regex(r"an?\b")
_BY_THE = regex(
    r"\b(?:(?:left|right|top|side|front) of|by|on|near|beside|next to|behind|above|below|under|over|around) "
    r"(?:the|that|his|her|their) ",
)
_SOMEWHERE = regex(
    r"^(?:and |also |now )*(?:an?|some|two|three|four|one)\b[\w' -]{2,40} "
    r"(?:in front|behind(?: (?:it|him|her|them))?"
    r"|(?:next to|beside|in front of|above|under|below|on) (?:it|him|her|them)"
    r"|(?:on|to|at) the (?:left|right)(?: side)?|in the (?:background|foreground|middle|corner|distance)"
    r"|at the (?:top|bottom))\W*$",
)
"""What is somewhere by something that is not said, and so by what is there."""
_NEAR = 30  # letters behind that, in which the name stands
_AFRESH = regex(
    r"\b(?:new|another (?:one|image)|different|start|scratch|instead|fresh|draw|paint|generate|create|show"
    r"|pictures?|pics?)\b",
)
_THE_ONE = regex(r"(?:(?:no|nope|ok)\W+)?the (?P<what>[a-z]+) one")
_SEE_AGAIN = regex(
    r"(?:(?:he|she|they|we|i|my [\w ]+?) (?:really )?(?:wants?|would like|needs?|'d like) to )?(?:see|show)"
    r" (?:(?:me|him|her|us|them) )?(?:the|that|my|his|her|our) [\w' -]+? again\b(?!.*\?)",
)
_PRAISE = regex(
    r"\b(?:love\w*|lik\w+|nice\w*|great|good|cool|cute|perfect\w*|best|better|awesome|amazing|beautiful|wow|fab\w*|brilliant"
    r"|happy|sweet|works?|right|thank\w*|ye\w+|haha\w*|lol|funny|excellent|superb|pretty|gorgeous|sick|fire|wicked)\b",
)
_OF_THOSE = any_of(rf"(?P<number>{NUMERALS}|[2-9]) of (?:(?P<these>those|these)|them|'?em)")
_SEVERAL = 2  # things that make a list
_ASKS = any_of(
    "who|what|which|why|how|when|where|is|are|do|does|did|can|could|will|would|should|may|have|has|find|search"
)
_LOST = regex(r"\b(?:lost|find|search\w*|where|last (?:week|month|year|time)|yesterday|earlier|old)\b")
_BLACK = regex(r"\bblack\b")
_GREY = regex(r"\b(?:white|gr[ea]y\w*|b ?& ?w|b/w|bw|mono\w*|noir|colou?r\w*|desaturat\w*|photo\w*|film|movie)\b")
_IN_COLOUR = regex(r"\b(?:in|with) (?:full )?colou?rs?\b")
_BACK_AT_LAST = regex(
    r".*\b(?:go|(?:turn|change|switch) it|(?:put|bring) (?:it|him|her|them|the [\w'-]+)) back(?: (?:now|again))*",
)
_WAS_BETTER = regex(
    r"(?!.*\?|(?:which|what|who|why|how|was|were|is|do|does)\b).*\b(?:(?:was|were|looked) (?:\w+ )?(?:better|best"
    r"|nicer)|i (?:really )?(?:liked|preferred)|i (?:like|prefer) .* (?:more|better|best))\b.*",
)
_BARE_NOUN = regex(r"(?:more |some |a few )?[a-z]+(?<!ss)s")
_COMPLAINT = regex(
    r"(?:i|i'm|there|there's|that's|it's|is|are|why|what|the|that|this|those|these|his|her|its|their|my|an?)\b",
)
_CALLS_A_PICTURE = regex(
    r"\b(?:pictures?|images?|pics?|photos?|versions?|drawings?"
    r"|(?:the|that) one (?:before|after|with|without|from|that|showing))\b"
)
_OF_IT = regex(
    r"(?:take|get rid of|remove|lose|delete|ditch|drop|erase|scrap|make|turn|paint|colou?r|dye|give|move|put|swap"
    r"|replace|change|push|pull|shift|fix|straighten|hide|add|let|have|draw|bring|place) (?:it|them|him|her)\b[^.;!?]*",
)


def corrected(scene: Scene, action: Action) -> Action:
    """The action, or what the sentence means instead: what the first of `_RULES` says that has something to say."""
    if panel := each.next_panel(scene):
        return panel
    for smoothed in _SMOOTHED:
        action = smoothed(scene, action)
    for holds, rules in _RULES:
        for rule in rules if holds(scene) else ():
            if better := rule(scene, action):
                return _at_last(scene, better)
    return _at_last(scene, action)


def _at_last(scene: Scene, action: Action) -> Action:
    """What was decided in the end, which may be too little of a season, or the last call once more."""
    action = picture_meant.after_a_season(scene, action)
    return (_changing(scene) and picture_meant.not_once_more(scene, action)) or action


def _of_mine(scene: Scene, action: Action) -> Action | None:
    """ "I want a picture of my cat. she is orange", "she loves owls, could you paint one": what to show was said."""
    found, loved = _PICTURE_OF.fullmatch(bare(scene.said)), _LOVED.fullmatch(bare(scene.said))
    if action.name != "ask_user" or action.args.get("question") != "What should the picture show?":
        return None
    whom = _FOR_WHO_LOVES.fullmatch(bare(scene.said))
    if whom and Names.shipped().said(whom["what"]):
        return Action("generate_image", {"prompt": whom["what"]})
    if loved and loved["one"].lower() == "one":
        return Action("generate_image", {"prompt": with_article(ellipsis.single(loved["what"]))})
    found = loved or found
    return Action("generate_image", {"prompt": found["what"]}) if found else None


def _whole_order(scene: Scene, action: Action) -> Action | None:
    """ "The planet is weird, remove", "is that a hat? remove it", "second horse without a rider", "drop the rock, she
    can ride a turtle": an edit begins with what it is about."""
    said, instruction = bare(scene.said), str(action.args.get("instruction", ""))
    if action.name != "edit_image" or instruction == said or instruction not in said:
        return None
    image = action.args["image"]
    ahead, _, behind = said.rpartition(instruction)
    if _CAN_RIDE.fullmatch(said) or (TAKES_ONLY.fullmatch(instruction) and Names.shipped().said(said)):
        return Action.edit(image, said)
    if image == it_of(scene) and not behind and is_a_name(_ANOTHER.sub("", ahead.strip())):
        return Action.edit(image, said)
    complains = _COMPLAINT.match(ahead) and not _CALLS_A_PICTURE.search(ahead)
    the = _THE.search(ahead) if complains and _OF_IT.fullmatch(instruction + behind) else None
    if the and telling(ahead) & shown_in(scene, image):
        return Action.edit(image, said[the.start() :])
    many = _I_WANT.fullmatch(behind)
    return Action.edit(image, f"{instruction}, {many['many']}") if many else None


def _behind_the_colon(scene: Scene, action: Action) -> Action | None:
    """ "The order from left to right please: ball, apple", "no, the other way: skull red, glasses black": the list is
    what is wanted."""
    if action.name != "edit_image" or not (found := _LIST_BEHIND.fullmatch(scene.said)):
        return None
    rest = ENDING.sub("", found["list"])
    instruction = rest if found["other"] else f"{bare(found['what'])}: {rest}"
    return Action.edit(action.args["image"], instruction)


def _so_many_of_it(scene: Scene, action: Action) -> Action | None:
    """ "The drink with balls, make three of those": so many things, where nobody speaks of pictures."""
    found = _OF_THOSE.search(scene.said)
    count = action.args.get("count", 1)
    if (
        scene.shelf
        or scene.steps
        or action.name != "generate_image"
        or count == 1
        or not found
        or SEVERAL.search(scene.said)
    ):
        return None
    if not found["these"] and not is_bare(str(action.args["prompt"])):
        return None
    args = {name: value for name, value in action.args.items() if name != "count"}
    if found[0] in str(args["prompt"]):
        return Action("generate_image", args)
    return Action("generate_image", {**args, "prompt": f"{args['prompt']}, {found['number']} of them"})


def _name_only(scene: Scene, action: Action) -> Action | None:
    """ "Fox", which was not understood: a picture of one, or one more thing in the picture that there is."""
    said = bare(scene.said)
    if action.name or not action.text.startswith("I did not understand") or not is_a_name(said):
        return None
    return Action.edit(it_of(scene), f"add {said}") if scene.shelf else Action("generate_image", {"prompt": said})


def _of_me(scene: Scene, action: Action) -> Action | None:
    """ "Draw a picture of me" before there is any: nobody was seen yet."""
    asks = action.name == "generate_image" and not scene.shelf and _OF_ME.fullmatch(bare(scene.said))
    return Action(text=_NEEDS_A_PHOTO) if asks else None


def _listed(scene: Scene, action: Action) -> Action | None:
    """ "Bday card for my bro, cake n a gift" before there is a picture: who names things and asks nothing, wants to
    see them."""
    said = bare(scene.said)
    kinds = {one.thing for one in Names.shipped().said(said)}
    answered = not action.name or action.name in ("look_at_image", "find_images", "edit_image")
    if scene.shelf or not answered or len(kinds) < _SEVERAL or "?" in scene.said or _ASKS.match(said):
        return None
    if (
        action.text.startswith(("Yes", "I make"))
        or requested.OTHER_WORK.match(said)
        or (action.name == "find_images" and _LOST.search(said))
    ):
        return None
    return Action("generate_image", {"prompt": said})


def _misheard(scene: Scene, action: Action) -> Action | None:
    """ "Red hat" of a picture with a hat is no praise; "make it black", "in full colour" are not greyscale."""
    said, it = bare(scene.said), it_of(scene)
    plain = _BARE_NOUN.fullmatch(said) is not None or telling(said) & shown_in(scene, it)
    if plain and action.text.startswith("I am glad") and not _PRAISE.search(scene.said):
        return Action.edit(it, said)
    coloured = _BLACK.search(scene.said) or _IN_COLOUR.search(scene.said)
    grey = action.args.get("operation") == "greyscale" and not _GREY.search(_IN_COLOUR.sub("", scene.said))
    return Action.edit(action.args["image"], said) if grey and coloured else None


def _told_again(scene: Scene, action: Action) -> Action | None:
    """ "I said no hat", "just the fox": no question about the picture that shows it, but an order."""
    if action.name not in ("look_at_image", "generate_image") or action.args.get("preset"):
        return None
    said, it = bare(scene.said), it_of(scene)
    if tried := _TRIED.fullmatch(said):
        return Action.edit(it, tried["what"])
    if action.name == "look_at_image" and _AWAY.fullmatch(said):
        picture, back = scene.on_shelf(it), "question" not in action.args
        undone = back and picture is not None and action.args["image"] in picture.parents
        return None if undone else Action.edit(it, said)
    told, only = _TOLD.fullmatch(said), _ONLY.fullmatch(said)
    if only and only["what"].lower().startswith(("a ", "an ")) and not telling(only["what"]) & shown_in(scene, it):
        return None
    if told and undoes(told["what"]):
        return None
    if not (found := told or only) or _A_PICTURE.search(found["what"]):
        return None
    new = action.name == "generate_image" and len(found["what"].split()) > _FEW_WORDS
    if new and not telling(found["what"]) & shown_in(scene, it):
        return None
    words, instruction = telling(found["what"]), found["what"] if told else said
    return Action.edit(it if words & shown_in(scene, it) else newest_showing(scene, words) or it, instruction)


def _fragment(scene: Scene, action: Action) -> Action | None:
    """ "How about at night": no picture, but a change."""
    prompt = str(action.args.get("prompt", ""))
    return Action.edit(it_of(scene), prompt) if _FRAGMENT.fullmatch(prompt) else None


def _one_of_them(scene: Scene, action: Action) -> Action | None:
    """ "Make one of them pink", "the left one golden", "make the first one red", said of a picture that stands alone:
    one of the things in it is meant."""
    said, it = bare(scene.said), it_of(scene)
    edits, exact = action.name == "edit_image", action.name in ("upscale_image", "adjust_image")
    alone = not batch_of(scene) or any(picture.selected for picture in scene.shelf)
    if not alone or not (edits or exact or action.name == "ask_user") or _PICTURES.search(scene.said):
        return None
    edits_it = edits and action.args["image"] == it
    before = scene.past[-1].said if scene.past else ""
    meant = (
        _THAN_THE_OTHER.search(said)
        or (_ONE_OF.search(said) and not exact)
        or (_BIG_ONE.search(said) and _several(scene) and not _enlarged(scene) and not edits_it)
        or (_AT_A_SIDE.fullmatch(said) and (edits_it or several_in(scene, it)))
        or (action.name != "adjust_image" and _ON_THE_MEMBER.fullmatch(said) and _of_a_kind(scene))
        or ("region" in action.args and _THE_MEMBER.search(said))
        or (edits and _OTHER_ONE.fullmatch(said) and _ONE_OF_MANY.search(before))
        or (not edits and (one := _THE_COLOURED.search(said)) and not _called_so(scene, one["colour"].lower()))
    )
    return Action.edit(it, said) if meant else None


def _called_so(scene: Scene, colour: str) -> bool:
    """Whether "the black one" may be a picture: of another line, by its caption, or by what the sentence says of it."""
    others = [picture for picture in scene.shelf if picture.handle not in line_of(scene, it_of(scene))]
    coloured = any(colour in telling(picture.caption) for picture in others)
    return coloured or _OF_PICTURES.search(scene.said) is not None


def _several(scene: Scene) -> bool:
    """Whether "it", or one that it was made from, shows several of a kind."""
    return any(several_in(scene, handle) for handle in line_of(scene, it_of(scene)))


def _of_a_kind(scene: Scene) -> bool:
    """Whether "it" shows several of a kind, in whatever colours."""
    picture = scene.on_shelf(it_of(scene))
    return picture is not None and any(count > 1 for count in counts_in(picture).values())


def _enlarged(scene: Scene) -> bool:
    """Whether "the big one" may be a picture that was made larger, or smaller."""
    return len({picture.size for picture in scene.shelf}) > 1 or any(p.kind == "upscale" for p in scene.shelf)


def _inflected(scene: Scene, action: Action) -> Action | None:
    """ "The stormy one" is the picture of a storm, though none says "stormy"."""
    found = _THE_ONE.fullmatch(bare(scene.said))
    if action.name != "ask_user" or not found:
        return None
    stem = re.sub(r"(.)\1$", r"\1", re.sub(r"(?:[iy]e?r?|ing|ed|n)$", "", found["what"].lower()))
    showing = [p.handle for p in scene.shelf if len(stem) > 2 and any(w.startswith(stem) for w in telling(p.caption))]
    return Action("look_at_image", {"image": newest_of(scene, showing[0])}) if len(showing) == 1 else None


def _asked(scene: Scene, action: Action) -> Action | None:
    """ "Describe it", "how big is it": the sentence itself is the question; without one a picture is shown again."""
    if action.name != "look_at_image":
        return None
    liked = chooses(scene.said) or _WAS_BETTER.fullmatch(bare(scene.said))
    again = _SEE_AGAIN.match(bare(scene.said))  # "he wants to see the dinosaur again before bed"
    if again and action.args.get("question"):
        return Action(action.name, {"image": newest_of(scene, action.args["image"])})
    if action.args.get("question"):  # "I'll take the one before the hat" asks nothing
        plain = liked or _BACK_AT_LAST.fullmatch(bare(scene.said))
        return Action(action.name, {"image": action.args["image"]}) if plain else None
    if again or _SHOWN_AGAIN.match(bare(scene.said)) or liked or picture_meant.only_points(scene.said):
        return None
    if ellipsis.orders(scene.said) or _AWAY.fullmatch(bare(scene.said)):  # "without the hat": back to before
        return None
    return Action(action.name, {**action.args, "question": bare(scene.said)})


def gone_back_to(scene: Scene, action: Action) -> Action | None:
    """ "Back to the one before the hat" only goes back to a picture: the one that it calls by number or place, else the
    one that was to be changed. What the shelf alone decides is for `models.chat.returning`."""
    if not _BACK_TO.fullmatch(scene.said) or _AND_MORE.search(scene.said):
        return None
    called = called_in(scene)
    meant = called[0] if len(called) == 1 else action.args.get("image", 0)
    return Action("look_at_image", {"image": meant}) if isinstance(meant, int) and meant else None


def _beside_what_is_there(scene: Scene, action: Action) -> Action | None:
    """ "A comet at the left of the globe", of a picture with the earth, "a frog on a stone in front": put there, and no
    new picture."""
    picture = scene.on_shelf(it_of(scene))
    if action.name != "generate_image" or picture is None or _AFRESH.search(scene.said) or len(action.args) > 1:
        return None
    prompt = str(action.args["prompt"])
    if _SOMEWHERE.search(bare(scene.said)):
        return Action.edit(picture.handle, prompt)
    behind = [prompt[one.end() : one.end() + _NEAR] for one in _BY_THE.finditer(prompt)]
    by = {name for text in behind for name in Names.shipped().things(text)}
    return Action.edit(picture.handle, prompt) if by & set(kinds_in(picture)) else None


def _sky_only(scene: Scene, action: Action) -> Action | None:
    """ "Now a massive storm!!": an hour or a weather of the picture that there is, and no picture of one."""
    greeted = action.text.startswith("Hello")
    painted = action.name == "generate_image" and len(action.args) == 1
    around = painted and is_around(bare(scene.said)) and not _ONE_PLACE.match(bare(scene.said))
    if not (greeted or painted) or not scene.shelf or not (around or _SKY_ONLY.fullmatch(bare(scene.said))):
        return None
    if Names.shipped().said(scene.said):
        return None
    return Action.edit(it_of(scene), bare(scene.said) if greeted else str(action.args["prompt"]))


def needless(scene: Scene, action: Action) -> bool:
    """Whether a call has no place in its turn: it was made already, or it goes one picture too far.

    Too far is the same call on yet another picture where the sentence calls two or more by number or place ("the last
    two", "#1 and #3", "all") and this is none of them; or the same edit where it speaks of one picture only.
    """
    if not scene.steps or not action.name:
        return False
    if any((step.name, step.args) == (action.name, action.args) for step in scene.steps):
        return True
    if panels := each.panels_of(scene.said):
        return action not in panels
    if each.of_each(scene, action) == action:
        return False
    if each.done_for_each(scene) or CHATTER.fullmatch(f". {action.args.get('instruction', '')}"):
        return True
    prompts = [str(step.args.get("prompt", "")) for step in scene.steps if step.name == "generate_image"]
    if action.name == "edit_image" and any(str(action.args["instruction"]).lower() in one.lower() for one in prompts):
        return True
    prompt = str(action.args.get("prompt", ""))
    ordered = _DRAW_IT.search(scene.said[: max(0, scene.said.find(prompt))])  # "afterwards draw a carousel"
    one = not ordered and not SEVERAL.search(scene.said) and len(_ORDERS_ONE.findall(scene.said)) < len(prompts) + 1
    if action.name == "generate_image" and prompts and one:
        return True
    image = action.args.get("image")
    row = set(called_in(scene))
    made = {handle for step in scene.steps for handle in step.pictures}
    done = " | ".join(str(step.args.get("instruction", "")) for step in scene.steps).lower()
    if action.name == "edit_image" and image in made and str(action.args["instruction"]).lower() in done:
        return True
    again = all((step.name, but_image(step.args)) == (action.name, but_image(action.args)) for step in scene.steps)
    if again and image not in made and picture_meant.one_only(scene, action):
        return True
    return again and len(row) > 1 and image is not None and image not in row | made


def _always(scene: Scene) -> bool:
    return True


def _first(scene: Scene) -> bool:
    """Whether a turn has done nothing yet."""
    return not scene.steps


def _further(scene: Scene) -> bool:
    """Whether a turn has done something already."""
    return bool(scene.steps)


def _changing(scene: Scene) -> bool:
    """Whether a turn has done nothing yet, and there is a picture that it may be about."""
    return not scene.steps and bool(scene.shelf)


_SMOOTHED: tuple[Callable[[Scene, Action], Action], ...] = (
    tidied,
    completed,
    gathered,
    unpadded,
    exactness.right_way,
)
"""What every action goes through, one after the other."""

_Rule = Callable[[Scene, Action], Action | None]
_RULES: tuple[tuple[Callable[[Scene], bool], tuple[_Rule, ...]], ...] = (
    (_always, (each.of_versions, each.of_each)),
    (
        _first,
        (
            requested.by_occasion,
            requested.made_for,
            requested.so_many,
            requested.by_form,
            _name_only,
            _of_mine,
            _listed,
            _so_many_of_it,
            _of_me,
        ),
    ),
    (_further, (picture_meant.of_what_was_made,)),
    (
        _changing,
        (
            picture_meant.asked_about,
            picture_meant.any_picture,
            picture_meant.one_of_those_that_came,
            picture_meant.drawn_like_it,
            picture_meant.the_same_too,
            picture_meant.pointed_at,
            gone_back_to,
            _misheard,
            ellipsis.asked_where,
            ellipsis.missed,
            ellipsis.forgotten,
            ellipsis.its_hue,
            ellipsis.kept_from,
            ellipsis.not_the_picture,
            ellipsis.not_one_but_another,
            ellipsis.thing_spoken_of,
            ellipsis.they_spoken_of,
            ellipsis.one_more,
            ellipsis.the_same_for,
            ellipsis.ordered,
            ellipsis.hue_instead,
            ellipsis.hue_of_them,
            ellipsis.counted,
            ellipsis.number_only,
            ellipsis.number_alone,
            ellipsis.counted_anew,
            ellipsis.put_there,
            ellipsis.other_side,
            ellipsis.that_side,
            requested.no_such,
            requested.afresh,
            requested.in_the_same_style,
            requested.which_has,
            requested.named_behind,
            requested.facing_away,
            ellipsis.never_there,
            exactness.part_lit,
            exactness.thing_resized,
            aimed,
            extended,
            exactness.widened,
            exactness.too_much,
            exactness.too_dark_inside,
            picture_meant.all_but,
            picture_meant.brought,
            picture_meant.carried,
            picture_meant.both_of_them,
            picture_meant.same_but,
            picture_meant.again_but,
            _behind_the_colon,
            _whole_order,
            _beside_what_is_there,
            _sky_only,
            _told_again,
            picture_meant.done_already,
            _fragment,
            _one_of_them,
            _inflected,
            picture_meant.without_what_it_shows,
            picture_meant.newest_of_its_line,
            picture_meant.rather_it,
            picture_meant.by_its_thing,
            picture_meant.of_its_things,
            picture_meant.where_it_is,
            _asked,
        ),
    ),
)
"""When which rules are asked, in this order: the first that gives an action has the last word."""
