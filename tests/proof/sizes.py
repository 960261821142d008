"""How much is tried: a little in `make test`, the figures of the promise in `make soak`."""

import os

SOAK = os.environ.get("CONTEST_SOAK") == "1"


def size(small, full):
    """The small size, or the full one when the soak runs (CONTEST_SOAK=1)."""
    return full if SOAK else small


def report(figure, **counted):
    """A line for docs/soak.md, shown by pytest -rP and written where CONTEST_SOAK_REPORT says."""
    words = ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in counted.items())
    line = f"figure {figure}: {words}"
    print(line)
    if path := os.environ.get("CONTEST_SOAK_REPORT"):
        with open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")
