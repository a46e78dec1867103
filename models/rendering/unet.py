"""A small UNet of residual blocks: diffusers' `UNet2DModel` without attention and middle, under the same names.

Written out because importing diffusers takes longer than everything else a worker does until its first picture. The
names of the weights are diffusers' own, so that either can read the other's; a test holds the two together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_GROUPS, _EPSILON = 32, 1e-5


class _Block(nn.Module):
    """Two convolutions, told the time between them, around which what came in passes (He et al. 2016)."""

    def __init__(self, given: int, made: int, told: int) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(_GROUPS, given, _EPSILON)
        self.conv1 = nn.Conv2d(given, made, 3, padding=1)
        self.time_emb_proj = nn.Linear(told, made)
        self.norm2 = nn.GroupNorm(_GROUPS, made, _EPSILON)
        self.conv2 = nn.Conv2d(made, made, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(given, made, 1) if given != made else None

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        inner = self.conv1(F.silu(self.norm1(x))) + self.time_emb_proj(F.silu(told))[:, :, None, None]
        inner = self.conv2(F.silu(self.norm2(inner)))
        return (x if self.conv_shortcut is None else self.conv_shortcut(x)) + inner


class _Scale(nn.Module):
    """A convolution that halves the sides, or one behind a doubling of every number."""

    def __init__(self, channels: int, *, up: bool) -> None:
        super().__init__()
        self.up = up
        self.conv = nn.Conv2d(channels, channels, 3, 1 if up else 2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest") if self.up else x)


class _Level(nn.Module):
    """The blocks of one size, and the way to the next."""

    def __init__(self, blocks: Sequence[tuple[int, int]], told: int, scale: _Scale | None) -> None:
        super().__init__()
        self.resnets = nn.ModuleList(_Block(given, made, told) for given, made in blocks)
        if scale is not None:
            self.add_module("upsamplers" if scale.up else "downsamplers", nn.ModuleList([scale]))

    @property
    def scale(self) -> nn.Module | None:
        for name in ("upsamplers", "downsamplers"):
            if name in self._modules:
                return cast(nn.ModuleList, self._modules[name])[0]
        return None


class _TimeEmbedding(nn.Module):
    def __init__(self, given: int, made: int) -> None:
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(given, made), nn.Linear(made, made)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear_2(F.silu(self.linear_1(x)))


class UNet(nn.Module):
    """(n, given, H, W) to (n, made, H, W); sides are multiples of 2 to the number of levels less one.

    Args:
        given, made: Channels that come in and go out.
        channels: Of the levels, the largest pictures first; multiples of 32.
        layers: Blocks a level on the way down; one more on the way up.
    """

    def __init__(self, given: int, made: int, channels: Sequence[int], layers: int = 1) -> None:
        super().__init__()
        told = 4 * channels[0]
        self.channels = tuple(channels)
        self.conv_in = nn.Conv2d(given, channels[0], 3, padding=1)
        self.time_embedding = _TimeEmbedding(channels[0], told)
        self.down_blocks, self.up_blocks = nn.ModuleList(), nn.ModuleList()
        passed, before, last = [channels[0]], channels[0], len(channels) - 1
        for number, width in enumerate(channels):
            blocks = [(before, width), *[(width, width)] * (layers - 1)]
            self.down_blocks.append(_Level(blocks, told, _Scale(width, up=False) if number < last else None))
            passed += [width] * (layers + (number < last))
            before = width
        for number, width in enumerate(reversed(channels)):
            blocks = [(passed.pop() + (before if i == 0 else width), width) for i in range(layers + 1)]
            self.up_blocks.append(_Level(blocks, told, _Scale(width, up=True) if number < last else None))
            before = width
        self.conv_norm_out = nn.GroupNorm(_GROUPS, channels[0], _EPSILON)
        self.conv_out = nn.Conv2d(channels[0], made, 3, padding=1)

    def forward(self, x: Tensor, time: Tensor | float, about: Tensor | None = None) -> Tensor:
        """
        Args:
            x: (n, given, H, W).
            time: 0–1000, one number or (n,).
            about: (n, 4 × channels[0]), told to every block besides the time.
        """
        times = torch.as_tensor(time, device=x.device).reshape(-1).expand(len(x))
        told = self.time_embedding(waves(times, self.channels[0]).to(x.dtype))
        if about is not None:
            told = told + about.to(told.dtype)
        x = self.conv_in(x)
        passed = [x]
        for module in self.down_blocks:
            level = cast(_Level, module)
            for block in level.resnets:
                x = block(x, told)
                passed.append(x)
            if level.scale is not None:
                x = level.scale(x)
                passed.append(x)
        for module in self.up_blocks:
            level = cast(_Level, module)
            for block in level.resnets:
                x = block(torch.cat([x, passed.pop()], 1), told)
            if level.scale is not None:
                x = level.scale(x)
        return self.conv_out(F.silu(self.conv_norm_out(x)))


def waves(times: Tensor, width: int) -> Tensor:
    """Cosines and sines (n, width) of times (n,), with periods from 2π to 20,000π (Ho et al. 2020)."""
    half = width // 2
    rates = torch.exp(-math.log(10000) * torch.arange(half, device=times.device) / half)
    angles = times.float()[:, None] * rates
    return torch.cat([angles.cos(), angles.sin()], 1)
