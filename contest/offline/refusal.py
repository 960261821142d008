"""What is said of a file that cannot be used."""


class FileError(ValueError):
    """One sentence: which file, which line, what is wrong and what is allowed."""

    def __init__(self, file, line, sentence):
        where = f"{file}, line {line}" if line else file
        super().__init__(f"{where}: {sentence}")
