"""Commands about results."""

commands = []
