"""The form of an open call changes by versions: nobody's answer is lost, and a page of before is told the difference."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.form_changes import FormHasChanged
from awards_app.domain.form_edits import FormIsOpen, QuestionIsKept, QuestionIsNeeded, ThemeIsNeeded
from awards_app.domain.form_shapes import form_from_data
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import InputIsInvalid, IsForbidden, IsNotThePhase
from awards_app.models.answer_history import AnswerVersion
from awards_app.models.candidacies import Answer, Filing
from awards_app.models.forms import FormRevision
from awards_app.models.journal import JournalEntry
from awards_app.queries.drafts import own_draft
from awards_app.services import form_builder
from awards_app.services.answers import save_answer, save_section
from awards_app.services.filings import submit_candidacy
from tests import filing_world as world
from tests.filing_world import BEFORE, FILING, YEAR
from tests.form_world import a_national, change, new_values, place_of, question_of, the_form, typed

NOW = FILING + timedelta(hours=2)
REASON = "Une question était ambiguë."


@pytest.fixture
def nadia(context: Flask) -> Holder:
    world.an_edition()
    return a_national()


@pytest.fixture
def draft(nadia: Holder) -> tuple[Holder, str]:
    person, key = world.a_filer()
    save_answer(person, key, "pitch", "TEXTE-PITCH", None, FILING)
    save_answer(person, key, "area", "TEXTE-AREA", None, FILING)
    return person, key


def changes_of(refusal: FormHasChanged) -> list[str]:
    return [str(one.sentence).replace("\u00a0", " ") for one in refusal.changes]


def answers_of(key: str) -> dict[str, str]:
    return {
        row.question_code: row.value for row in db.session.execute(select(Answer.question_code, Answer.value))
    }


def test_before_the_call_changes_are_free_and_journaled(nadia: Holder) -> None:
    change(nadia, BEFORE, "pitch", typed("pitch", label="Votre initiative en une phrase"))
    assert question_of("pitch").label == "Votre initiative en une phrase"
    assert db.session.scalar(select(func.count(FormRevision.id))) == 0
    entry = db.session.scalars(select(JournalEntry).order_by(JournalEntry.seq.desc())).first()
    assert entry is not None
    assert (entry.act, entry.detail["revision"], len(entry.detail["changes"])) == ("change_form", None, 1)


def test_what_does_not_change_leaves_no_trace(nadia: Holder) -> None:
    before = db.session.scalar(select(func.count(JournalEntry.seq)))
    change(nadia, NOW, "pitch", typed("pitch"), REASON)
    assert db.session.scalar(select(func.count(JournalEntry.seq))) == before
    assert db.session.scalar(select(func.count(FormRevision.id))) == 0


def test_each_change_of_an_open_call_is_a_version_with_its_reason(nadia: Holder) -> None:
    with pytest.raises(InputIsInvalid) as refused:
        change(nadia, NOW, "pitch", typed("pitch", label="Autre"))
    assert list(refused.value.errors) == ["reason"]
    opening = the_form()
    change(nadia, NOW, "pitch", typed("pitch", label="Autre", limit="150"), REASON)
    form_builder.retire(nadia, YEAR, "questions", "area", REASON, NOW)
    rows = list(db.session.scalars(select(FormRevision).order_by(FormRevision.number)))
    assert [(row.number, row.reason, row.author_id, len(row.changes)) for row in rows] == [
        (1, "", None, 0),
        (2, REASON, nadia.account_id, 2),
        (3, REASON, nadia.account_id, 1),
    ]
    assert form_from_data(json.loads(rows[0].content)) == opening
    assert form_from_data(json.loads(rows[2].content)) == the_form()
    assert [hashlib.sha256(row.content.encode()).hexdigest() for row in rows] == [row.sha256 for row in rows]


CHANGES: dict[str, tuple[Any, str]] = {
    "reworded": (
        lambda person: change(person, NOW, "pitch", typed("pitch", label="AUTRE"), REASON),
        "Question reformulée : « L’initiative en une phrase » devient « AUTRE ».",
    ),
    "made mandatory": (
        lambda person: change(person, NOW, None, new_values(required=True), REASON),
        "Question ajoutée : « Une question ».",
    ),
    "removed": (
        lambda person: form_builder.retire(person, YEAR, "questions", "pitch", REASON, NOW),
        "Question retirée : « L’initiative en une phrase ». Les réponses déjà données sont conservées.",
    ),
    "type changed": (
        lambda person: change(person, NOW, "pitch", typed("pitch", kind="long_text"), REASON),
        "« L’initiative en une phrase » : la forme de la réponse passe de « Texte court » à « Texte long ».",
    ),
    "reordered": (
        lambda person: form_builder.move(person, YEAR, "questions", "pitch", "bas", REASON, NOW),
        "Rubrique « Votre initiative » : l’ordre des questions change.",
    ),
}


@pytest.mark.parametrize("what", list(CHANGES))
def test_a_save_from_the_form_of_before_is_told_the_difference(
    nadia: Holder, draft: tuple[Holder, str], what: str
) -> None:
    person, key = draft
    act, sentence = CHANGES[what]
    act(nadia)
    with pytest.raises(FormHasChanged) as one:
        save_answer(person, key, "pitch", "NOUVEAU", 1, NOW, form_revision=1)
    assert (changes_of(one.value), one.value.revision, one.value.yours) == (
        [sentence],
        2,
        {"pitch": "NOUVEAU"},
    )
    with pytest.raises(FormHasChanged) as whole:
        save_section(person, key, "project", {"pitch": "NOUVEAU", "area": "AREA-2"}, NOW, form_revision=1)
    assert whole.value.yours == {"pitch": "NOUVEAU", "area": "AREA-2"}
    # Nothing is erased, and what was refused is in the history.
    assert answers_of(key) == {"pitch": "TEXTE-PITCH", "area": "TEXTE-AREA"}
    aside = set(db.session.scalars(select(AnswerVersion.value)))
    assert aside == {"NOUVEAU", "AREA-2"}
    # The difference read, the text is saved; even to a question retired meanwhile, whose answers are kept.
    assert save_answer(person, key, "pitch", "NOUVEAU", 1, NOW, form_revision=2).version == 2
    assert answers_of(key)["pitch"] == "NOUVEAU"


def test_a_change_elsewhere_refuses_nothing(nadia: Holder, draft: tuple[Holder, str]) -> None:
    person, key = draft
    change(nadia, NOW, "need", typed("need", label="Autre"), REASON)
    assert save_answer(person, key, "pitch", "NOUVEAU", 1, NOW, form_revision=1).version == 2
    assert save_section(person, key, "project", {"area": "A"}, NOW, form_revision=1).changed == 1


def test_a_retired_question_keeps_its_answers_and_comes_back_with_them(
    nadia: Holder, draft: tuple[Holder, str]
) -> None:
    person, key = draft
    form_builder.retire(nadia, YEAR, "questions", "area", REASON, NOW)
    with pytest.raises(FormHasChanged):
        save_answer(person, key, "area", "SANS NUMÉRO", None, NOW)
    found = own_draft(person, key, NOW)
    assert [question.code for question in found.retired] == ["area"]
    assert "area" not in [q.code for progress in found.sections for q in progress.questions]
    form_builder.restore(nadia, YEAR, "questions", "area", REASON, NOW)
    again = own_draft(person, key, NOW)
    assert (again.retired, again.answer("area").value) == ((), "TEXTE-AREA")


def test_a_filing_says_which_form_it_answers(nadia: Holder) -> None:
    person, key = world.a_filer()
    world.fill(person, key)
    form_builder.retire(nadia, YEAR, "questions", "area", REASON, NOW)
    submit_candidacy(person, key, NOW)
    content = json.loads(db.session.scalars(select(Filing.content)).one())
    codes = [answer["code"] for section in content["sections"] for answer in section["answers"]]
    assert (content["form_revision"], "area" in codes) == (2, False)


def test_a_hidden_question_is_not_required_and_not_filed(nadia: Holder) -> None:
    person, key = world.a_filer()
    world.fill(person, key)
    save_answer(person, key, "replicated_where", "CANARI-CACHÉ", None, NOW)
    save_answer(person, key, "already_replicated", "no", None, NOW)
    submit_candidacy(person, key, NOW)
    assert "CANARI-CACHÉ" not in db.session.scalars(select(Filing.content)).one()
    assert answers_of(key)["replicated_where"] == "CANARI-CACHÉ"


def test_what_people_answered_is_retired_never_deleted(nadia: Holder, draft: tuple[Holder, str]) -> None:
    with pytest.raises(QuestionIsKept):
        form_builder.remove(nadia, YEAR, "questions", "pitch", REASON, NOW)
    for code, what, refusal in (
        ("title", "questions", QuestionIsNeeded),
        ("project", "rubriques", QuestionIsNeeded),
        ("theme", "rubriques", ThemeIsNeeded),
    ):
        with pytest.raises(refusal):
            form_builder.retire(nadia, YEAR, what, code, REASON, NOW)
    assert question_of("pitch").retired is False


def test_a_table_never_becomes_a_text_once_it_may_be_answered(nadia: Holder) -> None:
    with pytest.raises(InputIsInvalid) as refused:
        change(nadia, NOW, "indicators", typed("indicators", kind="long_text"), REASON)
    assert list(refused.value.errors) == ["kind"]
    change(nadia, BEFORE, "indicators", typed("indicators", kind="long_text", limit="500"))
    assert question_of("indicators").kind == "long_text"


def test_a_choice_reworded_keeps_its_code(nadia: Holder) -> None:
    values = new_values(kind="single_choice", label="Statut", choices="Locataire\nPropriétaire")
    code = change(nadia, BEFORE, None, values)
    assert question_of(code).choices == (("locataire", "Locataire"), ("proprietaire", "Propriétaire"))
    change(nadia, BEFORE, code, typed(code, choices="Propriétaire\nEn location\nAutre"))
    assert [kept for kept, _label in question_of(code).choices] == ["proprietaire", "en_location", "autre"]
    change(nadia, BEFORE, code, typed(code, choices="Propriétaire\nLocataire ou hébergé\nAutre"))
    assert question_of(code).choices[1] == ("en_location", "Locataire ou hébergé")


def test_only_the_national_staff_and_before_scoring(nadia: Holder) -> None:
    regional = world.a_coordinator()
    with pytest.raises(IsForbidden):
        change(regional, BEFORE, "pitch", typed("pitch", label="Non"))
    world.set_phase("P3")
    with pytest.raises(IsNotThePhase):
        change(nadia, NOW, "pitch", typed("pitch", label="Non"), REASON)
    assert question_of("pitch").label == "L’initiative en une phrase"


def test_the_whole_form_is_replaced_before_the_call_only(nadia: Holder) -> None:
    from awards_app.services.editions import create_edition

    create_edition(world.the_preset(), YEAR - 1, BEFORE)
    form_builder.retire(nadia, YEAR, "questions", "pitch", "", BEFORE)
    report = form_builder.copy_form(nadia, YEAR, YEAR - 1, BEFORE)
    assert (report.sections, question_of("pitch").retired) == (7, False)
    assert place_of("pitch") == "project:title"
    with pytest.raises(FormIsOpen):
        form_builder.copy_form(nadia, YEAR, YEAR - 1, NOW)
