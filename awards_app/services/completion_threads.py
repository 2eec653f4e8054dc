"""The thread of a request for completion: a chamber and a structure write to each other."""

from datetime import datetime

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.admissibility_acts import MESSAGE_LIMIT, checked_words
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import Refusal
from awards_app.domain.text import clean_text
from awards_app.domain.words import N_
from awards_app.models.admissibility import CompletionMessage
from awards_app.services.chamber_letters import coordinators_of, file_place, responsible_of, write_to
from awards_app.services.completion_rows import HeldRequest, hold_request
from awards_app.services.conflicts import refuse_conflict
from awards_app.services.journal import write_entry


class ThreadIsClosed(Refusal):
    """The thread lives as long as admissibility does, for a file that was not withdrawn."""

    sentence = N_("Ce fil se lit encore, mais ne reçoit plus de message : la recevabilité est terminée.")


def write_as_chamber(holder: Holder, key: str, request_key: str, body: str, now: datetime) -> str:
    """Write to the structure in the thread of a request; those responsible get a letter that leads there.

    Raises `InputIsInvalid`, `ConflictOfInterest`, or the matrix's refusal.
    """
    with atomic():
        found = hold_request(holder, key, request_key, Permission.DECIDE_ADMISSIBILITY, now)
        refuse_conflict(holder, found.held)
        row = _write(holder, found, "chamber", body, now)
        place = file_place(found.held.row.id)
        link = public_address(f"/candidatures/{place.key}/complement/{request_key}")
        write_to(
            responsible_of(place.structure_id),
            "correction_message",
            place,
            f"correction_message:{row.key}",
            {"link": link},
            now,
        )
        return row.key


def write_as_structure(holder: Holder, key: str, request_key: str, body: str, now: datetime) -> str:
    """Write to the chamber in the thread of a request; its people get a letter that leads there.

    A member may, while admissibility lasts. Raises `InputIsInvalid`, `ThreadIsClosed`, or the matrix's refusal.
    """
    with atomic():
        found = hold_request(holder, key, request_key, Permission.READ_OWN_CANDIDACY, now)
        row = _write(holder, found, "structure", body, now)
        place = file_place(found.held.row.id)
        link = public_address(f"/coordination/{place.round_key}/recevabilite/{place.key}")
        write_to(
            coordinators_of(place.region_code),
            "correction_question",
            place,
            f"correction_question:{row.key}",
            {"link": link},
            now,
        )
        return row.key


def _write(holder: Holder, found: HeldRequest, side: str, body: str, now: datetime) -> CompletionMessage:
    if found.held.facts.round.phase is not Phase.ADMISSIBILITY or found.held.row.state != "submitted":
        raise ThreadIsClosed
    words = checked_words("body", clean_text(body), MESSAGE_LIMIT, N_("Écrivez votre message."))
    row = CompletionMessage(
        request_id=found.row.id, side=side, body=words, written_at=now, written_by_id=holder.account_id
    )
    db.session.add(row)
    db.session.flush()
    write_entry(
        holder,
        "write_in_thread",
        "candidacy",
        found.held.row.key,
        now,
        round_id=found.held.row.round_id,
        detail={"request": found.row.key, "side": side},
    )
    return row
