"""Figures, measured on one machine in one run; never part of the tests."""
