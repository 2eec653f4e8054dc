"""Certificates: one each, the same bytes, unknown until published, downloaded by who may, revoked by two."""

import io
import zipfile

import pytest
from sqlalchemy import delete, func, select, update

from awards_app.adapters import storage
from awards_app.database import atomic, db
from awards_app.domain.certificates import new_number, number_in
from awards_app.domain.refusals import DoesNotExist, IsNotThePhase
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.journal import JournalEntry
from awards_app.models.messages import Message
from awards_app.services import certificate_printing
from awards_app.services.certificate_letters import tell_ready
from awards_app.services.certificate_printing import issue_certificate, issue_certificates
from awards_app.services.certificates import (
    batch_file,
    certificate_file,
    order_certificates,
    revoke_certificate,
    verify,
)
from awards_app.services.honours import publish_due
from tests.decision_world import DELIBERATION, LIFT, a_decided_round, an_armed_round, responsible
from tests.jury_world import person
from tests.services.at_once import at_once


def the_certificate():
    db.session.rollback()
    return db.session.scalars(select(Certificate).execution_options(populate_existing=True)).one()


def ordered(world):
    order_certificates(world.coordinator, world.round_key, DELIBERATION)
    return the_certificate()


def test_each_distinction_has_one_certificate_however_often_it_is_ordered(context):
    world = a_decided_round()

    counts = [order_certificates(world.coordinator, world.round_key, DELIBERATION) for _ in range(2)]

    certificate = the_certificate()
    assert counts == [1, 0]
    assert (certificate.content["structure_name"], certificate.content["distinction"]) == (
        "Structure Béta",
        "Prix régional",
    )
    assert len(certificate.number.replace("-", "")) == 19


def test_printed_once_by_several_workers_with_the_same_bytes(app):
    with app.app_context():
        certificate_id = ordered(a_decided_round()).id

    states = at_once(app, 3, lambda: issue_certificate(certificate_id, DELIBERATION))

    with app.app_context():
        certificate = the_certificate()
        paper = storage.get(certificate.storage_key or "", certificate.sha256)
        # Whoever comes while another has it in hand leaves it to them; whoever comes after finds it done.
        assert set(states) - {"claimed"} == {"issued"}
        assert paper.startswith(b"%PDF")
        printed = select(func.count()).where(JournalEntry.act == "issue_certificate")
        assert db.session.scalar(printed) == 1


def test_unknown_before_publication_and_known_after_by_number_and_by_file(context):
    world = an_armed_round()
    certificate = ordered(world)
    issue_certificate(certificate.id, DELIBERATION)
    certificate = the_certificate()
    paper = storage.get(certificate.storage_key or "")

    assert verify(certificate.number) == verify("ESS-0000-0000-0000-0000") == verify(paper)
    publish_due(LIFT)

    typed = certificate.number.lower().replace("-", " ").replace("0", "o")
    assert verify(typed).structure == verify(paper).structure == "Structure Béta"
    assert verify(paper[:-1] + b"x").state == "altered"
    assert verify("<script>" * 500).state == "unknown"


def test_downloaded_by_the_chamber_once_decided_and_by_its_structure_once_published(context):
    world = an_armed_round()
    certificate = ordered(world)
    issue_certificate(certificate.id, DELIBERATION)
    owner, other = responsible(world, "Béta"), responsible(world, "Alpha")

    assert certificate_file(world.coordinator, certificate.number, DELIBERATION).content.startswith(b"%PDF")
    with pytest.raises((DoesNotExist, IsNotThePhase)):
        certificate_file(person(owner), certificate.number, DELIBERATION)
    publish_due(LIFT)

    assert certificate_file(person(owner), certificate.number, LIFT).name == f"{certificate.number}.pdf"
    with pytest.raises(DoesNotExist):
        certificate_file(person(other), certificate.number, LIFT)


def test_the_batch_names_nothing_but_numbers(context):
    world = a_decided_round()
    certificate = ordered(world)
    issue_certificate(certificate.id, DELIBERATION)

    archive = zipfile.ZipFile(
        io.BytesIO(b"".join(batch_file(world.coordinator, world.round_key, DELIBERATION)))
    )

    member = archive.infolist()[0]
    assert (archive.namelist(), member.date_time) == ([f"{certificate.number}.pdf"], (1980, 1, 1, 0, 0, 0))


def three_ordered(world, **changed):
    """Order three certificates: that of the title, and its text again for the two other decisions."""
    first = ordered(world)
    with atomic() as session:
        decisions = session.scalars(select(Decision.id).where(Decision.id != first.decision_id)).all()
        for place, decision_id in enumerate(decisions):
            number = new_number()
            session.add(
                Certificate(
                    number=number,
                    decision_id=decision_id,
                    round_id=first.round_id,
                    candidacy_id=first.candidacy_id,
                    kind=first.kind,
                    content={**first.content, "number": number, **(changed if place == 0 else {})},
                    ordered_at=first.ordered_at,
                )
            )
    return list(db.session.scalars(select(Certificate.id).order_by(Certificate.id)))


def papers():
    db.session.rollback()
    rows = db.session.scalars(
        select(Certificate).order_by(Certificate.id).execution_options(populate_existing=True)
    )
    return [(row.state, row.failure, row.sha256) for row in rows]


def test_printed_together_they_are_the_papers_they_are_alone(context):
    first, *others = three_ordered(a_decided_round())
    alone = issue_certificate(first, DELIBERATION)
    (_issued, _none, before), *_waiting = papers()
    with atomic() as session:
        session.execute(
            update(Certificate)
            .where(Certificate.id == first)
            .values(state="waiting", sha256=None, storage_key=None)
        )

    states = issue_certificates([first, *others], DELIBERATION)

    assert (alone, states) == ("issued", dict.fromkeys([first, *others], "issued"))
    assert papers()[0] == ("issued", "", before)
    assert len({sha256 for _state, _failure, sha256 in papers()}) == 3


def test_one_that_cannot_be_printed_keeps_no_other_from_it(context):
    ids = three_ordered(a_decided_round(), citation="Une phrase qui n’en finit pas. " * 400)

    states = [issue_certificates(ids, DELIBERATION) for _ in range(3)]

    assert [list(one.values()) for one in states] == [
        ["issued", "waiting", "issued"],
        ["issued", "waiting", "issued"],
        ["issued", "failed", "issued"],
    ]
    assert [(state, failure) for state, failure, _sha256 in papers()] == [
        ("issued", ""),
        ("failed", "PaperIsFull"),
        ("issued", ""),
    ]


def test_a_paper_laid_out_for_one_is_never_kept_for_another_that_took_its_row(context, monkeypatch):
    """A certificate that waits is forgotten by a correction, and a database may give its number of row again."""
    first = ordered(a_decided_round())
    values = {column.key: getattr(first, column.key) for column in Certificate.__table__.columns}
    number = new_number()
    changed = {"number": number, "structure_name": "Structure Alpha"}

    def corrected(point):
        if point != "certificates.keep":
            return
        with atomic() as session:
            session.execute(delete(Certificate).where(Certificate.id == values["id"]))
            session.add(
                Certificate(
                    **{
                        **values,
                        "key": "n" * 22,
                        "number": number,
                        "content": {**values["content"], **changed},
                    }
                )
            )

    monkeypatch.setattr(certificate_printing, "fault_point", corrected)
    states = issue_certificates([values["id"]], DELIBERATION)
    monkeypatch.undo()

    assert (states, papers()) == ({values["id"]: "unknown"}, [("waiting", "", None)])
    assert issue_certificate(values["id"], DELIBERATION) == "issued"
    row = the_certificate()
    assert (row.number, number_in(storage.get(row.storage_key, row.sha256))) == (number, number)


def test_the_queue_receives_batches(context, monkeypatch):
    asked = []
    monkeypatch.setattr(certificate_printing, "enqueue", lambda *words: asked.append(words))

    with atomic():
        certificate_printing.order_printing(list(range(1, 61)))

    assert [(name, len(words.split())) for name, words in asked] == [
        ("certificates.issue", 25),
        ("certificates.issue", 25),
        ("certificates.issue", 10),
    ]


def test_a_failure_is_kept_and_shown_after_three_tries(context):
    certificate = ordered(a_decided_round())
    context.config["AWARDS_FILES"] = "/dev/null/nowhere"

    states = [issue_certificate(certificate.id, DELIBERATION) for _ in range(4)]

    assert states == ["waiting", "waiting", "failed", "failed"]
    assert (the_certificate().failure, the_certificate().attempts) == ("NotADirectoryError", 3)


def test_two_persons_revoke(context):
    world = an_armed_round()
    certificate = ordered(world)
    issue_certificate(certificate.id, DELIBERATION)
    with pytest.raises(IsNotThePhase):
        revoke_certificate(world.coordinator, certificate.key, "Usurpation.", DELIBERATION)
    publish_due(LIFT)

    assert revoke_certificate(world.coordinator, certificate.key, "Usurpation.", LIFT) == "pending"
    assert verify(certificate.number).state == "valid"
    assert revoke_certificate(world.holder("NS1"), certificate.key, "Usurpation.", LIFT) == "done"
    assert verify(certificate.number).state == "revoked"


def the_letters():
    query = select(Message.recipient, Message.state, Message.body).where(Message.kind == "certificate_ready")
    return [tuple(row) for row in db.session.execute(query)]


@pytest.mark.parametrize("printed_first", [True, False])
def test_its_structure_is_told_once_when_printed_and_public(context, printed_first):
    world = an_armed_round()
    certificate = ordered(world)
    recipient = person(responsible(world, "Béta")).email

    first, second = (
        lambda: issue_certificate(certificate.id, LIFT),
        lambda: publish_due(LIFT),
    )[:: 1 if printed_first else -1]
    first()
    assert the_letters() == []
    second()
    issue_certificate(certificate.id, LIFT)
    tell_ready(certificate.round_id, LIFT)

    [(told, state, body)] = the_letters()
    assert (told, state) == (recipient, "held")
    assert f"/certificats/{certificate.number}/telecharger" in body
    assert "{" not in body
