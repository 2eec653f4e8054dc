"""Beside the form while it is written: who else is there, and the history of each answer."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.candidacies import THEME
from awards_app.domain.permissions import Permission
from awards_app.queries.answer_history import AnswerHistory, history_of
from awards_app.services.answers import restore_version
from awards_app.services.presence import be_present
from awards_app.web.doors import requires
from awards_app.web.languages import time_in_words
from awards_app.web.moment import the_arrival, the_now
from awards_app.web.people import a_holder
from awards_app.web.structure.answer_words import answer_words
from awards_app.web.structure.closed import answer_both
from awards_app.web.structure.rights import may_write
from awards_app.web.structure.section_page import one_value

blueprint = Blueprint("writing", __name__, url_prefix="/candidatures")
answer_both(blueprint)
Page = str | tuple[str, int] | BaseResponse


@blueprint.post("/<key>/presence")
@requires(Permission.SAVE_DRAFT)
def presence(key: str) -> BaseResponse:
    """Say that a section is open here, and tell who else is there and which answers others saved."""
    holder, now = a_holder(), the_now()
    section_code = one_value("rubrique")
    company = be_present(holder, key, section_code, now)
    return jsonify(
        here=[person.name for person in company.present if person.section_code == section_code],
        elsewhere=[person.name for person in company.present if person.section_code != section_code],
        answers={
            code: {
                "version": answer.version,
                "by": answer.saved_by,
                "mine": answer.saved_by_id == holder.account_id,
                "at": time_in_words(answer.saved_at, company.zone) if answer.saved_at else "",
            }
            for code, answer in company.answers.items()
        },
    )


@blueprint.get("/<key>/historique/<question_code>")
@requires(Permission.READ_OWN_CANDIDACY)
def history(key: str, question_code: str) -> Page:
    """Show the texts an answer had, and those that were set aside."""
    found = history_of(a_holder(), key, question_code, the_now())
    return render_template(
        "structure/history.html",
        history=found,
        label=found.label or _("Thématique"),
        shown=_shown(found),
        may_restore=may_write(found.facts, found.taken_back_at) and question_code != THEME,
    )


@blueprint.post("/<key>/historique/<version_key>/restaurer")
@requires(Permission.SAVE_DRAFT)
def restore(key: str, version_key: str) -> Page:
    """Make a text of the history the answer again."""
    code = restore_version(a_holder(), key, version_key, the_arrival())
    flash(_("Ce texte est de nouveau votre réponse. Celui qu’il remplace est dans l’historique."), "success")
    section_code = request.form.get("rubrique", "")
    if not section_code:
        return redirect(url_for("candidacies.show", key=key), 303)
    return redirect(url_for("candidacies.section", key=key, section_code=section_code, _anchor=code), 303)


def _shown(found: AnswerHistory) -> dict[str, str]:
    """Return each text as people read it: choices by their labels, everything else as it was typed."""
    texts = [("", found.value), *((text.key, text.value) for text in found.texts)]
    return {key: answer_words(found.kind, value, found.choices) if value else "" for key, value in texts}
