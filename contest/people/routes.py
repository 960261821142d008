"""Pages of this area."""

from flask import Blueprint

bp = Blueprint("people", __name__)
