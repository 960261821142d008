"""Who may enter, in which role, and for how long."""

from dataclasses import dataclass, field

from contest.i18n import N_

ROLES = {
    "organiser": N_("Organiser"),
    "contact": N_("Unit contact"),
    "judge": N_("Judge"),
    "chief_judge": N_("Chief judge"),
    "coding_judge": N_("Coding judge"),
    "supervisor": N_("Supervisor"),
    "clerk": N_("Clerk"),
    "host": N_("Host"),
    "curator": N_("Registry curator"),
    "service_officer": N_("Service officer"),
}


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in, as the rest of the program knows them."""

    user_id: int
    name: str
    session_id: int
    language: str | None = None
    # Pairs of role and contest id; contest id None means the whole installation.
    grants: frozenset = field(default_factory=frozenset)

    @property
    def roles(self):
        """Every role this person holds anywhere."""
        return {role for role, _ in self.grants}

    def has_role(self, role, contest_id=None):
        """True when the person holds `role` in the whole installation or in this contest."""
        return (role, None) in self.grants or (role, contest_id) in self.grants

    def has_any(self, roles, contest_id=None):
        """True when the person holds one of `roles`; without a contest, one held anywhere counts."""
        if contest_id is None:
            return bool(self.roles & set(roles))
        return any(self.has_role(role, contest_id) for role in roles)
