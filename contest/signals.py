"""The few facts that an earlier area may tell a later one."""

from contextlib import contextmanager
from contextvars import ContextVar

from blinker import Namespace

_names = Namespace()

# What listeners put off within `together`: {what is to be done: [facts]}; None outside of it.
_put_off = ContextVar("put_off", default=None)


@contextmanager
def together():
    """Within the block, and its caller's work, what follows from many facts is done at its end, once.

    Only what a listener hands to `follow`; when the block fails nothing of it is done.
    """
    waiting = {}
    token = _put_off.set(waiting)
    try:
        yield
        while waiting:  # what is done may tell more
            act = next(iter(waiting))
            act(waiting.pop(act))
    finally:
        _put_off.reset(token)


def follow(act, fact):
    """Do act([fact]) now; within `together` at its end, with all such facts at once."""
    waiting = _put_off.get()
    if waiting is None:
        act([fact])
    else:
        waiting.setdefault(act, []).append(fact)


# Something that a standing depends on was committed. Facts: contest_id.
marks_changed = _names.signal("marks-changed")
# What the public may see was switched (freeze, reveal). Facts: contest_id.
board_changed = _names.signal("board-changed")
# Everybody gets a new code; sent before the draw is committed, so that whatever rested on the old
# codes goes with them or the listener refuses. Facts: contest_id, stage.
codes_replaced = _names.signal("codes-replaced")
# Judges or entrants got another organisation; sent before that is committed, so that whoever may no
# longer judge whom loses the untouched sheets with it. Facts: contest_id, facts (of the trail).
organisations_changed = _names.signal("organisations-changed")
# A contest is to go to another state; sent by the act's name before it is done, and when the desk
# shows what is missing. A listener appends a setup.rules.Note to `problems` for everything that
# stands in the way; of the kind "confirm", for what whoever takes the step may pass over with a
# reason. Facts: contest_id, to (the state), problems (a list).
step_asked = _names.signal("step-asked")
# Something that counts is to be changed by a judge's or clerk's act of its own (a sheet reopened, a
# penalty, a state, a score), perhaps after results were published. A listener appends a Refusal to
# `refusals`. Facts: contest_id, entrant_id (None: of several), refusals (a list).
change_asked = _names.signal("change-asked")
# A contest is to be hidden from the public. A listener appends a Refusal to `refusals` where it must stay
# readable. Facts: contest_id, refusals (a list).
hiding_asked = _names.signal("hiding-asked")
# The same of a contest that is to be shown to the public, where that would tell something too early.
showing_asked = _names.signal("showing-asked")
# Days of the calendar of working days were entered or taken out, within its work and written already. A
# listener whose deadlines move adds what moved, in words, to `moved`. Facts: actor, moved (a list).
calendar_changed = _names.signal("calendar-changed")
# A contest has gone to another state, within the step's work. Facts: contest_id, was, to.
step_taken = _names.signal("step-taken")
# A reveal has ended and the public is to see everything; sent within its work. Facts: contest_id.
reveal_ended = _names.signal("reveal-ended")
# A revision of results is published, provisional or final, within its work. Facts: contest_id, stage,
# revision, kind, is_correction (it says something else than the one before it).
results_published = _names.signal("results-published")
# Results of a contest became final. Facts: contest_id.
results_finalised = _names.signal("results-finalised")
# An honour was granted, listed or revoked, within its work. Facts: honour_id, state.
honour_changed = _names.signal("honour-changed")
# A granted award was annulled, within its work; its honours go with it. Facts: award_id, reason.
award_annulled = _names.signal("award-annulled")
# Results of entrants were annulled after the grant, within its work. Facts: contest_id, reason.
result_annulled = _names.signal("result-annulled")
# An authority granted the title for which somebody was put forward, within its work. Facts: nomination_id.
nomination_granted = _names.signal("nomination-granted")
# A person went up or down a ladder, within its work. Facts: human_id, ladder, was, now (keys of steps or "").
level_changed = _names.signal("level-changed")
# A record was confirmed, or one that was confirmed was taken back, within its work. Facts: mark_id, state
# ("confirmed", "taken_back").
record_changed = _names.signal("record-changed")
# What somebody is entitled to was opened, changed or ended, within its work. Facts: entitlement_id, was, now.
entitlement_changed = _names.signal("entitlement-changed")
# A case of a member service moved, within its work. Facts: case_id, was, now.
case_moved = _names.signal("case-moved")
# A case of a member service is late at its step and was told of above, within its work. Facts: case_id.
case_late = _names.signal("case-late")
# The office wrote to the applicant of a case, within its work. Facts: case_id.
case_told = _names.signal("case-told")
# An invitation to an own page was made that is to be sent, within its work. Facts: human_id, link.
invitation_made = _names.signal("invitation-made")
# Two rows of one person become one, within its work; each area that points at people moves its rows and
# adds what it moved to `moved`, so that they can be moved back by their ids. Facts: keep_id, gone_id,
# moved (table: ids).
people_merged = _names.signal("people-merged")
# Two people that had become one were parted, within its work; the rows of `moved` are back with the row
# that had gone. Facts: keep_id, gone_id, moved (table: ids).
people_parted = _names.signal("people-parted")
# A person's own data are to be told or erased; each area adds to `data` or erases. Facts: human_id, data.
# Told: reader_id, the account that takes the copy, or None for the person's own.
# Erased: `data["nominations"]` are the numbers of what went without leading to the person's row.
person_told = _names.signal("person-told")
person_erased = _names.signal("person-erased")
# A request was refused (403, 404), also a guest's. Facts: status, path, method, sentence.
request_refused = _names.signal("request-refused")
