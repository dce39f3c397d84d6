"""Which process wrote a lock file, does it still run, and how is it ended?

What a database server is does not stand here.
"""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path


def lines_of(lock_file: Path) -> list[str]:
    try:
        return lock_file.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return []


def number_in(lock_file: Path) -> int | None:
    """The process that PostgreSQL's `lock_file` names, alive or not."""
    lines = lines_of(lock_file)
    return int(lines[0]) if len(lines) > 1 and lines[0].strip().isdecimal() else None


def command_line(pid: int) -> str:
    """How the process `pid` was called; empty when there is no such process."""
    if Path("/proc/self/cmdline").exists():
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return ""
        return os.fsdecode(raw.replace(b"\0", b" "))
    return _ps(pid, "command=")


def is_alive(pid: int) -> bool:
    """Whether the process `pid` runs: a dead one that only waits to be buried does not.

    Never judge this by the command line: it is empty for a moment while a program is being loaded.
    """
    if Path("/proc/self/stat").exists():
        try:
            state = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2]
        except OSError:
            return False
    else:
        state = _ps(pid, "state=")
    return bool(state.strip()) and state.strip()[0] not in "ZX"


def _ps(pid: int, column: str) -> str:
    asked = ["/bin/ps", "-ww", "-o", column, "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True, errors="replace").stdout


def send(pid: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, how)


def is_gone(pid: int, within: float) -> bool:
    until = time.monotonic() + within
    while is_alive(pid):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
