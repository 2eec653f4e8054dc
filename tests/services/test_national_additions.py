"""What a candidate adds to a file sent up: who may know of it, until when, and that the copy never changes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.national import AdditionsAreClosed, TooManyAdditions
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, Refusal
from awards_app.models.candidacies import Filing
from awards_app.models.editions import Round
from awards_app.models.honours import NationalEntry
from awards_app.models.publication import EmbargoNotice
from awards_app.queries.national_entries import added_keys, additions_of, own_entry
from awards_app.services.honours import publish_due
from awards_app.services.national_additions import add_note, add_piece
from awards_app.services.national_board import set_calendar
from awards_app.services.worlds.papers import picture
from tests.decision_world import DELIBERATION, LIFT, a_decided_round, an_armed_round, responsible
from tests.jury_world import JuryWorld, person

AFTER = LIFT + timedelta(hours=1)


@pytest.fixture
def published(context):
    """Béta was sent up and its region has published; the national jury has not opened."""
    world = an_armed_round()
    world.accounts["owner"] = responsible(world, "Béta")
    assert publish_due(LIFT) == [world.round_key]
    return world


def owner(world: JuryWorld):
    return person(world.accounts["owner"])


def national(world: JuryWorld, phase: str) -> None:
    with atomic() as session:
        session.scalars(
            select(Round).where(Round.edition_id == world.edition_id, Round.region_code.is_(None))
        ).one().phase = phase


def test_a_candidate_adds_notes_and_pieces_beside_the_frozen_copy(published):
    world, key = published, published.files["Béta"]
    before = db.session.execute(select(Filing.content, Filing.sha256).order_by(Filing.id)).all()

    add_note(owner(world), key, "Un nouveau partenaire.", AFTER)
    piece = add_piece(owner(world), key, "Photo.jpg", picture(), AFTER)
    assert add_piece(owner(world), key, "Photo.jpg", picture(), AFTER) == piece

    entry = own_entry(owner(world), key, AFTER)
    assert [(line.note, line.attachment_key, line.added_at) for line in entry.additions] == [
        ("Un nouveau partenaire.", None, AFTER),
        ("", piece, AFTER),
    ]
    national_id = db.session.scalars(select(NationalEntry.round_id)).one()
    assert added_keys(key, national_id) == {piece}
    assert additions_of(world.candidacy_id("Béta"), national_id) == entry.additions
    assert db.session.execute(select(Filing.content, Filing.sha256).order_by(Filing.id)).all() == before


def test_nobody_knows_of_it_before_the_region_has_published(context):
    world = a_decided_round()
    world.accounts["owner"] = responsible(world, "Béta")
    world.accounts["loser"] = responsible(world, "Alpha")

    for who, file in (("owner", "Béta"), ("loser", "Alpha"), ("loser", "Béta")):
        with pytest.raises(DoesNotExist):
            add_note(person(world.accounts[who]), world.files[file], "Une note.", DELIBERATION)


def test_who_was_told_under_embargo_and_accepted_may_add(context):
    world = a_decided_round()
    world.accounts["owner"] = responsible(world, "Béta")
    with atomic() as session:
        notice = EmbargoNotice(
            round_id=world.round_id,
            candidacy_id=world.candidacy_id("Béta"),
            account_id=world.accounts["owner"],
            told_at=DELIBERATION,
            told_by_id=world.coordinator_id,
        )
        session.add(notice)
    with pytest.raises(DoesNotExist):
        own_entry(owner(world), world.files["Béta"], DELIBERATION)
    with atomic() as session:
        session.scalars(select(EmbargoNotice)).one().accepted_at = DELIBERATION

    add_note(owner(world), world.files["Béta"], "Une note.", DELIBERATION)

    assert [line.note for line in own_entry(owner(world), world.files["Béta"], DELIBERATION).additions] == [
        "Une note."
    ]


def test_nothing_is_added_once_the_national_jury_reads(published):
    for phase in ("P3", "P4", "P5", "P6"):
        national(published, phase)
        with pytest.raises(AdditionsAreClosed):
            add_note(owner(published), published.files["Béta"], "Trop tard.", AFTER)
        with pytest.raises(AdditionsAreClosed):
            add_piece(owner(published), published.files["Béta"], "Photo.jpg", picture(), AFTER)


def test_nothing_is_added_after_the_last_instant(published):
    local = (AFTER + timedelta(days=2)).replace(tzinfo=None, minute=0)
    key = db.session.scalars(
        select(Round.key).where(Round.edition_id == published.edition_id, Round.region_code.is_(None))
    ).one()
    set_calendar(published.holder("NS1"), key, None, local, AFTER)
    closes = own_entry(owner(published), published.files["Béta"], AFTER).closes_at

    add_note(owner(published), published.files["Béta"], "À temps.", closes - timedelta(seconds=1))
    with pytest.raises(AdditionsAreClosed):
        add_note(owner(published), published.files["Béta"], "Trop tard.", closes)


def test_a_few_short_notes_and_no_more(published):
    for note in ("", "  ", "x" * 1501):
        with pytest.raises(InputIsInvalid):
            add_note(owner(published), published.files["Béta"], note, AFTER)
    for number in range(3):
        add_note(owner(published), published.files["Béta"], f"Note {number}.", AFTER)

    with pytest.raises(TooManyAdditions):
        add_note(owner(published), published.files["Béta"], "Une de trop.", AFTER)
    with pytest.raises(Refusal):
        add_piece(owner(published), published.files["Béta"], "page.html", b"<html>", AFTER)
