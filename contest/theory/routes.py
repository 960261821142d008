"""Pages of this area."""

from flask import Blueprint

bp = Blueprint("theory", __name__)
