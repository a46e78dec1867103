"""Weights from the Hugging Face hub, fetched when a person says so: `easel models pull`.

Only what a preset needs is fetched: of a pipeline's folders the networks it names, safetensors only, in one variant; of
a network of transformers the same, which lies beside its configuration; of an upscaler its one file; and the LoRAs.
Everything goes into the hub's own cache on this machine, in its layout, so that other programs use the same bytes. A
file that was cut off goes on where it stopped, also in another process, and no file takes its place before its hash was
compared with the hub's. Who stops it need not wait for a silent hub.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import queue
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

from models.errors import BadRequest, Stopped, Unfetched
from models.presets import Preset, Presets

Progress = Callable[[str, int, int], None]
"""Called with a file's name, the bytes of all files that are here, and the bytes of all files."""

FETCHING = "fetching"
"""How the words of a report begin while weights are fetched: that is no painting, and may take hours."""

Stop = Callable[[], bool]
"""Asked all the time; True ends the fetching."""

T = TypeVar("T")

_TRIES = 4
_PAUSE = 1.0  # seconds before going on after a cut
_SILENCE = 30.0  # seconds without a byte after which a connection counts as cut
_LOOK = 0.2  # seconds between two questions whether to stop, while the hub is silent
_AHEAD = 64  # chunks that may wait to be written
_CHUNK = 1 << 20  # bytes hashed at a time
_SPARE = 1 << 30  # bytes that stay free on the disk
_WEIGHTS = re.compile(r"(?:model|diffusion_pytorch_model)(?:\.(?P<variant>\w+))?(?:-\d{5}-of-\d{5})?\.safetensors")
_INDEX = re.compile(r"(?:model|diffusion_pytorch_model)\.safetensors\.index(?:\.(?P<variant>\w+))?\.json")
_VOCABULARY = re.compile(r"tokenizer\.json|vocab\.(?:json|txt)|tekken\.json|.+\.model")
_PLAIN = {".json", ".txt", ".model", ".jinja"}
_SKIPPED = {"safety_checker", "feature_extractor"}  # Easel judges every picture itself


@dataclass(frozen=True)
class Remote:
    """A file of a repository on the hub, at one commit.

    Attributes:
        hub: Repository.
        commit: Commit.
        name: Path in the repository.
        size: In bytes.
        key: SHA-256 where the file is large, else git's own hash: also its name in the cache.
    """

    hub: str
    commit: str
    name: str
    size: int
    key: str

    @property
    def folder(self) -> Path:
        return _repository(self.hub)

    @property
    def blob(self) -> Path:
        return self.folder / "blobs" / self.key

    @property
    def part(self) -> Path:
        return self.folder / "blobs" / f"{self.key}.easel-part"

    @property
    def here(self) -> int:
        """Bytes of it on this machine."""
        found = self.blob if self.blob.exists() else self.part
        return found.stat().st_size if found.exists() else 0


def _never() -> bool:
    return False


def pull(preset: Preset, progress: Progress, stop: Stop = _never) -> None:
    """Fetches all that a preset needs and this machine lacks.

    Args:
        preset: Whose weights.
        progress: Told how far it is.
        stop: Asked several times a second, also while the hub is silent.

    Raises:
        Stopped: `stop` said so. What was fetched stays, and the next call goes on from there.
        BadRequest: Its weights come with Easel or are the person's own file.
        Unfetched: The hub cannot be reached, refuses, has other bytes than it says, or only pickles; or the disk is
            too small. What was fetched stays, and the next call goes on from there.
    """
    if preset.hub is None:
        raise BadRequest(f"The weights of {preset.label} are on this machine already; there is nothing to fetch.")
    files = list(_needed(preset, stop))
    whole = sum(file.size for file in files)
    done = sum(file.here for file in files)
    _check_space(whole - done, preset)
    for file in files:
        before = file.here
        _fetch(file, lambda now, name=file.name, rest=done - before: progress(name, rest + now, whole), stop)
        done += file.size - before
    pinned = {hub for hub, revision in _repositories(preset) if revision}
    for hub, commit in {(file.hub, file.commit) for file in files if file.hub not in pinned}:
        note = _repository(hub) / "refs" / "main"  # how the cache says which commit is the newest one
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(commit, encoding="utf-8")


def remove(preset: Preset, presets: Presets) -> int:
    """Deletes a preset's weights from the cache, but for what other presets on this machine use too.

    Returns:
        Bytes that are free again.

    Raises:
        BadRequest: The weights come with Easel, or are not here.
    """
    if preset.own and preset.folder is not None:
        file = preset.folder / preset.file
        size = file.stat().st_size
        file.unlink()
        return size
    if preset.hub is None:
        raise BadRequest(f"The weights of {preset.label} come with Easel and stay.")
    if added := next((lora.file for lora in preset.lora if not lora.hub), ""):
        raise BadRequest(
            f"{preset.name} is another preset with a LoRA of your own; name {preset.name.partition('+')[0]} alone, or "
            f"delete {added}."
        )
    others = [other for other in presets if other.label != preset.label and other.weights_hash()]
    used = {hub for other in others for hub, _ in _repositories(other)}
    named = [_repository(hub) for hub, _ in _repositories(preset) if hub not in used]
    folders = [folder for folder in named if folder.exists()]
    if not folders and not preset.weights_hash():
        raise BadRequest(f"The weights of {preset.label} are not on this machine.")
    freed = sum(path.stat().st_size for folder in folders for path in (folder / "blobs").glob("*"))
    for folder in folders:
        shutil.rmtree(folder)
    return freed


def complete(preset: Preset) -> bool:
    """Whether all that a preset loads is on this machine, by the names of files: no byte is read and nobody is asked.

    The hub's cache is shared, and another program may have fetched only a part of a repository.
    """
    if not all((path := lora.found()) and path.is_file() for lora in preset.lora):
        return False
    if preset.single:
        return preset.weights_file() is not None
    if preset.folder is not None:
        return preset.folder.is_dir()
    snapshot = preset.snapshot()
    if snapshot is None:
        return False
    if preset.loader == "transformers":
        return preset.variant in _variants(snapshot)
    parts: dict[str, Any] = json.loads((snapshot / "model_index.json").read_text(encoding="utf-8"))
    needed = {name: kind[1] for name, kind in parts.items() if isinstance(kind, list) and kind[0]}
    here = {name: snapshot / name for name in needed if name not in _SKIPPED}
    networks = [_variants(folder) for folder in here.values() if (folder / "config.json").exists()]
    others = [(folder, needed[name]) for name, folder in here.items() if not (folder / "config.json").exists()]
    return (
        # As `_chosen` takes them: parts that the hub has in no variant come as they are.
        all(variants & {preset.variant, ""} for variants in networks)
        and any(preset.variant in variants for variants in networks)
        and all(_can_read(folder, kind) for folder, kind in others)
    )


def _variants(part: Path) -> set[str]:
    """The variants in which a network has all its weights here: in one file, or in all that an index names."""
    names = {path.name for path in part.iterdir() if path.exists()}  # not what points to nothing
    found = (_WEIGHTS.fullmatch(name) for name in names if "-of-" not in name)
    variants = {match["variant"] or "" for match in found if match}
    for match in filter(None, map(_INDEX.fullmatch, names)):
        index: dict[str, Any] = json.loads((part / match[0]).read_text(encoding="utf-8"))
        if set(index["weight_map"].values()) <= names:
            variants.add(match["variant"] or "")
    return variants


def _can_read(part: Path, kind: str) -> bool:
    """Whether a part of a pipeline that is no network is here: a scheduler, or what reads words, and its vocabulary."""
    names = [path.name for path in part.iterdir() if path.exists()] if part.is_dir() else []
    reads = "Tokenizer" in kind or (kind.endswith("Processor") and "Image" not in kind)
    return any(map(_VOCABULARY.fullmatch, names)) if reads else bool(names)


def damaged(preset: Preset) -> list[Path]:
    """Files of a hub preset on this machine whose bytes are not those that the hub named; reads all of them."""
    links = (link for hub, _ in _repositories(preset) for link in (_repository(hub) / "snapshots").rglob("*"))
    blobs = [(link, link.resolve()) for link in sorted(links) if link.is_file()]
    return [link for link, blob in blobs if blob.parent.name == "blobs" and not _is(blob, blob.name)]


def unlinked(preset: Preset) -> bool:
    """Whether a file of a hub preset is a copy, such as `cp -L` makes, whose name does not tell its hash."""
    links = (link for hub, _ in _repositories(preset) for link in (_repository(hub) / "snapshots").rglob("*"))
    return any(link.is_file() and link.resolve().parent.name != "blobs" for link in links)


def _repositories(preset: Preset) -> list[tuple[str, str]]:
    """Where its weights come from: repository and revision (empty: the newest)."""
    named = [(preset.hub or "", preset.revision), *((lora.hub, lora.revision) for lora in preset.lora)]
    return [(hub, revision) for hub, revision in named if hub]


def _needed(preset: Preset, stop: Stop) -> Iterable[Remote]:
    assert preset.hub is not None
    listed = _listing(preset.hub, preset.revision, stop)
    if preset.loader == "spandrel":
        yield _one(listed, preset.file, preset.hub)
    elif preset.loader == "transformers":
        _one(listed, preset.index, preset.hub)
        yield from _chosen(listed.values(), [""], preset)
    else:
        index = _one(listed, preset.index, preset.hub)
        _fetch(index, lambda _: None, stop)
        yield index
        parts: dict[str, Any] = json.loads(index.blob.read_text(encoding="utf-8"))
        yield from _chosen(listed.values(), [n for n, v in parts.items() if isinstance(v, list) and v[0]], preset)
    for lora in preset.lora:
        yield _one(_listing(lora.hub, lora.revision, stop), lora.file, lora.hub)


def _chosen(files: Iterable[Remote], parts: list[str], preset: Preset) -> Iterable[Remote]:
    """The files of a pipeline's parts: plain text, and the weights in the preset's variant, or else the usual one.

    A part is a folder of the repository; "" is what lies in none.
    """
    for part in parts:
        if part in _SKIPPED:
            continue
        folder = f"{part}/" if part else ""
        within = [file for file in files if file.name.startswith(folder) and (part or "/" not in file.name)]
        yield from (file for file in within if Path(file.name).suffix in _PLAIN)
        by_variant: dict[str, list[Remote]] = {}
        for file in within:
            if match := _WEIGHTS.fullmatch(file.name.removeprefix(folder)):
                by_variant.setdefault(match["variant"] or "", []).append(file)
        weights = by_variant.get(preset.variant) or by_variant.get("") or []
        if not weights and any(Path(file.name).suffix in {".bin", ".pt", ".pth", ".ckpt"} for file in within):
            what = part or "weights"
            raise Unfetched(f"{preset.hub} has its {what} only as a pickle, which can run code; choose another preset.")
        yield from weights


def _one(files: Mapping[str, Remote], name: str, hub: str) -> Remote:
    if name not in files:
        raise Unfetched(f"{hub} has no file {name} any more; look for a newer Easel.")
    return files[name]


def _listing(hub: str, revision: str, stop: Stop) -> dict[str, Remote]:
    """All files of a repository at a revision (empty: the newest), by name."""
    [listed] = _brought(lambda: iter([_ask_listing(hub, revision)]), stop)
    return listed


def _ask_listing(hub: str, revision: str) -> dict[str, Remote]:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, OfflineModeIsEnabled, RepositoryNotFoundError

    try:
        info = HfApi().model_info(hub, revision=revision or "main", files_metadata=True, timeout=_SILENCE)
    except GatedRepoError as error:
        raise Unfetched(
            f"{hub} is given only to people who agreed to its licence there: open https://huggingface.co/{hub}, agree, "
            "and log in with `hf auth login`."
        ) from error
    except RepositoryNotFoundError as error:
        raise Unfetched(f"There is no {hub} on the hub, or not for you; look for a newer Easel.") from error
    except OfflineModeIsEnabled as error:
        raise Unfetched("HF_HUB_OFFLINE is set, so nothing is fetched; unset it for this command.") from error
    except (HfHubHTTPError, *_network_errors()) as error:
        raise Unfetched(f"The hub does not answer for {hub} ({_reason(error)}); try again later.") from error
    files = info.siblings or []
    return {
        file.rfilename: Remote(
            hub,
            info.sha or "",
            file.rfilename,
            file.size or 0,
            (file.lfs.sha256 if file.lfs else None) or file.blob_id or "",
        )
        for file in files
    }


def _fetch(file: Remote, progress: Callable[[int], None], stop: Stop) -> None:
    """Brings a file into the cache, from where an earlier try stopped; `progress` hears its bytes that are here."""
    if not file.blob.exists():
        file.blob.parent.mkdir(parents=True, exist_ok=True)
        with _alone(file, stop):
            if not file.blob.exists():
                _bring(file, progress, stop)
    progress(file.size)
    link = file.folder / "snapshots" / file.commit / file.name
    if not link.exists():
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        with suppress(FileExistsError):  # another process was quicker
            link.symlink_to(Path(*[".."] * (len(Path(file.name).parts) + 1), "blobs", file.key))


@contextmanager
def _alone(file: Remote, stop: Stop) -> Generator[None]:
    """Waits as long as another process fetches the file; whoever comes next finds it, or goes on from its bytes."""
    while True:
        with file.part.open("ab") as held:
            while not _locked(held):
                if stop():
                    raise Stopped("Fetching was stopped while another process fetches the same; what is here stays.")
                time.sleep(_LOOK)
            same = file.part.exists() and os.path.samestat(os.fstat(held.fileno()), file.part.stat())
            if same or file.blob.exists():
                yield
                if file.blob.exists():
                    file.part.unlink(missing_ok=True)
                return


def _locked(held: IO[bytes]) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _bring(file: Remote, progress: Callable[[int], None], stop: Stop) -> None:
    """Fetches a file of which the blob is not here yet."""
    for tries_left in reversed(range(_TRIES)):
        try:
            _write(file, progress, stop)
            break
        except _network_errors() as error:
            if not tries_left:
                raise Unfetched(
                    f"{file.name} of {file.hub} was cut off after {file.here:,} of {file.size:,} bytes "
                    f"({_reason(error)}); the same command goes on from there."
                ) from error
            time.sleep(_PAUSE)
    if not _is(file.part, file.key, stop):
        file.part.unlink()
        raise Unfetched(
            f"{file.name} of {file.hub} arrived with other bytes than the hub says it has ({file.key[:12]}…), and "
            "was thrown away; try again, over another network if this goes on."
        )
    file.part.replace(file.blob)


def _write(file: Remote, progress: Callable[[int], None], stop: Stop) -> None:
    """Writes what is missing of a file behind what is here, as it comes: what is gathered first is lost in a cut."""
    if file.here and file.here >= file.size:
        return
    file.part.touch()
    with file.part.open("r+b") as out:
        for start, chunk in _brought(lambda: _chunks(file), stop):
            if not start:
                out.truncate(0)
            out.seek(start)
            out.write(chunk)
            progress(out.tell())


def _chunks(file: Remote) -> Iterator[tuple[int, bytes]]:
    """The missing bytes of a file as they come, each with its place; from 0 on where the hub gives only the whole."""
    from huggingface_hub import hf_hub_url
    from huggingface_hub.errors import HfHubHTTPError
    from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status

    place = file.here
    headers: dict[str, str] = build_hf_headers() | {"Accept-Encoding": "identity"}
    if place:
        headers["Range"] = f"bytes={place}-"
    url = hf_hub_url(file.hub, file.name, revision=file.commit)
    with get_session().stream("GET", url, headers=headers, follow_redirects=True, timeout=_SILENCE) as response:
        try:
            hf_raise_for_status(response)
        except HfHubHTTPError as error:
            raise Unfetched(
                f"The hub refuses {file.name} of {file.hub} ({_reason(error)}); try again later."
            ) from error
        if response.status_code != 206:  # this server cannot go on in the middle
            place = 0
        for chunk in response.iter_bytes():
            yield place, chunk
            place += len(chunk)


def _brought(fetching: Callable[[], Iterator[T]], stop: Stop) -> Iterator[T]:
    """What a thread brings, item by item; asks `stop` also while nothing comes, which no read from a network does.

    A thread that is left behind writes nothing, and ends with the next thing that it hears or does not hear.

    Raises:
        Stopped: `stop` said so.
    """
    brought: queue.Queue[tuple[T] | Exception | None] = queue.Queue(_AHEAD)
    left = threading.Event()

    def put(item: tuple[T] | Exception | None) -> None:
        while not left.is_set():
            with suppress(queue.Full):
                brought.put(item, timeout=_LOOK)
                return

    def bring() -> None:
        try:
            for item in fetching():
                put((item,))
                if left.is_set():
                    return
            put(None)
        except Exception as error:
            put(error)

    threading.Thread(target=bring, name="easel-fetch", daemon=True).start()
    try:
        while not stop():
            try:
                item = brought.get(timeout=_LOOK)
            except queue.Empty:
                continue
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
            yield item[0]
        raise Stopped("Fetching was stopped; what is here already stays, and the next try goes on from there.")
    finally:
        left.set()


def _is(path: Path, key: str, stop: Stop = _never) -> bool:
    """Whether a file has the hash that the hub names: SHA-256, or git's for small files."""
    size = path.stat().st_size
    digest = hashlib.sha256() if len(key) == 64 else hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            if stop():
                raise Stopped("Fetching was stopped while its bytes were compared with the hub's; they are all here.")
    return digest.hexdigest() == key


def _check_space(missing: int, preset: Preset) -> None:
    folder = _cache()
    there = next(place for place in [folder, *folder.parents] if place.exists())
    free = shutil.disk_usage(there).free
    if missing + _SPARE > free:
        raise Unfetched(
            f"{preset.label} needs {missing / 2**30:.1f} GiB more on the disk of {folder}, and {free / 2**30:.1f} GiB "
            "are free; make room, or set HF_HOME to a folder on a larger disk."
        )


def _cache() -> Path:
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


def _repository(hub: str) -> Path:
    return _cache() / f"models--{hub.replace('/', '--')}"


def _network_errors() -> tuple[type[Exception], ...]:
    """What the hub's own client raises when a connection fails; its library is not the same in all versions."""
    from huggingface_hub.utils import get_session

    library: Any = sys.modules[type(get_session()).__module__.partition(".")[0]]
    return (library.TransportError,)


def _reason(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__
