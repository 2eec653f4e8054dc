"""What a table read from outside looks like once it is ours: headers, rows with their line number, oddities told."""

from collections.abc import Sequence
from dataclasses import dataclass

from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

HEADER_SEARCH = 10
MAX_COLUMNS = 500
MAX_LINES = 20_000


class TableIsUnreadable(Refusal):
    """The file as a whole cannot be read as a table; nothing was taken from it."""

    sentence = N_("Ce fichier ne peut pas être lu comme un tableau.")
    status = 422

    def __init__(self, sentence: str | None = None, **values: object) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(**values)


@dataclass(frozen=True)
class Row:
    """One line of the table. ``cells`` has exactly as many values as the table has headers.

    ``line`` is where the row starts in the file, counted from 1 (a spreadsheet's own row number).
    ``short_by`` counts cells the file left out at the end, filled here with blanks; ``surplus`` holds what
    stood beyond the last header, which usually means that a separator was not quoted.
    """

    line: int
    cells: tuple[str, ...]
    short_by: int = 0
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table as read: ``headers`` are unique and never blank, ``rows`` hold at least one non-blank cell.

    ``kind`` is ``"csv"`` or ``"xlsx"``; ``encoding`` and ``delimiter`` are blank for a spreadsheet.
    ``header_line`` is the line of the headers, ``blank_lines`` counts the lines skipped because empty.
    """

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str
    delimiter: str
    kind: str
    header_line: int = 1
    blank_lines: int = 0


@dataclass(frozen=True)
class Record:
    """A line before the headers are known."""

    line: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> int:
        """How many cells are not blank."""
        return sum(1 for cell in self.cells if cell.strip())


def shape_table(
    records: Sequence[Record],
    *,
    kind: str,
    encoding: str = "",
    delimiter: str = "",
    rectangular: bool = False,
) -> Table:
    """Find the headers among ``records`` and give every row their width.

    ``rectangular`` says that a cell cannot have slipped sideways (a spreadsheet): what stands right of the
    last header is then a column without a name, not a surplus. Raises ``TableIsUnreadable`` when there is
    no header, or more lines or columns than an import is meant for.
    """
    filled = [record for record in records if record.filled]
    if not filled:
        raise TableIsUnreadable(N_("Ce fichier ne contient aucune ligne."))
    start = _header_position(filled)
    header, body = filled[start], filled[start + 1 :]
    width = _width(header, body, rectangular)
    if width > MAX_COLUMNS:
        raise TableIsUnreadable(
            N_("Ce tableau compte %(columns)s colonnes : %(limit)s au plus sont lues."),
            columns=width,
            limit=MAX_COLUMNS,
        )
    if len(body) > MAX_LINES:
        raise too_many_lines()
    return Table(
        headers=_unique_headers(header.cells, width),
        rows=tuple(_row(record, width) for record in body),
        encoding=encoding,
        delimiter=delimiter,
        kind=kind,
        header_line=header.line,
        blank_lines=len(records) - len(filled),
    )


def too_many_lines() -> TableIsUnreadable:
    """Return the refusal of a table longer than any chamber's."""
    return TableIsUnreadable(
        N_("Ce tableau compte plus de %(limit)s lignes, le plus qui soit lu à la fois."), limit=MAX_LINES
    )


def _header_position(filled: Sequence[Record]) -> int:
    """Skip the title lines that stand above the headers: one lonely cell, with wider lines below."""
    for position, record in enumerate(filled[:HEADER_SEARCH]):
        if record.filled > 1:
            return position if record.filled > 2 else 0
    return 0


def _width(header: Record, body: Sequence[Record], rectangular: bool) -> int:
    """Count the columns to keep: those under a header, and the nameless ones that hold something."""
    candidates = [_last_filled(header.cells)]
    for record in body:
        last = _last_filled(record.cells)
        if rectangular or last <= len(header.cells):
            candidates.append(last)
    return max(candidates)


def _last_filled(cells: Sequence[str]) -> int:
    for position in range(len(cells), 0, -1):
        if cells[position - 1].strip():
            return position
    return 0


def _unique_headers(cells: Sequence[str], width: int) -> tuple[str, ...]:
    names: list[str] = []
    taken: set[str] = set()
    for position in range(width):
        wanted = " ".join(cells[position].split()) if position < len(cells) else ""
        base = wanted or f"Colonne {position + 1}"
        name, turn = base, 1
        while name in taken:
            turn += 1
            name = f"{base} ({turn})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def _row(record: Record, width: int) -> Row:
    cells = record.cells[:width]
    short_by = width - len(cells)
    surplus = record.cells[width : _last_filled(record.cells)]
    return Row(record.line, cells + ("",) * short_by, short_by, surplus)
