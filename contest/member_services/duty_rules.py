"""Duties that steps of a service name; people are named for them, and get the cases of that step."""

from contest.i18n import N_

ROLES = ("service_officer", "organiser")
# What goes to one of these first is read and moved by its holders alone, and an organiser names them.
CONFIDENTIAL = ("chair",)
HEAD = "desk_head"  # is told of what is late; where nobody is named the organisers are
KEEPER = "station_keeper"
ORGANISERS_NAME = (*CONFIDENTIAL, HEAD)  # the other duties the head of the desk names, too
DUTIES = {
    "service_officer": N_("Service officer"), "organiser": N_("Organiser"),
    "station_keeper": N_("Person in charge of the station"), "chair": N_("Chair of the union"),
    "mediator": N_("Mediator"), "lawyer": N_("Lawyer of the panel"), "means_checker": N_("Means checker"),
    "visitor": N_("Visitor"), "aid_reviewer": N_("Reviewer of medical aid"), "cashier": N_("Cashier"),
    "counsellor": N_("Counsellor"), "council_secretary": N_("Secretary of the staff council"),
    "proposals_secretary": N_("Secretary for proposals"), "agent": N_("Agent at the door"),
    "supervisor_of_ledger": N_("Checker of the ledger"),
    "desk_head": N_("Head of the service desk"),
}
