"""Events to widgets, and stored rows to the same widgets: a reloaded page looks like the one that was live."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from webserver import ScriptedAgent

from agent.events import (
    Done,
    Event,
    Failed,
    PictureReady,
    Progress,
    Question,
    Refused,
    TextDelta,
    ToolFinished,
    ToolStarted,
)
from agent.history import UNANSWERED, refusal_of
from models.recipe import Extent, Operation, Recipe
from storage.library import Library
from storage.records import Message, Picture, Session, ToolCall, TurnState, Verdict
from tools.catalog import BY_NAME
from ui.phrases import arguments, did, doing, wished
from ui.replay import told
from ui.terminal_widgets import retold
from ui.web.data_layer import FEW, stored_thread
from ui.web.view import ICONS, NEWEST, TurnView, recipe_details, stored_view


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "easel.db") as opened:
        yield opened


@pytest.fixture
def session(library: Library) -> Session:
    return library.create_session(library.user("local").id, "a session")


def view(session: Session, text: str = "hello") -> TurnView:
    return TurnView(session, "person", "run", text, datetime.now(UTC))


def picture(handle: int = 1, **recipe: Any) -> Picture:
    made = Recipe(**({"operation": Operation.GENERATE, "extent": Extent(8, 8)} | recipe))
    plain = made.model_dump(mode="json")
    return Picture(f"p{handle}", "s", "t", handle, "ab" * 32, 8, 8, "image/png", plain, (), "a fox", datetime.now(UTC))


def seen(view: TurnView) -> list[Any]:
    """What a person sees of a turn: no ids, no times."""
    steps = [
        (step["type"], step["name"], step["output"].strip(), step["isError"], bool(step["end"]))
        for step in view.steps.values()
    ]
    hosts = {key: index for index, key in enumerate(view.steps)}
    elements = [(element["name"], hosts[element["forId"]], element["props"]) for element in view.elements.values()]
    return [steps, elements]


REQUESTS = ["draw a fox", "draw 3 boats", "what should I paint?", "a naked person", "just talk *to* me"]


@pytest.mark.parametrize("request_text", REQUESTS)
async def test_a_stored_turn_looks_like_the_live_one(library: Library, session: Session, request_text: str) -> None:
    live = view(session, request_text)
    async for event in ScriptedAgent(library, 0).run_turn(session, request_text):
        live.apply(event)
    stories = told(
        library.turns(session.id), library.messages(session.id), library.pictures(session.id),
        library.verdicts(session.id),
    )  # fmt: skip
    assert seen(stored_view(session, stories[0])) == seen(live)


async def test_a_stopped_turn_keeps_its_pictures_and_says_so(library: Library, session: Session) -> None:
    agent = ScriptedAgent(library, 0.01)
    live = view(session, "draw 4 foxes")
    async for event in agent.run_turn(session, "draw 4 foxes"):
        live.apply(event)
        if isinstance(event, PictureReady):
            task = asyncio.create_task(agent.stop(session.id))
            await asyncio.sleep(0)
    await task
    stories = told(library.turns(session.id), library.messages(session.id), library.pictures(session.id), [])
    stored = stored_view(session, stories[0])
    assert [element["props"]["handle"] for element in stored.elements.values()] == [1]
    assert list(stored.steps.values())[-1]["output"] == r"*Stopped.* \#1 stays."
    assert all(step["end"] for step in stored.steps.values() if step["type"] == "tool")


async def test_of_a_long_session_the_newest_turns_are_shown_until_earlier_ones_are_asked_for(
    library: Library, session: Session
) -> None:
    user, agent = library.user("local"), ScriptedAgent(library, 0)

    def shown(since: int | None = None) -> tuple[list[str], list[int]]:
        thread = stored_thread(library, user, session.id, since=since)
        steps, elements = thread["steps"], thread["elements"] or []
        words = [step["output"] for step in steps if step["type"] == "user_message"]
        return words, [element["props"]["turns"] for element in elements if element["name"] == "Earlier"]

    said = [f"just talk {number}" for number in range(NEWEST + FEW + 1)]
    for text in said:
        if text == said[-1]:
            assert shown() == (said[:-1], [])  # so few turns more are no work
        async for _ in agent.run_turn(session, text):
            pass
    assert shown() == (said[-NEWEST:], [FEW + 1])
    assert shown(3) == (said[2:], [2])
    assert shown(1) == (said, [])


def test_an_upload_stands_with_the_message_that_brought_it(library: Library, session: Session) -> None:
    shown = view(session)
    shown.apply(PictureReady("", picture(operation=Operation.IMPORT)))
    assert [element["forId"] for element in shown.elements.values()] == ["person"]


def test_a_card_shows_the_job_until_its_picture_is_there(session: Session) -> None:
    shown = view(session)
    shown.apply(ToolStarted("call", "generate_image", {"prompt": "a fox", "count": 2}))
    for job in ("job1", "job2"):
        changes = shown.apply(Progress("call", job, 0.5, "step 1 of 2"))
        assert changes[-1].data["props"] == {"state": "working", "job": job, "fraction": 0.5, "text": "step 1 of 2"}
    changes = shown.apply(PictureReady("call", picture(1), "job2"))  # whichever is ready first
    assert [change.event for change in changes] == ["element", "remove_element"]
    assert list(shown.elements) == ["job1", "call-pictures-p1"]
    assert shown.apply(Progress("call", "job1", 1.5, ""))[-1].data["props"]["fraction"] == 1.0
    shown.apply(ToolFinished("call", "generate_image", "", error="the worker died"))
    assert list(shown.elements) == ["call-pictures-p1"]
    assert shown.steps["call"]["isError"]
    assert "the worker died" in shown.steps["call"]["output"]


def test_a_picture_that_is_found_again_stays_where_it_was(session: Session) -> None:
    shown = view(session)
    for call, tool in (("one", "generate_image"), ("two", "find_images")):
        shown.apply(ToolStarted(call, tool, {}))
        shown.apply(PictureReady(call, picture(1)))
    assert [element["forId"] for element in shown.elements.values()] == ["one-pictures", "two-pictures"]


def test_stopped_is_said_beside_the_reason_of_a_failure(session: Session) -> None:
    shown = view(session)
    shown.apply(ToolStarted("call", "generate_image", {"prompt": "a fox"}))
    shown.apply(Progress("call", "job", 0.5, "step 1 of 2"))
    shown.apply(Failed("The connection broke."))
    shown.apply(ToolFinished("call", "generate_image", "", error=UNANSWERED))
    shown.apply(Done("t", 1, "stopped"))
    assert [step["output"] for step in shown.steps.values()][-2:] == ["The connection broke.", "*Stopped.*"]


def test_no_empty_message_is_left_where_a_picture_failed(session: Session) -> None:
    shown = view(session)
    shown.apply(ToolStarted("call", "generate_image", {"prompt": "a fox"}))
    shown.apply(Progress("call", "job", 0.5, "step 1 of 2"))
    changes = shown.apply(ToolFinished("call", "generate_image", "", error="the worker died"))
    assert [change.event for change in changes] == ["remove_element", "delete_message", "update_message"]
    assert [step["type"] for step in shown.steps.values()] == ["user_message", "run", "tool"]


def test_text_streams_into_one_message(session: Session) -> None:
    shown = view(session)
    events = [change.event for word in ("Here ", "is ", "#1.") for change in shown.apply(TextDelta("m", word))]
    assert events == ["stream_start", "stream_token", "stream_token"]
    shown.apply(Done("t", 1, "done"))
    assert [(step["output"], step["streaming"]) for step in shown.steps.values()][-1] == ("Here is #1.", False)


def test_words_that_are_taken_back_leave_the_page(session: Session) -> None:
    shown = view(session)
    shown.apply(TextDelta("m", "The user wants a fox."))
    changes = shown.apply(TextDelta("m", "Here ", anew=True)) + shown.apply(TextDelta("m", "it is."))
    assert [change.event for change in changes] == ["delete_message", "stream_start", "stream_token"]
    assert list(shown.steps.values())[-1]["output"] == "Here it is."
    assert [change.event for change in shown.apply(TextDelta("m", "", anew=True))] == ["delete_message"]
    assert all(step["output"] != "Here it is." for step in shown.steps.values())


def test_what_a_tool_was_told_is_never_markdown(session: Session) -> None:
    shown = view(session)
    shown.apply(ToolStarted("call", "generate_image", {"prompt": "![x](https://evil.example/x.png) <b>"}))
    assert "![" not in shown.steps["call"]["output"]
    shown.apply(Failed("[a](https://evil.example)"))


def test_a_failed_turn_shows_its_error_once(library: Library, session: Session) -> None:
    turn = library.begin_turn(session.id, "draw")
    library.append(turn.id, Message("assistant", "The provider is down."))
    library.finish_turn(turn.id, TurnState.FAILED, "The provider is down.")
    stories = told(library.turns(session.id), library.messages(session.id), [], [])
    assert stories[0].events == (Failed("The provider is down."), Done(turn.id, 1, "failed"))


def test_a_refusal_told_again_offers_its_own_rewording(library: Library, session: Session) -> None:
    for rewording in ("a clothed woman on a beach", "a clothed man riding a horse"):
        verdict = Verdict("block", "words", "sexual", 1.0, "fixed/1", "Nudity is not painted.", rewording)
        turn = library.begin_turn(session.id, "draw it")
        library.add_verdict(session.id, turn.id, verdict, "it")
        library.finish_turn(turn.id, TurnState.DONE, None, [Message("assistant", refusal_of(verdict))])
    stories = told(library.turns(session.id), library.messages(session.id), [], library.verdicts(session.id))
    offered = [event.rewording for story in stories for event in story.events if isinstance(event, Refused)]
    assert offered == ["a clothed woman on a beach", "a clothed man riding a horse"]


def test_an_error_that_was_never_said_is_told_at_the_end(library: Library, session: Session) -> None:
    turn = library.begin_turn(session.id, "draw")
    library.finish_turn(turn.id, TurnState.FAILED, "Something went wrong.")
    stories = told(library.turns(session.id), library.messages(session.id), [], [])
    assert stories[0].events == (Failed("Something went wrong."), Done(turn.id, 1, "failed"))


def test_a_call_without_an_answer_is_told_as_unfinished(library: Library, session: Session) -> None:
    turn = library.begin_turn(session.id, "draw")
    call = ToolCall("c", "generate_image", {"prompt": "x"})
    library.append(turn.id, Message("assistant", "", tool_calls=(call,)))
    stories = told(library.turns(session.id), library.messages(session.id), [], [])
    assert stories[0].events == (ToolStarted("c", "generate_image", {"prompt": "x"}),)
    library.finish_turn(turn.id, TurnState.STOPPED)
    [story] = told(library.turns(session.id), library.messages(session.id), [], [])
    assert story.events[1:] == (ToolFinished("c", "generate_image", "", UNANSWERED), Done(turn.id, 1, "stopped"))


VALUES: list[Any] = [None, True, 2, -1.5, "", "cat, dog", "#2", [], ["a", 1, None], [[1]], {}, {"a": [1]}]

ASKED = '{"asked": true}'


@pytest.mark.parametrize("answer", [None, '{"error": "it does not fit", "fixable": true}', ASKED, "[]", "x"])
def test_no_argument_of_any_kind_keeps_a_session_from_being_opened(
    library: Library, session: Session, answer: str | None
) -> None:
    calls = [
        ToolCall(f"{name}{number}{fewer}", name, dict.fromkeys(sorted(names)[fewer:], value))
        for name in (*BY_NAME, "no_such_tool")
        for number, value in enumerate(VALUES)
        for names in [BY_NAME[name].args.model_fields if name in BY_NAME else ["image"]]
        for fewer in range(len(names))
    ]
    turn = library.begin_turn(session.id, "draw")
    library.append(turn.id, *(Message("assistant", "", tool_calls=(call,)) for call in calls))
    if answer is not None:
        library.append(turn.id, *(Message("tool", answer, tool_call_id=call.id) for call in calls))
    library.finish_turn(turn.id, TurnState.STOPPED)
    assert list(retold(library, session))
    [story] = told(library.turns(session.id), library.messages(session.id), [], [])
    assert stored_view(session, story).steps
    asked = [event for event in story.events if isinstance(event, Question)]
    assert all(event.text in ("", "cat, dog", "#2") for event in asked) and bool(asked) == (answer == ASKED)


@pytest.mark.parametrize("choices", [["a fox", " ", "a cat "], []])
def test_a_question_is_asked_again_as_it_was_asked(library: Library, session: Session, choices: list[str]) -> None:
    turn = library.begin_turn(session.id, "draw")
    call = ToolCall("c", "ask_user", {"question": " Which? ", "choices": choices})
    library.append(turn.id, Message("assistant", "", tool_calls=(call,)))
    library.append(turn.id, Message("tool", '{"asked": true}', tool_call_id="c"))
    library.finish_turn(turn.id, TurnState.DONE)
    [story] = told(library.turns(session.id), library.messages(session.id), [], [])
    assert Question("Which?", ("a fox", "a cat") if choices else ()) in story.events


@pytest.mark.parametrize("together", [True, False])
def test_an_answer_that_broke_off_tells_its_error_once(library: Library, session: Session, together: bool) -> None:
    turn = library.begin_turn(session.id, "tell me")
    texts = ["Once upon\n\nThe line broke."] if together else ["Once upon", "The line broke."]
    library.finish_turn(turn.id, TurnState.FAILED, "The line broke.", [Message("assistant", text) for text in texts])
    [story] = told(library.turns(session.id), library.messages(session.id), [], [])
    assert [getattr(event, "text", "") for event in story.events] == ["Once upon", "", ""]
    assert story.events[1:] == (Failed("The line broke."), Done(turn.id, 1, "failed"))


def test_a_picture_of_a_killed_call_stands_under_it_and_a_call_that_never_began_is_not_shown(
    library: Library, session: Session
) -> None:
    turn = library.begin_turn(session.id, "look, then two foxes")
    names = ("look_at_image", "generate_image", "edit_image")
    calls = tuple(ToolCall(name, name, {"image": 1}) for name in names)
    library.append(turn.id, Message("assistant", "", tool_calls=calls))
    library.append(turn.id, Message("tool", "{}", tool_call_id="look_at_image"))
    library.finish_turn(turn.id, TurnState.FAILED, "Easel was closed.")
    left = replace(picture(2), turn_id=turn.id)
    [story] = told(library.turns(session.id), library.messages(session.id), [left], [])
    shown = [(type(event).__name__, getattr(event, "call_id", "")) for event in story.events]
    assert shown == [
        ("ToolStarted", "look_at_image"),
        ("ToolFinished", "look_at_image"),
        ("ToolStarted", "generate_image"),
        ("PictureReady", "generate_image"),
        ("ToolFinished", "generate_image"),
        ("Failed", ""),
        ("Done", ""),
    ]


def test_an_address_in_an_error_has_no_backslash_that_is_shown(session: Session) -> None:
    shown = view(session)
    [change] = shown.apply(Failed("The language model http://127.0.0.1:8173/v1#m failed."))
    assert change.data["output"] == r"The language model http\://127.0.0.1:8173/v1\#m failed."


def test_details_hide_nothing_of_the_recipe() -> None:
    full = picture(
        prompt="a fox", negative_prompt="snow", preset="embedded", seed=7, steps=20, guidance=4.0, strength=0.5,
        region=(0.0, 0.0, 0.5, 1.0),
    )  # fmt: skip
    rows = dict(recipe_details(full))
    assert rows["Prompt"] == "a fox"
    assert rows["Without"] == "snow"
    assert (rows["Seed"], rows["Steps"], rows["Guidance"], rows["Strength"]) == ("7", "20", "4.0", "0.5")
    assert rows["Region"] == "0.00, 0.00, 0.50, 1.00"


EXAMPLES: dict[str, Mapping[str, Any]] = {
    "generate_image": {"prompt": "a fox", "count": 3},
    "edit_image": {"image": 2, "instruction": "make it night"},
    "upscale_image": {"image": 2, "scale": 4},
    "vary_image": {"image": 2},
    "extend_image": {"image": 2, "to": "left"},
    "adjust_image": {"image": 2, "operation": "rotate", "amount": "90"},
    "look_at_image": {"image": 2, "question": "what is it?"},
    "find_images": {"query": "fox"},
    "check_safety": {"target": "#2"},
    "ask_user": {"question": "Which one?"},
}


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_tool_has_plain_words_and_an_icon(name: str) -> None:
    args = EXAMPLES[name]
    assert "_" not in doing(name, args)
    assert did(name, args) != doing(name, args)
    assert name in ICONS or name == "ask_user"  # the question itself is shown
    assert all(label[0].isupper() for label, _ in arguments(args))


def test_a_change_of_light_is_called_as_the_picture_is() -> None:
    assert did("adjust_image", {"image": 2, "operation": "brightness", "amount": "+20"}).endswith("brightness +20%")
    assert did("adjust_image", {"image": 2, "operation": "rotate", "amount": "-15"}).endswith("rotate -15")


@pytest.mark.parametrize(
    ("name", "args", "said"),
    [
        ("vary_image", {"image": 3}, "Vary #3"),
        ("upscale_image", {"image": 3, "scale": 4}, "Enlarge #3 4 times"),
        ("edit_image", {"image": 1, "instruction": "make it night"}, "Edit of #1: make it night"),
        (
            "edit_image",
            {"image": 1, "instruction": "add a moon", "region": "0,0,0.5,0.5"},
            "Marked part of #1: add a moon",
        ),
    ],
)
def test_a_button_speaks_as_the_person_would(name: str, args: dict[str, Any], said: str) -> None:
    assert wished(name, args) == said


def test_a_stopped_batch_says_what_stays_and_is_not_left_as_if_it_went_on(session: Session) -> None:
    shown = view(session)
    shown.apply(ToolStarted("c", "generate_image", {"prompt": "a castle", "count": 6}))
    shown.apply(PictureReady("c", picture(4), "job"))
    shown.apply(Done("t", 1, "stopped"))
    assert shown.steps["c"]["name"] == "Painting “a castle”, 6 times – stopped"
    assert list(shown.steps.values())[-1]["output"] == r"*Stopped.* \#4 stays."


def test_every_event_is_drawn(session: Session) -> None:
    shown = view(session)
    kinds = Event.__args__  # type: ignore[attr-defined]
    assert {kind.__name__ for kind in kinds} == {
        "TextDelta", "ToolStarted", "Progress", "PictureReady", "ToolFinished", "Question", "Refused", "Failed", "Done",
    }  # fmt: skip
    assert shown.opening()[0].data["output"] == "hello"
