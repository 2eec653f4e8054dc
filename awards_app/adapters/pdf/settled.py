"""The objects of a paper as the bytes they are written as, made once.

With an identifier, pydyf makes each object's bytes twice: for the file, and for the digest in its trailer. Compression,
done twice at the hardest level, took a fifth of a certificate.
"""

import zlib
from functools import cache
from typing import Any

# On these papers, level 9 costs several times as much, for three hundredths of the bytes.
_LEVEL = 4
# What is the same in every paper, as the colour profile, is compressed once, and best; what differs is not kept.
_BEST = 9


def compressed_once(content: bytes) -> Any:
    """Return a stream of bytes that every paper holds, its compression kept."""
    import pydyf

    return pydyf.Stream([_best(content)], pydyf.Dictionary({"Filter": "/FlateDecode"}))


@cache
def _best(content: bytes) -> bytes:
    return zlib.compress(content, _BEST)


def settle(pdf: Any) -> None:
    """Put, in the place of each object, the bytes it is written as: nothing may change it after."""
    settled = _settled_class()
    for place, thing in enumerate(pdf.objects):
        if thing.free == "n":
            _compress(thing)
            pdf.objects[place] = settled(thing)


def _compress(thing: Any) -> None:
    import pydyf

    if not isinstance(thing, pydyf.Stream) or not thing.compress:
        return
    content = b"\n".join(pydyf._to_bytes(item) for item in thing.stream)
    thing.stream, thing.compress = [zlib.compress(content, _LEVEL)], False
    thing.extra["Filter"] = "/FlateDecode"


@cache
def _settled_class() -> Any:
    import pydyf

    class Settled(pydyf.Object):
        """An object that will not change."""

        data = b""
        compressible = False

        def __init__(self, thing: Any) -> None:
            super().__init__()
            self.number, self.generation = thing.number, thing.generation
            self.data, self.compressible = thing.data, thing.compressible

    return Settled
