"""Requests for completion: asked by the chamber, answered once, before their instant, on the listed fields only."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.admissibility_acts import (
    CompletionIsAnswered,
    CompletionIsCancelled,
    CompletionIsOver,
    CompletionRuns,
    FieldIsNotListed,
)
from awards_app.domain.candidacies import CandidacyIsIncomplete, CandidacyIsWithdrawn
from awards_app.domain.deadlines import LocalTimeDoesNotExist, LocalTimeHappensTwice
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, IsForbidden, IsNotThePhase
from awards_app.models.admissibility import CompletionAnswer, CompletionRequest
from awards_app.models.candidacies import Answer, Attachment, Filing
from awards_app.queries.completions import chamber_request, own_request
from awards_app.services.admissibility import decide_admissibility
from awards_app.services.candidacies import save_answer, take_back_candidacy, withdraw_candidacy
from awards_app.services.completion_answers import answer_completion, prepare_answer
from awards_app.services.completion_files import add_completion_file, remove_completion_file
from awards_app.services.completion_reminders import remind_completions
from awards_app.services.completion_threads import write_as_chamber, write_as_structure
from awards_app.services.completions import (
    Asked,
    ask_completion,
    cancel_completion,
    move_completion,
    reopen_completion,
)
from awards_app.services.rounds import catch_up_all
from awards_app.services.structures import accept_invitation, invite_member
from tests import desk_world as desk
from tests import filing_world as world
from tests.desk_world import local
from tests.invariants import broken

pytestmark = pytest.mark.usefixtures("context")
NOW, LATER = desk.NOW, desk.LATER


def _filings(key: str) -> list[Filing]:
    return list(db.session.scalars(select(Filing).order_by(Filing.number)))


def _values(filing: Filing) -> dict[str, str]:
    content = json.loads(filing.content)
    return {a["code"]: a["value"] for part in content["sections"] for a in part["answers"]}


def test_an_answer_changes_the_listed_field_and_keeps_the_former_copy() -> None:
    world.an_edition()
    person, key = world.a_submitted()
    coordinator = world.a_coordinator()
    request = desk.a_request(coordinator, key, "area")
    before = _filings(key)[0].content
    receipt = answer_completion(person, key, request, {"area": "Rennes et Fougères"}, LATER)
    former, latter = _filings(key)
    assert (former.content, former.replaced_at, latter.sha256) == (before, LATER, receipt.sha256)
    old, new = _values(former), _values(latter)
    assert {code for code in new if new[code] != old[code]} == {"area"}
    assert new["area"] == "Rennes et Fougères"
    assert json.loads(former.content)["attachments"] == json.loads(latter.content)["attachments"]
    found = chamber_request(coordinator, desk.round_key(), key, request, LATER)
    assert [(c.code, c.before, c.after) for c in found.answers[0].changes] == [
        ("area", "Rance", "Rennes et Fougères")
    ]
    assert desk.letters("correction_requested", "correction_answered", "correction_received") == [
        ("correction_requested", "waiting", "odile@exemple.org"),
        ("correction_answered", "waiting", "odile@exemple.org"),
        ("correction_received", "waiting", "coralie@exemple.org"),
    ]
    assert broken() == []


def test_a_request_is_answered_once_and_before_its_instant() -> None:
    world.an_edition()
    person, key = world.a_submitted()
    coordinator = world.a_coordinator()
    request = desk.a_request(coordinator, key)
    with pytest.raises(CompletionIsOver) as late:
        answer_completion(person, key, request, {"area": "Trop tard"}, desk.CLOSES)
    assert "20 juillet 2027 à 18\u00a0h\u00a000 (heure de Paris)" in str(late.value)
    answer_completion(person, key, request, {"area": "Juste"}, desk.CLOSES - timedelta(microseconds=1))
    with pytest.raises(CompletionIsAnswered):
        answer_completion(person, key, request, {"area": "Encore"}, desk.CLOSES - timedelta(microseconds=1))
    assert len(_filings(key)) == 2


def test_an_unlisted_field_is_refused_and_nothing_is_filed() -> None:
    world.an_edition()
    person, key = world.a_submitted()
    request = desk.a_request(world.a_coordinator(), key, "area")
    for field in ("pitch", "theme", "photos"):
        with pytest.raises(FieldIsNotListed):
            answer_completion(person, key, request, {"area": "Rance", field: "us"}, LATER)
        with pytest.raises(FieldIsNotListed):
            prepare_answer(person, key, request, field, "us", None, LATER)
    with pytest.raises(FieldIsNotListed):
        add_completion_file(person, key, request, "photos", "x.jpg", world.a_photo(), LATER)
    assert len(_filings(key)) == 1


def test_a_member_prepares_and_only_who_is_responsible_answers() -> None:
    world.an_edition()
    person, key = world.a_submitted()
    account = world.a_person("Mina")
    invitation = invite_member(person, world.structure_key(person), "mina@exemple.org", "member", NOW)
    accept_invitation(account, invitation, NOW)
    member = world.holder(account)
    request = desk.a_request(world.a_coordinator(), key, "area")
    prepare_answer(member, key, request, "area", "Préparé par Mina", 0, LATER)
    with pytest.raises(IsForbidden):
        answer_completion(member, key, request, {}, LATER)
    stranger, _draft = world.a_filer("Xavier", 1)
    with pytest.raises(DoesNotExist):
        own_request(stranger, key, request, LATER)
    answer_completion(person, key, request, {}, LATER)
    assert _values(_filings(key)[1])["area"] == "Préparé par Mina"


def test_a_required_answer_cannot_be_emptied() -> None:
    world.an_edition()
    person, key = world.a_submitted()
    request = desk.a_request(world.a_coordinator(), key, "pitch")
    with pytest.raises(CandidacyIsIncomplete) as refusal:
        answer_completion(person, key, request, {"pitch": " "}, LATER)
    assert list(refusal.value.errors) == ["pitch"]
    assert len(_filings(key)) == 1


def test_a_file_replaces_the_filed_one_with_the_answer_only() -> None:
    world.an_edition()
    person, key = world.a_submitted()
    request = desk.a_request(world.a_coordinator(), key, "statutes")
    new = add_completion_file(
        person, key, request, "statutes", "statuts-2027.pdf", world.a_pdf("nouveaux"), LATER
    )
    gone = add_completion_file(person, key, request, "statutes", "erreur.pdf", world.a_pdf("erreur"), LATER)
    remove_completion_file(person, key, request, gone, LATER)
    new = add_completion_file(
        person, key, request, "statutes", "statuts-2027.pdf", world.a_pdf("nouveaux"), LATER
    )
    held = json.loads(_filings(key)[0].content)["attachments"]
    assert new not in {one["key"] for one in held}
    answer_completion(person, key, request, {}, LATER)
    filed = [
        one["key"]
        for one in json.loads(_filings(key)[1].content)["attachments"]
        if one["question"] == "statutes"
    ]
    assert filed == [new]
    live = db.session.scalars(
        select(Attachment.key).where(Attachment.question_code == "statutes", Attachment.deleted_at.is_(None))
    ).all()
    assert live == [new]
    assert broken() == []


def test_the_theme_may_be_completed_with_its_own_questions() -> None:
    world.an_edition()
    person, key = world.a_submitted()
    coordinator = world.a_coordinator()
    request = desk.a_request(coordinator, key, "theme")
    with pytest.raises(CandidacyIsIncomplete):
        answer_completion(person, key, request, {"theme": "te"}, LATER)
    listed = {one.code for one in own_request(person, key, request, LATER).questions}
    values = {code: f"Récit {code}" for code in listed if code.startswith("te_")}
    answer_completion(person, key, request, {"theme": "te", **values}, LATER)
    content = json.loads(_filings(key)[1].content)
    assert content["theme"]["code"] == "te"
    codes = {a["code"] for part in content["sections"] for a in part["answers"]}
    assert {code[:3] for code in codes if code[:3] in ("us_", "te_")} == {"te_"}


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        (local("2028-03-26T02:30"), LocalTimeDoesNotExist),
        (local("2027-10-31T02:30"), LocalTimeHappensTwice),
        (local("2027-07-01T18:00"), InputIsInvalid),
    ],
)
def test_an_instant_that_is_past_or_impossible_is_refused(typed: datetime, refusal: type[Exception]) -> None:
    world.an_edition()
    _person, key = world.a_submitted()
    with pytest.raises(refusal):
        ask_completion(world.a_coordinator(), key, Asked(("area",), "Précisez.", typed), NOW)


def test_an_hour_that_happens_twice_is_kept_with_the_choice() -> None:
    world.an_edition()
    _person, key = world.a_submitted()
    asked = Asked(("area",), "Précisez.", local("2027-10-31T02:30"), fold=1)
    ask_completion(world.a_coordinator(), key, asked, NOW)
    row = db.session.scalars(select(CompletionRequest)).one()
    assert (row.fold, row.closes_at) == (1, datetime(2027, 10, 31, 1, 31, tzinfo=NOW.tzinfo))


def test_a_request_is_moved_ended_and_opened_again() -> None:
    world.an_edition()
    person, key = world.a_submitted()
    coordinator = world.a_coordinator()
    request = desk.a_request(coordinator, key)
    with pytest.raises(CompletionRuns):
        desk.a_request(coordinator, key, "pitch")
    with pytest.raises(InputIsInvalid):
        move_completion(coordinator, key, request, local("2027-07-19T18:00"), "", LATER)
    after = desk.CLOSES + timedelta(days=1)
    move_completion(coordinator, key, request, local("2027-07-25T18:00"), "Un peu de temps.", after)
    answer_completion(person, key, request, {"area": "Premier"}, after)
    reopen_completion(coordinator, key, request, local("2027-07-28T18:00"), "Encore un mot.", after)
    answer_completion(person, key, request, {"area": "Second"}, after)
    other = desk.ask_completion(
        coordinator, key, Asked(("pitch",), "Autre.", local("2027-07-29T18:00")), after
    )
    cancel_completion(coordinator, key, other, "", after)
    with pytest.raises(CompletionIsCancelled):
        answer_completion(person, key, other, {"pitch": "Non"}, after)
    numbers = db.session.scalars(select(CompletionAnswer.number).order_by(CompletionAnswer.id)).all()
    assert numbers == [1, 2]
    assert len(desk.letters("correction_moved", "correction_cancelled")) == 3
    assert broken() == []


def test_a_decision_ends_a_request_and_a_withdrawn_file_has_none() -> None:
    world.an_edition()
    person, key = world.a_submitted()
    coordinator = world.a_coordinator()
    request = desk.a_request(coordinator, key)
    decide_admissibility(coordinator, key, "admissible", "", LATER)
    with pytest.raises(CompletionIsCancelled):
        answer_completion(person, key, request, {"area": "Non"}, LATER)
    withdraw_candidacy(person, key, "Nous renonçons.", LATER)
    with pytest.raises(CandidacyIsWithdrawn):
        desk.a_request(coordinator, key)


def test_who_may_ask_and_when() -> None:
    world.an_edition()
    _person, key = world.a_submitted()
    with pytest.raises(IsNotThePhase):
        desk.a_request(world.a_coordinator(), key, now=world.FILING)
    with pytest.raises(DoesNotExist):
        desk.a_request(world.a_coordinator("Yvon", "11"), key)


def test_the_clock_reminds_once_two_days_before() -> None:
    world.an_edition()
    _person, key = world.a_submitted()
    desk.a_request(world.a_coordinator(), key)
    catch_up_all(NOW)
    assert remind_completions(desk.CLOSES - timedelta(days=2, seconds=1)) == 0
    assert remind_completions(desk.CLOSES - timedelta(days=2)) == 1
    assert remind_completions(desk.CLOSES - timedelta(days=1)) == 0
    assert desk.letters("correction_reminder") == [("correction_reminder", "waiting", "odile@exemple.org")]


def test_the_thread_hides_the_names_of_the_chamber() -> None:
    world.an_edition()
    person, key = world.a_submitted()
    coordinator = world.a_coordinator()
    request = desk.a_request(coordinator, key)
    write_as_chamber(coordinator, key, request, "Avez-vous la date ?", LATER)
    write_as_structure(person, key, request, "Oui, demain.", LATER)
    seen = own_request(person, key, request, LATER)
    assert [(line.side, line.author) for line in seen.thread] == [("chamber", ""), ("structure", "Odile")]
    read = chamber_request(coordinator, desk.round_key(), key, request, LATER)
    assert [line.author for line in read.thread] == ["Coralie", "Odile"]
    assert desk.letters("correction_message", "correction_question") == [
        ("correction_message", "waiting", "odile@exemple.org"),
        ("correction_question", "waiting", "coralie@exemple.org"),
    ]
    with pytest.raises(DoesNotExist):
        write_as_structure(coordinator, key, request, "Moi ?", LATER)


def test_what_was_taken_back_and_not_filed_again_stays_out_of_the_completed_copy() -> None:
    world.an_edition()
    person, key = world.a_submitted()
    after = world.FILING + timedelta(hours=2)
    take_back_candidacy(person, key, after)
    save_answer(person, key, "pitch", "CANARI-NON-DEPOSE", None, after)
    request = desk.a_request(world.a_coordinator(), key, "area")
    answer_completion(person, key, request, {"area": "Fougères"}, LATER)
    assert "CANARI-NON-DEPOSE" not in _filings(key)[1].content
    assert (
        db.session.scalar(select(Answer.value).where(Answer.question_code == "pitch")) == "CANARI-NON-DEPOSE"
    )
