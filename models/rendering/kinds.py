"""The small painter's world: how much a picture holds, which sorts there are, who is alive, what fits a hand."""

from __future__ import annotations

MOST = 10
"""Things in a picture."""
_ANIMALS = frozenset(
    "fox,cat,dog,horse,bear,rabbit,lion,elephant,penguin,panda,tiger,pig,cow,monkey,unicorn,mouse,frog,chicken,dinosaur"
    ",wolf,sheep,koala,duck,giraffe,zebra,camel,deer,turtle,crocodile,hamster,raccoon,wild boar,gorilla,orangutan,rhino"
    ",hippo,kangaroo,sloth,otter,skunk,badger,squirrel,hedgehog,goat,llama,ox,buffalo,ram,leopard,poodle,bison,mammoth"
    ",beaver,rat,moose,donkey,brontosaurus,rooster,turkey,chick,peacock,swan,flamingo,goose,snail,crab,lizard,snake,ant"
    ",grasshopper,beetle,ladybug,spider,scorpion,worm,caterpillar,lobster,bird,owl,dragon,butterfly,parrot,bee,dove,eagle"
    ",bat,fly,fish,whale,dolphin,shark,octopus,pufferfish,seal,squid,shrimp,jellyfish".split(",")
)
PEOPLE = frozenset(
    "wizard,princess,boy,girl,man,woman,astronaut,baby,old man,old woman,police officer,detective,royal guard"
    ",construction worker,ninja,santa claus,superhero,firefighter,doctor,chef,farmer,pilot,artist,singer,teacher"
    ",scientist,mechanic,bride,dancer,runner,surfer,cyclist,jockey,skier,snowboarder,fencer,juggler,weightlifter,golfer"
    ",gymnast,bearded man,woman with a headscarf,man with a turban,yogi,clown".split(",")
)
BEINGS = frozenset(
    "robot,ghost,snowman,alien,monster,skull,devil,ogre,smiley,vampire,zombie,mermaid,fairy,elf,genie,angel".split(",")
)
DARK_AT_NIGHT = frozenset(("room", "kitchen", "cave", "library", "castle hall"))
"""Places indoors where one sees what hour it is."""
ALIVE = _ANIMALS | PEOPLE | BEINGS
HANDY = frozenset(
    "book,open book,guitar,camera,key,umbrella,spoon,knife,fork and knife,chopsticks,gift,balloon,kite,teddy bear"
    ",purse,handbag,briefcase,backpack,suitcase,lipstick,hammer,axe,wrench,screwdriver,saw,bucket,broom,basket,toothbrush"
    ",paintbrush,paint palette,pencil,pen,crayon,ruler,scissors,newspaper,scroll,map,flashlight,candle,lantern,phone"
    ",video camera,toolbox,stack of books,test tube,syringe,thermometer,bone,money bag,water pistol,sword,shield"
    ",bow and arrow,trophy,medal,bell,megaphone,trumpet,saxophone,violin,accordion,banjo,flute,maracas,microphone"
    ",clapperboard,magic wand,tennis racket,ping pong paddle,badminton racket,hockey stick,golf flag,frisbee,boomerang"
    ",fishing rod,yo-yo,bouquet,rose,tulip,sunflower,ice cream,lollipop,candy,cocktail,soda,bubble tea,mug of beer"
    ",glass of wine,glass of milk,cup of coffee,champagne bottle,baby bottle,popcorn,magnet,boxing glove,gloves"
    ",fire extinguisher,mirror,watch,envelope,feather,needle,flag,sign,bomb,ear of wheat,daisy,hibiscus,leaf,maple leaf"
    ",four-leaf clover,apple,banana,strawberry,burger,carrot,corn cob,donut,pretzel,croissant,baguette,hot dog,sandwich"
    ",taco,burrito,slice of cake,cupcake,chocolate bar,cookie,honey pot,chicken leg"
    ",heart,party popper,hourglass,crystal ball,game controller,coin,dollar bill,diamond"
    ",saucepan".split(",")
)
"""What somebody who comes with it has in a hand: "a man with a briefcase"."""
CARRIED = frozenset(
    "umbrella,balloon,purse,handbag,briefcase,backpack,axe,broom,paintbrush,video camera,camera,phone,syringe,sword"
    ",shield,bow and arrow,medal,megaphone,guitar,trumpet,saxophone,violin,accordion,banjo,flute,maracas,microphone"
    ",magic wand,tennis racket,ping pong paddle,badminton racket,hockey stick,frisbee,boomerang,fishing rod,yo-yo"
    ",bouquet,ice cream,lollipop,baby bottle,boxing glove,gloves,watch,flag".split(",")
)
"""What of that is for whoever is there, when it comes and words say no more of it."""
STRAPPED = frozenset("gloves,boxing glove,medal,watch,backpack".split(","))
"""What of that is worn, though it is drawn beside somebody."""

SIDEWAYS = frozenset(
    "horse,elephant,sheep,zebra,giraffe,camel,deer,goat,ram,ox,buffalo,kangaroo,leopard,poodle,bison,mammoth,donkey,rhino,hippo"
    ",llama,dinosaur,duck,goose,swan,rooster,turkey".split(",")
)
"""Who is drawn from the side, the head at the left."""
_SORTS = {
    "animal": _ANIMALS,
    "creature": _ANIMALS | BEINGS,
    "critter": _ANIMALS,
    "beast": _ANIMALS,
    "pet": _ANIMALS,
    "person": PEOPLE,
    "bird": frozenset(
        "bird,dove,eagle,owl,parrot,chicken,chick,rooster,turkey,duck,goose,swan,flamingo,peacock,penguin".split(",")
    ),
    "fish": frozenset("fish,pufferfish,shark".split(",")),
    "bug": frozenset(
        "ant,grasshopper,beetle,ladybug,spider,scorpion,worm,caterpillar,butterfly,bee,fly,snail".split(",")
    ),
    "dog": frozenset("dog,poodle".split(",")),
    "flower": frozenset("sunflower,rose,tulip,cherry blossom,daisy,hibiscus,bouquet,water lily,hyacinth".split(",")),
    "plant": frozenset("seedling,potted plant,cactus,water lily,ear of wheat,four-leaf clover".split(",")),
    "tree": frozenset("tree,pine tree,palm tree,christmas tree".split(",")),
    "fruit": frozenset(
        "apple,banana,strawberry,lemon,watermelon,pineapple,tangerine,bunch of grapes,cherry,peach,pear,kiwi,mango"
        ",coconut,blueberry".split(",")
    ),
    "tool": frozenset("hammer,axe,wrench,screwdriver,saw,toolbox,broom,bucket".split(",")),
    "vegetable": frozenset(
        "carrot,tomato,eggplant,corn cob,chili pepper,bell pepper,cucumber,lettuce,broccoli,garlic,onion,potato"
        ",avocado,mushroom,pumpkin".split(",")
    ),
    "drink": frozenset(
        "glass of milk,cup of coffee,glass of wine,mug of beer,cocktail,soda,bubble tea,champagne bottle".split(",")
    ),
    "building": frozenset(
        "house,castle,lighthouse,church,office building,school,hospital,bank,hotel,factory,japanese castle,mosque"
        ",synagogue,hindu temple,greek temple,tower,stadium,hut,haunted house,shop".split(",")
    ),
    "tower": frozenset("tower,lighthouse".split(",")),
    "house": frozenset("house,hut,haunted house,castle".split(",")),
    "vehicle": frozenset(
        "car,bus,train,bicycle,truck,tractor,fire truck,taxi,police car,ambulance,race car,van,pickup truck,semi truck"
        ",motorcycle,motor scooter,tram,kick scooter,tuk tuk,bullet train,subway train,jeep".split(",")
    ),
    "car": frozenset("car,taxi,police car,race car,jeep,van".split(",")),
    "boat": frozenset("boat,ship,speedboat,yacht,canoe".split(",")),
    "ship": frozenset("boat,ship,yacht".split(",")),
    "instrument": frozenset("guitar,trumpet,saxophone,violin,piano,drum,accordion,banjo,flute,maracas".split(",")),
    "hat": frozenset(
        "hat,sun hat,cap,graduation cap,rescue helmet,army helmet,party hat,cowboy hat,witch hat".split(",")
    ),
    "helmet": frozenset("rescue helmet,army helmet".split(",")),
    "ball": frozenset("ball,basketball,american football,baseball,volleyball,billiard ball".split(",")),
    "shoes": frozenset("sneaker,shoe,high heel,boot,sandal,ballet shoes".split(",")),
}
_ALSO = {"insect": "bug", "veggie": "vegetable", "veg": "vegetable", "blossom": "flower"}
SORTS = _SORTS | {other: _SORTS[sort] for other, sort in _ALSO.items()}
"""Names for things of a sort: "the bird" is the flamingo that is there."""


def sort_of(name: str) -> frozenset[str]:
    """The things that a name for one may mean: itself, and all of its sort."""
    return SORTS.get(name, frozenset[str]()) | {name}


_LACKING = """
rug, carpet, fridge, sink, shelf, shelves, drawer, wardrobe, cupboard=kitchen, oven=kitchen
stove=kitchen, bookshelf=library, bookcase=library, curtain=stage, curtains=stage, chandelier, stairs, staircase
balcony, tablecloth, blanket, pillow, cushion, pram, pushchair, stroller, blackboard, whiteboard, toaster, microwave
dishwasher, washing machine, calendar, banner, rope, chain, cage, leash, saddle
hedge=garden, gate, bridge, waterfall, windmill, swing, sandcastle, haystack, wheelbarrow, lamppost=park
tunnel, towel, surfboard, seaweed=underwater, pearl, cannon, drawbridge, moat, icicle, igloo, starfish, seahorse
lake=sea pond, river=sea pond, stream=sea pond, submarine, ostrich, puffin, gingerbread
wig, twig, branch=forest jungle, watering can, graph, chart
"""
LACKING = {
    name.partition("=")[0]: frozenset(name.partition("=")[2].split())
    for line in _LACKING.strip().splitlines()
    for name in line.split(", ")
}
"""What people ask for and the small painter has nothing like, with the places and things that show something of the
kind all the same."""
HATS = frozenset(
    f"{whose} hat" for whose in "chef,chef's,cook's,santa,pirate,pirate's,viking,elf,jester,police,fireman's".split(",")
)
"""Hats of which it has none: a plain hat comes in their place."""
