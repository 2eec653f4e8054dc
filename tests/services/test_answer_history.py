"""What an answer's history keeps: the texts of others, what was left alone, what was set aside; never each second's text."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.answer_history import MOST_KEPT, VersionIsGone
from awards_app.domain.candidacies import AnswerHasChanged, KeyIsReused
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.answer_history import AnswerVersion
from awards_app.models.candidacies import Answer
from awards_app.services.answers import base_of, restore_version, save_answer, save_section
from awards_app.services.memberships import accept_invitation, invite_member
from tests import filing_world as world

Pair = tuple[Holder, str]
NOW = world.FILING

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def draft(context: Flask) -> Pair:
    world.an_edition()
    return world.a_filer()


def a_colleague(person: Holder, name: str = "Manon") -> Holder:
    account_id = world.a_person(name)
    address = f"{name.lower()}@exemple.org"
    accept_invitation(
        account_id, invite_member(person, world.structure_key(person), address, "member", NOW), NOW
    )
    return world.holder(account_id)


def kept(code: str = "title") -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(AnswerVersion.reason, AnswerVersion.value)
        .where(AnswerVersion.question_code == code)
        .order_by(AnswerVersion.id)
    )
    return [(row.reason, row.value) for row in rows]


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_typing_leaves_no_history(draft: Pair) -> None:
    person, key = draft
    for step in range(30):
        save_answer(person, key, "title", "abc"[: step % 3 + 1] * (step + 1), step, later(step))
    assert kept() == []


def test_a_text_left_alone_ten_minutes_is_kept(draft: Pair) -> None:
    person, key = draft
    save_answer(person, key, "title", "Le matin", 0, NOW)
    save_answer(person, key, "title", "Le soir", 1, later(600))
    save_answer(person, key, "title", "Le soir venu", 2, later(610))
    assert kept() == [("replaced", "Le matin")]


def test_the_text_of_somebody_else_is_kept(draft: Pair) -> None:
    person, key = draft
    save_answer(a_colleague(person), key, "title", "De Manon", 0, NOW)
    save_answer(person, key, "title", "D’Odile", 1, later(5))
    assert kept() == [("replaced", "De Manon")]


def test_half_of_a_long_text_gone_at_once_is_kept(draft: Pair) -> None:
    person, key = draft
    long = "mot " * 100
    save_answer(person, key, "need", long, 0, NOW)
    save_answer(person, key, "need", "x", 1, later(2))
    assert kept("need") == [("replaced", long)]


def test_two_tabs_lose_neither_text(draft: Pair) -> None:
    person, key = draft
    save_answer(person, key, "title", "Départ", 0, NOW)
    save_answer(person, key, "title", "Premier onglet", 1, later(1))
    with pytest.raises(AnswerHasChanged):
        save_answer(person, key, "title", "Second onglet", 1, later(2))
    assert kept() == [("set_aside", "Second onglet")]
    with pytest.raises(AnswerHasChanged):
        save_answer(person, key, "title", "Second onglet", 1, later(3))
    assert kept() == [("set_aside", "Second onglet")]
    save_answer(person, key, "title", "Second onglet", 2, later(4))
    assert kept() == [("replaced", "Premier onglet")]


def test_a_section_sets_aside_as_one_field_does(draft: Pair) -> None:
    person, key = draft
    save_answer(person, key, "title", "A", 0, NOW)
    save_answer(person, key, "title", "Eux", 1, NOW)
    save_section(person, key, "project", {"title": "Moi"}, NOW, bases={"title": base_of(1, "A")})
    assert kept() == [("set_aside", "Moi")]


def test_a_text_comes_back_and_what_it_replaces_is_kept(draft: Pair) -> None:
    person, key = draft
    save_answer(person, key, "title", "Ancien", 0, NOW)
    save_answer(person, key, "title", "Nouveau", 1, later(700))
    version = db.session.scalar(select(AnswerVersion.key))
    assert version is not None
    assert restore_version(person, key, version, later(701)) == "title"
    assert db.session.execute(select(Answer.value, Answer.version)).one() == ("Ancien", 3)
    assert kept() == [("replaced", "Nouveau")]
    with pytest.raises(VersionIsGone):
        restore_version(person, key, version, later(702))


def test_anothers_history_is_not_there(draft: Pair) -> None:
    person, key = draft
    save_answer(person, key, "title", "Ancien", 0, NOW)
    save_answer(person, key, "title", "Nouveau", 1, later(700))
    version = db.session.scalar(select(AnswerVersion.key)) or ""
    other, own = world.a_filer("Xavier", 1)
    with pytest.raises(VersionIsGone):
        restore_version(other, own, version, NOW)
    with pytest.raises(DoesNotExist):
        restore_version(other, key, version, NOW)


def test_only_the_latest_texts_stay(draft: Pair) -> None:
    person, key = draft
    for step in range(MOST_KEPT + 5):
        save_answer(person, key, "title", f"Texte {step}", step, NOW + timedelta(hours=step))
    assert kept() == [("replaced", f"Texte {step}") for step in range(4, MOST_KEPT + 4)]


def test_the_same_key_is_the_same_save(draft: Pair) -> None:
    person, key = draft
    first = save_answer(person, key, "title", "A", 0, NOW, client_key="k1")
    assert save_answer(person, key, "title", "A", 0, later(9), client_key="k1") == first
    for field, text in (("title", "B"), ("pitch", "A")):
        with pytest.raises(KeyIsReused):
            save_answer(person, key, field, text, None, NOW, client_key="k1")
    assert kept() == []
