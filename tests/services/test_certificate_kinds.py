"""Papers of every kind: who gets them, words frozen at the order, another name under another number."""

import pytest
from sqlalchemy import select

from awards_app.adapters import storage
from awards_app.database import db
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.certificates import Certificate, SigningCertificate
from awards_app.models.deliberations import Decision
from awards_app.services.agreements import AnotherProposalWaits
from awards_app.services.certificate_checks import damage_of, explain, verify
from awards_app.services.certificate_kinds import change_kind, kind_page
from awards_app.services.certificate_printing import issue_certificate
from awards_app.services.certificates import certificate_file, order_certificates, revoke_certificate
from awards_app.services.confirmations import confirm, pending_lines
from awards_app.services.deliberations import annul_decision
from awards_app.services.honours import publish_due
from tests.decision_world import DELIBERATION, LIFT, a_decided_round, an_armed_round
from tests.jury_world import person

YEAR = 2027
TEXTS = ("label", "design", "from_phase", "issuer_line", "distinction", "body")


def give(world, code, **changes):
    """Let the national staff give a paper, with other words where ``changes`` has some."""
    _desk, line = kind_page(world.holder("NS1"), YEAR, code)
    values = {name: str(getattr(line, name)) for name in TEXTS} | changes
    return change_kind(world.holder("NS1"), YEAR, code, values, DELIBERATION, is_given=True)


def ordered():
    db.session.rollback()
    rows = db.session.scalars(
        select(Certificate).order_by(Certificate.id).execution_options(populate_existing=True)
    )
    return [(row.kind_code, row.content["structure_name"], row.state) for row in rows]


def certificates(code):
    db.session.rollback()
    rows = db.session.scalars(
        select(Certificate)
        .where(Certificate.kind_code == code)
        .order_by(Certificate.id)
        .execution_options(populate_existing=True)
    )
    return list(rows)


def test_each_kind_goes_to_whom_it_is_for_once(context):
    world = a_decided_round()
    for code in ("candidacy", "admissibility", "juror"):
        give(world, code)

    counts = [order_certificates(world.coordinator, world.round_key, DELIBERATION) for _ in range(2)]

    assert counts == [15, 0]
    assert sorted(code for code, _name, _state in ordered()) == [
        *["admissibility"] * 5,
        *["candidacy"] * 5,
        *["juror"] * 4,
        "regional_laureate",
    ]


def test_words_are_frozen_with_their_version_when_they_are_ordered(context):
    world = a_decided_round()
    version = give(world, "juror", distinction="Jury {{ year }}, {{ region }}")
    order_certificates(world.coordinator, world.round_key, DELIBERATION)
    give(world, "juror", distinction="Autre chose")

    contents = [row.content for row in certificates("juror")]

    assert {(one["distinction"], one["wording_version"], one["layout"]) for one in contents} == {
        ("Jury 2027, Bretagne", version, 1)
    }


def test_a_juror_downloads_their_own_once_published(context):
    world = an_armed_round()
    give(world, "juror")
    order_certificates(world.coordinator, world.round_key, DELIBERATION)
    mine = next(row for row in certificates("juror") if row.content["structure_name"] == "J1")
    issue_certificate(mine.id, DELIBERATION)

    def opens(name, now):
        try:
            return certificate_file(person(world.accounts[name]), mine.number, now).name
        except DoesNotExist:
            return None

    assert (opens("J1", DELIBERATION), opens("J2", DELIBERATION)) == (None, None)
    publish_due(LIFT)
    assert (opens("J1", LIFT), opens("J2", LIFT)) == (f"{mine.number}.pdf", None)


def test_a_corrected_name_has_a_number_of_its_own_and_the_old_one_says_so(context):
    world = an_armed_round()
    order_certificates(world.coordinator, world.round_key, DELIBERATION)
    [old] = certificates("regional_laureate")
    issue_certificate(old.id, DELIBERATION)
    before = storage.get(certificates("regional_laureate")[0].storage_key)
    publish_due(LIFT)
    # Asked for again, it is the same number and the same bytes.
    issue_certificate(old.id, LIFT)
    order_certificates(world.coordinator, world.round_key, LIFT)
    [same] = certificates("regional_laureate")
    assert (same.number, storage.get(same.storage_key)) == (old.number, before)

    name = "Structure Bêta"
    first = revoke_certificate(world.coordinator, old.key, "Coquille.", LIFT, corrected_name=name)
    with pytest.raises(AnotherProposalWaits):
        revoke_certificate(world.holder("NS1"), old.key, "Coquille.", LIFT)
    [proposed] = pending_lines(world.holder("NS1"), LIFT)
    second = confirm(world.holder("NS1"), proposed.key, LIFT)
    new = certificates("regional_laureate")[1]
    issue_certificate(new.id, LIFT)

    said = verify(old.number)
    assert (first, second, said.state, said.replaced_by) == ("pending", "done", "replaced", new.number)
    assert verify(before).state == "replaced"
    assert (verify(new.number).structure, new.number != old.number) == (name, True)
    assert storage.get(old.storage_key or same.storage_key) == before


def replace(world, row, name):
    """Revoke a certificate for another name, with two persons; return the one in its place."""
    for holder in (world.coordinator, world.holder("NS1")):
        revoke_certificate(holder, row.key, "Coquille.", LIFT, corrected_name=name)
    return certificates("regional_laureate")[-1]


def published(context):
    world = an_armed_round()
    order_certificates(world.coordinator, world.round_key, DELIBERATION)
    [first] = certificates("regional_laureate")
    issue_certificate(first.id, DELIBERATION)
    publish_due(LIFT)
    return world, certificates("regional_laureate")[0]


def test_what_was_replaced_twice_leads_to_the_last_one_and_is_worth_what_it_is(context):
    world, first = published(context)
    second = replace(world, first, "Structure Bêta")
    issue_certificate(second.id, LIFT)
    third = replace(world, second, "Structure Bèta")
    issue_certificate(third.id, LIFT)

    said = [verify(one.number) for one in (first, second, third)]
    assert [one.state for one in said] == ["replaced", "replaced", "valid"]
    assert [one.replaced_by for one in said] == [third.number, third.number, ""]
    for holder in (world.coordinator, world.holder("NS1")):
        revoke_certificate(holder, third.key, "Usurpation.", LIFT)
    assert {(verify(one.number).state, verify(one.number).replaced_by) for one in (first, second, third)} == {
        ("revoked", "")
    }


def test_what_was_replaced_by_one_never_printed_reads_revoked_once_the_decision_is_annulled(context):
    world, first = published(context)
    replace(world, first, "Structure Bêta")
    assert (verify(first.number).state, verify(first.number).replaced_by) == ("replaced", "")
    key = db.session.scalar(select(Decision.key).join(Certificate, Certificate.decision_id == Decision.id))
    for holder in (world.coordinator, world.holder("NS1")):
        annul_decision(holder, key, "Erreur de report.", LIFT)

    assert [row.number for row in certificates("regional_laureate")] == [first.number]
    assert verify(first.number).state == "revoked"


def test_old_certificates_verify_after_the_key_is_replaced(app, tmp_path):
    from awards_app.adapters.signing_keys import make_key

    with app.app_context():
        world = an_armed_round()
        give(world, "juror")
        order_certificates(world.coordinator, world.round_key, DELIBERATION)
        one, two = certificates("juror")[:2]
        for row, name in ((one, "first"), (two, "second")):
            path = tmp_path / f"{name}.pem"
            make_key(path, name, DELIBERATION, is_demonstration=name == "second")
            app.config["AWARDS_SIGNING_KEY"] = str(path)
            issue_certificate(row.id, DELIBERATION)
        one, two = certificates("juror")[:2]
        papers = [storage.get(row.storage_key) for row in (one, two)]
        assert [verify(paper).state for paper in papers] == ["unknown", "unknown"]
        publish_due(LIFT)

        assert [(verify(paper).state, verify(paper).is_demonstration) for paper in papers] == [
            ("valid", False),
            ("valid", True),
        ]
        assert db.session.scalars(select(SigningCertificate.name).order_by(SigningCertificate.id)).all() == [
            "CN=first",
            "OU=Démonstration sans valeur,CN=second",
        ]
        # The year of the signature: it reads as well as before, and is no longer what was signed.
        changed = papers[0].replace(b"/M (D:2", b"/M (D:3")
        assert (verify(changed).state, explain(verify(changed), changed).damage) == (
            "altered",
            "broken_signature",
        )
        assert damage_of(None, ()) == "no_signature"


def test_a_key_that_cannot_be_read_is_a_failure_with_its_reason(app, tmp_path):
    with app.app_context():
        world = a_decided_round()
        order_certificates(world.coordinator, world.round_key, DELIBERATION)
        [row] = certificates("regional_laureate")
        app.config["AWARDS_SIGNING_KEY"] = str(tmp_path / "none.pem")

        states = [issue_certificate(row.id, DELIBERATION) for _ in range(3)]

        assert states == ["waiting", "waiting", "failed"]
        assert certificates("regional_laureate")[0].failure == "KeyIsUnusable"
