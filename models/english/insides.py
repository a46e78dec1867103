"""Rooms that the small painter has none of ("in a church", "in the supermarket"), and the places that come nearest.

Without this, whoever is to be in a church stands in a meadow beside one.
"""

from __future__ import annotations

from models.english.patterns import regex, table

_NEAREST = table("""
church, chapel, cathedral, abbey, monastery, mosque, synagogue, temple, museum, art gallery, gallery = castle hall
theater, theatre, opera, opera house, concert hall, nightclub, night club = stage
bookshop, book shop, bookstore, book store = library
bakery, pizzeria, restaurant kitchen = kitchen
stable, stables, cowshed, cow shed = farm
school, hospital, clinic, hotel, hotel room, hotel lobby, bank, courtroom, court room, prison, prison cell, jail,
    cinema, movie theater, police station, fire station, waiting room, dressing room, tower room, fitting room, salon,
    spa, hair salon, barber shop, barbershop, laundromat, post office, factory, shop, store, toy shop, toy store,
    pet shop, pet store, flower shop, clothes shop, grocery store, supermarket, mall, shopping mall, department store,
    bar, pub, tavern, inn, cafe, café, coffee shop, coffee house, diner, restaurant, canteen, cafeteria,
    airport lounge = room
""")
_OVER = (
    r"(?=\W*$|[,.;:!?]| (?:and|with|at|by|near|on|next|under|during|in|for|of|while|where|who|that|which|is|are|has"
    r"|please|pls|instead|now|too|\w+ing)\b)"
)
_INSIDE = regex(
    r"\b(?P<way>in|inside|into|inside of) (?:an?|the|some|his|her|their|my|our) (?:[\w-]+ )??"
    rf"(?P<what>{'|'.join(sorted(_NEAREST, key=len, reverse=True))}){_OVER}"
)


def inside(text: str) -> tuple[str, str]:
    """What a text wants to be inside of that the painter has none of, and the place that comes nearest; twice "" where
    it wants nothing of the kind."""
    found = _INSIDE.search(text)
    return (found["what"], _NEAREST[found["what"].lower()]) if found else ("", "")


def brought_inside(text: str) -> str:
    """A text with the place that comes nearest in the place of what the painter has none of: "a cat in a church" as "a
    cat in the castle hall"."""
    return _INSIDE.sub(lambda found: f"{found['way']} the {_NEAREST[found['what'].lower()]}", text)
