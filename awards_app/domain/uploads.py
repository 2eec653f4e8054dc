"""What may be attached: formats by their signatures, limits, and how a refusal is said."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from awards_app.domain.refusals import Refusal
from awards_app.domain.text import clean_line
from awards_app.domain.words import N_

MIB = 1024 * 1024
DEFAULT_MIB = 10
LONGEST_NAME = 120
# The quotas of a candidacy, unless its edition's rules say otherwise under these names.
QUOTA_FILES = "attachments_most_files"
QUOTA_MIB = "attachments_most_mib"
DEFAULT_QUOTA_FILES = 30
DEFAULT_QUOTA_MIB = 120
# What the states of the scanner are called on a row: no scanner was there, one is waited for, it said yes, it said no.
UNSCANNED, WAITING, CLEAN, INFECTED = "unscanned", "waiting", "clean", "infected"


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
# Zip (docx, xlsx, odt and plain archives) and the older compound files of office suites.
OFFICE_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
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


class OfficeFileIsNotAccepted(FormatIsNotAccepted):
    """A word-processing or spreadsheet file: the jury could not read it in the page, and it may hold macros."""

    sentence = N_(
        "Format non accepté : un document de bureautique ne s’ouvre pas dans la page du jury. Enregistrez-le au format PDF, puis envoyez ce PDF. Formats possibles : %(formats)s."
    )


class FileIsUnreadable(Refusal):
    """The parser could not open it."""

    sentence = N_(
        "Ce fichier ne peut pas être lu : il est abîmé. Enregistrez-le de nouveau, puis renvoyez-le."
    )
    status = 422


class FileIsEncrypted(Refusal):
    """A password is needed to open it."""

    sentence = N_(
        "Ce fichier est protégé par un mot de passe : le jury ne pourrait pas le lire. Enregistrez-le sans mot de passe, puis renvoyez-le."
    )
    status = 422


class FileIsTooHeavyToRead(Refusal):
    """Opening it took more memory or time than any honest file needs."""

    sentence = N_(
        "Ce fichier est trop lourd à ouvrir. Réduisez-le (moins de pages, images plus petites), puis renvoyez-le."
    )
    status = 422


class FileIsInfected(Refusal):
    """The scanner found a virus."""

    sentence = N_("Un virus a été détecté dans ce fichier : il n’est ni conservé ni transmis à personne.")
    status = 422


class FileIsQuarantined(Refusal):
    """The scanner found a virus after the file was received."""

    sentence = N_("Un virus a été détecté dans ce fichier : plus personne ne peut le télécharger.")


class FileIsBeingScanned(Refusal):
    """The scanner has not answered yet; only its own people read it meanwhile."""

    sentence = N_("Analyse en cours : ce fichier pourra être lu quand l’antivirus aura répondu.")


class StorageIsUnavailable(Refusal):
    """The disk, the storage or the room where files are opened did not answer; nothing was kept."""

    sentence = N_(
        "Ce fichier n’a pas pu être enregistré. Réessayez dans quelques minutes : vos autres fichiers sont conservés."
    )
    status = 503


class StorageIsFull(StorageIsUnavailable):
    """There is no room left on the disk."""

    sentence = N_(
        "La place manque pour ce fichier. Réessayez plus tard : vos autres fichiers sont conservés."
    )
    status = 507


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


class UploadIsElsewhere(Refusal):
    """The piece does not follow what was received: the sender asks where the upload is, then goes on."""

    sentence = N_("Cet envoi s’est arrêté ailleurs : il reprend là où il en était.")


class ChecksumDiffers(Refusal):
    """The piece that arrived is not the one that was sent; it is sent again."""

    sentence = N_("Ce morceau est arrivé abîmé : il est envoyé de nouveau.")


class UploadIsTooLong(Refusal):
    """The pieces are longer than the file that was announced."""

    sentence = N_("Ce fichier est plus long qu’annoncé. Envoyez-le de nouveau.")
    status = 413


class QuotaIsReached(Refusal):
    """The candidacy has as many files, or as many bytes, as its edition allows."""

    sentence = N_(
        "Les fichiers de cette candidature atteignent la limite : %(files)s fichiers et %(mib)s Mio en tout. Supprimez un fichier, ou envoyez-en un plus léger."
    )
    status = 413


class PreviewIsMissing(Refusal):
    """There is no picture of this page: not made yet, or it cannot be made."""

    sentence = N_("Aperçu indisponible.")
    status = 404


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


def format_of(media_type: str) -> Format:
    """Return the format of a kept file by its media type; raise ValueError for one that is never kept."""
    for known in FORMATS:
        if known.media_type == media_type:
            return known
    raise ValueError(media_type)


def labels_of(accepts: tuple[str, ...]) -> str:
    """Return the accepted formats in words: « PDF, JPEG »."""
    return ", ".join(dict.fromkeys(BY_NAME[name].label for name in accepts if name in BY_NAME))


def check_quota(files: int, size: int, rules: Mapping[str, object]) -> None:
    """Return if a candidacy may hold ``files`` files of ``size`` bytes in all; raise `QuotaIsReached` otherwise."""
    most_files, most_mib = quota_of(rules)
    if files > most_files or size > most_mib * MIB:
        raise QuotaIsReached(files=most_files, mib=most_mib)


def quota_of(rules: Mapping[str, object]) -> tuple[int, int]:
    """Return the most files and the most MiB of a candidacy by the rules of its edition."""

    def number(name: str, default: int) -> int:
        value = rules.get(name)
        return value if isinstance(value, int) and value > 0 else default

    return number(QUOTA_FILES, DEFAULT_QUOTA_FILES), number(QUOTA_MIB, DEFAULT_QUOTA_MIB)


def check_length(length: int, max_mib: int | None) -> None:
    """Return if a file of ``length`` bytes may be sent; raise `FileIsEmpty` or `FileIsTooBig`."""
    limit = max_mib or DEFAULT_MIB
    if length <= 0:
        raise FileIsEmpty
    if length > limit * MIB:
        raise FileIsTooBig(limit=limit)


def check_upload(content: bytes, accepts: tuple[str, ...], max_mib: int | None) -> Format:
    """Return the format of an upload.

    Raises `FileIsEmpty`, `FileIsTooBig` or `FormatIsNotAccepted`; only the content counts, never the name.
    """
    check_length(len(content), max_mib)
    found = recognised(content)
    if found is None or found not in {BY_NAME.get(name) for name in accepts}:
        is_office = content.startswith(OFFICE_SIGNATURES)
        raise (OfficeFileIsNotAccepted if is_office else FormatIsNotAccepted)(formats=labels_of(accepts))
    return found


def clean_name(typed: str, suffix: str) -> str:
    """Return the name under which others receive the file: plain signs, the suffix of its content."""
    line = clean_line(typed.replace("\x00", "").replace("\\", "/")).rsplit("/", 1)[-1]
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", line)
    plain = unicodedata.normalize("NFC", re.sub(r"[^\w \-’']+", " ", stem)).strip(" -_.")
    short = re.sub(r"\s+", " ", plain)[: LONGEST_NAME - len(suffix)].strip()
    return (short or "piece") + suffix


def unique_path(parts: tuple[str, ...], taken: set[str]) -> str:
    """Return ``parts`` as a path no other of ``taken`` meets, even where case and accents do not tell names apart.

    Each part is a plain name: no separator, no leading dot. What is returned is added to ``taken``.
    """
    plain = [_plain_part(part) for part in parts]
    stem, dot, suffix = plain[-1].rpartition(".")
    if not dot:
        stem, suffix = plain[-1], ""
    path, number = "/".join(plain), 1
    while _folded(path) in taken:
        number += 1
        path = "/".join((*plain[:-1], f"{stem} ({number}){dot}{suffix}"))
    taken.add(_folded(path))
    return path


def _plain_part(part: str) -> str:
    kept = re.sub(r"[^\w .()’'-]+", " ", unicodedata.normalize("NFC", clean_line(part)))
    return re.sub(r"\s+", " ", kept).strip(" .")[:LONGEST_NAME].strip(" .") or "sans nom"


def _folded(path: str) -> str:
    return "".join(
        sign for sign in unicodedata.normalize("NFKD", path.casefold()) if not unicodedata.combining(sign)
    )
