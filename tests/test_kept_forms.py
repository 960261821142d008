"""A refused form comes back with what was typed, whatever it was refused for."""

import io
import re
from pathlib import Path

import pytest

from contest import create_app, kept_forms, kept_words
from contest.accounts.models import User
from contest.accounts.passwords import hash_secret
from contest.db import db
from contest.judging.models import SheetRevision
from contest.paper.rules import number_of
from tests import factories
from tests.conftest import TEST_SETTINGS
from tests.judging.panels import make_panel

TEMPLATES = Path(__file__).parent.parent / "contest/templates"
TYPED = "四百字的决定理由 <b>7.5</b>"
SHOWN = "四百字的决定理由 &lt;b&gt;7.5&lt;/b&gt;"
ENGLISH = {"Accept-Language": "en"}


def from_here(address):
    return {"Referer": f"http://localhost{address}", **ENGLISH}


def again(answer):
    """(address, fields) of the form that the answer offers to send again."""
    [form] = re.findall(r'<form class="stack" method="post" action="([^"]*)"[^>]*>(.*?)</form>',
                        answer.text.split('class="kept-fields"')[1], re.S)
    return form[0], dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[1]))


@pytest.fixture
def panel(app):
    return make_panel()


@pytest.fixture
def clerk(panel, as_role):
    return as_role("clerk", panel.contest, factories.make_user("Clerk"))


@pytest.fixture
def paper(panel):
    """The address of a paper sheet that a clerk types in."""
    return f"/contests/{panel.contest.id}/paper/sheets/{number_of(panel.sheet(0, 1).id)}"


def close(panel, state="collected"):
    panel.contest.state = state
    db.session.commit()


def test_a_paper_sheet_typed_while_the_contest_closed_can_be_sent_again(panel, clerk, paper):
    marks = {"mark-A1": "7.5", "mark-A2-0": "1"}
    close(panel)

    refused = clerk.post(paper, data=marks, headers=from_here(paper))

    assert refused.status_code == 423 and "<dd>7.5</dd>" in refused.text
    assert f'href="{paper}"' in refused.text  # the page itself is one press away
    address, fields = again(refused)
    assert (address, {**marks, "csrf_token": fields["csrf_token"]}) == (paper, fields)
    close(panel, "scoring")
    assert clerk.post(address, data=fields).status_code == 303


def test_what_was_typed_is_only_ever_text(clerk, paper, panel):
    close(panel)
    refused = clerk.post(paper, data={"A1": TYPED, "x\"><b": "y"}, headers=from_here(paper))

    assert f"<dd>{SHOWN}</dd>" in refused.text and f'value="{SHOWN}"' in refused.text
    assert "<b>" not in refused.text and 'name="x&#34;&gt;&lt;b"' in refused.text


def test_a_wrong_password_keeps_the_words_and_asks_for_the_password_anew(panel, as_role):
    """Also on a page that does not show its own form again: confirming what somebody else proposed."""
    chief = as_role("chief_judge", panel.contest)
    desk = f"/contests/{panel.contest.id}/results"

    refused = chief.post(
        f"{desk}/reopen", data={"reason": TYPED, "word": "not my word"}, headers=from_here(desk)
    )

    assert refused.status_code in (403, 409, 422)
    assert SHOWN in refused.text and "not my word" not in refused.text
    assert re.search(r'<input[^>]* name="word" type="password"[^>]* required', refused.text)


def test_a_bare_button_leads_back_to_its_page_as_before(panel, as_role):
    chief = as_role("organiser", panel.contest)
    page = f"/contests/{panel.contest.id}/results"

    refused = chief.post(
        f"{page}/provisional", headers=from_here(page),
        data={"word": factories.WORD, "rev": "3", "seen-5": "1", "csrf_token": "x", "reason": "  "},
    )

    assert (refused.status_code, refused.location) == (303, page)


def test_a_step_from_a_page_that_is_out_of_date_is_no_form_that_somebody_typed(panel, as_role):
    organiser = as_role("organiser", panel.contest)
    page = f"/contests/{panel.contest.id}"

    refused = organiser.post(
        f"{page}/step", headers=from_here(page), data={"to": "archived", "csrf_token": "x"}
    )

    assert (refused.status_code, refused.location) == (303, page)


@pytest.mark.parametrize("headers", [
    {}, {"Referer": "http://elsewhere.test/form"}, {"Origin": "http://elsewhere.test"}, {"Origin": "null"},
    {"Origin": "http://elsewhere.test", "Referer": "http://localhost/"},
])
def test_fields_that_another_site_sent_are_never_offered_with_a_token_of_ours(
    app, panel, clerk, paper, headers
):
    close(panel)
    by_role = clerk.post(paper, data={"mark-A1": "7.5"}, headers=headers)
    app.config["WTF_CSRF_ENABLED"] = True
    by_token = clerk.post(paper, data={"mark-A1": "7.5"}, headers=headers)

    assert (by_token.status_code, "7.5" in by_token.text) == (400, False)
    assert "7.5" not in by_role.text


def test_programs_and_pieces_get_the_refusal_itself(panel, clerk, paper):
    close(panel)
    piece = clerk.post(paper, data={"mark-A1": "7.5"}, headers={**from_here(paper), "HX-Request": "true"})
    program = clerk.post(paper, json={"A1": "7.5"}, headers=from_here(paper))

    assert piece.headers["HX-Retarget"] == "#notice" and "7.5" not in piece.text
    assert "7.5" not in program.text


def test_a_form_without_its_token_is_sent_again_with_a_fresh_one(app, panel):
    app.config["WTF_CSRF_ENABLED"] = True
    sheet = panel.sheet(0).id
    page = f"/judging/sheets/{sheet}"
    judge = factories.browser_of(app, db.session.get(User, panel.judges[0].user_id))
    fields = dict(re.findall(r'name="(op_id|base_rev)" value="([^"]*)"', judge.get(page).text))

    fields["mark-A1"] = "7.5"
    refused = judge.post(page, data={**fields, "csrf_token": "old"}, headers=from_here(page))

    assert refused.status_code == 400 and "nothing was saved" in refused.text
    address, sent = again(refused)
    assert sent.pop("csrf_token") != "old" and sent == fields
    stored = judge.post(address, data=again(refused)[1], headers=from_here(page))
    assert stored.status_code == 303
    assert db.session.query(SheetRevision).one().marks == {"A1": "7.5"}


def test_a_session_that_ended_is_begun_anew_with_the_form_in_hand(app, panel):
    sheet, judge = panel.sheet(0).id, db.session.get(User, panel.judges[0].user_id)
    judge.login, judge.password_hash = "judge-one", hash_secret("correct horse")
    db.session.commit()
    page, browser = f"/judging/sheets/{sheet}", factories.browser_of(app, judge)
    fields = dict(re.findall(r'name="(op_id|base_rev)" value="([^"]*)"', browser.get(page).text))
    with browser.session_transaction() as session:
        session["entry"] = "ended"

    refused = browser.post(page, data={**fields, "mark-A1": "7.5"}, headers=from_here(page))
    packed = re.search(r'name="kept" value="([^"]*)"', refused.text).group(1)
    login = {"login": "judge-one", "kept": packed}
    wrong = browser.post("/sign-in", data={**login, "password": "wrong one"}, headers=ENGLISH)
    signed_in = browser.post("/sign-in", data={**login, "password": "correct horse"}, headers=ENGLISH)

    assert refused.status_code == 401 and "You are signed out" in refused.text
    assert again(refused)[0] == page  # who scans the card in another tab sends it from here
    assert wrong.status_code == 422 and f'name="kept" value="{packed}"' in wrong.text
    assert signed_in.status_code == 200 and judge.name in signed_in.text
    assert db.session.query(SheetRevision).count() == 0  # nothing goes before the button is pressed
    address, sent = again(signed_in)
    assert browser.post(address, data=sent).status_code == 303
    assert db.session.query(SheetRevision).one().marks == {"A1": "7.5"}


def test_a_carried_form_that_somebody_else_made_is_not_shown(app):
    factories.make_user(login="wang", password_hash=hash_secret("correct horse"))
    other = create_app(**{**TEST_SETTINGS, "SECRET_KEY": "another key of the same length, 32 chars"},
                       SQLALCHEMY_DATABASE_URI="sqlite://")
    form = kept_forms.KeptForm("/my/account", (("name", "x"),))
    with other.app_context():
        made = kept_forms.pack(form)
    with app.app_context():
        assert kept_forms.unpack(kept_forms.pack(form)) == form

    for packed in (made, "nonsense", ""):
        answer = app.test_client().post(
            "/sign-in", data={"login": "wang", "password": "correct horse", "kept": packed}
        )
        assert (answer.status_code, answer.location) == (303, "/")


def test_a_form_with_a_file_keeps_its_words_and_asks_for_the_file(app):
    with app.test_request_context(
        "/sign-in?a=1", method="POST", headers=from_here("/"),
        data={"text": TYPED, "paper": (io.BytesIO(b"%PDF"), "a.pdf")},
    ):
        kept = kept_forms.read()

    assert (kept.address, kept.fields, kept.files) == ("/sign-in?a=1", (("text", TYPED),), ("paper",))


def test_a_form_larger_than_a_page_is_refused_as_before(app):
    with app.test_request_context("/sign-in", method="POST", headers=from_here("/"),
                                  data={"text": "x" * (kept_forms.MOST + 1)}):
        assert kept_forms.read() is None


def test_no_field_that_a_person_fills_in_counts_as_the_pages_own():
    """Whoever writes a template with such a field must hear of it: its words would be lost."""
    typed = re.compile(r"""(?:field|textarea|select|checkbox|choices)\([^\n]*?\), "([\w-]+)\"""")
    raw = re.compile(r"""<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*? name="([\w-]+)\"""")
    names = {name for page in TEMPLATES.rglob("*.html") for pattern in (typed, raw)
             for name in pattern.findall(page.read_text("utf-8"))}
    passwords = {name for page in TEMPLATES.rglob("*.html")
                 for name in re.findall(r'"(\w+)", type="password"', page.read_text("utf-8"))}

    assert len(names) > 100 and not names & kept_forms.BY_THE_PAGE
    assert passwords <= set(kept_forms.SECRETS)


def test_fields_are_named_in_words_and_a_choice_by_what_was_chosen(as_role):
    contest = factories.make_contest()
    organiser = as_role("organiser", contest)
    user = factories.make_user("Somebody")
    factories.make_grant(user, "judge", contest)
    page = f"/contests/{contest.id}/accounts/{user.id}"

    refused = organiser.post(
        f"{page}/roles", data={"roles": ["judge", "coding_judge"]}, headers=from_here(page)
    )

    shown = refused.text.split('class="kept-fields"')[1].split("</dl>")[0]
    assert refused.status_code in (403, 409, 422)
    assert "<dt>Roles</dt><dd>Judge</dd>" in shown and "<dd>Coding judge</dd>" in shown
    assert shown.count("Roles") == 1 and "coding_judge" not in shown
    assert f'<a class="button" href="{page}">' in refused.text and "refused again" in refused.text
    address, fields = again(refused)
    assert address == f"{page}/roles" and fields["roles"] in ("judge", "coding_judge")


@pytest.mark.parametrize(("typed", "lines"), [
    ([("days", "3"), ("second", "wang")],
     [("Further working days", "3", False), ("Login of the second person", "wang", False)]),
    ([("judge_id", "17"), ("how", "by_hand")], []),
    ([("nothing-known", "一句很长的话")], [("Text", "一句很长的话", False)]),
    ([("mark-A1", "7.5"), ("mark-B2-0", "1")], [("A1", "7.5", False), ("B2", "1", False)]),
    ([("reason-12", "late")], [("Reason", "late", False)]),
    ([("roles", "judge"), ("roles", "king")], [("Roles", "Judge", True)]),
])
def test_what_is_shown_of_a_field(app, typed, lines):
    assert kept_words.lines_of(typed) == lines


def test_what_is_only_typed_can_be_sent_again_and_a_choice_is_made_anew():
    assert not kept_words.has_choice([("reason", "late"), ("days", "3"), ("mark-A1", "7")])
    assert kept_words.has_choice([("reason", "late"), ("roles", "judge")])
    assert kept_words.has_choice([("judge_id", "17")])
