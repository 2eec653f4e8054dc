"""What was compiled is found again by a constant's identity, and never given to another statement."""

from flask import Flask
from sqlalchemy import bindparam, literal, select

from awards_app.database import CompiledStatements, read


def test_a_statement_is_given_its_own_compilation_alone() -> None:
    statements = CompiledStatements(most=2)
    dialect = object()
    first, twin, other = (("select", 1, name) for name in ("a", "a", "b"))
    statements[dialect, first, ("x",), False] = "A"

    assert statements.get((dialect, first, ("x",), False)) == "A"
    assert statements[dialect, twin, ("x",), False] == "A"
    # Each other member of the key counts, and what is not equal is not found.
    assert statements.get((dialect, first, ("y",), False)) is None
    assert statements.get((dialect, first, ("x",), True)) is None
    assert statements.get((object(), first, ("x",), False)) is None
    assert statements.get((dialect, other, ("x",), False)) is None


def test_what_is_held_by_identity_is_bounded() -> None:
    statements = CompiledStatements(most=3)
    for number in range(50):
        key = (None, ("select", number), (), False)
        statements[key] = number
        assert statements.get(key) == number
        assert len(statements._by_identity) <= 3


def test_statements_made_on_the_fly_say_their_own_values(context: Flask) -> None:
    for number in range(400):
        rows = read(select(literal(number).label("said"), bindparam("given")), {"given": f"{number}"})
        assert [tuple(row) for row in rows] == [(number, f"{number}")]
