"""What the network decided rightly stays: sentences on which code that knows better once knew worse."""

from __future__ import annotations

import pytest

from models.chat.conversation import Action, Scene, Step, shelf_of
from models.chat.corrections import corrected, needless
from models.chat.decider import Decider
from models.chat.each import row_of
from models.chat.settled import settled
from models.chat.wholeness import in_own_words
from tools.catalog import BY_NAME


def shelf(*lines: str) -> str:
    return "\n".join(("[shelf]", *lines, "[/shelf]"))


TWO = shelf('#1 256×256 "a minotaur scratching its head"', '#2 256×256 "a hedge maze from above"')
SAILOR = shelf('#1 256×256 "an old sailor"', '#2 256×256 "an anchor tattoo", edit of #1')
CLOWN = shelf(
    '#1 256×256 "a clown taking off his make-up"',
    '#2 256×256 "a bulb above", edit of #1',
    '#3 256×256 "tears", edit of #2',
)
VAMPIRE = shelf(
    '#1 256×256 "a graveyard", shows gravestone; graveyard',
    '#2 256×256 "a vampire", edit of #1, shows gravestone, vampire; graveyard',
    '#3 256×256 "no vampire", edit of #2, shows gravestone; graveyard',
)  # fmt: skip
HOTEL = shelf('#1 256×256 "a hotel by the sea"')
OTTERS = shelf('#1 256×256 "three otters in a sidecar"')
ROSES = shelf('#1 256×256 "a rose garden"', '#2 256×256 "a japanese garden"')


@pytest.mark.parametrize(
    ("said", "decided", "on"),
    [
        ("i've got two things: minotaur should hold a map, and the maze should have dead ends",
         Action.edit(1, "minotaur should hold a map"), TWO),
        ("tattoo was silly, he should have an earring instead", Action.edit(1, "he should have an earring"), SAILOR),
        ("Tears are too much, he should merely look tired.", Action.edit(2, "he should merely look tired"), CLOWN),
        ("ok revert pls, and lay a persian rug instead", Action.edit(1, "lay a persian rug"), SAILOR),
        ("hubby says the vampire was the best bit. could he come in again, w/ a glass of wine",
         Action.edit(3, "he come in again, w/ a glass of wine"), VAMPIRE),
        ("the second one, give it wings", Action.edit(2, "give it wings"), ROSES),
        ("anchor off", Action("look_at_image", {"image": 1}), SAILOR),
        ("where's the tattoo gone",
         Action("look_at_image", {"image": 2, "question": "where's the tattoo gone"}), SAILOR),
        ("could you do it with qwen-image this time? a bakery window full of bread",
         Action("generate_image", {"prompt": "a bakery window full of bread", "preset": "qwen-image"}), HOTEL),
        ("just a tree", Action("generate_image", {"prompt": "a tree"}), HOTEL),
        ("make it into a gif", Action(text="I only make and change pictures; for that I can't help."), HOTEL),
        ("could i ask for a painting of a skeleton", Action("generate_image", {"prompt": "a skeleton"}), HOTEL),
        ("i need the rose garden as big as possible for a canvas",
         Action("upscale_image", {"image": 1, "scale": 4}), ROSES),
        ("Too small for my curtain fabric, 4x it.", Action("upscale_image", {"image": 1, "scale": 4}), HOTEL),
        ("get the hotel one down to 3:4",
         Action("adjust_image", {"image": 1, "operation": "crop", "amount": "3:4"}), HOTEL),
        ("We need room at the bottom for the date, so a plain dark band along the foot",
         Action.edit(1, "a plain dark band along the foot"), HOTEL),
        ("would you change the 2nd one of them from the 2 pictures",
         Action("ask_user", {"question": "What should change in #2?"}), ROSES),
        ("lose the otter in the artwork", Action.edit(1, "lose the otter"), OTTERS),
        ("remove the otter's hat also, it frightens the children", Action.edit(1, "remove the otter's hat"), OTTERS),
        ("swap the gas lamp for a neon sign. mirror that.", Action.edit(1, "swap the gas lamp for a neon sign"), HOTEL),
        ("remove the power lines. after that please bring a violin into it",
         Action.edit(1, "remove the power lines"), HOTEL),
        ("dear artist, have the chef on the left", Action.edit(1, "have the chef on the left"), HOTEL),
        ("a van parked at a rock at sundown, three of em, wide",
         Action("generate_image", {"prompt": "a van parked at a rock at sundown", "count": 3, "aspect": "wide"}), ""),
        ("run it with vulture hd, a dog", Action("generate_image", {"prompt": "a dog", "preset": "vulture hd"}), ""),
        ("Sdxl-lightning, seed 808, this concert", Action(
            "generate_image", {"prompt": "this concert", "seed": 808, "preset": "Sdxl-lightning"}), ""),
        ("a christening card now, a font with a duck swimming in it, and the vicar's face, cross but kind", Action(
            "generate_image",
            {"prompt": "a font with a duck swimming in it, and the vicar's face, cross but kind"}), HOTEL),
        ("two more plants, an aloe in sunglasses and a string of pearls",
         Action("generate_image", {"prompt": "an aloe in sunglasses"}), HOTEL),
        ("a pillow the size of a continent and the moon yawning over it. Night night",
         Action("generate_image", {"prompt": "a pillow the size of a continent and the moon yawning over it"}), ""),
        ("I need a logo, quickly, for my dog walking business",
         Action("generate_image", {"prompt": "a logo for my dog walking business"}), ""),
        ("book me a cab to the airport for 5 am",
         Action(text="I only make and change pictures; for that I can't help."), ""),
        ("i lost my zombie chef", Action("find_images", {"query": "zombie chef"}), ""),
        ("our compliance officer asks whether data leaves the laptop",
         Action(text="Yes. Everything runs on this computer."), ""),
    ],
)  # fmt: skip
def test_it_stays(said: str, decided: Action, on: str) -> None:
    presets = ("embedded", "crisp", "qwen-image")
    assert corrected(Scene(said, shelf_of(on), presets=presets), decided) == decided


@pytest.mark.parametrize(
    ("said", "decided", "meant"),
    [
        ("Scale up the otter by 50%.",
         Action("adjust_image", {"image": 1, "operation": "resize", "amount": "150%"}), None),
        ("whats missing is a guitar", Action("look_at_image", {"image": 1, "question": "x"}), "add a guitar"),
        ("oops i meant an alien", Action("generate_image", {"prompt": "an alien"}), "an alien"),
        ("go back to the plain style", Action(text="Nothing is lost: every picture stays on the shelf."), None),
        ("in pixels please", Action("upscale_image", {"image": 1, "scale": 4}), "in pixels"),
        ("more drama!! proper thunderstorm, middle of the night",
         Action("generate_image", {"prompt": "proper thunderstorm, middle of the night"}),
         "proper thunderstorm, middle of the night"),
    ],
)  # fmt: skip
def test_what_was_taken_for_something_else_is_a_change(said: str, decided: Action, meant: str | None) -> None:
    shown = shelf_of(shelf('#1 256×256 "three otters", shows 3 × otter, boat; sea, sketch'))
    assert corrected(Scene(said, shown), decided) == Action.edit(1, meant or said.rstrip("."))


def test_a_list_of_letters_is_several_pictures() -> None:
    made = Step("generate_image", {"prompt": "a squirrel"}, (1,))
    second = Action("generate_image", {"prompt": "the bottom of a sea"})
    assert not needless(Scene("show me a) a squirrel b) the bottom of a sea", steps=(made,)), second)
    assert not needless(Scene("one of a squirrel and one of the bottom of a sea", steps=(made,)), second)


def test_pictures_from_one_to_another_stand_in_a_row() -> None:
    four = shelf_of(shelf(*(f'#{n} 256×256 "a candle"' for n in range(1, 5))))
    assert row_of(Scene("1 to 3 darker all of them", four), changes=False) == [1, 2, 3]
    assert row_of(Scene("first, second and third at night", four), changes=True) == [1, 2, 3]
    assert row_of(Scene("the first bigger, the second and third at night", four), changes=True) == []
    assert row_of(Scene("make the first and second candle red", four), changes=True) == []
    assert row_of(Scene("make it 1 to 3 times larger, that's all", four), changes=False) == []


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("purple brolly. no wait, black", "black brolly"),
        ("a red car. no, a blue one", "a blue car"),
        ("a green hat, actually pink please", "a pink hat please"),
        ("a red car and a blue bus", "a red car and a blue bus"),
    ],
)
def test_a_colour_that_is_taken_back(said: str, meant: str) -> None:
    assert settled(said) == meant


def test_only_a_change_that_was_part_of_its_sentence_is_tried_again() -> None:
    def again(said: str, *steps: Step) -> Action | None:
        return in_own_words(Scene(said, shelf_of(HOTEL), steps=steps))

    failed = Step("edit_image", {"image": 1, "instruction": "fog can stay"}, words="Nothing would change.", failed=True)
    assert again("nite. fog can stay", failed) == Action.edit(1, "nite. fog can stay")
    assert again("fog can stay please", failed) is None  # it had all the words
    assert again("nite. fog can stay", failed, failed) is None
    assert again("nite. fog can stay, and upscale it", Step("upscale_image", {"image": 1}, (2,)), failed) is None


def test_a_picture_that_nothing_speaks_of_is_not_changed(decider: Decider) -> None:
    cats = shelf_of(
        shelf(
            '#1 256×256 "a cat", shows cat; beach',
            '#2 256×256 "add a hat", edit of #1, shows cat, hat; beach',
            '#3 256×256 "hat off", edit of #2, shows cat; beach',
            '#4 256×256 "lilac hat", edit of #2, shows cat, purple hat; beach',
        )
    )
    assert decider.decide(Scene("oops i meant a fox", cats), list(BY_NAME)) == Action.edit(4, "a fox")
    dog = shelf_of(shelf('#1 256×256 "a dog", shows dog; beach', '#2 256×256 "a cat", shows cat; room'))
    assert corrected(Scene("dog with a ball", dog), Action.edit(1, "a ball")) == Action.edit(1, "a ball")


@pytest.mark.parametrize(
    ("said", "aspect"), [("a cat, 4:3", "4:3"), ("a clock at 10:30, wide", "wide"), ("a wide cat in 2.35:1", "2.35:1")]
)
def test_a_new_picture_has_the_shape_that_is_said_in_numbers(said: str, aspect: str) -> None:
    decided = Action("generate_image", {"prompt": "a cat", "aspect": "wide"})
    assert corrected(Scene(said, ()), decided).args["aspect"] == aspect
