"""Final results look for records by themselves: what beats or equals one is proposed.

Everything here is done within the work of whoever publishes, reopens, annuls, lets in or decides.
"""

from sqlalchemy import select

from contest import clock, signals
from contest.audit.chaining import note_row
from contest.audit.models import TrailRow
from contest.audit.rules import PROGRAM_NAMES
from contest.db import db
from contest.i18n import N_, stored_params
from contest.registry import record_queries, record_rules
from contest.registry.record_models import RecordLine, RecordMark, RecordMember
from contest.results.models import Reopening, ResultSheet

LOOKER = "records"
PROGRAM_NAMES[LOOKER] = N_("records")
PUBLISHED = N_("The results were published anew: %(reason)s")
REOPENED = N_("The final results were opened again: %(reason)s")
ANNULLED = N_("The result was annulled: %(reason)s")


def words(message, **params):
    """A reason as it is stored with what was taken back."""
    return {"message": message, "params": stored_params(params)}


def lock_line(line_id):
    """The record, kept from a second act of the same moment; Missing."""
    record_queries.get_line(line_id)
    return db.session.get(RecordLine, line_id, with_for_update=True, populate_existing=True)


def look_again(line, why, contest_id=None):
    """Bring a record into line with the final results that hold now, within the caller's work.

    A result that beat or equalled what stood is proposed; one that is gone or changed is taken back with
    `why`, and what waits of a record that was laid down. contest_id: of which contest this comes, for its
    trail.
    """
    found = record_queries.results_of(line)
    back = _take_back(line, found, why)
    proposed = _propose(line, found) if line.ended_at is None else 0
    db.session.flush()
    if contest_id is not None and (back or proposed):
        _note(line, contest_id, back, proposed)


def _take_back(line, found, why):
    """Take back what is gone, changed or no record any more; how many."""
    found = {one.key for one in found}
    unfit = {
        contest_id: words(refusal.message, **refusal.params) for contest_id, refusal
        in record_queries.unfit_inside(line, record_queries.contests_in(line.id)).items()
    }
    live, gone = record_queries.marks_of(line.id, *record_rules.LIVE), []
    for mark in live:
        is_dropped = line.ended_at is not None and mark.state == "proposed"
        if is_dropped or record_queries.as_result(mark).key not in found:
            gone.append((mark, unfit.get(mark.contest_id, why)))
    lost = {mark for mark, _ in gone}
    held = [one for one in live if one.state == "confirmed" and one not in lost]
    stand = _keys(line, [record_queries.as_result(one) for one in held])
    better = words(record_rules.BETTER_RESULT)
    gone += [(one, better) for one in held if record_queries.as_result(one).key not in stand]
    for mark, reason in gone:
        withdraw(mark, reason)
    return len(gone)


def _keys(line, results):
    return {one.result.key for one in record_rules.replay(line.better, line.earlier_value, results)}


def withdraw(mark, reason):
    """Take a result back that was proposed, confirmed or refused; reason: as words() makes it."""
    was_public = mark.state == "confirmed"
    mark.state, mark.withdrawn_at, mark.withdrawn_why = "withdrawn", clock.now(), reason
    if was_public:
        signals.record_changed.send("registry.record_look", mark_id=mark.id, state="taken_back")


def _propose(line, found):
    """Propose what beat or equalled the record of its day, and drop proposals that no longer do; how many."""
    refused = {
        record_queries.as_result(one).key for one in record_queries.marks_of(line.id, "refused")
    }
    live = record_queries.marks_of(line.id, *record_rules.LIVE)
    confirmed = {
        (one.contest_id, one.holder_id): record_queries.as_result(one)
        for one in live if one.state == "confirmed"
    }
    # A confirmed result keeps the day on which it was confirmed, whatever the contest says by now.
    results = [one for one in found if (one.contest_id, one.holder_id) not in confirmed]
    results = [one for one in results if one.key not in refused] + list(confirmed.values())
    wanted = {
        (one.result.contest_id, one.result.holder_id): one.result
        for one in record_rules.replay(line.better, line.earlier_value, results)
    }
    known = {(one.contest_id, one.holder_id) for one in live}
    for mark in live:
        if mark.state == "proposed" and (mark.contest_id, mark.holder_id) not in wanted:
            withdraw(mark, words(record_rules.BETTER_RESULT))
    db.session.flush()
    new = [one for key, one in wanted.items() if key not in known]
    db.session.add_all(_marks(line, new))
    return len(new)


def _marks(line, results):
    """The RecordMarks of some results, without the names of those who were erased."""
    is_team = line.holder == "team"
    people = [each for one in results for each, _ in one.members] if is_team else [
        one.holder_id for one in results
    ]
    nameless = record_queries.erased_among(people)
    return [
        RecordMark(
            line_id=line.id, contest_id=one.contest_id, result_sheet_id=one.sheet_id, value=one.value,
            **{"team_id" if is_team else "entrant_id": one.holder_id}, on=one.on, unit=one.unit,
            name=one.name if is_team else _told(one.holder_id, one.name, nameless), proposed_at=clock.now(),
            members=[
                RecordMember(entrant_id=each, name=_told(each, name, nameless)) for each, name in one.members
            ],
        ) for one in results
    ]


def _told(entrant_id, name, nameless):
    return record_queries.NAMELESS if entrant_id in nameless else name


def _note(line, contest_id, back, proposed):
    """A row in the contest's trail: nobody asked for it, it followed from the results."""
    row = TrailRow(
        at=clock.now(), who=LOOKER, user_id=None, did="registry.record_look", contest_id=contest_id,
        subject=line.name, facts={"proposed": proposed, "taken_back": back},
    )
    db.session.add(row)
    db.session.flush()
    note_row("trail", {column.key: getattr(row, column.key) for column in TrailRow.__table__.columns})


def _look(contest_id, why):
    for line in record_queries.lines_with(contest_id):
        look_again(lock_line(line.id), why, contest_id)


@signals.results_published.connect
def look_at_published(_did, contest_id, stage, revision, kind, is_correction):
    """What became final is compared; what was corrected goes, within the publication."""
    if kind != "final":
        return
    reason = db.session.scalar(
        select(ResultSheet.reason).filter_by(contest_id=contest_id, stage=stage, revision=revision)
    )
    _look(contest_id, words(PUBLISHED, reason=reason or "–"))


@signals.step_taken.connect
def look_at_reopened(_act, contest_id, was, to):
    """Final results that were opened again hold no record, within the step."""
    if was != "final" or to == "archived":
        return
    reason = db.session.scalar(
        select(Reopening.reason).filter_by(contest_id=contest_id, is_confirmed=True)
        .order_by(Reopening.id.desc()).limit(1)
    )
    _look(contest_id, words(REOPENED, reason=reason or "–"))


@signals.result_annulled.connect
def look_at_annulled(_did, contest_id, reason):
    """An annulled result holds no record, within the annulment."""
    _look(contest_id, words(ANNULLED, reason=reason))
