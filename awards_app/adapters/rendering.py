"""Pictures of what people sent: pages of a PDF and resized images, as WebP that no browser can run."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WIDTH = 1400
TALLEST = 2800
THUMBNAIL = 168
QUALITY = 80
JPEG_QUALITY = 82
POINTS_AN_INCH = 72


class CannotRender(Exception):
    """The file cannot be drawn."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One picture written to a file: its number (0 is the thumbnail, 1 the first page) and its size in pixels."""

    number: int
    file: str
    width: int
    height: int


def render(
    source: Path, folder: Path, name: str, first: int, last: int, *, with_thumbnail: bool
) -> tuple[int, list[Drawn]]:
    """Draw pages ``first`` to ``last`` of a file of format ``name`` into ``folder``; return the page count and what was drawn.

    Raises `CannotRender`.
    """
    if name == "pdf":
        return _render_pdf(source, folder, first, last, with_thumbnail=with_thumbnail)
    return 1, _render_image(source, folder, with_thumbnail=with_thumbnail)


def resize(source: Path, folder: Path, name: str, widths: Sequence[int]) -> list[Drawn]:
    """Write a cleaned image once for each width, never larger than it is, as JPEG; « number » is the width asked for.

    Raises `CannotRender` for a file that is no image.
    """
    from PIL import Image

    if name == "pdf":
        raise CannotRender
    with Image.open(source, formats=["JPEG", "PNG", "WEBP"]) as image:
        flat = _flat(image)
    drawn = []
    for width in sorted(widths, reverse=True):
        flat.thumbnail((width, width * TALLEST // WIDTH), Image.Resampling.LANCZOS)
        file = f"{width}.jpg"
        flat.save(folder / file, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
        drawn.append(Drawn(width, file, flat.width, flat.height))
    return drawn


def _render_image(source: Path, folder: Path, *, with_thumbnail: bool) -> list[Drawn]:
    from PIL import Image

    with Image.open(source, formats=["JPEG", "PNG", "WEBP"]) as image:
        image.draft("RGB", (WIDTH, TALLEST))
        image.thumbnail((WIDTH, TALLEST))
        return _kept(image, folder, 1, with_thumbnail=with_thumbnail)


def _render_pdf(
    source: Path, folder: Path, first: int, last: int, *, with_thumbnail: bool
) -> tuple[int, list[Drawn]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(source)
    try:
        pages = len(document)
        if not 1 <= first <= pages:
            raise CannotRender
        drawn: list[Drawn] = []
        for number in range(first, min(last, pages) + 1):
            image = _page(document, number - 1)
            drawn += _kept(image, folder, number, with_thumbnail=with_thumbnail and number == 1)
    finally:
        document.close()
    return pages, drawn


def _page(document: Any, index: int) -> Any:
    page = document[index]
    try:
        width, height = page.get_size()
        if width <= 0 or height <= 0:
            raise CannotRender
        # A page two hundred inches wide is drawn as small as any other: the picture's size is ours, not the file's.
        scale = min(WIDTH / width, TALLEST / height)
        if width * scale < 1 or height * scale < 1:
            raise CannotRender
        return page.render(scale=scale, may_draw_forms=True, no_smoothtext=False).to_pil()
    finally:
        page.close()


def _kept(image: Any, folder: Path, number: int, *, with_thumbnail: bool) -> list[Drawn]:
    flat = _flat(image)
    drawn = [_write(flat, folder, number)]
    if with_thumbnail:
        flat.thumbnail((THUMBNAIL, THUMBNAIL))
        drawn.append(_write(flat, folder, 0))
    return drawn


def _flat(image: Any) -> Any:
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image.convert("RGBA"), mask=image.convert("RGBA").getchannel("A"))
        return ground
    return image.convert("RGB")


def _write(image: Any, folder: Path, number: int) -> Drawn:
    file = f"{number}.webp"
    image.save(folder / file, "WEBP", quality=QUALITY, method=2)
    return Drawn(number, file, image.width, image.height)


def page_picture(content: bytes, width: int = 1000) -> bytes:
    """Return the first page of a paper of ours as a PNG."""
    import io

    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        page = document[0]
        picture = page.render(scale=width / page.get_width()).to_pil()
        target = io.BytesIO()
        picture.save(target, "PNG")
        return target.getvalue()
    finally:
        document.close()
