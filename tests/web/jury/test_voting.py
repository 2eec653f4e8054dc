"""A vote at the door: the chair leads it, each member votes on a phone, whoever stands aside sees nothing."""

import re

import pytest

from awards_app.adapters.clock import now as machine_now
from awards_app.services.accounts import start_session
from awards_app.services.voting import prepare_ballot
from tests.decision_world import DELIBERATION, a_locked_round, be_present
from tests.web.jury.test_deliberation import count as queries_of


@pytest.fixture
def world(context):
    world = a_locked_round()
    be_present(world)
    return world


def signed_in(app, account_id):
    client = app.test_client()
    token = start_session(account_id, machine_now())
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


def door(context, world, who):
    return signed_in(context, world.accounts[who]), f"/jury/{world.seats[who]}/votes"


def prepare(context, world, kind, files=("Béta", "Alpha")):
    chair, base = door(context, world, "J1")
    sent = {
        "theme": "us",
        "kind": kind,
        "question": "Qui reçoit le prix ?",
        "candidacy": [world.files[name] for name in files],
    }
    answer = chair.post(base, data=sent)
    assert answer.status_code == 303
    key = answer.location.rsplit("/", 1)[1]
    assert chair.post(f"{base}/{key}/ouvrir").status_code == 303
    return key


def papers(world, kind, best, other):
    if kind == "borda":
        return {f"place-{best}": "1", f"place-{other}": "2"}
    if kind == "judgement":
        return {f"grade-{best}": "5", f"grade-{other}": "1"}
    return {"choice": best}


@pytest.mark.parametrize("kind", ["hands", "secret", "borda", "judgement"])
def test_a_vote_goes_from_question_to_count(context, world, kind):
    key = prepare(context, world, kind)
    alpha, beta = world.files["Alpha"], world.files["Béta"]
    for who, best, other in (("J1", beta, alpha), ("J3", alpha, beta), ("J4", alpha, beta)):
        member, base = door(context, world, who)
        assert member.post(f"{base}/{key}/bulletin", data=papers(world, kind, best, other)).status_code == 303
    chair, base = door(context, world, "J1")
    assert chair.post(f"{base}/{key}/clore").status_code == 303
    page = chair.get(f"{base}/{key}").get_data(as_text=True)
    table = page[page.index("<tbody") :] if "<tbody" in page else page
    order = re.findall(r'<th scope="row">(Structure \w+)</th>', table)
    assert order[:2] == ["Structure Alpha", "Structure Béta"]


def test_a_paper_with_a_place_twice_is_given_back(context, world):
    key = prepare(context, world, "borda")
    member, base = door(context, world, "J3")
    alpha, beta = world.files["Alpha"], world.files["Béta"]
    answer = member.post(f"{base}/{key}/bulletin", data={f"place-{alpha}": "1", f"place-{beta}": "1"})
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count("<option selected>1</option>") == 2


def test_a_second_secret_paper_is_refused(context, world):
    key = prepare(context, world, "secret")
    member, base = door(context, world, "J3")
    sent = {"choice": world.files["Alpha"]}
    statuses = [member.post(f"{base}/{key}/bulletin", data=sent).status_code for _ in range(2)]
    assert statuses == [303, 409]


def test_the_chair_notes_the_hands_raised(context, world):
    key = prepare(context, world, "hands")
    chair, base = door(context, world, "J1")
    sent = {
        f"hand-{world.seats['J3']}": world.files["Alpha"],
        f"hand-{world.seats['J4']}": "blank",
        f"hand-{world.seats['J1']}": "",
    }
    assert chair.post(f"{base}/{key}/mains", data=sent).status_code == 303
    page = chair.get(f"{base}/{key}").get_data(as_text=True)
    assert "2 sur 3" in page


def test_who_comes_late_and_votes_is_one_of_those_who_could(context, world):
    be_present(world, "J4")
    key = prepare(context, world, "hands")
    be_present(world)
    for who in ("J1", "J3", "J4"):
        member, base = door(context, world, who)
        member.post(f"{base}/{key}/bulletin", data={"choice": world.files["Alpha"]})
    pages = [member.get(address).get_data(as_text=True) for address in (base, f"{base}/{key}")]
    assert ["3 sur 3" in page for page in pages] == [True, True]


def test_an_unclear_question_comes_back_with_what_was_typed(context, world):
    chair, base = door(context, world, "J1")
    sent = {"theme": "us", "kind": "borda", "question": "Laquelle ?", "candidacy": [world.files["Béta"]]}
    answer = chair.post(base, data=sent)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="Laquelle ?"' in text
    assert 'value="borda" checked' in text


def test_a_raised_hand_is_said_to_who_raised_it(context, world):
    key = prepare(context, world, "hands")
    member, base = door(context, world, "J3")
    member.post(f"{base}/{key}/bulletin", data={"choice": world.files["Alpha"]})
    page = member.get(f"{base}/{key}").get_data(as_text=True)
    assert re.findall(r'name="choice" value="([^"]*)" checked', page) == [world.files["Alpha"]]
    member.post(f"{base}/{key}/bulletin", data={"choice": ""})
    page = member.get(f"{base}/{key}").get_data(as_text=True)
    assert re.findall(r'name="choice" value="([^"]*)" checked', page) == [""]


@pytest.mark.parametrize("kind", ["hands", "secret"])
def test_a_paper_on_which_nothing_was_chosen_is_not_a_blank_one(context, world, kind):
    key = prepare(context, world, kind)
    member, base = door(context, world, "J3")
    empty = member.post(f"{base}/{key}/bulletin", data={})
    assert empty.status_code == 422
    assert "faites un choix, ou votez blanc." in empty.get_data(as_text=True)
    assert member.post(f"{base}/{key}/bulletin", data={"choice": ""}).status_code == 303


def test_an_opening_that_is_refused_stays_on_the_page_of_the_vote(context, world):
    be_present(world, "J3", "J4")
    chair, base = door(context, world, "J1")
    sent = {"theme": "us", "kind": "hands", "question": "Oui ?"}
    key = chair.post(base, data=sent).location.rsplit("/", 1)[1]
    answer = chair.post(f"{base}/{key}/ouvrir")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Le quorum n’est pas atteint pour ce vote" in page
    assert f'action="{base}/{key}/ouvrir"' in page


def test_a_count_that_is_refused_stays_on_the_page_of_the_vote(context, world):
    key = prepare(context, world, "secret")
    chair, base = door(context, world, "J1")
    answer = chair.post(f"{base}/{key}/clore")
    assert answer.status_code == 409
    assert f'action="{base}/{key}/clore"' in answer.get_data(as_text=True)


def test_an_old_page_of_hands_takes_no_changed_hand_back(context, world):
    key = prepare(context, world, "hands")
    alpha, beta = world.files["Alpha"], world.files["Béta"]
    member, door_of_member = door(context, world, "J3")
    member.post(f"{door_of_member}/{key}/bulletin", data={"choice": alpha})
    chair, base = door(context, world, "J1")
    old = chair.get(f"{base}/{key}").get_data(as_text=True)
    member.post(f"{door_of_member}/{key}/bulletin", data={"choice": beta})
    sent = dict(re.findall(r'name="(was-[^"]+)" value="([^"]*)"', old))
    sent |= {f"hand-{world.seats['J3']}": alpha, f"hand-{world.seats['J4']}": alpha}
    assert chair.post(f"{base}/{key}/mains", data=sent).status_code == 303
    page = chair.get(f"{base}/{key}").get_data(as_text=True)
    hands = re.findall(r'<th scope="row">(J\d)</th><td data-label="Choix">([^<]+)</td>', page)
    assert hands == [("J3", "Structure Béta"), ("J4", "Structure Alpha")]


def test_who_stands_aside_finds_no_vote(context, world):
    key = prepare(context, world, "hands")
    aside, base = door(context, world, "J2")
    answers = [
        aside.get(base),
        aside.get(f"{base}/{key}"),
        aside.post(f"{base}/{key}/bulletin", data={"choice": world.files["Alpha"]}),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_only_the_chair_leads_a_vote(context, world):
    key = prepare(context, world, "hands")
    member, base = door(context, world, "J3")
    acts = ("ouvrir", "clore", "mains", "annuler")
    assert [member.post(f"{base}/{key}/{act}").status_code for act in acts] == [403] * 4


def test_a_vote_is_cancelled_with_a_reason(context, world):
    key = prepare(context, world, "hands")
    chair, base = door(context, world, "J1")
    assert chair.post(f"{base}/{key}/annuler", data={"reason": " "}).status_code == 422
    assert chair.post(f"{base}/{key}/annuler", data={"reason": "Mal posée"}).status_code == 303
    assert "Mal posée" in chair.get(f"{base}/{key}").get_data(as_text=True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_as_much_whatever_the_votes(context, world, count):
    for _ in range(count):
        key = prepare_ballot(
            world.holder("J1"),
            world.round_key,
            theme_code="us",
            kind="hands",
            question="Oui ?",
            candidacy_keys=[],
            now=DELIBERATION,
        )
    member, base = door(context, world, "J3")
    assert (queries_of(member, base), queries_of(member, f"{base}/{key}")) == (8, 8)
