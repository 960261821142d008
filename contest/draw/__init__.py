"""The draw and the blind codes."""
