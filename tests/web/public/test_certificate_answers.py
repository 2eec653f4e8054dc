"""Before publication the public's door answers for a certificate as for what never was: same words, headers, questions."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from awards_app.adapters import storage
from awards_app.database import atomic, db
from awards_app.domain.certificates import UNKNOWN
from awards_app.domain.holder import SCHEDULER
from awards_app.models.certificates import Certificate
from awards_app.services.certificate_printing import issue_certificate
from awards_app.services.certificates import order_certificates, revoke, verify
from awards_app.services.honours import publish_due
from tests.decision_world import DELIBERATION, LIFT, an_armed_round
from tests.public_world import counted

NOBODYS = "ESS-0123-4567-89AB-CDEF"
# What is not the same twice for anyone: the token, the nonce, the number of the request, the session.
BY_CHANCE = re.compile(r'(name="csrf_token"[^>]*value="|nonce[="-]+)[^"\']+')


def issued(world):
    order_certificates(world.coordinator, world.round_key, DELIBERATION)
    row = db.session.scalars(select(Certificate).where(Certificate.state == "waiting")).one()
    issue_certificate(row.id, DELIBERATION)
    db.session.refresh(row)
    return row, storage.get(row.storage_key)


def revoked_under_embargo(row, now=DELIBERATION):
    with atomic() as session:
        held = session.get_one(Certificate, row.id)
        revoke(held, "Décision annulée.", SCHEDULER, now)


def answered(app, client, number, paper):
    """Return what is seen of an answer, without what was typed, and the questions it asked of the database."""
    with counted(app) as asked:
        if paper is None:
            answer = client.get(f"/certificats/{number}")
        else:
            answer = client.post("/certificats", data={"file": (BytesIO(paper), "certificat.pdf")})
    text = BY_CHANCE.sub(r"\1", answer.get_data(as_text=True)).replace(number, "")
    headers = [
        (name, BY_CHANCE.sub(r"\1", value))
        for name, value in answer.headers
        if name not in ("Set-Cookie", "X-Request-Id", "Date")
    ]
    return answer.status_code, headers, text, list(asked)


@pytest.mark.parametrize("as_file", [False, True])
@pytest.mark.parametrize("is_revoked", [False, True])
def test_under_embargo_the_answer_is_that_of_an_unknown_one(context, as_file, is_revoked):
    world = an_armed_round()
    row, paper = issued(world)
    if is_revoked:
        revoked_under_embargo(row)
    visitor = context.test_client()
    answered(context, visitor, NOBODYS, paper if as_file else None)
    other = paper.replace(row.number.encode(), NOBODYS.encode())

    real = answered(context, visitor, row.number, paper if as_file else None)
    none = answered(context, visitor, NOBODYS, other if as_file else None)

    assert real == none
    assert (real[0], len(real[3])) == (404, 2 if as_file else 1)


@pytest.mark.parametrize("now", [DELIBERATION, LIFT + timedelta(hours=1)], ids=["on_time", "clock_ahead"])
def test_what_was_revoked_under_embargo_is_unknown_for_ever(context, now):
    world = an_armed_round()
    old, old_paper = issued(world)
    revoked_under_embargo(old, now)
    new, new_paper = issued(world)
    publish_due(LIFT)

    assert [verify(old.number), verify(old_paper), verify(old_paper + b" ")] == [UNKNOWN] * 3
    assert verify(new.number).state == verify(new_paper).state == "valid"


def test_what_was_public_reads_revoked_even_when_the_clock_went_back(context):
    world = an_armed_round()
    row, paper = issued(world)
    publish_due(LIFT)
    with atomic() as session:
        revoke(session.get_one(Certificate, row.id), "Erreur.", SCHEDULER, LIFT - timedelta(hours=1))

    assert (verify(row.number).state, verify(paper).state) == ("revoked", "revoked")


@pytest.mark.parametrize("paper", [b"", b"bonjour", b"%PDF-1.7"])
def test_a_file_that_is_not_ours_is_an_unknown_file(context, paper):
    answer = context.test_client().post("/certificats", data={"file": (BytesIO(paper), "un.pdf")})
    words = answer.get_data(as_text=True)
    assert (answer.status_code, "Fichier inconnu" in words, "Numéro inconnu" in words) == (404, True, False)


def test_an_altered_copy_of_a_revoked_certificate_is_said_to_be_revoked_too(context):
    world = an_armed_round()
    row, paper = issued(world)
    publish_due(LIFT)
    client, altered = context.test_client(), paper + b"%"

    def read():
        answer = client.post("/certificats", data={"file": (BytesIO(altered), "un.pdf")})
        return [
            word in answer.get_data(as_text=True) for word in ("Fichier modifié", "authentique", "révoqué")
        ]

    assert read() == [True, True, False]
    with atomic() as session:
        revoke(session.get_one(Certificate, row.id), "Erreur.", SCHEDULER, LIFT)
    assert read() == [True, False, True]
