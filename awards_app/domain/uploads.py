"""What may be attached: formats by their signatures, limits, and how a refusal is said."""

import re
import unicodedata
from dataclasses import dataclass

from awards_app.domain.refusals import Refusal
from awards_app.domain.text import clean_line
from awards_app.domain.words import N_

MIB = 1024 * 1024
DEFAULT_MIB = 10
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its first bytes (``signature`` at ``offset``), its type and its suffix."""

    name: str
    label: str
    media_type: str
    suffix: str
    signature: bytes
    offset: int = 0
    opening: bytes = b""


FORMATS = (
    Format("pdf", "PDF", "application/pdf", ".pdf", b"%PDF-"),
    Format("jpg", "JPEG", "image/jpeg", ".jpg", b"\xff\xd8\xff"),
    Format("png", "PNG", "image/png", ".png", b"\x89PNG\r\n\x1a\n"),
    Format("webp", "WebP", "image/webp", ".webp", b"WEBP", offset=8, opening=b"RIFF"),
)
BY_NAME = {known.name: known for known in FORMATS} | {"jpeg": FORMATS[1]}


class FileIsEmpty(Refusal):
    """No byte at all."""

    sentence = N_("Ce fichier est vide.")
    status = 422


class FileIsTooBig(Refusal):
    """More bytes than the question accepts."""

    sentence = N_("Ce fichier est trop volumineux : %(limit)s Mio au plus.")
    status = 413


class FormatIsNotAccepted(Refusal):
    """The content is not of an accepted format, whatever its name says."""

    sentence = N_("Format non accepté. Formats possibles : %(formats)s.")
    status = 415


class FileIsUnreadable(Refusal):
    """The parser could not open it: broken, or protected by a password."""

    sentence = N_("Ce fichier ne peut pas être lu : il est abîmé ou protégé par un mot de passe.")
    status = 422


class ImageIsTooLarge(Refusal):
    """More pixels than we decode."""

    sentence = N_("Cette image compte trop de pixels : %(limit)s millions au plus.")
    status = 422


class TooManyFiles(Refusal):
    """The question has as many files as it accepts."""

    sentence = N_(
        "Nombre maximal de fichiers atteint pour cette question : %(limit)s. Supprimez-en un d’abord."
    )
    status = 409


class FileIsDamagedRefusal(Refusal):
    """The stored bytes are not those that were received."""

    sentence = N_("Fichier endommagé : il ne peut pas être affiché. Votre CRESS est prévenue par ce message.")
    status = 409


def recognised(content: bytes) -> Format | None:
    """Return the format whose signature opens ``content``, None if there is none."""
    for known in FORMATS:
        end = known.offset + len(known.signature)
        if content[known.offset : end] == known.signature and content.startswith(known.opening):
            return known
    return None


def labels_of(accepts: tuple[str, ...]) -> str:
    """Return the accepted formats in words: « PDF, JPEG »."""
    return ", ".join(dict.fromkeys(BY_NAME[name].label for name in accepts if name in BY_NAME))


def check_upload(content: bytes, accepts: tuple[str, ...], max_mib: int | None) -> Format:
    """Return the format of an upload.

    Raises `FileIsEmpty`, `FileIsTooBig` or `FormatIsNotAccepted`; only the content counts, never the name.
    """
    limit = max_mib or DEFAULT_MIB
    if not content:
        raise FileIsEmpty
    if len(content) > limit * MIB:
        raise FileIsTooBig(limit=limit)
    found = recognised(content)
    if found is None or found not in {BY_NAME.get(name) for name in accepts}:
        raise FormatIsNotAccepted(formats=labels_of(accepts))
    return found


def clean_name(typed: str, suffix: str) -> str:
    """Return the name under which others receive the file: plain signs, the suffix of its content."""
    line = clean_line(typed.replace("\x00", "").replace("\\", "/")).rsplit("/", 1)[-1]
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", line)
    plain = unicodedata.normalize("NFC", re.sub(r"[^\w \-’']+", " ", stem)).strip(" -_.")
    short = re.sub(r"\s+", " ", plain)[: LONGEST_NAME - len(suffix)].strip()
    return (short or "piece") + suffix
