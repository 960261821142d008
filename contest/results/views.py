"""Which marks a standing looks at while blind modules name nobody: two halves that never meet.

By name: everything but the blind modules. By code: the blind modules alone, and nothing personal.
Marks outside a view are not in its arithmetic at all, so nothing in it can follow from them.
"""

from dataclasses import dataclass, replace

BY_MODULE = (
    "raw", "given", "submitted", "excused", "score", "score_given", "module_state", "adjustment",
    "difficulty", "difficulty_given",
    # A penalty on a part or stage may have been given under a name or under a code: it waits.
    "penalty",
)
PERSONAL = ("group", "organisation", "room", "person", "gender", "employment", "titles", "team")


@dataclass(frozen=True)
class View:
    """One half. modules: the keys of those whose marks are in it; by_code: whom it is about."""

    modules: frozenset
    by_code: bool

    def of_book(self, book):
        """The scoring Book with the marks of this view only."""
        kept = {
            name: {key: value for key, value in getattr(book, name).items() if key in self.modules}
            for name in BY_MODULE
        }
        if self.by_code:
            kept |= dict.fromkeys(PERSONAL) | {"teams": (), "team_ruling": None}
            kept |= {"data": {}, "data_given": {}}
        return replace(book, **kept)

    def of_standings(self, official):
        """OfficialStandings without what only the whole can say: ties, prizes, who goes on."""
        def inside(found):
            return {key: value for key, value in found.items() if key in self.modules}

        return replace(
            official, missing=inside(official.missing), stuck=inside(official.stuck),
            refused=inside(official.refused), open_ties=(), open_team_ties=(),
            goes_on=frozenset(), on_the_line=frozenset(), organisations=(), view=self,
        )


def halves(plan, hidden):
    """(the View by name, the View by code) while the marks of these modules name nobody."""
    keys = frozenset(module.key for module in hidden)
    others = frozenset(module.key for module in plan.modules) - keys
    return View(others, False), View(keys, True)


def public_half(plan, stage, hidden):
    """The View that the public board shows: whichever half has more of what judges mark.

    By code where at least half of the stage's modules on sheets are hidden, else by name.
    """
    named, coded = halves(plan, hidden)
    on_sheets = [module for module in plan.modules_of_stage(stage) if module.entry == "sheets"]
    return coded if 2 * len(hidden) >= len(on_sheets) else named
