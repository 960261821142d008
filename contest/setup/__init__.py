"""Contests and their plans."""
