"""A file sent up, by its own people: the copy that was judged, and what they add beside it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from awards_app.domain.national import NOTE_LIMIT, NOTES, PIECE_FORMATS, PIECE_MIB, PIECES
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, Refusal
from awards_app.queries.national_entries import own_entry
from awards_app.services.national_additions import add_note, add_piece
from awards_app.web.doors import requires
from awards_app.web.languages import closing_in_words
from awards_app.web.moment import the_arrival
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of

blueprint = Blueprint("national_entry", __name__, url_prefix="/candidatures/<key>/national")
Page = str | tuple[str, int] | Response


@blueprint.get("")
@requires(Permission.READ_OWN_CANDIDACY)
def show(key: str) -> str:
    """Show what the national jury reads, and what may still be added."""
    return _page(key)


def _page(key: str, errors: dict[str, str] | None = None) -> str:
    entry = own_entry(a_holder(), key, the_arrival())
    pieces = sum(line.attachment_key is not None for line in entry.additions)
    return render_template(
        "structure/national.html",
        entry=entry,
        key=key,
        closes=closing_in_words(entry.closes_at, entry.zone) if entry.closes_at else "",
        pieces_left=PIECES - pieces,
        notes_left=NOTES - (len(entry.additions) - pieces),
        formats=PIECE_FORMATS,
        limit_mib=PIECE_MIB,
        note_limit=NOTE_LIMIT,
        errors=errors or {},
        typed=request.form,
    )


@blueprint.post("/note")
@requires(Permission.READ_OWN_CANDIDACY)
def note(key: str) -> Page:
    """Add a note."""
    try:
        add_note(a_holder(), key, request.form.get("note", ""), the_arrival())
    except InputIsInvalid as refusal:
        return _page(key, {name: sentence_of(words) for name, words in refusal.errors.items()}), 422
    flash(_("Votre note est jointe au dossier."), "success")
    return redirect(url_for("national_entry.show", key=key), 303)


@blueprint.post("/pieces")
@requires(Permission.READ_OWN_CANDIDACY)
def piece(key: str) -> Page:
    """Add a piece."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(key, {"file": _("Choisissez un fichier.")}), 422
    with file.stream as stream:
        content = stream.read()
    try:
        add_piece(a_holder(), key, file.filename, content, the_arrival())
    except Refusal as refusal:
        if isinstance(refusal, DoesNotExist) or refusal.status not in (409, 413, 415, 422):
            raise
        return _page(key, {"file": sentence_of(refusal)}), refusal.status
    flash(_("Votre fichier est joint au dossier."), "success")
    return redirect(url_for("national_entry.show", key=key), 303)
