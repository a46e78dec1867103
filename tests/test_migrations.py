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
from tempfile import TemporaryDirectory
from textwrap import dedent

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from keeping import ALLOW, Raw, in_process, new_session, raw, turn_with_pictures

from storage import migrate
from storage.database import Place, open_database, opened_to_read
from storage.errors import Busy, NewerSchema, NotALibrary, NotFound
from storage.library import Library
from storage.records import JobState, Message
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
    """A library as a program of that time left it, with rows in every table, its last turn still running."""
    database = open_database(place, busy_timeout=5)
    migrate.bring_up_to_date(database, revision)
    database.close()
    with raw(place) as connection:
        connection.execute("BEGIN")
        connection.insert("users", id="u", name="me", created=THEN)
        insert_sessions(connection, revision, pictures)
        insert_turns(connection)
        for handle in range(1, pictures + 1):
            insert_picture(connection, handle, {"words": f" fox {handle} "} if "0003" <= revision < "0007" else {})
        insert_verdicts(connection)
        insert_jobs(connection)
        connection.insert("previews", job_id="running", data=b"half a fox")
        connection.insert(
            "feedback", id="f", session_id="s", target_id="p1", value=-1, comment="too dark", created=THEN
        )
        connection.execute("COMMIT")


def insert_sessions(connection: Raw, revision: str, pictures: int) -> None:
    """A session, a branch of its first turn that was served before it, and one that was never served."""
    for session, served, settings in (("s", 2, {"style": "ink"}), ("branch", 1, {}), ("new", None, {})):
        served_then = served if served is None or revision >= "0006" else f"2026-01-02 03:0{served}:00.000000"
        connection.insert(
            "sessions",
            id=session,
            user_id="u",
            title="old",
            created=THEN,
            updated=THEN,
            settings=json.dumps(settings),
            branched_from="ended" if session == "branch" else None,
            next_handle=pictures + 1 if session == "s" else 1,
            served=served_then,
        )


def insert_turns(connection: Raw) -> None:
    connection.insert("turns", id="ended", state="failed", created=THEN, finished=THEN, error="Too dark.")
    connection.insert("turns", id="t", state="running", created=THEN)
    for session, number, turn in (("s", 1, "ended"), ("branch", 1, "ended"), ("s", 2, "t")):
        connection.insert("session_turns", session_id=session, number=number, turn_id=turn)
    for turn, position, role, text, call in (
        ("ended", 1, "person", "hello", None),
        ("t", 1, "person", "draw foxes", None),
        ("t", 2, "assistant", "", None),
        ("t", 3, "tool", "drawn", "call"),
    ):
        connection.insert(
            "messages",
            id=f"{turn} {position}",
            turn_id=turn,
            position=position,
            role=role,
            text=text,
            tool_call_id=call,
            pictures="[1]" if call else "[]",
            created=THEN,
        )
    connection.insert(
        "tool_calls", message_id="t 2", position=0, call_id="call", name="generate_image", args='{"prompt": "fox"}'
    )


def insert_verdicts(connection: Raw) -> None:
    for verdict, action, stage, anchor in (
        ("of words", "review", "words", {"session_id": "s"}),
        ("of a turn", "block", "pixels", {"turn_id": "t"}),
        ("of a picture", "allow", "pixels", {"turn_id": "t", "picture_id": "p1"}),
    ):
        connection.insert(
            "verdicts",
            id=verdict,
            action=action,
            stage=stage,
            category="weapons",
            score=0.5,
            rule="old/1",
            reason="No.",
            rewording="A hat.",
            subject="a fox",
            created=THEN,
            **anchor,
        )


def insert_jobs(connection: Raw) -> None:
    """One in every state."""
    more: dict[str, dict[str, object]] = {
        "queued": {},
        "running": {"owner": "worker", "lease_until": THEN, "turn_id": "t", "progress": 0.5, "progress_text": "half"},
        "done": {"picture_id": "p1", "turn_id": "t"},
        "blocked": {"verdict_id": "of a turn", "turn_id": "t"},
        "failed": {"error": "Too large.", "fixable": True},
        "stopped": {"stop_requested": True},
    }
    for state, values in more.items():
        usual = {"progress": 0.0, "progress_text": "", "stop_requested": False, "fixable": False}
        connection.insert(
            "jobs",
            id=state,
            session_id="s",
            key=state,
            recipe=json.dumps({"operation": "generate", "prompt": state}),
            parents="[]",
            caption=state,
            state=state,
            attempt=0 if state == "queued" else 1,
            created=THEN,
            finished=None if state in ("queued", "running") else THEN,
            **usual | values,
        )


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
    connection.insert("session_pictures", session_id="s", handle=handle, picture_id=picture, turn_number=2)
    if handle > 1:
        connection.insert("picture_parents", picture_id=picture, position=0, parent_id="p1")


ADDED = {"turns.owner": "0002", "pictures.words": "0003", "pictures.shows": "0004", "jobs.passed": "0005"}
DROPPED = {"pictures.words": "0007"}
"""What migrations have done to columns."""

State = tuple[str, frozenset[str], int]
"""Revision, which of the columns are there, and how many pictures."""


def state_of(place: Place) -> State:
    with raw(place) as connection:
        return (
            connection.execute("SELECT version_num FROM alembic_version").fetchone()[0],
            frozenset(name for name in ADDED if name.split(".")[1] in connection.columns(name.split(".")[0])),
            connection.execute("SELECT count(*) FROM pictures").fetchone()[0],
        )


def state(revision: str, pictures: int = 2) -> State:
    """What `state_of` gives for a library of that time."""
    there = {name for name, added in ADDED.items() if added <= revision < DROPPED.get(name, "9999")}
    return revision, frozenset(there), pictures


def rows_of(place: Place) -> dict[str, list[dict[str, object]]]:
    """Every row of every table, but for `served`, which is told otherwise since 0006."""
    found: dict[str, list[dict[str, object]]] = {}
    with raw(place) as connection:
        for table in metadata.tables:
            names = connection.columns(table)
            rows = [
                dict(zip(names, row, strict=True)) for row in connection.execute(f"SELECT * FROM {table}").fetchall()
            ]
            kept = [{name: value for name, value in row.items() if name != "served"} for row in rows]
            found[table] = sorted(kept, key=lambda row: [repr(value) for value in row.values()])
    return found


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


OLDER = [f"{number:04}" for number in range(1, int(migrate.HEAD))]


@pytest.mark.parametrize("revision", OLDER)
def test_an_old_library_is_brought_up_to_date_and_an_old_file_backed_up(place: Place, revision: str) -> None:
    file_of(place, revision)
    with Library.open(place) as library:
        session = library.session(library.user("me").id, "s")
        assert [(p.handle, p.parents) for p in library.pictures("s")] == [(1, ()), (2, (1,))]
        assert library.pixels(library.picture("s", 2).sha256) == b"pixels 2"
        assert [turn.id for turn in library.recover()] == ["t"]
        assert turn_with_pictures(library, session, "new fox").number == 3
        assert library.verify().faults == ()
    assert state_of(place) == state(migrate.HEAD, pictures=3)
    if isinstance(place, Path):
        assert state_of(place.with_name(f"easel.db.before-{migrate.HEAD}.backup")) == state(revision)


@pytest.mark.parametrize("revision", OLDER)
def test_a_migration_keeps_every_row_of_every_table(place: Place, revision: str) -> None:
    file_of(place, revision)
    before = rows_of(place)
    assert [table for table, rows in before.items() if not rows] == []
    Library.open(place).close()
    after = rows_of(place)
    for table, rows in before.items():
        left = rows[0].keys() & after[table][0].keys()
        assert [{name: row[name] for name in left} for row in rows] == [
            {name: row[name] for name in left} for row in after[table]
        ], table


@pytest.mark.parametrize("revision", OLDER)
def test_the_jobs_of_an_old_library_go_on_in_the_order_of_then(place: Place, revision: str) -> None:
    file_of(place, revision)
    with Library.open(place) as library:
        assert {name: library.job(name).state for name in JobState} == {name: name for name in JobState}
        assert library.job("done").picture == 1 and library.preview("running") == b"half a fox"
        assert (library.job("blocked").verdict or ALLOW).action == "block"
        for session in ("branch", "new"):
            library.enqueue(session, None, [{}], [], session, "key")
        served = [job.session_id for _ in range(4) if (job := library.claim("worker", 60))]
        assert served == ["new", "branch", "s", "s"]
        assert library.job("running").attempt == 2


@pytest.mark.parametrize("revision", [OLDER[0], OLDER[-1], migrate.HEAD])
def test_a_library_is_copied_whatever_its_tables_and_stays_as_it_is(
    place: Place, tmp_path: Path, revision: str
) -> None:
    file_of(place, revision, pictures=3)
    before, folder = rows_of(place), contents(tmp_path)
    with Library.open(tmp_path / "new" / "easel.db") as library:
        counts = library.fill_from(place)
        assert counts == {table: len(rows) for table, rows in before.items()}
        assert library.pixels(library.picture("s", 3).sha256) == b"pixels 3"
        assert library.verify().faults == ()
    assert contents(tmp_path) == folder
    assert (state_of(place), rows_of(place)) == (state(revision, 3), before)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_what_is_being_written_to_is_copied_as_it_is_at_that_moment(place: Place, tmp_path: Path) -> None:
    with Library.open(place) as there, Library.open(tmp_path / "new" / "easel.db") as library:
        session = new_session(there)
        turn_with_pictures(there, session, "fox")
        there.begin_turn(session.id, "more")
        assert library.fill_from(place)["pictures"] == 1
        there.append(there.turns(session.id)[-1].id, Message("assistant", "still here"))
        assert [turn.state for turn in there.turns(session.id)] == ["done", "running"]


def test_who_opens_a_file_that_is_just_being_copied_waits_for_that(path: Path) -> None:
    Library.open(path).close()
    with opened_to_read(path, busy_timeout=5), pytest.raises(Busy):
        Library.open(path, busy_timeout=0.2)
    Library.open(path).close()


@pytest.mark.parametrize("revision", [OLDER[0], migrate.HEAD])
def test_a_file_is_copied_from_where_nothing_can_be_written(revision: str) -> None:
    copy = """
        import os, sys
        from pathlib import Path
        from storage.library import Library
        import storage.sqlite
        from alembic import command, config, op
        if os.geteuid() == 0:
            os.setuid(65534)  # root may write anywhere
        with Library.open(Path(sys.argv[2])) as library:
            print(library.fill_from(Path(sys.argv[1]))["pictures"], library.verify().faults)
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        file_of(folder / "easel.db", revision)
        (folder / "new").mkdir(mode=0o777)
        (folder / "new").chmod(0o777)
        for path in (*folder.glob("easel.db*"), folder):
            path.chmod(path.stat().st_mode & 0o555 | 0o555)
        done = subprocess.run(
            [sys.executable, "-c", dedent(copy), str(folder / "easel.db"), str(folder / "new" / "easel.db")],
            capture_output=True,
            text=True,
            cwd=ROOT,
        )
        assert done.stdout == "2 ()\n", done.stderr
        folder.chmod(0o755)


def test_a_library_that_cannot_be_read_is_not_copied(tmp_path: Path) -> None:
    newer, other = tmp_path / "newer.db", tmp_path / "other.db"
    file_of(newer, migrate.HEAD)
    with raw(newer) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with raw(other) as connection:
        connection.execute("CREATE TABLE recipes (soup)")
    with Library.open(tmp_path / "new" / "easel.db") as library:
        with pytest.raises(NewerSchema, match="9999"):
            library.fill_from(newer)
        with pytest.raises(NotALibrary, match="another program"):
            library.fill_from(other)
        assert library.verify().sessions == 0


def test_a_deletion_for_good_takes_the_backup_with_it_and_nothing_else_does(path: Path) -> None:
    path.with_name("easel.db.mine").touch()
    file_of(path, "0004")
    with Library.open(path) as library:
        library.recover()
        user = library.user("me").id
        with pytest.raises(NotFound):
            library.delete_session(user, "another")
        assert len(list(path.parent.glob("*.backup"))) == 1
        library.delete_session(user, "s")
        kept = [file.name for file in path.parent.iterdir() if file.is_file() and b"pixels 1" in file.read_bytes()]
        assert (kept, list(path.parent.glob("*.backup"))) == ([], [])
    assert path.with_name("easel.db.mine").exists()


def test_taking_an_empty_session_away_leaves_the_backup_and_a_session_with_a_turn(path: Path) -> None:
    file_of(path, "0004")
    with Library.open(path) as library:
        user = library.user("me").id
        assert library.drop_empty_session(user, library.create_session(user).id)
        assert not library.drop_empty_session(user, "s")
        assert {session.id for session in library.sessions(user)} == {"s", "branch", "new"}
    assert len(list(path.parent.glob("*.backup"))) == 1


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


def test_a_program_whose_library_a_newer_one_changes_meanwhile_writes_nothing_and_says_so(place: Place) -> None:
    with Library.open(place) as library:
        user, session = library.user("me").id, new_session(library)
        with raw(place) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        assert [found.id for found in library.sessions(user)] == [session.id]  # what can be read is
        with pytest.raises(NewerSchema, match=f"tables 9999, this program knows {migrate.HEAD}.*start the newer one"):
            library.create_session(user)
        with raw(place) as connection:
            connection.execute("ALTER TABLE sessions RENAME COLUMN updated TO changed")
        with pytest.raises(NewerSchema):
            library.sessions(user)
        with pytest.raises(NewerSchema):
            library.create_session(user)


def test_a_migration_that_fails_leaves_the_old_tables(place: Place) -> None:
    file_of(place, "0001")
    with raw(place) as connection:
        connection.execute("UPDATE pictures SET recipe = '[]' WHERE id = 'p2'")  # 0003 looks for a prompt in it
    with pytest.raises(AttributeError):
        Library.open(place)
    assert state_of(place) == state("0001")
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
    assert state_of(path) == state("0001")


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
        left = state_of(path)
        assert left in {state("0001", 1500), state(migrate.HEAD, 1500)}
        found.add(left[0])
        with Library.open(path) as library:
            assert library.verify().faults == ()
            assert len(library.pictures("s")) == 1500
    return found


def test_a_program_killed_while_migrating_leaves_the_old_tables_or_the_new_ones(tmp_path: Path) -> None:
    assert kill_while_migrating(tmp_path, times=3)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_program_killed_while_migrating_many_times(tmp_path: Path) -> None:
    assert "0001" in kill_while_migrating(tmp_path, times=12)
