"""Tables that were really published: the first scorer prints every figure, place and award again."""

import pytest

from contest.recount import recount
from tests.offline.first import differences, first
from tests.published.tables import TABLES, folder, published
from tests.recount.test_published import wrong

missing = pytest.mark.skipif(
    folder() is None,
    reason="The published tables are not here: set CONTEST_PUBLISHED to their folder.",
)


@missing
@pytest.mark.parametrize("name", TABLES)
def test_every_printed_figure_is_scored_again(name, tmp_path):
    for document, marks, entrants, expected in TABLES[name](published(name)):
        answer = first(tmp_path, document, marks, entrants)
        differences, compared = wrong(answer, expected)
        assert differences == []
        assert compared >= len(entrants) // 2


@missing
@pytest.mark.parametrize("name", TABLES)
def test_both_scorers_give_the_same_answer(name, tmp_path):
    for document, marks, entrants, _ in TABLES[name](published(name)):
        answer = first(tmp_path, document, marks, entrants)
        assert differences(answer, recount(document, marks, entrants)) == []
