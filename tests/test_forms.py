"""Sentences whose form says what they ask for: no network is needed to know."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from models.chat.conversation import Action, Exchange, Scene, ShelfPicture, Step, closing_of, it_of
from models.chat.corrections import corrected, needless
from models.chat.decider import Decider
from models.chat.forms import wish_of
from models.chat.returning import of_the_called
from models.chat.surprises import WHAT_TO_SHOW, scene_of
from models.english.naming import Names
from tools.catalog import BY_NAME

FOX, CAT = ShelfPicture(1, "a red fox in the snow"), ShelfPicture(2, "a cat with a hat")
NIGHT = ShelfPicture(3, "make it night", "edit", (2,))
SHELF = (FOX, CAT, NIGHT)


@pytest.mark.parametrize(
    ("said", "image"),
    [
        ("show me the first", 1),
        ("use the second one please", 2),
        ("nah the first one was better", 1),
        ("I'd prefer #2", 2),
        ("ok take picture 2", 2),
        ("let's go with number 1 instead", 1),
        ("revert to the first version", 1),
        ("can you show me #2 again?", 2),
        ("show me the last one again", 3),
        ("show me the second one at night", 0),
        ("use the first one and add a hat", 0),
        ("the first one was better lit", 0),
        ("show me a fox", 0),
        ("show me #7", 0),
        ("second one looks best", 2),
        ("#2 was my favourite, go with that", 2),
        ("keep the second one", 2),
    ],
)
def test_a_picture_that_is_chosen_is_shown(said: str, image: int) -> None:
    wish = Action("look_at_image", {"image": image}) if image else None
    assert wish_of(Scene(said, SHELF)) == wish


CASTLE = ShelfPicture(4, "a castle on a hill")


@pytest.mark.parametrize(
    ("said", "image"),
    [
        ("show me the fox again", 1),
        ("can i see the cat with the hat again?", 3),
        ("go back to the castle", 4),
        ("no, back to the red fox please", 1),
        ("let me see the castle one", 4),
        ("show me the one with the hat", 3),
        ("show me the cat at night", 3),
        ("show me the fox at night", 0),
        ("show me a castle", 0),
        ("open the castle gate", 0),
        ("back to the drawing board", 0),
        ("show me the hill and the snow", 0),
        ("keep the snow one", 1),
        ("I'll go with the castle picture", 4),
        ("the castle one, thats the winner", 4),
        ("keep the one with the hat", 3),
        ("take the hat off the cat picture", 0),
        ("keep the snow one and add a moon", 0),
    ],
)
def test_a_picture_that_is_called_by_what_it_shows_is_shown_as_it_is_now(said: str, image: int) -> None:
    wish = Action("look_at_image", {"image": image}) if image else None
    assert wish_of(Scene(said, (*SHELF, CASTLE))) == wish


@pytest.mark.parametrize(
    ("said", "image"),
    [
        ("undo", 5),
        ("go back", 5),
        ("change it back to how it was", 5),
        ("no, undo that please", 5),
        ("I don't like it, go back", 5),
        ("oops that was wrong, undo it", 5),
        ("didnt like that, undo", 5),
        ("it was better before", 5),
        ("nah the one before was better", 5),
        ("hmm no i want the previous version", 5),
        ("ctrl+z", 5),
        ("bleak! undo", 5),
        ("ok that looks weird, undo", 5),
        ("hm colour was nicer, go back", 5),
        ("I'll take the one before the scarf", 2),
        ("make it blue, undo", 0),
        ("undo the crop", 5),
        ("undo the scarf", 0),
        ("go back to before the scarf", 2),
        ("back to how it was before you added the hat", 0),
        ("show me the one before the scarf", 2),
        ("back to the original please", 2),
        ("the original was better", 2),
        ("show the uploaded photo again", 1),
        ("undo and make it blue", 0),
        ("i want it without the scarf", 0),
        ("back to square one", 0),
        ("take the ball back to the dog", 0),
    ],
)
def test_going_back_shows_what_the_picture_was_made_from(said: str, image: int) -> None:
    shelf = (
        ShelfPicture(1, "me.jpg", "upload"), ShelfPicture(2, "a cat with a hat"),
        ShelfPicture(5, "add a scarf", "edit", (2,)), ShelfPicture(6, "add a scarf, crop square", "adjustment", (5,)),
    )  # fmt: skip
    wish = wish_of(Scene(said, shelf))
    assert (wish.args["image"] if wish and wish.name == "look_at_image" else 0) == image


@pytest.mark.parametrize(
    ("said", "image"),
    [
        ("undo the scarf", 2),
        ("i liked it better without the scarf", 2),
        ("bring back the version without the scarf", 2),
        ("undo the hat", 0),
        ("the version with the scarf", 3),
        ("i liked it better in daylight", 2),
        ("it was nicer with the hat", 2),
        ("i like it in blue", 0),
        ("bring the scarf back", 2),
        ("the scarf was fine, bring it back", 2),
        ("put the hat back", 0),
    ],
)
def test_the_last_change_is_undone_by_its_name(said: str, image: int) -> None:
    shelf = (FOX, CAT, ShelfPicture(3, "add a scarf", "edit", (2,)))
    wish = wish_of(Scene(said, shelf))
    assert (wish.args["image"] if wish and wish.name == "look_at_image" else 0) == image


@pytest.mark.parametrize(
    ("said", "operation", "amount", "meant"),
    [
        ("no thats too dark", "brightness", "-20", "+20"),
        ("now it's way too bright", "brightness", "+10", "-10"),
        ("too dark", "brightness", "+20", "+20"),
        ("too colourful for me", "saturation", "+20", "-20"),
        ("a bit darker", "brightness", "-10", "-10"),
        ("the colours are too pale", "saturation", "-20", "+20"),
    ],
)
def test_what_is_too_dark_is_made_brighter(said: str, operation: str, amount: str, meant: str) -> None:
    decided = Action("adjust_image", {"image": 3, "operation": operation, "amount": amount})
    assert corrected(Scene(said, SHELF), decided) == Action(
        "adjust_image", {"image": 3, "operation": operation, "amount": meant}
    )


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("the cat's ears are too dark", True),
        ("Hat is too bright, tone it down", True),
        ("the colours are too dull", False),
    ],
)
def test_a_part_that_is_too_dark_is_edited(said: str, part: bool) -> None:
    decided = Action("adjust_image", {"image": 3, "operation": "saturation", "amount": "+20"})
    meant = Action("edit_image", {"image": 3, "instruction": said})
    assert corrected(Scene(said, SHELF), decided) == (meant if part else decided)


@pytest.mark.parametrize(
    ("said", "new"),
    [
        ("two cats and a dog on a beach", True),
        ("a boy with a kite in an empty park please", True),
        ("a bird on the beach", False),
        ("a feather on his hat in a garden", False),
        ("a hat with a feather", False),
        ("put a dog on a beach", False),
    ],
)
def test_a_scene_of_its_own_is_a_new_picture(said: str, new: bool) -> None:
    decided = Action("edit_image", {"image": 3, "instruction": said})
    painted = Action("generate_image", {"prompt": said.removesuffix(" please")})
    assert corrected(Scene(said, SHELF), decided) == (painted if new else decided)


def test_a_word_behind_a_complaint_is_no_picture_to_paint(decider: Decider) -> None:
    said = "that table is ugly. marble"
    assert decider.decide(Scene(f"{said} pls", SHELF), list(BY_NAME)) == Action.edit(3, said)


@pytest.mark.parametrize(
    ("before", "image"), [("make one of them black", 3), ("make the left cat black", 3), ("make it night", 2)]
)
def test_the_other_one_is_in_the_picture_if_one_of_its_things_was_spoken_of(before: str, image: int) -> None:
    step = Step("edit_image", {"image": 2, "instruction": before}, pictures=(3,))
    scene = Scene("the other one white", SHELF, (Exchange(before, (step,), "Here is #3."),))
    action = corrected(scene, Action("edit_image", {"image": 2, "instruction": "white"}))
    assert action.args["image"] == image


def test_who_stands_at_a_side_is_in_the_picture_if_there_is_one_alone() -> None:
    decided = Action("edit_image", {"image": 3, "instruction": "golden"})
    said = "the left one golden"
    assert corrected(Scene(said, SHELF), decided) == Action("edit_image", {"image": 3, "instruction": said})
    batch = (*SHELF, ShelfPicture(4, "an owl", "picture"), ShelfPicture(5, "an owl", "picture"))
    four = Action("edit_image", {"image": 4, "instruction": "golden"})
    assert corrected(Scene(said, batch), four) == four
    boats, middle = (ShelfPicture(1, "boats", shows="3 × boat; lake"),), "the middle one should be pink"
    assert corrected(Scene(middle, boats), Action.edit(1, "be pink")) == Action.edit(1, middle)


@pytest.mark.parametrize(
    ("said", "image"), [("make the hat red instead", 3), ("a red castle", 4), ("make the dragon red", 0), ("red", 0)]
)
def test_a_colour_that_another_picture_shows_is_no_reason_to_ask(said: str, image: int) -> None:
    asked = Action("ask_user", {"question": "Which one do you mean, #1 or #3?", "choices": ["#1", "#3"]})
    meant = Action("edit_image", {"image": image, "instruction": said}) if image else asked
    assert corrected(Scene(said, (*SHELF, CASTLE)), asked) == meant


def test_before_a_thing_is_before_the_first_change_that_speaks_of_it() -> None:
    shelf = (*SHELF[:2], ShelfPicture(3, "add a scarf", "edit", (2,)), ShelfPicture(4, "a longer scarf", "edit", (3,)))
    assert wish_of(Scene("go back to before the scarf", shelf)) == Action("look_at_image", {"image": 2})


@pytest.mark.parametrize(
    ("said", "instruction"),
    [
        ("too many, just one", "too many, just one"),
        ("hmm make it smaller please", "make it smaller"),
        ("again", "put a candle on it"),
        ("one more candle", "put a candle on it"),
    ],
)
def test_what_was_done_to_a_picture_is_done_once_more_only_if_that_is_said(said: str, instruction: str) -> None:
    shelf = (CAT, ShelfPicture(5, "put a candle on it", "edit", (2,)))
    decided = Action("edit_image", {"image": 5, "instruction": "put a candle on it"})
    meant = Action("edit_image", {"image": 5, "instruction": instruction})
    assert corrected(Scene(said, shelf), decided) == meant


def test_what_was_taken_out_of_a_picture_is_looked_for_in_the_one_before() -> None:
    bare = ShelfPicture(4, "remove the hat", "edit", (3,))
    assert wish_of(Scene("show me the hat", (*SHELF, bare))) == Action("look_at_image", {"image": 3})
    assert wish_of(Scene("show me the cat", (*SHELF, bare))) == Action("look_at_image", {"image": 4})
    road = ShelfPicture(5, "a road without cars")
    assert wish_of(Scene("show me the road", (*SHELF, road))) == Action("look_at_image", {"image": 5})


def test_what_was_seen_in_a_picture_counts_for_more_than_its_captions() -> None:
    car, tree = ShelfPicture(1, "a red car", shows="red car; road"), ShelfPicture(2, "add a tree", "edit", (1,))
    shelf = (car, replace(tree, shows="red car, tree; road"))
    blue = ShelfPicture(3, "blue car, same everything", "edit", (2,), shows="blue car, tree; road")
    assert wish_of(Scene("show me the red one again", (*shelf, blue))) == Action("look_at_image", {"image": 2})
    assert wish_of(Scene("show me the tree", (*shelf, blue))) == Action("look_at_image", {"image": 3})


def test_what_is_shown_and_not_called_so_is_no_reason_to_ask() -> None:
    shelf = (FOX, ShelfPicture(2, "photo of a golden retriever", shows="dog; park"))
    asked = Action("ask_user", {"question": "I see no picture with dog. Which one do you mean?"})
    meant = Action("edit_image", {"image": 2, "instruction": "make the dog sit"})
    assert corrected(Scene("make the dog sit", shelf), asked) == meant
    assert corrected(Scene("make the dog one darker", shelf), asked) == asked


TWO_CATS = (*SHELF, ShelfPicture(4, "2 cats", "edit", (2,), shows="2 × cat; room"))


def test_both_are_two_of_a_kind_in_the_picture() -> None:
    said, meant = "both with hats", Action("edit_image", {"image": 4, "instruction": "both with hats"})
    for image in (1, 4):
        decided = Action("edit_image", {"image": image, "instruction": "with hats"})
        assert corrected(Scene(said, TWO_CATS), decided) == meant
    other = Action("edit_image", {"image": 1, "instruction": "with hats"})
    assert corrected(Scene("both pictures with hats", TWO_CATS), other) == other
    assert needless(
        Scene(said, TWO_CATS, steps=(Step(meant.name, meant.args, (5,)),)),
        replace(meant, args={**meant.args, "image": 1}),
    )


@pytest.mark.parametrize(
    ("said", "edits"),
    [
        ("and make one smaller than the other", True),
        ("make the big one smaller", True),
        ("make the first one of the cats smaller", False),
        ("make it smaller", False),
    ],
)
def test_one_of_several_things_is_resized_and_not_the_picture(said: str, edits: bool) -> None:
    decided = Action("adjust_image", {"image": 4, "operation": "resize", "amount": "50%"})
    meant = Action("edit_image", {"image": 4, "instruction": said.removeprefix("and ")})
    assert corrected(Scene(said, TWO_CATS), decided) == (meant if edits else decided)


@pytest.mark.parametrize(
    ("said", "further"),
    [
        ("Background white after all", False),
        ("background white in the others", True),
        ("white background for the fox and the castle", True),
        ("both on white", True),
    ],
)
def test_an_edit_is_done_again_only_where_several_pictures_are_spoken_of(said: str, further: bool) -> None:
    args = {"image": 4, "instruction": "background white"}
    scene = Scene(said, (*SHELF, CASTLE), steps=(Step("edit_image", args, (5,)),))
    assert needless(scene, Action("edit_image", {**args, "image": 1})) is not further


def test_where_a_picture_is_chosen_nothing_is_done_once_more() -> None:
    step = Step("edit_image", {"image": 2, "instruction": "make it sunny"}, (3,))
    two = (*SHELF, ShelfPicture(4, "a fox in a wood"))
    scene = Scene("the fox one, thats the winner", two, (Exchange("make it sunny", (step,)),))
    decided = Action("edit_image", {"image": 4, "instruction": "make it sunny"})
    assert corrected(scene, decided) == Action("look_at_image", {"image": 4})
    assert corrected(replace(scene, said="the fox one too"), decided) == decided


def test_choosing_asks_nothing() -> None:
    said = "I'll take the one before the hat"
    decided = Action("look_at_image", {"image": 1, "question": said})
    assert corrected(Scene(said, SHELF), decided) == Action("look_at_image", {"image": 1})
    for said in ("the fox from before was better, the red one", "i liked the red fox more"):
        decided = Action("look_at_image", {"image": 1, "question": said})
        assert corrected(Scene(said, SHELF), decided) == Action("look_at_image", {"image": 1})


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        ("what else could i add?", "add a hat"),
        ("any ideas?", "add a hat"),
        ("what do you suggest", "add a hat"),
        ("ok what can you draw?", "a fox in the snow"),
        ("i have no idea what to draw", "a fox in the snow"),
    ],
)
def test_who_asks_for_ideas_gets_some(said: str, offered: str) -> None:
    assert offered in (wish_of(Scene(said, SHELF)) or Action()).text
    assert "a fox in the snow" in (wish_of(Scene(said)) or Action()).text


@pytest.mark.parametrize("said", ["what should the fox eat?", "an idea: a fox", "what can you change the hat to"])
def test_who_has_an_idea_is_not_given_others(said: str) -> None:
    assert wish_of(Scene(said, SHELF)) is None


SOFA = (ShelfPicture(1, "two cats on a sofa, one black", shows="2 × cat, sofa; room"),)
YARN = (
    ShelfPicture(1, "a cat", shows="cat; meadow"),
    ShelfPicture(2, "add yarn", "edit", (1,), shows="cat, ball of yarn; meadow, night"),
    ShelfPicture(3, "remove the yarn", "edit", (2,), shows="cat; meadow, night"),
)


@pytest.mark.parametrize(
    ("said", "shelf", "answer"),
    [
        (
            "why is the sofa black?",
            SOFA,
            "That is from your words: #1 was painted from “two cats on a sofa, one black”.",
        ),
        ("how come there are two cats?", SOFA, "That is from your words: #1 was painted from"),
        ("why is it night?", SOFA, "There is no night: #1 shows 2 × cat, sofa – room."),
        ("why is the sofa so big", SOFA, "Nobody asked for it: the painter chooses what your words leave open."),
        ("why isnt it raining?", SOFA, "Nothing in #1 was painted so yet."),
        ("why is the yarn gone", YARN, "That is from your words: #3 was edited by “remove the yarn”."),
        ("so what happened to the yarn?", YARN, "That is from your words: #3 was edited by “remove the yarn”."),
        ("why did you remove the cat?", YARN, "It is there: #3 shows cat – meadow, night."),
        ("why is it night?", YARN, "Nobody asked for it"),
        ("why does the cat look so sad", YARN, "Nobody asked for it"),
        ("why is the cat not black", YARN, "Nothing in #3 was painted so yet."),
        ("why are its eyes green?", YARN, "Nobody asked for it"),
        ("why would there be a moon, it's afternoon", YARN, "There is no moon: #"),
        ("why should there be a moon", YARN, "There is no moon: #"),
        ("why did the cat cross the road", YARN, "That is not to be seen: #"),
        ("why did you do that", YARN, "That is from your words: #3 was edited by"),
        ("why is it so dark", (ShelfPicture(1, "a.png", "upload"),), "I did not paint that: #1 was uploaded."),
    ],
)
def test_who_asks_why_hears_what_was_asked_for(said: str, shelf: tuple[ShelfPicture, ...], answer: str) -> None:
    assert (wish_of(Scene(said, shelf)) or Action()).text.startswith(answer)


@pytest.mark.parametrize(
    "said", ["why is there no moon", "why no sun?", "why don't you make it blue", "why do the pictures look so rough?",
             "why are you so slow", "why is it night? make it day", "why not a green hat"]
)  # fmt: skip
def test_who_wishes_or_asks_of_easel_with_why_is_not_told_of_the_picture(said: str) -> None:
    assert wish_of(Scene(said, SOFA)) is None


@pytest.mark.parametrize(
    ("said", "again"),
    [
        ("that's not a cat", True),
        ("this isnt a cat at all!", True),
        ("it doesn't look like a cat", True),
        ("this is a dog, not a cat", True),
        ("that's not a whale", False),
        ("that's not a cat, make it brown", False),
        ("that's not the cat i wanted", False),
    ],
)
def test_what_is_not_what_it_should_be_is_painted_once_more(said: str, again: bool) -> None:
    scene = Scene(said, SOFA)
    assert wish_of(scene) == (Action("vary_image", {"image": 1}) if again else None)
    told = closing_of(replace(scene, steps=(Step("vary_image", {"image": 1}, (2,)),)))
    assert not again or told == "Here is #2, another try at #1."


def test_who_counts_otherwise_than_is_shown_hears_how_many_there_are() -> None:
    assert wish_of(Scene("that's only one cat", SOFA)) == Action(
        "look_at_image", {"image": 1, "question": "how many cat"}
    )
    assert wish_of(Scene("that's only 2 cats", SOFA)) is None


@pytest.mark.parametrize(
    "said", ["how many pictures are there?", "how many pics did we make", "how many images so far"]
)
def test_pictures_are_counted(said: str) -> None:
    assert wish_of(Scene(said, SHELF)) == Action(text="3 pictures: #1 to #3.")
    assert wish_of(Scene("how many pictures of cats are there", SHELF)) is None


@pytest.mark.parametrize(
    "said",
    ["which pictures do i have", "what images did we make so far?", "please list my pictures", "show me all my pics"],
)
def test_who_asks_which_pictures_there_are_hears_how_many_and_which_are_the_newest(said: str) -> None:
    assert wish_of(Scene(said, SOFA)) == Action(text=f"One picture: #1 “{SOFA[0].caption}”.")
    many = tuple(ShelfPicture(handle, f"a {'very ' * handle}red fox") for handle in range(6, 26))
    told = wish_of(Scene(said, many[::-1]))
    assert told is not None and told.text.startswith("25 pictures: #1 to #25. The newest are #18 “a very very")
    assert re.findall(r"#(\d+) “[^“”]{,60}”", told.text) == [str(handle) for handle in range(18, 26)]
    assert wish_of(Scene("which pictures have cats", SHELF)) is None


def test_what_changed_is_what_the_last_change_did() -> None:
    past = Exchange("make it night", (Step("edit_image", {"image": 2}, (3,), changed="now night"),))
    assert wish_of(Scene("what did you change?", SHELF, (past,))) == Action(text="#3 was made from #2: now night.")
    tried = (*SHELF, ShelfPicture(4, "a variation", "variation", (3,)))
    assert "another try at #3" in (wish_of(Scene("what changed?", tried, (past,))) or Action()).text


def test_pictures_are_compared_side_by_side() -> None:
    both = "#1 shows cat – beach. #4 shows cat, crab – forest, night, rain."
    for said in ("compare with the first one", "what's different from #1?", "compare #1 and #4 please"):
        assert wish_of(Scene(said, PLACES[:4])) == Action(text=both)
    assert wish_of(Scene("compare with the first one", SHELF)) is None  # nobody looked


@pytest.mark.parametrize("said", ["gtg, see you tomorrow 👋", "bye", "thanks, good night!", "see you next week"])
def test_who_leaves_asks_for_nothing(said: str) -> None:
    assert wish_of(Scene(said, SHELF)) == Action(text="All right.")


def test_what_was_before_a_change_is_changed_as_the_sentence_says() -> None:
    shelf = (ShelfPicture(1, "a tiger"), ShelfPicture(2, "add a hat", "edit", (1,)))
    assert wanted_of("the one before the hat, make it a lion", shelf) == (1, "make it a lion")
    assert wanted_of("take the one before the hat and make it a lion", shelf) == (1, "make it a lion")


def wanted_of(said: str, shelf: tuple[ShelfPicture, ...]) -> tuple[int, str]:
    """The picture that is "it" for what a sentence wants of one that it calls, and what that is."""
    scene = of_the_called(Scene(said, shelf))
    return it_of(scene), scene.said


@pytest.mark.parametrize(
    ("said", "image", "wanted"),
    [
        ("ok back to the one in bed but with a rabbit instead of the bear", 2, "with a rabbit instead of the bear"),
        ("go back to before the frogs and make it snow", 3, "make it snow"),
        ("the one before you added the frogs but at night", 3, "at night"),
        ("undo that and make it blue", 3, "make it blue"),
        ("undo the last two changes and make it blue", 2, "make it blue"),
        ("go back to the original and add a dog", 1, "add a dog"),
    ],
)
def test_a_change_may_be_wanted_of_what_a_sentence_goes_back_to(said: str, image: int, wanted: str) -> None:
    shelf = (
        ShelfPicture(1, "a boy with a teddy bear", shows="boy, teddy bear; room"),
        ShelfPicture(2, "put him in bed", "edit", (1,), shows="boy, bed, teddy bear; room"),
        ShelfPicture(3, "now in the garden without the bed", "edit", (2,), shows="boy, teddy bear; garden"),
        ShelfPicture(4, "add two frogs", "edit", (3,), shows="boy, teddy bear, 2 × frog; garden"),
    )
    assert wanted_of(said, shelf) == (image, wanted)


PLACES = (
    ShelfPicture(1, "a cat on the seashore", shows="cat; beach"),
    ShelfPicture(2, "add a crab", "edit", (1,), shows="cat, crab; beach"),
    ShelfPicture(3, "make it rain", "edit", (2,), shows="cat, crab; beach, night, rain"),
    ShelfPicture(4, "in the forest", "edit", (3,), shows="cat, crab; forest, night, rain"),
    ShelfPicture(5, "in the forest, 4 times larger", "upscale", (4,), shows="cat, crab; forest, night, rain"),
    ShelfPicture(6, "a red fox in a town", shows="red fox; city"),
)


@pytest.mark.parametrize(
    ("said", "image", "wanted"),
    [
        ("take the beach picture and make the cat black", 3, "make the cat black"),
        ("i prefer the forest one. enlarge that", 4, "enlarge that"),
        ("I like the daytime beach one better, make it snow", 2, "make it snow"),
        ("i want the rainy one, put a hat on the cat", 4, "put a hat on the cat"),
        ("go back to the beach one and enlarge it", 3, "enlarge it"),
        ("use the seashore one but at sunset", 2, "at sunset"),
        ("the fox one, give him a scarf", 6, "give him a scarf"),
        ("enlarge the forest one", 4, "enlarge it"),
        ("can you make the beach picture bigger please", 3, "make it bigger"),
        ("add a boat to the beach one", 3, "add a boat"),
        ("what is in the forest picture?", 4, "what is in it"),
    ],
)
def test_a_picture_is_called_by_its_place_its_hour_and_its_weather(said: str, image: int, wanted: str) -> None:
    assert wanted_of(said, PLACES) == (image, wanted)


@pytest.mark.parametrize(
    "said",
    [
        "make the red one bigger",
        "give the small one a hat",
        "make it like the beach picture",
        "put the fox from the town picture into the forest one",
        "take the beach away and make it a desert",
        "the second one, give it wings",
        "the cat one is cute",
    ],
)
def test_what_calls_no_picture_is_left_as_it_was_said(said: str) -> None:
    assert of_the_called(scene := Scene(said, PLACES)) == scene


@pytest.mark.parametrize(
    ("said", "image"),
    [
        ("undo undo", 2),
        ("undo, undo and undo", 1),
        ("undo twice", 2),
        ("undo x2", 2),
        ("please undo the last two changes", 2),
        ("undo both edits", 2),
        ("go back 3 steps", 1),
        ("roll back nine steps", 1),
        ("undo the last change", 3),
    ],
)
def test_several_changes_are_undone_at_once(said: str, image: int) -> None:
    assert wish_of(Scene(said, PLACES[:4])) == Action("look_at_image", {"image": image})


@pytest.mark.parametrize(
    ("said", "changed", "wanted"),
    [
        ("actually both", "cat gone, dog added", "add a cat"),
        ("or maybe both of them", "2 cats gone, dog added", "add 2 cats"),
        ("both", "rain gone", None),
        ("both", "cat → red cat", None),
        ("both darker", "cat gone, dog added", None),
    ],
)
def test_both_after_an_exchange_brings_back_what_went(said: str, changed: str, wanted: str | None) -> None:
    step = Step("edit_image", {"image": 1, "instruction": "a dog, not a cat"}, (3,), changed=changed)
    wish = wish_of(Scene(said, SHELF, (Exchange("a dog, not a cat", (step,)),)))
    assert wish == (Action.edit(3, wanted) if wanted else None)


@pytest.mark.parametrize("said", ["show it again", "show me that once more", "see it again please"])
def test_it_is_shown_again_and_not_painted_anew(said: str) -> None:
    assert wish_of(Scene(said, PLACES[:1])) == Action("look_at_image", {"image": 1})


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("don't draw a dog", Action(text="All right, nothing is changed.")),
        ("please do not add any hats", Action(text="All right, nothing is changed.")),
        ("dont draw the robot", Action.edit(1, "remove the robot")),
        ("don't draw a dog, draw a cat", None),
        ("don't make it so dark", None),
    ],
)
def test_what_is_not_to_be_drawn_is_not(said: str, meant: Action | None) -> None:
    assert wish_of(Scene(said, (ShelfPicture(1, "a robot", shows="robot; city"),))) == meant


def test_what_is_not_to_be_drawn_makes_no_first_picture() -> None:
    assert wish_of(Scene("don't draw a dog", ())) == Action(text="All right, nothing is changed.")


def test_what_was_refused_is_nothing_to_undo() -> None:
    refused = Exchange("make it smile", (Step("edit_image", {"image": 4}, words="cannot do that", failed=True),))
    wish = wish_of(Scene("undo that", PLACES[:4], (refused,)))
    assert wish is not None and not wish.name and "changed nothing, so #4 stays" in wish.text
    once_more = Scene("undo", PLACES[:4], (refused, Exchange("undo that", (), wish.text)))
    assert wish_of(once_more) == Action("look_at_image", {"image": 3})


@pytest.mark.parametrize("said", ["the picture with the tree but no dog", "the one with a tree and without the dog"])
def test_a_picture_is_called_by_what_it_shows_and_lacks(said: str) -> None:
    shelf = (
        ShelfPicture(1, "a house", shows="house; meadow"),
        ShelfPicture(2, "add a tree", "edit", (1,), shows="house, tree; meadow"),
        ShelfPicture(3, "add a dog", "edit", (2,), shows="house, tree, dog; meadow"),
    )
    assert wish_of(Scene(said, shelf)) == Action("look_at_image", {"image": 2})


@pytest.mark.parametrize(
    "said", ["now without the cat, she's hiding", "and minus the cat please", "w/o the cat, i hate it"]
)
def test_what_is_taken_out_costs_no_other_change(said: str) -> None:
    shown = Action("look_at_image", {"image": 1})
    assert corrected(Scene(said, PLACES[:4]), shown) == Action.edit(4, "remove the cat")
    added = (ShelfPicture(1, "a house", shows="house"), ShelfPicture(2, "a cat", "edit", (1,), shows="house, cat"))
    assert corrected(Scene(said, added), shown) == shown


def test_where_two_pictures_show_it_the_form_does_not_decide() -> None:
    assert wish_of(Scene("show me the fox", (*SHELF, ShelfPicture(4, "two foxes in a wood")))) is None


@pytest.mark.parametrize("said", ["which one do you like best?", "which is better", "what's your favourite"])
def test_easel_has_no_favourites(said: str) -> None:
    wish = wish_of(Scene(said, SHELF))
    assert wish is not None and not wish.name and "say which one you like" in wish.text


def test_an_answer_to_which_one_goes_on_with_what_was_asked_for() -> None:
    question = Step("ask_user", {"question": "Which one do you mean, #1 or #2?"})
    asked = Exchange("make it blue", (question,), "Which one do you mean, #1 or #2?")
    assert wish_of(Scene("take #2", SHELF, (asked,))) is None


@pytest.mark.parametrize(
    ("said", "args"),
    [
        ("whats the seed", {"image": 3, "question": "whats the seed"}),
        ("what is the prompt for #2?", {"image": 2, "question": "what is the prompt for #2"}),
        ("what changed?", {"image": 3, "question": "what changed"}),
        ("what is a seed", None),
        ("what's the size of the hat", None),
    ],
)
def test_what_is_asked_of_a_recipe_is_looked_up(said: str, args: dict[str, Any] | None) -> None:
    assert wish_of(Scene(said, SHELF)) == (Action("look_at_image", args) if args else None)


@pytest.mark.parametrize(
    ("said", "pair"),
    [
        ("merge #1 and #2", (1, 2)),
        ("put the cat from #2 into #1", (1, 2)),
        ("take the hat from picture 2 and put it on picture 1", (1, 2)),
        ("combine both", (2, 3)),
        ("merge #1 and #9", None),
        ("put the cat in the snow", None),
        ("put 2 cats from 3 houses in 1 garden", None),
    ],
)
def test_what_comes_from_another_picture_names_it_as_reference(said: str, pair: tuple[int, int] | None) -> None:
    wish = pair and Action("edit_image", {"image": pair[0], "instruction": said, "references": [pair[1]]})
    assert wish_of(Scene(said, SHELF)) == wish


@pytest.mark.parametrize("said", ["more", "the one before but at night", "do more of it", "the same but in snow"])
def test_of_a_picture_that_there_is_not_nothing_is_painted(said: str) -> None:
    wish = wish_of(Scene(said))
    assert wish and wish.name == "ask_user" and "no picture yet" in wish.args["question"]
    assert wish_of(Scene(said, (FOX,))) is None


@pytest.mark.parametrize("said", ["start over", "Let's start from scratch!", "something completely different"])
def test_starting_over_asks_what_to_draw(said: str) -> None:
    wish = wish_of(Scene(said, SHELF))
    assert wish is not None and wish.name == "ask_user"


def test_saving_and_renaming_are_explained() -> None:
    for said, told in (("save it as fox.png", "download button"), ("rename this session to foxes", "sidebar")):
        wish = wish_of(Scene(said, SHELF))
        assert wish is not None and not wish.name and told in wish.text
    assert wish_of(Scene("save the whales poster")) is None


def test_what_came_to_nothing_is_tried_again_and_nothing_is_made_up() -> None:
    upload = ShelfPicture(1, "holiday.png", "upload")
    for said in ("again", "try again", "Try that once more please", "retry", "once more"):
        nothing, alone = wish_of(Scene(said)), wish_of(Scene(said, (upload,)))
        assert nothing is not None and nothing.args["question"] == "What should the picture show?"
        assert alone is not None and alone.args["question"] == "What should change in #1?"
        step = Step("upscale_image", {"image": 1, "scale": 4}, failed=True)
        stopped = Scene(said, (upload,), (Exchange("enlarge it", (step,)),))
        assert wish_of(stopped) == Action("upscale_image", {"image": 1, "scale": 4})
        made = Scene(said, (FOX,), (Exchange("a fox", (Step("generate_image", {"prompt": "a fox"}, (1,)),)),))
        assert wish_of(made) is None
        flipped = (Step("adjust_image", {"image": 1, "operation": "flip", "amount": "horizontal"}, (2,)),)
        once_more = Scene(said, (FOX, replace(FOX, handle=2)), (Exchange("flip it", flipped),))
        assert wish_of(once_more) == Action("adjust_image", {**flipped[0].args, "image": 2})


def test_a_turn_that_its_form_decides_takes_one_step_and_only_offered_tools(decider: Decider) -> None:
    scene = Scene("show me the first", SHELF)
    assert decider.decide(scene, ["look_at_image"]) == Action("look_at_image", {"image": 1})
    looked = replace(scene, steps=(Step("look_at_image", {"image": 1}, words="shows: red fox; snow"),))
    assert decider.decide(looked, ["look_at_image"]) == Action(text=closing_of(looked))
    assert decider.decide(scene, ["generate_image"]).name != "look_at_image"


@pytest.mark.parametrize("decided", [Action.edit(2, "twenty dogs"), Action("generate_image", {"prompt": "dogs"})])
def test_more_things_than_a_picture_holds_are_a_new_picture_of_all_of_them(decided: Action) -> None:
    assert corrected(Scene("draw twenty dogs", SHELF), decided) == Action("generate_image", {"prompt": "twenty dogs"})
    for other in ("draw two dogs", "draw 20 more dogs", "draw 12 pictures of a dog"):
        assert corrected(Scene(other, SHELF), Action.edit(2, other)).name == "edit_image"


def test_a_number_is_a_seed_only_where_a_seed_is_spoken_of(decider: Decider) -> None:
    many = "9" * 20
    asked = decider.decide(Scene(f"draw {many} cats"), ["generate_image"])
    assert asked == Action("generate_image", {"prompt": f"{many} cats"})
    seeded = decider.decide(Scene(f"draw a fox, seed {many}"), ["generate_image"])
    assert seeded.args["seed"] == int(many)  # which the tool refuses as it was typed


GLAD = Action(text="I am glad you like it.")
SORRY = Action(text="I am sorry. What should be different?")
EASEL = Action(text="I am Easel: a small language model.")
REFUSED = Action(text="I only make and change pictures; for that I can't help.")


@pytest.mark.parametrize(
    ("said", "decided", "meant"),
    [
        (
            "i need a birthday card for my nan", REFUSED,
            Action("generate_image", {"prompt": "a birthday card for my nan"}),
        ),
        ("make a cartoon of it", REFUSED, Action("edit_image", {"image": 3, "instruction": "make a cartoon of it"})),
        ("add my name pls", REFUSED, Action("edit_image", {"image": 3, "instruction": "add my name"})),
        ("red hat", GLAD, Action("edit_image", {"image": 3, "instruction": "red hat"})),
        (
            "the planet is weird, remove", Action("edit_image", {"image": 3, "instruction": "remove"}),
            Action("edit_image", {"image": 3, "instruction": "the planet is weird, remove"}),
        ),
        ("cool hat", GLAD, None),
        ("a masterpiece", GLAD, None),
        ("its for halloween", GLAD, Action(text="All right.")),
        ("hell yeah", SORRY, GLAD),
        ("hell no", SORRY, None),
        ("lol who is it now", EASEL, Action("look_at_image", {"image": 3, "question": "lol who is it now"})),
        ("who is it that makes these", EASEL, None),
        ("who are you", EASEL, None),
        ("show me a fox", Action("look_at_image", {"image": 1}), Action("generate_image", {"prompt": "a fox"})),
        ("show me a fox again", Action("look_at_image", {"image": 1}), None),
        ("2+2", REFUSED, None),
        ("add 2 and 3", REFUSED, None),
        ("write a poem", REFUSED, None),
        ("i need a plumber", REFUSED, None),
        (
            "zoom out", Action("adjust_image", {"image": 3, "operation": "crop", "amount": "centre"}),
            Action("edit_image", {"image": 3, "instruction": "zoom out"}),
        ),
        (
            "left a bit", Action("adjust_image", {"image": 3, "operation": "rotate", "amount": "-10"}),
            Action("edit_image", {"image": 3, "instruction": "left a bit"}),
        ),
        (
            "red hat", Action("edit_image", {"image": 1, "instruction": "red hat"}),
            Action("edit_image", {"image": 3, "instruction": "red hat"}),
        ),
        ("a bluer fox", Action("edit_image", {"image": 1, "instruction": "a bluer fox"}), None),
        ("zoom in", Action("adjust_image", {"image": 3, "operation": "crop", "amount": "centre"}), None),
        ("zoom in on her face", Action("adjust_image", {"image": 3, "operation": "crop", "amount": "centre"}), None),
        (
            "i only want to see the fox please",
            Action("adjust_image", {"image": 3, "operation": "crop", "amount": "centre"}),
            None,
        ),
        (
            "zoom in on the fox please", Action("adjust_image", {"image": 1, "operation": "crop", "amount": "centre"}),
            Action("edit_image", {"image": 1, "instruction": "zoom in on the fox"}),
        ),
        (
            "also make a version without the hat", Action("edit_image", {"image": 3, "instruction": "make it night"}),
            Action("edit_image", {"image": 3, "instruction": "remove the hat"}),
        ),
        (
            "turn the light on", Action(text="I only make and change pictures; for that I can't help."),
            Action("edit_image", {"image": 3, "instruction": "turn the light on"}),
        ),
        (
            "can you add a dog?", Action(text="Yes: drop a PNG, JPEG or WebP file here and tell me what to change."),
            Action("edit_image", {"image": 3, "instruction": "add a dog"}),
        ),
        (
            "rotate it a bit", Action("adjust_image", {"image": 3, "operation": "rotate", "amount": "-90"}),
            Action("adjust_image", {"image": 3, "operation": "rotate", "amount": "10"}),
        ),
        (
            "make it vertical format", Action("adjust_image", {"image": 3, "operation": "rotate", "amount": "90"}),
            Action("extend_image", {"image": 3, "to": "vertical"}),
        ),
        (
            "can you make it wider", Action(text="Yes, I can: say which picture and what to change."),
            Action("extend_image", {"image": 3, "to": "wide"}),
        ),
    ],
)  # fmt: skip
def test_what_was_refused_or_taken_for_a_cut_is_done(said: str, decided: Action, meant: Action | None) -> None:
    assert corrected(Scene(said, SHELF), decided) == (meant or decided)


@pytest.mark.parametrize(
    ("said", "painted"),
    [
        ("bday card for my lil bro, cake n a gift", True),
        ("outfit check: tshirt jeans sneaker", True),
        ("is there a cat or a dog", False),
        ("can you do cats and dogs?", False),
        ("hello there", False),
    ],
)
def test_who_names_things_and_asks_nothing_wants_to_see_them(said: str, painted: bool) -> None:
    assert corrected(Scene(said), REFUSED) == (Action("generate_image", {"prompt": said}) if painted else REFUSED)


@pytest.mark.parametrize(
    ("said", "enlarged"),
    [
        ("make the cat twice as big lol", False),
        ("Not that big. just a small one", False),
        ("way too big", False),
        ("they cover her face make them smaller", False),
        ("make the picture twice as big", True),
        ("make it twice as big", True),
        ("make the dragon twice as big", True),
    ],
)
def test_a_thing_that_is_to_be_larger_is_not_the_picture(said: str, enlarged: bool) -> None:
    decided = Action("upscale_image", {"image": 3, "scale": 2})
    action = corrected(Scene(said, SHELF), decided)
    assert (action == decided) is enlarged
    assert action.args["image"] == 3


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "do the fox again but in summer",
            Action("generate_image", {"prompt": "a red fox in the snow, in summer"}),
        ),
        ("redo the fox, at night please", Action("generate_image", {"prompt": "a red fox in the snow, at night"})),
        (
            "do the cat again, this time with a dog",
            Action("edit_image", {"image": 3, "instruction": "with a dog"}),
        ),
        ("do the dragon again but in summer", None),
        ("do the fox again", None),
    ],
)
def test_what_is_to_be_done_again_is_the_picture_that_is_named(said: str, meant: Action | None) -> None:
    decided = Action("generate_image", {"prompt": "a castle on a hill, in summer"})
    assert corrected(Scene(said, (*SHELF, CASTLE)), decided) == (meant or decided)


@pytest.mark.parametrize(
    ("said", "image", "instruction"),
    [
        ("i said no hat", 3, "no hat"),
        ("but I asked for two foxes", 1, "two foxes"),
        ("just the cat please", 3, "just the cat"),
        ("only the castle", 4, "only the castle"),
        ("Try it without the hill", 4, "without the hill"),
        ("i'd like to see it with no trees", 4, "with no trees"),
        ("can we see that at night please", 4, "at night"),
        ("take the tower on the right away then", 4, "take the tower on the right away then"),
        ("sorry, trees away please", 4, "trees away"),
        ("is it just the cat", 0, ""),
    ],
)
def test_what_was_taken_for_a_question_about_a_picture_is_done(said: str, image: int, instruction: str) -> None:
    decided = Action("look_at_image", {"image": 1, "question": said})
    meant = Action("edit_image", {"image": image, "instruction": instruction}) if image else decided
    assert corrected(Scene(said, (*SHELF, CASTLE)), decided) == meant


@pytest.mark.parametrize(
    ("said", "shelf", "drawn"),
    [
        ("turn me into a viking", (), False),
        ("can you draw a portrait of me as a king", (), False),
        ("turn me into a viking", SHELF, True),
        ("a picture of a viking", (), True),
        ("draw me a viking", (), True),
    ],
)
def test_nobody_is_drawn_who_was_not_seen(said: str, shelf: tuple[ShelfPicture, ...], drawn: bool) -> None:
    action = corrected(Scene(said, shelf), Action("generate_image", {"prompt": "a viking"}))
    assert bool(action.name) is drawn
    assert drawn or "drop a photo" in action.text


@pytest.mark.parametrize(
    ("said", "image", "instruction"),
    [
        ("i don't like the hat, take it off", 3, "the hat, take it off"),
        ("is that a hat? remove it please", 3, "a hat? remove it"),
        ("the cat's hat is ugly. lose it", 3, "the cat's hat is ugly. lose it"),
        (
            "the little hat on the cat is odd, please take it off",
            3,
            "the little hat on the cat is odd, please take it off",
        ),
        ("now the hat is too small, make it much bigger", 3, "the hat is too small, make it much bigger"),
        ("the snow is nice but make it heavier", 1, "the snow is nice but make it heavier"),
    ],
)
def test_an_order_about_a_thing_begins_with_the_thing(
    decider: Decider, said: str, image: int, instruction: str
) -> None:
    assert decider.decide(Scene(said, (*SHELF, CASTLE)), list(BY_NAME)) == Action.edit(image, instruction)


@pytest.mark.parametrize("said", ["the moon is ugly, take it out", "take it off"])
def test_an_order_about_what_no_picture_shows_stays(said: str) -> None:
    decided = Action.edit(4, "take it off")
    assert corrected(Scene(said, (*SHELF, CASTLE)), decided) == decided


@pytest.mark.parametrize(
    ("said", "image"),
    [
        ("no snow", 1),
        ("remove the snow", 1),
        ("make it two foxes", 1),
        ("without the hat", 3),
        ("more snow", 4),
        ("the hill is too steep, remove the snow", 4),
        ("add a fox", 4),
        ("remove the birds", 4),
        ("remove the fox and the hat", 4),
    ],
)
def test_what_only_an_older_picture_shows_is_changed_there(said: str, image: int) -> None:
    decided = Action("edit_image", {"image": 4, "instruction": said})
    assert corrected(Scene(said, (*SHELF, CASTLE)), decided) == Action(
        "edit_image", {"image": image, "instruction": said}
    )


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("undo the night thing, keep the green parrot", "no night"),
        ("undo the parrot but keep the night", "remove the parrot"),
    ],
)
def test_what_was_done_is_undone_in_part(decider: Decider, said: str, meant: str) -> None:
    shelf = (ShelfPicture(1, "a parrot"), ShelfPicture(2, "make it night and the parrot green", "edit", (1,)))
    assert decider.decide(Scene(said, shelf), list(BY_NAME)) == Action.edit(2, meant)


@pytest.mark.parametrize("said", ["add a dog on the left", "put a dog on the far left side", "a dog in the background"])
def test_a_side_is_no_thing_that_an_older_picture_shows(said: str) -> None:
    older = replace(SHELF[0], handle=3, caption="a house with a tree on the left and a hill in the background")
    shelf = (older, replace(SHELF[0], handle=4, caption="a boat on the sea"))
    assert corrected(Scene(said, shelf), Action.edit(4, said)) == Action.edit(4, said)


@pytest.mark.parametrize(
    ("said", "args", "prompt"),
    [
        ("a knight fighting a dragon but make it cute", {}, "a knight fighting a dragon, cute"),
        ("a house by a lake but make it spooky please", {}, "a house by a lake, spooky"),
        ("a house by a lake but make it spooky", {"style": "spooky"}, "a house by a lake"),
        ("a cat in a tree but make it wide", {"aspect": "wide"}, "a cat in a tree"),
        ("a cat in a tree. make it cute", {}, "a cat in a tree"),
    ],
)
def test_how_a_picture_is_to_be_belongs_to_its_description(said: str, args: dict[str, Any], prompt: str) -> None:
    decided = Action("generate_image", {"prompt": said.split(" but")[0].split(".")[0], **args})
    assert corrected(Scene(said), decided) == Action("generate_image", {"prompt": prompt, **args})


def test_a_number_that_is_written_on_something_calls_no_picture() -> None:
    decided = Action("ask_user", {"question": "There is no #10. Which one do you mean?", "choices": ["#1", "#2"]})
    meant = Action("edit_image", {"image": 3, "instruction": "number 10 on his back"})
    assert corrected(Scene("number 10 on his back", SHELF), decided) == meant
    assert corrected(Scene("number 10", SHELF), decided) == decided


def test_eight_bits_are_a_style_and_no_eight_pictures() -> None:
    eight = Action("vary_image", {"image": 3, "count": 8})
    meant = Action("edit_image", {"image": 3, "instruction": "make it 8 bit"})
    assert corrected(Scene("make it 8 bit", SHELF), eight) == meant
    assert corrected(Scene("8 variations, 16 bit", SHELF), eight) == eight


def test_as_many_as_are_said_are_made_in_eight_bits(decider: Decider) -> None:
    decided = decider.decide(Scene("make 2 more in 8-bit", SHELF), list(BY_NAME))
    assert (decided.name, decided.args["count"]) == ("vary_image", 2)


@pytest.mark.parametrize(("said", "image"), [("the snowy one", 1), ("no, the hatted one", 3), ("the rainy one", 0)])
def test_the_only_picture_of_what_a_word_comes_from_is_shown(said: str, image: int) -> None:
    decided = Action("ask_user", {"question": "I see no picture with that. Which one do you mean?"})
    meant = Action("look_at_image", {"image": image}) if image else decided
    assert corrected(Scene(said, SHELF), decided) == meant


@pytest.mark.parametrize(
    ("said", "image"),
    [("he wants to see the cat again before bed", 3), ("show her the fox again", 1), ("do i see the cat again?", 0)],
)
def test_who_wants_to_see_a_picture_again_sees_it_as_it_has_become(said: str, image: int) -> None:
    decided = Action("look_at_image", {"image": 1 if "fox" in said else 2, "question": said})
    meant = Action("look_at_image", {"image": image}) if image else decided
    assert corrected(Scene(said, SHELF), decided) == meant
    if image:
        assert corrected(Scene(said, SHELF), meant) == meant


@pytest.mark.parametrize(
    ("said", "image"),
    [("no thats too tight, back to the full picture", 2), ("the whole picture", 2), ("the full moon", 0)],
)
def test_the_full_picture_is_the_one_before_the_cut(said: str, image: int) -> None:
    cut = ShelfPicture(3, "a cat with a hat, crop top half", "adjustment", (2,))
    wish = Action("look_at_image", {"image": image}) if image else None
    assert wish_of(Scene(said, (FOX, CAT, cut))) == wish


@pytest.mark.parametrize(
    ("caption", "back"),
    [
        ("with snakes instead of the moon", 2),
        ("swap the moon for a snake", 2),
        ("a snake on the moon", 3),
    ],
)
def test_what_was_replaced_is_shown_no_more(caption: str, back: int) -> None:
    moth = ShelfPicture(1, "a moth with a skull on its wings")
    shelf = (moth, ShelfPicture(2, "a crescent moon above it", "edit", (1,)), ShelfPicture(3, caption, "edit", (2,)))
    assert wish_of(Scene("nope. go back to the moon", shelf)) == Action("look_at_image", {"image": back})


def test_what_is_far_too_big_is_made_smaller_and_not_its_picture() -> None:
    decided = Action("adjust_image", {"image": 3, "operation": "resize", "amount": "50%"})
    meant = Action("edit_image", {"image": 3, "instruction": "The hat is enormous, make it half that size"})
    assert corrected(Scene("The hat is enormous, make it half that size. otherwise lovely", SHELF), decided) == meant
    assert corrected(Scene("the file is enormous, make it half that size", SHELF), decided) == decided


def test_of_two_pictures_that_show_a_thing_the_one_at_hand_is_meant() -> None:
    both = ShelfPicture(4, "a red fox in front of a castle")
    decided = Action("edit_image", {"image": 1, "instruction": "push the fox farther away"})
    scene = Scene("push the fox farther away", (FOX, CASTLE, both))
    assert corrected(scene, decided) == Action("edit_image", {"image": 4, "instruction": "push the fox farther away"})
    assert corrected(replace(scene, said="push the fox in #1 farther away"), decided) == decided


@pytest.mark.parametrize(
    ("said", "nothing"),
    [
        ("give the cat a sword, no wait thats silly, forget it", True),
        ("a bit more snow... actually never mind", True),
        ("put a bench there. nah leave it", True),
        ("draw a castle, hmm nvm", True),
        ("never mind the hat, add a scarf", False),
        ("the hat looks bad, scrap it", False),
        ("forget the fox, draw a cat", False),
    ],
)
def test_a_wish_that_is_taken_back_in_its_last_words_does_nothing(said: str, nothing: bool) -> None:
    wish = wish_of(Scene(said, SHELF))
    assert (wish == Action(text="All right, nothing is changed.")) is nothing


@pytest.mark.parametrize(
    "said", ["redo", "redo that", "redo the change", "undo the undo", "ctrl+y", "one step forward"]
)
def test_what_was_undone_is_done_again(said: str) -> None:
    back = Step("look_at_image", {"image": 2})
    undone = Scene(said, PLACES[:4], (Exchange("undo twice", (back,), "Here is #2 again."),))
    assert wish_of(undone) == Action("look_at_image", {"image": 3})
    if said == "redo":
        assert wish_of(Scene(said, PLACES[:4])) is None  # nothing was undone: paint it anew


@pytest.mark.parametrize("said", ["put #1 and #6 side by side", "put 1 and 6 next to each other", "merge #1 with #6"])
def test_two_pictures_are_put_together_as_an_edit_of_the_first(said: str) -> None:
    args = {"image": 1, "instruction": said, "references": [6]}
    assert wish_of(Scene(said, PLACES)) == Action("edit_image", args)


@pytest.mark.parametrize(
    ("said", "shelf", "free"),
    [
        ("surprise me", (), True),
        ("surprise me please", PLACES, True),
        ("another surprise", PLACES, True),
        ("paint anything you like", (), True),
        ("can you draw something random", (), True),
        ("you choose", (), True),
        ("you choose", PLACES, False),
        ("draw something", (), False),
        ("surprise me with a dragon", (), False),
    ],
)
def test_who_leaves_it_to_easel_gets_a_scene_that_the_seed_decides(
    said: str, shelf: tuple[ShelfPicture, ...], free: bool
) -> None:
    wish = wish_of(Scene(said, shelf))
    assert (wish is not None) is free
    if wish:
        assert wish.name == "generate_image" and 0 <= wish.args["seed"] < 2**32
        assert len(Names.shipped().things(wish.args["prompt"])) > 1
        assert wish.args["prompt"] == scene_of(wish.args["seed"])


def test_seeds_that_are_chosen_decide_which_scene_comes() -> None:
    wish = wish_of(Scene("surprise me", seeds=iter([7, 8])))
    assert wish == Action("generate_image", {"prompt": scene_of(7), "seed": 7})


def test_who_chose_nothing_when_asked_what_to_show_gets_a_scene() -> None:
    asked = Step(WHAT_TO_SHOW.name, WHAT_TO_SHOW.args)
    wish = wish_of(Scene("up to you", PLACES, (Exchange("draw something", (asked,)),)))
    assert wish and wish.name == "generate_image"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("not the best hat, but ok", "All right."),
        ("nothing else", "All right."),
        ("that's it, nothing else", "All right."),
        ("just kidding", "All right."),
        ("it's not the best fox but ok", "All right."),
        ("this is not a good hat but fine", "All right."),
        ("that's not an owl, keep it though", "All right."),
        ("thats not an owl that's my grandma lol, leave it like that", "All right."),
        ("it's not only the hat that is nice", "All right."),
        ("i'm not sure about the hat", "Say what should be different about it, and I change it."),
        ("not the best hat, what do you think?", "Say what should be different about it, and I change it."),
        ("make it 10 times better", "Say what should be different about it, and I change it."),
        ("i love all of it except the hat", "Say what should be different about it, and I change it."),
        ("not the best hat, make it red", ""),
        ("i'm not sure about the hat, remove it", ""),
        ("that's not an owl", ""),
    ],
)
def test_doubt_and_faint_praise_change_nothing(said: str, answer: str) -> None:
    assert wish_of(Scene(said, SHELF)) == (Action(text=answer) if answer else None)


def test_a_thing_that_is_missed_comes_back_or_is_there() -> None:
    said = "everything is fine but the cat is gone"
    gone, there = (ShelfPicture(1, "a cat and a dog", shows=shows) for shows in ("dog; park", "cat, dog; park"))
    assert wish_of(Scene(said, (gone,))) == Action.edit(1, "add the cat")
    assert wish_of(Scene(said, (there,))) == Action(text="#1 shows the cat; say what should be different about it.")


@pytest.mark.parametrize(
    ("said", "instruction"),
    [
        ('can you write "Emma is 6" at the top?', 'write "Emma is 6" at the top'),
        ("can you write hello", "write hello"),
        ('can it say "Happy Birthday"?', 'write "Happy Birthday"'),
        ('could you add the words "get well soon"?', 'write "get well soon"'),
        ("can you write a poem", ""),
        ("write me a letter", ""),
        ("print it", ""),
    ],
)
def test_who_wants_words_written_wants_a_change(said: str, instruction: str) -> None:
    wish = wish_of(Scene(said, SHELF))
    assert (wish.args["instruction"] if wish else "") == instruction
