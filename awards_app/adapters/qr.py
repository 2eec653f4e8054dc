"""QR codes as small PNG pictures."""

from base64 import b64encode
from io import BytesIO


def qr_png(text: str) -> bytes:
    """Return a PNG of one pixel a module, quiet zone included; enlarge it without smoothing.

    The mask is fixed because its search costs more than the rest; the same text always gives the same bytes.
    """
    import segno

    target = BytesIO()
    segno.make_qr(text, error="m", mask=2, boost_error=False).save(target, kind="png", scale=1, border=4)
    return target.getvalue()


def qr_data_uri(text: str) -> str:
    """Return `qr_png` as a ``data:`` address."""
    return "data:image/png;base64," + b64encode(qr_png(text)).decode("ascii")
