"""The session at the door: a member's page follows the chair's, without a script or with one."""

import pytest

from awards_app.services.voting import open_ballot, prepare_ballot
from tests.decision_world import DELIBERATION, a_locked_round, be_present
from tests.jury_world import add_file
from tests.web.jury.test_deliberation import count, signed_in


@pytest.fixture
def world(context):
    world = a_locked_round()
    be_present(world)
    return world


def door(context, world, who):
    return signed_in(context, world.accounts[who]), f"/jury/{world.seats[who]}/seance"


def test_a_member_sees_the_file_that_the_chair_goes_to(context, world):
    chair, lead = door(context, world, "J1")
    member, base = door(context, world, "J3")
    before = member.get(f"{base}/etat").json["token"]
    assert "Aucun dossier" in member.get(base).get_data(as_text=True)
    assert chair.post(f"{lead}/dossier", data={"candidacy": world.files["Béta"]}).status_code == 303
    page = member.get(base).get_data(as_text=True)
    assert "<h2>Structure Béta</h2>" in page
    assert member.get(f"{base}/etat").json["token"] != before


def test_who_stands_aside_is_asked_to_leave_without_a_name(context, world):
    chair, lead = door(context, world, "J1")
    chair.post(f"{lead}/dossier", data={"candidacy": world.files["Alpha"]})
    aside, base = door(context, world, "J2")
    page = aside.get(base).get_data(as_text=True)
    assert "Vous quittez la séance" in page
    assert [name for name in world.files if f"Structure {name}" in page] == []


def test_the_chair_keeps_a_note_and_who_is_out(context, world):
    chair, base = door(context, world, "J1")
    beta = world.files["Béta"]
    chair.post(f"{base}/dossier", data={"candidacy": beta})
    sent = {"candidacy": beta, "body": "Un modèle solide.", "in_minutes": "1"}
    assert chair.post(f"{base}/note", data=sent).status_code == 303
    assert (
        chair.post(f"{base}/absents", data={"candidacy": beta, "seat": world.seats["J3"]}).status_code == 303
    )
    page = chair.get(base).get_data(as_text=True)
    assert "Un modèle solide.</textarea>" in page
    assert f'value="{world.seats["J3"]}" checked' in page
    assert "2 présents sur 3" in page


def test_a_long_note_is_given_back(context, world):
    chair, base = door(context, world, "J1")
    beta = world.files["Béta"]
    chair.post(f"{base}/dossier", data={"candidacy": beta})
    text = "x" * 4001
    answer = chair.post(f"{base}/note", data={"candidacy": beta, "body": text})
    assert answer.status_code == 422
    assert f"{text}</textarea>" in answer.get_data(as_text=True)


def test_a_file_goes_up_and_the_order_comes_back(context, world):
    chair, base = door(context, world, "J1")
    first = chair.get(base).get_data(as_text=True)
    assert (
        chair.post(f"{base}/ordre", data={"candidacy": world.files["Delta"], "way": "up"}).status_code == 303
    )
    assert "Ordre arrangé par la présidence" in chair.get(base).get_data(as_text=True)
    assert chair.post(f"{base}/ordre", data={"way": "reset"}).status_code == 303
    assert "Ordre arrangé" not in first


def an_open_vote(world, theme):
    key = prepare_ballot(
        world.holder("J1"),
        world.round_key,
        theme_code=theme,
        kind="hands",
        question="Oui ?",
        candidacy_keys=[],
        now=DELIBERATION,
    )
    open_ballot(world.holder("J1"), key, DELIBERATION)
    return key


def test_a_vote_on_other_files_hides_no_vote_from_who_stands_aside_of_them(context, world):
    add_file(world, "Zêta", "te")
    open_to_all = an_open_vote(world, "te")
    aside, base = door(context, world, "J2")
    token = aside.get(f"{base}/etat").json["token"]
    an_open_vote(world, "us")
    assert f"votes/{open_to_all}" in aside.get(base).get_data(as_text=True)
    assert aside.get(f"{base}/etat").json["token"] == token


def test_a_vote_that_opens_is_told_to_who_waits(context, world):
    member, base = door(context, world, "J3")
    before = member.get(f"{base}/etat").json["token"]
    an_open_vote(world, "us")
    assert member.get(f"{base}/etat").json["token"] != before


def test_the_pages_ask_little(context, world):
    member, base = door(context, world, "J3")
    assert (count(member, base), count(member, f"{base}/etat")) == (9, 5)
