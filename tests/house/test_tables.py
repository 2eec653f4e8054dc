"""A table stays a table: the word of its kind is no component that lays itself out otherwise."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_no_kind_of_table_is_a_component_with_a_layout_of_its_own() -> None:
    pages = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "templates").rglob("*.html"))]
    sheets = [
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "awards_app" / "static" / "css").glob("*.css"))
    ]
    named = re.findall(r"call data_table\([^%]*kind=\"([^\"]+)\"", "\n".join(pages))
    kinds = {kind for kind_words in named for kind in kind_words.split()}
    laid_out = set(re.findall(r"^\s*\.([\w-]+) \{[^}]*display:", "\n".join(sheets), re.MULTILINE))

    assert "dense" in kinds
    assert kinds & laid_out == set()
