"""A draft that begins with the answers of the structure's last file."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.permissions import Permission
from awards_app.domain.starting_points import NoEarlierFile
from awards_app.queries.starting_points import starting_point_of
from awards_app.services.starting_points import copy_earlier_answers
from awards_app.web.doors import requires
from awards_app.web.moment import the_arrival, the_now
from awards_app.web.people import a_holder
from awards_app.web.structure.closed import answer_both
from awards_app.web.structure.rights import rights_of

blueprint = Blueprint("starting", __name__, url_prefix="/candidatures")
answer_both(blueprint)
Page = str | tuple[str, int] | BaseResponse


@blueprint.get("/<key>/point-de-depart")
@requires(Permission.READ_OWN_CANDIDACY)
def show(key: str) -> Page:
    """Show what the last file would give, and what it would not, before anything is copied."""
    found = starting_point_of(a_holder(), key, the_now())
    if found.start is None:
        raise NoEarlierFile
    return render_template(
        "structure/starting.html",
        draft=found.draft,
        start=found.start,
        left=[(answer.label or answer.code, _(reason)) for answer, reason in found.start.carried.left],
        may=rights_of(found.draft),
    )


@blueprint.post("/<key>/point-de-depart")
@requires(Permission.SAVE_DRAFT)
def copy(key: str) -> BaseResponse:
    """Copy the answers of the last file."""
    copied = copy_earlier_answers(a_holder(), key, the_arrival())
    flash(
        ngettext(
            "%(num)s réponse est reprise. Relisez-la : elle date.",
            "%(num)s réponses sont reprises. Relisez-les : elles datent.",
            copied,
        ),
        "success",
    )
    return redirect(url_for("candidacies.show", key=key), 303)
