"""Clause 10, continued. What somebody should look at, in sentences; nothing follows from them by itself.

Every limit stands here with its reason. They are wide on purpose: a warning that comes at every
contest is soon read by nobody.
"""

from dataclasses import dataclass, field
from math import log, sqrt

from contest.scoring.agreement import LEAST_SHEETS, Agreement, JudgeAgreement
from contest.scoring.agreement_copies import copies
from contest.scoring.agreement_measures import ICC_BANDS, W_BANDS
from contest.scoring.words import N_

# With two judges the difference has no owner: nobody can tell which of them is off.
LEAST_JUDGES = 3
# Below "moderate" (Schmidt 1997) there is no common order to speak of.
WEAK_W = W_BANDS[0][0]
# "Poor" (Koo & Li 2016): less than half of what the panel's mean shows is the entrants' own.
POOR_ICC = ICC_BANDS[0][0]
# Half of the entrants' standard deviation is Cohen's (1988) medium effect: less moves few places even
# where a reserve has taken the seat.
LARGE_OFFSET = 0.5
# Every judge is by nature a little strict or kind. Up to a twentieth of the sheet's points that is
# nobody's fault and changes no place, unless it is as much as what lies between the entrants.
ORDINARY = 1 / 20
# One judge who is off by d moves the mean of the others for each of the rest, by d/2 the other way in
# a panel of three and by less in a larger one: that is a shadow, not an offset of their own.
SHADOW = 1.5
# Twice the standard error: by chance one judge in twenty lies beyond.
SURE = 2.0
# A judge whose spread is half as wide again as the others' moves the mean half as much again; the
# narrow limit is its reverse.
WIDE = 1.5
NARROW = 1 / WIDE
# Cohen 1988: below 0.3 a correlation is small.
LOW_CORRELATION = 0.3
# In a panel of five that drops one mark, chance drops a judge as highest for every fifth entrant, and
# ordinary strictness or kindness up to every other. Who is left out three times of four has hardly a
# voice in the result.
OFTEN = 0.75


@dataclass(frozen=True)
class Finding:
    """One sentence in English with its parameters; `judge` (a column) is its %(judge)s, or None.

    A parameter `other` is the column of another judge.

    Floats among the parameters are measures or points, still to be rounded by whoever shows them.
    """

    sentence: str
    params: dict = field(default_factory=dict)
    judge: int | None = None


def findings(found: Agreement) -> tuple[Finding, ...]:
    """What to look at: about the panel first, then judge by judge."""
    about = [*_panel(found)]
    can_tell = sum(bool(judge.deviations) for judge in found.judges) >= LEAST_JUDGES
    for judge in found.judges:
        about += _own(judge)
        about += _constant(judge)
        if can_tell and len(judge.deviations) >= LEAST_SHEETS:
            about += _order(judge)
            about += _offset(judge, found)
            about += _spread(judge)
        about += _dropped(judge)
    about += _copied(found)
    return tuple(about)


def _panel(found):
    if found.concordance is not None and found.concordance.w < WEAK_W:
        yield Finding(
            N_("The judges do not see the same order: Kendall's W is %(w)s, and below %(limit)s it is "
               "weak. Let them compare what they looked for."),
            {"w": found.concordance.w, "limit": WEAK_W},
        )
    mean = None if found.reliability is None else found.reliability.mean
    if mean is not None and mean < POOR_ICC:
        yield Finding(
            N_("The panel's mean is not reliable: ICC(3,k) is %(icc)s, and below %(limit)s it is "
               "poor. Another panel might well have come to another order."),
            {"icc": mean, "limit": POOR_ICC},
        )
    marking = [judge for judge in found.judges if judge.deviations]
    if len(marking) == LEAST_JUDGES - 1 and len(marking[0].deviations) >= LEAST_SHEETS:
        if _is_off(marking[0], found):
            yield Finding(
                N_("The two judges lie %(points)s points apart on average. With two nobody can tell "
                   "which of them is off."),
                {"points": abs(marking[0].offset)},
            )


def _is_off(judge, found):
    size, between = abs(judge.offset), found.between
    if between is None or size < LARGE_OFFSET * between or size <= SURE * judge.error:
        return False
    # By its own error more than ordinary: a limit that is only just reached may be chance.
    return size >= between or size - judge.error >= ORDINARY * found.top


def _own(judge: JudgeAgreement):
    own = judge.own
    if own.sheets:
        yield Finding(
            N_("%(judge)s has marked contestants of their own organisation (%(count)s), which should "
               "have been another judge's task."),
            {"count": own.sheets}, judge.judge,
        )
    if own.error is not None and own.leniency > SURE * own.error:
        yield Finding(
            N_("%(judge)s is %(points)s points kinder to contestants of their own organisation "
               "(%(count)s) than to the others (%(others)s)."),
            {"points": own.leniency, "count": own.compared, "others": own.others}, judge.judge,
        )


def _constant(judge):
    # Where the others do not tell them apart either, the ratio has nothing to stand on and is None.
    if judge.is_constant and judge.spread_ratio is not None:
        yield Finding(
            N_("%(judge)s has given all %(count)s contestants the same total; the others have not."),
            {"count": judge.sheets}, judge.judge,
        )


def _order(judge):
    facts = {"correlation": judge.correlation}
    if judge.is_inverted:
        yield Finding(
            N_("%(judge)s puts the contestants in an order contrary to the others' (correlation "
               "%(correlation)s). Was the scale read the wrong way round, or were sheets mixed up?"),
            facts, judge.judge,
        )
    elif judge.correlation is not None and judge.correlation < LOW_CORRELATION:
        yield Finding(
            N_("%(judge)s hardly sees the others' order (correlation %(correlation)s)."),
            facts, judge.judge,
        )


def _offset(judge, found):
    is_shadow = any(
        other.offset is not None
        and other.offset * judge.offset < 0
        and abs(other.offset) >= SHADOW * abs(judge.offset)
        for other in found.judges
    )
    if is_shadow or not _is_off(judge, found):
        return
    yield Finding(
        N_("%(judge)s marks %(points)s points above the others on average. It changes places only "
           "where a contestant had another judge in this seat.")
        if judge.offset > 0
        else N_("%(judge)s marks %(points)s points below the others on average. It changes places "
                "only where a contestant had another judge in this seat."),
        {"points": abs(judge.offset)}, judge.judge,
    )


def _spread(judge):
    ratio = judge.spread_ratio
    if ratio is None or judge.is_constant or not _is_sure(judge):
        return
    if ratio > WIDE:
        yield Finding(
            N_("%(judge)s puts the contestants %(ratio)s times as far apart as the others do, and so "
               "weighs more in the result."),
            {"ratio": ratio}, judge.judge,
        )
    elif ratio < NARROW:
        yield Finding(
            N_("%(judge)s puts the contestants only %(ratio)s times as far apart as the others do, "
               "and so weighs less in the result."),
            {"ratio": ratio}, judge.judge,
        )


def _is_sure(judge):
    """By chance too the spreads of two judges differ, the less the more they see the same order."""
    alike = judge.correlation or 0.0
    error = sqrt((1 - alike**2) / (len(judge.deviations) - 1))
    return judge.spread_ratio == 0 or abs(log(judge.spread_ratio)) > SURE * error


def _copied(found):
    for pair in copies(found):
        yield Finding(
            N_("%(judge)s and %(other)s have given the very same total to %(same)s of %(count)s "
               "contestants, far more often than the judges agree to the point otherwise. Were sheets "
               "copied?"),
            {"other": pair.other, "same": pair.same, "count": pair.both}, pair.judge,
        )


def _dropped(judge):
    if judge.chances < LEAST_SHEETS:
        return
    if judge.high >= OFTEN * judge.chances:
        yield Finding(
            N_("%(judge)s: %(times)s of %(count)s marks were the highest and left out."),
            {"times": judge.high, "count": judge.chances}, judge.judge,
        )
    if judge.low >= OFTEN * judge.chances:
        yield Finding(
            N_("%(judge)s: %(times)s of %(count)s marks were the lowest and left out."),
            {"times": judge.low, "count": judge.chances}, judge.judge,
        )
