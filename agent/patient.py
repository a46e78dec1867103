"""A chat model that outlives its provider's bad moments: it asks once more, then asks the model that stands in.

`PatientChat` wraps the model that `EASEL_LLM` names and, if there is one, the `EASEL_LLM_FALLBACK`. A request that
fails in a way that may pass (429, 5xx, a lost line, a cut stream) is sent again after a short pause, one that is too
long without the earlier turns; what does not pass goes to the fallback, which says so in its answer. If it would have
met everyone, the fallback then serves for `REST_SECONDS`, so that nobody waits for a dead server at every step; what a
provider refuses as such goes to the person alone. The one promise: nothing is doubled. Words are passed on at once,
tool calls only when the answer is whole, and after the first shown word nothing is asked again (`CutShort`).
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel, agenerate_from_stream
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolCallChunk
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from langgraph.constants import TAG_NOSTREAM
from pydantic import PrivateAttr

from agent.calls import NOT_JSON
from agent.failures import (
    AnswerCut,
    AnswerFiltered,
    AnswerRefused,
    AnswerTooLong,
    AnswerTooSlow,
    CallsAsWords,
    CutShort,
    EmptyAnswer,
    Failure,
    explain,
    passing,
    pause,
    too_long,
)
from agent.previews import without_previews
from agent.unsaid import THOUGHTS_END, Unsaid, answer_in
from tools.errors import EXPECTED, LanguageModelFailed

REST_SECONDS = 60.0
"""How long a model that failed is not asked when another stands in."""
MOST_SILENCES = 10
"""How many times as long as it may be silent a model may take for one answer, thoughts included."""
SAW = "saw"
"""Under this name an answer's metadata say whether the model that gave it takes pictures."""
_ENDS = ("finish_reason", "stop_reason", "done_reason", "status")
"""What providers call the reason why an answer ended."""
_AT_LENGTH = frozenset({"length", "max_tokens", "max_output_tokens", "model_length", "incomplete"})
_FILTERED = frozenset({"content_filter", "refusal", "safety", "prohibited_content", "blocklist", "recitation", "spii"})


@dataclass(frozen=True)
class Voice:
    """One of the models that may answer.

    Attributes:
        name: As the settings name it.
        make: Makes it; called in a thread when it is first asked, and when it is asked again after a failure. May ask
            a server which model it has.
        timeout: Seconds that it may be silent; None for a model of our own.
        marks_its_end: Its streams carry a finish reason, and one without is a cut one.
        sees: It takes pictures.
    """

    name: str
    make: Callable[[], BaseChatModel]
    timeout: float | None = None
    marks_its_end: bool = False
    sees: bool = False


class PatientChat(BaseChatModel):
    """The first of the voices that answers; safe for many sessions at once.

    Raises (when asked):
        LanguageModelFailed: None of them answers, one sentence for each. `CutShort` if words had been shown.
    """

    voices: tuple[Voice, ...]
    _made: dict[str, BaseChatModel] = PrivateAttr(default_factory=dict[str, BaseChatModel])
    _thinking: set[str] = PrivateAttr(default_factory=set[str])  # names of voices whose thoughts no mark opens
    _rests_until: float = PrivateAttr(default=0.0)
    _why: str = PrivateAttr(default="")

    @property
    def _llm_type(self) -> str:
        return "easel-patient"

    @property
    def sees(self) -> bool:
        """Whether the model that is asked first takes pictures."""
        return self.voices[0].sees

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[Any, AIMessage]:
        """The same model with tools; each voice binds them in its own provider's form."""
        choice = {} if tool_choice is None else {"tool_choice": tool_choice}
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **choice, **kwargs)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        failures: list[Failure] = []
        for voice in self._order():
            note, said, asked = self._note(voice, messages, failures), "", messages
            noted = note
            for last_try in (False, True):
                try:
                    async with aclosing(self._ask(voice, asked, stop, kwargs)) as answer:
                        async for chunk in answer:
                            if note:
                                yield ChatGenerationChunk(message=AIMessageChunk(content=note))
                                said, note = note, ""
                            if THOUGHTS_END in chunk.text:  # the note was no thought
                                chunk = AIMessageChunk(content=chunk.text.replace(THOUGHTS_END, THOUGHTS_END + noted))
                            said += chunk.text
                            yield ChatGenerationChunk(message=chunk)
                    return
                except Exception as error:
                    failure = _failure(error, voice, messages, begun=bool(said))
                    self._made.pop(voice.name, None)  # a server may have another model by the next time it is asked
                    if said:
                        raise CutShort(str(failure)) from error
                    asked = _shorter(messages) if too_long(error) else messages
                    if last_try or (asked is messages and not passing(error)):
                        break
                    await asyncio.sleep(pause(error) if asked is messages else 0)
            failures.append(failure)
            if failure.refused:
                break
            self._rest(voice, failure)
        raise LanguageModelFailed(" ".join(map(str, failures)))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return await agenerate_from_stream(self._astream(messages, stop, None, **kwargs))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        raise NotImplementedError("PatientChat waits without blocking: ask it with ainvoke or astream.")

    async def _ask(
        self, voice: Voice, messages: list[BaseMessage], stop: list[str] | None, options: dict[str, Any]
    ) -> AsyncGenerator[AIMessageChunk]:
        """One request. Chunks wait for the next words; from the first piece of a tool call on, for the end."""
        model = await asyncio.to_thread(self._model, voice)
        others = {name: value for name, value in options.items() if name != "tools"}
        asked = model.bind_tools(options["tools"], **others) if options.get("tools") else model
        shown = messages if voice.sees else without_previews(messages)
        # Untold: the graph hears every chunk from this model already, and would show it twice.
        stream = asked.astream(shown, {"tags": [TAG_NOSTREAM]}, stop=stop)
        whole, waiting, numbered = AIMessageChunk(content=""), list[AIMessageChunk](), _Numbered()
        unsaid = Unsaid(thinking=voice.name in self._thinking)
        async for message in _within(stream, voice.timeout):
            chunk = unsaid(numbered(cast(AIMessageChunk, message)))
            whole += chunk
            waiting.append(chunk)
            if whole.text.strip() and not whole.tool_call_chunks:
                for each in waiting:
                    yield each
                waiting.clear()
        rest = unsaid.rest()
        if unsaid.thinking:
            self._thinking.add(voice.name)
        elif rest:
            self._thinking.discard(voice.name)
        if unsaid.called and not whole.tool_call_chunks:
            raise CallsAsWords
        if rest:
            waiting.append(AIMessageChunk(content=rest))
            whole += waiting[-1]
        _check_whole(whole, voice, messages)
        for each in waiting if all(map(_is_json, whole.tool_call_chunks)) else [_marked(whole, waiting)]:
            yield each
        yield AIMessageChunk(content="", response_metadata={SAW: voice.sees})

    def _model(self, voice: Voice) -> BaseChatModel:
        if voice.name not in self._made:
            self._made[voice.name] = voice.make()
        return self._made[voice.name]

    def _order(self) -> Sequence[Voice]:
        resting = time.monotonic() < self._rests_until
        return tuple(reversed(self.voices)) if resting else self.voices

    def _rest(self, voice: Voice, failure: Failure) -> None:
        if failure.everyone and voice is self.voices[0] and len(self.voices) > 1:
            self._rests_until, self._why = time.monotonic() + REST_SECONDS, failure.what

    def _note(self, voice: Voice, messages: Sequence[BaseMessage], failures: Sequence[Failure]) -> str:
        """What a model that stands in says first, once a turn: why it does."""
        if voice is self.voices[0]:
            return ""
        instead = f"; {voice.name} answers instead.)"
        if any(instead in message.text for message in _turns(messages)[-1]):
            return ""
        return f"({failures[-1].told if failures else self._why}{instead}\n\n"


class _Numbered:
    """Gives each tool call of a streamed answer a number of its own, also where a server calls all of them the first:
    LangChain puts pieces of one number together."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}  # by the server's number, the one of the call that is being written
        self._ids: list[str | None] = []

    def __call__(self, chunk: AIMessageChunk) -> AIMessageChunk:
        if not chunk.tool_call_chunks:
            return chunk
        return chunk.model_copy(update={"tool_call_chunks": [self._piece(piece) for piece in chunk.tool_call_chunks]})

    def _piece(self, piece: ToolCallChunk) -> ToolCallChunk:
        index = piece["index"]
        if index is None:  # a whole call
            return piece
        place = self._places.get(index)
        if place is None or (piece["name"] and piece["id"] != self._ids[place]):
            place = self._places[index] = len(self._ids)
            self._ids.append(piece["id"])
        return {**piece, "index": place}


def _failure(error: Exception, voice: Voice, messages: Sequence[BaseMessage], *, begun: bool) -> Failure:
    """What to say of an error; one of our own model that nobody expects is a bug, and raised."""
    if isinstance(error, EXPECTED):  # a sentence already, such as that weights are missing
        what, _, do = str(error).rstrip(".").partition("; ")
        return Failure(what, do, everyone=True)
    if voice.timeout is None and not isinstance(error, EmptyAnswer):
        raise error
    again = "say it again" if _begins(messages) else "say only what is still missing, as what was made is kept"
    return explain(error, voice.name, voice.timeout, begun=begun, again=again)


def _begins(messages: Sequence[BaseMessage]) -> bool:
    return isinstance(messages[-1], HumanMessage)


def _turns(messages: Sequence[BaseMessage]) -> list[Sequence[BaseMessage]]:
    """The messages by turns, each from a person's sentence on; first what stands before them all."""
    starts = [number for number, message in enumerate(messages) if isinstance(message, HumanMessage)]
    return [messages[begin:end] for begin, end in zip([0, *starts], [*starts, len(messages)], strict=True)]


def _shorter(messages: list[BaseMessage]) -> list[BaseMessage]:
    """The messages with the last two turns only, as the last may answer a question; the same if there are no more."""
    beginning, *turns = _turns(messages)
    return [*beginning, *chain(*turns[-2:])] if len(turns) > 2 else messages


def _check_whole(whole: AIMessageChunk, voice: Voice, messages: Sequence[BaseMessage]) -> None:
    """Raises what is wrong with the end of an answer."""
    if whole.response_metadata.get("prompt_feedback", {}).get("block_reason"):  # Gemini's, of a prompt it won't read
        raise AnswerFiltered
    ends = [str(whole.response_metadata[name]).lower() for name in _ENDS if whole.response_metadata.get(name)]
    if voice.marks_its_end and not ends:
        raise AnswerCut
    if whole.tool_call_chunks:
        return
    if not _FILTERED.isdisjoint(ends):
        raise AnswerFiltered
    if (refusal := _refusal(whole)) and not answer_in(whole.text).strip():
        raise AnswerRefused(refusal)
    if not _AT_LENGTH.isdisjoint(ends):
        raise AnswerTooLong
    if _begins(messages) and not answer_in(whole.text).strip():
        raise EmptyAnswer


def _refusal(whole: AIMessageChunk) -> str:
    """The words in which a model refused, as OpenAI's two protocols carry them; "" for none."""
    blocks: Any = whole.content if isinstance(whole.content, list) else ()
    told = "".join(block["refusal"] for block in blocks if isinstance(block, dict) and block.get("refusal"))
    return (whole.additional_kwargs.get("refusal") or told).strip()


def _is_json(call: ToolCallChunk) -> bool:
    """Whether a call's arguments are a whole JSON object, or nothing at all, which stands for an empty one."""
    try:
        return isinstance(json.loads(call["args"] or "{}"), dict)
    except ValueError:
        return False


def _mark(call: ToolCallChunk) -> str:
    args = call["args"] or ""
    return args if _is_json(call) else NOT_JSON + args


def _marked(whole: AIMessageChunk, waiting: Sequence[AIMessageChunk]) -> AIMessageChunk:
    """What waited as one chunk, with broken arguments marked: LangChain would close the brackets of half a call itself,
    and a picture of half a sentence would be painted."""
    calls = [
        tool_call_chunk(name=c["name"], args=_mark(c), id=c["id"], index=c["index"]) for c in whole.tool_call_chunks
    ]
    text = "".join(each.text for each in waiting)
    return AIMessageChunk(content=text, tool_call_chunks=calls, response_metadata=whole.response_metadata)


async def _within(stream: AsyncIterator[Any], seconds: float | None) -> AsyncIterator[Any]:
    """The stream's items.

    Raises:
        TimeoutError: For so long nothing came.
        AnswerTooSlow: Its end has not come in `MOST_SILENCES` times as long.
    """
    clock = asyncio.get_running_loop().time
    until = None if seconds is None else clock() + seconds * MOST_SILENCES
    async with aclosing(cast(Any, stream)):
        while True:
            async with asyncio.timeout(seconds):
                try:
                    item = await anext(stream)
                except StopAsyncIteration:
                    return
            yield item
            if until is not None and clock() > until:
                raise AnswerTooSlow
