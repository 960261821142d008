"""Under which rules a sheet is typed: what its form asks for, as a hash that tablets send back."""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import lru_cache

from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.scoring.scheme_aspect_tables import ASPECT, CRITERION

# Their marks say by themselves what they mean; those of the other kinds name a line of a list.
TYPED_KINDS = ("points", "measured", "rank")
HASH_DIGITS = 32


class RulesChanged(Conflict):
    """Marks were typed into a form of other rules than are in force: nothing was stored.

    rules: the hash of the form that is in force.
    """

    code = "rules_changed"

    def __init__(self, rules=""):
        self.rules = rules
        self.fields = {}  # no single mark is to blame
        super().__init__(
            N_("The rules of this sheet were changed meanwhile, so these marks were not stored. They are "
               "kept: open the sheet, look at what has changed, and hand in again.")
        )


@lru_cache(maxsize=512)
def form_hash(module):
    """What stands for the whole form of a sheet; `module` as on its seat (`rules.on_seat`).

    Every name, limit, line and price that the judge goes by is in it, and nothing else of the plan.
    What is left as usual is left out, so that a new release asks nobody to load a form again.
    """
    criteria = [
        replace(one, aspects=tuple(map(_as_told, one.aspects))) for one in module.criteria
    ]
    return _digest([module.key, [CRITERION.write(criterion) for criterion in criteria]])


@lru_cache(maxsize=4096)
def aspect_hash(aspect):
    """The same for one aspect: where it is still the same, its mark means what it meant."""
    return _digest(ASPECT.write(_as_told(aspect)))


def _as_told(aspect):
    # How far judges may lie apart is for the chief judge, a record for the register: no judge marks by it.
    return replace(aspect, apart=None, record=False)


def _digest(document):
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_DIGITS]


def check_same_rules(said, module):
    """Marks are counted by the rules under which they were typed; RulesChanged.

    said: the hash of the form, "" from a tablet or program that does not say.
    """
    if said and said != form_hash(module):
        raise RulesChanged(form_hash(module))


@dataclass(frozen=True)
class FormAspect:
    """One aspect as a plain form asked for it: its kind, its hash, and how many attempts were typed.

    is_filled: something was typed there.
    """

    kind: str
    rules: str
    is_filled: bool
    attempts: int


def still_fitting(module, stored, typed, asked):
    """What the form in force shows of a plain form of other rules: (marks, {aspect: what is said of it}).

    Where an aspect is as it was, all that was typed stays, lines and attempts too; of the others only
    a value of the same kind does. asked: {aspect: FormAspect}, {} from a form that does not say.
    """
    kinds = {aspect.key: aspect.kind for aspect in module.aspects}
    if not asked:
        return stored | {key: value for key, value in typed.items() if kinds.get(key) in TYPED_KINDS}, {}
    marks, notes = dict(stored), {}
    for aspect in module.aspects:
        key, was = aspect.key, asked.get(aspect.key)
        if was is None:
            continue
        is_same = was.rules == aspect_hash(aspect)
        if is_same:
            marks.pop(key, None)
        if is_same or was.kind == aspect.kind in TYPED_KINDS:
            marks |= {key: typed[key]} if key in typed else {}
        if not is_same and was.is_filled:
            notes[key] = _changed_note(aspect, was, key in typed)
    return marks, notes


def _changed_note(aspect, was, is_read):
    if not is_read or was.kind != aspect.kind or aspect.kind not in TYPED_KINDS:
        return Invalid("The rules of this mark were changed: give it again.")
    if was.attempts > aspect.attempts:
        return Invalid("Fewer attempts are allowed now: those beyond attempt %(last)s were left out.",
                       last=aspect.attempts)
    return Invalid("The rules of this mark were changed: check it.")
