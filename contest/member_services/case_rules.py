"""The life of a case: applied, accepted or returned, steps, decided, done, feedback, closed."""

from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.member_services.entry_rules import is_answer

STATES = {
    "applied": N_("Applied"), "returned": N_("Returned: something is missing"),
    "accepted": N_("Under way"), "decided": N_("Decision made"), "done": N_("Done"),
    "feedback": N_("Feedback to be followed up"), "closed": N_("Closed"),
    "withdrawn": N_("Taken back"), "refused": N_("Application refused"),
}
OPEN = ("applied", "returned", "accepted", "decided", "done", "feedback")
WAITING = ("applied", "accepted", "decided", "feedback")  # for the office, so that a clock runs
UNDER_WAY = ("applied", "returned", "accepted", "decided")
OVER = ("closed", "withdrawn", "refused")
WITHDRAWN_FROM = ("applied", "returned", "accepted")
BADGES = {
    "applied": "active", "returned": "warn", "accepted": "active", "decided": "info", "done": "good",
    "feedback": "warn", "closed": "final", "withdrawn": "idle", "refused": "bad",
}
# What the office may do in a state. step: the present step is done.
ACTS = {
    "applied": ("accept", "return", "refuse"),
    "returned": ("refuse",),
    "accepted": ("step", "return", "refuse"),
    "decided": ("step",),
    "done": ("close",),
    "feedback": ("close",),
}
ACT_WORDS = {
    "accept": N_("Accept"), "return": N_("Return: say what is missing"), "refuse": N_("Refuse"),
    "step": N_("This step is done"), "settle": N_("Settled here: done"), "decide": N_("Grant"),
    "close": N_("Close"),
}
# How a history line names what happened.
EVENTS = {
    "applied": N_("Applied"), "accepted": N_("Accepted"), "returned": N_("Returned"),
    "completed": N_("Completed by the applicant"), "step": N_("Step done"),
    "settled": N_("Settled at this step"),
    "decided": N_("Granted"), "refused": N_("Application refused"), "done": N_("Done"),
    "feedback": N_("Feedback"),
    "closed": N_("Closed"), "withdrawn": N_("Taken back"), "assigned": N_("Given to"),
    "note": N_("Note of the office"), "told": N_("Message to the applicant"),
    "written": N_("Message from the applicant"), "linked": N_("Person found"),
    "reminded": N_("Reminder: due soon"), "escalated": N_("Late: told to everybody responsible"),
    "ended": N_("The entitlement has ended"),
    "matched": N_("Somebody was found who grants it"), "answered": N_("Answered on the list"),
    "called_off": N_("The booked time was called off"), "booked": N_("Another time booked"),
    "paid": N_("Paid; number of the transfer"),
    "came_back": N_("The transfer came back; it is paid once more"),
    "filed": N_("File added by the office"),
    "without": N_("Granted without a contribution on record, because"),
}
# The office alone reads these.
INNER = frozenset({"note", "assigned", "linked", "reminded", "escalated", "filed", "without"})
SCORES = (1, 2, 3, 4, 5)
SATISFIED = 3  # who gives less somewhere is asked again before the case is closed
FOLLOW_UP_DAYS = 3  # working days
LONGEST = 2000


def acts(service, state, step_key, has_ended=False):
    """What the office may do with a case now, in the order of the page."""
    if has_ended and state in OPEN:
        return ("close",) if state in ("done", "feedback") else ("refuse",)
    step = service.step(step_key) if step_key else None
    found = []
    for act in ACTS.get(state, ()):
        if act == "step" and step is not None and step.kind == "decide":
            found.append("decide")
        else:
            found.append(act)
        if act == "step" and step is not None and step.settles:
            found.insert(0, "settle")
    return tuple(found)


def own_acts(state):
    """What the applicant may do with a case now, in the words of its addresses."""
    return (
        *(("complete",) if state == "returned" else ()),
        *(("messages",) if state not in OVER else ()),
        *(("withdraw",) if state in WITHDRAWN_FROM else ()),
        *(("feedback",) if state == "done" else ()),
    )


def check_act(service, case, act):
    """Conflict when this does not follow now."""
    has_ended = case.ended_at is not None
    if act in acts(service, case.state, case.step_key, has_ended):
        return
    if has_ended:
        raise Conflict("The entitlement behind this case has ended, so it can only be ended too.")
    raise Conflict("The case is “%(state)s”; that does not follow.", state=STATES[case.state])


def check_revision(case, revision):
    """Conflict when somebody else moved the case since the page was opened."""
    if case.revision != revision:
        raise Conflict("Somebody else has moved this case meanwhile. Look at it again, then decide.")


def next_step(service, step_key, amount=1):
    """The key of the step after this one, or None after the last.

    amount: what was granted, in fen; where it is nothing, no step pays it.
    """
    keys = service.step_keys
    at = keys.index(step_key) + 1 if step_key in keys else len(keys)
    while amount == 0 and at < len(keys) and service.steps[at].does == "pay":
        at += 1
    return keys[at] if at < len(keys) else None


def read_words(text, needed=None, key="words"):
    """Words of a person, trimmed; Invalid with `needed` as sentence when there are none."""
    words = (text or "").strip()
    if needed and not words:
        raise Invalid(needed, fields={key: Invalid(needed)})
    if len(words) > LONGEST:
        raise Invalid("At most %(most)s characters are taken here.", most=LONGEST)
    return words


def read_scores(questions, form):
    """{question: 1 to 5} of a feedback, every question answered; Invalid names those that are not."""
    scores, wrong = {}, {}
    for one in questions:
        text = (form.get(f"score-{one.key}") or "").strip()
        if text not in {str(score) for score in SCORES}:
            wrong[f"score-{one.key}"] = Invalid("Choose from 1 (bad) to 5 (very good).")
        else:
            scores[one.key] = int(text)
    if wrong:
        raise Invalid("Some answers are missing.", fields=wrong)
    return scores


def is_satisfied(scores):
    """True when no question was answered with less than SATISFIED."""
    return all(score >= SATISFIED for score in scores.values())


def is_same_name(name, other):
    """True when two names are the same but for spaces."""
    return "".join(name.split()) == "".join(other.split())


def check_one_open(names, name, holder):
    """One open case for each honour and service; names: the applicants of the open ones.

    Whoever applies under another name does not keep the holder from applying.
    """
    if is_same_name(name, holder):
        names = [each for each in names if is_same_name(each, holder)]
    if names:
        raise Conflict("An application for this service on this honour is open already.")


def goes_first(service, answers, channel, held):
    """True when a case goes first (green lane). held: the services of which the person has an entitlement."""
    rule = service.priority
    return bool(
        set(rule.entitlements) & set(held) or channel in rule.channels
        or any(is_answer((answers or {}).get(key), wanted) for key, wanted in rule.answers)
    )


def check_somebody_new(namesakes, is_another):
    """Whoever makes a new row for a name that is known has looked and says so; Invalid otherwise."""
    if namesakes and not is_another:
        sentence = Invalid(
            "%(count)s people of this name are known already. Choose the right one, or tick that this is "
            "somebody else.", count=namesakes,
        )
        raise Invalid(sentence.message, fields={"is_another": sentence}, **sentence.params)
