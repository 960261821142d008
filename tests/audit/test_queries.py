from datetime import timedelta

import pytest

from contest import clock
from contest.audit import contest_queries, queries
from contest.audit.forms import Search
from contest.audit.work import Actor, work
from contest.errors import Missing
from tests import factories
from tests.conftest import NOON


def note(did="thing.do", who="王建国", contest=None, subject="", **facts):
    contest_id = contest.id if contest else None
    with work(Actor(None, who), did, contest_id=contest_id, subject=subject, **facts):
        pass


def subjects(search, **values):
    lines, _, _, rows = queries.trail_page(search, **values)
    assert rows == len(lines)
    return [line.subject for line in lines]


@pytest.fixture
def three(app):
    """Three rows, a minute apart."""
    note(subject="first", who="王建国", reason="专家组意见")
    clock.stand_still(NOON + timedelta(minutes=1))
    note(subject="second", who="Li Ming", did="other.do", size="50%")
    clock.stand_still(NOON + timedelta(minutes=2))
    note(subject="third", who="li ming", did="other.do", path="a_b\\c\"d")


@pytest.mark.parametrize(
    ("search", "found"),
    [
        pytest.param(Search(), ["third", "second", "first"], id="everything, newest first"),
        pytest.param(Search(who="建国"), ["first"], id="part of a Chinese name"),
        pytest.param(Search(who="LI M"), ["third", "second"], id="any case"),
        pytest.param(Search(did="other.do"), ["third", "second"], id="deed"),
        pytest.param(Search(text="专家组"), ["first"], id="Chinese words in the facts"),
        pytest.param(Search(text="50%"), ["second"], id="a percent sign is only itself"),
        pytest.param(Search(text="%"), ["second"], id="a lone percent sign too"),
        pytest.param(Search(text='b\\c"d'), ["third"], id="backslash and quote"),
        pytest.param(Search(text="SECON"), ["second"], id="the subject"),
        pytest.param(Search(since=NOON + timedelta(minutes=1)), ["third", "second"], id="since"),
        pytest.param(Search(until=NOON + timedelta(minutes=1)), ["first"], id="until, exclusive"),
        pytest.param(Search(who="li", text="first"), [], id="all conditions together"),
    ],
)
def test_the_trail_is_searched(three, search, found):
    assert subjects(search) == found


def test_a_contests_trail_holds_only_its_own_rows(app):
    one, two = factories.make_contest(), factories.make_contest()
    note(contest=one, subject="one")
    note(contest=two, subject="two", did="other.do")
    note(subject="none")

    assert subjects(Search(), contest_id=one.id) == ["one"]
    assert queries.list_deeds(one.id) == ["thing.do"]
    assert queries.list_deeds() == ["other.do", "thing.do"]


def test_pages_have_fifty_rows_and_a_page_too_far_is_the_last(app):
    for number in range(51):
        note(subject=str(number))

    lines, page, pages, rows = queries.trail_page(Search(), page=99)

    assert (page, pages, rows) == (2, 2, 51)
    assert [line.subject for line in lines] == ["0"]
    assert queries.trail_page(Search(), page=-5)[1] == 1


def test_a_deed_is_shown_in_words_where_it_has_some(app):
    note(did="session.start")
    note(did="thing.do")

    assert [line.deed for line in queries.trail_page(Search())[0]] == ["thing.do", "Signed in"]


def test_headings_come_newest_first_and_only_public_ones_to_the_public(app):
    undated = factories.make_contest()
    old = factories.make_contest(starts_on=(NOON - timedelta(days=400)).date())
    new = factories.make_contest(starts_on=NOON.date())
    factories.make_contest(state="setup")

    found = contest_queries.list_public_headings()

    assert [heading.id for heading in found] == [new.id, old.id, undated.id]
    assert len(contest_queries.list_headings()) == 4
    assert [heading.id for heading in contest_queries.list_headings({old.id})] == [old.id]
    assert contest_queries.list_headings(set()) == []


def test_a_heading_that_does_not_exist_is_missing(app):
    assert contest_queries.find_heading(1) is None
    with pytest.raises(Missing):
        contest_queries.get_heading(1)
