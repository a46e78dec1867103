"""The pure parts of the tools: words to numbers, pixels to words, failures to sentences."""

from __future__ import annotations

import pytest
from PIL import Image

from agent.llm import chat_model
from tools.edit import read_region
from tools.errors import BadArgument, LanguageModelFailed
from tools.find import rank
from tools.look import light, main_colours
from tools.settings import Settings
from tools.shown import changes, left_out, unasked


@pytest.mark.parametrize(
    ("words", "region"),
    [
        ("", None),
        ("top half", (0.0, 0.0, 1.0, 0.5)),
        ("the left side", (0.0, 0.0, 0.5, 1.0)),
        ("upper-right corner", (0.5, 0.0, 1.0, 0.5)),
        ("right top", (0.5, 0.0, 1.0, 0.5)),
        ("in the middle of the picture", (0.25, 0.25, 0.75, 0.75)),
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


@pytest.mark.parametrize(
    ("prompt", "shown", "strange"),
    [
        ("a wombat in a fez", ["beaver, hat; meadow"], ["beaver", "hat"]),
        ("a kitten on the beach at night", ["cat; beach, night"], []),
        ("two red foxes and an owl", ["2 × red fox, owl; forest"], []),
        ("draw my ferrari please", ["red car; road", "wombat; road"], ["wombat"]),
        ("a sunset", ["; beach, sunset", ""], []),
        ("boba and a glass of bubbly", ["bubble tea, champagne bottle; room"], []),  # by names that it knows
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
        ("a cozy living room with two kids and a cat", "boy, girl, cat; room", ""),
    ],
)
def test_nouns_that_a_picture_has_nothing_like_are_told(prompt: str, shows: str, strange: str) -> None:
    assert left_out(prompt, shows) == (f"it shows no {strange}" if strange else "")


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
    ],
)
def test_what_finds_no_room_in_a_full_picture_is_told(prompt: str, shows: str, before: str, lacking: str) -> None:
    told = f"a picture holds 10 things at most; left out: {lacking}" if lacking else ""
    assert left_out(prompt, shows, before) == told
