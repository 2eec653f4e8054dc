"""Requests for completion that end in two days: the clock reminds those responsible, once for each instant."""

from datetime import datetime, timedelta

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.models.admissibility import CompletionRequest
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Round
from awards_app.services.completions import tell_structure
from awards_app.services.rows_apart import each_apart

BEFORE = timedelta(days=2)


def remind_completions(now: datetime) -> int:
    """Remind the structures whose open request ends within two days; return how many. Safe to run twice.

    A request asked or moved within its last two days reminds nobody: its own letter just left.
    """
    due = db.session.scalars(
        select(CompletionRequest.id).where(
            CompletionRequest.state == "open",
            CompletionRequest.reminded_at.is_(None),
            CompletionRequest.closes_at > now,
            CompletionRequest.closes_at <= now + BEFORE,
        )
    ).all()
    return sum(each_apart(lambda request_id: _remind(request_id, now), due))


def _remind(request_id: int, now: datetime) -> bool:
    with atomic() as session:
        row = session.scalar(
            select(CompletionRequest)
            .where(CompletionRequest.id == request_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if row is None or row.state != "open" or row.reminded_at is not None:
            return False
        row.reminded_at = now
        place = session.execute(
            select(Candidacy.state, Round.phase)
            .join(Round, Round.id == Candidacy.round_id)
            .where(Candidacy.id == row.candidacy_id)
        ).one()
        lately = row.asked_at > row.closes_at - BEFORE
        if lately or place.state != "submitted" or place.phase != "P2":
            return False
        tell_structure(row, "correction_reminder", "", now)
        return True
