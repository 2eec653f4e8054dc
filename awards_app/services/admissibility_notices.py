"""Letters of the desk that wait to be read: released together, to whoever answers for the structure at that instant."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from awards_app.adapters.queue import enqueue
from awards_app.database import after_commit, atomic, db
from awards_app.domain.admissibility_acts import SelectionHasChanged, check_typed
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.domain.words import N_
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy
from awards_app.models.messages import Message
from awards_app.queries.access import open_round
from awards_app.services.admissibility import KINDS, tell_decision
from awards_app.services.chamber_letters import file_place, responsible_of
from awards_app.services.journal import write_entry
from awards_app.services.messages import DELIVER

NOTICES = (*KINDS.values(), "correction_requested")
GONE = "n’est plus responsable de la structure"


def release_notices(
    holder: Holder, round_key: str, keys: Iterable[str], typed: str, now: datetime
) -> tuple[int, int]:
    """Let held notices of a round leave; return how many leave and how many were set aside.

    Whoever no longer answers for the structure is not written to; whoever does since the decision is. One key that is not
    of this round refuses all (`DoesNotExist`). Raises `SelectionHasChanged` when one is no longer held,
    `NumberIsNotTyped`, or the matrix's refusal.
    """
    wanted = list(dict.fromkeys(keys))
    with atomic():
        facts = open_round(holder, round_key, Permission.SEND_BULK_MESSAGE, now)
        if not wanted:
            raise InputIsInvalid({"keys": N_("Choisissez au moins un message.")})
        rows = db.session.scalars(
            select(Message)
            .where(Message.key.in_(wanted), Message.round_id == facts.id, Message.kind.in_(NOTICES))
            .order_by(Message.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
        if len(rows) != len(wanted):
            raise DoesNotExist
        if any(row.state != "held" for row in rows):
            raise SelectionHasChanged
        check_typed(len(rows), typed)
        leaving = sum(_release(holder, row, now) for row in rows)
        for key in dict.fromkeys(row.object_key for row in rows if row.kind in KINDS.values()):
            leaving += _tell_newcomers(key, now)
        return leaving, sum(row.state == "dropped" for row in rows)


def _release(holder: Holder, row: Message, now: datetime) -> bool:
    candidacy = _candidacy(row.object_key)
    people = responsible_of(candidacy.structure_id) if candidacy is not None else []
    person = next((one for one in people if one.id == row.account_id), None)
    if candidacy is None or candidacy.state != "submitted" or person is None:
        row.state, row.failure = "dropped", GONE if candidacy else ""
        write_entry(holder, "drop_message", "message", row.key, now, round_id=row.round_id)
        return False
    row.recipient = person.email
    row.state, row.released_by_id = "waiting", holder.account_id
    write_entry(holder, "release_message", "message", row.key, now, round_id=row.round_id)
    after_commit(enqueue, DELIVER, row.id)
    return True


def _tell_newcomers(key: str, now: datetime) -> int:
    candidacy = _candidacy(key)
    decision = candidacy and db.session.scalar(
        select(AdmissibilityDecision).where(
            AdmissibilityDecision.candidacy_id == candidacy.id, AdmissibilityDecision.replaced_at.is_(None)
        )
    )
    if candidacy is None or not decision or candidacy.state != "submitted":
        return 0
    place = file_place(candidacy.id)
    return tell_decision(candidacy, decision, responsible_of(place.structure_id), now, held=False)


def _candidacy(key: str) -> Candidacy | None:
    return db.session.scalar(select(Candidacy).where(Candidacy.key == key))
