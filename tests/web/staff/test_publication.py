"""The chamber at the door: confirm, fix the embargo, read back, publish, certify, correct."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from awards_app.adapters.clock import now as machine_now
from awards_app.adapters.clock import set_clock
from awards_app.database import atomic, db
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Prize, Round
from awards_app.models.honours import Honour
from awards_app.services.certificate_printing import issue_certificate
from awards_app.services.certificates import order_certificates
from awards_app.services.deliberations import write_minutes
from awards_app.services.honours import publish_due, publish_now, set_embargo
from tests.decision_world import (
    CANARY,
    DELIBERATION,
    EMBARGO,
    LIFT,
    MINUTES,
    a_decided_round,
    a_locked_round,
    an_armed_round,
    be_present,
    propose,
    read_back,
    responsible,
)
from tests.desk_world import words_of
from tests.web.jury.test_deliberation import signed_in


def home(world, path):
    return f"/coordination/{world.round_key}/{path}"


def coordinator(app, world):
    return signed_in(app, world.coordinator_id)


def test_the_coordinator_confirms_once_everything_is_there(context):
    world = a_locked_round()
    be_present(world)
    for prize in ("national_entry", "regional_title"):
        propose(world, prize, "Béta")
    client = coordinator(context, world)

    blocked = client.post(home(world, "decisions/confirmer"))
    assert blocked.status_code == 409
    assert "Le procès-verbal n’est pas rédigé." in blocked.get_data(as_text=True)
    write_minutes(world.holder("J1"), world.round_key, MINUTES, DELIBERATION)
    assert "Confirmer les décisions" in client.get(home(world, "decisions")).get_data(as_text=True)
    assert client.post(home(world, "decisions/confirmer")).status_code == 303

    assert db.session.scalar(select(Round.phase).where(Round.id == world.round_id)) == "P5"
    assert client.get(home(world, "proces-verbal.pdf")).data[:5] == b"%PDF-"


def test_national_staff_do_not_read_proposals_before_they_are_confirmed(context):
    world = a_locked_round()
    propose(world, "regional_title", "Béta")

    answer = signed_in(context, world.accounts["NS1"]).get(home(world, "decisions"))

    assert (answer.status_code, CANARY in answer.get_data(as_text=True)) == (200, False)


def test_two_persons_arm_with_the_names_read_back(context):
    world = a_decided_round()
    later = machine_now() + timedelta(days=400)
    with atomic() as session:
        session.get_one(Round, world.round_id).scoring_closes_at = None
    client, national = coordinator(context, world), signed_in(context, world.accounts["NS1"])
    names = {f"name-{key}": name for key, name in read_back(world).items()}
    instant = {"day": f"{later:%Y-%m-%d}", "hour": "18:00"}

    assert client.post(home(world, "publication/embargo"), data=instant).status_code == 303
    wrong = client.post(home(world, "publication/armer"), data=dict.fromkeys(names, "Structure Beta"))
    assert wrong.status_code == 422
    page = wrong.get_data(as_text=True)
    assert page.count('value="Structure Beta"') == 1
    # Said first: the page is long, and no script may move the focus.
    assert page.index('id="error-summary"') < page.index('name="day"')
    assert client.post(home(world, "publication/armer"), data=names).status_code == 303
    assert "Coralie" in national.get(home(world, "publication")).get_data(as_text=True)
    assert national.post(home(world, "publication/armer"), data=names).status_code == 303

    # Once armed, what is left to do is to stop it: it stands first, and arming is not proposed again.
    page = national.get(home(world, "publication")).get_data(as_text=True)
    assert "Programmer la publication" not in page
    assert page.index("Suspendre la publication programmée") < page.index('name="day"')
    assert db.session.scalar(select(Round.publication_armed_at).where(Round.id == world.round_id)) is not None


def test_a_structure_is_read_back_once_with_all_that_it_receives(context):
    world = a_decided_round()
    page = coordinator(context, world).get(home(world, "publication")).get_data(as_text=True)
    assert page.count('name="name-') == 1
    assert "Distinctions Retenue pour le jury national, Prix régional, Dotation régionale SIREN" in words_of(
        page
    )


def test_once_published_the_page_says_when_and_no_embargo_to_come(context):
    world = a_decided_round()
    set_embargo(world.coordinator, world.round_key, EMBARGO, DELIBERATION)
    for who in (world.coordinator, world.holder("NS1")):
        publish_now(who, world.round_key, read_back(world), DELIBERATION)
    said = words_of(coordinator(context, world).get(home(world, "publication")).get_data(as_text=True))
    assert ("Résultats publiés :" in said.replace("\u00a0", " "), "Levée de l’embargo" in said) == (
        True,
        False,
    )
    assert "26 novembre" not in said


def test_who_confirms_an_earlier_instant_reads_it_in_words(context):
    world = a_decided_round()
    client, national = coordinator(context, world), signed_in(context, world.accounts["NS1"])
    with atomic() as session:
        session.get_one(Round, world.round_id).scoring_closes_at = None
    # Winter, so that the hour is the same whenever this is played.
    year = machine_now().year + 1
    for day in (f"{year}-12-20", f"{year}-12-10"):
        client.post(home(world, "publication/embargo"), data={"day": day, "hour": "18:00"})
    said = words_of(national.get(home(world, "publication")).get_data(as_text=True))
    assert f"10 décembre {year} à 18 h 00 (heure de Paris)" in said.replace("\u00a0", " ")
    assert f"20 décembre {year} à 17 h 00 en temps universel" in said.replace("\u00a0", " ")
    assert f"{year}-12-10" not in said


@pytest.mark.parametrize(
    ("day", "hour", "says"),
    [("2020-01-01", "18:00", "passé"), ("2029-03-25", "02:30", "n’existe pas"), ("", "", "Cette réponse")],
)
def test_an_instant_that_cannot_be_is_said(context, day, hour, says):
    world = a_decided_round()

    answer = coordinator(context, world).post(
        home(world, "publication/embargo"), data={"day": day, "hour": hour}
    )

    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)


def test_the_hour_that_happens_twice_asks_which(context):
    world = a_decided_round()

    answer = coordinator(context, world).post(
        home(world, "publication/embargo"), data={"day": "2029-10-28", "hour": "02:30"}
    )

    assert answer.status_code == 422
    assert "la seconde fois" in answer.get_data(as_text=True)


def test_nobody_outside_learns_anything_before_the_lift(context):
    """The canary of the citation and the certificate's number, on every public address and for a candidate."""
    world = an_armed_round()
    order_certificates(world.coordinator, world.round_key, DELIBERATION)
    number, certificate_id = db.session.execute(select(Certificate.number, Certificate.id)).one()
    issue_certificate(certificate_id, DELIBERATION)
    visitor = context.test_client()
    candidate = signed_in(context, responsible(world, "Béta"))
    invented = "ESS-0000-1111-2222-3333"

    for client in (visitor, candidate):
        known, unknown = client.get(f"/certificats/{number}"), client.get(f"/certificats/{invented}")
        assert known.status_code == unknown.status_code == 404
        assert scrubbed(known, number) == scrubbed(unknown, invented)
    assert candidate.get(f"/certificats/{number}/telecharger").status_code == 404
    assert candidate.get(home(world, "publication")).status_code == 404
    assert candidate.get(home(world, "decisions")).status_code == 404
    for path in (
        "/",
        "/palmares",
        "/palmares/2027",
        "/palmares.json",
        "/palmares.csv",
        "/palmares.atom",
        "/sitemap.xml",
    ):
        assert CANARY not in visitor.get(path).get_data(as_text=True)
    assert db.session.scalar(select(Honour.id)) is None


def scrubbed(answer, number):
    text = answer.get_data(as_text=True).replace(number, "NUMBER")
    return re.sub(r'(csrf_token" value|nonce)="[^"]*"', "", text)


def test_after_the_lift_the_certificate_is_verified_downloaded_and_revoked(context, tmp_path, monkeypatch):
    world = an_armed_round()
    client, national = coordinator(context, world), signed_in(context, world.accounts["NS1"])
    assert client.post(home(world, "certificats/commander")).status_code == 303
    number, key, certificate_id = db.session.execute(
        select(Certificate.number, Certificate.key, Certificate.id)
    ).one()
    issue_certificate(certificate_id, DELIBERATION)
    publish_due(LIFT)
    monkeypatch.setitem(context.config, "AWARDS_CLOCK_FILE", str(tmp_path / "clock.json"))
    set_clock(LIFT + timedelta(hours=1), frozen=True)
    client, national = coordinator(context, world), signed_in(context, world.accounts["NS1"])
    owner = signed_in(context, responsible(world, "Béta"))
    visitor = context.test_client()

    paper = owner.get(f"/certificats/{number}/telecharger")
    assert paper.data[:5] == b"%PDF-"
    assert visitor.post("/certificats", data={"number": number.lower()}).location == f"/certificats/{number}"
    assert "Structure Béta" in visitor.get(f"/certificats/{number}").get_data(as_text=True)
    assert "Structure Béta" in drop(visitor, paper.data).get_data(as_text=True)
    changed = drop(visitor, paper.data + b" ").get_data(as_text=True)
    assert "Ce fichier n’est pas celui que nous avons établi" in changed
    assert "La signature électronique du fichier est la nôtre" not in changed
    assert client.get(home(world, "certificats/archive.zip")).data[:2] == b"PK"

    for one in (client, national):
        assert (
            one.post(home(world, f"certificats/{key}/revoquer"), data={"reason": "Usurpation."}).status_code
            == 303
        )
    assert "révoqué" in visitor.get(f"/certificats/{number}").get_data(as_text=True)
    assert client.get(home(world, "certificats")).status_code == 200


def drop(client, content):
    return client.post("/certificats", data={"file": (BytesIO(content), "certificat.pdf")})


def test_a_correction_passes_by_two_pages(context):
    world = an_armed_round()
    publish_due(LIFT)
    client, national = coordinator(context, world), signed_in(context, world.accounts["NS1"])
    title = next(key for key, prize in keys_of(world).items() if prize == "regional_title")
    sent = {"reason": "Noms inversés.", "candidacy": world.files["Alpha"], "citation": "Pour Alpha."}

    for one in (client, national):
        assert one.post(home(world, f"decisions/{title}/annuler"), data=sent).status_code == 303
        assert one.get(home(world, "decisions")).status_code == 200
    page = client.get(home(world, "publication")).get_data(as_text=True)

    assert ("retirée" in page, "rectifiée" in page, "Structure Alpha" in page) == (True, True, True)


def keys_of(world):
    rows = db.session.execute(
        select(Decision.key, Prize.code).join(Prize).where(Decision.round_id == world.round_id)
    )
    return {row[0]: row[1] for row in rows}


def test_a_correction_without_its_reason_is_refused_on_its_own_form(context):
    world = an_armed_round()
    publish_due(LIFT)
    client, national = coordinator(context, world), signed_in(context, world.accounts["NS1"])
    title = next(key for key, prize in keys_of(world).items() if prize == "regional_title")
    path, alpha = home(world, f"decisions/{title}/annuler"), world.files["Alpha"]
    sent = {"reason": " ", "candidacy": alpha, "citation": "Pour Alpha, longuement."}

    # Nobody takes a laureate's distinction away by forgetting a list: it stands on who bears it.
    start = client.get(home(world, "decisions")).get_data(as_text=True)
    assert start.count(f'value="{world.files["Béta"]}" selected') == 3
    refused = client.post(path, data=sent)
    page = refused.get_data(as_text=True)
    assert (refused.status_code, page.count("Indiquez le motif de l’annulation.")) == (422, 2)
    assert page.count("<details open>") == 1
    assert f'href="#reason-{title}"' in page
    assert ("Pour Alpha, longuement.</textarea>" in page, f'value="{alpha}" selected' in page) == (True, True)

    assert client.post(path, data=sent | {"reason": "Noms inversés."}).status_code == 303
    # Who confirms reads the reason where they would write it, and is told when they change what was proposed.
    assert "Noms inversés.</textarea>" in national.get(home(world, "decisions")).get_data(as_text=True)
    other = national.post(path, data=sent | {"reason": "Noms inversés.", "citation": "Pour une autre."})
    page = other.get_data(as_text=True)
    assert (other.status_code, "Pour une autre.</textarea>" in page) == (409, True)
    assert "Une autre proposition attend déjà une confirmation." in page


def test_arming_without_an_instant_keeps_the_names(context):
    world = a_decided_round()
    with atomic() as session:
        session.get_one(Round, world.round_id).embargo_at = None
    names = {f"name-{key}": name for key, name in read_back(world).items()}

    answer = coordinator(context, world).post(home(world, "publication/armer"), data=names)

    page = answer.get_data(as_text=True)
    assert (answer.status_code, page.count('value="Structure Béta"')) == (409, 1)
    assert '<a href="#day">Fixez d’abord l’instant de levée de l’embargo.</a>' in page


def test_who_confirms_that_nobody_bears_a_distinction_any_more_reads_so(context):
    world = an_armed_round()
    publish_due(LIFT)
    client, national = coordinator(context, world), signed_in(context, world.accounts["NS1"])
    title = next(key for key, prize in keys_of(world).items() if prize == "regional_title")
    sent = {"reason": "Erreur.", "candidacy": "", "citation": ""}

    assert client.post(home(world, f"decisions/{title}/annuler"), data=sent).status_code == 303

    page = national.get(home(world, "decisions")).get_data(as_text=True)
    assert "La distinction revient à : personne : retirer seulement" in words_of(page).replace("\u00a0", " ")
    # The two decisions that nobody proposes to change.
    assert page.count(f'value="{world.files["Béta"]}" selected') == 2
