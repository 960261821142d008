"""What of an entry the service desk changes: texts and days; what is money or a condition it leaves alone."""

TEXTS = frozenset({
    "name", "name_en", "summary", "summary_en", "worth", "worth_en", "authority", "authority_en", "hint",
    "hint_en", "item", "item_en", "scenario", "order",
})
# As texts, but with one the free text must be filled in, or lines have topics: it neither comes nor goes.
NAMING = frozenset({"own_words", "own_words_en", "topic", "topic_en"})
DAYS = frozenset({"days", "hours", "calendar_days", "since"})  # of a step, or of a register's lines


def first_condition(now, wanted):
    """Where an entry would differ from the one in force in more than texts and days, or None.

    now, wanted: each a Service; the place as a file has it, for instance “amount.parts.1.above”.
    """
    return _differs(now.model_dump(by_alias=True), wanted.model_dump(by_alias=True), ())


def _differs(now, wanted, place):
    if isinstance(now, dict) and isinstance(wanted, dict):
        pairs = [(key, now.get(key), wanted.get(key)) for key in now if key not in TEXTS | DAYS]
    elif isinstance(now, list | tuple) and isinstance(wanted, list | tuple):
        if len(now) != len(wanted):
            return ".".join(place)
        pairs = [(str(number), *both) for number, both in enumerate(zip(now, wanted, strict=True), start=1)]
    else:
        is_same = bool(now) == bool(wanted) if place[-1] in NAMING else now == wanted
        return None if is_same else ".".join(place)
    found = (_differs(before, after, (*place, key)) for key, before, after in pairs)
    return next((one for one in found if one), None)
