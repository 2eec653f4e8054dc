"""Two people at one question or section of the form: the page of each carries how it was, and says so."""

import hashlib
from dataclasses import asdict

from awards_app.domain.form_shapes import Form
from awards_app.domain.refusals import Refusal
from awards_app.domain.snapshot import canonical_bytes
from awards_app.domain.words import N_


class RowHasChanged(Refusal):
    """Somebody else changed the question or the section since the page was opened."""

    sentence = N_(
        "Une autre personne a modifié cette page du formulaire entre-temps. Ce que vous avez saisi est gardé ici, "
        "pas encore enregistré : comparez, puis enregistrez."
    )


def question_mark(form: Form, code: str) -> str:
    """Return a short name for a question as it stands, its place among those asked included; empty when it is not there."""
    for section in form:
        before = ""
        for question in section.questions:
            if question.code == code:
                return _mark({"before": before, **asdict(question)})
            before = before if question.retired else question.code
    return ""


def section_mark(form: Form, code: str) -> str:
    """Return a short name for a section as it stands, whatever its questions; empty when it is not there."""
    section = next((one for one in form if one.code == code), None)
    return _mark(asdict(section) | {"questions": ()}) if section else ""


def _mark(data: object) -> str:
    return hashlib.sha256(canonical_bytes(data)).hexdigest()[:32]
