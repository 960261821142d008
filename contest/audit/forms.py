"""What somebody types to search the trail."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from contest.errors import Invalid

FIELDS = ("who", "did", "text", "first_on", "last_on")


@dataclass(frozen=True)
class Search:
    """Which rows of the trail are wanted; empty words want all. `since` and `until` are moments."""

    who: str = ""
    did: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


def read_search(form, zone):
    """The search that was typed, days taken in the time zone `zone`; raises Invalid with fields."""
    wrong = {}
    first, last = _read_day(form, "first_on", wrong), _read_day(form, "last_on", wrong)
    if first and last and last < first:
        wrong["last_on"] = Invalid("The last day lies before the first.")
    if wrong:
        raise Invalid("The trail was not searched: please look at the marked fields.", fields=wrong)
    return Search(
        who=form.get("who", "").strip()[:100],
        did=form.get("did", "").strip()[:100],
        text=form.get("text", "").strip()[:200],
        since=datetime.combine(first, time.min, zone) if first else None,
        until=datetime.combine(last + timedelta(days=1), time.min, zone) if last else None,
    )


def _read_day(form, name, wrong):
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        if not 2000 <= day.year <= 2999:
            raise ValueError
    except ValueError:
        wrong[name] = Invalid("Write the day as year-month-day, such as 2026-11-23.")
        return None
    return day
