"""Use cases of the chamber: ask a structure to complete listed answers, move the instant, end it, open it again."""

from dataclasses import dataclass
from datetime import datetime

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.admissibility_acts import (
    MESSAGE_LIMIT,
    REASON_LIMIT,
    CompletionIsNotOpen,
    CompletionIsOpen,
    CompletionRuns,
    check_instant,
    checked_words,
    last_minute_fr,
)
from awards_app.domain.deadlines import Deadline, resolve
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import InputIsInvalid
from awards_app.domain.text import clean_text
from awards_app.domain.words import N_
from awards_app.models.admissibility import CompletionRequest
from awards_app.queries.editions import form_of
from awards_app.services.candidacy_locks import hold_candidacy
from awards_app.services.chamber_letters import file_place, responsible_of, write_to
from awards_app.services.completion_rows import (
    HeldRequest,
    check_standing,
    end_request,
    hold_request,
    known_codes,
    open_request_of,
)
from awards_app.services.conflicts import refuse_conflict
from awards_app.services.journal import write_entry

_PERMISSION = Permission.DECIDE_ADMISSIBILITY
LAPSED = "délai passé"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a chamber asks: codes of questions, its words, and an instant of the region's clock to the minute.

    ``fold`` chooses between the two readings of an hour that happens twice.
    """

    fields: tuple[str, ...]
    message: str
    local: datetime
    fold: int | None = None


def ask_completion(
    holder: Holder, key: str, asked: Asked, now: datetime, *, held_letter: bool = False
) -> str:
    """Ask the structure of a filed candidacy to complete the listed answers; return the request's key.

    The structure is written to at once, or by a letter that waits to be read. Raises `CompletionRuns`, `InputIsInvalid`
    by field, `DeadlineIsInvalid` for an impossible local time, `CandidacyIsWithdrawn`, `ConflictOfInterest`, or the
    matrix's refusal.
    """
    with atomic() as session:
        held = hold_candidacy(holder, key, _PERMISSION, now)
        check_standing(held.row)
        refuse_conflict(holder, held)
        fields = checked_fields(held.row.edition_id, asked.fields)
        words = checked_message(asked.message)
        until = checked_deadline(asked.local, held.facts.round.zone, asked.fold, now)
        former = open_request_of(held.row.id)
        if former is not None and now < former.closes_at:
            raise CompletionRuns
        if former is not None:
            end_request(holder, held.row, former, LAPSED, now)
            session.flush()
        row = CompletionRequest(
            candidacy_id=held.row.id,
            fields=fields,
            message=words,
            asked_at=now,
            asked_by_id=holder.account_id,
            **_moments(until),
        )
        session.add(row)
        session.flush()
        _note(holder, "ask_completion", held.row.key, held.row.round_id, row, now)
        tell_structure(row, "correction_requested", words, now, held=held_letter)
        return row.key


def move_completion(
    holder: Holder,
    key: str,
    request_key: str,
    local: datetime,
    reason: str,
    now: datetime,
    *,
    fold: int | None = None,
) -> None:
    """Give an open request a later instant, also once it has passed; the structure is told.

    Raises `CompletionIsNotOpen`, `InputIsInvalid` for an earlier or a past one, or the matrix's refusal.
    """
    with atomic():
        found = hold_request(holder, key, request_key, _PERMISSION, now)
        check_standing(found.held.row)
        if found.row.state != "open":
            raise CompletionIsNotOpen
        words = _optional(reason)
        until = checked_deadline(local, found.row.zone, fold, now)
        if until.closes_at <= found.row.closes_at:
            raise InputIsInvalid({"day": N_("Choisissez une date après la date actuelle.")})
        _renew(holder, found, until, words, "extend_completion", now)


def reopen_completion(
    holder: Holder,
    key: str,
    request_key: str,
    local: datetime,
    reason: str,
    now: datetime,
    *,
    fold: int | None = None,
) -> None:
    """Open a request again that was answered or ended; it may be answered once more, until a new instant.

    Raises `CompletionIsOpen`, `CompletionRuns` when another request is open, `InputIsInvalid`, or the matrix's refusal.
    """
    with atomic():
        found = hold_request(holder, key, request_key, _PERMISSION, now)
        check_standing(found.held.row)
        if found.row.state == "open":
            raise CompletionIsOpen
        if open_request_of(found.held.row.id) is not None:
            raise CompletionRuns
        words = checked_words(
            "reason", clean_text(reason), REASON_LIMIT, N_("Dites à la structure ce qui reste à compléter.")
        )
        until = checked_deadline(local, found.row.zone, fold, now)
        found.row.state, found.row.settled_at, found.row.settled_reason = "open", None, ""
        _renew(holder, found, until, words, "reopen_completion", now)


def cancel_completion(holder: Holder, key: str, request_key: str, reason: str, now: datetime) -> None:
    """End an open request without an answer; the structure is told. Raises `CompletionIsNotOpen`."""
    with atomic():
        found = hold_request(holder, key, request_key, _PERMISSION, now)
        if found.row.state != "open":
            raise CompletionIsNotOpen
        words = _optional(reason)
        end_request(holder, found.held.row, found.row, words, now)
        found.row.version += 1
        tell_structure(found.row, "correction_cancelled", words, now)


def checked_fields(edition_id: int, fields: tuple[str, ...]) -> list[str]:
    """Return the codes asked, each once; raise `InputIsInvalid` for none, or for one that the form does not have."""
    wanted = list(dict.fromkeys(code for code in fields if code))
    if not wanted:
        raise InputIsInvalid({"fields": N_("Choisissez au moins une réponse à compléter.")})
    if not set(wanted) <= known_codes(form_of(edition_id)):
        raise InputIsInvalid({"fields": N_("L’une de ces questions n’est pas dans le formulaire.")})
    return wanted


def checked_message(message: str) -> str:
    """Return the chamber's words; raise `InputIsInvalid` when there is none or too many."""
    return checked_words(
        "message", clean_text(message), MESSAGE_LIMIT, N_("Dites à la structure ce que vous attendez d’elle.")
    )


def checked_deadline(local: datetime, zone: str, fold: int | None, now: datetime) -> Deadline:
    """Return the resolved instant of a request; raise `DeadlineIsInvalid`, or `InputIsInvalid` when it has passed."""
    until = resolve(local, zone, fold)
    check_instant(until.closes_at, now)
    return until


def tell_structure(
    row: CompletionRequest, kind: str, reason: str, now: datetime, *, held: bool = False
) -> None:
    """Write to those responsible about a request, once for each of its versions."""
    place = file_place(row.candidacy_id)
    write_to(
        responsible_of(place.structure_id),
        kind,
        place,
        f"{kind}:{row.key}:{row.version}",
        {
            "reason": reason,
            "correction_deadline": last_minute_fr(row.closes_at, row.zone),
            "link": public_address(f"/candidatures/{place.key}/complement/{row.key}"),
        },
        now,
        held=held,
    )


def _renew(holder: Holder, found: HeldRequest, until: Deadline, words: str, act: str, now: datetime) -> None:
    for name, value in _moments(until).items():
        setattr(found.row, name, value)
    found.row.version += 1
    found.row.reminded_at = None
    db.session.flush()
    _note(holder, act, found.held.row.key, found.held.row.round_id, found.row, now, words)
    tell_structure(found.row, "correction_moved", words, now)


def _moments(until: Deadline) -> dict[str, object]:
    return {
        "local": until.local.isoformat(timespec="minutes"),
        "zone": until.zone,
        "fold": until.fold,
        "closes_at": until.closes_at,
    }


def _optional(reason: str) -> str:
    words = clean_text(reason).strip()
    if len(words) > REASON_LIMIT:
        raise InputIsInvalid({"reason": N_("Ce texte est trop long.")})
    return words


def _note(
    holder: Holder,
    act: str,
    key: str,
    round_id: int,
    row: CompletionRequest,
    now: datetime,
    reason: str = "",
) -> None:
    detail: dict[str, object] = {
        "request": row.key,
        "fields": list(row.fields),
        "local": row.local,
        "zone": row.zone,
        "until": row.closes_at.isoformat(),
    }
    if reason:
        detail["reason"] = reason
    write_entry(holder, act, "candidacy", key, now, round_id=round_id, detail=detail)
