"""Which differences between two plans the marks and the codes that are already there forbid."""

from dataclasses import replace

from contest.scoring.scheme import Problem
from contest.scoring.units import text_of
from contest.setup.rules import stage_of


def kept_marks_problems(old, new, marked):
    """What the new plan would do to marks that are already there, as problems.

    old, new: Plans. marked: set of (module key, aspect key), aspect "" for a score without sheets.
    """
    problems = []
    for key in sorted({module for module, _ in marked}):
        aspects = sorted(aspect for module, aspect in marked if module == key and aspect)
        problems += _module_problems(old, new, key, aspects)
    return problems


def kept_codes_problems(old, new, closed):
    """What the new plan would tell of who is behind the codes of these stages, as problems.

    A module that is no longer blind would show names beside them, without the step of decoding and
    its two people; taken out and put in again, or held in another stage, it would as well.
    """
    problems = []
    for module in old.modules:
        stage = stage_of(old, module.key)
        if not (module.blind and module.entry == "sheets" and stage in closed):
            continue
        at = _index_of(new.modules, module.key)
        now = None if at is None else new.modules[at]
        if now and now.blind and now.entry == "sheets" and stage_of(new, module.key) == stage:
            continue
        problems.append(Problem(
            "modules" if at is None else f"modules[{at}].blind",
            "Codes are drawn for module %(module)s: until they are decoded it stays in its stage, is "
            "marked on sheets and stays blind.",
            {"module": module.key},
        ))
    return problems


def _index_of(things, key):
    return next((index for index, thing in enumerate(things) if thing.key == key), None)


def _module_problems(old, new, key, aspects):
    before_at, at = _index_of(old.modules, key), _index_of(new.modules, key)
    if before_at is None:
        return
    if at is None:
        yield Problem(
            "modules", "Module %(module)s already has marks, so it cannot be removed.",
            {"module": key},
        )
        return
    before, after, path = old.modules[before_at], new.modules[at], f"modules[{at}]"
    if before.entry != after.entry:
        yield Problem(
            f"{path}.entry",
            "Module %(module)s already has marks, so the way they come in cannot change.",
            {"module": key},
        )
        return
    if after.entry == "scores" and (after.max < before.max or after.lowest > before.lowest):
        yield Problem(
            f"{path}.max",
            "Module %(module)s already has scores from %(lowest)s to %(top)s, "
            "so its top mark cannot be lower, nor its lowest higher.",
            {"module": key, "lowest": text_of(before.lowest), "top": text_of(before.max)},
        )
    yield from _seat_problems(before, after, path)
    yield from _range_problems(before, after, path)
    for aspect in aspects:
        yield from _aspect_problems(before, after, aspect, path)


def _seat_problems(before, after, path):
    """Marks stand with a seat, and seats are numbered panel after panel."""
    if not before.panels and not after.panels:
        if after.seats < before.seats:
            yield Problem(
                f"{path}.panel.judges",
                "Module %(module)s is already being marked by %(judges)s judges; "
                "there cannot be fewer. The chief judge can excuse a seat instead.",
                {"module": before.key, "judges": before.seats},
            )
        return
    owners = [[p.key for p in module.all_panels for _ in range(p.judges)] for module in (before, after)]
    if owners[1][: len(owners[0])] != owners[0]:
        yield Problem(
            f"{path}.panels",
            "The panels of module %(module)s are already marking: each keeps its key, its place "
            "and its judges. Only the last panel can grow, and a new one comes after it.",
            {"module": before.key},
        )


def _range_problems(before, after, path):
    """What the chief judge and the entrants may have brought already must stay allowed."""
    was, now = before.difficulty, after.difficulty
    if was and now and (
        now.lowest > was.lowest or now.highest < was.highest or now.places < was.places
    ):
        yield Problem(
            f"{path}.difficulty",
            "Module %(module)s already has marks, so its degrees of difficulty can only be "
            "more than %(lowest)s to %(highest)s.",
            {"module": before.key, "lowest": text_of(was.lowest), "highest": text_of(was.highest)},
        )
    if before.adjust is not None and (after.adjust or 0) < before.adjust:
        yield Problem(
            f"{path}.adjust",
            "Module %(module)s already has marks, so the chief judge may adjust them by "
            "%(adjust)s points, not by less.",
            {"module": before.key, "adjust": text_of(before.adjust)},
        )


def _panel_of(module, key):
    return next(c.panel for c in module.criteria if key in {aspect.key for aspect in c.aspects})


def _aspect_problems(before, after, key, path):
    was = next((aspect for aspect in before.aspects if aspect.key == key), None)
    if was is None:
        return
    place = {"module": after.key, "aspect": key}
    for c, criterion in enumerate(after.criteria):
        for a, now in enumerate(criterion.aspects):
            if now.key == key:
                if criterion.panel != _panel_of(before, key):
                    yield Problem(
                        f"{path}.criteria[{c}].panel",
                        "Aspect %(aspect)s of module %(module)s already has marks, "
                        "so it stays with its panel.",
                        place,
                    )
                yield from _kind_problems(was, now, place, f"{path}.criteria[{c}].aspects[{a}]")
                return
    yield Problem(
        path, "Aspect %(aspect)s of module %(module)s already has marks, so it cannot be removed.",
        place,
    )


def _kind_problems(was, now, place, path):
    if was.kind != now.kind:
        yield Problem(
            f"{path}.kind",
            "Aspect %(aspect)s of module %(module)s already has marks, "
            "so its kind of marking cannot change.",
            place,
        )
    elif line := _moved_line(was, now):
        yield Problem(
            path,
            "Aspect %(aspect)s of module %(module)s already has marks, and they mean “%(line)s” by its "
            "place: it keeps its place and its name. Its points can change.",
            place | {"line": line},
        )
    elif any(check(was, now) for check in (_fewer_attempts, *NARROWER[was.kind])):
        yield Problem(
            path,
            "Aspect %(aspect)s of module %(module)s already has marks that this change would make "
            "impossible: what could be entered must stay possible.",
            place,
        )


def _fewer_attempts(was, now):
    # The mark of one attempt is kept as it is, that of several as a list.
    return now.attempts < was.attempts or (now.attempts > 1) != (was.attempts > 1)


def _top_of_attempt(aspect):
    # A draft may drop more attempts than there are; marks.top_of_attempt takes whole plans only.
    kept = max(aspect.attempts - aspect.drop_best - aspect.drop_worst, 1)
    return aspect.max // kept if aspect.take == "sum" else aspect.max


# Of these, marks name a line by its place; of grades, by its key.
_LINES = {"deductions": "reasons", "checklist": "items", "judgement": "levels", "grade": "grades"}


def _moved_line(was, now):
    """The name of the first line that marks would no longer find under its name, or ""."""
    if was.kind not in _LINES:
        return ""
    before, after = getattr(was, _LINES[was.kind]), getattr(now, _LINES[was.kind])
    if was.kind == "grade":
        there = {grade.key: grade for grade in after}
        pairs = [(grade, there[grade.key]) for grade in before if grade.key in there]
    else:
        pairs = zip(before, after, strict=False)
    return next((old.name for old, new in pairs if _is_renamed(old, new)), "")


def _is_renamed(old, new):
    # A translation may be added where there was none.
    return old.name != new.name or (bool(old.name_en) and old.name_en != new.name_en)


def touched_aspects(old, new, marked):
    """Pairs (module, aspect) of the new plan whose given marks it counts by something else than before."""
    touched = []
    for module in new.modules:
        before = next((one for one in old.modules if one.key == module.key), None)
        known = {aspect.key: aspect for aspect in before.aspects} if before else {}
        touched += [
            (module, aspect) for aspect in module.aspects
            if (module.key, aspect.key) in marked and _counting(known.get(aspect.key)) != _counting(aspect)
        ]
    return touched


def _counting(aspect):
    # How far judges may lie apart, and what is a record, is only shown; no mark counts by it.
    return aspect and replace(aspect, apart=None, record=False)


def _fewer_reasons(was, now):
    return len(now.reasons) < len(was.reasons) or any(
        after.most < before.most for before, after in zip(was.reasons, now.reasons, strict=False)
    )


NARROWER = {
    "points": (
        lambda was, now: _top_of_attempt(now) < _top_of_attempt(was),
        lambda was, now: was.step % now.step != 0,
    ),
    "deductions": (_fewer_reasons,),
    "checklist": (lambda was, now: len(was.items) != len(now.items),),
    "judgement": (),
    "measured": (
        lambda was, now: now.places < was.places,
        lambda was, now: now.lowest > was.lowest or now.highest < was.highest,
    ),
    "grade": (lambda was, now: {g.key for g in was.grades} - {g.key for g in now.grades},),
    "rank": (),
}
