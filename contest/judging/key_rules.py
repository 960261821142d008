"""Tablets' own keys: which a contest asks for, what a signature is refused for, who rules on a key."""

from dataclasses import dataclass

from contest.audit.device_signatures import grouped_print, holds, is_key, key_text
from contest.errors import Conflict, Invalid, NotAllowed, Refusal
from contest.i18n import N_
from contest.judging.number_rules import OVER_STATES

# What a chief judge says of keys, each word a row that is never changed; the latest one holds.
ASK, ASK_NO_MORE, ADMIT, WITHDRAW = "ask", "ask_no_more", "admit", "withdraw"
MOST_KEYS = 20  # of one tablet: each time its browser forgot the last one


@dataclass(frozen=True)
class Proof:
    """A tablet's signature under an operation.

    key: device_signatures.print_of its public half; signature: base64url; text: what was signed.
    """

    key: str
    signature: str
    text: str


@dataclass(frozen=True)
class KeyFound:
    """What the database holds of a key that signed: public, None where no such key of this tablet is known.

    is_asked: the contest takes only what admitted tablets sign; is_admitted: this key is.
    """

    public: str | None
    is_asked: bool
    is_admitted: bool


class UnknownKey(Refusal):
    """The server does not know the key; the tablet shows it once more and sends the same bytes again."""

    status = 412
    code = "unknown_key"


class NotSigned(Invalid):
    """The contest asks for signatures, and this has none; it stays where it was typed."""

    status = 412
    code = "not_signed"


class NotAdmitted(Refusal):
    """The contest asks for admitted tablets, and this one is not, yet; it goes when it is."""

    status = 412
    code = "not_admitted"


def check_proof(proof, found):
    """What is stored as signed was signed by the tablet's key, and by an admitted one where that is asked.

    UnknownKey, NotSigned, NotAdmitted: later perhaps. NotAllowed: the signature is another's.
    """
    if proof is None:
        if found.is_asked:
            raise NotSigned(N_(
                "This contest takes only marks that their tablet has signed, and these are not signed: the "
                "page runs without a script, or its address does not begin with https. Nothing was stored."
            ))
        return
    if found.public is None:
        raise UnknownKey(N_("The server does not know this tablet's key yet; the tablet shows it now."))
    if not holds(found.public, proof.signature, proof.text):
        raise NotAllowed(
            "The signature is not that of this tablet's key, so nothing was stored. Tell the chief judge."
        )
    if found.is_asked and not found.is_admitted:
        raise NotAdmitted(
            N_("The chief judge has not admitted this tablet yet; its key is %(key)s. The marks are kept on "
               "the tablet and go by themselves once it is."), key=grouped_print(proof.key),
        )


def signed_by(proof, found):
    """The columns of a signed row of the ledger; {} for what is not signed."""
    if proof is None:
        return {}
    return {"signer": found.public, "signature": proof.signature, "signed": proof.text}


def check_key(installation, device_id, public, signature, known):
    """A key is shown by the tablet that holds its private half; Invalid, Conflict.

    known: how many keys this tablet showed before.
    """
    if not is_key(public) or not holds(public, signature, key_text(installation, device_id, public)):
        raise Invalid("This is not a key that the tablet holds, so it was not written down.")
    if known >= MOST_KEYS:
        raise Conflict(
            "This tablet has shown %(most)s keys already: its browser forgets them. Use another tablet.",
            most=MOST_KEYS,
        )


def check_may_rule(state):
    """Keys are ruled on until the results are final; Conflict."""
    if state in OVER_STATES:
        raise Conflict("The results are final: no tablet is admitted any more.")


def check_asking(is_asked, wanted):
    """Asking begins and ends once; Conflict when somebody was faster."""
    if is_asked and wanted:
        raise Conflict("This contest asks for signed marks already.")
    if not is_asked and not wanted:
        raise Conflict("This contest does not ask for signed marks.")


def check_chosen(wanted, known):
    """Only keys that tablets of this contest's judges have shown are ruled on; Invalid."""
    if not wanted:
        raise Invalid("Choose at least one tablet.", fields={"key": Invalid("Choose at least one tablet.")})
    if set(wanted) - set(known):
        raise Invalid("One of these keys is not of a tablet of this contest's judges. Load the page anew.")
