"""Where the pages of the trail and the chain are registered."""

from flask import Blueprint

bp = Blueprint("audit", __name__)
