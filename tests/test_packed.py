"""Linear layers and convolutions packed for the processor compute what they did before."""

from __future__ import annotations

import platform

import pytest
import torch
from torch import nn

from models.minilm import MiniLM, padded, tokenizer
from models.packed import PackedConv2d, PackedLinear, cpu_has_bfloat16, pack

SENTENCES = ["a red fox in the snow", "darker", "two owls on a branch at night, watercolour, no moon, wide"]


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="elsewhere layers stay as they are")
def test_every_linear_layer_is_packed_and_computes_the_same_for_any_number_of_rows() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(24, 40), nn.GELU(), nn.Sequential(nn.Linear(40, 16, bias=False)))
    inputs = [torch.randn(*shape, 24) for shape in ((1,), (7,), (2, 33), (3, 1))]
    with torch.inference_mode():
        before = [network(x) for x in inputs]
        pack(network, torch.float32)
        assert [type(part) for part in network.modules() if not list(part.children())] == [
            PackedLinear,
            nn.GELU,
            PackedLinear,
        ]
        for x, expected in zip(inputs, before, strict=True):
            assert network(x).shape == expected.shape
            assert torch.allclose(network(x), expected, atol=1e-5)


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="elsewhere layers stay as they are")
def test_a_packed_convolution_computes_the_same_for_any_size_and_keeps_the_numbers_it_is_given() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(6, 10, 3, padding=1), nn.Conv2d(10, 8, 3, 2, padding=1, bias=False), nn.Conv2d(8, 4, 1, groups=2)
    )
    inputs = [torch.randn(*shape) for shape in ((1, 6, 16, 16), (3, 6, 5, 9))]
    inputs.append(inputs[0].contiguous(memory_format=torch.channels_last))
    with torch.inference_mode():
        before = [network(x) for x in inputs]
        pack(network, torch.float32)
        assert [type(part) for part in network] == [PackedConv2d] * 3
        for x, expected in zip(inputs, before, strict=True):
            assert torch.allclose(network(x), expected, atol=1e-5)
        assert network(inputs[0].bfloat16()).dtype == torch.bfloat16


@pytest.mark.parametrize(
    ("numbers", "apart"),
    [
        (torch.float32, 2e-5),
        pytest.param(torch.bfloat16, 0.1, marks=pytest.mark.skipif(not cpu_has_bfloat16(), reason="would be emulated")),
    ],
)
def test_minilm_reads_the_same_when_it_is_packed(numbers: torch.dtype, apart: float) -> None:
    ids, mask = padded([encoding.ids for encoding in tokenizer().encode_batch(SENTENCES)])
    network = MiniLM.load()
    with torch.inference_mode():
        _, expected = network(ids, mask)
        pack(network, numbers)
        _, states = network(ids, mask)
    assert states.dtype == torch.float32
    assert torch.allclose(states[mask], expected[mask], atol=apart)
    means, wanted = states.mean(1), expected.mean(1)
    assert torch.nn.functional.cosine_similarity(means, wanted).min() > 0.999
