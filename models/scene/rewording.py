"""What is said of what a picture shows, in plainer words: those that orders and planner know.

"Give it a friend" wants another of what is there, "the left one" is the left owl where owls are what there is several
of, "a second fox, a white one" is a second white fox, and what is put in the sky is put in the one that there is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from itertools import pairwise

from models.english.naming import HUES, JOINS, Names, colours_in, with_article
from models.english.patterns import NUMERALS, any_of, regex
from models.rendering.kinds import ALIVE, SORTS
from models.rendering.layout import NO_SKY, Layout, World
from models.scene.believable import WATERS

_FRIEND = regex(
    r"(?P<ahead>.*?)\b(?:an?|some|another) (?:(?:new|little|best|nice) )?"
    r"(?:friend|companion|buddy|pal|twin|sibling|mate|playmate|partner|clone)s?\b(?P<behind>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ONE = regex(
    r"\b(?P<ahead>(?:the|that) (?:left|right|middle|first|1st|second|2nd|third|3rd|last)(?:most)? )one\b"
    r"|\b(?P<the>(?:the|that) )one(?P<end> (?:on|at|in) the (?:far |very )?(?:left|right|middle|centre|center))\b"
    r"|\b(?P<of>one of )(?:them|these|those|the two|the three)\b",
)
_IS = regex(
    r"(?:^|(?<=[,;.] )|(?<=\band )|(?<=\bbut ))(?:(?:only|just) )?"
    r"(?P<what>(?:the|that) (?:left|right|middle|first|second|third|last) \w+|one of the \w+) "
    r"(?:(?:is|are|should be|must be|has to be|needs to be|to be) )?(?:in )?(?P<colour>\w+)"
    r"(?=\W*(?:$|[,;.]|and\b|but\b))",
)
_LIKE_THAT = r"(?P<article>\b(?:an?|one|another)(?: (?:second|third|fourth|other|more))? )(?P<name>{name})"
_COLOURED = r",? (?:and )?(?:an?|the) (?P<colour>{colours}) one\b"
_IN_THE_SKY = any_of(r"(?:up )?in(?:to)? the (?:sky|air)")
_BARE = regex(r"\W*(?:and |plus |maybe |how about |what about )*")
_ALONE = regex(
    r"\W*(?:please\W*|pls\W*|too\W*)*(?:$|in the (?:background|back|sky|distance|corner|foreground)\b"
    r"|at the top\b|on the (?:left|right)\b|(?:behind|next to|beside|above|everywhere|around)\b)",
)
_FOR_WHOM = regex(r" for (?:the|him|her|it|them|both|each|all)\b")
_GONE_AND_NEW = tuple(
    regex(pattern)
    for pattern in (
        r"\W*(?:the |that )?(?P<old>[\w -]{2,25}?)(?: is| goes)? (?:gone|away|out)\W+(?:and |but )?(?:put |add )?"
        r"(?:an? )?(?P<new>[\w -]{2,25}?) instead\W*",
        r"\W*(?:remove|take|lose|delete|erase|get rid of|scrap) (?:the |that )?(?P<old>[\w -]{2,25}?)"
        r"(?: out| away| off)?\W+"
        r"(?:and |then )*(?:put|add|place|draw|have) (?:in )?(?:an? )?(?P<new>[\w -]{2,25}?)"
        r" (?:there|instead|in (?:its|his|her|their) (?:place|spot))(?: instead)?\W*",
    )
)
_NO_SUCH = regex(
    r"\W*(?:no|not|without)(?: an?| the| that)? (?P<old>[\w -]{2,25}?)\W+(?:but |and |rather )?"
    r"(?P<new>(?:an?|some|two|three) [\w -]{2,25}?)(?: instead| there| rather)\W*",
)
_NO_BUT = r"\W*(?:no|nah|nope)\W+(?:an? |the )?(?P<colour>{colours}) (?P<name>[\w -]{{2,25}}?)\W*"
_HUES_BEHIND = r"(?P<first>.+?)\s*[.,;:-]+\s*(?P<hues>(?:{hues})(?:(?:,| and|,? and| &)\s+(?:{hues}))+)\W*"
_AT_A_SIDE = r"(?:on|to|at) the (?:far )?(?:left|right|top|bottom)"
_SIDES_IN_A_RUN = regex(
    rf"\b{_AT_A_SIDE}(?: side)?(?= (?:(?:the|a|an|his|her|my) )?(?!of\b|and\b|side\b)[\w-]+ {_AT_A_SIDE}\b)",
)  # "dog on the left cat on the right"
_ENDS = r"(?=\s*(?:$|[,.;!?]|and\b|please\b|pls\b))"
_BEFORE_A = regex(
    r"\b(?:put|place|move|set|have|stand)"
    r" (?:it|them|him|her|everything|everyone|both|all|all of them|(?:the|my) [\w -]{2,30}?) (?:all )?in front of"
    rf" (?P<what>(?:an?|some) [\w -]{{2,30}}?){_ENDS}",
)  # "put them in front of a castle"
_OF_CHOCOLATE = regex(
    r"(?:\b(?:make|turn|change) )?\bthe (?P<what>[\w -]{2,20}?)"
    r"(?: (?:should|must|could|needs to|has to|to)(?: be)?| into| to)? (?:made of |a )?"
    rf"choc(?:olate)?(?: bar)?(?: one| cake)?{_ENDS}",
)
_HOURS = (
    r"(?:night\w*|day\w*|morning|noon|midday|midnight|evening|dusk|dawn|sunset|sunrise|dark|rain\w*|snow\w*|fog\w*|storm\w*"
    "|sunny)"
)
_AND_NOT = regex(rf"(?P<hour>\b{_HOURS}\b.*?),?\s+(?:and )?not (?:at |in the |the |a )?{_HOURS}\b")
_SECOND_ONE = regex(
    r"\b(?P<another>an?other|a second|one more)(?P<size> (?:smaller|bigger|larger|tiny|little|small|big|huge))? one\b"
    r"(?:,? (?:but )?(?P<sized>smaller|bigger|larger))?(?! of\b)",
)
_THIRD_ONE = regex(r"^\W*(?:and )?(?:a |the )?(?:third|fourth|fifth) one\b(?! (?:is|should|red|bigger|smaller))")
_MISSING = regex(
    r"^\W*(?:(?:but|and|hmm|so)\W+)*there(?:['’]?s| is| are) "
    rf"(?P<what>(?:an?|some|{NUMERALS}) [\w' -]{{2,25}}?) missing\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_WHERE_IS = regex(
    r"^\W*(?:(?:but|and|so|hey|wait|ok)\W+)*where(?:['’]?s| is| are) (?:the|his|her|their|my|our|its) "
    r"(?P<what>[\w' -]{2,25}?)(?: (?:to|gone|then|now|at|please|pls|tho|though))*\W*$",
)
_MADE_SO = (
    r"(?P<what>\b(?:the|his|her|that) [\w' -]{{2,20}}?),? (?:(?:um|uh|er|erm|well)\W+)*(?P<make>make|turn|paint) "
    r"(?:it|him|her|them) (?P<colour>{colours})\b"
)
_COLOURED_LAST = (
    r"\W*(?P<what>(?!the |his |her |my )[\w' -]{{2,25}}? for [\w' -]{{2,25}}?)\W+(?:an? )?"
    r"(?P<colour>{colours})(?: one)?\W*"
)  # "scarf for the bird, red"
_JUST_THE = regex(
    r"^\W*(?:(?:[\w' ,-]*\b)?(?:needs?|wants?|keep|leave|draw(?: me)?|show(?: me)?|give me|have|is|make it)\b"
    r"[\w' ]{0,12}?\W)?"
    r"(?:just|only|nothing but) (?:the|my|his|her|that) (?P<what>[\w' -]+?)(?P<rest> (?:in|on|into|onto|at) .+?)?"
    r"(?P<end> and make it .+)?(?: please| pls| now)*\W*$",
)
_SHOULD_BE = regex(
    r"^\W*(?:(?:and|also|but|oh|now)\W+)*(?P<what>(?:the|my|our|his|her|their|an?|some) [\w' -]{2,25}?) "
    r"(?:should|must|could|can|needs to|has to|ought to|wants to)(?: also| too)? "
    r"(?:be|sit|stand|come|go|lie|ride|swim)(?: (?:standing|sitting|lying|walking|playing|swimming|waiting))?\b"
    r"(?P<where> (?:(?:in|on|at|next to|beside|behind|near|by|under|between|with)\b.*?))(?: too| as well| also)?\W*$",
)
_THEM = regex(r"\b(?P<make>make|turn|paint|dye|colou?r) them\b(?! (?:all|both|into|hold|wear))")
_ONE_SIZE = regex(
    r"\bmake one(?: of (?:them|the \w+|those))?(?P<size>(?: a (?:little )?bit| much| slightly)?"
    r" (?:bigger|smaller|larger|taller))(?: than the others?(?: one)?)?",
)
_ARTICLE = regex(rf"(?:an?|some|one|{NUMERALS}) ")
_THERE_IS_NO = regex(
    r"^\W*(?:(?:there(?:['’]?s| is| are)|i (?:see|can see)) no [\w' -]{2,20}[,.;!]+"
    r"|(?:the |an? )?[\w' -]{2,20} (?:is|are) missing(?: \w+)?[,.;!]*)\s*"
    r"(?=(?:so |please |can you )?(?:put|add|draw)\b)",
)
_SKIES = {
    **dict.fromkeys(("orange", "red", "pink"), "sunset"),
    **dict.fromkeys(("black", "dark"), "night"),
    **dict.fromkeys(("blue", "bright"), "day"),
}
_SKY = regex(
    rf"^\W*(?:(?:make|turn|paint|colou?r|have) )?the sky (?:(?:should|could|must|to) )?(?:(?:be|is|look) )?(?:a )?"
    rf"(?P<hue>{'|'.join(_SKIES)})\W*$",
)
"""An hour by the colour of its sky."""
_DARK_BEHIND = regex(
    r"^\W*(?:(?:make|turn|have|with|and|a|the|can|could|you|please|much|bit) )*"
    r"(?:(?:background|sky) (?:(?:a bit|much|more|way|is|be|to be) )*(?:darker|dark)"
    r"|(?:darker|dark) (?:background|sky))\W*$",
)
_MADE_SOMEBODY = regex(
    r"^\W*(?:please |now |and )*(?:make|turn) (?:him|her|it) (?:into )?an? (?P<new>[\w]+(?: [\w]+)?)(?=\W*(?:$|[,.;]))",
)
_SIDE_FIRST = regex(
    r"^(?P<ahead>\W*(?:(?:please|now|and|just|can you) )*(?:(?:remove|delete|erase|lose|drop|take away|make|move) )?)"
    r"(?P<side>(?:left|right|middle)(?:most)?(?= [a-z]+))(?! (?:of|side|to|and|from|by|half)\b)",
)  # "remove middle duck"
_FULL_OF = regex(
    r"^\W*(?:make (?:it|the (?!sky)\w+) )?(?:full of|filled with|covered (?:in|with)"
    r"|(?:fill|cover) (?:it|the (?!sky)\w+)(?: up)? (?:with|in))\s+",
)
_ON_THE_ROOF = any_of(
    "(?:up )?on(?:to)? (?:the )?(?:top of )?(?:the|its|his|her|their) (?:roof(?:top)?s?|chimneys?)(?: of it)?"
)
_OUTFIT = any_of(
    r"(?:his|her|their|the) (?:outfit|clothes|clothing|suit|costume|uniform|robes?|shirt|armou?r|gown|tunic)"
)
_HER_DRESS = (
    r"\b(?:make |paint |turn )?(?P<whose>his|her|their|its|(?:the |my )?(?P<who>[\w]+)['’]s) "
    r"(?P<what>dress|coat|(?:t-)?shirt|hat|cap|scarf|tie)"
    r"(?:['’]s)?(?: (?:should|must|shld|needs to|has to|could|can|to))?(?: be)?(?: in)?"
    r" (?:an? )?(?P<colour>{colours})\b"
)
_VERSION = (
    r"\W*(?:(?:and|now|then|do|make|give me|show me|can you do|how about|what about|also) )*(?:an?|the) "
    r"(?P<colour>{colours}) (?:version|one|variant)"
    r"(?: of (?:it|him|her|them|that|this|(?:the|that) same (?:\w+)))?(?: please| pls| too)*\W*"
)
_COLOURED_AND = (
    r"\W*(?:(?:but|and|just|maybe|make (?:it|him|her)|in) )*(?P<colour>{colours})\W+(?:with|and) "
    r"(?P<rest>(?:an?|some|the)\b.*)"
)
_NEXT_TO_IT_LEFT = regex(
    r"\b(?:next to|near|beside|by) (?P<whom>it|him|her|them|(?:the|that) [\w-]+),? "
    r"(?:(?:on|at|to) )?(?:(?:the|its|his|her) )?(?P<way>left|right)(?: side)?"
    r"(?=\W*(?:$|[.,;!?]|please\b|pls\b|and\b))",
)
_SUN_SHINES = regex(
    r"\b(?:the )?sun(?:'s)? (?:(?:should|must|has to|needs to|is|to) )*(?:be )?(?:shin(?:es?|ing)|out)\b"
)
_SUNNY = regex(
    r"^\W*(?:(?:and|now|please|can you|could you|just)\W+)*(?:make|have|i want) (?:it|the weather) "
    r"(?:look )?(?:more |a bit |nice and )*(?:sunny|sunnier)"
    r"(?: (?:with|and) (?:an? )?(?:nice |bright |clear )?blue (?:sky|skies))?(?: please| pls| day)*\W*$",
)
_SUNSHINE = regex(
    r"^\W*(?:(?:and|add|with|now|maybe|put(?: in)?|i want|can we have|give it) )*"
    r"(?:(?:a (?:little )?(?:bit|touch) of|some|a little|more|lots of|bright|warm|nice)(?: more)? )+"
    r"sun(?:shine|light)?(?: please| pls| now| too)*\W*$",
)
_HUNG = regex(
    r"\bhang(?: up)? (?P<a>an?|some|another|two|three|his|her|my|our)"
    r"(?: (?:nice|big|small|little|framed|pretty|old|large))? "
    r"(?:picture(?: frame)?|painting|photo(?:graph)?|poster|print|portrait|frame)(?P<many>s)?\b",
)
_PUT_THE = any_of(
    r"put|place|stick|there(?:'s| is| should be| must be)(?: also)?|(?:i|we) (?:wish|want|need|'?d like)(?: to have)?",
    end=r" the $",
)
_IN_THE_MIDDLE = any_of("in (?:the )?(?:middle|cent(?:er|re)) of (?=(?:them|those|these|the two|both)\\b)")
_LIKE = regex(r"\b[a-z]+-like (?=[a-z]+\b)")
_FAR_FIRST = regex(
    r"^\W*(?:(?:and|also|now|then|put|add)\W+)*(?:far (?:away|off)|in the (?:far )?distance|on the horizon)\W+"
    r"(?:(?:there(?:'s| is| are)|put|add|i want)\s+)?(?P<what>(?:an?|some|two|three) [^,.;!?]+)",
)  # "and far away a lighthouse"
_PLACE_FOR = regex(
    r"^(?:(?:now|please|but|and|make it|maybe|i want|i'd like|change it to|put) )*(?:in |on |at )?(?:an? |the |some )?"
    r"(?:(?P<new>[\w ]+?) (?:instead of|rather than|not) (?:in |on |at )?(?:an? |the )?(?P<old>[\w ]+?)"
    r"|i(?:'d| would) (?:rather|prefer) (?:have )?(?:the |an? )?(?P<rather>[\w ]+?)"
    r" (?:than|over|to) (?:an? |the )?(?P<than>[\w ]+?))\W*$",
)
_THE_SO = (
    r"(?:^|(?<=and )|(?<=, ))the (?P<what>[\w' -]{{2,20}}?) (?:in )?an? (?:(?:bright|dark|light|deep|pale|nice) )?"
    r"(?P<colour>{colours})(?=\W*(?:$|[,.;]))"
)  # "and the umbrella a leaf-like green"
_THE = regex(r"(?:the|an?) ")
_NOT_BARE = any_of(
    r"instead|rather|not|no|only|just|better|than|is|are|should|style|look\w*|more|less|bit|little|turn|make"
)
_MOUNTAINS = any_of(
    r"(?:(?:add|put|with|and|some|a few|a couple of) )*mountains? "
    r"(?:(?:in|at) the (?:far )?(?:back(?:ground)?|distance)|on the horizon|behind (?:it|him|her|them))"
)


def reworded(text: str, before: Layout, world: World, names: Names, *, sky: bool) -> str:
    """An instruction in plainer words, of a picture that shows `before`, and a sky or none."""
    there = Counter(one.thing for one in before.things if not world.is_worn(one.thing))
    several = [world.things[thing] for thing, count in there.items() if count > 1]
    if world.places[before.about[0]] in WATERS:  # which mountains in its stead would leave dry
        text = _MOUNTAINS.sub("add two mountains", text)
    text = _SIDES_IN_A_RUN.sub(r"\g<0>,", text)
    if (found := _BEFORE_A.search(text)) and names.said(found["what"]) and not _is_there(found["what"], there, names):
        text = f"{text[: found.start()]}add {found['what']} behind{text[found.end() :]}"
    hues = "|".join(filter(None, (*world.colours, *HUES)))
    if (found := re.fullmatch(_HUES_BEHIND.format(hues=hues), text, re.IGNORECASE)) and (
        len(kinds := {said.thing for said in names.said(found["first"])}) == 1 and kinds <= there.keys()
    ):
        text = f"{found['first']}. make the {names.own(world.things[min(kinds)], many=True)} {found['hues']}"
    if (found := _MADE_SOMEBODY.match(text)) and (new := names.said(found["new"])) and new[0].start == 0:
        alive = [thing for thing in there if world.things[thing] in ALIVE]
        if len(alive) == 1 and world.things[new[0].thing] in ALIVE:
            text = f"swap the {world.things[alive[0]]} for a {found['new']}{text[found.end() :]}"
    if (found := _JUST_THE.match(text)) and len(there) > 1 and _is_there(found["what"], there, names):
        rest = f". put the {found['what']}{found['rest']}" if found["rest"] else ""
        text = f"remove everything except the {found['what']}{rest}{found['end'] or ''}"
    if (
        (found := _SHOULD_BE.match(text))
        and (new := names.said(found["what"]))
        and not {one.thing for one in new} & there.keys()
    ):
        text = f"add {with_article(found['what'].partition(' ')[2])}{found['where']}"
    text = _FAR_FIRST.sub(r"add \g<what> in the distance", text)
    text = _SIDE_FIRST.sub(r"\g<ahead>the \g<side>", text)
    text = _FULL_OF.sub("add many ", _DARK_BEHIND.sub("make it night", text))
    if buildings := [one for one in before.things if world.things[one.thing] in SORTS["building"]]:
        house = world.things[max(buildings, key=lambda one: one.side).thing]
        text = _ON_THE_ROOF.sub(lambda found: found[0] if names.said(found[0]) else f"on the {house}", text)
    if (found := _OF_CHOCOLATE.search(text)) and _is_there(found["what"], there, names):
        text = f"{text[: found.start()]}make the {found['what']} brown{text[found.end() :]}"
    if (found := _FRIEND.fullmatch(text)) and there and not names.said(found["behind"]):
        named = [said.thing for said in names.said(found["ahead"]) if said.thing in there]
        whose = world.things[(named or list(there))[0]]
        text = f"add another {whose}{found['behind']}" if named or len(there) == 1 else text
    if len(there) == 1 and (found := _SECOND_ONE.search(text)) and not names.said(text):
        size = found["size"] or (f" {found['sized']}" if found["sized"] else "")
        ahead = "" if re.search(r"\w", text[: found.start()]) else "add "
        text = f"{text[: found.start()]}{ahead}another{size} {world.things[next(iter(there))]}{text[found.end() :]}"
    if len(several) == 1 and (found := _THIRD_ONE.match(text)):
        text = f"add another {several[0]}{text[found.end() :]}"
    text = _AND_NOT.sub(lambda found: found["hour"], text)
    if len(several) == 1:
        text = _ONE_SIZE.sub(lambda found: f"make the left {several[0]}{found['size']}", text)
        text = _ONE.sub(lambda found: _called(found, several[0]), text)
        many = names.own(several[0], many=True)
        text = _THEM.sub(lambda found: f"{found['make']} the {many}", text)
    text = _IS.sub(lambda found: _made(found, world), text)
    if (found := _NO_SUCH.fullmatch(text)) and names.said(found["new"]):  # "no barn, a tractor instead"
        shown = any(one.thing in there for one in names.said(found["old"]))
        text = text if shown else f"add {found['new']}"
    for pattern in _GONE_AND_NEW:
        if (found := pattern.fullmatch(text)) and names.said(found["old"]) and names.said(found["new"]):
            text = f"swap the {found['old']} for a {found['new']}"
    colours = "|".join(filter(None, (*world.colours, *HUES)))
    if found := re.fullmatch(_NO_BUT.format(colours=colours), text, re.IGNORECASE):
        [colour], said = colours_in(found["colour"], world.colours), names.said(found["name"])
        have = {one.colour for one in before.things if said and one.thing == said[0].thing}
        text = f"make the {found['name']} {found['colour']}" if have and colour not in have else text
    text = _PLACE_FOR.sub(lambda found: _there_instead(found, before, world), text)
    if len(several) == 1:
        text = re.sub(
            rf"\b((?:make|turn|paint|dye|colou?r) one) (?={colours})",
            rf"\g<1> of the {several[0]}s ",
            text,
            flags=re.IGNORECASE,
        )
        text = re.sub(rf"\b((?:the|that) (?:{colours}) )one\b", rf"\g<1>{several[0]}", text, flags=re.IGNORECASE)
    for said in reversed(names.said(text)):
        pattern = _LIKE_THAT.format(name=re.escape(text[said.start : said.end])) + _COLOURED.format(colours=colours)
        text = re.sub(pattern, r"\g<article>\g<colour> \g<name>", text, flags=re.IGNORECASE)
    if names.said(text) and world.places[before.about[0]] not in {"sky", *NO_SKY}:
        text = _IN_THE_SKY.sub("at the top", text)
    text = _THERE_IS_NO.sub("", text)
    if (found := _MISSING.match(text)) and names.said(found["what"]):
        text = f"add {found['what']}"
    if (found := _WHERE_IS.match(text)) and (gone := names.said(found["what"])) and gone[0].thing not in there:
        text = f"add {with_article(found['what'])}"
    text = re.sub(_MADE_SO.format(colours=colours), r"\g<make> \g<what> \g<colour>", text, flags=re.IGNORECASE)
    if (found := re.fullmatch(_COLOURED_LAST.format(colours=colours), text, re.IGNORECASE)) and names.said(
        found["what"]
    ):
        text = f"{found['colour']} {found['what']}"
    text = _NEXT_TO_IT_LEFT.sub(lambda found: f"to the {found['way']} of {found['whom']}", text)
    text = _IN_THE_MIDDLE.sub("between ", _LIKE.sub("", text))
    text = re.sub(_THE_SO.format(colours=colours), r"make the \g<what> \g<colour>", text, flags=re.IGNORECASE)
    fair = world.lights[before.about[1]] == "day" and world.weathers[before.about[2]] == "clear"
    alone = sky and not any(world.things[thing] == "sun" for thing in there)
    text = _SUN_SHINES.sub("make it a sunny day and add a sun" if alone else "make it sunny", text)
    if alone and fair and _SUNNY.match(text):
        text = "add a sun"
    text = _HUNG.sub(lambda found: f"add {found['a']} framed painting{found['many'] or ''}", text)
    if sky and _SUNSHINE.match(text):
        text = "add a sun" if fair else "make it a sunny day"
    persons = {one.thing for one in before.things if world.is_somebody(one.thing)}
    kinds = persons or there.keys()
    whose = f"the {world.things[next(iter(kinds))]}" if len(kinds) == 1 else ""
    found = re.search(_HER_DRESS.format(colours=colours), text, re.IGNORECASE)
    if found and not _is_there(found["what"], there, names):
        text = f"{text[: found.start()]}{_given(found)}{text[found.end() :]}"
    for name in (world.things[thing] for thing in there):  # "the flag", of a golf flag
        for part in {*name.split()[:1], *name.split()[-1:]} if " " in name else ():
            text = _named_in_full(text, part, name, names)
    if len(persons) == 1:
        text = _OUTFIT.sub(lambda found: found[0] if _is_there(found[0], there, names) else whose, text)
    if whose and (found := re.fullmatch(_VERSION.format(colours=colours), text, re.IGNORECASE)):
        text = f"make {whose} {found['colour']}"
    if whose and (found := re.fullmatch(_COLOURED_AND.format(colours=colours), text, re.IGNORECASE)):
        text = f"make {whose} {found['colour']} and add {found['rest']}"
    text = _SKY.sub(lambda found: f"make it {_SKIES[found['hue'].lower()]}", text)
    for said in reversed(names.said(text)):
        shown = any(one.thing == said.thing for one in before.things)
        if not shown and (found := _PUT_THE.search(text[: said.start])):
            text = f"{text[: found.start()]}add a {text[said.start :]}"
    brings = [said for said in names.said(text) if said.thing not in there]
    bare = _BARE.match(text) if brings and not _NOT_BARE.search(text) else None
    alone = bare and brings[0].start == bare.end() and _ALONE.match(text, brings[0].end)
    ahead = text[bare.end() : brings[0].start].strip().lower() if bare else ""
    if bare and HUES.get(ahead, ahead) in world.colours and _FOR_WHOM.match(text, brings[0].end):
        alone = True  # "red scarf for the reindeer"
    listed = bare and len(brings) > 1 and len(names.said(text)) == len(brings) and brings[0].start == bare.end()
    if listed and all(JOINS.fullmatch(text[one.end : then.start]) for one, then in pairwise(brings)):
        alone = _ALONE.match(text, brings[-1].end) is not None  # "tomato, garlic, pepper around"
    the = _THE.match(text, bare.end()) if bare else None
    if bare and brings and the and the.end() == brings[0].start and _ALONE.match(text, brings[0].end):
        text = f"add a {text[the.end() :]}"
    elif bare and (alone or _ARTICLE.match(text, bare.end())):
        text = f"add {text[bare.end() :]}"
    return text


def _named_in_full(text: str, part: str, name: str, names: Names) -> str:
    """The words with a thing by all of its name for the one part of it that they say ("3 cubes", of an ice cube); but
    for parts that are a name, or of one, themselves."""
    if names.said(part):
        return text
    said, own = names.said(text), {"": name, "s": names.own(name, many=True)}

    def in_full(found: re.Match[str]) -> str:
        begins = found.end("ahead")
        known = any(one.start <= begins < one.end for one in said)
        return found[0] if known else found["ahead"] + own[found["many"].lower()]

    ahead = rf"(?P<ahead>\b(?:the|that|this|his|her|[2-9]|{NUMERALS}) |^\W*|[,;] (?:and )?)"
    return re.sub(rf"{ahead}{re.escape(part)}(?P<many>s?)\b", in_full, text, flags=re.IGNORECASE)


def _there_instead(found: re.Match[str], before: Layout, world: World) -> str:
    """ "Mountains instead of the beach", of a picture at the beach: a place, not things."""
    new = found["new"] or found["rather"]
    here = world.places[before.about[0]]
    is_place = new in world.places and (found["old"] or found["than"]) == here
    return f"make the background {new}" if is_place else found[0]


def _given(found: re.Match[str]) -> str:
    """ "Her dress should be yellow", of somebody who wears none, as an order."""
    whom = {"his": "him", "their": "them", "its": "it"}.get(found["whose"].lower(), found["whose"])
    whom = f"the {found['who']}" if found["who"] else whom
    return f"give {whom} a {found['colour']} {found['what']}"


def _is_there(words: str, there: Collection[int], names: Names) -> bool:
    """Whether words name a thing that the picture shows."""
    return any(said.thing in there for said in names.said(words))


def _called(found: re.Match[str], name: str) -> str:
    if found["of"]:
        return f"{found['of']}the {name}s"
    return f"{found['ahead'] or found['the']}{name}{found['end'] or ''}"


def _made(found: re.Match[str], world: World) -> str:
    """ "The left robot is red" as an order; any other statement as it is."""
    colour = found["colour"].lower()
    return f"make {found['what']} {colour}" if HUES.get(colour, colour) in world.colours else found[0]
