"""What has arrived of each tablet's numbered operations, and for what of the rest it was excused."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, union

from contest.db import db
from contest.errors import Missing
from contest.judging import number_rules as rules
from contest.judging.devices import NOT_HEARD
from contest.judging.models import SheetRevision
from contest.judging.tablet_models import SheetFlag, Tablet, TabletExcuse
from contest.people.models import Judge


@dataclass(frozen=True)
class DeviceNumbers:
    """One device as a contest sees it: what it tells of its numbers, what has arrived, what is missing.

    told: number_rules.Told, None from an old tablet's script and from one that is not heard: it sends, and
    never says how it stands. held: ranges; missing and left: {kind: ranges} without and with the excuses
    taken off; counts and counts_left: [made, unsent, refused, clashing] by judge; excuses: the latest first.
    """

    told: rules.Told | None
    is_heard: bool
    held: tuple
    missing: dict
    left: dict
    counts: dict
    counts_left: dict
    excuses: list

    @property
    def is_open(self):
        """True when something is missing or not in, and not excused."""
        return not rules.is_whole(self.left) or bool(self.counts_left)

    @property
    def never_seen(self):
        """Ranges that the tablet made and cannot send any more; not excused."""
        return rules.merged([*self.left[rules.DENIED], *self.left[rules.LOST]])

    @property
    def unsent(self):
        """Ranges that wait on the tablet, or are on their way; not excused."""
        return self.left[rules.UNSENT]

    @property
    def is_excused(self):
        """True when something is missing or not in, and all of it is excused."""
        return not self.is_open and (not rules.is_whole(self.missing) or any(
            any(found[1:]) for found in self.counts.values()
        ))

    @property
    def seal(self):
        """What stands for what is missing now."""
        return rules.seal(self.left, self.counts_left)


# Every operation of every tablet asks this: written out once, so that SQLAlchemy compiles it once.
def _exists(table, **fields):
    wanted = [getattr(table, name) == bindparam(bind) for name, bind in fields.items()]
    return select(table.id).where(*wanted).exists()


_NUMBER = {"device_id": "device", "device_seq": "seq"}
IS_ID_USED = _exists(SheetRevision, op_id="op") | _exists(SheetFlag, op_id="op")
IS_NUMBER_USED = _exists(SheetRevision, **_NUMBER) | _exists(SheetFlag, **_NUMBER)
_USED = select(IS_ID_USED, IS_NUMBER_USED)


def used_by_another(made):
    """(id, number): whether what a tablet made now says an id or order number that is stored already.

    Operations and reports have their ids and numbers in common.
    """
    return tuple(db.session.execute(
        _USED, {"op": made.op_id, "device": made.device_id, "seq": made.device_seq}
    ).one())


def judge_tablets(contest_id):
    """The Tablet rows of a contest's judges."""
    judges = select(Judge.user_id).where(
        Judge.contest_id == contest_id, Judge.user_id.is_not(None)
    )
    return db.session.scalars(select(Tablet).where(Tablet.user_id.in_(judges))).all()


def get_tablet(contest_id, tablet_id):
    """One tablet of a contest's judges, or Missing."""
    found = next((row for row in judge_tablets(contest_id) if row.id == tablet_id), None)
    if found is None:
        raise Missing("There is no such tablet.")
    return found


def numbers_of(contest_id, rows):
    """{device id: DeviceNumbers} of the Tablet rows of a contest's judges."""
    by_device = defaultdict(list)
    for row in rows:
        by_device[row.device_id].append(row)
    held, told = _held(by_device), _told(by_device)
    excuses = defaultdict(list)
    for excuse in db.session.scalars(
        select(TabletExcuse).filter_by(contest_id=contest_id).order_by(TabletExcuse.id.desc())
    ):
        excuses[excuse.device_id].append(excuse)
    return {
        device: _numbers(contest_id, told.get(device), held.get(device, ()), own, excuses[device])
        for device, own in by_device.items()
    }


def _numbers(contest_id, told, held, rows, excuses):
    is_heard = any(row.version != NOT_HEARD for row in rows)
    if told or not is_heard:
        # Of one that never speaks, whatever is below the latest that is here may be on its way.
        missing = rules.holes(told or rules.Told(0), held, contest_id)
    else:
        missing = dict.fromkeys(rules.KINDS, ())
    counts = {
        str(row.user_id): [row.made, row.unsent, row.refused, row.clashing] for row in rows
    }
    return DeviceNumbers(
        told, is_heard, held, missing, rules.left_open(missing, [one.missing for one in excuses]), counts,
        rules.counts_open(counts, [one.counts for one in excuses]), excuses,
    )


def _held(devices):
    """{device id: ranges} of every number that is here, of whatever contest and judge."""
    every = union(*(
        select(table.device_id, table.device_seq)
        .where(table.device_id.in_(list(devices)), table.device_seq.is_not(None))
        for table in (SheetRevision, SheetFlag)
    )).subquery().c
    # Neighbouring numbers are as far from their place in the line as each other: a range is a group.
    place = func.row_number().over(partition_by=every.device_id, order_by=every.device_seq)
    lined = select(
        every.device_id, every.device_seq, (every.device_seq - place).label("shift")
    ).subquery().c
    found = defaultdict(list)
    for device, first, last in db.session.execute(
        select(lined.device_id, func.min(lined.device_seq), func.max(lined.device_seq))
        .group_by(lined.device_id, lined.shift)
    ):
        found[device].append((first, last))
    return {device: rules.merged(ranges) for device, ranges in found.items()}


def _told(devices):
    """{device id: Told} as each said last, whoever was using it; without those that tell nothing."""
    rows = db.session.scalars(
        select(Tablet)
        .where(Tablet.device_id.in_(list(devices)), Tablet.numbers.is_not(None))
        .order_by(Tablet.seen_at, Tablet.id)
    )
    return {row.device_id: _read(row) for row in rows}


def _read(row):
    return rules.Told(row.made, tuple(
        rules.OwnNumbers(one["contest"], *(
            rules.merged(one[state]) for state in ("accepted", "waiting", "refused")
        )) for one in row.numbers["contests"]
    ), rules.merged(row.numbers["others"]))
