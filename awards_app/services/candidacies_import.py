"""Brings a chamber's table of candidacies into an edition: structures recognised or made, files submitted or left as drafts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from awards_app.adapters.tables import Table, read_table
from awards_app.database import atomic
from awards_app.domain.candidacy_lines import CandidacyLine, label_of, read_lines
from awards_app.domain.column_mapping import Mapping, Proposal, propose_mapping
from awards_app.domain.holder import SCHEDULER, Holder
from awards_app.domain.import_report import ImportReport, LineError
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_
from awards_app.models.candidacies import Candidacy
from awards_app.queries.access import open_candidacy
from awards_app.queries.import_context import ImportContext, import_context
from awards_app.queries.structure_index import StructureIndex
from awards_app.services.candidacy_rows import (
    candidacy_row,
    complete_identifiers,
    new_structure,
    write_answers,
)
from awards_app.services.filings import freeze
from awards_app.services.journal import write_entry

OPEN_PHASES = ("P0", "P1", "P2")


class EditionIsUnknown(Refusal):
    """There is no edition of that year."""

    sentence = N_("L’édition %(year)s n’existe pas : créez-la d’abord.")
    status = 404


@dataclass(slots=True)
class CandidaciesImport:
    """What an import did. ``lacks`` gives, by line, the French words for what its file still needs, then its remarks."""

    report: ImportReport
    proposal: Proposal
    submitted: int = 0
    drafts: int = 0
    known: int = 0
    new_structures: int = 0
    lacks: dict[int, list[str]] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)


def import_candidacies(
    path: Path,
    year: int,
    now: datetime,
    *,
    mapping: Mapping | None = None,
    region_code: str | None = None,
    dry_run: bool = False,
    holder: Holder = SCHEDULER,
    on_line: Callable[[int], object] = lambda count: None,
) -> CandidaciesImport:
    """Import a table into the edition of ``year``, in one transaction; ``dry_run`` says what would be done and undoes it.

    ``region_code`` is the region of the lines that give none (a chamber's own table). A structure that already has a
    candidacy in the edition keeps it as it is and counts as taken. Raises `TableIsUnreadable`, `MappingIsInvalid`,
    `EditionIsUnknown`: nothing is changed then.
    """
    table = read_table(path)
    with atomic() as session:
        context = import_context(year)
        if context is None:
            raise EditionIsUnknown(year=year)
        proposal = propose_mapping(table.headers, context.narratives)
        if mapping is not None:
            proposal = Proposal(mapping.cover(table.headers))
        with session.begin_nested() as savepoint:
            done = _Import(session, context, proposal, region_code, path.name[:170], now).take(table, on_line)
            if done.submitted or done.drafts:
                detail = {"file": path.name[:120], "submitted": done.submitted, "drafts": done.drafts}
                write_entry(holder, "import_candidacies", "edition", context.edition_key, now, detail=detail)
            if dry_run:
                savepoint.rollback()
    return done


def receive_candidacy(holder: Holder, key: str, reason: str, now: datetime) -> str:
    """File on behalf of a structure what the chamber received outside of the platform; return the receipt's number.

    For a draft that has a theme: what else it lacks is for whoever decides on admissibility, and ``reason`` says so in
    the journal. Raises `CandidacyIsIncomplete` without a theme, and the refusals of ELI-1.
    """
    with atomic() as session:
        facts = open_candidacy(holder, key, Permission.DECIDE_ADMISSIBILITY, now)
        row = session.get_one(Candidacy, facts.id, populate_existing=True)
        receipt = freeze(session, row, now, submitted_by_id=holder.account_id)
        write_entry(
            holder,
            "receive_candidacy",
            "candidacy",
            key,
            now,
            round_id=facts.own_round_id,
            detail={"reason": reason, "receipt": receipt.number},
        )
        return receipt.number


@dataclass(slots=True)
class _Import:
    """One import under way, in the transaction of its caller."""

    session: Session
    context: ImportContext
    proposal: Proposal
    region_code: str | None
    file_name: str
    now: datetime
    index: StructureIndex = field(init=False)
    first_lines: dict[int, int] = field(default_factory=dict)

    def take(self, table: Table, on_line: Callable[[int], object]) -> CandidaciesImport:
        read = read_lines(
            table.headers, table.rows, self.proposal.mapping, self.context.lines(self.now.date())
        )
        done = CandidaciesImport(read.report, self.proposal)
        self.index = StructureIndex(self.context.edition_id)
        for line in read.lines:
            on_line(1)
            region = line.region_code or self.region_code
            structure_id = self.index.find(line, region)
            error = self._why_not(line, region, structure_id)
            if error is not None:
                done.report.refuse([error])
                continue
            if structure_id is None:
                structure_id = new_structure(self.session, line, region, self.now)
                self.index.add(structure_id, line, region)
                done.new_structures += 1
            else:
                complete_identifiers(self.session, structure_id, line)
            self.first_lines[structure_id] = line.line
            self._settle(line, region, structure_id, done)
        return done

    def _why_not(self, line: CandidacyLine, region: str | None, structure_id: int | None) -> LineError | None:
        """Return why a well-formed line cannot be taken by this edition, None when it can."""
        if structure_id in self.first_lines:
            return LineError(
                line.line,
                self._column("structure_name"),
                N_(
                    "Cette structure est déjà à la ligne %(line)s : une seule candidature par structure et par édition."
                ),
                {"line": self.first_lines[structure_id]},
            )
        if structure_id is not None and structure_id in self.index.candidacies:
            return None
        target = self.context.rounds[region]
        if target.takes_part and (region is None or target.phase in OPEN_PHASES):
            return None
        if target.takes_part:
            sentence = N_(
                "Dans cette région, la notation est déjà ouverte : la liste des candidatures est arrêtée."
            )
        else:
            sentence = N_("Cette région ne participe pas à cette édition.")
        return LineError(line.line, self._column("region_code", "department", "postcode"), sentence)

    def _column(self, *names: str) -> str:
        headers = (self.proposal.mapping.header_of(name) for name in names)
        return next((header for header in headers if header), "")

    def _settle(
        self, line: CandidacyLine, region: str | None, structure_id: int, done: CandidaciesImport
    ) -> None:
        missing = [name for name in line.missing if name != "region_code" or region is None]
        done.report.take(line.line, incomplete=bool(missing))
        words = [*(label_of(name) for name in missing), *(str(remark) for remark in line.remarks)]
        if words:
            done.lacks[line.line] = words
        if structure_id in self.index.candidacies:
            done.known += 1
        else:
            origin = f"{self.file_name}, ligne {line.line}"
            round_id = self.context.rounds[region].id
            row = candidacy_row(self.context, line, round_id, structure_id, origin, self.now)
            self.session.add(row)
            self.session.flush()
            write_answers(self.session, row.id, line, self.now)
            if missing:
                done.drafts += 1
            else:
                freeze(self.session, row, self.now)
                done.submitted += 1
            self.index.candidacies[structure_id] = row.key
        done.keys[line.line] = self.index.candidacies[structure_id]
