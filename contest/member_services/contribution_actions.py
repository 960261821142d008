"""Contributions are entered by hand or from a list, taken back with a reason, and asked for at a decision."""

from sqlalchemy.exc import IntegrityError

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.member_services import catalogue_queries, contribution_rules
from contest.member_services import contribution_queries as queries
from contest.member_services.apply_actions import keep_version
from contest.member_services.contribution_models import PaidContribution, TakenBackContribution
from contest.member_services.contribution_rules import BadLines
from contest.member_services.money_rules import yuan
from contest.member_services.moving_actions import check_duty, log
from contest.people.person_queries import hold_person
from contest.people.problems import Problem
from contest.people.sealing import pseudonym
from contest.people.tables import read_table


def enter(actor, service_key, form):
    """One payment, typed by hand; the row. Invalid by field, NotAllowed when somebody else enters them.

    Conflict when the very same is on record already.
    """
    service = queries.get_service(service_key)
    check_duty(actor, service.contribution.who)
    told = contribution_rules.read_form(form)
    contribution_rules.check_days(told, clock.today())
    doubt = contribution_rules.doubt_of(told, service.contribution)
    if doubt and form.get("looked") != "1":
        raise Invalid(
            "Nothing was stored: look at the marked field, then tick that it is right.",
            fields={doubt[0]: doubt[1], "looked": doubt[1]},
        )
    with work(
        actor, "service.contribution", subject=service_key, for_year=told.year, amount=yuan(told.amount),
    ) as facts:
        _hold(service_key)  # of two who enter the same payment the second is told
        book = queries.Book(service_key, [told])
        human_id = book.person_of(told)
        if not contribution_rules.check_new(told, book.paid[human_id, told.year]):
            raise Conflict("This payment is on record already.")
        facts["person"] = pseudonym(human_id)
        row = _row(actor, service_key, told, human_id, "")
        db.session.add(row)
        db.session.flush()
    return row


def import_list(actor, service_key, data, file_name, looked=False, leaves_out=False):
    """The payments of a spreadsheet, all of them or nothing; counts: new, known (already), left_out.

    BadLines names every line that cannot be taken (leaves_out: those are left out) and every one that
    somebody has to look at first (looked: it was done). Invalid for a file that is no such list.
    """
    service = queries.get_service(service_key)
    check_duty(actor, service.contribution.who)
    db.session.rollback()  # reading may take seconds; nobody else should wait for the database
    rows, problems = read_table(data, file_name, contribution_rules.COLUMNS)
    if whole := [one for one in problems if one.kind == "bad" and one.row is None]:
        raise Invalid(whole[0].message, **whole[0].params)
    unread = {one.row for one in problems if one.kind == "bad"}
    lines = [contribution_rules.told_of(row.number, row.values) for row in rows if row.number not in unread]
    with work(actor, "service.contributions", subject=service_key, file_name=file_name[:100]) as facts:
        _hold(service_key)
        found, known = _judge(service, lines, problems)
        bad = {one.row for one in problems if one.kind == "bad"}
        _check_taken(problems, bad, looked, leaves_out)
        db.session.add_all(
            _row(actor, service_key, told, human_id, file_name[:200]) for told, human_id in found
        )
        total = sum(told.amount for told, _ in found)
        facts.update(count=len(found), known=known, left_out=len(bad), amount=yuan(total))
    return {"new": len(found), "known": known, "left_out": len(bad)}


def _hold(service_key):
    """Nobody else enters payments until the transaction ends; a version of the entry is there to be held."""
    keep_version(service_key)
    catalogue_queries.hold_catalogue()


def _judge(service, lines, problems):
    """([(Told, person's id) of the new ones], how many are on record already); adds to `problems`."""
    book, today = queries.Book(service.key, lines), clock.today()
    found, known, seen = [], 0, {}
    for told in lines:
        try:
            contribution_rules.check_days(told, today)
            human_id = book.person_of(told)
            if (row := seen.setdefault((human_id, told.year), told.row)) != told.row:
                raise contribution_rules.twice(row)
            is_new = contribution_rules.check_new(told, book.paid[human_id, told.year])
        except Invalid as refused:
            problems.append(contribution_rules.problem_of("bad", told.row, refused))
            continue
        if not is_new:
            known += 1
            continue
        found.append((told, human_id))
        if doubt := contribution_rules.doubt_of(told, service.contribution):
            column = contribution_rules.LABELS[doubt[0]]
            problems.append(Problem("warn", doubt[1].message, row=told.row, column=column, **doubt[1].params))
    return found, known


def _check_taken(problems, bad, looked, leaves_out):
    shown = sorted((one for one in problems if one.kind != "note"), key=lambda one: one.row or 0)
    if bad and not leaves_out:
        raise BadLines(
            N_("Nothing was stored: lines that cannot be taken: %(count)s. Mend them, or tick that they are "
               "left out, and send the file again."), shown, count=len(bad),
        )
    doubts = [one for one in shown if one.kind == "warn" and one.row not in bad]
    if doubts and not looked:
        raise BadLines(
            N_("Nothing was stored: lines to be looked at: %(count)s. Mend them, or tick that they are "
               "right, and send the file again."), shown, count=len(doubts),
        )


def _row(actor, service_key, told, human_id, file_name):
    return PaidContribution(
        service_key=service_key, human_id=human_id, year=told.year, amount=told.amount, paid_on=told.paid_on,
        reference=told.reference, file_name=file_name, who=actor.name, by_id=actor.user_id, at=clock.now(),
    )


def take_back(actor, contribution_id, reason):
    """A payment that was entered wrongly, or was paid back, counts no longer; both rows stay.

    Invalid without a reason, NotAllowed when somebody else enters them, Conflict when it was done already.
    """
    row = queries.get_contribution(contribution_id)
    check_duty(actor, queries.get_service(row.service_key).contribution.who)
    words = contribution_rules.read_reason(reason)
    try:
        with work(
            actor, "service.contribution_back", subject=row.service_key, for_year=row.year,
            amount=yuan(row.amount), person=pseudonym(row.human_id), reason=words,
        ):
            hold_person(row.human_id)  # nobody decides on it at the same moment
            db.session.add(TakenBackContribution(
                contribution_id=row.id, reason=words, who=actor.name, by_id=actor.user_id, at=clock.now(),
            ))
    except IntegrityError:
        raise Conflict("This contribution has been taken back already.") from None
    return row


def check_paid(actor, case, service, form):
    """Nothing is granted for a year without its contribution, unless whoever decides writes down why.

    Within the case's work, whose person is held; what its row in the trail says besides. Invalid by field,
    Conflict while nobody knows whose case it is.
    """
    if service.contribution is None:
        return {}
    if case.human_id is None:
        raise Conflict("Whether the contribution was paid is known of a person. Say first whose case it is.")
    asked = queries.of_case(case, service)
    if asked.paid is not None:
        return {}
    words = contribution_rules.read_exception(form.get("without_contribution"), asked.year)
    log(case, actor, "without", words=words, facts={"for_year": asked.year})
    return {"without_contribution": asked.year, "reason": words}
