"""Which rooms a contest's desk offers first: those that its kind and its state call for."""

from dataclasses import dataclass

from contest.i18n import N_

PREPARED_IN = ("setup", "registration")
MARKED_IN = ("registration", "scoring", "collected", "review", "decoded")
COUNTED_IN = ("scoring", "collected", "review", "decoded")
PUBLISHED_IN = ("provisional", "notice")
SHOWN_IN = (*COUNTED_IN, *PUBLISHED_IN)
OVER_IN = ("final", "archived")
# Somebody for whom so few doors open is shown all of them.
FEW = 6


@dataclass(frozen=True)
class Door:
    """A room of a contest. states: in which it is called for; asks: what the contest must hold for it."""

    endpoint: str
    label: str
    icon: str
    hint: str
    states: tuple = ()
    asks: str = ""


# In the order of a contest's life; a room that does not exist yet is left out.
DOORS = (
    Door("setup.show_plan", N_("Plan"), "scale", N_("Stages, weights, marking scheme, prizes"),
         (*PREPARED_IN, *COUNTED_IN)),
    Door("people.list_entrants", N_("Contestants"), "users", N_("Teams, rosters, check-in"),
         (*PREPARED_IN, "scoring")),
    Door("selection.show_desk", N_("Selection"), "award", N_("Call, nominations, conditions, list"),
         (*PREPARED_IN, *SHOWN_IN, *OVER_IN), "selection"),
    Door("people.list_messages", N_("Messages"), "megaphone", N_("What those who take part are told"),
         ("registration", "scoring")),
    Door("people.list_judges", N_("Judges"), "gavel", N_("Specialities and cards"),
         (*PREPARED_IN, "scoring"), "sheets"),
    Door("people.list_panels", N_("Panels"), "clipboard-list", N_("Who marks which module"),
         (*PREPARED_IN, "scoring"), "sheets"),
    Door("draw.show_draw", N_("Draw and codes"), "shuffle", N_("Order and blind codes"),
         ("registration", "scoring"), "sheets"),
    Door("theory.list_scores", N_("Theory scores"), "book-open", N_("Import or enter scores"),
         MARKED_IN, "theory"),
    Door("quiz.show_desk", N_("Quiz desk"), "clock", N_("Points and times, entered beside the stage."),
         MARKED_IN, "quiz"),
    Door("judging.show_chief_desk", N_("Judging"), "tablet", N_("Panels and contestants at a glance"),
         COUNTED_IN, "sheets"),
    Door("paper.list_papers", N_("Sheets on paper"), "file-text", N_("Print sheets, type them in"),
         ("scoring",), "sheets"),
    Door("checks.show_review", N_("Review"), "circle-check", N_("Sheets checked against paper or receipt"),
         ("collected", "review", "decoded"), "review"),
    Door("checks.list_signatures", N_("Signatures"), "stamp", N_("Judges, chief judge, supervisor"),
         (*COUNTED_IN, "provisional"), "signing"),
    Door("setup.list_proposals", N_("Waiting for a second person"), "users", N_("What two people do"),
         SHOWN_IN, "four_eyes"),
    Door("results.show_results", N_("Results"), "trophy", N_("Standings, ties, publication"),
         (*SHOWN_IN, *OVER_IN)),
    Door("board.show_switches", N_("Leaderboard"), "monitor", N_("Freeze and reveal"), SHOWN_IN),
    Door("review.show_register", N_("Appeals"), "gavel", N_("Announce results, decide on appeals"),
         ("decoded", *PUBLISHED_IN)),
    Door("review.show_notice", N_("Public notice"), "flag", N_("The list before the public, objections"),
         PUBLISHED_IN, "notice"),
    Door("review.show_corrections", N_("Corrections"), "pencil", N_("What a later revision changed, and why"),
         (*PUBLISHED_IN, "final")),
    Door("awards.show_awards", N_("Awards"), "award", N_("Prizes, titles, lists"), (*PUBLISHED_IN, *OVER_IN)),
    Door("ceremony.show_desk", N_("Ceremony"), "megaphone", N_("Screens and the reveal"),
         ("decoded", *PUBLISHED_IN)),
    Door("accounts.list_accounts", N_("Accounts and roles"), "key-round", N_("Who may do what"),
         PREPARED_IN),
    Door("tokens.list_tokens", N_("Tokens"), "key-round",
         N_("What programs may read and do through the API.")),
    Door("audit.show_trail", N_("Trail"), "history", N_("Who did what, and when")),
)


def kinds_held(plan, procedure):
    """The words of `Door.asks` that a plan and a procedure answer; a contest without a plan may hold all."""
    held = {word for word in ("review", "signing", "notice", "four_eyes") if getattr(procedure, word)}
    if plan is None:
        return held | {"sheets", "theory", "quiz"}
    return held | kinds_of(plan)


def kinds_of(plan):
    """Which of sheets, theory and quiz the modules of a plan are marked by."""
    return {
        "sheets" if module.entry == "sheets" else "theory" if module.kind == "theory" else "quiz"
        for module in plan.modules
    }


def split(pairs, state, held):
    """(what is called for, the rest) of (Door, address), each in the order of a contest's life."""
    if len(pairs) <= FEW:
        return pairs, []
    first = [
        pair for pair in pairs if state in pair[0].states and (not pair[0].asks or pair[0].asks in held)
    ]
    return first, [pair for pair in pairs if pair not in first]
