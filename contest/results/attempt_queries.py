"""The best valid value of a measured aspect, as the scoring core reads it for ties."""

from fractions import Fraction

from contest.results.reckoning import Reckoning
from contest.scoring.scheme import Tie
from contest.scoring.score import keys_of


def best_attempts(contest_id, stage, module_key, aspect_key, as_of=None):
    """{entrant id: exact units} of those who have a valid value in a module that is done.

    Of several attempts the best valid one of each judge who counts, the plain mean over these judges.
    """
    with Reckoning(contest_id, as_of) as question:
        made, found = question.ruled(stage)
        tie = Tie("attempt", aspect_key, module_key)
        value = keys_of(question.force.plan, made, found, tie)[-1]
        columns = zip(question.roster, value.values.tolist(), value.known.tolist(), strict=True)
        return {who.id: Fraction(units, value.denominator) for who, units, is_known in columns if is_known}
