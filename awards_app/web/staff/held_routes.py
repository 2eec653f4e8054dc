"""The messages of one kind that wait to be read, released together."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.admissibility_acts import TYPED_ABOVE, NumberIsNotTyped
from awards_app.domain.permissions import Permission
from awards_app.queries.held_messages import held_of_kind
from awards_app.services import held_messages
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.staff.admissibility_forms import ConfirmForm

blueprint = Blueprint("held_messages", __name__, url_prefix="/coordination/<round_key>/a-relire")
Page = str | tuple[str, int] | BaseResponse


@blueprint.get("/<kind>")
@requires(Permission.SEND_BULK_MESSAGE)
def review(round_key: str, kind: str) -> Page:
    """Read the messages of a kind that wait."""
    return _review_page(round_key, kind)


@blueprint.post("/<kind>")
@requires(Permission.SEND_BULK_MESSAGE)
def release(round_key: str, kind: str) -> Page:
    """Let them leave."""
    try:
        left = held_messages.release_kind(
            a_holder(),
            round_key,
            kind,
            request.form.get("empreinte", ""),
            request.form.get("number", ""),
            the_now(),
        )
    except NumberIsNotTyped as refusal:
        return _review_page(round_key, kind, wrong_number=sentence_of(refusal)), 422
    if left:
        flash(ngettext("%(num)s message part.", "%(num)s messages partent.", left), "success")
    else:
        flash(_("Plus aucun de ces messages n’attend : rien n’est envoyé deux fois."), "info")
    return redirect(url_for("staff_messages.outbox", round_key=round_key), 303)


def _review_page(round_key: str, kind: str, *, wrong_number: str = "") -> str:
    found = held_of_kind(a_holder(), round_key, kind, the_now())
    return render_template(
        "staff/held_messages.html",
        found=found,
        number_form=ConfirmForm(),
        asks_number=found.count > TYPED_ABOVE,
        wrong_number=wrong_number,
    )
