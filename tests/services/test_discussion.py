"""The discussion of a jury: the chair leads it, quorum is counted by file, and who stands aside learns nothing."""

import pytest

from awards_app.domain.refusals import DoesNotExist, Refusal
from awards_app.queries.deliberations import desk_of
from awards_app.queries.discussion import discussion_view, standing_of
from awards_app.services.discussion import (
    NOTE_LIMIT,
    NoteIsTooLong,
    arrange_discussion,
    move_discussion,
    note_discussion,
    record_absences,
)
from tests.decision_world import DELIBERATION, a_decided_round, a_locked_round, be_present


@pytest.fixture
def world(context):
    world = a_locked_round()
    be_present(world)
    return world


def move(world, name, by="J1"):
    key = world.files[name] if name else None
    move_discussion(world.holder(by), world.round_key, key, DELIBERATION)


def seen_by(world, who):
    return discussion_view(world.holder(who), world.round_id, DELIBERATION)


def test_the_room_follows_the_chair(world):
    move(world, "Béta")
    move(world, "Alpha")
    view = seen_by(world, "J3")
    assert view.current is not None
    assert view.current.file.structure == "Structure Alpha"
    assert [line.file.structure for line in view.lines if line.is_done] == ["Structure Béta"]
    move(world, None)
    assert seen_by(world, "J3").current is None


def test_contenders_come_first_and_who_leaves_is_named(world):
    lines = seen_by(world, "J1").lines
    assert [line.is_contender for line in lines] == [True, True, True, True, False]
    beta = next(line for line in lines if line.file.structure == "Structure Béta")
    assert (beta.aside, beta.leave) == (("J2",), ("J2",))


def test_who_stands_aside_is_told_to_leave_and_nothing_else(world):
    move(world, "Alpha")
    view = seen_by(world, "J2")
    assert (view.must_leave, view.current, view.lines, dict(view.notes)) == (True, None, (), {})
    token = view.standing.token(view.room)
    move(world, "Béta")
    room, standing = standing_of(world.holder("J2"), world.round_id, DELIBERATION)
    assert standing.token(room) == token == "aside."


def test_only_the_chair_leads(world):
    for act in (
        lambda: move(world, "Béta", by="J3"),
        lambda: arrange_discussion(world.holder("J3"), world.round_key, [], DELIBERATION),
        lambda: note_discussion(
            world.holder("J3"), world.round_key, world.files["Béta"], "x", DELIBERATION, in_minutes=True
        ),
        lambda: record_absences(world.holder("J3"), world.round_key, world.files["Béta"], [], DELIBERATION),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.status in (403, 404)


def test_notes_are_in_the_keeping_of_the_chair(world):
    note_discussion(
        world.holder("J1"), world.round_key, world.files["Béta"], " Solide. ", DELIBERATION, in_minutes=True
    )
    assert seen_by(world, "J1").notes == {world.files["Béta"]: {"body": "Solide.", "in_minutes": True}}
    assert seen_by(world, "J3").notes == {}
    with pytest.raises(NoteIsTooLong):
        note_discussion(
            world.holder("J1"),
            world.round_key,
            world.files["Béta"],
            "x" * (NOTE_LIMIT + 1),
            DELIBERATION,
            in_minutes=False,
        )


def test_quorum_is_counted_by_file(world):
    out = [world.seats["J3"], world.seats["J4"]]
    record_absences(world.holder("J1"), world.round_key, world.files["Béta"], out, DELIBERATION)
    desk = desk_of(world.round_id)
    counted = {file.structure: (desk.quorum(file).present, desk.quorum(file).base) for file in desk.files}
    assert counted["Structure Béta"] == (1, 3)
    assert counted["Structure Alpha"] == (4, 4)


def test_the_chair_arranges_the_order_and_goes_back_to_the_computed_one(world):
    keys = [line.file.key for line in seen_by(world, "J1").lines]
    arrange_discussion(world.holder("J1"), world.round_key, keys[::-1], DELIBERATION)
    assert [line.file.key for line in seen_by(world, "J3").lines] == keys[::-1]
    arrange_discussion(world.holder("J1"), world.round_key, [], DELIBERATION)
    assert [line.file.key for line in seen_by(world, "J3").lines] == keys


def test_a_file_of_another_jury_does_not_exist(world):
    with pytest.raises(DoesNotExist):
        move_discussion(world.holder("J1"), world.round_key, "nowhere", DELIBERATION)
    with pytest.raises(DoesNotExist):
        arrange_discussion(world.holder("J1"), world.round_key, ["nowhere"], DELIBERATION)


def test_there_is_no_session_once_decided(context):
    world = a_decided_round()
    with pytest.raises(DoesNotExist):
        seen_by(world, "J3")
