"""Scenes that take seconds to build: made once in a process, and copied for every test after the first."""

import shutil

from contest.db import db
from contest.results.readings import forget_readings

_kept = {}


def kept_scene(app, tmp_path_factory, name, build):
    """What build() answers and has left in the database and the folder of data, built at the first asking.

    build: asked before the test has touched its database; it answers plain values alone (ids, Actors), for
    rows belong to a session. Two scenes of one name must be the same. A PostgreSQL builds it each time.
    """
    if db.engine.dialect.name != "sqlite":
        return build()
    folder = app.config["DATA_FOLDER"]
    if name in _kept:
        copy, values = _kept[name]
        _let_go()
        shutil.copytree(copy, folder, dirs_exist_ok=True)
        return values
    values = build()
    db.session.commit()
    _let_go()
    copy = tmp_path_factory.mktemp("scene") / "data"
    shutil.copytree(folder, copy)
    _kept[name] = copy, values
    return values


def _let_go():
    """Nothing of the database is open or remembered, so that its file can be copied and replaced."""
    db.session.remove()
    db.engine.dispose()
    forget_readings()
