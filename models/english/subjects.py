"""What is asked for by one name and is many things ("a zoo", "a birthday card"), and moods ("make it spooky"), in words
of what the small painter can draw.

A planner that knows things and places draws an empty room for a zoo. Whoever asks for one wants animals.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from models.english.naming import Names
from models.english.patterns import regex, table

_SUBJECTS = """
birthday, bday, b-day, birthday party = a cake, two balloons and a gift | in a room
party, celebration, surprise party = two balloons, a cake and a party popper | in a room
christmas, xmas, christmas eve, christmas day, noel = a christmas tree, santa claus and two gifts | in the snow
christmas dinner, christmas lunch = a turkey, a pie and a christmas tree | in a room
halloween, trick or treat = a pumpkin, a ghost and two bats | in the forest at night
easter, easter sunday, easter egg hunt = a rabbit, three eggs and a tulip | in the garden
valentine, valentines, valentine's, valentine's day, valentines day = a heart, a rose and a teddy bear | on a pink
    background
thanksgiving, thanksgiving dinner = a turkey, a pumpkin and a pie | in the kitchen
new year, new years, new year's eve, new years eve = a party popper, a champagne bottle and a clock | in the city at
    night
st patrick's day, saint patrick's day, st patricks day = a four-leaf clover, an elf and a rainbow | in a meadow
bake sale, cake sale, bake off = a cake, a pie, two cupcakes and cookies | in the kitchen
diwali = three candles and a lantern | in a room
bonfire night, guy fawkes night = a fire, a boy and a girl | in the park at night
lunar new year, chinese new year = a dragon and two lanterns | in the city at night
mother's day, mothers day = a bouquet, a heart and a woman | in the garden
father's day, fathers day = a man, a gift and a necktie | in a room
get well card, get well soon card, get well soon = a bouquet, a teddy bear and a heart | in a room
thank you card, thankyou card, a thank you = a bouquet and a heart | on a yellow background
congratulations, congrats = a trophy, two balloons and a party popper | in a room
good luck card = a four-leaf clover and a star | on a green background
retirement = a cake, an old man and a clock | in a room
wedding, marriage, wedding day, wedding reception = a bride, a man, a church and a bouquet | in the garden
anniversary = a man, a woman, a heart and a cake | in a room
baby shower, christening = a baby, a teddy bear and a baby bottle | in a room
graduation, graduation day, graduation ceremony = a woman with a graduation cap and a school | in the park
funeral = a coffin and a bouquet | in the park
zoo, wildlife park, safari park = an elephant, a lion, a giraffe and a monkey | in the park
safari = a jeep, a lion and an elephant | in the savanna
aquarium = a shark, an octopus, a turtle and a fish | underwater
circus, the big top = a circus tent, a clown, a juggler and an elephant | in a meadow
funfair, fairground, carnival, fair, amusement park, theme park = a ferris wheel, a carousel and a roller coaster | in
    the park
playground = a slide, a boy and a girl | in the park
orchestra, symphony = a violin, a trumpet, a piano and a drum | on a stage
band, rock band, jazz band = a singer, a guitar and a drum | on a stage
concert, gig, music festival = a singer, a guitar and a piano | on a stage
disco, nightclub, dance party, rave = a disco ball, two dancers and headphones | on a stage
ballet = two dancers | on a stage
picnic = a basket, a sandwich and an apple | in the park
cookout, barbecue party, bbq party = a grill, a steak and a hot dog | in the garden
afternoon tea, high tea, tea party, tea time = a teapot, a cup of coffee and a cupcake on a table | in the garden
feast, banquet = a turkey, a bunch of grapes, a cake and a glass of wine | in the castle hall
candy land, candyland, sweet shop, candy shop = a lollipop, candy, a donut and a chocolate bar | on a pink background
ice cream shop, ice cream parlour = two ice creams and a sundae | in the kitchen
market, farmers market, farmer's market, market stall = a basket, an apple, a carrot and a fish | in the city
barnyard, farmyard, petting zoo = a cow, a pig, a chicken and a sheep | on a farm
traffic jam, traffic, rush hour, busy road, busy street = three cars, a bus and a truck | on a road
car race, grand prix, race track = two race cars and a flag | on a road
airport = two planes and a bus | in the city
train station, railway station = a train, a suitcase and a clock | in the city
harbour scene, marina = two boats, an anchor and a yacht | in the harbour
classroom, school day = a teacher, a stack of books and a boy | in a room
lab, laboratory, mad scientist's lab, science lab = a scientist, a test tube and a microscope | in a room
hospital scene, doctor's office = a doctor, a bed and a thermometer | in a room
art studio, art class = an artist, a paint palette and a framed painting | in a room
camping, camping trip, campsite, camp, campground = a tent, a fire and a backpack | in the forest at night
fishing trip = a boat, a fish and a fishing rod | at sea
road trip = a car, a suitcase and a map | on a road
summer holiday, summer vacation, beach holiday, beach day, summer holidays, day at the beach = a palm tree, a ball, an
    ice cream and a parasol | on the beach
skiing holiday, ski trip, ski resort, winter sports = a skier, a snowboarder and a pine tree | in the snow in the
    mountains
winter wonderland = a snowman, a pine tree and a sled | in the snow
snowball fight, snow day = a boy, a girl and a snowman | in the snow
pirate treasure, buried treasure, treasure hoard = a treasure chest, three coins and a
    diamond | on the beach
pirates, pirate scene = a ship, a bearded man, a sword and a parrot | at sea
fairy tale, fairytale = a castle, a princess, a dragon and a unicorn | in a meadow
fairyland, fairy garden, enchanted forest, magic forest, magical forest = a fairy, a unicorn and a mushroom | in the
    forest
knights and castles, medieval times = a castle, a royal guard and a horse | in a meadow
noah's ark, noahs ark = a ship, an elephant, a giraffe, a lion and a rainbow | at sea
nativity, nativity scene = a baby, a donkey, a sheep and a star | on a farm at night
haunted mansion, haunted manor, graveyard, cemetery = a gravestone, a ghost and a bat | in the forest at night
jurassic park, dinosaur park, prehistoric times = a dinosaur, a brontosaurus and a volcano | in the jungle
space battle, star wars = two ufos and a rocket | in space
alien invasion = three ufos and an alien | in the city at night
scarecrow = a farmer and a sun hat | on a farm
football match, soccer match, soccer game, football game = two men, a ball and a goal | in the park
fashion show = two women and a dress | on a stage
magic show = a wizard, a magic wand and a rabbit | on a stage
phoenix, firebird = an eagle and a fire | in the mountains
grim reaper, the grim reaper, death = a skull and a gravestone | in the forest at night
chess, chess board, chessboard, chess game, game of chess = two pawns | in a room
little red riding hood, red riding hood = a girl, a wolf and a basket | in the forest
jack and the beanstalk = a boy, a seedling and a castle | in a meadow
romeo and juliet = a boy, a girl, a heart and a castle | at night in a garden
snow white = a princess, an apple and a mirror | in the forest
cinderella = a princess, a pumpkin and a high heel | in a garden at night
aladdin = a genie and a teapot | in the desert
peter pan = a fairy, a boy and a ship | at sea at night
alice in wonderland = a girl, a rabbit, a clock and a teapot | in the garden
wizard of oz, the wizard of oz = a girl, a dog, a lion and a robot | on a road
paris, eiffel tower = a tower | in the city
london = a bus, a telephone and a royal guard | in the city
new york, nyc = a taxi, an office building and the statue of liberty | in the city
japan, tokyo, kyoto = a japanese castle, a torii gate and a cherry blossom | in the mountains
"""
_ALONE = """
something spooky, something scary, something creepy, spooky scene, scary scene = a haunted house, a ghost and two bats
    | in the forest at night
something romantic, something lovely = a heart, a man and a woman | in a meadow at sunset
something christmassy, something festive = a christmas tree, santa claus and two gifts | in the snow
something magical = a fairy, a unicorn and a mushroom | in the forest
village, hamlet, town = a church and three houses | in a meadow
town square, village square = a fountain, a church and two houses | in the city
barn, stable, stables = a cow and a chicken | on a farm
breakfast, brunch = a fried egg, bacon and a cup of coffee on a table | in the kitchen
dinner, supper, roast dinner = a steak, a salad and a glass of wine on a table | in the kitchen
lunch, packed lunch = a sandwich, an apple and a glass of milk on a table | in the kitchen
fruit, fruit stand, fruit stall, fruit bowl = an apple, a banana, a pear and a bunch of grapes | in the kitchen
veg, vegetables, vegetable garden, veg patch, allotment = a carrot, a tomato, a pumpkin and a lettuce | in the garden
bakery = bread, a croissant and a cupcake | in the kitchen
bar, pub = a mug of beer, a glass of wine and a cocktail | in a room
supermarket, grocery store = a shopping cart, an apple and bread | in a room
toy shop, toy store, toys, toybox, toy box = a teddy bear, a ball, a robot and a yo-yo | in a room
pet shop, pet store, pets = a dog, a cat, a rabbit and a parrot | in a room
flower shop, florist, flowers, flower bed, bed of flowers = a rose, a tulip, a sunflower and a daisy | in the garden
office = a table, a laptop, a telephone and a chair | in a room
gym = a weightlifter and a yogi | in a room
workshop, garage = a mechanic, a hammer, a saw and a toolbox | in a room
bathroom = a bathtub, a toilet and a mirror | in a room
bedroom = a bed, a lamp and a teddy bear | in a room
solar system, outer space, galaxy, the universe, cosmos = the sun, a planet, the earth and a comet | in space
rainforest, rainforest animals, jungle animals = a parrot, a monkey, a tiger and a snake | in the jungle
safari animals, african animals = a lion, an elephant, a giraffe and a zebra | in the savanna
sea creatures, sea life, sea animals, coral reef, reef, under the sea, ocean life = a coral, a fish, an octopus and a
    turtle | underwater
arctic animals, polar animals = a penguin, a seal and a whale | in the arctic
woodland animals, forest animals = a fox, a deer, a rabbit and an owl | in the forest
bugs, insects, creepy crawlies, minibeasts = a beetle, an ant, a spider and a ladybug | in the garden
sports day, olympics, the olympics, sport, sports = a runner, a gymnast, a trophy and a medal | in the park
music = a guitar, a violin and a musical note | on a stage
food = a pizza, a burger, a salad and a cake | in the kitchen
love, friendship, romance = a heart, a man and a woman | in a meadow at sunset
peace = a dove and a rainbow | in a meadow
nature = a tree, a deer and a butterfly | in a meadow
spring, springtime = a tulip, a daisy, a chick and a butterfly | in a meadow
summer, summertime = the sun, an ice cream and a sunflower | on the beach
autumn, fall colours, fall colors, autumn leaves = a maple leaf, a pumpkin and a mushroom | in the forest
winter, wintertime = a snowman and a pine tree | in the snow
egypt, ancient egypt = a camel and a cactus | in the desert
hawaii = a palm tree, a hibiscus and a surfer | on the beach
rome, greece, athens = a greek temple | in the city
north pole, the north pole, south pole = a penguin, a seal and a sled | in the arctic
australia = a kangaroo and a koala | in the desert
switzerland = a mountain, a cow and cheese | in a meadow
mexico = a cactus, a taco and maracas | in the desert
italy = a pizza, spaghetti and a motor scooter | in the city
"""
_SUFFIX = (
    r"(?:[- ](?:greetings? )?(?:cards?|scenes?|pictures?|images?|pics?|drawings?|themes?|themed|vibes?|stuff"
    r"|decorations?|decor|posters?|postcards?|invitations?|invites?|mood|atmosphere|feel(?:ing)?|spirit|touch|season"
    r"|time|day|version|edition|celebrations?|greetings?|wishes|bits|things|items|elements))*"
)
_MOODS = """
spooky, scary, creepy, haunted, eerie, sinister, frightening, horror, gothic = a ghost, two bats | make it night
christmassy, christmasy, festive, christmas, xmas, holiday = a christmas tree, two gifts, a snowman
halloweeny, halloween, hallowe'en = a pumpkin, a ghost, a bat | make it night
romantic, lovey dovey = a heart, a rose | make it sunset
magical, enchanted, fairytale, dreamy, whimsical = a fairy, two stars, a unicorn
wintry, wintery = a snowman, a pine tree | make it snow
winter, wintertime = | make it snow
autumnal, autumny, autumn, fall = three maple leaves, a mushroom, a pumpkin
summery, summer, summertime = a sun, a sunflower, an ice cream
springlike, springy, spring, springtime = two tulips, a butterfly, a chick
tropical = a palm tree, a parrot, a hibiscus
birthday, birthdayish, partyish, party = a cake, two balloons, a gift
easter, eastery = a rabbit, two eggs, a tulip
valentine, valentines, valentine's = two hearts, a rose
dramatic, moody, epic, stormy, ominous, threatening, gloomy = | make it storm
"""
_FURNISHED = """
meadow, park, garden, farm = a tree, a rabbit, a butterfly, a sunflower, a bird
forest, jungle = a mushroom, a deer, an owl, a squirrel, a butterfly
beach = a palm tree, a crab, a parasol, a boat, a seashell
sea, harbour = a boat, a dolphin, a lighthouse, a fish
city, road = a car, a traffic light, a bus, a tree, a bicycle
desert, savanna = a cactus, a snake, a camel, a rock
mountains = a pine tree, a goat, an eagle, a tent
sky = a bird, a balloon, a plane, a kite
space, moon = a planet, a rocket, a ufo, a star
underwater = a fish, a coral, a turtle, an octopus
room, library = a potted plant, a sofa, a lamp, a framed painting, a clock, a cat
arctic = a penguin, a seal, a snowman
kitchen = a teapot, an apple, bread, a cat
cave, lava = a rock, a bat, a crystal ball, a dragon
stage = a guitar, a drum, a microphone
castle hall = a sword, a shield, a royal guard, a candle
"""


def _any(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


@dataclass(frozen=True)
class Subject:
    """In words, what a subject shows, where, and whether it is also meant where other things are named."""

    things: str
    around: str
    joins: bool


SUBJECTS = {
    name: Subject(*told.split(" | "), joins=rows is _SUBJECTS)
    for rows in (_SUBJECTS, _ALONE)
    for name, told in table(rows).items()
}
MOODS = table(_MOODS)
FURNISHED = table(_FURNISHED)
"""What makes a place less empty."""

_OVER = (
    r"(?=\s*(?:$|[,.;:!?)]|(?:and|with|w|in|on|at|by|for|of|near|under|during|where|featuring|showing|please|pls|plz"
    r"|but|plus|he|she|they|it|so|i|we|who|that|because|cos|cause)\b))"
)
_ARTICLES = r"(?:(?:an?|the|my|our|some|this|that|his|her|your|their|\w+'s) )?"
_PRAISE = (
    r"(?:(?:happy|merry|busy|big|little|cute|nice|fun|funny|lovely|beautiful|traditional|colou?rful|simple|small|fancy"
    r"|cheerful|family|school|church|office|company|village|club|town|typical|whole|local|jolly|pretty|cool|crowded|cosy"
    r"|cozy|proper|romantic|quick) )*"
)
_ORDINAL = r"\d+(?:st|nd|rd|th)(?: (?:birthday|bday|b-day))?"
_FOR_SOMEBODY = regex(
    r"^\s+for (?:an?|my|our|his|her|their|your|the)\b(?:(?! (?:with|in|at|on|who|that|and)\b)[^,.;])*"
)
_ADDRESSED = regex(
    r"(?P<card>\b(?:cards?|postcards?|invitations?|invites?))(?P<whom>\s+(?:for|to) "
    r"(?:an?|my|our|his|her|their|your|the)\b(?:(?!\s+(?:with|in|at|on|of|who|that|which|and|showing|loves|likes|from)\b)[^,.;:!?])+)"
)
_SUBJECT = regex(
    rf"(?P<way>(?:at|in|to|into|for|from|during|on|of) )?"
    rf"\b(?P<phrase>(?:{_ARTICLES}(?:greetings? )?cards? for )?(?:(?:my|our|his|her|their) \w+s )?{_ARTICLES}{_PRAISE}"
    rf"\b(?P<name>{_any(SUBJECTS)}|{_ORDINAL}){_SUFFIX}){_OVER}",
)
_TURNS = (
    r"(?:make|turn|change|give|get|set) (?:it|this|that|everything|all|them|(?:the|this) (?:\w+ )?\w+)"
    r"(?: look| feel| into| to)?"
)
_DEGREES = (
    r"(?:(?:look|feel|a (?:bit|little|lot|tad)|bit|way|much|very|really|super|so|all|more|extra|some|an?|in|like"
    r"|kind of|of) )*"
)
_THE_SAME = (
    r"(?:(?:do|draw|paint|make|show me) )?(?:the |it the )?same(?: (?:thing|picture|scene|one))?,? "
    r"(?:but |just |again )?"
)
_MOOD = regex(
    rf"(?:^|(?<=[,.;!] )|(?<=\band )|(?<=\bthen ))(?:(?:can|could|would) you |please |pls |now |ok |just )*"
    rf"(?:{_TURNS} |(?P<more>add |more )|i want it |go |let's go |as (?:an? )?"
    rf"|(?:(?:what|how) would (?:it|this|that) look (?:like )?|{_THE_SAME})?in (?:the )?)?{_DEGREES}"
    rf"(?P<name>{_any(MOODS)})"
    rf"(?: (?:sky|skies|lighting|light|weather|clouds|sea))?{_SUFFIX}(?: instead)?"
    r"(?=\s*(?:$|[,.;!?]|and\b|with\b|please\b|pls\b|now\b|too\b|for me\b))",
)
_BRINGS = regex(
    rf"(?:add|put in|include|{_TURNS}) {_ARTICLES}(?:[\w-]+ )??(?P<name>{_any(SUBJECTS)})"
    rf"{_SUFFIX}{_OVER}",
)
_ADDS = regex("add|put in|include")
_DULL = "(?:empty|bare|boring|bland|dull|lonely|plain)"
_IT = "(?:it|this|that|(?:the|this) (?:picture|scene|image|background|room|place))"
_SPACE = "(?:spaces?|background|gaps?|emptiness|picture|room)"
_EMPTY = regex(
    rf"(?:{_IT}?(?:'s| is| looks?| feels?|s)? ?(?:a bit |a little |way |far |kinda |kind of |so |very |really |still )*"
    rf"(?:too )?{_DULL}\W*(?:(?:and|so|but) )?)?"
    r"(?:(?:(?:can|could) you |please |pls |just |but |and |so )*(?:"
    rf"(?:make|get) {_IT}(?: look| feel)?(?: a (?:bit|little|lot))? (?:less {_DULL}"
    r"|(?:more )?(?:fun|interesting|lively|livelier|fuller|full|busy|busier|exciting))"
    r"|(?:add|put in|give (?:it|me)) (?:in )?(?:some |a few |a bit |lots |a lot |loads )?(?:more |of |extra )*"
    rf"(?:stuff|things|bits|elements|interest|life)(?: (?:to|in) {_IT})?"
    r"|(?:some )?more (?:stuff|things|going on|interesting|lively|life)(?: (?:in|to) it)?"
    rf"|less {_DULL}|fill (?:in |up )*(?:the |this |that )?(?:empty |blank )?{_SPACE}(?: up)?"
    r"|something(?:'s| is|s)? missing|(?:it|there) (?:still )?needs (?:something|more)(?: else)?"
    r")(?: please| pls)?)?",
)
_FAMILY = regex(r"^(?:(?:draw|paint|make|do|create|show)(?: me)? )?(?:a |the )?(?:picture of )?(?:my|our) family\b")
_FEW = 2  # things that a request names: who names more has said what the picture shows
_ON_A_TABLE, _OF_DISHES = " on a table", regex(r"\s+(?:with|of)\s")
_JOINS = regex(r"^[\s,]*(?:with|of|showing|featuring|and|plus|for)\s+")


def unaddressed(prompt: str) -> str:
    """A request without whom a card is for, who need not be on it; what it is for stays ("for my nan's 80th")."""
    return _ADDRESSED.sub(lambda found: found[0] if _SUBJECT.search(found["whom"]) else found["card"], prompt)


def told(prompt: str, names: Names, places: Collection[str]) -> str:
    """A request with what it asks for by one name ("a zoo") in words of what that shows; of that only the first thing
    where it names things itself ("a boy at the zoo").

    Args:
        names: Of the painter's things; "a birthday cake" is one, and no birthday.
        places: The names of places; who names one has no other.
    """
    prompt = unaddressed(prompt)
    found = _SUBJECT.search(prompt)
    if found is None or _is_known(found, prompt, names):
        return prompt
    subject = SUBJECTS.get(found["name"].lower(), SUBJECTS["birthday"])
    ahead, behind = prompt[: found.start("phrase")], _FOR_SOMEBODY.sub("", prompt[found.end() :])
    around = (
        "" if any(re.search(rf"\b{place}\b", ahead + behind, re.IGNORECASE) for place in places) else subject.around
    )
    shown = f"{subject.things} {around}".strip()
    others = names.said(ahead + behind)
    if not others:
        return f"{ahead.removesuffix(found['way'] or '')}{shown}{behind}"
    lists = len(others) > _FEW or names.things(ahead + behind) & names.things(subject.things)
    if not subject.joins or lists or (found["way"] or "").lower() == "for ":
        return _laid(prompt, subject, behind, names)
    first = re.split(r", | and ", subject.things)[0]
    rest = f"{prompt[: found.start()].rstrip()} {_JOINS.sub('', behind).lstrip()}".strip(" ,")
    return f"{rest}, {first} {around}".strip()


def _laid(prompt: str, subject: Subject, behind: str, names: Names) -> str:
    """A request for a meal of what it names itself ("a breakfast with eggs and toast") with a table under that."""
    said = names.said(prompt)
    dishes = subject.things.endswith(_ON_A_TABLE) and _OF_DISHES.match(behind) and not behind[1:].count(" in ")
    ends = said[-1].end == len(prompt.rstrip(" .!"))
    return prompt.rstrip(" .!") + _ON_A_TABLE if dishes and ends and "table" not in behind else prompt


def is_subject(sentence: str) -> bool:
    """Whether a sentence asks for something by such a name, or for a family."""
    names = Names.shipped()
    found = _SUBJECT.search(sentence)
    return (found is not None and not _is_known(found, sentence, names)) or _FAMILY.search(sentence) is not None


_AUTUMN = regex(r"autumn|fall\b")
_SEASON = regex(
    "(?P<spring>spring)|(?P<summer>summer)|(?P<autumn>autumn|fall)|(?P<winter>winte?r)|(?P<halloween>hallow)"
    "|(?P<christmas>christmas|xmas)|(?P<easter>easter)|(?P<valentine>valentine)"
)
_BROUGHT = 2  # things that a mood adds


def mooded(instruction: str, names: Names, place: str = "", shown: Collection[str] = ()) -> str:
    """An instruction with what it wants without naming it as orders: moods ("make it spooky"), occasions ("add a
    picnic"), and less emptiness ("something is missing").

    Args:
        names: Of the painter's things.
        place: The place of the picture.
        shown: The things that it shows: what it has is not added again while there is something else.
    """

    def adding(things: str, most: int) -> str:
        listed = re.split(r", | and ", things)
        new = [one for one in listed if not names.things(one) & set(shown)] or listed
        return f"add {' and '.join(new[:most])}"

    def ordered(found: re.Match[str]) -> str:
        if _is_known(found, instruction, names):
            return found[0]
        if found["more"] and found["name"].lower().startswith("winter"):  # snowmen, and no weather
            return found[0]
        if "tree" in shown and _AUTUMN.match(found["name"]):
            return "make the tree orange, add a maple leaf"
        things, _, around = MOODS[found["name"].lower()].partition("| ")
        return ", ".join(filter(None, (around, adding(things.strip(), _BROUGHT) if things.strip() else "")))

    def brought(found: re.Match[str]) -> str:
        if found["name"].lower().startswith("winter") and not _ADDS.match(found[0]):
            return "make it snow"
        known = _is_known(found, instruction, names)
        return found[0] if known else adding(SUBJECTS[found["name"].lower()].things, 4)

    if (bare := instruction.strip(" .!?")) and _EMPTY.fullmatch(bare):
        return adding(FURNISHED[place], 2) if place in FURNISHED else instruction
    changed = _MOOD.sub(ordered, instruction)
    return changed if changed != instruction else _BRINGS.sub(brought, instruction)


def season_in(instruction: str, names: Names) -> str:
    """The season or the feast ("spring", "christmas") that an instruction brings, in the place of any other; ""
    where none."""
    found = _MOOD.search(instruction)
    season = (
        None if not found or found["more"] or _is_known(found, instruction, names) else _SEASON.match(found["name"])
    )
    return (season and season.lastgroup) or ""


def brought_by(season: str, names: Names) -> set[str]:
    """The things that a season or a feast brings to a picture that has none of them."""
    things, _, _ = MOODS["wintry" if season == "winter" else season].partition("|")
    return set(names.things(", ".join(things.split(", ")[:_BROUGHT])))


def _is_known(found: re.Match[str], text: str, names: Names) -> bool:
    """Whether the name is part of one that the painter has: "birthday cake"."""
    start, end = found.span("name")
    return any(said.start <= start and said.end >= end for said in names.said(text))
