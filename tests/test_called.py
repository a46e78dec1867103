"""Which picture a sentence calls in words: by how it was made, by its place among those that show a thing, by what it
shows or lacks."""

from __future__ import annotations

import pytest

from models.chat.called import pointed_at_in
from models.chat.conversation import Action, Exchange, Scene, ShelfPicture, Step, it_of, named
from models.chat.corrections import corrected
from models.chat.decider import Decider
from models.chat.forms import wish_of
from models.chat.returning import as_answered, of_the_called
from tools.catalog import BY_NAME

SHELF = (
    ShelfPicture(1, "a lighthouse by the sea", size="320×192", shows="lighthouse; beach"),
    *(ShelfPicture(n, "a robot in a garden", size="256×256", shows="robot; garden") for n in (2, 3, 4)),
    ShelfPicture(5, "make it blue", "edit", (3,), "256×256", shows="blue robot; garden"),
    ShelfPicture(6, "add a dog", "edit", (5,), "256×256", shows="blue robot, dog; garden"),
    ShelfPicture(7, "add a dog, greyscale", "adjustment", (6,), "256×256"),
    ShelfPicture(8, "make it blue, 4 times larger", "upscale", (5,), "1024×1024", shows="blue robot; garden"),
    ShelfPicture(9, "me.jpg", "upload", (), "192×320"),
    ShelfPicture(10, "as a pencil sketch", "edit", (1,), "320×192", shows="lighthouse; beach, sketch"),
    ShelfPicture(11, "two foxes", size="256×256", shows="fox; meadow, night"),
)


@pytest.mark.parametrize(
    ("said", "image", "wanted"),
    [
        ("the first robot in the rain", 2, "in the rain"),
        ("the third robot, give it a flower", 4, "give it a flower"),
        ("the last robot of the three with a hat", 4, "with a hat"),
        ("describe the second robot", 3, "describe the robot"),
        ("the second robot should hold an umbrella", 3, "the robot should hold an umbrella"),
        ("rotate the black and white one left", 7, "rotate it left"),
        ("the grey one 2x", 7, "2x"),
        ("the big one, crop it square", 8, "crop it square"),
        ("the enlarged robot, darker", 8, "darker"),
        ("the tall one, but at night", 9, "at night"),
        ("the sketch with two boats", 10, "with two boats"),
        ("take the one with the dog and make it snow", 7, "make it snow"),
        ("the one with no dog and add a cat", 11, "add a cat"),
        ("latest one in the forest", 11, "in the forest"),
        ("the lighthouse picture from the start, at sunset", 1, "at sunset"),
    ],
)
def test_what_is_wanted_goes_to_the_picture_that_is_called(said: str, image: int, wanted: str) -> None:
    scene = of_the_called(Scene(said, SHELF))
    assert (it_of(scene), scene.said) == (image, wanted)


@pytest.mark.parametrize(
    "said",
    [
        "make the big one red and the small one blue",
        "the eighth robot in the rain",
        "the one without the elephant, add a cat",
        "make it like the sketch",
        "a robot and a dog",
    ],
)
def test_what_calls_none_or_several_is_left_as_it_was_said(said: str) -> None:
    assert of_the_called(scene := Scene(said, SHELF)) == scene


def test_where_several_of_a_kind_stand_in_a_picture_these_are_meant() -> None:
    shelf = (*SHELF, ShelfPicture(12, "three robots", shows="3 × robot; garden"))
    for said in ("make the second robot blue", "the big one in red", "all the robots in blue"):
        assert of_the_called(scene := Scene(said, shelf)) == scene
    assert corrected(Scene("all the robots in blue", shelf), Action.edit(12, "in blue")).args["image"] == 12


@pytest.mark.parametrize(
    ("said", "image"),
    [
        ("the sketch please", 10),
        ("my upload", 9),
        ("not the sketch but the night one", 11),
        ("i said the night one", 11),
        ("find the one with the dog", 7),
        ("the first robot", 2),
        ("the second of the three", 0),
        ("the second one", 0),
        ("the sketch was nicer after all", 10),
        ("the night one, not the sketch", 11),
        ("the original of the night one", 11),
        ("the sketch at night", 0),
    ],
)
def test_a_picture_that_is_only_pointed_at_in_words_is_shown(said: str, image: int) -> None:
    assert wish_of(Scene(said, SHELF)) == (Action("look_at_image", {"image": image}) if image else None)


EDITS = (
    ShelfPicture(1, "a man in a park", shows="man; park"),
    ShelfPicture(2, "add a red hat", "edit", (1,), shows="man, red hat; park"),
    ShelfPicture(3, "make it night", "edit", (2,), shows="man, red hat; park, night"),
    ShelfPicture(4, "add a dog", "edit", (3,), shows="man, dog, red hat; park, night"),
    ShelfPicture(5, "make the hat blue", "edit", (4,), shows="man, dog, blue hat; park, night"),
)


@pytest.mark.parametrize(
    ("said", "image"),
    [
        ("two steps ago", 3),
        ("before the hat please", 1),
        ("i liked it better in red", 4),
        ("back to when the hat was red", 4),
        ("the man before it was blue", 4),
        ("bring the red hat back", 4),
        ("before the elephant", 0),
    ],
)
def test_who_goes_back_to_how_it_was_sees_that_picture(said: str, image: int) -> None:
    assert wish_of(Scene(said, EDITS)) == (Action("look_at_image", {"image": image}) if image else None)


def test_what_is_undone_may_be_of_another_line() -> None:
    shelf = (*EDITS, ShelfPicture(6, "add a dog, flip horizontal", "adjustment", (4,)), ShelfPicture(7, "a cake"))
    for said in ("undo the flip", "flip it back", "before the flip"):
        assert wish_of(Scene(said, shelf)) == Action("look_at_image", {"image": 4})


def test_again_after_an_undo_goes_one_step_further_back() -> None:
    past = (Exchange("undo", (Step("look_at_image", {"image": 4}),), ""),)
    assert wish_of(Scene("again", EDITS, past)) == Action("look_at_image", {"image": 3})


def test_by_day_is_a_change_of_what_is_night_and_who_keeps_it_so_changes_nothing() -> None:
    assert wish_of(Scene("back to daytime", EDITS)) == Action.edit(5, "make it day")
    assert wish_of(Scene("ok keep it like that", EDITS)) == Action(text="All right.")


VARIED = (
    ShelfPicture(1, "a castle", shows="castle; mountains"),
    *(ShelfPicture(n, "variation of a castle", "variation", (1,), shows="castle; mountains") for n in (2, 3, 4)),
)
PAST = (Exchange("three variations", (Step("vary_image", {"image": 1, "count": 3}, (2, 3, 4)),)),)


@pytest.mark.parametrize(
    ("said", "decided", "image"),
    [
        ("the second one", Action("vary_image", {"image": 3, "count": 3}), 3),
        ("go with 2", Action("vary_image", {"image": 2, "count": 2}), 2),
        ("2 please", Action("vary_image", {"image": 4, "count": 2}), 2),
        ("third picture pls", Action("vary_image", {"image": 4, "count": 3}), 4),
        ("not that one, the second", Action("upscale_image", {"image": 3}), 3),
    ],
)
def test_who_points_at_a_picture_gets_no_further_ones(said: str, decided: Action, image: int) -> None:
    assert corrected(Scene(said, VARIED, PAST), decided) == Action("look_at_image", {"image": image})


@pytest.mark.parametrize(
    ("said", "decided"),
    [
        ("three more of the second one", Action("vary_image", {"image": 3, "count": 3})),
        ("and the second one too", Action("vary_image", {"image": 3, "count": 3})),
        ("enlarge the second one", Action("upscale_image", {"image": 3})),
        ("the second one 2x", Action("upscale_image", {"image": 3, "scale": 2})),
    ],
)
def test_who_asks_for_more_than_to_see_it_gets_that(said: str, decided: Action) -> None:
    assert corrected(Scene(said, VARIED, PAST), decided) == decided


def test_what_is_wanted_too_is_told_and_not_the_last_change_made_once_more() -> None:
    past = (
        Exchange("make the hat blue", (Step("edit_image", {"image": 4, "instruction": "make the hat blue"}, (5,)),)),
    )
    shelf = (*EDITS, ShelfPicture(6, "a house by a lake", shows="house; beach"))
    again = Action.edit(6, "make the hat blue")
    assert corrected(Scene("house at sunset too", shelf, past), again) == Action.edit(6, "at sunset")


def test_pictures_of_different_turns_are_no_batch() -> None:
    shelf = tuple(ShelfPicture(n, "a dog") for n in (1, 2, 3))
    made = [
        Exchange("draw a dog", (Step("generate_image", {"prompt": "a dog"}, handles),)) for handles in ((1,), (2, 3))
    ]
    assert [handle for handle, hints in named(Scene("the first one", shelf, tuple(made))).items() if hints[1]] == [2]
    assert [handle for handle, hints in named(Scene("the first one", shelf)).items() if hints[1]] == [1]


def test_a_place_is_one_of_the_row_of_the_sentence_before() -> None:
    shelf = (*SHELF[:4], ShelfPicture(5, "make it blue", "edit", (3,)))
    before = Exchange(
        "make the second one blue", (Step("edit_image", {"image": 3, "instruction": "make it blue"}, (5,)),)
    )
    hints = named(Scene("i meant the third one", shelf, (before,)))
    assert [handle for handle, (_, place, _) in hints.items() if place] == [4]


def test_what_was_asked_for_is_not_forgotten_over_an_answer_that_adds_to_it() -> None:
    asked = {"question": "There is no #9. Which one do you mean?", "choices": ["#1", "#2"]}
    scene = Scene("i meant 2, and add a knife", EDITS, (Exchange("make #9 darker", (Step("ask_user", asked),)),))
    assert as_answered(scene).said == "make #2 darker and add a knife"
    assert as_answered(Scene("2", EDITS, scene.past)).said == "2"


NUMBER_ASKED = Exchange("2", (Step("ask_user", {"question": "Is 2 the number of a picture, or how many?"}),))


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        ("the number of a picture", "show #2"),
        ("a picture", "show #2"),
        ("it's picture 2", "show #2"),
        ("#1", "show #1"),
        ("2", "show #2"),
        ("how many", "2 of them"),
        ("how many of something", "2 of them"),
        ("make it blue", "make it blue"),
    ],
)
def test_whether_a_number_is_a_pictures_is_answered_in_plain_words(answer: str, meant: str) -> None:
    scene = as_answered(Scene(answer, EDITS, (NUMBER_ASKED,)))
    assert scene.said == meant
    assert not meant.startswith("show") or wish_of(scene) == Action("look_at_image", {"image": int(meant[-1])})


def test_a_picture_called_by_its_number_alone_is_shown() -> None:
    assert wish_of(Scene("#2", EDITS)) == Action("look_at_image", {"image": 2})
    assert wish_of(Scene("#99", EDITS)) is None


def test_pages_are_called_by_their_numbers() -> None:
    past = tuple(
        Exchange(f"page {n}: tim and a fox", (Step("generate_image", {"prompt": "tim and a fox"}, (handle,)),))
        for n, handle in ((1, 2), (2, 3))
    )
    scene = of_the_called(Scene("on page 1 the fox should wear a hat", EDITS[:3], past))
    assert (it_of(scene), scene.said) == (3, "the fox should wear a hat")
    assert wish_of(Scene("page 3, tim is home", EDITS, past)) == Action("generate_image", {"prompt": "tim is home"})
    assert wish_of(Scene("page 3, tim is home", EDITS)) is None


@pytest.mark.parametrize(
    ("said", "one", "other"),
    [
        ("put the robot from the second one into the first", 1, 2),
        ("put the robot from 3 into the sketch picture", 10, 3),
        ("1 with the robot of 3", 1, 3),
        ("sky of the second in the first", 1, 2),
        ("the robot from #6 in the garden of #3", 3, 6),
        ("mix the first and the second", 1, 2),
    ],
)
def test_what_comes_from_another_picture_names_it(said: str, one: int, other: int) -> None:
    wish = wish_of(Scene(said, SHELF)) or Action()
    assert (wish.args.get("image"), wish.args.get("references")) == (one, [other])


def test_the_style_of_one_picture_is_given_to_another() -> None:
    assert wish_of(Scene("same style as #10 for #2", SHELF)) == Action.edit(2, "in sketch style")


def test_a_picture_called_in_words_is_compared_too() -> None:
    told = "#10 shows lighthouse; beach, sketch. #11 shows fox; meadow, night.".replace(";", " –")
    assert wish_of(Scene("compare this with the sketch", SHELF)) == Action(text=told)


def test_a_thing_is_resized_in_the_picture_that_shows_it_as_it_is_called() -> None:
    shelf = (
        ShelfPicture(1, "a white cat", shows="white cat; garden"),
        ShelfPicture(2, "a cat", shows="cat; city, snow"),
    )
    larger = Action.edit(1, "make the white cat bigger")
    assert corrected(Scene("make the white cat bigger", shelf), Action("upscale_image", {"image": 1})) == larger
    smaller = Action.edit(1, "make the white cat smaller")
    assert corrected(Scene("make the white cat smaller", shelf), smaller) == smaller


def test_what_is_said_at_the_head_of_a_picture_at_a_place_goes_there(decider: Decider) -> None:
    scene = Scene("the second picture, with a red sofa", EDITS)
    assert decider.decide(scene, list(BY_NAME)) == Action.edit(2, "with a red sofa")


def test_who_says_undo_once_more_is_not_painted() -> None:
    back = Action("look_at_image", {"image": 4})
    assert corrected(Scene("i said undo", EDITS), back).name == "look_at_image"


def test_who_says_no_and_not_names_one_thing_that_goes() -> None:
    shelf = (ShelfPicture(1, "a man and a dog", shows="dog, man; park"),)
    shown = Action("look_at_image", {"image": 1})
    assert corrected(Scene("no, not the dog", shelf), shown) == Action.edit(1, "remove the dog")


def test_another_seed_is_no_part_of_a_picture() -> None:
    again = Action("generate_image", {"prompt": "a castle with another seed"})
    assert corrected(Scene("again with another seed", EDITS), again).args == {"prompt": "a castle"}


@pytest.mark.parametrize(
    "said", ["latest picture please", "make the newest one brighter", "the first robot in the rain"]
)
def test_where_no_picture_is_none_is_called(said: str) -> None:
    assert of_the_called(scene := Scene(said, ())) == scene
    assert pointed_at_in(scene, "the latest one") == 0


BUSES = (
    ShelfPicture(1, "a yellow bus in the city", shows="yellow bus; city, rain"),
    ShelfPicture(2, "an astronaut on the moon", shows="astronaut, flag; moon"),
    ShelfPicture(3, "two cows and three chickens", shows="2 × cow, 3 × chicken; farm"),
    ShelfPicture(4, "a table", shows="table; kitchen"),
)


def in_hand(said: str, image: int) -> Scene:
    return Scene(said, BUSES, (Exchange("go back", (Step("look_at_image", {"image": image}),)),))


@pytest.mark.parametrize(
    ("said", "decided", "wanted"),
    [
        ("add an astronaut", Action.edit(2, "add an astronaut"), Action.edit(1, "add an astronaut")),
        ("give it a flag to wave", Action.edit(2, "give it a flag"), Action.edit(1, "give it a flag")),
        ("add the astronaut to it", Action.edit(2, "add the astronaut"), Action.edit(1, "add an astronaut")),
        ("put the flag there too", Action("look_at_image", {"image": 2}), Action.edit(1, "add a flag")),
        ("put there also a cow", Action("look_at_image", {"image": 3}), Action.edit(1, "add a cow")),
        ("add the bus", Action.edit(4, "add the bus"), Action.edit(1, "add the bus")),
        ("paint the bus", Action.edit(4, "paint the bus"), Action("look_at_image", {"image": 1})),
        ("add a flag to the astronaut", Action.edit(2, "add a flag to the astronaut"), None),
        ("add an astronaut on the moon", Action.edit(2, "add an astronaut on the moon"), None),
        ("put the flag in the snow", Action.edit(2, "put the flag in the snow"), None),
        ("add a flag to the second picture", Action.edit(2, "add a flag"), None),
    ],
)
def test_what_is_to_come_calls_no_picture_that_shows_one(said: str, decided: Action, wanted: Action | None) -> None:
    assert corrected(in_hand(said, 1), decided) == (wanted or decided)


@pytest.mark.parametrize(
    ("captions", "said", "meant"),
    [
        (("a house", "make it spring"), "make it autumn", "make it autumn instead"),
        (("a house", "make it spring"), "make it autumn and add a dog", "make it autumn and add a dog"),
        (("a house", "make it spring", "add three more tulips"), "make it autumn", "make it autumn"),
        (("a christmas tree and two gifts",), "make it summer", "make it summer"),
        (("a house", "make it spring"), "make it red", "make it red"),
    ],
)
def test_a_season_comes_instead_of_one_that_was_ordered(captions: tuple[str, ...], said: str, meant: str) -> None:
    shelf = tuple(
        ShelfPicture(n, caption, "edit" if n > 1 else "picture", (n - 1,) if n > 1 else ())
        for n, caption in enumerate(captions, 1)
    )
    decided = Action.edit(len(shelf), said)
    assert corrected(Scene(said, shelf), decided) == Action.edit(len(shelf), meant)


@pytest.mark.parametrize(
    ("said", "decided", "image", "instruction"),
    [
        ("take the bus from the first one and put it on the moon", Action.edit(1, "put it on the moon"), 2,
         "put a yellow bus on the moon"),
        ("put the bus on the moon next to the flag", Action.edit(2, "put the bus on the moon next to the flag"), 2,
         "add a yellow bus on the moon next to the flag"),
    ],
)  # fmt: skip
def test_what_is_taken_from_a_picture_comes_to_the_other_as_it_is(
    said: str, decided: Action, image: int, instruction: str
) -> None:
    assert corrected(in_hand(said, 2), decided) == Action.edit(image, instruction)


@pytest.mark.parametrize(("image", "stays"), [(4, 3), (3, 3)])
def test_all_but_a_thing_goes_from_a_picture_that_shows_it(image: int, stays: int) -> None:
    said = "remove everything except the chickens"
    assert corrected(in_hand(said, image), Action.edit(4, said)) == Action.edit(stays, said)
    none = "remove everything but the elephant"
    assert corrected(in_hand(none, image), Action.edit(image, none)) == Action.edit(image, none)


@pytest.mark.parametrize(("said", "prompt"), [("draw a dog like this one", "a dog"), ("paint two foxes like that", "")])
def test_what_is_drawn_like_a_picture_that_shows_none_is_a_new_picture(said: str, prompt: str) -> None:
    vary = Action("vary_image", {"image": 11})
    wanted = Action("generate_image", {"prompt": prompt}) if prompt else vary
    assert corrected(Scene(said, SHELF), vary) == wanted
