import io
from datetime import timedelta

import pytest

from contest import clock
from contest.board import queries as board
from contest.ceremony import actions, queries, screen_actions
from contest.ceremony.models import Screen, ScreenPicture
from contest.ceremony.rules import KINDS
from contest.db import db
from tests import factories
from tests.ceremony.stages import begin, host, make_ready
from tests.ceremony.test_screen_rules import png
from tests.results.scenes import make_scene

WORD = {"word": factories.WORD}


def desk(scene, rest=""):
    return f"/contests/{scene.contest.id}/ceremony{rest}"


def in_hand(as_role, scene, user=None):
    """The browser of a host who has typed the PIN."""
    browser = as_role("host", scene.contest, user)
    assert browser.post(desk(scene, "/control/enter"), data=WORD).status_code == 303
    return browser


def test_the_host_makes_a_screen_and_switches_it(as_role, client):
    scene = make_scene(1)
    browser = as_role("host", scene.contest)

    browser.post(desk(scene, "/screens"), data={"name": "左屏", "screen_language": "zh"})
    screen = db.session.query(Screen).one()
    before = client.get(f"/screens/{screen.token}").text
    answer = browser.post(desk(scene, "/screens/switch"), data={
        "screen_id": screen.id, "shows": "message", "title": "午餐", "text": "一点继续",
    })

    assert "小比武" in before and answer.status_code == 303
    after = client.get(f"/screens/{screen.token}").text
    assert "午餐" in after and "一点继续" in after


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"shows": "board", "list": "teams", "rows": "6", "seconds": "12"},
         "rows=6&amp;seconds=12&amp;show=teams"),
        ({"shows": "blank"}, "stage-blank"),
        ({"shows": "countdown", "title": "开赛", "moment": "2026-11-23T15:30"}, "2026-11-23T15:30:00+08:00"),
        ({"shows": "reveal"}, "成绩公布"),
    ],
)
def test_a_screen_shows_what_it_is_switched_to(as_role, client, form, words):
    scene = make_scene(1)
    screen = screen_actions.add_screen(host(scene), scene.contest.id, "左屏", "zh")

    as_role("host", scene.contest).post(
        desk(scene, "/screens/switch"), data={"screen_id": screen.id, **form}
    )

    assert words in client.get(f"/screens/{screen.token}").text


def test_several_screens_are_switched_at_once(as_role):
    scene = make_scene(1)
    ids = [screen_actions.add_screen(host(scene), scene.contest.id, name, "zh").id for name in "左右"]

    as_role("organiser", scene.contest).post(
        desk(scene, "/screens/switch"), data={"screen_id": ids, "shows": "blank"}
    )

    assert {one.shows for one in db.session.query(Screen)} == {"blank"}


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/screens", {"name": "", "screen_language": "zh"}, 422),
        ("/screens", {"name": "左", "screen_language": "fr"}, 422),
        ("/screens", {"name": "左屏", "screen_language": "zh"}, 409),
        ("/screens/switch", {"shows": "blank"}, 409), ("/screens/switch", {"shows": "message"}, 422),
        ("/screens/switch", {"shows": "blank", "screen_id": "99"}, 404),
        ("/pictures", {}, 422), ("/reveal", {"kind": "individuals"}, 409),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason_and_changes_nothing(as_role, path, form, status):
    scene = make_scene(1)
    screen_actions.add_screen(host(scene), scene.contest.id, "左屏", "zh")
    before = [(one.name, one.shows, one.version) for one in db.session.query(Screen)]

    answer = as_role("host", scene.contest).post(desk(scene, path), data=form)

    assert (answer.status_code, 'role="alert"' in answer.text) == (status, True)
    assert [(one.name, one.shows, one.version) for one in db.session.query(Screen)] == before


def test_the_screen_of_another_contest_is_not_switched(as_role):
    scene, other = make_scene(1), make_scene(1)
    screen = screen_actions.add_screen(host(other), other.contest.id, "左屏", "zh")

    answer = as_role("host", scene.contest).post(
        desk(scene, "/screens/switch"), data={"screen_id": screen.id, "shows": "blank"}
    )

    assert answer.status_code == 404
    assert db.session.get(Screen, screen.id).shows == "message"


def test_pictures_are_kept_shown_and_forgotten(as_role, client):
    scene = make_scene(1)
    browser = as_role("host", scene.contest)
    screen = screen_actions.add_screen(host(scene), scene.contest.id, "左屏", "zh")
    browser.post(desk(scene, "/pictures"), data={"picture": (io.BytesIO(png()), "logo.png")})
    picture = db.session.query(ScreenPicture).one()
    browser.post(desk(scene, "/screens/switch"), data={
        "screen_id": screen.id, "shows": "sponsors", "pictures": picture.id,
    })

    address = f"/screens/{screen.token}/pictures/{picture.id}"
    assert address in client.get(f"/screens/{screen.token}").text
    answer = client.get(address)
    assert (answer.data, answer.content_type) == (png(), "image/png")
    assert browser.post(desk(scene, f"/pictures/{picture.id}/remove")).status_code == 409
    browser.post(desk(scene, "/screens/switch"), data={"screen_id": screen.id, "shows": "blank"})
    assert browser.post(desk(scene, f"/pictures/{picture.id}/remove")).status_code == 303
    assert client.get(address).status_code == 404


def test_the_picture_of_another_contest_is_not_handed_out(client):
    scene, other = make_scene(1), make_scene(1)
    screen = screen_actions.add_screen(host(scene), scene.contest.id, "左屏", "zh")
    picture = screen_actions.add_picture(host(other), other.contest.id, "logo.png", png())

    assert client.get(f"/screens/{screen.token}/pictures/{picture.id}").status_code == 404


def test_without_a_node_a_screen_polls(client):
    scene = make_ready(2, teams=())
    screen = screen_actions.add_screen(host(scene), scene.contest.id, "左屏", "zh")
    screen_actions.switch_screens(host(scene), scene.contest.id, [screen.id], "reveal", {})
    begin(scene)
    path = f"/screens/{screen.token}"
    at = client.get(path).text.split('data-event="')[1].split('"')[0]

    quiet = client.get(f"{path}/events?after={at}").text
    actions.move_reveal(host(scene), scene.contest.id, 0, 1)
    changed = client.get(f"{path}/events", headers={"Last-Event-ID": at}).text

    assert "event" not in quiet and "retry: 1000" in quiet
    assert "event: reload" in changed


def test_the_desk_says_when_a_screen_was_last_seen(as_role, client):
    scene = make_scene(1)
    screen = screen_actions.add_screen(host(scene), scene.contest.id, "左屏", "zh")
    browser, path = as_role("host", scene.contest), desk(scene, "/screens")
    assert "Not opened yet" in browser.get(path).text
    mark = client.get(f"/screens/{screen.token}").text.split('data-mark="')[1].split('"')[0]

    client.get(f"/screens/{screen.token}/seen?shown={mark}&dark=0")
    assert "Shows it" in browser.get(path).text
    client.get(f"/screens/{screen.token}/seen?shown={mark}&dark=1")
    assert "Shows nothing" in browser.get(path).text
    clock.stand_still(clock.now() + timedelta(seconds=12))
    assert "Not heard for 12 s" in browser.get(path).text


@pytest.mark.parametrize("path", ["", "/events", "/seen", "/pictures/1"])
def test_a_guessed_screen_is_missing(client, path):
    assert client.get(f"/screens/guessed{path}").status_code == 404


def test_the_controller_asks_for_the_pin_first(as_role):
    scene = make_ready(3, teams=())
    begin(scene)
    browser = as_role("host", scene.contest)

    assert "The hall sees" not in browser.get(desk(scene, "/control")).text
    for path, form in (("step", {"seen": 0, "step": 1}), ("blank", {"is_blank": 1}), ("end", {}),
                       ("pause", {"is_paused": 1})):
        assert browser.post(desk(scene, f"/control/{path}"), data=form).status_code == 403
    assert "选手" not in browser.get(desk(scene, "/control/preview/2")).text
    wrong = browser.post(desk(scene, "/control/enter"), data={"word": "guessed"})
    assert wrong.status_code == 422 and "The hall sees" not in browser.get(desk(scene, "/control")).text
    reveal = queries.get_running(scene.contest.id)
    assert (reveal.step, reveal.is_blank, reveal.is_paused) == (0, False, False)

    browser.post(desk(scene, "/control/enter"), data=WORD)
    assert "The hall sees" in browser.get(desk(scene, "/control")).text


def test_the_controller_leaves_the_hand_after_hours_and_with_the_session(app, as_role):
    scene = make_ready(3, teams=())
    begin(scene)
    user = factories.make_user()
    browser = in_hand(as_role, scene, user)
    with browser.session_transaction() as kept:
        held = kept["ceremony"]
    other = factories.browser_of(app, user)
    with other.session_transaction() as kept:
        kept["ceremony"] = held

    assert "The hall sees" not in other.get(desk(scene, "/control")).text
    clock.stand_still(clock.now() + timedelta(hours=4, seconds=1))
    assert "The hall sees" not in browser.get(desk(scene, "/control")).text


def test_the_host_reads_ahead_of_the_hall(as_role):
    scene = make_ready(3, teams=())
    scene.entrants[0].human.name = "单立新"
    db.session.commit()
    begin(scene)
    browser = in_hand(as_role, scene)

    page = browser.get(desk(scene, "/control")).text

    # Published under the name of that moment; the next two steps and no more.
    assert "选手1" in page and "选手2" in page and "选手3" not in page
    assert "xuǎn shǒu" in page
    assert f'{desk(scene, "/control/preview/1")}"' in page
    assert "选手1" in browser.get(desk(scene, "/control/preview/1")).text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_step_of_every_kind_has_its_pages(as_role, client, kind, language):
    scene = make_ready(4)
    screen = screen_actions.add_screen(host(scene), scene.contest.id, "左屏", language)
    screen_actions.switch_screens(host(scene), scene.contest.id, [screen.id], "reveal", {})
    last = queries.script_of(begin(scene, kind)).last
    browser = in_hand(as_role, scene)
    with browser.session_transaction() as kept:
        kept["language"] = language

    halls = []
    for step in range(last + 1):
        for path in ("/control", f"/control/preview/{step}"):
            assert browser.get(desk(scene, path)).status_code == 200
        halls.append(client.get(f"/screens/{screen.token}").text)
        if step < last:
            press = {"seen": step, "step": step + 1}
            assert browser.post(desk(scene, "/control/step"), data=press).status_code == 303

    assert len(set(halls)) == last + 1
    assert "选手4" in halls[-1] or "乙队" in halls[-1]


def test_a_double_press_skips_nothing(as_role):
    scene = make_ready(3, teams=())
    begin(scene)
    first, second = in_hand(as_role, scene), in_hand(as_role, scene)
    press = {"seen": 0, "step": 1}

    assert first.post(desk(scene, "/control/step"), data=press).status_code == 303
    late = second.post(desk(scene, "/control/step"), data=press)

    assert late.status_code == 409 and "Nothing was skipped" in late.text
    assert queries.get_running(scene.contest.id).step == 1


def test_the_controller_blanks_pauses_jumps_and_ends(as_role, client):
    scene = make_ready(3, teams=())
    screen = screen_actions.add_screen(host(scene), scene.contest.id, "左屏", "zh")
    screen_actions.switch_screens(host(scene), scene.contest.id, [screen.id], "reveal", {})
    browser = as_role("host", scene.contest)
    assert browser.post(desk(scene, "/reveal"), data={"kind": "individuals"}).status_code == 303
    browser.post(desk(scene, "/control/enter"), data=WORD)

    def press(path, **form):
        return browser.post(desk(scene, f"/control/{path}"), data=form, headers={"HX-Request": "true"})

    def hall():
        return client.get(f"/screens/{screen.token}").text

    press("step", seen=0, step=3)
    assert "选手3" in hall()
    assert "The hall is dark" in press("blank", is_blank=1).text
    assert "stage-blank" in hall() and "选手" not in hall()
    press("blank", is_blank=0)
    assert "选手3" in hall()
    press("pause", is_paused=1)
    assert "paused" in press("step", seen=3, step=4).text
    press("pause", is_paused=0)
    assert "last step" in press("end", opens_board=1).text
    press("step", seen=3, step=4)
    press("end", opens_board=1)
    assert queries.find_running(scene.contest.id) is None
    assert board.switches(scene.contest.id, clock.now()).cutoff is None


@pytest.mark.parametrize("role", ["judge", "clerk", "contact"])
def test_who_does_not_lead_learns_nothing(as_role, role):
    scene = make_ready(2, teams=())
    begin(scene)
    browser = as_role(role, scene.contest)

    for path in ("", "/control", "/control/preview/1", "/screens"):
        assert browser.get(desk(scene, path)).status_code == 403
    assert browser.post(desk(scene, "/control/step"), data={"seen": 0, "step": 1}).status_code == 403
