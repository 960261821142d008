"""One installation with something behind every door, and an example address for every route."""

import shutil
from datetime import date, timedelta

from contest import clock, create_app
from contest.accounts import tickets
from contest.accounts.models import AuthSession, Grant, Invitation
from contest.accounts.passwords import hash_secret
from contest.backups.witness_models import HeadWitness
from contest.db import about_to_write, db
from contest.judging.tablet_models import SheetFlag, Tablet
from contest.judging.total_models import SheetTotal
from contest.setup import calendar_actions
from tests import factories
from tests.world_others import (
    build_finished,
    build_foreign,
    build_noticed,
    build_quiz,
    build_registering,
    build_staged,
    wait_for_yes,
)
from tests.world_parts import NAMES, PASSWORD, World
from tests.world_running import build_running, draw_order, review, sheet_under
from tests.world_selection import hold_selections
from tests.world_serving import open_to_programs, serve, tell_outside, tell_people


def open_world(path, folder, behind=(0, 1, 2, 3), **settings):
    """The application on a database file of its own, filled; the caller stops and starts the clock.

    behind: which entrant of the running contest stands behind the first code, the second, …
    """
    shutil.copy(path, folder / "contest.sqlite")
    url = f"sqlite:///{folder / 'contest.sqlite'}"
    app = create_app(**settings, SQLALCHEMY_DATABASE_URI=url, DATA_FOLDER=folder)
    with app.app_context():
        about_to_write(True)
        world = build_world(behind)
        about_to_write(False)
        db.session.remove()
        db.engine.dispose()
    return app, world


def build_world(behind=(0, 1, 2, 3)):
    """Fill an empty database; call it within an application context."""
    world = World()
    _add_people(world)
    panel = build_running(world, behind)
    build_registering(world)
    build_finished(world)
    build_noticed(world)
    build_staged(world)
    build_quiz(world)
    build_foreign(world)
    _grant_roles(world)
    serve(world)
    _name_examples(world, panel)
    wait_for_yes(world)
    _fill_calendar(world)
    review(world, panel)
    hold_selections(world)
    open_to_programs(world)
    tell_outside(world)
    tell_people(world)
    return world


def _fill_calendar(world):
    """A day off in a year that was not announced when the program was released."""
    calendar_actions.enter_days(
        world.actor("owner"), date(2027, 1, 1), date(2027, 1, 1), "off", "元旦"
    )
    world.examples |= {"year": 2027, "day": "2027-01-01"}


def _add_people(world):
    hashed = hash_secret(PASSWORD)
    for role, name in NAMES.items():
        user = factories.make_user(name, login=role, password_hash=hashed)
        world.people[role] = user.id
        world.tokens[role] = tickets.new_session(user, "test", "password", timedelta(days=1))
    victim = factories.make_user("冯旁人", login="victim", password_hash=hashed)
    tickets.new_session(victim, "iPad", "password", timedelta(days=1))
    world.more["card"] = tickets.new_card(victim)
    world.more["pin"] = tickets.new_pin(victim)
    db.session.commit()
    world.more["victim"] = victim.id


def _grant_roles(world):
    """Roles of a contest are held in each contest that has something to show, the others anywhere."""
    places = (world.running, world.finished, world.registering, world.noticed, world.staged,
              world.quiz, world.timed)
    for walker, user_id in world.people.items():
        role = "organiser" if walker == "owner" else walker
        is_everywhere = walker == "owner" or walker in {"curator", "service_officer"}
        for contest_id in (None,) if is_everywhere else places:
            held = {"user_id": user_id, "role": role, "contest_id": contest_id}
            if db.session.query(Grant).filter_by(**held).first() is None:
                db.session.add(Grant(**held))
    db.session.add(
        Grant(user_id=world.more["victim"], role="clerk", contest_id=world.running)
    )
    db.session.commit()


DECISION_PAGES = ("show_decisions", "choose_winner", "pass_over", "take_decision_back")
ANNULMENT_PAGES = (
    "show_annulments", "propose_annulment", "confirm_annulment", "publish_without_annulled", "move_up",
)
NOMINATION_PAGES = (
    "list_nominations", "prepare_nomination", "show_nomination", "add_nomination_file", "download_pack",
    "send_nomination", "answer_nomination", "grant_nomination",
)
CERTIFICATE_PAGES = (
    "show_certificates", "set_certificate_style", "show_sample", "issue_certificates", "set_printed_name",
    "reissue_certificate", "revoke_certificate", "download_certificate", "download_badge",
    "draw_certificates", "download_certificates", "sign_certificate_list", "download_certificate_proof",
    "show_certificate_lists", "download_certificate_list", "download_list_signature",
)


def name_witness(world):
    """Somebody outside who keeps the heads of the running contest."""
    row = HeadWitness(
        contest_id=world.running, name="公证处", address="notary@example.org", added_at=clock.now()
    )
    db.session.add(row)
    db.session.commit()
    return row.id


def _name_examples(world, panel):
    session = db.session.query(AuthSession)
    [invitation] = db.session.query(Invitation).filter_by(
        contest_id=world.registering, used_by_id=None
    )
    token = world.more["invitation"]
    world.examples |= {
        "contest_id": world.running, "source_id": world.finished, "slug": "running",
        "entrant_id": panel.entrants[0].id, "judge_id": panel.judges[1].id,
        "user_id": world.more["victim"], "team_id": panel.entrants[0].team_id,
        "witness_id": name_witness(world),
        "session_id": session.filter_by(user_id=world.more["victim"]).one().id,
        "module_key": "risk", "stage": "final", "sheet_id": sheet_under(world, "702"),
        "draw_id": draw_order(world),
        "flag_id": db.session.query(SheetFlag.id).filter_by(contest_id=world.running).scalar(),
        "tablet_id": db.session.query(Tablet.id).filter_by(device_id="0123456789abcdef").scalar(),
        "total_id": db.session.query(SheetTotal.id).filter_by(contest_id=world.running).scalar(),
        "penalty_id": world.more["penalty"], "invitation_id": invitation.id,
        "number": 1, "older": 1, "newer": 2, "address": "modules.1", "kind": "awards",
        "paper_id": world.more["differing_paper"], "sheet_number": world.more["paper_number"],
        "award_key": "organiser", "revision": 2, "paper": "awards", "form": "pdf", "act": "admit",
        "code": "701", "annulment_id": 1, "award_id": world.more["award"],
        "certificate_id": world.more["certificate"],
    }
    world.more["open_drill"] = panel.sheet(1, module="drill").id
    world.more["closed_drill"] = panel.sheet(0, module="drill").id
    there = {"contest_id": world.registering}
    finished = {"contest_id": world.finished}
    published = {"contest_id": world.finished, "entrant_id": world.more["winner"]}
    world.special |= {
        "static": {"filename": "shell.js"},
        "setup.start_from_preset": {"key": "c1_cement"},
        "setup.create_from_preset": {"key": "c1_cement"},
        "setup.approve_plan": {"number": 2},
        "setup.decline_plan": {"number": 2},
        "member_services.show_service": {"key": "skill_allowance"},
        "member_services.apply_for": {"key": "skill_allowance"},
        "awards.show_own_result": {
            "contest_id": world.finished, "token": world.more["winner_card"],
        },
        "people.open_card": {"token": panel.entrants[0].check_in_token},
        "people.withdraw_invitation": there,
        "accounts.enter_by_card": {"token": world.more["card"]},
        "accounts.check_pin": {"token": world.more["card"]},
        "accounts.end_my_session": {
            "session_id": session.filter_by(user_id=world.people["organiser"]).one().id
        },
        "results.download_bulletin": finished, "results.download_signature": finished,
        "results.print_bulletin": finished, "results.sign_bulletin": finished | {"revision": 1},
        "results.show_published": published,
        "results.download_ledger": finished,
        "results.show_receipt": published,
        "results.reopen_results": finished,
        "results.propose_reopening": finished,
        "results.confirm_reopening": finished,
        "results.decline_reopening": finished,
        "results.open_next_stage": finished,
        "awards.show_awards": finished,
        "awards.enter_votes": finished,
        "awards.grant_awards": finished,
        "awards.share_awards": finished,
        "awards.leave_awards_out": finished,
        "awards.download_paper": finished,
        "awards.download_report": published,
        **{
            f"awards.{endpoint}": finished
            for endpoint in (*CERTIFICATE_PAGES, *DECISION_PAGES, *NOMINATION_PAGES, *ANNULMENT_PAGES)
        },
        "awards.confirm_annulment": finished | {"proposal_id": world.more["annulment_proposal"]},
        "registry.confirm_honours": finished,
    }
    for endpoint in ("show_column", "record_column", "paste_column"):
        world.special[f"figures.{endpoint}"] = {"kind": "data", "key": "draw"}
    for endpoint in ("list_adjustments", "adjust_score"):
        world.special[f"judging.{endpoint}"] = {"module_key": "paper"}
    for endpoint in ("open_invitation", "accept_invitation", "take_invitation"):
        world.special[f"accounts.{endpoint}"] = {"token": token}
    for endpoint in ("list_scores", "show_entry", "enter_score", "score_template",
                     "import_scores", "upload_scores", "preview_scores", "confirm_scores",
                     "show_banks", "name_banks"):
        world.special[f"theory.{endpoint}"] = {"module_key": "paper"}
    own = {**there, "entrant_id": world.more["own_entrant"]}
    for endpoint in ("my_unit", "new_unit_entrant", "add_unit_entrant", "show_unit_entrant",
                     "edit_unit_entrant", "import_unit_roster", "upload_unit_roster",
                     "preview_unit_roster", "confirm_unit_roster"):
        world.special[f"people.{endpoint}"] = own
