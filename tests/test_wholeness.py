"""What a sentence names belongs to the one picture that it asks for."""

from __future__ import annotations

import pytest

from models.chat.conversation import Action, Scene, ShelfPicture, shelf_of
from models.chat.wholeness import completed


def prompt(said: str, pointed: str) -> str:
    return str(completed(Scene(said), Action("generate_image", {"prompt": pointed})).args["prompt"])


@pytest.mark.parametrize(
    ("said", "pointed", "whole"),
    [
        (
            "um i want a desert with a camel in it and on the camel there's a man and then a couple of cactuses",
            "a desert with a camel in it",
            "a desert with a camel in it and on the camel there's a man and then a couple of cactuses",
        ),
        ("so a kitchen and a chef and um some garlic please", "some garlic", "a kitchen and a chef and um some garlic"),
        ("breakfast: bacon, eggs (2), toast", "bacon", "bacon, eggs (2), toast"),
        ("castle, princess left, royal guard right", "royal guard right", "castle, princess left, royal guard right"),
        ('a poster "no swimming": shark, wave. beach', "shark, wave", "shark, wave. beach"),
        ("farm please. tractor, a farmer", "tractor, a farmer", "farm, tractor, a farmer"),
        ("petrol station at dusk: a gas pump", "a gas pump", "petrol station at dusk, a gas pump"),
        ("Hello! It is winter. I want a robin on a post", "a robin on a post", "It is winter, a robin on a post"),
    ],
)
def test_what_is_named_beside_a_description_belongs_to_it(said: str, pointed: str, whole: str) -> None:
    assert prompt(said, pointed) == whole


@pytest.mark.parametrize(
    ("said", "pointed"),
    [
        ("paint a cottage. avoid fences and cars", "a cottage"),
        ("a carousel, there shouldn't be any spiders", "a carousel"),
        ("draw: 1) a sloth 2) a squirrel", "a sloth"),
        ("a picture of a fox and then a picture of a bear", "a fox"),
        ("my son loves dogs. draw a cat", "a cat"),
        ("a fox for my phone", "a fox"),
        ("a pub full of badgers, stick a dartboard on the wall", "a pub full of badgers"),
        ("we went to the beach. draw a cat", "a cat"),
        ("when i was a boy the elephants came. i'd like elephants with lanterns", "elephants with lanterns"),
    ],
)
def test_what_is_kept_out_or_asked_for_apart_stays_out(said: str, pointed: str) -> None:
    assert prompt(said, pointed) == pointed


def change(said: str, pointed: str, *captions: str) -> str:
    shelf = tuple(ShelfPicture(number, caption) for number, caption in enumerate(captions, 1))
    made = completed(Scene(said, shelf), Action.edit(len(shelf), pointed))
    return str(made.args["instruction"])


def test_a_change_has_all_that_comes_with_it() -> None:
    assert change("no snacks. crystal ball, stage", "no snacks", "a wizard") == "no snacks. crystal ball, stage"
    assert change("hearts over them, and one rose", "hearts over them", "two doves") == "hearts over them, and one rose"


@pytest.mark.parametrize(
    ("said", "pointed", "captions"),
    [
        ("dew on the dahlia, a bee on the daisy", "dew on the dahlia", ("a daisy", "a dahlia")),  # another picture's
        ("make the flame bigger, it looks like a candle", "make the flame bigger", ("a lamp",)),
        ("my aunt says the duck is a king so a crown on him", "a crown on him", ("a goose",)),
    ],
)
def test_what_calls_a_picture_or_gives_a_reason_is_no_change(
    said: str, pointed: str, captions: tuple[str, ...]
) -> None:
    assert change(said, pointed, *captions) == pointed


@pytest.mark.parametrize(
    ("said", "pointed", "whole"),
    [
        ("that kimono is ugly. lilac", "that kimono is ugly", "that kimono is ugly. lilac"),
        ("8 boots = too much. 1 boot", "8 boots = too much", "8 boots = too much. 1 boot"),
        ("he's smoking in the film. he's got a book", "he's smoking", "he's smoking in the film. he's got a book"),
        ("that colour.. ours are blue then", "that colour", "that colour.. ours are blue"),
        ("put a bee there, honey", "put a bee there", "put a bee there"),
        ("add a fox. crop it square", "add a fox", "add a fox"),
        ("remove the hat, the cat is cold", "remove the hat", "remove the hat"),
        ("tablecloth burgundy, goes with the wine", "tablecloth burgundy", "tablecloth burgundy"),
    ],
)
def test_a_last_fragment_says_how_many_or_what_is_meant(said: str, pointed: str, whole: str) -> None:
    shown = shelf_of('[shelf]\n#1 256×256 "a picture", shows girl, kimono; room\n[/shelf]')
    assert completed(Scene(said, shown), Action.edit(1, pointed)) == Action.edit(1, whole)
