"""The office decides on nominations, and takes in winners of contests and learners from lists of points."""

from sqlalchemy import select, update

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.people.models import Human
from contest.people.queries import list_entrants
from contest.people.roster_rules import next_numbers
from contest.people.roster_writer import RosterWriter
from contest.people.rules import check_roster_open
from contest.points.list_queries import get_list, named_lines
from contest.registry.person_rules import NAMELESS
from contest.results.queries import lock_contest
from contest.selection import (
    call_rules,
    nomination_rules,
    queries,
    taking_rules,
    trail_words,  # noqa: F401 (names deeds)
)
from contest.selection.models import ConditionVerdict, UnitNomination
from contest.setup.models import Contest


def decide(actor, contest_id, nomination_id, form):
    """Say of each condition whether it is met, and decide; who is admitted becomes an entrant.

    Invalid by field: a condition without a word, one seen otherwise than the rule without a reason,
    admission while one is not met. Conflict when it does not wait, or the roster is closed.
    """
    contest, call = lock_contest(contest_id), queries.get_call(contest_id)
    row = queries.get_nomination(contest_id, nomination_id)
    nomination_rules.check_decidable(row.state)
    findings = queries.findings_of(row, call)
    verdicts = nomination_rules.read_verdicts(form, findings)
    decision, words = nomination_rules.read_decision(form, verdicts)
    if decision == "admitted":
        check_roster_open(contest.state)
        _check_sure_kind(row, call)
    with work(
        actor, "nomination.decide", contest_id=contest_id, subject=row.values["name"],
        tell=signals.marks_changed if decision == "admitted" else None,
        nomination=row.id, decided=decision, note=words,
        verdicts={one.key: one.is_met for one in verdicts},
    ):
        for verdict, finding in zip(verdicts, findings, strict=True):
            db.session.add(ConditionVerdict(
                nomination_id=row.id, key=verdict.key, is_met=verdict.is_met, reason=verdict.reason,
                rule={"is_met": finding.is_met, "message": finding.message, "params": finding.params},
                by_id=actor.user_id, at=clock.now(),
            ))
        row.state, row.words = decision, words
        row.decided_by_id, row.decided_at = actor.user_id, clock.now()
        if decision == "admitted":
            _enter(row)
            contest.marks_version = Contest.marks_version + 1
    return row


def _check_sure_kind(row, call):
    """Somebody taken in may lack a category or a kind of unit, without which no list can be made."""
    terms, values = queries.terms_of(call), row.values
    is_kind_known = not terms.kinds or values["kind"] in terms.kinds
    if values["category"] not in dict(terms.categories) or not is_kind_known:
        raise Conflict("The nomination names no category or kind of unit that the call knows.")


def _enter(row):
    """The admitted person becomes an entrant of the contest, whose group is the category."""
    writer, values = RosterWriter(row.contest_id), row.values
    taken = [entrant.number for entrant in list_entrants(row.contest_id)]
    entrant = writer.add(
        {
            "organisation": row.organisation.name, "name": values["name"], "gender": values["gender"],
            "born_on": values["born_on"], "group": values["category"], "trade": values["trade"],
            "skill_level": values["grade"],
        },
        next_numbers(taken, 1)[0], row.human,
    )
    db.session.flush()
    if row.human_id is None:
        if entrant.human_id in queries.taken_in(row.contest_id):
            raise Conflict("This person has been taken in already.")
        row.human_id = entrant.human_id
    row.entrant_id = entrant.id


def take_winners(actor, contest_id, from_id, category, kind, most):
    """Take the winners of a contest with final results in as nominations; (taken in, known already).

    most: the place down to which winners are taken. Mission C6: contests feed the yearly selection.
    """
    source = queries.winners_of(from_id)
    if not source or from_id == contest_id:
        raise Missing("There is no contest with winners of this number.")
    best = {}
    for award in source:  # the best place first
        if award.place is not None and award.place <= most:
            best.setdefault(award.entrant.human_id, award)
    people = [
        taking_rules.Taken(
            award.entrant.human_id, award.entrant.organisation_id, award.entrant.trade,
            taking_rules.WON, {"award": award.name, "place": award.place,
                               "contest": db.session.get(Contest, from_id).name},
        ) for award in best.values()
    ]
    return _take_in(actor, contest_id, people, category, kind)


def take_learners(actor, contest_id, list_id, category, kind, most):
    """Take the first people of a published list of points in; (taken in, known already). Mission C12.

    Somebody whose name was erased is not put forward; two rows that are one person are once.
    """
    found, best = get_list(list_id, "people"), {}
    for line in named_lines(found):
        if line["place"] <= most and line["organisation_id"] and line["name"] != NAMELESS:
            best.setdefault(line["id"], line)
    people = [
        taking_rules.Taken(
            line["id"], line["organisation_id"], "", taking_rules.LEARNED,
            {"place": line["place"], "period": found.period, "points": line["points"]},
        ) for line in best.values()
    ]
    return _take_in(actor, contest_id, people, category, kind)


def _take_in(actor, contest_id, people, category, kind):
    contest, call = lock_contest(contest_id), queries.get_call(contest_id)
    taking_rules.check_taking(queries.terms_of(call), category, kind)
    call_rules.check_open(contest.state, call.opens_on, call.closes_on, clock.today())
    known = queries.taken_in(contest_id)
    new = [one for one in people if one.human_id not in known]
    if not people:
        raise Invalid("Nobody stands there with such a place.")
    with work(
        actor, "nomination.take_in", contest_id=contest_id, subject=len(new), kind=kind or "–",
        entrants=[one.human_id for one in new],
    ):
        for one in new:
            human = db.session.get(Human, one.human_id)
            db.session.add(UnitNomination(
                contest_id=contest_id, organisation_id=one.organisation_id, human_id=human.id,
                values=taking_rules.values_of(human, one, category, kind), state="handed_in",
                source={"message": one.message, "params": one.params}, by_id=actor.user_id,
                at=clock.now(), handed_in_at=clock.now(),
            ))
    return len(new), len(people) - len(new)


def _on_merge(_did, keep_id, gone_id, moved):
    """Where two rows are found to be one person, nominations follow; of two in one selection each stays."""
    held = select(UnitNomination.contest_id).filter_by(human_id=keep_id)
    ids = db.session.scalars(
        select(UnitNomination.id).filter_by(human_id=gone_id).where(UnitNomination.contest_id.not_in(held))
    ).all()
    if ids:
        db.session.execute(update(UnitNomination).where(UnitNomination.id.in_(ids)).values(human_id=keep_id))
        moved["unit_nomination"] = list(ids)


signals.people_merged.connect(_on_merge)
