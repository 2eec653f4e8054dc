"""The checks of the client can fail: each is shown a page that it must refuse."""

import pytest
from flask import Flask

from awards_app.database import db
from tests.checked_client import problems_of

PAGE = '<!doctype html><html lang="fr"><head><title>t</title></head><body><h1>Titre</h1>{}</body></html>'


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ("<p>bien</p>", ()),
        ('<label for="a">A</label><input id="a" name="a">', ()),
        ('<label>A <input name="a"></label>', ()),
        ('<input type="hidden" name="a"><button>Envoyer</button>', ()),
        ('<svg viewBox="0 0 1 1" role="img" aria-label="x"><path d="M0 0"/></svg>', ()),
        ("<h1>Deux</h1>", ("2 h1 instead of 1",)),
        ('<p id="a"></p><p id="a"></p>', ("id 'a' twice",)),
        ('<input name="a">', ("field 'a' without a label",)),
        ('<textarea name="b"></textarea>', ("field 'b' without a label",)),
        ('<p aria-describedby="c">x</p>', ("aria-describedby names 'c', which is not there",)),
        ('<p style="x">y</p>', ("attribute style on p",)),
        ('<p onclick="x">y</p>', ("attribute onclick on p",)),
        ("<script>1</script>", ("inline script",)),
        ("<div><p>x</div></p>", None),
        ("<p>x", ()),
        ("<b>x", None),
        ("</section>", None),
    ],
)
def test_a_page_is_refused_for_what_is_wrong_with_it(body: str, problems: tuple[str, ...] | None) -> None:
    found = problems_of(PAGE.format(body))

    if problems is None:
        assert found
    else:
        assert found == problems


def test_a_fragment_needs_no_title_but_its_fields_need_labels() -> None:
    assert problems_of("<p>x</p>") == ()
    assert problems_of('<input name="a">') == ("field 'a' without a label",)


def test_a_get_that_commits_is_refused(app: Flask) -> None:
    @app.get("/commits")
    def commits() -> str:
        db.session.execute(db.text("select 1"))
        db.session.commit()
        return PAGE.format("")

    with pytest.raises(AssertionError, match="GET committed"):
        app.test_client().get("/commits")


def test_rows_left_half_changed_are_refused(app: Flask) -> None:
    @app.get("/dirty")
    def dirty() -> str:
        row = next(iter(db.Model.registry.mappers)).class_()
        db.session.add(row)
        return PAGE.format("")

    with pytest.raises(AssertionError, match="rows left half-changed"):
        app.test_client().get("/dirty")
