"""Pages of this area."""

from flask import Blueprint

bp = Blueprint("judging", __name__)
