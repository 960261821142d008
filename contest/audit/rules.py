"""How a row of the trail is read: what was done in words, and what changed from what to what."""

from dataclasses import dataclass

from contest.i18n import N_

# What each deed is called; a deed that is not named here is shown by its own word.
DEEDS = {
    "installation.code": N_("New set-up code"),
    "installation.set_up": N_("Installation set up"),
    "session.start": N_("Signed in"),
    "session.end": N_("Signed out"),
    "session.refuse": N_("Sign-in refused"),
    "request.refused": N_("Request refused"),
    "account.add": N_("Account added"),
    "account.roles": N_("Roles changed"),
    "account.switch": N_("Account switched on or off"),
    "account.password": N_("Password changed"),
    "account.new_password": N_("One-time password given"),
    "account.language": N_("Language chosen"),
    "card.issue": N_("Card and PIN issued"),
    "card.revoke": N_("Card taken back"),
    "invitation.accept": N_("Invitation accepted"),
}
ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Change:
    """One fact of a row: its name, and its value, or its values before and after."""

    name: str
    value: str = ""
    old: str | None = None
    new: str | None = None

    @property
    def is_pair(self):
        """True when the fact has a value before and one after."""
        return self.old is not None or self.new is not None


def changes_of(facts):
    """The facts of a row for reading: `old` with `new` as one change, dicts of both key by key."""
    rest = dict(facts or {})
    found = []
    if "old" in rest or "new" in rest:
        found += _pairs(rest.pop("old", None), rest.pop("new", None))
    for name, value in rest.items():
        if isinstance(value, dict) and value and value.keys() <= {"old", "new"}:
            found.append(Change(name, old=words(value.get("old")), new=words(value.get("new"))))
        else:
            found.append(Change(name, value=words(value)))
    return found


def _pairs(old, new):
    if not isinstance(old, dict) and not isinstance(new, dict):
        return [Change("", old=words(old), new=words(new))]
    old, new = _as_dict(old), _as_dict(new)
    names = [*old, *(name for name in new if name not in old)]
    return [
        Change(name, old=words(old.get(name)), new=words(new.get(name)))
        for name in names
        if old.get(name) != new.get(name)
    ]


def _as_dict(value):
    if isinstance(value, dict):
        return value
    return {} if value is None else {"": value}


def words(value):
    """A value as text: lists with commas, nested facts as `name: value`, nothing as a dash."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {words(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(words(inner) for inner in value)
    return str(value)
