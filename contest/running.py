"""Whether servers run on a data folder: what replaces its database must be alone."""

import fcntl
from contextlib import contextmanager

from contest.errors import Conflict

NAME = "running.lock"
_held = []


def run_here(folder):
    """Say for as long as this process lives that a server runs here; False while `alone` holds."""
    file = open(folder / NAME, "w")  # noqa: SIM115  (it is held, not read)
    try:
        # The system lets it go with the process, also when that is killed.
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    _held.append(file)
    return True


@contextmanager
def alone(folder):
    """Within the block no server runs or starts here; Conflict while one runs."""
    with open(folder / NAME, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as running:
            raise Conflict("The server runs on these data; stop it first.") from running
        yield
