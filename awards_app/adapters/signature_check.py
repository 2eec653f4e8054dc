"""Reads the signature of a PDF that somebody sent: who signed, and whether the file is what was signed, whole.

Nothing is fetched and no chain is built: whose certificate it is, is for the caller to know, who keeps those of the
platform. What cannot be read is not signed.
"""

import asyncio
import hashlib
import io
import logging
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 4 * 1024 * 1024
_SIGN = b"/ByteRange"
# Parts of a signature that it does not cover itself, in the one form we write: version 1 and SHA-256, in DER.
_VERSION = bytes.fromhex("020101")
_SET_OF_ONE = bytes.fromhex("310f")
_SHA256 = bytes.fromhex("300d06096086480165030402010500")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SignatureFound:
    """A signature: the SHA-256 of its signer's certificate; ``is_whole`` when every byte of the file is as signed."""

    fingerprint: str
    is_whole: bool
    is_timestamped: bool = False


def read_signature(content: bytes) -> SignatureFound | None:
    """Return the only signature of a PDF; None where there is none, more than one, or no PDF that can be read."""
    if len(content) > MOST_BYTES or _SIGN not in content:
        return None
    try:
        return asyncio.run(_read(content))
    except Exception as fault:  # a file made to be unreadable raises anything
        log.info("signature.unreadable", extra={"reason": type(fault).__name__})
        return None


async def _read(content: bytes) -> SignatureFound | None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import SignatureCoverageLevel, async_validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    found: list[Any] = PdfFileReader(io.BytesIO(content), strict=True).embedded_signatures
    if len(found) != 1:
        return None
    [one] = found
    signer = one.signer_cert
    # Its own root, on its first day: what is asked is the arithmetic, not whom to believe nor until when.
    itself = ValidationContext(trust_roots=[signer], allow_fetching=False, moment=signer.not_valid_before)
    status = await async_validate_pdf_signature(one, signer_validation_context=itself, skip_diff=True)
    return SignatureFound(
        hashlib.sha256(signer.dump()).hexdigest(),
        bool(status.intact and status.valid and status.coverage == SignatureCoverageLevel.ENTIRE_FILE)
        and _is_plain(content, one),
        getattr(status, "timestamp_validity", None) is not None,
    )


def _is_plain(content: bytes, one: Any) -> bool:
    """Say whether what no signature covers is the signature itself, written in the one way we write it."""
    from asn1crypto.parser import peek

    start, length = int(one.byte_range[1]), int(one.byte_range[2])
    between = content[start:length]
    signature = bytes(one.pkcs7_content)
    written = signature[: peek(signature)].hex().encode("ascii")
    signer = one.signer_info
    parts = (
        one.signed_data["version"].dump(),
        one.signed_data["digest_algorithms"].dump(),
        signer["version"].dump(),
        signer["digest_algorithm"].dump(),
    )
    return between == b"<" + written.ljust(len(between) - 2, b"0") + b">" and parts == (
        _VERSION,
        _SET_OF_ONE + _SHA256,
        _VERSION,
        _SHA256,
    )
