"""When results may be published, when a ruling on a tie holds, and which stage was being held."""

import hashlib
import json

from contest.errors import Conflict, Invalid, NotAllowed
from contest.i18n import N_, both_names, joined
from contest.judging.rules import REOPENED_SENTENCES
from contest.numbers import read_whole
from contest.results.result_document import without_team_modules
from contest.setup.rules import Note

KINDS = {"provisional": N_("Provisional"), "final": N_("Final")}
# What the public sees was published, and is not final yet.
PUBLISHED_IN = ("provisional", "notice")
TAKEN_BACK_FROM = ("collected", "review", "decoded", *PUBLISHED_IN)
LONGEST_REASON = 500
OPEN_TIES = N_("Ties that wait for the chief judge's ruling: %(count)s (%(who)s).")
UNHANDED = N_("%(module)s: sheets not handed in: %(count)s. By judge, with the seat in brackets: %(judges)s.")
# problems() that do not keep the sheets from being in: they are settled on the way.
NOT_ABOUT_SHEETS = (
    OPEN_TIES,
    "A tie stands on the last place that goes on to the next stage (%(numbers)s).",
    "Nobody has a place yet.",
    "%(module)s: still being marked under codes; the names appear afterwards.",
)
# What two people do together, in words for the second one.
PUBLICATION = Note(N_("The results of the stage are published as provisional, as the table shows them."))
TAKING_BACK = Note(N_("The scoring is opened again for a correction; what was published stays readable."))


def stage_at(stage_now, openings, moment):
    """The stage held at a moment (None: now). openings: rows with at, from_stage; oldest first."""
    if moment is not None:
        for opening in openings:
            if opening.at > moment:
                return opening.from_stage
    return stage_now


def check_marks_known(is_hidden):
    """Single marks beside entry numbers wait until the blind modules are in."""
    if is_hidden:
        raise NotAllowed(
            "The ledger holds single marks beside entry numbers: it is given out when the blind "
            "modules are decoded."
        )


def check_opened(plan, stage, held):
    """Only a stage that was opened has figures to be counted again (None: the one being held)."""
    keys = [each.key for each in plan.stages]
    if stage in keys and held in keys and keys.index(stage) > keys.index(held):
        raise Conflict("This stage has not been opened yet.")


def ruled_order(rulings, stage, about, rows, ties):
    """{row: place among equals} from the latest rulings that name exactly one of the ties.

    rulings: rows with stage, about, order (ids, best first), oldest first. rows: {id: row}.
    ties: tuples of rows. A ruling on more, fewer or other people than are tied now says nothing.
    """
    wanted = {frozenset(tie) for tie in ties}
    found = {}
    for ruling in rulings:
        if ruling.stage != stage or ruling.about != about:
            continue
        order = [rows[one] for one in ruling.order if one in rows]
        if len(order) == len(ruling.order) and frozenset(order) in wanted:
            found.update({row: place for place, row in enumerate(order, start=1)})
    return found


def check_ruling(order, tied, reason):
    """A ruling puts exactly the tied in an order, and says why; returns the reason, tidied."""
    if not any(sorted(order) == sorted(tie) for tie in tied):
        raise Conflict(
            "These entrants are not the ones that are tied now. Look at the standings again."
        )
    return check_reason(reason)


def read_order(places):
    """Ids in the order of the typed places {id: text}; each place from 1 on is given once."""
    wrong = {}
    for one, text in places.items():
        if not 1 <= read_whole(text, 0) <= len(places):
            wrong[f"place-{one}"] = Invalid("A place from 1 to %(count)s.", count=len(places))
    if not wrong and len({int(text) for text in places.values()}) != len(places):
        wrong = {f"place-{one}": Invalid("Each place is given once.") for one in places}
    if wrong:
        raise Invalid("Give each of them a place of their own.", fields=wrong)
    return sorted(places, key=lambda one: int(places[one]))


def check_reason(reason):
    """A reason is a sentence of at most 500 characters; returned without spaces around it."""
    words = (reason or "").strip()
    if not words or len(words) > LONGEST_REASON:
        sentence = Invalid(
            "Write down the reason, in at most %(most)s characters.", most=LONGEST_REASON
        )
        raise Invalid(sentence.message, fields={"reason": sentence}, most=LONGEST_REASON)
    return words


def problems(standings, own_sheets=(), reopened=((), ()), unhanded=()):
    """Everything that keeps a table from being published: (English sentence, parameters) each.

    own_sheets: what the written sheets are called that belong to judges of the contestant's own
    organisation; reopened: those that count and were not handed in again, or not confirmed since;
    unhanded: (module, how many sheets, whose) of those never handed in. Modules stand in the parameters
    as {"module": the plan's module}.
    """
    found = sheet_problems(own_sheets, reopened, unhanded)
    found += _module_problems(standings)
    found += _tie_problems(standings)
    if names := [team.name for team in standings.teams if team.too_many]:
        found.append((
            N_("More members than the plan allows: %(names)s."), {"names": _some(names)}
        ))
    if not any(row.place for row in standings.rows):
        found.append((N_("Nobody has a place yet."), {}))
    return found


def page_of(problem):
    """The endpoint of the page that lists everything of a problem; the results' own where it does."""
    sentence, params = problem
    module = params.get("module")
    if "sheets" in params or sentence == UNHANDED or (module and module.entry == "sheets"):
        return "judging.show_chief_desk"
    kind = module.kind if module and "numbers" in params else ""
    return {"theory": "theory.list_scores", "quiz": "quiz.show_desk"}.get(kind, "results.show_results")


def sheet_problems(own_sheets, reopened, unhanded=()):
    """Those of problems() that are about single sheets."""
    sentences = (
        N_("Sheets written by judges of the contestant's own organisation: %(count)s (%(sheets)s). The "
           "chief judge strikes them out or gives them to another judge."),
        *REOPENED_SENTENCES,
    )
    return [
        (sentence, {"count": len(names), "sheets": joined(names)})
        for sentence, names in zip(sentences, (own_sheets, *reopened), strict=True) if names
    ] + [
        (UNHANDED, {"module": module, "count": count, "judges": _some(names)})
        for module, count, names in unhanded
    ]


def hidden_problems(modules):
    """What keeps results from being published while blind modules name nobody, as in problems()."""
    return [(
        N_("%(module)s: still being marked under codes; the names appear afterwards."),
        {"module": module},
    ) for module in modules]


def problems_of_halves(*halves):
    """As problems(), of standings that each look at some of the modules: what these wait for."""
    return [problem for half in halves for problem in _module_problems(half)]


def _module_problems(standings):
    found = []
    for module in standings.plan.modules_of_stage(standings.stage):
        if numbers := standings.missing.get(module.key):
            found.append((
                N_("%(module)s: still without a mark: %(count)s (%(numbers)s).")
                if module.entry == "sheets"
                else N_("%(module)s: missing scores: %(count)s (%(numbers)s)."),
                {"module": module, "count": len(numbers), "numbers": _some(numbers)},
            ))
        if numbers := standings.stuck.get(module.key):
            found.append((
                N_("%(module)s: too many judges are struck out for %(numbers)s; no mark is left."),
                {"module": module, "numbers": _some(numbers)},
            ))
        if rooms := standings.refused.get(module.key):
            found.append((
                N_("%(module)s: fewer than %(least)s marks are in from room %(rooms)s, too few to "
                   "make the rooms comparable."),
                {"module": module, "least": module.adjustment.least, "rooms": _rooms(rooms)},
            ))
    return found


def open_ties(standings):
    """The ties that nobody has ruled on, as in problems()."""
    numbers = {row.entrant_id: row.number for row in standings.rows}
    teams = {team.team_id: team.name for team in standings.teams}
    ties = [
        " = ".join(names[one] for one in tie if one in names)
        for found, names in ((standings.open_ties, numbers), (standings.open_team_ties, teams))
        for tie in found
    ]
    if not ties:
        return []
    return [(OPEN_TIES, {"count": len(ties), "who": _some(ties)})]


def _tie_problems(standings):
    yield from open_ties(standings)
    numbers = {row.entrant_id: row.number for row in standings.rows}
    on_the_line = [
        numbers[one] for tie in standings.open_ties for one in tie
        if one in standings.on_the_line and one in numbers
    ]
    if on_the_line:
        yield (
            N_("A tie stands on the last place that goes on to the next stage (%(numbers)s)."),
            {"numbers": _some(on_the_line)},
        )


def _rooms(names):
    """Names of rooms; of the entrants without a room a dash."""
    return _some([name or "–" for name in names])


def _some(names, shown=6):
    """The first few of a list of names, and how many more there are: the page lists all."""
    return joined(names, shown)


def check_publishable(problems_found):
    """Results are published only when nothing is missing."""
    if problems_found:
        refused = Conflict("Results cannot be published yet: the page lists what is missing.")
        refused.also = tuple(Conflict(sentence, **named_params(found)) for sentence, found in problems_found)
        raise refused


def named_params(params):
    """The parameters of a problem with the module's name in both languages, for a sentence by itself."""
    return {key: both_names(value) if key == "module" else value for key, value in params.items()}


def check_proposed(proposal, fingerprint):
    """A second person confirms the very figures that were proposed; Conflict for any other."""
    if proposal and proposal.details["hash"] != fingerprint:
        raise Conflict(
            "The figures have changed since this was proposed. Leave the proposal undone and propose "
            "it again."
        )


def check_chain_holds(is_whole):
    """Nothing is published from a ledger or a trail that somebody changed past the program."""
    if not is_whole:
        raise Conflict(
            "Nothing was published: the chain over the ledger and the trail does not hold. The page "
            "of the chain says which rows were changed."
        )


def check_final(state, latest, fingerprint, actor):
    """What becomes final was published as provisional, unchanged, by another person.

    latest: the last published sheet of the stage, or None. actor: who makes it final.
    """
    if state not in PUBLISHED_IN or latest is None or latest.kind != "provisional":
        raise Conflict("Publish the results as provisional first.")
    if latest.document_hash != fingerprint:
        raise Conflict(
            "The figures have changed since the provisional results were published. "
            "Publish them as provisional again first."
        )
    check_other_publisher(latest.by_id, actor)


def check_other_publisher(first_id, actor):
    """NotAllowed for whoever published the provisional results, or proposed that as the organiser."""
    if first_id == actor.user_id:
        raise NotAllowed(
            "A second person must make the results final: you published the provisional ones."
        )


def columns_of(plan, stage):
    """The columns of a stage's table: pairs ("module" | "part", piece), what is inside goes first."""
    found = []
    for part in plan.parts_of(stage):
        found += _columns_of_part(plan, part)
    return found


def _columns_of_part(plan, part):
    found = [("module", module) for module in plan.modules_of(part.key)]
    for inner in plan.parts_within(part.key):
        found += _columns_of_part(plan, inner)
    return [*found, ("part", part)]


def columns_of_table(plan, stage, rows, keys=None):
    """columns_of(), but a part that only repeats the figures of its one module is left out.

    Such a module's kind is "only": it is summed like a part. keys: the modules that are shown
    (None: all of them); a part none of whose modules is shown says nothing either.
    """
    found = columns_of(plan, stage)
    if keys is not None:
        found = [
            (kind, piece) for kind, piece in found
            if (kind == "module" and piece.key in keys)
            or (kind == "part" and any(m.key in keys for m in _modules_within(plan, piece)))
        ]
    for part in [piece for kind, piece in found if kind == "part"]:
        inside = plan.modules_of(part.key)
        if len(inside) != 1 or plan.parts_within(part.key) or ("module", inside[0]) not in found:
            continue
        key = inside[0].key
        if all(row.parts[part.key].text == row.modules[key].text for row in rows):
            at = found.index(("module", inside[0]))
            found[at : at + 2] = [("only", inside[0])]
    return found


def _modules_within(plan, part):
    inner = [module for one in plan.parts_within(part.key) for module in _modules_within(plan, one)]
    return [*plan.modules_of(part.key), *inner]


def check_reopenable(state, wanted):
    """Provisional results are taken back by one organiser, final ones by two."""
    if state == wanted or (wanted == "provisional" and state in TAKEN_BACK_FROM):
        return
    if state == "final":
        raise Conflict("Final results are taken back by two people: one proposes, another confirms.")
    raise Conflict("Only published results can be opened again.")


def check_reopening(reopening, actor_id):
    """Nobody confirms his own proposal to take final results back."""
    if reopening is None:
        raise Conflict("Nobody has proposed to open these results again.")
    if reopening.proposed_by_id == actor_id:
        raise NotAllowed(
            "A second person must confirm this: you proposed to open the results again."
        )


def check_no_reopening(reopening):
    """While it is open whether final results hold, nothing is built on them."""
    if reopening is not None:
        raise Conflict(
            "It was proposed to open these results again. Confirm or decline that first."
        )


def changed_since(latest, document):
    """The revision whose figures are no longer those of `document`; None when nothing has changed.

    latest: the last published revision of the stage, or None.
    """
    same = {fingerprint(document), fingerprint(without_team_modules(document))}
    if latest is None or latest.document_hash in same:
        return None
    return latest.revision


def decider(plan, label):
    """What a row's decided_by stands for: ("piece" | "attempt", piece), ("sum", modules),
    ("data", key), or the word itself and None: total, ruling, untrimmed, better_places, …"""
    kind, _, key = label.partition(":")
    if kind in ("part", "module", "stage"):
        return "piece", getattr(plan, kind)(key)
    if kind in ("aspect", "attempt"):
        module, _, aspect = key.partition(".")
        piece = plan.module(module).aspect(aspect)
        return ("piece" if kind == "aspect" else kind), piece
    if kind == "sum":
        return kind, [plan.module(each) for each in key.split("+")]
    return kind, key or None


def steps_without(plan, steps, modules):
    """The steps of a receipt that say no single mark of these modules."""
    hidden = [piece for module in modules for piece in (module, *module.panels, *module.aspects)]

    def is_told(step):
        about = step.about
        if about is None and "key" in step.params:
            kind, piece = decider(plan, step.params["key"])
            about = piece if kind in ("piece", "attempt") and piece not in modules else None
        return about not in hidden

    return [step for step in steps if is_told(step)]


def fingerprint(document):
    """The hash of a result document: SHA-256 of its canonical JSON."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
