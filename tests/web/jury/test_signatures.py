"""Signing at the door: a password, a mistake given back, the addendum, and nobody else."""

import pytest
from sqlalchemy import update

from awards_app.adapters.passwords import hash_password
from awards_app.database import atomic
from awards_app.models.accounts import Account
from tests.decision_world import a_decided_round
from tests.web.jury.test_deliberation import count, signed_in

PASSWORD = "quatre saisons solidaires"


@pytest.fixture
def world(context):
    world = a_decided_round()
    with atomic() as session:
        session.execute(update(Account).values(password_hash=hash_password(PASSWORD)))
    return world


def door(context, world, who):
    base = f"/jury/{world.seats[who]}/proces-verbal/signatures"
    return signed_in(context, world.accounts[who]), base


def staff_door(context, world):
    base = f"/coordination/{world.round_key}/proces-verbal/signatures"
    return signed_in(context, world.coordinator_id), base


def test_both_sign_and_the_page_says_so(context, world):
    chair, base = door(context, world, "J1")
    assert chair.post(base, data={"role": "chair", "password": PASSWORD}).status_code == 303
    staff, desk = staff_door(context, world)
    assert staff.post(desk, data={"role": "secretary", "password": PASSWORD}).status_code == 303
    page = chair.get(base).get_data(as_text=True)
    assert page.count("signé</span>") == 2
    assert "Signer :" not in page


def test_a_wrong_password_signs_nothing(context, world):
    chair, base = door(context, world, "J1")
    answer = chair.post(base, data={"role": "chair", "password": "non"})
    assert answer.status_code == 422
    assert "Redites qui vous êtes" in answer.get_data(as_text=True)
    assert chair.get(base).get_data(as_text=True).count("à signer") == 2


def test_a_signature_sent_twice_comes_back_to_the_page_that_says_it_is_given(context, world):
    chair, base = door(context, world, "J1")
    sent = {"role": "chair", "password": PASSWORD}
    chair.post(base, data=sent)
    again = chair.post(base, data=sent)
    text = again.get_data(as_text=True)
    assert again.status_code == 409
    assert "Ce procès-verbal porte déjà cette signature." in text
    assert text.count("signé</span>") == 1


def test_a_member_reads_the_signatures_and_signs_none(context, world):
    member, base = door(context, world, "J3")
    assert member.get(base).status_code == 200
    assert member.post(base, data={"role": "chair", "password": PASSWORD}).status_code == 403
    assert member.post(f"{base}/additifs", data={"body": "Non."}).status_code == 403


def test_who_stands_aside_finds_nothing(context, world):
    aside, base = door(context, world, "J2")
    assert (aside.get(base).status_code, aside.post(base).status_code) == (404, 404)


def test_an_addendum_is_listed_and_printed(context, world):
    chair, base = door(context, world, "J1")
    assert chair.post(f"{base}/additifs", data={"body": "Lire Rennes."}).status_code == 303
    page = chair.get(base).get_data(as_text=True)
    href = page.split(f'href="{base}/additifs/')[1].split('"')[0]
    paper = chair.get(f"{base}/additifs/{href}")
    assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")
    text = "x" * 4001
    answer = chair.post(f"{base}/additifs", data={"body": text})
    assert (answer.status_code, text in answer.get_data(as_text=True)) == (422, True)


def test_the_page_asks_little(context, world):
    chair, base = door(context, world, "J1")
    assert count(chair, base) == 6


def test_nothing_of_a_signature_nor_of_an_addendum_is_said_to_be_optional(context, world):
    chair, base = door(context, world, "J1")
    page = chair.get(base).get_data(as_text=True)
    assert (page.count("Signer :"), page.count('name="body"'), page.count("facultatif")) == (1, 1, 0)
