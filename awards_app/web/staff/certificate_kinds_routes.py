"""The kinds of certificates of an edition: what each is, its words, its specimen."""

from base64 import b64encode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from awards_app.domain.certificate_kinds import (
    BASIS_LABELS,
    DESIGNS,
    FROM_PHASES,
    MEANINGS,
    WRITTEN_LIMIT,
    KindIsInvalid,
    KindLine,
    samples_of,
)
from awards_app.domain.permissions import Permission
from awards_app.queries.certificate_kinds import KindDesk
from awards_app.services import certificate_kinds as kinds
from awards_app.web.doors import requires, signed_in
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder

blueprint = Blueprint(
    "certificate_kinds", __name__, url_prefix="/coordination/editions/<int(fixed_digits=4):year>/certificats"
)
Page = str | tuple[str, int] | Response
READING = "the query opens the kinds to people with a staff role"


class KindForm(FlaskForm):
    """What a kind is, and its three texts."""

    label = StringField(_l("Nom du document"))
    issuer_line = TextAreaField(_l("Phrase avant le nom"))
    distinction = TextAreaField(_l("Ce qui est attesté, sous le nom"))
    body = TextAreaField(_l("Paragraphe"), [Optional()])
    design = RadioField(_l("Présentation"), validate_choice=False)
    from_phase = RadioField(_l("Établi"), validate_choice=False)
    is_given = BooleanField(_l("Ce document est établi pour cette édition."))

    def __init__(self, *arguments: object, **values: object) -> None:
        super().__init__(*arguments, **values)
        self.design.choices = [(code, _(words)) for code, words in DESIGNS.items()]
        self.from_phase.choices = [(code, _(words)) for code, words in FROM_PHASES.items()]


@blueprint.get("")
@signed_in(READING)
def home(year: int) -> str:
    """List the kinds."""
    desk, lines = kinds.kinds_page(a_holder(), year)
    return render_template(
        "staff/certificate_kinds.html",
        desk=desk,
        lines=lines,
        basis=BASIS_LABELS,
        designs=DESIGNS,
        moments=FROM_PHASES,
    )


@blueprint.get("/<code>")
@signed_in(READING)
def kind(year: int, code: str) -> Page:
    """Show one kind with its words and its specimen."""
    desk, line = kinds.kind_page(a_holder(), year, code)
    return _page(desk, line, KindForm(formdata=None, obj=line), url_for(".picture", year=year, code=code))


@blueprint.post("/<code>")
@requires(Permission.CHANGE_WORDING)
def change(year: int, code: str) -> Page:
    """Keep a kind, or only show how it would print."""
    form = KindForm()
    values = {name: str(form[name].data or "") for name in ("label", "design", "from_phase", *kinds.TEXTS)}
    try:
        if "apercu" in request.form:
            desk, typed = kinds.tried_kind(a_holder(), year, code, values, is_given=bool(form.is_given.data))
            return _page(desk, typed, form, _inline(kinds.specimen_picture(typed, the_now())))
        kinds.change_kind(a_holder(), year, code, values, the_now(), is_given=bool(form.is_given.data))
    except KindIsInvalid as refusal:
        for name, sentence in refusal.errors.items():
            form[name].errors = [_(sentence, **refusal.places.get(name, {}))]
        desk, line = kinds.kind_page(a_holder(), year, code)
        return _page(desk, line, form, url_for(".picture", year=year, code=code)), 422
    flash(_("Le document est enregistré. Ceux déjà commandés gardent leurs mots."), "success")
    return redirect(url_for(".home", year=year), 303)


@blueprint.get("/<code>/specimen.pdf")
@signed_in(READING)
def paper(year: int, code: str) -> Response:
    """Give the specimen of a kind as it stands."""
    _desk, line = kinds.kind_page(a_holder(), year, code)
    headers = {"Content-Disposition": f'inline; filename="specimen-{line.code}.pdf"'}
    return Response(kinds.specimen(line, the_now()), mimetype="application/pdf", headers=headers)


@blueprint.get("/<code>/specimen.png")
@signed_in(READING)
def picture(year: int, code: str) -> Response:
    """Give the picture of the specimen of a kind as it stands."""
    _desk, line = kinds.kind_page(a_holder(), year, code)
    return Response(kinds.specimen_picture(line, the_now()) or b"", mimetype="image/png")


def _inline(picture: bytes | None) -> str:
    return "data:image/png;base64," + b64encode(picture).decode("ascii") if picture else ""


def _page(desk: KindDesk, line: KindLine, form: KindForm, address: str) -> str:
    samples = samples_of(line.basis)
    return render_template(
        "staff/certificate_kind.html",
        desk=desk,
        line=line,
        form=form,
        address=address,
        who=_(BASIS_LABELS[line.basis]),
        words=[(word, _(MEANINGS[word]), samples[word]) for word in line.words],
        limit=WRITTEN_LIMIT,
    )
