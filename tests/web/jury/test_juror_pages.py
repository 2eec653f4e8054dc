"""A juror's pages: each opens, keeps what was typed, and says nothing of what is not theirs."""

import html
import re

import pytest
from sqlalchemy import event, select

from awards_app.database import atomic, db
from awards_app.models.candidacies import Filing
from awards_app.models.juries import Seat
from awards_app.models.scoring import Mark
from awards_app.services.juries import declare_interest
from awards_app.services.locking import lock_scoring
from awards_app.web.jury.file_routes import ANY_SEAT
from tests.jury_world import (
    SCORING,
    a_round,
    add_file,
    add_seat,
    declare,
    declare_all,
    give,
    golden_world,
    sign_in,
)

BAD = [
    "-1",
    "6",
    "1e309",
    "1" + "0" * 400,
    "",
    " ",
    "abc",
    "5 points",
    "null",
    "true",
    "[5]",
    '{"v":5}',
    "4.5",
]


@pytest.fixture
def world(app):
    with app.app_context():
        world = a_round(golden=True)
        add_seat(world, "Chantal", "chair")
        add_seat(world, "Jules")
        for name in ("Alpha", "Béta", "Gamma"):
            add_file(world, name)
        declare_all(world)
        yield world
        db.session.remove()


@pytest.fixture
def jules(app, world):
    return sign_in(app.test_client(), world.accounts["Jules"])


def text(response):
    return html.unescape(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def queries_of(app, client, path, method="get", **values):
    """Count the statements of one request."""
    counted = []
    with app.app_context():
        engine = db.engine

    def count(_conn, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "SAVEPOINT", "SELECT pg_advisory")):
            counted.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        response = getattr(client, method)(path, **values)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return response, len(counted)


def file_path(world, juror, name, *rest):
    return "/".join((f"/jury/{world.seats[juror]}/candidatures/{world.files[name]}", *rest))


def test_one_seat_opens_at_once(world, jules):
    assert jules.get("/jury").headers["Location"] == f"/jury/{world.seats['Jules']}"


def test_the_list_says_how_far_one_is(world, jules):
    give(world, "Jules", "Alpha", "3333")

    page = text(jules.get(f"/jury/{world.seats['Jules']}"))

    assert "1 sur 3, il reste environ 50\u00a0minutes." in page
    assert [name for name in ("Structure Alpha", "Structure Béta", "Structure Gamma") if name in page] == [
        "Structure Alpha",
        "Structure Béta",
        "Structure Gamma",
    ]


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_costs_five_queries(app, world, jules, more):
    for number in range(more):
        add_file(world, f"De plus {number}")

    assert queries_of(app, jules, f"/jury/{world.seats['Jules']}")[1] == 5


def test_the_file_costs_three_queries(app, world, jules):
    response, count = queries_of(app, jules, file_path(world, "Jules", "Alpha"))

    assert (response.status_code, count) == (200, 3)


def test_saving_a_mark_costs_six_queries_of_which_two_are_the_journals(app, world, jules):
    path = file_path(world, "Jules", "Alpha", "noter")

    response, count = queries_of(
        app, jules, path, "post", data={"field": "mark-a", "value": "3", "version": "0"}
    )

    assert (response.status_code, response.json["version"], count) == (200, "1", 6)


def test_the_file_shows_the_filed_copy_without_what_jurors_do_not_read(world, jules):
    page = text(jules.get(file_path(world, "Jules", "Alpha")))

    assert "Les résultats de Alpha." in page
    assert "CANARI-ADRESSE" not in page


@pytest.mark.parametrize("value", BAD)
def test_a_value_that_is_no_level_is_refused_by_field_and_the_rest_kept(world, jules, value):
    path = file_path(world, "Jules", "Alpha", "noter")

    one = jules.post(path, data={"field": "mark-a", "value": value, "version": "0"})
    whole = jules.post(path, data={"mark-a": value, "mark-b": "3", "private_note": "CANARI-NOTE"})

    assert (one.status_code, list(one.json["errors"])) == (422, ["mark-a"])
    assert whole.status_code == 422
    assert "CANARI-NOTE" in whole.get_data(as_text=True)
    assert db.session.scalars(select(Mark.level)).all() == []


@pytest.mark.parametrize("body", ["NaN", '{"field": NaN}', '{"a":1,"a":2}', "[" * 10000, "1" * 100000, "[5]"])
def test_json_that_is_no_object_is_refused(world, jules, body):
    path = file_path(world, "Jules", "Alpha", "noter")

    assert jules.post(path, data=body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("value", ["null", "true", "[5]", '{"v":5}', "4.5", "-1", "1" + "0" * 400])
def test_json_values_that_are_no_level_are_refused(world, jules, value):
    path = file_path(world, "Jules", "Alpha", "noter")

    answer = jules.post(
        path, data=f'{{"field":"mark-a","value":{value},"version":"0"}}', content_type="application/json"
    )

    assert answer.status_code == 422


def test_two_tabs_see_both_marks(world, jules):
    path = file_path(world, "Jules", "Alpha", "noter")
    jules.post(path, data={"field": "mark-a", "value": "3", "version": "0"})

    stale = jules.post(path, data={"field": "mark-a", "value": "1", "version": "0"})
    whole = jules.post(path, data={"mark-a": "1", "mark-a-version": "0", "private_note": "gardé"})

    assert stale.status_code == 409
    assert {name: stale.json[name] for name in ("yours", "theirs", "version")} == {
        "yours": "1",
        "theirs": "3",
        "version": "1",
    }
    assert whole.status_code == 409
    assert "Ici : 1 — niveau 1. Enregistré : 3 — niveau 3." in text(whole)
    again = jules.post(path, data={"mark-a": "1", "mark-a-version": "1"})
    assert again.status_code == 303
    assert db.session.scalars(select(Mark.level)).all() == [1]


def test_a_whole_sheet_without_script_goes_on_to_the_next_file(world, jules):
    path = file_path(world, "Jules", "Alpha")
    sheet = {f"mark-{code}": "3" for code in "abcd"}

    answer = jules.post(f"{path}/noter", data={**sheet, "shared_comment": "bien", "suite": "suivant"})

    assert answer.status_code == 303
    assert db.session.scalars(select(Mark.level)).all() == [3, 3, 3, 3]


def test_a_page_without_script_promises_no_saving_of_its_own(world, jules):
    page = jules.get(file_path(world, "Jules", "Alpha")).get_data(as_text=True)
    foot = page[page.index("data-save-text") : page.index("data-save-retry")]
    assert re.findall(r"<span data-needs-script hidden>([^<]+)</span><noscript>([^<]+)</noscript>", foot) == [
        (
            "Chaque réponse s’enregistre dès que vous l’écrivez.",
            "Vos réponses sont gardées quand vous enregistrez cette page.",
        )
    ]


def test_who_stands_aside_finds_the_page_of_nothing(world, jules):
    unknown = jules.get(f"/jury/{world.seats['Jules']}/candidatures/nimporte")
    declare_interest(
        world.holder("Jules"), world.seats["Jules"], world.files["Béta"], "recused", "lien", SCORING
    )

    for rest in ((), ("pieces", "x")):
        assert jules.get(file_path(world, "Jules", "Béta", *rest)).status_code == 404
    stale = jules.post(
        file_path(world, "Jules", "Béta", "noter"), data={"mark-a": "3", "private_note": "TEXTE"}
    )
    gone = jules.get(file_path(world, "Jules", "Béta"))
    assert (stale.status_code, "TEXTE" in text(stale)) == (404, True)
    assert text(gone) == text(unknown)
    assert gone.get_data(as_text=True).replace(world.files["Béta"], "nimporte") == unknown.get_data(
        as_text=True
    )
    neighbours = jules.get(file_path(world, "Jules", "Alpha")).get_data(as_text=True)
    assert world.files["Béta"] not in neighbours
    assert "dossier 1 sur 2" in neighbours or "dossier 2 sur 2" in neighbours
    assert "Structure Béta" not in text(jules.get(f"/jury/{world.seats['Jules']}"))


def test_search_stays_within_ones_own_files(world, jules):
    add_file(world, "Cachée", "us")
    declare(world, "Jules", "Cachée", "recused")
    seat = f"/jury/{world.seats['Jules']}"

    hidden = text(jules.get(f"{seat}?q=Cachée")).replace("Cachée", "X")
    nowhere = text(jules.get(f"{seat}?q=Néant")).replace("Néant", "X")

    assert hidden == nowhere


def test_declaring_keeps_what_was_typed_and_asks_for_the_reason(app, world):
    with app.app_context():
        add_seat(world, "Nina")
    nina = sign_in(app.test_client(), world.accounts["Nina"])
    path = f"/jury/{world.seats['Nina']}/liens"
    alpha, beta = world.files["Alpha"], world.files["Béta"]

    refused = nina.post(path, data={f"verdict-{alpha}": "unsure", f"verdict-{beta}": "none"})
    accepted = nina.post(
        path,
        data={f"verdict-{alpha}": "recused", f"reason-{alpha}": "ma sœur", f"verdict-{beta}": "none"},
    )

    assert refused.status_code == 422
    assert "Dites en une ligne quel est ce lien." in text(refused)
    assert accepted.status_code == 303
    assert "1 structure attend votre réponse." in text(nina.get(path))
    assert nina.get(file_path(world, "Nina", "Béta")).status_code == 200
    assert nina.get(file_path(world, "Nina", "Gamma")).status_code == 409


def test_the_charter_comes_first(app, world):
    with app.app_context():
        add_seat(world, "Nina")
        db.session.execute(
            Seat.__table__.update().where(Seat.key == world.seats["Nina"]).values(charter_at=None)
        )
        db.session.commit()
    nina = sign_in(app.test_client(), world.accounts["Nina"])
    seat = f"/jury/{world.seats['Nina']}"

    assert nina.get(seat).headers["Location"] == f"{seat}/charte"
    assert nina.post(f"{seat}/charte", data={}).status_code == 422
    assert nina.post(f"{seat}/charte", data={"accepted": "y"}).headers["Location"] == f"{seat}/liens"


def test_done_is_said_when_no_file_is_open_and_taken_back(world, jules):
    seat = f"/jury/{world.seats['Jules']}"
    early = jules.post(f"{seat}/termine")
    for file in world.files:
        give(world, "Jules", file, "3333")

    assert early.status_code == 409
    marks = re.findall(r'data-label="Note" class="num">([^<]*)<', jules.get(f"{seat}/mes-notes").text)
    assert (len(marks), set(marks)) == (len(world.files), {"3,00"})
    assert jules.post(f"{seat}/termine").status_code == 303
    assert "Vous avez indiqué avoir terminé" in text(jules.get(seat))
    assert jules.post(f"{seat}/termine", data={"reprendre": "1"}).status_code == 303


def test_another_jurors_seat_is_not_there(world, jules):
    seat = world.seats["Chantal"]

    for path in ("", "/charte", "/liens", "/mes-notes", f"/candidatures/{world.files['Alpha']}"):
        assert jules.get(f"/jury/{seat}{path}").status_code == 404


def test_nobody_sees_an_aggregate_before_the_lock(app, world, jules):
    chair = sign_in(app.test_client(), world.accounts["Chantal"])

    assert jules.get(f"/jury/{world.seats['Jules']}/classement").status_code == 409
    assert chair.get(f"/jury/{world.seats['Chantal']}/classement").status_code == 409
    assert jules.get(f"/jury/{world.seats['Jules']}/avancement").status_code == 404
    assert chair.get(f"/jury/{world.seats['Chantal']}/avancement").status_code == 200


def test_the_lock_names_what_is_missing_then_shows_the_ranking(app):
    with app.app_context():
        world = golden_world()
        add_file(world, "Zêta")
        for juror in world.seats:
            declare(world, juror, "Zêta")
            if juror != "J3":
                give(world, juror, "Zêta", "3333")
        chair = sign_in(app.test_client(), world.accounts["J1"])
        juror = sign_in(app.test_client(), world.accounts["J3"])
        recused = sign_in(app.test_client(), world.accounts["J2"])
        seat = f"/jury/{world.seats['J1']}"

        refused = chair.post(f"{seat}/verrouiller")
        give(world, "J3", "Zêta", "3333")
        locked = chair.post(f"{seat}/verrouiller")
        page, count = queries_of(app, juror, f"/jury/{world.seats['J3']}/classement")

        assert (refused.status_code, "J3 : la fiche de « Structure Zêta »" in text(refused)) == (409, True)
        assert (locked.status_code, locked.headers["Location"]) == (303, f"{seat}/classement")
        assert (page.status_code, count) == (200, 6)
        assert "3 ex æquo" in text(page)
        assert "3,93" in text(page)
        assert recused.get(f"/jury/{world.seats['J2']}/classement").status_code == 404
        assert juror.get(f"/jury/{world.seats['J3']}/attribution").status_code == 404
        with chair.allowing_commits():
            assert "J4" in text(chair.get(f"{seat}/attribution"))
        assert jules_is_refused(juror, world)


def jules_is_refused(juror, world):
    path = f"/jury/{world.seats['J3']}/candidatures/{world.files['Alpha']}"
    answer = juror.post(f"{path}/noter", data={"mark-a": "0", "private_note": "RENDU"})
    assert juror.get(path).status_code == 200
    return answer.status_code == 409 and "verrouillé" in text(answer) and "RENDU" in text(answer)


def test_the_second_lock_from_the_page_is_the_first(app):
    with app.app_context():
        world = golden_world()
        sha256 = lock_scoring(world.holder("J1"), world.round_key, SCORING)
        chair = sign_in(app.test_client(), world.accounts["J1"])

        assert chair.post(f"/jury/{world.seats['J1']}/verrouiller").status_code == 303
        assert sha256 in text(chair.get(f"/jury/{world.seats['J1']}/classement"))


def test_a_copy_drawn_once_follows_the_copy_and_the_seat_that_reads_it(app, world, jules):
    chair = sign_in(app.test_client(), world.accounts["Chantal"])
    before = jules.get(file_path(world, "Jules", "Alpha")).text
    filing = db.session.scalars(
        select(Filing).where(Filing.candidacy_id == world.candidacy_id("Alpha"), Filing.replaced_at.is_(None))
    ).one()
    with atomic():
        filing.content = filing.content.replace("sultats de Alpha.", "sultats relus.")

    after = jules.get(file_path(world, "Jules", "Alpha")).text
    theirs = chair.get(file_path(world, "Chantal", "Alpha")).text

    assert ["sultats de Alpha." in page for page in (before, after, theirs)] == [True, False, False]
    assert ["sultats relus." in page for page in (before, after, theirs)] == [False, True, True]
    assert world.seats["Jules"] not in theirs
    assert ANY_SEAT not in before + after + theirs
