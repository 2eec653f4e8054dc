"""Numbers of receipts: short enough to read aloud, too many to guess."""

import secrets

# Crockford's alphabet: no I, L, O or U, which are read for other signs.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8


def new_receipt(year: int) -> str:
    """Return a number such as « AR-2027-7K3MQ9TX »: 40 random bits after the year of the edition."""
    return f"AR-{year}-{''.join(secrets.choice(ALPHABET) for _ in range(LENGTH))}"
