"""Tables that a spreadsheet opens without running anything: one line of CSV at a time, cells that are never formulas."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

BOM = "\ufeff"
SEPARATOR = ";"
_NUMBER = re.compile(r"-?\d{1,15}([.,]\d{1,10})?")
# What a spreadsheet may take for the start of a formula, in the usual and in the full width.
_STARTS = "=+-@\uff1d\uff0b\uff0d\uff20"
_BLANK = " \u00a0\u202f\u2007\u200b\ufeff\"';{"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the lines of a CSV: `;`, every cell quoted, CRLF, the BOM before the first line."""
    yield BOM + csv_line(header)
    for row in rows:
        yield csv_line(row)


def csv_line(values: Iterable[object]) -> str:
    """Return one line of CSV, its cells made safe."""
    held = io.StringIO()
    csv.writer(held, delimiter=SEPARATOR, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(
        [safe_cell(value) for value in values]
    )
    return held.getvalue()


def safe_cell(value: object) -> str:
    """Return the text of a cell, with an apostrophe before what a spreadsheet would compute.

    A true number stays a number. Control characters that no spreadsheet reads are left out; line breaks stay.
    """
    if value is None:
        return ""
    text = _CONTROLS.sub("", str(value))
    if isinstance(value, int) or _NUMBER.fullmatch(text):
        return text
    bare = text.lstrip(_BLANK)
    if text[:1] in ("\t", "\r", "\n") or bare[:1] in tuple(_STARTS) or bare[:1] in ("\t", "\r", "\n"):
        return f"'{text}"
    return text
