"""The five questions before the account, read from the address; nothing is kept of them."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from awards_app.domain.eligibility import NO, YES, Rule, Rules, Situation, excluded_years
from awards_app.domain.identifiers import recognise
from awards_app.domain.numbers_fr import DateIsInvalid, parse_date
from awards_app.domain.refusals import Refusal
from awards_app.queries.editions import ThemeFacts
from awards_app.queries.structures import DepartmentFacts
from awards_app.web.phrases import sentence_of

FIELDS = ("famille", "creation", "departement", "laureate", "candidature", "thematique", "numero")
LONGEST = 200


class EligibilityForm(Form):
    """Every answer may be left out: what is not said is simply not looked at."""

    famille = RadioField(_l("1. Quelle est la famille juridique de la structure ?"), validate_choice=False)
    creation = StringField(
        _l("2. Quand a-t-elle été créée ?"), render_kw={"inputmode": "numeric", "placeholder": "jj/mm/aaaa"}
    )
    departement = SelectField(_l("3. Dans quel département est-elle ?"), validate_choice=False)
    laureate = RadioField(_l("4. A-t-elle déjà été lauréate récemment ?"), validate_choice=False)
    candidature = RadioField(_l("A-t-elle déjà une candidature cette année ?"), validate_choice=False)
    thematique = RadioField(_l("De quelle thématique l’initiative relève-t-elle ?"), validate_choice=False)
    numero = StringField(_l("Un numéro qui identifie la structure"), [Optional()])


def eligibility_form(
    asked: MultiDict[str, str],
    rules: Rules,
    themes: tuple[ThemeFacts, ...],
    departments: tuple[DepartmentFacts, ...],
) -> EligibilityForm:
    """Return the form with the edition's own choices and what the address holds."""
    form = EligibilityForm(MultiDict({name: asked.get(name, "")[:LONGEST] for name in FIELDS}))
    unsure = SelectChoice("", _("Je ne sais pas"))
    form.famille.choices = [
        *(SelectChoice(code, family["label"]) for code, family in rules.families.items()),
        unsure,
    ]
    form.departement.choices = [
        SelectChoice("", _("Choisissez…")),
        *(SelectChoice(one.code, f"{one.code} — {one.name}") for one in departments),
    ]
    for name in ("laureate", "candidature"):
        form[name].choices = [SelectChoice(NO, _("Non")), SelectChoice(YES, _("Oui")), unsure]
    form.thematique.choices = [
        *(SelectChoice(theme.code, theme.name) for theme in themes),
        SelectChoice("", _("Je ne sais pas encore")),
    ]
    years = [str(year) for year in excluded_years(rules)]
    if years:
        named = (
            years[0]
            if len(years) == 1
            else _("%(years)s ou %(last)s", years=", ".join(years[:-1]), last=years[-1])
        )
        form.laureate.label.text = _("4. A-t-elle été lauréate en %(years)s ?", years=named)
    for name in ("creation", "numero"):
        problem = _problem(name, form[name].data)
        form[name].errors = [problem] if problem else []
    return form


def situation_of(form: EligibilityForm, region_takes_part: bool | None) -> Situation:
    """Return what the answers say; a date or a number that cannot be read counts as not given or in doubt."""
    typed = (form.numero.data or "").strip()
    return Situation(
        legal_family=form.famille.data or "",
        founded_on=_date(form.creation.data),
        department=form.departement.data or "",
        region_takes_part=region_takes_part,
        was_laureate=_yes_or_no(form.laureate.data),
        has_candidacy=_yes_or_no(form.candidature.data),
        has_identifier=(not form.numero.errors) if typed else None,
    )


def answers_of(form: EligibilityForm) -> dict[str, str]:
    """Return the answers that were given, as an address carries them."""
    return {name: form[name].data.strip() for name in FIELDS if (form[name].data or "").strip()}


def unread_answers(form: EligibilityForm) -> dict[Rule, str]:
    """Return what is wrong with the answers that could not be read, by the rule that needed them."""
    read_for = {Rule.AGE: form.creation, Rule.IDENTIFIER: form.numero}
    return {rule: field.errors[0] for rule, field in read_for.items() if field.errors}


def siren_of_answers(form: EligibilityForm) -> str:
    """Return the SIREN that was typed, blank for another number."""
    typed = (form.numero.data or "").strip()
    if not typed or form.numero.errors:
        return ""
    found = recognise(typed)
    return found.value[:9] if found.kind.value in ("siren", "siret") else ""


def _yes_or_no(answer: str | None) -> bool | None:
    return {YES: True, NO: False}.get(answer or "")


def _date(typed: str | None) -> date | None:
    try:
        return parse_date(typed or "")
    except DateIsInvalid:
        return None


def _problem(name: str, typed: str | None) -> str | None:
    if not (typed or "").strip():
        return None
    try:
        parse_date(typed or "") if name == "creation" else recognise(typed or "")
    except Refusal as refusal:
        return sentence_of(refusal)
    return None
