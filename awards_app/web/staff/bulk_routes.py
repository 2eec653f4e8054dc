"""Acts on several files, shown before they are done; the letters that wait, read before they leave."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.admissibility_acts import TYPED_ABOVE, NumberIsNotTyped, SelectionHasChanged
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.queries.admissibility_bulk import ACTS, BulkPlan, bulk_plan, draft_plan
from awards_app.queries.admissibility_notices import held_notices
from awards_app.queries.admissibility_queue import whole_selection
from awards_app.queries.candidacies import calendar_of
from awards_app.queries.editions import form_of
from awards_app.services.admissibility_bulk import apply_bulk, remind_drafts
from awards_app.services.admissibility_notices import release_notices
from awards_app.services.completions import Asked
from awards_app.services.wordings import editable_text, sample_of
from awards_app.web.doors import requires
from awards_app.web.languages import closing_in_words
from awards_app.web.moment import the_arrival, the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.staff import admissibility_words as words
from awards_app.web.staff.admissibility_forms import CompletionForm, ConfirmForm
from awards_app.web.staff.admissibility_routes import wanted_filters
from awards_app.web.staff.completion_routes import attempt, listed_choices

blueprint = Blueprint("staff_bulk", __name__, url_prefix="/coordination/<round_key>/recevabilite")
Page = str | tuple[str, int] | BaseResponse
SAMPLES = {"admissible": "admissible", "completion": "correction_requested"}


@blueprint.post("/lot")
@requires(Permission.DECIDE_ADMISSIBILITY)
def preview(round_key: str) -> Page:
    """Show what an act would do to the files chosen: nothing is done."""
    plan = _plan(round_key)
    form = CompletionForm()
    if plan.act == "completion" and "message" not in request.form:
        form = CompletionForm(formdata=None)
        return _preview_page(plan, form, ready=False)
    return _preview_page(plan, form, ready=plan.act != "completion" or form.local() is not None)


@blueprint.post("/lot/confirmer")
@requires(Permission.DECIDE_ADMISSIBILITY)
def apply(round_key: str) -> Page:
    """Do what the preview showed, whole or not at all."""
    plan = _plan(round_key)
    form = CompletionForm()
    if not plan.lines:
        return _preview_page(plan, form, ready=False), 422
    digest, typed = request.form.get("empreinte", ""), request.form.get("number", "")

    def act(local: datetime | None) -> None:
        asked = None
        if local is not None:
            fields = tuple(request.form.getlist("champ"))
            asked = Asked(fields, form.message.data or "", local, form.chosen_fold())
        keys = request.form.getlist("cle")
        apply_bulk(a_holder(), round_key, plan.act, keys, digest, typed, the_arrival(), asked=asked)

    try:
        if plan.act == "completion":
            errors, twice = attempt(form, act)
            if errors is not None:
                return _preview_page(plan, form, ready=False, errors=errors, asks_fold=twice is not None), 422
        else:
            act(None)
    except NumberIsNotTyped as refusal:
        return _preview_page(plan, form, ready=True, wrong_number=sentence_of(refusal)), 422
    except SelectionHasChanged as refusal:
        return _preview_page(_plan(round_key), form, ready=True, changed=sentence_of(refusal)), 409
    done = len(plan.lines)
    flash(
        ngettext(
            "C’est fait pour %(num)s candidature. Les messages attendent d’être relus.",
            "C’est fait pour %(num)s candidatures. Les messages attendent d’être relus.",
            done,
        ),
        "success",
    )
    return redirect(url_for(".notices", round_key=round_key), 303)


@blueprint.get("/avis")
@requires(Permission.READ_MESSAGES)
def notices(round_key: str) -> Page:
    """Read the letters of the desk that wait."""
    return _notices_page(round_key)


@blueprint.post("/avis")
@requires(Permission.SEND_BULK_MESSAGE)
def release(round_key: str) -> Page:
    """Let the chosen letters leave."""
    keys = request.form.getlist("cle")
    try:
        left, dropped = release_notices(
            a_holder(), round_key, keys, request.form.get("number", ""), the_arrival()
        )
    except NumberIsNotTyped as refusal:
        return _notices_page(round_key, chosen=set(keys), wrong_number=sentence_of(refusal)), 422
    except InputIsInvalid as refusal:
        refused = " ".join(_(sentence) for sentence in refusal.errors.values())
        return _notices_page(round_key, chosen=set(keys), refused=refused), 422
    except SelectionHasChanged as refusal:
        return _notices_page(round_key, chosen=set(keys), refused=sentence_of(refusal)), 409
    flash(ngettext("%(num)s message part.", "%(num)s messages partent.", left), "success")
    if dropped:
        sentence = ngettext(
            "%(num)s message est écarté : la personne n’est plus responsable de la structure.",
            "%(num)s messages sont écartés : les personnes ne sont plus responsables de leur structure.",
            dropped,
        )
        flash(sentence, "info")
    return redirect(url_for(".notices", round_key=round_key), 303)


@blueprint.get("/brouillons/relance")
@requires(Permission.SEND_BULK_MESSAGE)
def remind_page(round_key: str) -> Page:
    """Show whom a reminder would reach, and a sample."""
    return _remind_page(round_key)


@blueprint.post("/brouillons/relance")
@requires(Permission.SEND_BULK_MESSAGE)
def remind(round_key: str) -> Page:
    """Remind the people of unfinished drafts."""
    digest, typed = request.form.get("empreinte", ""), request.form.get("number", "")
    try:
        done = remind_drafts(a_holder(), round_key, digest, typed, the_arrival())
    except NumberIsNotTyped as refusal:
        return _remind_page(round_key, wrong_number=sentence_of(refusal)), 422
    except SelectionHasChanged as refusal:
        return _remind_page(round_key, refused=sentence_of(refusal)), 409
    flash(ngettext("%(num)s structure relancée.", "%(num)s structures relancées.", done), "success")
    return redirect(url_for("admissibility.drafts", round_key=round_key), 303)


def _plan(round_key: str) -> BulkPlan:
    act = request.form.get("acte", "")
    if act not in ACTS:
        raise DoesNotExist
    keys = request.form.getlist("cle")
    if request.form.get("tout") == "1":
        keys = [line.key for line in whole_selection(a_holder(), round_key, the_now(), wanted_filters())]
    return bulk_plan(a_holder(), round_key, act, keys, the_now())


def _preview_page(
    plan: BulkPlan,
    form: CompletionForm,
    *,
    ready: bool,
    errors: dict[str, str] | None = None,
    wrong_number: str = "",
    asks_fold: bool = False,
    changed: str = "",
) -> str:
    sample = None
    if ready and plan.lines:
        _list, text = editable_text(a_holder(), plan.round.key, SAMPLES[plan.act], the_now())
        sample = sample_of(text.subject, text.body, _sample_values(plan, form))
    return render_template(
        "staff/admissibility_bulk.html",
        plan=plan,
        form=form,
        ready=ready,
        changed=changed,
        labels=words.state_labels(),
        sample=sample,
        errors=errors or {},
        wrong_number=wrong_number,
        number_form=ConfirmForm(),
        asks_number=len(plan.lines) > TYPED_ABOVE,
        asks_fold=asks_fold,
        sections=listed_choices(form_of(plan.round.edition_id), None) if plan.act == "completion" else [],
        chosen=set(request.form.getlist("champ")),
    )


def _sample_values(plan: BulkPlan, form: CompletionForm) -> dict[str, str]:
    line = plan.lines[0]
    values = {
        "person": _("(nom de la personne responsable)"),
        "structure": line.structure_name,
        "title": line.title,
        "chamber": calendar_of(plan.round.id, the_now()).chamber,
        "region_name": plan.round.region_name or "",
        "reason": form.message.data or "",
        "link": _("(adresse de la candidature)"),
    }
    local = form.local()
    if local is not None:
        values["correction_deadline"] = f"{local:%d/%m/%Y, %H:%M} ({plan.round.zone})"
    return values


def _notices_page(
    round_key: str, *, chosen: set[str] | None = None, wrong_number: str = "", refused: str = ""
) -> str:
    found = held_notices(a_holder(), round_key, the_now())
    return render_template(
        "staff/admissibility_notices.html",
        found=found,
        chosen=chosen,
        refused=refused,
        wrong_number=wrong_number,
        number_form=ConfirmForm(),
        asks_number=len(found.lines) > TYPED_ABOVE,
        titles={
            "admissible": _("Candidatures recevables"),
            "not_admissible": _("Candidatures non recevables"),
            "correction_requested": _("Demandes de complément"),
        },
    )


def _remind_page(round_key: str, *, wrong_number: str = "", refused: str = "") -> str:
    now = the_now()
    plan = draft_plan(a_holder(), round_key, now)
    _list, text = editable_text(a_holder(), round_key, "draft_reminder", now)
    sample = None
    if plan.lines:
        line, calendar = plan.lines[0], calendar_of(plan.round.id, now)
        closing = calendar.closes_at
        values = {
            "person": _("(nom de la personne responsable)"),
            "structure": line.structure_name,
            "title": line.title or _("sans titre"),
            "chamber": calendar.chamber,
            "closing_date": closing_in_words(closing, plan.round.zone) if closing else "",
            "link": _("(adresse de la candidature)"),
        }
        sample = sample_of(text.subject, text.body, values)
    return render_template(
        "staff/admissibility_remind.html",
        plan=plan,
        sample=sample,
        refused=refused,
        wrong_number=wrong_number,
        number_form=ConfirmForm(),
        asks_number=len(plan.lines) > TYPED_ABOVE,
    )
