"""What a preset must satisfy once its shape is right. Each check names the faulty key."""

import re
from collections.abc import Iterable
from datetime import datetime
from string import Formatter
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from awards_app.domain.certificate_kinds import DESIGNS, FROM_PHASES, Basis
from awards_app.domain.filed_identifiers import REGISTERS
from awards_app.domain.preset.errors import PresetError
from awards_app.domain.preset.form import AskedIf, Question
from awards_app.domain.preset.values import Grid, Preset
from awards_app.domain.question_kinds import AUDIENCES, CHOICE_KINDS, COLUMN_KINDS, FILE_KINDS, KINDS

LEVELS = ("regional", "national")
OUTCOMES = ("national_entry", "title", "endowment", "nominee", "laureate", "special")
ENDOWMENT_KINDS = ("cash", "in_kind")
WRITTEN_KINDS = ("short_text", "long_text")
LEADS_TO = ("refusal", "correction")
CODED_ROWS = (
    "regions",
    "themes",
    "calendar",
    "retentions",
    "legal_families",
    "criteria",
    "grids",
    "prizes",
    "sections",
    "questions",
    "checklist",
    "reasons",
    "placeholders",
    "messages",
    "certificates",
)


def check_preset(preset: Preset) -> None:
    """Raise PresetError at the first key that breaks a rule."""
    for name in CODED_ROWS:
        _check_codes(name, preset)
    _check_departments(preset)
    _check_calendar(preset)
    _check_rules(preset)
    for place, grid in enumerate(preset.grids):
        _check_grid(preset, grid, f"grids[{place}]")
    _check_prizes(preset)
    for place, section in enumerate(preset.sections):
        _check_asked_if(preset, section.asked_if, f"sections[{place}].asked_if")
    for place, question in enumerate(preset.questions):
        _check_question(preset, question, f"questions[{place}]")
        _check_kind(question, f"questions[{place}]")
        _check_asked_if(preset, question.asked_if, f"questions[{place}].asked_if")
    _check_admissibility(preset)
    _check_messages(preset)
    for place, kind in enumerate(preset.certificates):
        _among(kind.basis, list(Basis), f"certificates[{place}].basis")
        _among(kind.design, list(DESIGNS), f"certificates[{place}].design")
        _among(kind.from_phase, list(FROM_PHASES), f"certificates[{place}].from_phase")


def _check_codes(name: str, preset: Preset) -> None:
    rows = getattr(preset, name)
    if not rows:
        raise PresetError(name, "at least one row is expected")
    seen: set[str] = set()
    for place, row in enumerate(rows):
        if not re.fullmatch(r"[a-z0-9_]+", row.code):
            raise PresetError(f"{name}[{place}].code", f"not a code: {row.code!r}")
        if row.code in seen:
            raise PresetError(f"{name}[{place}].code", f"already used: {row.code}")
        seen.add(row.code)


def _check_departments(preset: Preset) -> None:
    seen: set[str] = set()
    for place, region in enumerate(preset.regions):
        _check_zone(region.zone, f"regions[{place}].zone")
        for rank, department in enumerate(region.departments):
            if department.code in seen:
                raise PresetError(
                    f"regions[{place}].departments[{rank}].code", f"already used: {department.code}"
                )
            seen.add(department.code)


def _check_calendar(preset: Preset) -> None:
    for place, moment in enumerate(preset.calendar):
        if not re.fullmatch(r"\d\d-\d\dT\d\d:\d\d", moment.at):
            raise PresetError(
                f"calendar[{place}].at", f"month-day and hour expected (06-30T23:59): {moment.at!r}"
            )
        try:
            datetime.fromisoformat(f"2023-{moment.at}")
        except ValueError as error:
            raise PresetError(f"calendar[{place}].at", str(error)) from error
        if moment.zone != "region":
            _check_zone(moment.zone, f"calendar[{place}].zone")


def _check_zone(zone: str, key: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise PresetError(key, f"unknown time zone: {zone!r}") from error


def _check_rules(preset: Preset) -> None:
    rules = preset.rules
    _among(rules.region_of, ("head_office", "action"), "rules.region_of")
    _among(rules.ballot, ("open", "secret"), "rules.ballot")
    if not 0 < rules.quorum_numerator <= rules.quorum_denominator:
        raise PresetError("rules.quorum_numerator", "a share above 0 and at most 1 is expected")
    if rules.minimum_readers < 1:
        raise PresetError("rules.minimum_readers", "at least 1 is expected")


def _check_grid(preset: Preset, grid: Grid, key: str) -> None:
    _among(grid.level, LEVELS, f"{key}.level")
    words = {criterion.code: criterion.levels for criterion in preset.criteria}
    for theme in preset.themes:
        if theme.code not in grid.weights:
            raise PresetError(f"{key}.weights.{theme.code}", "missing")
    for theme_code, weights in grid.weights.items():
        theme_key = f"{key}.weights.{theme_code}"
        _among(theme_code, [theme.code for theme in preset.themes], theme_key)
        for criterion, weight in weights.items():
            _among(criterion, words, f"{theme_key}.{criterion}")
            if len(words[criterion]) != grid.top_level + 1:
                raise PresetError(f"criteria.{criterion}.levels", f"{grid.top_level + 1} levels expected")
            if weight < 0:
                raise PresetError(f"{theme_key}.{criterion}", "a weight is never negative")
        if tuple(weights) != grid.criteria:
            raise PresetError(theme_key, "the criteria are those of the other themes, in the same order")
        if sum(weights.values()) != 100:
            raise PresetError(theme_key, f"weights sum to {sum(weights.values())}, 100 expected")


def _check_prizes(preset: Preset) -> None:
    for place, prize in enumerate(preset.prizes):
        key = f"prizes[{place}]"
        _among(prize.level, LEVELS, f"{key}.level")
        _among(prize.outcome, OUTCOMES, f"{key}.outcome")
        if prize.places < 1:
            raise PresetError(f"{key}.places", "at least 1 is expected")
        for rank, line in enumerate(prize.endowments):
            line_key = f"{key}.endowments[{rank}]"
            _among(line.kind, ENDOWMENT_KINDS, f"{line_key}.kind")
            if (line.kind == "cash") != (line.amount is not None):
                raise PresetError(f"{line_key}.amount", "an amount goes with cash, and only with cash")


def _check_question(preset: Preset, question: Question, key: str) -> None:
    _among(question.section, [section.code for section in preset.sections], f"{key}.section")
    _among(question.kind, KINDS, f"{key}.kind")
    _among(question.audience, AUDIENCES, f"{key}.audience")
    if question.theme is not None:
        _among(question.theme, [theme.code for theme in preset.themes], f"{key}.theme")
    if question.criterion is not None:
        _among(question.criterion, [row.code for row in preset.criteria], f"{key}.criterion")
    if (question.kind in WRITTEN_KINDS) != (question.limit is not None):
        raise PresetError(f"{key}.limit", "a limit of signs goes with written answers, and only with them")
    if (question.kind in CHOICE_KINDS) != bool(question.choices):
        raise PresetError(f"{key}.choices", "choices go with questions with choices, and only with them")
    for part in ("accept", "max_mib"):
        if (question.kind in FILE_KINDS) != bool(getattr(question, part)):
            raise PresetError(f"{key}.{part}", "goes with files, and only with them")


def _check_kind(question: Question, key: str) -> None:
    has = KINDS[question.kind].has
    parts = {
        "unit": "unit",
        "min": "bounds",
        "max": "bounds",
        "decimals": "decimals",
        "registers": "registers",
        "columns": "columns",
        "max_rows": "columns",
    }
    for part, name in parts.items():
        if getattr(question, part) and name not in has:
            raise PresetError(f"{key}.{part}", f"does not go with {question.kind}")
    if question.max_count and "count" not in has and question.kind not in FILE_KINDS:
        raise PresetError(f"{key}.max_count", f"does not go with {question.kind}")
    for part in ("min", "max"):
        if not re.fullmatch(r"(-?[0-9]+(\.[0-9]+)?)?", getattr(question, part)):
            raise PresetError(f"{key}.{part}", "a number written as text is expected")
    for register in question.registers:
        _among(register, REGISTERS, f"{key}.registers")
    if ("columns" in has) != bool(question.columns):
        raise PresetError(f"{key}.columns", "columns go with tables, and only with them")
    for rank, column in enumerate(question.columns):
        _among(column.kind, COLUMN_KINDS, f"{key}.columns[{rank}].kind")


def _check_asked_if(preset: Preset, asked_if: AskedIf | None, key: str) -> None:
    if asked_if is None:
        return
    controlling = next((q for q in preset.questions if q.code == asked_if.question), None)
    if controlling is None:
        raise PresetError(f"{key}.question", f"unknown: {asked_if.question!r}")
    codes = {choice.code for choice in controlling.choices} | {"yes", "no", "y"}
    for code in asked_if.one_of:
        _among(code, codes, f"{key}.one_of")


def _check_admissibility(preset: Preset) -> None:
    for place, item in enumerate(preset.checklist):
        _among(item.reason, [reason.code for reason in preset.reasons], f"checklist[{place}].reason")
    for place, reason in enumerate(preset.reasons):
        _among(reason.leads_to, LEADS_TO, f"reasons[{place}].leads_to")
        _check_placeholders(preset, reason.wording, f"reasons[{place}].wording")


def _check_messages(preset: Preset) -> None:
    for place, message in enumerate(preset.messages):
        for part in ("subject", "body"):
            _check_placeholders(preset, getattr(message, part), f"messages[{place}].{part}")


def _check_placeholders(preset: Preset, text: str, key: str) -> None:
    known = [placeholder.code for placeholder in preset.placeholders]
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise PresetError(key, str(error)) from error
    for _before, name, _spec, _conversion in parts:
        if name is not None:
            _among(name, known, key)


def _among(value: str, known: Iterable[str], key: str) -> None:
    if value not in known:
        raise PresetError(key, f"unknown: {value!r}")
