"""What a clerk or the third person typed, as fields of a form."""

from contest.paper.rules import Choice, as_sent

MOST = 40  # characters in a field; longer than any number, short enough to show again


def fields_of(aspect):
    """The names of an aspect's fields, in the order in which they are typed.

    One for each attempt and for each reason to deduct; a checklist's answers are typed in a row.
    """
    if aspect.kind == "deductions":
        return [f"mark-{aspect.key}-{index}" for index in range(len(aspect.reasons))]
    if aspect.attempts > 1:
        return [f"mark-{aspect.key}-{index}" for index in range(aspect.attempts)]
    return [f"mark-{aspect.key}"]


def typed_from_form(form, module):
    """{aspect: the texts of its fields}, as typed."""
    return {
        aspect.key: [form.get(name, "").strip()[:MOST] for name in fields_of(aspect)]
        for aspect in module.aspects
    }


def choices_from_form(form, module):
    """{aspect: Choice} of the third person; only aspects about which something was said."""
    typed = typed_from_form(form, module)
    return {
        aspect.key: Choice(
            form.get(f"took-{aspect.key}", ""), form.get(f"reason-{aspect.key}", "").strip()[:300],
            as_sent(aspect, typed[aspect.key]),
        )
        for aspect in module.aspects
        if f"took-{aspect.key}" in form or form.get(f"reason-{aspect.key}", "").strip()
    }
