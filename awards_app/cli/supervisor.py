"""Keeps the processes of the demonstration together: starts them, restarts one that falls, stops all of them."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from awards_app.adapters.queue_server import dies_with_parent

RESTARTS = 5


@dataclass
class Child:
    """One process: its French name, its words, whether the whole stops when it falls."""

    name: str
    words: list[str]
    is_vital: bool = False
    is_stopped_elsewhere: bool = False
    restarts: int = 0
    process: subprocess.Popen[bytes] | None = None


@dataclass
class Supervisor:
    """The children, in the order in which they start; they stop in the other order."""

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    is_stopping: bool = False

    def listen(self) -> None:
        """Take Ctrl-C and SIGTERM as the wish to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def start(self, child: Child) -> None:
        """Start ``child`` in a group of its own, so that Ctrl-C reaches the supervisor alone."""
        child.process = subprocess.Popen(
            child.words,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=dies_with_parent(),
            env={**os.environ, "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES"},
        )
        if child not in self.children:
            self.children.append(child)

    def watch(self) -> int:
        """Return when asked to stop (0) or when a child cannot be kept up (1)."""
        while not self.is_stopping:
            for child in self.children:
                if (
                    child.process is not None
                    and child.process.poll() is not None
                    and not self._raise_again(child)
                ):
                    return 1
            time.sleep(0.2)
        return 0

    def _raise_again(self, child: Child) -> bool:
        if self.is_stopping:
            return True
        assert child.process is not None
        code = child.process.returncode
        child.restarts += 1
        if child.is_vital or child.restarts > RESTARTS:
            self.say(f"Arrêt : {child.name} s’est terminé (code {code}). Le message ci-dessus dit pourquoi.")
            return False
        self.say(f"{child.name} s’est terminé (code {code}) : relance {child.restarts} sur {RESTARTS}…")
        time.sleep(min(child.restarts, 3))
        self.start(child)
        return True

    def stop(self) -> None:
        """Ask every child to end, ask again, then end what is left: six seconds at most.

        The second request is what makes a worker of the queue end the job it had been finishing.
        """
        running = [
            child.process
            for child in reversed(self.children)
            if child.process and not child.is_stopped_elsewhere
        ]
        for number, patience in ((signal.SIGTERM, 3.5), (signal.SIGTERM, 2.0), (signal.SIGKILL, 0.5)):
            for process in running:
                _signal(process, number)
            end = time.monotonic() + patience
            while time.monotonic() < end and any(process.poll() is None for process in running):
                time.sleep(0.05)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if number == signal.SIGKILL:
            os.killpg(process.pid, number)
        elif process.poll() is None:
            process.send_signal(number)


def ourselves(*words: str) -> list[str]:
    """Return the words that call another command of this door, in this same Python."""
    return [sys.executable, "-m", "awards_app", *words]
