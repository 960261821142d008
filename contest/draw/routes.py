"""Pages of this area."""

from flask import Blueprint

bp = Blueprint("draw", __name__)
