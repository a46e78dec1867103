"""A turn from sentence to last event: scripted language model, flat painter, everything else real."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest
from house import NUDE, FixedPixels, FixedWords
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from PIL import Image

from agent import history
from agent.events import Done, Event, Failed, PictureReady, Question, Refused, TextDelta, ToolFinished, ToolStarted
from agent.live import NOT_WRITTEN
from agent.messages import rebuild
from agent.patient import PatientChat, Voice
from agent.scripted import ScriptedChat
from agent.turn import Agent, UploadFile
from models.presets import Presets
from models.recipe import Recipe
from storage.errors import Busy, DiskFull
from storage.library import Library
from storage.records import Job, Picture, Session, Turn, TurnState, Verdict
from tools.errors import JobFailed, Refusal, ToolError
from tools.settings import Limits, PresetChoice, Settings
from tools.studio import Studio
from tools.worker import Supervisor

FOX = ("generate_image", {"prompt": "a red fox"})


@dataclass
class Room:
    """An agent at work on its own data folder."""

    library: Library
    settings: Settings
    studio: Studio
    session: Session

    def agent(self, *script: Any, pause: float = 0.0, settings: Settings | None = None) -> Agent:
        self.chat = ScriptedChat(script=list(script), pause=pause)
        return Agent(self.library, self.studio, Presets.load(), settings or self.settings, self.chat)

    def provided(self, settings: Settings, *script: Any, pause: float = 0.0) -> Agent:
        """An agent whose script stands behind what waits for providers."""
        chat = ScriptedChat(script=list(script), pause=pause)
        model = PatientChat(voices=(Voice(settings.llm, lambda: chat, settings.llm_timeout),))
        return Agent(self.library, self.studio, Presets.load(), settings, model)

    async def say(self, text: str, *script: Any, **more: Any) -> list[Event]:
        return await everything(self.agent(*script).run_turn(self.session, text, **more))

    def shelf(self) -> list[int]:
        return [picture.handle for picture in self.library.pictures(self.session.id)]

    def roles(self) -> list[str]:
        return [message.role for message in self.library.messages(self.session.id)]


async def everything(events: AsyncIterator[Event]) -> list[Event]:
    return [event async for event in events]


def of(kind: type[Any], events: Sequence[Event]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)] or pytest.fail(f"no {kind.__name__} in {events}")


def on_the_shelf(messages: Sequence[BaseMessage]) -> str:
    last = next(message for message in reversed(messages) if isinstance(message, HumanMessage))
    return last.text.split("[shelf]")[1]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    settings = Settings(data=tmp_path)
    with Library.open(settings.library) as library, Supervisor(library, settings, dry_run=True) as supervisor:
        session = library.create_session(library.user("me").id)
        studio = Studio(library, settings, Presets.load(), FixedWords(), FixedPixels(), supervisor)
        yield Room(library, settings, studio, session)


class NoReds(FixedPixels):
    """Refuses what is red."""

    def check(self, image: Image.Image, also: Sequence[str] = ()) -> Verdict:
        red, green, blue = cast("tuple[int, int, int]", image.getpixel((0, 0)))
        return NUDE if red > green + blue else self.verdict


def png(width: int = 40, height: int = 30, color: str = "brown") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), color).save(buffer, "PNG")
    return buffer.getvalue()


async def test_a_picture_is_painted_shown_stored_and_spoken_of(room: Room) -> None:
    events = await room.say("draw a red fox", FOX, "Here is #1.")
    [started], [ready], [finished] = of(ToolStarted, events), of(PictureReady, events), of(ToolFinished, events)
    assert (started.name, ready.picture.handle, finished.error) == ("generate_image", 1, None)
    assert "".join(event.text for event in of(TextDelta, events)).strip() == "Here is #1."
    assert events[-1] == Done(room.library.turns(room.session.id)[0].id, 1, "done")
    assert room.roles() == ["person", "assistant", "tool", "assistant"]
    assert room.library.session(room.session.user_id, room.session.id).title == "draw a red fox"
    assert room.library.verify().faults == ()


async def test_the_model_sees_the_shelf_as_it_is_before_each_call(room: Room) -> None:
    await room.say("draw a red fox", FOX, "Here is #1.")
    await room.say("make it night", ("edit_image", {"image": 1, "instruction": "make it night"}), "Done.", selection=1)
    first, second = (on_the_shelf(messages) for messages in room.chat.seen)
    assert '#1 256×256 "a red fox" (selected)' in first and "#2" not in first
    assert '#2 256×256 "make it night", edit of #1' in second


async def test_what_was_asked_before_the_last_sentence_is_asked_again_as_it_was(room: Room) -> None:
    await room.say("draw a red fox", FOX, "Here is #1.")
    [first, second] = room.chat.seen
    assert first[0] == second[0] and first[1].text.startswith("draw a red fox\n\n[shelf]\n")
    await room.say("hello", "Hello!")
    assert [m.text for m in room.chat.seen[0][:2]] == [first[0].text, "draw a red fox"]


async def test_the_model_is_told_the_presets_that_paint_and_one_is_taken_by_some_of_its_name(room: Room) -> None:
    await room.say("a fox using klein", ("generate_image", {"prompt": "a fox", "preset": "klein"}), "Here.")
    told = room.chat.seen[0][0].text.split("[presets]")[1].split("[/presets]")[0]
    assert {"embedded", "flux2-klein"} <= set(told.strip().split(", ")) and "realesrgan" not in told
    assert "taken: embedded to generate, embedded to edit, " in room.chat.seen[0][0].text
    assert room.library.picture(room.session.id, 1).width == 1024  # as flux2-klein paints; the embedded one has 256


async def test_a_preset_may_be_named_for_every_change_and_one_that_cannot_make_it_is_told(room: Room) -> None:
    changes = (
        ("edit_image", {"image": 1, "instruction": "make it night", "preset": "klein"}),
        ("extend_image", {"image": 1, "to": "right", "preset": "klein"}),
        ("vary_image", {"image": 1, "preset": "sdxl lightning"}),
        ("upscale_image", {"image": 1, "preset": "Crisp"}),
        ("upscale_image", {"image": 1, "preset": "klein"}),
    )
    events = await room.say("a fox, and so on", FOX, *changes, "So.")
    made = [Recipe.model_validate(picture.recipe) for picture in room.library.pictures(room.session.id)]
    assert [(each.steps, each.guidance) for each in made] == [(1, None), (4, None), (4, None), (5, 0.0), (None, None)]
    assert "“flux2-klein” cannot upscale; these can: embedded, crisp" in (of(ToolFinished, events)[-1].error or "")
    told = room.chat.seen[0][0].text.split("[presets for upscale]")[1].split("[/presets for upscale]")[0]
    assert {"crisp", "hat"} <= set(told.strip().split(", "))
    told = room.chat.seen[0][0].text.split("[presets for extend]")[1].split("[/presets for extend]")[0]
    assert "flux2-klein" in told and "instruct-pix2pix" not in told


@pytest.mark.parametrize(
    ("chosen", "extends"),
    [
        ({"edit": "instruct-pix2pix"}, "embedded"),
        ({"edit": "instruct-pix2pix", "generate": "klein"}, "flux2-klein"),
        ({"edit": "instruct-pix2pix", "generate": "sdxl-lightning"}, "embedded"),
        ({"edit": "sdxl-inpaint", "generate": "klein"}, ""),
    ],
)
async def test_a_picture_is_extended_also_where_the_preset_for_editing_cannot(
    room: Room, chosen: dict[str, str], extends: str
) -> None:
    room.settings = Settings.model_validate({"data": room.settings.data, "preset": chosen})
    more = ("extend_image", {"image": 1, "to": "wide"})
    [_, finished] = of(ToolFinished, await room.say("a fox, and wider", FOX, more, "Here."))
    assert finished.error is None and room.shelf() == [1, 2]
    assert finished.note == (f"by {extends}, as instruct-pix2pix cannot extend" if extends else "")


async def test_what_must_not_appear_is_said_to_a_preset_that_heeds_no_negative_prompt(room: Room) -> None:
    park = {"prompt": "a park", "negative_prompt": "people", "preset": "klein"}
    [finished] = of(ToolFinished, await room.say("a park without people", ("generate_image", park), "Here."))
    recipe = Recipe.model_validate(room.library.picture(room.session.id, 1).recipe)
    assert (recipe.prompt, recipe.negative_prompt) == ("a park without people", "")
    assert "flux2-klein takes no list of what to avoid" in finished.note


async def test_a_tools_answer_goes_back_as_one_line_of_handles(room: Room) -> None:
    await room.say("draw a red fox", FOX, "Here.")
    answer = room.chat.seen[1][-1]
    assert isinstance(answer, ToolMessage)
    assert json.loads(answer.text) == {"images": [{"image": 1, "size": "256x256", "parents": []}]}


async def test_several_steps_in_one_sentence_follow_each_other(room: Room) -> None:
    steps = (FOX, ("upscale_image", {"image": 1, "scale": 4}), "Here it is, larger.")
    events = await room.say("draw a red fox, then four times larger", *steps)
    sizes = [(e.picture.handle, e.picture.width, e.picture.parents) for e in of(PictureReady, events)]
    assert sizes == [(1, 256, ()), (2, 1024, (1,))]


async def test_calls_of_one_message_run_in_their_order(room: Room) -> None:
    pair = [("generate_image", {"prompt": "a cat"}), ("generate_image", {"prompt": "a dog"})]
    events = await room.say("a cat and a dog", pair, "Both.")
    assert [event.picture.caption for event in of(PictureReady, events)] == ["a cat", "a dog"]


async def test_a_count_gives_as_many_handles_and_seeds(room: Room) -> None:
    await room.say("three foxes", ("generate_image", {"prompt": "a fox", "count": 3, "seed": 7}), "Three.")
    recipes = [Recipe.model_validate(picture.recipe) for picture in room.library.pictures(room.session.id)]
    assert sorted(recipe.seed for recipe in recipes) == [7, 8, 9]
    assert room.shelf() == [1, 2, 3]


async def test_an_unknown_handle_goes_back_to_the_model_with_the_known_ones(room: Room) -> None:
    await room.say("draw a fox", FOX, "Here.")
    events = await room.say("upscale 9", ("upscale_image", {"image": 9}), "There is no #9.")
    answer = room.chat.seen[1][-1]
    assert "#1" in answer.text and "9" in answer.text
    assert of(ToolFinished, events)[0].error
    assert events[-1].state == "done"
    assert room.shelf() == [1]


async def test_the_second_mistake_goes_to_the_person(room: Room) -> None:
    wrong = ("upscale_image", {"image": 9})
    events = await room.say("upscale 9", wrong, wrong)
    assert "9" in of(Failed, events)[0].reason
    assert events[-1].state == "failed"
    assert room.library.turns(room.session.id)[-1].state is TurnState.FAILED


async def test_a_model_hears_of_all_mistakes_of_an_answer_before_the_turn_ends(room: Room) -> None:
    wrong = [("upscale_image", {"image": 7}), ("upscale_image", {"image": 8})]
    events = await room.say("larger", wrong, "There is neither.")
    assert [message.text.count("#") > 0 for message in room.chat.seen[1][-2:]] == [True, True]
    assert events[-1].state == "done"  # type: ignore[union-attr]


async def test_a_mistake_long_after_one_that_was_mended_is_as_good_as_the_first(room: Room) -> None:
    wrong = ("upscale_image", {"image": 9})
    events = await room.say("a fox, larger", wrong, FOX, wrong, ("upscale_image", {"image": 1}), "There.")
    assert room.shelf() == [1, 2] and events[-1].state == "done"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (("look_at_image", {"image": 1, "question": "how was it made?"}), "#1 was painted from “a red fox”"),
        (("upscale_image", {"image": 1, "scale": 2}), "Here is #2: two times larger."),
        (("upscale_image", {"image": 9}), "#9"),
        (("adjust_image", {"image": 1, "operation": "flip"}), ""),
    ],
)
async def test_what_the_model_says_nothing_of_is_told_all_the_same(room: Room, call: Any, says: str) -> None:
    await room.say("draw a red fox", FOX, "Here.")
    events = await room.say("go on", call, " ")
    assert says in "".join(event.text for event in events if isinstance(event, TextDelta))
    assert says in room.library.messages(room.session.id)[-1].text and events[-1].state == "done"  # type: ignore[union-attr]
    assert (room.roles()[-1] == "assistant") is bool(says)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((("upscale_image", {"image": 9}), "Here is #2: four times larger."), "There is no picture #9"),
        (("Here is #2: with a hat.",), "There is no #2."),
        ((("upscale_image", {"image": 9}), "I cannot find #9."), ""),
        ((("upscale_image", {"image": 9}), ("upscale_image", {"image": 1}), "Here is #2."), ""),
    ],
)
async def test_what_the_model_says_falsely_of_pictures_is_denied_and_read_by_it(
    room: Room, lines: tuple[Any, ...], told: str
) -> None:
    settings = room.settings.model_copy(update={"llm": "openai:some-model"})
    agent = room.provided(settings, FOX, "Here is #1.", *lines, "Hello.")
    await everything(agent.run_turn(room.session, "draw a red fox"))
    events = await everything(agent.run_turn(room.session, "go on"))
    shown = " ".join("".join(event.text for event in of(TextDelta, events)).split())
    kept = room.library.messages(room.session.id)
    words = lines[-1]
    assert shown.startswith(f"{words} {told}".strip()) and (kept[-1].text == words) is (not told)
    rows = rebuild(kept, room.library.turns(room.session.id), room.library.pictures(room.session.id))
    assert isinstance(rows[-1], AIMessage) and not (isinstance(rows[-2], AIMessage) and not rows[-2].tool_calls)
    assert rows[-1].text.startswith(f"{words}\n\n{told}".strip())


async def test_what_was_not_begun_after_a_refusal_is_named(room: Room) -> None:
    three = [("generate_image", {"prompt": words}) for words in ("a cat", "the forbidden", "a dog")]
    events = await room.say("all three", three)
    assert room.shelf() == [1] and of(Refused, events)
    assert [event.text for event in of(TextDelta, events)] == [
        "Not begun: painting “a dog”; say it again if you still want it."
    ]
    assert "Not begun: painting “a dog”" in str([message.text for message in room.library.messages(room.session.id)])


async def test_a_model_hears_how_many_steps_a_turn_has_and_which_were_too_many(room: Room) -> None:
    settings = room.settings.model_copy(update={"limits": Limits(calls_per_turn=2)})
    agent = room.agent([FOX] * 4, "Two are here, two are missing.", settings=settings)
    events = await everything(agent.run_turn(room.session, "four foxes"))
    assert room.shelf() == [1, 2] and events[-1].state == "done"  # type: ignore[union-attr]
    first, second = room.chat.seen
    assert "at most 2 tool calls" in first[0].text
    assert ["not begun" in message.text for message in second[-4:]] == [False, False, True, True]
    told = room.library.messages(room.session.id)[-1].text
    assert told == "Not begun: painting “a red fox” and painting “a red fox”; say it again if you still want it."


async def test_arguments_that_do_not_fit_are_a_mistake_like_another(room: Room) -> None:
    events = await room.say("upscale", ("upscale_image", {"image": "it", "size": 3}), FOX, "There.")
    assert of(ToolFinished, events)[0].error
    assert events[-1].state == "done" and room.shelf() == [1]


async def test_arguments_are_stored_and_shown_as_they_were_meant(room: Room) -> None:
    await room.say("draw a fox", FOX, "Here.")
    events = await room.say("larger", ("upscale_image", {"image": "#1", "scale": None}), "There.")
    assert of(ToolStarted, events)[0].args == {"image": 1} and room.shelf() == [1, 2]
    assert [c.args for m in room.library.messages(room.session.id) for c in m.tool_calls][-1] == {"image": 1}


async def test_a_question_ends_the_turn_and_is_remembered(room: Room) -> None:
    ask = ("ask_user", {"question": "What shall I draw?", "choices": ["a fox", "a cat"]})
    events = await room.say("draw something", ask)
    assert of(Question, events) == [Question("What shall I draw?", ("a fox", "a cat"))]
    assert events[-1].state == "done"
    await room.say("a fox", FOX, "Here.")
    assert [type(m) for m in room.chat.seen[0][1:]][-1] is HumanMessage
    assert room.chat.seen[0][2].tool_calls[0]["name"] == "ask_user"


async def test_refused_words_name_the_category_offer_a_rewording_and_end_only_the_turn(room: Room) -> None:
    events = await room.say("draw the forbidden", ("generate_image", {"prompt": "the forbidden"}))
    [refused] = of(Refused, events)
    assert (refused.category, refused.rewording) == ("violence", "a red fox")
    assert events[-1].state == "done" and room.shelf() == []
    assert [verdict.action for verdict in room.library.verdicts(room.session.id)] == ["block"]
    events = await room.agent("Never mind.").run_turn(room.session, "ok").__anext__(), None
    assert isinstance(events[0], TextDelta)


async def test_refused_pixels_leave_no_picture_and_say_why(room: Room) -> None:
    room.studio.pixels = FixedPixels(NUDE)
    events = await room.say("here", uploads=[UploadFile("a.png", png())])
    assert of(Refused, events)[0] == Refused(NUDE.category, f"a.png: {NUDE.reason}", rewording="")
    assert room.shelf() == []


async def test_an_upload_that_is_refused_costs_neither_the_others_nor_the_answer(room: Room) -> None:
    room.studio.pixels = NoReds()
    uploads = [
        UploadFile("mum.png", png(color="blue")),
        UploadFile("beach.png", png()),
        UploadFile("dog.png", png(color="green")),
    ]
    events = await room.say("put the dog beside mum", "I see them.", uploads=uploads)
    assert [ready.picture.caption for ready in of(PictureReady, events)] == ["mum.png", "dog.png"]
    assert [refused.reason for refused in of(Refused, events)] == [f"beach.png: {NUDE.reason}"]
    said = [message.text for message in room.library.messages(room.session.id)]
    assert said == ["put the dog beside mum", f"beach.png: {NUDE.reason}", "I see them."]


async def test_words_about_uploads_that_are_all_refused_are_not_answered_from_other_pictures(room: Room) -> None:
    await room.say("draw a red fox", FOX, "Here is #1.")
    room.studio.pixels = FixedPixels(NUDE)
    events = await room.say("make it darker", ("adjust_image", {}), uploads=[UploadFile("a.png", png())])
    assert of(Refused, events) and not room.chat.seen and events[-1].state == "done"  # type: ignore[union-attr]


async def test_an_upload_without_words_is_kept_and_shown_and_what_can_be_done_with_it_is_said(room: Room) -> None:
    events = await room.say("", uploads=[UploadFile("beach.jpg", png())])
    [ready] = of(PictureReady, events)
    assert (ready.picture.handle, ready.picture.width, ready.picture.caption) == (1, 40, "beach.jpg")
    told = "".join(delta.text for delta in of(TextDelta, events))
    assert told.startswith("Say what should change in #1; photographs can be cut, turned, brightened")
    assert events[-1].state == "done" and room.library.messages(room.session.id)[-1].text == told
    events = await room.say("", uploads=[UploadFile("sea.jpg", png()), UploadFile("sun.jpg", png())])
    assert of(TextDelta, events)[0].text.startswith("Say what should change in #2 or #3;")


@pytest.mark.parametrize(
    ("text", "more", "says"),
    [
        ("", {}, "empty"),
        ("   \n", {}, "empty"),
        ("x" * 100_000, {}, "100,000 characters"),
        ("darker", {"uploads": [UploadFile("a.png", b"")]}, "a.png"),
        ("darker", {"uploads": [UploadFile("a.svg.png", b"<svg/>")]}, "a.svg.png"),
        ("darker", {"uploads": [UploadFile(f"{n}.png", png()) for n in range(5)]}, "5 files"),
        ("darker", {"selection": 4}, "#4"),
    ],
)
async def test_bad_input_is_one_sentence_and_changes_nothing(
    room: Room, text: str, more: dict[str, Any], says: str
) -> None:
    events = await room.say(text, **more)
    [failed] = of(Failed, events)
    assert says in failed.reason and "\n" not in failed.reason
    assert events[-1] == Done("", 0, "failed")
    assert room.library.turns(room.session.id) == [] and room.shelf() == []


async def test_stop_closes_the_turn_and_the_session_goes_on(room: Room) -> None:
    agent = room.agent("one two three four five six seven eight", pause=0.2)
    events: list[Event] = []
    async for event in agent.run_turn(room.session, "tell me"):
        events.append(event)
        if isinstance(event, TextDelta) and len(events) == 1:
            stopping = asyncio.create_task(agent.stop(room.session.id))
    await stopping
    assert events[-1].state == "stopped"  # type: ignore[union-attr]
    assert len(of(TextDelta, events)) < 5
    assert room.library.turns(room.session.id)[0].state is TurnState.STOPPED
    assert (await room.say("draw a fox", FOX, "Here."))[-1].state == "done"  # type: ignore[union-attr]


async def test_stop_pressed_again_and_again_closes_the_turn_once(room: Room) -> None:
    agent = room.agent("one two three four five six seven eight", pause=0.2)

    async def press() -> None:
        while agent.busy(room.session.id):
            await asyncio.gather(agent.stop(room.session.id), agent.stop(room.session.id))

    events: list[Event] = []
    async for event in agent.run_turn(room.session, "tell me"):
        events.append(event)
        if isinstance(event, TextDelta) and len(events) == 1:
            pressing = asyncio.create_task(press())
    await pressing
    assert [event.state for event in of(Done, events)] == ["stopped"]
    assert room.library.turns(room.session.id)[0].state is TurnState.STOPPED


async def test_a_turn_that_another_program_has_ended_is_told_as_stopped(room: Room) -> None:
    events = list[Event]()
    async for event in room.agent(FOX, "never said").run_turn(room.session, "draw a red fox"):
        events.append(event)
        if isinstance(event, ToolStarted):
            [turn] = room.library.turns(room.session.id)
            room.library.finish_turn(turn.id, TurnState.STOPPED)
    assert events[-1] == Done(turn.id, 1, "stopped")
    assert not [event for event in events if isinstance(event, Failed)]


async def test_stop_at_every_moment_of_a_turn_still_ends_with_one_done(room: Room) -> None:
    agent = room.agent("fine")
    stream = agent.run_turn(room.session, "tell me")
    live = asyncio.create_task(everything(stream))
    while not agent.busy(room.session.id):
        await asyncio.sleep(0)
    for _ in range(400):
        if agent.busy(room.session.id):
            next(task for task in asyncio.all_tasks() if "LiveTurn.run" in repr(task)).cancel()
        await asyncio.sleep(0.0005)
    events = await live
    assert isinstance(events[-1], Done) and len(of(Done, events)) == 1
    assert all(turn.state is not TurnState.RUNNING for turn in room.library.turns(room.session.id))


async def test_a_call_that_was_stopped_is_told_as_stopped(room: Room) -> None:
    agent = room.agent(("generate_image", {"prompt": "a fox", "count": 8}))
    async for event in agent.run_turn(room.session, "eight foxes"):
        if isinstance(event, ToolStarted):
            stopping = asyncio.create_task(agent.stop(room.session.id))
    await stopping
    assert room.roles() == ["person", "assistant", "tool"]
    await room.say("and now?", "Nothing.")
    assert [message.type for message in room.chat.seen[0]] == ["system", "human", "ai", "tool", "ai", "human"]
    assert history.UNANSWERED in room.chat.seen[0][3].text and "The person stopped this." in room.chat.seen[0][4].text


class Landing(Studio):
    """Slow to stop: all pictures of a stopped call are painted by then, and only the first was shown."""

    async def make(self, recipes: Sequence[Recipe], **more: Any) -> AsyncIterator[tuple[Job, Picture]]:
        whole = super().make(recipes, **more)
        made = [each async for each in whole]
        yield made[0]
        await asyncio.Event().wait()


async def test_a_picture_that_was_finished_when_stop_was_pressed_is_shown_and_answered(room: Room) -> None:
    room.studio = Landing(room.library, room.settings, Presets.load(), FixedWords(), FixedPixels())
    pair = ("generate_image", {"prompt": "a fox", "count": 2})
    agent, events = room.agent([pair, FOX]), list[Event]()
    async for event in agent.run_turn(room.session, "two foxes, and another"):
        events.append(event)
        if isinstance(event, PictureReady) and event.picture.handle == 1:
            stopping = asyncio.create_task(agent.stop(room.session.id))
    await stopping
    assert [(e.call_id, e.picture.handle) for e in of(PictureReady, events)] == [("call-1-0", 1), ("call-1-0", 2)]
    assert (events[-2].error, events[-1].state) == (history.UNANSWERED, "stopped")  # type: ignore[union-attr]
    answer = room.library.messages(room.session.id)[-1]
    assert (answer.tool_call_id, answer.pictures) == ("call-1-0", (1, 2))
    await room.say("and now?", "Nothing.")
    answers = [json.loads(m.text) for m in room.chat.seen[0] if isinstance(m, ToolMessage)]
    assert [answer["error"] for answer in answers] == [history.UNANSWERED, history.NOT_BEGUN]
    assert answers[0]["images"] == [{"image": 1}, {"image": 2}]


class Pausing(FixedPixels):
    """Judges for as long as nobody lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.may = threading.Event(), threading.Event()

    def check(self, image: Image.Image, also: Sequence[str] = ()) -> Verdict:
        self.asked.set()
        self.may.wait(10)
        return super().check(image)


@pytest.mark.parametrize("flip", [True, False])
async def test_a_picture_that_is_being_saved_when_stop_is_pressed_is_shown(room: Room, flip: bool) -> None:
    await room.say("", uploads=[UploadFile("a.png", png())])
    room.studio.pixels = pausing = Pausing()
    agent = room.agent("So.")
    args = {"image": 1, "operation": "flip"}
    stream = (
        agent.act(room.session, "adjust_image", args)
        if flip
        else agent.run_turn(room.session, "this", [UploadFile("b.png", png())])
    )
    live = asyncio.create_task(everything(stream))
    await asyncio.to_thread(pausing.asked.wait, 10)
    stopping = asyncio.create_task(agent.stop(room.session.id))
    await asyncio.sleep(0)
    pausing.may.set()
    events = await live
    await stopping
    assert [event.picture.handle for event in of(PictureReady, events)] == [2] == room.shelf()[1:]
    assert events[-1].state == "stopped"  # type: ignore[union-attr]


async def test_words_that_were_shown_before_stop_are_kept(room: Room) -> None:
    agent = room.agent("once upon a time there was a fox", pause=0.05)
    events = list[Event]()
    async for event in agent.run_turn(room.session, "tell me"):
        events.append(event)
        if len(events) == 3:
            stopping = asyncio.create_task(agent.stop(room.session.id))
    await stopping
    shown = "".join(event.text for event in of(TextDelta, events)).strip()
    assert shown.startswith("once upon a")
    assert [m.text for m in room.library.messages(room.session.id)] == ["tell me", shown]
    await room.say("draw a fox", "Here.")
    assert room.chat.seen[0][2].text == f"{shown}\n\n[note]\nThe person stopped this.\n[/note]"


async def test_words_that_are_stored_are_not_kept_again_when_a_later_answer_breaks_off(room: Room) -> None:
    calls = AIMessage("Well. ", tool_calls=[{"name": FOX[0], "args": FOX[1], "id": "a"}])
    with pytest.raises(RuntimeError):
        await room.say("a fox", calls, FOX, RuntimeError("a fault"))
    spoken = [m.text for m in room.library.messages(room.session.id) if m.role == "assistant"]
    assert spoken == ["Well.", ""]


class Partly(Studio):
    """Makes all but the last picture."""

    error: ToolError

    async def make(self, recipes: Sequence[Recipe], **more: Any) -> AsyncIterator[tuple[Job, Picture]]:
        async for made in super().make(recipes[:-1], **more):
            yield made
        raise self.error


@pytest.mark.parametrize(
    ("error", "key"), [(JobFailed("It broke.", fixable=True), "error"), (Refusal(NUDE), "refused")]
)
async def test_what_a_call_made_before_it_failed_stands_in_its_answer(room: Room, error: ToolError, key: str) -> None:
    room.studio = Partly(room.library, room.settings, Presets.load(), FixedWords(), FixedPixels())
    room.studio.error = error
    await room.say("three foxes", ("generate_image", {"prompt": "a fox", "count": 3}), "Two came.")
    [answer] = [m for m in room.library.messages(room.session.id) if m.role == "tool"]
    told = json.loads(answer.text)
    assert told[key] == str(error) and answer.pictures == (1, 2)
    assert told["images"] == [{"image": 1}, {"image": 2}]


async def test_it_is_the_upload_that_came_with_the_words_and_not_what_is_selected(room: Room) -> None:
    await room.say("draw a red fox", FOX, "Here is #1.")
    await room.say("rotate this", "Which?", uploads=[UploadFile("holiday.png", png())], selection=1)
    sent = room.chat.seen[0]
    assert '\n[note]\nWith this message came: #2 "holiday.png".\n[/note]' in sent[-1].text
    assert "(selected)" not in on_the_shelf(sent)


@pytest.mark.parametrize(
    ("said", "noted"),
    [("draw a fox like this one", True), ("a fox, as in the photo", True), ("draw a fox, I like foxes", False)],
)
async def test_an_upload_that_a_new_picture_is_to_be_like_is_told_as_not_looked_at(
    room: Room, said: str, noted: bool
) -> None:
    events = await room.say(said, FOX, "So.", uploads=[UploadFile("mine.png", png())])
    told = "#1 was not looked at, as a new picture is painted from words alone"
    assert (told in of(ToolFinished, events)[0].note) is noted


async def test_an_upload_without_words_is_no_empty_message_in_the_history(room: Room) -> None:
    await room.say("", uploads=[UploadFile("beach.jpg", png())])
    await room.say("hello", " ")
    await room.say("and now?", "Hello.")
    texts = [(m.type, m.text.partition("\n\n[shelf]")[0]) for m in room.chat.seen[0][1:]]
    silent = ("ai", "[note]\nNothing was said to this.\n[/note]")
    came = '[note]\nWith this message came: #1 "beach.jpg".\n[/note]'
    assert texts[1][0] == "ai" and texts[1][1].startswith("Say what should change in #1")
    assert texts == [("human", came), texts[1], ("human", "hello"), silent, ("human", "and now?")]


async def test_what_easel_said_of_a_failure_is_told_in_the_history_as_a_note(room: Room) -> None:
    settings = room.settings.model_copy(update={"llm": "openai:some-model"})
    failing = room.provided(settings, *[ConnectionError("refused")] * 2)
    [failed] = of(Failed, await everything(failing.run_turn(room.session, "hello")))
    await room.say("hello again", "Hello.")
    said = room.chat.seen[0][2].text
    assert said == f"[note]\nThis was not finished. The person was told: {failed.reason}\n[/note]"


async def test_a_turn_is_closed_when_the_database_answers_again(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    finish, away = Library.finish_turn, iter([True, True, True])

    def refused(library: Library, *args: Any) -> Turn:
        if next(away, False):
            raise Busy("Another program holds the database.")
        return finish(library, *args)

    monkeypatch.setattr(Library, "finish_turn", refused)
    monkeypatch.setattr("agent.live.RETRY_SECONDS", (0.01, 0.02))
    events = await room.say("hello", "Hello.")
    assert [event.reason for event in of(Failed, events)] == ["Another program holds the database."]
    assert isinstance(events[-1], Done) and room.library.turns(room.session.id)[0].state is TurnState.DONE
    assert (await room.say("and now?", "Now too."))[-1].state == "done"  # type: ignore[union-attr]


async def test_that_a_turn_waits_to_be_written_down_is_told_once(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    finish, full = Library.finish_turn, iter([True] * 6)

    def refused(library: Library, *args: Any) -> Turn:
        if next(full, False):
            raise DiskFull("The disk is full; nothing was changed.")
        return finish(library, *args)

    monkeypatch.setattr(Library, "finish_turn", refused)
    monkeypatch.setattr("agent.live.RETRY_SECONDS", (0.01,))
    events = await room.say("hello", "Hello.")
    assert of(Failed, events) == [Failed("The disk is full; nothing was changed."), Failed(NOT_WRITTEN, waits=True)]
    assert isinstance(events[-1], Done) and events[-1].state == "done"


async def test_a_step_that_the_database_does_not_take_fails_the_turn_and_closes_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> NoReturn:
        raise Busy("Another program holds the database.")

    finish, away = Library.finish_turn, iter([True])

    def refused_once(library: Library, *args: Any) -> Turn:
        return refused() if next(away, False) else finish(library, *args)

    with monkeypatch.context() as patch:
        patch.setattr(Library, "append", refused)
        patch.setattr(Library, "finish_turn", refused_once)
        events = await room.say("hello", "Hello.")
    assert [event.reason for event in of(Failed, events)] == ["Another program holds the database."]  # told once
    assert room.library.turns(room.session.id)[0].state is TurnState.FAILED
    assert [m.text for m in room.library.messages(room.session.id)] == [
        "hello",
        "Hello.",
        "Another program holds the database.",
    ]


async def test_deleting_a_session_in_its_turn_ends_the_turn(room: Room) -> None:
    stream = room.agent("one two three four five six", pause=0.1).run_turn(room.session, "tell me")
    await stream.__anext__()
    room.library.delete_session(room.session.user_id, room.session.id)
    events = await everything(stream)
    assert [event.reason for event in of(Failed, events)] == ["This session was deleted; nothing was added to it."]
    assert isinstance(events[-1], Done)


async def test_stop_at_another_program_ends_the_words_and_keeps_those_that_were_shown(room: Room) -> None:
    words, shown = "one two three four five six " * 50, ""
    with Library.open(room.settings.library) as other:
        async for event in room.agent(words, pause=0.05).run_turn(room.session, "tell me"):
            if isinstance(event, TextDelta):
                if not shown:
                    [turn] = other.turns(room.session.id)
                    other.finish_turn(turn.id, TurnState.STOPPED)
                shown += event.text
    assert event.state == "stopped" and len(shown) < len(words)  # type: ignore[union-attr]
    assert [message.text for message in room.library.messages(room.session.id)] == ["tell me", shown.strip()]
    assert room.library.turns(room.session.id)[0].state is TurnState.STOPPED


async def test_a_session_is_called_by_its_first_wish(room: Room) -> None:
    await room.say("hi", "Hello.")
    await room.say("draw a fox", ("generate_image", {"prompt": "a fox"}), "Here.")
    await room.say("draw a hen", "Here.")
    assert room.library.session(room.session.user_id, room.session.id).title == "draw a fox"


async def test_a_button_is_judged_with_what_was_said_and_with_what_its_picture_was_made_from(room: Room) -> None:
    await room.say("draw a red fox", FOX, "Here is #1.")
    asked = list[tuple[str, Sequence[str], str]]()

    class Listening(FixedWords):
        def check(self, text: str, context: Sequence[str] = (), *, source: str = "", without: str = "") -> Verdict:
            asked.append((text, context, source))
            return super().check(text, context, source=source, without=without)

    room.studio.words = Listening()
    await everything(
        room.agent().act(room.session, "edit_image", {"image": 1, "instruction": "make it night"}, "Night")
    )
    await room.say("a hat", ("edit_image", {"image": 2, "instruction": "a hat"}), "Here is #3.")
    pressed, typed = asked
    assert pressed == ("make it night", ("draw a red fox", "Night"), "a red fox")
    assert typed == ("a hat", ("draw a red fox", "Night", "a hat"), "a red fox, make it night")


async def test_what_is_too_large_four_times_is_enlarged_twice_and_told_so(room: Room) -> None:
    await room.say("", uploads=[UploadFile("wide.png", png(3000, 1000))])
    call, args = "upscale_image", {"image": 1}
    settings = room.settings.model_copy(update={"limits": Limits(result_pixels=12_000_000)})
    events = await everything(room.agent(settings=settings).act(room.session, call, args, "Enlarge"))
    assert [event.picture.width for event in of(PictureReady, events)] == [6000]
    told = "Here is #2: two times larger. Note: four times would be more than the 12 megapixels that are allowed."
    assert [event.text for event in of(TextDelta, events)] == [told]
    assert room.library.messages(room.session.id)[-1].text == told
    said = await everything(room.agent((call, args), "Done.", settings=settings).run_turn(room.session, "larger"))
    assert [event.picture.width for event in of(PictureReady, said)] == [6000]
    asked = await everything(room.agent(settings=settings).act(room.session, call, {**args, "scale": 4}, "Enlarge"))
    assert "crop or shrink it first" in of(Failed, asked)[0].reason


async def test_a_page_that_goes_away_stops_its_turn(room: Room) -> None:
    stream = room.agent("one two three four five six", pause=0.1).run_turn(room.session, "tell me")
    await stream.__anext__()
    await stream.aclose()  # type: ignore[attr-defined]
    assert room.library.turns(room.session.id)[0].state is TurnState.STOPPED


async def test_two_turns_at_once_in_a_session_are_refused(room: Room) -> None:
    agent = room.agent("one two three four", "five", pause=0.1)
    first = agent.run_turn(room.session, "tell me")
    await first.__anext__()
    second = await everything(agent.run_turn(room.session, "and me"))
    assert "busy" in of(Failed, second)[0].reason
    assert (await everything(first))[-1].state == "done"  # type: ignore[union-attr]


async def test_endless_tool_calls_are_cut_off(room: Room) -> None:
    settings = room.settings.model_copy(update={"limits": Limits(calls_per_turn=3)})
    agent = room.agent(*[("check_safety", {"target": "a fox"})] * 10, settings=settings)
    events = await everything(agent.run_turn(room.session, "check"))
    assert "3 steps" in of(Failed, events)[0].reason
    assert len(of(ToolStarted, events)) == 3
    assert events[-1].state == "failed"  # type: ignore[union-attr]


async def test_a_provider_that_is_down_fails_the_turn_with_a_sentence_and_keeps_it(room: Room) -> None:
    settings = room.settings.model_copy(update={"llm": "openai:some-model"})
    agent = room.provided(settings, *[ConnectionError("refused")] * 2)
    events = await everything(agent.run_turn(room.session, "draw a fox"))
    assert "openai:some-model cannot be reached" in of(Failed, events)[0].reason
    assert room.library.messages(room.session.id)[0].text == "draw a fox"


async def test_a_provider_that_is_slow_is_given_up(room: Room) -> None:
    settings = room.settings.model_copy(update={"llm": "openai:some-model", "llm_timeout": 0.1})
    agent = room.provided(settings, "one two three four five", pause=0.3)
    events = await everything(agent.run_turn(room.session, "hello"))
    assert "did not answer within 0.1 seconds" in of(Failed, events)[0].reason


async def test_a_bug_is_raised_and_the_turn_still_closed(room: Room) -> None:
    agent = room.agent(ZeroDivisionError("bug"))
    with pytest.raises(ZeroDivisionError):
        await everything(agent.run_turn(room.session, "hello"))
    assert room.library.turns(room.session.id)[0].state is TurnState.FAILED


async def test_a_button_takes_the_tools_path_and_is_recorded_as_a_turn(room: Room) -> None:
    await room.say("draw a fox", FOX, "Here.")
    events = await everything(room.agent().act(room.session, "upscale_image", {"image": 1, "scale": 2}, "Upscale #1"))
    assert of(PictureReady, events)[0].picture.width == 512
    assert room.roles()[-4:] == ["person", "assistant", "tool", "assistant"]
    assert room.library.messages(room.session.id)[-1].text == "Here is #2: two times larger."
    assert events[-1].state == "done"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "args", "says"),
    [
        ("no_such_tool", {}, "no_such_tool"),
        ("upscale_image", {"image": "x"}, "upscale_image: image"),
        ("upscale_image", {"image": 1, "scale": 3}, "3 times"),
        ("upscale_image", {"image": 7}, "7"),
        ("edit_image", {"image": 1, "instruction": " "}, "#1 is empty"),
    ],
)
async def test_a_wrong_button_is_one_sentence(room: Room, name: str, args: dict[str, Any], says: str) -> None:
    await room.say("draw a fox", FOX, "Here.")
    events = await everything(room.agent().act(room.session, name, args, "button"))
    assert says in of(Failed, events)[0].reason
    assert room.shelf() == [1]


async def test_look_tells_the_whole_story(room: Room) -> None:
    await room.say("draw a fox", FOX, ("edit_image", {"image": 1, "instruction": "make it night"}), "Done.")
    events = await room.say("how was it made?", ("look_at_image", {"image": 2}), "So.")
    summary = of(ToolFinished, events)[0].summary
    assert "#1 was painted from “a red fox”" in summary and "#2 was edited by “make it night”" in summary
    assert "256×256" in summary


async def test_a_picture_of_another_session_is_found_without_a_handle_of_this_one(room: Room) -> None:
    other = room.library.create_session(room.session.user_id, "holidays")
    await everything(room.agent(("generate_image", {"prompt": "a boat"}), "So.").run_turn(other, "a boat"))
    await room.say("draw a red fox", FOX, "So.")
    find = ("find_images", {"query": "the boat"})
    [finished] = of(ToolFinished, await room.say("where is my boat?", find, "In another session."))
    answer = json.loads(room.chat.seen[1][-1].text)
    assert answer["images"] == [] and answer["other_sessions"] == [f"“holidays” ({other.id[:8]}): a boat"]
    assert "open “holidays”" in answer["note"] and finished.note == answer["note"]


async def test_a_look_without_a_question_shows_the_picture_again(room: Room) -> None:
    await room.say("draw a fox", FOX, ("edit_image", {"image": 1, "instruction": "make it night"}), "Done.")
    events = await room.say("undo", ("look_at_image", {"image": 1}), "Here.")
    assert [event.picture.handle for event in of(PictureReady, events)] == [1]
    events = await room.say("what is it?", ("look_at_image", {"image": 1, "question": "what is it?"}), "A fox.")
    assert not [event for event in events if isinstance(event, PictureReady)]
    stored = [m.pictures for m in room.library.messages(room.session.id) if m.role == "tool"]
    assert stored == [(1,), (2,), (1,), ()]


async def edited(room: Room, preset: str, *, made: int = 3, **args: Any) -> list[Event]:
    """Draws so many foxes and edits #1."""
    settings = room.settings.model_copy(update={"preset": PresetChoice(edit=preset)})
    script = (("generate_image", {"prompt": "a red fox", "count": made}), ("edit_image", {"image": 1, **args}), "So.")
    return await everything(
        room.agent(*script, settings=settings).run_turn(room.session, "three foxes, then one of all")
    )


async def test_an_edit_takes_things_from_further_pictures_and_remembers_which(room: Room) -> None:
    await edited(room, "flux2-klein", instruction="put the foxes of #3 and #2 beside that of #1", references=[3, 2])
    picture = room.library.picture(room.session.id, 4)
    recipe = Recipe.model_validate(picture.recipe)
    assert picture.parents == (1, 3, 2)
    assert recipe.parents == tuple(room.library.picture(room.session.id, handle).sha256 for handle in (1, 3, 2))
    assert recipe.prompt == "put the foxes of image 2 and image 3 beside that of image 1"
    assert picture.caption == "put the foxes of #3 and #2 beside that of #1"
    exported = room.library.export_session(room.session.user_id, room.session.id).document["pictures"][3]
    assert exported["parents"] == [1, 3, 2] and exported["recipe"]["parents"] == list(recipe.parents)
    events = await room.say("how was it made?", ("look_at_image", {"image": 4}), "So.")
    assert "beside that of #1” with #3 and #2" in of(ToolFinished, events)[0].summary


@pytest.mark.parametrize(
    ("preset", "references", "says"),
    [
        ("flux2-klein", [2, 9], "#9"),
        ("flux2-klein", [2, 1], "#1 is the picture that is changed"),
        ("qwen-image", [2, 3, 4], "3 further pictures are too many: qwen-image looks at 2 at most."),
        ("embedded", [2], "nothing can be taken from #2; on a GPU these presets can: flux2-klein,"),
    ],
)
async def test_further_pictures_that_cannot_be_looked_at_are_refused_in_a_sentence(
    room: Room, preset: str, references: list[int], says: str
) -> None:
    events = await edited(room, preset, made=4, instruction="all together", references=references)
    assert says in (of(ToolFinished, events)[1].error or "")
    assert room.shelf() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("preset", "args", "prompt", "strength"),
    [
        ("flux2-klein", {"strength": 0.3}, "make it night, only slightly", None),
        ("flux2-klein", {"strength": 0.3, "region": "top"}, "make it night", 0.3),
        ("instruct-pix2pix", {"strength": 0.3}, "make it night", 0.3),
    ],
)
async def test_a_preset_that_takes_no_strength_is_told_it_in_words(
    room: Room, preset: str, args: dict[str, Any], prompt: str, strength: float | None
) -> None:
    events = await edited(room, preset, made=1, instruction="make it night", **args)
    recipe = Recipe.model_validate(room.library.picture(room.session.id, 2).recipe)
    assert (recipe.prompt, recipe.strength) == (prompt, strength)
    assert ("takes no strength here" in of(ToolFinished, events)[1].note) == (strength is None)


async def test_a_variations_recipe_names_the_steps_that_its_strength_takes(room: Room) -> None:
    await room.say("a fox, varied", FOX, ("vary_image", {"image": 1, "preset": "klein", "strength": 0.8}), "So.")
    recipe = Recipe.model_validate(room.library.picture(room.session.id, 2).recipe)
    assert (recipe.steps, recipe.strength) == (5, 0.8)


async def test_check_safety_judges_words_and_pictures(room: Room) -> None:
    await room.say("draw a fox", FOX, "Here.")
    for target, says in (("#1", "#1 passes"), ("the forbidden", "does not pass"), ("9" * 5000, "999” passes")):
        events = await room.say("safe?", ("check_safety", {"target": target}), "Well.")
        assert says in of(ToolFinished, events)[0].summary


async def test_a_variation_knows_what_its_forebears_showed(room: Room) -> None:
    steps = (
        FOX,
        ("edit_image", {"image": 1, "instruction": "add a hat"}),
        ("vary_image", {"image": 2, "count": 2}),
        "So.",
    )
    await room.say("a fox with a hat, two variations", *steps)
    varied = room.library.picture(room.session.id, 3)
    assert Recipe.model_validate(varied.recipe).prompt == "a red fox, add a hat"
    assert varied.parents == (2,) and room.shelf() == [1, 2, 3, 4]


async def test_the_prompt_comes_first_and_the_sentence_last_with_the_shelf(room: Room) -> None:
    await room.say("hello", "Hello!")
    [messages] = room.chat.seen
    assert isinstance(messages[0], SystemMessage)
    assert messages[-1].text == "hello\n\n[shelf]\nempty\n[/shelf]"
