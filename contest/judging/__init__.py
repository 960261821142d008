"""Sheets and marks."""
