"""How many of the audience one process takes on, so that the judges always get through."""

import resource
from contextlib import suppress
from dataclasses import dataclass

MOST_LISTENERS = 20_000
SPARE_FILES = 500  # for the database, the program itself, and readers of pages
NICER = 5  # where the processor is short, the board gets a third of what the office gets


@dataclass(frozen=True)
class Limits:
    """most: listeners in all. per_address: from one address; 0 is no limit. proxies: see `of`."""

    most: int = MOST_LISTENERS
    per_address: int = 0
    proxies: int = 0

    def has_room(self, here, from_there):
        """True when one more may listen."""
        return here < self.most and not (self.per_address and from_there >= self.per_address)

    def of(self, address):
        """The address that counts: behind `proxies` of one's own, the one that they name."""
        peer, named = address
        if not self.proxies or not named:
            return peer
        names = [name.strip() for name in named.split(",")]
        # What stands further left was written by the visitor and is worth nothing.
        return names[-min(self.proxies, len(names))]


def address_of(scope):
    """(the peer's address, what X-Forwarded-For says) of a request."""
    named = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    return (scope.get("client") or ("", 0))[0], named.decode("latin-1")


def make_room(most):
    """Let this process hold so many connections open; how many it can in fact."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return most if soft == resource.RLIM_INFINITY else max(0, min(most, soft - SPARE_FILES))
