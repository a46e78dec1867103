"""A causal language model of transformers, asked for one answer at a time: messages in, words and calls out.

`LocalModel.answer` is a generator that runs transformers' own `generate` in a thread of its own, so that the model's
settings for sampling hold, and gives every piece the moment it is certain: characters that are not complete yet, the
beginning of a stop sequence and the marks of a call are held back.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from jinja2 import TemplateError
from safetensors import SafetensorError
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    LogitsProcessorList,
    StoppingCriteria,
    StoppingCriteriaList,
)
from transformers.generation.streamers import BaseStreamer
from transformers.utils import logging as transformers_logging

from models.errors import CannotChat, OutOfMemory, WeightsMissing
from models.llm.answers import MARKS, AnswerReader, Call
from models.llm.constraints import Constraint
from models.place import pick_device
from models.weights import whole

LOOK_SECONDS = 0.05
_PROBE = "a_tool_nobody_has"


@dataclass(frozen=True)
class LocalModel:
    """A tokenizer and its model, on one device."""

    name: str
    tokenizer: Any
    model: Any
    constraint: Constraint | None = None
    _busy: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def load(cls, folder: Path, device: str = "auto") -> LocalModel:
        """Loads a folder as `save_pretrained` writes it, in the precision in which it was saved.

        Raises:
            WeightsMissing: A file or a part of the network is missing or cannot be read, or it needs code of its own.
            CannotChat: Its tokenizer has no chat template, or one that knows no tools.
            OutOfMemory: The device is too small.
        """
        transformers_logging.disable_progress_bar()  # a person is talking here
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
            model = whole(AutoModelForCausalLM, folder, "the language model", dtype="auto", trust_remote_code=False)
            network = model.to(pick_device(device)).eval()
        except torch.OutOfMemoryError as error:
            raise OutOfMemory(f"{device} has too little memory for the language model in {folder}.") from error
        except (OSError, ValueError, KeyError, ImportError, SafetensorError) as error:
            first = str(error).strip().split("\n")[0]
            raise WeightsMissing(f"The language model in {folder} cannot be loaded: {first}") from error
        loaded = cls(folder.name, tokenizer, network)
        loaded.check()
        width = network.get_output_embeddings().weight.shape[0]
        return replace(loaded, constraint=Constraint.for_model(tokenizer, width))

    def check(self) -> None:
        """Raises `CannotChat` unless the chat template passes tools on."""
        probe = {"name": _PROBE, "description": "", "parameters": {"type": "object", "properties": {}}}
        if not self.tokenizer.chat_template:
            raise CannotChat(f"The language model {self.name} has no chat template; take one that is made for chats.")
        prompt = self.prompt([{"role": "user", "content": "hello"}], [{"type": "function", "function": probe}])
        if _PROBE not in prompt:
            raise CannotChat(
                f"The chat template of {self.name} knows no tools; take a language model that is made to call them."
            )

    def prompt(self, messages: Sequence[dict[str, Any]], tools: Sequence[dict[str, Any]]) -> str:
        """The conversation as the model reads it.

        Raises:
            CannotChat: Its chat template refuses it; the sentence says why.
        """
        render = self.tokenizer.apply_chat_template
        options = {"tools": list(tools) or None, "add_generation_prompt": True, "tokenize": False}
        try:
            return render(list(messages), **options)
        except TemplateError:  # some want a person and an assistant to take turns strictly
            try:
                return render(taking_turns(messages), **options)
            except TemplateError as error:
                raise CannotChat(f"The chat template of {self.name} refuses this conversation: {error}") from error

    def answer(
        self,
        messages: Sequence[dict[str, Any]],
        tools: Sequence[dict[str, Any]] = (),
        stop: Sequence[str] = (),
        most_tokens: int = 2048,
        unwanted: threading.Event | None = None,
    ) -> Iterator[str | Call]:
        """Writes one answer: pieces of text as they come, then the calls.

        Args:
            messages: The conversation, as chat templates take it.
            tools: In OpenAI's form.
            stop: Texts that end the answer and are not part of it.
            most_tokens: The longest answer.
            unwanted: Set it to end the answer within one token.

        Raises:
            CannotChat: The conversation does not fit the model.
            OutOfMemory: The device is too small for it.
        """
        unwanted = unwanted or threading.Event()
        while not self._busy.acquire(timeout=LOOK_SECONDS):
            if unwanted.is_set():
                return
        try:
            yield from self._answer(messages, tools, stop, most_tokens, unwanted)
        finally:
            self._busy.release()

    def _answer(
        self,
        messages: Sequence[dict[str, Any]],
        tools: Sequence[dict[str, Any]],
        stop: Sequence[str],
        most_tokens: int,
        unwanted: threading.Event,
    ) -> Iterator[str | Call]:
        prompt = self.prompt(messages, tools)
        inputs = self.tokenizer(prompt, add_special_tokens=False, return_tensors="pt").to(self.model.device)
        room = self._room(inputs["input_ids"].shape[1])
        reader, until = AnswerReader(self.tokenizer, prompt, tools), Until(stop)
        held = self.constraint.processors(tools) if self.constraint else []
        for text in self._texts(inputs, min(room, most_tokens), held, unwanted):
            if shown := until.feed(reader.feed(text)):
                yield shown
            if until.reached:
                return
        if shown := until.feed(reader.close()) + until.close():
            yield shown
        if not unwanted.is_set():  # half an answer calls nothing
            yield from reader.calls

    def _room(self, length: int) -> int:
        """How many tokens may follow a prompt of that length."""
        most = getattr(self.model.config.get_text_config(), "max_position_embeddings", None) or 10**9
        if length >= most:
            raise CannotChat(
                f"The conversation has {length:,} tokens, and {self.name} reads {most:,}; go on in a new session."
            )
        return most - length

    def _texts(self, inputs: Any, most_tokens: int, held: list[Any], unwanted: threading.Event) -> Iterator[str]:
        """What `generate` writes, in whole characters."""
        tokens: queue.SimpleQueue[int | BaseException | None] = queue.SimpleQueue()
        enough = threading.Event()

        def write() -> None:
            try:
                with torch.inference_mode():
                    self.model.generate(
                        **inputs,
                        max_new_tokens=most_tokens,
                        streamer=_Tokens(tokens),
                        logits_processor=LogitsProcessorList(held),
                        stopping_criteria=StoppingCriteriaList([_Unwanted(unwanted, enough)]),
                        pad_token_id=self._endings()[0],
                    )
            except torch.OutOfMemoryError as error:
                tokens.put(OutOfMemory(f"{self.model.device} has too little memory for this conversation: {error}"))
            except BaseException as error:
                tokens.put(error)
            tokens.put(None)

        thread = threading.Thread(target=write, name="easel-generate", daemon=True)
        thread.start()
        try:
            text = _Characters(self.tokenizer, self._hidden())
            while (token := tokens.get()) is not None:
                if isinstance(token, BaseException):
                    raise token
                if whole := text.feed(token):
                    yield whole
            yield text.close()
        finally:
            enough.set()
            thread.join()

    def _endings(self) -> list[int]:
        ends = self.model.generation_config.eos_token_id
        ends = self.tokenizer.eos_token_id if ends is None else ends
        return list(ends) if isinstance(ends, list | tuple) else [0 if ends is None else ends]

    def _hidden(self) -> frozenset[int]:
        """Tokens that are no part of an answer: its end, and what is special without being the mark of a call."""
        special = zip(self.tokenizer.all_special_tokens, self.tokenizer.all_special_ids, strict=True)
        own = getattr(self.tokenizer, "response_template", None)
        return frozenset([*self._endings(), *(number for token, number in special if not own and token not in MARKS)])


def taking_turns(messages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same conversation with an empty-handed answer wherever a person speaks right after a tool or themselves."""
    turns: list[dict[str, Any]] = []
    for message in messages:
        if message["role"] == "user" and turns and turns[-1]["role"] in ("user", "tool"):
            turns.append({"role": "assistant", "content": "Done."})
        turns.append(message)
    return turns


class Until:
    """Ends a text at the first of some stop sequences; what may be the beginning of one waits."""

    def __init__(self, stop: Sequence[str]) -> None:
        self._stop = [each for each in stop if each]
        self._waiting = ""
        self.reached = False

    def feed(self, text: str) -> str:
        """Takes more text, gives what is certain to stand before every stop sequence."""
        self._waiting += text
        ends = [place for each in self._stop if (place := self._waiting.find(each)) >= 0]
        if ends:
            self.reached = True
            return self._take(min(ends))
        longest = max((len(each) for each in self._stop), default=1) - 1
        held = next(
            (n for n in range(min(longest, len(self._waiting)), 0, -1) if self._may_begin(self._waiting[-n:])), 0
        )
        return self._take(len(self._waiting) - held)

    def close(self) -> str:
        """The text is over: what waited."""
        return self._take(0 if self.reached else len(self._waiting))

    def _may_begin(self, text: str) -> bool:
        return any(each.startswith(text) for each in self._stop)

    def _take(self, count: int) -> str:
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken


class _Characters:
    """Tokens to text: a character that takes several tokens waits for all of them."""

    def __init__(self, tokenizer: Any, hidden: frozenset[int]) -> None:
        self._tokenizer, self._hidden = tokenizer, hidden
        self._tokens: list[int] = []
        self._given = ""

    def feed(self, token: int) -> str:
        if token in self._hidden:
            return ""
        self._tokens.append(token)
        return self._more(hold=True)

    def close(self) -> str:
        return self._more(hold=False)

    def _more(self, hold: bool) -> str:
        text: str = self._tokenizer.decode(self._tokens, clean_up_tokenization_spaces=False)
        if hold and text.endswith("\ufffd"):
            return ""
        more, self._given = text[len(self._given) :], text
        if text.endswith(
            "\n"
        ):  # a line is never changed by what follows it: begin anew, so that long answers stay quick
            self._tokens, self._given = [], ""
        return more


class _Tokens(BaseStreamer):
    """Hands over every new token; the first thing that `generate` puts is the prompt."""

    def __init__(self, tokens: queue.SimpleQueue[Any]) -> None:
        self._tokens, self._prompt_seen = tokens, False

    def put(self, value: torch.Tensor) -> None:
        if self._prompt_seen:
            for token in value.reshape(-1).tolist():
                self._tokens.put(token)
        self._prompt_seen = True

    def end(self) -> None:
        pass


class _Unwanted(StoppingCriteria):
    """Ends `generate` after the present token when nobody wants the answer any more."""

    def __init__(self, *events: threading.Event) -> None:
        self._events = events

    def __call__(self, input_ids: Any, scores: Any, **kwargs: Any) -> Any:
        del scores, kwargs
        over = any(event.is_set() for event in self._events)
        return torch.full((input_ids.shape[0],), over, dtype=torch.bool, device=input_ids.device)
