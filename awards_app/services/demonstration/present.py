"""The current edition: every region somewhere else on the way, so that each role has something to do."""

from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import select, update

from awards_app.database import db
from awards_app.domain.preset import Preset
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Region as RegionRow
from awards_app.models.structures import Membership
from awards_app.services.accounts import ensure_account
from awards_app.services.candidacies import withdraw_candidacy
from awards_app.services.certificates import order_certificates
from awards_app.services.deadlines import change_deadline, set_participation
from awards_app.services.demonstration import desk, scenes
from awards_app.services.demonstration.candidates import Casting, real_candidates
from awards_app.services.demonstration.scene import (
    EARLY,
    EXTENDED_CLOSING,
    EXTENSION_REASON,
    LATE_CALL,
    NOT_TAKING_PART,
    OPENS_AT,
    REGIONS,
    YEAR,
    Region,
    role_of,
)
from awards_app.services.demonstration.session import sit
from awards_app.services.demonstration.stage import People, Stage, departments, set_calendar
from awards_app.services.editions import create_edition
from awards_app.services.honours import archive_round
from awards_app.services.juries import accept_charter, accept_seat, invite_juror
from awards_app.services.rehearsal.company import DOMAIN, Company
from awards_app.services.rehearsal.deliberating import Taste
from awards_app.services.rehearsal.plan import Wish
from awards_app.services.rounds import catch_up_all

REST = "La chambre est en cours de création."
# How much of their files the jurors of an open scoring have marked, in hundredths.
REGIONAL_SHARES = (70, 45, 100, 85, 25, 55)
NATIONAL_SHARES = (30, 45, 0, 20, 60, 10, 0)
ADMITTED = {"28": 60, "11": 75, "02": 0}
WISHES = {
    "93": Wish(tie=True),
    "27": Wish(absence=True),
    "44": Wish(absence=True, tie=True),
    "24": Wish(recused_chair=True),
    "84": Wish(tie=True),
}
TASTES = {"94": Taste(no_entry_in="te"), "84": Taste(title_to_second=True)}
# Regions that score before the others: opening, lock, decisions.
EARLY_DAYS = {"04": ((7, 20), (8, 9), (8, 12)), "75": ((8, 3), (8, 26), (8, 28))}
WITHDRAWING = "52"
WITHDRAWAL = "La structure cesse l’activité présentée et préfère laisser sa place."


def _day(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(YEAR, month, day, hour, tzinfo=UTC)


def play_present(preset: Preset, company: Company, casting: Casting, people: People) -> Stage:
    """Play the current edition up to the day the demonstration opens."""
    edition_id = create_edition(preset, YEAR, _day(1, 20))
    stage = Stage(edition_id, YEAR, company, casting, people)
    stage.read_rounds()
    _settle_calendars(stage)
    catalogue = departments()
    for place, region in enumerate(REGIONS):
        if region.phase != "P0":
            _plan_filing(stage, region, catalogue)
        if region.phase >= "P3":
            _plan_jury(stage, place, region)
    stage.at(_day(5, 16, 6), catch_up_all)
    stage.at(_day(6, 28), lambda now: _extend(stage, now))
    stage.at(_day(7, 2), catch_up_all)
    stage.at(_day(9, 2), lambda now: desk.ask_completions(stage, now))
    stage.at(_day(9, 9), lambda now: desk.answer_one(stage, now))
    stage.at(_day(9, 10), lambda now: desk.propose_one(stage, now))
    stage.at(_day(9, 6), lambda now: _invite_normandy(stage, now))
    _plan_publications(stage)
    _plan_national(stage)
    stage.run(OPENS_AT)
    return stage


def _settle_calendars(stage: Stage) -> None:
    zones = dict(db.session.execute(select(RegionRow.code, RegionRow.zone)).all())
    set_calendar(stage.rounds["03"].id, zones["03"], **LATE_CALL)
    for code, moments in EARLY.items():
        set_calendar(stage.rounds[code].id, zones[code], **moments)
    national = stage.coordinator(None)
    set_participation(national, stage.rounds[NOT_TAKING_PART].key, False, REST, _day(2, 3))
    stage.read_rounds()


def _plan_filing(stage: Stage, region: Region, catalogue: dict[str, str]) -> None:
    closes_at = stage.rounds[region.code].closes_at
    assert closes_at is not None
    until = OPENS_AT - timedelta(days=1) if region.phase == "P1" else closes_at
    real = real_candidates(region.code, catalogue) if region.real else []
    stage.at(
        _day(5, 16, 7),
        lambda now: scenes.file_region(stage, region.code, region.files, region.drafts, until, real),
    )
    if region.phase >= "P2":
        ends = _day(7, 15) if region.code in EARLY_DAYS else _day(8, 27)
        share = ADMITTED.get(region.code, 100)
        stage.at(
            _day(7, 3),
            lambda now: scenes.admit_region(stage, region.code, now, ends, share=share),
        )


def _plan_jury(stage: Stage, place: int, region: Region) -> None:
    code = region.code
    opening, locking, deciding = EARLY_DAYS.get(code, ((9, 1), (9, 10), (9, 12)))
    wish = WISHES.get(code, Wish())
    given = _given(code)
    seated = (7, 12) if code in EARLY_DAYS else (8, 24)
    hour = 6 + place % 10
    stage.at(_day(*seated, hour), lambda now: scenes.seat(stage, code, now, wish, 5 + place % 3, given=given))
    if region.phase == "P3":
        stage.at(_day(9, 3, hour), lambda now: _score_partly(stage, code, now))
        return
    stage.at(_day(*opening, hour), lambda now: scenes.score(stage, code, now))
    stage.at(_day(*locking, hour), lambda now: scenes.lock_round_of(stage, code, now))
    if code == WITHDRAWING:
        stage.at(_day(9, 11, hour), lambda now: _withdraw(stage, code, now))
    if region.phase == "P4":
        stage.at(_day(9, 14, hour), lambda now: sit(stage, code, now))
    if region.phase >= "P5":
        taste = TASTES.get(code, Taste())
        stage.at(_day(*deciding, hour), lambda now: scenes.decide(stage, code, now, taste))


def _given(code: str) -> tuple[tuple[str, str, str], ...]:
    chair, juror = role_of("chair"), role_of("jury")
    assert chair is not None
    assert juror is not None
    if code == "76":
        return ((chair.email, chair.name, "chair"), (juror.email, juror.name, "juror"))
    return ((chair.email, chair.name, "chair"),) if code == "93" else ()


def _score_partly(stage: Stage, code: str, now: datetime) -> None:
    real = frozenset(one.key for one in stage.filed[code] if one.is_real)
    scenes.score(stage, code, now, shares=REGIONAL_SHARES, skipped=real)


def _extend(stage: Stage, now: datetime) -> None:
    closing = datetime.fromisoformat(EXTENDED_CLOSING)
    change_deadline(stage.coordinator("53"), stage.rounds["53"].key, closing, EXTENSION_REASON, now)


def _withdraw(stage: Stage, code: str, now: datetime) -> None:
    """Withdraw a file after the scoring: the last but one of a theme, by the person responsible for it."""
    turn = stage.turns[code]
    accounts = {one.key: one.account_id for one in stage.filed[code]}
    chosen = next(file for file in reversed(turn.files) if accounts.get(file.key) is not None)
    account_id = accounts[chosen.key]
    assert account_id is not None
    withdraw_candidacy(stage.company.holder(account_id), chosen.key, WITHDRAWAL, now)
    turn.files.remove(chosen)


def _invite_normandy(stage: Stage, now: datetime) -> None:
    """Compose a jury that is not whole yet: three accepted, two have not answered."""
    people = stage.company.draw(5)
    for place, one in enumerate(people):
        email = f"{one.person.email.split('@')[0]}@{DOMAIN}"
        key = invite_juror(
            stage.coordinator("28"),
            stage.rounds["28"].key,
            email=email,
            name=one.person.full_name,
            function=("chair", "juror", "deputy", "juror", "juror")[place],
            college=one.college_label,
            now=now,
        )
        if place < 3:
            account_id = ensure_account(email, one.person.full_name, now)
            accept_seat(account_id, key, now)
            stage.company.forget(account_id)
            if place:
                accept_charter(stage.company.holder(account_id), key, now)


def _plan_publications(stage: Stage) -> None:
    stage.at(_day(8, 20), lambda now: scenes.arm_publication_of(stage, "04", now))
    stage.at(_day(9, 1, 14) + timedelta(seconds=20), lambda now: scenes.publish(stage, now))
    stage.at(_day(9, 3), lambda now: order_certificates(stage.coordinator("04"), stage.rounds["04"].key, now))
    stage.at(_day(9, 8), lambda now: archive_round(stage.coordinator(None), stage.rounds["04"].key, now))
    stage.at(_day(9, 2), lambda now: scenes.arm_publication_of(stage, "75", now))
    stage.at(_day(9, 10, 16) + timedelta(minutes=30, seconds=20), lambda now: scenes.publish(stage, now))
    for code in ("84", "27"):
        stage.at(_day(9, 14), partial(scenes.arm_publication_of, stage, code))


def _plan_national(stage: Stage) -> None:
    juror, chair = role_of("national_juror"), role_of("national_chair")
    assert juror is not None
    assert chair is not None
    given = ((chair.email, chair.name, "chair"), (juror.email, juror.name, "juror"))
    homes = (None, "75", None, "84", "52", None, "44")
    stage.at(_day(9, 13), lambda now: scenes.seat(stage, None, now, Wish(), 7, given=given, homes=homes))
    stage.at(_day(9, 13, 15), lambda now: scenes.score(stage, None, now, shares=NATIONAL_SHARES))


def give_draft(stage: Stage, region_code: str, account_id: int) -> None:
    """Make an account responsible for a draft of the open call, well advanced and not finished."""
    row = db.session.execute(
        select(Candidacy.id, Candidacy.structure_id)
        .where(Candidacy.round_id == stage.rounds[region_code].id, Candidacy.state == "draft")
        .order_by(Candidacy.touched_at.desc())
        .limit(1)
    ).one()
    db.session.execute(
        update(Membership).where(Membership.structure_id == row.structure_id).values(account_id=account_id)
    )
    db.session.execute(update(Candidacy).where(Candidacy.id == row.id).values(created_by_id=account_id))
