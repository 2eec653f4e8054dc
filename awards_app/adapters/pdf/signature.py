"""The signature of a paper: its field is laid with the rest of the file, its bytes are put in when the file is whole.

Written in the one pass of the file rather than added to it afterwards: the field is then an element of the structure
with a name of its own, as PDF/UA-1 asks, the file has one revision, and nothing is parsed again.
"""

import hashlib
from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol

FIELD = "Signature"
TOOLTIP = "Signature électronique du Prix de l’ESS"
REASON = "Certificat établi par le Prix de l’ESS"
DEMONSTRATION_REASON = "Démonstration, sans valeur"
_PRINT_AND_LOCKED = 4 + 128
_SIGNED_FOR_EVER = 1 + 2  # signatures exist, append only: ISO 32000-1, table 219
_NO_CHANGE = 1  # access permissions of DocMDP: ISO 32000-1, table 254
_RANGE = b"[0 0000000000 0000000000 0000000000]"


class Seal(Protocol):
    """What signs: whose name it bears, what it is worth, the most bytes a signature takes, the signature of a SHA-256."""

    @property
    def name(self) -> str: ...

    @property
    def is_demonstration(self) -> bool: ...

    @property
    def room(self) -> int: ...

    def sign(self, digest: bytes) -> bytes: ...


def lay_field(pdf: Any, seal: Seal, created_at: datetime) -> None:
    """Lay the field and an empty signature on the first page; no later change of the file is allowed by it."""
    import pydyf

    page: Any = next(
        thing for thing in pdf.objects if isinstance(thing, dict) and thing.get("Type") == "/Page"
    )
    signature = _signature(seal, created_at)
    pdf.add_object(signature)
    widget: Any = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(FIELD),
            "TU": pydyf.String(TOOLTIP),
            "Rect": pydyf.Array([0, 0, 0, 0]),
            "F": _PRINT_AND_LOCKED,
            "P": page.reference,
            "V": signature.reference,
        }
    )
    pdf.add_object(widget)
    page["Annots"] = pydyf.Array([*page.get("Annots", ()), widget.reference])
    pdf.catalog["AcroForm"] = pydyf.Dictionary(
        {"Fields": pydyf.Array([widget.reference]), "SigFlags": _SIGNED_FOR_EVER}
    )
    pdf.catalog["Perms"] = pydyf.Dictionary({"DocMDP": signature.reference})
    _tag(pdf, widget, page)


def _signature(seal: Seal, created_at: datetime) -> Any:
    """Return the dictionary of an empty signature that certifies the file: ISO 32000-1, 12.8."""
    import pydyf

    allowed = pydyf.Dictionary({"Type": "/TransformParams", "P": _NO_CHANGE, "V": "/1.2"})
    reference = pydyf.Dictionary(
        {"Type": "/SigRef", "TransformMethod": "/DocMDP", "TransformParams": allowed}
    )
    return _plain_dictionary()(
        {
            "Type": "/Sig",
            "Filter": "/Adobe.PPKLite",
            "SubFilter": "/ETSI.CAdES.detached",
            "ByteRange": _RANGE,
            "Contents": _empty(seal),
            "M": f"(D:{created_at.astimezone(UTC):%Y%m%d%H%M%S}Z)",
            "Name": pydyf.String(seal.name),
            "Reason": pydyf.String(DEMONSTRATION_REASON if seal.is_demonstration else REASON),
            "Reference": pydyf.Array([reference]),
        }
    )


def _tag(pdf: Any, widget: Any, page: Any) -> None:
    """Hang the widget in the structure as a Form element: ISO 14289-1, 7.18.4."""
    import pydyf

    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    document = _object(pdf, root["K"][0])
    element = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "P": document.reference,
            "Pg": page.reference,
            "Alt": pydyf.String(TOOLTIP),
            "K": pydyf.Array(
                [pydyf.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": page.reference})]
            ),
        }
    )
    pdf.add_object(element)
    document["K"].append(element.reference)
    numbers = _object(pdf, root["ParentTree"])["Nums"]
    place = numbers[-2] + 1
    numbers.extend((place, element.reference))
    widget["StructParent"] = place


def signed(content: bytes, seal: Seal) -> bytes:
    """Return a paper whose signature is empty with the signature of all its other bytes.

    Apart from printing: whoever lays out pages needs no key. Raises `ValueError` where the signature is too long.
    """
    empty = _empty(seal)
    start = content.index(b"/Contents " + empty) + len(b"/Contents ")
    end = start + len(empty)
    bounds = b"[0 %d %d %d" % (start, end, len(content) - end)
    content = content.replace(_RANGE, bounds.ljust(len(_RANGE) - 1) + b"]", 1)
    digest = hashlib.sha256(content[:start])
    digest.update(content[end:])
    written = seal.sign(digest.digest()).hex().encode("ascii")
    if len(written) > len(empty) - 2:
        raise ValueError("the signature is longer than its place")
    return b"%b<%b>%b" % (content[:start], written.ljust(len(empty) - 2, b"0"), content[end:])


def _empty(seal: Seal) -> bytes:
    return b"<" + b"0" * (2 * seal.room) + b">"


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


@cache
def _plain_dictionary() -> Any:
    """Return the class of a dictionary that stands in the file as it is: a signature never lies in a stream."""
    import pydyf

    class PlainDictionary(pydyf.Dictionary):
        """Never packed with others."""

        compressible = False

    return PlainDictionary
