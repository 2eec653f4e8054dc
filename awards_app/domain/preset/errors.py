"""What is wrong with a preset, and where."""


class PresetError(ValueError):
    """A preset that cannot be used; `key` is the path of the faulty key (`grids[0].weights.us`)."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key
        self.problem = problem
