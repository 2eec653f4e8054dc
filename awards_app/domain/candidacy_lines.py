"""Reads the lines of a table of candidacies: what each gives, what it lacks, why it is refused."""

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from awards_app.domain import candidacy_cells
from awards_app.domain.candidacy_cells import REQUIRED, Found, LineContext
from awards_app.domain.column_headers import FIELD_LABELS, NARRATIVE_PREFIX
from awards_app.domain.column_mapping import Mapping, is_narrative
from awards_app.domain.import_report import ImportReport, LineError, Remark, TableRow, slipped
from awards_app.domain.refusals import Refusal
from awards_app.domain.territory_lookup import plain_words
from awards_app.domain.text import clean_line, clean_text
from awards_app.domain.words import N_

IDENTIFIERS = ("siren", "siret", "rna", "court_register")


__all__ = [
    "CandidacyLine",
    "CandidacyLines",
    "LineContext",
    "LineErrors",
    "label_of",
    "match_key",
    "missing_of",
    "read_line",
    "read_lines",
]


@dataclass(frozen=True)
class CandidacyLine:
    """A line taken. ``None`` means that the file does not say; ``missing`` names what the edition requires.

    ``remarks`` tells what was written and could not be used (a theme of another year). ``budget`` is in euros,
    ``narratives`` gives answers by the code of their question.
    """

    line: int
    structure_name: str
    acronym: str | None = None
    legal_family: str | None = None
    legal_form: str | None = None
    siren: str | None = None
    siret: str | None = None
    rna: str | None = None
    court_register: str | None = None
    created_on: date | None = None
    address: str | None = None
    postcode: str | None = None
    city: str | None = None
    department: str | None = None
    region_code: str | None = None
    website: str | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    theme: str | None = None
    project_title: str | None = None
    pitch: str | None = None
    summary: str | None = None
    employees: int | None = None
    volunteers: int | None = None
    budget: Decimal | None = None
    narratives: MappingOf[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def is_incomplete(self) -> bool:
        """Tell whether the file lacks something the edition requires."""
        return bool(self.missing)


class LineErrors(Exception):
    """The line is refused; ``errors`` holds every reason, in the order of the columns."""

    def __init__(self, errors: Iterable[LineError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(error.reason for error in self.errors))


@dataclass(frozen=True)
class CandidacyLines:
    """What a whole table gives: the lines to take and the report that says the rest."""

    lines: tuple[CandidacyLine, ...]
    report: ImportReport


def read_lines(
    headers: tuple[str, ...], rows: Iterable[TableRow], mapping: Mapping, context: LineContext
) -> CandidacyLines:
    """Read every row; a refused one leaves nothing, the others are taken.

    The second line of a structure in the same theme is refused. Raises ``MappingIsInvalid`` when the mapping
    does not fit the headers.
    """
    covered = mapping.cover(headers)
    report, taken = ImportReport(), []
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        try:
            line = read_line(headers, row, covered, context)
        except LineErrors as refused:
            report.refuse(refused.errors)
            continue
        key = (match_key(line), line.theme)
        if key in seen:
            report.refuse([_already(line, covered, seen[key])])
            continue
        seen[key] = line.line
        report.take(line.line, incomplete=line.is_incomplete)
        taken.append(line)
    return CandidacyLines(tuple(taken), report)


def read_line(
    headers: tuple[str, ...], row: TableRow, mapping: Mapping, context: LineContext
) -> CandidacyLine:
    """Read one row. Raises ``LineErrors`` with every error of the row."""
    too_long = slipped(row)
    if too_long:
        raise LineErrors([too_long])
    cells = _cells_by_field(headers, row, mapping)
    found = Found()
    for field_name, text in cells.items():
        try:
            _read_cell(found, field_name, text, context)
        except Refusal as wrong:
            found.errors.append((field_name, wrong))
    candidacy_cells.place(found, cells, context)
    candidacy_cells.settle_family(found, cells, context)
    if found.errors:
        raise LineErrors(
            LineError(row.line, mapping.header_of(field_name) or "", wrong.sentence, wrong.values)
            for field_name, wrong in found.errors
        )
    line = CandidacyLine(
        line=row.line,
        narratives=found.narratives,
        remarks=tuple(found.remarks),
        **found.values,
    )
    return replace(line, missing=missing_of(line, context.required))


def missing_of(line: CandidacyLine, required: Iterable[str] = REQUIRED) -> tuple[str, ...]:
    """Return the required fields the line does not give, in the order of ``required``."""
    return tuple(
        name
        for name in required
        if not (
            any(getattr(line, each) for each in IDENTIFIERS) if name == "identifier" else getattr(line, name)
        )
    )


def label_of(name: str) -> str:
    """Return the French words for a field of ``missing``, ready for the catalogue."""
    if name == "identifier":
        return N_("Identifiant (SIREN, SIRET, RNA ou registre du tribunal)")
    return FIELD_LABELS[name]


def match_key(line: CandidacyLine) -> tuple[str, ...]:
    """Return what recognises a structure: its SIREN, else its RNA number, else its name and place.

    Two structures of one name in one department are the same by this key: a chamber's table lists a structure
    under one name, and the second line is refused in words rather than merged.
    """
    if line.siren:
        return ("siren", line.siren)
    if line.rna:
        return ("rna", line.rna)
    return ("name", plain_words(line.structure_name), line.department or line.region_code or "")


def _cells_by_field(headers: tuple[str, ...], row: TableRow, mapping: Mapping) -> dict[str, str]:
    pairs = ((mapping.columns.get(header), cell) for header, cell in zip(headers, row.cells, strict=True))
    return {"structure_name": ""} | {name: cell for name, cell in pairs if name is not None}


def _read_cell(found: Found, field_name: str, text: str, context: LineContext) -> None:
    if field_name == "structure_name":
        found.values[field_name] = clean_line(text)
        if not found.values[field_name]:
            found.refuse(field_name, N_("Le nom de la structure manque."))
    elif is_narrative(field_name):
        _read_narrative(found, field_name, text, context)
    elif text.strip():
        candidacy_cells.READERS[field_name](found, field_name, text, context)


def _read_narrative(found: Found, field_name: str, text: str, context: LineContext) -> None:
    code = field_name.removeprefix(NARRATIVE_PREFIX)
    if code not in context.narratives:
        found.remark(
            N_("La question « %(code)s » n’existe pas dans cette édition : sa réponse n’est pas reprise."),
            code=code,
        )
    elif text.strip():
        found.narratives[code] = clean_text(text).strip()


def _already(line: CandidacyLine, mapping: Mapping, first: int) -> LineError:
    columns = ("siret", "siren", "rna") if line.siren else ("rna", "siret", "siren") if line.rna else ()
    named = (name for name in columns if mapping.header_of(name))
    sentence = N_("Cette structure est déjà à la ligne %(line)s.")
    if line.theme:
        sentence = N_("Cette structure est déjà à la ligne %(line)s, dans la même thématique.")
    return LineError(
        line.line, mapping.header_of(next(named, "structure_name")) or "", sentence, {"line": first}
    )
