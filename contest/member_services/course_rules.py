"""When a course is completed, and the number of its certificate."""

from contest.errors import Conflict


def needed(sessions, percent):
    """How many meetings make `percent` in a hundred of them, begun ones counted.

    >>> needed(10, 80), needed(6, 80), needed(1, 80)
    (8, 5, 1)
    """
    return -(-sessions * percent // 100)


def check_attended(attended, sessions, percent):
    """Conflict when somebody came too seldom for the certificate."""
    if attended < needed(sessions, percent):
        raise Conflict(
            "Attended %(attended)s of %(sessions)s meetings; the certificate needs %(needed)s.",
            attended=attended, sessions=sessions, needed=needed(sessions, percent),
        )


def check_digit(digits):
    """The check digit of a row of digits (ISO 7064, MOD 11-10), 0 to 9.

    >>> check_digit("0794")
    '5'
    """
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def certificate_number(year, slot_id, case_id):
    """A number that is never used again: year, course, case and a check digit."""
    digits = f"{year:04d}{slot_id:05d}{case_id:06d}"
    return f"JX{digits}{check_digit(digits)}"


def member_number(year, membership_id):
    """The number on a member's card: year, running number and a check digit."""
    digits = f"{year:04d}{membership_id:08d}"
    return f"{digits}{check_digit(digits)}"
