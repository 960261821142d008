"""Changing what a record is, as long as nothing rests on it: by whoever defined it, field by field."""

from contest import clock
from contest.audit.work import work
from contest.errors import Conflict, NotAllowed
from contest.registry import record_queries, record_rules
from contest.registry.record_proposing import lock_line

# Somebody from before the program may ask for the name to go; the trail, which stays, never holds it.
UNSAID = ("earlier_name", "earlier_unit")


def why_fixed(line):
    """A Conflict that says why a record's definition can no longer change; None while it can."""
    if line.ended_at is not None:
        return Conflict("This record was laid down; its definition stays.")
    if record_queries.contests_in(line.id):
        return Conflict(
            "A contest was declared comparable with this record as it is defined, so the definition stays; "
            "lay it down and define another one."
        )
    if line.earlier_name == record_queries.NAMELESS:
        return Conflict("The name of the earlier holder was taken off on request, so the definition stays.")
    return None


def check_may_change(user_id, line):
    """Whoever defined a record changes it, so that its second person stays one; NotAllowed, Conflict."""
    if line.by_id != user_id:
        raise NotAllowed("Only whoever defined this record changes it: who confirms must not be that person.")
    if (why := why_fixed(line)) is not None:
        raise why


def form_of(line):
    """{field: text} of the form by which a record is as it is."""
    shown = {
        "record_name": line.name, "name_en": line.name_en, "record_event": line.event,
        "record_unit": line.unit, "record_group": line.group, "record_holder": line.holder,
        "record_what": line.what,
        "record_better": line.better, "contest_level": line.level, "record_key": line.key,
        "record_places": str(line.places), "record_top": record_queries.printed(line, line.top),
        "earlier_value": record_queries.printed(line, line.earlier_value),
        "earlier_on": line.earlier_on.isoformat() if line.earlier_on else "",
    }
    texts = {key: getattr(line, key) for key in ("earlier_name", "earlier_unit", "earlier_source")}
    return shown | texts


def change_line(actor, line_id, form):
    """Define a record anew under its number; False when nothing differs. Invalid names the form's fields.

    NotAllowed for anybody but whoever defined it; Conflict once a contest was let in.
    """
    line = lock_line(line_id)
    check_may_change(actor.user_id, line)
    typed = record_rules.read_line(form, clock.now())
    old = form_of(line)
    new = form_of(typed)
    changed = [key for key in new if new[key] != old[key]]
    if not changed:
        return False
    told = [key for key in changed if key not in UNSAID]
    with work(
        actor, "registry.record_change", subject=line.name,
        old={key: old[key] for key in told}, new={key: new[key] for key in told},
        unsaid=[key for key in changed if key in UNSAID],
    ):
        for name, value in typed.__dict__.items():
            setattr(line, name, value)
    return True
