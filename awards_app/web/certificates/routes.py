"""Certificates: anyone verifies one by its number, its QR code or its file; its structure downloads it."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import StringField

from awards_app.domain.certificates import (
    DAMAGE_SENTENCES,
    LONGEST_TYPED,
    STATE_LABELS,
    State,
    Verification,
    read_number,
)
from awards_app.domain.permissions import Permission
from awards_app.services.certificate_checks import explain
from awards_app.services.certificate_checks import verify as verify_certificate
from awards_app.services.certificates import certificate_file
from awards_app.web.doors import open_to_all, requires
from awards_app.web.limits import limiter
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder

blueprint = Blueprint("certificates", __name__, url_prefix="/certificats")
WHY = "anyone may verify what a certificate says"
OFTEN = "30 per minute; 200 per hour"


class NumberForm(FlaskForm):
    """What is verified: a number, or the file itself."""

    number = StringField(_l("Numéro du certificat"))
    file = FileField(_l("Ou le fichier PDF du certificat"))


@blueprint.get("")
@open_to_all(WHY, Permission.VERIFY_CERTIFICATE)
def verify() -> str:
    """Ask for a number or a file."""
    return render_template("public/certificates.html", form=NumberForm())


@blueprint.post("")
@open_to_all(WHY, Permission.VERIFY_CERTIFICATE)
@limiter.limit(OFTEN)
def answer() -> str | tuple[str, int] | Response:
    """Answer for a file here, for a number at its own address."""
    form = NumberForm()
    sent = form.file.data
    if sent is not None and sent.filename:
        content = sent.read()
        return _page(explain(verify_certificate(content), content), is_file=True)
    typed = (form.number.data or "").strip()
    if not typed:
        form.number.errors = [_("Saisissez un numéro, ou choisissez un fichier.")]
        return render_template("public/certificates.html", form=form), 422
    number = read_number(typed)
    if number is None:
        return _page(verify_certificate(typed[:LONGEST_TYPED]), is_file=False)
    return redirect(url_for("certificates.check", number=number), 303)


@blueprint.get("/<number>")
@open_to_all(WHY, Permission.VERIFY_CERTIFICATE)
@limiter.limit(OFTEN)
def check(number: str) -> str | tuple[str, int]:
    """Say what is public of a certificate, or that its number is unknown."""
    return _page(verify_certificate(number[: LONGEST_TYPED * 2]), is_file=False)


def _page(found: Verification, *, is_file: bool) -> str | tuple[str, int]:
    page = render_template(
        "public/certificate.html",
        found=found,
        label=_("Fichier inconnu")
        if is_file and found.state is State.UNKNOWN
        else _(STATE_LABELS[found.state]),
        damage=_(DAMAGE_SENTENCES[found.damage]) if found.damage else "",
        is_file=is_file,
    )
    return (page, 404) if found.state is State.UNKNOWN else page


@blueprint.get("/<number>/telecharger")
@requires(Permission.DOWNLOAD_CERTIFICATE)
def download(number: str) -> Response:
    """Give the PDF to its structure, or to the chamber."""
    file = certificate_file(a_holder(), number, the_now())
    return Response(
        file.content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )
