"""Trains the ×4 upscalers from pictures that this file draws itself.

`python -m training.upscaler` draws *dead leaves*: shapes, letters and emoji with power-law sizes and 1/f texture that
cover one another, because natural pictures have the same statistics of edges and texture (Lee, Mumford and Huang 2001;
Baradad et al. 2021, "Learning to See by Looking at Noise"). What photographs have besides is drawn too: colours that
stay near each other, shadows, edges out of focus, hair and grass; and a camera, which blurs a little and adds noise.
A patch is cropped and shrunk four times, and the network learns to undo that, in three stages, of which the first and
the last ship:

- *faithful*: clean shrinking by area or bicubic filter and the squared error, for the least error of a pixel;
- *restoring*: on from there, with random damage (blur, noise, JPEG) before and after the shrinking;
- *adversarial*: on from there, with the same damage, against a patch discriminator with spectral norm (hinge loss,
  feature matching, a Charbonnier loss as an anchor), as in SRGAN and Real-ESRGAN but without pretrained weights.

Every stage begins with the average of the one before and with optimisers of its own, so `--start` on the shipped
*faithful* weights trains the later stages as a whole run would.

The network is `SRVGGNetCompact` ("Real-ESRGAN compact"), as spandrel reads it. Progress is kept in a checkpoint file,
so a killed run goes on where it was; the results are written as safetensors (an average over the last steps) into the
output folder. No photograph is used. `bench/upscaler.py` measures the results.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import random
import string
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from safetensors.torch import load_file, save_file
from spandrel.architectures.Compact import Compact
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from models.weights import seal
from training.loop import DEVICE, Bar, computing

SCALE = 4
CANVAS = 768
DRAWN = 1200  # pixels of a side while drawing: the camera takes CANVAS to DRAWN of them
EMBEDDED = Path(__file__).parents[1] / "models" / "embedded" / "upscaler"
EMOJI_FONT = Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
EMOJI_SIZE = 109  # the only size of the font's bitmaps
EMOJI = [chr(code) for code in (*range(0x1F300, 0x1F321), *range(0x1F330, 0x1F394), *range(0x1F400, 0x1F4FD))]
FAITHFUL, RESTORING, ADVERSARIAL = "faithful", "restoring", "adversarial"


def network() -> Compact:
    """The generator: 0.6 M parameters, RGB (B, 3, H, W) in 0..1 to (B, 3, 4H, 4W)."""
    return Compact(num_in_ch=3, num_out_ch=3, num_feat=64, num_conv=16, upscale=SCALE, act_type="prelu")


def untrained() -> Compact:
    """A network whose inner layers start by passing on what they get.

    It has no connections around its layers; with the identity added to each of its kernels it begins as if it had
    (RepVGG; Ding et al. 2021), and learns in 500 steps what otherwise takes it over 1,000.
    """
    net = network()
    _, *inner, last = [m for m in net.modules() if isinstance(m, nn.Conv2d)]
    with torch.no_grad():
        for layer in inner:
            layer.weight.mul_(0.5).add_(nn.init.dirac_(torch.zeros_like(layer.weight)))
            layer.bias.zero_()  # type: ignore[union-attr]
        last.weight.mul_(0.1)
        last.bias.zero_()  # type: ignore[union-attr]
    return net


# --- what is drawn ---------------------------------------------------------------------------------------------------


def noise_field(rng: np.random.Generator, size: int, slope: float) -> np.ndarray:
    """A periodic grey texture whose amplitude falls as 1/f**slope; mean 0, standard deviation 1."""
    fy, fx = np.meshgrid(np.fft.fftfreq(size), np.fft.rfftfreq(size), indexing="ij")
    frequency = np.maximum(np.hypot(fy, fx), 1 / size)
    spectrum = np.fft.rfft2(rng.standard_normal((size, size))) / frequency**slope
    field = np.fft.irfft2(spectrum, s=(size, size))
    return ((field - field.mean()) / field.std()).astype(np.float32)


def _leaf_mask(rand: random.Random, size: int) -> Image.Image:
    """One random shape, white on black, antialiased, `size` pixels square; three in ten with a soft edge."""
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
    return mask.filter(ImageFilter.BoxBlur(0.7 * 14 ** rand.random())) if rand.random() < 0.3 else mask


class Canvas:
    """One picture while it is drawn: everything on it has colours near one tint, and shares four textures."""

    def __init__(self, seed: int) -> None:
        self.rand, self.rng = random.Random(seed), np.random.default_rng(seed)
        self.textures = [noise_field(self.rng, 512, self.rng.uniform(0.7, 1.9)) for _ in range(4)]
        tint = np.array([self.rand.uniform(30, 220) for _ in range(3)])
        self.tint = tint.mean() + 0.5 * (tint - tint.mean())
        self.picture = self._paint(DRAWN)
        self.font = ImageFont.truetype(EMOJI_FONT, EMOJI_SIZE) if EMOJI_FONT.exists() else None

    def colour(self) -> np.ndarray:
        """Near the tint in hue, of any lightness; one in four is any colour at all."""
        rand = self.rand
        if rand.random() < 0.25:
            return np.array([rand.uniform(0, 255) for _ in range(3)])
        return self.tint + 12 * np.array([rand.gauss(0, 1) for _ in range(3)]) + rand.gauss(0, 45)

    def draw(self) -> Image.Image:
        """Leaves from large to small, as a density of sizes that falls as size**-3 gives them; then the camera."""
        rand = self.rand
        smallest, largest = rand.uniform(10, 32), rand.uniform(200, 600)
        sizes = [rand.randint(150, 700) for _ in range(14)]  # the ground, which smaller leaves then cover
        for _ in range(rand.randint(150, 900)):
            u = rand.random()
            sizes.append(int((smallest**-2 - u * (smallest**-2 - largest**-2)) ** -0.5))
        hairy = rand.random() < 0.5
        for size in sizes:
            self._leaf(size)
            if hairy and rand.random() < 0.03:
                self._hair()
            if self.font and rand.random() < 0.02:
                glyph = _emoji(rand, self.font)
                self.picture.paste(glyph, (rand.randint(0, DRAWN - 60), rand.randint(0, DRAWN - 60)), glyph)
        return self._photographed()

    def _leaf(self, size: int) -> None:
        rand = self.rand
        left, top = rand.randint(-size // 2, DRAWN - size // 2), rand.randint(-size // 2, DRAWN - size // 2)
        mask = _leaf_mask(rand, size)
        if size < 250 and rand.random() < 0.25:
            off = rand.randint(2, 14)
            shadow = mask.filter(ImageFilter.GaussianBlur(rand.uniform(2, 10))).point([v // 2 for v in range(256)])
            self.picture.paste((0, 0, 0), (left + off, top + off), shadow)
        self.picture.paste(self._paint(size), (left, top), mask)

    def _paint(self, size: int) -> Image.Image:
        """The colours of one leaf: mostly shaded from one side, mostly with texture, some with stripes."""
        rand = self.rand
        paint = np.empty((size, size, 3), np.float32)
        paint[:] = self.colour()
        ramp = np.linspace(-1, 1, size, dtype=np.float32)
        if rand.random() < 0.8:
            angle = rand.uniform(0, 2 * math.pi)
            shade = ramp[None, :] * math.cos(angle) + ramp[:, None] * math.sin(angle)
            paint += rand.uniform(3, 60) * shade[:, :, None]
        if rand.random() < 0.85:
            field = rand.choice(self.textures)
            rows = np.arange(top := rand.randrange(field.shape[0]), top + size) % field.shape[0]
            columns = np.arange(left := rand.randrange(field.shape[1]), left + size) % field.shape[1]
            tint = np.array([rand.uniform(0.7, 1.3) for _ in range(3)], np.float32)
            paint += 35 ** rand.random() * field[np.ix_(rows, columns)][:, :, None] * tint
        if rand.random() < 0.12:
            period, angle = rand.uniform(5, 60), rand.uniform(0, math.pi)
            across = size / 2 * (ramp[None, :] * math.cos(angle) + ramp[:, None] * math.sin(angle))
            wave = np.clip(rand.uniform(1, 3) * np.sin(2 * math.pi * across / period), -1, 1)
            paint += rand.uniform(5, 50) * wave[:, :, None]
        return Image.fromarray(np.clip(paint, 0, 255).astype(np.uint8))

    def _hair(self) -> None:
        """Hair, grass, twigs: many thin bent lines of like colour in about one direction."""
        rand, draw = self.rand, ImageDraw.Draw(self.picture)
        left, top = rand.randint(-100, DRAWN - 100), rand.randint(-100, DRAWN - 100)
        width, height = rand.randint(120, 550), rand.randint(120, 550)
        direction, spread = rand.uniform(0, math.pi), rand.uniform(0.05, 0.5)
        length, thickness = rand.uniform(40, 260), rand.choice((2, 2, 3, 3, 4, 5, 7))
        colour, contrast = self.colour(), rand.uniform(8, 60)
        for _ in range(rand.randint(100, 700)):
            x, y = left + rand.random() * width, top + rand.random() * height
            angle, bend = direction + rand.gauss(0, spread), rand.gauss(0, 0.12)
            points = [(x, y)]
            for _ in range(4):
                angle += bend
                x, y = x + math.cos(angle) * length / 4, y + math.sin(angle) * length / 4
                points.append((x, y))
            shade = colour + rand.uniform(-contrast, contrast)
            red, green, blue = (int(v) for v in np.clip(shade, 0, 255))
            draw.line(points, (red, green, blue), thickness, "curve")

    def _photographed(self) -> Image.Image:
        """A part of the picture, shrunk up to one and a half times, perhaps blurred a little, perhaps with noise."""
        rand = self.rand
        side = rand.randint(CANVAS, DRAWN - 48)
        left, top = rand.randint(0, DRAWN - side), rand.randint(0, DRAWN - side)
        filters = Image.Resampling.BOX, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS
        box = (left, top, left + side, top + side)
        photo = self.picture.resize((CANVAS, CANVAS), rand.choice(filters), box)
        if rand.random() < 0.5:
            photo = photo.filter(ImageFilter.GaussianBlur(rand.uniform(0.3, 1.1)))
        if rand.random() < 0.5:
            pixels = np.asarray(photo, np.float32)
            noise = self.rng.standard_normal(pixels.shape, np.float32) * rand.uniform(0.5, 5)
            photo = Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))
        return photo


def _emoji(rand: random.Random, font: ImageFont.FreeTypeFont) -> Image.Image:
    """One colour glyph (RGBA), at its own size or smaller, turned a little."""
    glyph = Image.new("RGBA", (136, 128))
    ImageDraw.Draw(glyph).text((0, 0), rand.choice(EMOJI), font=font, embedded_color=True)
    size = rand.randint(40, 128)
    return glyph.resize((size, size), Image.Resampling.LANCZOS).rotate(rand.gauss(0, 12), Image.Resampling.BICUBIC)


def draw_canvas(seed: int) -> np.ndarray:
    """A canvas full of leaves: uint8 (CANVAS, CANVAS, 3). The same seed draws the same canvas."""
    return np.asarray(Canvas(seed).draw())


# --- what the network sees -------------------------------------------------------------------------------------------


def _jpeg(patch: Tensor, quality: int) -> Tensor:
    """One (3, h, w) patch through JPEG and back."""
    buffer = io.BytesIO()
    Image.fromarray((patch.permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()).save(
        buffer, "JPEG", quality=quality
    )
    return torch.from_numpy(np.array(Image.open(buffer))).permute(2, 0, 1).float() / 255


def _smaller(sharp: Tensor, mode: str) -> Tensor:
    """(B, 3, 4h, 4w) to (B, 3, h, w) by a filter: area, bicubic or bilinear."""
    if mode == "area":
        return F.avg_pool2d(sharp, SCALE)
    return F.interpolate(sharp, scale_factor=1 / SCALE, mode=mode, antialias=True, align_corners=False)


def _in_8_bits(pictures: Tensor) -> Tensor:
    return (pictures.clamp(0, 1) * 255).round() / 255


def shrink(sharp: Tensor, rand: random.Random) -> Tensor:
    """(B, 3, 4h, 4w) in 0..1 to (B, 3, h, w), by area or bicubic filter, rounded to 8 bits."""
    return _in_8_bits(_smaller(sharp, "area" if rand.random() < 0.5 else "bicubic"))


def _blur(pictures: Tensor, sigma: float) -> Tensor:
    """A Gaussian blur of (B, 3, h, w), `sigma` in pixels up to 1.6."""
    line = torch.exp(-(torch.arange(-4, 5.0) ** 2) / (2 * sigma**2))
    kernel = (line / line.sum()).view(1, 1, 1, 9).repeat(3, 1, 1, 1)
    padded = F.pad(pictures, (4, 4, 4, 4), mode="replicate")
    return F.conv2d(F.conv2d(padded, kernel, groups=3), kernel.transpose(2, 3), groups=3)


def degrade(sharp: Tensor, rand: random.Random) -> Tensor:
    """Shrinks (B, 3, 4h, 4w) in 0..1 to (B, 3, h, w) with some of blur before, blur after, noise and JPEG.

    One batch in six is clean.
    """
    if rand.random() < 1 / 6:
        return shrink(sharp, rand)
    if rand.random() < 0.25:
        sharp = _blur(sharp, rand.uniform(0.4, 1.6))
    small = _smaller(sharp, rand.choice(("area", "bicubic", "bicubic", "bilinear")))
    if rand.random() < 0.3:
        small = _blur(small, rand.uniform(0.3, 1.2))
    if rand.random() < 0.2:
        small = small + torch.randn_like(small) * rand.uniform(0.002, 0.02)
    small = small.clamp(0, 1)
    if rand.random() < 0.5:
        small = torch.stack([_jpeg(patch, rand.randint(30, 95)) for patch in small])
    return _in_8_bits(small)


class Patches:
    """Random pairs of patches from a pool of canvases; one canvas is redrawn every `refresh` batches."""

    def __init__(self, seed: int, canvases: int, refresh: int, side: int = 32) -> None:
        self.rand = random.Random(seed)
        self.refresh, self.side, self.count = refresh, side, 0
        self.pool = [draw_canvas(self.rand.randrange(2**31)) for _ in range(canvases)]

    def batch(self, size: int, *, damaged: bool) -> tuple[Tensor, Tensor]:
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
        return (degrade if damaged else shrink)(sharp, self.rand), sharp


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
class Stage:
    """A name, how long it lasts in steps, how many patches a step takes, and how fast it learns at first."""

    name: str
    steps: int
    batch: int
    rate: float

    def rate_at(self, step: int) -> float:
        """Down to a hundredth as a quarter of a cosine, after a short warm-up."""
        falling = 0.01 + 0.99 * math.cos(math.pi / 2 * step / max(self.steps, 1))
        return self.rate * min(1.0, (step + 1) / 100) * falling


class Trainer:
    """Both networks, both optimisers, the running average, and one step of any stage."""

    def __init__(self, stages: list[Stage]) -> None:
        self.stages, self.step, self.seconds = stages, 0, 0.0
        self.net = untrained().to(DEVICE, memory_format=torch.channels_last)
        self.average = network().to(DEVICE).requires_grad_(False)
        self.average.load_state_dict(self.net.state_dict())
        self.critic = Discriminator().to(DEVICE, memory_format=torch.channels_last)
        if DEVICE.type == "cuda":
            self.net.compile()
            self.critic.compile()
        self._own_optimisers()

    def _own_optimisers(self) -> None:
        self.optimiser = torch.optim.AdamW(self.net.parameters(), betas=(0.9, 0.99), weight_decay=0)
        self.critic_optimiser = torch.optim.AdamW(self.critic.parameters(), 2e-4, betas=(0.5, 0.99), weight_decay=0)

    def start(self, file: Path) -> None:
        """Goes on after the first stage from the weights that it shipped."""
        self.average.load_state_dict(load_file(file))
        self.step = self.stages[0].steps

    @property
    def done(self) -> bool:
        return self.step >= sum(stage.steps for stage in self.stages)

    @property
    def stage(self) -> tuple[Stage, int]:
        """The stage of the next step, and how many of its steps are done; the last stage when all are."""
        done = self.step
        for stage in self.stages[:-1]:
            if done < stage.steps:
                return stage, done
            done -= stage.steps
        return self.stages[-1], done

    def train(self, small: Tensor, sharp: Tensor) -> dict[str, float]:
        stage, done = self.stage
        if not done and self.step:
            self.net.load_state_dict(self.average.state_dict())
            self._own_optimisers()
        for group in self.optimiser.param_groups:
            group["lr"] = stage.rate_at(done)
        small = small.to(DEVICE, memory_format=torch.channels_last)
        sharp = sharp.to(DEVICE, memory_format=torch.channels_last)
        step = self._adversarial_step if stage.name == ADVERSARIAL else self._squared_step
        losses = step(small, sharp)
        decay = min(0.998, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for slow, fast in zip(self.average.parameters(), self.net.parameters(), strict=True):
                slow.lerp_(fast, 1 - decay)
        self.step += 1
        return losses

    def _paint(self, small: Tensor) -> Tensor:
        with computing():
            return self.net(small).float()

    def _update(self, loss: Tensor) -> None:
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimiser.step()

    def _squared_step(self, small: Tensor, sharp: Tensor) -> dict[str, float]:
        error = F.mse_loss(self._paint(small), sharp)
        self._update(20 * error)
        return {"error": error.item()}

    def _adversarial_step(self, small: Tensor, sharp: Tensor) -> dict[str, float]:
        painted = self._paint(small)
        self.critic.requires_grad_(True)
        with computing():
            real, _ = self.critic(sharp)
            fake, _ = self.critic(painted.detach())
        critic_loss = F.relu(1 - real.float()).mean() + F.relu(1 + fake.float()).mean()
        self.critic_optimiser.zero_grad()
        critic_loss.backward()
        self.critic_optimiser.step()
        self.critic.requires_grad_(False)
        with computing():
            score, features = self.critic(painted)
            with torch.no_grad():
                _, wanted = self.critic(sharp)
        matching = torch.stack([F.l1_loss(a.float(), b.float()) for a, b in zip(features, wanted, strict=True)]).mean()
        pixel, fooling = charbonnier(painted, sharp), -score.float().mean()
        self._update(pixel + 0.2 * matching + 0.004 * fooling)
        return {"pixel": pixel.item(), "matching": matching.item(), "critic": critic_loss.item()}

    def state(self) -> dict[str, object]:
        parts = (self.net, self.average, self.critic, self.optimiser, self.critic_optimiser)
        return {"step": self.step, "seconds": self.seconds, "parts": [part.state_dict() for part in parts]}

    def restore(self, state: dict[str, object]) -> None:
        parts = (self.net, self.average, self.critic, self.optimiser, self.critic_optimiser)
        for part, saved in zip(parts, state["parts"], strict=True):  # type: ignore[call-overload]
            part.load_state_dict(saved)
        self.step, self.seconds = int(state["step"]), float(state["seconds"])  # type: ignore[arg-type]


def _save(trainer: Trainer, stage: Stage, folder: Path) -> None:
    """Writes the checkpoint, and the averaged network as it would ship (one file for each stage)."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / "checkpoint.pt.partial"
    torch.save(trainer.state(), partial)
    partial.replace(folder / "checkpoint.pt")
    weights = {k: v.contiguous() for k, v in trainer.average.state_dict().items()}
    save_file(weights, folder / f"{stage.name}.safetensors")


def export(folder: Path) -> None:
    """Ships the last networks of a run, one for each stage that has begun."""
    for name in (FAITHFUL, ADVERSARIAL):
        if (trained := folder / f"{name}.safetensors").exists():
            shipped = EMBEDDED / trained.name
            shipped.write_bytes(trained.read_bytes())
            print(f"{trained} is now {shipped}")
    print(f"manifest {seal(EMBEDDED)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("checkpoints/upscaler"))
    parser.add_argument("--faithful", type=int, default=20000, help="steps of the first stage")
    parser.add_argument("--restoring", type=int, default=8000, help="steps of the second stage")
    parser.add_argument("--adversarial", type=int, default=3000, help="steps of the third stage")
    parser.add_argument("--start", type=Path, help="weights of the first stage to go on from")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--canvases", type=int, default=48)
    parser.add_argument("--export", action="store_true", help="train nothing: ship the last networks")
    args = parser.parse_args()
    if args.export:
        export(args.out)
        return
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    stages = [
        Stage(FAITHFUL, args.faithful, 16, 8e-4),
        Stage(RESTORING, args.restoring, 16, 5e-4),
        Stage(ADVERSARIAL, args.adversarial, 8, 2e-4),
    ]
    trainer = Trainer(stages)
    if (args.out / "checkpoint.pt").exists():
        trainer.restore(torch.load(args.out / "checkpoint.pt", map_location=DEVICE, weights_only=True))
    elif args.start:
        trainer.start(args.start)
    from torch.utils.tensorboard import SummaryWriter

    patches = Patches(seed=1 + trainer.step, canvases=args.canvases, refresh=40)
    with Bar("upscaler", sum(stage.steps for stage in stages)) as bar, SummaryWriter(str(args.out / "log")) as log:
        _run(trainer, patches, args.out, bar, log)


def _run(trainer: Trainer, patches: Patches, out: Path, bar: Bar, log: Any) -> None:
    """All steps that are left; tells every fifty, keeps every hundred."""
    last = time.monotonic()
    while not trainer.done:
        step, (stage, _) = trainer.step, trainer.stage
        losses = trainer.train(*patches.batch(stage.batch, damaged=stage.name != FAITHFUL))
        ended = trainer.stage[0] is not stage or trainer.done
        if step % 50 == 0 or ended:
            trainer.seconds, last = trainer.seconds + time.monotonic() - last, time.monotonic()
            bar.tell(json.dumps({"step": step, "seconds": round(trainer.seconds)} | losses))
            for name, value in losses.items():
                log.add_scalar(name, value, step)
        if step % 100 == 0 or ended:
            _save(trainer, stage, out)
        bar.at(trainer.step)


if __name__ == "__main__":
    main()
