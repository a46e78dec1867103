"""People and beings whom the small painter does not have, as those that it has, with what makes them: a king is a man
with a crown, a fisherman one with a fishing rod, a couple a man and a woman.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.english.naming import Names, Said, with_article
from models.english.patterns import regex, table
from models.kinds import SORTS

_FIGURES = """
king, emperor, pharaoh = man + crown
prince = boy + crown
knight = royal guard + sword
samurai = ninja + sword
cowboy = man + cowboy hat
witch, sorceress, enchantress = woman + witch hat
cowgirl = woman + cowboy hat
pirate, buccaneer = bearded man + sword
viking, lumberjack, woodcutter = bearded man + axe
captain, skipper = bearded man + cap
sailor, seaman = man + cap
soldier, warrior = man + army helmet
archer, huntsman, hunter = man + bow and arrow
fisherman, angler = man + fishing rod
fisherwoman = woman + fishing rod
diver, scuba diver, snorkeller = man + diving mask
lifeguard = man + lifebuoy
hiker, backpacker, traveller, traveler, climber, mountaineer, explorer, adventurer = man + backpack
photographer, tourist = man + camera
student, pupil = girl + backpack
graduate = woman + graduation cap
nerd, geek = boy + glasses
gamer = boy + game controller
dj = man + headphones
guitarist, musician = man + guitar
drummer = man + drum
pianist = man + piano
violinist = woman + violin
trumpeter = man + trumpet
boxer = man + boxing glove
footballer, goalkeeper, goalie, striker, soccer player, football player = man + ball
player = man
tennis player = woman + tennis racket
basketball player = man + basketball
volleyball player = woman + volleyball
baseball player = man + baseball
hockey player = man + hockey stick
skateboarder = boy + skateboard
skater = girl + roller skate
skater boy, skater dude, skater guy, sk8er boi = boy + skateboard
skater girl = girl + skateboard
gardener = man + sun hat
librarian = woman + stack of books
postman, mailman, mail carrier = man + envelope
postwoman = woman + envelope
businessman, banker, lawyer = man + briefcase
businesswoman = woman + briefcase
barber, hairdresser = woman + scissors
groom = man + necktie
caveman = bearded man + bone
thief, burglar, robber = man + money bag
waiter, butler, bartender, shopkeeper, referee, driver, bus driver, taxi driver, priest, monk, swimmer, neighbour = man
villain, prisoner, cousin, someone, somebody = man
waitress, barista, secretary, receptionist, flight attendant = woman
nun = woman with a headscarf
brother, teenager, teen = boy
sister = girl
hippie, hermit = bearded man
wrestler = weightlifter
plumber = mechanic
miner, engineer, architect = construction worker
butcher = chef
shepherd, villager = farmer
sculptor, potter = artist
inventor = scientist
gnome, dwarf, goblin, leprechaun, hobbit = elf
yeti, bigfoot, cyclops, minotaur = monster
werewolf = wolf
merman = mermaid
pegasus = unicorn
toucan = parrot
mosquito = fly
snowball = ball
throne = chair
skirt = dress
jumper, sweater, hoodie, cardigan = coat
bracelet = necklace
"""
_PAIR_ENDS = r"(?=\s*(?:$|[.;!?]|\b(?:and|in|on|at|with|by|under|near|\w+ing)\b))"
_BROUGHT = r"(?:(?<=\badd )|(?<=\bwith )|(?<=\bdraw )|^)(?:some |a few |lots of |many |little |happy )*"
_AT_WORK = "(?:co-?workers|colleagues|team ?mates|office workers|employees)"
_TOGETHER = {
    regex(pattern): who
    for pattern, who in {
        rf"\ba (?:(?:young|happy|married|loving) )?couple{_PAIR_ENDS}": "a man and a woman",
        rf"(?:^|\b(?:an|the|this|that|my) )(?:old|elderly|retired) couple{_PAIR_ENDS}": "an old man and an old woman",
        r"\b(?:two |some |the )newlyweds\b": "a bride and a man",
        r"\b(?:two|his|her|their) parents\b": "a man and a woman",
        r"\b(?:an? |the )?(?:\w+ )?family of (?=\w+s\b)": "three ",
        rf"\b(?:a|my|our|the) (?:(?:little|happy|whole) )?family{_PAIR_ENDS}": "a man, a woman, a boy and a girl",
        r"\b(?:a |the )?(?:group|bunch|couple|circle|crowd|gang) of (?:\w+ )?(?:friends|people|persons|adults)\b": (
            "two men and two women"
        ),
        r"(?<!the )\b(?:(?:two|2|a pair of|best) (?:best |good |old |little )?friends|(?<!\w )friends"
        r"|(?:a )?(?:group|bunch|couple|pair) of (?:\w+ )?(?:kids|children)|(?:two|2) (?:little |small |happy |young )?"
        r"(?:kids|children))\b(?! of)": "a boy and a girl",
        rf"\b(?:three|3) {_AT_WORK}\b": "two men and a woman",
        rf"\b(?:four|4|some|the|my|our|a (?:group|team) of) {_AT_WORK}\b": "two men and two women",
        rf"\b(?:(?:two|2) )?{_AT_WORK}\b": "a man and a woman",
        rf"{_BROUGHT}(?:people|persons)\b": "a man and a woman",
        rf"{_BROUGHT}(?:kids|children)\b(?! of)": "a boy and a girl",
    }.items()
}
_ROLES = """
king, queen, emperor, empress, prince, princess, royal = a crown
astronaut, spaceman, cosmonaut, space, builder, firefighter, fireman, miner = a rescue helmet
soldier, army = an army helmet
pirate, knight, samurai, ninja, warrior, musketeer = a sword
viking, lumberjack = an axe
wizard, witch, sorcerer = a witch hat
cowboy, cowgirl, sheriff = a cowboy hat
magician, detective, gentleman, mafia = a hat
santa, santa claus, christmas = a red hat
police, policeman, captain, sailor, postman, conductor = a cap
professor, teacher, graduate, nerd, nerdy, librarian = glasses
farmer, gardener = a sun hat
chef, cook = a fork and knife
doctor, nurse = a thermometer
artist, painter = a paint palette
superhero, super, gladiator, roman = a shield
student, schoolboy, schoolgirl = a backpack
rockstar, rock star, guitarist, musician = a guitar
singer, popstar, pop star = a microphone
dj = headphones
footballer, soccer player, football = a ball
businessman, business, boss = a briefcase
ballerina, princess ballerina = a dress
spy, secret agent = sunglasses
"""
_COSTUME = r"(?:costume|outfit|clothes|suit|uniform|fancy dress|hat|helmet)"
_KIN = (
    r"(?:mum|mom|mummy|mommy|mama|mother|dad|daddy|papa|father|parent|baby|child|cub|calf|foal|chick|kitten|pup|puppy)"
    r"|(?P<more>parents|babies|young|cubs|calves|foals|chicks|kittens|pups|puppies|children|little ones|kids)"
)
_NOT_MEANT = regex(
    r"\b(?:my|our|your|like|as|for|says|said|called|named|i'?m|am|being|becoming)\s+(?:(?:an?|the)\s+)?(?:[\w-]+\s+){0,1}$",
)  # "my brother wants a violin", "dressed as a pirate"
_FINITE = regex(r"\s+(?P<verb>\w+s|sat|stood|is|was)\b")  # "a king sits on a chair"
_ALONE = regex(
    r"\W*$|\s+(?:and|with|in|on|at|by|to|fighting|riding|smaller|bigger|larger|taller|behind|next to|left|right)\b",
)  # "knight and dragon"
_ARTICLE = regex(r"\ban?\s+$")
_THE = regex(r"\b(?:an?|the|that)\s+(?:[\w-]+\s+)?$")


@dataclass(frozen=True)
class Figure:
    """Whom one is drawn as, and what this one has; "" is nothing."""

    who: str
    has: str
    many: bool

    @property
    def order(self) -> str:
        """What gives it that, in words."""
        has = self.has if self.has.endswith("s") and not self.has.startswith("stack") else with_article(self.has)
        return f"give {'each' if self.many else 'the'} {self.who} {has}"


FIGURES = {name: (who, has) for name, drawn in table(_FIGURES).items() for who, _, has in [drawn.partition(" + ")]}
"""Of each such name whom it is drawn as and what this one has."""


def _plural(name: str) -> str:
    for one, more in (("man", "men"), ("thief", "thieves"), ("dwarf", "dwarves"), ("ss", "sses")):
        if name.endswith(one):
            return name.removesuffix(one) + more
    return name if name == "samurai" else f"{name}s"


_WORN = table(_ROLES)
_ROLE = "|".join(re.escape(name) for name in sorted(_WORN, key=len, reverse=True))
_ROLE_AHEAD = regex(rf"\b(?P<role>{_ROLE})[ -]$")
_ROLE_BEHIND = regex(
    r"(?:\s+(?-i:[A-Z][\w'-]+)(?=\s+(?:as|dressed)\b))?"
    r"(?:\s+(?:(?:who is |that is |is )?(?:dressed(?: up)? )?(?:as|like) an? |in an? )"
    r"|[ -](?=[\w ]+?\s*(?:$|[,.;!?]|in\b|on\b|at\b|with\b)))"
    rf"(?P<role>{_ROLE})(?:'s)?\b(?: {_COSTUME})?",
)
_MADE = regex(r"(?:make|turn) (?:the|this|that|my|his|her) $")
_MADE_ONE = regex(rf"\s+(?:look like |into )?an? (?P<role>{_ROLE})\b")
_ITS_OWN = regex(
    rf"\s+(?:and|with|next to|beside) (?!a (?:baby|child)\b)"
    rf"(?:(?:its|her|his|the|a|two|three) )?(?:{_KIN})\b(?! \w+(?:ing|s)\b)",
)
_FAMILY = regex(r"\s+famil(?:y|ies)\b")
_OUGHT = regex(r"\s+(?:should|must|can|could|will|would|needs?)\b")
_YOUNG = regex(r"(?:\b(?:an?|one|the) )?(?:(?:baby|young|little|small|tiny) )?$")
_DRAWN = list(FIGURES.values())
_CALLED = Names(list(FIGURES), {name: [(name, _plural(name))] for name in FIGURES})


def one_by_one(text: str) -> str:
    """A text with couples, families and the like as those who are in them."""
    for pattern, who in _TOGETHER.items():
        text = pattern.sub(who, text)
    return text


def drawn(text: str, names: Names) -> tuple[str, list[Figure]]:
    """A text with such people by whom they are drawn as ("a man on a horse"), and these.

    Args:
        names: Of the painter's things; "a pirate ship" is one.
    """
    text = _animals(text, names)
    found, known, nouns = list[Figure](), names.said(text), _CALLED.nouns(text)
    for said in reversed(_CALLED.said(text)):
        ahead, behind = text[: said.start], text[said.end :]
        longer = any(one.start <= said.start and said.end <= one.end for one in known)
        begins = not ahead.strip() and _ALONE.match(behind)
        if longer or not (begins or said in nouns or _acts(said, text, names)) or _NOT_MEANT.search(ahead):
            continue
        who, has = _DRAWN[said.thing]
        called = names.own(who, many=said.many)
        article = None if said.many else _ARTICLE.search(ahead)
        text = (ahead[: article.start()] + with_article(called) if article else ahead + called) + behind
        found.append(Figure(who, has, said.many))
    return text, found[::-1]


def _acts(said: Said, text: str, names: Names) -> bool:
    """Whether somebody who is named does something: "a king sits on a chair"."""
    finite = _FINITE.match(text, said.end)
    return bool(finite and _THE.search(text[: said.start]) and not names.said(finite["verb"]))


def figures_in(text: str, names: Names) -> list[tuple[Said, str]]:
    """Where a text names such people, and whom each is drawn as; "" where nobody is meant ("dressed as a king").

    Args:
        names: Of the painter's things; "a pirate ship" is one.
    """
    known, nouns = names.said(text), _CALLED.nouns(text)
    return [
        (said, "" if _NOT_MEANT.search(text[: said.start]) else _DRAWN[said.thing][0])
        for said in _CALLED.said(text)
        if (said in nouns or _OUGHT.match(text, said.end) or _acts(said, text, names))
        and not any(one.start <= said.start and said.end <= one.end for one in known)
    ]


def drawn_as(text: str, names: Names) -> set[str]:
    """Whom the people that a text names are drawn as, and what makes these that, where they have it: a man and a crown
    for a king, and nobody for a yeti."""
    drawn = [_DRAWN[said.thing] for said, who in figures_in(text, names) if who]
    return {one for who, has in drawn if has for one in (who, has)}


def _animals(text: str, names: Names) -> str:
    """A text with animals that are in a role ("a pirate cat", "the dog as a king") with what makes them that, and with
    those who come with a parent or a young one ("an elephant with its baby") as two."""
    for said in reversed(names.said(text)):
        own = names.own_of(said.thing)
        if own not in SORTS["animal"]:
            continue
        ahead, behind, called = text[: said.start], text[said.end :], text[said.start : said.end]
        if (made := _MADE_ONE.match(behind)) and (order := _MADE.search(ahead)):
            text = f"{ahead[: order.start()]}give the {called} {_WORN[made['role'].lower()]}{behind[made.end() :]}"
        elif (found := _FAMILY.match(behind)) and not said.many:
            text = f"{_YOUNG.sub('', ahead, count=1)}three {names.own(own, many=True)}{behind[found.end() :]}"
        elif (found := _ITS_OWN.match(behind)) and not said.many:
            many = "three" if found["more"] and found["more"] != "parents" else "two"
            text = f"{_YOUNG.sub('', ahead, count=1)}{many} {names.own(own, many=True)}{behind[found.end() :]}"
        elif found := _ROLE_AHEAD.search(ahead):
            text = f"{ahead[: found.start()]}{called} with {_WORN[found['role'].lower()]}{behind}"
        elif found := _ROLE_BEHIND.match(behind):
            text = f"{ahead}{called} with {_WORN[found['role'].lower()]}{behind[found.end() :]}"
    return text
