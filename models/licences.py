"""Licences that a person must agree to before weights are fetched or run, and who of them did, once, on this machine.

The file `licences.json` in the models folder holds the licence that was agreed to, by hub repository; when a preset
names another licence than that, it is asked for again.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from models.errors import LicenceUnaccepted
from models.presets import Preset

FILE = "licences.json"


class Licences:
    """What was agreed to; `folder` is the models folder, None where there is none."""

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / FILE if folder else None

    def accepted(self, preset: Preset) -> bool:
        """Whether a preset may be used: nothing to agree to, or agreed."""
        return not preset.accept_licence or self._read().get(preset.hub or "") == preset.licence

    def accept(self, preset: Preset) -> None:
        """Notes that a person agreed to a preset's licence; there must be a models folder."""
        assert self._file is not None and preset.hub is not None, preset.label
        self._file.parent.mkdir(parents=True, exist_ok=True)
        agreed = self._read() | {preset.hub: preset.licence}
        beside = self._file.with_name(f"{FILE}.{os.getpid()}")  # nobody reads half of it, and a kill leaves the old one
        beside.write_text(json.dumps(agreed, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        beside.replace(self._file)

    def require(self, preset: Preset) -> None:
        """Raises `LicenceUnaccepted`, with what to do, where nobody agreed yet."""
        if not self.accepted(preset):
            raise LicenceUnaccepted(
                f"{terms(preset)} Agree once with: easel models pull {preset.name} --accept-licence"
            )

    def _read(self) -> dict[str, str]:
        if self._file is None or not self._file.exists():
            return {}
        try:
            agreed = json.loads(self._file.read_text(encoding="utf-8"))
        except ValueError:  # damaged: nobody agreed, and whoever is asked again mends it
            return {}
        return agreed if isinstance(agreed, dict) else {}


def terms(preset: Preset) -> str:
    """What a person agrees to, in two sentences."""
    use = "allows commercial use" if preset.commercial else "allows no commercial use"
    return (
        f"{preset.title} is under the licence {preset.licence}, which {use}. "
        f"Its text is at https://huggingface.co/{preset.hub}."
    )
