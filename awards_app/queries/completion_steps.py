"""What a candidate's timeline says of requests for completion."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from awards_app.database import db
from awards_app.models.admissibility import CompletionAnswer, CompletionRequest
from awards_app.models.candidacies import Filing


@dataclass(frozen=True, slots=True)
class CompletionStep:
    """What the candidate's timeline says of a request, with the first deposit before any answer."""

    key: str
    asked_at: datetime
    closes_at: datetime
    zone: str
    state: str
    answered_at: datetime | None
    first_filed_at: datetime | None


def completion_steps(candidacy_id: int) -> tuple[CompletionStep, ...]:
    """Return the requests of a candidacy in order, for its own people (one query)."""
    former = (
        select(
            CompletionAnswer.request_id,
            func.max(CompletionAnswer.answered_at).label("answered_at"),
            func.min(CompletionAnswer.former_filing_id).label("former_id"),
        )
        .group_by(CompletionAnswer.request_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            CompletionRequest.key,
            CompletionRequest.asked_at,
            CompletionRequest.closes_at,
            CompletionRequest.zone,
            CompletionRequest.state,
            former.c.answered_at,
            Filing.submitted_at,
        )
        .outerjoin(former, former.c.request_id == CompletionRequest.id)
        .outerjoin(Filing, Filing.id == former.c.former_id)
        .where(CompletionRequest.candidacy_id == candidacy_id)
        .order_by(CompletionRequest.asked_at, CompletionRequest.id)
    )
    return tuple(CompletionStep(*row) for row in rows)
