"""The past edition: a few regions, played to the end and published, with its national laureates."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from awards_app.database import db
from awards_app.domain.preset import Preset
from awards_app.models.candidacies import Candidacy
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Prize, Round
from awards_app.models.structures import Membership
from awards_app.services.certificates import order_certificates
from awards_app.services.deadlines import set_participation
from awards_app.services.demonstration import scenes
from awards_app.services.demonstration.candidates import Casting
from awards_app.services.demonstration.scene import PAST, PAST_FILES
from awards_app.services.demonstration.stage import People, Stage
from awards_app.services.editions import create_edition
from awards_app.services.rehearsal.company import Company
from awards_app.services.rehearsal.deliberating import Taste
from awards_app.services.rehearsal.plan import Wish
from awards_app.services.rounds import catch_up_all

REST = "La région n’organise pas de jury cette année."


def _day(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(PAST, month, day, hour, tzinfo=UTC)


def play_past(preset: Preset, company: Company, casting: Casting, people: People) -> Stage:
    """Play the edition of last year, from its creation to its certificates."""
    edition_id = create_edition(preset, PAST, _day(1, 20))
    stage = Stage(edition_id, PAST, company, casting, people)
    stage.read_rounds()
    for code in people.coordinators:
        if code not in PAST_FILES:
            key = stage.rounds[code].key
            set_participation(stage.coordinator(None), key, False, REST, _day(1, 25))
    for place, (code, count) in enumerate(PAST_FILES.items()):
        _plan_region(stage, place, code, count)
    stage.at(_day(7, 2), catch_up_all)
    _plan_national(stage)
    stage.run(_day(12, 31))
    return stage


def _plan_region(stage: Stage, place: int, code: str, count: int) -> None:
    closes_at = stage.rounds[code].closes_at
    assert closes_at is not None
    wish = Wish(tie=place % 3 == 0, absence=place == 2)
    stage.at(_day(5, 16), lambda now: scenes.file_region(stage, code, count, 0, closes_at))
    stage.at(_day(7, 6), lambda now: scenes.admit_region(stage, code, now, _day(8, 20)))
    stage.at(_day(8, 25), lambda now: scenes.seat(stage, code, now, wish, 5 + place % 3))
    stage.at(_day(9, 1, 7 + place), lambda now: scenes.score(stage, code, now))
    stage.at(_day(9, 18, 7 + place), lambda now: scenes.lock_round_of(stage, code, now))
    taste = Taste(title_to_second=place == 3)
    stage.at(_day(9, 24, 7 + place), lambda now: scenes.decide(stage, code, now, taste))
    stage.at(_day(10, 26, 7 + place), lambda now: scenes.arm_publication_of(stage, code, now))


def _plan_national(stage: Stage) -> None:
    homes = (None, None, "53", "93", None, "52", None)
    stage.at(_day(9, 28), lambda now: scenes.seat(stage, None, now, Wish(), 7, homes=homes))
    stage.at(_day(10, 1), lambda now: scenes.score(stage, None, now))
    stage.at(_day(10, 15), lambda now: scenes.lock_round_of(stage, None, now))
    stage.at(_day(10, 20), lambda now: scenes.decide(stage, None, now, Taste()))
    stage.at(_day(10, 27), lambda now: scenes.arm_publication_of(stage, None, now))
    instants = db.session.scalars(
        select(Round.embargo_at).where(Round.edition_id == stage.edition_id).distinct()
    ).all()
    for instant in instants:
        assert instant is not None
        stage.at(instant + timedelta(seconds=20), lambda now: scenes.publish(stage, now))
    stage.at(_day(12, 8), lambda now: _order_certificates(stage, now))


def _order_certificates(stage: Stage, now: datetime) -> None:
    for code, turn in stage.turns.items():
        order_certificates(stage.coordinator(code), turn.key, now)


def give_laureate(stage: Stage, region_code: str, account_id: int) -> int:
    """Make an account responsible for a regional laureate of the past edition; return the structure."""
    structure_id = db.session.scalars(
        select(Candidacy.structure_id)
        .join(Decision, Decision.candidacy_id == Candidacy.id)
        .join(Prize, Prize.id == Decision.prize_id)
        .where(
            Decision.round_id == stage.rounds[region_code].id,
            Decision.annulled_at.is_(None),
            Prize.outcome == "title",
        )
        .order_by(Decision.id)
        .limit(1)
    ).one()
    db.session.execute(
        update(Membership).where(Membership.structure_id == structure_id).values(account_id=account_id)
    )
    return structure_id
