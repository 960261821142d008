"""The few facts that an earlier area may tell a later one."""

from blinker import Namespace

_names = Namespace()

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
# Results of a contest became final. Facts: contest_id.
results_finalised = _names.signal("results-finalised")
# A request was refused (403, 404), also a guest's. Facts: status, path, method, sentence.
request_refused = _names.signal("request-refused")
