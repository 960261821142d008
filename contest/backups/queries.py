"""Which copies there are, whether the next is due, and what the desk says of them."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from contest import clock
from contest.audit.models import TrailRow
from contest.backups import rules, self_test
from contest.backups.place import place_here
from contest.backups.proof import count_rows
from contest.backups.rules import MANIFEST, NAME, Manifest, read_manifest
from contest.db import db
from contest.errors import Invalid, Missing
from contest.i18n import N_
from contest.setup import queries as setup
from contest.setup.models import Contest
from contest.setup.rules import SCORES_COUNT_IN, Note

LAST_TRY, FOLLOW_TRY = "backup_try.json", "follow_try.json"
# What brings a contest to its scoring: always, or when the row says so.
ALWAYS_TO_SCORING = ("results.reopen", "stage.open")
TO_SCORING = (*ALWAYS_TO_SCORING, "contest.step", "sheet.reopen", "sheets.mark_again")


@dataclass(frozen=True)
class Copy:
    """One copy: its folder, and its manifest."""

    folder: Path
    manifest: Manifest

    @property
    def file(self):
        """The database in it."""
        return self.folder / Path(self.manifest.file).name


@dataclass(frozen=True)
class Try:
    """The last try to make a copy: when, and the sentence why it failed; "" when it did not."""

    at: datetime
    message: str = ""
    params: dict | None = None


def list_copies(folder, installation=None):
    """The copies in a folder, the newest first; installation: only those of this one."""
    if not folder.is_dir():
        return []
    names = [path.name for path in folder.iterdir() if NAME.fullmatch(path.name)]
    found = [copy for name in names if (copy := find_copy(folder / name)) is not None]
    own = [c for c in found if installation in (None, c.manifest.installation)]
    return sorted(own, key=lambda copy: (copy.manifest.at, copy.folder.name), reverse=True)


def find_copy(folder):
    """The Copy in a folder, or None where there is none that can be read."""
    try:
        return Copy(folder, read_manifest((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, Invalid):
        return None


def get_copy(path):
    """The Copy that somebody named: its folder, its database, or a folder of copies (the newest whole)."""
    folder = path if path.is_dir() else path.parent
    if (folder / MANIFEST).is_file():
        return Copy(folder, read_manifest((folder / MANIFEST).read_text("utf-8", errors="replace")))
    for copy in list_copies(folder):
        if copy.manifest.may_be_whole:
            return copy
    raise Missing("There is no copy with a manifest at %(path)s.", path=str(path))


def newest_copy(place):
    """The newest copy of this installation, or None."""
    return next(iter(list_copies(place.folder, place.installation)), None)


def last_try(place, name=LAST_TRY):
    """The last Try, or None before the first; FOLLOW_TRY: of bringing it to the second place."""
    try:
        kept = json.loads((place.data / name).read_text(encoding="utf-8"))
        return Try(datetime.fromisoformat(kept["at"]), kept["message"], kept["params"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_due(place):
    """True when a copy is to be begun now."""
    if not place.minutes:
        return False
    now, tried = clock.now(), last_try(place)
    if tried and tried.message and now - tried.at < rules.AGAIN_AFTER:
        return False
    newest = newest_copy(place)
    return rules.is_due(
        now, newest and newest.manifest.at, place.minutes, takes_marks(),
        lambda: _is_changed(newest and newest.manifest.contents),
    )


def takes_marks():
    """True while any contest takes marks."""
    may = select(Contest).where(Contest.state.in_(SCORES_COUNT_IN))
    return any(contest.takes_marks for contest in db.session.scalars(may))


def _is_changed(contents):
    if contents is None:
        return db.session.scalar(select(Contest.id).limit(1)) is not None
    return count_rows("trail") != contents.rows["trail"]


def desk_notes(contest_id):
    """What the contest's desk says while marks are taken, when the machine or the copies are not sound."""
    contest = setup.get_contest(contest_id)
    if not contest.takes_marks:
        return []
    place = place_here()
    before = [*self_test.problems(), *(_behind(place) if place.second else ())]
    if not place.minutes:
        told = N_("No copies of the database are made here (CONTEST_BACKUP_MINUTES is 0).")
        return [*before, Note(told)]
    return [*before, *_failure(place), *_age(place, contest)]


def _behind(place):
    """What is wrong with the second place, which should hold all but the last seconds."""
    tried = last_try(place, FOLLOW_TRY)
    if tried and tried.message:
        yield Note(N_("The second place of the database is not followed:"), kind="warn")
        yield Note(tried.message, tried.params, kind="warn")
    elif tried is None:
        yield Note(N_("The second place of the database was never reached."), kind="warn")
    elif rules.is_behind(clock.now(), tried.at):
        yield Note(
            N_("The second place of the database is %(seconds)s seconds behind."),
            {"seconds": int((clock.now() - tried.at).total_seconds())}, kind="warn",
        )


def _failure(place):
    tried = last_try(place)
    if tried and tried.message:
        yield Note(N_("The last try to make a copy of the database failed:"), kind="warn")
        yield Note(tried.message, tried.params, kind="warn")


def _age(place, contest):
    now, copies = clock.now(), list_copies(place.folder, place.installation)
    if not copies:
        if rules.is_late(now, contest.created_at, place.minutes):
            yield Note(N_("There is no verified copy of the database."), kind="warn")
        return
    newest = copies[0].manifest
    # A quiet installation is copied seldom: the promise begins where marks are taken again.
    since = max(newest.at, _began_at(contest.id, newest.at) or newest.at)
    if rules.is_late(now, since, place.minutes):
        yield Note(
            N_("The newest verified copy of the database is %(minutes)s minutes old. Is the server "
               "running by contest serve or contest venue?"),
            {"minutes": int((now - newest.at).total_seconds()) // 60}, kind="warn",
        )
    if not newest.is_whole:
        yield Note(
            N_("The newest copy of the database holds a chain that does not hold."), kind="warn"
        )


def _began_at(contest_id, after):
    """When the contest last came to its scoring after that moment; None when it did not."""
    rows = db.session.execute(
        select(TrailRow.at, TrailRow.did, TrailRow.facts)
        .where(TrailRow.contest_id == contest_id, TrailRow.at > after, TrailRow.did.in_(TO_SCORING))
        .order_by(TrailRow.id.desc())
    )
    return next((
        at for at, did, facts in rows
        if did in ALWAYS_TO_SCORING or facts.get("new") == "scoring"
    ), None)


setup.DESK_NOTES.append(desk_notes)
