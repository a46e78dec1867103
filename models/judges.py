"""Judges that a preset names: what they see in a picture, or read in a request, and how sure they are of it.

Three kinds look at pictures: an image classifier (Falconsai), the CLIP safety checker of Stable Diffusion, and
ShieldGemma 2; each gives `Sighting`s, and the preset's thresholds decide elsewhere (`tools.safety`). One kind reads
words: Qwen3Guard, a small language model that writes its opinion in two lines. Nothing here decides, and nothing is
blacked out: the stock pipelines' way with the CLIP checker gives no reason, here it names the concept.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, Protocol, cast

import torch
from PIL import Image
from transformers import AutoImageProcessor, AutoProcessor, AutoTokenizer

from models.errors import ModelError, OutOfMemory, WeightsMissing
from models.memory import is_out_of_memory
from models.networks import load, read, written
from models.place import Place
from models.presets import Preset

_OPINION_TOKENS = 64
"""Two short lines."""


@dataclass(frozen=True)
class Sighting:
    """One thing that a judge looked for in a picture.

    Attributes:
        label: What, as the preset's thresholds name it.
        score: How much of it there is, on the judge's own scale; larger is more.
        detail: More exactly what it was, in words for people, or "".
    """

    label: str
    score: float
    detail: str = ""


@contextmanager
def _out_of_memory(preset: Preset, place: Place) -> Generator[None]:
    """Turns exhausted memory into one sentence: no scheduler makes room for a judge."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        raise OutOfMemory(
            f"{preset.title} needs about {preset.memory:g} GiB of memory, more than is free on {place.device}."
        ) from error


class _Sight(Protocol):
    def labels(self) -> Sequence[str]: ...

    def sightings(self, picture: Image.Image) -> list[Sighting]: ...


class PictureJudge:
    """A loaded judge of pictures; may be called from any thread."""

    def __init__(self, sight: _Sight, preset: Preset, place: Place) -> None:
        self._sight, self._preset, self._place = sight, preset, place
        self._lock = threading.Lock()

    @classmethod
    def load(cls, preset: Preset, place: Place) -> PictureJudge:
        """Loads a preset's network from this machine; nothing is fetched.

        Raises:
            WeightsMissing: As `models.networks.load`; or the network has no label that the preset names.
            OutOfMemory: The device is too small.
        """
        with _out_of_memory(preset, place):
            network, folder = load(preset, place)
        with read(preset, folder):
            sight_of, reader = _SIGHTS[preset.network]
            processor = reader.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        sight = sight_of(network, processor)
        if unknown := set(preset.thresholds) - set(sight.labels()):
            raise WeightsMissing(
                f"{preset.label} in {folder} has no label {', '.join(sorted(unknown))}, only "
                f"{', '.join(sight.labels())}: it is another model."
            )
        return cls(sight, preset, place)

    def sightings(self, picture: Image.Image) -> list[Sighting]:
        """What it sees in a picture of any mode and size, one for each of the preset's labels or more.

        Raises:
            OutOfMemory: The device is too small.
        """
        with self._lock, torch.inference_mode(), self._place.computing(), _out_of_memory(self._preset, self._place):
            found = self._sight.sightings(picture.convert("RGB"))
        return [sighting for sighting in found if sighting.label in self._preset.thresholds]


class _Classifier:
    """An image classifier: each label's share of certainty, 0 to 1."""

    def __init__(self, network: Any, processor: Any) -> None:
        self._network, self._processor = network, processor

    def labels(self) -> Sequence[str]:
        return list(self._network.config.id2label.values())

    def sightings(self, picture: Image.Image) -> list[Sighting]:
        inputs = self._processor(images=picture, return_tensors="pt").to(self._network.device, self._network.dtype)
        shares = self._network(**inputs).logits[0].float().softmax(-1).tolist()
        return [Sighting(label, share) for label, share in zip(self.labels(), shares, strict=True)]


class _SafetyChecker:
    """The CLIP safety checker: how far the likeness to each of its concepts is above that concept's own threshold.

    The network's own class would answer with black pictures; its embeddings are compared here as there (a picture near
    one of the three concepts that ask for special care is judged by 0.01 more strictly). Its concepts are published as
    numbers without names, so a sighting names the number.
    """

    _STRICTER = 0.01

    def __init__(self, network: Any, processor: Any) -> None:
        self._network, self._processor = network, processor

    def labels(self) -> Sequence[str]:
        return ("concept",)

    def sightings(self, picture: Image.Image) -> list[Sighting]:
        network = self._network
        inputs = self._processor(images=picture, return_tensors="pt").to(network.device, network.dtype)
        embedding = network.visual_projection(network.vision_model(inputs["pixel_values"])[1]).float()
        careful = self._above(embedding, network.special_care_embeds, network.special_care_embeds_weights)
        above = self._above(embedding, network.concept_embeds, network.concept_embeds_weights)
        stricter = self._STRICTER if max(careful) > 0 else 0.0
        return [
            Sighting("concept", margin + stricter, f"its concept {number} of {len(above)}")
            for number, margin in enumerate(above, start=1)
        ]

    @staticmethod
    def _above(embedding: torch.Tensor, concepts: torch.Tensor, thresholds: torch.Tensor) -> list[float]:
        likeness = torch.nn.functional.cosine_similarity(embedding, concepts.float())
        return cast(list[float], (likeness - thresholds.float()).tolist())


class _ShieldGemma:
    """ShieldGemma 2: for each of its policies how sure it is that the picture breaks it, 0 to 1."""

    def __init__(self, network: Any, processor: Any) -> None:
        self._network, self._processor = network, processor

    def labels(self) -> Sequence[str]:
        return list(self._processor.policy_definitions)

    def sightings(self, picture: Image.Image) -> list[Sighting]:
        policies = self.labels()
        inputs = self._processor(images=[picture], policies=policies, return_tensors="pt").to(
            self._network.device, self._network.dtype
        )
        breaks = self._network(**inputs).probabilities[:, 0].float().tolist()  # the first of the two is Yes
        return [Sighting(policy, share) for policy, share in zip(policies, breaks, strict=True)]


_SIGHTS: dict[str, tuple[Callable[[Any, Any], _Sight], Any]] = {
    "ViTForImageClassification": (_Classifier, AutoImageProcessor),
    "StableDiffusionSafetyChecker": (_SafetyChecker, AutoImageProcessor),
    "ShieldGemma2ForImageClassification": (_ShieldGemma, AutoProcessor),
}
"""By a network's class: what makes sightings of its answers, and what reads its processor."""


@dataclass(frozen=True)
class Opinion:
    """What a guard says of a request.

    Attributes:
        safety: Its word.
        categories: What it found, in its own names; empty where it is safe.
    """

    safety: Literal["Safe", "Controversial", "Unsafe"]
    categories: tuple[str, ...] = ()


class Guard:
    """Qwen3Guard, a language model that is asked about one request at a time; may be called from any thread.

    Its chat template holds the question; it answers with two lines, `Safety: …` and `Categories: …`.
    """

    _SAFETY = re.compile(r"Safety:\s*(Safe|Controversial|Unsafe)\b")
    _CATEGORIES = re.compile(r"Categories:\s*(.+)")

    def __init__(self, network: Any, tokenizer: Any, preset: Preset, place: Place) -> None:
        self._network, self._tokenizer = network, tokenizer
        self._preset, self._place = preset, place
        self._lock = threading.Lock()

    @classmethod
    def load(cls, preset: Preset, place: Place) -> Guard:
        """Loads a preset's network from this machine; nothing is fetched.

        Raises:
            WeightsMissing: As `models.networks.load`; or it has no chat template.
            OutOfMemory: The device is too small.
        """
        with _out_of_memory(preset, place):
            network, folder = load(preset, place)
        with read(preset, folder):
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        if not tokenizer.chat_template:
            raise WeightsMissing(f"{preset.label} in {folder} has no chat template: it is another model.")
        return cls(network, tokenizer, preset, place)

    def opinion(self, text: str) -> Opinion:
        """What it says of a request, in any language that it reads.

        Raises:
            ModelError: It wrote something else than an opinion, or one without a reason.
            OutOfMemory: The device is too small.
        """
        answer = self._answer(text)
        safety, categories = self._SAFETY.search(answer), self._CATEGORIES.search(answer)
        named = [part.strip() for part in categories[1].split(",")] if categories else []
        found = tuple(part for part in named if part not in ("", "None"))
        if safety is None or (safety[1] != "Safe" and not found):
            raise ModelError(f"{self._preset.title} gave no decision but “{answer[:80]}”.")
        word = cast(Literal["Safe", "Controversial", "Unsafe"], safety[1])
        return Opinion(word, () if word == "Safe" else found)

    def _answer(self, text: str) -> str:
        prompt = self._tokenizer.apply_chat_template(
            [{"role": "user", "content": text}], tokenize=False, add_generation_prompt=True
        )
        inputs = self._tokenizer(prompt, add_special_tokens=False, return_tensors="pt").to(self._network.device)
        with self._lock, torch.inference_mode(), self._place.computing(), _out_of_memory(self._preset, self._place):
            tokens = written(self._network, inputs, _OPINION_TOKENS)
        return self._tokenizer.decode(tokens[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True).strip()
