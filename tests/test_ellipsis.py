"""What a short sentence leaves out because the turn before said it."""

from __future__ import annotations

import pytest

from models.chat.conversation import Action, Exchange, Scene, ShelfPicture, Step
from models.chat.corrections import corrected, needless
from models.chat.decider import Decider
from tools.catalog import BY_NAME

SHIP = ShelfPicture(1, "a pirate ship")


def after(instruction: str, said: str, decided: Action) -> Action:
    """What is done at `said` after one edit of a picture of a pirate ship."""
    step = Step("edit_image", {"image": 1, "instruction": instruction}, (2,))
    shelf = (SHIP, ShelfPicture(2, instruction, "edit", (1,)))
    return corrected(Scene(said, shelf, (Exchange(instruction, (step,)),)), decided)


@pytest.mark.parametrize(
    ("before", "said", "meant"),
    [
        ("add a whale", "actually get rid of it", "get rid of the whale"),
        ("no the whale should be smaller", "remove it", "remove the whale"),
        ("the tree is in the way, move it", "nevermind, remove it", "remove the tree"),
        ("put a red balloon next to him", "hmm, take it away again", "take the red balloon away again"),
        ("bigger skateboard", "no, smaller", "make the skateboard smaller"),
        ("make the cat a bit bigger", "even bigger", "make the cat bigger"),
        ("make the cat bigger", "make it a bit smaller", "make the cat a bit smaller"),
        ("make it teensy", "no, humongous", "make it humongous"),
        ("put a seagull in the sky", "and another one", "put another seagull in the sky"),
        ("Add a boat", "And one on the left.", "Add another boat on the left"),
        ("give him a hat", "one more please", "give him another hat"),
        ("make it night", "get rid of it", "get rid of it"),
        ("make it stormy", "smaller", "smaller"),
    ],
)
def test_the_thing_of_the_turn_before_is_meant(before: str, said: str, meant: str) -> None:
    decided = Action.edit(2, said.rstrip(".").removesuffix(" please"))
    assert after(before, said, decided) == Action.edit(2, meant)


@pytest.mark.parametrize(
    ("before", "shows", "said"),
    [
        ("they are in the garden now", "sofa, poodle; garden", "remove him"),
        ("they are in the garden now", "sofa, poodle; garden", "remove it"),
        ("add a hat", "fox, hat; forest", "get rid of him"),
    ],
)
def test_neither_a_place_nor_a_hat_for_him_is_what_was_spoken_of(before: str, shows: str, said: str) -> None:
    past = Exchange(before, (Step("edit_image", {"image": 1, "instruction": before}, (2,)),), "Here is #2.")
    shelf = (ShelfPicture(1, "a picture"), ShelfPicture(2, before, "edit", (1,), shows=shows))
    assert corrected(Scene(said, shelf, (past,)), Action.edit(2, said)) == Action.edit(2, said)


def test_what_failed_is_not_what_was_spoken_of() -> None:
    done = Step("edit_image", {"image": 1, "instruction": "a full moon in the sky"}, (2,))
    failed = Step("edit_image", {"image": 2, "instruction": "make it daytime"}, failed=True)
    shelf = (SHIP, ShelfPicture(2, "a full moon in the sky", "edit", (1,)))
    past = (Exchange("a full moon in the sky", (done,)), Exchange("make it daytime", (failed,)))
    got = corrected(Scene("actually get rid of it", shelf, past), Action.edit(2, "get rid of it"))
    assert got == Action.edit(2, "get rid of the full moon")


def test_a_number_that_answers_nothing_changes_nothing() -> None:
    asked = after("make it night", "1", Action.edit(2, "draw a ship"))
    assert asked.name == "ask_user" and asked.args["choices"] == ["show #1", "1 of them"]
    assert after("make it night", "7", Action.edit(2, "7")).args["choices"] == ["7 more", "7 of them"]
    assert after("three ships", "4", Action.edit(2, "4")) == Action.edit(2, "4 ships")


def test_so_many_of_them_are_what_the_turn_before_counted() -> None:
    varied = Action("vary_image", {"image": 2, "count": 4})
    assert after("three apples", "make it 4 of those", varied) == Action.edit(2, "4 apples")


def test_another_one_by_name_comes_beside_the_first() -> None:
    said, again = "another duck", Action.edit(1, "add a duck")  # where there is none yet
    assert after("add a duck", said, again) == Action.edit(2, "add another duck")
    assert after("add a duck", said, Action.edit(2, said)) == Action.edit(2, said)


def test_who_asks_where_something_is_sees_it_or_wants_it() -> None:
    got = after("put it on a table", "where's the table?", Action.edit(2, "where's the table"))
    assert got == Action("look_at_image", {"image": 2, "question": "where's the table"})
    got = after("make it night", "hey where did the parrot go", Action.edit(2, "where did the parrot go"))
    assert got == Action.edit(2, "the parrot")
    asked = Action("look_at_image", {"image": 2, "question": "where is his hat"})
    assert after("make it night", "where is his hat?", asked) == Action.edit(2, "add a hat")
    assert after("give him a hat", "where is his hat?", asked) == asked


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("why is there no moon", "add moon"),
        ("no moon?", "add moon"),
        ("does he have a parrot? he should", "add a parrot"),
        ("is it foggy? it should be", "add foggy"),
    ],
)
def test_who_misses_something_gets_it(said: str, meant: str) -> None:
    decided = Action("look_at_image", {"image": 2, "question": said})
    assert after("make it night", said, decided) == Action.edit(2, meant)


@pytest.mark.parametrize("said", ["no ship?", "is it a ship?", "no moon", "what moon?"])
def test_what_is_there_or_is_only_asked_is_not_added(said: str) -> None:
    decided = Action("look_at_image", {"image": 2, "question": said})
    assert after("make it night", said, decided).args.get("instruction") is None


def sofa(said: str) -> Action:
    """What is done at `said` after a cat came to a picture of a sofa."""
    shelf = (
        ShelfPicture(1, "a sofa", shows="sofa; room"),
        ShelfPicture(2, "add a cat", "edit", (1,), shows="sofa, cat; room"),
    )
    step = Step("edit_image", {"image": 1, "instruction": "add a cat"}, (2,))
    return corrected(Scene(said, shelf, (Exchange("add a cat", (step,)),)), Action.edit(2, said))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("up above it, where else", "put the cat above it"),
        ("no, behind the sofa", "put the cat behind the sofa"),
        ("and a white one next to it", "add a white cat next to it"),
        ("the sofa should be above it", "the sofa should be above it"),
    ],
)
def test_what_came_last_is_put_there(said: str, meant: str) -> None:
    assert sofa(said) == Action.edit(2, meant)


def test_one_of_several_is_no_region_of_the_picture() -> None:
    decided = Action("edit_image", {"image": 2, "instruction": "red", "region": "the middle"})
    assert after("three apples", "only the middle one red", decided) == Action.edit(2, "only the middle one red")
    left = Action("edit_image", {"image": 2, "instruction": "add a boat", "region": "the left"})
    assert after("three apples", "add a boat on the left", left) == left


@pytest.mark.parametrize(
    ("said", "decided", "meant"),
    [
        ("delete the crown", Action("look_at_image", {"image": 1, "question": "delete the crown"}), "delete the crown"),
        (
            "ew no, without pineapple",
            Action("look_at_image", {"image": 1, "question": "ew no, without pineapple"}),
            "without pineapple",
        ),
        ("another bird", Action.edit(2, "three apples"), "add another bird"),
        ("take two away", Action.edit(2, "take two away"), "remove two apples"),
        ("make the black one bigger", Action("upscale_image", {"image": 2}), "make the black one bigger"),
        (
            "make the black one bigger",
            Action("ask_user", {"question": "There is no black picture. Which one do you mean?"}),
            "make the black one bigger",
        ),
    ],
)
def test_an_order_is_an_order_for_what_the_picture_shows(said: str, decided: Action, meant: str) -> None:
    assert after("three apples", said, decided) == Action.edit(2, meant)


@pytest.mark.parametrize(
    ("said", "decided", "meant"),
    [
        ("Now is too much, take away one", Action("look_at_image", {"image": 1}), "remove one apple"),
        ("hm that's too many. take one away please", Action.edit(1, "three apples"), "remove one apple"),
        ("hm that's too many. take two bites", Action("look_at_image", {"image": 1}), "take two bites"),
        ("it looks empty, put a dog in it", Action("look_at_image", {"image": 1, "question": "x"}), "put a dog in it"),
        ("the other way was better, put it back", Action("look_at_image", {"image": 1}), ""),
        ("what is that, a worm", Action("look_at_image", {"image": 2, "question": "what is that, a worm"}), ""),
    ],
)
def test_an_order_behind_a_complaint_is_for_the_picture_at_hand(said: str, decided: Action, meant: str) -> None:
    got = after("three apples", said, decided)
    assert got == Action.edit(2, meant) if meant else got.name == "look_at_image"


COW = (ShelfPicture(1, "a cow in a field"), ShelfPicture(2, "a snowman"))


@pytest.mark.parametrize(
    ("said", "edits"),
    [
        ("two snowmen", True),
        ("make it 3 snowmen please", True),
        ("two cows", False),
        ("two pictures of a snowman", False),
        ("two snowmen in space", False),
    ],
)
def test_a_bare_number_of_what_is_shown_is_wanted_there(said: str, edits: bool) -> None:
    painted = Action("generate_image", {"prompt": said})
    meant = Action.edit(2, said.removesuffix(" please"))
    assert corrected(Scene(said, COW), painted) == (meant if edits else painted)


def test_without_what_never_came_is_the_picture_as_it_is() -> None:
    failed = Step("edit_image", {"image": 2, "instruction": "she holds hands with a prince"}, failed=True)
    past = (Exchange("she holds hands with a prince", (failed,)),)
    looked = Action("look_at_image", {"image": 1})
    assert corrected(Scene("ok without the prince then", COW, past), looked).args == {"image": 2}
    assert corrected(Scene("without the carrot", COW, past), looked).args == {"image": 1}


@pytest.mark.parametrize(
    ("said", "decided", "image"),
    [
        ("where is carrot", Action("find_images", {"query": "carrot"}), 2),
        ("where is the snowman", Action(text="I only make and change pictures; for that I can't help."), 2),
        ("where is the cow", Action("find_images", {"query": "the cow"}), 0),
        ("where is my dragon", Action("find_images", {"query": "dragon"}), 0),
        ("where is the picture of a goat", Action("find_images", {"query": "goat"}), 0),
    ],
)
def test_where_something_is_is_asked_of_the_picture_at_hand(said: str, decided: Action, image: int) -> None:
    looked = Action("look_at_image", {"image": image, "question": said})
    assert corrected(Scene(said, COW), decided) == (looked if image else decided)


@pytest.mark.parametrize(
    ("said", "prompt"),
    [
        ("My granddaughter loves owls, could you paint one for her?", "an owl"),
        ("my son is crazy about fire engines, please draw him some", "fire engines"),
        ("she likes wolves. can you make one", "a wolf"),
        ("she likes it, can you make one", ""),
    ],
)
def test_what_somebody_loves_is_painted(said: str, prompt: str) -> None:
    asked = Action("ask_user", {"question": "What should the picture show?"})
    assert corrected(Scene(said), asked) == (Action("generate_image", {"prompt": prompt}) if prompt else asked)


def test_a_picture_that_is_called_by_its_colour_is_no_thing_in_another() -> None:
    shelf = (ShelfPicture(1, "a black cat"), ShelfPicture(2, "a dog"))
    decided = Action("upscale_image", {"image": 1})
    assert corrected(Scene("make the black one bigger", shelf), decided) == decided


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("ah no, not a boat, a duck", Action.edit(2, "swap the boat for a duck")),
        ("no, not a boat, a duck", Action.edit(2, "swap the boat for a duck")),
        ("i said not a boat but a big swan", Action.edit(2, "swap the boat for a big swan")),
        ("not a cat, a duck", None),
    ],
)
def test_what_was_not_wanted_gives_way_to_what_was(decider: Decider, said: str, meant: Action | None) -> None:
    shelf = (
        ShelfPicture(1, "a house by a lake", shows="house; beach"),
        ShelfPicture(2, "a boat on the lake", "edit", (1,), shows="house, boat; sea"),
    )
    step = Step("edit_image", {"image": 1, "instruction": "a boat on the lake"}, (2,))
    scene = Scene(said, shelf, (Exchange("a boat on the lake", (step,)),))
    decided = decider.decide(scene, list(BY_NAME))
    assert (decided == meant) if meant else not str(decided.args.get("instruction", "")).startswith("swap")


def test_what_asks_for_nothing_is_no_empty_change() -> None:
    assert after("make it teensy", "well?", Action.edit(2, "make it teensy")).text.startswith("I did not understand")


def test_not_the_picture_but_the_thing_in_it_is_meant() -> None:
    step = Step("upscale_image", {"image": 1}, (2,))
    shelf = (SHIP, ShelfPicture(2, "a pirate ship", "upscale", (1,)))
    scene = Scene("no not the picture, the ship", shelf, (Exchange("bigger", (step,)),))
    assert corrected(scene, Action("upscale_image", {"image": 1})) == Action.edit(1, "make the ship bigger")
    darker = Step("adjust_image", {"image": 1, "operation": "brightness", "amount": "-20"}, (2,))
    scene = Scene("not the picture, the ship", shelf, (Exchange("darker", (darker,)),))
    assert corrected(scene, Action("adjust_image", {"image": 1})) == Action.edit(1, "make the ship darker")


def test_a_picture_of_mine_is_painted() -> None:
    asked = Action("ask_user", {"question": "What should the picture show?"})
    scene = Scene("i want a picture of my cat. she is orange and fat")
    assert corrected(scene, asked) == Action("generate_image", {"prompt": "my cat. she is orange and fat"})
    assert corrected(Scene("i want a picture of something"), asked) == asked


def test_a_hat_then_is_for_the_picture() -> None:
    painted = Action("generate_image", {"prompt": "a hat"})
    assert after("give it a red collar", "a hat then", painted) == Action.edit(2, "add a hat")
    assert after("give it a red collar", "a hat", painted) == painted


def test_another_picture_is_asked_for_where_nothing_was_added() -> None:
    again = Action("vary_image", {"image": 2})
    assert after("make it night", "and another one", again) == again


@pytest.mark.parametrize(
    ("before", "said", "meant"),
    [
        ("add a palm tree on the right", "no the other side", "move the palm tree to the other side"),
        ("3 apples", "now 2", "2 apples"),
        ("three apples", "now just two", "two apples"),
    ],
)
def test_a_side_or_a_number_alone_is_for_what_was_spoken_of(before: str, said: str, meant: str) -> None:
    assert after(before, said, Action.edit(2, said)) == Action.edit(2, meant)


@pytest.mark.parametrize(
    ("said", "decided", "wanted"),
    [
        (
            "make it black",
            Action("adjust_image", {"image": 2, "operation": "greyscale"}),
            Action.edit(2, "make it black"),
        ),
        ("put it back to red sorry", Action("look_at_image", {"image": 1}), Action.edit(2, "make it red")),
        (
            "what seed was that",
            Action(text="A seed is the number a picture starts from."),
            Action("look_at_image", {"image": 2, "question": "what seed was that"}),
        ),
        (
            "nah that one is ugly go back",
            Action("look_at_image", {"image": 1, "question": "nah that one is ugly go back"}),
            Action("look_at_image", {"image": 1}),
        ),
    ],
)
def test_a_colour_is_no_grey_and_going_back_no_question(said: str, decided: Action, wanted: Action) -> None:
    assert after("make it blue", said, decided) == wanted


def test_black_and_white_stays_without_colours() -> None:
    grey = Action("adjust_image", {"image": 2, "operation": "greyscale"})
    assert after("make it blue", "black and white version please", grey) == grey


@pytest.mark.parametrize(
    ("before", "said", "meant"),
    [
        ("make it night", "it was a green one, the best ever built", "make it green"),
        ("make it night", "she was actually red", "make it red"),
        ("make it night", "it was a navy one", "make it navy"),
        ("make it GREEN", "no wait maroon", "make it maroon"),
        ("make it GREEN", "no wait purple", "make it purple"),
        ("paint the sails blue", "red instead", "paint the sails red"),
        ("make the red flag blue", "no, green", "no, green"),
        ("add a pink whale", "no wait, purple", "no wait, purple"),
        ("add some ballons", "pink ones", "make the ballons pink"),
        ("put 2 birds in the sky", "no, white ones please", "make the birds white"),
        ("make it night", "pink ones", "pink ones"),
        ("make it night", "it was great", "it was great"),
        ("make it night", "I could do without the sails", "I could do without the sails"),
    ],
)
def test_a_colour_that_something_had_is_wanted(before: str, said: str, meant: str) -> None:
    assert after(before, said, Action.edit(2, said)) == Action.edit(2, meant)


def test_what_can_be_done_without_goes() -> None:
    decided = Action("look_at_image", {"image": 2, "question": "I can do without the sails"})
    assert after("make it night", "I can do without the sails", decided) == Action.edit(2, "I can do without the sails")


def first(said: str, decided: Action, *shelf: ShelfPicture) -> Action:
    return corrected(Scene(said, shelf, presets=("embedded", "crisp")), decided)


def test_a_number_of_things_is_no_number_of_pictures() -> None:
    decided = Action("generate_image", {"prompt": "juggler on stage w 3 balls", "count": 3})
    assert first("juggler on stage w 3 balls", decided).args == {"prompt": "juggler on stage w 3 balls"}
    several = Action("generate_image", {"prompt": "juggler with 3 balls", "count": 3})
    assert first("juggler with 3 balls, 3 versions", several).args["count"] == 3


def test_who_signs_names_no_preset() -> None:
    said = "Dear Machine. I want a goose with boots. From Ida (5)"
    decided = Action("generate_image", {"prompt": "a goose with boots", "preset": "Ida (5"})
    assert first(said, decided).args == {"prompt": "a goose with boots"}
    named = Action("generate_image", {"prompt": "a goose", "preset": "sdxl"})
    assert first("a goose with the sdxl preset", named).args["preset"] == "sdxl"


def test_no_name_ends_in_its_middle() -> None:
    said = "dunno why but fork and knife would suit him better"
    assert first(said, Action.edit(1, "fork"), SHIP).args["instruction"].startswith("fork and knife")


def test_a_numbered_list_is_one_change() -> None:
    got = first("1) ship red 2) sea calm", Action.edit(1, "ship red"), SHIP)
    assert got == Action.edit(1, "ship red, sea calm")


def test_what_stands_by_what_is_there_comes_into_the_picture() -> None:
    space = ShelfPicture(1, "satellite over earth", shows="earth, satellite; space")
    said = "a comet streaking by at the left of the globe"
    assert first(said, Action("generate_image", {"prompt": said}), space) == Action.edit(1, said)
    new = Action("generate_image", {"prompt": "a comet at the left of the globe"})
    assert first("draw a comet at the left of the globe", new, space) == new


def test_a_first_request_is_all_that_its_sentences_name() -> None:
    said = "Aussie arvo: a pickup truck and a ram in the desert. a lizard on a rock to the left"
    got = first(said, Action("generate_image", {"prompt": "a lizard on a rock to the left"}))
    assert got.args["prompt"] == "a pickup truck and a ram in the desert, a lizard on a rock to the left"
    said = "My son loves dinosaurs and trains. a castle please"
    assert first(said, Action("generate_image", {"prompt": "a castle"})).args["prompt"] == "a castle"


def test_one_request_is_one_picture() -> None:
    said = "a rockin chair, a plain chair'll do, and a banjo"
    step = Step("generate_image", {"prompt": "a rockin chair and a banjo"}, (1,))
    assert needless(Scene(said, steps=(step,)), Action("generate_image", {"prompt": "a banjo"}))
    assert not needless(
        Scene("draw a chair and draw a banjo", steps=(step,)), Action("generate_image", {"prompt": "a banjo"})
    )


def _line(*pictures: tuple[str, str]) -> tuple[ShelfPicture, ...]:
    """Pictures, each but the first an edit of the one before it: what was said and what it shows."""
    return tuple(
        ShelfPicture(n, said, "edit" if n > 1 else "picture", (n - 1,) if n > 1 else (), shows=shows)
        for n, (said, shows) in enumerate(pictures, 1)
    )


_DOGS = (("a boy in a park", "boy; park"), ("add two dogs", "boy, 2 × dog; park"))
_PAIR = (("two rabbits in a garden", "2 × rabbit; garden"), ("add a cat and a dog", "2 × rabbit, cat, dog; garden"))


@pytest.mark.parametrize(
    ("pictures", "said", "meant"),
    [
        (_DOGS, "move them to the left", "move the dogs to the left"),
        ((*_DOGS, ("add a ball", "boy, 2 × dog, ball; park")), "make them brown", "make the dogs brown"),
        ((*_DOGS, ("put hats on them", "boy, 2 × dog, 2 × hat; park")), "make them red", "make the hats red"),
        (_PAIR, "ok now remove them please", "remove the cat and the dog"),
        # All that is there, the whole picture, or what only the first request names: as it was said.
        (_DOGS, "put them in a meadow", "put them in a meadow"),
        (_DOGS[:1], "make them red", "make them red"),
    ],
)
def test_them_are_the_things_of_the_last_change_that_was_about_several(
    pictures: tuple[tuple[str, str], ...], said: str, meant: str
) -> None:
    shelf = _line(*pictures)
    decided = Action("edit_image", {"image": len(shelf), "instruction": said})
    assert corrected(Scene(said, shelf), decided) == Action("edit_image", {"image": len(shelf), "instruction": meant})


def of_shown(shows: str, said: str) -> Action:
    """What is done at `said` of one picture that shows this, where the network took it for a plain change."""
    return corrected(Scene(said, (ShelfPicture(1, "a picture", shows=shows),)), Action.edit(1, said))


@pytest.mark.parametrize(
    ("shows", "said", "meant"),
    [
        ("3 × tree, fox; forest", "hm three is too many, two", "make it two trees"),
        ("ship, 2 × cloud; sea", "two looks a bit empty. five", "make it five clouds"),
        ("cake, candle; room", "one candle is mean. six at least", "make it six candles"),
        ("dog, 2 × bone; park", "i said two but i meant four, sorry", "make it four bones"),
        ("dog, 2 × bone; park", "i asked for two bones but i wanted three", "make it three bones"),
        ("4 × gravestone, bat; forest", "three slabs rather", "make it three gravestones"),
    ],
)
def test_a_number_that_ought_to_be_another_is_made_that_one(shows: str, said: str, meant: str) -> None:
    assert of_shown(shows, said) == Action.edit(1, meant)


@pytest.mark.parametrize(
    ("shows", "said"),
    [
        ("3 × tree, fox; forest", "three trees are fine, one fox"),
        ("2 × tree, 2 × fox; forest", "two is a bit sad. four"),
        ("3 × tree, fox; forest", "two dogs instead"),
    ],
)
def test_a_number_of_nobody_knows_what_stays_as_it_was(shows: str, said: str) -> None:
    assert of_shown(shows, said) == Action.edit(1, said)


def test_who_corrects_where_is_put_where_the_last_thing_is() -> None:
    shelf = (
        ShelfPicture(1, "a bear", shows="bear; park"),
        ShelfPicture(2, "give it a hat", "edit", (1,), shows="bear, hat; park"),
        ShelfPicture(3, "add a boat", "edit", (2,), shows="bear, hat, boat; park"),
    )
    past = (Exchange("add a boat", (Step("edit_image", {"image": 2, "instruction": "add a boat"}, (3,)),)),)
    for said, how in (("no IN it", "in"), ("on it please", "on"), ("not next to it", "")):
        got = corrected(Scene(said, shelf, past), Action.edit(3, said))
        assert got == Action.edit(3, f"put the bear {how} the boat" if how else said)


def test_it_is_what_the_sentence_begins_with() -> None:
    said = "tea isn't for bears but fine, put it on the table"
    assert of_shown("bear, table; room", said) == Action.edit(1, "put tea on the table")
    said = "wine would be nice so put it in her hand"
    assert of_shown("woman; room", said) == Action.edit(1, "put wine in her hand")
    said = "the bear is calling her mom, put it on him"
    assert of_shown("bear, phone; room", said) == Action.edit(1, said)


@pytest.mark.parametrize(
    ("said", "decided", "meant"),
    [
        ("you forgot the diploma", "the diploma", "add a diploma"),
        ("u forgot the flowers!", "the flowers", "add flowers"),
        ("you forgot the owl", "the owl", "add the owl"),
        ("you forgot to make it night", "night", "make it night"),
        ("add a ball of yarn, its blue", "add a ball of yarn", "add a blue ball of yarn"),
        ("add an umbrella. it should be red", "add an umbrella", "add a red umbrella"),
        ("no, the other way: owl red, cap black", "cap black", "owl red, cap black"),
        ("the order from left to right please: cap, owl", "the order from left to right",
         "the order from left to right: cap, owl"),
    ],
)  # fmt: skip
def test_what_was_left_out_of_a_wish_belongs_to_it(said: str, decided: str, meant: str) -> None:
    shelf = (ShelfPicture(1, "an owl with a cap", shows="owl, cap; forest"),)
    assert corrected(Scene(said, shelf), Action.edit(1, decided)) == Action.edit(1, meant)


def test_what_is_kept_comes_into_the_picture_that_was_better() -> None:
    shelf = (
        ShelfPicture(1, "a bear", shows="bear; room"),
        ShelfPicture(2, "make the bear wear a scarf", "edit", (1,), shows="bear, scarf; room"),
        ShelfPicture(3, "add tea", "edit", (2,), shows="bear, scarf, cup of coffee; room"),
    )
    said = "the first one was better but keep the "
    assert corrected(Scene(said + "scarf", shelf), Action.edit(1, "add tea")) == Action.edit(1, shelf[1].caption)
    assert corrected(Scene(said + "bear", shelf), Action.edit(1, "add tea")) == Action("look_at_image", {"image": 1})
