"""A form is read once for all who find the same rows, and anew as soon as one of them differs."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.models.editions import FormQuestion, FormSection
from awards_app.queries.forms import whole_form_of
from tests import filing_world as world


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (FormSection, {"title": "Autrement"}),
        (FormQuestion, {"label": "Autrement"}),
        (FormQuestion, {"choices": [{"code": "autre", "label": "Autre"}]}),
        (FormQuestion, {"accepts": ["pdf"]}),
        (FormQuestion, {"settings": {"rows": 9}}),
        (FormQuestion, {"condition": {"question": "pitch", "answers": ["oui"]}}),
    ],
)
def test_a_form_that_changed_is_read_anew(context: Flask, model: Any, values: dict[str, Any]) -> None:
    world.an_edition()
    edition_id = db.session.scalar(select(FormSection.edition_id).limit(1))
    assert edition_id is not None
    before = whole_form_of(edition_id)
    assert whole_form_of(edition_id) is before
    (name,) = values
    kept = {one.id: getattr(one, name) for one in db.session.scalars(select(model))}
    with atomic() as session:
        session.execute(update(model).values(values))
    changed = whole_form_of(edition_id)
    assert changed != before
    assert len(changed) == len(before)
    with atomic() as session:
        for key, value in kept.items():
            session.execute(update(model).where(model.id == key).values({name: value}))
    assert whole_form_of(edition_id) == before
