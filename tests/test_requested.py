"""What the form of a whole sentence asks for, and what "it" is where several things are to be seen."""

from __future__ import annotations

import pytest

from models.chat.conversation import Action, Exchange, Scene, ShelfPicture, Step
from models.chat.corrections import corrected
from models.chat.surprises import WHAT_TO_SHOW


def after(said: str, decided: Action, *shows: str, instruction: str = "") -> Action:
    """What is done at `said` of a picture that was edited by an instruction, if it was; `shows` is what was seen in it
    and, ahead of that, in the one before."""
    shelf = [ShelfPicture(1, "a picture", shows=shows[0])]
    past = [Exchange("a picture", (Step("generate_image", {"prompt": "a picture"}, (1,)),))]
    if instruction:
        shelf.append(ShelfPicture(2, instruction, "edit", (1,), shows=shows[1]))
        past.append(Exchange(instruction, (Step("edit_image", {"image": 1, "instruction": instruction}, (2,)),)))
    return corrected(Scene(said, tuple(shelf), tuple(past)), decided)


@pytest.mark.parametrize(
    ("instruction", "shows", "said", "meant"),
    [
        ("put a cap on him", ("boy; city", "boy, cap; city"), "make it purple", "make the cap purple"),
        ("put a cap on him", ("boy; city", "boy, cap; city"), "it should be red", "the cap should be red"),
        ("add a frog", ("2 × cow; farm", "2 × cow, frog; farm"), "move it left", "move the frog left"),
        ("add a frog", ("cow; farm", "cow, frog; farm"), "now on the right", "move the frog to the right"),
        ("dragons should be green", ("castle, dragon; sea", "castle, green dragon; sea"), "make it a bit bigger",
         "make the dragon a bit bigger"),
        ("give him headphones", ("boy; city", "boy, headphones; city"), "nah take those off n put a cap on him",
         "remove the headphones and put a cap on him"),
        # what is the only thing, or no thing, is "it" as it always was
        ("make it red", ("fox; sea", "red fox; sea"), "make it blue", "make it blue"),
        ("make it night", ("fox, hat; sea", "fox, hat; sea, night"), "make it blue", "make it blue"),
        ("add a frog", ("cow; farm", "cow, frog; farm"), "make it night", "make it night"),
    ],
)  # fmt: skip
def test_it_is_what_the_last_edit_brought_or_spoke_of(
    instruction: str, shows: tuple[str, str], said: str, meant: str
) -> None:
    assert after(said, Action.edit(2, said), *shows, instruction=instruction) == Action.edit(2, meant)


def test_so_many_of_them_are_things_of_the_picture() -> None:
    decided = Action("generate_image", {"prompt": "a zombie", "count": "3"})
    assert after("now 3 of them", decided, "zombie; forest, pixel art") == Action.edit(1, "3 of them")
    assert after("now 3 of them", decided, "zombie, hat; forest") == decided


def test_who_is_missed_is_who_is_added() -> None:
    decided = Action.edit(1, "add him, driving a tractor")
    got = after("There is no farmer! Please add him, driving a tractor", decided, "cow; farm")
    assert got == Action.edit(1, "add a farmer, driving a tractor")


def test_a_new_picture_has_none_of_the_old_ones_words() -> None:
    decided = Action("generate_image", {"prompt": "a bus and a bike, with only boats on the sea"})
    got = after("Now please a new one with only boats on the sea", decided, "bus; city")
    assert got == Action("generate_image", {"prompt": "boats on the sea"})


def test_a_place_and_what_is_done_there_change_the_picture() -> None:
    said = "in the kitchen, baking a pie"
    assert after(said, Action("generate_image", {"prompt": "a pie"}), "old woman; garden") == Action.edit(1, said)


def test_what_should_be_there_is_added() -> None:
    said = "there should be a wizard standing in front"
    decided = Action("generate_image", {"prompt": "a wizard standing in front"})
    assert after(said, decided, "castle; sea") == Action.edit(1, said)


def test_the_same_with_one_thing_for_another_is_an_edit() -> None:
    decided = Action("generate_image", {"prompt": "a sandwich and soup, with pizza instead of the soup"})
    got = after("same but with pizza instead of the soup", decided, "sandwich, noodle soup; kitchen")
    assert got == Action.edit(1, "with pizza instead of the soup")


def test_a_question_may_end_in_what() -> None:
    said = "the man is holding what?"
    wanted = Action("look_at_image", {"image": 1, "question": said})
    assert after(said, Action.edit(1, "the man is holding"), "man, newspaper; park") == wanted


@pytest.mark.parametrize(
    ("said", "decided", "prompt", "style"),
    [
        ("a sword icon too, same style", {"prompt": "a sword icon, same style"}, "a sword icon", "sketch"),
        ("now a fox in the same style please", {"prompt": "a fox", "style": "a heart"}, "a fox", "sketch"),
        ("a fox, same style as before", {"prompt": "a fox, same style as before"}, "a fox", "sketch"),
        ("a fox in the same style as the cat", {"prompt": "a fox", "style": "cat"}, "a fox", "pixel art"),
        ("a fox, same style but in watercolour", {"prompt": "a fox", "style": "watercolour"}, "a fox", "watercolour"),
    ],
)
def test_the_same_style_is_that_of_the_last_picture_with_one_or_of_the_one_called(
    said: str, decided: dict[str, str], prompt: str, style: str
) -> None:
    shelf = (
        ShelfPicture(1, "a cat", shows="cat; room, pixel art"),
        ShelfPicture(2, "a heart", shows="heart; room, sketch"),
        ShelfPicture(3, "a tree", shows="tree; park"),
    )
    wanted = Action("generate_image", {"prompt": prompt, "style": style})
    assert corrected(Scene(said, shelf), Action("generate_image", {**decided})) == wanted


def test_a_new_picture_in_the_style_of_another_is_no_edit_of_that() -> None:
    said = "a dog on the beach in the same style as the cat"
    wanted = Action("generate_image", {"prompt": "a dog on the beach", "style": "sketch"})
    assert after(said, Action.edit(1, said), "cat; room, sketch") == wanted


def test_a_style_that_no_picture_has_is_none() -> None:
    decided = Action("generate_image", {"prompt": "a boat", "style": "same"})
    assert after("a boat, same style", decided, "cat; room") == Action("generate_image", {"prompt": "a boat"})


def test_who_is_asked_after_is_added() -> None:
    decided = Action.edit(1, "add one")
    assert after("where's the captain? add one", decided, "ship; sea") == Action.edit(1, "add a captain")
    got = after("where is the postman? please draw him on the left", decided, "house; city")
    assert got == Action.edit(1, "add a postman on the left")


def test_a_polite_wish_is_for_the_picture_that_there_is() -> None:
    decided = Action("generate_image", {"prompt": "a goat"})
    assert after("Might I have a goat?", decided, "cow; farm") == Action.edit(1, "a goat")
    assert after("May I have a new picture of a goat?", decided, "cow; farm") == decided


def test_a_place_alone_is_for_the_picture_that_there_is() -> None:
    decided = Action("generate_image", {"prompt": "farm"})
    assert after("farm", decided, "cow; park") == Action.edit(1, "farm")
    assert after("a farm", Action("generate_image", {"prompt": "a farm"}), "cow; park").name == "generate_image"


@pytest.mark.parametrize(
    ("said", "prompt"),
    [
        ("birthday card for my dad", "birthday card for my dad"),
        ("get well card for uncle bob", "get well card for uncle bob"),
        ("now a thank you card for my nurse with flowers", "a thank you card for my nurse with flowers"),
        ("icon: phone", "icon of phone"),
        ("a sprite for my game: a wizard", "a sprite for my game: a wizard"),
        ("another logo for my bakery", "logo for my bakery"),
        ("a bigger logo for my bakery", ""),
        ("put a card for mom in his hand", ""),
        ("make it a birthday card for my dad", ""),
        ("how do i make a card for my dad?", ""),
        ("as a poster for my room", ""),
        ("make me 20 versions of a logo for a bank", ""),
    ],
)
def test_a_second_card_or_icon_is_a_picture_of_its_own(said: str, prompt: str) -> None:
    for decided in (Action.edit(1, said), Action(text="You are welcome.")):
        assert after(said, decided, "cow; farm") == (
            Action("generate_image", {"prompt": prompt}) if prompt else decided
        )


def test_the_occasion_of_a_card_is_whole() -> None:
    said, cut = "i need a good luck card for my brother", Action("generate_image", {"prompt": "a good luck"})
    assert corrected(Scene(said), cut).args == {"prompt": "a good luck card for my brother"}


@pytest.mark.parametrize(
    ("said", "decided", "prompt"),
    [
        (
            "a birthday invitation for my daughter? she's turning six and loves unicorns",
            Action("generate_image", {"prompt": "a birthday invitation"}),
            "a birthday invitation for my daughter? she's turning six and loves unicorns",
        ),
        ("a picture for my grandma, she turns eighty and loves roses", WHAT_TO_SHOW, "roses"),
        ("a picture for my son who loves dinosaurs and hates cats", WHAT_TO_SHOW, "dinosaurs"),
        ("a drawing for a friend who loves cats but has none", WHAT_TO_SHOW, "cats"),
        ("a drawing for my mum who loves nothing more than a quiet house", WHAT_TO_SHOW, "a quiet house"),
    ],
)
def test_what_somebody_loves_for_whom_a_picture_is_is_what_it_shows(said: str, decided: Action, prompt: str) -> None:
    assert corrected(Scene(said), decided) == Action("generate_image", {"prompt": prompt})


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "which one has the blue balloons?",
            Action("look_at_image", {"image": 2, "question": "which one has the blue balloons"}),
        ),
        ("which ones have balloons", Action(text="#1 and #2 show that.")),
        ("which of them shows a unicorn?", None),
    ],
)
def test_who_asks_which_picture_has_something_hears_which(said: str, meant: Action | None) -> None:
    shelf = (
        ShelfPicture(1, "a cat", shows="blue cat, 2 × red balloon; garden"),
        ShelfPicture(2, "a dog", shows="dog, 2 × blue balloon; park"),
        ShelfPicture(3, "a bird", shows="bird; park"),
    )
    decided = Action("look_at_image", {"image": 3, "question": "the blue balloons"})
    assert corrected(Scene(said, shelf), decided) == (meant or decided)


def test_what_is_meant_may_be_named_at_the_end() -> None:
    said = "make it bigger!!! the cat"
    assert after(said, Action.edit(1, said), "cat, ball; garden") == Action.edit(1, "make the cat bigger")


def test_who_faces_the_other_way_is_mirrored() -> None:
    decided = Action("generate_image", {"prompt": "a knight, facing the other way"})
    flipped = Action("adjust_image", {"image": 1, "operation": "flip", "amount": "horizontal"})
    assert after("same knight but facing the other way", decided, "royal guard, sword; forest") == flipped
    assert after("same knight but facing the other way", decided, "royal guard, horse; forest") == decided
