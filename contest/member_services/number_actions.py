"""An identity number that came with an application goes to the person, sealed, and out of the application."""

from contest import clock
from contest.db import db
from contest.errors import Conflict
from contest.member_services import case_rules, field_forms
from contest.member_services.catalogue_queries import service_of
from contest.member_services.number_queries import is_other, known_by_number, number_of
from contest.people import number_keeping, number_queries
from contest.people.personal_models import PersonalAccess


def find_same(case):
    """The id of the person with the number and the name of a case, or None; Conflict for another name.

    Who types somebody else's number does not become that person, and two people never become one by it.
    """
    found = known_by_number(case)
    if found is not None and not case_rules.is_same_name(case.name, found.name):
        number_keeping.check_nobody_elses(None, number_of(case))
    return found.id if found else None


def keep(actor, case):
    """Keep the number with the person of the case, within the case's work; it stands in the access log.

    Conflict when the person has another number on record, or the number is another person's.
    """
    if not (number := number_of(case)):
        return
    number_keeping.check_nobody_elses(case.human_id, number)
    if is_other(case.human_id, number):
        raise Conflict("Another identity number of this person is on record. Compare both first.")
    is_known = number_queries.find_number(case.human_id) is not None
    if not is_known:
        number_keeping.keep_number(case.human_id, number, actor.user_id)
    case.answers = field_forms.without_number(service_of(case.version), case.answers)
    db.session.add(PersonalAccess(
        at=clock.now(), user_id=actor.user_id, who=actor.name, human_id=case.human_id,
        kind="search" if is_known else "enter", fields=["id_number"], reason=case.receipt,
    ))
