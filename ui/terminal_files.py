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
from pathlib import Path

from storage.errors import NotWritable
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


def write_export(library: Library, export: SessionExport, target: Path) -> int:
    """Writes a session to a folder, or to a ZIP file when `target` ends in `.zip`; gives the number of pictures.

    Pictures keep their bytes, so that `sha256sum` can be checked against `session.json`.
    """
    story = json.dumps(export.document, ensure_ascii=False, indent=2) + "\n"
    if target.suffix.lower() != ".zip":
        for file in export.files:
            write_whole(target / file.path, library.pixels(file.sha256))
        write_whole(target / "session.json", story.encode())
        return len(export.files)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:  # PNG does not shrink further
        for file in export.files:
            archive.writestr(file.path, library.pixels(file.sha256))
        archive.writestr("session.json", story)
    write_whole(target, buffer.getvalue())
    return len(export.files)


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
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_beside(path, data)
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def _write_beside(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".easel-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    """The process's mask for new files; `mkstemp` ignores it and makes files that only their owner may read."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
