"""The hash chain of the journal: each entry's hash covers the one before, so an alteration shows.

hash(n) = SHA-256 of hash(n-1) as 32 bytes, n as 8 bytes (big-endian), then the entry's canonical bytes; the hash
before entry 1 is ``GENESIS``. A chain cut at its end stays coherent: only a head kept elsewhere tells.
"""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

GENESIS = "0" * 64
SEQ_BYTES = 8


class ChainEntry(NamedTuple):
    """One entry as stored: its sequence number from 1, its canonical bytes, its hash in hexadecimal."""

    seq: int
    canonical: bytes
    hash: str


class ChainHead(NamedTuple):
    """The last entry known elsewhere than in the database."""

    seq: int
    hash: str


def entry_hash(previous_hash: str, seq: int, canonical_entry: bytes) -> str:
    """Return the hash of an entry. ``previous_hash`` is ``GENESIS`` for entry 1. Raises ``ValueError`` if malformed."""
    previous = bytes.fromhex(previous_hash)
    if len(previous) != hashlib.sha256().digest_size or seq < 1:
        raise ValueError(f"entry {seq} cannot follow {previous_hash!r}")
    return hashlib.sha256(previous + seq.to_bytes(SEQ_BYTES, "big") + canonical_entry).hexdigest()


def verify_chain(entries: Iterable[ChainEntry], anchors: Iterable[ChainHead] = ()) -> int | None:
    """Return the first bad sequence number of a whole journal in its stored order, ``None`` when it is sound.

    Bad is: not the next number, or another hash than recomputed, or than anchored. When entries that an anchor
    knows are missing at the end, the first missing number is returned.
    """
    known = {anchor.seq: anchor.hash for anchor in anchors}
    if known.get(0, GENESIS) != GENESIS:
        return 1
    previous, last = GENESIS, 0
    for entry in entries:
        expected = last + 1
        sound = entry.seq == expected and entry.hash == entry_hash(previous, expected, entry.canonical)
        if not sound or known.get(expected, entry.hash) != entry.hash:
            return expected
        previous, last = entry.hash, expected
    return last + 1 if max(known, default=0) > last else None
