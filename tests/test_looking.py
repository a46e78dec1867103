"""Looking, on tiny replicas of the exact classes: a picture and a question go in, words come out, whoever asks."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from house import FixedPixels, FixedWords, Place, open_place, working
from langchain_core.messages import ToolMessage
from PIL import Image
from replica_judges import florence_2, qwen3_vl, replica

from agent.events import Done, Failed, ToolFinished
from agent.patient import PatientChat, Voice
from agent.scripted import ScriptedChat
from agent.turn import Agent
from models import place as places
from models.engine import Engine
from models.errors import Stopped, WeightsMissing
from models.looking import Looker, things
from models.memory import Memory
from models.presets import Preset, Presets
from models.recipe import Extent, Operation, Recipe
from storage.records import JobState, Picture
from tools.errors import JobFailed
from tools.settings import Settings
from tools.studio import Studio

NOISE = Image.effect_noise((120, 90), 70).convert("RGB")
PLAIN = Image.new("RGB", (64, 64), "teal")
FOXES = ("fox", *(f"<loc_{number}>" for number in range(8)))


@pytest.fixture(scope="module")
def florence(tmp_path_factory: pytest.TempPathFactory) -> Preset:
    """Florence-2 that says `A fox.` to everything."""
    return replica("florence-2.looker", florence_2(tmp_path_factory.mktemp("florence"), says=("A fox.",)))


def looker(preset: Preset) -> Looker:
    return Looker.load(preset, places.Place.for_preset(preset, torch.device("cpu")))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("", "A fox."),
        ("what is it?", "A fox."),
        ("what does the sign say?", "What is written in it: “A fox.”."),
        ("上面写了什么", "What is written in it: “A fox.”."),
        ("how many animals are there?", "No single things are found in it."),
    ],
)
def test_florences_task_is_chosen_by_the_words_of_the_question(florence: Preset, question: str, answer: str) -> None:
    assert looker(florence).answer(NOISE, question) == answer


def test_things_are_counted_by_their_boxes(tmp_path: Path) -> None:
    preset = replica("florence-2.looker", florence_2(tmp_path / "weights", says=FOXES))
    assert looker(preset).answer(PLAIN, "list the objects") == "Things found in it: 2 × fox."
    boxes = "<loc_1><loc_2><loc_3><loc_4>"
    assert things(f"fox{boxes}tree{boxes}{boxes}fox{boxes}") == ["2 × fox", "2 × tree"]


def test_a_question_gets_the_same_answer_each_time_of_bounded_length_and_stops_when_asked(tmp_path: Path) -> None:
    eye = looker(replica("qwen3-vl.looker", qwen3_vl(tmp_path / "weights")))
    first = eye.answer(NOISE, "what is it?")
    assert first == eye.answer(NOISE, "what is it?") and len(first) <= 1024
    assert first != eye.answer(PLAIN, "what is it?")
    asked: list[int] = []

    def third_time() -> bool:
        asked.append(1)
        return len(asked) == 3

    with pytest.raises(Stopped):
        eye.answer(NOISE, "what is it?", third_time)
    assert len(asked) == 3


def test_a_looker_that_is_not_here_says_what_brings_it(florence: Preset) -> None:
    absent = florence.model_copy(update={"folder": None, "hub": "nobody/nothing"})
    with pytest.raises(WeightsMissing, match="easel models pull florence-2"):
        looker(absent)


# --- through the worker ---


def knowing(preset: Preset) -> Presets:
    return Presets({**{each.label: each for each in Presets.load()}, preset.label: preset})


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    opened = open_place(tmp_path / "data")
    yield opened
    opened.library.close()


def studio_for(place: Place, presets: Presets, settings: Settings) -> Studio:
    return Studio(place.library, settings, presets, FixedWords(), FixedPixels())


async def uploaded(place: Place, studio: Studio) -> Picture:
    buffer = io.BytesIO()
    NOISE.save(buffer, "PNG")
    return await studio.add_upload(place.session.id, None, studio.check_upload(buffer.getvalue(), "noise.png"))


def test_the_engine_loads_what_looks_like_all_its_models(florence: Preset) -> None:
    engine = Engine(knowing(florence), "cpu", threads=1, memory=4.0)
    recipe = Recipe(operation=Operation.LOOK, preset="florence-2", extent=Extent(*NOISE.size), parents=("…",))
    told: list[str] = []
    answer = engine.look(recipe, NOISE, lambda _part, text, _preview: told.append(text), lambda: False)
    assert (answer, told) == ("A fox.", ["loading the looker", "looking"]) and engine.loaded == ("florence-2.looker",)


def test_a_looker_that_runs_out_of_memory_has_the_others_leave_and_looks_again(florence: Preset) -> None:
    memory, other = Memory(torch.device("cpu"), 8.0), florence.model_copy(update={"name": "other"})
    engine = Engine(knowing(florence), "cpu", threads=1, memory=memory)
    recipe = Recipe(operation=Operation.LOOK, preset="florence-2", extent=Extent(*NOISE.size), parents=("…",))

    def exhaust(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")  # a processor's error is of another class

    def exhausted(eye: Looker) -> None:
        eye.networks[0].register_forward_pre_hook(exhaust)

    for preset, work in ((other, lambda eye: None), (florence, exhausted)):
        memory.use(preset, lambda mode: looker(florence), work, lambda *_: None)
    assert engine.look(recipe, NOISE, lambda *_: None, lambda: False) == "A fox."
    assert engine.loaded == ("florence-2.looker",)


async def test_an_upload_is_looked_at_by_the_worker_and_no_picture_comes_of_it(place: Place, florence: Preset) -> None:
    presets = knowing(florence)
    studio = studio_for(place, presets, Settings(data=place.data))
    picture = await uploaded(place, studio)
    with working(place, Engine(presets, "cpu", threads=1, memory=4.0)):
        answer = await studio.look(
            picture, "what is it?", "florence-2", session_id=place.session.id, turn_id=None, key="one"
        )
    assert answer == "A fox." and [each.handle for each in place.library.pictures(place.session.id)] == [1]
    assert place.library.verify().faults == ()


async def test_a_look_that_nobody_wants_any_more_is_stopped(place: Place, florence: Preset) -> None:
    studio = studio_for(place, knowing(florence), Settings(data=place.data))
    picture = await uploaded(place, studio)
    seen: list[str] = []
    ids = {"session_id": place.session.id, "turn_id": None}
    asking = asyncio.create_task(
        studio.look(picture, "", "florence-2", key="one", on_progress=lambda job, *_: seen.append(job.id), **ids)
    )
    while not seen:
        await asyncio.sleep(0.01)
    asking.cancel()
    await asyncio.wait([asking])
    assert place.library.job(seen[0]).state is JobState.STOPPED


async def test_a_looker_that_cannot_be_loaded_is_told_to_the_person(place: Place, florence: Preset) -> None:
    presets = knowing(florence.model_copy(update={"folder": None, "hub": "nobody/nothing"}))
    studio = studio_for(place, presets, Settings(data=place.data))
    picture = await uploaded(place, studio)
    refused = pytest.raises(JobFailed, match="easel models pull florence-2")
    with working(place, Engine(presets, "cpu", threads=1, memory=4.0)), refused:
        await studio.look(picture, "", "florence-2", session_id=place.session.id, turn_id=None, key="one")


# --- through the tool ---


async def told(place: Place, florence: Preset, *, look: str, sees: bool) -> dict[str, Any]:
    """What the language model hears when it asks what picture 1, an upload, shows."""
    presets = knowing(florence)
    settings = Settings.model_validate({"data": place.data, "preset": {"look": look}})
    studio = studio_for(place, presets, settings)
    await uploaded(place, studio)
    chat = ScriptedChat(script=[("look_at_image", {"image": 1, "question": "what is it?"}), "A fox."])
    model = PatientChat(voices=(Voice("scripted", lambda: chat, 60, sees=sees),))
    agent = Agent(place.library, studio, presets, settings, model)
    with working(place, Engine(presets, "cpu", threads=1, memory=4.0)):
        events = [event async for event in agent.run_turn(place.session, "what is on the first one?")]
    assert isinstance(events[-1], Done) and not [event for event in events if isinstance(event, Failed)]
    assert [event for event in events if isinstance(event, ToolFinished) and not event.error]
    answer = chat.seen[1][-1]
    assert isinstance(answer, ToolMessage)
    return json.loads(answer.text)


async def test_the_tool_asks_the_preset_that_is_named_for_looking(place: Place, florence: Preset) -> None:
    facts = await told(place, florence, look="florence-2", sees=False)
    assert facts["answer"] == "A fox." and facts["size"] == "120x90"


async def test_a_language_model_that_has_the_picture_before_it_is_told_to_look_itself(
    place: Place, florence: Preset
) -> None:
    facts = await told(place, florence, look="florence-2", sees=True)
    assert "answer" not in facts and "see for yourself" in facts["note"]


async def test_without_a_preset_for_looking_the_tool_answers_as_it_knows(place: Place, florence: Preset) -> None:
    facts = await told(place, florence, look="embedded", sees=False)
    assert set(facts) == {"image", "size", "story", "light", "colours"}
