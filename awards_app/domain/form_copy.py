"""The form of one edition taken up by another: what comes along, and what has no place there."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from awards_app.domain.form_shapes import Form, QuestionFacts, live_form


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What a copy brings: how many sections and questions; labels of those that lose their theme or their criterion."""

    sections: int
    questions: int
    without_theme: tuple[str, ...]
    without_criterion: tuple[str, ...]
    retired: tuple[str, ...]


def adapted(form: Form, themes: Collection[str], criteria: Collection[str]) -> tuple[Form, CopyReport]:
    """Return a form as another edition can take it, with the report; what was retired stays behind."""
    kept = live_form(form)
    lost_theme: list[str] = []
    lost_criterion: list[str] = []

    def fit(question: QuestionFacts) -> QuestionFacts:
        theme, criterion = question.theme_code, question.criterion_code
        if theme is not None and theme not in themes:
            lost_theme.append(question.label)
            theme = None
        if criterion is not None and criterion not in criteria:
            lost_criterion.append(question.label)
            criterion = None
        return replace(question, theme_code=theme, criterion_code=criterion)

    sections = []
    for section in kept:
        theme = section.theme_code
        if theme is not None and theme not in themes:
            lost_theme.append(section.title)
            theme = None
        sections.append(
            replace(
                section, theme_code=theme, questions=tuple(fit(question) for question in section.questions)
            )
        )
    report = CopyReport(
        sections=len(sections),
        questions=sum(len(section.questions) for section in sections),
        without_theme=tuple(lost_theme),
        without_criterion=tuple(lost_criterion),
        retired=tuple(q.label for s in form for q in s.questions if s.retired or q.retired),
    )
    return tuple(sections), report
