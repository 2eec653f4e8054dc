"""A request for completion as the structure's people answer it: the listed questions and files, and nothing else."""

from functools import partial

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.admissibility_acts import CompletionIsOver, FieldIsNotListed, PreparedMeanwhile
from awards_app.domain.candidacies import THEME, AnswerHasChanged, CandidacyIsIncomplete
from awards_app.domain.form_answers import kept_value
from awards_app.domain.permissions import Permission, is_allowed
from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.queries.access import CandidacyFacts
from awards_app.queries.completions import OwnRequest, own_request
from awards_app.queries.drafts import is_file_question
from awards_app.services.answers import base_of
from awards_app.services.completion_answers import (
    answer_completion,
    is_untouched,
    prepare_answer,
    prepare_answers,
)
from awards_app.services.completion_files import add_completion_file, remove_completion_file
from awards_app.services.completion_threads import write_as_structure
from awards_app.web.doors import requires, wants_json
from awards_app.web.languages import time_in_words
from awards_app.web.moment import the_arrival, the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import chamber_in_a_sentence, sentence_of
from awards_app.web.question_fields import posted_values, question_form
from awards_app.web.structure.answer_words import answer_words, both_in_words
from awards_app.web.structure.forms import MessageForm
from awards_app.web.structure.presenters import closing_times
from awards_app.web.structure.section_page import one_value

blueprint = Blueprint("completions", __name__, url_prefix="/candidatures")
Page = str | tuple[str, int] | BaseResponse | tuple[BaseResponse, int]
# What the forms of the page carry beside answers.
_BESIDE = ("base-", "csrf_token", "garder-", "garde-", "formulaire")


@blueprint.get("/<key>/complement/<request_key>")
@requires(Permission.READ_OWN_CANDIDACY)
def show(key: str, request_key: str) -> Page:
    """Show what the chamber asks, and the form to answer it."""
    return _page(own_request(a_holder(), key, request_key, the_now()))


@blueprint.post("/<key>/complement/<request_key>")
@requires(Permission.ANSWER_COMPLETION)
def answer(key: str, request_key: str) -> Page:
    """Answer the request, once."""
    holder, arrived = a_holder(), the_arrival()
    found = own_request(holder, key, request_key, arrived)
    values = _values(found)
    try:
        answer_completion(holder, key, request_key, values, arrived, bases=_bases())
    except CandidacyIsIncomplete as refusal:
        if wants_json():
            errors = {code: sentence_of(sentence) for code, sentence in refusal.errors.items()}
            return jsonify(message=sentence_of(refusal), errors=errors), 422
        return _page(found, typed=_touched(found, values), errors=refusal.errors), 422
    except PreparedMeanwhile as refusal:
        return _met_page(key, request_key, refusal)
    flash(_("Votre complément est reçu : la CRESS lit désormais cette version."), "success")
    return redirect(url_for(".show", key=key, request_key=request_key), 303)


@blueprint.post("/<key>/complement/<request_key>/enregistrer")
@requires(Permission.READ_OWN_CANDIDACY)
def save(key: str, request_key: str) -> Page:
    """Keep what is prepared: one answer as it is typed, or the whole page without any script."""
    holder, arrived = a_holder(), the_arrival()
    if "field" not in request.form:
        found = own_request(holder, key, request_key, arrived)
        try:
            prepare_answers(holder, key, request_key, _values(found), arrived, bases=_bases())
        except PreparedMeanwhile as refusal:
            return _met_page(key, request_key, refusal)
        flash(_("Vos réponses sont gardées. Elles ne sont pas encore envoyées."), "success")
        return redirect(url_for(".show", key=key, request_key=request_key), 303)
    field, value, version = one_value("field"), one_value("value"), one_value("version").strip()
    if version and not (version.isascii() and version.isdigit() and len(version) < 10):
        abort(400)
    try:
        saved = prepare_answer(
            holder, key, request_key, field, value, int(version) if version else None, arrived
        )
    except AnswerHasChanged as stale:
        words = partial(_words, own_request(holder, key, request_key, arrived), field)
        body = {
            "yours": stale.yours,
            "theirs": stale.theirs,
            "version": stale.version,
            **both_in_words(words, stale.yours, stale.theirs),
        }
        return jsonify(message=sentence_of(stale), field=field, **body), 409
    except (CompletionIsOver, FieldIsNotListed) as refusal:
        return jsonify(message=sentence_of(refusal), field=field, yours=value), refusal.status
    return jsonify(
        version=saved.version, saved_at_text=time_in_words(saved.saved_at, saved.zone), base=saved.base
    )


@blueprint.post("/<key>/complement/<request_key>/pieces")
@requires(Permission.CHANGE_ATTACHMENT)
def attach(key: str, request_key: str) -> Page:
    """Receive files for a listed question."""
    holder, arrived, code = a_holder(), the_arrival(), one_value("question")
    files = [file for file in request.files.getlist("file") if file.filename]
    refused: list[tuple[str, Refusal]] = []
    for file in files:
        with file.stream as stream:
            content = stream.read()
        try:
            add_completion_file(holder, key, request_key, code, file.filename or "", content, arrived)
        except Refusal as refusal:
            if refusal.status in (403, 404, 409) or isinstance(refusal, FieldIsNotListed):
                raise
            refused.append((file.filename or "", refusal))
    if refused or not files:
        found = own_request(holder, key, request_key, arrived)
        sentences = [f"{name}\u00a0: {sentence_of(refusal)}" for name, refusal in refused]
        page = _page(found, file_errors={code: sentences or [_("Choisissez un fichier.")]})
        return page, refused[0][1].status if refused else 422
    flash(_("Fichier reçu."), "success")
    return redirect(url_for(".show", key=key, request_key=request_key) + f"#{code}", 303)


@blueprint.post("/<key>/complement/<request_key>/pieces/<attachment_key>/supprimer")
@requires(Permission.CHANGE_ATTACHMENT)
def detach(key: str, request_key: str, attachment_key: str) -> BaseResponse:
    """Take away a file that was not sent yet."""
    remove_completion_file(a_holder(), key, request_key, attachment_key, the_arrival())
    flash(_("Fichier supprimé."), "success")
    return redirect(url_for(".show", key=key, request_key=request_key), 303)


@blueprint.post("/<key>/complement/<request_key>/messages")
@requires(Permission.READ_OWN_CANDIDACY)
def write(key: str, request_key: str) -> Page:
    """Write to the chamber in the thread."""
    form = MessageForm()
    try:
        write_as_structure(a_holder(), key, request_key, form.body.data or "", the_arrival())
    except InputIsInvalid as refusal:
        form.body.errors = [_(sentence) for sentence in refusal.errors.values()]
        return _page(own_request(a_holder(), key, request_key, the_now()), message=form), 422
    flash(_("Votre message est envoyé."), "success")
    return redirect(url_for(".show", key=key, request_key=request_key) + "#fil", 303)


def _values(found: OwnRequest) -> dict[str, str]:
    """Return what was sent, by question; a name that is no listed question goes through, for the rule to refuse."""
    texts = [question for question in found.questions if not is_file_question(question)]
    try:
        values = posted_values(texts, request.form)
    except ValueError:
        abort(400)
    known = {question.code for question in texts}
    for name in request.form:
        base = name.split(".")[0]
        if base not in known and not name.startswith(_BESIDE):
            values[base] = one_value(name)
    for question in found.questions:
        if is_file_question(question) and f"garder-{question.code}" in request.form:
            kept = set(request.form.getlist(f"garde-{question.code}"))
            filed = [one.key for one in found.files_of(question.code) if not one.is_new]
            values[question.code] = ",".join(one for one in filed if one not in kept)
    return values


def _bases() -> dict[str, str]:
    """Return what each field was opened with."""
    return {name.removeprefix("base-"): one_value(name) for name in request.form if name.startswith("base-")}


def _touched(found: OwnRequest, values: dict[str, str]) -> dict[str, str]:
    """Return the answers that were typed on this page: the others are shown as they stand by now."""
    kinds, bases = {question.code: question.kind for question in found.questions}, _bases()
    return {
        code: value
        for code, value in values.items()
        if not is_untouched(bases.get(code), kept_value(kinds.get(code, "short_text"), value))
    }


def _words(found: OwnRequest, code: str, value: str) -> str:
    if code == THEME:
        return answer_words("single_choice", value, [(theme.code, theme.name) for theme in found.themes])
    question = next(one for one in found.questions if one.code == code)
    if is_file_question(question):
        kept = [
            one.name for one in found.files_of(code) if not one.is_new and one.key not in value.split(",")
        ]
        return ", ".join(kept) or _("aucun fichier")
    return answer_words(question.kind, value, question.choices)


def _met_page(key: str, request_key: str, refusal: PreparedMeanwhile) -> Page:
    """Show both texts wherever two people met; whatever else was typed is still in its field."""
    found = own_request(a_holder(), key, request_key, the_now())
    if wants_json():
        theirs = {code: found.values.get(code, "") for code in refusal.met}
        return jsonify(message=sentence_of(refusal), theirs=theirs), 409
    met = {code: _words(found, code, found.values.get(code, "")) for code in refusal.met}
    return _page(found, typed=dict(refusal.mine), met=met), 409


def _page(
    found: OwnRequest,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    file_errors: dict[str, list[str]] | None = None,
    message: MessageForm | None = None,
    met: dict[str, str] | None = None,
) -> str:
    facts, now = found.facts, the_now()
    texts = [question for question in found.questions if not is_file_question(question)]
    values = {**found.values, **(typed or {})}
    form = question_form(texts, values)
    wrong = errors or {}
    for field in form:
        if field.name in wrong:
            field.errors = [sentence_of(wrong[field.name])]
    stands = found.line.stands(now)
    labels = {question.code: question.label for question in found.questions} | {THEME: _("Thématique")}

    return render_template(
        "structure/completion.html",
        found=found,
        chamber=chamber_in_a_sentence(found.chamber),
        stands=stands,
        closing=closing_times(found.line.closes_at, found.line.zone),
        texts=texts,
        files=[question for question in found.questions if is_file_question(question)],
        form=form,
        theme=values.get(THEME) or found.theme_code,
        bases={
            code: base_of(found.versions.get(code, 0), found.values.get(code, ""))
            for code in (*(question.code for question in found.questions), THEME)
        },
        met=met or {},
        dropped={code: value.split(",") for code, value in values.items()},
        problems=[
            (f"#{code}", f"{labels.get(code, code)} — {sentence_of(sentence)}")
            for code, sentence in wrong.items()
        ],
        file_errors=file_errors or {},
        message_form=message or MessageForm(formdata=None),
        may=_may(facts, stands),
    )


def _may(facts: CandidacyFacts, stands: str) -> dict[str, bool]:
    def allowed(permission: Permission) -> bool:
        return stands == "open" and is_allowed(permission, facts.round.phase, facts.subjects)

    writes = facts.round.phase == "P2" and facts.state == "submitted"
    return {
        "prepare": stands == "open" and writes,
        "answer": allowed(Permission.ANSWER_COMPLETION),
        "attach": allowed(Permission.CHANGE_ATTACHMENT),
        "write": writes,
    }
