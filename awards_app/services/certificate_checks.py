"""Verification: of a number, of a file by its bytes and its signature, and of a file without the records."""

import hashlib
from collections.abc import Collection
from dataclasses import replace

from awards_app.adapters.signature_check import SignatureFound, read_signature
from awards_app.domain.certificates import UNKNOWN, Damage, State, Verification, number_in
from awards_app.queries.certificates import known_signers, verify_number, verify_sha256


def verify(what: str | bytes) -> Verification:
    """Return what anyone may know of a certificate, by its number or by its file's bytes."""
    return verify_file(what) if isinstance(what, bytes) else verify_number(what)


def verify_file(content: bytes) -> Verification:
    """Return what anyone may know of a file: ours are known by every byte, and their signature is read again.

    One that bears the number of a public certificate without being its file is « altered ». Before the publication both
    questions find nothing, as for any file.
    """
    ours = verify_sha256(hashlib.sha256(content).hexdigest())
    named = verify_number(number_in(content) or "")
    if ours.state is not State.UNKNOWN:
        if not ours.signer:
            return ours
        damage = damage_of(read_signature(content), {ours.signer})
        return ours if damage is None else _altered(ours, damage)
    if named.state is State.UNKNOWN:
        return UNKNOWN
    # What is said of it compares what the file bears with what we established: see `explain`.
    return _altered(named, Damage.OTHER_BYTES)


def _altered(found: Verification, damage: Damage) -> Verification:
    return replace(found, state=State.ALTERED, original=found.state, damage=damage)


def explain(found: Verification, content: bytes) -> Verification:
    """Return the answer for an altered file with what is wrong with its signature, when our file has one."""
    if found.state is not State.ALTERED or not found.signer:
        return found
    damage = damage_of(read_signature(content), known_signers())
    return replace(found, damage=damage or Damage.OTHER_BYTES)


def damage_of(signature: SignatureFound | None, trusted: Collection[str]) -> Damage | None:
    """Say what is wrong with a file's signature, None when one of ``trusted`` signed every byte of it."""
    if signature is None:
        return Damage.NO_SIGNATURE
    if not signature.is_whole:
        return Damage.BROKEN_SIGNATURE
    return None if signature.fingerprint in trusted else Damage.OTHER_SIGNER
