"""When two people of one act are two people: neither is a second self of the other."""

from contest.errors import NotAllowed


def check_own_password(name, is_given):
    """Whoever takes part has replaced the one-time password that somebody else knows; NotAllowed."""
    if is_given:
        raise NotAllowed(
            "%(name)s still has a one-time password that somebody else made. It must be replaced on "
            "the page of the own account before this act.", name=name,
        )


def check_apart(giver):
    """Nobody's hands are behind both; giver: the name of whose hands are, or None. NotAllowed."""
    if giver is not None:
        raise NotAllowed(
            "This needs two people of whom neither depends on the other: since the first mark came "
            "in, %(name)s gave a role, a password or a PIN to somebody who takes part. Let another "
            "person take part, one who had a role before.", name=giver,
        )
