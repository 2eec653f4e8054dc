"""What an import says of itself: how many lines it read and took, and which it refused, where and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from awards_app.domain.words import N_


class TableRow(Protocol):
    """What is needed of a row; ``awards_app.adapters.tables.Row`` is one."""

    @property
    def line(self) -> int:
        """Where the row starts in the file."""

    @property
    def cells(self) -> tuple[str, ...]:
        """One text a header."""

    @property
    def surplus(self) -> tuple[str, ...]:
        """What stood beyond the last header."""


@dataclass(frozen=True)
class LineError:
    """Why a line is refused. ``column`` is the header as written in the file, blank when the whole line is meant.

    ``sentence`` is the French source of the catalogue, ``values`` fill its places.
    """

    line: int
    column: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The reason in French."""
        return self.sentence % self.values if self.values else self.sentence


def slipped(row: TableRow) -> LineError | None:
    """Return the error of a row longer than its headers, whose cells may stand under the wrong ones."""
    if not any(cell.strip() for cell in row.surplus):
        return None
    return LineError(
        row.line,
        "",
        N_(
            "La ligne compte %(cells)s cellules pour %(headers)s colonnes : un séparateur n’est pas entre guillemets."
        ),
        {"cells": len(row.cells) + len(row.surplus), "headers": len(row.cells)},
    )


@dataclass(frozen=True)
class Remark:
    """What a line that was taken lacks, or what of it could not be used; same places as ``LineError``."""

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.values if self.values else self.sentence


class ImportReport:
    """Counts that always add up: ``read`` is ``taken`` plus the number of distinct lines refused.

    ``taken`` includes the incomplete ones. A line refused late (the platform already holds it) is moved by
    ``refuse`` from taken to refused; a line with three errors is one line refused and three entries.
    """

    def __init__(self) -> None:
        self._taken: dict[int, bool] = {}
        self._refused: list[LineError] = []

    def take(self, line: int, *, incomplete: bool = False) -> None:
        """Count the line as taken. Taking it twice changes nothing."""
        self._taken[line] = incomplete

    def refuse(self, errors: Iterable[LineError]) -> None:
        """Count the lines of these errors as refused, whatever was said of them before."""
        for error in errors:
            self._taken.pop(error.line, None)
            self._refused.append(error)

    @property
    def refused(self) -> tuple[LineError, ...]:
        """The errors in the order of the file."""
        return tuple(sorted(self._refused, key=lambda error: error.line))

    @property
    def taken(self) -> int:
        """Lines taken, incomplete ones included."""
        return len(self._taken)

    @property
    def incomplete(self) -> int:
        """Lines taken whose file lacks something."""
        return sum(self._taken.values())

    @property
    def read(self) -> int:
        """Lines of the table that hold something, headers apart."""
        return len(self._taken) + len({error.line for error in self._refused})

    def as_json(self) -> dict[str, object]:
        """Return the report in the form promised to machines."""
        return {
            "read": self.read,
            "taken": self.taken,
            "incomplete": self.incomplete,
            "refused": [{"line": e.line, "column": e.column, "reason": e.reason} for e in self.refused],
        }
