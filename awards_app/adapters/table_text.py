"""Tables kept as text: which encoding, which delimiter, which line each row starts on."""

import csv
import re
from collections import Counter
from collections.abc import Iterator

from awards_app.adapters.table_shape import (
    HEADER_SEARCH,
    MAX_LINES,
    Record,
    Table,
    TableIsUnreadable,
    shape_table,
    too_many_lines,
)
from awards_app.domain.words import N_

DELIMITERS = (";", ",", "\t", "|")
SAMPLE_LINES = 400

# The order matters: the mark of UTF-32 little-endian begins with that of UTF-16.
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# One byte a character: any of them decodes almost anything, so they are judged by the French they yield.
# On a draw the first wins: Windows-1252, then the Mac's and the old DOS page.
ONE_BYTE_ENCODINGS = ("cp1252", "mac_roman", "cp850")
FRENCH_MARKS = frozenset("éèêëàâçôîïûùüöœæÉÈÊËÀÂÇÔÎÏÛÙÜŒÆ’«»…–—€°²\u00a0")
# « é » written in UTF-8 and read as Windows-1252; no French text holds these pairs.
UTF8_TRACE = re.compile(rb"\xc3[\x80-\xbf]|\xe2\x80[\x90-\xbf]")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
SEPARATOR_LINE = re.compile(r"\Asep=(.)\n", re.IGNORECASE)
# Answers of several lines are many; beyond this, the file is not a table that somebody typed.
MAX_TEXT_LINES = 50 * MAX_LINES


def read_text_table(content: bytes) -> Table:
    """Read delimited text. Raises ``TableIsUnreadable`` when it is not text or a quotation mark never closes."""
    text, encoding = decode(content)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first_line = 1
    if text.count("\n") > MAX_TEXT_LINES:
        raise too_many_lines()
    announced = SEPARATOR_LINE.match(text)
    if announced:
        delimiter, text, first_line = announced[1], text[announced.end() :], 2
    else:
        delimiter = find_delimiter(text)
    records = list(_records(text, delimiter, first_line))
    return shape_table(records, kind="csv", encoding=encoding, delimiter=delimiter)


def decode(content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    A byte order mark decides; else strict UTF-8; else the one-byte encoding that yields most French marks.
    Raises ``TableIsUnreadable`` for binary content and for a file that mixes two encodings.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return _checked(content.decode(encoding)), encoding
            except UnicodeDecodeError:
                raise TableIsUnreadable(
                    N_("Ce fichier est abîmé : son encodage annoncé n’est pas le sien.")
                ) from None
    try:
        return _checked(content.decode("utf-8")), "utf-8"
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    if UTF8_TRACE.search(content):
        raise TableIsUnreadable(
            N_(
                "Ce fichier mélange deux encodages (ligne %(line)s) : ouvrez-le dans un tableur "
                "et enregistrez-le en « CSV UTF-8 »."
            ),
            line=line,
        )
    readings = [(_french(content, encoding), encoding) for encoding in ONE_BYTE_ENCODINGS]
    best = max(score for score, _ in readings)
    chosen = next(encoding for score, encoding in readings if score == best)
    if best < 0:
        raise TableIsUnreadable(
            N_("Ce fichier n’est pas du texte : enregistrez le tableau en CSV ou en XLSX.")
        )
    return _checked(content.decode(chosen)), chosen


def _french(content: bytes, encoding: str) -> int:
    """Score a reading; -1 when the bytes cannot be that encoding."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return -1
    return sum(1 for character in text if character in FRENCH_MARKS)


def _checked(text: str) -> str:
    controls = len(CONTROLS.findall(text))
    if "\0" in text or controls * 100 > len(text):
        raise TableIsUnreadable(
            N_("Ce fichier n’est pas du texte : enregistrez le tableau en CSV ou en XLSX.")
        )
    return text.lstrip("\ufeff")


def find_delimiter(text: str) -> str:
    """Return the delimiter under which most lines have the same number of cells as the first; a comma if none does."""
    sample = [line + "\n" for line in text.split("\n", SAMPLE_LINES)[:SAMPLE_LINES]]
    best, chosen = 0.0, ","
    for delimiter in DELIMITERS:
        try:
            widths = [len(cells) for cells in csv.reader(sample, delimiter=delimiter) if cells]
        except csv.Error:
            continue
        if not widths or widths[0] < 2:
            continue
        width, lines = Counter(widths).most_common(1)[0]
        score = width * lines / len(widths)
        if width > 1 and score > best:
            best, chosen = score, delimiter
    return chosen


def _records(text: str, delimiter: str, first_line: int) -> Iterator[Record]:
    lines = [line + "\n" for line in text.split("\n")]
    if lines[-1] == "\n":
        lines.pop()
    reader = csv.reader(lines, delimiter=delimiter)
    start = filled = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise (
                _never_closed(start + first_line) if '"' in lines[start] else _too_long(start + first_line)
            ) from None
        if reader.line_num == len(lines) and _is_open(lines[start:], delimiter):
            raise _never_closed(start + first_line)
        filled += any(cell.strip() for cell in cells)
        if filled > MAX_LINES + HEADER_SEARCH:
            raise too_many_lines()
        yield Record(start + first_line, tuple(cell.replace("\v", "\n") for cell in cells))
        start = reader.line_num


def _is_open(lines: list[str], delimiter: str) -> bool:
    """Tell whether the last record runs into the end of the file inside quotation marks."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for _ in reader:
            pass
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _never_closed(line: int) -> TableIsUnreadable:
    return TableIsUnreadable(
        N_(
            'La ligne %(line)s ouvre un guillemet (") qui n’est jamais refermé : corrigez-la, puis recommencez.'
        ),
        line=line,
    )


def _too_long(line: int) -> TableIsUnreadable:
    return TableIsUnreadable(
        N_("La ligne %(line)s porte une cellule trop longue pour être une réponse."), line=line
    )
