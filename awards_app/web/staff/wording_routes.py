"""The texts of letters that a chamber signs, and of its reasons: read, written again, put back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.permissions import Permission
from awards_app.domain.wordings import WordingHasChanged, WordingIsInvalid
from awards_app.services import wordings
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.staff.admissibility_forms import WordingForm

blueprint = Blueprint("staff_wordings", __name__, url_prefix="/coordination/<round_key>/formulations")
Page = str | tuple[str, int] | BaseResponse


@blueprint.get("")
@requires(Permission.CHANGE_WORDING)
def texts(round_key: str) -> str:
    """List the letters, then the reasons."""
    found, lines = wordings.editable_texts(a_holder(), round_key, the_now())
    return render_template("staff/wordings.html", round=found.round, lines=lines)


@blueprint.get("/<wording_code>")
@requires(Permission.CHANGE_WORDING)
def text(round_key: str, wording_code: str) -> Page:
    """Show one text."""
    _found, line = wordings.editable_text(a_holder(), round_key, wording_code, the_now())
    return _page(round_key, wording_code, WordingForm(formdata=None, subject=line.subject, body=line.body))


@blueprint.post("/<wording_code>")
@requires(Permission.CHANGE_WORDING)
def change(round_key: str, wording_code: str) -> Page:
    """Keep one text."""
    form = WordingForm()
    try:
        wordings.change_wording(
            a_holder(),
            round_key,
            wording_code,
            form.subject.data or "",
            form.body.data or "",
            the_now(),
            seen=request.form.get("empreinte"),
        )
    except WordingIsInvalid as refusal:
        for name, sentence in refusal.errors.items():
            form[name].errors = [_(sentence)]
        return _page(round_key, wording_code, form, mark=request.form.get("empreinte")), 422
    except WordingHasChanged as refusal:
        return _page(round_key, wording_code, form, met=sentence_of(refusal)), 409
    flash(_("Le texte est enregistré ; les prochains messages le suivront."), "success")
    return redirect(url_for(".texts", round_key=round_key), 303)


@blueprint.post("/<wording_code>/retablir")
@requires(Permission.CHANGE_WORDING)
def restore(round_key: str, wording_code: str) -> Page:
    """Go back to the text the platform came with."""
    wordings.restore_wording(a_holder(), round_key, wording_code, the_now())
    flash(_("Le texte d’origine est rétabli."), "success")
    return redirect(url_for(".texts", round_key=round_key), 303)


def _page(round_key: str, code: str, form: WordingForm, *, mark: str | None = None, met: str = "") -> str:
    found, line = wordings.editable_text(a_holder(), round_key, code, the_now())
    known = {name: f"[{meaning}]" for name, meaning in line.places}
    sample = wordings.sample_of(form.subject.data or "", form.body.data or "", known)
    return render_template(
        "staff/wording.html",
        round=found.round,
        line=line,
        form=form,
        sample=sample,
        mark=mark or line.mark,
        met=met,
    )
