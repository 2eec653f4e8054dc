"""Saving sheets: what a mark may be, two tabs, recusals, « terminé », the secret of others' sheets."""

import pytest
from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.domain.scoring import (
    FilesAreLeftOpen,
    LevelIsInvalid,
    MarkInput,
    SeatHasFinished,
    SheetIsFinal,
    SheetIsIncomplete,
    SheetIsNotOpen,
    SheetState,
    SheetWasChanged,
    parse_level,
)
from awards_app.models.scoring import Mark, Scoresheet
from awards_app.queries.scoring import candidacies_to_judge
from awards_app.services.juries import declare_interest, declare_interest_for, lift_recusal
from awards_app.services.scoring import (
    finish_scoresheet,
    finish_seat,
    record_scoresheet,
    reopen_scoresheet,
    resume_seat,
    set_later,
)
from tests.jury_world import (
    GOLDEN_WEIGHTS,
    SCORING,
    a_round,
    add_file,
    add_member,
    add_seat,
    declare_all,
    give,
)


@pytest.fixture
def world(context):
    world = a_round(golden=True)
    add_seat(world, "Chantal", "chair")
    add_seat(world, "Jules")
    for name in ("Alpha", "Béta", "Gamma"):
        add_file(world, name)
    declare_all(world)
    return world


def save(world, juror, file, marks, **more):
    return record_scoresheet(
        world.holder(juror), world.seats[juror], world.files[file], marks, SCORING, **more
    )


def levels(world, juror, file):
    rows = db.session.execute(
        select(Mark.level, Mark.reason)
        .join(Scoresheet, Scoresheet.id == Mark.scoresheet_id)
        .where(Scoresheet.candidacy_id == world.candidacy_id(file))
        .order_by(Mark.criterion_id)
    )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    "value",
    [
        "-1",
        "6",
        "1e309",
        "1" + "0" * 400,
        "",
        " ",
        "abc",
        "5 points",
        None,
        True,
        [5],
        {"v": 5},
        "4.5",
        4.5,
        10**400,
        "٣",
        "+3",
        "²",
    ],
)
def test_what_is_no_level_is_refused(value):
    with pytest.raises(LevelIsInvalid):
        parse_level(value, 5)


@pytest.mark.parametrize(("value", "level"), [("0", 0), ("5", 5), (3, 3), ("03", 3)])
def test_a_level_is_an_integer_of_the_scale(value, level):
    assert parse_level(value, 5) == MarkInput(level=level)


@pytest.mark.parametrize("level", [-1, 6, True, 10**400, 2.0])
def test_a_level_outside_of_the_scale_changes_nothing(world, level):
    with pytest.raises(InputIsInvalid) as refused:
        save(world, "Jules", "Alpha", {"a": MarkInput(level), "b": MarkInput(3)})

    assert sorted(refused.value.errors) == ["mark-a"]
    assert levels(world, "Jules", "Alpha") == []


def test_marks_are_saved_one_by_one_and_keep_their_reason(world):
    save(world, "Jules", "Alpha", {"a": MarkInput(3, reason="des chiffres")})
    saved = save(world, "Jules", "Alpha", {"a": MarkInput(4, version=1)})

    assert (saved.version, saved.mark_versions) == (2, {"a": 2})
    assert levels(world, "Jules", "Alpha") == [(4, "des chiffres")]


def test_the_stale_tab_gets_both_texts_and_nothing_is_lost(world):
    save(world, "Jules", "Alpha", {"a": MarkInput(3, version=0)})

    with pytest.raises(SheetWasChanged) as refused:
        save(world, "Jules", "Alpha", {"a": MarkInput(1, version=0)})

    difference = refused.value.differences["mark-a"]
    assert (refused.value.status, difference.yours, difference.theirs) == (409, "1", "3")
    assert "modifiée entre-temps" in str(refused.value)
    assert levels(world, "Jules", "Alpha") == [(3, "")]


def test_a_stale_tab_that_says_the_same_is_no_conflict(world):
    save(world, "Jules", "Alpha", {"a": MarkInput(3, version=0)})

    saved = save(world, "Jules", "Alpha", {"a": MarkInput(3, version=0), "b": MarkInput(2, version=0)})

    assert saved.version == 2


def test_a_file_opens_only_after_no_tie_was_declared(context):
    world = a_round(golden=True)
    add_seat(world, "Jules")
    add_file(world, "Alpha")

    with pytest.raises(SheetIsNotOpen):
        give(world, "Jules", "Alpha", "3333")


@pytest.mark.parametrize("verdict", ["recused", "unsure"])
def test_a_juror_who_stands_aside_finds_nothing(world, verdict):
    give(world, "Jules", "Béta", "3333")
    declare_interest(
        world.holder("Jules"), world.seats["Jules"], world.files["Béta"], verdict, "ma sœur", SCORING
    )

    with pytest.raises(DoesNotExist):
        give(world, "Jules", "Béta", "4444")
    _seat, lines = candidacies_to_judge(world.holder("Jules"), world.seats["Jules"], SCORING)
    assert sorted(line.title for line in lines) == ["Projet Alpha", "Projet Gamma"]
    assert db.session.scalar(select(func.count()).where(Scoresheet.set_aside_at.is_not(None))) == 1


def test_the_chamber_settles_a_doubt_but_two_lift_a_recusal(world):
    juror, seat, file = world.holder("Jules"), world.seats["Jules"], world.files["Béta"]
    declare_interest(juror, seat, file, "unsure", "ancien client", SCORING)
    declare_interest_for(world.coordinator, seat, file, "none", "", SCORING)
    give(world, "Jules", "Béta", "3333")
    declare_interest_for(world.coordinator, seat, file, "recused", "appris depuis", SCORING)

    with pytest.raises(Exception, match="Un déport ne se lève qu’à deux"):
        declare_interest_for(world.coordinator, seat, file, "none", "", SCORING)
    with pytest.raises(Exception, match="ne peut pas le lever"):
        lift_recusal(world.coordinator, seat, file, "erreur", SCORING)


def test_another_jurors_seat_and_another_theme_do_not_exist(world):
    add_seat(world, "Théo", theme="te")

    with pytest.raises(DoesNotExist):
        record_scoresheet(
            world.holder("Jules"), world.seats["Chantal"], world.files["Alpha"], {"a": MarkInput(1)}, SCORING
        )
    with pytest.raises(DoesNotExist):
        give(world, "Théo", "Alpha", "3333")


def test_a_member_of_a_candidate_structure_reads_nothing_of_the_category(world):
    add_member(world, "Jules", "Gamma")

    with pytest.raises(DoesNotExist):
        give(world, "Jules", "Alpha", "3333")
    assert candidacies_to_judge(world.holder("Jules"), world.seats["Jules"], SCORING)[1] == ()


def test_skipped_files_come_back_and_finished_is_said_only_then(world):
    jules, seat = world.holder("Jules"), world.seats["Jules"]
    give(world, "Jules", "Alpha", "3333")
    set_later(jules, seat, world.files["Béta"], SCORING, is_later=True)
    save(world, "Jules", "Gamma", {"a": MarkInput(2)})

    states = {line.title: line.state for line in candidacies_to_judge(jules, seat, SCORING)[1]}
    assert states == {
        "Projet Alpha": SheetState.DONE,
        "Projet Béta": SheetState.LATER,
        "Projet Gamma": SheetState.DRAFT,
    }
    with pytest.raises(FilesAreLeftOpen, match="Il reste 2 dossiers"):
        finish_seat(jules, seat, SCORING)
    give(world, "Jules", "Béta", "3333")
    give(world, "Jules", "Gamma", "3333")
    finish_seat(jules, seat, SCORING)
    with pytest.raises(SeatHasFinished):
        give(world, "Jules", "Gamma", "2222")
    resume_seat(jules, seat, SCORING)
    give(world, "Jules", "Gamma", "2222")


def test_an_extreme_level_needs_its_reason_before_the_sheet_is_final(world):
    marks = {code: MarkInput(5) for code in GOLDEN_WEIGHTS}
    save(world, "Jules", "Alpha", marks)

    with pytest.raises(SheetIsIncomplete, match="Il reste 4 critères"):
        finish_scoresheet(world.holder("Jules"), world.seats["Jules"], world.files["Alpha"], SCORING)


def test_a_final_sheet_is_reopened_by_the_chair_with_a_reason(world):
    give(world, "Jules", "Alpha", "3333")
    seat, file = world.seats["Jules"], world.files["Alpha"]
    finish_scoresheet(world.holder("Jules"), seat, file, SCORING)

    with pytest.raises(SheetIsFinal):
        give(world, "Jules", "Alpha", "2222")
    with pytest.raises(InputIsInvalid):
        reopen_scoresheet(world.holder("Chantal"), seat, file, " ", SCORING)
    with pytest.raises(DoesNotExist):
        reopen_scoresheet(world.coordinator, seat, file, "erreur de saisie", SCORING)
    reopen_scoresheet(world.holder("Chantal"), seat, file, "erreur de saisie", SCORING)
    give(world, "Jules", "Alpha", "2222")


def test_the_order_is_the_jurors_own_and_stable(world):
    for number in range(8):
        add_file(world, f"File {number}")
    orders = {
        name: [line.key for line in candidacies_to_judge(world.holder(name), world.seats[name], SCORING)[1]]
        for name in ("Jules", "Chantal", "Jules")
    }

    again = [
        line.key for line in candidacies_to_judge(world.holder("Jules"), world.seats["Jules"], SCORING)[1]
    ]
    assert orders["Jules"] == again
    assert sorted(orders["Jules"]) == sorted(orders["Chantal"])
    assert orders["Jules"] != orders["Chantal"]


def test_a_save_of_nothing_leaves_the_sheet_as_it_was(world):
    def rows():
        columns = (Scoresheet.id, Scoresheet.version, Scoresheet.is_later)
        return db.session.execute(select(*columns).order_by(Scoresheet.id)).all()

    assert save(world, "Jules", "Alpha", {}).version == 0
    assert rows() == []
    kept = save(world, "Jules", "Béta", {next(iter(GOLDEN_WEIGHTS)): MarkInput(2)}).version
    set_later(world.holder("Jules"), world.seats["Jules"], world.files["Béta"], SCORING, is_later=True)
    before = rows()

    assert save(world, "Jules", "Béta", {}).version == kept + 1
    assert rows() == before
