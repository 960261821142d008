"""Theory scores."""
