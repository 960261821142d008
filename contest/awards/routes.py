"""Pages of this area."""

from flask import Blueprint

bp = Blueprint("awards", __name__)
