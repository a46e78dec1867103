"""What is said around a wish, to be kind or while one thinks, changes nothing of it."""

from __future__ import annotations

from itertools import product

import pytest
from composing import SQUARES, names, seeded

from models.chat.conversation import Action, Exchange, Scene, ShelfPicture, Step
from models.chat.decider import Decider
from models.english.politeness import without_fillers
from models.scene.composer import Composer
from tools.catalog import BY_NAME

OPENERS = (
    "um, ",
    "uh ",
    "lol ",
    "ok so ",
    "then ",
    "hey mate, ",
    "well, ",
    "great, now ",
    "pls ",
    "Hmm... ",
    "so yeah ",
)
CLOSERS = (" please", " lol", " mate", ", ta", " thanks so much!", " pls bro", ", love", "")
SHELF = (
    ShelfPicture(1, "a boat on the sea", shows="boat; sea"),
    ShelfPicture(2, "add a whale", "edit", (1,), shows="boat, whale; sea"),
)
PAST = (
    Exchange("add a whale", (Step("edit_image", {"image": 1, "instruction": "add a whale"}, (2,)),), "Here is #2."),
)


@pytest.fixture(scope="module")
def decider() -> Decider:
    return Decider.load()


@pytest.mark.parametrize("said", ["go back", "what changed", "make it night", "undo"])
def test_fillers_leave_a_sentence_as_it_is(said: str) -> None:
    wordings = [f"{opener}{said}{closer}" for opener, closer in product(OPENERS, CLOSERS)]
    assert {without_fillers(wording).rstrip("!") for wording in wordings} == {said}


@pytest.mark.parametrize(
    "said",
    [
        "no, red", "Mate the robot", "a fox and its mate", "give him a friendly mate", "add a pirate and a mate",
        "well in a garden", "a stone well", "well, a bucket and a rope", "just the cat", "just keep the cat",
        "then a hat", "and a hat", "a hat then", "so many cats", "not this one", "again", "the cat instead",
        "also add a cat", "actually a dog", "wait no, blue", "put the fox on the right", "oh no", "uh oh",
        "hello kitty", "is that ok", "ok sign on a door", "add one mate", "make it say thanks", "write good luck mate",
        "add the words thank you", "like a dragon", "a card: thank you",
        "the cat's mate", "a swan beside mate", "an older bro", "her name is Luv", "a bear and friend Ty",
        "love from mum xx", "a letter signed xx", "people drinking cheers", "kindly old man", "a cup of ta",
        "a card that says good luck mate", "a cool dude", "add a cool dude", "add dude", "a gym bro",
        "turn him into a surfer dude", "replace the dog with a tall dude", "a fishing buddy", "a dolphin mate",
        "swan & mate", "fox + mate", "give him a dolphin mate", "add the word please", "put a note: haha",
        "my dog, his name is buddy", "add the letters xx", "a tattoo of xx", "a big thank you",
        "a sign that says please", "make it say thx", "ER nurse", "LOL doll", "mm ruler", "haha emoji", "OK corral",
        "paint, brush, easel", "peace, love", "a speech bubble with thanks", "a boat (on the sea please)", "wait what",
    ],
)  # fmt: skip
def test_what_means_something_is_kept(said: str) -> None:
    assert without_fillers(said) == said


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("no, um, red", "no, red"),
        ("and please a hat", "and a hat"),
        ("ok no lol the cat", "no the cat"),
        ("can you pls just add a hat", "can you add a hat"),
        ("can you please replace his hat by a crown", "can you replace his hat by a crown"),
        ("hey robot, an owl on a hill", "an owl on a hill"),
        ("hmm, actually both", "actually both"),
        ("hey u forgot the flowers!", "u forgot the flowers!"),
        ("ok now a thank you card with flowers please", "now a thank you card with flowers"),
        ("so cool! now give it a red scarf (thx)", "give it a red scarf"),
        ("ok lol ok just a person", "just a person"),
        ("lol a dog", "a dog"),
        ("lol no the other one", "no the other one"),
    ],
)
def test_fillers_are_heard_behind_what_is_kept(said: str, rest: str) -> None:
    assert without_fillers(said) == rest


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("the dog one mate", "the dog one"),
        ("no dog mate", "no dog"),
        ("what is the seed mate", "what is the seed"),
        ("put it on the right side mate", "put it on the right side"),
        ("make the hat bigger bro", "make the hat bigger"),
        ("remove the boat bro", "remove the boat"),
        ("make the background blue mate", "make the background blue"),
        ("a boat pls bro", "a boat"),
        ("a sign that says hello thx", "a sign that says hello"),
        ("change the words please", "change the words"),
        ("a boat on the sea ta", "a boat on the sea"),
    ],
)
def test_a_form_of_address_goes_where_what_is_said_before_it_is_whole(said: str, rest: str) -> None:
    assert without_fillers(said) == rest


@pytest.mark.parametrize("run", ["." * 20_000, " " * 20_000, " so well then" * 100, " lol" * 500])
def test_long_runs_are_read_at_once(run: str) -> None:
    assert without_fillers(f"a fox{run} at night") == f"a fox{run} at night"


@pytest.mark.parametrize(
    "said",
    [
        "a card that says good luck mate", "a cup of ta", "a fox and its mate", "a card: thank you", "love from mum xx",
        "a speech bubble with thanks", "people drinking cheers", "a swan beside mate", "a cool dude",
    ],
)  # fmt: skip
def test_a_picture_is_asked_for_whole(decider: Decider, said: str) -> None:
    assert decider.decide(Scene(said), list(BY_NAME)) == Action("generate_image", {"prompt": said})


@pytest.mark.parametrize(
    "said", ["um", "ok then", "thanks mate", "please", "Cool thanks.", "hey easel", "thx!", "ok so", "👍"]
)
def test_fillers_alone_are_what_is_said(said: str) -> None:
    assert without_fillers(said) == said


@pytest.mark.parametrize("said", ["go back", "what changed?", "start over", "compare #1 and #2", 'write "hello"'])
def test_a_form_is_decided_as_without_fillers(decider: Decider, said: str) -> None:
    meant = decider.decide(Scene(said, SHELF, PAST), list(BY_NAME))
    for opener, closer in product(OPENERS, CLOSERS):
        wording = f"{opener}{said}{closer}"
        assert decider.decide(Scene(wording, SHELF, PAST), list(BY_NAME)) == meant, wording


@pytest.mark.parametrize(
    ("said", "bare"),
    [
        ("um, get rid of it", "get rid of it"),
        ("lol get rid of it mate", "get rid of it"),
        ("uh make it navy", "make it navy"),
        ("ok so just make it night, ta", "make it night"),
        ("um, the first one was better lol", "the first one was better"),
    ],
)
def test_the_network_hears_no_fillers(decider: Decider, said: str, bare: str) -> None:
    tools = list(BY_NAME)
    assert decider.decide(Scene(said, SHELF, PAST), tools) == decider.decide(Scene(bare, SHELF, PAST), tools)


@pytest.mark.parametrize(
    "said", ["um, add a whale mate", "lol, add a whale", "then add a whale ta", "ok so just add a whale"]
)
def test_the_painter_hears_no_fillers(composer: Composer, said: str) -> None:
    before = composer.plan("a boat on the sea", SQUARES, seeded(1))
    assert composer.plan("um so, a boat on the sea lol", SQUARES, seeded(1)) == before
    changed = composer.plan_edit(said, before, SQUARES, seeded(1))
    assert changed == composer.plan_edit("add a whale", before, SQUARES, seeded(1))
    assert names(composer, changed) == ["boat", "whale"]


def test_each_wish_of_a_sentence_is_heard_without_fillers(composer: Composer) -> None:
    before = composer.plan("a boat on the sea", SQUARES, seeded(1))
    said, bare = "um make the boat red and then please add a whale lol", "make the boat red and add a whale"
    assert composer.plan_edit(said, before, SQUARES, seeded(1)) == composer.plan_edit(bare, before, SQUARES, seeded(1))
