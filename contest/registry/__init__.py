"""The craftsman registry."""
