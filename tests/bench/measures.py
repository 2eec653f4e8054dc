"""One line of the table, measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Spread:
    """A measure taken several times."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """Return the one in the middle."""
        return median(self.values)

    @property
    def low(self) -> float:
        """Return the least."""
        return min(self.values)

    @property
    def high(self) -> float:
        """Return the most."""
        return max(self.values)


@dataclass(frozen=True)
class Measure:
    """A job measured on one database. ``cpu`` and ``floor`` are milliseconds a request (MiB for the memory).

    ``problem`` says why there is no measure: the page is not there yet, or did not answer as it should.
    """

    code: str
    label: str
    files: int
    database: str
    goal_ratio: float
    cpu: Spread | None = None
    floor: Spread | None = None
    queries: int = 0
    bytes: int = 0
    problem: str = ""

    @property
    def ratio(self) -> float | None:
        """Return what the platform costs over what the floor costs."""
        if self.cpu is None or self.floor is None or not self.floor.median:
            return None
        return self.cpu.median / self.floor.median

    @property
    def is_met(self) -> bool:
        """Say whether the ratio is within its goal."""
        return self.ratio is not None and round(self.ratio, 2) <= round(self.goal_ratio, 2)


def as_json(measures: Sequence[Measure]) -> list[dict[str, object]]:
    """Return the measures that were taken as plain values, in the shape that docs/speed.md gives."""
    return [
        {
            "job": one.label,
            "files": one.files,
            "database": one.database,
            "cpu_ms": round(one.cpu.median, 2),
            "floor_cpu_ms": round(one.floor.median, 2),
            "ratio": round(one.ratio, 2),
            "queries": one.queries,
            "bytes": one.bytes,
            "goal_ratio": round(one.goal_ratio, 2),
            "met": one.is_met,
        }
        for one in measures
        if one.cpu is not None and one.floor is not None and one.ratio is not None
    ]
