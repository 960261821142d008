"""Organisations, teams, contestants and judges."""
