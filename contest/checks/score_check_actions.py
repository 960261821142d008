"""Writing down what the comparison of a score with its paper found, and why it stands all the same."""

from contest import clock
from contest.audit.work import work
from contest.checks import review_rules as rules
from contest.checks import sample_queries, sample_rules
from contest.checks.check_queries import checks_of, get_score_check
from contest.checks.models import ScoreCheck, ScoreStatement
from contest.checks.score_queries import get_score_line
from contest.db import db
from contest.judging.queries import lock_contest
from contest.setup.queries import get_contest, held_states
from contest.setup.stepping import check_word


def check_score(actor, contest_id, entry_id, agrees, note):
    """Write down in the review that a score agrees with its paper, or what differs.

    entry_id: the entry that the page showed. Conflict when another one stands since; Invalid where
    something differs and nothing says what.
    """
    lock_contest(contest_id)
    line = get_score_line(contest_id, entry_id)
    rules.check_in_review(get_contest(contest_id).state)
    _write(actor, contest_id, line, entry_id, agrees, note=rules.read_note(agrees, note))


def compare_score(actor, contest_id, entry_id, agrees, figure="", note=""):
    """Write down that a score of the paper sample agrees with its paper, or what differs; as check_score."""
    lock_contest(contest_id)
    line = get_score_line(contest_id, entry_id)
    contest = get_contest(contest_id)
    sample_rules.check_drawn_in(contest.state, "collected" in held_states(contest))
    found = sample_queries.comparison(contest_id)
    sample_rules.check_chosen(found and any(one.sheet.id == line.id for one in found.lines))
    _, figure, note = sample_rules.read_difference(agrees, "", figure, note, [])
    _write(actor, contest_id, line, entry_id, agrees, figure, note)


def _write(actor, contest_id, line, entry_id, agrees, figure="", note=""):
    rules.check_not_own(actor.user_id, line.judge_user_id)
    rules.check_seen(entry_id, line.rev)
    rules.check_not_settled_alone(agrees, checks_of(contest_id).line(line))
    more = {"paper_figure": figure} if figure else {}
    with work(
        actor, "review.check", contest_id=contest_id, subject=f"entrant {line.entrant_id}", rev=entry_id,
        agrees=agrees, note=note, module=line.module.key, entrant=line.entrant_id, **more,
    ):
        db.session.add(ScoreCheck(
            contest_id=contest_id, entry_id=entry_id, agrees=agrees, note=note, figure=figure,
            by_id=actor.user_id, at=clock.now(),
        ))


def state_score(actor, contest_id, check_id, words):
    """State, as the chief judge, why a score stands although it differs from its paper.

    NotAllowed for whoever found the difference or entered the score; Conflict when it no longer stands.
    """
    lock_contest(contest_id)
    check = get_score_check(contest_id, check_id)
    line = get_score_line(contest_id, check.entry_id)
    rules.check_still_open(get_contest(contest_id).state)
    rules.check_not_own(actor.user_id, line.judge_user_id)
    rules.check_explained(checks_of(contest_id).line(line), check_id, actor.user_id)
    words = rules.read_statement(words)
    check_word(actor)
    with work(
        actor, "review.state", contest_id=contest_id, subject=f"entrant {line.entrant_id}",
        rev=check.entry_id, paper_figure=check.figure, note=check.note, answer=words,
        module=line.module.key, entrant=line.entrant_id,
    ):
        db.session.add(ScoreStatement(
            contest_id=contest_id, check_id=check_id, words=words, by_id=actor.user_id, at=clock.now()
        ))
