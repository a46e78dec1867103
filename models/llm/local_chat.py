"""A language model with open weights, run here, as a LangChain chat model that calls tools: `LocalChat.find(name)`.

It renders the conversation with the model's own chat template, generates with transformers, and tells words from calls
while they come (`models/llm/answers.py`). Weights are taken from a folder or from the hub's cache on this machine:
nothing is fetched, only safetensors are read, and no code that comes with a model is run. One answer at a time; who
stops listening stops the model within one token. It reads words only. Importing this module imports LangChain's core;
torch is imported when the weights are loaded, with the first answer.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, SystemMessage, ToolMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from models.errors import WeightsMissing
from models.llm.answers import Call

if TYPE_CHECKING:
    from models.llm.generation import LocalModel

_loaded: dict[tuple[Path, str], LocalModel] = {}
_loading = threading.Lock()

Piece = str | Call | BaseException | None
"""What a writing thread hands over: words, a call, what ended it, or None for the end."""


def model_in(folder: Path, device: str) -> LocalModel:
    """The model in a folder, loaded once a process.

    Raises:
        WeightsMissing, CannotChat, OutOfMemory: It cannot be loaded, or does not call tools.
    """
    with _loading:
        if (folder, device) not in _loaded:
            from models.llm.generation import LocalModel

            _loaded[folder, device] = LocalModel.load(folder, device)
        return _loaded[folder, device]


class LocalChat(BaseChatModel):
    """A chat model without a server. `tool_choice` is ignored: the model decides.

    Attributes:
        folder: Configuration, tokenizer and safetensors, as `save_pretrained` writes them.
        device: `auto` (a GPU where there is one), `cpu`, or a torch device such as `cuda:0`.
        most_tokens: The longest answer, thoughts included.
    """

    folder: Path
    device: str = "auto"
    most_tokens: int = 2048

    @classmethod
    def find(cls, name: str, device: str = "auto") -> LocalChat:
        """The chat model in a folder, or in the hub's cache under an id such as `Qwen/Qwen3-4B`. Loads nothing yet.

        Raises:
            WeightsMissing: It is not on this machine, or not in safetensors.
        """
        folder = Path(name).expanduser()
        if not folder.is_dir():
            folder = _cached(name)
        if not (folder / "config.json").is_file():
            raise WeightsMissing(f"{folder} holds no language model: there is no config.json.")
        if not any(folder.glob("*.safetensors")):
            raise WeightsMissing(f"{folder} holds no safetensors, the only format of weights that is read.")
        return cls(folder=folder, device=device)

    def warm(self) -> None:
        """Loads the weights now, which else the first answer waits for. Raises as `model_in`."""
        model_in(self.folder, self.device)

    @property
    def _llm_type(self) -> str:
        return "easel-local"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"folder": str(self.folder), "device": self.device, "most_tokens": self.most_tokens}

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[Any, AIMessage]:
        """The same model with tools it may call."""
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        pieces: queue.SimpleQueue[Piece] = queue.SimpleQueue()
        unwanted = self._begin(messages, stop, kwargs.get("tools", ()), pieces.put)
        try:
            number = 0
            while (piece := pieces.get()) is not None:
                chunk = _chunk(piece, number)
                number += isinstance(piece, Call)
                if run_manager:
                    run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk
        finally:
            unwanted.set()

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        pieces: asyncio.Queue[Piece] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def put(piece: Piece) -> None:
            with suppress(RuntimeError):  # the loop has closed: nobody listens any more
                loop.call_soon_threadsafe(pieces.put_nowait, piece)

        unwanted = self._begin(messages, stop, kwargs.get("tools", ()), put)
        try:
            number = 0
            while (piece := await pieces.get()) is not None:
                chunk = _chunk(piece, number)
                number += isinstance(piece, Call)
                if run_manager:
                    await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk
        finally:
            unwanted.set()

    def _begin(
        self,
        messages: Sequence[BaseMessage],
        stop: Sequence[str] | None,
        tools: Sequence[dict[str, Any]],
        put: Callable[[Piece], None],
    ) -> threading.Event:
        """Writes an answer in a thread of its own, piece by piece; the event that is given stops it."""
        unwanted = threading.Event()

        def write() -> None:
            try:
                model = model_in(self.folder, self.device)
                for piece in model.answer(as_dicts(messages), tools, stop or (), self.most_tokens, unwanted):
                    put(piece)
            except BaseException as error:
                put(error)
            put(None)

        threading.Thread(target=write, name="easel-local-chat", daemon=True).start()
        return unwanted


def _cached(name: str) -> Path:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(name, "config.json")
    except HFValidationError:
        found = None
    if not isinstance(found, str):
        raise WeightsMissing(
            f"The language model {name} is neither a folder nor in the hub's cache on this machine; fetch it with: "
            f"hf download {name}"
        )
    return Path(found).parent


def _chunk(piece: str | Call | BaseException, number: int) -> ChatGenerationChunk:
    if isinstance(piece, BaseException):
        raise piece
    if isinstance(piece, str):
        return ChatGenerationChunk(message=AIMessageChunk(content=piece))
    call = tool_call_chunk(name=piece.name, args=piece.written, id=f"call_{uuid.uuid4().hex[:24]}", index=number)
    return ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=[call]))


def as_dicts(messages: Sequence[BaseMessage]) -> list[dict[str, Any]]:
    """Messages as chat templates take them: arguments as objects, and identifiers of nine letters and digits, the only
    ones that Mistral's template accepts."""
    numbers: dict[str, str] = {}

    def short(identifier: str | None) -> str:
        return numbers.setdefault(identifier or "", f"call{len(numbers):05d}")

    rendered: list[dict[str, Any]] = []
    for message in messages:
        if isinstance(message, AIMessage):
            calls = [
                {"type": "function", "id": short(c["id"]), "function": {"name": c["name"], "arguments": c["args"]}}
                for c in message.tool_calls
            ]
            rendered.append({"role": "assistant", "content": message.text, **({"tool_calls": calls} if calls else {})})
        elif isinstance(message, ToolMessage):
            answers = {"name": message.name or "", "tool_call_id": short(message.tool_call_id)}
            rendered.append({"role": "tool", "content": message.text, **answers})
        else:
            role = "system" if isinstance(message, SystemMessage) else "user"
            rendered.append({"role": role, "content": message.text})
    return rendered
