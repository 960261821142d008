"""Judges: taking in their list, adding one, mending what is known of one."""

import hashlib

from contest import clock, signals
from contest.accounts import tickets
from contest.accounts.queries import find_user
from contest.accounts.rules import clean_login
from contest.audit.work import work
from contest.db import db
from contest.errors import Invalid
from contest.people import import_queries, judge_queries, person_queries, queries
from contest.people.columns import JUDGES
from contest.people.forms import ALL_WRONG
from contest.people.models import Judge, Organisation, PendingImport
from contest.people.roster_actions import BadList
from contest.people.roster_rules import old_and_new, same_words
from contest.people.rules import check_judges_open
from contest.people.tables import is_usable, read_table
from contest.setup.queries import get_contest

FIELDS_OF = {"Login": "login", "Organisation": "organisation"}


def upload_judges(actor, contest_id, data, file_name):
    """Read a list of judges and keep it for confirming; returns the pending list's id."""
    check_judges_open(get_contest(contest_id).state)
    db.session.rollback()
    rows, problems = read_table(data, file_name, JUDGES)
    documents = [{"row": row.number, "values": row.values} for row in rows]
    _, more = judge_queries.compare_judges(contest_id, documents)
    if not is_usable(problems + more):
        raise BadList(problems + more)
    with work(actor, "judges.upload", contest_id=contest_id, subject=file_name[:100]):
        import_queries.forget_old()
        pending = PendingImport(
            contest_id=contest_id,
            kind="judges",
            file_name=file_name[:200],
            file_hash=hashlib.sha256(data).hexdigest(),
            rows=documents,
            notes=[problem.to_document() for problem in problems],
            by_id=actor.user_id,
            at=clock.now(),
        )
        db.session.add(pending)
        db.session.flush()
    return pending.id


def confirm_judges(actor, contest_id, pending_id, progress=iter):
    """Store a list of judges with accounts and roles; returns counts of new, changed, unchanged."""
    check_judges_open(get_contest(contest_id).state)
    pending = import_queries.get_pending(contest_id, pending_id, "judges", actor.user_id)
    pairs, problems = judge_queries.compare_judges(contest_id, pending.rows)
    if not is_usable(problems):
        raise BadList(problems)
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    with work(
        actor,
        "judges.import",
        contest_id=contest_id,
        subject=pending.file_name,
        file_hash=pending.file_hash,
    ) as facts:
        writer = JudgeWriter(contest_id, actor.user_id)
        logins = {judge.id: login for judge, login in queries.judges_with_logins(contest_id)}
        facts["corrected"] = {
            logins[judge.id]: old_and_new(changes)
            for document, judge in pairs
            if judge and (changes := judge_queries.changes_of(judge, document["values"]))
        }
        for document, judge in progress(pairs):
            counts[writer.write(document["values"], judge)] += 1
        signals.organisations_changed.send("judges", contest_id=contest_id, facts=facts)
        facts.update(counts)
        db.session.delete(pending)
    return counts


class JudgeWriter:
    """Puts judges into the tables, with an account for each. Commits nothing."""

    def __init__(self, contest_id, by_id=None):
        self.contest_id = contest_id
        self.by_id = by_id
        self.organisations = person_queries.organisations_by_name()

    def organisation_id(self, name):
        """The id of the organisation of this name, made when there is none; None for no name."""
        if not name:
            return None
        key = same_words(name)
        if key not in self.organisations:
            self.organisations[key] = Organisation(name=name)
            db.session.add(self.organisations[key])
            db.session.flush()
        return self.organisations[key].id

    def write(self, values, judge):
        """Add or change one judge; returns new, changed or unchanged."""
        if judge is None:
            self.add(values)
            return "new"
        return self.change(judge, values)

    def add(self, values):
        """A new judge; the account is the one that `login` names, else a new one."""
        login = clean_login(values["login"]) if values["login"] else tickets.free_login("judge")
        user = find_user(login) or tickets.new_user(login, values["name"])
        tickets.grant(user, "judge", self.contest_id, self.by_id)
        judge = Judge(
            contest_id=self.contest_id,
            user_id=user.id,
            name=values["name"],
            organisation_id=self.organisation_id(
                values["organisation"] or judge_queries.find_contact_home(self.contest_id, user.id)
            ),
            specialities=values["specialities"],
        )
        db.session.add(judge)
        db.session.flush()
        return judge

    def change(self, judge, values):
        """Put what a row says over what is known; an empty cell leaves it. changed or unchanged."""
        old = (judge.name, judge.organisation_id, list(judge.specialities))
        judge.name = values["name"]
        if values["organisation"]:
            judge.organisation_id = self.organisation_id(values["organisation"])
        if values["specialities"]:
            judge.specialities = values["specialities"]
        same = old == (judge.name, judge.organisation_id, list(judge.specialities))
        return "unchanged" if same else "changed"


def add_judge(actor, contest_id, values):
    """Add one judge with an account; returns the judge's id."""
    check_judges_open(get_contest(contest_id).state)
    _check_one(contest_id, values)
    with work(actor, "judge.add", contest_id=contest_id, subject=values["name"], new=values):
        judge = JudgeWriter(contest_id, actor.user_id).add(values)
    return judge.id


def _check_one(contest_id, values):
    [(_, known)], problems = judge_queries.compare_judges(
        contest_id, [{"row": 1, "values": values}]
    )
    if known is not None:
        raise _at("name", Invalid("This judge is on the list already."))
    for problem in problems:
        sentence = Invalid(problem.message, **problem.params)
        raise _at(FIELDS_OF.get(problem.column, "name"), sentence)


def _at(name, sentence):
    return Invalid(ALL_WRONG.message, fields={name: sentence})


def edit_judge(actor, contest_id, judge_id, values):
    """Mend one judge's name, organisation and specialities; empty ones are taken out."""
    check_judges_open(get_contest(contest_id).state)
    judge = queries.get_judge(contest_id, judge_id)
    home = judge_queries.find_contact_home(contest_id, judge.user_id)
    for problem in judge_queries.home_problems(home, values, row=1):
        raise _at("organisation", Invalid(problem.message, **problem.params))
    old = {
        "name": judge.name,
        "specialities": list(judge.specialities),
        "organisation": judge.organisation.name if judge.organisation else "",
    }
    new = {
        "name": values["name"],
        "specialities": values["specialities"],
        "organisation": values["organisation"] or home,
    }
    with work(
        actor, "judge.edit", contest_id=contest_id, subject=judge.name, old=old, new=new
    ) as facts:
        judge.name, judge.specialities = new["name"], new["specialities"]
        judge.organisation_id = JudgeWriter(contest_id).organisation_id(new["organisation"])
        signals.organisations_changed.send("judge", contest_id=contest_id, facts=facts)
