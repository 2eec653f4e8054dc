"""What a correction leaves to the public: the amount of an endowment taken back, a name mended on every surface."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.domain.deliberations import CandidacyCannotBeDecided
from awards_app.models.accounts import PendingAct
from awards_app.models.candidacies import Candidacy
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Prize
from awards_app.models.honours import Honour
from awards_app.services.agreements import AnotherProposalWaits
from awards_app.services.certificate_printing import issue_certificate
from awards_app.services.certificates import order_certificates, revoke_certificate, verify
from awards_app.services.deliberations import annul_decision
from awards_app.services.honours import publish_due
from tests.decision_world import DELIBERATION, LIFT, an_armed_round

LATER = LIFT + timedelta(hours=2)
NOTE = "Rectificatif du 26 novembre 2027 : Coquille."


def decision(world, prize):
    return db.session.scalars(
        select(Decision.key)
        .join(Prize)
        .where(Decision.round_id == world.round_id, Prize.code == prize, Decision.annulled_at.is_(None))
    ).one()


def corrected(world, prize, file=None, citation=""):
    given = {"candidacy_key": world.files[file], "citation": citation} if file else None
    key = decision(world, prize)
    for holder in (world.coordinator, world.holder("NS1")):
        annul_decision(holder, key, "Coquille.", LATER, replacement=given)


def public():
    """Return (structure, distinction, amount, erratum, published at) of what stands, in the order it was written."""
    rows = db.session.execute(
        select(Honour.structure_name, Honour.distinction, Honour.amount, Honour.erratum, Honour.published_at)
        .where(Honour.retracted_at.is_(None))
        .order_by(Honour.id)
    )
    return [tuple(row) for row in rows]


def test_an_endowment_that_is_taken_back_leaves_the_page_of_its_structure(context):
    world = an_armed_round()
    publish_due(LIFT)
    entry, title = public()
    assert (entry[1:3], title[1:3]) == (("selected", None), ("laureate", 1000))

    corrected(world, "regional_endowment")

    assert public() == [entry, ("Structure Béta", "laureate", None, NOTE, LATER)]


def test_an_endowment_that_changes_hands_is_told_once(context):
    world = an_armed_round()
    publish_due(LIFT)

    corrected(world, "regional_endowment", "Alpha")
    corrected(world, "regional_title", "Alpha", "Pour Alpha.")

    assert [line[:3] for line in public()] == [
        ("Structure Béta", "selected", None),
        ("Structure Alpha", "special", 1000),
        ("Structure Alpha", "laureate", None),
    ]


def test_an_endowment_whose_title_moved_has_a_page_of_its_own(context):
    world = an_armed_round()
    key = the_certificate(world)
    publish_due(LIFT)
    renamed(world, key, "Structure Bêta")

    corrected(world, "regional_title", "Alpha", "Pour Alpha.")

    assert [line[:4] for line in public()] == [
        ("Structure Bêta", "selected", None, NOTE),
        ("Structure Alpha", "laureate", None, NOTE),
        ("Structure Bêta", "special", 1000, NOTE),
    ]


def test_words_put_right_stay_at_their_address_and_nothing_reads_as_retracted(context):
    world = an_armed_round()
    publish_due(LIFT)
    known = db.session.execute(select(Honour.key, Honour.slug).order_by(Honour.id)).all()
    visitor = context.test_client()

    for words in ("Pour un lieu ouvert.", "Pour un lieu ouvert à tous."):
        corrected(world, "regional_title", "Béta", words)

    page = visitor.get(f"/laureats/{known[1].slug}")
    assert (page.status_code, NOTE in page.text, "Pour un lieu ouvert à tous." in page.text) == (
        200,
        True,
        True,
    )
    assert db.session.execute(select(Honour.key, Honour.slug).order_by(Honour.id)).all() == known
    assert "Distinction retirée" not in visitor.get("/palmares.atom").text
    # A row of buttons is not printed: the erratum is.
    printed = re.sub(
        r'<div class="button-row">.*?</div>', "", visitor.get("/palmares/2027/bretagne").text, flags=re.DOTALL
    )
    assert NOTE in printed
    corrected(world, "regional_title", "Alpha", "Pour Alpha.")
    assert visitor.get(f"/laureats/{known[1].slug}").status_code == 410


def test_what_nobody_could_confirm_is_refused_to_who_proposes_it(context):
    world = an_armed_round()
    publish_due(LIFT)
    with atomic() as session:
        session.execute(
            update(Candidacy)
            .where(Candidacy.key == world.files["Alpha"])
            .values(state="withdrawn", withdrawn_at=LATER)
        )
    with pytest.raises(CandidacyCannotBeDecided):
        annul_decision(
            world.coordinator,
            decision(world, "regional_title"),
            "Coquille.",
            LATER,
            replacement={"candidacy_key": world.files["Alpha"], "citation": "Pour Alpha."},
        )
    assert db.session.scalars(select(PendingAct.verb).where(PendingAct.settled_at.is_(None))).all() == []


def the_certificate(world):
    order_certificates(world.coordinator, world.round_key, DELIBERATION)
    row = db.session.scalars(select(Certificate)).one()
    issue_certificate(row.id, DELIBERATION)
    return row.key


def renamed(world, key, name):
    for holder in (world.coordinator, world.holder("NS1")):
        revoke_certificate(holder, key, "Coquille.", LATER, corrected_name=name)


def test_a_name_corrected_on_a_certificate_is_corrected_on_every_public_page(context):
    world = an_armed_round()
    key = the_certificate(world)
    publish_due(LIFT)
    renamed(world, key, "Structure Bêta")

    assert public() == [
        ("Structure Bêta", "selected", None, NOTE, LATER),
        ("Structure Bêta", "laureate", 1000, NOTE, LATER),
    ]
    visitor = context.test_client()
    for path in (
        "/palmares.json",
        "/palmares.csv",
        "/palmares.atom",
        "/palmares/2027",
        "/palmares?recherche=beta",
    ):
        said = visitor.get(path).text
        assert ("Structure Bêta" in said, "Structure Béta" in said) == (True, False), path
    for path in ("/palmares/2027", "/palmares/2027/bretagne", "/palmares?recherche=beta"):
        assert NOTE in visitor.get(path).text, path


def test_a_corrected_name_outlives_a_later_correction_of_the_words(context):
    world = an_armed_round()
    key = the_certificate(world)
    publish_due(LIFT)
    renamed(world, key, "Structure Bêta")
    [waiting] = db.session.scalars(select(Certificate.id).where(Certificate.state == "waiting")).all()
    issue_certificate(waiting, LATER)

    corrected(world, "regional_title", "Béta", "Pour un lieu ouvert.")

    [newer] = db.session.scalars(select(Certificate).where(Certificate.state == "waiting")).all()
    issue_certificate(newer.id, LATER)
    assert [line[:2] for line in public()] == [("Structure Bêta", "selected"), ("Structure Bêta", "laureate")]
    assert verify(newer.number).structure == "Structure Bêta"


def test_the_second_person_confirms_the_name_that_was_proposed_and_no_other(context):
    world = an_armed_round()
    key = the_certificate(world)
    publish_due(LIFT)
    revoke_certificate(world.coordinator, key, "Coquille.", LATER, corrected_name="Structure Bêta")
    with pytest.raises(AnotherProposalWaits):
        revoke_certificate(world.holder("NS1"), key, "Coquille.", LATER, corrected_name="Structure Bêtta")
    assert [line[0] for line in public()] == ["Structure Béta"] * 2
