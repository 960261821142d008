"""Photographs of papers: kept as they came, shown to whoever may know, never to a judge of the module."""

import io

import pytest
from sqlalchemy import select, text

from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.paper import actions, photo_actions, photo_queries, queries
from contest.paper.models import PaperPhoto
from contest.paper.rules import number_of
from tests import factories
from tests.judging.panels import actor_of, make_panel
from tests.review.scene import JPG, PDF, PNG


@pytest.fixture
def panel(app):
    return make_panel()


@pytest.fixture
def paper(panel):
    clerk = factories.make_official("甲统分", "clerk", contest=panel.contest)
    actions.take_in(clerk, panel.contest.id, [panel.sheet().id])
    return queries.open_paper(panel.sheet().id)


@pytest.fixture
def clerk(panel, as_role):
    return as_role("clerk", panel.contest, factories.make_user("乙统分"))


def official(panel, role="clerk"):
    return factories.make_official(f"someone {role}", role, contest=panel.contest)


def address(panel, paper, rest=""):
    return f"/contests/{panel.contest.id}/paper/{paper.id}/photos{rest}"


def send(client, panel, paper, *files):
    return client.post(
        address(panel, paper), data={"files": [(io.BytesIO(content), name) for name, content in files]},
        content_type="multipart/form-data",
    )


def kept():
    return [(row.number, row.name, row.size) for row in db.session.scalars(select(PaperPhoto))]


def test_a_photograph_is_kept_as_it_came_and_its_hash_is_in_the_trail(panel, paper, clerk):
    answer = send(clerk, panel, paper, ("表一.jpg", JPG), ("反面.pdf", PDF))

    assert answer.status_code == 303
    assert kept() == [(1, "表一.jpg", len(JPG)), (2, "反面.pdf", len(PDF))]
    row = db.session.query(TrailRow).filter_by(did="paper.photo").one()
    assert row.facts["files"] == [photo.sha256 for photo in photo_queries.photos_of(paper.id)]
    page = clerk.get(address(panel, paper)).text
    assert page.count("/photos/1") == 3 and "反面.pdf" in page
    got = clerk.get(address(panel, paper, "/1"))
    assert (got.data, got.mimetype) == (JPG, "image/jpeg")
    assert got.headers["Content-Security-Policy"] == (
        "default-src 'none'; sandbox; frame-ancestors 'none'"
    )
    assert f"sheet-{number_of(panel.sheet().id)}-1.jpg" in got.headers["Content-Disposition"]


def test_the_same_photograph_sent_again_is_kept_once(panel, paper):
    someone = official(panel)
    both = [("a.jpg", JPG), ("b.jpg", JPG)]
    assert photo_actions.add_photos(someone, panel.contest.id, paper.id, both) == 1
    assert photo_actions.add_photos(someone, panel.contest.id, paper.id, [("c.jpg", JPG)]) == 0
    assert kept() == [(1, "a.jpg", len(JPG))]
    assert db.session.query(TrailRow).filter_by(did="paper.photo").count() == 1


@pytest.mark.parametrize(("files", "sentence"), [
    ([], "Choose a photograph"),
    ([("x.gif", b"GIF89a")], "send a PDF, JPG or PNG"),
    ([("x.png", JPG)], "not what its name says"),
    ([("a.jpg", JPG), ("x.exe", b"MZ")], "send a PDF, JPG or PNG"),
])
def test_what_is_no_photograph_is_refused_in_a_sentence_and_nothing_is_kept(
    panel, paper, clerk, files, sentence
):
    answer = send(clerk, panel, paper, *files)

    assert answer.status_code == 422 and sentence in answer.text
    assert kept() == []


def test_one_paper_has_six_photographs_at_the_most(panel, paper):
    someone = official(panel)
    for first in (0, 3):
        files = [(f"{n}.png", PNG.replace(b"\0" * 40, bytes([n + 1]) * 40)) for n in range(first, first + 3)]
        photo_actions.add_photos(someone, panel.contest.id, paper.id, files)
    with pytest.raises(Invalid, match="at the most"):
        photo_actions.add_photos(someone, panel.contest.id, paper.id, [("7.jpg", JPG)])
    assert len(kept()) == 6


def test_a_judge_of_the_module_neither_sees_nor_adds_a_photograph(panel, paper, as_role):
    judge = actor_of(panel.judges[1])
    with pytest.raises(NotAllowed, match="mark in this module"):
        photo_actions.add_photos(judge, panel.contest.id, paper.id, [("a.jpg", JPG)])
    photo_actions.add_photos(official(panel), panel.contest.id, paper.id, [("a.jpg", JPG)])

    judging_chief = db.session.get(User, panel.judges[1].user_id)
    both = as_role("chief_judge", panel.contest, judging_chief)
    assert both.get(address(panel, paper)).status_code == 403
    assert both.get(address(panel, paper, "/1")).status_code == 403
    assert "/photos" not in both.get(f"/contests/{panel.contest.id}/paper").text
    other = as_role("chief_judge", panel.contest, factories.make_user("裁判长"))
    assert other.get(address(panel, paper, "/1")).data == JPG
    assert "/photos" in other.get(f"/contests/{panel.contest.id}/paper").text


def test_of_a_paper_whose_sheet_is_gone_no_judge_at_work_sees_a_photograph(panel, paper, as_role):
    photo_actions.add_photos(official(panel), panel.contest.id, paper.id, [("a.jpg", JPG)])
    db.session.execute(text(f"DELETE FROM sheet WHERE id = {panel.sheet().id}"))
    db.session.commit()

    both = as_role("chief_judge", panel.contest, db.session.get(User, panel.judges[1].user_id))
    assert both.get(address(panel, paper, "/1")).status_code == 403
    assert "/photos" not in both.get(f"/contests/{panel.contest.id}/paper").text
    other = as_role("chief_judge", panel.contest, factories.make_user("裁判长"))
    assert other.get(address(panel, paper, "/1")).data == JPG
    assert "/photos" in other.get(f"/contests/{panel.contest.id}/paper").text


def test_nothing_is_added_once_the_contest_is_archived(panel, paper, clerk):
    panel.contest.state = "archived"
    db.session.commit()

    with pytest.raises(Conflict, match="archived"):
        photo_actions.add_photos(official(panel), panel.contest.id, paper.id, [("a.jpg", JPG)])
    assert 'name="files"' not in clerk.get(address(panel, paper)).text


@pytest.mark.parametrize("statement", [
    "UPDATE paper_photo SET content = NULL, size = 9", "UPDATE paper_photo SET name = 'x'",
    "UPDATE paper_photo SET sha256 = 'x'", "DELETE FROM paper_photo",
])
def test_of_a_photograph_nothing_changes_but_what_is_erased(panel, paper, statement):
    photo_actions.add_photos(official(panel), panel.contest.id, paper.id, [("a.jpg", JPG)])

    with pytest.raises(Exception, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()
    db.session.execute(text("UPDATE paper_photo SET content = NULL, name = ''"))
    db.session.commit()
    with pytest.raises(Missing, match="erased"):
        photo_queries.get_photo(queries.get_paper(panel.contest.id, paper.id), 1)
    assert photo_queries.photos_of(paper.id)[0].is_erased
