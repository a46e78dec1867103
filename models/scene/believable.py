"""Pictures made believable where words leave it open: sizes beside each other, feet on the ground, fliers in the air.

A planner draws what words leave open as it was taught, and it was taught with every thing in every size and height: a
castle may come smaller than the princess in front of it, a candle hang on the wall. People expect neither.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from models.english.patterns import any_of, listed, regex
from models.rendering.kinds import ALIVE, SORTS
from models.rendering.layout import SIDES, Layout, Placed, World
from models.scene.arranging import COVERED, HIDDEN, in_size, shared
from models.scene.hearing import Heard
from models.scene.wardrobe import is_a_face, is_clothing, is_on_a_face

_STEP = 1.22  # the side of things of a rank in that of the rank below: far less than in life, so that both are seen
_NEAR = 0.75  # of the side that is believable, from which on a thing is left as it is
_FAR = 5  # the rank from which on a rank more counts half
_LOOMS = 1.6  # times the side of another in life, from which on a thing may be partly behind it
_NEARER = 2  # rows by which that other's foot is lower at least, where it is free
_FILLED = 0.35  # of a new picture, by things together
_LARGEST, _COMES = 0.65, 0.23  # of the side of a picture: the largest thing, one of the lowest rank that is added
_RANKS: Mapping[int, str] = {
    0: """
        ant|ladybug|fly|bee|beetle|spider|worm|caterpillar|snail|grasshopper|scorpion|shrimp|ring|needle|pill|coin
        tooth|diamond|key|battery|blueberry|cherry|strawberry|peanut|candy|seashell|water drop|four-leaf clover|leaf
        maple leaf|feather|pawn|dice|puzzle piece|lipstick|garlic|egg|chili pepper|seedling|medal|ice cube|ribbon
        sushi|cookie|watch|gear|chocolate bar|kiwi
    """,
    1: """
        mouse|rat|hamster|frog|squirrel|hedgehog|chick|bird|dove|bat|butterfly|lizard|crab|fish|pufferfish|apple
        banana|pizza|burger|ice cream|lemon|carrot|donut|tangerine|bunch of grapes|peach|pear|mango|coconut|avocado
        tomato|eggplant|corn cob|bell pepper|cucumber|broccoli|onion|potato|bread|croissant|baguette|pretzel
        stack of pancakes|waffle|cheese|chicken leg|steak|bacon|french fries|hot dog|sandwich|taco|burrito|popcorn
        noodle soup|spaghetti|salad|fried egg|butter|bowl of rice|sundae|slice of cake|cupcake|lollipop|honey pot
        glass of milk|cup of coffee|glass of wine|mug of beer|cocktail|soda|bubble tea|champagne bottle|baby bottle
        book|camera|bowl|plate|fork and knife|spoon|knife|jar|chopsticks|glasses|sunglasses|gloves|socks|sneaker|shoe
        high heel|boot|sandal|ballet shoes|purse|necklace|hammer|wrench|screwdriver|magnet|padlock|toilet paper|soap
        toothbrush|russian doll|alarm clock|hourglass|light bulb|flashlight|candle|lantern|phone|computer mouse
        envelope|pencil|pen|paintbrush|crayon|ruler|scissors|ball of yarn|party popper|game controller|joystick|yo-yo
        test tube|compass|syringe|thermometer|bone|dollar bill|bomb|water pistol|bell|flute|maracas|microphone
        headphones|crystal ball|magic wand|baseball|billiard ball|ping pong paddle|boxing glove|boomerang|diving mask
        rose|tulip|daisy|hibiscus|cherry blossom|hyacinth|mushroom|ear of wheat|water lily|nest|necktie|scroll
        open book|lettuce|hat|cap|crown|sun hat|graduation cap|rescue helmet|army helmet|party hat|cowboy hat|witch hat
        paint palette|newspaper|map
    """,
    2: """
        cat|rabbit|chicken|rooster|duck|goose|turtle|eagle|owl|parrot|lobster|snake|otter|beaver|badger|raccoon|skunk
        jellyfish|koala|cake|watermelon|pineapple|pie|teapot|ball|basketball|american football|volleyball|gift
        teddy bear|pumpkin|vase|umbrella|skateboard|roller skate|ice skate|lifebuoy|wheel|t-shirt|shorts|bikini
        swimsuit|scarf|handbag|briefcase|backpack|axe|saw|toolbox|bucket|basket|telephone|laptop|keyboard|printer
        video camera|radio|fire extinguisher|clock|box|stack of books|dartboard|microscope|money bag|sword|shield
        bow and arrow|trophy|megaphone|trumpet|violin|banjo|accordion|drum|clapperboard|disco ball|tennis racket
        badminton racket|hockey stick|bowling pins|frisbee|bouquet|potted plant|sunflower|kite|skull|brick wall|log
        balloon|ghost|saucepan
    """,
    3: """
        fox|dog|penguin|pig|monkey|wolf|sheep|poodle|goat|turkey|peacock|swan|flamingo|wild boar|seal|octopus|squid
        sloth|ram|baby|boy|girl|elf|fairy|guitar|saxophone|chair|suitcase|broom|sled|kick scooter|anchor|jeans|dress
        kimono|coat|framed painting|mirror|television|trash can|shopping cart|mailbox|toilet|telescope|golf flag
        fishing rod|gravestone|fire|rock|coral|stop sign|window|treasure chest|lamp|sign|flag
    """,
    4: """
        lion|bear|panda|tiger|kangaroo|deer|gorilla|orangutan|leopard|llama|donkey|crocodile|dolphin|ladder|sofa
        bathtub|bicycle|motorcycle|motor scooter|canoe|wheelchair|traffic light|gas pump|piano|coffin|cactus|bed|robot
        table|bench|grill|fence|fireplace|parasol
        snowman|alien|monster|clown|devil|ogre|wizard|princess|man|woman|astronaut|old man|old woman|police officer
        detective|royal guard|construction worker|ninja|vampire|zombie|mermaid|genie|santa claus|angel|superhero
        firefighter|doctor|chef|farmer|pilot|artist|singer|teacher|scientist|mechanic|bride|dancer|runner|surfer
        cyclist|jockey|skier|snowboarder|fencer|juggler|weightlifter|golfer|gymnast|bearded man|woman with a headscarf
        man with a turban|yogi
    """,
    5: """
        horse|elephant|cow|unicorn|giraffe|zebra|camel|rhino|hippo|ox|buffalo|bison|mammoth|moose|shark|car|taxi|van
        police car|race car|pickup truck|jeep|tuk tuk|tractor|ambulance|boat|speedboat|helicopter|ufo|parachute
        cable car|tent|hut|moai|fountain|slide|christmas tree|satellite|shower|door|wave|pond|goal
    """,
    6: """
        dinosaur|brontosaurus|dragon|whale|bus|truck|fire truck|semi truck|train|tram|bullet train|subway train|plane
        yacht|rocket|house|haunted house|shop|circus tent|torii gate|carousel|tree|pine tree|palm tree
    """,
    7: """
        ship|castle|lighthouse|church|office building|school|hospital|bank|hotel|factory|japanese castle|mosque
        synagogue|hindu temple|greek temple|tower|statue of liberty|stadium|construction crane|ferris wheel
        roller coaster|volcano|mountain|island
    """,
}  # by how large things are in life; what has no size of its own (a heart, the sun) has no rank
_GROUND: Mapping[str, float] = {
    "meadow": 0.68, "beach": 0.74, "forest": 0.68, "desert": 0.68, "city": 0.74, "sea": 0.62, "mountains": 0.7,
    "road": 0.66, "farm": 0.68, "room": 0.75, "arctic": 0.8, "jungle": 0.76, "garden": 0.7, "savanna": 0.68,
    "lava": 0.64, "harbour": 0.8, "park": 0.68, "moon": 0.78, "kitchen": 0.8, "cave": 0.75, "stage": 0.8,
    "library": 0.88, "castle hall": 0.8,
}  # of the height of a picture, from above, from which on down feet are on the ground of each place  # fmt: skip
FLIERS = frozenset(
    "balloon,kite,plane,helicopter,ufo,parachute,satellite,eagle,dove,bat,butterfly,bee,comet".split(",")
)
"""What is in the air whatever words say."""
_ON_FOOT = frozenset("chicken,chick,rooster,turkey,peacock,penguin".split(","))
_BACKDROPS = (
    SORTS["building"] - {"hut"}
    | SORTS["tree"]
    | frozenset("mountain,volcano,torii gate,ferris wheel,roller coaster,construction crane,circus tent".split(","))
)
_BACKGROUND = 6  # the rank from which on things do not stand before those
_SAILS = SORTS["boat"] | frozenset("whale,dolphin,shark,surfer,wave".split(","))
_WATER = {"beach": (0.58, 0.66), "harbour": (0.62, 0.76), "arctic": (0.6, 0.72)}  # of the height, where it is
WATERS = frozenset({"sea", *_WATER})
"""The places that have water with something above it."""
_SHRINKS, _MOVES, _TOUCHES, _HIDES, _STACKS = 0.8, 0.06, 1.5, 10.0, 1.5  # the costs: a step, half a square, a thing
# that another covers, one that is hidden by more than may be, one above or below its like
_HANGS = frozenset("window,framed painting,mirror,clock,dartboard".split(","))
_WALLS = {
    "room": 0.62,
    "kitchen": 0.45,
    "library": 0.7,
    "castle hall": 0.6,
}  # of the height, where the wall ends for them
_FLIES = 0.38  # of the height, above which the middle of what flies is
SIZED = any_of(r"""
    tiny|small\w*|little|lil|big\w*|huge|giant|enormous|large\w*|mini\w*|gigantic|wee|toy|massive|colossal|tall\w*|teeny
    size\w*|close[- ]?up|microscopic|oversized?|towering|immense|titanic|dwarf\w*
""")
"""What speaks of sizes."""
_SIZES = regex(
    r"\b(?:(?P<tiny>tiny|mini(?:ature)?|teeny|wee|microscopic)|(?P<small>small|little|lil)|(?P<large>big|large|tall)"
    r"|(?P<huge>huge|giant|enormous|gigantic|massive|colossal|oversized?|towering|immense|titanic))\s+(?:[\w-]+\s+)?$",
)
_FACTORS = {"tiny": 0.3, "small": 0.75, "large": 1.35, "huge": 2.0}  # of the side that a thing usually has, at most
# where that is less than 1, at least where it is more
_UP = any_of(r"""
    above|over|below|beneath|under\w*|(?:on )?top|hang\w*|jump\w*|leap\w*|climb\w*|float\w*|fl(?:ies|y|ying|ew)|hover\w*
    soar\w*|levitat\w*|bounc\w*|fall\w*|throw\w*|toss\w*|upside|high|low|sky|air|wall|shel(?:f|ves)|roof|branch
""")
_TOUCHING = any_of(
    r"hold\w*|carr(?:y|ies|ied|ying)|rid(?:es?|ing)|wear\w*|eat\w*|hug\w*|push\w*|pull\w*"
    r"|with \w+ in (?:his|her|its|their|(?:the |one |each )?(?:hands?|paws?|arms?|mouth|beak|claws?))"
)
_FLYING = any_of(
    r"fl(?:y|ying|ies|ew)|flocks?|soar\w*|over(?:head)? (?:the|an?) (?!head)|above|in (?:the|mid) ?(?:sky|air)"
)
_LANDED = any_of(
    r"(?:on|from) the (?:ground|floor|grass|sand|runway|street|road|table|bed)|land(?:ed|ing|s)|parked|walk\w*"
)


def believable(heard: Heard, layout: Layout, free: Collection[int], world: World, squares: tuple[int, int]) -> Layout:
    """The layout with those things (by their places in the list) that words leave free as large beside the others as
    people expect, on the ground, on the wall, on the water or in the air, where they hide least.

    Where the words give a thing a size, it is as much smaller or larger at least; where they speak of sizes otherwise,
    all stay, and where of heights, those; where of what has landed, it does not fly, and where of holding and riding,
    what was put together stays so.
    """
    text, sizes = heard.text, _sizes(heard)
    touching, comes = _TOUCHING.search(text) is not None, len(free) < len(layout.things)
    if sizes or not SIZED.search(text):
        layout = in_proportion(layout, free, world, squares, filled=_FILLED, sizes=sizes)
    if touching:
        alone = [not any(one.over(o) for o in layout.things if o is not one) for one in layout.things]
        free = [n for n in free if alone[n] or (comes and world.things[layout.things[n].thing] in ALIVE)]
    things = list(layout.things)
    flying, high = fliers(text), _UP.search(text) is not None
    small = any(rank is not None and rank < _BACKGROUND for rank in (rank_of(world.things[o.thing]) for o in things))
    waiting = set(free)
    for n in sorted(free, key=lambda n: -things[n].side):  # the large ones first, and the small ones before them
        waiting.discard(n)
        feet = _feet(things[n], layout, world, squares[1], flying, behind=small)
        feet = feet and _by_size(things[n], things, feet, world, squares[1])
        if feet is not None and (not high or world.things[things[n].thing] in flying | _HANGS):
            others = [o for m, o in enumerate(things) if m != n and not (m in waiting and looms(things[n], o, world))]
            things[n] = _settled(things[n], others, feet, world, squares)
    return replace(layout, things=tuple(things))


def _by_size(one: Placed, things: Sequence[Placed], feet: tuple[int, int], world: World, rows: int) -> tuple[int, int]:
    """The rows between which a thing's foot is, among others: nearer than what is much larger in life, which stands
    farther off."""
    highest, lowest = feet
    if lowest < rows:  # on a wall, on the water or in the air
        return feet
    if any(looms(other, one, world) for other in things):
        return min(rows, highest + _NEARER), lowest
    return (highest, highest + 1) if any(looms(one, other, world) for other in things) else feet


def _sizes(heard: Heard) -> dict[int, float]:
    """The factors by which things that words call tiny, small, large or huge differ from their usual size at least; 1
    where they speak of several of a kind."""
    sizes = dict[int, float]()
    for said in heard.said:
        found = _SIZES.search(heard.text[: said.start])
        factor = next(_FACTORS[name] for name, word in found.groupdict().items() if word) if found else 1.0
        sizes[said.thing] = factor if sizes.get(said.thing, factor) == factor else 1.0
    return {thing: factor for thing, factor in sizes.items() if factor != 1}


def fliers(text: str) -> frozenset[str]:
    """What is in the air in a picture of which words speak: birds only where they say so."""
    if _LANDED.search(text):
        return frozenset()
    return FLIERS | (SORTS["bird"] - _ON_FOOT) if _FLYING.search(text) else FLIERS


def feet_of(one: Placed, layout: Layout, world: World, rows: int) -> tuple[int, int] | None:
    """The rows between which a thing's foot believably is where words leave it open; None where that is anywhere."""
    return _feet(one, layout, world, rows, FLIERS, behind=False)


def _feet(
    one: Placed, layout: Layout, world: World, rows: int, flying: Collection[str], *, behind: bool
) -> tuple[int, int] | None:
    """The rows between which a thing's foot believably is; None where that is anywhere."""
    name, place = world.things[one.thing], world.places[layout.about[0]]
    if rank_of(name) is None:
        return None
    if place not in _GROUND:
        return one.side, rows
    if name in _HANGS and place in _WALLS:
        return one.side, round(_WALLS[place] * rows)
    if name in flying:
        return one.side, int(_FLIES * rows + one.side / 2)
    if name in _SAILS and place in _WATER:
        highest, lowest = _WATER[place]
        return round(highest * rows), round(lowest * rows)
    ground = round(_GROUND[place] * rows)
    return (ground, ground + 1) if behind and name in _BACKDROPS else (ground, rows)


def _settled(
    one: Placed, others: Sequence[Placed], feet: tuple[int, int], world: World, squares: tuple[int, int]
) -> Placed:
    """A thing with its foot between two rows, where it hides least and is near to where, and about as large as, it was;
    beside others of its kind rather than above or below them."""
    (columns, rows), (highest, lowest) = squares, feet
    sides = [side for side in SIDES if one.side / 2 <= side <= one.side]
    own = world.things[one.thing] in _BACKDROPS
    smaller = [other for other in others if looms(one, other, world)]
    larger = [other for other in others if looms(other, one, world)]

    def cost(way: Placed) -> float:
        total = _SHRINKS * (sides.index(one.side) - sides.index(way.side)) + _MOVES * abs(
            2 * (way.column - one.column) + way.side - one.side
        )
        total += _MOVES * 2 * abs(way.row + way.side - one.row - one.side)
        for other in others:
            behind = other in smaller and way.row + way.side < other.row + other.side
            before = other in larger and way.row + way.side >= other.row + other.side
            hidden = way.side if behind else other.side if before else min(way.side, other.side)
            part = shared(way, other) / hidden**2
            scenery = behind or before or own != (world.things[other.thing] in _BACKDROPS)
            total += _TOUCHES * part + _HIDES * max(0.0, part - (COVERED if scenery else HIDDEN) / 2)
            total += _STACKS * (other.thing == one.thing and _across(way, other) > way.side / 2)
        return total

    ways = [
        Placed(one.thing, one.colour, side, column, foot - side)
        for side in sides
        for column in range(max(1, columns - side + 1))
        for foot in range(max(side, highest), max(side, min(rows, lowest)) + 1)
    ]
    return min(ways, key=cost)


def _across(one: Placed, other: Placed) -> int:
    """The columns that two things share."""
    return min(one.column + one.side, other.column + other.side) - max(one.column, other.column)


def proportion(one: Placed, other: Placed, world: World) -> float:
    """The side of a thing in that of another as people expect it; 1 where that is anything."""
    ranks = [rank_of(world.things[thing.thing]) for thing in (one, other)]
    if ranks[0] is None or ranks[1] is None:
        return 1.0
    return _natural(one.thing, ranks[0], world) / _natural(other.thing, ranks[1], world)


def looms(one: Placed, other: Placed, world: World) -> bool:
    """Whether a thing is so much larger in life than another that much of it is still seen where it is behind that."""
    return proportion(one, other, world) >= _LOOMS


def by_distance(layout: Layout) -> Layout:
    """The layout with what is farther off, its foot higher up, behind what is nearer."""
    return replace(layout, things=tuple(sorted(layout.things, key=lambda one: one.row + one.side)))


def set_back(layout: Layout, some: Collection[int], world: World, *, every: bool = False) -> Layout:
    """The layout with those things (by their places in the list) that are buildings, trees or on the water, or much
    larger in life, or `every` one that stands on the ground, behind what stands nearer before them, its foot lower
    down, and is no larger."""
    things = list(layout.things)
    for one in (layout.things[n] for n in some):
        name = world.things[one.thing]
        far = name in _BACKDROPS | _SAILS
        grounded = every and name not in FLIERS | _HANGS
        things.remove(one)
        foot, place = one.row + one.side, layout.things.index(one)
        over = [(n, other) for n, other in enumerate(things) if other.over(one) and other.row + other.side > foot]
        before = [n for n, other in over if far or (grounded and other.side <= one.side) or looms(one, other, world)]
        things.insert(min((place, *before)), one)
    return replace(layout, things=tuple(things))


def in_proportion(
    layout: Layout,
    free: Collection[int],
    world: World,
    squares: tuple[int, int],
    *,
    filled: float = 0.0,
    shrinks: bool = False,
    sizes: Mapping[int, float] = MappingProxyType({}),
) -> Layout:
    """The layout with those things (by their places in the list) as large beside the others as people expect, and
    together about as large as they were, at least so that all of a new picture fill such a part of it; or none larger
    than it was.

    Args:
        sizes: Of things by their numbers, by which factor they are to be smaller, or larger, than usual at least.
    """
    things = list(layout.things)
    ranks = {
        n: rank
        for n, one in enumerate(things)
        if (rank := rank_of(world.things[one.thing])) is not None and not is_on_a_face(one.thing, world)
    }
    natural = {n: _natural(things[n].thing, rank, world) * sizes.get(things[n].thing, 1) for n, rank in ranks.items()}
    alone = filled and len(free) == len(things) - sum(is_clothing(one.thing, world) for one in things)
    if len(ranks) < (1 if alone else 2):
        return layout
    fixed = [n for n in ranks if n not in free]
    area = sum(things[n].side ** 2 for n in fixed or ranks)
    if shrinks:
        scale = max(things[n].side for n in ranks) / max(natural.values())
    else:
        area = area if fixed else max(area, filled * squares[0] * squares[1])
        scale = (area / sum(natural[n] ** 2 for n in fixed or ranks)) ** 0.5
    if fixed:  # what is seen from near may be as large as it is, what comes to it need not be
        scale = min(scale, _COMES * min(squares))
    scale = min(scale, _LARGEST * min(squares) / max(natural.values()))
    wrong = {  # who is no larger than what is smaller in life
        n
        for larger in ranks
        for smaller in ranks
        if filled and natural[larger] >= _STEP * natural[smaller] and things[larger].side <= things[smaller].side
        for n in (larger, smaller)
    }
    for n in ranks:
        wanted, factor = scale * natural[n], sizes.get(things[n].thing, 1)
        least = 0.0 if factor < 1 else _NEAR if factor == 1 else 1.0
        most = 1.0 if factor < 1 else 1 / _NEAR if factor == 1 else math.inf
        if n in free and (n in wrong or not least <= things[n].side / wanted <= most):
            things[n] = in_size(things[n], wanted, *squares)
    return replace(layout, things=tuple(things))


def _natural(thing: int, rank: int, world: World) -> float:
    """The side of a thing of a rank, in that of one of the lowest that is drawn as a whole."""
    far = max(0, rank - _FAR)  # what is that large is seen from afar
    return _STEP ** (rank - far / 2 - is_a_face(thing, world))


def rank_of(name: str) -> int | None:
    """How large a thing is in life, from 0 to 7; None for what has no size of its own."""
    return _ranks().get(name)


@cache
def _ranks() -> Mapping[str, int]:
    return {name: rank for rank, names in _RANKS.items() for name in listed(names)}


def named() -> frozenset[str]:
    """Every thing that has a size in life."""
    return frozenset(_ranks())
