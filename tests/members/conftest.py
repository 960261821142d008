"""Keys of personal data of each test's own, and people who have something to hide."""

import pytest

from contest.db import db
from contest.people.models import Human
from tests import factories

NUMBER = "11010519491231002X"
OTHER = "440524188001010014"


@pytest.fixture(autouse=True)
def keys(app, tmp_path, monkeypatch):
    """A key file of this test's own."""
    path = tmp_path / "personal_keys.json"
    monkeypatch.setitem(app.config, "PERSONAL_KEYS", path)
    return path


def english(app):
    """A guest's browser, in English whether the catalogues are compiled or not."""
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


@pytest.fixture
def human(app):
    """Somebody who is in no contest."""
    row = Human(name="钟一", gender="female")
    db.session.add(row)
    db.session.commit()
    return row


@pytest.fixture
def keeper(app):
    """A curator as an Actor."""
    return factories.make_official("管理员", "curator")
