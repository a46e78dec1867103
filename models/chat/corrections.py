"""What code knows better than the network: calls that a sentence plainly does not mean become those that it does.

The network learnt from a generator, in whose sentences "make the fox larger" may call a picture by what it shows.
People who type that mean the fox. Each rule here is narrow: one action, no picture called by number or place, words
that are common; everything else stays as it was decided. Which picture is meant has a module of its own
(`models.chat.picture_meant`), and so has whether a change is an exact one (`models.chat.exactness`).
"""

from __future__ import annotations

import re

from models.chat import each, ellipsis, exactness, picture_meant, requested
from models.chat.aimed import aimed
from models.chat.conversation import Action, Scene, but_image, called_in, it_of, last_batch, telling
from models.chat.extending import extended
from models.chat.gathered import gathered, is_a_name, is_around, is_bare
from models.chat.lines import kinds_in, line_of, newest_of, newest_showing, several_in, shown_in
from models.chat.returning import chooses
from models.chat.tidying import tidied, unpadded
from models.chat.wholeness import SEVERAL, completed
from models.english.naming import Names, with_article
from models.english.patterns import NUMERALS, any_of, regex
from models.english.politeness import BEFORE, CHATTER, ENDING, MAY_I, OPENING, POLITE, bare
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
_FRAGMENT = regex(r"(?:at|in|on|with|without|during|under)(?: [\w'-]+){1,3}\W*")
_A_HAT_THEN = regex(
    r"(?:(?:fine|alright|well|ok|then)\W+)*(?P<what>(?:an?|some|two|three) [\w'-]+(?: [\w'-]+)?) (?:then|too|as well)",
)
_SHOWN_AGAIN = regex(
    r"(?:(?:i(?:'d| would)? (?:want|like|need) to|let'?s|let me|can i|may i) )?"
    r"(?:show|see|view|display|open|bring|get|go|return|back|switch|take|undo|revert)\b"
    r"(?!.*\b(?:what|which|how|who|why|when|details?|properties|info\w*|recipe|prompt|seed|size|colou?rs?)\b)",
    re.IGNORECASE | re.DOTALL,
)
_DRAWABLE = regex(
    r"(?:i(?:'d| would)? (?:need|want|like)|make(?: me)?|gimme|give me|need|want|design|create|do) (?:me )?"
    r"(?P<what>(?:an?|some|another) (?:[\w'-]+ ){0,3}(?:card|postcard|invitation|invite|poster|flyer|leaflet|banner"
    r"|logo|icon|sticker|cover|wallpaper|backdrop|avatar|illustration|cartoon|comic|meme|map|pattern|sign|label|mascot|tattoo"
    r"|t-?shirt|mural|stamp|emblem|badge|coat of arms|bookmark|calendar|storyboard|mockup)\b.*)",
)
_MADE_OF_IT = regex(
    r"(?:make|do|create|turn|draw|paint) (?:an?|some) (?:[\w-]+ ){1,3}(?:of|from|out of) (?:it|this|that|#\d+)",
)
_ADDED = regex(
    r"(?:make (?:it|this) \S.*|(?:turn|switch|put) (?:on |off )?(?:the |a )?lights?(?: (?:on|off))?"
    r"|add (?:my|an?|the|some|more|text|two|three) .+|(?:put|write|paint|draw) [\"“'‘].+"
    r"|(?:put|write|paint|draw) .+ (?:on|onto|at|in|under|above|across|over)"
    r" (?:it|the|this|that|her|his|top|bottom)\b.*)",
)
_NO_PICTURE = regex(
    r"\b(?:gifs?|videos?|film|movie|animat\w+|3-?d|stl|svg|pdf|psd|facebook|instagram|insta|twitter|tiktok|whatsapp|e-?mail"
    r"|website|online|internet|the web)\b"
)
_CAN_RIDE = regex(
    r"[^,.;!?]+, (?:so |then )?(?:he|she|it|they) (?:can|could) (?:have|ride|hold|wear|carry|drive|sit)\b[^,.;!?]+",
)
_I_WANT = regex(
    rf"\W+(?P<many>(?:i (?:want|need)|like|say|make (?:it|that)) (?:{NUMERALS}|[2-9]|10))(?: of them| please| pls)*\W*",
)
_ANOTHER = regex(r"^(?:an?|another|(?:a )?second|(?:a )?third|one more) ")
_CAN_YOU = regex(
    r"(?:(?:can|could|will|would) (?:you|u|ya|we) )?(?P<what>(?:add|put|draw) (?:an?|some|the|another|two|three) .+)",
)
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
_FOUND_BAD = regex(
    r"(?:that|the|this|his|her|its|their|my) [\w' -]+ (?:is|are|was|were|looks?) [^.,;!?]+[.,;!?]+\s+[^.;!?]+",
)
_ONLY = regex(r"(?:just|only) (?P<what>(?:the|an?|one|my) [\w'-]+(?: [\w'-]+)?)")
_SCENE = regex(
    r"(?:an?|two|three|four|five|some) (?!.*\b(?:the|it|its|him|his|her|them|their|that|this|those|these)\b)[\w' -]+"
    r" (?:on|in|at|by|under|near|through|across) (?:an?|some) (?:[\w'-]+ ){0,2}"
    r"(?:beach|forest|woods?|jungle|city|street|village|town|park|garden|meadow|field|farm|desert|mountain|hill|lake|river"
    r"|sea|ocean|island|room|kitchen|library|caf[eé]|bar|castle|cave|station|market|stage|school|office|bridge|harbour"
    r"|harbor|swamp|road|square|stadium|museum|church|factory|shop|train|ship|spaceship|planet)",
)
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
_NEEDS_A_PHOTO = "I cannot see you: drop a photo here (PNG, JPEG or WebP), and tell me what to make of it."
_THE = regex(r"\b(?:the|that|this|those|these|his|her|its|their|my|an?) (?=([\w'-]+(?: [\w'-]+){0,2}))")
_PLACED = regex(r"\b(?:on|of|in|at|by|behind|under|over|above|below|near|beside|next to|in front of)\s+$")
_DRAW_VERBS = r"draw|paint|make|create|generate|show|do|sketch|depict|illustrate|render|try|then|afterwards?|another"
_ORDERS_ONE = regex(rf"\b(?:{_DRAW_VERBS})\b|[.;!?]\s+\w|\n")
_DRAW_IT = regex(rf"\b(?:{_DRAW_VERBS})\b[^,.;]{{0,20}}$")
_SKY = (
    r"(?:thunder|snow|rain)?storms?|rain|snow|fog|mist|night(?:time)?|sunset|sunrise|dusk|dawn|midnight|day(?:light|time)"
    r"|(?:morning|evening|winter|summer) (?:sun(?:shine|light)?|light)|sunshine|sunlight|moonlight"
)
_SKY_ONLY = regex(
    r"(?:(?:and|now|then|ok|so|also|make it|with|how about|i want)\W+)*"
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
_BITS = regex(r"\b(?P<bits>8|16|32|64)[ -]?bits?\b")
_WRITTEN_NUMBER = regex(r"\b(?:a |the )?number \d+ (?:on|across|over|in|under) (?:the|his|her|its|their|my)\b")
_THE_ONE = regex(r"(?:(?:no|nope|ok)\W+)?the (?P<what>[a-z]+) one")
_SEE_AGAIN = regex(
    r"(?:(?:he|she|they|we|i|my [\w ]+?) (?:really )?(?:wants?|would like|needs?|'d like) to )?(?:see|show)"
    r" (?:(?:me|him|her|us|them) )?(?:the|that|my|his|her|our) [\w' -]+? again\b(?!.*\?)",
)
_PRAISE = regex(
    r"\b(?:love\w*|lik\w+|nice\w*|great|good|cool|cute|perfect\w*|best|better|awesome|amazing|beautiful|wow|fab\w*|brilliant"
    r"|happy|sweet|works?|right|thank\w*|ye\w+|haha\w*|lol|funny|excellent|superb|pretty|gorgeous|sick|fire|wicked)\b",
)
_ALL_PRAISE = regex(
    r"(?:(?:hell|fuck|oh|omg|wow|yes|yeah|yep|yay|woo+|haha+|lol|so|very|that'?s|it'?s|i|love|it|this|looks|damn|man)\W+)*"
    r"(?:yeah?s*|yep|yes+|yay|woo+(?:hoo)?|nice+|great|good|cool|cute|perfect|awesome|amazing|beautiful|brilliant|lovely"
    r"|excellent|superb|gorgeous|fire|wicked|sick|love it|wow)",
)
_FOR_IT = regex(r"(?:it'?s|this is|it is|they'?re) (?:just )?for .+")
_OF_THOSE = any_of(rf"(?P<number>{NUMERALS}|[2-9]) of (?:(?P<these>those|these)|them|'?em)")
_SEVERAL = 2  # things that make a list
_ASKS = any_of(
    "who|what|which|why|how|when|where|is|are|do|does|did|can|could|will|would|should|may|have|has|find|search"
)
_LOST = regex(r"\b(?:lost|find|search\w*|where|last (?:week|month|year|time)|yesterday|earlier|old)\b")
_WHO = regex(r"\b(?:who|what)(?:'?s| is| are| was)\b")
_YOU = regex(r"\b(?:you\w*|ya|u|ur|easel|model|ai|bot|program|app|this|ma[dk]e\w*|dr[ae]w\w*|paint\w*|creat\w*)\b")
_BLACK = regex(r"\bblack\b")
_GREY = regex(r"\b(?:white|gr[ea]y\w*|b ?& ?w|b/w|bw|mono\w*|noir|colou?r\w*|desaturat\w*|photo\w*|film|movie)\b")
_BACK_TO_A_HUE = regex(
    r"(?:(?:no|nah|actually|sorry|ok)\W+)*(?:put|change|turn|make|set|switch) (?:it|that|him|her) back to "
    rf"(?P<hue>{ellipsis.HUE})(?: (?:sorry|again|instead|now))*",
)
_STYLE_AGAIN = regex(r"\bback to the (?:plain|normal|usual|flat|ordinary|first) (?:style|look|colou?rs?)\b")
_IN_PIXELS = regex(r"\b(?:in|all|as) (?:chunky |big )?pixels\b|\bpixel(?:y|ated|[ -]?art|[ -]style)\b")
_SEED_OF_IT = regex(
    r"(?:what|which)(?:'?s| is| was)?(?: the)? seed(?: (?:was|is|did))?(?: (?:that|it|this|you use\w*))?"
)
_BACK_AT_LAST = regex(
    r".*\b(?:go|(?:turn|change|switch) it|(?:put|bring) (?:it|him|her|them|the [\w'-]+)) back(?: (?:now|again))*",
)
_WAS_BETTER = regex(
    r"(?!.*\?|(?:which|what|who|why|how|was|were|is|do|does)\b).*\b(?:(?:was|were|looked) (?:\w+ )?(?:better|best"
    r"|nicer)|i (?:really )?(?:liked|preferred)|i (?:like|prefer) .* (?:more|better|best))\b.*",
)
_BARE_NOUN = regex(r"(?:more |some |a few )?[a-z]+(?<!ss)s")
_DRAWN = regex(
    r"(?:show|give|draw|make) me (?P<what>an? (?!(?:look|glimpse|peek|moment|second|version|variation)\b).+)",
)
_COMPLAINT = regex(
    r"(?:i|i'm|there|there's|that's|it's|is|are|why|what|the|that|this|those|these|his|her|its|their|my|an?)\b",
)
_CALLS_A_PICTURE = regex(
    r"\b(?:pictures?|images?|pics?|photos?|versions?|drawings?"
    r"|(?:the|that) one (?:before|after|with|without|from|that|showing))\b"
)
_ITS_ORDER = regex(
    r"(?:[,.;:!?-]+\s*|\b(?:and|but|so)\s+)"
    r"(?:(?:then|please|pls|just|now|so|and|but|can you|could you|let'?s|maybe)\s+)*"
    r"(?:take|get rid of|remove|lose|delete|ditch|drop|erase|scrap|make|turn|paint|colou?r|dye|give|move|put|swap"
    r"|replace|change|push|pull|shift|fix|straighten|hide|add|let|have|draw|bring|place)"
    r" (?:it|them|him|her)\b[^.;!?]*\W*$",
)


def corrected(scene: Scene, action: Action) -> Action:
    """The action, or what the sentence means instead.

    Every action is `tidied`; the rest is for a turn's first one only, as later ones are for `needless`.
    """
    action = exactness.right_way(scene, unpadded(scene, gathered(scene, completed(scene, tidied(scene, action)))))
    if one := each.of_each(scene, action):
        return one
    if not scene.steps and (wanted := requested.by_occasion(scene, action) or _refused(scene, action)):
        return wanted
    puzzled = not action.name and action.text.startswith("I did not understand")
    if not scene.steps and puzzled and is_a_name(bare(scene.said)):
        said = bare(scene.said)
        return Action.edit(it_of(scene), f"add {said}") if scene.shelf else Action("generate_image", {"prompt": said})
    if not scene.steps and (
        drawn := _of_mine(scene, action) or _listed(scene, action) or _so_many_of_it(scene, action)
    ):
        return drawn
    if not scene.steps and not scene.shelf and action.name == "generate_image" and _OF_ME.fullmatch(bare(scene.said)):
        return Action(text=_NEEDS_A_PHOTO)
    if scene.steps or not scene.shelf:
        return picture_meant.of_what_was_made(scene, action) or action
    if wanted := (
        picture_meant.asked_about(scene, action)
        or picture_meant.any_picture(scene, action)
        or picture_meant.the_same_too(scene, action)
        or picture_meant.pointed_at(scene, action)
        or _its_order(scene, action)
    ):
        return wanted
    if back := gone_back_to(scene, action):
        return Action("look_at_image", {"image": back})
    if wanted := _misheard(scene, action):
        return wanted
    for rule in (
        ellipsis.asked_where,
        ellipsis.missed,
        ellipsis.not_the_picture,
        ellipsis.thing_spoken_of,
        ellipsis.they_spoken_of,
        ellipsis.one_more,
        ellipsis.the_same_for,
        ellipsis.rather_this,
        ellipsis.ordered,
        ellipsis.some_away,
        ellipsis.hue_instead,
        ellipsis.coloured_one,
        ellipsis.counted,
        ellipsis.number_only,
        ellipsis.counted_anew,
        ellipsis.put_there,
        ellipsis.other_side,
        ellipsis.that_side,
        ellipsis.of_them_now,
        requested.no_such,
        requested.should_be,
        requested.afresh,
        requested.in_the_place,
        requested.asks_what,
        requested.in_the_same_style,
        ellipsis.never_there,
        ellipsis.member_meant,
        exactness.part_lit,
        exactness.thing_resized,
        aimed,
        extended,
        exactness.widened,
        exactness.too_much,
        exactness.too_dark_inside,
        picture_meant.both_of_them,
        picture_meant.the_other,
        picture_meant.at_a_side,
        picture_meant.same_but,
        picture_meant.again_but,
        _whole_order,
        _with_its_noun,
        _who_can,
        _beside_what_is_there,
        _sky_only,
        _told_again,
        picture_meant.done_already,
        _fragment,
        _one_of_them,
        _no_number,
        _inflected,
        _seen_again,
        picture_meant.without_what_it_shows,
        picture_meant.newest_of_its_line,
        picture_meant.rather_it,
        picture_meant.none_other,
        picture_meant.by_its_thing,
        picture_meant.of_its_things,
        picture_meant.where_it_is,
        _asked,
    ):
        if better := rule(scene, action):
            return better
    return action


def _refused(scene: Scene, action: Action) -> Action | None:
    """ "I need a birthday card", "make a cartoon of it", "add my name", "can you add a person": what is asked for is a
    picture, or a change."""
    if action.name or not action.text.startswith(("I only make and change pictures", "Yes: drop a PNG")):
        return None
    said = bare(scene.said)
    if _NO_PICTURE.search(said):
        return None
    if (found := _CAN_YOU.fullmatch(said)) and scene.shelf and Names.shipped().said(found["what"]):
        return Action.edit(it_of(scene), found["what"])
    if scene.shelf and (_MADE_OF_IT.fullmatch(said) or _ADDED.fullmatch(said)):
        return Action.edit(it_of(scene), said)
    found = _DRAWABLE.fullmatch(said)
    return Action("generate_image", {"prompt": found["what"]}) if found else None


def _of_mine(scene: Scene, action: Action) -> Action | None:
    """ "I want a picture of my cat. she is orange", "she loves owls, could you paint one": what to show was said."""
    found, loved = _PICTURE_OF.fullmatch(bare(scene.said)), _LOVED.fullmatch(bare(scene.said))
    if action.name != "ask_user" or action.args.get("question") != "What should the picture show?":
        return None
    if loved and loved["one"].lower() == "one":
        return Action("generate_image", {"prompt": with_article(ellipsis.single(loved["what"]))})
    found = loved or found
    return Action("generate_image", {"prompt": found["what"]}) if found else None


def _whole_order(scene: Scene, action: Action) -> Action | None:
    """ "The planet is weird, remove": an order of one word is about what the sentence names."""
    bare_order = action.name == "edit_image" and TAKES_ONLY.fullmatch(str(action.args["instruction"]))
    if not bare_order or not Names.shipped().said(scene.said):
        return None
    return Action.edit(action.args["image"], bare(scene.said))


def _with_its_noun(scene: Scene, action: Action) -> Action | None:
    """ "Astronaut waving a flag", "second horse without a rider": whom a change is about stands at its head."""
    said, instruction = bare(scene.said), str(action.args.get("instruction", ""))
    if action.name != "edit_image" or action.args["image"] != it_of(scene) or not said.endswith(f" {instruction}"):
        return None
    ahead = said.removesuffix(instruction).strip()
    noun = _ANOTHER.sub("", ahead)
    return Action.edit(action.args["image"], said) if is_a_name(noun) else None


def _who_can(scene: Scene, action: Action) -> Action | None:
    """ "Drop the rock, she can ride a turtle", "more horses? i want 3": both halves are one change."""
    said, instruction = bare(scene.said), str(action.args.get("instruction", ""))
    if action.name != "edit_image" or instruction == said or instruction not in said:
        return None
    if _CAN_RIDE.fullmatch(said):
        return Action.edit(action.args["image"], said)
    behind = _I_WANT.fullmatch(said[said.index(instruction) + len(instruction) :])
    return Action.edit(action.args["image"], f"{instruction}, {behind['many']}") if behind else None


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
    """ "Red hat" of a picture with a hat is no praise, but "hell yeah" is; "who is it now" asks what is shown; "show me
    a fox" and "two cats on a beach" ask for a new one."""
    said, it = bare(scene.said), it_of(scene)
    praised = not action.name and action.text.startswith("I am glad")
    plain = _BARE_NOUN.fullmatch(said) is not None or telling(said) & shown_in(scene, it)
    if praised and not _PRAISE.search(scene.said) and plain:
        return Action.edit(it, said)
    grey = (action.name, action.args.get("operation")) == ("adjust_image", "greyscale")
    if grey and _BLACK.search(scene.said) and not _GREY.search(scene.said):
        return Action.edit(action.args["image"], said)
    if action.name in ("look_at_image", "edit_image") and (back := _BACK_TO_A_HUE.fullmatch(said)):
        return Action.edit(it, f"make it {back['hue']}")
    if not action.name and action.text.startswith("Nothing is lost") and _STYLE_AGAIN.search(said):
        return Action.edit(it, said)
    if action.name in ("upscale_image", "adjust_image") and _IN_PIXELS.search(said):
        return Action.edit(it, said)
    if not action.name and action.text.startswith("A seed is") and _SEED_OF_IT.fullmatch(said):
        return Action("look_at_image", {"image": it, "question": said})
    if praised and _FOR_IT.fullmatch(said):
        return Action(text="All right.")
    if not action.name and action.text.startswith("I am sorry") and _ALL_PRAISE.fullmatch(said):
        return Action(text="I am glad you like it.")
    if not action.name and action.text.startswith("I am Easel") and _WHO.search(said) and not _YOU.search(said):
        return Action("look_at_image", {"image": it, "question": said})
    if action.name == "edit_image" and _SCENE.fullmatch(said):
        return Action("generate_image", {"prompt": said})
    found = _DRAWN.fullmatch(said)
    looks = action.name == "look_at_image" and not action.args.get("question")
    return Action("generate_image", {"prompt": found["what"]}) if looks and found and "again" not in said else None


def _its_order(scene: Scene, action: Action) -> Action | None:
    """ "I don't like the hat, take it off": the order begins with what it is about, and goes where that is shown."""
    said = ENDING.sub("", scene.said)
    found = _ITS_ORDER.search(said)
    resized = action.name == "upscale_image" or action.args.get("operation") in ("resize", "crop")
    if not found or not (action.name in ("edit_image", "look_at_image") or resized or "can't delete" in action.text):
        return None
    said = CHATTER.sub("", said)
    if not _COMPLAINT.match(OPENING.sub("", said)) or _CALLS_A_PICTURE.search(said[: found.start()]):
        return None
    before, instruction = said[: found.start()], str(action.args.get("instruction", ""))
    things = sorted(_THE.finditer(before), key=lambda the: (_PLACED.search(before[: the.start()]) is None, the.start()))
    for the in reversed(things):
        for noun in (telling(word) for word in the[1].split()):
            it, meant = it_of(scene), action.args.get("image")
            there = [image for image in (meant, it) if isinstance(image, int) and noun & shown_in(scene, image)]
            if image := next(iter(there), newest_showing(scene, noun)):
                whole = said[the.start() :]
                return (
                    None if noun & telling(instruction) or len(instruction) >= len(whole) else Action.edit(image, whole)
                )
    return None


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
    if not (found := told or only) or _A_PICTURE.search(found["what"]):
        return None
    new = action.name == "generate_image" and len(found["what"].split()) > _FEW_WORDS
    if new and not telling(found["what"]) & shown_in(scene, it):
        return None
    words, instruction = telling(found["what"]), found["what"] if told else said
    return Action.edit(it if words & shown_in(scene, it) else newest_showing(scene, words) or it, instruction)


def _fragment(scene: Scene, action: Action) -> Action | None:
    """ "How about at night", "a hat then", "that table is ugly. marble please": that is no picture, but a change."""
    prompt = str(action.args.get("prompt", ""))
    if action.name != "generate_image":
        return None
    if then := _A_HAT_THEN.fullmatch(bare(scene.said)):
        return Action.edit(it_of(scene), f"add {then['what']}")
    if _FOUND_BAD.fullmatch(bare(scene.said)) and len(prompt.split()) <= 3:
        return Action.edit(it_of(scene), bare(scene.said))
    return Action.edit(it_of(scene), prompt) if _FRAGMENT.fullmatch(prompt) else None


def _one_of_them(scene: Scene, action: Action) -> Action | None:
    """ "Make one of them pink", "one smaller than the other" where one picture is spoken of: things in it are meant."""
    alone = not last_batch(scene.shelf) or any(picture.selected for picture in scene.shelf)
    resizes = action.name == "upscale_image" or (action.name, action.args.get("operation")) == (
        "adjust_image",
        "resize",
    )
    asks = action.name == "ask_user"
    if not alone or not (resizes or asks or action.name == "edit_image") or _PICTURES.search(scene.said):
        return None
    big = _BIG_ONE.search(scene.said) and _several(scene) and not _enlarged(scene)
    sized = _THAN_THE_OTHER.search(scene.said) or (big and (resizes or asks or action.args["image"] != it_of(scene)))
    return (
        Action.edit(it_of(scene), bare(scene.said)) if sized or (_ONE_OF.search(scene.said) and not resizes) else None
    )


def _several(scene: Scene) -> bool:
    """Whether "it", or one that it was made from, shows several of a kind."""
    return any(several_in(scene, handle) for handle in line_of(scene, it_of(scene)))


def _enlarged(scene: Scene) -> bool:
    """Whether "the big one" may be a picture that was made larger, or smaller."""
    return len({picture.size for picture in scene.shelf}) > 1 or any(p.kind == "upscale" for p in scene.shelf)


def _no_number(scene: Scene, action: Action) -> Action | None:
    """ "Number 10 on his back" calls no picture #10, and "make it 8 bit" asks for no eight."""
    written = action.name == "ask_user" and _WRITTEN_NUMBER.search(scene.said)
    bits = _BITS.search(scene.said)
    counted = action.name == "vary_image" and bits and bits["bits"] == str(action.args.get("count", ""))
    return Action.edit(it_of(scene), bare(scene.said)) if written or counted else None


def _inflected(scene: Scene, action: Action) -> Action | None:
    """ "The stormy one" is the picture of a storm, though none says "stormy"."""
    found = _THE_ONE.fullmatch(bare(scene.said))
    if action.name != "ask_user" or not found:
        return None
    stem = re.sub(r"(.)\1$", r"\1", re.sub(r"(?:[iy]e?r?|ing|ed|n)$", "", found["what"].lower()))
    showing = [p.handle for p in scene.shelf if len(stem) > 2 and any(w.startswith(stem) for w in telling(p.caption))]
    return Action("look_at_image", {"image": newest_of(scene, showing[0])}) if len(showing) == 1 else None


def _seen_again(scene: Scene, action: Action) -> Action | None:
    """ "He wants to see the dinosaur again before bed" is no question."""
    if action.name != "look_at_image" or not action.args.get("question") or not _SEE_AGAIN.match(bare(scene.said)):
        return None
    return Action("look_at_image", {"image": newest_of(scene, action.args["image"])})


def _asked(scene: Scene, action: Action) -> Action | None:
    """ "Describe it", "how big is it": the sentence itself is the question; without one a picture is shown again."""
    if action.name != "look_at_image":
        return None
    liked = chooses(scene.said) or _WAS_BETTER.fullmatch(bare(scene.said))
    if action.args.get("question"):  # "I'll take the one before the hat" asks nothing
        plain = liked or _BACK_AT_LAST.fullmatch(bare(scene.said))
        return Action(action.name, {"image": action.args["image"]}) if plain else None
    if _SHOWN_AGAIN.match(bare(scene.said)) or liked:
        return None
    if ellipsis.orders(scene.said) or _AWAY.fullmatch(bare(scene.said)):  # "without the hat": back to before
        return None
    return Action(action.name, {**action.args, "question": bare(scene.said)})


def gone_back_to(scene: Scene, action: Action) -> int:
    """The picture that a sentence only goes back to ("back to the one before the hat"), 0 if it asks for more.

    The one that it calls by number or place, else the one that was to be changed. What the shelf alone decides is for
    `models.chat.returning`.
    """
    if scene.steps or not _BACK_TO.fullmatch(scene.said) or _AND_MORE.search(scene.said):
        return 0
    called = called_in(scene)
    meant = called[0] if len(called) == 1 else action.args.get("image", 0)
    return meant if isinstance(meant, int) else 0


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
    again = all((step.name, but_image(step.args)) == (action.name, but_image(action.args)) for step in scene.steps)
    if again and image not in made and picture_meant.one_only(scene, action):
        return True
    return again and len(row) > 1 and image is not None and image not in row | made
