"""What is drawn once is found again only by all that it shows."""

import pytest
from markupsafe import Markup

from awards_app.web.fragments import Fragments


def drawn(room, *key, text):
    return str(room.drawn_once(*key, caller=lambda: Markup(text)))


def test_an_equal_key_finds_what_was_drawn():
    room = Fragments()

    assert [drawn(room, "a", (1, "x"), text=text) for text in ("one", "two")] == ["one", "one"]


@pytest.mark.parametrize("other", [("a", (1, "y")), ("a", (2, "x")), ("b", (1, "x")), ("a",)])
def test_a_key_that_differs_in_anything_is_drawn_anew(other):
    room = Fragments()
    drawn(room, "a", (1, "x"), text="one")

    assert drawn(room, *other, text="two") == "two"


def test_what_is_kept_is_bounded_and_the_least_used_leaves():
    room = Fragments(most_signs=10)
    drawn(room, "a", text="1234")
    drawn(room, "b", text="1234")
    drawn(room, "a", text="never drawn")
    drawn(room, "c", text="1234")

    assert len(room) == 2
    assert [drawn(room, name, text="new") for name in ("a", "c")] == ["1234", "1234"]
    assert drawn(room, "b", text="new") == "new"


def test_nothing_is_kept_where_templates_are_being_written():
    room = Fragments(most_signs=0)

    assert [drawn(room, "a", text=text) for text in ("one", "two")] == ["one", "two"]
