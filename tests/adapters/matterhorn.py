"""Reads a PDF against the conditions of the Matterhorn Protocol 1.1 that a machine can check, and a few of PDF/A-2.

Not the validator of `test_pdf_conformity`, which is another's: written apart from the printer, from the text of the
protocol, each fault under its number there (« A- » for those of ISO 19005-2). What asks for a person's eye is not here.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pikepdf

from tests.adapters.paper_reading import elements, opened

UA = "{http://www.aiim.org/pdfua/ns/id/}"
A = "{http://www.aiim.org/pdfa/ns/id/}"
DC = "{http://purl.org/dc/elements/1.1/}"
PAINTS = frozenset(["S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Tj", "TJ", "'", '"', "Do", "sh"])
STANDARD = frozenset(
    [
        "Document",
        "Part",
        "Art",
        "Sect",
        "Div",
        "BlockQuote",
        "Caption",
        "TOC",
        "TOCI",
        "Index",
        "NonStruct",
        "Private",
        "P",
        "H",
        "H1",
        "H2",
        "H3",
        "H4",
        "H5",
        "H6",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "Table",
        "TR",
        "TH",
        "TD",
        "THead",
        "TBody",
        "TFoot",
        "Span",
        "Quote",
        "Note",
        "Reference",
        "BibEntry",
        "Code",
        "Link",
        "Annot",
        "Ruby",
        "Warichu",
        "Figure",
        "Formula",
        "Form",
    ]
)
PARENTS = {
    "LI": {"L"},
    "LBody": {"LI"},
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "TH": {"TR"},
    "TD": {"TR"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "TFoot": {"Table"},
    "TOCI": {"TOC"},
}
ALLOWED_ACTIONS = {"/URI", "/GoTo"}
_RULES: list[Callable[[pikepdf.Pdf], Iterator[str]]] = []
Faults = Iterator[str]


def faults(content: bytes) -> list[str]:
    """Return the conditions that a PDF does not meet, by their number and what is wrong."""
    with opened(content) as pdf:
        return [fault for rule in _RULES for fault in rule(pdf)]


def rule(check: Callable[[pikepdf.Pdf], Faults]) -> Callable[[pikepdf.Pdf], Faults]:
    _RULES.append(check)
    return check


@rule
def document(pdf: pikepdf.Pdf) -> Faults:
    root, metadata = pdf.Root, pdf.open_metadata()
    mark = root.get("/MarkInfo", {})
    if not mark.get("/Marked", False):
        yield "06-03 not said to be tagged"
    if mark.get("/Suspects", False):
        yield "04-01 suspects"
    if "/Metadata" not in root:
        yield "06-01 no metadata"
    if metadata.get(UA + "part") != "1":
        yield "06-02 no claim of PDF/UA"
    if not metadata.get(DC + "title"):
        yield "06-03 no title in the metadata"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "07-01 the title is not displayed"
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", str(root.get("/Lang", ""))):
        yield "11-06 no language"
    if pdf.is_encrypted:
        yield "26-01 encrypted"
    if "/XFA" in root.get("/AcroForm", {}):
        yield "25-01 XFA"
    if len(pdf.trailer.get("/ID", ())) != 2:
        yield "A-6.1.3 no identifier"
    if (metadata.get(A + "part"), metadata.get(A + "conformance")) != ("2", "A"):
        yield "A-6.6.4 no claim of PDF/A-2a"
    if "/Filter" in root.Metadata:
        yield "A-6.6.2 metadata are compressed"
    if pdf.attachments:
        yield "A-6.8 attachments"


@rule
def colours(pdf: pikepdf.Pdf) -> Faults:
    intents = pdf.Root.get("/OutputIntents", ())
    if [str(one.get("/S")) for one in intents] != ["/GTS_PDFA1"]:
        yield "A-6.2.3 no output intent"
    for intent in intents:
        if intent.DestOutputProfile.read_bytes()[36:40] != b"acsp" or int(intent.DestOutputProfile.N) != 3:
            yield "A-6.2.3 no profile of three colours"
    for thing in dictionaries(pdf):
        if thing.get("/Interpolate", False):
            yield "A-6.2.8 a picture is smoothed"
        if thing.get("/Type") == "/ExtGState" and str(thing.get("/BM", "/Normal")) not in (
            "/Normal",
            "/Multiply",
        ):
            yield "A-6.2.10 a way to blend"
        if "/TR" in thing and thing.get("/Type") == "/ExtGState":
            yield "A-6.2.5 a transfer function"
    for number, page in enumerate(pdf.pages):
        group = page.get("/Group", {})
        if group.get("/S") == "/Transparency" and "/CS" not in group and not intents:
            yield f"A-6.2.10 page {number}: transparency without colours"


@rule
def actions(pdf: pikepdf.Pdf) -> Faults:
    if "/JavaScript" in pdf.Root.get("/Names", {}) or "/AA" in pdf.Root:
        yield "A-6.5.2 script of the document"
    for thing in dictionaries(pdf):
        is_action = "/URI" in thing or "/JS" in thing or thing.get("/Type") == "/Action"
        if is_action and str(thing.get("/S", "")) not in ALLOWED_ACTIONS:
            yield f"A-6.5.1 action {thing.get('/S')}"
        if "/AA" in thing:
            yield "A-6.5.2 additional actions"


@rule
def structure(pdf: pikepdf.Pdf) -> Faults:
    roles = pdf.Root.StructTreeRoot.get("/RoleMap", {})
    levels: list[int] = []
    for one in elements(pdf):
        name = str(one.S).removeprefix("/")
        if name not in STANDARD and f"/{name}" not in roles:
            yield f"02-01 {name} is no type"
        if f"/{name}" in roles and name in STANDARD:
            yield f"02-04 {name} is remapped"
        above = str(one.P.get("/S", "/StructTreeRoot")).removeprefix("/")
        if name in PARENTS and above not in PARENTS[name]:
            yield f"09-04 {name} in {above}"
        if name in ("Figure", "Formula") and not (
            str(one.get("/Alt", "")) or str(one.get("/ActualText", ""))
        ):
            yield "13-04 a figure without description"
        if name == "TH" and str(one.get("/A", {}).get("/Scope", "")) not in ("/Row", "/Column", "/Both"):
            yield "15-03 a header that heads nothing"
        if name == "Note" and "/ID" not in one:
            yield "19-03 a note without a name"
        if re.fullmatch(r"H[1-6]", name):
            levels.append(int(name[1]))
        if name == "H":
            yield "14-07 both ways of headings"
    if levels and levels[0] != 1:
        yield f"14-02 the first heading is {levels[0]}"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"14-03 from heading {before} to {after}"


@rule
def contents(pdf: pikepdf.Pdf) -> Faults:
    """Everything drawn is an artifact or hangs from the tree, and from no two places."""
    parents, reached = parent_tree(pdf), {one.objgen for one in elements(pdf)}
    for number, page in enumerate(pdf.pages):
        owners = parents.get(int(page.get("/StructParents", -1)))
        if owners is None:
            yield f"01-05 page {number} is in no tree"
            continue
        open_marks: list[str] = []
        seen: set[int] = set()
        for operands, operator in pikepdf.parse_content_stream(page):
            word = str(operator)
            if word in ("BMC", "BDC"):
                artifact = str(operands[0]) == "/Artifact"
                mark = (
                    operands[1].get("/MCID")
                    if word == "BDC" and not isinstance(operands[1], pikepdf.Name)
                    else None
                )
                if artifact and any(one == "tagged" for one in open_marks):
                    yield f"01-03 page {number}: an artifact in tagged content"
                if mark is not None and "artifact" in open_marks:
                    yield f"01-04 page {number}: tagged content in an artifact"
                if mark is not None:
                    if int(mark) in seen:
                        yield f"01-05 page {number}: mark {mark} twice"
                    seen.add(int(mark))
                    owner = owners[int(mark)] if int(mark) < len(owners) else None
                    if not isinstance(owner, pikepdf.Dictionary) or owner.objgen not in reached:
                        yield f"01-05 page {number}: mark {mark} hangs from nothing"
                open_marks.append("artifact" if artifact else "tagged" if mark is not None else "other")
            elif word == "EMC":
                open_marks.pop()
            elif (
                word in PAINTS
                and not {"artifact", "tagged"} & set(open_marks)
                and not (word == "Do" and is_an_artifact(page.Resources.XObject[operands[0]]))
            ):
                yield f"01-05 page {number}: {word} is neither tagged nor an artifact"


def is_an_artifact(drawing: Any) -> bool:
    """Say whether a drawing called from a page says of itself, from end to end, that it is an artifact."""
    if str(drawing.Subtype) != "/Form":
        return False
    depth = 0
    for operands, operator in pikepdf.parse_content_stream(drawing):
        word = str(operator)
        if depth == 0 and word in ("BMC", "BDC") and str(operands[0]) != "/Artifact":
            return False
        depth += {"BMC": 1, "BDC": 1, "EMC": -1}.get(word, 0)
        if depth == 0 and word in PAINTS:
            return False
    return True


@rule
def annotations(pdf: pikepdf.Pdf) -> Faults:
    parents = parent_tree(pdf)
    for number, page in enumerate(pdf.pages):
        notes = page.get("/Annots", ())
        if notes and str(page.get("/Tabs", "")) != "/S":
            yield f"28-09 page {number}: another order of tabulation"
        for note in notes:
            kind = str(note.Subtype)
            owner = parents.get(int(note.get("/StructParent", -1)))
            wanted = {"/Link": "/Link", "/Widget": "/Form"}.get(kind, "/Annot")
            if owner is None or str(owner.get("/S")) != wanted:
                yield f"28-11 page {number}: {kind} is in no {wanted}"
            if kind == "/Link" and not str(note.get("/Contents", "")):
                yield f"28-12 page {number}: a link without words"
            if kind == "/Widget" and not str(note.get("/TU", "")):
                yield f"28-05 page {number}: a field without a name"
            flags = int(note.get("/F", 0))
            if not flags & 4 or flags & 0b100011:
                yield f"A-6.3.2 page {number}: {kind} is not printed"
            if kind == "/Widget" and [float(one) for one in note.Rect] != [0] * 4 and "/AP" not in note:
                yield f"A-6.3.3 page {number}: a field without a look"


@rule
def fonts(pdf: pikepdf.Pdf) -> Faults:
    for thing in dictionaries(pdf):
        if thing.get("/Type") == "/FontDescriptor" and not any(
            f"/FontFile{rank}" in thing for rank in ("", "2", "3")
        ):
            yield f"31-09 {thing.FontName} is not embedded"
        if thing.get("/Type") == "/Font" and str(thing.Subtype) in ("/Type0", "/TrueType", "/Type1"):
            if "/ToUnicode" not in thing:
                yield f"31-27 {thing.BaseFont} has no map to letters"
            elif re.search(rb"<(0000|feff|fffe)>\s*$", thing.ToUnicode.read_bytes(), re.I | re.M):
                yield f"31-28 {thing.BaseFont} maps to no letter"
        if str(thing.get("/Subtype", "")) == "/CIDFontType2" and "/CIDToGIDMap" not in thing:
            yield f"31-06 {thing.BaseFont} has no map to glyphs"


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Return the dictionaries of a file, those of its streams too, and those within them that have no number."""
    waiting: list[Any] = list(pdf.objects)
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            yield thing
            waiting.extend(value for _name, value in thing.items() if not getattr(value, "is_indirect", True))
        elif isinstance(thing, pikepdf.Array):
            waiting.extend(value for value in thing if not getattr(value, "is_indirect", True))


def parent_tree(pdf: pikepdf.Pdf) -> dict[int, Any]:
    """Return what each key of the tree of parents leads to."""
    return dict(pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree).items())
