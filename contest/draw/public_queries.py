"""What everybody may know of a contest's draws: numbers and fingerprints, no name, no map before its time."""

from dataclasses import dataclass

from contest.draw import queries
from contest.draw.models import Draw, DrawSeed
from contest.errors import Missing
from contest.setup.queries import find_plan_in_force, get_contest_by_slug

# Officials read a map when it is decoded; the public when the results have been before it.
SHOWN = ("notice", "final", "archived")
# Later areas say here what the public must not be told yet: fn(contest id, stage) -> True for a stage whose
# results it has not seen, whatever the contest's state says.
HIDES = []


@dataclass(frozen=True)
class PublicDraw:
    """One draw. document: what stands in its file, or None while that is hidden or where there is none.

    layer: the name of the layer of codes, or "". count: codes that are in use. is_replaced: another
    draw of the same has come after it, and kept nothing of it.
    """

    draw: Draw
    layer: str
    count: int
    witnesses: tuple
    reason: str
    is_hidden: bool
    is_replaced: bool
    document: dict | None


@dataclass(frozen=True)
class PublicStage:
    """The draws of a stage, the latest of each kind first, and the seeds that are sealed for the next ones.

    seals: pairs (what is drawn next: order, paper or the name of a layer, DrawSeed). order: the standing
    order's rows [entry number, place, batch, station], or ().
    """

    stage: object
    seals: tuple[tuple[str, DrawSeed], ...]
    draws: tuple[PublicDraw, ...]
    order: tuple = ()


def get_public_contest(slug):
    """The contest of a public address, or Missing when the public may not see it."""
    contest = get_contest_by_slug(slug)
    if not contest.is_public:
        raise Missing("There is no such contest.")
    return contest


def public_draws(contest):
    """The PublicStages in which something was drawn or is sealed, in the plan's order."""
    in_force = find_plan_in_force(contest.id)
    found = [_stage(contest, one) for one in in_force.plan.stages] if in_force else []
    return [one for one in found if one.draws or one.seals]


def public_file(contest, draw_id):
    """A draw whose file everybody may have, and the document in it; Missing for any other.

    The same answer for one that is hidden and one that is not there.
    """
    draw = queries.find_draw(contest.id, draw_id)
    document = _document(contest, draw)
    if document is None:
        raise Missing("There is no such draw.")
    return draw, document


def _document(contest, draw):
    is_open, document = queries.published_file(draw)
    is_known = draw.kind != "codes" or queries.order_behind(draw) is not None
    return document if is_open and (is_known or _was_shown(contest, draw.stage)) else None


def _was_shown(contest, stage):
    if any(hides(contest.id, stage) for hides in HIDES):
        return False
    return queries.is_past(contest, stage, SHOWN)


def _stage(contest, stage):
    layers = queries.layers(contest.id, stage.key)
    kinds = [(kind, 0, "", kind) for kind in ("order", "paper")]
    kinds += [("codes", one.number, one.name, one.name) for one in layers]
    draws, seals, order = [], [], ()
    for kind, number, layer, word in kinds:
        lines = queries.list_draws(contest.id, stage.key, number, kind)
        draws += _lines(contest, lines, layer)
        if (seal := queries.find_seal(contest.id, stage.key, kind, number)) is not None:
            seals.append((word, seal))
        if kind == "order" and lines:
            order = tuple(lines[0].document.get("drawn", ()))
    return PublicStage(stage, tuple(seals), tuple(draws), order)


def _lines(contest, lines, layer):
    for at, line in enumerate(lines):
        follower = lines[at - 1] if at else None
        is_replaced = not line.count if layer else bool(follower and "kept" not in follower.document)
        document = _document(contest, line.draw)
        is_hidden = document is None and bool(line.draw.file)
        yield PublicDraw(
            line.draw, layer, line.count, line.witnesses, line.reason, is_hidden, is_replaced, document
        )
