"""Parts of painter and editor: the autoencoder, the text encoder, the shared network, the trainer, the weights."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import StableDiffusionInstructPix2PixPipeline, StableDiffusionPipeline

from models.autoencoder import PatchAutoencoder
from models.painter import EMBEDDED, MAX_TOKENS, PainterUNet, text_parts
from training import painter as trainer
from training import scenes

needs_font = pytest.mark.skipif(not scenes.FONT.exists(), reason="needs the Debian package fonts-noto-color-emoji")


def drawn(count: int, seed: int) -> torch.Tensor:
    rng = random.Random(seed)
    return torch.stack([trainer.tensor_of(scenes.render(scenes.invent(rng))) for _ in range(count)])


@needs_font
def test_the_autoencoder_keeps_pictures_it_was_not_fitted_on() -> None:
    vae = PatchAutoencoder().eval()
    vae.fit(drawn(120, 1))
    pictures = drawn(30, 2)
    with torch.no_grad():
        latents = vae.encode(pictures).latents
        error = (vae.decode(latents).sample.clamp(-1, 1) - pictures).square().mean()
    assert latents.shape == (30, 48, 16, 16)
    assert 0.9 < latents.std() < 1.1
    assert 10 * torch.log10(4 / error) > 28  # dB


@needs_font
def test_the_autoencoder_takes_any_size_in_steps_of_eight_and_can_be_saved(tmp_path: Path) -> None:
    vae = PatchAutoencoder().eval()
    vae.fit(drawn(40, 1))
    vae.save_pretrained(tmp_path)
    again = PatchAutoencoder.from_pretrained(tmp_path)
    picture = torch.rand(1, 3, 96, 160) * 2 - 1
    with torch.no_grad():
        assert vae.decode(vae.encode(picture).latents).sample.shape == picture.shape
        assert torch.equal(vae.encode(picture).latents, again.encode(picture).latents)


def test_the_painter_is_the_editor_given_no_picture() -> None:
    torch.manual_seed(0)
    editor = trainer.build_unet((32, 32, 32)).eval()
    painter = PainterUNet.of(editor)
    noisy, words = torch.randn(2, 48, 16, 16), torch.randn(2, MAX_TOKENS, 384)
    with torch.no_grad():
        alone = painter(noisy, 500, words).sample
        given = editor(torch.cat([noisy, torch.zeros_like(noisy)], 1), 500, words).sample
    assert torch.allclose(alone, given, atol=1e-5)


def test_an_untrained_editor_answers_with_the_picture_to_edit_when_all_else_is_noise() -> None:
    editor = trainer.build_unet((32, 32, 32)).eval()
    source, words = torch.randn(1, 48, 16, 16), torch.randn(1, MAX_TOKENS, 384)
    with torch.no_grad():
        said = editor(torch.cat([torch.randn_like(source), source], 1), 1000, words).sample
    assert (said - source).abs().mean() < 0.2


@needs_font
def test_what_a_picture_shows_is_learnt_from_the_networks_inner_state() -> None:
    torch.manual_seed(0)
    unet, head = trainer.build_unet((32, 32, 32)), trainer.build_head((32, 32, 32))
    reading = trainer.Reading(unet, head)
    rng = random.Random(1)
    shown = [scenes.invent(rng) for _ in range(4)]
    labels = torch.stack([trainer.labels_of(scene, (128, 128)) for scene in shown])
    states = torch.randn(4, MAX_TOKENS, 384)
    batch = trainer.Batch(torch.randn(4, 48, 16, 16), torch.zeros(4, 48, 16, 16), states, labels)
    optimiser = torch.optim.AdamW([*unet.parameters(), *head.parameters()], 3e-3)
    deep = unet.down_blocks[0].resnets[0].conv1.weight
    before, losses = deep.detach().clone(), list[float]()
    for _ in range(25):
        trainer.flow_loss(unet, batch)
        loss = reading.loss(batch.labels)
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.5 * losses[0]
    assert not torch.equal(deep, before)  # the network learns it, not only the head


def test_training_reads_captions_as_the_stock_pipeline_does() -> None:
    tokenizer, encoder = text_parts()
    parts: dict[str, Any] = {"vae": PatchAutoencoder(), "unet": PainterUNet.of(trainer.build_unet((32, 32, 32)))}
    rest: dict[str, Any] = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
    pipeline = StableDiffusionPipeline(
        **parts, **rest, tokenizer=tokenizer, text_encoder=encoder, scheduler=trainer.scheduler()
    )
    said = ["a red fox in the snow", "two cats on the beach at night"]
    with torch.no_grad():
        theirs, nothing = pipeline.encode_prompt(said, torch.device("cpu"), 1, True)
    words = trainer.Words()
    assert theirs.shape == (2, MAX_TOKENS, 384)
    assert (words(said).float() - theirs).abs().mean() < 0.02  # training reads in bfloat16
    assert (words.nothing.float() - nothing[0]).abs().mean() < 0.02


def test_sampling_with_true_answers_arrives_at_the_picture() -> None:
    scheduler = trainer.scheduler()
    scheduler.set_timesteps(20)
    picture, noise = torch.randn(1, 48, 4, 4), torch.randn(1, 48, 4, 4)
    now = noise
    for moment in scheduler.timesteps:
        now = scheduler.step(picture, moment, now).prev_sample
    assert (now - picture).abs().mean() < 0.02


@pytest.mark.slow
@needs_font
def test_a_tiny_training_can_be_resumed_exported_and_loaded_by_stock_pipelines(tmp_path: Path) -> None:
    trainer.train(trainer.SMOKE, tmp_path / "run")
    first = trainer.Run(trainer.SMOKE, tmp_path / "run")
    run = trainer.train(replace(trainer.SMOKE, minutes=2 * trainer.SMOKE.minutes), tmp_path / "run")
    assert run.step > first.step > 0 and run.seconds > first.seconds
    (tmp_path / "out").mkdir()
    trainer.export(run, tmp_path / "out")
    tokenizer, encoder = text_parts()
    painter = StableDiffusionPipeline.from_pretrained(
        tmp_path / "out/painter", tokenizer=tokenizer, text_encoder=encoder
    )
    editor = StableDiffusionInstructPix2PixPipeline.from_pretrained(
        tmp_path / "out/editor", tokenizer=tokenizer, text_encoder=encoder
    )
    again = trainer.Run(trainer.SMOKE, tmp_path / "again", start=tmp_path / "out")
    for name, value in run.average.state_dict().items():
        assert torch.allclose(again.unet.state_dict()[name], value, atol=1e-3), name
    wide = painter("a fox", width=160, height=96, num_inference_steps=2, guidance_scale=3.0).images[0]
    assert wide.size == (160, 96)
    made = editor("make it night", image=wide, num_inference_steps=2, guidance_scale=3.0, image_guidance_scale=1.2)
    assert made.images[0].size == (160, 96)


def test_shipped_weights_are_small_files_and_the_painter_shares_them() -> None:
    files = [f for kind in ("painter", "editor") for f in (EMBEDDED / kind).rglob("*.safetensors")]
    assert sum(f.stat().st_size for f in files) < 36_000_000
    assert max(f.stat().st_size for f in files) < 15_000_000
    assert not list((EMBEDDED / "painter" / "unet").glob("*.safetensors"))
    index = json.loads((EMBEDDED / "editor/unet/diffusion_pytorch_model.safetensors.index.json").read_text())
    assert set(index["weight_map"].values()) == {f.name for f in (EMBEDDED / "editor/unet").glob("*.safetensors")}
