"""The snapshot: canonical bytes, and a hash that depends on the marks alone."""

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards_app.domain.ranking import Ballot, Sheet
from awards_app.domain.snapshot import canonical_bytes, sha256_of, take_snapshot
from tests.domain.golden import JURORS, NUMBERS, ballot

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_canonical_bytes_are_written_one_way():
    value = {"é": [1, None, True], "a": {"z": "œ\u2028", "b": -3}}
    assert canonical_bytes(value) == '{"a":{"b":-3,"z":"œ\u2028"},"é":[1,null,true]}'.encode()
    assert sha256_of(value) == hashlib.sha256(canonical_bytes(value)).hexdigest()


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), {"a": [0.5]}, {1: "a"}, {"a": datetime(2027, 1, 1, tzinfo=UTC)}, b"a", "\ud800"],
)
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(ValueError):
        canonical_bytes(value)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.text(), plain, max_size=6), st.randoms(use_true_random=False))
def test_canonical_bytes_do_not_depend_on_the_order_of_keys(value, chance):
    items = list(value.items())
    chance.shuffle(items)
    assert canonical_bytes(dict(items)) == canonical_bytes(value)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_snapshot_does_not_depend_on_order_names_or_identifiers(chance):
    held = ballot()
    drawn = [f"{place}" for place in range(len(JURORS) + len(NUMBERS))]
    chance.shuffle(drawn)
    jurors = dict(zip(JURORS, drawn, strict=False))
    files = dict(zip(NUMBERS, drawn[len(JURORS) :], strict=True))
    sheets, panel = list(held.sheets), list(held.panel.items())
    chance.shuffle(sheets)
    chance.shuffle(panel)
    renamed = Ballot(
        held.grid,
        {files[name]: frozenset(jurors[j] for j in called) for name, called in panel},
        tuple(
            Sheet(
                jurors[s.juror], files[s.candidacy], dict(reversed(s.levels.items())), s.recused, s.set_aside
            )
            for s in sheets
        ),
    )
    numbers = {files[name]: number for name, number in NUMBERS.items()}
    one, other = take_snapshot({"us": held}, NUMBERS), take_snapshot({"us": renamed}, numbers)
    assert (other.canonical, other.sha256) == (one.canonical, one.sha256)
    assert {j: other.juror_names[jurors[j]] for j in jurors} == dict(one.juror_names)


def test_each_mark_state_and_weight_changes_the_hash():
    notes = {"x": ("5555", "4444", "3333")}
    variants = [
        ballot(notes),
        ballot({"x": ("5554", "4444", "3333")}),
        ballot({"x": ("5555", "R", "3333")}),
        ballot({"x": ("5555", "S4444", "3333")}),
        ballot({"x": ("5555", "4444")}),
        ballot(notes, waivers=[("J2", "x")]),
        ballot({"x": ("5555", "4444", "3333"), "y": ()}),
    ]
    numbers = {"x": "76-001", "y": "76-002"}
    assert len({take_snapshot({"us": held}, numbers).sha256 for held in variants}) == len(variants)


def test_a_line_for_each_juror_called():
    held = ballot({"x": ("5-00", "R", "", "S1234")}, waivers=[("J1", "x"), ("J3", "x")])
    scores = take_snapshot({"us": held}, {"x": "76-001"}).scores["themes"]["us"]
    lines = {(line["state"], tuple(line["levels"].items())) for line in scores["sheets"]}
    assert lines == {
        ("waived", (("a", 5), ("b", None), ("c", 0), ("d", 0))),
        ("recused", ()),
        ("waived", ()),
        ("set_aside", (("a", 1), ("b", 2), ("c", 3), ("d", 4))),
    }
    assert [line["juror"] for line in scores["sheets"]] == ["J01", "J02", "J03", "J04"]
    assert scores["candidacies"] == ["76-001"]


def test_two_files_under_one_number_are_refused():
    with pytest.raises(ValueError, match="same number"):
        take_snapshot({"us": ballot({"x": (), "y": ()})}, {"x": "76-001", "y": "76-001"})
