"""What an edit must leave alone, though the planner did not: it changes more than words ask for now and then.

"In a dusty old library" is no wish for a pencil sketch, "put the bear in a red hat" none to be rid of the bear, and
"paint the blue car white" says nothing of the red one; and what is like no word was never meant. Of the two layouts
here one is before an edit and one after it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from models.english.naming import COLOUR_WORDS, Names, Said, colours_in
from models.english.patterns import NUMERALS, any_of, regex
from models.kinds import ALIVE, MOST
from models.rendering.layout import Layout, Placed, World
from models.scene.arranging import HIDDEN, hiding, shared
from models.scene.believable import FLIERS
from models.scene.counts import ONLY_SO_MANY
from models.scene.dyes import IN_COLOURS
from models.scene.flanks import flanking
from models.scene.hearing import Heard
from models.scene.members import member, which_in
from models.scene.placing import stands_so
from models.scene.pushes import STAYS, size_meant
from models.scene.relations import IN_HAND
from models.scene.removals import LEAVES, TAKING, removed
from models.scene.wardrobe import is_clothing

# What speaks of light, weather and style, for whatever else an edit changes besides.
_SPEAKS = (
    None,
    any_of(r"""
        light\w*|dark\w*|bright\w*|night\w*|nite|day\w*|morning|noon|midday|midnight|evening|dusk|dawn|twilight
        sun(?!glass|flower|hat)\w*|moon\w*|star\w*|lit|lamp\w*|shin\w*|gloomy?|hour|o'?clock|[ap]m|tonight|late|early|orange
        golden
    """),
    any_of(r"""
        weather|rain\w*|drizzl\w*|wet|dry|snow\w*|blizzard|frost\w*|ice|icy|fog\w*|mist\w*|haz[ey]\w*|storm\w*|thunder\w*
        lightning|wind\w*|clear\w*|cloud\w*|sunny|winter\w*|hurricane|tempest|sky|skies|cold|pour\w*
    """),
    any_of(r"""
        style\w*|draw\w*|paint\w*|sketch\w*|pencil|ink|pixel\w*|\d+.?bit|retro|game|neon|glowing|water ?colou?r\w*
        aquarelle|black and white|b ?& ?w|bw|gr[ea]y\w*|mono\w*|noir|photo\w*|colou?r\w*|plain|flat|normal|real\w*|art
        cyber\w*|synth\w*|comic|cartoon\w*|manga|old movie|film
    """),
)
_COLOURLESS = any_of(r"""
    (?:black ?(?:and|&|n|/|-) ?white|white ?(?:and|&|/) ?black|black[ -]white|b ?& ?w|bw|b/w|gr[ea]y ?scale|gr[ea]ys?
    mono\w*|noir|colou?rless|(?:no|without|remove|take out|drain) (?:the |any |all )?colou?rs?|desaturat\w*|vintage
    old (?:movie|film|photo\w*)|silent (?:movie|film)|newspaper|classic (?:film|movie)
    colou?rs? (?:out|away|off|gone)|(?:19)?[2345]0'?s)
""")
_BACKDROP = any_of(
    rf"(?:{COLOUR_WORDS}|new|another|different|change(?: the)?) back ?(?:ground|drop)s?"
    rf"|back ?(?:ground|drop)s?(?=,? (?:[\w']+ ){{0,3}}(?:{COLOUR_WORDS})\b)|plain|solid|blank|empty"
    r"|nothing (?:else )?behind|wall\w*|studio|isolated|cut ?out"
)
_ADDS = regex(r"^\W*(?:w/|with|add|plus|and|also)\b|^\W*w/|\b(?:as well|too)\W*$")
_ADDED = regex(r"\W*(?:(?:and|now|also|then) )*(?:add|include|put in)\b")
_BRINGS = regex(
    r"\W*(?:(?:and|now|also|then) )*(?:(?:add|include|put in|bring in|draw|give me|i want|with|more|even more)\b"
    r"|(?:put|place) (?!(?:the|it|him|hers?|them|his|my|our|your|that|this|those|these|their|its|all|both|every\w*)\b)"
    rf"|(?:an?|some|{NUMERALS}|\d+|another) "
    rf"|(?:there(?:'?s| is| are| should be| must be)|i need|make (?:it|that)) (?:an?|some|{NUMERALS}|\d+|another) )",
)
_OTHERS_TOO = any_of(r"""
    it|its|him|her|his|them|they|their|he|she|all|both|every\w*|each|everything|instead|mov\w*|swap\w*|so that|while
    is|are|bigger|smaller|larger|space|room|apart|together|too
""")
_GIVES = any_of(
    r"gives?|giving|gets?|needs|has|have|holds?|holding|carry|carries|carrying|wears?|wearing",
    end=r"(?: (?:it|him|her|them|the \w+(?: (?!an?\b)\w+)?|both|each|all|one of (?:them|the \w+)))*"
    rf" (?:an?|some|another|{NUMERALS}) \w+",
)
_PUTS_ON = regex(
    r"^\W*(?:(?:and|now|then) )*(?:sitting |standing |lying )?(?:on|onto|riding)\b"
    r"|\b(?:put|set|place|sit|seat) (?:it|him|her|them|the \w+) on(?:to)?\b",
)
_FOR_ALL = any_of("for (?:both|each|all|every|everyone|everybody|them|the two|him|her|it)(?: of them)?")
_TURNS = any_of(r"turn\w*|chang\w*|swap\w*|replac\w*|becom\w*|trad\w*|switch\w*|transform\w*|way|place|spot|stead")
_NOUN = regex(rf"\W*(?:an?|some|one|{NUMERALS}|\d+|another) (?:[\w'-]+\s*){{1,3}}\W*")
_INSTEAD = any_of("instead|rather|then|only|just|not|better|meant|mean")
_FEWER = any_of(r"""
    only|just|alone|nobody|nothing|none|needs?|gone|go|leaves?|left|enough|plenty|too many|kill\w*|clear|empty
    bare|hold|skip|scrap|disappear\w*|vanish\w*|take|took
""")
_SWEEPING = any_of(r"all|both|every\w*|it|them|they|whole|rest|others?|things?|too|same")
_AS_IT_IS = any_of("(?:as|how|where|like|the way) (?:it|they|he|she) (?:is|are|was|were)")
_WHEREABOUTS = any_of(r"""
    (?:big|larg|small|tall|short|tin|litt?l|wid|clos|near|high|low|furth|farth|fat|thin|oth)\w*er|too|size|scale|huge|giant
    tiny|big|large|small|little|close|apart|together|between|left\w*|right\w*|up\w*|down\w*
    top|bottom|middle|cent(?:er|re)|corner|edge|side|above|below|under|over|behind|front|back|next|beside|near|on|in|at
    swap\w*|switch\w*|places?|mov\w*|shift\w*|push\w*|pull\w*|bring|put|stand\w*|sit\w*|turn\w*|flip|shrink|grow|enlarge|fill
    gigantic|enormous|massive|mini\w*|far|high|low|space|spread|rearrange|position|room
""")
_LOOKS = any_of(r"fac(?:es?|ing)|look(?:s|ing)?|turn\w*|same")
_SIZES = any_of(r"""
    big\w*|large\w*|small\w*|tin(?:y|ier)|little|huge|giant|tall\w*|short\w*|size\w*|grow\w*|shrink\w*|enlarge\w*|closer
    nearer|far\w*|further|away|zoom\w*|fill\w*|room|fit\w*|distance|background|foreground|front|behind|half|double|twice
    massive|enormous|gigantic|mini\w*|wide\w*|thin(?:ner)?|fat\w*|back
""")
_AGAIN = any_of(
    r"another|more|extra|second|twins?|pair\w*|doubl\w*|tripl\w*|twice|cop(?:y|ies)|duplicat\w*|clone\w*|friends?|company"
)
_ALL_OF_IT = any_of(r"""
    it|its|them|they|their|theirs|both|all|every\w*|each|picture|scene|whole|rest|others?|things?|zoom\w*|apart|together
    room|space|swap\w*|switch\w*|places?|mirror\w*|flip\w*|rearrange\w*|spread|row|line|around|he|she|him|her|his|this|that
    between|behind|instead|wears?|wearing
""")
_EVERYTHING = any_of(r"all|every\w*|picture|scene|whole|zoom\w*|mirror\w*|flip\w*|rearrange\w*|space|room")
_NUMBER = any_of(rf"one|single|{NUMERALS}|\d+|couple|pair|half|both")
_THE_OTHERS = any_of("others|rest|(?:and|another|the other) one|and another")
_ONE_OF = any_of(r"""
    one of|the (?:first|second|third|last|other) one|only one|just one
    (?:make|turn|paint|dye|colou?r|want) (?:a single|one|1)
""")
_MORE = any_of(rf"""
    add\w*|more|another|extra|second|third|also|too|as well|plus|both|twins?|pair\w*|couple|doubl\w*|tripl\w*|twice|\d+
    {NUMERALS}|many|lots?|friends?|company|every\w*|each|all|of|copy|copies|duplicat\w*|clone\w*|a|an|new|other
""")
IN_THE_WINDOW = any_of(
    r"(?:in|at|from|through|out of|behind|by) (?:the|its|his|her|their) (?:\w+ )?(?:window|door|doorway)s?"
)
_ONE_IS = any_of(
    r"(?<!only )(?<!just )one of (?:them|those|these|the [\w-]+)",
    end=r"(?:'s| (?:is|has|should|could|can|must|needs|wants|wears|gets|sits|stands|holds|goes|in|on|with|at))\b",
)
_ON_TOP_OF = any_of("on(?: the)? top of|left of|right of|in front of")
_INTO_THE_SKY = any_of(
    r"(?:in|into|to|through|across|up|high|above|among|over) (?:an? |the )?(?:\w+ )?(?:sky|skies|clouds|air)"
)
_SENT = any_of("it|him|her|he|she|them|they|everything|everyone|all|both")
_ALOFT = any_of(r"fl(?:y|ies|ying)|float\w*|soar\w*|hover\w*|it'?s|set|scene|picture|everything|all|high|way|far")
_NO_PEOPLE = any_of(r"""
    (?:no|without|remove|delete|erase|lose|take out|rid of)(?: the| any| all| more)* (?:people|persons?|humans?)
    without any(?:one|body)
""")
_SPARED = any_of("leave|keep|don'?t (?:touch|change)|except|but not", end=r"\s+(?:(?:for|the|my|that|his|her)\s+)*$")


# A word for all or for somebody, or one that trades or takes: what it leaves unnamed may go.
_ANYTHING = any_of(r"""
    it|him|her|them|they|he|she|this|that|these|those|all|both|every\w*|any\w*|only|just|nothing|nobody|none|rest|else
    others?|alone|left|remains?|instead|rather|things?|stuff|people|persons?|animals?|somebody|someone|object|less|fewer
    half|empty|clear|bare|scene|guy|thing|one|spot|place|stead|swap\w*|replac\w*|turn\w*|chang\w*|becom\w*|into|not|than
    meant|mean|oops
""")
_NO_PLACE = any_of(rf"""
    an?|the|that|this|these|those|some|any|one|{NUMERALS}|\d+|more|another|my|his|her|its|their|our|your
    add|put|place|give|gives|draw|have|has|having|got|get|gets|want|wants|need|needs|let|make|bring|stick|with|without|and
    i|he|she|it|they|we|you|him|them|us|me|is|are|was|be|being|there|there'?s|also|too|as|well|please|pls|plz|now|then|so
    but|no|not|should|could|can|must|would|may|might|to|of|for|by|on|in|at|onto|into|from|off|out|up|down|over|under
    above|below|behind|before|beside|besides|between|next|near|front|back|left|right|side|hand|top|middle|missing|lived
    standing|sitting|stands?|sits?|holding|holds?|wearing|wears?|carrying|corners?|edges?|big|bigger|small|smaller|little|tiny|huge|wee
    nice|cute|old|new|couple|few|pair|{COLOUR_WORDS}
""")
_BY_ANOTHER = any_of(r"(?:left|right|front) of|next to|beside|above|below|behind|between|near|closer|farther|further")
_BY_THE = any_of(
    r"(?:in(?! (?:the )?place)|on|onto|into|inside|beside|next to|behind|in front of|above|below|under|near|by|over"
    r"|around|(?:left|right|top) of)",
    end=r"\s+(?:the|that|his|her|its|their|my)\s+(?:\w+\s+)?$",
)
_BY_THEM = any_of(
    "(?:between|behind|beside|next to|in front of|above|over|under|near|by|around) (?:it|him|her|them|both|the two)"
)
_IS_PUT = regex(r"\s+(?:on|onto|under|behind|beside|next to|in front of|riding) (?:an?|the)\b")  # "witch on a broom"
_SPOKEN_OF = any_of("the|that|his|her|its|their|my", end=r"\s+(?:\w+\s+)?$")


def unlost(heard: Heard, before: Layout, after: Layout) -> Layout:
    """The layout after an edit, with what its words neither name nor mean, and what they put something by; and where it
    brings nothing new, with what they only put by something ("i want the girl left of him")."""
    now, was = {one.thing for one in after.things}, {one.thing for one in before.things}
    lost = list[Placed]()
    if heard.said and not _ANYTHING.search(_BY_THEM.sub("", heard.text)):
        lost = [one for one in before.things if one.thing not in now | heard.named | heard.meant]
        lost += _missing(heard.text, before, after)
        gone = {said.thing for said in removed(heard.text, heard.said)}
        takes = TAKING.search(heard.text) is not None and not gone
        if not (takes or _TURNS.search(heard.text) or _INSTEAD.search(heard.text)):
            by = {said.thing for said in heard.said if _BY_THE.search(heard.text[: said.start])} - gone
            by |= {
                said.thing
                for said in heard.said
                if IN_HAND.match(heard.text, said.end) or _IS_PUT.match(heard.text, said.end)
            } - gone
            lost += [one for one in before.things if one.thing in by - now]  # "put grapes in the basket"
    if len(after.things) + len(lost) <= MOST:
        after = replace(after, things=(*lost, *after.things))
    elif lost:  # what comes finds no room rather than that this goes
        after = replace(after, things=(*before.things, *after.new_since(before))[:MOST])
    if TAKING.search(heard.text) or not _BY_ANOTHER.search(heard.text) or now - was:
        return after
    gone = {said.thing for said in removed(heard.text, heard.said)}
    spoken = {said.thing for said in heard.said if _SPOKEN_OF.search(heard.text[: said.start])} - gone
    back = [one for one in before.things if one.thing in spoken - now]
    return replace(after, things=(*after.things[: MOST - len(back)], *back))


def _missing(text: str, before: Layout, after: Layout) -> list[Placed]:
    """Those of several of a kind that went though words neither take nor trade nor count anything."""
    if TAKING.search(text) or _FEWER.search(text) or _NUMBER.search(text) or _TURNS.search(text):
        return []
    was, now = Counter(one.thing for one in before.things), Counter(one.thing for one in after.things)
    fewer = {kind for kind in was if 0 < now[kind] < was[kind]}
    places = {(one.column, one.row) for one in after.things if one.thing in fewer}
    return [one for one in before.things if one.thing in fewer and (one.column, one.row) not in places]


def unmoved(heard: Heard, before: Layout, after: Layout) -> Layout:
    """The layout after an edit whose words name only what was not there: what was, is where it was."""
    was = Counter(one.thing for one in before.things)
    now = Counter(one.thing for one in after.things if one.thing in was)
    new = [one for one in after.things if one.thing not in was]
    if not heard.said or now != was or heard.named & set(was):
        return after
    return replace(after, things=(*before.things, *new))


def still(heard: Heard, before: Layout, after: Layout, world: World) -> Layout:
    """The layout after an edit that only brings something ("add three bees above the pot"): what its words do not name
    is where it was, as large as it was; unless it wears that, or makes room for what comes on a side."""
    return _where_it_was(heard, before, after, world, {said.thing for said in heard.said})


def left_there(heard: Heard, before: Layout, after: Layout, world: World) -> Layout:
    """The layout after an edit that only brings something, before that is put by anything: also what its words speak
    of as of what is there is where it was."""
    moved = {said.thing for said in heard.said} - _spoken_of(heard.text, heard.said)
    return _where_it_was(heard, before, after, world, moved)


def bystanding(heard: Heard, before: Layout, after: Layout, world: World) -> Layout:
    """The layout after an edit of what its words name; anything else of which there is as much as there was is where it
    was, as large as it was, unless it was on something that is elsewhere, is dressed, or would hide what came. Where
    words may mean any of it ("make it smaller"), that is so of what is in the air alone."""
    was, now = (Counter(one.thing for one in layout.things) for layout in (before, after))
    dresses = any(is_clothing(thing, world) for thing in now - was)
    if dresses or _EVERYTHING.search(heard.text) or flanking(heard.text, heard.said):
        return after
    vague = not heard.said or _ALL_OF_IT.search(heard.text)
    for kind in [kind for kind in was if was[kind] == now[kind] and kind not in heard.named]:
        flies = world.things[kind] in FLIERS  # a balloon, over whatever head
        if is_clothing(kind, world) or (vague and not flies):
            continue
        moved = [one for one in after.things if one.thing == kind and one not in before.things]
        back = [one for one in before.things if one.thing == kind and one not in after.things]
        for one in moved:
            old = min(back, key=lambda old: abs(old.column - one.column) + abs(old.row - one.row))
            back.remove(old)
            came = [other for other in after.things if other is not one and other not in before.things]
            gone = [other for other in before.things if other not in after.things and other is not old]
            rides = any(old.side <= other.side and stands_so(old, [other], "on") and old.over(other) for other in gone)
            hides = any(shared(old, other) > HIDDEN * min(old.side, other.side) ** 2 for other in came)
            if not hides and (flies or not rides):
                after = after.but(after.things.index(one), replace(old, colour=one.colour))
    return after


def _where_it_was(heard: Heard, before: Layout, after: Layout, world: World, moved: Collection[int]) -> Layout:
    """The layout after an edit that only brings something, with what was there as it was, but for some kinds."""
    was, now = (Counter(one.thing for one in layout.things) for layout in (before, after))
    named, more = {said.thing for said in heard.said}, now - was
    brings = _BRINGS.match(heard.text)
    if not named & more.keys() or not brings or _OTHERS_TOO.search(heard.text, brings.end()):
        return after
    if any(is_clothing(thing, world) for thing in more) or flanking(heard.text, heard.said):
        return after
    things = list(after.things)
    for kind in {kind for kind in was if was[kind] <= now[kind]} - (set(moved) - more.keys()):
        old = [one for one in before.things if one.thing == kind]
        if was[kind] == now[kind]:
            places = [n for n, one in enumerate(things) if one.thing == kind]
            for n, one in zip(places, old, strict=True):
                things[n] = one
        elif len(was) > 1:  # those that came are the last; what is alone makes room for its like
            new = [one for one in things if one.thing == kind]
            for one in old:
                new.remove(min(new, key=lambda other: abs(other.column - one.column) + abs(other.row - one.row)))
            first = next(n for n, one in enumerate(things) if one.thing == kind)
            things = [one for one in things if one.thing != kind]
            things = [*things[:first], *old, *things[first:], *new]
    return replace(after, things=tuple(things))


def _calls(text: str, place: str) -> bool:
    """Whether words want a place by its name, and not away from there."""
    return re.search(rf"\b{re.escape(place)}\b", text, re.IGNORECASE) is not None and not _ELSEWHERE.search(text)


def restrained(heard: Heard, before: Layout, after: Layout, world: World, names: Names) -> Layout:
    """The layout after an edit without what its words cannot mean."""
    text = heard.text
    brings = any(not world.shows(before, said.thing) for said in heard.said)
    about = _under_the_sky(heard, before, _about(text, before, after, brings), world)
    words = "|".join(map(re.escape, world.places[about[0]].split()))
    inside = re.search(rf"\b(?:in|inside|into|on|at|to) (?:[\w-]+ ){{0,2}}(?:{words})\b", text, re.IGNORECASE)
    if brings and not inside and _names_no_place(heard):  # but "in the castle" is in its hall
        about = (before.about[0], *about[1:])
    about = as_spoken_of(text, before, about, world)
    if _calls(text, world.places[before.about[0]]) and not _calls(text, world.places[about[0]]):
        about = (before.about[0], *about[1:])
    after = replace(after, about=about, things=_present(heard, before, after, world))
    spared = {s.thing for s in names.said(text) if _SPARED.search(text[: s.start]) or STAYS.match(text[s.end :])}
    lost = [one for one in before.things if one.thing in spared and not world.shows(after, one.thing)]
    after = replace(after, things=(*lost, *after.things)[-MOST:])
    after = replace(after, things=_undyed(heard, spared, before, after))
    after = replace(after, things=_no_more(text, before, after, names))
    if ONLY_SO_MANY.search(text):  # which is how many of these there are, and nothing of the others
        things = list(after.things)
        for one in sorted(_fewer(before, after), key=before.things.index):
            if one.thing not in heard.named:
                things.insert(before.things.index(one), one)
        after = replace(after, things=tuple(things[:MOST]))
    if _ONE_IS.search(text) and not (TAKING.search(text) or _TURNS.search(text)):  # which is how many there are
        after = replace(after, things=(*after.things, *_fewer(before, after))[:MOST])
    after = unmoved(heard, before, after)
    if not _WHEREABOUTS.search(text):
        after = replace(after, things=_steadied(before, after))
    if _NO_PEOPLE.search(text):
        there = {one.thing for one in before.things}
        things = (*before.things, *(one for one in after.things if one.thing not in there))
        after = replace(after, things=tuple(one for one in things if not world.is_somebody(one.thing))[-MOST:])
    after = singled(text, before, after, world)
    if LEAVES.search(text) and len(after.things) == len(before.things):
        dyed = Counter(one.thing for one in after.things) == Counter(one.thing for one in before.things)
        after = replace(after, things=before.things) if dyed else after
    same = after.kinds == before.kinds
    if same and after.about == before.about and (TAKING.search(text) or not _WHEREABOUTS.search(text)):
        return before  # things that were pushed about and nothing else
    if same and not _SIZES.search(text):
        after = replace(after, things=_as_large(before, after))
        if after.things == before.things and after.about == before.about:
            return before
    was = {one.thing for one in before.things}
    strange = [one for one in after.things if one.thing not in heard.meant | was]
    if strange and len(after.things) <= len(before.things):
        return before
    if IN_THE_WINDOW.search(text) and len(heard.named - was) > 1:  # which is the house's
        openings = [one for one in after.things if world.things[one.thing] in ("window", "door")]
        strange += [one for one in openings if one.thing not in was]
    return replace(after, things=tuple(one for one in after.things if one not in strange))


def is_small_change(heard: Heard, before: Layout, after: Layout) -> bool:
    """Whether a layout is another one's with one change in it that words may mean: the place, the hour, the weather or
    the style is another; or a kind of thing is dyed, comes or is fewer; or is larger, smaller or elsewhere where words
    speak of that. What comes is like a word, and what goes altogether is sent away."""
    was, now = Counter(before.kinds), Counter(after.kinds)
    came, gone = {thing for thing, _ in now - was}, {thing for thing, _ in was - now}
    if after.about != before.about:
        changed = [n for n, now in enumerate(after.about) if now != before.about[n]]
        return len(changed) == 1 and not came and not gone and _speaks(heard.text)[changed[0]]
    if came or gone:
        lost = gone - {one.thing for one in after.things}
        sent_away = lost <= heard.named and (not lost or TAKING.search(heard.text) is not None)
        return len(came | gone) == 1 and came <= heard.meant | gone and sent_away
    moved = {one.thing for one in after.things if one not in before.things}
    if len(moved) != 1 or hiding(after) > max(HIDDEN, hiding(before)):
        return False
    was_large, is_large = (sum(one.side for one in layout.things) for layout in (before, after))
    if was_large != is_large:
        size = size_meant(heard.text)
        return size is not None and (size.factor > 1) == (is_large > was_large)
    return _WHEREABOUTS.search(heard.text) is not None and not _LOOKS.search(heard.text)


def _as_large(before: Layout, after: Layout) -> tuple[Placed, ...]:
    """The things after an edit, those of which there is one as large as they were, each on its foot."""
    counts = Counter(one.thing for one in before.things)
    sides = {one.thing: one.side for one in before.things if counts[one.thing] == 1}
    return tuple(
        one
        if sides.get(one.thing, one.side) == one.side
        else replace(
            one,
            side=(side := sides[one.thing]),
            column=one.column + (one.side - side) // 2,
            row=one.row + one.side - side,
        )
        for one in after.things
    )


def _present(heard: Heard, before: Layout, after: Layout, world: World) -> tuple[Placed, ...]:
    """The things after an edit, and those that it lost though it only adds, dresses somebody, or brings nothing new."""
    text, there, was = heard.text, {one.thing for one in after.things}, {one.thing for one in before.things}
    new = there - was
    named = _NOUN.fullmatch(text) or any(text[: said.start] + text[said.end :] == "" for said in heard.said)
    gives = (_GIVES.search(text) or _FOR_ALL.search(text) or _PUTS_ON.search(text)) and not _TURNS.search(text)
    wanted = _ADDS.search(text) or ((named or gives) and not _INSTEAD.search(text))
    gains = any(world.is_worn(thing) for thing in new) or wanted or not (new or _FEWER.search(text))
    dresses = any(is_clothing(thing, world) for thing in new) and not _TURNS.search(text)
    if TAKING.search(text):
        return after.things
    if not (gains or dresses):
        return _but_for_strangers(text, before, after, world)
    if new and gives and not _INSTEAD.search(text):  # nor does one of several go
        return (*before.things, *(one for one in after.things if one.thing in new))[:MOST]
    lost = [one for one in before.things if one.thing not in there]
    lost = lost if gains else [one for one in lost if not is_clothing(one.thing, world)]  # a dress for another
    steady = not (new or _FEWER.search(text) or _TURNS.search(text) or _NUMBER.search(text))
    if _ADDED.match(text) or (named and new) or steady:  # nor does one of several go
        lost += [one for one in _fewer(before, after) if one.thing in there]
    things = [*lost, *after.things]
    while len(things) > MOST and (more := [n for n, one in enumerate(things) if one.thing in new]):
        things.pop(more[-1])
    return tuple(things[-MOST:])


def _but_for_strangers(text: str, before: Layout, after: Layout, world: World) -> tuple[Placed, ...]:
    """The things after an edit, and those that are gone though only what is of no such kind came, and no word says that
    anything goes: for a star comes a moon, and for a boat a ship, but no sheep."""
    old, there = {one.thing for one in before.things}, {one.thing for one in after.things}
    alive = {world.things[thing] in ALIVE for thing in there - old}
    if len(alive) != 1 or _INSTEAD.search(text) or _TURNS.search(text) or _FEWER.search(text):
        return after.things
    back = [one for one in _fewer(before, after) if (world.things[one.thing] in ALIVE) not in alive]
    new = [one for one in after.things if one.thing not in old]
    more = [] if _MORE.search(text) else [one for n, one in enumerate(new) if one.thing in {o.thing for o in new[:n]}]
    return (*back, *(one for one in after.things if not back or one not in more))[-MOST:]


def _no_more(text: str, before: Layout, after: Layout, names: Names) -> tuple[Placed, ...]:
    """The things after an edit, without more of a kind than there were where words speak of one and of no more."""
    said = names.said(text)
    spoken, adds = {one.thing for one in said if one.many}, _MORE.search(_ON_TOP_OF.sub("on", text)) is not None
    if adds and _AGAIN.search(text):
        return after.things
    there, kept = Counter(one.thing for one in before.things), list[Placed]()
    only = _spoken_of(text, said)  # of "add three kids around the fire" there is one fire still
    for one in after.things:
        many = sum(other.thing == one.thing for other in kept)
        free = one.thing not in only if adds else one.thing in spoken
        if free or not there[one.thing] or many < there[one.thing]:
            kept.append(one)
    return tuple(kept)


def _spoken_of(text: str, said: Sequence[Said]) -> set[int]:
    """The things that words speak of as of what is there ("the fire") and of no other of the kind."""
    others = {one.thing for one in said if one.many or not _SPOKEN_OF.search(text[: one.start])}
    return {one.thing for one in said} - others


def _steadied(before: Layout, after: Layout) -> tuple[Placed, ...]:
    """The things after an edit, those of which no more came where they were, and as large."""
    left, things = list(before.things), list(after.things)
    more = Counter(one.thing for one in things) - Counter(one.thing for one in left)  # these make room for each other
    for one in things:
        if (same := next((o for o in left if (o.thing, _box(o)) == (one.thing, _box(one))), None)) is not None:
            left.remove(same)
    for number, one in enumerate(things):
        alike = [old for old in left if old.thing == one.thing and not more[one.thing]]
        if alike and not any((old.thing, _box(old)) == (one.thing, _box(one)) for old in before.things):
            old = min(alike, key=lambda o: abs(o.column - one.column) + abs(o.row - one.row))
            things[number] = replace(one, side=old.side, column=old.column, row=old.row)
            left.remove(old)
    return tuple(things)


def _fewer(before: Layout, after: Layout) -> list[Placed]:
    """The things before an edit by which there are fewer of a kind after it."""
    fewer = Counter(one.thing for one in before.things) - Counter(one.thing for one in after.things)
    gone = [one for one in before.things if one not in after.things]
    return [one for thing, many in fewer.items() for one in [o for o in gone if o.thing == thing][:many]]


def _undyed(heard: Heard, spared: set[int], before: Layout, after: Layout) -> tuple[Placed, ...]:
    """The things after an edit, in their colours where its words speak of other things'."""
    named = heard.named - spared
    if not named or _SWEEPING.search(_AS_IT_IS.sub("", heard.text)):
        return after.things
    colours = {one.thing: list[int]() for one in before.things if one.thing not in named}
    for one in reversed(before.things):
        if one.thing in colours:
            colours[one.thing].append(one.colour)
    return tuple(
        replace(one, colour=colours[one.thing].pop()) if colours.get(one.thing) else one for one in after.things
    )


def _about(prompt: str, before: Layout, after: Layout, brings: bool) -> tuple[int, int, int, int]:
    """Place, light, weather and style; of several that changed, or where the words bring a thing, those stay of which
    they do not speak."""
    changed = [now != old for now, old in zip(after.about, before.about, strict=True)]
    if sum(changed) < 2 and not brings:
        return after.about
    spoken = _speaks(prompt)
    if not brings and not any(new and said for new, said in zip(changed, spoken, strict=True)):
        return after.about
    place, light, weather, style = (
        now if said else old for now, old, said in zip(after.about, before.about, spoken, strict=True)
    )
    return place, light, weather, style


def _speaks(text: str) -> list[bool]:
    """Whether words may speak of a place, and whether they speak of light, weather and style."""
    text = IN_COLOURS.sub("", text)
    return [pattern is None or pattern.search(text) is not None for pattern in _SPEAKS]


def _names_no_place(heard: Heard) -> bool:
    """Whether no word but the names of things can mean a place."""
    rest = heard.text
    for said in reversed(heard.said):
        rest = rest[: said.start] + rest[said.end :]
    return not _NO_PLACE.sub("", rest).strip(" ,.;:!?'’-")


_ELSEWHERE = any_of(
    r"out of|away|from|leaves?|left|leaving|instead|rather than|no(?:t|thing)?|\w+n['’]?t|never|without|outside"
)
"""With the name of a place: it is left, perhaps."""


def _under_the_sky(
    heard: Heard, before: Layout, about: tuple[int, int, int, int], world: World
) -> tuple[int, int, int, int]:
    """The place stays where words only speak of its sky ("blue sky with clouds"), or put something there that is not in
    the picture ("fireworks in the sky")."""
    if about[0] == before.about[0] or world.places[about[0]] != "sky":
        return about
    sent = any(world.shows(before, said.thing) for said in heard.said) or _SENT.search(heard.text)
    rest = _ALOFT.sub("", _NO_PLACE.sub("", _INTO_THE_SKY.sub("", heard.text)))
    if _INTO_THE_SKY.search(heard.text) and (sent or not re.search(r"\w", rest)):
        return about
    return before.about[0], *about[1:]


def as_spoken_of(
    text: str, before: Layout, about: tuple[int, int, int, int], world: World
) -> tuple[int, int, int, int]:
    """No plain background and no black and white where words do not speak of it ("one black, one white"), and no other
    style where they speak of several colours."""
    place, light, weather, style = about
    if world.places[place].endswith(" background") and not _BACKDROP.search(text):
        place = before.about[0]
    coloured = IN_COLOURS.search(text) and not _speaks(text)[3]
    if coloured or (world.styles[style] == "black and white" and not _COLOURLESS.search(text)):
        style = before.about[3]
    return place, light, weather, style


def singled(text: str, before: Layout, after: Layout, world: World) -> Layout:
    """The layout after an edit; where words single out one of a kind by its side or its colour, or as "one of", the
    others stay."""
    things = list(after.things)
    for kind in {one.thing for one in before.things}:
        old = [one for one in before.things if one.thing == kind]
        if len(old) > 1 and (which := which_in(text)):
            meant = member(which, old)
            hats = [one for one in things if world.is_worn(one.thing) and one not in before.things]
            hats = [] if world.is_worn(kind) else hats  # which are dyed themselves
            things = _but_for(meant, old, things) if meant and not hats else things
            if meant and hats:
                things = [*before.things, *hats][-MOST:]
        elif len(old) > 1 and LEAVES.search(text) and (called := _called(text, old[0].thing, world)):
            rest = [one for one in things if one.thing != kind]
            things = [*(one for one in old if one.colour not in called), *rest]
        elif len(old) > 1:
            things = _restored(text, old, things, world)
    return replace(after, things=tuple(things))


def _but_for(meant: Placed, old: list[Placed], things: list[Placed]) -> list[Placed]:
    """The things after an edit, with those of a kind as they were but for one: that one is changed, gone, or has made
    room for another thing."""
    spared = [one for one in old if one is not meant]
    became = _became(old, things)
    if became:
        return [one if became.get(n, meant) is meant else became[n] for n, one in enumerate(things)]
    if sum(one.thing == meant.thing for one in things) > len(old):
        return things
    boxes, others = {_box(one) for one in spared}, [one for one in things if one.thing != meant.thing]
    misplaced = [one for one in others if _box(one) in boxes]
    others = [one for one in others if one not in misplaced]
    if misplaced and not any(_box(one) == _box(meant) for one in others):
        others.append(replace(misplaced[0], side=meant.side, column=meant.column, row=meant.row))
    return [*spared, *others]


def _called(text: str, thing: int, world: World) -> set[int]:
    """The colours by which words call things of a name ("the yellow balloon")."""
    name = re.escape(world.things[thing])
    found = re.findall(rf"\b(\w+) (?:{name}|ones?\b)", text.lower())
    return {colour for word in found for colour in colours_in(word, world.colours)}


def _restored(text: str, old: list[Placed], things: list[Placed], world: World) -> list[Placed]:
    """The things after an edit, with those of a kind in the colours they had that words do not speak of."""
    name, one_of = world.things[old[0].thing], _ONE_OF.search(text) is not None and not _THE_OTHERS.search(text)
    said = {one.colour for one in old if re.search(rf"\b{world.colours[one.colour] or '-'} {name}", text.lower())}
    changed = {n: one for n, one in _became(old, things).items() if things[n] != one}
    restored = list(things)
    for number, (n, one) in enumerate(changed.items()):
        if (said and one.colour not in said) or (one_of and number > 0):
            restored[n] = one
    return restored


def _became(old: list[Placed], things: list[Placed]) -> dict[int, Placed]:
    """Which of a kind stands at each of their places among the things now; nothing where there are more or fewer."""
    places = [n for n, one in enumerate(things) if one.thing == old[0].thing]
    return dict(zip(places, old, strict=True)) if len(places) == len(old) else {}


def _box(one: Placed) -> tuple[int, int, int]:
    return one.side, one.column, one.row
