"""Whether the things of a plan that name each other are there, and can be added up."""

from contest.recount.refusal import Refused


def linked(plan):
    """`Refused` for the first name that leads nowhere or in a circle, and for a division by nothing."""
    parts = _by_key(plan, "parts")
    stages, modules = _by_key(plan, "stages"), _by_key(plan, "modules")
    _by_key(plan, "awards")
    for stage in plan["stages"]:
        if stage["advance_line"] == "key" and not stage["advance_by"]:
            raise Refused(f"The stage {stage['key']} lets on by a key; advance_by must say which.")
    if not stages:
        raise Refused("stages must hold at least one stage.")
    for part in plan["parts"]:
        _climb(part, parts, stages)
    for module in plan["modules"]:
        _known(f"The module {module['key']}", "part", module["part"], parts)
        for panel in module["panels"]:
            _panel(module, panel)
    for tie in [*plan["ranking"]["ties"], *(s["advance_by"] for s in plan["stages"] if s["advance_by"])]:
        _tie(tie, {"part": parts, "module": modules, "stage": stages})
    _awards(plan, parts, modules)


def _by_key(plan, name):
    found = {}
    for thing in plan[name]:
        if thing["key"] in found:
            raise Refused(f"The key {thing['key']} is used twice in {name}.")
        found[thing["key"]] = thing
    return found


def _known(who, what, key, known):
    if key not in known:
        raise Refused(f"{who} names the {what} {key or '(none)'}; there are: {', '.join(known) or 'none'}.")


def _climb(part, parts, stages):
    """From a part up to its stage."""
    seen, here = [], part
    while here["within"]:
        _known(f"The part {here['key']}", "part", here["within"], parts)
        seen.append(here["key"])
        here = parts[here["within"]]
        if here["key"] in seen:
            circle = " in ".join([*seen, here["key"]])
            raise Refused(f"The part {here['key']} stands within itself: {circle}.")
    _known(f"The part {here['key']}", "stage", here["stage"], stages)


def _panel(module, panel):
    if not 1 <= panel["judges"] <= 99:
        raise Refused(f"A panel of {module['key']} has {panel['judges']} judges; it must have 1 to 99.")
    if panel["weights"] and len(panel["weights"]) != panel["judges"]:
        raise Refused(
            f"A panel of {module['key']} has {len(panel['weights'])} weights for {panel['judges']} judges; "
            "each judge needs one."
        )
    for aspect in panel["aspects"]:
        name = f"{module['key']}.{aspect['key']}"
        if not 1 <= aspect["attempts"] <= 20:
            raise Refused(f"{name} has {aspect['attempts']} attempts; it must have 1 to 20.")
        if aspect["drop_best"] + aspect["drop_worst"] >= aspect["attempts"]:
            raise Refused(f"{name} drops as many attempts as it has; one must be left.")
        ways = sum(bool(aspect[way]) for way in ("table", "formula", "power", "itself"))
        if aspect["kind"] == "measured" and ways != 1:
            raise Refused(f"{name} must earn by exactly one of table, formula, power, itself.")


def _tie(tie, known):
    for name in tie.get("keys", ()):
        _known("A tie", "module", name, known["module"])
    if "module" in tie:
        _known("A tie", "module", tie["module"], known["module"])
    if tie["by"] in known:
        _known("A tie", tie["by"], tie["key"], known[tie["by"]])


def _awards(plan, parts, modules):
    for award in plan["awards"]:
        who, only = f"The award {award['key']}", award["only"]
        for what, known in (("part", parts), ("module", modules)):
            if award[what] is not None:
                _known(who, what, award[what], known)
        if ("most_age" in only or "least_age" in only) and "on" not in only:
            raise Refused(f"{who} looks at an age; only.on must say on which day.")
    for name in (plan["organisations"] or {"points": ()})["points"]:
        _known("organisations.points", "award", name, [award["key"] for award in plan["awards"]])
