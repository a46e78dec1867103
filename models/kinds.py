"""The small painter's world: how much a picture holds, which sorts there are, who is alive, what fits a hand."""

from __future__ import annotations

from models.things import having

MOST = 10
"""Things in a picture."""
PEOPLE, BEINGS = having("sorts", "person"), having("sorts", "being")
DARK_AT_NIGHT = frozenset(("room", "kitchen", "cave", "library", "castle hall"))
"""Places indoors where one sees what hour it is."""
ALIVE = having("sorts", "animal", "person", "being")
HANDY = having("handy")
"""What somebody who comes with it has in a hand: "a man with a briefcase"."""
CARRIED = having("handy", "carried", "strapped")
"""What of that is for whoever is there, when it comes and words say no more of it."""
STRAPPED = having("handy", "strapped")
"""What of that is worn, though it is drawn beside somebody."""
_SORTS = (
    "animal,person,bird,fish,bug,dog,flower,plant,tree,fruit,tool,vegetable,drink,building,tower,house,vehicle,car,boat"
    ",ship,instrument,hat,helmet,ball,shoes".split(",")
)
_ALSO = {
    "critter": "animal", "beast": "animal", "pet": "animal", "insect": "bug", "veggie": "vegetable", "veg": "vegetable",
    "blossom": "flower",
}  # fmt: skip
SORTS = {
    "creature": having("sorts", "animal", "being"),
    **{called: having("sorts", _ALSO.get(called, called)) for called in (*_SORTS, *_ALSO)},
}
"""Names for things of a sort: "the bird" is the flamingo that is there."""


def sort_of(name: str) -> frozenset[str]:
    """The things that a name for one may mean: itself, and all of its sort."""
    return SORTS.get(name, frozenset[str]()) | {name}


_LACKING = """
rug, carpet, fridge, sink, shelf, shelves, drawer, wardrobe, cupboard=kitchen, oven=kitchen
stove=kitchen, bookshelf=library, bookcase=library, curtain=stage, curtains=stage, chandelier, stairs, staircase
balcony, tablecloth, blanket, pillow, cushion, pram, pushchair, stroller, blackboard, whiteboard, toaster, microwave
dishwasher, washing machine, calendar, banner, rope, chain, cage, leash, saddle, collar
hedge=garden, gate, bridge, waterfall, windmill, swing, sandcastle, haystack, wheelbarrow, lamppost=park
tunnel, towel, surfboard, seaweed=underwater, pearl, cannon, drawbridge, moat, icicle, igloo, starfish, seahorse
lake=sea pond beach harbour, river=sea pond, stream=sea pond, submarine, ostrich, puffin, gingerbread
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
