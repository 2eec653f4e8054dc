"""The rows of the exports of a round, each to the people of its own line of the matrix."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.filed_copy import FiledAnswer, filed_answers
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.question_kinds import FILE_KINDS
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.results_rules import ballot_of
from awards_app.domain.score_display import distribution
from awards_app.domain.snapshot import ThemeScores
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy, Filing
from awards_app.models.editions import Region, Theme
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Seat
from awards_app.models.scoring import Snapshot, StandingRow
from awards_app.models.structures import Structure
from awards_app.queries.access import RoundFacts, open_round
from awards_app.queries.forms import form_of
from awards_app.queries.juries import open_room

_ANSWERS = ("pitch", "summary", "contact_name", "contact_email", "contact_phone")


@dataclass(frozen=True, slots=True)
class Table:
    """An export: the round it is of, what heads its columns (French), and its rows."""

    round: RoundFacts
    header: tuple[str, ...]
    rows: list[tuple[object, ...]]


def candidacy_table(holder: Holder, round_key: str, now: datetime) -> Table:
    """Return the submitted and withdrawn candidacies of a round without any score (EXP-1, three queries).

    Every answer is there as it was filed and as people read it, one column a question of the form.
    """
    facts = open_round(holder, round_key, Permission.EXPORT_CANDIDACIES, now)
    found = db.session.execute(_candidacies(facts)).all()
    answers = [filed_answers(row.content) for row in found]
    labels = {
        question.code: question.label
        for section in form_of(facts.edition_id)
        for question in section.questions
        if question.kind not in FILE_KINDS
    }
    # A question retired since is still in the filings that answered it.
    labels |= {code: answer.label for one in answers for code, answer in one.items() if code not in labels}
    others = [code for code in labels if code not in (*_ANSWERS, "title")]
    rows = [
        (
            *_candidacy_row(row, answered),
            *(answered[code].shown if code in answered else "" for code in others),
        )
        for row, answered in zip(found, answers, strict=True)
    ]
    return Table(facts, (*CANDIDACY_HEADER, *(labels[code] for code in others)), rows)


CANDIDACY_HEADER = (
    "Numéro", "Structure", "Sigle", "Famille juridique", "Forme juridique", "SIREN", "SIRET", "RNA", "Registre",
    "Date de création", "Adresse", "Code postal", "Ville", "Département", "Région", "Site web", "Thématique", "Titre", "État",
    "Déposée le (UTC)", "Recevabilité", "Motif", "Présentation courte", "Résumé", "Contact", "Courriel", "Téléphone",
)  # fmt: skip


def _candidacies(facts: RoundFacts) -> Any:
    return (
        select(
            Candidacy.id,
            Filing.receipt,
            Filing.content,
            Structure.name,
            Structure.acronym,
            Structure.legal_family,
            Structure.legal_form,
            Structure.siren,
            Structure.siret,
            Structure.rna,
            Structure.court_register,
            Structure.founded_on,
            Structure.address,
            Structure.postcode,
            Structure.city,
            Structure.department,
            Region.name.label("region"),
            Structure.website,
            Theme.name.label("theme"),
            Candidacy.title,
            Candidacy.state,
            Candidacy.submitted_at,
            AdmissibilityDecision.verdict,
            AdmissibilityDecision.reason,
        )
        .join(Structure, Structure.id == Candidacy.structure_id)
        .join(Filing, (Filing.candidacy_id == Candidacy.id) & Filing.replaced_at.is_(None))
        .outerjoin(Theme, Theme.id == Candidacy.theme_id)
        .outerjoin(Region, Region.code == Structure.region_code)
        .outerjoin(
            AdmissibilityDecision,
            (AdmissibilityDecision.candidacy_id == Candidacy.id)
            & AdmissibilityDecision.replaced_at.is_(None),
        )
        .where(Candidacy.state.in_(("submitted", "withdrawn")), _in_round(facts))
        .order_by(Filing.receipt)
    )


def _candidacy_row(row: Any, answers: Mapping[str, FiledAnswer]) -> tuple[object, ...]:
    return (
        row.receipt,
        row.name,
        row.acronym,
        row.legal_family,
        row.legal_form,
        row.siren,
        row.siret,
        row.rna,
        row.court_register,
        row.founded_on.strftime("%d/%m/%Y") if row.founded_on else "",
        row.address,
        row.postcode,
        row.city,
        row.department,
        row.region,
        row.website,
        row.theme,
        row.title,
        {"submitted": "déposée", "withdrawn": "retirée"}[row.state],
        row.submitted_at.isoformat(timespec="seconds") if row.submitted_at else "",
        {"admissible": "recevable", "inadmissible": "non recevable", None: "à examiner"}[row.verdict],
        row.reason or "",
        *(answers[code].shown if code in answers else "" for code in _ANSWERS),
    )


def _in_round(facts: RoundFacts) -> Any:
    if facts.region_code is not None:
        return Candidacy.round_id == facts.id
    return Candidacy.id.in_(
        select(NationalEntry.candidacy_id).where(
            NationalEntry.round_id == facts.id, NationalEntry.ended_at.is_(None)
        )
    )


def aggregate_table(holder: Holder, round_key: str, now: datetime) -> Table:
    """Return the ranking with, from three readers on, how many gave each level, nobody named (EXP-2)."""
    facts = open_round(holder, round_key, Permission.EXPORT_AGGREGATES, now)
    snapshot = _snapshot(facts.id)
    scores: dict[str, ThemeScores] = json.loads(snapshot.content)["themes"]
    ballots = {theme: ballot_of(line) for theme, line in scores.items()}
    codes = sorted({line["code"] for theme in scores.values() for line in theme["grid"]["criteria"]})
    rows: list[tuple[object, ...]] = []
    for row in _standings(snapshot.id):
        levels = distribution(ballots[row.code], row.receipt) or {}
        rows.append(
            (
                row.theme,
                "" if row.rank is None else row.rank,
                "oui" if row.is_tied else "non",
                row.receipt,
                row.name,
                row.title,
                row.shown,
                "" if row.numerator is None else f"{row.numerator}/{row.denominator}",
                row.readers,
                row.note,
                *(" / ".join(str(n) for n in levels[code]) if code in levels else "" for code in codes),
            )
        )
    header = (
        "Thématique", "Rang", "Ex æquo", "Numéro", "Structure", "Titre", "Moyenne affichée", "Moyenne exacte", "Lectures", "Remarque",
        *(f"{code} (effectifs par niveau)" for code in codes),
    )  # fmt: skip
    return Table(facts, header, rows)


def attributed_table(holder: Holder, round_key: str, now: datetime, *, number: int | None = None) -> Table:
    """Return who gave what in the locked snapshot, in the themes where the chair or the auditor may know (EXP-3).

    ``number`` asks for a former snapshot of the round, the first being 1. Raises `DoesNotExist` when there is none.
    """
    room = open_room(holder, round_key, Permission.EXPORT_ATTRIBUTED, now)
    snapshot = _snapshot(room.round.id, number)
    scores: dict[str, ThemeScores] = json.loads(snapshot.content)["themes"]
    seats = {
        row.key: row.name
        for row in db.session.execute(select(Seat.key, Seat.name).where(Seat.round_id == room.round.id))
    }
    people = {alias: seats.get(key, alias) for key, alias in snapshot.juror_names.items()}
    names = {row.receipt: row.name for row in _standings(snapshot.id)}
    rows: list[tuple[object, ...]] = [
        (
            theme.name,
            sheet["candidacy"],
            names.get(sheet["candidacy"], ""),
            sheet["juror"],
            people.get(sheet["juror"], sheet["juror"]),
            SHEET_STATES[sheet["state"]],
            code,
            "" if level is None else level,
        )
        for theme in room.themes
        for sheet in scores[theme.code]["sheets"]
        for code, level in (sorted(sheet["levels"].items()) or [("", None)])
    ]
    return Table(room.round, ATTRIBUTED_HEADER, rows)


SHEET_STATES = {
    "counted": "comptée",
    "recused": "déport",
    "set_aside": "écartée",
    "waived": "dispensée",
}
ATTRIBUTED_HEADER = (
    "Thématique", "Numéro", "Structure", "Code du juré dans l’archive", "Membre du jury", "Fiche", "Critère", "Niveau",
)  # fmt: skip


def _snapshot(round_id: int, number: int | None = None) -> Any:
    wanted = Snapshot.released_at.is_(None) if number is None else Snapshot.number == number
    found = db.session.execute(
        select(Snapshot.id, Snapshot.content, Snapshot.juror_names).where(
            Snapshot.round_id == round_id, wanted
        )
    ).one_or_none()
    if found is None:
        raise DoesNotExist
    return found


def _standings(snapshot_id: int) -> list[Any]:
    return list(
        db.session.execute(
            select(
                Theme.code,
                Theme.name.label("theme"),
                Filing.receipt,
                Structure.name,
                Candidacy.title,
                StandingRow.rank,
                StandingRow.is_tied,
                StandingRow.shown,
                StandingRow.numerator,
                StandingRow.denominator,
                StandingRow.readers,
                StandingRow.note,
            )
            .join(Candidacy, Candidacy.id == StandingRow.candidacy_id)
            .join(Filing, (Filing.candidacy_id == Candidacy.id) & Filing.replaced_at.is_(None))
            .join(Structure, Structure.id == Candidacy.structure_id)
            .join(Theme, Theme.id == StandingRow.theme_id)
            .where(StandingRow.snapshot_id == snapshot_id)
            .order_by(Theme.position, StandingRow.rank.is_(None), StandingRow.rank, Filing.receipt)
        )
    )
