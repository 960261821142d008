"""The name under which all pages of the set-up are known, and who may open them."""

from flask import Blueprint

bp = Blueprint("setup", __name__)

# Who works on a contest behind the scenes. Judges and units' contacts have desks of their own.
OFFICE = ("organiser", "chief_judge", "coding_judge", "supervisor", "clerk", "host", "curator")
