import pytest

from contest.audit.chain_models import ChainWitness
from contest.audit.chain_queries import find_head, last_check, links_of
from contest.audit.models import TrailRow
from contest.db import db
from contest.setup.queries import desk_notes
from tests.audit.tampering import drop_guards, make_chain, run


@pytest.fixture
def contest_id(app):
    return make_chain(3)


def page_of(browser, contest_id):
    return browser.get(f"/contests/{contest_id}/chain").get_data(as_text=True)


def post(browser, contest_id, what, **form):
    return browser.post(f"/contests/{contest_id}/chain/{what}", data=form)


def deeds(contest_id):
    return [row.did for row in db.session.query(TrailRow).filter_by(contest_id=contest_id)]


@pytest.mark.parametrize("role", ["organiser", "chief_judge", "supervisor"])
def test_the_head_is_shown_with_what_is_not_vouched_for(as_role, contest_id, role):
    head = find_head(contest_id)

    page = page_of(as_role(role, _contest(contest_id)), contest_id)

    assert head.groups in page
    assert f"links 1 to {head.seq}" in page
    assert "never yet" in page


def _contest(contest_id):
    from contest.setup.models import Contest

    return db.session.get(Contest, contest_id)


def test_a_check_is_kept_and_shown(as_role, contest_id):
    browser = as_role("supervisor", _contest(contest_id))

    post(browser, contest_id, "check")

    check = last_check(contest_id)
    assert (check.seq, check.rows, check.problems) == (10, 9, [])
    assert "Holds" in page_of(browser, contest_id)
    assert not [note for note in desk_notes(contest_id) if note.endpoint == "audit.show_chain"]


def test_a_changed_row_is_named_told_on_the_desk_and_noted_once(as_role, contest_id):
    browser = as_role("supervisor", _contest(contest_id))
    drop_guards()
    run("UPDATE sheet_revision SET marks = '{}' WHERE id = (SELECT row_id FROM chain_link "
        "WHERE contest_id = :contest AND seq = 4)", contest=contest_id)

    post(browser, contest_id, "check")
    post(browser, contest_id, "check")

    page = page_of(browser, contest_id)
    assert "Broken" in page
    assert "is not what was linked" in page
    assert deeds(contest_id).count("chain.broken") == 1
    assert [n.kind for n in desk_notes(contest_id) if n.endpoint == "audit.show_chain"] == ["warn"]


def test_a_head_on_paper_vouches_for_what_lies_before_it(as_role, contest_id):
    browser, head = as_role("chief_judge", _contest(contest_id)), find_head(contest_id)

    post(browser, contest_id, "heads", head=f"{head.seq} {head.groups}")

    page = page_of(browser, contest_id)
    assert f"up to link {head.seq}" in page
    assert db.session.query(ChainWitness).one().fits


def test_a_head_that_does_not_fit_raises_the_alarm(as_role, contest_id):
    browser = as_role("supervisor", _contest(contest_id))
    [*_, last] = links_of(contest_id)

    strange = f"{last.seq - 1}: {last.hash.hex()}"
    slip = post(browser, contest_id, "heads", head=strange)
    assert slip.status_code == 422 and "Read it on the paper once more" in slip.text
    assert "chain.misfit" not in deeds(contest_id)
    post(browser, contest_id, "heads", head=strange, read_again=strange)

    assert "Heads that do not fit: 1" in page_of(browser, contest_id)
    assert "chain.misfit" in deeds(contest_id)
    assert [n.kind for n in desk_notes(contest_id) if n.endpoint == "audit.show_chain"] == ["warn"]


def test_what_is_no_head_is_said_and_stays_in_the_box(as_role, contest_id):
    answer = post(as_role("supervisor", _contest(contest_id)), contest_id, "heads", head="12 ab")

    assert answer.status_code == 422
    assert 'value="12 ab"' in answer.get_data(as_text=True)
    assert db.session.query(ChainWitness).count() == 0


def test_the_code_says_contest_and_head(as_role, contest_id):
    answer = as_role("supervisor", _contest(contest_id)).get(f"/contests/{contest_id}/chain/head.svg")

    assert answer.mimetype == "image/svg+xml"
