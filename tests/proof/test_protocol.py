"""Figures 5 and 6: two tablets, three sheets and every accident; and every planted mistake is found."""

import json
import shutil
from contextlib import ExitStack
from datetime import timedelta
from time import process_time

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RULE_MARKER,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from contest import clock, create_app
from contest.db import about_to_write, db
from tests.conftest import NOON, TEST_SETTINGS
from tests.proof.protocol_bugs import ON_THE_SERVER, ON_THE_TABLET
from tests.proof.protocol_house import House
from tests.proof.protocol_model import LOST, Server, Summary, Tablet
from tests.proof.sizes import SOAK, report, size

FATES = ("arrives", "arrives", "arrives", "request lost", "answer lost", "twice", "late copy",
         "cut off", "portal", "server dies")
TABLETS, SHEETS = st.integers(0, 1), st.integers(0, 2)
MARKS = st.fixed_dictionaries(
    {"A1": st.sampled_from(["1", "4.5", "9"])}, optional={"A2": st.just({"0": 2})}
)
WHOLE = st.builds(lambda a1: {"A1": a1, "A2": {}}, st.sampled_from(["2", "3.5", "10"]))


class Protocol(RuleBasedStateMachine):
    """Everything that can happen to marks between a judge's finger and the ledger."""

    house = None  # set for a run: template, sheets, people
    bugs = frozenset()
    ran = 0

    @initialize()
    def begin(self):
        house = self.house
        self.planted = ExitStack()
        for name in self.bugs & set(ON_THE_SERVER):
            self.planted.enter_context(ON_THE_SERVER[name]())
        clock.stand_still(NOON)
        self.server = Server(house.template, house.judge, house.chief)
        rules = self.server.form(house.sheets[0])
        self.tablets = [
            Tablet(name, house.judge, house.sheets, self.bugs, first_rules=rules) for name in "ab"
        ]
        self.authored = {}  # name: Op, as it was made
        self.summaries = {}  # (tablet, sheet): the summary that was opened last
        self.copies = []  # what is still under way in the network
        self.closed = set()  # revisions (sheet, rev) after which nothing may follow but an act
        self.heard = {}  # name: revision that the tablet was told
        self.strangers = 0
        type(self).ran += 1

    def teardown(self):
        if hasattr(self, "planted"):
            self.planted.close()

    # What judges do.

    @rule(at=TABLETS, sheet=SHEETS, marks=MARKS)
    def enter(self, at, sheet, marks):
        self._author(at, sheet, marks, "draft")

    @rule(at=TABLETS, sheet=SHEETS, marks=WHOLE)
    def hand_in(self, at, sheet, marks):
        self._author(at, sheet, marks, "submit")

    @rule(at=TABLETS, sheet=SHEETS)
    def enter_nonsense(self, at, sheet):
        self._author(at, sheet, {"A1": "99"}, "draft")

    def _author(self, at, sheet, marks, kind):
        self._note(self.tablets[at].enter(self.house.sheets[sheet], marks, kind))

    def _note(self, op):
        if op is not None:
            body = {**op.body, "marks": dict(op.body["marks"])}
            self.authored[op.name] = (op.sheet, body, dict(op.stands_on))

    @rule(at=TABLETS, sheet=SHEETS)
    def open_summary(self, at, sheet):
        """The second way of handing in: a page of the server, which may be left open while more is typed."""
        rev, marks, _ = self.server.sheet(self.house.sheets[sheet])
        rules = self.server.form(self.house.sheets[sheet])
        self.summaries[at, sheet] = Summary(rev, marks, rules)

    @rule(at=TABLETS, sheet=SHEETS)
    def hand_in_from_summary(self, at, sheet):
        if (at, sheet) in self.summaries:
            self._note(self.tablets[at].hand_in_from(self.house.sheets[sheet], self.summaries[at, sheet]))

    @rule(at=TABLETS, sheet=SHEETS, seen=MARKS, marks=MARKS, is_sent=st.booleans())
    def go_back_to_an_old_summary(self, at, sheet, seen, marks, is_sent):
        """The sheet is marked on after its summary was opened; then the summary's button is pressed."""
        self.take_over(at, sheet, seen)
        self.open_summary(at, sheet)
        self.work(at, sheet, marks, "arrives" if is_sent else "request lost")
        self.hand_in_from_summary(at, sheet)
        self.flush(at, sheet, "arrives")
        self.flush(at, sheet, "arrives")

    @rule(at=TABLETS, sheet=SHEETS)
    def refresh(self, at, sheet):
        """The page is opened anew; after a conflict this is where both versions are shown."""
        tablet = self.tablets[at]
        rev, marks, _ = self.server.sheet(self.house.sheets[sheet])
        tablet.look(self.house.sheets[sheet], rev, marks, self.server.form(self.house.sheets[sheet]))

    @rule(at=TABLETS, sheet=SHEETS, marks=MARKS)
    def take_over(self, at, sheet, marks):
        """The judge goes on with another tablet, which shows what the server holds."""
        self.refresh(at, sheet)
        self.enter(at, sheet, marks)
        self.flush(at, sheet, "arrives")

    # Short stories in which things meet that seldom meet by chance.

    @rule(at=TABLETS, sheet=SHEETS, marks=MARKS, fate=st.sampled_from(FATES))
    def work(self, at, sheet, marks, fate):
        self.enter(at, sheet, marks)
        self.flush(at, sheet, fate)

    @rule(at=TABLETS, sheet=SHEETS, mine=st.lists(MARKS, min_size=1, max_size=3), other=MARKS)
    def race(self, at, sheet, mine, other):
        """One tablet was without a network while the other went on."""
        for marks in mine:
            self.enter(at, sheet, marks)
        self.work(1 - at, sheet, other, "arrives")
        for _ in mine:
            self.flush(at, sheet, "arrives")
        self.enter(at, sheet, other)
        self.flush(at, sheet, "arrives")

    @rule(at=TABLETS, sheet=SHEETS, marks=MARKS, other=MARKS)
    def lose_the_answer_and_go_on_elsewhere(self, at, sheet, marks, other):
        self.work(at, sheet, marks, "answer lost")
        self.take_over(1 - at, sheet, other)
        self.flush(at, sheet, "arrives")

    @rule(at=TABLETS, sheet=SHEETS, marks=MARKS)
    def die_under_the_commit(self, at, sheet, marks):
        self.take_over(at, sheet, marks)
        self.work(at, sheet, marks, "server dies")

    @rule(at=TABLETS, sheet=SHEETS, marks=MARKS)
    def lose_the_answer_and_then_the_role(self, at, sheet, marks):
        self.work(at, sheet, marks, "answer lost")
        self.disable_judge()
        self.flush(at, sheet, "arrives")
        self.enable_judge()

    @rule(at=TABLETS, sheet=SHEETS, marks=MARKS, other=MARKS)
    def set_back_in_the_middle(self, at, sheet, marks, other):
        self.make_backup()
        self.work(at, sheet, marks, "arrives")
        self.restore_backup()
        self.take_over(1 - at, sheet, other)
        self.work(at, sheet, marks, "arrives")

    @rule(at=TABLETS, sheet=SHEETS, mine=MARKS, other=MARKS)
    def set_back_and_marked_elsewhere_before_the_pulse(self, at, sheet, mine, other):
        """The revision that the tablet knows is there again, with marks that it never saw."""
        self.take_over(at, sheet, other)
        self.make_backup()
        self.work(at, sheet, mine, "arrives")
        self.restore_backup()
        self.pulse(1 - at, None)
        self.take_over(1 - at, sheet, other)
        self.work(at, sheet, mine, "arrives")

    @rule(at=TABLETS, sheet=SHEETS, marks=MARKS)
    def change_rule_under_an_open_page(self, at, sheet, marks):
        """What is typed into the old form meets the new rules; then the same sheet is sent once more."""
        self.refresh(at, sheet)
        self.change_rule()
        self.work(at, sheet, marks, "arrives")
        self.flush(at, sheet, "arrives")

    # What the network and the machines do.

    @rule(at=TABLETS, sheet=SHEETS, fate=st.sampled_from(FATES))
    def flush(self, at, sheet, fate):
        tablet = self.tablets[at]
        op = tablet.next_of(self.house.sheets[sheet])
        if op is None:
            return
        body = tablet.bytes_of(op)
        if fate == "portal":
            strange = "a strange page counts as stored" in self.bugs
            self._hear(tablet, op, (200, {"rev": tablet.record(op.sheet).rev + 1}) if strange else LOST)
            return
        if fate in ("request lost", "cut off"):
            if fate == "cut off" and tablet.is_signed_in:
                self.server.post(tablet.judge, op.sheet, body[: len(body) // 2], tablet.epoch)
            self._hear(tablet, op, LOST)
            return
        if fate in ("twice", "late copy"):
            self.copies.append((tablet, op.sheet, body, tablet.epoch))
        if fate == "late copy":
            self._hear(tablet, op, LOST)
            return
        self.server.die = fate == "server dies"
        answer = self._post(tablet, op, body)
        if fate == "twice":
            answer = self._post(tablet, op, body)
        if answer is not LOST and answer[0] == 412 and fate != "answer lost":
            # Only then the very same operation again, unless what it stands on is lost.
            if self._offer_again(tablet, answer[1]["epoch"]) and op.waits:
                self._hear(tablet, op, self._post(tablet, op, body))
            return
        self._hear(tablet, op, LOST if fate == "answer lost" else answer)

    @rule(at=TABLETS, cut=st.sampled_from([None, None, 0, 1]))
    def pulse(self, at, cut):
        """The tablet hears which start of the server answers; the network may go after so many offers."""
        tablet = self.tablets[at]
        if tablet.is_signed_in and tablet.epoch != self.server.epoch:
            self._offer_again(tablet, self.server.epoch, cut)

    def _offer_again(self, tablet, epoch, cut=None):
        """Offer what was accepted, and only then count this start of the server as met; True when it is."""
        if "another start counts as met before old ones are offered again" in self.bugs:
            tablet.epoch = epoch
            return True
        lacks_nothing = self.server.lacks_nothing_of(tablet)
        for number, op in enumerate(tablet.to_offer_again()):
            if op.state != "accepted":
                continue
            if number == cut or not self._offer(tablet, op, epoch, lacks_nothing):
                return False
        tablet.epoch = epoch
        return True

    def _offer(self, tablet, op, epoch, lacks_nothing):
        answer = self._post(tablet, op, tablet.bytes_of(op), epoch)
        if answer is LOST or answer[0] in (401, 412):
            return False
        if answer[0] == 200:
            assert answer[1]["replayed"] or not lacks_nothing, "only replays for a start that lost nothing"
            op.rev = self.heard[op.name] = answer[1]["rev"]
            return True
        assert not lacks_nothing, "what was acknowledged is refused"
        later = [o.name for o in tablet.to_offer_again() if o.sheet == op.sheet and o.rev >= op.rev]
        for name in later:
            self.heard.pop(name, None)
        record = tablet.record(op.sheet)
        tablet.give_up(record, answer[0], [*later, *record.queue])
        record.clash = True
        return True

    def _post(self, tablet, op, body, offered_to=None):
        if not tablet.is_signed_in:
            return 401, {}
        before = self.server.ledger() if not self.server.has_role else []
        answer = self.server.post(tablet.judge, op.sheet, body, offered_to or tablet.epoch)
        if not self.server.has_role:
            assert self.server.ledger() == before, "a judge whose role was taken away still marks"
        return answer

    def _hear(self, tablet, op, answer):
        if answer is not LOST and answer[0] == 200 and op.name in tablet.record(op.sheet).queue:
            self.heard[op.name] = answer[1]["rev"]
        tablet.hear(op, answer)

    @precondition(lambda self: self.copies)
    @rule(first=st.booleans())
    def deliver_late(self, first):
        """A copy that was under way arrives, out of order; nobody listens for its answer."""
        tablet, sheet, body, epoch = self.copies.pop(0 if first else -1)
        if tablet.is_signed_in:
            self.server.post(tablet.judge, sheet, body, epoch)

    @rule(at=TABLETS)
    def crash_tab(self, at):
        self.tablets[at].crash()

    @rule()
    def crash_server(self):
        """The process ends while nothing is under way; what was committed is there again."""
        db.session.remove()
        self.server.start()

    @rule()
    def make_backup(self):
        self.server.make_backup()

    @rule()
    def restore_backup(self):
        self.server.restore()

    @rule(at=TABLETS)
    def session_ends(self, at):
        tablet = self.tablets[at]
        tablet.is_signed_in = False
        for sheet in self.house.sheets:
            if (op := tablet.next_of(sheet)) is not None:
                self._hear(tablet, op, (401, {}))

    @rule(at=TABLETS)
    def sign_in(self, at):
        self.tablets[at].is_signed_in = True

    @rule(at=TABLETS, sheet=SHEETS)
    def somebody_else_signs_in(self, at, sheet):
        """Another judge's session on the same tablet sends what waits there."""
        tablet = self.tablets[at]
        self.enter(at, sheet, {"A1": "1"})
        op = tablet.next_of(self.house.sheets[sheet])
        if op is None:
            return
        answer = self.server.post(self.house.other, op.sheet, tablet.bytes_of(op), tablet.epoch)
        assert answer[0] in (403, 412, 422), "another judge's session was let in"

    @rule(at=TABLETS, hours=st.sampled_from([-24, 24]))
    def clock_jumps(self, at, hours):
        self.tablets[at].hours = hours

    @rule(hours=st.sampled_from([-3, 3]))
    def server_clock_jumps(self, hours):
        clock.stand_still(clock.now() + timedelta(hours=hours))

    @rule(sheet=SHEETS)
    def reopen(self, sheet):
        self.server.reopen(self.house.contest, self.house.sheets[sheet])

    @rule()
    def disable_judge(self):
        self.server.has_role = False

    @rule()
    def enable_judge(self):
        self.server.has_role = True

    @rule()
    def change_rule(self):
        """A new version of the plan takes the top of an aspect down (or up again)."""
        self.house.change_plan()

    @rule(at=TABLETS)
    def alter(self, at):
        """The id of a stored operation comes back with other marks."""
        stored = {row[4] for row in self.server.ledger()}
        for name in sorted(stored & set(self.authored)):
            sheet, body, _ = self.authored[name]
            altered = json.dumps({**body, "marks": {"A1": "7"}}).encode()
            answer = self.server.post(self.house.judge, sheet, altered, self.server.epoch)
            assert answer[0] == 422, "the same id was taken with other marks"
            return

    # What must hold after each of these.

    @invariant()
    def every_mark_is_in_exactly_one_state(self):
        """Conservation: authored = waiting + accepted + refused + conflicting, on the author's tablet."""
        if not hasattr(self, "tablets"):
            return
        there = [name for tablet in self.tablets for name in tablet.ops]
        assert sorted(there) == sorted(self.authored), "an operation is gone, or is there twice"
        for tablet in self.tablets:
            queued = [name for record in tablet.records.values() for name in record.queue]
            assert len(queued) == len(set(queued))
            assert set(queued) == {op.name for op in tablet.ops.values() if op.waits}

    @invariant()
    def the_ledger_holds_what_was_written_once_and_in_order(self):
        if not hasattr(self, "tablets"):
            return
        rows = self.server.ledger()
        written = [row for row in rows if row[4]]
        names = [row[4] for row in written]
        assert len(names) == len(set(names)), "something was stored twice"
        marks_of = {(row[0], row[1]): row[5] for row in rows}
        last = {}
        for sheet, rev, base_rev, kind, name, marks, by, plan in rows:
            assert rev == last.get(sheet, (0, ""))[0] + 1 == base_rev + 1, "a revision is missing"
            if name:
                self._check_row(sheet, rev, kind, name, marks, by, marks_of, last)
                typed_under = self.authored[name][1]["rules"]
                assert typed_under == self.server.form(sheet, plan), "counted by rules nobody saw"
            last[sheet] = rev, kind
        self._check_acknowledged(set(names), {row[4]: row[1] for row in written})

    def _check_row(self, sheet, rev, kind, name, marks, by, marks_of, last):
        of, body, stands_on = self.authored[name]
        assert (of, body["marks"]) == (sheet, marks), "other marks were stored than were written"
        assert by == self.house.judge, "somebody else's session stored it"
        assert body["base_rev"] == rev - 1, "it was stored on another revision than it says"
        assert stands_on == marks_of.get((sheet, rev - 1), {}), "it covers marks its author never saw"
        assert last.get(sheet, (0, ""))[1] not in ("submit", "resubmit"), "a closed sheet took marks"
        assert kind in ("draft", "submit", "resubmit")

    def _check_acknowledged(self, stored, revs):
        for tablet in self.tablets:
            if not self.server.lacks_nothing_of(tablet):
                continue  # it has not heard yet that the server was set back
            for op in tablet.ops.values():
                if op.state == "accepted":
                    assert op.name in stored, "what was acknowledged is not there"
                    assert self.heard[op.name] == revs[op.name], "it was told another revision"
                if op.state in ("refused", "conflict"):
                    assert op.name not in stored, "what was refused is there"


@pytest.fixture(scope="module")
def house(empty_database, tmp_path_factory):
    clock.stand_still(NOON)
    path = tmp_path_factory.mktemp("protocol") / "panel.sqlite"
    shutil.copy(empty_database, path)
    made = House(path)
    app = create_app(**TEST_SETTINGS, SQLALCHEMY_DATABASE_URI="sqlite://")
    with app.app_context():
        about_to_write(True)
        yield made
        db.session.remove()
        about_to_write(False)
    clock.stand_still(None)


def machine(house, *bugs):
    """The machine with these mistakes planted."""
    return type("Planted" if bugs else "Honest", (Protocol,),
                {"house": house, "bugs": frozenset(bugs), "ran": 0})


def run(made, runs, steps, part=0):
    """Run it so often with so many steps, from a fixed seed of each part; up to the first failure."""
    run_state_machine_as_test(seed(part)(made), settings=settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, database=None,
        phases=(Phase.generate,), suppress_health_check=list(HealthCheck), print_blob=False,
        report_multiple_bugs=False,
    ))


@pytest.mark.parametrize("part", range(size(1, 4)))
def test_nothing_is_lost_doubled_or_covered_whatever_happens(house, part):
    """Figure 5. In the soak in parts, so that every core has one (Makefile)."""
    runs, steps = size(25, 250), 50
    honest, began = machine(house), process_time()
    run(honest, runs, steps, part)
    rules = [name for name in dir(honest) if hasattr(getattr(honest, name), RULE_MARKER)]
    report(5, runs=honest.ran, steps=steps, rules=len(rules), failures=0,
           seconds_of_processor=round(process_time() - began, 1))
    assert len(rules) >= 15


@pytest.mark.parametrize("bug", [*ON_THE_TABLET, *ON_THE_SERVER])
def test_a_planted_mistake_is_found(house, bug):
    """Figure 6: the model sees every one of them, or it proves nothing about the honest protocol."""
    planted = machine(house, bug)
    with pytest.raises(AssertionError):
        run(planted, 400 if SOAK else 200, 50)
    report(6, mistake=bug, found_in_run=planted.ran)
