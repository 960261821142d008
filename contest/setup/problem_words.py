"""What is wrong in a plan, told on a page: with the names that people gave, not with keys."""

import re
from dataclasses import replace

from contest.i18n import pick_name

# One term of a sum as the checks write it: a key and its weight.
TERM = re.compile(r"(\S+) (?=[0-9.]+(?: [+=] |$))")


def with_names(problem, plan, language):
    """The same problem with the names of its stage, part and module, also within a sum of weights."""
    known = {
        "stage": _names(plan.stages, language), "part": _names(plan.parts, language),
        "module": _names(plan.modules, language),
    }
    params = {
        word: known[word].get(value, value) if word in known else value
        for word, value in problem.params.items()
    }
    # A stage adds up its parts; a part its modules and the parts within it. Aspects are known by keys.
    names = {}
    if "stage" in params:
        names = known["part"]
    elif "part" in params:
        names = {**known["part"], **known["module"]}
    if "terms" in params:
        params["terms"] = TERM.sub(lambda term: f"{names.get(term[1], term[1])} ", params["terms"])
    return replace(problem, params=params)


def _names(things, language):
    return {thing.key: pick_name(thing, language) or thing.key for thing in things}
