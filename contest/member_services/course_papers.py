"""A completed course as a paper, as the workers' college hands it out."""

from flask_babel import gettext

from contest.documents import Document, Facts, Paragraph
from contest.i18n import pick_name
from contest.pages import moment


def course_certificate(course, language):
    """The certificate of a completed course (course_queries.CompletedCourse)."""
    case, slot = course.case, course.slot
    name = pick_name(course.service, language)
    authority = course.service.authority_en if language == "en" else course.service.authority
    begins, ends, on = (moment(at)[:10] for at in (slot.starts_at, slot.ends_at, course.at))
    title = gettext("Certificate of completion")
    return Document(
        title=title, subtitle=name,
        parts=(
            Paragraph(gettext(
                "%(name)s has completed the course %(course)s, held from %(first)s to %(last)s.",
                name=case.name, course=slot.topic or name, first=begins, last=ends,
            )),
            Facts((
                (gettext("Name"), case.name), (gettext("Course"), slot.topic or name),
                (gettext("Term"), slot.occasion or "–"),
                (gettext("Meetings attended"), f"{course.attended} / {slot.sessions}"),
                (gettext("Number on the certificate"), course.number),
            )),
        ),
        look="list", language=language, issuers=(authority,) if authority else (), issued_on=on,
        sealed=bool(authority), footer=f"{title} · {course.number}",
    )
