"""Workers that are started, watched and killed, each by its number."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.cases.server import ROOT

SOLO, ALL, HORSE = "the worker alone", "the worker and all it started", "what it started"


def below(number: int) -> list[int]:
    """Return the processes that a process started, and those that they did. Source: proc(5), children."""
    found = []
    with suppress(OSError):
        for task in Path(f"/proc/{number}/task").iterdir():
            found += [int(word) for word in (task / "children").read_text(encoding="ascii").split()]
    return [one for child in found for one in (child, *below(child))]


def resident_mib(number: int) -> float:
    """Return the memory of a process, in MiB; 0 once it has ended."""
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path(f"/proc/{number}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return 0.0


@dataclass
class Workers:
    """Some workers on one queue, replaced as they are killed."""

    environment: dict[str, str]
    count: int
    log: Path
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    # The most that a worker, and what it started, held in each turn of the watch.
    worker_mib: list[float] = field(default_factory=list)
    started_mib: list[float] = field(default_factory=list)

    def keep_up(self) -> None:
        """Start those that are missing."""
        for one in [one for one in self.running if one.poll() is not None]:
            self.running.remove(one)
        while len(self.running) < self.count:
            with self.log.open("ab") as log:
                self.running.append(
                    subprocess.Popen(
                        [sys.executable, "-m", "awards_app", "worker"],
                        cwd=ROOT,
                        env=self.environment,
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                    )
                )

    def watch(self) -> None:
        """Note how much memory they hold now."""
        for one in self.running:
            self.worker_mib.append(resident_mib(one.pid))
            self.started_mib += [resident_mib(number) for number in below(one.pid)]

    def kill_one(self, random: Random) -> str:
        """End one with SIGKILL, with what it started, without, or only that; return which."""
        one = random.choice(self.running)
        started = below(one.pid)
        how = random.choice((SOLO, ALL, HORSE)) if started else SOLO
        numbers = {SOLO: [one.pid], ALL: [one.pid, *started], HORSE: started}[how]
        for number in numbers:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        if how != HORSE:
            one.wait()
        return how

    def stop(self) -> None:
        """End them all."""
        for one in self.running:
            for number in (*below(one.pid), one.pid):
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            one.wait()
        self.running.clear()
