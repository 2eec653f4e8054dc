"""What a laureate reads before the publication, once they have accepted the embargo."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import InputIsInvalid
from awards_app.queries.embargo_notices import embargo_reading
from awards_app.services.embargo_notices import accept_embargo
from awards_app.web.doors import requires
from awards_app.web.languages import instant_in_words
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder

blueprint = Blueprint("embargo", __name__, url_prefix="/candidatures/<key>/embargo")


@blueprint.get("")
@requires(Permission.READ_DECISION)
def show(key: str) -> str:
    """Ask to accept the embargo, then show the decision and nothing else of the round."""
    return _page(key)


def _page(key: str, error: str = "") -> str:
    holder, now = a_holder(), the_now()
    found = embargo_reading(holder, key, now)
    return render_template(
        "structure/embargo.html",
        key=key,
        found=found,
        error=error,
        lifts=instant_in_words(found.lifts_at, found.zone) if found.lifts_at else "",
        viewer=holder.email,
        seen_at=instant_in_words(now, found.zone),
    )


@blueprint.post("")
@requires(Permission.READ_DECISION)
def accept(key: str) -> tuple[str, int] | Response:
    """Accept the embargo."""
    try:
        accept_embargo(a_holder(), key, request.form.get("accepted") == "y", the_now())
    except InputIsInvalid as refusal:
        return _page(key, _(refusal.errors["accepted"])), 422
    return redirect(url_for("embargo.show", key=key), 303)
