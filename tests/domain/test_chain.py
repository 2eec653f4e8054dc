"""The journal's chain: every alteration is found, at the right number."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from awards_app.domain.chain import GENESIS, ChainEntry, ChainHead, entry_hash, verify_chain

# sha256sum of 39 zero bytes, one byte 1 and "{}", by another program.
FIRST = "1bad765d926feacace97a8ddcd329a1f4254c208affc1ba86b3c7d59e8fba83e"


def chained(contents):
    entries, previous = [], GENESIS
    for seq, canonical in enumerate(contents, start=1):
        previous = entry_hash(previous, seq, canonical)
        entries.append(ChainEntry(seq, canonical, previous))
    return entries


chains = st.lists(st.binary(max_size=12), min_size=2, max_size=12).map(chained)


def test_the_hash_is_what_the_documentation_says():
    assert entry_hash(GENESIS, 1, b"{}") == FIRST


@settings(max_examples=30, deadline=None)
@given(chains)
def test_a_sound_chain_with_its_anchors(entries):
    anchors = [ChainHead(entry.seq, entry.hash) for entry in entries]
    assert verify_chain(entries, anchors) is None
    assert verify_chain([]) is None


@settings(max_examples=80, deadline=None)
@given(chains, st.data())
def test_an_altered_entry_is_named(entries, data):
    place = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[place]
    altered = data.draw(
        st.sampled_from(
            [
                entry._replace(canonical=entry.canonical + b"!"),
                entry._replace(seq=entry.seq + 1),
                entry._replace(seq=0),
                entry._replace(hash=entry_hash(entry.hash, 1, b"")),
            ]
        )
    )
    assert verify_chain([*entries[:place], altered, *entries[place + 1 :]]) == place + 1


@settings(max_examples=50, deadline=None)
@given(chains, st.data())
def test_a_rehashed_entry_is_named_by_the_next_or_by_the_anchor(entries, data):
    place = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[place]
    previous = entries[place - 1].hash if place else GENESIS
    forged = ChainEntry(entry.seq, b"forged", entry_hash(previous, entry.seq, b"forged"))
    altered = [*entries[:place], forged, *entries[place + 1 :]]
    assume(entry.canonical != b"forged")
    last = place == len(entries) - 1
    assert verify_chain(altered) == (None if last else place + 2)
    head = ChainHead(entries[-1].seq, entries[-1].hash)
    assert verify_chain(altered, [head]) == (place + 1 if last else place + 2)


@settings(max_examples=50, deadline=None)
@given(chains, st.data())
def test_deleted_inserted_swapped(entries, data):
    place = data.draw(st.integers(0, len(entries) - 2))
    without = [*entries[:place], *entries[place + 1 :]]
    assert verify_chain(without) == place + 1
    inserted = [*entries[: place + 1], entries[place], *entries[place + 1 :]]
    assert verify_chain(inserted) == place + 2
    swapped = [*entries[:place], entries[place + 1], entries[place], *entries[place + 2 :]]
    assert verify_chain(swapped) == place + 1


@settings(max_examples=30, deadline=None)
@given(chains, st.data())
def test_a_chain_cut_at_its_end_is_told_by_a_head_kept_elsewhere(entries, data):
    kept = data.draw(st.integers(0, len(entries) - 1))
    head = ChainHead(entries[-1].seq, entries[-1].hash)
    assert verify_chain(entries[:kept]) is None
    assert verify_chain(entries[:kept], [head]) == kept + 1


@pytest.mark.parametrize(
    ("previous", "seq"), [("", 1), ("00", 1), ("z" * 64, 1), (GENESIS, 0), (GENESIS, -1)]
)
def test_an_entry_that_cannot_follow(previous, seq):
    with pytest.raises(ValueError):
        entry_hash(previous, seq, b"")
