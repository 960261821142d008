"""The life of one contest in more than forty kinds of events, each done as its page does it.

`events(house)` does one after the other and yields its name; what is asked in between changes nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from contest import clock
from contest.audit.work import Actor
from contest.awards import actions as awards
from contest.board import actions as board
from contest.db import db
from contest.figures import actions as figures
from contest.figures import queries as figure_queries
from contest.judging import actions as judging
from contest.judging import (
    adjustment_actions,
    chief_actions,
    confirm_actions,
    substitution_actions,
    tablet_actions,
)
from contest.judging.models import Sheet
from contest.judging.tablet_rules import Flag, Pulse
from contest.paper import actions as paper
from contest.paper.queries import latest_paper
from contest.people import entrant_actions, recusal_actions, unit_actions
from contest.people.models import Team
from contest.people.queries import get_entrant, values_of
from contest.results import actions as results
from contest.results import queries as standings
from contest.review import appeal_actions
from contest.setup import actions as setup
from contest.setup import plan_actions
from contest.setup.forms import Details
from contest.setup.plan_text import toml_of
from contest.theory import actions as theory
from contest.theory.queries import latest_entry_id
from tests import factories
from tests.judging.panels import DRILL, make_panel, mark, two_modules


def plan():
    """Teams, a difficulty, an adjustment, recorded data, and ties that are the chief's to rule on."""
    document = two_modules()
    document["modules"][1] |= {"adjust": 3, "blind": False}
    document["modules"][2]["difficulty"] = {"lowest": 1, "highest": 2, "places": 1}
    document["ranking"] = {"shared": False, "ties": [{"by": "data", "key": "draw", "order": "low"}]}
    document["teams"] = {"method": "sum", "size": 2}
    return document


@dataclass
class House:
    """The contest, its panel, and who acts."""

    panel: object
    people: dict

    @property
    def id(self):
        return self.panel.contest.id

    def actor(self, role):
        who = self.people[role]
        return Actor(who.user_id, who.name, word_at=clock.now())

    def entrant(self, at):
        return self.panel.entrants[at]

    def draw_column(self, typed):
        column = figure_queries.get_column(self.id, "data", "draw")
        seen = {row.handle: row.seen for row in figure_queries.table(self.id, column)}
        figures.record_column(self.actor("organiser"), self.id, "data", "draw",
                              {handle: (text, seen[handle]) for handle, text in typed.items()})

    def difficulty(self, typed):
        column = figure_queries.get_column(self.id, "difficulty", "drill")
        seen = {row.handle: row.seen for row in figure_queries.table(self.id, column)}
        figures.record_column(self.actor("organiser"), self.id, "difficulty", "drill",
                              {handle: (text, seen[handle]) for handle, text in typed.items()})

    def theory(self, at, typed, reason="", is_cleared=False):
        entrant = self.entrant(at)
        theory.enter_score(
            self.actor("organiser"), self.id, "paper", entrant.id, typed,
            latest_entry_id(self.id, "paper", entrant.id), reason, is_cleared,
        )

    def edit(self, at, **changes):
        entrant = get_entrant(self.id, self.entrant(at).id)
        values = {"name": entrant.human.name, "organisation": entrant.organisation.name, **values_of(entrant)}
        entrant_actions.edit_entrant(self.actor("organiser"), self.id, entrant.id, values | changes)

    def state(self, at, state, module=""):
        chief_actions.set_state(
            self.actor("chief_judge"), self.id, self.entrant(at).id, state, "said so", module
        )

    def pass_time(self, **span):
        clock.stand_still(clock.now() + timedelta(**span))


def make_house():
    """Five entrants in two teams, nothing marked yet."""
    panel = make_panel(5, document=plan())
    teams = [factories.make_team(panel.contest, name=name) for name in ("甲队", "乙队")]
    for at, entrant in enumerate(panel.entrants[:4]):
        entrant.team_id, entrant.organisation_id = teams[at // 2].id, teams[at // 2].organisation_id
    db.session.commit()
    roles = ("organiser", "chief_judge", "supervisor", "clerk")
    people = {role: factories.make_official(role, role, contest=panel.contest) for role in roles}
    people["second"] = factories.make_official("second", "organiser", contest=panel.contest)
    people["typist"] = factories.make_official("typist", "clerk", contest=panel.contest)
    return House(panel, people)


def events(house):
    """Every event, one after the other."""
    for part in (board_events, mark_events, figure_events, people_events, chief_events, plan_events,
                 finishing_events, publishing_events):
        for name in part(house):
            house.pass_time(minutes=1)
            yield name


def board_events(house):
    organiser = house.actor("organiser")
    board.open_board(organiser, house.id, True)
    yield "board opened"
    setup.change_details(organiser, house.id, details(house, name="改名比武"))
    yield "contest renamed"


def details(house, **changes):
    contest = house.panel.contest
    names = ("name", "name_en", "slug", "host", "place", "starts_on", "ends_on")
    return Details(**({name: getattr(contest, name) for name in names} | changes))


def mark_events(house):
    panel = house.panel
    mark(panel, {"A1": "5"}, "draft")
    yield "sheet drafted"
    mark(panel, {"A1": "8", "A2": {}})
    yield "sheet submitted"
    mark(panel, {"A1": "7", "A2": {"0": 1}}, seat=2)
    yield "second sheet submitted"
    mark(panel, DRILL, module="drill")
    yield "open module submitted"
    house.difficulty({house.entrant(0).number: "1.5"})
    yield "difficulty recorded"
    house.theory(0, "70")
    yield "theory entered"
    house.theory(0, "75", "misread")
    yield "theory corrected"
    house.theory(0, "", "wrong person", is_cleared=True)
    yield "theory cleared"
    house.theory(0, "缺考")
    yield "theory absent"
    house.theory(0, "80", "came late")
    yield "theory given after all"
    for clerk in ("clerk", "typist"):
        paper.type_in(house.actor(clerk), house.id, panel.sheet(1).id, {"A1": ["9"], "A2": ["1"]})
        yield f"paper typed in by {clerk}"
    paper.take_in(house.actor("clerk"), house.id, [panel.sheet(1, 2).id])
    yield "paper taken in"


def figure_events(house):
    chief = house.actor("chief_judge")
    house.draw_column({house.entrant(0).number: "3"})
    yield "data recorded"
    house.draw_column({house.entrant(0).number: ""})
    yield "data taken back"
    adjustment_actions.adjust(chief, house.id, house.entrant(0).id, "risk", "2", "style")
    yield "mark adjusted"
    adjustment_actions.withdraw(chief, house.id, house.entrant(0).id, "risk", "no style")
    yield "adjustment taken back"
    penalty = chief_actions.add_penalty(chief, house.id, house.entrant(0).id, "final", "3", "late")
    yield "penalty given"
    chief_actions.lift_penalty(chief, house.id, penalty, "was not late")
    yield "penalty lifted"
    chief_actions.add_penalty(chief, house.id, house.entrant(0).id, "risk", "1", "spilt")
    yield "penalty in a module"


def people_events(house):
    organiser = house.actor("organiser")
    house.edit(0, name="改名")
    yield "entrant renamed"
    house.edit(4, organisation="新单位")
    yield "entrant of another organisation"
    house.edit(1, group="青年")
    yield "entrant of another group"
    house.edit(1, room="二号")
    yield "entrant in another room"
    house.edit(1, titles="技术能手")
    yield "entrant with a title"
    team = db.session.query(Team).filter_by(contest_id=house.id).first()
    unit_actions.rename_team(organiser, house.id, team.id, "红队")
    yield "team renamed"
    house.edit(3, team="")
    yield "entrant leaves the team"
    entrant_actions.check_in(organiser, house.id, house.entrant(3).id)
    yield "entrant checked in"
    entrant_actions.undo_check_in(organiser, house.id, house.entrant(3).id)
    yield "check-in taken back"
    house.state(3, "absent", "drill")
    yield "absent in a module"
    house.state(3, "normal", "drill")
    yield "there after all"
    house.state(3, "disqualified")
    yield "disqualified"
    house.state(3, "normal")
    yield "let in again"
    house.state(4, "withdrawn")
    yield "withdrawn"


def chief_events(house):
    panel, chief = house.panel, house.actor("chief_judge")
    chief_actions.reopen_sheet(chief, house.id, panel.sheet(0, 2).id, "a slip")
    yield "sheet reopened"
    mark(panel, {"A1": "9", "A2": {}}, seat=2)
    yield "sheet handed in again"
    again = panel.sheet(0, 2)
    confirm_actions.confirm_sheets(chief, house.id, "risk", again.entrant_id, {again.id: again.rev})
    yield "sheet confirmed"
    chief_actions.excuse_seat(chief, house.id, panel.sheet(2, 1).id, "ill")
    yield "seat struck out"
    reserve = factories.make_judge(panel.contest, "候补")
    factories.make_seat(panel.contest, factories.make_judge(panel.contest, "另一候补"), 3)
    recusal_actions.recuse(chief, house.id, panel.judges[1].id, None, house.entrant(3).id, "表兄")
    yield "judge recused"
    substitution_actions.substitute(chief, house.id, panel.judges[0].id, reserve.id, "ill")
    yield "judge substituted"
    judging.hand_out_sheets(house.actor("organiser"), house.id)
    yield "sheets handed out again"
    judge = house.panel.judges[1]
    flag = Flag(str(uuid4()), "work", "Lid is missing", device_id="0" * 16, device_seq=9)
    known, _ = tablet_actions.raise_flag(Actor(judge.user_id, judge.name), panel.sheet(0, 2).id, flag)
    yield "problem reported"
    tablet_actions.answer_flag(chief, house.id, known.id, "A new one is there.")
    yield "report answered"
    tablet_actions.note_pulse(Actor(judge.user_id, judge.name), Pulse("0" * 16, "7F3K", clock.now()))
    yield "pulse of a tablet"


def plan_events(house):
    organiser, second = house.actor("organiser"), house.actor("second")
    document = plan()
    document["modules"][1]["weight"], document["modules"][2]["weight"] = 30, 70
    plan_actions.load_text(organiser, house.id, toml_of(factories.plan_from(document)))
    yield "plan drafted"
    plan_actions.propose_plan(organiser, house.id, "weights", 1)
    yield "plan proposed"
    plan_actions.decline_plan(second, house.id, 2, "not yet")
    yield "plan declined"
    plan_actions.load_version(organiser, house.id, 2)
    plan_actions.propose_plan(organiser, house.id, "weights after all", 1)
    house.pass_time(minutes=1)
    seen = house.panel.contest.marks_version
    plan_actions.approve_plan(house.actor("second"), house.id, 3, seen)
    yield "plan changed"


def finishing_events(house):
    panel, organiser = house.panel, house.actor("organiser")
    board.freeze_board(organiser, house.id)
    yield "board frozen"
    house.theory(1, "80")
    yield "theory behind the freeze"
    board.reveal_board(house.actor("organiser"), house.id)
    yield "board revealed"
    board.freeze_board(house.actor("organiser"), house.id, clock.now() + timedelta(hours=9))
    yield "freeze ahead"
    board.reveal_board(house.actor("organiser"), house.id)
    yield "freeze called off"
    for at in (2, 3):
        house.theory(at, "80")
        yield f"theory of {at}"
    for sheet in open_sheets(house):
        fill(house, sheet)
        yield f"sheet {sheet.module_key} {sheet.entrant_id} {sheet.seat}"
    for at in (1, 2, 3):
        house.difficulty({get_entrant(house.id, house.entrant(at).id).number: "1.2"})
        yield f"difficulty of {at}"
    house.pass_time(minutes=11)
    yield "eleven minutes without anything"
    while ties := standings.standings(house.id).open_ties:
        results.rule_tie(house.actor("chief_judge"), house.id, "entrants", list(ties[0]), "lots")
        yield "tie ruled"
    assert panel.contest.state == "scoring"


def open_sheets(house):
    gone = house.entrant(4).id
    return [
        sheet for sheet in db.session.query(Sheet).filter_by(contest_id=house.id).order_by(Sheet.id)
        if sheet.state not in ("submitted", "excused") and sheet.entrant_id != gone and sheet.seat < 100
    ]


def fill(house, sheet):
    """The judge of a sheet hands in what everybody gets, so that there are equals."""
    at = [entrant.id for entrant in house.panel.entrants].index(sheet.entrant_id)
    marks = DRILL if sheet.module_key == "drill" else {"A1": "9", "A2": {}}
    if at == 1 and sheet.module_key == "risk":
        paper.withdraw(house.actor("clerk"), house.id, latest_paper(sheet.id).id, "tablet")
    mark(house.panel, marks, entrant=at, seat=sheet.seat, module=sheet.module_key)


def publishing_events(house):
    results.publish_results(house.actor("organiser"), house.id, "provisional")
    yield "published"
    appeal_actions.announce_results(house.actor("organiser"), house.id, "")
    yield "announced"
    results.reopen_results(house.actor("organiser"), house.id, "appeal upheld")
    yield "taken back"
    house.theory(1, "79", "appeal")
    yield "corrected"
    results.publish_results(house.actor("organiser"), house.id, "provisional", "appeal")
    yield "published again"
    appeal_actions.announce_results(house.actor("organiser"), house.id, "", "again")
    house.pass_time(hours=30)
    results.publish_results(house.actor("second"), house.id, "final")
    yield "final"
    results.propose_reopening(house.actor("organiser"), house.id, "a slip")
    yield "reopening proposed"
    results.decline_reopening(house.actor("second"), house.id)
    yield "reopening declined"
    results.propose_reopening(house.actor("organiser"), house.id, "a slip indeed")
    results.confirm_reopening(house.actor("second"), house.id)
    yield "final results taken back"
    chief_actions.add_penalty(house.actor("chief_judge"), house.id, house.entrant(1).id, "risk", "2", "slip")
    yield "penalty after all"
    results.publish_results(house.actor("organiser"), house.id, "provisional", "slip")
    appeal_actions.announce_results(house.actor("organiser"), house.id, "", "slip")
    house.pass_time(hours=30)
    results.publish_results(house.actor("second"), house.id, "final", "slip")
    yield "final again"
    board.open_board(house.actor("organiser"), house.id, False)
    yield "board closed"
    board.open_board(house.actor("organiser"), house.id, True)
    awards.leave_awards_out(house.actor("organiser"), house.id, "only certificates")
    yield "awards left out"
    appeal_actions.state_ceremony(house.actor("organiser"), house.id)
    setup.take_step(house.actor("organiser"), house.id, "archived")
    yield "archived"
