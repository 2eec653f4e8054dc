"""The deliberation at the door: the chair works, the others read, whoever stands aside does not."""

import re

import pytest
from sqlalchemy import event, select

from awards_app.adapters.clock import now as machine_now
from awards_app.database import db
from awards_app.models.deliberations import Decision, TieBreak
from awards_app.services.accounts import start_session
from awards_app.services.deliberations import write_minutes
from awards_app.services.voting import cast_ballot, open_ballot, prepare_ballot
from tests.decision_world import (
    CANARY,
    DELIBERATION,
    MINUTES,
    a_decided_round,
    a_locked_round,
    be_present,
    places,
    propose,
)


def signed_in(app, account_id):
    client = app.test_client()
    token = start_session(account_id, machine_now())
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


def page(app, world, who, path):
    return signed_in(app, world.accounts[who]).get(f"/jury/{world.seats[who]}/{path}")


def test_the_chair_goes_from_attendance_to_minutes(context):
    world = a_locked_round()
    chair = signed_in(context, world.accounts["J1"])
    base = f"/jury/{world.seats['J1']}"

    given = {f"seat-{key}": "present" for key in world.seats.values()}
    assert chair.post(f"{base}/deliberation/presence", data=given).status_code == 303
    for prize in ("national_entry", "regional_title"):
        form = chair.get(f"{base}/decisions/proposer?prix={prize}&thematique=us")
        assert form.status_code == 200
        sent = {
            "prix": prize,
            "thematique": "us",
            "candidacy": world.files["Béta"],
            "citation": "Pour un lieu ouvert.",
            "reason": "",
        }
        assert chair.post(f"{base}/decisions/proposer", data=sent).status_code == 303
    written = chair.post(f"{base}/proces-verbal", data={**MINUTES, "ballot": "open"})
    assert written.status_code == 303

    decisions = chair.get(f"{base}/decisions").get_data(as_text=True)
    paper = chair.get(f"{base}/proces-verbal.pdf")
    assert "Tout est prêt" in decisions
    assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(context):
    world = a_locked_round()
    chair = signed_in(context, world.accounts["J1"])
    base = f"/jury/{world.seats['J1']}"

    sent = {
        "prix": "regional_title",
        "thematique": "us",
        "candidacy": world.files["Alpha"],
        "citation": "Un mot.",
    }
    answer = chair.post(f"{base}/decisions/proposer", data=sent)
    minutes = chair.post(
        f"{base}/proces-verbal", data={"place": "Brest", "held_on": "31/02/2027", "chair": "J1"}
    )

    assert answer.status_code == 422
    assert "Un motif est nécessaire" in answer.get_data(as_text=True)
    assert "Un mot." in answer.get_data(as_text=True)
    assert minutes.status_code == 422
    assert 'value="Brest"' in minutes.get_data(as_text=True)


def test_a_tie_is_broken_on_the_page(context):
    world = a_locked_round()
    places(world, "regional_title", 3)
    chair = signed_in(context, world.accounts["J1"])
    path = f"/jury/{world.seats['J1']}/deliberation"
    order = {
        "place-1": world.files["Gamma"],
        "place-2": world.files["Epsilon"],
        "theme": "us",
        "method": "vote",
    }

    refused = chair.post(f"{path}/departage", data={**order, "reason": ""})
    done = chair.post(f"{path}/departage", data={**order, "reason": "Trois voix contre une."})

    assert (refused.status_code, done.status_code) == (422, 303)
    assert db.session.scalars(select(TieBreak.ordered_keys)).one() == [
        world.files["Gamma"],
        world.files["Epsilon"],
    ]
    assert "Gamma puis Structure Epsilon" in chair.get(path).get_data(as_text=True)


def test_a_refused_tie_break_is_said_first_and_on_its_own_form(context):
    world = a_locked_round()
    chair = signed_in(context, world.accounts["J1"])
    path = f"/jury/{world.seats['J1']}/deliberation"
    sent = {"place-1": world.files["Gamma"], "place-2": world.files["Epsilon"], "theme": "us", "rank": "3"}

    here = chair.post(f"{path}/departage", data={**sent, "method": "vote", "reason": ""})
    elsewhere = chair.post(f"{path}/departage", data={**sent, "rank": "17", "method": "vote", "reason": ""})

    text, other = here.get_data(as_text=True), elsewhere.get_data(as_text=True)
    assert re.findall(r'data-focus[^>]*>.*?href="#([^"]+)"', text, re.DOTALL) == ["us-3-reason"]
    assert (text.count("<details open>"), other.count("<details open>")) == (1, 0)


def test_a_proposal_over_an_open_tie_comes_back_with_what_was_typed(context):
    world = a_locked_round()
    places(world, "regional_title", 3)
    chair = signed_in(context, world.accounts["J1"])
    sent = {
        "prix": "regional_title",
        "thematique": "us",
        "candidacy": world.files["Gamma"],
        "citation": "Pour sa constance.",
    }
    answer = chair.post(f"/jury/{world.seats['J1']}/decisions/proposer", data=sent)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Enregistrez d’abord le départage." in text
    kept = re.findall(r'<textarea[^>]*name="citation"[^>]*>([^<]*)<', text)
    assert [one.strip() for one in kept] == ["Pour sa constance."]


def a_vote_under_way(world):
    be_present(world)
    chair = world.holder("J1")
    key = prepare_ballot(
        chair,
        world.round_key,
        theme_code="us",
        kind="hands",
        question="Oui ?",
        candidacy_keys=[],
        now=DELIBERATION,
    )
    open_ballot(chair, key, DELIBERATION)
    cast_ballot(world.holder("J3"), key, ["for"], DELIBERATION)
    write_minutes(chair, world.round_key, MINUTES, DELIBERATION)
    for prize in ("national_entry", "regional_title"):
        propose(world, prize, "Béta")


def test_nobody_is_told_that_all_is_ready_while_a_vote_is_under_way(context):
    world = a_locked_round()
    a_vote_under_way(world)
    words = "Le vote 1 est encore ouvert"
    chair = page(context, world, "J1", "decisions").get_data(as_text=True)
    staff = signed_in(context, world.coordinator_id)
    path = f"/coordination/{world.round_key}/decisions"

    assert (words in chair, "Tout est prêt" in chair) == (True, False)
    text = staff.get(path).get_data(as_text=True)
    assert (words in text, f'action="{path}/confirmer"' in text) == (True, False)


def test_a_refused_confirmation_stays_on_the_page_of_the_decisions(context):
    world = a_locked_round()
    a_vote_under_way(world)
    staff = signed_in(context, world.coordinator_id)
    answer = staff.post(f"/coordination/{world.round_key}/decisions/confirmer")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "<li>Le vote 1 est encore ouvert" in text
    assert "Ce qui manque avant votre confirmation" in text


def test_a_chair_finds_what_waits_for_a_second_person_and_may_refuse_it(context):
    world = a_decided_round()
    staff = signed_in(context, world.coordinator_id)
    key = db.session.scalars(select(Decision.key).where(Decision.annulled_at.is_(None))).first()
    path = f"/coordination/{world.round_key}/decisions"
    staff.post(f"{path}/{key}/annuler", data={"reason": "Une pièce manquait."})
    mine = staff.get(path).get_data(as_text=True)
    chair, juror = (signed_in(context, world.accounts[who]) for who in ("J1", "J3"))
    door = 'href="/coordination/confirmations"'
    listed = chair.get("/coordination/confirmations").get_data(as_text=True)
    refusal = re.findall(r'action="(/coordination/confirmations/[^"]+/refuser)"', listed)
    decisions = page(context, world, "J1", "decisions").get_data(as_text=True)

    assert ("Une pièce manquait." in decisions, "Confirmer l’annulation" in decisions) == (True, True)
    assert f'action="{path}/{key}/annuler"' not in mine
    assert [
        door in one.get("/jury", follow_redirects=True).get_data(as_text=True) for one in (chair, juror)
    ] == [True, False]
    assert ("Une pièce manquait." in listed, 'href="/coordination"' in listed) == (True, False)
    assert chair.post(refusal[0]).status_code == 303
    assert f'action="{path}/{key}/annuler"' in staff.get(path).get_data(as_text=True)


def test_a_juror_reads_the_ranking_and_not_what_is_proposed(context):
    world = a_locked_round()
    propose(world, "regional_title", "Béta")

    assert page(context, world, "J3", "deliberation").status_code == 200
    hidden = page(context, world, "J3", "decisions")

    assert hidden.status_code == 404
    assert CANARY not in hidden.get_data(as_text=True)


@pytest.mark.parametrize("path", ["deliberation", "decisions", "proces-verbal.pdf"])
def test_whoever_stands_aside_sees_nothing_of_the_theme_under_embargo(context, path):
    """J2 stands aside from Béta: in the theme of the others nothing was judged, so nothing at all shows."""
    world = a_decided_round()

    answer = page(context, world, "J2", path)

    text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
    assert ("Structure" in text, CANARY in text) == (False, False)
    assert page(context, world, "J3", path).status_code == 200


def test_a_seat_of_somebody_else_does_not_exist(context):
    world = a_decided_round()
    stranger = signed_in(context, world.accounts["NS1"])

    assert stranger.get(f"/jury/{world.seats['J1']}/deliberation").status_code == 404


def test_pages_cost_the_same_with_one_decision_and_with_three(context):
    world = a_locked_round()
    be_present(world)
    chair = signed_in(context, world.accounts["J1"])
    path = f"/jury/{world.seats['J1']}/deliberation"
    propose(world, "regional_title", "Béta")
    first = count(chair, path)
    for prize in ("national_entry", "regional_endowment"):
        propose(world, prize, "Béta")

    assert count(chair, path) == first == 9
    assert db.session.scalar(select(Decision.proposed_at).limit(1)) == DELIBERATION


def count(client, path):
    found = []

    def seen(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            found.append(statement)

    event.listen(db.engine, "before_cursor_execute", seen)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", seen)
    return len(found)
