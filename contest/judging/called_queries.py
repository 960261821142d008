"""What a sheet is called in a sentence for officials, without telling whose code it is."""

from contest.i18n import both_names, two_names
from contest.judging.blind_queries import hidden_modules
from contest.judging.queries import codes_of, module_of, names_of
from contest.setup.queries import find_plan_in_force, get_contest


def called(contest_id, sheets):
    """A name for each of the sheets: code or entry number, module, seat.

    sheets: rows with module_key, entrant_id, seat. While blind modules name nobody it is the module
    alone: in one sentence a code and an entry number of the same person would stand side by side.
    """
    force = find_plan_in_force(contest_id)
    if not sheets or force is None:
        return [sheet.module_key for sheet in sheets]
    modules = {key: module_of(force, key) for key in {sheet.module_key for sheet in sheets}}
    if hidden_modules(contest_id, get_contest(contest_id).stage):
        return [both_names(modules[sheet.module_key]) for sheet in sheets]
    codes = {key: codes_of(contest_id, force.plan, module) for key, module in modules.items()}
    people = names_of(contest_id)
    return [_called(sheet, modules[sheet.module_key], codes, people) for sheet in sheets]


def _called(sheet, module, codes, people):
    # A blind sheet whose code was never drawn is named by no entry number either.
    number = people[sheet.entrant_id][0] or "" if not module.blind else ""
    code = codes[sheet.module_key].get(sheet.entrant_id, (number, 0))[0]
    name = both_names(module)
    return two_names(f"{code} {name} {sheet.seat}".strip(), f"{code} {name.english} {sheet.seat}".strip())


def called_entrant(contest_id, module_key, entrant_id):
    """The code (in an open module the entry number) and the module, as the chief's desk shows them."""
    module = module_of(find_plan_in_force(contest_id), module_key)
    label, name = label_in(contest_id, module, entrant_id), both_names(module)
    return two_names(f"{label} · {name}", f"{label} · {name.english}")


def label_in(contest_id, module, entrant_id):
    """By what the chief's desk calls a contestant in this module; never a number in a blind one."""
    if not module.blind:
        return names_of(contest_id)[entrant_id][0] or "–"
    plan = find_plan_in_force(contest_id).plan
    return codes_of(contest_id, plan, module).get(entrant_id, ("–", 0))[0]


def seen_at(contest_id, module_key, entrant_id):
    """(module's key, code) of the page with a contestant's sheets; None without a code."""
    label = label_in(contest_id, module_of(find_plan_in_force(contest_id), module_key), entrant_id)
    return None if label == "–" else (module_key, label)
