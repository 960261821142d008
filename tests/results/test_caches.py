"""Figure 21: whatever is kept or stored equals what is made from the beginning, after every kind of event.

Kept in this process: readings and standings (results.readings), plans, the board's copies. Stored: the
sheet beside its ledger, the units of a revision, the fingerprint of a published document. In the soak
the pieces of the board's page and the officials' page are compared too.
"""

from contextlib import contextmanager
from datetime import timedelta
from weakref import WeakKeyDictionary

from contest import clock
from contest.board import pulse_queries, rendering
from contest.board import queries as board
from contest.db import db
from contest.errors import Missing
from contest.judging.models import Sheet, SheetRevision
from contest.judging.queries import module_of
from contest.judging.rules import on_seat, points_by_aspect, sheet_sum, whole_units
from contest.results import queries, readings, rules
from contest.results.models import ResultSheet
from contest.setup import queries as setup
from contest.setup.queries import plan_of_version
from tests.proof.sizes import SOAK, report
from tests.results.event_book import events, make_house

LEAST_KINDS = 40


def test_what_is_kept_is_what_is_made_anew_after_every_kind_of_event(app):
    house, told, wrong = make_house(), [], []
    copy = Copy(house.panel.contest.slug)
    everything(house)
    for name in events(house):
        told.append(name)
        # What is stale stays so: in the small run every third look finds it a little later.
        if not SOAK and len(told) % 3:
            continue
        kept = everything(house)
        with nothing_known():
            made = everything(house)
        wrong += [(name, what) for what in made if kept[what] != made[what]]
        wrong += [(name, what) for what in (*copy.differs(made["board"]), *stored_wrongly(house))]

    report(21, kinds_of_events=len(set(told)), compared_after_each=len(made), differences=len(wrong))
    assert wrong == []
    assert len(set(told)) >= LEAST_KINDS


def test_a_stale_answer_would_be_seen(app, monkeypatch):
    """The comparison itself: a reading that takes in nothing new is found at the first mark."""
    house = make_house()
    everything(house)
    monkeypatch.setattr(readings.Strip, "refresh", lambda self: True)
    for name in events(house):
        if name == "theory entered":
            break
    kept = everything(house)
    monkeypatch.undo()
    with nothing_known():
        made = everything(house)

    assert {what for what in made if kept[what] != made[what]} >= {"now", "board"}


@contextmanager
def nothing_known():
    """As in a process that has just begun; what this one has kept is put back afterwards."""
    kept, readings._readings = readings._readings, WeakKeyDictionary()
    plans, setup._plans = setup._plans, type(setup._plans)()
    try:
        yield
    finally:
        readings._readings, setup._plans = kept, plans


def everything(house):
    """Every answer that is made of marks: now, earlier, as a book, as a page, to the public."""
    now = clock.now()
    _, book, rows = queries.book(house.id)
    found = {
        "now": queries.standings(house.id),
        "ten minutes ago": queries.standings(house.id, as_of=now - timedelta(minutes=10)),
        "long ago": queries.standings(house.id, as_of=now - timedelta(minutes=25)),
        "book": {name: value_of(value) for name, value in vars(book).items()} | {"rows": rows},
        "problems": rules.problems(queries.standings(house.id)),
        "board": board_now(house.panel.contest.slug),
    }
    if SOAK:
        page = queries.results_page(house.id)
        found["page"] = vars(page) | {"contest": None, "published": None}
    return found


def value_of(value):
    if isinstance(value, dict):
        return {key: value_of(each) for key, each in value.items()}
    return value.tolist() if hasattr(value, "tolist") else value


def board_now(slug):
    """The public board as data and as every piece of its page; None where there is none."""
    try:
        found = board.public_board(slug, clock.now())
    except Missing:
        return None
    if not SOAK:
        return found
    with rendering.in_language(slug, "zh"):
        pieces = rendering.render_pieces(found, "page", None)
    return found, rendering.data_of(found), pieces


class Copy:
    """What the board node holds: made again only when the pulse is another one, nudges being lost."""

    def __init__(self, slug):
        self.slug, self.pulse, self.page = slug, None, None

    def differs(self, made):
        """Yields a word where the copy of the node is not the board as it is."""
        pulse = pulse_queries.pulses(clock.now()).get(self.slug)
        if pulse is None or made is None:
            if (pulse is None) != (made is None):
                yield "pulse"
        elif pulse == self.pulse:
            if self.page != made:
                yield "copy of the board"
        self.pulse, self.page = pulse, made


def stored_wrongly(house):
    """Yields what is stored beside the ledger and does not follow from it."""
    db.session.expire_all()
    for sheet in db.session.query(Sheet).filter_by(contest_id=house.id):
        last = db.session.query(SheetRevision).filter_by(sheet_id=sheet.id).order_by(
            SheetRevision.rev.desc()).first()
        if (sheet.rev, sheet.marks) != ((last.rev, last.marks) if last else (0, {})):
            yield f"sheet {sheet.id}"
    for row in db.session.query(SheetRevision).filter_by(contest_id=house.id, kind="submit"):
        if row.units != units_of(row):
            yield f"units of revision {row.id}"
    for row in db.session.query(ResultSheet).filter_by(contest_id=house.id):
        if rules.fingerprint(row.document) != row.document_hash:
            yield f"document {row.id}"


def units_of(row):
    force, sheet = plan_of_version(row.plan_version_id), db.session.get(Sheet, row.sheet_id)
    module = on_seat(module_of(force, sheet.module_key), sheet.seat)
    points = points_by_aspect(module, row.marks)
    return whole_units(sheet_sum(module, force.plan.rounding, points))
