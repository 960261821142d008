"""What goes over the wire about points: lines that a system tells, and the lists made of them."""

from typing import Annotated

from pydantic import Field, StringConstraints

from contest.api.rules import PAGE_MOST, PAGE_SIZE
from contest.api.shapes import Asked, Page, Text, Told
from contest.i18n import N_

Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class PointsLine(Asked):
    """Who did how much of what on which day. The kind's rule turns it into points."""

    reference: Annotated[str, StringConstraints(min_length=1, max_length=80), Field(
        description=N_("The system's own word for this doing; told again with the same facts it counts once.")
    )]
    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    organisation: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    born_on: Day | None = None
    kind: Annotated[Text, Field(description=N_("contest, practice, course or reading"))]
    quantity: Annotated[int, Field(ge=1, le=100_000)]
    earned_on: Day
    what: Annotated[str, StringConstraints(max_length=100)] = ""


class Points(Asked):
    source: Annotated[str, StringConstraints(min_length=1, max_length=60), Field(
        description=N_("The system that tells it.")
    )]
    rows: Annotated[list[PointsLine], Field(min_length=1, max_length=5000)]


class PointsTaken(Told):
    """new, known: lines. points: booked. cut: points that a limit a day kept back.

    late: new lines of days whose list is published already; they count, but that list stays as it is.
    """

    new: int
    known: int
    points: int
    cut: int
    late: int


class PointsQuery(Asked):
    period: Annotated[Text, Field(description=N_("2026 or 2026-Q3; empty: this quarter."))] = ""
    by: Annotated[Text, Field(description=N_("people or organisations"))] = "people"
    limit: Annotated[int, Field(ge=1, le=PAGE_MOST)] = PAGE_SIZE
    after: Text = ""


class PointsPlace(Told):
    """is_first: among those whom the list rewards or puts forward. Names are masked as on the page."""

    place: int
    name: str
    unit: str
    points: int
    is_first: bool


class PointsStanding(Page):
    period: str
    is_published: bool
    items: list[PointsPlace]
