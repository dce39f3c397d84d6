"""Do the web server and the worker start together, end together, and leave nobody behind?

Both are stand-ins here: what is tested is who looks after them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.processes import is_alive, is_gone
from portal.serving import main

ROOT = Path(__file__).resolve().parents[2]

#: Writes down its number and the signal that ends it, and takes a moment over ending.
STAND_IN = """
import os, signal, sys, time
folder, name = sys.argv[1:]
def end(number, frame):
    with open(f"{folder}/{name}.ended", "a") as file:
        file.write(signal.Signals(number).name + " ")
    time.sleep(0.3)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, end)
with open(f"{folder}/{name}.new", "w") as file:
    file.write(str(os.getpid()))
os.rename(f"{folder}/{name}.new", f"{folder}/{name}")
while True:
    time.sleep(0.05)
"""

PAIR = """
import sys
from portal.serving import Pair
code, folder = sys.argv[1:]
pair = Pair(*([sys.executable, "-c", code, folder, name] for name in ("server", "worker")), 0.2)
sys.exit(pair.run())
"""


class Running:
    """A pair of stand-ins, and the process that looks after them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keeper = subprocess.Popen(
            [sys.executable, "-c", PAIR, STAND_IN, str(folder)], cwd=ROOT, stderr=subprocess.DEVNULL
        )
        self.server, self.worker = self.number("server"), self.number("worker")

    def number(self, name: str) -> int:
        """The number of the stand-in's process, once it is ready."""
        wait_until((self.folder / name).exists)
        return int((self.folder / name).read_text())

    def ended(self, name: str) -> str:
        """The signals that the stand-in heard."""
        file = self.folder / f"{name}.ended"
        return file.read_text().strip() if file.exists() else ""


def wait_until(holds: Callable[[], bool]) -> None:
    """Returns as soon as it holds; fails when that takes too long."""
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A pair that runs; whatever is left of it afterwards is ended by its number."""
    pair = Running(tmp_path)
    yield pair
    for number in (pair.keeper.pid, pair.server, pair.worker, pair.number("worker")):
        if is_alive(number):
            os.kill(number, signal.SIGKILL)
    pair.keeper.wait()


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        (signal.SIGINT, "SIGINT"),
        (signal.SIGTERM, "SIGTERM"),
        (signal.SIGHUP, "SIGTERM"),
    ],
)
def test_a_signal_ends_both_and_each_hears_it_once(
    running: Running, sent: signal.Signals, heard: str
) -> None:
    running.keeper.send_signal(sent)

    assert running.keeper.wait(20) == 0
    assert not is_alive(running.server)
    assert not is_alive(running.worker)
    assert running.ended("server") == heard
    assert running.ended("worker") == "SIGTERM"


def test_when_the_server_ends_so_does_the_worker(running: Running) -> None:
    os.kill(running.server, signal.SIGKILL)

    assert running.keeper.wait(20) == -signal.SIGKILL % 256
    assert running.ended("worker") == "SIGTERM"
    assert not is_alive(running.worker)


def test_a_worker_that_falls_is_replaced_and_the_server_goes_on(running: Running) -> None:
    os.kill(running.worker, signal.SIGKILL)
    wait_until(lambda: running.number("worker") != running.worker)

    assert is_alive(running.server)
    running.keeper.terminate()
    assert running.keeper.wait(20) == 0
    assert not is_alive(running.number("worker"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel of Linux does this")
def test_nobody_is_left_behind_when_the_keeper_is_killed(running: Running) -> None:
    running.keeper.kill()

    assert is_gone(running.server, 20)
    assert is_gone(running.worker, 20)


def test_without_an_address_it_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "ADDRESS:PORT" in capsys.readouterr().err
