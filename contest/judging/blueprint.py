"""The name under which all judging pages are known."""

from flask import Blueprint

bp = Blueprint("judging", __name__)
