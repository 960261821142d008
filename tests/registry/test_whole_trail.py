"""The trail of a contest from elsewhere reads as the house's own: people by number and name, in words."""

import json
import re
from pathlib import Path

import pytest

from contest.audit.chain_rules import moment_of
from contest.db import db
from contest.registry import whole_actions, whole_trail_queries
from tests.registry.climbing import curators
from tests.registry.test_whole import about, changed

AWAY = (Path(__file__).parent / "away.zip").read_bytes()
ENGLISH = {"Accept-Language": "en"}


def row(seq, did, subject, facts, who="周仲裁", user_id=3):
    content = {"at": 1795406400000000, "did": did, "facts": facts, "subject": subject, "user_id": user_id,
               "who": who}
    return "\t".join((str(seq), "trail", str(seq), "1795406400000000", "0", "", "", "", json.dumps(content)))


@pytest.fixture
def read(app, as_role):
    """read(*lines) is the page, in English and without marks, of a contest whose archive has such a trail."""
    whole = whole_actions.bring_in(curators()[0], AWAY, "ledger.zip")

    def page(*lines, language="en"):
        chain = "\n".join(("contest-chain\t1", *lines, ""))
        whole.content = changed(AWAY, "chain.tsv", lambda _: chain.encode())
        whole.shown = {**whole.shown, "trail": len(lines)}
        db.session.commit()
        browser = as_role("curator")
        answer = browser.get(f"/register/whole/{whole.id}/trail", headers={"Accept-Language": language})
        assert answer.status_code == 200
        return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())

    return page


def test_a_row_is_a_sentence_with_people_modules_and_marks_in_words(read):
    page = read(
        row(1, "sheet.submit", "sheet 4", {
            "module": "risk", "entrant": 1, "seat": 2, "rev": 1, "units": 190000,
            "changed": {"A1": {"old": "8", "new": "9.5"}},
        }, who="严判"),
        row(2, "theory.correct", "entrant 2", {
            "module": "paper", "number": "A11", "old": ["scored", "70"], "new": ["scored", "80"],
            "reason": "漏加一题",
        }),
        row(3, "results.final", "stage final", {"revision": 2, "hash": "ab" * 32, "reason": ""}),
    )

    assert "严判 Handed in the sheet of A7 钟一 in Risk, seat 2" in page
    assert "Corrected the score of A11 华二 in Theory paper" in page and "漏加一题" in page
    assert "Made the results of Final final" in page
    assert "A1 Complete" in page and "before: 8" in page and "after: 9.5" in page
    assert "sheet 4" not in page and "entrant 2" not in page and "{" not in page
    assert page.index("Made the results") < page.index("Corrected the score") < page.index("Handed in")


def test_every_row_tells_its_link_and_no_row_an_empty_list(read):
    page = read(row(7, "award.grant", "2 awards", {"result_sheet": 2}),
                row(9, "chain.broken", "link 3", {}, who="chain", user_id=None))
    assert "Evidence Link of the chain 7" in page and "Evidence Link of the chain 9" in page
    assert "chain program" in page


def test_of_an_erased_row_nothing_is_left_but_its_link(read):
    page = read("\t".join(("5", "trail", "5", "1795406400000000", "0", "", "", "", "")))
    assert "Erased before the archive was written" in page and moment_of(1795406400000000).year == 2026


def test_a_row_that_another_version_wrote_otherwise_is_told_as_it_stands(read):
    page = read(
        row(1, "sheet.submit", "sheet 4", {"module": "risk", "changed": {"A1": 5}, "entrant": "one"}),
        row(2, "deed.of_tomorrow", "something", {"colour": "blue"}),
        row(3, "sheet.draft", "sheet 4", ["no", "facts"]),
    )
    assert "deed.of_tomorrow: something" in page and "blue" in page
    assert "&#34;changed&#34;: {&#34;A1&#34;: 5}" in page


def test_without_a_plan_that_is_known_here_the_keys_stand(read, app, monkeypatch):
    def unknown(text):
        raise ValueError("another format")

    monkeypatch.setattr(whole_trail_queries, "document_from", unknown)
    page = read(row(1, "theory.enter", "entrant 1", {"module": "paper", "new": ["scored", "9"]}))
    assert "Entered the score of A7 钟一 in paper" in page


def test_who_stands_in_no_published_list_is_called_by_number(app):
    data = changed(AWAY, "archive.json", about(entrants={"1": "A7", "77": "B9"}))
    whole = whole_actions.bring_in(curators()[0], AWAY, "ledger.zip")
    told = row(1, "entrant.state", "entrant 77", {"old": "normal", "new": "absent"})
    whole.content = changed(data, "chain.tsv", lambda _: f"contest-chain\t1\n{told}\n".encode())
    whole.shown = {**whole.shown, "trail": 1}
    db.session.commit()
    [line], _, _ = whole_trail_queries.trail_page(whole.id, 1)
    assert line.words["about"] == "B9"
