"""Every door of the house, tried by everybody: who may enter, who is turned away, what is noted."""

import shutil
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from contest import clock, create_app
from contest.accounts.rules import ROLES_EVERYWHERE
from contest.audit.models import TrailRow
from contest.db import db
from tests.conftest import NOON, TEST_SETTINGS
from tests.world import open_world
from tests.world_parts import WALKERS, NoExample, World

ONLY_EVERYWHERE = set(ROLES_EVERYWHERE) - {"organiser"}  # of no single contest
TURNED_AWAY = "Your role does not open this page."
NOBODYS = 987654
# What a stranger would try in each part of an address.
GUESSES = {
    "module_key": "nowhere", "stage": "nowhere", "slug": "nowhere", "token": "guessed",
    "receipt": "2222222222222222", "key": "nowhere", "award_key": "nowhere",
    "address": "modules.99", "paper": "nowhere", "form": "exe", "kind": "nowhere",
    "filename": "nowhere.js", "day": "nowhere",
}
FORM = {
    "name": "某某", "reason": "因故", "authority": "省总工会", "granted_on": "2026-11-23",
    "award_id": str(NOBODYS), "state": "accepted",
}
OPERATION = {"op_id": "0b0e7f7e-9c1c-4b43-9d0f-0d6f7c0f4f11", "base_rev": 0, "kind": "draft",
             "marks": {}}
# These need no account. A new name here is a decision: everybody on the internet may open it.
PUBLIC = {
    "static", "accounts.front", "accounts.set_language", "accounts.sign_in",
    "accounts.enter_by_password", "accounts.sign_out", "accounts.set_up",
    "accounts.make_organiser", "accounts.enter_by_card", "accounts.check_pin",
    "accounts.open_invitation", "accounts.accept_invitation", "accounts.ask_code", "accounts.check_factor",
    "accounts.unlock",
    "draw.show_public", "draw.download_public",
    "board.show_board", "board.show_wall", "board.stream_events", "board.show_data",
    "board.show_code", "board.show_overlay", "board.show_side", "board.show_embed", "board.show_print",
    "board.show_all",
    "registry.list_organisations", "registry.show_organisation", "registry.list_studios",
    "registry.show_unit_evidence", "registry.list_archives", "registry.show_archive",
    "registry.show_whole", "registry.list_records", "registry.show_record",
    "selection.show_story_picture",
    "registry.new_contact",
    "registry.ask_contact", "registry.show_contact", "registry.show_picture",
    "board.stream_feed", "registry.list_craftsmen", "registry.show_craftsman", "registry.show_evidence",
    "selection.list_selections", "selection.show_selection", "selection.show_story", "points.show_points",
    "member_services.list_services", "member_services.show_service", "member_services.apply_for",
    "member_services.find_receipt", "member_services.show_receipt",
    "member_services.download_course_certificate", "setup.download_schema",
    "member_services.complete_case", "member_services.write_message", "member_services.withdraw_case",
    "member_services.give_feedback", "member_services.book_again", "member_services.list_stations",
    "member_services.list_topics", "member_services.show_topics",
    "results.show_verifier", "results.verify_bulletin", "results.download_verifier",
    "people.open_card", "awards.show_own_result", "judging.show_worker",
    "awards.show_certificate_check", "awards.check_certificate", "awards.show_certificate_worker",
    "awards.show_certificate_lists", "awards.download_certificate_list", "awards.download_list_signature",
    "awards.download_proof_of_code", "awards.download_certificate_verifier",
    "review.show_own_appeals", "review.file_own_appeal", "review.find_receipt",
    "review.show_receipt", "review.go_to_second_instance", "review.show_timeline",
    "ceremony.show_screen", "ceremony.stream_screen", "ceremony.hear_screen", "ceremony.show_picture",
    "api.show_board", "api.list_craftsmen", "api.show_craftsman", "api.list_services", "api.show_service",
    "api.list_records", "api.show_record",
    "api.list_slots", "api.complete_application", "api.write_about_application", "api.withdraw_application",
    "api.rate_application", "api.book_application_again", "awards.show_badge_status",
    "api.apply_for", "api.show_application", "api.describe", "api.show_docs", "api.show_docs_file",
    "members.open_invitation", "members.join", "members.enter_code", "members.check_code",
    "members.send_code", "members.go_to_union", "members.come_from_union", "members.join_by_union",
    "members.take_by_union", "review.show_list", "review.show_revision", "review.new_objection",
    "review.object_to_notice",
}
# Where a mistake would cost most, the roles are written down a second time.
PROMISED = {
    "accounts.reset_factor": {"organiser"},
    "witnesses.add_witness": {"organiser"},
    "witnesses.end_witness": {"organiser"},
    "accounts.set_factor_rule": {"organiser"},
    "accounts.end_judges_session": {"organiser", "chief_judge"},
    "accounts.set_session_limits": {"organiser", "chief_judge"},
    "draw.print_codes": {"coding_judge"},
    "draw.hold_draw": {"coding_judge"},
    "judging.show_sheet": {"judge"},
    "judging.submit_sheet": {"judge"},
    "judging.post_operation": {"signed in"},  # the action asks for the role
    "judging.post_pulse": {"judge"},
    "judging.post_flag": {"signed in"},  # as above
    "judging.carry_in": {"chief_judge"},
    "judging.answer_flag": {"chief_judge"},
    "judging.give_sheet": {"chief_judge"},
    "judging.reopen_sheet": {"chief_judge"},
    "judging.excuse_seat": {"chief_judge"},
    "judging.confirm_carrying": {"organiser", "chief_judge", "supervisor"},
    "judging.confirm_striking": {"organiser", "chief_judge", "supervisor"},
    "judging.confirm_sheets": {"chief_judge", "supervisor"},
    "judging.mark_again": {"chief_judge"},
    "judging.add_penalty": {"chief_judge"},
    "judging.adjust_mark": {"chief_judge"},
    "judging.withdraw_adjustment": {"chief_judge"},
    "judging.adjust_score": {"chief_judge"},
    "paper.show_entry": {"clerk"},
    "paper.type_in": {"clerk"},
    "paper.settle": {"clerk", "chief_judge"},
    "paper.withdraw": {"chief_judge"},
    "paper.list_photos": {"clerk", "chief_judge", "organiser", "supervisor"},
    "paper.add_photos": {"clerk", "chief_judge", "organiser"},
    "figures.record_column": {"clerk", "chief_judge"},
    "results.rule_tie": {"chief_judge"},
    "results.show_agreement": {"organiser", "chief_judge", "supervisor"},
    "results.publish_provisional": {"organiser"},
    "results.download_ledger": {"organiser", "chief_judge", "supervisor"},
    "results.publish_final": {"organiser"},
    "theory.enter_score": {"clerk", "organiser"},
    "theory.name_banks": {"clerk", "organiser"},
    "theory.import_banks": {"curator", "organiser"},
    "theory.list_banks": {"curator", "organiser"},
    "theory.show_trade": {"curator", "organiser"},
    "quiz.enter_points": {"clerk", "host", "organiser"},
    "quiz.enter_time": {"clerk", "host", "organiser"},
    "quiz.undo": {"clerk", "host", "organiser"},
    "quiz.set_values": {"clerk", "host", "organiser"},
    "people.send_message": {"organiser"},
    "people.list_messages": {"organiser", "chief_judge", "supervisor", "clerk"},
    "people.show_entrant": {"organiser", "chief_judge", "supervisor", "clerk"},
    "awards.grant_awards": {"organiser"},
    "awards.share_awards": {"organiser"},
    "awards.show_decisions": {"organiser", "chief_judge", "supervisor"},
    "awards.choose_winner": {"organiser"},
    "awards.pass_over": {"organiser"},
    "awards.take_decision_back": {"organiser"},
    "awards.show_annulments": {"organiser", "chief_judge", "supervisor", "curator"},
    "awards.propose_annulment": {"organiser"},
    "awards.confirm_annulment": {"organiser"},
    "awards.publish_without_annulled": {"organiser"},
    "awards.move_up": {"organiser"},
    "awards.list_nominations": {"organiser", "supervisor", "curator"},
    "awards.show_nomination": {"organiser", "supervisor", "curator"},
    "awards.download_pack": {"organiser", "supervisor", "curator"},
    "awards.prepare_nomination": {"organiser"},
    "awards.send_nomination": {"organiser"},
    "awards.grant_nomination": {"curator"},
    "awards.issue_certificates": {"organiser"},
    "awards.reissue_certificate": {"organiser"},
    "awards.revoke_certificate": {"organiser"},
    "awards.sign_certificate_list": {"organiser"},
    "review.announce_results": {"organiser", "chief_judge"},
    "review.decide_appeal": {"organiser", "chief_judge", "supervisor"},
    "review.download_file": {"organiser", "chief_judge", "supervisor", "clerk"},
    "review.give_notice": {"organiser"},
    "review.confirm_notice": {"organiser", "chief_judge", "supervisor"},
    "review.state_unchanged": {"organiser", "chief_judge", "supervisor"},
    "review.state_objection_unchanged": {"organiser", "supervisor"},
    "review.file_second_from_paper": {"clerk", "organiser"},
    "review.extend_notice": {"organiser"},
    "review.decide_objection": {"organiser", "supervisor"},
    "review.sign_correction": {"organiser", "chief_judge", "supervisor"},
    "ceremony.begin_reveal": {"host", "organiser"},
    "ceremony.show_control": {"host", "organiser"},
    "ceremony.move_reveal": {"host", "organiser"},
    "ceremony.end_reveal": {"host", "organiser"},
    "ceremony.preview_step": {"host", "organiser"},
    "ceremony.switch_screens": {"host", "organiser"},
    "registry.confirm_honours": {"curator"},
    "registry.revoke_honour": {"curator"},
    "registry.describe_unit": {"curator"},
    "registry.confirm_record": {"curator"},
    "registry.refuse_record": {"curator"},
    "registry.let_contest_in": {"curator"},
    "registry.take_contest_out": {"curator"},
    "registry.confirm_archive": {"curator"},
    "registry.withdraw_archive": {"curator"},
    "registry.bring_whole_in": {"curator"},
    "registry.withdraw_whole": {"curator"},
    "registry.show_whole_trail": {"curator", "supervisor"},
    "registry.download_whole": {"curator", "supervisor"},
    "selection.add_picture": {"organiser"},
    "selection.remove_picture": {"organiser"},
    "selection.write_call": {"organiser"},
    "selection.decide": {"organiser"},
    "selection.publish_list": {"organiser"},
    "selection.move_up": {"organiser"},
    "selection.add_nomination": {"contact"},
    "selection.download_paper": {"organiser", "supervisor"},
    "selection.show_deeds": {"judge"},
    "selection.download_deed": {"judge"},
    "points.reverse_points": {"curator", "organiser"},
    "points.show_list": {"curator", "organiser"},
    "points.download_list": {"curator", "organiser"},
    "api.record_points": {"curator", "organiser"},
    "member_services.move_case": {"service_officer", "organiser"},
    "member_services.show_case": {"service_officer", "organiser"},
    "member_services.download_file": {"service_officer", "organiser"},
    "member_services.add_files": {"service_officer", "organiser"},
    "member_services.list_payments": {"service_officer", "organiser"},
    "member_services.download_payments": {"service_officer", "organiser"},
    "member_services.list_benefits": {"service_officer", "organiser"},
    "member_services.pay_benefits": {"service_officer", "organiser"},
    "member_services.note_return": {"service_officer", "organiser"},
    "member_services.note_payment_returned": {"service_officer", "organiser"},
    "member_services.download_benefits": {"service_officer", "organiser"},
    "member_services.list_contributions": {"service_officer", "organiser"},
    "member_services.enter_contribution": {"service_officer", "organiser"},
    "member_services.import_contributions": {"service_officer", "organiser"},
    "member_services.take_contribution_back": {"service_officer", "organiser"},
    "member_services.review_file": {"service_officer", "organiser"},
    "member_services.enter_version": {"service_officer", "organiser"},
    "setup.propose_settling": {"organiser", "chief_judge", "supervisor"},
    "setup.confirm_settling": {"organiser", "chief_judge", "supervisor"},
    "api.import_roster": {"organiser"},
    "api.list_sheets": {"judge"},
    "api.list_entitlements": {"organiser", "service_officer"},
    "api.show_sheet": {"judge"},
    "api.show_standings": {"organiser", "chief_judge", "supervisor", "host"},
    "tokens.make_token": {"organiser", "judge"},
    "tokens.make_house_token": {"organiser", "judge", "service_officer"},
    **dict.fromkeys((
        "api.list_cases", "api.show_case", "api.show_case_file", "api.act_on_case", "api.note_on_case",
        "api.reassign_case", "api.tie_case",
    ), {"service_officer", "organiser"}),
    "webhooks.add_webhook": {"organiser"},
    "webhooks.rotate_secret": {"organiser"},
    "letters.list_notices": {"organiser"},
    "letters.try_again": {"organiser"},
    "members.search_number": {"curator"},
    "members.reveal_number": {"curator"},
    "members.enter_number": {"curator"},
    "members.set_address": {"curator"},
    "members.take_copy": {"curator"},
    "members.erase": {"curator"},
    "members.erase_nomination": {"curator"},
    "members.erase_whole_name": {"curator"},
    "members.show_log": {"curator"},
    "members.hand_out_code": {"service_officer", "curator"},
    "members.invite": {"service_officer", "curator"},
    "members.allow_numbers": {"organiser"},
    "members.take_numbers": {"organiser"},
    "accounts.set_roles": {"organiser"},
    "accounts.issue_cards": {"organiser"},
    "audit.show_trail": {"organiser", "chief_judge", "supervisor"},
}

MAP = create_app(**TEST_SETTINGS).url_map
DOORS = sorted(
    ((method, rule) for rule in MAP.iter_rules() for method in rule.methods & {"GET", "POST"}),
    key=lambda door: (door[1].rule, door[0]),
)
every_door = pytest.mark.parametrize(
    ("method", "rule"), DOORS, ids=[f"{method} {rule.rule}" for method, rule in DOORS]
)


@dataclass
class House:
    """The application on its filled database."""

    app: Flask
    world: World
    kept: str
    path: str

    def as_before(self):
        """Forget everything that was done since the house was built."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for ending in ("-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        shutil.copy(self.kept, self.path)

    def address(self, rule, **changes):
        """The example address of a route, with some parts changed."""
        parts = {**self.world.arguments(rule), **changes}
        with self.app.test_request_context():
            return rule.build({**(rule.defaults or {}), **parts})[1]

    def knock(self, method, address, walker, form=None):
        """What this walker is answered, with an empty form where a form is wanted."""
        browser = self.world.browser(self.app, walker)
        if address.startswith("/api/") and form:
            return browser.post(address, json=OPERATION, headers={"X-Contest": "1"})
        return browser.open(address, method=method, data=form)

    def filled(self, method):
        """A form filled in well enough that what is missing is the thing itself; None for a page."""
        return FORM | {"rev": self.world.more["rev"]} if method == "POST" else None

    def guard(self, rule):
        """Who may enter by the word of the route itself."""
        view = self.app.view_functions[rule.endpoint]
        return ("everybody",) if rule.endpoint == "static" else view.guard

    def may_enter(self, rule, walker):
        """True when the guard's word lets this walker in."""
        guard = self.guard(rule)
        if guard == ("everybody",):
            return True
        if walker == "guest":
            return False
        if guard == ("signed in",):
            return True
        # A page below the whole installation asks for a role in the whole installation.
        is_everywhere = getattr(self.app.view_functions[rule.endpoint], "is_everywhere", False)
        if (rule.defaults or {}).get("contest_id", "") is None or (
            is_everywhere and "contest_id" not in rule.arguments
        ):
            held = "organiser" if walker == "owner" else walker if walker in ONLY_EVERYWHERE else None
            return held in guard
        return ("organiser" if walker == "owner" else walker) in guard

    def somebody_for(self, rule):
        """A walker with an account who may enter; for a page with an owner, its owner."""
        signed_in = [walker for walker in WALKERS if walker != "guest"]
        return next(walker for walker in signed_in if self.may_enter(rule, walker))

    def refusals(self, walker, address):
        """The trail's rows about this walker being refused at this address."""
        with self.app.app_context():
            return db.session.scalars(
                select(TrailRow).filter_by(
                    did="request.refused", user_id=self.world.people[walker], subject=address[:200]
                )
            ).all()


@pytest.fixture(scope="module")
def built(empty_database, tmp_path_factory):
    clock.stand_still(NOON)
    folder = tmp_path_factory.mktemp("house")
    app, world = open_world(empty_database, folder, **TEST_SETTINGS)
    path = folder / "contest.sqlite"
    yield House(app, world, shutil.copy(path, folder / "kept.sqlite"), path)
    with app.app_context():
        db.engine.dispose()
    clock.stand_still(None)


@pytest.fixture
def house(built):
    clock.stand_still(NOON)
    built.as_before()
    return built


def is_turned_away(answer):
    """True when the guard did not let the walker in."""
    if answer.status_code in {303, 302}:
        return answer.location.startswith("/sign-in")
    if answer.status_code == 401:
        return True
    return answer.status_code == 403 and TURNED_AWAY in answer.text


@every_door
def test_everybody_gets_what_the_guard_says(house, method, rule):
    """Nobody gets a fault (it would be raised here), also not for an empty form."""
    address = house.address(rule)
    answers = {walker: house.knock(method, address, walker) for walker in WALKERS}
    outcomes = {w: "away" if is_turned_away(answer) else "in" for w, answer in answers.items()}

    assert outcomes == {w: "in" if house.may_enter(rule, w) else "away" for w in WALKERS}
    assert [w for w, answer in answers.items() if answer.status_code >= 500] == []
    assert (outcomes["guest"] == "in") == (rule.endpoint in PUBLIC), "see PUBLIC"
    if outcomes["guest"] == "away":
        check_guest_is_sent_to_sign_in(answers["guest"], method, address)
    for walker, outcome in outcomes.items():
        if outcome == "away" and walker != "guest":
            assert answers[walker].status_code == 403
            [row] = house.refusals(walker, address)
            assert (row.facts["status"], row.facts["method"]) == (403, method)


@every_door
def test_who_may_enter_here_is_turned_away_in_a_contest_of_others(house, method, rule):
    """Figure 31: a role is held in a contest; with the ids of another one it opens nothing."""
    guard = house.guard(rule)
    if "contest_id" not in rule.arguments or rule.defaults or guard in (("everybody",), ("signed in",)):
        return
    strange = {part: value for part, value in house.world.strange.items() if part in rule.arguments}
    address = house.address(rule, **strange)
    insiders = [walker for walker in WALKERS if house.may_enter(rule, walker)]
    outcomes = {}
    for walker in insiders:
        answer = house.knock(method, address, walker)
        outcomes[walker] = "away" if is_turned_away(answer) else "in"
        assert answer.status_code < 500
    everywhere = {"owner", *ONLY_EVERYWHERE}
    assert outcomes == {w: "in" if w in everywhere else "away" for w in insiders}


def check_guest_is_sent_to_sign_in(answer, method, address):
    """A program reads 401; a person comes to the sign-in page, and from there back to a page."""
    if address.startswith("/api/"):
        assert (answer.status_code, answer.json["error"]["code"]) == (401, "signed_out")
        return
    assert answer.status_code == 303
    assert ("?next=" in answer.location) == (method == "GET")


@pytest.mark.parametrize("endpoint", sorted(PROMISED))
def test_the_promised_doors_open_to_the_promised_roles(endpoint, app):
    assert set(app.view_functions[endpoint].guard) == PROMISED[endpoint]


@every_door
def test_what_is_not_there_is_not_found_and_it_is_noted(house, method, rule):
    """Each part of an address in turn is guessed, or taken from somebody else's contest."""
    walker = house.somebody_for(rule)
    for part in sorted(rule.arguments - set(rule.defaults or {})):
        for value in tries(house, rule, part):
            address = house.address(rule, **{part: value})
            answer = house.knock(method, address, walker, house.filled(method))
            assert answer.status_code in {403, 404}, f"{address}: {answer.status_code}"
            if rule.endpoint != "static":
                assert [row.facts["status"] for row in house.refusals(walker, address)] == [
                    answer.status_code
                ]


def tries(house, rule, part):
    """A value that nobody has, and where there is a contest, one that another contest has."""
    yield GUESSES.get(part, NOBODYS)
    # Without a contest in the address an id is not foreign, only somebody's.
    if part in house.world.strange and "contest_id" in rule.arguments:
        if (rule.defaults or {}).get("contest_id", "") is not None:
            yield house.world.strange[part]


@every_door
def test_the_owner_of_the_house_does_not_find_a_contest_that_is_not_there(house, method, rule):
    if "contest_id" not in rule.arguments or rule.defaults or not house.may_enter(rule, "owner"):
        return
    address = house.address(rule, contest_id=NOBODYS)
    answer = house.knock(method, address, "owner", house.filled(method))

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "rule", [rule for method, rule in DOORS if method == "POST"],
    ids=[rule.rule for method, rule in DOORS if method == "POST"],
)
def test_a_form_from_a_foreign_page_is_refused(house, rule):
    """Every form carries the session's token; the tablets' door has a rule of its own."""
    house.app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = house.knock("POST", house.address(rule), house.somebody_for(rule))
    finally:
        house.app.config["WTF_CSRF_ENABLED"] = False

    assert answer.status_code == (415 if rule.rule.startswith("/api/") else 400)


def test_a_route_without_an_example_is_named_in_a_sentence(house):
    rule = next(rule for rule in MAP.iter_rules("people.show_entrant"))
    with pytest.raises(NoExample, match="people.show_entrant .* has no example for entrant_id"):
        World(examples={"contest_id": 1}).arguments(rule)
