"""A person's own copy: everything that is kept, for machines (JSON) and for reading, with the files."""

import io
import json
import zipfile
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import select

from contest import clock, signals
from contest.awards.own_result_queries import own_result
from contest.board.hidden_queries import frozen_among
from contest.db import db
from contest.errors import Missing
from contest.i18n import N_
from contest.member_services import case_queries, duty_queries
from contest.member_services.file_rules import BY_OFFICE
from contest.member_services.models import Case, CaseFile
from contest.members import personal_queries as queries
from contest.members.data_map import data_map, of_person, rows_of, table
from contest.members.touching import touching
from contest.people import id_rules
from contest.people import person_queries as people
from contest.people.models import Entrant
from contest.setup.models import Contest
from contest.setup.queries import find_plan_in_force

# These open or prove something and say nothing of the person; other people's numbers say of them.
LEFT_OUT = {
    "token", "check_in_token", "content", "public", "picture", "sealed", "match_hash", "mark", "salt",
    "fingerprint", "op_id", "password_hash", "pin_hash", "token_hash", "code_hash", "device_id",
}
OVER = ("final", "archived")
LETTERS_LEFT_OUT = N_(
    "Letters to the chair are left out of this copy, if there are any: the chair's office alone reads them. "
    "The copy that the person takes on the own page has them."
)


def take_copy(actor, human_id, reason):
    """The bytes of the archive (zip); that it was taken stands in the access log. Missing, Invalid.

    Letters to the chair are in the person's own copy, and in that of somebody who may read them.
    """
    reason = id_rules.read_reason(reason)
    queries.get_human(human_id)
    ids = people.rows_of(human_id)
    reader_id = None if case_queries.human_of(actor.user_id) in ids else actor.user_id
    with touching(actor, "personal.export", "export", ("everything",), reason, human_id):
        document = everything(human_id, reader_id)
        files = _files(ids, reader_id)
    return _packed(document, files)


def everything(human_id, reader_id=None):
    """All that is kept of a person as one document; marks and codes of contests that are over.

    reader_id: the account that takes it for the person; None: the person's own.
    """
    ids, notices = people.rows_of(human_id), []
    for each in ids:
        data = {}
        signals.person_told.send("personal.export", human_id=each, data=data, reader_id=reader_id)
        notices.append(data)
    closed = _closed(reader_id)
    found = {
        "made_at": clock.now().isoformat(), "person": human_id, **_left_out(reader_id),
        "tables": {name: _told(name, ids, closed) for name, entry in data_map().items()
                   if entry.get("told") != "no"},
        "results": _results(ids), "told": notices,
    }
    if queries.find_number(human_id) is not None:
        found["tables"]["id_number"] = [{"number": queries.number_of(human_id)}]
    return found


def _left_out(reader_id):
    """That letters are missing is said whether there are any or not: who wrote one is the chair's to know."""
    if reader_id is None or duty_queries.reads_everything(reader_id):
        return {}
    return {"left_out": gettext(LETTERS_LEFT_OUT)}


def _closed(reader_id):
    return set(db.session.scalars(case_queries.closed_cases(reader_id)))


def _told(name, ids, closed=frozenset()):
    key = "id" if name == "service_case" else "case_id"
    rows = [row for row in rows_of(name, ids) if row.get(key) not in closed]
    if data_map()[name].get("told") == "over":
        over = _contests_over()
        of_contest = "contest_id" in table(name).c
        rows = [row for row in rows if not of_contest or row["contest_id"] in over]
        if not of_contest and not over:
            rows = []
    if name == "case_event":
        rows = [row for row in rows if not row["is_inner"]]
    if name == "case_file":
        rows = [row for row in rows if row["field_key"] != BY_OFFICE]
    shown = [column for column in table(name).c if column.name not in LEFT_OUT and not _is_of_others(column)]
    return [{column.name: _plain(row[column.name]) for column in shown} for row in rows]


def _is_of_others(column):
    """True for the number of another person's account: a judge, an officer, a clerk."""
    return any(key.column.table.name in ("user_account", "judge") for key in column.foreign_keys)


def _contests_over():
    over = set(db.session.scalars(select(Contest.id).where(Contest.state.in_(OVER))))
    return over - frozen_among(over)


def _plain(value):
    if isinstance(value, datetime | date):
        return value.isoformat()
    return f"{len(value)} bytes" if isinstance(value, bytes) else value


def _results(ids):
    """What was published of the person, contest by contest."""
    found = []
    for entrant in db.session.scalars(select(Entrant).where(Entrant.human_id.in_(ids)).order_by(Entrant.id)):
        if find_plan_in_force(entrant.contest_id) is None:
            continue
        contest = db.session.get(Contest, entrant.contest_id)
        for stage in own_result(contest.id, entrant.check_in_token).stages:
            try:
                report = own_result(contest.id, entrant.check_in_token, stage.key).report
            except Missing:
                report = None
            if report is not None:
                found.append({
                    "contest": contest.name, "stage": stage.name, "number": entrant.number,
                    "total": report.total, "place": report.place,
                })
    return found


def _files(ids, reader_id):
    cases = select(Case.id).where(of_person("service_case", ids))
    rows = db.session.execute(
        select(CaseFile.case_id, CaseFile.number, CaseFile.ending, CaseFile.content)
        .where(CaseFile.case_id.in_(cases), CaseFile.content.is_not(None),
               CaseFile.field_key != BY_OFFICE,
               CaseFile.case_id.not_in(case_queries.closed_cases(reader_id)))
    ).all()
    return {f"files/application-{row.case_id}-{row.number}.{row.ending}": row.content for row in rows}


def _packed(document, files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("person.json", json.dumps(document, ensure_ascii=False, indent=1))
        # With the mark of UTF-8, so that every editor shows the Chinese.
        archive.writestr("person.txt", "\ufeff" + "\r\n".join(_lines(document)) + "\r\n")
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _lines(value, before=""):
    """Every value on a line of its own, with the way to it in front."""
    if isinstance(value, dict):
        for key, each in value.items():
            more = " / " if isinstance(each, dict | list) else ""
            yield from _lines(each, f"{before}{key}{more}")
    elif isinstance(value, list):
        for number, each in enumerate(value, start=1):
            yield from _lines(each, f"{before}{number} / ")
    elif value not in (None, ""):
        yield f"{before}: {value}"
