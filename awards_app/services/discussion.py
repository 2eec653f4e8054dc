"""Use cases of a discussion: the chair moves it from file to file, arranges it, notes who is out and what is said."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, authorise
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.domain.text import clean_text, count_signs
from awards_app.domain.words import N_
from awards_app.models.candidacies import Candidacy
from awards_app.models.discussion import Discussion
from awards_app.models.editions import Round
from awards_app.models.juries import Seat
from awards_app.queries.juries import JuryRoom, judged_by
from awards_app.services.held_rooms import take_room
from awards_app.services.journal import write_entry

NOTE_LIMIT = 4000


class NoteIsTooLong(InputIsInvalid):
    """The note on a file is longer than its limit."""

    sentence = N_("Cette note est trop longue : %(limit)s signes au plus.")


def move_discussion(holder: Holder, round_key: str, candidacy_key: str | None, now: datetime) -> None:
    """Go to a file, or (None) leave the one in discussion; the file that is left counts as discussed.

    Moving to where the discussion already stands changes nothing. Raises `DoesNotExist` for a file of another jury.
    """
    with atomic():
        room, row = take_room(holder, round_key, Permission.PROPOSE_DECISION, now)
        if candidacy_key is not None:
            _check_leads(room, _theme_of(row, candidacy_key))
        discussion = _held(row.id)
        left = discussion.candidacy_key
        if left == candidacy_key:
            return
        if left is not None and left not in discussion.done:
            discussion.done = [*discussion.done, left]
        discussion.done = [key for key in discussion.done if key != candidacy_key]
        discussion.candidacy_key, discussion.moved_at = candidacy_key, now
        discussion.version += 1
        write_entry(
            holder,
            "move_discussion",
            "round",
            round_key,
            now,
            round_id=row.id,
            detail={"candidacy": candidacy_key},
        )


def arrange_discussion(holder: Holder, round_key: str, order: Sequence[str], now: datetime) -> None:
    """Keep the chair's own order of files; none goes back to the computed one."""
    with atomic():
        _room, row = take_room(holder, round_key, Permission.PROPOSE_DECISION, now)
        judged = judged_by(row.id, is_national=row.region_code is None)
        known = set(db.session.scalars(select(Candidacy.key).where(*judged)))
        if not set(order) <= known:
            raise DoesNotExist
        discussion = _held(row.id)
        discussion.arranged = list(dict.fromkeys(order))
        discussion.version += 1
        detail = {"files": len(discussion.arranged)}
        write_entry(holder, "arrange_discussion", "round", round_key, now, round_id=row.id, detail=detail)


def note_discussion(
    holder: Holder, round_key: str, candidacy_key: str, body: str, now: datetime, *, in_minutes: bool
) -> None:
    """Keep the chair's note on a file, in the minutes if asked. Raises `NoteIsTooLong`."""
    with atomic():
        room, row = take_room(holder, round_key, Permission.WRITE_MINUTES, now)
        _check_leads(room, _theme_of(row, candidacy_key))
        text = clean_text(body).strip()
        if count_signs(text) > NOTE_LIMIT:
            raise NoteIsTooLong({"body": NoteIsTooLong.sentence % {"limit": NOTE_LIMIT}}, limit=NOTE_LIMIT)
        discussion = _held(row.id)
        kept = {key: note for key, note in discussion.notes.items() if key != candidacy_key}
        discussion.notes = {**kept, candidacy_key: {"body": text, "in_minutes": in_minutes}} if text else kept
        detail = {"candidacy": candidacy_key, "in_minutes": in_minutes}
        write_entry(holder, "note_discussion", "round", round_key, now, round_id=row.id, detail=detail)


def record_absences(
    holder: Holder, round_key: str, candidacy_key: str, seat_keys: Sequence[str], now: datetime
) -> None:
    """Note who, present at the session, is out of the room for one file besides those who stand aside."""
    with atomic():
        room, row = take_room(holder, round_key, Permission.WRITE_MINUTES, now)
        _check_leads(room, _theme_of(row, candidacy_key))
        live = set(
            db.session.scalars(select(Seat.key).where(Seat.round_id == row.id, Seat.left_at.is_(None)))
        )
        if not set(seat_keys) <= live:
            raise DoesNotExist
        discussion = _held(row.id)
        kept = {key: seats for key, seats in discussion.absences.items() if key != candidacy_key}
        discussion.absences = {**kept, candidacy_key: sorted(set(seat_keys))} if seat_keys else kept
        discussion.version += 1
        detail = {"candidacy": candidacy_key, "out": len(set(seat_keys))}
        write_entry(holder, "record_absences", "round", round_key, now, round_id=row.id, detail=detail)


def _theme_of(row: Round, candidacy_key: str) -> int:
    theme_id = db.session.scalar(
        select(Candidacy.theme_id).where(
            Candidacy.key == candidacy_key, *judged_by(row.id, is_national=row.region_code is None)
        )
    )
    if theme_id is None:
        raise DoesNotExist
    return theme_id


def _check_leads(room: JuryRoom, theme_id: int) -> None:
    """Raise the matrix's refusal for a file of a theme that another person leads."""
    authorise(Permission.PROPOSE_DECISION, room.round.phase, room.subjects[theme_id])


def _held(round_id: int) -> Discussion:
    """Return the discussion of a round whose row the caller holds."""
    discussion = db.session.get(Discussion, round_id, populate_existing=True)
    if discussion is None:
        discussion = Discussion(round_id=round_id, version=1, arranged=[], absences={}, notes={}, done=[])
        db.session.add(discussion)
    return discussion
