"""Whole numbers that come from outside and go into the database."""

LARGEST = 2**31 - 1  # what an integer column holds, on every database


def read_whole(text, otherwise=None):
    """The number in a text of digits; `otherwise` when it is none, or larger than any row's.

    >>> read_whole("42"), read_whole("9" * 30), read_whole("1.5", 0)
    (42, None, 0)
    """
    text = (text or "").strip()
    if not text.isdecimal() or len(text) > 10 or int(text) > LARGEST:
        return otherwise
    return int(text)


def whole(text):
    """The number, for `type=` of a request's values; ValueError for what no row can have."""
    found = read_whole(text)
    if found is None:
        raise ValueError("not a number of a row")
    return found


def size_words(count):
    """A whole number of bytes as people say it.

    >>> size_words(20 * 1024 * 1024), size_words(64 * 1024)
    ('20 MB', '64 KB')
    """
    kilobytes = count // 1024
    return f"{kilobytes // 1024} MB" if kilobytes >= 1024 else f"{kilobytes} KB"
