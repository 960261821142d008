"""Earlier contests that were brought in, and lists of them that wait for a yes."""

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload, selectinload

from contest import clock
from contest.accounts.models import User
from contest.db import db
from contest.errors import Missing
from contest.registry import archive_rules, import_queries
from contest.registry.archive_models import ArchiveContest, ArchiveImport, ArchiveResult
from contest.registry.import_queries import KEPT
from contest.registry.models import Honour
from contest.setup.models import Contest


def forget_old():
    """Drop what nobody confirmed within a day; to be called inside `work()`."""
    db.session.execute(delete(ArchiveImport).where(ArchiveImport.at <= clock.now() - KEPT))


def get_pending(import_id):
    """The list that waits for a yes, or Missing."""
    found = db.session.get(ArchiveImport, import_id)
    if found is None or found.at <= clock.now() - KEPT:
        raise Missing("There is no such list any more; send the file again.")
    return found


def hold_pending(import_id):
    """As import_queries.hold_pending, of the list of an earlier contest."""
    import_queries.check_held(ArchiveImport, import_id)


def pending_lines():
    """[(ArchiveImport that waits, who sent it)], the latest first."""
    rows = db.session.execute(
        select(ArchiveImport, User.name).outerjoin(User, User.id == ArchiveImport.by_id)
        .where(ArchiveImport.at > clock.now() - KEPT).order_by(ArchiveImport.id.desc())
    )
    return [tuple(row) for row in rows]


def rows_of(pending):
    """The RowFound of each row of a pending list, in order."""
    about, seen = archive_rules.About.of(pending.about), set()
    known = import_queries.known_by_name(
        {one["values"]["name"] for one in pending.rows if one["values"].get("name")}
    )
    return archive_rules.with_doubts([
        archive_rules.judge(
            one["row"], one["values"], import_queries.sentence_of(one["problem"]),
            known.get(one["values"].get("name"), []), seen, about,
        )
        for one in pending.rows
    ])


def is_archived(about):
    """True when this contest of this day was brought in and stands."""
    return db.session.scalar(
        select(ArchiveContest.id).filter_by(name=about.name, held_on=about.held_on, withdrawn_at=None)
        .limit(1)
    ) is not None


def was_held_here(about):
    """True when a contest of this name is one of the house's own."""
    return db.session.scalar(select(Contest.id).filter_by(name=about.name).limit(1)) is not None


def list_archives():
    """Every earlier contest that stands, the latest first."""
    return db.session.scalars(
        select(ArchiveContest).filter_by(withdrawn_at=None)
        .order_by(ArchiveContest.held_on.desc(), ArchiveContest.id.desc())
    ).all()


def get_archive(archive_id):
    """The earlier contest with its results, also a withdrawn one, or Missing."""
    found = db.session.scalar(
        select(ArchiveContest).filter_by(id=archive_id).options(
            selectinload(ArchiveContest.results).options(
                joinedload(ArchiveResult.human), joinedload(ArchiveResult.organisation),
                joinedload(ArchiveResult.honour).joinedload(Honour.craftsman),
            )
        )
    )
    if found is None:
        raise Missing("There is no such contest in the archive.")
    return found


def grouped(archive):
    """[(group, its results)]: groups as the list has them; by place, those without one last."""
    groups = {}
    for row in sorted(archive.results, key=lambda one: (one.place is None, one.place or 0, one.id)):
        groups.setdefault(row.group, []).append(row)
    order = list(dict.fromkeys(row.group for row in archive.results))
    return [(group, groups[group]) for group in order]


def archives_of(honours):
    """{honour's id: the ArchiveContest that it comes from}."""
    rows = db.session.execute(
        select(ArchiveResult.honour_id, ArchiveContest).join(ArchiveContest)
        .where(
            ArchiveResult.honour_id.in_([one.id for one in honours]), ArchiveContest.withdrawn_at.is_(None)
        )
    )
    return dict(rows.all())
