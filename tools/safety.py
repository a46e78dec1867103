"""What may be painted and what may be shown: the two filters that wrap every tool in code.

`WordFilter.check` judges a request before anything is painted, in every way it may be read (`models.words.readings`):
rules first (`rules.toml`), then a small classifier on MiniLM. `PixelFilter.check` judges a picture before anything can
show it: rules that need no model, then NudeNet where it is installed. Behind both come the judges that a person names
(`Settings.judges`): `word_filter` and `pixel_filter` put them together. The one promise: an answer is always a
`Verdict`, and whatever goes wrong inside a filter, a named judge that cannot be loaded included, is a block that says
so. Nothing here is asked of the language model, and nothing is stored: whoever asks stores the verdict
(`tools.studio`, `tools.worker`). `docs/safety.md` has figures, limits, how to tune.

Neither filter tells ages or known faces in pictures, and words are judged in English and Chinese.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import numpy as np
from PIL import Image

from models.errors import ModelError, UnknownPreset
from models.presets import Preset, Presets
from storage.records import Verdict, VerdictStage
from tools.normalise import latin
from tools.rules import Category, Rules
from tools.settings import Settings

if TYPE_CHECKING:
    from models.judges import Guard, PictureJudge
    from models.place import Place
    from models.words import WordClassifier

MAX_CHARS = 20_000
"""Longest text that is judged; a longer one is blocked unread (a message is bounded far below that)."""

CONTEXT_SENTENCES = 5
"""How many sentences of the session are read together with a request: the turn's own, and four before it."""

LOOKED_BACK = 20
"""Among how many of the session's last sentences those are looked for: refused ones are passed over."""

CONTRIBUTES = 0.08
"""What the classifier must find in a sentence alone for it to complete a request begun in earlier ones."""


_PARTS = re.compile(r"[,;.\n]|\band\b", re.IGNORECASE)


# ── Words ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class WordScores(Protocol):
    """What the word filter needs of a classifier; `models.words.WordClassifier` is the one that ships."""

    rule: str
    block: Mapping[str, float]
    review: Mapping[str, float]

    def scores(self, texts: Sequence[str]) -> list[dict[str, float]]: ...


class WordFilter:
    """Judges requests. Made in milliseconds; the classifier loads on the first request. For any thread.

    Args:
        rules: The compiled rules; None reads the file that ships.
        classifier: Gives the classifier when it is first needed.
        guards: Second opinions on what rules and classifier let through, in order.
    """

    def __init__(
        self,
        rules: Rules | None = None,
        classifier: Callable[[], WordScores] | None = None,
        guards: Sequence[GuardJudge] = (),
    ) -> None:
        self._rules = rules or Rules.load()
        self._classifier = classifier or _shipped_classifier
        self._guards = tuple(guards)
        self._judged = lru_cache(maxsize=512)(self._judge)
        self._guarded = lru_cache(maxsize=512)(self._ask_guards)

    def check(self, text: str, context: Sequence[str] = (), *, source: str = "", without: str = "") -> Verdict:
        """The decision on a request.

        Args:
            text: What is asked for, as the person or the language model wrote it.
            context: Sentences of the session, oldest first, for requests that are split over turns; those that were
                refused themselves are passed over.
            source: What the picture that is to be changed was made from, however long ago that was said.
            without: What must not appear (the negative prompt). A part of it that would be refused itself is asked
                away, and harmless; every other is judged as what the request would do without.

        Returns:
            `allow`; `review` (goes ahead, and is marked); or `block` with category, a plain reason and a rewording
            that passes. Never raises: a fault inside is a block of category `error`.
        """
        try:
            if (length := len(text) + len(without)) > MAX_CHARS:
                return _failed("words", f"the text has {length} characters, more than the {MAX_CHARS} that are read")
            before = self._kept(context) + self._kept([source[-MAX_CHARS:]])
            for asked in self._with_each_left_out(text, without):
                verdict = self._decided(asked, before)
                if verdict.action == "block":
                    return self._explained(verdict, asked)
            return self._decided(text, before)
        except ModelError as error:
            return _failed("words", str(error))
        except Exception as error:
            return _failed("words", f"{type(error).__name__}: {error}")

    def _kept(self, context: Sequence[str]) -> tuple[str, ...]:
        """The last sentences that pass on their own."""
        recent = [sentence for sentence in context[-LOOKED_BACK:] if 0 < len(sentence) <= MAX_CHARS]
        passing = (sentence for sentence in reversed(recent) if self._judged(sentence, ()).action != "block")
        return tuple(islice(passing, CONTEXT_SENTENCES))[::-1]

    def _with_each_left_out(self, text: str, without: str) -> Iterator[str]:
        """A request, then the request without each thing that must not appear: "clothes" is a harmless word, but not
        of a request for a woman."""
        yield text
        for part in dict.fromkeys(part.strip() for part in _PARTS.split(without)):
            if part and self._judged(part, ()).action != "block":
                yield f"{text}, without {part}"

    def _decided(self, text: str, context: tuple[str, ...] = ()) -> Verdict:
        """The filter's own verdict, or the guards' where theirs is worse. They read the request alone: an answer of
        theirs takes a second, and a request split over turns is what rules and classifier look for."""
        verdict = self._judged(text, context)
        if verdict.action == "block":
            return verdict
        second = self._guarded(text)
        return second if second is not None and (second.action == "block" or verdict.action == "allow") else verdict

    def _ask_guards(self, text: str) -> Verdict | None:
        found = [verdict for guard in self._guards if (verdict := guard.judge(text, self._rules.guard)) is not None]
        return next((verdict for verdict in found if verdict.action == "block"), found[0] if found else None)

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
        # The turn's own sentence stands in what was said, and is no reason to think that the phrase was said earlier.
        if rule is None and before and self._rules.find(before.replace(plain, "¦")) is None:
            rule = self._rules.find(f"{before} {plain}")  # a phrase that was cut in two
        if rule is not None:
            return Verdict("block", "words", rule.category, 1.0, f"{self._rules.version}:{rule.id}")
        return self._scored(latin(self._rules.swept(plain, before)), latin(self._rules.swept(before)))

    def _scored(self, plain: str, before: str) -> Verdict:
        if not plain:
            return Verdict("allow", "words", rule=self._rules.version)
        classifier = self._classifier()
        if not before:
            [scores] = classifier.scores([plain])
        else:
            scores, together, alone = classifier.scores([plain, f"{before} {plain}", before])
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
        rewording = self._rewording(verdict.category, category, text)
        return replace(verdict, reason=verdict.reason or category.reason, rewording=rewording)

    def _rewording(self, name: str, category: Category, text: str) -> str:
        """The request without what was wrong with it where that passes, else the category's own proposal."""
        softened = self._rules.soften(name, text)
        if softened not in {text, ""} and self._decided(softened).action == "allow":
            return softened
        return category.rewording


class GuardJudge:
    """The opinion of a guard that a person names, `models.judges.Guard`; it loads on the first request."""

    def __init__(self, named: Named[Guard]) -> None:
        self._named = named

    def judge(self, text: str, categories: Mapping[str, str]) -> Verdict | None:
        """A block where it finds a request unsafe, `review` where it is in doubt, None where it has nothing against it.

        Args:
            text: The request.
            categories: Ours by the guard's own; "" for one that Easel does not refuse, and marks.

        Raises:
            ModelError: It cannot be loaded, gives no decision, or names a category that nobody knows.
        """
        preset, guard = self._named.loaded()
        opinion = guard.opinion(text)
        if opinion.safety == "Safe":
            return None
        rule = f"{self._named.rule}:{'+'.join(opinion.categories)}"
        if unknown := [name for name in opinion.categories if name not in categories]:
            raise ModelError(f"{preset.title} names “{unknown[0]}”, which is not under [guard] in tools/rules.toml.")
        ours = [category for name in opinion.categories if (category := categories[name])]
        if opinion.safety == "Unsafe" and ours:
            reason = f"{preset.title} reads this as “{', '.join(opinion.categories)}”, which Easel does not make."
            return Verdict("block", "words", ours[0], 1.0, rule, reason)
        return Verdict("review", "words", ours[0] if ours else "none", 0.5, rule)


def word_filter(settings: Settings, presets: Presets) -> WordFilter:
    """The filter with the judges of words that the settings name. They read on the processor: the device is the
    worker's."""
    named = _named(settings, presets, "words", "cpu", settings.offline, _guard)
    return WordFilter(guards=[GuardJudge(each) for each in named])


def _guard(preset: Preset, place: Place) -> Guard:
    from models.judges import Guard

    return Guard.load(preset, place)


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
        find: The judge of a name that none of these has.
    """

    def __init__(
        self,
        painted: bool = False,
        judges: Sequence[PixelJudge] | None = None,
        find: Callable[[str], PixelJudge] | None = None,
    ) -> None:
        self.judges: tuple[PixelJudge, ...] = tuple(judges) if judges is not None else _pixel_judges(painted)
        self._find = cache(find or Absent)

    def load(self) -> None:
        """Loads the named judges now: seconds that a picture would else wait for."""
        for judge in self.judges:
            if isinstance(judge, PictureScores):
                judge.load()

    def check(self, image: Image.Image, also: Sequence[str] = ()) -> Verdict:
        """The decision on a picture of any mode and size; about 40 ms on one core with NudeNet, else 1 ms.

        Args:
            image: The picture.
            also: Names of judges that take part too, as `judges_of_pixels` gives them.

        Returns:
            `allow`, `review` or `block`, named after the judge that decided; the first block wins. Never raises: a
            fault in a judge is a block of category `error`.
        """
        found: list[Verdict] = []
        here = {_short(judge.name) for judge in self.judges}
        judges = (*self.judges, *(self._find(name) for name in also if name not in here))
        for judge in judges:
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
        return found[0] if found else Verdict("allow", "pixels", rule=", ".join(judge.name for judge in judges))


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
                from models.nudenet import NudeNet

                self._detector = NudeNet(self._weights).scores
        return self._detector(image)


class Absent:
    """A judge that somebody's settings name and this machine has not: it lets nothing pass."""

    def __init__(self, name: str) -> None:
        self.name = name

    def judge(self, image: Image.Image) -> Verdict | None:
        del image
        raise UnknownPreset(f"the judge “{self.name}” is not installed on the machine that painted it")


class PictureScores:
    """A judge that a person names, `models.judges.PictureJudge`, by its preset's thresholds; loads when first used."""

    seen: Mapping[str, tuple[str, str]] = {
        "sexual": ("nudity or sexual content", "the same scene with everyone dressed"),
        "violence": ("gore or cruelty", "the same scene without blood and wounds"),
        "weapons": ("how harm is done", "the same scene without weapons"),
    }
    """By category what a picture is said to show, and a request that would pass."""

    def __init__(self, named: Named[PictureJudge]) -> None:
        self._named = named
        self.name = named.name

    def load(self) -> None:
        """Loads it now, which else the first picture waits for; what goes wrong is told by that picture."""
        with suppress(ModelError):
            self._named.loaded()

    def judge(self, image: Image.Image) -> Verdict | None:
        preset, judge = self._named.loaded()
        marked: Verdict | None = None
        for found in sorted(judge.sightings(image), key=lambda one: -one.score):
            threshold = preset.thresholds[found.label]
            score = round(min(max(found.score, 0.0), 1.0), 4)
            if found.score >= threshold.block:
                shown, rewording = self.seen[threshold.category]
                why = f"{preset.title}, {found.detail}" if found.detail else preset.title
                reason = f"The picture shows {shown} (found by {why}), which Easel does not show; nothing was saved."
                return Verdict("block", "pixels", threshold.category, score, self._named.rule, reason, rewording)
            if marked is None and threshold.review is not None and found.score >= threshold.review:
                marked = Verdict("review", "pixels", threshold.category, score, self._named.rule)
        return marked


def pixel_filter(settings: Settings, presets: Presets, *, painted: bool) -> PixelFilter:
    """The filter with the judges of pixels that the settings name.

    Args:
        settings, presets: What the person set.
        painted: True in the worker, for what a model has just painted: the named judges then compute on its device.
            All others (uploads, exact adjustments) are judged by the same ones, on the processor.
    """
    device, offline = (settings.device, settings.offline) if painted else ("cpu", True)  # fetched once, by the worker
    named = _named(settings, presets, "pixels", device, offline, _picture_judge)

    def find(name: str) -> PixelJudge:
        if name == _short(Nudity.name):  # no preset, and not installed here, or it were among the judges
            return Absent(name)
        return PictureScores(Named(name, presets, device, offline, _picture_judge))

    return PixelFilter(painted, [*_pixel_judges(painted), *(PictureScores(each) for each in named)], find)


def judges_of_pixels(settings: Settings, presets: Presets) -> tuple[str, ...]:
    """Names of the judges that take part here beside the rules: another machine may have others."""
    installed = [_short(judge.name) for judge in _pixel_judges(painted=True) if not isinstance(judge, PictureRules)]
    return (*installed, *_names(settings, presets, "pixels"))


def _short(name: str) -> str:
    """A judge's name without its version."""
    return name.partition("/")[0]


def _picture_judge(preset: Preset, place: Place) -> PictureJudge:
    from models.judges import PictureJudge

    return PictureJudge.load(preset, place)


def _pixel_judges(painted: bool) -> tuple[PixelJudge, ...]:
    from models.nudenet import nudenet_weights

    weights = nudenet_weights()
    return (PictureRules(painted), Nudity(weights)) if weights else (PictureRules(painted),)


# ── Judges by name ──────────────────────────────────────────────────────────────────────────────────────────────────

Loaded = TypeVar("Loaded")


class Named(Generic[Loaded]):
    """A judge that the settings name: its preset, and its network once that is needed. For any thread.

    What keeps it from being loaded is tried again at the next use, so that weights that come meanwhile are found.
    """

    def __init__(
        self,
        name: str,
        presets: Presets,
        device: str,
        offline: bool,
        load: Callable[[Preset, Place], Loaded],
    ) -> None:
        self.name = name
        self._presets, self._device, self._offline = presets, device, offline
        self._load = load
        self._there: tuple[Preset, Loaded] | None = None
        self._lock = threading.Lock()
        self.rule = name

    def loaded(self) -> tuple[Preset, Loaded]:
        """Its preset and its network.

        Raises:
            ModelError: There is no such judge; its licence is not agreed to; its weights are not here, or not its own;
                the device is too small.
        """
        with self._lock:
            if self._there is None:
                from models.networks import obtain, place_for

                preset = judge_named(self.name, self._presets)
                obtain(preset, self._presets.folder, offline=self._offline)
                self._there = preset, self._load(preset, place_for(preset, self._device))
                self.rule = f"{self.name}/{preset.weights_hash()[:12]}"
            return self._there


def judge_named(name: str, presets: Presets) -> Preset:
    """The judge of that name.

    Raises:
        UnknownPreset: There is none.
    """
    for preset in presets:
        if preset.name == name and preset.part == "judge":
            return preset
    known = ", ".join(preset.name for preset in presets if preset.part == "judge")
    raise UnknownPreset(f"There is no judge “{name}”; EASEL_JUDGES may name {known}.")


def _named(
    settings: Settings,
    presets: Presets,
    stage: VerdictStage,
    device: str,
    offline: bool,
    load: Callable[[Preset, Place], Loaded],
) -> list[Named[Loaded]]:
    return [Named(name, presets, device, offline, load) for name in _names(settings, presets, stage)]


def _names(settings: Settings, presets: Presets, stage: VerdictStage) -> list[str]:
    """The judges that the settings name for a stage; an unknown name judges at both, and so blocks everything."""
    stages = {preset.name: preset.stage for preset in presets if preset.part == "judge"}
    return [name for name in settings.judges if stages.get(name, stage) == stage]


# ── Which judges there are ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class JudgeLine:
    """One line about a judge, for `easel doctor`."""

    name: str
    stage: VerdictStage
    active: bool
    detail: str


def describe_judges() -> tuple[JudgeLine, ...]:
    """Every judge, whether it takes part on this machine, and if not what to do; loads no weights."""
    from models.nudenet import nudenet_weights

    nudenet = nudenet_weights()
    rules = Rules.load()
    return (
        JudgeLine(rules.version, "words", True, f"{len(rules.rules)} rules, English and Chinese"),
        JudgeLine(
            "words-minilm/4",
            "words",
            True,
            "classifier on MiniLM, English and glossed Chinese; if it cannot load, every request is blocked",
        ),
        JudgeLine(PictureRules.name, "pixels", True, "refuses what is no picture"),
        JudgeLine(
            Nudity.name,
            "pixels",
            nudenet is not None,
            "refuses nudity in pictures"
            if nudenet
            else "not installed: nudity in pictures and uploads is not looked "
            "for; install it with: pip install '.[nudenet]' (its licence text is the AGPL's)",
        ),
    )


def _failed(stage: VerdictStage, why: str, rule: str = "") -> Verdict:
    what, undone = ("word", "made") if stage == "words" else ("picture", "shown")
    reason = f"The {what} filter could not decide, so nothing was {undone}: {why.rstrip('.')}."
    return Verdict("block", stage, "error", 1.0, rule or f"{stage}-filter/1", reason)
