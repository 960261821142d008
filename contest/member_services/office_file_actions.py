"""Files that the office itself puts to a case."""

from sqlalchemy import select

from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import apply_actions, case_rules, file_rules
from contest.member_services import case_queries as queries
from contest.member_services.models import Case
from contest.member_services.moving_actions import get_open_case, log, moving


def add_files(actor, case_id, files, text=""):
    """Files of the office for a case, checked as an applicant's are; the office alone sees them."""
    case = get_open_case(actor, case_id)
    if case.state in case_rules.OVER or case.erased_at is not None:
        raise Conflict("This case is closed; nothing is added to it any more.")
    words = case_rules.read_words(text)
    with moving(actor, case, "service.file") as facts:
        db.session.execute(select(Case.id).filter_by(id=case.id).with_for_update())  # files are numbered
        there = [one for one in queries.files_of(case.id) if one.field_key == file_rules.BY_OFFICE]
        given = [(file_rules.BY_OFFICE, name, content) for name, content in files]
        taken = _read_papers(given, len(there))
        apply_actions.keep_files(case, taken)
        facts["files"] = [one.sha256 for _, one in taken]
        log(case, actor, "filed", words=words or "、".join(one.name for _, one in taken),
            facts={"files": facts["files"]})


def _read_papers(given, there):
    try:
        if taken := file_rules.read_files(given, there):
            return taken
        raise Invalid("Choose a file.")
    except Invalid as refused:
        sentence = Invalid(refused.message, **refused.params)
        raise Invalid(refused.message, fields={"paper": sentence}, **refused.params) from refused
