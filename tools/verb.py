"""The shape of a tool: a verb with typed arguments, what it may touch, and what it answers.

Each file of this folder named after a verb defines one `Verb`; `tools.catalog` lists them. A verb knows nothing of
LangChain or of the page: it gets a `Context`, does its work through the `Studio` and the `Library`, and answers with an
`Outcome`. Expected failures are raised (`tools.errors`); the agent's one error-mapping place turns them into sentences.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from models.presets import Preset, Presets
from models.recipe import Extent, Operation, Recipe
from storage.library import Library
from storage.records import Job, Picture
from tools.errors import BadArgument, ToolError
from tools.settings import Settings
from tools.studio import Studio


class Reporter(Protocol):
    """Who is told what happens while a tool runs. Called on the event loop's thread."""

    def progress(self, call_id: str, job: Job, fraction: float, text: str) -> None: ...

    def picture(self, call_id: str, picture: Picture, job_id: str = "") -> None: ...

    def question(self, text: str, choices: Sequence[str]) -> None: ...


def chance() -> Iterator[int]:
    """Seeds nobody chose; recorded in the recipes, so that the pictures can be made again."""
    while True:
        yield secrets.randbelow(2**32)


@dataclass(frozen=True)
class Context:
    """What a verb may touch while it serves one call of one turn.

    Attributes:
        sentences: What the person wrote in this session, oldest first, this turn's last: the word filter reads them
            too, so that a request split over turns is seen whole.
        seen: Handles of the pictures that the language model has before it, as previews.
        seeds: Of pictures for which nobody chose one, each below 2**32.
    """

    library: Library
    studio: Studio
    presets: Presets
    settings: Settings
    user_id: str
    session_id: str
    turn_id: str
    call_id: str
    report: Reporter
    sentences: tuple[str, ...] = ()
    seen: frozenset[int] = frozenset()
    seeds: Iterator[int] = field(default_factory=chance)

    async def picture(self, handle: int) -> Picture:
        """The session's picture of that handle; `UnknownHandle` names the known ones."""
        return await asyncio.to_thread(self.library.picture, self.session_id, handle)

    async def lineage(self, handle: int) -> list[Picture]:
        """The picture of that handle, at the end, and all that it was made from; raises as `picture`."""
        return await asyncio.to_thread(self.library.ancestors, self.session_id, handle)

    def preset(self, operation: Operation, said: str = "") -> Preset:
        """The preset for an operation: as the person called it, or that of the settings. Raises `UnknownPreset`.

        Extending has no setting: of those for editing and painting the first that can does it, else `embedded`."""
        if said.strip() or operation != Operation.EXTEND:
            return self.presets.named(operation, said.strip() or getattr(self.settings.preset, operation))
        chosen = self.preset(Operation.EDIT), self.preset(Operation.GENERATE)
        able = (preset for preset in chosen if operation in preset.operations)
        return next(able, None) or self.presets.named(operation, "embedded")

    async def make(
        self, recipes: Sequence[Recipe], *, parents: Sequence[int], caption: str, source: str = ""
    ) -> list[Picture]:
        """Paints the recipes in order and announces each picture the moment it is saved.

        Args:
            recipes, parents, caption: As for `Studio.make`.
            source: What the picture that is changed was made from: the word filter reads the change together with it.

        Raises:
            Refusal: The filter blocked the words or the pixels.
            JobFailed, JobStopped: The worker could not, or was asked not to, finish. Like a refusal it carries the
                handles of the pictures that were `made` all the same.
        """
        made: list[Picture] = []
        try:
            async for job, picture in self.studio.make(
                recipes,
                session_id=self.session_id,
                turn_id=self.turn_id,
                parents=parents,
                caption=caption,
                key=self._key,
                sentences=self.sentences,
                source=source,
                on_progress=self._progress,
            ):
                self.report.picture(self.call_id, picture, job.id)
                made.append(picture)
        except ToolError as error:
            error.made = tuple(picture.handle for picture in made)
            raise
        return made

    async def look(self, picture: Picture, question: str, preset: str) -> str:
        """A preset's answer to a question about a picture; raises as `Studio.look`."""
        return await self.studio.look(
            picture,
            question,
            preset,
            session_id=self.session_id,
            turn_id=self.turn_id,
            key=f"{self._key}:look",  # beside what the same call makes
            on_progress=self._progress,
        )

    @property
    def _key(self) -> str:
        return f"{self.turn_id}:{self.call_id}"

    def _progress(self, job: Job, fraction: float, text: str) -> None:
        self.report.progress(self.call_id, job, fraction, text)


@dataclass(frozen=True)
class Outcome:
    """A tool's answer.

    Attributes:
        data: What the language model reads, as one line of JSON.
        summary: One short line for people.
        pictures: Handles of the pictures it made or found.
        ends_turn: The person has the next word.
    """

    data: Mapping[str, Any]
    summary: str
    pictures: tuple[int, ...] = field(default=())
    ends_turn: bool = False

    def line(self) -> str:
        return json.dumps(self.data, ensure_ascii=False)


class Args(BaseModel):
    """Base of every verb's arguments. The subclass's docstring is what the language model reads about the tool."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_value(cls, value: Any) -> Any:
        if any(isinstance(each, bool) for each in (value if isinstance(value, list) else [value])):
            raise PydanticCustomError("truth", "Input should be a number or a text")  # which would else be #1 and #0
        return value


A = TypeVar("A", bound=Args)


class Doing(NamedTuple):
    """A call in plain words, such as "Editing", "Edited" and "#2: “make it night”"."""

    now: str
    past: str
    what: str = ""


@dataclass(frozen=True)
class Verb(Generic[A]):
    """One tool.

    Attributes:
        doing: Tells people of a call, by its arguments as they were written: they may be wrong or missing.
        makes: Whether pictures come of it.
    """

    name: str
    args: type[A]
    run: Callable[[Context, A], Awaitable[Outcome]]
    doing: Callable[[Mapping[str, Any]], Doing]
    makes: bool = True


def short(text: object, most: int = 70) -> str:
    """A text on one line, cut at a word."""
    line = " ".join(str(text).split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + "…"


def times(call: Mapping[str, Any]) -> str:
    """How many pictures a call makes, where it is more than one."""
    count = call.get("count")
    return f", {count} times" if isinstance(count, int) and count > 1 else ""


def made(pictures: Sequence[Picture], what: str, note: str = "", changed: str = "") -> Outcome:
    """The outcome of a verb that made pictures.

    Args:
        note: Tells the model what the person should hear about them.
        changed: What of them is otherwise than of the picture that they were made from.
    """
    handles = tuple(picture.handle for picture in pictures)
    if any(picture.recipe.get("enlarged_with") for picture in pictures):
        note = "; ".join(filter(None, [note, "painted smaller, and enlarged to the picture's size"]))
    images = [
        {"image": p.handle, "size": f"{p.width}x{p.height}", "parents": list(p.parents)} for p in pictures
    ]  # the language model's view: handles and sizes, never pixels or addresses
    data: dict[str, Any] = {"images": images}
    if changed:
        data["changed"] = changed
    if note:
        data["note"] = note
    named = ", ".join(f"#{handle}" for handle in handles)
    return Outcome(data, f"{what} {named}" + (f" ({note})" if note else ""), handles)


def cut_off(preset: Preset, prompt: str) -> str:
    """Tells that a prompt is longer than what a preset reads; "" where it is not."""
    if not (unread := preset.unread(prompt)):
        return ""
    return f"{preset.name} reads about {preset.prompt_tokens} words and signs, so “{short(unread, 60)}” was not read"


def extent_of(picture: Picture) -> Extent:
    return Extent(picture.width, picture.height)


def as_meant(verb: Verb[Any], args: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as language models write them, in the types that the verb takes where no doubt is left: "#2" and
    [2] as 2, 512 as "512", 2 as [2]. What stands for nothing is left out, and what makes no sense stays as it is."""
    kinds = {name: field.annotation for name, field in verb.args.model_fields.items()}
    return {name: _as(kinds.get(name), value) for name, value in args.items() if not _nothing(kinds.get(name), value)}


_NUMBER = re.compile(r"\s*(?:image|picture|no\.|number)?\s*#?\s*(\d{1,9})\s*x?\s*", re.IGNORECASE)


def _nothing(kind: Any, value: Any) -> bool:
    return value is None or (kind is not str and value == "")


def _as(kind: Any, value: Any) -> Any:
    values: list[Any] = value if isinstance(value, list) else [value]
    if get_origin(kind) is list:
        if isinstance(value, str):
            values = [part for each in re.split(r"[,;\n]", value.strip("[] ")) if (part := each.strip(" \"'“”"))]
        return [_as(get_args(kind)[0], each) for each in values]
    if kind is str and value and all(type(each) in (str, int, float) for each in values):
        return ", ".join(map(str, values))
    if int in (kind, *get_args(kind)) and len(values) == 1:
        [single] = values
        found = _NUMBER.fullmatch(single) if isinstance(single, str) else None
        return int(found[1]) if found else single
    return value


_KINDS = {"int": "a whole number", "float": "a number", "string": "a text", "list": "a list"}


def validated(verb: Verb[Any], args: Mapping[str, Any]) -> Any:
    """The verb's own arguments. Raises `BadArgument` with the first thing that does not fit."""
    try:
        return verb.args.model_validate(dict(args))
    except ValidationError as error:
        first = error.errors()[0]
        where, given = ".".join(str(part) for part in first["loc"]) or "arguments", repr(first["input"])[:80]
        if first["type"] == "missing":
            wrong = f"{where} is missing"
        elif first["type"] == "extra_forbidden":
            wrong = f"there is no argument {where}, only {', '.join(verb.args.model_fields)}"
        else:
            kind = _KINDS.get(first["type"].partition("_")[0]) or first["msg"].rpartition("nput should be ")[2]
            wrong = f"{where} is {given}, which is not {kind}"
        raise BadArgument(f"{verb.name}: {wrong}.") from error
