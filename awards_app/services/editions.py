"""Making an edition from a preset: every row of it, none in code."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from awards_app.database import atomic, db
from awards_app.domain.deadlines import resolve
from awards_app.domain.holder import SCHEDULER, Holder
from awards_app.domain.preset import Preset
from awards_app.domain.preset import Region as PresetRegion
from awards_app.domain.preset.form import AskedIf, Question
from awards_app.domain.refusals import Refusal
from awards_app.domain.text import slugify
from awards_app.domain.words import N_
from awards_app.models.editions import (
    Criterion,
    CriterionLevel,
    CriterionWeight,
    Department,
    Edition,
    EndowmentLine,
    FormQuestion,
    FormSection,
    Prize,
    Region,
    Round,
    Theme,
    Wording,
)
from awards_app.models.honours import EditionRecord
from awards_app.services.certificate_kinds import add_kinds
from awards_app.services.journal import write_entry

PARIS = "Europe/Paris"


class EditionExists(Refusal):
    """There is one edition a year."""

    sentence = N_("L’édition %(year)s existe déjà.")


def create_edition(
    preset: Preset,
    year: int,
    now: datetime,
    *,
    holder: Holder = SCHEDULER,
    is_current: bool = True,
) -> int:
    """Make the edition of ``year`` with all its rows and return its identifier.

    Regions are shared by editions: they are added when missing and kept as they are. Raises `EditionExists`.
    """
    with atomic() as session:
        if session.scalar(select(Edition.id).where(Edition.year == year)) is not None:
            raise EditionExists(year=year)
        make_regions(preset)
        edition = Edition(
            year=year,
            number=_number_of(year),
            name=f"{preset.name} {year}",
            preset=preset.code,
            created_at=now,
            rules=_rules(preset, year),
            is_current=is_current,
        )
        session.add(edition)
        session.flush()
        themes = _add_themes(preset, edition.id)
        _add_grids(preset, edition.id, themes)
        _add_prizes(preset, edition.id)
        add_kinds(edition.id)
        _add_form(preset, edition.id)
        _add_wordings(preset, edition.id)
        _add_rounds(preset, edition.id, year)
        session.flush()
        write_entry(holder, "create_edition", "edition", edition.key, now, detail={"year": year})
        return edition.id


def make_regions(preset: Preset) -> None:
    """Add the preset's regions and departments that are not there yet."""
    with atomic() as session:
        known = set(session.scalars(select(Region.code)))
        for position, region in enumerate(preset.regions):
            if region.code in known:
                continue
            session.add(
                Region(
                    code=region.code,
                    name=region.name,
                    located=region.located,
                    chamber=region.chamber,
                    zone=region.zone,
                    slug=slugify(region.name),
                    position=position,
                )
            )
            session.flush()
            session.add_all(
                Department(code=department.code, name=department.name, region_code=region.code)
                for department in region.departments
            )


def _number_of(year: int) -> int:
    """Count on from the last edition on record; the prize began in 2015."""
    row = db.session.execute(
        select(EditionRecord.year, EditionRecord.number)
        .where(EditionRecord.year < year, EditionRecord.number.is_not(None))
        .order_by(EditionRecord.year.desc())
        .limit(1)
    ).one_or_none()
    latest = db.session.scalar(select(func.max(Edition.number)).where(Edition.year < year))
    from_records = row.number + (year - row.year) if row else year - 2014
    return max(from_records, (latest or 0) + 1)


def _rules(preset: Preset, year: int) -> dict[str, object]:
    rules: dict[str, object] = asdict(preset.rules)
    rules["grids"] = {
        grid.level: {"top_level": grid.top_level, "shown_out_of": grid.shown_out_of} for grid in preset.grids
    }
    rules["legal_families"] = [asdict(family) for family in preset.legal_families]
    rules["retentions"] = [asdict(retention) for retention in preset.retentions]
    rules["calendar"] = [
        {
            "code": moment.code,
            "label": moment.label,
            "local": moment.local(year).isoformat(timespec="minutes"),
            "zone": moment.zone,
        }
        for moment in preset.calendar
    ]
    return rules


def _add_themes(preset: Preset, edition_id: int) -> dict[str, int]:
    rows = [
        Theme(
            edition_id=edition_id,
            code=theme.code,
            name=theme.name,
            description=theme.description,
            colour=theme.colour,
            position=position,
        )
        for position, theme in enumerate(preset.themes)
    ]
    db.session.add_all(rows)
    db.session.flush()
    return {row.code: row.id for row in rows}


def _add_grids(preset: Preset, edition_id: int, themes: dict[str, int]) -> None:
    for grid in preset.grids:
        for position, criterion in enumerate(preset.criteria_of(grid)):
            row = Criterion(
                edition_id=edition_id,
                level=grid.level,
                code=criterion.code,
                name=criterion.name,
                question=criterion.question,
                position=position,
            )
            db.session.add(row)
            db.session.flush()
            db.session.add_all(
                CriterionWeight(
                    criterion_id=row.id, theme_id=theme_id, weight=grid.weights[code][criterion.code]
                )
                for code, theme_id in themes.items()
            )
            db.session.add_all(
                CriterionLevel(criterion_id=row.id, value=value, words=words)
                for value, words in enumerate(criterion.levels)
            )


def _add_prizes(preset: Preset, edition_id: int) -> None:
    for position, prize in enumerate(preset.prizes):
        row = Prize(
            edition_id=edition_id,
            level=prize.level,
            code=prize.code,
            name=prize.name,
            outcome=prize.outcome,
            places=prize.places,
            per_theme=prize.per_theme,
            position=position,
        )
        db.session.add(row)
        db.session.flush()
        db.session.add_all(
            EndowmentLine(
                prize_id=row.id,
                amount=line.amount,
                currency=line.currency,
                kind=line.kind,
                funder=line.funder,
                note=line.note or line.label,
            )
            for line in prize.endowments
        )


def _add_form(preset: Preset, edition_id: int) -> None:
    sections: dict[str, int] = {}
    for position, section in enumerate(preset.sections):
        row = FormSection(
            edition_id=edition_id,
            code=section.code,
            title=section.title,
            lead=section.introduction,
            position=position,
            theme_code=section.theme,
            condition=_condition(section.asked_if),
        )
        db.session.add(row)
        db.session.flush()
        sections[section.code] = row.id
    db.session.add_all(
        FormQuestion(
            edition_id=edition_id,
            section_id=sections[question.section],
            code=question.code,
            kind=question.kind,
            label=question.label,
            help=question.help,
            example=question.example,
            limit=question.limit,
            unit=question.unit,
            choices=[asdict(choice) for choice in question.choices],
            accepts=list(question.accept),
            max_mib=question.max_mib,
            max_count=question.max_count,
            required=question.required,
            theme_code=question.theme,
            audience="staff" if question.administrative else question.audience,
            criterion_code=question.criterion,
            position=position,
            settings=_settings(question),
            condition=_condition(question.asked_if),
        )
        for position, question in enumerate(preset.questions)
    )


def _settings(question: Question) -> dict[str, Any] | None:
    """Return what only the kind of a question has; None when it has nothing."""
    given: dict[str, Any] = {
        "min": question.min,
        "max": question.max,
        "decimals": question.decimals,
        "registers": list(question.registers),
        "columns": [asdict(column) for column in question.columns],
        "max_rows": question.max_rows,
    }
    return {name: value for name, value in given.items() if value not in (None, "", [])} or None


def _condition(asked_if: AskedIf | None) -> dict[str, Any] | None:
    return {"question": asked_if.question, "one_of": list(asked_if.one_of)} if asked_if else None


def _add_wordings(preset: Preset, edition_id: int) -> None:
    kinds = (
        ("admissibility_rule", [(item.code, item.label, item.help) for item in preset.checklist]),
        ("admissibility_reason", [(reason.code, reason.label, reason.wording) for reason in preset.reasons]),
        ("message", [(message.code, message.subject, message.body) for message in preset.messages]),
    )
    for kind, lines in kinds:
        db.session.add_all(
            Wording(edition_id=edition_id, kind=kind, code=code, title=title, body=body, position=position)
            for position, (code, title, body) in enumerate(lines)
        )


def _add_rounds(preset: Preset, edition_id: int, year: int) -> None:
    moments = {moment.code: moment for moment in preset.calendar}

    def reading(code: str, zone: str) -> tuple[str, str]:
        moment = moments[code]
        return moment.local(year).isoformat(timespec="minutes"), moment.zone_for(zone)

    def instant(code: str, zone: str) -> datetime:
        local, where = reading(code, zone)
        return resolve(datetime.fromisoformat(local), where).at

    def round_of(region: PresetRegion | None) -> Round:
        zone = region.zone if region else PARIS
        level = "regional" if region else "national"
        row = Round(
            edition_id=edition_id,
            region_code=region.code if region else None,
            # The national round has no call of its own: it begins by receiving what the regions send.
            phase="P0" if region else "P2",
            zone=zone,
            scoring_closes_local=reading(f"{level}_jury_closes", zone)[0],
            scoring_closes_at=instant(f"{level}_jury_closes", zone) + timedelta(minutes=1),
            embargo_local=reading(f"{level}_embargo", zone)[0],
            embargo_at=instant(f"{level}_embargo", zone),
        )
        if region:
            row.opens_local, row.opens_at = reading("call_opens", zone)[0], instant("call_opens", zone)
            row.closes_local = reading("call_closes", zone)[0]
            row.closes_at = instant("call_closes", zone) + timedelta(minutes=1)
        return row

    db.session.add(round_of(None))
    db.session.add_all(round_of(region) for region in preset.regions)
