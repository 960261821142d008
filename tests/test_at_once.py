"""Where the database's own rule stops the second of two, pages and programs are told so in a sentence."""

import pytest
from sqlalchemy.exc import IntegrityError

from contest import at_once
from contest.db import db
from contest.people.models import Human, Organisation
from tests import factories


@pytest.fixture
def broken():
    """An IntegrityError as this database raises it, of a unique name or of a broken reference."""
    def make(row):
        db.session.add(row)
        with pytest.raises(IntegrityError) as found:
            db.session.flush()
        db.session.rollback()
        return found.value
    return make


@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
def test_only_what_is_there_already_counts_as_stored_by_somebody_else(app, broken):
    name = factories.make_organisation().name

    assert at_once.is_taken(broken(Organisation(name=name)))
    assert not at_once.is_taken(broken(Human(name="林工", name_key="", organisation_id=987)))


@pytest.mark.parametrize(("path", "kind"), [
    ("/register", "text/html"), ("/api/v1/points", "application/json"),
])
def test_a_page_and_a_program_are_told(app, broken, path, kind):
    error = broken(Organisation(name=factories.make_organisation().name))

    with app.test_request_context(path, headers={"Accept-Language": "en"}):
        app.preprocess_request()
        answer = app.make_response(app.handle_user_exception(error))

    assert (answer.status_code, answer.mimetype) == (409, kind)
    assert "Somebody else stored the same in this moment" in answer.get_data(as_text=True)
