"""The command `easel` as the shell sees it: exit codes, standard output, one sentence for everything that is wrong."""

from __future__ import annotations

import io
import json
import os
import shlex
import sqlite3
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file
from terminal import own_environment, png, scripted_house

from models.errors import WeightsMissing
from models.flat import FlatEngine
from models.presets import Presets
from models.recipe import Operation
from storage.errors import NotWritable
from storage.export import ExportedFile, SessionExport
from storage.library import Library
from storage.records import Session
from tools.settings import RayCluster, Settings
from ui import doctor
from ui.cli import run
from ui.cli_base import Ended, ExitCode, open_library
from ui.cli_chat import recite
from ui.cli_help import pages
from ui.cli_make import make, targets
from ui.settings_faults import strays
from ui.terminal_files import write_export, write_whole
from ui.terminal_turns import Conversation

ROOT = Path(__file__).parents[1]
GENERATED = ("docs/cli.md", "docs/presets.md", "docs/safety.md")
"""Pages that hold what is printed from code."""


@pytest.fixture(autouse=True)
def place(tmp_path: Path) -> Iterator[Path]:
    """A working folder, data folder and environment of the test's own."""
    with own_environment(tmp_path):
        os.environ["EASEL_DATA"] = str(tmp_path / "data")
        yield tmp_path


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    """What was said on standard error: one line, no traceback."""
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Traceback" not in said
    return said


LONG = "x" * 100_000


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["drw"], 2, "Did you mean 'draw'?"),
        (["draw"], 2, "Missing argument 'PROMPT'"),
        (["draw", "a fox"], 2, "Missing option '--out'"),
        (["draw", "", "--out", "f.png"], 2, "The prompt is empty"),
        (["draw", LONG, "--out", "f.png"], 2, "100,000 characters"),
        (["draw", "a fox", "--out", "f.png", "--count", "0"], 2, "--count is 1 to 8"),
        (["draw", "a fox", "--out", "f.png", "--count", "1000"], 2, "1000 pictures at once is not possible"),
        (["draw", "a fox", "--out", "f.png", "--count", "many"], 2, "--count"),
        (["draw", "a fox", "--out", "f.png", "--size", "0x0"], 2, "0×0 is not a size"),
        (["draw", "a fox", "--out", "f.png", "--size", "17x4099"], 2, "17×4099"),
        (["draw", "a fox", "--out", "f.png", "--size", "100000x100000"], 2, "100000×100000"),
        (["draw", "a fox", "--out", "f.png", "--size", "abc"], 2, "“abc” is no size"),
        (["draw", "a fox", "--out", "f.png", "--seed", "-1"], 2, "--seed is 0 to 4294967295"),
        (["draw", "a fox", "--out", "f.gif"], 2, ".png, .jpg, .jpeg, .webp"),
        (["edit", "taken.png", "", "--out", "f.png"], 2, "The instruction is empty"),
        (["edit", "nowhere.png", "make it night", "--out", "f.png"], 2, "“nowhere.png” cannot be read"),
        (["extend", "taken.png", "banana", "--out", "f.png"], 2, "It is not clear where “banana” is"),
        (["extend", "taken.png", "99:1", "--out", "f.png"], 2, "between 1:10 and 10:1"),
        (["upscale", "taken.png", "--out", "f.png", "--scale", "3"], 2, "--scale is 2 or 4"),
        (["upscale", "taken.png", "--out", "taken.png"], 2, "add --force"),
        (["draw", "a fox", "--out", "script.txt/f.png"], 2, "script.txt is a file"),
        (["draw", "a fox", "--out", "x" * 300 + ".png"], 2, "is too long for a file; choose a shorter one"),
        (["sessions", "import", "x" * 300], 2, "is too long for a file; choose a shorter one"),
        (["draw", "a fox", "--out", "."], 2, "is a folder; name a file with --out, such as picture.png"),
        (["draw", "a fox", "--out", "t.png", "--count", "2"], 2, "t-1.png, t-2.png exist already"),
        (["draw", "a", "fox", "--out", "f.png"], 2, "“fox” is more than this command takes; put a sentence"),
        (["chat", "--out", "taken.png"], 2, "taken.png is a file"),
        (["models", "check", ""], 2, "The name of the preset is empty"),
        (["chat", "--json"], 2, "add --script FILE"),
        (["chat", "--dry-run"], 2, "add --script FILE"),
        (["chat", "--seed", "7"], 2, "add --script FILE"),
        (["chat", "--script", "script.txt", "--seed", "-1"], 2, "--seed is 0 to 4294967295"),
        (["chat", "--script", "nowhere.txt"], 2, "no such file"),
        (["chat", "--script", "script.txt", "--dry-run", "--session", "last"], 2, "leave out --session"),
        (["sessions", "show", "last"], 2, "There is no session yet"),
        (["sessions", "show", "abcdef"], 2, "no session “abcdef”"),
        (["sessions", "rename", "last", " "], 2, "The title is empty"),
        (["models", "check", "nosuch"], 2, "There is no preset “nosuch”"),
        (["models", "pull", "nosuch"], 2, "There is no preset “nosuch”"),
        (["sessions", "import", "nowhere.db"], 2, "there is no nowhere.db"),
        (["serve", "--port", "70000"], 2, "--port is 0 to 65535"),
        (["draw", "a fox", "--out", "f.png", "--seed", "abc"], 2, "--seed must be a whole number; it is “abc”"),
        (["sessions", "list", "--limit", "0"], 2, "--limit must be 1 or more; it is “0”"),
        (["version"], 2, "Did you mean --version?"),
        (["help"], 2, "Did you mean --help?"),
        (["-v"], 2, "Did you mean --version?"),
        (["edit", "script.txt", "make it night", "--out", "f.png"], 2, "“script.txt” is a text file"),
        (["chat", "--session", ""], 2, "no session “”"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_changes_nothing(
    place: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    (place / "taken.png").write_bytes(png())
    (place / "script.txt").write_text("hello\n")
    (place / "t-1.png").touch()
    (place / "t-2.png").touch()
    assert run(arguments) == code
    assert words in complaint(capsys)
    assert (place / "taken.png").read_bytes() == png()
    assert not (place / "f.png").exists()
    if (place / "data").exists():
        with Library.open(place / "data" / "easel.db") as library:
            assert library.sessions(library.user("local").id) == []


@pytest.mark.parametrize(
    ("variables", "toml", "words"),
    [
        ({"EASEL_PORT": "abc"}, None, "port (EASEL_PORT)"),
        ({"EASEL_PORT": "99999"}, None, "99999"),
        ({"EASEL_LIMITS": "abc"}, None, "such as EASEL_LIMITS__MESSAGE_CHARS="),
        ({"EASEL_LIMITS__MESSAGE_CHARS": "lots"}, None, "EASEL_LIMITS__MESSAGE_CHARS"),
        ({"EASEL_LOG_LEVEL": "loud"}, None, "log_level"),
        ({"EASEL_DATABASE": "mysql://me:s3cret@host/easel"}, None, "EASEL_DATABASE is no address"),
        ({"EASEL_DATABASE": "postgresql://me:s3cret@host:port/easel"}, None, "EASEL_DATABASE is no address"),
        ({}, "colour = 1", "no setting “colour”"),
        ({}, "colour = ", "not valid TOML"),
        ({}, b"\xff\xfe", "UTF-8"),
    ],
)
def test_a_wrong_setting_is_one_sentence(
    place: Path,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str],
    toml: str | bytes | None,
    words: str,
) -> None:
    os.environ.update(variables)
    if toml is not None:
        (place / "easel.toml").write_bytes(toml if isinstance(toml, bytes) else toml.encode())
    assert run(["sessions", "list"]) == 2
    assert words in (said := complaint(capsys)) and "s3cret" not in said


def test_a_preset_that_does_not_exist_is_told_before_anything_is_started(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.environ["EASEL_PRESET__UPSCALE"] = "banana"
    assert run(["draw", "a fox", "--out", "f.png"]) == 2
    assert "no preset “banana”" in complaint(capsys)
    assert not (place / "data").exists()


def test_ctrl_c_says_that_it_stopped(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(doctor, "CHECKS", [pressed])
    assert run(["doctor"]) == ExitCode.STOPPED
    assert complaint(capsys) == "Stopped.\n"


def test_ctrl_c_while_the_program_loads_is_no_traceback() -> None:
    pressed = "import signal; from ui.__main__ import main; signal.setitimer(signal.ITIMER_REAL, 0.02); main()"
    hears = "import signal; signal.signal(signal.SIGALRM, signal.default_int_handler); "
    done = subprocess.run([sys.executable, "-c", hears + pressed], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (130, "")


def test_a_data_folder_that_cannot_be_written_is_one_sentence(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "data").write_text("a file, not a folder")
    assert run(["sessions", "list"]) == 1
    assert f"{place / 'data'} is a file, not a folder" in complaint(capsys)
    [folder], [database] = doctor.data_folder(Settings()), doctor.database(Settings())
    assert folder.state == database.state == "missing"
    assert "is a file, not a folder" in folder.sentence and "cannot be made" in database.sentence


def test_a_file_that_is_no_database_is_one_sentence(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "data").mkdir()
    (place / "data" / "easel.db").write_bytes(b"certainly not SQLite" * 100)
    assert run(["sessions", "list"]) == 1
    assert "not a database" in complaint(capsys)


def test_a_database_of_a_newer_easel_is_one_sentence_and_stays_as_it_is(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = place / "data" / "easel.db"
    Library.open(database).close()
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    assert run(["sessions", "list"]) == 1
    assert "newer Easel" in complaint(capsys)
    (finding,) = doctor.database(Settings())
    assert finding.state == "missing"
    assert "newer Easel" in finding.sentence


@pytest.mark.slow
def test_a_locked_database_is_one_sentence(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = place / "data" / "easel.db"
    Library.open(database).close()
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        raw.execute("BEGIN EXCLUSIVE")
        assert run(["sessions", "list"]) == 1
    assert "Another program holds the database" in complaint(capsys)


def test_a_port_that_is_taken_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert run(["serve", "--port", str(taken)]) == 1
    assert f"Port {taken} is taken" in complaint(capsys)


def kept_session(place: Path) -> Session:
    """A session with a painted, an edited and an enlarged picture."""
    answers = [
        ("generate_image", {"prompt": "a red fox"}),
        "Here is your fox.",
        ("edit_image", {"image": 1, "instruction": "make it night"}),
        "It is night.",
    ]
    with scripted_house(place / "data", answers) as house:
        with Conversation(house) as conversation:
            recite(conversation, ["draw a red fox", "make it night"], True, place)
        return house.library.sessions(house.user.id)[0]


def test_a_kept_session_is_listed_shown_exported_branched_and_deleted(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = kept_session(place)
    capsys.readouterr()

    assert run(["sessions", "list", "--search", "fox  draw"]) == 0
    listed = capsys.readouterr().out
    assert session.id[:8] in listed
    assert "draw a red fox" in listed

    assert run(["sessions", "show", session.id[:6]]) == 0
    shown = capsys.readouterr().out
    for words in ["draw a red fox", "#1", "#2", "edit of #1", "It is night."]:
        assert words in shown

    assert run(["sessions", "export", "last", "--out", "folder"]) == 0
    story = json.loads((place / "folder" / "session.json").read_text())
    assert [picture["parents"] for picture in story["pictures"]] == [[], [1]]
    for picture in story["pictures"]:
        with Image.open(place / "folder" / picture["file"]) as image:
            assert image.size == (picture["width"], picture["height"])
    assert run(["sessions", "export", "last", "--out", "folder"]) == 2
    assert run(["sessions", "export", "last", "--out", "folder", "--force"]) == 0
    assert run(["sessions", "export", "last", "--out", "one.zip"]) == 0
    with zipfile.ZipFile(place / "one.zip") as archive:
        assert sorted(archive.namelist()) == sorted(["session.json", *(each["file"] for each in story["pictures"])])
    capsys.readouterr()

    assert run(["sessions", "branch", session.id, "--turn", "1", "--title", "by day"]) == 0
    assert run(["sessions", "rename", session.id, "by night"]) == 0
    capsys.readouterr()
    assert run(["sessions", "list"]) == 0
    listed = capsys.readouterr().out
    assert "by day" in listed
    assert "by night" in listed

    assert (place / "data" / "pictures" / session.id / "1.png").exists()
    assert run(["sessions", "delete", session.id, "--yes"]) == 0
    assert not (place / "data" / "pictures" / session.id).exists()
    assert run(["sessions", "show", session.id]) == 2
    capsys.readouterr()
    assert run(["sessions", "verify"]) == 0
    assert "1 session, 1 turn and 1 picture checked: all is well." in capsys.readouterr().out


def test_an_archive_is_written_picture_by_picture(tmp_path: Path) -> None:
    files = tuple(ExportedFile(f"pictures/{number}.png", f"{number}") for number in range(20))
    library = SimpleNamespace(pixels=lambda _: bytes(2**20))
    tracemalloc.start()
    write_export(cast("Library", library), SessionExport({"pictures": []}, files), tmp_path / "all.zip")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5 * 2**20 and (tmp_path / "all.zip").stat().st_size > 20 * 2**20
    assert [path.name for path in tmp_path.iterdir()] == ["all.zip"]


def test_a_library_moves_into_a_server_and_is_used_there(
    place: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kept_session(place)
    file = place / "data" / "easel.db"
    moved = file.rename(place / "moved.db")
    os.environ["EASEL_DATABASE"] = address
    capsys.readouterr()
    assert run(["sessions", "import", str(moved)]) == 0
    assert "1 session, 2 turns and 2 pictures copied into postgresql://easel@" in capsys.readouterr().out
    assert run(["sessions", "import", str(moved)]) == 1
    assert "not empty" in complaint(capsys)
    assert run(["sessions", "list"]) == 0
    assert "draw a red fox" in capsys.readouterr().out
    assert run(["sessions", "verify"]) == 0
    assert "all is well" in capsys.readouterr().out
    assert run(["sessions", "delete", "last", "--yes"]) == 0
    assert "on another machine, remove pictures/" in capsys.readouterr().err
    assert not (place / "data" / "pictures").exists() or list((place / "data" / "pictures").iterdir()) == []
    assert not file.exists()
    del os.environ["EASEL_DATABASE"]
    capsys.readouterr()
    assert run(["sessions", "import", "postgresql://me:s3cret@host:port/easel"]) == 2
    assert "s3cret" not in (said := complaint(capsys)) and "not understood as an address" in said


def test_a_title_of_escapes_is_listed_and_deleted_as_plain_words(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Library.open(place / "data" / "easel.db") as library:
        user = library.user("local")
        library.rename_session(user.id, library.create_session(user.id).id, "a\x1b]0;fox\x07\nb\u202ec")
    for arguments in (["list"], ["show", "last"], ["delete", "last", "--yes"]):
        assert run(["sessions", *arguments]) == 0
        said = capsys.readouterr().out
        assert not set("\x1b\x07\u202e") & set(said) and "fox\ufffd b\ufffdc" in said


def some_sessions(place: Path, count: int) -> list[str]:
    """The ids of sessions that are kept, the last one first."""
    with Library.open(place / "data" / "easel.db") as library:
        user = library.user("local")
        for number in range(count):
            library.rename_session(user.id, library.create_session(user.id).id, f"a fox, number {number} " + "x" * 60)
        return [session.id for session in library.sessions(user.id)]


def test_a_list_into_a_pipe_is_a_line_a_session_and_says_when_there_are_more(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = some_sessions(place, 3)
    assert run(["sessions", "list", "--limit", "2"]) == 0
    said = capsys.readouterr()
    rows = [line.split("\t") for line in said.out.splitlines()]
    assert [row[0] for row in rows] == ids[:2] and all(row[1].endswith("x" * 60) and len(row) == 5 for row in rows)
    assert "2 of 3 sessions" in said.err


def test_a_list_on_a_narrow_terminal_has_whole_ids_and_a_line_each(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = some_sessions(place, 2)
    for columns in (40, 80):
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        assert run(["sessions", "list"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 3 and all(len(line) <= columns and "…" in line for line in lines[1:])
        assert [line[:8] for line in lines[1:]] == [each[:8] for each in ids]


def test_a_session_is_named_by_any_beginning_that_no_other_has(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = some_sessions(place, 17)  # so two of them begin alike
    beginnings = {each[:1] for each in ids if sum(other.startswith(each[0]) for other in ids) > 1}
    assert run(["sessions", "show", beginnings.pop()]) == 2
    assert "Several sessions begin with “" in complaint(capsys)
    shortest = next(ids[0][:n] for n in range(1, 33) if sum(other.startswith(ids[0][:n]) for other in ids) == 1)
    for name in (shortest, shortest.upper()):
        assert run(["sessions", "show", name]) == 0
        assert ids[0] in capsys.readouterr().out
    assert run(["sessions", "show", ""]) == 2


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.zip", b"PK\3\4abc", "is a ZIP archive"),
        ("session.json", b' {"a": 1}', "is a JSON file"),
        ("empty.db", b"", "is empty"),
        ("photo.png", b"\x89PNG", "is a file of another kind"),
        (".", b"", "is a folder"),
        ("http://me:secret@host/x", b"", "begins with http://"),
    ],
)
def test_what_is_no_library_is_not_imported_and_stays_as_it_is(
    place: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes, words: str
) -> None:
    if "." in name and "/" not in name and name != ".":
        (place / name).write_bytes(data)
    before = sorted(place.iterdir())
    assert run(["sessions", "import", name]) == 2
    said = complaint(capsys)
    assert words in said and "easel sessions import reads a library" in said and "secret" not in said
    assert sorted(place.iterdir()) == before


def test_a_pipe_is_not_waited_for_as_a_library(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(place / "pipe")
    assert run(["sessions", "import", "pipe"]) == 2
    assert "pipe is no file" in complaint(capsys)


def test_a_full_library_is_not_filled_and_a_database_of_others_not_read(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(place / "theirs.db")) as raw, raw:
        raw.execute("CREATE TABLE theirs (number)")
    assert run(["sessions", "import", "theirs.db"]) == 2
    assert "theirs.db is a database of another program" in complaint(capsys)
    some_sessions(place, 2)
    (place / "data" / "easel.db").rename(place / "old.db")
    some_sessions(place, 3)
    assert run(["sessions", "import", "old.db"]) == 1
    assert "not empty (3 sessions)" in complaint(capsys)


def test_nobody_is_asked_whether_to_delete_where_nobody_can_answer(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    some_sessions(place, 1)
    assert run(["sessions", "delete", "last"]) == 2
    assert "--yes" in complaint(capsys)


def test_verify_tells_of_damage_and_exits_with_1(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept_session(place)
    with closing(sqlite3.connect(place / "data" / "easel.db")) as raw, raw:
        table, column = _blob_column(raw)
        raw.execute(f"UPDATE {table} SET {column} = zeroblob(length({column}))")
    capsys.readouterr()
    assert run(["sessions", "verify"]) == 1
    assert capsys.readouterr().err.strip()


def test_an_export_holds_what_is_whole_and_names_what_is_damaged(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept_session(place)
    with closing(sqlite3.connect(place / "data" / "easel.db")) as raw, raw:
        query = "SELECT sha256 FROM pictures JOIN session_pictures ON id = picture_id WHERE handle = 2"
        [digest] = raw.execute(query).fetchone()
        raw.execute("UPDATE blobs SET data = zeroblob(10) WHERE sha256 = ?", (digest,))
    (place / "out" / "pictures").mkdir(parents=True)
    other = place / "out" / "pictures" / f"{'0' * 64}.png"
    other.write_bytes(b"of another session")
    capsys.readouterr()
    assert run(["sessions", "export", "last", "--out", "out", "--force"]) == 1
    told = capsys.readouterr()
    assert "1 picture written" in told.out and "#2 is damaged" in told.err and not other.exists()
    assert len(list((place / "out" / "pictures").iterdir())) == 1 and (place / "out" / "session.json").exists()


def test_a_killed_turn_is_told_by_the_commands(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Library.open(place / "data" / "easel.db") as library:
        session = library.create_session(library.user("local").id)
        library.begin_turn(session.id, "draw eight boats")
    assert run(["sessions", "show", "last"]) == 0
    assert "draw eight boats" in (told := capsys.readouterr().out) and len(told.splitlines()) > 2
    assert run(["sessions", "branch", "last"]) == 0


def _blob_column(raw: sqlite3.Connection) -> tuple[str, str]:
    columns = raw.execute("SELECT name FROM pragma_table_info('blobs') WHERE upper(type) LIKE '%BLOB%'").fetchall()
    return "blobs", columns[0][0]


def test_one_tool_from_the_shell_writes_its_pictures_and_keeps_them(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from agent.turn import UploadFile

    with scripted_house(place / "data", []) as house:
        files = targets(Path("fox.png"), 2, force=False)
        make(house, "generate_image", {"prompt": "a fox", "count": 2, "size": "200x200"}, "a fox", files)
        assert capsys.readouterr().out.split() == ["fox-1.png", "fox-2.png"]
        upload = UploadFile("fox-1.png", Path("fox-1.png").read_bytes())
        make(house, "upscale_image", {"scale": 2}, "fox-1.png, 2 times larger", [Path("big.jpg")], upload)
        titles = {session.title for session in house.library.sessions(house.user.id)}
        assert house.library.verify().faults == ()
    with Image.open("fox-2.png") as small, Image.open("big.jpg") as big:
        assert (small.size, big.size, big.format) == ((192, 192), (384, 384), "JPEG")
    assert titles == {"a fox", "fox-1.png, 2 times larger"}


def test_what_a_picture_lacks_is_told_beside_its_path(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from agent.turn import UploadFile

    with scripted_house(place / "data", []) as house:
        make(house, "generate_image", {"prompt": "a fox", "size": "200x200"}, "a fox", [Path("fox.png")])
        said = capsys.readouterr()
        assert said.out == "fox.png\n" and said.err == "Note: 200×200 was rounded to 192×192, which embedded paints.\n"
        upload = UploadFile("fox.png", Path("fox.png").read_bytes())
        make(house, "upscale_image", {"scale": 2}, "fox, larger", [Path("big.png")], upload)
        said = capsys.readouterr()
        assert said.out == "big.png\n" and said.err == "big.png: two times larger.\n"


@pytest.mark.parametrize(
    ("tool", "args", "code", "words"),
    [
        ("generate_image", {"prompt": "forbidden"}, ExitCode.REFUSED, "You could say: a red fox"),
        ("generate_image", {"prompt": "a fox", "preset": "nosuch"}, ExitCode.FAILED, "There is no preset “nosuch”"),
        ("edit_image", {"image": 5, "instruction": "night"}, ExitCode.FAILED, "#5"),
    ],
)
def test_a_tool_that_ends_early_says_why_and_has_its_exit_code(
    place: Path, capsys: pytest.CaptureFixture[str], tool: str, args: dict[str, str], code: ExitCode, words: str
) -> None:
    with scripted_house(place / "data", []) as house, pytest.raises(Ended) as ended:
        make(house, tool, args, "a title", [Path("out.png")])
    assert ended.value.code == code
    assert words in complaint(capsys)
    assert not Path("out.png").exists()


def test_a_file_is_called_by_its_name_and_not_by_a_number(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from agent.turn import UploadFile

    upload = UploadFile("large.png", png(2000, 2000))
    with scripted_house(place / "data", []) as house, pytest.raises(Ended):
        make(house, "upscale_image", {"scale": 4}, "larger", [Path("out.png")], upload)
    assert "“large.png” enlarged 4 times would be 8000×8000" in complaint(capsys)


def test_what_cannot_be_written_is_called_as_it_was_typed(place: Path) -> None:
    (place / "file").touch()
    with pytest.raises(OSError, match=r"'file/fox\.png'"):
        write_whole(Path("file/fox.png"), b"")


def test_an_edit_of_a_file_tells_what_it_changed_of_what_the_file_shows(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent.turn import UploadFile

    monkeypatch.setattr(FlatEngine, "look", lambda *_: "fox; meadow")
    monkeypatch.setattr(FlatEngine, "describe", lambda *_: "fox; meadow, night")
    with scripted_house(place / "data", []) as house:
        make(house, "edit_image", {"instruction": "make it night"}, "", [Path("n.png")], UploadFile("fox.png", png()))
    assert capsys.readouterr().err == "n.png: now night.\n"


def test_words_that_the_locale_cannot_read_are_kept_as_utf_8(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = kept_session(place)
    capsys.readouterr()
    for said, kept in [("a caf\udcc3\udca9", "a café"), ("a caf\udce9", "a caf\ufffd")]:
        assert run(["sessions", "rename", session.id, said]) == 0
        assert run(["sessions", "list"]) == 0
        assert capsys.readouterr().out.split("\t")[1] == kept


@pytest.mark.parametrize("as_json", [True, False])
def test_who_reads_no_further_ends_a_script(place: Path, monkeypatch: pytest.MonkeyPatch, as_json: bool) -> None:
    def closed(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("ui.terminal_lines.encode" if as_json else "ui.terminal_screen.Screen.show", closed)
    house_of = scripted_house(place / "data", ["Hello."])
    with house_of as house, Conversation(house) as conversation, pytest.raises(BrokenPipeError):
        recite(conversation, ["hello", "hello"], as_json, place)


@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"])
def test_who_closed_the_standard_streams_reads_nothing(place: Path, closed: str) -> None:
    some_sessions(place, 1)
    command = f"exec {shlex.quote(sys.executable)} -m ui.cli sessions list {closed}"
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=variables)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_who_reads_no_further_hears_no_complaint(place: Path) -> None:
    out, into = os.pipe()
    os.close(out)
    with os.fdopen(into, "w") as nobody:
        done = subprocess.run(
            [sys.executable, "-m", "ui.cli", "sessions", "verify"],
            stdout=nobody,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert (done.returncode, done.stderr) == (1, "")


def test_a_library_that_cannot_be_written_says_how_to_read_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(_: Path) -> Library:
        raise NotWritable("easel.db may not be written (Read-only file system); choose another data folder.")

    settings = Settings()
    Library.open(settings.data / "easel.db").close()
    monkeypatch.setattr(Library, "open", read_only)
    with (
        pytest.raises(NotWritable, match=r"EASEL_DATA=FOLDER easel sessions import .*easel\.db$"),
        open_library(settings),
    ):
        pass


def test_a_persons_own_weights_are_deleted_only_when_they_say_so(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Settings().models / "mine.safetensors"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"junk")
    assert run(["models", "rm", "mine"]) == 2
    assert f"your own file {file}; confirm it with --yes" in complaint(capsys)
    assert file.exists()
    assert run(["models", "rm", "mine", "--yes"]) == 0
    assert not file.exists()


def test_a_persons_own_weights_are_opened_and_not_called_whole(place: Path) -> None:
    file = Settings().models / "mine.safetensors"
    file.parent.mkdir(parents=True)
    save_file({"weight": np.zeros(2, np.float32)}, file)
    (preset,) = Presets.load(folder=file.parent).get("mine")
    assert doctor.check_weights(preset).startswith("can be opened, with no known hash")
    file.write_bytes(file.read_bytes()[:-4])
    with pytest.raises(WeightsMissing, match="no safetensors file, or is cut off"):
        doctor.check_weights(preset)


def test_the_bounds_in_the_help_are_those_of_the_small_painter() -> None:
    painter = Presets.load().for_operation(Operation.GENERATE, "embedded")
    (text,) = (text for name, text in pages() if name == "easel draw")
    assert f"{painter.min_side} to {painter.max_side}" in " ".join(text.split())


def test_a_search_finds_what_was_said_and_not_how_tools_write(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept_session(place)
    capsys.readouterr()
    assert run(["sessions", "list", "--search", '"']) == 0
    assert capsys.readouterr() == ("", 'No session contains “"”.\n')


def test_a_session_that_had_no_turn_leaves_no_trace(place: Path) -> None:
    with scripted_house(place / "data", []) as house:
        with Conversation(house) as conversation:
            assert conversation.session.title == ""
        assert house.library.sessions(house.user.id) == []


@pytest.mark.slow
def test_the_doctor_names_what_it_looked_at_and_changes_nothing(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["doctor"])
    said = capsys.readouterr().out
    assert not (place / "data").exists()
    for area in ["Settings", "Data folder", "Database", "Language model", "To generate", "Safety", "Web app", "Device"]:
        assert f"{area}: " in said


def test_the_doctor_tells_where_ray_would_paint(place: Path) -> None:
    assert list(doctor.workers(Settings())) == []
    (finding,) = doctor.workers(Settings(workers="ray", ray=RayCluster(address="head:6379", replicas=3)))
    assert finding.state == "ok" and finding.sentence == "3 replicas of each model family in the cluster at head:6379."


def test_the_doctor_misses_a_key(place: Path) -> None:
    for name in [name for name in os.environ if name.endswith("_API_KEY")]:
        del os.environ[name]
    (finding,) = doctor.language_model(Settings(llm="openai:gpt-nosuch"))
    assert finding.state == "missing"
    assert "API key" in finding.sentence


@pytest.mark.parametrize(("encoding", "mark"), [("utf-8", "✗"), ("ascii", "MISSING")])
def test_the_doctor_marks_what_is_missing_on_any_terminal(
    place: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, mark: str
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding, write_through=True))
    monkeypatch.setattr(doctor, "CHECKS", [lambda _: iter([doctor.Finding("missing", "Here", "nothing.")])])
    assert run(["doctor"]) == 1
    assert written.getvalue().decode(encoding) == f"{mark} Here: nothing.\n"


@pytest.mark.parametrize(("free", "state"), [(2**20, "missing"), (2**29, "note"), (2**40, "ok")])
def test_the_doctor_looks_whether_the_disk_is_full(
    place: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    (finding,) = doctor.data_folder(Settings())
    assert finding.state == state and ("free some space" in finding.sentence) == (state == "missing")


def test_the_doctor_names_the_variable_that_is_wrong(place: Path) -> None:
    first, second = doctor.language_model(Settings(llm="foo", llm_fallback="bar"))
    assert first.sentence.startswith("EASEL_LLM=foo ") and second.sentence.startswith("EASEL_LLM_FALLBACK=bar ")
    _, unused = doctor.language_model(Settings(llm_fallback="bar"))
    assert unused.state == "note" and "EASEL_LLM_FALLBACK=bar is not used" in unused.sentence


def test_the_doctor_tells_the_settings_in_force_without_secrets(place: Path) -> None:
    os.environ |= {"EASEL_LIMITS__MESSAGE_CHARS": "5", "EASEL_OFFLINE": "0", "EASEL_LLM_KEY": "k3y"}
    os.environ |= {"EASEL_DATABASE": "postgresql://me:s3cret@host/easel", "EASEL_JUDGES": "falconsai,qwen3guard"}
    assert doctor.in_force(Settings()) == [
        f"EASEL_DATA={place / 'data'}",
        "EASEL_DATABASE=(secret)",
        "EASEL_LLM_KEY=(secret)",
        "EASEL_JUDGES=falconsai,qwen3guard",
        "EASEL_OFFLINE=0",
        "EASEL_LIMITS__MESSAGE_CHARS=5",
    ]
    assert doctor.in_force(Settings(llm="http://me:s3cret@host/v1"))[2] == "EASEL_LLM=http://…@host/v1"


@pytest.mark.parametrize("device", ["foo", "cuda:99"])
def test_the_doctor_says_in_a_sentence_that_there_is_no_such_device(place: Path, device: str) -> None:
    (finding,) = doctor.device(Settings(device=device))
    assert finding.state == "missing" and "; choose auto or cpu" in finding.sentence
    assert finding.sentence.startswith(f"EASEL_DEVICE={device} is no device that torch finds here")
    assert "privateuseone" not in finding.sentence and "http" not in finding.sentence


def test_a_session_is_named_by_its_title_and_not_exported_into_a_file(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = kept_session(place)
    (place / "f.png").touch()
    capsys.readouterr()
    assert run(["sessions", "export", session.title.upper(), "--out", "f.png/there"]) == 2
    assert "f.png is a file, and nothing can be written into it" in complaint(capsys)


def test_variables_that_nothing_reads_are_told() -> None:
    names = ["EASEL_PROT", "EASEL_PORT", "EASEL_LIMITS__MESSAGE_CHARS", "EASEL_CONFIG", "HOME"]
    [stray] = strays(names)
    assert "EASEL_PROT is set" in stray and "did you mean EASEL_PORT?" in stray


def test_help_and_version_need_no_settings(place: Path) -> None:
    os.environ["EASEL_PORT"] = "not a port"
    for arguments in (["--help"], ["chat", "--help"], ["sessions", "export", "-h"]):
        done = subprocess.run(
            [sys.executable, "-m", "ui.cli", *arguments],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert done.stdout.startswith("Usage: ")
        assert done.stderr == ""


def test_the_page_on_the_command_line_is_what_the_commands_say() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "-I", ".", *GENERATED],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr + f"\nrun: cog -r -I . {' '.join(GENERATED)}"
