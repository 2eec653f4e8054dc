"""Reads the files of past editions and honours. What they do not say stays unsaid; what they say wrongly is refused."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from awards_app.domain.import_report import ImportReport, LineError, TableRow, slipped
from awards_app.domain.refusals import Refusal
from awards_app.domain.territory_lookup import plain_words
from awards_app.domain.text import clean_line, clean_text
from awards_app.domain.words import N_

LEVELS = ("regional", "national")
DISTINCTIONS = ("laureate", "nominee", "selected", "favourite", "public_vote")
LEGAL_FAMILIES = ("association", "cooperative", "mutual", "foundation", "endowment_fund", "commercial")
FIRST_YEAR, LAST_YEAR = 2000, 2100
MAX_NUMBER = 10_000_000

HONOURS_HEADERS = (
    "edition_year", "level", "distinction", "theme", "region_code", "organisation", "legal_family", "city", "department",
    "project_title", "summary", "amount_eur", "source_url",
)  # fmt: skip
EDITIONS_HEADERS = (
    "edition_year", "number", "call_opens", "call_closes", "ceremony_date", "ceremony_place", "candidacies",
    "national_entries", "themes", "national_amount_eur", "regional_amount_eur", "note", "source_url",
)  # fmt: skip
HONOURS_NEEDS = frozenset({"edition_year", "level", "distinction", "organisation"})
EDITIONS_NEEDS = frozenset({"edition_year", "themes"})

Line = TypeVar("Line")


class HonoursFileIsUnknown(Refusal):
    """The headers are those of neither file."""

    sentence = N_(
        "Ce fichier n’est ni un palmarès (colonnes %(honours)s…) ni une liste d’éditions (colonnes %(editions)s…)."
    )
    status = 422

    def __init__(self) -> None:
        super().__init__(honours=", ".join(sorted(HONOURS_NEEDS)), editions=", ".join(sorted(EDITIONS_NEEDS)))


@dataclass(frozen=True)
class HonourLine:
    """One distinction of a past edition. ``None`` means not found; ``amount_eur`` is in whole euros."""

    line: int
    edition_year: int
    level: str
    distinction: str
    structure_name: str
    theme: str | None = None
    region_code: str | None = None
    legal_family: str | None = None
    city: str | None = None
    department: str | None = None
    project_title: str | None = None
    summary: str | None = None
    amount_eur: int | None = None
    source_url: str | None = None


@dataclass(frozen=True)
class EditionLine:
    """One past edition. ``None`` means not found; amounts are in whole euros, ``source_urls`` in file order."""

    line: int
    edition_year: int
    number: int | None = None
    call_opens: date | None = None
    call_closes: date | None = None
    ceremony_date: date | None = None
    ceremony_place: str | None = None
    candidacies: int | None = None
    national_entries: int | None = None
    themes: tuple[str, ...] = ()
    national_amount_eur: int | None = None
    regional_amount_eur: int | None = None
    note: str | None = None
    source_urls: tuple[str, ...] = ()


def recognise_headers(headers: Iterable[str]) -> str:
    """Return ``"honours"`` or ``"editions"``. Raises ``HonoursFileIsUnknown``."""
    present = set(headers)
    if present >= HONOURS_NEEDS:
        return "honours"
    if present >= EDITIONS_NEEDS:
        return "editions"
    raise HonoursFileIsUnknown()


def honour_key(line: HonourLine) -> tuple[str, ...]:
    """Return what identifies a distinction, so that importing it again changes nothing.

    The same structure may be kept by its region and named by the nation the same year, or hold two titles of
    one region: year, level, distinction, theme, region and structure together tell them apart.
    """
    return (
        str(line.edition_year),
        line.level,
        line.distinction,
        plain_words(line.theme or ""),
        line.region_code or "",
        plain_words(line.structure_name),
    )


def edition_key(line: EditionLine) -> int:
    """Return what identifies an edition: its year."""
    return line.edition_year


def read_honours(
    headers: tuple[str, ...], rows: Iterable[TableRow], regions: Mapping[str, str]
) -> tuple[tuple[HonourLine, ...], ImportReport]:
    """Read the rows of a palmarès; ``regions`` gives names by code.

    A distinction written twice in the file is refused the second time.
    """
    return _read_all(headers, rows, lambda cells: _honour(cells, regions), honour_key, "organisation")


def read_editions(
    headers: tuple[str, ...], rows: Iterable[TableRow]
) -> tuple[tuple[EditionLine, ...], ImportReport]:
    """Read the rows of a list of editions; a year written twice is refused."""
    return _read_all(headers, rows, _edition, edition_key, "edition_year")


class _Cells:
    """The cells of one line, read one by one while errors gather."""

    def __init__(self, line: int, cells: Mapping[str, str]) -> None:
        self.line = line
        self._cells = cells
        self.errors: list[LineError] = []

    def refuse(self, column: str, sentence: str, **values: object) -> None:
        error = LineError(self.line, column, sentence, values)
        if error not in self.errors:
            self.errors.append(error)

    def raw(self, column: str) -> str:
        try:
            return clean_line(self._cells.get(column, ""))
        except Refusal as refused:
            self.refuse(column, refused.sentence, **refused.values)
            return ""

    def text(self, column: str) -> str | None:
        return self.raw(column) or None

    def long_text(self, column: str) -> str | None:
        if not self.raw(column):
            return None
        return clean_text(self._cells[column]).strip()

    def choice(self, column: str, choices: Iterable[str]) -> str:
        value, known = self.raw(column), tuple(choices)
        if value not in known:
            self.refuse(
                column,
                N_("« %(value)s » n’est pas l’une des valeurs connues : %(known)s."),
                value=value,
                known=", ".join(known),
            )
        return value

    def whole(self, column: str) -> int | None:
        value = self.raw(column)
        if not value:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) > MAX_NUMBER:
            self.refuse(column, N_("« %(value)s » n’est pas un nombre entier."), value=value)
            return None
        return int(value)

    def year(self) -> int:
        value = self.raw("edition_year")
        if not re.fullmatch(r"[0-9]{4}", value) or not FIRST_YEAR <= int(value) <= LAST_YEAR:
            self.refuse(
                "edition_year",
                N_("« %(value)s » n’est pas une année entre %(first)s et %(last)s."),
                value=value,
                first=FIRST_YEAR,
                last=LAST_YEAR,
            )
            return 0
        return int(value)

    def day(self, column: str) -> date | None:
        value = self.raw(column)
        if not value:
            return None
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                raise ValueError(value)
            return date.fromisoformat(value)
        except ValueError:
            self.refuse(column, N_("« %(value)s » n’est pas une date de la forme AAAA-MM-JJ."), value=value)
            return None

    def addresses(self, column: str) -> tuple[str, ...]:
        found = tuple(self.raw(column).split())
        for address in found:
            if not re.fullmatch(r"https?://[^\s<>\"]+", address):
                self.refuse(column, N_("« %(value)s » n’est pas une adresse internet."), value=address)
        return found


def _honour(cells: _Cells, regions: Mapping[str, str]) -> HonourLine:
    name = cells.raw("organisation")
    year = cells.year()
    level, distinction = cells.choice("level", LEVELS), cells.choice("distinction", DISTINCTIONS)
    if not name:
        cells.refuse("organisation", N_("Le nom de la structure manque."))
    region = cells.raw("region_code").zfill(2) if cells.raw("region_code") else None
    if region is not None and region not in regions:
        cells.refuse("region_code", N_("La région « %(text)s » est inconnue."), text=region)
    family = cells.raw("legal_family")
    if family not in ("", "unknown"):
        cells.choice("legal_family", LEGAL_FAMILIES)
    sources = cells.addresses("source_url")
    return HonourLine(
        line=cells.line,
        edition_year=year,
        level=level,
        distinction=distinction,
        structure_name=name,
        theme=cells.text("theme"),
        region_code=region,
        legal_family=family if family in LEGAL_FAMILIES else None,
        city=cells.text("city"),
        department=cells.text("department"),
        project_title=cells.text("project_title"),
        summary=cells.long_text("summary"),
        amount_eur=cells.whole("amount_eur"),
        source_url=" ".join(sources) or None,
    )


def _edition(cells: _Cells) -> EditionLine:
    return EditionLine(
        line=cells.line,
        edition_year=cells.year(),
        number=cells.whole("number"),
        call_opens=cells.day("call_opens"),
        call_closes=cells.day("call_closes"),
        ceremony_date=cells.day("ceremony_date"),
        ceremony_place=cells.text("ceremony_place"),
        candidacies=cells.whole("candidacies"),
        national_entries=cells.whole("national_entries"),
        themes=tuple(name.strip() for name in cells.raw("themes").split(";") if name.strip()),
        national_amount_eur=cells.whole("national_amount_eur"),
        regional_amount_eur=cells.whole("regional_amount_eur"),
        note=cells.long_text("note"),
        source_urls=cells.addresses("source_url"),
    )


def _read_all(
    headers: tuple[str, ...],
    rows: Iterable[TableRow],
    read: Callable[[_Cells], Line],
    key_of: Callable[[Line], object],
    key_column: str,
) -> tuple[tuple[Line, ...], ImportReport]:
    report, taken, seen = ImportReport(), [], dict[object, int]()
    for row in rows:
        too_long = slipped(row)
        if too_long:
            report.refuse([too_long])
            continue
        cells = _Cells(row.line, dict(zip(headers, row.cells, strict=True)))
        line = read(cells)
        if not cells.errors and key_of(line) in seen:
            cells.refuse(key_column, N_("Cette ligne répète la ligne %(line)s."), line=seen[key_of(line)])
        if cells.errors:
            report.refuse(cells.errors)
            continue
        seen[key_of(line)] = row.line
        report.take(row.line)
        taken.append(line)
    return tuple(taken), report
