"""Which records stand in what a module measures, so that whoever marks looks twice at what beats one (F16).

It is asked of the contest and the module alone: the question says nothing of who is marked.
"""

from contest.judging.plausible_rules import standing_of

# The register is a later area: fn(contest_id, module) -> {aspect key: (units, high or low, record's name)}.
RECORDS = []


def records_of(contest_id, module):
    """{aspect key: Standing} of the aspects that keep a record and in which one stands."""
    aspects = {aspect.key: aspect for aspect in module.aspects if aspect.record}
    if not aspects:
        return {}
    return {
        key: standing_of(aspects[key], *said)
        for tell in RECORDS for key, said in tell(contest_id, module).items() if key in aspects
    }
