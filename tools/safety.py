"""What may be painted and what may be shown: the two filters that wrap every tool in code.

`WordFilter.check` judges a request before anything is painted, in every way it may be read (`models.words.readings`):
rules first (`rules.toml`), then a small classifier on MiniLM. `PixelFilter.check` judges a picture before anything can
show it: rules that need no model, then NudeNet where it is installed. The one promise: an answer is always a `Verdict`,
and whatever goes wrong inside a filter is a block that says so. Nothing here is asked of the language model, and
nothing is stored: whoever asks stores the verdict (`tools.studio`, `tools.worker`). `docs/safety.md` has figures,
limits, how to tune.

Neither filter tells ages or known faces in pictures, and words are judged in English and Chinese.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PIL import Image

from models.errors import ModelError
from storage.records import Verdict, VerdictStage
from tools.normalise import latin
from tools.rules import Category, Rules

if TYPE_CHECKING:
    from models.words import WordClassifier

MAX_CHARS = 20_000
"""Longest text that is judged; a longer one is blocked unread (a message is bounded far below that)."""

CONTEXT_SENTENCES = 4
"""How many of the session's earlier sentences are read together with a request."""

CONTRIBUTES = 0.08
"""What the classifier must find in a sentence alone for it to complete a request begun in earlier ones."""


# ── Words ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class WordScores(Protocol):
    """What the word filter needs of a classifier; `models.words.WordClassifier` is the one that ships."""

    rule: str
    block: Mapping[str, float]
    review: Mapping[str, float]

    def scores(self, text: str) -> dict[str, float]: ...


class WordFilter:
    """Judges requests. Made in milliseconds; the classifier loads on the first request. For any thread.

    Args:
        rules: The compiled rules; None reads the file that ships.
        classifier: Gives the classifier when it is first needed.
    """

    def __init__(self, rules: Rules | None = None, classifier: Callable[[], WordScores] | None = None) -> None:
        self._rules = rules or Rules.load()
        self._classifier = classifier or _shipped_classifier
        self._judged = lru_cache(maxsize=512)(self._judge)

    def check(self, text: str, context: Sequence[str] = ()) -> Verdict:
        """The decision on a request.

        Args:
            text: What is asked for, as the person or the language model wrote it.
            context: Earlier sentences of the session, oldest first, for requests that are split over turns; those
                that were refused themselves are passed over.

        Returns:
            `allow`; `review` (goes ahead, and is marked); or `block` with category, a plain reason and a rewording
            that passes. Never raises: a fault inside is a block of category `error`.
        """
        try:
            if len(text) > MAX_CHARS:
                return _failed("words", f"the text has {len(text)} characters, more than the {MAX_CHARS} that are read")
            return self._explained(self._judged(text, self._kept(context)), text)
        except ModelError as error:
            return _failed("words", str(error))
        except Exception as error:
            return _failed("words", f"{type(error).__name__}: {error}")

    def _kept(self, context: Sequence[str]) -> tuple[str, ...]:
        """The last earlier sentences that pass on their own."""
        recent = [sentence for sentence in context[-CONTEXT_SENTENCES:] if 0 < len(sentence) <= MAX_CHARS]
        return tuple(sentence for sentence in recent if self._judged(sentence, ()).action != "block")

    def _judge(self, text: str, context: tuple[str, ...]) -> Verdict:
        """The worst verdict over what a request may say: as it stands, and with disguises undone."""
        worst = Verdict("allow", "words", rule=self._rules.version)
        for plain, before in self._ways(text, " . ".join(context)):
            verdict = self._read(plain, before)
            if verdict.action == "block":
                return verdict
            worst = max(worst, verdict, key=lambda one: (one.action == "review", one.score, one.rule))
        return worst

    def _ways(self, text: str, context: str) -> list[tuple[str, str]]:
        """The readings of a request, each with the reading of its context that goes with it, in plain words."""
        from models.words import readings

        now, before = ([self._rules.plain(reading) for reading in readings(part)] for part in (text, context))
        count = max(len(now), len(before))
        paired = ((now[min(at, len(now) - 1)], before[min(at, len(before) - 1)]) for at in range(count))
        return list(dict.fromkeys(paired))

    def _read(self, plain: str, before: str) -> Verdict:
        if not plain:
            return Verdict("allow", "words", rule=self._rules.version)
        rule = self._rules.find(plain, before)
        if rule is None and before and self._rules.find(before) is None:
            rule = self._rules.find(f"{before} {plain}")  # a phrase that was cut in two
        if rule is not None:
            return Verdict("block", "words", rule.category, 1.0, f"{self._rules.version}:{rule.id}")
        return self._scored(latin(plain), latin(before))

    def _scored(self, plain: str, before: str) -> Verdict:
        if not plain:
            return Verdict("allow", "words", rule=self._rules.version)
        classifier = self._classifier()
        scores = classifier.scores(plain)
        if before:
            together = classifier.scores(f"{before} {plain}")
            alone = classifier.scores(before)
            for category, score in together.items():
                if scores[category] >= CONTRIBUTES and alone[category] < classifier.review[category]:
                    scores[category] = max(scores[category], score)
        # The category that is furthest above its own threshold names the decision.
        category = max(scores, key=lambda name: scores[name] - classifier.block[name])
        score = round(scores[category], 4)
        if score >= classifier.block[category]:
            return Verdict("block", "words", category, score, classifier.rule)
        if score >= classifier.review[category]:
            return Verdict("review", "words", category, score, classifier.rule)
        return Verdict("allow", "words", "none", score, classifier.rule)

    def _explained(self, verdict: Verdict, text: str) -> Verdict:
        if verdict.action != "block":
            return verdict
        category = self._rules.categories[verdict.category]
        return replace(verdict, reason=category.reason, rewording=self._rewording(verdict.category, category, text))

    def _rewording(self, name: str, category: Category, text: str) -> str:
        """The request without what was wrong with it where that passes, else the category's own proposal."""
        softened = self._rules.soften(name, text)
        if softened not in {text, ""} and self._judged(softened, ()).action == "allow":
            return softened
        return category.rewording


def _shipped_classifier() -> WordClassifier:
    from models.words import classifier

    return classifier()


# ── Pixels ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class PixelJudge(Protocol):
    """One opinion on a picture: a verdict, or None where it has nothing against it. May raise; that blocks."""

    name: str

    def judge(self, image: Image.Image) -> Verdict | None: ...


class PixelFilter:
    """Judges pictures. Made in milliseconds; NudeNet loads on the first picture. For any thread.

    Args:
        painted: True for what a model has just painted: a wholly black picture is then a failure of the model (not a
            number in its arithmetic), while an upload or an exact adjustment may be black.
        judges: The judges in order; None takes the rules and, where it is installed, NudeNet.
    """

    def __init__(self, painted: bool = False, judges: Sequence[PixelJudge] | None = None) -> None:
        self.judges: tuple[PixelJudge, ...] = tuple(judges) if judges is not None else _pixel_judges(painted)

    def check(self, image: Image.Image) -> Verdict:
        """The decision on a picture of any mode and size; about 40 ms on one core with NudeNet, else 1 ms.

        Returns:
            `allow`, `review` or `block`, named after the judge that decided; the first block wins. Never raises: a
            fault in a judge is a block of category `error`.
        """
        found: list[Verdict] = []
        for judge in self.judges:
            try:
                verdict = judge.judge(image)
            except ModelError as error:
                return _failed("pixels", str(error), judge.name)
            except Exception as error:
                return _failed("pixels", f"{type(error).__name__}: {error}", judge.name)
            if verdict is not None and verdict.action == "block":
                return verdict
            if verdict is not None:
                found.append(verdict)
        return found[0] if found else Verdict("allow", "pixels", rule=", ".join(judge.name for judge in self.judges))


class PictureRules:
    """What can be said of a picture without a model: it is one."""

    name = "pixels-rules/1"

    def __init__(self, painted: bool) -> None:
        self._painted = painted

    def judge(self, image: Image.Image) -> Verdict | None:
        if image.mode == "F" and not bool(np.isfinite(np.asarray(image)).all()):
            return self._no_picture("its pixels are not numbers")
        # A model's pixels that are not numbers come out as black once they are whole numbers.
        if self._painted and image.convert("RGB").getextrema() == ((0, 0), (0, 0), (0, 0)):
            return self._no_picture("every pixel is black")
        return None

    def _no_picture(self, why: str) -> Verdict:
        reason = f"The model produced no picture ({why}); please try again, with another seed or other words."
        return Verdict("block", "pixels", "error", 1.0, self.name, reason)


class Nudity:
    """NudeNet's opinion: which labels are refused, from which score on.

    Covered bodies, bare feet, arms and bellies and men's chests are allowed.
    """

    name = "nudenet/3.4.2"
    block: Mapping[str, float] = {
        "FEMALE_GENITALIA_EXPOSED": 0.40,
        "MALE_GENITALIA_EXPOSED": 0.40,
        "ANUS_EXPOSED": 0.40,
        "FEMALE_BREAST_EXPOSED": 0.50,
        "BUTTOCKS_EXPOSED": 0.50,
    }
    review = 0.30

    def __init__(self, weights: Path) -> None:
        self._weights = weights
        self._detector: Callable[[Image.Image], dict[str, float]] | None = None
        self._lock = threading.Lock()

    def judge(self, image: Image.Image) -> Verdict | None:
        found = self._scores(image)
        label = max(self.block, key=lambda name: found[name] - self.block[name])
        score = round(found[label], 4)
        if score >= self.block[label]:
            reason = "The picture shows nudity, which Easel does not show; nothing was saved."
            rewording = "the same scene with everyone dressed"
            return Verdict("block", "pixels", "sexual", score, self.name, reason, rewording)
        return Verdict("review", "pixels", "sexual", score, self.name) if score >= self.review else None

    def _scores(self, image: Image.Image) -> dict[str, float]:
        with self._lock:
            if self._detector is None:
                from models.judge import NudeNet

                self._detector = NudeNet(self._weights).scores
        return self._detector(image)


def _pixel_judges(painted: bool) -> tuple[PixelJudge, ...]:
    from models.judge import nudenet_weights

    weights = nudenet_weights()
    return (PictureRules(painted), Nudity(weights)) if weights else (PictureRules(painted),)


# ── Which judges there are ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Judge:
    """One line about a judge, for `easel doctor`."""

    name: str
    stage: VerdictStage
    active: bool
    detail: str


def describe_judges() -> tuple[Judge, ...]:
    """Every judge, whether it takes part on this machine, and if not what to do; loads no weights."""
    from models.judge import nudenet_weights

    nudenet = nudenet_weights()
    rules = Rules.load()
    return (
        Judge(rules.version, "words", True, f"{len(rules.rules)} rules, English and Chinese"),
        Judge(
            "words-minilm/3",
            "words",
            True,
            "classifier on MiniLM, English and glossed Chinese; if it cannot load, every request is blocked",
        ),
        Judge(PictureRules.name, "pixels", True, "refuses what is no picture"),
        Judge(
            Nudity.name,
            "pixels",
            nudenet is not None,
            "refuses nudity in pictures"
            if nudenet
            else "not installed: nudity in pictures and uploads is not looked "
            "for; install it with: pip install 'easel[nudenet]' (its licence text is the AGPL's)",
        ),
    )


def _failed(stage: VerdictStage, why: str, rule: str = "") -> Verdict:
    what, undone = ("word", "made") if stage == "words" else ("picture", "shown")
    reason = f"The {what} filter could not decide, so nothing was {undone}: {why.rstrip('.')}."
    return Verdict("block", stage, "error", 1.0, rule or f"{stage}-filter/1", reason)
