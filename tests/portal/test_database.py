"""Is DATABASE_URL read as written, and does the embedded server start, restart and recover?

Every server here belongs to a folder of its own: the one that the other tests use is left alone.
What Django does with the settings is not tested here.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured

from portal import database
from portal.database import database_settings, ensure_running
from portal.embedded import EmbeddedServer, ServerTrouble
from portal.processes import is_alive

ROOT = Path(__file__).resolve().parents[2]
START = """
import sys
from pathlib import Path
from portal.database import ensure_running
ensure_running(Path(sys.argv[1]))
"""
TWO_SECONDS_OF_WORK = """
DO $$
    DECLARE began timestamptz := clock_timestamp();
    BEGIN
        WHILE clock_timestamp() < began + interval '2 seconds' LOOP
        END LOOP;
    END
$$
"""


@pytest.fixture(autouse=True)
def no_url(monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite may itself run against a server that DATABASE_URL names."""
    monkeypatch.delenv("DATABASE_URL", raising=False)


# --- DATABASE_URL ---------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_url_is_read_in_full(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv(
        "DATABASE_URL",
        f"{scheme}://de%40briefs:p%2Fa%3Ass%25@db.example:6432/deb%20riefs?sslmode=verify-full"
        "&sslrootcert=%2Fetc%2Fca.pem",
    )
    settings = database_settings(Path("/nowhere"))
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert settings["NAME"] == "deb riefs"
    assert settings["USER"] == "de@briefs"
    assert settings["PASSWORD"] == "p/a:ss%"
    assert settings["HOST"] == "db.example"
    assert settings["PORT"] == "6432"
    assert settings["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("postgresql://db.example/debriefs", "db.example", ""),
        ("postgresql://[::1]:5433/debriefs", "::1", "5433"),
        ("postgresql://%2Fvar%2Frun%2Fpg/debriefs", "/var/run/pg", ""),
        ("postgresql:///debriefs?host=/var/run/pg&port=5433", "/var/run/pg", "5433"),
        ("postgresql:///debriefs", "", ""),
    ],
)
def test_a_url_may_name_the_server_in_any_usual_way(
    monkeypatch: pytest.MonkeyPatch, url: str, host: str, port: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    settings = database_settings(Path("/nowhere"))
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == (host, port, "debriefs")


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("mysql://user:hunter2@db.example/debriefs", "must name a PostgreSQL server"),
        ("debriefs", "must name a PostgreSQL server"),
        ("postgresql://user:hunter2@db.example", "names no database"),
        ("postgresql://user:hunter2@db.example/", "names no database"),
        ("postgresql://user:hunter2@db.example:http/debriefs", "a number from 1 to 65535"),
        ("postgresql://user:hunter2@db.example:70000/debriefs", "a number from 1 to 65535"),
        ("postgresql://user:hunter2@db.example/debriefs?color=red", 'does not know: "color"'),
        ("postgresql://user:hunter2%zz@db.example/debriefs", "can't be read"),
        ("postgresql://user:hunter2@[::1/debriefs", "can't be read"),
    ],
)
def test_a_wrong_url_is_refused_with_a_hint_and_without_the_password(
    monkeypatch: pytest.MonkeyPatch, url: str, hint: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured) as refusal:
        database_settings(Path("/nowhere"))
    assert hint in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_with_a_url_nothing_is_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/debriefs")
    ensure_running(tmp_path)
    assert not list(tmp_path.iterdir())
    assert not EmbeddedServer(tmp_path).home.exists()


# --- The settings of the embedded server ----------------------------------------------------------


def test_the_settings_start_and_create_nothing(tmp_path: Path) -> None:
    settings = database_settings(tmp_path)
    assert (settings["NAME"], settings["USER"]) == ("debriefs", "portal")
    assert settings["HOST"].startswith("/")
    assert not Path(settings["HOST"]).exists()
    assert not list(tmp_path.iterdir())


def test_an_empty_url_is_no_url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    expected = database_settings(tmp_path)
    monkeypatch.setenv("DATABASE_URL", " ")
    assert database_settings(tmp_path) == expected


def test_the_socket_has_room_however_long_the_path(tmp_path: Path) -> None:
    host = database_settings(tmp_path.joinpath(*["a long name with spaces"] * 30))["HOST"]
    assert len(f"{host}/.s.PGSQL.5432.lock".encode()) < 100


def test_two_folders_have_two_servers(tmp_path: Path) -> None:
    first, second = EmbeddedServer(tmp_path / "a"), EmbeddedServer(tmp_path / "b")
    assert first.home != second.home
    assert first.socket != second.socket


def test_one_folder_has_one_server_under_every_name(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "alias").symlink_to(tmp_path / "real")
    assert EmbeddedServer(tmp_path / "alias").socket == EmbeddedServer(tmp_path / "real").socket


@pytest.mark.parametrize("mode", [0o755, 0o720, 0o701])
def test_a_socket_folder_open_to_others_is_not_trusted(tmp_path: Path, mode: int) -> None:
    server = EmbeddedServer(tmp_path)
    server.socket = tmp_path / "socket"
    server.socket.mkdir()
    server.socket.chmod(mode)
    with pytest.raises(ServerTrouble, match="not a private folder"):
        server.answers()


def test_a_link_to_a_socket_folder_is_not_trusted(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    server.socket = tmp_path / "socket"
    server.socket.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ServerTrouble, match="not a private folder"):
        server.answers()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_socket_folder_of_somebody_else_is_not_trusted(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    server.socket = tmp_path / "socket"
    server.socket.mkdir(mode=0o700)
    os.chown(server.socket, 65534, 65534)
    with pytest.raises(ServerTrouble, match="not a private folder"):
        server.answers()


# --- Starting, stopping, recovering ---------------------------------------------------------------


def awkward(parent: Path) -> Path:
    """A project folder with an awkward name, too long for a socket."""
    made = parent / "it's a clone, 100% \\ of \u201cmine\u201d" / ("long" * 30)
    made.mkdir(parents=True)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A project folder whose server is swept up afterwards."""
    made = awkward(tmp_path)
    yield made
    EmbeddedServer(made).remove()


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A server for the tests that leave it as it was."""
    server = EmbeddedServer(awkward(tmp_path_factory.mktemp("standing")))
    server.start()
    yield server
    server.remove()


@pytest.fixture
def server(folder: Path) -> EmbeddedServer:
    """A server that runs, in `folder`."""
    ensure_running(folder)
    return EmbeddedServer(folder)


def ask(server: EmbeddedServer, question: str, user: str = "portal") -> Any:
    """The first column of the first row that the server answers with."""
    with closing(
        psycopg2.connect(host=server.socket, port=5432, user=user, dbname="debriefs")
    ) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(question)
            found = cursor.fetchone() if cursor.description else None
            return found[0] if found else None


def postmaster(server: EmbeddedServer) -> int:
    """The number of the server's first process."""
    return int((server.data / "postmaster.pid").read_text().split()[0])


def gone(pid: int) -> bool:
    """Whether the process ends within a few seconds."""
    for _ in range(500):
        if not is_alive(pid):
            return True
        time.sleep(0.02)
    return False


def remember(server: EmbeddedServer) -> None:
    """Write something that must survive."""
    ask(server, "CREATE TABLE kept (word text)")
    ask(server, "INSERT INTO kept VALUES ('kept')")


def remembers(server: EmbeddedServer) -> bool:
    """Whether what was written is still there."""
    return bool(ask(server, "SELECT word FROM kept") == "kept")


def test_a_server_is_made_and_started(standing: EmbeddedServer) -> None:
    assert standing.answers()
    assert str(ask(standing, "SHOW server_version")).startswith("18.")
    expected = {
        "listen_addresses": "",
        "shared_buffers": "256MB",
        "max_connections": "100",
        "TimeZone": "UTC",
        "jit": "off",
        "fsync": "on",
        "server_encoding": "UTF8",
    }
    assert {name: ask(standing, f"SHOW {name}") for name in expected} == expected


def test_the_portal_is_no_superuser_and_may_make_databases(standing: EmbeddedServer) -> None:
    role = "FROM pg_roles WHERE rolname = current_user"
    assert ask(standing, f"SELECT rolsuper {role}") is False
    assert ask(standing, f"SELECT rolcreatedb {role}") is True
    assert ask(
        standing, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname='debriefs'"
    ) == ("portal")


def test_what_the_server_keeps_is_closed_to_others(standing: EmbeddedServer) -> None:
    for path in (standing.data, standing.socket):
        assert path.stat().st_mode & 0o077 == 0
    assert standing.data.stat().st_uid != 0
    assert standing.socket.stat().st_uid == standing.data.stat().st_uid


def test_no_folder_of_the_project_is_opened_to_others(folder: Path) -> None:
    above = [folder, *folder.parents]
    for path in (folder, folder.parent):
        path.chmod(0o700)
    before = [path.stat().st_mode for path in above]
    ensure_running(folder)
    assert [path.stat().st_mode for path in above] == before


def test_words_do_not_reach_the_log_of_the_server(standing: EmbeddedServer) -> None:
    ask(standing, "CREATE TABLE once (word text UNIQUE)")
    ask(standing, "INSERT INTO once VALUES ('lantern-canary')")
    with pytest.raises(psycopg2.IntegrityError):
        ask(standing, "INSERT INTO once VALUES ('lantern-canary')")
    with pytest.raises(psycopg2.errors.UndefinedFunction):
        ask(standing, "SELECT nothing('lantern-canary')")
    written = standing.log.read_text()
    assert "duplicate key" in written
    assert "lantern-canary" not in written


def test_a_running_server_is_found_at_once(standing: EmbeddedServer) -> None:
    pid = postmaster(standing)
    took = []
    for _ in range(20):
        began = time.perf_counter()
        standing.start()
        took.append(time.perf_counter() - began)
    assert min(took) < 0.02
    assert postmaster(standing) == pid


def test_a_stopped_server_is_down_and_starts_with_its_data(
    folder: Path, server: EmbeddedServer
) -> None:
    remember(server)
    pid = postmaster(server)
    assert server.stop()
    assert not server.answers()
    assert gone(pid)
    assert not server.stop()
    ensure_running(folder)
    assert remembers(server)


def test_a_killed_server_is_started_again_with_its_data(
    folder: Path, server: EmbeddedServer
) -> None:
    remember(server)
    pid = postmaster(server)
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)
    ensure_running(folder)
    assert postmaster(server) != pid
    assert remembers(server)


def test_a_query_that_outlives_its_server_is_waited_for(
    folder: Path, server: EmbeddedServer
) -> None:
    remember(server)
    pid = postmaster(server)
    with closing(server._connect("portal", "debriefs")) as busy:
        worker = busy.get_backend_pid()

        def work() -> None:
            with suppress(psycopg2.OperationalError):
                busy.cursor().execute(TWO_SECONDS_OF_WORK)

        thread = Thread(target=work)
        thread.start()
        time.sleep(0.3)
        os.kill(pid, signal.SIGKILL)
        assert gone(pid)
        assert is_alive(worker), "the query ended too early to prove anything"
        ensure_running(folder)
        assert not is_alive(worker)
        thread.join()
    assert remembers(server)


def test_a_number_that_now_belongs_to_another_process_is_no_server(
    folder: Path, server: EmbeddedServer
) -> None:
    remember(server)
    first = postmaster(server)
    os.kill(first, signal.SIGKILL)
    assert gone(first)
    lock_file = server.data / "postmaster.pid"
    as_server = {"user": server.data.stat().st_uid} if server.as_root else {}
    with subprocess.Popen(["/bin/sleep", "60"], **as_server) as bystander:  # type: ignore[call-overload]
        try:
            lines = lock_file.read_text().splitlines(keepends=True)
            lock_file.write_text("".join([f"{bystander.pid}\n", *lines[1:]]))
            assert not server.stop()
            ensure_running(folder)
            assert remembers(server)
            assert bystander.poll() is None, "a process that is no server was ended"
        finally:
            bystander.kill()


def test_a_database_that_was_dropped_is_made_again(folder: Path, server: EmbeddedServer) -> None:
    with closing(server._connect("postgres", "postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE debriefs WITH (FORCE)")
    assert not server.answers()
    ensure_running(folder)
    assert server.answers()


def test_a_full_server_is_left_alone(folder: Path, server: EmbeddedServer) -> None:
    pid = postmaster(server)
    crowd = []
    try:
        with suppress(psycopg2.OperationalError):
            for _ in range(101):
                crowd.append(server._connect("portal", "debriefs"))
        assert 80 < len(crowd) < 101
        ensure_running(folder)
        assert postmaster(server) == pid
        for each in crowd:
            each.cursor().execute("SELECT 1")
    finally:
        for each in crowd:
            each.close()


def test_a_server_whose_data_was_deleted_gives_way_to_a_new_one(
    folder: Path, server: EmbeddedServer
) -> None:
    old = postmaster(server)
    shutil.rmtree(server.data)
    ensure_running(folder)
    assert gone(old)
    assert ask(server, "SELECT 1") == 1


def test_a_server_whose_socket_was_swept_away_is_started_again(
    folder: Path, server: EmbeddedServer
) -> None:
    remember(server)
    old = postmaster(server)
    shutil.rmtree(server.socket)
    ensure_running(folder)
    assert gone(old)
    assert remembers(server)


def test_a_cluster_that_was_half_made_is_made_anew(folder: Path) -> None:
    server = EmbeddedServer(folder)
    for name in ("data.new", "data"):
        (server.home / name).mkdir(parents=True, mode=0o700)
        (server.home / name / "postgresql.conf").write_text("half")
    ensure_running(folder)
    assert server.answers()


@pytest.mark.skipif(os.geteuid() == 0, reason="root's data does not lie in the project's folder")
def test_a_copy_has_a_server_of_its_own(folder: Path, server: EmbeddedServer) -> None:
    remember(server)
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("lock"))
    other = EmbeddedServer(copy)
    try:
        assert not other.stop(), "the server of the original was taken for the copy's"
        ensure_running(copy)
        assert remembers(other)
        assert postmaster(other) != postmaster(server)
        assert remembers(server)
    finally:
        other.remove()


@pytest.mark.skipif(os.geteuid() == 0, reason="root's data does not lie in the project's folder")
def test_a_moved_project_keeps_its_data(folder: Path, server: EmbeddedServer) -> None:
    remember(server)
    old, old_socket = postmaster(server), server.socket
    moved = folder.rename(folder.with_name("moved"))
    try:
        ensure_running(moved)
        assert gone(old)
        assert remembers(EmbeddedServer(moved))
    finally:
        EmbeddedServer(moved).remove()
        shutil.rmtree(old_socket, ignore_errors=True)


def test_two_clones_run_side_by_side(folder: Path, server: EmbeddedServer) -> None:
    remember(server)
    neighbour = folder / "neighbour"
    neighbour.mkdir()
    try:
        ensure_running(neighbour)
        with pytest.raises(psycopg2.errors.UndefinedTable):
            remembers(EmbeddedServer(neighbour))
        assert EmbeddedServer(neighbour).stop()
        assert remembers(server)
    finally:
        EmbeddedServer(neighbour).remove()


@pytest.fixture
def start_many(folder: Path) -> Callable[[int], list[subprocess.CompletedProcess[str]]]:
    """Start so many processes at once that each want the server of `folder`."""

    def start(number: int) -> list[subprocess.CompletedProcess[str]]:
        command = [sys.executable, "-c", START, str(folder)]
        running = [
            subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
            for _ in range(number)
        ]
        done = []
        for each in running:
            _, said = each.communicate(timeout=120)
            done.append(subprocess.CompletedProcess(command, each.returncode, "", said))
        return done

    return start


def test_many_processes_may_start_it_at_once(
    folder: Path, start_many: Callable[[int], list[subprocess.CompletedProcess[str]]]
) -> None:
    done = start_many(8)
    assert [each.returncode for each in done] == [0] * 8, done
    said = "".join(each.stderr for each in done)
    assert said.count("Creating the database cluster") == 1
    server = EmbeddedServer(folder)
    pid = postmaster(server)
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)
    assert [each.returncode for each in start_many(8)] == [0] * 8
    assert server.answers()


def test_a_server_that_cannot_start_says_why(folder: Path, server: EmbeddedServer) -> None:
    server.stop()
    (server.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(ServerTrouble, match="database files are incompatible"):
        ensure_running(folder)


def test_removing_leaves_nothing(folder: Path, server: EmbeddedServer) -> None:
    pid = postmaster(server)
    server.remove()
    assert gone(pid)
    assert not server.home.exists()
    assert not server.socket.exists()
    server.remove()


def test_nothing_listens_on_the_network(standing: EmbeddedServer) -> None:
    with socket.socket(socket.AF_UNIX) as own:
        own.connect(str(standing.socket / ".s.PGSQL.5432"))
    assert (standing.data / "postmaster.pid").read_text().splitlines()[5].strip() == ""


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [([], 2, "Usage"), (["begin"], 2, "Usage"), (["start", "now"], 2, "Usage")],
)
def test_the_command_line_says_what_it_takes(
    capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, words: str
) -> None:
    assert database.main(arguments) == status
    assert words in capsys.readouterr().err


def test_the_command_line_has_nothing_to_do_with_a_url(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/debriefs")
    assert database.main(["stop"]) == 0
    assert "nothing to do" in capsys.readouterr().err
