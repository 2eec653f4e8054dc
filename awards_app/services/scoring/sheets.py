"""Saving a scoresheet: the busiest write of the platform, in Core statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from awards_app.database import atomic, db, is_postgresql, run
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject, authorise
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.domain.scoring import (
    NOTE_LIMIT,
    REASON_LIMIT,
    Difference,
    LevelIsInvalid,
    MarkInput,
    ReasonIsTooLong,
    ScoringIsLocked,
    SeatHasFinished,
    SheetIsFinal,
    SheetIsIncomplete,
    SheetIsNotOpen,
    SheetWasChanged,
    StoredMark,
    check_level,
    detail_of,
    text_token,
)
from awards_app.domain.text import TextIsInvalid, clean_text, count_signs
from awards_app.models.scoring import Scoresheet
from awards_app.queries.sheets import OpenSheet, find_sheet
from awards_app.services.journal import write_entry
from awards_app.services.scoring.statements import touch_sheet, write_mark

NOTES = ("private_note", "shared_comment")


@dataclass(frozen=True, slots=True)
class SavedSheet:
    """What a save leaves: the sheet's version, and those of the fields that were sent."""

    version: int
    saved_at: datetime
    mark_versions: dict[str, int]
    tokens: dict[str, str]
    zone: str


def record_scoresheet(
    holder: Holder,
    seat_key: str,
    candidacy_key: str,
    marks: Mapping[str, MarkInput],
    now: datetime,
    *,
    version: int | None = None,
    private_note: str | None = None,
    shared_comment: str | None = None,
    seen: Mapping[str, str] | None = None,
) -> SavedSheet:
    """Save marks by criterion code, and the notes that are given, on the person's own sheet.

    ``version`` is the sheet's as the writer saw it, ``seen`` the tokens of the notes they read; each is compared when
    given. Raises `SheetWasChanged` with both texts, `InputIsInvalid` by field, `ScoringIsLocked`, `SheetIsFinal`,
    `SeatHasFinished`, `SheetIsNotOpen`, or the matrix's refusal.
    """
    with atomic():
        sheet = open_for_writing(holder, seat_key, candidacy_key, now)
        texts = _clean_texts({"private_note": private_note, "shared_comment": shared_comment})
        given = _clean_marks(sheet, marks)
        _refuse_stale(sheet, given, texts, version, seen or {})
        if not given and not texts:
            # Nothing was sent: the sheet is not begun, nor is its version another.
            return SavedSheet(sheet.version, now, {}, {}, sheet.zone)
        sheet_id, number = _write_sheet(sheet, texts, now)
        if number != sheet.version + 1:
            # Another request saved between our reading and our row: read again, now that the row is held.
            sheet = find_sheet(holder, seat_key, candidacy_key, now)
            _refuse_stale(sheet, given, texts, version, seen or {})
        # A save that comes twice, because its answer was lost, is one save.
        given = {code: mark for code, mark in given.items() if _changes(sheet.marks[code], mark)}
        versions = _write_marks(sheet, sheet_id, given, now)
        if given:
            write_entry(
                holder,
                "record_scoresheet",
                "scoresheet",
                candidacy_key,
                now,
                round_id=sheet.round_id,
                detail={"seat": seat_key, "version": number, "criteria": sorted(given)},
            )
        tokens = {name: text_token(text) for name, text in texts.items()}
        kept = {code: sheet.marks[code].version for code in marks}
        return SavedSheet(number, now, kept | versions, tokens, sheet.zone)


def open_for_writing(
    holder: Holder,
    seat_key: str,
    candidacy_key: str,
    now: datetime,
    permission: Permission = Permission.RECORD_SCORESHEET,
) -> OpenSheet:
    """Return the person's own sheet, held against the lock, if it may change now."""
    sheet = find_sheet(holder, seat_key, candidacy_key, now, hold=True)
    if sheet.phase > Phase.SCORING and sheet.subjects & {Subject.JUROR, Subject.CHAIR}:
        raise ScoringIsLocked
    authorise(permission, sheet.phase, sheet.subjects)
    if sheet.function == "secretary":
        raise DoesNotExist
    if not sheet.is_open:
        raise SheetIsNotOpen
    if sheet.set_aside_at is not None:
        raise DoesNotExist
    if sheet.final_at is not None:
        raise SheetIsFinal
    if sheet.finished_at is not None:
        raise SeatHasFinished
    return sheet


def set_later(holder: Holder, seat_key: str, candidacy_key: str, now: datetime, *, is_later: bool) -> None:
    """Put a file off until later, or take it back."""
    with atomic():
        sheet = open_for_writing(holder, seat_key, candidacy_key, now)
        sheet_id, _number = _write_sheet(sheet, {}, now)
        db.session.execute(update(Scoresheet).where(Scoresheet.id == sheet_id).values(is_later=is_later))


def finish_scoresheet(holder: Holder, seat_key: str, candidacy_key: str, now: datetime) -> None:
    """Make the person's sheet final; raise `SheetIsIncomplete` while a criterion or a required reason is missing."""
    with atomic():
        sheet = open_for_writing(holder, seat_key, candidacy_key, now, Permission.FINISH_SCORESHEET)
        detail = detail_of(sheet.marks, sheet.top_level)
        if not detail.is_complete or sheet.id is None:
            raise SheetIsIncomplete(count=len({*detail.unanswered, *detail.without_reason}))
        db.session.execute(
            update(Scoresheet)
            .where(Scoresheet.id == sheet.id)
            .values(final_at=now, is_later=False, version=Scoresheet.version + 1)
        )
        write_entry(
            holder,
            "finish_scoresheet",
            "scoresheet",
            candidacy_key,
            now,
            round_id=sheet.round_id,
            detail={"seat": seat_key},
        )


def _clean_texts(texts: Mapping[str, str | None]) -> dict[str, str]:
    errors = {}
    cleaned = {}
    for name, text in texts.items():
        if text is None:
            continue
        try:
            cleaned[name] = clean_text(text)
        except TextIsInvalid as refusal:
            errors[name] = refusal.sentence
            continue
        if count_signs(cleaned[name]) > NOTE_LIMIT:
            errors[name] = str(ReasonIsTooLong(limit=NOTE_LIMIT))
    if errors:
        raise InputIsInvalid(errors)
    return cleaned


def _clean_marks(sheet: OpenSheet, marks: Mapping[str, MarkInput]) -> dict[str, MarkInput]:
    errors: dict[str, str] = {}
    cleaned = {}
    for code, mark in marks.items():
        if code not in sheet.criteria:
            raise DoesNotExist
        try:
            check_level(mark, sheet.top_level)
            reason = None if mark.reason is None else clean_text(mark.reason).strip()
        except (LevelIsInvalid, TextIsInvalid) as refusal:
            errors[f"mark-{code}"] = str(refusal)
            continue
        if reason is not None and count_signs(reason) > REASON_LIMIT:
            errors[f"mark-{code}"] = str(ReasonIsTooLong(limit=REASON_LIMIT))
        cleaned[code] = MarkInput(mark.level, mark.cannot_judge, reason, mark.version)
    if errors:
        raise InputIsInvalid(errors)
    return cleaned


def merged(stored: StoredMark, mark: MarkInput) -> StoredMark:
    """Return what the mark will be: what is given over what is kept."""
    return StoredMark(
        level=mark.level if mark.has_answer else stored.level,
        cannot_judge=mark.cannot_judge if mark.has_answer else stored.cannot_judge,
        reason=stored.reason if mark.reason is None else mark.reason,
        version=stored.version,
    )


def _changes(stored: StoredMark, mark: MarkInput) -> bool:
    after = merged(stored, mark)
    return (after.value, after.reason) != (stored.value, stored.reason)


def _refuse_stale(
    sheet: OpenSheet,
    marks: Mapping[str, MarkInput],
    texts: Mapping[str, str],
    version: int | None,
    seen: Mapping[str, str],
) -> None:
    """Raise `SheetWasChanged` where the writer did not see what they would replace, and it differs."""
    stale_sheet = version is not None and version != sheet.version
    differences = {}
    for code, mark in marks.items():
        stored = sheet.marks[code]
        stale = stale_sheet if mark.version is None else mark.version != stored.version
        after = merged(stored, mark)
        if stale and _changes(stored, mark):
            if after.value != stored.value:
                differences[f"mark-{code}"] = Difference(after.value, stored.value, str(stored.version))
            # A line written where there is none replaces nothing.
            if stored.reason and after.reason != stored.reason:
                differences[f"mark-{code}-reason"] = Difference(
                    after.reason, stored.reason, str(stored.version)
                )
    for name, text in texts.items():
        kept = str(getattr(sheet, name))
        stale = seen[name] != text_token(kept) if name in seen else stale_sheet
        if stale and kept and text != kept:
            differences[name] = Difference(text, kept, text_token(kept))
    if differences:
        raise SheetWasChanged(differences)


def _insert(table: Any) -> Any:
    return postgresql.insert(table) if is_postgresql() else sqlite.insert(table)


def _write_sheet(sheet: OpenSheet, texts: Mapping[str, str], now: datetime) -> tuple[int, int]:
    """Write the sheet's row, made if there is none, and return its identifier and new version."""
    if sheet.id is not None:
        values = {"sheet_id": sheet.id, "saved_at": now, **texts}
        row = run(touch_sheet(tuple(sorted(texts))), values).one()
        return row.id, row.version
    statement = _insert(Scoresheet).values(
        seat_id=sheet.seat_id,
        candidacy_id=sheet.candidacy_id,
        round_id=sheet.round_id,
        created_at=now,
        saved_at=now,
        **{name: texts.get(name, "") for name in NOTES},
    )
    row = db.session.execute(
        statement.on_conflict_do_update(
            index_elements=[Scoresheet.seat_id, Scoresheet.candidacy_id],
            set_={"version": Scoresheet.version + 1, "saved_at": now, "is_later": False, **texts},
        ).returning(Scoresheet.id, Scoresheet.version)
    ).one()
    return row.id, row.version


def _write_marks(
    sheet: OpenSheet, sheet_id: int, marks: Mapping[str, MarkInput], now: datetime
) -> dict[str, int]:
    if not marks:
        return {}
    rows = []
    for code, mark in marks.items():
        after = merged(sheet.marks[code], mark)
        rows.append(
            {
                "scoresheet_id": sheet_id,
                "criterion_id": sheet.criteria[code],
                "level": after.level,
                "cannot_judge": after.cannot_judge,
                "reason": after.reason,
                "version": after.version + 1,
                "saved_at": now,
            }
        )
    run(write_mark(db.engine.dialect.name), rows if len(rows) > 1 else rows[0])
    return {code: sheet.marks[code].version + 1 for code in marks}
