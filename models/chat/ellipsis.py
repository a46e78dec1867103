"""What a short sentence leaves out because the turn before said it: "get rid of it", "no, smaller", "and another one".

Each rule gives the action that a sentence means instead of the one that was decided, or None. The turn before is the
last one that changed a picture.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from models.chat.conversation import Action, Scene, ShelfPicture, batch_of, called_in, it_of, named, telling
from models.chat.lines import counts_in, kinds_in, line_of, shown_in
from models.english.naming import COLOUR_WORDS, Names, with_article
from models.english.numbers import number_of
from models.english.patterns import NUMERALS, regex
from models.english.politeness import bare
from models.english.sizes import HUGE, TINY
from models.kinds import ALIVE, sort_of

_NO_THING = (
    r"(?!(?:bit|little|lot|way|top|bottom|left|right|middle|side|corner|background|foreground|picture|image|ones?|other"
    r"|same|sky|ground|style|colou?r|size|half|more|less|whole|rest|instead|too)\b)"
)
_BORDER = "(?:on|in|at|to|of|and|is|are|should|must|needs?|for|with|next|by|near|under|above|behind|into|from)"
_A_THING = regex(
    rf"\b(?:an?|the|another|some|my|his|her|its|their|that|one|two|three|four|more|bigger|smaller|no) (?!(?:an?|the)\b)"
    rf"(?P<what>(?:(?!(?:{_BORDER}|an?|the)\b){_NO_THING}[\w'-]+ )?(?!{_BORDER}\b){_NO_THING}[\w'-]+)"
    rf"(?=\s*(?:$|[,.;!?]|(?:{_BORDER}|an?|the|off|out|away|bigger|smaller|larger|more|please|pls|too|instead"
    rf"|better|over"
    r"|up|down|left|right|\w+ing|\w+er)\b))",
)
_WELL = (
    r"(?:(?:never ?mind|nah|no|nope|actually|ugh|wait|on second thou?ghts?|forget it|nvm|i changed my mind"
    r"|then|now|and|also|plus|still|great|nice|cool|perfect)\W+)*"
)
_PLEASE = r"(?: (?:too|then|still|again|than that))*"
_IT_AWAY = regex(
    rf"{_WELL}(?:(?:just|then|let'?s|i want to|can we|i'd) )*"
    r"(?:(?P<order>(?:get rid of|remove|delete|erase|lose|ditch|drop|scrap|bin|hide|take out|move|shift) )"
    r"(?:it|that|him|her|them|this)\b(?! (?:last|latest|edit|change|step)\b)(?P<behind>(?: [\w']+){0,4})"
    r"|(?P<take>take )(?:it|that|him|her|them|this)(?P<away> (?:away|off|out)(?: again| then)?))",
)
_HIM = regex(r"\b(?:him|her)\b")
_SIZE_ONLY = regex(
    rf"{_WELL}(?:not enough\W+)?(?:(?:even|much|way|a (?:little )?(?:bit|touch)|far|lots?|slightly"
    rf"|make (?:it|him|her|them)) )*(?P<size>bigger|larger|smaller|tinier|taller|shorter|{HUGE}|{TINY}){_PLEASE}",
)
_SIZE = regex(rf"\b(?:big|bigger|large|larger|small|smaller|tinier|shrink|grow|enlarge|tall\w*|size|{HUGE}|{TINY})\b")
_SIZE_BEHIND = regex(rf"(?: (?:a (?:little )?bit|much|way|slightly))* {_SIZE.pattern}$")
_SLIGHTLY = regex(r"\ba (?:little )?(?:bit|touch)\b|\bslightly\b")
_MADE = regex(r"make (?P<whom>it|him|her|them)\b.*")
_IT_SO = regex(
    rf"{_WELL}(?:(?:can (?:you|u)|could (?:you|u)|just) )*"
    r"(?:(?P<order>(?:make|turn|paint|colou?r|dye|move|shift|nudge|push|slide|put)) (?:it|that|them)"
    r"|(?:it|that|they) (?P<should>(?:should|must|needs? to|has to) be))"
    rf"(?P<how> (?:(?:a (?:little )?(?:bit|touch)|much|more|far|way|slightly|bright|dark|light|to|on|at|over|the|in) )*"
    rf"(?:{COLOUR_WORDS}|bigger|larger|smaller|tinier|taller|shorter|left|right|up|down|higher|lower)"
    rf"(?: side)?{_PLEASE})",
)
_WAS_A_COLOUR = regex(
    rf"{_WELL}(?:it|she|he|that one|mine|ours|his|hers|(?:my|our|his|her) (?:[\w'’]+ )?"
    r"(?:\w+['’]s|(?P<noun>\w+)))(?:'s|’s)? "
    r"(?:(?:was|were|is|had to be|always|used to be|really|actually|rather) )+"
    rf"(?:an? )?(?:(?:bright|dark|light|deep|pale|lovely) )?(?P<colour>{COLOUR_WORDS})(?: one)?(?!\W+so\b)(?:\W+.*)?",
    re.IGNORECASE | re.DOTALL,
)
_THERE_THEN = regex(
    rf"{_WELL}(?:on|to|at) the (?P<where>(?:far )?(?:left|right)(?: side)?|top|bottom|middle)(?: of it)?{_PLEASE}",
)
_SOMEWHERE = regex(
    rf"{_WELL}(?:(?:no|kinda|kind of|sort of|maybe|just|rather|more|a bit|up|down|high|it|he|she|should|must|could|be"
    r"|goes|is|hanging|flying|floating|standing|sitting|lying|put it|have it)\W+)*"
    r"(?P<where>(?:above|over|below|under(?:neath)?|beneath|behind|between|beside|next to|in front of|on top of|left of"
    r"|right of|near|closer to|farther from) (?:th?em|it|him|her|the others?|everything|(?:the|his|her|my|that) [\w-]+)"
    r"|above|overhead|underneath|behind)(?:\s*[,.;:!-]+ .{1,60})?",
)
_A_HUE = regex(rf"\b(?:{COLOUR_WORDS})\b")
_DYES = regex(r"(?:make|paint|turn|dye|colou?r|change)\b")
_HUE_ONLY = regex(
    rf"\W*(?:(?:no|nah|wait|actually|sorry|or|rather|make (?:it|that|them))\W+)*(?P<hue>{COLOUR_WORDS})"
    r"(?: (?:instead|rather|then))*\W*"
)
_HUE_OF_THEM = regex(
    rf"\W*(?:(?:no|nah|and|but|ok|okay|maybe|i want|make (?:it|them))\W+)*(?P<hue>{COLOUR_WORDS}) ones"
    r"\W*(?:please|pls)?\W*"
)
_CAME = regex(r"\W*(?:(?:and|now|then|also|can you|please)\W+)*(?:add|put|draw|paint|place|give)\b")
_ITS_ARTICLE = regex(r"^(?:the|my|his|her|its|their) ")
_WITH_ITS_HUE = regex(
    rf"(?P<order>(?:add|put|draw|paint|give) [^,.;!?]+?)\s*[,.;]\s*(?:and )?"
    rf"(?:it|they|he|she)(?:['’]?s| is| are|['’]?re)?(?: (?:should|must) be)? (?P<hue>{COLOUR_WORDS})"
)
_AN = regex(r"\ban $")
_BETTER_BUT = regex(
    r"[^,.;!?]*?\b(?:was|is|looked) (?:better|nicer|best)\W+(?:but|only|just) (?:please )?(?:keep|leave|with) "
    r"(?P<what>(?:the|his|her|that|my) [\w' -]+)"
)
_HUED_ONE = regex(rf"{_WELL}(?:(?:add|put|i want|give me) )*an? (?P<hue>{COLOUR_WORDS}) one(?P<where> [^.;!?]+)?")
_OFF_AND = regex(
    rf"{_WELL}(?:take|get|leave) (?:it|that|those|them)(?: back)? (?:off|out|away)"
    r"(?:\s*(?:[,.;]|\band\b|\bn\b|&|\bthen\b))+\s*(?P<rest>.+)",
)
_ANOTHER = regex(rf"{_WELL}(?:add )?(?:another(?: one)?|one more){_PLEASE}")
_ONE_THERE = regex(
    rf"{_WELL}(?:add )?(?:one|another(?: one)?|one more) "
    r"(?P<where>(?:on|in|at|by|near|next to|behind|under|above|below|over|beside|to) .+)",
)
_ADDED = regex(
    r"(?P<verb>.*?\b(?:add|put|place|draw|paint|give|with|stick|have|want|need)\b(?: (?:him|her|it|them))?)"
    r" (?:an?|one|some|another) (?P<what>[\w'-]+"
    r"(?: (?!(?:on|in|at|to|by|near|next|behind|under|above|below|over|beside|with|and)\b)[\w'-]+)?)(?P<where> .+)?",
)
_WHERE_IS = regex(
    r"(?:(?:and|but|so|wait)\W+)*where(?:'?s| is| are| did| has)"
    r" (?P<what>(?!.*\b(?:pictures?|images?|photos?|pics?|drawings?|paintings?|ones?|versions?|files?)\b)"
    r"(?:(?:the|my|his|her|their) )?[\w'-]+(?: [\w'-]+){0,4}?)(?: (?:go|gone|now|then|tho|though))*\W*",
)
_HIS = regex(r"^(?:his|her|its|their) ")
_MISSED = [
    regex(
        rf"{_WELL}(?:(?:but|so|and)\W+)*"
        r"(?:(?:why|how come)(?: is| are|'?s)? (?:there )?(?:is |are )?(?:no|not any)"
        r" (?P<what>[\w' -]+?)(?: (?:in it|there|here|yet|now))*\W*"
        r"|what(?:['’]?s| is) (?:still )?(?:missing|lacking)(?: here)? is "
        r"(?P<missing>(?:an?|the|some|two|three) [\w' -]+)"
        r"|(?:(?:is|are) there )?no (?P<lacked>[\w' -]+?)(?: (?:in it|there|here|yet|now))*\s*\?+\W*)",
    ),
    regex(
        rf"{_WELL}(?:does|do|is|are|has|have|can) (?:it|he|she|they|there)"
        r"(?: have| got| be| wear(?:ing)?| hold(?:ing)?)* (?P<what>[\w' -]+?)\s*\? *"
        r"(?:it|he|she|they|there)(?:['’]d| should| must| ought to| needs? to)"
        r"(?: be| have| wear| hold)*(?: (?:it|one|them|that))?\W*",
    ),
]
"""What asks for something that a picture lacks: "why is there no moon", "no hat?", "is it night? it should be"."""
_FORGOTTEN = regex(
    rf"{_WELL}(?:(?:but|so|and)\W+)*(?:you|u)(?:['’]?ve| have)? "
    r"(?:forgot(?:ten)?|missed|left out|didn['’]?t (?:add|draw|paint)) "
    r"(?:to (?P<order>(?:add|put|give|make|draw|paint|remove|colou?r)\b.+)"
    r"|(?:about )?(?P<what>(?!to\b|it\b|that\b|how\b)[\w' -]+?))(?: (?:again|here|there|in it))*\W*",
)
_ANOTHER_THING = regex(
    r"(?:another|one more|a second|two more) (?!(?:one|picture|image|version|variation|try|time|go|of|pic|photo)\b)"
    r"[\w'-]+(?: [\w'-]+){0,2}",
)
_ORDERED = regex(
    r"(?:(?:ew+|yuck|gross|ugh|nah|nope|no|actually|just)\W+)*"
    r"(?P<order>(?:delete|remove|erase|get rid of|lose|add|put|give|take off|take away|without|make the|make it|swap"
    r"|turn the|replace|(?:i|we) (?:can|could) do without) .+)",
)
_COMPLAINED = regex(
    r"(?!(?:what|how|who|whose|where|which|why|describe|tell|show|look|see|read)\b)[^,.;:!?]{3,60}[,.;:!]+\s*"
    r"(?:(?:then|please|pls|just|now|so|and|but|can (?:you|u)|could (?:you|u)|let'?s)\s+)*"
    r"(?P<order>(?:(?:take|remove|delete|erase|get rid of|lose)(?: away| off| out)? (?:one|two|three|some|a few|half)"
    r"|add|put(?!.*\b(?:back|up)\b)|give (?:him|her|them|the)|make (?:the|them|him|her)|swap|replace|turn the)\b.*)",
)
_SOME_AWAY = regex(
    r"(?:take|remove|delete|erase|get rid of|lose)(?: away| off| out)? (?P<many>one|two|three|some|a few)(?: of them)?"
    r"(?: away| off| out)?",
)
_MANY = regex(rf"\b(?:\d+|{NUMERALS}|more|some|a few|many)(?: more)? (?!more\b)(?P<what>[a-z'-]+)")
_COUNTED = regex(
    rf"{_WELL}(?:(?:(?:i (?:said|want|meant)|make (?:it|that|them)|should be|just|only|rather)\W+)*)"
    rf"(?:\d{{1,2}}|{NUMERALS}|a couple of|a few|several|many|lots of)"
    r" (?P<what>[a-z'-]+(?: [a-z'-]+)?)(?: (?:instead|then|now|too))*",
)
_NUMBER_ONLY = regex(
    rf"{_WELL}(?:(?:now|just|only|make (?:it|that|them)|and|then)\W+)*(?P<number>\d|{NUMERALS})"
    rf"(?P<of> of (?:th?em|those|these|him|her|it))?(?: (?:now|then|instead))*{_PLEASE}",
)
_ALONE = regex(r"\W*(?P<number>\d{1,4})\W*")
_SO_MANY = rf"\d{{1,2}}|one|{NUMERALS}"
_BEHIND_A_NUMBER = (
    r"(?: (?:at (?:the )?(?:very )?(?:least|most)|rather|instead|then|now|altogether|in total|of them"
    r"|it is))*"
)
_COUNTED_ANEW = [
    regex(
        rf"(?:.*?\W)?(?P<was>{_SO_MANY})\b (?:(?:[\w'’]+ ){{0,4}}?(?:is|are|was|were|looks?|seems?|feels?|does"
        rf"|do)\b|(?:is|are)?n['’]?t"
        rf"|too (?:many|few)|not enough).*?[.,;:!?-]+\s*(?:(?:so|no|let['’]?s (?:have|say)|make (?:it|that"
        rf"|them)|i want|say|rather"
        rf"|better)\W+)*(?P<now>{_SO_MANY}){_BEHIND_A_NUMBER}",
        re.IGNORECASE | re.DOTALL,
    ),
    regex(
        rf"(?:.*?\W)?i (?:said|asked for|wrote|typed|told you|did say) (?P<was>{_SO_MANY})\b[^.;!?]*?\b(?:but"
        rf"|meant|mean|wanted)\b"
        rf"[^.;!?]*?\b(?P<now>{_SO_MANY})\b(?: [\w'’]+)?(?:,.*)?",
        re.IGNORECASE | re.DOTALL,
    ),
    regex(
        rf"(?P<now>{_SO_MANY}) (?P<what>[\w'-]+) (?:rather|instead|will do|would do|suffice|is enough"
        rf"|are enough)(?P<rest>,.*)?"
    ),
]
"""A number that is said of what is there, and the one that it ought to be."""
_PUT_THERE = regex(
    rf"{_WELL}(?:no\W+)*(?P<how>on(?:to| top of)?|in(?:to|side)?|under|behind|above|next to|beside|over"
    rf"|in front of) (?:it|them)"
    r"(?:\W+(?:silly|you|dummy|i mean|i meant|not .+))*",
)
_ARTICLE = regex(r"(?:(?:an?|the|some|his|her) )?")
_PUT_IT = regex(
    r"(?P<what>[^,.;!?]+?)\b(?:,| but| so| and| ok| okay| fine| sure| please| well)+ "
    r"(?P<order>put|give|place|hang|stick|set) (?:it|one|them) (?P<where>(?!away|off|out|back|down)\w.*)",
)
_OTHER_SIDE = regex(
    rf"{_WELL}(?:(?:i (?:meant|mean)|on|to|put it on|move it to|should be on)\W+)*the (?:other|opposite) side"
    r"(?: (?:then|instead))*",
)
_THAT_SIDE = regex(rf"{_WELL}(?:(?:and|now|then)\W+)*(?:on|to) the (?P<side>left|right)(?: side)?")
_SIDE_OF = regex(r"\b(?:left|right) of\b")
_WITHOUT = regex(
    rf"{_WELL}(?:(?:just|maybe|leave it|keep it|have it|do it)\W+)*(?:without|no|skip|forget(?: about)?|leave out)"
    r" (?:(?:the|an?|any|her|his) )?(?P<thing>[a-z'-]+(?: [a-z'-]+)?)(?: (?:then|after all|at all|anyway))*",
)
_TOO = regex(rf"{_WELL}(?:and )?(?:also )?(?P<who>(?:the|my|his|her) [\w'-]+(?: [\w'-]+)?),? (?:too|as well|also)")
_THEM_SO = regex(
    rf"{_WELL}(?P<order>(?:make|turn|paint|colou?r|dye|move|shift|push|pull|put|place|shrink|enlarge|remove"
    rf"|delete|erase"
    r"|lose|get rid of|take|swap|replace) (?:both of |all of )?)(?:them|those|these)\b"
    r"(?P<behind>(?! (?:in|on|at|into|to) (?:an?|the)\b(?! (?:left|right|top|bottom|front|back|middle)))[^.;!?]*)",
)
_HAS = "has|have|is|are|wears?|holds?|gets?|needs?|should"
_SUBJECT = regex(
    rf"\b(?:the|my|his|her) [\w'-]+(?: (?!(?:{_HAS})\b)[\w'-]+)?(?= (?:{_HAS}|an?|some|in)\b)"
    r"|(?<=make )(?:the|my|his|her) [\w'-]+|(?<= (?:to|on) )(?:the|my|his|her) [\w'-]+(?=\W*$)",
)
_NOT_THE_PICTURE = regex(
    rf"{_WELL}(?:i (?:meant|mean)\W+)?(?:not|i (?:don'?t|didn'?t) mean) (?:the |this )?(?:whole |entire )?"
    r"(?:picture|image|photo|thing)\W+(?:but )?(?:i (?:meant|mean) )?(?:just |only )?(?:the|my) "
    r"(?P<thing>[\w'-]+(?: [\w'-]+)?)",
)
_NOT_A_BUT_A = regex(
    rf"{_WELL}(?:i (?:said|meant|mean|wanted)\W+)?not (?P<old>an? [\w' -]+?)\s*(?:[,.;!-]+|\bbut\b)\s*"
    r"(?:(?:but|rather|i (?:said|meant|mean|wanted))\W+)*(?P<new>an? [\w' -]+)",
)
_ENDINGS = {
    "men": "man", "children": "child", "(?<=zomb|cook)ies": "ie", "(?<=..)ies": "y", "(?<=l)ves": "f",
    "(?<=ss|ch|sh)es": "", "(?<=x)es": "", "(?<=[^suiy])s": "", "(?<=[aeo]y)s": "",
}  # fmt: skip
_SHORT = 8  # words of an instruction of which the first thing is what it is about
_FEW = 2  # words of what is looked for in a picture, and not among all


def thing_spoken_of(scene: Scene, action: Action) -> Action | None:
    """ "Get rid of it" after "add a whale": the whale, and not the picture; "no, smaller" after "bigger skateboard"."""
    if action.name not in ("edit_image", "look_at_image", "upscale_image", "adjust_image") and action.name:
        return None
    said, it = bare(scene.said), it_of(scene)
    before = _instruction_before(scene, it)
    thing = _thing_in(before)
    if thing and (found := _IT_AWAY.fullmatch(said)) and _can_be(scene.on_shelf(it), thing, him=_HIM.search(said)):
        order, behind = found["order"] or found["take"], found["behind"] or found["away"] or ""
        return Action.edit(it, f"{order}the {thing}{behind}")
    last = _last_spoken_of(scene, before)
    if last and (found := _IT_SO.fullmatch(said)):
        order = f"{found['order']} the {last}" if found["order"] else f"the {last} {found['should']}"
        return Action.edit(it, order + found["how"])
    if action.name == "edit_image" and (found := _WAS_A_COLOUR.fullmatch(said)):
        thing = f"the {found['noun'] or last}" if found["noun"] or last else "it"
        return Action.edit(it, f"make {thing} {found['colour']}")
    if last and (found := _THERE_THEN.fullmatch(said)):
        return Action.edit(it, f"move the {last} to the {found['where']}")
    if last and action.name == "edit_image" and (found := _SOMEWHERE.fullmatch(said)):
        return Action.edit(it, f"put the {last} {found['where']}")
    if last and action.name in ("edit_image", "generate_image") and (found := _HUED_ONE.fullmatch(said)):
        return Action.edit(it, f"add a {found['hue']} {last}{found['where'] or ''}")
    if last and (found := _OFF_AND.fullmatch(said)):
        return Action.edit(it, f"remove the {last} and {found['rest']}")
    thing = _SIZE_BEHIND.sub("", thing)
    whom = f"the {thing}" if thing else made["whom"] if (made := _MADE.fullmatch(before)) else ""
    if whom and _SIZE.search(before) and (found := _SIZE_ONLY.fullmatch(said)):
        return Action.edit(it, f"make {whom} {'a bit ' if _SLIGHTLY.search(said) else ''}{found['size']}")
    return None


def _can_be(picture: ShelfPicture | None, thing: str, *, him: object) -> bool:
    """Whether "it" can be a thing by that name: one that the picture shows, where that was seen, and for "him" one that
    lives."""
    kinds = Names.shipped().things(thing)
    shown = kinds_in(picture) if picture else []
    seen = any(sort_of(kind) & {*shown} for kind in kinds) or telling(thing) & telling(" ".join(shown))
    lives = not kinds or any(sort_of(kind) & ALIVE for kind in kinds)
    return (not shown or bool(seen)) and (not him or lives)


def _last_spoken_of(scene: Scene, before: str) -> str:
    """The one thing of several that the last edit brought, or else spoke of; "" where that is none or more."""
    picture = scene.on_shelf(it_of(scene))
    parent = scene.on_shelf(picture.parents[0]) if picture and picture.parents else None
    if picture is None or parent is None or not before:
        return ""
    there = kinds_in(picture)
    brought = [kind for kind in there if kind not in kinds_in(parent)]
    spoken = [kind for kind in there if telling(kind) <= telling(before) | telling(single(before))]
    found = brought or sorted(spoken, key=lambda kind: before.lower().find(kind.split()[-1]))[:1]  # the subject
    return found[0] if len(found) == 1 < len(there) and parent.shows else ""


def they_spoken_of(scene: Scene, action: Action) -> Action | None:
    """ "Make them brown" after "add two dogs", though there is a boy as well: the dogs."""
    found = _THEM_SO.fullmatch(bare(scene.said)) if action.name == "edit_image" else None
    they = _last_several(scene) if found else ""
    return Action.edit(it_of(scene), f"{found['order']}{they}{found['behind']}") if found and they else None


def _last_several(scene: Scene) -> str:
    """The things, of more that a picture shows, that the last change which was about several brought, or spoke of; ""
    where they are all that is there, or only the first request names them."""
    picture = it = scene.on_shelf(it_of(scene))
    if it is None or not it.shows:
        return ""
    names, there = Names.shipped(), counts_in(it)
    while picture is not None and picture.parents:
        parent = scene.on_shelf(picture.parents[0])
        if parent is None or not parent.shows or picture.kind != "edit":
            return ""
        brought = [kind for kind in counts_in(picture) - counts_in(parent) if kind in there]
        spoken = [kind for kind in names.things(picture.caption) if there[kind] > 1]
        they = brought if sum(there[kind] for kind in brought) > 1 else spoken if len(spoken) == 1 else []
        if they:
            called = [names.own(kind, many=there[kind] > 1) for kind in they]
            return f"the {' and the '.join(called)}" if len(they) < len(there) else ""
        picture = parent
    return ""


def one_more(scene: Scene, action: Action) -> Action | None:
    """ "And another one", "one on the left" after "add a boat": another boat, beside the first; "another bird"."""
    it, said, instruction = it_of(scene), bare(scene.said), str(action.args.get("instruction", ""))
    if action.name == "edit_image" and _ANOTHER_THING.fullmatch(said) and instruction.lower() not in said.lower():
        once_more = action.args["image"] == it and telling(instruction) & telling(said)
        return None if once_more else Action.edit(it, f"add {said}")
    again, there = _ANOTHER.fullmatch(said), _ONE_THERE.fullmatch(said)
    added = _ADDED.fullmatch(_instruction_before(scene, it)) if again or there else None
    if not added or action.name not in ("edit_image", "generate_image", "vary_image", "ask_user", ""):
        return None
    where = f" {there['where']}" if there else added["where"] or ""
    return Action.edit(it, f"{added['verb']} another {added['what']}{where}")


def the_same_for(scene: Scene, action: Action) -> Action | None:
    """ "The mouse too" after "the elephant has an ice cream": the same for the mouse."""
    found = _TOO.fullmatch(bare(scene.said))
    before = _instruction_before(scene, it_of(scene)) if found else ""
    subjects = list(_SUBJECT.finditer(before))
    if not found or len(subjects) != 1 or not action.name:
        return None
    return Action.edit(it_of(scene), _SUBJECT.sub(found["who"], before))


def ordered(scene: Scene, action: Action) -> Action | None:
    """ "Delete the crown", "take one away" after "three more trees", "now that's too much, take away one": an order,
    and no question about the picture."""
    some_away = _of_what(scene, bare(scene.said))
    if action.name in ("edit_image", "look_at_image") and some_away != bare(scene.said):
        return Action.edit(it_of(scene), some_away)
    found, complained = orders(scene.said), _COMPLAINED.fullmatch(bare(scene.said))
    repeats = complained and repeated(scene, action)
    if not (action.name == "look_at_image" or repeats) or "?" in scene.said:
        return None
    if complained and not any(any(hints) for handle, hints in named(scene).items() if handle):
        return Action.edit(it_of(scene), _of_what(scene, complained["order"]))
    return Action.edit(it_of(scene), found) if found and action.args.get("question") else None


def _of_what(scene: Scene, order: str) -> str:
    """ "Remove one tree" for "take away one" where the turn before wanted more trees."""
    some, many = _SOME_AWAY.fullmatch(order), _MANY.search(_instruction_before(scene, it_of(scene)))
    if not some or not many:
        return order
    return f"remove {some['many']} {single(many['what']) if some['many'].lower() == 'one' else many['what']}"


def repeated(scene: Scene, action: Action) -> bool:
    """Whether an edit is one of an earlier turn once more, of which the sentence says no word."""
    instruction = str(action.args.get("instruction", ""))
    before = {step.args.get("instruction") for turn in scene.past for step in turn.steps}
    return action.name == "edit_image" and instruction in before and not telling(instruction) & telling(scene.said)


def orders(said: str) -> str:
    """The order that a sentence is, "" for none."""
    found = _ORDERED.fullmatch(bare(said))
    return found["order"] if found and "?" not in said else ""


def hue_instead(scene: Scene, action: Action) -> Action | None:
    """ "No wait, purple" after "make it green": the same order with the other colour."""
    found, before = _HUE_ONLY.fullmatch(scene.said), _instruction_before(scene, it_of(scene))
    if action.name != "edit_image" or not found or not _DYES.match(before) or len(_A_HUE.findall(before)) != 1:
        return None
    return Action.edit(it_of(scene), _A_HUE.sub(found["hue"], before))


def hue_of_them(scene: Scene, action: Action) -> Action | None:
    """ "Pink ones" after "add balloons": what came is of that colour, and nothing else."""
    found, before = _HUE_OF_THEM.fullmatch(scene.said), _instruction_before(scene, it_of(scene))
    came = Names.shipped().said(before) if found and _CAME.match(before) else []
    if not found or not came or action.name not in ("edit_image", "generate_image"):
        return None
    return Action.edit(it_of(scene), f"make the {before[came[0].start : came[0].end]} {found['hue']}")


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


def not_one_but_another(scene: Scene, action: Action) -> Action | None:
    """ "No, not a boat, a duck" of a picture with a boat: the duck comes in its place."""
    found, it = _NOT_A_BUT_A.fullmatch(bare(scene.said)), it_of(scene)
    if not found or action.name != "edit_image" or not telling(found["old"]) <= shown_in(scene, it):
        return None
    old, new = ({said.thing for said in Names.shipped().said(found[which])} for which in ("old", "new"))
    known = old and new and not old & new
    return Action.edit(it, f"swap the {found['old'].split(' ', 1)[1]} for {found['new']}") if known else None


def asked_where(scene: Scene, action: Action) -> Action | None:
    """ "Where's the table?" asks where the picture shows one; else it may want it, and searches for none."""
    found = _WHERE_IS.fullmatch(bare(scene.said))
    edits = action.name == "edit_image"
    if found and _HIS.match(found["what"]) and not telling(found["what"]) & shown_in(scene, it_of(scene)):
        return Action.edit(it_of(scene), f"add {with_article(_HIS.sub('', found['what']))}")  # "where is his hat?"
    if not found or not (edits or action.name == "find_images" or action.text.startswith("I only make")):
        return None
    it, what = it_of(scene), found["what"]
    if edits and not telling(what) <= shown_in(scene, it):
        return Action.edit(it, what)
    shown = [picture.handle for picture in scene.shelf if telling(what) <= shown_in(scene, picture.handle)]
    meant = it in shown or (not shown and len(what.split()) <= _FEW and not re.search(r"\bmy\b|\d", what))
    return Action("look_at_image", {"image": it, "question": bare(scene.said)}) if meant else None


def missed(scene: Scene, action: Action) -> Action | None:
    """ "Why is there no moon", "no hat?", "is it night? it should be": what is wanted and not there comes."""
    found = next(filter(None, (form.fullmatch(scene.said.strip()) for form in _MISSED)), None)
    if not found or action.name not in ("edit_image", "look_at_image", "find_images", "ask_user", ""):
        return None
    names = found.groupdict()
    it, what = it_of(scene), names["what"] or names.get("lacked") or names.get("missing") or ""
    return None if not it or telling(what) <= shown_in(scene, it) else Action.edit(it, f"add {what}")


def forgotten(scene: Scene, action: Action) -> Action | None:
    """ "You forgot the diploma": what is wanted is added."""
    found = _FORGOTTEN.fullmatch(scene.said.strip()) if action.name in ("edit_image", "look_at_image", "") else None
    if not found:
        return None
    it, what = it_of(scene), _ITS_ARTICLE.sub("", found["what"] or "")
    new = with_article(what) if what and single(what) == what else what
    added = found["what"] if telling(what) <= shown_in(scene, it) else new
    return Action.edit(it, found["order"] or f"add {added}")


def its_hue(scene: Scene, action: Action) -> Action | None:
    """ "Add a ball of yarn, its blue": what comes is of that colour."""
    order = _WITH_ITS_HUE.fullmatch(bare(scene.said))
    said = Names.shipped().said(order["order"]) if order else []
    at = said[-1].start if said else 0
    if not order or not said or action.name != "edit_image":
        return None
    return Action.edit(
        action.args["image"], f"{_AN.sub('a ', order['order'][:at])}{order['hue']} {order['order'][at:]}"
    )


def kept_from(scene: Scene, action: Action) -> Action | None:
    """ "The first one was better but keep the scarf": that picture, with what was done for a scarf since."""
    found, called = _BETTER_BUT.fullmatch(bare(scene.said)), called_in(scene)
    if not found or len(called) != 1 or not action.name:
        return None
    [image], what, line = called, telling(found["what"]), line_of(scene, it_of(scene))
    if what <= shown_in(scene, image):
        return Action("look_at_image", {"image": image})
    came = [one for one in scene.shelf if one.handle in line and one.kind == "edit" and what <= telling(one.caption)]
    return Action.edit(image, came[0].caption if came else f"add {found['what']}")


def counted(scene: Scene, action: Action) -> Action | None:
    """ "Two cows", said of a picture of a cow: that many there, and no new picture."""
    found, it = _COUNTED.fullmatch(bare(scene.said)), it_of(scene)
    answers = scene.past and any(step.name == "ask_user" for step in scene.past[-1].steps)
    if action.name != "generate_image" or not found or answers:
        return None
    things = found["what"].split()[-1]
    shown = any(word and word <= shown_in(scene, it) for word in (telling(things), telling(single(things))))
    return Action.edit(it, bare(scene.said)) if shown else None


def number_only(scene: Scene, action: Action) -> Action | None:
    """ "Now two" after "three apples", "now 3 of them" of a zombie, "make it three" of the picture with two cats that
    was called: so many of these, and neither a picture nor a new one."""
    found, it = _NUMBER_ONLY.fullmatch(bare(scene.said)), scene.on_shelf(it_of(scene))
    if not found or it is None or action.name not in ("edit_image", "vary_image", "generate_image", "ask_user"):
        return None
    several = [kind for kind, many in counts_in(it).items() if many > 1] if it.selected else []
    before = _COUNTED.fullmatch(_instruction_before(scene, it.handle))
    if len(several) == 1:
        what = f"{several[0]}s"
    elif before:
        what = before["what"]
    elif found["of"] and len(kinds_in(it)) == 1 and not batch_of(scene) and action.name != "edit_image":
        what = "of them"
    else:
        return None
    return Action.edit(it.handle, f"{found['number']} {what}")


def number_alone(scene: Scene, action: Action) -> Action | None:
    """ "7", which answers no question: what it is the number of is asked, and nothing is changed."""
    found, last = _ALONE.fullmatch(scene.said), scene.past[-1] if scene.past else None
    asked = last and (any(step.name == "ask_user" for step in last.steps) or "Which one" in last.answered)
    if not found or asked or action.name not in ("edit_image", "vary_image", "generate_image"):
        return None
    number = found["number"]
    first = f"show #{number}" if scene.on_shelf(int(number)) else f"{number} more"
    question = f"Is {number} the number of a picture, or how many of something there should be?"
    return Action("ask_user", {"question": question, "choices": [first, f"{number} of them"]})


def counted_anew(scene: Scene, action: Action) -> Action | None:
    """ "Three is a bit sad. four", "I said two but I was thinking three", "two heads rather" of three moai: so many of
    those that are there."""
    said, it = bare(scene.said), scene.on_shelf(it_of(scene))
    found = next(filter(None, (form.fullmatch(said) for form in _COUNTED_ANEW)), None)
    if not found or it is None or not action.name:
        return None
    groups, there, names = found.groupdict(), counts_in(it), Names.shipped()
    kind = _counted_kind(there, number_of(groups.get("was") or ""), names.things(said))
    if not kind or ("what" in groups and names.said(groups["what"]) and kind not in names.things(groups["what"])):
        return None
    now = number_of(groups["now"])
    if now == there[kind]:
        return None
    return Action.edit(
        it.handle, f"make it {groups['now'].lower()} {names.own(kind, many=now != 1)}{groups.get('rest') or ''}"
    )


def _counted_kind(there: Counter[str], was: int, said: Collection[str]) -> str:
    """The kind that is spoken of: the one that is named, else the only one of which there are so many, or several."""
    named_ones = [kind for kind in there if kind in said]
    so_many = [kind for kind in there if there[kind] == was]
    several = [kind for kind in there if there[kind] > 1]
    for kinds in (named_ones, so_many, several):
        if len(kinds) == 1:
            return kinds[0]
    return ""


def put_there(scene: Scene, action: Action) -> Action | None:
    """ "No, ON it" after "can he have a bike", "coffee won't help but put it in his hand": who goes where, and what."""
    said, it = bare(scene.said), scene.on_shelf(it_of(scene))
    if it is None or action.name not in ("edit_image", "look_at_image", "ask_user", ""):
        return None
    there, names = kinds_in(it), Names.shipped()
    if found := _PUT_THERE.fullmatch(said):
        thing = _last_spoken_of(scene, _instruction_before(scene, it.handle))
        who = next((kind for kind in _first_named(scene, it.handle) if kind in there and kind != thing), "")
        return Action.edit(it.handle, f"put the {who} {found['how'].lower()} the {thing}") if thing and who else None
    found = _PUT_IT.fullmatch(said)
    new = [one for one in names.said(found["what"]) if names.own_of(one.thing) not in there] if found else []
    if not found or len(new) != 1 or not _ARTICLE.fullmatch(found["what"][: new[0].start]):
        return None
    return Action.edit(it.handle, f"{found['order']} {said[new[0].start : new[0].end]} {found['where']}")


def _first_named(scene: Scene, handle: int) -> list[str]:
    """The things that the first caption of a picture's line names, in order."""
    first = scene.on_shelf(min(line_of(scene, handle), default=handle))
    names = Names.shipped()
    return [names.own_of(one.thing) for one in names.said(first.caption)] if first else []


def other_side(scene: Scene, action: Action) -> Action | None:
    """ "No, the other side" after "add a palm tree on the right": the palm tree goes there."""
    it = it_of(scene)
    thing = _thing_in(_instruction_before(scene, it)) if _OTHER_SIDE.fullmatch(bare(scene.said)) else ""
    return Action.edit(it, f"move the {thing} to the other side") if thing else None


def that_side(scene: Scene, action: Action) -> Action | None:
    """ "And now on the right" after "the cat is left of the box": the same on that side."""
    found, it = _THAT_SIDE.fullmatch(bare(scene.said)), it_of(scene)
    before = _instruction_before(scene, it) if found else ""
    if not found or not _SIDE_OF.search(before):
        return None
    return Action.edit(it, _SIDE_OF.sub(f"{found['side'].lower()} of", before))


def single(things: str) -> str:
    """ "Owl" for "owls", and "snowman" for "snowmen"."""
    for ending, one in _ENDINGS.items():
        if re.search(rf"{ending}$", things):
            return re.sub(rf"{ending}$", one, things)
    return things


def never_there(scene: Scene, action: Action) -> Action | None:
    """ "Ok, without the prince then", where no prince came: the picture as it is."""
    found, it = _WITHOUT.fullmatch(bare(scene.said)), it_of(scene)
    thing = telling(found["thing"]) if found else frozenset[str]()
    if not thing or action.name not in ("look_at_image", "edit_image") or thing & shown_in(scene, it):
        return None
    failed = [step for turn in scene.past[-1:] for step in turn.steps if step.failed]
    wanted = any(thing <= telling(str(step.args.get("instruction", ""))) for step in failed)
    return Action("look_at_image", {"image": it}) if wanted else None


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
