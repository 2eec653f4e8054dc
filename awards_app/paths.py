"""Where the folders beside the package are."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent
TEMPLATES = ROOT / "templates"
MIGRATIONS = ROOT / "migrations"
PRESETS = PACKAGE / "presets"
REAL_DATA = PACKAGE / "data"
