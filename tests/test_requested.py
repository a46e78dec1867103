"""What the form of a whole sentence asks for, and what "it" is where several things are to be seen."""

from __future__ import annotations

import pytest

from models.chat.conversation import Action, Exchange, Scene, ShelfPicture, Step
from models.chat.corrections import corrected


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


def test_the_same_style_is_that_of_the_last_picture() -> None:
    decided = Action("generate_image", {"prompt": "a sword icon, same style"})
    got = after("a sword icon too, same style", decided, "heart; room, pixel art")
    assert got == Action("generate_image", {"prompt": "a sword icon", "style": "pixel art"})


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
