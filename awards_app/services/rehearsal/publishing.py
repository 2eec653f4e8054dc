"""Two persons arm a publication, the clock publishes, certificates come out."""

from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.certificates import MOST_TRIES
from awards_app.domain.signatures import ROLES
from awards_app.models.candidacies import Candidacy
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision, Minutes
from awards_app.models.structures import Structure
from awards_app.queries.juries import find_room
from awards_app.queries.signatures import roles_of
from awards_app.services.accounts import holder_of_token, start_session
from awards_app.services.certificate_printing import batches, issue_certificates
from awards_app.services.certificates import order_certificates
from awards_app.services.honours import arm_publication
from awards_app.services.rehearsal.turn import Turn
from awards_app.services.signatures import sign_minutes


def read_back(round_id: int) -> dict[str, str]:
    """Return what a person types before arming: the structure's name, by the key of each confirmed decision."""
    rows = db.session.execute(
        select(Decision.key, Structure.name)
        .join(Candidacy, Candidacy.id == Decision.candidacy_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .where(
            Decision.round_id == round_id, Decision.annulled_at.is_(None), Decision.confirmed_at.is_not(None)
        )
    )
    return {row.key: row.name for row in rows}


def arm(turn: Turn, second_id: int, now: datetime) -> str:
    """Arm the publication of a round by its coordinator, then by ``second_id``; return « done »."""
    names = read_back(turn.id)
    arm_publication(turn.company.holder(turn.staff_id), turn.key, names, now)
    return arm_publication(turn.company.holder(second_id), turn.key, names, now)


def order_and_issue(turn: Turn, now: datetime) -> int:
    """Order the certificates of a round and make them, as the worker would; return how many."""
    order_certificates(turn.company.holder(turn.staff_id), turn.key, now)
    waiting = _waiting(turn.id)
    # As the queue does: what a loaded machine did not print in time is asked for again.
    for _try in range(MOST_TRIES):
        for batch in batches(_waiting(turn.id)):
            issue_certificates(batch, now)
    return len(waiting)


def _waiting(round_id: int) -> list[int]:
    query = select(Certificate.id).where(Certificate.round_id == round_id, Certificate.state == "waiting")
    return list(db.session.scalars(query.order_by(Certificate.id)))


def minutes_of(round_id: int) -> int | None:
    """Return the identifier of the live minutes of a round."""
    return db.session.scalar(
        select(Minutes.id).where(Minutes.round_id == round_id, Minutes.replaced_at.is_(None))
    )


def sign(turn: Turn, now: datetime) -> None:
    """Let each role sign the frozen minutes of a round, from a session opened a moment ago."""
    people = [seat.account_id for seat in turn.jury.seats] + [turn.staff_id]
    awaited = set(ROLES)
    for account_id in people:
        holder = holder_of_token(start_session(account_id, now), now)
        room = find_room(holder, turn.key, now)
        for role in roles_of(holder, room) if room is not None else ():
            if role in awaited:
                sign_minutes(holder, turn.key, role, "", now)
                awaited.discard(role)
