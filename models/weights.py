"""Weights files and their manifest: which bytes are the right ones.

A folder of weights carries a file `SHA256SUMS` in the format of the program `sha256sum`, one line for every file that
decides pixels (everything but the model card and the manifest itself). The SHA-256 of the manifest names the
weights in a recipe. `seal` writes a manifest after training, `verify` compares every file with it before loading.
Only safetensors and text are accepted: a pickle can run code when it is opened, so a folder that holds one is refused.

Weights of others have no manifest. What transformers reads of them is read by `whole`, which refuses a part of a
network: transformers by itself would fill in what is missing with random numbers.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Any

from models.errors import WeightsMissing

EMBEDDED = Path(__file__).parent / "embedded"
"""The weights that ship."""
MANIFEST = "SHA256SUMS"
_UNSEALED = {MANIFEST, "README.md"}
PICKLES = {".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"}


def seal(folder: Path) -> str:
    """Writes the manifest of a folder as it is now and returns the manifest's SHA-256."""
    lines = [f"{_hash(folder / name)}  {name}\n" for name in _files(folder)]
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8")
    return manifest_hash(folder)


def manifest_hash(folder: Path) -> str:
    """SHA-256 of a folder's manifest; empty when it is not on this machine."""
    manifest = folder / MANIFEST
    return _hash(manifest) if manifest.exists() else ""


def verify(folder: Path) -> None:
    """Compares a folder with its manifest; reads every byte (about a second for a gigabyte).

    Raises:
        WeightsMissing: No manifest, a file missing, changed or not listed, or a pickle among them.
    """
    manifest = folder / MANIFEST
    if not manifest.exists():
        raise WeightsMissing(f"The weights in {folder} are not on this machine: {manifest} is missing; install again.")
    known: dict[str, str] = {}
    for line in manifest.read_text(encoding="utf-8").splitlines():
        expected, name = line.split("  ", 1)
        known[name] = expected
    for name, expected in known.items():
        if not (folder / name).is_file():
            raise WeightsMissing(f"The weights file {folder / name} is missing; install again.")
        found = _hash(folder / name)
        if found != expected:
            raise WeightsMissing(
                f"The weights file {folder / name} has the SHA-256 {found[:12]}… instead of {expected[:12]}…: it was "
                "changed or damaged; install again."
            )
    for name in _files(folder):
        if name not in known:
            raise WeightsMissing(f"The file {folder / name} is not listed in {manifest}; remove it or install again.")


def refuse_broken(path: Path) -> None:
    """Raises `WeightsMissing` where a file is no safetensors one or is cut off, by its header; its numbers are not
    read."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np"):
            return
    except (SafetensorError, OSError) as error:
        raise WeightsMissing(f"{path} is no safetensors file, or is cut off; save it again, or remove it.") from error


def refuse_pickles(folder: Path) -> None:
    """Raises `WeightsMissing` when the folder holds weights in a format that can run code."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in PICKLES:
            raise WeightsMissing(f"{path} is a pickle, which can run code when opened; convert it to safetensors.")


def whole(kind: Any, folder: Path, named: str, **options: Any) -> Any:
    """A network of transformers in RAM, as its folder holds it; nothing is fetched and only safetensors are opened.

    Args:
        kind: Its class, or an `Auto…` one.
        folder: Its configuration and weights.
        named: What it is called in an error.
        options: Further words for `from_pretrained`.

    Raises:
        WeightsMissing: The files lack a tensor that is not another's twin.
        OSError, ValueError, RuntimeError, …: As transformers raises over files that it cannot read.
    """
    network, found = kind.from_pretrained(
        folder, use_safetensors=True, output_loading_info=True, local_files_only=True, **options
    )
    if lacking := sorted(found["missing_keys"]):
        raise WeightsMissing(f"The weights of {named} in {folder} are not complete: {lacking[0]} is missing.")
    return network


def file_hash(path: Path) -> str:
    """SHA-256 of a file; read again only when its size or time of change is another."""
    facts = path.stat()
    return _hash_as_of(path.resolve(), facts.st_size, facts.st_mtime_ns)


@functools.lru_cache(maxsize=256)
def _hash_as_of(path: Path, _size: int, _changed: int) -> str:
    return _hash(path)


def _files(folder: Path) -> list[str]:
    refuse_pickles(folder)
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(path.relative_to(folder).as_posix() for path in paths if path.name not in _UNSEALED)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
