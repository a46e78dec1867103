"""Pictures as files on disk: what the terminal shows a person is a path they can open.

`PictureFolder` writes each picture once, as `3.png` for #3, and never over a file that holds something else.
`write_export` writes a whole session. Every file is there whole or not at all.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from storage.errors import Damaged, NotFound, NotWritable
from storage.export import SessionExport
from storage.library import Library
from storage.records import Picture

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
SUFFIX = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}


def session_folder(data: Path, session_id: str) -> Path:
    """Where in the data folder a chat's pictures are written when no other folder is named."""
    return data / "pictures" / session_id


def delete_session(library: Library, data: Path, user_id: str, session_id: str) -> None:
    """Deletes a session and the files that the terminal wrote of its pictures, whichever face it is deleted in."""
    library.delete_session(user_id, session_id)
    shutil.rmtree(session_folder(data, session_id), ignore_errors=True)


def file_name(picture: Picture) -> str:
    return f"{picture.handle}{SUFFIX[picture.media_type]}"


class PictureFolder:
    """Writes a session's pictures into a folder, which is made when the first one comes."""

    def __init__(self, library: Library, folder: Path) -> None:
        self._library = library
        self.folder = folder

    def save(self, picture: Picture) -> Path:
        """Writes the picture and gives its absolute path.

        A file of that name with other bytes is left alone: the picture goes to `3-<hash>.png` beside it.

        Raises:
            NotWritable: The folder may not be written, or its disk is full; the picture is kept in the library.
        """
        data = self._library.pixels(picture.sha256)
        path = self.folder / file_name(picture)
        try:
            if path.exists() and path.read_bytes() != data:
                path = path.with_stem(f"{path.stem}-{picture.sha256[:8]}")
            if not path.exists():
                write_whole(path, data)
        except OSError as error:
            raise NotWritable(
                f"#{picture.handle} is kept, but {path} cannot be written ({error.strerror or error}); name another "
                "folder with --out."
            ) from error
        return path.resolve()


class Written(NamedTuple):
    """How many pictures an export holds, and the names of those that were damaged, which it lacks."""

    pictures: int
    damaged: list[str]


def write_export(library: Library, export: SessionExport, target: Path) -> Written:
    """Writes a session to a folder, or to a ZIP file when `target` ends in `.zip`; what is damaged is left out.

    Pictures keep their bytes, so that `sha256sum` can be checked against `session.json`. Pictures of another session
    that was written into that folder before are taken away.
    """
    handles = {picture["file"]: f"#{picture['handle']}" for picture in export.document["pictures"]}
    damaged = list[str]()

    def whole() -> Iterator[tuple[str, bytes]]:
        for file in export.files:
            try:
                yield file.path, library.pixels(file.sha256)
            except (Damaged, NotFound):
                damaged.append(handles[file.path])

    story = json.dumps(export.document, ensure_ascii=False, indent=2) + "\n"
    if target.suffix.lower() != ".zip":
        for name, data in whole():
            write_whole(target / name, data)
        write_whole(target / "session.json", story.encode())
        for old in (target / "pictures").glob(f"{'[0-9a-f]' * 64}.*"):
            if f"pictures/{old.name}" not in handles:
                old.unlink()
        return Written(len(export.files) - len(damaged), damaged)
    with _whole(target) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:  # PNG shrinks no further
        for name, data in whole():
            archive.writestr(name, data)
        archive.writestr("session.json", story)
    return Written(len(export.files) - len(damaged), damaged)


def encoded(data: bytes, suffix: str) -> bytes:
    """The picture in the format that a file name's ending, one of `FORMATS`, asks for; PNG keeps the stored bytes."""
    name = FORMATS[suffix.lower()]
    if name == "PNG":
        return data
    from PIL import Image

    buffer = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.convert("RGB").save(buffer, name, quality=95)
    return buffer.getvalue()


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file so that it is there whole or not at all; missing folders are made.

    Raises:
        OSError: The disk is full, or the folder may not be written; it names `path`, and nothing is left behind.
    """
    with _whole(path) as file:
        file.write(data)


@contextmanager
def _whole(path: Path) -> Generator[IO[bytes]]:
    """A file to write during a block, at whose end it appears under its name; errors as by `write_whole`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".easel-")
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
            Path(name).chmod(0o666 & ~_umask())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def _umask() -> int:
    """The process's mask for new files; `mkstemp` ignores it and makes files that only their owner may read."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
