"""How a contest goes from its scores to its final results: which steps are held, and their figures."""

from dataclasses import asdict, dataclass, fields, replace

from contest.errors import Invalid
from contest.i18n import N_

LONGEST_GROUND = 200
NAMES = {
    "short": N_("Short: scoring, decoding where there are codes, provisional, final"),
    "formal": N_("Formal: review, decoding, four eyes, public notice"),
    "own": N_("Our own"),
}


@dataclass(frozen=True)
class Procedure:
    """What stands in a contest's row; the defaults are the short procedure.

    review, decoding, notice: whether these states are held; decoding is held in every procedure
    once codes are drawn, and where it is chosen from the start. four_eyes: reopening a sheet and
    publishing need a second person. signing: judges, chief judge and supervisor sign first.
    paper_check: a sample of the sheets is compared with their paper first, so many that a bad one
    is met with paper_confidence percent if paper_bad percent of all are bad. Of the review:
    everything of the best (top_percent, or top_count when it is above 0), at least spot_percent of
    the rest by chance; more than error_percent of the reviewed that differ demand all. notice_days:
    working days of the public notice; appeal_hours: how long after a publication appeals are taken;
    instances: of appeal; second_hours: how long after a decision the second instance is open;
    answer_hours: after which an appeal waits too long. second_factor: whoever on the staff does what asks
    for the password again has a second factor; factor_ground: why a formal contest goes without.
    names: how public lists print people (names.shown_name: full, one); names_ground: what permits names in
    full on public notice, for instance the consent in the entry form. arithmetic_hours, identity_hours: how
    long after the ceremony such errors are corrected.
    """

    name: str = "short"
    review: bool = False
    decoding: bool = False
    notice: bool = False
    four_eyes: bool = False
    signing: bool = False
    paper_check: bool = False
    second_factor: bool = False
    factor_ground: str = ""
    top_percent: int = 30
    top_count: int = 0
    spot_percent: int = 15
    error_percent: int = 5
    paper_confidence: int = 95
    paper_bad: int = 5
    notice_days: int = 5
    appeal_hours: int = 2
    instances: int = 2
    second_hours: int = 24
    answer_hours: int = 24
    names: str = "full"
    names_ground: str = ""
    arithmetic_hours: int = 48
    identity_hours: int = 0


SHORT = Procedure()
FORMAL = Procedure(
    "formal", review=True, decoding=True, notice=True, four_eyes=True, signing=True, paper_check=True,
    second_factor=True, names="one",
)


def procedure_from(stored):
    """The Procedure in a contest's row; what is not stored there is as in the short one."""
    known = {field.name for field in fields(Procedure)}
    return replace(SHORT, **{key: value for key, value in (stored or {}).items() if key in known})


def stored_form(procedure):
    """What is stored of a Procedure."""
    return asdict(procedure)


def held_states(procedure, has_codes, is_last_stage):
    """The optional states that are held: decoding wherever there are codes, the notice at the end.

    Codes never open by themselves: whatever counts as the last sheet, one person can bring about.
    """
    is_longer = procedure.name != "short"
    return tuple(
        state for state, is_held in (
            ("collected", is_longer),
            ("review", is_longer and procedure.review),
            ("decoded", has_codes),
            ("notice", is_longer and procedure.notice and is_last_stage),
        ) if is_held
    )


def differing(old, new):
    """({field: value before}, {field: value now}) of what two procedures do not have in common."""
    before, now = stored_form(old), stored_form(new)
    keys = [key for key in before if before[key] != now[key]]
    return {key: before[key] for key in keys}, {key: now[key] for key in keys}


def check_names_ground(procedure):
    """Names in full go on public notice on a ground that is written down; Invalid without.

    Publishing somebody's name in full needs the person's own consent or a rule (PIPL articles 13 and
    25): the notice is read by everybody, and copied. A masked name needs none. Identity card and
    telephone numbers never stand in a public list, whatever is chosen.
    """
    if procedure.names != "full":
        return
    ground = procedure.names_ground
    if len(ground) > LONGEST_GROUND or (procedure.notice and not ground):
        sentence = Invalid(
            "Names in full go on public notice: write down on what ground, in at most %(most)s characters, "
            "or leave part of each name out.", most=LONGEST_GROUND,
        )
        raise Invalid(sentence.message, fields={"names_ground": sentence}, **sentence.params)


def check_factor_ground(procedure):
    """A formal contest whose staff goes without a second factor says why; Invalid without or too long."""
    if procedure.name != "formal" or procedure.second_factor:
        return
    if not 0 < len(procedure.factor_ground) <= LONGEST_GROUND:
        sentence = Invalid(
            "Write down in at most %(most)s characters why the staff of this formal contest acts without a "
            "second factor.", most=LONGEST_GROUND,
        )
        raise Invalid(sentence.message, fields={"factor_ground": sentence}, **sentence.params)
