"""The pure parts of the tools: words to numbers, pixels to words, failures to sentences."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PIL import Image

from agent.llm import chat_model
from tools.catalog import BY_NAME
from tools.edit import read_region
from tools.errors import BadArgument, LanguageModelFailed
from tools.find import rank
from tools.look import light, main_colours
from tools.settings import Settings
from tools.shown import changes, left_out, moves, moves_beside, not_avoided, unasked
from tools.verb import as_meant, validated


@pytest.mark.parametrize(
    ("words", "region"),
    [
        ("", None),
        ("top half", (0.0, 0.0, 1.0, 0.5)),
        ("the left side", (0.0, 0.0, 0.5, 1.0)),
        ("upper-right corner", (0.5, 0.0, 1.0, 0.5)),
        ("right top", (0.5, 0.0, 1.0, 0.5)),
        ("in the middle of the picture", (0.25, 0.25, 0.75, 0.75)),
        ("whole image", None),
        ("the lower third", (0.0, 2 / 3, 1.0, 1.0)),
        ("just the middle bit", (0.25, 0.25, 0.75, 0.75)),
        ("0.1, 0.2, 0.5, 0.9", (0.1, 0.2, 0.5, 0.9)),
        (".25,0,1,.5", (0.25, 0.0, 1.0, 0.5)),
    ],
)
def test_a_region_is_read_as_people_say_it(words: str, region: tuple[float, ...] | None) -> None:
    assert read_region(words) == region


@pytest.mark.parametrize("words", ["behind the moon", "0.5,0,0.2,1", "0,0,2,1", "everywhere else"])
def test_a_region_that_is_none_is_refused_with_its_value(words: str) -> None:
    with pytest.raises(BadArgument, match="region"):
        read_region(words)


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("upscale_image", {"image": "#2"}, {"image": 2}),
        ("upscale_image", {"image": "image 2", "scale": None}, {"image": 2}),
        ("upscale_image", {"image": [2], "scale": "2x"}, {"image": 2, "scale": 2}),
        ("edit_image", {"image": 1, "instruction": "x", "references": 2}, {"references": [2]}),
        ("edit_image", {"image": 1, "instruction": "x", "references": "#2, #3"}, {"references": [2, 3]}),
        ("edit_image", {"image": 1, "instruction": "x", "references": None, "strength": ""}, {"references": []}),
        ("edit_image", {"image": 1, "instruction": "x", "region": [0, 0, 1, 0.5]}, {"region": "0, 0, 1, 0.5"}),
        ("adjust_image", {"image": 1, "operation": "rotate", "amount": 90}, {"amount": "90"}),
        ("adjust_image", {"image": 1, "operation": "grayscale"}, {"operation": "greyscale"}),
        ("generate_image", {"prompt": "x", "size": 512, "seed": ""}, {"size": "512", "seed": None}),
        ("generate_image", {"prompt": "x", "style": None, "aspect": "16:9"}, {"style": "", "aspect": "16:9"}),
        ("generate_image", {"prompt": "x", "aspect": "4x3"}, {"aspect": "4:3"}),
        ("generate_image", {"prompt": "x", "aspect": "Portrait"}, {"aspect": "tall"}),
        ("ask_user", {"question": "Which?", "choices": "cat, dog"}, {"choices": ["cat", "dog"]}),
        ("ask_user", {"question": "Which?", "choices": '["cat", "dog"]'}, {"choices": ["cat", "dog"]}),
        ("ask_user", {"question": "Which?", "choices": 2}, {"choices": ["2"]}),
        ("check_safety", {"target": 3}, {"target": "3"}),
    ],
)
def test_arguments_are_read_as_they_are_meant(name: str, written: dict[str, Any], meant: dict[str, Any]) -> None:
    verb = BY_NAME[name]
    args = validated(verb, as_meant(verb, written))
    assert {key: getattr(args, key) for key in meant} == meant and not args.model_fields_set & {
        key for key, value in written.items() if value in (None, "")
    }


@pytest.mark.parametrize(
    ("name", "written", "says"),
    [
        ("upscale_image", {"image": True}, "image is True, which is not a number or a text"),
        ("upscale_image", {"image": "the fox"}, "image is 'the fox', which is not a whole number"),
        ("upscale_image", {"image": {"handle": 1}}, "image is {'handle': 1}, which is not a whole number"),
        ("upscale_image", {"image": 1, "size": 2}, "there is no argument size, only image, scale"),
        ("edit_image", {"image": 1}, "instruction is missing"),
        ("edit_image", {"image": 1, "instruction": "x", "references": [True]}, "references is [True], which is not"),
        ("generate_image", {"prompt": ["x", {}]}, "prompt is ['x', {}], which is not a text"),
        ("generate_image", {"prompt": "x", "aspect": "round"}, "aspect is “round”, which is no shape; say square"),
    ],
)
def test_arguments_that_make_no_sense_are_one_sentence(name: str, written: dict[str, Any], says: str) -> None:
    verb = BY_NAME[name]
    with pytest.raises(BadArgument) as caught:
        validated(verb, as_meant(verb, written))
    assert f"{name}: {says}" in str(caught.value)


def test_colours_are_named_largest_first_and_specks_left_out() -> None:
    image = Image.new("RGB", (100, 100), (40, 90, 210))
    image.paste((210, 30, 30), (0, 0, 100, 30))
    image.paste((250, 220, 60), (0, 0, 10, 10))
    assert main_colours(image) == ["blue", "red"]


@pytest.mark.parametrize(("grey", "tone"), [(20, "dark"), (128, "medium"), (230, "bright")])
def test_light_is_measured(grey: int, tone: str) -> None:
    assert light(Image.new("RGB", (8, 8), (grey, grey, grey))) == tone


def test_a_missing_key_is_said_when_the_model_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(LanguageModelFailed, match="API key"):
        chat_model(Settings(llm="openai:some-model"))


def test_an_unknown_provider_is_said_when_the_model_is_chosen() -> None:
    with pytest.raises(LanguageModelFailed, match="nobody:model"):
        chat_model(Settings(llm="nobody:model"))


def test_a_picture_is_found_by_what_was_seen_in_it_whatever_its_caption_says() -> None:
    about = [
        ("a boat at sunset", ""),
        ("make it night", "red cat, hat; meadow, night"),
        ("make it night", "dog; beach"),
    ]
    assert rank("a kitten in the dark", about) == [1]
    assert rank("boat", about)[0] == 0 and rank("a kitten", []) == []


def test_of_pictures_that_show_what_is_named_no_other_is_found() -> None:
    about = [("an owl in a tree", "owl, tree; forest"), ("a fox in a forest", "fox; forest"), ("a bear", "bear; park")]
    assert rank("which pictures show a fox", about) == [1] and rank("the owl", about) == [0]
    assert rank("the fox in the tree", about)[:2] == [
        1,
        0,
    ]  # where none shows both, the nearest are better than nothing


def test_a_picture_is_found_by_how_many_it_shows() -> None:
    about = [
        ("a dragon in a cave", "dragon; cave"),
        ("add a knight", "dragon, royal guard, sword; cave"),
        ("make two knights", "dragon, 2 × royal guard, sword; cave"),
        ("in a forest", "red dragon, royal guard, blue royal guard; forest"),
    ]
    assert sorted(rank("two knights", about)) == [2, 3]
    assert 0 in rank("two dragons", about)  # where none has two, the nearest are better than nothing


def test_what_was_to_be_avoided_and_is_there_is_told() -> None:
    assert not_avoided("dogs, flowers", ["fox, 2 × brown dog; meadow", "fox; meadow"]) == ["dog"]
    assert not_avoided("hat", ["snowman; arctic"]) == not_avoided("a hat", ["hat, cat; arctic"]) == ["hat"]
    assert not_avoided("whiskers", ["cat; room"]) == ["whiskers"]  # a part of it
    assert not_avoided("wheels", ["cat; room"]) == not_avoided("a hat", ["cat; arctic"]) == []
    assert not_avoided("", ["fox, dog; meadow"]) == not_avoided("a cat", ["fox; meadow"]) == []


@pytest.mark.parametrize(
    ("prompt", "shown", "strange"),
    [
        ("a wombat in a fez", ["beaver, hat; meadow"], ["beaver", "hat"]),
        ("a kitten on the beach at night", ["cat; beach, night"], []),
        ("two red foxes and an owl", ["2 × red fox, owl; forest"], []),
        ("draw my ferrari please", ["red car; road", "wombat; road"], ["wombat"]),
        ("a sunset", ["; beach, sunset", ""], []),
        ("boba and a glass of bubbly", ["bubble tea, champagne bottle; room"], []),  # by names that it knows
        ("a king and a queen", ["princess, man, crown; room"], []),  # as whom he is drawn
        ("a capybara reading Proust", ["cap; room"], ["cap"]),  # near in its letters only
        ("a pirate", ["bearded man, sword; sea"], []),  # whom the sword makes one
        ("a knight", ["royal guard, sword; forest"], ["royal guard"]),  # who stands in for him
        ("three seagulls", ["3 × dove; beach"], ["dove"]),
        ("a seagull and a dove", ["2 × dove; beach"], ["dove for the seagull"]),
        ("a hot air balloon and a boat", ["red balloon, boat; sea"], ["red balloon"]),
        ("a nurse", ["doctor; room"], []),
    ],
)
def test_what_was_painted_for_want_of_the_real_thing_is_told(prompt: str, shown: list[str], strange: list[str]) -> None:
    assert unasked(prompt, shown) == strange


@pytest.mark.parametrize(
    ("prompt", "shows", "strange"),
    [
        ("a garden with tulips and a watering can, sunny day", "2 × tulip; garden", "watering can"),
        ("a stork and a baby", "baby; garden", "stork"),
        ("put a cactus in a pot on the left", "cactus; garden", "pot"),
        ("three cupcakes on a shelf", "3 × cupcake; kitchen", "shelf"),
        ("add a lamppost on the left", "dog; park", ""),  # its backdrop has one
        ("a kitten with a little brown dog by its side", "cat, brown dog; garden", ""),
        ("put a monkey on the roof of the train", "train, monkey; mountains", ""),
        ("my husband and our grandson in the morning light", "man, boy; meadow", ""),
        ("get rid of the sticks", "plate; kitchen", ""),
        ("make it night with fireworks", "cat; meadow, night", "fireworks"),
        ("a cat and a kite, drawn in pencil", "cat; room, sketch", "kite"),
        ("a dog and theres a cat", "dog, cat; room", ""),
        ("add carrots and whisks", "carrot; garden", "whisks"),
        ("the dog runs and jumps with joy", "dog; meadow", ""),
        ("a poodle enters", "cat; room", ""),  # a poodle is known, and "poodle enters" is none
        ("a gnu enters", "cat; room", "gnu"),
        ("put a gong actually make it rain", "tulip; garden, rain", "gong"),
        ("the bride and the groom should stand next to the cake", "bride, cake; garden", "groom"),
        ("two knights and a king", "2 × royal guard, 2 × sword, man, crown; cave", ""),
        ("a cat dressed as a pirate", "cat, sword; meadow", ""),
        ("a cozy living room with two kids and a cat", "boy, girl, cat; room", ""),
        ("put fireworks in the sky", "elephant; meadow", "fireworks"),
        ("an owl with a graduation cap and a diploma", "owl, graduation cap; mountains", "diploma"),
        ("a soccer match with two players and a goal", "goal, 2 × ball; meadow", "players"),
        ("a poodle with a red collar on a sofa", "poodle, sofa; room", "red collar"),
        ("a knight fights the dragon", "royal guard, sword, dragon; meadow", ""),
        ("birthday card for my grandma", "2 × balloon, cake, gift; room", ""),
    ],
)
def test_nouns_that_a_picture_has_nothing_like_are_told(prompt: str, shows: str, strange: str) -> None:
    assert left_out(prompt, shows) == (f"it shows no {strange}" if strange else "")


@pytest.mark.parametrize(
    ("prompt", "shows", "told"),
    [
        ("a sleeping cat", "cat; meadow", "the cat is not sleeping"),
        ("an angry black bear", "black bear; park", "the bear is not angry"),
        ("a crying baby", "baby; room", "the baby is not crying"),
        ("two bears dancing", "2 × bear; park", "the bears are not dancing"),
        ("a boy swimming", "boy; city", "the boy is not swimming"),
        ("a burning house", "house; meadow", "the house is not burning"),
        ("an old car", "car; city", "the car is not old"),
        ("a boy swimming in the sea", "boy; sea", ""),
        ("a burning house", "house, fire; meadow", ""),
        ("a girl dancing", "dancer; park", ""),
        ("a mad scientist and an old man", "scientist, old man; room", ""),
        ("a cute, big, beautiful, happy dog", "dog; park", ""),
        ("a dog jumping over a fence", "dog, fence; farm", ""),
        ("a jumping spider", "spider; forest", ""),
        ("the moon and stars over a lake", "full moon; beach, night", ""),
        ("a burning candle on a table", "table, candle; room", ""),
        ("a burning volcano", "volcano; lava", ""),
        ("a burning sun over the sea", "sun; sea", ""),
        ("a cat by the fire in the fireplace", "cat, fireplace; room", ""),
        ("a not so angry bear", "bear; park", ""),
        ("a cat mad about fish", "fish, cat; room", ""),
        ("a wet dog in the rain", "dog; garden, rain", ""),
        ("a wet dog", "dog; garden", "the dog is not wet"),
        ("a wet fish", "fish; kitchen", ""),
        ("a fish swimming in a bowl", "fish, bowl; room", ""),
        ("a rusty car and a new car", "2 × car; road", ""),
        ("a person asleep in bed", "bed, man; room", "the person is not sleeping"),
        ("a boy scared of a bear", "bear, boy; garden", "the boy is not scared"),
        ("a 20 year old man with 3 dogs", "man, 3 × dog; park", ""),
        ("a dozen eggs in a blizzard", "10 × egg; arctic, snow", "a picture holds 10 things at most; left out: 2 eggs"),
    ],
)
def test_how_a_thing_was_to_be_and_is_not_is_told_and_no_more(prompt: str, shows: str, told: str) -> None:
    assert left_out(prompt, shows) == told


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("red fox; meadow", "blue fox; meadow, night", "red fox → blue fox, now night"),
        ("3 × duck; sea", "3 × blue duck; sea", "3 ducks → 3 blue ducks"),
        ("3 × pig, house, wolf; farm, night", "house, wolf; farm, night", "3 pigs gone"),
        ("fox; beach", "fox, giraffe; beach", "giraffe added"),
        ("2 × red cat, dog; room", "red cat, blue cat, dog; room", "red cat → blue cat"),
        ("hat, fox; city, rain", "fox; city", "hat gone, rain gone"),
        ("fox; sea, sunset", "fox; mountains, night", "sea → mountains, now night, sunset gone"),
        ("fox; sea", "fox; sea", ""),
        ("", "fox; sea", ""),
    ],
)
def test_what_an_edit_changed_is_told(before: str, after: str, told: str) -> None:
    assert changes(before, after) == told


@pytest.mark.parametrize(
    ("prompt", "shows", "before", "told"),
    [
        (
            "instead of the kraken a whale",
            "octopus, boat, whale; sea",
            "octopus, boat; sea",
            "the kraken is still there",
        ),
        ("replace the dog with a cat", "dog; room", "dog; room", "it shows no cat; the dog is still there"),
        ("add a whale", "boat; sea", "boat; sea", "it shows no whale"),
        ("add a cap to the dog", "dog, cap; sea", "dog; sea", ""),
        ("im scared of snakes, show a frog there", "frog; jungle", "snake; jungle", ""),
        ("turn the unicorn into a frog", "frog; meadow", "unicorn; meadow", ""),
        ("replace the dog with a poodle", "poodle; road", "dog; road", ""),
        ("replace the red car with a blue one", "blue car; road", "red car; road", ""),
        ("swap the cat's hat for a crown", "cat, crown; room", "cat, hat; room", ""),
        ("a cat instead of the dog, at night", "cat; room, night", "dog; room", ""),
        ("make it sunny instead of rain", "cat; room", "cat; room, rain", ""),
        ("the fox should wear a red hat", "chest, red hat; beach", "chest; beach", "it shows no fox"),
        ("salad to the right of the pizza", "salad, soda; kitchen", "soda; kitchen", "it shows no pizza"),
        ("the truck should be red", "red fire truck; road", "fire truck; road", ""),
        ("give the guy a sword", "bearded man, sword; beach", "bearded man; beach", ""),
        ("make the sun bigger", "cat; meadow", "cat; meadow", ""),
    ],
)
def test_an_exchange_that_did_not_come_off_is_told(prompt: str, shows: str, before: str, told: str) -> None:
    assert left_out(prompt, shows, before) == told


DOG, BOY, PEAR, OTHER = (
    ("brown", "dog", 4, 2, 10),
    ("", "boy", 4, 11, 10),
    ("", "pear", 3, 2, 4),
    ("", "pear", 3, 8, 4),
)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ((DOG, BOY), (("brown", "dog", 5, 2, 9), BOY), "brown dog larger"),
        ((DOG, BOY), (("brown", "dog", 3, 2, 11), ("", "boy", 3, 11, 11)), "everything smaller"),
        ((DOG, BOY), (("brown", "dog", 4, 6, 10), BOY), "brown dog moved to the right"),
        ((DOG, BOY), (DOG, ("", "boy", 4, 11, 9)), "boy moved a little up"),
        ((DOG, BOY), (("brown", "dog", 4, 11, 10), ("", "boy", 4, 2, 10)), "brown dog and boy changed places"),
        ((DOG, BOY), (("brown", "dog", 4, 11, 10), ("", "boy", 4, 8, 10)),
         "brown dog moved to the right, boy moved to the left"),
        ((PEAR, OTHER, DOG), (("", "pear", 4, 2, 4), ("", "pear", 4, 8, 4), DOG), "2 pears larger"),
        ((PEAR, OTHER, DOG), (OTHER, ("", "pear", 3, 11, 4), DOG), "pear moved to the right"),
        ((DOG, BOY), (DOG, BOY), ""),
        ((DOG, BOY), (("", "dog", 5, 2, 10), BOY), ""),
        ((), (DOG,), ""),
    ],
)  # fmt: skip
def test_what_an_edit_moved_or_made_larger_is_told(
    before: tuple[tuple[Any, ...], ...], after: tuple[tuple[Any, ...], ...], told: str
) -> None:
    was, now = (json.dumps({"squares": [16, 16], "things": things}) for things in (before, after))
    assert moves(was, now) == told
    assert moves("", now) == moves(was, "no layout") == ""


@pytest.mark.parametrize(
    ("said", "after", "told"),
    [
        ("make the cat white and the dog bigger", (("brown", "dog", 6, 2, 8), PEAR), "dog larger"),
        ("it should be black and the dog on the right", (("", "dog", 4, 9, 10), PEAR), "dog moved to the right"),
        ("add a pear", (("brown", "dog", 6, 9, 8), PEAR), ""),
        ("add a pear to the left of the dog", (("brown", "dog", 4, 3, 10), PEAR), ""),
    ],
)
def test_what_was_moved_or_made_larger_beside_other_changes_is_told(
    said: str, after: tuple[tuple[Any, ...], ...], told: str
) -> None:
    was, now = (json.dumps({"squares": [16, 16], "things": things}) for things in ((DOG,), after))
    assert moves_beside(said, was, now) == told


@pytest.mark.parametrize(
    ("prompt", "shows", "before", "lacking"),
    [
        ("twelve cats", "10 × cat; room", "", "2 cats"),
        ("three cats and a dog", "3 × cat, dog; room", "", ""),
        ("nine black cats, a dog and a duck", "9 × black cat, dog; room", "", "duck"),
        ("ten pigs on a farm with a barn", "10 × pig; farm", "", ""),
        ("add three apples", "3 × apple, 7 × pear; room", "2 × apple, 7 × pear; room", "2 apples"),
        ("eight chickens", "3 × cow, 5 × chicken, 2 × pig; farm", "3 × cow, 3 × chicken, 2 × pig; farm", "3 chickens"),
        ("make the chickens blue", "7 × blue chicken, 3 × pig; farm", "7 × chicken, 3 × pig; farm", ""),
        ("swap a pig for a cow", "cow, 9 × pig; farm", "10 × pig; farm", ""),
        ("make the tree bigger", "christmas tree, 9 × gift; room", "christmas tree, 9 × gift; room", ""),
        ("make the dog smaller", "poodle, 9 × cat; room", "poodle, 9 × cat; room", ""),
        ("paint the house blue", "10 × pig; farm", "10 × pig; farm", ""),
    ],
)
def test_what_finds_no_room_in_a_full_picture_is_told(prompt: str, shows: str, before: str, lacking: str) -> None:
    told = f"a picture holds 10 things at most; left out: {lacking}" if lacking else ""
    assert left_out(prompt, shows, before) == told
