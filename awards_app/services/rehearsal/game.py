"""The state of a rehearsal: what was asked, the people and juries, the steps done and the checks that held."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from awards_app.domain.preset import Preset
from awards_app.services.rehearsal.calendar import Calendar
from awards_app.services.rehearsal.company import Company
from awards_app.services.rehearsal.turn import Turn
from awards_app.services.rehearsal.volumes import Volumes


@dataclass(frozen=True, slots=True)
class Step:
    """One step with what it counted and how long it took."""

    name: str
    label: str
    counts: dict[str, int]
    seconds: float


@dataclass(slots=True)
class Rehearsal:
    """A rehearsal under way; ``checks`` are all true when it went as it should."""

    path: Path
    seed: str
    out: Path
    year: int
    preset: Preset
    region_code: str | None
    say: Callable[[Step], None]
    # The volumes of a past edition, with what goes wrong in a real year; None plays the table as it is.
    volumes: Volumes | None = None
    steps: list[Step] = field(default_factory=list)
    checks: dict[str, bool] = field(default_factory=dict)
    edition_id: int = 0
    staff: list[int] = field(default_factory=list)
    coordinators: dict[str, int] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)
    national: Turn | None = None
    company: Company = field(init=False)
    calendar: Calendar = field(init=False)

    def __post_init__(self) -> None:
        self.company = Company(self.seed)
        self.calendar = Calendar(self.year)

    def as_json(self) -> dict[str, Any]:
        """Return the account of the rehearsal in the form promised to machines."""
        return {
            "seed": self.seed,
            "input": str(self.path),
            "steps": [
                {"name": step.name, "counts": step.counts, "seconds": round(step.seconds, 3)}
                for step in self.steps
            ],
            "checks": self.checks,
            "out": str(self.out),
        }

    @contextmanager
    def step(self, name: str, label: str) -> Iterator[dict[str, int]]:
        """Time one step; what the block puts in the counts is said with it."""
        started = time.monotonic()
        counts: dict[str, int] = {}
        yield counts
        step = Step(name, label, counts, time.monotonic() - started)
        self.steps.append(step)
        self.say(step)
