"""The four ways of saying no, each with one sentence for the person who asked."""

from contest.scoring.words import in_english


class Refusal(Exception):
    """A refusal with an English sentence as template and its parameters; pages translate it when shown."""

    status = 400
    code = "refused"
    also = ()  # further refusals that are told after this one

    def __init__(self, message, /, **params):
        self.message = message
        self.params = params
        super().__init__(message)

    def __str__(self):
        own = in_english(self.message, self.params)
        return " ".join((own, *map(str, self.also)))


class Invalid(Refusal):
    """What was typed cannot be taken; `fields` names each field with its own sentence (a Refusal)."""

    status = 422
    code = "invalid"

    def __init__(self, message, /, fields=None, **params):
        super().__init__(message, **params)
        self.fields = fields or {}


class NotAllowed(Refusal):
    """This person may not do this."""

    status = 403
    code = "not_allowed"


class Missing(Refusal):
    """There is no such thing, or it is not for this person to know of."""

    status = 404
    code = "missing"


class Conflict(Refusal):
    """The state of things does not permit it now."""

    status = 409
    code = "conflict"
