"""A whole contest comes over with its archive: verified, closed, once, and out again as it came."""

import io
import json
import zipfile

import pytest
from sqlalchemy import func, select

from contest.audit.chain_queries import find_head
from contest.audit.models import TrailRow
from contest.awards.models import Award
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.offline import archive_command
from contest.registry import whole_actions, whole_queries, whole_rules, whole_trail_queries
from contest.registry.whole_models import WholeContest
from contest.results.models import ResultSheet
from tests.awards.test_annulments import Scene, build
from tests.conftest import TEST_SETTINGS
from tests.registry.away import archive_of, elsewhere, hold_contest
from tests.registry.climbing import curators


@pytest.fixture(scope="session")
def away(empty_database, tmp_path_factory):
    """(archive, head, published document, awards as (key's name, place, total), what a final one has)."""
    folder = tmp_path_factory.mktemp("away")
    with elsewhere(empty_database, folder, TEST_SETTINGS):
        contest_id = hold_contest()
        data = archive_of(contest_id)
        sheet = db.session.scalars(select(ResultSheet).order_by(ResultSheet.id.desc())).first()
        awards = [
            (one.name, one.place, one.total) for one in db.session.scalars(select(Award).order_by(Award.id))
        ]
        found = data, str(find_head(contest_id)), sheet.document, awards
        final = archive_of(hold_contest("still-final", is_archived=False))
    return (*found, final)


def changed(data, name, change):
    """The archive with one file changed by a function from bytes to bytes; None takes it away."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.namelist():
            text = change(old.read(each)) if each == name else old.read(each)
            if text is not None:
                new.writestr(each, text)
    return out.getvalue()


def about(**values):
    return lambda text: json.dumps({**json.loads(text), **values}).encode()


def stored():
    return [db.session.scalar(select(func.count()).select_from(model)) for model in (WholeContest, TrailRow)]


def test_it_comes_over_with_the_same_head_figures_and_awards(app, away):
    data, head, document, awards, _ = away

    whole = whole_actions.bring_in(curators()[0], data, "ledger.zip")

    assert f"{whole.head_seq}:{whole.head_hash}" == head
    assert (whole.slug, whole.name_en, whole.state) == ("away", "A contest elsewhere", "archived")
    sheet = whole_rules.sheet_shown(whole.shown["sheets"], 0, "final")
    assert (sheet["revision"], sheet["kind"], sheet["document"]) == (2, "final", document)
    assert [(one["name"], one["place"], one["total"]) for one in whole.shown["awards"]] == awards
    assert [one["holder"] for one in whole.shown["awards"]] == ["钟一", "华二"]
    assert whole.shown["entrants"] == 3
    assert [plan["number"] for plan in whole.shown["plans"]] == [1]
    row = db.session.scalars(select(TrailRow).filter_by(did="registry.whole")).one()
    assert (row.facts["head"], row.facts["file_hash"]) == (head, whole.file_hash)


def test_it_goes_out_again_as_it_came_and_verifies(app, away, tmp_path, capsys):
    data, head, _, _, _ = away
    whole = whole_actions.bring_in(curators()[0], data, "ledger.zip")

    again = whole_queries.archive_of(whole.id)[1]

    assert again == data
    (tmp_path / "out.zip").write_bytes(again)
    assert archive_command.main([str(tmp_path / "out.zip"), "--head", head]) == 0
    text = capsys.readouterr().out
    assert f"It ends at {head}" in text
    assert "Published: 3 plans and lists compared with the linked digests." in text


def test_a_final_contest_comes_over_too(app, away):
    whole = whole_actions.bring_in(curators()[0], away[4], "ledger.zip")

    assert (whole.slug, whole.state) == ("still-final", "final")


def mark(text):
    return text.replace(b",90,", b",91,")


@pytest.mark.parametrize(("name", "change", "refusal", "sentence"), [
    ("MARKS.csv", mark, Invalid, "does not hold"),
    ("answer.json", lambda text: text.replace(b'"90', b'"91'), Invalid, "does not hold"),
    ("chain.tsv", lambda text: b"".join(text.splitlines(True)[:-1]), Invalid, "does not hold"),
    ("published.json", lambda text: text.replace("钟一".encode(), "钟二".encode()), Invalid, "result_sheet"),
    ("published.json", lambda text: text.replace("一等奖".encode(), "特等奖".encode()), Invalid,
     "plan_version"),
    ("published.json", about(awards=[]), Invalid, "awards"),
    ("published.json", lambda text: None, Conflict, "first format"),
    ("archive.json", about(format="contest-archive/9"), Invalid, "newer program"),
    ("archive.json", about(state="scoring"), Conflict, "not over"),
    ("archive.json", lambda text: b"[]", Invalid, "newer program"),
    ("archive.json", lambda text: b'{"format": "contest-archive/2"}', Invalid, "cannot be read"),
    ("archive.json", about(starts_on="soon"), Invalid, "cannot be read"),
])
def test_what_does_not_hold_is_refused_and_nothing_is_stored(app, away, name, change, refusal, sentence):
    [curator, *_] = curators()
    before = stored()

    with pytest.raises(refusal, match=sentence):
        whole_actions.bring_in(curator, changed(away[0], name, change), "ledger.zip")

    assert stored() == before


@pytest.mark.parametrize("data", [b"", b"nothing", b"PK\x03\x04"])
def test_what_is_no_archive_is_refused(app, data):
    with pytest.raises(Invalid, match="no archive"):
        whole_actions.bring_in(curators()[0], data, "ledger.zip")


def test_it_comes_over_once_until_it_is_withdrawn(app, away):
    [curator, *_] = curators()
    first = whole_actions.bring_in(curator, away[0], "ledger.zip")
    before = stored()
    with pytest.raises(Conflict, match="here already"):
        whole_actions.bring_in(curator, changed(away[0], "x", None), "again.zip")
    assert stored() == before

    with pytest.raises(Invalid):
        whole_actions.withdraw_whole(curator, first.id, " ")
    whole_actions.withdraw_whole(curator, first.id, "原单位要求")

    assert (first.content, first.shown) == (None, {})
    assert whole_queries.list_whole() == []
    with pytest.raises(Conflict, match="deleted"):
        whole_queries.archive_of(first.id)
    with pytest.raises(Conflict, match="withdrawn already"):
        whole_actions.withdraw_whole(curator, first.id, "再次")
    assert whole_actions.bring_in(curator, away[0], "ledger.zip").id != first.id


def test_a_contest_of_the_house_does_not_come_over_beside_itself(app):
    data = archive_of(hold_contest())
    with pytest.raises(Conflict, match="here already"):
        whole_actions.bring_in(curators()[0], data, "ledger.zip")


def test_a_contest_that_still_runs_carries_no_published_lists(app):
    from tests.results.scenes import make_scene

    data = archive_of(make_scene(2).finish().contest.id)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "published.json" not in archive.namelist()
        assert json.loads(archive.read("archive.json"))["format"] == "contest-archive/2"
    with pytest.raises(Conflict, match="not over"):
        whole_actions.bring_in(curators()[0], data, "ledger.zip")


def test_the_trail_is_read_from_the_archive_the_newest_first(app, away):
    whole = whole_actions.bring_in(curators()[0], away[0], "ledger.zip")

    rows, page, pages = whole_trail_queries.trail_page(whole.id, 99)

    assert (page, pages) == (1, 1)
    assert [row.id for row in rows] == sorted((row.id for row in rows), reverse=True)
    assert "Awards granted" in [row.deed for row in rows] and "a" in [row.who for row in rows]
    with pytest.raises(Missing):
        whole_trail_queries.trail_page(whole.id + 1, 1)


def test_the_command_takes_over_tells_what_is_missing_and_writes_out_again(app, away, tmp_path):
    data, head, _, _, _ = away
    (tmp_path / "ledger.zip").write_bytes(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(tmp_path / "folder")
    run = app.test_cli_runner().invoke

    done = run(args=["import-archive", str(tmp_path / "folder")])
    again = run(args=["import-archive", str(tmp_path / "ledger.zip")])

    assert done.exit_code == 0, done.output
    assert f"It ends at {head}" in done.output
    assert all(str(each) in done.output for each in (*whole_rules.LEFT_OUT, *whole_rules.NOT_BOUND))
    assert again.exit_code != 0
    whole_id = db.session.scalar(select(WholeContest.id))
    assert run(args=["export", "archive", str(whole_id), "-o", str(tmp_path / "o.zip")]).exit_code == 0
    assert archive_command.main([str(tmp_path / "o.zip"), "--head", head]) == 0


def test_an_annulled_award_comes_over_as_revoked(app, empty_database, tmp_path):
    with elsewhere(empty_database, tmp_path, TEST_SETTINGS) as other:
        scene = Scene(**build(other))
        scene.annul("甲")
        data = archive_of(scene.id)

    whole = whole_actions.bring_in(curators()[0], data, "ledger.zip")

    revoked = {one["holder"] for one in whole.shown["awards"] if one["is_annulled"]}
    standing = {one["holder"] for one in whole.shown["awards"] if not one["is_annulled"]}
    assert revoked == {"甲"} and "甲" not in standing
    assert whole_rules.sheet_shown(whole.shown["sheets"], 0, "final")["revision"] == 3
