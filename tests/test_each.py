"""The same for several pictures, said in one sentence: each gets it, in order, and no other does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.chat.conversation import Action, Exchange, Scene, ShelfPicture, Step
from models.chat.corrections import corrected, needless
from models.chat.each import both_undone, panels_of

SHELF = tuple(ShelfPicture(n, f"a {thing}") for n, thing in enumerate("fox bear cat ship tree".split(), 1))
BATCH = (*SHELF, *(ShelfPicture(n, "a moon") for n in (6, 7, 8)))


def played(said: str, first: Action, shelf: tuple[ShelfPicture, ...] = SHELF, came: tuple[int, ...] = ()) -> list[int]:
    """The pictures that a sentence's call is made for, where the network would make `first` again and again."""
    steps, new = list[Step](), len(shelf)
    while True:
        scene = Scene(said, shelf, steps=tuple(steps), came=came)
        action = corrected(scene, Action(first.name, dict(first.args)))
        if needless(scene, action) or len(steps) > 9:
            return [step.args["image"] for step in steps]
        steps.append(Step(action.name, action.args, (new := new + 1,)))


def upscale(image: int) -> Action:
    return Action("upscale_image", {"image": image})


def brighter(image: int) -> Action:
    return Action("adjust_image", {"image": image, "operation": "brightness", "amount": "+40"})


@pytest.mark.parametrize(
    ("said", "first", "pictures"),
    [
        ("brighten all pictures a lot", brighter(5), [1, 2, 3, 4, 5]),
        ("lighten the whole set loads", brighter(5), [1, 2, 3, 4, 5]),
        ("I like all, enlarge it 2 x", upscale(2), [1, 2, 3, 4, 5]),
        ("upscale every one of my pictures", upscale(4), [1, 2, 3, 4, 5]),
        ("the last 3 upscaled", upscale(5), [3, 4, 5]),
        ("enlarge the two newest", upscale(5), [4, 5]),
        ("loads more brightness on 1, 2, 4 and 5", brighter(1), [1, 2, 4, 5]),
        ("brighten pictures 2, 3 n 5", brighter(2), [2, 3, 5]),
        ("upscale #4 and #2", upscale(4), [4, 2]),
        ("enlarge them", upscale(5), [1, 2, 3, 4, 5]),
    ],
)
def test_what_is_said_of_several_pictures_is_done_to_each_in_order(
    said: str, first: Action, pictures: list[int]
) -> None:
    assert played(said, first) == pictures


def test_all_of_them_are_those_that_were_made_together_last() -> None:
    assert played("upscale all of them", upscale(8), BATCH) == [6, 7, 8]
    assert played("make all of them red", Action.edit(8, "make it red"), BATCH) == [6, 7, 8]


@pytest.mark.parametrize(
    ("said", "action"),
    [
        ("make them all red", Action.edit(5, "make them all red")),
        ("after all, a hat", Action.edit(5, "a hat")),
        ("give it 2 and 3 legs", Action.edit(5, "give it 2 and 3 legs")),
        ("the last three apples are red", Action.edit(5, "the last three apples are red")),
        ("upscale it and then brighten all pictures", upscale(5)),
    ],
)
def test_things_in_a_picture_and_several_orders_are_no_row_of_pictures(said: str, action: Action) -> None:
    assert corrected(Scene(said, SHELF), action).args["image"] == 5


def test_a_picture_that_is_not_there_is_left_to_be_asked_about() -> None:
    asked = Action("ask_user", {"question": "There is no #9. Which one do you mean?", "choices": ["#1", "#2"]})
    assert corrected(Scene("upscale #2 and #9", SHELF), asked) == asked


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("winter version and summer version", ["make it winter", "make it summer"]),
        ("make a rainy and a sunny version please", ["make it rainy", "make it sunny"]),
        ("night or sunset? show me both", ["make it night", "make it sunset"]),
        ("show me it at night and at sunset", ["make it night", "make it sunset"]),
        ("make it at night and in snow", []),
        ("a black and white version", []),
        ("a small and a large version", []),
    ],
)
def test_of_each_version_that_is_named_one_is_made(said: str, wanted: list[str]) -> None:
    steps, first = list[Step](), Action.edit(5, said)
    while not needless(scene := Scene(said, SHELF, steps=tuple(steps)), action := corrected(scene, first)):
        if not action.name or action == first:
            break
        steps.append(Step(action.name, action.args, (6 + len(steps),)))
    assert [(step.args["image"], step.args["instruction"]) for step in steps] == [(5, one) for one in wanted]


THINGS = (
    ShelfPicture(1, "a cat", shows="cat; garden"),
    ShelfPicture(2, "a dog with a hat", shows="dog, hat; garden"),
    ShelfPicture(3, "two cats", shows="2 × cat; room"),
    ShelfPicture(4, "a cat with a hat", shows="cat, hat; beach"),
)


@pytest.mark.parametrize(
    ("said", "first", "pictures"),
    [
        ("all but the last brighter", brighter(4), [1, 2, 3]),
        ("everything except #2 brighter", brighter(1), [1, 3, 4]),
        ("every picture but the dog brighter", brighter(1), [1, 3, 4]),
        ("enlarge both hat pictures", upscale(2), [2, 4]),
        ("pics 1-3 brighter", brighter(1), [1, 2, 3]),
        ("make the cat orange in all of them", Action.edit(4, "make the cat orange"), [1, 3, 4]),
        ("enlarge the two hats pictures", upscale(2), [2, 4]),
    ],
)
def test_a_row_may_be_what_shows_a_thing_or_all_but_one(said: str, first: Action, pictures: list[int]) -> None:
    assert played(said, first, THINGS) == pictures


UPLOADS = (*THINGS[:3], ShelfPicture(4, "a.jpg", "upload"), ShelfPicture(5, "b.jpg", "upload"))


@pytest.mark.parametrize(
    ("said", "first", "pictures"),
    [
        ("brighten both", brighter(1), [4, 5]),
        ("make them brighter", brighter(5), [4, 5]),
        ("make the first one brighter", brighter(4), [4]),
        ("lighten both ears", brighter(5), [5]),
        ("make #4 and #5 brighter", brighter(5), [4, 5]),
        ("brighten the second one, thanks for all", brighter(5), [5]),
        ("make it the same for all: brighter", brighter(5), [4, 5]),
        ("do it to both of them, brighter", brighter(5), [4, 5]),
    ],
)
def test_both_are_the_uploads_that_came_with_the_words(said: str, first: Action, pictures: list[int]) -> None:
    assert played(said, first, UPLOADS, came=(4, 5)) == pictures


@pytest.mark.parametrize("before", ["", "all the best from the beach! "])
def test_of_several_uploads_it_may_be_any(before: str) -> None:
    scene = Scene(f"{before}make it brighter", UPLOADS, came=(4, 5), together=(4, 5))
    choices = [f"{before}make {these} brighter" for these in ("#4", "#5", "#4 and #5")]
    asked = Action("ask_user", {"question": "Which one do you mean?", "choices": choices})
    assert corrected(scene, brighter(5)) == asked
    assert corrected(replace(scene, together=(5,)), brighter(5)) == brighter(5)
    assert played(choices[-1], brighter(5), UPLOADS) == [4, 5]


NIGHTS = (
    ShelfPicture(1, "a cat", shows="cat; garden"),
    ShelfPicture(2, "a dog", shows="dog; beach"),
    ShelfPicture(3, "make it night", "edit", (1,), shows="cat; garden, night"),
)


@pytest.mark.parametrize(
    ("said", "first", "pictures"),
    [
        ("make both of them snowy", Action.edit(1, "make both of them snowy"), [2, 3]),
        ("make both black and white", brighter(1), [2, 3]),
        ("these two brighter", brighter(1), [2, 3]),
        ("make it both brighter and sharper", brighter(3), [3]),
        ("both eyes brighter", brighter(3), [3]),
        ("the dog one and the cat one, both brighter", brighter(3), [3]),
        ("the garden and the cat, both brighter", brighter(3), [3]),
    ],
)
def test_both_are_the_newest_of_the_last_two_lines(said: str, first: Action, pictures: list[int]) -> None:
    assert played(said, first, NIGHTS) == pictures
    pair = (*NIGHTS, ShelfPicture(4, "add a dog", "edit", (3,), shows="cat, dog; garden, night"))
    assert played(said, Action.edit(4, said), pair)[1:] == []


def test_all_but_some_things_are_no_pictures() -> None:
    action = Action.edit(4, "remove all but the hat")
    assert played("remove all but the hat", action, THINGS) == [4]


def test_what_is_wanted_of_several_is_said_of_each() -> None:
    action = Action.edit(4, "all the hats blue")
    assert corrected(Scene("all the hats blue", THINGS), action) == Action.edit(2, "the hat blue")
    told = "all the cats i know hate water, give it a hat"
    assert played(told, Action.edit(4, "give it a hat"), THINGS) == [4]
    assert corrected(Scene("both cats orange", THINGS), Action.edit(4, "both cats orange")).args["image"] == 3


def test_a_comic_is_painted_clause_by_clause() -> None:
    said, done = "comic in 3 panels: a cat sees a fish, the cat jumps, the cat is wet", list[Step]()
    for number, clause in enumerate(("a cat sees a fish", "the cat jumps", "the cat is wet"), 1):
        scene = Scene(said, steps=tuple(done))
        action = corrected(scene, Action("generate_image", {"prompt": "a cat sees a fish", "count": 3}))
        assert action == Action("generate_image", {"prompt": clause}) and not needless(scene, action)
        done.append(Step(action.name, action.args, (number,)))
    scene = Scene(said, steps=tuple(done))
    assert needless(scene, corrected(scene, Action("generate_image", {"prompt": "a wet cat"})))


@pytest.mark.parametrize("said", ["comic in 3 panels: a cat, a dog", "3 pictures: a cat, a dog, a bird", "a comic"])
def test_panels_are_as_many_as_their_clauses(said: str) -> None:
    assert panels_of(said) == []


def test_undo_both_shows_each_of_the_two_as_it_was() -> None:
    made = tuple(Step("edit_image", {"image": n, "instruction": "make both red"}, (n + 5,)) for n in (1, 2))
    scene = Scene("undo both", BATCH, (Exchange("make both red", made),))
    looks = [Action("look_at_image", {"image": n}) for n in (1, 2)]
    assert both_undone(scene) == looks[0]
    assert both_undone(replace(scene, steps=(Step(looks[0].name, looks[0].args),))) == looks[1]
    chain = (made[0], Step("edit_image", {"image": 6, "instruction": "make it red"}, (7,)))
    assert both_undone(replace(scene, past=(Exchange("red, then a hat", chain),))) is None
