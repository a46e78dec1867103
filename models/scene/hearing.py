"""What a sentence says, for the painter: its words put right, what MiniLM makes of them, and which things they name."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import torch
from torch import nn

from models.english.naming import AGE, COLOUR_WORDS, HUES, Names, Said, nearest_backdrop, with_article
from models.english.patterns import NUMERALS, any_of, regex
from models.english.spelling import Spelling
from models.english.typed import in_words
from models.rendering.layout import World
from models.scene.captions import CaptionReader
from models.scene.planner import Planner

_LIKE_IT = 0.55  # cosine from which on what is unknown may be told the name
_MEANT = 0.35  # cosine of the likest word from which on it may have meant a thing

# Words of requests beside the names in its world.
_SAID = """
add after another background before behind beside between bigger bright brighter change color colour dark darker
delete different double draw enlarge enormous evening everything farther fewer foggy front further giant gigantic
grayscale halve huge humongous instead larger left leftward lightning little make massive midday midnight mist
misty morning move neon next nighttime noon paint painting pencil pixel please rainy remove replace right
rightward shrink sketch smaller snowing snowy stormy style sunny sunrise sunset swap taller their there three
thunderstorm tint tiny triple turn under watercolor watercolour wearing weather white winter without
""".split()
# Words that MiniLM has not whole, and that are near enough to a name to be taken for it.
_RIGHT = frozenset(
    """
antler balloonist bandana banger bathrobe bauble beet bleach bollard bong brighten brisket brooch brownie brunch caramel
cherub chickpea cleaver cordial crib darken dope flan florist goatee leaflet leotard lighten loafer maggot mink
mountaineer mousse musk offline paddock pancake pilates plait preteen raisin redo roadster sawn sequin sharpen stork
sundial swop tartlet trawler trifle tusk vending wafer
""".split()
)
# A name at the beginning and before an article or a pronoun is a verb: "slide the chair to the left".
_VERB_BEFORE = regex(r"^\W*(?:(?:now|can you|could you|just)\W+)*$")
_LETS_FALL = any_of("he|she|it|who|kid|child|boy|girl|man|woman|one|dog|cat", end=r" drops$")
_VERB_AFTER = regex(r"\s+(?:the|it|him|her|them|my|his)\b")
_NEW_NOUN = (
    rf"(?P<new>(?:an?|another|some|{NUMERALS}|[2-9])\s+(?P<what>(?:[\w'-]+\s+){{0,2}}?[\w'-]+))"
    r"(?=\s*(?:$|[^\w\s'-]|\s(?:to|into|in|on|onto|at|next|near|beside|behind|by|over|under|above|below|with|for|from"
    r"|and|or|please|pls|here|there|too|also|instead|as|where|who|that|which)\b))"
)
# What brings something new, or puts something at it, and what it is, to the end of the words for it.
_NEW = regex(
    r"(?:^\W*|\b(?:add|put|place|stick|give|include|insert|draw|paint|with|holding|wearing|has|have|needs?|wants?)\W+"
    rf"(?:(?:it|him|her|them|me|us|in|the \w+)\W+)?){_NEW_NOUN}",
)
_ADD_NEW = regex(
    r"\b(?:add|include|insert) (?P<new>(?P<what>(?!(?:more|some|the|to|it|them|that|this|another|an?)\b)[\w'-]+))"
    r"(?=\W*(?:$|[,.;!?]|(?:to|in|on|at|near|behind|over|under|around|with|everywhere|please|pls|too)\b))",
)
_SKY_NEW = regex(
    r"(?:^\W*|\b(?:put|place|add|draw|paint|with|want)\W+)"
    r"(?P<new>(?P<what>(?!(?:it|him|her|them|the|that|this|my|his|more|some|an?|put|make|up|high|all|both|everything)\b)"
    r"(?:[\w'-]+ )?[\w'-]+)) (?:in|into|across|up in) (?:the )?sky\b"
)
_AT_NEW = regex(rf"\b(?:in|at|on|onto|into|to|for|by)\W+{_NEW_NOUN}")
_SIZED_NEW = regex(
    r"^\W*(?:(?:and|a|an|the|make|much|way|bit) )*"
    r"(?:bigger|smaller|larger|taller|shorter|tinier|huge|tiny|giant|little) "
    r"(?P<new>(?P<what>(?!(?:than|please|pls|now|then|and|but|the|too|again|still|by|for|to|in|on|at|it|him|her|them"
    r"|things?|size|scale|is|as|so|if|version|would|overall)\b)[\w'-]+))\W*$",
)
_AMOUNT = regex(
    r"\b(?:ones?|bit|little|lil|wee|smidge|(?:small|big|larg|tall|short|dark|light|bright)\w*er|lot|few|touch|tad|more"
    r"|less|times?|picture|image|photo|style)\b",
)
_SLANG = {
    **{f"{word}nt": f"{word}n't" for word in "do does did is are was were ca wo should would could has have".split()},
    "nite": "night",
    "forrest": "forest",
    "cavern": "cave",
    "tempest": "storm",
    "aquarelle": "watercolour",
    "doggo": "dog",
    "pupper": "puppy",
    "kitteh": "kitten",
    "birb": "bird",
    "snek": "snake",
    "n": "and",
    "cactuses": "cacti",
    "sleigh": "sled",
}
_COLOURING_PAGE = regex(
    r"\b(?:an? )?(?:colou?ring[- ](?:in[- ])?(?:page|book|sheet|picture)(?: page)?|line[- ]?(?:art|drawing)"
    r"|outlines?(?: only)?)\b",
)
_KINDS = {
    "farm animals": "a cow, a pig and a chicken",
    "(?:wild|zoo|safari|african|jungle) animals": "an elephant, a lion and a monkey",
    "(?:sea|ocean) (?:animals|creatures|life)": "a fish, a dolphin and an octopus",
    "(?:forest|woodland) (?:animals|creatures)": "a fox, a deer and a squirrel",
    "(?:pet|small) animals|pets": "a dog, a cat and a rabbit",
    "animals(?! (?:party|hospital|farm))": "a fox, a bear and a rabbit",
    "fruits?(?! (?:bowl|basket|salad|cake|juice|tree|shop|stand|stall))": "an apple, a banana and a pear",
    "vegetables|veggies|veg": "a carrot, a tomato and a broccoli",
    "toys": "a teddy bear, a ball and a kite",
    "vehicles": "a car, a bus and a truck",
    "insects|bugs": "a bee, a ladybug and a butterfly",
    "(?:musical )?instruments": "a guitar, a drum and a trumpet",
}
"""What a request for several of a kind may mean, by what the kind is called."""
_NOT_THOSE = "".join(rf"(?<!{word} )" for word in ("the", "these", "those", "are", "all", "no", "my", "many", "wild"))
_FOR_MY = "".join(rf"(?<!{word} )" for word in ("for my", "for our", "for her", "for his", "to my"))
_SOME_OF = rf"(?:\b(?:some|a few|lots of|different|various|cute|little|{NUMERALS})\s+)*"
_BY_NAME = frozenset({"poop", "fly"})
"""What nobody gets who does not call it by name: to MiniLM a "possum" is one, and who is "flying" the other."""
_ANYBODY = frozenset({"man", "woman", "boy", "girl"})
_BIRD = "(?:swan|duck|flamingo|dragon|dolphin|crocodile|turtle|frog)"
_NO_BIRD = f"(?!{_BIRD} )"
_SOMEBODY = r"(?= (?:him|her|it|them|the|that|this|my|our|his|your)\b)"
_MEANING = {
    regex(rf"\b4{_SOMEBODY}"): "for",
    regex(rf"\b2{_SOMEBODY}"): "to",
    _COLOURING_PAGE: "a pencil sketch",
    AGE: r"\g<who>",
    **{
        regex(rf"{_NOT_THOSE}{_SOME_OF}\b(?:{kind})\b(?!\s+(?:in|with) (?:hats|crowns))"): some
        for kind, some in _KINDS.items()
    },
    regex(r"(?:(?<=\s)|^)w(?=\s)"): "with",
    regex(r"\b(?:back ?drop|back[ -]ground|bkgd?|bckgrnd|bg)\b"): "background",
    regex(rf"{_FOR_MY}\b(?:husband|hubby|boyfriend|uncle)\b"): "man",
    regex(rf"{_FOR_MY}\b(?:wife|girlfriend|auntie|aunt)\b"): "woman",
    regex(rf"{_FOR_MY}\b(?:son|grandson|nephew)\b"): "boy",
    regex(rf"{_FOR_MY}\b(?:daughter|granddaughter|niece)\b"): "girl",
    regex(r"(?P<on>\bon (?:his|her|its|their|the) heads?),? (?:like|as) an? (?:hat|cap|crown|helmet)\b"): (r"\g<on>"),
    regex(
        r",? (?:and |with )?(?:the )?(?:sea|ocean) (?:beyond|behind|in the (?:back|distance|background))\b",
    ): (" by the sea"),
    regex(r"^\W*(?P<goes>fly|move|run|go) (?P<who>[\w ]+?) (?P=goes)\b"): r"\g<who>",
    regex(r"\bmore (?:big|large|tall)\b"): "bigger",
    regex(r"\bmore (?:small|little|tiny)\b"): "smaller",
    regex(r"\bin (?:the )?colou?r (?=[a-z]+\b)"): "in ",
    regex(r"\b(?P<at>on|at|to) (?P<side>(?:left|right)(?: side)?)\b"): r"\g<at> the \g<side>",
    regex(r"\b(?P<where>near|above|below|under|over|behind|beneath) of\b"): r"\g<where>",
    regex(
        r"\b(?P<how>play\w*|on|at|beat\w*|bang\w*|hit\w*|behind|with|add|has|have) "
        r"(?:(?:the|his|her|its|my|some) )*drums\b",
    ): r"\g<how> a drum",
    regex(r"\b(?P<side>left|right) from (?=(?:him|her|it|them|the|his)\b)"): r"\g<side> of ",
    regex(
        r"(?P<ahead>\b(?:hand|paw|arm)\b.*?) in (?:the|his|her|its) other(?: one| hand| paw| arm)?\b"
    ): r"\g<ahead> in his hand",
    any_of(r"(?:in|on|into) the driver'?s'? seat|(?:at|behind) the (?:steering )?wheel"): "driving it",
    regex(r"\b(?:at|behind) the (?P<what>[\w-]+)['’]s (?:steering )?wheel\b"): r"driving the \g<what>",
    regex(r"\bline (?:them|'?em|those|these|the \w+) up\b"): "from left to right",
    regex(
        r"\b(?P<at>(?:in|on|into|onto|across|down) (?:an?|the|some|my|our|his|her|their) (?:\w+ )?)"
        r"(?:river|stream|creek|brook)\b(?! bank)",
    ): r"\g<at>lake",
    regex(rf"^\W*(?:an?|the|some)? ?{_NO_BIRD}(?:\w+ )?(?:lake|river|stream|creek|brook)\W*$"): "the sea",
    regex(rf"^\W*(?:an?|the|some)? ?(?P<who>{_BIRD}) (?:lake|river|stream)\W*$"): r"some \g<who>s on the sea",
    regex(
        rf"^\W*(?:an?|the|some)? ?{_NO_BIRD}(?:\w+ )?(?:lake|river|stream) with "
        r"(?P<rest>(?!(?:an? )?(?:bridge|house|trees?)\b).+)",
    ): r"\g<rest> on the sea",
    regex(
        r"\b(?:(?:remove|delete|erase|lose|get rid of|take (?:out|away)|cut (?:out|away)|drop|clear|no|without)"
        r"(?: (?:the|any|an?|all))*|(?:an? )?(?:transparent|blank|empty|clear)) background"
        r"(?! (?:people|things?|trees?|noise)\b)",
    ): "on a white background",
    any_of("(?:in )?(?:the )?(?:very )?early morning|day ?break|first light|morning light|sun ?up"): "dawn",
    any_of("autumn(?:al)?|fall", end=r" (?=(?:\w+ )?(?:trees?|oaks?|maples?|birch(?:es)?)\b)"): "orange ",
    regex(
        rf"\b(?P<many>lots of|loads of|many|full of|filled with|covered (?:in|with)|{NUMERALS}|[2-9]) flowers\b",
    ): r"\g<many> daisies",
    regex(r"\bflowers (?=(?:everywhere|all over|all around)\b)"): "daisies ",
    regex(
        r"\b(?:(?:on|in|with|by|beside|guarding)(?: top of)? (?:an?|its|his|her|the) )?(?:[\w-]+ )?"
        r"(?:pile|heap|hoard|mountain|bed) of (?:gold(?: coins)?|coins|treasure)\b",
    ): "with five coins",
    any_of(
        "(?<!baby )bottle",
        end=r"(?= for (?:the|her|his|our|my|a) (?:\w+ )?(?:bab(?:y|ies)|little one|newborn|toddler)\b)",
    ): ("baby bottle"),
    any_of("bow", end=r"(?= (?:on|in|around) (?:the|his|her|its|their|my|top)\b)"): "ribbon",
    any_of(rf"(?P<hue>{COLOUR_WORDS}) bow(?! and)"): r"\g<hue> ribbon",
    any_of("cactus(?:s?es)"): "cacti",
    any_of("polar bears?(?! cub)"): "white bear",
    any_of("(?:on |near |by )?(?:an? |the |some )?(?:ice ?bergs?|ice floes?|ice sheet)"): "in the arctic",
    any_of("windows?", end=r" with (?:an? |the )?(?:\w+ )?views?(?: (?:of|over|onto) (?:an? |the )?\w+)?\b"): "window",
    any_of(r"(?:for|at) (?:an?|the|our|my) (?:\w+ )?(?:barbecue|barbeque|bbq)", end=r"\b(?! grill)"): "",
    any_of("pirate'?s? flags?"): "black flag",
    regex(r"^\W*(?:please )?(?:add|with|put in|i want|bring) (?:some |more )?lightning(?: and thunder)?\W*$", re.I): (
        "make it stormy"
    ),
    regex(r"\b(?:an? )?schools? of fish(?:es)?\b"): "five fish",
    regex(r"\b(?P<of>(?:glass(?:es)?|bottles?) of) (?:red|white|rose) wine\b"): r"\g<of> wine",
    regex(r"\b(?P<desk>keyboard|laptop)(?P<between>(?:[\s,&+]|and|an?\b)*)\bmouse\b"): (
        r"\g<desk>\g<between>computer mouse"
    ),
    regex(r"\bflower\b(?! (?:pot|vase|bed|shop|girl|crown|field|garden))"): "daisy",
    regex(rf"\b(?P<many>{NUMERALS}|[2-9]|couple of|some|few|several|more) people\b"): r"\g<many> persons",
}
_CROWN = regex(rf"\bcrown(?:ing)?{_SOMEBODY}")


@dataclass(frozen=True)
class Heard:
    """A sentence as it was understood.

    Attributes:
        text: Its words, put right where they were typed wrong.
        states: What MiniLM makes of them (1, tokens, 768).
        said: The names in it, in order.
        sure: The things that it means for sure: as MiniLM takes whole words, or by nouns that are names.
        meant: The things that it may mean: those it names, and those that a word of it is like.
    """

    text: str
    states: torch.Tensor
    said: tuple[Said, ...]
    sure: tuple[int, ...]
    meant: frozenset[int]

    @property
    def named(self) -> frozenset[int]:
        """The things that it means for sure, or by names anywhere in it."""
        return frozenset((*self.sure, *(said.thing for said in self.said)))

    def but(self, thing: int) -> Heard:
        """The same, as if it named no such thing."""
        said = tuple(said for said in self.said if said.thing != thing)
        return replace(self, said=said, sure=tuple(sure for sure in self.sure if sure != thing))


def spelling_of(world: World, captions: CaptionReader, names: Names) -> Spelling:
    """Puts right what is typed wrong of requests about a world."""
    right = captions.words | names.words | _RIGHT
    return Spelling([*(word for word in world.words if word in right), *HUES, *_SAID], right, _SLANG)


class Hearing(nn.Module):
    """Hears sentences about a planner's world.

    Args:
        captions, planner: The networks.
        names: What things are called.
    """

    def __init__(self, captions: CaptionReader, planner: Planner, names: Names) -> None:
        super().__init__()
        self.captions, self.planner, self.names = captions, planner, names
        self._meanings: dict[str, torch.Tensor] = {}  # of the world's names that were compared with something
        self.spelling = spelling_of(planner.world, captions, names)
        hues = "|".join((*filter(None, planner.world.colours), *HUES))
        self._coloured = regex(
            rf"^\W*(?:(?:and|with|an?|also|plus) )*(?P<new>(?P<what>(?:bright |dark |light )?(?:{hues}) "
            r"(?!(?:and|or|please|pls|too|now|instead|again|all|over|then|version|everything|ish)\b)[\w'-]+))\W*$",
        )
        self._of_a_part = regex(rf"\b(?:{hues}) (?=(?:\w+ )?(?:hair|eyes?|beard|moustache|skin|lips|nails)\b)")

        self._top = regex(rf"(?P<hue>\b(?:{hues})) top\b(?! (?:hat|of))")
        self._behind = regex(
            r"\b(?P<has>wears?|wearing|with|has|have|add|gets?|(?:gives?|giving) (?:him|her|it|them))"
            rf"(?P<article>(?: an?| the| some)?) "
            r"(?P<what>(?!(?:chocolate|coffee|sky|hot|dark|light|bright|pale|deep|royal|baby|forest|blood|rose|jet|snow|all)\b)"
            rf"[a-z-]+) (?P<hue>{hues})"
            r"(?=\W*(?:$|[.,;!?]|(?:and|please|pls|too)\b))",
        )

    def half_named(self, heard: Heard) -> frozenset[int]:
        """The things of whose name words only have what stands before its noun: nobody who speaks of a party, or of
        fire, asks for a party hat or a fire truck."""
        words = {form for word in re.findall(r"\w+", heard.text.lower()) for form in (word, word.removesuffix("s"))}
        return frozenset(
            number
            for number, name in enumerate(self.planner.world.things)
            if number not in heard.named
            and len(parts := name.split()) > 1
            and "of" not in parts
            and parts[-1] not in words
            and not words.isdisjoint(parts[:-1])
        )

    def spelled(self, sentence: str) -> str:
        """The sentence without what was typed wrong."""
        return self.spelling.corrected(in_words(sentence))

    def put_right(self, sentence: str) -> str:
        """The sentence as it was meant: without what was typed wrong, "for" written as 4, or a verb that is a name."""
        text = self.spelled(sentence)
        text = self._behind.sub(self._hue_first, text)  # "wear scarf red"
        text = self._top.sub(r"\g<hue> t-shirt", text)
        text = self._of_a_part.sub("", text)  # nothing here has eyes of its own colour
        for pattern, meant in _MEANING.items():
            text = pattern.sub(meant, text)
        unknown, hue = nearest_backdrop(text)
        text = re.sub(rf"\b{unknown}\b", hue, text, flags=re.IGNORECASE) if unknown else text
        text = self._called_once(self.names.in_full(self.names.in_a_list(self.names.in_numbers(text))))
        return self.names.plain(text if text.lower().count("crown") > 1 else _CROWN.sub("put a crown on", text))

    def _called_once(self, text: str) -> str:
        """The text with one name for one person: "a scientist" for "a scientist lady"."""
        world = self.planner.world
        for one, other in reversed([*pairwise(self.names.said(text))]):
            both = world.is_somebody(one.thing) and world.is_somebody(other.thing)
            if not both or text[one.end : other.start] != " " or one.many != other.many:
                continue
            if world.things[other.thing] in _ANYBODY:
                text = text[: one.end] + text[other.end :]
            elif world.things[one.thing] in _ANYBODY:
                text = text[: one.start] + text[other.start :]
        return text

    def _hue_first(self, found: re.Match[str]) -> str:
        one = self.names.said(found[0][found.start("what") - found.start() :])
        if one and one[0].end == len(found[0]) - (found.start("what") - found.start()):
            return found[0]  # an "ice cream" is no cream-coloured ice
        return f"{found['has']}{found['article']} {found['hue']} {found['what']}"

    def __call__(self, sentence: str) -> Heard:
        text = self.put_right(sentence)
        states, every = self.captions([text])[0], self.names.said(text)
        whole = self.captions.whole(text)
        verbs = {
            one.thing for one in every if _VERB_BEFORE.search(text[: one.start]) and _VERB_AFTER.match(text[one.end :])
        } | {one.thing for one in every if _LETS_FALL.search(text[: one.start] + text[one.start : one.end])}
        said = tuple(one for one in every if one.thing not in verbs)
        sure = [*self.planner.named(states, whole), *(one.thing for one in self.names.nouns(text))]
        within = {thing for one in said for thing in self.names.within(text[one.start : one.end])}
        within -= {one.thing for one in said}
        unsaid = {n for n, name in enumerate(self.planner.world.things) if name in _BY_NAME} - {s.thing for s in every}
        sure = [thing for thing in dict.fromkeys(sure) if thing not in verbs | within | unsaid]
        read = self.captions.outside(text, [(one.start, one.end) for one in said])
        read = [alone or outside for alone, outside in zip(whole, read, strict=True)]  # no "fence" of a fencer
        like = {thing for thing, near in enumerate(self.planner.likeness(states[:, read])) if near >= _MEANT}
        meant = (like - within - verbs - unsaid) | {one.thing for one in said}  # a "christmas tree" is no tree
        return Heard(text, states, said, tuple(sure), frozenset(meant))

    def unknown(self, sentence: str) -> str:
        """What a sentence would bring, or put something on, that has no name here ("a platypus"), "" for nothing."""
        return self._nameless(self.put_right(sentence), _NEW, _ADD_NEW, _SKY_NEW, _SIZED_NEW, self._coloured, _AT_NEW)

    def brings_unknown(self, text: str) -> bool:
        """Whether a text that was put right would bring what has no name here."""
        return bool(self._nameless(text, _NEW, _ADD_NEW, _SIZED_NEW, self._coloured))

    def sizes_unknown(self, text: str, shown: Collection[str]) -> bool:
        """Whether a text that was put right would change the size of what has no name here, nor is called as a part of
        what is shown ("bigger sign", where a stop sign is there)."""
        found = _SIZED_NEW.match(text)
        return bool(
            found and not self.names.said(text) and not any(found["what"].lower() in one.split() for one in shown)
        )

    def _nameless(self, text: str, *patterns: re.Pattern[str]) -> str:
        known = frozenset((*self.planner.world.words, *HUES))
        for found in (found for pattern in patterns for found in pattern.finditer(text)):
            what = found["what"]
            words = set(what.lower().split()).difference(self.planner.world.colours, HUES)
            if words and not self.names.said(what) and not _AMOUNT.search(what) and known.isdisjoint(words):
                return found["new"]
        return ""

    def nearest(self, words: str) -> str:
        """The one or two things that are called most like words, as a sentence's end (": a sofa or a chair"), "" where
        none is called like them."""
        things = self.planner.world.things
        likest = sorted(zip(self._likeness(words, things), things, strict=True), reverse=True)[:2]
        near = [with_article(name) for likeness, name in likest if likeness >= _LIKE_IT]
        return f": the nearest that it knows is {' or '.join(near)}" if near else ""

    def alike(self, words: str, *names: str) -> float:
        """The cosine of what MiniLM makes of words and of the name that is most like them; 0 for none."""
        return max(self._likeness(words, names), default=0.0)

    def _likeness(self, words: str, names: Sequence[str]) -> list[float]:
        if new := [name for name in names if name not in self._meanings]:
            self._meanings |= zip(new, self._meaning(new), strict=True)
        known = [self._meanings[name] for name in names]
        return nn.functional.cosine_similarity(self._meaning([words]), torch.stack(known)).tolist() if known else []

    def _meaning(self, texts: Sequence[str]) -> torch.Tensor:
        """What MiniLM makes of each text: the mean of its states (n, width), on the processor."""
        states, there = self.captions(texts)
        read = states[..., states.shape[-1] // 2 :] * there[..., None]
        return (read.sum(1) / there.sum(1, keepdim=True)).float().cpu()
