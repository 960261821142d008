"""How far a station is: micro-degrees in, metres out, and how long one walks."""

import re
from math import asin, cos, radians, sin, sqrt

from contest.errors import Invalid

EARTH = 6_371_000  # metres
PACE = 80  # metres a minute: 15 minutes are 1,200 m
CIRCLE = 15  # minutes
POINT = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,8})?)\s*[,，]\s*(-?\d{1,3}(?:\.\d{1,8})?)\s*")


def read_point(text):
    """(latitude, longitude) in micro-degrees of "34.123, 112.845"; None for nothing; Invalid otherwise."""
    if not (text or "").strip():
        return None
    found = POINT.fullmatch(text)
    point = tuple(round(float(one) * 1_000_000) for one in found.groups()) if found else None
    if point is None or abs(point[0]) > 90_000_000 or abs(point[1]) > 180_000_000:
        raise Invalid("Write latitude and longitude in degrees, for example 34.1235, 112.8452.")
    return point


def metres(one, other):
    """The way between two points in micro-degrees as the crow flies, in whole metres."""
    (lat1, lon1), (lat2, lon2) = (map(radians, (p[0] / 1e6, p[1] / 1e6)) for p in (one, other))
    bow = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return round(2 * EARTH * asin(sqrt(bow)))


def minutes(way):
    """How many minutes one walks for so many metres, begun ones counted.

    >>> minutes(1200), minutes(1201)
    (15, 16)
    """
    return -(-way // PACE)
