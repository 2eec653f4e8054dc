"""The order of discussion: contenders first, the fewest departures, nothing lost."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from awards_app.domain import discussion_order as rooms
from awards_app.domain.discussion_order import DiscussedFile, departures, discussion_order, leaving

PEOPLE = st.frozensets(st.sampled_from("PQRS"), max_size=3)


def files_of(sets, contenders=()):
    return [
        DiscussedFile(f"f{place}", place in contenders, frozenset(people))
        for place, people in enumerate(sets)
    ]


FILES = st.lists(st.tuples(st.booleans(), PEOPLE), max_size=6).map(
    lambda rows: [DiscussedFile(f"f{place}", first, people) for place, (first, people) in enumerate(rows)]
)


def test_a_person_recused_on_two_files_leaves_once():
    order = discussion_order(files_of(["P", "", "P"]))
    assert departures(order) == 1
    assert [file.key for file in order if file.recused] == ["f0", "f2"]


def test_contenders_come_first_whatever_it_costs():
    order = discussion_order(files_of(["P", "", "P"], contenders={1, 2}))
    assert [file.key for file in order] == ["f1", "f2", "f0"]


def test_who_leaves_and_who_comes_back():
    order = files_of(["", "PQ", "Q"])
    nobody = frozenset()
    assert leaving(order) == {
        "f0": (nobody, nobody),
        "f1": (frozenset("PQ"), nobody),
        "f2": (nobody, frozenset("P")),
    }


@given(FILES)
def test_every_file_is_there_once_and_contenders_first(files):
    order = discussion_order(files)
    assert sorted(file.key for file in order) == sorted(file.key for file in files)
    flags = [file.is_contender for file in order]
    assert flags == sorted(flags, reverse=True)


@given(st.lists(PEOPLE, max_size=6))
def test_a_small_order_is_the_best_there_is(sets):
    files = files_of(sets)
    best = min(departures(order) for order in permutations(files))
    assert departures(discussion_order(files)) == best


@given(st.lists(st.frozensets(st.sampled_from("PQRSTUV"), max_size=4), min_size=12, max_size=20, unique=True))
def test_a_long_order_never_costs_more_than_the_one_handed_in(sets):
    files = files_of(sets)
    assert departures(discussion_order(files)) <= departures(files)


def test_the_bound_of_exact_orders_is_crossed_by_the_long_test():
    assert rooms.EXACT_SETS < 12
