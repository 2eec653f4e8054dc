"""What people typed stays text in a letter, also for a reader of mails that makes links."""

import re

import pytest

from awards_app.domain.letters import BREAK, unlinked

# What the common readers of mails turn into a link.
AUTOLINKED = re.compile(
    r"(?:[a-z][a-z0-9+-]*:[^\s\u200b])|(?:\w[.\u3002\uff0e\uff61]\w)|(?:[\w.+-]+@\w)", re.IGNORECASE
)


@pytest.mark.parametrize(
    "name",
    [
        "<a href=//mal.example>Cliquez</a>", "www.mal.example/connexion", "[ici](http://mal.example)", "HTTPS://MAL.EXAMPLE",
        "http://1.2.3.4/x", "http://localhost:8080", "mal。example", "mal．example", "moi@mal.example", "javascript:alert(1)",
        "mailto:moi@mal", "//mal.example", "équité.fr", "a.b.c.d", "tel:+33123",
    ],
)  # fmt: skip
def test_nothing_is_left_to_link(name: str) -> None:
    shown = unlinked(name)
    assert AUTOLINKED.search(name) is not None
    assert AUTOLINKED.search(shown) is None
    assert shown.replace(BREAK, "") == name


@pytest.mark.parametrize(
    "plain",
    [
        "Les Ateliers du Phare",
        "M. Dupont",
        "Mme A. Le Goff",
        "Prix de l’ESS 2027",
        "Clôture : 23 h 59",
        "« Null »",
        "1234,56 €",
    ],
)
def test_ordinary_names_are_left_alone(plain: str) -> None:
    assert unlinked(plain) == plain
