"""What a candidate adds to a file that was sent up: notes and pieces, each dated; the file as judged never changes."""

from datetime import datetime

from awards_app.adapters import storage
from awards_app.adapters.uploads import cleaned
from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.national import (
    ADDITION,
    NOTE_LIMIT,
    NOTES,
    PIECE_FORMATS,
    PIECE_MIB,
    PIECES,
    AdditionsAreClosed,
    TooManyAdditions,
)
from awards_app.domain.refusals import InputIsInvalid
from awards_app.domain.text import clean_text, count_signs
from awards_app.domain.uploads import check_upload
from awards_app.domain.words import N_
from awards_app.models.candidacies import Attachment, Candidacy
from awards_app.models.editions import FormQuestion
from awards_app.models.national import NationalAddition
from awards_app.queries.national_entries import OwnEntry, own_entry
from awards_app.services.attachment_bytes import sha256_of_bytes, stored
from awards_app.services.attachments import Arrived, new_row, scanned
from awards_app.services.journal import write_entry
from awards_app.services.rounds import lock_round


def add_note(holder: Holder, key: str, note: str, now: datetime) -> str:
    """Add a short note to a file sent up; return its key. Nothing of the file changes.

    Raises `DoesNotExist` for whoever may not know of the entry, `AdditionsAreClosed`, `TooManyAdditions`,
    `InputIsInvalid`.
    """
    with atomic():
        entry = _open(holder, key, now)
        words = clean_text(note).strip()
        if not words:
            raise InputIsInvalid({"note": N_("Écrivez ce que le jury national doit savoir de plus.")})
        if count_signs(words) > NOTE_LIMIT:
            raise InputIsInvalid({"note": N_("Cette note est trop longue : 1 500 signes au plus.")})
        if any(line.note == words for line in entry.additions):
            return next(line.key for line in entry.additions if line.note == words)
        if sum(bool(line.note) for line in entry.additions) >= NOTES:
            raise TooManyAdditions(pieces=PIECES, notes=NOTES)
        return _record(holder, entry, None, words, now)


def add_piece(holder: Holder, key: str, file_name: str, content: bytes, now: datetime) -> str:
    """Parse, clean and keep a piece beside a file sent up; return the attachment's key. The same bytes twice are one.

    Raises what `add_note` does, and the refusals of an upload.
    """
    with atomic():
        entry = _open(holder, key, now)
        _check_room(entry)
    kind = check_upload(content, PIECE_FORMATS, PIECE_MIB)
    scan_state = scanned(content)
    safe = cleaned(content, kind)
    digest = sha256_of_bytes(safe)
    with stored(safe, content) as keys:
        with atomic() as session:
            entry = _open(holder, key, now)
            same = next((line for line in entry.additions if line.sha256 == digest), None)
            if same is None:
                _check_room(entry)
                row = session.get_one(Candidacy, entry.candidacy_id)
                # A piece answers no question of the form: what a row needs of one is its name and who reads it.
                piece = FormQuestion(code=ADDITION, audience="jury", kind="files")
                arrived = Arrived(file_name, kind, safe, content, scan_state)
                attachment = new_row(session, row, piece, arrived, digest, keys, holder, now)
                _record(holder, entry, attachment, "", now)
                return attachment.key
        for unused in keys:
            storage.delete(unused)
    return same.attachment_key or ""


def _open(holder: Holder, key: str, now: datetime) -> OwnEntry:
    entry = own_entry(holder, key, now)
    lock_round(entry.national_id)
    # The national jury may have opened its scoring while this one waited.
    entry = own_entry(holder, key, now)
    if not entry.is_open:
        raise AdditionsAreClosed
    return entry


def _check_room(entry: OwnEntry) -> None:
    if sum(line.attachment_key is not None for line in entry.additions) >= PIECES:
        raise TooManyAdditions(pieces=PIECES, notes=NOTES)


def _record(holder: Holder, entry: OwnEntry, attachment: Attachment | None, note: str, now: datetime) -> str:
    row = NationalAddition(
        entry_id=entry.id,
        attachment_id=attachment.id if attachment else None,
        note=note,
        added_at=now,
        added_by_id=holder.account_id,
    )
    db.session.add(row)
    db.session.flush()
    write_entry(
        holder,
        "add_to_entry",
        "national_entry",
        entry.key,
        now,
        round_id=entry.national_id,
        detail={"addition": row.key, "sha256": attachment.sha256 if attachment else ""},
    )
    return row.key
