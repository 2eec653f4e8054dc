"""Answers of a draft: kept whatever their validity, versions compared, no text lost."""

import pytest
from flask import Flask

from awards_app.domain.candidacies import AnswerHasChanged, CandidacyIsSubmitted, QuestionIsUnknown
from awards_app.domain.form_answers import AnswerIsTooLong
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.text import TextIsInvalid
from awards_app.queries.drafts import own_draft
from awards_app.services.answers import base_of, save_answer, save_section
from awards_app.services.filings import submit_candidacy
from tests import filing_world as world

Pair = tuple[Holder, str]

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def draft(context: Flask) -> Pair:  # a pair of the world's own types
    world.an_edition()
    return world.a_filer()


def test_a_stale_save_is_refused_with_both_texts(draft: Pair) -> None:  # as above
    person, key = draft
    assert save_answer(person, key, "title", "A", 0, world.FILING).version == 1
    assert save_answer(person, key, "title", "B", 1, world.FILING).version == 2
    with pytest.raises(AnswerHasChanged) as stale:
        save_answer(person, key, "title", "C", 1, world.FILING)
    assert (stale.value.yours, stale.value.theirs, stale.value.version) == ("C", "B", 2)
    assert own_draft(person, key, world.FILING).answer("title").value == "B"


def test_the_same_text_again_is_the_same_save(draft: Pair) -> None:  # as above
    person, key = draft
    save_answer(person, key, "title", "A", 0, world.FILING)
    assert save_answer(person, key, "title", "A", 0, world.FILING).version == 1


def test_a_draft_keeps_what_is_not_valid(draft: Pair) -> None:  # as above
    person, key = draft
    save_answer(person, key, "contact_email", "pas une adresse", 0, world.FILING)
    save_answer(person, key, "need", "é" * 2001, 0, world.FILING)
    found = own_draft(person, key, world.FILING)
    assert found.answer("contact_email").value == "pas une adresse"
    assert len(found.answer("need").value) == 2001
    assert found.progress_of("narrative").problems["need"] == (  # type: ignore[union-attr]  # the section is there
        "Cette réponse dépasse la limite de signes."
    )


def test_what_no_text_holds_is_refused(draft: Pair) -> None:  # as above
    person, key = draft
    with pytest.raises(TextIsInvalid):
        save_answer(person, key, "title", "a\x00b", 0, world.FILING)
    with pytest.raises(AnswerIsTooLong):
        save_answer(person, key, "need", "x" * 20_001, 0, world.FILING)
    with pytest.raises(QuestionIsUnknown):
        save_answer(person, key, "state", "submitted", 0, world.FILING)
    with pytest.raises(QuestionIsUnknown):
        save_answer(person, key, "photos", "x", 0, world.FILING)


def test_a_section_leaves_alone_what_was_not_touched(draft: Pair) -> None:  # as above
    person, key = draft
    save_answer(person, key, "title", "A", 0, world.FILING)
    save_answer(person, key, "pitch", "P", 0, world.FILING)
    opened = {"title": base_of(1, "A"), "pitch": base_of(1, "P"), "area": base_of(0, "")}
    save_answer(person, key, "title", "De l’autre onglet", 1, world.FILING)
    saved = save_section(
        person,
        key,
        "project",
        {"title": "A", "pitch": "Mon texte", "area": "Rance", "need": "hors rubrique"},
        world.FILING,
        bases=opened,
    )
    assert (saved.changed, saved.conflicts) == (2, ())
    found = own_draft(person, key, world.FILING)
    assert [found.answer(code).value for code in ("title", "pitch", "area", "need")] == [
        "De l’autre onglet",
        "Mon texte",
        "Rance",
        "",
    ]


def test_a_section_brings_back_both_texts_where_two_met(draft: Pair) -> None:  # as above
    person, key = draft
    save_answer(person, key, "title", "A", 0, world.FILING)
    opened = {"title": base_of(1, "A"), "pitch": base_of(0, "")}
    save_answer(person, key, "title", "Eux", 1, world.FILING)
    saved = save_section(person, key, "project", {"title": "Moi", "pitch": "P"}, world.FILING, bases=opened)
    assert [(c.field, c.yours, c.theirs, c.version) for c in saved.conflicts] == [("title", "Moi", "Eux", 2)]
    assert own_draft(person, key, world.FILING).answer("pitch").value == "P"


def test_a_section_that_is_not_is_not_found(draft: Pair) -> None:  # as above
    person, key = draft
    with pytest.raises(DoesNotExist):
        save_section(person, key, "nulle", {"title": "x"}, world.FILING)


def test_the_questions_follow_the_theme(draft: Pair) -> None:  # as above
    person, key = draft
    asked = own_draft(person, key, world.FILING).progress_of("theme")
    assert asked is not None
    assert [q.code for q in asked.questions] == []
    save_answer(person, key, "theme", "te", 0, world.FILING)
    asked = own_draft(person, key, world.FILING).progress_of("theme")
    assert asked is not None
    assert [q.code for q in asked.questions] == ["te_measures", "te_people"]


def test_a_submitted_candidacy_is_not_written(draft: Pair) -> None:  # as above
    person, key = draft
    world.fill(person, key)
    submit_candidacy(person, key, world.FILING)
    with pytest.raises(CandidacyIsSubmitted):
        save_answer(person, key, "title", "après", None, world.FILING)
