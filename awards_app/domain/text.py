"""Text that people type: how it is cleaned, counted, sorted and compared. One rule for the whole platform."""

import re
import unicodedata
from functools import lru_cache

from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NOT_DECOMPOSED = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "’": "'", "ʼ": "'", "‘": "'"}
)
# Word ends a line within a paragraph by a vertical tab, and a page by a form feed: dropped, they would join two words.
_OTHER_ENDS = str.maketrans("\r\x0b\x0c", "\n\n\n")
NEAR_DISTANCE = 2
NEAR_SHARE = 5
SHORT_NAME = 4
LONGEST_COMPARED = 300


class TextIsInvalid(Refusal):
    """The text holds characters that no text holds."""

    sentence = N_("Ce texte contient des caractères illisibles. Saisissez-le de nouveau.")
    status = 422


def clean_text(text: str) -> str:
    """Return a text of several lines as it is stored: NFC, LF ends of line, no control but tabs and ends of line.

    The two signs that are no characters and that no XML holds go too; nothing else is changed. Raises ``TextIsInvalid``
    for a NUL or half of a character.
    """
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise TextIsInvalid()
    # Dropped before letters and their marks are joined: a control between the two would keep them apart.
    kept = (sign for sign in _with_plain_ends(text) if sign in "\n\t" or not _is_no_text(sign))
    return unicodedata.normalize("NFC", "".join(kept))


def clean_line(text: str) -> str:
    """Return a name or title as it is stored: one line, as ``clean_text`` and without controls of direction.

    Ends of line, tabs and runs of ordinary spaces become one space; the ends are bare. Typographic spaces stay.
    """
    undirected = text.translate(dict.fromkeys(map(ord, BIDI_CONTROLS + "\ufeff")))
    return re.sub("[ \t\n\u2028\u2029]+", " ", clean_text(undirected)).strip()


def count_signs(text: str) -> int:
    """Count the signs of a text the way every limit is meant: code points after NFC, an end of line being one."""
    return len(unicodedata.normalize("NFC", _with_plain_ends(text)))


@lru_cache(maxsize=4096)
def sort_key(text: str) -> str:
    """Return the key by which names are sorted and searched: no case, no marks, œ as oe and æ as ae."""
    folded = text.casefold().translate(NOT_DECOMPOSED)
    apart = unicodedata.normalize("NFKD", folded)
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(bare.casefold().translate(NOT_DECOMPOSED).split())


def same_name(typed: str, name: str) -> bool:
    """Tell whether a name typed for read-back is the name: NFC, any case, spaces collapsed, either apostrophe.

    Accents count: a near name is not the name.
    """
    return _read_back(typed) == _read_back(name)


def near_name(one: str, other: str) -> bool:
    """Tell whether two names that are not the same could be taken for each other."""
    if same_name(one, other):
        return False
    first, second = sort_key(one)[:LONGEST_COMPARED], sort_key(other)[:LONGEST_COMPARED]
    longest = max(len(first), len(second))
    limit = 1 if longest <= SHORT_NAME else max(NEAR_DISTANCE, longest // NEAR_SHARE)
    return abs(len(first) - len(second)) <= limit and _distance(first, second) <= limit


def slugify(text: str, limit: int = 80) -> str:
    """Return a path segment of ``a-z0-9-`` for a title, cut at a word within ``limit``; it may be empty."""
    words = re.findall(r"[a-z0-9]+", sort_key(text))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > limit:
            break
        slug = longer
    return slug or "".join(words[:1])[:limit]


def _is_no_text(sign: str) -> bool:
    return sign in "\ufffe\uffff" or unicodedata.category(sign) == "Cc"


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").translate(_OTHER_ENDS)


def _read_back(name: str) -> str:
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return " ".join(folded.replace("’", "'").split())


def _distance(one: str, other: str) -> int:
    """Count the letters to change, add, drop or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        previous, row = row, [i]
        for j, against in enumerate(other, start=1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = previous
    return row[-1]
