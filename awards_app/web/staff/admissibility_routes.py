"""The chamber's desk of admissibility: the queue of a round, one file beside the checklist, the decision."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.advice import Finding
from awards_app.domain.candidacies import ReasonIsMissing
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import InputIsInvalid
from awards_app.queries.admissibility import STATES, ExaminedFile, examined_file, queue_of
from awards_app.queries.editions import edition_of_id, themes_of, wordings_of
from awards_app.services.admissibility import Notice, decide_admissibility
from awards_app.services.attachments import read_attachment
from awards_app.web.attached import attached_file
from awards_app.web.doors import requires
from awards_app.web.languages import day_in_words
from awards_app.web.moment import the_arrival, the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.staff.admissibility_forms import DecisionForm

blueprint = Blueprint("admissibility", __name__, url_prefix="/coordination/<round_key>/recevabilite")
Page = str | tuple[str, int] | BaseResponse
NOTICES = ("send", "hold", "none")


@blueprint.get("")
@requires(Permission.READ_CANDIDACY)
def queue(round_key: str) -> str:
    """List the files of a round by state, theme and name of structure."""
    asked = {name: request.args.get(name, "") for name in ("etat", "thematique", "recherche")}
    state = asked["etat"] if asked["etat"] in STATES else ""
    found = queue_of(
        a_holder(),
        round_key,
        the_now(),
        state=state,
        theme_code=asked["thematique"],
        search=asked["recherche"],
    )
    return render_template(
        "staff/admissibility.html",
        queue=found,
        themes=themes_of(found.round.edition_id),
        asked=asked,
        state=state,
        labels=state_labels(),
    )


@blueprint.get("/<key>")
@requires(Permission.READ_CANDIDACY)
def examine(round_key: str, key: str) -> Page:
    """Show a file beside the checklist."""
    found = examined_file(a_holder(), round_key, key, the_now())
    form = DecisionForm()
    if found.decision is not None:
        form.verdict.data = found.decision.verdict
        form.reason.data = found.decision.reason
    return _file_page(found, form)


@blueprint.post("/<key>")
@requires(Permission.DECIDE_ADMISSIBILITY)
def decide(round_key: str, key: str) -> Page:
    """Decide, with a reason."""
    holder = a_holder()
    found = examined_file(holder, round_key, key, the_now())
    form = DecisionForm()
    notice: Notice = form.notice.data if form.notice.data in NOTICES else "send"
    try:
        decide_admissibility(
            holder, key, form.verdict.data or "", form.reason.data or "", the_arrival(), notice=notice
        )
    except ReasonIsMissing as refusal:
        form.reason.errors = [sentence_of(refusal)]
        return _file_page(found, form), 422
    except InputIsInvalid as refusal:
        form.verdict.errors = [_(sentence) for sentence in refusal.errors.values()]
        return _file_page(found, form), 422
    flash(_("La décision est enregistrée."), "success")
    return redirect(url_for("admissibility.queue", round_key=round_key, etat="waiting"), 303)


@blueprint.get("/<key>/pieces/<attachment_key>")
@requires(Permission.READ_ATTACHMENT)
def attachment(round_key: str, key: str, attachment_key: str) -> BaseResponse:
    """Download an attachment of a file of the round."""
    holder, now = a_holder(), the_now()
    return attached_file(read_attachment(holder, key, attachment_key, now, desk_of=round_key))


def state_labels() -> dict[str, tuple[str, str]]:
    """Return the words and the tag kind of each state of the queue."""
    return {
        "waiting": (_("à examiner"), "waiting"),
        "admissible": (_("recevable"), "success"),
        "inadmissible": (_("non recevable"), "danger"),
        "withdrawn": (_("retirée"), "neutral"),
        "draft": (_("brouillon"), "neutral"),
    }


def _file_page(found: ExaminedFile, form: DecisionForm) -> str:
    edition = edition_of_id(found.facts.round.edition_id)
    return render_template(
        "staff/admissibility_file.html",
        found=found,
        form=form,
        round_key=found.facts.round.key,
        labels=state_labels(),
        state=_state(found),
        checklist=_checklist(found),
        reasons=_reasons(found, dict(edition.rules) if edition else {}),
    )


def _state(found: ExaminedFile) -> str:
    if found.facts.state == "withdrawn":
        return "withdrawn"
    return found.facts.verdict or "waiting"


def _checklist(found: ExaminedFile) -> list[tuple[str, str, tuple[str, str, str] | None]]:
    """Return each line of the edition's checklist: label, help, and the advice (word, tag kind, sentence)."""
    words = {
        Finding.FINE: (_("conforme"), "success"),
        Finding.DOUBT: (_("à vérifier"), "danger"),
        Finding.UNKNOWN: (_("non vérifiable"), "waiting"),
    }
    lines = []
    for wording in wordings_of(found.facts.round.edition_id, "admissibility_rule"):
        advice = found.advice.get(wording.code)
        said = None
        if advice is not None:
            sentence = advice_words(wording.code, advice.finding, dict(advice.values))
            said = (*words[advice.finding], sentence)
        lines.append((wording.title, wording.body, said))
    return lines


def advice_words(check: str, finding: Finding, values: dict[str, object]) -> str:
    """Return what the machine noticed, in words; a person decides."""
    if finding is Finding.UNKNOWN:
        return _("La machine ne peut pas le dire.")
    fine = finding is Finding.FINE
    match check:
        case "minimum_age":
            return _("%(months)s mois le jour de la clôture, pour %(minimum)s demandés", **values)
        case "former_laureate":
            return _("aucun prix récent à ce nom") if fine else _("prix reçu : %(years)s", **values)
        case "one_candidacy":
            return _("aucune autre candidature") if fine else _("autres candidatures : %(others)s", **values)
        case "complete":
            return _("rien ne manque") if fine else _("réponses manquantes : %(missing)s", **values)
        case "statutes" | "accounts":
            return _("fichier joint") if fine else _("aucun fichier")
        case "ess_structure":
            return _("famille juridique acceptée") if fine else _("famille juridique à vérifier")
        case "legal_person":
            return _("numéro valide") if fine else _("aucun numéro")
        case _:
            return _("concordant") if fine else _("discordant")


def _reasons(found: ExaminedFile, rules: dict[str, object]) -> list[tuple[str, str]]:
    """Return the edition's wordings of reasons, what is known put in their places."""
    known = {
        "minimum_age_months": str(rules.get("minimum_age_months", "")),
        "laureates_excluded_editions": str(rules.get("laureates_excluded_editions", "")),
        "closing_date": day_in_words(found.closing_day, found.facts.round.zone),
        "candidacy_number": found.copy.receipt,
    }
    lines = []
    for wording in wordings_of(found.facts.round.edition_id, "admissibility_reason"):
        text = wording.body
        for name, value in known.items():
            text = text.replace("{" + name + "}", value)
        lines.append((wording.title, text))
    return lines
