"""Every sentence is in the English catalogue, whole, with the places of the French one."""

import re

from scripts.catalogue import MO, current, gaps

PLACES = re.compile(r"%\((\w+)\)s")


def test_no_sentence_lacks_its_english() -> None:
    assert gaps(current()) == []


def test_the_english_has_the_places_of_the_french() -> None:
    wrong = []
    for message in current():
        french = message.id if isinstance(message.id, str) else message.id[-1]
        english = message.string if isinstance(message.string, str) else message.string[-1]
        if french and set(PLACES.findall(french)) != set(PLACES.findall(english)):
            wrong.append(french)
    assert wrong == []


def test_the_compiled_catalogue_is_the_kept_one() -> None:
    import io

    from babel.messages.mofile import write_mo

    buffer = io.BytesIO()
    write_mo(buffer, current())
    assert MO.read_bytes() == buffer.getvalue()
