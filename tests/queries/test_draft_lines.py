"""What a chamber knows of a draft: that it is there, how far it is, when it moved; not a word of it."""

from dataclasses import astuple
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from awards_app.database import db
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.editions import Round
from awards_app.queries.draft_lines import drafts_in
from awards_app.services.candidacies import save_answer
from tests import filing_world as world

pytestmark = pytest.mark.usefixtures("context")
NOW = world.FILING


def the_round() -> str:
    key = db.session.scalar(select(Round.key).where(Round.region_code == "53"))
    assert key is not None
    return key


@pytest.mark.parametrize("count", [1, 3])
def test_the_chamber_knows_that_drafts_exist(count: int) -> None:
    world.an_edition()
    chamber = world.a_coordinator()
    for number, name in enumerate(("Odile", "Xavier", "Zoé")[:count]):
        person, key = world.a_filer(name, number)
        save_answer(person, key, "title", f"CANARI {number}", None, NOW + timedelta(hours=number))
        save_answer(person, key, "need", "SECRET-DU-TEXTE", None, NOW + timedelta(hours=number))
    asked: list[str] = []
    round_key = the_round()
    event.listen(db.engine, "before_cursor_execute", lambda _c, _k, said, *_rest: asked.append(said))
    found = drafts_in(chamber, round_key, NOW).lines
    assert len([one for one in asked if one.startswith(("SELECT", "WITH"))]) == 5
    assert [line.structure_name for line in found] == [f"Les Étoiles {n}" for n in range(count)]
    assert [line.title for line in found] == [f"CANARI {n}" for n in range(count)]
    assert all(0 < line.percent < 20 for line in found)
    assert found[-1].touched_at == NOW + timedelta(hours=count - 1)
    assert "SECRET" not in repr([astuple(line) for line in found])


def test_what_a_draft_is_not_asked_does_not_count() -> None:
    world.an_edition()
    person, key = world.a_filer()
    world.fill(person, key)
    save_answer(person, key, "replicated_where", "", None, NOW)
    save_answer(person, key, "already_replicated", "yes", None, NOW)
    chamber = world.a_coordinator()
    [asked] = drafts_in(chamber, the_round(), NOW).lines
    save_answer(person, key, "already_replicated", "no", None, NOW)
    [whole] = drafts_in(chamber, the_round(), NOW).lines
    assert (90 < asked.percent < 100, whole.percent) == (True, 100)


def test_a_whole_draft_is_at_a_hundred_and_other_chambers_know_nothing() -> None:
    world.an_edition()
    person, key = world.a_filer()
    world.fill(person, key)
    assert [line.percent for line in drafts_in(world.a_coordinator(), the_round(), NOW).lines] == [100]
    with pytest.raises(DoesNotExist):
        drafts_in(world.a_coordinator("Bruno", "76"), the_round(), NOW)
    with pytest.raises(DoesNotExist):
        drafts_in(person, the_round(), NOW)
