"""The page of a structure's record: its form, what is missing, what the register said, what somebody else wrote meanwhile."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from awards_app.domain.legal_categories import PLAIN_COMPANY, category_label
from awards_app.domain.refusals import InputIsInvalid
from awards_app.domain.register import Offer, offers
from awards_app.domain.structures import RecordHasChanged, department_of_postcode, lacking
from awards_app.queries.editions import current_edition
from awards_app.queries.register import Reading, latest_of
from awards_app.queries.structures import DepartmentFacts, StructureRecord, departments, typed_record
from awards_app.web.structure.forms import StructureForm

# What the page before the account hands over, by the name it has in the address.
HANDED_OVER = {
    "famille": "legal_family",
    "creation": "founded_on",
    "departement": "department",
    "numero": "identifier",
}
IDENTIFIERS = ("siren", "siret", "rna", "court_register")


def new_form() -> StructureForm:
    """Return the form of a new structure, filled with what was answered before the account."""
    form = _with_choices(StructureForm())
    if request.method == "GET":
        for asked, name in HANDED_OVER.items():
            form[name].data = request.args.get(asked, "")[:200]
    return form


def form_of(record: StructureRecord) -> StructureForm:
    """Return the form of a record: as it stands on GET, as it was typed on POST."""
    form = _with_choices(StructureForm())
    _keep_other_form(form, record.legal_form)
    if request.method == "GET":
        for name, value in typed_record(record).items():
            if name in form:
                form[name].data = value
        form.identifier.data = record.identifier
        form.version.data = str(record.version)
        if record.department == department_of_postcode(record.postcode):
            form.department.data = ""
        if record.region_code == form.regions_of_departments.get(record.department):
            form.region_code.data = ""
    return form


def values_of(form: StructureForm) -> dict[str, Any]:
    """Return what was typed, by field."""
    return {field.name: field.data for field in form if field.name not in ("csrf_token", "version")}


def read_version() -> int | None:
    """Return the version of the record that the person read, None when the page did not say."""
    typed = request.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def attach_errors(form: Any, refusal: InputIsInvalid) -> None:
    """Put each sentence of a refusal beside its field."""
    for name, sentence in refusal.errors.items():
        if name in form:
            form[name].errors = [_(sentence)]


def new_page(form: StructureForm, *, reading: Reading | None = None, taken: int = 0) -> str:
    """Return the page on which a structure is registered."""
    return render_template(
        "structure/record.html",
        form=form,
        record=None,
        missing=[],
        theirs=[],
        said=said_view(reading, values_of(form), form) if reading else None,
        taken=taken,
        has_register=has_register(),
    )


def record_page(
    record: StructureRecord, form: StructureForm, *, changed: RecordHasChanged | None = None
) -> str:
    """Return the page of a record; after `RecordHasChanged`, with both texts of each field that differs."""
    reading = latest_of(record.id) if has_register() else None
    typed = typed_record(record)
    columns = {name: getattr(record, name) for name in StructureRecord.__slots__}
    return render_template(
        "structure/record.html",
        form=form,
        record=record,
        missing=[(f"#{field}", _(sentence)) for field, sentence in lacking(columns).items()],
        theirs=_both_texts(form, changed) if changed else [],
        said=said_view(reading, typed, form) if reading else None,
        taken=0,
        has_register=has_register(),
    )


def has_register() -> bool:
    """Say whether the platform may ask the public register."""
    return bool(current_app.config.get("AWARDS_REGISTER_URL"))


def said_view(reading: Reading, typed: Mapping[str, Any], form: StructureForm) -> dict[str, Any]:
    """Return what the register said as the page shows it: the offers, with what stands in the record beside each."""
    view: dict[str, Any] = {"outcome": reading.outcome, "at": reading.answered_at, "lines": [], "notes": []}
    if reading.facts is None:
        return view
    view["lines"] = [
        {"field": offer.field, "label": form[offer.field].label.text, "differs": offer.differs}
        | {name: _in_words(form, offer.field, getattr(offer, name)) for name in ("said", "now")}
        for offer in offers(reading.facts, {name: str(value or "") for name, value in typed.items()})
    ]
    label = category_label(reading.facts.form_code)
    if label:
        note = _(
            "Forme juridique au registre : %(label)s (code %(code)s).",
            label=_(label),
            code=reading.facts.form_code,
        )
        if reading.facts.form_code in PLAIN_COMPANY:
            note += " " + _("Une Scop ou une Scic peut porter ce code : c’est votre réponse qui compte.")
        view["notes"].append(note)
    if reading.facts.is_open is False:
        view["notes"].append(_("Le registre indique que cette structure a cessé son activité."))
    if reading.facts.is_ess:
        view["notes"].append(
            _("Le registre la compte parmi les structures de l’économie sociale et solidaire.")
        )
    return view


def take_offers(form: StructureForm, reading: Reading, fields: Collection[str]) -> int:
    """Write into the form what the person confirmed of what the register says; return how many fields."""
    if reading.facts is None:
        return 0
    typed = {name: str(value or "") for name, value in values_of(form).items()}
    taken: list[Offer] = [offer for offer in offers(reading.facts, typed) if offer.field in fields]
    for offer in taken:
        form[offer.field].data = offer.said
    return len(taken)


def _in_words(form: StructureForm, field: str, value: str) -> str:
    if field == "legal_form":
        return str(
            {code: label for group in form.legal_form.choices.values() for code, label in group}.get(
                value, value
            )
        )
    if field in ("legal_family", "region_code", "department"):
        labels = {choice.value: choice.label for choice in form[field].choices if choice.value}
        return str(labels.get(value, value))
    return value


def _both_texts(form: StructureForm, changed: RecordHasChanged) -> list[dict[str, str]]:
    """Return, for each field that differs, what the person typed and what somebody else saved meanwhile."""
    lines: list[dict[str, str]] = []
    for name, value in changed.theirs.items():
        field = "identifier" if name in IDENTIFIERS else name
        if any(line["field"] == field for line in lines):
            continue
        if name == "founded_on":
            shown = f"{value:%d/%m/%Y}" if value else ""
        elif name == "is_esus":
            shown = _("oui") if value else _("non")
        else:
            shown = _in_words(form, field, str(value or ""))
        yours = form[field].data
        mine = (
            (_("oui") if yours else _("non"))
            if name == "is_esus"
            else _in_words(form, field, str(yours or ""))
        )
        lines.append({"field": field, "label": form[field].label.text, "yours": mine, "theirs": shown})
    return lines


def _with_choices(form: StructureForm) -> StructureForm:
    edition = current_edition()
    rules = edition.rules if edition else {}
    families = rules.get("legal_families", [])
    known = departments()
    form.regions_of_departments = {one.code: one.region_code for one in known}
    form.legal_family.choices = [
        SelectChoice("", _("Choisissez…")),
        *(SelectChoice(family["code"], family["label"]) for family in families),
    ]
    form.legal_form.choices = {
        "": [("", _("Je ne sais pas"))],
        **{f["label"]: [(x["code"], x["label"]) for x in f["forms"]] for f in families if f.get("forms")},
    }
    form.department.choices = [
        SelectChoice("", _("Celui du code postal")),
        *(SelectChoice(one.code, f"{one.code} — {one.name}") for one in known),
    ]
    form.region_code.choices = [
        SelectChoice("", _("Celle du département")),
        *(SelectChoice(code, name) for code, name in _regions(known)),
    ]
    if rules.get("region_of") == "action":
        form.region_code.label.text = _("Région de l’action")
    return form


def _keep_other_form(form: StructureForm, legal_form: str) -> None:
    """Let a legal form that is none of the edition's (an import's, an earlier edition's) stay as it is."""
    groups = form.legal_form.choices
    if legal_form and all(code != legal_form for group in groups.values() for code, _label in group):
        groups[""] = [*groups[""], (legal_form, legal_form)]


def _regions(known: Collection[DepartmentFacts]) -> list[tuple[str, str]]:
    found = {one.region_code: one.region_name for one in known}
    return sorted(found.items(), key=lambda item: item[1])
