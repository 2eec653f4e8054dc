"""Accounts to candidates: the chair alone, after the decisions; read after the publication; told by letters that wait."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.domain.candidate_accounts import AccountHasChanged, NamesAreFound
from awards_app.domain.refusals import DoesNotExist, IsNotThePhase
from awards_app.models.candidate_accounts import CandidateAccount
from awards_app.models.deliberations import Decision
from awards_app.models.journal import JournalEntry
from awards_app.models.juries import Seat
from awards_app.models.messages import Message
from awards_app.models.scoring import Scoresheet, Snapshot, StandingRow
from awards_app.queries.candidate_accounts import accounts_desk, open_account, told_accounts
from awards_app.services.candidate_accounts import approve_account, approve_all, save_account, tell_accounts
from awards_app.services.deliberations import annul_decision
from awards_app.services.deliveries import deliver_waiting, release_message
from awards_app.services.honours import publish_due
from tests.decision_world import LIFT, a_decided_round, a_locked_round, an_armed_round, responsible
from tests.jury_world import JuryWorld, person

AFTER = LIFT + timedelta(hours=1)


def published() -> JuryWorld:
    world = an_armed_round()
    publish_due(LIFT)
    return world


def states(world, who="J1"):
    desk = accounts_desk(world.holder(who), world.seats[who], AFTER)
    return {line.structure.removeprefix("Structure "): line.state for line in desk.lines}


def approve(world, file, body=None, **more):
    opened = open_account(world.holder("J1"), world.seats["J1"], world.files[file], AFTER)
    approve_account(
        world.holder("J1"),
        world.seats["J1"],
        world.files[file],
        opened.body if body is None else body,
        more.pop("shared", ()),
        opened.version,
        AFTER,
        **more,
    )


def letters():
    rows = db.session.execute(
        select(Message.recipient, Message.state).where(Message.kind == "account_ready").order_by(Message.id)
    )
    return [tuple(row) for row in rows]


def told(world, file, account_id):
    return told_accounts(person(account_id), world.files[file], AFTER)[1]


def test_drafts_are_there_for_the_chair_as_soon_as_it_is_decided(context):
    world = a_decided_round()
    assert states(world) == dict.fromkeys(("Alpha", "Béta", "Delta", "Epsilon", "Gamma"), "drafted")
    body = open_account(world.holder("J1"), world.seats["J1"], world.files["Béta"], AFTER).body
    assert "Résultat\u00a0: Retenue pour le jury national, Prix régional, Dotation régionale." in body
    assert db.session.scalars(select(CandidateAccount)).all() == []


def test_nobody_else_and_not_before_the_decisions(context):
    world = a_locked_round()
    with pytest.raises(IsNotThePhase):
        accounts_desk(world.holder("J1"), world.seats["J1"], AFTER)
    for who in ("J2", "J3"):
        with pytest.raises(DoesNotExist):
            accounts_desk(world.holder(who), world.seats[who], AFTER)
    with pytest.raises(DoesNotExist):
        accounts_desk(world.coordinator, world.seats["J1"], AFTER)


def test_an_account_approved_under_embargo_is_read_and_told_after_it(context):
    world = an_armed_round()
    account_id = responsible(world, "Alpha")
    approve(world, "Alpha", "Un texte du jury.")
    assert (tell_accounts(AFTER), letters(), told(world, "Alpha", account_id)) == (0, [], ())

    publish_due(LIFT)
    (one,) = told(world, "Alpha", account_id)
    assert (one.body, one.comments) == ("Un texte du jury.", ())
    assert [tell_accounts(AFTER), tell_accounts(AFTER)] == [1, 0]
    assert letters() == [("5a@structure.exemple", "held")]


def test_a_letter_waits_to_be_read_and_goes_to_who_answers_for_the_structure_then(context):
    world = published()
    responsible(world, "Alpha")
    approve(world, "Alpha")
    message = db.session.scalars(select(Message).where(Message.kind == "account_ready")).one()
    key, message_id = message.key, message.message_id
    assert deliver_waiting(AFTER) == 0
    release_message(world.coordinator, world.round_key, key, AFTER)
    db.session.execute(update(Message).where(Message.key != key).values(state="dropped"))
    db.session.commit()
    assert deliver_waiting(AFTER) == 1
    message = db.session.scalars(select(Message).where(Message.key == key)).one()
    assert (message.state, message.message_id) == ("sent", message_id)


def test_a_name_of_the_jury_stops_it_until_confirmed_and_a_mark_for_good(context):
    world = published()
    with atomic() as session:
        session.execute(update(Seat).where(Seat.key == world.seats["J3"]).values(name="Ariane Le Goff"))
    account_id = responsible(world, "Alpha")
    with pytest.raises(NamesAreFound) as refusal:
        approve(world, "Alpha", "Ariane a beaucoup aimé, A. L. G. aussi.")
    assert refusal.value.names == ("Ariane", "A. L. G.")
    assert (told(world, "Alpha", account_id), letters()) == ((), [])
    approve(world, "Alpha", "Le fil d’Ariane du projet.", confirmed=["Ariane"])
    assert [one.body for one in told(world, "Alpha", account_id)] == ["Le fil d’Ariane du projet."]


def test_all_at_once_but_those_that_name_somebody(context):
    world = published()
    with atomic() as session:
        session.execute(update(Seat).where(Seat.key == world.seats["J3"]).values(name="Noé Gamma"))
    count, blocked = approve_all(world.holder("J1"), world.seats["J1"], AFTER)
    assert (count, [(one.line.structure, one.found) for one in blocked]) == (
        4,
        [("Structure Gamma", ("Gamma",))],
    )
    assert states(world)["Gamma"] == "drafted"
    assert approve_all(world.holder("J1"), world.seats["J1"], AFTER)[0] == 0
    acts = db.session.scalars(
        select(JournalEntry.detail).where(JournalEntry.act == "approve_candidate_account")
    ).all()
    assert (len(acts), {frozenset(detail) for detail in acts}) == (
        4,
        {frozenset({"sha256", "shared", "confirmed"})},
    )


def test_only_comments_that_the_jury_agreed_to_share_are_read_and_never_a_private_note(context):
    world = published()
    with atomic() as session:
        for place, sheet in enumerate(session.scalars(select(Scoresheet).order_by(Scoresheet.id))):
            sheet.shared_comment, sheet.private_note = f"Commentaire {place}", "CANARI-NOTE"
    opened = open_account(world.holder("J1"), world.seats["J1"], world.files["Alpha"], AFTER)
    assert [one.chosen for one in opened.comments] == [False] * 4
    account_id = responsible(world, "Alpha")
    approve(world, "Alpha", shared=[opened.comments[1].sheet, "d-un-autre-dossier"])
    (one,) = told(world, "Alpha", account_id)
    assert one.comments == (opened.comments[1].text,)
    assert "CANARI-NOTE" not in repr(opened) + repr(one)


def test_a_text_that_was_saved_meanwhile_is_read_again_first(context):
    world = published()
    holder, seat, key = world.holder("J1"), world.seats["J1"], world.files["Alpha"]
    assert save_account(holder, seat, key, "Premier.", (), 0, AFTER) == 1
    with pytest.raises(AccountHasChanged):
        save_account(holder, seat, key, "Second.", (), 0, AFTER)
    assert open_account(holder, seat, key, AFTER).body == "Premier."


def test_editing_an_approved_text_takes_it_back_until_it_is_approved_again(context):
    world = published()
    account_id = responsible(world, "Alpha")
    approve(world, "Alpha", "Un texte.")
    save_account(world.holder("J1"), world.seats["J1"], world.files["Alpha"], "Autre.", (), 1, AFTER)
    assert (states(world)["Alpha"], told(world, "Alpha", account_id)) == ("edited", ())
    approve(world, "Alpha")
    assert ([one.body for one in told(world, "Alpha", account_id)], len(letters())) == (["Autre."], 1)


def test_a_letter_that_waits_does_not_leave_once_the_account_is_taken_back_and_another_waits_later(context):
    world = published()
    responsible(world, "Alpha")
    approve(world, "Alpha", "Un texte.")
    db.session.execute(update(Message).where(Message.kind != "account_ready").values(state="dropped"))
    first = db.session.scalars(select(Message.key).where(Message.kind == "account_ready")).one()
    db.session.commit()
    release_message(world.coordinator, world.round_key, first, AFTER)
    save_account(world.holder("J1"), world.seats["J1"], world.files["Alpha"], "Autre.", (), 1, AFTER)

    assert deliver_waiting(AFTER) == 0
    why = db.session.scalars(select(Message.failure).where(Message.key == first)).one()
    assert (letters(), why) == ([("5a@structure.exemple", "dropped")], "compte rendu repris par le jury")

    approve(world, "Alpha")
    held = ("5a@structure.exemple", "held")
    assert letters() == [("5a@structure.exemple", "dropped"), held]
    save_account(world.holder("J1"), world.seats["J1"], world.files["Alpha"], "Encore.", (), 3, AFTER)
    approve(world, "Alpha")
    assert letters() == [("5a@structure.exemple", "dropped"), held]
    second = db.session.scalars(select(Message.key).where(Message.state == "held")).one()
    db.session.rollback()
    release_message(world.coordinator, world.round_key, second, AFTER)
    assert (deliver_waiting(AFTER), letters()[1][1]) == (1, "sent")


def test_a_correction_hides_what_was_said_of_the_former_decision(context):
    world = published()
    account_id = responsible(world, "Béta")
    approve(world, "Béta")
    assert len(told(world, "Béta", account_id)) == 1
    key = db.session.scalars(select(Decision.key).order_by(Decision.id.desc()).limit(1)).one()
    db.session.rollback()
    for who in (world.holder("NS1"), world.coordinator):
        annul_decision(who, key, "Erreur de report.", AFTER)
    assert (states(world)["Béta"], told(world, "Béta", account_id)) == ("stale", ())
    _count, blocked = approve_all(world.holder("J1"), world.seats["J1"], AFTER)
    assert [(one.line.structure, one.found) for one in blocked] == [("Structure Béta", ())]
    approve(world, "Béta", "Texte revu.")
    assert [one.body for one in told(world, "Béta", account_id)] == ["Texte revu."]


def test_two_worlds_the_marks_and_ranks_of_other_files_change_nothing_in_an_account(context):
    world = published()
    before = bodies(world)
    with atomic() as session:
        snapshot = session.scalars(select(Snapshot).where(Snapshot.released_at.is_(None))).one()
        # Every mark of one file moves, and the ranking is turned over.
        scores = json.loads(snapshot.content)
        for sheet in scores["themes"]["us"]["sheets"]:
            if sheet["candidacy"] == "53-003":
                sheet["levels"] = {code: 5 - (level or 0) for code, level in sheet["levels"].items()}
        snapshot.content = json.dumps(scores)
        for row in session.scalars(select(StandingRow).where(StandingRow.snapshot_id == snapshot.id)):
            row.rank = 6 - row.rank if row.rank else None
    after = bodies(world)
    assert [name for name in before if before[name] != after[name]] == [list(world.files)[2]]


def bodies(world):
    chair, seat = world.holder("J1"), world.seats["J1"]
    return {name: open_account(chair, seat, key, AFTER).body for name, key in world.files.items()}
