"""Which jurors can be compared: those whom shared files link, whatever the length of the chain."""

from collections.abc import Mapping, Sequence

Key = str


def juror_groups(
    pairs: Mapping[tuple[Key, Key], object] | Sequence[tuple[Key, Key]],
) -> tuple[tuple[Key, ...], ...]:
    """Return the jurors grouped by shared files, from pairs (file, juror): one group when all can be compared."""
    leader: dict[Key, Key] = {}

    def find(juror: Key) -> Key:
        while leader[juror] != juror:
            leader[juror] = leader[leader[juror]]
            juror = leader[juror]
        return juror

    reader: dict[Key, Key] = {}
    for file, juror in pairs:
        leader.setdefault(juror, juror)
        first = reader.setdefault(file, juror)
        leader[find(juror)] = find(first)
    found: dict[Key, list[Key]] = {}
    for juror in leader:
        found.setdefault(find(juror), []).append(juror)
    return tuple(tuple(group) for group in found.values())
