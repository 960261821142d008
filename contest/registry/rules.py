"""Who is on the register, and what the public may see of a person."""

from datetime import date

from contest.errors import Conflict, Invalid
from contest.i18n import N_

# The ladder of a craftsman, lowest first.
LEVELS = ("优秀选手", "技术骨干", "技术能手", "工匠")

HONOUR_STATES = {
    "granted": N_("Granted, not listed yet"), "listed": N_("Listed"), "revoked": N_("Revoked"),
}
# What the public may know of; what was granted waits for the list.
PUBLIC_STATES = ("listed", "revoked")


def higher_level(present, offered):
    """The higher of two levels; a level that the ladder does not know never replaces one that it does."""
    def height(level):
        return LEVELS.index(level) if level in LEVELS else -1

    return offered if offered and height(offered) > height(present) else present or offered


def level_of(honours):
    """The highest level among honours still in force; "" without one. honours: rows, as Honour."""
    level = ""
    for honour in honours:
        if honour.state == "listed":
            level = higher_level(level, honour.level)
    return level


def read_day(text):
    """A date written year-month-day, from 1900 to 2100; Invalid otherwise."""
    try:
        day = date.fromisoformat((text or "").strip())
    except ValueError:
        raise Invalid("Write the date as year-month-day, for example 2026-11-23.") from None
    check_year(day)
    return day


def check_year(day):
    """A day or moment of 1900 to 2100: further off it is a slip, and no clock counts there; Invalid."""
    if not 1900 <= day.year <= 2100:
        raise Invalid("The year lies between 1900 and 2100.")


def check_listable(state):
    """Only what was granted, and is not on the list yet, can be put on it."""
    if state != "granted":
        raise Conflict("This honour does not wait to be listed.")


def check_revocable(state):
    """Only an honour in force can be revoked."""
    if state not in ("granted", "listed"):
        raise Conflict("This honour has been revoked already.")


def check_compared(is_checked):
    """Whoever confirms says that the lines were compared with the signed decision."""
    if not is_checked:
        raise Invalid("Tick that you have compared the chosen lines with the signed decision.")


def public_lines(document, is_public, winner_id, team_id=None, annulled=()):
    """The lines of a published record that the public may read, (entrants, teams), best first.

    Whoever has no place is left out: the public list does not say why either. Of a contest that is
    not public only the own line of the winner, a person or a team, is shown. annulled: ids of entrants whose
    results were annulled since; they are left out as well.
    """
    placed = [row for row in document["rows"] if row["place"] and row["entrant_id"] not in annulled]
    teams = [team for team in document.get("teams", ()) if team["place"]]
    if not is_public:
        own = [row for row in placed if winner_id is not None and row["entrant_id"] == winner_id]
        return own, [team for team in teams if team_id is not None and team["team_id"] == team_id]
    return placed, teams


def check_not_frozen(cutoff):
    """The register is public: nothing goes onto it that the frozen board still hides."""
    if cutoff is not None:
        raise Conflict("The public board is frozen; honours go onto the register after the reveal.")
