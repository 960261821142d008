"""What the tests about people share."""

import pytest

from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from tests.factories import make_user


@pytest.fixture
def petra(app):
    """The organiser, as the trail knows her."""
    user = make_user("Petra")
    return Actor(user.id, user.name)


@pytest.fixture
def trail(app):
    """`trail()` gives the words of every row in the trail."""
    return lambda: [row.did for row in db.session.query(TrailRow).order_by(TrailRow.id)]
