"""Signing minutes and adding to them: the forms that the jury's pages and the coordination's share, and what they do."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, TextAreaField

from awards_app.domain.holder import Holder
from awards_app.domain.refusals import InputIsInvalid
from awards_app.domain.signatures import ADDENDUM_LIMIT, ROLES
from awards_app.queries.signatures import SignedMinutes
from awards_app.services.signatures import add_to_minutes, sign_minutes
from awards_app.web.phrases import sentence_of


class SignatureForm(FlaskForm):
    """Who signs says again who they are."""

    role = HiddenField()
    password = PasswordField(_l("Votre mot de passe"))


class AddendumForm(FlaskForm):
    """What an addendum corrects."""

    body = TextAreaField(_l("Ce qui est corrigé ou complété"))


def signed(holder: Holder, round_key: str, form: SignatureForm, now: datetime) -> bool:
    """Sign with what the form holds; False with the sentence on its field when the proof is missing."""
    try:
        sign_minutes(holder, round_key, form.role.data or "", form.password.data or "", now)
    except InputIsInvalid as refusal:
        form.password.errors = [sentence_of(refusal)]
        return False
    flash(_("Le procès-verbal est signé."), "success")
    return True


def added(holder: Holder, round_key: str, form: AddendumForm, now: datetime) -> bool:
    """Write the addendum of the form; False with the sentence on its field when it says nothing or too much."""
    try:
        add_to_minutes(holder, round_key, form.body.data or "", now)
    except InputIsInvalid as refusal:
        form.body.errors = [sentence_of(refusal)]
        return False
    flash(_("L’additif est joint au procès-verbal."), "success")
    return True


def page_values(
    minutes: SignedMinutes,
    sign_form: SignatureForm,
    addendum_form: AddendumForm,
    addresses: dict[str, Any],
    addendum_href: Callable[[str], str],
) -> dict[str, Any]:
    """Return what the page of signatures shows, for either audience."""
    given = {line.role: line for line in minutes.signatures}
    return {
        "minutes": minutes,
        "lines": [(_(words), given.get(role)) for role, words in ROLES.items()],
        "to_sign": [(role, _(ROLES[role])) for role in minutes.to_sign],
        "sign_form": sign_form,
        "addendum_form": addendum_form,
        "limit": ADDENDUM_LIMIT,
        "roles": {role: _(words) for role, words in ROLES.items()},
        "addendum_href": addendum_href,
        **addresses,
    }
