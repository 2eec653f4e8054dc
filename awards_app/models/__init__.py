"""All tables, so that metadata is whole whoever imports one of them."""

from awards_app.models import (
    accounts,
    candidacies,
    certificates,
    deliberations,
    editions,
    honours,
    journal,
    juries,
    messages,
    scoring,
    structures,
)

__all__ = [
    "accounts",
    "candidacies",
    "certificates",
    "deliberations",
    "editions",
    "honours",
    "journal",
    "juries",
    "messages",
    "scoring",
    "structures",
]
