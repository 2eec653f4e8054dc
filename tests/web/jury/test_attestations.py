"""A juror's attestation: their own pages lead to it once it is issued and published, and to nobody else's."""

import html

from sqlalchemy import select

from awards_app.database import atomic
from awards_app.models.editions import Theme
from awards_app.models.juries import Seat
from awards_app.services.certificate_printing import issue_certificates
from awards_app.services.certificates import order_certificates
from awards_app.services.honours import publish_due
from tests.decision_world import DELIBERATION, LIFT, an_armed_round
from tests.jury_world import add_seat, sign_in
from tests.services.test_certificate_kinds import certificates, give
from tests.web.jury.test_juror_pages import queries_of

LINK = "Attestation de participation au jury"


def test_the_page_of_a_seat_leads_to_the_jurors_own_attestation(app):
    with app.app_context():
        world = an_armed_round()
        give(world, "juror")
        order_certificates(world.coordinator, world.round_key, DELIBERATION)
        mine = next(row for row in certificates("juror") if row.content["structure_name"] == "J1")
        number = mine.number
        issue_certificates([mine.id], DELIBERATION)
        accounts, seats = dict(world.accounts), dict(world.seats)
        j1, j2 = (sign_in(app.test_client(), accounts[name]) for name in ("J1", "J2"))

    def links(client, name):
        page, count = queries_of(app, client, f"/jury/{seats[name]}")
        text = html.unescape(page.get_data(as_text=True))
        return text.count(LINK), f'href="/certificats/{number}/telecharger"' in text, count

    # Issued and under embargo, it is not shown, and costs nothing.
    assert (links(j1, "J1"), links(j2, "J2")) == ((0, False, 5), (0, False, 5))
    with app.app_context():
        publish_due(LIFT)
    # Published: one query more. J2's is ordered and not issued yet.
    assert (links(j1, "J1"), links(j2, "J2")) == ((1, True, 6), (0, False, 6))
    with j1.allowing_commits():
        file = j1.get(f"/certificats/{number}/telecharger")
    assert (file.status_code, file.mimetype, file.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert j2.get(f"/certificats/{number}/telecharger").status_code == 404


def test_who_sits_twice_finds_it_on_the_list_of_their_juries(app):
    with app.app_context():
        world = an_armed_round()
        give(world, "juror")
        order_certificates(world.coordinator, world.round_key, DELIBERATION)
        mine = next(row for row in certificates("juror") if row.content["structure_name"] == "J1")
        number = mine.number
        issue_certificates([mine.id], DELIBERATION)
        add_seat(world, "J1 encore", "secretary", email="autre@jury-j1.exemple")
        account_id = world.accounts["J1"]
        move_seat(world.seats["J1 encore"], account_id)
        client = sign_in(app.test_client(), account_id)
    before, cost = queries_of(app, client, "/jury")
    assert (before.status_code, LINK in before.get_data(as_text=True)) == (200, False)
    with app.app_context():
        publish_due(LIFT)

    page, count = queries_of(app, client, "/jury")

    assert page.get_data(as_text=True).count(f'href="/certificats/{number}/telecharger"') == 1
    assert (cost, count) == (2, 3)


def move_seat(key, account_id):
    with atomic() as session:
        seat = session.scalars(select(Seat).where(Seat.key == key)).one()
        seat.account_id, seat.theme_id = (
            account_id,
            session.scalars(select(Theme.id).order_by(Theme.id)).first(),
        )
