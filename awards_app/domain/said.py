"""A sentence with its values, read as the French sentence it makes and still translatable."""


class Said(str):
    """The French sentence; ``sentence`` is its marked text and ``values`` what fills it."""

    sentence: str
    values: dict[str, object]

    def __new__(cls, sentence: str, **values: object) -> "Said":
        """Put the values in the sentence."""
        said = super().__new__(cls, sentence % values if values else sentence)
        said.sentence = sentence
        said.values = values
        return said
