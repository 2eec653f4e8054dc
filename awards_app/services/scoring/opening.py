"""Opening scoring: the list of files is settled, jurors are stood aside where the facts are certain, and told."""

from datetime import datetime

from sqlalchemy import func, select

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy
from awards_app.models.juries import Seat
from awards_app.queries.access import open_round
from awards_app.services.juries.notices import notice_scoring_opened
from awards_app.services.juries.ties import recuse_certain_ties
from awards_app.services.rounds import lock_round, move_round


class FilesAwaitAdmissibility(Refusal):
    """Scoring opens when each filed candidacy has its admissibility decision."""

    sentence = N_("Il reste %(count)s candidatures sans décision de recevabilité.")


def open_scoring(holder: Holder, round_key: str, now: datetime) -> None:
    """Open scoring in a round (RND-1).

    Raises `FilesAwaitAdmissibility`, or the matrix's refusal.
    """
    with atomic():
        facts = open_round(holder, round_key, Permission.OPEN_SCORING, now)
        row = lock_round(facts.id)
        if facts.region_code is not None:
            _refuse_undecided(facts.id)
        move_round(row, "open_scoring", now, holder)
        seats = db.session.scalars(
            select(Seat).where(Seat.round_id == facts.id, Seat.left_at.is_(None))
        ).all()
        for seat in seats:
            recuse_certain_ties(seat, facts, now)
            if seat.account_id is not None and seat.accepted_at is not None:
                notice_scoring_opened(seat, row, now)


def _refuse_undecided(round_id: int) -> None:
    decided = select(AdmissibilityDecision.candidacy_id).where(AdmissibilityDecision.replaced_at.is_(None))
    count = db.session.scalar(
        select(func.count()).where(
            Candidacy.round_id == round_id, Candidacy.state == "submitted", Candidacy.id.not_in(decided)
        )
    )
    if count:
        raise FilesAwaitAdmissibility(count=count)
