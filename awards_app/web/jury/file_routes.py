"""One file beside its grid: reading, marking as one reads, one's own marks, « j’ai terminé »."""

import secrets
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.domain.scoring import Difference, SheetState, SheetWasChanged
from awards_app.queries.reading import OpenFile, open_file
from awards_app.queries.reading import my_marks as marks_of_seat
from awards_app.queries.sheets import find_sheet
from awards_app.services import scoring
from awards_app.services.attachments import read_jury_attachment
from awards_app.web.attached import attached_file
from awards_app.web.doors import requires
from awards_app.web.jury import presenters
from awards_app.web.jury.attachment_routes import reading_of
from awards_app.web.jury.forms import SheetInput, read_field, read_sheet, sent_values
from awards_app.web.jury.kept import may_be_kept
from awards_app.web.languages import time_in_words
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of

blueprint = Blueprint("jury_file", __name__, url_prefix="/jury")
Page = str | tuple[str, int] | Response
# Stands for the reader's seat in the addresses of a copy that is drawn once for all its readers.
ANY_SEAT = secrets.token_hex(16)


@blueprint.get("/<seat_key>/candidatures/<candidacy_key>", endpoint="file")
@requires(Permission.READ_CANDIDACY)
def file_page(seat_key: str, candidacy_key: str) -> Page:
    """Show the file and its grid side by side."""
    file = open_file(a_holder(), seat_key, candidacy_key, the_now())
    return may_be_kept(_file_page(file), file.sheet.phase)


@blueprint.post("/<seat_key>/candidatures/<candidacy_key>/noter")
@requires(Permission.RECORD_SCORESHEET)
def record(seat_key: str, candidacy_key: str) -> Page | tuple[Response, int]:
    """Save one field as it changes, or the whole sheet."""
    holder, now = a_holder(), the_now()
    values = sent_values(request)
    if "field" in values:
        return _record_field(seat_key, candidacy_key, values)
    sent = read_sheet(values)
    try:
        if sent.errors:
            raise InputIsInvalid(sent.errors)
        saved = _save(seat_key, candidacy_key, sent)
    except InputIsInvalid as refusal:
        if request.is_json:
            raise
        file = open_file(holder, seat_key, candidacy_key, now)
        return _file_page(file, values, errors=refusal.errors), 422
    except SheetWasChanged as refusal:
        if request.is_json:
            raise
        file = open_file(holder, seat_key, candidacy_key, now)
        return _file_page(file, values, differences=refusal.differences), 409
    flash(_("Enregistré à %(time)s.", time=time_in_words(now, saved.zone)), "success")
    target = _following(seat_key, candidacy_key) if values.get("suite") == "suivant" else candidacy_key
    if target is None:
        return redirect(url_for("jury.seat", seat_key=seat_key), 303)
    return redirect(url_for("jury_file.file", seat_key=seat_key, candidacy_key=target), 303)


def _record_field(seat_key: str, candidacy_key: str, values: dict[str, Any]) -> tuple[Response, int]:
    sent = read_field(values)
    if sent is None:
        raise DoesNotExist
    try:
        if sent.errors:
            find_sheet(a_holder(), seat_key, candidacy_key, the_now())
            raise InputIsInvalid(sent.errors)
        saved = _save(seat_key, candidacy_key, sent)
    except InputIsInvalid as refusal:
        errors = {name: sentence_of(words) for name, words in refusal.errors.items()}
        return jsonify(message=next(iter(errors.values())), errors=errors), 422
    except SheetWasChanged as refusal:
        return jsonify(_conflict(refusal)), 409
    version = next(iter((saved.mark_versions or saved.tokens).values()))
    return jsonify(saved_at_text=time_in_words(saved.saved_at, saved.zone), version=str(version)), 200


def _conflict(refusal: SheetWasChanged) -> dict[str, str]:
    difference = next(iter(refusal.differences.values()))
    return {
        "message": sentence_of(refusal),
        "yours": difference.yours,
        "theirs": difference.theirs,
        "theirs_text": presenters.level_words(difference.theirs, {})
        if difference.theirs in ("", "none")
        else difference.theirs,
        "version": difference.version,
    }


def _save(seat_key: str, candidacy_key: str, sent: SheetInput) -> scoring.SavedSheet:
    return scoring.record_scoresheet(
        a_holder(),
        seat_key,
        candidacy_key,
        sent.marks,
        the_now(),
        private_note=sent.notes.get("private_note"),
        shared_comment=sent.notes.get("shared_comment"),
        seen=sent.seen,
    )


def _following(seat_key: str, candidacy_key: str) -> str | None:
    return open_file(a_holder(), seat_key, candidacy_key, the_now()).following


def _file_page(
    file: OpenFile,
    typed: dict[str, Any] | None = None,
    *,
    errors: dict[str, str] | None = None,
    differences: dict[str, Difference] | None = None,
) -> str:
    sheet = file.sheet
    fields = presenters.criterion_fields(file, typed, errors, differences)
    notes = presenters.note_fields(file, typed, errors, differences)
    problems = [(f"#{one.name}", f"{one.label} : {one.error}") for one in fields if one.error]
    problems += [(f"#{note.name}", note.error) for note in notes.values() if note.error]
    editable = sheet.phase is Phase.SCORING and sheet.final_at is None and sheet.finished_at is None
    onward = url_for("jury.seat", seat_key=sheet.seat_key)
    if file.following:
        onward = url_for("jury_file.file", seat_key=sheet.seat_key, candidacy_key=file.following)
    return render_template(
        "jury/file.html",
        file=file,
        onward=onward,
        account=a_holder().key,
        sheet=sheet,
        copy=file.copy,
        fields=fields,
        notes=notes,
        problems=problems,
        changed=bool(differences),
        editable=editable and sheet.function != "secretary",
        criteria={one.code: one.name for one in file.criteria},
        known_criteria=tuple((one.code, one.name) for one in file.criteria),
        any_seat=ANY_SEAT,
        reading=reading_of(ANY_SEAT, sheet.candidacy_key, has_files=bool(file.copy.attachments)),
        saved_at=time_in_words(sheet.saved_at, sheet.zone) if sheet.saved_at else None,
    )


@blueprint.post("/<seat_key>/candidatures/<candidacy_key>/plus-tard")
@requires(Permission.RECORD_SCORESHEET)
def later(seat_key: str, candidacy_key: str) -> Response:
    """Put the file off and go on to the next one."""
    holder, now = a_holder(), the_now()
    following = open_file(holder, seat_key, candidacy_key, now).following
    scoring.set_later(holder, seat_key, candidacy_key, now, is_later=True)
    flash(_("Mis de côté : ce dossier vous attend dans la liste."), "success")
    if following is None:
        return redirect(url_for("jury.seat", seat_key=seat_key), 303)
    return redirect(url_for("jury_file.file", seat_key=seat_key, candidacy_key=following), 303)


@blueprint.post("/<seat_key>/candidatures/<candidacy_key>/final")
@requires(Permission.FINISH_SCORESHEET)
def final(seat_key: str, candidacy_key: str) -> Response:
    """Make the sheet final; only the chair reopens it."""
    scoring.finish_scoresheet(a_holder(), seat_key, candidacy_key, the_now())
    flash(_("Fiche rendue définitive."), "success")
    return redirect(url_for("jury_file.file", seat_key=seat_key, candidacy_key=candidacy_key), 303)


@blueprint.get("/<seat_key>/candidatures/<candidacy_key>/pieces/<attachment_key>")
@requires(Permission.READ_ATTACHMENT)
def attachment(seat_key: str, candidacy_key: str, attachment_key: str) -> Response:
    """Send an attachment of a file that is open to the juror."""
    served = read_jury_attachment(a_holder(), seat_key, candidacy_key, attachment_key, the_now())
    return attached_file(served)


@blueprint.get("/<seat_key>/mes-notes")
@requires(Permission.READ_OWN_SCORESHEET)
def my_marks(seat_key: str) -> Page:
    """Show one's own marks side by side before closing."""
    mine = marks_of_seat(a_holder(), seat_key, the_now())
    return render_template(
        "jury/my_marks.html",
        mine=mine,
        seat=mine.seat,
        left=sum(file.line.state is not SheetState.DONE for own in mine.files.values() for file in own),
        chart=[
            {"label": str(level), "value": count, "text": str(count), "low": None, "high": None, "kind": ""}
            for level, count in sorted(mine.given.items())
        ],
        tabs=presenters.seat_tabs(seat_key, mine.seat.function, mine.seat.phase, "jury_file.my_marks"),
        presenters=presenters,
    )


@blueprint.post("/<seat_key>/termine")
@requires(Permission.FINISH_SCORESHEET)
def finish(seat_key: str) -> Response:
    """Say « j’ai terminé », or take it back."""
    if request.form.get("reprendre"):
        scoring.resume_seat(a_holder(), seat_key, the_now())
        flash(_("Vos fiches sont de nouveau ouvertes."), "success")
    else:
        scoring.finish_seat(a_holder(), seat_key, the_now())
        flash(_("Merci. Vous pouvez encore revenir sur vos notes jusqu’au verrouillage."), "success")
    return redirect(url_for("jury.seat", seat_key=seat_key), 303)
