"""The builder of the form: every page, without a script."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from awards_app.adapters import clock
from awards_app.database import db
from awards_app.domain.form_shapes import questions_of
from awards_app.services.editions import create_edition
from tests import filing_world as world
from tests.filing_world import BEFORE, FILING, YEAR
from tests.form_world import a_national, change, new_values, question_of, the_form, typed

HOME = f"/coordination/editions/{YEAR}/formulaire"
Move = Callable[[datetime], None]


@pytest.fixture
def at(app: Flask, tmp_path: Path) -> Move:
    """Move the platform's clock: `at(instant)`."""
    app.config["AWARDS_CLOCK_FILE"] = str(tmp_path / "clock.json")

    def move(instant: datetime) -> None:
        with app.app_context():
            clock.set_clock(instant, frozen=True)

    move(BEFORE)
    return move


@pytest.fixture
def staff(app: Flask, client: FlaskClient, at: Move) -> FlaskClient:
    """The browser of the national staff, before any call."""
    with app.app_context():
        world.an_edition()
        world.sign_in(client, a_national(), BEFORE)
    return client


def page_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    text = answer.get_data(as_text=True)
    assert answer.status_code == status, text[:2000]
    return str(text)


def fields_of(page: str) -> dict[str, object]:
    """Return what the main form of a page would send as it stands."""
    import html5lib

    tree = html5lib.parse(page, namespaceHTMLElements=False)
    form = next(one for one in tree.iter("form") if one.get("class") == "stack")
    sent: dict[str, object] = {}
    for one in form.iter():
        name = one.get("name")
        if one.tag == "input" and one.get("type") in ("checkbox", "radio"):
            if one.get("checked") is not None:
                sent.setdefault(name, []).append(one.get("value", "y"))  # type: ignore[union-attr]  # a list
        elif one.tag == "input":
            sent[name] = one.get("value", "")
        elif one.tag == "textarea":
            sent[name] = (one.text or "").removeprefix("\n")
        elif one.tag == "select":
            chosen = [option for option in one.iter("option") if option.get("selected") is not None]
            sent[name] = (chosen or list(one.iter("option")))[0].get("value", "")
    sent.pop(None, None)
    return sent


def test_a_question_is_added_changed_moved_retired_and_restored(app: Flask, staff: FlaskClient) -> None:
    kinds = page_of(staff, f"{HOME}/questions/nouvelle?rubrique=size")
    assert "Tableau d’indicateurs" in kinds
    address = f"{HOME}/questions/nouvelle?rubrique=size&forme=number"
    sent = fields_of(page_of(staff, address)) | {
        "label": "Surface cultivée",
        "unit": "ha",
        "min": "0",
        "decimals": "3",
    }
    assert staff.post(address, data=sent).status_code == 303
    with app.app_context():
        made = question_of("surface_cultivee")
        assert (made.kind, made.section, made.unit, dict(made.settings)) == (
            "number", "size", "ha", {"min": "0", "decimals": 3},
        )  # fmt: skip
        assert [q.code for s in the_form() if s.code == "size" for q in s.questions][-1] == made.code
    edit = f"{HOME}/questions/surface_cultivee"
    again = fields_of(page_of(staff, edit))
    assert (again["label"], again["unit"], again["min"]) == ("Surface cultivée", "ha", "0")
    assert staff.post(edit, data=again | {"place": "size:", "label": "Surface"}).status_code == 303
    with app.app_context():
        assert next(q.code for s in the_form() if s.code == "size" for q in s.questions) == made.code
    moved = staff.post(f"{HOME}/ordre", data={"deplacer": f"questions:{made.code}:bas"})
    assert moved.status_code == 303
    with app.app_context():
        assert [q.code for s in the_form() if s.code == "size" for q in s.questions][:2] == [
            "employees",
            made.code,
        ]
    removal = f"{edit}/retrait"
    assert "Aucune candidature n’y a répondu." in page_of(staff, removal)
    assert staff.post(removal, data={}).status_code == 303
    with app.app_context():
        assert question_of(made.code).retired
    assert "Rétablir" in page_of(staff, HOME)
    assert staff.post(f"{edit}/retablir", data={}).status_code == 303
    assert staff.post(removal, data={"supprimer": "1"}).status_code == 303
    with app.app_context():
        assert made.code not in questions_of(the_form(), retired=True)


def test_a_section_is_added_changed_and_deleted(app: Flask, staff: FlaskClient) -> None:
    page = page_of(staff, f"{HOME}/rubriques/nouvelle")
    sent = fields_of(page) | {"title": "Vos partenaires", "theme_code": "us"}
    assert staff.post(f"{HOME}/rubriques/nouvelle", data=sent).status_code == 303
    edit = f"{HOME}/rubriques/vos_partenaires"
    again = fields_of(page_of(staff, edit))
    assert (again["title"], again["theme_code"]) == ("Vos partenaires", "us")
    assert staff.post(edit, data=again | {"title": ""}).status_code == 422
    assert staff.post(f"{edit}/retrait", data={"supprimer": "1"}).status_code == 303
    with app.app_context():
        assert "vos_partenaires" not in [section.code for section in the_form()]


def test_what_is_wrong_keeps_what_was_typed(staff: FlaskClient) -> None:
    address = f"{HOME}/questions/nouvelle?rubrique=size&forme=single_choice"
    sent = fields_of(page_of(staff, address)) | {
        "label": "CANARI",
        "choices": "une seule",
        "help": "AIDE-TAPÉE",
    }
    answer = staff.post(address, data=sent)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Proposez au moins deux réponses, une par ligne." in text
    kept = fields_of(text)
    assert (kept["label"], kept["choices"], kept["help"]) == ("CANARI", "une seule", "AIDE-TAPÉE")


def test_the_columns_of_a_table_and_the_condition_of_a_question(app: Flask, staff: FlaskClient) -> None:
    address = f"{HOME}/questions/nouvelle?rubrique=size&forme=table"
    sent = fields_of(page_of(staff, address)) | {
        "label": "Vos emplois",
        "column-0-label": "Métier",
        "column-1-label": "Nombre",
        "column-1-kind": "integer",
        "column-1-required": "y",
        "condition_question": "already_replicated",
        "condition_answers": ["already_replicated=yes", "already_replicated=autre"],
    }
    assert staff.post(address, data=sent).status_code == 303
    with app.app_context():
        made = question_of("vos_emplois")
        assert [column["code"] for column in made.settings["columns"]] == ["metier", "nombre"]
        assert made.condition is not None
        assert (made.condition.question, made.condition.one_of) == ("already_replicated", ("yes",))
    page = page_of(staff, HOME)
    assert "si « L’initiative a-t-elle déjà été reprise ailleurs\u202f? » : Oui" in page.replace("\xa0", " ")
    turned = fields_of(page_of(staff, f"{HOME}/questions/already_replicated"))
    answer = staff.post(
        f"{HOME}/questions/already_replicated", data=turned | {"condition_question": "vos_emplois"}
    )
    assert answer.status_code == 422
    assert "tourne en rond" in answer.get_data(as_text=True)


def test_an_open_call_asks_for_a_reason_and_keeps_versions(app: Flask, staff: FlaskClient, at: Move) -> None:
    at(FILING)
    with app.app_context():
        world.sign_in(staff, a_national(), FILING)
    edit = f"{HOME}/questions/pitch"
    sent = fields_of(page_of(staff, edit)) | {"label": "Votre initiative en une phrase"}
    refused = staff.post(edit, data=sent)
    assert refused.status_code == 422
    assert "dites pourquoi vous changez le formulaire" in refused.get_data(as_text=True)
    assert fields_of(refused.get_data(as_text=True))["label"] == "Votre initiative en une phrase"
    assert staff.post(edit, data=sent | {"reason": "Plus clair."}).status_code == 303
    assert staff.post(f"{HOME}/ordre", data={"deplacer": "questions:pitch:bas"}).status_code == 422
    moved = staff.post(f"{HOME}/ordre", data={"deplacer": "questions:pitch:bas", "reason": "Ordre."})
    assert moved.status_code == 303
    page = page_of(staff, HOME)
    assert re.findall(r"Version (\d)</a>", page) == ["3", "2", "1"]
    version = page_of(staff, f"{HOME}/versions/2")
    assert "devient « Votre initiative en une phrase »" in version.replace("\xa0", " ")
    assert "Plus clair." in version
    page_of(staff, f"{HOME}/versions/9", 404)
    page_of(staff, f"{HOME}/versions/{2**63}", 404)
    assert staff.post(f"{edit}/retrait", data={"supprimer": "1", "reason": "Non."}).status_code == 409


def test_a_question_that_a_colleague_changed_is_not_written_over(app: Flask, staff: FlaskClient) -> None:
    edit = f"{HOME}/questions/pitch"
    sent = fields_of(page_of(staff, edit)) | {"help": "CANARI-MIENNE", "required": []}
    with app.app_context():
        theirs = {"label": "CANARI-SIENNE", "help": "Autre.", "audience": "staff", "place": "project:summary"}
        change(a_national("Lise"), BEFORE, "pitch", typed("pitch", **theirs))
    refused = staff.post(edit, data=sent)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert ("CANARI-SIENNE" in page, "CANARI-MIENNE" in page) == (True, True)
    assert re.findall(r"<dt>(.*?)</dt>", page) == [
        "Intitulé",
        "Aide, en une ou deux phrases",
        "La réponse est obligatoire pour déposer.",
        "La réponse est lue par",
        "Place",
    ]
    assert "la CRESS seulement, jamais le jury</dd>" in page
    with app.app_context():
        assert (question_of("pitch").label, question_of("pitch").help) == ("CANARI-SIENNE", "Autre.")
    # Having compared, the person decides; the same save twice is one.
    again = fields_of(page)
    assert again["help"] == "CANARI-MIENNE"
    assert [staff.post(edit, data=again).status_code for _time in "12"] == [303, 303]
    with app.app_context():
        assert (question_of("pitch").label, question_of("pitch").help) == (
            "L’initiative en une phrase",
            "CANARI-MIENNE",
        )


def test_a_section_that_a_colleague_changed_is_not_written_over(app: Flask, staff: FlaskClient) -> None:
    edit = f"{HOME}/rubriques/size"
    sent = fields_of(page_of(staff, edit))
    theirs = sent | {"title": "CANARI-SIENNE"}
    assert [staff.post(edit, data=theirs).status_code for _time in "12"] == [303, 303]
    refused = staff.post(edit, data=sent | {"lead": "CANARI-MIENNE"})
    page = refused.get_data(as_text=True)
    assert (refused.status_code, "CANARI-SIENNE" in page) == (409, True)
    with app.app_context():
        assert next(one.title for one in the_form() if one.code == "size") == "CANARI-SIENNE"
    # A question of the section is another matter.
    with app.app_context():
        change(a_national("Lise"), BEFORE, "employees", typed("employees", help="Autre."))
    assert staff.post(edit, data=fields_of(page)).status_code == 303


def test_the_preview_is_the_candidates_page_for_each_theme(staff: FlaskClient) -> None:
    us = page_of(staff, f"{HOME}/apercu?thematique=us")
    te = page_of(staff, f"{HOME}/apercu?thematique=te")
    assert ("us_inequalities" in us, "te_measures" in us) == (True, False)
    assert ("us_inequalities" in te, "te_measures" in te) == (False, True)
    assert "Posée seulement si" in us
    page_of(staff, f"{HOME}/apercu?thematique=rien", 404)


def test_the_form_of_last_year_is_taken_up_with_a_report(app: Flask, staff: FlaskClient) -> None:
    with app.app_context():
        create_edition(world.the_preset(), YEAR + 1, BEFORE)
    later = HOME.replace(str(YEAR), str(YEAR + 1))
    edit = fields_of(page_of(staff, f"{HOME}/questions/pitch")) | {"label": "ACCROCHE-REPRISE"}
    staff.post(f"{HOME}/questions/pitch", data=edit)
    staff.post(f"{HOME}/questions/video/retrait", data={})
    report = page_of(staff, f"{later}/copie")
    assert "« Lien vers une vidéo », retirée, n’est pas reprise." in report.replace("\xa0", " ")
    assert staff.post(f"{later}/copie", data={"edition": str(YEAR)}).status_code == 303
    page = page_of(staff, later)
    assert ("ACCROCHE-REPRISE" in page, "Lien vers une vidéo" in page) == (True, False)


@pytest.mark.parametrize(("who", "status"), [("regional", 403), ("candidate", 404)])
def test_the_form_is_changed_by_the_national_staff_only(
    app: Flask, client: FlaskClient, at: Move, who: str, status: int
) -> None:
    with app.app_context():
        world.an_edition()
        person = world.a_coordinator() if who == "regional" else world.a_filer()[0]
        world.sign_in(client, person, BEFORE)
    assert client.get(HOME).status_code == (200 if who == "regional" else 404)
    assert client.get(f"{HOME}/questions/pitch").status_code == status
    assert client.post(f"{HOME}/questions/pitch", data={"label": "Non"}).status_code == status
    with app.app_context():
        assert question_of("pitch").label == "L’initiative en une phrase"


@pytest.mark.parametrize("more", [0, 20])
def test_the_page_of_the_form_asks_the_same_whatever_its_length(
    app: Flask, staff: FlaskClient, more: int
) -> None:
    with app.app_context():
        person = a_national()
        for number in range(more):
            change(person, BEFORE, None, new_values(label=f"Question {number}"))
    statements: list[str] = []

    def seen(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", seen)
    page_of(staff, HOME)
    event.remove(engine, "before_cursor_execute", seen)
    # One for who is asking, six for the form.
    assert len(statements) == 7, statements
