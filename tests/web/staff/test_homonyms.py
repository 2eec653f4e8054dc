"""Two laureates of one name in two towns: what tells them apart on screen, what is typed for each, what the public reads."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from awards_app.adapters.clock import now as machine_now
from awards_app.database import atomic, db
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Round
from awards_app.models.structures import Structure
from awards_app.services.deliberations import confirm_decisions, write_minutes
from awards_app.services.honours import publish_due, set_embargo
from tests.decision_world import (
    DELIBERATION,
    LIFT,
    MINUTES,
    a_decided_round,
    a_locked_round,
    be_present,
    fill_filings,
    places,
    propose,
    read_back,
)
from tests.desk_world import words_of
from tests.web.jury.test_deliberation import signed_in

NAME = "Les Amis du Lac"
WHO = {"Alpha": ("732829320", "Vannes"), "Béta": ("552100554", "Brest")}


@pytest.fixture
def world(context):
    """Béta is first and goes up; Alpha shares the regional prize: both bear the same name."""
    world = a_locked_round()
    with atomic() as session:
        for file, (siren, city) in WHO.items():
            structure = session.scalars(
                select(Structure)
                .join(Candidacy, Candidacy.structure_id == Structure.id)
                .where(Candidacy.key == world.files[file])
            ).one()
            structure.name, structure.siren, structure.city = NAME, siren, city
    fill_filings(world)
    places(world, "regional_title", 2)
    be_present(world)
    propose(world, "national_entry", "Béta")
    for file in ("Béta", "Alpha"):
        propose(world, "regional_title", file)
    write_minutes(world.holder("J1"), world.round_key, MINUTES, DELIBERATION)
    confirm_decisions(world.coordinator, world.round_key, DELIBERATION)
    return world


def test_siren_and_town_tell_homonyms_apart_and_their_name_is_typed_for_each(context, world):
    later = machine_now() + timedelta(days=400)
    with atomic() as session:
        session.get_one(Round, world.round_id).scoring_closes_at = None
    home = f"/coordination/{world.round_key}/publication"
    chamber, nation = signed_in(context, world.coordinator_id), signed_in(context, world.accounts["NS1"])
    assert (
        chamber.post(f"{home}/embargo", data={"day": f"{later:%Y-%m-%d}", "hour": "18:00"}).status_code == 303
    )

    page = chamber.get(home).get_data(as_text=True)
    shown = words_of(page)
    cards = re.findall(rf"<h3[^>]*>{NAME}</h3>(.*?)name=\"name-", page, re.DOTALL)
    towns = [[city for _siren, city in WHO.values() if city in words_of(card)] for card in cards]
    assert sorted(towns) == [["Brest"], ["Vannes"]]
    for siren, _city in WHO.values():
        assert siren in re.sub(r"(?<=\d)\s(?=\d)", "", shown)

    names = {f"name-{key}": NAME for key in read_back(world)}
    one = re.findall(r'name="(name-[^"]+)"', page)[-1]
    for wrong in ("Les Amis du Lac de Vannes", "Les Amies du Lac", ""):
        assert chamber.post(f"{home}/armer", data={**names, one: wrong}).status_code == 422
    loose = dict.fromkeys(names, "  LES  amis du lac ")
    assert chamber.post(f"{home}/armer", data=loose).status_code == 303
    assert nation.post(f"{home}/armer", data=names).status_code == 303
    assert db.session.scalar(select(Round.publication_armed_at).where(Round.id == world.round_id)) is not None


def test_the_public_reads_both_each_at_its_own_address(context, world):
    with atomic() as session:
        row = session.get_one(Round, world.round_id)
        row.embargo_at, row.publication_armed_at = LIFT, DELIBERATION
    assert publish_due(LIFT) == [world.round_key]

    visitor = context.test_client()
    page = visitor.get("/palmares/2027/bretagne").get_data(as_text=True)
    pages = list(dict.fromkeys(re.findall(r'href="(/laureats/[^"]+)"', page)))
    assert len(pages) == 2
    told = [words_of(visitor.get(path).get_data(as_text=True)) for path in pages]
    assert sorted(city for text in told for _siren, city in WHO.values() if city in text) == [
        "Brest",
        "Vannes",
    ]
    shown = words_of(page)
    assert [(NAME in shown), ("Brest" in shown), ("Vannes" in shown)] == [True, True, True]


@pytest.mark.parametrize(
    ("zone", "utc_hour"), [("Indian/Reunion", 14), ("America/Guadeloupe", 22)], ids=["réunion", "guadeloupe"]
)
def test_a_region_far_from_paris_publishes_at_its_own_hour(context, zone, utc_hour):
    world = a_decided_round()
    with atomic() as session:
        session.get_one(Round, world.round_id).zone = zone
    set_embargo(world.coordinator, world.round_key, LIFT.replace(hour=18, tzinfo=None), DELIBERATION)
    with atomic() as session:
        session.get_one(Round, world.round_id).publication_armed_at = DELIBERATION
    instant = LIFT.replace(hour=utc_hour)
    assert db.session.scalar(select(Round.embargo_at).where(Round.id == world.round_id)) == instant

    assert publish_due(instant - timedelta(seconds=1)) == []
    assert context.test_client().get("/palmares/2027/bretagne").status_code == 404
    assert publish_due(instant) == [world.round_key]
    assert context.test_client().get("/palmares/2027/bretagne").status_code == 200
