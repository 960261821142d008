"""Scenes that take seconds to build: made once in a process, and copied for every test after the first.

To publish a contest takes the better part of a second, most of it a second scorer in a process of its own;
what stands in the database and in the folder afterwards is the same every time.
"""

import functools
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import inspect, select

from contest import clock
from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.db import db
from contest.results.readings import forget_readings

_kept = {}  # what was asked for -> (folder with the files, what was answered)


@dataclass(frozen=True)
class _Row:
    model: type
    identity: tuple


@dataclass(frozen=True)
class _Object:
    kind: type
    fields: dict


def kept_scene(name, build):
    """What build() answers and has left in the database and the folder of data, built at the first asking.

    build: asked before the test has touched its database; it answers plain values alone (ids, Actors), for
    rows belong to a session. Two scenes of one name must be the same. A PostgreSQL builds it each time.
    """
    if db.engine.dialect.name != "sqlite":
        return build()
    folder = current_app.config["DATA_FOLDER"]
    if name in _kept:
        copy, values = _kept[name]
        _let_go()
        shutil.copytree(copy, folder, dirs_exist_ok=True)
        return values
    values = build()
    db.session.commit()
    _let_go()
    copy = Path(tempfile.mkdtemp(prefix="scene-", dir=Path(folder).parent))  # pytest clears it away
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    _kept[name] = copy, values
    return values


def kept(build):
    """A builder whose scene is kept: rows that it answers are read from the test's own database.

    It answers rows, plain values, and objects of the tests' own classes that hold such. Asked with other
    values or at another moment it is another scene; where somebody stands in the database already, or did
    something, it is built there.
    """

    @functools.wraps(build)
    def scene(*args, **more):
        asked = (build.__module__, build.__qualname__, repr(args), repr(sorted(more.items())), clock.now())
        is_empty = not any(db.session.scalar(select(each.id).limit(1)) for each in (User, TrailRow))
        if db.engine.dialect.name != "sqlite" or not is_empty or " at 0x" in repr(asked):
            return build(*args, **more)
        return _recall(kept_scene(asked, lambda: _remember(build(*args, **more))))

    return scene


def _remember(found):
    if isinstance(found, db.Model):
        return _Row(type(found), inspect(found).identity)
    if isinstance(found, dict):
        return {key: _remember(value) for key, value in found.items()}
    if type(found) in (list, tuple, set):
        return type(found)(map(_remember, found))
    if type(found).__module__.startswith("tests."):
        return _Object(type(found), _remember(vars(found)))
    return found


def _recall(made):
    if isinstance(made, _Row):
        return db.session.get(made.model, made.identity)
    if isinstance(made, dict):
        return {key: _recall(value) for key, value in made.items()}
    if type(made) in (list, tuple, set):
        return type(made)(map(_recall, made))
    if isinstance(made, _Object):
        found = object.__new__(made.kind)
        vars(found).update(_recall(made.fields))
        return found
    return made


def _let_go():
    """Nothing of the database is open or remembered, so that its file can be copied and replaced."""
    db.session.remove()
    db.engine.dispose()
    forget_readings()
