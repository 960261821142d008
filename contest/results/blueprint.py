"""The results' blueprint, on which its files of routes hang their pages."""

from flask import Blueprint

bp = Blueprint("results", __name__)
