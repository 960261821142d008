"""Checking a line of the review, whether it is a sheet or a score."""

from contest.checks import review_actions, score_check_actions


def check_line(actor, contest_id, line):
    """Find that it agrees with its paper, as it is shown."""
    if line.sheet.is_score:
        score_check_actions.check_score(actor, contest_id, line.sheet.rev, True, "")
    else:
        review_actions.check_sheet(actor, contest_id, line.sheet.id, line.sheet.rev, True, "")
