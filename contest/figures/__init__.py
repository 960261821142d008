"""Recorded figures: difficulty, data that ties look at."""
