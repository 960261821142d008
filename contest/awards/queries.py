"""Awards as the plan's rules give them, the committee's votes, and the figures behind the papers."""
