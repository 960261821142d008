"""A team's award as its members have it: each once more, for a certificate and an honour of their own."""

from contest.awards.models import Award
from contest.i18n import N_

MEMBER = N_("Member of %(team)s, which won this award.")


def shares_of(award, name, entrant_ids):
    """An Award for each member of the team that holds one; the award has its id already.

    Without place and total, which are the team's: no ladder counts them as the member's own.
    """
    return [
        Award(
            contest_id=award.contest_id, result_sheet_id=award.result_sheet_id, award_key=award.award_key,
            name=award.name, name_en=award.name_en, is_title=award.is_title, level=award.level,
            entrant_id=entrant_id, total="", granted_at=award.granted_at,
            why={"message": MEMBER, "params": {"team": name}, "team": name, "share_of": award.id},
        )
        for entrant_id in entrant_ids
    ]


def unshared(awards, members):
    """Of the awards that stand those of teams that no member has, though some competed.

    awards: every one ever granted, also those annulled; members: {team id: entrant ids}. A team's award was
    shared with all its members at once: with one share, also an annulled one, nothing is missing.
    """
    shared = {one.why.get("share_of") for one in awards}
    return [one for one in awards if one.team_id and one.id not in shared and members.get(one.team_id)]


def with_shares(awards, standing):
    """The awards and, of those of teams, what their members have of them; standing: all that stand."""
    ids = {one.id for one in awards}
    return [*awards, *(one for one in standing if one.why.get("share_of") in ids and one.id not in ids)]
