"""All tables, so that metadata is whole whoever imports one of them."""

from awards_app.models import (
    accounts,
    answer_history,
    candidacies,
    certificates,
    deadlines,
    deliberations,
    editions,
    forms,
    honours,
    journal,
    juries,
    messages,
    presence,
    scoring,
    structures,
)

__all__ = [
    "accounts",
    "answer_history",
    "candidacies",
    "certificates",
    "deadlines",
    "deliberations",
    "editions",
    "forms",
    "honours",
    "journal",
    "juries",
    "messages",
    "presence",
    "scoring",
    "structures",
]
