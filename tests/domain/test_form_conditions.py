"""Which questions are asked: by theme, by answer, through one another, never in a round."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards_app.domain.form_changes import changes_between
from awards_app.domain.form_checks import check_form
from awards_app.domain.form_conditions import (
    ConditionTurnsRound,
    check_conditions,
    folded_questions,
    shown_questions,
)
from awards_app.domain.form_copy import adapted
from awards_app.domain.form_shapes import (
    Condition,
    Form,
    QuestionFacts,
    SectionFacts,
    form_as_data,
    form_from_data,
)

PLAIN = QuestionFacts(
    "q", "s", "short_text", "Question", "", "", 100, "", (), (), None, None, False, None, "jury", None
)


def question(code: str, section: str = "one", **changes: object) -> QuestionFacts:
    return replace(PLAIN, code=code, section=section, label=f"Question {code}", **changes)


def form_of(*questions: QuestionFacts, **sections: object) -> Form:
    codes = dict.fromkeys(q.section for q in questions)
    return tuple(
        SectionFacts(
            code,
            f"Rubrique {code}",
            "",
            tuple(q for q in questions if q.section == code),
            **(sections.get(code) or {}),
        )  # type: ignore[arg-type]  # conditions and themes of sections
        for code in codes
    )


YES = question("yes", kind="yes_no", limit=None)
WHERE = question("where", condition=Condition("yes", ("yes",)))
WHOM = question("whom", condition=Condition("where"))


def codes(form: Form, answers: dict[str, str], theme: str | None = "us") -> list[str]:
    return [q.code for found in shown_questions(form, theme, answers).values() for q in found]


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, ["yes"]),
        ({"yes": "no"}, ["yes"]),
        ({"yes": "yes"}, ["yes", "where"]),
        ({"yes": "yes", "where": "Ici"}, ["yes", "where", "whom"]),
        # A question that is not asked meets no condition, whatever the draft still holds.
        ({"yes": "no", "where": "Ici"}, ["yes"]),
    ],
)
def test_questions_follow_answers(answers: dict[str, str], asked: list[str]) -> None:
    assert codes(form_of(YES, WHERE, WHOM), answers) == asked


def test_a_theme_and_a_section_hide_what_they_hold() -> None:
    form = form_of(
        YES,
        question("us", theme_code="us"),
        question("deep", "two"),
        two={"condition": Condition("yes", ("yes",))},
    )
    assert codes(form, {}) == ["yes", "us"]
    assert codes(form, {"yes": "yes"}, "te") == ["yes", "deep"]
    assert codes(form, {"yes": "yes"}, None) == ["yes", "deep"]


def test_several_choices_meet_a_condition_by_any_of_them() -> None:
    form = form_of(
        question("many", kind="multiple_choice", choices=(("a", "A"), ("b", "B"))),
        question("after", condition=Condition("many", ("b",))),
    )
    assert codes(form, {"many": "a,b"}) == ["many", "after"]
    assert codes(form, {"many": "a"}) == ["many"]


def test_a_condition_on_what_is_no_longer_asked_hides_nothing_and_is_told() -> None:
    form = form_of(replace(YES, retired=True), WHERE)
    assert codes(form, {}) == ["where"]
    said = [str(finding.sentence) for finding in check_form(form, {"us": "US"}, {}) if finding.blocks]
    assert said == [
        "« Question where » dépend d’une question qui n’est plus posée : elle est montrée à tout le monde."
    ]


@pytest.mark.parametrize("length", [1, 2, 3, 5])
def test_a_round_of_conditions_is_refused(length: int) -> None:
    names = [f"q{n}" for n in range(length)]
    ring = form_of(
        *(question(name, condition=Condition(names[(n + 1) % length])) for n, name in enumerate(names))
    )
    with pytest.raises(ConditionTurnsRound):
        check_conditions(ring)
    assert codes(ring, dict.fromkeys(names, "x")) == []


@given(st.data())
def test_conditions_that_only_look_back_never_turn_round(data: st.DataObject) -> None:
    questions = []
    for number in range(8):
        back = data.draw(st.none() | st.integers(0, number - 1)) if number else None
        condition = Condition(f"q{back}") if back is not None else None
        questions.append(question(f"q{number}", condition=condition))
    form = form_of(*questions)
    check_conditions(form)
    answered = {q.code: "x" for q in questions}
    assert codes(form, answered) == [q.code for q in questions]
    shown = set(codes(form, {"q0": "x"}))
    for one in questions:
        if one.condition:
            assert (one.code in shown) == (one.condition.question == "q0")


def test_what_a_script_may_unfold_is_of_the_same_section() -> None:
    form = form_of(YES, WHERE, question("far", "two", condition=Condition("yes", ("yes",))))
    shown = shown_questions(form, "us", {})
    assert [q.code for q in folded_questions(form[0], shown["one"], "us")] == ["where"]
    assert folded_questions(form[1], shown["two"], "us") == ()


def test_a_form_is_written_down_and_read_back_the_same() -> None:
    form = form_of(YES, WHERE, question("deep", "two", theme_code="us", settings={"min": "0"}))
    assert form_from_data(form_as_data(form)) == form


def test_each_change_is_said_in_french() -> None:
    before = form_of(YES, question("a"), question("b"), question("c", "two"))
    after = form_of(
        YES,
        question("b", required=True, limit=200),
        replace(question("a", kind="long_text"), label="Autre"),
        replace(question("c", "two"), retired=True),
        question("d", "two"),
    )
    said = [str(change.sentence) for change in changes_between(before, after)]
    assert [sentence.replace("\u00a0", " ") for sentence in said] == [
        "« Question b » : la réponse devient obligatoire.",
        "« Question b » : la limite passe de 100 à 200 signes.",
        "Question reformulée : « Question a » devient « Autre ».",
        "« Autre » : la forme de la réponse passe de « Texte court » à « Texte long ».",
        "Question retirée : « Question c ». Les réponses déjà données sont conservées.",
        "Question ajoutée : « Question d ».",
        "Rubrique « Rubrique one » : l’ordre des questions change.",
    ]
    assert changes_between(before, before) == ()


def test_the_check_list_names_what_is_wrong() -> None:
    form = form_of(
        replace(question("title"), label=""),
        question("a", criterion_code="rien", theme_code="zz"),
        question("b", kind="single_choice", choices=(("x", "X"),), limit=None),
        question("c", kind="long_text", limit=None),
        question("d", kind="email", audience="public"),
        *(question(f"n{n}", "two", limit=1000) for n in range(60)),
    )
    found = check_form(form, {"us": "Utilité"}, {"us": {"need": "Besoin"}})
    said = [(finding.blocks, str(finding.sentence).replace("\u00a0", " ")) for finding in found]
    assert said == [
        (True, "« title » : la question n’a pas d’intitulé."),
        (True, "« Question a » renvoie à un critère qui n’est pas dans la grille régionale."),
        (True, "« Question a » est réservée à une thématique qui n’existe pas dans cette édition."),
        (True, "« Question b » propose moins de deux réponses."),
        (False, "« Question c » : un texte long sans limite de signes."),
        (False, "« Question d » : une coordonnée personnelle serait publiée."),
        (False, "La question « pitch », lue par d’autres pages, n’est pas posée."),
        (False, "La question « summary », lue par d’autres pages, n’est pas posée."),
        (False, "La question « contact_email », lue par d’autres pages, n’est pas posée."),
        (False, "Utilité : 64 questions. Au-delà de 60, les candidatures se découragent."),
        (False, "Utilité : jusqu’à 60200 signes à écrire. Au-delà de 40000, le jury ne lit plus tout."),
        (False, "Utilité : aucune question n’éclaire le critère « Besoin »."),
    ]


def test_a_copy_says_what_it_leaves() -> None:
    form = form_of(
        question("a", theme_code="vieux"), question("b", criterion_code="vieux"), replace(YES, retired=True)
    )
    kept, report = adapted(form, {"us": "US"}, {"need"})
    assert [(q.code, q.theme_code, q.criterion_code) for q in kept[0].questions] == [
        ("a", None, None),
        ("b", None, None),
    ]
    assert (report.questions, report.without_theme, report.without_criterion, report.retired) == (
        2, ("Question a",), ("Question b",), ("Question yes",),
    )  # fmt: skip
