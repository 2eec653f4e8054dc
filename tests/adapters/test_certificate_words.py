"""The texts of certificates: words and conditions, nothing that reads, calls, loops or grows."""

import pytest

from awards_app.adapters.certificate_words import check_words, filled
from awards_app.domain.certificate_kinds import Basis, TemplateIsInvalid, samples_of

WORDS = samples_of(Basis.CANDIDACY)


def test_words_and_conditions_are_replaced_and_what_they_hold_is_not_read_again() -> None:
    text = "Le {{ jury }}{% if located %}, {{ located }},{% endif %}\n distingue   {{ structure }}"
    values = WORDS | {"structure": "{{ jury }} <b>{% if %}", "located": ""}

    assert filled(text, values) == "Le jury régional distingue {{ jury }} <b>{% if %}"


@pytest.mark.parametrize(
    "text",
    [
        "{{ structure.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ structure['__class__'] }}",
        "{{ structure() }}",
        "{{ structure|upper }}",
        "{{ structure ~ structure }}",
        "{{ 'a' * 99999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{% for sign in structure %}a{% endfor %}",
        "{% set a = 1 %}",
        "{% include 'certificates/diploma.html' %}",
        "{% extends 'certificates/diploma.html' %}",
        "{% import 'certificates/foot.html' as a %}",
        "{% macro a() %}{% endmacro %}",
        "{% block a %}{% endblock %}",
        "{% if structure is defined %}a{% endif %}",
        "{{ [1, 2] }}",
        # Read only where a word is empty, which no sample shows: the order of a whole round would stop there.
        "{% if located or 1 < 'a' %}a{% endif %}",
        "{% if located or (not theme) < 'a' %}a{% endif %}",
        # Written as plain signs, read as one that no database keeps and no page draws.
        r"{{ '\x00' }}",
        r"{{ '\ud800' }}",
    ],
)
def test_nothing_else_is_accepted(text: str) -> None:
    with pytest.raises(TemplateIsInvalid) as refused:
        check_words(text, WORDS)

    assert str(refused.value) == (
        "Ligne 1\u00a0: seuls les mots de la liste et les conditions {% if %} sont acceptés."
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ password }}", "Ligne 1\u00a0: «\u00a0password\u00a0» n’est pas un mot de la liste."),
        ("Un\n{{ prize }}", "Ligne 2\u00a0: «\u00a0prize\u00a0» n’est pas un mot de la liste."),
        (
            "{{ structure",
            "Ligne 1\u00a0: une accolade ou une condition n’est pas fermée, ou n’est pas comprise.",
        ),
        (
            "{% if theme %}a",
            "Ligne 1\u00a0: une accolade ou une condition n’est pas fermée, ou n’est pas comprise.",
        ),
        ("a" * 1001, "Ce texte dépasse 1000 signes."),
        ("a" * 900, "Une fois ses mots remplacés, ce texte dépasse 700 signes."),
        ("{{ structure }}" * 31, "Ce texte contient trop de parenthèses ou d’accolades."),
        (
            "{{ " + "(" * 400 + "structure" + ")" * 400 + " }}",
            "Ce texte contient trop de parenthèses ou d’accolades.",
        ),
    ],
)
def test_a_fault_is_said_in_plain_words(text: str, sentence: str) -> None:
    with pytest.raises(TemplateIsInvalid) as refused:
        check_words(text, WORDS)

    assert str(refused.value) == sentence
