"""The journal for staff: read it, check that it is whole, take it away."""

from datetime import UTC, datetime
from operator import itemgetter
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _

from awards_app.domain.permissions import Permission
from awards_app.queries.journal import journal_page
from awards_app.services import journal_export
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.staff.journal_words import act_in_words

blueprint = Blueprint("staff_journal", __name__, url_prefix="/coordination/journal")


@blueprint.get("")
@requires(Permission.READ_JOURNAL)
def journal() -> str:
    """Show the journal of one's scope, filtered."""
    holder = a_holder()
    chosen = {name: request.args.get(name, "").strip()[:64] for name in ("acte", "objet", "du", "au")}
    found = journal_page(
        holder,
        page=request.args.get("page", 1, type=int),
        act=chosen["acte"],
        about=chosen["objet"],
        since=_day(chosen["du"]),
        until=_day(chosen["au"]),
    )
    here = url_for("staff_journal.journal")
    kept = {name: value for name, value in chosen.items() if value}
    return render_template(
        "staff/journal.html",
        found=found,
        chosen=chosen,
        acts=[("", _("tous")), *sorted(((act, act_in_words(act)) for act in found.acts), key=itemgetter(1))],
        words=act_in_words,
        href_for=lambda page: f"{here}?{urlencode({**kept, 'page': page})}",
        may_verify=holder.is_national_staff or holder.is_auditor,
    )


@blueprint.get("/verification")
@requires(Permission.VERIFY_JOURNAL)
def verification() -> str:
    """Recompute the chain and show the verdict."""
    return render_template("staff/journal_check.html", verdict=journal_export.check(a_holder()))


@blueprint.get("/tetes.json")
@requires(Permission.VERIFY_JOURNAL)
def heads() -> Response:
    """Send the head of the chain, to be kept elsewhere."""
    return jsonify(journal_export.head(a_holder(), the_now()))


@blueprint.get("/export.jsonl")
@requires(Permission.VERIFY_JOURNAL)
def export() -> Response:
    """Send the whole journal as JSON lines; the export itself is journaled."""
    lines = journal_export.export_journal(a_holder(), the_now())
    response = Response(stream_with_context(lines), content_type="application/jsonl; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="journal.jsonl"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) if text else None
    except ValueError:
        return None
