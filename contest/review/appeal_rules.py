"""When an appeal is in time, what it must say, and who decides on it."""

from datetime import timedelta

from contest.errors import Conflict, Invalid, NotAllowed
from contest.i18n import N_

GROUNDS = {
    "scoring": N_("Scoring"),
    "equipment": N_("Equipment or material"),
    "staff": N_("Conduct of staff or judges"),
    "other": N_("Something else"),
}
OUTCOMES = {"upheld": N_("Upheld"), "rejected": N_("Rejected")}
DOORS = {
    "entrant": N_("the contestant"), "contact": N_("the unit's contact"),
    "clerk": N_("a clerk, from paper"), "receipt": N_("whoever holds the receipt code"),
}
# The first instance is the chief judge or the arbitration group, the second the committee.
DECIDERS = {1: ("chief_judge", "supervisor"), 2: ("organiser", "supervisor")}
LEAST_TEXT, MOST_TEXT = 10, 2000
MOST_DECISION = 1000
# Results are announced from the first marks to the end of the notice.
ANNOUNCED_IN = ("scoring", "collected", "review", "decoded", "provisional", "notice")
# Final results are past every appeal, but for paper that was there in time (late_paper_rules).
FILED_IN = ANNOUNCED_IN
# So long after the end of the time for appeals a clerk may still type in what came on paper in time.
PAPER_GRACE = timedelta(hours=24)
LATE_TRIES_KEPT = 5
MOST_HOURS = 24 * 30


def check_announcing(state, module_key, modules, known, note):
    """Results are announced for a module of the stage, or (empty) for all; again only with a reason.

    known: whether this was announced before. Returns the note, tidied.
    """
    if state not in ANNOUNCED_IN:
        raise Conflict("Results are announced while the contest is scored, provisional or on notice.")
    if module_key and module_key not in modules:
        raise Invalid("The stage has no such module.")
    words = note.strip()
    if known and not words:
        sentence = Invalid("This was announced before: say why it is announced again.")
        raise Invalid(sentence.message, fields={"note": sentence})
    if len(words) > MOST_DECISION:
        raise Invalid("At most %(most)s characters.", most=MOST_DECISION)
    return words


def open_until(moments, module_key, now):
    """The latest end of a window for a module ("" for the whole), or None when none was opened.

    moments: rows with module_key, ends_at. A window of the whole stage is open for every module.
    """
    ends = [m.ends_at for m in moments if m.module_key in ("", module_key)]
    return max(ends, default=None)


def check_in_time(ends_at, at):
    """Conflict with the end of the window when it is over, or when there is none yet."""
    if ends_at is None:
        raise Conflict("The results have not been announced yet, so there is nothing to appeal against.")
    if at >= ends_at:
        raise Conflict(
            "The time for appeals ended at %(moment)s, so this appeal is not taken.",
            moment=ends_at,
        )


def read_appeal(ground, text):
    """(ground, text) of an appeal, or Invalid naming what is wrong."""
    words, fields = text.strip(), {}
    if ground not in GROUNDS:
        fields["ground"] = Invalid("Choose what the appeal is about.")
    if not LEAST_TEXT <= len(words) <= MOST_TEXT:
        fields["text"] = Invalid(
            "Write %(least)s to %(most)s characters.", least=LEAST_TEXT, most=MOST_TEXT
        )
    if fields:
        raise Invalid("Please check the marked fields. Nothing was filed yet.", fields=fields)
    return ground, words


def check_first(already):
    """One appeal for each matter and instance, and each announced revision of the results."""
    if already is not None:
        raise Conflict(
            "An appeal about this is filed already, as number %(number)s; there is one for each "
            "matter until results with other figures are announced.", number=already.number,
        )


def check_paper_moment(handed_in, now, since):
    """Paper was handed in before it is typed, and after the results were announced; Invalid."""
    _check_between(handed_in, since, now, N_("The paper was handed in between the announcement and now."))


def check_second_paper_moment(handed_in, now, decided_at):
    """Paper for the second instance was handed in after the first was decided, and before now; Invalid."""
    _check_between(handed_in, decided_at, now, N_("The paper was handed in between the decision and now."))


def _check_between(handed_in, since, now, words):
    if handed_in is not None and (handed_in > now or (since is not None and handed_in < since)):
        sentence = Invalid(words)
        raise Invalid(sentence.message, fields={"handed_in": sentence})


def check_not_final(state, is_late_paper=False):
    """Nobody appeals against final results but by paper that was there in time; Conflict."""
    if state not in FILED_IN and not is_late_paper:
        raise Conflict("The results are final, so no appeal is taken any more.")


def check_may_go_on(appeal, instances):
    """The second instance is open once the first has rejected; Conflict."""
    if appeal.outcome != "rejected":
        raise Conflict("Only an appeal that was rejected can go to the second instance.")
    if appeal.instance >= instances:
        raise Conflict("This decision is final.")


def check_second_in_time(until, at):
    """It is open for a while; Conflict."""
    if at >= until:
        raise Conflict("The time for the second instance ended at %(moment)s.", moment=until)


def check_decider(appeal, roles, actor, first_decider_id):
    """Who may decide: the instance's roles, and never who decided the first instance."""
    check_role(appeal, roles)
    if appeal.decided_at is not None:
        raise Conflict("This appeal is decided already.")
    if appeal.instance > 1 and actor.user_id == first_decider_id:
        raise NotAllowed("Another person than in the first instance decides: you decided that one.")
    if actor.user_id is not None and actor.user_id == appeal.by_id:
        raise NotAllowed("You filed this appeal, so another person decides on it.")


def check_role(appeal, roles):
    """NotAllowed for whoever holds none of the instance's roles."""
    if not set(roles) & set(DECIDERS[appeal.instance]):
        raise NotAllowed("Your role does not decide on this instance.")


def check_not_own_marks(user_id, marker_ids):
    """Nobody decides on an appeal against marks or rulings of his own; NotAllowed."""
    if user_id is not None and user_id in marker_ids:
        raise NotAllowed(
            "You marked this contestant yourself, or gave a penalty or a state here, so another person "
            "decides."
        )


def check_decision(outcome, words, unchanged=""):
    """A decision says what it is and why, and may say why no figure changes; returns the words, tidied."""
    text, fields = words.strip(), unchanged_fields(unchanged, outcome == "upheld")
    if outcome not in OUTCOMES:
        fields["outcome"] = Invalid("Choose a decision.")
    if not text or len(text) > MOST_DECISION:
        fields["decision"] = Invalid(
            "Give the reason, in at most %(most)s characters.", most=MOST_DECISION
        )
    if fields:
        raise Invalid("Please check the marked fields.", fields=fields)
    return text


def unchanged_fields(unchanged, is_for):
    """What is wrong with the words why no figure changes, as fields; is_for: the decision is for somebody."""
    words = unchanged.strip()
    if words and not is_for:
        return {"unchanged": Invalid("Leave this empty: such a decision changes no figure anyway.")}
    if len(words) > MOST_DECISION:
        return {"unchanged": Invalid("At most %(most)s characters.", most=MOST_DECISION)}
    return {}


def check_unchanged(is_for, is_settled, unchanged):
    """Why no figure changes is said once, of a decision for somebody that changed none; tidied."""
    if not is_for:
        raise Conflict("Only of an appeal that was upheld, or an objection that was founded, is this said.")
    if is_settled:
        raise Conflict("Published figures have changed since, or somebody has said already why none does.")
    fields = unchanged_fields(unchanged, is_for=True)
    if not unchanged.strip():
        fields["unchanged"] = Invalid("Write down why no figure changes.")
    if fields:
        raise Invalid("Please check the marked fields.", fields=fields)
    return unchanged.strip()


def check_nothing_waits(waiting):
    """An appeal is decided when its corrected sheets are confirmed: else it would say nothing."""
    if waiting:
        raise Conflict(
            "Sheets of this contestant were handed in again and wait for the chief judge's "
            "confirmation. Confirm them first: the decision keeps what they change."
        )


def served_name(appeal_number, number, ending):
    """The name under which an appeal's file is handed out: ours, not the sender's."""
    return f"appeal-{appeal_number}-{number}.{ending}"
