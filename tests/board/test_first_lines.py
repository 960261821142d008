"""The page that begins with the first lines, and the one that has all of them."""

import re
from dataclasses import replace

import pytest

from contest import clock
from contest.board import queries, rendering
from contest.board.pieces import difference
from tests import factories
from tests.board.crowds import GROUPS, give, make_crowd
from tests.board.nodes import get
from tests.board.test_channel import applied
from tests.board.test_node import live


@pytest.fixture
def first(monkeypatch):
    """The page begins with four lines of each group."""
    monkeypatch.setitem(rendering.VIEWS, "page", replace(rendering.VIEWS["page"], most=4))


def shown(contest, view, before=None):
    """(the PublicBoard, its Pieces in a view) as they are now."""
    board = queries.public_board(contest.slug, clock.now())
    with rendering.in_language(contest.slug, "en"):
        return board, rendering.render_pieces(board, view, before)


def test_the_first_lines_lead_to_all(app, first):
    contest, _ = make_crowd(9)
    slug = contest.slug

    async def act(node):
        page = await get(node, f"/board/{slug}?lang=en")
        whole = await get(node, f"/board/{slug}/all?lang=en")

        assert page.text.count('id="board-row-') == 4
        assert f'href="/board/{slug}/all?lang=en"' in page.text and "Show all 9" in page.text
        assert whole.text.count('id="board-row-') == 9
        assert re.search(r'data-more="entrants".*? hidden>', whole.text)

    live(app, act)


def test_a_board_that_is_short_leads_nowhere(app, first):
    contest, _ = make_crowd(4)
    text = app.test_client().get(f"/board/{contest.slug}?lang=en").text

    def way(name):
        return re.search(f'<p class="board-more" data-more="{name}".*?>', text)[0]

    assert " hidden>" in way("entrants") and " hidden>" not in way("teams")  # eight teams


def test_where_groups_have_places_of_their_own_each_has_its_first(app, first):
    contest, _ = make_crowd(20, unfinished=0, by_group=True)
    board, pieces = shown(contest, "page")
    wanted = [row.key for group in GROUPS for row in [r for r in board.rows if r.group == group][:4]]

    assert sorted(pieces.entrants) == sorted(wanted) and len(wanted) == 8


def test_who_comes_up_is_told_whole_and_who_falls_out_is_gone(app, first):
    contest, entrants = make_crowd(9, unfinished=0)
    board, before = shown(contest, "page")
    last = board.rows[-1]
    for key in ("paper", "risk", "drill", "talk"):
        give(contest, next(each for each in entrants if each.number == last.number), key, 100)
    after_board, after = shown(contest, "page", before)

    told = difference(before, after)["entrants"]
    assert after_board.rows[0].key == last.key
    assert last.key in told["rows"] and told["gone"] == [board.rows[3].key]
    assert list(applied_keys(told, before)) == list(after.entrants)


def applied_keys(told, before):
    """The keys that a page shows after an event."""
    return applied({name: value for name, value in told.items() if name != "places"}, before.entrants)


def test_what_happens_below_says_nothing_of_the_lines_above(app, first):
    contest, entrants = make_crowd(9, unfinished=0)
    board, before = shown(contest, "page")
    last = next(each for each in entrants if each.number == board.rows[-1].number)
    _, whole = shown(contest, "all")
    give(contest, last, "paper", 1)
    _, after = shown(contest, "page", before)
    _, whole_after = shown(contest, "all", whole)

    assert difference(whole, whole_after)["entrants"]["rows"]
    assert "entrants" not in (difference(before, after) or {})


def test_who_has_the_first_lines_open_is_told_that_there_are_more(app, first):
    contest, _ = make_crowd(4, unfinished=0)
    _, before = shown(contest, "page")
    late = factories.make_entrant(contest, "甲", number="B001", group=GROUPS[0])
    give(contest, late, "paper", 1)
    _, after = shown(contest, "page", before)

    assert difference(before, after)["counts"]["entrants"] == 5


def test_of_lists_that_stay_as_long_nothing_is_said(app, first):
    contest, entrants = make_crowd(9, unfinished=0)
    _, before = shown(contest, "page")
    give(contest, entrants[0], "paper", 1)
    _, after = shown(contest, "page", before)

    assert "counts" not in difference(before, after)
