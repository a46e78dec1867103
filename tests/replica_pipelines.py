"""Tiny pipelines with random weights, one for each diffusers class that a preset names, made on the spot in a folder.

Every part is the class that the published model has (transformer or UNet, autoencoder, text encoder, tokenizer,
scheduler), built from its own config with a few small layers, so that a preset's real code runs: `from_pretrained`, the
prompt's encoding, the sampling loop, the packing of latents, the decoder. What they paint is noise.

`BUILDERS` maps a pipeline's class name to the function that builds one. A tokenizer knows single bytes or letters only.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import diffusers as d
import torch
import transformers as t

from bench.pipelines import byte_tokenizer, clip_tokenizer
from models.presets import Preset
from models.recipe import Extent
from models.weights import seal

VOCABULARY = 320
"""Tokens that a replica's text encoder knows; every tokenizer here has fewer."""
LATENTS = 4
"""Channels of the latents, before any packing."""


def build(name: str, folder: Path, variant: str | None = None) -> Path:
    """Writes a replica of the pipeline class `name` below `folder`; the same weights each time."""
    torch.manual_seed(7)
    pipeline = BUILDERS[name]()
    for part in pipeline.components.values():
        if isinstance(part, torch.nn.Module):
            _lively(part)
    if isinstance(getattr(pipeline, "transformer", None), d.QwenImageTransformer2DModel):
        _louder(pipeline.transformer)
    pipeline.save_pretrained(folder / name, safe_serialization=True, variant=variant)
    seal(folder / name)
    return folder / name


def _lively(network: torch.nn.Module) -> None:
    """Gives layers that start at zero some weight, so that words and pictures have a say in what is painted."""
    for parameter in network.parameters():
        if parameter.dim() > 1 and not parameter.detach().any():
            torch.nn.init.normal_(parameter, std=0.05)


def _louder(network: torch.nn.Module) -> None:
    """Weights three times as large: else this one changes its latents too little to be seen in a picture."""
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() > 1:
                parameter.mul_(3)


def _t5_tokenizer() -> t.T5Tokenizer:
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    return t.T5Tokenizer(vocab=[*pieces, *((chr(n), -3.0) for n in range(33, 127))], extra_ids=0)


def gemma_vocabulary(*more: str) -> dict[str, int]:
    tokens = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", *(chr(n) for n in range(33, 127)), *more]
    return {token: number for number, token in enumerate(tokens)}


def _clip_text(projected: bool = False, width: int = 32) -> Any:
    config = t.CLIPTextConfig(
        vocab_size=VOCABULARY, hidden_size=width, intermediate_size=37, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=77, projection_dim=width, bos_token_id=0, eos_token_id=1, pad_token_id=1,
    )  # fmt: skip
    return (t.CLIPTextModelWithProjection if projected else t.CLIPTextModel)(config)


def _t5_text(width: int = 32) -> t.T5EncoderModel:
    return t.T5EncoderModel(
        t.T5Config(vocab_size=VOCABULARY, d_model=width, d_kv=8, d_ff=37, num_layers=2, num_heads=4)
    )


def _qwen3_text(layers: int) -> t.Qwen3ForCausalLM:
    return t.Qwen3ForCausalLM(
        t.Qwen3Config(
            vocab_size=VOCABULARY, hidden_size=16, intermediate_size=16, num_hidden_layers=layers,
            num_attention_heads=2, num_key_value_heads=2, head_dim=8, tie_word_embeddings=True,
        )
    )  # fmt: skip


def _qwen_vl(tokenizer: t.Qwen2Tokenizer) -> t.Qwen2_5_VLForConditionalGeneration:
    number = tokenizer.convert_tokens_to_ids
    config = t.Qwen2_5_VLConfig(
        text_config={
            "vocab_size": VOCABULARY, "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 2,
            "num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": 4096,
            "rope_scaling": {"mrope_section": [1, 1, 2], "rope_type": "default", "type": "default"},
            "bos_token_id": 0, "eos_token_id": 0,
        },
        vision_config={
            "depth": 2, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": 16,
            "fullatt_block_indexes": [1],
        },
        image_token_id=number("<|image_pad|>"), video_token_id=number("<|video_pad|>"),
        vision_start_token_id=number("<|vision_start|>"), vision_end_token_id=number("<|vision_end|>"),
    )  # fmt: skip
    return t.Qwen2_5_VLForConditionalGeneration(config)


def _autoencoder(channels: int = LATENTS, halvings: int = 1, shift: float | None = None) -> d.AutoencoderKL:
    blocks = halvings + 1
    return d.AutoencoderKL(
        down_block_types=["DownEncoderBlock2D"] * blocks, up_block_types=["UpDecoderBlock2D"] * blocks,
        block_out_channels=[8] * blocks, layers_per_block=1, latent_channels=channels, norm_num_groups=4,
        scaling_factor=0.36, shift_factor=shift, use_quant_conv=shift is None, use_post_quant_conv=shift is None,
    )  # fmt: skip


def _flow(**fields: Any) -> d.FlowMatchEulerDiscreteScheduler:
    return d.FlowMatchEulerDiscreteScheduler(shift=3.0, **fields)


def _unet(channels: int = LATENTS, **fields: Any) -> d.UNet2DConditionModel:
    return d.UNet2DConditionModel(
        sample_size=32, in_channels=channels, out_channels=LATENTS, layers_per_block=1, block_out_channels=(8, 16),
        norm_num_groups=4, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), attention_head_dim=(2, 4), use_linear_projection=True,
        **fields,
    )  # fmt: skip


def _stable_diffusion(channels: int, pipeline: type[Any], scheduler: Any) -> Any:
    return pipeline(
        vae=_autoencoder(halvings=3), text_encoder=_clip_text(), tokenizer=clip_tokenizer(),
        unet=_unet(channels, cross_attention_dim=32), scheduler=scheduler, safety_checker=None,
        feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip


def _sd_turbo() -> Any:
    scheduler = d.EulerDiscreteScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", timestep_spacing="trailing"
    )
    return _stable_diffusion(LATENTS, d.StableDiffusionPipeline, scheduler)


def _instruct_pix2pix() -> Any:
    scheduler = d.EulerAncestralDiscreteScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
    return _stable_diffusion(2 * LATENTS, d.StableDiffusionInstructPix2PixPipeline, scheduler)


def _sdxl(pipeline: type[Any], channels: int = LATENTS) -> Any:
    return pipeline(
        vae=_autoencoder(), text_encoder=_clip_text(), text_encoder_2=_clip_text(projected=True),
        tokenizer=clip_tokenizer(), tokenizer_2=clip_tokenizer(),
        unet=_unet(
            channels, cross_attention_dim=64, addition_embed_type="text_time", addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=80, transformer_layers_per_block=(1, 2),
        ),
        scheduler=d.EulerDiscreteScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear"),
    )  # fmt: skip


def _flux(pipeline: type[Any], guided: bool) -> Any:
    return pipeline(
        scheduler=_flow(use_dynamic_shifting=guided), vae=_autoencoder(shift=0.1), text_encoder=_clip_text(),
        tokenizer=clip_tokenizer(), text_encoder_2=_t5_text(), tokenizer_2=_t5_tokenizer(),
        transformer=d.FluxTransformer2DModel(
            in_channels=4 * LATENTS, num_layers=1, num_single_layers=1, attention_head_dim=16, num_attention_heads=2,
            joint_attention_dim=32, pooled_projection_dim=32, axes_dims_rope=(4, 4, 8), guidance_embeds=guided,
        ),
    )  # fmt: skip


def _flux2_parts(text_width: int, guided: bool) -> dict[str, Any]:
    vae = d.AutoencoderKLFlux2(
        down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2,
        block_out_channels=(8, 8), layers_per_block=1, latent_channels=LATENTS, norm_num_groups=4,
    )  # fmt: skip
    vae.bn.running_mean.normal_(std=0.1)
    return {
        "scheduler": _flow(use_dynamic_shifting=True),
        "vae": vae,
        "transformer": d.Flux2Transformer2DModel(
            in_channels=4 * LATENTS, num_layers=1, num_single_layers=1, attention_head_dim=16, num_attention_heads=2,
            joint_attention_dim=3 * text_width, timestep_guidance_channels=32, axes_dims_rope=(4, 4, 4, 4),
            guidance_embeds=guided,
        ),
    }  # fmt: skip


def _flux2_klein() -> Any:
    return d.Flux2KleinPipeline(
        text_encoder=_qwen3_text(27), tokenizer=byte_tokenizer(), is_distilled=True, **_flux2_parts(16, False)
    )


def _flux2_dev() -> Any:
    tokenizer = byte_tokenizer()
    tokenizer.add_special_tokens({"additional_special_tokens": ["[IMG]", "[IMG_BREAK]", "[IMG_END]"]})
    config = t.Mistral3Config(
        text_config={
            "model_type": "mistral", "vocab_size": VOCABULARY, "hidden_size": 16, "intermediate_size": 16,
            "num_hidden_layers": 30, "num_attention_heads": 2, "num_key_value_heads": 2, "head_dim": 8,
            "max_position_embeddings": 1024, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2,
        },
        vision_config={
            "model_type": "pixtral", "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
            "num_attention_heads": 2, "head_dim": 8, "image_size": 32, "patch_size": 4, "num_channels": 3,
        },
        image_token_index=tokenizer.convert_tokens_to_ids("[IMG]"), spatial_merge_size=2, vision_feature_layer=-1,
    )  # fmt: skip
    chat = "{% for message in messages %}{{ message.content[0].text }}<|im_end|>{% endfor %}"
    processor = t.PixtralProcessor(t.PixtralImageProcessor(), tokenizer, chat_template=chat)
    return d.Flux2Pipeline(
        text_encoder=t.Mistral3ForConditionalGeneration(config), tokenizer=processor, **_flux2_parts(16, True)
    )


def _z_image() -> Any:
    return d.ZImagePipeline(
        scheduler=_flow(), vae=_autoencoder(channels=16, shift=0.1), text_encoder=_qwen3_text(2),
        tokenizer=byte_tokenizer(),
        transformer=d.ZImageTransformer2DModel(
            in_channels=16, dim=32, n_layers=2, n_refiner_layers=1, n_heads=2, n_kv_heads=2, cap_feat_dim=16,
            axes_dims=[4, 4, 8], axes_lens=[1024, 64, 64],
        ),
    )  # fmt: skip


def _qwen_image_parts(tokenizer: t.Qwen2Tokenizer) -> dict[str, Any]:
    return {
        "scheduler": _flow(use_dynamic_shifting=True),
        "vae": d.AutoencoderKLQwenImage(
            base_dim=4, z_dim=LATENTS, dim_mult=[1, 1, 1, 1], num_res_blocks=1,
            latents_mean=[0.1] * LATENTS, latents_std=[1.5] * LATENTS,
        ),
        "text_encoder": _qwen_vl(tokenizer),
        "tokenizer": tokenizer,
        "transformer": d.QwenImageTransformer2DModel(
            in_channels=4 * LATENTS, out_channels=LATENTS, num_layers=1, attention_head_dim=16, num_attention_heads=2,
            joint_attention_dim=16, axes_dims_rope=(8, 4, 4),
        ),
    }  # fmt: skip


def _qwen_image() -> Any:
    return d.QwenImagePipeline(**_qwen_image_parts(byte_tokenizer()))


def _qwen_image_edit() -> Any:
    tokenizer = byte_tokenizer()
    processor = t.Qwen2VLProcessor(
        image_processor=t.Qwen2VLImageProcessor(), tokenizer=tokenizer, video_processor=t.Qwen2VLVideoProcessor()
    )
    return d.QwenImageEditPlusPipeline(processor=processor, **_qwen_image_parts(tokenizer))


def _sana_sprint() -> Any:
    text = t.Gemma2Model(
        t.Gemma2Config(
            vocab_size=VOCABULARY, hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
            num_key_value_heads=1, head_dim=8, max_position_embeddings=4096,
        )
    )  # fmt: skip
    vae = d.AutoencoderDC(
        latent_channels=LATENTS, attention_head_dim=2, encoder_block_types=("ResBlock", "EfficientViTBlock"),
        decoder_block_types=("ResBlock", "EfficientViTBlock"), encoder_block_out_channels=(8, 8),
        decoder_block_out_channels=(8, 8), encoder_layers_per_block=(1, 1), decoder_layers_per_block=(1, 1),
        encoder_qkv_multiscales=((), (5,)), decoder_qkv_multiscales=((), (5,)), scaling_factor=0.41,
        upsample_block_type="interpolate", downsample_block_type="stride_conv",
        decoder_norm_types=["rms_norm", "rms_norm"], decoder_act_fns=["silu", "silu"],
    )  # fmt: skip
    transformer = d.SanaTransformer2DModel(
        in_channels=LATENTS, out_channels=LATENTS, num_attention_heads=2, attention_head_dim=4, num_layers=1,
        num_cross_attention_heads=2, cross_attention_head_dim=4, cross_attention_dim=8, caption_channels=16,
        sample_size=32, qk_norm="rms_norm_across_heads", guidance_embeds=True,
    )  # fmt: skip
    scheduler = d.SCMScheduler(prediction_type="trigflow", sigma_data=0.5)
    tokenizer = t.GemmaTokenizer(vocab=gemma_vocabulary(), merges=[])
    return d.SanaSprintPipeline(tokenizer, text, vae, transformer, scheduler)


BUILDERS: dict[str, Callable[[], Any]] = {
    "Flux2KleinPipeline": _flux2_klein,
    "Flux2Pipeline": _flux2_dev,
    "ZImagePipeline": _z_image,
    "QwenImagePipeline": _qwen_image,
    "QwenImageEditPlusPipeline": _qwen_image_edit,
    "FluxPipeline": lambda: _flux(d.FluxPipeline, guided=False),
    "FluxKontextPipeline": lambda: _flux(d.FluxKontextPipeline, guided=True),
    "SanaSprintPipeline": _sana_sprint,
    "StableDiffusionPipeline": _sd_turbo,
    "StableDiffusionInstructPix2PixPipeline": _instruct_pix2pix,
    "StableDiffusionXLPipeline": lambda: _sdxl(d.StableDiffusionXLPipeline),
    "StableDiffusionXLInpaintPipeline": lambda: _sdxl(d.StableDiffusionXLInpaintPipeline, 2 * LATENTS + 1),
}


def tiny(preset: Preset, folder: Path) -> Preset:
    """A preset of the shipped list, as it is but for its weights: those of the replica in `folder`, in small sizes."""
    side = 128
    return preset.model_copy(
        update={
            "hub": None,
            "folder": folder,
            "variant": "",
            "revision": "",
            "dtype": "float32",
            "lora": (),
            "memory": 0.1,
            "accept_licence": False,
            "draft_with": "",
            "extents": {"square": Extent(side, side), "wide": Extent(192, side), "tall": Extent(side, 192)},
            "min_side": 32,
            "max_side": 256,
        }
    )
