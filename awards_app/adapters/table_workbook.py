"""Tables kept in an XLSX workbook: the first visible sheet that holds something, every value as text."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from awards_app.adapters.table_shape import (
    MAX_COLUMNS,
    MAX_LINES,
    Record,
    Table,
    TableIsUnreadable,
    shape_table,
    too_many_lines,
)
from awards_app.domain.words import N_

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 2_000
# A spreadsheet formatted down to its last row holds a million of them; only filled ones are counted as lines.
MAX_BLANK_RUN = 5_000
# « 000 000 000 00000 » is how a spreadsheet shows an identifier stored as a number.
PADDED_NUMBER = re.compile(r"^(?:0|[ \u00a0\u202f\\\"])+$")


def read_workbook_table(content: bytes) -> Table:
    """Read the first visible sheet that is not empty.

    Numbers come back with all their digits and the leading zeros their format shows, days as ``YYYY-MM-DD``,
    formulas as the value the spreadsheet last computed, true and false as « oui » and « non », errors as blanks.
    Raises ``TableIsUnreadable`` for a damaged workbook, or one that unpacks beyond reason.
    """
    _inspect(content)
    import openpyxl

    try:
        with warnings.catch_warnings():
            # openpyxl warns of features it drops (validations, extensions); none of them holds a value.
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            try:
                return shape_table(_first_records(workbook), kind="xlsx", rectangular=True)
            finally:
                workbook.close()
    except TableIsUnreadable:
        raise
    # A damaged workbook makes openpyxl raise almost anything (KeyError, ValueError, BadZipFile, ParseError…).
    except Exception as error:
        raise _damaged() from error


def _inspect(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            _refuse_other_kinds(archive, names)
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise TableIsUnreadable(
                    N_("Ce classeur est trop volumineux une fois décompressé : il n’est pas lu.")
                )
            if any(part.flag_bits & 1 for part in parts):
                raise is_locked()
            for part in parts:
                # A workbook declares no document type; one that does is after entity expansion.
                if (
                    part.filename.endswith((".xml", ".rels"))
                    and b"<!DOCTYPE" in archive.open(part).read(1024).upper()
                ):
                    raise _damaged()
    except TableIsUnreadable:
        raise
    # zipfile lets several kinds of error through on forged archives, NotImplementedError and zlib.error among them.
    except Exception as error:
        raise _damaged() from error


def _refuse_other_kinds(archive: zipfile.ZipFile, names: set[str]) -> None:
    if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(200):
        raise TableIsUnreadable(
            N_("Ce fichier est au format OpenDocument : enregistrez-le en XLSX ou en CSV.")
        )
    if "xl/workbook.bin" in names:
        raise TableIsUnreadable(N_("Ce fichier est au format XLSB : enregistrez-le en XLSX ou en CSV."))
    if "[Content_Types].xml" not in names:
        raise TableIsUnreadable(
            N_("Cette archive n’est pas un classeur : envoyez le fichier XLSX ou CSV lui-même.")
        )


def is_locked() -> TableIsUnreadable:
    """Return the refusal of a workbook that asks for a password."""
    return TableIsUnreadable(
        N_("Ce classeur est protégé par un mot de passe : enregistrez-le sans protection.")
    )


def _damaged() -> TableIsUnreadable:
    return TableIsUnreadable(
        N_("Ce classeur est abîmé ou incomplet : ouvrez-le dans un tableur et enregistrez-le à nouveau.")
    )


def _first_records(workbook: Any) -> list[Record]:
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            continue
        records = list(_records(sheet))
        if any(record.filled for record in records):
            return records
    return []


def _records(sheet: Any) -> Iterator[Record]:
    # The size a sheet declares may be wrong in either direction.
    sheet.reset_dimensions()
    filled = blank_run = 0
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        if len(cells) > MAX_COLUMNS and any(cell.value is not None for cell in cells[MAX_COLUMNS:]):
            raise TableIsUnreadable(
                N_("Ce tableau compte %(columns)s colonnes : %(limit)s au plus sont lues."),
                columns=len(cells),
                limit=MAX_COLUMNS,
            )
        record = Record(line, tuple(_text(cell) for cell in cells[:MAX_COLUMNS]))
        if record.filled:
            filled, blank_run = filled + 1, 0
        else:
            blank_run += 1
        if filled > MAX_LINES + 1:
            raise too_many_lines()
        if blank_run > MAX_BLANK_RUN:
            return
        yield record


def _text(cell: Any) -> str:
    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format or ""))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")


def _number(value: int | float, number_format: str) -> str:
    """Write a number as its owner typed it: no exponent, no trailing « .0 », the zeros its format shows."""
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return ""
    text = format(exact, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text.isdigit() and PADDED_NUMBER.match(number_format):
        return text.zfill(number_format.count("0"))
    return text
