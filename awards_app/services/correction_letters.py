"""The letters of a correction: what still waited is dropped, and each person concerned is told « rectificatif »."""

from datetime import datetime

from sqlalchemy import update

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic
from awards_app.models.messages import Message
from awards_app.queries.deliberations import DecisionLine, Desk
from awards_app.queries.responsible_people import people_responsible
from awards_app.services.messages import queue_message

# What a publication says of a candidacy; none of it may leave once the decision behind it is annulled.
RESULTS = ("decision_selected", "decision_not_selected", "decision_corrected", "certificate_ready")


def drop_results(round_id: int, candidacy_keys: list[str], reason: str) -> int:
    """Keep what still waits about these candidacies from ever leaving, in the caller's transaction; return how many."""
    with atomic() as session:
        dropped = session.execute(
            update(Message)
            .where(
                Message.round_id == round_id,
                Message.object_key.in_(candidacy_keys),
                Message.kind.in_(RESULTS),
                Message.state.in_(("held", "waiting")),
            )
            .values(state="dropped", failure=reason[:500])
        )
        return int(dropped.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def drop_notices(round_id: int, reason: str) -> None:
    """Keep letters to laureates that still wait from leaving once their decisions no longer stand."""
    with atomic() as session:
        session.execute(
            update(Message)
            .where(Message.round_id == round_id, Message.kind == "embargo_notice", Message.state == "waiting")
            .values(state="dropped", failure=reason[:500])
        )


def tell_correction(
    desk: Desk, annulled: DecisionLine, corrected: DecisionLine | None, reason: str, now: datetime
) -> None:
    """Queue, held until read, a letter to who lost a distinction and one to who receives it.

    ``desk`` is the table as it stood before. A correction of the words alone writes to its one structure, once.
    """
    keys = [key for key in (annulled.candidacy_key, corrected.candidacy_key if corrected else None) if key]
    drop_results(desk.round.id, keys, "décision annulée")
    is_same = corrected is not None and corrected.candidacy_id == annulled.candidacy_id
    if annulled.candidacy_key and not is_same:
        _tell(desk, "decision_withdrawn", annulled, annulled.key, reason, now)
    if corrected is not None and corrected.candidacy_key:
        _tell(desk, "decision_corrected", corrected, corrected.key, reason, now)


def _tell(desk: Desk, kind: str, line: DecisionLine, mark: str, reason: str, now: datetime) -> None:
    candidacy_id = line.candidacy_id or 0
    for account_id, email, name in people_responsible([candidacy_id]).get(candidacy_id, ()):
        queue_message(
            kind,
            email,
            dedupe=f"{kind}:{mark}:{account_id}",
            values={
                "person": name,
                "edition": desk.round.edition_name,
                "structure": line.structure,
                "title": line.title,
                "prize": desk.prize(line.prize_id).name,
                "citation": line.citation,
                "reason": reason,
                "link": public_address(f"/palmares/{desk.round.year}"),
                "chamber": desk.round.chamber or "ESS France",
            },
            now=now,
            account_id=account_id,
            round_id=desk.round.id,
            object_key=line.candidacy_key or "",
            held=True,
        )
