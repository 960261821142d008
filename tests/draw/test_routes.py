"""The draw's page: the coding judge holds it and alone sees names beside codes."""

import pytest

from contest.audit.models import TrailRow
from contest.db import db
from contest.draw import queries
from tests import factories
from tests.factories import make_contest, make_entrant

SEED = "lottery-478"


@pytest.fixture
def scoring(app):
    contest = make_contest()
    for number, name in (("A1", "张三"), ("A2", "李四")):
        make_entrant(contest, name, number=number)
    return contest


@pytest.fixture
def coder(as_role, scoring):
    return as_role("coding_judge", scoring)


def hold(coder, base, public=SEED, **more):
    """Seal a secret seed and draw with a public part, as the page does."""
    assert coder.post(f"{base}/final/seal").status_code == 303
    return coder.post(f"{base}/final", data={"seed": public, **more})


def test_the_coding_judge_draws_and_reads_the_list(coder, scoring):
    base = f"/contests/{scoring.id}/draw"

    assert hold(coder, base).status_code == 303

    page, paper = coder.get(base).text, coder.get(f"{base}/final/list").text
    for code in queries.codes(scoring.id, "final").values():
        assert code.code in page and code.code in paper
    assert "张三" in page and SEED in page


@pytest.mark.parametrize("role", ["organiser", "chief_judge", "supervisor"])
def test_others_see_that_it_was_drawn_but_neither_names_nor_codes_nor_seed(
    as_role, coder, scoring, role
):
    base = f"/contests/{scoring.id}/draw"
    hold(coder, base)
    other = as_role(role, scoring)

    text = other.get(base).text
    assert "codes drawn" in text
    assert not any(c.code in text for c in queries.codes(scoring.id, "final").values())
    assert "张三" not in text and SEED not in text
    assert other.get(f"{base}/final/list").status_code == 403
    assert other.post(f"{base}/final").status_code == 403


def test_after_publication_the_seed_is_for_all_officials(as_role, coder, scoring):
    base = f"/contests/{scoring.id}/draw"
    hold(coder, base)
    scoring.state = "provisional"
    db.session.commit()

    assert SEED in as_role("supervisor", scoring).get(base).text
    assert coder.post(f"{base}/final").status_code == 409


@pytest.mark.parametrize("role", ["judge", "clerk", "host", "contact"])
def test_a_stranger_is_refused(as_role, scoring, role):
    assert as_role(role, scoring).get(f"/contests/{scoring.id}/draw").status_code == 403


def test_a_guest_is_sent_to_sign_in(client, scoring):
    assert client.get(f"/contests/{scoring.id}/draw").status_code == 303


def test_a_coding_judge_of_another_contest_is_refused(as_role, scoring):
    stranger = as_role("coding_judge", make_contest())

    assert stranger.post(f"/contests/{scoring.id}/draw/final").status_code == 403


def test_a_stage_that_does_not_exist_is_missing(coder, scoring):
    assert coder.get(f"/contests/{scoring.id}/draw?stage=nope").status_code == 404
    assert coder.post(f"/contests/{scoring.id}/draw/nope").status_code == 404


def test_a_bad_seed_comes_back_with_its_reason(coder, scoring):
    answer = hold(coder, f"/contests/{scoring.id}/draw", "a b")

    assert (answer.status_code, 'value="a b"' in answer.text) == (422, True)
    assert queries.codes(scoring.id, "final") == {}
    assert [row.did for row in db.session.query(TrailRow)] == ["draw.seal"]


def test_nobody_types_a_whole_seed_that_was_tried_out_before(coder, scoring):
    base = f"/contests/{scoring.id}/draw"

    refused = coder.post(f"{base}/final", data={"seed": SEED})

    assert refused.status_code == 422 and "Seal a secret seed first" in refused.text
    assert queries.codes(scoring.id, "final") == {}
    assert 'name="seed"' not in coder.get(base).text
    # Without anything typed the machine makes one by chance.
    assert coder.post(f"{base}/final").status_code == 303
    make_entrant(scoring, "王五", number="A3")
    late = coder.post(f"{base}/final/newcomers", data={"seed": SEED})
    assert late.status_code == 422 and "Seal a secret seed first" in late.text
    assert len(queries.codes(scoring.id, "final")) == 2


def test_newcomers_are_drawn_with_a_public_part_on_top_of_a_sealed_seed(coder, scoring):
    base = f"/contests/{scoring.id}/draw"
    hold(coder, base)
    make_entrant(scoring, "王五", number="A3")
    coder.post(f"{base}/final/seal")
    assert 'id="newcomers-seed-1"' in coder.get(base).text

    assert coder.post(f"{base}/final/newcomers", data={"seed": "dice-6"}).status_code == 303

    late = queries.list_draws(scoring.id, "final")[0].draw
    assert late.public_part == "dice-6" and late.committed_at is not None
    assert late.seed.endswith("/dice-6")


def test_drawing_again_asks_first_with_a_reason(coder, scoring):
    base = f"/contests/{scoring.id}/draw"
    hold(coder, base)
    before = {code.code for code in queries.codes(scoring.id, "final").values()}

    assert "2 codes will be replaced" in coder.get(base).text
    refused = hold(coder, base, "lottery-479")

    assert (refused.status_code, "Write why" in refused.text) == (422, True)
    assert {code.code for code in queries.codes(scoring.id, "final").values()} == before
    again = coder.post(f"{base}/final", data={"seed": "lottery-479", "reason": "late entry"})
    assert again.status_code == 303


def test_after_a_draw_its_result_stands_before_the_steps_to_another(coder, scoring):
    base = f"/contests/{scoring.id}/draw"
    before = coder.get(base).text
    assert before.index("Seal a secret seed") < before.index("Hold the draw") and "Draw again" not in before

    hold(coder, base)

    page = coder.get(base).text
    assert page.index("Draws held") < page.index('<details class="fold"><summary>Draw again')
    assert page.index('<details class="fold"><summary>Draw again') < page.index("Seal a secret seed")
    assert '<details class="fold" open><summary>Draw again' in hold(coder, base, "lottery-479").text


def test_the_page_names_who_may_hold_the_draw(as_role, app, scoring):
    organiser = as_role("organiser", scoring)
    base = f"/contests/{scoring.id}/draw"
    nobody = organiser.get(base).text
    assert "nobody has this role yet" in nobody and "Give the role under Accounts" in nobody

    factories.make_grant(factories.make_user("Kira Code"), "coding_judge", scoring)

    assert "Kira Code" in organiser.get(base).text
