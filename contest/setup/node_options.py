"""What can be picked in the boxes of a node's form, in the language of this request."""

from flask_babel import gettext

from contest.scoring.scheme import Tie
from contest.setup.mark_sentences import name_of
from contest.setup.node_forms import tie_values
from contest.setup.plan_words import CHOICES
from contest.setup.sentences import tie_subject


def options_of(plan, address, node):
    """Pairs (word, text) for each name that a box gives for its options."""
    steps = address.split(".")
    module = plan.modules[int(steps[1])] if steps[0] == "modules" else None
    awards = [(award.key, name_of(award)) for award in plan.awards]
    before = awards[: int(steps[1])] if steps[0] == "awards" else awards
    return {
        "part": [(part.key, name_of(part)) for part in plan.parts],
        "place": _places(plan, node),
        "panel": [(panel.key, name_of(panel)) for panel in module.panels] if module else [],
        "award": awards,
        "unless": _with_stale(before, node.get("unless", ())),
        "looks": _looks(plan),
        "step": [(key, gettext(words)) for key, words in CHOICES["steps"].items()],
        "tie": _ties(plan, node),
    }


def _places(plan, node):
    stages = [(f"stage:{stage.key}", name_of(stage)) for stage in plan.stages]
    inside = _parts_inside(plan, node.get("key"))
    parts = [
        (f"part:{part.key}", gettext("within “%(name)s”", name=name_of(part)))
        for part in plan.parts if part.key not in inside
    ]
    return stages + parts


def _parts_inside(plan, key):
    """The part itself and all parts in it: it cannot stand within one of these."""
    inside = {key}
    while more := {part.key for part in plan.parts if part.within in inside} - inside:
        inside |= more
    return inside


def _looks(plan):
    return [
        ("", gettext("the total")), ("any", gettext("any module")),
        *((f"part:{part.key}", name_of(part)) for part in plan.parts),
        *((f"module:{module.key}", name_of(module)) for module in plan.modules),
    ]


def _ties(plan, node):
    """Everything by which equals could be separated; the last two are named at the side."""
    ties = [Tie("part", part.key) for part in plan.parts]
    ties += [Tie("module", module.key) for module in plan.modules]
    ties += [Tie("stage", stage.key) for stage in plan.stages[:-1]]
    for module in plan.modules:
        for aspect in (aspect for aspect in module.aspects if aspect.kind != "rank"):
            ties.append(Tie("aspect", aspect.key, module.key))
            if aspect.attempts > 1:
                ties.append(Tie("attempt", aspect.key, module.key))
    ties += [Tie("untrimmed"), Tie("better_places")]
    options = [(_word(tie), tie_subject(tie, plan)) for tie in ties]
    options += [
        ("data:", gettext("a recorded number, named at the side")),
        ("sum:", gettext("the sum of the modules named at the side")),
    ]
    used = [*node.get("ties", ()), *filter(None, [node.get("advance_by")])]
    return _with_stale(options, [tie_values("tie", tie)["tie"] for tie in used])


def _word(tie):
    return f"{tie.by}:" + ".".join(filter(None, [tie.module, tie.key]))


def _with_stale(options, used):
    """What is chosen but no longer there is shown by its key, so that it can be taken away."""
    known = {word for word, _ in options}
    return [*options, *((word, word) for word in dict.fromkeys(used) if word not in known)]
