"""The national jury's slots, decided and published: three nominees, one laureate, a prize not awarded, a coup de cœur."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.deliberations import NotANominee, PlacesAreTaken
from awards_app.domain.scoring import MarkInput
from awards_app.models.candidacies import Candidacy, Filing
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Criterion, CriterionWeight, Prize, Round
from awards_app.models.honours import EditionRecord, NationalEntry
from awards_app.services.accounts import ensure_account, grant_role
from awards_app.services.deliberations import (
    confirm_decisions,
    propose_decision,
    record_attendance,
    write_minutes,
)
from awards_app.services.honours import arm_publication, publish_due, set_embargo
from awards_app.services.locking import lock_scoring
from awards_app.services.scoring import record_scoresheet
from tests.decision_world import (
    DELIBERATION,
    MINUTES,
    fill_filings,
    read_back,
)
from tests.desk_world import words_of
from tests.jury_world import BEFORE, SCORING, YEAR, a_round, add_file, add_seat, declare_all

LEVELS = {"Alpha": 3, "Béta": 2, "Gamma": 2, "Delta": 1, "Epsilon": 3, "Zêta": 2}
THEMES = {file: "te" if file in ("Epsilon", "Zêta") else "us" for file in LEVELS}


@pytest.fixture
def world(context):
    """Four files of one theme and two of the other, sent up and locked by the national jury."""
    world = a_round("P6")
    for file in LEVELS:
        add_file(world, file, THEMES[file])
    for code in ("NS1", "NS2"):
        world.accounts[code] = ensure_account(f"{code.lower()}@ess-france.exemple", code, BEFORE)
        grant_role(None, world.accounts[code], "national_staff", None, BEFORE)
    with atomic() as session:
        national = session.scalars(
            select(Round).where(Round.edition_id == world.edition_id, Round.region_code.is_(None))
        ).one()
        national.phase = "P3"
        prize_id = session.scalars(select(Prize.id).where(Prize.code == "national_entry")).one()
        for filing in session.scalars(select(Filing).order_by(Filing.id)).all():
            theme_id = theme_of(filing)
            decision = Decision(
                round_id=world.round_id,
                prize_id=prize_id,
                theme_id=theme_id,
                candidacy_id=filing.candidacy_id,
                citation="",
                reason="",
                proposed_at=BEFORE,
                proposed_by_id=world.accounts["NS1"],
                confirmed_at=BEFORE,
                confirmed_by_id=world.accounts["NS2"],
            )
            session.add(decision)
            session.flush()
            session.add(
                NationalEntry(
                    round_id=national.id,
                    candidacy_id=filing.candidacy_id,
                    decision_id=decision.id,
                    theme_id=theme_id,
                    filing_id=filing.id,
                    received_at=BEFORE,
                )
            )
        world.round_id, world.round_key = national.id, national.key
    fill_filings(world)
    return world


def theme_of(filing):
    return db.session.get_one(Candidacy, filing.candidacy_id).theme_id


def scored_and_locked(world):
    """Three jurors, one of them the chair, give each file its level everywhere; the chair locks."""
    for name, function in (("N1", "chair"), ("N2", "juror"), ("N3", "juror")):
        add_seat(world, name, function)
    declare_all(world)
    asked = {
        theme: db.session.scalars(
            select(Criterion.code)
            .join(CriterionWeight, CriterionWeight.criterion_id == Criterion.id)
            .where(
                Criterion.edition_id == world.edition_id,
                Criterion.level == "national",
                CriterionWeight.theme_id == theme_id,
                CriterionWeight.weight > 0,
            )
        ).all()
        for theme, theme_id in world.themes.items()
    }
    for file, level in LEVELS.items():
        marks = {code: MarkInput(level, reason="parce que") for code in asked[THEMES[file]]}
        for name in world.seats:
            record_scoresheet(world.holder(name), world.seats[name], world.files[file], marks, SCORING)
    lock_scoring(world.holder("N1"), world.round_key, SCORING)
    present = dict.fromkeys(world.seats.values(), "present")
    record_attendance(world.holder("N1"), world.round_key, present, DELIBERATION)


def propose(world, prize, theme, file, reason=""):
    return propose_decision(
        world.holder("N1"),
        world.round_key,
        prize_code=prize,
        theme_code=theme,
        candidacy_key=world.files[file] if file else None,
        citation=f"Pour {file}." if file else "",
        reason=reason,
        now=DELIBERATION,
    )


def test_what_the_national_jury_gives_is_public_at_its_publication(context, world):
    scored_and_locked(world)
    with pytest.raises(NotANominee):
        propose(world, "laureate", "us", "Alpha")
    for file in ("Alpha", "Béta", "Gamma"):
        propose(world, "nominee", "us", file)
    with pytest.raises(PlacesAreTaken):
        propose(world, "nominee", "us", "Delta", "Un choix.")
    with pytest.raises(NotANominee):
        propose(world, "laureate", "us", "Delta", "Un choix.")
    propose(world, "laureate", "us", "Alpha")
    with pytest.raises(PlacesAreTaken):
        propose(world, "laureate", "us", "Béta", "Un choix.")
    for file in ("Epsilon", "Zêta"):
        propose(world, "nominee", "te", file)
    propose(world, "laureate", "te", None, "Aucune n’est assez avancée.")
    propose(world, "national_special", None, "Delta", "Le jury a voulu la saluer.")
    write_minutes(world.holder("N1"), world.round_key, {**MINUTES, "chair": "N1"}, DELIBERATION)
    confirm_decisions(world.holder("NS1"), world.round_key, DELIBERATION)
    # Half past midnight in Paris: the day is not the one of universal time.
    set_embargo(
        world.holder("NS1"), world.round_key, datetime.fromisoformat("2027-11-27T00:30"), DELIBERATION
    )
    visitor = context.test_client()
    path = f"/palmares/{YEAR}/national"
    assert visitor.get(path).status_code == 404
    for who, wanted in (("NS1", "pending"), ("NS2", "done")):
        assert arm_publication(world.holder(who), world.round_key, read_back(world), DELIBERATION) == wanted

    assert publish_due(datetime(2027, 11, 26, 23, 30, tzinfo=UTC)) == [world.round_key]

    assert db.session.get_one(EditionRecord, YEAR).ceremony_on == date(2027, 11, 27)
    given = {
        (line["structure"], line["distinction"])
        for line in visitor.get("/palmares.json").json["distinctions"]
        if line["niveau"] == "national"
    }
    assert given == {
        ("Structure Alpha", "laureate"),
        *((f"Structure {file}", "nominee") for file in ("Alpha", "Béta", "Gamma", "Epsilon", "Zêta")),
        ("Structure Delta", "special"),
    }
    page = words_of(visitor.get(path).get_data(as_text=True))
    assert [file for file in LEVELS if f"Structure {file}" in page] == list(LEVELS)
    assert "Coup de cœur du jury national" in page
    # Why nothing was given is the minutes'; the public reads no reason of the jury.
    for reason in ("Aucune n’est assez avancée", "Un choix", "Le jury a voulu la saluer"):
        assert reason not in page
