"""Structures and their people: one identifier, one structure; one responsible at least."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, IsForbidden
from awards_app.domain.structures import AlreadyMember, InvitationIsOver, LastResponsible, StructureIsKnown
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Round
from awards_app.models.messages import Message
from awards_app.models.structures import Membership, Structure
from awards_app.queries.structures import members_of, structure_record
from awards_app.services.memberships import ask_to_join
from awards_app.services.structures import (
    accept_invitation,
    create_structure,
    edit_structure,
    invite_member,
    register_structure,
    remove_member,
    settle_request,
)
from tests import filing_world as world
from tests.services.at_once import at_once

NOW = world.FILING


@pytest.mark.usefixtures("context")
def test_the_region_follows_the_postcode_and_can_be_corrected() -> None:
    world.an_edition()
    person = world.holder(world.a_person("Odile"))
    create_structure(person, world.structure_values(0, postcode="20000"), NOW)
    create_structure(person, world.structure_values(1, postcode="97400"), NOW)
    create_structure(person, world.structure_values(2, postcode="35000", region_code="52"), NOW)
    rows = db.session.execute(
        select(Structure.department, Structure.region_code).order_by(Structure.id)
    ).all()
    assert rows == [("2A", "94"), ("974", "04"), ("35", "52")]


@pytest.mark.usefixtures("context")
def test_a_record_says_what_is_wrong_field_by_field() -> None:
    world.an_edition()
    person = world.holder(world.a_person("Odile"))
    with pytest.raises(InputIsInvalid) as refused:
        create_structure(
            person,
            {
                "name": "X",
                "identifier": "123456789",
                "founded_on": "31/02/2020",
                "postcode": "3500",
                "website": "x",
            },
            NOW,
        )
    assert set(refused.value.errors) == {
        "identifier", "founded_on", "postcode", "website", "legal_family", "region_code",
    }  # fmt: skip
    assert db.session.scalar(select(func.count(Structure.id))) == 0


@pytest.mark.usefixtures("context")
def test_a_known_identifier_becomes_a_request_that_shows_nothing() -> None:
    world.an_edition()
    person = world.holder(world.a_person("Odile"))
    key = world.a_structure(person)
    stranger = world.holder(world.a_person("Xavier"))
    with pytest.raises(StructureIsKnown):
        create_structure(stranger, world.structure_values(0), NOW)
    values = world.structure_values(0, identifier="732 829 320 00074", name="Autre nom")
    register_structure(stranger, values, NOW)
    register_structure(stranger, values, NOW + timedelta(minutes=1))
    assert world.holder(stranger.account_id).memberships == ()
    asked = db.session.execute(select(Message.recipient).where(Message.kind == "membership_requested")).all()
    assert asked == [("odile@exemple.org",)]
    responsible = world.holder(person.account_id)
    lines = [line for line in members_of(responsible, key) if line.state == "asking"]
    assert [line.name for line in lines] == ["Xavier"]
    settle_request(responsible, lines[0].key, True, NOW)
    assert not world.holder(stranger.account_id).memberships[0].is_responsible
    with pytest.raises(AlreadyMember):
        settle_request(responsible, lines[0].key, True, NOW)


@pytest.mark.usefixtures("context")
def test_the_last_responsible_stays() -> None:
    world.an_edition()
    person = world.holder(world.a_person("Odile"))
    key = world.a_structure(person)
    person = world.holder(person.account_id)
    other = world.a_person("Manon")
    invitation = invite_member(person, key, "MANON@exemple.org", "responsible", NOW)
    own = members_of(person, key)[0].key
    with pytest.raises(LastResponsible):
        remove_member(person, own, NOW)
    accept_invitation(other, invitation, NOW)
    remove_member(person, own, NOW)
    assert [line.name for line in members_of(world.holder(other), key)] == ["Manon"]
    with pytest.raises(DoesNotExist):
        structure_record(world.holder(person.account_id), key)


@pytest.mark.usefixtures("context")
def test_a_member_sees_the_list_and_manages_nothing_but_their_leaving() -> None:
    world.an_edition()
    person = world.holder(world.a_person("Odile"))
    key = world.a_structure(person)
    person = world.holder(person.account_id)
    manon = world.a_person("Manon")
    accept_invitation(manon, invite_member(person, key, "manon@exemple.org", "member", NOW), NOW)
    invite_member(person, key, "jean@exemple.org", "member", NOW + timedelta(minutes=1))
    member = world.holder(manon)
    lines = members_of(member, key)
    assert [(line.name, line.standing) for line in lines] == [("Odile", "responsible"), ("Manon", "member")]
    with pytest.raises(IsForbidden):
        invite_member(member, key, "ami@exemple.org", "responsible", NOW)
    with pytest.raises(IsForbidden):
        remove_member(member, lines[0].key, NOW)
    remove_member(member, lines[1].key, NOW)
    assert world.holder(manon).memberships == ()


@pytest.mark.usefixtures("context")
def test_an_invitation_is_for_one_person_once() -> None:
    world.an_edition()
    person = world.holder(world.a_person("Odile"))
    key = world.a_structure(person)
    person = world.holder(person.account_id)
    invitation = invite_member(person, key, "manon@exemple.org", "member", NOW)
    with pytest.raises(AlreadyMember):
        invite_member(person, key, "Manon@exemple.org", "member", NOW)
    manon = world.a_person("Manon")
    assert accept_invitation(manon, invitation, NOW) == key
    assert accept_invitation(manon, invitation, NOW) == key
    with pytest.raises(InvitationIsOver):
        accept_invitation(world.a_person("Jean"), invitation, NOW)


@pytest.mark.usefixtures("context")
def test_who_asked_to_join_is_taken_in_as_they_were_invited() -> None:
    world.an_edition()
    key = world.a_structure(world.holder(world.a_person("Odile")))
    person = world.holder(world.a_person("Odile"))
    invitation = invite_member(person, key, "manon@exemple.org", "responsible", NOW)
    manon = world.a_person("Manon")
    structure_id = db.session.scalars(select(Structure.id).where(Structure.key == key)).one()
    ask_to_join(world.holder(manon), structure_id, NOW)

    accept_invitation(manon, invitation, NOW)

    lines = members_of(person, key)
    assert [(line.name, line.standing) for line in lines] == [
        ("Odile", "responsible"),
        ("Manon", "responsible"),
    ]


@pytest.mark.usefixtures("context")
def test_a_draft_follows_its_structure_to_another_region() -> None:
    world.an_edition()
    person, _key = world.a_filer()
    edit_structure(person, world.structure_key(person), world.structure_values(0, postcode="44000"), NOW)
    region = db.session.scalar(select(Round.region_code).join(Candidacy, Candidacy.round_id == Round.id))
    assert region == "52"


def test_ten_invitations_at_once_are_one(app: Flask) -> None:
    with app.app_context():
        world.an_edition()
        person = world.holder(world.a_person("Odile"))
        key = world.a_structure(person)
        account_id = person.account_id
    results = at_once(
        app, 10, lambda: invite_member(world.holder(account_id), key, "manon@exemple.org", "member", NOW)
    )
    assert sorted(type(result).__name__ for result in results) == ["AlreadyMember"] * 9 + ["str"]
    with app.app_context():
        assert (
            db.session.scalar(select(func.count(Membership.id)).where(Membership.account_id.is_(None))) == 1
        )
