"""What people send, opened by a real parser and written again without what could act or tell tales.

Only the bounded room calls this (`awards_app.adapters.file_room`): parsers of hostile files never run beside the platform.
"""

import io
import warnings
from typing import Any

from awards_app.domain.uploads import FileIsEncrypted, FileIsUnreadable, Format, ImageIsTooLarge

LARGEST_MEGAPIXELS = 50
LARGEST_SIDE = 20_000
KEPT_SIDE = 4_000
MOST_PAGES = 1_000
MOST_OBJECTS = 200_000
DEEPEST = 40
# Entries of a PDF's dictionaries that make a reader do something, fetch something, or carry another file.
ACTING = (
    "/AA",
    "/OpenAction",
    "/JS",
    "/JavaScript",
    "/XFA",
    "/EmbeddedFiles",
    "/AF",
    "/Collection",
    "/Launch",
)
TELLING = ("/Metadata", "/PieceInfo", "/LastModified")
CALM_ACTIONS = frozenset({"/GoTo"})
ACTING_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/Sound", "/3D"})


def cleaned(content: bytes, kind: Format) -> bytes:
    """Return ``content`` parsed and written again: an image without metadata, a PDF without actions or attachments.

    Raises `FileIsUnreadable`, `FileIsEncrypted` or `ImageIsTooLarge`.
    """
    return _clean_pdf(content) if kind.name == "pdf" else _clean_image(content, kind)


def _clean_image(content: bytes, kind: Format) -> bytes:
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[kind.label.upper()]) as image:
                width, height = image.size
                if width * height > LARGEST_MEGAPIXELS * 1_000_000 or max(width, height) > LARGEST_SIDE:
                    raise ImageIsTooLarge(limit=LARGEST_MEGAPIXELS)
                shrink = min(1.0, KEPT_SIDE / max(width, height))
                image.draft("RGB", (int(width * shrink), int(height * shrink)))
                # Made smaller before it is turned: turning copies, and the copy is what memory is short of.
                image.thumbnail((KEPT_SIDE, KEPT_SIDE))
                return _encoded(ImageOps.exif_transpose(image), kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise ImageIsTooLarge(limit=LARGEST_MEGAPIXELS) from None
    except ImageIsTooLarge:
        raise
    except Exception as fault:  # decoders raise anything on a hostile file
        raise FileIsUnreadable from fault


def _encoded(image: Any, kind: Format) -> bytes:
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    mode = "RGBA" if has_alpha and kind.name != "jpg" else "RGB"
    bare = image if image.mode == mode else image.convert(mode)
    # What an encoder would carry over by itself: profile, comment, resolution.
    bare.info.clear()
    out = io.BytesIO()
    options: dict[str, dict[str, Any]] = {
        "jpg": {"quality": 88},
        "webp": {"quality": 88, "method": 2},
        "png": {"optimize": False},
    }
    bare.save(out, format=kind.label.upper(), **options[kind.name])
    return out.getvalue()


def _clean_pdf(content: bytes) -> bytes:
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content), access_mode=pikepdf.AccessMode.stream) as document:
            # A file that opens without a password only forbids changes: what is written again has no lock.
            if not 0 < len(document.pages) <= MOST_PAGES:
                raise FileIsUnreadable
            if len(document.objects) > MOST_OBJECTS:
                raise FileIsUnreadable
            for item in document.objects:
                _disarm(item, 0)
            _disarm(document.Root, 0)
            for entry in ("/Names", "/Metadata"):
                if entry in document.Root:
                    _drop(document.Root, entry)
            if "/Info" in document.trailer:
                del document.trailer["/Info"]
            out = io.BytesIO()
            document.save(
                out,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                preserve_pdfa=False,
                deterministic_id=True,
                encryption=False,
            )
            return out.getvalue()
    except pikepdf.PasswordError as locked:
        raise FileIsEncrypted from locked
    except (FileIsUnreadable, MemoryError):
        raise
    except Exception as fault:  # qpdf raises several families on a broken file
        raise FileIsUnreadable from fault


def _drop(holder: Any, entry: str) -> None:
    # Destinations are kept: they only say where a page is.
    if entry == "/Names":
        for name in list(holder[entry].keys()):
            if name != "/Dests":
                del holder[entry][name]
        return
    del holder[entry]


def _disarm(item: Any, depth: int) -> None:
    """Take from a dictionary, and from what lies directly in it, whatever acts; what it refers to has its own turn."""
    import pikepdf

    if depth > DEEPEST:
        raise FileIsUnreadable
    if isinstance(item, pikepdf.Array):
        for child in item:
            if isinstance(child, pikepdf.Object) and not child.is_indirect:
                _disarm(child, depth + 1)
        return
    if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return
    for entry in (*ACTING, *TELLING):
        if entry in item:
            del item[entry]
    if "/A" in item and _acts(item["/A"]):
        del item["/A"]
    if str(item.get("/S", "")) in ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/URI", "/GoToR"):
        for entry in ("/S", "/URI", "/F", "/Next"):
            if entry in item:
                del item[entry]
    if str(item.get("/Subtype", "")) in ACTING_ANNOTATIONS:
        for entry in ("/FS", "/RichMediaContent", "/Movie", "/Sound", "/3DD"):
            if entry in item:
                del item[entry]
    for entry in list(item.keys()):
        child = item[entry]
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            _disarm(child, depth + 1)


def _acts(action: Any) -> bool:
    import pikepdf

    return not isinstance(action, pikepdf.Dictionary) or str(action.get("/S", "")) not in CALM_ACTIONS
