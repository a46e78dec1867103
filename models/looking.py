"""Looking: a picture and a question go in, a few sentences come out. One door: `Looker.answer`.

Two kinds of network stand behind it, as a preset names them. Florence-2 knows tasks instead of questions, so the words
of a question choose between reading what is written, naming the things, and a description; whoever asked takes from
that what they wanted. Qwen3-VL reads the question itself. The same picture and question get the same answer: the
likeliest word each time, and no more of them than `MOST_TOKENS`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import torch
from PIL import Image
from torch import nn
from transformers import AutoProcessor

from models.networks import load, read, written
from models.place import Place
from models.presets import Preset

MOST_TOKENS = 256
LONGEST = 1280
"""Pixels of a picture's longer side that Qwen3-VL is shown; each 32×32 of them are one token more."""

Stop = Callable[[], bool]


class _Eye(Protocol):
    @property
    def network(self) -> nn.Module: ...

    def answer(self, picture: Image.Image, question: str, stop: Stop | None) -> str: ...


class Looker:
    """One loaded network that looks at pictures. Not thread-safe: one question at a time."""

    def __init__(self, eye: _Eye, place: Place) -> None:
        self._eye, self._place = eye, place

    @property
    def networks(self) -> Sequence[nn.Module]:
        """What holds its weights."""
        return (self._eye.network,)

    @classmethod
    def load(cls, preset: Preset, place: Place) -> Looker:
        """Loads a preset's network from this machine; nothing is fetched. Raises as `models.networks.load`."""
        network, folder = load(preset, place)
        with read(preset, folder):
            processor = AutoProcessor.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        return cls(_EYES[preset.network](network, processor), place)

    def answer(self, picture: Image.Image, question: str = "", stop: Stop | None = None) -> str:
        """What the network says of a picture, in plain words; possibly "".

        Args:
            picture: Of any mode and size.
            question: What somebody wants to know; empty asks for a description.
            stop: Asked at every word.

        Raises:
            Stopped: `stop` answered True.
            MemoryError, RuntimeError: The device is too small for this picture; `models.memory` makes room and retries.
        """
        with torch.inference_mode(), self._place.computing():
            return self._eye.answer(picture.convert("RGB"), question.strip(), stop)


class _Florence:
    """Florence-2 by its tasks; what it cannot do is answer a question as such."""

    _READING = re.compile(
        r"\b(read\w*|writ\w+|text|words?|letters?|says?|sign\w*|label\w*|titles?|captions?)\b|[写字读]|文本",
        re.IGNORECASE,
    )
    _NAMING = re.compile(
        r"\b(how many|count|objects?|things?|list|which animals?|is there|are there|any)\b|多少|几[个只]|有没有",
        re.IGNORECASE,
    )

    def __init__(self, network: Any, processor: Any) -> None:
        self.network, self._processor = network, processor

    def answer(self, picture: Image.Image, question: str, stop: Stop | None) -> str:
        if self._READING.search(question):
            text = self._done("<OCR>", picture, stop)
            return f"What is written in it: “{text}”." if text else "No writing is found in it."
        if self._NAMING.search(question):
            named = things(self._done("<OD>", picture, stop))
            return f"Things found in it: {', '.join(named)}." if named else "No single things are found in it."
        return self._done("<MORE_DETAILED_CAPTION>", picture, stop)

    def _done(self, task: str, picture: Image.Image, stop: Stop | None) -> str:
        inputs = self._processor(text=task, images=picture, return_tensors="pt").to(
            self.network.device, self.network.dtype
        )
        tokens = written(self.network, inputs, MOST_TOKENS, stop)
        text = self._processor.batch_decode(tokens, skip_special_tokens=False)[0]
        return re.sub("<s>|</s>|<pad>", "", text).strip()


def things(found: str) -> list[str]:
    """What Florence-2 located, each with its number: `fox<loc_1>…` is a name and four numbers for every box."""
    count = Counter[str]()
    for name, places in re.findall(r"([^<>]+)((?:<loc_\d+>)+)", found):
        count[name.strip()] += places.count("<") // 4
    return [f"{number} × {name}" if number > 1 else name for name, number in count.items()]


class _QwenVL:
    """Qwen3-VL by its chat template."""

    def __init__(self, network: Any, processor: Any) -> None:
        self.network, self._processor = network, processor

    def answer(self, picture: Image.Image, question: str, stop: Stop | None) -> str:
        small = picture.copy()
        small.thumbnail((LONGEST, LONGEST))
        asked = f"{question or 'Describe this picture.'} Answer in at most three sentences."
        content = [{"type": "image", "image": small}, {"type": "text", "text": asked}]
        inputs = self._processor.apply_chat_template(
            [{"role": "user", "content": content}],
            add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt",
        ).to(self.network.device, self.network.dtype)  # fmt: skip
        tokens = written(self.network, inputs, MOST_TOKENS, stop)
        answer = tokens[:, inputs["input_ids"].shape[1] :]
        return self._processor.batch_decode(answer, skip_special_tokens=True)[0].strip()


_EYES: dict[str, Callable[[Any, Any], _Eye]] = {
    "Florence2ForConditionalGeneration": _Florence,
    "Qwen3VLForConditionalGeneration": _QwenVL,
}
