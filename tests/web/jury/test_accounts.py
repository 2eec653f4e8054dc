"""The chair's desk of accounts, and the page that candidates read: what each shows, and to whom."""

import re

import pytest
from sqlalchemy import event, update

from awards_app.adapters.clock import now as machine_now
from awards_app.database import atomic, db
from awards_app.models.juries import Seat
from awards_app.services.honours import publish_due
from tests.decision_world import LIFT, a_decided_round, an_armed_round, responsible
from tests.jury_world import sign_in

DESK, ACCOUNT, READ = 4, 10, 3


@pytest.fixture
def world(context):
    world = an_armed_round()
    publish_due(LIFT)
    return world


def browser(app, account_id):
    return sign_in(app.test_client(), account_id, machine_now())


def chair_of(app, world):
    return browser(app, world.accounts["J1"]), f"/jury/{world.seats['J1']}/comptes-rendus"


def version_in(page):
    return re.search(r'name="version" value="(\d+)"', page.get_data(as_text=True))[1]


def test_the_chair_approves_one_then_all_and_sees_what_is_left(context, world):
    chair, base = chair_of(context, world)
    text = chair.get(base).get_data(as_text=True)
    assert ("Approuvés : 0 sur 5" in text, text.count("proposé</")) == (True, 5)
    path = f"{base}/{world.files['Alpha']}"
    page = chair.get(path)
    sent = {"body": "Un texte du jury.", "version": version_in(page), "act": "approve"}
    assert chair.post(path, data=sent).status_code == 303
    assert "Approuvés : 1 sur 5" in chair.get(base).get_data(as_text=True)
    assert chair.post(f"{base}/approuver").status_code == 303
    done = chair.get(base).get_data(as_text=True)
    assert ("Approuvés : 5 sur 5" in done, "Approuver tout" in done) == (True, False)


def test_names_found_come_back_with_what_was_typed_and_a_box_to_confirm(context, world):
    with atomic() as session:
        session.execute(update(Seat).where(Seat.key == world.seats["J3"]).values(name="Ariane Le Goff"))
    chair, base = chair_of(context, world)
    path = f"{base}/{world.files['Alpha']}"
    sent = {"body": "Le fil d’Ariane du projet.", "version": "0", "act": "approve"}
    refused = chair.post(path, data=sent)
    text = refused.get_data(as_text=True)
    assert (refused.status_code, "<strong>Ariane</strong>" in text, "Le fil d’Ariane du projet." in text) == (
        422,
        True,
        True,
    )
    again = chair.post(path, data={**sent, "seen": "Ariane"})
    assert again.status_code == 422
    assert chair.post(path, data={**sent, "seen": "Ariane", "confirmed": "y"}).status_code == 303


def test_all_but_one_that_names_somebody_is_said(context, world):
    with atomic() as session:
        session.execute(update(Seat).where(Seat.key == world.seats["J3"]).values(name="Noé Gamma"))
    chair, base = chair_of(context, world)
    answer = chair.post(f"{base}/approuver")
    text = answer.get_data(as_text=True)
    assert (answer.status_code, "Structure Gamma : Gamma" in text, "Approuvés : 4 sur 5" in text) == (
        422,
        True,
        True,
    )


def test_a_mark_in_the_text_is_refused_and_a_page_out_of_date_too(context, world):
    chair, base = chair_of(context, world)
    path = f"{base}/{world.files['Alpha']}"
    mark = chair.post(path, data={"body": "Vous avez 12/20.", "version": "0", "act": "approve"})
    assert (mark.status_code, "12/20" in mark.get_data(as_text=True)) == (422, True)
    assert chair.post(path, data={"body": "Un.", "version": "0", "act": "keep"}).status_code == 303
    late = chair.post(path, data={"body": "Deux.", "version": "0", "act": "keep"})
    assert (late.status_code, "Deux." in late.get_data(as_text=True)) == (409, True)


def test_jurors_coordination_and_candidates_find_no_desk(context, world):
    member = responsible(world, "Alpha")
    _chair, base = chair_of(context, world)
    found = [browser(context, world.accounts[who]).get(base).status_code for who in ("J2", "J3", "NS1")]
    found.append(browser(context, member).get(base).status_code)
    own = browser(context, world.accounts["J3"]).get(f"/jury/{world.seats['J3']}/comptes-rendus")
    assert (found, own.status_code) == ([404] * 4, 404)


def test_a_candidate_reads_the_same_page_whether_drafted_or_approved_before_publication(context):
    world = a_decided_round()
    account_id = responsible(world, "Alpha")
    reader = browser(context, account_id)
    path = f"/candidatures/{world.files['Alpha']}/compte-rendu"
    before = reader.get(path).get_data(as_text=True)
    chair = browser(context, world.accounts["J1"])
    sent = {"body": "CANARI-COMPTE", "version": "0", "act": "approve"}
    write = f"/jury/{world.seats['J1']}/comptes-rendus/{world.files['Alpha']}"
    assert chair.post(write, data=sent).status_code == 303
    after = reader.get(path).get_data(as_text=True)
    hidden = re.compile(r'(content|value|nonce)="[^"]{30,}"')
    assert hidden.sub("", before) == hidden.sub("", after)
    assert "Il n’y a pas encore de compte rendu à lire." in after


def test_a_candidate_reads_their_own_and_nobody_else_s(context, world):
    mine, other = responsible(world, "Alpha"), responsible(world, "Epsilon")
    chair, base = chair_of(context, world)
    path = f"{base}/{world.files['Alpha']}"
    sent = {"body": "CANARI-COMPTE", "version": "0", "act": "approve"}
    assert chair.post(path, data=sent).status_code == 303
    told = f"/candidatures/{world.files['Alpha']}/compte-rendu"
    read, missing = browser(context, mine).get(told), browser(context, other).get(told)
    assert ("CANARI-COMPTE" in read.get_data(as_text=True), missing.status_code) == (True, 404)
    home = browser(context, mine).get(f"/candidatures/{world.files['Alpha']}").get_data(as_text=True)
    assert told in home


def counted(browser_of, path):
    seen = []

    def note(_conn, _cursor, statement, *_rest):
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser_of.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_the_desk_costs_the_same_for_five_files_approved_or_not(context, world):
    chair, base = chair_of(context, world)
    first = counted(chair, base)
    chair.post(f"{base}/approuver")
    assert (first, counted(chair, base)) == (DESK, DESK)
    assert counted(chair, f"{base}/{world.files['Alpha']}") == ACCOUNT
    reader = browser(context, responsible(world, "Alpha"))
    assert counted(reader, f"/candidatures/{world.files['Alpha']}/compte-rendu") == READ
