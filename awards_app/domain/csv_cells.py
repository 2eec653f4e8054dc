"""Tables that a spreadsheet opens without running anything: one line of CSV at a time, cells that are never formulas."""

import re
from collections.abc import Hashable, Iterable, Iterator
from functools import lru_cache

BOM = "\ufeff"
SEPARATOR = ";"
# Digits with a zero before them, or many of them, are an identifier: a text.
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,10})([.,]\d{1,10})?")
# What a spreadsheet may take for the start of a formula, in the usual and in the full width.
_STARTS = "=+-@\uff1d\uff0b\uff0d\uff20"
_BLANK = " \u00a0\u202f\u2007\u200b\ufeff\"';{"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[Hashable]]) -> Iterator[str]:
    """Yield the lines of a CSV: `;`, texts quoted and true numbers not, CRLF, the BOM before the first line."""
    yield BOM + csv_line(header)
    for row in rows:
        yield csv_line(row)


def csv_line(values: Iterable[Hashable]) -> str:
    """Return one line of CSV, its cells made safe."""
    return SEPARATOR.join(_written(value) for value in values) + "\r\n"


# A table says the same names, themes and codes line after line; a number and a text that are equal are not alike.
@lru_cache(maxsize=1024, typed=True)
def _written(value: Hashable) -> str:
    text = safe_cell(value)
    return text if _NUMBER.fullmatch(text) else '"' + text.replace('"', '""') + '"'


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
