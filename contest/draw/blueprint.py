"""The blueprint of the draw's routes."""

from flask import Blueprint

bp = Blueprint("draw", __name__)
