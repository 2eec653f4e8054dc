"""The register of ties: every declaration, filtered, as a table; and who is told of a tie that is certain."""

import csv
import io

import pytest
from sqlalchemy import select

from awards_app.database import db
from awards_app.models.messages import Message
from awards_app.services.accounts import ensure_account, grant_role
from awards_app.services.juries import declare_interest
from tests.jury_world import (
    BEFORE,
    SCORING,
    a_round,
    add_file,
    add_member,
    add_seat,
    declare,
    declare_all,
    sign_in,
)
from tests.web.jury.test_juror_pages import queries_of, text


@pytest.fixture
def world(app):
    with app.app_context():
        world = a_round()
        add_seat(world, "Chantal", "chair")
        add_seat(world, "Jules")
        for name in ("Alpha", "Béta"):
            add_file(world, name)
        yield world
        db.session.remove()


@pytest.fixture
def auditor(app, world):
    account_id = ensure_account("aude@exemple.org", "Aude", BEFORE)
    grant_role(None, account_id, "auditor", None, BEFORE)
    return sign_in(app.test_client(), account_id)


def path(world, end=""):
    return f"/coordination/{world.round_key}/liens/registre{end}"


def table(response):
    return list(
        csv.reader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff")), delimiter=";")
    )


def test_the_auditor_reads_every_declaration_and_filters_them(world, auditor):
    declare_all(world)
    declare_interest(
        world.holder("Jules"), world.seats["Jules"], world.files["Béta"], "recused", "=1+1 Un proche", SCORING
    )

    page = text(auditor.get(path(world)))
    lines = table(auditor.get(path(world, ".csv?reponse=recused&q=jules")))

    assert "4 déclarations" in page
    assert [line[:6] for line in lines[1:]] == [
        ["Jules", "Structure Béta", "Projet Béta", "déport", "'=1+1 Un proche", "déclaré par la personne"]
    ]


@pytest.mark.parametrize("jurors", [1, 3])
def test_the_register_costs_the_same_whatever_its_length(app, world, auditor, jurors):
    for number in range(jurors):
        add_seat(world, f"Juré{number}")
    declare_all(world)

    response, count = queries_of(app, auditor, path(world))

    assert (response.status_code, count) == (200, 3)


def test_a_stranger_does_not_find_it(app, world):
    other = ensure_account("autre@exemple.org", "Autre", BEFORE)
    client = sign_in(app.test_client(), other)

    assert [client.get(path(world, end)).status_code for end in ("", ".csv")] == [404, 404]


def test_the_chair_and_the_chamber_are_told_of_a_certain_tie_without_its_structure(world):
    add_member(world, "Jules", "Alpha", left=True)

    recorded = declare_interest(
        world.holder("Jules"), world.seats["Jules"], world.files["Alpha"], "none", "", SCORING
    )

    letters = db.session.scalars(
        select(Message).where(Message.kind == "certain_tie").order_by(Message.recipient)
    ).all()
    assert recorded == "recused"
    assert [letter.recipient for letter in letters] == [
        "chantal@jury-chantal.exemple",
        "coralie@cress.exemple",
    ]
    assert [("Alpha" in letter.body, "lie Jules, membre" in letter.body) for letter in letters] == [
        (False, True)
    ] * 2


def test_a_recusal_of_ones_own_tells_nobody(world):
    declare(world, "Chantal", "Alpha")
    declare_interest(
        world.holder("Jules"), world.seats["Jules"], world.files["Alpha"], "recused", "Un proche.", SCORING
    )

    assert db.session.scalars(select(Message.kind)).all() == []
