"""NudeNet looks at a picture: which exposed body parts a detector finds, and how sure it is.

Optional: `pip install '.[nudenet]'` brings the detector's 12 MB of weights in its own package and onnxruntime to run
them; nothing is fetched. (The package's metadata say MIT, the licence text in its wheel is the AGPL's: that is why it
is no plain dependency.) Easel reads the weights file directly, after comparing its SHA-256, and does the little image
arithmetic itself, so the package's own code and OpenCV are never imported.

It was trained on photographs; drawings and very small figures are found less surely. It does not tell ages, faces of
known people, violence or symbols.
"""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.errors import WeightsMissing

NUDENET_SHA256 = "c15d8273adad2d0a92f014cc69ab2d6c311a06777a55545f2c4eb46f51911f0f"
SIDE = 320
LABELS = (
    "FEMALE_GENITALIA_COVERED", "FACE_FEMALE", "BUTTOCKS_EXPOSED", "FEMALE_BREAST_EXPOSED", "FEMALE_GENITALIA_EXPOSED",
    "MALE_BREAST_EXPOSED", "ANUS_EXPOSED", "FEET_EXPOSED", "BELLY_COVERED", "FEET_COVERED", "ARMPITS_COVERED",
    "ARMPITS_EXPOSED", "FACE_MALE", "BELLY_EXPOSED", "MALE_GENITALIA_EXPOSED", "ANUS_COVERED", "FEMALE_BREAST_COVERED",
    "BUTTOCKS_COVERED",
)  # fmt: skip


def nudenet_weights() -> Path | None:
    """The detector's weights on this machine, or None where `easel[nudenet]` is not installed; loads nothing."""
    found = importlib.util.find_spec("nudenet")
    if found is None or found.origin is None or importlib.util.find_spec("onnxruntime") is None:
        return None
    path = Path(found.origin).parent / "320n.onnx"
    return path if path.is_file() else None


class NudeNet:
    """The detector, loaded on first use; may be called from any thread.

    Args:
        weights: The file `320n.onnx` of nudenet 3.4.2.
        threads: Threads one picture may use.
    """

    def __init__(self, weights: Path, threads: int = 1) -> None:
        self._weights = weights
        self._threads = threads
        self._session: Any = None
        self._lock = threading.Lock()

    def scores(self, image: Image.Image) -> dict[str, float]:
        """How sure the detector is of each label anywhere in the picture, 0 to 1.

        Any mode and size; the picture is made RGB, padded to a square at the right and bottom and scaled to 320×320.

        Raises:
            WeightsMissing: The weights file is not the known one.
        """
        session = self._loaded()
        best = session.run(None, {session.get_inputs()[0].name: _input(image)})[0][0, 4:].max(axis=1)
        return dict(zip(LABELS, (float(score) for score in best), strict=True))

    def _loaded(self) -> Any:
        with self._lock:
            if self._session is None:
                self._session = _session(self._weights, self._threads)
            return self._session


def _session(weights: Path, threads: int) -> Any:
    import onnxruntime  # pyright: ignore[reportMissingImports] -- only with easel[nudenet]

    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    if found != NUDENET_SHA256:
        raise WeightsMissing(
            f"NudeNet's weights have the SHA-256 {found[:12]}… instead of {NUDENET_SHA256[:12]}…; "
            "install nudenet==3.4.2 again."
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])


def _input(image: Image.Image) -> NDArray[np.float32]:
    """float32 (1, 3, 320, 320), RGB from 0 to 1."""
    image = image.convert("RGB")
    image.thumbnail((2 * SIDE, 2 * SIDE), Image.Resampling.BOX)  # a large picture need not be padded at full size
    side = max(image.size)
    square = Image.new("RGB", (side, side))
    square.paste(image)
    pixels = np.asarray(square.resize((SIDE, SIDE), Image.Resampling.BILINEAR)).astype(np.float32) / np.float32(255)
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])
