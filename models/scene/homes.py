"""Where things are at home: which place a picture may have where its words name none.

A planner draws what words leave open as it was taught, and it was taught with every thing in every place: a lighthouse
in a cave is as good to it as one by the sea. People expect the latter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from models.english.patterns import listed
from models.scene.believable import rank_of

_OUTDOORS = "meadow|park|garden|forest|beach|city"
_HOMES: Mapping[str, str] = {
    f"{_OUTDOORS}|room": """
        cat|dog|rabbit|mouse|hamster|poodle|boy|girl|man|woman|baby|old man|old woman|bearded man|woman with a headscarf
        man with a turban|teacher|artist|dancer|doctor|detective|princess|robot|smiley|teddy bear|ball|santa claus
    """,
    f"{_OUTDOORS}|farm": """
        fox|bear|panda|unicorn|frog|wolf|koala|deer|raccoon|wild boar|skunk|badger|squirrel|hedgehog|moose|rat|snail|ant
        grasshopper|beetle|ladybug|spider|worm|caterpillar|butterfly|bee|fly|tree|mushroom|leaf|maple leaf|rainbow|sun
        bicycle|scientist|police officer|runner|cyclist|golfer|yogi|gymnast|kite|sheep|horse|house|church|hut|sunflower
        rose|tulip|daisy|hibiscus|hyacinth|cherry blossom|four-leaf clover|pine tree|seedling|paw print|elf|fairy
    """,
    "park|garden": "bench|pond|fence|grill",
    "park|meadow": "goal",
    "farm|meadow": """
        cow|pig|goat|llama|ox|ram|chicken|turkey|rooster|chick|donkey|goose|farmer|tractor|ear of wheat|corn cob|pumpkin
        fence
    """,
    "savanna|meadow": """
        lion|elephant|giraffe|zebra|rhino|hippo|leopard|buffalo|bison|kangaroo|mammoth|brontosaurus|dinosaur
    """,
    "jungle|forest": "tiger|monkey|gorilla|orangutan|sloth|parrot|snake|peacock|lizard|crocodile|scorpion|ninja",
    "desert": "camel|cactus|scorpion|genie|cowboy hat",
    "arctic": "penguin|seal|snowman|sled|ice cube|skier|snowboarder|ice skate",
    "mountains|meadow": "eagle|mountain|skier|snowboarder|cable car|yogi|ram|goat|tent|castle|llama",
    "sea|harbour": "boat|ship|speedboat|yacht|anchor|lifebuoy|whale|dolphin|seal",
    "sea|beach|harbour": "lighthouse|palm tree|island|surfer|swimsuit|bikini|wave|turtle|canoe|volleyball|mermaid",
    "beach": "parasol|treasure chest",
    "beach|underwater": "crab|lobster|seashell|turtle|shrimp|frisbee",
    "underwater|sea": """
        fish|whale|dolphin|shark|octopus|pufferfish|squid|shrimp|jellyfish|coral|diving mask|mermaid|otter|beaver
    """,
    "sky|meadow|mountains": "bird|dove|owl|bat|balloon|helicopter|parachute|cloud|dragon|angel|plane|feather|eagle",
    "space|moon": "rocket|ufo|satellite|astronaut|alien|planet|comet|earth|moon|star|full moon",
    "road|city": """
        car|bus|bicycle|truck|fire truck|taxi|police car|ambulance|race car|van|pickup truck|semi truck|motorcycle|tram
        motor scooter|kick scooter|tuk tuk|jeep|traffic light|stop sign|sign|gas pump|construction worker|firefighter
        skateboard|roller skate|train|bullet train|subway train|office building|school|hospital|bank|hotel|factory|shop
        superhero|mechanic|stadium|construction crane|shopping cart|trash can|mailbox|statue of liberty|tower|wheelchair
    """,
    "park|city|meadow": """
        fountain|ferris wheel|roller coaster|carousel|circus tent|slide|duck|swan|flamingo|juggler|mosque|synagogue
        hindu temple|torii gate|greek temple|japanese castle|moai|clown|christmas tree
    """,
    "lava|mountains": "volcano|devil|explosion",
    "cave|forest|castle hall": """
        ghost|vampire|zombie|monster|skull|haunted house|coffin|gravestone|bat|spider web|ogre|witch hat
    """,
    "castle hall|forest|mountains": "wizard|royal guard|crown|sword|shield|scroll|crystal ball|magic wand|fencer",
    "stage": """
        guitar|trumpet|saxophone|violin|piano|drum|accordion|banjo|flute|maracas|microphone|singer|disco ball|megaphone
        weightlifter|ballet shoes|musical note
    """,
    "room|library": """
        book|stack of books|open book|newspaper|pencil|pen|ruler|sofa|bed|door|window|mirror|framed painting|clock|chair
        alarm clock|hourglass|light bulb|candle|lantern|phone|telephone|laptop|keyboard|computer mouse|printer
        television|video camera|radio|gift|vase|potted plant|bouquet|briefcase|suitcase|backpack|glasses|umbrella
        box|envelope|map|game controller|joystick|puzzle piece|dice|pawn|ball of yarn
        bathtub|shower|toilet|camera|key|watch|trophy|lamp
    """,
    "room|castle hall": "fireplace",
    "kitchen|room|garden": """
        table
        apple|cake|banana|strawberry|pizza|burger|ice cream|lemon|watermelon|pineapple|carrot|donut|tangerine|cherry
        peach|bunch of grapes|pear|kiwi|mango|coconut|blueberry|avocado|tomato|eggplant|chili pepper|bell pepper
        cucumber|lettuce|broccoli|garlic|onion|potato|peanut|salad|pie|cupcake|cookie|teapot|bowl|plate|glass of milk
        honey pot|cup of coffee|cocktail|soda|bubble tea|glass of wine|mug of beer|jar|basket
        hot dog|sandwich|egg|slice of cake
    """,
    "kitchen": """
        bread|croissant|baguette|pretzel|stack of pancakes|waffle|cheese|chicken leg|steak|bacon|french fries|taco
        saucepan|burrito|popcorn|sushi|noodle soup|spaghetti|fried egg|butter|bowl of rice|sundae|chocolate bar|candy
        lollipop|chef|spoon|champagne bottle|baby bottle|fork and knife|knife|chopsticks|soap|broom|bucket
    """,
}
_ANYWHERE = f"{_OUTDOORS}|road|room".split("|")


def homely(places: Sequence[str], things: Iterable[str]) -> frozenset[int]:
    """The numbers of the places where the first of things is at home, and as many of the others as may be: a boat comes
    before the man in it, the tree before the book under it: what is large in life before what is small, then what has
    few homes. Of things that are nowhere in particular, everyday places."""
    homes = frozenset[str]()
    for thing in sorted(filter(_of, things), key=lambda thing: (-(rank_of(thing) or 0), len(_of(thing)))):
        homes = homes & _of(thing) or homes or _of(thing)
    return frozenset(number for number, name in enumerate(places) if name in (homes or _ANYWHERE))


def names() -> frozenset[str]:
    """Every thing that is at home somewhere."""
    return frozenset(_homes())


def places() -> frozenset[str]:
    """Every place where something is at home."""
    return frozenset[str]().union(*_homes().values())


def _of(thing: str) -> frozenset[str]:
    return _homes().get(thing, frozenset())


@cache
def _homes() -> Mapping[str, frozenset[str]]:
    """The places of each thing."""
    homes: dict[str, frozenset[str]] = {}
    for places, things in _HOMES.items():
        for name in listed(things):
            homes[name] = homes.get(name, frozenset()) | frozenset(places.split("|"))
    return homes
