"""A text to many: written, tried on oneself, sent once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.admissibility_acts import TYPED_ABOVE, NumberIsNotTyped
from awards_app.domain.mailings import AUDIENCE_LABELS, PLACES
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import InputIsInvalid
from awards_app.queries.mailings import chamber_of, mailing_of
from awards_app.queries.messages import round_of_messages
from awards_app.services import mailings
from awards_app.services.wordings import sample_of
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.staff.admissibility_forms import ConfirmForm
from awards_app.web.staff.mailing_forms import MailingForm

blueprint = Blueprint("mailings", __name__, url_prefix="/coordination/<round_key>/envois")
Page = str | tuple[str, int] | BaseResponse


@blueprint.get("/nouveau")
@requires(Permission.SEND_BULK_MESSAGE)
def new(round_key: str) -> Page:
    """Show the form of a text to many."""
    form = MailingForm(data={"audience": request.args.get("pour", "filed")})
    return _form_page(round_key, form)


@blueprint.post("/nouveau")
@requires(Permission.SEND_BULK_MESSAGE)
def write(round_key: str) -> Page:
    """Keep a text: nothing leaves."""
    return _kept(round_key, None)


@blueprint.get("/<mailing_key>")
@requires(Permission.SEND_BULK_MESSAGE)
def read(round_key: str, mailing_key: str) -> Page:
    """Show whom a text reaches, and how it reads, before it leaves; afterwards, how far it is."""
    return _mailing_page(round_key, mailing_key)


@blueprint.get("/<mailing_key>/modifier")
@requires(Permission.SEND_BULK_MESSAGE)
def edit(round_key: str, mailing_key: str) -> Page:
    """Show the text again to change it."""
    found = mailing_of(a_holder(), round_key, mailing_key, the_now())
    form = MailingForm(
        data={"audience": found.audience.value, "subject": found.subject, "body": found.body.strip()}
    )
    return _form_page(round_key, form, mailing_key=mailing_key)


@blueprint.post("/<mailing_key>/modifier")
@requires(Permission.SEND_BULK_MESSAGE)
def change(round_key: str, mailing_key: str) -> Page:
    """Keep a changed text."""
    return _kept(round_key, mailing_key)


@blueprint.post("/<mailing_key>/essai")
@requires(Permission.SEND_BULK_MESSAGE)
def try_it(round_key: str, mailing_key: str) -> Page:
    """Send the text to oneself, whatever else the request holds."""
    email = mailings.try_mailing(a_holder(), round_key, mailing_key, the_now())
    flash(_("Un essai part à %(email)s, et à personne d’autre.", email=email), "success")
    return redirect(url_for(".read", round_key=round_key, mailing_key=mailing_key), 303)


@blueprint.post("/<mailing_key>/envoyer")
@requires(Permission.SEND_BULK_MESSAGE)
def send(round_key: str, mailing_key: str) -> Page:
    """Let the text leave, once however often this is pressed."""
    try:
        left = mailings.send_mailing(
            a_holder(), round_key, mailing_key, request.form.get("number", ""), the_now()
        )
    except NumberIsNotTyped as refusal:
        return _mailing_page(round_key, mailing_key, wrong_number=sentence_of(refusal)), 422
    if left:
        flash(_("L’envoi commence : un message par personne."), "success")
    else:
        flash(_("Cet envoi était déjà lancé : rien n’est envoyé deux fois."), "info")
    return redirect(url_for(".read", round_key=round_key, mailing_key=mailing_key), 303)


@blueprint.post("/essai")
@requires(Permission.SEND_BULK_MESSAGE)
def try_wording(round_key: str) -> Page:
    """Send the text of a letter to oneself, whatever else the request holds."""
    code = request.form.get("code", "")
    email = mailings.try_wording(a_holder(), round_key, code, the_now())
    flash(_("Un essai part à %(email)s, et à personne d’autre.", email=email), "success")
    return redirect(url_for("staff_messages.outbox", round_key=round_key), 303)


def _kept(round_key: str, mailing_key: str | None) -> Page:
    form = MailingForm()
    try:
        key = mailings.write_mailing(
            a_holder(),
            round_key,
            form.audience.data or "",
            form.subject.data or "",
            form.body.data or "",
            the_now(),
            mailing_key=mailing_key,
        )
    except InputIsInvalid as refusal:
        form.process(request.form)
        for name, sentence in refusal.errors.items():
            if name in form:
                form[name].errors = [_(sentence)]
        return _form_page(round_key, form, mailing_key=mailing_key), 422
    return redirect(url_for(".read", round_key=round_key, mailing_key=key), 303)


def _form_page(round_key: str, form: MailingForm, *, mailing_key: str | None = None) -> str:
    facts = round_of_messages(a_holder(), round_key, the_now())
    return render_template(
        "staff/mailing_form.html", round=facts, form=form, mailing_key=mailing_key, places=PLACES
    )


def _mailing_page(round_key: str, mailing_key: str, *, wrong_number: str = "") -> str:
    found = mailing_of(a_holder(), round_key, mailing_key, the_now())
    values = {"chamber": chamber_of(found.round.id)}
    if found.first is not None:
        values |= {"person": found.first.name, "structure": found.first.structure}
    return render_template(
        "staff/mailing.html",
        mailing=found,
        sample=sample_of(found.subject, found.body, values),
        label=_(AUDIENCE_LABELS[found.audience]),
        number_form=ConfirmForm(),
        asks_number=found.reach > TYPED_ABOVE,
        wrong_number=wrong_number,
    )
