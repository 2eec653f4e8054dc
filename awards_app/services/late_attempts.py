"""Who was refused because a call had closed: noted once a person, a file and a closing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.models.candidacies import Candidacy
from awards_app.models.deadlines import LateAttempt
from awards_app.models.structures import Structure
from awards_app.queries.editions import current_edition, round_of_region


@dataclass(frozen=True, slots=True)
class _Place:
    round_id: int
    structure_id: int
    candidacy_id: int | None


def note_late_attempt(
    holder: Holder, verb: str, closes_at: datetime, now: datetime, *, candidacy: str = "", structure: str = ""
) -> bool:
    """Note that ``holder`` was refused after ``closes_at``, by the key of a candidacy or of a structure.

    Only a member's attempt is noted; return whether it was. A transaction of its own: the refused act left nothing.
    """
    place = _by_candidacy(candidacy) if candidacy else _by_structure(structure, now)
    if place is None or place.structure_id not in holder.structure_ids:
        return False
    try:
        with atomic() as session:
            known = session.scalar(
                select(LateAttempt)
                .where(
                    LateAttempt.account_id == holder.account_id,
                    LateAttempt.structure_id == place.structure_id,
                    LateAttempt.closes_at == closes_at,
                )
                .with_for_update()
            )
            if known is not None:
                known.attempts += 1
                known.last_at, known.verb = now, verb
                known.candidacy_id = known.candidacy_id or place.candidacy_id
                return True
            session.add(
                LateAttempt(
                    round_id=place.round_id,
                    structure_id=place.structure_id,
                    candidacy_id=place.candidacy_id,
                    account_id=holder.account_id,
                    closes_at=closes_at,
                    verb=verb,
                    first_at=now,
                    last_at=now,
                )
            )
    except IntegrityError:
        # The same person's other request was first.
        db.session.rollback()
    return True


def _by_candidacy(key: str) -> _Place | None:
    row = db.session.execute(
        select(Candidacy.round_id, Candidacy.structure_id, Candidacy.id).where(Candidacy.key == key)
    ).one_or_none()
    return None if row is None else _Place(row.round_id, row.structure_id, row.id)


def _by_structure(key: str, now: datetime) -> _Place | None:
    row = db.session.execute(
        select(Structure.id, Structure.region_code).where(Structure.key == key)
    ).one_or_none()
    edition = current_edition()
    if row is None or row.region_code is None or edition is None:
        return None
    line = round_of_region(edition.id, row.region_code, now)
    return None if line is None else _Place(line.id, row.id, None)
