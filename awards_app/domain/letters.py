"""What people typed, put into a letter: it stays text, also in a mail reader that makes links of what looks like one."""

import re

# A reader makes a link of « scheme: » and of names with dots between letters or digits, in any script's dot.
SCHEME = re.compile(r"(?<![^\W\d_])([a-z][a-z0-9+-]{1,15}):(?=\S)", re.IGNORECASE)
DOT = re.compile(r"(?<=[^\W_])([.\u3002\uff0e\uff61])(?=[^\W_])")
SIGN = re.compile(r"(?<=\S)@(?=\S)")
BREAK = "\u200b"


def unlinked(text: str) -> str:
    """Return ``text`` with a space of no width after each sign that makes a link: it reads the same and leads nowhere.

    « www.exemple.org » is one word to a person and three to the reader of mails.
    """
    text = SCHEME.sub(rf"\1:{BREAK}", text)
    text = DOT.sub(rf"\1{BREAK}", text)
    return SIGN.sub(f"@{BREAK}", text)
