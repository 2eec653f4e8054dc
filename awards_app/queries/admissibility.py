"""Readings of admissibility decisions: the one that stands, those before it, and what the candidate was told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from awards_app.database import db
from awards_app.domain.permissions import Permission, is_allowed
from awards_app.models.accounts import Account
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy
from awards_app.models.messages import Message
from awards_app.queries.access import CandidacyFacts

TOLD_KINDS = ("admissible", "not_admissible")


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with its reason; ``told_at`` is None until those responsible were told."""

    verdict: str
    reason: str
    decided_at: datetime
    decided_by: str
    told_at: datetime | None
    replaced_at: datetime | None = None


def decision_of(candidacy_id: int) -> Decision | None:
    """Return the decision that stands, for a reader whose right was settled by the caller (one query).

    Those responsible are told when a message of the decision left the hands of the staff.
    """
    row = db.session.execute(
        _decisions().where(
            AdmissibilityDecision.candidacy_id == candidacy_id, AdmissibilityDecision.replaced_at.is_(None)
        )
    ).one_or_none()
    return Decision(*row) if row else None


def decisions_of(candidacy_id: int) -> tuple[Decision, ...]:
    """Return every decision on a candidacy, the one that stands first (one query)."""
    rows = db.session.execute(
        _decisions()
        .where(AdmissibilityDecision.candidacy_id == candidacy_id)
        .order_by(AdmissibilityDecision.replaced_at.is_not(None), AdmissibilityDecision.id.desc())
    )
    return tuple(Decision(*row) for row in rows)


def _decisions() -> Select[*tuple[Any, ...]]:
    told = (
        select(func.min(Message.created_at))
        .where(
            Message.object_key == Candidacy.key,
            Message.kind.in_(TOLD_KINDS),
            Message.created_at >= AdmissibilityDecision.decided_at,
            Message.state.in_(("waiting", "sent", "failed")),
        )
        .correlate(Candidacy, AdmissibilityDecision)
        .scalar_subquery()
    )
    return (
        select(
            AdmissibilityDecision.verdict,
            AdmissibilityDecision.reason,
            AdmissibilityDecision.decided_at,
            Account.name,
            func.coalesce(AdmissibilityDecision.notified_at, told),
            AdmissibilityDecision.replaced_at,
        )
        .join(Candidacy, Candidacy.id == AdmissibilityDecision.candidacy_id)
        .join(Account, Account.id == AdmissibilityDecision.decided_by_id)
    )


def told_decision(facts: CandidacyFacts) -> Decision | None:
    """Return the decision as the responsible person may read it: once told, None before (one query)."""
    if not is_allowed(Permission.READ_ADMISSIBILITY, facts.round.phase, facts.subjects):
        return None
    decision = decision_of(facts.id)
    return decision if decision and decision.told_at is not None else None
