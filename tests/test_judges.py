"""Judges that a person names, on tiny replicas of their exact classes: they decide by their presets' thresholds and say
why, and one that cannot be loaded lets nothing pass and says what to do."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from house import Place, fox, open_place
from PIL import Image
from replica_judges import clip_safety, falconsai, qwen3guard, replica, shieldgemma_2

from models import place as places
from models.errors import UnknownPreset
from models.flat import FlatEngine
from models.judges import Guard, Opinion, PictureJudge
from models.presets import Preset, Presets
from models.weights import seal
from storage.records import Verdict
from tools.errors import Refusal
from tools.safety import GuardJudge, Named, PixelFilter, WordFilter, judge_named, pixel_filter, word_filter
from tools.settings import Settings
from tools.studio import Studio
from tools.worker import Worker
from ui import doctor

CPU = torch.device("cpu")
NOISE = Image.effect_noise((90, 60), 70).convert("RGB")
PLAIN = Image.new("RGB", (64, 64), "teal")
GUARD = "qwen3guard.judge"


def on_cpu(preset: Preset) -> places.Place:
    return places.Place.for_preset(preset, CPU)


def known(*presets: Preset, folder: Path | None = None) -> Presets:
    return Presets({preset.label: preset for preset in presets}, folder)


def named(*names: str, **more: Any) -> Settings:
    return Settings.model_validate({"judges": names, "device": "cpu", **more})


def filtering(preset: Preset) -> PixelFilter:
    return pixel_filter(named(preset.name), known(preset), painted=True)


# ── Pixels ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("label", "build", "category", "who"),
    [
        ("falconsai.judge", lambda at: falconsai(at, nsfw=0.9), "sexual", "Falconsai NSFW image detection"),
        ("clip-safety.judge", lambda at: clip_safety(at, concept=5), "sexual", "its concept 5 of 17"),
        ("shieldgemma-2.judge", lambda at: shieldgemma_2(at, sure=3), "weapons", "ShieldGemma 2"),
    ],
)
def test_what_a_judge_finds_is_blocked_with_a_reason_and_a_way_on(
    tmp_path: Path, label: str, build: Callable[[Path], Path], category: str, who: str
) -> None:
    verdict = filtering(replica(label, build(tmp_path / "weights"))).check(NOISE)
    assert (verdict.action, verdict.category) == ("block", category)
    assert who in verdict.reason and "nothing was saved" in verdict.reason and verdict.rewording
    assert verdict.rule.startswith(label.removesuffix(".judge") + "/") and 0 < verdict.score <= 1


@pytest.mark.parametrize(
    ("label", "build"),
    [
        ("falconsai.judge", lambda at: falconsai(at, nsfw=0.05)),
        ("clip-safety.judge", clip_safety),
        ("shieldgemma-2.judge", lambda at: shieldgemma_2(at, sure=-3)),
    ],
)
def test_a_judge_that_finds_nothing_lets_a_picture_pass(
    tmp_path: Path, label: str, build: Callable[[Path], Path]
) -> None:
    judging = filtering(replica(label, build(tmp_path / "weights")))
    for picture in (NOISE, PLAIN, Image.new("L", (3, 300), 90), Image.new("RGBA", (40, 40), "red")):
        verdict = judging.check(picture)
        assert verdict.action == "allow" and label.removesuffix(".judge") in verdict.rule


def test_between_the_thresholds_a_picture_is_shown_and_marked(tmp_path: Path) -> None:
    verdict = filtering(replica("falconsai.judge", falconsai(tmp_path / "weights", nsfw=0.35))).check(NOISE)
    assert (verdict.action, verdict.category) == ("review", "sexual") and 0.2 <= verdict.score < 0.5


@pytest.mark.parametrize(
    ("label", "build"),
    [("falconsai.judge", falconsai), ("clip-safety.judge", clip_safety), ("shieldgemma-2.judge", shieldgemma_2)],
)
def test_the_same_picture_is_seen_the_same_and_every_label_is_looked_for(
    tmp_path: Path, label: str, build: Callable[[Path], Path]
) -> None:
    preset = replica(label, build(tmp_path / "weights"))
    judge = PictureJudge.load(preset, on_cpu(preset))
    assert judge.sightings(NOISE) == judge.sightings(NOISE)
    assert {sighting.label for sighting in judge.sightings(PLAIN)} == set(preset.thresholds)


def test_the_clip_checker_sees_what_its_own_class_sees(tmp_path: Path) -> None:
    """Its published class rounds to three digits and blacks the picture out; what it compares is the same."""
    import numpy as np
    from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
    from transformers import CLIPImageProcessor

    for careful in (False, True):
        folder = clip_safety(tmp_path / f"weights-{careful}", concept=3, careful=careful)
        preset = replica("clip-safety.judge", folder)
        found = PictureJudge.load(preset, on_cpu(preset)).sightings(NOISE)
        checker: Any = StableDiffusionSafetyChecker.from_pretrained(folder)
        pixels = CLIPImageProcessor.from_pretrained(folder)(NOISE, return_tensors="pt")["pixel_values"]
        _, unsafe = checker(clip_input=pixels, images=[np.zeros((2, 2, 3))])
        assert [sighting.score > 0 for sighting in found].count(True) == sum(unsafe) == 1
        assert max(found, key=lambda sighting: sighting.score).detail == "its concept 3 of 17"
    plain = replica("clip-safety.judge", tmp_path / "weights-False")
    before = PictureJudge.load(plain, on_cpu(plain)).sightings(NOISE)
    assert [a.score - b.score for a, b in zip(found, before, strict=True)] == pytest.approx([0.01] * 17, abs=1e-5)


# ── What cannot be loaded ───────────────────────────────────────────────────────────────────────────────────────────


def pickled(folder: Path) -> str:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    return "is a pickle, which can run code"


def with_code(folder: Path) -> str:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"auto_map": {"AutoModel": "evil.Model"}}))
    seal(folder)
    return "brings code of its own"


def another(folder: Path) -> str:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"architectures": ["BertModel"]}))
    seal(folder)
    return "holds no ViTForImageClassification but BertModel"


def in_part(folder: Path) -> str:
    from safetensors.torch import load_file, save_file

    state = load_file(folder / "model.safetensors")
    state.pop("classifier.weight")
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    seal(folder)
    return "not complete: classifier.weight is missing"


def cut_off(folder: Path) -> str:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:500])
    seal(folder)
    return "cannot be read"


def relabelled(folder: Path) -> str:
    config = json.loads((folder / "config.json").read_text())
    labels = {"id2label": {"0": "cat", "1": "dog"}, "label2id": {"cat": 0, "dog": 1}}
    (folder / "config.json").write_text(json.dumps(config | labels))
    seal(folder)
    return "has no label nsfw, only cat, dog"


def unprocessed(folder: Path) -> str:
    (folder / "preprocessor_config.json").unlink()
    seal(folder)
    return "cannot be read"


@pytest.mark.parametrize("spoil", [pickled, with_code, another, in_part, cut_off, relabelled, unprocessed])
def test_a_spoilt_judge_blocks_and_says_what_is_wrong(tmp_path: Path, spoil: Callable[[Path], str]) -> None:
    preset = replica("falconsai.judge", falconsai(tmp_path / "weights"))
    expected = spoil(tmp_path / "weights")
    verdict = filtering(preset).check(PLAIN)
    assert (verdict.action, verdict.category) == ("block", "error")
    assert expected in verdict.reason and verdict.reason.count("\n") == 0


def test_a_device_that_is_too_small_for_a_judge_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preset = replica("falconsai.judge", falconsai(tmp_path / "weights"))
    monkeypatch.setattr("models.judges.load", lambda preset, place: torch.empty(2**50))
    verdict = filtering(preset).check(PLAIN)
    assert verdict.action == "block" and "needs about 1 GiB of memory, more than is free on cpu" in verdict.reason


ABSENT = replica("falconsai.judge", Path()).model_copy(update={"folder": None, "hub": "nobody/nothing"})


def test_a_judge_comes_to_life_when_its_weights_do(tmp_path: Path) -> None:
    preset = replica("falconsai.judge", tmp_path / "weights")
    judging = filtering(preset)
    assert judging.check(PLAIN).category == "error"
    falconsai(tmp_path / "weights", nsfw=0.05)
    assert judging.check(PLAIN).action == "allow"


def test_a_licence_that_nobody_agreed_to_blocks_and_says_how_to_agree(tmp_path: Path) -> None:
    shipped = judge_named("shieldgemma-2", Presets.load())
    verdict = pixel_filter(named("shieldgemma-2"), known(shipped, folder=tmp_path), painted=False).check(PLAIN)
    assert verdict.action == "block"
    assert "Agree once with: easel models pull shieldgemma-2 --accept-licence" in verdict.reason


def test_an_unknown_judge_blocks_pictures_and_words_alike() -> None:
    settings, presets = named("falconsy"), Presets.load()
    for verdict in (
        pixel_filter(settings, presets, painted=False).check(PLAIN),
        word_filter(settings, presets).check("a red fox"),
    ):
        assert verdict.action == "block" and "There is no judge “falconsy”" in verdict.reason
    with pytest.raises(UnknownPreset, match="falconsai, clip-safety, shieldgemma-2, qwen3guard"):
        judge_named("falconsy", presets)


def test_the_doctor_says_which_judge_cannot_judge_and_what_brings_it(tmp_path: Path) -> None:
    settings = named("clip-safety", "nobody", data=tmp_path)
    told = [finding for finding in doctor.judges(settings) if finding.state == "missing"]
    assert "easel models pull clip-safety" in told[0].sentence and "no judge “nobody”" in told[1].sentence


def test_a_picture_is_judged_by_its_askers_judges_beside_the_painters_own(tmp_path: Path) -> None:
    judge = replica("falconsai.judge", falconsai(tmp_path / "weights", nsfw=0.9))
    painter = pixel_filter(named(), known(judge), painted=True)
    assert painter.check(NOISE).action == "allow"
    assert painter.check(NOISE, ["falconsai"]).category == "sexual"
    missing = painter.check(NOISE, ["nudenet", "falconsai"])
    assert missing.action == "block" and "“nudenet” is not installed on the machine that painted it" in missing.reason


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    opened = open_place(tmp_path / "data")
    yield opened
    opened.library.close()


@pytest.mark.parametrize("workers", [("falconsai",), ()], ids=["worker names it too", "worker of other settings"])
def test_without_a_named_judges_weights_no_picture_is_shown_and_the_person_hears_why(
    place: Place, workers: tuple[str, ...]
) -> None:
    """Painted by any worker or uploaded to the serving process: the sentence arrives, and nothing is on the shelf."""
    presets = Presets({preset.label: preset for preset in (*Presets.load(), ABSENT)})
    settings = named("falconsai", data=place.data)
    studio = Studio(place.library, settings, presets, WordFilter())
    judge, leave = pixel_filter(named(*workers, data=place.data), presets, painted=True), threading.Event()
    judge.load()  # as the worker does at its start: what is missing is told by the first picture
    thread = threading.Thread(target=Worker(place.library, FlatEngine(), judge, "a worker", 60).serve, args=(leave,))
    thread.start()

    async def make() -> None:
        ids = {"session_id": place.session.id, "turn_id": None}
        async for _ in studio.make([fox()], parents=(), caption="a red fox", key="one", **ids):
            raise AssertionError("a picture that nobody judged was shown")

    try:
        with pytest.raises(Refusal, match="easel models pull falconsai"):
            asyncio.run(make())
    finally:
        leave.set()
        thread.join()
    buffer = io.BytesIO()
    PLAIN.save(buffer, "PNG")
    with pytest.raises(Refusal, match="easel models pull falconsai"):
        asyncio.run(studio.add_upload(place.session.id, None, studio.check_upload(buffer.getvalue(), "teal.png")))
    assert place.library.pictures(place.session.id) == []
    verdicts = [verdict for verdict in place.library.verdicts(place.session.id) if verdict.stage == "pixels"]
    assert [(verdict.action, verdict.category) for verdict in verdicts] == [("block", "error")] * 2


# ── Words ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def guarded(folder: Path, answer: str) -> WordFilter:
    return word_filter(named("qwen3guard"), known(replica(GUARD, qwen3guard(folder, answer))))


@pytest.mark.parametrize("request_", ["a red fox", "雪地里的红狐狸"])
@pytest.mark.parametrize(
    ("answer", "action", "category"),
    [
        ("Safety: Safe\nCategories: None", "allow", "none"),
        ("Safety: Controversial\nCategories: Unethical Acts", "review", "hate"),
        ("Safety: Unsafe\nCategories: Violent, Suicide & Self-Harm", "block", "violence"),
        ("Safety: Unsafe\nCategories: Politically Sensitive Topics", "review", "none"),
    ],
)
def test_a_guards_opinion_is_the_second_one(
    tmp_path: Path, request_: str, answer: str, action: str, category: str
) -> None:
    verdict = guarded(tmp_path / "weights", answer).check(request_)
    assert (verdict.action, verdict.category) == (action, category)
    if action == "block":
        assert "Qwen3Guard-Gen 0.6B reads this as “Violent, Suicide & Self-Harm”" in verdict.reason
        assert verdict.rewording and verdict.rule.startswith("qwen3guard/")


def test_what_the_rules_refuse_stays_refused_whatever_a_guard_says(tmp_path: Path) -> None:
    verdict = guarded(tmp_path / "weights", "Safety: Safe").check("a naked woman")
    assert verdict.action == "block" and verdict.rule.startswith("words-rules/")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("What a lovely fox", "gave no decision but “What a lovely fox”"),
        ("Safety: Unsafe\nCategories: None", "gave no decision but “Safety: Unsafe"),
        ("Safety: Unsafe\nCategories: Rudeness", "names “Rudeness”, which is not under [guard]"),
    ],
)
def test_a_guard_that_makes_no_sense_blocks(tmp_path: Path, answer: str, said: str) -> None:
    verdict = guarded(tmp_path / "weights", answer).check("a red fox")
    assert (verdict.action, verdict.category) == ("block", "error") and said in verdict.reason


def test_a_guard_that_is_not_here_blocks_words_and_says_what_brings_it() -> None:
    absent = replica(GUARD, Path()).model_copy(update={"folder": None, "hub": "nobody/nothing"})
    verdict = word_filter(named("qwen3guard"), known(absent)).check("a red fox")
    assert verdict.action == "block" and "easel models pull qwen3guard" in verdict.reason


def test_a_guard_reads_each_request_once(tmp_path: Path) -> None:
    asked: list[str] = []

    class Noting(Guard):
        def opinion(self, text: str) -> Opinion:
            asked.append(text)
            return super().opinion(text)

    preset = replica(GUARD, qwen3guard(tmp_path / "weights"))
    guard = GuardJudge(Named("qwen3guard", known(preset), "cpu", True, Noting.load))
    words = WordFilter(guards=[guard])
    said = [words.check(text, ("a fox",)).action for text in ("a red fox", "a blue fox", "a red fox")]
    assert said == ["allow"] * 3 and asked == ["a red fox", "a blue fox"]


# ── Settings ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_judges_are_named_between_commas_or_in_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EASEL_JUDGES", "falconsai, qwen3guard")
    settings = Settings()
    assert settings.judges == ("falconsai", "qwen3guard")
    assert Settings.model_validate_json(settings.model_dump_json()).judges == settings.judges
    monkeypatch.delenv("EASEL_JUDGES")
    assert Settings().judges == () and named("falconsai").judges == ("falconsai",)


def test_each_judge_is_asked_at_its_own_stage_only() -> None:
    settings, presets = named("falconsai", "qwen3guard"), Presets.load()
    assert "falconsai" in {judge.name for judge in pixel_filter(settings, presets, painted=True).judges}
    assert "qwen3guard" not in {judge.name for judge in pixel_filter(settings, presets, painted=True).judges}
    blocked: Verdict = word_filter(settings, presets).check("a red fox")
    assert "qwen3guard" in blocked.reason
