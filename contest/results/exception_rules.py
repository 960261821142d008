"""Publishing although something is still missing: three people, and a sentence on the document."""

from contest.errors import Conflict, NotAllowed
from contest.i18n import N_, in_english
from contest.setup.rules import Note

# What three people do together, in words for the second and the third one.
IN_SPITE = N_(
    "The results are published as provisional although this is still in the way, and the document "
    "says so: %(exceptions)s"
)


def stored(notes):
    """Notes as they are kept with a proposal and a published sheet; without those that only advise."""
    return [
        {"message": note.text, "params": {key: str(value) for key, value in note.params.items()}}
        for note in in_the_way(notes)
    ]


def in_the_way(notes):
    """Those that say what is missing, without those that say how to go on."""
    return [note for note in notes if note.kind != "advice"]


def accepted(proposal):
    """What a proposal accepts to be in the way, as stored; None for any other proposal."""
    if not proposal or proposal.act != "publish_in_spite":
        return None
    return proposal.details["exceptions"]


def check_accepted(exceptions, notes):
    """Nothing more is in the way than three people have accepted; Conflict names the first new one."""
    for one, note in zip(stored(notes), in_the_way(notes), strict=True):
        if one not in exceptions:
            raise Conflict(note.text, **note.params)


def check_needed(notes):
    """An emergency needs something that is in the way; Conflict."""
    if not notes:
        raise Conflict("Nothing is in the way: publish the results in the usual manner.")


def check_named(hidden):
    """Nobody is named beside marks that are still under codes, in no emergency; NotAllowed.

    hidden: the blind modules that name nobody yet.
    """
    if hidden:
        raise NotAllowed(
            "This would name contestants whose works are still under codes: these results cannot "
            "be published, not even as an emergency, before they are decoded."
        )


def check_third(proposal, actor):
    """Three people, each once; NotAllowed for whoever has taken part already."""
    if actor.user_id in (proposal.proposed_by_id, proposal.seconded_by_id):
        raise NotAllowed("Three different people are needed, and you have taken part already.")


def words_of(notes):
    """The Note that says what is proposed; the sentences stay English until they are shown."""
    said = (in_english(note.text, note.params) for note in in_the_way(notes))
    return Note(IN_SPITE, {"exceptions": " ".join(said)})
