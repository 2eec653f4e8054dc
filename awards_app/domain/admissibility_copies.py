"""A completed copy: what was filed, with the listed answers and attachments in place of the former; and what changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from awards_app.domain.form_answers import shown_value

Outline = Sequence[tuple[str, str, Sequence[tuple[str, bool]]]]


def completed_content(
    former: Mapping[str, Any],
    answers: Mapping[str, Mapping[str, Any]],
    attachments: Mapping[str, Sequence[Mapping[str, Any]]],
    outline: Outline,
    *,
    title: str | None = None,
    theme: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the frozen content with ``answers`` and ``attachments`` in place of those of the same question.

    ``outline`` is the form: code and title of each section, then code of each question and whether it is no longer asked
    (it is of another theme, or waits for another answer). What is in neither stays as it was filed, word for word.
    """
    filed = {answer["code"]: answer for part in former["sections"] for answer in part["answers"]}
    kept = {**filed, **answers}
    placed = {code for _section, _title, questions in outline for code, _other in questions}
    sections = []
    for code, name, questions in outline:
        own = [kept[q] for q, other in questions if q in kept and not other]
        own += [a for a in _of_section(former, code) if a["code"] not in placed]
        sections.append({"code": code, "title": name, "answers": own})
    known = {code for code, _name, _questions in outline}
    sections += [part for part in former["sections"] if part["code"] not in known]
    files = [one for one in former["attachments"] if one["question"] not in attachments]
    files += [one for group in attachments.values() for one in group]
    return {
        **former,
        "title": former["title"] if title is None else title,
        "theme": dict(theme) if theme else former["theme"],
        "sections": sections,
        "attachments": [dict(one) for one in files],
    }


def _of_section(content: Mapping[str, Any], code: str) -> list[Any]:
    return [answer for part in content["sections"] if part["code"] == code for answer in part["answers"]]


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose answer is not the same in two copies, as people read both."""

    code: str
    label: str
    before: str
    after: str
    is_long: bool


def changes_between(
    former: Mapping[str, Any], latter: Mapping[str, Any], theme_label: str, readable: Iterable[str]
) -> tuple[Change, ...]:
    """Return what changed from one copy to the next, for a reader of these audiences, files by their names."""
    allowed = frozenset(readable)
    found = []
    if former["theme"]["code"] != latter["theme"]["code"]:
        found.append(Change("theme", theme_label, former["theme"]["name"], latter["theme"]["name"], False))
    before, after = _answers(former, allowed), _answers(latter, allowed)
    for code in [*after, *(code for code in before if code not in after)]:
        one, other = before.get(code), after.get(code)
        texts = (_shown(one), _shown(other))
        if texts[0] != texts[1]:
            known = other or one or {}
            found.append(Change(code, known["label"], *texts, known["kind"] == "long_text"))
    return (*found, *_file_changes(former, latter, allowed))


def _answers(content: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Mapping[str, Any]]:
    return {
        answer["code"]: answer
        for part in content["sections"]
        for answer in part["answers"]
        if answer["audience"] in allowed
    }


def _shown(answer: Mapping[str, Any] | None) -> str:
    if answer is None or not answer["value"]:
        return ""
    choices = [(code, label) for code, label in answer["choices"]]
    return shown_value(answer["kind"], answer["value"], choices, answer.get("settings"))


def _file_changes(
    former: Mapping[str, Any], latter: Mapping[str, Any], allowed: frozenset[str]
) -> Iterable[Change]:
    labels: dict[str, str] = {}
    names: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
    keys: tuple[dict[str, set[str]], dict[str, set[str]]] = ({}, {})
    for place, content in enumerate((former, latter)):
        for one in content["attachments"]:
            if one["audience"] in allowed:
                labels[one["question"]] = one["label"]
                names[place].setdefault(one["question"], []).append(one["name"])
                keys[place].setdefault(one["question"], set()).add(one["sha256"])
    for question, label in labels.items():
        if keys[0].get(question) != keys[1].get(question):
            before, after = (", ".join(group.get(question, [])) for group in names)
            yield Change(question, label, before, after, False)
