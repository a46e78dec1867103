"""Trains the ×4 upscaler from pictures that this file draws itself.

`python -m training.upscaler` draws *dead leaves*: shapes, letters and emoji with power-law sizes and 1/f texture that
cover one another, because natural pictures have the same statistics of edges and texture (Lee, Mumford and Huang 2001;
Baradad et al. 2021, "Learning to See by Looking at Noise"). A patch is cropped, shrunk four times with a mild, random
degradation, and the network learns to undo that: first with a Charbonnier loss, then against a patch discriminator
with spectral norm (hinge loss, feature matching, and the Charbonnier loss as an anchor), as in SRGAN and Real-ESRGAN
but without any pretrained weights.

The network is `SRVGGNetCompact` ("Real-ESRGAN compact"), as spandrel reads it. Progress is kept in a checkpoint file,
so a killed run goes on where it was; the result is written as safetensors (an average over the last steps) into the
output folder. No photograph is used. `bench/upscaler.py` measures the result.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import random
import string
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from safetensors.torch import save_file
from spandrel.architectures.Compact import Compact
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from models.weights import seal

SCALE = 4
CANVAS = 768
EMBEDDED = Path(__file__).parents[1] / "models" / "embedded" / "upscaler"
EMOJI_FONT = Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
EMOJI_SIZE = 109  # the only size of the font's bitmaps
EMOJI = [chr(code) for code in (*range(0x1F300, 0x1F321), *range(0x1F330, 0x1F394), *range(0x1F400, 0x1F4FD))]


def network() -> Compact:
    """The generator: 0.4 M parameters, RGB (B, 3, H, W) in 0..1 to (B, 3, 4H, 4W)."""
    return Compact(num_in_ch=3, num_out_ch=3, num_feat=64, num_conv=10, upscale=SCALE, act_type="prelu")


# --- what is drawn ---------------------------------------------------------------------------------------------------


def noise_field(rng: np.random.Generator, size: int, slope: float) -> np.ndarray:
    """A periodic grey texture whose amplitude falls as 1/f**slope; mean 0, standard deviation 1."""
    fy, fx = np.meshgrid(np.fft.fftfreq(size), np.fft.rfftfreq(size), indexing="ij")
    frequency = np.maximum(np.hypot(fy, fx), 1 / size)
    spectrum = np.fft.rfft2(rng.standard_normal((size, size))) / frequency**slope
    field = np.fft.irfft2(spectrum, s=(size, size))
    return ((field - field.mean()) / field.std()).astype(np.float32)


def _leaf_mask(rand: random.Random, size: int) -> Image.Image:
    """One random shape, white on black, antialiased, `size` pixels square."""
    big = 2 * size
    mask = Image.new("L", (big, big))
    draw = ImageDraw.Draw(mask)
    kind = rand.choice(("disc", "disc", "bar", "bar", "polygon", "star", "ring", "line", "letter"))
    if kind == "disc":
        squash = rand.uniform(0.3, 1.0) * big / 2
        draw.ellipse((0, big / 2 - squash, big, big / 2 + squash), fill=255)
    elif kind == "bar":
        half = rand.uniform(0.1, 0.7) * big / 2
        draw.rectangle((big * 0.08, big / 2 - half, big * 0.92, big / 2 + half), fill=255)
    elif kind in ("polygon", "star"):
        corners = rand.randint(3, 9)
        inner = rand.uniform(0.3, 0.8) if kind == "star" else 1.0
        points: list[tuple[float, float]] = []
        for i in range(corners * 2):
            radius = big / 2 * (inner if i % 2 else 1.0)
            angle = math.pi * i / corners
            points.append((big / 2 + radius * math.cos(angle), big / 2 + radius * math.sin(angle)))
        draw.polygon(points, fill=255)
    elif kind == "ring":
        draw.ellipse((0, 0, big - 1, big - 1), outline=255, width=max(2, int(big * rand.uniform(0.03, 0.25))))
    elif kind == "line":
        draw.line((0, big / 2, big, big / 2 + rand.uniform(-0.2, 0.2) * big), fill=255, width=rand.randint(2, 9))
    else:
        font = ImageFont.load_default(size=big * 0.8)
        draw.text((big / 2, big / 2), rand.choice(string.ascii_letters + string.digits), 255, font, anchor="mm")
    if kind != "disc" or rand.random() < 0.7:
        mask = mask.rotate(rand.uniform(0, 360), Image.Resampling.BICUBIC)
    mask = mask.resize((size, size), Image.Resampling.BOX)
    return mask.filter(ImageFilter.GaussianBlur(rand.uniform(0.5, 3))) if rand.random() < 0.15 else mask


def _leaf_paint(rand: random.Random, size: int, textures: list[np.ndarray]) -> Image.Image:
    """The colours of one leaf: a flat colour, often shaded from one side, often with texture or stripes."""
    paint = np.full((size, size, 3), [rand.uniform(0, 255) for _ in range(3)], np.float32)
    if rand.random() < 0.3:  # natural colours are mostly dull
        paint = paint.mean(axis=2, keepdims=True) + 0.35 * (paint - paint.mean(axis=2, keepdims=True))
    ramp = np.linspace(-1, 1, size, dtype=np.float32)
    if rand.random() < 0.6:
        angle = rand.uniform(0, 2 * math.pi)
        shade = ramp[None, :] * math.cos(angle) + ramp[:, None] * math.sin(angle)
        paint += rand.uniform(5, 60) * shade[:, :, None]
    if rand.random() < 0.6:
        field = rand.choice(textures)
        top, left = rand.randrange(field.shape[0]), rand.randrange(field.shape[1])
        rows = np.arange(top, top + size) % field.shape[0]
        columns = np.arange(left, left + size) % field.shape[1]
        tint = np.array([rand.uniform(0.6, 1.4) for _ in range(3)], np.float32)
        paint += rand.uniform(3, 30) * field[np.ix_(rows, columns)][:, :, None] * tint
    if rand.random() < 0.12:
        period, angle = rand.uniform(3, 24), rand.uniform(0, math.pi)
        across = size / 2 * (ramp[None, :] * math.cos(angle) + ramp[:, None] * math.sin(angle))
        paint += rand.uniform(10, 70) * np.clip(2 * np.sin(2 * math.pi * across / period), -1, 1)[:, :, None]
    return Image.fromarray(np.clip(paint, 0, 255).astype(np.uint8))


def _emoji(rand: random.Random, font: ImageFont.FreeTypeFont) -> Image.Image:
    """One colour glyph (RGBA), at its own size or smaller, turned a little."""
    glyph = Image.new("RGBA", (136, 128))
    ImageDraw.Draw(glyph).text((0, 0), rand.choice(EMOJI), font=font, embedded_color=True)
    size = rand.randint(40, 128)
    return glyph.resize((size, size), Image.Resampling.LANCZOS).rotate(rand.gauss(0, 12), Image.Resampling.BICUBIC)


def draw_canvas(seed: int, size: int = CANVAS) -> np.ndarray:
    """A canvas full of leaves: uint8 (size, size, 3). The same seed draws the same canvas."""
    rand, rng = random.Random(seed), np.random.default_rng(seed)
    textures = [noise_field(rng, 256, rng.uniform(0.6, 1.6)) for _ in range(4)]
    canvas = _leaf_paint(rand, size, textures)
    font = ImageFont.truetype(EMOJI_FONT, EMOJI_SIZE) if EMOJI_FONT.exists() else None
    smallest, largest = rand.uniform(8, 20), rand.uniform(150, 500)
    sizes = [rand.randint(120, 500) for _ in range(40)]  # the ground, which smaller leaves then cover
    for _ in range(rand.randint(500, 1800)):  # the density of sizes falls as size**-3, hence the inverse square root
        u = rand.random()
        sizes.append(int((smallest**-2 - u * (smallest**-2 - largest**-2)) ** -0.5))
    for leaf in sizes:
        place = rand.randint(-leaf // 2, size - leaf // 2), rand.randint(-leaf // 2, size - leaf // 2)
        canvas.paste(_leaf_paint(rand, leaf, textures), place, _leaf_mask(rand, leaf))
        if font and rand.random() < 0.02:
            glyph = _emoji(rand, font)
            canvas.paste(glyph, (rand.randint(0, size - 60), rand.randint(0, size - 60)), glyph)
    return np.asarray(canvas)


# --- what the network sees -------------------------------------------------------------------------------------------


def _jpeg(patch: Tensor, quality: int) -> Tensor:
    """One (3, h, w) patch through JPEG and back."""
    buffer = io.BytesIO()
    Image.fromarray((patch.permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()).save(
        buffer, "JPEG", quality=quality
    )
    return torch.from_numpy(np.array(Image.open(buffer))).permute(2, 0, 1).float() / 255


def degrade(sharp: Tensor, rand: random.Random) -> Tensor:
    """Shrinks (B, 3, 4h, 4w) in 0..1 to (B, 3, h, w): area, bicubic or bilinear, with a little blur, noise or JPEG."""
    if rand.random() < 0.25:
        sigma = rand.uniform(0.4, 1.6)
        line = torch.exp(-(torch.arange(-4, 5.0) ** 2) / (2 * sigma**2))
        kernel = (line / line.sum()).view(1, 1, 1, 9).repeat(3, 1, 1, 1)
        padded = F.pad(sharp, (4, 4, 4, 4), mode="replicate")
        sharp = F.conv2d(F.conv2d(padded, kernel, groups=3), kernel.transpose(2, 3), groups=3)
    mode = rand.choice(("area", "bicubic", "bicubic", "bilinear"))
    if mode == "area":
        small = F.avg_pool2d(sharp, SCALE)
    else:
        small = F.interpolate(sharp, scale_factor=1 / SCALE, mode=mode, antialias=True, align_corners=False)
    if rand.random() < 0.2:
        small = small + torch.randn_like(small) * rand.uniform(0.002, 0.02)
    small = small.clamp(0, 1)
    if rand.random() < 0.25:
        small = torch.stack([_jpeg(patch, rand.randint(75, 97)) for patch in small])
    return (small * 255).round() / 255


class Patches:
    """Random pairs of patches from a pool of canvases; one canvas is redrawn every `refresh` batches."""

    def __init__(self, seed: int, canvases: int, refresh: int, side: int = 32) -> None:
        self.rand = random.Random(seed)
        self.refresh, self.side, self.count = refresh, side, 0
        self.pool = [draw_canvas(self.rand.randrange(2**31)) for _ in range(canvases)]

    def batch(self, size: int) -> tuple[Tensor, Tensor]:
        """(small (size, 3, s, s), sharp (size, 3, 4s, 4s)), float32 in 0..1."""
        self.count += 1
        if self.count % self.refresh == 0:
            self.pool[self.rand.randrange(len(self.pool))] = draw_canvas(self.rand.randrange(2**31))
        side = self.side * SCALE
        crops: list[np.ndarray] = []
        for _ in range(size):
            canvas = self.rand.choice(self.pool)
            top, left = self.rand.randrange(CANVAS - side), self.rand.randrange(CANVAS - side)
            crop = np.rot90(canvas[top : top + side, left : left + side], self.rand.randrange(4))
            crops.append(crop[:, ::-1] if self.rand.random() < 0.5 else crop)
        sharp = torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2).float() / 255
        return degrade(sharp, self.rand), sharp


# --- how it learns ---------------------------------------------------------------------------------------------------


class Discriminator(nn.Module):
    """Judges overlapping patches of a sharp picture; every layer's features are kept for feature matching."""

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 16, 48, 96, 96)
        strides = (1, 2, 2, 2)
        self.layers = nn.ModuleList(
            spectral_norm(nn.Conv2d(a, b, 4 if stride == 2 else 3, stride, 1))
            for a, b, stride in zip(widths, widths[1:], strides, strict=False)
        )
        self.head = spectral_norm(nn.Conv2d(widths[-1], 1, 3, 1, 1))

    def forward(self, picture: Tensor) -> tuple[Tensor, list[Tensor]]:
        features: list[Tensor] = []
        x = picture * 2 - 1
        for layer in self.layers:
            x = F.leaky_relu(layer(x), 0.2)
            features.append(x)
        return self.head(x), features


def charbonnier(a: Tensor, b: Tensor) -> Tensor:
    """A smooth L1 loss: mean of sqrt(d² + ε²)."""
    return torch.sqrt((a - b) ** 2 + 1e-6).mean()


@dataclass
class Schedule:
    """How long each stage lasts, in steps; how many patches a step takes; how fast it learns."""

    plain: int
    adversarial: int
    batch: int = 16
    adversarial_batch: int = 8
    rate: float = 8e-4
    adversarial_rate: float = 1e-4


class Trainer:
    """Both networks, both optimisers, the running average, and one step of either stage."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule, self.step, self.seconds = schedule, 0, 0.0
        self.net = network().to(memory_format=torch.channels_last)
        self.average = network().requires_grad_(False)
        self.average.load_state_dict(self.net.state_dict())
        self.critic = Discriminator().to(memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), schedule.rate, betas=(0.9, 0.99), weight_decay=0)
        self.critic_optimiser = torch.optim.AdamW(self.critic.parameters(), 2e-4, betas=(0.5, 0.99), weight_decay=0)

    @property
    def adversarial(self) -> bool:
        return self.step >= self.schedule.plain

    def _rate(self) -> float:
        if self.adversarial:
            done = (self.step - self.schedule.plain) / max(self.schedule.adversarial, 1)
            return self.schedule.adversarial_rate * (1.0 if done < 0.6 else 0.3)
        done = self.step / max(self.schedule.plain, 1)
        return self.schedule.rate * min(1.0, (self.step + 1) / 100) * (0.05 + 0.95 * math.cos(math.pi / 2 * done))

    def train(self, small: Tensor, sharp: Tensor) -> dict[str, float]:
        for group in self.optimiser.param_groups:
            group["lr"] = self._rate()
        small = small.to(memory_format=torch.channels_last)
        sharp = sharp.to(memory_format=torch.channels_last)
        losses = self._adversarial_step(small, sharp) if self.adversarial else self._plain_step(small, sharp)
        decay = min(0.998, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for slow, fast in zip(self.average.parameters(), self.net.parameters(), strict=True):
                slow.lerp_(fast, 1 - decay)
        self.step += 1
        return losses

    def _paint(self, small: Tensor) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            return self.net(small).float()

    def _update(self, loss: Tensor) -> None:
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimiser.step()

    def _plain_step(self, small: Tensor, sharp: Tensor) -> dict[str, float]:
        loss = charbonnier(self._paint(small), sharp)
        self._update(loss)
        return {"pixel": loss.item()}

    def _adversarial_step(self, small: Tensor, sharp: Tensor) -> dict[str, float]:
        painted = self._paint(small)
        self.critic.requires_grad_(True)
        with torch.autocast("cpu", torch.bfloat16):
            real, _ = self.critic(sharp)
            fake, _ = self.critic(painted.detach())
        critic_loss = F.relu(1 - real.float()).mean() + F.relu(1 + fake.float()).mean()
        self.critic_optimiser.zero_grad()
        critic_loss.backward()
        self.critic_optimiser.step()
        self.critic.requires_grad_(False)
        with torch.autocast("cpu", torch.bfloat16):
            score, features = self.critic(painted)
            with torch.no_grad():
                _, wanted = self.critic(sharp)
        matching = torch.stack([F.l1_loss(a.float(), b.float()) for a, b in zip(features, wanted, strict=True)]).mean()
        pixel, fooling = charbonnier(painted, sharp), -score.float().mean()
        self._update(pixel + 0.2 * matching + 0.01 * fooling)
        return {"pixel": pixel.item(), "matching": matching.item(), "critic": critic_loss.item()}

    def state(self) -> dict[str, object]:
        parts = (self.net, self.average, self.critic, self.optimiser, self.critic_optimiser)
        return {"step": self.step, "seconds": self.seconds, "parts": [part.state_dict() for part in parts]}

    def restore(self, state: dict[str, object]) -> None:
        parts = (self.net, self.average, self.critic, self.optimiser, self.critic_optimiser)
        for part, saved in zip(parts, state["parts"], strict=True):  # type: ignore[call-overload]
            part.load_state_dict(saved)
        self.step, self.seconds = int(state["step"]), float(state["seconds"])  # type: ignore[arg-type]


def _steps(trainer: Trainer) -> Iterator[int]:
    while trainer.step < trainer.schedule.plain + trainer.schedule.adversarial:
        yield trainer.step


def _save(trainer: Trainer, folder: Path) -> None:
    """Writes the checkpoint, and the averaged network as it would ship (one file for each stage)."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / "checkpoint.pt.partial"
    torch.save(trainer.state(), partial)
    partial.replace(folder / "checkpoint.pt")
    name = "adversarial" if trainer.step > trainer.schedule.plain else "plain"
    save_file({k: v.contiguous() for k, v in trainer.average.state_dict().items()}, folder / f"{name}.safetensors")


def export(folder: Path) -> None:
    """Ships the last network of a run: the adversarial one where that stage has begun, else the plain one."""
    trained = next(path for name in ("adversarial", "plain") if (path := folder / f"{name}.safetensors").exists())
    (EMBEDDED / "upscaler.safetensors").write_bytes(trained.read_bytes())
    print(f"{trained} is now {EMBEDDED / 'upscaler.safetensors'}; manifest {seal(EMBEDDED)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("checkpoints/upscaler"))
    parser.add_argument("--plain", type=int, default=4600, help="steps of the first stage")
    parser.add_argument("--adversarial", type=int, default=2400, help="steps of the second stage")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--canvases", type=int, default=24)
    parser.add_argument("--export", action="store_true", help="train nothing: ship the last network")
    args = parser.parse_args()
    if args.export:
        export(args.out)
        return
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    trainer = Trainer(Schedule(args.plain, args.adversarial))
    if (args.out / "checkpoint.pt").exists():
        trainer.restore(torch.load(args.out / "checkpoint.pt", weights_only=True))
    patches = Patches(seed=1 + trainer.step, canvases=args.canvases, refresh=40)
    last = time.monotonic()
    for step in _steps(trainer):
        schedule = trainer.schedule
        losses = trainer.train(*patches.batch(schedule.adversarial_batch if trainer.adversarial else schedule.batch))
        if step % 50 == 0 or trainer.step == args.plain:
            trainer.seconds, last = trainer.seconds + time.monotonic() - last, time.monotonic()
            print(json.dumps({"step": step, "seconds": round(trainer.seconds)} | losses), flush=True)
        if step % 100 == 0 or trainer.step == args.plain:
            _save(trainer, args.out)
    _save(trainer, args.out)


if __name__ == "__main__":
    main()
