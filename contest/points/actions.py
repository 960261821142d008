"""Booking points that other systems tell, taking them back, changing a rule, publishing a list."""

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Invalid
from contest.names import name_key
from contest.people import person_queries
from contest.people.models import Human, Organisation
from contest.people.roster_rules import same_words
from contest.people.tables import read_table
from contest.points import (
    list_queries,
    list_rules,
    queries,
    rules,
    trail_words,  # noqa: F401 (names deeds)
)
from contest.points.columns import POINTS
from contest.points.models import PointsEntry, PointsList, PointsRule


def record_points(actor, source, rows):
    """Book what a system tells, all of it or nothing; returns counts: new, known, points, cut, late.

    rows: pairs (row number, dict of texts), see rules.read_lines. The same reference told again with the
    same facts changes nothing. cut: points that were not given because of a limit a day. late: new lines
    of days whose list is published already. BadLines.
    """
    source = rules.read_source(source)
    told = rules.read_lines(rows, clock.today())
    counts = {"new": 0, "known": 0, "points": 0, "cut": 0, "late": 0}
    queries.hold_ledger()
    with work(actor, "points.record", source=source) as facts:
        known = queries.find_told(source, [one.reference for one in told])
        book = _Book(actor, source)
        for one in told:
            book.enter(one, known.get(one.reference), counts)
        facts.update(size=counts["new"], known=counts["known"], points=counts["points"],
                     told_late=counts["late"])
    return counts


class _Book:
    """Turns told lines into entries; knows the organisations and the rules met so far."""

    def __init__(self, actor, source):
        self.actor, self.source = actor, source
        # Also under a former name: it is the same organisation.
        self.organisations = person_queries.organisations_by_name()
        self.rules, self.had, self.published = {}, {}, list_queries.published_periods()

    def enter(self, one, known, counts):
        organisation = self._organisation(one.organisation)
        found = self._found(one, organisation)
        if known is not None:
            # The row on which it was booked may be merged since, and a namesake have joined the unit.
            whose = person_queries.get_person(known.human_id).id
            is_same = whose in {human.id for human in found}
            rules.check_same(one.row, one.kind, one.quantity, one.earned_on, is_same, known)
            counts["known"] += 1
            return
        human = self._human(one, organisation, found)
        points, cut = self._points(one, human)
        db.session.add(PointsEntry(
            human_id=human.id, organisation_id=organisation.id, kind=one.kind, quantity=one.quantity,
            points=points, earned_on=one.earned_on, what=one.what, source=self.source,
            reference=one.reference, by_id=self.actor.user_id, at=clock.now(),
        ))
        counts["new"] += 1
        counts["points"] += points
        counts["cut"] += cut
        counts["late"] += bool(list_rules.lists_over(one.earned_on, self.published, clock.now()))

    def _organisation(self, name):
        key = same_words(name)
        if key not in self.organisations:
            self.organisations[key] = Organisation(name=name)
            db.session.add(self.organisations[key])
            db.session.flush()
        return self.organisations[key]

    def _found(self, one, organisation):
        """Whoever of this name (and birth date) is in the organisation."""
        found = queries.people_named(one.name, organisation.id)
        if one.born_on is not None:
            found = [human for human in found if human.born_on in (None, one.born_on)]
            found = [human for human in found if human.born_on] or found
        return found

    def _human(self, one, organisation, found):
        """The one that was found, made when there is none."""
        if len(found) > 1:
            raise rules.BadLines([(one.row, Invalid(
                "There are several people called %(name)s in %(unit)s: give the date of birth.",
                name=one.name, unit=organisation.name,
            ))])
        if found:
            return found[0]
        human = Human(
            name=one.name, name_key=name_key(one.name), organisation_id=organisation.id,
            born_on=one.born_on,
        )
        db.session.add(human)
        db.session.flush()
        return human

    def _points(self, one, human):
        day = one.kind, one.earned_on
        if day not in self.rules:
            self.rules[day] = queries.rule_on(*day)
        per_unit, most = self.rules[day]
        whose = human.id, *day
        if whose not in self.had:
            self.had[whose] = queries.points_on(*whose)
        points = rules.points_of(one.quantity, per_unit, most, self.had[whose])
        self.had[whose] += points
        return points, one.quantity * per_unit - points


def import_points(actor, source, data, file_name):
    """Book the lines of a spreadsheet, all of it or nothing; counts as record_points. Invalid, BadLines."""
    rules.read_source(source)
    db.session.rollback()  # reading may take seconds; nobody else should wait for the database
    rows, problems = read_table(data, file_name, POINTS)
    wrong = [(problem.row or 0, problem) for problem in problems if problem.kind == "bad"]
    if wrong:
        raise rules.BadLines(wrong)
    return record_points(actor, source, [(row.number, row.values) for row in rows])


def reverse_points(actor, entry_id, reason):
    """Take points back by an entry of their own; the first one stays in the ledger."""
    queries.hold_ledger()
    entry, is_reversed = queries.get_entry(entry_id)
    words = rules.check_reversal(entry, is_reversed, reason)
    with work(
        actor, "points.reverse", subject=entry.human.name, entry=entry.id, reason=words, old=entry.points,
    ):
        db.session.add(PointsEntry(
            human_id=entry.human_id, organisation_id=entry.organisation_id, kind=entry.kind,
            quantity=entry.quantity, points=-entry.points, earned_on=entry.earned_on, what=entry.what,
            source=rules.REVERSED, reference=str(entry.id), reverses_id=entry.id, reason=words,
            by_id=actor.user_id, at=clock.now(),
        ))


def change_rule(actor, form):
    """What a kind earns from a day on; what was booked stays as it is."""
    kind, per_unit, most, valid_from = rules.read_rule(form, clock.today())
    with work(
        actor, "points.rule", subject=rules.KINDS[kind].name, per_unit=per_unit, most_a_day=most,
        valid_from=valid_from.isoformat(),
    ):
        db.session.add(PointsRule(
            kind=kind, per_unit=per_unit, most_a_day=most, valid_from=valid_from, by_id=actor.user_id,
            at=clock.now(),
        ))


def publish_lists(actor, period):
    """Publish the lists of people and of organisations of a period that is over; returns both."""
    queries.hold_ledger()  # what is booked at this moment is in the list, or late
    is_published = list_queries.find_published(period, "people") is not None
    found = {by_what: list_queries.standing(period, by_what) for by_what in list_rules.LISTS}
    list_rules.check_publishable(period, clock.today(), is_published, found["people"])
    with work(actor, "points.publish", subject=period.key) as facts:
        rows = []
        for by_what, lines in found.items():
            document = list_rules.document_of(lines, period.key, by_what)
            rows.append(PointsList(
                period=period.key, by_what=by_what, document=document,
                document_hash=list_rules.document_hash(document), by_id=actor.user_id, at=clock.now(),
            ))
        db.session.add_all(rows)
        facts["hash"] = [row.document_hash for row in rows]
    return rows
