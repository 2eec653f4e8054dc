"""The chamber's queue: the stage of a file, the filters of the list, its order and its pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from awards_app.domain.text import sort_key

PAGE = 25


class Stage(StrEnum):
    """Where a filed candidacy is on the chamber's desk."""

    WAITING = "waiting"
    ASKED = "asked"
    LAPSED = "lapsed"
    ANSWERED = "answered"
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    WITHDRAWN = "withdrawn"


# What waits for the chamber, rather than for the structure.
TO_EXAMINE = frozenset({Stage.WAITING, Stage.LAPSED, Stage.ANSWERED})
ORDERS = ("structure", "-structure", "filed", "-filed", "title", "-title")


@dataclass(frozen=True, slots=True)
class Trace:
    """What was decided and asked of a file: the verdict that stands, the open request's instant, the last answer."""

    is_withdrawn: bool = False
    verdict: str | None = None
    decided_at: datetime | None = None
    open_until: datetime | None = None
    answered_at: datetime | None = None


def stage_of(trace: Trace, now: datetime) -> Stage:
    """Return the stage of a file: a request that runs counts before a decision, an answer until the next decision."""
    if trace.is_withdrawn:
        return Stage.WITHDRAWN
    if trace.open_until is not None and now < trace.open_until:
        return Stage.ASKED
    if trace.open_until is not None and _newer(trace.open_until, trace.decided_at):
        return Stage.LAPSED
    if trace.answered_at is not None and _newer(trace.answered_at, trace.decided_at):
        return Stage.ANSWERED
    return Stage(trace.verdict) if trace.verdict else Stage.WAITING


def _newer(at: datetime, decided_at: datetime | None) -> bool:
    return decided_at is None or at > decided_at


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A filed candidacy in the list."""

    key: str
    title: str
    structure_name: str
    city: str
    department: str
    identifier: str
    theme_code: str | None
    theme_name: str | None
    stage: Stage
    filed_at: datetime
    answered_at: datetime | None = None
    open_until: datetime | None = None
    has_files: bool = True
    looks_alike: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list as its address holds them; empty means all."""

    stage: str = ""
    theme: str = ""
    department: str = ""
    without_files: bool = False
    looks_alike: bool = False
    search: str = ""
    order: str = "structure"


@dataclass(frozen=True, slots=True)
class Selection:
    """The lines kept, in order, and how many there are of each stage before the stage was chosen."""

    lines: tuple[QueueLine, ...]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return how many there are of all stages."""
        return sum(self.counts.values())

    def neighbours(self, key: str) -> tuple[str | None, str | None, int]:
        """Return the files before and after ``key`` and its place from 1; (None, None, 0) when it is not there."""
        keys = [line.key for line in self.lines]
        if key not in keys:
            return None, None, 0
        at = keys.index(key)
        before = keys[at - 1] if at else None
        after = keys[at + 1] if at + 1 < len(keys) else None
        return before, after, at + 1


def select_lines(lines: Iterable[QueueLine], wanted: Wanted) -> Selection:
    """Return what the filters keep. The search is literal: each word typed is somewhere in the line, folded."""
    words = sort_key(wanted.search).split()
    kept = [line for line in lines if _fits(line, wanted) and _says(line, words)]
    counts = {stage.value: 0 for stage in Stage}
    for line in kept:
        counts[line.stage.value] += 1
    chosen = [line for line in kept if wanted.stage in ("", line.stage.value)]
    return Selection(tuple(_in_order(chosen, wanted.order)), counts)


def _fits(line: QueueLine, wanted: Wanted) -> bool:
    return (
        wanted.theme in ("", line.theme_code)
        and wanted.department in ("", line.department)
        and not (wanted.without_files and line.has_files)
        and not (wanted.looks_alike and not line.looks_alike)
    )


def _says(line: QueueLine, words: Sequence[str]) -> bool:
    if not words:
        return True
    text = sort_key(f"{line.structure_name} {line.title} {line.identifier}")
    figures = "".join(words)
    return all(word in text for word in words) or (figures.isdigit() and figures in line.identifier)


def _in_order(lines: list[QueueLine], order: str) -> list[QueueLine]:
    name = order.removeprefix("-")
    found = sorted(lines, key=lambda line: (sort_key(line.structure_name), line.key))
    if name == "filed":
        found.sort(key=lambda line: line.filed_at)
    elif name == "title":
        found.sort(key=lambda line: sort_key(line.title))
    return found[::-1] if order.startswith("-") else found


def page_of(count: int, page: int) -> tuple[int, int]:
    """Return the page that exists nearest to the one asked, and how many there are."""
    pages = max(1, -(-count // PAGE))
    return min(max(1, page), pages), pages
