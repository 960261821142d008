"""People who sign in, their roles, cards and sessions."""
