"""What a picture was made from, told and described: long lines, references, and what later pictures are to keep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from house import FixedPixels, FixedWords, Place, fox, open_place
from PIL import Image

from agent.events import ToolFinished
from agent.turn import Agent
from models.presets import Presets
from models.recipe import Extent, Operation, Recipe
from storage.records import NewPicture, Picture, TurnState
from tools.intake import MEDIA_TYPE, encode_png, thumbnail
from tools.settings import Settings
from tools.studio import Studio
from tools.vary import DESCRIBED, avoided, description
from tools.worker import Supervisor

SIDE = Extent(8, 8)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    opened = open_place(tmp_path)
    yield opened
    opened.library.close()


def edit(prompt: str) -> Recipe:
    return Recipe(operation=Operation.EDIT, prompt=prompt, preset="embedded", seed=1, extent=SIDE)


def line_of(*recipes: Recipe) -> list[Picture]:
    """Pictures of which each was made from the one before it."""
    return [
        Picture(
            id=f"p{handle}",
            session_id="s",
            turn_id="t",
            handle=handle,
            sha256="0" * 64,
            width=8,
            height=8,
            media_type=MEDIA_TYPE,
            recipe=recipe.model_dump(mode="json"),
            parents=(handle - 1,) if handle > 1 else (),
            caption=recipe.prompt,
            created=datetime.now(UTC),
        )
        for handle, recipe in enumerate(recipes, 1)
    ]


async def test_a_story_tells_each_picture_once_however_often_it_was_taken_from(place: Place) -> None:
    image = Image.new("RGB", SIDE, "red")
    data, small = encode_png(image), thumbnail(image)
    turn = place.library.begin_turn(place.session.id, "many")
    for handle in range(1, 41):
        recipe, parents = (edit("a hat"), (handle - 1, handle - 2)[: handle - 1]) if handle > 1 else (fox(), ())
        new = NewPicture(data, MEDIA_TYPE, *SIDE, small, recipe.model_dump(mode="json"), "a hat", parents)
        place.library.add_picture(place.session.id, turn.id, new)
    place.library.finish_turn(turn.id, TurnState.DONE)
    settings, presets = Settings(data=place.data), Presets.load()
    studio = Studio(place.library, settings, presets, FixedWords(), FixedPixels())
    agent = Agent(place.library, studio, presets, settings, None)
    events = [event async for event in agent.act(place.session, "look_at_image", {"image": 40})]
    [finished] = [event for event in events if isinstance(event, ToolFinished)]
    told = finished.summary.split("; ")[:40]
    assert [step.split()[0] for step in told] == [f"#{handle}" for handle in range(1, 41)]
    assert told[39].startswith("#40 was edited by “a hat” with #38")


def test_a_description_of_a_thousand_steps_is_the_beginning_with_every_edit() -> None:
    adjusted = Recipe(operation=Operation.ADJUST, adjust="brightness", amount="+1%", extent=SIDE)
    assert description(line_of(fox(), *[adjusted] * 1500, edit("make it night"))) == (
        "a red fox in the snow, make it night"
    )


def test_of_a_long_description_the_beginning_and_the_latest_edits_are_kept() -> None:
    edits = [edit(f"add tree {number} " + "with leaves " * 80) for number in range(9)]
    told = description(line_of(fox(), *edits))
    assert len(told) <= DESCRIBED
    assert told == ", ".join(["a red fox in the snow", *(each.prompt for each in edits[-4:])])
    assert len(description(line_of(fox().model_copy(update={"prompt": "a fox " * 4000}), edit("a hat")))) == DESCRIBED


def test_nothing_is_known_of_an_upload_but_how_it_was_changed() -> None:
    upload = Recipe(operation=Operation.IMPORT, extent=SIDE)
    assert description(line_of(upload)) == "" and description(line_of(upload, edit("a hat"))) == "a hat"


async def test_what_must_not_appear_must_not_in_a_variation_and_around_it_either(place: Place) -> None:
    settings, presets = Settings(data=place.data), Presets.load()
    with Supervisor(place.library, settings, dry_run=True) as supervisor:
        studio = Studio(place.library, settings, presets, FixedWords(), FixedPixels(), supervisor)
        agent = Agent(place.library, studio, presets, settings, None)
        calls = [
            ("generate_image", {"prompt": "a park", "negative_prompt": "people"}),
            ("vary_image", {"image": 1}),
            ("edit_image", {"image": 2, "instruction": "make it night"}),
            ("extend_image", {"image": 3}),
            ("edit_image", {"image": 4, "instruction": "add some people"}),
            ("vary_image", {"image": 5}),
        ]
        for name, args in calls:
            [_ async for _ in agent.act(place.session, name, args)]
    made = [Recipe.model_validate(picture.recipe) for picture in place.library.pictures(place.session.id)]
    assert [each.negative_prompt for each in made] == ["people", "people", "", "people", "", ""]
    assert made[5].prompt == "a park, make it night, add some people"


def test_a_preset_that_heeds_no_negative_prompt_is_told_in_the_prompt_what_must_not_appear() -> None:
    line = line_of(fox().model_copy(update={"prompt": "a park.", "negative_prompt": "people"}))
    varying = [each for each in Presets.load() if Operation.VARY in each.operations]
    asked = {each.label: each.worded(description(line), avoided(line)) for each in varying}
    heeding = [label for label, words in asked.items() if words == ("a park.", "people")]
    assert heeding == ["embedded.painter", "qwen-image.painter"]
    assert {words for label, words in asked.items() if label not in heeding} == {("a park without people", "")}
