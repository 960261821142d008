import pytest

from contest.accounts.queries import people_with_role
from contest.db import db
from contest.results import queries
from contest.results.models import ResultSheet, TieRuling
from tests import factories
from tests.results.scenes import make_scene

WORD = {"word": factories.WORD}


def address(scene, rest=""):
    return f"/contests/{scene.contest.id}/results{rest}"


def tied_scene():
    scene = make_scene(2, factories.plan_document(ranking={"shared": False, "ties": []}))
    for i in range(2):
        scene.theory(i, 70)
        scene.submit(i, 1, 5)
        scene.submit(i, 2, 5)
    return scene


def test_the_page_and_its_piece_show_the_same_table(as_role):
    scene = make_scene(3).finish()
    browser = as_role("organiser", scene.contest)

    page = browser.get(address(scene))
    piece = browser.get(address(scene), headers={"HX-Request": "true"})

    assert page.status_code == piece.status_code == 200
    assert piece.text.strip().split("\n", 1)[1] in page.text
    assert "选手3" in piece.text and "<html" not in piece.text


@pytest.mark.parametrize(("role", "status"), [
    ("organiser", 200), ("chief_judge", 200), ("supervisor", 200), ("host", 200), ("judge", 403),
    ("contact", 403), (None, 303),
])
@pytest.mark.parametrize("rest", ["", "/entrants/1"])
def test_who_may_read_results(app, as_role, role, status, rest):
    scene = make_scene(1).finish()
    browser = as_role(role, scene.contest) if role else app.test_client()
    rest = rest.replace("1", str(scene.entrants[0].id)) if rest else rest

    assert browser.get(address(scene, rest)).status_code == status


def test_a_receipt_redoes_every_step(as_role):
    scene = make_scene(1)
    scene.theory(0, 80)
    scene.submit(0, 1, 8.5)
    scene.submit(0, 2, 9, deducted=1)

    answer = as_role("organiser", scene.contest).get(
        address(scene, f"/entrants/{scene.entrants[0].id}")
    )

    assert answer.status_code == 200
    assert "86.125 → 86.13" in answer.text


def test_a_receipt_ends_with_the_prizes_and_why(as_role):
    scene = make_scene(2).finish()
    browser = as_role("chief_judge", scene.contest)
    receipts = [browser.get(address(scene, f"/entrants/{each.id}")).text for each in scene.entrants]

    given = [text for text in receipts if "本奖项设 1 名" in text or "this prize goes to 1" in text]

    assert len(given) == 1
    assert "First prize" in given[0] or "一等奖" in given[0]


def test_the_receipt_of_somebody_elsewhere_is_missing(as_role):
    scene, other = make_scene(1).finish(), make_scene(1)
    browser = as_role("organiser", scene.contest)

    assert browser.get(address(scene, f"/entrants/{other.entrants[0].id}")).status_code == 404
    assert browser.get(address(scene) + "?stage=nothing").status_code == 404
    assert browser.get(address(scene, "/published/final/1")).status_code == 404


def test_what_is_missing_is_listed_and_publishing_refused(as_role):
    scene = make_scene(2).finish()
    scene.write(1, 2, "reopen")
    browser = as_role("organiser", scene.contest)

    page = browser.get(address(scene))
    answer = browser.post(address(scene, "/provisional"), data=WORD)

    assert "still without a mark: 1 (A002)" in page.text
    assert answer.status_code == 409
    assert "the page lists what is missing." in answer.text
    assert "still without a mark: 1 (A002)" in answer.text
    assert db.session.query(ResultSheet).count() == 0


def test_a_refusal_names_the_judge_whose_sheet_is_missing_and_leads_to_all_of_them(as_role):
    scene = make_scene(9)
    for entrant in range(9):
        scene.theory(entrant, 60)
        scene.submit(entrant, 1, 8)
        scene.sheet(entrant, 2, "risk")
    db.session.commit()
    page = as_role("organiser", scene.contest).get(address(scene)).text
    name = scene.judges[1].name
    assert "still without a mark: 9 (A001, A002, A003, A004, A005, A006 … +3)" in page
    assert f"sheets not handed in: 9. By judge, with the seat in brackets: {name} (2): 9." in page
    assert scene.judges[0].name not in page
    listed = page[page.index('class="missing-list"'):]
    assert f'<a href="/contests/{scene.contest.id}/chief">' in listed[:listed.index("</ul>")]


def test_publishing_by_two_people(as_role):
    scene = make_scene(2).finish()
    first, second = as_role("organiser", scene.contest), as_role("organiser", scene.contest)

    assert first.post(address(scene, "/provisional"), data=WORD).status_code == 303
    assert first.post(address(scene, "/final"), data=WORD).status_code == 403
    assert second.post(address(scene, "/final"), data=WORD).status_code == 303

    sheet = queries.find_latest_sheet(scene.contest.id, "final")
    shown = first.get(address(scene, "/published/final/2"))
    assert sheet.document_hash in shown.text


def test_a_second_publication_without_a_reason_comes_back(as_role):
    scene = make_scene(2).finish()
    browser = as_role("organiser", scene.contest)
    browser.post(address(scene, "/provisional"), data=WORD)

    answer = browser.post(address(scene, "/provisional"), data={"reason": " "} | WORD)

    assert answer.status_code == 422
    assert "Write down the reason" in answer.text
    assert db.session.query(ResultSheet).count() == 1


@pytest.mark.parametrize("act", ["/provisional", "/final", "/reopen", "/next-stage", "/reopening",
                                 "/reopening/confirm", "/reopening/decline"])
def test_a_chief_judge_does_not_publish(as_role, act):
    scene = make_scene(2).finish()

    assert as_role("chief_judge", scene.contest).post(address(scene, act)).status_code == 403
    assert scene.contest.state == "scoring"


def test_the_chief_judge_rules_on_a_tie(as_role):
    scene = tied_scene()
    browser = as_role("chief_judge", scene.contest)
    first, second = (entrant.id for entrant in scene.entrants)
    assert "the chief judge decides" in browser.get(address(scene)).text

    answer = browser.post(address(scene, "/ties"), data={
        "about": "entrants", f"place-{first}": "2", f"place-{second}": "1", "reason": "drew lots",
    })

    assert answer.status_code == 303
    assert [row.entrant_id for row in queries.standings(scene.contest.id).rows] == [second, first]


def test_a_ruling_with_equal_places_comes_back_as_typed(as_role):
    scene = tied_scene()
    browser = as_role("chief_judge", scene.contest)
    first, second = (entrant.id for entrant in scene.entrants)

    answer = browser.post(address(scene, "/ties"), data={
        "about": "entrants", f"place-{first}": "1", f"place-{second}": "1", "reason": "drew lots",
    })

    assert answer.status_code == 422
    assert "Each place is given once." in answer.text and "drew lots" in answer.text
    assert db.session.query(TieRuling).count() == 0


def test_an_organiser_does_not_rule_on_ties(as_role):
    scene = tied_scene()

    answer = as_role("organiser", scene.contest).post(address(scene, "/ties"), data={})

    assert answer.status_code == 403


def test_results_are_opened_again_with_a_reason(as_role):
    scene = make_scene(2).finish()
    browser = as_role("organiser", scene.contest)
    browser.post(address(scene, "/provisional"), data=WORD)

    refused = browser.post(address(scene, "/reopen"), data={"reason": ""} | WORD)
    browser.post(address(scene, "/reopen"), data={"reason": "appeal"} | WORD)

    assert refused.status_code == 422
    assert scene.contest.state == "scoring"


def test_two_organisers_take_final_results_back(as_role):
    scene = make_scene(2).finish()
    first, second = as_role("organiser", scene.contest), as_role("organiser", scene.contest)
    first.post(address(scene, "/provisional"), data=WORD)
    second.post(address(scene, "/final"), data=WORD)
    assert address(scene, "/reopen\"") not in first.get(address(scene)).text

    assert first.post(address(scene, "/reopening"), data={"reason": " "} | WORD).status_code == 422
    first.post(address(scene, "/reopening"), data={"reason": "appeal"} | WORD)
    own, other = first.get(address(scene)).text, second.get(address(scene)).text

    assert address(scene, "/reopening/confirm") not in own and "Withdraw the proposal" in own
    assert address(scene, "/reopening/confirm") in other and "appeal" in other
    assert "a second organiser decides" in second.get(f"/contests/{scene.contest.id}").text
    assert first.post(address(scene, "/reopening/confirm"), data=WORD).status_code == 403
    assert second.post(address(scene, "/reopening/confirm"), data=WORD).status_code == 303
    assert scene.contest.state == "scoring"


def test_a_proposal_to_take_results_back_can_be_declined(as_role):
    scene = make_scene(2).finish()
    first, second = as_role("organiser", scene.contest), as_role("organiser", scene.contest)
    first.post(address(scene, "/provisional"), data=WORD)
    second.post(address(scene, "/final"), data=WORD)
    first.post(address(scene, "/reopening"), data={"reason": "appeal"} | WORD)

    assert second.post(address(scene, "/reopening/decline")).status_code == 303
    assert "Propose to open again" in second.get(address(scene)).text
    assert scene.contest.state == "final"


def test_publishing_behind_a_frozen_board_says_so(as_role):
    scene = make_scene(2).finish()
    browser = as_role("organiser", scene.contest)
    browser.post(f"/contests/{scene.contest.id}/board/freeze", data={"when": "now"})

    before = browser.get(address(scene)).text
    after = browser.post(address(scene, "/provisional"), follow_redirects=True).text

    assert "Everybody sees these results" not in before
    assert "stays frozen" in before and f"/contests/{scene.contest.id}/board" in before
    assert "The public board stays frozen" in after


def test_publishing_on_an_open_board_does_not_speak_of_freezing(as_role):
    scene = make_scene(2).finish()
    browser = as_role("organiser", scene.contest)

    assert "Everybody sees these results" in browser.get(address(scene)).text
    assert "frozen" not in browser.post(address(scene, "/provisional"), follow_redirects=True).text


def test_whoever_published_reads_who_may_make_the_results_final(as_role):
    scene = make_scene(2).finish()
    first = as_role("organiser", scene.contest)
    first.post(address(scene, "/provisional"), data=WORD)
    alone = first.get(address(scene)).text
    second = as_role("organiser", scene.contest)
    other = people_with_role("organiser", scene.contest.id)

    assert "Nobody else is an organiser yet." in alone
    assert f"contest user add LOGIN NAME --role organiser --contest {scene.contest.slug}" in alone
    assert address(scene, "/final") not in first.get(address(scene)).text
    assert list(other.values())[-1] in first.get(address(scene)).text.split("These may:")[1]
    assert address(scene, "/final") in second.get(address(scene)).text


def test_the_desk_leads_from_provisional_to_final_and_on_to_the_awards(as_role):
    scene = make_scene(2).finish()
    first, second = as_role("organiser", scene.contest), as_role("organiser", scene.contest)
    desk = f"/contests/{scene.contest.id}"

    first.post(address(scene, "/provisional"), data=WORD)
    assert "wait for a second organiser" in first.get(desk).text
    second.post(address(scene, "/final"), data=WORD)
    assert "prizes and titles stand" in first.get(desk).text


def test_the_results_of_an_archived_contest_are_not_being_scored(as_role):
    scene = make_scene(2).finish()
    scene.contest.state = "archived"
    db.session.commit()

    page = as_role("organiser", scene.contest).get(f"/contests/{scene.contest.id}/results").text

    assert "nothing changes any more" in page and "Being scored" not in page


def test_a_teams_receipt_names_its_members(as_role):
    scene = make_scene(2, factories.plan_document(teams={"method": "sum"}), teams=("甲队",)).finish()
    browser = as_role("organiser", scene.contest)

    answer = browser.get(address(scene, f"/teams/{scene.entrants[0].team_id}"))

    assert answer.status_code == 200
    assert "Mark of 选手1." in answer.text
    assert browser.get(address(scene, "/teams/999999")).status_code == 404


def test_the_page_says_that_figures_changed_and_offers_no_final_button(as_role):
    scene = make_scene(2).finish()
    first, second = as_role("organiser", scene.contest), as_role("organiser", scene.contest)
    first.post(address(scene, "/provisional"), data=WORD)
    assert address(scene, "/final") in second.get(address(scene)).text

    scene.penalty(1, 1)
    page = second.get(address(scene)).text

    assert "The public still sees revision 1; the figures have changed since" in page
    assert address(scene, "/final") not in page
    assert "The figures have changed" in str(queries.desk_notes(scene.contest.id))


def test_published_results_are_confirmed_with_the_public_address_and_its_code(as_role):
    scene = make_scene(2).finish()
    organiser, second = (as_role("organiser", scene.contest) for _ in range(2))
    code = f'src="/board/{scene.contest.slug}/qr.svg"'
    assert code not in organiser.get(address(scene)).text

    organiser.post(address(scene, "/provisional"), data=WORD)
    done = second.post(address(scene, "/final"), data=WORD, follow_redirects=True)

    assert "The results are final." in done.text and code in done.text
    assert f"localhost/board/{scene.contest.slug}</a>" in done.text


def test_who_published_while_hidden_is_told_that_nobody_sees_it(as_role):
    scene = make_scene(2).finish()
    scene.contest.is_public = False
    db.session.commit()
    organiser = as_role("organiser", scene.contest)

    done = organiser.post(address(scene, "/provisional"), data=WORD, follow_redirects=True)

    assert "nobody sees the results yet" in done.text and "qr.svg" not in done.text
    where = f"/contests/{scene.contest.id}/public"
    shown = organiser.post(where, data={"public": "1"}, follow_redirects=True)
    assert "The public sees this contest now" in shown.text
    assert f'src="/board/{scene.contest.slug}/qr.svg"' in shown.text
