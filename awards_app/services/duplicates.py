"""« Pas un doublon »: what a chamber says of two files that look alike is remembered."""

from datetime import datetime

from sqlalchemy import delete, select

from awards_app.database import atomic
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.domain.words import N_
from awards_app.models.admissibility import DuplicateDismissal
from awards_app.queries.duplicates import lookalikes_of
from awards_app.services.candidacy_locks import hold_candidacy
from awards_app.services.completion_rows import CHAMBER
from awards_app.services.journal import write_entry


def dismiss_duplicate(holder: Holder, key: str, mark: str, now: datetime, *, dismissed: bool = True) -> None:
    """Say that a file and one of its look-alikes are not the same, or take that back.

    ``mark`` names the pair without naming the other file, which may be of another region. Raises `InputIsInvalid`
    for a pair that is not one, or the matrix's refusal.
    """
    with atomic() as session:
        held = hold_candidacy(holder, key, Permission.DECIDE_ADMISSIBILITY, now)
        if not held.facts.subjects & CHAMBER:
            raise DoesNotExist
        pair = next((one for one in lookalikes_of(held.facts, now) if one.mark == mark), None)
        if pair is None:
            raise InputIsInvalid({"paire": N_("Ces deux candidatures ne se ressemblent plus.")})
        first, second = sorted((held.row.id, pair.candidacy_id))
        same = (DuplicateDismissal.first_id == first) & (DuplicateDismissal.second_id == second)
        known = session.scalar(select(DuplicateDismissal.id).where(same)) is not None
        if known == dismissed:
            return
        if dismissed:
            session.add(
                DuplicateDismissal(
                    first_id=first, second_id=second, said_at=now, said_by_id=holder.account_id
                )
            )
        else:
            session.execute(delete(DuplicateDismissal).where(same))
        write_entry(
            holder,
            "dismiss_duplicate" if dismissed else "restore_duplicate",
            "candidacy",
            key,
            now,
            round_id=held.row.round_id,
            detail={"pair": mark},
        )
