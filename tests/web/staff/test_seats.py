"""A seat at the chamber's desk, and the personal link at the juror's."""

import html
import re

import pytest
from sqlalchemy import select

from awards_app.database import db
from awards_app.models.juries import Seat
from awards_app.models.messages import Message
from awards_app.services.accounts import ensure_account
from tests.jury_world import BEFORE, a_round, golden_world, sign_in
from tests.web.jury.test_deliberation import count


@pytest.fixture
def world(context):
    return a_round("P2", golden=True)


@pytest.fixture
def chamber(context, world):
    return sign_in(context.test_client(), world.coordinator_id)


def invited(world, chamber, **changes):
    """Invite Nina and let her accept by the button; return her seat's key, her personal address and her browser."""
    sent = {"name": "Nina", "email": "nina@exemple.org", "function": "juror", "theme_code": "us", **changes}
    assert chamber.post(f"/coordination/{world.round_key}/jury", data=sent).status_code == 303
    juror = chamber.application.test_client()
    assert juror.post(link("jury_invitation", r"/invitations/[\w-]+")).status_code == 303
    return db.session.scalars(select(Seat.key)).one(), link("jury_pass", r"/jury/entree/[\w-]+"), juror


def link(kind, pattern):
    db.session.rollback()
    body = db.session.scalars(
        select(Message.secret_body).where(Message.kind == kind).order_by(Message.id.desc())
    ).first()
    return re.search(pattern, body or "").group(0)


def text(answer):
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_one_button_opens_the_jury_again_and_again(context, world, chamber):
    _key, address, _juror = invited(world, chamber)
    for _ in range(2):
        browser = context.test_client()
        page = browser.get(address)
        assert "Entrer dans mon jury" in text(page)
        assert browser.get("/jury").location.startswith("/compte/connexion")
        assert browser.post(address).status_code == 303
        assert "charte" in text(browser.get("/jury", follow_redirects=True))


def test_another_open_account_is_asked_who_enters(context, world, chamber):
    _key, address, _juror = invited(world, chamber)
    browser = sign_in(context.test_client(), ensure_account("omar@exemple.org", "Omar", BEFORE), BEFORE)
    assert "Un autre compte est ouvert" in text(browser.get(address))
    assert browser.post(address).status_code == 409
    assert browser.post(address, data={"changer": "1"}).status_code == 303
    assert "Nina" in text(browser.get("/jury", follow_redirects=True))


def test_a_revoked_link_is_gone(context, world, chamber):
    key, address, _juror = invited(world, chamber)
    base = f"/coordination/{world.round_key}/jury/{key}"
    assert chamber.post(f"{base}/lien/revoquer").status_code == 303
    assert context.test_client().get(address).status_code == 410
    assert chamber.post(f"{base}/lien").status_code == 303
    assert context.test_client().get(link("jury_pass", r"/jury/entree/[\w-]+")).status_code == 200


def test_a_wrong_address_comes_back(world, chamber):
    key, _address, _juror = invited(world, chamber)
    answer = chamber.post(
        f"/coordination/{world.round_key}/jury/{key}/adresse", data={"email": "pas une adresse"}
    )
    assert answer.status_code == 422
    assert 'value="pas une adresse"' in answer.get_data(as_text=True)


def test_a_substitute_is_called_in_with_a_reason(world, chamber):
    key, _address, juror = invited(world, chamber, is_substitute="y")
    base = f"/coordination/{world.round_key}/jury/{key}"
    assert juror.get(f"/jury/{key}").status_code == 404
    assert "En suppléance" in text(chamber.get(base))
    assert chamber.post(f"{base}/appel", data={"reason": ""}).status_code == 422
    assert chamber.post(f"{base}/appel", data={"reason": "Un membre est malade"}).status_code == 303
    assert "charte" in text(juror.get(f"/jury/{key}", follow_redirects=True))


def test_the_desk_says_why_somebody_sees_nothing(world, chamber):
    key, _address, _juror = invited(world, chamber)
    assert "pas encore accepté la charte" in text(chamber.get(f"/coordination/{world.round_key}/jury/{key}"))


def test_the_page_of_a_seat_asks_little(world, chamber):
    key, _address, _juror = invited(world, chamber)
    assert count(chamber, f"/coordination/{world.round_key}/jury/{key}") == 6


def test_the_desk_is_not_there_for_those_who_sit(app):
    """It tells whom the chamber wrote to, who opened their link, and how many files each stands aside from."""
    with app.app_context():
        world = golden_world()
        seat = world.seats["J2"]
        for name in ("J1", "J2"):
            juror = sign_in(app.test_client(), world.accounts[name])
            for path in ("", f"/{seat}"):
                address = f"/coordination/{world.round_key}/jury{path}"
                assert juror.get(address).status_code == 404
        chamber = sign_in(app.test_client(), world.coordinator_id)
        assert chamber.get(f"/coordination/{world.round_key}/jury/{seat}").status_code == 200
