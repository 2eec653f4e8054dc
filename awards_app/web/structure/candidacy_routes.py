"""A candidacy as its own people write it: the task list, the sections, each answer, the attachments."""

from collections.abc import Mapping, Sequence
from functools import partial

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from awards_app.domain.candidacies import THEME, AnswerHasChanged, CallIsClosed, CandidacyExists
from awards_app.domain.form_changes import FormHasChanged
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist, Refusal
from awards_app.queries.admissibility import told_decision
from awards_app.queries.completion_steps import completion_steps
from awards_app.queries.drafts import Draft, SectionProgress, own_draft
from awards_app.queries.editions import QuestionFacts, current_edition
from awards_app.queries.embargo_notices import has_notice
from awards_app.queries.national_entries import known_entry
from awards_app.queries.structures import structures_of
from awards_app.services import candidacies
from awards_app.services.answers import Conflict, base_of
from awards_app.web.doors import requires, signed_in, wants_json
from awards_app.web.languages import time_in_words
from awards_app.web.moment import the_arrival, the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.structure.answer_words import both_in_words, words_in_draft
from awards_app.web.structure.closed import answer_both, closed_sentence
from awards_app.web.structure.form_changed import (
    changed_answer,
    changed_page,
    questions_sent,
    seen_revision,
)
from awards_app.web.structure.forms import posted_values
from awards_app.web.structure.presenters import (
    candidacy_state,
    closing_times,
    countdown_to,
    tasks,
)
from awards_app.web.structure.rights import rights_of
from awards_app.web.structure.section_page import one_value, refused_texts, section_page
from awards_app.web.structure.timeline import open_completion, timeline_of

blueprint = Blueprint("candidacies", __name__, url_prefix="/candidatures")
answer_both(blueprint)
Page = ResponseReturnValue


@blueprint.get("/nouvelle")
@signed_in("the page only lists the person's own structures")
def create() -> Page:
    """Choose the structure."""
    own = structures_of(a_holder())
    if not own:
        return redirect(url_for("structure.register"))
    asked = request.args.get("structure")
    chosen = next((line for line in own if line.key == asked), own[0])
    return render_template(
        "structure/create.html", structures=own, chosen=chosen.key, edition=current_edition()
    )


@blueprint.post("/nouvelle")
@requires(Permission.CREATE_CANDIDACY)
def open_draft() -> Page:
    """Open the draft; the structure's live one is shown instead when there is one."""
    try:
        made = candidacies.create_candidacy(a_holder(), one_value("structure"), the_arrival())
    except CandidacyExists as refusal:
        sentence = sentence_of(refusal)
        if wants_json():
            return jsonify(message=sentence, key=refusal.key), 409
        return render_template("structure/exists.html", sentence=sentence, key=refusal.key), 409
    return redirect(url_for("candidacies.show", key=made), 303)


@blueprint.get("/<key>")
@requires(Permission.READ_OWN_CANDIDACY)
def show(key: str) -> Page:
    """Show the task list, what comes next and when."""
    holder, now = a_holder(), the_now()
    draft = own_draft(holder, key, now)
    calendar = draft.calendar
    decision = told_decision(draft.facts)
    # Nothing is asked of a file while it is being written.
    completions = () if calendar.phase is Phase.FILING else completion_steps(draft.facts.id)
    entry = known_entry(holder, draft.facts, now)
    return render_template(
        "structure/candidacy.html",
        draft=draft,
        state=candidacy_state(draft.facts.state, draft.taken_back_at, draft.facts.round.phase),
        closing=closing_times(draft.closes_at, calendar.zone),
        clock=countdown_to(draft.closes_at, calendar.zone, now),
        calendar=calendar,
        steps=timeline_of(draft, calendar, decision, completions, entry),
        entry=entry,
        asked=open_completion(key, completions, now),
        tasks=tasks(draft),
        decision=decision,
        may=rights_of(draft),
        # The national jury decides after the region: something may wait in any phase from the decision on.
        under_embargo=calendar.phase >= Phase.DECIDED and has_notice(holder, draft.facts.id),
    )


@blueprint.get("/<key>/rubriques/<section_code>")
@requires(Permission.READ_OWN_CANDIDACY)
def section(key: str, section_code: str) -> Page:
    """Show a section of the form."""
    draft = own_draft(a_holder(), key, the_arrival())
    progress = draft.progress_of(section_code)
    if progress is None:
        raise DoesNotExist
    return section_page(draft, progress, show_problems="verifier" in request.args)


@blueprint.post("/<key>/rubriques/<section_code>")
@requires(Permission.SAVE_DRAFT)
def save_section(key: str, section_code: str) -> Page:
    """Save a whole section, without any script."""
    holder, arrived = a_holder(), the_arrival()
    draft = own_draft(holder, key, arrived)
    progress, seen = draft.progress_of(section_code), seen_revision()
    asked = questions_sent(draft, progress, section_code, seen)
    try:
        values = posted_values(asked, request.form)
    except ValueError:
        abort(400)
    if section_code == THEME and THEME in request.form:
        values[THEME] = one_value(THEME)
    bases = {code: request.form[f"base-{code}"] for code in values if f"base-{code}" in request.form}
    refused = refused_texts(asked, values, bases)
    if refused and progress is not None:
        # Nothing is written, but whoever may not write here is told so first.
        candidacies.save_section(holder, key, section_code, {}, arrived)
        return section_page(draft, progress, refused=refused), 422
    try:
        saved = candidacies.save_section(
            holder, key, section_code, values, arrived, bases=bases, form_revision=seen
        )
    except FormHasChanged as refusal:
        return changed_page(draft, progress, section_code, asked, refusal)
    if progress is None:
        raise DoesNotExist
    if saved.conflicts:
        return _conflict_page(draft, progress, asked, saved.conflicts, bases)
    flash(_("Vos réponses sont enregistrées."), "success")
    unfolded = _unfolded(key, section_code, progress)
    if unfolded:
        # Without a script they were not on the page: they are shown before the next section is.
        flash(_("Votre réponse ouvre d’autres questions : les voici."), "info")
        return redirect(
            url_for("candidacies.section", key=key, section_code=section_code, _anchor=unfolded), 303
        )
    theme_changed = THEME in values and values[THEME] != draft.answer(THEME).value
    if theme_changed or "rester" in request.form:
        return redirect(url_for("candidacies.section", key=key, section_code=section_code), 303)
    codes = [found.section.code for found in draft.sections]
    following = codes[codes.index(section_code) + 1 :]
    if "suivante" in request.form and following:
        return redirect(url_for("candidacies.section", key=key, section_code=following[0]), 303)
    return redirect(url_for("candidacies.show", key=key), 303)


def _unfolded(key: str, section_code: str, before: SectionProgress) -> str | None:
    """Return the first question of a section that its own save has just put, None when there is none."""
    if not before.folded:
        return None
    waited = {question.code for question in before.folded}
    after = own_draft(a_holder(), key, the_arrival()).progress_of(section_code)
    return (
        next((question.code for question in after.questions if question.code in waited), None)
        if after
        else None
    )


def _conflict_page(
    draft: Draft,
    progress: SectionProgress,
    asked: Sequence[QuestionFacts],
    conflicts: Sequence[Conflict],
    bases: Mapping[str, str],
) -> Page:
    """Show both texts wherever two people met; settling one brings the others again, until each has been."""
    labels = {question.code: question.label for question in asked}
    page = render_template(
        "structure/conflict.html",
        draft=draft,
        section=progress.section,
        conflicts=[
            (
                conflict,
                labels.get(conflict.field, _("Thématique")),
                base_of(conflict.version, conflict.theirs),
                words_in_draft(draft, conflict.field, conflict.yours),
                words_in_draft(draft, conflict.field, conflict.theirs),
                {
                    name: value
                    for other in conflicts
                    if other is not conflict
                    for name, value in (
                        (f"base-{other.field}", bases.get(other.field, "")),
                        (other.field, other.yours),
                    )
                },
            )
            for conflict in conflicts
        ],
    )
    return page, 409


@blueprint.post("/<key>/enregistrer")
@requires(Permission.SAVE_DRAFT)
def save(key: str) -> Page:
    """Save one answer as it is typed."""
    field, value = one_value("field"), one_value("value")
    version = one_value("version").strip()
    if version and not (version.isascii() and version.isdigit() and len(version) < 10):
        abort(400)
    arrived = the_arrival()
    try:
        saved = candidacies.save_answer(
            a_holder(),
            key,
            field,
            value,
            int(version) if version else None,
            arrived,
            client_key=one_value("cle") or None,
            form_revision=seen_revision(),
        )
    except FormHasChanged as refusal:
        return changed_answer(refusal, field, value, own_draft(a_holder(), key, arrived))
    except AnswerHasChanged as stale:
        words = partial(words_in_draft, own_draft(a_holder(), key, arrived), field)
        answer = {
            "message": sentence_of(stale),
            "field": field,
            "yours": stale.yours,
            "theirs": stale.theirs,
            "version": stale.version,
            **both_in_words(words, stale.yours, stale.theirs),
        }
        return jsonify(answer), 409
    except CallIsClosed as closed:
        return jsonify(message=closed_sentence(closed), field=field, yours=value), 409
    except Refusal as refusal:
        return jsonify(message=sentence_of(refusal), field=field, yours=value), refusal.status
    return jsonify(
        version=saved.version,
        saved_at_text=time_in_words(saved.saved_at, saved.zone),
        base=saved.base,
    )
