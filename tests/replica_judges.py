"""Tiny networks with random weights for what looks and what judges, made on the spot in a folder as the hub has it.

Each is the class that its preset names, with its own processor or tokenizer, built from its own config with a few thin
layers. What a replica says can be set: the last layer alone decides, and everything before it still runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
import transformers as t
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from replica_pipelines import gemma_vocabulary
from tiny_chat import QWEN3, recited_chat

from bench.pipelines import LETTERS, PIECES, byte_tokenizer
from models.presets import Preset, Presets
from models.weights import seal

PRESETS = {preset.label: preset for preset in Presets.load()}
SIDE = 32
CHAT = (
    "{% for message in messages %}<|im_start|>{% for part in message.content %}{% if part.type == 'image' %}"
    "<|vision_start|><|image_pad|><|vision_end|>{% else %}{{ part.text }}{% endif %}{% endfor %}<|im_end|>{% endfor %}"
)
GUARD = "{% for message in messages %}<BEGIN CONVERSATION>\n{{ message.content }}\n<END CONVERSATION>\n{% endfor %}"


def replica(label: str, folder: Path) -> Preset:
    """The shipped preset, as it is but for its weights: those in `folder`."""
    return PRESETS[label].model_copy(update={"hub": None, "revision": "", "folder": folder, "accept_licence": False})


def _saved(folder: Path, *parts: Any) -> Path:
    for part in parts:
        part.save_pretrained(folder)
    seal(folder)
    return folder


def falconsai(folder: Path, nsfw: float = 0.5) -> Path:
    """An image classifier that is sure of `nsfw` to that part, a little more or less from picture to picture."""
    torch.manual_seed(7)
    network = t.ViTForImageClassification(
        t.ViTConfig(
            hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, image_size=SIDE,
            patch_size=16, id2label={0: "normal", 1: "nsfw"}, label2id={"normal": 0, "nsfw": 1},
        )
    )  # fmt: skip
    with torch.no_grad():
        network.classifier.bias.copy_(torch.tensor([0.0, torch.logit(torch.tensor(nsfw)).item()]))
    return _saved(folder, network, t.ViTImageProcessor(size={"height": SIDE, "width": SIDE}))


def clip_safety(folder: Path, concept: int = 0, careful: bool = False) -> Path:
    """The CLIP safety checker that finds concept number `concept` (from 1) in every picture; 0 finds none."""
    torch.manual_seed(7)
    vision = {
        "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
        "image_size": SIDE, "patch_size": 16,
    }  # fmt: skip
    text = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    network = StableDiffusionSafetyChecker(
        t.CLIPConfig(vision_config=vision, text_config=text, projection_dim=16)  # pyright: ignore[reportArgumentType]
    )
    with torch.no_grad():
        network.concept_embeds.normal_()
        network.special_care_embeds.normal_()
        network.concept_embeds_weights.fill_(1.5)  # no likeness is larger than 1
        network.special_care_embeds_weights.fill_(-1.5 if careful else 1.5)
        if concept:
            network.concept_embeds_weights[concept - 1] = -1.5
    size = {"height": SIDE, "width": SIDE}
    return _saved(folder, network, t.CLIPImageProcessor(size={"shortest_edge": SIDE}, crop_size=size))


def shieldgemma_2(folder: Path, sure: float = 0.0) -> Path:
    """ShieldGemma 2 that answers Yes for every policy when `sure` is well above 0, No when well below."""
    torch.manual_seed(7)
    marks = ["<start_of_image>", "<end_of_image>", "<image_soft_token>", "Yes", "No"]
    tokenizer = t.GemmaTokenizer(
        vocab=gemma_vocabulary(*marks),
        merges=[],
        extra_special_tokens={"boi_token": marks[0], "eoi_token": marks[1], "image_token": marks[2]},
    )
    number = tokenizer.convert_tokens_to_ids
    config = t.ShieldGemma2Config(
        text_config={
            "model_type": "gemma3_text", "vocab_size": len(tokenizer), "hidden_size": 16, "intermediate_size": 16,
            "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8,
            "max_position_embeddings": 2048, "sliding_window": 512,
        },
        vision_config={
            "model_type": "siglip_vision_model", "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
            "num_attention_heads": 2, "image_size": SIDE, "patch_size": 8,
        },
        mm_tokens_per_image=4, boi_token_index=number(marks[0]), eoi_token_index=number(marks[1]),
        image_token_index=number(marks[2]), yes_token_index=number("Yes"), no_token_index=number("No"),
        architectures=["ShieldGemma2ForImageClassification"],
    )  # fmt: skip
    network = t.ShieldGemma2ForImageClassification(config)
    chat = "{% for message in messages %}{% for part in message.content %}{% if part.type == 'image' %}" + (
        "<start_of_image>{% else %}{{ part.text }}{% endif %}{% endfor %}{% endfor %}:"
    )
    if sure:
        with torch.no_grad():
            for layer in network.model.model.language_model.layers:
                layer.self_attn.o_proj.weight.zero_()
                layer.mlp.down_proj.weight.zero_()
            words = network.get_input_embeddings().weight
            last = words[number(":")]  # what the network sees last, whatever the picture and the policy
            words[number("Yes")], words[number("No")] = sure * last, -sure * last
    processor = t.ShieldGemma2Processor(
        t.Gemma3ImageProcessor(size={"height": SIDE, "width": SIDE}), tokenizer, chat_template=chat, image_seq_length=4
    )
    return _saved(folder, network, processor)


def qwen3guard(folder: Path, answer: str = "Safety: Safe\nCategories: None") -> Path:
    """Qwen3Guard that answers the same to every request."""
    recited_chat(folder, answer, template=GUARD, kind=QWEN3)
    seal(folder)
    return folder


def florence_2(folder: Path, says: Sequence[str] = ()) -> Path:
    """Florence-2 that says these tokens, no two alike, to everything; without any, what it says is noise."""
    torch.manual_seed(7)
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *LETTERS, *says, "<mask>", "<image>"]
    vocabulary = {token: at for at, token in enumerate(tokens)}
    tokenizer = t.BartTokenizer(vocab=vocabulary, merges=[], extra_special_tokens={"image_token": "<image>"})
    number, width = tokenizer.convert_tokens_to_ids, 128 if says else 16
    config = t.Florence2Config(
        vision_config={
            "embed_dim": (8, 8, 8, 8), "num_heads": (1, 1, 1, 1), "num_groups": (1, 1, 1, 1), "depths": (1, 1, 1, 1),
            "window_size": 4, "projection_dim": width,
        },
        text_config={
            "model_type": "bart", "vocab_size": len(tokenizer), "d_model": width, "encoder_layers": 1,
            "decoder_layers": 1, "encoder_attention_heads": 2, "decoder_attention_heads": 2, "encoder_ffn_dim": 16,
            "decoder_ffn_dim": 16, "max_position_embeddings": 512, "init_std": 0.5,
        },
        image_token_id=number("<image>"), bos_token_id=number("<s>"), eos_token_id=number("</s>"),
        pad_token_id=number("<pad>"), decoder_start_token_id=number("</s>"), tie_word_embeddings=not says,
    )  # fmt: skip
    images = t.CLIPImageProcessor(size={"height": 64, "width": 64}, do_center_crop=False)
    images.image_seq_length = 5
    processor = t.Florence2Processor(images, tokenizer)
    network = t.Florence2ForConditionalGeneration(config)
    if says:
        _recite(network, [number(token) for token in ("</s>", *says, "</s>")])
    return _saved(folder, network, processor)


def _recite(network: t.Florence2ForConditionalGeneration, tokens: Sequence[int]) -> None:
    """Makes each token follow the one before it, whatever the picture: the decoder's layers add nothing."""
    decoder: Any = network.get_decoder().decoder
    with torch.no_grad():
        decoder.embed_positions.weight.zero_()
        for layer in decoder.layers:
            for last in (layer.self_attn.out_proj, layer.encoder_attn.out_proj, layer.fc2):
                last.weight.zero_()
                last.bias.zero_()
        seen = torch.nn.functional.normalize(torch.randn_like(decoder.embed_tokens.weight), dim=1)
        network.lm_head.weight = torch.nn.Parameter(torch.zeros_like(seen))
        decoder.embed_tokens.weight.copy_(seen)
        for before, after in pairwise(tokens):
            network.lm_head.weight[after] += seen[before]


def qwen3_vl(folder: Path) -> Path:
    """Qwen3-VL; what it says is noise."""
    torch.manual_seed(7)
    tokenizer = byte_tokenizer()
    number = tokenizer.convert_tokens_to_ids
    config = t.Qwen3VLConfig(
        text_config={
            "vocab_size": len(tokenizer), "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 2,
            "num_attention_heads": 2, "num_key_value_heads": 2, "head_dim": 8, "max_position_embeddings": 4096,
            "rope_scaling": {"mrope_section": [1, 1, 2], "rope_type": "default", "mrope_interleaved": True},
            "bos_token_id": 0, "eos_token_id": 0, "initializer_range": 0.5,
        },
        vision_config={
            "depth": 2, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": 16,
            "deepstack_visual_indexes": [0], "num_position_embeddings": 64,
        },
        image_token_id=number("<|image_pad|>"), video_token_id=number("<|video_pad|>"),
        vision_start_token_id=number(PIECES[3]), vision_end_token_id=number(PIECES[4]), tie_word_embeddings=False,
    )  # fmt: skip
    processor = t.Qwen3VLProcessor(
        t.Qwen2VLImageProcessor(patch_size=16), tokenizer, t.Qwen3VLVideoProcessor(), chat_template=CHAT
    )
    return _saved(folder, t.Qwen3VLForConditionalGeneration(config), processor)
