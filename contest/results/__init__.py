"""From marks to standings."""
