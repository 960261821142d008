"""Mistakes to plant in the protocol: each must be found, or the model proves nothing (figure 6).

Those of the tablet are words that protocol_model.Tablet knows; those of the server change the real
rules and actions while a run lasts.
"""

from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch
from uuid import uuid4

from sqlalchemy import text

from contest.db import db
from contest.judging import actions, queries, rules
from contest.judging.models import Sheet
from tests.proof import protocol_model

ON_THE_TABLET = (
    "the queue is in memory", "a conflict is dropped", "a refusal is dropped",
    "a new id for each try", "forgotten once it is sent", "signing out empties the queue",
    "accepted ones are not kept", "a conflict is sent again on the new revision",
    "later ones go on after a refusal", "newest goes first", "a conflict is not shown",
    "a resend carries what is shown now", "a strange page counts as stored",
    "another start counts as met before old ones are offered again",
    "marks of an old form go as those of the new one",
    "the summary forgets what waits", "the summary covers what waits with what it shows",
)


def _no_check(*_args, **_more):
    pass


@contextmanager
def no_deduplication():
    """Every copy of an operation is stored."""
    add = actions.add_revision

    def add_anew(*args, **values):
        return add(*args, **{**values, "op_id": str(uuid4())})

    with patch.object(queries, "find_revision", lambda op_id: None):
        with patch.object(actions, "add_revision", add_anew), no_comparing():
            yield


@contextmanager
def no_comparing():
    """Nobody asks on which revision an operation stands: the last one wins."""
    take, fingerprint = actions.take_operation, rules.fingerprint

    def take_anyway(actor, sheet_id, operation, **more):
        if queries.find_revision(operation.op_id) is None:
            now = db.session.get(Sheet, sheet_id).rev
            operation = replace(operation, base_rev=now)
        return take(actor, sheet_id, operation, **more)

    def without_base(sheet_id, operation):
        return fingerprint(sheet_id, replace(operation, base_rev=0))

    with patch.object(actions, "take_operation", take_anyway):
        with patch.object(rules, "fingerprint", without_base):
            yield


@contextmanager
def fingerprint_ignored():
    """The same id with other marks is taken for a resend."""
    with patch.object(rules, "check_same_operation", _no_check):
        yield


@contextmanager
def closed_sheets_take_marks():
    """A sheet that was handed in can still be written on, and the database does not mind either."""
    load = protocol_model.Server.load

    def load_without_guard(server, source):
        load(server, source)
        db.session.execute(text("DROP TRIGGER IF EXISTS sheet_revision_order"))
        db.session.commit()
        db.session.remove()

    with patch.object(rules, "check_open", _no_check), patch.object(
        protocol_model.Server, "load", load_without_guard
    ):
        yield


@contextmanager
def anybody_writes():
    """Another judge's session sends what waits on the tablet."""
    with patch.object(rules, "check_own_sheet", _no_check):
        yield


@contextmanager
def the_role_is_asked_for_first():
    """Who lost the role hears “no” about marks that are stored."""
    take = actions.take_operation

    def ask_first(actor, sheet_id, operation, is_judge=True, epoch=None):
        rules.check_is_judge(is_judge)
        return take(actor, sheet_id, operation, is_judge=is_judge, epoch=epoch)

    with patch.object(actions, "take_operation", ask_first):
        yield


@contextmanager
def a_taken_role_still_marks():
    """A judge whose role was taken away goes on."""
    with patch.object(rules, "check_is_judge", _no_check):
        yield


@contextmanager
def answered_before_the_commit():
    """The tablet hears “stored” although the server dies before it is."""

    def post(self, user_id, sheet, body, epoch=None, honest=protocol_model.Server.post):
        answer = honest(self, user_id, sheet, body, epoch)
        if answer is protocol_model.LOST:
            rev, marks, _ = self.sheet(sheet)
            return 200, {"rev": rev + 1, "marks": marks, "replayed": False}
        return answer

    with patch.object(protocol_model.Server, "post", post):
        yield


@contextmanager
def new_marks_go_before_old_ones_are_offered_again():
    """Nobody asks which start of the server a tablet knows."""
    with patch.object(actions, "check_epoch", _no_check):
        yield


@contextmanager
def no_rule_check():
    """Marks are counted by whatever rules are in force, however old the form was."""
    with patch.object(actions, "check_same_rules", _no_check):
        yield


@contextmanager
def marks_are_mixed():
    """What the sheet held before stays where the new marks say nothing."""
    add = actions.add_revision

    def add_mixed(actor, sheet, kind, marks, *args, **values):
        return add(actor, sheet, kind, {**sheet.marks, **marks}, *args, **values)

    with patch.object(actions, "add_revision", add_mixed):
        yield


@contextmanager
def a_resend_hears_of_the_newest():
    """A copy of an operation is answered with what the sheet holds now, not with what it made."""
    find = queries.find_revision

    def find_newest(op_id):
        known = find(op_id)
        if known is None:
            return None
        newest = queries.find_latest_revision(db.session.get(Sheet, known.sheet_id))
        newest.fingerprint, newest.by_id = known.fingerprint, known.by_id
        db.session.expunge(newest)
        return newest

    with patch.object(queries, "find_revision", find_newest):
        yield


ON_THE_SERVER = {
    found.__name__: found for found in (
        no_deduplication, no_comparing, fingerprint_ignored, closed_sheets_take_marks,
        anybody_writes, the_role_is_asked_for_first, a_taken_role_still_marks,
        answered_before_the_commit, marks_are_mixed, a_resend_hears_of_the_newest,
        new_marks_go_before_old_ones_are_offered_again, no_rule_check,
    )
}
