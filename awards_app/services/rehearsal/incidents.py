"""What goes wrong in a real year: an entry that is withdrawn and replaced, a published decision that is corrected."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from awards_app.database import atomic, db
from awards_app.models.candidacies import Candidacy
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Prize
from awards_app.models.scoring import Snapshot, StandingRow
from awards_app.models.structures import Membership
from awards_app.services.accounts import ensure_account
from awards_app.services.annulments import annul_decision
from awards_app.services.candidacies import withdraw_candidacy
from awards_app.services.certificate_printing import issue_certificates
from awards_app.services.certificates import verify
from awards_app.services.national_entries import replace_entry
from awards_app.services.rehearsal.turn import Turn

WITHDRAWAL = "La structure se retire : simulé pour la répétition."
RUNNER_UP = "La candidature retenue a été retirée : la suivante du classement la remplace."
CORRECTION = "Une erreur de report, simulée pour la répétition : le jury avait distingué l’autre structure."


def withdraw_an_entry(turn: Turn, now: datetime) -> bool:
    """Let a structure withdraw the file its region sent up, then chair and chamber send the next one.

    Say whether the runner-up is sent up. The file is one that received nothing else.
    """
    alone = (
        select(Decision.candidacy_id)
        .where(Decision.round_id == turn.id, Decision.annulled_at.is_(None))
        .group_by(Decision.candidacy_id)
        .having(func.count() == 1)
    )
    row = _decisions(turn, "national_entry").where(Decision.candidacy_id.in_(alone))
    entry = db.session.execute(row).first()
    if entry is None:
        return False
    runner_up = _next_of(turn, entry)
    withdraw_candidacy(turn.company.holder(_responsible(entry, now)), entry.candidacy_key, WITHDRAWAL, now)
    keys = {file.key for file in turn.files if file.theme_id == entry.theme_id}
    chair = turn.company.holder(turn.jury.leader(keys).account_id)
    citation = f"Citation simulée pour la répétition : {runner_up} remplace la candidature retirée."
    replace_entry(chair, entry.key, runner_up, RUNNER_UP, now, citation=citation)
    done = replace_entry(
        turn.company.holder(turn.staff_id), entry.key, runner_up, RUNNER_UP, now, citation=citation
    )
    sent = db.session.scalars(_decisions(turn, "national_entry").with_only_columns(Candidacy.key)).all()
    return done == "done" and runner_up in sent and entry.candidacy_key not in sent


def correct_a_title(turn: Turn, national_id: int, now: datetime) -> bool:
    """Let chamber and national staff correct a published title in favour of another file of the theme.

    Say whether the former certificate is revoked and the new one valid.
    """
    title = db.session.execute(_decisions(turn, "title")).first()
    if title is None:
        return False
    old = _number_of(title.id)
    replacement: dict[str, str | None] = {
        "candidacy_key": _next_of(turn, title),
        "citation": "Citation simulée pour la répétition, après rectificatif.",
    }
    holders = (turn.company.holder(national_id), turn.company.holder(turn.staff_id))
    for holder in holders:
        done = annul_decision(holder, title.key, CORRECTION, now, replacement=replacement)
    waiting = db.session.scalars(
        select(Certificate.id).where(Certificate.round_id == turn.id, Certificate.state == "waiting")
    ).all()
    issue_certificates(waiting, now)
    new = _number_of(db.session.execute(_decisions(turn, "title", replacement["candidacy_key"])).one().id)
    return done == "done" and old != new and verify(old).state == "revoked" and verify(new).state == "valid"


def _decisions(turn: Turn, outcome: str, candidacy_key: str | None = None) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = (
        select(
            Decision.id,
            Decision.key,
            Decision.theme_id,
            Decision.candidacy_id,
            Candidacy.key.label("candidacy_key"),
            Candidacy.structure_id,
        )
        .join(Prize, Prize.id == Decision.prize_id)
        .join(Candidacy, Candidacy.id == Decision.candidacy_id)
        .where(Decision.round_id == turn.id, Decision.annulled_at.is_(None), Prize.outcome == outcome)
        .order_by(Decision.id)
    )
    return query if candidacy_key is None else query.where(Candidacy.key == candidacy_key)


def _next_of(turn: Turn, decision: Row[Any]) -> str:
    """Return the key of the best file of the theme that is not the one decided."""
    return str(
        db.session.scalars(
            select(Candidacy.key)
            .join(StandingRow, StandingRow.candidacy_id == Candidacy.id)
            .join(Snapshot, Snapshot.id == StandingRow.snapshot_id)
            .where(
                Snapshot.round_id == turn.id,
                Snapshot.released_at.is_(None),
                StandingRow.theme_id == decision.theme_id,
                StandingRow.rank.is_not(None),
                Candidacy.id != decision.candidacy_id,
                Candidacy.state == "submitted",
            )
            .order_by(StandingRow.rank, Candidacy.title)
        ).first()
    )


def _responsible(entry: Row[Any], now: datetime) -> int:
    account_id = ensure_account("retrait@candidature.example", "Responsable de la structure", now)
    with atomic() as session:
        session.add(
            Membership(
                structure_id=entry.structure_id,
                account_id=account_id,
                standing="responsible",
                created_at=now,
                accepted_at=now,
            )
        )
    return account_id


def _number_of(decision_id: int) -> str:
    return str(
        db.session.scalar(
            select(Certificate.number)
            .where(Certificate.decision_id == decision_id)
            .order_by(Certificate.id.desc())
        )
    )
