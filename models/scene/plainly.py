"""Requests and changes in plain words, before any network hears them: what nobody could draw is left out, and what says
a background, a roof or "outside" is said as the painter knows it.
"""

from __future__ import annotations

import re
from itertools import pairwise

from models.english.naming import COLOUR_WORDS, Names, Said, with_article
from models.english.numbers import number_of
from models.english.patterns import NUMERALS, any_of, regex
from models.kinds import ALIVE, LACKING, PEOPLE, SORTS
from models.scene.parts import without_parts
from models.things import having, what_is

_PLAIN = any_of(r"(?:against|on|before) (?:an? )?(?:plain|solid|simple|flat|bare) (?P<colour>\w+)", end=r"\b(?! backg)")
_BACKDROP = regex(
    rf"(?:\b(?:plain|with|in|on|all|an?) )*\b(?P<colour>{COLOUR_WORDS}) "
    r"(?:(?:as|for) (?:the|an?) (?:back ?drop|background|bg)|(?:back ?drop|bg)|behind(?: (?:it|them|everything|all))?)"
    r"(?=\W*(?:$|please|pls))",
)  # "a magnet and a key, white behind"
_ON_WHITE = regex(
    r"(?<=\w)(?:,? (?:just|all|only|side by side|together|alone))? on (?:(?:a |an )?(?:plain |solid |pure )?)"
    r"(?P<colour>white|black|blue|green|red|yellow|pink|orange|purple|grey|gray)(?=\W*(?:$|please\b|pls\b))",
)  # "two apples on white"
_BEARDED = regex(
    r"\b(?P<a>an? )?(?:(?:old|young|big|kind|friendly) )?(?:man|guy|grandpa|fisherman|sailor) "
    r"with an? (?:(?:long|big|white|grey|gray|black|brown|red|bushy|short) )*beard\b",
)
_HAS_BEARD = regex(
    r"\b(?:man|guy|grandpa|husband|dad|daddy|father|uncle|boyfriend|boss|fisherman|sailor),? "
    r"(?:(?:who|is|has|bald|and|with)\b,? )+"
    r"(?:an? )?(?:(?:long|big|white|grey|gray|black|brown|red|bushy|short|full) )*beard\b"
)
_UNDER_UMBRELLA = regex(
    r"\b(?P<under>(?:under|beneath|below|with) (?:an?|the) (?:(?:big|large|huge|nice) )*)umbrella\b"
)
_FURNITURE = having("furniture")
_IN_BED = regex(r"\b(?:asleep |sleeping |lying |lies |sleeps )?(?P<in>in(?:to)? )bed\b(?! of\b)")
_A_BARN = regex(
    r"\b(?:add|put(?: in)?|include|place|draw|build) (?P<a>an?|another)"
    r" (?P<size>(?:(?:big|large|huge|small|little|tiny) )?)(?:(?:red|old|wooden) )*(?:barn|stable)\b"
    r"(?! (?:owl|door|dance)s?\b)"
)  # which a new picture has a farm for
_WINDOW_ON = regex(r"\b(?P<window>windows?) with (?:the |some )?(?:stars?|moon|night|sun|rain|snow)\w* outside\b")
_NOT_TOO = regex(
    r"(?<=\w),?\s+(?:but |and )?not (?:too|so|that|very) (?:big|large|huge|small|tiny|tall)\b(?! (?:for|to)\b)",
)  # which nothing is that comes
_CALM = regex(
    r"^\W*(?:(?:no|now|can you|could you|just)\W+)*"
    r"(?:make (?:it|the (?:sea|water|weather)) (?:all )?|with an? )?"
    r"(?:calm|still|quiet|peaceful)(?: (?:sea|weather|water))?(?: again)?\b",
)
_LIKE_US = regex(
    r"(?<=\w) (?:just )?like (?:(?:my|our|his|her|their|your) (?:\w+ )?)?(?:grand\w+|nan\w*|gran\w*|mum\w*|mom\w*"
    r"|dad\w*|papa|me|us|mine|ours|in (?:the|that) (?:film|movie|book|song|story|picture|game)s?)\b"
    r"(?= *(?:$|[,.;!?])).*$",
)  # "he reads the newspaper like grandad"
_REASON = regex(
    r"(?<=\w)\W+(?:(?:(?:just )?because|be?cause|cuz|coz|cos|'cause|bc)\b(?! of\b)"
    r"|so (?:that )?(?:they|it|he|she|we|you|i|everyone|everything)(?: all| both| can| will)*"
    r" (?:fits?|stands? out|see)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_FEATURES = regex(
    r"(?<=\w)\s+(?:with|w|has|having) (?:\w+ ){0,3}(?:eyes|hair|whiskers|teeth|eyebrows|freckles|smile|moustache|beard"
    r"|(?:polka )?dots|spots|stripes|patches|speckles|collars?|paws|mane)\b(?! (?:wearing|holding|riding))",
)  # what is no thing of its own here
_UNDRAWN = regex(
    r"(?<=\w)\s+(?:and )?(?:(?:is|be|sits?|sitting|sat|stands?|standing|lies|lying|leaning) )?"
    r"(?:up |down )?(?:on|in|at|by|under|beside|behind|near|next to|in front of|over|against|off) "
    rf"(?:an?|the|his|her|their|its|my) (?:[\w-]+ )?(?:{'|'.join(one for one in LACKING if 'sea' not in LACKING[one])})"
    r"(?:s|es)?\b(?! (?:of|and)\b)",
)  # "a cat on a bench"
_MOVES = regex(
    r"\W*(?:please |now |and |then )*(?:put|move|place|set|have) (?:the|it|him|her|them|my|his|their)\b", re.I
)
_COLOUR_AT_THE_END = regex(
    rf"\ban? (?P<what>(?!(?:{COLOUR_WORDS})\b)[\w-]+(?: (?!(?:with|w|for|on|in|of|and)\b)[\w-]+){{0,2}})"
    rf"(?P<rest> (?:with|w|for) (?!.*\b(?:{COLOUR_WORDS})\b.*,)[^,.;]+)?, (?P<hue>{COLOUR_WORDS})\W*$",
)  # "a birthday cake with candles, pink"
_ROOF_OF = any_of(r"on (?:the )?(?:top of )?(?:the|an?|its|his|her) roofs? of", end=r"\s+")
_ROOFED = SORTS["building"] | SORTS["vehicle"]
_ROOF = any_of("on (?:the|its|an?) roof(?! of)")
_VILLAGE = any_of("village|hamlet", end=r"(?= (?:with|and|full of)\b)")
_AT_HOME = any_of("at home(?! in the)|in (?:my|his|her|our|their) (?:home|house|flat|apartment|living room|lounge)")
_OUT_THERE = any_of(r"(?P<what>night\w*|dark|day\w*|light|rain\w*|snow\w*|sunny|cold|storm\w*) outside")
_OUTSIDE = any_of(
    "outside|outdoors|out of doors",
    end=r"\b(?! (?:of|the|an?|his|her|my|their|(?:in|on|at|by)(?! the (?:rain|snow|storm|fog|dark|cold|night)))\b)",
)
_MADE_ONE = regex(
    r"\W*(?:(?:can|could) you )?(?:make|turn|change) (?:the|his|her|my|that) \w+ (?:(?:in)?to |be )?"
    r"an? (?!(?:bit|little|lot|tad|touch)\b)[\w' -]+\W*$",
)
_IS = r"(?:['’]?s| is|['’]re| are)?"
_NOT_ONE = regex(
    rf"\W*(?:(?:no|but|well|sorry)\W+)*(?:(?:that|this|it|he|she){_IS} ?(?:not|no|n['’]?t|ain['’]?t)"
    r"(?: (?:really|even|actually))?|(?:that|this|it|(?:the|my) [\w' -]+?) (?:does not|doesn['’]?t)"
    r"(?: (?:really|even))? look(?: (?:anything|much|at all))? like) (?:(?:an?|my|the) )?(?:(?:real|proper|good) )?"
    r"(?P<what>[\w' -]+?)(?: at all)?\W*"
)
_ONLY_SEEN = regex(
    rf"\W*(?:(?:but|well)\W+)*(?:(?:that|there|these|those|it){_IS} (?:only|just)|i (?:can )?"
    rf"(?:(?:only|just) (?:see|count)|(?:see|count) (?:only|just))) (?:one|[1-9]|{NUMERALS}) (?P<what>[\w'-]+)\W*"
)
_SIZES = "bigger|larger|smaller|taller|tinier|huge|tiny"
_BY_DAY = regex(r"(?<=\w)(?: (?:and|but|n))? (?:in|during|by) (?:the )?(?:day ?time|day ?light|day)\b")
_IN_TWO_WAYS = regex(
    rf"\bmake (?P<what>(?:the|his|her|my|that|this) [\w-]+(?: [\w-]+)?) "
    rf"(?P<one>{COLOUR_WORDS}|{_SIZES}),? (?:and|&|n) (?P<other>{COLOUR_WORDS}|{_SIZES})\b",
)
_JOINED = regex(r"\s*(?:,|&|\band\b|\bn\b)\s*")
_MANY_HUES = regex(rf"\b(?:{COLOUR_WORDS})(?:{_JOINED.pattern}(?:and )?(?:{COLOUR_WORDS})\b){{2,}}")
_PINK_BEHIND = regex(
    rf"\b(?:(?:make|colou?r|paint|turn|have) )?(?:it|that|this|everything) (?:all )?(?P<colour>{COLOUR_WORDS}) "
    r"(?:in|at) the (?:back|background)\b",
)  # "make it pink in the background"
_SOME_AWAY = regex(
    rf"\b(?:take|get) (?P<number>both|one|{NUMERALS}|[1-9]) (?:of )?(?:(?:the|those|these) )?"
    r"(?P<what>[\w-]+)(?: (?:away|out|off)\b|\W*$)"
)
_MORE_BEHIND = regex(
    r"^(?:(?:and|add|put|i want|i need|draw|paint|give me|maybe|also|now)\W+)*"
    rf"(?P<number>one|{NUMERALS}|[1-9]) (?P<what>(?!of\b)[\w-]+(?: [\w-]+)?) more"
    r"(?=\W*$| (?:on|in|at|by|near|behind|beside|next|please|pls|over|under|around)\b)"
)  # "two lantern more on the right side"
_OUT_OF_THE_WINDOW = any_of(
    r"(?P<what>night\w*|dark|day\w*|rain\w*|snow\w*|sunny|storm\w*) (?:outside|out of|behind|in)(?: of)?(?: the)? "
    "windows?"
)
_BOW = any_of(
    r"(?<!cross)bows?", end=r"\b(?!\s*(?:and|&|n)\s*arrows?| ties?| (?:down|to|of (?:the|a) (?:ship|boat))\b)"
)
_ON_PRESENTS = regex(
    r"(?<=\w) (?:and |with )+(?:an? |big |nice |pretty |ribbons? and )*bows?\b(?! and arrow)(?: on (?:it|them|top))?",
)
_PRESENTS = any_of("presents?|gifts?")
_ARCHERY = any_of(r"arch\w*|arrows?|hunt\w*|cupid|robin hood|el(?:f|ves)|violin\w*|fiddle|cell\w*|rain|target|shoots?")
_AT_WORK = any_of(
    r"(?:in|at) (?:an?|the|my|our|his|her|their) (?:(?:class|school|meeting|conference|board) ?room"
    r"|office(?! (?:build|block|tower)))"
)
_HUE = f"(?:{COLOUR_WORDS})"
_ONE_EACH = regex(
    rf"[\s,:;(–-]+(?:with )?one (?:(?:is|of them|in) ){{0,2}}{_HUE}"
    rf"(?:[\s,]+(?:and |but )?(?:the )?(?:one|another|other|second|third)(?: one)? (?:(?:is|in) )?{_HUE}\b)+\)?"
)  # "two cats on a sofa, one black one white"
_ONE_AND_ONE = regex(rf"\b(?P<one>(?:one|an?) {_HUE}) (?:and|&) (?P<other>(?:one|an?) {_HUE}) $")
_SOME_OF = regex(rf"\b(?P<number>{NUMERALS}|[2-9]) (?P<how>(?!of\b)(?:[\w-]+ )?)$")
_HUE_AHEAD, _A = regex(rf"\b{_HUE} (?:[\w-]+ )?$"), regex(r"\ban? $")
_SAID_OF_IT = regex(
    rf"\s*[,.;]\s*(?:and )?(?:(?P<it>it)|he|she)(?:['’]?s| is) (?:all |mostly )?(?P<hue>{_HUE})\b(?! (?:and|&|or)\b)"
)  # "my cat minka, she is black"
_IS_SO = regex(rf"\s+is (?:all |mostly )?(?P<hue>{_HUE})(?=\W*$|[,.;]| (?:and (?!{_HUE})|on|in|at|with)\b)")
_PIED = regex(r"\bblack (?:and|&|n) white (?P<what>(?:[\w-]+ )?$)")
_AS_SOMEBODY = regex(r"\s+(?:dressed (?:up )?)?as (?:an?|the)\s+")
_FOR_THE_DAY = regex(r"\bvalentine(?:['’]?s)?(?: day)? (?=cards?\b)")
_LOGO_OF_CAFE = regex(
    r"\b(?P<logo>(?:logo|icon|sticker|badge) (?:for|of)) (?:an?|my|our|the) (?:coffee (?:shop|house|bar)|caf[eé])\b"
)
_ON_A_WALL = regex(r"\b(?P<on>on (?:top of )?(?:an?|the) )(?:[\w-]+ )?wall\b(?! of\b)")
_PICTURE_OF = any_of(
    "portrait|painting|poster|mural|shadow|silhouette|graffiti|print|mask|trophy",
    end=r"s? (?:of|with) (?:[\w-]+ ){0,4}$",
)  # which hangs there, or falls on it
_CLIMB_WALLS = having("climbs")
_FIRE_IN = regex(
    r"\b(?:(?:an?|the|some) )?(?:[\w-]+ )?fire (?:\w+ing )?in (?=(?:an?|the|my|our|his|her) (?:[\w-]+ )?fireplace\b)"
)  # which has one


def plain_request(prompt: str, names: Names) -> str:
    """A request without parts of things, with the colour of its background said as such, the place where somebody is at
    home, and the one thing on whose roof something is."""
    prompt = _AT_WORK.sub("in a room", _with_ribbons(_one_person(prompt, names)))
    prompt = _in_their_hues(prompt, names)
    prompt = _COLOUR_AT_THE_END.sub(
        lambda found: with_article(f"{found['hue']} {found['what']}") + (found["rest"] or ""), prompt
    )
    if _FURNITURE & {names.own_of(one.thing) for one in names.said(prompt)}:
        prompt = _UNDER_UMBRELLA.sub(r"\g<under>parasol", prompt)
    prompt = _LOGO_OF_CAFE.sub(r"\g<logo> a cup of coffee", _FOR_THE_DAY.sub("", _FIRE_IN.sub("", prompt)))
    if found := _ON_A_WALL.search(prompt):
        ahead = [names.own_of(one.thing) for one in names.said(prompt[: found.start()])]
        if _PICTURE_OF.search(prompt[: found.start()]):
            prompt = f"{prompt[: found.start()]}in a room{prompt[found.end() :]}"
        elif ahead and ahead[-1] in ALIVE - _CLIMB_WALLS:
            prompt = f"{prompt[: found.start()]}{found['on']}brick wall{prompt[found.end() :]}"
    under = [one for one in names.said(prompt) if names.own_of(one.thing) in _ROOFED]
    if len(under) == 1 and (found := _ROOF.search(prompt)) and under[0].end <= found.start():
        prompt = f"{prompt[: found.start()]}on the {prompt[under[0].start : under[0].end]}{prompt[found.end() :]}"
    elif not under:
        prompt = _ROOF.sub("on a house", prompt)
    prompt = _UNDRAWN.sub("", _AT_HOME.sub("in a room", _ROOF_OF.sub("on ", _VILLAGE.sub("meadow", prompt))))
    prompt = _BEARDED.sub(lambda found: f"{'a ' if found['a'] else ''}bearded man", _IN_BED.sub(r"\g<in>a bed", prompt))
    prompt = _HAS_BEARD.sub("bearded man", prompt)
    for pattern in (_PLAIN, _BACKDROP, _ON_WHITE):
        prompt = pattern.sub(r"on a \g<colour> background", prompt)
    return _FEATURES.sub("", without_parts(prompt, names))


def plain_change(instruction: str, *, indoors: bool) -> str:
    """A change without its reason and what it is likened to, with the colour of a background said as such.

    Args:
        indoors: Whether the picture is of a place indoors: "make it dark outside" speaks of the hour there.
    """
    instruction = _NOT_TOO.sub("", instruction)
    instruction = _WINDOW_ON.sub(r"\g<window>", instruction)
    instruction = _A_BARN.sub(r"add \g<a> \g<size>red house", instruction)
    instruction = _BY_DAY.sub(" and make it daytime", _with_ribbons(instruction))
    instruction = _MANY_HUES.sub(lambda found: " ".join(_JOINED.sub(" ", found[0]).split()), instruction)
    instruction = _PINK_BEHIND.sub(r"on a \g<colour> background", instruction)
    instruction = _MORE_BEHIND.sub(r"add \g<number> more \g<what>", instruction)
    instruction = _SOME_AWAY.sub(r"remove \g<number> \g<what>", instruction)
    instruction = _IN_TWO_WAYS.sub(r"make \g<what> \g<one> and make \g<what> \g<other>", instruction)
    instruction = _OUT_OF_THE_WINDOW.sub(r"\g<what>", instruction)
    if indoors:
        instruction = _OUTSIDE.sub("in the garden", _OUT_THERE.sub(r"\g<what>", instruction))
    instruction = _BEARDED.sub(lambda found: f"{'a ' if found['a'] else ''}bearded man", instruction)
    instruction = _CALM.sub("make it clear weather", _IN_BED.sub(r"\g<in>a bed", instruction))
    instruction = _ON_WHITE.sub(r" and make it on a \g<colour> background", instruction)
    instruction = _BACKDROP.sub(r"on a \g<colour> background", _LIKE_US.sub("", _REASON.sub("", instruction)))
    return instruction if moves(instruction) else _UNDRAWN.sub("", instruction)


def _with_ribbons(text: str) -> str:
    """The text with the bows that are no weapons called ribbons, and without those of presents, which have them."""
    if _ARCHERY.search(text):
        return text
    return _BOW.sub("ribbon", _ON_PRESENTS.sub("", text) if _PRESENTS.search(text) else text)


def _in_their_hues(prompt: str, names: Names) -> str:
    """The request with colours that stand apart before the names of what has them ("a black cat and a white cat" for
    "two cats, one black one white"); what is black and white by nature, or black with some white, is no style."""
    for said in reversed(names.said(prompt)):
        ahead, called, behind = prompt[: said.start], prompt[said.start : said.end], prompt[said.end :]
        own = names.own_of(said.thing)
        one = names.own(own, many=False) if said.many else called
        several, apart = _SOME_OF.search(ahead), _ONE_EACH.search(behind)
        if several and apart and (apart.start() or several["number"] in ("two", "2")) and not names.said(apart[0]):
            hues = re.findall(_HUE, apart[0], re.IGNORECASE)
            if number_of(several["number"]) == len(hues):
                each = " and ".join(with_article(f"{hue} {several['how']}{one}") for hue in hues)
                return ahead[: several.start()] + each + behind[: apart.start()] + behind[apart.end() :]
        elif found := _ONE_AND_ONE.search(ahead):
            return f"{ahead[: found.start()]}{found['one']} {one} and {found['other']} {one}{behind}"
        elif (found := _PIED.search(ahead)) and not (own == "framed painting" and behind.startswith(" of ")):
            hue = "" if what_is(own).pied else "black "
            prompt = f"{ahead[: found.start()]}{hue}{found['what']}{called}{behind}"
        elif own in ALIVE and (found := _IS_SO.match(behind) or _said_of_it(behind, names)):
            alone = sum(names.own_of(other.thing) in ALIVE for other in names.said(prompt)) == 1
            if alone and not _HUE_AHEAD.search(ahead):
                hued = with_article(f"{found['hue']} {called}") if _A.search(ahead) else f"{found['hue']} {called}"
                prompt = _A.sub("", ahead) + hued + behind[: found.start()] + behind[found.end() :]
    return prompt


def _said_of_it(behind: str, names: Names) -> re.Match[str] | None:
    """The colour that words behind a name give who bears it, unless "it" is what was named since."""
    found = _SAID_OF_IT.search(behind)
    return None if found and found["it"] and names.said(behind[: found.start()]) else found


def _one_person(prompt: str, names: Names) -> str:
    """The request without who is somebody else in it: "my teacher as a clown" is a clown."""
    people = [one for one in names.said(prompt) if names.own_of(one.thing) in PEOPLE]
    for first, then in pairwise(people):
        if _AS_SOMEBODY.fullmatch(prompt[first.end : then.start]):
            return prompt[: first.start] + prompt[then.start :]
    return prompt


def moves(instruction: str) -> bool:
    """Whether a change only puts what is there elsewhere."""
    return _MOVES.match(instruction) is not None


def makes_it_the_same(instruction: str, names: Names) -> bool:
    """Whether a change makes something what it is called here already: "make the dog a dalmatian"."""
    made = _MADE_ONE.match(instruction)
    return made is not None and len({one.thing for one in names.said(instruction)}) == 1


def complained_of(instruction: str, names: Names) -> Said | None:
    """The name of what words only complain of, who ask for nothing: "that's not a horse", "i see only 2 cats"."""
    for pattern in (_NOT_ONE, _ONLY_SEEN):
        found = pattern.fullmatch(instruction)
        said = names.said(found["what"]) if found else []
        if found and len(said) == 1 and (said[0].start, said[0].end) == (0, len(found["what"])):
            return said[0]
    return None
