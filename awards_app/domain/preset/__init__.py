"""The preset of an edition: everything that is data, read from files and checked."""

from awards_app.domain.preset.errors import PresetError
from awards_app.domain.preset.form import CheckItem, Choice, Message, Placeholder, Question, Reason, Section
from awards_app.domain.preset.reading import load_preset, parse_preset
from awards_app.domain.preset.values import (
    CertificateKind,
    Criterion,
    Department,
    Endowment,
    Grid,
    LegalFamily,
    LegalForm,
    Moment,
    Preset,
    Prize,
    Region,
    Retention,
    Rules,
    Theme,
)

__all__ = [
    "CertificateKind",
    "CheckItem",
    "Choice",
    "Criterion",
    "Department",
    "Endowment",
    "Grid",
    "LegalFamily",
    "LegalForm",
    "Message",
    "Moment",
    "Placeholder",
    "Preset",
    "PresetError",
    "Prize",
    "Question",
    "Reason",
    "Region",
    "Retention",
    "Rules",
    "Section",
    "Theme",
    "load_preset",
    "parse_preset",
]
