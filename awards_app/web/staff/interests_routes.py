"""The register of ties of a jury, to read, filter, print and take away."""

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from awards_app.domain.csv_cells import csv_lines
from awards_app.domain.interests import Verdict
from awards_app.domain.permissions import Permission
from awards_app.domain.text import sort_key
from awards_app.queries.interests import Register, RegisterLine, interests_register
from awards_app.web.doors import requires
from awards_app.web.languages import instant_in_words
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.staff import juries_presenters as presenters

blueprint = Blueprint("staff_interests", __name__, url_prefix="/coordination/<round_key>/liens")


@blueprint.get("/registre")
@requires(Permission.READ_INTEREST)
def register(round_key: str) -> str:
    """Show every declaration in force, those that answer the filter."""
    found = interests_register(a_holder(), round_key, the_now())
    wanted, verdict = _asked()
    return render_template(
        "staff/interest_register.html",
        facts=found.room.round,
        lines=_answering(found, wanted, verdict),
        total=len(found.lines),
        wanted=wanted,
        verdict=verdict,
        verdicts=_verdicts(),
        source=_source,
        export=url_for(
            "staff_interests.export", round_key=round_key, q=wanted or None, reponse=verdict or None
        ),
        presenters=presenters,
    )


@blueprint.get("/registre.csv")
@requires(Permission.READ_INTEREST)
def export(round_key: str) -> Response:
    """Send the same lines as a table."""
    found = interests_register(a_holder(), round_key, the_now())
    facts = found.room.round
    words = _verdicts()
    header = [
        _("Personne"),
        _("Structure"),
        _("Candidature"),
        _("Réponse"),
        _("Motif"),
        _("Source"),
        _("Depuis"),
    ]
    rows = [
        (
            line.juror,
            line.structure,
            line.title,
            words[line.verdict],
            line.reason,
            _source(line),
            instant_in_words(line.declared_at, facts.zone),
        )
        for line in _answering(found, *_asked())
    ]
    response = Response("".join(csv_lines(header, rows)), content_type="text/csv; charset=utf-8")
    name = f"registre-des-liens-{facts.year}-{facts.region_code or 'national'}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked() -> tuple[str, str]:
    verdict = request.args.get("reponse", "")
    return request.args.get("q", "")[:200], verdict if verdict in _verdicts() else ""


def _answering(found: Register, wanted: str, verdict: str) -> list[RegisterLine]:
    words = sort_key(wanted)
    return [
        line
        for line in found.lines
        if verdict in ("", line.verdict) and words in sort_key(f"{line.juror} {line.structure} {line.title}")
    ]


def _verdicts() -> dict[str, str]:
    return {
        Verdict.RECUSED.value: _("déport"),
        Verdict.UNSURE.value: _("à trancher"),
        Verdict.NONE.value: _("aucun lien"),
    }


def _source(line: RegisterLine) -> str:
    """Return who said so: a fact, the person, or the chamber."""
    if line.is_automatic:
        return _("constaté")
    return _("déclaré par la personne") if line.declared_by_self else _("déclaré pour elle")
