"""A table of indicators: columns given by the question, rows by the candidate, kept as canonical JSON text.

A row is a mapping of column codes to what was typed; blank cells and blank rows are not kept.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from awards_app.domain.numbers_fr import parse_amount, show_amount
from awards_app.domain.refusals import Refusal
from awards_app.domain.said import Said
from awards_app.domain.snapshot import canonical_bytes
from awards_app.domain.text import clean_line, count_signs
from awards_app.domain.typed_numbers import filed_integer, filed_number, shown_number
from awards_app.domain.words import N_

LONGEST_CELL = 300
MOST_ROWS = 50
DEFAULT_ROWS = 10
CELL_MISSING = N_("Ligne %(row)s, « %(column)s » : cette case est attendue.")
CELL_TOO_LONG = N_("Ligne %(row)s, « %(column)s » : %(limit)s signes au plus.")
CELL_WRONG = N_("Ligne %(row)s, « %(column)s » : %(problem)s")
TOO_MANY_ROWS = N_("Ce tableau a trop de lignes : %(limit)s au plus.")


class TableIsUnreadable(Refusal):
    """What was sent is no table."""

    sentence = N_("Ce tableau n’a pas pu être lu. Rechargez la page, puis saisissez-le de nouveau.")
    status = 422


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``kind`` is text, integer, number or money."""

    code: str
    label: str
    kind: str = "text"
    unit: str = ""
    required: bool = False

    @property
    def heading(self) -> str:
        """Return the label with the unit."""
        unit = "€" if self.kind == "money" else self.unit
        return f"{self.label} ({unit})" if unit else self.label


Row = Mapping[str, str]


def columns_of(settings: Mapping[str, Any]) -> tuple[Column, ...]:
    """Return the columns of a question's settings."""
    return tuple(
        Column(
            column["code"],
            column["label"],
            column.get("kind", "text"),
            column.get("unit", ""),
            bool(column.get("required")),
        )
        for column in settings.get("columns", ())
    )


def most_rows(settings: Mapping[str, Any]) -> int:
    """Return how many rows a question takes."""
    return min(int(settings.get("max_rows") or DEFAULT_ROWS), MOST_ROWS)


def kept_table(typed: str) -> str:
    """Return what a draft keeps of a table sent as JSON; empty when every cell is. Raises `TableIsUnreadable`."""
    try:
        found: Any = json.loads(typed) if typed.strip() else []
    except (ValueError, RecursionError):
        raise TableIsUnreadable from None
    if not isinstance(found, list) or len(found) > 2 * MOST_ROWS:
        raise TableIsUnreadable
    rows = []
    for row in found:
        if not isinstance(row, dict) or not all(isinstance(cell, str) for cell in row.values()):
            raise TableIsUnreadable
        kept = {str(code): clean_line(cell) for code, cell in row.items()}
        kept = {code: cell for code, cell in kept.items() if cell}
        if kept:
            rows.append(kept)
    return canonical_bytes(rows).decode() if rows else ""


def rows_of(value: str) -> list[dict[str, str]]:
    """Return the rows of a kept table; a text that is no table has none."""
    try:
        found: Any = json.loads(value) if value else []
    except ValueError:
        return []
    if not isinstance(found, list):
        return []
    return [{str(k): str(v) for k, v in row.items()} for row in found if isinstance(row, dict)]


def filed_table(value: str, settings: Mapping[str, Any]) -> str:
    """Return a kept table as a submission keeps it, each cell in its normal form.

    Raises ValueError with the sentence that says which line and column is wrong.
    """
    columns, rows = columns_of(settings), rows_of(value)
    if value.strip() and not rows:
        raise ValueError(TableIsUnreadable.sentence)
    if len(rows) > most_rows(settings):
        raise ValueError(Said(TOO_MANY_ROWS, limit=most_rows(settings)))
    filed = []
    for number, row in enumerate(rows, start=1):
        cells = {column.code: _filed_cell(number, column, row.get(column.code, "")) for column in columns}
        filed.append({code: cell for code, cell in cells.items() if cell})
    return canonical_bytes(filed).decode()


def _filed_cell(number: int, column: Column, text: str) -> str:
    if not text:
        if column.required:
            raise ValueError(Said(CELL_MISSING, row=number, column=column.label))
        return ""
    if count_signs(text) > LONGEST_CELL:
        raise ValueError(Said(CELL_TOO_LONG, row=number, column=column.label, limit=LONGEST_CELL))
    try:
        match column.kind:
            case "integer":
                return filed_integer(text, {})
            case "number":
                return filed_number(text, {"decimals": 3})
            case "money":
                return f"{parse_amount(text):.2f}"
            case _:
                return text
    except Refusal as refusal:
        raise ValueError(Said(CELL_WRONG, row=number, column=column.label, problem=str(refusal))) from None


def shown_cells(value: str, settings: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Return a filed table as people read it: the headings, then the rows."""
    columns = columns_of(settings)
    rows = (
        tuple(_shown_cell(column, row.get(column.code, "")) for column in columns) for row in rows_of(value)
    )
    return (tuple(column.heading for column in columns), *rows)


def _shown_cell(column: Column, cell: str) -> str:
    try:
        match column.kind:
            case _ if not cell:
                return ""
            case "integer" | "number":
                return shown_number(cell)
            case "money":
                return show_amount(Decimal(cell))
            case _:
                return cell
    except ArithmeticError:
        return cell


def shown_table(value: str, settings: Mapping[str, Any]) -> str:
    """Return a filed table as lines of text, for exports and plain papers."""
    headings, *rows = shown_cells(value, settings)
    return "\n".join(_line(headings, row) for row in rows)


def _line(headings: Sequence[str], row: Sequence[str]) -> str:
    return " ; ".join(f"{heading}\u00a0: {cell}" for heading, cell in zip(headings, row, strict=True) if cell)
