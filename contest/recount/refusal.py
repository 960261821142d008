"""What the second scorer says when a file cannot be read as the rules demand."""


class Refused(ValueError):
    """One sentence for the person who brought the file; `where` is "marks", "entrants" or "plan"."""

    def __init__(self, sentence, where="plan", line=None):
        super().__init__(sentence)
        self.where = where
        self.line = line
