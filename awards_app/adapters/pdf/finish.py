"""What WeasyPrint's PDF/UA output lacks, mended just before the file is written; what makes it archivable and signed.

Done on the objects in memory: reading the finished file again would cost a second parse and a second write.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from awards_app.adapters.pdf.archive import make_archivable
from awards_app.adapters.pdf.ink import Ink
from awards_app.adapters.pdf.settled import settle
from awards_app.adapters.pdf.signature import Seal, lay_field
from awards_app.adapters.pdf.structure import fold_inner_links, pair_terms

_CURVE_BOX = "[-1.4 -1.4 1.4 1.4]"  # a curve is about 1 in radius
_PRINT = 4  # annotation flag of ISO 32000-1, 12.5.3


def finisher(
    ink: Ink | None = None, seal: Seal | None = None, created_at: datetime | None = None
) -> Callable[[Any, Any], None]:
    """Return a finisher for ``Document.write_pdf``.

    ``ink`` is drawn first on the first page; with a ``seal`` there is an empty signature of ``created_at``.
    """

    def finish(_document: Any, pdf: Any) -> None:
        for link in _dictionaries(pdf, "Subtype", "/Link"):
            link["F"] = _PRINT
        elements = {element.reference: element for element in _dictionaries(pdf, "Type", "/StructElem")}
        _scope_headers(elements)
        pair_terms(elements)
        fold_inner_links(pdf, elements)
        _make_margins_artifacts(pdf, elements)
        if ink is not None:
            _underlay(pdf, ink)
        make_archivable(pdf, _object(pdf, pdf.catalog["Metadata"]))
        if seal is not None and created_at is not None:
            lay_field(pdf, seal, created_at)
        settle(pdf)

    return finish


def _underlay(pdf: Any, ink: Ink) -> None:
    import pydyf

    page = next(_dictionaries(pdf, "Type", "/Page"))
    drawings = _object(pdf, page["Resources"])["XObject"]
    for rank, curve in enumerate(ink.curves):
        form = pydyf.Stream(
            [curve], {"Type": "/XObject", "Subtype": "/Form", "BBox": _CURVE_BOX}, compress=True
        )
        pdf.add_object(form)
        drawings[f"Curve{rank}"] = form.reference
    _contents(pdf, page).insert(0, ink.operators)


def _scope_headers(elements: dict[bytes, Any]) -> None:
    """A header among cells heads its row; headers among headers head their columns."""
    for row in (element for element in elements.values() if element["S"] == "/TR"):
        cells = [elements[kid] for kid in row["K"] if kid in elements]
        scope = "/Row" if any(cell["S"] == "/TD" for cell in cells) else "/Column"
        for cell in cells:
            if cell["S"] == "/TH":
                cell["A"]["Scope"] = scope


def _make_margins_artifacts(pdf: Any, elements: dict[bytes, Any]) -> None:
    """Running heads and page numbers are tagged by WeasyPrint but left out of the tree: say they are artifacts."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    reached = _reached(elements, root["K"])
    numbers = _object(pdf, root["ParentTree"])["Nums"]
    for rank, page in enumerate(_dictionaries(pdf, "Type", "/Page")):
        owners = numbers[2 * rank + 1]
        lost = {mark for mark, owner in enumerate(owners) if owner not in reached}
        if not lost:
            continue
        for mark in lost:
            owners[mark] = "null"
        contents = _contents(pdf, page)
        for place, operand in enumerate(contents):
            if isinstance(operand, dict) and operand.get("MCID") in lost:
                contents[place - 1 : place + 2] = ["/Artifact", b"BMC", b""]


def _reached(elements: dict[bytes, Any], kids: list[Any]) -> set[bytes]:
    """Return the elements that hang from the tree."""
    reached: set[bytes] = set()
    waiting = [kid for kid in kids if kid in elements]
    while waiting:
        reference = waiting.pop()
        reached.add(reference)
        waiting.extend(kid for kid in elements[reference]["K"] if kid in elements)
    return reached


def _contents(pdf: Any, page: Any) -> list[Any]:
    operators: list[Any] = _object(pdf, page["Contents"]).stream
    return operators


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _dictionaries(pdf: Any, key: str, value: str) -> Iterator[Any]:
    return (thing for thing in pdf.objects if isinstance(thing, dict) and thing.get(key) == value)
