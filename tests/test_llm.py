"""Any language model behind an address: the real HTTP path, against a server that misbehaves in every way we know."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from house import FixedPixels, FixedWords
from langchain_core.messages import AIMessage, AIMessageChunk
from PIL import Image
from speaking_server import Calls, Declines, Says, Speaking, Status, calls, speaking
from terminal import png

from agent.events import Done, Event, Failed, PictureReady, TextDelta
from agent.failures import MOST_RETRY_SECONDS, explain, passing, pause, too_long
from agent.llm import chat_model, only_one, read_address
from agent.turn import Agent, UploadFile
from agent.unsaid import Unsaid
from models.flat import FlatEngine
from models.presets import Presets
from storage.library import Library
from storage.records import Session, TurnState
from tools.errors import LanguageModelFailed
from tools.settings import Settings
from tools.studio import Studio
from tools.worker import Worker

FOX = calls("generate_image", prompt="a red fox")
HERE = Says("Here is #1.")


@dataclass
class Room:
    """A session whose language model is whatever the settings name."""

    library: Library
    studio: Studio
    session: Session
    folder: Path

    def settings(self, url: str, **more: Any) -> Settings:
        return Settings(data=self.folder, llm=url, **more)

    def agent(self, url: str, **more: Any) -> Agent:
        settings = self.settings(url, **more)
        return Agent(self.library, self.studio, Presets.load(), settings, chat_model(settings))

    async def say(self, text: str, server: Speaking, **more: Any) -> list[Event]:
        return await everything(self.agent(server.url, **more).run_turn(self.session, text))

    def texts(self) -> list[str]:
        return [message.text for message in self.library.messages(self.session.id) if message.role == "assistant"]


async def everything(events: AsyncIterator[Event]) -> list[Event]:
    return [event async for event in events]


def said(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta)).strip()


def failed(events: list[Event]) -> str:
    return " ".join(event.reason for event in events if isinstance(event, Failed))


def painted(events: list[Event]) -> list[int]:
    return [event.picture.handle for event in events if isinstance(event, PictureReady)]


def state(events: list[Event]) -> str:
    assert isinstance(events[-1], Done)
    return events[-1].state


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    leave = threading.Event()
    with Library.open(tmp_path / "easel.db") as library:
        worker = Worker(library, FlatEngine(), FixedPixels(), "test", 60.0)
        thread = threading.Thread(target=worker.serve, args=(leave,), daemon=True)
        thread.start()
        studio = Studio(library, Settings(data=tmp_path), Presets.load(), FixedWords(), FixedPixels())
        yield Room(library, studio, library.create_session(library.user("me").id), tmp_path)
        leave.set()
        thread.join(10)


async def test_a_call_in_fragments_paints_and_the_answer_streams(room: Room) -> None:
    with speaking(FOX, HERE) as server:
        events = await room.say("draw a red fox", server, llm_key="secret")
    assert painted(events) == [1] and said(events) == "Here is #1." and state(events) == "done"
    assert sum(isinstance(event, TextDelta) for event in events) == 3
    first, second = server.asked
    assert first["model"] == "tiny" and first["stream"] is True
    assert {tool["function"]["name"] for tool in first["tools"]} >= {"generate_image", "ask_user"}
    assert [message["role"] for message in second["messages"]] == ["system", "user", "assistant", "tool"]
    assert set(server.keys) == {"Bearer secret"}


async def test_thoughts_among_the_words_are_shown_to_nobody(room: Room) -> None:
    with speaking(Says("<think> 1 < 2 </think> Hello, <b> you <")) as server:
        events = await room.say("hello", server)
    assert said(events) == "Hello, <b> you <" and room.texts() == ["Hello, <b> you <"]


@pytest.mark.parametrize("size", [1, 3, 100])
def test_marks_are_found_in_whatever_pieces_they_come(size: int) -> None:
    text, unsaid = "So: <think>a </b> b</think>yes <tool_call>{}</tool_call>no <thin", Unsaid()
    pieces = [text[place : place + size] for place in range(0, len(text), size)]
    words = "".join(unsaid(AIMessageChunk(content=piece)).text for piece in pieces) + unsaid.rest()
    assert words == "So: yes no <thin" and unsaid.called


@pytest.mark.parametrize("size", [1, 2, 5, 100])
@pytest.mark.parametrize(
    ("text", "words", "called"),
    [
        ("a <\nb <br\nnext", "a <\nb <br\nnext", False),
        ("Put it inside <think> marks. That is all.", "Put it inside <think> marks. That is all.", False),
        ("<think>It was cut", "", False),
        ('I paint. [TOOL_CALLS] [{"name": "generate_image"}]', "I paint. ", True),
        ('<function=generate_image>{"prompt": "a fox"}</function>', "", True),
        ('<|python_tag|>{"name": "generate_image"}', "", True),
        ('{"name": "generate_image", "parameters": {"prompt": "a fox"}}', "", True),
        ('[{"name": "generate_image", "arguments": {}}]', "", True),
        ('Sure. ```json\n{"name": "generate_image"}\n```', "Sure. ", True),
        ('```tool_code\ngenerate_image(prompt="a fox")\n```', "", True),
        ('[edit_image(image=1, instruction="at night")]', "", True),
        ("<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>generate_image<｜tool▁sep｜>{}", "", True),
        ("<|tool_calls_section_begin|>functions.generate_image:0<|tool_calls_section_end|>", "", True),
        ('<minimax:tool_call>\n<invoke name="generate_image"></invoke></minimax:tool_call>', "", True),
        ("<|channel|>analysis<|message|>A fox.<|end|><|start|>assistant<|channel|>commentary to=f", "", True),
        ("<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Hi.", "Hi.", False),
        ("Try ```a {x}``` or {name: fox}, I say.", "Try ```a {x}``` or {name: fox}, I say.", False),
        ("With edit_image I change [one].", "With edit_image I change [one].", False),
    ],
)
def test_words_are_shown_whole_and_calls_among_them_are_found(text: str, words: str, called: bool, size: int) -> None:
    unsaid = Unsaid()
    pieces = [text[place : place + size] for place in range(0, len(text), size)]
    shown = "".join(unsaid(AIMessageChunk(content=piece)).text for piece in pieces) + unsaid.rest()
    assert (shown, unsaid.called) == (words, called)


@pytest.mark.parametrize(
    ("text", "words", "called"),
    [
        ('I see {"a": 1}.</think>\n\nHello.', "\n\nHello.", False),
        ('Hm.</think> {"name": "generate_image"}', " ", True),
        ("No thought <b>", "No thought <b>", False),
        ("[TOOL_CALLS] [{}]", "", True),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_thoughts_that_no_mark_opens_are_held_where_they_are_expected(
    text: str, words: str, called: bool, size: int
) -> None:
    unsaid = Unsaid(thinking=True)
    pieces = [text[place : place + size] for place in range(0, len(text), size)]
    shown = "".join(unsaid(AIMessageChunk(content=piece)).text for piece in pieces) + unsaid.rest()
    assert (shown, unsaid.called) == (words, called) and unsaid.thinking is ("</think>" in text)


async def test_thoughts_that_no_mark_opens_are_taken_back_once_and_never_shown_again(room: Room) -> None:
    thinking = [Says(f"A fox, then. Hm {number}.</think>\n\nHello {number}.") for number in (1, 2)]
    with speaking(*thinking, Says("Plain.")) as server:
        agent = room.agent(server.url)
        first, second, third = [await everything(agent.run_turn(room.session, "hello")) for _ in range(3)]
    anew = [event for event in first if isinstance(event, TextDelta) and event.anew]
    assert len(anew) == 1 and said(first[first.index(anew[0]) :]) == "Hello 1."
    assert said(second) == "Hello 2." and said(third) == "Plain."
    assert room.texts() == ["Hello 1.", "Hello 2.", "Plain."]
    assert "A fox, then" not in str(server.asked)


async def test_thoughts_before_a_call_are_taken_back_and_not_kept(room: Room) -> None:
    with speaking(Calls(FOX.calls, "A fox, then.</think>"), Calls([], "Hm.</think>Here is #1.")) as server:
        events = await room.say("draw a red fox", server)
    assert painted(events) == [1] and said(events) == "Here is #1." and room.texts() == ["", "Here is #1."]


async def test_the_note_of_who_stands_in_stays_where_thoughts_are_taken_back(room: Room) -> None:
    with speaking(Status(401)) as first, speaking(Says("A fox, then.</think> Hello.")) as second:
        events = await everything(room.agent(first.url, llm_fallback=second.url).run_turn(room.session, "hello"))
    assert room.texts()[0].startswith("(The language model") and room.texts()[0].endswith("Hello.")
    assert "A fox, then" not in room.texts()[0] and state(events) == "done"


@pytest.mark.parametrize("step", [1, 0])
async def test_two_calls_of_one_answer_both_run_however_they_are_numbered(room: Room, step: int) -> None:
    pair = [("a", "generate_image", '{"prompt": "a cat"}'), ("b", "generate_image", '{"prompt": "a dog"}')]
    both = Calls(pair, "Two, then. ", step=step)
    with speaking(both, Says("Both.")) as server:
        events = await room.say("a cat and a dog", server)
    assert painted(events) == [1, 2] and said(events) == "Two, then. Both."


async def test_words_that_come_with_a_call_are_shown_once(room: Room) -> None:
    with speaking(Calls([("a", "generate_image", '{"prompt": "a cat"}')], "At once. "), Says("Done.")) as server:
        events = await room.say("a cat", server)
    assert said(events) == "At once. Done." and room.texts() == ["At once.", "Done."]


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (Calls([("x", "generate_image", '{"prompt": "a fox')]), "are no JSON object"),
        (Calls([("x", "generate_image", "a fox")]), "are no JSON object"),
        (Calls([("x", "paint_it", "{}")]), "There is no tool “paint_it”; there are generate_image,"),
        (Calls([("x", "generate_image", "{}")]), "generate_image: prompt is missing."),
        (
            Calls([("x", "upscale_image", '{"image": "it"}')]),
            "image is 'it', which is not a whole number.",
        ),
        (Calls([(None, "upscale_image", '{"image": 9}')]), "#9"),
    ],
)
async def test_a_malformed_call_goes_back_once_as_a_sentence(room: Room, broken: Calls, sentence: str) -> None:
    with speaking(broken, FOX, HERE) as server:
        events = await room.say("draw a red fox", server)
    answer = server.asked[1]["messages"][-1]
    assert answer["role"] == "tool" and sentence in answer["content"]
    assert answer["tool_call_id"] == server.asked[1]["messages"][-2]["tool_calls"][0]["id"] != ""
    assert painted(events) == [1] and state(events) == "done" and room.library.verify().faults == ()


async def test_half_a_character_in_a_call_is_replaced_and_the_session_goes_on(room: Room) -> None:
    half = Calls([("x", "generate_image", '{"prompt": "a cat \\ud83d"}')])
    with speaking(half, HERE, Says("Hello.")) as server:
        assert state(await room.say("a cat", server)) == "done"
        assert said(await room.say("hello", server)) == "Hello."
    assert room.library.picture(room.session.id, 1).caption == "a cat \ufffd"


async def test_the_second_malformed_call_goes_to_the_person(room: Room) -> None:
    broken = Calls([("x", "generate_image", '{"prompt": ')])
    with speaking(broken, broken) as server:
        events = await room.say("draw a red fox", server)
    assert "no JSON object" in failed(events) and state(events) == "failed"
    assert len(server.asked) == 2


async def test_calls_numbered_from_nought_in_every_answer_keep_their_own_answers(room: Room) -> None:
    with speaking(FOX, HERE, calls("upscale_image", image=1, scale=2), Says("Larger."), Says("Well.")) as server:
        for text in ("draw a red fox", "larger", "thanks"):
            await room.say(text, server)
    sent = server.asked[-1]["messages"]
    answers = {message["tool_call_id"]: message["content"] for message in sent if message["role"] == "tool"}
    first, second = answers.values()
    assert '"256x256"' in first and '"512x512"' in second


@pytest.mark.parametrize(
    "trouble", [Status(429), Status(500), Status(503), Says("", cut="line"), Says("", cut="quiet")]
)
async def test_what_passes_is_asked_again_once_and_nobody_notices(room: Room, trouble: Any) -> None:
    with speaking(trouble, FOX, HERE) as server:
        events = await room.say("draw a red fox", server)
    assert painted(events) == [1] and said(events) == "Here is #1." and failed(events) == ""
    assert len(server.asked) == 3 and server.asked[0] == server.asked[1]


async def test_a_call_that_was_cut_is_asked_again_and_runs_once(room: Room) -> None:
    half = Calls([("a", "generate_image", '{"prompt": "a red fox"}')], cut="line")
    with speaking(half, FOX, HERE) as server:
        events = await room.say("draw a red fox", server)
    assert painted(events) == [1] and state(events) == "done"


async def test_the_pause_is_the_one_the_server_asks_for(room: Room) -> None:
    with speaking(Status(429, after=0.3), Says("Hello.")) as server:
        await room.say("hello", server)
    assert 0.3 <= server.times[1] - server.times[0] < 0.9


def test_no_pause_is_longer_than_a_person_waits() -> None:
    error = Odd(429)
    error.response = SimpleNamespace(headers={"retry-after": "3600"})
    assert pause(error) == MOST_RETRY_SECONDS


@pytest.mark.parametrize(
    ("trouble", "sentence", "requests"),
    [
        (Status(401), "wants an API key", 1),
        (Status(400), "refused the request (400): “as the script says”; ", 1),
        (Status(402, words="Insufficient credits."), "has no credit left (402): “Insufficient credits.”", 1),
        (Status(403), "may not be used with this API key (403): “as the script says”", 1),
        (Status(403, words="Your input was flagged."), "refused to answer this (403): “Your input was flagged.”", 1),
        (Status(404, words="No endpoints found that support tool use."), "cannot call tools (404)", 1),
        (Status(400, words="Bad schema (api key `items`)."), "refused the request (400)", 1),
        (Status(400, words="Invalid content type image_url."), "set EASEL_LLM_SEES=false", 1),
        (Status(400, words="The maximum context length is 8192 tokens."), "cannot read so much at once: “The", 1),
        (Status(404), "is not known at that address (404)", 1),
        (Status(429), "takes no more requests for now (429): “as the script says”; wait a little", 2),
        (Status(429, words="insufficient_quota: see your plan"), "has no credit left (429)", 1),
        (Status(500), "failed (", 2),
        (Says("", cut="line"), "broke off in the middle of its answer", 2),
        (Says("  "), "gave an empty answer", 2),
        (Says("", reason="content_filter"), "ended its answer at its content filter; say it in other words", 1),
        (Declines("I can't help with that."), "refused to answer this: “I can't help with that.”; say it in", 1),
        (Says("", reason="length"), "came to the end of what it may write", 1),
        (Says('<tool_call> {"name": "generate_image"} </tool_call>'), "start its server for tool calls", 1),
        (Says('{"name": "generate_image", "parameters": {"prompt": "a fox"}}'), "start its server for tool calls", 1),
    ],
)
async def test_what_does_not_pass_is_one_sentence_and_the_turn_is_kept(
    room: Room, trouble: Any, sentence: str, requests: int
) -> None:
    with speaking(trouble, trouble, trouble) as server:
        events = await room.say("draw a red fox", server)
    assert sentence in failed(events) and server.url in failed(events) and "\n" not in failed(events)
    assert len(server.asked) == requests
    [turn] = room.library.turns(room.session.id)
    assert turn.state is TurnState.FAILED and turn.error == failed(events)
    with speaking(Says("Hello again.")) as server:
        assert said(await room.say("hello?", server)) == "Hello again."
    assert "draw a red fox" in str(server.asked[0]["messages"])


async def test_a_server_that_is_not_there_is_one_sentence(room: Room) -> None:
    with speaking() as server:
        pass
    events = await room.say("hello", server)
    assert "cannot be reached" in failed(events) and state(events) == "failed"


async def test_a_slow_answer_is_given_up_and_not_asked_for_again(room: Room) -> None:
    with speaking(Says("one two", pause=1.0), Says("no")) as server:
        events = await room.say("hello", server, llm_timeout=0.25)
    assert "did not answer within 0.25 seconds" in failed(events)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Says("Once upon a", cut="line"), "broke off"),
        (Says("Once upon a", reason="length"), "came to the end of what it may write in one answer"),
        (Says("Once upon a", reason="content_filter"), "ended its answer at its content filter"),
    ],
)
async def test_words_that_were_shown_are_kept_and_never_asked_for_again(
    room: Room, answer: Says, sentence: str
) -> None:
    with speaking(answer, Says("Once upon a time")) as server:
        events = await room.say("tell me", server)
    assert said(events) == "Once upon a" and sentence in failed(events)
    assert len(server.asked) == 1
    kept, told = room.texts()
    assert kept == "Once upon a" and sentence in told


async def test_a_providers_answer_that_gives_no_reason_why_it_ends_was_cut(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    with speaking(Says("Once upon a", cut="quiet")) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "none")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        agent = room.agent("openai:gpt-4.1", llm_timeout=9)  # clients of the same limit would share their connections
        events = await everything(agent.run_turn(room.session, "tell me"))
    assert said(events) == "Once upon a" and "broke off" in failed(events)


async def test_an_answer_may_take_long_as_long_as_it_goes_on(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Says("one two three four", pause=0.2)
    with speaking(slow, slow) as server:
        assert state(await room.say("count", server, llm_timeout=0.7)) == "done"
        monkeypatch.setattr("agent.patient.MOST_SILENCES", 0.7)
        endless = await room.say("count", server, llm_timeout=0.7)
    assert said(endless).startswith("one") and "did not come to the end of its answer" in failed(endless)


async def test_a_conversation_that_is_too_long_is_sent_again_without_its_earlier_turns(room: Room) -> None:
    full = Status(400, words="This model's maximum context length is 8192 tokens.")
    with speaking(Says("One."), Says("Two."), full, Says("Three."), full, full) as server:
        events = [await room.say(text, server) for text in ("first", "second", "third", "fourth")]
    assert [said(each) for each in events] == ["One.", "Two.", "Three.", ""]
    sent = [
        [m["content"].partition("\n")[0] for m in request["messages"] if m["role"] == "user"]
        for request in server.asked
    ]
    assert [len(texts) for texts in sent] == [1, 2, 3, 2, 4, 2] and sent[3] == ["second", "third"]
    assert "cannot read so much at once" in failed(events[-1])


async def test_pictures_of_a_turn_whose_closing_sentence_fails_stay(room: Room) -> None:
    with speaking(FOX, Status(500), Status(500)) as server:
        events = await room.say("draw a red fox", server)
    assert painted(events) == [1] and state(events) == "failed"
    assert "say only what is still missing, as what was made is kept" in failed(events)
    assert [picture.handle for picture in room.library.pictures(room.session.id)] == [1]
    assert len(server.asked) == 3


async def test_a_turn_may_end_without_a_closing_sentence(room: Room) -> None:
    with speaking(FOX, Says("")) as server:
        events = await room.say("draw a red fox", server)
    assert painted(events) == [1] and state(events) == "done" and len(server.asked) == 2


async def test_the_fallback_answers_says_so_once_and_spares_the_dead_server(room: Room) -> None:
    with speaking(Status(401)) as first, speaking(FOX, HERE, Says("Again.")) as second:
        agent = room.agent(first.url, llm_fallback=second.url, llm_key="secret")
        events = await everything(agent.run_turn(room.session, "draw a red fox"))
        later = await everything(agent.run_turn(room.session, "and now?"))
    note = f"(The language model {first.url} wants an API key that is missing or wrong; {second.url} answers instead.)"
    assert said(events) == f"{note}\n\nHere is #1." and painted(events) == [1] and state(events) == "done"
    assert room.texts()[0] == note
    assert said(later) == f"{note}\n\nAgain." and len(first.asked) == 1
    assert set(second.keys) == {"Bearer none"}, "a key goes to the host that it was given for"


async def test_a_key_goes_to_no_host_where_the_model_is_a_providers(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    with speaking(Status(401)) as first, speaking(Says("Hello.")) as second:
        monkeypatch.setenv("OPENAI_API_KEY", "the provider's")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{first.url}/v1")
        agent = room.agent("openai:gpt-4.1", llm_fallback=second.url, llm_key="secret")
        assert said(await everything(agent.run_turn(room.session, "hello"))).endswith("Hello.")
    assert set(first.keys) == {"Bearer the provider's"} and set(second.keys) == {"Bearer none"}


@pytest.mark.slow
async def test_the_embedded_model_can_stand_in(room: Room) -> None:
    with speaking(Status(401)) as server:
        events = await room.say("draw a red fox in the snow", server, llm_fallback="embedded")
    assert painted(events) == [1] and "embedded answers instead" in said(events) and state(events) == "done"


@pytest.mark.parametrize("name", ["openai:gpt-4o", "local:nobody/no-such-model"])
async def test_the_fallback_stands_in_for_a_model_without_its_key_or_its_weights(
    room: Room, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with speaking(Says("Hello."), Says("Again.")) as server:
        agent = room.agent(name, llm_fallback=server.url)
        events = await everything(agent.run_turn(room.session, "hello"))
        later = await everything(agent.run_turn(room.session, "hello?"))
    assert said(events).endswith(f"; {server.url} answers instead.)\n\nHello.") and state(events) == "done"
    assert name.removeprefix("local:") in said(events) and said(later).endswith("Again.")


def test_where_neither_can_answer_both_are_named_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(LanguageModelFailed, match=r"openai:gpt-4o .*nobody/no-such-model"):
        chat_model(Settings(llm="openai:gpt-4o", llm_fallback="local:nobody/no-such-model"))


async def test_when_both_fail_both_are_named(room: Room) -> None:
    with speaking(Status(401)) as first, speaking(Status(400)) as second:
        events = await everything(room.agent(first.url, llm_fallback=second.url).run_turn(room.session, "hello"))
    assert first.url in failed(events) and second.url in failed(events) and state(events) == "failed"


async def test_what_one_person_is_refused_is_told_to_no_other_and_spares_nobody_the_first_model(room: Room) -> None:
    other = room.library.create_session(room.library.user("you").id)
    with speaking(Status(400, words="No “Elm Street 5”, please."), Says("Yours.")) as first:
        with speaking(Says("Mine.")) as second:
            agent = room.agent(first.url, llm_fallback=second.url)
            mine = await everything(agent.run_turn(room.session, "draw Elm Street 5"))
        yours = await everything(agent.run_turn(other, "draw a fox"))
    assert "“No “Elm Street 5”, please.”" in said(mine) and said(mine).endswith("Mine.") and said(yours) == "Yours."


async def test_what_a_provider_says_of_one_person_is_not_in_the_note_to_others(room: Room) -> None:
    with speaking(*[Status(500, words="Elm Street 5")] * 2) as first, speaking(Says("Mine."), Says("Yours.")) as second:
        agent = room.agent(first.url, llm_fallback=second.url)
        mine, yours = [await everything(agent.run_turn(room.session, "draw a fox")) for _ in range(2)]
    assert "Elm Street 5" in said(mine) and said(yours).startswith("(The language model") and "Elm" not in said(yours)


@pytest.mark.parametrize(
    "refusal",
    [Status(400, words="Blocked by the content policy."), Says("", reason="content_filter"), Declines("I can't.")],
)
async def test_what_a_provider_refuses_no_other_model_is_asked_for(room: Room, refusal: Any) -> None:
    with speaking(refusal) as first, speaking(FOX, HERE) as second:
        events = await everything(room.agent(first.url, llm_fallback=second.url).run_turn(room.session, "draw it"))
    assert state(events) == "failed" and "say it in other words" in failed(events) and second.asked == []


async def test_stop_hangs_up_on_the_server(room: Room) -> None:
    with speaking(Says("one two three four five six seven eight nine ten", pause=0.1)) as server:
        agent = room.agent(server.url)
        events: list[Event] = []
        async for event in agent.run_turn(room.session, "count"):
            events.append(event)
            if len(events) == 2:
                stopping = asyncio.create_task(agent.stop(room.session.id))
        await stopping
    assert state(events) == "stopped" and len(said(events).split()) < 6


async def test_the_model_that_is_served_is_found_and_several_are_named(room: Room) -> None:
    with speaking(Says("Hello."), models=("qwen3", "gemma")) as server:
        events = await room.say("hello", server)
        assert f"has several models (qwen3, gemma); name one, such as EASEL_LLM={server.url}#qwen3" in failed(events)
        await everything(room.agent(f"{server.url}#gemma").run_turn(room.session, "hello"))
    assert [request["model"] for request in server.asked] == ["gemma"]


async def test_a_server_that_has_another_model_by_now_is_asked_again(room: Room) -> None:
    with speaking(Says("Hello."), Status(404), Says("Hello again.")) as server:
        agent = room.agent(server.url)
        await everything(agent.run_turn(room.session, "hello"))
        server.models = ("newer",)
        assert "(404)" in failed(await everything(agent.run_turn(room.session, "hello?")))
        assert said(await everything(agent.run_turn(room.session, "hello?"))) == "Hello again."
    assert [request["model"] for request in server.asked] == ["tiny", "tiny", "newer"]


def test_a_server_without_a_model_is_told() -> None:
    with pytest.raises(LanguageModelFailed, match="has no model loaded"):
        only_one("http://127.0.0.1:1", [])


@pytest.mark.parametrize(
    ("name", "base", "model"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1", ""),
        ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1", ""),
        ("https://host/some/path#org/name", "https://host/some/path", "org/name"),
        ("http://[::1]:1234/v1#a", "http://[::1]:1234/v1", "a"),
    ],
)
def test_an_address_names_a_server_and_a_model(name: str, base: str, model: str) -> None:
    address = read_address(name)
    assert (address._replace(fragment="").geturl(), address.fragment) == (base, model)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("http://", "is no address"),
        ("http://host:99999/v1", "is no address"),
        ("http://[::1/v1", "is no address"),
        ("http://me:word@host/v1", "EASEL_LLM_KEY"),
        ("http://host/v1?version=2", "question mark"),
    ],
)
def test_a_wrong_address_is_said_at_the_start_and_a_password_never(name: str, says: str) -> None:
    with pytest.raises(LanguageModelFailed, match=says) as caught:
        chat_model(Settings(llm=name))
    assert "word" not in str(caught.value).replace("password", "")


@pytest.mark.parametrize("name", ["nonsense", "nobody:model", "local:", "local: "])
def test_a_name_that_no_model_has_is_said_with_how_one_is_written(name: str) -> None:
    with pytest.raises(LanguageModelFailed, match=f"EASEL_LLM={name}") as caught:
        chat_model(Settings(llm=name))
    assert "say it again" not in str(caught.value)


async def test_a_model_that_sees_gets_small_pictures_beside_their_handles(room: Room) -> None:
    with speaking(Says("A red one."), calls("adjust_image", image=1, operation="greyscale"), Says("Grey.")) as server:
        agent = room.agent(server.url, llm_sees=True)
        upload = UploadFile("wide.png", png(1200, 300, "red"))
        await everything(agent.run_turn(room.session, "what is this?", [upload]))
        await everything(agent.run_turn(room.session, "make it grey"))
    first, second, third = (request["messages"] for request in server.asked)
    words, handle, image = first[-1]["content"]
    assert (handle["text"], image["type"]) == ("#1:", "image_url")
    came = 'what is this?\n\n[note]\nWith this message came: #1 "wide.png".\n[/note]'
    assert words["text"].startswith(f"{came}\n\n[shelf]\n#1 ")
    data = image["image_url"]["url"].removeprefix("data:image/jpeg;base64,")
    with Image.open(io.BytesIO(base64.b64decode(data))) as seen:
        assert seen.size == (512, 128) and seen.getpixel((9, 9))[0] > 200  # type: ignore[index]
    assert next(m["content"] for m in second if m["role"] == "user") == came
    behind = [m["content"] for m in third if m["role"] == "user"][-1]
    words, *handles = [block["text"] for block in behind if block["type"] == "text"]
    assert words.startswith("make it grey\n\n[shelf]") and handles == ["#1:", "#2:"]
    assert all("base64" not in text for text in room.texts())


async def test_a_model_that_reads_words_only_gets_captions_and_no_picture(room: Room) -> None:
    with speaking(Says("Red.")) as server:
        await everything(room.agent(server.url).run_turn(room.session, "what is it?", [UploadFile("a.png", png())]))
    sent = str(server.asked[0]["messages"])
    assert "image_url" not in sent and 'uploaded "a.png"' in sent


async def test_a_fallback_that_does_not_see_is_sent_no_pictures(room: Room) -> None:
    with speaking(Status(401)) as first, speaking(Says("Red.")) as second:
        agent = room.agent(first.url, llm_sees=True, llm_fallback=second.url)
        await everything(agent.run_turn(room.session, "what is it?", [UploadFile("a.png", png())]))
    assert "image_url" in str(first.asked[0]) and "image_url" not in str(second.asked[0])
    assert second.asked[0]["messages"][-1]["content"].startswith("what is it?\n\n[note]")


async def test_a_fallback_that_does_not_see_is_not_told_that_it_does(room: Room) -> None:
    look = calls("look_at_image", image=1, question="what is it?")
    with speaking(Status(401)) as first, speaking(look, Says("Red.")) as second, speaking(look, Says("Red.")) as seeing:
        for agent in (
            room.agent(first.url, llm_sees=True, llm_fallback=second.url),
            room.agent(seeing.url, llm_sees=True),
        ):
            session = room.library.create_session(room.library.user("me").id)
            await everything(agent.run_turn(session, "what is it?", [UploadFile("a.png", png())]))
    told = ["see for yourself" in server.asked[1]["messages"][-1]["content"] for server in (second, seeing)]
    assert told == [False, True]


def test_whether_a_known_model_sees_is_looked_up_and_can_be_overruled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    for name, setting, expected in (
        ("openai:gpt-4o", None, True),
        ("openai:gpt-3.5-turbo", None, False),
        ("openai:gpt-4o", False, False),
        ("openai:gpt-3.5-turbo", True, True),
    ):
        assert chat_model(Settings(llm=name, llm_sees=setting)).sees is expected, name  # type: ignore[attr-defined]


async def test_without_a_stream_the_whole_answer_comes_the_same_way(room: Room) -> None:
    with speaking(Status(500), FOX) as server:
        answer = await chat_model(room.settings(server.url)).ainvoke("draw a red fox")
    assert isinstance(answer, AIMessage) and answer.tool_calls[0]["args"] == {"prompt": "a red fox"}


class Odd(Exception):
    def __init__(self, status_code: int | None = None, words: str = "no") -> None:
        super().__init__(words)
        self.status_code = status_code
        self.response: SimpleNamespace | None = None


def answered(status: int) -> httpx.HTTPStatusError:
    """What packages raise that leave the status in the answer."""
    request = httpx.Request("POST", "https://api.mistral.ai/v1")
    return httpx.HTTPStatusError("no", request=request, response=httpx.Response(status, request=request))


@pytest.mark.parametrize(
    ("error", "says", "passes"),
    [
        (answered(401), "wants an API key", False),
        (answered(429), "takes no more requests for now", True),
        (answered(503), "failed (503)", True),
        (Odd(401), "wants an API key", False),
        (Odd(404), "is not known", False),
        (Odd(408), "failed (408): “no”", True),
        (Odd(429), "(429)", True),
        (Odd(500), "failed (500): “no”", True),
        (Odd(), "failed: “no”", False),
        (TimeoutError(), "did not answer within 60 seconds", False),
        (ConnectionError("refused"), "cannot be reached", True),
        (AttributeError("'str' object has no attribute 'data'"), "no chat completion; check the address", False),
        (json.JSONDecodeError("Expecting value", "<html>", 0), "no chat completion; check the address", False),
        (ValueError("1 validation error\n  API key required"), "set OPENAI_API_KEY, or EASEL_LLM=embedded", False),
    ],
)
def test_a_providers_failure_is_one_sentence_that_names_the_model(error: Exception, says: str, passes: bool) -> None:
    sentence = str(explain(error, "openai:some-model", 60.0))
    assert says in sentence and "openai:some-model" in sentence and sentence.endswith(".")
    assert passing(error) is passes


@pytest.mark.parametrize(
    ("status", "words", "says"),
    [
        (400, "The input token count (40000) exceeds the maximum number of tokens allowed (32768).", "so much at once"),
        (400, "input length and `max_tokens` exceed context limit: 188000 + 64000 > 200000", "so much at once"),
        (400, "Input is too long for requested model.", "so much at once"),
        (400, "This model's maximum prompt length is 131072 but the request has 150000 tokens.", "so much at once"),
        (422, "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000", "so much at once"),
        (429, "Request too large on tokens per min (TPM): Limit 6000, Requested 7000.", "so much at once"),
        (400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser', "; start its server for"),
        (500, "tools param requires --jinja flag", "; start its server for them (vLLM: --enable-auto-tool-choice"),
        (400, "At most 0 image(s) may be provided in one prompt.", "; set EASEL_LLM_SEES=false"),
        (500, "image input is not supported", "; set EASEL_LLM_SEES=false"),
    ],
)
def test_what_no_second_try_mends_is_told_with_what_does(status: int, words: str, says: str) -> None:
    error = Odd(status, words)
    failure = explain(error, "http://127.0.0.1:8080/v1")
    assert says in str(failure) and words in failure.quoted
    assert too_long(error) is ("so much" in says) and (too_long(error) or not passing(error))
    assert failure.everyone is not too_long(error), "others have shorter talks"
