"""Captioned scenes and edit pairs: the data the painter and the editor learn from.

The world is small and closed. A *thing* is a glyph of the Debian package fonts-noto-color-emoji or one of the drawings
of `training.drawn`, a *place* is a backdrop drawn with gradients and polygons, and light and weather change both. A
`Scene` is a plain value that says everything about a picture; `render` turns it into pixels and always draws the same
picture for the same scene, `caption` puts it into words, and `edit` makes a second scene and the instruction that leads
to it. What an instruction does not mention stays where it was, to the pixel.

Everything stands on a lattice of sixteen pixels, and sizes and curves come from short lists. To a network that sees a
picture in patches of sixteen pixels, a fox moved by one pixel is another sixty patches to learn; on the lattice it is
the same fox, and shapes are learnt from a tenth of the samples. `labels` says what stands in each square of it.

Some pairs of things and some combinations of a thing with a place are never drawn for training (`held_out`), so that
what a model makes of them shows what it composed rather than what it remembers. Nothing here imports torch.
"""

from __future__ import annotations

import math
import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from models.english.plurals import plural_of
from models.kinds import DARK_AT_NIGHT
from training.drawn import drawing

FONT = Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
FONT_SIZE = 109  # the only size this bitmap font has
EXTENTS = ((256, 256), (320, 192), (192, 320))  # width, height of the pictures trained on, in pixels
_DRAWN = "~"  # stands for the glyph of what the font lacks
LATTICE = 16  # pixels; the autoencoder's patches: everything small and every thing stands on this lattice
SIDES = (48, 64, 80, 96, 128, 160, 192)  # of things, in pixels

Pixels = NDArray[np.uint8]
Rgb = tuple[int, int, int]


# --- the tables of the world ---

# Glyph ("~" where `training.drawn` draws it), name, other names after "/", "=" before an irregular plural; a line
# begins with the kind and how often its things are drawn. Weights number things in this order, so new ones come last.
_TABLE = """
beast*3 🦊 fox; 🐱 cat/kitten/kitty; 🐶 dog/puppy/hound; 🐎 horse/pony/stallion
beast*2 🐻 bear; 🐰 rabbit/bunny; 🦁 lion; 🐘 elephant; 🐧 penguin; 🐼 panda; 🐯 tiger; 🐷 pig/piglet; 🐄 cow; 🐵 monkey
beast*2 🦄 unicorn; 🐭 mouse=mice; 🐸 frog; 🐔 chicken/hen; 🦖 dinosaur/tyrannosaurus/t-rex; 🐺 wolf=wolves
beast*2 🐑 sheep=sheep/lamb
beast*1 🐨 koala; 🦆 duck; 🦒 giraffe; 🦓 zebra; 🐫 camel; 🦌 deer=deer/stag; 🐢 turtle/tortoise; 🐊 crocodile/alligator
beast*1 🐹 hamster; 🦝 raccoon; 🐗 wild boar/boar; 🦍 gorilla; 🦧 orangutan; 🦏 rhino/rhinoceros; 🦛 hippo/hippopotamus
beast*1 🦘 kangaroo; 🦥 sloth; 🦦 otter; 🦨 skunk; 🦡 badger; 🐿 squirrel/chipmunk; 🦔 hedgehog; 🐐 goat; 🦙 llama/alpaca
beast*1 🐂 ox=oxen/bull; 🐃 buffalo/water buffalo; 🐏 ram; 🐆 leopard/cheetah; 🐩 poodle; 🦬 bison=bison; 🦣 mammoth
beast*1 🦫 beaver; 🐀 rat; 🫎 moose=moose/elk; 🫏 donkey; 🦕 brontosaurus/long-necked dinosaur; 🐓 rooster/cockerel
beast*1 🦃 turkey; 🐣 chick/hatching chick; 🦚 peacock; 🦢 swan; 🦩 flamingo; 🪿 goose=geese
crawler*1 🐌 snail; 🦀 crab; 🦎 lizard/gecko; 🐍 snake; 🐜 ant; 🦗 grasshopper/cricket; 🪲 beetle; 🐞 ladybug/ladybird
crawler*1 🕷 spider; 🦂 scorpion; 🪱 worm/earthworm; 🐛 caterpillar; 🦞 lobster
flier*2 🐦 bird/songbird; 🦉 owl; 🐉 dragon; 🦋 butterfly
flier*1 🦜 parrot; 🐝 bee/honeybee; 🕊 dove/pigeon; 🦅 eagle/hawk; 🦇 bat; 🪰 fly/housefly
swimmer*2 🐠 fish/goldfish; 🐳 whale; 🐬 dolphin
swimmer*1 🦈 shark; 🐙 octopus; 🐡 pufferfish/blowfish; 🦭 seal/sea lion; 🦑 squid=squid; 🦐 shrimp=shrimp/prawn
swimmer*1 🪼 jellyfish
car*3 🚗 car/automobile/sedan
car*2 🚌 bus; 🚂 train/steam train/locomotive; 🚲 bicycle/bike; 🚚 truck/lorry
car*1 🚜 tractor; 🚒 fire truck/fire engine; 🚕 taxi/cab; 🚓 police car; 🚑 ambulance; 🏎 race car/racing car
car*1 🚐 van/minibus; 🛻 pickup truck/pickup; 🚛 semi truck/trailer truck; 🏍 motorcycle/motorbike
car*1 🛵 motor scooter/moped; 🚋 tram/streetcar; 🛴 kick scooter; 🛺 tuk tuk/rickshaw
car*1 🚄 bullet train/high-speed train; 🚇 subway train/metro train; 🚙 jeep/suv
ship*2 ⛵ boat/sailboat
ship*1 🚢 ship/cruise ship; 🚤 speedboat/motorboat; 🛥 yacht; 🛶 canoe/kayak
craft*2 🚀 rocket/spaceship; ✈ plane/airplane/aeroplane
craft*1 🚁 helicopter; 🎈 balloon; 🛸 ufo/flying saucer; 🛰 satellite; 🪂 parachute; 🪁 kite; 🚠 cable car/gondola
house*3 🏠 house/home/cottage/cabin
house*2 🏰 castle/fortress; ~ lighthouse
house*1 ⛪ church/chapel; ⛺ tent; 🏢 office building/office block; 🏫 school; 🏥 hospital; 🏦 bank; 🏨 hotel
house*1 🏭 factory; 🏯 japanese castle; 🕌 mosque; 🕍 synagogue; 🛕 hindu temple; ⛩ torii gate/shrine gate
house*1 🏛 greek temple/museum; 🗼 tower/radio tower; 🗽 statue of liberty; 🏟 stadium/arena; 🛖 hut
house*1 🏚 haunted house/abandoned house; 🏪 shop/store; 🗿 moai/stone head; ⛲ fountain; 🎪 circus tent/circus
house*1 🏗 construction crane; 🎡 ferris wheel; 🎢 roller coaster; 🎠 carousel/merry-go-round
house*1 🛝 slide/playground slide
plant*3 🌳 tree/oak tree
plant*2 🌻 sunflower/yellow flower; 🌹 rose; 🌷 tulip; 🌲 pine tree/fir tree; 🌴 palm tree; 🌵 cactus=cacti
plant*1 🍄 mushroom/toadstool; 🎄 christmas tree; 🌸 cherry blossom/blossom; 🌼 daisy; 🌺 hibiscus
plant*1 💐 bouquet/bunch of flowers; 🍀 four-leaf clover/clover; 🍁 maple leaf=maple leaves; 🌱 seedling/sprout
plant*1 🪴 potted plant/houseplant; 🪷 water lily/lotus; 🪻 hyacinth/lavender
plant*1 🌾 ear of wheat=ears of wheat/ear of rice; 🍃 leaf=leaves
nature*2 ☁ cloud; ☀ sun; 🌙 moon/crescent moon; 🌈 rainbow; ⭐ star
nature*1 ❄ snowflake; 🌋 volcano=volcanoes; 🏔 mountain/mountain peak; 🏝 island/desert island
nature*1 🪨 rock/stone/boulder; 🪐 planet/saturn; ☄ comet/meteor; 🌍 earth/globe; 🔥 fire/flame/campfire
nature*1 💧 water drop/raindrop; 🌊 wave/ocean wave; ⚡ lightning bolt; 🌪 tornado=tornadoes/whirlwind; 🌕 full moon
nature*1 🪵 log/wooden log; 🐚 seashell/shell; 🪸 coral; 🪺 nest/bird's nest; 🕸 spider web/cobweb; 🪶 feather
nature*1 🐾 paw print; 💥 explosion
food*2 🍎 apple; 🎂 cake/birthday cake; 🍌 banana; 🍓 strawberry; 🍕 pizza/slice of pizza; 🍔 burger/hamburger
food*2 🍦 ice cream/ice cream cone
food*1 🍋 lemon; 🍉 watermelon; 🍍 pineapple; 🥕 carrot; 🍩 donut/doughnut; 🍊 tangerine/mandarin; 🍇 bunch of grapes
food*1 🍒 cherry; 🍑 peach; 🍐 pear; 🥝 kiwi; 🥭 mango=mangoes; 🥥 coconut; 🫐 blueberry; 🥑 avocado; 🍅 tomato=tomatoes
food*1 🍆 eggplant/aubergine; 🌽 corn cob/ear of corn; 🌶 chili pepper/hot pepper; 🫑 bell pepper; 🥒 cucumber
food*1 🥬 lettuce/cabbage; 🥦 broccoli=broccoli; 🧄 garlic=garlic bulbs; 🧅 onion; 🥔 potato=potatoes; 🥜 peanut
food*1 🍞 bread=loaves of bread; 🥐 croissant; 🥖 baguette; 🥨 pretzel; 🥞 stack of pancakes=stacks of pancakes
food*1 🧇 waffle; 🧀 cheese=pieces of cheese; 🍗 chicken leg/drumstick; 🥩 steak; 🥓 bacon=strips of bacon
food*1 🍟 french fries=french fries; 🌭 hot dog; 🥪 sandwich; 🌮 taco; 🌯 burrito/wrap; 🍿 popcorn=buckets of popcorn
food*1 🍣 sushi=pieces of sushi; 🍜 noodle soup/ramen; 🍝 spaghetti=plates of spaghetti/pasta; 🥗 salad; 🍳 fried egg
food*1 🥚 egg; 🧈 butter=pieces of butter; 🍚 bowl of rice=bowls of rice; 🍨 sundae/bowl of ice cream
food*1 🍰 slice of cake=slices of cake/piece of cake; 🧁 cupcake/muffin; 🥧 pie; 🍫 chocolate bar/bar of chocolate
food*1 🍬 candy/bonbon; 🍭 lollipop; 🍯 honey pot/jar of honey; 🍪 cookie/biscuit; 🥛 glass of milk=glasses of milk
food*1 ☕ cup of coffee=cups of coffee/coffee cup/cup of tea; 🫖 teapot; 🍷 glass of wine=glasses of wine/wine glass
food*1 🍺 mug of beer=mugs of beer/beer mug; 🍸 cocktail/martini; 🥤 soda/cup with a straw; 🧋 bubble tea
food*1 🍾 champagne bottle/bottle of champagne; 🍼 baby bottle; 🧊 ice cube
item*2 ⚽ ball/football/soccer ball; 🎸 guitar; 📕 book; 🎁 gift/present/birthday present; 🧸 teddy bear/teddy
item*2 ❤ heart; 🪑 chair; 📷 camera
item*2 🔑 key
item*1 ☂ umbrella; 🎃 pumpkin/jack-o'-lantern; 🥣 bowl; 🍽 plate; 🍴 fork and knife=forks and knives; 🥄 spoon
item*1 🔪 knife/kitchen knife; 🏺 vase/amphora; 🫙 jar/glass jar; 🥢 chopsticks=chopsticks; 🛹 skateboard
item*1 🛼 roller skate; ⚓ anchor; 🛟 lifebuoy/life ring; 🛷 sled/sledge; 🦽 wheelchair; 🚦 traffic light; 🛑 stop sign
item*1 ⛽ gas pump/petrol pump; 🛞 wheel/tire; 👕 t-shirt/shirt; 👔 necktie/tie; 👖 jeans=jeans/trousers
item*1 🩳 shorts=shorts; 👗 dress; 👘 kimono; 👙 bikini; 🩱 swimsuit; 🧥 coat/jacket; 🧣 scarf=scarves; 🧤 gloves=gloves
item*1 🧦 socks=socks; 👟 sneaker/running shoe; 👞 shoe/leather shoe; 👠 high heel; 👢 boot/leather boot; 👡 sandal
item*1 🩰 ballet shoes=ballet shoes; 👓 glasses=glasses/eyeglasses; 🕶 sunglasses=sunglasses; 👛 purse; 👜 handbag
item*1 💼 briefcase; 🎒 backpack/school bag; 🧳 suitcase; 💍 ring/diamond ring; 💎 diamond/gem; 💄 lipstick; 🎀 ribbon
item*1 ⌚ watch/wristwatch; 📿 necklace; 🔨 hammer; 🪓 axe/hatchet; 🔧 wrench/spanner; 🪛 screwdriver; 🪚 saw
item*1 ⚙ gear/cog; 🧲 magnet; 🪜 ladder; 🧰 toolbox; 🔒 padlock/lock; 🧱 brick wall/wall of bricks; 🪣 bucket; 🧹 broom
item*1 🧺 basket; 🧻 toilet paper=rolls of toilet paper; 🧼 soap=bars of soap; 🪥 toothbrush; 🛁 bathtub; 🚿 shower
item*1 🚽 toilet; 🛋 sofa/couch/settee; 🛏 bed; 🚪 door; 🪟 window; 🪞 mirror; 🖼 framed painting/picture frame
item*1 🪆 russian doll/matryoshka; ⏰ alarm clock; 🕒 clock/wall clock; ⏳ hourglass; 💡 light bulb
item*1 🔦 flashlight/torch; 🕯 candle; 🏮 lantern/paper lantern; 📱 phone/smartphone; ☎ telephone; 💻 laptop/computer
item*1 ⌨ keyboard; 🖱 computer mouse=computer mice; 🖨 printer; 📹 video camera/camcorder; 📺 television/tv; 📻 radio
item*1 🔋 battery; 🧯 fire extinguisher; 🗑 trash can/wastebasket; 🛒 shopping cart; 📦 box/cardboard box
item*1 ✉ envelope/letter; 📫 mailbox/letterbox; 📚 stack of books=stacks of books/pile of books; 📖 open book
item*1 📰 newspaper; 📜 scroll; ✏ pencil; 🖊 pen/ballpoint pen; 🖌 paintbrush; 🖍 crayon; 📏 ruler
item*1 ✂ scissors=scissors; 🧶 ball of yarn=balls of yarn; 🪡 needle; 🎉 party popper; 🎯 dartboard/target
item*1 🎲 dice=dice; ♟ pawn/chess piece; 🧩 puzzle piece; 🎮 game controller/gamepad; 🕹 joystick; 🪀 yo-yo
item*1 🎨 paint palette/palette; 🧪 test tube; 🔬 microscope; 🔭 telescope; 🧭 compass; 🗺 map/world map; 💊 pill
item*1 💉 syringe; 🌡 thermometer; 🦷 tooth=teeth; 🦴 bone; 🧠 brain; 👁 eye; 💰 money bag/bag of money
item*1 💵 dollar bill/banknote; 🪙 coin; 💣 bomb; 🔫 water pistol/water gun; 🗡 sword/dagger; 🛡 shield
item*1 🏹 bow and arrow=bows and arrows; 🏆 trophy; 🏅 medal; 🔔 bell; 📣 megaphone; 🎺 trumpet; 🎷 saxophone
item*1 🎻 violin/fiddle; 🎹 piano; 🥁 drum; 🪗 accordion; 🪕 banjo; 🪈 flute; 🪇 maracas=maracas; 🎤 microphone
item*1 🎧 headphones=headphones; 🎵 musical note/music note; 🎬 clapperboard; ⚰ coffin; 🪦 gravestone/tombstone
item*1 🔮 crystal ball; 🪄 magic wand/wand; 🪩 disco ball/mirror ball; 🏀 basketball; 🏈 american football
item*1 ⚾ baseball; 🎾 tennis racket; 🏐 volleyball; 🎱 billiard ball/pool ball
item*1 🏓 ping pong paddle/table tennis racket; 🏸 badminton racket; 🏒 hockey stick; ⛳ golf flag/golf hole
item*1 🥊 boxing glove; ⛸ ice skate; 🎳 bowling pins=bowling pins; 🥏 frisbee; 🪃 boomerang; 🎣 fishing rod
item*1 🤿 diving mask/snorkel; 💋 lips=lips
hat*2 🎩 hat/top hat; 👑 crown
hat*1 👒 sun hat/straw hat; 🧢 cap/baseball cap; 🎓 graduation cap; ⛑ rescue helmet; 🪖 army helmet/soldier's helmet
being*2 🤖 robot; 👻 ghost; ⛄ snowman; 👽 alien/martian
being*1 👾 monster/space invader; 💀 skull; 🤡 clown; 😈 devil/demon; 👹 ogre; 💩 poop/pile of poo
being*1 😀 smiley/smiley face
person*2 🧙 wizard; 👸 princess; 👦 boy; 👧 girl; 👨 man; 👩 woman; 🧑‍🚀 astronaut; 👶 baby
person*1 👴 old man/grandfather/grandpa; 👵 old woman/grandmother/grandma; 👮 police officer/policeman; 🕵 detective/spy
person*1 💂 royal guard/guard; 👷 construction worker/builder; 🥷 ninja; 🧛 vampire; 🧟 zombie; 🧜‍♀️ mermaid; 🧚 fairy
person*1 🧝 elf=elves; 🧞 genie; 🎅 santa claus/santa; 👼 angel; 🦸 superhero=superheroes; 🧑‍🚒 firefighter/fireman
person*1 🧑‍⚕️ doctor/nurse; 🧑‍🍳 chef/cook; 🧑‍🌾 farmer; 🧑‍✈️ pilot; 🧑‍🎨 artist/painter; 🧑‍🎤 singer/rock star
person*1 🧑‍🏫 teacher; 🧑‍🔬 scientist; 🧑‍🔧 mechanic; 👰 bride; 💃 dancer; 🏃 runner; 🏄 surfer; 🚴 cyclist
person*1 🏇 jockey/horse rider; ⛷ skier; 🏂 snowboarder; 🤺 fencer; 🤹 juggler; 🏋 weightlifter; 🏌 golfer; 🤸 gymnast
person*1 🧔 bearded man; 🧕 woman with a headscarf=women with headscarves; 👳 man with a turban=men with turbans
person*1 🧘 yogi
item*1 ~ table; ~ bench; ~ grill; ~ treasure chest; ~ lamp; ~ fence; ~ fireplace
nature*1 ~ pond
hat*1 ~ party hat; ~ cowboy hat; ~ witch hat
item*1 🥅 goal; 🪧 sign; 🚩 flag; ⛱ parasol; 🍲 saucepan
"""


@dataclass(frozen=True)
class Thing:
    """One kind of object: the glyph, what it is called (the first name is its identity), and how often it is drawn."""

    glyph: str
    names: tuple[str, ...]
    plural: str
    kind: str
    weight: int

    @property
    def name(self) -> str:
        return self.names[0]

    @property
    def plurals(self) -> tuple[str, ...]:
        """The plural of each of its names, in their order."""
        return (self.plural, *(plural_of(name) for name in self.names[1:]))


@lru_cache
def things() -> dict[str, Thing]:
    """Every thing of the world, by name."""
    found: dict[str, Thing] = {}
    for line in _TABLE.strip().splitlines():
        kind, rest = line.split(" ", 1)
        kind, weight = kind.split("*")
        for entry in rest.split(";"):
            glyph, words = entry.strip().split(" ", 1)
            first, *others = words.split("/")
            name, _, plural = first.partition("=")
            found[name] = Thing(glyph, (name, *others), plural or plural_of(name), kind, int(weight))
    return found


def glyphs() -> dict[str, str]:
    """Of each emoji that a thing is drawn as the thing's name; what is drawn without one has none."""
    return {thing.glyph: name for name, thing in things().items() if not thing.glyph.isascii()}


COLOURS: dict[str, Rgb] = {
    "red": (222, 34, 34),
    "orange": (246, 134, 20),
    "yellow": (250, 212, 40),
    "green": (52, 160, 60),
    "blue": (38, 94, 222),
    "purple": (132, 54, 186),
    "pink": (246, 128, 180),
    "brown": (126, 78, 42),
    "black": (36, 36, 40),
    "white": (244, 244, 244),
    "grey": (134, 136, 140),
    "golden": (226, 172, 44),
}
# What else a colour of COLOURS is called, now and then.
COLOURS_SAID: dict[str, tuple[str, ...]] = {
    "red": ("scarlet", "crimson"),
    "green": ("emerald",),
    "blue": ("azure",),
    "purple": ("violet",),
    "grey": ("gray", "gray", "silver"),
    "golden": ("gold",),
}
BACKDROPS: dict[str, Rgb] = {
    "red": (214, 60, 56),
    "orange": (244, 150, 58),
    "yellow": (248, 222, 96),
    "green": (102, 186, 106),
    "blue": (92, 150, 236),
    "purple": (150, 100, 206),
    "pink": (248, 174, 206),
    "brown": (142, 102, 72),
    "black": (24, 24, 28),
    "white": (250, 250, 250),
    "grey": (158, 160, 164),
}

# A place: how it is said after the subject, how it is said alone, and how after an adjective ("a snowy ...").
PLACES: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "meadow": (
        ("in a meadow", "on the grass", "in a field", "on a green meadow", "in the grass"),
        ("a meadow", "a green field"),
        "meadow",
    ),
    "beach": (
        ("on the beach", "at the beach", "on a sandy beach", "by the sea"),
        ("a beach", "a sandy beach"),
        "beach",
    ),
    "forest": (
        ("in the forest", "in a forest", "in the woods", "among the trees"),
        ("a forest", "the woods"),
        "forest",
    ),
    "desert": (("in the desert", "in a desert", "on the sand dunes"), ("a desert", "sand dunes"), "desert"),
    "city": (("in the city", "in a city", "in front of skyscrapers", "in town"), ("a city", "a city skyline"), "city"),
    "sea": (("on the sea", "on the water", "at sea", "on the ocean", "on a lake"), ("the sea", "the ocean"), "sea"),
    "mountains": (
        ("in the mountains", "in front of mountains", "near the mountains"),
        ("mountains", "a mountain landscape"),
        "mountain landscape",
    ),
    "road": (("on the road", "on a road", "on the street", "on a street"), ("a road", "a country road"), "road"),
    "farm": (("on a farm", "at the farm", "on the farm"), ("a farm", "a farm with a fence"), "farm"),
    "sky": (
        ("in the sky", "in the clouds", "among the clouds", "up in the sky"),
        ("the sky", "clouds in the sky"),
        "sky",
    ),
    "space": (
        ("in space", "in outer space", "among the stars"),
        ("outer space", "stars and a planet in space"),
        "space",
    ),
    "underwater": (
        ("underwater", "under water", "under the sea", "at the bottom of the sea"),
        ("an underwater scene",),
        "underwater scene",
    ),
    "room": (
        ("in a room", "indoors", "inside", "in the living room", "in the house"),
        ("a room", "a living room"),
        "room",
    ),
    "arctic": (
        ("in the arctic", "on the ice", "on an ice floe", "at the north pole", "among icebergs"),
        ("the arctic", "icebergs in the arctic", "an icy landscape"),
        "arctic landscape",
    ),
    "jungle": (
        ("in the jungle", "in a jungle", "in the rainforest", "in the tropical forest"),
        ("a jungle", "a rainforest", "the jungle"),
        "jungle",
    ),
    "garden": (
        ("in the garden", "in a garden", "in a flower garden", "by the garden fence", "among flower beds"),
        ("a garden", "a flower garden", "a garden with a picket fence"),
        "garden",
    ),
    "savanna": (
        ("in the savanna", "on the savannah", "on safari", "on the african plains", "in africa"),
        ("the savanna", "an african savannah", "a savanna with acacia trees"),
        "savanna",
    ),
    "lava": (
        ("on a lava field", "in a volcanic landscape", "near flowing lava", "by a lava stream", "among volcanoes"),
        ("a volcanic landscape", "a lava field"),
        "volcanic landscape",
    ),
    "harbour": (
        ("in the harbour", "at the harbour", "in the harbor", "at the docks", "on the pier", "in a port"),
        ("a harbour", "a harbor with boats", "the docks"),
        "harbour",
    ),
    "park": (
        ("in the park", "in a park", "in a city park", "near a park bench"),
        ("a park", "a park with a bench"),
        "park",
    ),
    "moon": (
        ("on the moon", "on the surface of the moon", "on a lunar landscape"),
        ("the surface of the moon", "a lunar landscape"),
        "lunar landscape",
    ),
    "kitchen": (("in the kitchen", "in a kitchen", "on the kitchen floor"), ("a kitchen", "the kitchen"), "kitchen"),
    "cave": (("in a cave", "in the cave", "inside a dark cave", "in a cavern"), ("a cave", "a dark cavern"), "cave"),
    "stage": (
        ("on stage", "on a stage", "in a theatre", "in the theater", "in the spotlight"),
        ("a stage", "a theatre stage", "a stage with red curtains"),
        "stage",
    ),
    "library": (
        ("in the library", "in a library", "in front of bookshelves", "among shelves of books"),
        ("a library", "bookshelves"),
        "library",
    ),
    "castle hall": (
        ("in a castle hall", "in the throne room", "in a great hall", "inside a castle", "in a palace"),
        ("a castle hall", "a throne room", "the great hall of a castle"),
        "castle hall",
    ),
}
OUTDOORS = (
    *("meadow", "beach", "forest", "desert", "city", "sea", "mountains", "road", "farm", "sky"),
    *("arctic", "jungle", "garden", "savanna", "lava", "harbour", "park"),
)
AFLOAT = ("sea", "sky", "space", "underwater")  # places with nothing to stand on, so nothing casts a shadow
LIGHTS = ("day", "night", "sunset")
WEATHERS = ("clear", "rain", "snow", "fog", "storm")
VIEWS = 16  # of a place: where its hills, houses and clouds are; a picture's seed chooses one of them
STYLES = ("plain", "pixel art", "sketch", "black and white", "watercolour", "neon")


@dataclass(frozen=True)
class Item:
    """One object in a scene: centre as fractions of width and height, size as a fraction of the shorter side."""

    thing: str
    x: float
    y: float
    size: float
    colour: str | None = None


@dataclass(frozen=True)
class Scene:
    """Everything about one picture. `place` is a key of PLACES, or a key of BACKDROPS for a plain background.

    `arrangement` says how the items stand to each other ("one", "count", "left", "right", "above", "below", "on" or
    "none": the first item against the second), which is what a caption may say about them. `seed` of 0–15 chooses
    the view: hills, houses, clouds and flakes.
    """

    place: str
    items: tuple[Item, ...]
    arrangement: str
    light: str = "day"
    weather: str = "clear"
    style: str = "plain"
    seed: int = 0

    @property
    def outdoors(self) -> bool:
        return self.place in OUTDOORS

    @property
    def shows_hour(self) -> bool:
        """Whether one sees what hour it is."""
        return self.outdoors or self.place in DARK_AT_NIGHT

    @property
    def setting(self) -> str:
        """The one word the hold-out goes by: weather before light before place."""
        if self.weather != "clear":
            return self.weather
        return self.place if self.light == "day" else self.light


def held_out(scene: Scene) -> bool:
    """True for scenes kept from training: one pair of things in eight, and one thing-with-setting in ten."""
    names = sorted({item.thing for item in scene.items})
    pairs = [f"{a}+{b}" for i, a in enumerate(names) for b in names[i + 1 :]]
    return any(zlib.crc32(p.encode()) % 8 == 0 for p in pairs) or any(
        zlib.crc32(f"{n}@{scene.setting}".encode()) % 10 == 0 for n in names
    )


# --- glyphs ---


@lru_cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), FONT_SIZE)


@cache
def _glyph(name: str) -> Image.Image:
    """The uncoloured thing, RGBA, cut to its outline and centred on a square of 128 pixels."""
    text = things()[name].glyph
    if text == _DRAWN:
        picture = drawing(name)
    else:
        picture = Image.new("RGBA", (150, 150))
        ImageDraw.Draw(picture).text((4, 4), text, font=_font(), embedded_color=True)
    picture = picture.crop(picture.getbbox())
    scale = 128 / max(picture.size)
    picture = picture.resize(
        (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))), Image.Resampling.LANCZOS
    )
    square = Image.new("RGBA", (128, 128))
    square.paste(picture, ((128 - picture.width) // 2, 128 - picture.height))
    return square


def tint(rgb: NDArray[np.float32], colour: Rgb) -> NDArray[np.float32]:
    """Repaint (…, 3) values of 0–1 in a colour, keeping light and dark; white and black mostly stay."""
    high, low = rgb.max(-1, keepdims=True), rgb.min(-1, keepdims=True)
    saturation = (high - low) / np.maximum(high, 1e-3)
    shade = rgb @ np.array([0.3, 0.55, 0.15], dtype=np.float32)
    middle = float(np.median(shade))
    shade = (shade / max(middle, 0.2)).clip(0, 1.9)[..., None]
    target = np.array(colour, dtype=np.float32) / 255
    painted = np.where(shade < 1, target * shade, target + (1 - target) * (shade - 1) * 0.6)
    floor = 0.8 if float(np.median(saturation)) < 0.25 else 0.45
    weight = (floor + 1.2 * saturation).clip(0, 1) * (high > 0.12)
    return (painted * weight + rgb * (1 - weight)).clip(0, 1).astype(np.float32)


@lru_cache(maxsize=2048)
def glyph(name: str, colour: str | None) -> Image.Image:
    """The thing as a 128×128 RGBA picture, standing on the lower edge, tinted if a colour is given."""
    plain = _glyph(name)
    if colour is None:
        return plain
    values = np.asarray(plain, dtype=np.float32) / 255
    opaque = values[..., 3] > 0.5
    out = values.copy()
    out[opaque, :3] = tint(values[opaque][:, :3].astype(np.float32), COLOURS[colour])
    out[~opaque, :3] = np.array(COLOURS[colour], dtype=np.float32) / 255
    return Image.fromarray((out * 255).astype(np.uint8), "RGBA")


# --- backdrops ---

_SKIES: dict[str, tuple[Rgb, Rgb]] = {
    "day": ((96, 168, 240), (198, 228, 250)),
    "night": ((10, 14, 44), (38, 48, 96)),
    "sunset": ((92, 60, 130), (252, 150, 70)),
    "rain": ((112, 122, 136), (164, 172, 180)),
    "snow": ((176, 192, 212), (222, 230, 238)),
    "fog": ((186, 192, 196), (210, 212, 212)),
    "storm": ((40, 42, 56), (92, 94, 108)),
}
_INSIDE: dict[str, tuple[float, float, float]] = {"night": (0.5, 0.52, 0.7), "sunset": (1.0, 0.86, 0.74)}
"""What an hour leaves of the red, green and blue of a place indoors."""
_PANES: dict[str, Rgb] = {"room": (150, 204, 240), "castle hall": (176, 214, 240), "cave": (206, 228, 236)}
"""The colour of the sky that is seen from a place indoors by day; nothing else has it there."""
_GRADES: dict[str, tuple[float, float, float]] = {
    "day": (1, 1, 1),
    "night": (0.46, 0.5, 0.72),
    "sunset": (1.0, 0.8, 0.68),
}


def _snap(length: float, step: int = LATTICE) -> int:
    return round(length / step) * step


def _gradient(size: tuple[int, int], top: Rgb, bottom: Rgb) -> Image.Image:
    ramp = np.linspace(0, 1, size[1], dtype=np.float32)[:, None] * (np.array(bottom) - np.array(top)) + np.array(top)
    return Image.fromarray(ramp.astype(np.uint8)[:, None], "RGB").resize(size)


def _mix(a: Rgb, b: Rgb, part: float) -> Rgb:
    return (int(a[0] + (b[0] - a[0]) * part), int(a[1] + (b[1] - a[1]) * part), int(a[2] + (b[2] - a[2]) * part))


# Every flake, star, flower and lit window stands where this square of eight by eight squares of the lattice says, laid
# over the picture again and again from one of four beginnings. Each digit comes once in a row of the square: it
# looks strewn, and there are four patterns to learn rather than a die for each square.
_STREWN = ("05273641", "36410527", "72054163", "41637250", "53726014", "14503276", "60145732", "27361405")
_BEGINNINGS = ((0, 0), (3, 5), (5, 2), (6, 7))  # columns, rows


def _strewn(seed: int, column: int, row: int) -> int:
    """A number of 0–7 for a square of the lattice; each comes to one square in eight."""
    right, down = _BEGINNINGS[seed % len(_BEGINNINGS)]
    return int(_STREWN[(row + down) % 8][(column + right) % 8])


class _Pen:
    """Draws on a picture as `ImageDraw` does, but everything twice as large."""

    def __init__(self, picture: Image.Image) -> None:
        self._draw = ImageDraw.Draw(picture)

    def polygon(self, points: Sequence[tuple[float, float]], fill: Rgb) -> None:
        self._draw.polygon([(2 * x, 2 * y) for x, y in points], fill=fill)

    def line(self, points: Sequence[Any], fill: Rgb, width: int) -> None:
        pairs = points if isinstance(points[0], tuple) else list(zip(points[::2], points[1::2], strict=True))
        self._draw.line([(2 * x, 2 * y) for x, y in pairs], fill=fill, width=2 * width)

    def rectangle(self, box: Sequence[float], fill: Rgb, outline: Rgb | None = None, width: int = 1) -> None:
        """The last column and row of pixels belong to it."""
        left, top, right, bottom = (2 * edge for edge in box)
        self._draw.rectangle((left, top, right + 1, bottom + 1), fill=fill, outline=outline, width=2 * width)

    def ellipse(
        self, box: Sequence[float], fill: Rgb | None = None, outline: Rgb | None = None, width: int = 1
    ) -> None:
        left, top, right, bottom = (2 * edge for edge in box)
        self._draw.ellipse((left, top, right + 1, bottom + 1), fill=fill, outline=outline, width=2 * width)

    def arc(self, box: Sequence[float], start: float, end: float, fill: Rgb, width: int) -> None:
        left, top, right, bottom = (2 * edge for edge in box)
        self._draw.arc((left, top, right + 1, bottom + 1), start, end, fill=fill, width=2 * width)


class _Canvas:
    """A backdrop under way; the colours of the hour are applied as it is drawn. What is pasted and drawn lies on a
    picture twice as large, so that edges are soft when it has been made smaller."""

    def __init__(self, scene: Scene, size: tuple[int, int]) -> None:
        self.scene, (self.width, self.height) = scene, size
        self.random = random.Random(scene.seed)
        self.horizon = self.snap(self.height * self.random.choice((0.44, 0.5, 0.56)))
        self._doubled = Image.new("RGB", (2 * self.width, 2 * self.height))
        self.draw = _Pen(self._doubled)

    @property
    def picture(self) -> Image.Image:
        return self._doubled.reduce(2)

    def grow_late(self) -> None:
        """Dims a place indoors, drawn by day, to the hour of the scene, with that hour's sky behind its windows."""
        scene = self.scene
        if scene.light == "day":
            return
        values = np.array(self._doubled, dtype=np.float32)
        pane = np.abs(values - np.array(_PANES.get(scene.place, (-99, -99, -99)))).max(-1) < 3
        dimmed = Image.fromarray((values * np.array(_INSIDE[scene.light])).astype(np.uint8))
        sky = _Canvas(scene, (self.width, self.height))
        sky.paste(_gradient((self.width, self.height), *_SKIES[scene.light]), (0, 0))
        if scene.light == "night":
            sky.stars(self.height)
        behind = Image.fromarray((pane * 255).astype(np.uint8))
        self._doubled = Image.composite(sky._doubled, dimmed, behind)

    def snap(self, length: float) -> int:
        """The nearest line of the lattice."""
        return _snap(length)

    def paste(self, what: Image.Image | Rgb, box: Sequence[int], mask: Image.Image | None = None) -> None:
        """A picture or a colour at a place, as `Image.paste` does it."""

        def double(picture: Image.Image) -> Image.Image:
            return picture.resize((2 * picture.width, 2 * picture.height))

        what = double(what) if isinstance(what, Image.Image) else what
        self._doubled.paste(what, tuple(2 * edge for edge in box), double(mask) if mask else None)

    def spot(self, x: float, y: float) -> tuple[int, int]:
        """The middle of the lattice's square that holds a point."""
        return int(x // LATTICE) * LATTICE + LATTICE // 2, int(y // LATTICE) * LATTICE + LATTICE // 2

    def strewn(self, top: float, bottom: float) -> Iterator[tuple[int, int, int]]:
        """The middles (x, y) of the lattice's squares between two heights, and the number of 0–7 for each."""
        for row in range(math.ceil(top / LATTICE), math.ceil(bottom / LATTICE)):
            for column in range(self.width // LATTICE):
                x, y = (number * LATTICE + LATTICE // 2 for number in (column, row))
                yield x, y, _strewn(self.scene.seed, column, row)

    def trapezium(self, x: float, top: float, bottom: float, upper: float, lower: float, colour: Rgb) -> None:
        """A shape about the upright at `x`, `upper` wide to each side at its top and `lower` at its bottom."""
        corners = [(x - upper, top), (x + upper, top), (x + lower, bottom), (x - lower, bottom)]
        self.draw.polygon(corners, fill=colour)

    def tone(self, colour: Rgb, ground: bool = False) -> Rgb:
        """The colour under this scene's light and weather; ground turns white under snow."""
        scene = self.scene
        if ground and scene.weather == "snow":
            colour = _mix(colour, (240, 244, 250), 0.88)
        grade = _GRADES[scene.light]
        dim = {"rain": 0.82, "storm": 0.62}.get(scene.weather, 1.0)
        colour = (int(colour[0] * grade[0] * dim), int(colour[1] * grade[1] * dim), int(colour[2] * grade[2] * dim))
        return (
            _mix(colour, _SKIES["night" if scene.light == "night" else "fog"][1], 0.45)
            if scene.weather == "fog"
            else colour
        )

    def fill(self, top: int, first: Rgb, second: Rgb) -> None:
        """A band of ground from `top` to the lower edge."""
        band = _gradient((self.width, self.height - top), self.tone(first, True), self.tone(second, True))
        self.paste(band, (0, top))

    def ridge(self, base: int, height: int, colour: Rgb, waves: float, ground: bool = True) -> None:
        """Rolling hills: everything under a sine line, down to the lower edge."""
        phase = self.random.choice((0.0, 1.57, 3.14, 4.71))
        base = self.snap(base)
        line = [
            (x, base - height * (0.5 + 0.5 * math.sin(phase + waves * 6.28 * x / self.width)))
            for x in range(0, self.width + 8, 8)
        ]
        self.draw.polygon([*line, (self.width, self.height), (0, self.height)], fill=self.tone(colour, ground))

    def sky(self, bottom: int | None = None) -> None:
        scene, rng = self.scene, random.Random(self.scene.seed + 1)
        key = scene.light if scene.weather == "clear" or scene.light == "night" else scene.weather
        top, low = _SKIES[key]
        if scene.light == "sunset" and scene.weather != "clear":
            top, low = _mix(top, _SKIES["sunset"][0], 0.45), _mix(low, _SKIES["sunset"][1], 0.45)
        if scene.light == "night" and scene.weather in ("snow", "fog"):
            top, low = _mix(top, (120, 126, 150), 0.3), _mix(low, (130, 136, 160), 0.3)
        bottom = bottom or self.horizon
        self.paste(low, (0, bottom - 1, self.width, self.height))
        self.paste(_gradient((self.width, bottom), top, low), (0, 0))
        self._lights(rng, bottom)

    def _lights(self, rng: random.Random, bottom: int) -> None:
        scene, w = self.scene, self.width
        x, y, r = (
            self.snap(rng.choice((0.14, 0.24, 0.76, 0.86)) * w),
            self.snap(rng.choice((0.13, 0.2)) * self.height),
            0.055 * min(w, self.height),
        )
        if scene.weather == "storm":
            self._storm(rng, bottom)
        elif scene.light == "night" and scene.weather in ("clear", "snow"):
            self.stars(bottom)
            self.disc(x, y, r, (250, 244, 208))
            self.disc(x + r * 0.45, y - r * 0.2, r * 0.85, _mix(_SKIES["night"][0], _SKIES["night"][1], y / bottom))
        elif scene.light == "sunset" and scene.weather == "clear":
            self.disc(x, bottom - r * 0.6, r * 1.7, (255, 226, 130))
        elif scene.light == "day" and scene.weather == "clear":
            for _ in range(rng.randint(1, 3)):
                self.cloud(
                    self.snap(rng.uniform(0.1, 0.9) * w),
                    self.snap(rng.uniform(0.1, 0.6) * bottom),
                    rng.choice((0.06, 0.085)) * w,
                    (255, 255, 255),
                )

    def _storm(self, rng: random.Random, bottom: int) -> None:
        for _ in range(9):
            self.cloud(
                self.snap(rng.uniform(0, 1) * self.width),
                self.snap(rng.uniform(0, 0.4) * bottom),
                rng.choice((0.09, 0.14)) * self.width,
                _mix((52, 54, 68), (96, 98, 112), rng.choice((0.1, 0.5, 0.9))),
            )
        x, y = self.snap(rng.choice((0.15, 0.25, 0.75, 0.85)) * self.width), self.snap(0.3 * bottom)
        bolt = [(x, y)]
        while bolt[-1][1] < bottom:
            bolt.append((bolt[-1][0] + rng.choice((-8, 8)), bolt[-1][1] + self.snap(0.16 * bottom)))
        self.draw.line(bolt, fill=(255, 246, 170), width=5)

    def disc(self, x: float, y: float, r: float, colour: Rgb) -> None:
        self.draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)

    def stars(self, bottom: int) -> None:
        for x, y, kind in self.strewn(0, bottom):
            if kind < 2:
                self.disc(x, y, (1.6, 2.4)[kind], (240, 240, 230))

    def cloud(self, x: float, y: float, r: float, colour: Rgb) -> None:
        for dx, dy, k in ((-0.9, 0.2, 0.6), (0, 0, 0.85), (0.9, 0.2, 0.65), (0.3, 0.3, 0.7), (-0.4, 0.3, 0.7)):
            self.draw.ellipse(
                (x + dx * r - k * r, y + dy * r - k * r * 0.75, x + dx * r + k * r, y + dy * r + k * r * 0.75),
                fill=colour,
            )


def _meadow(c: _Canvas) -> None:
    c.sky()
    c.ridge(c.horizon + 8, int(c.height * 0.09), (120, 180, 96), 1.1)
    c.ridge(c.horizon + int(c.height * 0.1), int(c.height * 0.05), (92, 166, 70), 0.7)
    colours = ((250, 240, 120), (250, 250, 250), (238, 130, 160))
    for x, y, kind in c.strewn(c.horizon + c.height * 0.14, c.height):
        if kind < 3:
            c.disc(x, y, 2.6, c.tone(colours[kind], True))


def _beach(c: _Canvas) -> None:
    c.sky()
    shore = c.horizon + c.snap(c.height * 0.14)
    c.fill(c.horizon, (46, 130, 190), (90, 190, 210))
    c.ridge(shore + 10, 12, (250, 250, 246), 1.5, False)
    c.ridge(shore + 18, 12, (238, 214, 160), 1.5)
    for x, y, kind in c.strewn(shore + 26, c.height):
        if kind == 0:
            c.disc(x, y, 1.6, c.tone((206, 178, 124), True))


def _forest(c: _Canvas) -> None:
    c.sky()
    for row, (colour, size) in enumerate((((44, 104, 66), 0.3), ((28, 82, 48), 0.4))):
        base = c.snap(c.horizon + c.height * (0.06 + 0.06 * row))
        for i in range(9):
            x = c.snap((i + c.random.uniform(0.1, 0.9)) / 9 * c.width)
            h, w = c.random.choice((0.8, 0.95, 1.1)) * size * c.height, 0.075 * c.width
            for step in range(3):
                y = base - h * (0.12 + 0.27 * step)
                span = w * (1 - 0.22 * step)
                c.draw.polygon(
                    [(x - span, y), (x + span, y), (x, y - h * 0.42)],
                    fill=c.tone(_mix(colour, (70, 140, 80), 0.12 * step), c.scene.weather == "snow" and step == 2),
                )
            c.draw.rectangle((x - 4, base - h * 0.13, x + 4, base + 4), fill=c.tone((84, 58, 38)))
    c.ridge(c.horizon + int(c.height * 0.12), int(c.height * 0.03), (74, 112, 54), 0.9)


def _desert(c: _Canvas) -> None:
    c.sky()
    c.ridge(c.horizon + 10, int(c.height * 0.12), (226, 170, 98), 0.9)
    c.ridge(c.horizon + int(c.height * 0.14), int(c.height * 0.1), (236, 188, 116), 0.7)
    c.ridge(c.horizon + int(c.height * 0.32), int(c.height * 0.08), (244, 204, 134), 0.8)


# The houses of a city: width in pixels, height as a part of the picture's, colour.
_SKYLINE: tuple[tuple[int, float, Rgb], ...] = (
    (48, 0.31, (120, 130, 150)),
    (32, 0.5, (150, 140, 138)),
    (48, 0.38, (96, 112, 140)),
    (32, 0.25, (164, 150, 134)),
    (48, 0.56, (110, 104, 120)),
    (32, 0.44, (120, 130, 150)),
    (48, 0.31, (164, 150, 134)),
    (32, 0.5, (96, 112, 140)),
)


def _city(c: _Canvas) -> None:
    c.sky()
    ground, x, house = c.horizon + c.snap(c.height * 0.16), 0, 2 * (c.scene.seed // 4 % 4)
    while x < c.width:
        w, part, colour = _SKYLINE[house % len(_SKYLINE)]
        h = c.snap(part * c.height)
        c.draw.rectangle((x, ground - h, x + w - 3, ground), fill=c.tone(colour))
        for wy in range(ground - h + 3, ground - 10, 16):
            for wx in range(x + 4, x + w - 10, 16):
                lit = _strewn(c.scene.seed, wx // 16, wy // 16) < 5
                window = (
                    ((255, 222, 120) if lit else (40, 44, 66)) if c.scene.light != "day" else c.tone((208, 226, 240))
                )
                c.draw.rectangle((wx, wy, wx + 7, wy + 9), fill=window)
        x, house = x + w, house + 1
    c.fill(ground, (128, 128, 132), (104, 104, 108))
    c.draw.rectangle((0, ground, c.width, ground + 8), fill=c.tone((176, 174, 170), True))


def _sea(c: _Canvas) -> None:
    c.sky()
    band = _gradient((c.width, c.height - c.horizon), c.tone((40, 116, 180)), c.tone((22, 80, 150)))
    c.paste(band, (0, c.horizon))
    for x, y, kind in c.strewn(c.horizon + 8, c.height):
        if kind < 2:
            w = 10 + 26 * (y - c.horizon) / (c.height - c.horizon)
            c.draw.arc((x - w, y - 4, x + w, y + 6), 200, 340, fill=c.tone((150, 206, 236)), width=3)


def _mountains(c: _Canvas) -> None:
    c.sky()
    base = c.horizon + c.snap(c.height * 0.1)
    for i in (0, 2, 1):
        x = c.snap((0.18 + 0.32 * i + c.random.choice((-0.06, 0, 0.06))) * c.width)
        h = c.snap(c.random.choice((0.34, 0.4, 0.46)) * c.height)
        w = h * 0.85
        colour = _mix((104, 112, 132), (132, 136, 150), c.random.choice((0.1, 0.9)))
        c.draw.polygon([(x - w, base), (x + w, base), (x, base - h)], fill=c.tone(colour))
        cap, t = [(x, base - h)], 0.34
        cap += [
            (x + w * t, base - h * (1 - t)),
            (x + w * t * 0.4, base - h * 0.74),
            (x, base - h * 0.62),
            (x - w * t * 0.4, base - h * 0.74),
            (x - w * t, base - h * (1 - t)),
        ]
        c.draw.polygon(cap, fill=c.tone((246, 248, 252)))
    c.ridge(base + 6, int(c.height * 0.04), (104, 150, 86), 0.8)
    c.ridge(base + int(c.height * 0.12), int(c.height * 0.04), (122, 168, 90), 0.6)


def _road(c: _Canvas) -> None:
    c.sky()
    c.fill(c.horizon, (122, 176, 90), (96, 156, 70))
    x, bend = c.width / 2, c.snap(c.random.choice((-0.09, 0, 0.09)) * c.width)
    top, low = 0.06 * c.width, 0.42 * c.width
    c.draw.polygon(
        [(x + bend - top, c.horizon), (x + bend + top, c.horizon), (x + low, c.height), (x - low, c.height)],
        fill=c.tone((92, 94, 100), False),
    )
    for i in range(5):
        a, b = (i / 5) ** 1.4, ((i + 0.5) / 5) ** 1.4
        y0, y1 = c.horizon + a * (c.height - c.horizon), c.horizon + b * (c.height - c.horizon)
        x0, x1 = x + bend * (1 - a), x + bend * (1 - b)
        c.draw.polygon(
            [(x0 - 2 - 6 * a, y0), (x0 + 2 + 6 * a, y0), (x1 + 2 + 6 * b, y1), (x1 - 2 - 6 * b, y1)],
            fill=c.tone((244, 236, 200)),
        )


def _farm(c: _Canvas) -> None:
    c.sky()
    c.fill(c.horizon, (200, 184, 96), (150, 150, 66))
    for i in range(-12, 13):
        c.draw.line(
            (c.width / 2 + i * 10, c.horizon, c.width / 2 + i * 62, c.height),
            fill=c.tone((150, 122, 60), True),
            width=5,
        )
    x = c.snap(c.random.choice((0.16, 0.84)) * c.width)
    w, h, y = 0.12 * c.width, 0.16 * c.height, c.horizon + 6
    c.draw.rectangle((x - w, y - h, x + w, y), fill=c.tone((176, 52, 44)))
    c.draw.polygon([(x - w - 6, y - h), (x + w + 6, y - h), (x, y - h * 1.8)], fill=c.tone((112, 54, 46), True))
    c.draw.rectangle((x - w * 0.35, y - h * 0.6, x + w * 0.35, y), fill=c.tone((246, 240, 230)))
    top = c.horizon + 16
    for dy in (0, 14):
        c.draw.rectangle((0, top + dy, c.width, top + dy + 5), fill=c.tone((238, 232, 220)))
    for px in range(4, c.width, 32):
        c.draw.rectangle((px, top - 8, px + 7, top + 28), fill=c.tone((238, 232, 220)))


def _sky(c: _Canvas) -> None:
    c.sky(c.height)
    colour = {"day": (255, 255, 255), "night": (70, 78, 118), "sunset": (250, 184, 150)}[c.scene.light]
    colour = c.tone((150, 154, 162)) if c.scene.weather in ("rain", "storm") else colour
    for i in range(5):
        c.cloud(
            c.snap((i + c.random.random()) / 5 * c.width),
            c.snap(c.random.uniform(0.62, 0.98) * c.height),
            c.random.choice((0.11, 0.15)) * c.width,
            colour,
        )


def _space(c: _Canvas) -> None:
    c.paste(_gradient((c.width, c.height), (8, 8, 24), (30, 14, 54)), (0, 0))
    c.stars(c.height)
    x, y, r = (
        c.snap(c.random.choice((0.16, 0.84)) * c.width),
        c.snap(c.random.choice((0.18, 0.82)) * c.height),
        c.random.choice((0.09, 0.13)) * min(c.width, c.height),
    )
    colour = c.random.choice(((226, 150, 90), (110, 160, 220), (190, 110, 170)))
    c.disc(x, y, r, colour)
    c.disc(x - r * 0.25, y - r * 0.25, r * 0.6, _mix(colour, (255, 255, 255), 0.25))
    c.draw.arc((x - r * 1.8, y - r * 0.5, x + r * 1.8, y + r * 0.5), -20, 200, fill=(230, 214, 180), width=5)


def _underwater(c: _Canvas) -> None:
    c.paste(_gradient((c.width, c.height), (56, 168, 214), (10, 50, 110)), (0, 0))
    floor = c.snap(c.height * 0.86)
    c.ridge(floor + 12, 16, (196, 172, 120), 1.3)
    for _ in range(6):
        x, turned = c.snap(c.random.random() * c.width), c.random.choice((0.0, 3.14))
        line = [(x + 7 * math.sin(0.8 * i + turned), c.height - i * 8) for i in range(c.random.choice((7, 9, 11)))]
        c.draw.line(line, fill=(40, 130, 80), width=7)
    for x, y, kind in c.strewn(0, floor):
        if kind == 0:
            r = 3 + 2 * (y // 16 % 2)
            c.draw.ellipse((x - r, y - r, x + r, y + r), outline=(190, 232, 244), width=2)


def _room(c: _Canvas) -> None:
    wall = c.random.choice(((236, 220, 190), (200, 214, 196), (214, 200, 216), (196, 212, 226)))
    floor = c.snap(c.height * 0.66)
    c.paste(wall, (0, 0, c.width, floor))
    c.draw.rectangle((0, floor, c.width, c.height), fill=(172, 120, 74))
    for y in range(floor, c.height, 16):
        c.draw.line((0, y, c.width, y), fill=(142, 96, 58), width=2)
    c.draw.rectangle((0, floor - 8, c.width, floor), fill=(248, 244, 236))
    x, y = c.snap(c.random.choice((0.08, 0.66)) * c.width), c.snap(0.12 * c.height)
    w, h = c.snap(0.26 * c.width), c.snap(0.28 * c.height)
    c.draw.rectangle((x - 6, y - 6, x + w + 6, y + h + 6), fill=(250, 246, 240))
    c.draw.rectangle((x, y, x + w, y + h), fill=(150, 204, 240))
    c.draw.line((x + w / 2, y, x + w / 2, y + h), fill=(250, 246, 240), width=6)
    c.draw.line((x, y + h / 2, x + w, y + h / 2), fill=(250, 246, 240), width=6)


def _arctic(c: _Canvas) -> None:
    c.sky()
    c.fill(c.horizon, (38, 104, 150), (70, 150, 186))
    sea = _gradient((c.width, c.height - c.horizon), c.tone((30, 92, 140)), c.tone((84, 164, 196)))
    c.paste(sea, (0, c.horizon))
    turned = c.random.choice((False, True))
    for at, width, height in ((0.2, 0.2, 0.3), (0.62, 0.12, 0.16), (0.86, 0.16, 0.22)):
        x, w, h = c.snap((1 - at if turned else at) * c.width), width * c.width, height * c.height
        y = c.horizon + 12
        c.draw.polygon([(x - w, y), (x - w * 0.5, y - h * 0.7), (x, y - h), (x, y)], fill=c.tone((236, 246, 252)))
        c.draw.polygon([(x, y), (x, y - h), (x + w * 0.6, y - h * 0.5), (x + w, y)], fill=c.tone((164, 208, 232)))
    edge = c.horizon + c.snap(0.16 * c.height)
    shore = [(i * c.width / 8, edge + 16 * (i % 2)) for i in range(9)]
    c.draw.polygon([*shore, (c.width, c.height), (0, c.height)], fill=c.tone((120, 196, 222)))
    top = [(x, y + 10) for x, y in shore]
    c.draw.polygon([*top, (c.width, c.height), (0, c.height)], fill=c.tone((232, 242, 250)))
    for x, y, kind in c.strewn(edge + 32, c.height):
        if kind == 0:
            c.draw.line((x - 12, y, x, y + 4, x + 12, y - 2), fill=c.tone((176, 212, 234)), width=3)


def _jungle(c: _Canvas) -> None:
    c.sky()
    c.fill(c.snap(0.2 * c.height), (64, 128, 76), (24, 70, 44))
    offset = c.random.choice((0, 32))
    for x in range(offset, c.width, 64):
        c.draw.rectangle((x, 0, x + 12, c.height), fill=c.tone((84, 66, 44)))
        c.draw.arc((x - 30, -60, x + 34, c.horizon - 16), 0, 180, fill=c.tone((38, 96, 40)), width=5)
    for row, colour in enumerate(((18, 74, 38), (36, 112, 50))):
        for x in range(16 * row, c.width + 32, 32):
            c.disc(x, 10 - 14 * row, 34 - 4 * row, c.tone(colour, True))
    ground = c.horizon + c.snap(0.16 * c.height)
    c.fill(ground, (54, 96, 40), (34, 66, 30))
    for x in range(offset + 24, c.width + 32, 64):  # ferns: five long leaves from one foot
        for lean in (-40, -22, 0, 22, 40):
            tip = (x + lean, ground - 44 + abs(lean))
            c.draw.polygon([(x - 6, ground + 10), tip, (x + 6, ground + 10)], fill=c.tone((72, 168, 62), True))


def _garden(c: _Canvas) -> None:
    c.sky()
    c.fill(c.horizon, (128, 196, 84), (96, 170, 66))
    for x in range(0, c.width + 16, 32):
        c.disc(x, c.horizon - 8, 26, c.tone((46, 116, 58), True))
    c.draw.rectangle((0, c.horizon - 8, c.width, c.horizon + 8), fill=c.tone((46, 116, 58)))
    low = c.horizon + 16
    for y in (low - 32, low - 12):
        c.draw.rectangle((0, y, c.width, y + 5), fill=c.tone((236, 236, 232)))
    for x in range(3, c.width, 16):
        c.draw.polygon(
            [(x, low), (x, low - 40), (x + 5, low - 47), (x + 10, low - 40), (x + 10, low)],
            fill=c.tone((250, 250, 248)),
        )
    first = c.scene.seed // 4 % 4
    colours = ((226, 50, 60), (250, 214, 60), (240, 120, 180), (150, 80, 200))
    for row, y in enumerate((low + 8, c.height - 8)):  # two beds of flowers
        c.draw.rectangle((0, y - 6, c.width, y + 8), fill=c.tone((112, 76, 48), True))
        for i, x in enumerate(range(8, c.width, 16)):
            c.disc(x, y - 4, 6, c.tone(colours[(first + i + row) % 4], c.scene.weather == "snow" and i % 2 == 0))
            c.disc(x, y - 4, 2, c.tone((255, 244, 190)))


def _savanna(c: _Canvas) -> None:
    c.sky()
    c.fill(c.horizon, (226, 190, 92), (190, 140, 58))
    turned = c.random.choice((False, True))
    for at, size in ((0.2, 0.3), (0.82, 0.2)):
        x, h = c.snap((1 - at if turned else at) * c.width), size * c.height
        y = c.horizon + 8
        c.draw.line((x, y, x, y - h * 0.5, x - h * 0.3, y - h * 0.9), fill=c.tone((92, 66, 40)), width=6)
        c.draw.line((x, y - h * 0.5, x + h * 0.35, y - h * 0.9), fill=c.tone((92, 66, 40)), width=5)
        for dy, span in ((0, 0.85), (-0.12, 0.6)):
            middle = y - h * (0.92 - dy)
            c.draw.ellipse(
                (x - h * span, middle - h * 0.12, x + h * span, middle + h * 0.12),
                fill=c.tone((96, 124, 52), dy < 0),
            )
    for x, y, kind in c.strewn(c.horizon + 16, c.height):
        if kind < 3:
            for lean in (-5, 0, 5):
                c.draw.line((x, y + 7, x + lean, y - 6), fill=c.tone((160, 122, 44), True), width=2)


def _lava(c: _Canvas) -> None:
    c.sky()
    x, y = c.snap(c.random.choice((0.3, 0.5, 0.7)) * c.width), c.horizon + 16
    top, glow = c.snap(0.16 * c.height), (255, 122, 24)
    for dx, dy, r in ((0, -10, 22), (20, -30, 26), (46, -44, 30)):
        c.disc(x + dx, top + dy, r, c.tone((104, 94, 96)))
    c.trapezium(x, top, y, 22, 0.4 * c.width, c.tone((76, 60, 60)))
    c.trapezium(x, top, top + 12, 22, 27, glow)
    c.draw.line((x, top + 4, x + 8, top + 40, x - 10, y - 24, x + 6, y), fill=glow, width=14)
    c.draw.line((x, top + 4, x + 8, top + 40, x - 10, y - 24, x + 6, y), fill=(255, 214, 84), width=5)
    c.fill(y, (66, 54, 56), (40, 32, 36))
    for row in range(y + 16, c.height, 32):  # cracks
        crack = [(i * 16, row + (0, 8, -4, 6)[(i + row // 32 + c.scene.seed) % 4]) for i in range(c.width // 16 + 1)]
        c.draw.line(crack, fill=glow, width=6)
        c.draw.line(crack, fill=(255, 214, 84), width=2)


def _harbour(c: _Canvas) -> None:
    c.sky()
    band = _gradient((c.width, c.height - c.horizon), c.tone((52, 120, 160)), c.tone((26, 84, 128)))
    c.paste(band, (0, c.horizon))
    c.draw.rectangle((0, c.horizon - 8, c.width, c.horizon), fill=c.tone((112, 116, 116), True))
    first, water = c.scene.seed // 4 % 4, c.horizon + 24
    hulls = ((196, 56, 48), (244, 244, 240), (44, 90, 160), (236, 178, 52))
    for i, x in enumerate(range(32, c.width, 64)):
        hull = c.tone(hulls[(first + i) % 4])
        c.draw.rectangle((x - 2, water - 80, x + 2, water - 16), fill=c.tone((110, 78, 50)))
        c.draw.line((x, water - 78, x - 24, water - 16), fill=c.tone((230, 226, 214)), width=2)
        c.draw.line((x, water - 78, x + 24, water - 16), fill=c.tone((230, 226, 214)), width=2)
        c.draw.rectangle((x - 12, water - 28, x + 8, water - 16), fill=c.tone((240, 236, 226)))
        c.trapezium(x, water - 16, water, 28, 20, hull)
    pier = c.snap(0.72 * c.height)
    c.fill(pier, (164, 124, 82), (134, 98, 64))
    for x in range(0, c.width + 1, 16):
        c.draw.line((x, pier, x, c.height), fill=c.tone((96, 68, 44)), width=2)
    c.draw.rectangle((0, pier, c.width, pier + 6), fill=c.tone((96, 68, 44)))
    for x in range(24, c.width, 80):
        c.draw.rectangle((x, pier - 16, x + 13, pier + 10), fill=c.tone((70, 52, 38)))


def _park(c: _Canvas) -> None:
    c.sky()
    c.fill(c.horizon, (122, 190, 92), (88, 160, 70))
    for i, x in enumerate(range(16, c.width + 32, 48)):
        y = c.horizon - 40 - 16 * (i % 2)
        c.draw.rectangle((x - 4, y, x + 4, c.horizon + 4), fill=c.tone((104, 74, 48)))
        c.disc(x, y, 24, c.tone(((72, 150, 70), (94, 166, 62))[i % 2], c.scene.weather == "snow"))
    turn = c.random.choice((-1, 1))
    middle, w = c.width / 2, c.width
    path = [(middle + turn * 0.06 * w, c.horizon), (middle + turn * 0.2 * w, c.horizon + 0.12 * c.height)]
    bends = [(middle - turn * 0.22 * w, c.height), (middle + turn * 0.3 * w, c.height)]
    back = [(middle + turn * 0.36 * w, c.horizon + 0.14 * c.height), (middle + turn * 0.12 * w, c.horizon)]
    c.draw.polygon([*path, *bends, *back], fill=c.tone((222, 204, 166)))
    x, y = c.snap((0.5 - turn * 0.32) * w), c.horizon + 28
    for plank in (-26, -17, -6):  # the bench
        c.draw.rectangle((x - 34, y + plank, x + 34, y + plank + 6), fill=c.tone((150, 84, 42), plank == -6))
    for leg in (-28, 24):
        c.draw.rectangle((x + leg, y - 26, x + leg + 4, y + 10), fill=c.tone((54, 54, 58)))
    x = c.snap((0.5 + turn * 0.42) * w)
    c.draw.rectangle((x - 3, c.horizon - 64, x + 3, c.horizon + 24), fill=c.tone((46, 50, 54)))
    lamp = (255, 236, 150) if c.scene.light != "day" else c.tone((250, 246, 226))
    c.disc(x, c.horizon - 70, 12, lamp)


def _moon(c: _Canvas) -> None:
    c.paste((6, 6, 12), (0, 0, c.width, c.height))
    c.stars(c.horizon)
    x, y, r = c.snap(c.random.choice((0.2, 0.8)) * c.width), c.snap(0.2 * c.height), 0.1 * min(c.width, c.height)
    c.disc(x, y, r, (58, 124, 220))
    c.disc(x - r * 0.3, y - r * 0.2, r * 0.45, (90, 170, 84))
    c.disc(x + r * 0.35, y + r * 0.4, r * 0.3, (90, 170, 84))
    c.ridge(c.horizon + 12, 16, (150, 150, 154), 1.0)
    c.ridge(c.horizon + 48, 12, (176, 176, 178), 0.7)
    turned = c.random.choice((False, True))
    for at, down, w in ((0.16, 0.36, 30), (0.7, 0.3, 22), (0.46, 0.62, 34), (0.88, 0.74, 40), (0.1, 0.84, 36)):
        x, y = c.snap((1 - at if turned else at) * c.width), c.snap(c.horizon + down * (c.height - c.horizon))
        c.draw.ellipse((x - w, y - w * 0.35, x + w, y + w * 0.35), fill=(206, 206, 208))
        c.draw.ellipse((x - w, y - w * 0.28, x + w * 0.9, y + w * 0.35), fill=(118, 118, 124))


def _kitchen(c: _Canvas) -> None:
    floor, counter, cabinets = c.snap(0.76 * c.height), c.snap(0.5 * c.height), c.snap(0.25 * c.height)
    wood = c.random.choice(((88, 160, 160), (222, 196, 150), (120, 150, 196), (214, 120, 96)))
    c.paste((244, 244, 240), (0, 0, c.width, c.height))
    for line in range(0, c.width, 16):  # tiles
        c.draw.line((line, cabinets, line, counter), fill=(196, 210, 214), width=2)
    for line in range(cabinets, counter, 16):
        c.draw.line((0, line, c.width, line), fill=(196, 210, 214), width=2)
    stove = c.snap(c.random.choice((0.12, 0.62)) * c.width)
    for x in range(0, c.width, 64):
        for top, bottom in ((0, cabinets), (counter, floor)):
            c.draw.rectangle((x, top, x + 63, bottom), fill=wood, outline=_mix(wood, (0, 0, 0), 0.3), width=3)
            handle = bottom - 14 if top == 0 else top + 14
            c.draw.rectangle((x + 26, handle, x + 37, handle + 4), fill=(90, 90, 94))
    c.draw.rectangle((stove, counter, stove + 64, floor), fill=(226, 228, 230), outline=(120, 122, 126), width=3)
    c.draw.rectangle((stove + 10, counter + 22, stove + 54, floor - 10), fill=(44, 46, 52))
    for knob in range(12, 60, 13):
        c.disc(stove + knob, counter + 13, 4, (60, 62, 66))
    c.draw.rectangle((0, counter - 8, c.width, counter), fill=(112, 88, 74))
    for row, y in enumerate(range(floor, c.height, 16)):
        for column, x in enumerate(range(0, c.width, 32)):
            pale = (row + column) % 2 == 0
            c.draw.rectangle((x, y, x + 31, y + 15), fill=(232, 228, 220) if pale else (92, 96, 104))


def _cave(c: _Canvas) -> None:
    c.paste(_gradient((c.width, c.height), (48, 40, 44), (78, 64, 58)), (0, 0))
    x, y = c.snap(c.random.choice((0.3, 0.5, 0.7)) * c.width), c.snap(0.45 * c.height)
    for part, colour in ((1.0, (84, 82, 92)), (0.76, (132, 144, 158)), (0.52, (206, 228, 236))):
        w, h = 0.34 * c.width * part, 0.3 * c.height * part
        c.draw.ellipse((x - w, y - h, x + w, y + h), fill=colour)
    floor = c.snap(0.68 * c.height)
    c.paste(_gradient((c.width, c.height - floor), (96, 80, 70), (58, 48, 46)), (0, floor))
    first = c.scene.seed // 4 % 4
    for i, at in enumerate(range(0, c.width + 32, 32)):
        length = (0.3, 0.14, 0.22, 0.1)[(first + i) % 4] * c.height
        c.trapezium(at, 0, length, 18, 1, (34, 28, 32))
        if abs(at - c.width / 2) > 0.26 * c.width:
            c.trapezium(at, floor + 24 - length * 0.8, floor + 24, 1, 16, (42, 34, 36))


def _stage(c: _Canvas) -> None:
    floor, fold = c.snap(0.7 * c.height), c.snap(0.17 * c.width)
    c.paste(_gradient((c.width, floor), (26, 14, 40), (70, 40, 88)), (0, 0))
    c.paste(_gradient((c.width, c.height - floor), (176, 122, 70), (120, 78, 42)), (0, floor))
    for y in range(floor, c.height, 16):
        c.draw.line((0, y, c.width, y), fill=(96, 60, 32), width=2)
    light = Image.new("L", (c.width, c.height))
    cone, x = ImageDraw.Draw(light), c.width / 2
    for side in c.random.choice(((-1, 1), (-1,), (1,))):
        start = x + side * 0.3 * c.width
        cone.polygon([(start - 8, 0), (start + 8, 0), (x + 70, floor + 20), (x - 70, floor + 20)], fill=90)
    cone.ellipse((x - 84, floor + 4, x + 84, floor + 44), fill=120)
    c.paste((255, 244, 200), (0, 0), light)
    for i, left in enumerate(range(0, fold + 1, 16)):
        shade = (176, 24, 36) if i % 2 else (132, 12, 26)
        for x in (left, c.width - left - 16):
            c.draw.rectangle((x, 0, x + 15, floor + 12), fill=shade)
    for i, x in enumerate(range(0, c.width, 32)):
        c.draw.ellipse((x - 2, -30, x + 34, 34), fill=(196, 34, 44) if i % 2 else (156, 18, 32))
    c.draw.rectangle((0, 0, c.width, 6), fill=(226, 180, 70))


def _library(c: _Canvas) -> None:
    floor = c.snap(0.75 * c.height)
    c.paste((74, 46, 28), (0, 0, c.width, floor))
    spines: tuple[Rgb, ...] = (
        *((168, 44, 40), (42, 84, 130), (56, 110, 66), (206, 164, 70)),
        *((112, 60, 110), (198, 184, 156), (60, 56, 64), (190, 100, 50)),
    )
    for row, top in enumerate(range(0, floor - 16, 32)):
        for i, x in enumerate(range(0, c.width, 8)):
            kind = _strewn(c.scene.seed, i, row)
            if x % 128 not in (0, 120):
                c.draw.rectangle((x, top + 5 + kind % 3 * 3, x + 6, top + 26), fill=spines[kind])
        c.draw.rectangle((0, top + 27, c.width, top + 31), fill=(128, 84, 50))
    for x in range(0, c.width + 1, 128):
        c.draw.rectangle((x - 6, 0, x + 6, floor), fill=(128, 84, 50))
    c.paste(_gradient((c.width, c.height - floor), (140, 56, 52), (104, 36, 38)), (0, floor))
    c.draw.rectangle((0, floor, c.width, floor + 6), fill=(98, 62, 36))
    c.draw.rectangle((0, floor + 20, c.width, floor + 24), fill=(214, 172, 90))


def _castle_hall(c: _Canvas) -> None:
    floor = c.snap(0.68 * c.height)
    c.paste((150, 146, 140), (0, 0, c.width, floor))
    for row, y in enumerate(range(0, floor, 16)):  # blocks of stone
        c.draw.line((0, y, c.width, y), fill=(118, 114, 110), width=2)
        for x in range(16 * (row % 2), c.width, 32):
            c.draw.line((x, y, x, y + 16), fill=(118, 114, 110), width=2)
    banner = c.random.choice(((168, 24, 40), (34, 62, 150), (92, 36, 120), (30, 104, 62)))
    for i, x in enumerate(range(32, c.width, 64)):
        if i % 2 == c.scene.seed % 2:
            c.draw.polygon([(x - 16, 16), (x + 16, 16), (x + 16, 96), (x, 112), (x - 16, 96)], fill=banner)
            c.disc(x, 52, 9, (230, 184, 70))
            c.draw.rectangle((x - 20, 12, x + 20, 17), fill=(230, 184, 70))
        else:
            c.draw.ellipse((x - 18, 16, x + 18, 56), fill=(86, 82, 80))
            c.draw.rectangle((x - 18, 36, x + 18, 120), fill=(86, 82, 80))
            c.draw.ellipse((x - 13, 21, x + 13, 51), fill=(176, 214, 240))
            c.draw.rectangle((x - 13, 36, x + 13, 114), fill=(176, 214, 240))
            c.draw.rectangle((x - 2, 21, x + 2, 114), fill=(86, 82, 80))
    c.paste(_gradient((c.width, c.height - floor), (116, 112, 110), (88, 84, 84)), (0, floor))
    c.trapezium(c.width / 2, floor, c.height, 0.14 * c.width, 0.34 * c.width, (230, 184, 70))
    c.trapezium(c.width / 2, floor, c.height, 0.12 * c.width, 0.31 * c.width, (164, 26, 38))


_DRAW: dict[str, Callable[[_Canvas], None]] = {
    "meadow": _meadow,
    "beach": _beach,
    "forest": _forest,
    "desert": _desert,
    "city": _city,
    "sea": _sea,
    "mountains": _mountains,
    "road": _road,
    "farm": _farm,
    "sky": _sky,
    "space": _space,
    "underwater": _underwater,
    "room": _room,
    "arctic": _arctic,
    "jungle": _jungle,
    "garden": _garden,
    "savanna": _savanna,
    "lava": _lava,
    "harbour": _harbour,
    "park": _park,
    "moon": _moon,
    "kitchen": _kitchen,
    "cave": _cave,
    "stage": _stage,
    "library": _library,
    "castle hall": _castle_hall,
}


# --- the picture ---


@lru_cache
def _shadow() -> Image.Image:
    picture = Image.new("L", (128, 48))
    ImageDraw.Draw(picture).ellipse((12, 10, 116, 38), fill=110)
    return picture.filter(ImageFilter.GaussianBlur(6))


def box(item: Item, size: tuple[int, int]) -> tuple[int, int, int]:
    """Left, top and side in pixels of an item in a picture of `size`: on the lattice, the side one of SIDES."""
    wanted = item.size * min(size)
    side = min(SIDES, key=lambda s: abs(s - wanted))
    return _snap(item.x * size[0] - side / 2), _snap(item.y * size[1] - side / 2), side


def _paste(picture: Image.Image, item: Item, scene: Scene) -> None:
    left, top, side = box(item, picture.size)
    if scene.place in PLACES and scene.place not in AFLOAT and item.y > 0.45 and things()[item.thing].kind != "hat":
        shade = _shadow().resize((side, side // 4))
        picture.paste((20, 24, 30), (left, top + side - side // 7), shade)
    sprite = glyph(item.thing, item.colour).resize((side, side), Image.Resampling.BICUBIC, reducing_gap=2.0)
    if scene.shows_hour and (scene.light != "day" or (scene.outdoors and scene.weather in ("rain", "storm"))):
        grade = {"day": (0.9, 0.92, 0.95), "night": (0.6, 0.64, 0.84), "sunset": (1.0, 0.88, 0.78)}[scene.light]
        bands = sprite.split()
        dim = 0.85 if scene.weather == "storm" else 1.0
        graded = [band.point([int(i * k * dim) for i in range(256)]) for band, k in zip(bands[:3], grade, strict=True)]
        sprite = Image.merge("RGBA", (*graded, bands[3]))
    picture.paste(sprite, (left, top), sprite)


def _falling(picture: Image.Image, scene: Scene) -> None:
    """Snow or rain: in some squares of the lattice a flake in the middle, or a streak from edge to edge."""
    if scene.weather not in ("snow", "rain", "storm"):
        return
    draw = ImageDraw.Draw(picture)
    for top in range(0, picture.height, LATTICE):
        for left in range(0, picture.width, LATTICE):
            kind = _strewn(scene.seed, left // LATTICE, top // LATTICE)
            x, y = left + LATTICE // 2, top + LATTICE // 2
            if kind < 2 and scene.weather == "snow":
                r = (2.6, 1.6)[kind]
                draw.ellipse((x - r, y - r, x + r, y + r), fill=(250, 252, 255))
            elif kind < 2:
                draw.line((x + 2, y - 8, x - 2, y + 7), fill=(176, 196, 220), width=2)


@lru_cache
def _paper(size: tuple[int, int]) -> NDArray[np.float32]:
    """How much of the paper shows (height, width, 1), 0–1: all of it at the edges, where the washes end raggedly."""
    x, y = np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32)[:, None]
    inside = np.minimum(np.minimum(x, size[0] - 1 - x), np.minimum(y, size[1] - 1 - y))
    ragged = 12 + 5 * np.sin((x + y) * (math.tau / 32)) + 3 * np.sin((x - 2 * y) * (math.tau / 64))
    return ((ragged - inside) / 6).clip(0, 1)[..., None].astype(np.float32)


def _watercolour(picture: Image.Image) -> Image.Image:
    """Thin, slightly stepped washes that end before the paper does, with dark rims where one meets another."""
    soft = np.asarray(picture.filter(ImageFilter.BoxBlur(2)), dtype=np.float32)
    thin = 242 - (255 - soft) * 0.66  # even white is a wash, a little darker than the paper
    washes = 0.4 * thin + 0.6 * (np.round(thin / 28) * 28)
    rims = np.zeros(soft.shape[:2], np.float32)
    rims[:, 1:] += np.abs(np.diff(soft, axis=1)).max(-1)
    rims[1:] += np.abs(np.diff(soft, axis=0)).max(-1)
    washes -= (rims * 2).clip(0, 80)[..., None]
    paper = _paper(picture.size)
    values = (washes - 160 * paper) * (1 - paper) + 252 * paper
    return Image.fromarray(values.clip(0, 252).astype(np.uint8), "RGB")


def _neon(picture: Image.Image) -> Image.Image:
    """Every edge, the picture's own among them, a glowing tube in the hue of its brighter side; all else dark."""
    values = np.pad(np.asarray(picture, dtype=np.float32) / 255, ((2, 2), (2, 2), (0, 0)))
    edges = np.abs(values[2:-2, 4:] - values[2:-2, :-4]).max(-1)
    edges += np.abs(values[4:, 2:-2] - values[:-4, 2:-2]).max(-1)
    edges[:2] = edges[-2:] = edges[:, :2] = edges[:, -2:] = 1
    bright = np.asarray(picture.filter(ImageFilter.MaxFilter(5)), dtype=np.float32) / 255
    high, low = bright.max(-1, keepdims=True), bright.min(-1, keepdims=True) * 0.8
    hue = (bright - low) / np.maximum(high - low, 0.04)
    tubes = (edges * 1.6 - 0.15).clip(0, 1)[..., None] * hue
    glow = Image.fromarray((tubes * 255).astype(np.uint8), "RGB").filter(ImageFilter.GaussianBlur(6))
    ground = np.asarray(picture, dtype=np.float32) * 0.1 + np.array((6, 2, 16), dtype=np.float32)
    lit = ground + tubes * 235 + np.asarray(glow, dtype=np.float32) * 0.9
    return Image.fromarray(lit.clip(0, 255).astype(np.uint8), "RGB")


def _styled(picture: Image.Image, style: str) -> Image.Image:
    if style == "pixel art":
        small = picture.resize((picture.width // 8, picture.height // 8), Image.Resampling.BOX)
        return small.quantize(24).convert("RGB").resize(picture.size, Image.Resampling.NEAREST)
    if style == "black and white":
        return picture.convert("L").convert("RGB")
    if style == "watercolour":
        return _watercolour(picture)
    if style == "neon":
        return _neon(picture)
    if style == "sketch":
        grey = np.asarray(picture.convert("L"), dtype=np.float32)
        soft = np.asarray(picture.convert("L").filter(ImageFilter.GaussianBlur(8)), dtype=np.float32)
        lines = np.minimum(255, 255 * (grey + 8) / (soft + 8))
        values = (255 - (255 - lines) * 1.6).clip(0, 250).astype(np.uint8)
        return Image.fromarray(values, "L").convert("RGB")
    return picture


def backdrop(scene: Scene, size: tuple[int, int]) -> Image.Image:
    """The scene's place without anything in it."""
    if scene.place in BACKDROPS:
        return Image.new("RGB", size, BACKDROPS[scene.place])
    canvas = _Canvas(scene, size)
    _DRAW[scene.place](canvas)
    if scene.place in DARK_AT_NIGHT:
        canvas.grow_late()
    return canvas.picture


def render(scene: Scene, size: tuple[int, int] = (256, 256)) -> Image.Image:
    """The picture of a scene, RGB, of `size` (width, height) pixels. The same scene gives the same picture."""
    picture = backdrop(scene, size)
    for item in scene.items:
        _paste(picture, item, scene)
    if scene.outdoors:
        if scene.weather == "fog":
            veil = _SKIES["fog"][1] if scene.light != "night" else (70, 76, 104)
            picture = Image.blend(picture, Image.new("RGB", size, veil), 0.32)
        _falling(picture, scene)
    return _styled(picture, scene.style)


@dataclass(frozen=True)
class Labels:
    """What stands in each square of a picture's lattice; arrays (height / 16, width / 16), 0 where no thing is.

    `thing` counts from 1 in the order of `things()`, `colour` from 1 for a thing as it is and from 2 in the order of
    COLOURS; `part` (2, …) is the place within the thing, 0–1 across and down, `side` the thing's in pixels.
    """

    thing: NDArray[np.int16]
    colour: NDArray[np.uint8]
    part: NDArray[np.float32]
    side: NDArray[np.uint8]


@lru_cache(maxsize=8192)
def _covered(name: str, squares: int) -> NDArray[np.bool_]:
    alpha = glyph(name, None).split()[3].resize((squares, squares), Image.Resampling.BOX)
    return np.asarray(alpha) > 60


def labels(scene: Scene, size: tuple[int, int] = (256, 256)) -> Labels:
    """What `render` draws where, thing by thing; the one in front counts."""
    names, colours = tuple(things()), (None, *COLOURS)
    columns, rows = size[0] // LATTICE, size[1] // LATTICE
    found = Labels(
        np.zeros((rows, columns), np.int16),
        np.zeros((rows, columns), np.uint8),
        np.zeros((2, rows, columns), np.float32),
        np.zeros((rows, columns), np.uint8),
    )
    for item in scene.items:
        left, top, side = box(item, size)
        squares = side // LATTICE
        for down, across in zip(*_covered(item.thing, squares).nonzero(), strict=True):
            y, x = top // LATTICE + down, left // LATTICE + across
            if 0 <= y < rows and 0 <= x < columns:
                found.thing[y, x] = names.index(item.thing) + 1
                found.colour[y, x] = colours.index(item.colour) + 1
                found.part[:, y, x] = ((across + 0.5) / squares, (down + 0.5) / squares)
                found.side[y, x] = side
    return found


# --- words ---

_NUMBERS = {
    **{n: (word, word, str(n)) for n, word in enumerate("three four five six seven eight nine ten".split(), 3)},
    1: ("one",),
    2: ("two", "two", "a pair of", "2"),
}
_SMALL, _BIG = ("small", "little", "tiny"), ("big", "large", "huge", "giant")
_LEFT = ("left of", "to the left of", "on the left of")
_RIGHT = ("right of", "to the right of", "on the right of")
_WORDS_OF = {
    "left": _LEFT,
    "right": _RIGHT,
    "above": ("above", "over", "flying above", "above"),
    "below": ("below", "under", "beneath", "underneath"),
    "on": ("on top of", "on", "sitting on", "on top of"),
    "wears": (),
}
_AND = ("and", "and", "next to", "beside", "with", "and")
_NIGHT, _SUNSET = (
    (
        "at night",
        "at night",
        "in the dark",
        "by night",
        "in the moonlight",
        "at midnight",
        "late at night",
        "after dark",
    ),
    ("at sunset", "at sunset", "at dusk", "in the evening", "at sunrise", "at dawn", "at golden hour", "at twilight"),
)
_WEATHER_SAID = {
    "rain": ("in the rain", "on a rainy day", "in heavy rain"),
    "snow": ("in the snow", "in the snow", "in winter", "on a snowy day", "in a blizzard"),
    "fog": ("in the fog", "in the mist", "on a foggy day"),
    "storm": ("in a thunderstorm", "in a storm", "under a stormy sky", "with lightning"),
}
_WEATHER_IS = {"rain": "rainy", "snow": "snowy", "fog": "foggy", "storm": "stormy"}
_DOING = {
    "beast": ("sitting", "standing", "playing", "walking", "running", "sleeping", "resting"),
    "crawler": ("crawling", "resting"),
    "flier": ("sitting", "flying", "resting"),
    "swimmer": ("swimming", "playing"),
    "being": ("standing", "smiling"),
    "person": ("standing", "walking", "smiling", "playing"),
    "car": ("parked", "driving", "standing"),
    "ship": ("sailing", "floating"),
    "craft": ("flying",),
    "house": ("standing",),
    "plant": ("growing", "standing"),
}
_STYLE_SAID = {
    "pixel art": ("pixel art of {}", "{}, pixel art", "{} in pixel art style"),
    "sketch": ("a pencil sketch of {}", "a sketch of {}", "{}, pencil drawing"),
    "black and white": ("{} in black and white", "a black and white picture of {}", "{}, black and white"),
    "watercolour": (
        "a watercolour of {}",
        "a watercolor of {}",
        "watercolor painting of {}",
        "a watercolour painting of {}",
        "{}, watercolour",
        "{} in watercolor",
    ),
    "neon": ("neon art of {}", "{} in neon style", "a neon sign of {}", "{} in neon lights", "{}, neon"),
}
_PRAISE = ("cute", "beautiful", "lovely", "nice", "pretty", "happy", "old", "funny", "sweet")
_OPENINGS = ("a picture of", "a drawing of", "a photo of", "a painting of", "an illustration of", "an image of")


# Names that take no article: what has no number, what is a pair, and who is only one.
_BARE = tuple(
    """french fries,jeans,trousers,shorts,gloves,socks,glasses,eyeglasses,sunglasses,ballet shoes,chopsticks,scissors,
maracas,headphones,bowling pins,lips,bread,broccoli,garlic,cheese,bacon,popcorn,sushi,spaghetti,pasta,butter,soap,
toilet paper,lavender,coral,dice,santa,santa claus,saturn""".replace("\n", "").split(",")
)


def article(words: str) -> str:
    """The words with "a" or "an" before them, where they take one."""
    if f" {words}".endswith(tuple(f" {bare}" for bare in _BARE)):
        return words
    sounds_open = words[0] in "aeio" or words.startswith(("umbrella", "ugly", "hourglass"))
    return ("an " if sounds_open else "a ") + words


def _hue(colour: str, rng: random.Random) -> str:
    """The colour in words: mostly its name, now and then another word for it."""
    return rng.choice(COLOURS_SAID[colour]) if colour in COLOURS_SAID and rng.random() < 0.15 else colour


def _noun(item: Item, rng: random.Random, count: int = 1) -> str:
    thing = things()[item.thing]
    if count > 1:
        return rng.choice(thing.plurals) if rng.random() < 0.15 else thing.plural
    return rng.choice(thing.names) if rng.random() < 0.25 else thing.name


def _adjectives(item: Item, size_said: str | None, rng: random.Random) -> str:
    words = [size_said] if size_said else []
    if rng.random() < 0.06:
        words.append(rng.choice(_PRAISE))
    if item.colour:
        words.append(_hue(item.colour, rng))
    return " ".join(words)


def _size_said(item: Item, alone: bool, rng: random.Random) -> str | None:
    low, high = (0.36, 0.66) if alone else (0.28, 0.47)
    if item.size <= low:
        return rng.choice(_SMALL)
    return rng.choice(_BIG) if item.size >= high else None


def _named(item: Item, rng: random.Random, alone: bool = False, definite: bool = False) -> str:
    words = f"{_adjectives(item, _size_said(item, alone, rng), rng)} {_noun(item, rng)}".strip()
    return f"the {words}" if definite else article(words)


def _subject(scene: Scene, rng: random.Random) -> str:
    items = scene.items
    if scene.arrangement == "one":
        words = _named(items[0], rng, alone=True)
        doing = _DOING.get(things()[items[0].thing].kind)
        return f"{words} {rng.choice(doing)}" if doing and rng.random() < 0.1 else words
    if scene.arrangement == "count":
        adjectives = _adjectives(items[0], None, rng)
        return " ".join(f"{rng.choice(_NUMBERS[len(items)])} {adjectives} {_noun(items[0], rng, 2)}".split())
    first, second = _named(items[0], rng), _named(items[1], rng)
    if scene.arrangement == "wears":
        return f"{second} {rng.choice(('wearing', 'with', 'in', 'wearing'))} {first}"
    if scene.arrangement in ("left", "right") and rng.random() < 0.35:
        pair = (first, second) if rng.random() < 0.5 else (second, first)
        return f"{pair[0]} {rng.choice(_AND)} {pair[1]}"
    if scene.arrangement in ("left", "right", "above", "below") and rng.random() < 0.3:
        other = {"left": "right", "right": "left", "above": "below", "below": "above"}[scene.arrangement]
        return f"{second} {rng.choice(_WORDS_OF[other])} {first}"
    return f"{first} {rng.choice(_WORDS_OF[scene.arrangement])} {second}"


def _surroundings(scene: Scene, rng: random.Random) -> list[str]:
    """What is said about place, weather and light, in an order that reads well."""
    if scene.place in BACKDROPS:
        colour = "gray" if scene.place == "grey" and rng.random() < 0.4 else scene.place
        return [rng.choice(("on a", "on a", "against a", "in front of a", "on a plain")) + f" {colour} background"]
    said: list[str] = []
    after, _, bare = PLACES[scene.place]
    weather = scene.weather if scene.outdoors else "clear"
    quiet = scene.place == "meadow" and (weather != "clear" or scene.light != "day") and rng.random() < 0.7
    if not quiet:
        if weather != "clear" and rng.random() < 0.4:
            return [f"in a {_WEATHER_IS[weather]} {bare}", *_hour(scene, rng)]
        said.append(rng.choice(after))
    if weather != "clear":
        said.append(rng.choice(_WEATHER_SAID[weather]))
    return said + _hour(scene, rng)


def _hour(scene: Scene, rng: random.Random) -> list[str]:
    if not scene.outdoors or scene.light == "day":
        return ["on a sunny day"] if scene.outdoors and scene.weather == "clear" and rng.random() < 0.06 else []
    return [rng.choice(_NIGHT if scene.light == "night" else _SUNSET)]


def _view(scene: Scene, rng: random.Random) -> str:
    """A caption for a scene without things."""
    if scene.place in BACKDROPS:
        return f"a plain {scene.place} background"
    _, alone, bare = PLACES[scene.place]
    weather = scene.weather if scene.outdoors else "clear"
    if weather != "clear" and rng.random() < 0.6:
        words = article(f"{_WEATHER_IS[weather]} {bare}")
        weather_said: list[str] = []
    else:
        words, weather_said = rng.choice(alone), [rng.choice(_WEATHER_SAID[weather])] if weather != "clear" else []
    return " ".join([words, *weather_said, *_hour(scene, rng)])


def caption(scene: Scene, rng: random.Random, subject: str = "") -> str:
    """One of many ways to say the scene. The place is sometimes left unsaid, what is said is always true.

    `subject` are words for its things to take instead of choosing some.
    """
    if not scene.items:
        text = _view(scene, rng)
    else:
        subject, around = subject or _subject(scene, rng), _surroundings(scene, rng)
        if (
            scene.light == "day"
            and scene.weather == "clear"
            and rng.random() < (0.5 if scene.place == "white" else 0.1)
        ):
            around = []
        if around and scene.style == "plain" and scene.place not in BACKDROPS and rng.random() < 0.06:
            return f"{' '.join(around)}, {subject}"
        text = " ".join([subject, *around])
    if scene.style == "plain":
        return f"{rng.choice(_OPENINGS)} {text}" if rng.random() < 0.08 else text
    return rng.choice(_STYLE_SAID[scene.style]).format(text)


# --- inventing scenes ---


@lru_cache
def _weighted() -> tuple[tuple[str, ...], tuple[int, ...]]:
    return tuple(things()), tuple(t.weight for t in things().values())


@lru_cache
def _hats() -> tuple[str, ...]:
    return tuple(name for name, thing in things().items() if thing.kind == "hat")


def _thing(rng: random.Random) -> str:
    names, weights = _weighted()
    return rng.choices(names, weights)[0]


def _colour(rng: random.Random, name: str = "") -> str | None:
    """A colour for a thing of that name, or none; people are never repainted."""
    if name and things()[name].kind == "person":
        return None
    return rng.choice(tuple(COLOURS)) if rng.random() < 0.38 else None


def _place_of(rng: random.Random) -> str:
    return rng.choice(tuple(BACKDROPS)) if rng.random() < 0.14 else rng.choice(("meadow", "meadow", *PLACES))


def _one(rng: random.Random) -> tuple[Item, ...]:
    kind = rng.choices(("small", "normal", "big"), (0.14, 0.68, 0.18))[0]
    size = {"small": 0.31, "normal": 0.5, "big": 0.75}[kind]
    y = {"small": rng.uniform(0.58, 0.74), "normal": rng.uniform(0.56, 0.66), "big": rng.uniform(0.5, 0.56)}[kind]
    name = _thing(rng)
    return (
        Item(name, rng.uniform(0.4, 0.6) if kind == "big" else rng.uniform(0.34, 0.66), y, size, _colour(rng, name)),
    )


def _several(rng: random.Random) -> tuple[Item, ...]:
    count = rng.choices((2, 3, 4), (0.45, 0.35, 0.2))[0]
    name = _thing(rng)
    return _row(name, _colour(rng, name), count, rng)


def _row(name: str, colour: str | None, count: int, rng: random.Random) -> tuple[Item, ...]:
    """Two to four of a thing: side by side, four as a group, two behind and two before, all on the ground."""
    size, y = {2: 0.38, 3: 0.31, 4: 0.31}[count], rng.uniform(0.58, 0.68)
    if count == 4:
        spots = [(0.22, 0.46), (0.62, 0.46), (0.38, 0.78), (0.78, 0.78)]
    else:
        spots = [((i + 0.5) / count + (0.02 if count == 2 else 0) * (1 - 2 * i), y) for i in range(count)]
    return tuple(
        Item(name, x + rng.uniform(-0.02, 0.02), yy + rng.uniform(-0.03, 0.03), size, colour) for x, yy in spots
    )


def _pair_size(rng: random.Random) -> float:
    return rng.choices((0.25, 0.38, 0.5), (0.13, 0.74, 0.13))[0]


def _pair(rng: random.Random) -> tuple[tuple[Item, ...], str]:
    first, second = _thing(rng), _thing(rng)
    while second == first or things()[second].kind == "hat":
        second = _thing(rng)
    arrangement = rng.choices(("left", "right", "above", "below", "on", "wears"), (0.28, 0.28, 0.14, 0.14, 0.08, 0.08))[
        0
    ]
    a, b = _pair_size(rng), _pair_size(rng)
    if arrangement in ("left", "right"):
        xs, y = (0.27, 0.73) if arrangement == "left" else (0.73, 0.27), rng.uniform(0.58, 0.68)
        spots = [
            (x + rng.uniform(-0.03, 0.03), y + (0.2 - s / 2) * 0.6 + rng.uniform(-0.03, 0.03))
            for x, s in zip(xs, (a, b), strict=True)
        ]
    elif arrangement == "wears":
        first, b, x, y = (
            rng.choice(_hats()),
            0.5,
            rng.uniform(0.36, 0.64),
            rng.uniform(0.64, 0.7),
        )
        a = b * 0.56
        spots = [(x, y - b * 0.5 - a * 0.28), (x, y)]
    else:
        a, b = min(a, 0.42), min(b, 0.42)
        x, middle = rng.uniform(0.38, 0.62), rng.uniform(0.5, 0.53)
        gap = 0.0 if arrangement == "on" else 0.06
        upper = (a if arrangement != "below" else b) / 2 + gap / 2
        lower = (b if arrangement != "below" else a) / 2 + gap / 2
        top, low = (x + rng.uniform(-0.04, 0.04), middle - upper), (x, middle + lower)
        spots = [top, low] if arrangement != "below" else [low, top]
    items = (Item(first, *spots[0], a, _colour(rng, first)), Item(second, *spots[1], b, _colour(rng, second)))
    return items, arrangement


def _invent(rng: random.Random, styles: float) -> Scene:
    kind = rng.choices(("one", "count", "pair", "none"), (0.47, 0.14, 0.34, 0.05))[0]
    if kind == "pair":
        items, arrangement = _pair(rng)
    else:
        items = _one(rng) if kind == "one" else _several(rng) if kind == "count" else ()
        arrangement = kind
    place = _place_of(rng)
    light = rng.choices(LIGHTS, (0.64, 0.22, 0.14))[0] if place in OUTDOORS else "day"
    weather = rng.choices(WEATHERS, (0.6, 0.11, 0.17, 0.05, 0.07))[0] if place in OUTDOORS else "clear"
    style = rng.choice(STYLES[1:]) if rng.random() < styles else "plain"
    return Scene(place, tuple(items), arrangement, light, weather, style, rng.getrandbits(30) % VIEWS)


def invent(rng: random.Random, held: bool = False, styles: float = 0.2) -> Scene:
    """A random scene; `held` asks for one of those kept from training, else none of them comes."""
    while True:
        scene = _invent(rng, styles)
        if held_out(scene) == held:
            return scene


# --- edits ---

_MAKE_LIGHT = {
    "night": (
        "make it night",
        "make it night",
        "turn it into night",
        "change it to night time",
        "at night",
        "make it dark",
        "set it at night",
        "night time please",
        "change day to night",
    ),
    "day": (
        "make it day",
        "turn it into day",
        "change it to daytime",
        "in daylight",
        "make it bright",
        "set it in the daytime",
    ),
    "sunset": (
        "make it sunset",
        "at sunset",
        "change it to sunset",
        "make it evening",
        "set it at dusk",
        "give it a sunset sky",
    ),
}
_MAKE_WEATHER = {
    "rain": ("make it rain", "let it rain", "add rain", "make it rainy", "in the rain"),
    "snow": (
        "make it snow",
        "add snow",
        "make it winter",
        "let it snow",
        "cover it with snow",
        "make it snowy",
        "in the snow",
    ),
    "fog": ("add fog", "make it foggy", "make it misty", "in the fog"),
    "storm": (
        "make it stormy",
        "a stormy sky",
        "make the sky stormy",
        "add a thunderstorm",
        "add lightning",
        "make the sky dark and stormy",
    ),
    "clear": ("make the weather nice", "clear the sky", "make it clear", "good weather please"),
}
_MAKE_STYLE = {
    "pixel art": ("turn it into pixel art", "make it pixel art", "pixel art style"),
    "sketch": ("turn it into a sketch", "make it a pencil drawing", "as a pencil sketch"),
    "black and white": (
        "make it black and white",
        "turn it black and white",
        "remove the colours",
        "make it grayscale",
    ),
    "watercolour": (
        "make it a watercolour",
        "turn it into a watercolor",
        "make it a watercolor painting",
        "as a watercolour",
        "paint it in watercolour",
    ),
    "neon": (
        "turn it into neon",
        "make it neon",
        "neon style",
        "in neon lights",
        "make it a neon sign",
        "make it glow",
    ),
}

Edit = tuple[Scene, str] | None


def _the(scene: Scene, item: Item, rng: random.Random) -> str:
    """How an instruction names an item of the scene."""
    return f"the {_noun(item, rng)}" if len(scene.items) > 1 or rng.random() < 0.75 else "it"


def _edit_light(scene: Scene, rng: random.Random) -> Edit:
    if not scene.outdoors:
        return None
    light = rng.choices(LIGHTS, (0.25, 0.5, 0.25))[0]
    if light == scene.light:
        return None
    return replace(scene, light=light), rng.choice(_MAKE_LIGHT[light])


def _edit_weather(scene: Scene, rng: random.Random) -> Edit:
    weather = rng.choices(WEATHERS, (0.25, 0.22, 0.25, 0.12, 0.16))[0]
    if not scene.outdoors or weather == scene.weather:
        return None
    if weather == "clear" and rng.random() < 0.6:
        if rng.random() < 0.5 and scene.weather in ("rain", "snow", "fog"):
            return replace(scene, weather="clear"), f"{rng.choice(('remove', 'stop', 'take away'))} the {scene.weather}"
        return replace(scene, weather="clear", light="day"), rng.choice(
            ("make it sunny", "make it a sunny day", "sunny weather please")
        )
    return replace(scene, weather=weather), rng.choice(_MAKE_WEATHER[weather])


def _edit_place(scene: Scene, rng: random.Random) -> Edit:
    place = _place_of(rng)
    if place == scene.place or not scene.items:
        return None
    weather, light = (scene.weather, scene.light) if place in OUTDOORS and scene.outdoors else ("clear", "day")
    target = replace(scene, place=place, weather=weather, light=light)
    if place in BACKDROPS:
        words = (
            f"make the background {place}",
            f"change the background to {place}",
            f"put it on a {place} background",
            f"{place} background",
        )
    else:
        who = _the(scene, scene.items[0], rng) if len(scene.items) == 1 else rng.choice(("them", "it", "everything"))
        after, alone, _ = PLACES[place]
        where, bare = rng.choice(after), rng.choice(alone)
        words = (
            f"put {who} {where}",
            f"move {who} {where}",
            f"change the background to {bare}",
            f"set it {where}",
            f"make the background {bare}",
            where,
        )
    return target, rng.choice(words)


def _edit_colour(scene: Scene, rng: random.Random) -> Edit:
    if not scene.items:
        return None
    chosen, colour = rng.choice(scene.items), rng.choice(tuple(COLOURS))
    if colour == chosen.colour or things()[chosen.thing].kind == "person":
        return None
    every = scene.arrangement == "count"
    items = tuple(replace(i, colour=colour) if i is chosen or every else i for i in scene.items)
    who = f"the {_noun(chosen, rng, 2)}" if every else _the(scene, chosen, rng)
    hue = _hue(colour, rng)
    verbs = (
        f"make {who} {hue}",
        f"make {who} {hue}",
        f"paint {who} {hue}",
        f"turn {who} {hue}",
        f"change the colour of {who} to {hue}",
        f"change the color of {who} to {hue}",
    )
    return replace(scene, items=items), rng.choice(verbs)


def _edit_replace(scene: Scene, rng: random.Random) -> Edit:
    if not scene.items or scene.arrangement == "wears":
        return None
    chosen, every = rng.choice(scene.items), scene.arrangement == "count"
    name = _thing(rng)
    colour = _colour(rng, name) if rng.random() < 0.4 else None
    if name in {i.thing for i in scene.items}:
        return None
    new = replace(chosen, thing=name, colour=colour)
    items = tuple(replace(i, thing=name, colour=colour) if i is chosen or every else i for i in scene.items)
    plain = replace(new, size=0.4)
    if every:
        old, other = (
            f"the {_noun(chosen, rng, 2)}",
            f"{_hue(colour, rng) if colour else ''} {_noun(new, rng, 2)}".strip(),
        )
    else:
        old, other = f"the {_noun(chosen, rng)}", _named(plain, rng)
    words = (
        f"replace {old} with {other}",
        f"turn {old} into {other}",
        f"swap {old} for {other}",
        f"change {old} to {other}",
        f"{other} instead of {old}",
    )
    return replace(scene, items=items), rng.choice(words)


def _edit_add(scene: Scene, rng: random.Random) -> Edit:
    if len(scene.items) != 1:
        return None
    old, name = scene.items[0], _thing(rng)
    if name == old.thing or old.size > 0.6 or things()[old.thing].kind == "hat":
        return None
    if rng.random() < 0.22 and old.size >= 0.4:
        return _edit_wear(scene, old, rng)
    side = rng.choice(("left", "right", "above")) if old.size < 0.36 else rng.choice(("left", "right"))
    size = 0.31
    if side == "above":
        new = Item(name, old.x, max(size / 2 + 0.02, old.y - old.size / 2 - size / 2 - 0.04), size, _colour(rng, name))
    else:
        x = (
            max(size / 2, old.x - old.size / 2 - size / 2)
            if side == "left"
            else min(1 - size / 2, old.x + old.size / 2 + size / 2)
        )
        if abs(x - old.x) < (old.size + size) * 0.38:
            return None
        new = Item(name, x, min(0.9 - size / 2, old.y + old.size / 2 - size / 2), size, _colour(rng, name))
    what, who = _named(new, rng), f"the {_noun(old, rng)}"
    if side == "above":
        words = (f"add {what} above {who}", f"put {what} over {who}", f"{what} above {who}")
    else:
        words = (
            f"add {what} on the {side}",
            f"put {what} to the {side} of {who}",
            f"add {what} {side} of {who}",
            f"add {what} next to {who}",
            f"add {what}",
            f"add {what}",
        )
    return replace(scene, items=(new, old), arrangement=side), rng.choice(words)


def _edit_wear(scene: Scene, old: Item, rng: random.Random) -> Edit:
    size = old.size * 0.56
    if old.y - old.size * 0.5 - size * 0.78 < 0:
        return None
    new = Item(rng.choice(_hats()), old.x, old.y - old.size * 0.5 - size * 0.28, size, _colour(rng))
    who, what = f"the {_noun(old, rng)}", _named(replace(new, size=0.4), rng)
    words = (f"give {who} {what}", f"put {what} on {who}", f"add {what} to {who}", f"{who} should wear {what}")
    return replace(scene, items=(new, old), arrangement="wears"), rng.choice(words)


def _edit_remove(scene: Scene, rng: random.Random) -> Edit:
    if not scene.items or scene.arrangement == "count":
        return None
    chosen = rng.choice(scene.items)
    rest = tuple(i for i in scene.items if i is not chosen)
    who = f"the {_noun(chosen, rng)}"
    words = (
        f"remove {who}",
        f"delete {who}",
        f"take away {who}",
        f"erase {who}",
        f"get rid of {who}",
        f"without {who}",
    )
    return replace(scene, items=rest, arrangement="one" if rest else "none"), rng.choice(words)


def _edit_size(scene: Scene, rng: random.Random) -> Edit:
    if scene.arrangement != "one":
        return None
    old = scene.items[0]
    if old.size < 0.6 and rng.random() < 0.5:
        new, words = (
            replace(old, size=min(0.84, old.size * 1.45), y=min(old.y, 0.56)),
            ("bigger", "larger", "big", "huge"),
        )
    else:
        new, words = replace(old, size=max(0.2, old.size * 0.62)), ("smaller", "tiny", "small")
    return replace(scene, items=(new,)), f"make {_the(scene, old, rng)} {rng.choice(words)}"


def _edit_move(scene: Scene, rng: random.Random) -> Edit:
    if scene.arrangement != "one" or scene.items[0].size > 0.6:
        return None
    old, side = scene.items[0], rng.choice(("left", "right"))
    edge = old.size / 2 + 0.02
    new = replace(old, x=edge if side == "left" else 1 - edge)
    who = _the(scene, old, rng)
    return replace(scene, items=(new,)), rng.choice(
        (f"move {who} to the {side}", f"put {who} on the {side}", f"shift {who} {side}")
    )


def _edit_count(scene: Scene, rng: random.Random) -> Edit:
    """More or fewer of the one thing there is, in the same colour; they are placed anew."""
    if scene.arrangement not in ("one", "count"):
        return None
    first, old = scene.items[0], len(scene.items)
    new = rng.choice([n for n in (1, 2, 3, 4) if n != old])
    if new > 1:
        items = _row(first.thing, first.colour, new, rng)
    else:
        items = (Item(first.thing, rng.uniform(0.34, 0.66), rng.uniform(0.56, 0.66), 0.5, first.colour),)
    words = rng.choice(_count_words(first, old, new, rng))
    return replace(scene, items=items, arrangement="one" if new == 1 else "count"), words


def _count_words(item: Item, old: int, new: int, rng: random.Random) -> list[str]:
    one, many, number = _noun(item, rng), _noun(item, rng, new), _NUMBERS[new][0]
    also = rng.choice(_NUMBERS[new])
    words = [f"make it {also} {many}", f"change it to {also} {many}", f"{number} {many} instead", f"{number} {many}"]
    if new < old:
        words += [f"only {number} of them", f"just {number} {many}", f"only {number} {many}", f"keep only {number}"]
    elif new > 1:
        words += [f"make them {number}", f"there should be {number} {many}", f"i want {number} {many}"]
    if new == old + 1:
        words += ["add another one", f"add another {one}", f"one more {one}", f"add one more {one}", "one more"] * 2
    if new == old - 1:
        words += ["one fewer", "remove one of them", f"one {one} less", f"take away one {one}", "one less"] * 2
    if new == old + 2:
        words += ["add two more", f"add two more {many}", f"two more {many}"] * 2
    if new == 2 * old:
        words += ["twice as many", f"double the {many}"]
    return words


def _edit_style(scene: Scene, rng: random.Random) -> Edit:
    style = rng.choice(STYLES[1:])
    return (replace(scene, style=style), rng.choice(_MAKE_STYLE[style])) if scene.style == "plain" else None


EDITS: dict[str, tuple[Callable[[Scene, random.Random], Edit], float]] = {
    "light": (_edit_light, 0.2),
    "weather": (_edit_weather, 0.15),
    "place": (_edit_place, 0.15),
    "colour": (_edit_colour, 0.15),
    "replace": (_edit_replace, 0.13),
    "add": (_edit_add, 0.13),
    "count": (_edit_count, 0.09),
    "remove": (_edit_remove, 0.09),
    "size": (_edit_size, 0.05),
    "move": (_edit_move, 0.05),
    "style": (_edit_style, 0.04),
}


def edit(scene: Scene, rng: random.Random, kind: str | None = None, held: bool = False) -> tuple[Scene, str]:
    """A changed scene and the instruction that asks for the change; one in ten joins two changes.

    `kind` is a key of EDITS to insist on one; if it does not apply to the scene, after some tries another kind is
    taken.
    """
    kinds, weights = tuple(EDITS), tuple(w for _, w in EDITS.values())
    for attempt in range(200):
        chosen = kind if kind and attempt < 40 else rng.choices(kinds, weights)[0]
        made = EDITS[chosen][0](scene, rng)
        if made and not kind and rng.random() < 0.1:
            second = EDITS[rng.choice(("light", "weather", "colour"))][0](made[0], rng)
            made = (second[0], f"{made[1]} and {second[1]}") if second else made
        if made and held_out(made[0]) == held:
            return made
    return replace(scene, style="black and white"), "make it black and white"
