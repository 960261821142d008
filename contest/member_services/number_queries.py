"""The identity number that came with an application, and who is known by it."""

from contest.member_services import field_forms
from contest.member_services.catalogue_queries import service_of
from contest.people import number_queries, sealing


def number_of(case):
    """The number that the applicant of a case gave, or ""."""
    field = field_forms.number_field(service_of(case.version))
    return (case.answers or {}).get(field.key) or "" if field else ""


def known_by_number(case):
    """The person whose number the applicant of a case gave, or None."""
    number = number_of(case)
    return number_queries.find_human(number) if number else None


def is_other(human_id, number):
    """True when a person is known to be somebody else: another number is on record."""
    row = number_queries.find_number(human_id) if number else None
    return row is not None and row.match != sealing.match_of(number)
