"""Reads a PDF back with another library than the one that wrote it."""

import re
from io import BytesIO
from typing import Any

import pikepdf


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(content))


def elements(pdf: pikepdf.Pdf) -> list[Any]:
    """Return the structure elements of a PDF in reading order."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append(node)
            kids = node.get("/K", pikepdf.Array())
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                walk(kid)

    for child in pdf.Root.StructTreeRoot.K:
        walk(child)
    return found


def fonts(pdf: pikepdf.Pdf) -> dict[str, bool]:
    """Return the fonts of a PDF by family, and whether each is embedded."""
    found = {}
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor":
            family = str(thing.FontName).partition("+")[2]
            found[family] = any(key in thing for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    return found


def words(pdf: pikepdf.Pdf, page: int = 0) -> str:
    """Return what a text extractor reads on a page: the glyphs of each run through its font's ToUnicode map."""
    page_fonts = pdf.pages[page].Resources.Font
    maps = {str(name): _unicode_map(font) for name, font in page_fonts.items()}
    current, read = "", []
    for instruction in pikepdf.parse_content_stream(pdf.pages[page]):
        operator = str(instruction.operator)
        if operator == "Tf":
            current = str(instruction.operands[0])
        if operator == "TJ":
            runs = (bytes(part) for part in instruction.operands[0] if isinstance(part, pikepdf.String))
            read.append("".join(_decoded(run, maps[current]) for run in runs))
    return "\n".join(read)


def _decoded(run: bytes, glyphs: dict[int, str]) -> str:
    return "".join(glyphs[int.from_bytes(run[place : place + 2])] for place in range(0, len(run), 2))


def _unicode_map(font: Any) -> dict[int, str]:
    table = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = re.findall(r"^\s*<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]*)>\s*$", table, re.MULTILINE)
    return {int(glyph, 16): bytes.fromhex(text).decode("utf-16-be") for glyph, text in pairs}
