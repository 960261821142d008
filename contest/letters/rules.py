"""What a person is told, what is said outside, and when a try is made again."""

from datetime import timedelta

from contest.i18n import N_
from contest.webhooks.rules import PROBLEMS as OF_GATEWAYS

KINDS = {
    "honour.listed": N_("An honour of yours is on the register."),
    "honour.revoked": N_("An honour of yours was revoked."),
    "level.changed": N_("Your level on a ladder was changed."),
    "entitlement.opened": N_("Something is open to you now."),
    "entitlement.changed": N_("What you are entitled to was changed."),
    "entitlement.ended": N_("Something is not open to you any more."),
    "case.accepted": N_("Your application was accepted."),
    "case.returned": N_("Your application came back to you: something is missing."),
    "case.decided": N_("Your application was decided."),
    "case.refused": N_("Your application was refused."),
    "case.done": N_("Your application is done: say how it was."),
    "case.late": N_("Your application is late; those responsible were told."),
    "case.told": N_("The office wrote to you about your application."),
}
# The states of a case of which its applicant hears; the others are the applicant's own doing.
CASE_STATES = ("accepted", "returned", "decided", "refused", "done")
ENTITLEMENT_DEEDS = ("opened", "changed", "ended")
# Where on the own page it stands.
PLACES = {"honour": "honours", "level": "level", "entitlement": "rights", "case": "cases"}

WAYS = {"mail": N_("By mail"), "sms": N_("By text message")}
NOTICES = {"news": N_("There is something to read"), "invitation": N_("Invitation to an own page")}
STATES = {
    "waiting": N_("waiting"), "sending": N_("being sent"), "sent": N_("sent"),
    "failed": N_("given up"), "dropped": N_("left out"), "unsure": N_("may have gone; not sent again"),
}
PROBLEMS = {
    **OF_GATEWAYS, "recipient": N_("the address is not taken"), "sealed": N_("sealed with another key"),
    "refused": N_("refused by the mail server"),
}
FOR_GOOD = ("recipient",)  # trying again changes nothing
AWAY = ("connect", "timeout", "name", "tls")  # whoever carries it is not there: the next one waits, too

GATHER = timedelta(minutes=1)  # what happens together is said once
LEASE = timedelta(minutes=2)
DELAYS = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 240, 480, 720))
NOTICES_KEPT, LETTERS_KEPT = timedelta(days=365), timedelta(days=1095)
PAGE_SIZE = 50

SUBJECT = "您有新消息 / There is something for you to read"
NEWS = """\
您的个人页面有新消息，请登录查看。{link}
There is something to read on your page. Sign in to read it.

此信由系统自动发送，不含具体内容；不想再收到，可在“我的数据”中关闭。
Sent by the program; it says nothing of what it is about. You can stop it on the page of your data.
"""
SHORT = "您的个人页面有新消息，请登录查看。There is something to read on your page. {link}"
INVITATION_SUBJECT = "邀请您建立个人页面 / Invitation to a page of your own"
INVITATION = """\
您已受邀建立自己的个人页面。请打开下面的链接，两周内有效，只能使用一次，请勿转发：
You are invited to a page of your own. Open this link; it works once, for two weeks, and for you alone:

{link}
"""


def delay_after(tries):
    """How long to wait after so many tries that failed, as timedelta; None when it is given up."""
    return DELAYS[tries - 1] if tries <= len(DELAYS) else None


def words_outside(kind, way, link):
    """(subject, text) of a notice in both languages; link: "" where the house knows no address of its own."""
    if kind == "invitation":
        return INVITATION_SUBJECT, INVITATION.format(link=link)
    text = SHORT if way == "sms" else NEWS
    return SUBJECT, text.format(link=link).rstrip() + ("" if way == "sms" else "\n")


def place_of(kind):
    """The part of the own page where a letter of this kind leads."""
    return PLACES[kind.partition(".")[0]]
