"""The pages of a candidacy at the door: without a script, from the first section to the receipt."""

import html
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from awards_app.adapters import clock
from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.models.candidacies import Answer, Attachment, Candidacy
from awards_app.queries.editions import edition_of_year, form_of
from awards_app.services.answers import base_of, save_answer
from awards_app.services.candidacies import create_candidacy
from awards_app.services.filings import submit_candidacy, take_back_candidacy
from awards_app.services.structures import accept_invitation, invite_member
from tests import filing_world as world

Move = Callable[[datetime], None]
NOW = world.FILING + timedelta(hours=2)


@pytest.fixture
def at(app: Flask, tmp_path: Path) -> Move:  # pytest's own
    """Move the platform's clock: `at(instant)`."""
    app.config["AWARDS_CLOCK_FILE"] = str(tmp_path / "clock.json")

    def move(instant: datetime) -> None:
        with app.app_context():
            clock.set_clock(instant, frozen=True)

    move(NOW)
    return move


@pytest.fixture
def filer(app: Flask, client: FlaskClient, at: Move) -> tuple[Holder, str]:  # as above
    with app.app_context():
        world.an_edition()
        person, key = world.a_filer()
        world.sign_in(client, person, NOW)
    return person, key


def _text(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.get_data(as_text=True)[:2000]
    return str(response.get_data(as_text=True))


def _bases(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(base-[a-z_]+)" value="([^"]*)"', page))


def test_a_structure_is_registered_then_a_draft_opened(app: Flask, client: FlaskClient, at: Move) -> None:
    with app.app_context():
        world.an_edition()
        person = world.holder(world.a_person("Odile"))
        world.sign_in(client, person, NOW)
    assert "Enregistrer ma structure" in _text(client, "/structure")
    refused = client.post("/structure/nouvelle", data={"name": "CANARI-NOM", "identifier": "12"})
    assert refused.status_code == 422
    assert "CANARI-NOM" in refused.get_data(as_text=True)
    answer = client.post("/structure/nouvelle", data=world.structure_values(0))
    assert answer.status_code == 303
    assert "Demande enregistrée" in _text(client, answer.location)
    page = _text(client, "/candidatures/nouvelle")
    key = re.search(r'name="structure" value="([^"]+)"', page)
    assert key is not None
    made = client.post("/candidatures/nouvelle", data={"structure": key[1]})
    assert made.status_code == 303
    assert "0 rubriques complètes sur 7" in _text(client, made.location)
    again = client.post("/candidatures/nouvelle", data={"structure": key[1]})
    assert again.status_code == 409
    assert made.location in again.get_data(as_text=True)


def test_each_page_opens_and_the_whole_file_is_filed_without_a_script(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    person, key = filer
    for code in ("contact", "size", "project", "narrative", "theme", "attachments", "undertakings"):
        page = _text(client, f"/candidatures/{key}/rubriques/{code}")
        assert client.post(f"/candidatures/{key}/rubriques/{code}", data=_bases(page)).status_code == 303
    page = _text(client, f"/candidatures/{key}/rubriques/theme")
    chosen = client.post(f"/candidatures/{key}/rubriques/theme", data={**_bases(page), "theme": "us"})
    assert chosen.location.endswith("/rubriques/theme")
    assert "Quelle inégalité" in _text(client, chosen.location)
    sent = client.post(
        f"/candidatures/{key}/pieces",
        data={
            "question": "photos",
            "file": [(io.BytesIO(world.a_photo(c)), f"{c}.jpg") for c in ("red", "blue")],
        },
    )
    assert sent.status_code == 303
    missing = _text(client, f"/candidatures/{key}/relecture")
    assert ">Statuts à jour</a>" in missing
    assert f"/candidatures/{key}/rubriques/contact?verifier=1#contact_name" in missing
    checked = _text(client, f"/candidatures/{key}/rubriques/contact?verifier=1")
    assert "Cette réponse est attendue." in checked
    refused = client.post(f"/candidatures/{key}/deposer")
    assert refused.status_code == 422
    with app.app_context():
        world.fill(person, key, NOW)
    submitted = client.post(f"/candidatures/{key}/deposer", data={"cle": "abc"})
    assert submitted.status_code == 303
    page = _text(client, submitted.location)
    number = re.search(r"AR-2027-[0-9A-Z]{8}", page)
    assert number is not None
    again = client.post(f"/candidatures/{key}/deposer", data={"cle": "autre"})
    assert number[0] in _text(client, again.location)
    assert "Reprendre pour modifier" in _text(client, f"/candidatures/{key}")
    assert "Déposée le" in _text(client, "/structure")


def test_autosave_answers_in_versions(client: FlaskClient, filer: tuple[Holder, str]) -> None:
    _person, key = filer
    path = f"/candidatures/{key}/enregistrer"
    first = client.post(path, data={"field": "title", "value": "A", "version": "0"})
    assert (first.status_code, first.json) == (
        200,
        {"version": 1, "saved_at_text": "13\u00a0h\u00a000", "base": base_of(1, "A")},
    )
    assert client.post(path, data={"field": "title", "value": "B", "version": "1"}).json["version"] == 2
    stale = client.post(path, data={"field": "title", "value": "C", "version": "1"})
    assert stale.status_code == 409
    assert (stale.json["yours"], stale.json["theirs"], stale.json["version"]) == ("C", "B", 2)
    assert "modifiée entre-temps" in stale.json["message"]
    for data in (
        {"field": "title", "value": "x", "version": "-1"},
        {"field": ["title", "pitch"], "value": "x"},
    ):
        assert client.post(path, data=data).status_code == 400
    for data in ({"field": "state", "value": "submitted"}, {"field": "title", "value": "a\x00"}):
        assert client.post(path, data=data).status_code == 422


def test_two_texts_are_both_shown_without_a_script(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    person, key = filer
    path = f"/candidatures/{key}/rubriques/project"
    page = _text(client, path)
    with app.app_context():
        save_answer(person, key, "title", "De l’autre onglet", 0, NOW)
    met = client.post(path, data={**_bases(page), "title": "De cet onglet", "pitch": "Gardé"})
    assert met.status_code == 409
    shown = met.get_data(as_text=True)
    assert "De l’autre onglet" in shown
    assert "De cet onglet" in shown
    settled = client.post(
        path, data={"title": "De cet onglet", "base-title": base_of(1, "De l’autre onglet"), "rester": "1"}
    )
    assert settled.status_code == 303
    with app.app_context():
        values = dict(db.session.execute(select(Answer.question_code, Answer.value)).all())
    assert (values["title"], values["pitch"]) == ("De cet onglet", "Gardé")


def test_a_question_that_an_answer_opens_is_shown_before_the_next_section(
    client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    _person, key = filer
    path, made = f"/candidatures/{key}/rubriques/narrative", "replicated_where"
    assert re.search(rf'data-question="{made}"[^>]* hidden', _text(client, path))
    no = client.post(path, data={"already_replicated": "no", "suivante": "1"})
    assert (no.status_code, path in no.location) == (303, False)
    yes = client.post(path, data={"already_replicated": "yes", "suivante": "1"})
    assert (yes.status_code, yes.location) == (303, f"{path}#{made}")
    page = _text(client, path)
    assert "Votre réponse ouvre d’autres questions" in page
    assert not re.search(rf'data-question="{made}"[^>]* hidden', page)
    again = client.post(path, data={"already_replicated": "yes", "suivante": "1"})
    assert (again.status_code, path in again.location) == (303, False)


def test_of_several_texts_that_met_none_is_left_aside(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    person, key = filer
    path = f"/candidatures/{key}/rubriques/project"
    bases = _bases(_text(client, path))
    codes = ("title", "pitch", "area")
    with app.app_context():
        for code in codes:
            save_answer(person, key, code, f"De l’autre onglet : {code}", 0, NOW)
    page = client.post(path, data={**bases, **{code: f"D’ici : {code}" for code in codes}})

    def forms(page: str) -> list[dict[str, str]]:
        """Return what each form of the page sends, the answer one may still edit included."""
        found = []
        for form in re.findall(r'<form[^>]* method="post"[^>]*rubriques/project.*?</form>', page, re.DOTALL):
            hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form)
            typed = re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>([^<]*)<', form)
            found.append({name: html.unescape(value) for name, value in (*hidden, *typed)})
        return found

    keep_mine = forms(page.get_data(as_text=True))[0]
    assert [code for code in codes if code in keep_mine] == list(codes)
    after_mine = client.post(path, data=keep_mine)
    assert after_mine.status_code == 409
    assert [code for code in codes if code in forms(after_mine.get_data(as_text=True))[0]] == [
        "pitch",
        "area",
    ]
    keep_theirs = forms(after_mine.get_data(as_text=True))[1]
    last = client.post(path, data=keep_theirs)
    assert last.status_code == 409
    (final,) = forms(last.get_data(as_text=True))
    assert client.post(path, data=final).status_code == 303
    with app.app_context():
        values = dict(db.session.execute(select(Answer.question_code, Answer.value)).all())
    assert [values[code] for code in codes] == [
        "D’ici : title",
        "De l’autre onglet : pitch",
        "D’ici : area",
    ]


def test_after_the_deadline_the_text_is_given_back(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str], at: Move
) -> None:  # as the fixture
    person, key = filer
    at(world.CLOSES - timedelta(seconds=1))
    with app.app_context():
        world.sign_in(client, person, world.CLOSES - timedelta(days=1))
    in_time = client.post(f"/candidatures/{key}/enregistrer", data={"field": "title", "value": "A"})
    assert in_time.status_code == 200
    at(world.CLOSES)
    late = client.post(f"/candidatures/{key}/enregistrer", data={"field": "title", "value": "CANARI-TARD"})
    assert late.status_code == 409
    assert late.json["yours"] == "CANARI-TARD"
    assert "clos depuis le mercredi 30 juin 2027 à 23\u00a0h\u00a059 (heure de Paris)" in late.json["message"]
    section = client.post(f"/candidatures/{key}/rubriques/project", data={"title": "CANARI-TARD"})
    assert section.status_code == 409
    assert "CANARI-TARD" in section.get_data(as_text=True)
    assert client.post(f"/candidatures/{key}/deposer").status_code == 409
    with app.app_context():
        assert db.session.scalar(select(Answer.value)) == "A"


def test_what_is_given_back_stands_under_its_questions_own_words(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str], at: Move
) -> None:
    """Nothing that the form carries beside the answers is shown as a text of the person's."""
    person, key = filer
    with app.app_context():
        edition = edition_of_year(world.YEAR)
        assert edition is not None
        asked = next(
            q
            for part in form_of(edition.id)
            if part.code == "project"
            for q in part.questions
            if q.code == "pitch"
        )
    path = f"/candidatures/{key}/rubriques/project"
    typed = {**_bases(_text(client, path)), "formulaire": "1", "suivante": "1", "pitch": "CANARI-PHRASE"}

    def given_back(status: int) -> list[tuple[str, str]]:
        answer = client.post(path, data=typed)
        assert answer.status_code == status
        page = html.unescape(answer.get_data(as_text=True))
        return re.findall(r"<label[^>]*>([^<]*)</label><textarea[^>]*>([^<]*)</textarea>", page)

    client.post(f"/candidatures/{key}/suppression")
    assert given_back(410) == [(f"Ce que vous veniez d’écrire ({asked.label})", "CANARI-PHRASE")]
    client.post(f"/candidatures/{key}/restaurer")
    with app.app_context():
        world.fill(person, key, NOW)
        submit_candidacy(person, key, NOW)
    # A colleague filed it meanwhile.
    assert given_back(409) == [(asked.label, "CANARI-PHRASE")]
    path = path.replace(key, "A" * 22)
    assert given_back(404) == [(asked.label, "CANARI-PHRASE")]


@pytest.mark.parametrize(
    ("content", "name", "status", "words"),
    [
        (b"", "vide.pdf", 422, "vide"),
        (b"%PDF-" + b"0" * (10 * 1024 * 1024), "gros.pdf", 413, "trop volumineux : 10 Mio"),
        (b"<html></html>", "page.pdf", 415, "Format non accepté. Formats possibles : PDF"),
    ],
)
def test_a_refused_file_says_why(  # one case a line
    app: Flask,
    client: FlaskClient,
    filer: tuple[Holder, str],
    content: bytes,
    name: str,
    status: int,
    words: str,
) -> None:
    _person, key = filer
    data = {"question": "statutes", "file": (io.BytesIO(content), name)}
    refused = client.post(f"/candidatures/{key}/pieces", data=data)
    # Werkzeug's client leaves the large body it made to the collector, which warns.
    refused.request.environ["wsgi.input"].close()
    assert refused.status_code == status
    assert words in refused.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalar(select(func.count(Attachment.id))) == 0


def test_a_file_is_served_inert(app: Flask, client: FlaskClient, filer: tuple[Holder, str]) -> None:
    _person, key = filer
    data = {"question": "statutes", "file": (io.BytesIO(world.a_pdf()), "bilan d’été.php.pdf")}
    assert client.post(f"/candidatures/{key}/pieces", data=data).status_code == 303
    with app.app_context():
        attachment = db.session.scalar(select(Attachment.key))
    served = client.get(f"/candidatures/{key}/pieces/{attachment}")
    assert served.mimetype == "application/pdf"
    assert served.headers["Content-Disposition"].startswith("attachment; ")
    assert served.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Cache-Control"] == "no-store"


def test_a_member_sees_the_button_explained(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    person, key = filer
    with app.app_context():
        manon = world.a_person("Manon")
        invitation = invite_member(person, world.structure_key(person), "manon@exemple.org", "member", NOW)
        accept_invitation(manon, invitation, NOW)
        world.fill(person, key, NOW)
        world.sign_in(client, world.holder(manon), NOW)
    page = _text(client, f"/candidatures/{key}/relecture")
    assert "Seule une personne responsable" in page
    assert "/deposer" not in page
    assert client.post(f"/candidatures/{key}/deposer").status_code == 403


def test_anothers_candidacy_is_not_there(app: Flask, client: FlaskClient, filer: tuple[Holder, str]) -> None:
    _person, key = filer
    with app.app_context():
        other, _own = world.a_filer("Xavier", 1)
        world.sign_in(client, other, NOW)
    random_page = client.get("/candidatures/" + "x" * 22).get_data(as_text=True)
    for path in ("", "/relecture", "/accuse", "/accuse.pdf", "/rubriques/project", "/retirer"):
        response = client.get(f"/candidatures/{key}{path}")
        assert response.status_code == 404
        if path == "":
            assert response.get_data(as_text=True).replace(key, "x" * 22) == random_page
    for path in (
        "/enregistrer",
        "/deposer",
        "/reprendre",
        "/suppression",
        "/restaurer",
        "/retirer",
        "/pieces",
    ):
        assert (
            client.post(f"/candidatures/{key}{path}", data={"field": "title", "reason": "x"}).status_code
            == 404
        )


def test_a_deleted_draft_offers_to_be_restored(client: FlaskClient, filer: tuple[Holder, str]) -> None:
    _person, key = filer
    assert client.post(f"/candidatures/{key}/suppression").status_code == 303
    gone = client.post(f"/candidatures/{key}/rubriques/project", data={"title": "CANARI-TAPÉ"})
    assert gone.status_code == 410
    assert "Restaurer" in gone.get_data(as_text=True)
    assert "CANARI-TAPÉ" in gone.get_data(as_text=True)
    assert "Restaurer" in _text(client, "/structure")
    assert client.post(f"/candidatures/{key}/restaurer").status_code == 303
    _text(client, f"/candidatures/{key}")


def test_the_receipt_and_the_withdrawal(app: Flask, client: FlaskClient, filer: tuple[Holder, str]) -> None:
    person, key = filer
    with app.app_context():
        world.fill(person, key, NOW)
        submit_candidacy(person, key, NOW)
    section = f"/candidatures/{key}/rubriques/project"
    assert "Pour la modifier, reprenez-la d’abord." in _text(client, section)
    with app.app_context():
        take_back_candidacy(person, key, NOW)
    assert "Votre version déposée reste celle du" in _text(client, f"/candidatures/{key}/accuse")
    assert "reprenez-la" not in _text(client, section)
    paper = client.get(f"/candidatures/{key}/accuse.pdf")
    assert paper.status_code == 200
    assert paper.get_data()[:5] == b"%PDF-"
    _text(client, f"/candidatures/{key}/retirer")
    assert client.post(f"/candidatures/{key}/retirer", data={"reason": ""}).status_code == 422
    assert client.post(f"/candidatures/{key}/retirer", data={"reason": "Fini"}).status_code == 303
    assert "retirée" in _text(client, f"/candidatures/{key}")
    with app.app_context():
        assert db.session.scalar(select(Candidacy.state)) == "withdrawn"


@pytest.mark.parametrize("count", [1, 3])
def test_the_home_asks_as_much_of_one_candidacy_as_of_three(
    app: Flask, client: FlaskClient, at: Move, count: int
) -> None:
    with app.app_context():
        world.an_edition()
        person = world.holder(world.a_person("Odile"))
        for number in range(count):
            structure = world.a_structure(person, number)
            person = world.holder(person.account_id)
            create_candidacy(person, structure, NOW)
        world.sign_in(client, person, NOW)
        engine = db.engine
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:  # SQLAlchemy's own
        if statement.startswith(("SELECT", "WITH")):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        _text(client, "/structure")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(asked) == 6
