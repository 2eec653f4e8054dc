"""Requests for completion as the chamber makes them: what to complete, until when, the answers, the thread."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.candidacies import THEME
from awards_app.domain.deadlines import DeadlineIsInvalid, LocalTimeHappensTwice
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import InputIsInvalid
from awards_app.queries.admissibility_files import ExaminedFile, examined_file
from awards_app.queries.completions import chamber_request
from awards_app.queries.editions import SectionFacts, form_of
from awards_app.services.completion_threads import write_as_chamber
from awards_app.services.completions import (
    Asked,
    ask_completion,
    cancel_completion,
    move_completion,
    reopen_completion,
)
from awards_app.web.doors import requires
from awards_app.web.moment import the_arrival, the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.staff import admissibility_words as words
from awards_app.web.staff.admissibility_forms import CompletionForm, LocalTimeForm, MoveForm, ThreadForm

blueprint = Blueprint("staff_completions", __name__, url_prefix="/coordination/<round_key>/recevabilite")
Page = str | tuple[str, int] | BaseResponse
Listed = list[tuple[str, list[tuple[str, str]]]]


@blueprint.get("/<key>/complement")
@requires(Permission.DECIDE_ADMISSIBILITY)
def ask_page(round_key: str, key: str) -> Page:
    """Choose what to complete, say why, fix the instant."""
    found = _to_ask(round_key, key)
    form = CompletionForm()
    start = next((one for one in words.reasons_of(found) if one[0] == request.args.get("motif")), None)
    if start is not None:
        form.message.data = start[2]
    chosen = set(request.args.getlist("champ"))
    return _ask_page(found, form, chosen)


@blueprint.post("/<key>/complement")
@requires(Permission.DECIDE_ADMISSIBILITY)
def ask(round_key: str, key: str) -> Page:
    """Ask."""
    found = _to_ask(round_key, key)
    form, fields = CompletionForm(), tuple(request.form.getlist("champ"))
    start = words.start_from(found, request.form.get("motif"), form.message.data or "")
    if start is not None:
        form.message.data = start
        return _ask_page(found, form, set(fields))

    def act(local: datetime) -> None:
        asked = Asked(fields, form.message.data or "", local, form.chosen_fold())
        held = form.notice.data == "hold"
        ask_completion(a_holder(), key, asked, the_arrival(), held_letter=held)

    errors, twice = attempt(form, act)
    if errors is None:
        flash(_("La demande de complément est faite."), "success")
        return redirect(url_for("admissibility.examine", round_key=round_key, key=key), 303)
    return _ask_page(found, form, set(fields), errors=errors, twice=twice), 422


@blueprint.get("/<key>/complements/<request_key>")
@requires(Permission.READ_CANDIDACY)
def show(round_key: str, key: str, request_key: str) -> Page:
    """Show a request: what was asked, each answer beside what it replaced, the thread."""
    return _request_page(round_key, key, request_key, MoveForm(formdata=None), ThreadForm(formdata=None))


@blueprint.post("/<key>/complements/<request_key>/delai")
@requires(Permission.DECIDE_ADMISSIBILITY)
def move(round_key: str, key: str, request_key: str) -> Page:
    """Give a later instant to an open request, or open one again."""
    form = MoveForm()
    again = request.form.get("rouvrir") == "1"
    service = reopen_completion if again else move_completion

    def act(local: datetime) -> None:
        reason = form.reason.data or ""
        service(a_holder(), key, request_key, local, reason, the_arrival(), fold=form.chosen_fold())

    errors, twice = attempt(form, act)
    if errors is None:
        flash(_("Le nouveau délai est fixé ; la structure est prévenue."), "success")
        return redirect(url_for(".show", round_key=round_key, key=key, request_key=request_key), 303)
    thread = ThreadForm(formdata=None)
    return _request_page(round_key, key, request_key, form, thread, twice=twice), 422


@blueprint.post("/<key>/complements/<request_key>/annuler")
@requires(Permission.DECIDE_ADMISSIBILITY)
def cancel(round_key: str, key: str, request_key: str) -> Page:
    """End an open request."""
    cancel_completion(a_holder(), key, request_key, request.form.get("reason", ""), the_arrival())
    flash(_("La demande est terminée ; la structure est prévenue."), "success")
    return redirect(url_for(".show", round_key=round_key, key=key, request_key=request_key), 303)


@blueprint.post("/<key>/complements/<request_key>/messages")
@requires(Permission.DECIDE_ADMISSIBILITY)
def write(round_key: str, key: str, request_key: str) -> Page:
    """Write to the structure in the thread."""
    form = ThreadForm()
    try:
        write_as_chamber(a_holder(), key, request_key, form.body.data or "", the_arrival())
    except InputIsInvalid as refusal:
        form.body.errors = [_(sentence) for sentence in refusal.errors.values()]
        return _request_page(round_key, key, request_key, MoveForm(formdata=None), form), 422
    flash(_("Votre message est envoyé."), "success")
    return redirect(url_for(".show", round_key=round_key, key=key, request_key=request_key) + "#fil", 303)


def attempt(
    form: LocalTimeForm, act: Callable[[datetime], None]
) -> tuple[dict[str, str] | None, LocalTimeHappensTwice | None]:
    """Do ``act`` with the local time typed; return None when done, else the errors that no field shows.

    The second value is set when the hour happens twice, and the person is to choose.
    """
    local = form.local()
    if local is None:
        form.day.errors = [_("Indiquez un jour et une heure.")]
        return {}, None
    left: dict[str, str] = {}
    try:
        act(local)
    except InputIsInvalid as refusal:
        for name, sentence in refusal.errors.items():
            if name in form:
                form[name].errors = [_(sentence)]
            else:
                left[name] = _(sentence)
    except LocalTimeHappensTwice as refusal:
        form.hour.errors = [sentence_of(refusal)]
        return left, refusal
    except DeadlineIsInvalid as refusal:
        form.hour.errors = [sentence_of(refusal)]
    else:
        return None, None
    return left, None


def listed_choices(sections: tuple[SectionFacts, ...], theme_code: str | None) -> Listed:
    """Return the questions a request may list, by section: code and label; the theme stands with its questions."""
    found = []
    for section in sections:
        questions = section.questions if theme_code is None else section.for_theme(theme_code)
        items = [(question.code, question.label) for question in questions]
        if section.code == THEME:
            items.insert(0, (THEME, _("Thématique choisie")))
        if items:
            found.append((section.title, items))
    return found


def _to_ask(round_key: str, key: str) -> ExaminedFile:
    permission = Permission.DECIDE_ADMISSIBILITY
    return examined_file(a_holder(), round_key, key, the_now(), permission=permission)


def _ask_page(
    found: ExaminedFile,
    form: CompletionForm,
    chosen: set[str],
    *,
    errors: dict[str, str] | None = None,
    twice: LocalTimeHappensTwice | None = None,
) -> str:
    return render_template(
        "staff/admissibility_ask.html",
        found=found,
        form=form,
        chosen=chosen,
        sections=listed_choices(form_of(found.facts.round.edition_id), found.copy.theme_code),
        reasons=words.reasons_of(found),
        errors=errors or {},
        twice=twice,
        round_key=found.facts.round.key,
    )


def _request_page(
    round_key: str,
    key: str,
    request_key: str,
    form: MoveForm,
    thread_form: ThreadForm,
    *,
    twice: LocalTimeHappensTwice | None = None,
) -> str:
    found = chamber_request(a_holder(), round_key, key, request_key, the_now())
    stands = found.line.stands(the_now())
    return render_template(
        "staff/admissibility_request.html",
        found=found,
        stands=stands,
        label=words.request_labels()[stands],
        form=form,
        thread_form=thread_form,
        twice=twice,
        round_key=round_key,
    )
