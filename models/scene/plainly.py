"""Requests and changes in plain words, before any network hears them: what nobody could draw is left out, and what says
a background, a roof or "outside" is said as the painter knows it.
"""

from __future__ import annotations

import re
from itertools import pairwise

from models.english.naming import COLOUR_WORDS, Names, with_article
from models.english.patterns import any_of, regex
from models.rendering.kinds import LACKING, PEOPLE, SORTS

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
_UNDER_UMBRELLA = regex(
    r"\b(?P<under>(?:under|beneath|below|with) (?:an?|the) (?:(?:big|large|huge|nice) )*)umbrella\b"
)
_FURNITURE = frozenset({"table", "chair", "bench", "sofa"})
_IN_BED = regex(r"\b(?:asleep |sleeping |lying |lies |sleeps )?(?P<in>in(?:to)? )bed\b(?! of\b)")
_WINDOW_ON = regex(r"\b(?P<window>windows?) with (?:the |some )?(?:stars?|moon|night|sun|rain|snow)\w* outside\b")
_NOT_TOO = regex(
    r"(?<=\w),?\s+(?:but |and )?not (?:too|so|that|very) (?:big|large|huge|small|tiny|tall)\b(?! (?:for|to)\b)",
)  # which nothing is that comes
_CALM = regex(
    r"^\W*(?:(?:no|now|ok|please|can you|could you|just)\W+)*"
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
    r"|(?:polka )?dots|spots|stripes|patches|speckles)\b(?! (?:wearing|holding|riding))",
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
_ROOF = any_of("on (?:the|its) roof(?! of)")
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
_SOME_AWAY = any_of(
    r"(?:take|get) (?P<number>one|two|three|four|2|3|4) (?:of (?:the|those|these) )?(?P<what>[\w-]+) (?:away|out|off)"
)
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
_AS_SOMEBODY = regex(r"\s+(?:dressed (?:up )?)?as (?:an?|the)\s+")


def plain_request(prompt: str, names: Names) -> str:
    """A request without features of somebody, with the colour of its background said as such, the place where somebody
    is at home, and the one thing on whose roof something is."""
    prompt = _AT_WORK.sub("in a room", _with_ribbons(_one_person(prompt, names)))
    prompt = _COLOUR_AT_THE_END.sub(
        lambda found: with_article(f"{found['hue']} {found['what']}") + (found["rest"] or ""), prompt
    )
    if _FURNITURE & {names.own_of(one.thing) for one in names.said(prompt)}:
        prompt = _UNDER_UMBRELLA.sub(r"\g<under>parasol", prompt)
    under = [one for one in names.said(prompt) if names.own_of(one.thing) in _ROOFED]
    if len(under) == 1 and (found := _ROOF.search(prompt)) and under[0].end <= found.start():
        prompt = f"{prompt[: found.start()]}on the {prompt[under[0].start : under[0].end]}{prompt[found.end() :]}"
    prompt = _UNDRAWN.sub("", _AT_HOME.sub("in a room", _ROOF_OF.sub("on ", _VILLAGE.sub("meadow", prompt))))
    prompt = _BEARDED.sub(lambda found: f"{'a ' if found['a'] else ''}bearded man", _IN_BED.sub(r"\g<in>a bed", prompt))
    for pattern in (_PLAIN, _BACKDROP, _ON_WHITE):
        prompt = pattern.sub(r"on a \g<colour> background", prompt)
    return _FEATURES.sub("", prompt)


def plain_change(instruction: str, *, indoors: bool) -> str:
    """A change without its reason and what it is likened to, with the colour of a background said as such.

    Args:
        indoors: Whether the picture is of a place indoors: "make it dark outside" speaks of the hour there.
    """
    instruction = _NOT_TOO.sub("", instruction)
    instruction = _WINDOW_ON.sub(r"\g<window>", instruction)
    instruction = _BY_DAY.sub(" and make it daytime", _with_ribbons(instruction))
    instruction = _MANY_HUES.sub(lambda found: " ".join(_JOINED.sub(" ", found[0]).split()), instruction)
    instruction = _PINK_BEHIND.sub(r"on a \g<colour> background", instruction)
    instruction = _SOME_AWAY.sub(r"remove \g<number> of the \g<what>", instruction)
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
