"""Tiny language models in the usual layout, made on the spot: a real tokenizer, a real chat template, a real network.

`tiny_chat` has random weights and writes noise. `recited_chat` has weights that write a text which the test chooses, so
that a whole conversation runs through real generation with an answer that is known.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

HERMES = """{%- if tools %}<|im_start|>system
{% if messages[0].role == 'system' %}{{ messages[0].content }}

{% endif %}<tools>
{% for tool in tools %}{{ tool | tojson }}
{% endfor %}</tools><|im_end|>
{% elif messages[0].role == 'system' %}<|im_start|>system
{{ messages[0].content }}<|im_end|>
{% endif %}{% for message in messages %}{% if message.role == 'tool' %}<|im_start|>user
<tool_response>{{ message.content }}</tool_response><|im_end|>
{% elif message.role != 'system' %}<|im_start|>{{ message.role }}
{{ message.content }}{% for call in message.tool_calls %}
<tool_call>
{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
</tool_call>{% endfor %}<|im_end|>
{% endif %}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% if messages[-1].role == 'tool' %}{{ '\t' }}{% endif %}{% endif %}"""
"""A chat template in the manner of Qwen 2.5. The tab after a tool's answer is where `recited_chat` turns."""

STRICT = """{% for message in messages %}{% if message.role == 'user' and not loop.first
and messages[loop.index0 - 1].role in ('user', 'tool') %}{{ raise_exception('roles must alternate') }}{% endif %}\
[{{ message.role }}]{{ message.content }}{% endfor %}{% if tools %}{{ tools | tojson }}{% endif %}"""
"""A chat template that insists on turns, in the manner of Mistral."""

Kind = tuple[type[Any], type[Any]]
"""A network's class, behind that of its config."""
LLAMA: Kind = (LlamaConfig, LlamaForCausalLM)
QWEN3: Kind = (Qwen3Config, Qwen3ForCausalLM)

MARKS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>"]


def tokenizer(template: str | None = HERMES, **more: Any) -> PreTrainedTokenizerFast:
    """One token a byte, and the marks of a chat: it can write anything, a character of several bytes in pieces."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: number for number, token in enumerate(alphabet)}
    built = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    built.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)  # type: ignore[assignment]
    built.decoder = decoders.ByteLevel()  # type: ignore[assignment]
    made = PreTrainedTokenizerFast(tokenizer_object=built, eos_token="<|im_end|>", pad_token="<|endoftext|>", **more)
    made.add_special_tokens({"additional_special_tokens": MARKS[1:]})
    made.chat_template = template
    return made


def tiny_chat(folder: Path, template: str | None = HERMES, **more: Any) -> Path:
    """Writes a model of two thin layers with random weights into a folder."""
    words = tokenizer(template, **more)
    _network(words).save_pretrained(folder)
    words.save_pretrained(folder)
    return folder


def recited_chat(
    folder: Path, answer: str, then: str = "", template: str = HERMES, kind: Kind = LLAMA, **more: Any
) -> Path:
    """Writes a model into a folder that says `answer` to everything, and `then` after a tool's answer.

    Nothing is learnt: every piece of the answers is a token of its own, and the weights are set so that each token is
    followed by the next one. The rest of the network is real and adds nothing. Characters beyond ASCII stay single
    bytes, and none may occur twice.
    """
    words = tokenizer(template, **more)
    chains = [[*_pieces(answer), words.eos_token]] + ([[*_pieces(then), words.eos_token]] if then else [])
    words.add_tokens([AddedToken(piece, normalized=False) for chain in chains for piece in chain if len(piece) > 1])
    network = _network(words, width=256, kind=kind)
    with torch.no_grad():
        for layer in network.model.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        seen = torch.nn.functional.normalize(torch.randn(len(words), 256), dim=1)
        network.model.embed_tokens.weight.copy_(seen)
        network.lm_head.weight.zero_()
        for before, chain in zip(b"\n\t", chains, strict=False):
            numbers = words.convert_tokens_to_ids([_NAMES[before], *chain])
            for first, second in pairwise(numbers):
                network.lm_head.weight[second] += seen[first]
    network.save_pretrained(folder)
    words.save_pretrained(folder)
    return folder


def _pieces(text: str) -> list[str]:
    """A text in pieces that all differ: marks, words, and the bytes of what is not ASCII."""
    pieces: list[str] = []
    for part in re.findall(
        f"{'|'.join(map(re.escape, MARKS))}|[^\\x00-\\x7f]|\\s*[^\\s<\\x80-\\U0010ffff]+\\s*|.", text, re.DOTALL
    ):
        if not part.isascii():
            pieces += [_NAMES[byte] for byte in part.encode()]
        elif len(part) == 1 and not (pieces and pieces[-1].isascii()):
            pieces.append(_NAMES[ord(part)])
        elif part in pieces or len(part) == 1:
            pieces[-1] += part
        else:
            pieces.append(part)
    assert len(set(pieces)) == len(pieces), pieces
    return pieces


def _byte_names() -> dict[int, str]:
    """Byte to its name in the vocabulary, as GPT-2 numbered them."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {byte: chr(256 + n) for n, byte in enumerate(others)}


_NAMES = _byte_names()


def _network(words: PreTrainedTokenizerFast, width: int = 64, kind: Kind = LLAMA) -> Any:
    torch.manual_seed(0)
    config_class, network_class = kind
    config = config_class(
        vocab_size=len(words),
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=16384,
        eos_token_id=words.eos_token_id,
        bos_token_id=None,
        pad_token_id=words.pad_token_id,
    )
    return network_class(config)
