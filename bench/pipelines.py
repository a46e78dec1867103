"""Whole diffusion pipelines of a published model's shape, with random weights, made on the device itself.

A network's speed does not depend on what its weights say, so a bench needs none of them: `build("sdxl", "full", …)` is
SDXL by every layer and width, in seconds and without a download. Where each number comes from stands beside it; the
counts of parameters that the publishers name (SDXL's UNet 2.57 billion, klein 4 and its text encoder 4, Z-Image 6) come
out, and a test holds that. `small` and `tiny` are the same classes with a few narrow layers, for a processor; `peer`
(SDXL alone) has texts as wide as the published one, by which other programs tell what it is.

Tokenizers know single bytes or letters only: the text encoders read padded prompts of the usual length whatever they
say. What the pipelines paint is noise.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import diffusers as d
import torch
import transformers as t
from tokenizers.pre_tokenizers import ByteLevel

Scale = Literal["full", "small", "tiny", "peer"]

LETTERS = sorted(ByteLevel.alphabet())
PIECES = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>")
CHAT = "{% for message in messages %}<|im_start|>{{ message.content }}<|im_end|>{% endfor %}"


def build(name: str, scale: Scale, device: torch.device, dtype: torch.dtype, seed: int = 7) -> Any:
    """A pipeline of `BUILDERS` on `device` in `dtype`; the same weights for the same seed and kind of device."""
    before = torch.get_default_dtype()
    torch.manual_seed(seed)
    torch.set_default_dtype(dtype)
    try:
        with torch.device(device):
            pipeline = BUILDERS[name](scale)
    finally:
        torch.set_default_dtype(before)
    for part in pipeline.components.values():
        if isinstance(part, torch.nn.Module):
            _lively(part.eval())
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to(device, dtype)


def _lively(network: torch.nn.Module) -> None:
    """Gives layers that start at zero some weight, so that every part has a say in what is painted."""
    for parameter in network.parameters():
        if parameter.dim() > 1 and not parameter.detach().any():
            torch.nn.init.normal_(parameter, std=0.05)


def byte_tokenizer(**fields: Any) -> t.Qwen2Tokenizer:
    """Qwen's tokenizer that knows bytes alone."""
    vocabulary = {token: number for number, token in enumerate([*PIECES, "<|video_pad|>", *LETTERS])}
    made = t.Qwen2Tokenizer(vocab=vocabulary, merges=[], **fields)
    made.add_special_tokens({"additional_special_tokens": list(PIECES[1:])})
    made.chat_template = CHAT
    return made


def clip_tokenizer(vocabulary: int = 320) -> t.CLIPTokenizer:
    """CLIP's tokenizer that knows letters alone, and at most so many tokens."""
    tokens = [
        *LETTERS,
        *(f"{letter}</w>" for letter in LETTERS if letter.isascii()),
        "<|startoftext|>",
        "<|endoftext|>",
    ]
    numbers = {token: number for number, token in enumerate(tokens[-2:] + tokens[:-2])}
    return t.CLIPTokenizer(vocab=dict(list(numbers.items())[:vocabulary]), merges=[], model_max_length=77)


def _sdxl(scale: Scale, scheduler: Any) -> Any:
    fields, first, second, vae = _SDXL[scale]
    return d.StableDiffusionXLPipeline(
        vae=d.AutoencoderKL(
            down_block_types=("DownEncoderBlock2D",) * len(vae), up_block_types=("UpDecoderBlock2D",) * len(vae),
            block_out_channels=vae, layers_per_block=2, latent_channels=4, scaling_factor=0.13025,
            norm_num_groups=min(32, vae[0]), force_upcast=False,
        ),
        text_encoder=t.CLIPTextModel(_clip(*first, "quick_gelu")),
        text_encoder_2=t.CLIPTextModelWithProjection(_clip(*second, "gelu")),
        tokenizer=clip_tokenizer(), tokenizer_2=clip_tokenizer(),
        unet=d.UNet2DConditionModel(
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            addition_embed_type="text_time", use_linear_projection=True, cross_attention_dim=first[0] + second[0],
            projection_class_embeddings_input_dim=second[0] + 6 * fields["addition_time_embed_dim"], **fields,
        ),
        scheduler=scheduler, add_watermarker=False,
    )  # fmt: skip


def _clip(width: int, layers: int, heads: int, activation: str) -> t.CLIPTextConfig:
    return t.CLIPTextConfig(
        vocab_size=49408 if width > 512 else 320, hidden_size=width, intermediate_size=4 * width,
        num_hidden_layers=layers, num_attention_heads=heads, projection_dim=width, hidden_act=activation,
        bos_token_id=0, eos_token_id=1, pad_token_id=1,
    )  # fmt: skip


# UNet, first and second text encoder (width, layers, heads), widths of the autoencoder.
# `full`: the UNet's and the autoencoder's numbers as diffusers' own conversion reads them from SDXL's configuration
# (loaders/single_file_utils.py keeps only the rules; the numbers are from memory of stable-diffusion-xl-base-1.0's
# config.json), the text encoders CLIP ViT-L/14 and OpenCLIP ViT-bigG/14, from memory too. 2.57, 0.12, 0.69 and 0.08
# billion parameters come out, as published.
_SDXL: Mapping[Scale, tuple[dict[str, Any], tuple[int, int, int], tuple[int, int, int], tuple[int, ...]]] = {
    "full": (
        {
            "sample_size": 128, "block_out_channels": (320, 640, 1280), "layers_per_block": 2,
            "transformer_layers_per_block": (1, 2, 10), "attention_head_dim": (5, 10, 20),
            "addition_time_embed_dim": 256,
        },
        (768, 12, 12), (1280, 32, 20), (128, 256, 512, 512),
    ),
    "small": (
        {
            "sample_size": 32, "block_out_channels": (96, 192, 384), "layers_per_block": 1,
            "transformer_layers_per_block": (1, 1, 2), "attention_head_dim": (2, 4, 8),
            "addition_time_embed_dim": 32,
        },
        (128, 2, 4), (128, 2, 4), (32, 64, 64, 64),
    ),
    "peer": (
        {
            "sample_size": 32, "block_out_channels": (96, 192, 384), "layers_per_block": 1,
            "transformer_layers_per_block": (1, 1, 2), "attention_head_dim": (2, 4, 8),
            "addition_time_embed_dim": 256,
        },
        (768, 2, 12), (1280, 2, 20), (32, 64, 64, 64),
    ),
    "tiny": (
        {
            "sample_size": 16, "block_out_channels": (16, 16, 32), "layers_per_block": 1, "norm_num_groups": 8,
            "transformer_layers_per_block": (1, 1, 1), "attention_head_dim": (1, 1, 2),
            "addition_time_embed_dim": 8,
        },
        (32, 1, 2), (32, 1, 2), (8, 8, 8, 8),
    ),
}  # fmt: skip


def _qwen3(scale: Scale) -> t.Qwen3ForCausalLM:
    # `full` is Qwen3-4B, from memory of its config.json; 4.02 billion parameters come out, as published.
    numbers = {"full": (151936, 2560, 9728, 36, 32, 8, 128), "small": (320, 256, 512, 36, 4, 2, 64)}
    words, width, inner, layers, heads, shared, head = numbers.get(scale, (320, 16, 16, 36, 2, 2, 8))
    return t.Qwen3ForCausalLM(
        t.Qwen3Config(
            vocab_size=words, hidden_size=width, intermediate_size=inner, num_hidden_layers=layers,
            num_attention_heads=heads, num_key_value_heads=shared, head_dim=head, tie_word_embeddings=True,
        )
    )  # fmt: skip


def _klein(scale: Scale) -> Any:
    # `full`: diffusers' defaults of AutoencoderKLFlux2 and Flux2Transformer2DModel (128 in, heads of 128, four axes of
    # 32, MLP 3) but for depth and width, which are klein-4B's: 5 double and 20 single blocks of 24 heads, and text of
    # three layers of Qwen3-4B (from memory; 3.88 billion parameters come out). Further scales are cut down.
    layers, single, heads, head = {"full": (5, 20, 24, 128), "small": (1, 4, 4, 64)}.get(scale, (1, 1, 2, 16))
    vae = {"full": (128, 256, 512, 512), "small": (32, 64, 64, 64)}.get(scale, (8, 8, 8, 8))
    text = _qwen3(scale)
    return d.Flux2KleinPipeline(
        scheduler=_scheduler(d.FlowMatchEulerDiscreteScheduler, shift=3.0, use_dynamic_shifting=True),
        vae=d.AutoencoderKLFlux2(block_out_channels=vae, norm_num_groups=min(32, vae[0])),
        text_encoder=text, tokenizer=byte_tokenizer(), is_distilled=True,
        transformer=d.Flux2Transformer2DModel(
            num_layers=layers, num_single_layers=single, attention_head_dim=head, num_attention_heads=heads,
            axes_dims_rope=(head // 4,) * 4, joint_attention_dim=3 * text.config.hidden_size, guidance_embeds=False,
        ),
    )  # fmt: skip


def _z_image(scale: Scale) -> Any:
    # `full`: diffusers' defaults of ZImageTransformer2DModel, which are Z-Image's; Qwen3-4B; FLUX.1's autoencoder
    # (16 channels, scale 0.3611, shift 0.1159, from memory). Further scales are cut down.
    fields: dict[str, Any] = {}
    vae = (128, 256, 512, 512)
    if scale != "full":
        heads, head, vae = (4, 64, (32, 64, 64, 64)) if scale == "small" else (2, 16, (8, 8, 8, 8))
        fields = {"dim": heads * head, "n_layers": 2, "n_refiner_layers": 1, "n_heads": heads, "n_kv_heads": heads}
        fields |= {
            "axes_dims": [head // 4, head * 3 // 8, head * 3 // 8],
            "cap_feat_dim": 256 if scale == "small" else 16,
        }
    return d.ZImagePipeline(
        scheduler=_scheduler(d.FlowMatchEulerDiscreteScheduler, shift=3.0),
        vae=d.AutoencoderKL(
            down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
            block_out_channels=vae, layers_per_block=2, latent_channels=16, scaling_factor=0.3611, shift_factor=0.1159,
            norm_num_groups=min(32, vae[0]), use_quant_conv=False, use_post_quant_conv=False,
        ),
        text_encoder=_qwen3(scale), tokenizer=byte_tokenizer(), transformer=d.ZImageTransformer2DModel(**fields),
    )  # fmt: skip


_SIGMAS: dict[str, Any] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "timestep_spacing": "trailing",
}


def _scheduler(kind: type[Any], **fields: Any) -> Any:
    """On the processor whatever the device: schedulers hand their tables to numpy."""
    with torch.device("cpu"):
        return kind(**fields)


def _turbo() -> Any:
    return _scheduler(d.EulerAncestralDiscreteScheduler, **_SIGMAS)


def _euler() -> Any:
    return _scheduler(d.EulerDiscreteScheduler, **_SIGMAS)


BUILDERS: Mapping[str, Callable[[Scale], Any]] = {
    "sdxl-turbo": lambda scale: _sdxl(scale, _turbo()),
    "sdxl": lambda scale: _sdxl(scale, _euler()),
    "flux2-klein": _klein,
    "z-image-turbo": _z_image,
}


def forget(folder: Path) -> None:
    """Drops a folder's files from the system's cache, so that they are read from the disk next time.

    Nothing happens where the system knows no such call, or the folder is in memory anyway.
    """
    for file in folder.rglob("*"):
        if file.is_file() and hasattr(os, "posix_fadvise"):
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
                os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
