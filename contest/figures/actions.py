"""Recording figures of entrants; every correction is a new row."""

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Invalid
from contest.figures import queries, rules
from contest.figures.forms import VALUE
from contest.figures.models import RecordedFigure
from contest.i18n import N_
from contest.scoring.units import text_of
from contest.setup.late_changes import check_not_held
from contest.setup.queries import check_module_counts, get_contest


def record_column(actor, contest_id, kind, key, typed, looked=None):
    """Store a table of one column; returns how many figures are new, changed or taken back.

    typed: {handle: (text, id of the row that the page showed)}; an empty text takes back what stood.
    looked: {handle: text} at which somebody was asked to look again, and did. Invalid names the field of
    every figure that cannot be taken, LookAgain of every one that should be looked at again; Conflict when
    somebody else was faster with one that was changed here. Then nothing is stored.
    """
    contest = get_contest(contest_id)
    rules.check_open(contest)
    check_not_held(contest_id)
    column = queries.get_column(contest_id, kind, key)
    if column.module is not None:
        check_module_counts(contest_id, key)
    rows = {row.handle: row for row in queries.table(contest_id, column)}
    changed = _changed(column, rows, typed)
    if not changed:
        return 0
    _check_looked(contest_id, column, rows, typed, changed, looked or {})
    with work(
        actor, f"figure.{kind}", contest_id=contest_id, subject=key, tell=signals.marks_changed,
        old={handle: rows[handle].text for handle in changed},
        new={h: "" if units is None else text_of(units) for h, units in changed.items()},
    ):
        for handle, units in changed.items():
            db.session.add(
                RecordedFigure(
                    contest_id=contest_id, entrant_id=rows[handle].entrant_id, kind=kind, key=key,
                    units=units, by_id=actor.user_id, at=clock.now(),
                )
            )
        contest.marks_version = type(contest).marks_version + 1
    return len(changed)


def _changed(column, rows, typed):
    """{handle: units or None} of what differs from what stands; Invalid for what cannot be taken."""
    changed, wrong = {}, {}
    for handle, (text, seen) in typed.items():
        row = rows.get(handle)
        if row is None:
            raise Invalid("The page holds somebody who is not in this list; reload it.")
        try:
            units = rules.read_figure(text, column)
        except Invalid as refused:
            wrong[VALUE + handle] = refused
            continue
        # Untouched by this person: whatever stands there meanwhile stays.
        if units == row.units or (seen != row.seen and units == queries.figure_of(seen)):
            continue
        rules.check_seen(handle, seen, row.seen)
        changed[handle] = units
    if wrong:
        raise Invalid(
            "Nothing was stored: %(count)s figures cannot be taken; each says why.", fields=wrong,
            count=len(wrong),
        )
    return changed


def _check_looked(contest_id, column, rows, typed, changed, looked):
    """LookAgain for figures that are new, doubtful, and not the ones at which somebody looked again."""
    handles = {rows[handle].entrant_id: handle for handle, units in changed.items() if units is not None}
    found = queries.doubts(contest_id, column, {one: changed[handle] for one, handle in handles.items()})
    doubtful = {
        VALUE + handles[one]: why for one, why in found.items()
        if looked.get(handles[one]) != typed[handles[one]][0]
    }
    if doubtful:
        raise rules.LookAgain(
            N_("Nothing is stored yet. Please look at %(count)s figures again, and mend them or store them "
               "as they are."), fields=doubtful, count=len(doubtful),
        )


def check_figures(contest_id, kind, key, typed):
    """The same questions about a table that was only filled in by a pasted list; stores nothing."""
    column = queries.get_column(contest_id, kind, key)
    wrong = {}
    for handle, (text, _) in typed.items():
        try:
            rules.read_figure(text, column)
        except Invalid as refused:
            wrong[VALUE + handle] = refused
    if wrong:
        raise Invalid(
            "%(count)s figures of the list cannot be taken; each says why.", fields=wrong,
            count=len(wrong),
        )
