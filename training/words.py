"""Trains the word-safety head: generated sentences → MiniLM's token states → eight categories.

    python -m training.words [--sentences 16000] [--epochs 24] [--threads 1]

Sentences are made from the phrases of `word_texts.py`: slots are filled, phrases are wrapped in ways of asking, style
tags and harmless clauses, so that the head finds one clause in a long prompt. Half of the sentences are harmless,
most of these looking like harmful ones. Every tenth phrase is kept out and measures the result. The encoder is
frozen, so its states are computed once. Everything is decided by `SEED`; the result goes to `models/embedded/words/`
with a manifest of hashes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional as F

from models.weights import seal
from models.words import FOLDER, SafetyHead, encoder
from tools.rules import Rules
from training import phrases
from training import word_texts as texts

SEED = 20261123
VERSION = "words-minilm/1"
CATEGORIES = ("sexual", "minors", "violence", "hate", "self_harm", "weapons", "drugs", "real_person")
SLOTS = {
    "adult": texts.ADULT, "minor": texts.MINOR, "thing": texts.THING, "place": texts.PLACE,
    "animal": texts.ANIMAL, "name": texts.NAME, "known": texts.KNOWN, "group": texts.GROUP,
}  # fmt: skip
UNDRESSED = re.compile(r"\b(naked|nude|porn|lingerie|topless|sex|sexy|undress|clothes|underwear)\b")


@dataclass(frozen=True)
class Example:
    """A sentence in plain words, the categories it belongs to, and whether its phrase is kept out of training."""

    text: str
    labels: frozenset[str]
    held_out: bool
    kind: str


def held_out(phrase: str) -> bool:
    return int(hashlib.sha256(phrase.encode()).hexdigest(), 16) % 10 == 0


def labels_of(category: str, sentence: str) -> frozenset[str]:
    if category == "minors" or (category == "real_person" and UNDRESSED.search(sentence)):
        return frozenset({category, "sexual"})
    return frozenset({category})


class Generator:
    """Endless examples, decided by the seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._rules = Rules.load()

    def examples(self, count: int) -> list[Example]:
        """`count` different examples, half of them harmful."""
        sources = (texts.UNSAFE, texts.TALKS_UNSAFE)
        unsafe = [(category, phrase) for source in sources for category, found in source.items() for phrase in found]
        made: dict[str, Example] = {}
        while len(made) < count:
            draw = self._random.random()
            if draw < 0.5:
                category, phrase = self._random.choice(unsafe)
                made_one = self._unsafe(category, phrase)
            elif draw < 0.78:
                made_one = self._harmless(self._random.choice(texts.LOOKALIKES), "lookalike")
            elif draw < 0.88:
                made_one = self._edit()
            else:
                made_one = self._harmless(self._ordinary(), "ordinary")
            made.setdefault(made_one.text, made_one)
        return list(made.values())

    def _unsafe(self, category: str, phrase: str) -> Example:
        sentence = self._fill(phrase)
        return Example(self._plain(self._wrap(sentence)), labels_of(category, sentence), held_out(phrase), category)

    def _harmless(self, phrase: str, kind: str) -> Example:
        sentence = self._fill(phrase)
        if self._random.random() < 0.15:
            sentence += self._random.choice([" and ", ", ", " next to "]) + self._fill(
                self._random.choice(texts.LOOKALIKES)
            )
        return Example(self._plain(self._wrap(sentence)), frozenset(), held_out(phrase), kind)

    def _edit(self) -> Example:
        """A change that is asked for, often after a sentence that names the picture."""
        phrase = self._random.choice(texts.ORDINARY_EDITS)
        sentence = self._fill(phrase)
        if self._random.random() < 0.5:
            before = self._ordinary() if self._random.random() < 0.5 else self._random.choice(texts.LOOKALIKES)
            sentence = f"{self._fill(before)}, {sentence}"
        return Example(self._plain(sentence), frozenset(), held_out(phrase), "edit")

    def _ordinary(self) -> str:
        pick = self._random.choice
        adjective = pick(phrases.ADJECTIVES) + " " if self._random.random() < 0.5 else ""
        doing = " " + pick(phrases.DOING) if self._random.random() < 0.5 else ""
        place = " " + pick(phrases.PLACES) if self._random.random() < 0.6 else ""
        return f"a {adjective}{pick(phrases.NOUNS)}{doing}{place}"

    def _fill(self, phrase: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda slot: self._random.choice(SLOTS[slot[1]]), phrase)

    def _wrap(self, sentence: str) -> str:
        if self._random.random() < 0.3:
            sentence = self._random.choice(texts.CONTEXTS).replace("{x}", sentence)
        if self._random.random() < 0.7:
            sentence = self._random.choice(texts.WRAPS).replace("{x}", sentence)
        if self._random.random() < 0.3:
            sentence = ", ".join([sentence, *self._random.sample(texts.TAGS, self._random.randint(1, 4))])
        return sentence

    def _plain(self, sentence: str) -> str:
        return self._rules.plain(sentence)


@dataclass(frozen=True)
class States:
    """Token states of all examples, one after the other in half precision."""

    values: Tensor
    starts: Tensor
    lengths: Tensor

    def batch(self, rows: Sequence[int]) -> tuple[Tensor, Tensor]:
        lengths = self.lengths[list(rows)]
        mask = torch.arange(int(lengths.max())) < lengths[:, None]
        out = torch.zeros(len(rows), mask.shape[1], self.values.shape[1])
        out[mask] = torch.cat(
            [self.values[self.starts[row] : self.starts[row] + self.lengths[row]] for row in rows]
        ).float()
        return out, mask


def compute_states(examples: Sequence[Example], cache: Path | None) -> States:
    """Runs the encoder over those sentences of like length that the cache does not hold."""
    kept_file = cache / "states.safetensors" if cache else None
    known: dict[str, Tensor] = load_file(kept_file) if kept_file and kept_file.exists() else {}
    missing = sorted({example.text for example in examples} - set(known), key=len)
    began = time.monotonic()
    for start in range(0, len(missing), 32):
        texts_now = missing[start : start + 32]
        states, mask = encoder().states(texts_now)
        for text, state, kept in zip(texts_now, states, mask, strict=True):
            known[text] = state[kept].half()
        if start % 3200 == 0:
            print(f"encoded {start} of {len(missing)} in {time.monotonic() - began:.0f} s", flush=True)
    if kept_file and missing:
        kept_file.parent.mkdir(parents=True, exist_ok=True)
        save_file(known, kept_file)
    found = [known[example.text] for example in examples]
    lengths = torch.tensor([len(state) for state in found])
    return States(torch.cat(found), lengths.cumsum(0) - lengths, lengths)


def train(examples: Sequence[Example], states: States, epochs: int, width: int) -> SafetyHead:
    torch.manual_seed(SEED)
    targets = torch.tensor([[float(category in example.labels) for category in CATEGORIES] for example in examples])
    rows = [row for row, example in enumerate(examples) if not example.held_out]
    head, shuffle = SafetyHead(len(CATEGORIES), width), random.Random(SEED)
    optimizer = torch.optim.AdamW(head.parameters(), lr=2e-3, weight_decay=0.02)
    steps = epochs * (len(rows) // 128)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps, pct_start=0.1)
    for epoch in range(epochs):
        shuffle.shuffle(rows)
        total = 0.0
        for start in range(0, len(rows) - 127, 128):
            batch = rows[start : start + 128]
            logits = head(*states.batch(batch))
            loss = F.binary_cross_entropy_with_logits(logits, targets[batch] * 0.98 + 0.005)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        if epoch % 4 == 3:
            print(f"epoch {epoch + 1}: loss {total / (len(rows) // 128):.4f}", flush=True)
    return head.eval()


@torch.inference_mode()
def score(head: SafetyHead, states: States, rows: Sequence[int]) -> Tensor:
    return torch.cat([head(*states.batch(rows[at : at + 256])).sigmoid() for at in range(0, len(rows), 256)])


def thresholds(scores: Tensor, harmless: Tensor) -> dict[str, float]:
    """The lowest score, but at least 0.95, that at most one in 500 kept-out harmless sentences reaches."""
    limits = torch.quantile(scores[harmless], 0.998, dim=0).clamp(0.95, 0.97)
    return {category: round(float(limit), 3) for category, limit in zip(CATEGORIES, limits, strict=True)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=16_000)
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--width", type=int, default=160)
    parser.add_argument("--cache", type=Path, help="folder that keeps states of sentences between runs")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    examples = Generator(SEED).examples(args.sentences)
    states = compute_states(examples, args.cache)
    began = time.monotonic()
    head = train(examples, states, args.epochs, args.width)
    rows = [row for row, example in enumerate(examples) if example.held_out]
    scores = score(head, states, rows)
    harmless = torch.tensor([not examples[row].labels for row in rows])
    block = thresholds(scores, harmless)
    flagged = (scores > torch.tensor([block[category] for category in CATEGORIES])).any(1)
    print(f"trained in {time.monotonic() - began:.0f} s; thresholds {block}")
    print(f"kept-out phrases: {int(flagged[~harmless].sum())} of {int((~harmless).sum())} harmful sentences found, "
          f"{int(flagged[harmless].sum())} of {int(harmless.sum())} harmless ones flagged")  # fmt: skip
    FOLDER.mkdir(parents=True, exist_ok=True)
    save_file(head.state_dict(), FOLDER / "head.safetensors")
    config = {
        "version": VERSION, "categories": CATEGORIES, "width": args.width, "block": block,
        "review": dict.fromkeys(CATEGORIES, 0.75),
    }  # fmt: skip
    (FOLDER / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    print("manifest", seal(FOLDER))


if __name__ == "__main__":
    main()
