"""What staff type of a question or a section becomes its columns, or a sentence for each field that cannot."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from awards_app.domain.filed_identifiers import REGISTERS
from awards_app.domain.form_conditions import codes_of, may_control
from awards_app.domain.form_shapes import Form, QuestionFacts, SectionFacts, questions_of
from awards_app.domain.indicator_tables import MOST_ROWS
from awards_app.domain.numbers_fr import DecimalIsInvalid, parse_decimal
from awards_app.domain.question_kinds import (
    AUDIENCES,
    CHOICE_KINDS,
    COLUMN_KINDS,
    FILE_KINDS,
    FILE_TYPES,
    KINDS,
    may_become,
)
from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.domain.text import clean_line, clean_text, slugify
from awards_app.domain.typed_numbers import MOST_DECIMALS
from awards_app.domain.words import N_

# A draft keeps 20 000 signs of an answer: a limit beyond would be a promise it cannot hold.
GREATEST_LIMIT = 20_000
LONGEST_LINE = {"label": 500, "title": 120, "unit": 20, "example": 2000}
MOST_CHOICES = 60
MOST_COLUMNS = 8
GREATEST_MIB = 25
MOST_FILES = 10

LABEL_MISSING = N_("Écrivez l’intitulé.")
TOO_LONG = N_("Ce texte est trop long.")
KIND_UNKNOWN = N_("Choisissez une forme de réponse de la liste.")
KIND_KEPT = N_(
    "Des candidatures sont en cours : cette forme de réponse ne peut plus changer. Retirez la question et ajoutez-en une autre."
)
OUT_OF_LIST = N_("Choisissez une valeur de la liste.")
WHOLE_EXPECTED = N_("Saisissez un nombre entier entre %(low)s et %(high)s.")
NUMBER_EXPECTED = N_("Saisissez un nombre, par exemple 1 234,5.")
BOUNDS_CROSS = N_("Le maximum est plus petit que le minimum.")
CHOICES_MISSING = N_("Proposez au moins deux réponses, une par ligne.")
CHOICES_TWICE = N_("La même réponse est proposée deux fois.")
COLUMNS_MISSING = N_("Donnez au moins une colonne au tableau.")
FORMATS_MISSING = N_("Choisissez au moins un format de fichier.")
CONDITION_UNKNOWN = N_("Choisissez une question de la liste.")
REASON_MISSING = N_(
    "Un appel est ouvert : dites pourquoi vous changez le formulaire. Les candidats liront ce motif."
)


class QuestionIsNeeded(Refusal):
    """Other pages read this answer by its name."""

    sentence = N_(
        "Cette question ne peut pas être retirée : le titre de l’initiative figure dans toutes les listes."
    )


class ThemeIsNeeded(Refusal):
    """The section of the theme asks for the theme."""

    sentence = N_("Cette rubrique ne peut pas être retirée : elle demande la thématique.")


class QuestionIsKept(Refusal):
    """A question that was put to candidates is retired, not deleted."""

    sentence = N_(
        "Cette question a été posée à des candidats : retirez-la, leurs réponses seront conservées."
    )


class SectionIsNotEmpty(Refusal):
    """A section is deleted once it holds no question."""

    sentence = N_("Cette rubrique contient des questions : supprimez-les ou déplacez-les d’abord.")


class FormIsOpen(Refusal):
    """The whole form is replaced before the call only."""

    sentence = N_("Un appel est ouvert : le formulaire ne peut plus être remplacé en entier.")


def check_reason(reason: str, is_open: bool) -> str:
    """Return the reason of a change, cleaned; raise `InputIsInvalid` when the call is open and none is given."""
    cleaned = clean_text(reason).strip()
    if is_open and not cleaned:
        raise InputIsInvalid({"reason": REASON_MISSING})
    return cleaned


def new_code(label: str, taken: Collection[str]) -> str:
    """Return a code for a question or section, made of its words and not taken."""
    stem = slugify(label, 40).replace("-", "_") or "question"
    code, number = stem, 2
    while code in taken:
        code, number = f"{stem}_{number}", number + 1
    return code


def section_columns(values: Mapping[str, Any], form: Form, themes: Collection[str]) -> dict[str, Any]:
    """Return the columns of a section; raise `InputIsInvalid` with one sentence a field."""
    errors: dict[str, str] = {}
    columns: dict[str, Any] = {
        "title": _line(values, "title", errors),
        "lead": clean_text(str(values.get("lead") or "")).strip(),
        "theme_code": _among(values, "theme_code", themes, errors) or None,
        "condition": _condition(values, form, errors),
    }
    if not columns["title"]:
        errors.setdefault("title", LABEL_MISSING)
    if errors:
        raise InputIsInvalid(errors)
    return columns


def question_columns(
    values: Mapping[str, Any],
    form: Form,
    themes: Collection[str],
    criteria: Collection[str],
    *,
    former: QuestionFacts | None = None,
    is_open: bool = False,
) -> dict[str, Any]:
    """Return the columns of a question; raise `InputIsInvalid` with one sentence a field.

    Only what the kind has is kept: a limit typed for a date goes. ``former`` gives the codes of choices and columns back.
    """
    errors: dict[str, str] = {}
    kind = str(values.get("kind") or "")
    if kind not in KINDS:
        raise InputIsInvalid({"kind": KIND_UNKNOWN})
    if former is not None and is_open and not may_become(former.kind, kind):
        errors["kind"] = KIND_KEPT
    has = KINDS[kind].has
    columns: dict[str, Any] = {
        "kind": kind,
        "label": _line(values, "label", errors),
        "help": clean_text(str(values.get("help") or "")).strip(),
        "example": clean_text(str(values.get("example") or "")).strip() if "example" in has else "",
        "limit": _whole(values, "limit", 1, GREATEST_LIMIT, errors) if "limit" in has else None,
        "unit": _line(values, "unit", errors) if "unit" in has else "",
        "required": bool(values.get("required")),
        "theme_code": _among(values, "theme_code", themes, errors) or None,
        "criterion_code": _among(values, "criterion_code", criteria, errors) or None,
        "audience": _among(values, "audience", AUDIENCES, errors) or "jury",
        "condition": _condition(values, form, errors, former),
        "choices": _choices(values, former, errors) if kind in CHOICE_KINDS else [],
        "max_count": _whole(values, "max_count", 1, MOST_FILES, errors) if "count" in has else None,
        **_files(values, kind, errors),
        "settings": _settings(values, kind, former, errors) or None,
    }
    if kind == "file":
        columns["max_count"] = 1
    if not columns["label"]:
        errors.setdefault("label", LABEL_MISSING)
    if errors:
        raise InputIsInvalid(errors)
    return columns


def _line(values: Mapping[str, Any], name: str, errors: dict[str, str]) -> str:
    text = clean_line(str(values.get(name) or ""))
    if len(text) > LONGEST_LINE[name]:
        errors[name] = TOO_LONG
    return text


def _whole(values: Mapping[str, Any], name: str, low: int, high: int, errors: dict[str, str]) -> int | None:
    text = re.sub(r"[\s\u00a0\u202f]", "", str(values.get(name) or ""))
    if not text:
        return None
    if not re.fullmatch("[0-9]{1,6}", text, re.ASCII) or not low <= int(text) <= high:
        errors[name] = WHOLE_EXPECTED % {"low": low, "high": high}
        return None
    return int(text)


def _among(values: Mapping[str, Any], name: str, known: Collection[str], errors: dict[str, str]) -> str:
    code = str(values.get(name) or "")
    if code and code not in known:
        errors[name] = OUT_OF_LIST
    return code


def _condition(
    values: Mapping[str, Any], form: Form, errors: dict[str, str], former: QuestionFacts | None = None
) -> dict[str, Any] | None:
    code = str(values.get("condition_question") or "")
    if not code:
        return None
    controlling = questions_of(form).get(code)
    if controlling is None or not may_control(controlling) or (former is not None and code == former.code):
        errors["condition_question"] = CONDITION_UNKNOWN
        return None
    known = [answer for answer, _words in codes_of(controlling)]
    ticked = [str(value) for value in values.get("condition_answers") or ()]
    return {"question": code, "one_of": [answer for answer in known if f"{code}={answer}" in ticked]}


def _choices(
    values: Mapping[str, Any], former: QuestionFacts | None, errors: dict[str, str]
) -> list[dict[str, str]]:
    lines = [clean_line(line) for line in clean_text(str(values.get("choices") or "")).split("\n")]
    labels = [line for line in lines if line]
    if len(labels) < 2 or len(labels) > MOST_CHOICES:
        errors["choices"] = CHOICES_MISSING
    if len(set(labels)) != len(labels):
        errors["choices"] = CHOICES_TWICE
    kept = former.choices if former else ()
    return [{"code": code, "label": label} for code, label in _coded(labels, kept)]


def _coded(labels: Sequence[str], former: Sequence[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Give each label its code: the one it had, else that of the line it replaces, else a new one."""
    had = {label: code for code, label in former}
    taken = {had[label] for label in labels if label in had}
    for place, label in enumerate(labels):
        code = had.get(label)
        if (
            code is None
            and place < len(former)
            and len(labels) == len(former)
            and former[place][0] not in taken
        ):
            code = former[place][0]
        if code is None:
            code = new_code(label, {*taken, *(code for code, _label in former)})
        taken.add(code)
        yield code, label


def _files(values: Mapping[str, Any], kind: str, errors: dict[str, str]) -> dict[str, Any]:
    if kind not in FILE_KINDS:
        return {"accepts": [], "max_mib": None}
    accepts = [name for name in FILE_TYPES if name in (values.get("accepts") or ())]
    if not accepts:
        errors["accepts"] = FORMATS_MISSING
    return {"accepts": accepts, "max_mib": _whole(values, "max_mib", 1, GREATEST_MIB, errors) or 10}


def _settings(
    values: Mapping[str, Any], kind: str, former: QuestionFacts | None, errors: dict[str, str]
) -> dict[str, Any]:
    has = KINDS[kind].has
    found: dict[str, Any] = {}
    if "bounds" in has:
        found |= _bounds(values, errors)
    if "decimals" in has:
        found["decimals"] = _whole(values, "decimals", 0, MOST_DECIMALS, errors)
    if "registers" in has:
        found["registers"] = [name for name in REGISTERS if name in (values.get("registers") or ())]
    if "columns" in has:
        found["columns"] = _columns(values, former, errors)
        found["max_rows"] = _whole(values, "max_rows", 1, MOST_ROWS, errors)
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _bounds(values: Mapping[str, Any], errors: dict[str, str]) -> dict[str, str]:
    found = {}
    for name in ("min", "max"):
        text = str(values.get(name) or "").strip()
        if text:
            try:
                found[name] = f"{parse_decimal(text, MOST_DECIMALS).normalize():f}"
            except DecimalIsInvalid:
                errors[name] = NUMBER_EXPECTED
    if len(found) == 2 and parse_decimal(found["min"].replace(".", ","), MOST_DECIMALS) > parse_decimal(
        found["max"].replace(".", ","), MOST_DECIMALS
    ):
        errors["max"] = BOUNDS_CROSS
    return found


def _columns(
    values: Mapping[str, Any], former: QuestionFacts | None, errors: dict[str, str]
) -> list[dict[str, Any]]:
    kept = {column["code"] for column in (former.settings.get("columns", ()) if former else ())}
    found: list[dict[str, Any]] = []
    for typed in (values.get("columns") or ())[:MOST_COLUMNS]:
        label = clean_line(str(typed.get("label") or ""))[:120]
        if not label:
            continue
        code = str(typed.get("code") or "")
        taken = {column["code"] for column in found}
        if code not in kept or code in taken:
            code = new_code(label, kept | taken)
        kind = str(typed.get("kind") or "text")
        found.append(
            {
                "code": code,
                "label": label,
                "kind": kind if kind in COLUMN_KINDS else "text",
                "unit": clean_line(str(typed.get("unit") or ""))[:20],
                "required": bool(typed.get("required")),
            }
        )
    if not found:
        errors["columns"] = COLUMNS_MISSING
    return found


def place_of(typed: str, form: Form) -> tuple[SectionFacts, str] | None:
    """Return the section and the code of the question before, from « section:question »; None for no place of the form."""
    section_code, _, after = typed.partition(":")
    section = next((section for section in form if section.code == section_code), None)
    if section is None or (after and after not in {question.code for question in section.questions}):
        return None
    return section, after
