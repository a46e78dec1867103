"""Old files become new ones, whole or not at all."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from hashlib import sha256
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from keeping import Raw, in_process, new_session, raw, turn_with_pictures

from storage import migrate
from storage.database import Place, open_database
from storage.errors import Busy, NewerSchema
from storage.library import Library
from storage.records import TurnState
from storage.tables import metadata

ROOT = Path(__file__).parents[1]
OPEN = (
    "import sys; from pathlib import Path; from storage.library import Library; Library.open(Path(sys.argv[1])).close()"
)
THEN = "2026-01-02 03:04:05.000000"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "easel.db"


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, path: Path) -> Place:
    """Where nothing is yet, on every database."""
    return path if request.param == "sqlite" else request.getfixturevalue("server").new_database()


def file_of(place: Place, revision: str, pictures: int = 2) -> None:
    """A library as a program of that time left it, with a session of one turn, its last turn still running."""
    database = open_database(place, busy_timeout=5)
    migrate.bring_up_to_date(database, revision)
    database.close()
    with raw(place) as connection:
        connection.execute("BEGIN")
        connection.insert("users", id="u", name="me", created=THEN)
        connection.insert(
            "sessions",
            id="s",
            user_id="u",
            title="old",
            created=THEN,
            updated=THEN,
            settings="{}",
            next_handle=pictures + 1,
        )
        connection.insert("turns", id="t", state="running", created=THEN)
        connection.insert("session_turns", session_id="s", number=1, turn_id="t")
        connection.insert(
            "messages",
            id="m",
            turn_id="t",
            position=1,
            role="person",
            text="draw foxes",
            pictures="[]",
            created=THEN,
        )
        for handle in range(1, pictures + 1):
            insert_picture(
                connection, handle, {"words": f" harbour fox number {handle} "} if revision >= "0003" else {}
            )
        connection.execute("COMMIT")


def insert_picture(connection: Raw, handle: int, more: dict[str, str]) -> None:
    data, thumbnail = f"pixels {handle}".encode(), b"thumbnail"
    digest, picture = sha256(data).hexdigest(), f"p{handle}"
    connection.insert("blobs", sha256=digest, size=len(data), data=data)
    connection.insert("thumbnails", sha256=digest, digest=sha256(thumbnail).hexdigest(), data=thumbnail)
    connection.insert(
        "pictures",
        id=picture,
        turn_id="t",
        sha256=digest,
        media_type="image/png",
        width=8,
        height=8,
        recipe=json.dumps({"operation": "generate", "prompt": f"Fox number {handle}"}),
        caption="harbour",
        created=THEN,
        **more,
    )
    connection.insert("session_pictures", session_id="s", handle=handle, picture_id=picture, turn_number=1)
    if handle > 1:
        connection.insert("picture_parents", picture_id=picture, position=0, parent_id="p1")


def state_of(place: Place) -> tuple[str, bool, bool, bool, bool, int]:
    """Revision, whether the columns of 0002 to 0005 are there, and how many pictures."""
    with raw(place) as connection:
        return (
            connection.execute("SELECT version_num FROM alembic_version").fetchone()[0],
            "owner" in connection.columns("turns"),
            "words" in connection.columns("pictures"),
            "shows" in connection.columns("pictures"),
            "passed" in connection.columns("jobs"),
            connection.execute("SELECT count(*) FROM pictures").fetchone()[0],
        )


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    return ScriptDirectory.from_config(config)


def test_the_program_knows_its_newest_migration() -> None:
    assert scripts().get_current_head() == migrate.HEAD


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [script.revision for script in scripts().walk_revisions()]
    assert numbers == [f"{number:04}" for number in range(len(numbers), 0, -1)]


def test_the_migrations_together_make_the_tables_of_the_program(place: Place) -> None:
    Library.open(place).close()
    database = open_database(place, busy_timeout=5)
    with database.read() as tx:
        found = compare_metadata(MigrationContext.configure(tx, opts={"compare_type": True}), metadata)
        assert [change for change in found if "comment" not in str(change[0])] == []  # SQLite keeps no comments
    database.close()


def test_a_new_file_is_not_backed_up(tmp_path: Path) -> None:
    with Library.open(tmp_path / "easel.db"):
        assert list(tmp_path.glob("*.backup")) == []


@pytest.mark.parametrize("revision", ["0001", "0002", "0003", "0004"])
def test_an_old_library_is_brought_up_to_date_and_an_old_file_backed_up(place: Place, revision: str) -> None:
    file_of(place, revision)
    with Library.open(place) as library:
        user = library.user("me")
        (session,) = library.sessions(user.id)
        assert [(p.handle, p.parents) for p in library.pictures(session.id)] == [(1, ()), (2, (1,))]
        assert [p.handle for p in library.search_pictures(user.id, "fox 2")] == [2, 1]
        assert library.pixels(library.picture(session.id, 2).sha256) == b"pixels 2"
        assert [turn.state for turn in library.recover()] == [TurnState.FAILED]
        assert turn_with_pictures(library, session, "new fox").number == 2
        assert library.verify().faults == ()
    assert state_of(place) == (migrate.HEAD, True, True, True, True, 3)
    if isinstance(place, Path):
        backup = place.with_name(f"easel.db.before-{migrate.HEAD}.backup")
        assert state_of(backup) == (revision, *(revision >= added for added in ("0002", "0003", "0004", "0005")), 2)


def test_a_file_that_is_up_to_date_is_opened_without_a_backup(path: Path) -> None:
    Library.open(path).close()
    Library.open(path).close()
    assert list(path.parent.glob("*.backup")) == []


def test_a_newer_file_is_refused_and_left_as_it_is(path: Path) -> None:
    with Library.open(path) as library:
        new_session(library)
    with raw(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(NewerSchema, match=f"tables 9999, this program knows {migrate.HEAD}.*update Easel"):
        Library.open(path)
    assert path.read_bytes() == before


def test_a_migration_that_fails_leaves_the_old_tables(place: Place) -> None:
    file_of(place, "0001")
    with raw(place) as connection:
        connection.execute("UPDATE pictures SET recipe = '[]' WHERE id = 'p2'")  # 0003 looks for a prompt in it
    with pytest.raises(AttributeError):
        Library.open(place)
    assert state_of(place) == ("0001", False, False, False, False, 2)
    with raw(place) as connection:
        connection.execute("UPDATE pictures SET recipe = '{}' WHERE id = 'p2'")
    with Library.open(place) as library:
        assert library.verify().faults == ()


def test_a_file_held_by_another_program_is_not_migrated(path: Path) -> None:
    file_of(path, "0001")
    with raw(path) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            Library.open(path, busy_timeout=0.2)
    assert state_of(path) == ("0001", False, False, False, False, 2)


def test_a_file_whose_program_died_at_its_birth_is_opened(path: Path) -> None:
    path.touch()
    with Library.open(path) as library:
        assert library.verify().faults == ()


def open_and_close(pipe: Pipe, place: Place) -> None:
    with Library.open(place) as library:
        pipe.send(library.verify().faults)


@pytest.mark.parametrize("old", [False, True])
def test_programs_that_open_one_library_at_the_same_instant_all_succeed(place: Place, old: bool) -> None:
    if old:
        file_of(place, "0001", pictures=200)
    programs = [in_process(open_and_close, place) for _ in range(3)]
    assert [pipe.recv() for _, pipe in programs] == [(), (), ()]
    assert state_of(place)[0] == migrate.HEAD
    with Library.open(place) as library:
        assert library.verify().faults == ()


def kill_while_migrating(folder: Path, times: int) -> set[str]:
    """Kill a program at random moments of a migration; gives the revisions that were found afterwards."""
    found = set[str]()
    original = folder / "original.db"
    file_of(original, "0001", pictures=1500)
    for number in range(times):
        path = folder / f"{number}.db"
        path.write_bytes(original.read_bytes())
        program = subprocess.Popen([sys.executable, "-c", OPEN, str(path)], cwd=ROOT)
        lock, backup = path.with_name(path.name + ".lock"), path.with_name(f"{path.name}.before-{migrate.HEAD}.backup")
        while not (lock.exists() if number % 2 else backup.exists()) and program.poll() is None:
            time.sleep(0.002)
        time.sleep(random.uniform(0, 0.6))
        program.kill()
        program.wait()
        state = state_of(path)
        assert state in {("0001", False, False, False, False, 1500), (migrate.HEAD, True, True, True, True, 1500)}
        found.add(state[0])
        with Library.open(path) as library:
            assert library.verify().faults == ()
            assert len(library.search_pictures(library.user("me").id, "harbour", limit=2000)) == 1500
    return found


def test_a_program_killed_while_migrating_leaves_the_old_tables_or_the_new_ones(tmp_path: Path) -> None:
    assert kill_while_migrating(tmp_path, times=3)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_program_killed_while_migrating_many_times(tmp_path: Path) -> None:
    assert "0001" in kill_while_migrating(tmp_path, times=25)
