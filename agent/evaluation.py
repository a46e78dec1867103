"""How well a language model drives Easel: short dialogues played through the real agent, graded by what it calls.

A `Dialogue` sets a scene (turns made before, with their pictures), says one sentence, and names the calls that would be
right. The scene is made by the tools themselves, without a language model, in a session of its own; then the sentence
takes the way of every other sentence (`Agent.run_turn`), and the calls that come out are compared. Whoever starts it
gives an agent whose worker paints flat colours: the tools answer as always, only nothing is drawn.

A grade holds those before it: the right tools in the right order; on the right pictures; everything right, that is
every argument that was asked for, no failed call, and a closing sentence or a question. Texts count by their content
words: all that are expected, and at most a few more.
"""

from __future__ import annotations

import io
import json
import re
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from importlib import resources
from typing import Any

from PIL import Image

from agent.events import Done, Event, Failed, Question, TextDelta, ToolFinished, ToolStarted
from agent.turn import Agent, UploadFile
from models.presets import Presets
from models.recipe import Extent, Margins, Operation
from storage.library import Library
from storage.records import Session, User
from tools.adjustments import adjust
from tools.catalog import BY_NAME
from tools.edit import read_region
from tools.errors import BadArgument, LanguageModelFailed
from tools.extend import margins_for
from tools.generate import read_size

SMALL = frozenset(
    "a an the it its this that one to in on of at for from with please pls plz and is be so there i you want could can "
    "my me as or any picture image".split()
)
LOOSE = frozenset({"question", "choices", "amount", "strength", "preset"})
"""Arguments that only count where the dialogue states them."""
DESCRIPTION = ("prompt", "style", "negative_prompt")
"""Arguments that may share a description among them as they like: "watercolour" is a style or a word of the prompt."""
MOST_FAILURES = 3
"""After that many dialogues in a row without an answer, nobody need wait for the others."""
SIDE = 256  # pixels of the pictures in a scene, as far as exact amounts depend on it


@dataclass(frozen=True)
class Wanted:
    """A call: a tool and the arguments that matter."""

    name: str
    args: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{key}={value!r}' for key, value in self.args.items())})"


Calls = tuple[Wanted, ...]
"""The calls of a turn in order; none at all is a reply in words."""


@dataclass(frozen=True)
class Dialogue:
    """A scene, a sentence, and what would be right.

    Attributes:
        topic: What it is about, one of a dozen words.
        before: What happened before: the person's words, and the call that followed.
        say: The sentence.
        right: The calls that are right; any of these.
        selected: Handle of the picture that is selected on screen.
    """

    topic: str
    before: tuple[tuple[str, Wanted], ...]
    say: str
    right: tuple[Calls, ...]
    selected: int | None = None


class Grade(IntEnum):
    """How much of a turn is right; each grade holds those before it."""

    WRONG = 0
    TOOL = 1
    HANDLE = 2
    WHOLE = 3


@dataclass(frozen=True)
class Result:
    """How one dialogue went. `seconds` are those of each answer of the language model, tools not counted."""

    dialogue: Dialogue
    grade: Grade
    calls: Calls
    said: str
    seconds: tuple[float, ...]
    failure: str = ""


@dataclass(frozen=True)
class Summary:
    """Figures over some dialogues; `tool`, `handle` and `whole` are numbers of dialogues with at least that grade."""

    dialogues: int
    tool: int
    handle: int
    whole: int
    failures: int
    median_seconds: float | None

    @classmethod
    def of(cls, results: Sequence[Result]) -> Summary:
        seconds = [second for result in results for second in result.seconds]
        return cls(
            dialogues=len(results),
            tool=sum(result.grade >= Grade.TOOL for result in results),
            handle=sum(result.grade >= Grade.HANDLE for result in results),
            whole=sum(result.grade >= Grade.WHOLE for result in results),
            failures=sum(bool(result.failure) for result in results),
            median_seconds=statistics.median(seconds) if seconds else None,
        )


def shipped(limit: int | None = None) -> list[Dialogue]:
    """The dialogues that come with Easel; with a limit, that many of them, spread over the topics."""
    lines = resources.files("agent").joinpath("eval/dialogues.jsonl").read_text(encoding="utf-8").splitlines()
    count = len(lines) if limit is None else min(limit, len(lines))
    return [_dialogue(json.loads(lines[number * len(lines) // count])) for number in range(count)]


def _dialogue(row: Mapping[str, Any]) -> Dialogue:
    right = [row["expect"], *row.get("or", [])]
    return Dialogue(
        topic=row["topic"],
        before=tuple((say, Wanted(name, args)) for say, name, args in row["before"]),
        say=row["say"],
        right=tuple(tuple(Wanted(name, args) for name, args in calls) for calls in right),
        selected=row.get("selected"),
    )


async def play(agent: Agent, library: Library, user: User, dialogues: Sequence[Dialogue]) -> AsyncIterator[Result]:
    """Plays dialogues one after the other and gives each result as it is there.

    Args:
        agent: What is measured. Its worker should paint flat, and its data folder be a passing one.
        library, user: Where the scenes are made.
        dialogues: What is played.

    Raises:
        LanguageModelFailed: `MOST_FAILURES` dialogues in a row got no answer; with the sentence of the last one.
    """
    in_a_row = 0
    for dialogue in dialogues:
        result = await _play(agent, library.create_session(user.id), dialogue)
        yield result
        in_a_row = in_a_row + 1 if result.failure and not result.calls else 0
        if in_a_row >= MOST_FAILURES:
            raise LanguageModelFailed(result.failure)


async def _play(agent: Agent, session: Session, dialogue: Dialogue) -> Result:
    await _set_scene(agent, session, dialogue.before)
    turn = Heard()
    began = time.perf_counter()
    async for event in agent.run_turn(session, dialogue.say, selection=dialogue.selected):
        turn.hear(event, time.perf_counter() - began)
    best = max(grade(turn, right) for right in dialogue.right)
    failure = turn.failure if turn.no_answer else ""
    return Result(dialogue, best, tuple(turn.calls), turn.said.strip(), tuple(turn.seconds), failure)


async def _set_scene(agent: Agent, session: Session, before: Sequence[tuple[str, Wanted]]) -> None:
    for say, call in before:
        if call.name == "upload":
            events = agent.run_turn(session, say, [UploadFile(call.args["name"], _photo())])
        else:
            events = agent.act(session, call.name, call.args, say)
        async for event in events:
            if isinstance(event, Failed):
                raise RuntimeError(f"the scene of a dialogue cannot be made: {event.reason}")


def _photo() -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((SIDE, SIDE)).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


class Heard:
    """What a turn's events say of the language model."""

    def __init__(self) -> None:
        self.calls: list[Wanted] = []
        self.failed_calls = 0
        self.said = ""
        self.asked = ""
        self.seconds: list[float] = []
        self.failure = ""
        self._thinking_since: float | None = 0.0
        self._finished = False

    @property
    def no_answer(self) -> bool:
        """The language model itself failed, not a tool that it called wrongly."""
        return bool(self.failure) and not self.failed_calls

    def hear(self, event: Event, at: float) -> None:
        match event:
            case ToolStarted():
                self._answered(at)
                self.calls.append(Wanted(event.name, event.args))
            case ToolFinished():
                self._thinking_since = at
                if event.error:
                    self.failed_calls += 1
                    self.calls.pop()  # what is mended afterwards may still be right, but not wholly
            case TextDelta():
                self.said += event.text
            case Question():
                self.asked = event.text
            case Failed():
                self.failure = event.reason
            case Done():
                if not self.asked and not self.failure:
                    self._answered(at)
            case _:
                pass

    def _answered(self, at: float) -> None:
        if self._thinking_since is not None:  # the second call of the same answer took no time of its own
            self.seconds.append(at - self._thinking_since)
        self._thinking_since = None


def grade(turn: Heard, right: Calls) -> Grade:
    """How much of a turn is right, if these calls are the right ones."""
    calls = turn.calls
    if [call.name for call in calls] != [call.name for call in right] or (not calls and turn.failure):
        return Grade.WRONG
    if any(_handle(got) != _handle(wanted) for got, wanted in zip(calls, right, strict=True)):
        return Grade.TOOL
    closed = bool((turn.said or turn.asked).strip()) and not turn.failure and not turn.failed_calls
    same = all(same_arguments(got, wanted) for got, wanted in zip(calls, right, strict=True))
    return Grade.WHOLE if closed and same else Grade.HANDLE


def _handle(call: Wanted) -> str:
    """The picture that a call is about, as a word; "" for none."""
    target = str(call.args.get("target", "")).strip()
    return str(call.args.get("image", target.lstrip("#") if re.fullmatch(r"#?\d+", target) else ""))


def same_arguments(got: Wanted, wanted: Wanted) -> bool:
    """Whether a call says what was wanted; arguments left out have their defaults."""
    if got.name == "generate_image" and not _same_words(_description(got), _description(wanted)):
        return False
    for key, info in BY_NAME[wanted.name].args.model_fields.items():
        if key in ("image", *(DESCRIPTION if got.name == "generate_image" else ())):
            continue
        if key in LOOSE and key not in wanted.args:
            continue
        default = info.get_default(call_default_factory=True) if not info.is_required() else ""
        if not _same(got.name, key, got.args.get(key, default), wanted.args.get(key, default), wanted.args):
            return False
    return True


def _description(call: Wanted) -> str:
    return " ".join(str(call.args.get(key) or "") for key in DESCRIPTION)


def _same(tool: str, key: str, got: Any, wanted: Any, args: Mapping[str, Any]) -> bool:
    try:
        match tool, key:
            case _, "instruction" | "query" | "target":
                return _same_words(str(got), str(wanted))
            case _, "region":
                return read_region(str(got)) == read_region(str(wanted))
            case _, "size":
                return _size(str(got)) == _size(str(wanted))
            case "extend_image", "to":
                return _added(str(got)) == _added(str(wanted))
            case "adjust_image", "amount":
                return _canonical(args["operation"], str(got)) == _canonical(args["operation"], str(wanted))
            case _:
                return got == wanted
    except BadArgument:
        return False


def _size(text: str) -> Extent | None:
    return read_size(text) if text.strip() else None


def _canonical(operation: str, amount: str) -> str:
    return adjust(Image.new("RGB", (SIDE, SIDE)), operation, amount)[1]


def _added(to: str) -> Margins:
    return margins_for(to, Extent(SIDE, SIDE), Presets.load().for_operation(Operation.EXTEND, "embedded"))


def _same_words(got: str, wanted: str) -> bool:
    found, expected = _content(got), _content(wanted)
    return expected <= found and len(found - expected) <= max(2, len(expected) // 3)


def _content(text: str) -> set[str]:
    return {word for word in _words(text) if word not in SMALL}


def _words(text: str) -> Iterator[str]:
    yield from re.findall(r"[\w']+", text.lower())
