"""Enlarging a picture with any network that spandrel reads, in tiles, to any size.

A tile is enlarged together with a margin of its neighbours' pixels, and only its own part is kept. The margin is as
wide as a pixel of the network's result looks (18 pixels in the shipped ones), so tiles join without seams and the
result does not depend on their size; networks that look farther than 64 pixels, or by attention, see little of what
is beyond. Factors other than the network's own are reached by enlarging as often as needed and shrinking by area or
Lanczos filter, which loses nothing that the person asked for.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image
from torch import nn

from models.compiled import Compiled
from models.errors import Stopped, WeightsMissing
from models.place import Place
from models.recipe import Extent

if TYPE_CHECKING:
    from spandrel import ImageModelDescriptor

TILE = 256
_MARGINS = 24, 64  # pixels around a tile, at least and at most
_Rectangle = tuple[slice, slice]
"""Rows and columns of a tile."""


class Upscaler:
    """A network that enlarges RGB pictures by a whole factor, `scale`.

    Its weights and the picture stay in float32 and only its layers compute in the place's numbers: bfloat16 has fewer
    steps between two values than a picture has shades, but enough for what the shipped networks add to the pixels.
    Networks of convolutions alone OpenVINO computes, where it is chosen.
    """

    def __init__(self, network: ImageModelDescriptor[Any], place: Place) -> None:
        self._network: Callable[[torch.Tensor], torch.Tensor] = network.to(place.device).eval()
        network.model.to(memory_format=torch.channels_last)
        if place.openvino and _is_convolutional(network):
            self._network = Compiled(network.model, place.openvino)
        numbers = place.autocast or place.weights
        self._place = Place(place.device, torch.float32, None if numbers == torch.float32 else numbers)
        self.scale = network.scale
        self.networks: Sequence[nn.Module] = (network.model,)
        self._margin = _margin(network)

    @classmethod
    def load(cls, path: Path, place: Place) -> Upscaler:
        """Reads a safetensors file of any architecture that spandrel knows.

        Raises:
            WeightsMissing: No file, not safetensors, or no network that enlarges RGB pictures.
        """
        from spandrel import (  # seconds, which painters need not
            ImageModelDescriptor,
            ModelLoader,
            UnsupportedModelError,
        )

        if path.suffix != ".safetensors":
            raise WeightsMissing(f"{path} is not a safetensors file, and no other format is opened.")
        if not path.is_file():
            raise WeightsMissing(f"The weights file {path} is missing; install again.")
        try:
            network = ModelLoader("cpu").load_from_file(path)
        except UnsupportedModelError as error:
            why = f": {error}" if str(error).strip() else "."
            raise WeightsMissing(f"{path} holds no network that spandrel knows{why}") from error
        if not isinstance(network, ImageModelDescriptor) or network.input_channels != 3 or network.scale < 2:
            raise WeightsMissing(f"{path} holds no network that enlarges RGB pictures.")
        return cls(network, place)

    def enlarge(
        self,
        picture: Image.Image,
        extent: Extent,
        report: Callable[[float], None] = lambda _: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Image.Image:
        """Enlarges an RGB picture to `extent`, in both directions at least its own size.

        Args:
            report: Called with the finished part of all that is to do, 0 to 1, after each tile.
            stop: Asked before each tile.

        Raises:
            Stopped: `stop` said so.
        """
        sizes = [Extent(*picture.size)]
        while sizes[-1].width < extent.width or sizes[-1].height < extent.height:
            sizes.append(Extent(sizes[-1].width * self.scale, sizes[-1].height * self.scale))
        passes = [list(_tiles(size.height, size.width)) for size in sizes[:-1]]
        tiles, done = sum(map(len, passes)), itertools.count(1)
        for rectangles in passes:
            picture = self._one_pass(picture, rectangles, lambda: report(next(done) / tiles), stop)
        return shrink(picture, extent)

    def _one_pass(
        self, picture: Image.Image, tiles: Sequence[_Rectangle], finished: Callable[[], None], stop: Callable[[], bool]
    ) -> Image.Image:
        source = np.asarray(picture.convert("RGB"))
        result = np.empty((source.shape[0] * self.scale, source.shape[1] * self.scale, 3), np.uint8)
        for rows, columns in tiles:
            if stop():
                raise Stopped("Enlarging was stopped.")
            result[_times(rows, self.scale), _times(columns, self.scale)] = self._tile(source, rows, columns)
            finished()
        return Image.fromarray(result)

    @torch.inference_mode()
    def _tile(self, source: np.ndarray, rows: slice, columns: slice) -> np.ndarray:
        top, left = max(rows.start - self._margin, 0), max(columns.start - self._margin, 0)
        around = source[top : rows.stop + self._margin, left : columns.stop + self._margin]
        pixels = torch.from_numpy(around.copy()).to(self._place.device).permute(2, 0, 1)[None].float() / 255
        with self._place.computing():
            large = self._network(pixels)[0].clamp(0, 1)
        result = (large.float() * 255).round().to(torch.uint8).permute(1, 2, 0).cpu().numpy()
        inside = slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left)
        return result[_times(inside[0], self.scale), _times(inside[1], self.scale)]


def _is_convolutional(network: ImageModelDescriptor[Any]) -> bool:
    """Whether a network is made of convolutions alone: others, once converted, would be right for one size only."""
    parts = (part for part in network.model.modules() if next(part.parameters(recurse=False), None) is not None)
    return network.size_requirements.none and all(isinstance(part, nn.Conv2d | nn.PReLU) for part in parts)


def _margin(network: ImageModelDescriptor[Any]) -> int:
    """How many pixels around a tile are shown: as far as all convolutions, one behind the other, could look."""
    least, most = _MARGINS
    if not _is_convolutional(network):
        return most
    kernels = (part.kernel_size[0] for part in network.model.modules() if isinstance(part, nn.Conv2d))
    return min(max(sum(kernel // 2 for kernel in kernels), least), most)


def shrink(picture: Image.Image, extent: Extent) -> Image.Image:
    """A picture resized to `extent`: by area where the factor is whole, which rings nowhere, else by Lanczos."""
    if picture.size == tuple(extent):
        return picture
    whole = picture.width % extent.width == 0 and picture.height % extent.height == 0
    return picture.resize(extent, Image.Resampling.BOX if whole else Image.Resampling.LANCZOS)


def _tiles(height: int, width: int) -> Iterator[_Rectangle]:
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            yield slice(top, min(top + TILE, height)), slice(left, min(left + TILE, width))


def _times(part: slice, factor: int) -> slice:
    return slice(part.start * factor, part.stop * factor)
