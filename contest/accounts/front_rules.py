"""Which doors the front page offers to whom."""

from dataclasses import dataclass, replace

from contest.i18n import N_

# A contest's state in words for the public, with the kind of its badge.
PUBLIC_STATES = {
    "setup": ("idle", N_("In preparation")),
    "registration": ("info", N_("Open for registration")),
    "scoring": ("active", N_("Being held now")),
    "collected": ("active", N_("Marks are being checked")),
    "review": ("active", N_("Marks are being checked")),
    "decoded": ("active", N_("Marks are being checked")),
    "provisional": ("provisional", N_("Provisional results")),
    "notice": ("provisional", N_("Results on public notice")),
    "final": ("final", N_("Results are final")),
    "archived": ("locked", N_("Closed")),
}
LIVE_STATES = ("scoring", "collected", "review", "decoded", "provisional", "notice")
OVER_STATES = ("final", "archived")


# Nothing can be done behind these doors once the results are final.
ENDS_WITH_CONTEST = ("judging.my_sheets",)


@dataclass(frozen=True)
class Task:
    """A door to somebody's work; afterwards: what is behind it once the contest is over, if not the same."""

    roles: tuple
    endpoint: str
    icon: str
    title: str
    text: str
    afterwards: str = ""


# A later area says here of which accounts (by id) it keeps a page of their own: they begin there.
HAS_OWN_PAGE = []
TASKS_IN_CONTEST = (
    Task(("organiser",), "setup.desk", "settings", N_("Organise the contest"),
         N_("Plan, people, judges, results and what the public sees.")),
    Task(("chief_judge",), "judging.show_chief_desk", "gavel", N_("Chief judge's desk"),
         N_("All panels at a glance, sheets to reopen, ties to rule on."),
         N_("How the panels marked.")),
    Task(("judge",), "judging.my_sheets", "tablet", N_("Mark my sheets"),
         N_("The contestants of your panels, one sheet each.")),
    Task(("coding_judge",), "draw.show_draw", "shuffle", N_("Draw and codes"),
         N_("Hold the draw and keep the list of codes."), N_("Who stood behind which code.")),
    Task(("clerk",), "theory.list_scores", "file-spreadsheet", N_("Theory scores"),
         N_("Enter scores or import a file."), N_("The scores as they were entered.")),
    Task(("clerk", "host"), "quiz.show_desk", "clock", N_("Quiz desk"),
         N_("Points and times, entered beside the stage."), N_("The scores as they were entered.")),
    Task(("clerk",), "paper.list_papers", "file-text", N_("Sheets on paper"),
         N_("Type in what judges marked on paper."), N_("What came in on paper.")),
    Task(("contact",), "people.my_unit", "building-2", N_("My unit"),
         N_("Teams and contestants of your unit.")),
    Task(("contact",), "review.show_unit_appeals", "gavel", N_("Appeals of my unit"),
         N_("File an appeal for your own people.")),
    Task(("clerk",), "review.show_register", "clipboard-list", N_("Appeals"),
         N_("Enter appeals and objections that came on paper.")),
    Task(("host",), "board.show_switches", "megaphone", N_("The wall screen"),
         N_("Freeze the board and reveal it at the ceremony.")),
    Task(("host",), "ceremony.show_desk", "megaphone", N_("Ceremony"), N_("Screens and the reveal")),
    Task(("supervisor", "chief_judge", "organiser"), "audit.show_trail", "history", N_("Trail"),
         N_("Who did what and when, with old and new values.")),
    Task(("organiser",), "tokens.list_tokens", "key-round", N_("Tokens"),
         N_("What programs may read and do through the API.")),
)
# A supervisor reads every page of a contest, so every one is offered: nothing is found by its address.
READ_BY_SUPERVISOR = (
    ("setup.desk", "flag", N_("The contest's desk"), N_("How far the contest is, and what waits.")),
    ("setup.show_plan", "scale", N_("Plan"), N_("Stages, weights, marking scheme, prizes")),
    ("setup.show_procedure", "route", N_("Road to the results"), N_("Which steps are held, and how.")),
    ("setup.list_proposals", "users", N_("Waiting for a second person"),
     N_("What was proposed and who may confirm it.")),
    ("people.list_entrants", "users", N_("Contestants"), N_("Teams, rosters, check-in")),
    ("people.show_arrivals", "circle-check", N_("Check-in"), N_("Who has arrived.")),
    ("people.list_units", "building-2", N_("Units and teams"),
     N_("Who was invited, and who has registered.")),
    ("selection.show_desk", "award", N_("Selection"), N_("Call, nominations, conditions, list")),
    ("people.list_messages", "megaphone", N_("Messages"), N_("What those who take part are told")),
    ("people.list_judges", "gavel", N_("Judges"), N_("Specialities and cards")),
    ("people.list_panels", "clipboard-list", N_("Panels"), N_("Who marks which module")),
    ("people.list_recusals", "ban", N_("Recusals"), N_("Which judge keeps away from whom.")),
    ("draw.show_draw", "shuffle", N_("Draw and codes"), N_("Order and blind codes")),
    ("draw.show_order", "list-checks", N_("Starting order and papers"),
     N_("Drawn from a seed that was fixed before.")),
    ("theory.list_scores", "book-open", N_("Theory scores"), N_("The scores as they were entered.")),
    ("quiz.show_desk", "clock", N_("Quiz desk"), N_("Points and times, entered beside the stage.")),
    ("figures.list_columns", "file-spreadsheet", N_("Recorded figures"),
     N_("Difficulties, times and whatever else was recorded.")),
    ("judging.show_chief_desk", "tablet", N_("Judging"), N_("Panels and contestants at a glance")),
    ("judging.show_tablets", "wifi", N_("Tablets"), N_("Last contact, and what is not yet sent.")),
    ("judging.list_keys", "shield-check", N_("Signed marks"),
     N_("Which tablets are admitted, and what is signed.")),
    ("accounts.list_judges_sessions", "key-round", N_("Signed-in judges"),
     N_("On which devices judges are signed in.")),
    ("judging.list_flags", "triangle-alert", N_("Reports of judges"), N_("What is wrong, and the answers.")),
    ("judging.show_decoding", "key-round", N_("Decoding"), N_("From codes to names, by two people.")),
    ("paper.list_papers", "file-text", N_("Sheets on paper"), N_("What came in on paper.")),
    ("checks.show_review", "clipboard-check", N_("Review"), N_("Sheets compared again with paper.")),
    ("checks.list_signatures", "stamp", N_("Signatures"), N_("Who has signed, and for what.")),
    ("checks.show_sample", "search", N_("Compare with paper"), N_("Which sheets, and what was found.")),
    ("audit.show_chain", "shield-check", N_("Chain"), N_("Whether anything was changed past the program.")),
    ("witnesses.list_witnesses", "users", N_("Witnesses of the chain"), N_("Who outside keeps the heads.")),
    ("results.show_agreement", "scale", N_("Panel health"), N_("How far the judges of a panel agree.")),
    ("results.show_results", "trophy", N_("Results"), N_("Standings, ties, publication")),
    ("results.show_what_if", "refresh-cw", N_("What if"), N_("What another plan would change.")),
    ("board.show_switches", "monitor", N_("Leaderboard"), N_("Freeze and reveal")),
    ("review.show_register", "gavel", N_("Appeals"), N_("Announce results, decide on appeals")),
    ("review.show_notice", "flag", N_("Public notice"), N_("The list before the public, objections")),
    ("review.show_corrections", "pencil", N_("Corrections"),
     N_("What a later revision changed, and why")),
    ("awards.show_awards", "award", N_("Awards"), N_("Prizes, titles, lists")),
    ("awards.show_annulments", "ban", N_("Annulments"), N_("What was taken away after the grant, and why.")),
    ("awards.show_certificates", "award", N_("Certificates"), N_("What was issued, replaced, revoked.")),
    ("awards.list_nominations", "file-text", N_("Nominations"), N_("Who is put forward for which title.")),
    ("ceremony.show_desk", "megaphone", N_("Ceremony"), N_("Screens and the reveal")),
    ("ceremony.list_screens", "monitor", N_("Screens"), N_("What each screen shows")),
)
TASKS_IN_CONTEST += tuple(Task(("supervisor",), *door) for door in READ_BY_SUPERVISOR)
TASKS_EVERYWHERE = (
    Task(("curator",), "registry.show_curation", "award", N_("Registry of craftsmen"),
         N_("Confirm honours and keep craftsmen's pages.")),
    Task(("curator", "organiser"), "points.show_office", "book-open", N_("Ledger of points"),
         N_("Book points, take them back, publish lists.")),
    Task(("curator", "organiser"), "theory.list_banks", "book-open", N_("Question banks"),
         N_("Which banks there are for each trade and grade, who keeps them, and until when they hold.")),
    Task(("service_officer",), "member_services.show_desk", "handshake", N_("Member services"),
         N_("Answer the applications that are waiting.")),
    Task(("service_officer", "curator"), "members.list_people", "user-check", N_("People"),
         N_("Own pages, one-time codes, requests about personal data.")),
    Task(("organiser",), "accounts.list_accounts", "users", N_("Accounts"),
         N_("Everybody who can sign in, and their roles.")),
    Task(("organiser",), "setup.show_calendar", "calendar", N_("Working days"),
         N_("Holidays and adjusted working days, by which notices and answers are due.")),
    Task(("organiser",), "audit.show_trail", "history", N_("Trail"),
         N_("Who did what and when, with old and new values.")),
    Task(("organiser", "service_officer"), "tokens.list_house_tokens", "key-round", N_("Tokens"),
         N_("What programs may read and do through the API.")),
    Task(("organiser",), "webhooks.list_webhooks", "megaphone", N_("Webhooks"),
         N_("Which outside systems are told of honours and services, and what they took.")),
    Task(("organiser",), "letters.list_notices", "inbox", N_("News to people"),
         N_("What was told by mail or text message, and what could not be.")),
)


def tasks_in(person, contest_id, state="scoring"):
    """What a person may do in one contest while it is in a state, in order."""
    doors = {}
    for task in TASKS_IN_CONTEST:
        if person.has_any(task.roles, contest_id):
            # Of several roles that lead to one page, the first names it.
            doors.setdefault(task.endpoint, task)
    own = list(doors.values())
    if state not in OVER_STATES:
        return own
    return [
        replace(task, text=task.afterwards or task.text)
        for task in own if task.endpoint not in ENDS_WITH_CONTEST
    ]


def tasks_everywhere(person):
    """What a person may do outside of single contests, in order."""
    return [task for task in TASKS_EVERYWHERE if any(person.has_role(role) for role in task.roles)]
