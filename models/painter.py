"""The parts that the shipped painter and editor need beside what stock diffusers brings: MiniLM as text encoder, and
one shared network.

Painter and editor are one UNet. The editor's reads 96 channels (48 of the picture under way, 48 of the picture to
edit), the painter's only the first 48; everything behind the first convolution is the same, and is stored once, in
the editor's folder. `EditorUNet` is the stock UNet2DConditionModel with a first guess built in; `PainterUNet` is the
same but for `from_pretrained`, which reads the editor's weights and keeps the half of the first convolution that it
needs. So both folders load as ordinary pipelines, given `text_parts()`:

    tokenizer, text_encoder = text_parts()
    parts = {"tokenizer": tokenizer, "text_encoder": text_encoder}
    StableDiffusionPipeline.from_pretrained(EMBEDDED / "painter", **parts)
    StableDiffusionInstructPix2PixPipeline.from_pretrained(EMBEDDED / "editor", **parts)
"""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from typing import Any, cast

import torch
from diffusers.models.modeling_utils import ModelMixin
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel, UNet2DConditionOutput
from transformers import BertModel, BertTokenizer

from models.autoencoder import PatchAutoencoder

# diffusers builds a part from a module of ours only if that module was imported before and holds the name ModelMixin:
# so who imports this module can load both folders.
__all__ = [
    "EMBEDDED",
    "LATENT_CHANNELS",
    "MAX_TOKENS",
    "CaptionEncoder",
    "EditorUNet",
    "ModelMixin",
    "PainterUNet",
    "PatchAutoencoder",
    "text_parts",
]

EMBEDDED = Path(__file__).parent / "embedded"
MAX_TOKENS = 32  # longer prompts are cut, as they were in training
LATENT_CHANNELS = 48
STATE_SCALE = 2.5  # times MiniLM's token states, whose root mean square is 0.4


class EditorUNet(UNet2DConditionModel):
    """A UNet around which a good guess is built in, so that it need only learn what that guess misses.

    The guess is a Wiener filter of every latent number around an expected picture: without a picture to edit around
    the mean of all pictures, with one around that picture. `spread` and `change` hold how far latents and edits
    usually are from what is expected, one number a channel (preconditioning as in Karras et al. 2022, arXiv
    2206.00364, here a channel at a time). The network answers with two numbers for each latent: what to add to the
    guess, and by which factor (as a logarithm) the usual deviation is to be taken smaller or larger at this place. So
    it can say "nothing is here but flat sky" or "nothing changes here" without copying noise through all its layers.

    Input (n, 96, H, W): noisy latents, then the latents of the picture to edit or zeros; the answer is the clean
    latents (n, 48, H, W). Times are 0–1000.
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.register_buffer("spread", torch.ones(LATENT_CHANNELS))
        self.register_buffer("change", torch.ones(LATENT_CHANNELS))

    def forward(  # type: ignore[override]
        self,
        sample: torch.Tensor,
        timestep: torch.Tensor | float,
        encoder_hidden_states: torch.Tensor,
        return_dict: bool = True,
        **others: Any,
    ) -> Any:
        noisy, source = sample[:, :LATENT_CHANNELS].float(), sample[:, LATENT_CHANNELS:].float()
        time = torch.as_tensor(timestep, device=sample.device).float().div(1000).reshape(-1, 1, 1, 1)
        overall = self.spread.float().reshape(1, -1, 1, 1)
        guess, deviation, inputs = torch.zeros_like(noisy), overall, ()
        if source.shape[1]:
            given = source.abs().amax((1, 2, 3), keepdim=True) > 0
            guess = source
            deviation = torch.where(given, self.change.float().reshape(1, -1, 1, 1), overall)
            inputs = (source / overall,)
        total = ((1 - time).square() * deviation.square() + time.square()).sqrt()
        off = noisy - (1 - time) * guess
        moved = torch.cat([off / total, *inputs], 1).to(sample.dtype)
        said = super().forward(moved, timestep, encoder_hidden_states, return_dict=False, **others)[0].float()
        added, factor = said.chunk(2, 1)
        local = (deviation * factor.clamp(-5, 2).exp()).square()
        filtered = local * (1 - time) / ((1 - time).square() * local + time.square() + 1e-8) * off
        clean = guess + filtered + deviation * time / total * added
        clean = clean.to(sample.dtype)
        return UNet2DConditionOutput(sample=clean) if return_dict else (clean,)


# diffusers reads from the signature which settings of `config.json` a network takes: it must be the stock one's.
EditorUNet.__init__.__signature__ = inspect.signature(UNet2DConditionModel.__init__)  # type: ignore[attr-defined]


class PainterUNet(EditorUNet):
    """The editor's UNet without the channels for a picture to edit; see the module's text."""

    @classmethod
    def from_pretrained(
        cls, pretrained_model_name_or_path: str | os.PathLike[str] | None, **kwargs: Any
    ) -> PainterUNet:
        """Build the network from the folder `editor` beside the painter's own (`painter/unet` → `editor/unet`).

        Arguments are those of `UNet2DConditionModel.from_pretrained`; `subfolder` is honoured.
        """
        if pretrained_model_name_or_path is None:
            raise ValueError("The painter's network needs the folder it lies in.")
        own = Path(pretrained_model_name_or_path) / (kwargs.pop("subfolder", None) or "")
        return cls.of(EditorUNet.from_pretrained(own.parent.parent / "editor" / "unet", **kwargs))

    @classmethod
    def of(cls, editor: EditorUNet) -> PainterUNet:
        """A copy of the editor's network that takes no picture to edit (as if that were all zeros)."""
        painter = cast(PainterUNet, cls.from_config(editor.config, in_channels=LATENT_CHANNELS))
        weights = {name: value.clone() for name, value in editor.state_dict().items()}
        weights["conv_in.weight"] = weights["conv_in.weight"][:, :LATENT_CHANNELS].clone()
        painter.load_state_dict(weights)
        torch.nn.Module.to(painter, dtype=editor.dtype)
        return painter.eval()


class CaptionEncoder(BertModel):
    """MiniLM with token states of about unit variance, and zeros where padding stands.

    The stock pipelines give cross-attention no mask, and 24 of 32 tokens are padding in a usual caption: as zeros they
    say nothing. Without the scale the network spends its first hour making words audible.
    """

    def forward(self, input_ids: Any = None, attention_mask: Any = None, **others: Any) -> Any:  # type: ignore[override]
        answer: Any = super().forward(input_ids, attention_mask=attention_mask, **others)
        if attention_mask is not None:
            answer.last_hidden_state = answer.last_hidden_state * attention_mask[..., None] * STATE_SCALE
        return answer


def text_parts() -> tuple[Any, Any]:
    """MiniLM's tokenizer and encoder as the painter was trained with them: 32 tokens, see `CaptionEncoder`.

    Raises:
        WeightsMissing: The package is not installed, or its weights are not the published ones.
    """
    from models.words import minilm_folder

    folder = minilm_folder()
    tokenizer = BertTokenizer.from_pretrained(folder, model_max_length=MAX_TOKENS)
    encoder = CaptionEncoder.from_pretrained(folder, add_pooling_layer=False).eval()
    # The stock pipelines pass the mask only to an encoder whose config asks for it.
    encoder.config.use_attention_mask = True
    return tokenizer, encoder
