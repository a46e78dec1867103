"""What is said of what a picture shows, in plainer words: those that orders and planner know.

"Give it a friend" wants another of what is there, "the left one" is the left owl where owls are what there is several
of, "a second fox, a white one" is a second white fox, and what is put in the sky is put in the one that there is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from itertools import pairwise

from models.english.naming import COLOUR_WORDS, HUES, JOINS, Names, colours_in, with_article
from models.english.patterns import NUMERALS, any_of, regex, rewritten
from models.kinds import ALIVE, SORTS
from models.rendering.layout import NO_SKY, Layout, World
from models.scene.believable import WATERS

_FRIEND = regex(
    r"(?P<ahead>.*?)\b(?:an?|some|another) (?:(?:new|little|best|nice) )?"
    r"(?:friend|companion|buddy|pal|twin|sibling|mate|playmate|partner|clone)s?\b(?P<behind>.*)",
    re.IGNORECASE | re.DOTALL,
)
_IS = regex(
    r"(?:^|(?<=[,;.] )|(?<=\band )|(?<=\bbut ))(?:(?:only|just) )?"
    r"(?P<what>(?:the|that) (?:left|right|middle|first|second|third|last) \w+|one of the \w+) "
    r"(?:(?:is|are|should be|must be|has to be|needs to be|to be) )?(?:in )?(?P<colour>\w+)"
    r"(?=\W*(?:$|[,;.]|and\b|but\b))",
)
_LIKE_THAT = r"(?P<article>\b(?:an?|one|another)(?: (?:second|third|fourth|other|more))? )(?P<name>{name})"
_COLOURED = rf",? (?:and )?(?:an?|the) (?P<colour>{COLOUR_WORDS}) one\b"
_BUT_MORE = regex(
    rf"^\W*(?:there are )?(?:too|so|that) many\b.*\bbut\b.*?\b(?P<number>one|{NUMERALS}|[1-9]) more"
    r"(?: here)*\W*$"
)
_ON_THE_FLOOR = regex(
    r"(?P<what>\bthe [\w-]+) (?:on|in|at) the (?:floor|ground|wall|corner|grass|background|foreground|left|right)"
    rf"(?P<be> (?:should|must|needs to|has to|could) be (?:{COLOUR_WORDS})\b)",
)  # "the ball on the floor should be red"
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
_NO_BUT = regex(rf"\W*(?:no|nah|nope)\W+(?:an? |the )?(?P<colour>{COLOUR_WORDS}) (?P<name>[\w -]{{2,25}}?)\W*")
_HUES_BEHIND = regex(
    rf"(?P<first>.+?)\s*[.,;:-]+\s*(?P<hues>(?:{COLOUR_WORDS})(?:(?:,| and|,? and| &)\s+(?:{COLOUR_WORDS}))+)\W*"
)
_AT_A_SIDE = r"(?:on|to|at) the (?:far )?(?:left|right|top|bottom)"
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
_SECOND_ONE = regex(
    r"\b(?P<another>an?other|a second|one more)(?P<size> (?:smaller|bigger|larger|tiny|little|small|big|huge))? one\b"
    r"(?:,? (?:but )?(?P<sized>smaller|bigger|larger))?(?! of\b)",
)
_MISSING = regex(
    r"^\W*(?:(?:but|and|so)\W+)*there(?:['’]?s| is| are) "
    rf"(?P<what>(?:an?|some|{NUMERALS}) [\w' -]{{2,25}}?) missing\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_WHERE_IS = regex(
    r"^\W*(?:(?:but|and|so|wait)\W+)*where(?:['’]?s| is| are) (?:the|his|her|their|my|our|its) "
    r"(?P<what>[\w' -]{2,25}?)(?: (?:to|gone|then|now|at|tho|though))*\W*$",
)
_COLOURED_LAST = regex(
    rf"\W*(?P<what>(?!the |his |her |my )[\w' -]{{2,25}}? for [\w' -]{{2,25}}?)\W+(?:an? )?"
    rf"(?P<colour>{COLOUR_WORDS})(?: one)?\W*",
)  # "scarf for the bird, red"
_NOTHING_ELSE = (
    r"[\s,.;]+(?:and |but )?(?:(?:nothing|nobody|no ?one|no other things?|no others) ?(?:else|more)?"
    r"|that(?:['’]?s| is) (?:it|all))"
)
_SHOULD = "(?:should|must|could|can|may|has to|have to|needs? to|ought to|wants? to)"
_ONLY_HAS = regex(
    rf"^\W*(?:only|just) (?P<who>(?:the|my|his|her|that) [\w' -]{{2,25}}?) "
    rf"(?:{_SHOULD} (?:have|wear|get|hold)|has|have|wears?|gets?|needs?) an? (?P<what>[\w' -]{{2,25}}?)\W*$",
)  # "only the dog should have a hat"
_STAYS = r"(?: be)? (?:left|there|here|in|on|at|seen|visible|shown|stay|remain|enough|needed|wanted|all|it)\b"
JUST_THE = regex(
    r"^\W*(?:(?:[\w' ,-]*\b)?(?:needs?|wants?|keep|leave|draw(?: me)?|show(?: me)?|give me|have|is|make it)\b"
    r"[\w' ]{0,12}?\W)?"
    r"(?:just|only|nothing but) (?:the|my|his|her|that) "
    rf"(?![\w' -]*\b(?:{_SHOULD}|has|have|wears?|gets?|needs?|wants?|is|are|be)\b(?!{_STAYS}))"
    r"(?P<what>[\w' -]+?(?:, (?:and )?the [\w' -]+?)*)"
    rf"(?P<rest> (?:in|on|into|onto|at) .+?)?(?P<end> and make it .+)?(?: now)*(?:{_NOTHING_ELSE})?\W*$",
)
"""Who wants only some of what is there: "just the fox", "only the dog and the ball, nothing else"."""
_JUST_A = regex(
    rf"^\W*(?:(?:make it|i want|draw|show)\W+)?(?:just|only) (?P<what>(?:an?|one|some|{NUMERALS}|[2-9]) [^,.;]+?)"
    rf"{_NOTHING_ELSE}\W*$",
)
_SHOULD_BE = regex(
    r"^\W*(?:(?:and|also|but|now)\W+)*(?P<what>(?:the|my|our|his|her|their|an?|some) [\w' -]{2,25}?) "
    r"(?:should|must|could|can|needs to|has to|ought to|wants to)(?: also| too)? "
    r"(?:be|sit|stand|come|go|lie|ride|swim)(?: (?:standing|sitting|lying|walking|playing|swimming|waiting))?\b"
    r"(?P<where> (?:(?:in|on|at|next to|beside|behind|near|by|under|between|with)\b.*?))(?: too| as well| also)?\W*$",
)
_ARTICLE = regex(rf"(?:an?|some|one|{NUMERALS}) ")
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
_MADE_SOMEBODY = regex(
    r"^\W*(?:please |now |and )*(?:make|turn) (?:him|her|it) (?:into )?an? (?P<new>[\w]+(?: [\w]+)?)(?=\W*(?:$|[,.;]))",
)
_ON_THE_ROOF = any_of(
    "(?:up )?on(?:to)? (?:the )?(?:top of )?(?:the|its|his|her|their) (?:roof(?:top)?s?|chimneys?)(?: of it)?"
)
_CLOTHES = "(?:outfit|clothes|clothing|suit|costume|uniform|robes?|shirt|armou?r|gown|tunic)"
_OF_A_TRADE = regex(
    r"\bthe [a-z]+(?:man|woman|er|or|ist|ian)"
    r"(?= (?:should|must|could|can|needs to|has to|wants to) (?:have|wear|get|hold)\b)"
)  # "the fisherman should have a hat", who is drawn as an old man
_OUTFIT = any_of(f"(?:his|her|their|the) {_CLOTHES}")
_IN_COLOUR = regex(
    rf"\W*(?:(?:please|and|now|but|make it|give (?:him|her|them)|with|in|an?)\W+)*(?P<colour>{COLOUR_WORDS}) {_CLOTHES}"
    r"(?:,? (?:instead(?: of [\w ]+)?|not [\w ]+|rather than [\w ]+))?(?:,? (?:please|pls))?\W*",
)  # "blue armour instead of grey"
_HER_DRESS = regex(
    r"\b(?:make |paint |turn )?(?P<whose>his|her|their|its|(?:the |my )?(?P<who>[\w]+)['’]s) "
    r"(?P<what>dress|coat|(?:t-)?shirt|hat|cap|scarf|tie)"
    r"(?:['’]s)?(?: (?:should|must|shld|needs to|has to|could|can|to))?(?: be)?(?: in)?"
    rf" (?:an? )?(?P<colour>{COLOUR_WORDS})\b",
)
_SUN_SHINES = regex(
    r"\b(?:the )?sun(?:'s)? (?:(?:should|must|has to|needs to|is|to) )*(?:be )?(?:shin(?:es?|ing)|out)\b"
)
_SUNNY = regex(
    r"^\W*(?:(?:and|now|can you|could you|just)\W+)*(?:make|have|i want) (?:it|the weather) "
    r"(?:look )?(?:more |a bit |nice and )*(?:sunny|sunnier)"
    r"(?: (?:with|and) (?:an? )?(?:nice |bright |clear )?blue (?:sky|skies))?(?: day)*\W*$",
)
_SUNSHINE = regex(
    r"^\W*(?:(?:and|add|with|now|maybe|put(?: in)?|i want|can we have|give it) )*"
    r"(?:(?:a (?:little )?(?:bit|touch) of|some|a little|more|lots of|bright|warm|nice)(?: more)? )+"
    r"sun(?:shine|light)?(?: now| too)*\W*$",
)
_PUT_THE = any_of(
    r"put|place|stick|there(?:'s| is| should be| must be)(?: also)?|(?:i|we) (?:wish|want|need|'?d like)(?: to have)?",
    end=r" the $",
)
_PLACE_FOR = regex(
    r"^(?:(?:now|but|and|make it|maybe|i want|i'd like|change it to|put) )*(?:in |on |at )?(?:an? |the |some )?"
    r"(?:(?P<new>[\w ]+?) (?:instead of|rather than|not) (?:in |on |at )?(?:an? |the )?(?P<old>[\w ]+?)"
    r"|i(?:'d| would) (?:rather|prefer) (?:have )?(?:the |an? )?(?P<rather>[\w ]+?)"
    r" (?:than|over|to) (?:an? |the )?(?P<than>[\w ]+?))\W*$",
)
_DYED_WITH = regex(
    rf"\W*the (?P<what>[\w-]+) (?:should|must|needs to|has to) be (?P<colour>{COLOUR_WORDS})"
    r" (?:and (?:have|wear)|with|and with) (?P<has>(?:an?|some) [\w' -]+?)(?: please| pls)?\W*",
)  # "the dino should be green with a party hat", of two
_THE = regex(r"(?:the|an?) ")
_NOT_BARE = any_of(
    r"instead|rather|not|no|only|just|better|than|is|are|should|style|look\w*|more|less|bit|little|turn|make"
)
_MOUNTAINS = any_of(
    r"(?:(?:add|put|with|and|some|a few|a couple of) )*mountains? "
    r"(?:(?:in|at) the (?:far )?(?:back(?:ground)?|distance)|on the horizon|behind (?:it|him|her|them))"
)
_PLAINER = {
    regex(
        rf"^\W*(?:only|just) (?=(?:the|my|his|her|that) [\w' -]{{2,25}}? {_SHOULD} be\b(?! all\b))(?!.*{_STAYS})"
    ): "",
    regex(
        r"^\W*(?P<all>all|every(?:thing|one|body))(?: of them)? "
        r"(?P<but>(?:but|except)(?: for)? (?:the|my|that) [\w' ,-]+?) "
        rf"(?:{_SHOULD} be|is|are|turns?|becomes?)(?: all)?(?: in)? (?P<colour>{COLOUR_WORDS})\W*$"
    ): r"make \g<all> \g<colour> \g<but>",  # "all but the frog should be blue"
    regex(
        rf"\b{_AT_A_SIDE}(?: side)?(?= (?:(?:the|a|an|his|her|my) )?(?!of\b|and\b|side\b)[\w-]+ {_AT_A_SIDE}\b)"
    ): r"\g<0>,",  # "dog on the left cat on the right"
    regex(
        r"^(?P<ahead>\W*(?:(?:please|now|and|just|can you) )*"
        r"(?:(?:remove|delete|erase|lose|drop|take away|make|move) )?)"
        r"(?P<side>(?:left|right|middle)(?:most)?(?= [a-z]+))(?! (?:of|side|to|and|from|by|half)\b)"
    ): r"\g<ahead>the \g<side>",  # "remove middle duck"
    regex(
        r"^\W*(?:(?:make|turn|have|with|and|a|the|can|could|you|please|much|bit) )*"
        r"(?:(?:background|sky) (?:(?:a bit|much|more|way|is|be|to be) )*(?:darker|dark)"
        r"|(?:darker|dark) (?:background|sky))\W*$"
    ): "make it night",
    regex(
        r"^\W*(?:make (?:it|the (?!sky)\w+) )?(?:full of|filled with|covered (?:in|with)"
        r"|(?:fill|cover) (?:it|the (?!sky)\w+)(?: up)? (?:with|in))\s+"
    ): "add many ",
    regex(
        r"^\W*(?:(?:and|also|now|then|put|add)\W+)*(?:far (?:away|off)|in the (?:far )?distance|on the horizon)\W+"
        r"(?:(?:there(?:'s| is| are)|put|add|i want)\s+)?(?P<what>(?:an?|some|two|three) [^,.;!?]+)"
    ): r"add \g<what> in the distance",  # "and far away a lighthouse"
    regex(rf"(?P<hour>\b{_HOURS}\b.*?),?\s+(?:and )?not (?:at |in the |the |a )?{_HOURS}\b"): r"\g<hour>",
    regex(
        r"^\W*(?:(?:there(?:['’]?s| is| are)|i (?:see|can see)) no [\w' -]{2,20}[,.;!]+"
        r"|(?:the |an? )?[\w' -]{2,20} (?:is|are) missing(?: \w+)?[,.;!]*)\s*"
        r"(?=(?:so |please |can you )?(?:put|add|draw)\b)"
    ): "",
    regex(
        rf"(?P<what>\b(?:the|his|her|that) [\w' -]{{2,20}}?),? (?:(?:um|uh|er|erm|well)\W+)*(?P<make>make|turn|paint) "
        rf"(?:it|him|her|them) (?P<colour>{COLOUR_WORDS})\b"
    ): r"\g<make> \g<what> \g<colour>",
    regex(
        r"\b(?:next to|near|beside|by) (?P<whom>it|him|her|them|(?:the|that) [\w-]+),? "
        r"(?:(?:on|at|to) )?(?:(?:the|its|his|her) )?(?P<way>left|right)(?: side)?"
        r"(?=\W*(?:$|[.,;!?]|please\b|pls\b|and\b))"
    ): r"to the \g<way> of \g<whom>",
    regex(rf"\b[a-z]+-like (?=(?:{COLOUR_WORDS})\b)"): "",
    any_of("in (?:the )?(?:middle|cent(?:er|re)) of (?=(?:them|those|these|the two|both)\\b)"): "between ",
    regex(
        rf"(?:^|(?<=and )|(?<=, ))the (?P<what>[\w' -]{{2,20}}?) (?:in )?an? (?:(?:bright|dark|light|deep|pale|nice) )?"
        rf"(?P<colour>{COLOUR_WORDS})(?=\W*(?:$|[,.;]))"
    ): r"make the \g<what> \g<colour>",  # "and the umbrella a leaf-like green"
    regex(
        r"\bhang(?: up)? (?P<a>an?|some|another|two|three|his|her|my|our)"
        r"(?: (?:nice|big|small|little|framed|pretty|old|large))? "
        r"(?:picture(?: frame)?|painting|photo(?:graph)?|poster|print|portrait|frame)(?P<many>s)?\b"
    ): r"add \g<a> framed painting\g<many>",
}
"""What stands for what, whatever the picture shows."""
_OF_SEVERAL = {
    regex(
        r"^\W*(?:and )?(?:a |the )?(?:third|fourth|fifth) one\b(?! (?:is|should|red|bigger|smaller))"
    ): "add another {one}",
    regex(
        r"\bmake one(?: of (?:them|the \w+|those))?(?P<size>(?: a (?:little )?bit| much| slightly)?"
        r" (?:bigger|smaller|larger|taller))(?: than the others?(?: one)?)?"
    ): r"make the left {one}\g<size>",
    regex(
        r"\b(?P<ahead>(?:the|that) (?:left|right|middle|first|1st|second|2nd|third|3rd|last)(?:most)? )one\b"
        r"|\b(?P<the>(?:the|that) )one(?P<end> (?:on|at|in) the (?:far |very )?(?:left|right|middle|centre|center))\b"
    ): r"\g<ahead>\g<the>{one}\g<end>",
    regex(r"\bone of (?:them|these|those|the two|the three)\b"): "one of the {many}",
    regex(r"\b(?P<make>make|turn|paint|dye|colou?r) them\b(?! (?:all|both|into|hold|wear))"): r"\g<make> the {many}",
    regex(rf"\b(?P<make>(?:make|turn|paint|dye|colou?r) one) (?={COLOUR_WORDS})"): r"\g<make> of the {many} ",
    regex(rf"\b(?P<the>(?:the|that) (?:{COLOUR_WORDS}) )one\b"): r"\g<the>{one}",
    regex(rf"\b(?P<the>(?:the|all|those|both)(?: the)? (?:{COLOUR_WORDS}) )ones\b"): r"\g<the>{many}",
}
"""The same of a picture of several of one kind only."""
_OF_ONE = {
    regex(
        r"^\W*(?:(?:and|now|then|do|make|give me|show me|can you do|how about|what about|also) )*(?:an?|the) "
        rf"(?P<colour>{COLOUR_WORDS}) (?:version|one|variant)"
        r"(?: of (?:it|him|her|them|that|this|(?:the|that) same (?:\w+)))?(?: please| pls| too)*\W*$"
    ): r"make {whose} \g<colour>",
    regex(
        rf"^\W*(?:(?:but|and|just|maybe|make (?:it|him|her)|in) )*(?P<colour>{COLOUR_WORDS})\W+(?:with|and) "
        r"(?P<rest>(?:an?|some|the)\b.*)$"
    ): r"make {whose} \g<colour> and add \g<rest>",
}
"""And of a picture of one person, or of things of one kind."""


def reworded(text: str, before: Layout, world: World, names: Names, *, sky: bool) -> str:
    """An instruction in plainer words, of a picture that shows `before`, and a sky or none."""
    there = Counter(one.thing for one in before.things if not world.is_worn(one.thing))
    several = [world.things[thing] for thing, count in there.items() if count > 1]
    if world.places[before.about[0]] in WATERS:  # which mountains in its stead would leave dry
        text = _MOUNTAINS.sub("add two mountains", text)
    text = rewritten(text, _PLAINER)
    if (found := _BEFORE_A.search(text)) and names.said(found["what"]) and not _is_there(found["what"], there, names):
        new = names.said(found["what"])[-1].end
        what, where = found["what"][:new], found["what"][new:]
        text = f"{text[: found.start()]}add {what} behind{where}{text[found.end() :]}"
    if (found := _HUES_BEHIND.fullmatch(text)) and (
        len(kinds := {said.thing for said in names.said(found["first"])}) == 1 and kinds <= there.keys()
    ):
        text = f"{found['first']}. make the {names.own(world.things[min(kinds)], many=True)} {found['hues']}"
    if (found := _MADE_SOMEBODY.match(text)) and (new := names.said(found["new"])) and new[0].start == 0:
        alive = [thing for thing in there if world.things[thing] in ALIVE]
        if len(alive) == 1 and world.things[new[0].thing] in ALIVE:
            text = f"swap the {world.things[alive[0]]} for a {found['new']}{text[found.end() :]}"
    if (found := _JUST_A.match(text)) and names.said(found["what"]) and not _is_there(found["what"], there, names):
        text = f"remove everything. add {found['what']}"
    if (found := _ONLY_HAS.match(text)) and (what := names.said(found["what"])):
        mine = [one for one in before.things if one.thing == what[0].thing]
        own = len({one.colour for one in mine}) == 1 and not colours_in(found["what"], world.colours)
        hue = world.colours[mine[0].colour] if own else ""
        given = f"give {found['who']} {with_article(' '.join(filter(None, (hue, found['what']))))}"
        text = f"remove the {names.own(world.things[what[0].thing], many=len(mine) > 1)}. {given}" if mine else given
    if (found := JUST_THE.match(text)) and len(there) > 1 and _is_there(found["what"], there, names):
        rest = f". put the {found['what']}{found['rest']}" if found["rest"] else ""
        text = f"remove everything except the {found['what']}{rest}{found['end'] or ''}"
    if (
        (found := _SHOULD_BE.match(text))
        and (new := names.said(found["what"]))
        and not {one.thing for one in new} & there.keys()
    ):
        text = f"add {with_article(found['what'].partition(' ')[2])}{found['where']}"
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
    named = several if len(several) == 1 else [world.things[s.thing] for s in names.said(text)[:1]]
    if named and (found := _BUT_MORE.match(text)):  # "too many ducks in the world, but here one more"
        text = f"add {found['number']} more {names.own(named[0], many=found['number'] != 'one')}"
    if len(several) == 1:
        text = rewritten(text, _OF_SEVERAL, one=several[0], many=names.own(several[0], many=True))
    text = _IS.sub(lambda found: _made(found, world), text)
    if (found := _NO_SUCH.fullmatch(text)) and names.said(found["new"]):  # "no barn, a tractor instead"
        shown = any(one.thing in there for one in names.said(found["old"]))
        text = text if shown else f"add {found['new']}"
    for pattern in _GONE_AND_NEW:
        if (found := pattern.fullmatch(text)) and names.said(found["old"]) and names.said(found["new"]):
            text = f"swap the {found['old']} for a {found['new']}"
    kinds = [there[said.thing] for said in names.said(text)]
    if kinds == [1]:  # where it is says of the one ball nothing
        text = _ON_THE_FLOOR.sub(r"\g<what>\g<be>", text)
    if found := _NO_BUT.fullmatch(text):
        [colour], said = colours_in(found["colour"], world.colours), names.said(found["name"])
        have = {one.colour for one in before.things if said and one.thing == said[0].thing}
        text = f"make the {found['name']} {found['colour']}" if have and colour not in have else text
    if (found := _DYED_WITH.fullmatch(text)) and (
        len(one := names.said(found["what"])) == 1 and there[one[0].thing] > 1
    ):
        own = world.things[one[0].thing]
        text = f"make one {own} {found['colour']}. give the {found['colour']} {own} {found['has']}"
    text = _PLACE_FOR.sub(lambda found: _there_instead(found, before, world), text)
    for said in reversed(names.said(text)):
        pattern = _LIKE_THAT.format(name=re.escape(text[said.start : said.end])) + _COLOURED
        text = re.sub(pattern, r"\g<article>\g<colour> \g<name>", text, flags=re.IGNORECASE)
    if names.said(text) and world.places[before.about[0]] not in {"sky", *NO_SKY}:
        text = _IN_THE_SKY.sub("at the top", text)
    if (found := _MISSING.match(text)) and names.said(found["what"]):
        text = f"add {found['what']}"
    if (found := _WHERE_IS.match(text)) and (gone := names.said(found["what"])) and gone[0].thing not in there:
        text = f"add {with_article(found['what'])}"
    if (found := _COLOURED_LAST.fullmatch(text)) and names.said(found["what"]):
        text = f"{found['colour']} {found['what']}"
    fair = world.lights[before.about[1]] == "day" and world.weathers[before.about[2]] == "clear"
    alone = sky and not any(world.things[thing] == "sun" for thing in there)
    text = _SUN_SHINES.sub("make it a sunny day and add a sun" if alone else "make it sunny", text)
    if alone and fair and _SUNNY.match(text):
        text = "add a sun"
    if sky and _SUNSHINE.match(text):
        text = "add a sun" if fair else "make it a sunny day"
    persons = {one.thing for one in before.things if world.is_somebody(one.thing)}
    kinds = persons or there.keys()
    whose = f"the {world.things[next(iter(kinds))]}" if len(kinds) == 1 else ""
    found = _HER_DRESS.search(text)
    if found and not _is_there(found["what"], there, names):
        text = f"{text[: found.start()]}{_given(found)}{text[found.end() :]}"
    for name in (world.things[thing] for thing in there):  # "the flag", of a golf flag
        for part in {*name.split()[:1], *name.split()[-1:]} if " " in name else ():
            text = _named_in_full(text, part, name, names)
    if len(persons) == 1:
        text = _OF_A_TRADE.sub(lambda found: found[0] if names.said(found[0]) else whose, text)
        text = _OUTFIT.sub(lambda found: found[0] if _is_there(found[0], there, names) else whose, text)
        if (found := _IN_COLOUR.fullmatch(text)) and not names.said(text):
            text = f"make {whose} {found['colour']}"
    if whose:
        text = rewritten(text, _OF_ONE, whose=whose)
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


def _made(found: re.Match[str], world: World) -> str:
    """ "The left robot is red" as an order; any other statement as it is."""
    colour = found["colour"].lower()
    return f"make {found['what']} {colour}" if HUES.get(colour, colour) in world.colours else found[0]
