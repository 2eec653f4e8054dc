"""The chamber's desk of admissibility: the queue of a round, one file beside the checklist, the decision."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.admissibility_acts import FileHasMoved
from awards_app.domain.admissibility_queue import ORDERS, PAGE, Stage, Wanted
from awards_app.domain.candidacies import ReasonIsMissing
from awards_app.domain.permissions import Permission, is_allowed
from awards_app.domain.refusals import InputIsInvalid
from awards_app.queries.admissibility_files import ExaminedFile, examined_file
from awards_app.queries.admissibility_queue import neighbours_of, queue_of
from awards_app.queries.draft_lines import drafts_in
from awards_app.services.admissibility import Notice, decide_admissibility
from awards_app.services.attachments import read_attachment
from awards_app.services.checklists import Check, save_checklist
from awards_app.services.duplicates import dismiss_duplicate
from awards_app.web.attached import attached_file
from awards_app.web.doors import requires
from awards_app.web.moment import the_arrival, the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.staff import admissibility_words as words
from awards_app.web.staff.admissibility_forms import DecisionForm
from awards_app.web.staff.attachment_routes import reading_of

blueprint = Blueprint("admissibility", __name__, url_prefix="/coordination/<round_key>/recevabilite")
Page = str | tuple[str, int] | BaseResponse
NOTICES = ("send", "hold", "none")
_DECIDE = Permission.DECIDE_ADMISSIBILITY


def wanted_filters() -> Wanted:
    """Return the filters that the address of this request holds; what is not known is left out."""
    asked = {name: request.args.get(word, "") for name, word in words.NAMES.items()}
    return Wanted(
        stage=asked["stage"] if asked["stage"] in set(Stage) else "",
        theme=asked["theme"],
        department=asked["department"],
        search=asked["search"],
        order=asked["order"] if asked["order"] in ORDERS else "structure",
        without_files=request.args.get("sans-piece") == "1",
        looks_alike=request.args.get("doublon") == "1",
    )


@blueprint.get("")
@requires(Permission.READ_CANDIDACY)
def queue(round_key: str) -> str:
    """List the files of a round by state, theme, department and words."""
    wanted = wanted_filters()
    found = queue_of(a_holder(), round_key, the_now(), wanted, request.args.get("page", 1, type=int))

    def href_for(page: int) -> str:
        return url_for(".queue", round_key=round_key, page=page, **words.filters_in(wanted))

    facts = found.round
    return render_template(
        "staff/admissibility.html",
        queue=found,
        wanted=wanted,
        filters=words.filters_in(wanted),
        labels=words.state_labels(),
        hrefs={
            name: url_for(".queue", round_key=round_key, **words.filters_in(wanted, stage=name))
            for name in ("", *Stage)
        },
        sorts={name: words.sort_of(wanted, name, round_key) for name in ("structure", "title", "filed")},
        href_for=href_for,
        first=(found.page - 1) * PAGE,
        may_decide=is_allowed(Permission.DECIDE_ADMISSIBILITY, facts.phase, facts.subjects),
        knows_drafts=is_allowed(Permission.KNOW_DRAFTS, facts.phase, facts.subjects),
    )


@blueprint.get("/brouillons")
@requires(Permission.KNOW_DRAFTS)
def drafts(round_key: str) -> str:
    """List the drafts in progress: structure, title, how far, last activity."""
    return render_template(
        "staff/admissibility_drafts.html", drafts=drafts_in(a_holder(), round_key, the_now())
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
    start = next((one for one in words.reasons_of(found) if one[0] == request.args.get("motif")), None)
    if start is not None:
        form.verdict.data, form.reason.data = "inadmissible", start[2]
    return _file_page(found, form)


@blueprint.post("/<key>")
@requires(Permission.DECIDE_ADMISSIBILITY)
def decide(round_key: str, key: str) -> Page:
    """Keep the checks of the page, then decide, with a reason; its other buttons stop at the checks."""
    holder = a_holder()
    found = examined_file(holder, round_key, key, the_now(), permission=_DECIDE)
    form = DecisionForm()
    if "verifier" in request.form or "motif" in request.form:
        return _checked(found, form)
    notice: Notice = form.notice.data if form.notice.data in NOTICES else "hold"
    wanted = wanted_filters()
    # The list as it was read: the decision may take this file out of it.
    _before, after, _place = neighbours_of(found.facts.round, key, the_now(), wanted)
    refused = _keep_checks(found, form)
    if refused is not None:
        return refused
    try:
        decide_admissibility(
            holder,
            key,
            form.verdict.data or "",
            form.reason.data or "",
            the_arrival(),
            notice=notice,
            seen=request.form.get("empreinte"),
        )
    except ReasonIsMissing as refusal:
        form.reason.errors = [sentence_of(refusal)]
        return _file_page(_again(found), form), 422
    except FileHasMoved as refusal:
        return _file_page(_again(found), form, moved=sentence_of(refusal)), 409
    except InputIsInvalid as refusal:
        form.verdict.errors = [_(sentence) for sentence in refusal.errors.values()]
        return _file_page(_again(found), form), 422
    flash(_("La décision est enregistrée."), "success")
    if after is not None:
        return redirect(url_for(".examine", round_key=round_key, key=after, **words.filters_in(wanted)), 303)
    return redirect(url_for(".queue", round_key=round_key, **words.filters_in(wanted)), 303)


@blueprint.post("/<key>/points")
@requires(Permission.DECIDE_ADMISSIBILITY)
def check(round_key: str, key: str) -> Page:
    """Keep what the chamber found of each rule."""
    found = examined_file(a_holder(), round_key, key, the_now(), permission=_DECIDE)
    return _checked(found, DecisionForm())


def _checked(found: ExaminedFile, form: DecisionForm) -> Page:
    """Keep the checks; what was written of a decision stays on the page, or starts from a wording."""
    start = words.start_from(found, request.form.get("motif"), form.reason.data or "")
    if start is not None:
        form.verdict.data, form.reason.data = "inadmissible", start
    refused = _keep_checks(found, form)
    if refused is not None:
        return refused
    flash(_("Vos vérifications sont enregistrées."), "success")
    if start is not None or form.is_begun(found.decision):
        return _file_page(_again(found), form)
    back = words.filters_in(wanted_filters())
    here = url_for(".examine", round_key=found.facts.round.key, key=found.facts.key, **back)
    return redirect(here + "#grid", 303)


def _again(found: ExaminedFile) -> ExaminedFile:
    """Return the file as it stands now: checks were kept, or somebody else acted, since it was read."""
    return examined_file(a_holder(), found.facts.round.key, found.facts.key, the_now(), permission=_DECIDE)


def _keep_checks(found: ExaminedFile, form: DecisionForm) -> Page | None:
    """Keep the checks that the request holds; return the page that says why they are not, None when they are."""
    checks = {
        rule.code: Check(
            request.form.get(f"finding-{rule.code}", rule.finding),
            request.form.get(f"note-{rule.code}", rule.note),
            request.form.get(f"version-{rule.code}", 0, type=int),
        )
        for rule in found.rules
        if f"version-{rule.code}" in request.form
    }
    if not checks:
        return None
    try:
        met = save_checklist(a_holder(), found.facts.key, checks, the_arrival())
    except InputIsInvalid as refusal:
        faults = {name: _(sentence) for name, sentence in refusal.errors.items()}
        return _file_page(found, form, typed=checks, faults=faults), 422
    return (_file_page(_again(found), form, met=met, typed=checks), 409) if met else None


@blueprint.post("/<key>/doublons")
@requires(Permission.DECIDE_ADMISSIBILITY)
def dismiss(round_key: str, key: str) -> Page:
    """Say that a look-alike is another file, or take that back."""
    examined_file(a_holder(), round_key, key, the_now(), permission=_DECIDE)
    again = request.form.get("annuler") == "1"
    dismiss_duplicate(a_holder(), key, request.form.get("paire", ""), the_now(), dismissed=not again)
    flash(_("C’est noté."), "success")
    back = words.filters_in(wanted_filters())
    return redirect(url_for(".examine", round_key=round_key, key=key, **back) + "#doublons", 303)


@blueprint.get("/<key>/pieces/<attachment_key>")
@requires(Permission.READ_ATTACHMENT)
def attachment(round_key: str, key: str, attachment_key: str) -> BaseResponse:
    """Download an attachment of a file of the round."""
    return attached_file(read_attachment(a_holder(), key, attachment_key, the_now(), desk_of=round_key))


def _file_page(
    found: ExaminedFile,
    form: DecisionForm,
    *,
    met: tuple[str, ...] = (),
    typed: dict[str, Check] | None = None,
    faults: dict[str, str] | None = None,
    moved: str = "",
) -> str:
    wanted = wanted_filters()
    before, after, place = neighbours_of(found.facts.round, found.facts.key, the_now(), wanted)
    return render_template(
        "staff/admissibility_file.html",
        found=found,
        form=form,
        reading=reading_of(found.facts.round.key, found.facts.key),
        round_key=found.facts.round.key,
        labels=words.state_labels(),
        requests=[
            (one, words.request_labels()[one.stands(the_now())], one.stands(the_now()))
            for one in found.requests
        ],
        checklist=words.checklist(found),
        findings=words.finding_labels(),
        reasons=words.reasons_of(found),
        grounds={one.mark: words.ground_words(one.grounds) for one in found.lookalikes},
        filters=words.filters_in(wanted),
        neighbours=(before, after, place),
        until=words.until_words(found),
        met=met,
        typed=typed or {},
        faults=faults or {},
        faults_listed=[(f"#{name}", sentence) for name, sentence in (faults or {}).items()],
        moved=moved,
        # What is refused, or kept aside, is still the decision made from the page as it was read.
        mark=found.mark if moved else request.form.get("empreinte", found.mark),
    )
