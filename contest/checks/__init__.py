"""Sheets checked again against paper, and who signed for what."""
