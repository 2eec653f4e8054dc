"""What PDF/UA asks of lists and links, and WeasyPrint writes otherwise (ISO 14289-1, 7.6 and 7.18.5)."""

from typing import Any

Elements = dict[bytes, Any]


def pair_terms(elements: Elements) -> None:
    """Make each group of terms and definitions one item: the term its label, the definitions its body.

    WeasyPrint writes a group (``div`` in ``dl``) as a Div of items, which no list may hold.
    """
    for group in [
        kid for one in _named(elements, "/L") for kid in _kids(elements, one) if kid["S"] == "/Div"
    ]:
        group["S"] = "/LI"
        for rank, part in enumerate(_kids(elements, group)):
            part["S"] = "/Lbl" if rank == 0 else "/LBody"
            for inner in _kids(elements, part):
                if inner["S"] == "/LBody":
                    inner["S"] = "/NonStruct"


def fold_inner_links(pdf: Any, elements: Elements) -> None:
    """Leave one annotation to a link: WeasyPrint repeats it for each box inside a link that is a block."""
    gone: set[bytes] = set()
    for owner in list(elements.values()):
        if not _is_in_link(elements, owner):
            continue
        references = [kid for kid in owner["K"] if isinstance(kid, bytes) and _is_reference(pdf, kid)]
        gone |= {_object(pdf, kid)["Obj"] for kid in references}
        owner["K"][:] = [kid for kid in owner["K"] if kid not in references]
        if owner["S"] == "/Link":
            owner["S"] = "/Span"
    if gone:
        _forget(pdf, gone)


def _forget(pdf: Any, annotations: set[bytes]) -> None:
    """Take annotations off their pages and out of the tree of parents."""
    for page in (thing for thing in pdf.objects if isinstance(thing, dict) and thing.get("Type") == "/Page"):
        if "Annots" in page:
            page["Annots"][:] = [one for one in page["Annots"] if one not in annotations]
    numbers = _object(pdf, _object(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    keys = {_object(pdf, one).pop("StructParent") for one in annotations}
    pairs = [(key, owner) for key, owner in zip(numbers[::2], numbers[1::2], strict=True) if key not in keys]
    numbers[:] = [part for pair in pairs for part in pair]


def _is_in_link(elements: Elements, element: Any) -> bool:
    above = elements.get(element["P"])
    while above is not None:
        if above["S"] == "/Link":
            return True
        above = elements.get(above["P"])
    return False


def _is_reference(pdf: Any, kid: bytes) -> bool:
    thing = _object(pdf, kid)
    return isinstance(thing, dict) and thing.get("Type") == "/OBJR"


def _named(elements: Elements, name: str) -> list[Any]:
    return [element for element in elements.values() if element["S"] == name]


def _kids(elements: Elements, element: Any) -> list[Any]:
    return [elements[kid] for kid in element["K"] if kid in elements]


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
