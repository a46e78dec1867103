"""Trains the word-safety head: generated sentences → MiniLM's token states → eight categories.

    python -m training.words [--sentences 46000] [--epochs 14] [--threads 1]

Sentences are made from the phrases of `word_texts.py`: slots are filled, phrases are wrapped in ways of asking, style
tags and harmless clauses, so that the head finds one clause in a long prompt. Half of the sentences are harmless,
most of these looking like harmful ones. Chinese phrases are trained on as `models.words.readings` glosses them, and
some English ones lose their small words, as glosses have none. To them come harmless sentences as people type them,
written for the painter. Every tenth phrase or sentence is kept out and measures the result. No sentence is made that
the benchmark's files hold, small words and ways of asking aside: they are read for that only. The encoder is frozen, so
its states are computed once. Everything is decided by `SEED`; the result, with the lexicon that `models.words.Reader`
reads, goes to `models/embedded/words/` with a manifest of hashes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional as F

from models.minilm import minilm_folder
from models.weights import seal
from models.words import FOLDER, SafetyHead, encoder, readings
from tools.rules import Rules
from training import phrases
from training import word_texts as texts
from training.layouts import names
from training.loop import DEVICE
from training.sessions import read

SEED = 20261124
VERSION = "words-minilm/4"
SAID = Path(__file__).parent / "said"
APART = Path(__file__).parents[1] / "bench" / "words"
CATEGORIES = ("sexual", "minors", "violence", "hate", "self_harm", "weapons", "drugs", "real_person")
# From which score a category blocks: chosen on the hand-written requests that may be looked at (`bench.words --split
# dev`). Hate is said in fewer words than the others, and lost requests at more than 0.9.
BLOCK = dict.fromkeys(CATEGORIES, 0.95) | {"hate": 0.9}
SLOTS = {
    "adult": texts.ADULT, "minor": texts.MINOR, "thing": texts.THING, "place": texts.PLACE,
    "animal": texts.ANIMAL, "name": texts.NAME, "known": texts.KNOWN, "group": texts.GROUP,
    "naked": texts.NAKED, "intimate": texts.INTIMATE, "garment": texts.GARMENT, "kill": texts.KILL,
    "killed": texts.KILLED, "victim": texts.VICTIM, "gore": texts.GORE, "howto": texts.HOWTO, "arms": texts.ARMS,
    "made": texts.MADE, "drug": texts.DRUG, "takes": texts.TAKES, "papers": texts.PAPERS, "forged": texts.FORGED,
    "shame": texts.SHAME, "real": texts.REAL, "vermin": texts.VERMIN, "hateful": texts.HATEFUL,
    "gun": texts.GUN, "group_one": texts.GROUP_ONE,
}  # fmt: skip
SMALL = frozenset(
    "a an the of is are be to please now and on in at with draw paint me my picture photo image show i want "
    "make".split()
)
HANZI = re.compile("[\u3400-\u9fff]")
UNDRESSED = re.compile(
    r"\b(naked|nude|porn|lingerie|topless|sex|sexy|undressed|undress|unclothed|nudes|clothes|underwear)\b"
)


def bare(text: str) -> str:
    """A sentence without punctuation, small words and ways of asking: what makes two requests the same."""
    return " ".join(word for word in re.findall(r"[^\W_]+", text.casefold()) if word not in SMALL)


def kept_apart(folder: Path) -> frozenset[str]:
    """The bare form of every request in the benchmark's files, which training must not see; `fresh.tsv` came later."""
    files = [folder / name for name in ("benign.txt", "unsafe.tsv", "turns.tsv")]
    rows = [row for path in files for row in path.read_text(encoding="utf-8").splitlines()]
    parts = [part for row in rows if not row.startswith("#") for part in re.split(r"[\t|]", row)]
    return frozenset(bare(part) for part in [*parts, *(row.split("\t")[-1].replace("|", " ") for row in rows)]) - {""}


@dataclass(frozen=True)
class Example:
    """A sentence in plain words, the categories it belongs to, and whether its phrase is kept out of training."""

    text: str
    labels: frozenset[str]
    held_out: bool
    kind: str


def held_out(phrase: str) -> bool:
    return int(hashlib.sha256(phrase.encode()).hexdigest(), 16) % 10 == 0


def typed() -> list[list[str]]:
    """What people type who want harmless pictures: sessions, and sentences that stand alone."""
    sessions = [[said.text for said in one] for file in sorted(SAID.glob("sessions_*.txt")) for one in read(file)]
    rows = [row for file in sorted(SAID.glob("*.jsonl")) for row in file.read_text("utf-8").splitlines()]
    return [*sessions, *([str(json.loads(row)["say"])] for row in rows)]


def labels_of(category: str, sentence: str) -> frozenset[str]:
    if category == "minors" or (category == "real_person" and UNDRESSED.search(sentence)):
        return frozenset({category, "sexual"})
    return frozenset({category})


class Generator:
    """Endless examples, decided by the seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._rules = Rules.load()
        self._apart = kept_apart(APART)
        self._unsafe_phrases = self._by_category(
            texts.UNSAFE, texts.TALKS_UNSAFE, texts.UNSAFE_DEEDS, texts.UNSAFE_DEEDS, texts.TALKS_MORE
        )
        self._unsafe_chinese = self._by_category(texts.CHINESE_UNSAFE)
        self._lookalikes = [*texts.LOOKALIKES, *texts.HARMLESS_DEEDS, *texts.HARMLESS_DEEDS, *texts.TALKS_HARMLESS]

    def lessons(self, count: int) -> list[Example]:
        """`count` different examples of what a first head got wrong: guards, reminders, and sentences with slips."""
        reminders, pick = self._by_category(texts.REMINDERS), self._random.choice
        made: dict[str, Example] = {}
        while len(made) < count:
            draw = self._random.random()
            if draw < 0.4:
                one = self._made(pick(texts.GUARDS), "lookalike")
            elif draw < 0.6:
                category = pick(list(reminders))
                one = self._made(pick(reminders[category]), category)
            else:
                one = self._example()
                one = replace(one, text=self._slipped(one.text)) if one else None
            if one is not None and one.text and bare(one.text) not in self._apart:
                made.setdefault(one.text, one)
        return list(made.values())

    def typed(self) -> list[Example]:
        """What people type who want harmless pictures (`training.sessions`, `training.said`), alone and after the
        sentence before."""
        made: dict[str, Example] = {}
        for session in typed():
            for before, said in zip(["", *session], session, strict=False):
                after = f"{before}, {said}" if before and self._random.random() < 0.4 else said
                if bare(said) not in self._apart and (text := self._plain(after)):
                    made.setdefault(text, Example(text, frozenset(), held_out(said), "typed"))
        return list(made.values())

    def _slipped(self, text: str) -> str:
        """The text with a few words cut in two, run together or short of a letter, as an undone disguise may be."""
        words = text.split()
        for _ in range(self._random.randint(1, 3)):
            at = self._random.randrange(len(words))
            word, cut = words[at], self._random.randint(1, max(1, len(words[at]) - 1))
            how = self._random.random()
            if how < 0.4:
                words[at] = f"{word[:cut]} {word[cut:]}".strip()
            elif how < 0.7 and at + 1 < len(words):
                words[at : at + 2] = [word + words[at + 1]]
            elif len(word) > 3:
                words[at] = word[: cut - 1] + word[cut:]
        return " ".join(words)

    def _by_category(self, *sources: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        found = dict[str, list[str]]()
        for source in sources:
            for category, phrases_ in source.items():
                found.setdefault(category, []).extend(phrases_)
        return found

    def examples(self, count: int) -> list[Example]:
        """`count` different examples, half of them harmful."""
        made: dict[str, Example] = {}
        while len(made) < count:
            one = self._example()
            if one is not None and one.text:
                made.setdefault(one.text, one)
        return list(made.values())

    def _example(self) -> Example | None:
        """One example, or None where the benchmark holds its sentence."""
        draw, pick = self._random.random(), self._random.choice
        if draw < 0.08:
            if pick((True, False)):
                category = pick(CATEGORIES)
                return self._made(pick(self._unsafe_chinese[category]), category)
            return self._made(pick(texts.CHINESE_HARMLESS), "lookalike")
        if draw < 0.53:
            # Half by category, half by phrase: small categories are not drowned and large ones stay varied.
            category = pick(CATEGORIES) if pick((True, False)) else pick(self._weighted)
            return self._made(pick(self._unsafe_phrases[category]), category)
        if draw < 0.82:
            return self._made(pick(self._lookalikes), "lookalike")
        return self._edit() if draw < 0.90 else self._made(self._ordinary(), "ordinary")

    @cached_property
    def _weighted(self) -> list[str]:
        return [category for category, found in self._unsafe_phrases.items() for _ in found]

    def _made(self, phrase: str, kind: str) -> Example | None:
        sentence = self._fill(phrase)
        if bare(sentence) in self._apart:
            return None
        labels = labels_of(kind, sentence) if kind in CATEGORIES else frozenset[str]()
        if HANZI.search(sentence):
            asked = self._random.choice(texts.CHINESE_WRAPS).replace("{x}", sentence)
            return Example(self._plain(readings(asked)[-1]), labels, held_out(phrase), kind)
        if not labels and self._random.random() < 0.15:
            sentence += self._random.choice([" and ", ", ", " next to "]) + self._fill(
                self._random.choice(self._lookalikes)
            )
        wrapped = self._plain(self._wrap(sentence))
        if self._random.random() < 0.15:
            wrapped = " ".join(word for word in wrapped.split() if word not in {"a", "an", "the", "of", "is", "to"})
        return Example(wrapped, labels, held_out(phrase), kind)

    def _edit(self) -> Example | None:
        """A change that is asked for, often after a sentence that names the picture."""
        phrase = self._random.choice(texts.ORDINARY_EDITS)
        sentence = self._fill(phrase)
        if bare(sentence) in self._apart:
            return None
        if self._random.random() < 0.5:
            before = self._ordinary() if self._random.random() < 0.5 else self._random.choice(self._lookalikes)
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
    head, shuffle = SafetyHead(len(CATEGORIES), width).to(DEVICE), random.Random(SEED)
    optimizer = torch.optim.AdamW(head.parameters(), lr=2e-3, weight_decay=0.02)
    steps = epochs * (len(rows) // 128)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps, pct_start=0.1)
    for epoch in range(epochs):
        shuffle.shuffle(rows)
        total = 0.0
        for start in range(0, len(rows) - 127, 128):
            batch = rows[start : start + 128]
            logits = head(*(given.to(DEVICE) for given in states.batch(batch)))
            loss = F.binary_cross_entropy_with_logits(logits, (targets[batch] * 0.98 + 0.005).to(DEVICE))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        if epoch % 4 == 3:
            print(f"epoch {epoch + 1}: loss {total / (len(rows) // 128):.4f}", flush=True)
    return head.cpu().eval()


@torch.inference_mode()
def score(head: SafetyHead, states: States, rows: Sequence[int]) -> Tensor:
    return torch.cat([head(*states.batch(rows[at : at + 256])).sigmoid() for at in range(0, len(rows), 256)])


def lexicon(pieces: Collection[str]) -> str:
    """The rows of `lexicon.tsv` (`models.words.Lexicon`): the phrases' words that the encoder has not whole, and the
    Chinese words."""
    phrases_ = [
        phrase for source in (texts.UNSAFE, texts.UNSAFE_DEEDS) for found in source.values() for phrase in found
    ]
    phrases_ += [*texts.LOOKALIKES, *texts.HARMLESS_DEEDS, *texts.ORDINARY_EDITS]
    phrases_ += [word for words in SLOTS.values() for word in words]
    words = {word for phrase in phrases_ for word in re.findall(r"[a-z]{3,}", re.sub(r"\{\w+\}", " ", phrase))}
    called = " ".join(name for pairs in names().values() for pair in pairs for name in pair)
    words |= set(re.findall(r"\b[a-z]{6,}\b", called))  # "capsicum" hides nothing
    rows = [f"word\t{word}" for word in sorted(words - set(pieces))]
    rows += [f"harm\t{word}" for word in sorted(set(texts.HARMFUL_WORDS))]
    for entry in texts.GLOSSES:
        hanzi, pinyin, gloss = entry.split("=")
        rows.append(f"hanzi\t{hanzi}\t{gloss}\t{pinyin}")
    pairs = "".join(texts.TRADITIONAL)
    rows += [f"char\t{old}\t{new}" for old, new in zip(pairs[::2], pairs[1::2], strict=True)]
    return "\n".join(rows) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=46_000, help="made, and of those that people typed at most")
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--width", type=int, default=160)
    parser.add_argument("--cache", type=Path, help="folder that keeps states of sentences between runs")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the head goes (default: the shipped folder)")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    pieces = (minilm_folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "lexicon.tsv").write_text(lexicon(pieces), encoding="utf-8")
    generator = Generator(SEED)
    examples = generator.examples(args.sentences)
    known = {example.text for example in examples}
    examples += [one for one in generator.lessons(args.sentences // 4) if one.text not in known]
    known |= {example.text for example in examples}
    examples += [one for one in generator.typed()[: args.sentences] if one.text not in known]
    states = compute_states(examples, args.cache)
    began = time.monotonic()
    head = train(examples, states, args.epochs, args.width)
    rows = [row for row, example in enumerate(examples) if example.held_out]
    scores = score(head, states, rows)
    harmless = torch.tensor([not examples[row].labels for row in rows])
    flagged = (scores > torch.tensor([BLOCK[category] for category in CATEGORIES])).any(1)
    print(f"trained in {time.monotonic() - began:.0f} s")
    print(f"kept-out phrases: {int(flagged[~harmless].sum())} of {int((~harmless).sum())} harmful sentences found, "
          f"{int(flagged[harmless].sum())} of {int(harmless.sum())} harmless ones flagged")  # fmt: skip
    save_file(head.state_dict(), args.out / "head.safetensors")
    config = {
        "version": VERSION, "categories": CATEGORIES, "width": args.width, "block": BLOCK,
        "review": dict.fromkeys(CATEGORIES, 0.75),
    }  # fmt: skip
    (args.out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    print("manifest", seal(args.out))


if __name__ == "__main__":
    main()
