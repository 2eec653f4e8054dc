"""Templates compiled once a language: what they say is what is said when a page is drawn."""

import pytest
from flask_babel import force_locale, get_domain
from jinja2 import DictLoader

from awards_app.web.languages import say

PAGE = "page.html"
SOURCES = {
    PAGE: "{% from 'part.html' import closing %}{{ _('Menu') }}|{{ _('Fermer') ~ '<' }}|{{ _('100 %% à vous') }}|"
    "{{ _('%(n)s ici', n='<b>') }}|{{ closing() }}",
    "part.html": "{% macro closing() %}{{ _('Fermer')|upper }}{% endmacro %}",
    "letter.txt": "{{ _('A & B') }}",
}


@pytest.fixture
def speaking(app):
    """An application whose templates are those above."""
    app.jinja_env.loader = DictLoader(SOURCES)
    return app


def drawn(app, language, name=PAGE):
    with app.test_request_context("/"), force_locale(language):
        return app.jinja_env.get_template(name).render()


def words(app, language, sentence):
    with app.test_request_context("/"), force_locale(language):
        return get_domain().get_translations().ugettext(sentence)


def test_a_page_speaks_the_language_of_each_request_with_its_parts(speaking):
    english = words(speaking, "en", "Fermer")
    assert english != "Fermer"
    for language, closing in (("fr", "Fermer"), ("en", english), ("fr", "Fermer")):
        menu = words(speaking, language, "Menu")
        expected = f"{menu}|{closing}&lt;|100 % à vous|&lt;b&gt; ici|{closing.upper()}"
        assert drawn(speaking, language) == expected


def test_a_letter_is_not_escaped(speaking):
    assert drawn(speaking, "fr", "letter.txt") == "A & B"


def test_the_words_are_in_the_template_and_no_longer_looked_for(speaking):
    asked = []

    def heard(context, sentence, **variables):
        asked.append(sentence)
        return say(context, sentence, **variables)

    heard.jinja_pass_arg = say.jinja_pass_arg
    speaking.jinja_env.globals["_"] = heard
    drawn(speaking, "fr")
    assert asked == ["%(n)s ici"]
