"""What is said around a request to be kind is no part of it, and what belongs to it is not lost."""

from __future__ import annotations

import pytest

from models.chat.conversation import Action, Exchange, Scene, ShelfPicture, Step
from models.chat.corrections import corrected, needless
from models.chat.decider import Decider
from tools.catalog import BY_NAME

SHELF = tuple(ShelfPicture(n, f"a {thing}") for n, thing in enumerate("fox bear cat".split(), 1))


def painted(said: str, **args: object) -> dict[str, object]:
    return corrected(Scene(said, presets=("embedded", "sdxl")), Action("generate_image", {**args})).args


@pytest.mark.parametrize(
    ("prompt", "bare"),
    [
        ("a robot on a hill, old bean", "a robot on a hill"),
        ("an oak. you're a wizard", "an oak"),
        ("a castle, haan", "a castle"),
        ("an owl. I'd be over the moon", "an owl"),
        ("a fox, quick as you like", "a fox"),
        ("an owl thank you so much", "an owl"),
        ("a sign saying thank you", "a sign saying thank you"),
        ("a cake that says thanks mate", "a cake that says thanks mate"),
        ("a cool dude", "a cool dude"),
        ("a cow over the moon", "a cow over the moon"),
        ("a girl running fast", "a girl running fast"),
    ],
)
def test_thanks_and_forms_of_address_are_not_painted(prompt: str, bare: str) -> None:
    assert painted(f"draw {prompt}", prompt=prompt)["prompt"] == bare


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("Which one do you mean, #1 or #3?", "Which one do you mean, #2 or #3?"),
        ("There is no #9. Which one do you mean, #1?", "There is no #9. Which one do you mean, #2 or #3?"),
        ("Which one do you mean?", "Which one do you mean?"),
    ],
)
def test_a_question_which_picture_is_meant_names_those_that_can_be_chosen(asked: str, question: str) -> None:
    action = Action("ask_user", {"question": asked, "choices": ["#2", "#3"]})
    assert corrected(Scene("crop it", SHELF), action).args == {"question": question, "choices": ["#2", "#3"]}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("make the left half darker", True),
        ("brighten the top part please", True),
        ("cut off the dark left half", False),
        ("make it darker", False),
    ],
)
def test_no_part_of_a_picture_is_cut_away_because_it_should_be_darker(said: str, told: bool) -> None:
    action = Action("adjust_image", {"image": 3, "operation": "crop", "amount": "right half"})
    assert corrected(Scene(said, SHELF), action).text.startswith("I make whole pictures darker") is told


@pytest.mark.parametrize(
    ("said", "prompt", "bare"),
    [
        ("have a crack at an owl", "a crack at an owl", "an owl"),
        ("be a dear and rustle up an owl", "a dear and rustle up an owl", "an owl"),
        ("create a visual for an owl", "a visual for an owl", "an owl"),
        ("a robot, an owl", "a robot, an owl", "a robot, an owl"),
    ],
)
def test_the_frame_of_a_request_is_not_painted(said: str, prompt: str, bare: str) -> None:
    assert painted(said, prompt=prompt)["prompt"] == bare


def test_pictures_of_a_thing_are_counted_and_things_keep_their_number() -> None:
    assert painted("gimme two pics of an owl", prompt="two pics of an owl", count=2) == {"prompt": "an owl", "count": 2}
    assert painted("show 4 apples in a bowl", prompt="apples in a bowl", count=4) == {"prompt": "4 apples in a bowl"}


@pytest.mark.parametrize(
    "said",
    [
        "an owl, load kraken3",
        "an owl on the kraken3 preset",
        "an owl. the preset is kraken3",
        "an owl with the preset set to kraken3",
        "an owl, try it on kraken3",
        "an owl using kraken3",
    ],
)
def test_a_preset_that_nobody_knows_is_asked_for_all_the_same_so_that_the_person_hears_of_it(said: str) -> None:
    assert painted(said, prompt="an owl", preset="kraken3") == {"prompt": "an owl", "preset": "kraken3"}


def test_a_word_of_the_description_is_no_preset() -> None:
    assert painted("an owl in a tower", prompt="an owl in a", preset="tower").get("preset") is None


@pytest.mark.parametrize(
    ("said", "instruction", "bare"),
    [
        ("kindly put a hat on him", "kindly put a hat on him", "put a hat on him"),
        ("could you give it a hat", "could you give it a hat", "give it a hat"),
        ("give it a hat bhaiya", "give it a hat bhaiya", "give it a hat"),
        ("a bigger hat - too small", "a bigger hat - too small", "a bigger hat"),
    ],
)
def test_an_instruction_is_what_is_to_change(said: str, instruction: str, bare: str) -> None:
    assert corrected(Scene(said, SHELF), Action.edit(3, instruction)) == Action.edit(3, bare)


def test_good_wishes_behind_the_last_order_are_no_order() -> None:
    made = Step("upscale_image", {"image": 3}, (4,))
    scene = Scene("upscale it. i'd be over the moon", SHELF, steps=(made,))
    assert needless(scene, Action.edit(4, "i'd be over the moon"))


def test_a_blurry_picture_is_sharpened_and_one_that_is_to_be_blurry_is_blurred() -> None:
    blurred = Action("adjust_image", {"image": 3, "operation": "blur"})
    assert corrected(Scene("it's very blurry", SHELF), blurred).args["operation"] == "sharpen"
    assert corrected(Scene("make it very blurry", SHELF), blurred).args["operation"] == "blur"


def test_degrees_are_clockwise_unless_the_other_way_is_said() -> None:
    turned = Action("adjust_image", {"image": 3, "operation": "rotate", "amount": "-60"})
    assert corrected(Scene("spin it 60 degrees", SHELF), turned).args["amount"] == "60"
    assert corrected(Scene("spin it 60 degrees to the left", SHELF), turned).args["amount"] == "-60"


def test_the_answer_to_what_should_change_is_about_the_picture_that_was_asked_about() -> None:
    asked = Exchange("change #1", (Step("ask_user", {"question": "What should change in #1?"}),))
    answered = Scene("the fox should be a wolf", SHELF, (asked,))
    assert corrected(answered, Action.edit(3, "the fox should be a wolf")).args["image"] == 1
    other = Scene("no, give #2 a hat", SHELF, (asked,))
    assert corrected(other, Action.edit(2, "give it a hat")).args["image"] == 2


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("put a hat on this one here", "put a hat"),
        ("put a lilac on this here in the morning", "put a lilac in the morning"),
        ("convert this here to a robot", "convert it to a robot"),
    ],
)
def test_this_one_here_is_the_picture_in_front(said: str, meant: str) -> None:
    assert corrected(Scene(said, SHELF), Action.edit(3, said)) == Action.edit(3, meant)


def test_on_its_head_goes_the_whole_picture() -> None:
    said = "make the hat bigger and pls stand on its head"
    assert corrected(Scene(said, SHELF), Action.edit(3, said)) == Action.edit(3, "make the hat bigger")


def test_a_presets_name_ends_before_what_is_not_wanted() -> None:
    said = "an orange dome using sdxl - no carousels"
    assert painted(said, prompt="an orange dome", preset="sdxl - no carousels")["preset"] == "sdxl"


def test_any_picture_of_several_is_asked_about() -> None:
    scene, action = Scene("crop a picture", SHELF), Action("adjust_image", {"image": 3, "operation": "crop"})
    assert corrected(scene, action).args["choices"] == ["#1", "#2", "#3"]
    alone = Action("adjust_image", {"image": 1, "operation": "crop"})
    assert corrected(Scene("crop a picture", SHELF[:1]), alone) == alone


def test_the_same_for_another_picture_is_the_same_in_every_respect(decider: Decider) -> None:
    varied = Exchange(
        "vary #1 a little, twice", (Step("vary_image", {"image": 1, "count": 2, "strength": 0.3}, (2, 3)),)
    )
    shelf = (*SHELF, ShelfPicture(4, "a ship"))
    action = decider.decide(Scene("and the same for #4", shelf, (varied,)), list(BY_NAME))
    assert action == Action("vary_image", {"image": 4, "count": 2, "strength": 0.3})


def test_the_third_of_what_a_step_made_is_the_third(decider: Decider) -> None:
    made = Step("generate_image", {"prompt": "a cat", "count": 3}, (10, 11, 12))
    scene = Scene("3 cats and enlarge the third one", steps=(made,))
    assert decider.decide(scene, list(BY_NAME)) == Action("upscale_image", {"image": 12})


@pytest.mark.parametrize(
    ("said", "prompt", "aspect"),
    [
        ("a tree for my story", "a tree", None),
        ("a robot for my app", "a robot", None),
        ("a robot for my phone", "a robot", "tall"),
        ("a tall picture of a robot", "a robot", "tall"),
        ("a robot, 9:16", "a robot", "9:16"),
    ],
)
def test_a_picture_is_tall_only_where_words_speak_of_its_format(said: str, prompt: str, aspect: str | None) -> None:
    assert painted(said, prompt=prompt, aspect="tall").get("aspect") == aspect


def test_a_short_answer_keeps_the_format_of_what_was_asked_before() -> None:
    scene = Scene("a fox", past=(Exchange("a tall picture please", ()),), presets=("embedded",))
    args = corrected(scene, Action("generate_image", {"prompt": "a fox", "aspect": "tall"})).args
    assert args == {"prompt": "a fox", "aspect": "tall"}


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("3 apples and 2 pears, so that kids count 5", None),
        ("5 pictures of 3 apples and 2 pears", 5),
    ],
)
def test_the_sum_of_what_is_counted_is_no_number_of_pictures(said: str, count: int | None) -> None:
    assert painted(said, prompt="3 apples and 2 pears", count=5).get("count") == count


@pytest.mark.parametrize(
    ("said", "prompt", "style"),
    [
        ("make a black and white picture of a castle", "a castle", "black and white"),
        ("a greyscale drawing of an owl please", "an owl", "greyscale"),
        ("black and white picture: a horse", "a horse", "black and white"),
        ("a horse, black and white picture", "a horse", "black and white"),
        ("sketch drawing of a horse", "a horse", "sketch"),
        ("a black and white cat and a picture of a horse", "a horse", None),
        ("a black and white picture of a horse", "a black and white picture of a horse", None),
    ],
)
def test_what_kind_of_picture_it_is_to_be_is_not_lost(said: str, prompt: str, style: str | None) -> None:
    assert painted(said, prompt=prompt).get("style") == style
