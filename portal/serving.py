"""How do the web server and the worker run side by side, and end together?

For `make demo`, where one terminal holds both. In production each is a service of its own, and
whatever runs services looks after them. What either of them does does not stand here.

    python -m portal.serving ADDRESS:PORT
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

from portal.embedded import say

#: The signals that end the demo: Ctrl-C, what `make` passes on, and a terminal that is closed.
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 10.0  # seconds for each to finish what it is doing
PAUSE = 5.0  # seconds before a worker that fell, as it does without its database, is started anew

Command = Sequence[str]


def dies_with_me() -> Callable[[], None] | None:
    """For a child, before it becomes another program: a signal when its parent is killed.

    Only Linux can do this. Elsewhere a `kill -9` of this one process leaves the two others running.
    """
    if not sys.platform.startswith("linux"):
        return None
    tell_kernel, on_parents_death = ctypes.CDLL(None).prctl, 1  # PR_SET_PDEATHSIG
    parent = os.getpid()

    def ask() -> None:
        tell_kernel(on_parents_death, signal.SIGTERM)
        if os.getppid() != parent:  # it was killed before the kernel was told
            os._exit(1)

    return ask


class Pair:
    """A web server and a worker: when the first ends all is over, the second is replaced when it
    falls."""

    def __init__(self, server: Command, worker: Command, pause: float = PAUSE) -> None:
        self._worker_command, self._pause = worker, pause
        self._tied = dies_with_me()
        self._asked: signal.Signals | None = None
        self._fell_at = 0.0
        for number in ENDING:
            signal.signal(number, self._hear)
        self._server = self._start(server)
        self._worker = self._start(worker)

    def run(self) -> int:
        """Watch both until the server has ended; returns its exit status, 0 if it was asked to."""
        while self._server.poll() is None:
            if self._asked:
                self._end(self._server, self._asked)
                break
            self._mind_the_worker()
            time.sleep(0.1)
        # Once: a second signal would tear the worker away from what it is doing.
        self._end(self._worker, signal.SIGTERM)
        return 0 if self._asked else self._server.returncode or 0

    def _start(self, command: Command) -> subprocess.Popen[bytes]:
        # Out of the terminal's reach, so that Ctrl-C comes to each of them once, and from here.
        return subprocess.Popen(command, start_new_session=True, preexec_fn=self._tied)

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        # Gunicorn is quick about SIGINT, and lets everyone finish at SIGTERM.
        self._asked = signal.SIGINT if number == signal.SIGINT else signal.SIGTERM

    def _mind_the_worker(self) -> None:
        if self._worker.poll() is None:
            return
        if not self._fell_at:
            self._fell_at = time.monotonic()
            say(f"The worker ended. It is started again in {self._pause:g} seconds.")
        elif time.monotonic() - self._fell_at > self._pause:
            self._fell_at = 0.0
            self._worker = self._start(self._worker_command)

    def _end(self, child: subprocess.Popen[bytes], how: signal.Signals) -> None:
        child.send_signal(how)  # does nothing to one that has ended
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def main(arguments: Sequence[str]) -> int:
    """The command line; returns the exit status."""
    if len(arguments) != 1:
        say("Usage: python -m portal.serving ADDRESS:PORT")
        return 2
    python = sys.executable
    gunicorn = (
        *(python, "-m", "gunicorn", "portal.wsgi", "--bind", arguments[0]),
        *("--workers", "2", "--threads", "4", "--graceful-timeout", f"{PATIENCE:g}"),
        *("--no-control-socket", "--log-level", "warning"),
    )
    worker = (python, "manage.py", "db_worker", "--verbosity", "0", "--no-startup-delay")
    return Pair(gunicorn, worker).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
