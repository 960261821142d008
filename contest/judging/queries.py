"""Judges' sheets and the ledger."""

from collections import defaultdict

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased, joinedload

from contest.accounts.models import User
from contest.db import db
from contest.draw.models import BlindCode
from contest.draw.queries import innermost_layer
from contest.errors import Missing
from contest.judging.models import Handover, Sheet, SheetRevision
from contest.judging.rules import Clash
from contest.people.models import Entrant, Human, Judge, Organisation
from contest.people.recusal_queries import HAS_SHEETS
from contest.people.rules import ENTRANT_STATES, PRACTICE  # noqa: F401  (pages show their names)
from contest.prepared import Prepared
from contest.setup import rules as setup_rules
from contest.setup.models import Contest

# Every operation of every tablet asks these: written out once, so that SQLAlchemy compiles them once.
_CONTEST_OF = (
    select(Contest)
    .join(Sheet, Sheet.contest_id == Contest.id)
    .where(Sheet.id == bindparam("sheet"))
    .with_for_update(of=Contest)
    .execution_options(populate_existing=True)
)
_HELD_CONTEST = (
    select(Contest.id)
    .join(Sheet, Sheet.contest_id == Contest.id)
    .where(Sheet.id == bindparam("sheet"))
    .with_for_update(of=Contest)
)
_SHEET = (
    select(Sheet)
    .where(Sheet.id == bindparam("sheet"))
    .options(joinedload(Sheet.judge, innerjoin=True), joinedload(Sheet.entrant, innerjoin=True))
    .with_for_update(of=Sheet)
    .execution_options(populate_existing=True)
)
_CONTEST_ID_OF = Prepared(select(Sheet.contest_id).where(Sheet.id == bindparam("sheet")))
# Every page of a sheet asks these.
_CODES = Prepared(
    select(BlindCode.entrant_id, BlindCode.code, BlindCode.start_order).where(
        BlindCode.contest_id == bindparam("contest"), BlindCode.stage == bindparam("stage"),
        BlindCode.layer == bindparam("layer"),
    )
)
_REVISION = select(SheetRevision).where(SheetRevision.op_id == bindparam("op"))


def hold_contest_of(sheet_id):
    """As lock_contest_of, of which nothing is needed but that it is held."""
    # SQLite took its one write lock at BEGIN.
    if db.session.get_bind().dialect.name != "sqlite":
        db.session.scalar(_HELD_CONTEST, {"sheet": sheet_id})


def lock_contest_of(sheet_id):
    """The contest of a sheet, held until the transaction ends: nobody publishes meanwhile; Missing."""
    return check_found(db.session.scalar(_CONTEST_OF, {"sheet": sheet_id}))


def check_found(row):
    """The row of a sheet, or Missing where there is none."""
    if row is None:
        raise Missing("There is no such sheet.")
    return row


def lock_contest(contest_id):
    """Hold a contest until the transaction ends.

    SQLite took its one write lock at BEGIN. On PostgreSQL the order is always contest, then sheet.
    """
    db.session.scalar(
        select(Contest)
        .filter_by(id=contest_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def lock_sheet(sheet_id):
    """The sheet with its judge and entrant, locked until the transaction ends; Missing."""
    # SQLite took its one write lock at BEGIN; PostgreSQL locks the row.
    return check_found(db.session.scalar(_SHEET, {"sheet": sheet_id}))


def contest_of_sheet(sheet_id):
    """The id of the contest to which a sheet belongs, or Missing."""
    return check_found(_CONTEST_ID_OF.first(sheet=sheet_id)).contest_id


def find_revision(op_id):
    """The stored revision that this operation made, or None."""
    return db.session.scalar(_REVISION, {"op": op_id})


def is_written(sheet_id):
    """True when a sheet holds something."""
    return bool(db.session.scalar(select(Sheet.rev).filter_by(id=sheet_id)))


def find_latest_revision(sheet):
    """The revision that a sheet's row copies, or None for a sheet never written on."""
    return db.session.scalar(
        select(SheetRevision).filter_by(sheet_id=sheet.id, rev=sheet.rev)
    )


def sheets_by_entrant(contest_id, module_key):
    """{entrant id: {seat: Sheet}} of one module."""
    found = defaultdict(dict)
    rows = db.session.scalars(
        select(Sheet).filter_by(contest_id=contest_id, module_key=module_key)
        .where(Sheet.seat < PRACTICE)
    )
    for sheet in rows:
        found[sheet.entrant_id][sheet.seat] = sheet
    return found


def sheets_of_judge(contest_id, judge_id, states):
    """A judge's sheets in these states, with their entrants, by number; none for practice."""
    return db.session.scalars(
        select(Sheet).where(
            Sheet.contest_id == contest_id, Sheet.judge_id == judge_id, Sheet.state.in_(states),
            Sheet.seat < PRACTICE,
        ).options(joinedload(Sheet.entrant)).order_by(Sheet.id)
    ).all()


def has_sheets(contest_id, judge_id):
    """True once a judge has sheets, also for practice."""
    found = select(Sheet.id).filter_by(contest_id=contest_id, judge_id=judge_id)
    return db.session.scalar(select(found.exists()))


def practice_sheets(contest_id, module_key):
    """{(entrant id, seat)} of the trainees' sheets of one module."""
    rows = db.session.execute(
        select(Sheet.entrant_id, Sheet.seat).where(
            Sheet.contest_id == contest_id, Sheet.module_key == module_key, Sheet.seat >= PRACTICE
        )
    )
    return {(entrant_id, seat) for entrant_id, seat in rows}


def handovers(contest_id, sheet_ids):
    """Triples (judge before, judge after, Handover) of these sheets, the earliest first."""
    before, after = aliased(Judge), aliased(Judge)
    return db.session.execute(
        select(before.name, after.name, Handover)
        .join(before, Handover.from_id == before.id).join(after, Handover.to_id == after.id)
        .where(Handover.contest_id == contest_id, Handover.sheet_id.in_(sheet_ids))
        .order_by(Handover.id)
    ).all()


def sheets_given(contest_id):
    """Ids of sheets that went to another judge because of a report; no new handing out takes them back."""
    return set(db.session.scalars(
        select(Handover.sheet_id).filter_by(contest_id=contest_id, kind="report")
    ))


def has_begun_sheets(contest_id, module_keys):
    """True when somebody has written on a sheet of one of these modules."""
    begun = select(Sheet.id).where(
        Sheet.contest_id == contest_id, Sheet.module_key.in_(module_keys), Sheet.rev > 0
    )
    return db.session.scalar(select(begun.exists()))


def name_of_user(user_id):
    """The name of an account, or nothing for a program."""
    return db.session.scalar(select(User.name).filter_by(id=user_id)) or ""


def module_of(force, module_key):
    """The module of a plan in force, or Missing."""
    try:
        return force.plan.module(module_key)
    except KeyError as error:
        raise Missing("There is no such module in the plan.") from error


def stage_of(plan, module):
    """The key of the stage in which a module is held."""
    return setup_rules.stage_of(plan, module.key)


def blind_codes(contest_id, stage):
    """{entrant id: (code, start order)} of one stage, the innermost code of several layers.

    None before that layer is drawn: an outer code never stands in for it.
    """
    rows = _CODES.all(contest=contest_id, stage=stage, layer=innermost_layer(contest_id))
    return {entrant_id: (code, order) for entrant_id, code, order in rows}


def codes_of(contest_id, plan, module):
    """The codes under which a module is marked; none in an open one.

    There the name stands on the sheet, and a code beside it would give away the blind modules.
    """
    return blind_codes(contest_id, stage_of(plan, module)) if module.blind else {}


def names_of(contest_id):
    """{entrant id: (entry number, name, organisation)}; never asked for a blind module."""
    rows = db.session.execute(
        select(Entrant.id, Entrant.number, Human.name, Organisation.name)
        .join(Human, Entrant.human_id == Human.id)
        .join(Organisation, Entrant.organisation_id == Organisation.id)
        .where(Entrant.contest_id == contest_id)
    )
    return {entrant_id: (number, name, unit) for entrant_id, number, name, unit in rows}


def state_in(states, entrant_id, module_key):
    """The state that counts for one entrant in one module: that of the whole contest goes first."""
    whole = states.get((entrant_id, ""), "normal")
    return whole if whole != "normal" else states.get((entrant_id, module_key), "normal")


def may_still_mark(states, entrant_id, module_key):
    """True for whom sheets are still taken: who competes, and who did not finish, unless absent here."""
    whole = states.get((entrant_id, ""), "normal")
    here = states.get((entrant_id, module_key), "normal")
    return whole in ("normal", "not_finished") and here == "normal"


def clash_now(sheet_id):
    """What stands on a sheet now, for a judge who has to choose."""
    sheet = db.session.get(Sheet, sheet_id)
    if sheet is None:
        raise Missing("There is no such sheet.")
    latest = find_latest_revision(sheet)
    return Clash(
        sheet.rev, sheet.state, sheet.marks,
        device=latest.device if latest else "",
        at=latest.at if latest else None,
        by=name_of_user(latest.by_id) if latest else "",
    )


def ledger(contest_id, as_of=None, after_id=0):
    """Every revision that standings depend on, oldest first, as plain rows (drafts are left out).

    Of a sheet the row with the highest `rev` counts: submit (its marks count), reopen (none
    count), excuse (the seat is struck out). `as_of`: only what the server held at that moment;
    `after_id`: only revisions after this one.
    """
    statement = (
        select(
            SheetRevision.id, SheetRevision.sheet_id, Sheet.module_key, Sheet.entrant_id,
            Sheet.seat, Sheet.judge_id, SheetRevision.rev, SheetRevision.kind,
            SheetRevision.marks, SheetRevision.units, SheetRevision.plan_version_id,
            SheetRevision.at,
        )
        .join(Sheet, SheetRevision.sheet_id == Sheet.id)
        .where(
            SheetRevision.contest_id == contest_id, SheetRevision.id > after_id,
            SheetRevision.kind != "draft", Sheet.seat < PRACTICE,
        )
        .order_by(SheetRevision.id)
    )
    if as_of is not None:
        statement = statement.where(SheetRevision.at <= as_of)
    yield from db.session.execute(statement)


HAS_SHEETS.append(has_sheets)
