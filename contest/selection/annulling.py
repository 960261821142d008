"""Whose result was annulled loses the honour that the list of the selection gave, within the same work."""

from contest import signals
from contest.awards.annulment_queries import annulled_entrants
from contest.registry.listing import revoke_within
from contest.selection import list_queries


@signals.result_annulled.connect
def revoke_honours(did, contest_id, reason):
    """The honours of those on the published list whose result does not stand any more."""
    gone = annulled_entrants(contest_id)
    for entrant_id, honour in list_queries.honours_of_list(contest_id).items():
        if entrant_id in gone and honour.state != "revoked":
            revoke_within(did, honour, reason)
